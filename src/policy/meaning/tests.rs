//! What printed lines come to.

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::policy::beside::Duty;
use crate::policy::canonical::Set;
use crate::policy::lines::{Aim, Case, Choices, Field, Modality, Truth};
use crate::policy::{List, Model, Need, Origin, Policy, Requirement, Target, adapt, validate};
use crate::source::Source;
use crate::source::problems::Problems;

fn read(lines: &str) -> Policy {
    let text = format!(
        "policy: x\nversion: 2026-11-21\nlist: open\nfeatures: {{cars: Company cars}}\nfacts: {{big: Is it big?}}\n{lines}\n"
    );
    validate::read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// Each thing that is asked for, with how much and under which label.
fn asked(policy: &Policy) -> Vec<(String, Need, &str)> {
    let of = |id: Option<&PermissionId>| id.map(ToString::to_string).unwrap_or_default();
    policy.requirements.iter().map(|it| (of(it.target.permission()), it.need, it.label.as_str())).collect()
}

const PRINTED: &str = "requires:
  - label: the default employee categories
    breaks: nothing comes back
    path: People
    items:
      - people/root/view
      - {permission: people/work/view, label: and Work}
      - {permission: people/home/view, when: {with: cars}}
      - {section: docs/shared, boxes: [view, upload]}";

#[test]
fn one_printed_line_may_stand_for_several_boxes() {
    let policy = read(PRINTED);
    assert_eq!(policy.lines.len(), 1);
    let line = &policy.lines[0];
    assert_eq!((line.path.as_deref(), line.parts().len()), (Some("People"), 4));
    // The path is that of the printed line, and each box in it has a section of its own.
    assert!(line.parts().iter().all(|part| part.path.is_none()));
    let own = |id: &str| Catalogue::embedded().label(&PermissionId::parse(id).unwrap());
    let labels = ["people/root/view", "docs/shared/view", "docs/shared/upload"].map(own);
    // Each box goes by a name that tells it from the others.
    assert_eq!(
        asked(&policy),
        [
            ("people/root/view".to_owned(), Need::Required, labels[0].as_str()),
            ("people/work/view".to_owned(), Need::Required, "and Work"),
            ("docs/shared/view".to_owned(), Need::Required, labels[1].as_str()),
            ("docs/shared/upload".to_owned(), Need::Required, labels[2].as_str()),
        ]
    );
    assert!(policy.requirements.iter().all(|it| it.breaks.as_deref() == Some("nothing comes back")));
}

#[test]
fn a_printed_line_stands_among_alternatives_and_among_what_is_not_wanted() {
    let policy = read(
        "requires: [{any-of: [{label: Both, items: [people/work/view, people/home/view]}, people/about/view]}]\n\
         forbidden: [{label: No writing, items: [{every: '**/edit'}, docs/shared/upload]}]",
    );
    assert_eq!(policy.alternatives[0].branches[0].len(), 2);
    let upload = asked(&policy).into_iter().find(|(id, ..)| id == "docs/shared/upload").unwrap();
    assert_eq!(upload.1, Need::Forbidden);
}

#[test]
fn a_printed_line_is_changed_as_a_whole_or_box_by_box() {
    let base = |change: &str| {
        let base = format!(
            "policy: base\nversion: 2026-11-21\nlist: open\nfeatures: {{cars: Company cars}}\n{PRINTED}\n"
        );
        let files = move |_: &std::path::Path| Ok(base.clone().into_bytes());
        let text = format!("policy: x\nversion: 2026-11-21\nextends: base.yaml\n{change}\n");
        let source = Source::new("x.yaml", text);
        validate::read_beside(&source, Origin::File, Catalogue::embedded(), Some(&files))
            .unwrap_or_else(|problems| panic!("{problems}"))
    };
    let one = base("remove: [people/root/view]");
    assert_eq!((one.lines.len(), one.lines[0].parts().len()), (1, 3));
    let whole = base("remove: [the default employee categories]\nrequires: [people/about/view]");
    assert_eq!(asked(&whole).len(), 1);
    let all = base(
        "remove: [people/root/view, and Work, people/home/view, docs/shared]\noptional: [people/about/view]",
    );
    assert_eq!(all.lines.len(), 1, "a line that stands for nothing is gone");
    let other = base("replace: [{line: and Work, by: {items: [people/about/view, people/eeo/view]}}]");
    let ids: Vec<String> = asked(&other).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids[..3], ["people/root/view", "people/about/view", "people/eeo/view"]);
}

