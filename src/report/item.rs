//! A requirement, or a piece of excess: its verdict, what it rests on, and what to do about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Decision, Need, Role};
use crate::policy::List;

/// A requirement, or a piece of excess, with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// The permission; null for a label that stands for none.
    pub permission: Option<String>,
    /// The box that opens it, where it has none of its own: a field is opened by its section's box unless
    /// rights are given field by field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<String>,
    /// How much it is wanted.
    pub need: Need,
    /// It is only one of several ways, another of them is met, and this one need not be: nothing is to be
    /// done about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_branch_met: bool,
    /// Held, and perhaps what the guide leaves to the customer to choose: only the customer can say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub perhaps_chosen: bool,
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
    /// The printed line that stands for it and others together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_once: Option<String>,
    /// What stops working without it.
    pub breaks: Option<String>,
    /// What the guide gives as its reason.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was seen, in one sentence.
    pub because: String,
    /// What to weigh before doing what the fix says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// The alternatives of which it is one, where one of them is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
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

    /// Whether it is held, and may be what a policy asks for that nobody can name yet.
    pub fn is_perhaps_needed(&self) -> bool {
        let asks = |fix: &Fix| fix.action == FixAction::Untick && fix.role == Role::Integrator;
        self.status == Status::Excess && (self.perhaps_chosen || self.fix.as_ref().is_some_and(asks))
    }

    /// Whether it is excess that stands in a gap: forbidden, or beside a list that is whole in that place.
    pub fn is_excess_that_counts(&self, list: List) -> bool {
        let is_whole = list == List::Closed && !self.is_perhaps_needed();
        self.status == Status::Excess && (self.need == Need::Forbidden || is_whole)
    }

    /// Whether it is required under a condition that nobody has settled, which the advice tells.
    pub(super) fn is_needed_by_some(&self) -> bool {
        let says = self.advice.as_deref().is_some_and(|advice| advice.starts_with("it is needed "));
        self.need == Need::Optional && says
    }

    /// Whether it is a question, and no box that anybody could tick.
    pub(super) fn is_question(&self) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.action == FixAction::Ask)
    }

    /// Whether it is a branch that nobody needs any more, beside one that is met: no task and no wish.
    pub(super) fn is_spent(&self) -> bool {
        self.other_branch_met && !matches!(self.status, Status::Waived | Status::Attested)
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
