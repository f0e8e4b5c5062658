//! The policies that ship, held against what was counted from their guides by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::screens;
use hibob_audit::guide::{Guide, markdown};
use hibob_audit::lint;
use hibob_audit::policy::lines::{Aim, Line, Modality, Section};
use hibob_audit::policy::validate::read_beside;
use hibob_audit::policy::{List, Origin, Policy};
use hibob_audit::source::Source;
use serde::Deserialize;

/// What a policy has to come to: a row of `tests/policies/library.yaml`, whose head explains it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    version: String,
    list: List,
    #[serde(default)]
    text: Option<String>,
    lines: usize,
    distinct: usize,
    of: BTreeMap<String, usize>,
    lists: BTreeMap<String, Count>,
    #[serde(default)]
    needs: Option<Count>,
    statuses: Statuses,
    lints: BTreeSet<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Count {
    lines: usize,
    distinct: usize,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Statuses {
    All(String),
    These(Vec<String>),
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every policy of the library, with what it has to come to.
pub(crate) fn library() -> Vec<(Policy, Expected)> {
    let text = std::fs::read_to_string(root().join("tests/policies/library.yaml")).unwrap();
    let expected: BTreeMap<String, Expected> = serde_yaml::from_str(&text).unwrap();
    let library: Vec<(Policy, Expected)> =
        expected.into_iter().map(|(name, expected)| (policy(&name), expected)).collect();
    assert_eq!(library.len(), hibob_audit::policy::shipped::names().len(), "a row for each shipped policy");
    library
}

fn policy(name: &str) -> Policy {
    let folder = root().join("policies");
    let bytes = std::fs::read(folder.join(format!("{name}.yaml"))).unwrap();
    let source = Source::from_bytes(format!("{name}.yaml"), bytes).unwrap();
    let beside = |below: &Path| std::fs::read(folder.join(below));
    read_beside(&source, Origin::File, Catalogue::embedded(), Some(&beside))
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

/// What a line points at, one entry for each thing, with its kind.
fn targets(line: &Line) -> Vec<(&'static str, String)> {
    match &line.aim {
        Aim::Permission(id) => vec![("box", id.to_string())],
        Aim::Section { section, boxes } => {
            let name = match section {
                Section::Id(id) => id.section().to_owned(),
                Section::Named(name) => name.clone(),
            };
            if boxes.is_empty() {
                vec![("section", format!("{name} (no box)"))]
            } else {
                boxes.iter().map(|action| ("box", format!("{name}/{action}"))).collect()
            }
        }
        Aim::Every { pattern, except, among_listed } => {
            vec![("every", format!("{pattern} but {except:?} {among_listed}"))]
        }
        Aim::Printed { label, path } => vec![("printed", format!("{path}: {label}"))],
        Aim::Unresolved(reason) => {
            vec![("unresolved", line.label.clone().unwrap_or_else(|| reason.clone()))]
        }
        Aim::ListNotKnown { reason, .. } => {
            vec![("not-known", line.label.clone().unwrap_or_else(|| reason.clone()))]
        }
        Aim::Field { field, .. } => vec![("field", field.name.clone())],
        Aim::Table { name, .. } => vec![("table", name.clone())],
        Aim::Resource { name, .. } => vec![("resource", name.clone())],
        Aim::Alternatives { branches, .. } => branches.iter().flatten().flat_map(targets).collect(),
        Aim::Together(lines) => lines.iter().flat_map(targets).collect(),
    }
}

fn count<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Count {
    let printed = lines.clone().filter(|line| line.label.is_some()).count();
    let distinct: BTreeSet<(&str, String)> = lines.flat_map(targets).collect();
    Count { lines: printed, distinct: distinct.len() }
}

#[test]
fn each_policy_comes_to_the_numbers_that_its_guide_has() {
    for (policy, expected) in library() {
        let name = &policy.name;
        assert_eq!(policy.version, expected.version, "{name}");
        assert_eq!(policy.list, expected.list, "{name}");
        if expected.text.is_some() {
            assert!(policy.guide.text.is_some() || expected.text.as_deref() == Some("whole"), "{name}");
        }
        let asked = || policy.lines.iter().filter(|line| line.modality != Modality::Needs);
        let all = count(asked());
        assert_eq!((all.lines, all.distinct), (expected.lines, expected.distinct), "{name}");
        let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (kind, target) in asked().flat_map(targets) {
            kinds.entry(kind.to_owned()).or_default().insert(target);
        }
        let kinds: BTreeMap<String, usize> =
            kinds.into_iter().map(|(kind, targets)| (kind, targets.len())).collect();
        assert_eq!(kinds, expected.of, "{name}");
        for modality in Modality::ALL {
            let of_list = || policy.lines.iter().filter(move |line| line.modality == modality);
            let wanted = if modality == Modality::Needs {
                expected.needs.as_ref()
            } else {
                expected.lists.get(modality.as_str())
            };
            let counted = count(of_list());
            assert_eq!(counted, *wanted.unwrap_or(&Count { lines: 0, distinct: 0 }), "{name}: {modality:?}");
        }
    }
}

#[test]
fn each_policy_asks_for_the_people_that_its_guide_names() {
    for (policy, expected) in library() {
        let at_least: BTreeSet<String> = policy
            .population
            .iter()
            .flat_map(|population| population.at_least.iter().chain(&population.exactly))
            .map(|status| status.id.to_owned())
            .collect();
        match expected.statuses {
            Statuses::All(word) => {
                assert_eq!(word, "all");
                assert!(policy.population.iter().any(|it| it.all), "{}", policy.name);
            }
            Statuses::These(these) => {
                assert_eq!(at_least, these.into_iter().collect(), "{}", policy.name);
            }
        }
    }
}

#[test]
fn each_policy_has_the_lints_that_its_guide_deserves() {
    let mut wrong = Vec::new();
    for (policy, expected) in library() {
        let found: BTreeSet<String> = lint::remarks(&policy, Catalogue::embedded())
            .iter()
            .map(|remark| remark.code.to_owned())
            .collect();
        if found != expected.lints {
            let more: Vec<_> = found.difference(&expected.lints).collect();
            let fewer: Vec<_> = expected.lints.difference(&found).collect();
            wrong.push(format!(
                "{}: said and not expected {more:?}; expected and not said {fewer:?}",
                policy.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The literal lines of a guide in Markdown, each with its modality and how often it is printed.
fn read_back(page: &str) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    let mut modality = String::new();
    for line in page.lines() {
        if line.starts_with("## ") {
            modality.clear();
        }
        if let Some(heading) = line.strip_prefix("### ") {
            modality = heading.to_owned();
        }
        let mut rest = line;
        // A star that is no mark has a backslash before it.
        while let Some(start) = mark(rest) {
            let end = mark(&rest[start + 2..]).unwrap_or_else(|| panic!("bold does not end: {line}"));
            let label = unescape(&rest[start + 2..start + 2 + end]);
            rest = &rest[start + 2 + end + 2..];
            let times = rest
                .strip_prefix(" (")
                .and_then(|rest| rest.split_once(" times)"))
                .and_then(|(times, _)| times.parse().ok())
                .unwrap_or(1);
            assert!(!modality.is_empty(), "`{label}` stands in no list");
            *found.entry((modality.clone(), label)).or_default() += times;
        }
    }
    found
}

fn mark(text: &str) -> Option<usize> {
    text.match_indices("**").map(|(at, _)| at).find(|at| !text[..*at].ends_with('\\'))
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next().unwrap() } else { letter });
    }
    plain
}

/// The headings under which a guide puts the lists.
const HEADINGS: [(Modality, &str); 8] = [
    (Modality::Requires, "Required"),
    (Modality::Minimum, "Required at the least"),
    (Modality::Assumed, "On by default: see that they are ticked"),
    (Modality::Recommended, "Recommended"),
    (Modality::Optional, "Optional"),
    (Modality::NotNeeded, "Not needed: leave them unticked"),
    (Modality::Forbidden, "Must not be ticked"),
    (Modality::Needs, "What is read"),
];

fn printed(policy: &Policy) -> BTreeMap<(String, String), usize> {
    let mut printed = BTreeMap::new();
    for line in policy.lines.iter().flat_map(Line::all) {
        let heading = HEADINGS.iter().find(|(modality, _)| *modality == line.modality).unwrap().1;
        if let Some(label) = &line.label {
            *printed.entry((heading.to_owned(), label.trim().to_owned())).or_default() += 1;
        }
    }
    printed
}

#[test]
fn the_guide_gives_back_every_literal_line_with_its_count_and_its_modality() {
    for (policy, _) in library() {
        for screens in screens::all() {
            let guide = Guide::of(&policy, Catalogue::embedded(), screens, None, None);
            let page = markdown::write(&guide);
            assert_eq!(read_back(&page), printed(&policy), "{} in {}\n{page}", policy.name, screens.id);
        }
    }
}

#[test]
fn gifted_is_seventeen_lines_and_thirteen_things_to_tick() {
    let policy = policy("gifted");
    let guide = Guide::of(&policy, Catalogue::embedded(), screens::newest(false), None, None);
    let page = markdown::write(&guide);
    let lines: usize = read_back(&page).values().sum();
    assert_eq!(lines, 17);
    let chapter = page.split("Tick the boxes").nth(1).unwrap().split("\n## ").next().unwrap();
    assert_eq!(chapter.matches("- [ ]").count(), 13, "{chapter}");
}

#[test]
fn a_line_printed_once_for_several_boxes_is_one_thing_to_tick() {
    let line = "- {label: the default categories, items: [people/root/view, {permission: people/work/view, when: {with: cars}}]}";
    let text = format!(
        "policy: x\nversion: 2026-11-22\nlist: open\nfeatures: {{cars: Company cars}}\nrequires:\n{line}\n{line}\n"
    );
    let policy = hibob_audit::policy::validate::read(
        &Source::new("x.yaml", text),
        Origin::File,
        Catalogue::embedded(),
    );
    let guide = Guide::of(&policy.unwrap(), Catalogue::embedded(), screens::newest(false), None, None);
    let page = markdown::write(&guide);
    assert_eq!(
        read_back(&page),
        [(("Required".to_owned(), "the default categories".to_owned()), 2)].into_iter().collect(),
        "{page}"
    );
    let chapter = page.split("Tick the boxes").nth(1).unwrap().split("\n## ").next().unwrap();
    assert_eq!(chapter.matches("- [ ]").count(), 1, "{chapter}");
    assert!(chapter.contains("Basic info: View selected employees' Basic info sections"), "{chapter}");
    assert!(chapter.contains("Work sections (only with: Company cars)"), "{chapter}");
}

#[test]
fn a_guide_says_every_condition_or_only_what_concerns_one_customer() {
    let text = "policy: x\nversion: 2026-11-22\nlist: open\nfeatures: {cars: Company cars, bikes: Bicycles}\n\
                credentials: {id: Id, token: Token, notes: [{text: NOTE, when: {with: cars}}]}\n\
                requires: [people/root/view]\n\
                population: [{at-least: [employed]}, {at-least: [terminated], when: {with: cars}}]\n\
                membership: {members: only-the-service-user, when: {with: cars}}\n\
                manual: [{text: MANUAL, when: {with: cars}}]\n\
                also: [{data: ALSO, when: {with: cars}}]\n\
                prerequisites: [{text: BEFORE, when: {with: cars}}]\n\
                timing: [{text: TIMING, when: {with: cars}}]\n\
                notes: [{text: LAST, when: {with: cars}}]\n";
    let read = || {
        let source = Source::new("x.yaml", text);
        hibob_audit::policy::validate::read(&source, Origin::File, Catalogue::embedded()).unwrap()
    };
    let page = |policy: &Policy| {
        markdown::write(&Guide::of(policy, Catalogue::embedded(), screens::newest(false), None, None))
    };
    let general = page(&read());
    let with = |name: &str| {
        let with = [name.to_owned()].into_iter().collect();
        let choices = hibob_audit::policy::lines::Choices { with, ..Default::default() };
        let policy = hibob_audit::policy::validate::choose(read(), choices, Catalogue::embedded());
        page(&policy.unwrap())
    };
    let (cars, bikes) = (with("cars"), with("bikes"));
    for said in
        ["NOTE", "MANUAL", "ALSO", "BEFORE", "TIMING", "LAST", "only the service user is in the group."]
    {
        assert!(general.contains(&format!("{said} (only with: Company cars)")), "{said}: {general}");
        assert!(cars.contains(said) && !bikes.contains(said), "{said}");
    }
    assert!(!cars.contains("nly with: Company cars"), "{cars}");
    let in_addition = "\n### In addition, only with: Company cars\n\n- Add Terminated to";
    assert!(general.contains(in_addition), "{general}");
    assert!(cars.contains("and Terminated. More may") && !bikes.contains("Terminated"), "{cars}\n{bikes}");
}

/// In the simulator's company it is known which section a field stands in, so `exact` has that box too.
#[test]
fn whoever_has_exactly_what_a_policy_requires_can_read_what_it_needs() {
    let home = tempfile::tempdir().unwrap();
    let text = "policy: x\nversion: 2026-11-22\nlist: closed\nrequires: [people/root/view]\n\
                needs: [{field: personal.birthDate}, {field: Job title}, {table: address, columns: [city]}]\n\
                not-needed: [people/personal/history]\n";
    let file = home.path().join("x.yaml");
    std::fs::write(&file, text).unwrap();
    let ran = crate::stage::audit(home.path())
        .arg("--policy")
        .arg(&file)
        .args(["--simulate=exact", "--output", "json"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let items = report["policies"][0]["items"].as_array().unwrap();
    let required: Vec<_> = items.iter().filter(|item| item["need"] == "required").collect();
    assert!(required.len() >= 4);
    for item in required {
        assert_eq!(item["status"], "satisfied", "{item}");
    }
}

/// The persona `exact` has what a policy requires, so that no box is found missing, whichever policy it is.
#[test]
fn whoever_has_exactly_what_a_policy_requires_misses_no_box_of_it() {
    let home = tempfile::tempdir().unwrap();
    let mut satisfied = 0;
    let mut wrong = Vec::new();
    for (policy, _) in library() {
        let ran = crate::stage::audit(home.path())
            .args(["--policy", &policy.name, "--simulate=exact", "--scope", "policy", "--output", "json"])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&ran.stdout);
        let report: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("{}: {error}\n{}", policy.name, String::from_utf8_lossy(&ran.stderr))
        });
        for item in report["policies"][0]["items"].as_array().unwrap() {
            let id = item["permission"].as_str().unwrap_or_default();
            // What only a tenant has, no policy can tick by itself.
            let of_a_tenant = id.starts_with("fields/") || id.starts_with("people/category_");
            let is_box = !id.is_empty() && !of_a_tenant && !id.ends_with("/*");
            if item["need"] == "required" && is_box {
                satisfied += usize::from(item["status"] == "satisfied");
                if item["status"] == "missing" {
                    wrong.push(format!("{}: {id}", policy.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(satisfied > 150, "{satisfied}");
}
