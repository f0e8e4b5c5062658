//! Kinds of people that can be told apart: of whom there is an answer, and of whom there is none.

use super::*;

/// Kinds of people, with how many of each were asked for and how many of them have a row.
fn kinds(of: &[(u32, u32)]) -> Vec<RowsOfKind> {
    of.iter().map(|(asked, with_rows)| RowsOfKind { asked: *asked, with_rows: *with_rows, late: 0 }).collect()
}

#[test]
fn what_is_withheld_of_the_one_kind_of_people_for_whom_the_table_is_open_is_denied() {
    let of = |by_kind: &[(u32, u32)]| {
        let title = BTreeSet::from(["title".to_owned()]);
        let look = TableSeen { no_history: title, by_kind: kinds(by_kind), ..rows(10) };
        let told = two_audiences().table("bulk-work", look.clone()).table("bulk-salaries", look);
        (told.verdict("fields/work.title/history"), told.verdict("people/work/history"))
    };
    let unknown = (Unknown(Doubt::NoHistoryToSee), Unknown(Doubt::NoHistoryToSee));
    let denied = (Denied(Strong), Denied(Strong));
    assert_eq!(of(&[(10, 10), (4, 0)]), denied);
    assert_eq!(of(&[(10, 10), (4, 0), (1, 0)]), denied);
    assert_eq!(of(&[(10, 10), (4, 0), (0, 0)]), unknown, "nobody of the third kind was asked for");
    assert_eq!(of(&[(9, 9), (4, 0)]), unknown, "somebody with a row may be of another kind");
    assert_eq!(of(&[(6, 6), (4, 4)]), unknown);
    assert_eq!(of(&[(10, 10)]), unknown, "who shows less is of no kind that was found");
}

#[test]
fn where_a_first_row_may_come_any_day_no_row_is_no_sign_of_a_closed_table() {
    let column = BTreeSet::from(["payPeriod".to_owned()]);
    let look = TableSeen { no_history: column, by_kind: kinds(&[(10, 10), (4, 0)]), ..rows(10) };
    let told = two_audiences().table("bulk-salaries", look);
    assert_eq!(told.verdict("people/payroll/history"), Unknown(Doubt::NoHistoryToSee));
}

#[test]
fn what_there_was_no_room_for_is_not_tested_and_says_so() {
    let mut told = Told::everything()
        .table("person-training", refused())
        .answer("time-off-balance", REFUSED, None)
        .answer("time-off-whos-out", OK, Some(3));
    told.0.tables.remove(&EndpointId::new("person-equities"));
    told.0.tables.remove(&EndpointId::new("bulk-equities"));
    let ids = [
        "people/training/view",
        "people/equity/view",
        "time-off/balance/view",
        "time-off/whos-out/view-private",
    ];
    for endpoint in ["person-training", "time-off-balance"] {
        told.0.kinds.insert(endpoint.to_owned(), Kinds { told_apart: 2, refused: 1 });
    }
    for id in ids {
        let finding = told.finding(id);
        assert_eq!(finding.verdict, Unknown(Doubt::NotTested), "{id}: {finding:?}");
        assert!(!finding.because.contains("thirty"), "{id}: {}", finding.because);
    }
    let private = |told: Told| told.finding("time-off/whos-out/view-private").because;
    for (answer, says) in [
        (Told::everything().answer("time-off-whos-out", REFUSED, None), "that was refused"),
        (Told::everything().answer("time-off-whos-out", OK, Some(0)), "that brought nothing"),
        (Told::everything().answer("time-off-whos-out", OK, Some(3)), "it was not asked in this run"),
    ] {
        let because = private(answer);
        assert!(because.ends_with(says), "{because}");
    }
    told.0.no_room = ["person-training", "person-equities", "time-off-balance", "time-off-whos-out-all"]
        .map(str::to_owned)
        .into();
    for id in ids {
        let finding = told.finding(id);
        assert_eq!(finding.verdict, Unknown(Doubt::NotTested), "{id}: {finding:?}");
        assert!(finding.because.contains("thirty"), "{id}: {}", finding.because);
    }
}
