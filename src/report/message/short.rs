//! The short message: a line for each point, for a chat. The full one has the reasons and the rest.

use super::disputes::Dispute;
use super::letter::{Letter, boxed};
use super::matters::{Matters, label_of};
use super::opening::{alarm, handover, is_unfinished, left_out, opening, waiting, waiting_beside};
use super::points::{Ask, Part, Point, parts, reasons, verb};
use super::{SIMULATED, STOPPED, decided};
use crate::report::format::Settings;
use crate::report::words::{self, count, list_some};
use crate::report::{Report, Scope, Status, text};

/// How many points of one kind are told one by one, and how many boxes are named in one line.
const MOST: usize = 12;

/// More than this is no name that anybody would look for in a chat.
const LONGEST: usize = 160;

pub(super) fn message(report: &Report, settings: &Settings, matters: &Matters) -> String {
    let mut letter = Letter::new(&report.run.service_user, usize::MAX, settings);
    if report.run.simulated {
        letter.para(SIMULATED);
    }
    let mut first = vec!["Hello,".to_owned(), brief(&opening(report, matters), 6 * LONGEST)];
    if let Some(alarm) = alarm(report) {
        first.insert(1, alarm);
    }
    letter.para(&first.join(" "));
    if is_unfinished(report) {
        return letter.text;
    }
    if let Some(left_out) = left_out(report) {
        letter.para(&brief(&left_out, 4 * LONGEST));
    }
    if report.run.stopped.is_some() {
        letter.para(STOPPED);
    }
    let parts = parts(matters, letter.verbose);
    let mut told: &[String] = &[];
    for part in &parts {
        points(&mut letter, part, told);
        told = part.common();
    }
    if parts.iter().any(|part| part.hidden > 0 || part.points.len() > MOST) {
        letter.para("Our full message has the rest of the list: ask us for it.");
    }
    remarks(&mut letter, report, matters);
    afterwards(&mut letter, report, matters, &parts);
    letter.text
}

fn points(letter: &mut Letter, part: &Part, told: &[String]) {
    let common = part.common();
    let under = match common {
        [] => String::new(),
        common if common == told => " in the same group".to_owned(),
        common => format!(" under {}", brief(&words::path(common), LONGEST)),
    };
    letter.para(&match part.ask {
        Ask::Tick => format!("Please tick{under}:"),
        Ask::Population if takes_out(part) => {
            format!("Please change whom it sees{under} (no box: select people by condition):")
        }
        Ask::Population => format!("Please choose more people{under} (no box: select people by condition):"),
        Ask::Untick => format!("Please untick{under}, and in every other group that has this service user:"),
        Ask::Look => format!("Please look on your screen{under}, since nobody sees this from outside:"),
        Ask::Optional => format!("Only if you want to, tick{under}:"),
    });
    let (shown, rest) = part.points.split_at(part.points.len().min(MOST));
    for point in shown {
        let line = line(part.ask, point, common.len());
        letter.numbered(point.number, &line);
    }
    if let [first, .., last] = rest {
        letter.para(&format!("{}-{}. {} more places", first.number, last.number, rest.len()));
    } else if let [only] = rest {
        letter.numbered(only.number, "One more place");
    }
}

/// Whether somebody must not be seen.
fn takes_out(part: &Part) -> bool {
    part.points.iter().flat_map(|point| &point.matters).any(|matter| matter.item.status == Status::Excess)
}

fn line(ask: Ask, point: &Point, told: usize) -> String {
    let way = brief(&words::path(point.path.get(told..).unwrap_or_default()), LONGEST);
    if let Some(says) = &point.says {
        let place = says.place.unwrap_or(&way);
        let text = brief(&says.text, 2 * LONGEST);
        return if place.is_empty() { text } else { format!("{place}: {text}") };
    }
    let boxes: Vec<String> = point
        .matters
        .iter()
        .map(|matter| {
            let mut reasons = match matter.item.status {
                Status::Excess => reasons(matter),
                _ => Vec::new(),
            };
            let line = matter.item.printed_once.as_ref().filter(|_| ask == Ask::Optional);
            reasons.extend(line.map(|line| format!("the guide says: {}", words::quoted(line))));
            reasons.extend(matter.item.choice.clone());
            if matter.item.status == Status::Excess {
                reasons.extend(matter.item.advice.as_ref().map(|advice| format!("but {advice}")));
            }
            let reasons =
                if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
            let verb = match ask {
                Ask::Population if matter.item.status == Status::Excess => "Take out: ".to_owned(),
                // A question stands for itself.
                Ask::Look if matter.item.is_question() => format!("{}: ", label_of(matter)),
                Ask::Look => format!("{}: ", verb(ask, matter.item)),
                _ => String::new(),
            };
            brief(&format!("{verb}{}{reasons}", boxed(matter)), 2 * LONGEST)
        })
        .collect();
    let boxes = boxes.join("; ");
    if way.is_empty() { boxes } else { format!("{way}: {boxes}") }
}

fn remarks(letter: &mut Letter, report: &Report, matters: &Matters) {
    let (settled, open): (Vec<_>, Vec<_>) = matters.disputes.all.iter().partition(|dispute| dispute.settled);
    let disputes = |of: &[&Dispute]| of.iter().map(|dispute| dispute.words()).collect();
    points_without_number(
        letter,
        "Please leave these as they are, until we have settled them:",
        disputes(&open),
    );
    points_without_number(letter, "Needed, although one guide does without:", disputes(&settled));
    points_without_number(letter, "Decided already:", decided::lines(report).0);
    if report.policies.is_empty() {
        return;
    }
    let mut open: Vec<String> = Vec::new();
    for matter in &matters.unsettled {
        let label = brief(&label_of(matter), LONGEST);
        if !open.contains(&label) {
            open.push(label);
        }
    }
    let rest = match (report.run.scope, matters.not_ruled_out as usize) {
        (Scope::Policy, 0) => "rights that nobody asks for (we did not look for them)".to_owned(),
        (Scope::Full, 0) => "boxes that we do not know yet".to_owned(),
        (_, boxes) => format!("{} that nothing asks for", count(boxes, "other box", "other boxes")),
    };
    let questions = match matters.questions() {
        0 => String::new(),
        questions => {
            format!(" We have {} about them in our full message.", count(questions, "question", "questions"))
        }
    };
    let open = if open.is_empty() { rest } else { format!("{}; and {rest}", list_some(&open, MOST)) };
    letter.para(&format!("We could not check: {open}.{questions}"));
}

fn points_without_number(letter: &mut Letter, heading: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    letter.para(heading);
    lines.iter().for_each(|line| letter.bullet(&brief(line, 2 * LONGEST)));
}

fn afterwards(letter: &mut Letter, report: &Report, matters: &Matters, parts: &[Part]) {
    if let Some(handover) = handover(report) {
        letter.para(&brief(&handover, 2 * LONGEST));
    }
    if parts.is_empty() {
        return;
    }
    let beside = waiting_beside(report).map_or_else(String::new, |says| brief(&says, 2 * LONGEST) + " ");
    let first = if matters.is_to_change() {
        format!("{} {} Then tell us.", words::APPLY_AND_WAIT, brief(&waiting(report), 2 * LONGEST))
    } else {
        "Tell us what you saw.".to_owned()
    };
    letter.para(&format!("{first} {beside}{} {}", words::NUMBERS, words::NEVER_THE_TOKEN));
}

/// At most so much of a text: names come from anywhere.
fn brief(words: &str, most: usize) -> String {
    text::shorten(&text::clean(words), most)
}
