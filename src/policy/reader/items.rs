//! The items of the lists: what a line points at, and what stands beside it.

use std::ops::Range;

use crate::catalogue::id::{Action, PermissionId};
use crate::policy::fields::{Fields, Reader, one_line, quoted};
use crate::policy::lines::{Aim, Case, Field, Line, Modality, Section, When};
use crate::policy::pattern::Pattern;
use crate::policy::printed::known_box;
use crate::policy::tree::{At, Node, Plain, Value};
use crate::policy::{Need, Role};
use crate::source::Spot;
use crate::source::problems::Problem;

/// What an item can point at.
const TARGETS: [&str; 12] = [
    "permission",
    "box",
    "section",
    "every",
    "any-of",
    "one-of",
    "field",
    "table",
    "resource",
    "unresolved",
    "list-not-known",
    "items",
];

/// The boxes of a field, where fields have boxes of their own.
pub(in crate::policy) const OF_A_FIELD: [&str; 3] = ["view", "history", "edit"];

/// Who may know a list that the guide does not contain.
const KNOWERS: [(&str, Role); 2] = [("integrator", Role::Integrator), ("hibob-admin", Role::HibobAdmin)];

/// The resource of which each one is shared with the service user by itself.
pub(in crate::policy) const SHARED_ONE_BY_ONE: &str = "reports";

/// What holds for an item because of where it stands.
#[derive(Clone)]
pub(super) struct Around {
    modality: Modality,
    in_alternative: bool,
    path: Option<String>,
    breaks: Option<String>,
    reason: Option<String>,
    disputed: Option<String>,
    when: Vec<Vec<Case>>,
}

impl Around {
    pub(super) fn of(modality: Modality) -> Self {
        Self {
            modality,
            in_alternative: false,
            path: None,
            breaks: None,
            reason: None,
            disputed: None,
            when: Vec::new(),
        }
    }

    /// The same without what is said of a printed line.
    fn only_what_holds(self) -> Self {
        Self { path: None, reason: None, disputed: None, ..self }
    }

    fn line(self, aim: Aim, label: Option<String>, place: Spot) -> Line {
        Line {
            modality: self.modality,
            aim,
            label,
            path: self.path,
            breaks: self.breaks,
            reason: self.reason,
            disputed: self.disputed,
            at_most: None,
            when: When(self.when),
            place,
        }
    }
}

/// What a target key holds.
struct Target {
    key: &'static str,
    name: Range<usize>,
    node: Node,
}

