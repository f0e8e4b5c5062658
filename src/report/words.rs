//! The wording of every report for people: one place, so that one thing has one name.

use super::bins::Kind;
use super::map::Standing;
use super::{
    Item, KnownBy, Need, NoticeKind, Omission, Outcome, PermissionModel, Role, Scope, Sensitivity, Status,
    Strength, VerdictWord, text,
};

/// The first words of whatever is written about a run against the simulator.
pub const SIMULATED: &str = "SIMULATED: made up by the built-in simulator; no HiBob was asked";

/// Why something has no verdict in a run that did not reach its end.
pub const CUT_SHORT: &str = "the run was stopped before this was settled";

/// `1 setting`, `2 settings`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", plural(number, one, many))
}

/// The word that goes with a number.
pub fn plural<'w>(number: usize, one: &'w str, many: &'w str) -> &'w str {
    if number == 1 { one } else { many }
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// The first `most` words, and how many more there are.
pub fn list_some<S: AsRef<str>>(words: &[S], most: usize) -> String {
    // One name is never hidden behind "and 1 more", which is no shorter.
    if words.len() <= most + 1 {
        return list(words);
    }
    let shown: Vec<&str> = words[..most].iter().map(AsRef::as_ref).collect();
    format!("{} and {} more", shown.join(", "), words.len() - most)
}

/// A path of clicks.
pub fn path<S: AsRef<str>>(steps: &[S]) -> String {
    steps.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" › ")
}

/// How many steps several paths have in common from the top: as far as the permission group, and
/// never a whole path, since its last step is what tells one item from another.
pub fn shared_steps(paths: &[&[String]]) -> usize {
    let Some((first, others)) = paths.split_first() else { return 0 };
    let most = paths.iter().map(|path| path.len()).min().unwrap_or(0).saturating_sub(1).min(4);
    (0..most).take_while(|at| others.iter().all(|path| path[*at] == first[*at])).count()
}

/// The steps above the permission group, for a thing that is to be done in several groups. A way
/// that does not lead through the groups stays whole.
pub fn up_to_groups(steps: &[String]) -> &[String] {
    let groups = steps.iter().position(|step| step.eq_ignore_ascii_case("permission groups"));
    groups.map_or(steps, |at| &steps[..=at])
}

/// What ends every change of a group.
pub const APPLY: &str = "Press Save, then Apply, and confirm if HiBob asks. HiBob needs about ten seconds.";

/// What nobody needs to send.
pub const NEVER_THE_TOKEN: &str = "Please never send us the token, nor a screenshot that shows it.";

/// That the choice of people is no box, and how it is opened.
pub fn not_a_box(audience: &str) -> String {
    format!(
        "This is not a box. It is the choice of people whom the service user can see, under {audience}: Select \
         people by condition, Edit, then Lifecycle status equals …"
    )
}

/// The place where an admin chooses whose data a group reaches.
pub const AUDIENCE: &str = "Access data for";

/// How many steps lead to a permission group and into it.
pub fn below_the_group(steps: &[String]) -> usize {
    let groups = steps.iter().position(|step| step.eq_ignore_ascii_case("permission groups"));
    groups.map_or(0, |at| at + 2)
}

/// Whether a permission is no box but a choice of people.
pub fn is_population(permission: &str) -> bool {
    permission.starts_with("population/")
}

/// Who does something.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::HibobAdmin => "HiBob admin",
        Role::Integrator => "integrator",
        Role::Operator => "you",
    }
}

/// The result as the first word of a report.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Satisfied => "SATISFIED",
        Outcome::Gaps => "GAPS",
        Outcome::Inconclusive => "INCONCLUSIVE",
        Outcome::NoVerdict => "NO VERDICT",
    }
}

/// A status in words.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Satisfied => "as wanted",
        Status::Missing => "missing",
        Status::Excess => "in excess",
        Status::Unverified => "unverified",
        Status::Waived => "accepted",
        Status::Attested => "seen on the screen",
        Status::OptionalMissing => "optional, not there",
    }
}

