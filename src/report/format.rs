//! The formats: one table of rows, one function type, no trait.

use std::io;

use super::{
    Report, csv, github, gitlab, html, json, junit, markdown, message, ndjson, ocsf, oscal, sarif, table,
};

/// How a report is written. What it says does not depend on any of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Columns that a line may take. Below 40 it counts as 40.
    pub width: usize,
    /// Whether escape codes for colour may be written.
    pub color: bool,
    /// Whether marks and punctuation are kept in ASCII. Names keep their letters.
    pub ascii: bool,
    /// Whether everything is unfolded: evidence, rules, all excess, the whole access.
    pub verbose: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { width: 80, color: false, ascii: false, verbose: false }
    }
}

/// A way of writing a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For the terminal.
    Table,
    /// For programs.
    Json,
    /// For log pipelines.
    Ndjson,
    /// For spreadsheets.
    Csv,
    /// For pull requests.
    Markdown,
    /// For people who would rather look than read.
    Html,
    /// For code scanning.
    Sarif,
    /// For the test tab of a CI.
    Junit,
    /// For GitHub Actions.
    Github,
    /// For GitLab's merge requests.
    Gitlab,
    /// For SIEMs.
    Ocsf,
    /// For auditors.
    Oscal,
    /// For the customer's HiBob admin: a mail, a ticket.
    Message,
    /// The same for a chat.
    MessageShort,
}

/// What is known about a format.
#[derive(Debug)]
pub struct Row {
    /// The format.
    pub format: Format,
    /// What is typed after `--output`.
    pub name: &'static str,
    /// How the name of a file of this format ends.
    pub extension: &'static str,
    /// The media type of what is written.
    pub media_type: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    write: fn(&Report, &Settings, &mut dyn io::Write) -> io::Result<()>,
}

/// Every format, in the order in which help lists them.
pub static ROWS: [Row; 14] = [
    Row {
        format: Format::Table,
        name: "table",
        extension: "table.txt",
        media_type: "text/plain; charset=utf-8",
        about: "for the terminal: what to tick, what to untick, what nobody can see",
        write: table::write,
    },
    Row {
        format: Format::Json,
        name: "json",
        extension: "json",
        media_type: "application/json",
        about: "for programs: the whole report, version 1; see schemas/report.v1.json",
        write: json::write,
    },
    Row {
        format: Format::Ndjson,
        name: "ndjson",
        extension: "ndjson",
        media_type: "application/x-ndjson",
        about: "for log pipelines: the same as json, one record a line",
        write: ndjson::write,
    },
    Row {
        format: Format::Csv,
        name: "csv",
        extension: "csv",
        media_type: "text/csv; charset=utf-8",
        about: "for spreadsheets: one row an item, safe against formulas",
        write: csv::write,
    },
    Row {
        format: Format::Markdown,
        name: "markdown",
        extension: "md",
        media_type: "text/markdown; charset=utf-8",
        about: "for pull requests and step summaries: what is to be done, as a list to tick off",
        write: markdown::write,
    },
    Row {
        format: Format::Html,
        name: "html",
        extension: "html",
        media_type: "text/html; charset=utf-8",
        about: "to look at, to send and to print: one page that needs nothing else, with a map of the access",
        write: html::write,
    },
    Row {
        format: Format::Sarif,
        name: "sarif",
        extension: "sarif",
        media_type: "application/sarif+json",
        about: "for code scanning: SARIF 2.1.0, each item on its line of the policy",
        write: sarif::write,
    },
    Row {
        format: Format::Junit,
        name: "junit",
        extension: "junit.xml",
        media_type: "application/xml",
        about: "for the test tab of a CI: JUnit XML, a case for each item",
        write: junit::write,
    },
    Row {
        format: Format::Github,
        name: "github",
        extension: "github.txt",
        media_type: "text/plain; charset=utf-8",
        about: "for GitHub Actions: annotations, nine at most and one for the rest",
        write: github::write,
    },
    Row {
        format: Format::Gitlab,
        name: "gitlab",
        extension: "gitlab.json",
        media_type: "application/json",
        about: "for GitLab's merge requests: a code quality report",
        write: gitlab::write,
    },
    Row {
        format: Format::Ocsf,
        name: "ocsf",
        extension: "ocsf.json",
        media_type: "application/json",
        about: "for SIEMs: OCSF events of the class Compliance Finding",
        write: ocsf::write,
    },
    Row {
        format: Format::Oscal,
        name: "oscal",
        extension: "oscal.json",
        media_type: "application/oscal+json",
        about: "for auditors: OSCAL assessment results",
        write: oscal::write,
    },
    Row {
        format: Format::Message,
        name: "message",
        extension: "message.txt",
        media_type: "text/plain; charset=utf-8",
        about: "text to send to the HiBob admin, for a mail or a ticket: the clicks, one by one",
        write: message::write,
    },
    Row {
        format: Format::MessageShort,
        name: "message-short",
        extension: "message-short.txt",
        media_type: "text/plain; charset=utf-8",
        about: "the same for a chat: a line for each point, under the same numbers",
        write: message::write_short,
    },
];

impl Format {
    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.format)
    }

    /// The names, for help and for the nearest name to a typo.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ROWS.iter().map(|row| row.name)
    }

    /// What is known about this format.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Writes a report in this format.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(self, report: &Report, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
        (self.row().write)(report, settings, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_stands_where_its_format_looks_for_it() {
        for row in &ROWS {
            assert_eq!(row.format.row().name, row.name);
            assert_eq!(Format::parse(row.name), Some(row.format));
        }
        assert_eq!(Format::parse("tabel"), None);
        assert_eq!(Format::names().count(), ROWS.len());
    }
}
