//! Plain text that survives mail and chat: paragraphs, numbers, and ways that are told once.
//!
//! Whatever enters the letter is cleaned on its way in, and the service user's id is shortened.

use super::matters::{Matter, clause, is_population};
use crate::report::format::Settings;
use crate::report::{FixAction, Need, text, words};

/// The text so far. Whatever enters it is cleaned first.
pub(super) struct Letter {
    pub(super) text: String,
    pub(super) width: usize,
    ascii: bool,
    pub(super) verbose: bool,
    user: String,
    /// The way that was told last.
    open: Vec<String>,
}

impl Letter {
    pub(super) fn new(user: &str, width: usize, settings: &Settings) -> Self {
        Self {
            text: String::new(),
            width,
            ascii: settings.ascii,
            verbose: settings.verbose,
            user: user.to_owned(),
            open: Vec::new(),
        }
    }

    /// Cleans a text, and shortens the service user's id wherever it stands.
    pub(super) fn clean(&self, dirty: &str) -> String {
        let mut clean = text::clean(dirty);
        // A very short id is part of too many words to be told from them.
        if self.user.len() > 5 {
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

    pub(super) fn para(&mut self, words: &str) {
        self.lines("", words);
    }

    pub(super) fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(super) fn heading(&mut self, words: &str) {
        self.gap();
        self.para(words);
        self.gap();
    }

    pub(super) fn numbered(&mut self, number: usize, words: &str) {
        let lead = format!("{number:>2}. ");
        self.lines(&lead, words);
    }

    pub(super) fn under(&mut self, words: &str) {
        self.lines("    ", words);
    }

    pub(super) fn bullet(&mut self, words: &str) {
        self.lines("  - ", words);
    }

    /// Tells the common part of several ways, once.
    pub(super) fn open(&mut self, common: &[String], each_group: bool) {
        if common.is_empty() {
            return;
        }
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
    }

    /// The box itself, and what the guide calls it where that is another name.
    pub(super) fn box_line(&mut self, verb: &str, matter: &Matter) {
        let item = matter.item;
        let boxed = boxed(matter);
        if item.is_question() {
            self.under(&format!("{boxed} {}", because(matter)));
            return;
        }
        self.under(&format!("{verb}: {boxed}"));
        // Of people, the guide prints no box.
        if item.at.is_some() && !is_population(item) && !words::same_label(boxed, &item.label) {
            // The box of a section is asked for, for the sake of a field in it.
            let calls = if item.opened_by.is_some() { "for" } else { "the guide calls it" };
            self.under(&format!("({calls} {})", words::quoted(&item.label)));
        }
        // Those that are withheld are of use to whoever is to tick them.
        let to_tick = item.fix.as_ref().is_none_or(|fix| fix.action != FixAction::Untick);
        if let Some(partial) = item.partial.as_ref().filter(|_| to_tick)
            && !partial.denied.is_empty()
        {
            let most = if self.verbose { usize::MAX - 1 } else { 12 };
            self.under(&format!("Field ids: {}", words::list_some(&partial.denied, most)));
        }
    }

    pub(super) fn why(&mut self, matter: &Matter, wanted: bool) {
        if wanted && !matter.breaks.is_empty() {
            let breaks: Vec<&str> = matter.breaks.iter().map(|breaks| clause(breaks)).collect();
            let lead = match matter.item.need {
                Need::Required | Need::Optional => "Without it",
                Need::NotNeeded | Need::Forbidden => "With it",
            };
            self.under(&format!("{lead}: {}", words::list(&breaks)));
        }
        if let Some(reason) = &matter.item.reason {
            let lead = match matter.item.need {
                Need::Required | Need::Optional => "What for",
                Need::NotNeeded | Need::Forbidden => "Why",
            };
            self.under(&format!("{lead}: {}", clause(reason)));
        }
    }
}

/// Why something is asked, as a sentence.
fn because(matter: &Matter) -> String {
    let because = clause(&matter.item.because);
    let mut letters = because.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).chain(std::iter::once('.')).collect()
    })
}

/// The box as the screen has it.
pub(super) fn boxed<'r>(matter: &Matter<'r>) -> &'r str {
    match &matter.item.fix {
        Some(fix) if !fix.label.is_empty() => &fix.label,
        _ => &matter.item.label,
    }
}

/// The id of a service user, short enough not to be of use to anybody else: `SERVICE-5…21`.
pub(super) fn short_id(id: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_shown_in_part() {
        for (id, short) in [
            ("SERVICE-57121", "SERVICE-5…21"),
            ("SERVICE-5772", "SERVICE-5…72"),
            ("SERVICE-12", "SERVICE-…"),
            ("57121", "5…21"),
            ("a-secret-that-is-no-id-57121", "-5…21"),
            ("", "…"),
        ] {
            assert_eq!(short_id(id), short, "{id}");
        }
    }

    #[test]
    fn the_id_is_shortened_wherever_it_stands() {
        let mut letter = Letter::new("SERVICE-57121", 78, &Settings::default());
        letter.para("Open [the group of SERVICE-57121] and look.");
        assert_eq!(letter.text, "Open [the group of SERVICE-5…21] and look.\n");
    }
}
