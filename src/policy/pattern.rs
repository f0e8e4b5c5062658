//! Patterns of permission ids: `*` within one part of an id, `**` for any number of parts.

use std::fmt;

use crate::catalogue::id::{PermissionId, glob};
use crate::catalogue::is_custom_category;

/// A pattern of permission ids, such as `people/*/view`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(String);

impl Pattern {
    /// Takes a text for a pattern; an id without a star fits itself.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an id fits. A pattern takes boxes, and a lifecycle status is none.
    pub fn fits(&self, id: &PermissionId) -> bool {
        if id.as_population().is_some() {
            return false;
        }
        let pattern: Vec<&str> = self.0.split('/').collect();
        let parts: Vec<&str> = id.as_str().split('/').collect();
        // A row of the table says which parts of the id the pattern so far can have used up, so that no
        // pattern takes more than one look at each pair.
        let mut used = vec![false; parts.len() + 1];
        used[0] = true;
        for part in pattern {
            let mut next = vec![false; parts.len() + 1];
            for at in 0..=parts.len() {
                next[at] = if part == "**" {
                    used[at] || (at > 0 && next[at - 1])
                } else {
                    at > 0 && used[at - 1] && glob(part, parts[at - 1])
                };
            }
            used = next;
        }
        used.last().copied().unwrap_or(false)
    }

    /// Every box of a section of people's data that goes by its name on the screen.
    pub fn of_named_section(name: &str) -> Self {
        Self(format!("people/{name}/**"))
    }

    /// The section that it names by what the screen calls it: no id has a blank or a capital at its beginning.
    pub fn named_section(&self) -> Option<&str> {
        let name = self.0.strip_prefix("people/")?.strip_suffix("/**")?;
        is_name_of_a_section(name).then_some(name)
    }

    /// Whether it names a section or a folder, or how its name begins or ends. Whoever writes that expects it to be
    /// there; `*` and `category_*` stand for all that there may be, and for none where there is none.
    pub fn names_what_it_expects(&self) -> bool {
        let mut parts = self.0.split('/');
        match (parts.next(), parts.next()) {
            (Some("people"), Some("category_*")) => false,
            (Some("people" | "docs"), Some(part)) => part.chars().any(|c| c != '*'),
            _ => false,
        }
    }

    /// Whether a box of the tenant's own may fit: a category, a field or a folder that it made.
    pub fn may_fit_a_tenants_own(&self) -> bool {
        ["people/category_1", "fields/own", "docs/own"].iter().any(|section| {
            ["view", "history", "edit", "upload", "delete"].iter().any(|action| {
                PermissionId::parse(&format!("{section}/{action}")).is_ok_and(|id| self.may_fit(&id))
            })
        })
    }

    /// Whether a box of the tenant's own may fit both: what stands before the first star of each, and after the
    /// last, has to go together.
    pub fn may_meet_among_a_tenants_own(&self, other: &Self) -> bool {
        let head = |pattern: &Self| pattern.0.split('*').next().unwrap_or_default().to_owned();
        let tail = |pattern: &Self| pattern.0.rsplit('*').next().unwrap_or_default().to_owned();
        let ((one, two), (end, last)) = ((head(self), head(other)), (tail(self), tail(other)));
        self.may_fit_a_tenants_own()
            && other.may_fit_a_tenants_own()
            && (one.starts_with(&two) || two.starts_with(&one))
            && (end.ends_with(&last) || last.ends_with(&end))
    }

    /// Whether an id may fit whose section a tenant named: any name will do there.
    pub fn may_fit(&self, id: &PermissionId) -> bool {
        let block = self.0.split('/').next().unwrap_or_default();
        let is_own = |part: &str| match block {
            _ if part.contains('*') => part != "**",
            "people" => is_custom_category(part),
            "fields" => true,
            "docs" => !matches!(part, "shared" | "confidential"),
            _ => false,
        };
        let parts = self.0.split('/').enumerate();
        let loosened = parts.map(|(at, part)| if at == 1 && is_own(part) { "*" } else { part });
        Self(loosened.collect::<Vec<_>>().join("/")).fits(id)
    }
}

