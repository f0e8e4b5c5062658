//! The full message: every click, every reason, and every question.

use super::letter::Letter;
use super::matters::{Matters, label_of, needed, never_seen};
use super::opening::{
    alarm, askers, footer, handover, is_unfinished, left_out, opening, publishers, subject, waiting,
    waiting_beside,
};
use super::points::{Ask, Part, parts, reasons, verb};
use super::{SIMULATED, STOPPED, decided};
use crate::report::format::Settings;
use crate::report::words::{self, count, plural};
use crate::report::{Need, Report, Scope, Status};

/// Mail programs quote and indent: a little less than a terminal's width.
const WIDEST: usize = 78;

pub(super) fn message(report: &Report, settings: &Settings, matters: &Matters) -> String {
    let width = settings.width.clamp(40, WIDEST);
    let mut letter = Letter::new(&report.run.service_user, width, settings);
    if report.run.simulated {
        letter.para(SIMULATED);
        letter.gap();
    }
    let subject = subject(&letter, report, matters);
    letter.para(&subject);
    letter.gap();
    letter.para("Hello,");
    letter.gap();
    if let Some(alarm) = alarm(report) {
        letter.para(&alarm);
        letter.gap();
    }
    letter.para(&opening(report, matters));
    if !is_unfinished(report) {
        if let Some(left_out) = left_out(report) {
            letter.gap();
            letter.para(&left_out);
        }
        body(&mut letter, report, matters);
    }
    letter.gap();
    letter.para(&footer(report));
    letter.text
}

fn body(letter: &mut Letter, report: &Report, matters: &Matters) {
    if report.run.stopped.is_some() {
        letter.gap();
        letter.para(STOPPED);
    }
    let parts = parts(matters, letter.verbose);
    for part in &parts {
        heading(letter, report, part);
        points(letter, part, matters.missing());
    }
    disputes(letter, report, matters);
    let (decisions, decided_elsewhere) = decided::lines(report);
    if !decisions.is_empty() {
        letter.heading("DECIDED ALREADY");
        decisions.iter().for_each(|line| letter.bullet(line));
    }
    afterwards(letter, report, matters, &parts);
    not_checked(letter, report, matters);
    not_for_you(letter, report, matters.elsewhere() + decided_elsewhere);
}

fn heading(letter: &mut Letter, report: &Report, part: &Part) {
    let boxes = count(part.count, "box", "boxes");
    match part.ask {
        Ask::Tick => letter.heading(&format!("PLEASE TICK ({boxes})")),
        Ask::Population => {
            letter.heading(&format!("WHOSE DATA ({})", part.count));
            letter.para(&words::not_a_box("\"Access data for\" (older screens: \"Access rights\")"));
            letter.gap();
        }
        Ask::Untick => {
            letter.heading(&format!("PLEASE UNTICK ({boxes})"));
            letter.para(&format!(
                "The service user has more rights than {} {} for. What it cannot read or change cannot leak or \
                 break. Rights of several groups add up, so please untick in every permission group that holds this \
                 service user. If something else uses one of them on purpose, leave it and tell us.",
                askers(report),
                plural(report.policies.len(), "asks", "ask"),
            ));
            letter.gap();
        }
        Ask::Look => {
            letter.heading(&format!("PLEASE LOOK AT ({})", part.count));
            letter.para("Nobody can see these from outside, only you on your screen.");
            letter.gap();
        }
        Ask::Optional => letter.heading(&format!("ONLY IF YOU WANT TO ({boxes})")),
    }
}

fn points(letter: &mut Letter, part: &Part, missing: usize) {
    letter.open(part.common(), part.ask == Ask::Untick);
    let told = part.common().len();
    for point in &part.points {
        let way = words::path(point.path.get(told..).unwrap_or_default());
        match (&point.says, point.matters.first()) {
            (Some(says), _) => match says.place {
                None if way.is_empty() => letter.numbered(point.number, &says.text),
                place => {
                    letter.numbered(point.number, place.unwrap_or(&way));
                    letter.under(&says.text);
                }
            },
            (None, Some(matter)) if way.is_empty() => letter.numbered(point.number, &label_of(matter)),
            (None, _) => letter.numbered(point.number, &way),
        }
        for matter in &point.matters {
            letter.box_line(verb(part.ask, matter.item), matter);
            if part.ask == Ask::Untick || matter.item.status == Status::Excess {
                let reasons = reasons(matter);
                if !reasons.is_empty() {
                    letter.under(&format!("({})", reasons.join("; ")));
                }
                letter.why(matter, true);
                if let Some(choice) = &matter.item.choice {
                    letter.under(&format!("({choice})"));
                }
                if let Some(advice) = &matter.item.advice {
                    letter.under(&format!("But {advice}"));
                }
                continue;
            }
            // Of how many one may choose, the printed line says.
            if let Some(line) = matter.item.printed_once.as_ref().filter(|_| part.ask == Ask::Optional) {
                letter.under(&format!("(one of those of which the guide says: {})", words::quoted(line)));
            }
            // What is wanted under a condition is told with it.
            if let Some(advice) = matter.item.advice.as_ref().filter(|_| matter.item.need == Need::Optional) {
                letter.under(&format!("But {advice}"));
            }
            if let Some(choice) = &matter.item.choice {
                letter.under(&format!("({choice})"));
            }
            // The one thing that is missing has had its effect told already.
            letter.why(matter, missing > 1 || !matches!(part.ask, Ask::Tick | Ask::Population));
        }
    }
    if part.hidden > 0 {
        letter.gap();
        letter.para(&format!("And {} more of lesser weight; ask us for the full list.", part.hidden));
    }
}

