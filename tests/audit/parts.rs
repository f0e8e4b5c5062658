//! A list that is whole but for a part that nobody knows, and boxes of fields by the name on the screen.

use hibob_audit::report::{Checkable, FixAction, Item, Role, Status};

use crate::stage::{Ran, Stage, audit, persona};

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

#[test]
fn alternatives_are_told_together_until_one_of_them_is_met() {
    let lines = "list: open\nrequires: [people/root/view, {any-of: [people/identification/view, people/rightToWork/view]}, \
                 {any-of: [people/about/view, people/home/view]}]";
    let letter = run(lines, &["--output", "message"]).stdout;
    let letter = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    let together = "(one of these is enough: \"View selected employees' Identification sections\"; or \"View selected \
                    employees' Right to work sections\")";
    // In one point; and About is held, so nothing is said of Home.
    assert_eq!(letter.matches(together).count(), 1, "{letter}");
    assert_eq!(letter.matches("one of these is enough").count(), 1, "{letter}");
}

#[test]
fn a_guide_is_written_in_several_forms_at_once() {
    let home = tempfile::tempdir().unwrap();
    let written = |arguments: &[&str]| {
        let run =
            audit(home.path()).args(["guide", "--policy", "frontegg"]).args(arguments).output().unwrap();
        run.status.code()
    };
    assert_eq!(written(&["--output", "markdown=g.md", "--output", "html=g.html"]), Some(0));
    assert!(home.path().join("g.md").exists() && home.path().join("g.html").exists());
    assert_ne!(written(&["--output", "markdown", "--output", "html"]), Some(0));
}

#[test]
fn the_boxes_of_a_field_stand_in_the_message_under_its_section_by_its_name() {
    let policy = "policy: acme\nversion: 2026-11-21\nlist: open\nrequires:\n  - people/root/view\n  \
                  - {field: Job title, section: Work, boxes: [edit]}\n  - {field: date of birth, boxes: [view]}\n";
    let stage = Stage::of(persona("field-level")).file("acme.yaml", policy);
    let letter = stage.run(&["--policy", "acme.yaml", "--output", "message"]).stdout;
    let says = |place: &str, what: &str| {
        let lines: Vec<&str> = letter.lines().map(str::trim).collect();
        lines.windows(2).any(|pair| pair[0].ends_with(place) && pair[1] == what)
    };
    assert!(says("People's fields › Personal", "Tick: View: Date of Birth"), "{letter}");
    assert!(says("People's fields › Work", "Should be ticked: Edit: Job title"), "{letter}");
    assert!(!letter.contains("the guide calls it"), "{letter}");
}

#[test]
fn what_is_left_out_of_the_part_is_no_part_of_it() {
    let lines = "list: closed\nrequires: [people/root/view]\n\
                 optional: [{list-not-known: theirs, among: people/*/view, except: [people/payroll/*]}]";
    let (code, held) = excess(lines, &[]);
    let asked = perhaps(&held);
    assert!(!asked.contains(&"people/payroll/view") && asked.contains(&"people/about/view"), "{asked:?}");
    assert_eq!(code, Some(1));
}

#[test]
fn what_the_customer_chooses_is_a_question_to_the_hibob_admin() {
    let list = "list-not-known: the fields that you sync, label: your fields, among: people/*/view";
    let lines = |role: &str| format!("list: closed\nrequires: [people/root/view, {{{list}{role}}}]");
    let open = |lines: &str| {
        let ran = run(lines, &["--output", "json"]);
        let report = ran.report();
        let items = &report.policies[0].items;
        items.iter().find(|item| item.doubt.as_deref() == Some("list-not-known")).unwrap().clone()
    };
    let theirs = open(&lines(", role: hibob-admin"));
    let fix = theirs.fix.as_ref().unwrap();
    assert_eq!(
        (fix.role, fix.action, theirs.checkable),
        (Role::HibobAdmin, FixAction::Ask, Checkable::Screen)
    );
    assert_eq!(open(&lines("")).fix.unwrap().role, Role::Integrator);
    for format in ["message", "message-short"] {
        let said = |lines: &str| {
            run(lines, &["--output", format]).stdout.contains("Which boxes do you choose here?")
        };
        assert!(said(&lines(", role: hibob-admin")) && !said(&lines("")), "{format}");
    }
}

