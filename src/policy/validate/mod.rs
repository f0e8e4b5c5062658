//! From what was written to what is meant: every item held against the catalogue, duplicates folded,
//! contradictions refused, oddities remarked on.

mod folded;
mod oddities;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{IdError, PermissionId};
use crate::policy::fields::near;
use crate::policy::written::{self, Aim, Item, Population, STATUSES, Written};
use crate::policy::{Guide, List, Manual, Need, Origin, Policy, Remark, Requirement, Target};
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems};

use folded::Folded;

/// Reads a policy.
///
/// # Errors
/// With every mistake in the text, each with its place and, where a name is near, what was meant.
pub fn read(source: &Source, origin: Origin, catalogue: &Catalogue) -> Result<Policy, Problems> {
    let mut problems = Problems::new(source);
    let written = written::read(source, &mut problems);
    let policy = written.map(|written| {
        let mut validator =
            Validator { source, catalogue, problems: &mut problems, folded: Folded::default() };
        validator.policy(written, origin)
    });
    match policy {
        Some(policy) if !problems.has_errors() => Ok(policy),
        _ => Err(problems),
    }
}

/// The remarks on a policy as warnings, to be shown like mistakes.
pub fn warnings(source: &Source, policy: &Policy) -> Problems {
    let mut problems = Problems::new(source);
    for remark in &policy.remarks {
        let message = format!("policy `{}`: {}", clean(&source.name), remark.text);
        problems.push(Problem::warning(remark.code, message, source.span_at(remark.place)));
    }
    problems
}

struct Validator<'a> {
    source: &'a Source,
    catalogue: &'a Catalogue,
    problems: &'a mut Problems,
    folded: Folded,
}