#[test]
fn a_step_and_a_later_duty_are_inherited_and_removed_by_their_sentences() {
    let base = "policy: base\nversion: 2026-11-21\nlist: open\nrequires: [people/root/view]\nconnect: [Paste., Press \
                Test.]\nlater: [{text: Renew., role: IT}]\n";
    let files = |_: &std::path::Path| Ok(base.as_bytes().to_vec());
    let of = |change: &str| {
        let text =
            format!("policy: x\nversion: 2026-11-21\nextends: base.yaml\nconnect: [Sync.]\n{change}\n");
        let source = Source::new("x.yaml", text);
        let policy = validate::read_beside(&source, Origin::File, Catalogue::embedded(), Some(&files));
        let policy = policy.unwrap_or_else(|problems| panic!("{problems}"));
        let texts = |duties: &[Duty]| duties.iter().map(|it| it.text.clone()).collect::<Vec<_>>().join(" ");
        (texts(&policy.connect), texts(&policy.later))
    };
    assert_eq!(of(""), ("Paste. Press Test. Sync.".to_owned(), "Renew.".to_owned()));
    assert_eq!(of("remove: [Press Test., Renew.]"), ("Paste. Sync.".to_owned(), String::new()));
}

#[test]
fn what_replaces_a_line_stands_in_its_list_with_everything_in_it() {
    let base = "policy: base\nversion: 2026-11-21\nlist: open\noptional: [people/work/view]\n";
    let files = |_: &std::path::Path| Ok(base.as_bytes().to_vec());
    let by = "{label: Both, items: [people/home/view, {any-of: [people/about/view, people/eeo/view]}]}";
    let text = format!(
        "policy: x\nversion: 2026-11-21\nextends: base.yaml\nreplace: [{{line: people/work/view, by: {by}}}]\n"
    );
    let source = Source::new("x.yaml", text);
    let policy = validate::read_beside(&source, Origin::File, Catalogue::embedded(), Some(&files)).unwrap();
    let all = policy.lines[0].all();
    assert_eq!(all.len(), 5);
    assert!(all.iter().all(|line| line.modality == Modality::Optional));
    assert!(matches!(policy.lines[0].aim, Aim::Together(_)));
    assert_eq!(policy.alternatives[0].need, Need::Optional);
}

#[test]
fn what_is_folded_keeps_the_words_and_the_place_of_each_line() {
    let policy = read(
        "needs:
  - {table: variable, label: Bonuses}
  - {resource: actual-payments, label: Actual pay}
  - {table: salaries, label: Salaries}
requires:
  - {permission: people/payroll/view, label: The Payroll box}",
    );
    let payroll = &policy.requirements[0];
    let mut said: Vec<(&str, u32)> =
        payroll.repeats.iter().map(|(label, place)| (label.as_str(), place.line)).collect();
    said.push((&payroll.label, payroll.place.line));
    said.sort_by_key(|(_, line)| *line);
    let lines = [("Bonuses", 7), ("Actual pay", 8), ("Salaries", 9), ("The Payroll box", 11)];
    assert_eq!((said.as_slice(), payroll.label.as_str()), (&lines[..], "The Payroll box"));
}

#[test]
fn lists_that_are_not_known_for_different_reasons_are_two() {
    let policy = read("requires: [list-not-known: on another page, list-not-known: a CSM tells it]");
    assert_eq!(policy.requirements.len(), 2);
    let policy = read("requires: [list-not-known: on another page, list-not-known: on another page]");
    assert_eq!((policy.requirements.len(), policy.requirements[0].repeats.len()), (1, 1));
}

const EVERYWHERE: &str = "requires: [people/root/view]
credentials: {id: Id, token: Token, notes: [shown once, {text: one for each car, when: {with: cars}}]}
population:
  - {at-least: [employed], choose: by-condition}
  - {at-least: [terminated], where: [Site is Berlin], breaks: no leavers, when: {with: cars}}
  - {at-least: [hired], when: {fact: big = yes}}
membership:
  - {members: the-service-user}
  - {group: service-user, when: {with: cars}}
manual: [Look., {text: Look at the cars., when: {with: cars}}]
connect: [Paste., {text: Connect the cars., when: {with: cars}}]
later: [{text: Renew the cars., role: IT, when: {with: cars}}]
also: [{data: a}, {webhook: Cars., when: {with: cars}}, {data: Sites., when: {fact: big = yes}}]
prerequisites: [{text: Own a car., when: {with: cars}}, {permission: people/work/edit, when: {with: cars}}]
timing: DAY
notes: a";

