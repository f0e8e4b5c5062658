//! How many requests a run sends: never more than thirty for a company without tables of its own.

use hibob_audit::catalogue::Catalogue;
use hibob_audit::simulator::switches::Switches;
use hibob_audit::simulator::{Persona, Setup, TenantSpec};

use crate::stage::{Pipeline, each, id, persona, policy};

/// The most requests of a full run that reads, in any company without tables of its own.
const MOST: usize = 30;
/// What is asked about one person, and so about one of each audience.
const BY_PERSON: usize = 5;

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

const SWITCHES: [&str; 14] = [
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
];

/// People in several groups whose audiences differ.
const GROUPS: [(&str, usize); 6] = [
    (
        "persona: overlapping\ngroups:\n  - {people: [employed, leave], grants: [people/root/view, people/work/view]}\n  - {people: [employed], sites: [London], grants: [people/payroll/view, people/payroll/history]}\n",
        2,
    ),
    (
        "persona: apart\ngroups:\n  - {people: [employed], sites: [London], grants: [people/about/view]}\n  - {people: [employed], sites: [Berlin], grants: [people/home/view]}\n  - {people: [leave], grants: [people/eeo/view]}\n",
        3,
    ),
    (
        "persona: sliced\ngroups:\n  - {people: [employed], sites: [London], grants: [people/root/view, time-off/balance/view]}\n  - {people: [employed], sites: [Berlin], grants: [people/work/view, people/training/view]}\n  - {people: [employed], sites: [Tel Aviv], grants: [people/lifecycle/view, people/financial/view]}\n  - {people: [employed], sites: [New York], grants: [people/employment/view, docs/shared/view]}\n  - {people: [terminated], grants: [people/personal/view, attendance/sheets/manage]}\n",
        4,
    ),
    (
        "persona: one-of-five\ngroups:\n  - {people: [employed], grants: []}\n  - {people: [leave], grants: [people/root/view]}\n  - {people: [terminated], grants: [people/about/view]}\n  - {people: [hired], grants: [people/payroll/view]}\n  - {people: [garden-leave], grants: [people/identification/view]}\n",
        4,
    ),
    (
        "persona: whole-and-little\ngroups:\n  - {people: [everyone], grants: [people/root/view, people/about/view, people/work/view, people/employment/view, people/lifecycle/view]}\n  - {listed: [1], grants: [people/training/view, people/financial/view, people/equity/view, time-off/balance/view, attendance/sheets/manage, docs/shared/view]}\n",
        1,
    ),
    (
        "persona: audience-alone\ngroups:\n  - {people: [everyone], grants: []}\n  - {people: [employed], sites: [London], grants: [features/reports/view]}\n",
        1,
    ),
];

fn bare(tenant: &str) -> TenantSpec {
    let mut tenant = TenantSpec::parse(tenant).unwrap();
    tenant.categories.clear();
    tenant.tables.clear();
    tenant
}

/// A run of each kind, and how many audiences there are that show something which no other does.
fn cases() -> Vec<(String, Setup, usize)> {
    let mut cases = Vec::new();
    let mut put = |who: &Persona, tenant: &str, switches: &str, audiences: usize| {
        let setup = Setup {
            tenant: bare(tenant),
            switches: Switches::parse(switches).unwrap(),
            ..Setup::new(who.clone())
        };
        cases.push((format!("{} in {tenant} under {switches}", who.name), setup, audiences));
    };
    for (name, _) in Persona::names() {
        let who = persona(name);
        put(&who, "{}", "{}", 1 + who.groups.len());
    }
    for who in ["ids-only", "frontegg", "kombo"].map(persona) {
        TENANTS.iter().for_each(|tenant| put(&who, tenant, "{}", 1));
        SWITCHES.iter().for_each(|switches| put(&who, "{}", switches, 1));
    }
    let who_is_out = persona("ids-only").with(id("time-off/whos-out/view")).with(id("people/root/view"));
    put(&who_is_out, "{}", "{}", 1);
    // Nobody has a document to show, and everything else takes a second look: no other person is asked for one.
    let without = ["docs/shared/view", "docs/confidential/view", "time-off/whos-out/view"].map(id);
    let no_docs = without.iter().fold(persona("everything"), Persona::without);
    let twice = "docs_without_right: empty-list\nfaults: [{call: GET /bulk/people/equities, status: 404}]";
    put(&no_docs, "nulls: never", twice, 1);
    for (written, audiences) in GROUPS {
        put(&Persona::parse(written).unwrap(), "{}", "{}", audiences);
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
    let logs = each(&cases, 2, |(_, setup, _)| Pipeline::new(setup.clone()).run(&gifted).log);
    let mut counted: Vec<(usize, usize, &String)> = logs
        .iter()
        .zip(&cases)
        .map(|(log, (name, _, audiences))| (log.len(), MOST + BY_PERSON * (audiences - 1), name))
        .collect();
    counted.sort_by_key(|(many, most, _)| std::cmp::Reverse(many + MOST - most));
    for (many, most, name) in &counted[..4] {
        println!("{many} requests, {most} at the most: {name}");
    }
    for (many, most, name) in &counted {
        assert!(many <= most, "{name}: {many} requests");
    }
}
