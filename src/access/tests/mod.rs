//! The table of verdicts, row by row. Evidence is made by hand here, so that each row stands alone.

mod controls;
mod kinds;

use std::collections::BTreeSet;

use super::*;
use crate::catalogue::id::EndpointId;
use crate::evidence::{
    Field, Kinds, KnownSeen, ListSeen, People, Presence, Reply, RowsOfKind, Sample, Seen, TableSeen,
};

/// Evidence of a tenant with 20 visible people; every field came back with a value unless said otherwise.
struct Told(Evidence);

const FIELDS: &[(&str, &str, &str)] = &[
    ("root.id", "root", "employee-reference"),
    ("root.email", "root", "text"),
    ("root.secondName", "root", "text"),
    ("about.about", "about", "text-area"),
    ("about.hobbies", "about", "multi-list"),
    ("work.startDate", "work", "date"),
    ("work.title", "work", "list"),
    ("work.reportsTo", "work", "employee"),
    ("work.reportsTo.email", "work", "text"),
    ("personal.birthDate", "personal", "date"),
    ("personal.age", "personal", "number"),
    ("personal.pronouns", "personal", "list"),
    ("personal.honorific", "personal", "list"),
    ("financial.rightToWorkExpiryDate", "rightToWork", "date"),
    ("payroll.salary.payment", "payroll", "currency"),
    ("payroll.salary.payPeriod", "payroll", "list"),
    ("payroll.taxCode", "payroll", "text"),
    ("eeo.ethnicity", "eeo", "ethnic-list"),
];

const PEOPLE: u32 = 20;

const OK: Seen = Seen { reply: Reply::Answered, status: Some(200), believed: false };
const REFUSED: Seen = Seen { reply: Reply::Refused, status: Some(403), believed: true };
const REFUSED_IN_SILENCE: Seen =
    Seen { reply: Reply::RefusedWithoutReason, status: Some(403), believed: true };

impl Told {
    fn everything() -> Self {
        let fields: Vec<Field> = FIELDS
            .iter()
            .map(|(id, category, kind)| Field {
                id: (*id).to_owned(),
                category: (*category).to_owned(),
                category_name: Catalogue::embedded().category(category).unwrap().name.clone(),
                json_path: id.strip_prefix("root.").unwrap_or(id).to_owned(),
                name: (*id).to_owned(),
                kind: (*kind).to_owned(),
                historical: id.starts_with("work.") || id.contains(".salary."),
            })
            .collect();
        let value = Presence { value: PEOPLE, empty: 0, absent: 0, ..Presence::default() };
        let sample = Sample {
            seen: OK,
            people: PEOPLE,
            fields: fields.iter().map(|field| (field.id.clone(), value)).collect(),
        };
        Self(Evidence {
            fields,
            metadata: OK,
            people: People { seen: OK, visible: PEOPLE, with_id: PEOPLE, ..People::default() },
            sample: Some(sample),
            sampled_everybody: true,
            ..Evidence::default()
        })
    }

    fn set(mut self, field: &str, value: u32, empty: u32, absent: u32) -> Self {
        let sample = self.0.sample.as_mut().unwrap();
        *sample.fields.get_mut(field).unwrap() = Presence { value, empty, absent, ..Presence::default() };
        self
    }

    /// The fields of a category stay away.
    fn without(mut self, category: &str) -> Self {
        for (field, of, _) in FIELDS {
            if *of == category {
                self = self.set(field, 0, 0, PEOPLE);
            }
        }
        self
    }

    /// Empty fields of a type come back as null: shown by one field of that type.
    fn with_null(self, field: &str) -> Self {
        self.set(field, PEOPLE - 1, 1, 0)
    }

    fn table(mut self, endpoint: &str, look: TableSeen) -> Self {
        self.0.tables.insert(EndpointId::new(endpoint), vec![look]);
        self
    }

    fn answer(mut self, endpoint: &str, seen: Seen, items: Option<u32>) -> Self {
        self.0.answers.insert(EndpointId::new(endpoint), ListSeen { seen, items, ..ListSeen::default() });
        self
    }

    fn access(&self, told: Option<Model>) -> Access {
        Access::infer(Catalogue::embedded(), &self.0, told)
    }

    fn verdict(&self, id: &str) -> Verdict {
        self.finding(id).verdict
    }

    fn finding(&self, id: &str) -> Finding {
        self.access(None).of(&PermissionId::parse(id).unwrap())
    }
}

fn rows(people: u32) -> TableSeen {
    TableSeen { seen: OK, people, rows: people, ..TableSeen::default() }
}

