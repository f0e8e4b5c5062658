//! What the lines of a policy come to in a tenant, row by row. Evidence is made by hand.

mod fields;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::*;
use crate::access::Model;
use crate::catalogue::id::EndpointId;
use crate::evidence::{
    CustomTable, Evidence, Field, ListSeen, People, Presence, Reply, Sample, Seen, TableSeen,
};
use crate::policy::adapt::{adapt, choices};
use crate::policy::{Origin, overlay, validate};
use crate::source::Source;

const PEOPLE: u32 = 20;
const OK: Seen = Seen { reply: Reply::Answered, status: Some(200), believed: false };

/// What came back of a field.
#[derive(Clone, Copy, PartialEq)]
enum Came {
    Back,
    Never,
    /// It stayed away, and an empty one of its type might have too.
    Silent,
}
use Came::{Back, Never, Silent};

/// A tenant with one field in each of some sections.
struct Tenant(Evidence);

impl Tenant {
    fn of(sections: &[(&str, &str, Came)]) -> Self {
        let mut evidence = Evidence {
            metadata: OK,
            people: People {
                seen: OK,
                visible: PEOPLE,
                with_id: PEOPLE,
                statuses: BTreeMap::from([("employed".to_owned(), PEOPLE)]),
                ..People::default()
            },
            sample: Some(Sample { seen: OK, people: PEOPLE, fields: BTreeMap::new() }),
            sampled_everybody: true,
            ..Evidence::default()
        };
        for list in ["custom-tables", "docs-folders"] {
            let seen = ListSeen { seen: OK, ..ListSeen::default() };
            evidence.answers.insert(EndpointId::new(list), seen);
        }
        // One empty text came back as null, so a text that stays away is denied; a list is not.
        Self(evidence)
            .field("root.email", "root", "Basic info", "text", (PEOPLE - 1, 1, 0))
            .sections(sections)
    }

    fn sections(mut self, sections: &[(&str, &str, Came)]) -> Self {
        for (category, name, came) in sections {
            let id = format!("{category}.one");
            self = match came {
                Back => self.field(&id, category, name, "text", (PEOPLE, 0, 0)),
                Never => self.field(&id, category, name, "text", (0, 0, PEOPLE)),
                Silent => self.field(&id, category, name, "list", (0, 0, PEOPLE)),
            };
        }
        self
    }

    fn field(mut self, id: &str, category: &str, section: &str, kind: &str, seen: (u32, u32, u32)) -> Self {
        self.0.fields.push(Field {
            id: id.to_owned(),
            category: category.to_owned(),
            category_name: section.to_owned(),
            json_path: id.to_owned(),
            name: format!("The {id}"),
            kind: kind.to_owned(),
            historical: false,
        });
        let (value, empty, absent) = seen;
        let presence = Presence { value, empty, absent, ..Presence::default() };
        self.0.sample.as_mut().unwrap().fields.insert(id.to_owned(), presence);
        self
    }

    fn access(&self, told: Option<Model>) -> Access {
        Access::infer(Catalogue::embedded(), &self.0, told)
    }

    /// What a policy comes to: what is pointed at, how much, and the status.
    fn come_to(&self, lines: &str) -> Items {
        self.come_to_with(lines, None, "", &[], &[])
    }

    fn come_to_with(
        &self,
        lines: &str,
        told: Option<Model>,
        over: &str,
        with: &[&str],
        facts: &[&str],
    ) -> Items {
        let policies = policies(&[lines], over, with, facts);
        let access = self.access(told);
        in_short(&Gaps::between(&policies, &access, Catalogue::embedded(), told == Some(Model::Category))[0])
    }
}

fn policies(lines: &[&str], over: &str, with: &[&str], facts: &[&str]) -> Vec<Policy> {
    let catalogue = Catalogue::embedded();
    let read = |lines: &&str| {
        let text = format!("policy: x\nversion: 2026-11-21\nlist: open\n{lines}\n");
        let source = Source::new("x.yaml", text);
        validate::read(&source, Origin::File, catalogue).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let policies: Vec<Policy> = lines.iter().map(read).collect();
    let overlays: Vec<_> = (!over.is_empty())
        .then(|| overlay::read(&Source::new("over.yaml", over), &policies, catalogue).unwrap())
        .into_iter()
        .collect();
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let told = choices(&policies, &owned(with), &owned(facts)).unwrap();
    adapt(policies, &overlays, &told, catalogue).unwrap()
}

fn in_short(gaps: &Gaps<'_>) -> Items {
    gaps.items
        .iter()
        .map(|gap| {
            let label = gap.requirement.map(|requirement| requirement.label.clone());
            let name = gap.permission.as_ref().map(ToString::to_string).or(label);
            (name.unwrap_or_default(), gap.need, gap.status)
        })
        .collect()
}

/// What is pointed at, how much it is wanted, and the status.
type Items = Vec<(String, Need, Status)>;

fn item(name: &str, need: Need, status: Status) -> (String, Need, Status) {
    (name.to_owned(), need, status)
}

fn usual() -> Tenant {
    Tenant::of(&[
        ("work", "Work", Back),
        ("about", "About", Never),
        ("home", "Home", Silent),
        ("payroll", "Compensation", Back),
        ("category_17", "Company assets", Back),
        ("category_18", "Cars", Never),
    ])
}

/// A doubt of the one item that a policy comes to.
fn doubt_of(tenant: &Tenant, lines: &str) -> &'static str {
    let policies = policies(&[lines], "", &[], &[]);
    let access = tenant.access(None);
    let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
    let Verdict::Unknown(doubt) = gaps[0].items[0].finding.verdict else { panic!("{:?}", gaps[0].items[0]) };
    assert_eq!(gaps[0].items[0].permission, None);
    doubt.as_str()
}

