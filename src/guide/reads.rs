//! The boxes that open what is read, for whoever has to tick them.

use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::reads::{self, ReadKind};
use crate::policy::lines::{Aim, Line, Modality, Truth};
use crate::policy::oddities::{covers, words};
use crate::report::words::{list, path};

use super::boxes::Boxes;
use super::{Block, Tick, plain};

impl Boxes<'_> {
    /// What has to be ticked so that everything can be read that the policy needs, as far as no list names it.
    pub(super) fn that_open_what_is_read(&self) -> Vec<Block> {
        let ticked: Vec<&Line> = self
            .lines
            .iter()
            .flat_map(|line| line.parts())
            .filter(|line| {
                matches!(line.modality, Modality::Requires | Modality::Minimum | Modality::Assumed)
            })
            .collect();
        let mut boxes: Vec<(PermissionId, Vec<String>)> = Vec::new();
        let mut elsewhere: Vec<String> = Vec::new();
        let needs = self.lines.iter().filter(|line| line.modality == Modality::Needs);
        let each = needs.flat_map(|line| line.parts()).flat_map(|line| match &line.aim {
            Aim::Alternatives { branches, .. } => {
                branches.iter().flatten().map(|line| (line, true)).collect()
            }
            _ => vec![(line, false)],
        });
        for (line, is_one_way) in each.filter(|(line, _)| (self.truth)(line) != Truth::No) {
            let Some(opens) = self.opens(line) else { continue };
            let mut name = self.name(line).unwrap_or_else(|| words(line, self.catalogue));
            if is_one_way {
                name.push_str(" (one of several ways)");
            }
            if (self.truth)(line) == Truth::Open {
                name.push_str(&format!(" ({})", self.policy.only(&line.when)));
            }
            if opens.is_empty() && !elsewhere.contains(&name) {
                elsewhere.push(name.clone());
            }
            for id in opens {
                // What is ticked under a condition is not there for everybody.
                let is_ticked =
                    |other: &&&Line| (self.truth)(other) == Truth::Yes && covers(other, &id, &ticked);
                if ticked.iter().any(|other| is_ticked(&other)) {
                    continue;
                }
                match boxes.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, names)) if names.contains(&name) => {}
                    Some((_, names)) => names.push(name.clone()),
                    None => boxes.push((id, vec![name.clone()])),
                }
            }
        }
        if boxes.is_empty() && elsewhere.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::Heading(1, "For what is read".to_owned())];
        if !boxes.is_empty() {
            let single = if self.screens.by_field {
                " Where your HiBob has a box for the field alone, that one is enough."
            } else {
                ""
            };
            blocks.push(Block::Para(plain(format!(
                "What stands under \"What is read\" below needs these boxes too, in the sections where HiBob ships the fields. If your \
                 company moved a field, tick the box of the section that it is in now.{single}"
            ))));
            let tick = |(id, names): (PermissionId, Vec<String>)| Tick {
                about: vec![plain(format!("Opens: {}.", names.join("; ")))],
                ..Tick::plain(format!("{}: {}", path(&self.way_of(&id)), self.catalogue.label(&id)))
            };
            blocks.push(Block::Ticks(boxes.into_iter().map(tick).collect()));
        }
        if !elsewhere.is_empty() {
            blocks.push(Block::Para(plain(format!(
                "In which section your HiBob has {}, only your screens show. Tick the View box of that section.",
                list(&elsewhere)
            ))));
        }
        blocks
    }

    /// The boxes that open what a line reads; none where only the tenant's screens show them. Nothing where the
    /// line reads nothing that a box opens.
    fn opens(&self, line: &Line) -> Option<Vec<PermissionId>> {
        match &line.aim {
            Aim::Field { field, .. } if self.catalogue.comes_always(&field.name) => None,
            Aim::Field { field, boxes } => {
                let view: &[Action] = &[Action::View];
                let boxes = if boxes.is_empty() { view } else { boxes.as_slice() };
                Some(boxes.iter().filter_map(|action| self.of_section(field, *action)).collect())
            }
            Aim::Table { name, all_rows, .. } => Some(
                reads::find(ReadKind::Table, name)
                    .map(|read| {
                        read.now.iter().chain(read.past.iter().filter(|_| *all_rows)).cloned().collect()
                    })
                    .unwrap_or_default(),
            ),
            Aim::Resource { name, .. } => reads::find(ReadKind::Resource, name).map(|read| read.now.clone()),
            _ => None,
        }
    }
}
