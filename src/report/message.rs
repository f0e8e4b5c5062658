//! The message to the customer's HiBob admin: somebody who never installed anything, has ten
//! minutes, and knows the screens of HiBob and none of our words.
//!
//! Everything to be done is numbered through, so that the answer can be "done, all but 3". What only
//! the integrator can answer is not put on the admin.

use std::io;

use super::format::Settings;
use super::letter::{Letter, short_id};
use super::matters::{Matter, Matters, clause, label_of, needed};
use super::sentences::by_whom;
use super::words::{self, count, plural};
use super::{Need, Outcome, ReadBack, Report, Scope, Sensitivity, Status, Strength, text};

/// Mail and chat programs quote and indent: a little less than a terminal's width.
const WIDEST: usize = 78;

/// How many boxes of normal sensitivity are listed to be unticked before the rest is only counted.
const NORMAL_EXCESS_SHOWN: usize = 12;

/// Writes the message.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let width = settings.width.clamp(40, WIDEST);
    let mut letter = Letter::new(&report.run.service_user, width, settings);
    compose(&mut letter, report, &Matters::of(report));
    out.write_all(letter.text.as_bytes())
}

fn compose(letter: &mut Letter, report: &Report, matters: &Matters) {
    if report.run.simulated {
        letter.para("SIMULATED: made up by the built-in simulator, no HiBob was asked. Do not send this.");
        letter.gap();
    }
    let subject = subject(letter, report, matters);
    letter.para(&subject);
    letter.gap();
    letter.para("Hello,");
    letter.gap();
    if let (Some(what), Some(ReadBack::Changed)) = (&report.run.stopped, report.run.read_back) {
        letter.para(&format!(
            "IMPORTANT: {what}. Please look there now and put it right; an entry that we should not have been able \
             to make reads \"audit-probe-no-such-value\"."
        ));
        letter.gap();
    }
    letter.para(&opening(report, matters));
    if !is_unfinished(report) {
        body(letter, report, matters);
    }
    letter.gap();
    letter.para(&footer(report));
}

fn body(letter: &mut Letter, report: &Report, matters: &Matters) {
    if report.run.stopped.is_some() {
        letter.gap();
        letter.para("Our check stopped before it was finished, so this list may not be complete.");
    }
    tick(letter, matters);
    population(letter, matters);
    untick(letter, report, matters);
    look(letter, matters);
    optional(letter, matters);
    decided(letter, report);
    afterwards(letter, matters);
    not_checked(letter, report, matters);
    not_for_you(letter, report, matters);
}

/// The names of what asks: `Frontegg connector`, or several with "and".
fn askers(report: &Report) -> String {
    let titles: Vec<&str> = report
        .policies
        .iter()
        .map(|policy| match policy.policy.title.as_str() {
            "" => policy.policy.name.as_str(),
            title => title,
        })
        .collect();
    words::list(&titles)
}

/// The publishers of the policies, each once.
fn publishers(report: &Report) -> Vec<&str> {
    let mut publishers: Vec<&str> = Vec::new();
    for policy in &report.policies {
        let publisher = policy.policy.publisher.as_str();
        if !publisher.is_empty() && !publishers.contains(&publisher) {
            publishers.push(publisher);
        }
    }
    publishers
}

/// The first wording that fits a line: mail programs take no second line for a subject.
fn subject(letter: &Letter, report: &Report, matters: &Matters) -> String {
    let (full, brief) = about(report, matters);
    let mut users = vec![askers(report), words::list(&publishers(report))];
    users.retain(|user| !user.is_empty());
    let wordings: Vec<String> = users
        .iter()
        .flat_map(|user| [&full, &brief].map(|what| format!("Subject: {what} the \"{user}\" service user")))
        .collect();
    let fits = |line: &&String| text::width(&letter.clean(line)) <= letter.width;
    match (wordings.iter().find(fits), wordings.last()) {
        (Some(line), _) | (None, Some(line)) => line.clone(),
        (None, None) => format!("Subject: {full} your HiBob service user"),
    }
}

