//! What is wanted: the requirements of one or more policies, each with its place in the file.
//!
//! A policy is kept twice: as the lines of its guide ([`lines`]), from which the guide is written back,
//! and as the canonical set that they come to ([`Requirement`]), which is what a tenant is held against.

pub mod adapt;
pub mod beside;
pub mod blocks;
pub mod canonical;
mod conditions;
pub mod decisions;
mod fields;
pub mod lines;
mod meaning;
pub mod oddities;
pub mod overlay;
pub mod pattern;
pub mod printed;
mod reader;
pub mod schema;
pub mod shipped;
mod tree;
pub mod validate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::id::{Action, PermissionId};
use crate::source::Source;
use crate::source::clean::clean;
pub use crate::source::{Place, Spot};

pub use conditions::Note;

use beside::{Also, Duty, Prerequisite};
use blocks::{Credentials, HeadCount, Membership, Population};
use decisions::Decision;
use lines::{Aim, ByModel, Choices, Fact, Feature, Field, Line, Truth};
pub use meaning::OPEN_LIST;
use pattern::Pattern;

/// One policy, valid against the catalogue.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The short name, such as `frontegg`.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// The version, as written (a date).
    pub version: String,
    /// The file as the user named it (`frontegg.yaml` for a shipped one, `-` for standard input).
    pub file: String,
    /// Where the text came from.
    pub origin: Origin,
    /// SHA-256 of the text, in lowercase hex.
    pub sha256: String,
    /// Who publishes the guide, for the questions that only they can answer.
    pub publisher: String,
    /// Whether the guide's list is complete.
    pub list: List,
    /// Where that is said.
    pub list_at: Spot,
    /// The guide that the policy was read from.
    pub guide: Guide,
    /// The policies that it starts from, the nearest first.
    pub extends: Vec<Ancestor>,
    /// What the integrator calls the two credentials, and of which kind they are; none: the guide does not say so.
    pub credentials: Vec<Credentials>,
    /// Parts of the product that a customer may or may not use.
    pub features: Vec<Feature>,
    /// Questions about the customer.
    pub facts: Vec<Fact>,
    /// The lines of the guide, in the order of the file; those of policies that it starts from first.
    pub lines: Vec<Line>,
    /// Whose data must be reachable; nothing, if the guide does not say so.
    pub population: Vec<Population>,
    /// Who may be in the group.
    pub membership: Vec<Membership>,
    /// What only a person can look at, as the file lists it.
    pub manual: Vec<Duty>,
    /// Requirements that are no permissions.
    pub also: Vec<Also>,
    /// What the person at the screen must be able to do.
    pub prerequisites: Vec<Prerequisite>,
    /// What is done in the product once the rights are there, step by step.
    pub connect: Vec<Duty>,
    /// What comes up later.
    pub later: Vec<Duty>,
    /// The canonical set: no two requirements point at the same permission.
    pub requirements: Vec<Requirement>,
    /// Alternatives among the requirements.
    pub alternatives: Vec<Alternatives>,
    /// Oddities of the guide that are worth knowing and change no verdict.
    pub remarks: Vec<Remark>,
    /// The overlays that were laid over it, in order.
    pub overlays: Vec<OverlayHead>,
    /// What was said of the customer.
    pub choices: Choices,
    /// The customer's names of sections, each with the id of the section's category.
    pub renamed: BTreeMap<String, String>,
    /// What people decided about single items.
    pub decisions: Vec<Decision>,
    /// The texts that the lines stand in, for messages: its own, and those it starts from.
    pub(in crate::policy) texts: Vec<Source>,
}

