//! The wording of every report for people: one place, so that one thing has one name.
//!
//! A doubt is told to two readers. Whoever runs `audit` knows what an API is; the HiBob admin knows
//! the screens and owes us nothing. Neither of them should have to learn the other's words.

use super::{Item, KnownBy, Need, Omission, Outcome, PermissionModel, Role, Status, Strength};

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

/// A doubt, told to whoever runs `audit` and to the HiBob admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// The word in the report.
    pub word: &'static str,
    /// Why there is no verdict.
    pub why: &'static str,
    /// What settles it.
    pub next: &'static str,
    /// Why there is no verdict, for the HiBob admin.
    pub plain: &'static str,
    /// What the HiBob admin can tell to settle it, as a sentence; empty if nothing.
    pub needed: &'static str,
}

/// The wording of a doubt; `None` for a word that this version does not know.
pub fn doubt(word: &str) -> Option<&'static Doubt> {
    DOUBTS.iter().find(|doubt| doubt.word == word)
}

/// Every doubt.
pub const DOUBTS: [Doubt; 24] = [
    Doubt {
        word: "silence",
        why: "nothing came back, and empty looks the same as withheld",
        next: "find somebody who has a value there and raise --sample, or look at the box",
        plain: "it was empty for everyone we could see, which looks the same as not being allowed to see it",
        needed: "Please tell us whether the box is ticked, or whether anybody has something filled in there.",
    },
    Doubt {
        word: "no-history-to-see",
        why: "only current rows came back, and nobody seen is known to have older ones",
        next: "look at the box, or run again once somebody in the audience has an older row",
        plain: "nobody whom we could see has older entries there, so there was no history to find",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "refused-without-reason",
        why: "refused without a reason, and HiBob sells this module apart: it may not be bought",
        next: "ask the HiBob admin whether the module is bought; if it is, the box is missing",
        plain: "HiBob refused without saying why; perhaps your company does not have this module",
        needed: "Does your company use this module? If so, please tell us whether the box is ticked.",
    },
    Doubt {
        word: "blocked",
        why: "HiBob stopped answering about then, so what it said proves nothing",
        next: "wait five minutes and run again, with a smaller --headroom",
        plain: "HiBob stopped answering us for a while",
        needed: "",
    },
    Doubt {
        word: "module-off",
        why: "HiBob does not know this address here: the module is probably not switched on",
        next: "ask the HiBob admin whether the module is in use",
        plain: "this part of HiBob does not seem to be switched on in your company",
        needed: "Does your company use it?",
    },
    Doubt {
        word: "not-found",
        why: "what was asked for was not there, which says nothing about the right to see it",
        next: "run again; if it stays so, look at the box",
        plain: "what we asked for was not there",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "bad-request",
        why: "HiBob did not accept the question in this form",
        next: "look at the box, and report it: the catalogue may need mending",
        plain: "HiBob did not understand our question",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "not-an-api-answer",
        why: "the answer is not one of HiBob's API; perhaps a proxy or a sign-in page spoke",
        next: "check --base-url and the proxy, then run again",
        plain: "something between us and HiBob answered in its place",
        needed: "",
    },
    Doubt {
        word: "redirected",
        why: "the answer pointed to another host, which is never followed",
        next: "check --base-url and the proxy, then run again",
        plain: "our question was sent on to another address, and we did not follow",
        needed: "",
    },
    Doubt {
        word: "empty",
        why: "an empty list came back, as it does with and without the right",
        next: "look at the box, or run again once the list has an entry",
        plain: "the list is empty, which looks the same with and without this setting",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "throttled",
        why: "HiBob's rate limit was used up before this could be asked",
        next: "run again later, or with --scope policy",
        plain: "HiBob asked us to slow down before we had finished",
        needed: "",
    },
    Doubt {
        word: "unavailable",
        why: "HiBob answered with an error of its own, also when asked again",
        next: "run again later",
        plain: "this part of HiBob did not work when we asked",
        needed: "",
    },
    Doubt {
        word: "timeout",
        why: "no answer came in time, also when asked again",
        next: "run again later",
        plain: "HiBob did not answer in time",
        needed: "",
    },
    Doubt {
        word: "nobody-seen",
        why: "nobody with this status was seen: none is visible, or there is none",
        next: "look at Access data for; run again once somebody has this status",
        plain: "we saw nobody with this status; perhaps there is nobody, perhaps they are left out",
        needed: "Is there anybody with this status, and does \"Access data for\" include it?",
    },
    Doubt {
        word: "nobody-visible",
        why: "no person is visible: nobody is in Access data for, or no basic section is ticked",
        next: "look at Access data for, and at Basic info, About, Employment and Work",
        plain: "the service user can see no person at all",
        needed: "See the first two points to look at.",
    },
    Doubt {
        word: "model-undetermined",
        why: "nothing shows whether this tenant gives rights by category or by field",
        next: "say which it is: --permission-model category or field",
        plain: "it depends on whether your HiBob gives rights by section or field by field",
        needed: "Is there a block \"People's fields\" under People's data?",
    },
    Doubt {
        word: "not-tested",
        why: "it was not asked in this run",
        next: "look at the box",
        plain: "our check does not try this one: it only reads",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "order-unproven",
        why: "the write was turned down for its content, perhaps before any right was looked at",
        next: "look at the box",
        plain: "HiBob's answer can be read in two ways",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "mapping-unconfirmed",
        why: "which box opens this is only inferred; nobody has confirmed it",
        next: "look at the box",
        plain: "HiBob does not say which box opens this",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "no-witness",
        why: "no API call shows this box",
        next: "look at the box",
        plain: "this box cannot be seen from outside",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "box-not-named",
        why: "the guide names a section and no box",
        next: "ask which box is meant",
        plain: "the guide names a section and no box",
        needed: "",
    },
    Doubt {
        word: "list-not-known",
        why: "the guide does not contain its list",
        next: "ask for the list, and write it into the policy",
        plain: "the guide does not contain its list",
        needed: "",
    },
    Doubt {
        word: "contradiction",
        why: "two observations say opposite things; -v shows both",
        next: "run again; if it stays so, look at the box, and report it",
        plain: "HiBob gave two answers that do not fit together",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "not-in-tenant",
        why: "this tenant has no section of that name, or it was moved or removed",
        next: "ask the HiBob admin where the section went",
        plain: "your HiBob seems to have no such section",
        needed: "Does this section exist in your HiBob, perhaps under another name?",
    },
];

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

    #[test]
    fn every_doubt_is_worded_once_and_fits_a_line() {
        for (at, row) in DOUBTS.iter().enumerate() {
            assert_eq!(DOUBTS.iter().position(|other| other.word == row.word), Some(at), "{}", row.word);
            assert!(!row.why.is_empty() && !row.next.is_empty() && !row.plain.is_empty(), "{}", row.word);
            assert!(row.why.len() < 100 && row.plain.len() < 100, "{}", row.word);
        }
        assert_eq!(doubt("a-word-of-tomorrow"), None);
    }

    #[test]
    fn the_admin_is_told_no_jargon() {
        for row in DOUBTS {
            for text in [row.plain, row.needed] {
                for word in ["probe", "API", "403", "404", "tenant", "witness", "--"] {
                    assert!(!text.contains(word), "{}: {text}", row.word);
                }
            }
        }
    }
}