const WORK: &str = "people/work/view";
const ABOUT: &str = "people/about/view";
const HOME: &str = "people/home/view";
const PAYROLL: &str = "people/payroll/view";
const ASSETS: &str = "people/category_17/view";

/// The items without excess that no line mentions.
fn asked_for(items: Items) -> Items {
    items
        .into_iter()
        .filter(|(_, need, status)| *need != Need::NotNeeded || *status != Status::Excess)
        .collect()
}

#[test]
fn the_first_met_alternative_is_required_and_the_others_are_optional() {
    use Need::{Optional, Required};
    use Status::{Missing, OptionalMissing, Satisfied, Unverified};
    let of = |lines: &str| asked_for(usual().come_to(lines));
    assert_eq!(
        of("requires: [{any-of: [people/about/view, people/work/view, people/home/view]}]"),
        [
            item(ABOUT, Optional, OptionalMissing),
            item(WORK, Required, Satisfied),
            item(HOME, Optional, Unverified)
        ]
    );
    assert_eq!(
        of("requires: [{any-of: [people/about/view, people/home/view]}]"),
        [item(ABOUT, Optional, OptionalMissing), item(HOME, Required, Unverified)]
    );
    assert_eq!(
        of("requires: [{any-of: [people/about/view, people/category_18/view]}]"),
        [item(ABOUT, Required, Missing), item("people/category_18/view", Optional, OptionalMissing)]
    );
    // A branch is met when all of it is; of one that is not, nothing is insisted on.
    assert_eq!(
        of("requires: [{any-of: [[people/work/view, people/about/view], people/category_17/view]}]"),
        [
            item(WORK, Optional, Satisfied),
            item(ABOUT, Optional, OptionalMissing),
            item(ASSETS, Required, Satisfied)
        ]
    );
    // What a line of its own asks for stays required, whatever the alternatives come to.
    assert_eq!(
        of("requires: [people/about/view, {any-of: [people/about/view, people/work/view]}]"),
        [item(ABOUT, Required, Missing), item(WORK, Required, Satisfied)]
    );
    assert_eq!(
        of("optional: [{any-of: [people/about/view, people/work/view]}]"),
        [item(ABOUT, Optional, OptionalMissing), item(WORK, Optional, Satisfied)]
    );
}

#[test]
fn more_than_one_of_is_excess_unless_something_else_asks_for_it() {
    let lines = "requires: [{one-of: [people/work/view, people/category_17/view]}]";
    assert_eq!(
        usual().come_to(lines)[..2],
        [item(WORK, Need::Required, Status::Satisfied), item(ASSETS, Need::NotNeeded, Status::Excess)]
    );
    let lines = "requires: [{any-of: [people/work/view, people/category_17/view]}]";
    assert_eq!(usual().come_to(lines)[1], item(ASSETS, Need::Optional, Status::Satisfied));
    let lines = format!("{}\noptional: [people/category_17/view]", lines.replace("any-of", "one-of"));
    assert_eq!(usual().come_to(&lines)[1], item(ASSETS, Need::Optional, Status::Satisfied));
    let both = policies(
        &[
            "requires: [{one-of: [people/work/view, people/category_17/view]}]",
            "requires: [people/category_17/view]",
        ],
        "",
        &[],
        &[],
    );
    let access = usual().access(None);
    let gaps = Gaps::between(&both, &access, Catalogue::embedded(), false);
    assert_eq!(in_short(&gaps[0])[1], item(ASSETS, Need::NotNeeded, Status::Satisfied));
}

#[test]
fn beside_a_branch_that_is_met_nothing_is_left_to_do() {
    let beside = |lines: &str| {
        let policies = policies(&[lines], "", &[], &[]);
        let gaps = Gaps::between(&policies, &usual().access(None), Catalogue::embedded(), false);
        let asked = gaps[0].items.iter().filter(|gap| gap.requirement.is_some());
        asked.map(|gap| gap.other_branch_met).collect::<Vec<_>>()
    };
    assert_eq!(
        beside("requires: [{any-of: [people/about/view, people/work/view, people/home/view]}]"),
        [true, false, true]
    );
    assert_eq!(beside("requires: [{one-of: [people/about/view, people/work/view]}]"), [true, false]);
    // Nothing is met: each is still a way.
    assert_eq!(beside("requires: [{any-of: [people/about/view, people/home/view]}]"), [false, false]);
    // A wish of its own, or an alternative that is not met, keeps it.
    let any = "requires: [{any-of: [people/about/view, people/work/view]}";
    assert_eq!(beside(&format!("{any}]\noptional: [people/about/view]")), [false, false]);
    assert_eq!(
        beside(&format!("{any}, {{any-of: [people/home/view, people/about/view]}}]")),
        [false, false, false]
    );
    // What nobody could see may be one too many.
    let lines = "requires: [{one-of: [people/home/view, people/work/view]}]";
    assert_eq!(usual().come_to(lines)[0], item(HOME, Need::NotNeeded, Status::Unverified));
    assert_eq!(beside(lines), [false, false]);
}