fn refused() -> TableSeen {
    TableSeen { seen: REFUSED, ..TableSeen::default() }
}

use Strength::{Conclusive, Strong, Weak};
use Verdict::{Denied, Granted, Unknown};

#[test]
fn every_field_of_a_category_grants_it() {
    assert_eq!(Told::everything().verdict("people/work/view"), Granted(Conclusive));
}

#[test]
fn an_absence_denies_where_empty_fields_of_its_type_come_back_as_null() {
    let silent = Told::everything().without("payroll");
    assert_eq!(silent.verdict("people/payroll/view"), Unknown(Doubt::Silence));
    let calibrated = Told::everything().without("payroll").with_null("personal.pronouns");
    assert_eq!(calibrated.verdict("people/payroll/view"), Denied(Strong));
    let other_type = Told::everything().without("eeo").with_null("personal.pronouns");
    assert_eq!(other_type.verdict("people/eeo/view"), Unknown(Doubt::Silence));
}

#[test]
fn an_absence_denies_where_everybody_has_a_value() {
    assert_eq!(Told::everything().without("work").verdict("people/work/view"), Denied(Strong));
}

#[test]
fn one_person_denies_nothing() {
    let mut told = Told::everything().without("work");
    told.0.sample.as_mut().unwrap().people = 1;
    for presence in told.0.sample.as_mut().unwrap().fields.values_mut() {
        *presence = Presence {
            value: presence.value.min(1),
            empty: 0,
            absent: presence.absent.min(1),
            ..Presence::default()
        };
    }
    assert_eq!(told.verdict("people/work/view"), Unknown(Doubt::Silence));
}

#[test]
fn a_first_sample_alone_denies_nothing_where_there_are_more_people() {
    let mut told = Told::everything().without("work");
    told.0.sampled_everybody = false;
    assert_eq!(told.verdict("people/work/view"), Unknown(Doubt::Silence));
    let absent = Presence { value: 0, empty: 0, absent: 100, ..Presence::default() };
    let again = |seen: Presence| {
        Some(Sample {
            seen: OK,
            people: 100,
            fields: ["work.startDate", "work.title", "work.reportsTo"]
                .iter()
                .map(|field| ((*field).to_owned(), seen))
                .collect(),
        })
    };
    told.0.again = again(absent);
    assert_eq!(told.verdict("people/work/view"), Denied(Strong));
    // Somebody in the larger sample has it: another group reaches these people.
    told.0.again = again(Presence { value: 1, empty: 0, absent: 99, ..Presence::default() });
    assert!(matches!(told.verdict("people/work/view"), Granted(_)));
}

#[test]
fn a_null_is_as_good_as_a_value() {
    let told = Told::everything().set("payroll.taxCode", 0, PEOPLE, 0);
    assert_eq!(told.verdict("people/payroll/view"), Granted(Conclusive));
    // Nothing but nulls is as good as HiBob's word that withheld fields leave none.
    let told = Told::everything().without("payroll").set("about.about", 0, PEOPLE, 0).set(
        "about.hobbies",
        0,
        PEOPLE,
        0,
    );
    assert_eq!(told.verdict("people/about/view"), Granted(Strong));
}

#[test]
fn a_section_of_nulls_is_granted_weakly_where_nothing_ever_stayed_away() {
    let nulls = |told: Told| {
        ["payroll.salary.payment", "payroll.salary.payPeriod", "payroll.taxCode"]
            .iter()
            .fold(told, |told, field| told.set(field, 0, PEOPLE, 0))
    };
    let finding = nulls(Told::everything()).finding("people/payroll/view");
    assert_eq!(finding.verdict, Granted(Weak));
    assert!(finding.because.contains("not one stayed away"), "{}", finding.because);
    // One field that did stay away shows that fields do.
    let told = nulls(Told::everything().without("eeo"));
    assert_eq!(told.verdict("people/payroll/view"), Granted(Strong));
}

#[test]
fn a_section_of_which_fields_were_not_asked_for_is_not_granted() {
    let mut told = Told::everything();
    told.0.sample.as_mut().unwrap().fields.remove("payroll.taxCode");
    assert_eq!(told.verdict("people/payroll/view"), Unknown(Doubt::NotTested));
}

#[test]
fn a_sensitive_field_is_one_like_any_other_where_rights_go_by_field() {
    let told = Told::everything().with_null("work.startDate").set("personal.birthDate", 0, 0, PEOPLE);
    let verdict = |model| {
        let id = PermissionId::parse("people/personal/view").unwrap();
        told.access(model).of(&id).verdict
    };
    assert_eq!(verdict(None), Granted(Conclusive));
    assert_eq!(verdict(Some(Model::Field)), Denied(Strong));
}

