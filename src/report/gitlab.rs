//! GitLab's code quality report: one issue for each item that is not as wanted, on the line of the
//! policy that asks for it, and one for each policy that says what holds for it as a whole.

use std::io;

use serde::Serialize;

use super::findings::{Findings, Spot, Weight, digest, rule};
use super::format::Settings;
use super::{Report, json, sentences, text};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// Writes the issues.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let policies = Findings::of(report);
    let mut issues = Vec::new();
    if policies.is_empty() || report.run.stopped.is_some() {
        // A report of no policy has no file either.
        let nowhere = Spot::nowhere();
        let at = policies.first().map_or(&nowhere, |policy| &policy.head);
        let identity = digest(&[report.run.connection.as_deref().unwrap_or_default(), "run"]);
        let words = sentences::of_the_run(report).join(" ");
        issues.push(issue(&sentences::first(report, &words), "run", &identity, "blocker", at));
    }
    for policy in &policies {
        let words = sentences::remarks(report, policy.policy).join(" ");
        let words = sentences::first(report, &words);
        issues.push(issue(&words, "policy", &policy.identity, "info", &policy.head));
        for finding in policy.items.iter().filter(|finding| finding.weight > Weight::Nothing) {
            let title = sentences::marked(report, &sentences::title(finding.item));
            let words = format!("{title}. {}", sentences::paragraph(report, finding.item));
            let severity = match finding.weight {
                Weight::Error => "critical",
                Weight::Warning => "major",
                Weight::Note | Weight::Nothing => "info",
            };
            issues.push(issue(&words, &rule(finding.item), &finding.identity, severity, &finding.at));
        }
    }
    json::write_value(&issues, sentences::simulated(report), out)
}

fn issue(words: &str, check: &str, fingerprint: &str, severity: &'static str, at: &Spot) -> Issue {
    Issue {
        description: text::clean(words),
        check_name: text::clean(check),
        fingerprint: fingerprint.to_owned(),
        severity,
        location: Location { path: text::clean(&at.path), lines: Lines { begin: at.line } },
    }
}
