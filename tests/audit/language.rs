//! The policy language on the command line: lineage, overlays, choices and decisions, and hostile files.

use std::fs;
use std::time::Duration;

use hibob_audit::plan::Scope;
use hibob_audit::report::{DecisionKind, Item, Need, NoticeKind, Outcome, Report, Role, Status};
use hibob_audit::simulator::Persona;

use crate::stage::{Pipeline, Ran, Stage, audit, persona, policy_of};

const POLICY: &str = "\
policy: acme
version: 2026-11-21
list: open
features: {cars: Company cars}
facts: {big: Is the company big?}
requires:
  - people/about/view
  - people/employment/view
  - {permission: people/home/view, when: {with: cars}}
  - {permission: people/personal/view, when: {fact: big = yes}}
";

fn demo() -> Stage {
    Stage::of(persona("demo")).file("acme.yaml", POLICY)
}

fn run(stage: Stage, more: &[&str]) -> Ran {
    let mut arguments = vec!["--policy", "acme.yaml", "--scope", "policy", "--output", "json"];
    arguments.extend(more);
    stage.run(&arguments)
}

fn item<'r>(report: &'r Report, permission: &str) -> &'r Item {
    let items = report.policies.iter().flat_map(|policy| &policy.items);
    let mut found = items.filter(|item| item.permission.as_deref() == Some(permission));
    let only = found.next().unwrap_or_else(|| panic!("no item {permission}"));
    assert!(found.next().is_none(), "{permission} twice");
    only
}

fn decision(item: &str, kind: &str, until: &str) -> String {
    format!("  - {{item: {item}, kind: {kind}, reason: we can live with it, by: Dana, until: {until}}}\n")
}

fn in_days(days: i64) -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    then.to_string()[..10].to_owned()
}

#[test]
fn features_and_facts_decide_what_is_asked_for() {
    let plain = run(demo(), &[]).report();
    assert!(
        plain.policies[0].items.iter().all(|item| item.permission.as_deref() != Some("people/home/view"))
    );
    assert_eq!(item(&plain, "people/personal/view").need, Need::Optional);
    assert_eq!(plain.policies[0].policy.facts.get("big"), Some(&None));
    let chosen = run(demo(), &["--with", "cars", "--fact", "big=yes"]).report();
    for id in ["people/home/view", "people/personal/view"] {
        assert_eq!((item(&chosen, id).need, item(&chosen, id).status), (Need::Required, Status::Missing));
    }
    assert_eq!(chosen.policies[0].policy.with, ["cars"]);
    assert_eq!(chosen.policies[0].policy.facts.get("big"), Some(&Some("yes".to_owned())));
    for (flag, word, meant) in [
        ("--with", "car", "did you mean `cars`?"),
        ("--fact", "bog=yes", "did you mean `big`?"),
        ("--fact", "big=perhaps", "with one of: yes, no"),
        ("--fact", "big", "with one of: yes, no"),
    ] {
        let refused = run(demo().sends_nothing(), &[flag, word]);
        assert_eq!(refused.code, 2, "{word}");
        assert!(refused.stderr.contains(meant), "{word}: {}", refused.stderr);
    }
}