/// A status as one sign, for those who cannot tell its colour.
pub fn mark(status: Status) -> &'static str {
    match status {
        Status::Satisfied => "✓",
        Status::Missing => "✗",
        Status::Excess => "+",
        Status::Unverified => "?",
        Status::Waived | Status::Attested => "=",
        Status::OptionalMissing => "–",
    }
}

/// What a bin is for.
pub(super) fn bin(kind: Kind) -> &'static str {
    match kind {
        Kind::ToDo => "To do",
        Kind::ToVerify => "To verify",
        Kind::InOrder => "In order",
    }
}

/// How a box stands, as one sign and in words.
pub(super) fn standing(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Missing => ("✗", "missing"),
        Standing::Excess => ("+", "held and not wanted"),
        Standing::Unverified => ("?", "asked for, not verified"),
        Standing::Decided => ("=", "decided by a person"),
        Standing::Wanted => ("✓", "held, as wanted"),
        Standing::Spared => ("○", "not held, as wanted"),
        Standing::Held => ("•", "held, nobody asked for it"),
        Standing::Absent => ("–", "not held, not needed"),
        Standing::Open => ("·", "not known, not asked for"),
    }
}

/// A verdict in words.
pub fn verdict(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Granted => "granted",
        VerdictWord::Denied => "denied",
        VerdictWord::Unknown => "unknown",
    }
}

/// How much something is wanted.
pub fn need(need: Need) -> &'static str {
    match need {
        Need::Required => "required",
        Need::Optional => "optional",
        Need::Forbidden => "forbidden",
        Need::NotNeeded => "not asked for",
    }
}

/// How sure a verdict is.
pub fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => "weak",
        Strength::Strong => "strong",
        Strength::Conclusive => "conclusive",
    }
}

/// How much was asked.
pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Full => "everything that the catalogue knows",
        Scope::Policy => "only what the policies need",
    }
}

/// How much harm a right can do in wrong hands.
pub fn sensitivity(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Normal => "normal",
        Sensitivity::High => "sensitive",
    }
}

/// How a rule is known.
pub fn known_by(known_by: KnownBy) -> &'static str {
    match known_by {
        KnownBy::Observed => "seen on a live tenant",
        KnownBy::Documented => "documented by HiBob",
        KnownBy::Inferred => "inferred",
    }
}

/// What this tenant showed about fields that are withheld.
pub fn omission(omission: Omission) -> &'static str {
    match omission {
        Omission::Confirmed => {
            "a field known to be withheld was left out here, so an absent field means a missing right"
        }
        Omission::Contradicted => {
            "a field known to be withheld came back empty here, so silence proves nothing in this tenant"
        }
        Omission::Open => {
            "no field was known to be withheld, so what is read from silence rests on HiBob's word that such \
             fields are left out"
        }
    }
}

/// How rights are given in this tenant.
pub fn permission_model(model: PermissionModel) -> &'static str {
    match model {
        PermissionModel::Category => "rights are given by category, as the operator said",
        PermissionModel::Field => "rights are given field by field",
        PermissionModel::Undetermined => "nothing shows whether rights are given by category or by field",
    }
}

/// A label without the words that every label has: `View selected employees' Work sections` is
/// `Work`. A label of another shape stays as it is.
pub fn short(label: &str) -> String {
    let trimmed = label.trim().trim_end_matches('.');
    if let Some(status) = trimmed.strip_prefix("Access data for: people whose lifecycle status is ") {
        return format!("people with the status {status}");
    }
    let shortened = || {
        let (verb, rest) = trimmed.split_once(' ')?;
        let (who, rest) = rest.split_once("employee")?;
        if !matches!(who.trim_end(), "selected" | "all" | "all other") {
            return None;
        }
        let rest = rest.trim_start_matches(['s', '\'', '’']).trim_start();
        let (section, suffix) = [
            (" section histories", "history"),
            (" sections histories", "history"),
            (" sections", ""),
            (" section", ""),
        ]
        .iter()
        .find_map(|(end, suffix)| rest.strip_suffix(end).map(|section| (section, *suffix)))?;
        match (verb, suffix) {
            ("View", "") => Some(section.to_owned()),
            ("View", suffix) => Some(format!("{section} {suffix}")),
            ("Edit", "") => Some(format!("{section} edit")),
            _ => None,
        }
    };
    shortened().unwrap_or_else(|| label.to_owned())
}

