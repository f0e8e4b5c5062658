//! The exit codes: from a report or from an error, never from a format.

use crate::policy::List;
use crate::report::{Item, Need, Outcome, PolicyReport, Report, Sensitivity, Status, Strength, VerdictWord};

/// Every required and forbidden item is verified or tolerated, and nothing stands that fails the gate.
pub const SATISFIED: u8 = 0;
/// Something is missing, or is held that must not be.
pub const GAPS: u8 = 1;
/// A flag, a policy or another file is wrong; nothing was sent.
pub const USAGE: u8 = 2;
/// No gap was seen, but something required or forbidden is unverified, or nothing was evaluated.
pub const INCONCLUSIVE: u8 = 3;
/// The run was stopped: credentials refused, API unreachable, redirecting away, or blocked.
pub const NO_VERDICT: u8 = 4;
/// A bug.
pub const INTERNAL: u8 = 5;
/// Ended by Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// What always ends a run with 1.
pub const ALWAYS: [&str; 3] = ["missing", "forbidden", "closed-excess"];
/// What may stand after `--fail-on`.
pub const FAIL_ON: [&str; 6] = ["missing", "forbidden", "closed-excess", "excess", "excess:high", "weak"];

/// The exit code of a report: over several policies a gap wins over a stop, and a stop over a doubt.
pub fn of(report: &Report) -> u8 {
    let fails = |policy: &PolicyReport| report.run.gate.fail_on.iter().any(|word| stands(word, policy));
    if report.policies.iter().any(fails) {
        GAPS
    } else if report.policies.iter().any(|policy| policy.outcome == Outcome::NoVerdict) {
        NO_VERDICT
    } else if report.policies.iter().any(|policy| is_inconclusive(policy, report.run.gate.min_coverage)) {
        INCONCLUSIVE
    } else {
        SATISFIED
    }
}

/// Whether a policy has something that a word of `--fail-on` names.
fn stands(word: &str, policy: &PolicyReport) -> bool {
    let any = |wanted: &dyn Fn(&Item) -> bool| policy.items.iter().any(wanted);
    let excess = |item: &Item| item.status == Status::Excess;
    match word {
        "missing" => any(&|item| item.status == Status::Missing),
        "forbidden" => any(&|item| excess(item) && item.need == Need::Forbidden),
        "closed-excess" => {
            let list = policy.policy.list;
            list == List::Closed && any(&|item| item.is_excess_that_counts(list))
        }
        "excess" => any(&excess),
        "excess:high" => any(&|item| excess(item) && item.sensitivity == Sensitivity::High),
        "weak" => any(&|item| {
            let counts = item.is_insisted_on() && item.status != Status::Waived;
            counts && item.strength == Some(Strength::Weak)
        }),
        _ => false,
    }
}

fn is_inconclusive(policy: &PolicyReport, min_coverage: Option<f64>) -> bool {
    let insisted = || policy.items.iter().filter(|item| item.is_insisted_on());
    let nothing_evaluated = insisted().all(|item| item.verdict == VerdictWord::Unknown);
    nothing_evaluated
        || insisted().any(|item| item.status == Status::Unverified && !item.tolerated)
        || min_coverage.is_some_and(|least| policy.summary.coverage * 100.0 < least)
}