/// What the message is about, and the same in fewer words.
fn about(report: &Report, matters: &Matters) -> (String, String) {
    let missing = matters.missing();
    let settings = |number| count(number, "setting", "settings");
    let same = |words: String| (words.clone(), words);
    if is_unfinished(report) {
        ("our check is not finished for".to_owned(), "check not finished for".to_owned())
    } else if missing > 0 {
        let number = settings(missing);
        (format!("{number} {} missing for", plural(missing, "is", "are")), format!("{number} missing for"))
    } else if !matters.untick.is_empty() {
        same(format!("{} to untick for", settings(matters.untick.len())))
    } else if matters.to_look_at() > 0 {
        same(format!("{} to look at for", settings(matters.to_look_at())))
    } else if matters.questions() > 0 {
        same(format!("{} about", count(matters.questions(), "question", "questions")))
    } else {
        same("nothing to change for".to_owned())
    }
}

/// Whether the check told nothing at all, so that there is nothing to send a list about.
fn is_unfinished(report: &Report) -> bool {
    !report.policies.is_empty() && report.policies.iter().all(|policy| policy.outcome == Outcome::NoVerdict)
}

/// One or two sentences: what we did, and what it means for the customer.
fn opening(report: &Report, matters: &Matters) -> String {
    let user = short_id(&report.run.service_user);
    let named = match askers(report).as_str() {
        "" => format!("we checked the settings of the HiBob service user {user}."),
        askers => format!(
            "we checked the settings of the HiBob service user {user}, which {askers} {}.",
            plural(report.policies.len(), "uses", "use"),
        ),
    };
    let mut effects: Vec<&str> = Vec::new();
    for matter in matters.tick.iter().chain(&matters.population) {
        for breaks in &matter.breaks {
            if !effects.contains(breaks) {
                effects.push(breaks);
            }
        }
    }
    let missing = matters.missing();
    let rest = if is_unfinished(report) {
        "The check could not be finished, so we cannot say anything yet. There is nothing for you to do now; we \
         find out why and come back to you."
            .to_owned()
    } else if missing > 0 {
        let them = plural(missing, "It lacks one setting", "It lacks some settings");
        if effects.is_empty() {
            format!("{them}, so some data never arrives, without any error message.")
        } else {
            let effects: Vec<&str> = effects.iter().map(|effect| clause(effect)).collect();
            let more = if effects.len() > 4 { "; and more, see below" } else { "" };
            let shown = effects[..effects.len().min(4)].join("; ");
            format!("{them}. What comes of it today: {shown}{more}.")
        }
    } else if matters.nobody.is_some() {
        "It can see no person at all, so there was hardly anything to check. Please begin with the first two \
         points below."
            .to_owned()
    } else if !matters.untick.is_empty() {
        "Nothing that we could see is missing. It may do more than it needs to, though.".to_owned()
    } else if matters.to_look_at() > 0 {
        "Nothing that we could see is missing. Some things can be seen only on your screen.".to_owned()
    } else if report.policies.iter().all(|policy| policy.outcome == Outcome::Satisfied)
        && !report.policies.is_empty()
    {
        "Everything that it needs is in place. There is nothing for you to do.".to_owned()
    } else if report.policies.is_empty() {
        "There was nothing to compare them with, so there is nothing for you to do.".to_owned()
    } else if matters.questions() > 0 {
        "Nothing that we could see is missing. We could not see everything, though: please see the questions \
         below."
            .to_owned()
    } else {
        "Nothing that we could see is missing. There is nothing for you to change.".to_owned()
    };
    format!("{named} {rest}")
}

fn boxes(matters: &[Matter]) -> String {
    count(matters.len(), "box", "boxes")
}

