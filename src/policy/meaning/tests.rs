//! What printed lines come to.

use super::super::lines::{Aim, Modality};
use super::super::{Origin, validate};
use crate::catalogue::Catalogue;
use crate::policy::{Need, Policy};
use crate::source::Source;

fn read(lines: &str) -> Policy {
    let text = format!(
        "policy: x\nversion: 2026-11-21\nlist: open\nfeatures: {{cars: Company cars}}\nfacts: {{big: Is it big?}}\n{lines}\n"
    );
    validate::read(&Source::new("x.yaml", text), Origin::File, Catalogue::embedded())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// Each thing that is asked for, with how much and under which label.
fn asked(policy: &Policy) -> Vec<(String, Need, &str)> {
    let of =
        |id: Option<&crate::catalogue::id::PermissionId>| id.map(ToString::to_string).unwrap_or_default();
    policy.requirements.iter().map(|it| (of(it.target.permission()), it.need, it.label.as_str())).collect()
}

const PRINTED: &str = "requires:
  - label: the default employee categories
    breaks: nothing comes back
    path: People
    items:
      - people/root/view
      - {permission: people/work/view, label: and Work}
      - {permission: people/home/view, when: {with: cars}}
      - {section: docs/shared, boxes: [view, upload]}";

#[test]
fn one_printed_line_may_stand_for_several_boxes() {
    let policy = read(PRINTED);
    assert_eq!(policy.lines.len(), 1);
    let line = &policy.lines[0];
    assert_eq!((line.path.as_deref(), line.parts().len()), (Some("People"), 4));
    // The path is that of the printed line, and each box in it has a section of its own.
    assert!(line.parts().iter().all(|part| part.path.is_none()));
    let printed = "the default employee categories";
    assert_eq!(
        asked(&policy),
        [
            ("people/root/view".to_owned(), Need::Required, printed),
            ("people/work/view".to_owned(), Need::Required, "and Work"),
            ("docs/shared/view".to_owned(), Need::Required, printed),
            ("docs/shared/upload".to_owned(), Need::Required, printed),
        ]
    );
    assert!(policy.requirements.iter().all(|it| it.breaks.as_deref() == Some("nothing comes back")));
}

#[test]
fn a_printed_line_stands_among_alternatives_and_among_what_is_not_wanted() {
    let policy = read(
        "requires: [{any-of: [{label: Both, items: [people/work/view, people/home/view]}, people/about/view]}]\n\
         forbidden: [{label: No writing, items: [{every: '**/edit'}, docs/shared/upload]}]",
    );
    assert_eq!(policy.alternatives[0].branches[0].len(), 2);
    let upload = asked(&policy).into_iter().find(|(id, ..)| id == "docs/shared/upload").unwrap();
    assert_eq!((upload.1, upload.2), (Need::Forbidden, "No writing"));
}

#[test]
fn a_printed_line_is_changed_as_a_whole_or_box_by_box() {
    let base = |change: &str| {
        let base = format!(
            "policy: base\nversion: 2026-11-21\nlist: open\nfeatures: {{cars: Company cars}}\n{PRINTED}\n"
        );
        let files = move |_: &std::path::Path| Ok(base.clone().into_bytes());
        let text = format!("policy: x\nversion: 2026-11-21\nextends: base.yaml\n{change}\n");
        let source = Source::new("x.yaml", text);
        validate::read_beside(&source, Origin::File, Catalogue::embedded(), Some(&files))
            .unwrap_or_else(|problems| panic!("{problems}"))
    };
    let one = base("remove: [people/root/view]");
    assert_eq!((one.lines.len(), one.lines[0].parts().len()), (1, 3));
    let whole = base("remove: [the default employee categories]\nrequires: [people/about/view]");
    assert_eq!(asked(&whole).len(), 1);
    let all = base(
        "remove: [people/root/view, and Work, people/home/view, docs/shared]\noptional: [people/about/view]",
    );
    assert_eq!(all.lines.len(), 1, "a line that stands for nothing is gone");
    let other = base("replace: [{line: and Work, by: {items: [people/about/view, people/eeo/view]}}]");
    let ids: Vec<String> = asked(&other).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids[..3], ["people/root/view", "people/about/view", "people/eeo/view"]);
}

#[test]
fn what_replaces_a_line_stands_in_its_list_with_everything_in_it() {
    let base = "policy: base\nversion: 2026-11-21\nlist: open\noptional: [people/work/view]\n";
    let files = |_: &std::path::Path| Ok(base.as_bytes().to_vec());
    let by = "{label: Both, items: [people/home/view, {any-of: [people/about/view, people/eeo/view]}]}";
    let text = format!(
        "policy: x\nversion: 2026-11-21\nextends: base.yaml\nreplace: [{{line: people/work/view, by: {by}}}]\n"
    );
    let source = Source::new("x.yaml", text);
    let policy = validate::read_beside(&source, Origin::File, Catalogue::embedded(), Some(&files)).unwrap();
    let all = policy.lines[0].all();
    assert_eq!(all.len(), 5);
    assert!(all.iter().all(|line| line.modality == Modality::Optional));
    assert!(matches!(policy.lines[0].aim, Aim::Together(_)));
    assert_eq!(policy.alternatives[0].need, Need::Optional);
}
