//! The policies that ship inside the binary.

use super::reader;
use crate::source::Source;

/// Names, each with the text of its file.
macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../policies/", $name, ".yaml")))),*]
    };
}

/// Each by its name, in order.
const SHIPPED: [(&str, &str); 34] = shipped![
    "50skills",
    "5mins",
    "airmason",
    "apideck",
    "apono",
    "bindbee",
    "compete",
    "compt",
    "conductorone",
    "conni",
    "deel",
    "drata",
    "figures",
    "finch",
    "frontegg",
    "gifted",
    "growrk",
    "hire2retire",
    "knit",
    "kombo",
    "merge",
    "merge-older",
    "multiplier",
    "operating",
    "perkbox",
    "snappy",
    "stackone",
    "stackone-hub",
    "stackone-older",
    "torii",
    "truto",
    "uapi",
    "unified",
    "zluri",
];

/// Why a shipped policy cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShippedError {
    /// It ships, in another version.
    #[error("policy `{name}` ships in version {has}, and {asked} was asked for")]
    OtherVersion {
        /// Its name.
        name: String,
        /// The version that was insisted on.
        asked: String,
        /// The version that ships.
        has: String,
    },
}

impl ShippedError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::OtherVersion { name, has, .. } => {
                format!("ask for `{name}@{has}`, or pass the path of a copy of the version you need")
            }
        }
    }
}

/// The names of the shipped policies, in order.
pub fn names() -> Vec<&'static str> {
    SHIPPED.iter().map(|(name, _)| *name).collect()
}

/// A shipped policy by its name: `frontegg`, `frontegg.yaml`, or `frontegg@2026-11-21` to insist on a
/// version. `None` when none has this name.
///
/// # Errors
/// When it ships in another version than the one insisted on.
pub fn find(name: &str) -> Result<Option<Source>, ShippedError> {
    let (name, asked) = match name.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (name, None),
    };
    let name = name.strip_suffix(".yaml").unwrap_or(name);
    let Some((name, text)) = SHIPPED.iter().find(|(known, _)| *known == name) else { return Ok(None) };
    let source = Source::new(format!("{name}.yaml"), *text);
    if let Some(asked) = asked {
        let has = reader::version(&source).unwrap_or_default();
        if asked != has {
            return Err(ShippedError::OtherVersion {
                name: (*name).to_owned(),
                asked: asked.to_owned(),
                has,
            });
        }
    }
    Ok(Some(source))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_folder_holds_exactly_what_ships() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        let mut files: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let mut shipped: Vec<String> = names().iter().map(|name| format!("{name}.yaml")).collect();
        shipped.sort();
        assert_eq!(files, shipped);
    }

    #[test]
    fn a_policy_is_found_by_its_name_in_every_spelling() {
        for name in ["frontegg", "frontegg.yaml", "frontegg@2026-11-21", "frontegg.yaml@2026-11-21"] {
            let source = find(name).unwrap().unwrap();
            assert_eq!(source.name, "frontegg.yaml");
        }
        for name in ["front", "", "@", "frontegg.yml", "policies/frontegg.yaml", "nobody@2026-11-21"] {
            assert_eq!(find(name), Ok(None), "{name}");
        }
    }

    #[test]
    fn another_version_is_refused_and_the_one_there_is_named() {
        let error = find("frontegg@2025-01-01").unwrap_err();
        assert_eq!(
            error.to_string(),
            "policy `frontegg` ships in version 2026-11-21, and 2025-01-01 was asked for"
        );
        assert!(error.hint().contains("frontegg@2026-11-21"));
    }

    #[test]
    fn a_file_is_named_after_its_policy_and_points_editors_at_the_schema() {
        for name in names() {
            let source = find(name).unwrap().unwrap();
            assert!(source.text.starts_with("# yaml-language-server: $schema=../schemas/policy.v1.json\n"));
            assert!(source.text.contains(&format!("\npolicy: {name}\n")), "{name}");
        }
    }
}