#[test]
fn some_granted_and_some_silent_grant_weakly_unless_everybody_has_the_silent_one() {
    let told = Told::everything().set("payroll.taxCode", 0, 0, PEOPLE);
    let finding = told.finding("people/payroll/view");
    assert_eq!(finding.verdict, Granted(Weak));
    assert!(finding.because.contains("payroll.taxCode"), "{}", finding.because);
    let mut told = Told::everything().set("root.email", 0, 0, PEOPLE);
    told.0.sampled_everybody = false;
    assert_eq!(told.verdict("people/root/view"), Unknown(Doubt::Silence));
}

#[test]
fn silence_of_a_first_sample_alone_is_no_weak_grant() {
    let mut told = Told::everything().set("payroll.taxCode", 0, 0, PEOPLE);
    told.0.sampled_everybody = false;
    let unavailable = Seen { reply: Reply::Unavailable, status: Some(500), believed: false };
    told.0.again = Some(Sample { seen: unavailable, ..Sample::default() });
    assert_eq!(told.verdict("people/payroll/view"), Unknown(Doubt::Unavailable));
    assert!(matches!(told.verdict("people/work/view"), Granted(_)));
}

#[test]
fn some_granted_and_some_denied_is_a_tenant_with_field_level_permissions() {
    let told =
        Told::everything().with_null("personal.pronouns").set("payroll.salary.payPeriod", 0, 0, PEOPLE);
    let finding = told.finding("people/payroll/view");
    assert_eq!(finding.verdict, Denied(Strong));
    let partial = finding.partial.unwrap();
    assert_eq!((partial.granted, partial.denied), (2, vec!["payroll.salary.payPeriod".to_owned()]));
    let access = told.access(None);
    assert_eq!(access.model, Some(Model::Field));
    assert_eq!(told.verdict("fields/payroll.salary.payPeriod/view"), Denied(Strong));
    assert_eq!(told.verdict("fields/payroll.taxCode/view"), Granted(Conclusive));
    let every =
        access.findings().filter(|(id, _)| id.as_field().is_some_and(|(_, action)| action == Action::View));
    assert_eq!(every.count(), FIELDS.len());
}

#[test]
fn the_id_never_counts() {
    let told = Told::everything().without("root").set("root.id", PEOPLE, 0, 0).with_null("payroll.taxCode");
    assert_eq!(told.verdict("people/root/view"), Denied(Strong));
    assert_eq!(told.access(None).model, None);
}

#[test]
fn a_field_inside_another_one_decides_nothing() {
    let told = Told::everything().with_null("payroll.taxCode").set("work.reportsTo.email", 0, 0, PEOPLE);
    assert_eq!(told.verdict("people/work/view"), Granted(Conclusive));
}

#[test]
fn sensitive_fields_that_stay_away_are_the_classic_rule_and_no_partial_category() {
    let told = Told::everything().with_null("work.startDate").set("personal.birthDate", 0, 0, PEOPLE).set(
        "personal.age",
        0,
        0,
        PEOPLE,
    );
    assert_eq!(told.verdict("people/personal/view"), Granted(Conclusive));
    assert_eq!(told.access(None).model, None);
}

#[test]
fn a_readable_sensitive_field_shows_edit_only_where_the_model_is_known() {
    let told = Told::everything();
    let edit = PermissionId::parse("people/personal/edit").unwrap();
    assert_eq!(told.access(None).of(&edit).verdict, Unknown(Doubt::ModelUndetermined));
    assert_eq!(told.access(Some(Model::Category)).of(&edit).verdict, Granted(Strong));
    assert_eq!(told.access(Some(Model::Field)).of(&edit).verdict, Unknown(Doubt::NotTested));
    assert_eq!(told.verdict("people/work/edit"), Unknown(Doubt::NotTested));
}

#[test]
fn what_the_operator_says_of_the_model_gives_way_to_what_is_seen() {
    let told =
        Told::everything().with_null("personal.pronouns").set("payroll.salary.payPeriod", 0, 0, PEOPLE);
    assert_eq!(told.access(Some(Model::Category)).model, Some(Model::Field));
}

#[test]
fn a_refused_table_denies_view_and_history() {
    let told = Told::everything().without("payroll").table("bulk-salaries", refused());
    assert_eq!(told.verdict("people/payroll/view"), Denied(Conclusive));
    assert_eq!(told.verdict("people/payroll/history"), Denied(Strong));
    assert_eq!(told.access(None).omission, Omission::Confirmed);
}

