//! The points that the admin goes through, numbered: the same numbers in the full message and in the
//! short one, so that "done, all but 3" means one thing.

use std::borrow::Cow;

use super::matters::{Matter, Matters, is_population};
use crate::report::alike::{MANY, alike, folded};
use crate::report::{Item, Need, Sensitivity, words};

/// How many boxes of normal sensitivity are listed to be unticked before the rest is only counted.
const NORMAL_EXCESS_SHOWN: usize = 12;

/// What is asked for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Tick,
    Population,
    Untick,
    Look,
    Optional,
}

/// Points of one kind.
pub(super) struct Part<'m, 'r> {
    pub(super) ask: Ask,
    pub(super) points: Vec<Point<'m, 'r>>,
    /// How many there are to do, also those that are only counted.
    pub(super) count: usize,
    pub(super) hidden: usize,
}

/// One place to go to, and what is to be done there.
pub(super) struct Point<'m, 'r> {
    pub(super) number: usize,
    /// The clicks from the top.
    pub(super) path: &'r [String],
    pub(super) matters: Vec<&'m Matter<'r>>,
    /// What it says by itself, where no box is meant.
    pub(super) says: Option<Says<'r>>,
}

/// Words instead of boxes: where, and what.
pub(super) struct Says<'r> {
    pub(super) place: Option<&'static str>,
    pub(super) text: Cow<'r, str>,
}

/// The parts in which there is something, in order.
pub(super) fn parts<'m, 'r>(matters: &'m Matters<'r>, verbose: bool) -> Vec<Part<'m, 'r>> {
    let mut number = 0;
    let mut parts = Vec::new();
    for (ask, list) in [
        (Ask::Tick, &matters.tick),
        (Ask::Population, &matters.population),
        (Ask::Untick, &matters.untick),
        (Ask::Look, &matters.look),
        (Ask::Optional, &matters.optional),
    ] {
        let mut part = Part { ask, points: Vec::new(), count: list.len(), hidden: 0 };
        let mut put = |part: &mut Part<'m, 'r>, path: &'r [String], says: Option<Says<'r>>| {
            number += 1;
            part.points.push(Point { number, path, matters: Vec::new(), says });
        };
        if let Some(fix) = matters.nobody.filter(|_| ask == Ask::Look).and_then(|item| item.fix.as_ref()) {
            let text = "Whom does it name? The service user can see no person.".into();
            put(&mut part, &fix.path, Some(Says { place: None, text }));
            let text = "Should be ticked: View selected employees' Basic info sections".into();
            put(&mut part, &[], Some(Says { place: Some("Nearby, under People › Basic info"), text }));
        }
        let mut normal = 0;
        for matter in list {
            if ask == Ask::Untick && is_of_lesser_weight(matter) {
                normal += 1;
                if normal > NORMAL_EXCESS_SHOWN && !verbose {
                    part.hidden += 1;
                    continue;
                }
            }
            // What one line asks for in many sections is one stop.
            if let Some(same) = folded_into(matter, list).filter(|_| ask == Ask::Look && !verbose) {
                if let Some(alike) = alike(matter.item).filter(|_| std::ptr::eq(same[0], matter.item)) {
                    let text = format!("{}: {}", verb(ask, matter.item), folded(&same)).into();
                    put(&mut part, alike.way, Some(Says { place: None, text }));
                }
                continue;
            }
            let path = matter.item.fix.as_ref().map(|fix| fix.path.as_slice()).unwrap_or_default();
            // Boxes in one place, one after the other, are one stop.
            let here = part
                .points
                .last()
                .is_some_and(|last| !path.is_empty() && last.says.is_none() && last.path == path);
            if !here {
                put(&mut part, path, None);
            }
            if let Some(last) = part.points.last_mut() {
                last.matters.push(matter);
            }
        }
        if ask == Ask::Look {
            if !matters.perhaps_chosen.is_empty() {
                let names: Vec<String> =
                    matters.perhaps_chosen.iter().map(|item| words::name(item)).collect();
                let text = format!(
                    "Ticked, and perhaps chosen by you, for the guide leaves that open: {}. What you did not choose, please untick.",
                    words::list(&names)
                );
                put(&mut part, &[], Some(Says { place: None, text: text.into() }));
            }
            for text in &matters.by_hand {
                put(&mut part, &[], Some(Says { place: None, text: Cow::Borrowed(text) }));
            }
            part.count = matters.to_look_at();
        }
        if part.count > 0 {
            parts.push(part);
        }
    }
    parts
}

/// The boxes that are told as one with this one, where they are many.
fn folded_into<'r>(matter: &Matter<'r>, list: &[Matter<'r>]) -> Option<Vec<&'r Item>> {
    let known = alike(matter.item)?;
    let same = |other: &&Matter<'r>| alike(other.item).is_some_and(|other| other == known);
    let same: Vec<&'r Item> = list.iter().filter(same).map(|other| other.item).collect();
    (same.len() >= MANY).then_some(same)
}

fn is_of_lesser_weight(matter: &Matter) -> bool {
    matter.item.sensitivity != Sensitivity::High && matter.item.need != Need::Forbidden
}

impl<'r> Part<'_, 'r> {
    /// The way that all points have in common, as far as the permission group.
    pub(super) fn common(&self) -> &'r [String] {
        let paths: Vec<&[String]> =
            self.points.iter().map(|point| point.path).filter(|path| !path.is_empty()).collect();
        let shared = words::shared_steps(&paths);
        paths.first().map(|path| &path[..shared]).filter(|_| shared > 1).unwrap_or_default()
    }
}

/// What is to be done with a box, as the first word of a line.
pub(super) fn verb(ask: Ask, item: &Item) -> &'static str {
    match (ask, item.need) {
        (Ask::Look, _) if item.is_needed_by_some() => "Should be ticked in some cases",
        (ask, need) => verb_of(ask, need),
    }
}

fn verb_of(ask: Ask, need: Need) -> &'static str {
    match (ask, need) {
        (Ask::Tick | Ask::Optional, _) => "Tick",
        (Ask::Population, Need::Required | Need::Optional) => "Include",
        (Ask::Population, Need::NotNeeded | Need::Forbidden) => "Take out",
        (Ask::Untick, _) => "Untick",
        (Ask::Look, Need::Required) => "Should be ticked",
        (Ask::Look, Need::Optional) => "Good to have, not necessary",
        (Ask::Look, Need::Forbidden) => "Should not be ticked",
        (Ask::Look, Need::NotNeeded) => "Not needed",
    }
}

/// Why a box is to be unticked, in brackets behind it.
pub(super) fn reasons(matter: &Matter) -> Vec<String> {
    let item = matter.item;
    let mut reasons = Vec::new();
    if item.need == Need::Forbidden {
        let what = if is_population(item) { "see them" } else { "have it" };
        reasons.push(format!("{} must not {what}", words::list(&matter.titles)));
    }
    if item.sensitivity == Sensitivity::High {
        reasons.push("sensitive".to_owned());
    }
    if item.strength == Some(crate::report::Strength::Weak) {
        reasons.push("it seems to be ticked; please check".to_owned());
    }
    reasons
}
