//! The message to the customer's HiBob admin: somebody who never installed anything, has ten
//! minutes, and knows the screens of HiBob and none of our words.
//!
//! Everything to be done is numbered through, so that the answer can be "done, all but 3". What only
//! the integrator can answer is not put on the admin.

use std::io;

use super::format::Settings;
use super::words::{self, count, plural};
use super::{
    Checkable, FixAction, Item, Need, Outcome, Report, Role, Scope, Sensitivity, Status, Strength, text,
};

/// Mail and chat programs quote and indent: a little less than a terminal's width.
const WIDEST: usize = 78;

/// How many boxes of normal sensitivity are listed to be unticked before the rest is only counted.
const NORMAL_EXCESS_SHOWN: usize = 12;

/// Writes the message.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let mut letter = Letter {
        text: String::new(),
        width: settings.width.clamp(40, WIDEST),
        ascii: settings.ascii,
        verbose: settings.verbose,
        user: report.run.service_user.clone(),
        number: 0,
        open: Vec::new(),
        stop: None,
    };
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
    letter.para(&opening(report, matters));
    if report.run.stopped.is_some() && !matters.is_nothing() {
        letter.gap();
        letter.para("Our check stopped before it was finished, so this list may not be complete.");
    }
    tick(letter, matters);
    population(letter, matters);
    untick(letter, report, matters);
    look(letter, matters);
    optional(letter, matters);
    afterwards(letter, matters);
    not_checked(letter, report, matters);
    not_for_you(letter, report, matters);
    letter.gap();
    letter.para(&footer(report));
}

/// What concerns the admin, each thing once, however many policies ask for it.
struct Matters<'r> {
    tick: Vec<Matter<'r>>,
    population: Vec<Matter<'r>>,
    untick: Vec<Matter<'r>>,
    look: Vec<Matter<'r>>,
    by_hand: Vec<&'r str>,
    optional: Vec<Matter<'r>>,
    unsettled: Vec<Matter<'r>>,
    elsewhere: Vec<Matter<'r>>,
    elsewhere_by_hand: usize,
    not_ruled_out: u32,
}

/// One item, and who asks for it.
struct Matter<'r> {
    item: &'r Item,
    titles: Vec<&'r str>,
    breaks: Vec<&'r str>,
}

impl<'r> Matters<'r> {
    fn of(report: &'r Report) -> Self {
        let mut matters = Self {
            tick: Vec::new(),
            population: Vec::new(),
            untick: Vec::new(),
            look: Vec::new(),
            by_hand: Vec::new(),
            optional: Vec::new(),
            unsettled: Vec::new(),
            elsewhere: Vec::new(),
            elsewhere_by_hand: 0,
            not_ruled_out: 0,
        };
        let all = || report.policies.iter().flat_map(|policy| &policy.items);
        // What one policy requires and another forbids is for them to settle, not for the admin.
        let disputed = |item: &Item| {
            let by = |need| all().any(|other| other.need == need && other.permission == item.permission);
            item.permission.is_some() && by(Need::Required) && by(Need::Forbidden)
        };
        for policy in &report.policies {
            for item in &policy.items {
                matters.sort_in(item, &policy.policy.title, disputed(item));
            }
            for check in &policy.manual {
                match check.role {
                    Role::HibobAdmin if matters.by_hand.contains(&check.text.as_str()) => {}
                    Role::HibobAdmin => matters.by_hand.push(&check.text),
                    Role::Integrator | Role::Operator => matters.elsewhere_by_hand += 1,
                }
            }
            matters.not_ruled_out = matters.not_ruled_out.max(policy.summary.excess_undecided);
        }
        matters
    }

