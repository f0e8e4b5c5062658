//! Whole sentences about a report, for the formats that leave the layout to somebody else.
//!
//! What nobody may overlook is said here once, so that no format can forget it: that a run is
//! simulated or was stopped, what was tolerated or decided, and what could not be ruled out.

use super::parts::Parts;
use super::words::{self, count};
use super::{
    Decision, DecisionKind, FixAction, Item, ManualCheck, Need, Outcome, Partial, PolicyReport, Report, Role,
    Scope, Status, doubts,
};

/// That the run is simulated, if it is.
pub(super) fn simulated(report: &Report) -> Option<&'static str> {
    report.run.simulated.then_some(words::SIMULATED)
}

/// The first words of a format: they say that the run is simulated, if it is.
pub(super) fn first(report: &Report, words: &str) -> String {
    simulated(report).map_or_else(|| words.to_owned(), |notice| format!("{notice}. {words}"))
}

/// Words that may be shown without the rest of the report: they say themselves that it is simulated.
pub(super) fn marked(report: &Report, words: &str) -> String {
    if report.run.simulated { format!("[SIMULATED] {words}") } else { words.to_owned() }
}

/// Everything that is to be said of a policy beside its items.
pub(super) fn remarks(report: &Report, policy: &PolicyReport) -> Vec<String> {
    let parts = Parts::of(policy);
    let mut remarks = vec![format!("{}: {}.", self::policy(policy), headline(policy, &parts))];
    remarks.extend(of_the_policy(report, &parts));
    remarks.extend(policy.manual.iter().map(by_hand));
    remarks.extend(of_the_run(report));
    remarks
}

/// The result of a policy, and how much there is to do.
pub(super) fn headline(policy: &PolicyReport, parts: &Parts) -> String {
    format!("{}: {}", words::outcome(policy.outcome), parts.counts(policy.outcome))
}

/// Which policy: `frontegg 2026-11-21`.
pub(super) fn policy(policy: &PolicyReport) -> String {
    format!("{} {}", policy.policy.name, policy.policy.version).trim_end().to_owned()
}

/// Against whom: the service user, and the connection if it has a name.
pub(super) fn whom(report: &Report) -> String {
    let connection = report.run.connection.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    let place = if report.run.simulated { "the simulator" } else { &report.run.base_url };
    format!("{}{connection} at {place}", report.run.service_user)
}

/// The outcome that decides: a proven gap, then a stopped run, then a doubt.
pub(super) fn overall(policies: &[PolicyReport]) -> Outcome {
    [Outcome::Gaps, Outcome::NoVerdict, Outcome::Inconclusive, Outcome::Satisfied]
        .into_iter()
        .find(|outcome| policies.iter().any(|policy| policy.outcome == *outcome))
        .unwrap_or(Outcome::Inconclusive)
}

/// What holds for the run, whichever policy is meant: why it ended early, and how far silence can be
/// trusted in this tenant.
pub(super) fn of_the_run(report: &Report) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(reason) = &report.run.stopped {
        sentences.push(format!("The run was stopped before its end: {reason}."));
    }
    if let Some(note) = &report.run.write_note {
        sentences.push(format!("Write probes stopped: {note}."));
    }
    if report.policies.is_empty() {
        sentences.push("Nothing was evaluated.".to_owned());
    }
    if report.run.stopped.is_none() || report.tenant.people_visible > 0 {
        let model = words::permission_model(report.tenant.permission_model);
        sentences.push(format!("This tenant: {}; {model}.", words::omission(report.tenant.omission)));
    }
    sentences
}

/// What holds for a policy as a whole: what could not be ruled out, and what was let pass.
pub(super) fn of_the_policy(report: &Report, parts: &Parts) -> Vec<String> {
    let mut sentences = vec![format!("Not ruled out as excess: {}.", not_ruled_out(report, parts))];
    let names =
        |items: &[&Item]| words::list(&items.iter().map(|item| words::name(item)).collect::<Vec<_>>());
    if !parts.tolerated.is_empty() {
        sentences.push(format!("Tolerated: {}: {}.", names(&parts.tolerated), tolerated(report)));
    }
    for (title, items) in [
        ("Accepted by a decision in the policy", &parts.waived),
        ("Seen on the screen by a person, not by this run", &parts.attested),
    ] {
        let told = |item: &&Item| match &item.decision {
            Some(decision) => format!("{} ({})", words::name(item), decided(decision)),
            None => words::name(item),
        };
        if !items.is_empty() {
            sentences.push(format!("{title}: {}.", words::list(&items.iter().map(told).collect::<Vec<_>>())));
        }
    }
    sentences
        .extend(parts.notices.iter().map(|notice| format!("Decision on {}: {}.", notice.item, notice.text)));
    sentences
}

