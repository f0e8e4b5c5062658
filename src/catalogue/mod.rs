//! What can be known: every permission, what witnesses it, and every question that can be asked.
//!
//! The catalogue is rows of data beside this loader. A row says how *we* would notice a right; how
//! HiBob decides is the simulator's business and written apart. Adding a permission is adding a row.

pub mod id;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use id::{Action, EndpointId, PermissionId};

const CATEGORIES: &str = include_str!("categories.yaml");
const PERMISSIONS: &str = include_str!("permissions.yaml");
const ENDPOINTS: &str = include_str!("endpoints.yaml");
const FIELDS: &str = include_str!("fields.yaml");
const ALIASES: &str = include_str!("aliases.yaml");

/// How a rule is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KnownBy {
    /// Seen on a live tenant.
    Observed,
    /// Stated by HiBob.
    Documented,
    /// Concluded by us or by others.
    Inferred,
}

/// How much harm a right can do in wrong hands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// As most.
    #[default]
    Normal,
    /// Pay, identity, equity, confidential papers, or a right to change something.
    High,
}

/// What sending a request does to the tenant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// A GET.
    #[default]
    Read,
    /// A search: a POST that reads.
    ReadByPost,
}

impl Safety {
    /// The word as `plan` prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadByPost => "read-by-post",
        }
    }
}

/// How an answer is reduced to presence and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// The tenant's field metadata.
    Fields,
    /// Everybody visible, with lifecycle statuses.
    People,
    /// Some people with many fields.
    Sample,
    /// Rows of an employee table.
    Table,
    /// The tenant's custom tables.
    CustomTables,
    /// The tenant's document folders.
    Folders,
    /// A list of items.
    List,
    /// Only whether it answered.
    Answer,
}

/// What must be visible before a refusal means anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Needs {
    /// Nothing: company level.
    None,
    /// Somebody.
    People,
    /// One employee, in the path or in the body.
    Person,
}

/// An HTTP method of an endpoint row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    Get,
    /// Search.
    Post,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// One question that can be asked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Endpoint {
    /// Its name in `plan` and in reports.
    pub id: EndpointId,
    /// The method.
    pub method: Method,
    /// The path, with slots in braces.
    pub path: String,
    /// Query keys and values, values with slots.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// The body, with slots.
    #[serde(default)]
    pub body: Option<serde_json::Value>,
    /// What sending it does.
    #[serde(default)]
    pub safety: Safety,
    /// How its answer is reduced.
    pub shape: Shape,
    /// For a list: the key of the items; empty for a bare array.
    #[serde(default)]
    pub items: String,
    /// Keys of an item whose value says what kind of item it is (never whose, never what).
    #[serde(default)]
    pub marks: Vec<String>,
    /// What must be visible before a refusal means anything.
    pub needs: Needs,
    /// Asked only if this other endpoint came back with items.
    #[serde(default)]
    pub after: Option<EndpointId>,
    /// The module that is bought apart, if the endpoint belongs to one.
    #[serde(default)]
    pub module: Option<String>,
    /// Requests a minute, as documented.
    #[serde(default)]
    pub rate: Option<u32>,
    /// Whether this version ever asks it.
    #[serde(default = "yes")]
    pub asked: bool,
    /// What it is asked for, as a clause.
    pub asks: String,
    /// How many bytes of the answer are read at the most.
    pub budget: usize,
    /// How it is known.
    pub known_by: KnownBy,
    /// Where it is known from.
    pub source: String,
}

fn yes() -> bool {
    true
}

/// Whether old rows of a table need the history box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldRows {
    /// A row that is no longer in force proves the history right.
    NeedHistory,
    /// Old rows may come back under View alone: they decide nothing.
    MayShow,
}

/// A table of a category.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Table {
    /// The endpoint that returns it.
    pub endpoint: EndpointId,
    /// What its old rows mean.
    pub old_rows: OldRows,
    /// When a person's first row is made.
    #[serde(default)]
    pub first_row: FirstRow,
    /// The prefix that makes the id of a field from the name of a column.
    #[serde(default)]
    pub fields: String,
    /// Columns whose field has another name.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

impl Table {
    /// The id of the field that a column shows; some answers name the field itself.
    pub fn field_of(&self, column: &str) -> String {
        if column.contains('.') {
            return column.to_owned();
        }
        self.columns.get(column).cloned().unwrap_or_else(|| format!("{}{column}", self.fields))
    }
}

/// When a person's first row of a table is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstRow {
    /// Together with the person: a later row proves that there is an older one.
    #[default]
    WithThePerson,
    /// On any day: a later row proves an older one only where others have theirs from the first day on.
    AnyDay,
}

