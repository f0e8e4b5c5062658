//! The first screen: may I go live, against whom was it found out, and with how many requests?

use anstyle::{AnsiColor, Style};

use crate::report::opening;
use crate::report::page::{GREEN, Page, RED, YELLOW};
use crate::report::sentences::whom;
use crate::report::words::{self, count};
use crate::report::{Outcome, PolicyReport, Report};

pub(super) fn verdict_line(
    page: &mut Page,
    report: &Report,
    outcome: Outcome,
    summary: &str,
    with_exit: bool,
) {
    let simulated = if report.run.simulated { "[SIMULATED] " } else { "" };
    let (shown, word) =
        if with_exit { opening::verdict(report, outcome) } else { (outcome, words::outcome(outcome)) };
    let lead = format!("{simulated}{word}  ");
    let exit = if with_exit { format!("exit {}", report.exit_code) } else { String::new() };
    page.block(0, (colour(shown).bold(), &lead), (Style::new(), summary), (Style::new().bold(), &exit));
}

pub(super) fn exit_explained(page: &mut Page, report: &Report, outcome: Outcome) {
    if let Some(why) = opening::exit_why(report, outcome) {
        page.dim(&why);
    }
}

pub(super) fn stopped(page: &mut Page, report: &Report) {
    if let Some(reason) = &report.run.stopped {
        let lead = (AnsiColor::Red.on_default().bold(), "STOPPED before the end  ");
        page.block(0, lead, (Style::new(), reason), (Style::new(), ""));
    }
}

pub(super) fn policy_line(page: &mut Page, report: &Report, policy: &PolicyReport, with_run: bool) {
    let mut line = opening::policy(policy);
    if with_run {
        line.push_str(&format!(" against {}", whom(report)));
    }
    page.plain(&line);
    if let Some(words) = opening::adapted(policy) {
        page.plain(&words);
    }
}

pub(super) fn requests(page: &mut Page, report: &Report) {
    let run = &report.run;
    page.plain(&opening::requests(report));
    if let Some(note) = &run.write_note {
        page.block(0, (YELLOW.bold(), "WRITE PROBES STOPPED  "), (Style::new(), note), (Style::new(), ""));
    }
    if page.settings.verbose {
        page.dim(&format!(
            "run {}, {} to {}; {} and {} asked for; {} {}, catalogue {}",
            run.id,
            run.started_at,
            run.finished_at,
            count(run.read.people as usize, "person", "people"),
            count(run.read.fields as usize, "field", "fields"),
            report.tool.name,
            report.tool.version,
            report.tool.catalogue,
        ));
    }
}

/// The colour of an outcome, which says nothing that its word does not say.
pub(super) fn colour(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Satisfied => GREEN,
        Outcome::Gaps | Outcome::NoVerdict => RED,
        Outcome::Inconclusive => YELLOW,
    }
}
