//! Rounds of `--wait`: what is not held yet once more, until nothing that is required is missing.

use std::collections::BTreeSet;
use std::time::Duration;

use hibob_audit::evidence::Stopped;
use hibob_audit::plan::Scope;
use hibob_audit::prober::client::Settings;
use hibob_audit::report::{Need, Status};
use hibob_audit::simulator::{Setup, Switches};

use crate::stage::{AT_ONCE, Piped, Pipeline, Stage, each, id, persona, policy, policy_of};

/// A company where boxes take effect after so many calls.
fn late(calls: usize, boxes: &[&str]) -> Setup {
    let late = boxes.iter().map(|text| id(text)).collect::<BTreeSet<_>>();
    let switches = Switches { propagation_calls: calls, late, ..Switches::default() };
    Setup { switches, ..Setup::new(persona("frontegg")) }
}

fn run(setup: Setup, patience: Option<Duration>, adjust: fn(&mut Settings)) -> Piped {
    Pipeline { patience, adjust, ..Pipeline::new(setup) }.run(&[policy("frontegg")])
}

fn missing(piped: &Piped) -> usize {
    let items = &piped.report.policies[0].items;
    items.iter().filter(|item| item.status == Status::Missing).count()
}

const LONG: Option<Duration> = Some(Duration::from_secs(60));

#[test]
fn a_box_that_takes_effect_while_waiting_is_granted_in_the_end() {
    for boxes in [&["people/employment/view"][..], &["people/work/view", "people/work/history"], &[]] {
        // Within the second round, so that this one sees half of it.
        let once = run(late(usize::MAX, boxes), None, |_| ());
        let calls = once.log.len() + once.log.len() / 2;
        let waited = run(late(calls, boxes), LONG, |_| ());
        assert_eq!(missing(&waited), 0, "{boxes:?}");
        let settled = run(late(0, &[]), None, |_| ());
        assert_eq!(waited.report.policies, settled.report.policies, "{boxes:?}");
        assert_eq!(waited.report.access, settled.report.access, "{boxes:?}");
        // The round that saw half of it is not the last, and there is none after all is held.
        assert!(waited.log.len() > calls && waited.log.len() < 4 * settled.log.len(), "{}", waited.log.len());
        assert_eq!(usize::try_from(waited.report.run.requests).unwrap(), waited.log.len());
    }
}

#[test]
fn who_holds_everything_is_not_asked_again() {
    let once = run(late(0, &[]), None, |_| ());
    let waited = run(late(0, &[]), LONG, |_| ());
    assert_eq!(once.log.len(), waited.log.len());
}

#[test]
fn only_what_is_missing_is_asked_again_while_all_else_looks_the_same() {
    let own = policy_of(
        "policy: own\nversion: 2026-11-21\nlist: open\nrequires:\n  \
         - {permission: people/work/view, label: Work}\n  \
         - {permission: people/payroll/view, label: Payroll}\n  \
         - {permission: tasks/people/complete, label: Tasks}\n",
    );
    let run = |calls, patience| {
        let switches = Switches {
            propagation_calls: calls,
            late: [id("tasks/people/complete")].into(),
            ..Switches::default()
        };
        let setup = Setup { switches, ..Setup::new(persona("everything")) };
        Pipeline { patience, ..Pipeline::new(setup) }.run(std::slice::from_ref(&own))
    };
    let (once, settled) = (run(usize::MAX, None), run(0, None));
    // A second round in vain, and a third one.
    let waited = run(once.log.len() + 6, LONG);
    assert_eq!((missing(&once), missing(&waited)), (1, 0));
    assert_eq!(waited.report.access, settled.report.access);
    assert_eq!(waited.report.policies, settled.report.policies);
    let again: Vec<&str> = waited.log[once.log.len()..].iter().map(|call| call.path.as_str()).collect();
    let needed = ["/company/people/fields", "/people/search", "/tasks"];
    assert!(again.iter().all(|path| needed.contains(&path.trim_start_matches("/v1"))), "{again:?}");
    assert!(again.iter().filter(|path| path.ends_with("/tasks")).count() >= 2, "{again:?}");
    assert_eq!(usize::try_from(waited.report.run.requests).unwrap(), waited.log.len());
}

