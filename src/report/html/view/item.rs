//! An item: one line that is always seen, and what it unfolds to.

use std::collections::HashMap;

use crate::report::{
    At, Item, Need, Observation, Report, Sensitivity, Status, Strength, doubts, sentences, words,
};

/// The ids by which links find items.
pub(super) struct Anchors(HashMap<*const Item, String>);

impl Anchors {
    pub(super) fn of(report: &Report) -> Self {
        let mut anchors = HashMap::new();
        for (policy, number) in report.policies.iter().zip(1..) {
            for (item, at) in policy.items.iter().zip(1..) {
                anchors.insert(std::ptr::from_ref(item), format!("p{number}-i{at}"));
            }
        }
        Self(anchors)
    }

    pub(super) fn to(&self, item: &Item) -> String {
        self.0.get(&std::ptr::from_ref(item)).cloned().unwrap_or_default()
    }
}

/// An item.
pub(super) struct Entry<'r> {
    pub(super) id: String,
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) status: &'static str,
    /// Whether it is unfolded from the start: what is missing is what the page is for.
    pub(super) open: bool,
    pub(super) sensitive: bool,
    pub(super) section: &'r str,
    pub(super) label: &'r str,
    pub(super) because: &'r str,
    pub(super) chips: Vec<Chip<'r>>,
    pub(super) lines: Vec<Line<'r>>,
    pub(super) evidence: &'r [Observation],
    pub(super) rule: &'r str,
    pub(super) known_by: &'static str,
    pub(super) permission: Option<&'r str>,
    pub(super) at: String,
}

/// A property of an item that is seen at a glance: a sign and a word.
pub(super) struct Chip<'r> {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'r str,
}

/// One thing to be said of an item, and the way there if it is done on a screen.
pub(super) struct Line<'r> {
    pub(super) word: &'static str,
    /// Whether it says what to do.
    pub(super) acts: bool,
    pub(super) way: &'r [String],
    pub(super) words: String,
}

impl<'r> Entry<'r> {
    pub(super) fn of(report: &'r Report, item: &'r Item, anchors: &Anchors) -> Self {
        let doubt = doubts::of(item);
        Self {
            id: anchors.to(item),
            class: class(item.status),
            mark: words::mark(item.status),
            status: words::status(item.status),
            open: item.status == Status::Missing,
            sensitive: item.sensitivity == Sensitivity::High,
            section: words::section(item).unwrap_or_default(),
            label: words::named(&item.label),
            because: if item.because.is_empty() {
                doubt.map_or("", |doubt| doubt.why)
            } else {
                &item.because
            },
            chips: chips(item),
            lines: lines(report, item),
            evidence: &item.evidence,
            rule: &item.rule,
            known_by: words::known_by(item.known_by),
            permission: item.permission.as_deref(),
            at: item.at.as_ref().map_or_else(|| words::need(Need::NotNeeded).to_owned(), place),
        }
    }
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Missing => "missing",
        Status::Excess => "excess",
        Status::Unverified => "unverified",
        Status::Satisfied => "wanted",
        Status::Waived | Status::Attested => "decided",
        Status::OptionalMissing => "absent",
    }
}

fn chips(item: &Item) -> Vec<Chip<'_>> {
    let mut chips = Vec::new();
    if item.sensitivity == Sensitivity::High {
        chips.push(Chip { class: "high", sign: "▲", word: words::sensitivity(item.sensitivity) });
    }
    if matches!(item.need, Need::Optional | Need::Forbidden) {
        chips.push(Chip { class: "need", sign: "", word: words::need(item.need) });
    }
    if item.tolerated {
        chips.push(Chip { class: "need", sign: "~", word: "tolerated" });
    }
    if let Some(strength) = item.strength {
        let sign = match strength {
            Strength::Weak => "●○○",
            Strength::Strong => "●●○",
            Strength::Conclusive => "●●●",
        };
        chips.push(Chip { class: "sure", sign, word: words::strength(strength) });
    }
    if let Some(doubt) = &item.doubt {
        chips.push(Chip { class: "sure", sign: "○○○", word: doubt });
    }
    chips
}

fn lines<'r>(report: &Report, item: &'r Item) -> Vec<Line<'r>> {
    let action = sentences::action(item);
    let lines = sentences::body(report, item).into_iter().map(|(word, words)| match (&action, &item.fix) {
        (Some((of_fix, what)), Some(fix)) if *of_fix == word => {
            Line { word, acts: true, way: &fix.path, words: what.clone() }
        }
        _ => Line { word, acts: false, way: &[], words },
    });
    lines.collect()
}

/// A line of a policy.
pub(super) fn place(at: &At) -> String {
    format!("{}:{}", at.file, at.line)
}
