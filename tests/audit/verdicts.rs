//! What each shipped policy comes to, box by box.

use std::collections::BTreeSet;

use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::id::PermissionId;
use hibob_audit::plan::{Checkable, candidates, checkable_permission};
use hibob_audit::policy::{Need, Policy, Target};
use hibob_audit::report::{Item, Report, Status, Strength};
use hibob_audit::simulator::switches::Switches;
use hibob_audit::simulator::{Persona, Setup};

use crate::stage::{AT_ONCE, Pipeline, Ran, Stage, each, id, persona, policy, simulator};

const POLICIES: [&str; 4] = ["frontegg", "gifted", "kombo", "stackone"];

fn is_shown(id: &PermissionId) -> bool {
    checkable_permission(Catalogue::embedded(), id, false) == Checkable::Api
}

/// The boxes that a policy points at, with the item that each belongs to.
fn boxes(policy: &Policy) -> Vec<(usize, PermissionId)> {
    let of_target = |target: &Target| match target {
        Target::Permission(id) => vec![id.clone()],
        Target::Section(id) => candidates(Catalogue::embedded(), id),
        _ => Vec::new(),
    };
    let items = policy.requirements.iter().enumerate();
    items
        .flat_map(|(at, requirement)| of_target(&requirement.target).into_iter().map(move |id| (at, id)))
        .collect()
}

fn arguments<'a>(policy: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["--policy", policy, "--output", "json"];
    arguments.extend(more);
    arguments
}

fn exactly(policy: &str, more: &[&str]) -> Ran {
    Stage::of(persona(policy)).run(&arguments(policy, more))
}

/// What an item came to, apart from its wording.
fn in_short(item: &Item) -> (Option<String>, Status, Option<String>) {
    (item.permission.clone(), item.status, item.doubt.clone())
}

fn with_status(report: &Report, status: Status) -> BTreeSet<String> {
    let items = report.policies.iter().flat_map(|policy| &policy.items);
    items
        .filter(|item| item.status == status)
        .map(|item| item.permission.clone().unwrap_or_default())
        .collect()
}

#[test]
fn whoever_has_exactly_what_a_policy_asks_misses_nothing() {
    let runs = each(&POLICIES, AT_ONCE, |policy| exactly(policy, &[]));
    for (policy, ran) in POLICIES.iter().zip(runs) {
        let report = ran.report();
        assert_eq!(with_status(&report, Status::Missing), BTreeSet::new(), "{policy}");
        assert_eq!(ran.code, 3, "{policy}: some of its items can never be shown");
        assert_eq!(report.exit_code, 3, "{policy}");
        let unverified = report.policies[0].summary.unverified;
        assert!(unverified > 0, "{policy}: ends in 3 and says that everything is verified");
        // The policy's whole checkable part is settled: no doubt hides in it.
        assert!(
            (report.policies[0].summary.checkable_coverage - 1.0).abs() < f64::EPSILON || *policy == "kombo",
            "{policy}"
        );
    }
}

#[test]
fn what_no_call_can_show_may_be_tolerated_and_is_still_said() {
    let runs = each(&["frontegg", "gifted", "stackone"], AT_ONCE, |policy| {
        (*policy, exactly(policy, &["--scope", "policy", "--tolerate", "uncheckable"]))
    });
    for (policy, ran) in runs {
        assert_eq!(ran.code, 0, "{policy}: {}", ran.stderr);
        let report = ran.report();
        let items = &report.policies[0].items;
        let tolerated: Vec<_> = items.iter().filter(|item| item.tolerated).collect();
        assert!(!tolerated.is_empty(), "{policy}");
        assert!(tolerated.iter().all(|item| item.status == Status::Unverified), "{policy}");
        let left = items.iter().filter(|item| item.status == Status::Unverified && !item.tolerated);
        assert_eq!(left.filter(|item| item.need == Need::Required).count(), 0, "{policy}");
    }
}

