//! The boxes that open what is read, for whoever has to tick them.

use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::reads::{self, ReadKind};
use crate::policy::lines::{Aim, Line, Modality, Truth, When};
use crate::policy::oddities::{covers, words};
use crate::report::words::{list, path, plural};

use super::boxes::{Boxes, sentence};
use super::{Block, Tick, plain};

/// Something that is read: what it is called, and when it is, if that is open.
struct Wanted<'l> {
    name: String,
    when: Option<&'l When>,
}

impl Boxes<'_> {
    /// What has to be ticked so that everything can be read that the policy needs, as far as no list names it.
    pub(super) fn that_open_what_is_read(&self) -> Vec<Block> {
        let mut boxes: Vec<(PermissionId, Vec<Wanted<'_>>)> = Vec::new();
        let mut elsewhere: Vec<(Option<&str>, Vec<String>)> = Vec::new();
        for (line, is_one_way) in self.reads() {
            let Some(opens) = self.opens(line) else { continue };
            let mut name = match &line.aim {
                Aim::Table { name, .. } => format!("the table \"{name}\""),
                _ => self.name(line).unwrap_or_else(|| words(line, self.catalogue)),
            };
            if is_one_way {
                name.push_str(" (one of several ways)");
            }
            let when = Some(&line.when).filter(|_| (self.truth)(line) == Truth::Open);
            if opens.is_empty() {
                let path = line.path.as_deref();
                let only = when.map(|when| format!(" ({})", self.policy.only(when)));
                let name = name.clone() + &only.unwrap_or_default();
                match elsewhere.iter_mut().find(|(of, _)| *of == path) {
                    Some((_, names)) if names.contains(&name) => {}
                    Some((_, names)) => names.push(name),
                    None => elsewhere.push((path, vec![name])),
                }
            }
            for id in opens.into_iter().filter(|id| !self.is_named(id, line)) {
                let wanted = Wanted { name: name.clone(), when };
                match boxes.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, all)) if all.iter().any(|known| known.name == name && known.when == when) => {}
                    Some((_, all)) => all.push(wanted),
                    None => boxes.push((id, vec![wanted])),
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
            blocks.extend(self.by_condition(boxes));
        }
        for (path, names) in elsewhere {
            let stand = plural(names.len(), "stands", "stand");
            let names = list(&names);
            blocks.push(Block::Para(plain(match path {
                Some(path) => format!(
                    "{}'s guide says that {names} {stand} under: {path}. If your screens show it elsewhere, go by \
                     your screens. Tick the View box of that section.",
                    self.policy.publisher
                ),
                None => format!(
                    "In which section your HiBob has {names}, only your screens show. Tick the View box of that \
                     section."
                ),
            })));
        }
        blocks
    }

    /// What is read, and whether it is one of several ways to the same. Where the lists settle one of the ways,
    /// there is nothing left to choose.
    fn reads(&self) -> Vec<(&Line, bool)> {
        let needs = self.lines.iter().filter(|line| line.modality == Modality::Needs);
        let parts = needs.flat_map(|line| line.parts());
        let mut reads = Vec::new();
        for line in parts.filter(|line| (self.truth)(line) != Truth::No) {
            let Aim::Alternatives { branches, .. } = &line.aim else {
                reads.push((line, false));
                continue;
            };
            let opened = |way: &Line| match self.opens(way) {
                Some(opens) if opens.is_empty() => false,
                opens => opens.iter().flatten().all(|id| self.is_named(id, way)),
            };
            if !branches.iter().any(|branch| !branch.is_empty() && branch.iter().all(opened)) {
                let ways = branches.iter().flatten().filter(|way| (self.truth)(way) != Truth::No);
                reads.extend(ways.map(|way| (way, true)));
            }
        }
        reads
    }

    /// Whether a list names a box, or offers it as a choice, wherever something is read.
    fn is_named(&self, id: &PermissionId, reads: &Line) -> bool {
        let lists = [Modality::Requires, Modality::Minimum, Modality::Assumed];
        let named: Vec<&Line> = self
            .lines
            .iter()
            .flat_map(|line| line.all())
            .filter(|line| lists.contains(&line.modality))
            .collect();
        // What is ticked under another condition is not there for everybody who is meant here.
        let holds = |other: &&&Line| (self.truth)(other) == Truth::Yes || reads.when.implies(&other.when);
        named.iter().filter(holds).any(|other| covers(other, id, &named))
    }

    /// Boxes to tick: first those that are needed anyway, then each under the conditions of all that it opens.
    fn by_condition(&self, boxes: Vec<(PermissionId, Vec<Wanted<'_>>)>) -> Vec<Block> {
        let mut under: Vec<(Option<String>, Vec<Tick>)> = vec![(None, Vec::new())];
        for (id, wanted) in boxes {
            let mut conditions: Vec<String> = Vec::new();
            for only in wanted.iter().filter_map(|it| it.when).map(|when| self.policy.only(when)) {
                if !conditions.contains(&only) {
                    conditions.push(only);
                }
            }
            let is_anyway = wanted.iter().any(|it| it.when.is_none());
            let heading = (!is_anyway).then(|| sentence(&conditions.join(", or ")));
            let says_when = is_anyway || conditions.len() > 1;
            let name = |it: &Wanted<'_>| match it.when.filter(|_| says_when) {
                Some(when) => format!("{} ({})", it.name, self.policy.only(when)),
                None => it.name.clone(),
            };
            let names: Vec<String> = wanted.iter().map(name).collect();
            let tick = Tick {
                about: vec![plain(format!("Opens: {}.", names.join("; ")))],
                ..Tick::plain(format!("{}: {}", path(&self.way_of(&id)), self.catalogue.label(&id)))
            };
            match under.iter_mut().find(|(known, _)| *known == heading) {
                Some((_, ticks)) => ticks.push(tick),
                None => under.push((heading, vec![tick])),
            }
        }
        let mut blocks = Vec::new();
        for (heading, ticks) in under.into_iter().filter(|(_, ticks)| !ticks.is_empty()) {
            blocks.extend(heading.map(|heading| Block::Heading(2, heading)));
            blocks.push(Block::Ticks(ticks));
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
            Aim::Table { boxes, .. } if !boxes.is_empty() => None,
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
