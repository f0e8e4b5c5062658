//! From the lines of a policy to what they come to: a canonical set in which no permission stands twice
//! and none says two things.

mod asks;
mod disputes;
mod folded;
#[cfg(test)]
mod tests;

use super::lines::{Aim, Line, Modality};
use super::oddities;
use super::tree::At;
use super::{GuideText, List, Policy, Spot};
use crate::catalogue::Catalogue;
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems};

use asks::Asks;
use folded::Folded;

/// Folds the lines of a policy into its requirements, by what is said of the customer.
///
/// # Errors
/// With what contradicts itself, for each text that a contradiction stands in.
pub(super) fn fold(policy: &mut Policy, catalogue: &Catalogue) -> Result<(), Vec<Problems>> {
    let mut folded = Folded::new(policy);
    Asks { policy, catalogue, folded: &mut folded }.all();
    let Folded { requirements, alternatives, problems, .. } = folded;
    if !problems.is_empty() {
        return Err(problems);
    }
    policy.requirements = requirements;
    policy.alternatives = alternatives;
    policy.remarks.retain(|remark| remark.code == OPEN_LIST);
    policy.remarks.extend(oddities::of_lines_that_hold(policy, catalogue));
    policy.remarks.sort_by(|one, other| (&one.place, one.code).cmp(&(&other.place, other.code)));
    Ok(())
}

/// The remark on an open list; it is made where the list is read.
pub const OPEN_LIST: &str = "open-list";

/// Every line, and every line in alternatives.
pub(super) fn every_line(policy: &Policy) -> impl Iterator<Item = &Line> {
    policy.lines.iter().flat_map(Line::all)
}

/// What is said about the list has to fit the lines.
pub(super) fn list_is_honest(policy: &Policy, list: &At<List>, source: &Source, problems: &mut Problems) {
    let not_known = every_line(policy).find(|line| matches!(line.aim, Aim::ListNotKnown { .. }));
    let anything = every_line(policy).find(|line| may_be_anything(line));
    let file = clean(&source.name);
    match (list.value, not_known, anything) {
        (List::Unknown, None, _) => {
            let message = format!("policy `{file}` could pass without its list");
            problems.push(
                Problem::error("list-not-stated", message, list.span.clone())
                    .label("the list is unknown, and no item says so")
                    .help("add to `requires`: `- list-not-known: <where the list is shown>`"),
            );
        }
        (List::Closed, ..) if is_unread(policy) => {
            let message = format!("policy `{file}` contradicts itself about its list");
            problems.push(
                Problem::error("contradiction", message, list.span.clone())
                    .label("closed, although `source` says that a part of it could not be read")
                    .help("write `list: unknown`, and `- list-not-known: …` where the copy breaks off"),
            );
        }
        (List::Closed, _, Some(line)) => {
            let message = format!("policy `{file}` contradicts itself about its list");
            let help = "of a closed list, say among which boxes that part is, `among: people/*/view`, or under which \
                        condition there is one; a list that is not known at all is `list: unknown`";
            problems.push(
                two_places(source, &line.place, &source.spot(list.span.start), message, "contradiction")
                    .label("not known here, and it may be any box")
                    .help(help),
            );
        }
        _ => {}
    }
}

/// Whether a part of a list that nobody knows may be any box, whoever the customer is: then nothing is held that
/// it could not ask for. What is read is opened by boxes that read.
fn may_be_anything(line: &Line) -> bool {
    let Aim::ListNotKnown { among, .. } = &line.aim else { return false };
    line.modality != Modality::Needs && line.when.is_always() && among.is_empty()
}

/// Whether a part of the guide's list was not read, so that nobody can be held to the rest; an overlay that
/// holds the list answers that.
fn is_unread(policy: &Policy) -> bool {
    policy.overlays.is_empty() && matches!(policy.guide.text, Some(GuideText::Cut | GuideText::Lost))
}

/// A problem at one place that has to do with another, which may be in another file.
fn two_places(source: &Source, at: &Spot, other: &Spot, message: String, code: &'static str) -> Problem {
    let here = |spot: &Spot| *spot.file == *source.name;
    match (here(at), here(other)) {
        (true, true) => Problem::error(code, message, source.span_at(at.place()))
            .related(source.span_at(other.place()), "and here"),
        (true, false) => {
            let message = format!("{message}; see `{}:{}`", clean(&other.file), other.line);
            Problem::error(code, message, source.span_at(at.place()))
        }
        (false, _) => {
            let message = format!("{message}; see `{}:{}`", clean(&at.file), at.line);
            Problem::error(code, message, source.span_at(other.place()))
        }
    }
}