impl Validator<'_> {
    fn policy(&mut self, written: Written, origin: Origin) -> Policy {
        for item in written.items {
            self.item(item);
        }
        let states_population = written.population.is_some();
        if let Some(population) = written.population {
            self.population(population);
        }
        if let Some(list) = &written.list {
            self.list_is_honest(list.value, &list.span);
        }

        let requirements: Vec<Requirement> =
            std::mem::take(&mut self.folded.requirements).into_iter().map(|(found, _)| found).collect();
        let mut remarks = std::mem::take(&mut self.folded.remarks);
        remarks.extend(self.oddities(&requirements));
        let list = written.list.as_ref().map_or(List::Unknown, |list| list.value);
        let list_place = self.source.place(written.list.as_ref().map_or(0, |list| list.span.start));
        if let Some(written) = written.list.filter(|list| list.value == List::Open) {
            remarks.push(Remark {
                code: "open-list",
                text: "the guide's list is open: to satisfy it is the least, and excess is advice".to_owned(),
                place: self.source.place(written.span.start),
            });
        }
        remarks.sort_by_key(|remark| (remark.place, remark.code));

        // A policy without a name or a version has been refused; it is only carried on to its end.
        let name = written.name.unwrap_or_default();
        let title = written.title.unwrap_or_else(|| name.clone());
        Policy {
            publisher: written.guide.publisher.unwrap_or_else(|| title.clone()),
            name,
            title,
            version: written.version.unwrap_or_default(),
            file: self.source.name.clone(),
            origin,
            sha256: self.source.sha256.clone(),
            list,
            list_place,
            guide: Guide {
                title: written.guide.title,
                url: written.guide.url,
                read: written.guide.read,
                timing: written.timing,
                notes: written.notes,
            },
            credentials: written.credentials,
            requirements,
            states_population,
            manual: written
                .manual
                .into_iter()
                .map(|line| Manual {
                    text: line.text,
                    role: line.role,
                    place: self.source.place(line.span.start),
                })
                .collect(),
            remarks,
        }
    }

    fn item(&mut self, item: Item) {
        let target = match item.aim.value {
            Aim::Permission(id) => self.permission(&id, &item.aim.span),
            Aim::Section(path) => self.section(&path, &item.aim.span),
            Aim::Unresolved(reason) => Some(Target::Unresolved { reason }),
            Aim::ListNotKnown(reason) => Some(Target::ListNotKnown { reason }),
        };
        let Some(target) = target else { return };
        let label = item.label.unwrap_or_else(|| match &target {
            Target::Permission(id) => self.catalogue.label(id),
            Target::Section(id) => id.section().to_owned(),
            Target::Unresolved { reason } => reason.clone(),
            Target::ListNotKnown { .. } => "the list of permissions".to_owned(),
        });
        let place = self.source.place(item.span.start);
        let requirement =
            Requirement { target, need: item.need, label, breaks: item.breaks, place, repeats: Vec::new() };
        self.fold(requirement, item.span);
    }

    /// A box, or a section when the action is `*`.
    fn permission(&mut self, text: &str, span: &Range<usize>) -> Option<Target> {
        let id = match PermissionId::parse(text) {
            Ok(id) => self.catalogue.canonical(&id),
            Err(error) => {
                self.unknown_permission(text, span, Some(error));
                return None;
            }
        };
        if id.is_section() {
            return self.section(id.section(), span);
        }
        if self.catalogue.knows(&id) {
            return Some(Target::Permission(id));
        }
        self.unknown_permission(text, span, None);
        None
    }

    fn unknown_permission(&mut self, text: &str, span: &Range<usize>, error: Option<IdError>) {
        let section = self.has_section(text.trim_end_matches('/'));
        let named = near(self.problems, text, self.catalogue.permission_ids());
        let label = match (section, named, error) {
            (Some(_), ..) => "this is a section: name a box in it, or write `section:`".to_owned(),
            (None, Some(near), _) => format!("did you mean `{near}`?"),
            (None, None, Some(error)) => error.to_string(),
            (None, None, None) => "HiBob has no such box".to_owned(),
        };
        let message = format!("policy `{}` asks for an unknown permission", self.file());
        self.problems.push(
            Problem::error("unknown-permission", message, span.clone())
                .label(label)
                .help("`audit catalogue` lists every permission that can be audited"),
        );
    }

    fn section(&mut self, path: &str, span: &Range<usize>) -> Option<Target> {
        let path = path.strip_suffix("/*").unwrap_or(path);
        if let Some(id) = self.has_section(path) {
            return Some(Target::Section(self.catalogue.canonical(&id)));
        }
        let sections = self.catalogue.sections();
        let named = near(self.problems, path, sections.iter().map(String::as_str));
        let is_box = PermissionId::parse(path).is_ok_and(|id| self.catalogue.knows(&id));
        let label = match (is_box, named) {
            (true, _) => "this is a box: write `permission:`".to_owned(),
            (false, Some(near)) => format!("did you mean `{near}`?"),
            (false, None) => "HiBob has no such section".to_owned(),
        };
        let message = format!("policy `{}` asks for an unknown section", self.file());
        self.problems.push(
            Problem::error("unknown-section", message, span.clone())
                .label(label)
                .help("`audit catalogue` lists every permission; a section is its id without the action"),
        );
        None
    }

    /// The id of a section, if it holds any box, listed or by the grammar of ids.
    fn has_section(&self, path: &str) -> Option<PermissionId> {
        let id = PermissionId::parse(&format!("{path}/*")).ok()?;
        let holds_one = self.catalogue.sections().iter().any(|section| section == path)
            || PermissionId::parse(&format!("{path}/view")).is_ok_and(|id| self.catalogue.knows(&id));
        holds_one.then_some(id)
    }

    fn population(&mut self, population: Population) {
        let wanted: Vec<&str> = population.statuses.iter().map(|status| status.value).collect();
        let head = population.span.clone();
        for status in population.statuses {
            self.status(status.value, Need::Required, population.breaks.clone(), status.span);
        }
        if population.exactly && !wanted.is_empty() {
            for (status, _) in STATUSES.iter().filter(|(status, _)| !wanted.contains(status)) {
                self.status(status, Need::Forbidden, None, head.clone());
            }
        }
    }

    fn status(&mut self, status: &str, need: Need, breaks: Option<String>, span: Range<usize>) {
        let shown = STATUSES.iter().find(|(known, _)| *known == status).map_or(status, |(_, shown)| *shown);
        let requirement = Requirement {
            target: Target::Permission(self.catalogue.canonical(&PermissionId::population(status))),
            need,
            label: format!("Access data for: people whose lifecycle status is {shown}"),
            breaks,
            place: self.source.place(span.start),
            repeats: Vec::new(),
        };
        self.fold(requirement, span);
    }

    /// What is said about the list has to fit the items.
    fn list_is_honest(&mut self, list: List, span: &Range<usize>) {
        let not_known = self
            .folded
            .requirements
            .iter()
            .find(|(found, _)| matches!(found.target, Target::ListNotKnown { .. }))
            .map(|(_, span)| span.clone());
        match (list, not_known) {
            (List::Unknown, None) => {
                let message = format!("policy `{}` could pass without its list", self.file());
                self.problems.push(
                    Problem::error("list-not-stated", message, span.clone())
                        .label("the list is unknown, and no item says so")
                        .help("add to `requires`: `- list-not-known: <where the list is shown>`"),
                );
            }
            (List::Closed, Some(item)) => {
                let message = format!("policy `{}` contradicts itself about its list", self.file());
                self.problems.push(
                    Problem::error("contradiction", message, item)
                        .label("not known here")
                        .related(span.clone(), "closed here")
                        .help("a list that is not known is `list: unknown`"),
                );
            }
            _ => {}
        }
    }

    fn file(&self) -> String {
        clean(&self.source.name)
    }
}
