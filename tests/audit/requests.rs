//! How many requests a run sends: never more than thirty for a company without tables of its own, however
//! many audiences there are.

use hibob_audit::catalogue::Catalogue;
use hibob_audit::policy::Policy;
use hibob_audit::simulator::switches::Switches;
use hibob_audit::simulator::{Persona, Setup, TenantSpec};

use crate::stage::{Pipeline, each, id, persona, policy, policy_of};

/// The most requests of a full run that reads, in any company without tables of its own.
const MOST: usize = 30;

const TENANTS: [&str; 12] = [
    "{}",
    "people: 1",
    "people: 7",
    "people: 300",
    "histories: young",
    "nulls: never",
    "nulls: {never-for-types: [text, list]}",
    "modules_off: [time-attendance, hiring, job-catalog, workforce-planning, goals, learning]",
    "field_level: true",
    "renamed: {work: Role, payroll: Money}",
    "moved: {work.title: about, payroll.salary.payment: work}",
    "folders: [{id: 6d0c8f5e-2b1f-4a53-9d0e-3f1f5d0a7c11, name: Contracts}]",
];

const SWITCHES: [&str; 15] = [
    "refusal_body: empty",
    "refusal_body: html",
    "whos_out_without_right: empty-list",
    "reports_without_right: empty-list",
    "docs_without_right: empty-list",
    "outsider_person: 404",
    "empty_audience_search: forbidden",
    "flp_all_denied: all-null",
    "some_modules_401: true",
    "id_without_basic_info: false",
    "withheld_leaves_null: true",
    "history_alone_opens_table: false",
    "view_alone_opens_table: false",
    "faults: [{call: '*', status: 403, empty: true, after: 4}]",
    "faults: [{call: GET /docs/folders/metadata, status: 403}]",
];

/// Equity is asked for once more, person by person.
const EQUITY_TWICE: &str = "faults: [{call: GET /bulk/people/equities, status: 404}]";

/// People in several groups whose audiences differ.
const GROUPS: [&str; 6] = [
    "persona: overlapping\ngroups:\n  - {people: [employed, leave], grants: [people/root/view, people/work/view]}\n  - {people: [employed], sites: [London], grants: [people/payroll/view, people/payroll/history]}\n",
    "persona: apart\ngroups:\n  - {people: [employed], sites: [London], grants: [people/about/view]}\n  - {people: [employed], sites: [Berlin], grants: [people/home/view]}\n  - {people: [leave], grants: [people/eeo/view]}\n",
    "persona: sliced\ngroups:\n  - {people: [employed], sites: [London], grants: [people/root/view, time-off/balance/view]}\n  - {people: [employed], sites: [Berlin], grants: [people/work/view, people/training/view]}\n  - {people: [employed], sites: [Tel Aviv], grants: [people/lifecycle/view, people/financial/view]}\n  - {people: [employed], sites: [New York], grants: [people/employment/view, docs/shared/view]}\n  - {people: [terminated], grants: [people/personal/view, attendance/sheets/manage]}\n",
    "persona: one-of-five\ngroups:\n  - {people: [employed], grants: []}\n  - {people: [leave], grants: [people/root/view]}\n  - {people: [terminated], grants: [people/about/view]}\n  - {people: [hired], grants: [people/payroll/view]}\n  - {people: [garden-leave], grants: [people/identification/view]}\n",
    "persona: whole-and-little\ngroups:\n  - {people: [everyone], grants: [people/root/view, people/about/view, people/work/view, people/employment/view, people/lifecycle/view]}\n  - {listed: [1], grants: [people/training/view, people/financial/view, people/equity/view, time-off/balance/view, attendance/sheets/manage, docs/shared/view]}\n",
    "persona: audience-alone\ngroups:\n  - {people: [everyone], grants: []}\n  - {people: [employed], sites: [London], grants: [features/reports/view]}\n",
];

fn bare(tenant: &str) -> TenantSpec {
    let mut tenant = TenantSpec::parse(tenant).unwrap();
    tenant.categories.clear();
    tenant.tables.clear();
    tenant
}

/// A run of each kind.
fn cases() -> Vec<(String, Setup)> {
    let mut cases = Vec::new();
    let mut put = |who: &Persona, tenant: &str, switches: &str| {
        let setup = Setup {
            tenant: bare(tenant),
            switches: Switches::parse(switches).unwrap(),
            ..Setup::new(who.clone())
        };
        cases.push((format!("{} in {tenant} under {switches}", who.name), setup));
    };
    for (name, _) in Persona::names() {
        let who = persona(name);
        put(&who, "{}", "{}");
    }
    for who in ["ids-only", "frontegg", "kombo"].map(persona) {
        TENANTS.iter().for_each(|tenant| put(&who, tenant, "{}"));
        SWITCHES.iter().for_each(|switches| put(&who, "{}", switches));
    }
    let who_is_out = persona("ids-only").with(id("time-off/whos-out/view")).with(id("people/root/view"));
    put(&who_is_out, "{}", "{}");
    // Nobody has a document to show, and everything else takes a second look: no other person is asked for one.
    let without = ["docs/shared/view", "docs/confidential/view", "time-off/whos-out/view"].map(id);
    let no_docs = without.iter().fold(persona("everything"), Persona::without);
    let twice = "docs_without_right: empty-list\nfaults: [{call: GET /bulk/people/equities, status: 404}]";
    put(&no_docs, "nulls: never", twice);
    // Nothing is refused before people are asked about one by one: the canary has to come after that.
    let late = ["docs/shared/view", "docs/confidential/view", "people/training/view"].map(id);
    let late = late.iter().fold(persona("everything"), Persona::without);
    put(&late, "{}", "docs_without_right: empty-list");
    // Every question is due: somebody is out, no date is sent where there is none, and Equity takes two.
    let out = ["time-off/whos-out/view", "people/root/view", "people/work/view", "people/lifecycle/view"];
    let out = out.map(id).into_iter().fold(persona("ids-only"), Persona::with);
    for tenant in ["nulls: never", "{nulls: never, people: 7}", "{nulls: never, people: 300}"] {
        put(&out, tenant, "{}");
        put(&out, tenant, EQUITY_TWICE);
    }
    for written in GROUPS {
        put(&Persona::parse(written).unwrap(), "{}", "{}");
        put(&Persona::parse(written).unwrap(), "nulls: never", EQUITY_TWICE);
    }
    cases
}

