//! The schema that editors complete policies from: no host serves it, so it stands beside what is written.

use std::path::{Path, PathBuf};

use crate::commands::form;
use crate::policy::schema::schema_text;
use crate::source::clean::clean;

const NAME: &str = "policy.v1.json";

/// Where the schema is for a file that is being written.
pub(super) struct Schema {
    /// As it is written in the head of the file.
    pub(super) way: String,
    /// Where it has to be put; none if it is there, or if nothing is written to a file.
    absent: Option<PathBuf>,
}

impl Schema {
    /// Looks beside a file and above it; for standard output, in this folder.
    pub(super) fn of(file: Option<&Path>) -> Self {
        let folder = file.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        match way(folder) {
            Some(way) => Self { way, absent: None },
            None => Self { way: NAME.to_owned(), absent: file.map(|_| folder.join(NAME)) },
        }
    }

    /// Puts it beside the file, once that is written. An editor can do without it, so nothing fails here.
    pub(super) fn put(&self) {
        let Some(file) = &self.absent else { return };
        let name = clean(&file.to_string_lossy());
        form::tell(&match form::deliver_new(&schema_text(), file) {
            Ok(()) => format!("wrote {name} beside it: editors explain and complete the file with it"),
            Err(_) => format!("for an editor that completes: `audit schema policy > {name}`"),
        });
    }
}

/// From a folder to the nearest schema in it or above it, as it is written in the head of a policy.
fn way(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mut way = String::new();
    for above in folder.ancestors() {
        for below in [NAME.to_owned(), format!("schemas/{NAME}")] {
            if above.join(&below).is_file() {
                return Some(format!("{way}{below}"));
            }
        }
        way.push_str("../");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_found_beside_a_file_and_above_it_and_put_where_there_is_none() {
        let home = tempfile::tempdir().unwrap();
        let below = home.path().join("a/b");
        std::fs::create_dir_all(home.path().join("schemas")).unwrap();
        std::fs::create_dir_all(&below).unwrap();
        let file = below.join("x.yaml");
        let none = Schema::of(Some(&file));
        assert_eq!((none.way.as_str(), none.absent.is_some()), ("policy.v1.json", true));
        std::fs::write(home.path().join("schemas/policy.v1.json"), "{}").unwrap();
        let above = Schema::of(Some(&file));
        assert_eq!((above.way.as_str(), above.absent), ("../../schemas/policy.v1.json", None));
        none.put();
        let beside = Schema::of(Some(&file));
        assert_eq!((beside.way.as_str(), beside.absent), ("policy.v1.json", None));
        assert_eq!(std::fs::read_to_string(below.join("policy.v1.json")).unwrap(), schema_text());
        assert_eq!(way(&below.join("nowhere")), None);
    }
}
