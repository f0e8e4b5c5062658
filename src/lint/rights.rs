//! Boxes that guides ask for and that HiBob's reference sees differently: rows of data. And boxes that
//! nothing in the API shows.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::{UnseenWhy, Witnessed};
use crate::policy::lines::{Aim, Line, Section};
use crate::policy::oddities::{named, words};
use crate::policy::{Need, Remark};
use crate::source::clean::clean;

/// A box that guides ask for, and what HiBob's reference says of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Row {
    lint: String,
    r#box: PermissionId,
    instead: Option<PermissionId>,
    why: String,
    source: String,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("rows.yaml"))
        // The rows are compiled in and read by a test, so this cannot happen in a build that passed it.
        .unwrap_or_else(|problem| panic!("the rows of the lints do not load: {problem}"))
});

pub(super) fn remarks(line: &Line, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    if !matches!(line.modality.need(), Need::Required | Need::Optional) {
        return;
    }
    let boxes = named(line);
    let label = clean(&words(line, catalogue));
    let mut remark = |code, text: String| found.push(Remark { code, text, place: line.place.clone() });
    let writes = says_that_it_writes(line);
    for row in ROWS.iter().filter(|row| !(writes && row.lint == WRITE_FOR_READ)) {
        let Some(lint) = super::codes::find(&row.lint) else { continue };
        let names_it = boxes.contains(&row.r#box);
        // A section without a box may mean either of the two.
        let may_mean_it = row.instead.is_some() && is_its_section(line, &row.r#box);
        let content = row.instead.as_ref().is_some_and(|instead| boxes.contains(instead));
        if (names_it || may_mean_it) && !content {
            remark(lint.code, format!("`{label}`: {} ({})", row.why, row.source));
        }
    }
    for id in &boxes {
        if let Some(reason) = unseen(id, catalogue) {
            let which = match boxes.len() {
                1 => String::new(),
                _ => format!(", \"{}\" of it,", catalogue.label(id)),
            };
            remark("no-witness", format!("`{label}`{which} cannot be checked from outside: {reason}"));
        }
    }
}

/// The lint about a right to write that is asked for to read.
const WRITE_FOR_READ: &str = "write-for-read";

/// Whether a line says in so many words that the product writes: "writes the work email back". What "never
/// writes" is no such word.
fn says_that_it_writes(line: &Line) -> bool {
    [&line.label, &line.reason, &line.breaks].into_iter().flatten().any(|says| {
        let words: Vec<String> = says.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect();
        let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        let writes = ["write", "writes", "written", "writing", "writeback"];
        any(&writes) && !any(&["no", "not", "nothing", "never"])
    })
}

fn is_its_section(line: &Line, id: &PermissionId) -> bool {
    match &line.aim {
        Aim::Section { section: Section::Id(section), boxes } => {
            boxes.is_empty() && section.section() == id.section()
        }
        _ => false,
    }
}

/// Why nothing shows a box. That only a write would show an Edit right is no defect of a guide.
fn unseen(id: &PermissionId, catalogue: &Catalogue) -> Option<String> {
    match (catalogue.describe(id).witnessed, id.as_category()) {
        (Witnessed::Unseen(unseen), _) if unseen.why != UnseenWhy::Write => Some(unseen.reason),
        (Witnessed::Category, Some((category, Action::History))) => {
            let known = catalogue.category(category)?;
            known.tables.is_empty().then(|| "no endpoint returns the past of this section".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_lint_and_boxes_that_there_are() {
        for row in ROWS.iter() {
            assert!(super::super::codes::find(&row.lint).is_some(), "{}", row.lint);
            for id in [Some(&row.r#box), row.instead.as_ref()].into_iter().flatten() {
                assert!(Catalogue::embedded().permission(id).is_some(), "{id}");
            }
            assert!(!row.why.is_empty() && !row.source.is_empty(), "{}", row.r#box);
        }
    }
}
