//! The settings of the pretend company under which verdicts are held against the boxes.

use hibob_audit::catalogue::id::PermissionId;
use hibob_audit::simulator::persona::STATUSES;
use hibob_audit::simulator::tenant::{CustomCategory, CustomField, CustomTable};
use hibob_audit::simulator::{Audience, Group, Persona, Setup, Switches, TenantSpec};

use crate::lot::Lot;
use crate::stage::{id, persona};

/// Small enough for thousands of runs, large enough for somebody of every status.
const PEOPLE: usize = 40;

/// One setting: the switches and the company.
#[derive(Clone)]
pub(super) struct World {
    pub(super) name: String,
    pub(super) switches: Switches,
    pub(super) tenant: TenantSpec,
}

impl World {
    pub(super) fn written(switches: &str, tenant: &str) -> Self {
        let name = format!("{switches} {tenant}").trim().to_owned();
        let read = |text: &str| if text.is_empty() { "{}".to_owned() } else { text.to_owned() };
        let mut tenant = TenantSpec::parse(&read(tenant)).unwrap_or_else(|error| panic!("{name}: {error}"));
        tenant.people = tenant.people.min(PEOPLE);
        let switches = Switches::parse(&read(switches)).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name, switches, tenant }
    }

    fn changed(name: &str, change: impl FnOnce(&mut TenantSpec)) -> Self {
        let mut world = Self::written("", "");
        change(&mut world.tenant);
        Self { name: name.to_owned(), ..world }
    }

    pub(super) fn setup(&self, persona: Persona) -> Setup {
        Setup { switches: self.switches.clone(), tenant: self.tenant.clone(), ..Setup::new(persona) }
    }

    pub(super) fn is_faulty(&self) -> bool {
        !self.switches.faults.is_empty()
    }
}

const TABLES: &[&str] = &[
    "people/work/",
    "people/employment/",
    "people/lifecycle/",
    "people/payroll/",
    "people/address/",
    "people/equity/",
    "people/training/",
    "people/financial/",
    "people/category_",
];
const ONE_BY_ONE: &[&str] = &[
    "people/equity/",
    "people/training/",
    "people/financial/",
    "people/category_",
    "docs/",
    "time-off/balance/",
    "attendance/",
];
const BOUGHT_APART: &[&str] = &[
    "attendance/",
    "features/projects/",
    "features/job-",
    "features/workforce-",
    "features/goals/",
    "goals/",
];
const MODULES: &str =
    "modules_off: [time-attendance, hiring, job-catalog, workforce-planning, goals, learning]";

/// Every switch that a read can meet, at each value that is not its default; the company under which it
/// shows; and the boxes that it touches, by the beginning of their ids.
pub(super) const SETTINGS: [(&str, &str, &[&str]); 34] = [
    ("refusal_body: empty", "", &[""]),
    ("refusal_body: html", "", &[""]),
    ("whos_out_without_right: empty-list", "", &["time-off/"]),
    ("reports_without_right: empty-list", "", &["features/reports/"]),
    ("docs_without_right: empty-list", "", &["docs/"]),
    ("{docs_without_right: empty-list, docs_name_their_folder: true}", "", &["docs/"]),
    ("goals_without_right: empty-list", "", &["goals/", "features/goals/"]),
    ("private_without_right: forbidden", "", &["time-off/"]),
    ("pending_without_right: forbidden", "", &["time-off/"]),
    ("module_off: not-found", MODULES, BOUGHT_APART),
    ("module_off: empty-refusal", MODULES, BOUGHT_APART),
    ("validation_first: true", "", &["features/", "attendance/", "goals/"]),
    ("docs_name_their_folder: true", "", &["docs/"]),
    ("no_rows_no_body: true", "", ONE_BY_ONE),
    ("restrictions_by_person: true", "field_level: true", TABLES),
    (
        "moved_column: table",
        "{field_level: true, moved: {work.title: about, payroll.salary.payment: work}}",
        TABLES,
    ),
    ("order: 7", "", TABLES),
    ("outsider_person: 404", "", ONE_BY_ONE),
    ("empty_audience_search: forbidden", "", &["population/", "people/root/"]),
    ("flp_all_denied: all-null", "field_level: true", TABLES),
    ("some_modules_401: true", "", &["features/workforce-"]),
    ("id_without_basic_info: false", "", &[""]),
    ("withholds_ids: true", "", &["population/", "people/root/", "people/work/"]),
    ("withheld_leaves_null: true", "", &["people/"]),
    ("withheld_leaves_null: true", "field_level: true", TABLES),
    ("metadata_wrapped: true", "", &["people/"]),
    ("bulk_errors_empty: array", "", TABLES),
    ("bulk_errors: object", "", TABLES),
    ("bulk_errors: literal-key", "", TABLES),
    ("bulk_cursor_as_documented: true", "", TABLES),
    ("history_alone_opens_table: false", "", TABLES),
    ("view_alone_opens_table: false", "", TABLES),
    ("view_alone_opens_table: false", "field_level: true", TABLES),
    ("also_needs: {GET /docs/folders/metadata: [features/docs/access]}", "", &["docs/"]),
];

