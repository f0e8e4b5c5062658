//! What the gate of a run lets pass without a verdict.

use crate::access;
use crate::catalogue::id::{PermissionId, glob};
use crate::gaps::Gaps;
use crate::report::{Checkable, Gate};

impl Gate {
    /// The globs of `--tolerate` that fit no item, by its id or as a line has it: most likely they are misspelt.
    pub fn fits_nothing<'a>(&'a self, gaps: &[Gaps<'_>]) -> Vec<&'a str> {
        let fits = |word: &str| {
            gaps.iter().flat_map(|gaps| &gaps.items).any(|gap| {
                let written = gap.requirement.and_then(|requirement| requirement.target.permission());
                gap.permission.iter().chain(written).any(|id| glob(word, id.as_str()))
            })
        };
        let globs = self.tolerate.iter().filter(|word| word.contains(['/', '*']));
        globs.filter(|word| !fits(word)).map(String::as_str).collect()
    }

    /// Whether an unverified item is covered: by `uncheckable`, by its doubt, or by a glob of its id.
    ///
    /// `uncheckable` covers what the API can never show. A list that is not known is no such item: it
    /// has to be named, so that a policy without its list is never green by habit.
    pub(super) fn tolerates(
        &self,
        checkable: Checkable,
        doubt: Option<&str>,
        id: Option<&PermissionId>,
    ) -> bool {
        self.tolerate.iter().any(|word| {
            let uncheckable = word == "uncheckable"
                && checkable != Checkable::Api
                && doubt != Some(access::Doubt::ListNotKnown.as_str());
            uncheckable
                || doubt == Some(word.as_str())
                || id.is_some_and(|id| word.contains(['/', '*']) && glob(word, id.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_stands_for_any_run_and_nothing_else() {
        for (pattern, text, fits) in [
            ("people/*/edit", "people/work/edit", true),
            ("people/*/edit", "people/work/view", false),
            ("people/*", "people/work/edit", true),
            ("*/view", "people/work/view", true),
            ("people/work/view", "people/work/view", true),
            ("people/work", "people/work/view", false),
            ("people/**/view", "people/work/view", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn a_list_that_is_not_known_is_tolerated_only_by_name() {
        let gate =
            |word: &str| Gate { fail_on: Vec::new(), tolerate: vec![word.to_owned()], min_coverage: None };
        let covers = |word: &str, doubt: &str| gate(word).tolerates(Checkable::Integrator, Some(doubt), None);
        assert!(covers("uncheckable", "box-not-named"));
        assert!(!covers("uncheckable", "list-not-known"));
        assert!(covers("list-not-known", "list-not-known"));
        assert!(!gate("uncheckable").tolerates(Checkable::Api, Some("silence"), None));
    }
}
