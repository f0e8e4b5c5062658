//! The report: one complete, ordered value, which is also the JSON report v1.
//!
//! These types *are* the contract of version 1. Keys may be added; none is renamed, removed or given
//! another meaning. Every format is a pure function of [`Report`]: no renderer sorts, counts or
//! decides, so a stored JSON report can be rendered again, byte for byte.

mod bins;
pub mod build;
pub mod csv;
pub mod doubts;
mod findings;
pub mod format;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
mod letter;
mod map;
pub mod markdown;
mod matters;
pub mod message;
pub mod ndjson;
pub mod ocsf;
pub mod on_screen;
mod opening;
pub mod oscal;
mod page;
mod parts;
pub mod read;
pub mod sarif;
mod sentences;
pub mod table;
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

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::policy::{Need, Role};

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

/// What was learned about the tenant as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tenant {
    /// Whether rights are given by category or by field.
    pub permission_model: PermissionModel,
    /// How many people the service user can see.
    pub people_visible: u32,
    /// Whether a withheld field was seen to leave nothing behind, not even a null.
    pub omission: Omission,
}

/// Whether rights are given by category or by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PermissionModel {
    /// By category; known only from the operator.
    Category,
    /// By field.
    Field,
    /// Nothing shows which.
    Undetermined,
}

/// Whether a withheld field was seen to leave nothing behind, not even a null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Omission {
    /// A field known to be withheld was absent.
    Confirmed,
    /// A field known to be withheld came back as null: silence means nothing in this tenant.
    Contradicted,
    /// This run had no field that was known to be withheld by other evidence.
    Open,
}

/// One policy held against the access.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyReport {
    /// Which policy.
    pub policy: PolicyHead,
    /// The result in one word. Tolerating changes the exit code, never this.
    pub outcome: Outcome,
    /// The counts of the items' statuses.
    pub summary: Summary,
    /// Requirements in the order of the policy, then excess that no line mentions.
    pub items: Vec<Item>,
    /// What a person has to look at; no verdict is given.
    pub manual: Vec<ManualCheck>,
    /// What is to be known of decisions about single items: some end soon, some no longer count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decision_notices: Vec<DecisionNotice>,
}

/// Which policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyHead {
    /// Its short name.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The file, as the user named it.
    pub file: String,
    /// `shipped`, `file` or `stdin`.
    #[schemars(with = "String")]
    pub origin: crate::policy::Origin,
    /// SHA-256 of the text, lowercase hex.
    pub sha256: String,
    /// Whether the guide's list is complete.
    pub list: crate::policy::List,
    /// Where the file says so, else its first line: where excess belongs that no line mentions.
    #[serde(default)]
    pub list_at: Option<At>,
    /// Who publishes the guide.
    pub publisher: String,
    /// The policies that it starts from, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extends: Vec<Ancestor>,
    /// The overlays that were laid over it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<OverlayHead>,
    /// The parts of the product that the customer uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// The policy's questions about the customer, and what was answered; null where nobody did.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Option<String>>,
}

/// A policy that another one starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ancestor {
    /// Its short name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its file.
    pub file: String,
    /// `shipped`, `file` or `stdin`.
    #[schemars(with = "String")]
    pub origin: crate::policy::Origin,
    /// SHA-256 of its text, lowercase hex.
    pub sha256: String,
}

/// An overlay that was laid over a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OverlayHead {
    /// Its name.
    pub name: String,
    /// The file, as the user named it.
    pub file: String,
    /// SHA-256 of its text, lowercase hex.
    pub sha256: String,
}

/// The result in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every required and forbidden item is verified.
    Satisfied,
    /// Something is missing, or excess stands that the policy forbids.
    Gaps,
    /// No gap was seen, but something required or forbidden is unverified.
    Inconclusive,
    /// The run was stopped.
    NoVerdict,
}

/// The counts of the items' statuses, and what follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Items granted as wanted (or denied as wanted).
    pub satisfied: u32,
    /// Required items that are denied.
    pub missing: u32,
    /// Items held and not wanted.
    pub excess: u32,
    /// Items without a verdict.
    pub unverified: u32,
    /// Items that a person accepted as they are.
    pub waived: u32,
    /// Unverified items that a person saw on the screen.
    pub attested: u32,
    /// Optional items that are denied.
    pub optional_missing: u32,
    /// (satisfied + missing) ÷ (satisfied + missing + unverified), over required and forbidden items.
    pub coverage: f64,
    /// The same over items that the API can show.
    pub checkable_coverage: f64,
    /// Boxes that no policy asks for and that nobody could rule out.
    pub excess_undecided: u32,
}

