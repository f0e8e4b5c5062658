//! The report for the terminal: the first screen answers "may I go live, and what do I do now?".
//!
//! Everything stands in one order: verdict, what to tick, what to untick, what to look at, whom to
//! ask, what is verified, what is not ruled out, verdict, next command. No line is wider than the
//! screen, and colour says nothing that the words do not say.

mod details;
mod head;
mod settled;
mod tasks;
mod tenant;

use std::io;

use anstyle::Style;

use super::format::Settings;
use super::opening;
use super::page::Page;
use super::parts::Parts;
use super::sentences::{overall, whom};
use super::words;
use super::{Outcome, PolicyReport, Report};

use head::{colour, exit_explained, policy_line, requests, stopped, verdict_line};
use settled::{accepted, asking_for_nothing, not_ruled_out, notices, optional, tolerated, verified_items};
use tasks::{ask, look, tick, unsettled, untick};
use tenant::{access, evidence_line};

/// Writes the report for a terminal.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::new(settings);
    match report.policies.as_slice() {
        [only] => single(&mut page, report, only),
        policies => several(&mut page, report, policies),
    }
    out.write_all(page.text.as_bytes())
}

/// One policy: its verdict is the verdict of the run.
fn single(page: &mut Page, report: &Report, policy: &PolicyReport) {
    let parts = Parts::of(policy);
    let verdict = |page: &mut Page| {
        verdict_line(page, report, policy.outcome, &parts.counts(policy.outcome), true);
        exit_explained(page, report, policy.outcome);
    };
    verdict(page);
    stopped(page, report);
    page.plain(&opening::verified(policy));
    policy_line(page, report, policy, true);
    requests(page, report);
    body(page, report, policy, &parts);
    evidence_line(page, report);
    access(page, report);
    page.gap();
    verdict(page);
    next(page, report, &[parts]);
}

/// Several policies: the verdict of the run stands around one block for each.
fn several(page: &mut Page, report: &Report, policies: &[PolicyReport]) {
    let parts: Vec<Parts> = policies.iter().map(Parts::of).collect();
    let outcome = overall(policies);
    let same = policies.iter().filter(|policy| policy.outcome == outcome).count();
    let summary = if policies.is_empty() {
        "nothing was evaluated".to_owned()
    } else {
        format!("in {same} of {} policies", policies.len())
    };
    verdict_line(page, report, outcome, &summary, true);
    exit_explained(page, report, outcome);
    stopped(page, report);
    page.plain(&format!("against {}", whom(report)));
    requests(page, report);
    for (policy, parts) in policies.iter().zip(&parts) {
        page.gap();
        page.rule('=', &format!("= {}", policy.policy.title), "");
        verdict_line(page, report, policy.outcome, &parts.counts(policy.outcome), false);
        page.plain(&opening::verified(policy));
        policy_line(page, report, policy, false);
        body(page, report, policy, parts);
    }
    page.gap();
    page.rule('=', "= The run", "");
    evidence_line(page, report);
    access(page, report);
    page.gap();
    for policy in policies {
        let mark = match policy.outcome {
            Outcome::Satisfied => "✓ ",
            Outcome::Gaps => "✗ ",
            Outcome::Inconclusive | Outcome::NoVerdict => "? ",
        };
        let words = format!("{} {}", policy.policy.name, words::outcome(policy.outcome));
        page.block(0, (colour(policy.outcome), mark), (Style::new(), &words), (Style::new(), ""));
    }
    verdict_line(page, report, outcome, &summary, true);
    next(page, report, &parts);
}

fn body(page: &mut Page, report: &Report, policy: &PolicyReport, parts: &Parts) {
    tick(page, parts);
    untick(page, report, policy, parts);
    look(page, parts);
    unsettled(page, report, parts);
    ask(page, policy, parts);
    optional(page, parts);
    accepted(page, parts);
    notices(page, policy);
    verified_items(page, parts);
    asking_for_nothing(page, policy);
    tolerated(page, report, parts);
    not_ruled_out(page, report, parts);
}

fn next(page: &mut Page, report: &Report, parts: &[Parts]) {
    let for_admin = parts.iter().any(Parts::is_for_admin);
    let command = if report.run.stopped.is_some() {
        "mend what stopped the run, then run it again"
    } else if report.run.simulated {
        "the same without --simulate, with HIBOB_SERVICE_USER_ID and HIBOB_SERVICE_USER_TOKEN set"
    } else if for_admin {
        "--output message=admin.txt (text to send)"
    } else {
        "--output json=report.json (evidence to keep)"
    };
    let mut words = command.to_owned();
    if !page.settings.verbose {
        words.push_str("; -v (evidence)");
    }
    page.block(0, (Style::new().bold(), "next: "), (Style::new(), &words), (Style::new(), ""));
}
