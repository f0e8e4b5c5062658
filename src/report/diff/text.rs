//! The difference for people: what is worse first.

use super::{Change, Diff, ItemDiff, PolicyDiff, Side};
use crate::report::format::Settings;
use crate::report::words::{self, count};
use crate::report::{Sensitivity, VerdictWord, text};

/// Writes the difference for a terminal or a mail.
pub fn text(diff: &Diff, settings: &Settings) -> String {
    let mut page = Page { text: String::new(), settings };
    let simulated = if diff.notice.is_some() { "[SIMULATED] " } else { "" };
    page.line(0, &format!("{simulated}{}", headline(diff)));
    page.line(0, &format!("from {}", side(&diff.old)));
    page.line(0, &format!("to {}", side(&diff.new)));
    for remark in &diff.remarks {
        page.line(0, &format!("note: {remark}."));
    }
    for policy in &diff.policies {
        self::policy(&mut page, policy);
    }
    if !diff.access.is_empty() {
        page.gap();
        page.line(0, &format!("PERMISSIONS whose verdict changed: {}", diff.access.len()));
        for entry in &diff.access {
            let doubt = entry.doubt.as_ref().map_or_else(String::new, |doubt| format!(" ({doubt})"));
            let change = format!("{} → {}{doubt}", verdict(entry.old), verdict(entry.new));
            page.line(2, &format!("{}: {change}", entry.permission));
        }
    }
    page.text
}

fn headline(diff: &Diff) -> String {
    if diff.is_empty() {
        return "UNCHANGED: no verdict and no item is another one".to_owned();
    }
    let number = |change| {
        diff.policies.iter().flat_map(|policy| &policy.items).filter(|item| item.change == change).count()
    };
    let mut counts = vec![
        count(number(Change::NewGap), "new gap", "new gaps"),
        count(number(Change::ClosedGap), "closed gap", "closed gaps"),
    ];
    for (change, what) in [(Change::NotKnownAnyMore, "not known any more"), (Change::DecidedGap, "decided")] {
        if number(change) > 0 {
            counts.push(format!("{} {what}", number(change)));
        }
    }
    counts.push(count(diff.access.len(), "verdict changed", "verdicts changed"));
    let word = match diff.exit_code {
        0 => "NO WORSE",
        1 => "WORSE",
        _ => "LESS KNOWN",
    };
    format!("{word}: {}", counts.join(", "))
}

fn side(side: &Side) -> String {
    let connection = side.connection.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    format!("{}, {}{connection}, exit {}", side.finished_at, side.service_user, side.exit_code)
}

fn policy(page: &mut Page, policy: &PolicyDiff) {
    page.gap();
    let outcome = |outcome: Option<_>| outcome.map_or("not in the report", words::outcome);
    let (old, new) = (outcome(policy.old), outcome(policy.new));
    let became = if old == new { new.to_owned() } else { format!("{old} → {new}") };
    page.line(0, &format!("= {}: {became}", policy.name));
    let mut last = None;
    for item in &policy.items {
        if last != Some(item.change) {
            page.line(2, heading(item.change));
            last = Some(item.change);
        }
        self::item(page, item);
    }
}

fn heading(change: Change) -> &'static str {
    match change {
        Change::NewGap => "new gaps",
        Change::NotKnownAnyMore => "not known any more",
        Change::ClosedGap => "closed gaps",
        Change::DecidedGap => "gaps that a person decided to live with",
        Change::Other => "other changes",
    }
}

fn item(page: &mut Page, item: &ItemDiff) {
    let mark = match item.change {
        Change::NewGap => "✗",
        Change::NotKnownAnyMore => "?",
        Change::ClosedGap => "✓",
        Change::DecidedGap => "=",
        Change::Other => "·",
    };
    let high = if item.sensitivity == Sensitivity::High { " (sensitive)" } else { "" };
    // Where a side has no such item, what it knew of the permission is all that it says.
    let status = |status: Option<_>, known: Option<VerdictWord>| {
        status.map_or_else(
            || format!("no item ({})", verdict(known)),
            |status| words::status(status).to_owned(),
        )
    };
    page.line(4, &format!("{mark} {}{high}", item.label));
    page.line(6, &format!("{} → {}", status(item.old, item.old_verdict), status(item.new, item.new_verdict)));
    if item.new.is_some() {
        page.line(6, &format!("seen: {}", item.because));
    }
}

fn verdict(verdict: Option<VerdictWord>) -> &'static str {
    verdict.map_or("not listed", words::verdict)
}

struct Page<'s> {
    text: String,
    settings: &'s Settings,
}

impl Page<'_> {
    /// A line that hangs two columns deeper where it is broken, so that no name begins one at the left.
    fn line(&mut self, indent: usize, words: &str) {
        let clean = text::clean(words);
        let clean = if self.settings.ascii { text::ascii(&clean) } else { clean };
        let room = self.settings.width.max(40) - indent - 2;
        for (at, line) in text::wrap(&clean, room + 2, room).iter().enumerate() {
            self.text.extend(std::iter::repeat_n(' ', if at == 0 { indent } else { indent + 2 }));
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }
}