fn choosing(lines: &str, with: &[&str], facts: &[(&str, &str)]) -> Result<Policy, Vec<Problems>> {
    let choices = Choices {
        with: with.iter().map(|name| (*name).to_owned()).collect(),
        facts: facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ui: None,
    };
    validate::choose(read(lines), choices, Catalogue::embedded())
}

fn set_of(policy: &Policy) -> Set {
    let checks = crate::report::build::looked_at(policy, None).into_iter();
    Set::of(policy, None, Catalogue::embedded(), checks.map(|check| (check.text, check.role)))
}

#[test]
fn a_condition_means_the_same_wherever_it_stands() {
    let lines = EVERYWHERE.replace("DAY", "[{text: a day, when: {with: cars}}]");
    let statuses = |policy: &Policy| {
        let of = asked(policy).into_iter().filter(|(id, ..)| id.starts_with("population/"));
        of.map(|(id, need, _)| (id, need)).collect::<Vec<_>>()
    };
    let of = |id: &str, need| (format!("population/{id}"), need);
    let plain = choosing(&lines, &[], &[]).unwrap();
    assert_eq!(statuses(&plain), [of("employed", Need::Required), of("hired", Need::Optional)]);
    let all = choosing(&lines, &["cars"], &[("big", "yes")]).unwrap();
    let whole = ["employed", "terminated", "hired"].map(|id| of(id, Need::Required));
    assert_eq!(statuses(&all), whole);
    let breaks: Vec<Option<&str>> = all.requirements.iter().map(|it| it.breaks.as_deref()).collect();
    assert_eq!(breaks, [None, None, Some("no leavers"), None]);
    let small = choosing(&lines, &[], &[("big", "no")]).unwrap();
    assert_eq!(statuses(&small), [of("employed", Need::Required)]);

    let set = set_of(&plain);
    let of_cars =
        |set: &Set| set.manual.iter().filter(|check| check.text.to_lowercase().contains("cars")).count();
    assert!(set.manual.iter().any(|check| check.text == "Look.") && of_cars(&set) == 0, "{:?}", set.manual);
    let left_out: Vec<(&str, &str)> =
        set.not_asked.iter().map(|other| (other.label.as_str(), other.condition.as_str())).collect();
    let only = "only with: Company cars";
    assert_eq!(
        left_out,
        [
            ("Whose data: a block of its own", only),
            ("Who is in the group: a block of its own", only),
            ("Look at the cars.", only),
            ("Connect the cars.", only),
            ("Renew the cars.", only),
            ("Cars.", only),
        ]
    );
    assert_eq!((set.connect.as_slice(), set.later.len()), (["Paste.".to_owned()].as_slice(), 0));
    let all = set_of(&all);
    assert_eq!((all.connect.len(), all.later.as_slice()), (2, ["IT: Renew the cars.".to_owned()].as_slice()));
    assert_eq!((of_cars(&all), all.not_asked.len()), (2, 0), "{:?}", all.manual);
    assert_eq!((set.timing.len(), all.timing.len()), (0, 1));
}

#[test]
fn a_condition_that_nobody_has_settled_is_said_beside_the_sentence() {
    let policy = read(&EVERYWHERE.replace("DAY", "a day"));
    let also = &policy.also[2];
    assert_eq!(
        policy.under(&also.text, &also.when, None).as_deref(),
        Some("Sites. (only if \"Is it big?\" is answered \"yes\")")
    );
    assert_eq!(policy.under("Cars.", &policy.also[1].when, None), None);
    assert_eq!(policy.under("a", &policy.also[0].when, None).as_deref(), Some("a"));
}

#[test]
fn two_blocks_about_the_same_people_contradict_each_other_only_where_both_hold() {
    let lines = "population: [{never: [terminated]}, {at-least: [terminated], when: {with: cars}}]";
    assert!(choosing(lines, &[], &[]).is_ok());
    let refused = choosing(lines, &["cars"], &[]).unwrap_err();
    assert_eq!(refused[0].sorted()[0].code, "contradiction");
}

