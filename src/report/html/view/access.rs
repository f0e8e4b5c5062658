//! The map of the access, and the list of all that is known.

use super::item::Anchors;
use crate::report::map::{Map, Section, Spot, Standing};
use crate::report::{AccessEntry, Report, VerdictWord, words};

/// The map.
pub(super) struct Access<'r> {
    pub(super) sections: Vec<Row<'r>>,
    pub(super) places: Vec<Place<'r>>,
    pub(super) legend: Vec<Cell<'r>>,
}

/// A section of People's data, with its three boxes; `None` where it has no such box.
pub(super) struct Row<'r> {
    pub(super) name: &'r str,
    pub(super) sensitive: bool,
    pub(super) cells: [Option<Cell<'r>>; 3],
}

/// Boxes that stand side by side on HiBob's screen.
pub(super) struct Place<'r> {
    pub(super) path: String,
    pub(super) cells: Vec<Cell<'r>>,
}

/// A box: how it stands, as a sign and in words.
pub(super) struct Cell<'r> {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) words: &'static str,
    pub(super) label: &'r str,
    /// The item that speaks of it.
    pub(super) link: Option<String>,
}

/// What is known of a box.
pub(super) struct Known<'r> {
    pub(super) permission: &'r str,
    pub(super) label: &'r str,
    pub(super) path: String,
    pub(super) sign: &'static str,
    pub(super) verdict: &'static str,
    pub(super) sure: &'r str,
}

impl<'r> Access<'r> {
    pub(super) fn of(report: &'r Report, anchors: &Anchors) -> Self {
        let map = Map::of(report);
        let cell = |spot: &Spot<'r>| Cell::of(spot, anchors);
        let row = |section: &Section<'r>| Row {
            name: words::named(section.name),
            sensitive: section.sensitive,
            cells: [&section.view, &section.history, &section.edit].map(|spot| spot.as_ref().map(cell)),
        };
        Self {
            sections: map.sections.iter().map(row).collect(),
            places: map
                .places
                .iter()
                .map(|place| Place {
                    path: words::path(place.path),
                    cells: place.spots.iter().map(cell).collect(),
                })
                .collect(),
            legend: Standing::ALL.into_iter().map(|standing| Cell::new(standing, "")).collect(),
        }
    }
}

impl<'r> Cell<'r> {
    fn of(spot: &Spot<'r>, anchors: &Anchors) -> Self {
        let link = spot.item.map(|item| anchors.to(item));
        Self { link, ..Self::new(spot.standing, name(spot.entry)) }
    }

    fn new(standing: Standing, label: &'r str) -> Self {
        let class = match standing {
            Standing::Missing => "missing",
            Standing::Excess => "excess",
            Standing::Unverified => "unverified",
            Standing::Decided => "decided",
            Standing::Wanted | Standing::Spared => "wanted",
            Standing::Held => "held",
            Standing::Absent => "absent",
            Standing::Open => "unasked",
        };
        let (sign, words) = words::standing(standing);
        Self { class, sign, words, label, link: None }
    }
}

impl<'r> Known<'r> {
    pub(super) fn of(entry: &'r AccessEntry) -> Self {
        let sign = match entry.verdict {
            VerdictWord::Granted => "✓",
            VerdictWord::Denied => "–",
            VerdictWord::Unknown => "?",
        };
        Self {
            permission: &entry.permission,
            label: name(entry),
            path: words::path(&entry.place),
            sign,
            verdict: words::verdict(entry.verdict),
            sure: match (entry.strength, &entry.doubt) {
                (Some(strength), _) => words::strength(strength),
                (None, Some(doubt)) => doubt,
                (None, None) => "",
            },
        }
    }
}

/// The label of a box; reports of older versions have none.
fn name(entry: &AccessEntry) -> &str {
    if entry.label.is_empty() { &entry.permission } else { &entry.label }
}