/// Switches that no reading meets, each with the reason.
pub(super) const NOT_MET: [(&str, &str); 20] = [
    ("ids_when_asked", "every search asks for them: audiences.rs"),
    ("named_lists_as_array", "lists are not asked for"),
    ("one_person_wrapped", "people are read one by one around a write alone: writes.rs"),
    ("uneditable_field", "writes.rs"),
    ("entry_before_permission", "writes.rs"),
    ("outside_editing", "writes.rs"),
    ("stores_anything", "writes.rs"),
    ("token_not_match", "wrong credentials end a run: mistakes.rs"),
    ("blocked_ip", "mistakes.rs"),
    ("firewall_refusals", "manners.rs"),
    ("firewall_window_ms", "manners.rs"),
    ("firewall_block_ms", "manners.rs"),
    ("firewall_status", "manners.rs"),
    ("rate_limit", "manners.rs"),
    ("rate_window_ms", "manners.rs"),
    ("retry_after", "manners.rs"),
    ("clock_off_s", "faults.rs"),
    ("propagation_ms", "boxes that take effect late: verdicts.rs"),
    ("propagation_calls", "rounds.rs"),
    ("late", "boxes that take effect late: verdicts.rs"),
];

pub(super) const FAULTS: [&str; 10] = [
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

/// Every kind of company.
pub(super) fn companies() -> Vec<World> {
    let mut worlds: Vec<World> = [
        "histories: young",
        "histories: imported",
        "nulls: never",
        "nulls: {never-for-types: [text, list]}",
        "nulls: {never-for-types: [text, text-area, number, date, boolean, currency, employee-reference]}",
        MODULES,
        "field_level: true",
        "people: 1",
        "people: 7",
        "renamed: {work: Role, payroll: Money, about: Me}",
        "moved: {work.title: about, payroll.salary.payment: work, home.mobilePhone: category_1720508362305}",
        "{field_level: true, moved: {work.title: about, payroll.salary.payment: work}}",
        "{categories: [], tables: [], folders: []}",
        "filled: sparse",
        "{filled: sparse, nulls: never}",
        "filled: bare",
        "quiet: true",
    ]
    .map(|tenant| World::written("", tenant))
    .into();
    worlds.push(World::changed("300 custom fields", |tenant| tenant.categories.extend(own_sections(3, 100))));
    worlds.push(World::changed("60 custom sections", |tenant| {
        tenant.categories.extend(own_sections(60, 3));
        // Some have a table beside their fields, some a table alone.
        for at in (0..60).step_by(10) {
            tenant.tables.push(table_of(&tenant.categories[at].id.clone(), at));
        }
        tenant.tables.push(table_of("category_1730000099999", 99));
    }));
    worlds
}

fn own_sections(sections: usize, fields: usize) -> Vec<CustomCategory> {
    const KINDS: [&str; 6] = ["text", "date", "list", "number", "multi-list", "boolean"];
    let field = |section: usize, at: usize| CustomField {
        id: format!("category_17300000{section:05}.field_17300{section:04}{at:04}"),
        name: format!("Field {at}"),
        kind: KINDS[(section + at) % KINDS.len()].to_owned(),
    };
    let section = |section: usize| CustomCategory {
        id: format!("category_17300000{section:05}"),
        name: format!("Section {section}"),
        fields: (0..fields).map(|at| field(section, at)).collect(),
    };
    (0..sections).map(section).collect()
}

fn table_of(category: &str, at: usize) -> CustomTable {
    CustomTable {
        id: format!("{category}__table_{at}"),
        category: category.to_owned(),
        name: format!("Table {at}"),
        columns: vec![format!("column_{at}")],
    }
}

/// The boxes of the company's own sections and folders.
pub(super) fn own_boxes(tenant: &TenantSpec) -> Vec<PermissionId> {
    let sections = tenant.categories.iter().map(|own| &own.id);
    let mut boxes: Vec<PermissionId> = sections
        .chain(tenant.tables.iter().map(|table| &table.category))
        .map(|section| id(&format!("people/{section}/view")))
        .collect();
    boxes.extend(tenant.folders.iter().map(|folder| id(&format!("docs/{}/view", folder.id))));
    boxes.sort();
    boxes.dedup();
    boxes
}

/// Every box ticked, those of the company's own sections among them.
pub(super) fn everything(tenant: &TenantSpec) -> Persona {
    own_boxes(tenant).into_iter().fold(persona("everything"), Persona::with)
}

/// A service user as no guide would have it: any boxes, in one group or in several with audiences of
/// their own, in a company with rights by field now and then with fields withheld.
pub(super) fn any_persona(
    lot: &mut Lot,
    world: &World,
    boxes: &[PermissionId],
    fields: &[String],
) -> Persona {
    let groups = if lot.draw(3) == 0 { 2 + lot.draw(2) } else { 1 };
    // Where few are left, a site may have nobody.
    let several_sites = world.tenant.people > 10;
    let mut drawn: Vec<Group> =
        (0..groups).map(|at| any_group(lot, boxes, several_sites && at > 0)).collect();
    let first = drawn.remove(0);
    let mut persona = Persona { grants: first.grants, audience: first.audience, ..persona("ids-only") };
    persona.groups = drawn;
    persona.name = "any".to_owned();
    if world.tenant.field_level {
        for _ in 0..lot.draw(12) {
            persona.denied_fields.insert(fields[lot.draw(fields.len())].clone());
        }
        for _ in 0..lot.draw(12) {
            let field = &fields[lot.draw(fields.len())];
            let wanted = id(&format!("fields/{field}/view"));
            if !persona.denied_fields.contains(field) {
                persona.grants.insert(wanted);
            }
        }
    }
    persona
}

fn any_group(lot: &mut Lot, boxes: &[PermissionId], narrow: bool) -> Group {
    let density = 1 + lot.draw(9);
    let mut grants: std::collections::BTreeSet<PermissionId> =
        boxes.iter().filter(|id| id.as_population().is_none() && lot.draw(10) < density).cloned().collect();
    grants.insert(id("people/root/view"));
    let mut audience = Audience::default();
    if narrow && lot.draw(2) == 0 {
        // Whom nothing tells apart cannot all be asked one by one: `docs/design.md` says what that costs.
        grants.retain(|id| !ONE_BY_ONE.iter().any(|head| id.as_str().starts_with(head)));
        audience.sites.insert(["London", "Berlin", "Tel Aviv", "New York"][lot.draw(4)].to_owned());
    }
    grants.insert(id("population/employed"));
    grants
        .extend(STATUSES.iter().filter(|_| lot.draw(2) == 0).map(|status| PermissionId::population(status)));
    Group { grants, audience }
}
