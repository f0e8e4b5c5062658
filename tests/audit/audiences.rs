//! Several groups whose audiences differ: what is asked about one person at a time is denied only where
//! somebody of every kind of person that can be told apart was refused.

use hibob_audit::access::{Access, Doubt, Strength, Verdict};
use hibob_audit::catalogue::Catalogue;
use hibob_audit::report::VerdictWord;
use hibob_audit::simulator::switches::Switches;
use hibob_audit::simulator::{Persona, Setup};

use crate::stage::{Pipeline, Stage, each, id};

const BY_PERSON: [&str; 5] = [
    "people/training/view",
    "people/financial/view",
    "docs/shared/view",
    "docs/confidential/view",
    "time-off/balance/view",
];

const OTHER_SITES: &str = "[Berlin, Tel Aviv, New York]";

/// What a service user of these groups is found to hold.
fn access(groups: &str) -> Access {
    let written = format!("persona: groups\ngroups:\n{groups}");
    let evidence = Pipeline::of(Persona::parse(&written).unwrap()).run(&[]).evidence;
    Access::infer(Catalogue::embedded(), &evidence, None)
}

/// What the boxes that one group alone holds come to.
fn verdicts(groups: &str) -> Vec<(&'static str, Verdict)> {
    let access = access(&groups.replace("HELD", &BY_PERSON.join(", ")));
    BY_PERSON.iter().map(|box_id| (*box_id, access.of(&id(box_id)).verdict)).collect()
}

#[test]
fn what_one_group_alone_holds_is_never_denied_where_that_group_can_be_told_apart() {
    let cases = [
        "  - {people: [everyone], grants: [people/work/view]}\n  - {people: [employed], sites: [London], grants: [people/about/view, HELD]}\n".to_owned(),
        // Nothing but the fields that every person has.
        "  - {people: [everyone], grants: [people/work/view]}\n  - {people: [employed], sites: [London], grants: [people/root/view, HELD]}\n".to_owned(),
        // Whoever shows less holds more.
        format!("  - {{people: [employed], grants: [people/work/view]}}\n  - {{people: [employed], sites: [London], grants: [people/about/view]}}\n  - {{people: [employed], sites: {OTHER_SITES}, grants: [HELD]}}\n"),
    ];
    for (groups, verdicts) in cases.iter().zip(each(&cases, 2, |groups| verdicts(groups))) {
        for (permission, verdict) in verdicts {
            assert!(!matches!(verdict, Verdict::Denied(_)), "{permission}: {verdict:?}\n{groups}");
        }
    }
}

#[test]
fn more_kinds_of_people_than_are_tried_deny_nothing() {
    let more = ["root", "about", "home", "eeo", "identification"].map(|it| format!("people/{it}/view"));
    let [london, berlin, tel_aviv, leave, terminated] = more;
    let groups = format!(
        "  - {{people: [everyone], grants: [people/work/view]}}\n\
         \x20 - {{people: [employed], sites: [London], grants: [{london}]}}\n\
         \x20 - {{people: [employed], sites: [Berlin], grants: [{berlin}]}}\n\
         \x20 - {{people: [employed], sites: [Tel Aviv], grants: [{tel_aviv}]}}\n\
         \x20 - {{people: [leave], grants: [{leave}]}}\n\
         \x20 - {{people: [terminated], grants: [{terminated}]}}\n\
         \x20 - {{people: [employed], sites: [New York], grants: [HELD]}}\n"
    );
    for (permission, verdict) in verdicts(&groups) {
        assert_eq!(verdict, Verdict::Unknown(Doubt::NotTested), "{permission}");
    }
}

#[test]
fn a_history_that_no_group_gives_is_denied_where_older_rows_were_withheld_of_every_kind_of_person() {
    let groups = |more: &str| {
        format!(
            "  - {{people: [everyone], grants: [people/root/view, people/work/view, people/lifecycle/view]}}\n\
             \x20 - {{people: [everyone], sites: [London], grants: [people/about/view{more}]}}\n"
        )
    };
    let history = id("people/work/history");
    let without = access(&groups("")).of(&history);
    assert_eq!(without.verdict, Verdict::Denied(Strength::Strong), "{}", without.because);
    let with = access(&groups(", people/work/history")).of(&history);
    assert!(matches!(with.verdict, Verdict::Granted(_)), "{}", with.because);
}

#[test]
fn who_shows_more_in_the_larger_sample_is_known_by_an_id_that_was_asked_for() {
    let groups = "persona: groups\ngroups:\n  - {people: [everyone], grants: [people/work/view]}\n  \
                  - {people: [employed], sites: [Tel Aviv], grants: [people/about/view, HELD]}\n"
        .replace("HELD", &BY_PERSON.join(", "));
    let switches = Switches::parse("ids_when_asked: true").unwrap();
    let setup = Setup { switches, ..Setup::new(Persona::parse(&groups).unwrap()) };
    let ran = Stage::new(setup).run(&["--policy", "kombo", "--sample", "2", "--output", "json"]);
    let access = ran.report().access;
    for permission in BY_PERSON {
        let entry = access.iter().find(|entry| entry.permission == permission).unwrap();
        assert_ne!(entry.verdict, VerdictWord::Denied, "{entry:?}");
    }
    let about = access.iter().find(|entry| entry.permission == "people/about/view").unwrap();
    assert_eq!(about.verdict, VerdictWord::Granted, "{about:?}");
}

#[test]
fn people_who_look_alike_are_no_longer_one_kind_once_one_of_them_was_answered_and_another_refused() {
    for sites in ["London", "Tel Aviv", "London, Berlin", "Berlin, Tel Aviv, New York"] {
        let groups = format!(
            "  - {{people: [everyone], grants: [people/root/view, people/work/view]}}\n\
             \x20 - {{people: [employed], sites: [{sites}], grants: [HELD]}}\n"
        );
        for (permission, verdict) in verdicts(&groups) {
            assert!(!matches!(verdict, Verdict::Denied(_)), "{permission}: {verdict:?}\n{groups}");
        }
    }
}
