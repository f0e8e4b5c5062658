//! What a person decided about an item: to live with it, or that it was seen on the screen.

use crate::catalogue::id::PermissionId;
use crate::source::Spot;

/// How many days before its last one a decision is announced to end.
pub const ANNOUNCED: i32 = 14;

/// What a person decided about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The permission id, or the label of a line that has none.
    pub item: String,
    /// What was decided.
    pub kind: DecisionKind,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// The last day on which it holds, in UTC, inclusive.
    pub until: jiff::civil::Date,
    /// Where it stands.
    pub place: Spot,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {
    /// We live with it.
    Accept,
    /// We looked.
    SeenOnScreen,
}

impl DecisionKind {
    /// The word in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::SeenOnScreen => "seen-on-screen",
        }
    }
}

impl Decision {
    /// Whether it is about a permission.
    pub fn is_about(&self, id: &PermissionId) -> bool {
        let section = id.is_section().then(|| id.section());
        self.item == id.as_str() || section == Some(self.item.as_str())
    }
}
