//! From what was written to what is meant: every item held against the catalogue, duplicates folded,
//! contradictions refused, oddities remarked on.

use std::collections::BTreeMap;
use std::ops::Range;

use super::fields::near;
use super::written::{self, Aim, Item, Population, STATUSES, Written};
use super::{Guide, List, Manual, Need, Origin, Policy, Remark, Requirement, Target};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, IdError, PermissionId};
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems};

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

/// The requirements so far, and where each permission was first asked for.
#[derive(Default)]
struct Folded {
    requirements: Vec<(Requirement, Range<usize>)>,
    by_permission: BTreeMap<PermissionId, usize>,
    by_label: BTreeMap<(String, Need, &'static str), usize>,
    remarks: Vec<Remark>,
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
        let text =
            format!("`{}` asks for what line {} asks for already", clean(&new.label), first.place.line);
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
                remark(
                    "history-without-view",
                    requirement.place,
                    format!("`{id}` is asked for without `{view}`"),
                );
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::policy::shipped;
    use crate::source::Place;

    fn read_text(text: &str) -> Result<Policy, Problems> {
        read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded())
    }

    fn shipped_policy(name: &str) -> Policy {
        let source = shipped::find(name).unwrap().unwrap();
        read(&source, Origin::Shipped, Catalogue::embedded()).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn policy(lines: &str) -> String {
        format!("policy: x\nversion: 2026-11-21\nlist: open\n{lines}")
    }

    fn codes(text: &str) -> Vec<&'static str> {
        let problems = read_text(text).unwrap_err();
        problems.sorted().iter().map(|problem| problem.code).collect()
    }

