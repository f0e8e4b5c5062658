//! What a requirement means in this tenant: which box, and what was found of it.

use std::collections::BTreeSet;

use crate::access::{self, Absent, Access, Doubt, Finding, Strength, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::KnownBy;
use crate::policy::blocks::HeadCount;
use crate::policy::lines::{Field, Section};
use crate::policy::{Model, Need, Policy, Requirement, Target};

use super::{apart, section};

/// A requirement as this tenant has it.
pub(super) struct Entry<'a> {
    pub(super) requirement: &'a Requirement,
    /// The numbers of all requirements that come to this.
    pub(super) numbers: Vec<usize>,
    pub(super) permission: Option<PermissionId>,
    pub(super) finding: Finding,
    /// How much its own lines want it; none: it is only one of alternatives.
    pub(super) need: Option<Need>,
    /// Of a section that is not wanted: the fields of it that the policy asks for all the same.
    pub(super) spares: Vec<String>,
    /// A section that is not wanted and a field of it that is: which of the two it is, the id says.
    pub(super) apart: bool,
    /// Lines of the policy contradict each other about it, and nobody knows which is meant.
    pub(super) torn: bool,
}

impl<'a> Entry<'a> {
    pub(super) fn new(
        requirement: &'a Requirement,
        number: usize,
        found: (Option<PermissionId>, Finding),
        need: Option<Need>,
    ) -> Self {
        let (permission, finding) = found;
        let (numbers, spares) = (vec![number], Vec::new());
        Self { requirement, numbers, permission, finding, need, spares, apart: false, torn: false }
    }

    /// A question and no verdict, where the guide says both and nobody knows which is meant.
    pub(super) fn torn_by(mut self, requirement: &Requirement, model: Option<Model>) -> Self {
        if requirement.torn.of(model) {
            let because = format!("the guide contradicts itself: {}", requirement.both_sides());
            self.finding = Finding::unknown(Doubt::BoxNotNamed, because);
            self.torn = true;
        }
        self
    }

    /// Whether it is on the side of having it.
    pub(super) fn is_wanted(&self) -> bool {
        is_wanted(self.need)
    }

    /// Whether it points at the same box.
    pub(super) fn is_about_the_box_of(&self, other: &Self) -> bool {
        self.permission.is_some() && self.permission == other.permission
    }
}

/// Whether a need is on the side of having it.
pub(super) fn is_wanted(need: Option<Need>) -> bool {
    !matches!(need, Some(Need::Forbidden | Need::NotNeeded))
}

/// Holds policies against one tenant.
pub(super) struct Resolver<'a> {
    pub(super) access: &'a Access,
    pub(super) catalogue: &'a Catalogue,
    pub(super) classic: bool,
}

