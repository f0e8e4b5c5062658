//! Where a box stands on the tenant's screens, in the tenant's own words, and what is to be done there.

use super::not_named::NotNamed;
use crate::access::{self, Access, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::screens;
use crate::gaps::{self, Gap};
use crate::plan;
use crate::policy::lines::{Field, Section};
use crate::policy::{List, Need, Policy, Target, printed};
use crate::report::{Checkable, Fix, FixAction, Role, Status, words};

/// Where a box stands on the tenant's screens, and what to do there.
pub(super) struct Clicks<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) access: &'a Access,
    pub(super) group: Option<String>,
    /// What each policy asks for and nobody can name yet: what no line names is perhaps that.
    pub(super) not_named: Vec<NotNamed<'a>>,
}

impl Clicks<'_> {
    /// The label of a box, with the tenant's own name of the section.
    pub(super) fn label(&self, id: &PermissionId) -> String {
        match id
            .as_category()
            .and_then(|(category, action)| Some((category, action, self.access.section_name(category)?)))
        {
            Some((category, action, name)) => self.catalogue.describe_category(category, name, action).label,
            None => match id.as_field() {
                // Fields are told apart on the screen by their names.
                Some((field, _)) => self.catalogue.label(id).replace(field, self.access.field_name(field)),
                None => match self.access.folder_name(id).or_else(|| self.folder_as_written(id)) {
                    Some(folder) => format!("{} '{folder}'", self.catalogue.label(id)),
                    None => self.catalogue.label(id),
                },
            },
        }
    }

    /// What a line calls a folder that the tenant does not have.
    fn folder_as_written<'i>(&self, id: &'i PermissionId) -> Option<&'i str> {
        let folder = id.section().strip_prefix("docs/");
        folder.filter(|_| self.catalogue.boxes_of(id.section()).next().is_none())
    }

    /// The label of a box, or of every box that a section can mean.
    fn label_of_all(&self, id: &PermissionId) -> String {
        if !id.is_section() {
            return self.label(id);
        }
        let boxes = plan::candidates(self.catalogue, id);
        boxes.iter().map(|id| self.label(id)).collect::<Vec<_>>().join("; ")
    }

    /// The label of a box, or of the boxes of which one is meant that the guide does not name.
    fn label_of_either(&self, id: &PermissionId, publisher: &str) -> String {
        let boxes = if id.is_section() { plan::candidates(self.catalogue, id) } else { Vec::new() };
        match boxes.as_slice() {
            [] | [_] => self.label_of_all(id),
            several => {
                let labels: Vec<String> = several.iter().map(|id| self.label(id)).collect();
                format!("{}, whichever {publisher} means", labels.join(" or "))
            }
        }
    }

    /// The clicks down to a box, in the tenant's own words.
    fn path(&self, below: &[String]) -> Vec<String> {
        let group = self.group.clone().unwrap_or_else(|| "[this service user's group]".to_owned());
        let screens = screens::newest(self.access.model == Some(access::Model::Field));
        screens.groups.iter().cloned().chain([group]).chain(screens.way(below)).collect()
    }

    fn path_of(&self, id: &PermissionId) -> Vec<String> {
        self.path(&self.place(id))
    }

    /// Where a box stands below the permission group, in the tenant's own words.
    pub(super) fn place(&self, id: &PermissionId) -> Vec<String> {
        let mut below = self.catalogue.describe(id).path;
        let category = id
            .as_category()
            .map(|(category, _)| category)
            .or_else(|| self.access.category_of(id.as_field()?.0));
        if let Some(name) = category.and_then(|category| self.access.section_name(category)) {
            if id.as_field().is_some() {
                below.push(name.to_owned());
            } else if let Some(last) = below.last_mut() {
                name.clone_into(last);
            }
        }
        if let (Some(folder), Some(last)) = (self.access.folder_name(id), below.last_mut()) {
            folder.clone_into(last);
        }
        below
    }

    /// Where a section stands, by what a line calls it.
    fn place_of(&self, section: &Section) -> Vec<String> {
        match section {
            Section::Id(id) => self.place(id),
            Section::Named(name) => ["People's data", "People", name].map(str::to_owned).to_vec(),
        }
    }

    pub(super) fn fix(
        &self,
        gap: &Gap<'_>,
        policy: &Policy,
        status: Status,
        checkable: Checkable,
    ) -> Option<Fix> {
        let role_and_action = match status {
            _ if gap.other_branch_met => return None,
            Status::Satisfied | Status::Waived | Status::Attested => return None,
            _ if gap.apart && self.by_section() => return Some(self.which_is_meant(gap)),
            _ if !gap.against.is_empty() => return self.which_holds(gap),
            Status::Missing | Status::OptionalMissing => (Role::HibobAdmin, FixAction::Tick),
            // It may be what nobody can name yet, so that is asked first.
            Status::Excess => (self.who_knows(gap, policy).unwrap_or(Role::HibobAdmin), FixAction::Untick),
            Status::Unverified => return Some(self.next_step(gap, policy, checkable)),
        };
        let (role, action) = role_and_action;
        let Some(id) = &gap.permission else { return self.audience(gap, role) };
        let id = &self.box_of(id, gap.apart);
        let denied = gap.finding.partial.as_ref().filter(|_| action == FixAction::Tick);
        let fields = match (action, denied) {
            // Of a section that is not wanted, what is held is unticked, and nothing that is asked for.
            (FixAction::Untick, _) => &gap.held,
            (_, Some(partial)) => &partial.denied,
            (_, None) => &Vec::new(),
        };
        let whole = matches!(gap.finding.verdict, Verdict::Granted(_)) && !gap.spares.is_empty();
        let label = match fields.as_slice() {
            _ if whole && action == FixAction::Untick => {
                format!("{}, of every field but {}", self.label(id), self.names(&gap.spares))
            }
            [] if action == FixAction::Tick => self.label_of_either(id, &policy.publisher),
            [] => self.label_of_all(id),
            fields => self.label_of_fields(id, fields),
        };
        Some(Fix { role, path: self.section_or_box_path(id), action, label })
    }

    /// Of what another policy of the run wants the opposite: which of them holds for this service user.
    fn which_holds(&self, gap: &Gap<'_>) -> Option<Fix> {
        let id = gap.permission.as_ref()?;
        let says = match (gap.need, gap.against.len()) {
            (Need::Forbidden, 1) => "needs it",
            (Need::Forbidden, _) => "need it",
            _ => "must not have it",
        };
        Some(Fix {
            role: Role::Integrator,
            path: self.section_or_box_path(id),
            action: FixAction::Ask,
            label: format!(
                "{} {says}. Which holds for this service user? Change nothing until then.",
                words::list(&gap.against)
            ),
        })
    }

    /// Who knows whether a policy asks for what no line names, if one may: the integrator before the customer. Of
    /// a list that calls itself whole, only the parts count that it says itself are not known.
    pub(super) fn who_knows(&self, gap: &Gap<'_>, policy: &Policy) -> Option<Role> {
        let id = gap.permission.as_ref().filter(|_| gap.requirement.is_none())?;
        let is_closed = policy.list == List::Closed;
        let parts = self.not_named.iter().filter(|it| !is_closed || std::ptr::eq(it.policy, policy));
        let who: Vec<Role> = parts.flat_map(|it| it.who_knows(id, self.access)).collect();
        who.iter().find(|role| **role == Role::Integrator).or(who.first()).copied()
    }

    /// The boxes of single fields, by their names on the screen.
    fn label_of_fields(&self, section: &PermissionId, fields: &[String]) -> String {
        let verb = section.as_category().map_or(Action::View, |(_, action)| action).verb();
        let names: Vec<&str> = fields.iter().map(|field| self.access.field_name(field)).collect();
        format!("{verb}: {}", names.join(", "))
    }

    /// The names of fields, as a part of a sentence.
    fn names(&self, fields: &[String]) -> String {
        words::list(&fields.iter().map(|field| self.access.field_name(field)).collect::<Vec<_>>())
    }

    fn by_section(&self) -> bool {
        self.access.model == Some(access::Model::Category)
    }

    /// Where a field is asked for and the one box that opens it is not wanted, nobody can do both.
    fn which_is_meant(&self, gap: &Gap<'_>) -> Fix {
        let id = gap.permission.as_ref();
        let section = id.map(|id| self.box_of(id, false));
        let fields = match id.and_then(|id| id.as_field()) {
            Some((field, _)) => self.access.field_name(field).to_owned(),
            None => self.names(&gap.spares),
        };
        let label = format!(
            "{} is asked for, and \"{}\" is not wanted, which alone opens it here: which is meant?",
            fields,
            section.as_ref().map(|id| self.label(id)).unwrap_or_default()
        );
        let path = section.map(|id| self.path_of(&id)).unwrap_or_default();
        Fix { role: Role::Integrator, path, action: FixAction::Ask, label }
    }

    /// What to weigh before something is put right.
    pub(super) fn advice(&self, gap: &Gap<'_>) -> Option<String> {
        if gap.apart && self.by_section() {
            return Some(
                "the policy contradicts itself here: rights are given by section, so that nobody can have the one \
                 without the other"
                    .to_owned(),
            );
        }
        if gap.spares.is_empty() || gap.status != gaps::Status::Excess {
            return gap.advice.clone();
        }
        let keep = format!("leave {} ticked, which the policy asks for", self.names(&gap.spares));
        Some(match self.access.model {
            Some(access::Model::Field) => keep,
            _ => format!(
                "{keep}; where no field has a box of its own, that cannot be done, and the policy contradicts itself"
            ),
        })
    }

    /// The box that opens a field: that of its section, unless fields have boxes of their own here, or the
    /// section is not wanted.
    fn box_of(&self, id: &PermissionId, apart: bool) -> PermissionId {
        let by_field = self.access.model == Some(access::Model::Field) || (apart && !self.by_section());
        let section = id.as_field().filter(|_| !by_field).and_then(|(field, action)| {
            Some(PermissionId::category(self.access.category_of(field)?, action))
        });
        section.unwrap_or_else(|| id.clone())
    }

    /// The box that opens it, where that is another.
    pub(super) fn opened_by(&self, gap: &Gap<'_>) -> Option<String> {
        let id = gap.permission.as_ref()?;
        let opens = self.box_of(id, gap.apart);
        (opens != *id).then(|| opens.to_string())
    }

    /// What is wanted of people and is no box: to be chosen on the screen.
    fn audience(&self, gap: &Gap<'_>, role: Role) -> Option<Fix> {
        let requirement = gap.requirement?;
        matches!(requirement.target, Target::HeadCount(_) | Target::NotOnly(_)).then(|| Fix {
            role,
            path: self.path(&["People's data".to_owned(), words::AUDIENCE.to_owned()]),
            action: FixAction::Look,
            label: requirement.label.clone(),
        })
    }

    fn section_or_box_path(&self, id: &PermissionId) -> Vec<String> {
        if !id.is_section() {
            return self.path_of(id);
        }
        let first = self.catalogue.boxes_of(id.section()).next();
        self.path(&first.map(|permission| permission.path.clone()).unwrap_or_default())
    }

    /// What settles an item that has no verdict.
    fn next_step(&self, gap: &Gap<'_>, policy: &Policy, checkable: Checkable) -> Fix {
        use access::Doubt;
        let doubt = if let Verdict::Unknown(doubt) = gap.finding.verdict { Some(doubt) } else { None };
        let publisher = &policy.publisher;
        let label = gap.requirement.map_or_else(String::new, |requirement| match &requirement.target {
            Target::Printed { label, .. } => label.clone(),
            _ => requirement.label.clone(),
        });
        let id = gap.permission.as_ref().map(|id| self.box_of(id, gap.apart));
        let path = match &id {
            Some(id) => self.section_or_box_path(id),
            None => match gap.requirement.map(|requirement| &requirement.target) {
                Some(Target::Printed { path, .. }) => self.path(&printed::steps(path)),
                Some(Target::Field { field: Field { section: Some(section), .. }, .. }) => {
                    self.path(&self.place_of(section))
                }
                _ => self.audience(gap, Role::HibobAdmin).map(|fix| fix.path).unwrap_or_default(),
            },
        };
        let is_section = gap.permission.as_ref().is_some_and(PermissionId::is_section);
        let box_not_named = is_section && doubt == Some(Doubt::BoxNotNamed);
        if let Some(target @ Target::ListNotKnown { read, .. }) = gap.requirement.map(|it| &it.target)
            && target.is_for_the_admin_to_say()
        {
            let what =
                if *read { "What do you have it read here?" } else { "Which boxes do you choose here?" };
            return Fix { role: Role::HibobAdmin, path, action: FixAction::Ask, label: what.to_owned() };
        }
        if checkable == Checkable::Integrator || box_not_named {
            let question = match gap.requirement.map(|requirement| &requirement.target) {
                _ if gap.torn => {
                    format!("Is \"{}\" wanted or not?", id.as_ref().map_or(label, |id| self.label_of_all(id)))
                }
                Some(Target::ListNotKnown { read: true, .. }) => format!("What does {publisher} read here?"),
                Some(Target::ListNotKnown { .. }) => format!("Which permissions does {publisher} need here?"),
                Some(Target::Unresolved { .. }) => format!("Which box does \"{label}\" stand for?"),
                Some(Target::Named { name, .. }) if matches!(gap.need, Need::Forbidden | Need::NotNeeded) => {
                    format!("Which section is \"{name}\" here, if any? None of its boxes is wanted.")
                }
                Some(Target::Own(_)) => format!("Which boxes of \"{label}\" does {publisher} need?"),
                _ => format!("Which box of \"{label}\" does {publisher} need?"),
            };
            return Fix { role: Role::Integrator, path, action: FixAction::Ask, label: question };
        }
        let operator = |label: &str| Fix {
            role: Role::Operator,
            path: Vec::new(),
            action: FixAction::Look,
            label: label.to_owned(),
        };
        match doubt {
            Some(Doubt::Blocked) => {
                operator("wait five minutes, see that this network address may use the API, then run again")
            }
            Some(Doubt::Throttled | Doubt::Unavailable | Doubt::Timeout) => operator("run again later"),
            Some(Doubt::Redirected | Doubt::NotAnApiAnswer) => {
                operator("look at the address (--base-url), then run again")
            }
            Some(Doubt::ModelUndetermined) => {
                operator("say which permission model the tenant has: --permission-model category or field")
            }
            Some(Doubt::NobodyVisible) => Fix {
                role: Role::HibobAdmin,
                path: self.path(&["People's data".to_owned(), words::AUDIENCE.to_owned()]),
                action: FixAction::Look,
                label:
                    "whom does it name? And below, is View selected employees' Basic info sections ticked?"
                        .to_owned(),
            },
            _ => Fix {
                role: Role::HibobAdmin,
                path,
                action: FixAction::Look,
                label: id.map_or(label, |id| self.label_of_all(&id)),
            },
        }
    }
}
