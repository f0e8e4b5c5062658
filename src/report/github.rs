//! Annotations for GitHub Actions, as workflow commands on standard output.
//!
//! GitHub shows ten of a kind for each step and drops the rest without a word. So nine are written, those
//! that ask for something first, and a last one that counts what they leave out and says what holds for
//! the policies as a whole.

use std::io;

use super::findings::{Finding, Findings, Spot, Weight};
use super::format::Settings;
use super::parts::Parts;
use super::words::{self, count};
use super::{Report, Status, opening, sentences, text};

/// How many annotations are written before the one that rolls up the rest.
const MOST: usize = 9;

/// What is asked for first: the order of every report.
const ORDER: [Status; 4] = [Status::Missing, Status::Excess, Status::Unverified, Status::OptionalMissing];

/// Writes the annotations.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let mut lines = String::new();
    if let Some(notice) = sentences::simulated(report) {
        lines.push_str(notice);
        lines.push('\n');
    }
    let policies = Findings::of(report);
    let all: Vec<&Finding> = ORDER
        .iter()
        .flat_map(|status| {
            policies.iter().flat_map(|policy| &policy.items).filter(|finding| finding.item.status == *status)
        })
        .collect();
    let (told, rest) = all.split_at(all.len().min(MOST));
    for finding in told {
        let title = sentences::marked(report, &sentences::title(finding.item));
        let words = sentences::paragraph(report, finding.item);
        command(&mut lines, finding.weight, Some(&finding.at), &title, &words);
    }
    let mut words = Vec::new();
    if !rest.is_empty() {
        let names: Vec<String> = rest.iter().map(|finding| words::name(finding.item)).collect();
        words.push(format!("And {}: {}.", count(rest.len(), "more item", "more items"), words::list(&names)));
    }
    for policy in &report.policies {
        words.push(format!(
            "{}: {}.",
            sentences::policy(policy),
            sentences::headline(policy, &Parts::of(policy))
        ));
        words.extend(sentences::of_the_policy(report, &Parts::of(policy)));
        words.extend(policy.manual.iter().map(sentences::by_hand));
    }
    words.extend(sentences::of_the_run(report));
    let stopped = if report.run.stopped.is_some() { Weight::Error } else { Weight::Note };
    let weight = rest.iter().map(|finding| finding.weight).fold(stopped, Weight::max);
    let title = format!(
        "audit: {} (exit {})",
        opening::verdict(report, sentences::overall(&report.policies)).1,
        report.exit_code
    );
    command(&mut lines, weight, None, &sentences::marked(report, &title), &words.join("\n"));
    out.write_all(lines.as_bytes())
}

/// One workflow command. GitHub cuts titles off; better here, between two words or not.
fn command(lines: &mut String, weight: Weight, at: Option<&Spot>, title: &str, words: &str) {
    let kind = match weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Note | Weight::Nothing => "notice",
    };
    let place = at.map_or_else(String::new, |at| {
        format!("file={},line={},col={},", property(&at.path), at.line, at.column)
    });
    let title = property(&text::shorten(&text::clean(title), 200));
    let words: Vec<String> = words.lines().map(|line| data(&text::clean(line))).collect();
    lines.push_str(&format!("::{kind} {place}title={title}::{}\n", words.join("%0A")));
}

/// The escapes of a command's message. A `##[` anywhere in a line was a command once, and runners still
/// look for it.
fn data(words: &str) -> String {
    words.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A").replace("##[", "## [")
}

/// The escapes of a command's property.
fn property(words: &str) -> String {
    data(&text::clean(words)).replace(':', "%3A").replace(',', "%2C")
}