    fn sort_in(&mut self, item: &'r Item, title: &'r str, disputed: bool) {
        let role = item.fix.as_ref().map_or(Role::HibobAdmin, |fix| fix.role);
        let pile = match item.status {
            Status::Satisfied | Status::Waived | Status::Attested => return,
            // What we settle ourselves is told, and asks nothing of the admin.
            Status::Unverified if role == Role::Operator && item.checkable == Checkable::Api => {
                &mut self.unsettled
            }
            _ if disputed || role != Role::HibobAdmin => &mut self.elsewhere,
            Status::Missing if is_population(item) => &mut self.population,
            Status::Missing => &mut self.tick,
            Status::Excess => &mut self.untick,
            Status::OptionalMissing => &mut self.optional,
            Status::Unverified => match item.checkable {
                Checkable::Integrator => &mut self.elsewhere,
                Checkable::Screen | Checkable::Write => &mut self.look,
                Checkable::Api => &mut self.unsettled,
            },
        };
        // A label that stands for no box is no other label's equal, even when both are null.
        let same = pile.iter_mut().find(|matter| {
            item.permission.is_some() && matter.item.permission == item.permission
                || item.permission.is_none() && matter.item.label == item.label
        });
        let breaks = item.breaks.as_deref();
        match same {
            Some(matter) => {
                if !matter.titles.contains(&title) {
                    matter.titles.push(title);
                }
                if let Some(breaks) = breaks.filter(|breaks| !matter.breaks.contains(breaks)) {
                    matter.breaks.push(breaks);
                }
            }
            None => {
                pile.push(Matter { item, titles: vec![title], breaks: breaks.into_iter().collect() });
            }
        }
    }

    fn missing(&self) -> usize {
        self.tick.len() + self.population.len()
    }

    fn to_look_at(&self) -> usize {
        self.look.len() + self.by_hand.len()
    }

    /// How many reasons there are to ask the admin something.
    fn questions(&self) -> usize {
        self.reasons()
            .iter()
            .filter(|(_, matters)| matters.iter().any(|matter| !needed(matter).is_empty()))
            .count()
    }

    /// What could not be settled, by the reason, in the order in which the reasons come up.
    fn reasons(&self) -> Vec<(&str, Vec<&Matter<'r>>)> {
        let mut reasons: Vec<(&str, Vec<&Matter>)> = Vec::new();
        for matter in &self.unsettled {
            // Two matters with one doubt differ if only one of them is a question to the admin.
            let (plain, needed) = (plain(matter), needed(matter));
            let same = reasons.iter_mut().find(|(reason, others)| {
                *reason == plain && others.iter().all(|other| self::needed(other) == needed)
            });
            match same {
                Some((_, matters)) => matters.push(matter),
                None => reasons.push((plain, vec![matter])),
            }
        }
        reasons
    }

    /// Whether the admin has nothing to change and nothing to look at.
    fn is_nothing(&self) -> bool {
        self.missing() + self.untick.len() + self.to_look_at() == 0
    }
}

fn is_population(item: &Item) -> bool {
    item.permission.as_deref().is_some_and(words::is_population)
}

/// Why an item could not be settled, in the admin's words.
fn plain(matter: &Matter) -> &'static str {
    matter.item.doubt.as_deref().and_then(words::doubt).map_or("we could not tell", |doubt| doubt.plain)
}

/// What the admin can tell about it; nothing where we go on by ourselves.
fn needed(matter: &Matter) -> &'static str {
    if matter.item.fix.as_ref().is_some_and(|fix| fix.role == Role::Operator) {
        return "";
    }
    matter.item.doubt.as_deref().and_then(words::doubt).map_or("", |doubt| doubt.needed)
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
    if missing > 0 {
        let number = settings(missing);
        (format!("{number} {} missing for", plural(missing, "is", "are")), format!("{number} missing for"))
    } else if !matters.untick.is_empty() {
        same(format!("{} to untick for", settings(matters.untick.len())))
    } else if matters.to_look_at() > 0 {
        same(format!("{} to look at for", settings(matters.to_look_at())))
    } else if is_cut_short(report) {
        ("our check is not finished for".to_owned(), "check not finished for".to_owned())
    } else if matters.questions() > 0 {
        same(format!("{} about", count(matters.questions(), "question", "questions")))
    } else {
        same("nothing to change for".to_owned())
    }
}

