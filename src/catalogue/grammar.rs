//! Boxes that no row lists, because a tenant made what they stand for: the grammar of ids describes them.

use super::id::{Action, EndpointId, PermissionId};
use super::rows::{
    Grants, KnownBy, Permission, Sensitivity, Standing, Unseen, UnseenWhy, Witness, Witnessed,
};
use super::{Catalogue, is_custom_category};

impl Catalogue {
    /// Whether an id is listed, or names by its grammar a category, field or folder of a tenant's own.
    pub fn knows(&self, id: &PermissionId) -> bool {
        if self.permissions.contains_key(id) || id.as_field().is_some() {
            return true;
        }
        if let Some((category, _)) = id.as_category() {
            return is_custom_category(category);
        }
        let segments: Vec<&str> = id.as_str().split('/').collect();
        matches!(segments[..], ["docs", folder, "view" | "upload" | "delete"] if folder != "*")
    }

    /// HiBob's label of a box; made by the grammar for a tenant's own.
    pub fn label(&self, id: &PermissionId) -> String {
        self.describe(id).label
    }

    /// A box, listed or not: for a tenant's own category, field or folder it is made by the grammar.
    pub fn describe(&self, id: &PermissionId) -> Permission {
        if let Some(permission) = self.permissions.get(id) {
            return permission.clone();
        }
        if let Some((field, action)) = id.as_field() {
            return Permission {
                id: id.clone(),
                label: format!("{}: {field}", action.verb()),
                path: vec!["People's data".to_owned(), "People's fields".to_owned()],
                sensitivity: if action == Action::Edit { Sensitivity::High } else { Sensitivity::Normal },
                witnessed: Witnessed::Category,
            };
        }
        if let Some((category, action)) = id.as_category() {
            return category_permission(category, category, action, Sensitivity::Normal, None);
        }
        let folder = id.section().rsplit('/').next().unwrap_or_default();
        let verb = match id.action() {
            "upload" => "Upload",
            "delete" => "Delete",
            _ => "View",
        };
        Permission {
            id: id.clone(),
            label: format!("{verb} selected employees' docs in the folder"),
            path: vec!["People's data".to_owned(), "Docs".to_owned(), folder.to_owned()],
            sensitivity: if id.is_write() { Sensitivity::High } else { Sensitivity::Normal },
            witnessed: if id.is_write() {
                Witnessed::Unseen(Unseen {
                    why: UnseenWhy::Never,
                    reason: "only an upload or a deletion would show it".to_owned(),
                })
            } else {
                Witnessed::Endpoint(documents_of(folder))
            },
        }
    }

    /// The box of a category under the name that the tenant gave it.
    pub fn describe_category(&self, category: &str, name: &str, action: Action) -> Permission {
        let known = self.category(category);
        category_permission(
            category,
            name,
            action,
            known.map_or(Sensitivity::Normal, |known| known.sensitivity),
            known.and_then(|known| known.unseen.as_deref()),
        )
    }
}

/// The box of a category, built in or a tenant's own.
pub(in crate::catalogue) fn category_permission(
    category: &str,
    name: &str,
    action: Action,
    sensitivity: Sensitivity,
    unseen: Option<&str>,
) -> Permission {
    let label = match action {
        Action::View => format!("View selected employees' {name} sections"),
        Action::History => format!("View selected employees' {name} section histories"),
        Action::Edit => format!("Edit selected employees' {name} sections"),
    };
    let witnessed = match (action, unseen) {
        (Action::Edit, _) => Witnessed::Unseen(Unseen {
            why: UnseenWhy::Write,
            reason:
                "only a write shows an Edit right; `--write-probes` tries what HiBob has nothing to store of"
                    .to_owned(),
        }),
        (_, Some(reason)) => Witnessed::Unseen(Unseen { why: UnseenWhy::Never, reason: reason.to_owned() }),
        (_, None) => Witnessed::Category,
    };
    Permission {
        id: PermissionId::category(category, action),
        label,
        path: vec!["People's data".to_owned(), "People".to_owned(), name.to_owned()],
        sensitivity: if action == Action::Edit { Sensitivity::High } else { sensitivity },
        witnessed,
    }
}

/// What shows the documents of a tenant's own folder: those of any folder, if they say which it is.
fn documents_of(folder: &str) -> Witness {
    Witness {
        endpoint: EndpointId::new("docs-of-person"),
        grants: Grants::Items,
        mark: Some(format!("folderid={}", folder.to_lowercase())),
        refusal_denies: true,
        standing: Standing::Confirmed,
        known_by: KnownBy::Documented,
        source: "apidocs reference/documents".to_owned(),
    }
}