impl Resolver<'_> {
    /// The box of the section that gives a field with all its others.
    pub(super) fn section_of_field(&self, id: &PermissionId) -> Option<PermissionId> {
        let (field, action) = id.as_field()?;
        Some(PermissionId::category(self.access.category_of(field)?, action))
    }

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
            let same = entries
                .iter_mut()
                .find(|other| entry.is_about_the_box_of(other) && other.is_wanted() == entry.is_wanted());
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
            let found = self.target(&requirement.target, policy);
            for found in self.every_box_of(found, need) {
                put(Entry::new(requirement, number, found, need).torn_by(requirement, model));
            }
        }
        // A pattern comes last: what a line names by itself, that line speaks for.
        self.put_own(own, &mut entries);
        apart::mark(&mut entries, self.access);
        entries
    }

    /// A section that is not wanted is every box of it: none of them is to be there.
    fn every_box_of(
        &self,
        found: (Option<PermissionId>, Finding),
        need: Option<Need>,
    ) -> Vec<(Option<PermissionId>, Finding)> {
        let boxes = match &found.0 {
            Some(id) if id.is_section() && !is_wanted(need) => {
                section::boxes(id, self.access, self.catalogue)
            }
            _ => return vec![found],
        };
        if boxes.is_empty() {
            return vec![found];
        }
        boxes.into_iter().map(|id| (Some(id.clone()), self.access.of(&id))).collect()
    }

    fn target(&self, target: &Target, policy: &Policy) -> (Option<PermissionId>, Finding) {
        match target {
            Target::Permission(id) => match self.in_folder(id) {
                Ok(id) => (Some(id.clone()), self.of(&id)),
                Err(finding) => (Some(id.clone()), *finding),
            },
            Target::Section(id) => match self.in_folder(id) {
                Ok(id) => (Some(id.clone()), self.section(&id)),
                Err(finding) => (Some(id.clone()), *finding),
            },
            Target::Named { name, action } => self.named(name, action.as_deref(), policy),
            Target::Field { field, action } => self.field(field, *action, policy),
            Target::Table { name, action } => self.table(name, *action),
            Target::HeadCount(count) => (None, self.head_count(*count)),
            Target::NotOnly(statuses) => (None, self.not_only(statuses)),
            Target::Own(_) => {
                (None, Finding::unknown(Doubt::BoxNotNamed, "a pattern is no one box".to_owned()))
            }
            Target::Printed { .. } => {
                let because =
                    "`audit` knows this box by nothing but what is printed, so only the screen shows it";
                (None, Finding::unknown(Doubt::NoWitness, because.to_owned()))
            }
            Target::Unresolved { reason } => {
                let because = format!("nobody could match this label to a box of HiBob's yet: {reason}");
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
            Target::ListNotKnown { reason, .. } => {
                let because = match target.is_for_the_admin_to_say() {
                    true => format!("the guide leaves the list to the customer: {reason}"),
                    false => format!("the guide does not contain its list: {reason}"),
                };
                (None, Finding::unknown(Doubt::ListNotKnown, because))
            }
        }
    }

    /// A box of a folder of documents by the folder's id, where a line has its name on the screen. What is about
    /// no folder of the tenant's own stays as it is.
    fn in_folder(&self, id: &PermissionId) -> Result<PermissionId, Box<Finding>> {
        let folder = id.section().strip_prefix("docs/");
        let Some(folder) = folder.filter(|_| self.catalogue.boxes_of(id.section()).next().is_none()) else {
            return Ok(id.clone());
        };
        let found: Vec<String> = match self.access.folders_named(folder) {
            none if none.is_empty() => self.built_in_folder(folder).into_iter().collect(),
            some => some.into_iter().collect(),
        };
        match found.as_slice() {
            [only] => {
                PermissionId::parse(&format!("docs/{only}/{}", id.action())).or_else(|_| Ok(id.clone()))
            }
            [] if self.access.knows_the_folders() => Err(Box::new(Finding::not_in_tenant(
                Absent::Folder,
                "this tenant has no such folder of documents",
            ))),
            [] => {
                let because = "the tenant's document folders could not be listed";
                Err(Box::new(Finding::unknown(Doubt::NotTested, because.to_owned())))
            }
            several => {
                let because = format!("several folders of documents bear this name: {}", several.join(", "));
                Err(Box::new(Finding::unknown(Doubt::BoxNotNamed, because)))
            }
        }
    }

    /// The folder that HiBob itself calls so on the screen.
    fn built_in_folder(&self, name: &str) -> Option<String> {
        let folders = self.catalogue.permissions().filter_map(|permission| {
            Some((permission.id.section().strip_prefix("docs/")?, permission.path.last()?))
        });
        let mut called_so = folders.filter(|(_, shown)| shown.to_lowercase() == name.to_lowercase());
        called_so.next().map(|(folder, _)| folder.to_owned())
    }

    fn section(&self, id: &PermissionId) -> Finding {
        section::finding(id, self.access, self.catalogue, self.classic)
    }

    /// A section by its name on the screen, as the customer or the tenant's metadata tell.
    fn named(&self, name: &str, action: Option<&str>, policy: &Policy) -> (Option<PermissionId>, Finding) {
        let found: Vec<String> = self.categories_named(name, policy).into_iter().collect();
        match found.as_slice() {
            [only] => {
                let id = PermissionId::parse(&format!("people/{only}/{}", action.unwrap_or("*")));
                match id {
                    Ok(id) if id.is_section() => (Some(id.clone()), self.section(&id)),
                    Ok(id) => (Some(id.clone()), self.access.of(&id)),
                    Err(_) => (None, self.not_there(Absent::Section, "section of this name")),
                }
            }
            [] => match self.access.folders_named(name).into_iter().next() {
                Some(_) => {
                    let because = format!(
                        "this tenant has no section of this name, and a folder of documents is called so: if that is \
                         meant, the policy says `docs/{name}`"
                    );
                    (None, Finding::not_in_tenant(Absent::Section, because))
                }
                None => (None, self.not_there(Absent::Section, "section of this name")),
            },
            several => {
                let because = format!("several sections bear this name: {}", several.join(", "));
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
        }
    }

    /// The sections that bear a name, as the customer or the tenant's metadata tell.
    fn categories_named(&self, name: &str, policy: &Policy) -> BTreeSet<String> {
        let told = policy.renamed.iter().find(|(shown, _)| shown.to_lowercase() == name.to_lowercase());
        match told {
            Some((_, category)) => BTreeSet::from([category.clone()]),
            None => self.access.categories_named(self.catalogue, name),
        }
    }

    /// What was found of a box. A right to edit a field is that to its section, where rights are given so.
    fn of(&self, id: &PermissionId) -> Finding {
        let finding = self.access.of(id);
        let is_edit = id.as_field().is_some_and(|(_, action)| action == Action::Edit);
        let section = self.section_of_field(id).filter(|_| is_edit);
        match (section, finding.verdict) {
            (Some(section), Verdict::Unknown(_)) if self.model() == Some(Model::Category) => {
                self.access.of(&section)
            }
            _ => finding,
        }
    }

    /// A box of a field by its id, or by its name on the screen and perhaps its section.
    fn field(&self, field: &Field, action: Action, policy: &Policy) -> (Option<PermissionId>, Finding) {
        let comes_always = |id: &str| action == Action::View && self.catalogue.comes_always(id);
        if comes_always(&field.name) {
            return (None, self.comes_always());
        }
        let bearing: Vec<String> = self.access.fields_named(&field.name).into_iter().collect();
        let found: Vec<&String> = match self.section_of(field, policy) {
            None => bearing.iter().collect(),
            Some(sections) => {
                let is_there =
                    |id: &&String| self.access.category_of(id).is_some_and(|it| sections.contains(it));
                bearing.iter().filter(is_there).collect()
            }
        };
        match found.as_slice() {
            [only] if comes_always(only) => (None, self.comes_always()),
            [only] => {
                let id = PermissionId::field(only, action);
                let finding = self.of(&id);
                (Some(id), finding)
            }
            [] if bearing.is_empty() => (None, self.not_there(Absent::Field, "field of this id or name")),
            [] => {
                let because = format!(
                    "this tenant has no field of this name in that section; it has one in {}",
                    self.sections_of(&bearing)
                );
                (None, Finding::not_in_tenant(Absent::Field, because))
            }
            several if field.section.is_some() => {
                let ids: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
                let because = format!("several fields of this section bear this name: {}", ids.join(", "));
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
            _ => {
                let because = format!(
                    "several fields bear this name: {}; they are in {}, and `section:` beside it says which is meant",
                    bearing.join(", "),
                    self.sections_of(&bearing)
                );
                (None, Finding::unknown(Doubt::BoxNotNamed, because))
            }
        }
    }

    /// The sections that a field is said to stand in; none where nothing is said.
    fn section_of(&self, field: &Field, policy: &Policy) -> Option<BTreeSet<String>> {
        Some(match field.section.as_ref()? {
            Section::Id(id) => id.section().strip_prefix("people/").map(str::to_owned).into_iter().collect(),
            Section::Named(name) => self.categories_named(name, policy),
        })
    }

    /// The sections that fields stand in, by their names on the tenant's screens.
    fn sections_of(&self, fields: &[String]) -> String {
        let names: BTreeSet<&str> = fields
            .iter()
            .filter_map(|field| self.access.category_of(field))
            .map(|section| self.access.section_name(section).unwrap_or(section))
            .collect();
        names.into_iter().collect::<Vec<_>>().join(" and ")
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
            [] if self.access.knows_the_tables() => {
                (None, self.not_there(Absent::Table, "table of this id or name"))
            }
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

    fn not_there(&self, absent: Absent, what: &str) -> Finding {
        if self.access.knows_the_metadata() {
            Finding::not_in_tenant(absent, format!("this tenant has no {what}"))
        } else {
            self.metadata_not_known()
        }
    }

    pub(super) fn metadata_not_known(&self) -> Finding {
        let because = "the tenant's sections and fields could not be listed";
        Finding::unknown(Doubt::NotTested, because.to_owned())
    }

    fn nobody(&self) -> Finding {
        Finding::unknown(Doubt::NobodyVisible, "nobody is visible, so nothing came back".to_owned())
    }

    fn head_count(&self, count: HeadCount) -> Finding {
        let visible = self.access.people_visible;
        let counted = if visible == 1 { "1 person is".to_owned() } else { format!("{visible} people are") };
        let because = format!("{counted} visible");
        let of = |verdict| Finding::of(verdict, "people-counted", KnownBy::Observed, because.clone());
        if !self.access.knows_the_people() {
            Finding::unknown(Doubt::NotTested, "who is visible could not be asked".to_owned())
        } else if visible == 0 {
            self.nobody()
        } else if count.allows(visible) {
            // Who did not come back may be there all the same.
            of(Verdict::Granted(match count {
                HeadCount::AtLeast(_) => Strength::Conclusive,
                HeadCount::AtMost(_) => Strength::Strong,
            }))
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
