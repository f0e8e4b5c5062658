//! The report for the terminal: the first screen answers "may I go live, and what do I do now?".
//!
//! Everything stands in one order: verdict, what to tick, what to untick, what to look at, whom to
//! ask, what is verified, what is not ruled out, verdict, next command. No line is wider than the
//! screen, and colour says nothing that the words do not say.

use std::io;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

use super::format::Settings;
use super::page::{DIM, GREEN, NOTHING, Page, RED, YELLOW};
use super::parts::Parts;
use super::words::{self, count};
use super::{
    Checkable, Item, ManualCheck, Need, Omission, Outcome, PolicyReport, Report, Role, Scope, Sensitivity,
    Status, Strength, VerdictWord,
};
use crate::policy::{List, Origin};

/// How many boxes of normal sensitivity are shown before the rest is only counted.
const NORMAL_EXCESS_SHOWN: usize = 5;

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
    page.plain(&verified(policy));
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
        page.rule('=', &policy.policy.title, "");
        verdict_line(page, report, policy.outcome, &parts.counts(policy.outcome), false);
        page.plain(&verified(policy));
        policy_line(page, report, policy, false);
        body(page, report, policy, parts);
    }
    page.gap();
    page.rule('=', "The run", "");
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

/// The outcome that decides: a proven gap, then a stopped run, then a doubt.
fn overall(policies: &[PolicyReport]) -> Outcome {
    [Outcome::Gaps, Outcome::NoVerdict, Outcome::Inconclusive, Outcome::Satisfied]
        .into_iter()
        .find(|outcome| policies.iter().any(|policy| policy.outcome == *outcome))
        .unwrap_or(Outcome::Inconclusive)
}

fn verdict_line(page: &mut Page, report: &Report, outcome: Outcome, summary: &str, with_exit: bool) {
    let simulated = if report.run.simulated { "[SIMULATED] " } else { "" };
    let lead = format!("{simulated}{}  ", words::outcome(outcome));
    let exit = if with_exit { format!("exit {}", report.exit_code) } else { String::new() };
    page.block(0, (colour(outcome).bold(), &lead), (Style::new(), summary), (Style::new().bold(), &exit));
}

