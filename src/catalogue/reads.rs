//! What a product can say that it reads: tables and resources by their words, and the boxes that open them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Catalogue;
use super::id::PermissionId;
use super::rows::Table;

/// The rows, as they ship.
pub(super) const ROWS: &str = include_str!("reads.yaml");

/// A table or a resource of the API, and the boxes that open it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Read {
    /// Whether it is an employee table.
    pub kind: ReadKind,
    /// Its word in policies.
    pub name: String,
    /// What it is, for those whose name does not say it.
    pub asks: Option<String>,
    /// The boxes that open it; of a table, the rows that are in force.
    pub now: Vec<PermissionId>,
    /// The boxes that open the rows that are no longer in force.
    #[serde(default)]
    pub past: Vec<PermissionId>,
    /// Where that is known from.
    pub source: String,
}

/// Whether something that is read is an employee table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadKind {
    /// An employee table.
    Table,
    /// Anything else that the API returns.
    Resource,
}

static READS: LazyLock<Vec<Read>> = LazyLock::new(|| {
    serde_yaml::from_str(ROWS)
        // The rows are compiled in and read by a test, so this cannot happen in a build that passed it.
        .unwrap_or_else(|problem| panic!("the rows of what can be read do not load: {problem}"))
});

/// All of a kind, in the order of the rows.
pub fn all(kind: ReadKind) -> impl Iterator<Item = &'static Read> {
    READS.iter().filter(move |read| read.kind == kind)
}

/// One by its word.
pub fn find(kind: ReadKind, name: &str) -> Option<&'static Read> {
    all(kind).find(|read| read.name == name)
}

/// The row of a table whose columns are fields, by the word of the table.
fn with_columns<'c>(name: &str, catalogue: &'c Catalogue) -> Option<&'c Table> {
    let endpoint = format!("bulk-{name}");
    let tables = catalogue.categories().iter().flat_map(|category| &category.tables);
    tables.into_iter().find(|table| table.endpoint.as_str() == endpoint && !table.fields.is_empty())
}

/// The tables of HiBob's whose columns are fields, so that each has a right of its own.
pub fn tables_with_columns(catalogue: &Catalogue) -> Vec<&'static str> {
    let words = all(ReadKind::Table).map(|read| read.name.as_str());
    words.filter(|name| with_columns(name, catalogue).is_some()).collect()
}

/// The columns of a table that HiBob documents; none where the columns of the table are no fields.
pub fn columns_of<'c>(table: &str, catalogue: &'c Catalogue) -> &'c [String] {
    with_columns(table, catalogue).map_or(&[], |table| &table.documented)
}

/// The field that a column of a table shows; none where the columns of the table are no fields.
pub fn field_of(table: &str, column: &str, catalogue: &Catalogue) -> Option<String> {
    with_columns(table, catalogue).map(|table| table.field_of(column))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_word_is_said_once_and_opened_by_boxes_that_are_listed() {
        let words: BTreeSet<&str> = READS.iter().map(|read| read.name.as_str()).collect();
        assert_eq!(words.len(), READS.len());
        for read in READS.iter() {
            assert!(!read.now.is_empty() && !read.source.is_empty(), "{}", read.name);
            for id in read.now.iter().chain(&read.past) {
                assert!(Catalogue::embedded().permission(id).is_some(), "{}: {id}", read.name);
            }
            assert_eq!(read.asks.is_some(), read.kind == ReadKind::Resource, "{}", read.name);
        }
    }

    #[test]
    fn a_column_is_the_field_that_it_shows() {
        let catalogue = Catalogue::embedded();
        let of = |table: &str, column: &str| field_of(table, column, catalogue);
        assert_eq!(of("work", "title").as_deref(), Some("work.title"));
        assert_eq!(of("salaries", "base").as_deref(), Some("payroll.salary.payment"));
        // They stand under Payroll too, and are other tables.
        assert_eq!((of("variable", "base"), of("bank-accounts", "iban")), (None, None));
        assert_eq!(
            tables_with_columns(catalogue),
            ["work", "employment", "lifecycle", "salaries", "address"]
        );
    }
}
