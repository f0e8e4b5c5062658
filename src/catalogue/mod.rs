//! What can be known: every permission, what witnesses it, and every question that can be asked.
//!
//! The catalogue is rows of data beside this loader. A row says how *we* would notice a right; how
//! HiBob decides is the simulator's business and written apart. Adding a permission is adding a row.

pub mod builtin;
mod grammar;
pub mod id;
pub mod reads;
pub mod rows;
pub mod screens;
pub mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use grammar::category_permission;
use id::{Action, EndpointId, PermissionId};
use rows::{Category, Endpoint, FieldRows, Permission, PermissionRow, Sensitivity, Status, Witnessed};
use writes::Writes;

const CATEGORIES: &str = include_str!("categories.yaml");
const PERMISSIONS: &str = include_str!("permissions.yaml");
const ENDPOINTS: &str = include_str!("endpoints.yaml");
const FIELDS: &str = include_str!("fields.yaml");
const ALIASES: &str = include_str!("aliases.yaml");
const WRITES: &str = include_str!("writes.yaml");

/// Everything that can be known.
#[derive(Debug)]
pub struct Catalogue {
    categories: Vec<Category>,
    permissions: BTreeMap<PermissionId, Permission>,
    endpoints: Vec<Endpoint>,
    fields: FieldRows,
    aliases: BTreeMap<PermissionId, PermissionId>,
    writes: Writes,
    digest: String,
}

static EMBEDDED: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::from_rows(&[CATEGORIES, PERMISSIONS, ENDPOINTS, FIELDS, ALIASES, WRITES]).unwrap_or_else(
        |problem| {
            // The rows are compiled in and read by a test, so this cannot happen in a build that passed it.
            panic!("the catalogue inside the binary does not load: {problem}")
        },
    )
});

