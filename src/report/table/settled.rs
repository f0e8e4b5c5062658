//! What nobody has to do anything about, and what could not be ruled out.

use anstyle::Style;

use super::details::{partial, strength};
use crate::report::opening::tolerated_by;
use crate::report::page::{DIM, GREEN, NOTHING, Page, YELLOW};
use crate::report::parts::Parts;
use crate::report::words;
use crate::report::{PolicyReport, Report, Strength, VerdictWord, sentences};

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
        if let Some(advice) = &item.advice {
            page.detail("but", advice, "");
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
        ("ACCEPTED as it is, by a decision", "=", &parts.waived),
        ("SEEN ON THE SCREEN by a person, not by this run", "=", &parts.attested),
    ] {
        if items.is_empty() {
            continue;
        }
        page.section(title, "");
        for item in items {
            page.item(mark, DIM, item);
            page.detail("seen", &item.because, &strength(item));
            if let Some(decision) = &item.decision {
                page.detail("by", &sentences::decided(decision), "");
            }
            page.unfold(item);
        }
    }
}

/// What is to be known of decisions: those that contradict what was seen, that ended, or that soon will.
pub(super) fn notices(page: &mut Page, policy: &PolicyReport) {
    if policy.decision_notices.is_empty() {
        return;
    }
    page.section("DECISIONS", "who: you");
    for notice in &policy.decision_notices {
        let mark = (YELLOW.bold(), "! ");
        let place = format!("{}:{}", notice.decision.at.file, notice.decision.at.line);
        page.block(0, mark, (Style::new(), &notice.item), (DIM, &place));
        page.detail(words::notice(notice.notice), &notice.text, "");
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

/// Lines that ask for nothing here: said, so that nobody takes them for lost.
pub(super) fn asking_for_nothing(page: &mut Page, policy: &PolicyReport) {
    if policy.asking_for_nothing.is_empty() || !page.settings.verbose {
        return;
    }
    page.section("NOTHING OF THE KIND in this tenant, so nothing is asked", "");
    for line in &policy.asking_for_nothing {
        let place = format!("{}:{}", line.at.file, line.at.line);
        page.block(0, (DIM, "- "), (Style::new(), &line.label), (DIM, &place));
    }
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
    let words = sentences::not_ruled_out(report, parts);
    page.gap();
    let lead = (YELLOW.bold(), "NOT RULED OUT as excess  ");
    page.block(0, lead, (Style::new(), &words), (Style::new(), ""));
}
