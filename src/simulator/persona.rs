//! Who asks: a service user and the boxes that were ticked for it, in one permission group or several.
//!
//! Rights of several groups add up, but a box counts for a person only where one and the same group holds
//! both the box and the person.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::catalogue::id::{Action, PermissionId};

use super::tenant::TenantSpec;

/// The lifecycle statuses, as they stand in `population/…` ids.
pub const STATUSES: [&str; 6] =
    ["hired", "employed", "terminated", "garden-leave", "leave", "parental-leave"];

const EMBEDDED: [(&str, &str); 11] = [
    ("demo", include_str!("personas/demo.yaml")),
    ("frontegg", include_str!("personas/frontegg.yaml")),
    ("gifted", include_str!("personas/gifted.yaml")),
    ("stackone", include_str!("personas/stackone.yaml")),
    ("kombo", include_str!("personas/kombo.yaml")),
    ("everything", include_str!("personas/everything.yaml")),
    ("nothing", include_str!("personas/nothing.yaml")),
    ("ids-only", include_str!("personas/ids-only.yaml")),
    ("frontegg-minus-employment", include_str!("personas/frontegg-minus-employment.yaml")),
    ("field-level", include_str!("personas/field-level.yaml")),
    ("two-groups", include_str!("personas/two-groups.yaml")),
];

/// What narrows a group's audience beyond the lifecycle statuses, which are `population/…` boxes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    /// Only people of these sites; empty is every site.
    pub sites: BTreeSet<String>,
    /// These people whatever their status, by their number in the company, from 0.
    pub listed: BTreeSet<usize>,
}

/// One permission group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The ticked boxes, the statuses of the audience among them.
    pub grants: BTreeSet<PermissionId>,
    /// What narrows the audience.
    pub audience: Audience,
}

impl Group {
    /// Whether a person of this status and site, with this number in the company, is in the audience.
    pub(super) fn covers(&self, status: &str, site: &str, number: usize) -> bool {
        self.audience.listed.contains(&number)
            || (self.grants.contains(&PermissionId::population(status))
                && (self.audience.sites.is_empty() || self.audience.sites.contains(site)))
    }
}

/// A service user and what it was really granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// The name to ask for.
    pub name: String,
    /// One line about it.
    pub title: String,
    /// The id of the service user.
    pub service_user: String,
    /// Its token.
    pub token: String,
    /// The ticked boxes of the first group.
    pub grants: BTreeSet<PermissionId>,
    /// What narrows the audience of the first group.
    pub audience: Audience,
    /// The other groups of which the service user is a member.
    pub groups: Vec<Group>,
    /// Fields withheld although their category is granted. Any makes the tenant a field-level one.
    pub denied_fields: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGroup {
    #[serde(default)]
    people: Vec<String>,
    #[serde(default)]
    sites: BTreeSet<String>,
    #[serde(default)]
    listed: BTreeSet<usize>,
    #[serde(default)]
    grants: Vec<PermissionId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    persona: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    service_user: Option<String>,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    people: Vec<String>,
    #[serde(default)]
    sites: BTreeSet<String>,
    #[serde(default)]
    listed: BTreeSet<usize>,
    #[serde(default)]
    grants: Vec<PermissionId>,
    #[serde(default)]
    groups: Vec<WrittenGroup>,
    #[serde(default)]
    denied_fields: BTreeSet<String>,
}

