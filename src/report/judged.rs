//! One policy held against the access: which one, what it comes to, and what a person has to look at.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{At, DecisionNotice, Item, Role};

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
    /// The lines of the policy that ask for whatever the customer made of a kind, where there is nothing of the kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asking_for_nothing: Vec<Unasked>,
    /// When the id and the token are handed to the product, where the guide does not have it done at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handover: Vec<String>,
    /// What the guide says of waiting, as far as it concerns this customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timing: Vec<String>,
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
    /// The parts of the product that nobody chose, each with its name for people: what hangs on one of them is
    /// not asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_chosen: BTreeMap<String, String>,
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

/// A line that asks for nothing in this tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unasked {
    /// What it says.
    pub label: String,
    /// Where it stands.
    pub at: At,
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

/// What a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ManualCheck {
    /// One sentence.
    pub text: String,
    /// What it is about, where that is one of the settings of a permission group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// Who looks.
    pub role: Role,
    /// The policy line that asks.
    pub at: At,
}

/// A setting of a permission group that is no box. Two policies that say different things of one cannot
/// both be obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Of which type the group is.
    GroupType,
    /// Whether it is this service user's alone.
    Group,
    /// Who is in it.
    Members,
    /// How its members are chosen.
    MembersChosen,
    /// What becomes of the condition that HiBob puts in beforehand.
    MembersCondition,
    /// How the people are chosen whom it reaches.
    Audience,
}