impl Catalogue {
    /// The catalogue that ships inside the binary.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    fn from_rows(texts: &[&str; 6]) -> Result<Self, serde_yaml::Error> {
        let mut digest = Sha256::new();
        for text in texts.iter().copied().chain([reads::ROWS, screens::ROWS]) {
            digest.update(text.as_bytes());
        }
        let [categories, permissions, endpoints, fields, aliases, writes] = texts;
        let categories: Vec<Category> = serde_yaml::from_str(categories)?;
        let rows: Vec<PermissionRow> = serde_yaml::from_str(permissions)?;
        let fields: FieldRows = serde_yaml::from_str(fields)?;
        let mut permissions = BTreeMap::new();
        let mut put = |permission: Permission| permissions.insert(permission.id.clone(), permission);
        for category in &categories {
            for action in [Action::View, Action::History, Action::Edit] {
                if action != Action::History || category.history {
                    put(category_permission(
                        &category.id,
                        &category.name,
                        action,
                        category.sensitivity,
                        category.unseen.as_deref(),
                    ));
                }
            }
        }
        for status in &fields.statuses {
            put(Permission {
                id: PermissionId::population(&status.id),
                label: format!("People whose lifecycle status is {}", status.name),
                path: vec!["People's data".to_owned(), "Access data for".to_owned()],
                sensitivity: Sensitivity::Normal,
                witnessed: Witnessed::Population,
            });
        }
        for row in rows {
            let witnessed = match (row.witness, row.unseen) {
                (Some(witness), None) => Witnessed::Endpoint(witness),
                (None, Some(unseen)) => Witnessed::Unseen(unseen),
                _ => {
                    return Err(serde::de::Error::custom(format!(
                        "{}: witness or unseen, one of both",
                        row.id
                    )));
                }
            };
            put(Permission {
                id: row.id,
                label: row.label,
                path: row.path,
                sensitivity: row.sensitivity,
                witnessed,
            });
        }
        Ok(Self {
            categories,
            permissions,
            endpoints: serde_yaml::from_str(endpoints)?,
            fields,
            aliases: serde_yaml::from_str(aliases)?,
            writes: serde_yaml::from_str(writes)?,
            digest: hex(&digest.finalize()),
        })
    }

    /// `sha256:` and the digest of all rows.
    pub fn digest(&self) -> String {
        format!("sha256:{}", self.digest)
    }

    /// Every listed permission, in order of id.
    pub fn permissions(&self) -> impl Iterator<Item = &Permission> {
        self.permissions.values()
    }

    /// One listed permission.
    pub fn permission(&self, id: &PermissionId) -> Option<&Permission> {
        self.permissions.get(id)
    }

    /// The ids of all listed permissions, in order.
    pub fn permission_ids(&self) -> Vec<&str> {
        self.permissions.keys().map(PermissionId::as_str).collect()
    }

    /// Every section that holds a listed box, in order, such as `features/people/employees`.
    pub fn sections(&self) -> Vec<String> {
        let sections: BTreeSet<&str> = self.permissions.keys().map(PermissionId::section).collect();
        sections.into_iter().map(str::to_owned).collect()
    }

    /// The listed boxes of a section, in order.
    pub fn boxes_of<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a Permission> {
        self.permissions.values().filter(move |permission| permission.id.section() == section)
    }

    /// The name that an id bears now.
    pub fn canonical(&self, id: &PermissionId) -> PermissionId {
        self.aliases.get(id).unwrap_or(id).clone()
    }

    /// The names that ids bore before.
    pub fn alias_ids(&self) -> Vec<&str> {
        self.aliases.keys().map(PermissionId::as_str).collect()
    }

    /// Whether a name is the id of a built-in category.
    pub fn is_category(&self, name: &str) -> bool {
        self.category(name).is_some()
    }

    /// A built-in category.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// All built-in categories.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Every endpoint that this version may ask.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(|endpoint| endpoint.asked)
    }

    /// One endpoint, of those that read or of those around a write.
    pub fn endpoint(&self, id: &EndpointId) -> Option<&Endpoint> {
        self.endpoints.iter().chain(&self.writes.endpoints).find(|endpoint| endpoint.id == *id)
    }

    /// What a write can show, and the only writes there are.
    pub fn writes(&self) -> &Writes {
        &self.writes
    }

    /// The fields that the classic model hides without Edit.
    pub fn sensitive_fields(&self) -> impl Iterator<Item = &str> {
        self.fields.sensitive.iter().map(String::as_str)
    }

    /// Whether every person has a value in a field.
    pub fn everyone_has(&self, field: &str) -> bool {
        self.fields.everyone.contains(field)
    }

    /// Whether the classic model hides a field without Edit.
    pub fn is_sensitive_field(&self, field: &str) -> bool {
        self.fields.sensitive.contains(field)
    }

    /// Whether a field comes back without any right.
    pub fn comes_always(&self, field: &str) -> bool {
        self.fields.always.contains(field)
    }

    /// The lifecycle statuses.
    pub fn statuses(&self) -> &[Status] {
        &self.fields.statuses
    }
}