impl Persona {
    /// A service user in one group, with these boxes.
    pub fn of(name: &str, title: &str, grants: BTreeSet<PermissionId>) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            service_user: "SERVICE-57121".to_owned(),
            token: format!("simulated-token-of-{name}"),
            grants,
            audience: Audience::default(),
            groups: Vec::new(),
            denied_fields: BTreeSet::new(),
        }
    }

    /// The boxes that open these fields, by id or by a name that only one bears, in a company that moved
    /// none of them. What the company added is not among them.
    pub fn boxes_for(fields: &[&str]) -> BTreeSet<PermissionId> {
        super::fields::opened_by(fields)
    }

    /// The ids of the fields that every company has.
    pub fn fields() -> impl Iterator<Item = &'static str> {
        super::fields::built_in()
    }

    /// The boxes of what the company of the simulator added. A folder of documents is called by its name beside
    /// its id.
    pub fn boxes_of_its_own() -> Vec<(PermissionId, Option<PermissionId>)> {
        let company = TenantSpec::default();
        let sections = company.categories.iter().flat_map(|category| {
            [Action::View, Action::History, Action::Edit]
                .map(|action| (PermissionId::category(&category.id, action), None))
        });
        let of_folder = |folder: &str, action| PermissionId::parse(&format!("docs/{folder}/{action}")).ok();
        let folders = company.folders.iter().flat_map(|folder| {
            ["view", "upload", "delete"].into_iter().filter_map(move |action| {
                Some((of_folder(&folder.id, action)?, of_folder(&folder.name, action)))
            })
        });
        sections.chain(folders).collect()
    }

    /// One of the personas that ship inside the binary.
    pub fn named(name: &str) -> Option<Self> {
        let (_, yaml) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
        Self::parse(yaml).ok()
    }

    /// The personas that ship inside the binary, each with its title.
    pub fn names() -> Vec<(&'static str, String)> {
        EMBEDDED
            .iter()
            .map(|(name, _)| (*name, Self::named(name).map(|persona| persona.title).unwrap_or_default()))
            .collect()
    }

    /// Reads a persona that somebody wrote.
    ///
    /// # Errors
    /// A message with the line, when the text is no persona.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        let written: Written = serde_saphyr::from_str(yaml).map_err(|error| {
            // Its picture of the lines would not survive on one line.
            let says = error.to_string();
            says.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
        })?;
        let first = WrittenGroup {
            people: written.people,
            sites: written.sites,
            listed: written.listed,
            grants: written.grants,
        };
        let mut groups = std::iter::once(first)
            .chain(written.groups)
            .map(|group| group.read(yaml))
            .collect::<Result<Vec<_>, _>>()?;
        // A persona written as groups alone has its first group as its own, so that `with` has an audience.
        if groups.len() > 1 && groups.first() == Some(&Group::default()) {
            groups.remove(0);
        }
        let own = groups.remove(0);
        Ok(Self {
            service_user: written.service_user.unwrap_or_else(|| "SERVICE-57121".to_owned()),
            token: written.token.unwrap_or_else(|| format!("simulated-token-of-{}", written.persona)),
            name: written.persona,
            title: written.title,
            grants: own.grants,
            audience: own.audience,
            groups,
            denied_fields: written.denied_fields,
        })
    }

    /// The same service user with one box less, in every group.
    #[must_use]
    pub fn without(mut self, id: &PermissionId) -> Self {
        self.grants.remove(id);
        for group in &mut self.groups {
            group.grants.remove(id);
        }
        self
    }

    /// The same service user with one box more, in its first group.
    #[must_use]
    pub fn with(mut self, id: PermissionId) -> Self {
        self.grants.insert(id);
        self
    }

    /// The same service user while these boxes have not taken effect; none named is all of them.
    pub(super) fn before(&self, late: &BTreeSet<PermissionId>) -> Self {
        let mut before = self.clone();
        let own = std::iter::once(&mut before.grants);
        for grants in own.chain(before.groups.iter_mut().map(|group| &mut group.grants)) {
            grants.retain(|id| !late.is_empty() && !late.contains(id));
        }
        if late.is_empty() {
            before.audience.listed.clear();
            before.groups.iter_mut().for_each(|group| group.audience.listed.clear());
        }
        before
    }

    /// All groups, the first one among them.
    pub(super) fn all_groups(&self) -> Vec<Group> {
        let own = Group { grants: self.grants.clone(), audience: self.audience.clone() };
        std::iter::once(own).chain(self.groups.iter().cloned()).collect()
    }
}

impl WrittenGroup {
    fn read(self, yaml: &str) -> Result<Group, String> {
        let mut grants: BTreeSet<PermissionId> = self.grants.into_iter().collect();
        for status in self.people {
            let statuses: &[&str] = match STATUSES.iter().position(|known| *known == status) {
                Some(at) => &STATUSES[at..=at],
                None if status == "everyone" => &STATUSES,
                None => return Err(unknown_status(yaml, &status)),
            };
            grants.extend(statuses.iter().map(|status| PermissionId::population(status)));
        }
        Ok(Group { grants, audience: Audience { sites: self.sites, listed: self.listed } })
    }
}

fn unknown_status(yaml: &str, status: &str) -> String {
    let line = yaml.lines().position(|line| line.contains(status)).map_or(1, |at| at + 1);
    format!(
        "line {line}: `{status}` is no lifecycle status; there are {}, and `everyone`",
        STATUSES.join(", ")
    )
}