/// What nobody could rule out. "No excess" is never said without it.
pub(super) fn not_ruled_out(report: &Report, parts: &Parts) -> String {
    let boxes = count(parts.not_ruled_out as usize, "box", "boxes");
    let held = [&parts.untick, &parts.perhaps_needed, &parts.perhaps_chosen];
    let nothing = held.iter().all(|items| items.is_empty());
    let seen = if nothing { "; no excess was seen among the others" } else { "" };
    match (report.run.scope, parts.not_ruled_out) {
        _ if report.run.stopped.is_some() => {
            format!("{boxes} and whatever was not asked before the run was stopped")
        }
        (Scope::Policy, _) => {
            format!(
                "{boxes}: --scope policy asks only for what the policies need, so excess was not looked for"
            )
        }
        (Scope::Full, 0) => format!("0 boxes: all that HiBob is known to have were settled{seen}"),
        (Scope::Full, _) => {
            let how =
                if report.run.writes == 0 { "reading cannot" } else { "reading and write probes did not" };
            format!("{boxes}: {how} show them (such as rights to edit, add or delete){seen}")
        }
    }
}

/// What it means that items were tolerated.
pub(super) fn tolerated(report: &Report) -> String {
    let tolerate = &report.run.gate.tolerate;
    let flag = if tolerate.is_empty() { String::new() } else { format!(" {}", tolerate.join(",")) };
    format!("unverified, and left out of the exit code (--tolerate{flag})")
}

/// An item in one line: `Missing: View selected employees' Work sections`.
pub(super) fn title(item: &Item) -> String {
    format!("{}: {}", status(item.status), label(item))
}

/// What an item is called. A population is called by its status alone, which says little by itself.
pub(super) fn label(item: &Item) -> String {
    let population = item.permission.as_deref().is_some_and(words::is_population);
    if population { words::name(item) } else { item.label.clone() }
}

/// A status as the first word of a sentence.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Satisfied => "As wanted",
        Status::Missing => "Missing",
        Status::Excess => "In excess",
        Status::Unverified => "Unverified",
        Status::Waived => "Accepted",
        Status::Attested => "Seen on the screen",
        Status::OptionalMissing => "Optional, not there",
    }
}

/// Everything that is to be said of an item below its title, in the order in which it is read.
pub(super) fn body(report: &Report, item: &Item) -> Vec<(&'static str, String)> {
    let mut lines = vec![("seen", seen(item))];
    if let Some(wanted) = wanted(item) {
        lines.push(("wanted", wanted.to_owned()));
    }
    if let Some(partial) = &item.partial {
        lines.push(("fields", fields(partial)));
    }
    if let Some(breaks) = item.breaks.as_ref().filter(|_| item.status != Status::Satisfied) {
        lines.push(("breaks", breaks.clone()));
    }
    if let Some((word, fix)) = fix(item) {
        lines.push((word, fix));
    }
    if let Some(advice) = item.advice.as_ref().filter(|_| item.status != Status::Satisfied) {
        lines.push(("but", advice.clone()));
    }
    if let Some(choice) = &item.choice {
        lines.push(("choice", choice.clone()));
    }
    if let Some(doubt) = doubts::of(item).filter(|_| item.fix.is_none()) {
        lines.push(("next", doubt.next.to_owned()));
    }
    if item.tolerated {
        lines.push(("tolerated", tolerated(report)));
    }
    if let Some(decision) = &item.decision {
        lines.push(("decided", decided(decision)));
    }
    lines
}

/// Which way something is wanted that has no verdict, where it is not simply required: whoever looks it up
/// has to know.
fn wanted(item: &Item) -> Option<&'static str> {
    match item.need {
        _ if !matches!(item.status, Status::Unverified | Status::Attested) => None,
        // What contradicts itself is asked about.
        _ if item.fix.as_ref().is_some_and(|fix| fix.action == FixAction::Ask) => None,
        Need::Required => None,
        Need::Optional => Some("optional, so either will do"),
        Need::NotNeeded => Some("no, it is not needed"),
        Need::Forbidden => Some("no, it is forbidden"),
    }
}

/// The fields of a category that is granted in part.
pub(super) fn fields(partial: &Partial) -> String {
    let mut parts = vec![format!("{} granted", partial.granted)];
    for (word, fields) in [("denied", &partial.denied), ("silent", &partial.silent)] {
        if !fields.is_empty() {
            parts.push(format!("{word}: {}", words::list(fields)));
        }
    }
    parts.join("; ")
}

/// The same as one paragraph.
pub(super) fn paragraph(report: &Report, item: &Item) -> String {
    let lines = body(report, item);
    let sentences: Vec<String> = lines
        .iter()
        .map(|(word, line)| {
            let end = if line.ends_with(['.', '?', '!']) { "" } else { "." };
            format!("{}{}: {line}{end}", word[..1].to_uppercase(), &word[1..])
        })
        .collect();
    sentences.join(" ")
}

/// Why an item has the status that it has: what a person decided, or else what was seen.
pub(super) fn reason(item: &Item) -> String {
    item.decision.as_ref().map_or_else(|| seen(item), decided)
}

