//! What a write can show, and the only writes there are: the rows of `writes.yaml`.

use serde::Deserialize;

use super::id::EndpointId;
use super::rows::{Endpoint, KnownBy};

/// The rows of `writes.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Writes {
    /// What is sent as a list item or a date: no list and no calendar has it.
    pub value: String,
    /// The entry whose deletion is tried: no table has it.
    pub entry: String,
    /// Fields that can be tried, in order of preference.
    pub fields: Vec<FieldRow>,
    /// Which of the tenant's own fields can be tried.
    pub own: OwnFields,
    /// Tables that can be tried.
    pub tables: Vec<TableRow>,
    /// How a table of the tenant's own is tried.
    pub own_tables: OwnTables,
    /// The question that writes to a field.
    pub field_write: EndpointId,
    /// The question that reads it before and after.
    pub field_read: EndpointId,
    /// The questions themselves, and the reads around them.
    pub endpoints: Vec<Endpoint>,
}

/// Whether a field is known to take writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TakesWrites {
    /// A value was stored in it: whatever drops it now is the right.
    Seen,
    /// It is of a type that is checked; it may be derived all the same.
    Expected,
}

/// A field that can be tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FieldRow {
    /// Its id.
    pub field: String,
    /// The section that it is in in most tenants.
    pub usually_in: String,
    /// Whether it is known to take writes.
    pub takes_writes: TakesWrites,
    /// How the row is known.
    pub known_by: KnownBy,
    /// Where it is known from.
    pub source: String,
}

/// Which of the tenant's own fields can be tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnFields {
    /// Their types.
    pub types: Vec<String>,
    /// How the row is known.
    pub known_by: KnownBy,
    /// Where it is known from.
    pub source: String,
}

/// A table that can be tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TableRow {
    /// The category whose Edit right guards it.
    pub category: String,
    /// The question that reads it before and after.
    pub read: EndpointId,
    /// The question that deletes what is not there.
    pub delete: EndpointId,
    /// How the row is known.
    pub known_by: KnownBy,
    /// Where it is known from.
    pub source: String,
}

/// How a table of the tenant's own is tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnTables {
    /// The question that reads it before and after.
    pub read: EndpointId,
    /// The question that deletes what is not there.
    pub delete: EndpointId,
    /// How the row is known.
    pub known_by: KnownBy,
    /// Where it is known from.
    pub source: String,
}

impl Writes {
    /// Whether a field takes writes, as far as the rows know it; none for a field that is never tried.
    ///
    /// A tenant's own field is told by its id, whatever section it is in.
    pub fn takes(&self, field: &str, kind: &str) -> Option<TakesWrites> {
        // Only lists and dates are checked before they are stored.
        if !self.own.types.iter().any(|known| known == kind) {
            return None;
        }
        if let Some(row) = self.fields.iter().find(|row| row.field == field) {
            return Some(row.takes_writes);
        }
        is_own_field(field).then_some(TakesWrites::Expected)
    }

    /// The order in which the fields of one section are preferred.
    pub fn preference(&self, field: &str) -> usize {
        self.fields.iter().position(|row| row.field == field).unwrap_or(self.fields.len())
    }

    /// The table of a section that can be tried.
    pub fn table_of(&self, category: &str) -> Option<&TableRow> {
        self.tables.iter().find(|row| row.category == category)
    }
}

/// Whether a field is one that the tenant made: `….field_` and digits.
fn is_own_field(field: &str) -> bool {
    let last = field.rsplit('.').next().unwrap_or_default();
    last.strip_prefix("field_")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::catalogue::rows::{Method, Safety};

    fn writes() -> &'static Writes {
        Catalogue::embedded().writes()
    }

    #[test]
    fn what_writes_is_a_put_of_a_field_or_the_deletion_of_the_entry_that_does_not_exist() {
        let last = format!("/{}", writes().entry);
        for endpoint in &writes().endpoints {
            let is_write = matches!(endpoint.method, Method::Put | Method::Delete);
            assert_eq!(is_write, endpoint.safety == Safety::InertWrite, "{}", endpoint.id);
            match endpoint.method {
                Method::Put => assert_eq!(endpoint.id, writes().field_write),
                Method::Delete => assert!(endpoint.path.ends_with(&last), "{}", endpoint.path),
                Method::Get | Method::Post => {}
            }
            assert!(!is_write || endpoint.body.is_none(), "{}", endpoint.id);
        }
        // None of the questions of a run that only reads writes.
        assert!(Catalogue::embedded().endpoints().all(|endpoint| endpoint.safety != Safety::InertWrite));
    }

    #[test]
    fn every_question_that_is_named_has_a_row_and_every_row_a_source() {
        let catalogue = Catalogue::embedded();
        let writes = writes();
        let mut named = vec![&writes.field_write, &writes.field_read];
        named.extend([&writes.own_tables.read, &writes.own_tables.delete]);
        named.extend(writes.tables.iter().flat_map(|row| [&row.read, &row.delete]));
        for id in &named {
            assert!(catalogue.endpoint(id).is_some(), "{id}");
        }
        for endpoint in &writes.endpoints {
            assert!(named.contains(&&endpoint.id), "nobody asks {}", endpoint.id);
            assert!(
                catalogue.endpoints().all(|other| other.id != endpoint.id),
                "{} is there twice",
                endpoint.id
            );
        }
        for row in &writes.tables {
            assert!(catalogue.is_category(&row.category) && !row.source.is_empty(), "{}", row.category);
        }
        for row in &writes.fields {
            assert!(catalogue.is_category(&row.usually_in) && !row.source.is_empty(), "{}", row.field);
        }
    }

    #[test]
    fn only_what_was_seen_denies_and_what_hides_is_never_tried() {
        let writes = writes();
        for row in &writes.fields {
            let observed = row.known_by == KnownBy::Observed;
            assert_eq!(row.takes_writes == TakesWrites::Seen, observed, "{}", row.field);
            assert!(!Catalogue::embedded().is_sensitive_field(&row.field), "{}", row.field);
        }
        assert_eq!(writes.takes("personal.pronouns", "list"), Some(TakesWrites::Seen));
        assert_eq!(writes.takes("category_1.field_17", "date"), Some(TakesWrites::Expected));
        assert_eq!(writes.takes("work.custom.field_17", "list"), Some(TakesWrites::Expected));
        for (field, kind) in [
            ("personal.pronouns", "text"),
            ("category_1.field_17", "multi-list"),
            ("category_1.field_17", "currency"),
            ("personal.birthDate", "date"),
            ("work.startDate", "date"),
            ("category_1.field_x", "list"),
        ] {
            assert_eq!(writes.takes(field, kind), None, "{field} {kind}");
        }
    }
}
