//! How a report opens, in sentences: what the exit code follows from, how much is verified, by which
//! policy, and with how many requests.

use super::words::{self, count};
use super::{Checkable, Item, Need, Outcome, PolicyReport, ReadBack, Report, Status, VerdictWord};
use crate::policy::{List, Origin};

/// What stands above a report, so that it agrees with the exit code: the outcome, unless the gate says otherwise.
pub(super) fn verdict(report: &Report, outcome: Outcome) -> (Outcome, &'static str) {
    let shown = match report.exit_code {
        1 => Outcome::Gaps,
        3 => Outcome::Inconclusive,
        4 => Outcome::NoVerdict,
        _ => outcome,
    };
    match (shown, report.exit_code) {
        (Outcome::Inconclusive, 0) => (shown, "TOLERATED"),
        _ => (shown, words::outcome(shown)),
    }
}

/// Why the exit code is not the one that the outcome would give by itself.
pub(super) fn exit_why(report: &Report, outcome: Outcome) -> Option<String> {
    let gate = &report.run.gate;
    let fail_on = if gate.fail_on.is_empty() { "nothing".to_owned() } else { words::list(&gate.fail_on) };
    match (outcome, report.exit_code) {
        (Outcome::Gaps, 1)
        | (Outcome::Inconclusive, 3)
        | (Outcome::NoVerdict, 4)
        | (Outcome::Satisfied, 0) => None,
        (Outcome::Gaps, _) => {
            Some(format!("--fail-on names {fail_on}, so these gaps do not end the run with 1"))
        }
        (_, 1) => Some(format!("--fail-on names {fail_on}, so the run ends with 1")),
        (Outcome::Inconclusive, 0) => {
            Some(format!("exit 0 because {} covers what is unverified", tolerated_by(report)))
        }
        (_, 3) => gate
            .min_coverage
            .map(|least| format!("less is verified than --min-coverage {least}, so the run ends with 3")),
        _ => None,
    }
}

/// The flag that lets unverified items pass.
pub(super) fn tolerated_by(report: &Report) -> String {
    let tolerate = &report.run.gate.tolerate;
    if tolerate.is_empty() { "--tolerate".to_owned() } else { format!("--tolerate {}", tolerate.join(",")) }
}

/// How much is verified, and how much the API could have shown.
pub(super) fn verified(policy: &PolicyReport) -> String {
    let wanted: Vec<&Item> =
        policy.items.iter().filter(|item| matches!(item.need, Need::Required | Need::Forbidden)).collect();
    if wanted.is_empty() {
        return "this policy requires nothing and forbids nothing".to_owned();
    }
    let number = |test: &dyn Fn(&Item) -> bool| wanted.iter().filter(|item| test(item)).count();
    let all = wanted.len();
    let satisfied = number(&|item| item.status == Status::Satisfied);
    // What nobody could be sure that it would show, it may have shown all the same.
    let is_settled = |item: &Item| item.verdict != VerdictWord::Unknown;
    let api = number(&|item| item.checkable == Checkable::Api || is_settled(item));
    let settled = number(&is_settled);
    let settled = match (api, settled) {
        (0, _) => "the API can show none of them".to_owned(),
        (api, settled) if api == all && settled == all => {
            "the API can show them all, and settled them".to_owned()
        }
        (api, settled) if api == all => format!("the API can show them all, and settled {settled}"),
        (api, settled) if api == settled => {
            format!("the API can show {api} of these {all}, and settled them")
        }
        (api, settled) => format!("the API can show {api} of these {all}, and settled {settled}"),
    };
    format!("{satisfied} of {all} verified as wanted; {settled}")
}

/// Which policy, from where, and whether its list is complete.
pub(super) fn policy(policy: &PolicyReport) -> String {
    let head = &policy.policy;
    let list = match head.list {
        List::Open => "open list",
        List::Closed => "closed list",
        List::Unknown => "list not known",
    };
    let origin = match head.origin {
        Origin::Shipped => "shipped",
        Origin::File => &head.file,
        Origin::Stdin => "standard input",
    };
    format!("{} {} ({origin}, {list})", head.name, head.version)
}

/// How many parts of the product that nobody chose are named before the rest is only counted.
pub(super) const PARTS_NAMED: usize = 5;

/// What was said of the customer, and what was not.
pub(super) fn adapted(policy: &PolicyReport) -> Option<String> {
    let head = &policy.policy;
    let mut said: Vec<String> =
        head.overlays.iter().map(|overlay| format!("overlay {} ({})", overlay.name, overlay.file)).collect();
    said.extend(head.with.iter().map(|feature| format!("with {feature}")));
    said.extend(head.facts.iter().filter_map(|(fact, value)| Some(format!("{fact}={}", value.as_ref()?))));
    let open: Vec<String> =
        head.facts.iter().filter(|(_, value)| value.is_none()).map(|(fact, _)| fact.clone()).collect();
    if !open.is_empty() {
        said.push(format!("not said, so what hangs on it is optional: {} (--fact)", words::list(&open)));
    }
    let left_out: Vec<String> = head.not_chosen.keys().cloned().collect();
    if !left_out.is_empty() {
        said.push(format!("not chosen: {} (--with)", words::list_some(&left_out, PARTS_NAMED)));
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// How much was asked, and how little was taken.
pub(super) fn requests(report: &Report) -> String {
    let run = &report.run;
    let written = match run.writes {
        0 => "nothing written".to_owned(),
        writes => {
            let probes = count(writes as usize, "write probe", "write probes");
            match run.read_back {
                Some(ReadBack::Same) => format!("{probes}, nothing changed"),
                Some(ReadBack::AsFarAsReadable) => format!("{probes}, no change seen"),
                Some(ReadBack::Changed) => format!("{probes}, SOMETHING MAY HAVE CHANGED"),
                None => format!("{probes} sent"),
            }
        }
    };
    let kept = match run.read.values_kept {
        0 => "no value kept".to_owned(),
        values => format!("{} kept", count(values as usize, "value", "values")),
    };
    format!(
        "{}, {} refused, {written}, {kept}; {} visible",
        count(run.requests as usize, "request", "requests"),
        run.denied_answers,
        count(report.tenant.people_visible as usize, "person", "people"),
    )
}

/// Why such excess does not end the run with 1.
pub(super) fn advice(report: &Report, policy: &PolicyReport, excess: &[&Item]) -> Option<String> {
    let gated = report.run.gate.fail_on.iter().any(|gate| gate.starts_with("excess"));
    let unasked = excess.iter().any(|item| item.need != Need::Forbidden);
    let name = &policy.policy.name;
    let because = match policy.policy.list {
        _ if gated || !unasked => return None,
        _ if excess.iter().any(|item| item.is_perhaps_needed()) => {
            return Some("to gate on it all the same: --fail-on excess:high".to_owned());
        }
        List::Closed => return None,
        List::Open => format!("{name} has an open list"),
        List::Unknown => format!("the list of {name} is not known"),
    };
    Some(format!(
        "advisory: {because}, so what it does not ask for may still be needed; to gate on it: --fail-on \
         excess:high"
    ))
}
