//! Write probes: what they find out under every order in which HiBob may check, that they are not sent
//! unless they were asked for, and what happens when one of them is stored after all.

use std::collections::BTreeSet;

use hibob_audit::access::Model;
use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::id::{Action, PermissionId};
use hibob_audit::plan::Scope;
use hibob_audit::policy::Policy;
use hibob_audit::report::{Checkable, Item, ReadBack, Report, Status, VerdictWord};
use hibob_audit::simulator::{Logged, Persona, Setup, Switches, TenantSpec};

use crate::stage::{Pipeline, Ran, Stage, audit, each, id, persona, policy_of, simulator};

/// What is sent as a value that no list and no calendar has.
const IMPOSSIBLE: &str = "audit-probe-no-such-value";
/// Measured, rounded down: of the rights to edit that a write can show, how many percent were settled.
const RESOLVED: usize = 70;
const RESOLVED_DROPPED: usize = 40;

/// A company and its undocumented sides.
struct World {
    name: String,
    setup: Setup,
    told: Option<Model>,
}

fn world(switches: &str, tenant: &str) -> World {
    let read = |text: &str| if text.is_empty() { "{}".to_owned() } else { text.to_owned() };
    let mut setup = Setup::new(persona("nothing"));
    setup.switches = Switches::parse(&read(switches)).unwrap_or_else(|error| panic!("{switches}: {error}"));
    setup.tenant = TenantSpec::parse(&read(tenant)).unwrap_or_else(|error| panic!("{tenant}: {error}"));
    setup.tenant.people = setup.tenant.people.min(40);
    // Ten writes a minute are HiBob's limit; the patience that takes is tested elsewhere.
    setup.switches.rate_limit = Some(100_000);
    let told = (!setup.tenant.field_level).then_some(Model::Category);
    World { name: format!("{switches} {tenant}").trim().to_owned(), setup, told }
}

/// Every right to edit a section, of this company too.
fn edits() -> Vec<PermissionId> {
    persona("everything").grants.into_iter().filter(is_edit_of_section).collect()
}

fn is_edit_of_section(id: &PermissionId) -> bool {
    let own =
        |category: &str| Catalogue::embedded().is_category(category) || category.starts_with("category_");
    id.as_category().is_some_and(|(category, action)| action == Action::Edit && own(category))
}

/// Somebody who reads everything and edits nothing.
fn reader() -> Persona {
    edits().iter().fold(persona("everything"), Persona::without)
}

fn probe(world: &World, persona: Persona, told: Option<Model>) -> Report {
    let mut pipeline = Pipeline::new(Setup { persona, ..world.setup.clone() });
    pipeline.told = told;
    pipeline.writes = true;
    // Nothing but rights to edit: the other reads are not what is tested here.
    pipeline.scope = Scope::Policy;
    pipeline.run(&[every_edit()]).report
}

/// A policy that wants every right to edit a section.
fn every_edit() -> Policy {
    let edits: Vec<String> = edits().iter().map(ToString::to_string).collect();
    policy_of(&format!(
        "policy: p\ntitle: P\nversion: 2026-11-21\nlist: open\nrequires: [{}]\n",
        edits.join(", ")
    ))
}

fn verdict(report: &Report, id: &str) -> (VerdictWord, Option<String>) {
    let entry = report.access.iter().find(|entry| entry.permission == id);
    let entry = entry.unwrap_or_else(|| panic!("no {id}"));
    (entry.verdict, entry.doubt.clone())
}

/// The boxes that the service user holds, in whatever group.
fn held(persona: &Persona, id: &PermissionId) -> bool {
    persona.grants.contains(id) || persona.groups.iter().any(|group| group.grants.contains(id))
}

/// Holds every verdict on a right to edit against the boxes; hands back how many were given.
fn compare(world: &World, who: &str, persona: &Persona, report: &Report) -> usize {
    let mut given = 0;
    for edit in edits() {
        let truth = held(persona, &edit) && persona.denied_fields.is_empty();
        // A section that this company does not have is in no report.
        let Some(entry) = report.access.iter().find(|entry| entry.permission == edit.as_str()) else {
            continue;
        };
        let (said, doubt) = (entry.verdict, entry.doubt.clone());
        let name = &world.name;
        match said {
            VerdictWord::Unknown => continue,
            VerdictWord::Granted => {
                assert!(truth, "[{name}] {who}: {edit} is not held and was called granted")
            }
            VerdictWord::Denied => assert!(!truth, "[{name}] {who}: {edit} is held and was called denied"),
        }
        assert_eq!(doubt, None);
        given += 1;
    }
    given
}