#[test]
fn the_page_about_requests_names_every_question() {
    let page = include_str!("../../docs/requests.md");
    for endpoint in Catalogue::embedded().endpoints() {
        assert!(
            page.contains(&format!("`{}`", endpoint.id)),
            "docs/requests.md does not name {}",
            endpoint.id
        );
    }
}

#[test]
fn no_run_sends_more_than_thirty_requests() {
    let cases = cases();
    let gifted = [policy("gifted")];
    let logs = each(&cases, 2, |(_, setup)| Pipeline::new(setup.clone()).run(&gifted).log);
    let mut counted: Vec<(usize, &String)> =
        logs.iter().zip(&cases).map(|(log, (name, _))| (log.len(), name)).collect();
    counted.sort_by_key(|(many, _)| std::cmp::Reverse(*many));
    for (many, name) in &counted[..4] {
        println!("{many} requests: {name}");
    }
    for (many, name) in &counted {
        assert!(*many <= MOST, "{name}: {many} requests");
    }
}

fn policy_that_requires(id: &str) -> Policy {
    policy_of(&format!("policy: p\ntitle: t\nversion: 2026-11-22\nlist: open\nrequires: [{id}]\n"))
}

/// What there was no room for where everything is due: somebody is out, and no date comes where there is none.
fn left_out(box_of_policy: &str, switches: &str) -> Vec<String> {
    let boxes = ["time-off/whos-out/view", "people/root/view", "people/work/view", "people/lifecycle/view"];
    let who = boxes.map(id).into_iter().fold(persona("ids-only"), Persona::with);
    let setup = Setup {
        tenant: bare("nulls: never"),
        switches: Switches::parse(switches).unwrap(),
        ..Setup::new(who)
    };
    let ran = Pipeline::new(setup).run(&[policy_that_requires(box_of_policy)]);
    assert_eq!(ran.log.len(), MOST);
    ran.evidence.no_room.into_iter().collect()
}

#[test]
fn nothing_is_left_out_for_the_sake_of_a_canary_that_another_question_can_stand_in_for() {
    let switches = Switches::parse(EQUITY_TWICE).unwrap();
    let setup = Setup { tenant: bare("{}"), switches, ..Setup::new(persona("everything")) };
    let ran = Pipeline::new(setup).run(&[policy("gifted")]);
    assert_eq!((ran.log.len(), ran.evidence.no_room.len()), (MOST, 0));
}

#[test]
fn what_may_settle_nothing_is_left_out_first_and_what_a_policy_needs_last() {
    let (private, other) = ("time-off/whos-out/view-private", "people/about/view");
    assert_eq!(left_out(other, "{}"), ["time-off-whos-out-all"]);
    assert_eq!(left_out(other, EQUITY_TWICE), ["person-equities", "time-off-whos-out-all"]);
    assert_eq!(left_out(private, "{}"), ["bulk-right-to-work"]);
    assert_eq!(left_out("people/equity/view", EQUITY_TWICE), ["bulk-right-to-work", "time-off-whos-out-all"]);
}

#[test]
fn who_else_is_asked_about_is_told_first_by_what_a_policy_needs() {
    let by_person = [
        ("people/training/view", "person-training"),
        ("people/financial/view", "person-bank-accounts"),
        ("time-off/balance/view", "time-off-balance"),
        ("attendance/sheets/manage", "attendance-entries"),
        ("docs/shared/view", "docs-of-person"),
    ];
    // Two kinds of people, and three.
    for group in &GROUPS[..2] {
        for (needed, endpoint) in by_person {
            let setup = Setup { tenant: bare("{}"), ..Setup::new(Persona::parse(group).unwrap()) };
            let ran = Pipeline::new(setup).run(&[policy_that_requires(needed)]);
            let no_room = ran.evidence.no_room;
            assert_eq!(no_room.len(), by_person.len() - 1, "{needed}: {no_room:?}");
            assert!(!no_room.contains(endpoint), "{needed}: {no_room:?}");
        }
    }
}

#[test]
fn neither_people_who_are_named_nor_a_canary_that_has_to_be_asked_again_make_more_than_thirty() {
    // Two boxes more or fewer decide whether the canary has to come after the last refusals.
    let boxes = ["people/root/view", "people/work/view", "people/lifecycle/view"];
    let who = boxes.map(id).into_iter().fold(persona("ids-only"), Persona::with);
    let cases = [
        ("people/root/view", "nulls: never"),
        ("people/employment/view", "{nulls: never, modules_off: [goals]}"),
    ];
    for (more, tenant) in cases {
        for known in [&[][..], &["1"]] {
            let setup = Setup { tenant: bare(tenant), ..Setup::new(who.clone().with(id(more))) };
            let pipeline =
                Pipeline { adjust: |settings| settings.manners.denials = 20, known, ..Pipeline::new(setup) };
            let ran = pipeline.run(&[policy_that_requires("people/root/view")]);
            assert!(ran.log.len() <= MOST, "{more} in {tenant}, {known:?}: {}", ran.log.len());
        }
    }
}