#[test]
fn a_section_by_its_name_is_the_tenants() {
    let tenant = usual();
    let boxes =
        "requires: [{section: company ASSETS, boxes: [view]}, {section: Compensation, boxes: [view]}]";
    assert_eq!(
        tenant.come_to(boxes)[..2],
        [item(ASSETS, Need::Required, Status::Satisfied), item(PAYROLL, Need::Required, Status::Satisfied)]
    );
    // Renamed, the built-in name is nobody's; a section without fields keeps it.
    assert_eq!(doubt_of(&tenant, "requires: [{section: Payroll, boxes: [view]}]"), "not-in-tenant");
    let equity = tenant.come_to("requires: [{section: Equity, boxes: [view]}]");
    assert_eq!(equity[0], item("people/equity/view", Need::Required, Status::Unverified));
    // The customer's word goes before the metadata.
    let over = "renamed: {Pay: payroll, Company assets: home}";
    let lines = "requires: [{section: Pay, boxes: [view]}, {section: Company assets, boxes: [view]}]";
    assert_eq!(
        tenant.come_to_with(lines, None, over, &[], &[])[..2],
        [item(PAYROLL, Need::Required, Status::Satisfied), item(HOME, Need::Required, Status::Unverified)]
    );
    let twice = usual().sections(&[("category_19", "Work", Back)]);
    assert_eq!(doubt_of(&twice, "requires: [{section: Work, boxes: [view]}]"), "box-not-named");
    let mut unlisted = usual();
    unlisted.0.metadata = Seen { reply: Reply::Unavailable, ..Seen::default() };
    unlisted.0.fields.clear();
    assert_eq!(doubt_of(&unlisted, "requires: [{section: Cars, boxes: [view]}]"), "not-tested");
}

#[test]
fn a_named_section_without_a_box_is_settled_where_all_that_it_can_mean_agrees() {
    let found = usual().come_to("requires: [{section: Company assets}, {section: Cars}]");
    assert_eq!(
        found[..2],
        [
            item("people/category_17/*", Need::Required, Status::Satisfied),
            item("people/category_18/*", Need::Required, Status::Missing)
        ]
    );
}

#[test]
fn a_pattern_asks_for_what_the_tenant_made_itself() {
    let lines = "requires: [{every: people/category_*/view}]";
    assert_eq!(
        asked_for(usual().come_to(lines)),
        [
            item(ASSETS, Need::Required, Status::Satisfied),
            item("people/category_18/view", Need::Required, Status::Missing)
        ]
    );
    let all =
        asked_for(usual().come_to("requires: [{every: people/*/view, except: [people/category_18/*]}]"));
    assert!(all.contains(&item(ASSETS, Need::Required, Status::Satisfied)));
    assert!(all.contains(&item(ABOUT, Need::Required, Status::Missing)));
    assert!(!all.iter().any(|(name, ..)| name == "people/category_18/view"));
    let forbidden =
        usual().come_to("requires: [people/work/view]\nforbidden: [{every: people/category_*/view}]");
    assert!(forbidden.contains(&item(ASSETS, Need::Forbidden, Status::Excess)));
    assert!(forbidden.contains(&item("people/category_18/view", Need::Forbidden, Status::Satisfied)));
    // What cannot be listed does not pass.
    let mut unlisted = usual();
    unlisted.0.metadata = Seen { reply: Reply::Unavailable, ..Seen::default() };
    unlisted.0.fields.clear();
    assert_eq!(doubt_of(&unlisted, lines), "not-tested");
    let mut unlisted = usual();
    unlisted.0.answers.clear();
    let docs = unlisted.come_to("requires: [{every: docs/*/view}]");
    assert!(docs.contains(&item("docs/*/view", Need::Required, Status::Unverified)), "{docs:?}");
    let docs = usual().come_to("requires: [{every: docs/*/view}]");
    assert!(!docs.iter().any(|(name, ..)| name == "docs/*/view"), "{docs:?}");
}

#[test]
fn a_pattern_among_listed_sections_keeps_to_them() {
    let lines = "requires: [people/work/view, {section: Company assets, boxes: [view]}, {every: people/*/edit, among: listed}]";
    let names: Vec<String> = asked_for(usual().come_to(lines)).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, [WORK, ASSETS, "people/work/edit", "people/category_17/edit"]);
}

#[test]
fn a_field_is_judged_by_its_own_finding_and_its_section_is_no_excess() {
    let tenant = usual().field("work.two", "work", "Work", "text", (0, 0, PEOPLE));
    for (told, model) in [(None, "undetermined"), (Some(Model::Category), "category")] {
        let found =
            tenant.come_to_with("needs: [{field: work.one}, {field: the WORK.two}]", told, "", &[], &[]);
        assert_eq!(
            found[..2],
            [
                item("fields/work.one/view", Need::Required, Status::Satisfied),
                item("fields/work.two/view", Need::Required, Status::Missing)
            ],
            "{model}"
        );
        let access = tenant.access(told);
        for (id, finding) in access.findings() {
            assert_eq!(access.of(id), *finding, "{id}");
        }
    }
    let held = usual().come_to("needs: [{field: work.one}]");
    assert!(!held.iter().any(|(name, ..)| name == WORK), "{held:?}");
    assert!(held.contains(&item(PAYROLL, Need::NotNeeded, Status::Excess)));
    assert_eq!(doubt_of(&usual(), "needs: [{field: Shoe size}]"), "not-in-tenant");
    let twice = usual().field("x", "work", "Work", "text", (PEOPLE, 0, 0));
    let mut twice = twice;
    twice.0.fields.last_mut().unwrap().name = "The work.one".to_owned();
    assert_eq!(doubt_of(&twice, "needs: [{field: The work.one}]"), "box-not-named");
    let always = usual().come_to("needs: [{field: root.id}]");
    assert_eq!(always[0], item("root.id", Need::Required, Status::Satisfied));
}