#[test]
fn fields_that_came_back_outlast_a_refused_table() {
    let told = Told::everything().table("bulk-salaries", refused());
    assert_eq!(told.verdict("people/payroll/view"), Granted(Conclusive));
    assert_eq!(told.verdict("people/payroll/history"), Denied(Conclusive));
}

#[test]
fn a_refusal_that_no_canary_vouches_for_is_a_block() {
    let unvouched = TableSeen { seen: Seen { believed: false, ..REFUSED }, ..TableSeen::default() };
    let told = Told::everything().without("payroll").table("bulk-salaries", unvouched);
    assert_eq!(told.verdict("people/payroll/history"), Unknown(Doubt::Blocked));
    assert_eq!(told.verdict("people/payroll/view"), Unknown(Doubt::Silence));
}

#[test]
fn an_old_row_grants_the_history_and_current_rows_deny_it_only_beside_older_dates() {
    let old = TableSeen { people_with_old_rows: 3, ..rows(10) };
    assert_eq!(
        Told::everything().table("bulk-work", old).verdict("people/work/history"),
        Granted(Conclusive)
    );
    let young = Told::everything().table("bulk-work", rows(10));
    assert_eq!(young.verdict("people/work/history"), Unknown(Doubt::NoHistoryToSee));
    let late = TableSeen { late_people: 6, late_dates: 5, late_on_commonest: 2, ..rows(10) };
    assert_eq!(Told::everything().table("bulk-work", late).verdict("people/work/history"), Denied(Strong));
    // One common date is an import, and so are two.
    let import = TableSeen { late_people: 9, late_dates: 1, late_on_commonest: 9, ..rows(10) };
    assert_eq!(
        Told::everything().table("bulk-work", import).verdict("people/work/history"),
        Unknown(Doubt::NoHistoryToSee)
    );
    let mixed = TableSeen { late_people: 9, late_dates: 3, late_on_commonest: 7, ..rows(10) };
    assert_eq!(
        Told::everything().table("bulk-work", mixed).verdict("people/work/history"),
        Unknown(Doubt::NoHistoryToSee)
    );
}

#[test]
fn a_first_row_that_may_come_any_day_proves_nothing_until_others_have_theirs_from_the_first_day() {
    let late = TableSeen { late_people: 6, late_dates: 5, late_on_commonest: 2, ..rows(10) };
    let told = Told::everything().table("bulk-salaries", late.clone());
    assert_eq!(told.verdict("people/payroll/history"), Unknown(Doubt::NoHistoryToSee));
    let among_others = TableSeen { punctual_people: 4, ..late };
    let told = Told::everything().table("bulk-salaries", among_others.clone());
    assert_eq!(told.verdict("people/payroll/history"), Denied(Strong));
    // A few may all be first rows.
    let few = TableSeen { late_people: 4, late_dates: 4, late_on_commonest: 1, ..among_others };
    let told = Told::everything().table("bulk-salaries", few);
    assert_eq!(told.verdict("people/payroll/history"), Unknown(Doubt::NoHistoryToSee));
}

#[test]
fn a_table_that_opens_without_the_view_was_opened_by_the_history() {
    let told = Told::everything().without("work").table("bulk-work", rows(10));
    assert_eq!(told.verdict("people/work/view"), Denied(Strong));
    assert_eq!(told.verdict("people/work/history"), Granted(Strong));
}

#[test]
fn a_table_that_opens_on_nothing_was_opened_by_nobody() {
    let told = Told::everything().without("work").table("bulk-work", rows(0));
    assert_eq!(told.verdict("people/work/history"), Unknown(Doubt::NoHistoryToSee));
}

#[test]
fn a_few_fields_of_many_grant_nothing_and_neither_does_a_sensitive_one_alone() {
    let told =
        Told::everything().set("payroll.salary.payPeriod", 0, 0, PEOPLE).set("payroll.taxCode", 0, 0, PEOPLE);
    assert_eq!(told.verdict("people/payroll/view"), Unknown(Doubt::Silence));
    let told = Told::everything().without("personal").set("personal.birthDate", PEOPLE, 0, 0);
    assert_eq!(told.verdict("people/personal/view"), Unknown(Doubt::Silence));
}

#[test]
fn silence_is_no_weak_grant_where_rights_are_set_field_by_field() {
    let told = Told::everything().set("payroll.taxCode", 0, 0, PEOPLE);
    let payroll = PermissionId::parse("people/payroll/view").unwrap();
    assert_eq!(told.access(Some(Model::Category)).of(&payroll).verdict, Granted(Weak));
    assert_eq!(told.access(Some(Model::Field)).of(&payroll).verdict, Unknown(Doubt::Silence));
}