impl Policy {
    /// What the guide has the permission group called, where it holds for this customer. In brackets where
    /// that is no one name: of several groups, where a part in `<…>` is left to be filled in, and where it is
    /// an example.
    pub fn name_of_group(&self) -> Option<String> {
        let holds = |block: &&Membership| self.truth(&block.when, None) == Truth::Yes;
        let names: Vec<&blocks::Name> =
            self.membership.iter().filter(holds).flat_map(|block| &block.names).collect();
        let for_example = if names.iter().any(|name| name.is_example) { "for example " } else { "" };
        match names.as_slice() {
            [] => None,
            [only] if !only.is_example && !blocks::is_to_be_filled_in(&only.text) => Some(only.text.clone()),
            [most @ .., last] => {
                let most: Vec<&str> = most.iter().map(|name| name.text.as_str()).collect();
                let or = if most.is_empty() { "" } else { " or " };
                Some(format!("[{for_example}{}{or}{}]", most.join(", "), last.text))
            }
        }
    }

    /// What becomes of what stands at a place and says the opposite of something else; none where it does not.
    pub fn contradicted(&self, at: &Spot) -> Option<Contradicted> {
        let is_here = |place: &Spot| place == at;
        let of = |requirement: &Requirement| {
            let contrary = requirement.contrary.iter().any(|other| is_here(&other.place));
            let itself = is_here(&requirement.place) || requirement.repeats.iter().any(|(_, at)| is_here(at));
            let is_open = lines::MODELS.iter().any(|model| requirement.torn.of(*model));
            match (contrary, itself) {
                (true, _) | (_, true) if is_open => Some(Contradicted::Open),
                (true, _) => Some(Contradicted::GivesWay),
                _ => None,
            }
        };
        self.requirements.iter().filter(|requirement| !requirement.contrary.is_empty()).find_map(of)
    }

    /// Of what only so many may be chosen, as sentences with their lines.
    pub fn limits(&self) -> impl Iterator<Item = (String, &Line)> {
        let lines = self.lines.iter().flat_map(Line::all);
        lines.filter_map(|line| {
            let of = match (&line.label, &line.aim) {
                (Some(label), _) => label,
                (None, Aim::ListNotKnown { reason, .. }) => reason,
                _ => return None,
            };
            Some((format!("At most {} of these are chosen: {of}", line.at_most?), line))
        })
    }

    /// The reports that are read by their ids, as sentences with their lines: who may see one is seen only by
    /// whoever opens it.
    pub fn shared_reports(&self) -> impl Iterator<Item = (String, &Line)> {
        let lines = self.lines.iter().flat_map(Line::all);
        lines.filter_map(|line| match &line.aim {
            Aim::Resource { ids, names, .. } if oddities::is_wanted(line.modality.need()) => {
                lines::shared(ids, names).map(|says| (says, line))
            }
            _ => None,
        })
    }
}

/// What becomes of a line that says the opposite of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradicted {
    /// It is disputed, and the other is not: the other holds.
    GivesWay,
    /// Both are disputed: nobody knows which holds.
    Open,
}

/// A policy that another one starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ancestor {
    /// Its short name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its file, as messages name it.
    pub file: String,
    /// Where its text came from.
    pub origin: Origin,
    /// SHA-256 of its text, in lowercase hex.
    pub sha256: String,
}

/// An overlay that was laid over a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayHead {
    /// Its name.
    pub name: String,
    /// The file, as the user named it.
    pub file: String,
    /// SHA-256 of its text, in lowercase hex.
    pub sha256: String,
}

/// The guide that a policy was read from, and what it says beside its list. Informational.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guide {
    /// The guide's own title.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// The day it was read.
    pub read: Option<String>,
    /// Where that day is said.
    pub read_at: Option<Spot>,
    /// Which generation of HiBob's screens it shows.
    pub ui: Option<Ui>,
    /// The language of its labels.
    pub language: Option<String>,
    /// How much of its list could be read.
    pub text: Option<GuideText>,
    /// What it says about waiting.
    pub timing: Vec<Note>,
    /// What else is worth knowing.
    pub notes: Vec<Note>,
}

