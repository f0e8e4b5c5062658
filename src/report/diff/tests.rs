use super::*;
use crate::report::fixtures;
use crate::report::format::Settings;

fn item<'d>(diff: &'d Diff, permission: &str) -> Option<&'d ItemDiff> {
    diff.policies[0].items.iter().find(|item| item.permission.as_deref() == Some(permission))
}

/// The gaps of the gallery, with the first missing box told otherwise.
fn told(status: Status, verdict: VerdictWord) -> Report {
    let mut report = fixtures::gaps();
    let id = report.policies[0].items[1].permission.clone().unwrap();
    report.policies[0].items[1].status = status;
    report.policies[0].items[1].verdict = verdict;
    report.access.iter_mut().find(|entry| entry.permission == id).unwrap().verdict = verdict;
    report
}

const EMPLOYMENT: &str = "people/employment/view";

#[test]
fn each_change_has_its_name_and_its_exit_code() {
    use Change::{ClosedGap, DecidedGap, NewGap, NotKnownAnyMore};
    let missing = || told(Status::Missing, VerdictWord::Denied);
    let held = || told(Status::Satisfied, VerdictWord::Granted);
    let unknown = || told(Status::Unverified, VerdictWord::Unknown);
    let waived = || told(Status::Waived, VerdictWord::Denied);
    for (old, new, change, code) in [
        (held(), missing(), NewGap, 1),
        (unknown(), missing(), NewGap, 1),
        (waived(), missing(), NewGap, 1),
        (missing(), held(), ClosedGap, 0),
        // Nobody can tell is not "mended".
        (missing(), unknown(), NotKnownAnyMore, 3),
        (held(), unknown(), NotKnownAnyMore, 3),
        (missing(), waived(), DecidedGap, 0),
        (unknown(), held(), Change::Other, 0),
    ] {
        let diff = Diff::between(&old, &new);
        assert_eq!(item(&diff, EMPLOYMENT).map(|item| item.change), Some(change));
        assert_eq!(diff.exit_code, code, "{change:?}");
    }
}

#[test]
fn excess_that_is_listed_no_more_is_gone_only_if_it_was_seen_to_be() {
    let old = fixtures::gaps();
    let address = "people/address/view";
    let without = |verdict| {
        let mut report = fixtures::gaps();
        report.policies[0].items.retain(|item| item.permission.as_deref() != Some(address));
        report.access.iter_mut().find(|entry| entry.permission == address).unwrap().verdict = verdict;
        report
    };
    let change = |verdict| item(&Diff::between(&old, &without(verdict)), address).unwrap().change;
    assert_eq!(change(VerdictWord::Denied), Change::ClosedGap);
    assert_eq!(change(VerdictWord::Unknown), Change::NotKnownAnyMore);
    // And the other way round: new to the report, with what was known of it before.
    let diff = Diff::between(&without(VerdictWord::Unknown), &old);
    let new = item(&diff, address).unwrap();
    assert_eq!((new.change, new.old, new.old_verdict), (Change::NewGap, None, Some(VerdictWord::Unknown)));
}

#[test]
fn the_same_report_twice_is_no_change() {
    for (name, report) in fixtures::all() {
        let diff = Diff::between(&report, &report);
        // Where there is no policy, nothing was compared.
        let code = if report.policies.is_empty() { 3 } else { 0 };
        assert!(diff.is_empty() && diff.exit_code == code, "{name}");
        assert!(text(&diff, &Settings::default()).contains("UNCHANGED"), "{name}");
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let mut new = fixtures::simulated(fixtures::gaps());
    new.run.service_user = "SERVICE-1".into();
    new.run.scope = Scope::Policy;
    new.policies[0].policy.version = "2027-01-01".into();
    let diff = Diff::between(&fixtures::gaps(), &new);
    let told = diff.remarks.join("\n");
    for words in [
        "service users differ",
        "addresses differ",
        "Policy frontegg was changed",
        "simulated",
        "excess was not",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    for written in [text(&diff, &Settings::default()), json(&diff).unwrap()] {
        assert!(written.lines().next().unwrap().contains("SIMULATED"), "{written}");
    }
    // A policy of one side only tells nothing of its items.
    let diff = Diff::between(&fixtures::gaps(), &fixtures::half_unknown());
    assert!(diff.policies.iter().all(|policy| policy.items.is_empty()));
    assert_eq!(diff.exit_code, 3);
    assert!(text(&diff, &Settings::default()).starts_with("LESS KNOWN"));
}

#[test]
fn no_name_steers_or_begins_a_line() {
    for (name, report) in fixtures::all() {
        let mut empty = report.clone();
        empty.policies.iter_mut().for_each(|policy| policy.items.clear());
        empty.access.clear();
        for width in [40, 80] {
            let written = text(&Diff::between(&empty, &report), &Settings { width, ..Settings::default() });
            for line in written.lines() {
                assert!(crate::report::text::width(line) <= width, "{name}: {line}");
                assert!(!line.chars().any(crate::report::text::steers), "{name}: {line}");
            }
        }
    }
}

#[test]
fn the_schema_on_disk_is_the_one_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/diff.v1.json");
    let schema = schema().unwrap();
    #[expect(clippy::disallowed_methods, reason = "this is how a stale schema is written anew")]
    if std::env::var("AUDIT_UPDATE").is_ok() {
        std::fs::write(path, &schema).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(stored == schema, "schemas/diff.v1.json is stale: AUDIT_UPDATE=1 cargo test writes it anew");
}