#[test]
fn a_field_whose_part_came_back_without_it_was_withheld() {
    let mut told = Told::everything();
    let seen = Presence { withheld: 5, unclear: 3, absent: 12, ..Presence::default() };
    told.0.sample.as_mut().unwrap().fields.insert("work.reportsTo".to_owned(), seen);
    assert_eq!(told.verdict("fields/work.reportsTo/view"), Denied(Strong));
    let unclear = Presence { withheld: 0, ..seen };
    told.0.sample.as_mut().unwrap().fields.insert("work.reportsTo".to_owned(), unclear);
    let work = PermissionId::parse("people/work/view").unwrap();
    assert_eq!(told.access(None).of(&work).verdict, Granted(Weak));
    assert_eq!(told.access(Some(Model::Field)).of(&work).verdict, Unknown(Doubt::Silence));
}

#[test]
fn a_withheld_column_counts_for_the_category_that_its_field_is_in_now() {
    let look =
        TableSeen { no_history: BTreeSet::from(["title".to_owned()]), people_with_old_rows: 3, ..rows(10) };
    let mut told = Told::everything().table("bulk-work", look);
    assert_eq!(told.verdict("people/work/history"), Denied(Conclusive));
    told.0.fields.iter_mut().find(|field| field.id == "work.title").unwrap().category = "eeo".to_owned();
    assert_eq!(told.verdict("people/work/history"), Granted(Weak));
    assert_eq!(told.verdict("fields/work.title/history"), Denied(Conclusive));
}

#[test]
fn a_column_is_read_as_the_field_that_it_shows() {
    let look = TableSeen { no_view: BTreeSet::from(["base".to_owned()]), ..rows(10) };
    let told = Told::everything().set("payroll.salary.payment", 0, 0, PEOPLE).table("bulk-salaries", look);
    assert_eq!(told.verdict("fields/payroll.salary.payment/view"), Denied(Conclusive));
}

#[test]
fn a_table_that_contradicts_the_fields_leaves_both_in_doubt() {
    let late = TableSeen { late_people: 6, late_dates: 5, late_on_commonest: 2, ..rows(10) };
    let told = Told::everything().without("work").table("bulk-work", late);
    assert_eq!(told.verdict("people/work/view"), Unknown(Doubt::Contradiction));
    assert_eq!(told.verdict("people/work/history"), Unknown(Doubt::Contradiction));
}

#[test]
fn a_table_with_no_history_box_shows_the_view_even_without_rows() {
    let told = Told::everything().table("bulk-equities", rows(0));
    assert_eq!(told.verdict("people/equity/view"), Granted(Conclusive));
    let told = Told::everything().table("bulk-equities", refused());
    assert_eq!(told.verdict("people/equity/view"), Denied(Conclusive));
    let told = Told::everything().without("rightToWork").table("bulk-right-to-work", refused());
    assert_eq!(told.verdict("people/rightToWork/view"), Denied(Conclusive));
}

#[test]
fn a_table_of_one_person_denies_only_where_everybody_can_be_asked_about() {
    let mut told = Told::everything().table("person-training", refused());
    assert_eq!(told.verdict("people/training/view"), Denied(Strong));
    told.0.people.with_id -= 1;
    assert_eq!(told.verdict("people/training/view"), Unknown(Doubt::Silence));
}

#[test]
fn a_table_that_opens_on_withheld_columns_or_on_nothing_shows_no_single_field() {
    let hidden = TableSeen { no_view: BTreeSet::from(["quantity".to_owned()]), ..rows(3) };
    assert_eq!(
        Told::everything().table("bulk-equities", hidden).verdict("people/equity/view"),
        Unknown(Doubt::Silence)
    );
    let equity = PermissionId::parse("people/equity/view").unwrap();
    let empty = Told::everything().table("bulk-equities", rows(0));
    assert_eq!(empty.access(Some(Model::Field)).of(&equity).verdict, Unknown(Doubt::Empty));
    assert_eq!(empty.access(None).of(&equity).verdict, Granted(Conclusive));
}

#[test]
fn a_table_speaks_for_a_silent_field_only_where_rights_are_set_by_category() {
    let told = Told::everything().without("rightToWork").table("bulk-right-to-work", rows(3));
    let view = PermissionId::parse("people/rightToWork/view").unwrap();
    assert_eq!(told.access(None).of(&view).verdict, Granted(Conclusive));
    assert_eq!(told.access(Some(Model::Field)).of(&view).verdict, Unknown(Doubt::Silence));
}