/// What the guides do not agree on: told, so that nobody does what one of them says and undoes it for
/// another.
fn disputes(letter: &mut Letter, report: &Report, matters: &Matters) {
    let (settled, open): (Vec<_>, Vec<_>) = matters.disputes.all.iter().partition(|dispute| dispute.settled);
    if settled.is_empty() && open.is_empty() {
        return;
    }
    letter.heading(match report.policies.len() {
        1 => "WHERE THE GUIDE CONTRADICTS ITSELF",
        _ => "WHERE THE GUIDES DIFFER",
    });
    if !open.is_empty() {
        letter.para("Please leave these as they are. We settle them first, and then tell you.");
        letter.gap();
    }
    for dispute in open {
        letter.bullet(&dispute.words());
    }
    if !settled.is_empty() {
        letter.gap();
        letter.para("What one of them needs is needed, although another does without it:");
        letter.gap();
    }
    for dispute in settled {
        letter.bullet(&dispute.words());
    }
}

fn afterwards(letter: &mut Letter, report: &Report, matters: &Matters, parts: &[Part]) {
    let handover = handover(report);
    if parts.is_empty() {
        if let Some(handover) = handover {
            letter.gap();
            letter.para(&handover);
        }
        return;
    }
    letter.heading("AND THEN");
    let several = parts.iter().map(|part| part.points.len()).sum::<usize>() > 1;
    let numbers = if several { words::NUMBERS } else { "" };
    let gap = if several { " " } else { "" };
    if matters.is_to_change() {
        letter.para(&format!(
            "{} {} Then tell us what you did and what you saw, and we run the check again.{gap}{numbers}",
            words::APPLY_AND_WAIT,
            waiting(report)
        ));
    } else {
        letter.para(&format!("Tell us what you saw.{gap}{numbers}"));
        letter.para(&format!("If you changed anything: press Save, then Apply. {}", waiting(report)));
    }
    for more in [waiting_beside(report), handover].into_iter().flatten() {
        letter.para(&more);
    }
    letter.para(words::NEVER_THE_TOKEN);
}

fn not_checked(letter: &mut Letter, report: &Report, matters: &Matters) {
    if report.policies.is_empty() {
        return;
    }
    letter.heading("WHAT WE COULD NOT CHECK");
    for (plain, matters) in matters.reasons() {
        let mut labels: Vec<String> = Vec::new();
        for label in matters.iter().map(|matter| label_of(matter)) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let needed = match matters.first().map_or("", |matter| needed(matter)) {
            "" => "We try again.",
            needed => needed,
        };
        let never = match matters.iter().any(|matter| never_seen(matter)) {
            true => " They must not be seen.",
            false => "",
        };
        letter.bullet(&format!("{}: {plain}. {needed}{never}", words::list(&statuses_together(labels))));
    }
    let known = matters.not_ruled_out as usize;
    let boxes = count(known, "other box", "other boxes");
    letter.bullet(&match (report.run.scope, known) {
        (Scope::Policy, _) => format!(
            "{} that {} {} not ask for: this time we looked only at those that {} asked for.",
            if known == 0 { "Rights" } else { &boxes },
            askers(report),
            plural(report.policies.len(), "does", "do"),
            plural(report.policies.len(), "it", "they"),
        ),
        (Scope::Full, 0) => "Boxes that HiBob added of late and that we do not know yet.".to_owned(),
        (Scope::Full, _) => format!(
            "{boxes} that nothing asks for, such as rights to edit, add or delete: from outside we cannot see \
             whether {} ticked. If you find one ticked in the service user's group and do not know why, {}.",
            plural(known, "it is", "they are"),
            // It may be what nobody can name yet.
            if matters.more_is_asked_for { "tell us" } else { "untick it" },
        ),
    });
    if !matters.asks_for_members() {
        letter.bullet("Who else is a member of the service user's group: only your screen shows it.");
    }
}

/// Several statuses in a row as one: "people with the status Hired, Leave or Terminated".
fn statuses_together(labels: Vec<String>) -> Vec<String> {
    const OF_STATUS: &str = "people with the status ";
    let (statuses, mut others): (Vec<String>, Vec<String>) =
        labels.into_iter().partition(|label| label.starts_with(OF_STATUS));
    let names: Vec<&str> = statuses.iter().filter_map(|label| label.strip_prefix(OF_STATUS)).collect();
    match names.as_slice() {
        [] => {}
        [most @ .., last] if !most.is_empty() => {
            others.push(format!("{OF_STATUS}{} or {last}", most.join(", ")));
        }
        _ => others.extend(statuses),
    }
    others
}

fn not_for_you(letter: &mut Letter, report: &Report, points: usize) {
    if points == 0 {
        return;
    }
    letter.heading("NOTHING TO DO FOR YOU");
    let mut who = vec!["us"];
    who.extend(publishers(report));
    let who = words::list(&who);
    let points = count(points, "more point is", "more points are");
    letter.para(&format!("{points} for {who} to settle; you need not wait for that."));
}
