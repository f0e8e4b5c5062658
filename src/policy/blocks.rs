//! What a policy says beside its lines: whose data, who is in the group, what only a person can see.

use std::fmt;

use super::Note;
use super::lines::When;
use crate::source::Spot;

/// The lifecycle statuses that HiBob has, as policies spell them and as HiBob shows them.
pub const STATUSES: [(&str, &str); 6] = [
    ("hired", "Hired"),
    ("employed", "Employed"),
    ("terminated", "Terminated"),
    ("garden-leave", "Garden leave"),
    ("leave", "Leave"),
    ("parental-leave", "Parental leave"),
];

/// What the product calls the two values that HiBob shows for a service user, and of which kind they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// What the guide has the service user called; several, where it asks for one for each of something.
    pub names: Vec<Name>,
    /// What it is shown as, where HiBob's dialog asks for that beside the name.
    pub display_names: Vec<Name>,
    /// What the guide has written about it in HiBob.
    pub description: Option<String>,
    /// The name of the field for the id.
    pub id: Option<String>,
    /// The name of the field for the token.
    pub token: Option<String>,
    /// What the product signs in with.
    pub kind: CredentialKind,
    /// How the id looks as a rule: a hint.
    pub looks_like: Option<String>,
    /// Which of HiBob's environments.
    pub environment: Option<Environment>,
    /// Whose service user it is: one of its own, or one that exists.
    pub own: Option<Ownership>,
    /// When the two values are handed over; at once, where nothing is said.
    pub timing: Vec<Note>,
    /// What else is worth knowing of them.
    pub notes: Vec<Note>,
    /// When the block holds.
    pub when: When,
    /// Where the block stands; none where no file has it.
    pub place: Option<Spot>,
}

/// What a guide has something called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Whether any other will do: "e.g. Acme".
    pub is_example: bool,
}

/// What a product signs in with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CredentialKind {
    /// A service user.
    #[default]
    ServiceUser,
    /// An app of HiBob's marketplace.
    OauthApp,
    /// A token of an employee, as it was before October 2024.
    EmployeeToken,
    /// Nothing: HiBob pushes.
    None,
}

/// One of HiBob's environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// The customer's own.
    Production,
    /// The one to try things in.
    Sandbox,
}

/// Whose data must be reachable: *People's data › Access data for*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// These, and others may be.
    pub at_least: Vec<Status>,
    /// These, and nobody else.
    pub exactly: Vec<Status>,
    /// At least one other status than these too.
    pub not_only: Vec<Status>,
    /// Had better be reachable.
    pub recommended: Vec<Status>,
    /// Must not be reachable.
    pub never: Vec<Status>,
    /// Whether the list above was written as `all`.
    pub all: bool,
    /// Which of HiBob's options.
    pub choose: Option<Audience>,
    /// Further conditions, as the guide prints them.
    pub conditions: Vec<String>,
    /// Between which numbers the people are who can be seen.
    pub head_count: Vec<(HeadCount, Spot)>,
    /// What stops working otherwise.
    pub breaks: Option<String>,
    /// What contradicts the guide.
    pub disputed: Option<String>,
    /// When the block holds.
    pub when: When,
    /// Where the block stands.
    pub place: Spot,
}

/// Whom HiBob's "Everyone" leaves out: it means people who work for the company now.
pub const NOT_IN_EVERYONE: [&str; 2] = ["hired", "terminated"];

impl Population {
    /// Of a block that chooses "Everyone": whom it, or another block that holds with it, asks for and that leaves
    /// out. What is disputed asks for nobody.
    pub fn beyond_everyone(&self, all: &[Self]) -> Vec<&'static str> {
        if self.choose != Some(Audience::Everyone) || self.disputed.is_some() {
            return Vec::new();
        }
        let holds_with = |other: &&Self| {
            other.disputed.is_none()
                && (other.when == self.when || other.when.is_always() || self.when.is_always())
        };
        let wanted = |id: &&'static str| {
            let mut asked =
                all.iter().filter(holds_with).flat_map(|it| it.at_least.iter().chain(&it.exactly));
            asked.any(|status| status.id == *id)
        };
        NOT_IN_EVERYONE.into_iter().filter(wanted).collect()
    }
}