#[test]
fn what_is_held_and_perhaps_chosen_is_for_the_customer_to_say() {
    let list = "list-not-known: the fields that you sync, among: people/*/view";
    let lines = |role: &str| format!("list: closed\nrequires: [people/root/view, {{{list}{role}}}]");
    let theirs = lines(", role: hibob-admin");
    let report = run(&theirs, &["--output", "json"]).report();
    let items = &report.policies[0].items;
    let perhaps: Vec<&Item> = items.iter().filter(|item| item.perhaps_chosen).collect();
    let ids: Vec<&str> = perhaps.iter().filter_map(|item| item.permission.as_deref()).collect();
    assert_eq!(ids, HELD);
    assert!(perhaps.iter().all(|item| item.fix.as_ref().unwrap().role == Role::HibobAdmin));
    let said = |lines: &str, output: &str| run(lines, &["--output", output]).stdout;
    for output in ["table", "markdown", "html"] {
        let words = "and perhaps chosen: the guide leaves that open";
        assert!(said(&theirs, output).contains(words), "{output}");
        assert!(!said(&lines(""), output).contains(words), "{output}");
    }
    for output in ["message", "message-short"] {
        let said = said(&theirs, output);
        let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let held =
            "leaves that open: Payroll, About, Equipment and Work. What you did not choose, please untick.";
        assert!(words.contains(held), "{output}: {said}");
        assert!(!words.contains("Untick: View selected employees' Work sections"), "{output}: {said}");
    }
}

#[test]
fn a_line_that_stands_for_several_is_told_where_one_may_choose() {
    let lines = "list: open\nrequires: [people/root/view]\noptional:\n  - label: Pick up to two of these\n    items: \
                 [people/home/view, people/address/view]\ntiming: [{text: Bob needs 2 minutes, when: {model: field}}]";
    for output in ["message", "message-short"] {
        let said = run(lines, &["--output", output, "--permission-model", "field"]).stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(said.matches("the guide says: \"Pick up to two of these\"").count(), 2, "{said}");
        assert!(said.contains("confirm if HiBob asks. Bob needs 2 minutes. Then tell us"), "{said}");
        let said = run(lines, &["--output", output, "--permission-model", "category"]).stdout;
        assert!(!said.contains("2 minutes"), "{said}");
    }
}

