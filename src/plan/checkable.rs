//! Who or what can show an item, known before anything is asked.

use super::candidates;
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::{OldRows, Standing, UnseenWhy, Witnessed};
use crate::policy::Target;

/// Who or what can show an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checkable {
    /// A read of the API.
    Api,
    /// Only a write.
    Write,
    /// Only the screen.
    Screen,
    /// Only the integrator.
    Integrator,
}

/// Who or what can show what a requirement points at, known before anything is asked.
///
/// `classic` says that the operator vouches for category-level permissions, where a readable sensitive
/// field shows an Edit right.
pub fn checkable(catalogue: &Catalogue, target: &Target, classic: bool) -> Checkable {
    match target {
        Target::Section(section) => {
            let boxes = candidates(catalogue, section);
            let any = boxes.iter().any(|id| checkable_permission(catalogue, id, classic) == Checkable::Api);
            if any { Checkable::Api } else { Checkable::Integrator }
        }
        Target::Permission(id) => checkable_permission(catalogue, id, classic),
        Target::Named { action, .. } => match action.as_deref() {
            Some("view") => Checkable::Api,
            Some("edit" | "upload" | "delete") => Checkable::Write,
            Some(_) => Checkable::Screen,
            None => Checkable::Integrator,
        },
        Target::Own(boxes) => match boxes.pattern.as_str().rsplit('/').next() {
            Some("edit" | "upload" | "delete") => Checkable::Write,
            Some("history") => Checkable::Screen,
            _ => Checkable::Api,
        },
        Target::Table { action: Action::History, .. } | Target::Printed { .. } => Checkable::Screen,
        Target::Table { action: Action::Edit, .. } => Checkable::Write,
        Target::Field { field, action } => {
            checkable_permission(catalogue, &PermissionId::field(&field.name, *action), classic)
        }
        Target::Table { .. } | Target::HeadCount(_) | Target::NotOnly(_) => Checkable::Api,
        Target::Unresolved { .. } | Target::ListNotKnown { .. } => Checkable::Integrator,
    }
}

/// Who or what can show one permission.
pub fn checkable_permission(catalogue: &Catalogue, id: &PermissionId, classic: bool) -> Checkable {
    let described = catalogue.describe(id);
    let category =
        id.as_category().and_then(|(category, action)| Some((catalogue.category(category)?, action)));
    match (&described.witnessed, category) {
        (Witnessed::Category, Some((known, Action::History))) => {
            let shown = known.tables.iter().any(|table| table.old_rows == OldRows::NeedHistory);
            if shown { Checkable::Api } else { Checkable::Screen }
        }
        (Witnessed::Category, None)
            if id.as_category().is_some_and(|(_, action)| action == Action::History) =>
        {
            Checkable::Screen
        }
        (Witnessed::Category, None) if id.as_field().is_some_and(|(_, action)| action == Action::Edit) => {
            Checkable::Write
        }
        (Witnessed::Category | Witnessed::Population, _) => Checkable::Api,
        (Witnessed::Endpoint(witness), _) => match witness.standing {
            // Whether an answer says of which kind its items are, and holds any of this one, is luck.
            Standing::Confirmed if witness.mark.is_some() => Checkable::Screen,
            Standing::Confirmed => Checkable::Api,
            Standing::Inferred => Checkable::Screen,
        },
        (Witnessed::Unseen(unseen), category) => match unseen.why {
            UnseenWhy::Write if classic && category.is_some_and(|(known, _)| known.sensitive_fields) => {
                Checkable::Api
            }
            UnseenWhy::Write => Checkable::Write,
            UnseenWhy::Never => Checkable::Screen,
        },
    }
}