fn writes(log: &[Logged]) -> Vec<&Logged> {
    log.iter().filter(|call| matches!(call.method.as_str(), "PUT" | "DELETE" | "PATCH")).collect()
}

#[test]
fn every_right_to_edit_alone_and_missing() {
    // Where HiBob refuses a write outright, and where it drops what may not be edited: there a field that
    // nobody was seen to write to says nothing by being dropped.
    for (switches, least) in [("uneditable_field: forbidden", RESOLVED), ("", RESOLVED_DROPPED)] {
        let world = world(switches, "");
        let mut cases =
            vec![("nothing".to_owned(), reader()), ("everything".to_owned(), persona("everything"))];
        // What is dropped is dropped alike, so every other section will do there.
        let step = if switches.is_empty() { 2 } else { 1 };
        for (at, edit) in witnessed().iter().enumerate().step_by(step) {
            cases.push((format!("only {edit}"), reader().with(edit.clone())));
            cases.push((format!("all but {edit}"), persona("everything").without(edit)));
            if at % 5 == 0 {
                cases.push((format!("{edit} and no view"), persona("ids-only").with(edit.clone())));
            }
        }
        let given: usize = each(&cases, 4, |(who, persona)| {
            let report = probe(&world, persona.clone(), world.told);
            assert_eq!(report.run.stopped, None);
            compare(&world, who, persona, &report)
        })
        .into_iter()
        .sum();
        let share = given * 100 / (witnessed().len() * cases.len());
        println!(
            "[{switches}] {} runs, {share} % of the rights that a write can show were settled",
            cases.len()
        );
        assert!(share >= least, "[{switches}] only {share} %, and {least} % once were");
    }
}

/// The rights to edit that a write can show in the pretend company.
fn witnessed() -> Vec<PermissionId> {
    let writes = Catalogue::embedded().writes();
    let fields = writes.fields.iter().map(|row| row.usually_in.as_str());
    let tables = writes.tables.iter().map(|row| row.category.as_str());
    let own = ["category_1720508362305"];
    let sections: BTreeSet<&str> = fields.chain(tables).chain(own).collect();
    sections.into_iter().map(|section| PermissionId::category(section, Action::Edit)).collect()
}

#[test]
fn no_order_of_checks_makes_a_verdict_wrong() {
    let worlds: Vec<World> = [
        ("uneditable_field: validated-then-dropped", ""),
        ("uneditable_field: taken-and-dropped", ""),
        ("entry_before_permission: true", ""),
        ("{uneditable_field: validated-then-dropped, entry_before_permission: true}", ""),
        ("outside_editing: 403", ""),
        ("outside_editing: 404", ""),
        ("{outside_editing: 403, uneditable_field: forbidden, refusal_body: empty}", ""),
        ("{refusal_body: html, uneditable_field: forbidden}", ""),
        ("one_person_wrapped: true", "nulls: never"),
        ("", "people: 1"),
        ("", "field_level: true"),
        ("uneditable_field: forbidden", "field_level: true"),
        ("", "moved: {personal.pronouns: about, home.familyStatus: work}"),
        ("", "{categories: [], tables: [], folders: []}"),
        ("faults: [{call: 'PUT /people/{identifier}', status: 403, page: true}]", ""),
        ("faults: [{call: 'PUT /people/{identifier}', status: 400}]", ""),
        ("faults: [{call: 'PUT /people/{identifier}', status: 500, after: 1}]", ""),
        ("faults: [{call: 'PUT /people/{identifier}', cut: true}]", ""),
        ("faults: [{call: 'DELETE /people/{id}/work/{entry}', status: 404, page: true}]", ""),
    ]
    .into_iter()
    .map(|(switches, tenant)| world(switches, tenant))
    .collect();
    let mut cases = Vec::new();
    for world in &worlds {
        let mut put = |who: &str, persona| cases.push((world, who.to_owned(), persona));
        put("nothing", reader());
        put("everything", persona("everything"));
        put("only home", reader().with(id("people/home/edit")));
        put("all but work", persona("everything").without(&id("people/work/edit")));
    }
    each(&cases, 4, |(world, who, persona)| {
        compare(world, who, persona, &probe(world, persona.clone(), world.told));
    });
    // Where nobody vouches for a model, fewer verdicts are given, and none is another one.
    for (world, who, persona) in cases.iter().step_by(17) {
        compare(world, who, persona, &probe(world, persona.clone(), None));
    }
}

