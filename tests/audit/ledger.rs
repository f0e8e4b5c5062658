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
use hibob_audit::catalogue::id::{Action, PermissionId};
use hibob_audit::plan::{Checkable, checkable_permission};
use hibob_audit::report::{AccessEntry, Omission, PermissionModel, Report, VerdictWord};
use hibob_audit::simulator::persona::STATUSES;
use hibob_audit::simulator::switches::{Fault, Switches};
use hibob_audit::simulator::{Persona, Setup, TenantSpec};

use crate::stage::{Pipeline, each, id, persona, policy};

/// How many permissions are drawn for each setting of a switch, alone and missing.
const DRAWN: usize = 1;
const PEOPLE: usize = 40;
/// Measured, rounded down: of the verdicts that could be given, how many percent were.
const RESOLVED_PLAIN: usize = 37;
const RESOLVED_SWITCHED: usize = 45;

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
        "{call: POST /hiring/job-openings/search, status: 403, empty: true}",
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

/// An audience and one box.
fn alone(id: &PermissionId) -> Persona {
    persona("ids-only").with(id.clone())
}

fn basic_info() -> PermissionId {
    id("people/root/view")
}

fn is_shown(id: &PermissionId) -> bool {
    checkable_permission(Catalogue::embedded(), id, false) == Checkable::Api
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
            setup
                .persona
                .denied_fields
                .iter()
                .any(|field| categories.get(field).is_some_and(|of| of == category))
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

/// Where a verdict is known to be wrong today, each with the reason. Whoever mends one takes it out here.
fn is_an_open_question(world: &World, setup: &Setup, report: &Report, entry: &AccessEntry) -> bool {
    let by_field = is_by_field(setup);
    let granted = entry.verdict == VerdictWord::Granted;
    let id = id(&entry.permission);
    let category_and_action = id.as_category();
    // The heaviest assumption of the design: a withheld field leaves no null. The report says "open".
    let nulls = world.switches.withheld_leaves_null && granted && report.tenant.omission == Omission::Open;
    // A refused table is read as "neither View nor History", though History alone may not open it.
    let history_alone = !world.switches.history_alone_opens_table
        && category_and_action.is_some_and(|(category, action)| {
            action == Action::History
                && !setup.persona.grants.contains(&PermissionId::category(category, Action::View))
        });
    // The simulator opens the past of a column by its table's section, wherever its field was moved to.
    let moved = by_field && !world.tenant.moved.is_empty() && id.action() == "history";
    nulls || history_alone || moved
}

fn is_by_field(setup: &Setup) -> bool {
    setup.tenant.field_level
        || !setup.persona.denied_fields.is_empty()
        || setup.persona.grants.iter().any(|id| id.as_field().is_some())
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
        if said != is && !is_an_open_question(world, &setup, report, entry) {
            let strength =
                strength.map(|strength| format!("{strength:?}").to_lowercase()).unwrap_or_default();
            tally.wrong.push(format!(
                "[{}] {}: {permission} is {} and was called {verdict:?} ({strength})",
                world.name,
                case.who,
                if is { "held" } else { "not held" }
            ));
        }
    }
    if report.tenant.permission_model == PermissionModel::Field && !is_by_field(&setup) {
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
    let mut put = |persona, who: String| cases.push(Case { world: 0, persona, who });
    let (shown, unseen): (Vec<PermissionId>, Vec<PermissionId>) =
        permissions().into_iter().partition(is_shown);
    for id in shown.iter().chain(&unseen) {
        put(alone(id).with(basic_info()), format!("only Basic info and {id}"));
    }
    for id in &shown {
        put(persona("everything").without(id), format!("all but {id}"));
    }
    // What no answer shows changes no answer, so that many may be missing at once.
    for ids in unseen.chunks(10) {
        let less = ids.iter().fold(persona("everything"), Persona::without);
        put(less, format!("all but {} and {} others", ids[0], ids.len() - 1));
    }
    play(&worlds, &cases, RESOLVED_PLAIN, "as documented");
}

#[test]
fn no_switch_makes_a_verdict_wrong() {
    let worlds = worlds();
    let shown: Vec<PermissionId> = permissions().into_iter().filter(is_shown).collect();
    let names: Vec<&str> = Persona::names().into_iter().map(|(name, _)| name).collect();
    let mut lot: u64 = 20_261_121;
    let mut draw = |many: usize| {
        // A linear congruence is as good a lot as any, and the same on every machine.
        lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(lot >> 33).unwrap() % many
    };
    let mut cases = Vec::new();
    for (at, world) in worlds.iter().enumerate() {
        let mut put = |persona, who: String| cases.push(Case { world: at, persona, who });
        for _ in 0..DRAWN {
            let id = &shown[draw(shown.len())];
            put(alone(id), format!("only {id}"));
            let id = &shown[draw(shown.len())];
            put(persona("everything").without(id), format!("all but {id}"));
        }
        let drawn = names[draw(names.len())];
        for name in [drawn, "field-level", "two-groups"] {
            // Where one person is left, she is in no group of London's.
            if name != "two-groups" || world.tenant.people > 1 {
                put(persona(name), name.to_owned());
            }
        }
    }
    play(&worlds, &cases, RESOLVED_SWITCHED, "drawn by lot");
}

#[test]
fn every_status_is_in_the_ledger() {
    let all = permissions();
    assert!(STATUSES.iter().all(|status| all.contains(&PermissionId::population(status))));
    assert!(all.len() > 110, "{}", all.len());
    let faulty = worlds().iter().filter(|world| world.switches.faults != Vec::<Fault>::new()).count();
    assert!(faulty >= 10, "{faulty}");
}
