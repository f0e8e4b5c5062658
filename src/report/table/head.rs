//! The first screen: may I go live, against whom was it found out, and with how many requests?

use anstyle::{AnsiColor, Style};

use crate::policy::{List, Origin};
use crate::report::page::{GREEN, Page, RED, YELLOW};
use crate::report::words::{self, count};
use crate::report::{Checkable, Item, Need, Outcome, PolicyReport, ReadBack, Report, Status, VerdictWord};

pub(super) fn verdict_line(
    page: &mut Page,
    report: &Report,
    outcome: Outcome,
    summary: &str,
    with_exit: bool,
) {
    let simulated = if report.run.simulated { "[SIMULATED] " } else { "" };
    let lead = format!("{simulated}{}  ", words::outcome(outcome));
    let exit = if with_exit { format!("exit {}", report.exit_code) } else { String::new() };
    page.block(0, (colour(outcome).bold(), &lead), (Style::new(), summary), (Style::new().bold(), &exit));
}

/// Says why the exit code is not the one that the outcome would give by itself.
pub(super) fn exit_explained(page: &mut Page, report: &Report, outcome: Outcome) {
    let gate = &report.run.gate;
    let fail_on = if gate.fail_on.is_empty() { "nothing".to_owned() } else { words::list(&gate.fail_on) };
    let why = match (outcome, report.exit_code) {
        (Outcome::Gaps, 1)
        | (Outcome::Inconclusive, 3)
        | (Outcome::NoVerdict, 4)
        | (Outcome::Satisfied, 0) => return,
        (Outcome::Gaps, _) => format!("--fail-on names {fail_on}, so these gaps do not end the run with 1"),
        (_, 1) => format!("--fail-on names {fail_on}, so the run ends with 1"),
        (Outcome::Inconclusive, 0) => {
            format!("exit 0 because {} covers what is unverified", tolerated_by(report))
        }
        (_, 3) => match gate.min_coverage {
            Some(least) => format!("less is verified than --min-coverage {least}, so the run ends with 3"),
            None => return,
        },
        _ => return,
    };
    page.dim(&why);
}

pub(super) fn tolerated_by(report: &Report) -> String {
    let tolerate = &report.run.gate.tolerate;
    if tolerate.is_empty() { "--tolerate".to_owned() } else { format!("--tolerate {}", tolerate.join(",")) }
}

pub(super) fn stopped(page: &mut Page, report: &Report) {
    if let Some(reason) = &report.run.stopped {
        let lead = (AnsiColor::Red.on_default().bold(), "STOPPED before the end  ");
        page.block(0, lead, (Style::new(), reason), (Style::new(), ""));
    }
}

pub(super) fn verified(policy: &PolicyReport) -> String {
    let wanted: Vec<&Item> =
        policy.items.iter().filter(|item| matches!(item.need, Need::Required | Need::Forbidden)).collect();
    if wanted.is_empty() {
        return "this policy requires nothing and forbids nothing".to_owned();
    }
    let number = |test: &dyn Fn(&Item) -> bool| wanted.iter().filter(|item| test(item)).count();
    let all = wanted.len();
    let satisfied = number(&|item| item.status == Status::Satisfied);
    let api = number(&|item| item.checkable == Checkable::Api);
    let settled = number(&|item| item.checkable == Checkable::Api && item.verdict != VerdictWord::Unknown);
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

pub(super) fn whom(report: &Report) -> String {
    let connection = report.run.connection.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    let place = if report.run.simulated { "the simulator" } else { &report.run.base_url };
    format!("{}{connection} at {place}", report.run.service_user)
}

pub(super) fn policy_line(page: &mut Page, report: &Report, policy: &PolicyReport, with_run: bool) {
    let head = &policy.policy;
    let list = match head.list {
        List::Open => "open list",
        List::Closed => "closed list",
        List::Unknown => "list not known",
    };
    let origin = match head.origin {
        Origin::Shipped => "shipped".to_owned(),
        Origin::File => head.file.clone(),
        Origin::Stdin => "standard input".to_owned(),
    };
    let mut line = format!("{} {} ({origin}, {list})", head.name, head.version);
    if with_run {
        line.push_str(&format!(" against {}", whom(report)));
    }
    page.plain(&line);
}

pub(super) fn requests(page: &mut Page, report: &Report) {
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
    page.plain(&format!(
        "{}, {} refused, {written}, {kept}; {} visible",
        count(run.requests as usize, "request", "requests"),
        run.denied_answers,
        count(report.tenant.people_visible as usize, "person", "people"),
    ));
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
