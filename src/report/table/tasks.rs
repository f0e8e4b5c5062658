//! What is to be done, and by whom: boxes to tick and to untick, screens to look at, people to ask.

use anstyle::Style;

use super::details::{partial, strength};
use crate::report::alike::{Alike, MANY, alike, folded};
use crate::report::opening::advice;
use crate::report::page::{DIM, NOTHING, Page, RED, YELLOW, asked_at};
use crate::report::parts::Parts;
use crate::report::{Checkable, Item, ManualCheck, Need, PolicyReport, Report, Role, Sensitivity};
use crate::report::{doubts, words};

/// How many boxes of normal sensitivity are shown before the rest is only counted.
const NORMAL_EXCESS_SHOWN: usize = 5;

pub(super) fn tick(page: &mut Page, parts: &Parts) {
    if parts.tick.is_empty() {
        return;
    }
    page.section("TO TICK", "who: HiBob admin");
    page.way(&parts.tick);
    for item in &parts.tick {
        page.item("✗", RED, item);
        page.detail("seen", &item.because, &strength(item));
        if page.settings.verbose {
            partial(page, item);
        }
        if let Some(breaks) = &item.breaks {
            page.detail("breaks", breaks, "");
        }
        page.fix(item);
        page.unfold(item);
    }
}

pub(super) fn untick(page: &mut Page, report: &Report, policy: &PolicyReport, parts: &Parts) {
    if !parts.untick.is_empty() {
        page.section("TO UNTICK", "who: HiBob admin");
        page.way_in_every_group(&parts.untick);
        excess(page, report, policy, &parts.untick);
    }
    for (title, who, items) in [
        (
            "HELD, and perhaps needed: not all that is asked for is known",
            "who: integrator",
            &parts.perhaps_needed,
        ),
        ("HELD, and perhaps chosen: the guide leaves that open", "who: HiBob admin", &parts.perhaps_chosen),
    ] {
        if !items.is_empty() {
            page.section(title, who);
            excess(page, report, policy, items);
        }
    }
}

fn excess(page: &mut Page, report: &Report, policy: &PolicyReport, items: &[&Item]) {
    let mut normal = 0;
    let mut hidden = 0;
    let mut section = String::new();
    for item in items {
        let high = item.sensitivity == Sensitivity::High;
        // What the policy forbids is never hidden: it decides the exit code.
        if !high && item.need != Need::Forbidden {
            normal += 1;
            if normal > NORMAL_EXCESS_SHOWN && !page.settings.verbose {
                hidden += 1;
                continue;
            }
        }
        page.item("+", if high { RED } else { YELLOW }, item);
        page.detail("seen", &item.because, &strength(item));
        if let Some(breaks) = &item.breaks {
            page.detail("breaks", breaks, "");
        }
        if let Some(advice) = &item.advice {
            page.detail("but", advice, "");
        }
        // Boxes of one section stand together; the way there is told once.
        let path = item.fix.as_ref().map_or_else(String::new, |fix| words::path(&fix.path));
        if item.perhaps_chosen {
            page.detail("fix", "untick it only if it was not chosen", "");
        } else if item.is_perhaps_needed() {
            page.detail("fix", "untick it only if it turns out not to be asked for", "");
        } else if path != section || path.is_empty() {
            page.fix(item);
            section = path;
        }
        page.unfold(item);
    }
    if hidden > 0 {
        page.note(&format!("and {hidden} more of normal sensitivity (-v)"));
    }
    if let Some(advice) = advice(report, policy, items) {
        page.note(&advice);
    }
}

pub(super) fn look(page: &mut Page, parts: &Parts) {
    if parts.look.is_empty() && parts.look_by_hand.is_empty() {
        return;
    }
    page.section("TO LOOK AT ON THE SCREEN (no API call shows these)", "who: HiBob admin");
    page.way(&parts.look);
    doubtful(page, &parts.look);
    by_hand(page, &parts.look_by_hand);
}

pub(super) fn unsettled(page: &mut Page, report: &Report, parts: &Parts) {
    if parts.unsettled.is_empty() {
        return;
    }
    page.section("COULD NOT BE VERIFIED this time", "who: you");
    if report.run.stopped.is_some() && !page.settings.verbose {
        let names: Vec<String> = parts.unsettled.iter().map(|item| words::name(item)).collect();
        let words = format!("{}: {}", words::list(&names), words::CUT_SHORT);
        page.block(0, (YELLOW.bold(), "? "), (Style::new(), &words), NOTHING);
        return;
    }
    page.way(&parts.unsettled);
    doubtful(page, &parts.unsettled);
}

pub(super) fn ask(page: &mut Page, policy: &PolicyReport, parts: &Parts) {
    if parts.ask.is_empty() && parts.ask_by_hand.is_empty() {
        return;
    }
    let publisher = match policy.policy.publisher.as_str() {
        "" => &policy.policy.title,
        publisher => publisher,
    };
    page.section(&format!("TO ASK {}", publisher.to_uppercase()), "who: integrator");
    doubtful(page, &parts.ask);
    by_hand(page, &parts.ask_by_hand);
}

fn by_hand(page: &mut Page, checks: &[&ManualCheck]) {
    for check in checks {
        let right = match check.role {
            Role::Operator => format!("by you  {}:{}", check.at.file, check.at.line),
            Role::HibobAdmin | Role::Integrator => format!("by hand  {}:{}", check.at.file, check.at.line),
        };
        page.block(0, (YELLOW, "? "), (Style::new(), &check.text), (DIM, &right));
    }
}

/// Items without a verdict: why, and what settles them. What several in a row have in common is
/// told once, below the last of them.
fn doubtful(page: &mut Page, items: &[&Item]) {
    for (at, item) in items.iter().enumerate() {
        let key = alike(item).filter(|_| !page.settings.verbose);
        let same: Vec<&Item> =
            items.iter().copied().filter(|other| key.is_some() && alike(other) == key).collect();
        if same.len() >= MANY {
            if same.first().is_some_and(|first| std::ptr::eq(*first, *item)) {
                fold(page, &same);
            }
            continue;
        }
        page.item("?", YELLOW, item);
        let same =
            |next: &&Item| next.doubt == item.doubt && next.because == item.because && next.fix == item.fix;
        if page.settings.verbose || !items.get(at + 1).is_some_and(same) {
            doubt(page, item);
        }
        page.unfold(item);
    }
}

/// Many boxes of one line as one, by the names of their sections.
fn fold(page: &mut Page, items: &[&Item]) {
    let Some(first) = items.first() else { return };
    let Some(Alike { at, need, because, way, .. }) = alike(first) else { return };
    page.line("?", YELLOW, &folded(items), &asked_at(need, at));
    page.detail("why", because, first.doubt.as_deref().unwrap_or_default());
    page.look_below(way, "are these boxes ticked?");
}

fn doubt(page: &mut Page, item: &Item) {
    let word = item.doubt.as_deref().unwrap_or_default();
    let known = doubts::of(item);
    let seen = if item.because.is_empty() { known.map_or("", |doubt| doubt.why) } else { &item.because };
    page.detail("why", seen, word);
    partial(page, item);
    page.fix(item);
    // A screen or a guide is looked at; of everything else, the next step is ours to tell.
    let is_ours = item.fix.as_ref().is_none_or(|fix| fix.role == Role::Operator);
    if let Some(doubt) = known
        && item.doubt.as_deref() != Some("nobody-visible")
        && (item.fix.is_none() || (item.checkable == Checkable::Api && !is_ours) || page.settings.verbose)
    {
        page.detail("next", doubt.next, "");
    }
}
