//! What the tenant's screens call things, and which id that is.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Catalogue;
use crate::catalogue::id::EndpointId;
use crate::evidence::{Evidence, Reply};

use super::Access;

/// What can be told of the tenant by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Whether the tenant's metadata was read, so that what it does not name is not there.
    metadata_known: bool,
    /// Whether the search for people was answered, so that who did not come back is not visible.
    people_known: bool,
    /// Whether the tenant's own tables were listed.
    tables_known: bool,
    /// Whether the tenant's own folders were listed.
    folders_known: bool,
    /// The categories of the tenant's own tables, by the table's id and by its name in lowercase.
    tables: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for table in &evidence.custom_tables {
            for name in [&table.id, &table.name].into_iter().filter(|name| !name.is_empty()) {
                tables.entry(name.to_lowercase()).or_default().insert(table.category.clone());
            }
        }
        let was_listed = |endpoint: &str| {
            let list = evidence.answers.get(&EndpointId::new(endpoint));
            list.is_some_and(|list| list.seen.reply == Reply::Answered)
        };
        Self {
            tables_known: was_listed("custom-tables"),
            folders_known: was_listed("docs-folders"),
            metadata_known: evidence.metadata.reply == Reply::Answered,
            people_known: evidence.people.seen.reply == Reply::Answered,
            tables,
        }
    }
}

impl Access {
    /// Whether the tenant's metadata was read, so that a name that is not in it is not there.
    pub fn knows_the_metadata(&self) -> bool {
        self.names.metadata_known
    }

    /// Whether the search for people was answered, so that who did not come back is not visible.
    pub fn knows_the_people(&self) -> bool {
        self.names.people_known
    }

    /// Whether the tenant's own tables were listed, so that one that is not among them is not there.
    pub fn knows_the_tables(&self) -> bool {
        self.names.tables_known
    }

    /// Whether the tenant's own folders were listed.
    pub fn knows_the_folders(&self) -> bool {
        self.names.folders_known
    }

    /// The categories that the tenant's screens call by a name, whatever its capitals.
    ///
    /// A built-in one without fields bears HiBob's own name: the metadata cannot tell of another.
    pub fn categories_named(&self, catalogue: &Catalogue, name: &str) -> BTreeSet<String> {
        let same = |other: &str| other.to_lowercase() == name.to_lowercase();
        let of_tenant = self.section_names.iter().filter(|(_, shown)| same(shown));
        let without_fields = catalogue
            .categories()
            .iter()
            .filter(|known| !self.section_names.contains_key(&known.id))
            .filter(|known| same(&known.name) || known.also.iter().any(|also| same(also)));
        of_tenant
            .map(|(category, _)| category.clone())
            .chain(without_fields.map(|known| known.id.clone()))
            .collect()
    }

    /// The fields that bear an id, or else those that the tenant's screens call by a name.
    pub fn fields_named(&self, name: &str) -> BTreeSet<String> {
        if self.category_of_field.contains_key(name) {
            return BTreeSet::from([name.to_owned()]);
        }
        let same = |shown: &str| shown.to_lowercase() == name.to_lowercase();
        let named = self.field_names.iter().filter(|(_, shown)| same(shown));
        named.map(|(id, _)| id.clone()).collect()
    }

    /// The tenant's own document folder that bears an id, or else those that its screens call by a name.
    pub fn folders_named(&self, name: &str) -> BTreeSet<String> {
        if self.folder_names.contains_key(name) {
            return BTreeSet::from([name.to_owned()]);
        }
        let same = |shown: &str| shown.to_lowercase() == name.to_lowercase();
        let named = self.folder_names.iter().filter(|(_, shown)| same(shown));
        named.map(|(id, _)| id.clone()).collect()
    }

    /// The ids of all fields that the tenant has.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.category_of_field.keys().map(String::as_str)
    }

    /// The categories of the tenant's own tables of an id or a name.
    pub fn tables_named(&self, name: &str) -> BTreeSet<String> {
        self.names.tables.get(&name.to_lowercase()).cloned().unwrap_or_default()
    }

    /// Gives a category the name that the customer vouches for, where the metadata does not tell one.
    pub fn call(&mut self, category: &str, name: &str) {
        self.section_names.entry(category.to_owned()).or_insert_with(|| name.to_owned());
    }
}