/// Says why the exit code is not the one that the outcome would give by itself.
fn exit_explained(page: &mut Page, report: &Report, outcome: Outcome) {
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

fn tolerated_by(report: &Report) -> String {
    let tolerate = &report.run.gate.tolerate;
    if tolerate.is_empty() { "--tolerate".to_owned() } else { format!("--tolerate {}", tolerate.join(",")) }
}

fn stopped(page: &mut Page, report: &Report) {
    if let Some(reason) = &report.run.stopped {
        let lead = (AnsiColor::Red.on_default().bold(), "STOPPED before the end  ");
        page.block(0, lead, (Style::new(), reason), (Style::new(), ""));
    }
}

fn verified(policy: &PolicyReport) -> String {
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

fn whom(report: &Report) -> String {
    let connection = report.run.connection.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    let place = if report.run.simulated { "the simulator" } else { &report.run.base_url };
    format!("{}{connection} at {place}", report.run.service_user)
}

fn policy_line(page: &mut Page, report: &Report, policy: &PolicyReport, with_run: bool) {
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

fn requests(page: &mut Page, report: &Report) {
    let run = &report.run;
    let written = match run.writes {
        0 => "nothing written".to_owned(),
        writes => format!("{} sent", count(writes as usize, "write probe", "write probes")),
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

fn body(page: &mut Page, report: &Report, policy: &PolicyReport, parts: &Parts) {
    tick(page, parts);
    untick(page, report, policy, parts);
    look(page, parts);
    unsettled(page, report, parts);
    ask(page, policy, parts);
    optional(page, parts);
    accepted(page, parts);
    verified_items(page, parts);
    tolerated(page, report, parts);
    not_ruled_out(page, report, parts);
}

fn tick(page: &mut Page, parts: &Parts) {
    if parts.tick.is_empty() {
        return;
    }
    page.section("TO TICK", "who: HiBob admin");
    page.way(&parts.tick);
    for item in &parts.tick {
        page.item("✗", RED, item);
        page.detail("seen", &item.because, &strength(item));
        if page.settings.verbose {
            partial(page, item);
        }
        if let Some(breaks) = &item.breaks {
            page.detail("breaks", breaks, "");
        }
        page.fix(item);
        page.unfold(item);
    }
}

fn untick(page: &mut Page, report: &Report, policy: &PolicyReport, parts: &Parts) {
    if parts.untick.is_empty() {
        return;
    }
    // What a list that nobody knows does not hold may well be needed.
    let perhaps_needed = policy.policy.list == List::Unknown;
    if perhaps_needed {
        page.section("HELD, and perhaps needed: the list is not known", "who: integrator");
    } else {
        page.section("TO UNTICK", "who: HiBob admin");
        page.way_in_every_group(&parts.untick);
    }
    let mut normal = 0;
    let mut hidden = 0;
    let mut section = String::new();
    for item in &parts.untick {
        let high = item.sensitivity == Sensitivity::High;
        // What the policy forbids is never hidden: it decides the exit code.
        if !high && item.need != Need::Forbidden {
            normal += 1;
            if normal > NORMAL_EXCESS_SHOWN && !page.settings.verbose {
                hidden += 1;
                continue;
            }
        }
        page.item("+", if high { RED } else { YELLOW }, item);
        page.detail("seen", &item.because, &strength(item));
        // Boxes of one section stand together; the way there is told once.
        let path = item.fix.as_ref().map_or_else(String::new, |fix| words::path(&fix.path));
        if perhaps_needed && item.need != Need::Forbidden {
            page.detail("fix", "untick it only if the list, once known, does not hold it", "");
        } else if path != section || path.is_empty() {
            page.fix(item);
            section = path;
        }
        page.unfold(item);
    }
    if hidden > 0 {
        page.note(&format!("and {hidden} more of normal sensitivity (-v)"));
    }
    if let Some(advice) = advice(report, policy, parts) {
        page.note(&advice);
    }
}

/// Why excess on a list that is not complete does not end the run with 1.
fn advice(report: &Report, policy: &PolicyReport, parts: &Parts) -> Option<String> {
    let gated = report.run.gate.fail_on.iter().any(|gate| gate.starts_with("excess"));
    let unasked = parts.untick.iter().any(|item| item.need != Need::Forbidden);
    let name = &policy.policy.name;
    let because = match policy.policy.list {
        _ if gated || !unasked => return None,
        List::Closed => return None,
        List::Open => format!("{name} has an open list"),
        List::Unknown => {
            return Some("to gate on it all the same: --fail-on excess:high".to_owned());
        }
    };
    Some(format!(
        "advisory: {because}, so what it does not ask for may still be needed; to gate on it: --fail-on \
         excess:high"
    ))
}

fn look(page: &mut Page, parts: &Parts) {
    if parts.look.is_empty() && parts.look_by_hand.is_empty() {
        return;
    }
    page.section("TO LOOK AT ON THE SCREEN (no API call shows these)", "who: HiBob admin");
    page.way(&parts.look);
    doubtful(page, &parts.look);
    by_hand(page, &parts.look_by_hand);
}

fn unsettled(page: &mut Page, report: &Report, parts: &Parts) {
    if parts.unsettled.is_empty() {
        return;
    }
    page.section("COULD NOT BE VERIFIED this time", "who: you");
    if report.run.stopped.is_some() && !page.settings.verbose {
        let names: Vec<String> = parts.unsettled.iter().map(|item| words::name(item)).collect();
        let words = format!("{}: the run was stopped before this was settled", words::list(&names));
        page.block(0, (YELLOW.bold(), "? "), (Style::new(), &words), NOTHING);
        return;
    }
    page.way(&parts.unsettled);
    doubtful(page, &parts.unsettled);
}

fn ask(page: &mut Page, policy: &PolicyReport, parts: &Parts) {
    if parts.ask.is_empty() && parts.ask_by_hand.is_empty() {
        return;
    }
    let publisher = match policy.policy.publisher.as_str() {
        "" => &policy.policy.title,
        publisher => publisher,
    };
    page.section(&format!("TO ASK {}", publisher.to_uppercase()), "who: integrator");
    doubtful(page, &parts.ask);
    by_hand(page, &parts.ask_by_hand);
}

fn by_hand(page: &mut Page, checks: &[&ManualCheck]) {
    for check in checks {
        let right = match check.role {
            Role::Operator => format!("by you  {}:{}", check.at.file, check.at.line),
            Role::HibobAdmin | Role::Integrator => format!("by hand  {}:{}", check.at.file, check.at.line),
        };
        page.block(0, (YELLOW, "? "), (Style::new(), &check.text), (DIM, &right));
    }
}

/// Items without a verdict: why, and what settles them. What several in a row have in common is
/// told once, below the last of them.
fn doubtful(page: &mut Page, items: &[&Item]) {
    for (at, item) in items.iter().enumerate() {
        page.item("?", YELLOW, item);
        let same =
            |next: &&Item| next.doubt == item.doubt && next.because == item.because && next.fix == item.fix;
        if page.settings.verbose || !items.get(at + 1).is_some_and(same) {
            doubt(page, item);
        }
        page.unfold(item);
    }
}

fn doubt(page: &mut Page, item: &Item) {
    let word = item.doubt.as_deref().unwrap_or_default();
    let known = words::doubt(word);
    let seen = if item.because.is_empty() { known.map_or("", |doubt| doubt.why) } else { &item.because };
    page.detail("why", seen, word);
    partial(page, item);
    page.fix(item);
    // A screen or a guide is looked at; of everything else, the next step is ours to tell.
    let is_ours = item.fix.as_ref().is_none_or(|fix| fix.role == Role::Operator);
    if let Some(doubt) = known
        && item.doubt.as_deref() != Some("nobody-visible")
        && (item.fix.is_none() || (item.checkable == Checkable::Api && !is_ours) || page.settings.verbose)
    {
        page.detail("next", doubt.next, "");
    }
}

fn optional(page: &mut Page, parts: &Parts) {
    if parts.optional.is_empty() {
        return;
    }
    page.section("OPTIONAL, and not there", "no gap");
    for item in &parts.optional {
        page.item("-", DIM, item);
        page.detail("seen", &item.because, &strength(item));
        if let Some(breaks) = &item.breaks {
            page.detail("breaks", breaks, "");
        }
        if page.settings.verbose {
            page.fix(item);
        }
        page.unfold(item);
    }
}

/// What a person has decided: named, so that nobody takes it for verified.
fn accepted(page: &mut Page, parts: &Parts) {
    for (title, mark, items) in [
        ("ACCEPTED as it is, by a decision in the policy", "=", &parts.waived),
        ("SEEN ON THE SCREEN by a person, not by this run", "=", &parts.attested),
    ] {
        if items.is_empty() {
            continue;
        }
        page.section(title, "");
        for item in items {
            page.item(mark, DIM, item);
            page.detail("seen", &item.because, &strength(item));
            page.unfold(item);
        }
    }
}

fn verified_items(page: &mut Page, parts: &Parts) {
    if parts.verified.is_empty() {
        return;
    }
    page.gap();
    if page.settings.verbose {
        page.section("VERIFIED", "");
        for item in &parts.verified {
            page.item("✓", GREEN, item);
            page.detail("seen", &item.because, &strength(item));
            partial(page, item);
            page.unfold(item);
        }
        return;
    }
    let names: Vec<String> = parts
        .verified
        .iter()
        .map(|item| {
            let name = words::name(item);
            let held = if item.verdict == VerdictWord::Denied { " (not held, as wanted)" } else { "" };
            let weak = if item.strength == Some(Strength::Weak) { " (weak)" } else { "" };
            format!("{name}{held}{weak}")
        })
        .collect();
    let words = format!("✓ {}", words::list(&names));
    page.block(0, (GREEN.bold(), "VERIFIED  "), (Style::new(), &words), NOTHING);
}

fn tolerated(page: &mut Page, report: &Report, parts: &Parts) {
    if parts.tolerated.is_empty() {
        return;
    }
    let names: Vec<String> = parts.tolerated.iter().map(|item| words::name(item)).collect();
    let words = format!(
        "{}: unverified, and left out of the exit code ({})",
        words::list(&names),
        tolerated_by(report)
    );
    page.gap();
    page.block(0, (YELLOW.bold(), "TOLERATED  "), (Style::new(), &words), (Style::new(), ""));
}

/// What nobody could rule out. "No excess" is never said without it.
fn not_ruled_out(page: &mut Page, report: &Report, parts: &Parts) {
    let boxes = count(parts.not_ruled_out as usize, "box", "boxes");
    let seen = if parts.untick.is_empty() { "; no excess was seen among the others" } else { "" };
    let words = match (report.run.scope, parts.not_ruled_out) {
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
            format!("{boxes}: reading cannot show them (such as rights to edit, add or delete){seen}")
        }
    };
    page.gap();
    let lead = (YELLOW.bold(), "NOT RULED OUT as excess  ");
    page.block(0, lead, (Style::new(), &words), (Style::new(), ""));
}

/// How far silence and categories can be trusted in this tenant.
fn evidence_line(page: &mut Page, report: &Report) {
    if report.run.stopped.is_some() && report.tenant.people_visible == 0 {
        return;
    }
    page.gap();
    let style = if report.tenant.omission == Omission::Contradicted { RED } else { DIM };
    let mut words = words::omission(report.tenant.omission).to_owned();
    words.push_str("; ");
    words.push_str(words::permission_model(report.tenant.permission_model));
    page.block(0, (Style::new().bold(), "THIS TENANT  "), (style, &words), (Style::new(), ""));
}

/// The whole access, the one part with real columns.
fn access(page: &mut Page, report: &Report) {
    if !page.settings.verbose || report.access.is_empty() {
        return;
    }
    page.section("ACCESS, as far as it is known", "");
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(page.width()).unwrap_or(u16::MAX))
        .set_header(["permission", "verdict", "how sure, or why not"]);
    for entry in &report.access {
        let verdict = match entry.verdict {
            VerdictWord::Granted => "granted",
            VerdictWord::Denied => "denied",
            VerdictWord::Unknown => "unknown",
        };
        let sure = match (entry.strength, &entry.doubt) {
            (Some(strength), _) => words::strength(strength).to_owned(),
            (None, Some(doubt)) => page.clean(doubt),
            (None, None) => String::new(),
        };
        table.add_row([page.clean(&entry.permission), verdict.to_owned(), sure]);
    }
    // A long id is broken between its steps.
    if let Some(column) = table.column_mut(0) {
        column.set_delimiter('/');
    }
    for line in table.lines() {
        page.text.push_str(line.trim_end());
        page.text.push('\n');
    }
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

fn strength(item: &Item) -> String {
    item.strength.map_or_else(String::new, |strength| words::strength(strength).to_owned())
}

fn partial(page: &mut Page, item: &Item) {
    let Some(partial) = &item.partial else { return };
    let most = if page.settings.verbose { usize::MAX - 1 } else { 6 };
    let mut parts = vec![format!("{} granted", partial.granted)];
    if !partial.denied.is_empty() {
        parts.push(format!("denied: {}", words::list_some(&partial.denied, most)));
    }
    if !partial.silent.is_empty() {
        parts.push(format!("silent: {}", words::list_some(&partial.silent, most)));
    }
    page.detail("fields", &parts.join("; "), "");
}

fn colour(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Satisfied => GREEN,
        Outcome::Gaps | Outcome::NoVerdict => RED,
        Outcome::Inconclusive => YELLOW,
    }
}
