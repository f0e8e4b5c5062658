//! What a requirement means in this tenant: which box, and what was found of it.

use std::collections::BTreeSet;

use crate::access::{self, Access, Doubt, Finding, Strength, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::KnownBy;
use crate::policy::{Model, Need, OwnBoxes, Policy, Requirement, Target};

use super::section;

/// A requirement as this tenant has it.
pub(super) struct Entry<'a> {
    pub(super) requirement: &'a Requirement,
    /// The numbers of all requirements that come to this.
    pub(super) numbers: Vec<usize>,
    pub(super) permission: Option<PermissionId>,
    pub(super) finding: Finding,
    /// How much its own lines want it; none: it is only one of alternatives.
    pub(super) need: Option<Need>,
}

impl Entry<'_> {
    /// Whether it is on the side of having it.
    fn is_wanted(&self) -> bool {
        !matches!(self.need, Some(Need::Forbidden | Need::NotNeeded))
    }
}

/// Holds policies against one tenant.
pub(super) struct Resolver<'a> {
    pub(super) access: &'a Access,
    pub(super) catalogue: &'a Catalogue,
    pub(super) classic: bool,
}

impl Resolver<'_> {
    /// The permission model, as policies speak of it.
    pub(super) fn model(&self) -> Option<Model> {
        self.access.model.map(|model| match model {
            access::Model::Category => Model::Category,
            access::Model::Field => Model::Field,
        })
    }

    /// Every requirement that is asked for in this tenant; none points at the same box as another, unless
    /// one wants it and the other does not.
    pub(super) fn entries<'a>(&self, policy: &'a Policy) -> Vec<Entry<'a>> {
        let model = self.model();
        let members: BTreeSet<usize> = policy
            .alternatives
            .iter()
            .flat_map(|alternatives| alternatives.branches.iter().flatten())
            .filter(|member| member.holds.of(model) != crate::policy::lines::Truth::No)
            .map(|member| member.requirement)
            .collect();
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut put = |entry: Entry<'a>| {
            let same = entries.iter_mut().find(|other| {
                entry.permission.is_some()
                    && other.permission == entry.permission
                    && other.is_wanted() == entry.is_wanted()
            });
            match same {
                Some(other) => {
                    other.numbers.extend(entry.numbers);
                    other.need = match (other.need, entry.need) {
                        (Some(one), Some(another)) => Some(one.min(another)),
                        (one, another) => one.or(another),
                    };
                }
                None => entries.push(entry),
            }
        };
        let mut own = Vec::new();
        for (number, requirement) in policy.requirements.iter().enumerate() {
            let need = requirement.need_in(model);
            if need.is_none() && !members.contains(&number) {
                continue;
            }
            if let Target::Own(boxes) = &requirement.target {
                own.push((number, requirement, need, boxes));
                continue;
            }
            let (permission, finding) = self.target(&requirement.target, policy);
            put(Entry { requirement, numbers: vec![number], permission, finding, need });
        }
        // A pattern comes last: what a line names by itself, that line speaks for.
        let listed: BTreeSet<String> = entries
            .iter()
            .filter(|entry| entry.is_wanted())
            .filter_map(|entry| entry.permission.as_ref())
            .map(|id| id.section().to_owned())
            .collect();
        for (number, requirement, need, boxes) in own {
            for (permission, finding) in self.own(boxes, &listed) {
                let entry = Entry { requirement, numbers: vec![number], permission, finding, need };
                let same = entries.iter_mut().find(|other| {
                    entry.permission.is_some()
                        && other.permission == entry.permission
                        && other.is_wanted() == entry.is_wanted()
                });
                match same {
                    Some(other) => other.numbers.push(number),
                    None => entries.push(entry),
                }
            }
        }
        entries
    }

    fn target(&self, target: &Target, policy: &Policy) -> (Option<PermissionId>, Finding) {
        match target {
            Target::Permission(id) => (Some(id.clone()), self.of(id)),
            Target::Section(id) => (Some(id.clone()), self.section(id)),
            Target::Named { name, action } => self.named(name, action.as_deref(), policy),
            Target::Field(name) => self.field(name),
            Target::Table { name, past } => {
                let action = if *past { Action::History } else { Action::View };
                self.table(name, action)
            }
            Target::HeadCount(least) => (None, self.head_count(*least)),
            Target::NotOnly(statuses) => (None, self.not_only(statuses)),
            Target::Own(_) => {
                (None, Finding::unknown(Doubt::BoxNotNamed, "a pattern is no one box".to_owned()))
            }
            Target::Unresolved { reason } => {
                let because = format!("the label stands for no box that HiBob is known to have: {reason}");
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
            Target::ListNotKnown { reason } => {
                let because = format!("the guide does not contain its list: {reason}");
                (None, Finding::unknown(Doubt::ListNotKnown, because))
            }
        }
    }

    /// What was found of a box; a folder of documents that is not there is no section.
    fn of(&self, id: &PermissionId) -> Finding {
        let finding = self.access.of(id);
        let is_a_folder = id.as_str().starts_with("docs/");
        if is_a_folder && finding.verdict == Verdict::Unknown(Doubt::NotInTenant) {
            return Finding::unknown(
                Doubt::NotInTenant,
                "this tenant has no such folder of documents".to_owned(),
            );
        }
        finding
    }

    fn section(&self, id: &PermissionId) -> Finding {
        section::finding(id, self.access, self.catalogue, self.classic)
    }

    /// A section by its name on the screen, as the customer or the tenant's metadata tell.
    fn named(&self, name: &str, action: Option<&str>, policy: &Policy) -> (Option<PermissionId>, Finding) {
        let told = policy.renamed.iter().find(|(shown, _)| shown.to_lowercase() == name.to_lowercase());
        let found: Vec<String> = match told {
            Some((_, category)) => vec![category.clone()],
            None => self.access.categories_named(self.catalogue, name).into_iter().collect(),
        };
        match found.as_slice() {
            [only] => {
                let id = PermissionId::parse(&format!("people/{only}/{}", action.unwrap_or("*")));
                match id {
                    Ok(id) if id.is_section() => (Some(id.clone()), self.section(&id)),
                    Ok(id) => (Some(id.clone()), self.access.of(&id)),
                    Err(_) => (None, self.not_there("section of this name")),
                }
            }
            [] => (None, self.not_there("section of this name")),
            several => {
                let because = format!("several sections bear this name: {}", several.join(", "));
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
        }
    }

    /// A field by its id, or by its name on the screen.
    fn field(&self, name: &str) -> (Option<PermissionId>, Finding) {
        if self.catalogue.comes_always(name) {
            return (None, self.comes_always());
        }
        let found: Vec<String> = self.access.fields_named(name).into_iter().collect();
        match found.as_slice() {
            [only] if self.catalogue.comes_always(only) => (None, self.comes_always()),
            [only] => {
                let id = PermissionId::field(only, Action::View);
                let finding = self.access.of(&id);
                (Some(id), finding)
            }
            [] => (None, self.not_there("field of this id or name")),
            several => {
                let because = format!("several fields bear this name: {}", several.join(", "));
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
        }
    }

    fn comes_always(&self) -> Finding {
        if self.access.people_visible == 0 {
            return self.nobody();
        }
        let because = "it came back; it needs no right of its own".to_owned();
        Finding::of(Verdict::Granted(Strength::Conclusive), "comes-always", KnownBy::Documented, because)
    }

    /// A table of the tenant's own.
    fn table(&self, name: &str, action: Action) -> (Option<PermissionId>, Finding) {
        let found: Vec<String> = self.access.tables_named(name).into_iter().collect();
        match found.as_slice() {
            [only] => {
                let id = PermissionId::category(only, action);
                let finding = self.access.of(&id);
                (Some(id), finding)
            }
            [] if self.access.knows_the_tables() => (None, self.not_there("table of this id or name")),
            [] => {
                let because = "the tenant's own tables could not be listed";
                (None, Finding::unknown(Doubt::NotTested, because.to_owned()))
            }
            several => {
                let because = format!("tables of this name are in several sections: {}", several.join(", "));
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
        }
    }

    fn not_there(&self, what: &str) -> Finding {
        if self.access.knows_the_metadata() {
            Finding::unknown(Doubt::NotInTenant, format!("this tenant has no {what}"))
        } else {
            self.metadata_not_known()
        }
    }

    fn metadata_not_known(&self) -> Finding {
        let because = "the tenant's sections and fields could not be listed";
        Finding::unknown(Doubt::NotTested, because.to_owned())
    }

    fn nobody(&self) -> Finding {
        Finding::unknown(Doubt::NobodyVisible, "nobody is visible, so nothing came back".to_owned())
    }

    /// Whatever the tenant itself made that fits a pattern. Where that cannot be listed, that is a doubt.
    fn own(&self, boxes: &OwnBoxes, listed: &BTreeSet<String>) -> Vec<(Option<PermissionId>, Finding)> {
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
            .filter(|id| boxes.takes(id) && self.catalogue.permission(id).is_none())
            .filter(|id| !boxes.among_listed || listed.contains(id.section()))
            // What no box opens is no box, and a field without a history has none for it.
            .filter(|id| id.as_field().is_none_or(|(field, _)| !self.catalogue.comes_always(field)))
            .filter(|id| {
                !single || id.action() != "history" || self.access.findings().any(|(known, _)| known == id)
            })
            .collect();
        let found = ids.into_iter().map(|id| (Some(id.clone()), self.access.of(&id)));
        found.chain(doubts).collect()
    }

    fn head_count(&self, least: u32) -> Finding {
        let visible = self.access.people_visible;
        let counted = if visible == 1 { "1 person is".to_owned() } else { format!("{visible} people are") };
        let because = format!("{counted} visible");
        let of = |verdict| Finding::of(verdict, "people-counted", KnownBy::Observed, because.clone());
        if !self.access.knows_the_people() {
            Finding::unknown(Doubt::NotTested, "who is visible could not be asked".to_owned())
        } else if visible == 0 {
            self.nobody()
        } else if visible >= least {
            of(Verdict::Granted(Strength::Conclusive))
        } else {
            of(Verdict::Denied(Strength::Strong))
        }
    }

    /// Somebody in another status is reachable.
    fn not_only(&self, statuses: &[&str]) -> Finding {
        let others: Vec<(&PermissionId, &Finding)> = self
            .access
            .findings()
            .filter(|(id, _)| id.as_population().is_some_and(|status| !statuses.contains(&status)))
            .collect();
        let granted = others.iter().find(|(_, finding)| matches!(finding.verdict, Verdict::Granted(_)));
        if let Some((id, finding)) = granted {
            let status = id.as_population().unwrap_or_default();
            let because = format!("people whose lifecycle status is {status} came back");
            return Finding { because, ..(*finding).clone() };
        }
        let unknown = others.iter().find(|(_, finding)| matches!(finding.verdict, Verdict::Unknown(_)));
        match (unknown, others.first()) {
            (Some((_, finding)), _) => {
                let because =
                    format!("nobody in another status is known to be reachable: {}", finding.because);
                Finding { because, ..(*finding).clone() }
            }
            (None, Some((_, finding))) => {
                let because = "nobody in another lifecycle status may be reached".to_owned();
                Finding { because, ..(*finding).clone() }
            }
            (None, None) => {
                Finding::unknown(Doubt::NotTested, "who is visible could not be asked".to_owned())
            }
        }
    }
}