fn tick(letter: &mut Letter, matters: &Matters) {
    if matters.tick.is_empty() {
        return;
    }
    letter.heading(&format!("PLEASE TICK ({})", boxes(&matters.tick)));
    let told = letter.open(&matters.tick, false);
    for matter in &matters.tick {
        letter.stop(told, matter);
        letter.box_line("Tick", matter);
        letter.why(matter, matters.missing() > 1);
    }
}

fn population(letter: &mut Letter, matters: &Matters) {
    if matters.population.is_empty() {
        return;
    }
    letter.heading(&format!("WHOSE DATA ({})", matters.population.len()));
    letter.para(&words::not_a_box("\"Access data for\" (older screens: \"Access rights\")"));
    letter.gap();
    let told = letter.open(&matters.population, false);
    for matter in &matters.population {
        letter.stop(told, matter);
        letter.box_line("Include", matter);
        letter.why(matter, matters.missing() > 1);
    }
}

fn untick(letter: &mut Letter, report: &Report, matters: &Matters) {
    if matters.untick.is_empty() {
        return;
    }
    letter.heading(&format!("PLEASE UNTICK ({})", boxes(&matters.untick)));
    letter.para(&format!(
        "The service user has more rights than {} {} for. What it cannot read or change cannot leak or break. \
         Rights of several groups add up, so please untick in every permission group that holds this service \
         user. If something else uses one of them on purpose, leave it and tell us.",
        askers(report),
        plural(report.policies.len(), "asks", "ask"),
    ));
    letter.gap();
    let told = letter.open(&matters.untick, true);
    let mut normal = 0;
    let mut hidden = 0;
    for matter in &matters.untick {
        let item = matter.item;
        let high = item.sensitivity == Sensitivity::High;
        if !high && item.need != Need::Forbidden {
            normal += 1;
            if normal > NORMAL_EXCESS_SHOWN && !letter.verbose {
                hidden += 1;
                continue;
            }
        }
        letter.stop(told, matter);
        letter.box_line("Untick", matter);
        let mut reasons = Vec::new();
        if item.need == Need::Forbidden {
            reasons.push(format!("{} must not have it", words::list(&matter.titles)));
        }
        if high {
            reasons.push("sensitive".to_owned());
        }
        if item.strength == Some(Strength::Weak) {
            reasons.push("it seems to be ticked; please check".to_owned());
        }
        if !reasons.is_empty() {
            letter.under(&format!("({})", reasons.join("; ")));
        }
        if let Some(advice) = &item.advice {
            letter.under(advice);
        }
    }
    if hidden > 0 {
        letter.gap();
        letter.para(&format!("And {hidden} more of lesser weight; ask us for the full list."));
    }
}

fn look(letter: &mut Letter, matters: &Matters) {
    if matters.to_look_at() == 0 {
        return;
    }
    letter.heading(&format!("PLEASE LOOK AT ({})", matters.to_look_at()));
    letter.para("Nobody can see these from outside, only you on your screen.");
    letter.gap();
    let told = letter.open(&matters.look, false);
    if let Some(fix) = matters.nobody.and_then(|item| item.fix.as_ref()) {
        letter.numbered(&words::path(fix.path.get(told..).unwrap_or_default()));
        letter.under("Whom does it name? The service user can see no person.");
        letter.numbered("Nearby, under People › Basic info");
        letter.under("Should be ticked: View selected employees' Basic info sections");
    }
    for matter in &matters.look {
        letter.stop(told, matter);
        let should = match matter.item.need {
            Need::Required => "Should be ticked",
            Need::Optional => "Good to have, not necessary",
            Need::Forbidden => "Should not be ticked",
            Need::NotNeeded => "Not needed",
        };
        letter.box_line(should, matter);
        letter.why(matter, true);
    }
    for text in &matters.by_hand {
        letter.numbered(text);
    }
}

fn optional(letter: &mut Letter, matters: &Matters) {
    if matters.optional.is_empty() {
        return;
    }
    letter.heading(&format!("ONLY IF YOU WANT TO ({})", boxes(&matters.optional)));
    let told = letter.open(&matters.optional, false);
    for matter in &matters.optional {
        letter.stop(told, matter);
        letter.box_line("Tick", matter);
        letter.why(matter, true);
    }
}

