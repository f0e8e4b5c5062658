//! What was learned of the tenant: how far silence can be trusted, and the whole access.

use anstyle::Style;
use comfy_table::{ContentArrangement, Table, presets};

use crate::report::page::{DIM, Page, RED};
use crate::report::words;
use crate::report::{Omission, Report};

/// How far silence and categories can be trusted in this tenant.
pub(super) fn evidence_line(page: &mut Page, report: &Report) {
    if report.run.stopped.is_some() && report.tenant.people_visible == 0 {
        return;
    }
    page.gap();
    let style = if report.tenant.omission == Omission::Contradicted { RED } else { DIM };
    let mut words = words::omission(report.tenant.omission).to_owned();
    words.push_str("; ");
    words.push_str(words::permission_model(report.tenant.permission_model));
    page.block(0, (Style::new().bold(), "THIS TENANT  "), (style, &words), (Style::new(), ""));
}

/// The whole access, the one part with real columns.
pub(super) fn access(page: &mut Page, report: &Report) {
    if !page.settings.verbose || report.access.is_empty() {
        return;
    }
    page.section("ACCESS, as far as it is known", "");
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(page.width()).unwrap_or(u16::MAX))
        .set_header(["permission", "verdict", "how sure, or why not"]);
    for entry in &report.access {
        let sure = match (entry.strength, &entry.doubt) {
            (Some(strength), _) => words::strength(strength).to_owned(),
            (None, Some(doubt)) => page.clean(doubt),
            (None, None) => String::new(),
        };
        table.add_row([page.clean(&entry.permission), words::verdict(entry.verdict).to_owned(), sure]);
    }
    // A long id is broken between its steps.
    if let Some(column) = table.column_mut(0) {
        column.set_delimiter('/');
    }
    for line in table.lines() {
        page.text.push_str(line.trim_end());
        page.text.push('\n');
    }
}
