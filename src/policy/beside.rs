//! What a guide asks for beside rights, line by line. Whatever kind a line is of, the same stands beside it: who sees
//! to it, how much it is wanted, and when.

use super::Role;
use super::lines::When;
use crate::source::Spot;

/// Who sees to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who answers for it. Of somebody else at the customer's it is the HiBob admin, who passes it on.
    pub role: Role,
    /// Somebody else at the customer's, as the guide calls them: "payroll team".
    pub name: Option<String>,
}

impl From<Role> for By {
    fn from(role: Role) -> Self {
        Self { role, name: None }
    }
}

impl By {
    /// Who it is, for a page that the HiBob admin reads; nothing, where that is the reader.
    pub fn for_the_admin(&self, publisher: &str) -> Option<String> {
        match (&self.name, self.role) {
            (Some(name), _) => Some(name.clone()),
            (None, Role::HibobAdmin) => None,
            (None, Role::Integrator) => Some(format!("for {publisher}")),
            (None, Role::Operator) => Some("for whoever runs the check".to_owned()),
        }
    }
}

/// How much a line is wanted that is no right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    /// It is asked for.
    #[default]
    Required,
    /// It is recommended.
    Recommended,
    /// It is left to the customer.
    Optional,
}

impl Wanted {
    /// Its word in policies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Recommended => "recommended",
            Self::Optional => "optional",
        }
    }
}

/// A line as it is told: who sees to it, and how much it is wanted, come before the sentence.
pub fn told(text: &str, who: Option<&str>, wanted: Wanted) -> String {
    let head = match (who, wanted) {
        (None, Wanted::Required) => return text.to_owned(),
        (None, wanted) => wanted.as_str().to_owned(),
        (Some(who), Wanted::Required) => who.to_owned(),
        (Some(who), wanted) => format!("{who} ({})", wanted.as_str()),
    };
    let mut letters = head.chars();
    let head: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    format!("{head}: {text}")
}

/// A sentence that somebody sees to: what is looked at on the screen, a step in the product, a later duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The sentence.
    pub text: String,
    /// Who sees to it.
    pub by: By,
    /// How much it is wanted.
    pub wanted: Wanted,
    /// When it holds.
    pub when: When,
    /// Where it stands.
    pub place: Spot,
}

/// A requirement that is no permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Also {
    /// What it is about.
    pub kind: AlsoKind,
    /// Who sees to it.
    pub by: By,
    /// How much it is wanted.
    pub wanted: Wanted,
    /// The requirement, as a sentence.
    pub text: String,
    /// Whether it comes before everything else: it stands among what is needed to begin.
    pub comes_first: bool,
    /// When it holds.
    pub when: When,
    /// Where it stands.
    pub place: Spot,
}

impl AlsoKind {
    /// Who sees to it, where nobody else is named.
    pub const fn role(self) -> Role {
        match self {
            Self::Webhook | Self::Setting | Self::Data | Self::List => Role::HibobAdmin,
            Self::Parameter | Self::Metadata => Role::Integrator,
        }
    }
}

/// What a requirement that is no permission is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlsoKind {
    /// An event that HiBob sends.
    Webhook,
    /// How HiBob is set, where that is no permission.
    Setting,
    /// What people's profiles must hold.
    Data,
    /// What a list of the company must hold.
    List,
    /// How the product asks.
    Parameter,
    /// What the product makes in HiBob.
    Metadata,
}

/// What has to be so beforehand, of the person at the screen as a rule. Informational.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prerequisite {
    /// A sentence, or the label of the person's box; of alternatives, all of them.
    pub text: String,
    /// The person's box, where one is named.
    pub permission: Option<crate::catalogue::id::PermissionId>,
    /// Of which one will do; empty, where there is no choice.
    pub any_of: Vec<Self>,
    /// Who sees to it.
    pub by: By,
    /// How much it is wanted.
    pub wanted: Wanted,
    /// When it is needed.
    pub when: When,
    /// Where it stands.
    pub place: Spot,
}