#[test]
fn an_overlay_adapts_the_policy_and_leaves_its_digest() {
    let overlay = "overlay: customer\nwith: [cars]\nremove: [people/employment/view]\n\
                   group: The Acme group\nrequires: [people/work/view]\n";
    let alone = run(demo(), &[]).report();
    let ran = run(demo().file("over.yaml", overlay), &["--overlay", "over.yaml"]);
    let report = ran.report();
    let head = &report.policies[0].policy;
    assert_eq!(head.sha256, alone.policies[0].policy.sha256);
    assert_eq!((head.overlays[0].name.as_str(), head.overlays[0].file.as_str()), ("customer", "over.yaml"));
    assert_eq!(head.overlays[0].sha256.len(), 64);
    assert_eq!(item(&report, "people/work/view").status, Status::Satisfied);
    assert_eq!(item(&report, "people/work/view").at.as_ref().unwrap().file, "over.yaml");
    assert!(
        report.policies[0]
            .items
            .iter()
            .all(|item| { item.permission.as_deref() != Some("people/employment/view") })
    );
    let missing = item(&report, "people/home/view");
    assert!(missing.fix.as_ref().unwrap().path.contains(&"The Acme group".to_owned()));
    let wrong = demo().sends_nothing().file("over.yaml", "remove: [people/home/edit]\n");
    let refused = run(wrong, &["--overlay", "over.yaml"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("over.yaml:1:10"), "{}", refused.stderr);
}

#[test]
fn a_decision_takes_an_item_out_of_the_gate_and_shows_it_all_the_same() {
    let decisions =
        |kind: &str, until: &str| format!("decisions:\n{}", decision("people/employment/view", kind, until));
    let with = |text: String| run(demo().file("d.yaml", &text), &["--overlay", "d.yaml"]);
    let waived = with(decisions("accept", "2999-12-31"));
    let report = waived.report();
    assert_eq!((waived.code, report.policies[0].outcome), (0, Outcome::Satisfied));
    let one = item(&report, "people/employment/view");
    assert_eq!(one.status, Status::Waived);
    let decision = one.decision.as_ref().unwrap();
    assert_eq!((decision.kind, decision.by.as_str()), (DecisionKind::Accept, "Dana"));
    assert_eq!(decision.at.file, "d.yaml");
    assert_eq!(report.policies[0].summary.waived, 1);
    assert_eq!(report.policies[0].summary.missing, 0);

    let expired = with(decisions("accept", "2026-01-31"));
    assert_eq!(expired.code, 1);
    assert_eq!(expired.report().policies[0].decision_notices[0].notice, NoticeKind::Expired);
    let soon = with(decisions("accept", &in_days(5)));
    assert_eq!((soon.code, soon.report().policies[0].decision_notices[0].notice), (0, NoticeKind::Expires));
    let contradicted = with(decisions("seen-on-screen", "2999-12-31"));
    assert_eq!(contradicted.code, 1);
    assert_eq!(contradicted.report().policies[0].decision_notices[0].notice, NoticeKind::Contradicted);

    let table = demo().file("d.yaml", &decisions("accept", &in_days(5))).run(&[
        "--policy",
        "acme.yaml",
        "--overlay",
        "d.yaml",
        "--scope",
        "policy",
        "--output",
        "table",
        "--output",
        "message=m.txt",
    ]);
    for shown in [&table.stdout, &table.written("m.txt")] {
        assert!(shown.contains("Dana until"), "{shown}");
    }
    assert!(table.stdout.contains("overlay d (d.yaml)"), "{}", table.stdout);
    assert!(table.stdout.contains("is optional: big (--fact)"), "{}", table.stdout);
    assert!(table.stdout.contains("DECISIONS") && table.stdout.contains("ends in"), "{}", table.stdout);
}

#[test]
fn what_a_person_saw_is_no_verdict_and_no_doubt_either() {
    let policy = "policy: acme\nversion: 2026-11-21\nlist: open\n\
                  requires: [people/work/view, {unresolved: it has no box, label: Read People}]\n";
    let stage = || Stage::of(persona("demo")).file("acme.yaml", policy);
    assert_eq!(run(stage(), &[]).code, 3);
    let seen = format!("decisions:\n{}", decision("Read People", "seen-on-screen", "2999-12-31"));
    let ran = run(stage().file("d.yaml", &seen), &["--overlay", "d.yaml"]);
    let report = ran.report();
    let summary = &report.policies[0].summary;
    assert_eq!((ran.code, report.policies[0].outcome), (0, Outcome::Satisfied));
    assert_eq!((summary.satisfied, summary.attested, summary.unverified), (1, 1, 0));
    assert!((summary.coverage - 1.0).abs() < f64::EPSILON);
    // Where a person saw everything and this run nothing, nothing was evaluated.
    let only = policy.replace("people/work/view, ", "");
    let ran = run(
        Stage::of(persona("demo")).file("acme.yaml", &only).file("d.yaml", &seen),
        &["--overlay", "d.yaml"],
    );
    assert_eq!((ran.code, ran.report().policies[0].outcome), (3, Outcome::Inconclusive));
}

#[test]
fn the_name_of_the_group_is_the_guides_unless_somebody_who_knows_says_another() {
    let named = format!(
        "{POLICY}membership: {{name: StackOne}}\ncredentials: {{name: S1, kind: service-user}}\n\
         prerequisites: [{{any-of: [Be an admin., {{text: Ask Bob., when: {{with: cars}}}}]}}]\n"
    );
    let group = |more: &[&str]| {
        let over = "overlay: ours\ngroup: Our group\nwith: [cars]\n";
        let stage = Stage::of(persona("demo")).file("acme.yaml", &named).file("over.yaml", over);
        let report = run(stage, &[&["--with", "cars"], more].concat()).report();
        item(&report, "people/home/view").fix.as_ref().unwrap().path[3].clone()
    };
    assert_eq!(group(&[]), "StackOne");
    assert_eq!(group(&["--overlay", "over.yaml"]), "Our group");
    assert_eq!(group(&["--overlay", "over.yaml", "--group", "Mine"]), "Mine");
    let guide = |more: &[&str]| {
        let stage = Stage::of(persona("demo")).sends_nothing().file("acme.yaml", &named);
        stage.run(&[&["guide", "--policy", "acme.yaml"], more].concat()).stdout
    };
    let plain = guide(&[]);
    for says in [
        "Give it the name \"StackOne\" under",
        "the display name \"S1\"",
        "One of these will do: Be an admin; or Ask Bob. (only with: Company cars)",
    ] {
        assert!(plain.contains(says), "{says}\n{plain}");
    }
    assert!(guide(&["--group", "Mine"]).contains("Give it the name \"Mine\" under"));
}

#[test]
fn a_report_that_is_read_by_its_id_is_something_to_look_at() {
    let policy = format!("{POLICY}needs: [{{resource: reports, ids: [8812], when: {{with: cars}}}}]\n");
    let looks = |more: &[&str]| -> Vec<String> {
        let report = run(Stage::of(persona("demo")).file("acme.yaml", &policy), more).report();
        report.policies[0].manual.iter().map(|check| check.text.clone()).collect()
    };
    assert_eq!(looks(&[]), Vec::<String>::new());
    assert_eq!(looks(&["--with", "cars"]), ["The report with the id 8812 is shared with the service user."]);
}

#[test]
fn what_a_person_looks_at_depends_on_the_customer_too() {
    let policy = format!(
        "{POLICY}manual: [{{text: Look at the cars., when: {{with: cars}}}}]\n\
         also: [{{data: Sites., when: {{fact: big = yes}}}}]\n\
         population: [{{at-least: [employed]}}, {{at-least: [terminated], choose: by-name, when: {{with: cars}}}}]\n"
    );
    let run = |more: &[&str]| run(Stage::of(persona("demo")).file("acme.yaml", &policy), more).report();
    let looks = |report: &Report| -> Vec<String> {
        report.policies[0].manual.iter().map(|check| check.text.clone()).collect()
    };
    let asks_for_leavers = |report: &Report| {
        let mut items = report.policies[0].items.iter();
        items.any(|item| {
            item.permission.as_deref() == Some("population/terminated") && item.need == Need::Required
        })
    };
    let plain = run(&[]);
    assert_eq!(looks(&plain), ["Data: Sites. (only if \"Is the company big?\" is answered \"yes\")"]);
    assert!(!asks_for_leavers(&plain));
    let chosen = run(&["--with", "cars", "--fact", "big=yes"]);
    let by_name = "Access data for: \"Select people by name\" is chosen.";
    assert_eq!(looks(&chosen), ["Look at the cars.", by_name, "Data: Sites."]);
    assert!(asks_for_leavers(&chosen));
    assert_eq!(looks(&run(&["--fact", "big=no"])), Vec::<String>::new());
}

#[test]
fn a_withheld_column_is_missing_and_the_others_of_its_table_are_not() {
    let withheld = Persona { denied_fields: ["work.title".to_owned()].into(), ..persona("everything") };
    let policy = "policy: acme\nversion: 2026-11-21\nlist: open\nrequires: [people/root/view]\n\
                  needs: [{table: work, columns: [title]}, {table: work, columns: [site]}]\n";
    let report = run(Stage::of(withheld).file("acme.yaml", policy), &[]).report();
    let is_field = |item: &&Item| item.permission.as_ref().is_some_and(|id| id.starts_with("fields/"));
    let items = report.policies[0].items.iter().filter(|item| item.at.is_some()).filter(is_field);
    let found: Vec<(&str, Status)> = items.map(|item| (item.label.as_str(), item.status)).collect();
    assert_eq!(found, [("Job title", Status::Missing), ("Site", Status::Satisfied)]);
}

#[test]
fn a_malformed_decision_starts_no_run() {
    for (text, at) in [
        (decision("people/work/view", "accept", "2027-02-30"), "d.yaml:2:"),
        (decision("people/work/view", "accept", "soon"), "d.yaml:2:"),
        (decision("people/work/view", "accepted", "2027-02-20"), "d.yaml:2:"),
    ] {
        let stage = demo().sends_nothing().file("d.yaml", &format!("decisions:\n{text}"));
        let ran = run(stage, &["--overlay", "d.yaml"]);
        assert_eq!(ran.code, 2, "{text}");
        assert!(ran.stderr.contains(at), "{}", ran.stderr);
    }
}

#[test]
fn a_policy_starts_from_a_file_of_its_folder_and_from_none_outside_it() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("in/base.yaml", POLICY);
    write("in/deep/middle.yaml", "policy: middle\nversion: 2026-11-21\nextends: low.yaml\n");
    write("in/deep/low.yaml", "policy: low\nversion: 2026-11-21\nlist: open\nrequires: [people/home/view]\n");
    write("outside.yaml", "secret: thing\n");
    let plan = |extends: &str, policy: &str| {
        write("in/top.yaml", &format!("policy: top\nversion: 2026-11-21\nextends: {extends}\n"));
        let ran = audit(home.path()).args(["plan", "--policy", policy]).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
    };
    let (code, shown, error) = plan("base.yaml@2026-11-21", "in/top.yaml");
    assert_eq!(code, Some(0), "{error}");
    assert!(shown.contains("people/employment/view"), "{shown}");
    let (code, shown, error) = plan("deep/middle.yaml", "in/top.yaml");
    assert_eq!(code, Some(0), "{error}");
    assert!(shown.contains("people/home/view"), "{shown}");

    let outside = home.path().join("outside.yaml").display().to_string();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, home.path().join("in/link.yaml")).unwrap();
    let mut ways = vec!["../outside.yaml", "deep/../../outside.yaml", outside.as_str(), "top.yaml", "nobody"];
    if cfg!(unix) {
        ways.push("link.yaml");
    }
    for way in ways {
        let (code, _, error) = plan(way, "in/top.yaml");
        assert_eq!(code, Some(2), "{way}");
        assert!(error.contains("in/top.yaml:3:10") && !error.contains("secret"), "{way}: {error}");
    }
    // What is wrong with the base is shown at its place there.
    write("in/base.yaml", "policy: base\nversion: 2026-11-21\nlist: open\nrequires: [people/payrol/view]\n");
    let (code, _, error) = plan("base.yaml", "in/top.yaml");
    assert_eq!(code, Some(2));
    assert!(error.contains("in/base.yaml:4:12") && error.contains("people/payroll/view"), "{error}");
}