/// A generation of HiBob's screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ui {
    /// "Roles & Permissions › Manage Permissions".
    RolesAndPermissions,
    /// "Settings › Account › Permission groups › Access rights".
    AccessRights,
    /// "System settings › … › Access data for".
    AccessDataFor,
    /// The same, with "People's fields" and settings for each field.
    PeoplesFields,
}

impl Ui {
    /// Every generation, the oldest first.
    pub const ALL: [Self; 4] =
        [Self::RolesAndPermissions, Self::AccessRights, Self::AccessDataFor, Self::PeoplesFields];

    /// How rights are given on its screens.
    pub const fn model(self) -> Model {
        match self {
            Self::RolesAndPermissions | Self::AccessRights | Self::AccessDataFor => Model::Category,
            Self::PeoplesFields => Model::Field,
        }
    }

    /// Its word in policies, and in the rows of the screens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RolesAndPermissions => "roles-and-permissions",
            Self::AccessRights => "access-rights",
            Self::AccessDataFor => "access-data-for",
            Self::PeoplesFields => "peoples-fields",
        }
    }
}

/// How much of a guide's list could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuideText {
    /// All of it.
    Whole,
    /// A part.
    Cut,
    /// Nothing: it is in a picture, or gone.
    Lost,
}

/// Where a policy's text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It ships inside the binary.
    Shipped,
    /// A file.
    File,
    /// Standard input.
    Stdin,
}

/// Whether a guide's list is the whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum List {
    /// A floor: more may be needed ("etc.", "as needed").
    Open,
    /// Exhaustive: anything else is excess.
    Closed,
    /// The guide does not contain the list at all.
    Unknown,
}

/// Whether rights are given by section or by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// By section.
    Category,
    /// By field.
    Field,
}

/// What one or more lines come to: one thing that is wanted, or not wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// What it points at.
    pub target: Target,
    /// How much it is wanted at the most; [`Self::need_in`] says how much in a given tenant.
    pub need: Need,
    /// How much its own lines want it, by what is known of the permission model. None: not at all, but
    /// perhaps as one of [`Policy::alternatives`].
    pub needs: ByModel<Option<Need>>,
    /// How much the line at [`Self::place`] wants it.
    pub said: Need,
    /// The label as the guide prints it.
    pub label: String,
    /// What stops working without it.
    pub breaks: Option<String>,
    /// What the guide gives as its reason.
    pub reason: Option<String>,
    /// The first line that asks for it.
    pub place: Spot,
    /// Further lines that ask for the same thing, with their literal labels.
    pub repeats: Vec<(String, Spot)>,
    /// What other lines of the guide say to the contrary: either the policy calls them disputed, or
    /// [`Self::torn`] says that nobody knows which holds.
    pub contrary: Vec<Contrary>,
    /// Whether all lines about it are disputed and contradict each other, so that it is a question.
    pub torn: ByModel<bool>,
}

/// A line that wants the opposite of what a requirement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contrary {
    /// How much that line wants it.
    pub need: Need,
    /// Its label.
    pub label: String,
    /// Where it stands.
    pub place: Spot,
}

impl Requirement {
    /// How much its own lines want it in a tenant with this permission model.
    pub fn need_in(&self, model: Option<Model>) -> Option<Need> {
        self.needs.of(model)
    }

    /// What a guide says twice, where nobody knows which of the two is meant: "line 3 requires it, and …".
    pub fn both_sides(&self) -> String {
        let place = |spot: &Spot| match spot.file == self.place.file {
            true => format!("line {}", spot.line),
            false => format!("`{}:{}`", clean(&spot.file), spot.line),
        };
        let says = |need: Need| match need {
            Need::Required => "requires it",
            Need::Optional => "calls it optional",
            Need::Forbidden => "forbids it",
            Need::NotNeeded => "says that it is not needed",
        };
        let first = format!("line {} {}", self.place.line, says(self.said));
        let others =
            self.contrary.iter().map(|other| format!("{} {}", place(&other.place), says(other.need)));
        std::iter::once(first).chain(others).collect::<Vec<_>>().join(", and ")
    }
}

