//! Fields as the screens show them: under their sections, by their names.

use crate::catalogue::builtin::{self, BuiltIn};
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::screens::Screens;
use crate::policy::lines::{Aim, Field, Line, Section};
use crate::report::words::list;

use super::boxes::Boxes;
use super::{Text, plain};

/// The boxes of one field that a line names.
pub(super) struct FieldBoxes {
    pub(super) field: Field,
    pub(super) boxes: Vec<Action>,
}

impl FieldBoxes {
    /// Of a line that names any.
    pub(super) fn of(line: &Line) -> Option<Self> {
        let by_id = |name: &str| Field { name: name.to_owned(), section: None };
        match &line.aim {
            Aim::Field { field, boxes } if !boxes.is_empty() => {
                Some(Self { field: field.clone(), boxes: boxes.clone() })
            }
            Aim::Permission(id) => {
                let (field, action) = id.as_field()?;
                Some(Self { field: by_id(field), boxes: vec![action] })
            }
            Aim::Section { section: Section::Id(id), boxes } if !boxes.is_empty() => {
                let field = id.section().strip_prefix("fields/")?;
                let boxes = boxes.iter().filter_map(|action| Action::from_segment(action)).collect();
                Some(Self { field: by_id(field), boxes })
            }
            _ => None,
        }
    }

    /// What HiBob prints beside the boxes: "View, Edit: Base salary".
    pub(super) fn label(&self) -> String {
        let verbs: Vec<&str> = self.boxes.iter().map(|action| action.verb()).collect();
        format!("{}: {}", verbs.join(", "), shown(&self.field))
    }
}

/// The field that HiBob ships under this name, in this section where one is said.
pub(super) fn shipped(field: &Field) -> Option<&'static BuiltIn> {
    let is_in = |known: &&BuiltIn| match &field.section {
        None => true,
        Some(Section::Id(id)) => id.section().strip_prefix("people/") == Some(known.section.as_str()),
        Some(Section::Named(name)) => known.section_name.eq_ignore_ascii_case(name),
    };
    let named = |known: &&BuiltIn| known.id == field.name || known.name.eq_ignore_ascii_case(&field.name);
    let mut found = builtin::all().iter().filter(named).filter(is_in);
    let only = found.next().filter(|_| found.next().is_none());
    only.or_else(|| builtin::find(&field.name).filter(is_in))
}

/// The name of a field on the screen, where it is known.
pub(super) fn shown(field: &Field) -> String {
    shipped(field).map_or_else(|| field.name.clone(), |known| known.name.clone())
}

impl Boxes<'_> {
    /// The box of the section that a field stands in, where that is known of HiBob's own.
    pub(super) fn of_section(&self, field: &Field, action: Action) -> Option<PermissionId> {
        match (&field.section, shipped(field)) {
            (Some(Section::Id(id)), _) => {
                Some(PermissionId::category(id.section().strip_prefix("people/")?, action))
            }
            (_, Some(known)) => Some(PermissionId::category(&known.section, action)),
            _ => None,
        }
    }

    /// Where the boxes of a field stand: under its section, as far as that is known.
    pub(super) fn way_of_field(&self, field: &Field, screens: &Screens) -> Vec<String> {
        if let Some(id) = self.of_section(field, Action::View) {
            return self.way_on(&id, screens);
        }
        let mut way = ["People's data", "People"].map(str::to_owned).to_vec();
        if let Some(Section::Named(name)) = &field.section {
            way.push(name.clone());
        }
        screens.way(&way)
    }

    /// What to know of boxes of fields: where they stand, if only the tenant's screens show it, and what to tick
    /// where no field has a box of its own.
    pub(super) fn about_boxes_of(&self, line: &Line) -> Option<Text> {
        let boxes = FieldBoxes::of(line)?;
        let is_known = boxes.field.section.is_some() || shipped(&boxes.field).is_some();
        if self.screens_of(line).by_field {
            return (!is_known).then(|| plain("In which section it is, your screens show."));
        }
        let opens: Vec<String> = boxes
            .boxes
            .iter()
            .map(|action| match self.of_section(&boxes.field, *action) {
                Some(id) => format!("\"{}\"", self.catalogue.label(&id)),
                None => format!("the {} box of its section", action.verb()),
            })
            .collect();
        Some(plain(format!("On these screens no field has a box of its own: it goes by {}.", list(&opens))))
    }

    /// What stands in a line as things to tick: boxes of fields of one section are one, where the guide says
    /// nothing of a single one.
    pub(super) fn rows_of<'l>(&self, lines: &[&'l Line]) -> Vec<Row<'l>> {
        let mut rows: Vec<Row<'l>> = Vec::new();
        for line in lines.iter().copied() {
            let boxes = FieldBoxes::of(line).filter(|_| {
                line.label.is_none()
                    && line.breaks.is_none()
                    && line.reason.is_none()
                    && line.disputed.is_none()
            });
            let Some(boxes) = boxes else {
                rows.push(Row::Line(line));
                continue;
            };
            let (way, name) = (self.way_of_field(&boxes.field, self.screens_of(line)), shown(&boxes.field));
            let same = rows.iter_mut().find_map(|row| match row {
                Row::Fields { like, way: known, boxes: actions, names }
                    if *known == way && *actions == boxes.boxes && like.when == line.when =>
                {
                    Some(names)
                }
                _ => None,
            });
            match same {
                Some(names) => names.push(name),
                None => {
                    rows.push(Row::Fields { like: line, way, boxes: boxes.boxes, names: vec![name] });
                }
            }
        }
        rows
    }
}

/// A thing to tick in a line that stands for several.
pub(super) enum Row<'l> {
    /// A line.
    Line(&'l Line),
    /// The same boxes of fields that stand in one place.
    Fields {
        /// The first of the lines.
        like: &'l Line,
        /// Where.
        way: Vec<String>,
        /// Which boxes.
        boxes: Vec<Action>,
        /// The names of the fields.
        names: Vec<String>,
    },
}
