//! How the message begins and ends: what it is about, what comes of it, and when it was checked.

use super::letter::{Letter, short_id};
use super::matters::{Matters, clause};
use crate::report::opening::PARTS_NAMED;
use crate::report::words::{self, count, plural};
use crate::report::{Outcome, ReadBack, Report, text};

/// The names of what asks: `Frontegg connector`, or several with "and".
pub(super) fn askers(report: &Report) -> String {
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
pub(super) fn publishers(report: &Report) -> Vec<&str> {
    let mut publishers: Vec<&str> = Vec::new();
    for policy in &report.policies {
        let publisher = policy.policy.publisher.as_str();
        if !publisher.is_empty() && !publishers.contains(&publisher) {
            publishers.push(publisher);
        }
    }
    publishers
}

/// Whether the check told nothing at all, so that there is nothing to send a list about.
pub(super) fn is_unfinished(report: &Report) -> bool {
    !report.policies.is_empty() && report.policies.iter().all(|policy| policy.outcome == Outcome::NoVerdict)
}

/// The first wording that fits a line: mail programs take no second line for a subject.
pub(super) fn subject(letter: &Letter, report: &Report, matters: &Matters) -> String {
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
    } else if matters.too_much() > matters.untick.len() {
        same(format!("{} too many for", settings(matters.too_much())))
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

/// One or two sentences: what we did, and what it means for the customer.
pub(super) fn opening(report: &Report, matters: &Matters) -> String {
    let user = short_id(&report.run.service_user);
    let named = match askers(report).as_str() {
        "" => format!("we checked the settings of the HiBob service user {user}."),
        askers => format!(
            "we checked the settings of the HiBob service user {user}, which {askers} {}.",
            plural(report.policies.len(), "uses", "use"),
        ),
    };
    format!("{named} {}", meaning(report, matters))
}

fn meaning(report: &Report, matters: &Matters) -> String {
    if is_unfinished(report) {
        return "The check could not be finished, so we cannot say anything yet. There is nothing for you to do \
                now; we find out why and come back to you."
            .to_owned();
    }
    if matters.missing() > 0 {
        return what_is_missing(matters);
    }
    let satisfied = report.policies.iter().all(|policy| policy.outcome == Outcome::Satisfied);
    let says = if matters.nobody.is_some() {
        "It can see no person at all, so there was hardly anything to check. Please begin with the first two \
         points below."
    } else if matters.too_much() > 0 {
        "Nothing that we could see is missing. It may do more than it needs to, though."
    } else if matters.to_look_at() > 0 {
        "Nothing that we could see is missing. Some things can be seen only on your screen."
    } else if report.policies.is_empty() {
        "There was nothing to compare them with, so there is nothing for you to do."
    } else if !matters.disputes.all.iter().all(|dispute| dispute.settled) {
        "Nothing that all agree on is missing. There is nothing for you to change yet."
    } else if satisfied {
        "Everything that it needs is in place. There is nothing for you to do."
    } else if matters.questions() > 0 {
        "Nothing that we could see is missing. We could not see everything, though: please see the questions \
         below."
    } else {
        "Nothing that we could see is missing. There is nothing for you to change."
    };
    says.to_owned()
}

fn what_is_missing(matters: &Matters) -> String {
    let mut effects: Vec<&str> = Vec::new();
    for matter in matters.lacks() {
        for breaks in &matter.breaks {
            if !effects.contains(breaks) {
                effects.push(breaks);
            }
        }
    }
    let lacks = match matters.missing() {
        1 => "It lacks one setting".to_owned(),
        missing => format!("It lacks {missing} settings"),
    };
    if effects.is_empty() {
        return format!("{lacks}, so some data never arrives, without any error message.");
    }
    let effects: Vec<&str> = effects.iter().map(|effect| clause(effect)).collect();
    let more = if effects.len() > 4 { "; and more, see below" } else { "" };
    let shown = effects[..effects.len().min(4)].join("; ");
    format!("{lacks}. What comes of it today: {shown}{more}.")
}

/// Which parts of the product were left out, because nobody said that the customer uses them.
pub(super) fn left_out(report: &Report) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for (name, title) in report.policies.iter().flat_map(|policy| &policy.policy.not_chosen) {
        let part = words::quoted(if title.is_empty() { name } else { title });
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| {
        format!(
            "We took it that none of this concerns you: {}. If any of it does, please tell us first.",
            words::list_some(&parts, PARTS_NAMED)
        )
    })
}

/// When the id and the token are handed over, where the guides do not have it done at once.
pub(super) fn handover(report: &Report) -> Option<String> {
    let told = once(report.policies.iter().flat_map(|policy| &policy.handover));
    (!told.is_empty()).then(|| format!("When the id and the token are handed over: {}", told.join(" ")))
}

/// How long a change takes in HiBob: a guide's own word, where it has one.
pub(super) fn waiting(report: &Report) -> String {
    let told: Vec<String> = of_waiting(report).filter(|says| is_of_a_change(says)).collect();
    if told.is_empty() { words::WAIT.to_owned() } else { told.join(" ") }
}

/// What guides say of waiting beside that: it is nothing to wait for before an answer.
pub(super) fn waiting_beside(report: &Report) -> Option<String> {
    let told: Vec<String> = of_waiting(report).filter(|says| !is_of_a_change(says)).collect();
    let guide = plural(report.policies.len(), "The guide says", "The guides say");
    (!told.is_empty()).then(|| format!("{guide} of the time after that: {}", told.join(" ")))
}

fn of_waiting(report: &Report) -> impl Iterator<Item = String> {
    once(report.policies.iter().flat_map(|policy| &policy.timing)).into_iter()
}

/// Whether a sentence on waiting speaks of a change of permissions in HiBob, by what it begins with.
fn is_of_a_change(says: &str) -> bool {
    let first = says.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    ["hibob", "bob", "permission", "permissions"].contains(&first.to_lowercase().as_str())
}

/// Each sentence once, whole.
fn once<'r>(sentences: impl Iterator<Item = &'r String>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for says in sentences {
        let end = if says.ends_with(['.', '!', '?', ')']) { "" } else { "." };
        let sentence = format!("{says}{end}");
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    told
}

/// What is said before anything else, because somebody has to look now.
pub(super) fn alarm(report: &Report) -> Option<String> {
    let what = report.run.stopped.as_ref().filter(|_| report.run.read_back == Some(ReadBack::Changed))?;
    Some(format!(
        "IMPORTANT: {what}. Please look there now and put it right; an entry that we should not have been able to \
         make reads \"audit-probe-no-such-value\"."
    ))
}

/// When it was checked, and what that did.
pub(super) fn footer(report: &Report) -> String {
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