/// A built-in category of People's data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Category {
    /// HiBob's id of it.
    pub id: String,
    /// Its name on the screen, unless the tenant renamed it.
    pub name: String,
    /// Other names that guides use.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether the screens show a history box for it.
    #[serde(default)]
    pub history: bool,
    /// How much harm reading it can do.
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// Whether it holds a field that the classic model hides without Edit: reading it shows Edit there.
    #[serde(default)]
    pub sensitive_fields: bool,
    /// Its tables, in the order in which they are asked until one decides.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// Why nothing witnesses it where the metadata has no field of it.
    #[serde(default)]
    pub unseen: Option<String>,
    /// How the row is known.
    pub known_by: KnownBy,
    /// Where it is known from.
    pub source: String,
}

/// What a witness's answer must hold to prove the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grants {
    /// Any 200: without the right the endpoint is known to refuse.
    Answer,
    /// An item: an empty list may also come without the right.
    Items,
}

/// Whether the mapping of a witness to its box is established.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Stated or seen.
    #[default]
    Confirmed,
    /// Merely inferred: never a verdict by itself.
    Inferred,
}

/// What shows a permission.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Witness {
    /// The question.
    pub endpoint: EndpointId,
    /// What proves the right.
    pub grants: Grants,
    /// `key=value` that an item must bear to count, in lowercase.
    #[serde(default)]
    pub mark: Option<String>,
    /// Whether a refusal denies: not where something else may be what was refused.
    #[serde(default = "yes")]
    pub refusal_denies: bool,
    /// Whether the mapping is established.
    #[serde(default)]
    pub standing: Standing,
    /// How it is known.
    pub known_by: KnownBy,
    /// Where it is known from.
    pub source: String,
}

/// Why nothing witnesses a permission.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unseen {
    /// For ever, or for now.
    pub why: UnseenWhy,
    /// The reason, as a clause.
    pub reason: String,
}

/// For ever, or for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnseenWhy {
    /// Nothing in the API shows it.
    Never,
    /// Only a write would show it, and write probes are not sent.
    Write,
    /// A witness is known and not asked by this version.
    NotYet,
}

/// One box that can be ticked.
#[derive(Debug, Clone)]
pub struct Permission {
    /// Its id.
    pub id: PermissionId,
    /// HiBob's label.
    pub label: String,
    /// Where the box stands, below the permission group.
    pub path: Vec<String>,
    /// How much harm the right can do.
    pub sensitivity: Sensitivity,
    /// What shows it.
    pub witnessed: Witnessed,
}

/// What shows a permission, or why nothing does.
#[derive(Debug, Clone)]
pub enum Witnessed {
    /// The fields and the tables of its category.
    Category,
    /// The people that are visible.
    Population,
    /// One endpoint.
    Endpoint(Witness),
    /// Nothing.
    Unseen(Unseen),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionRow {
    id: PermissionId,
    label: String,
    path: Vec<String>,
    #[serde(default)]
    sensitivity: Sensitivity,
    #[serde(default)]
    witness: Option<Witness>,
    #[serde(default)]
    unseen: Option<Unseen>,
}

/// A lifecycle status.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// As in `population/<id>`.
    pub id: String,
    /// As HiBob prints it.
    pub name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldRows {
    everyone: BTreeSet<String>,
    sensitive: BTreeSet<String>,
    always: BTreeSet<String>,
    statuses: Vec<Status>,
}

/// Everything that can be known.
#[derive(Debug)]
pub struct Catalogue {
    categories: Vec<Category>,
    permissions: BTreeMap<PermissionId, Permission>,
    endpoints: Vec<Endpoint>,
    fields: FieldRows,
    aliases: BTreeMap<PermissionId, PermissionId>,
    digest: String,
}

static EMBEDDED: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::from_rows(CATEGORIES, PERMISSIONS, ENDPOINTS, FIELDS, ALIASES).unwrap_or_else(|problem| {
        // The rows are compiled in and read by a test, so this cannot happen in a build that passed it.
        panic!("the catalogue inside the binary does not load: {problem}")
    })
});

impl Catalogue {
    /// The catalogue that ships inside the binary.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    fn from_rows(
        categories: &str,
        permissions: &str,
        endpoints: &str,
        fields: &str,
        aliases: &str,
    ) -> Result<Self, serde_yaml::Error> {
        let mut digest = Sha256::new();
        for text in [categories, permissions, endpoints, fields, aliases] {
            digest.update(text.as_bytes());
        }
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

    /// The name that an id bears now.
    pub fn canonical(&self, id: &PermissionId) -> PermissionId {
        self.aliases.get(id).unwrap_or(id).clone()
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
            let verb = match action {
                Action::View => "View",
                Action::History => "View history",
                Action::Edit => "Edit",
            };
            return Permission {
                id: id.clone(),
                label: format!("{verb}: {field}"),
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

    /// One endpoint.
    pub fn endpoint(&self, id: &EndpointId) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == *id)
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

fn category_permission(
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
            reason: "only a write shows an Edit right, and nothing is written".to_owned(),
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
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
                Shape::Fields | Shape::People | Shape::Sample | Shape::CustomTables | Shape::Folders
            ) || endpoint.id.as_str() == "custom-table";
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
}
