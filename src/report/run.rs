//! The run as the report tells it: when, against whom, how much was asked, and what makes its exit code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::read;

/// The program that wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `audit`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `sha256:` and the digest of the catalogue's rows.
    pub catalogue: String,
}

/// The run: when, against whom, how much was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// A name for this run.
    pub id: String,
    /// The label given with `--connection`.
    pub connection: Option<String>,
    /// Whether the API was the built-in simulator. Every format says so in its first line.
    pub simulated: bool,
    /// RFC 3339, UTC.
    #[serde(deserialize_with = "read::moment")]
    pub started_at: String,
    /// RFC 3339, UTC.
    #[serde(deserialize_with = "read::moment")]
    pub finished_at: String,
    /// The address that was asked.
    pub base_url: String,
    /// The service user's id. Never its token.
    pub service_user: String,
    /// How much was asked.
    pub scope: Scope,
    /// How many requests were sent.
    pub requests: u32,
    /// How many of them were answered 401 or 403.
    pub denied_answers: u32,
    /// How many of them could have written something.
    pub writes: u32,
    /// Where something could have been written: what it was aimed at, read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back: Option<ReadBack>,
    /// What HiBob said of a write that it was not to say, where nothing was changed by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_note: Option<String>,
    /// What was read of people's data.
    pub read: Read,
    /// What makes the exit code.
    pub gate: Gate,
    /// Why the run was stopped before its end, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

/// What writes were aimed at, read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadBack {
    /// All of it is as it was.
    Same,
    /// As far as it may be read it is as it was.
    AsFarAsReadable,
    /// Something is not as it was, or was taken and cannot be read.
    Changed,
}

/// How much was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The whole catalogue, so that excess is seen too.
    Full,
    /// Only what the policies need.
    Policy,
}

/// What was read of people's data. No value of an employee's field is ever kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Read {
    /// People whose fields were asked for.
    pub people: u32,
    /// Fields that were asked for.
    pub fields: u32,
    /// Always 0.
    pub values_kept: u32,
}

/// What makes the exit code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// What ends the run with 1.
    pub fail_on: Vec<String>,
    /// What does not end the run with 3 although it is unverified.
    pub tolerate: Vec<String>,
    /// The least coverage, in percent, below which the run ends with 3.
    pub min_coverage: Option<f64>,
}
