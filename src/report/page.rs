//! A page for the terminal: blocks with hanging indents, tags at the right end, headings.
//!
//! Whatever enters the page is cleaned on its way in, so nothing above has to think of it.

use anstyle::{AnsiColor, Style};

use super::format::Settings;
use super::words;
use super::{At, Fix, FixAction, Item, Need, Role, Sensitivity, Status, sentences, text};

pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const RED: Style = AnsiColor::Red.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const NOTHING: (Style, &str) = (Style::new(), "");

/// The text so far. Whatever enters it is cleaned first.
pub(super) struct Page<'s> {
    pub(super) text: String,
    pub(super) settings: &'s Settings,
    /// How many steps of each way the section's first line has told.
    told: usize,
}

/// A piece of text and how it is shown.
pub(super) type Span<'t> = (Style, &'t str);

impl<'s> Page<'s> {
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { text: String::new(), settings, told: 0 }
    }

    pub(super) fn width(&self) -> usize {
        self.settings.width.max(40)
    }

    pub(super) fn clean(&self, dirty: &str) -> String {
        let clean = text::clean(dirty);
        if self.settings.ascii { text::ascii(&clean) } else { clean }
    }

    fn paint(&mut self, style: Style, words: &str) {
        if self.settings.color && !words.is_empty() && style != Style::new() {
            self.text.push_str(&format!("{style}{words}{style:#}"));
        } else {
            self.text.push_str(words);
        }
    }

    fn spaces(&mut self, number: usize) {
        self.text.extend(std::iter::repeat_n(' ', number));
    }

    /// A lead, a text that hangs from it, and a tag at the right end of the first line. A tag that
    /// leaves the text too little room goes below it.
    pub(super) fn block(&mut self, indent: usize, lead: Span, body: Span, right: Span) {
        let lead_end = lead.1.len() - lead.1.trim_end().len();
        let mut lead_text = self.clean(lead.1);
        lead_text.extend(std::iter::repeat_n(' ', lead_end));
        let body_text = self.clean(body.1);
        let right_text = self.clean(right.1);
        let lead_width = text::width(&lead_text);
        let right_width = text::width(&right_text);
        // A long lead is followed by the text, and the text hangs from the margin: never on it, where a name
        // that begins a line could be taken for a heading or a verdict.
        let at_margin = indent + lead_width == 0 || lead_width * 4 > self.width();
        let hang = if at_margin { indent + 2 } else { indent + lead_width };
        let first = self.width().saturating_sub(indent + lead_width);
        let rest = self.width().saturating_sub(hang);
        let beside = !right_text.is_empty() && right_width + 2 <= first / 2;
        let room = if beside { first - right_width - 2 } else { first };
        for (at, line) in text::wrap(&body_text, room, rest).iter().enumerate() {
            if at == 0 {
                self.spaces(indent);
                self.paint(lead.0, &lead_text);
            } else {
                self.spaces(hang);
            }
            self.paint(body.0, line);
            if at == 0 && beside {
                self.spaces(first - right_width - text::width(line));
                self.paint(right.0, &right_text);
            }
            self.end_line();
        }
        if !right_text.is_empty() && !beside {
            for line in text::wrap(&right_text, rest, rest) {
                self.spaces(self.width() - text::width(&line));
                self.paint(right.0, &line);
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        self.text.push('\n');
    }

    pub(super) fn plain(&mut self, words: &str) {
        self.block(0, NOTHING, (Style::new(), words), NOTHING);
    }

    pub(super) fn dim(&mut self, words: &str) {
        self.block(0, NOTHING, (DIM, words), NOTHING);
    }

    pub(super) fn note(&mut self, words: &str) {
        self.block(2, NOTHING, (DIM, words), NOTHING);
    }

    /// One empty line, never two.
    pub(super) fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(super) fn section(&mut self, title: &str, who: &str) {
        self.told = 0;
        self.gap();
        self.rule('-', title, who);
    }

    /// A heading whose line is filled up to the right end.
    pub(super) fn rule(&mut self, line: char, title: &str, who: &str) {
        let title = self.clean(title);
        let tail = if who.is_empty() { String::new() } else { format!(" {who}") };
        let lines = text::wrap(&title, self.width(), self.width() - 2);
        for (at, words) in lines.iter().enumerate() {
            let indent = if at == 0 { 0 } else { 2 };
            self.spaces(indent);
            self.paint(Style::new().bold(), words);
            let left = self.width().saturating_sub(indent + text::width(words) + text::width(&tail));
            if at + 1 < lines.len() {
                self.end_line();
            } else if left >= 4 {
                let filler: String = std::iter::repeat_n(line, left - 1).collect();
                self.paint(DIM, &format!(" {filler}{tail}"));
                self.end_line();
            } else {
                self.end_line();
                self.spaces(self.width() - text::width(who));
                self.paint(DIM, who);
                self.end_line();
            }
        }
    }

    /// Tells once where the items of a section are to be found, if that saves telling it each time.
    pub(super) fn way(&mut self, items: &[&Item]) {
        let steps = self.share(items);
        if !steps.is_empty() {
            self.note(&format!("in {}:", words::path(steps)));
        }
    }

    /// The same for what is to be unticked. One group alone would not do: rights add up.
    pub(super) fn way_in_every_group(&mut self, items: &[&Item]) {
        let steps = words::up_to_groups(self.share(items));
        let under = if steps.is_empty() { String::new() } else { format!(", under {}", words::path(steps)) };
        self.note(&format!(
            "in every permission group that holds this service user, since rights add up{under}:"
        ));
    }

    /// The steps that the ways of all items share, which are not told again with each of them.
    fn share<'i>(&mut self, items: &[&'i Item]) -> &'i [String] {
        let paths: Vec<&[String]> =
            items.iter().filter_map(|item| item.fix.as_ref()).map(|fix| fix.path.as_slice()).collect();
        let shared = words::shared_steps(&paths);
        self.told = if paths.len() > 1 && shared > 1 { shared } else { 0 };
        paths.first().map(|path| &path[..self.told]).unwrap_or_default()
    }

    /// The first line of an item: mark, section, label, and where it is asked for.
    pub(super) fn item(&mut self, mark: &str, style: Style, item: &Item) {
        let high = if item.sensitivity == Sensitivity::High && item.status == Status::Excess {
            "HIGH  "
        } else {
            ""
        };
        let section = words::section(item).map_or_else(String::new, |section| format!("{section}: "));
        let right = match &item.at {
            Some(at) => asked_at(item.need, at),
            None => "not asked for".to_owned(),
        };
        self.line(mark, style, &format!("{high}{section}{}", item.label), &right);
    }

    /// The first line of what is told as one.
    pub(super) fn line(&mut self, mark: &str, style: Style, words: &str, right: &str) {
        self.block(0, (style.bold(), &format!("{mark} ")), (Style::new().bold(), words), (DIM, right));
    }

    /// What to look at, and below which way.
    pub(super) fn look_below(&mut self, way: &[String], what: &str) {
        let way = words::path(way.get(self.told..).unwrap_or_default());
        let words = if way.is_empty() { what.to_owned() } else { format!("{way}: {what}") };
        self.detail("look", &words, "");
    }

    pub(super) fn detail(&mut self, name: &str, words: &str, right: &str) {
        if !words.is_empty() || !right.is_empty() {
            self.block(4, (DIM, &format!("{name:<6} ")), (Style::new(), words), (DIM, right));
        }
    }

    pub(super) fn fix(&mut self, item: &Item) {
        if let Some(choice) = &item.choice {
            self.detail("choice", choice, "");
        }
        let Some(fix) = &item.fix else { return };
        let (title, what) = match fix.action {
            FixAction::Tick if item.permission.as_deref().is_some_and(words::is_population) => {
                ("fix", format!("include {}", fix.label))
            }
            FixAction::Tick => ("fix", format!("tick {}", self.boxes(item, fix))),
            FixAction::Untick if item.permission.as_deref().is_some_and(words::is_population) => {
                ("fix", format!("take out {}", fix.label))
            }
            FixAction::Untick => ("fix", format!("untick {}", box_name(item, fix))),
            FixAction::Look if fix.role == Role::Operator => ("do", fix.label.clone()),
            FixAction::Look if item.permission.as_deref().is_some_and(words::is_population) => {
                ("look", "are they included?".to_owned())
            }
            FixAction::Look if fix.path.last().is_some_and(|step| step == words::AUDIENCE) => {
                ("look", fix.label.clone())
            }
            // What is not there has no box yet.
            FixAction::Look => {
                let asks = sentences::not_there(item).map(str::to_owned);
                ("look", asks.unwrap_or_else(|| format!("is {} ticked?", box_name(item, fix))))
            }
            FixAction::Ask => ("ask", fix.label.clone()),
        };
        // Whoever is asked about a guide needs no clicks, only the section.
        let told = match fix.action {
            FixAction::Ask => words::below_the_group(&fix.path),
            _ => self.told,
        };
        let path = words::path(fix.path.get(told..).unwrap_or_default());
        let words = if path.is_empty() { what } else { format!("{path}: {what}") };
        self.detail(title, &words, "");
    }

    /// What is to be ticked: this box, or the fields that are withheld, of which only `-v` names all.
    fn boxes(&self, item: &Item, fix: &Fix) -> String {
        match &item.partial {
            Some(partial) if !self.settings.verbose && partial.denied.len() > 7 => {
                let fields: Vec<&str> = fix.label.split(", ").collect();
                words::list_some(&fields, 6)
            }
            _ => box_name(item, fix).to_owned(),
        }
    }

    /// What `-v` adds to an item.
    pub(super) fn unfold(&mut self, item: &Item) {
        if !self.settings.verbose {
            return;
        }
        if let Some(permission) = &item.permission {
            self.detail("id", permission, "");
        }
        let rule = format!("{} ({})", item.rule, words::known_by(item.known_by));
        self.detail("rule", &rule, "");
        for observation in &item.evidence {
            self.detail("saw", &format!("{}: {}", observation.probe, observation.saw), "");
        }
    }
}

/// The box in a sentence; its name only where the item's first line has another one.
fn box_name<'i>(item: &'i Item, fix: &'i Fix) -> &'i str {
    if words::same_label(&fix.label, &item.label) { "this box" } else { &fix.label }
}

/// Where something is asked for, and how much, unless that is required.
pub(super) fn asked_at(need: Need, at: &At) -> String {
    let at = format!("{}:{}", at.file, at.line);
    match need {
        Need::Optional => format!("optional  {at}"),
        Need::Forbidden => format!("forbidden  {at}"),
        Need::NotNeeded => format!("not needed  {at}"),
        Need::Required => at,
    }
}
