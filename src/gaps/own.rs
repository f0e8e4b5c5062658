//! Whatever the tenant itself made that fits a pattern.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Absent, Access, Doubt, Finding};
use crate::catalogue::id::{Action, PermissionId};
use crate::policy::pattern::Pattern;
use crate::policy::{Need, OwnBoxes, Policy, Requirement, Target};

use super::resolve::{Entry, Resolver, is_wanted};

/// A requirement that is a pattern: its number, how much it is wanted, and what fits.
pub(super) type Own<'a> = (usize, &'a Requirement, Option<Need>, &'a OwnBoxes);

impl Resolver<'_> {
    /// Adds what patterns take, once each. A line that names a box by itself wins; two patterns of which one wants
    /// what the other does not are a contradiction, told at that box.
    pub(super) fn put_own<'a>(&self, own: Vec<Own<'a>>, entries: &mut Vec<Entry<'a>>) {
        let listed = listed(entries);
        for (number, requirement, need, boxes) in own {
            let mut founds = self.own(boxes, &listed);
            if is_wanted(need) && founds.is_empty() {
                founds.extend(self.expected(boxes).map(|finding| (None, finding)));
            }
            for found in founds {
                let mut entry =
                    Entry::new(requirement, number, found, need).torn_by(requirement, self.model());
                if boxes.among_listed
                    && entry.is_wanted()
                    && let Some(id) = &entry.permission
                {
                    // No more strongly than the line that lists the section.
                    let most = listed.get(id.section()).copied();
                    entry.need = need.map(|need| most.map_or(need, |most| need.max(most)));
                }
                match entries.iter_mut().find(|other| other.is_about_the_box_of(&entry)) {
                    None => entries.push(entry),
                    Some(other) if other.is_wanted() == entry.is_wanted() => {
                        other.numbers.push(number);
                        if matches!(other.requirement.target, Target::Own(_)) {
                            other.need = match (other.need, entry.need) {
                                (Some(one), Some(another)) => Some(one.min(another)),
                                (one, another) => one.or(another),
                            };
                        }
                    }
                    Some(other) => contradict(other, &entry),
                }
            }
        }
    }

    /// Whatever the tenant itself made that fits a pattern. Where that cannot be listed, that is a doubt.
    fn own(&self, boxes: &OwnBoxes, listed: &BTreeMap<String, Need>) -> Vec<(Option<PermissionId>, Finding)> {
        let may_be_folders = ["view", "upload", "delete"].iter().any(|action| {
            PermissionId::parse(&format!("docs/own/{action}")).is_ok_and(|id| boxes.pattern.may_fit(&id))
        });
        let mut doubts = Vec::new();
        if !self.access.knows_the_metadata() && !boxes.pattern.as_str().starts_with("docs/") {
            doubts.push((None, self.metadata_not_known()));
        }
        if may_be_folders && !self.access.knows_the_folders() {
            let because = "the tenant's document folders could not be listed";
            doubts.push((None, Finding::unknown(Doubt::NotTested, because.to_owned())));
        }
        let single = boxes.pattern.as_str().starts_with("fields/");
        let fields = self.access.fields().filter(|_| single).flat_map(|field| {
            [Action::View, Action::History, Action::Edit].map(|action| PermissionId::field(field, action))
        });
        let found = self.access.findings().map(|(id, _)| id.clone());
        let ids: BTreeSet<PermissionId> = found
            .chain(fields)
            .filter(|id| self.takes(boxes, id) && self.catalogue.permission(id).is_none())
            .filter(|id| !boxes.among_listed || listed.contains_key(id.section()))
            // What no box opens is no box, and a field without a history has none for it.
            .filter(|id| id.as_field().is_none_or(|(field, _)| !self.catalogue.comes_always(field)))
            .filter(|id| {
                !single || id.action() != "history" || self.access.findings().any(|(known, _)| known == id)
            })
            .collect();
        let found = ids.into_iter().map(|id| (Some(id.clone()), self.access.of(&id)));
        found.chain(doubts).collect()
    }

    /// What is to be said where a pattern that names what it expects finds no section and no folder of the kind.
    fn expected(&self, boxes: &OwnBoxes) -> Option<Finding> {
        let pattern = &boxes.pattern;
        if !pattern.names_what_it_expects() || self.is_known(pattern) {
            return None;
        }
        let (absent, what) = match pattern.as_str().starts_with("docs/") {
            true => (Absent::Folder, "folder of documents"),
            false => (Absent::Section, "section"),
        };
        Some(Finding::not_in_tenant(absent, format!("no {what} of this tenant fits `{pattern}`")))
    }

    /// Whether any box fits a pattern, of HiBob's or of the tenant's own.
    fn is_known(&self, pattern: &Pattern) -> bool {
        let mut ids = self.access.findings().map(|(id, _)| id);
        self.catalogue.permissions().any(|permission| pattern.fits(&permission.id))
            || ids.any(|id| fits_by_name(pattern, id, self.access))
    }

    /// The lines that want whatever the tenant made of a kind, where it made nothing of the kind: they ask for
    /// nothing here.
    pub(super) fn asking_for_nothing<'a>(&self, policy: &'a Policy) -> Vec<&'a Requirement> {
        let asks_nothing = |requirement: &&Requirement| match &requirement.target {
            Target::Own(boxes) => {
                let is_asked = requirement.need_in(self.model()).is_some_and(|need| is_wanted(Some(need)));
                is_asked
                    && !boxes.among_listed
                    && !self.is_known(&boxes.pattern)
                    && self.own(boxes, &BTreeMap::new()).is_empty()
                    && self.expected(boxes).is_none()
            }
            _ => false,
        };
        policy.requirements.iter().filter(asks_nothing).collect()
    }

    /// Whether a pattern takes a box.
    fn takes(&self, boxes: &OwnBoxes, id: &PermissionId) -> bool {
        let fits = |pattern: &Pattern| fits_by_name(pattern, id, self.access);
        fits(&boxes.pattern) && !boxes.except.iter().any(fits)
    }
}