/// A requirement, or a piece of excess, with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// The permission; null for a label that stands for none.
    pub permission: Option<String>,
    /// How much it is wanted.
    pub need: Need,
    /// What follows from need and verdict.
    pub status: Status,
    /// What is so.
    pub verdict: VerdictWord,
    /// How sure; null exactly when the verdict is unknown.
    pub strength: Option<Strength>,
    /// Why there is no verdict; null exactly when there is one.
    pub doubt: Option<String>,
    /// Who or what could show it.
    pub checkable: Checkable,
    /// How much harm the right can do in wrong hands.
    pub sensitivity: Sensitivity,
    /// Field-level detail of a category that is granted in part.
    pub partial: Option<Partial>,
    /// The label as the guide prints it, else as HiBob prints it.
    pub label: String,
    /// What stops working without it.
    pub breaks: Option<String>,
    /// What was seen, in one sentence.
    pub because: String,
    /// What to weigh before doing what the fix says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The rule that gave the verdict.
    pub rule: String,
    /// How the rule is known.
    pub known_by: KnownBy,
    /// The observations that the verdict rests on.
    pub evidence: Vec<Observation>,
    /// What to do about it; null where nothing is to be done.
    pub fix: Option<Fix>,
    /// The policy line that asks; null for excess that no line mentions.
    pub at: Option<At>,
    /// Whether `--tolerate` covered this item.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tolerated: bool,
    /// What a person decided about it; null if nobody did.
    #[serde(default)]
    pub decision: Option<Decision>,
}

impl Item {
    /// Whether the policy insists on it: coverage and exit code look at nothing else.
    pub fn is_insisted_on(&self) -> bool {
        matches!(self.need, Need::Required | Need::Forbidden)
    }
}

/// What follows from need and verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// As wanted.
    Satisfied,
    /// Required and denied.
    Missing,
    /// Held and not wanted.
    Excess,
    /// Without a verdict.
    Unverified,
    /// Accepted by a person.
    Waived,
    /// Seen on the screen by a person.
    Attested,
    /// Optional and denied.
    OptionalMissing,
}

/// What is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VerdictWord {
    /// The service user has the right.
    Granted,
    /// It does not.
    Denied,
    /// Nobody knows; the doubt says why.
    Unknown,
}

/// How sure a verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Seems so; part of the view is silent.
    Weak,
    /// So, if HiBob behaves as documented.
    Strong,
    /// So: it was seen.
    Conclusive,
}

/// Who or what could show an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Checkable {
    /// A read of the API.
    Api,
    /// Only a write probe.
    Write,
    /// Only the screen of the HiBob admin.
    Screen,
    /// Only the integrator, who wrote the guide.
    Integrator,
}

/// How much harm a right can do in wrong hands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// As most.
    #[default]
    Normal,
    /// Pay, identity, health, equity, confidential papers, or any right to change something.
    High,
}

/// Field-level detail of a category that is granted in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Partial {
    /// How many of its fields are granted.
    pub granted: u32,
    /// The ids of its denied fields.
    pub denied: Vec<String>,
    /// The ids of its fields that stayed silent.
    pub silent: Vec<String>,
}

/// How a rule is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KnownBy {
    /// Seen on a live tenant.
    Observed,
    /// Stated by HiBob.
    Documented,
    /// Concluded.
    Inferred,
}

/// One observation that a verdict rests on. Presence, counts and status only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// The probe that was sent.
    pub probe: String,
    /// What came back.
    pub saw: String,
}

/// What to do about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    /// Who does it.
    pub role: Role,
    /// The clicks, from the top. Sections bear the tenant's own names.
    pub path: Vec<String>,
    /// What to do at the end of the path.
    pub action: FixAction,
    /// The box, or the question.
    pub label: String,
}

/// What to do at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FixAction {
    /// Tick the box.
    Tick,
    /// Untick the box, in every permission group that holds this service user.
    Untick,
    /// Look whether the box is ticked.
    Look,
    /// Ask.
    Ask,
}

/// A line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct At {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// What a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ManualCheck {
    /// One sentence.
    pub text: String,
    /// Who looks.
    pub role: Role,
    /// The policy line that asks.
    pub at: At,
}

/// What a person decided about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// What was decided.
    pub kind: DecisionKind,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// The last day on which it holds, in UTC, inclusive.
    pub until: String,
    /// Where it stands.
    pub at: At,
}

/// What was decided about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionKind {
    /// We live with it: the item is `waived`.
    Accept,
    /// We looked: an item without a verdict is `attested`.
    SeenOnScreen,
}

/// What is to be known of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionNotice {
    /// What is the matter with it.
    pub notice: NoticeKind,
    /// The item that it is about, as it names it.
    pub item: String,
    /// The same in one sentence.
    pub text: String,
    /// The decision.
    pub decision: Decision,
}

/// What is the matter with a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A verdict contradicts it, and wins.
    Contradicted,
    /// Its last day has passed: it counts no longer.
    Expired,
    /// It counts, and its last day is less than fourteen days away.
    Expires,
    /// It fits no item.
    Unused,
    /// The item is settled without it.
    NotNeeded,
}

/// One permission of the catalogue or of this tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessEntry {
    /// The permission.
    pub permission: String,
    /// What is so.
    pub verdict: VerdictWord,
    /// How sure; null exactly when the verdict is unknown.
    pub strength: Option<Strength>,
    /// Why there is no verdict; null exactly when there is one.
    pub doubt: Option<String>,
    /// The box as HiBob prints it, with the tenant's own name of the section.
    #[serde(default)]
    pub label: String,
    /// Where the box stands below the permission group, in the tenant's own names.
    #[serde(default)]
    pub place: Vec<String>,
    /// How much harm the right can do in wrong hands.
    #[serde(default)]
    pub sensitivity: Sensitivity,
}
