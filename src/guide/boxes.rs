//! The lines of the lists as things to tick: what is printed twice is ticked once, and counted.

use crate::catalogue::id::PermissionId;
use crate::catalogue::reads::{self, ReadKind};
use crate::catalogue::screens::{self, Screens};
use crate::catalogue::{Catalogue, builtin};
use crate::policy::lines::{Aim, Line, Modality, Section, Truth, When};
use crate::policy::printed::{leads_along, steps};
use crate::policy::{Policy, oddities};
use crate::report::words::{path, same_label};

use super::fields::{FieldBoxes, shown};
use super::{Block, Piece, Text, Tick, plain, words};

/// The lists of what is to be ticked, in the order in which they are told.
const WANTED: [Modality; 5] =
    [Modality::Requires, Modality::Minimum, Modality::Assumed, Modality::Recommended, Modality::Optional];

/// Lines of one list under one condition that point at the same thing.
struct Entry<'a> {
    when: &'a When,
    lines: Vec<&'a Line>,
}

/// Writes the lists.
pub(super) struct Boxes<'a> {
    pub(super) policy: &'a Policy,
    pub(super) catalogue: &'a Catalogue,
    pub(super) screens: &'a Screens,
    /// The lines that concern this customer.
    pub(super) lines: Vec<&'a Line>,
    /// Whether a line holds for this customer; open where nothing is known of the customer.
    pub(super) truth: &'a dyn Fn(&Line) -> Truth,
}

impl<'a> Boxes<'a> {
    /// The lists of what is to be ticked. Of those that are required, the one that stands first in the file is told
    /// first: "minimum", and then what comes to it.
    pub(super) fn wanted(&self) -> [Modality; 5] {
        let first = |modality: Modality| self.lines.iter().position(|line| line.modality == modality);
        let [requires, minimum, assumed, recommended, optional] = WANTED;
        match (first(requires), first(minimum)) {
            (Some(one), Some(other)) if other < one => [minimum, requires, assumed, recommended, optional],
            _ => WANTED,
        }
    }

    /// Whether the boxes of a line are all ticked anyway: lines that hold for everybody require them.
    fn is_ticked_anyway(&self, line: &Line) -> bool {
        let is_strong =
            |modality| matches!(modality, Modality::Requires | Modality::Minimum | Modality::Assumed);
        let holds = |line: &&Line| is_strong(line.modality) && (self.truth)(line) == Truth::Yes;
        let boxes = oddities::named(line);
        let parts = || self.lines.iter().flat_map(|line| line.parts()).filter(holds);
        !boxes.is_empty() && boxes.iter().all(|id| parts().any(|part| oddities::named(part).contains(id)))
    }

    /// The tab on which the first box stands that is to be ticked.
    pub(super) fn first_tab(&self) -> String {
        let of = |modality: Modality, holds: bool| {
            let lines = self.lines.iter().filter(move |line| line.modality == modality);
            let lines = lines.filter(move |line| ((self.truth)(line) == Truth::Yes) == holds);
            lines.flat_map(|line| line.all()).filter_map(|line| self.way(line).into_iter().next())
        };
        let mut tabs =
            self.wanted().into_iter().flat_map(|modality| of(modality, true).chain(of(modality, false)));
        tabs.next().filter(|tab| *tab == self.screens.features).unwrap_or_else(|| self.screens.data.clone())
    }

    /// One list, by conditions: first what always holds.
    pub(super) fn of(&self, modality: Modality) -> Vec<Block> {
        let always: &When = const { &When(Vec::new()) };
        let mut entries: Vec<Entry<'a>> = Vec::new();
        for line in self.lines.iter().copied().filter(|line| line.modality == modality) {
            let when = if (self.truth)(line) == Truth::Yes { always } else { &line.when };
            let same = |entry: &&mut Entry<'a>| entry.when == when && entry.lines[0].is_the_same(line);
            match entries.iter_mut().find(same) {
                Some(entry) => entry.lines.push(line),
                None => entries.push(Entry { when, lines: vec![line] }),
            }
        }
        if entries.is_empty() {
            return Vec::new();
        }
        let mut conditions: Vec<&When> = vec![always];
        for entry in &entries {
            if !conditions.contains(&entry.when) {
                conditions.push(entry.when);
            }
        }
        let mut blocks = vec![
            Block::Heading(1, words::modality(modality).to_owned()),
            Block::Para(plain(words::asks(modality))),
        ];
        for when in conditions {
            let of_it: Vec<&Entry<'a>> = entries.iter().filter(|entry| entry.when == when).collect();
            if of_it.is_empty() {
                continue;
            }
            if !when.is_always() {
                blocks.push(Block::Heading(2, sentence(&self.policy.only(when))));
            }
            self.ticks(&of_it, &mut blocks);
        }
        blocks
    }

