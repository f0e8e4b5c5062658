//! What one answer settles for another: the controls of a run, and the rows that rest on them.

use serde_json::json;

use super::*;
use crate::evidence::read;

/// A table of Work that calls columns withheld.
fn withholding(columns: &[&str]) -> TableSeen {
    TableSeen { no_view: columns.iter().map(|column| (*column).to_owned()).collect(), ..rows(10) }
}

#[test]
fn nulls_contradict_the_omission_only_in_what_the_run_itself_calls_withheld() {
    let omission = |told: Told| told.access(None).omission;
    let nulls = |told: Told| told.set("root.email", 0, PEOPLE, 0).set("root.secondName", 0, PEOPLE, 0);
    let told = nulls(Told::everything());
    assert_eq!(told.verdict("people/root/view"), Unknown(Doubt::Contradiction));
    assert_eq!(omission(told), Omission::Open);
    let title = |value, empty, absent| Told::everything().set("work.title", value, empty, absent);
    let hidden = |told: Told| told.table("bulk-work", withholding(&["title"]));
    assert_eq!(omission(hidden(title(0, PEOPLE, 0))), Omission::Contradicted);
    // Of some people null and of others nothing: readable of the former, and empty.
    assert_eq!(omission(hidden(title(0, 5, PEOPLE - 5))), Omission::Open);
}

#[test]
fn nulls_contradict_nothing_where_another_withheld_field_has_a_value_for_somebody() {
    let told = Told::everything().set("work.title", 0, PEOPLE, 0).set("work.reportsTo", 5, 0, PEOPLE - 5);
    let told = told.table("bulk-work", withholding(&["title", "reportsTo"]));
    assert_eq!(told.access(None).omission, Omission::Open);
}

#[test]
fn a_refused_table_speaks_for_a_section_of_nulls_where_others_show_what_nulls_are_worth() {
    let payroll = |told: Told| {
        let fields = ["payroll.salary.payment", "payroll.salary.payPeriod", "payroll.taxCode"];
        let told = fields.iter().fold(told, |told, field| told.set(field, 0, PEOPLE, 0));
        told.table("bulk-salaries", refused())
    };
    let null_by_word =
        || Told::everything().set("work.title", 0, PEOPLE, 0).table("bulk-work", withholding(&["title"]));
    assert_eq!(payroll(Told::everything()).verdict("people/payroll/view"), Unknown(Doubt::Contradiction));
    assert_eq!(payroll(null_by_word()).verdict("people/payroll/view"), Denied(Strong));
    // A value that came back of any of them stands against the refusal, and its table open says nothing.
    let valued = payroll(null_by_word()).set("payroll.taxCode", 1, PEOPLE - 1, 0);
    assert!(matches!(valued.verdict("people/payroll/view"), Unknown(_) | Granted(_)));
    let open = payroll(null_by_word()).table("bulk-salaries", rows(0));
    assert_eq!(open.verdict("people/payroll/view"), Unknown(Doubt::Contradiction));
}

#[test]
fn an_empty_table_grants_by_field_where_this_tenant_refuses_what_is_withheld_whole() {
    let equity = |told: Told| {
        let told = told.table("bulk-equities", rows(0));
        told.access(Some(Model::Field)).of(&PermissionId::parse("people/equity/view").unwrap()).verdict
    };
    let refuses = || Told::everything().without("payroll").table("bulk-salaries", refused());
    assert_eq!(equity(refuses()), Granted(Strong));
    // The fields of the refused table came back, or nobody vouches for the refusal.
    assert_eq!(equity(refuses().set("payroll.taxCode", 1, 0, PEOPLE - 1)), Unknown(Doubt::Empty));
    let unvouched = TableSeen { seen: Seen { believed: false, ..REFUSED }, ..TableSeen::default() };
    assert_eq!(
        equity(Told::everything().without("payroll").table("bulk-salaries", unvouched)),
        Unknown(Doubt::Empty)
    );
}

#[test]
fn few_fields_are_enough_where_all_that_everybody_has_is_among_them() {
    let told = ["work.title", "work.reportsTo", "work.reportsTo.email"]
        .iter()
        .fold(Told::everything(), |told, field| told.set(field, 0, 0, PEOPLE));
    assert_eq!(told.verdict("people/work/view"), Granted(Weak));
    let work = PermissionId::parse("people/work/view").unwrap();
    assert_eq!(told.access(Some(Model::Field)).of(&work).verdict, Unknown(Doubt::Silence));
}

#[test]
fn an_empty_list_is_no_grant_where_a_refusal_is_only_expected() {
    let lists = [
        ("time-off-policy-types", "features/time-off/settings/manage", json!({"policyTypes": ["Holiday"]})),
        ("onboarding-wizards", "features/onboarding/welcome-flow/customize", json!({"wizards": [{"id": 1}]})),
        ("attendance-projects", "features/projects/manage", json!([{"id": "/project/id"}])),
        ("attendance-projects", "features/projects/manage", json!({"items": [{"id": "/project/id"}]})),
    ];
    for (endpoint, permission, full) in lists {
        let key = &Catalogue::embedded().endpoint(&EndpointId::new(endpoint)).unwrap().items;
        let mut empty = full.clone();
        let list = if empty.is_array() {
            &mut empty
        } else {
            empty.as_object_mut().unwrap().values_mut().next().unwrap()
        };
        *list = json!([]);
        let verdict =
            |answer| Told::everything().answer(endpoint, OK, read::items(answer, key)).verdict(permission);
        assert_eq!(verdict(&full), Granted(Conclusive), "{endpoint}");
        assert_eq!(verdict(&empty), Unknown(Doubt::Empty), "{endpoint}");
    }
}

