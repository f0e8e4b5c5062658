//! What nobody has to do anything about, and what could not be ruled out.

use anstyle::Style;

use super::details::{partial, strength};
use super::head::tolerated_by;
use crate::report::page::{DIM, GREEN, NOTHING, Page, YELLOW};
use crate::report::parts::Parts;
use crate::report::words::{self, count};
use crate::report::{Report, Scope, Strength, VerdictWord};

pub(super) fn optional(page: &mut Page, parts: &Parts) {
    if parts.optional.is_empty() {
        return;
    }
    page.section("OPTIONAL, and not there", "no gap");
    for item in &parts.optional {
        page.item("-", DIM, item);
        page.detail("seen", &item.because, &strength(item));
        if let Some(breaks) = &item.breaks {
            page.detail("breaks", breaks, "");
        }
        if page.settings.verbose {
            page.fix(item);
        }
        page.unfold(item);
    }
}

/// What a person has decided: named, so that nobody takes it for verified.
pub(super) fn accepted(page: &mut Page, parts: &Parts) {
    for (title, mark, items) in [
        ("ACCEPTED as it is, by a decision in the policy", "=", &parts.waived),
        ("SEEN ON THE SCREEN by a person, not by this run", "=", &parts.attested),
    ] {
        if items.is_empty() {
            continue;
        }
        page.section(title, "");
        for item in items {
            page.item(mark, DIM, item);
            page.detail("seen", &item.because, &strength(item));
            page.unfold(item);
        }
    }
}

pub(super) fn verified_items(page: &mut Page, parts: &Parts) {
    if parts.verified.is_empty() {
        return;
    }
    page.gap();
    if page.settings.verbose {
        page.section("VERIFIED", "");
        for item in &parts.verified {
            page.item("✓", GREEN, item);
            page.detail("seen", &item.because, &strength(item));
            partial(page, item);
            page.unfold(item);
        }
        return;
    }
    let names: Vec<String> = parts
        .verified
        .iter()
        .map(|item| {
            let name = words::name(item);
            let held = if item.verdict == VerdictWord::Denied { " (not held, as wanted)" } else { "" };
            let weak = if item.strength == Some(Strength::Weak) { " (weak)" } else { "" };
            format!("{name}{held}{weak}")
        })
        .collect();
    let words = format!("✓ {}", words::list(&names));
    page.block(0, (GREEN.bold(), "VERIFIED  "), (Style::new(), &words), NOTHING);
}

pub(super) fn tolerated(page: &mut Page, report: &Report, parts: &Parts) {
    if parts.tolerated.is_empty() {
        return;
    }
    let names: Vec<String> = parts.tolerated.iter().map(|item| words::name(item)).collect();
    let words = format!(
        "{}: unverified, and left out of the exit code ({})",
        words::list(&names),
        tolerated_by(report)
    );
    page.gap();
    page.block(0, (YELLOW.bold(), "TOLERATED  "), (Style::new(), &words), (Style::new(), ""));
}

/// What nobody could rule out. "No excess" is never said without it.
pub(super) fn not_ruled_out(page: &mut Page, report: &Report, parts: &Parts) {
    let boxes = count(parts.not_ruled_out as usize, "box", "boxes");
    let seen = if parts.untick.is_empty() { "; no excess was seen among the others" } else { "" };
    let words = match (report.run.scope, parts.not_ruled_out) {
        _ if report.run.stopped.is_some() => {
            format!("{boxes} and whatever was not asked before the run was stopped")
        }
        (Scope::Policy, _) => {
            format!(
                "{boxes}: --scope policy asks only for what the policies need, so excess was not looked for"
            )
        }
        (Scope::Full, 0) => format!("0 boxes: all that HiBob is known to have were settled{seen}"),
        (Scope::Full, _) => {
            let how =
                if report.run.writes == 0 { "reading cannot" } else { "reading and write probes did not" };
            format!("{boxes}: {how} show them (such as rights to edit, add or delete){seen}")
        }
    };
    page.gap();
    let lead = (YELLOW.bold(), "NOT RULED OUT as excess  ");
    page.block(0, lead, (Style::new(), &words), (Style::new(), ""));
}