impl Reader<'_> {
    /// One item: a line, the lines of a group, or nothing that can be used.
    pub(super) fn item(&mut self, node: Node, around: &Around) -> Vec<Line> {
        let span = node.span.clone();
        if let Value::Scalar(id, Plain::Text) = &node.value {
            if around.modality == Modality::Needs {
                self.no_plain_need(&span);
                return Vec::new();
            }
            let aim = self.permission(&one_line(id), &span);
            let place = self.spot(&span);
            return aim.map(|aim| around.clone().line(aim, None, place)).into_iter().collect();
        }
        let Some(mut fields) = self.fields(node, "an item") else { return Vec::new() };
        let mut targets: Vec<Target> = TARGETS
            .into_iter()
            .filter_map(|key| {
                let (name, node) = fields.take(key)?;
                Some(Target { key, name: name.span, node })
            })
            .collect();
        // Beside a field, a section says where that stands.
        let is_of_a_field = targets.iter().any(|target| target.key == "field");
        let beside = |target: &Target| is_of_a_field && target.key == "section";
        let of_section = targets.iter().position(beside).map(|at| targets.remove(at));
        let has = |key: &str| targets.iter().any(|target| target.key == key);
        let (group, alternatives) = (has("items"), has("any-of") || has("one-of"));
        let mut within = around.clone();
        let own = |text: Option<At<String>>| text.map(|text| text.value);
        let label = own(self.text(&mut fields, "label"));
        within.path = own(self.text(&mut fields, "path")).or(within.path);
        within.breaks = own(self.text(&mut fields, "breaks")).or(within.breaks);
        within.reason = own(self.text(&mut fields, "for")).or(within.reason);
        within.disputed = own(self.text(&mut fields, "disputed")).or(within.disputed);
        if let Some((_, node)) = fields.take("when") {
            within.when.extend(self.when(node));
        }
        let boxes =
            if has("section") || has("field") || has("table") { self.boxes(&mut fields) } else { Vec::new() };
        let range = if has("list-not-known") { Some(self.range(&mut fields)) } else { None };
        let is_wanted = matches!(around.modality.need(), Need::Required | Need::Optional);
        let at_most = if is_wanted && (group || has("any-of") || has("list-not-known")) {
            self.number(&mut fields, "at-most")
        } else {
            None
        };
        let every = if has("every") { Some(self.selection(&mut fields)) } else { None };
        let all_rows = if has("table") { self.rows(&mut fields) } else { false };
        let columns = if has("table") { fields.take("columns") } else { None };
        let of_rows = has("table") && (fields.was_written("rows") || fields.was_written("columns"));
        let ids = if has("resource") { fields.take("ids") } else { None };
        let names = if has("resource") { fields.take("name") } else { None };
        let unlabelled = has("unresolved") && !fields.was_written("label");
        let meant = self.refuse_the_rest(&mut fields);
        if range.is_some() && fields.was_written("except") {
            self.demand(&fields, "among", &meant);
        }
        // Of what so many may be chosen, the guide prints.
        if at_most.is_some() && (group || has("any-of")) {
            self.demand(&fields, "label", &meant);
        }
        let at_most = match at_most {
            Some(most) if group && around.modality.need() == Need::Required => {
                self.no_limit_on_what_is_required(most.span);
                None
            }
            most => most.map(|most| most.value),
        };

        if let [first, second, ..] = targets.as_slice() {
            let message = self.says("has an item that points at two things");
            self.problems.push(
                Problem::error("two-targets", message, second.name.clone())
                    .label(format!("`{}` too", second.key))
                    .related(first.name.clone(), format!("`{}` here", first.key))
                    .help("make two items of it"),
            );
            return Vec::new();
        }
        if unlabelled && !meant.contains(&"label") {
            let message = self.says("has an unresolved item without its label");
            self.problems.push(
                Problem::error("missing-key", message, span.clone())
                    .label("expected `label` too")
                    .help("`label` keeps what the guide prints; `unresolved` says why no box fits it"),
            );
        }
        let Some(target) = targets.into_iter().next() else {
            if !TARGETS.iter().any(|key| meant.contains(key)) {
                let message = self.says("has an item that points at nothing");
                self.problems.push(
                    Problem::error("no-target", message, span)
                        .label(format!("expected one of {}", quoted(&TARGETS)))
                        .help(
                            "a box that the catalogue does not know goes by what is printed, `box: <label>` with its \
                             `path`; a label that nobody could match to a box is kept with `unresolved: <why>`",
                        ),
                );
            }
            return Vec::new();
        };
        if !self.may_stand(&target, around) {
            return Vec::new();
        }
        let place = self.spot(&span);
        if group {
            // Where one line is printed for all of them, what the guide says beside it is said of that line.
            let inside = if label.is_some() { within.clone().only_what_holds() } else { within.clone() };
            let items = self.list_of(target.node, "items");
            let lines: Vec<Line> = items.into_iter().flat_map(|item| self.item(item, &inside)).collect();
            return match label {
                Some(_) if lines.is_empty() => lines,
                Some(_) => vec![Line { at_most, ..within.line(Aim::Together(lines), label, place) }],
                None => lines,
            };
        }
        let label = label.or_else(|| match &target.node.value {
            Value::Scalar(words, _) if target.key == "box" => Some(one_line(words)),
            _ => None,
        });
        let aim = if alternatives {
            self.alternatives(target, &within)
        } else if target.key == "box" {
            self.printed_box(target, within.path.as_deref(), meant.contains(&"path"))
        } else {
            self.aim(target, boxes, every, (all_rows, of_rows))
        };
        let aim = match (aim, of_section) {
            (Some(Aim::Field { field, boxes }), Some(section)) => {
                let section = self.section_beside(section);
                section.map(|section| Aim::Field { field: Field { section: Some(section), ..field }, boxes })
            }
            (aim, _) => aim,
        };
        let aim = match (aim, columns) {
            (Some(Aim::Table { name, all_rows, boxes, .. }), Some((key, node))) => {
                self.columns(&key, node, &name).map(|columns| Aim::Table { name, all_rows, columns, boxes })
            }
            (aim, _) => aim,
        };
        let aim = match aim {
            Some(Aim::ListNotKnown { reason, .. }) => {
                let Known { among, except, role } = range.unwrap_or_default();
                Some(Aim::ListNotKnown { reason, among, except, role })
            }
            aim => aim,
        };
        let aim = match (aim, ids) {
            (Some(Aim::Resource { name, names, .. }), Some((key, node))) => {
                self.ids_of(&key, node, &name).map(|ids| Aim::Resource { name, ids, names })
            }
            (aim, _) => aim,
        };
        let aim = match (aim, names) {
            (Some(Aim::Resource { name, ids, .. }), Some((key, node))) => {
                self.names_of_reports(&key, node, &name).map(|names| Aim::Resource { name, ids, names })
            }
            (aim, _) => aim,
        };
        aim.map(|aim| Line { at_most, ..within.line(aim, label, place) }).into_iter().collect()
    }

    fn aim(
        &mut self,
        target: Target,
        boxes: Vec<At<String>>,
        every: Option<Selection>,
        (all_rows, of_rows): (bool, bool),
    ) -> Option<Aim> {
        if target.key == "every" {
            let Selection { except, among_listed } = every?;
            let pattern = self.pattern(target.node, "every")?;
            let taken = std::slice::from_ref(&pattern);
            let except = except.into_iter().filter_map(|node| self.except(node, taken)).collect();
            return Some(Aim::Every { pattern, except, among_listed });
        }
        let text = self.text_of(target.node, target.key)?;
        match target.key {
            "permission" => self.permission(&text.value, &text.span),
            "section" => {
                let section = self.section(&text.value, &text.span)?;
                let boxes = self.boxes_of(&section, boxes)?;
                Some(Aim::Section { section, boxes })
            }
            "field" => {
                let named = self.named_boxes(boxes, &OF_A_FIELD, "a field")?;
                let boxes = named.iter().filter_map(|action| Action::from_segment(action)).collect();
                Some(Aim::Field { field: Field { name: text.value, section: None }, boxes })
            }
            "table" => {
                let read = Aim::Table { name: text.value, all_rows, columns: Vec::new(), boxes: Vec::new() };
                self.boxes_of_a_table(read, boxes, of_rows)
            }
            "resource" => self.resource(&text),
            "unresolved" => Some(Aim::Unresolved(text.value)),
            _ => {
                let Known { among, except, role } = Known::default();
                Some(Aim::ListNotKnown { reason: text.value, among, except, role })
            }
        }
    }

    /// The section that a field stands in: one of people's data.
    fn section_beside(&mut self, target: Target) -> Option<Section> {
        let text = self.text_of(target.node, target.key)?;
        let section = self.section(&text.value, &text.span)?;
        if section.id().is_none_or(|id| id.as_str().starts_with("people/")) {
            return Some(section);
        }
        let message = self.says("puts a field into a section that holds none");
        self.problems.push(
            Problem::error("unknown-section", message, text.span)
                .label("fields stand in the sections of people's data")
                .help("`section: people/work`, or its name on the screen"),
        );
        None
    }

    /// A box by what is printed of it, if the catalogue does not know it.
    fn printed_box(&mut self, target: Target, path: Option<&str>, is_path_meant: bool) -> Option<Aim> {
        let text = self.text_of(target.node, "box")?;
        let Some(path) = path else {
            if !is_path_meant {
                let message = self.says("has a box by its label without its path");
                self.problems.push(
                    Problem::error("missing-key", message, text.span).label("expected `path` too").help(
                        "`path` says where it stands; where nobody knows that, write `unresolved: <why>`",
                    ),
                );
            }
            return None;
        };
        if let Some(id) = known_box(&text.value, path, self.catalogue) {
            let message = self.says("calls a box by its label, which the catalogue knows");
            self.problems.push(
                Problem::error("known-box", message, text.span)
                    .label(format!("write `permission: {id}`"))
                    .help("keep what the guide prints as `label` and `path` beside it"),
            );
            return None;
        }
        Some(Aim::Printed { label: text.value, path: path.to_owned() })
    }

    /// Whether the kind of item makes sense where it stands.
    fn may_stand(&mut self, target: &Target, around: &Around) -> bool {
        let unwanted = matches!(around.modality.need(), Need::Forbidden | Need::NotNeeded);
        let alternative = matches!(target.key, "any-of" | "one-of");
        let (label, help) = if alternative && around.in_alternative {
            ("alternatives do not stand inside alternatives", "write each combination as a branch of its own")
        } else if alternative && unwanted {
            ("there is no choice among what is not wanted", "list each of them by itself")
        } else if around.modality == Modality::Needs && matches!(target.key, "permission" | "box") {
            ("`needs` names what is read, and not the box that opens it", "a box belongs under `requires:`")
        } else if unwanted && target.key == "list-not-known" {
            ("a list that nobody knows cannot be unwanted", "it belongs under `requires:`")
        } else {
            return true;
        };
        let message = self.says(format_args!("has an item `{}` where none can stand", target.key));
        self.problems
            .push(Problem::error("misplaced-item", message, target.name.clone()).label(label).help(help));
        false
    }

    fn alternatives(&mut self, target: Target, within: &Around) -> Option<Aim> {
        let (only_one, at) = (target.key == "one-of", target.name);
        // What stands beside the alternatives holds for each line in them.
        let inside = Around { in_alternative: true, ..within.clone() };
        let nodes = self.list_of(target.node, target.key);
        let written = nodes.len();
        let branches: Vec<Vec<Line>> = nodes
            .into_iter()
            .map(|node| match node.value {
                Value::List(_) => {
                    let items = self.list_of(node, "a branch");
                    items.into_iter().flat_map(|item| self.item(item, &inside)).collect()
                }
                _ => self.item(node, &inside),
            })
            .filter(|branch: &Vec<Line>| !branch.is_empty())
            .collect();
        if written == 1 {
            self.no_choice(target.key, at);
        }
        (branches.len() > 1).then_some(Aim::Alternatives { only_one, branches })
    }

    /// Each item of a group is required by itself: a limit would have the check ask for what the guide rules out.
    fn no_limit_on_what_is_required(&mut self, at: Range<usize>) {
        let message = self.says("requires each item of a group, and lets only some of them be chosen");
        self.problems.push(
            Problem::error("no-choice", message, at).label("each of `items` is required here").help(
                "use `any-of` in place of `items`: at least one, and at most so many; or put the group under `optional`",
            ),
        );
    }

    pub(super) fn no_choice(&mut self, key: &str, at: Range<usize>) {
        let message = self.says(format_args!("has a `{key}` without a choice"));
        self.problems.push(
            Problem::error("no-choice", message, at)
                .label("one alternative is none")
                .help("write the item without it, or add what else will do"),
        );
    }

    fn boxes(&mut self, fields: &mut Fields) -> Vec<At<String>> {
        let nodes = self.list(fields, "boxes");
        nodes.into_iter().filter_map(|node| self.text_of(node, "boxes")).collect()
    }

    /// Among which boxes a list is that nobody has written down, and who knows it.
    fn range(&mut self, fields: &mut Fields) -> Known {
        let nodes = match fields.take("among") {
            None => Vec::new(),
            Some((_, node)) if matches!(node.value, Value::List(_)) => self.list_of(node, "among"),
            Some((_, node)) => vec![node],
        };
        let among: Vec<Pattern> = nodes.into_iter().filter_map(|node| self.pattern(node, "among")).collect();
        let except = self.list(fields, "except");
        let except = except.into_iter().filter_map(|node| self.except(node, &among)).collect();
        let role = self.word_at(fields, "role", "role", &KNOWERS);
        Known { among, except, role: role.unwrap_or(Role::Integrator) }
    }

    fn selection(&mut self, fields: &mut Fields) -> Selection {
        let except = self.list(fields, "except");
        let words = [("listed", true)];
        let among_listed = self.word_at(fields, "among", "range of sections", &words).unwrap_or(false);
        Selection { except, among_listed }
    }

    fn no_plain_need(&mut self, span: &Range<usize>) {
        let message = self.says("has a need that does not say what it is");
        self.problems.push(
            Problem::error("no-target", message, span.clone())
                .label("expected `field:`, `table:` or `resource:` before it")
                .help("a box that is to be ticked belongs under `requires:`"),
        );
    }
}

/// A list that nobody has written down: among which boxes it is, and who knows it.
struct Known {
    among: Vec<Pattern>,
    except: Vec<Pattern>,
    role: Role,
}

impl Default for Known {
    fn default() -> Self {
        Self { among: Vec::new(), except: Vec::new(), role: Role::Integrator }
    }
}

/// What narrows `every`.
struct Selection {
    except: Vec<Node>,
    among_listed: bool,
}

impl Section {
    /// The section of a box, if it is known by its id.
    pub(super) fn id(&self) -> Option<&PermissionId> {
        match self {
            Self::Id(id) => Some(id),
            Self::Named(_) => None,
        }
    }
}