#[test]
fn where_content_is_looked_at_first_nothing_is_granted() {
    for switches in [
        "{uneditable_field: validated-then-dropped, entry_before_permission: true}",
        "{outside_editing: 404}",
    ] {
        let world = world(switches, "");
        let report = probe(&world, reader(), Some(Model::Category));
        for edit in edits() {
            assert_ne!(verdict(&report, edit.as_str()).0, VerdictWord::Granted, "{switches}: {edit}");
        }
        if switches.contains("validated") {
            let unproven = (VerdictWord::Unknown, Some("order-unproven".to_owned()));
            assert_eq!(verdict(&report, "people/home/edit"), unproven);
            assert_eq!(verdict(&report, "people/work/edit"), unproven);
            // What reads settled stays settled.
            assert_eq!(verdict(&report, "people/personal/edit").0, VerdictWord::Denied);
        }
    }
}

#[test]
fn a_right_for_the_people_of_one_site_or_status_is_not_called_missing() {
    let groups = |narrow: &str| {
        let views: Vec<String> = reader()
            .grants
            .iter()
            .filter(|id| id.as_population().is_none())
            .map(|id| format!("\"{id}\""))
            .collect();
        let yaml = format!(
            "persona: narrow\ntitle: edits for some alone\ngroups:\n  - people: [everyone]\n    grants: [{}]\n  - {narrow}\n    \
             grants: [people/personal/edit, people/home/edit, people/work/edit]\n",
            views.join(", ")
        );
        Persona::parse(&yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
    };
    let mut cases = Vec::new();
    for narrow in [
        "people: [everyone]\n    sites: [London]",
        "people: [everyone]\n    sites: [New York]",
        "people: [terminated]",
        "people: [leave]",
    ] {
        for switches in ["", "uneditable_field: forbidden", "outside_editing: 403", "outside_editing: 404"] {
            cases.push((world(switches, ""), narrow, groups(narrow)));
        }
    }
    each(&cases, 4, |(world, narrow, persona)| {
        let report = probe(world, persona.clone(), Some(Model::Category));
        compare(world, narrow, persona, &report);
        assert_eq!(
            verdict(&report, "people/personal/edit").0,
            VerdictWord::Granted,
            "[{}] {narrow}",
            world.name
        );
    });
}

#[test]
fn one_field_is_not_its_section_unless_rights_are_given_by_section() {
    let classic = world("", "");
    let editor = || reader().with(id("people/home/edit")).with(id("people/work/edit"));
    let granted = (VerdictWord::Granted, None);
    let report = probe(&classic, editor(), Some(Model::Category));
    assert_eq!(verdict(&report, "people/home/edit"), granted);
    assert_eq!(verdict(&report, "people/work/edit"), granted);
    let report = probe(&classic, editor(), None);
    let undetermined = (VerdictWord::Unknown, Some("model-undetermined".to_owned()));
    assert_eq!(verdict(&report, "people/home/edit"), undetermined);
    assert_eq!(verdict(&report, "people/work/edit"), undetermined);
    assert_eq!(verdict(&report, "people/personal/edit").0, VerdictWord::Denied);
    assert_eq!(verdict(&report, "people/training/edit").0, VerdictWord::Denied);

    // Somebody who may edit one field of a section, in a company whose rights go by field.
    let by_field = world("", "field_level: true");
    let persona = reader()
        .without(&id("people/about/view"))
        .with(id("fields/about.hobbies/view"))
        .with(id("fields/home.familyStatus/edit"))
        .with(id("people/emergency/edit"));
    let report = probe(&by_field, persona, None);
    assert_eq!(verdict(&report, "fields/home.familyStatus/edit").0, VerdictWord::Granted);
    assert_eq!(verdict(&report, "fields/personal.pronouns/edit").0, VerdictWord::Denied);
    for section in ["home", "emergency", "personal"] {
        assert_eq!(verdict(&report, &format!("people/{section}/edit")).0, VerdictWord::Unknown, "{section}");
    }
}

#[test]
fn nothing_that_could_write_is_sent_unless_it_was_asked_for() {
    for arguments in [
        &["--policy", "frontegg", "--output", "json"][..],
        &["--policy", "own.yaml", "--scope", "policy", "--output", "json"],
    ] {
        let policy = "policy: p\ntitle: P\nversion: 2026-11-21\nlist: open\nrequires: [people/personal/edit, people/work/edit]\n";
        let ran = Stage::of(persona("everything")).file("own.yaml", policy).run(arguments);
        assert!(writes(&ran.log).is_empty(), "{:?}", ran.log);
        let reads = ["/search", "/people/search"];
        for call in &ran.log {
            let is_read = call.method == "GET"
                || (call.method == "POST" && reads.iter().any(|end| call.path.ends_with(end)));
            assert!(is_read, "{} {}", call.method, call.path);
        }
        let report = ran.report();
        assert_eq!((report.run.writes, report.run.read_back), (0, None));
        assert!(!ran.stdout.contains("\"read_back\""));
        let (said, doubt) = verdict(&report, "people/work/edit");
        assert_eq!((said, doubt.as_deref()), (VerdictWord::Unknown, Some("not-tested")));
    }
}

#[test]
fn a_production_host_is_not_written_to_by_the_plain_switch() {
    let ran = |arguments: &[&str], url: &str| {
        let mut all = vec!["--policy", "frontegg", "--write-probes"];
        all.extend(arguments);
        Stage::of(persona("nothing")).variable("HIBOB_BASE_URL", url).sends_nothing().run(&all)
    };
    for url in
        ["https://api.hibob.com/v1", "https://hibob.example/v1", "https://api.sandbox.hibob.com.example/v1"]
    {
        let ran = ran(&[], url);
        assert_eq!(ran.code, 2, "{url}: {}", ran.stderr);
        for word in ["--write-probes=production", "PUT", "DELETE", "nothing was sent", "plan --write-probes"]
        {
            assert!(ran.stderr.replace('\n', " ").contains(word), "{word}: {}", ran.stderr);
        }
    }
    let home = tempfile::tempdir().unwrap();
    let output =
        audit(home.path()).args(["--policy", "frontegg", "--write-probes=everywhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// A run of the binary against a simulator whose limits allow for the haste of a test.
fn run(persona: Persona, change: impl Fn(&mut Setup), arguments: &[&str]) -> Ran {
    let mut setup = Setup::new(persona);
    setup.switches.rate_limit = Some(100_000);
    setup.tenant.people = 30;
    change(&mut setup);
    let mut all = vec!["--write-probes", "--headroom", "1"];
    all.extend(arguments);
    Stage::new(setup).run(&all)
}

#[test]
fn what_is_written_is_what_the_plan_lists_and_nothing_changes() {
    let policy = ["--policy", "frontegg", "--permission-model", "category", "--output", "json"];
    let editor =
        persona("everything").without(&id("people/personal/edit")).without(&id("people/training/edit"));
    let ran = run(editor, |_| (), &policy);
    let report = ran.report();
    let sent = writes(&ran.log);
    assert!(!sent.is_empty());
    assert_eq!(usize::try_from(report.run.writes).unwrap(), sent.len());
    assert_eq!(usize::try_from(report.run.requests).unwrap(), ran.log.len());
    assert_eq!(report.run.read_back, Some(ReadBack::Same));
    for call in &sent {
        match call.method.as_str() {
            "PUT" => {
                assert_eq!(call.body.matches(IMPOSSIBLE).count(), 1, "{}", call.body);
                assert_eq!(call.body.matches(':').count(), call.body.matches('{').count(), "{}", call.body);
                assert!(!call.body.contains("birthDate") && !call.body.contains("internal"), "{}", call.body);
            }
            "DELETE" => assert!(call.path.ends_with("/1") && call.body.is_empty(), "{}", call.path),
            other => panic!("{other}"),
        }
        assert_ne!(call.status, 200, "{} {} {}", call.method, call.path, call.body);
    }
    // All reads of the run come first; only the reads around a write and the canary stand among them.
    let first = ran.log.iter().position(|call| call.method == "PUT" || call.method == "DELETE").unwrap();
    let later: BTreeSet<&str> =
        ran.log[first..].iter().map(|call| call.path.rsplit('/').next().unwrap()).collect();
    for path in ["whosout", "reports", "tasks", "lifecycle", "address"] {
        assert!(!later.contains(path), "{later:?}");
    }
    let plan =
        audit(ran.home.path()).args(["plan", "--policy", "frontegg", "--write-probes"]).output().unwrap();
    let plan = String::from_utf8(plan.stdout).unwrap();
    for line in
        ["PUT  /people/{person}", "inert-write", IMPOSSIBLE, "/people/{person}/work/1", "people/eeo/edit"]
    {
        assert!(plan.contains(line), "{line}: {plan}");
    }
    let planned = |method: &str, path: &str| {
        plan.lines().any(|line| line.contains(method) && line.trim_end().ends_with(path))
    };
    for call in &sent {
        let path = call.path.trim_start_matches("/v1");
        let parts: Vec<&str> = path.split('/').collect();
        let template = match parts[..] {
            ["", "people", _] => "/people/{person}".to_owned(),
            ["", "people", "custom-tables", _, _, "1"] => {
                "/people/custom-tables/{person}/{table}/1".to_owned()
            }
            ["", "people", _, table, "1"] => format!("/people/{{person}}/{table}/1"),
            _ => panic!("{path}"),
        };
        assert!(planned(&call.method, &template), "{} {template}", call.method);
    }
    let unlisted = audit(ran.home.path()).args(["plan", "--policy", "frontegg"]).output().unwrap();
    assert!(!String::from_utf8(unlisted.stdout).unwrap().contains("inert-write"));
    // A right that a write showed is still one that only a write can show.
    let item = |report: &Report, wanted: &str| -> Item {
        let items = report.policies.iter().flat_map(|policy| &policy.items);
        items.clone().find(|item| item.permission.as_deref() == Some(wanted)).unwrap().clone()
    };
    assert_eq!(item(&report, "people/work/edit").checkable, Checkable::Write);
    assert_eq!(item(&report, "people/work/edit").status, Status::Excess);

    let table = run(persona("everything"), |_| (), &["--policy", "frontegg"]);
    assert!(table.stdout.replace('\n', " ").contains("write probes, nothing changed"), "{}", table.stdout);
}

#[test]
fn a_value_that_is_stored_after_all_ends_the_writing_and_is_said_aloud() {
    for model in [&[][..], &["--permission-model", "category"]] {
        let mut arguments = vec![
            "--policy",
            "frontegg",
            "--output",
            "json",
            "--output",
            "message=m.txt",
            "--output",
            "table=t.txt",
        ];
        arguments.extend(model);
        let ran = run(persona("everything"), |setup| setup.switches.stores_anything = true, &arguments);
        let sent = writes(&ran.log);
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(sent[0].status, 200);
        let report = ran.report();
        assert_eq!((report.run.writes, report.run.read_back), (1, Some(ReadBack::Changed)));
        let stopped = report.run.stopped.clone().unwrap();
        for word in ["CHANGED", "person 1", "is no longer as it was", "no further write was sent"] {
            assert!(stopped.contains(word), "{stopped}");
        }
        assert_eq!(ran.code, 4, "{}", ran.stderr);
        let said = ran.stderr.replace('\n', " ");
        assert!(said.contains("CHANGED") && said.contains(IMPOSSIBLE), "{said}");
        assert!(ran.written("t.txt").contains("SOMETHING MAY HAVE BEEN CHANGED"));
        assert!(ran.written("m.txt").contains("IMPORTANT"), "{}", ran.written("m.txt"));
        // The field that was stored in is named; neither the person nor what stood there is.
        for (place, text) in ran.everything_written() {
            for mark in ran.running.marks() {
                assert!(!text.contains(&mark), "{place} holds {mark}");
            }
        }
    }
}

#[test]
fn a_200_that_stores_nothing_ends_the_writing_too() {
    let taken = hibob_audit::simulator::switches::UneditableField::TakenAndDropped;
    let ran = run(
        reader(),
        |setup| setup.switches.uneditable_field = taken,
        &["--policy", "frontegg", "--output", "json"],
    );
    let last = writes(&ran.log);
    assert_eq!(last.iter().filter(|call| call.status == 200).count(), 1, "{last:?}");
    assert_eq!(last.last().unwrap().status, 200);
    let report = ran.report();
    assert_eq!((report.run.stopped.as_deref(), report.run.read_back), (None, Some(ReadBack::Same)));
    assert!(report.run.write_note.as_deref().unwrap().contains("no further write was sent"));
}

#[test]
fn only_what_a_policy_wants_is_written_to_and_what_proves_the_order() {
    let world = world("", "");
    let wanted = policy_of(
        "policy: p\ntitle: P\nversion: 2026-11-21\nlist: open\nrequires: [people/personal/edit]\nforbidden: [people/training/edit]\n",
    );
    let run = |persona: Persona| {
        let mut setup = Setup { persona, ..world.setup.clone() };
        setup.switches.firewall_refusals = 0;
        let mut pipeline = Pipeline::new(setup);
        pipeline.told = Some(Model::Category);
        pipeline.scope = Scope::Policy;
        pipeline.writes = true;
        pipeline.run(std::slice::from_ref(&wanted))
    };
    let nothing = run(reader());
    // One section and one table, refused for people of every kind; nobody needs to know the order.
    let categories: BTreeSet<&str> = nothing
        .log
        .iter()
        .filter(|call| call.method == "PUT")
        .map(|call| call.body.split('"').nth(1).unwrap())
        .collect();
    assert_eq!(categories, BTreeSet::from(["personal"]));
    let item = |report: &Report, at: usize| report.policies[0].items[at].status;
    assert_eq!(item(&nothing.report, 0), Status::Missing);
    assert_eq!(item(&nothing.report, 1), Status::Satisfied);
    // Held, and the order is learned from the other sections.
    let editor = run(reader().with(id("people/personal/edit")).without(&id("people/home/view")));
    assert!(editor.log.iter().filter(|call| call.method == "PUT").count() > 1);
}

#[test]
fn what_hibob_forces_is_not_to_be_unticked_blindly() {
    let wants = |permission: &str| {
        format!("policy: p\ntitle: P\nversion: 2026-11-21\nlist: open\nrequires: [{permission}]\n")
    };
    let excess = |permission: &str, model: &str| {
        let ran = Stage::of(persona("everything")).file("own.yaml", &wants(permission)).run(&[
            "--policy",
            "own.yaml",
            "--permission-model",
            model,
            "--output",
            "json",
            "--output",
            "message=m.txt",
            "--output",
            "table=t.txt",
        ]);
        let items = ran.report().policies.remove(0).items;
        let item = items.into_iter().find(|item| item.permission.as_deref() == Some("people/personal/edit"));
        let flat = |file: &str| ran.written(file).split_whitespace().collect::<Vec<_>>().join(" ");
        (item, flat("m.txt"), flat("t.txt"))
    };
    for permission in ["people/personal/view", "fields/personal.birthDate/view"] {
        let (item, message, table) = excess(permission, "category");
        let advice = item.unwrap().advice.unwrap();
        assert!(advice.contains("Date of Birth") && advice.contains("untick it only if"), "{advice}");
        assert!(message.contains("only to whoever may also edit it"), "{message}");
        assert!(table.contains("only if"), "{table}");
    }
    let (item, ..) = excess("people/work/view", "category");
    assert_eq!(item.unwrap().advice, None);
    assert!(excess("people/personal/view", "field").0.is_none());
}

#[test]
fn the_simulator_is_asked_by_hand_only_here() {
    // A guard of these tests: the switches that they lean on do what they say.
    let mut setup = Setup::new(reader());
    setup.switches = Switches::parse("{outside_editing: 404}").unwrap();
    let running = simulator(setup);
    let person = running.known_person("employed").unwrap();
    let answer = crate::stage::by_hand(&running, "DELETE", &format!("/people/{person}/work/1"), "");
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("Employee not found"), "{answer}");
}