/// What somebody decided: told, so that nobody takes it for checked. When it ends is ours to see to.
fn decided(letter: &mut Letter, report: &Report) {
    let mut lines: Vec<String> = Vec::new();
    for policy in &report.policies {
        for item in &policy.items {
            let Some(decision) = &item.decision else { continue };
            let what = match item.status {
                Status::Attested => "seen on your screen, and not checked by us",
                _ => "accepted as it is",
            };
            let line = format!("{}: {what} ({})", words::name(item), by_whom(decision));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    if lines.is_empty() {
        return;
    }
    letter.heading("DECIDED ALREADY");
    for line in lines {
        letter.bullet(&line);
    }
}

fn afterwards(letter: &mut Letter, matters: &Matters) {
    if matters.is_nothing() && matters.optional.is_empty() {
        return;
    }
    letter.heading("AND THEN");
    let numbers = if letter.number > 1 { " The numbers are enough: \"done, all but 3\"." } else { "" };
    if matters.missing() + matters.untick.len() + matters.optional.len() > 0 {
        letter.para(&format!(
            "{} Then tell us what you did and what you saw, and we run the check again.{numbers}",
            words::APPLY
        ));
    } else {
        letter.para(&format!("Tell us what you saw.{numbers}"));
        letter.para("If you changed anything: press Save, then Apply; HiBob needs about ten seconds.");
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
        letter.bullet(&format!("{}: {plain}. {needed}", words::list(&labels)));
    }
    let known = matters.not_ruled_out as usize;
    let boxes = count(known, "other box", "other boxes");
    letter.bullet(&match (report.run.scope, known) {
        (Scope::Policy, _) => format!(
            "Rights that {} {} not ask for: this time we looked only at those that {} asked for.",
            askers(report),
            plural(report.policies.len(), "does", "do"),
            plural(report.policies.len(), "it", "they"),
        ),
        (Scope::Full, 0) => "Boxes that HiBob added of late and that we do not know yet.".to_owned(),
        (Scope::Full, _) => format!(
            "{boxes} that nothing asks for, such as rights to edit, add or delete: from outside we cannot see \
             whether {} ticked. If you find one ticked in the service user's group and do not know why, untick it.",
            plural(known, "it is", "they are"),
        ),
    });
    if matters.by_hand.is_empty() {
        letter.bullet("Who else is a member of the service user's group: only your screen shows it.");
    }
}

fn not_for_you(letter: &mut Letter, report: &Report, matters: &Matters) {
    let points = matters.elsewhere.len() + matters.elsewhere_by_hand;
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

fn footer(report: &Report) -> String {
    let when = day_and_time(&report.run.finished_at);
    let how = match report.run.writes {
        0 => "The check only reads: it changed nothing".to_owned(),
        writes => {
            let sent = count(writes as usize, "test change", "test changes");
            let after = match report.run.read_back {
                Some(ReadBack::Same) => "; everything is as it was",
                Some(ReadBack::AsFarAsReadable) | None => "; as far as we can see, everything is as it was",
                Some(ReadBack::Changed) => "; SOMETHING MAY NOT BE AS IT WAS, see above",
            };
            format!("The check sent {sent} that HiBob cannot accept, to see whether it would refuse{after}")
        }
    };
    let kept = match report.run.read.values_kept {
        0 => "and kept nothing of what stands in anybody's profile",
        _ => "and kept some of what it read",
    };
    format!("Checked {when}. {how}, {kept}.")
}

/// `2026-11-21T14:05:09Z` as a person writes it; another shape stays as it is.
fn day_and_time(instant: &str) -> String {
    match (instant.get(..10), instant.get(10..11), instant.get(11..16), instant.ends_with('Z')) {
        (Some(day), Some("T"), Some(time), true) => format!("on {day} at {time} UTC"),
        _ => format!("on {instant}"),
    }
}
