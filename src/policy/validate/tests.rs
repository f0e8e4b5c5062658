//! What policies are refused for, with which words, and what the shipped ones come to.

use std::fs;
use std::path::Path;

use super::*;
use crate::catalogue::id::PermissionId;
use crate::policy::adapt::{self, AdaptError};
use crate::policy::lines::{Aim, Choices, Line, Modality, Section};
use crate::policy::{Need, Requirement, Target, overlay, shipped};
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
    assert!(names.len() >= 26, "{names:?}");
    for name in names {
        let source = broken(&name);
        let problems = if name.starts_with("overlay") {
            overlay::read(&source, &[shipped_policy("frontegg")], Catalogue::embedded()).unwrap_err()
        } else {
            read(&source, Origin::File, Catalogue::embedded()).unwrap_err()
        };
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

fn shown(text: &str) -> String {
    read_text(text).unwrap_err().render(false)
}

#[test]
fn a_label_in_the_place_of_an_id_is_answered_with_the_id() {
    let shown = shown(&policy("requires: [{permission: view selected employees' Work sections}]"));
    assert!(shown.contains("did you mean `people/work/view`?"), "{shown}");
}

#[test]
fn an_unknown_column_is_a_mistake_with_the_nearest_name() {
    let near = shown(&policy("needs: [{table: salaries, columns: [base, payPeroid]}]"));
    assert!(near.contains("did you mean `payPeriod`?"), "{near}");
    let far = shown(&policy("needs: [{table: salaries, columns: [currency]}]"));
    assert!(far.contains("`salaries` has the columns `base`, `payPeriod` and `payFrequency`"), "{far}");
}

#[test]
fn what_is_left_out_of_a_pattern_has_to_be_in_it() {
    let every = |pattern: &str, except: &str| {
        policy(&format!("requires: [{{every: \"{pattern}\", except: [\"{except}\"]}}]"))
    };
    // A group of boxes goes by what their ids begin with.
    for except in ["features/people", "features/people/**", "features/time-off", "features/reports/view"] {
        let policy = read_text(&every("features/**", except)).unwrap();
        let (stem, _) = except.split_once("/*").unwrap_or((except, ""));
        let ids = ids(&policy, Need::Required);
        assert!(ids.len() > 10 && ids.iter().all(|id| !id.starts_with(stem)), "{except} {ids:?}");
    }
    for (pattern, except, says) in [
        ("features/**", "features/peopel/**", "did you mean `features/people"),
        ("features/**", "features/people/*", "did you mean `features/people/**`?"),
        ("features/**", "features/payroll/**", "no box fits this; there is `people/payroll/**`"),
        ("features/**", "features/nonsense", "no box fits this"),
        ("features/**", "docs/**", "no box of `features/**` fits this"),
        ("people/*/view", "people/work/edit", "no box of `people/*/view` fits this"),
    ] {
        let shown = shown(&every(pattern, except));
        assert!(shown.contains(says), "{shown}");
    }
}

#[test]
fn a_text_with_a_colon_is_answered_with_quotes() {
    for line in [
        "requires:\n  - label: View: all",
        "requires:\n  - {permission: people/work/view, label: View: all}",
        "notes: [View: all]",
        "manual: [Look here: all]",
        "notes: @x",
    ] {
        let shown = shown(&policy(line));
        assert!(shown.contains("put the whole text in quotes: `label: \"View: all\"`"), "{shown}");
    }
    let shown = shown(&policy("requires: [people/work/view]\nnotes: [{txet: x}]"));
    assert!(!shown.contains("in quotes"), "{shown}");
}

#[test]
fn a_feature_with_an_answer_is_answered_with_facts() {
    let shown =
        shown(&policy("features: {wb: {asks: Write back?, otherwise: yes}}\nrequires: [people/work/view]"));
    assert!(shown.contains("is one of `facts`"), "{shown}");
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
    assert!(policy.population.is_empty());
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
    assert_eq!(identification.repeats[0].1.line, identification.place.line + 3);
    let codes = remark_codes(&policy);
    assert_eq!(codes.iter().filter(|code| **code == "duplicate-line").count(), 4);
    for code in ["history-without-view", "unresolved-label", "no-basic-info", "open-list"] {
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
    let optional: Vec<_> = policy.requirements.iter().filter(|found| found.need == Need::Optional).collect();
    assert!(matches!(optional[..], [Requirement { target: Target::ListNotKnown { .. }, .. }]));
    assert!(!remark_codes(&policy).contains(&"no-basic-info"));
}

#[test]
fn kombo_knows_no_permission_and_six_statuses() {
    let policy = shipped_policy("kombo");
    assert_eq!(policy.list, List::Unknown);
    assert!(!policy.population.is_empty());
    let required = ids(&policy, Need::Required);
    assert_eq!(required.len(), 6);
    assert!(required.iter().all(|id| id.starts_with("population/")), "{required:?}");
    assert_eq!(policy.requirements.len(), 7);
    assert!(matches!(policy.requirements[0].target, Target::ListNotKnown { .. }));
    assert_eq!(policy.requirements[2].label, "Access data for: people whose lifecycle status is Employed");
}

#[test]
fn exactly_forbids_everybody_else() {
    let policy = read_text(&policy("population:\n  exactly: [employed, leave]\n")).unwrap();
    assert_eq!(ids(&policy, Need::Required), ["population/employed", "population/leave"]);
    assert_eq!(
        ids(&policy, Need::Forbidden),
        ["population/hired", "population/terminated", "population/garden-leave", "population/parental-leave"]
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
    assert_eq!(policy.requirements[0].place.place(), Place { line: 5, column: 5 });
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
    let closed = "policy: x\nversion: 2026-11-21\nlist: closed\nrequires: [{list-not-known: in the flow}]\n";
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
    assert!(policy.manual.is_empty() && policy.credentials.is_empty());
}

#[test]
fn no_cut_of_a_policy_makes_the_reader_panic() {
    for name in ["frontegg", "gifted", "kombo", "stackone"] {
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

/// What stands in a line: its list, what it points at and where.
fn lines_of(policy: &Policy) -> Vec<(&'static str, String, String)> {
    let line = |line: &Line| {
        let name = match &line.aim {
            Aim::Permission(id) => id.to_string(),
            Aim::Section { section: Section::Id(id), .. } => id.to_string(),
            other => format!("{other:?}"),
        };
        (line.modality.as_str(), name, format!("{}:{}", line.place.file, line.place.line))
    };
    policy.lines.iter().map(line).collect()
}

#[test]
fn lines_keep_the_order_of_the_file_and_everything_that_stands_beside_them() {
    let policy = read_text(&policy(
        "optional: [people/home/view]\nrequires:\n  - items:\n      - permission: people/work/view\n        label: Work\n        path: its own\n      - people/about/view\n    path: People\n    for: the cards\n    when: {model: field}\n  - section: people/address\n    boxes: [view, history]\n    label: Address\nneeds: [{table: work}]\n",
    ))
    .unwrap();
    let names: Vec<String> = lines_of(&policy).into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(names[..3], ["people/home/view", "people/work/view", "people/about/view"]);
    let [_, work, about, address, table] = policy.lines.as_slice() else { panic!("{:?}", policy.lines) };
    assert_eq!((work.path.as_deref(), about.path.as_deref()), (Some("its own"), Some("People")));
    assert_eq!((work.reason.as_deref(), work.label.as_deref()), (Some("the cards"), Some("Work")));
    assert_eq!(about.when.cases().next().unwrap().model, Some(crate::policy::Model::Field));
    assert!(matches!(&address.aim, Aim::Section { boxes, .. } if boxes.len() == 2));
    assert_eq!(table.modality, Modality::Needs);
    // The need and the line ask for one thing: the line speaks for it.
    let work = policy
        .requirements
        .iter()
        .filter(|found| found.target.permission().is_some_and(|id| id.as_str() == "people/work/view"));
    assert_eq!(work.map(|found| found.label.as_str()).collect::<Vec<_>>(), ["Work"]);
}

#[test]
fn what_is_not_removed_is_inherited_with_its_place() {
    let text = "policy: x\nversion: 2026-11-22\nextends: gifted@2026-11-22\n\
                remove:\n- people/profile-changes/view\n- View selected employees' Lifecycle sections\n\
                - Changes to the group are confirmed twice with Apply and twice with Save.\n\
                replace:\n- line: people/home/view\n  by: {section: people/home, label: Home}\n\
                requires:\n- people/root/view\ntiming: [At once.]\n";
    let policy = read_text(text).unwrap();
    assert_eq!(
        (policy.name.as_str(), policy.version.as_str(), policy.title.as_str()),
        ("x", "2026-11-22", "x")
    );
    assert_eq!(policy.list, List::Open);
    assert_eq!(policy.publisher, "Gifted");
    assert_eq!(policy.extends[0].name, "gifted");
    assert_eq!(policy.credentials[0].token.as_deref(), Some("Access Token"));
    assert_eq!(policy.guide.notes.len(), 5);
    assert_eq!(policy.guide.timing.len(), 2);
    let lines = lines_of(&policy);
    // Two lines print the label of Lifecycle, and both are gone.
    assert_eq!(lines.len(), 17 - 1 - 2 + 1);
    assert!(lines.iter().all(|(_, name, _)| !name.starts_with("people/profile-changes")));
    let home = lines.iter().position(|(_, name, _)| name == "people/home/*").unwrap();
    assert_eq!(lines[home], ("requires", "people/home/*".to_owned(), "x.yaml:10".to_owned()));
    assert!(lines[home - 1].2.starts_with("gifted.yaml:"), "it stands where the line stood: {lines:?}");
    assert!(lines.last().unwrap().2.starts_with("x.yaml:"));
    assert!(policy.requirements.iter().any(|found| *found.place.file == *"gifted.yaml"));
    let known = remark_codes(&policy);
    assert!(!known.contains(&"no-basic-info"), "{known:?}");
}

#[test]
fn a_list_that_is_not_known_is_answered_by_an_overlay_that_holds_it() {
    let kombo = shipped_policy("kombo");
    let lay = |text: &str| {
        let overlay = overlay::read(
            &Source::new("over.yaml", text),
            std::slice::from_ref(&kombo),
            Catalogue::embedded(),
        );
        adapt::adapt(vec![kombo.clone()], &[overlay.unwrap()], &Choices::default(), Catalogue::embedded())
    };
    let adapted =
        lay("list: closed\nrequires: [people/root/view]\npopulation: {exactly: [employed]}\n").unwrap();
    assert_eq!(adapted[0].list, List::Closed);
    assert_eq!(ids(&adapted[0], Need::Required), ["people/root/view", "population/employed"]);
    assert_eq!(ids(&adapted[0], Need::Forbidden).len(), 5);
    assert_eq!(adapted[0].sha256, kombo.sha256);
    for nothing in ["list: closed\n", "list: open\nmanual: [Look.]\n"] {
        let Err(AdaptError::Texts(problems)) = lay(nothing) else { panic!("{nothing} passes") };
        assert_eq!(problems[0].sorted()[0].code, "list-not-stated");
    }
    let plain = lay("requires: [people/root/view]\n").unwrap();
    assert!(plain[0].requirements.iter().any(|found| matches!(found.target, Target::ListNotKnown { .. })));
}

#[test]
fn an_overlay_speaks_of_the_policies_that_it_names() {
    let both = || vec![shipped_policy("frontegg"), shipped_policy("gifted")];
    let read = |text: &str| overlay::read(&Source::new("over.yaml", text), &both(), Catalogue::embedded());
    let lay =
        |text: &str| adapt::adapt(both(), &[read(text).unwrap()], &Choices::default(), Catalogue::embedded());
    let adapted = lay("for: [gifted, nobody]\nrequires: [people/eeo/view]\n").unwrap();
    let asks = |policy: &Policy| ids(policy, Need::Required).contains(&"people/eeo/view".to_owned());
    assert_eq!((asks(&adapted[0]), asks(&adapted[1])), (false, true));
    // A line of one of them is there; one that neither has is not.
    assert!(lay("remove: [people/home/view]\n").is_ok());
    let Err(AdaptError::Texts(problems)) = lay("for: [frontegg]\nremove: [people/home/view]\n") else {
        panic!("it hits nothing")
    };
    assert_eq!(problems[0].sorted()[0].code, "line-not-there");
    // What the policy forbids, an overlay does not quietly ask for.
    let strict = read_text(&policy("requires: [people/work/view]\nforbidden: [people/eeo/view]\n")).unwrap();
    let asking = overlay::read(
        &Source::new("over.yaml", "requires: [people/eeo/view]\n"),
        std::slice::from_ref(&strict),
        Catalogue::embedded(),
    );
    let told = Choices::default();
    let Err(AdaptError::Texts(problems)) =
        adapt::adapt(vec![strict], &[asking.unwrap()], &told, Catalogue::embedded())
    else {
        panic!("it passes")
    };
    let shown = problems[0].render(false);
    assert!(shown.contains("over.yaml:1:12") && shown.contains("x.yaml:5"), "{shown}");
}

#[test]
fn words_never_change_their_meaning() {
    let text = policy(
        "title: no\nsource: {title: 2026-11-21, publisher: 012}\ncredentials: {id: on, token: 1.0}\nfacts: {f: {asks: yes, values: [no, on, 012, 1.0]}}\nrequires:\n- {permission: people/work/view, label: true, breaks: 0x1F, path: .5, when: {fact: f = 1.0}}\n",
    );
    let policy = read_text(&text).unwrap();
    assert_eq!(policy.title, "no");
    assert_eq!((policy.guide.title.as_deref(), policy.publisher.as_str()), (Some("2026-11-21"), "012"));
    assert_eq!(policy.facts[0].values, ["no", "on", "012", "1.0"]);
    let line = &policy.lines[0];
    assert_eq!((line.label.as_deref(), line.breaks.as_deref()), (Some("true"), Some("0x1F")));
    assert_eq!(line.path.as_deref(), Some(".5"));
}

#[test]
fn two_hundred_policies_are_read_in_the_time_of_a_save() {
    let source = Source::new("x.yaml", fs::read_to_string("tests/policies/good/everything.yaml").unwrap());
    let began = std::time::Instant::now();
    for _ in 0..200 {
        read(&source, Origin::File, Catalogue::embedded()).unwrap();
    }
    // A tenth of this even without optimization, on a machine that does nothing else.
    assert!(began.elapsed() < std::time::Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn every_example_of_the_reference_page_is_valid() {
    let page = fs::read_to_string("docs/policies.md").unwrap();
    let examples = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    let (overlays, parts): (Vec<&str>, Vec<&str>) =
        examples.partition(|example| example.contains("\noverlay:"));
    let mut policies = Vec::new();
    for part in &parts {
        let mut text = format!("{part}\n");
        for (key, line) in [("policy:", "policy: frontegg\n"), ("version:", "version: 2026-11-21\n")] {
            if !part.lines().any(|line| line.starts_with(key)) {
                text.push_str(line);
            }
        }
        if !part.lines().any(|line| line.starts_with("list:") || line.starts_with("extends:")) {
            text.push_str("list: open\n");
        }
        policies.push(read_text(&text).unwrap_or_else(|problems| panic!("{problems}")));
    }
    assert!(policies.len() >= 6 && overlays.len() == 1, "{} and {}", policies.len(), overlays.len());
    for text in overlays {
        let source = Source::new("over.yaml", text);
        let read = overlay::read(&source, &policies, Catalogue::embedded());
        assert!(read.is_ok(), "{}", read.unwrap_err());
    }
}

#[test]
fn a_box_goes_by_what_is_printed_only_where_it_has_no_id() {
    let of = |line: &str| read_text(&policy(&format!("requires: [{line}]\n"))).map_err(|it| it.render(false));
    assert!(of("{box: Manage fields, path: Company > Fields}").is_ok());
    assert!(of("{path: Company > Fields, items: [{box: Manage fields}, {box: See fields}]}").is_ok());
    let known = of("{box: View selected employees’ work sections., path: People > Work}").unwrap_err();
    assert!(known.contains("write `permission: people/work/view`"), "{known}");
    assert!(of("{box: View selected employees' Work sections, path: Company > Fields}").is_ok());
    assert!(of("{box: Manage fields}").unwrap_err().contains("expected `path` too"));
    let unknown = of("docs/shared/foo").unwrap_err();
    assert!(unknown.contains("`box: <label>` with its `path`"), "{unknown}");
}

#[test]
fn a_heading_over_sections_is_told_as_that() {
    let text =
        read_text(&policy("forbidden: [{section: features/job-catalog}]\n")).unwrap_err().render(false);
    assert!(text.contains("all of it is `every: features/job-catalog/**`"), "{text}");
}

#[test]
fn what_is_required_box_by_box_has_no_limit() {
    let two = |list: &str, key: &str| {
        policy(&format!(
            "requires: [people/root/view]\n{list}: [{{label: Two, at-most: 2, {key}: [people/home/view, \
             people/work/view, people/about/view]}}]"
        ))
    };
    for list in ["minimum", "assumed"] {
        let text = two(list, "items");
        assert_eq!(codes(&text), ["no-choice"], "{list}");
        assert!(read_text(&text).unwrap_err().to_string().contains("use `any-of` in place of `items`"));
        assert!(read_text(&two(list, "any-of")).is_ok(), "{list}");
    }
    let read = read_text(&two("minimum", "any-of")).unwrap();
    let limits: Vec<String> = read.limits().map(|(says, _)| says).collect();
    assert_eq!(limits, ["At most 2 of these are chosen: Two"]);
    assert!(read_text(&two("optional", "items")).is_ok());
    assert_eq!(codes(&two("minimum", "any-of").replace("label: Two, ", "")), ["missing-key"]);
}