/// A name, or words for one that shows nothing.
pub fn named(name: &str) -> &str {
    if text::clean(name).is_empty() { "(no name)" } else { name }
}

/// The section in which an item's box stands, where its label does not begin with it.
pub fn section(item: &Item) -> Option<&str> {
    let last = item.fix.as_ref()?.path.last()?;
    // A group in brackets is a place and no section, and neither is the choice of people.
    let is_section = !last.starts_with('[') && last != AUDIENCE;
    (is_section && !item.label.to_lowercase().starts_with(&last.to_lowercase())).then_some(last)
}

/// The short name of an item. A guide may call the right to edit a section by the section's name
/// alone; told beside the right to view it, that would be the same name for two things.
pub fn name(item: &Item) -> String {
    let name = short(&item.label);
    if item.permission.as_deref().is_some_and(is_population) && name == item.label {
        return format!("people with the status {name}");
    }
    let action = item.permission.as_deref().and_then(|id| id.rsplit_once('/')).map(|(_, action)| action);
    match action {
        Some(action @ ("edit" | "history")) if !name.to_lowercase().contains(action) => {
            format!("{name} {action}")
        }
        _ => name,
    }
}

/// Whether two labels name the same box. HiBob's own wording drifts (`all employees'`, `selected
/// employees'`), and guides add full stops; none of that is worth a remark.
pub fn same_label(one: &str, other: &str) -> bool {
    let plain = |label: &str| {
        label
            .to_lowercase()
            .replace('’', "'")
            .replace("all other employees'", "selected employees'")
            .replace("all employees'", "selected employees'")
            .replace("employee's", "employees'")
            .replace("sections histories", "section histories")
            .trim_end_matches('.')
            .trim()
            .to_owned()
    };
    plain(one) == plain(other)
}

/// What is the matter with a decision, in one word.
pub fn notice(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Contradicted => "wrong",
        NoticeKind::Expired => "ended",
        NoticeKind::Expires => "ends",
        NoticeKind::Unused => "unused",
        NoticeKind::NotNeeded => "idle",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list_some(&["a", "b", "c"], 2), "a, b and c");
        assert_eq!(list_some(&["a", "b", "c", "d"], 2), "a, b and 2 more");
        assert_eq!(count(1, "box", "boxes"), "1 box");
        assert_eq!(count(0, "box", "boxes"), "0 boxes");
    }

    #[test]
    fn paths_share_their_steps_up_to_the_group() {
        let path = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
        let (one, two, short) = (path("a/b/c/d/e/f"), path("a/b/c/d/e/g"), path("a/b"));
        assert_eq!(shared_steps(&[&one, &two]), 4);
        assert_eq!(shared_steps(&[&one, &two, &short]), 1);
        assert_eq!(shared_steps(&[&short]), 1);
        assert_eq!(shared_steps(&[&one, &[]]), 0);
        assert_eq!(shared_steps(&[]), 0);
        assert_eq!(up_to_groups(&path("System settings/Permission groups/[group]")).len(), 2);
        assert_eq!(up_to_groups(&short).len(), 2);
    }

    #[test]
    fn only_labels_of_the_known_shape_are_shortened() {
        assert_eq!(short("View selected employees' Work sections"), "Work");
        assert_eq!(short("View all employees’ Attendance Policies sections."), "Attendance Policies");
        assert_eq!(short("View selected employees' Work section histories"), "Work history");
        assert_eq!(short("Edit selected employee's Personal sections"), "Personal edit");
        assert_eq!(short("See who's out"), "See who's out");
        assert_eq!(
            short("Access data for: people whose lifecycle status is Hired"),
            "people with the status Hired"
        );
        assert_eq!(
            short("View selected employees' email addresses"),
            "View selected employees' email addresses"
        );
    }

    #[test]
    fn drifting_wording_is_the_same_box() {
        assert!(same_label("View all employees' Work sections", "View selected employees’ Work sections."));
        assert!(!same_label(
            "View selected employees' Work sections",
            "Edit selected employees' Work sections"
        ));
    }
}