#[test]
fn a_table_needs_the_boxes_of_its_section_and_one_of_the_tenants_own_too() {
    let found = usual().come_to("needs: [{table: work, rows: all}, {table: bank-accounts}]");
    let names: Vec<&str> = found.iter().take(3).map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, [WORK, "people/work/history", "people/financial/view"]);
    let mut tenant = usual();
    let table = |id: &str| CustomTable {
        id: id.to_owned(),
        category: "category_17".to_owned(),
        name: "Keys".to_owned(),
    };
    tenant.0.custom_tables = vec![table("1")];
    tenant.0.custom_rows.insert("1".to_owned(), vec![TableSeen { seen: OK, ..TableSeen::default() }]);
    let found = tenant.come_to("needs: [{table: keys}]");
    assert_eq!(found[0], item(ASSETS, Need::Required, Status::Satisfied));
    assert_eq!(doubt_of(&usual(), "needs: [{table: keys}]"), "not-in-tenant");
    let boxes = "requires: [{table: keys, boxes: [view, edit]}]";
    let found = tenant.come_to(boxes);
    assert_eq!(found[0], item(ASSETS, Need::Required, Status::Satisfied));
    assert_eq!(found[1], item("people/category_17/edit", Need::Required, Status::Unverified));
    assert_eq!(doubt_of(&usual(), boxes), "not-in-tenant");
    let mut unlisted = usual();
    unlisted.0.answers.clear();
    assert_eq!(doubt_of(&unlisted, "needs: [{table: keys}]"), "not-tested");
}

#[test]
fn people_are_counted_and_other_statuses_looked_for() {
    let count = |least: u32| usual().come_to(&format!("population: {{head-count: {least}}}"))[0].2;
    assert_eq!(count(PEOPLE), Status::Satisfied);
    assert_eq!(count(PEOPLE + 1), Status::Missing);
    let most = |most: u32| usual().come_to(&format!("population: {{head-count: {{at-most: {most}}}}}"))[0].2;
    assert_eq!((most(PEOPLE), most(PEOPLE - 1)), (Status::Satisfied, Status::Missing));
    let mut empty = usual();
    empty.0.people.visible = 0;
    assert_eq!(doubt_of(&empty, "population: {head-count: 1}"), "nobody-visible");
    assert_eq!(doubt_of(&empty, "population: {head-count: {at-most: 1}}"), "nobody-visible");
    let mut unasked = usual();
    unasked.0.people.seen = Seen::default();
    assert_eq!(doubt_of(&unasked, "population: {head-count: 1}"), "not-tested");

    let not_only = "population: {not-only: [employed]}";
    assert_eq!(doubt_of(&usual(), not_only), "nobody-seen");
    let mut leavers = usual();
    leavers.0.people.statuses.insert("terminated".to_owned(), 1);
    assert_eq!(leavers.come_to(not_only)[0].2, Status::Satisfied);
    let never = "population: {never: [terminated]}";
    assert_eq!(leavers.come_to(never)[0], item("population/terminated", Need::Forbidden, Status::Excess));
    assert_eq!(usual().come_to(never)[0].2, Status::Unverified);
}

#[test]
fn a_condition_leaves_a_line_out_or_makes_it_optional() {
    let lines = "features: {cars: Cars}\nfacts: {big: Is it big?, old: {asks: Is it old?, otherwise: no}}\n\
                 requires:\n- people/work/view\n\
                 - {permission: people/about/view, when: {with: cars}}\n\
                 - {permission: people/category_18/view, when: {fact: big = yes}}\n\
                 - {permission: people/home/view, when: {fact: old = yes}}\n\
                 - {permission: people/payroll/view, when: [{with: cars}, {fact: old = yes}]}";
    let of = |with: &[&str], facts: &[&str]| usual().come_to_with(lines, None, "", with, facts);
    let open = of(&[], &[]);
    assert_eq!(
        asked_for(open.clone()),
        [
            item(WORK, Need::Required, Status::Satisfied),
            item("people/category_18/view", Need::Optional, Status::OptionalMissing)
        ]
    );
    // What only a line that does not hold would ask for is excess.
    assert!(open.contains(&item(PAYROLL, Need::NotNeeded, Status::Excess)));
    let chosen = of(&["cars"], &["big=yes", "old=yes"]);
    assert_eq!(asked_for(chosen).len(), 5);
    assert!(of(&[], &["big = no"]).iter().all(|(name, ..)| name != "people/category_18/view"));
    let over = "with: [cars]\nfacts: {big: yes}";
    let overlaid = usual().come_to_with(lines, None, over, &[], &["big=no"]);
    assert!(overlaid.contains(&item(ABOUT, Need::Required, Status::Missing)));
    assert!(overlaid.iter().all(|(name, ..)| name != "people/category_18/view"), "the command line wins");
}

#[test]
fn a_line_for_one_permission_model_waits_for_what_is_known_of_it() {
    let lines = "requires:\n- people/work/view\n- {permission: people/about/view, when: {model: category}}\n\
                 forbidden:\n- {permission: people/payroll/view, when: {model: category}}";
    let of = |told| usual().come_to_with(lines, told, "", &[], &[]);
    let category = of(Some(Model::Category));
    assert!(category.contains(&item(ABOUT, Need::Required, Status::Missing)));
    assert!(category.contains(&item(PAYROLL, Need::Forbidden, Status::Excess)));
    let unknown = of(None);
    assert!(unknown.contains(&item(ABOUT, Need::Optional, Status::OptionalMissing)));
    assert!(unknown.contains(&item(PAYROLL, Need::NotNeeded, Status::Excess)));
    assert!(of(Some(Model::Field)).iter().all(|(name, ..)| name != ABOUT));
}

#[test]
fn no_item_points_at_the_box_of_another() {
    let lines = "requires:\n- people/payroll/view\n- {section: Compensation, boxes: [view]}\n\
                 - {every: people/*/view}\n- {any-of: [{section: Compensation, boxes: [view]}, people/work/view]}\n\
                 needs: [{table: salaries}]";
    let found = usual().come_to(lines);
    let mut names: Vec<&String> = found.iter().map(|(name, ..)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), found.len());
    assert!(found.contains(&item(PAYROLL, Need::Required, Status::Satisfied)));
}