#[test]
fn the_boxes_of_a_table_are_those_of_its_section() {
    let policy = read(
        "requires: [{table: salaries, boxes: [view, history]}, {table: Pension, boxes: [view, edit], label: Give all}]",
    );
    let names: Vec<(String, String)> =
        asked(&policy).into_iter().map(|(id, _, label)| (id, label.to_owned())).collect();
    let own = |id: &str| (id.to_owned(), Catalogue::embedded().label(&PermissionId::parse(id).unwrap()));
    let of_table = |label: &str| (String::new(), label.to_owned());
    assert_eq!(
        names,
        [
            own("people/payroll/view"),
            own("people/payroll/history"),
            of_table("Give all (View)"),
            of_table("Give all (Edit)"),
        ]
    );
    // What is read of it is the same box.
    let both = read("requires: [{table: Pension, boxes: [view]}]\nneeds: [{table: Pension}]");
    assert_eq!(both.requirements.len(), 1);
    let said = |item: &str| refused(&format!("optional: [{item}]")).unwrap_or_default();
    assert!(said("{table: Pension, boxes: [upload]}").contains("the section of a table has no such box"));
    assert!(said("{table: salaries, boxes: [delete]}").contains("the section has the boxes"));
    for beside in ["rows: all", "columns: [base]"] {
        let found = said(&format!("{{table: salaries, boxes: [view], {beside}}}"));
        assert!(found.contains("leave `rows` and `columns` out"), "{found}");
    }
}

/// What is said to whoever writes these lines; none where they are accepted.
fn refused(lines: &str) -> Option<String> {
    let text = format!(
        "policy: x\nversion: 2026-11-21\nlist: open\nfeatures: {{cars: Cars}}\nrequires: [people/root/view]\n{lines}\n"
    );
    let read = validate::read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded());
    read.err().map(|problems| problems.render(false))
}

#[test]
fn an_exact_choice_is_widened_under_a_condition() {
    let lines = "population: [{exactly: [employed]}, {at-least: [terminated], when: {fact: big = \
                 yes}}]";
    let need = |said: &[(&str, &str)], status: &str| {
        let policy = choosing(lines, &[], said).unwrap();
        let of_it = |it: &&Requirement| it.label.ends_with(&format!(" is {status}"));
        policy.requirements.iter().find(of_it).and_then(|it| it.need_in(None))
    };
    let statuses =
        |said: &[(&str, &str)]| ["Employed", "Terminated", "Hired"].map(|status| need(said, status));
    let (yes, no) = (Some(Need::Required), Some(Need::Forbidden));
    assert_eq!(statuses(&[("big", "yes")]), [yes, yes, no]);
    assert_eq!(statuses(&[("big", "no")]), [yes, no, no]);
    assert_eq!(statuses(&[]), [yes, Some(Need::Optional), no]);
    // What always holds widens nothing: it contradicts.
    let always = refused("population: [{exactly: [employed]}, {at-least: [terminated]}]");
    assert!(always.is_some_and(|says| says.contains("about `population/terminated`")));
}

#[test]
fn a_policy_is_for_one_service_user() {
    for (lines, about) in [
        (
            "credentials: [{kind: service-user, name: A}, {kind: service-user, name: B}]",
            "about `the name of the service user`",
        ),
        ("membership: [{own: dedicated}, {own: existing}]", "about `whose group it is`"),
        (
            "membership: [{members: only-the-service-user}, {members: the-service-user}]",
            "about `the members of the group`",
        ),
        ("membership: [{name: A}, {name: B}]", "about `membership`"),
    ] {
        let found = refused(lines).unwrap_or_default();
        assert!(found.contains(about), "{lines}\n{found}");
        assert!(found.contains("make two policies"), "{found}");
    }
    for lines in [
        "credentials: [{kind: service-user, name: A}, {kind: service-user, name: {example: B}}]",
        "credentials: [{kind: service-user, name: A, when: {without: cars}}, {kind: service-user, name: B, when: {with: cars}}]",
        "membership: [{own: dedicated}, {own: either}, {own: existing, disputed: x}]",
    ] {
        assert_eq!(refused(lines), None, "{lines}");
    }
}

#[test]
fn a_model_settles_what_depends_on_it() {
    let policy = read(
        "manual: [{text: Look., when: {model: field}}, {text: See., when: [{model: field}, {model: category}]}]",
    );
    let told = |model| {
        let said = policy.manual.iter().map(|it| policy.under(&it.text, &it.when, model).is_some());
        said.collect::<Vec<_>>()
    };
    assert_eq!(told(Some(Model::Field)), [true, true]);
    assert_eq!(told(Some(Model::Category)), [false, true]);
    assert_eq!(policy.truth(&policy.manual[1].when, None), Truth::Yes);
    assert_eq!(policy.truth(&policy.manual[0].when, None), Truth::Open);
}

