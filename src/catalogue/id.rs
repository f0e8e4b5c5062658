//! Names that every stage shares. They live on the ground floor, so that nothing below has to reach
//! up for them: evidence is keyed by them, and the simulator imports nothing else of the catalogue.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One box that can be ticked in a HiBob permission group, such as `people/work/view`.
///
/// The id is the path in HiBob's own screens, shortened, ending in the action. Ids are a contract:
/// policies, reports and docs all use exactly these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PermissionId(String);

/// What a `people/…` or `fields/…` permission allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Read the values in force now.
    View,
    /// Read the rows that are no longer in force.
    History,
    /// Write.
    Edit,
}

impl Action {
    /// The last segment of the id.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::History => "history",
            Self::Edit => "edit",
        }
    }

    /// The word for it on HiBob's screens, before the name of a field.
    pub fn verb(self) -> &'static str {
        match self {
            Self::View => "View",
            Self::History => "View history",
            Self::Edit => "Edit",
        }
    }

    /// The action of a last segment.
    pub fn from_segment(segment: &str) -> Option<Self> {
        match segment {
            "view" => Some(Self::View),
            "history" => Some(Self::History),
            "edit" => Some(Self::Edit),
            _ => None,
        }
    }
}

/// Why a text is not a permission id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// There is nothing between two slashes, or at an end.
    #[error("an id is segments joined by `/`, none of them empty")]
    EmptySegment,
    /// An id has at least a block and an action.
    #[error("an id has at least two segments, such as `people/work/view`")]
    TooShort,
    /// A control character, a quote or a star where none may stand.
    #[error("an id holds no `{0}`")]
    BadCharacter(char),
}

impl PermissionId {
    /// Reads an id, checking its shape and not whether such a box exists.
    ///
    /// # Errors
    /// When the text has fewer than two segments, an empty one, or a character that no id holds.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let segments: Vec<&str> = text.split('/').collect();
        if segments.iter().any(|segment| segment.trim().is_empty()) {
            return Err(IdError::EmptySegment);
        }
        if segments.len() < 2 {
            return Err(IdError::TooShort);
        }
        let starred = segments.iter().rposition(|segment| segment.contains('*'));
        if starred.is_some_and(|at| at + 1 != segments.len() || segments[at] != "*") {
            return Err(IdError::BadCharacter('*'));
        }
        match text.chars().find(|c| c.is_control() || matches!(c, '"' | '`' | '\\' | '<' | '>')) {
            Some(bad) => Err(IdError::BadCharacter(bad)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The id of a box on one category of people's data.
    pub fn category(category: &str, action: Action) -> Self {
        Self(format!("people/{category}/{}", action.as_str()))
    }

    /// The id of a box on one field, in a tenant with field-level permissions.
    pub fn field(field: &str, action: Action) -> Self {
        Self(format!("fields/{field}/{}", action.as_str()))
    }

    /// The id of the people in one lifecycle status.
    pub fn population(status: &str) -> Self {
        Self(format!("population/{status}"))
    }

    /// The id as it stands in policies and reports.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment: the action, or `*` for a section whose box is not named.
    pub fn action(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// All but the last segment.
    pub fn section(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(section, _)| section)
    }

    /// Whether the id names a section and no box (`features/people/employees/*`).
    pub fn is_section(&self) -> bool {
        self.action() == "*"
    }

    /// The category and the action, for `people/<category>/<view|history|edit>`.
    ///
    /// `people/email/edit` and `people/profile-changes/view` have the same shape and are blocks of
    /// their own; they are told apart by the catalogue, where no category has their name.
    pub fn as_category(&self) -> Option<(&str, Action)> {
        let rest = self.0.strip_prefix("people/")?;
        let (category, action) = rest.rsplit_once('/')?;
        Some((category, Action::from_segment(action)?))
    }

    /// The field and the action, for `fields/<fieldId>/<view|history|edit>`.
    pub fn as_field(&self) -> Option<(&str, Action)> {
        let rest = self.0.strip_prefix("fields/")?;
        let (field, action) = rest.rsplit_once('/')?;
        Some((field, Action::from_segment(action)?))
    }

    /// The lifecycle status, for `population/<status>`.
    pub fn as_population(&self) -> Option<&str> {
        self.0.strip_prefix("population/")
    }

    /// Whether the box lets its holder change, add, remove, export or manage something.
    ///
    /// Such a box is never what a guide means that names a section and no box.
    pub fn is_write(&self) -> bool {
        !matches!(self.action(), "view" | "history" | "access" | "view-private")
            && self.as_population().is_none()
    }
}

impl fmt::Display for PermissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PermissionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PermissionId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PermissionId> for String {
    fn from(id: PermissionId) -> Self {
        id.0
    }
}

/// Whether a text is the id of a field, as the metadata spells them, and no name on the screen: ids have a dot
/// with no blank at either side (`work.title`).
pub fn is_id_of_a_field(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() > 1 && parts.iter().all(|part| !part.is_empty() && part.trim() == *part)
}

/// One question that can be asked of the API, such as `people-search`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct EndpointId(String);

impl EndpointId {
    /// Names an endpoint; the catalogue says whether it exists.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as `plan` and the reports print it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The nearest of some known names to one that is not known, if any is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3) / 3).min(6))
        .map(|(_, candidate)| candidate)
}

/// Whether a text fits a pattern in which `*` stands for any run of characters.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| text.strip_prefix(head)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_parse_and_print() {
        for text in [
            "people/work/view",
            "fields/payroll.variable.Executive bonus.amount/view",
            "features/people/employees/*",
            "population/garden-leave",
            "docs/0b1c-22/upload",
        ] {
            assert_eq!(PermissionId::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_no_id_can_be_is_refused() {
        for text in ["", "people", "people//view", "people/*/view", "people/wo*rk/view", "people/a\nb/view"] {
            assert!(PermissionId::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_field_id_with_dots_and_spaces_keeps_its_action_apart() {
        let id = PermissionId::parse("fields/payroll.variable.Executive bonus.amount/history").unwrap();
        assert_eq!(id.as_field(), Some(("payroll.variable.Executive bonus.amount", Action::History)));
        assert_eq!(id.as_category(), None);
    }

    #[test]
    fn a_typo_finds_its_nearest_name_and_nonsense_finds_none() {
        let known = ["people/payroll/view", "people/work/view"];
        assert_eq!(nearest("people/payrol/view", known), Some("people/payroll/view"));
        assert_eq!(nearest("zzz", known), None);
    }
}