/// Whether a category is one that the tenant made.
pub fn is_custom_category(category: &str) -> bool {
    category
        .strip_prefix("category_")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::rows::{Shape, Standing};
    use super::*;

    #[test]
    fn every_witness_names_a_known_endpoint_and_every_endpoint_is_used() {
        let catalogue = Catalogue::embedded();
        let mut used: BTreeSet<&EndpointId> = BTreeSet::new();
        for permission in catalogue.permissions() {
            if let Witnessed::Endpoint(witness) = &permission.witnessed {
                let endpoint = catalogue.endpoint(&witness.endpoint);
                assert!(endpoint.is_some(), "{}", permission.id);
                assert!(
                    endpoint.unwrap().asked || witness.standing == Standing::Inferred,
                    "{}",
                    permission.id
                );
                used.insert(&witness.endpoint);
            }
        }
        for category in catalogue.categories() {
            for table in &category.tables {
                assert!(catalogue.endpoint(&table.endpoint).is_some(), "{}", category.id);
                used.insert(&table.endpoint);
            }
        }
        for endpoint in &catalogue.endpoints {
            let serves_the_tool = matches!(
                endpoint.shape,
                Shape::Fields | Shape::People | Shape::OwnTable | Shape::CustomTables | Shape::Folders
            );
            let serves_the_tool = serves_the_tool || endpoint.shape.is_sample();
            assert!(serves_the_tool || used.contains(&endpoint.id), "nobody asks {}", endpoint.id);
        }
    }

    #[test]
    fn endpoint_ids_are_unique_and_every_row_says_where_it_is_known_from() {
        let catalogue = Catalogue::embedded();
        let ids: BTreeSet<_> = catalogue.endpoints.iter().map(|endpoint| &endpoint.id).collect();
        assert_eq!(ids.len(), catalogue.endpoints.len());
        assert!(catalogue.endpoints.iter().all(|endpoint| !endpoint.source.is_empty()));
        assert!(catalogue.categories.iter().all(|category| !category.source.is_empty()));
    }

    #[test]
    fn what_anyone_may_call_witnesses_nothing_and_whatever_changes_something_ranks_high() {
        let catalogue = Catalogue::embedded();
        for permission in catalogue.permissions() {
            let Permission { id, witnessed, sensitivity, .. } = permission;
            if let Witnessed::Endpoint(witness) = witnessed {
                let endpoint = catalogue.endpoint(&witness.endpoint).unwrap();
                assert!(!endpoint.vouches, "{id}: whoever has no right is answered as well");
            }
            assert!(!id.is_write() || *sensitivity == Sensitivity::High, "{id} is not high");
        }
        for high in [
            "people/payroll/view",
            "people/payroll/history",
            "people/financial/view",
            "people/identification/view",
            "people/eeo/view",
            "people/equity/view",
            "people/ukTaxSettings/view",
            "docs/confidential/view",
            "time-off/whos-out/view-private",
            "people/category_1720508362305/edit",
            "docs/0b1c/delete",
            "fields/work.title/edit",
            "features/api-access/rest-token/manage",
        ] {
            let id = PermissionId::parse(high).unwrap();
            assert_eq!(catalogue.describe(&id).sensitivity, Sensitivity::High, "{high}");
        }
    }

    #[test]
    fn a_listed_id_survives_parse_and_print_and_is_known() {
        let catalogue = Catalogue::embedded();
        for id in catalogue.permission_ids() {
            let parsed = PermissionId::parse(id).unwrap();
            assert_eq!(parsed.as_str(), id);
            assert!(catalogue.knows(&parsed));
        }
    }

    #[test]
    fn an_alias_leads_to_a_listed_id_and_is_not_listed_itself() {
        let catalogue = Catalogue::embedded();
        for (old, new) in &catalogue.aliases {
            assert!(catalogue.permission(old).is_none(), "{old} is listed");
            assert!(catalogue.permission(new).is_some(), "{new} is not listed");
            assert_eq!(catalogue.canonical(old), *new);
        }
    }

    #[test]
    fn a_tenants_own_boxes_are_known_by_their_grammar() {
        let catalogue = Catalogue::embedded();
        for known in
            ["people/category_1720508362305/edit", "fields/work.title/history", "docs/0b1c-22/upload"]
        {
            assert!(catalogue.knows(&PermissionId::parse(known).unwrap()), "{known}");
        }
        for unknown in ["people/payrol/view", "people/about/history", "docs/0b1c-22/rename", "features/x/y"] {
            assert!(!catalogue.knows(&PermissionId::parse(unknown).unwrap()), "{unknown}");
        }
    }

    #[test]
    fn every_endpoint_that_the_prober_asks_by_name_has_a_row() {
        let prober = [
            include_str!("../prober/mod.rs"),
            include_str!("../prober/people.rs"),
            include_str!("../prober/looks.rs"),
        ];
        let names: Vec<&str> = prober
            .iter()
            .flat_map(|file| file.split('"').skip(1).step_by(2))
            .filter(|text| text.starts_with("people-"))
            .collect();
        assert!(names.len() > 5, "{names:?}");
        for name in names {
            assert!(Catalogue::embedded().endpoint(&EndpointId::new(name)).is_some(), "{name}");
        }
    }
}