#[test]
fn whom_the_customer_chooses_is_nobody_that_can_be_missing() {
    let of = |lines: &str| asked(&read(lines)).into_iter().map(|(_, need, _)| need).collect::<Vec<_>>();
    assert_eq!(of("population: {at-least: [employed], choose: by-condition}"), [Need::Required]);
    assert_eq!(of("population: {at-least: [employed], choose: customer}"), [Need::Optional]);
    assert_eq!(of("population: {exactly: [employed], choose: customer}"), [Need::Optional]);
    assert_eq!(of("population: {recommended: [terminated]}"), [Need::Optional]);
    let never = of("population: {never: [terminated], not-only: [employed], choose: customer}");
    assert_eq!(never, [Need::Forbidden, Need::Optional]);
}

#[test]
fn nobody_is_held_to_a_list_of_which_a_part_was_not_read() {
    let text = |source: &str| {
        format!(
            "policy: x\nversion: 2026-11-21\nlist: closed\nsource: {{{source}}}\nrequires: [people/root/view]\n"
        )
    };
    for (source, is_fine) in
        [("text: whole", true), ("title: a", true), ("text: cut", false), ("text: lost", false)]
    {
        let source = Source::new("x.yaml", text(source));
        let read = validate::read(&source, Origin::File, Catalogue::embedded());
        assert_eq!(read.is_ok(), is_fine, "{}", source.text);
    }
    let open = text("text: cut").replace("closed", "open");
    let policy = validate::read(&Source::new("x.yaml", open), Origin::File, Catalogue::embedded()).unwrap();
    let overlay = Source::new("o.yaml", "overlay: o\nlist: closed\nrequires: [people/work/view]\n");
    let overlay =
        crate::policy::overlay::read(&overlay, std::slice::from_ref(&policy), Catalogue::embedded()).unwrap();
    let told = Choices::default();
    let adapted = adapt::adapt(vec![policy], &[overlay], &told, Catalogue::embedded()).unwrap();
    assert_eq!(adapted[0].list, List::Closed);
}

#[test]
fn a_column_is_asked_for_as_the_field_that_it_shows() {
    let policy = read("needs: [{table: salaries, columns: [base, payPeriod], rows: all}, {table: work}]");
    let targets: Vec<&Target> = policy.requirements.iter().map(|it| &it.target).collect();
    let field = |name: &str| {
        let field = Field { name: name.to_owned(), section: None };
        Target::Field { field, action: Action::View }
    };
    let past = |name: &str| Target::Permission(PermissionId::field(name, Action::History));
    let work = Target::Permission(PermissionId::category("work", Action::View));
    let (base, period) = ("payroll.salary.payment", "payroll.salary.payPeriod");
    let expected = [field(base), past(base), field(period), past(period), work];
    assert_eq!(targets, expected.iter().collect::<Vec<_>>());
}

#[test]
fn a_need_may_be_a_list_that_nobody_has_a_label_or_a_section() {
    let policy = read(
        "needs:
  - list-not-known: the customer selects the fields
  - {unresolved: HiBob has no such data, label: Pay groups}
  - {section: people/personal, label: Personal information}
requires: [people/personal/view]",
    );
    let asked: Vec<(&Target, &str)> =
        policy.requirements.iter().map(|it| (&it.target, it.label.as_str())).collect();
    assert!(matches!(asked[0], (Target::ListNotKnown { .. }, "the list of what is read")), "{asked:?}");
    assert!(matches!(asked[1], (Target::Unresolved { .. }, "Pay groups")), "{asked:?}");
    assert!(matches!(asked[2], (Target::Section(_), "Personal information")), "{asked:?}");
    assert!(policy.requirements.iter().all(|it| it.need == Need::Required));
    // Basic info stands in no list of what is read, and what is read is no line said twice.
    let codes: Vec<&str> = policy.remarks.iter().map(|remark| remark.code).collect();
    assert!(codes.contains(&"no-basic-info") && !codes.contains(&"duplicate-line"), "{codes:?}");
    let both = read("requires: [people/work/view]\nneeds: [{section: people/work, boxes: [view]}]");
    assert!(both.remarks.iter().all(|remark| remark.code != "duplicate-line"), "{:?}", both.remarks);
}

/// How much each box is wanted, where the ids end so.
fn wanted(policy: &Policy, end: &str, model: Option<Model>) -> Vec<(String, Option<Need>)> {
    let ends = |id: &&PermissionId| id.as_str().ends_with(end);
    let mut wanted: Vec<_> = policy
        .requirements
        .iter()
        .filter_map(|it| Some((it.target.permission().filter(ends)?.to_string(), it.need_in(model))))
        .collect();
    wanted.sort();
    wanted
}