impl Population {
    /// Of a block that is exact: the blocks that take in this status beside it, under a condition of their own.
    pub fn widened_by<'a>(&self, status: &str, all: &'a [Self]) -> Vec<&'a Self> {
        let takes_in = |block: &&Self| {
            !self.exactly.is_empty()
                && block.disputed.is_none()
                && !block.when.is_always()
                && block.when != self.when
                && block.at_least.iter().chain(&block.recommended).any(|it| it.id == status)
        };
        all.iter().filter(takes_in).collect()
    }
}

/// A bound for the number of people who can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeadCount {
    /// Fewer are a mistake.
    AtLeast(u32),
    /// More are a mistake.
    AtMost(u32),
}

impl HeadCount {
    /// Whether so many people are within it.
    pub const fn allows(self, people: u32) -> bool {
        match self {
            Self::AtLeast(least) => people >= least,
            Self::AtMost(most) => people <= most,
        }
    }
}

impl fmt::Display for HeadCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
        }
    }
}

impl Population {
    /// Whether the guide leaves the choice of people to the customer: what the block names are examples.
    pub fn is_left_to_the_customer(&self) -> bool {
        self.choose == Some(Audience::Customer) && self.disputed.is_none()
    }

    /// Whether a block that holds with it leaves the choice to the customer. "Everyone" and "by name" are then examples
    /// of it; a condition can be chosen beside whatever else is.
    pub fn is_an_example_beside(&self, all: &[Self]) -> bool {
        matches!(self.choose, Some(Audience::Everyone | Audience::ByName))
            && self.disputed.is_none()
            && all.iter().any(|other| other.is_left_to_the_customer() && other.when == self.when)
    }
}

/// How HiBob shows lifecycle statuses.
pub fn shown(ids: &[&str]) -> Vec<&'static str> {
    STATUSES.iter().filter(|(id, _)| ids.contains(id)).map(|(_, shown)| *shown).collect()
}

/// A lifecycle status, and where it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// As policies spell it: `garden-leave`.
    pub id: &'static str,
    /// Where.
    pub place: Spot,
}

/// The ways in which HiBob lets one say whose data is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// "Everyone".
    Everyone,
    /// "Select people by condition".
    ByCondition,
    /// "Select people by name".
    ByName,
    /// Left to the customer.
    Customer,
}

impl Audience {
    /// Its word in policies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::ByCondition => "by-condition",
            Self::ByName => "by-name",
            Self::Customer => "customer",
        }
    }
}

/// Who may be in the permission group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// What the guide has the group called; several, where it asks for one for each of something.
    pub names: Vec<Name>,
    /// The kind of group.
    pub group: Option<GroupKind>,
    /// A group of its own, or one that exists.
    pub own: Option<Ownership>,
    /// Who.
    pub members: Option<Members>,
    /// How they are chosen.
    pub choose: Option<Audience>,
    /// What becomes of the default condition "Lifecycle status".
    pub condition: Option<DefaultCondition>,
    /// What contradicts the guide.
    pub disputed: Option<String>,
    /// When the block holds.
    pub when: When,
    /// Where the block stands.
    pub place: Spot,
}

/// Whether a part of a name is left to whoever gives it: `Acme <country>`.
pub fn is_to_be_filled_in(name: &str) -> bool {
    name.split_once('<').is_some_and(|(_, rest)| rest.contains('>'))
}

/// The kinds of permission group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// "Service user".
    ServiceUser,
    /// "Employee".
    Employee,
    /// Either.
    Any,
}

/// Whose a group or a service user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// Made for this alone.
    Dedicated,
    /// One that exists.
    Existing,
    /// Either will do.
    Either,
}

impl Ownership {
    /// Its word in policies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dedicated => "dedicated",
            Self::Existing => "existing",
            Self::Either => "either",
        }
    }
}

impl Members {
    /// Its word in policies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnlyTheServiceUser => "only-the-service-user",
            Self::TheServiceUser => "the-service-user",
        }
    }
}

/// Who is in the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// Nobody else.
    OnlyTheServiceUser,
    /// The service user, and perhaps others.
    TheServiceUser,
}

/// What becomes of the condition that HiBob puts in beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultCondition {
    /// Taken out.
    Removed,
    /// Left in.
    Kept,
}
