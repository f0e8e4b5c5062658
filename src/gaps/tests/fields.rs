//! Boxes of fields that a line calls by the name on the screen.

use super::*;
use crate::catalogue::id::Action;

/// Work and Payroll have a field of one name each, and Work one that no other section has.
fn tenant() -> Tenant {
    let mut tenant = Tenant::of(&[("work", "Work", Back), ("payroll", "Payroll", Never)])
        .field("work.custom.field_1", "work", "Work", "text", (PEOPLE, 0, 0))
        .field("work.custom.field_2", "work", "Work", "text", (PEOPLE, 0, 0))
        .field("payroll.custom.field_3", "payroll", "Payroll", "text", (0, 0, PEOPLE));
    for field in &mut tenant.0.fields {
        match field.id.as_str() {
            "work.custom.field_1" => "Papaya ID".clone_into(&mut field.name),
            "work.custom.field_2" | "payroll.custom.field_3" => "Cost center".clone_into(&mut field.name),
            _ => {}
        }
    }
    tenant
}

/// What one line comes to: the id or the label, the status and why.
fn of(tenant: &Tenant, line: &str, told: Option<Model>) -> (String, Status, String) {
    let policies = policies(&[&format!("requires: [people/root/view, {line}]")], "", &[], &[]);
    let access = tenant.access(told);
    let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), told == Some(Model::Category));
    let at = gaps[0].items.iter().find(|gap| gap.requirement == policies[0].requirements.get(1)).unwrap();
    let label = at.requirement.map(|it| it.label.clone()).unwrap_or_default();
    (at.permission.as_ref().map_or(label, ToString::to_string), at.status, at.finding.because.clone())
}

#[test]
fn a_box_of_a_field_goes_by_the_name_on_the_screen() {
    let view = of(&tenant(), "{field: papaya id, boxes: [view]}", None);
    assert_eq!((view.0.as_str(), view.1), ("fields/work.custom.field_1/view", Status::Satisfied));
    let edit = of(&tenant(), "{field: Papaya ID, boxes: [edit]}", None);
    assert_eq!((edit.0.as_str(), edit.1), ("fields/work.custom.field_1/edit", Status::Unverified));
    assert!(edit.2.contains("only a write shows"), "{}", edit.2);
    let gone = of(&tenant(), "{field: Mango ID, boxes: [edit]}", None);
    assert_eq!(gone, ("Edit: Mango ID".to_owned(), Status::Unverified, gone.2.clone()));
    assert_eq!(gone.2, "this tenant has no field of this id or name");
}

#[test]
fn a_section_tells_two_fields_of_one_name_apart() {
    let both = of(&tenant(), "{field: Cost center, boxes: [view]}", None);
    assert_eq!(both.1, Status::Unverified);
    for says in ["payroll.custom.field_3, work.custom.field_2", "Payroll and Work", "`section:` beside it"] {
        assert!(both.2.contains(says), "{}", both.2);
    }
    for section in ["Work", "people/work"] {
        let work = of(&tenant(), &format!("{{field: Cost center, section: {section}, boxes: [view]}}"), None);
        assert_eq!((work.0.as_str(), work.1), ("fields/work.custom.field_2/view", Status::Satisfied));
    }
    // Which is read is told apart in the same way.
    let payroll = of(&tenant(), "{field: Cost center, section: Payroll}", None);
    assert_eq!((payroll.0.as_str(), payroll.1), ("fields/payroll.custom.field_3/view", Status::Missing));
    let moved = of(&tenant(), "{field: Papaya ID, section: Payroll}", None);
    assert_eq!(moved.1, Status::Unverified);
    assert_eq!(moved.2, "this tenant has no field of this name in that section; it has one in Work");
}

#[test]
fn nothing_is_said_of_a_name_where_the_fields_could_not_be_listed() {
    let mut tenant = tenant();
    tenant.0.metadata = Seen { reply: Reply::Refused, status: Some(403), believed: true };
    tenant.0.fields.clear();
    let restricted = of(&tenant, "{field: Papaya ID, section: Work, boxes: [edit]}", None);
    assert_eq!(restricted.0, "Edit: Papaya ID (Work)");
    assert_eq!((restricted.1, restricted.2.contains("could not be listed")), (Status::Unverified, true));
}

#[test]
fn where_rights_are_given_by_section_its_edit_box_is_that_of_the_field() {
    let tenant = Tenant::of(&[])
        .field("personal.birthDate", "personal", "Personal", "date", (PEOPLE, 0, 0))
        .field("personal.custom.field_1", "personal", "Personal", "text", (PEOPLE, 0, 0));
    for line in ["{field: The personal.custom.field_1, boxes: [edit]}", "fields/personal.custom.field_1/edit"]
    {
        let edit = of(&tenant, line, Some(Model::Category));
        assert_eq!((edit.0.as_str(), edit.1), ("fields/personal.custom.field_1/edit", Status::Satisfied));
        assert_eq!(of(&tenant, line, None).1, Status::Unverified);
    }
}

#[test]
fn a_field_beside_the_one_is_no_excess_where_its_section_is_asked_for() {
    let one_of = "needs: [{one-of: [{field: work.custom.field_1}, {field: work.custom.field_2}]}]";
    let second = |lines: &str| {
        let policies = policies(&[lines], "", &[], &[]);
        let access = tenant().access(None);
        let gaps = Gaps::between(&policies, &access, Catalogue::embedded(), false);
        let field = PermissionId::field("work.custom.field_2", Action::View);
        let of_field = |gap: &&Gap<'_>| gap.permission.as_ref() == Some(&field);
        gaps[0].items.iter().find(of_field).map(|gap| (gap.need, gap.status)).unwrap()
    };
    assert_eq!(second(one_of), (Need::NotNeeded, Status::Excess));
    let with_section = format!("requires: [people/work/view]\n{one_of}");
    assert_eq!(second(&with_section), (Need::Optional, Status::Satisfied));
}
