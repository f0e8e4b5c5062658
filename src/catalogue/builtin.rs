//! The fields that HiBob ships, each in the section where it stands until an administrator moves it.
//!
//! For people who write policies and guides, before there is an account: which fields a tenant has, and in
//! which sections, is the tenant's, and no verdict looks here. The list is a capture of one live tenant's
//! metadata; the simulator serves the same.

use std::sync::LazyLock;

use serde::Deserialize;

use super::id::{Action, PermissionId};

/// A field as HiBob ships it.
#[derive(Debug, Clone, Deserialize)]
pub struct BuiltIn {
    /// Its id.
    pub id: String,
    /// The id of its section.
    #[serde(rename = "categoryId")]
    pub section: String,
    /// The section's name on the screen.
    #[serde(rename = "categoryDisplayName")]
    pub section_name: String,
    /// Its name on the screen.
    pub name: String,
    /// Of which type its values are.
    #[serde(rename = "type")]
    pub kind: String,
}

impl BuiltIn {
    /// The box that opens it where rights are given by section.
    pub fn opened_by(&self) -> PermissionId {
        PermissionId::category(&self.section, Action::View)
    }
}

static FIELDS: LazyLock<Vec<BuiltIn>> = LazyLock::new(|| {
    let text = include_bytes!("../simulator/fields.csv").as_slice();
    let rows = csv::Reader::from_reader(text).into_deserialize();
    rows.collect::<Result<_, _>>()
        // The rows are compiled in and read by a test, so this cannot happen in a build that passed it.
        .unwrap_or_else(|problem| panic!("the fields that HiBob ships do not load: {problem}"))
});

/// All of them, in the order of the capture.
pub fn all() -> &'static [BuiltIn] {
    &FIELDS
}

/// One by its id, or by its name on the screen where no other bears that name.
pub fn find(name: &str) -> Option<&'static BuiltIn> {
    let mut by_name = FIELDS.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
    let only = by_name.next().filter(|_| by_name.next().is_none());
    FIELDS.iter().find(|field| field.id == name).or(only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn each_field_is_there_once_in_a_section_that_the_catalogue_has() {
        let mut ids: Vec<&str> = all().iter().map(|field| field.id.as_str()).collect();
        assert!(ids.len() > 200, "{}", ids.len());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all().len());
        for field in all() {
            assert!(Catalogue::embedded().is_category(&field.section), "{}", field.id);
        }
    }

    #[test]
    fn a_field_goes_by_its_id_or_by_a_name_that_no_other_bears() {
        let section = |name: &str| find(name).map(|field| field.section.as_str());
        assert_eq!(section("home.mobilePhone"), Some("personalContact"));
        assert_eq!(section("first name"), Some("root"));
        let twice =
            all().iter().find(|one| all().iter().filter(|it| it.name == one.name).count() > 1).unwrap();
        assert_eq!(section(&twice.name), None, "{}", twice.name);
        assert_eq!(section("T-shirt size"), None);
    }
}