#[test]
fn a_section_of_nulls_is_a_doubt_where_nothing_stayed_away_and_other_data_was_refused() {
    let nulls = || Told::everything().set("eeo.ethnicity", 0, PEOPLE, 0);
    assert_eq!(nulls().verdict("people/eeo/view"), Granted(Weak));
    let selective = || nulls().table("person-training", refused());
    assert_eq!(selective().verdict("people/eeo/view"), Unknown(Doubt::Silence));
    // A field that did stay away shows that fields do, and a value shows the right.
    assert_eq!(selective().without("payroll").verdict("people/eeo/view"), Granted(Strong));
    assert_eq!(
        selective().set("eeo.ethnicity", 1, PEOPLE - 1, 0).verdict("people/eeo/view"),
        Granted(Conclusive)
    );
}

#[test]
fn a_section_of_nulls_is_granted_where_its_table_opened_which_its_view_alone_opens() {
    let nulls = || {
        let told = Told::everything().set("financial.rightToWorkExpiryDate", 0, PEOPLE, 0);
        told.table("person-training", refused())
    };
    assert_eq!(nulls().verdict("people/rightToWork/view"), Unknown(Doubt::Silence));
    let opened = || nulls().table("bulk-right-to-work", rows(0));
    assert_eq!(opened().verdict("people/rightToWork/view"), Granted(Conclusive));
    let right_to_work = PermissionId::parse("people/rightToWork/view").unwrap();
    assert_eq!(opened().access(Some(Model::Field)).of(&right_to_work).verdict, Unknown(Doubt::Silence));
}

#[test]
fn fields_that_every_person_has_contradict_the_omission_where_several_are_null_for_all() {
    let mut told = Told::everything();
    for at in 0..3 {
        let everyones = ["work.site", "work.isManager", "work.tenureDuration"][at];
        let mut field = told.0.fields[0].clone();
        (field.id, field.category) = (everyones.to_owned(), "unheard-of".to_owned());
        field.json_path = everyones.to_owned();
        told.0.fields.push(field);
        let null = Presence { empty: PEOPLE, ..Presence::default() };
        told.0.sample.as_mut().unwrap().fields.insert(everyones.to_owned(), null);
        let wanted = if at < 2 { Omission::Open } else { Omission::Contradicted };
        assert_eq!(told.access(None).omission, wanted, "{everyones}");
    }
    assert_eq!(told.without("work").verdict("people/work/view"), Unknown(Doubt::Silence));
}

#[test]
fn a_null_tells_of_silence_only_where_it_is_known_to_be_readable() {
    // The two lists: Personal is null throughout, and the title in Work stays away.
    let told = || {
        Told::everything()
            .set("personal.pronouns", 0, PEOPLE, 0)
            .set("personal.honorific", 0, PEOPLE, 0)
            .set("personal.birthDate", 0, PEOPLE, 0)
            .set("personal.age", 0, PEOPLE, 0)
            .set("work.title", 0, 0, PEOPLE)
    };
    let title = |told: Told| told.verdict("people/work/view");
    assert_eq!(title(told()), Granted(Weak));
    // A value beside it, or a table that shows that what is withheld leaves nothing.
    assert_eq!(title(told().set("personal.age", 1, PEOPLE - 1, 0)), Denied(Strong));
    assert_eq!(title(told().without("payroll").table("bulk-salaries", refused())), Denied(Strong));
}

#[test]
fn a_column_that_some_may_see_is_not_withheld_of_all() {
    let told = |unclear: u32| {
        let mut told = Told::everything().table("bulk-work", withholding(&["reportsTo"]));
        let seen = Presence { absent: PEOPLE - unclear, unclear, ..Presence::default() };
        told.0.sample.as_mut().unwrap().fields.insert("work.reportsTo".to_owned(), seen);
        // Another section shows that rights differ from person to person.
        told.with_null("personal.pronouns").set("personal.honorific", 3, 2, PEOPLE - 5)
    };
    assert_eq!(told(0).verdict("fields/work.reportsTo/view"), Denied(Conclusive));
    assert_eq!(told(4).verdict("fields/work.reportsTo/view"), Unknown(Doubt::Contradiction));
}

#[test]
fn a_table_that_opened_without_the_view_shows_the_past_of_all_fields_weakly_where_rights_go_by_field() {
    let told = Told::everything().without("work").table("bulk-work", rows(PEOPLE));
    let history = PermissionId::parse("people/work/history").unwrap();
    for (model, strength) in [(Model::Category, Strong), (Model::Field, Weak)] {
        assert_eq!(told.access(Some(model)).of(&history).verdict, Granted(strength));
    }
}