#[test]
fn a_box_among_listed_sections_is_wanted_no_more_than_the_line_that_lists_it() {
    let policy = read(
        "requires: [people/employment/view, {permission: people/home/view, when: {fact: big = yes}}, {permission: people/payroll/view, when: {with: cars}}, {permission: people/lifecycle/view, when: {model: category}}, {any-of: [people/work/view, people/about/view]}, {every: people/*/history, among: listed}]\n\
         optional: [people/address/view]\nforbidden: [people/personal/edit]",
    );
    let of = |section: &str, need| (format!("people/{section}/history"), need);
    let [required, optional] = [Some(Need::Required), Some(Need::Optional)];
    for (model, lifecycle) in
        [(None, optional), (Some(Model::Category), required), (Some(Model::Field), None)]
    {
        assert_eq!(
            wanted(&policy, "/history", model),
            [
                of("address", optional),
                of("employment", required),
                of("home", optional),
                of("lifecycle", lifecycle),
                of("work", optional),
            ]
            .into_iter()
            .filter(|(id, _)| Catalogue::embedded().permission(&PermissionId::parse(id).unwrap()).is_some())
            .collect::<Vec<_>>()
        );
    }
    // A pattern that asks for less is not made to ask for more, and what is not wanted stays so.
    let policy = read(
        "requires: [people/employment/view]\noptional: [people/address/view, {every: people/*/history, among: listed}]\n\
         forbidden: [{every: people/*/edit, among: listed}]",
    );
    assert_eq!(wanted(&policy, "/history", None), [of("address", optional), of("employment", optional)]);
    let edit = wanted(&policy, "/edit", None);
    assert_eq!(edit.len(), 2);
    assert!(edit.iter().all(|(_, need)| *need == Some(Need::Forbidden)), "{edit:?}");
}

fn mistake(lines: &str) -> String {
    let text = format!("policy: x\nversion: 2026-11-21\nlist: open\nfeatures: {{cars: Cars}}\n{lines}\n");
    let read = validate::read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded());
    read.err().map(|problems| problems.to_string()).unwrap_or_default()
}

#[test]
fn people_are_chosen_in_one_way() {
    let two = |one: &str, other: &str| {
        mistake(&format!("requires: [people/root/view]\npopulation:\n- {one}\n- {other}"))
    };
    let said = two("choose: everyone", "{choose: by-condition, at-least: [terminated]}");
    assert!(said.contains("contradicts itself about `Access data for`"), "{said}");
    assert!(said.contains("everyone here") && said.contains("by-condition here"), "{said}");
    assert_eq!(two("choose: by-condition", "{choose: by-condition, at-least: [terminated]}"), "");
    assert_eq!(two("choose: customer", "choose: by-condition"), "");
    assert_eq!(two("choose: everyone", "{choose: by-condition, when: {with: cars}}"), "");
}

#[test]
fn a_section_that_is_not_wanted_is_each_of_its_boxes() {
    let policy = read("requires: [people/root/view]\nforbidden: [{section: people/about, label: About}]");
    let about = |action: &str| (format!("people/about/{action}"), Some(Need::Forbidden));
    assert_eq!(wanted(&policy, "", None)[..2], [about("edit"), about("view")]);
    let said = mistake("requires: [people/about/view]\nnot-needed: [{section: people/about}]");
    assert!(said.contains("contradicts itself about `people/about/view`"), "{said}");
}

/// What comes of two lines about one box: how much it is wanted, whether it is a question, and what gives way.
fn said_both_ways(lines: &str) -> (Need, bool, Vec<(Need, String)>) {
    let policy = read(lines);
    let it =
        policy.requirements.iter().find(|it| it.target.permission().is_some_and(|id| id.as_str() == WORK));
    let it = it.unwrap();
    let contrary = it.contrary.iter().map(|other| (other.need, other.label.clone())).collect();
    (it.need, it.torn.unknown, contrary)
}

const WORK: &str = "people/work/view";