    /// Things to tick; the way is told once for all that stand in one place.
    fn ticks(&self, entries: &[&Entry<'a>], blocks: &mut Vec<Block>) {
        let mut told: Option<Vec<String>> = None;
        for entry in entries {
            let way = self.way(entry.lines[0]);
            let tick = self.tick(entry);
            match blocks.last_mut() {
                Some(Block::Ticks(ticks)) if told.as_ref() == Some(&way) => ticks.push(tick),
                _ => {
                    if !way.is_empty() && told.as_ref() != Some(&way) {
                        blocks.push(Block::Para(plain(format!("Under {}:", path(&way)))));
                    } else if way.is_empty() && told.as_ref().is_some_and(|told| !told.is_empty()) {
                        blocks.push(Block::Para(plain("And:")));
                    }
                    blocks.push(Block::Ticks(vec![tick]));
                    told = Some(way);
                }
            }
        }
    }

    /// Where the boxes of a line stand, if they stand in one place.
    pub(super) fn way(&self, line: &Line) -> Vec<String> {
        if let Some(boxes) = FieldBoxes::of(line) {
            return self.way_of_field(&boxes.field, self.screens_of(line));
        }
        match &line.aim {
            Aim::Permission(id) => self.way_of(id),
            Aim::Section { section: Section::Id(id), .. } => {
                let first = self.catalogue.boxes_of(id.section()).next();
                first.map_or_else(|| self.way_of(id), |permission| self.screens.way(&permission.path))
            }
            Aim::Section { section: Section::Named(name), .. } => {
                let steps = ["People's data", "People", name].map(str::to_owned);
                self.screens.way(&steps)
            }
            Aim::Table { boxes, .. } if !boxes.is_empty() => {
                self.screens.way(&["People's data", "People"].map(str::to_owned))
            }
            Aim::Printed { path, .. } => steps(path),
            _ => Vec::new(),
        }
    }

    /// The screens of a line: where rights are given field by field, there is one generation that shows it.
    pub(super) fn screens_of(&self, line: &Line) -> &'a Screens {
        if line.when.is_by_field() && !self.screens.by_field { screens::newest(true) } else { self.screens }
    }

    pub(super) fn way_of(&self, id: &PermissionId) -> Vec<String> {
        self.way_on(id, self.screens)
    }

    pub(super) fn way_on(&self, id: &PermissionId, screens: &Screens) -> Vec<String> {
        let mut way = self.catalogue.describe(id).path;
        // Under the customer's own name, where that is told.
        let renamed = id.as_category().and_then(|(category, _)| {
            self.policy.renamed.iter().find(|(_, of)| *of == category).map(|(name, _)| name.clone())
        });
        if let (Some(name), Some(last)) = (renamed, way.last_mut()) {
            *last = name;
        }
        screens.way(&way)
    }

    fn tick(&self, entry: &Entry<'a>) -> Tick {
        let line = entry.lines[0];
        let printed = printed(&entry.lines);
        let mut about = Vec::new();
        let what = match (self.name(line), printed.as_slice()) {
            // The guide's own words do, where they are HiBob's.
            (Some(name), [(label, count)]) if same_label(&name, label) => literal(label, *count),
            (None, [(label, count)]) => literal(label, *count),
            (name, printed) => {
                if !printed.is_empty() {
                    about.push(called(printed));
                }
                plain(name.unwrap_or_else(|| "A line of the guide".to_owned()))
            }
        };
        let at_most = line.at_most.filter(|_| !matches!(line.aim, Aim::Alternatives { .. }));
        about.extend(at_most.map(|most| plain(format!("Choose at most {most} of these."))));
        let mut tick = Tick { what, about, parts: Vec::new() };
        // What introduces the parts stands next to them.
        if matches!(line.aim, Aim::Every { .. } | Aim::ListNotKnown { .. }) {
            self.say(&entry.lines, &mut tick.about);
            self.explain(line, &mut tick);
        } else {
            self.explain(line, &mut tick);
            self.say(&entry.lines, &mut tick.about);
        }
        let is_wanted = oddities::is_wanted(line.modality.need());
        if is_wanted && !entry.when.is_always() && self.is_ticked_anyway(line) {
            tick.about.push(plain(
                "Who has followed this guide so far has ticked it: it is required of everybody.",
            ));
        }
        tick
    }

