//! The two sides of the ledger: what the catalogue reads into answers, and what the simulator's guards
//! really decided. They are written apart; here every verdict is held against the boxes that were ticked.
//!
//! Under the documented behaviour every permission is tried, alone and as the only one that is not held.
//! Under every other setting of every switch the permissions are drawn by lot from a fixed seed, for the
//! cross product is too large for a test that people run. Not tried: switches about writes (nothing is
//! written), the firewall and the rate limits (`manners.rs`), boxes that take effect late, and
//! `also_needs`, which changes what a box is.

use std::collections::{BTreeMap, BTreeSet};

use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::id::PermissionId;
use hibob_audit::report::{AccessEntry, PermissionModel, Report, VerdictWord};
use hibob_audit::simulator::persona::STATUSES;
use hibob_audit::simulator::switches::{Fault, Switches};
use hibob_audit::simulator::{Persona, Setup, TenantSpec};

use crate::stage::{Pipeline, each, id, persona, policy};

/// How many permissions are drawn for each setting of a switch, alone and missing.
const DRAWN: usize = 5;
const PEOPLE: usize = 40;
/// Measured, rounded down: of the verdicts that could be given, how many percent were.
const RESOLVED_PLAIN: usize = 30;
const RESOLVED_SWITCHED: usize = 25;

/// One setting of the pretend company: a name, the switches, the company.
struct World {
    name: String,
    switches: Switches,
    tenant: TenantSpec,
}

impl World {
    fn written(switches: &str, tenant: &str) -> Self {
        let name = format!("{switches} {tenant}").trim().to_owned();
        let read = |text: &str| if text.is_empty() { "{}".to_owned() } else { text.to_owned() };
        Self {
            switches: Switches::parse(&read(switches)).unwrap_or_else(|error| panic!("{name}: {error}")),
            tenant: TenantSpec::parse(&read(tenant)).unwrap_or_else(|error| panic!("{name}: {error}")),
            name,
        }
    }

    fn setup(&self, persona: Persona) -> Setup {
        let mut tenant = self.tenant.clone();
        // Small enough for a thousand runs, large enough for somebody of every status.
        tenant.people = tenant.people.min(PEOPLE);
        Setup { switches: self.switches.clone(), tenant, ..Setup::new(persona) }
    }
}

/// Every switch that a read can meet, at each value that is not its default; and the same for the company.
fn worlds() -> Vec<World> {
    let switches = [
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
        "metadata_wrapped: true",
        "named_lists_as_array: true",
        "one_person_wrapped: true",
        "bulk_errors_empty: array",
        "bulk_errors: object",
        "bulk_errors: literal-key",
        "bulk_cursor_as_documented: true",
        "history_alone_opens_table: false",
        "view_alone_opens_table: false",
        "token_not_match: false",
    ];
    let tenants = [
        "histories: young",
        "histories: imported",
        "nulls: never",
        "nulls: {never-for-types: [text, list]}",
        "modules_off: [time-attendance, hiring, job-catalog, workforce-planning, goals, learning]",
        "field_level: true",
        "people: 1",
        "people: 7",
        "renamed: {work: Role, payroll: Money}",
        "moved: {work.title: about, payroll.salary.payment: work}",
        "{categories: [], tables: [], folders: []}",
    ];
    let faults = [
        "{call: '*', status: 500, after: 3}",
        "{call: '*', status: 403, empty: true, after: 4}",
        "{call: POST /people/search, status: 500, after: 1}",
        "{call: POST /people/search, page: true}",
        "{call: GET /tasks, status: 403, empty: true}",
        "{call: GET /tasks, page: true}",
        "{call: GET /company/reports, location: 'http://127.0.0.1:9/elsewhere'}",
        "{call: GET /timeoff/policy-types, status: 404}",
        "{call: GET /bulk/people/work, status: 404}",
        "{call: GET /bulk/people/salaries, cut: true}",
    ];
    let mut worlds: Vec<World> = switches.iter().map(|switch| World::written(switch, "")).collect();
    worlds.extend(tenants.iter().map(|tenant| World::written("", tenant)));
    worlds.extend(faults.iter().map(|fault| World::written(&format!("faults: [{fault}]"), "")));
    for pair in [
        ("refusal_body: empty", "field_level: true"),
        ("withheld_leaves_null: true", "field_level: true"),
        ("flp_all_denied: all-null", "field_level: true"),
        ("view_alone_opens_table: false", "field_level: true"),
    ] {
        worlds.push(World::written(pair.0, pair.1));
    }
    worlds
}

/// One service user in one world.
struct Case {
    world: usize,
    persona: Persona,
    who: String,
}

/// An audience, and not a box beside it.
fn alone(id: &PermissionId) -> Persona {
    let mut persona = persona("ids-only").with(id.clone());
    // Whether somebody appears at all may hang on Basic info, which is tried with and without.
    persona.title = String::new();
    persona
}

fn alone_but_visible(box_id: &PermissionId) -> Persona {
    alone(box_id).with(id("people/root/view"))
}

fn all_but(id: &PermissionId) -> Persona {
    persona("everything").without(id)
}

/// Every box that the simulator can tick: the catalogue's, and those of the company's own sections.
fn permissions() -> Vec<PermissionId> {
    let listed = Catalogue::embedded().permissions().map(|permission| permission.id.clone());
    let all: BTreeSet<PermissionId> = listed.chain(persona("everything").grants).collect();
    all.into_iter().collect()
}