#[test]
fn of_lines_that_contradict_each_other_the_one_that_is_not_disputed_holds() {
    let yes = "requires: [{permission: people/work/view, label: 'Work: View', disputed: the text}]";
    let no = "forbidden: [{permission: people/work/view, label: 'Work: never'}]";
    let gave_way = vec![(Need::Required, "Work: View".to_owned())];
    assert_eq!(said_both_ways(&format!("{yes}\n{no}")), (Need::Forbidden, false, gave_way.clone()));
    assert_eq!(said_both_ways(&format!("{no}\n{yes}")), (Need::Forbidden, false, gave_way));
    // The same, whichever of the two is a pattern, a printed line for several boxes, or one of alternatives.
    let yes = "requires: [{permission: people/work/view, label: 'Work: View'}]";
    let gave_way = vec![(Need::Forbidden, Catalogue::embedded().label(&PermissionId::parse(WORK).unwrap()))];
    for no in [
        "forbidden: [{every: people/work/*, disputed: the table}]",
        "forbidden: [{label: All of Work, disputed: the table, items: [people/work/view, people/work/edit]}]",
        "forbidden: [{section: people/work, disputed: the table}]",
    ] {
        let (need, torn, contrary) = said_both_ways(&format!("{yes}\n{no}"));
        assert_eq!((need, torn, &contrary), (Need::Required, false, &gave_way), "{no}");
    }
    let choice = "requires: [{any-of: [people/work/view, people/about/view], disputed: the text}]";
    let policy = read(&format!("{choice}\nforbidden: [people/work/view]"));
    assert_eq!(policy.alternatives[0].branches.len(), 1, "one way is left");
}

#[test]
fn a_disputed_line_holds_where_nothing_contradicts_it() {
    let (need, torn, contrary) = said_both_ways(
        "requires: [{permission: people/work/view, disputed: HiBob shows it elsewhere}]\nforbidden: \
         [{permission: people/work/view, when: {with: cars}}]",
    );
    assert_eq!((need, torn, contrary), (Need::Required, false, Vec::new()), "without cars");
}

#[test]
fn where_all_lines_are_disputed_nobody_knows() {
    let yes = "requires: [{permission: people/work/view, label: 'Work: View', disputed: the text}]";
    let no = "not-needed: [{permission: people/work/view, label: 'Work: no', disputed: the table}]";
    let other = vec![(Need::NotNeeded, "Work: no".to_owned())];
    assert_eq!(said_both_ways(&format!("{yes}\n{no}")), (Need::Required, true, other));
    // Two lines that hold contradict each other whatever a third one says.
    let text =
        format!("policy: x\nversion: 2026-11-21\nlist: open\n{yes}\nforbidden: [{WORK}]\nminimum: [{WORK}]");
    let refused = validate::read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded());
    assert_eq!(refused.unwrap_err().sorted()[0].code, "contradiction");
}

#[test]
fn of_two_ways_to_choose_people_a_disputed_one_gives_way() {
    let blocks = |one: &str, other: &str| {
        format!(
            "requires: [people/root/view]\npopulation:\n  - {{choose: everyone, at-least: [terminated]{one}}}\n  - \
             {{choose: by-condition, never: [terminated]{other}}}"
        )
    };
    let leavers = |text: &str| {
        let policy = read(text);
        let it = policy.requirements.into_iter().nth(1).unwrap();
        (it.need, it.torn.unknown)
    };
    assert_eq!(leavers(&blocks(", disputed: x", "")), (Need::Forbidden, false));
    assert_eq!(leavers(&blocks("", ", disputed: x")), (Need::Required, false));
    assert_eq!(leavers(&blocks(", disputed: x", ", disputed: x")), (Need::Required, true));
}

#[test]
fn boxes_of_one_line_are_told_apart_by_their_labels() {
    let labels = |lines: &str| {
        let policy = read(lines);
        policy.requirements.into_iter().map(|it| it.label).collect::<Vec<_>>()
    };
    let own = |id: &str| Catalogue::embedded().label(&PermissionId::parse(id).unwrap());
    assert_eq!(
        labels("requires: [{section: people/work, boxes: [view, history], label: 'Work: both'}]"),
        [own(WORK), own("people/work/history")]
    );
    assert_eq!(labels("requires: [{section: people/work, boxes: [view], label: Work}]"), ["Work"]);
    assert_eq!(labels("requires: [{section: Cars, boxes: [view, edit]}]"), ["Cars (view)", "Cars (edit)"]);
    assert_eq!(labels("needs: [{table: Bonus, rows: all}]"), ["Bonus", "Bonus (earlier rows)"]);
}

#[test]
fn a_closed_list_may_have_a_part_that_nobody_knows_unless_that_may_be_anything() {
    for (line, is_fine) in [
        ("requires: [people/root/view, {list-not-known: theirs}]", false),
        ("requires: [people/root/view]\noptional: [{list-not-known: theirs}]", false),
        ("requires: [people/root/view, {items: [{list-not-known: theirs}], label: a}]", false),
        ("requires: [people/root/view, {list-not-known: theirs, among: people/*/view}]", true),
        ("requires: [people/root/view, {list-not-known: theirs, when: {with: cars}}]", true),
        ("requires: [people/root/view]\nneeds: [{list-not-known: theirs}]", true),
        ("source: {text: cut}\nrequires: [people/root/view, {list-not-known: a, among: docs/**}]", false),
    ] {
        let text = format!(
            "policy: x\nversion: 2026-11-21\nlist: closed\nfeatures: {{cars: Company cars}}\n{line}\n"
        );
        let read = validate::read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded());
        assert_eq!(read.is_ok(), is_fine, "{line}");
    }
}