/// Whatever takes effect in the middle of whatever round, all of it is seen in the end, as if it had been so
/// from the beginning.
#[test]
fn boxes_drawn_by_lot_that_take_effect_late_come_to_the_same_in_the_end() {
    let run = |name: &str, switches: Switches, patience| {
        let setup = Setup { switches, ..Setup::new(persona(name)) };
        Pipeline { patience, scope: Scope::Policy, ..Pipeline::new(setup) }.run(&[policy(name)])
    };
    let required = |piped: &Piped| {
        let items = piped.report.policies[0].items.iter().filter(|item| item.need == Need::Required);
        items.map(|item| (item.permission.clone(), item.status, item.doubt.clone())).collect::<Vec<_>>()
    };
    let draws: Vec<(&str, usize)> = (0..6).map(|draw| (["gifted", "frontegg"][draw % 2], draw)).collect();
    each(&draws, AT_ONCE, |(name, draw)| {
        let settled = run(name, Switches::default(), None);
        let boxes = persona(name).grants;
        // Nobody of a status is not waited for: perhaps the company has nobody of it.
        let chosen = boxes.iter().filter(|id| id.as_population().is_none()).enumerate();
        let chosen = chosen.filter(|(at, _)| (at * 7 + draw * 5) % 4 < 2);
        let late: BTreeSet<_> = chosen.map(|(_, id)| id.clone()).collect();
        let propagation_calls = settled.log.len() / 2 + 3 * draw;
        let switches = Switches { propagation_calls, late: late.clone(), ..Switches::default() };
        let waited = run(name, switches, LONG);
        assert_eq!(required(&waited), required(&settled), "{name} {draw} {late:?}");
    });
}

#[test]
fn patience_ends_and_what_is_missing_stays_missing() {
    let once = run(late(usize::MAX, &["people/employment/view"]), None, |_| ());
    let waited = run(late(usize::MAX, &["people/employment/view"]), Some(once.took * 4), |_| ());
    assert!(waited.log.len() > once.log.len() + 4, "{} {}", waited.log.len(), once.log.len());
    assert_eq!(missing(&waited), missing(&once));
    assert_eq!(waited.report.exit_code, 1);
}

#[test]
fn the_deadline_ends_a_wait_and_takes_no_gap_away() {
    let waited = run(late(usize::MAX, &["people/employment/view"]), LONG, |settings| {
        settings.deadline = Some(tokio::time::Instant::now() + Duration::from_secs(6));
    });
    assert!(waited.took < Duration::from_secs(12), "{:?}", waited.took);
    assert!(missing(&waited) > 0 && waited.report.run.stopped.is_none(), "{:?}", waited.report.run.stopped);
}

#[test]
fn credentials_that_are_refused_while_waiting_end_it_and_a_proven_gap_stays() {
    let mut setup = late(usize::MAX, &["people/employment/view"]);
    let once = run(setup.clone(), None, |_| ());
    let after = once.log.len() + 2;
    let faults = format!("faults: [{{call: '*', status: 401, empty: true, after: {after}}}]");
    setup.switches.faults = Switches::parse(&faults).unwrap().faults;
    let waited = run(setup, LONG, |_| ());
    assert_eq!(waited.evidence.stopped, Some(Stopped::CredentialsRefused));
    assert_eq!((missing(&waited), waited.report.exit_code), (missing(&once), 1));
    let after_it = waited.log.iter().skip_while(|call| call.status != 401).count();
    assert!(after_it <= 6, "{after_it}");
}

#[test]
fn a_wait_without_room_for_a_second_round_is_refused() {
    let ran = Stage::of(persona("demo")).sends_nothing().run(&["--policy", "frontegg", "--wait", "9s"]);
    assert!(ran.code == 2 && ran.stderr.contains("at least 10s"), "{}", ran.stderr);
}
