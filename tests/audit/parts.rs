//! A list that is whole but for a part that nobody knows, and boxes of fields by the name on the screen.

use hibob_audit::report::{Item, Role, Status};

use crate::stage::{Ran, Stage, persona};

fn run(lines: &str, more: &[&str]) -> Ran {
    let policy = format!("policy: acme\nversion: 2026-11-21\nsource: {{publisher: Acme}}\n{lines}\n");
    let mut arguments = vec!["--policy", "acme.yaml"];
    arguments.extend(more);
    Stage::of(persona("demo")).file("acme.yaml", &policy).run(&arguments)
}

/// Who is to say of each thing that is held and not asked for, and the exit code.
fn excess(lines: &str, more: &[&str]) -> (Option<i32>, Vec<(String, Role)>) {
    let ran = run(lines, &[&["--output", "json"], more].concat());
    let of = |item: &Item| Some((item.permission.clone()?, item.fix.as_ref()?.role));
    let report = ran.report();
    let held = report.policies[0].items.iter().filter(|item| item.status == Status::Excess);
    (Some(ran.code), held.filter_map(of).collect())
}

/// The ids of which who publishes the guide is asked.
fn perhaps(held: &[(String, Role)]) -> Vec<&str> {
    let asked = held.iter().filter(|(_, role)| *role == Role::Integrator);
    asked.map(|(id, _)| id.as_str()).collect()
}

const HELD: [&str; 4] =
    ["people/payroll/view", "people/about/view", "people/category_1720508362305/view", "people/work/view"];

#[test]
fn a_closed_list_gates_on_excess_outside_of_the_part_that_nobody_knows() {
    let closed = "list: closed\nfacts: {own: Own fields?}\nrequires: [people/root/view]\n\
                  optional: [{list-not-known: theirs, among: people/*/view, when: {fact: own = yes}}]";
    let (code, held) = excess(closed, &["--fact", "own=yes"]);
    assert_eq!((code, perhaps(&held)), (Some(1), HELD.to_vec()));
    assert!(held.iter().any(|(id, role)| id == "people/payroll/history" && *role == Role::HibobAdmin));
    // While nobody has said, it may be so; once it is not, the list is as closed as any.
    assert_eq!(perhaps(&excess(closed, &[]).1), HELD);
    let (code, held) = excess(closed, &["--fact", "own=no"]);
    assert_eq!((code, perhaps(&held)), (Some(1), Vec::new()));
}

#[test]
fn excess_that_may_be_the_part_that_nobody_knows_is_no_gap() {
    let lines = "list: closed\nrequires: [people/root/view]\n\
                 optional: [{every: people/*/history}, {every: features/**}, {list-not-known: theirs, among: [people/*/view]}]";
    let (code, held) = excess(lines, &[]);
    assert_eq!((code, perhaps(&held).len(), held.len()), (Some(0), HELD.len(), HELD.len()));
    let (code, _) = excess(&lines.replace("people/*/view]}", "docs/**]}"), &[]);
    assert_eq!(code, Some(1));
}

#[test]
fn what_is_read_and_nobody_knows_may_be_opened_by_boxes_that_read() {
    let lines = "list: closed\nrequires: [people/root/view]\nneeds: [{list-not-known: theirs}]";
    let (_, held) = excess(lines, &[]);
    let asked = perhaps(&held);
    assert!(
        HELD.iter().all(|id| asked.contains(id)) && asked.contains(&"people/payroll/history"),
        "{asked:?}"
    );
    let ran = run(lines, &["--output", "json"]);
    let report = ran.report();
    let open = report.policies[0].items.iter().find(|item| item.doubt.as_deref() == Some("list-not-known"));
    assert_eq!(open.unwrap().fix.as_ref().unwrap().label, "What does Acme read here?");
}