fn decided(lines: &str, decisions: &str, today: &str) -> (Items, Vec<(String, NoticeKind)>) {
    let policies = policies(&[lines], &format!("decisions:\n{decisions}"), &[], &[]);
    let access = usual().access(None);
    let mut gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
    gaps[0].decide(today.parse::<Date>().unwrap());
    let notices = gaps[0].notices.iter().map(|notice| (notice.decision.item.clone(), notice.kind)).collect();
    (in_short(&gaps[0]), notices)
}

fn decision(item: &str, kind: &str) -> String {
    format!("- {{item: {item}, kind: {kind}, reason: a, by: b, until: 2027-03-31}}\n")
}

#[test]
fn a_decision_holds_to_the_end_of_its_last_day() {
    let of = |today: &str| decided("requires: [people/about/view]", &decision(ABOUT, "accept"), today);
    for (today, status, notice) in [
        ("2026-11-22", Status::Waived, None),
        ("2027-03-16", Status::Waived, None),
        ("2027-03-17", Status::Waived, Some(NoticeKind::Expires(14))),
        ("2027-03-31", Status::Waived, Some(NoticeKind::Expires(0))),
        ("2027-04-01", Status::Missing, Some(NoticeKind::Expired)),
    ] {
        let (items, notices) = of(today);
        assert_eq!(items[0], item(ABOUT, Need::Required, status), "{today}");
        assert_eq!(notices.first().map(|(_, kind)| *kind), notice, "{today}");
    }
}

#[test]
fn a_decision_changes_what_counts_and_never_what_was_seen() {
    let lines = "requires:\n- people/about/view\n- people/home/view\n- people/work/view\n\
                 - {unresolved: none, label: Read People}\nforbidden: [people/category_17/view]";
    let all = |kind: &str| {
        [ABOUT, HOME, WORK, ASSETS, PAYROLL, "Read People", "people/equity/view"]
            .map(|item| decision(item, kind))
            .concat()
    };
    let (accepted, notices) = decided(lines, &all("accept"), "2026-11-22");
    assert_eq!(
        accepted,
        [
            item(ABOUT, Need::Required, Status::Waived),
            item(HOME, Need::Required, Status::Waived),
            item(WORK, Need::Required, Status::Satisfied),
            item("Read People", Need::Required, Status::Waived),
            item(ASSETS, Need::Forbidden, Status::Waived),
            item(PAYROLL, Need::NotNeeded, Status::Waived),
        ]
    );
    assert_eq!(
        notices,
        [("people/equity/view".to_owned(), NoticeKind::Unused), (WORK.to_owned(), NoticeKind::NotNeeded)]
    );
    let (seen, notices) = decided(lines, &all("seen-on-screen"), "2026-11-22");
    assert_eq!(
        seen,
        [
            item(ABOUT, Need::Required, Status::Missing),
            item(HOME, Need::Required, Status::Attested),
            item(WORK, Need::Required, Status::Satisfied),
            item("Read People", Need::Required, Status::Attested),
            item(ASSETS, Need::Forbidden, Status::Excess),
            item(PAYROLL, Need::NotNeeded, Status::Excess),
        ]
    );
    let contradicted: Vec<&str> = notices
        .iter()
        .filter(|(_, kind)| *kind == NoticeKind::Contradicted)
        .map(|(item, _)| item.as_str())
        .collect();
    assert_eq!(contradicted, [ABOUT, ASSETS, PAYROLL]);
}

#[test]
fn what_nobody_can_name_of_what_is_read_neither_passes_nor_fails() {
    for (need, doubt) in [
        ("list-not-known: the customer selects the fields", "list-not-known"),
        ("{unresolved: HiBob has no such data, label: Pay groups}", "box-not-named"),
    ] {
        for tenant in [usual(), Tenant::of(&[("work", "Work", Never)])] {
            let lines = format!("needs: [{need}]");
            assert_eq!(doubt_of(&tenant, &lines), doubt);
            assert!(matches!(asked_for(tenant.come_to(&lines))[0], (_, Need::Required, Status::Unverified)));
        }
    }
    let section = "needs: [{section: people/work, label: Work data}]";
    let (_, need, status) = usual().come_to(section).remove(0);
    assert_eq!((need, status), (Need::Required, Status::Unverified));
}

/// A tenant with two fields in one section, of which some came back.
fn two_fields(first: Came, second: Came, others: &[(&str, &str, Came)]) -> Tenant {
    let seen = |came| match came {
        Back => (PEOPLE, 0, 0),
        _ => (0, 0, PEOPLE),
    };
    Tenant::of(others).field("pay.one", "payroll", "Compensation", "text", seen(first)).field(
        "pay.two",
        "payroll",
        "Compensation",
        "text",
        seen(second),
    )
}

fn first_of(tenant: &Tenant, lines: &str, told: Option<Model>) -> (Items, Vec<(bool, Vec<String>)>) {
    let policies = policies(&[lines], "", &[], &[]);
    let access = tenant.access(told);
    let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), told == Some(Model::Category));
    let more = gaps[0].items.iter().map(|gap| (gap.apart, gap.held.clone())).collect();
    (in_short(&gaps[0]), more)
}

