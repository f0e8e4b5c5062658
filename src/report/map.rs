//! The access as a map: section by section, what is held, and whether anybody asked for it.

use std::collections::HashMap;

use super::{AccessEntry, Item, Report, Sensitivity, Status, VerdictWord};

/// Everything that the service user may or may not do.
pub(super) struct Map<'r> {
    /// The sections of People's data, in order of id.
    pub(super) sections: Vec<Section<'r>>,
    /// The boxes elsewhere, by the place where they stand. Single fields are not among them.
    pub(super) places: Vec<Place<'r>>,
}

/// A section of People's data; `None` where it has no such box.
pub(super) struct Section<'r> {
    id: &'r str,
    pub(super) name: &'r str,
    pub(super) sensitive: bool,
    pub(super) view: Option<Spot<'r>>,
    pub(super) history: Option<Spot<'r>>,
    pub(super) edit: Option<Spot<'r>>,
}

/// Boxes that stand side by side on HiBob's screen.
pub(super) struct Place<'r> {
    pub(super) path: &'r [String],
    pub(super) spots: Vec<Spot<'r>>,
}

/// A box on the map.
pub(super) struct Spot<'r> {
    pub(super) entry: &'r AccessEntry,
    pub(super) standing: Standing,
    /// The item that gave it its standing, if anything speaks of it.
    pub(super) item: Option<&'r Item>,
}

/// How a box stands between what is wanted and what is so; the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Required and not held.
    Missing,
    /// Held and not wanted.
    Excess,
    /// Asked for, and nobody knows.
    Unverified,
    /// A person decided.
    Decided,
    /// Held, as wanted.
    Wanted,
    /// Not held, as wanted.
    Spared,
    /// Held; no policy speaks of it.
    Held,
    /// Not held; no policy insists on it.
    Absent,
    /// Nobody asked for it, and nobody knows.
    Open,
}

impl Standing {
    /// Each, in this order.
    pub(super) const ALL: [Self; 9] = [
        Self::Missing,
        Self::Excess,
        Self::Unverified,
        Self::Decided,
        Self::Wanted,
        Self::Spared,
        Self::Held,
        Self::Absent,
        Self::Open,
    ];
}

impl<'r> Map<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut items: HashMap<&str, Vec<&Item>> = HashMap::new();
        let told = report.policies.iter().flat_map(|policy| &policy.items).filter(|item| !item.is_spent());
        for item in told {
            if let Some(id) = &item.permission {
                items.entry(id).or_default().push(item);
            }
        }
        let mut map = Self { sections: Vec::new(), places: Vec::new() };
        for entry in &report.access {
            let of_box = items.get(entry.permission.as_str()).map(Vec::as_slice).unwrap_or_default();
            map.place(Spot::of(entry, of_box));
        }
        map
    }

    /// Entries come in order of id, so what belongs together comes together.
    fn place(&mut self, spot: Spot<'r>) {
        let entry = spot.entry;
        let steps: Vec<&str> = entry.permission.split('/').collect();
        match steps.as_slice() {
            ["fields", ..] => {}
            ["people", id, action @ ("view" | "history" | "edit")] => {
                if self.sections.last().is_none_or(|section| section.id != *id) {
                    let name = entry.place.last().map_or(*id, String::as_str);
                    let (sensitive, view, history, edit) = (false, None, None, None);
                    self.sections.push(Section { id, name, sensitive, view, history, edit });
                }
                let Some(section) = self.sections.last_mut() else { return };
                // Every right to edit is sensitive, which tells nothing about the section.
                section.sensitive |= entry.sensitivity == Sensitivity::High && *action != "edit";
                match *action {
                    "view" => section.view = Some(spot),
                    "history" => section.history = Some(spot),
                    _ => section.edit = Some(spot),
                }
            }
            _ => match self.places.last_mut() {
                Some(place) if place.path == entry.place => place.spots.push(spot),
                _ => self.places.push(Place { path: &entry.place, spots: vec![spot] }),
            },
        }
    }
}

impl<'r> Spot<'r> {
    fn of(entry: &'r AccessEntry, items: &[&'r Item]) -> Self {
        let unasked = match entry.verdict {
            VerdictWord::Granted => Standing::Held,
            VerdictWord::Denied => Standing::Absent,
            VerdictWord::Unknown => Standing::Open,
        };
        // Of several policies that speak of one box, the most pressing decides.
        let pressing = items.iter().map(|item| (standing(item), *item)).min_by_key(|(standing, _)| *standing);
        match pressing {
            Some((standing, item)) => Self { entry, standing, item: Some(item) },
            None => Self { entry, standing: unasked, item: None },
        }
    }
}

fn standing(item: &Item) -> Standing {
    match (item.status, item.verdict) {
        (Status::Missing, _) => Standing::Missing,
        (Status::Excess, _) => Standing::Excess,
        (Status::Unverified, _) => Standing::Unverified,
        (Status::Waived | Status::Attested, _) => Standing::Decided,
        (Status::Satisfied, VerdictWord::Denied) => Standing::Spared,
        (Status::Satisfied, _) => Standing::Wanted,
        (Status::OptionalMissing, _) => Standing::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn every_box_but_the_single_fields_is_on_the_map_once() {
        for (name, mut report) in fixtures::all() {
            let field = report
                .access
                .first()
                .cloned()
                .map(|entry| AccessEntry { permission: "fields/work.title/view".to_owned(), ..entry });
            let boxes = report.access.len();
            report.access.extend(field);
            let map = Map::of(&report);
            let cells =
                map.sections.iter().flat_map(|section| [&section.view, &section.history, &section.edit]);
            let spots = map.places.iter().map(|place| place.spots.len()).sum::<usize>();
            assert_eq!(cells.flatten().count() + spots, boxes, "{name}");
        }
    }

    #[test]
    fn the_most_pressing_policy_colours_the_box() {
        let mut report = fixtures::two_policies();
        let about = |report: &Report| {
            let map = Map::of(report);
            let about = map.sections.into_iter().find(|section| section.id == "about").unwrap();
            assert_eq!(about.name, "About");
            assert!(about.history.is_none(), "About has no histories");
            assert_eq!(about.edit.unwrap().standing, Standing::Open);
            about.view.unwrap().standing
        };
        assert_eq!(about(&report), Standing::Wanted);
        report.policies[1].items[0].status = Status::Missing;
        assert_eq!(about(&report), Standing::Missing);
        report.policies[1].items[0].status = Status::Waived;
        assert_eq!(about(&report), Standing::Decided);
    }
}
