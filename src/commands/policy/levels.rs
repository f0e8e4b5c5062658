//! What a lint counts as: `--allow` and `--deny`.

use std::collections::BTreeMap;

use crate::catalogue::id::nearest;
use crate::error::Error;
use crate::lint::codes::{self, LINTS};
use crate::source::clean::clean;
use crate::source::problems::{Problem, Severity};

/// Stands for every lint at once; a code by itself wins over it.
const ALL: &str = "warnings";

/// What lints count as, where it is not a warning.
pub(super) struct Levels {
    of: BTreeMap<&'static str, Level>,
    others: Level,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Allow,
    Warn,
    Deny,
}

impl Levels {
    pub(super) fn read(allow: &[String], deny: &[String]) -> Result<Self, Error> {
        let mut levels = Self { of: BTreeMap::new(), others: Level::Warn };
        let words = allow.iter().map(|word| ("--allow", word, Level::Allow));
        for (flag, word, level) in words.chain(deny.iter().map(|word| ("--deny", word, Level::Deny))) {
            let was = if word == ALL {
                let was = levels.others;
                levels.others = level;
                Some(was).filter(|was| *was != Level::Warn)
            } else {
                let Some(lint) = codes::find(word) else { return Err(unknown(flag, word)) };
                levels.of.insert(lint.code, level)
            };
            if was.is_some_and(|was| was != level) {
                return Err(Error::Conflict {
                    what: format!("`{word}` is both allowed and denied"),
                    hint: "name it once, after --allow or after --deny".to_owned(),
                });
            }
        }
        Ok(levels)
    }

    /// Whether a problem is to be told; one that is denied becomes an error.
    pub(super) fn apply(&self, problem: &mut Problem) -> bool {
        if !problem.may_be_allowed {
            return true;
        }
        match self.of.get(problem.code).copied().unwrap_or(self.others) {
            Level::Allow => return false,
            Level::Warn => {}
            Level::Deny => problem.severity = Severity::Error,
        }
        true
    }
}

fn unknown(flag: &'static str, word: &str) -> Error {
    let known = LINTS.iter().map(|lint| lint.code).chain([ALL]);
    let hint = match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let codes: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
            format!("one of: {ALL}, {}; docs/lints.md explains them", codes.join(", "))
        }
    };
    Error::UnknownWord { flag, word: clean(word), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn after(levels: &Levels, code: &'static str) -> Option<Severity> {
        let mut problem = Problem::warning(code, "odd", 0..0);
        levels.apply(&mut problem).then_some(problem.severity)
    }

    #[test]
    fn a_code_wins_over_all() {
        let levels = Levels::read(&words(&["open-list"]), &words(&["warnings"])).unwrap();
        assert_eq!(after(&levels, "open-list"), None);
        assert_eq!(after(&levels, "duplicate-line"), Some(Severity::Error));
        let levels = Levels::read(&words(&["warnings"]), &words(&["open-list"])).unwrap();
        assert_eq!(after(&levels, "open-list"), Some(Severity::Error));
        assert_eq!(after(&levels, "duplicate-line"), None);
    }

    #[test]
    fn a_mistake_cannot_be_allowed() {
        let levels = Levels::read(&words(&["warnings"]), &[]).unwrap();
        assert!(levels.apply(&mut Problem::error("unknown-permission", "wrong", 0..0)));
        assert!(Levels::read(&words(&["unknown-permission"]), &[]).is_err());
    }

    #[test]
    fn a_code_that_is_none_is_held_against_those_that_are() {
        let Err(Error::UnknownWord { hint, .. }) = Levels::read(&[], &words(&["open-lst"])) else { panic!() };
        assert!(hint.contains("open-list"), "{hint}");
        assert!(Levels::read(&words(&["open-list"]), &words(&["open-list"])).is_err());
        assert!(Levels::read(&words(&["warnings"]), &words(&["warnings"])).is_err());
    }
}
