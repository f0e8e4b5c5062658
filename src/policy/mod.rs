//! What is wanted: the requirements of one or more policies, each with its place in the file.

mod fields;
pub mod schema;
pub mod shipped;
mod tree;
pub mod validate;
mod written;

use serde::{Deserialize, Serialize};

use crate::catalogue::id::PermissionId;
pub use crate::source::Place;

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
    /// Where the file says so; its start if it does not.
    pub list_place: Place,
    /// The guide that the policy was read from.
    pub guide: Guide,
    /// What the integrator calls the two credentials: id and token.
    pub credentials: Option<(String, String)>,
    /// The canonical set: no two requirements point at the same permission.
    pub requirements: Vec<Requirement>,
    /// Whether the policy says anything about whose data must be reachable.
    pub states_population: bool,
    /// What only a person can look at.
    pub manual: Vec<Manual>,
    /// Oddities of the guide that are worth knowing and change no verdict.
    pub remarks: Vec<Remark>,
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
    /// What it says about waiting.
    pub timing: Vec<String>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
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

/// One line of a policy, folded with its duplicates.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// What it points at.
    pub target: Target,
    /// How much it is wanted.
    pub need: Need,
    /// The label as the guide prints it.
    pub label: String,
    /// What stops working without it.
    pub breaks: Option<String>,
    /// The first line that asks for it.
    pub place: Place,
    /// Further lines that ask for the same thing, with their literal labels.
    pub repeats: Vec<(String, Place)>,
}

/// What a requirement points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One box.
    Permission(PermissionId),
    /// A section; the guide names no box. The id ends in `/*`.
    Section(PermissionId),
    /// A label that stands for no box that HiBob has, with the reason. Never passes.
    Unresolved {
        /// Why it could not be resolved.
        reason: String,
    },
    /// The guide does not contain its list; with the reason. Never passes.
    ListNotKnown {
        /// Where the list is to be had.
        reason: String,
    },
}

impl Target {
    /// The permission id, where there is one.
    pub fn permission(&self) -> Option<&PermissionId> {
        match self {
            Self::Permission(id) | Self::Section(id) => Some(id),
            Self::Unresolved { .. } | Self::ListNotKnown { .. } => None,
        }
    }
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

/// Something that no API can show and a person has to look at.
#[derive(Debug, Clone)]
pub struct Manual {
    /// What to look at, as a sentence.
    pub text: String,
    /// Who looks.
    pub role: Role,
    /// Where the policy says so.
    pub place: Place,
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
    pub place: Place,
}