#[test]
fn a_policy_whose_list_is_not_known_is_never_green_by_habit() {
    let runs = each(&[&["uncheckable"][..], &["list-not-known"][..]], AT_ONCE, |words| {
        exactly("kombo", &["--scope", "policy", "--tolerate", words[0]]).code
    });
    assert_eq!(runs, [3, 0], "uncheckable, then the doubt by its name");
}

#[test]
fn each_box_taken_away_is_exactly_the_item_that_is_missing() {
    let mut cases = Vec::new();
    for name in POLICIES {
        for (at, id) in boxes(&policy(name)) {
            if is_shown(&id) && persona(name).grants.contains(&id) {
                cases.push((name, at, id));
            }
        }
    }
    let least = [("frontegg", 4), ("gifted", 10), ("kombo", 6), ("stackone", 8)];
    for (name, least) in least {
        let many = cases.iter().filter(|case| case.0 == name).count();
        assert!(many >= least, "{name}: only {many} boxes can be taken away");
    }
    let whole = each(&POLICIES, AT_ONCE, |name| exactly(name, &["--scope", "policy"]).report());
    let short = each(&cases, AT_ONCE, |(name, _, id)| {
        Stage::of(persona(name).without(id)).run(&arguments(name, &["--scope", "policy"]))
    });
    let mut wrong = Vec::new();
    for ((name, at, id), ran) in cases.iter().zip(short) {
        let before = &whole[POLICIES.iter().position(|policy| policy == name).unwrap()].policies[0];
        let report = ran.report();
        let after = &report.policies[0];
        let item = &after.items[*at];
        // A status that nobody is in and a status that may not be seen look the same.
        let (status, code) = match id.as_population() {
            Some(_) => (Status::Unverified, 3),
            None => (Status::Missing, 1),
        };
        if item.status != status {
            wrong.push(format!("{name} without {id}: {:?}, {:?}, {}", item.status, item.doubt, item.because));
        }
        if ran.code != code {
            wrong.push(format!("{name} without {id}: exit {} and not {code}", ran.code));
        }
        if before.items.len() != after.items.len() {
            wrong.push(format!(
                "{name} without {id}: {} items became {}",
                before.items.len(),
                after.items.len()
            ));
        }
        for (other, (was, is)) in before.items.iter().zip(&after.items).enumerate() {
            if other != *at && in_short(was) != in_short(is) {
                wrong.push(format!("{name} without {id}: {:?} became {:?}", in_short(was), in_short(is)));
            }
        }
    }
    println!("{} boxes were taken away", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_box_that_nobody_asked_for_is_exactly_one_more_excess() {
    let mut cases = Vec::new();
    for name in POLICIES {
        let asked: BTreeSet<PermissionId> = boxes(&policy(name)).into_iter().map(|(_, id)| id).collect();
        for permission in Catalogue::embedded().permissions() {
            let id = permission.id.clone();
            let basic_info = id.as_str() == "people/root/view";
            let held = basic_info || asked.contains(&id) || persona(name).grants.contains(&id);
            if is_shown(&id) && id.as_population().is_none() && !held {
                cases.push((name, id));
            }
        }
    }
    assert!(cases.len() > 100, "only {} boxes can be added", cases.len());
    // Nobody appears without Basic info where its history is not enough, so every persona here has it.
    let who = |name: &str| persona(name).with(id("people/root/view"));
    let whole = each(&POLICIES, 2, |name| Pipeline::of(who(name)).run(&[policy(name)]).report);
    let more =
        each(&cases, 2, |(name, id)| Pipeline::of(who(name).with(id.clone())).run(&[policy(name)]).report);
    let mut wrong = Vec::new();
    for ((name, id), report) in cases.iter().zip(more) {
        let before = &whole[POLICIES.iter().position(|policy| policy == name).unwrap()];
        if before.policies[0].items.iter().any(|item| item.permission.as_deref() == Some(id.as_str())) {
            wrong.push(format!("{name}: {id} is held before it is added"));
        }
        let mut expected = with_status(before, Status::Excess);
        expected.insert(id.to_string());
        let seen = with_status(&report, Status::Excess);
        if seen != expected {
            let entry = report.access.iter().find(|entry| entry.permission == id.as_str());
            let strange: Vec<_> = seen.symmetric_difference(&expected).collect();
            wrong.push(format!("{name} with {id}: {strange:?}; in access: {entry:?}"));
        }
        let asked = |report: &Report| -> Vec<_> {
            report.policies[0].items.iter().filter(|item| item.at.is_some()).map(in_short).collect()
        };
        if asked(before) != asked(&report) {
            wrong.push(format!("{name} with {id}: the policy's own items changed"));
        }
    }
    println!("{} boxes were added", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whoever_has_everything_misses_nothing_and_is_told_what_is_too_much() {
    for ran in
        each(&POLICIES, AT_ONCE, |policy| Stage::of(persona("everything")).run(&arguments(policy, &[])))
    {
        let report = ran.report();
        assert_eq!(with_status(&report, Status::Missing), BTreeSet::new());
        assert!(
            with_status(&report, Status::Excess).len() > 20,
            "{:?}",
            with_status(&report, Status::Excess)
        );
        assert_eq!(ran.code, 3, "an open list gates on no excess");
    }
}

#[test]
fn whoever_sees_nobody_is_told_both_causes_and_gets_no_verdict_on_people() {
    let ran = Stage::of(persona("nothing")).run(&["--policy", "frontegg"]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    assert!(ran.stdout.contains("audience") && ran.stdout.contains("Basic info"), "{}", ran.stdout);
    let report = Stage::of(persona("nothing")).run(&arguments("frontegg", &[])).report();
    for item in &report.policies[0].items {
        assert_eq!(item.status, Status::Unverified, "{:?}", item.permission);
    }
}

#[test]
fn whoever_sees_ids_alone_misses_what_is_asked_and_no_verdict_is_wrong() {
    let ran = Stage::of(persona("ids-only")).run(&arguments("frontegg", &["--scope", "policy"]));
    assert_eq!(ran.code, 1);
    let missing = with_status(&ran.report(), Status::Missing);
    assert!(missing.contains("people/work/view") && missing.contains("people/payroll/view"), "{missing:?}");
    assert_eq!(with_status(&ran.report(), Status::Satisfied), BTreeSet::new());
}

#[test]
fn no_excess_is_never_said_without_the_number_that_nobody_ruled_out() {
    let personas = ["frontegg", "everything", "nothing", "ids-only", "demo"];
    let cases: Vec<(&str, &str)> =
        personas.iter().flat_map(|persona| ["table", "message"].map(|format| (*persona, format))).collect();
    let runs = each(&cases, AT_ONCE, |(who, format)| {
        let format = format!("{format}=out.txt");
        let ran =
            Stage::of(persona(who)).run(&["--policy", "frontegg", "--output", "json", "--output", &format]);
        (ran.report(), ran.written("out.txt"))
    });
    for ((who, format), (report, text)) in cases.iter().zip(runs) {
        let undecided = report.policies[0].summary.excess_undecided;
        assert!(undecided > 0, "{who}: some boxes can never be ruled out");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = [format!("{undecided} box"), format!("{undecided} other box")];
        assert!(
            said.iter().any(|said| flat.contains(said)),
            "{who} as {format} does not say {undecided} boxes:\n{text}"
        );
    }
}

#[test]
fn a_known_leaver_settles_whether_leavers_are_in_reach() {
    let leaver = simulator(Setup::new(persona("kombo"))).known_person("terminated").unwrap();
    let ask = |who: Persona| {
        let stage = Stage::of(who).file("leavers.txt", &format!("{leaver}\n"));
        stage.run(&["--policy", "kombo", "--known", "terminated=@leavers.txt", "--output", "json"])
    };
    let terminated = |ran: &Ran| {
        let report = ran.report();
        let items = report.policies.into_iter().flat_map(|policy| policy.items);
        items.into_iter().find(|item| item.permission.as_deref() == Some("population/terminated")).unwrap()
    };
    let (within, without) =
        (ask(persona("kombo")), ask(persona("kombo").without(&id("population/terminated"))));
    assert_eq!(terminated(&within).status, Status::Satisfied);
    let missing = terminated(&without);
    assert_eq!(
        (missing.status, missing.strength),
        (Status::Missing, Some(Strength::Conclusive)),
        "{missing:?}"
    );
    assert_eq!(without.code, 1);
    for ran in [&within, &without] {
        assert!(
            !ran.stdout.contains(&leaver) && !ran.stderr.contains(&leaver),
            "the id of a person was written"
        );
    }
}

#[test]
fn somebody_outside_the_audience_of_one_table_may_be_in_another_where_people_have_no_ids() {
    let groups = "persona: apart\ngroups:\n  - {people: [employed], grants: [people/work/view, people/employment/view]}\n  \
                  - {people: [terminated], grants: [people/about/view]}\n";
    let setup = || {
        let switches = Switches::parse("withholds_ids: true").unwrap();
        Setup { switches, ..Setup::new(Persona::parse(groups).unwrap()) }
    };
    let leaver = simulator(setup()).known_person("terminated").unwrap();
    let ran = Stage::new(setup()).file("leavers.txt", &format!("{leaver}\n")).run(&[
        "--policy",
        "kombo",
        "--known",
        "terminated=@leavers.txt",
        "--output",
        "json",
    ]);
    let access = ran.report().access;
    let leavers = access.iter().find(|entry| entry.permission == "population/terminated").unwrap();
    assert_eq!(leavers.doubt.as_deref(), Some("nobody-seen"), "{leavers:?}");
}

#[test]
fn what_fails_a_run_beside_a_gap_does_not_excuse_the_gap() {
    let ran =
        Stage::of(persona("demo")).run(&["--policy", "frontegg", "--fail-on", "weak", "--output", "json"]);
    assert_eq!((ran.code, ran.report().policies[0].summary.missing), (1, 1));
    assert_eq!(ran.report().run.gate.fail_on, ["missing", "forbidden", "closed-excess", "weak"]);
}

#[test]
fn a_single_field_that_came_back_is_granted_though_nothing_shows_boxes_on_fields() {
    let policy = "policy: one-field\nversion: 2026-11-22\nlist: open\nrequires:\n  - fields/work.title/view\n  - fields/no.such/view\n";
    let ran = Stage::of(persona("demo"))
        .file("one.yaml", policy)
        .run(&["--policy", "one.yaml", "--output", "json"]);
    let report = ran.report();
    let items = &report.policies[0].items;
    assert_eq!(items[0].status, Status::Satisfied, "{:?}", items[0]);
    assert_eq!(items[1].doubt.as_deref(), Some("not-in-tenant"), "{:?}", items[1]);
    for item in items.iter().take(2) {
        let rows = report.access.iter().filter(|row| Some(&row.permission) == item.permission.as_ref());
        assert_eq!(rows.map(|row| row.verdict).collect::<Vec<_>>(), [item.verdict], "{:?}", item.permission);
    }
    assert!(report.access.is_sorted_by(|one, other| one.permission < other.permission));
}

#[test]
fn what_one_policy_can_do_without_and_another_needs_is_no_excess() {
    let without = "policy: without\nversion: 2026-11-22\nlist: open\nnot-needed:\n  - people/payroll/view\n";
    let stage = || Stage::of(persona("demo")).file("without.yaml", without);
    let status = |ran: &Ran| ran.report().policies[0].items[0].status;
    let alone = stage().run(&["--policy", "without.yaml", "--output", "json"]);
    assert_eq!(status(&alone), Status::Excess);
    let beside = stage().run(&["--policy", "without.yaml", "--policy", "frontegg", "--output", "json"]);
    assert_eq!(status(&beside), Status::Satisfied);
}