#[test]
fn a_section_that_is_not_wanted_is_judged_by_the_fields_that_nobody_asks_for() {
    use Need::{Forbidden, Required};
    use Status::{Excess, Missing, Satisfied};
    const ONE: &str = "fields/pay.one/view";
    let work = [("work", "Work", Back)];
    for (word, unwanted) in [("forbidden", Forbidden), ("not-needed", Need::NotNeeded)] {
        let lines = format!("requires: [{ONE}]\n{word}: [{PAYROLL}]");
        // Only what is asked for came back.
        let (items, more) = first_of(&two_fields(Back, Never, &work), &lines, None);
        assert_eq!(items[..2], [item(ONE, Required, Satisfied), item(PAYROLL, unwanted, Satisfied)]);
        assert!(more[..2].iter().all(|(apart, held)| *apart && held.is_empty()), "{more:?}");
        // Another one too: that is the one to untick.
        let (items, more) = first_of(&two_fields(Back, Back, &work), &lines, Some(Model::Field));
        assert_eq!(items[..2], [item(ONE, Required, Satisfied), item(PAYROLL, unwanted, Excess)]);
        assert_eq!(more[1], (true, vec!["pay.two".to_owned()]));
        let (items, more) = first_of(&two_fields(Never, Back, &work), &lines, None);
        assert_eq!(items[..2], [item(ONE, Required, Missing), item(PAYROLL, unwanted, Excess)]);
        assert_eq!(more[1], (true, vec!["pay.two".to_owned()]));
        // Where rights go by section, no one can have the one without the other.
        let (items, _) = first_of(&two_fields(Back, Back, &work), &lines, Some(Model::Category));
        assert_eq!(items[..2], [item(ONE, Required, Satisfied), item(PAYROLL, unwanted, Excess)]);
        let (items, _) = first_of(&two_fields(Never, Never, &work), &lines, Some(Model::Category));
        assert_eq!(items[..2], [item(ONE, Required, Missing), item(PAYROLL, unwanted, Satisfied)]);
    }
    // What is denied is asked for too, and of the others nothing is known: whether any is held, nobody can say.
    let silent =
        two_fields(Back, Never, &work).field("pay.three", "payroll", "Compensation", "list", (0, 0, PEOPLE));
    let lines = format!("requires: [{ONE}, fields/pay.two/view]\nforbidden: [{PAYROLL}]");
    let (items, _) = first_of(&silent, &lines, None);
    assert_eq!(items[2], item(PAYROLL, Forbidden, Status::Unverified));
    // Nothing is asked for of it: whatever is held is too much, and is named.
    let (items, more) = first_of(&two_fields(Back, Never, &work), &format!("forbidden: [{PAYROLL}]"), None);
    assert_eq!((items[0].2, &more[0]), (Excess, &(false, vec!["pay.one".to_owned()])));
}

#[test]
fn a_folder_of_documents_goes_by_its_name_on_the_screen_too() {
    let mut tenant = usual();
    for (id, name) in [("0b1c", "Contracts"), ("0b1d", "Payslips 2026"), ("0b1e", "Twice"), ("0b1f", "twice")]
    {
        tenant.0.folders.insert(id.to_owned(), name.to_owned());
    }
    let names = |lines: &str| {
        let items = asked_for(tenant.come_to(lines));
        items.into_iter().map(|(name, ..)| name).collect::<Vec<_>>()
    };
    let lines = "requires: [docs/contracts/view, docs/0b1c/view, docs/Payslips 2026/upload, {section: docs/Contracts, boxes: [delete]}]";
    assert_eq!(names(lines), ["docs/0b1c/view", "docs/0b1d/upload", "docs/0b1c/delete"]);
    assert_eq!(names("requires: [{section: docs/Contracts}]"), ["docs/0b1c/*"]);
    assert_eq!(
        names("requires: [{every: docs/Contracts/*, except: [docs/Contracts/delete]}]"),
        ["docs/0b1c/upload", "docs/0b1c/view"]
    );
    let over = format!("decisions:\n{}", decision("docs/Contracts/view", "accept"));
    let told = policies(&["requires: [docs/Contracts/view]"], &over, &[], &[]);
    let access = tenant.access(None);
    let mut gaps = Gaps::between(&told, &access, Catalogue::embedded(), false);
    gaps[0].decide("2026-11-22".parse::<Date>().unwrap());
    assert_eq!(in_short(&gaps[0])[0], item("docs/0b1c/view", Need::Required, Status::Waived));
    let doubt = |tenant: &Tenant, lines: &str| {
        let policies = policies(&[lines], "", &[], &[]);
        let access = tenant.access(None);
        let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
        gaps[0].items[0].finding.rule
    };
    assert_eq!(doubt(&tenant, "requires: [docs/Twice/view]"), "box-not-named");
    assert_eq!(doubt(&tenant, "requires: [docs/Letters/view]"), "no-such-folder");
    assert_eq!(names("requires: [docs/Shared docs/view]"), ["docs/shared/view"]);
    tenant.0.folders.clear();
    tenant.0.answers.clear();
    assert_eq!(doubt(&tenant, "requires: [docs/Contracts/view]"), "not-tested");
}

#[test]
fn everyone_is_not_had_by_who_sees_others_only() {
    let employed = "population/employed";
    let come_to = |lines: &str, seen: &[&str]| {
        let mut tenant = usual();
        tenant.0.people.statuses = seen.iter().map(|status| ((*status).to_owned(), 3)).collect();
        let items = asked_for(tenant.come_to(&format!("requires: [people/root/view]\n{lines}")));
        items.into_iter().find(|(name, ..)| name == employed)
    };
    let unverified = Some(item(employed, Need::Required, Status::Unverified));
    let everyone = "population: [{choose: everyone}]";
    assert_eq!(come_to(everyone, &["terminated"]), unverified);
    let both = "population: [{choose: everyone}, {at-least: [terminated]}]";
    assert_eq!(come_to(both, &["terminated"]), unverified);
    assert_eq!(come_to(everyone, &["employed", "terminated"]), None);
    // Nobody's status was read, or the policy says otherwise: nothing follows.
    assert_eq!(come_to(everyone, &[]), None);
    for lines in [
        "population: [{choose: by-condition}]",
        "population: [{choose: everyone, disputed: x}]",
        "population: [{choose: customer}, {choose: everyone}]",
        "features: {f: F}\npopulation: [{choose: everyone, when: {with: f}}]",
    ] {
        assert_eq!(come_to(lines, &["terminated"]), None, "{lines}");
    }
    let never = come_to("population: [{choose: everyone}, {never: [employed]}]", &["terminated"]);
    assert_eq!(never.map(|(_, need, _)| need), Some(Need::Forbidden));
}

