//! Which fields and sections of a tenant are asked for.

use std::collections::BTreeSet;

use crate::catalogue::id::{Action, PermissionId};
use crate::policy::lines::Field;
use crate::policy::{OwnBoxes, Policy, Target};

/// Which fields are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldScope {
    /// Every field of the metadata.
    All,
    /// What the policies point at.
    Some(Pointed),
}

/// What policies point at among the fields and sections of a tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pointed {
    /// Category ids.
    pub categories: BTreeSet<String>,
    /// Field ids.
    pub fields: BTreeSet<String>,
    /// What sections, fields and tables are called on the tenant's screens, in lowercase.
    pub names: BTreeSet<String>,
    /// What fits boxes of the tenant's own.
    pub patterns: Vec<OwnBoxes>,
}

impl FieldScope {
    /// Whether a section is asked for as a whole, by its id or by its name.
    pub fn takes_category(&self, category: &str, name: &str) -> bool {
        let Self::Some(pointed) = self else { return true };
        let fits = |action| {
            let id = PermissionId::category(category, action);
            pointed.patterns.iter().any(|boxes| boxes.takes(&id))
        };
        pointed.categories.contains(category)
            || pointed.names.contains(&name.to_lowercase())
            || [Action::View, Action::History, Action::Edit].into_iter().any(fits)
    }

    /// Whether a field is asked for by itself, by its id or by its name.
    pub fn takes_field(&self, field: &str, name: &str) -> bool {
        let Self::Some(pointed) = self else { return true };
        let id = PermissionId::field(field, Action::View);
        pointed.fields.contains(field)
            || pointed.names.contains(&name.to_lowercase())
            || pointed.patterns.iter().any(|boxes| boxes.takes(&id))
    }
}

/// What the policies point at among the fields and sections of a tenant.
pub(super) fn pointed(policies: &[Policy], wanted: &BTreeSet<PermissionId>) -> Pointed {
    let mut pointed = Pointed::default();
    for id in wanted {
        if let Some((category, _)) = id.as_category() {
            pointed.categories.insert(category.to_owned());
        }
        if let Some((field, _)) = id.as_field() {
            pointed.fields.insert(field.to_owned());
        }
    }
    for requirement in policies.iter().flat_map(|policy| &policy.requirements) {
        match &requirement.target {
            Target::Named { name, .. }
            | Target::Field { field: Field { name, .. }, .. }
            | Target::Table { name, .. } => {
                pointed.names.insert(name.to_lowercase());
            }
            Target::Own(boxes) => pointed.patterns.push(boxes.clone()),
            _ => {}
        }
    }
    pointed
}
