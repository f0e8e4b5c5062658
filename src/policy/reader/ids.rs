//! Ids, sections, patterns and words, held against the catalogue.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::catalogue::id::{IdError, PermissionId, is_id_of_a_field, nearest};
use crate::catalogue::is_custom_category;
use crate::catalogue::reads::{self, ReadKind};
use crate::policy::fields::{Reader, near, quoted};
use crate::policy::lines::{Aim, Section};
use crate::policy::pattern::{Pattern, is_name_of_a_section};
use crate::policy::tree::{At, Node};
use crate::source::clean::clean;
use crate::source::problems::Problem;

/// The longest pattern that anything is held against.
const LONGEST_PATTERN: usize = 200;

/// What is said of a pattern that fits nothing, where nothing better is known.
const NO_BOX: &str = "no box fits this";

impl Reader<'_> {
    /// A box, or a section when the action is `*`.
    pub(super) fn permission(&mut self, text: &str, span: &Range<usize>) -> Option<Aim> {
        let id = match PermissionId::parse(text) {
            Ok(id) => self.catalogue.canonical(&id),
            Err(error) => {
                self.unknown_permission(text, span, Some(error));
                return None;
            }
        };
        if id.is_section() {
            let section = self.section(id.section(), span)?;
            return Some(Aim::Section { section, boxes: Vec::new() });
        }
        if let Some((name, action)) = id.as_field().filter(|(name, _)| !is_id_of_a_field(name)) {
            self.name_for_an_id(name, action.as_str(), span);
            return None;
        }
        if self.catalogue.knows(&id) {
            return Some(Aim::Permission(id));
        }
        self.unknown_permission(text, span, None);
        None
    }

    /// A field by its name on the screen, where only an id can stand.
    fn name_for_an_id(&mut self, name: &str, action: &str, span: &Range<usize>) {
        let message = self.says("calls a field by its name where its id is expected");
        let name = clean(name);
        self.problems.push(
            Problem::error("unknown-permission", message, span.clone())
                .label(format!("did you mean `{{field: {name}, boxes: [{action}]}}`?"))
                .help(
                    "the id of a field has a dot in it, such as `work.title`; a field that goes by its name on the                      screen is looked up in the tenant",
                ),
        );
    }

    /// A box and nothing else.
    pub(super) fn one_box(&mut self, text: &At<String>) -> Option<PermissionId> {
        match self.permission(&text.value, &text.span)? {
            Aim::Permission(id) => Some(id),
            _ => {
                self.unknown_permission(text.value.trim_end_matches("/*"), &text.span, None);
                None
            }
        }
    }

    fn unknown_permission(&mut self, text: &str, span: &Range<usize>, error: Option<IdError>) {
        let section = self.has_section(text.trim_end_matches('/'));
        let named = near(self.problems, text, self.catalogue.permission_ids());
        let printed = self.ids_of_label(text);
        let label = match (section, named, error) {
            (Some(_), ..) => "this is a section: name a box in it, or write `section:`".to_owned(),
            (None, _, Some(IdError::BadCharacter('*'))) => {
                "this fits more than one box: write `every:` before it".to_owned()
            }
            _ if !printed.is_empty() => format!("this is a label: did you mean {}?", quoted(&printed)),
            (None, Some(near), _) => format!("did you mean `{near}`?"),
            (None, None, Some(error)) => error.to_string(),
            (None, None, None) => "the catalogue knows no such box".to_owned(),
        };
        let help = match printed.first() {
            Some(id) => {
                format!(
                    "a line is written by its id, and its words go into `label:`; `audit catalogue {id}` explains it"
                )
            }
            None => match self.slash_in_a_name(text.rsplit_once('/').map_or(text, |(section, _)| section)) {
                Some(help) => help.to_owned(),
                None => "`audit catalogue` lists every box that it knows; another goes by what is printed, `box: <label>` \
                         with its `path`"
                    .to_owned(),
            },
        };
        let message = self.says("asks for an unknown permission");
        self.problems
            .push(Problem::error("unknown-permission", message, span.clone()).label(label).help(help));
    }

    /// What to write where a name on the screen has a slash in it, which cuts an id.
    fn slash_in_a_name(&self, path: &str) -> Option<&'static str> {
        let (first, rest) = path.split_once('/')?;
        if first == "docs" {
            return rest.contains('/').then_some(
                "a folder whose name has a slash in it goes by its id, `docs/<id>`: under `access`, the JSON report of \
                 any run lists each folder's id with its name",
            );
        }
        let sections = self.catalogue.sections();
        let begins =
            |known: &str| known.split('/').next().is_some_and(|begin| nearest(first, [begin]).is_some());
        let is_an_id = sections.iter().any(|known| begins(known)) || begins("fields") || begins("population");
        (!is_an_id).then_some(
            "a section whose name has a slash in it goes by its id, `people/category_<number>`: under `access`, the \
             JSON report of any run lists each section's id with its name",
        )
    }

    /// The boxes that HiBob itself labels so.
    fn ids_of_label(&self, text: &str) -> Vec<&str> {
        if self.problems.is_flood() {
            return Vec::new();
        }
        let same = |label: &str| label.to_lowercase() == text.trim_end_matches('.').to_lowercase();
        let boxes = self.catalogue.permissions().filter(|permission| same(&permission.label));
        boxes.map(|permission| permission.id.as_str()).take(3).collect()
    }

    /// A section by its id, or, where there is no slash, by its name on the screen.
    pub(super) fn section(&mut self, text: &str, span: &Range<usize>) -> Option<Section> {
        let path = text.strip_suffix("/*").unwrap_or(text);
        if let Some(name) = path.strip_prefix("fields/").filter(|name| !is_id_of_a_field(name)) {
            self.name_for_an_id(name, "view", span);
            return None;
        }
        if let Some(id) = self.has_section(path) {
            return Some(Section::Id(self.catalogue.canonical(&id)));
        }
        if !path.contains('/') {
            return Some(Section::Named(path.to_owned()));
        }
        let sections = self.catalogue.sections();
        let named = near(self.problems, path, sections.iter().map(String::as_str));
        let is_box = PermissionId::parse(path).is_ok_and(|id| self.catalogue.knows(&id));
        let below = format!("{path}/");
        let is_heading = sections.iter().any(|known| known.starts_with(&below));
        let label = match (is_box, named) {
            (true, _) => "this is a box: write `permission:`".to_owned(),
            _ if is_heading => {
                format!("this is a heading over sections: all of it is `every: {path}/**`")
            }
            (false, Some(near)) => format!("did you mean `{near}`?"),
            (false, None) => "HiBob has no such section".to_owned(),
        };
        let message = self.says("asks for an unknown section");
        self.problems.push(Problem::error("unknown-section", message, span.clone()).label(label).help(
            self.slash_in_a_name(path).unwrap_or(
                "`audit catalogue` lists every permission; a section is its id without the action",
            ),
        ));
        None
    }

    /// The id of a section, if it holds any box, listed or by the grammar of ids.
    fn has_section(&self, path: &str) -> Option<PermissionId> {
        let id = PermissionId::parse(&format!("{path}/*")).ok()?;
        let id = self.catalogue.canonical(&id);
        let path = id.section();
        let holds_one = self.catalogue.boxes_of(path).next().is_some()
            || PermissionId::parse(&format!("{path}/view")).is_ok_and(|id| self.catalogue.knows(&id));
        holds_one.then_some(id)
    }

    /// The boxes of a section that are named by the last part of their ids.
    pub(super) fn boxes_of(&mut self, section: &Section, boxes: Vec<At<String>>) -> Option<Vec<String>> {
        let known: Vec<String> = match section.id() {
            Some(id) => self
                .catalogue
                .boxes_of(id.section())
                .map(|permission| permission.id.action().to_owned())
                .collect(),
            None => Vec::new(),
        };
        // A section of the tenant's own holds what the grammar of ids allows for its kind.
        let known: Vec<&str> = match (section.id(), known.is_empty()) {
            (Some(id), true) if id.as_str().starts_with("docs/") => vec!["view", "upload", "delete"],
            (_, true) => vec!["view", "history", "edit"],
            (_, false) => known.iter().map(String::as_str).collect(),
        };
        self.named_boxes(boxes, &known, "the section")
    }

    /// Boxes by the last part of their ids, each of which there must be.
    pub(super) fn named_boxes(
        &mut self,
        boxes: Vec<At<String>>,
        known: &[&str],
        whose: &str,
    ) -> Option<Vec<String>> {
        let mut named = Vec::new();
        for text in boxes {
            if known.contains(&text.value.as_str()) {
                named.push(text.value);
                continue;
            }
            let label = near(self.problems, &text.value, known.iter().copied())
                .map_or_else(|| format!("{whose} has no such box"), |near| format!("did you mean `{near}`?"));
            let message = self.says("names an unknown box");
            self.problems.push(
                Problem::error("unknown-box", message, text.span)
                    .label(label)
                    .help(format!("{whose} has the boxes {}", quoted(known))),
            );
            return None;
        }
        Some(named)
    }

    /// A pattern of ids that some box can fit.
    pub(super) fn pattern(&mut self, node: Node, key: &'static str) -> Option<Pattern> {
        let text = self.text_of(node, key)?;
        let pattern = Pattern::new(text.value.as_str());
        if self.fits_something(&pattern) {
            return Some(pattern);
        }
        self.fits_nothing(&text, "has a pattern that no box fits", NO_BOX);
        None
    }

    /// What is left out of a pattern: another pattern, a box, or a group of boxes by what their ids begin with.
    /// It has to take something away.
    pub(super) fn except(&mut self, node: Node, taken: &[Pattern]) -> Option<Pattern> {
        let text = self.text_of(node, "except")?;
        if is_name_of_a_section(&text.value) {
            return self.except_section(&text, taken);
        }
        let group = Pattern::new(format!("{}/**", text.value.trim_end_matches('/')));
        let is_group = !text.value.contains('*') && self.fits_something(&group);
        let pattern = if is_group && !self.fits_something(&Pattern::new(text.value.as_str())) {
            group
        } else {
            Pattern::new(text.value.as_str())
        };
        if !self.fits_something(&pattern) {
            self.fits_nothing(&text, "leaves out what no box fits", NO_BOX);
            return None;
        }
        let takes_away = |every: &Pattern| {
            self.catalogue.permissions().any(|it| every.fits(&it.id) && pattern.fits(&it.id))
                || every.may_meet_among_a_tenants_own(&pattern)
        };
        // Of no pattern that can be used, nothing is taken away: that is a mistake of its own.
        let first = taken.first()?;
        if taken.iter().any(takes_away) {
            return Some(pattern);
        }
        let label = format!("no box of `{}` fits this", clean(first.as_str()));
        self.fits_nothing(&text, "leaves out what its pattern does not take", &label);
        None
    }

    /// A section that the customer made, by its name on the screen. HiBob's own go by their ids.
    fn except_section(&mut self, text: &At<String>, taken: &[Pattern]) -> Option<Pattern> {
        let first = taken.first()?;
        let known = self.catalogue.categories().iter();
        let mut known = known.filter(|known| known.name.to_lowercase() == text.value.to_lowercase());
        let label = match known.next() {
            Some(known) => format!("HiBob's own section goes by its id: `people/{}`", known.id),
            None if taken.iter().any(|it| it.may_meet_among_a_tenants_own(&Pattern::new("people/*/*"))) => {
                return Some(Pattern::of_named_section(&text.value));
            }
            None => format!("`{}` takes no section that a company made", clean(first.as_str())),
        };
        let message = self.says("leaves out what its pattern does not take");
        self.problems.push(Problem::error("fits-nothing", message, text.span.clone()).label(label).help(
            "a section that the customer made goes by its name on the screen: `except: [Access control]`",
        ));
        None
    }

    fn fits_something(&self, pattern: &Pattern) -> bool {
        pattern.as_str().len() <= LONGEST_PATTERN
            && (pattern.may_fit_a_tenants_own()
                || self.catalogue.permissions().any(|permission| pattern.fits(&permission.id)))
    }

    /// What is misspelt is as a rule the group of boxes, or the block that it is in; or one star is one too few.
    fn fits_nothing(&mut self, text: &At<String>, what: &str, otherwise: &str) {
        let sections = self.catalogue.sections();
        let groups: BTreeSet<&str> = sections
            .iter()
            .flat_map(|section| {
                let ends = section.match_indices('/').map(|(at, _)| at).chain([section.len()]);
                ends.filter_map(|end| section.get(..end))
            })
            .collect();
        let stem = text.value.trim_end_matches(['*', '/']);
        let head = text.value.rsplit_once('/').map_or(text.value.as_str(), |(head, _)| head);
        let block = text.value.split('/').next().unwrap_or_default();
        let last = stem.rsplit('/').next().unwrap_or_default();
        let elsewhere = || {
            groups.iter().find(|group| {
                !groups.contains(stem) && group.contains('/') && group.split('/').any(|it| it == last)
            })
        };
        let label = if groups.contains(stem) && otherwise == NO_BOX {
            format!("did you mean `{stem}/**`?")
        } else if let Some(group) = elsewhere() {
            format!("{otherwise}; there is `{group}/**`")
        } else {
            [stem, head, block]
                .into_iter()
                .find_map(|it| near(self.problems, it, groups.iter().copied()).filter(|near| *near != it))
                .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}/…`?"))
        };
        let message = self.says(what);
        self.problems.push(Problem::error("fits-nothing", message, text.span.clone()).label(label).help(
            "`*` stands for anything within one part of an id, `**` for any number of parts: `people/*/view`",
        ));
    }

    /// A resource of the API, by its word.
    pub(super) fn resource(&mut self, text: &At<String>) -> Option<Aim> {
        if reads::find(ReadKind::Resource, &text.value).is_some() {
            return Some(Aim::Resource { name: text.value.clone(), ids: Vec::new(), names: Vec::new() });
        }
        let known = reads::all(ReadKind::Resource).map(|read| read.name.as_str());
        let label = near(self.problems, &text.value, known)
            .map_or_else(|| "no such resource".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = self.says("names an unknown resource");
        self.problems.push(
            Problem::error("unknown-resource", message, text.span.clone())
                .label(label)
                .help("`audit catalogue resources` lists them all"),
        );
        None
    }

    /// The id of a category of people's data.
    pub(super) fn category(&mut self, text: &At<String>) -> Option<String> {
        let id = text.value.as_str();
        if self.catalogue.is_category(id) || is_custom_category(id) {
            return Some(id.to_owned());
        }
        let known = self.catalogue.categories().iter().map(|category| category.id.as_str());
        let label = near(self.problems, id, known)
            .map_or_else(|| "HiBob has no such section".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = self.says("names an unknown section");
        self.problems.push(
            Problem::error("unknown-section", message, text.span.clone()).label(label).help(
                "the id of a section is what stands after `people/` in the ids of its boxes: `payroll`",
            ),
        );
        None
    }
}
