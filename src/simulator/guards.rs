//! The guard table: which boxes guard which call. Rows of data, read from `guards.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::tenant::Module;

/// How a missing box shows, where it is not a plain 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LackShows {
    #[default]
    Forbidden,
    WhosOut,
    Reports,
    Goals,
    Budget,
    BudgetWrite,
}

/// One call and what guards it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guard {
    pub(super) call: String,
    #[serde(default)]
    pub(super) needs: Vec<String>,
    #[serde(default)]
    pub(super) either: Vec<String>,
    #[serde(default)]
    pub(super) module: Option<Module>,
    #[serde(default)]
    pub(super) lacking: LackShows,
    pub(super) limit: u32,
    /// The table that the call serves, for calls that stand for a row of `tables`.
    #[serde(skip)]
    pub(super) table: Option<usize>,
}

/// One table of a person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) category: String,
    /// Whether View alone shows only the row in force.
    #[serde(default)]
    pub(super) history: bool,
    #[serde(default)]
    pub(super) person: bool,
    #[serde(default)]
    pub(super) bulk: bool,
    /// Whether a GET with a JSON content type is answered with a page.
    #[serde(default)]
    pub(super) strict: bool,
    #[serde(default)]
    pub(super) limit: Option<u32>,
    pub(super) writes: Vec<String>,
    #[serde(default)]
    pub(super) columns: BTreeMap<String, String>,
}

/// The whole table of guards.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Guards {
    pub(super) calls: Vec<Guard>,
    pub(super) tables: Vec<Table>,
    pub(super) sensitive: BTreeSet<String>,
    pub(super) default_categories: BTreeSet<String>,
    pub(super) everybody_has: BTreeSet<String>,
    pub(super) unwritable: BTreeSet<String>,
}

/// A guard together with what its template caught in the path.
pub(super) struct Caught<'g> {
    pub(super) guard: &'g Guard,
    pub(super) names: BTreeMap<String, String>,
}

static GUARDS: LazyLock<Result<Guards, String>> = LazyLock::new(|| Guards::read(include_str!("guards.yaml")));

impl Guards {
    pub(super) fn embedded() -> Result<Self, String> {
        GUARDS.clone()
    }

    fn read(yaml: &str) -> Result<Self, String> {
        let mut guards: Self = serde_yaml::from_str(yaml).map_err(|error| error.to_string())?;
        let served: Vec<Guard> =
            guards.tables.iter().enumerate().flat_map(|(at, table)| table.calls(at)).collect();
        guards.calls.extend(served);
        Ok(guards)
    }

    /// The guard of a call, the first that fits.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Caught<'_>> {
        self.calls.iter().find_map(|guard| guard.catches(method, path).map(|names| Caught { guard, names }))
    }

    pub(super) fn is_writable(&self, field: &str) -> bool {
        !self.unwritable.iter().any(|row| row == field || (row.ends_with('.') && field.starts_with(row)))
    }
}

impl Guard {
    fn catches(&self, method: &str, path: &str) -> Option<BTreeMap<String, String>> {
        let (wanted, template) = self.call.split_once(' ')?;
        if wanted != method {
            return None;
        }
        let mut names = BTreeMap::new();
        let mut given = path.split('/');
        for part in template.split('/') {
            let segment = given.next()?;
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(_) if segment.is_empty() => return None,
                Some(name) => {
                    names.insert(name.to_owned(), segment.to_owned());
                }
                None if part == segment => {}
                None => return None,
            }
        }
        given.next().is_none().then_some(names)
    }

    pub(super) fn is_read_by_post(&self) -> bool {
        self.call.starts_with("POST ") && self.call.ends_with("/search")
    }

    /// Whether the call is about one person, whose group then has to hold the boxes.
    pub(super) fn is_personal(&self) -> bool {
        self.call.contains("{id}")
    }
}

impl Table {
    fn calls(&self, at: usize) -> Vec<Guard> {
        let mut calls = Vec::new();
        let mut serve = |call: String, limit: u32| {
            calls.push(Guard {
                call,
                needs: Vec::new(),
                either: Vec::new(),
                module: None,
                lacking: LackShows::default(),
                limit,
                table: Some(at),
            });
        };
        if self.bulk {
            serve(format!("GET /bulk/people/{}", self.name), 50);
        }
        if self.person {
            serve(format!("GET /people/{{id}}/{}", self.name), self.limit.unwrap_or(50));
        }
        for method in &self.writes {
            let entry = if method == "POST" { "" } else { "/{entry}" };
            serve(format!("{method} /people/{{id}}/{}{entry}", self.name), 10);
        }
        calls
    }
}