/// Whether a text is what a screen calls a section, and no id or part of one.
pub fn is_name_of_a_section(text: &str) -> bool {
    !text.contains(['/', '*']) && (text.contains(' ') || text.starts_with(char::is_uppercase))
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_goes_by_what_the_screen_calls_it() {
        for (text, name) in [
            ("Access control", Some("Access control")),
            ("Compensation", Some("Compensation")),
            ("access control", Some("access control")),
            ("payroll", None),
            ("personalContact", None),
            ("category_17", None),
        ] {
            assert_eq!(Pattern::of_named_section(text).named_section(), name, "{text}");
        }
        assert_eq!(Pattern::new("people/*/edit").named_section(), None);
    }

    #[test]
    fn a_star_stays_within_its_part_and_two_do_not() {
        for (pattern, id, fits) in [
            ("people/*/view", "people/work/view", true),
            ("people/*/view", "people/work/edit", false),
            ("people/*/view", "people/a/b/view", false),
            ("people/**", "people/a/b/view", true),
            ("**/edit", "people/work/edit", true),
            ("**", "people/work/edit", true),
            ("people/**/view", "people/view", true),
            ("people/category_*/view", "people/category_17/view", true),
            ("people/category_*/view", "people/work/view", false),
            ("people/work/view", "people/work/view", true),
            ("docs/*", "docs/shared/view", false),
            ("**", "population/employed", false),
            ("population/*", "population/employed", false),
        ] {
            let id = PermissionId::parse(id).unwrap();
            assert_eq!(Pattern::new(pattern).fits(&id), fits, "{pattern} {id}");
        }
    }

    #[test]
    fn what_a_tenant_makes_itself_may_fit() {
        for (pattern, may) in [
            ("people/*/view", true),
            ("people/category_*/view", true),
            ("fields/personal.*/view", true),
            ("**/edit", true),
            ("features/**", false),
            ("docs/shared/*", false),
            ("people/eeo/*", false),
            ("people/category_18/*", true),
            ("docs/0b1c/view", true),
        ] {
            assert_eq!(Pattern::new(pattern).may_fit_a_tenants_own(), may, "{pattern}");
        }
    }

    #[test]
    fn a_part_of_a_name_is_expected_to_be_there_and_a_star_is_not() {
        for (pattern, expects) in [
            ("docs/Other*/view", true),
            ("docs/Payslips/*", true),
            ("people/*notes*/view", true),
            ("people/category_17/**", true),
            ("people/category_*/view", false),
            ("people/*/view", false),
            ("docs/**", false),
            ("fields/personal.*/view", false),
            ("**/edit", false),
            ("**", false),
        ] {
            assert_eq!(Pattern::new(pattern).names_what_it_expects(), expects, "{pattern}");
        }
    }

    #[test]
    fn two_patterns_may_meet_among_what_a_tenant_makes() {
        for (one, other, may) in [
            ("people/*/view", "people/category_17/view", true),
            ("people/category_*/view", "people/category_17/*", true),
            ("people/category_*/view", "people/category_17/edit", false),
            ("people/**", "docs/own/view", false),
            ("**/edit", "fields/a.b/edit", true),
            ("features/**", "docs/**", false),
        ] {
            let (one, other) = (Pattern::new(one), Pattern::new(other));
            assert_eq!(one.may_meet_among_a_tenants_own(&other), may, "{one} {other}");
            assert_eq!(other.may_meet_among_a_tenants_own(&one), may, "{other} {one}");
        }
    }

    #[test]
    fn many_stars_take_no_longer_than_their_number() {
        let pattern = Pattern::new("**/".repeat(2_000) + "nothing");
        let id = PermissionId::parse("a/".repeat(500).trim_end_matches('/')).unwrap();
        assert!(!pattern.fits(&id));
    }
}