    /// What HiBob calls the thing, where it is one thing and has a name.
    pub(super) fn name(&self, line: &Line) -> Option<String> {
        if let Some(boxes) = FieldBoxes::of(line) {
            return Some(boxes.label());
        }
        match &line.aim {
            Aim::Permission(id) => Some(self.catalogue.label(id)),
            Aim::Printed { label, .. } => Some(label.clone()),
            Aim::Section { section, boxes } if !boxes.is_empty() => {
                let labels: Vec<String> = match section {
                    Section::Id(_) => {
                        oddities::named(line).iter().map(|id| self.catalogue.label(id)).collect()
                    }
                    Section::Named(name) => boxes.iter().map(|action| format!("{name}: {action}")).collect(),
                };
                Some(labels.join("; "))
            }
            Aim::Section { .. } if line.label.is_none() && !oddities::is_wanted(line.modality.need()) => {
                self.way(line).pop().map(|section| format!("Each box of {section}"))
            }
            Aim::Field { field, .. } => Some(match &field.section {
                Some(_) => {
                    let section = self.way_of_field(field, self.screens).pop().unwrap_or_default();
                    format!("{} (section {section})", shown(field))
                }
                None => shown(field),
            }),
            Aim::Table { name, columns, .. } if !columns.is_empty() => {
                let shown = |column: &String| {
                    let field = reads::field_of(name, column, self.catalogue);
                    let known = field.and_then(|id| builtin::find(&id));
                    known.map_or_else(|| column.clone(), |field| field.name.clone())
                };
                let columns: Vec<String> = columns.iter().map(shown).collect();
                Some(format!("The table \"{name}\": {}", columns.join(", ")))
            }
            Aim::Table { name, boxes, .. } if !boxes.is_empty() => {
                let verbs: Vec<&str> = boxes.iter().map(|action| action.verb()).collect();
                Some(format!("The section in which your table \"{name}\" is: {}", verbs.join(", ")))
            }
            Aim::Table { name, .. } => Some(format!("The table \"{name}\"")),
            Aim::ListNotKnown { .. } if line.label.is_none() => Some(match line.modality {
                Modality::Needs => "Further data, which the guide does not name".to_owned(),
                _ => "Further boxes, which the guide does not name".to_owned(),
            }),
            Aim::Resource { name, .. } => {
                let read = reads::find(ReadKind::Resource, name);
                Some(sentence(
                    &read.and_then(|read| read.asks.clone()).unwrap_or_else(|| name.replace('-', " ")),
                ))
            }
            Aim::Alternatives { only_one: true, .. } => Some("One of these, and not more".to_owned()),
            Aim::Alternatives { only_one: false, .. } => Some(match line.at_most {
                Some(most) => format!("At least one of these, and at most {most}"),
                None => "At least one of these".to_owned(),
            }),
            Aim::Together(_) => None,
            Aim::Every { .. } if line.label.is_none() => Some("Each of these boxes".to_owned()),
            _ if line.label.is_none() => Some(oddities::words(line, self.catalogue)),
            _ => None,
        }
    }

    /// What stands beside the lines: the guide's reasons, and what contradicts it.
    fn say(&self, lines: &[&Line], about: &mut Vec<Text>) {
        let mut said: Vec<String> = Vec::new();
        for line in lines {
            let way = self.way(line);
            let is_on_the_way = |printed: &&String| leads_along(&steps(printed), &way);
            let printed_path = line.path.as_ref().filter(|printed| !is_on_the_way(printed));
            let sentences = [
                line.breaks.as_ref().map(|breaks| words::breaks(line.modality, breaks)),
                line.reason.as_ref().map(|reason| words::reason(line.modality, reason)),
                printed_path.map(|path| format!("The guide says that it stands under: {path}")),
                line.disputed.as_ref().map(|disputed| format!("But: {disputed}")),
                self.contradicted(line),
            ];
            for sentence in sentences.into_iter().flatten() {
                if !said.contains(&sentence) {
                    said.push(sentence);
                }
            }
        }
        about.extend(said.into_iter().map(plain));
    }
}

/// The literal lines, each with how often it is printed.
fn printed<'a>(lines: &[&'a Line]) -> Vec<(&'a str, usize)> {
    let mut printed: Vec<(&str, usize)> = Vec::new();
    for label in lines.iter().filter_map(|line| line.label.as_deref()) {
        match printed.iter_mut().find(|(known, _)| *known == label) {
            Some((_, count)) => *count += 1,
            None => printed.push((label, 1)),
        }
    }
    printed
}

fn literal(label: &str, count: usize) -> Text {
    let mut text = vec![Piece::Printed(label.to_owned())];
    if count > 1 {
        text.push(Piece::Plain(words::times(count)));
    }
    text
}

/// "The guide calls it …".
fn called(printed: &[(&str, usize)]) -> Text {
    let mut text = plain("The guide calls it ");
    for (at, (label, count)) in printed.iter().enumerate() {
        if at > 0 {
            text.push(Piece::Plain(", and ".to_owned()));
        }
        text.extend(literal(label, *count));
    }
    text
}

/// With a capital letter.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
