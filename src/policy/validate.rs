//! From what was written to what is meant: every item held against the catalogue, duplicates folded,
//! contradictions refused, oddities remarked on.

use std::collections::BTreeMap;
use std::ops::Range;

use super::written::{self, Aim, Item, Population, STATUSES, Written};
use super::{Guide, List, Manual, Need, Origin, Policy, Remark, Requirement, Target};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, IdError, PermissionId, nearest};
use crate::source::{Problem, Problems, Source, clean};

/// Reads a policy.
///
/// # Errors
/// With every mistake in the text, each with its place and, where a name is near, what was meant.
pub fn read(source: &Source, origin: Origin, catalogue: &Catalogue) -> Result<Policy, Problems> {
    let mut problems = Problems::new(source);
    let written = written::read(source, &mut problems);
    let policy = written.map(|written| {
        let mut reader = Reader { source, catalogue, problems: &mut problems, folded: Folded::default() };
        reader.policy(written, origin)
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

/// The requirements so far, and where each permission was first asked for.
#[derive(Default)]
struct Folded {
    requirements: Vec<(Requirement, Range<usize>)>,
    by_permission: BTreeMap<PermissionId, usize>,
    by_label: BTreeMap<(String, Need, &'static str), usize>,
    remarks: Vec<Remark>,
}

struct Reader<'a> {
    source: &'a Source,
    catalogue: &'a Catalogue,
    problems: &'a mut Problems,
    folded: Folded,
}

impl Reader<'_> {
    fn policy(&mut self, written: Written, origin: Origin) -> Policy {
        for item in written.items {
            self.item(item);
        }
        let states_population = written.population.is_some();
        if let Some(population) = written.population {
            self.population(population);
        }
        self.list_is_honest(written.list.value, &written.list.span);

        let requirements: Vec<Requirement> =
            std::mem::take(&mut self.folded.requirements).into_iter().map(|(found, _)| found).collect();
        let mut remarks = std::mem::take(&mut self.folded.remarks);
        remarks.extend(self.oddities(&requirements));
        if written.list.value == List::Open {
            remarks.push(Remark {
                code: "open-list",
                text: "the guide's list is open: to satisfy it is the least, and excess is advice".to_owned(),
                place: self.source.place(written.list.span.start),
            });
        }
        remarks.sort_by_key(|remark| (remark.place, remark.code));

        let title = written.title.unwrap_or_else(|| written.name.clone());
        Policy {
            publisher: written.guide.publisher.unwrap_or_else(|| title.clone()),
            name: written.name,
            title,
            version: written.version,
            file: self.source.name.clone(),
            origin,
            sha256: self.source.sha256.clone(),
            list: written.list.value,
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
        let near = nearest(text, self.catalogue.permission_ids());
        let label = match (section, near, error) {
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
        let near = nearest(path, sections.iter().map(String::as_str));
        let is_box = PermissionId::parse(path).is_ok_and(|id| self.catalogue.knows(&id));
        let label = match (is_box, near) {
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

    /// Adds a requirement to the canonical set, in which no permission stands twice.
    fn fold(&mut self, new: Requirement, span: Range<usize>) {
        let folded = &mut self.folded;
        let next = folded.requirements.len();
        let at = match &new.target {
            Target::Permission(id) | Target::Section(id) => {
                *folded.by_permission.entry(id.clone()).or_insert(next)
            }
            Target::Unresolved { .. } => {
                *folded.by_label.entry((new.label.clone(), new.need, "unresolved")).or_insert(next)
            }
            Target::ListNotKnown { .. } => {
                *folded.by_label.entry((new.label.clone(), new.need, "list")).or_insert(next)
            }
        };
        let Some((first, first_span)) = folded.requirements.get_mut(at) else {
            folded.requirements.push((new, span));
            return;
        };
        if is_wanted(first.need) != is_wanted(new.need) {
            let name = first.target.permission().map_or_else(|| first.label.clone(), ToString::to_string);
            let message = format!("policy `{}` contradicts itself about `{name}`", clean(&self.source.name));
            self.problems.push(
                Problem::error("contradiction", message, span)
                    .label(format!("{} here", need_word(new.need)))
                    .related(first_span.clone(), format!("{} here", need_word(first.need)))
                    .help("keep the one that is meant"),
            );
            return;
        }
        let text = format!("`{}` asks for what line {} asks for already", clean(&new.label), first.place.line);
        let (code, text) = if first.need == new.need {
            ("duplicate-line", text)
        } else {
            ("need-said-twice", format!("{text}, there as {}", need_word(first.need)))
        };
        folded.remarks.push(Remark { code, text, place: new.place });
        // The stronger need stands: required over optional, forbidden over not needed.
        first.need = first.need.min(new.need);
        first.breaks = first.breaks.take().or(new.breaks);
        first.repeats.push((new.label, new.place));
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

    /// What is odd about the whole, and no mistake.
    fn oddities(&self, requirements: &[Requirement]) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let mut remark = |code, place, text: String| remarks.push(Remark { code, text, place });
        let wanted = || requirements.iter().filter(|requirement| is_wanted(requirement.need));
        let asks_for = |id: &PermissionId| {
            wanted().any(|other| other.target.permission().is_some_and(|wanted| wanted == id))
        };
        let data: Vec<(&Requirement, &str, Action)> = wanted()
            .filter_map(|requirement| {
                let (category, action) = requirement.target.permission()?.as_category()?;
                self.is_category(category).then_some((requirement, category, action))
            })
            .collect();

        for (requirement, category, action) in &data {
            let view = PermissionId::category(category, Action::View);
            if *action == Action::History && !asks_for(&view) {
                let id = PermissionId::category(category, Action::History);
                remark("history-without-view", requirement.place, format!("`{id}` is asked for without `{view}`"));
            }
        }
        let root = PermissionId::category("root", Action::View);
        if let Some((first, ..)) = data.iter().find(|(data, ..)| data.need == Need::Required)
            && !asks_for(&root)
        {
            let text = format!("people's data is asked for without `{root}`, and nobody appears without it");
            remark("no-basic-info", first.place, text);
        }
        for requirement in requirements {
            let label = clean(&requirement.label);
            match &requirement.target {
                Target::Permission(_) => {}
                Target::Section(_) => {
                    let text = format!("`{label}` names a section and no box in it");
                    remark("box-not-named", requirement.place, text);
                }
                Target::Unresolved { reason } => {
                    let text = format!("`{label}` stands for no box that is known: {}", clean(reason));
                    remark("label-not-in-hibob", requirement.place, text);
                }
                Target::ListNotKnown { reason } => {
                    let text = format!("the guide does not hold its list: {}", clean(reason));
                    remark("list-not-known", requirement.place, text);
                }
            }
        }
        remarks
    }

    fn is_category(&self, name: &str) -> bool {
        self.catalogue.is_category(name) || name.starts_with("category_")
    }

    fn file(&self) -> String {
        clean(&self.source.name)
    }
}

/// Whether a need is on the side of having it.
fn is_wanted(need: Need) -> bool {
    matches!(need, Need::Required | Need::Optional)
}

fn need_word(need: Need) -> &'static str {
    match need {
        Need::Required => "required",
        Need::Optional => "optional",
        Need::Forbidden => "forbidden",
        Need::NotNeeded => "not needed",
    }
}