/// What is so: from the boxes alone, by no rule that the tool uses.
fn truth(setup: &Setup, categories: &BTreeMap<String, String>, entry: &PermissionId) -> bool {
    let held = |wanted: &PermissionId| {
        let own = setup.persona.grants.contains(wanted);
        own || setup.persona.groups.iter().any(|group| group.grants.contains(wanted))
    };
    let Some((field, action)) = entry.as_field() else {
        let whole = held(entry);
        // A section of which a field is withheld is not held as a whole.
        let withheld = entry.as_category().is_some_and(|(category, _)| {
            setup.persona.denied_fields.iter().any(|field| categories.get(field).is_some_and(|of| of == category))
        });
        return whole && !withheld;
    };
    if setup.persona.denied_fields.contains(field) {
        return false;
    }
    let of_section =
        categories.get(field).is_some_and(|category| held(&PermissionId::category(category, action)));
    held(entry) || of_section
}

/// The section of each field, as the simulator's own sheet and the company's changes have it.
fn categories(tenant: &TenantSpec) -> BTreeMap<String, String> {
    let sheet = include_str!("../../src/simulator/fields.csv");
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    let mut categories: BTreeMap<String, String> =
        rows.map(|row| (row["id"].clone(), row["categoryId"].clone())).collect();
    for own in &tenant.categories {
        categories.extend(own.fields.iter().map(|field| (field.id.clone(), own.id.clone())));
    }
    categories.extend(tenant.moved.clone());
    categories
}

/// The verdicts of a report against the truth: those that are wrong, and how many were given.
#[derive(Default)]
struct Tally {
    wrong: Vec<String>,
    given: usize,
    all: usize,
}

fn compare(world: &World, case: &Case, report: &Report, tally: &mut Tally) {
    let setup = world.setup(case.persona.clone());
    let categories = categories(&world.tenant);
    for entry in &report.access {
        let AccessEntry { permission, verdict, strength, .. } = entry;
        let is = truth(&setup, &categories, &id(permission));
        tally.all += 1;
        let said = match verdict {
            VerdictWord::Unknown => continue,
            VerdictWord::Granted => true,
            VerdictWord::Denied => false,
        };
        tally.given += 1;
        if said != is {
            let strength = strength.map(|strength| format!("{strength:?}").to_lowercase()).unwrap_or_default();
            tally.wrong.push(format!(
                "[{}] {}: {permission} is {} and was called {verdict:?} ({strength})",
                world.name,
                case.who,
                if is { "held" } else { "not held" }
            ));
        }
    }
    let by_field = world.tenant.field_level
        || !case.persona.denied_fields.is_empty()
        || case.persona.grants.iter().any(|id| id.as_field().is_some());
    if report.tenant.permission_model == PermissionModel::Field && !by_field {
        tally.wrong.push(format!(
            "[{}] {}: the tenant has permissions by category and was called one by field",
            world.name, case.who
        ));
    }
}

fn play(worlds: &[World], cases: &[Case], least: usize, what: &str) {
    let began = std::time::Instant::now();
    let frontegg = [policy("frontegg")];
    let reports = each(cases, 2, |case| {
        Pipeline::new(worlds[case.world].setup(case.persona.clone())).run(&frontegg).report
    });
    let mut tally = Tally::default();
    for (case, report) in cases.iter().zip(&reports) {
        compare(&worlds[case.world], case, report, &mut tally);
    }
    let share = tally.given * 100 / tally.all.max(1);
    println!(
        "{what}: {} service users in {} worlds, {} of {} verdicts given ({share} %), {} wrong, {:.1?}",
        cases.len(),
        worlds.len(),
        tally.given,
        tally.all,
        tally.wrong.len(),
        began.elapsed()
    );
    tally.wrong.dedup();
    assert!(tally.wrong.is_empty(), "{} verdicts are wrong:\n{}", tally.wrong.len(), tally.wrong.join("\n"));
    assert!(share >= least, "{what}: only {share} % of the verdicts were given, and {least} % once were");
}

#[test]
fn every_permission_as_documented_alone_and_missing() {
    let worlds = [World::written("", "")];
    let mut cases = Vec::new();
    for id in permissions() {
        let case = |persona, who: &str| Case { world: 0, persona, who: format!("{who} {id}") };
        cases.push(case(alone(&id), "only"));
        cases.push(case(alone_but_visible(&id), "only Basic info and"));
        cases.push(case(all_but(&id), "all but"));
    }
    play(&worlds, &cases, RESOLVED_PLAIN, "as documented");
}

#[test]
fn no_switch_makes_a_verdict_wrong() {
    let worlds = worlds();
    let permissions = permissions();
    let mut lot: u64 = 20_261_121;
    let mut draw = || {
        // A linear congruence is as good a lot as any, and the same on every machine.
        lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        permissions[usize::try_from(lot >> 33).unwrap() % permissions.len()].clone()
    };
    let mut cases = Vec::new();
    for world in 0..worlds.len() {
        for _ in 0..DRAWN {
            let id = draw();
            cases.push(Case { world, persona: alone(&id), who: format!("only {id}") });
            let id = draw();
            cases.push(Case { world, persona: all_but(&id), who: format!("all but {id}") });
        }
    }
    play(&worlds, &cases, RESOLVED_SWITCHED, "drawn by lot");
}

#[test]
fn no_switch_makes_a_verdict_on_a_persona_wrong() {
    let worlds = worlds();
    let mut cases = Vec::new();
    for (name, _) in Persona::names() {
        for world in 0..worlds.len() {
            cases.push(Case { world, persona: persona(name), who: name.to_owned() });
        }
    }
    play(&worlds, &cases, RESOLVED_SWITCHED, "personas");
}

#[test]
fn every_status_is_in_the_ledger() {
    let all = permissions();
    assert!(STATUSES.iter().all(|status| all.contains(&PermissionId::population(status))));
    assert!(all.len() > 110, "{}", all.len());
    let faulty = worlds().iter().filter(|world| world.switches.faults != Vec::<Fault>::new()).count();
    assert!(faulty >= 10, "{faulty}");
}