#[test]
fn columns_that_the_answer_calls_withheld_are_denied_and_prove_field_level_permissions() {
    let look = TableSeen {
        no_view: BTreeSet::from(["title".to_owned()]),
        no_history: BTreeSet::from(["reportsTo".to_owned()]),
        people_with_old_rows: 3,
        ..rows(10)
    };
    let told = Told::everything().set("work.title", 0, 0, PEOPLE).table("bulk-work", look);
    let access = told.access(None);
    assert_eq!((access.model, access.omission), (Some(Model::Field), Omission::Confirmed));
    assert_eq!(told.verdict("fields/work.title/view"), Denied(Conclusive));
    assert_eq!(told.verdict("fields/work.reportsTo/history"), Denied(Conclusive));
    assert_eq!(told.verdict("people/work/history"), Denied(Conclusive));
    assert_eq!(told.verdict("people/work/view"), Denied(Conclusive));
}

#[test]
fn what_is_withheld_of_some_people_is_not_denied_of_all() {
    let columns = ["title", "reportsTo"].map(str::to_owned);
    let look = TableSeen { no_view: BTreeSet::from(columns), ..rows(10) };
    let told = Told::everything()
        .set("work.title", 4, 0, PEOPLE - 4)
        .set("work.reportsTo", 0, 0, PEOPLE)
        .table("bulk-work", look);
    // That one of them came back of somebody says that the answer speaks of some people only.
    assert_eq!(told.verdict("fields/work.reportsTo/view"), Unknown(Doubt::Silence));
    assert_eq!(told.verdict("fields/work.title/view"), Unknown(Doubt::Contradiction));
}

#[test]
fn withheld_fields_that_come_back_as_null_make_all_silence_a_doubt() {
    let told = Told::everything()
        .with_null("personal.pronouns")
        .set("payroll.salary.payment", 0, PEOPLE, 0)
        .set("payroll.salary.payPeriod", 0, PEOPLE, 0)
        .set("payroll.taxCode", 0, PEOPLE, 0)
        .table("bulk-salaries", refused())
        .without("eeo");
    assert_eq!(told.access(None).omission, Omission::Contradicted);
    assert_eq!(told.verdict("people/payroll/view"), Unknown(Doubt::Contradiction));
    assert_eq!(told.verdict("people/eeo/view"), Unknown(Doubt::Silence));
    assert!(matches!(told.verdict("people/work/view"), Granted(_)));
}

#[test]
fn an_endpoint_grants_by_its_answer_or_only_by_an_item() {
    let told = Told::everything().answer("calendar-events", OK, Some(0)).answer("reports", OK, Some(0));
    assert_eq!(told.verdict("features/calendar/manage"), Granted(Conclusive));
    assert_eq!(told.verdict("features/reports/view"), Unknown(Doubt::Empty));
    let told = Told::everything().answer("reports", OK, Some(3));
    assert_eq!(told.verdict("features/reports/view"), Granted(Conclusive));
}

#[test]
fn a_refusal_without_a_reason_denies_unless_the_module_may_be_off() {
    let told = Told::everything()
        .answer("reports", REFUSED_IN_SILENCE, None)
        .answer("job-openings", REFUSED_IN_SILENCE, None)
        .answer("positions", REFUSED, None);
    assert_eq!(told.verdict("features/reports/view"), Denied(Strong));
    assert_eq!(told.verdict("features/job-openings/manage"), Unknown(Doubt::RefusedWithoutReason));
    assert_eq!(told.verdict("features/workforce-planning/positions/manage"), Denied(Conclusive));
}

#[test]
fn every_other_answer_is_a_doubt_with_its_own_name() {
    for (reply, doubt) in [
        (Reply::NotFound, Doubt::ModuleOff),
        (Reply::BadRequest, Doubt::BadRequest),
        (Reply::NotAnApiAnswer, Doubt::NotAnApiAnswer),
        (Reply::Redirected, Doubt::Redirected),
        (Reply::Throttled, Doubt::Throttled),
        (Reply::Unavailable, Doubt::Unavailable),
        (Reply::Timeout, Doubt::Timeout),
    ] {
        let seen = Seen { reply, status: None, believed: false };
        let told = Told::everything().answer("reports", seen, None);
        assert_eq!(told.verdict("features/reports/view"), Unknown(doubt), "{reply:?}");
    }
    assert_eq!(Told::everything().verdict("features/reports/view"), Unknown(Doubt::NotTested));
}

