//! What a row may say: the types that the YAML beside this file is read into, key by key.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::id::{EndpointId, PermissionId};

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
    /// A write that HiBob has nothing to store of; sent only when the operator asks for it.
    InertWrite,
}

impl Safety {
    /// The word as `plan` prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadByPost => "read-by-post",
            Self::InertWrite => "inert-write",
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
    /// Many people with the fields that stayed away in the sample.
    LargerSample,
    /// Everybody with many fields, where nobody can be asked for by id.
    SampleOfAll,
    /// Rows of an employee table.
    Table,
    /// Rows of a table of the tenant's own.
    OwnTable,
    /// The tenant's custom tables.
    CustomTables,
    /// The tenant's document folders.
    Folders,
    /// A list of items.
    List,
    /// Only whether it answered.
    Answer,
}

impl Shape {
    /// Whether the fields of people come back.
    pub fn is_sample(self) -> bool {
        matches!(self, Self::Sample | Self::LargerSample | Self::SampleOfAll)
    }
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
    /// Write to a person's fields.
    Put,
    /// Delete an entry of a table.
    Delete,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it can change anything.
    pub fn is_write(self) -> bool {
        matches!(self, Self::Put | Self::Delete)
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
    /// For a list: the key of the items, which may come as a bare array as well.
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
    /// What has to hold for it to be asked at all, as a clause; without one it always is.
    #[serde(default)]
    pub only: Option<String>,
    /// When it is asked more than once, as a clause.
    #[serde(default)]
    pub repeats: Option<String>,
    /// How often a run may ask it; without a number once, or once of each person who may be tried.
    #[serde(default)]
    pub at_most: Option<u32>,
    /// The slot of other endpoints that one of its items fills.
    #[serde(default)]
    pub names: Option<String>,
    /// Whether its rows tell lifecycle statuses.
    #[serde(default)]
    pub statuses: bool,
    /// Whether it answers for everybody, whomever it is asked about.
    #[serde(default)]
    pub ignores_people: bool,
    /// Whether it needs no right, so that its answer tells the refusals before it from a block.
    #[serde(default)]
    pub vouches: bool,
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
    /// The columns that HiBob documents, where each is a field.
    #[serde(default)]
    pub documented: Vec<String>,
}

impl Table {
    /// The id of the field that a column shows; some answers name the field itself.
    pub fn field_of(&self, column: &str) -> String {
        if column.contains('.') {
            return column.to_owned();
        }
        self.columns.get(column).cloned().unwrap_or_else(|| format!("{}{column}", self.fields))
    }

    /// Whether a field may be one of its columns, so that its answer can call the field withheld.
    pub fn may_show(&self, field: &str) -> bool {
        !self.fields.is_empty()
            && (field.starts_with(&self.fields) || self.columns.values().any(|known| known == field))
    }
}

/// When a person's first row of a table is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstRow {
    /// Together with the person: a later row proves that there is an older one.
    #[default]
    WithThePerson,
    /// On any day: later rows prove older ones only of many, where others have theirs from the first day on.
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
    /// Whether anything could show it at all.
    pub why: UnseenWhy,
    /// The reason, as a clause.
    pub reason: String,
}

/// Whether anything could show it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnseenWhy {
    /// Nothing in the API shows it.
    Never,
    /// Only a write would show it: one of `--write-probes`, if there is one for it.
    Write,
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
pub(in crate::catalogue) struct PermissionRow {
    pub(in crate::catalogue) id: PermissionId,
    pub(in crate::catalogue) label: String,
    pub(in crate::catalogue) path: Vec<String>,
    #[serde(default)]
    pub(in crate::catalogue) sensitivity: Sensitivity,
    #[serde(default)]
    pub(in crate::catalogue) witness: Option<Witness>,
    #[serde(default)]
    pub(in crate::catalogue) unseen: Option<Unseen>,
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
pub(in crate::catalogue) struct FieldRows {
    pub(in crate::catalogue) everyone: BTreeSet<String>,
    pub(in crate::catalogue) sensitive: BTreeSet<String>,
    pub(in crate::catalogue) always: BTreeSet<String>,
    pub(in crate::catalogue) statuses: Vec<Status>,
}