    fn remark_codes(policy: &Policy) -> Vec<&'static str> {
        policy.remarks.iter().map(|remark| remark.code).collect()
    }

    fn ids(policy: &Policy, need: Need) -> Vec<String> {
        let asked = policy.requirements.iter().filter(|requirement| requirement.need == need);
        asked.filter_map(|requirement| requirement.target.permission()).map(ToString::to_string).collect()
    }

    fn broken(name: &str) -> Source {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies/broken");
        let text = fs::read_to_string(folder.join(format!("{name}.yaml"))).unwrap();
        Source::new(format!("{name}.yaml"), text.replace("\r\n", "\n"))
    }

    fn show(name: &str, text: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }

    #[test]
    fn every_broken_policy_says_what_is_wrong_and_where() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies/broken");
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert!(names.len() >= 16, "{names:?}");
        for name in names {
            let source = broken(&name);
            let problems = read(&source, Origin::File, Catalogue::embedded()).unwrap_err();
            show(&format!("broken-policy-{name}"), &problems.render(false));
        }
    }

    #[test]
    fn five_mistakes_are_reported_at_once_each_with_its_line_and_the_nearest_name() {
        let source = broken("five-mistakes");
        let problems = read(&source, Origin::File, Catalogue::embedded()).unwrap_err();
        let found: Vec<(u32, &str, &str)> = problems
            .sorted()
            .iter()
            .map(|problem| (source.place(problem.span.start).line, problem.code, problem.label.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (2, "bad-date", "`version` is a day, such as 2026-11-21"),
                (3, "unknown-word", "did you mean `open`?"),
                (5, "unknown-permission", "did you mean `people/payroll/view`?"),
                (7, "unknown-key", "did you mean `permission`?"),
                (9, "unknown-word", "did you mean `terminated`?"),
            ]
        );
    }

    #[test]
    fn a_token_in_a_policy_is_refused_and_never_echoed() {
        let problems = read(&broken("pasted-token"), Origin::File, Catalogue::embedded()).unwrap_err();
        for shown in [problems.render(false), problems.render(true), problems.to_string()] {
            assert!(!shown.contains("q8Zr2LmX9vTb4KcW7yHd1NfGs6PaJu3E"), "{shown}");
        }
        assert!(problems.sorted().iter().any(|problem| problem.code == "secret-in-policy"));
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let problems = read(&broken("five-mistakes"), Origin::File, Catalogue::embedded()).unwrap_err();
        let colored = problems.render(true);
        assert!(colored.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), problems.render(false));
    }

    #[test]
    fn frontegg_asks_for_eight_things() {
        let policy = shipped_policy("frontegg");
        assert_eq!(policy.requirements.len(), 8);
        let sections =
            policy.requirements.iter().filter(|found| matches!(found.target, Target::Section(_))).count();
        assert_eq!(sections, 2);
        assert_eq!(policy.list, List::Open);
        assert!(!policy.states_population);
        assert!(policy.requirements.iter().all(|found| found.repeats.is_empty()));
        assert_eq!(remark_codes(&policy), ["open-list", "box-not-named", "box-not-named", "no-basic-info"]);
    }

    #[test]
    fn gifted_asks_for_thirteen_things_in_seventeen_lines() {
        let policy = shipped_policy("gifted");
        assert_eq!(policy.requirements.len(), 13);
        let lines: usize = policy.requirements.iter().map(|found| 1 + found.repeats.len()).sum();
        assert_eq!(lines, 17);
        let identification = policy
            .requirements
            .iter()
            .find(|found| found.target.permission().is_some_and(|id| id.section() == "people/identification"))
            .unwrap();
        assert_eq!(identification.label, "View selected employees' Identification sections");
        assert_eq!(identification.repeats.len(), 1);
        assert_eq!(identification.repeats[0].0, "View selected employees' Identification sections.");
        assert_eq!(identification.repeats[0].1.line, identification.place.line + 2);
        let codes = remark_codes(&policy);
        assert_eq!(codes.iter().filter(|code| **code == "duplicate-line").count(), 4);
        for code in ["history-without-view", "label-not-in-hibob", "no-basic-info", "open-list"] {
            assert_eq!(codes.iter().filter(|found| **found == code).count(), 1, "{code}");
        }
    }

    #[test]
    fn stackone_asks_to_view_and_to_edit_six_sections() {
        let policy = shipped_policy("stackone");
        let grants: Vec<String> = ids(&policy, Need::Required)
            .into_iter()
            .filter(|id| id.starts_with("people/") && !id.ends_with('*'))
            .collect();
        assert_eq!(grants.len(), 12);
        assert_eq!(grants.iter().filter(|id| id.ends_with("/edit")).count(), 6);
        let sections = ids(&policy, Need::Required).iter().filter(|id| id.ends_with("/*")).count();
        assert_eq!(sections, 9);
        let optional: Vec<_> =
            policy.requirements.iter().filter(|found| found.need == Need::Optional).collect();
        assert!(matches!(optional[..], [Requirement { target: Target::Unresolved { .. }, .. }]));
        assert!(!remark_codes(&policy).contains(&"no-basic-info"));
    }

    #[test]
    fn kombo_knows_no_permission_and_six_statuses() {
        let policy = shipped_policy("kombo");
        assert_eq!(policy.list, List::Unknown);
        assert!(policy.states_population);
        let required = ids(&policy, Need::Required);
        assert_eq!(required.len(), 6);
        assert!(required.iter().all(|id| id.starts_with("population/")), "{required:?}");
        assert_eq!(policy.requirements.len(), 7);
        assert!(matches!(policy.requirements[0].target, Target::ListNotKnown { .. }));
        assert_eq!(
            policy.requirements[2].label,
            "Access data for: people whose lifecycle status is Employed"
        );
    }

    #[test]
    fn exactly_forbids_everybody_else() {
        let policy = read_text(&policy("population:\n  exactly: [employed, leave]\n")).unwrap();
        assert_eq!(ids(&policy, Need::Required), ["population/employed", "population/leave"]);
        assert_eq!(
            ids(&policy, Need::Forbidden),
            [
                "population/hired",
                "population/terminated",
                "population/garden-leave",
                "population/parental-leave"
            ]
        );
    }

    #[test]
    fn all_means_the_six_statuses() {
        for key in ["at-least", "exactly"] {
            let policy = read_text(&policy(&format!("population:\n  {key}: all\n"))).unwrap();
            assert_eq!(ids(&policy, Need::Required).len(), 6);
            assert!(ids(&policy, Need::Forbidden).is_empty());
        }
    }

    #[test]
    fn a_plain_text_is_a_permission_under_hibobs_own_label() {
        let policy = read_text(&policy("requires:\n  - people/work/view\n  - docs/12ab/upload\n")).unwrap();
        assert_eq!(ids(&policy, Need::Required), ["people/work/view", "docs/12ab/upload"]);
        let id = PermissionId::parse("people/work/view").unwrap();
        assert_eq!(policy.requirements[0].label, Catalogue::embedded().label(&id));
        assert_eq!(policy.requirements[0].place, Place { line: 5, column: 5 });
    }

    #[test]
    fn a_section_may_be_written_either_way() {
        let both = policy(
            "requires:\n  - section: features/reports\n  - section: features/reports/*\n  - permission: features/reports/*\n  - people/about/*\n",
        );
        let policy = read_text(&both).unwrap();
        assert_eq!(ids(&policy, Need::Required), ["features/reports/*", "people/about/*"]);
        assert_eq!(policy.requirements[0].repeats.len(), 2);
    }

    #[test]
    fn the_stronger_of_two_needs_stands() {
        let policy = read_text(&policy(
            "optional:\n  - people/root/view\nrequires:\n  - people/root/view\nnot-needed:\n  - people/work/edit\nforbidden:\n  - people/work/edit\n",
        ))
        .unwrap();
        assert_eq!(ids(&policy, Need::Required), ["people/root/view"]);
        assert_eq!(ids(&policy, Need::Forbidden), ["people/work/edit"]);
        assert_eq!(remark_codes(&policy), ["open-list", "need-said-twice", "need-said-twice"]);
    }

    #[test]
    fn a_list_that_nobody_has_cannot_pass_in_silence() {
        let unknown = "policy: x\nversion: 2026-11-21\nlist: unknown\nrequires: [people/root/view]\n";
        assert_eq!(codes(unknown), ["list-not-stated"]);
        let closed =
            "policy: x\nversion: 2026-11-21\nlist: closed\nrequires: [{list-not-known: in the flow}]\n";
        assert_eq!(codes(closed), ["contradiction"]);
    }

    #[test]
    fn crlf_marks_and_wide_letters_move_no_place() {
        let text = policy("title: 日本\r\nrequires:\r\n  - permission: people/payrol/view\r\n");
        let problems = read_text(&format!("\u{feff}{text}")).unwrap_err();
        assert!(problems.to_string().contains("x.yaml:6:17"), "{problems}");
    }

    #[test]
    fn optional_keys_may_be_left_out() {
        let policy = read_text(&policy("requires: [people/root/view]\n")).unwrap();
        assert_eq!((policy.title.as_str(), policy.publisher.as_str()), ("x", "x"));
        assert_eq!(policy.sha256.len(), 64);
        assert!(policy.manual.is_empty() && policy.credentials.is_none());
    }

    #[test]
    fn remarks_can_be_shown_like_mistakes() {
        let source = shipped::find("gifted").unwrap().unwrap();
        let policy = shipped_policy("gifted");
        let warnings = warnings(&source, &policy);
        assert!(!warnings.has_errors());
        show("shipped-policy-gifted-remarks", &warnings.render(false));
    }

    #[test]
    fn no_cut_of_a_policy_makes_the_reader_panic() {
        for name in shipped::names() {
            let source = shipped::find(name).unwrap().unwrap();
            for (at, _) in source.text.char_indices().step_by(7) {
                let cut = Source::new("cut.yaml", source.text.get(..at).unwrap());
                if let Err(problems) = read(&cut, Origin::File, Catalogue::embedded()) {
                    assert!(problems.has_errors());
                    assert!(!problems.render(false).is_empty());
                }
            }
        }
    }

    #[test]
    fn a_text_of_any_length_is_refused_in_good_time() {
        let long = "x/".repeat(300_000);
        let text = policy(&format!("{long}: 1\nrequires: [{long}y, {{section: {long}y}}]\n"));
        let found = codes(&text);
        assert_eq!(found, ["not-yaml"]);
        let text = policy(&format!("requires: [{long}y, {{section: {long}y}}]\n"));
        assert_eq!(codes(&text), ["unknown-permission", "unknown-section"]);
        let many = "  - people/payrol/view\n".repeat(5_000);
        assert_eq!(codes(&policy(&format!("requires:\n{many}"))).len(), 5_000);
    }

    #[test]
    fn an_alias_is_what_it_stands_for() {
        let text = policy("requires: [&work people/work/view]\noptional: [*work]\n");
        let policy = read_text(&text).unwrap();
        assert_eq!(policy.requirements[0].repeats.len(), 1);
    }
}
