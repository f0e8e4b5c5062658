//! What a line means, where its words do not say it.

use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::reads::{self, ReadKind};
use crate::catalogue::rows::Permission;
use crate::policy::lines::{Aim, Field, Line, Modality, Section, Truth, shared};
use crate::policy::pattern::Pattern;
use crate::policy::{Need, Role, oddities};
use crate::report::words::{count, list, path, same_label};

use super::boxes::Boxes;
use super::fields::{Row, shipped, shown};
use super::{Piece, Text, Tick, plain, words};

impl Boxes<'_> {
    /// What the line means, where its words do not say it.
    pub(super) fn explain(&self, line: &Line, tick: &mut Tick) {
        let about = &mut tick.about;
        let publisher = &self.policy.publisher;
        match &line.aim {
            Aim::Section { section, boxes } if boxes.is_empty() => {
                let labels: Vec<String> = match section {
                    Section::Id(id) => self
                        .catalogue
                        .boxes_of(id.section())
                        .map(|permission| permission.label.clone())
                        .collect(),
                    Section::Named(_) => Vec::new(),
                };
                if !oddities::is_wanted(line.modality.need()) {
                    let name = self.way(line).pop().unwrap_or_else(|| oddities::words(line, self.catalogue));
                    let boxes = labels.join("; ");
                    match (&line.label, labels.is_empty()) {
                        // What the guide calls it does not say what it is.
                        (Some(_), true) => about.push(plain(format!("That is each box of {name}."))),
                        (Some(_), false) => about.push(plain(format!("That is each box of {name}: {boxes}."))),
                        (None, true) => {}
                        (None, false) => about.push(plain(format!("They are: {boxes}."))),
                    }
                    return;
                }
                let ask = match labels.as_slice() {
                    [] => format!("Ask {publisher} which box is meant."),
                    [one] => format!("It holds one: {one}. Ask {publisher} whether that is meant."),
                    all => format!(
                        "It holds: {}. Ask {publisher} which is meant, and tick none that adds, edits, deletes or \
                         manages before you know.",
                        all.join("; ")
                    ),
                };
                about.push(plain(format!("This is a section, and no box in it is named. {ask}")));
            }
            Aim::Every { pattern, except, among_listed } => {
                let mut except = except.clone();
                if oddities::is_wanted(line.modality.need()) {
                    except.extend(self.unwanted_of_the_tenant(pattern));
                }
                let (says, parts) = self.every(pattern, &except, *among_listed);
                about.push(plain(says));
                tick.parts = parts;
            }
            Aim::Printed { .. } => about.push(plain(format!(
                "It is told here as it is printed. If your HiBob has no such box, ask {publisher} which is meant."
            ))),
            Aim::Unresolved(reason) => {
                let what = if line.modality == Modality::Needs {
                    "What is read here is not known"
                } else {
                    "Which box this is, is not known"
                };
                let until_then = match line.modality.need() {
                    Need::Required | Need::Optional => "; there is nothing to tick until then",
                    Need::Forbidden | Need::NotNeeded => "",
                };
                about.push(plain(format!("{what}: {reason}. Ask {publisher} what is meant{until_then}.")));
            }
            Aim::ListNotKnown { reason, among, except, role } => {
                let ask = match role {
                    Role::HibobAdmin => format!("Which these are, you know: {reason}."),
                    Role::Integrator | Role::Operator => {
                        format!("What belongs here is not known: {reason}. Ask {publisher} for the list.")
                    }
                };
                // What the guide does not want is no part of it either.
                let mut except = except.clone();
                except.extend(self.unwanted().map(|id| Pattern::new(id.as_str())));
                // Where nothing of HiBob's is left, nothing of it is listed.
                let takes = |id: &PermissionId| {
                    among.iter().any(|it| it.fits(id)) && !except.iter().any(|it| it.fits(id))
                };
                if self.catalogue.permissions().any(|permission| takes(&permission.id)) {
                    tick.parts =
                        among.iter().flat_map(|pattern| self.every(pattern, &except, false).1).collect();
                }
                let has_own = among.iter().any(Pattern::may_fit_a_tenants_own);
                let own = of_the_tenant(among, &except);
                let only = match (among.is_empty(), tick.parts.is_empty(), has_own) {
                    (true, ..) | (_, true, false) => String::new(),
                    (_, true, true) => format!(" It can be boxes of {own}, and nothing else."),
                    (_, false, false) => " It can be some of these, and nothing else:".to_owned(),
                    (_, false, true) => format!(" It can be some of these or of {own}, and nothing else:"),
                };
                about.push(plain(format!("{ask}{only}")));
            }
            Aim::Table { boxes, .. } if !boxes.is_empty() => {
                about.push(plain("Which section that is, your screens show."));
            }
            Aim::Table { name, all_rows, .. } => {
                if let Some(read) = reads::find(ReadKind::Table, name) {
                    let past = read.past.iter().filter(|_| *all_rows);
                    about.push(self.opened_by(read.now.iter().chain(past)));
                }
            }
            Aim::Resource { name, ids, names } => {
                about.extend(shared(ids, names).map(plain));
                if let Some(read) = reads::find(ReadKind::Resource, name) {
                    about.push(self.opened_by(read.now.iter()));
                }
            }
            Aim::Alternatives { branches, .. } => {
                for branch in branches {
                    let (mut text, mut about): (Text, Vec<Text>) = Default::default();
                    for inside in branch.iter().filter(|inside| (self.truth)(inside) != Truth::No) {
                        if !text.is_empty() {
                            text.push(Piece::Plain(", together with ".to_owned()));
                        }
                        text.extend(self.inner(inside, line));
                        self.say_inside(inside, line, &mut about);
                    }
                    if !text.is_empty() {
                        tick.parts.push(Tick { what: text, about, parts: Vec::new() });
                    }
                }
            }
            Aim::Together(lines) => {
                let inside: Vec<&Line> =
                    lines.iter().filter(|inside| (self.truth)(inside) != Truth::No).collect();
                for row in self.rows_of(&inside) {
                    let inside = match row {
                        Row::Line(inside) => inside,
                        Row::Fields { like, way, boxes, names } => {
                            let verbs: Vec<&str> = boxes.iter().map(|action| action.verb()).collect();
                            let says =
                                format!("{}: {}: {}", path(&way), verbs.join(", "), names.join(", "));
                            let about = self.about_boxes_of(like).into_iter().collect();
                            let what = plain(says + &self.only_inside(like, line));
                            tick.parts.push(Tick { what, about, parts: Vec::new() });
                            continue;
                        }
                    };
                    let mut part =
                        Tick { what: self.inner(inside, line), about: Vec::new(), parts: Vec::new() };
                    // Of many fields, the boxes are told together.
                    if !matches!(inside.aim, Aim::Field { .. }) {
                        self.explain(inside, &mut part);
                    }
                    self.say_inside(inside, line, &mut part.about);
                    tick.parts.push(part);
                }
            }
            Aim::Field { field, boxes } if boxes.is_empty() => {
                if let Some(id) = self.of_section(field, Action::View) {
                    about.push(self.opened_by(std::iter::once(&id)));
                }
            }
            Aim::Field { .. } | Aim::Permission(_) | Aim::Section { .. } => {
                about.extend(self.about_boxes_of(line));
            }
        }
    }

    /// A line that stands in another one, in one paragraph.
    fn inner(&self, line: &Line, outer: &Line) -> Text {
        let way = self.way(line);
        let place = if way.is_empty() { String::new() } else { format!("{}: ", path(&way)) };
        let mut text = vec![Piece::Plain(place)];
        let name = self.name(line);
        match (&line.label, name) {
            (Some(label), Some(name)) if !same_label(&name, label) => {
                text.push(Piece::Plain(format!("{name}, which the guide calls ")));
                text.push(Piece::Printed(label.clone()));
            }
            (Some(label), _) => text.push(Piece::Printed(label.clone())),
            (None, name) => {
                text.push(Piece::Plain(name.unwrap_or_else(|| oddities::words(line, self.catalogue))));
            }
        }
        if let Some(breaks) = line.breaks.as_ref().filter(|_| line.breaks != outer.breaks) {
            let says = words::breaks(line.modality, breaks);
            text.push(Piece::Plain(format!(" ({}{})", says[..1].to_lowercase(), &says[1..])));
        }
        let at_most = line.at_most.filter(|_| !matches!(line.aim, Aim::Alternatives { .. }));
        text.extend(at_most.map(|most| Piece::Plain(format!(" (at most {most} of these)"))));
        text.push(Piece::Plain(self.only_inside(line, outer)));
        if let Aim::Field { field, boxes } = &line.aim
            && let Some(known) = shipped(field).filter(|_| boxes.is_empty() && field.section.is_none())
        {
            text.push(Piece::Plain(format!(" (section {})", known.section_name)));
        }
        if let Aim::Together(_) = line.aim {
            let each = line.parts().into_iter().map(|part| oddities::words(part, self.catalogue));
            text.push(Piece::Plain(format!(", which is {}", list(&each.collect::<Vec<_>>()))));
        }
        text.retain(|piece| *piece != Piece::Plain(String::new()));
        text
    }

    /// The condition of a line in another one, where it has one of its own.
    fn only_inside(&self, line: &Line, outer: &Line) -> String {
        match line.when != outer.when && (self.truth)(line) != Truth::Yes {
            true => format!(" ({})", self.policy.only(&line.when)),
            false => String::new(),
        }
    }

    /// The boxes that other lines name as not wanted, whoever the customer is.
    fn unwanted(&self) -> impl Iterator<Item = PermissionId> {
        let lines = self.lines.iter().flat_map(|line| line.all());
        let lines = lines.filter(|line| !oddities::is_wanted(line.modality.need()));
        lines.filter(|line| (self.truth)(line) == Truth::Yes && line.disputed.is_none()).flat_map(|line| {
            match &line.aim {
                Aim::Section { section: Section::Id(id), boxes } if boxes.is_empty() => {
                    self.catalogue.boxes_of(id.section()).map(|permission| permission.id.clone()).collect()
                }
                _ => oddities::named(line),
            }
        })
    }

    /// What other lines name as not wanted among what the customer made itself and a pattern takes.
    fn unwanted_of_the_tenant(&self, pattern: &Pattern) -> Vec<Pattern> {
        let fits = |id: &PermissionId| pattern.fits(id);
        let mut found: Vec<Pattern> =
            self.unwanted().filter(fits).map(|id| Pattern::new(id.as_str())).collect();
        let lines = self.lines.iter().flat_map(|line| line.all());
        let lines = lines.filter(|line| !oddities::is_wanted(line.modality.need()));
        for line in lines.filter(|line| (self.truth)(line) == Truth::Yes && line.disputed.is_none()) {
            let Aim::Section { section: Section::Named(name), boxes } = &line.aim else { continue };
            let takes = |action: &Action| {
                (boxes.is_empty() || boxes.iter().any(|it| it == action.as_str()))
                    && fits(&PermissionId::category("category_1", *action))
            };
            if [Action::View, Action::History, Action::Edit].iter().any(takes) {
                found.push(Pattern::of_named_section(name));
            }
        }
        found
    }

    /// What a pattern stands for, and the boxes, place by place.
    fn every(&self, pattern: &Pattern, except: &[Pattern], among_listed: bool) -> (String, Vec<Tick>) {
        let fits = |id: &PermissionId| pattern.fits(id) && !except.iter().any(|except| except.fits(id));
        let own_but = own_among(except);
        let but = if own_but.is_empty() { String::new() } else { format!(", but not of {}", list(&own_but)) };
        let own = match pattern.may_fit_a_tenants_own() {
            true => format!(", and those of what your company made itself{but}"),
            false => String::new(),
        };
        if among_listed {
            let action = pattern.as_str().rsplit('/').next().unwrap_or_default();
            let verb = the_box(action);
            let says = format!(
                "That is {verb} of every section that this guide asks for. Where a section is asked for only in some \
                 cases or is left to you, so is this box."
            );
            return (says, Vec::new());
        }
        let all: Vec<_> = self.catalogue.permissions().filter(|permission| fits(&permission.id)).collect();
        let mut parts = self.places(&all);
        let left_out: Vec<&Permission> = self
            .catalogue
            .permissions()
            .filter(|permission| pattern.fits(&permission.id) && !fits(&permission.id))
            .collect();
        parts.extend(self.places(&left_out).into_iter().map(|mut part| {
            part.what.insert(0, Piece::Plain("But not ".to_owned()));
            part
        }));
        let says = match all.len() {
            0 => match pattern.as_str().split('/').collect::<Vec<_>>().as_slice() {
                ["fields", "*", action] => format!("That is {} of every field{but}.", the_box(action)),
                _ => format!("Every box that fits `{pattern}`{own}."),
            },
            number => format!("That is {}{own}:", count(number, "box", "boxes")),
        };
        (says, parts)
    }

    /// Boxes by the place where they stand; those that say the same of several sections are one.
    fn places(&self, all: &[&Permission]) -> Vec<Tick> {
        let mut places: Vec<(String, String, Vec<&str>)> = Vec::new();
        for permission in all {
            let way = self.screens.way(&permission.path);
            let names_it = |section: &&String| permission.label.contains(&format!(" {section} "));
            let section =
                permission.path.last().filter(|_| permission.id.as_category().is_some()).filter(names_it);
            let (place, label, name) = match section {
                Some(section) => (
                    path(way.get(..way.len().saturating_sub(1)).unwrap_or_default()),
                    permission.label.replace(&format!(" {section} "), " … "),
                    section.as_str(),
                ),
                None => (path(&way), String::new(), permission.label.as_str()),
            };
            match places
                .iter_mut()
                .find(|known| (known.0.as_str(), known.1.as_str()) == (place.as_str(), label.as_str()))
            {
                Some((.., names)) => names.push(name),
                None => places.push((place, label, vec![name])),
            }
        }
        let part = |(place, label, names): (String, String, Vec<&str>)| match label.is_empty() {
            true => format!("{place}: {}", names.join("; ")),
            false => format!("{place}: {label}: {}", names.join(", ")),
        };
        places.into_iter().map(|place| Tick::plain(part(place))).collect()
    }

    pub(super) fn opened_by<'b>(&self, boxes: impl Iterator<Item = &'b PermissionId>) -> Text {
        let boxes: Vec<String> =
            boxes.map(|id| format!("{} › {}", path(&self.way_of(id)), self.catalogue.label(id))).collect();
        plain(format!("Opened by: {}.", list(&boxes)))
    }
}

