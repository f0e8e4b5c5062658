//! The fields of the company: what every company has, as captured from a live one, changed by what this
//! company's administrators moved, renamed and added.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};

use super::guards::Guards;
use super::tenant::TenantSpec;
use crate::catalogue::id::{Action, PermissionId};

/// One field of the metadata.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Field {
    pub(super) id: String,
    #[serde(rename = "categoryId")]
    pub(super) category: String,
    #[serde(rename = "categoryDisplayName")]
    pub(super) category_name: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) historical: bool,
    #[serde(rename = "jsonPath")]
    pub(super) json_path: String,
    #[serde(rename = "listId")]
    pub(super) list: Option<String>,
    /// Whether the company added it.
    #[serde(skip)]
    pub(super) custom: bool,
}

/// The fields that every company has.
static BUILT_IN: LazyLock<Result<Vec<Field>, String>> = LazyLock::new(|| {
    let rows = csv::Reader::from_reader(include_bytes!("fields.csv").as_slice()).into_deserialize();
    rows.collect::<Result<_, _>>().map_err(|error| error.to_string())
});

/// The ids of the fields that every company has.
pub(super) fn built_in() -> impl Iterator<Item = &'static str> {
    BUILT_IN.as_deref().unwrap_or_default().iter().map(|field| field.id.as_str())
}

/// The boxes that open fields which every company has.
pub(super) fn opened_by(asked: &[&str]) -> BTreeSet<PermissionId> {
    let fields = BUILT_IN.as_deref().unwrap_or_default();
    let guards = Guards::embedded();
    let mut boxes = BTreeSet::new();
    for name in asked {
        let by_id = fields.iter().find(|field| field.id == *name);
        let mut by_name = fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        let Some(field) = by_id.or_else(|| by_name.next().filter(|_| by_name.next().is_none())) else {
            continue;
        };
        boxes.insert(PermissionId::category(&field.category, Action::View));
        if guards.as_ref().is_ok_and(|guards| guards.sensitive.contains(&field.id)) {
            boxes.insert(PermissionId::category(&field.category, Action::Edit));
        }
    }
    boxes
}

impl Field {
    pub(super) fn all(spec: &TenantSpec) -> Result<Vec<Self>, String> {
        let mut fields = BUILT_IN.clone()?;
        let display_names: Vec<(String, String)> =
            fields.iter().map(|field| (field.category.clone(), field.category_name.clone())).collect();
        for category in &spec.categories {
            fields.extend(category.fields.iter().map(|written| Self {
                id: written.id.clone(),
                category: category.id.clone(),
                category_name: category.name.clone(),
                name: written.name.clone(),
                kind: written.kind.clone(),
                historical: false,
                json_path: written.id.clone(),
                list: written.kind.contains("list").then(|| written.id.clone()),
                custom: true,
            }));
        }
        if let Some(id) = spec.moved.keys().find(|id| !fields.iter().any(|field| field.id == **id)) {
            return Err(format!("there is no field `{id}` to move"));
        }
        for field in &mut fields {
            if let Some(target) = spec.moved.get(&field.id) {
                field.category.clone_from(target);
                let known = display_names.iter().find(|(id, _)| id == target).map(|(_, name)| name);
                let added = spec.categories.iter().find(|category| category.id == *target);
                field.category_name =
                    known.or(added.map(|category| &category.name)).unwrap_or(target).clone();
            }
            if let Some(name) = spec.renamed.get(&field.category) {
                field.category_name.clone_from(name);
            }
        }
        Ok(fields)
    }

    /// The field as the metadata spells it.
    pub(super) fn metadata(&self) -> Value {
        json!({
            "id": self.id,
            "category": self.category,
            "categoryId": self.category,
            "categoryDisplayName": self.category_name,
            "name": self.name,
            "description": null,
            "jsonPath": self.json_path,
            "type": self.kind,
            "typeData": self.list.as_ref().map_or_else(|| json!({}), |list| json!({"listId": list})),
            "historical": self.historical,
        })
    }

    /// The flat key of the field in a person.
    pub(super) fn slash_key(&self) -> String {
        format!("/{}", self.id.replace('.', "/"))
    }

    pub(super) fn is_multiple(&self) -> bool {
        self.kind == "multi-list"
    }
}