#[test]
fn an_overlay_that_holds_the_list_may_leave_a_part_of_it_open() {
    let policy = read("requires: [people/root/view, {list-not-known: in the flow}]");
    let overlay =
        "overlay: o\nlist: closed\nrequires: [people/work/view, {list-not-known: theirs, among: docs/**}]\n";
    let overlay = Source::new("o.yaml", overlay);
    let overlay =
        crate::policy::overlay::read(&overlay, std::slice::from_ref(&policy), Catalogue::embedded()).unwrap();
    let adapted = adapt::adapt(vec![policy], &[overlay], &Choices::default(), Catalogue::embedded()).unwrap();
    let open: Vec<&Target> = adapted[0]
        .requirements
        .iter()
        .map(|it| &it.target)
        .filter(|target| matches!(target, Target::ListNotKnown { .. }))
        .collect();
    assert!(matches!(open[..], [Target::ListNotKnown { among, .. }] if among.len() == 1), "{open:?}");
}

#[test]
fn a_condition_may_say_without_several_answers_and_any_answer_but_one() {
    let lines = "requires:\n  - people/root/view\n  \
                 - {permission: people/work/view, when: {without: cars}}\n  \
                 - {permission: people/home/view, when: {fact: plan != a}}\n  \
                 - {permission: people/about/view, when: {fact: [plan != a, big = yes]}}";
    let head = "policy: x\nversion: 2026-11-21\nlist: open\nfeatures: {cars: Company cars}\n\
                facts: {big: Is it big?, plan: {asks: Plan?, values: [a, b, c]}}\n";
    let text = format!("{head}{lines}\n");
    let come_to = |with: &[&str], facts: &[(&str, &str)]| {
        let policy =
            validate::read(&Source::new("x.yaml", text.as_str()), Origin::File, Catalogue::embedded())
                .unwrap();
        let choices = Choices {
            with: with.iter().map(|name| (*name).to_owned()).collect(),
            facts: facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ui: None,
        };
        let policy = validate::choose(policy, choices, Catalogue::embedded()).unwrap();
        let of =
            |id: &str| asked(&policy).into_iter().find(|(known, ..)| known == id).map(|(_, need, _)| need);
        ["people/work/view", "people/home/view", "people/about/view"].map(of)
    };
    let (yes, open) = (Some(Need::Required), Some(Need::Optional));
    assert_eq!(come_to(&[], &[]), [yes, open, open]);
    assert_eq!(come_to(&["cars"], &[("plan", "a"), ("big", "yes")]), [None, None, None]);
    assert_eq!(come_to(&[], &[("plan", "c"), ("big", "no")]), [yes, yes, None]);
    assert_eq!(come_to(&[], &[("plan", "b"), ("big", "yes")]), [yes, yes, yes]);
}

#[test]
fn of_several_features_all_must_be_chosen_or_none() {
    let lines = "features: {cars: Cars, vans: Vans}\nrequires:\n  - people/root/view\n  - {permission: people/work/view, \
                 when: {with: [cars, vans]}}\n  - {permission: people/home/view, when: {without: [cars, vans]}}";
    let text = format!("policy: x\nversion: 2026-11-21\nlist: open\n{lines}\n");
    let policy = validate::read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded()).unwrap();
    for (chosen, work, home) in [
        (&[][..], false, true),
        (&["cars"], false, false),
        (&["vans"], false, false),
        (&["cars", "vans"], true, false),
    ] {
        let mut policy = policy.clone();
        policy.choices.with = chosen.iter().map(|name| (*name).to_owned()).collect();
        let truth = |at: usize| policy.truth(&policy.lines[at].when, None) == Truth::Yes;
        assert_eq!((truth(1), truth(2)), (work, home), "{chosen:?}");
    }
    assert_eq!(policy.only(&policy.lines[1].when), "only with: Cars and with: Vans");
    let of_cars = |case: &Case| if case.with == ["cars"] { Truth::Yes } else { Truth::Open };
    assert_eq!(policy.only(&policy.lines[1].when.left(&of_cars)), "only with: Vans");
}
