//! What people decided about items, and what is to be known of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::At;

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
