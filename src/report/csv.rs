//! The report as a table for spreadsheets: RFC 4180, one row for the run, for each policy, for each item
//! and for each thing to look at by hand.
//!
//! Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula, and labels come from
//! files and tenants: such a cell gets an apostrophe in front. RFC 4180 knows no comments, so a simulated
//! run says so in the heading of the first column and in each of its cells; otherwise they are empty.

use std::io;

use super::format::Settings;
use super::parts::Parts;
use super::{At, Item, Report, sentences, text, words};

/// The columns after the first.
const COLUMNS: [&str; 27] = [
    "record",
    "policy",
    "status",
    "need",
    "permission",
    "label",
    "verdict",
    "strength",
    "doubt",
    "sensitivity",
    "checkable",
    "tolerated",
    "decision",
    "seen",
    "breaks",
    "fix_by",
    "fix_action",
    "fix_path",
    "fix_label",
    "rule",
    "known_by",
    "file",
    "line",
    "connection",
    "service_user",
    "run",
    "note",
];

/// A row, by the names of its columns.
type Row = Vec<(&'static str, String)>;

/// Writes the table.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let notice = sentences::simulated(report);
    table.write_record(std::iter::once(notice.unwrap_or("notice")).chain(COLUMNS))?;
    let mut put = |row: Row| {
        let cell = |column: &str| {
            let told = row.iter().find(|(name, _)| *name == column).map(|(_, value)| value.as_str());
            safe(&match (column, told) {
                (_, Some(value)) => value.to_owned(),
                ("connection", None) => report.run.connection.clone().unwrap_or_default(),
                ("service_user", None) => report.run.service_user.clone(),
                ("run", None) => report.run.id.clone(),
                (_, None) => String::new(),
            })
        };
        let notice = notice.unwrap_or_default().to_owned();
        table.write_record(std::iter::once(notice).chain(COLUMNS.iter().map(|column| cell(column))))
    };
    let mut note = sentences::of_the_run(report);
    note.push(format!("Exit code {}.", report.exit_code));
    put(vec![("record", "run".to_owned()), ("note", note.join(" "))])?;
    for policy in &report.policies {
        let parts = Parts::of(policy);
        let mut note = vec![format!("{}.", sentences::headline(policy, &parts))];
        note.extend(sentences::of_the_policy(report, &parts));
        let name = ("policy", policy.policy.name.clone());
        let head = policy.policy.list_at.as_ref().map(place).unwrap_or_default();
        let mut row = vec![
            ("record", "policy".to_owned()),
            name.clone(),
            ("status", word(&policy.outcome)),
            ("label", policy.policy.title.clone()),
            ("note", note.join(" ")),
        ];
        row.extend(head);
        put(row)?;
        for item in &policy.items {
            let mut row = item_row(item);
            row.push(name.clone());
            put(row)?;
        }
        for check in &policy.manual {
            let mut row = vec![
                ("record", "manual".to_owned()),
                name.clone(),
                ("label", check.text.clone()),
                ("fix_by", words::role(check.role).to_owned()),
            ];
            row.extend(place(&check.at));
            put(row)?;
        }
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    out.write_all(&bytes)
}

fn item_row(item: &Item) -> Row {
    let mut row = vec![
        ("record", "item".to_owned()),
        ("status", word(&item.status)),
        ("need", word(&item.need)),
        ("permission", item.permission.clone().unwrap_or_default()),
        ("label", item.label.clone()),
        ("verdict", word(&item.verdict)),
        ("strength", item.strength.map(|strength| word(&strength)).unwrap_or_default()),
        ("doubt", item.doubt.clone().unwrap_or_default()),
        ("sensitivity", word(&item.sensitivity)),
        ("checkable", word(&item.checkable)),
        ("tolerated", if item.tolerated { "yes".to_owned() } else { String::new() }),
        ("decision", item.decision.as_ref().map(sentences::decided).unwrap_or_default()),
        ("seen", item.because.clone()),
        ("breaks", item.breaks.clone().unwrap_or_default()),
        ("rule", item.rule.clone()),
        ("known_by", word(&item.known_by)),
    ];
    if let Some(fix) = &item.fix {
        row.push(("fix_by", words::role(fix.role).to_owned()));
        row.push(("fix_action", word(&fix.action)));
        row.push(("fix_path", words::path(&fix.path)));
        row.push(("fix_label", fix.label.clone()));
    }
    row.extend(item.at.iter().flat_map(place));
    row.extend(item.partial.iter().map(|partial| ("note", sentences::fields(partial))));
    row
}

fn place(at: &At) -> Row {
    vec![("file", at.file.clone()), ("line", at.line.to_string())]
}

/// A word as the JSON report writes it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula and no terminal obeys.
fn safe(cell: &str) -> String {
    let cell = text::clean(cell);
    if cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) { format!("'{cell}") } else { cell }
}