fn is_cut_short(report: &Report) -> bool {
    report.run.stopped.is_some() || report.policies.iter().any(|policy| policy.outcome == Outcome::NoVerdict)
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
    let rest = if missing > 0 {
        let them = plural(missing, "It lacks one setting", "It lacks some settings");
        if effects.is_empty() {
            format!("{them}, so some data never arrives, without any error message.")
        } else {
            let effects: Vec<&str> = effects.iter().map(|effect| clause(effect)).collect();
            let more = if effects.len() > 4 { "; and more, see below" } else { "" };
            let shown = effects[..effects.len().min(4)].join("; ");
            format!("{them}. What comes of it today: {shown}{more}.")
        }
    } else if !matters.untick.is_empty() {
        "Nothing that we could see is missing. It may do more than it needs to, though.".to_owned()
    } else if matters.to_look_at() > 0 {
        "Nothing that we could see is missing. Some things can be seen only on your screen.".to_owned()
    } else if is_cut_short(report) {
        "The check could not be finished, so we cannot say anything yet. There is nothing for you to do now; we \
         find out why and come back to you."
            .to_owned()
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

/// A sentence as a part of another: without the full stop at its end.
fn clause(sentence: &str) -> &str {
    sentence.trim().trim_end_matches('.')
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
    letter.para(
        "This is not a box. It is the choice of people whom the service user can see, under \"Access data for\" \
         (older screens: \"Access rights\"): Select people by condition, Edit, then Lifecycle status equals …",
    );
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

fn afterwards(letter: &mut Letter, matters: &Matters) {
    if matters.is_nothing() && matters.optional.is_empty() {
        return;
    }
    letter.heading("AND THEN");
    let numbers = if letter.number > 1 { " The numbers are enough: \"done, all but 3\"." } else { "" };
    if matters.missing() + matters.untick.len() + matters.optional.len() > 0 {
        letter.para(&format!(
            "Press Save, then Apply, and confirm if HiBob asks. HiBob needs about ten seconds. Then tell us what \
             you did and what you saw, and we run the check again.{numbers}"
        ));
    } else {
        letter.para(&format!("Tell us what you saw.{numbers}"));
        letter.para("If you changed anything: press Save, then Apply; HiBob needs about ten seconds.");
    }
    letter.para("Please never send us the token, nor a screenshot that shows it.");
}

fn not_checked(letter: &mut Letter, report: &Report, matters: &Matters) {
    // A check that told nothing has nothing but gaps; the opening has said so.
    if report.policies.iter().all(|policy| policy.outcome == Outcome::NoVerdict) {
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
        writes => format!(
            "The check sent {} that HiBob cannot accept, to see whether it would refuse",
            count(writes as usize, "test change", "test changes"),
        ),
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

/// The id of a service user, short enough not to be of use to anybody else: `SERVICE-5…21`.
fn short_id(id: &str) -> String {
    let (head, tail) = id.rsplit_once('-').map_or(("", id), |(head, tail)| (head, tail));
    let dash = if head.is_empty() { "" } else { "-" };
    // The head is shown only as the word that HiBob puts there; anything else could be a part of a secret.
    let head = if head.chars().all(|c| c.is_ascii_alphabetic()) && head.len() <= 10 { head } else { "" };
    let letters: Vec<char> = tail.chars().collect();
    match letters.as_slice() {
        [first, .., a, b] if letters.len() >= 4 => format!("{head}{dash}{first}…{a}{b}"),
        _ => format!("{head}{dash}…"),
    }
}

fn label_of(matter: &Matter) -> String {
    if is_population(matter.item) {
        return format!("People with the status \"{}\"", matter.item.label);
    }
    words::short(&matter.item.label)
}

/// The text so far. Whatever enters it is cleaned first.
struct Letter {
    text: String,
    width: usize,
    ascii: bool,
    verbose: bool,
    user: String,
    number: usize,
    /// The way that was told last.
    open: Vec<String>,
    /// Where the last number led.
    stop: Option<Vec<String>>,
}

impl Letter {
    /// Cleans a text, and shortens the service user's id wherever it stands.
    fn clean(&self, dirty: &str) -> String {
        let mut clean = text::clean(dirty);
        if !self.user.is_empty() {
            clean = clean.replace(&self.user, &short_id(&self.user));
        }
        if self.ascii { text::ascii(&clean) } else { clean }
    }

    fn lines(&mut self, lead: &str, words: &str) {
        let clean = self.clean(words);
        let hang = lead.len();
        for (at, line) in text::wrap(&clean, self.width - hang, self.width - hang).iter().enumerate() {
            let lead = if at == 0 { lead.to_owned() } else { " ".repeat(hang) };
            self.text.push_str(format!("{lead}{line}").trim_end());
            self.text.push('\n');
        }
    }

    fn para(&mut self, words: &str) {
        self.lines("", words);
    }

    fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn heading(&mut self, words: &str) {
        self.gap();
        self.para(words);
        self.gap();
    }

    fn numbered(&mut self, words: &str) {
        self.number += 1;
        let lead = format!("{:>2}. ", self.number);
        self.lines(&lead, words);
    }

    fn under(&mut self, words: &str) {
        self.lines("    ", words);
    }

    fn bullet(&mut self, words: &str) {
        self.lines("  - ", words);
    }

    /// Tells the common part of the way once; returns how many steps it has.
    fn open(&mut self, matters: &[Matter], each_group: bool) -> usize {
        self.stop = None;
        let paths: Vec<&[String]> =
            matters.iter().filter_map(|matter| Some(matter.item.fix.as_ref()?.path.as_slice())).collect();
        let shared = words::shared_steps(&paths);
        let Some(common) = paths.first().map(|path| &path[..shared]).filter(|_| shared > 1) else { return 0 };
        let whose = "that has the service user under Members";
        let way = match (each_group, self.open == common, self.open.is_empty()) {
            (true, true, _) => "In each of these groups:".to_owned(),
            (true, false, _) => {
                format!("Open {}, and there each group {whose}:", words::path(words::up_to_groups(common)))
            }
            (false, true, _) => "In the same place:".to_owned(),
            (false, false, true) if common.last().is_some_and(|step| step.starts_with('[')) => {
                format!("Open {} (the group {whose}). There:", words::path(common))
            }
            (false, false, _) => format!("Open {}. There:", words::path(common)),
        };
        self.para(&way);
        self.open = common.to_vec();
        self.gap();
        shared
    }

    /// The next number, unless it would lead to where the last one has led.
    fn stop(&mut self, told: usize, matter: &Matter) {
        let path = matter.item.fix.as_ref().map(|fix| fix.path.as_slice()).unwrap_or_default();
        if !path.is_empty() && self.stop.as_deref() == Some(path) {
            return;
        }
        match path.get(told..) {
            Some(rest) if !rest.is_empty() => self.numbered(&words::path(rest)),
            _ => self.numbered(&label_of(matter)),
        }
        self.stop = Some(path.to_vec());
    }

    /// The box itself, and what the guide calls it where that is another name.
    fn box_line(&mut self, verb: &str, matter: &Matter) {
        let item = matter.item;
        let (label, guide) = match &item.fix {
            Some(fix) if fix.label.is_empty() => (item.label.as_str(), ""),
            Some(fix) if fix.action == FixAction::Ask || words::same_label(&fix.label, &item.label) => {
                (fix.label.as_str(), "")
            }
            Some(fix) => (fix.label.as_str(), item.label.as_str()),
            None => (item.label.as_str(), ""),
        };
        self.under(&format!("{verb}: {label}"));
        if !guide.is_empty() && item.at.is_some() {
            self.under(&format!("(the guide calls it \"{guide}\")"));
        }
        if let Some(partial) = &item.partial
            && !partial.denied.is_empty()
        {
            let most = if self.verbose { usize::MAX - 1 } else { 12 };
            self.under(&format!("Field ids: {}", words::list_some(&partial.denied, most)));
        }
    }

    fn why(&mut self, matter: &Matter, wanted: bool) {
        if wanted && !matter.breaks.is_empty() {
            let breaks: Vec<&str> = matter.breaks.iter().map(|breaks| clause(breaks)).collect();
            self.under(&format!("Without it: {}", words::list(&breaks)));
        }
    }
}