#[test]
fn nobody_visible_leaves_everything_about_people_in_doubt_and_names_both_causes() {
    let mut told = Told::everything().answer("tasks", REFUSED, None);
    told.0.people = People { seen: OK, ..People::default() };
    told.0.sample = None;
    for id in [
        "people/work/view",
        "people/work/history",
        "people/equity/view",
        "tasks/people/complete",
        "population/employed",
    ] {
        let finding = told.finding(id);
        assert_eq!(finding.verdict, Unknown(Doubt::NobodyVisible), "{id}");
        assert!(finding.because.contains("audience") && finding.because.contains("Basic info"), "{id}");
    }
}

#[test]
fn a_status_is_granted_when_seen_and_a_doubt_when_not() {
    let mut told = Told::everything();
    told.0.people.statuses.insert("employed".to_owned(), 12);
    assert_eq!(told.verdict("population/employed"), Granted(Conclusive));
    assert_eq!(told.verdict("population/terminated"), Unknown(Doubt::NobodySeen));
    let mut leavers = rows(3);
    leavers.statuses.insert("terminated".to_owned(), 3);
    assert_eq!(told.table("bulk-lifecycle", leavers).verdict("population/terminated"), Granted(Conclusive));
}

#[test]
fn a_known_person_turns_the_doubt_about_a_status_into_a_verdict() {
    let with = |visible, outside, unheard_of| {
        let mut told = Told::everything();
        let seen = KnownSeen { visible, outside, unheard_of };
        told.0.people.known.insert("terminated".to_owned(), seen);
        told.verdict("population/terminated")
    };
    assert_eq!(with(1, 0, 0), Granted(Conclusive));
    assert_eq!(with(0, 1, 0), Denied(Conclusive));
    assert_eq!(with(0, 0, 1), Unknown(Doubt::NobodySeen));
    assert_eq!(with(1, 1, 0), Granted(Conclusive));
}

#[test]
fn sections_that_the_tenant_lacks_and_sections_that_nothing_shows_are_two_things() {
    let told = Told::everything();
    assert_eq!(told.verdict("people/temporaryAddress/view"), Unknown(Doubt::NotInTenant));
    assert_eq!(told.verdict("people/category_1/view"), Unknown(Doubt::NotInTenant));
    assert_eq!(told.verdict("people/timeOff/view"), Unknown(Doubt::NoWitness));
    assert_eq!(told.verdict("features/people/directory/view"), Unknown(Doubt::MappingUnconfirmed));
}

#[test]
fn a_section_whose_id_is_not_known_is_found_by_its_name() {
    let mut told = Told::everything();
    told.0.fields.push(Field {
        id: "timeoff.balance".to_owned(),
        category: "timeoffSection".to_owned(),
        category_name: "Time off".to_owned(),
        json_path: "timeoff.balance".to_owned(),
        name: "Balance".to_owned(),
        kind: "number".to_owned(),
        historical: false,
    });
    let came = Presence { value: PEOPLE, empty: 0, absent: 0, ..Presence::default() };
    told.0.sample.as_mut().unwrap().fields.insert("timeoff.balance".to_owned(), came);
    assert_eq!(told.verdict("people/timeOff/view"), Granted(Conclusive));
    assert_eq!(told.verdict("people/timeoffSection/view"), Granted(Conclusive));
}

