//! The generations of HiBob's screens: where things stand in each, and what they are called there.

use std::sync::LazyLock;

use serde::Deserialize;

use super::rows::KnownBy;

/// One generation of HiBob's screens.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Screens {
    /// Its word in policies and after `--ui`.
    pub id: String,
    /// What tells it from the others, as an end of "the screens …".
    pub name: String,
    /// Whether each field has boxes of its own.
    #[serde(default)]
    pub by_field: bool,
    /// How an admin tells which one it is.
    pub about: String,
    /// The way to the service users.
    pub service_users: Vec<String>,
    /// What is done there, one step each.
    pub new_service_user: Vec<String>,
    /// What the dialog calls the id.
    pub id_name: String,
    /// What the dialog calls the token.
    pub token_name: String,
    /// The way to the permission groups.
    pub groups: Vec<String>,
    /// Whether a group has a type, and one of them is for service users: then no condition chooses its members.
    #[serde(default)]
    pub group_types: bool,
    /// How a group for a service user is made, one step each.
    pub new_group: Vec<String>,
    /// How the service user becomes a member, one step each; none where making the group does it.
    #[serde(default)]
    pub join: Vec<String>,
    /// How a group for people is made, one step each.
    pub new_group_of_people: Vec<String>,
    /// How the boxes of a group are opened; `{tab}` stands for the tab of the first of them.
    pub rights: String,
    /// The tab of what may be seen.
    pub data: String,
    /// The tab of what may be done.
    pub features: String,
    /// The block of people's fields.
    pub people: String,
    /// Where it is chosen whose data is meant.
    pub audience: String,
    /// How that is known.
    pub known_by: KnownBy,
    /// Where that is known from.
    pub source: String,
}

/// The rows as they stand in the binary.
pub(super) const ROWS: &str = include_str!("screens.yaml");

static SCREENS: LazyLock<Vec<Screens>> = LazyLock::new(|| {
    serde_yaml::from_str(ROWS)
        // The rows are compiled in and read by a test, so this cannot happen in a build that passed it.
        .unwrap_or_else(|problem| panic!("the rows of HiBob's screens do not load: {problem}"))
});

/// Every generation, the oldest first.
pub fn all() -> &'static [Screens] {
    &SCREENS
}

/// One by its word.
pub fn find(id: &str) -> Option<&'static Screens> {
    all().iter().find(|screens| screens.id == id)
}

/// The newest, of tenants whose rights are given by field, or by section.
pub fn newest(by_field: bool) -> &'static Screens {
    // A test holds that there are both.
    all().iter().rfind(|screens| screens.by_field == by_field).unwrap_or(&all()[0])
}

impl Screens {
    /// The way to a box within its group. The rows of boxes name it as the tab and the blocks are called
    /// before rights were given field by field.
    pub fn way(&self, path: &[String]) -> Vec<String> {
        let mut way: Vec<String> = Vec::with_capacity(path.len());
        for (at, step) in path.iter().enumerate() {
            way.push(match (at, step.as_str()) {
                (0, "People's data") => self.data.clone(),
                (0, "Features") => self.features.clone(),
                (1, "People") if path[0] == "People's data" => self.people.clone(),
                (1, "Access data for") => self.audience.clone(),
                _ => step.clone(),
            });
        }
        way.dedup();
        way
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_generation_is_whole() {
        let ids: Vec<&str> = all().iter().map(|screens| screens.id.as_str()).collect();
        assert_eq!(ids, ["roles-and-permissions", "access-rights", "access-data-for", "peoples-fields"]);
        assert_eq!((newest(false).id.as_str(), newest(true).id.as_str()), (ids[2], ids[3]));
        for screens in all() {
            assert!(
                !screens.new_service_user.is_empty()
                    && !screens.new_group.is_empty()
                    && !screens.new_group_of_people.is_empty(),
                "{}",
                screens.id
            );
            assert!(!screens.source.is_empty() && !screens.about.is_empty(), "{}", screens.id);
            assert_eq!(screens.group_types, screens.join.is_empty(), "{}", screens.id);
        }
    }

    #[test]
    fn the_same_box_stands_elsewhere_in_each() {
        let way = |id: &str, path: &[&str]| {
            let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
            find(id).unwrap().way(&path).join(" › ")
        };
        let work = ["People's data", "People", "Work"];
        assert_eq!(way("roles-and-permissions", &work), "Other Employees › People › Work");
        assert_eq!(way("access-data-for", &work), "People's data › People › Work");
        assert_eq!(way("peoples-fields", &work), "People's data › People's fields › Work");
        assert_eq!(
            way("access-rights", &["People's data", "Access data for"]),
            "People's data › Access rights"
        );
        assert_eq!(
            way("peoples-fields", &["Features", "People", "Directory"]),
            "Features › People › Directory"
        );
    }

    #[test]
    fn every_row_of_a_box_starts_at_a_tab_that_is_renamed() {
        for permission in Catalogue::embedded().permissions() {
            let tab = permission.path[0].as_str();
            assert!(["People's data", "Features"].contains(&tab), "{}: {tab}", permission.id);
        }
    }
}