#[test]
fn a_pattern_that_names_a_part_of_a_name_does_not_pass_where_nothing_fits() {
    let mut tenant = usual();
    tenant.0.folders.insert("0b1c".to_owned(), "Contracts".to_owned());
    let come_to = |lines: &str| {
        let policies = policies(&[lines], "", &[], &[]);
        let access = tenant.access(None);
        let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
        let found = gaps[0].items.iter().filter(|gap| gap.requirement.is_some());
        let found: Vec<_> = found.map(|gap| (gap.finding.rule, gap.status)).collect();
        (found, gaps[0].asking_for_nothing.iter().map(|it| it.label.clone()).collect::<Vec<_>>())
    };
    let no_such = |rule: &'static str| (vec![(rule, Status::Unverified)], Vec::new());
    assert_eq!(come_to("requires: [{every: docs/Other*/view}]"), no_such("no-such-folder"));
    assert_eq!(come_to("optional: [{every: docs/Other*/view}]"), no_such("no-such-folder"));
    assert_eq!(come_to("requires: [{every: people/Other*/view}]"), no_such("no-such-section"));
    let branches = "requires: [{any-of: [{every: docs/Other*/view}, people/category_18/view]}]";
    assert!(come_to(branches).0.contains(&("no-such-folder", Status::Unverified)), "{branches}");
    // What fits is judged, what is left out on purpose is not missed, and nobody minds that what is not wanted is
    // not there.
    let (found, _) = come_to("requires: [{every: docs/Contr*/view}]");
    assert!(found.len() == 1 && found[0].0 != "no-such-folder", "{found:?}");
    for lines in [
        "requires: [{every: docs/Contr*/view, except: [docs/Contracts/view]}]",
        "forbidden: [{every: docs/Other*/view}]",
        "not-needed: [{every: docs/Other*/view}]",
    ] {
        assert_eq!(come_to(lines), (Vec::new(), Vec::new()), "{lines}");
    }
}

#[test]
fn a_pattern_for_all_of_ones_own_asks_for_nothing_where_there_is_none_and_is_named() {
    let policies = policies(
        &[
            "requires: [people/root/view, {every: people/category_*/view, label: Your sections}, {every: docs/*/view}]",
        ],
        "",
        &[],
        &[],
    );
    let none = Tenant::of(&[("work", "Work", Back)]);
    for (tenant, labels) in [(none, vec!["Your sections"]), (usual(), Vec::new())] {
        let access = tenant.access(None);
        let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
        assert!(!gaps[0].items.iter().any(|gap| gap.finding.rule.starts_with("no-such")));
        let told: Vec<&str> = gaps[0].asking_for_nothing.iter().map(|it| it.label.as_str()).collect();
        // Of folders, HiBob's own two fit the pattern everywhere.
        assert_eq!(told, labels);
    }
}

#[test]
fn a_section_that_a_company_made_is_left_out_of_a_pattern_by_its_name_on_the_screen() {
    let boxes = |except: &str| {
        let items =
            asked_for(usual().come_to(&format!("requires: [{{every: people/category_*/view{except}}}]")));
        items.into_iter().map(|(name, ..)| name).collect::<Vec<_>>()
    };
    assert_eq!(boxes(""), [ASSETS, "people/category_18/view"]);
    assert_eq!(boxes(", except: [company Assets]"), ["people/category_18/view"]);
    assert_eq!(boxes(", except: [Bikes]"), [ASSETS, "people/category_18/view"]);
}

#[test]
fn two_patterns_that_want_and_do_not_want_one_box_are_told_as_that() {
    let edit = "people/category_17/edit";
    let both = "requires: [people/root/view, {every: people/category_*/**}]\nforbidden: [{every: \"people/**/edit\"}]";
    let items: Items = usual().come_to(both).into_iter().filter(|(name, ..)| name == edit).collect();
    assert_eq!(items, [item(edit, Need::Required, Status::Unverified)]);
    let policies = policies(&[both], "", &[], &[]);
    let access = usual().access(None);
    let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
    let gap = gaps[0].items.iter().find(|gap| gap.permission.as_ref().is_some_and(|id| id.as_str() == edit));
    let gap = gap.unwrap();
    assert_eq!((gap.checkable, gap.finding.rule), (Checkable::Integrator, "box-not-named"));
    assert!(gap.finding.because.contains("`people/**/edit`"), "{}", gap.finding.because);
    // What a line names by itself, that line speaks for.
    for exact in [edit, "{section: Company assets, boxes: [edit]}"] {
        let lines = format!("requires: [{exact}]\nforbidden: [{{every: people/category_*/edit}}]");
        let items: Items = usual().come_to(&lines).into_iter().filter(|(name, ..)| name == edit).collect();
        assert_eq!(items, [item(edit, Need::Required, Status::Unverified)], "{exact}");
    }
}

