//! The tenant as the report tells it: how rights are given there, and each of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Sensitivity, Strength, VerdictWord};

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