/// What was seen, and how sure that makes us, or why it is no verdict.
pub(super) fn seen(item: &Item) -> String {
    let sure = match (item.strength, &item.doubt) {
        (Some(strength), _) => words::strength(strength).to_owned(),
        (None, Some(doubt)) => doubt.clone(),
        (None, None) => return item.because.clone(),
    };
    match (doubts::of(item), item.because.as_str()) {
        (Some(doubt), "") => format!("{} ({sure})", doubt.why),
        (_, because) => format!("{because} ({sure})"),
    }
}

/// The way and what is to be done at its end, and the word for it.
pub(super) fn fix(item: &Item) -> Option<(&'static str, String)> {
    let (word, what) = action(item)?;
    let path = item.fix.as_ref().map(|fix| words::path(&fix.path)).unwrap_or_default();
    Some((word, if path.is_empty() { what } else { format!("{path}: {what}") }))
}

/// What is to be done, and the word for it, without the way there.
pub(super) fn action(item: &Item) -> Option<(&'static str, String)> {
    let fix = item.fix.as_ref()?;
    let population = item.permission.as_deref().is_some_and(words::is_population);
    Some(match fix.action {
        FixAction::Tick if population => ("fix", format!("include {}", fix.label)),
        FixAction::Tick => ("fix", format!("tick {}", fix.label)),
        FixAction::Untick if population => {
            ("fix", format!("take out {}, in every permission group that holds this service user", fix.label))
        }
        FixAction::Untick if item.perhaps_chosen => (
            "fix",
            format!(
                "untick {}, in every permission group that holds this service user, only if you did not choose it",
                fix.label
            ),
        ),
        FixAction::Untick if item.is_perhaps_needed() => (
            "fix",
            format!(
                "untick {}, in every permission group that holds this service user, only if it is none of what is \
                 asked for and not known yet",
                fix.label
            ),
        ),
        FixAction::Untick => {
            ("fix", format!("untick {}, in every permission group that holds this service user", fix.label))
        }
        FixAction::Look if fix.role == Role::Operator => ("do", fix.label.clone()),
        FixAction::Look if population => ("look", format!("is {} included?", fix.label)),
        FixAction::Look => ("look", not_there(item).unwrap_or(&fix.label).to_owned()),
        FixAction::Ask => ("ask", fix.label.clone()),
    })
}

/// What is asked of the HiBob admin where the tenant does not have what is meant: there is no box to look at.
pub(super) fn not_there(item: &Item) -> Option<&'static str> {
    doubts::of(item).filter(|doubt| doubt.word == doubts::NOT_THERE).map(|doubt| doubt.needed)
}

/// What a person decided, who, why, and until when.
pub(super) fn decided(decision: &Decision) -> String {
    let what = match decision.kind {
        DecisionKind::Accept => "accepted",
        DecisionKind::SeenOnScreen => "seen on the screen",
    };
    format!("{what} by {}", by_whom(decision))
}

/// Who decided, until when, and why.
pub(super) fn by_whom(decision: &Decision) -> String {
    format!("{} until {}: {}", decision.by, decision.until, decision.reason)
}

/// What a person has to look at, and who.
pub(super) fn by_hand(check: &ManualCheck) -> String {
    format!("By hand ({}): {}", words::role(check.role), check.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn a_paragraph_says_everything_that_is_known_of_an_item() {
        let report = fixtures::gaps();
        let missing = &report.policies[0].items[1];
        assert_eq!(title(missing), "Missing: View all employees' Employment sections");
        assert_eq!(
            paragraph(&report, missing),
            "Seen: 0 of 19 fields in 12 people; the table was refused (conclusive). Breaks: Job titles stay empty \
             in Frontegg. Fix: System settings › Account › Permission groups › [this service user's group] › \
             People's data › Edit › Employment: tick View selected employees' Employment sections."
        );
    }

    #[test]
    fn what_has_no_verdict_says_which_way_it_is_wanted() {
        let report = fixtures::half_unknown();
        let mut item =
            report.policies[0].items.iter().find(|it| it.status == Status::Unverified).unwrap().clone();
        item.fix = None;
        for (need, says) in [
            (Need::Forbidden, "Wanted: no, it is forbidden."),
            (Need::NotNeeded, "Wanted: no, it is not needed."),
            (Need::Optional, "Wanted: optional, so either will do."),
        ] {
            item.need = need;
            assert!(paragraph(&report, &item).contains(says), "{says}");
        }
        item.need = Need::Required;
        assert!(!paragraph(&report, &item).contains("Wanted:"));
    }

    #[test]
    fn what_was_decided_or_tolerated_is_never_left_out() {
        let report = fixtures::half_unknown();
        let policy = &report.policies[0];
        let all = of_the_policy(&report, &Parts::of(policy)).join(" ");
        for words in ["140 boxes", "Tolerated: Personal edit", "Accepted", "Seen on the screen by a person"] {
            assert!(all.contains(words), "{words}: {all}");
        }
        let text: String = policy.items.iter().map(|item| paragraph(&report, item) + "\n").collect();
        for words in ["accepted by Ada until 2027-01-31", "ticket 412", "--tolerate uncheckable"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}
