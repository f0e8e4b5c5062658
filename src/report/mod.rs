//! The report: one complete, ordered value, which is also the JSON report v1.
//!
//! These types *are* the contract of version 1. Keys may be added; none is renamed, removed or given
//! another meaning. Every format is a pure function of [`Report`]: no renderer sorts, counts or
//! decides, so a stored JSON report can be rendered again, byte for byte.

mod alike;
mod bins;
pub mod build;
pub mod csv;
mod decision;
pub mod diff;
pub mod doubts;
mod findings;
pub mod format;
pub mod github;
pub mod gitlab;
pub mod html;
mod item;
pub mod json;
mod judged;
pub mod junit;
mod map;
pub mod markdown;
pub mod message;
pub mod ndjson;
pub mod ocsf;
mod opening;
pub mod oscal;
mod page;
mod parts;
pub mod read;
mod run;
pub mod sarif;
mod sentences;
pub mod table;
mod tenant;
pub mod text;
pub mod words;

#[cfg(test)]
mod every_format;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::policy::{Need, Role};
pub use decision::{Decision, DecisionKind, DecisionNotice, NoticeKind};
pub use item::{
    At, Checkable, Fix, FixAction, Item, KnownBy, Observation, Partial, Sensitivity, Status, Strength,
    VerdictWord,
};
pub use judged::{
    About, Ancestor, ManualCheck, Outcome, OverlayHead, PolicyHead, PolicyReport, Summary, Unasked,
};
pub use run::{Gate, Read, ReadBack, Run, Scope, Tool};
pub use tenant::{AccessEntry, Omission, PermissionModel, Tenant};

/// A whole run: what was asked for, what is so, and what follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Says SIMULATED, before anything else, where the built-in simulator was asked and no HiBob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Always 1 in this version of the format.
    #[serde(deserialize_with = "read::version")]
    pub schema_version: u32,
    /// The program that wrote the report.
    pub tool: Tool,
    /// The run: when, against whom, how much was asked.
    pub run: Run,
    /// What was learned about the tenant as a whole.
    pub tenant: Tenant,
    /// One entry for each policy, in the order of the command line.
    pub policies: Vec<PolicyReport>,
    /// Every permission of the catalogue and of this tenant, in order of id, none twice.
    pub access: Vec<AccessEntry>,
    /// The exit code of the run, by the gate in `run.gate`.
    #[serde(deserialize_with = "read::exit_code")]
    pub exit_code: u8,
}