/// Whether a box fits a pattern; a folder of documents and a section go by their names on the screen too.
pub fn fits_by_name(pattern: &Pattern, id: &PermissionId, access: &Access) -> bool {
    let folder = access.folder_name(id);
    let named = folder.and_then(|name| PermissionId::parse(&format!("docs/{name}/{}", id.action())).ok());
    let section = id.as_category().and_then(|(category, _)| access.section_name(category));
    let is_called = |name: &str| section.is_some_and(|shown| shown.to_lowercase() == name.to_lowercase());
    pattern.fits(id)
        || named.as_ref().is_some_and(|named| pattern.fits(named))
        || pattern.named_section().is_some_and(is_called)
}

/// The sections of which lines name a box that is wanted, and how much: one of alternatives is optional.
fn listed(entries: &[Entry<'_>]) -> BTreeMap<String, Need> {
    let mut listed: BTreeMap<String, Need> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.is_wanted()) {
        let Some(id) = &entry.permission else { continue };
        // A field stands in a section; it does not list it.
        let need = entry.need.unwrap_or(Need::Optional);
        let most = listed.entry(id.section().to_owned()).or_insert(need);
        *most = need.min(*most);
    }
    listed
}

/// Where both come from patterns, neither is judged: which is meant only the guide's publisher knows.
fn contradict(other: &mut Entry<'_>, entry: &Entry<'_>) {
    let (Target::Own(one), Target::Own(another)) = (&other.requirement.target, &entry.requirement.target)
    else {
        return;
    };
    let (wants, not) = if other.is_wanted() { (one, another) } else { (another, one) };
    let because = format!(
        "the policy contradicts itself: `{}` asks for it, and `{}` says that it is not wanted",
        wants.pattern, not.pattern
    );
    other.finding = Finding::unknown(Doubt::BoxNotNamed, because);
    other.torn = true;
    // Whoever insists has the word.
    if matches!(entry.need, Some(Need::Required | Need::Forbidden)) && other.need != Some(Need::Required) {
        other.need = entry.need;
    }
}