#[test]
fn what_a_pattern_takes_of_listed_sections_is_wanted_no_more_than_they_are() {
    let lines = "facts: {a: A?}\nrequires: [people/work/view, {permission: people/category_18/view, when: {fact: a = yes}}, {every: people/*/edit, among: listed}]\noptional: [people/category_17/view, people/home/view]";
    let needs: Vec<(String, Need)> = asked_for(usual().come_to(lines))
        .into_iter()
        .filter(|(name, ..)| name.ends_with("edit"))
        .map(|(name, need, _)| (name, need))
        .collect();
    let of = |section: &str, need| (format!("people/{section}/edit"), need);
    let mut wanted = [
        of("work", Need::Required),
        of("home", Need::Optional),
        of("category_17", Need::Optional),
        of("category_18", Need::Optional),
    ];
    let mut needs = needs;
    needs.sort();
    wanted.sort();
    assert_eq!(needs, wanted);
}

#[test]
fn a_section_that_is_not_wanted_is_every_box_of_it() {
    let of = |lines: &str| {
        let items = usual().come_to(lines);
        let unwanted = items.into_iter().filter(|(_, need, _)| *need == Need::Forbidden);
        unwanted.map(|(name, _, status)| (name, status)).collect::<Vec<_>>()
    };
    let open = |id: &str, status| (id.to_owned(), status);
    assert_eq!(
        of("forbidden: [{section: people/about}]"),
        [open("people/about/edit", Status::Unverified), open(ABOUT, Status::Satisfied)]
    );
    for section in ["people/category_17", "Company assets"] {
        let boxes = of(&format!("forbidden: [{{section: {section}}}]"));
        assert_eq!(
            boxes,
            [open("people/category_17/edit", Status::Unverified), open(ASSETS, Status::Excess)],
            "{section}"
        );
    }
}

#[test]
fn what_the_guide_says_both_ways_is_a_question_and_never_a_verdict() {
    let both = "requires: [{permission: people/work/view, disputed: x}, {permission: people/about/view, disputed: \
                x}]\nnot-needed: [{permission: people/work/view, disputed: x}]\nforbidden: [{permission: \
                people/about/view, disputed: x}]";
    let items = usual().come_to(both);
    let asked: Vec<_> =
        items.iter().filter(|it| it.0 == "people/work/view" || it.0 == "people/about/view").collect();
    assert_eq!(
        asked,
        [
            &item("people/work/view", Need::Required, Status::Unverified),
            &item("people/about/view", Need::Required, Status::Unverified),
        ]
    );
    // Where one of the two is not disputed, it is judged by that one.
    let one = "requires: [{permission: people/work/view, disputed: x}, people/about/view]\nforbidden: \
               [people/work/view, {permission: people/about/view, disputed: x}]";
    let items = usual().come_to(one);
    assert!(items.contains(&item("people/work/view", Need::Forbidden, Status::Excess)), "{items:?}");
    assert!(items.contains(&item("people/about/view", Need::Required, Status::Missing)), "{items:?}");
}

#[test]
fn a_folder_that_is_called_like_a_section_is_named_and_never_taken_for_one() {
    let mut tenant = usual();
    tenant.0.folders.insert("0b1c".to_owned(), "Contracts".to_owned());
    let of = |line: &str| {
        let policies = policies(&[line], "", &[], &[]);
        let gaps = Gaps::between(&policies, &tenant.access(None), Catalogue::embedded(), false);
        let gap = &gaps[0].items[0];
        (gap.permission.clone(), gap.status, gap.finding.because.clone())
    };
    let (id, status, because) = of("requires: [{section: Contracts, boxes: [view]}]");
    assert_eq!((id, status), (None, Status::Unverified));
    assert!(because.contains("`docs/Contracts`"), "{because}");
    assert!(!of("requires: [{section: Cats}]").2.contains("docs/"));
}

#[test]
fn a_box_by_what_is_printed_is_looked_at_and_never_passes_by_itself() {
    let lines =
        "requires: [people/about/view, {box: Manage fields, path: Company > Fields, label: Managing}]";
    let (items, _) = decided(lines, &decision(ABOUT, "accept"), "2026-11-22");
    assert!(items.contains(&item("Managing", Need::Required, Status::Unverified)), "{items:?}");
    assert_eq!(doubt_of(&usual(), "requires: [{box: Manage fields, path: Company > Fields}]"), "no-witness");
    let (items, notices) = decided(lines, &decision("Managing", "seen-on-screen"), "2026-11-22");
    assert!(items.contains(&item("Managing", Need::Required, Status::Attested)), "{items:?}");
    assert_eq!(notices, []);
}

#[test]
fn what_two_policies_want_the_opposite_of_is_known_to_both() {
    let mut tenant = usual();
    tenant.0.people.statuses = [("employed".to_owned(), 3), ("terminated".to_owned(), 1)].into();
    let all =
        "requires: [people/root/view, people/about/view]\npopulation: {at-least: [employed, terminated]}";
    let some =
        "requires: [people/root/view]\nforbidden: [people/about/view]\npopulation: {exactly: [employed]}";
    let policies = policies(&[all, some], "", &[], &[]);
    let access = tenant.access(None);
    let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
    let torn = |gaps: &Gaps<'_>| {
        let torn = gaps.items.iter().filter(|gap| !gap.against.is_empty());
        torn.filter_map(|gap| Some((gap.permission.as_ref()?.to_string(), gap.status))).collect::<Vec<_>>()
    };
    assert_eq!(torn(&gaps[0]), [(ABOUT.to_owned(), Status::Missing)]);
    assert_eq!(torn(&gaps[1]), [("population/terminated".to_owned(), Status::Excess)]);
    let alone = Gaps::between(&policies[1..], &access, Catalogue::embedded(), false);
    assert_eq!(torn(&alone[0]), []);
}
