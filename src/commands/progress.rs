//! What a run is doing, said on standard error: one line on a terminal, nothing in a pipe, or one JSON
//! object for each event where a machine listens.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::input::environment;
use crate::catalogue::id::EndpointId;
use crate::cli::LogWord;
use crate::prober::pace::{Wait, Why};
use crate::report::text::width;
use crate::source::clean::clean;

/// Brings the cursor back and empties the line.
const ANEW: &str = "\r\x1b[2K";

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Silent,
    Line,
    Json,
}

/// Tells of a run while it is under way.
pub(super) struct Progress {
    how: How,
    quiet: bool,
    asked: AtomicU32,
    at_least: AtomicU32,
}

impl Progress {
    pub(super) fn new(quiet: bool, log: Option<LogWord>) -> Self {
        let how = match log {
            Some(LogWord::Json) => How::Json,
            None if !quiet && is_able_terminal() => How::Line,
            None => How::Silent,
        };
        Self { how, quiet, asked: AtomicU32::new(0), at_least: AtomicU32::new(0) }
    }

    /// The run begins, and sends at least so many requests.
    pub(super) fn begin(&self, at_least: u32) {
        self.at_least.store(at_least, Ordering::Relaxed);
        self.event("begin", json!({"requests_at_least": at_least}));
    }

    /// A request is about to be sent.
    pub(super) fn asking(&self, endpoint: &EndpointId) {
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        let left = self.at_least.load(Ordering::Relaxed).saturating_sub(number);
        self.line(&format!("request {number}, {left} or more left: {endpoint}"));
        self.event("ask", json!({"endpoint": endpoint.as_str(), "request": number, "left_at_least": left}));
    }

    /// A request is held back.
    pub(super) fn waiting(&self, wait: &Wait) {
        let until = after(wait.time);
        let (word, why) = match wait.why {
            Why::Limit => ("limit", "the API's rate limit"),
            Why::Refusals => ("refusals", "our budget of refusals"),
            Why::Trouble => ("trouble", "the API is in trouble"),
        };
        let clock = until.strftime("%H:%M:%S UTC");
        self.line(&format!("waiting until {clock} at the latest: {} ({why})", wait.whom));
        self.event("wait", json!({"for": wait.whom, "why": word, "until": until.to_string()}));
    }

    /// More is asked after a pause, because of what is not held yet.
    pub(super) fn again(&self, awaited: &BTreeSet<String>, pause: Duration, at_least: u32) {
        let asked = self.asked.load(Ordering::Relaxed);
        self.at_least.store(asked.saturating_add(at_least), Ordering::Relaxed);
        let until = after(pause);
        let clock = until.strftime("%H:%M:%S UTC");
        let first = awaited.first().map_or("", String::as_str);
        let more = awaited.len().saturating_sub(1);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        self.line(&format!("asking again at {clock}: {first}{more} not held yet (--wait)"));
        self.event("again", json!({"not_held": awaited, "until": until.to_string()}));
    }

    /// Nothing more is asked; the line is clean again.
    pub(super) fn end(&self) {
        if self.how == How::Line {
            let _ = write!(std::io::stderr(), "{ANEW}");
        }
        self.event("end", json!({"requests": self.asked.load(Ordering::Relaxed)}));
    }

    /// Says what is odd and ends nothing.
    pub(super) fn warn(&self, words: &str) {
        if self.how == How::Json {
            self.event("warning", json!({"text": words}));
        } else if !self.quiet {
            let bold = anstyle::Style::new().bold();
            let _ = writeln!(anstream::stderr().lock(), "{bold}warning{bold:#}: {words}");
        }
    }

    fn line(&self, words: &str) {
        if self.how == How::Line {
            // It is measured each time: terminals are resized.
            let columns = terminal_size::terminal_size_of(std::io::stderr())
                .map_or(80, |(terminal_size::Width(columns), _)| usize::from(columns));
            let _ = write!(std::io::stderr(), "{ANEW}{}", one_line(&clean(words), columns));
        }
    }

    fn event(&self, event: &str, mut told: Value) {
        if self.how != How::Json {
            return;
        }
        if let Some(members) = told.as_object_mut() {
            members.insert("at".to_owned(), Timestamp::now().to_string().into());
            members.insert("event".to_owned(), event.into());
        }
        let _ = writeln!(std::io::stderr().lock(), "{told}");
    }
}

/// Whether standard error is a terminal that can take a line back.
fn is_able_terminal() -> bool {
    std::io::stderr().is_terminal() && environment("TERM").is_none_or(|term| term != "dumb")
}

/// As much of a text as fits one line of a terminal: only one line can be taken back. The last column stays
/// free, since some terminals begin a new line once it is written to.
fn one_line(text: &str, columns: usize) -> String {
    let room = columns.saturating_sub(1);
    if width(text) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if width(&cut) + width(c.encode_utf8(&mut [0; 4])) + 3 > room {
            break;
        }
        cut.push(c);
    }
    cut.push_str(&"..."[..room.min(3)]);
    cut
}

/// The moment after such a time, to the second.
fn after(time: Duration) -> Timestamp {
    let ahead = SignedDuration::try_from(time).unwrap_or_default();
    let until = Timestamp::now().checked_add(ahead).unwrap_or(Timestamp::MAX);
    until.round(jiff::Unit::Second).unwrap_or(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_breaks_whatever_the_width() {
        let text = "asking again at 10:00:00 UTC: 人事/address/history and 10 more not held yet (--wait)";
        for columns in 0..120 {
            let line = one_line(text, columns);
            assert!(width(&line) <= columns.saturating_sub(1), "{columns}: {line}");
        }
        assert_eq!(one_line("request 3", 10), "request 3");
        assert_eq!(one_line("request 31", 10), "reques...");
    }
}