#[test]
fn more_evidence_never_turns_a_sure_verdict_into_its_opposite() {
    type Step = (&'static str, fn(Told) -> Told);
    let steps: [Step; 6] = [
        ("a null of a list", |told| told.with_null("personal.pronouns")),
        ("an old row of Work", |told| {
            told.table("bulk-work", TableSeen { people_with_old_rows: 2, ..rows(9) })
        }),
        ("a refused table of salaries", |told| told.table("bulk-salaries", refused())),
        ("late rows of Employment", |told| {
            told.table(
                "bulk-employment",
                TableSeen { late_people: 5, late_dates: 4, late_on_commonest: 2, ..rows(9) },
            )
        }),
        ("a report", |told| told.answer("reports", OK, Some(1))),
        ("refused tasks", |told| told.answer("tasks", REFUSED, None)),
    ];
    // Every subset, each held against every larger one that adds a single step.
    let with = |mask: u32| {
        let told = Told::everything().without("payroll").without("eeo").set("root.secondName", 0, PEOPLE, 0);
        steps
            .iter()
            .enumerate()
            .filter(|(at, _)| mask & (1 << at) != 0)
            .fold(told, |told, (_, (_, step))| step(told))
            .access(None)
    };
    for mask in 0..(1u32 << steps.len()) {
        let before = with(mask);
        for (at, (name, _)) in steps.iter().enumerate().filter(|(at, _)| mask & (1 << at) == 0) {
            let after = with(mask | (1 << at));
            for (id, finding) in before.findings() {
                let turned = matches!(
                    (finding.verdict, after.of(id).verdict),
                    (Granted(_), Denied(_)) | (Denied(_), Granted(_))
                );
                assert!(!turned, "{name} turned {id}");
            }
        }
    }
}

#[test]
fn a_refusal_person_by_person_denies_only_where_every_kind_of_person_was_refused() {
    let ids = ["people/training/view", "time-off/balance/view", "people/equity/view"];
    let mut told = Told::everything()
        .table("person-training", refused())
        .table("person-equities", refused())
        .answer("time-off-balance", REFUSED, None);
    for (asked, denied) in [(4, false), (6, true)] {
        for endpoint in ["person-training", "person-equities", "time-off-balance"] {
            told.0.kinds.insert(endpoint.to_owned(), Kinds { told_apart: 6, refused: asked });
        }
        for id in ids {
            let finding = told.finding(id);
            assert_eq!(matches!(finding.verdict, Denied(_)), denied, "{id}: {finding:?}");
            if !denied {
                assert_eq!(finding.verdict, Unknown(Doubt::NotTested), "{id}");
                assert!(finding.because.contains("2 other kinds of people"), "{}", finding.because);
            }
        }
    }
}

/// Two groups add up: what every person has came back of some people and not of others.
fn two_audiences() -> Told {
    Told::everything().set("work.startDate", PEOPLE - 3, 0, 3)
}

#[test]
fn where_groups_add_up_current_rows_deny_the_history_only_if_they_are_late_for_every_kind_of_person() {
    let kind = |asked, with_rows, late| RowsOfKind { asked, with_rows, late };
    let late = TableSeen {
        late_people: 6,
        late_dates: 5,
        late_on_commonest: 2,
        punctual_people: 4,
        no_history: BTreeSet::from(["title".to_owned()]),
        ..rows(10)
    };
    let shown = TableSeen { no_history: BTreeSet::new(), ..late.clone() };
    let unknown = Unknown(Doubt::NoHistoryToSee);
    let cases: [(&[RowsOfKind], Verdict, Verdict); 6] = [
        (&[], unknown, unknown),
        (&[kind(10, 10, 6)], unknown, unknown),
        (&[kind(5, 5, 3), kind(5, 5, 0)], unknown, unknown),
        (&[kind(5, 5, 3), kind(5, 5, 1)], Denied(Strong), unknown),
        (&[kind(5, 5, 3), kind(5, 5, 3)], Denied(Strong), Denied(Strong)),
        // Everybody who may be seen in Work has a row there; in Payroll some have none.
        (&[kind(5, 5, 3), kind(3, 0, 0)], Denied(Strong), unknown),
    ];
    for (kinds, work, payroll) in cases {
        for look in [&late, &shown] {
            let look = TableSeen { by_kind: kinds.to_vec(), ..look.clone() };
            let told = two_audiences().table("bulk-work", look.clone()).table("bulk-salaries", look);
            assert_eq!(told.verdict("people/work/history"), work, "{kinds:?}");
            assert_eq!(told.verdict("people/payroll/history"), payroll, "{kinds:?}");
        }
        let told = two_audiences().table("bulk-work", TableSeen { by_kind: kinds.to_vec(), ..late.clone() });
        assert_eq!(told.verdict("fields/work.title/history"), work, "{kinds:?}");
    }
    let not_asked = [kind(5, 5, 3), kind(0, 0, 0)];
    let told = two_audiences().table("bulk-work", TableSeen { by_kind: not_asked.to_vec(), ..shown });
    assert_eq!(told.verdict("people/work/history"), unknown);
}

#[test]
fn where_groups_add_up_a_past_that_is_withheld_of_some_and_seen_of_others_is_granted() {
    let title = BTreeSet::from(["title".to_owned()]);
    let look =
        TableSeen { no_history: title.clone(), old_columns: title, people_with_old_rows: 3, ..rows(10) };
    let told = Told::everything().table("bulk-work", look.clone());
    assert_eq!(told.verdict("fields/work.title/history"), Unknown(Doubt::Contradiction));
    assert_eq!(told.verdict("people/work/history"), Unknown(Doubt::Contradiction));
    let told = two_audiences().table("bulk-work", look);
    assert_eq!(told.verdict("fields/work.title/history"), Granted(Conclusive));
    assert!(matches!(told.verdict("people/work/history"), Granted(_)));
}
