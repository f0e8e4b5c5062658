//! The wording of guides: one place, so that one thing has one name.

use crate::policy::blocks::CredentialKind;
use crate::policy::lines::{Aim, Line, Modality};
use crate::policy::{Contradicted, GuideText, List, Policy, Role, oddities};

/// The chapter about what the product signs in with.
pub(super) fn of_credentials(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ServiceUser => "Create the service user",
        CredentialKind::EmployeeToken => "Take a person's token",
        CredentialKind::OauthApp => "Connect the app",
        CredentialKind::None => "No service user",
    }
}

/// The chapter about the permission group.
pub(super) fn of_group(is_an_app: bool) -> &'static str {
    if is_an_app { "The permission group" } else { "Create the permission group" }
}

/// The heading over when that is done which needs the rights.
pub(super) fn of_handover(is_an_app: bool) -> &'static str {
    if is_an_app { "When the app is connected" } else { "When the two values are handed over" }
}

/// The heading over the lines of a list. A test reads the modality back from it.
pub(super) fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Requires => "Required",
        Modality::Minimum => "Required at the least",
        Modality::Assumed => "On by default: see that they are ticked",
        Modality::Recommended => "Recommended",
        Modality::Optional => "Optional",
        Modality::NotNeeded => "Not needed: leave them unticked",
        Modality::Forbidden => "Must not be ticked",
        Modality::Needs => "What is read",
    }
}

/// What a modality asks of the reader.
pub(super) fn asks(modality: Modality) -> &'static str {
    match modality {
        Modality::Requires | Modality::Minimum => "Tick each of these.",
        Modality::Assumed => "HiBob is said to tick these by itself. Look, and tick what is not.",
        Modality::Recommended => "Good to have. Nothing is counted as missing without them.",
        Modality::Optional => "Tick those that you want.",
        Modality::NotNeeded => "Who ticks these gives away more than is used.",
        Modality::Forbidden => "If one of these is ticked, untick it.",
        Modality::Needs => {
            "This is what is read, whichever boxes open it. The boxes that are known to open it stand beside it."
        }
    }
}

/// What stops working without a box, or with one that is not wanted.
pub(super) fn breaks(modality: Modality, breaks: &str) -> String {
    match oddities::is_wanted(modality.need()) {
        true => format!("Without it: {breaks}"),
        false => format!("With it: {breaks}"),
    }
}

/// What the guide gives as its reason.
pub(super) fn reason(modality: Modality, reason: &str) -> String {
    match oddities::is_wanted(modality.need()) {
        true => format!("What for: {reason}"),
        false => format!("Why: {reason}"),
    }
}

/// How much of the list can be relied on, where that is not all.
pub(super) fn honesty(policy: &Policy, lines: &[&Line]) -> Vec<String> {
    let publisher = &policy.publisher;
    let mut says = Vec::new();
    match policy.guide.text {
        Some(GuideText::Cut) => says.push(format!(
            "This list is not whole: only a part of {publisher}'s own guide could be read. Ask {publisher} for the \
             rest."
        )),
        Some(GuideText::Lost) => says.push(format!(
            "The list itself could not be read in {publisher}'s own guide. Ask {publisher} for it."
        )),
        Some(GuideText::Whole) | None => {}
    }
    match policy.list {
        List::Open => says.push(format!(
            "The list is open: {publisher} may need more than it names. If data is missing although all of it is \
             ticked, ask {publisher}."
        )),
        List::Closed if !have_open_parts(lines, Role::Integrator) && have_open_parts(lines, Role::HibobAdmin) => {
            says.push(
                "The list is whole but for what is left to you below. Nothing else needs to be ticked.".to_owned(),
            );
        }
        List::Closed if have_open_parts(lines, Role::Integrator) => says.push(format!(
            "The list is whole but for what is said below not to be known: ask {publisher} for that. Nothing else needs \
             to be ticked."
        )),
        List::Closed => says.push("The list is whole: nothing else needs to be ticked.".to_owned()),
        List::Unknown => says.push(format!("{publisher}'s own guide does not hold its list of boxes.")),
    }
    says
}

/// Whether a part of the list is for this one to say, of the customers whom the lines concern.
fn have_open_parts(lines: &[&Line], who: Role) -> bool {
    let mut all = lines.iter().flat_map(|line| line.all());
    all.any(|line| matches!(line.aim, Aim::ListNotKnown { role, .. } if role == who))
}

/// What to do where the guide says a thing both ways.
pub(super) fn contradicted(contradicted: Contradicted, publisher: &str) -> String {
    match contradicted {
        Contradicted::GivesWay => {
            format!("{publisher}'s guide says the opposite too, and that holds: pass over this.")
        }
        Contradicted::Open => {
            format!(
                "{publisher}'s guide says both. Ask {publisher} which is meant, and change nothing until then."
            )
        }
    }
}

/// `2 times`, for a line that is printed more than once.
pub(super) fn times(count: usize) -> String {
    if count == 1 { String::new() } else { format!(" ({count} times)") }
}