/// What a part of a list may be that the tenant made itself, in words.
fn of_the_tenant(among: &[Pattern], except: &[Pattern]) -> String {
    let are = |block: &str| among.iter().all(|pattern| pattern.as_str().starts_with(block));
    let own = match (are("docs/"), are("people/")) {
        _ if among.iter().any(|pattern| pattern.as_str().starts_with("fields/")) => "single fields",
        (true, _) => "the folders that your company made itself",
        (_, true) => "the sections that your company made itself",
        _ => "what your company made itself",
    };
    match own_among(except).as_slice() {
        [] => own.to_owned(),
        but => format!("{own}, but not of {}", list(but)),
    }
}

/// A box by the last part of its id.
fn the_box(action: &str) -> &'static str {
    match action {
        "history" => "the View histories box",
        "edit" => "the Edit box",
        "view" => "the View box",
        _ => "the box",
    }
}

/// What is left out of a pattern that a company made itself or that is a single field, by its name.
fn own_among(except: &[Pattern]) -> Vec<String> {
    let is_own = |pattern: &&Pattern| pattern.may_fit_a_tenants_own() || pattern.named_section().is_some();
    except
        .iter()
        .filter(is_own)
        .filter_map(|pattern| {
            let (block, rest) = pattern.as_str().split_once('/')?;
            let name = rest.split('/').next().filter(|name| !name.contains('*'))?;
            let field = || shown(&Field { name: name.to_owned(), section: None });
            Some(if block == "fields" { field() } else { name.to_owned() })
        })
        .collect()
}