/// What a requirement points at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// One box.
    Permission(PermissionId),
    /// A section; the guide names no box. The id ends in `/*`.
    Section(PermissionId),
    /// A box of a section that is called by its name on the tenant's screens; no box where none is named.
    Named {
        /// The name of the section.
        name: String,
        /// The last part of the box's id.
        action: Option<String>,
    },
    /// Whatever the tenant itself has made that fits a pattern.
    Own(OwnBoxes),
    /// A field, by its id or by its name on the tenant's screens.
    Field {
        /// Which.
        field: Field,
        /// What of it.
        action: Action,
    },
    /// A table of the tenant's own, by its id or by its name on the screens.
    Table {
        /// Its id or name.
        name: String,
        /// Which box of its section: that of the rows in force, of earlier ones, or of changes.
        action: Action,
    },
    /// So many people are visible, or no more than so many.
    HeadCount(HeadCount),
    /// Somebody is reachable whose lifecycle status is none of these.
    NotOnly(Vec<&'static str>),
    /// A box by what is printed of it, which the catalogue does not know. Only the screen shows it.
    Printed {
        /// What is printed beside the box.
        label: String,
        /// Where it is said to stand.
        path: String,
    },
    /// A label that stands for no box that HiBob has, with the reason. Never passes.
    Unresolved {
        /// Why it could not be resolved.
        reason: String,
    },
    /// The guide does not contain its list; with the reason. Never passes.
    ListNotKnown {
        /// Where the list is to be had.
        reason: String,
        /// Among which boxes that part is; empty: any.
        among: Vec<Pattern>,
        /// What is no part of it although it fits.
        except: Vec<Pattern>,
        /// Whether it is a list of what is read, and not of boxes.
        read: bool,
        /// Who knows it.
        role: Role,
    },
}

/// Whatever the tenant itself has made that fits a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnBoxes {
    /// What fits.
    pub pattern: Pattern,
    /// What is left out although it fits.
    pub except: Vec<Pattern>,
    /// Whether only sections count that other requirements name.
    pub among_listed: bool,
}

impl OwnBoxes {
    /// Whether a box is meant, as far as patterns go.
    pub fn takes(&self, id: &PermissionId) -> bool {
        self.pattern.fits(id) && !self.except.iter().any(|except| except.fits(id))
    }
}

impl Target {
    /// Whether it is a list that the customer's HiBob admin knows, and nobody else.
    pub fn is_for_the_admin_to_say(&self) -> bool {
        matches!(self, Self::ListNotKnown { role: Role::HibobAdmin, .. })
    }

    /// The permission id, where there is one.
    pub fn permission(&self) -> Option<&PermissionId> {
        match self {
            Self::Permission(id) | Self::Section(id) => Some(id),
            _ => None,
        }
    }
}

/// Alternatives among the requirements of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternatives {
    /// How much one of them is wanted.
    pub need: Need,
    /// Whether more than one is excess.
    pub only_one: bool,
    /// The branches; each is met when all of its members are.
    pub branches: Vec<Vec<Member>>,
    /// Where they stand.
    pub place: Spot,
}

/// A requirement as a member of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its number among [`Policy::requirements`].
    pub requirement: usize,
    /// Whether it is asked for at all.
    pub holds: ByModel<Truth>,
}

/// How much a requirement is wanted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The integration does not work without it.
    Required,
    /// Good to have; its absence is no gap.
    Optional,
    /// Must not be held.
    Forbidden,
    /// The guide says that it is not needed.
    NotNeeded,
}

/// Who can do something about an item.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The customer's HiBob admin.
    HibobAdmin,
    /// The integrator, who wrote the guide.
    Integrator,
    /// Whoever runs `audit`.
    Operator,
}

/// An oddity of a guide, kept with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A stable code in kebab-case, such as `duplicate-line`.
    pub code: &'static str,
    /// One sentence.
    pub text: String,
    /// The line it is about.
    pub place: Spot,
}
