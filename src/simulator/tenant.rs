//! The pretend company: its fields, its people, and what its administrators changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::fields::Field;
use super::guards::Guards;
use super::people::{self, Person};
use super::rows;
use super::sheet::Sheet;

/// What a company buys apart, or may still have in its old edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Module {
    /// Attendance and projects.
    TimeAttendance,
    /// Openings, candidates, applications, job ads.
    Hiring,
    /// The job catalog in its second edition.
    JobCatalog,
    /// Positions, openings and budgets.
    WorkforcePlanning,
    /// Goals.
    Goals,
    /// Learning providers.
    Learning,
}

/// How much past the tables hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Histories {
    /// Two to four rows for most people, the dates differing from person to person.
    #[default]
    Full,
    /// One row each, in force since the person's first day: nothing ever changed.
    Young,
    /// One row each, in force since one common day on which the data was imported.
    Imported,
}

/// How much of what people could have a value in is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filled {
    /// In the measure usual for each section.
    #[default]
    Usual,
    /// One in twenty, but for what everybody has.
    Sparse,
    /// Nothing, but for what everybody has.
    Bare,
}

/// Whether a readable field without a value is sent as `null` (`[]` for a multi-list) or left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nulls {
    /// It is sent.
    #[default]
    Always,
    /// It is left out.
    Never,
    /// It is left out for fields of these types, sent for all others.
    NeverForTypes(BTreeSet<String>),
}

impl Nulls {
    pub(super) fn sent_for(&self, kind: &str) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::NeverForTypes(kinds) => !kinds.contains(kind),
        }
    }
}

/// A field that the company added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomField {
    /// The id, such as `category_1720508362305.field_1720508362306`.
    pub id: String,
    /// The name on the screen.
    pub name: String,
    /// The type, as the metadata spells it.
    pub kind: String,
}

/// A category that the company added, or fields added to one that exists.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomCategory {
    /// The id, such as `category_1720508362305`.
    pub id: String,
    /// The name on the screen.
    pub name: String,
    /// Its fields.
    #[serde(default)]
    pub fields: Vec<CustomField>,
}

/// A table that the company added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomTable {
    /// The id, such as `category_1720508362305__table_1`.
    pub id: String,
    /// The category that opens it.
    pub category: String,
    /// The name on the screen.
    pub name: String,
    /// The ids of its text columns.
    pub columns: Vec<String>,
}

/// A document folder that the company added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// The id, a UUID.
    pub id: String,
    /// The name on the screen.
    pub name: String,
}

/// What kind of company to pretend.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantSpec {
    /// How many people.
    pub people: usize,
    /// Categories by id whose name on the screen was changed.
    pub renamed: BTreeMap<String, String>,
    /// Fields by id that were moved to another category.
    pub moved: BTreeMap<String, String>,
    /// Categories and fields that were added.
    pub categories: Vec<CustomCategory>,
    /// Tables that were added.
    pub tables: Vec<CustomTable>,
    /// Document folders that were added.
    pub folders: Vec<Folder>,
    /// How much past the tables hold.
    pub histories: Histories,
    /// Whether readable fields without a value are sent.
    pub nulls: Nulls,
    /// How much of the fields is filled in.
    pub filled: Filled,
    /// Whether nobody is ever away, nothing is filed, due or reported.
    pub quiet: bool,
    /// Modules that were not bought.
    pub modules_off: BTreeSet<Module>,
    /// Whether permissions go by field; classic companies have them by category.
    pub field_level: bool,
}

impl Default for TenantSpec {
    fn default() -> Self {
        let equipment = "category_1720508362305";
        let field = |number: &str, name: &str, kind: &str| CustomField {
            id: format!("{equipment}.field_{number}"),
            name: name.to_owned(),
            kind: kind.to_owned(),
        };
        Self {
            people: 120,
            renamed: BTreeMap::new(),
            moved: BTreeMap::new(),
            categories: vec![CustomCategory {
                id: equipment.to_owned(),
                name: "Equipment".to_owned(),
                fields: vec![
                    field("1720508362306", "Laptop", "text"),
                    field("1720508362307", "Handed over on", "date"),
                ],
            }],
            tables: vec![CustomTable {
                id: format!("{equipment}__table_1720508370011"),
                category: equipment.to_owned(),
                name: "Devices".to_owned(),
                columns: vec!["column_1720508370012".to_owned(), "column_1720508370013".to_owned()],
            }],
            folders: vec![Folder {
                id: "6d0c8f5e-2b1f-4a53-9d0e-3f1f5d0a7c11".to_owned(),
                name: "Contracts".to_owned(),
            }],
            histories: Histories::Full,
            nulls: Nulls::Always,
            filled: Filled::Usual,
            quiet: false,
            modules_off: BTreeSet::new(),
            field_level: false,
        }
    }
}

impl TenantSpec {
    /// Reads a company that somebody wrote.
    ///
    /// # Errors
    /// A message with the line, when the text is no company.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        serde_saphyr::from_str(yaml).map_err(|error| error.to_string())
    }
}

/// The company itself.
pub(super) struct Tenant {
    pub(super) spec: TenantSpec,
    pub(super) seed: u64,
    pub(super) fields: Vec<Field>,
    pub(super) people: Vec<Person>,
    pub(super) everybody_has: BTreeSet<String>,
}

impl Tenant {
    pub(super) fn found(spec: TenantSpec, seed: u64, guards: &Guards) -> Result<Self, String> {
        Ok(Self {
            fields: Field::all(&spec)?,
            people: people::hire(spec.people, seed),
            everybody_has: guards.everybody_has.clone(),
            spec,
            seed,
        })
    }

    pub(super) fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The person with this id or this e-mail address.
    pub(super) fn person(&self, identifier: &str) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.id == identifier || person.email.eq_ignore_ascii_case(identifier))
    }

    /// Every personal value that can be told from other text: marked words, ids, salaries, dates of birth.
    pub(super) fn marks(&self, guards: &Guards) -> BTreeSet<String> {
        let mut marks = BTreeSet::new();
        for person in &self.people {
            marks.insert(person.id.clone());
            let mut sheet = Sheet::new(self, person);
            for field in &self.fields {
                gather_marks(&sheet.value(field), &mut marks);
            }
            for table in &guards.tables {
                gather_marks(&Value::Array(rows::of(self, person, &table.name)), &mut marks);
            }
            for table in &self.spec.tables {
                gather_marks(&Value::Array(rows::custom(self, person, table)), &mut marks);
            }
        }
        marks
    }
}

fn gather_marks(value: &Value, marks: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.contains("MARK-") || is_birth_date(text) => {
            marks.insert(text.clone());
        }
        Value::Number(number) if number.as_f64().is_some_and(is_marked_number) => {
            marks.insert(number.to_string());
        }
        Value::Array(items) => items.iter().for_each(|item| gather_marks(item, marks)),
        Value::Object(members) => members.values().for_each(|item| gather_marks(item, marks)),
        _ => {}
    }
}

/// Only money is this large and has a fraction; made-up numbers have seven digits and begin with a 7.
fn is_marked_number(number: f64) -> bool {
    (number > 10_000.0 && number.fract() != 0.0) || (7_000_000.0..8_000_000.0).contains(&number)
}

/// Nobody who works was born in these years, so no other date can be taken for one of these.
fn is_birth_date(text: &str) -> bool {
    text.len() == 10 && text.starts_with("190")
}