#[test]
fn a_lineage_ends() {
    let home = tempfile::tempdir().unwrap();
    for (name, base) in [("a", "b"), ("b", "c"), ("c", "a")] {
        let text = format!("policy: {name}\nversion: 2026-11-21\nextends: {base}.yaml\n");
        fs::write(home.path().join(format!("{name}.yaml")), text).unwrap();
    }
    for deep in 0..12 {
        let text = format!("policy: d{deep}\nversion: 2026-11-21\nextends: d{}.yaml\n", deep + 1);
        fs::write(home.path().join(format!("d{deep}.yaml")), text).unwrap();
    }
    fs::write(home.path().join("d12.yaml"), POLICY).unwrap();
    for (policy, why) in [("a.yaml", "starts from the very policy"), ("d0.yaml", "more than 8 policies")] {
        let ran = audit(home.path()).args(["plan", "--policy", policy]).output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{policy}");
        assert!(String::from_utf8_lossy(&ran.stderr).contains(why), "{policy}");
    }
    let ran = audit(home.path()).args(["plan", "--policy", "d6.yaml"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn what_only_the_tenant_can_name_is_asked_for_even_where_little_else_is() {
    let text = "policy: own\nversion: 2026-11-21\nlist: open\n\
                requires: [{every: people/category_*/view}, {section: equipment, boxes: [view]}]\n\
                needs: [{field: Laptop}, {table: Devices}, {resource: time-off-policies}]\n\
                population: {head-count: 5}\n";
    for scope in [Scope::Policy, Scope::Full] {
        let pipeline = Pipeline { scope, ..Pipeline::of(persona("demo")) };
        let report = pipeline.run(&[policy_of(text)]).report;
        let found: Vec<(Option<&str>, Status)> = report.policies[0]
            .items
            .iter()
            .filter(|item| item.at.is_some())
            .map(|item| (item.permission.as_deref(), item.status))
            .collect();
        let field = "fields/category_1720508362305.field_1720508362306/view";
        assert_eq!(
            found,
            [
                (Some("people/category_1720508362305/view"), Status::Satisfied),
                (Some(field), Status::Satisfied),
                (Some("features/time-off/settings/manage"), Status::Satisfied),
                (None, Status::Satisfied),
            ],
            "{scope:?}"
        );
    }
}

#[test]
fn a_hostile_file_is_refused_in_good_time() {
    let head = "policy: x\nversion: 2026-11-21\nlist: open\n";
    let deep = |open: &str, many: usize| format!("{head}requires: {}", open.repeat(many));
    let bomb: String = (0..40)
        .map(|level| format!("k{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", ")))
        .skip(1)
        .collect();
    let hostile: Vec<(&str, Vec<u8>)> = vec![
        ("ten megabytes", vec![b'a'; 10 * 1024 * 1024]),
        ("deep flow", deep("[", 400_000).into_bytes()),
        ("deep mapping", deep("{a: ", 200_000).into_bytes()),
        (
            "deep block",
            format!(
                "{head}requires:\n{}",
                (0..900).map(|at| format!("{}-\n", " ".repeat(at))).collect::<String>()
            )
            .into_bytes(),
        ),
        ("aliases", format!("{head}k0: &a0 [x, x]\n{bomb}").into_bytes()),
        ("many keys", (0..90_000).map(|at| format!("k{at}: 1\n")).collect::<String>().into_bytes()),
        ("many items", format!("{head}requires:\n{}", "- people/payrol/view\n".repeat(45_000)).into_bytes()),
        (
            "many patterns",
            format!("{head}requires:\n{}", "- {every: '**/**/**/**/**/view'}\n".repeat(9_000)).into_bytes(),
        ),
        (
            "many groups",
            format!("{head}requires: {}people/work/view{}\n", "[{items: ".repeat(60), "}]".repeat(60))
                .into_bytes(),
        ),
        ("a tag", format!("{head}requires: !!python/object [people/work/view]\n").into_bytes()),
        ("not UTF-8", [head.as_bytes(), b"title: \xff\xfe\n"].concat()),
        (
            "wide letters",
            [b"\xff\xfe".as_slice(), &head.bytes().flat_map(|byte| [byte, 0]).collect::<Vec<u8>>()].concat(),
        ),
        ("a null byte", format!("{head}title: a\0b\nrequires: [people/work/view]\n").into_bytes()),
        ("a key twice", format!("{head}list: closed\nrequires: [people/work/view]\n").into_bytes()),
    ];
    let home = tempfile::tempdir().unwrap();
    for (name, bytes) in hostile {
        for flag in ["--policy", "--overlay"] {
            fs::write(home.path().join("x.yaml"), &bytes).unwrap();
            let began = std::time::Instant::now();
            let mut arguments = vec!["plan", flag, "x.yaml"];
            if flag == "--overlay" {
                arguments.extend(["--policy", "frontegg"]);
            }
            let ran = audit(home.path()).args(&arguments).output().unwrap();
            let error = String::from_utf8_lossy(&ran.stderr);
            assert_eq!(ran.status.code(), Some(2), "{name} {flag}: {error}");
            assert!(error.contains("x.yaml"), "{name} {flag}: {error}");
            assert!(error.len() < 200_000, "{name} {flag}: {} bytes of error", error.len());
            let took = began.elapsed();
            assert!(took < Duration::from_secs(20), "{name} {flag} took {took:?}");
        }
    }
    fs::write(home.path().join("marked.yaml"), format!("\u{feff}{POLICY}")).unwrap();
    let ran = audit(home.path()).args(["plan", "--policy", "marked.yaml"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "a byte order mark is no mistake");
}

#[test]
fn the_words_of_what_can_be_read_are_listed() {
    let home = tempfile::tempdir().unwrap();
    let list = |words: &[&str]| {
        let ran = audit(home.path()).arg("catalogue").args(words).output().unwrap();
        let shown = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
        (ran.status.code(), shown, String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    for (words, there, elsewhere) in [
        (&["resources"][..], "time-off-requests", "bank-accounts"),
        (&["tables"], "bank-accounts", "time-off-requests"),
        (&["tables", "base"], "payroll.salary.payment", "bank-accounts"),
        (&["fields"], "  work.title ", "bank-accounts"),
        (&["fields", "BIRTH"], "Personal (people/personal/view)\n  personal.birthDate ", "work.title"),
        // A field is found by its section too.
        (&["fields", "personalContact"], "home.mobilePhone", "home.legalGender"),
    ] {
        let (code, shown, _) = list(words);
        assert_eq!(code, Some(0), "{words:?}");
        assert!(shown.contains(there) && !shown.contains(elsewhere), "{words:?}\n{shown}");
    }
    for (words, says) in [
        (["fields", "zzz"], "nothing in the list of fields bears `zzz`"),
        (["people/work/view", "x"], "a word narrows a list"),
        (["feilds", ""], "did you mean `fields`?"),
    ] {
        let (code, shown, error) =
            list(&words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>());
        assert_eq!((code, shown.as_str()), (Some(2), ""), "{words:?}");
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn what_the_tenant_does_not_have_is_told_by_what_it_is() {
    let policy = format!(
        "{POLICY}  - docs/Contracts 2026/view\nneeds: [{{field: T-shirt size}}, {{table: Job levels}}]\n"
    );
    let stage = || Stage::of(persona("demo")).file("acme.yaml", &policy);
    let table = stage().run(&["--policy", "acme.yaml"]).stdout;
    let message = stage().run(&["--policy", "acme.yaml", "--output", "message"]).stdout;
    for thing in ["folder of documents", "field", "table"] {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (asks, says) = (format!("Is there such a {thing} in your HiBob"), format!("no such {thing}"));
        assert!(flat(&table).contains(&asks), "{table}");
        assert!(flat(&message).contains(&asks) && flat(&message).contains(&says), "{message}");
    }
    assert!(!message.contains("Should be ticked: Is there"), "{message}");
    assert!(!table.contains("section went") && !table.contains("no such section"), "{table}");
}

#[test]
fn a_guide_says_that_a_label_is_not_known_and_not_that_there_is_no_box() {
    let policy = "policy: t\nversion: 2026-11-22\nlist: open\nrequires: [people/root/view, {unresolved: a picture is cut, label: Foo}, {every: people/*/history, among: listed}]\nforbidden: [{unresolved: no idea, label: Bar}]\n";
    let stage = Stage::of(persona("demo")).sends_nothing().file("t.yaml", policy);
    let guide = stage.run(&["guide", "--policy", "t.yaml"]).stdout;
    let guide = guide.split_whitespace().collect::<Vec<_>>().join(" ");
    for says in [
        "Which box this is, is not known: a picture is cut. Ask t what is meant; there is nothing to tick until then.",
        "Which box this is, is not known: no idea. Ask t what is meant.",
        "That is the View histories box of every section that this guide asks for.",
    ] {
        assert!(guide.contains(says), "{says}\n{guide}");
    }
    assert!(!guide.contains("HiBob has no such box"), "{guide}");
}

const ONE_FIELD: &str = "policy: t\nversion: 2026-11-22\nlist: open\n\
    requires: [people/root/view, people/lifecycle/view, fields/payroll.salary.payment/view]\n\
    forbidden: [people/payroll/view]\n";

#[test]
fn one_field_of_a_section_that_is_not_wanted_is_no_reason_to_untick_it() {
    let of = |grants: &[&str], more: &[&str]| {
        let grants =
            ["people/root/view", "people/lifecycle/view", "population/employed"].iter().chain(grants);
        let persona = Persona::of("p", "p", grants.map(|id| crate::stage::id(id)).collect());
        let stage = Stage::of(persona).file("t.yaml", ONE_FIELD);
        let forms = ["--output", "json", "--output", "message=m.txt", "--output", "table=t.txt"];
        let ran = stage.run(&[&["--policy", "t.yaml", "--scope", "policy"], &forms[..], more].concat());
        let flat = |file: &str| ran.written(file).split_whitespace().collect::<Vec<_>>().join(" ");
        (ran.report(), flat("m.txt"), flat("t.txt"))
    };
    let (payment, tax) = ("fields/payroll.salary.payment/view", "fields/payroll.taxCode/view");
    let whole = "people/payroll/view";
    let (report, message, _) = of(&[payment], &[]);
    assert_eq!((report.exit_code, item(&report, whole).status), (0, Status::Satisfied));
    assert!(!message.contains("UNTICK"), "{message}");
    // What is held beside it is named, and nothing else.
    let (report, message, _) = of(&[payment, tax], &[]);
    assert_eq!((report.exit_code, item(&report, whole).status), (1, Status::Excess));
    assert!(message.contains("Untick: View: Tax code (the guide calls it"), "{message}");
    assert!(message.contains("leave Base salary ticked"), "{message}");
    let (_, message, _) = of(&[whole], &[]);
    assert!(message.contains("sections, of every field but Base salary"), "{message}");
    // Where rights go by section, that is the policy's own contradiction.
    let classic = ["--permission-model", "category"];
    let (report, message, table) = of(&[whole], &classic);
    assert_eq!((report.exit_code, item(&report, payment).status), (1, Status::Satisfied));
    assert!(!message.contains("UNTICK") && !table.contains("TO UNTICK"), "{table}");
    assert!(
        table.contains("Base salary is asked for, and \"View selected employees' Payroll sections\""),
        "{table}"
    );
    let (report, message, table) = of(&[], &classic);
    assert_eq!((report.exit_code, item(&report, payment).status), (3, Status::Unverified));
    assert!(!message.contains("TICK (") && table.contains("which is meant?"), "{message}");
}

#[test]
fn a_folder_goes_by_its_name_whatever_is_asked() {
    let policy = "policy: t\nversion: 2026-11-22\nlist: open\nrequires: [people/root/view, docs/Contracts/view, docs/contracts/delete]\n";
    let run = |more: &[&str]| {
        let stage = Stage::of(persona("everything")).file("t.yaml", policy);
        stage.run(&[&["--policy", "t.yaml", "--scope", "policy", "--output", "json"], more].concat()).report()
    };
    let report = run(&["--tolerate", "docs/Contracts/*"]);
    for (action, tolerated) in [("view", true), ("delete", false)] {
        let found = item(&report, &format!("docs/6d0c8f5e-2b1f-4a53-9d0e-3f1f5d0a7c11/{action}"));
        assert_ne!(found.doubt.as_deref(), Some("not-in-tenant"));
        assert!(found.label.ends_with("'Contracts'"), "{}", found.label);
        assert!(found.status == Status::Satisfied || found.tolerated == tolerated, "{found:?}");
    }
}

#[test]
fn the_exact_service_user_has_what_its_company_added() {
    let policy = "policy: t\nversion: 2026-11-22\nlist: open\nrequires: [people/root/view, {every: people/category_*/view}]\nforbidden: [{every: people/category_*/edit}]\n";
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("t.yaml"), policy).unwrap();
    let ran = audit(home.path())
        .args(["--policy", "t.yaml", "--simulate=exact", "--output", "json"])
        .output()
        .unwrap();
    let report: Report = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(item(&report, "people/category_1720508362305/view").status, Status::Satisfied);
    assert_ne!(item(&report, "people/category_1720508362305/edit").status, Status::Excess);
}

#[test]
fn every_label_of_lines_that_come_to_one_box_is_shown() {
    let policy = format!(
        "{POLICY}needs: [{{table: variable, label: Bonuses}}, {{resource: actual-payments, label: Actual pay}}]\n"
    );
    let stage = Stage::of(persona("demo")).sends_nothing().file("acme.yaml", &policy);
    let shown = stage.run(&["policy", "show", "acme.yaml"]).stdout;
    for label in ["label  Bonuses", "also   Actual pay (acme.yaml:11)"] {
        assert!(shown.contains(label), "{shown}");
    }
}

#[test]
fn a_guide_names_the_boxes_for_what_is_read_and_lists_what_one_line_stands_for() {
    let policy = format!(
        "{POLICY}needs:\n  - label: Identity\n    items: [{{field: personal.birthDate}}, {{field: work.title, when: {{with: cars}}}}]\n\
         \x20 - {{any-of: [{{field: home.legalGender}}, {{field: about.hobbies}}]}}\n  - resource: time-off-requests\n  - field: T-shirt size\n\
         forbidden: [{{every: \"**/edit\", label: No edit}}, {{every: docs/**, except: [docs/shared]}}]\n"
    );
    let guide = |more: &[&str]| {
        let stage = Stage::of(persona("demo")).sends_nothing().file("acme.yaml", &policy);
        stage.run(&[&["guide", "--policy", "acme.yaml", "--ui", "access-data-for"], more].concat()).stdout
    };
    let text = guide(&[]).split_whitespace().collect::<Vec<_>>().join(" ");
    for says in [
        "For what is read",
        "Personal: View selected employees' Personal sections Opens: Date of Birth.",
        "Only with: Company cars: [ ] People's data › People › Work: View selected employees' Work sections Opens: Job \
         title.",
        "Opens: Approved absences.",
        "In which section your HiBob has T-shirt size, only your screens show.",
        "- Date of Birth (section Personal)",
        "Edit selected employees' … sections: About, Address,",
        "[ ] Approved absences Opened by:",
        "[ ] Each of these boxes That is 3 boxes,",
        "- But not People's data › Docs › Shared Docs: Delete selected employees' docs in the folder",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    // A box that a line names already is not named twice.
    assert!(!text.contains("Opens: Hobbies"), "{text}");
    // So one of several ways is there, and no other is asked for.
    assert!(!text.contains("one of several ways"), "{text}");
    assert!(guide(&["--output", "markdown"]).contains("\n  - Date of Birth (section Personal)\n"));
    assert!(guide(&["--output", "html"]).contains("<li>Date of Birth (section Personal)</li>"));
    assert!(!guide(&["--fact", "big=yes"]).contains("Job title"));
}

#[test]
fn what_one_line_asks_for_in_many_sections_is_told_as_one() {
    let policy = format!("{POLICY}forbidden: [{{every: people/*/edit}}]\n");
    let table = |more: &[&str]| {
        let stage = Stage::of(persona("demo")).file("acme.yaml", &policy);
        stage.run(&[&["--policy", "acme.yaml"], more].concat()).stdout
    };
    let short = table(&[]);
    assert_eq!(short.matches("Edit selected employees' sections, ").count(), 1, "{short}");
    assert!(short.contains("are these boxes ticked?") && !short.contains("About sections"), "{short}");
    assert!(table(&["-v"]).contains("Edit selected employees' About sections"));
}

#[test]
fn a_guide_that_says_both_is_asked_about_and_never_passes_or_fails() {
    let policy = "\
policy: acme
version: 2026-11-21
list: open
requires:
  - people/root/view
  - {permission: people/about/view, disputed: the text says not to}
not-needed:
  - {permission: people/about/view, label: not About, disputed: the table has it}
";
    let ran = demo().file("both.yaml", policy).run(&[
        "--policy",
        "both.yaml",
        "--scope",
        "policy",
        "--output",
        "json",
    ]);
    let report = ran.report();
    let items = &report.policies[0].items;
    let asked = items.iter().find(|item| item.because.contains("contradicts itself")).unwrap();
    assert_eq!((asked.status, asked.permission.as_deref()), (Status::Unverified, None));
    assert!(asked.because.contains("line 6 requires it, and line 8 says"), "{}", asked.because);
    assert_eq!(asked.fix.as_ref().unwrap().role, Role::Integrator);
    // What was seen of the box itself stands under `access`, and nobody is told to tick or to untick it.
    assert!(report.access.iter().any(|entry| entry.permission == "people/about/view"));
    assert!(items.iter().all(|item| item.permission.as_deref() != Some("people/about/view")));
    assert_eq!((report.policies[0].outcome, report.exit_code), (Outcome::Inconclusive, 3));
}

#[test]
fn what_an_open_question_may_stand_for_is_never_called_superfluous() {
    let of = |lines: &str| {
        let policy = format!("policy: acme\nversion: 2026-11-21\n{lines}\n");
        let stage = || Stage::of(persona("demo")).file("acme.yaml", &policy);
        let ran = stage().run(&["--policy", "acme.yaml", "--output", "json"]);
        let items = ran.report().policies.remove(0).items;
        let held: Vec<Item> = items.into_iter().filter(|item| item.status == Status::Excess).collect();
        let letter = stage().run(&["--policy", "acme.yaml", "--output", "message"]).stdout;
        (ran.code, held, letter.to_uppercase().contains("UNTICK:"))
    };
    let role = |item: &Item| item.fix.as_ref().map(|fix| fix.role);
    for (list, lines, code) in [
        ("open", "optional: [{list-not-known: whatever you map}]\nrequires: [people/root/view]", 0),
        ("unknown", "requires: [people/root/view, {list-not-known: in the flow}]", 3),
    ] {
        let (found, held, unticks) = of(&format!("list: {list}\n{lines}"));
        assert_eq!((found, unticks), (code, false), "{list}: {lines}");
        assert!(held.len() > 3 && held.iter().all(|item| role(item) == Some(Role::Integrator)), "{lines}");
    }
    // What a line names, and a list that calls itself whole, is as clear as ever.
    let named = "list: unknown\nnot-needed: [people/payroll/view]\n\
                 requires: [people/root/view, {list-not-known: in the flow}]";
    let (_, held, unticks) = of(named);
    let clear: Vec<&Item> = held.iter().filter(|item| role(item) == Some(Role::HibobAdmin)).collect();
    assert!(unticks && clear.len() == 1, "{clear:?}");
    let whole = "list: closed\nrequires: [people/root/view, {unresolved: an old scope, label: Read all}]";
    let (code, held, unticks) = of(whole);
    assert_eq!((code, unticks), (1, true));
    assert!(held.iter().all(|item| role(item) == Some(Role::HibobAdmin)));
}

#[test]
fn what_is_wanted_under_an_open_condition_is_told_with_it() {
    for format in ["message", "markdown"] {
        let stage = Stage::of(persona("frontegg")).file("acme.yaml", POLICY);
        let text = stage.run(&["--policy", "acme.yaml", "--scope", "policy", "--output", format]).stdout;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.to_lowercase().contains("only if \"is the company big?\" is answered \"yes\""),
            "{text}"
        );
    }
}

#[test]
fn what_is_optional_under_a_condition_is_told_with_it_and_what_is_needed_under_one_as_needed() {
    let policy = "policy: t\nversion: 2026-11-23\nlist: open\nfacts:\n  country: {asks: Where?, values: [uk, elsewhere]}\n  doubts: Any doubts?\n\
         requires:\n  - people/root/view\n  - {permission: people/eeo/view, when: {fact: country = elsewhere}}\n\
         optional:\n  - {permission: people/eeo/view, when: {fact: country = uk}}\n\
         \x20 - {permission: people/home/view, when: {fact: doubts = yes}}\n  - people/equity/view\n\
         recommended:\n  - {permission: people/equity/view, when: {fact: doubts = yes}}\n";
    let ran = Stage::of(persona("demo")).file("acme.yaml", policy).run(&[
        "--policy",
        "acme.yaml",
        "--output",
        "json=report.json",
        "--output",
        "table",
        "--output",
        "message=admin.txt",
    ]);
    let report: Report = serde_json::from_str(&ran.written("report.json")).unwrap();
    let advice = |id: &str| item(&report, id).advice.clone();
    assert_eq!(
        advice("people/eeo/view").as_deref(),
        Some("it is needed if \"Where?\" is answered \"elsewhere\"")
    );
    assert_eq!(advice("people/home/view").as_deref(), Some("only if \"Any doubts?\" is answered \"yes\""));
    // One line asks for it, whatever is so.
    assert_eq!(advice("people/equity/view"), None);
    for text in [&ran.stdout, &ran.written("admin.txt")] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        for told in ["but it is needed if \"where?\"", "but only if \"any doubts?\""] {
            assert!(text.contains(told), "{told}: {text}");
        }
    }
}

#[test]
fn the_exact_service_user_has_the_folder_that_a_pattern_excepts_by_its_name() {
    let home = tempfile::tempdir().unwrap();
    let text = "policy: t\nversion: 2026-11-23\nlist: open\nrequires:\n  - people/root/view\n  - docs/Contracts/view\n\
                forbidden:\n  - {every: docs/*/view, except: [docs/Contracts]}\n";
    fs::write(home.path().join("t.yaml"), text).unwrap();
    let ran = audit(home.path())
        .args(["--policy", "t.yaml", "--simulate=exact", "--output", "json"])
        .output()
        .unwrap();
    let report: Report = serde_json::from_slice(&ran.stdout).unwrap();
    let items = &report.policies[0].items;
    let of_folder = items.iter().find(|item| item.need == Need::Required && item.label.contains("Contracts"));
    assert_ne!(of_folder.unwrap().status, Status::Missing, "{items:?}");
}

#[test]
fn the_exact_service_user_can_read_the_fields_that_a_pattern_asks_for() {
    let policy = "policy: t\nversion: 2026-11-22\nlist: closed\nrequires: [people/root/view, {every: fields/address.*/view}]\n";
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("t.yaml"), policy).unwrap();
    let arguments = ["--policy", "t.yaml", "--simulate=exact", "--scope", "policy", "--output", "json"];
    let ran = audit(home.path()).args(arguments).output().unwrap();
    let report: Report = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(item(&report, "fields/address.city/view").status, Status::Satisfied);
    assert_eq!(ran.status.code(), Some(0));
}

#[test]
fn of_a_denied_section_nobody_is_told_to_tick_every_box_that_it_may_mean() {
    let policy = "policy: t\ntitle: Acme\nversion: 2026-11-22\nlist: open\nrequires: [people/root/view, {section: people/lifecycle}]\n";
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("t.yaml"), policy).unwrap();
    let ran = audit(home.path()).args(["--policy", "t.yaml", "--simulate=exact"]).output().unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Lifecycle sections, whichever Acme means"), "{text}");
}

#[test]
fn where_no_status_may_be_read_the_admin_is_told_that_and_not_that_nobody_has_one() {
    let policy = "policy: acme\nversion: 2026-11-21\nlist: open\nrequires: [people/root/view]\n\
                  population: {exactly: [hired]}\n";
    let ran = Stage::of(persona("demo")).file("acme.yaml", policy).run(&[
        "--policy",
        "acme.yaml",
        "--output",
        "message",
    ]);
    let letter = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(letter.contains("may not read anybody's status, so we cannot tell whom it can see"), "{letter}");
    assert!(!letter.contains("we saw nobody"), "{letter}");
}

/// What comes of a policy with these lines for a service user that has just what it requires.
fn exact(lines: &str, more: &[&str]) -> (Option<i32>, Report) {
    let home = tempfile::tempdir().unwrap();
    let policy =
        format!("policy: t\nversion: 2026-11-23\nlist: open\nrequires: [people/root/view, {lines}]\n");
    fs::write(home.path().join("t.yaml"), policy).unwrap();
    let arguments = ["--policy", "t.yaml", "--simulate=exact", "--scope", "policy", "--output", "json"];
    let ran = audit(home.path()).args(arguments).args(more).output().unwrap();
    (ran.status.code(), serde_json::from_slice(&ran.stdout).unwrap())
}

#[test]
fn the_exact_service_user_follows_the_permission_model_that_is_told() {
    let lines = "{permission: people/address/view, when: {model: category}}, \
                 {permission: fields/address.city/view, when: {model: field}}";
    for model in ["category", "field"] {
        let (code, report) = exact(lines, &["--permission-model", model]);
        assert_eq!(code, Some(0), "{model}: {:?}", report.policies[0].items);
    }
    // "View, and Edit if rights go by section": by field, View alone shows the birth date.
    let lines = "people/personal/view, {permission: people/personal/edit, when: {model: category}}";
    for model in ["category", "field"] {
        let (code, report) = exact(lines, &["--permission-model", model]);
        assert_eq!(code, Some(0), "{model}: {:?}", report.policies[0].items);
    }
}

#[test]
fn the_exact_service_user_has_a_folder_of_hibobs_by_its_name_on_the_screen() {
    let (_, report) = exact("docs/Shared docs/view", &[]);
    let folder = item(&report, "docs/shared/view");
    // Documents came back; HiBob does not say of which folder.
    assert_eq!((folder.status, folder.doubt.as_deref()), (Status::Unverified, Some("mapping-unconfirmed")));
}
