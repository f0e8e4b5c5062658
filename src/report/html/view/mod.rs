//! What the template shows, in its order. The template holds markup; whatever depends on the report is
//! worded here, most of it in the words that all formats share.

mod access;
mod facts;
mod item;

use askama::Template;

use super::digest;
use crate::report::bins::{Bin, Group, Kind};
use crate::report::parts::Parts;
use crate::report::words::count;
use crate::report::{ManualCheck, Outcome, PolicyReport, Report, Role, opening, sentences, words};

use access::{Access, Known};
use facts::Fact;
use item::{Anchors, Entry, place};

/// The whole page.
#[derive(Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml")]
pub(super) struct Page<'r> {
    style: &'r str,
    script: &'r str,
    style_digest: String,
    script_digest: String,
    simulated: Option<&'static str>,
    title: String,
    verdict: Verdict,
    exit_code: u8,
    exit_why: Option<String>,
    whom: String,
    requests: String,
    stopped: Option<String>,
    remarks: Vec<String>,
    roles: [&'static str; 3],
    policies: Vec<Policy<'r>>,
    access: Access<'r>,
    known: Vec<Known<'r>>,
    facts: Vec<Fact>,
}

/// An outcome as a sign and a word, and what it counts.
struct Verdict {
    class: &'static str,
    mark: &'static str,
    word: &'static str,
    counts: String,
}

/// One policy.
struct Policy<'r> {
    id: String,
    title: &'r str,
    line: String,
    /// What was said of the customer, and what was not.
    adapted: Option<String>,
    verified: String,
    verdict: Verdict,
    bins: Vec<BinOf<'r>>,
    remarks: Vec<String>,
}

/// A bin, also one in which there is nothing.
struct BinOf<'r> {
    id: String,
    class: &'static str,
    title: &'static str,
    count: usize,
    groups: Vec<GroupOf<'r>>,
}

/// A group of a bin.
struct GroupOf<'r> {
    title: String,
    short: &'static str,
    count: usize,
    /// Who acts, as a word; empty where nobody has to.
    who: &'static str,
    note: Option<String>,
    entries: Vec<Entry<'r>>,
    checks: Vec<Check<'r>>,
}

/// Something to look at by hand.
struct Check<'r> {
    text: &'r str,
    at: String,
}

impl<'r> Page<'r> {
    pub(super) fn of(report: &'r Report, style: &'r str, script: &'r str) -> Self {
        let anchors = Anchors::of(report);
        let (outcome, verdict) = verdict_of_the_run(report);
        let mut remarks = sentences::of_the_run(report);
        // Why the run ended early is the first of them, and belongs to the verdict.
        let stopped = report.run.stopped.as_ref().map(|_| remarks.remove(0));
        let title = format!("{}: {}", verdict.word, sentences::whom(report));
        Self {
            style,
            script,
            style_digest: digest(style),
            script_digest: digest(script),
            simulated: sentences::simulated(report),
            title: sentences::marked(report, &title),
            verdict,
            exit_code: report.exit_code,
            exit_why: opening::exit_why(report, outcome),
            whom: sentences::whom(report),
            requests: opening::requests(report),
            stopped,
            remarks,
            roles: [Role::HibobAdmin, Role::Integrator, Role::Operator].map(words::role),
            policies: report
                .policies
                .iter()
                .enumerate()
                .map(|(at, policy)| Policy::of(report, policy, at + 1, &anchors))
                .collect(),
            access: Access::of(report, &anchors),
            known: report.access.iter().map(Known::of).collect(),
            facts: facts::of(report),
        }
    }
}

/// One policy's verdict is the verdict of the run; of several, the gravest is.
fn verdict_of_the_run(report: &Report) -> (Outcome, Verdict) {
    match report.policies.as_slice() {
        [only] => {
            let counts = Parts::of(only).counts(only.outcome);
            (only.outcome, Verdict::new(opening::verdict(report, only.outcome), counts))
        }
        policies => {
            let outcome = sentences::overall(policies);
            let same = policies.iter().filter(|policy| policy.outcome == outcome).count();
            let counts = match policies.len() {
                0 => "nothing was evaluated".to_owned(),
                all => format!("in {same} of {}", count(all, "policy", "policies")),
            };
            (outcome, Verdict::new(opening::verdict(report, outcome), counts))
        }
    }
}

impl Verdict {
    fn of(policy: &PolicyReport) -> Self {
        let counts = Parts::of(policy).counts(policy.outcome);
        Self::new((policy.outcome, words::outcome(policy.outcome)), counts)
    }

    fn new((outcome, word): (Outcome, &'static str), counts: String) -> Self {
        let (class, mark) = match outcome {
            Outcome::Satisfied => ("good", "✓"),
            Outcome::Gaps => ("bad", "✗"),
            Outcome::Inconclusive => ("open", "?"),
            Outcome::NoVerdict => ("bad", "?"),
        };
        Self { class, mark, word, counts }
    }
}

impl<'r> Policy<'r> {
    fn of(report: &'r Report, policy: &'r PolicyReport, number: usize, anchors: &Anchors) -> Self {
        let id = format!("p{number}");
        let bins =
            Bin::of(report, policy).into_iter().map(|bin| BinOf::of(report, bin, &id, anchors)).collect();
        Self {
            title: words::named(&policy.policy.title),
            line: opening::policy(policy),
            adapted: opening::adapted(policy),
            verified: opening::verified(policy),
            verdict: Verdict::of(policy),
            bins,
            remarks: sentences::of_the_policy(report, &Parts::of(policy)),
            id,
        }
    }
}

impl<'r> BinOf<'r> {
    fn of(report: &'r Report, bin: Bin<'r>, policy: &str, anchors: &Anchors) -> Self {
        let class = match bin.kind {
            Kind::ToDo => "do",
            Kind::ToVerify => "verify",
            Kind::InOrder => "order",
        };
        Self {
            id: format!("{policy}-{class}"),
            class,
            title: words::bin(bin.kind),
            count: bin.count,
            groups: bin.groups.into_iter().map(|group| GroupOf::of(report, group, anchors)).collect(),
        }
    }
}

impl<'r> GroupOf<'r> {
    fn of(report: &'r Report, group: Group<'r>, anchors: &Anchors) -> Self {
        Self {
            title: group.title,
            short: group.short,
            count: group.count,
            who: group.who.map_or("", words::role),
            note: group.note,
            entries: group.items.into_iter().map(|item| Entry::of(report, item, anchors)).collect(),
            checks: group.checks.into_iter().map(Check::of).collect(),
        }
    }
}

impl<'r> Check<'r> {
    fn of(check: &'r ManualCheck) -> Self {
        Self { text: &check.text, at: place(&check.at) }
    }
}
