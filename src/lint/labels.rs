//! What a printed label says of itself: which section it names, and what it lets one do there.
//!
//! HiBob's labels for people's data have one shape, "View selected employees' Work section histories",
//! which guides misspell, shorten and put a path before. A label of another shape says nothing.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::policy::lines::{Aim, Line, Section};
use crate::policy::oddities::named;
use crate::policy::{Policy, Remark};
use crate::source::clean::clean;

/// What a label names.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    action: Action,
    section: String,
}

/// What is odd about the words of a line, held against where it points.
pub(super) fn remarks(line: &Line, policy: &Policy, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    // Labels in another language are the guide's own translation.
    if policy.guide.language.as_deref().is_some_and(|language| language != "en") {
        return;
    }
    let boxes = named(line);
    let points_at = |part: &&Line| match &part.aim {
        Aim::Permission(id) | Aim::Section { section: Section::Id(id), .. } => category_of(id, catalogue),
        _ => None,
    };
    let parts = line.parts();
    let targets: BTreeSet<String> = parts.iter().filter_map(points_at).collect();
    let Some(target) = targets.first() else { return };
    let mut remark = |code, text: String| found.push(Remark { code, text, place: line.place.clone() });
    let label = line.label.as_deref().unwrap_or_default();
    let reading = read(label);
    let section =
        reading.as_ref().map_or_else(|| by_name(label, catalogue), |it| by_name(&it.section, catalogue));
    if let Some(named) = &reading {
        match &section {
            None => remark(
                "label-not-in-hibob",
                format!(
                    "`{}` names a section \"{}\", which HiBob does not have",
                    clean(label),
                    clean(&named.section)
                ),
            ),
            Some(section) if !boxes.is_empty() => {
                let printed = PermissionId::category(section, named.action);
                if !boxes.contains(&printed) {
                    let text = format!(
                        "`{}` is the label of `{printed}`, and the line points elsewhere",
                        clean(label)
                    );
                    remark("label-of-another-box", text);
                }
            }
            Some(_) => {}
        }
    }
    // A line for several sections says by itself which of them a path could lead to.
    let label_says = section.or_else(|| (targets.len() == 1).then(|| target.clone()));
    if let Some(path) = &line.path
        && let Some(path_says) = by_name(last_step(path), catalogue)
        && label_says.is_some_and(|label_says| path_says != label_says)
    {
        let text = format!("`{}` stands under `{}`, which is another section", clean(label), clean(path));
        remark("path-label-conflict", text);
    }
}

fn category_of(id: &PermissionId, catalogue: &Catalogue) -> Option<String> {
    let category = id.section().strip_prefix("people/")?;
    catalogue.is_category(category).then(|| category.to_owned())
}

/// The id of the built-in section that bears a name.
fn by_name(name: &str, catalogue: &Catalogue) -> Option<String> {
    let same = |other: &str| other.eq_ignore_ascii_case(name.trim());
    let known = catalogue.categories().iter();
    let mut known = known.filter(|known| same(&known.name) || known.also.iter().any(|also| same(also)));
    known.next().map(|known| known.id.clone())
}

/// The last step of a path, however its steps are joined.
fn last_step(path: &str) -> &str {
    path.rsplit(['>', '›', '→']).next().unwrap_or_default().trim()
}

/// Reads a label of the known shape.
fn read(label: &str) -> Option<Named> {
    let plain = last_step(label).replace('’', "'");
    // What a guide adds in brackets is its own.
    let plain = plain.split(" (").next().unwrap_or_default();
    let plain = plain.trim().trim_end_matches('.');
    let (verb, rest) = plain.split_once(' ')?;
    let (who, rest) = rest.split_once("employee")?;
    let who = who.trim().to_lowercase();
    if !matches!(who.as_str(), "selected" | "all" | "all other") {
        return None;
    }
    let rest = rest.trim_start_matches(['s', '\'']).trim();
    let lowered = rest.to_lowercase();
    let (end, past) = [
        (" sections histories", true),
        (" section histories", true),
        (" sections", false),
        (" section", false),
    ]
    .into_iter()
    .find(|(end, _)| lowered.ends_with(end))?;
    let section = rest.get(..rest.len() - end.len())?.trim().to_owned();
    let action = match (verb.to_lowercase().as_str(), past) {
        ("view", true) => Action::History,
        ("view", false) => Action::View,
        ("edit", false) => Action::Edit,
        _ => return None,
    };
    // A place-holder, as in "[Permission]", names no section.
    (!section.is_empty() && !section.contains(['[', '<'])).then_some(Named { action, section })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_however_it_is_misspelt() {
        for (label, action, section) in [
            ("View selected employees' Work sections", Action::View, "Work"),
            (
                "view all employees personal contact details sections.",
                Action::View,
                "personal contact details",
            ),
            ("View all other employees’ Work section histories", Action::History, "Work"),
            (
                "Edit selected employee's Personal sections (needed for the birth date)",
                Action::Edit,
                "Personal",
            ),
            (
                "People > Basic Info > View selected employees' Basic info sections",
                Action::View,
                "Basic info",
            ),
        ] {
            let section = section.to_owned();
            assert_eq!(read(label), Some(Named { action, section }), "{label}");
        }
        for label in [
            "View selected employees' profile changes history",
            "Edit selected employees' email addresses",
            "View selected employees' [Permission] sections",
            "See who's out",
            "About",
            "",
        ] {
            assert_eq!(read(label), None, "{label}");
        }
    }
}