#[test]
fn what_whoever_runs_the_check_settles_is_not_put_on_the_admin() {
    let lines = "list: open\nrequires: [people/root/view, people/personal/edit]";
    let said = |output| {
        let of = Stage::of(persona("everything"))
            .file("acme.yaml", &format!("policy: acme\nversion: 2026-11-21\n{lines}\n"));
        let said = of.run(&["--policy", "acme.yaml", "--output", output]).stdout;
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let table = said("table");
    let (before, after) = table.split_once("COULD NOT BE VERIFIED this time").unwrap();
    assert!(after.contains("--permission-model category or field"), "{table}");
    assert!(!before.contains("TO LOOK AT ON THE SCREEN"), "{table}");
    let message = said("message");
    assert!(!message.contains("--permission-model"), "{message}");
    let (before, after) = message.split_once("WHAT WE COULD NOT CHECK").unwrap();
    assert!(after.contains("Personal edit") && !before.contains("Personal"), "{message}");
}

#[test]
fn the_first_word_of_a_report_agrees_with_the_exit_code() {
    let edit = "list: open\nrequires: [people/root/view, people/work/edit]";
    let view = "list: open\nrequires: [people/root/view]";
    for (lines, flags, code, word) in [
        (edit, ["--tolerate", "uncheckable"], 0, "TOLERATED"),
        (edit, ["--fail-on", "excess"], 1, "GAPS"),
        (view, ["--fail-on", "excess"], 1, "GAPS"),
        (view, ["--tolerate", "uncheckable"], 0, "SATISFIED"),
        (edit, ["--tolerate", "silence"], 3, "INCONCLUSIVE"),
        (edit, ["--min-coverage", "100"], 3, "INCONCLUSIVE"),
    ] {
        for output in ["table", "markdown", "html", "github"] {
            let ran = run(lines, &[&flags[..], &["--output", output]].concat());
            assert_eq!(ran.code, code, "{flags:?}");
            let words = ["TOLERATED", "GAPS", "SATISFIED", "INCONCLUSIVE"];
            let at = |word: &&str| ran.stdout.find(word).unwrap_or(usize::MAX);
            let first = words.into_iter().min_by_key(at).unwrap();
            // Annotations begin with the boxes, and end with the result.
            let title = ran.stdout.contains(&format!("audit%3A {word} (exit"));
            assert!(if output == "github" { title } else { first == word }, "{flags:?} {}", ran.stdout);
        }
    }
}

#[test]
fn a_folder_that_is_not_there_is_asked_about_by_its_name() {
    for label in ["", ", label: Upload of payslips"] {
        let lines =
            format!("list: open\nrequires: [people/root/view, {{permission: docs/Payslips/upload{label}}}]");
        for format in ["message", "message-short"] {
            let said = run(&lines, &["--output", format]).stdout;
            assert!(said.contains("Payslips"), "{format}: {said}");
        }
    }
}

#[test]
fn a_field_that_goes_by_its_id_is_told_by_its_name() {
    let lines = "list: open\nrequires: [people/root/view]\nneeds: [{field: root.firstName}, {field: root.surname, label: Name}]";
    let ran = run(lines, &["--output", "json"]);
    let labels: Vec<String> =
        ran.report().policies[0].items.iter().take(3).map(|item| item.label.clone()).collect();
    assert_eq!(labels[1..], ["First name", "Name"]);
}

/// The guide asks for most of what is held, with parts of the product; nobody chose one.
const PARTS: &str = "list: closed\nfeatures: {pay: Pay slips, us: US customers}\nfacts: {own: Own fields?}\n\
                     requires:\n  - people/root/view\n  - {permission: people/payroll/view, when: {with: pay}}\n\
                     \x20 - {section: people/about, boxes: [view], when: {with: us}}\n\
                     \x20 - {every: people/*/history, when: {with: us}}\n\
                     \x20 - {section: Equipment, boxes: [view], when: {with: us, fact: own = yes}}\n\
                     needs: [{field: work.title, when: {with: us}}]";

#[test]
fn what_is_held_and_asked_for_with_a_part_that_nobody_chose_is_told_with_it() {
    let advice = |own: &str, more: &[&str]| -> Vec<(String, String)> {
        let fact = format!("own={own}");
        let report = run(PARTS, &[&["--output", "json", "--fact", &fact], more].concat()).report();
        let told = |item: &Item| Some((item.permission.clone()?, item.advice.clone()?));
        report.policies[0]
            .items
            .iter()
            .filter(|item| item.status == Status::Excess)
            .filter_map(told)
            .collect()
    };
    let told = |held: &[(&str, &str)]| -> Vec<(String, String)> {
        let says = |part| format!("the guide asks for it with: {part}; leave it as it is where that is so");
        held.iter().map(|(id, part)| (format!("people/{id}"), says(part))).collect()
    };
    let us = "US customers";
    let of_us = [("payroll/history", us), ("about/view", us), ("work/view", us)];
    assert_eq!(advice("no", &["--with", "pay"]), told(&of_us));
    let own = ("category_1720508362305/view", us);
    assert_eq!(advice("yes", &["--with", "pay"]), told(&[of_us[0], of_us[1], own, of_us[2]]));
    assert_eq!(advice("no", &["--with", "us"]), told(&[("payroll/view", "Pay slips")]));
    assert_eq!(advice("no", &["--with", "us", "--with", "pay"]), []);
}

#[test]
fn the_head_of_a_report_names_the_parts_that_nobody_chose() {
    let said = |output: &str| {
        let said = run(PARTS, &["--fact", "own=no", "--with", "pay", "--output", output]).stdout;
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for output in ["table", "markdown", "html"] {
        let said = said(output);
        assert!(said.contains("with pay; own=no; not chosen: us (--with)"), "{output}: {said}");
    }
    for output in ["message", "message-short"] {
        let said = said(output);
        assert!(
            said.contains("We took it that none of this concerns you: \"US customers\". If any"),
            "{said}"
        );
        let but = "ut the guide asks for it with: US customers; leave it as it is where that is so";
        assert!(said.contains(but), "{output}: {said}");
    }
    let report = run(PARTS, &["--output", "json"]).report();
    let left_out: Vec<_> = report.policies[0].policy.not_chosen.iter().collect();
    assert_eq!(left_out.len(), 2);
    assert_eq!(left_out[1], (&"us".to_owned(), &"US customers".to_owned()));
}
