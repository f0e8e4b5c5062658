//! Every fault on every question: what it touches is unknown, and everything else is told as if nothing had
//! happened. Nothing hangs, nothing leaks, nobody is provoked.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::id::PermissionId;
use hibob_audit::catalogue::rows::{Endpoint, Needs, Shape};
use hibob_audit::plan::{Plan, Scope};
use hibob_audit::prober::client::Settings;
use hibob_audit::report::{AccessEntry, VerdictWord};
use hibob_audit::simulator::{Logged, Persona, Setup, Switches, TenantSpec};

use crate::leaks::Secrets;
use crate::ledger::truth::Truth;
use crate::stage::{Piped, Pipeline, Ran, Stage, each, id, persona, policy, simulator};

/// Small, and with somebody of every status.
const PEOPLE: usize = 24;
/// Most of a run under a fault is waiting.
const AT_ONCE: usize = 8;
/// No run may take longer, whatever happens to it. It is far more than any needs.
const DEADLINE: Duration = Duration::from_secs(60);
/// How long one attempt may take where something never ends. Else it is the usual.
const IMPATIENT: Duration = Duration::from_millis(1500);
/// The budget of refusals, in a window that suits a test.
const DENIALS: usize = 20;
const DENIAL_WINDOW: Duration = Duration::from_millis(400);

/// Faults that stay, each with the doubt that it leaves behind; then those that take a while.
const LASTING: [(&str, &str); 21] = [
    ("status: 200", "not-an-api-answer"),
    ("status: 201", "not-an-api-answer"),
    ("status: 206", "not-an-api-answer"),
    ("status: 500", "unavailable"),
    ("status: 503, retry_after: 3600", "unavailable"),
    ("status: 429, retry_after: 1", "throttled"),
    ("status: 429, retry_after: 3600", "throttled"),
    ("status: 429, reset: seconds", "throttled"),
    ("status: 429, reset: absurd", "throttled"),
    ("status: 429, reset: past", "throttled"),
    ("status: 429, reset: missing", "throttled"),
    ("hang_up: true", "unavailable"),
    ("cut: true", "unavailable"),
    ("body: reset", "unavailable"),
    ("body: truncated", "not-an-api-answer"),
    ("body: malformed", "not-an-api-answer"),
    ("page: true", "not-an-api-answer"),
    ("empty: true", "not-an-api-answer"),
    ("location: 'http://127.0.0.1:9/elsewhere'", "redirected"),
    ("location: '/v1/tasks'", "redirected"),
    ("status: 308, location: '/v1/company/people/fields'", "redirected"),
];
const SLOW: [(&str, &str); 2] = [("body: endless", "timeout"), ("delay_ms: 2500", "timeout")];

/// Faults that pass, or that only look like one: the run is to end as if nothing had happened.
const PASSING: [&str; 18] = [
    "status: 500, times: 1",
    "status: 502, times: 2",
    "status: 503, retry_after: 1, times: 1",
    "status: 429, retry_after: 1, times: 1",
    "status: 429, reset: seconds, times: 1",
    "status: 429, reset: absurd, times: 1",
    "status: 429, reset: past, times: 1",
    "status: 429, reset: missing, times: 1",
    "hang_up: true, times: 1",
    "cut: true, times: 1",
    "body: reset, times: 1",
    "body: truncated, times: 1",
    "body: malformed, times: 1",
    "reset: missing",
    "body: gzip",
    "body: dribble",
    "delay_ms: 30, jitter_ms: 60",
    "status: 500, percent: 30, times: 2",
];

/// Half of everything: what one of the two holds, the other lacks.
fn half(second: bool) -> Persona {
    let keep = |at: usize, id: &PermissionId| {
        (at % 2 == 1) == second || id.as_population().is_some() || id.as_str() == "people/root/view"
    };
    let all = persona("everything");
    let grants = all.grants.iter().enumerate().filter(|(at, id)| keep(*at, id));
    Persona { grants: grants.map(|(_, id)| id.clone()).collect(), ..all.clone() }
}

fn setup(second: bool, switches: &str) -> Setup {
    let tenant = TenantSpec { people: PEOPLE, ..TenantSpec::default() };
    let switches = Switches::parse(switches).unwrap_or_else(|error| panic!("{switches}: {error}"));
    Setup { tenant, switches, ..Setup::new(half(second)) }
}

fn polite(settings: &mut Settings) {
    settings.manners.denials = DENIALS;
    settings.manners.denial_window = DENIAL_WINDOW;
    settings.manners.longest_wait = Duration::from_millis(40);
    settings.deadline = Some(tokio::time::Instant::now() + DEADLINE);
    settings.last_word = Duration::from_secs(5);
}

fn impatient(settings: &mut Settings) {
    polite(settings);
    settings.timeout = IMPATIENT;
    settings.max_attempts = 2;
}

fn one_by_one(settings: &mut Settings) {
    polite(settings);
    settings.concurrency = 1;
}

fn run(setup: &Setup, adjust: fn(&mut Settings)) -> Piped {
    let mut pipeline = Pipeline::new(setup.clone());
    // Whoever goes beyond the budget is blocked at once, and the verdicts will tell.
    pipeline.setup.switches.firewall_refusals = DENIALS + 1;
    pipeline.setup.switches.firewall_window_ms = u64::try_from(DENIAL_WINDOW.as_millis()).unwrap();
    pipeline.adjust = adjust;
    pipeline.run(&[policy("frontegg")])
}

type Verdict = (VerdictWord, Option<String>);

fn verdicts(piped: &Piped) -> BTreeMap<String, Verdict> {
    let verdict = |entry: &AccessEntry| (entry.verdict, entry.doubt.clone());
    piped.report.access.iter().map(|entry| (entry.permission.clone(), verdict(entry))).collect()
}

/// What a run without any fault came to.
struct Calm {
    verdicts: BTreeMap<String, Verdict>,
    /// What it asked, as the guard table writes it.
    calls: Vec<String>,
    requests: usize,
    secrets: Secrets,
}

impl Calm {
    fn of(second: bool) -> Self {
        let setup = setup(second, "{}");
        let piped = run(&setup, polite);
        let endpoints: Vec<&Endpoint> = Catalogue::embedded().endpoints().collect();
        let asked = |endpoint: &&&Endpoint| piped.log.iter().any(|logged| is_of(logged, endpoint));
        let calls: BTreeSet<String> = endpoints.iter().filter(asked).map(|endpoint| call(endpoint)).collect();
        Self {
            verdicts: verdicts(&piped),
            calls: calls.into_iter().collect(),
            requests: piped.log.len(),
            secrets: Secrets::of(&simulator(setup)),
        }
    }
}

/// The name of a call in the guard table of the simulator.
fn call(endpoint: &Endpoint) -> String {
    let person = if endpoint.path.contains("custom-tables") { "{employee}" } else { "{id}" };
    format!("{} {}", endpoint.method.as_str(), endpoint.path.replace("{person}", person))
}

fn is_of(logged: &Logged, endpoint: &Endpoint) -> bool {
    let (wanted, given) = (endpoint.path.split('/'), logged.path.trim_start_matches("/v1").split('/'));
    logged.method == endpoint.method.as_str()
        && wanted.clone().count() == given.clone().count()
        && wanted.zip(given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
}

/// What may be unknown where a call goes wrong.
enum Touched {
    Everything,
    Some(BTreeSet<PermissionId>),
}

impl Touched {
    fn by(call_name: &str) -> Self {
        let catalogue = Catalogue::embedded();
        let plan = Plan::draw(&[policy("frontegg")], catalogue, Scope::Full);
        let mut ids = BTreeSet::new();
        for probe in &plan.probes {
            let endpoint = catalogue.endpoint(&probe.endpoint).unwrap();
            let before = endpoint.after.as_ref().and_then(|before| catalogue.endpoint(before));
            let names_types = call_name == "GET /timeoff/policy-types"
                && endpoint.query.values().any(|value| value == "{policy-type}");
            let is_touched =
                call(endpoint) == call_name || before.is_some_and(|before| call(before) == call_name);
            if !is_touched && !names_types {
                continue;
            }
            // Fields and people are what everything else is asked about.
            if matches!(endpoint.shape, Shape::Fields | Shape::People) || endpoint.shape.is_sample() {
                return Self::Everything;
            }
            ids.extend(probe.witnesses.iter().cloned());
        }
        Self::Some(ids)
    }

    fn takes(&self, call_name: &str, permission: &PermissionId) -> bool {
        let of_the_tenant = |head: &str| permission.as_str().starts_with(head);
        match self {
            Self::Everything => true,
            Self::Some(ids) => {
                ids.contains(permission)
                    || call_name.contains("custom-tables") && of_the_tenant("people/category_")
                    || call_name.contains("/docs/") && of_the_tenant("docs/")
            }
        }
    }
}

/// One run under a fault.
struct Case {
    second: bool,
    /// Where it strikes; `*` is everywhere.
    call: String,
    switches: String,
    adjust: fn(&mut Settings),
    /// Whether nothing at all is to be different.
    passes: bool,
}

/// Everything that is wrong with how a case went.
fn faults_of(case: &Case, calm: &Calm) -> Vec<String> {
    let setup = setup(case.second, &case.switches);
    let piped = run(&setup, case.adjust);
    let truth = Truth::of(&setup, &piped.facts);
    let touched = if case.call == "*" { Touched::Everything } else { Touched::by(&case.call) };
    let mut found = Vec::new();
    for (permission, told) in verdicts(&piped) {
        let is = if truth.is(&id(&permission)) { VerdictWord::Granted } else { VerdictWord::Denied };
        let before = calm.verdicts.get(&permission);
        if told.0 != VerdictWord::Unknown && told.0 != is {
            found.push(format!("{permission} is {is:?} and was called {:?}", told.0));
        } else if before.is_some_and(|before| *before != told)
            && (case.passes || !touched.takes(&case.call, &id(&permission)))
            && !is_a_garbled_refusal(case, &told)
            && (case.passes || !is_left_out(&piped, &told))
        {
            found.push(format!("{permission} was {before:?} and is now {told:?}"));
        }
    }
    if piped.took >= DEADLINE {
        found.push(format!("it took {:?}", piped.took));
    }
    if let Some(most) = most_denied(&piped.log).filter(|most| *most > DENIALS) {
        found.push(format!("{most} refusals within the window"));
    }
    if let Some(late) = after_an_empty_401(&piped.log).filter(|_| case.switches.contains("401")) {
        found.push(format!("{} was sent after the credentials were refused", late.path));
    }
    let report = serde_json::to_string(&piped.report).unwrap();
    for text in [report, format!("{:?}", piped.evidence)] {
        found.extend(calm.secrets.within(&text).into_iter().map(|secret| format!("it holds {secret}")));
    }
    let who = if case.second { "second" } else { "first" };
    found.into_iter().map(|found| format!("[{who} half, {}] {found}", case.switches)).collect()
}

/// A refusal is never asked for twice, so that one whose reason was lost on its way stays without one.
fn is_a_garbled_refusal(case: &Case, told: &Verdict) -> bool {
    case.switches.contains("body: ") && told.1.as_deref() == Some("refused-without-reason")
}

/// What a fault makes a run ask in another way may take the room of what settles less.
fn is_left_out(piped: &Piped, told: &Verdict) -> bool {
    !piped.evidence.no_room.is_empty() && told.1.as_deref() == Some("not-tested")
}

/// The most answers 401 and 403 in any one window.
fn most_denied(log: &[Logged]) -> Option<usize> {
    let denied = log.iter().filter(|logged| matches!(logged.status, 401 | 403));
    let mut at: Vec<Duration> = denied.map(|logged| logged.at).collect();
    at.sort();
    let within = |from: &Duration| at.iter().filter(|at| *at >= from && **at - *from < DENIAL_WINDOW).count();
    at.iter().map(within).max()
}

fn after_an_empty_401(log: &[Logged]) -> Option<&Logged> {
    let first = log.iter().position(|logged| logged.status == 401)?;
    log.get(first + 1)
}

fn play(what: &str, calm: &[Calm; 2], cases: &[Case]) {
    let began = std::time::Instant::now();
    let found = each(cases, AT_ONCE, |case| faults_of(case, &calm[usize::from(case.second)])).concat();
    println!("{what}: {} runs, {:.1?}", cases.len(), began.elapsed());
    assert!(found.is_empty(), "{} of {what}:\n{}", found.len(), found.join("\n"));
}

fn calm() -> [Calm; 2] {
    let [first, second] = [false, true].map(Calm::of);
    assert!(first.calls.len() > 25 && second.calls.len() > 25, "{:?}", first.calls);
    [first, second]
}

/// Each fault on each call, the two halves of everything in turns.
fn on_every_call<'f>(
    calm: &[Calm; 2],
    faults: impl Iterator<Item = &'f str>,
    adjust: fn(&mut Settings),
    passes: bool,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for (at, fault) in faults.enumerate() {
        for (number, call) in calm[at % 2].calls.iter().enumerate() {
            let second = (at + number) % 2 == 1;
            if calm[usize::from(second)].calls.contains(call) {
                let switches = format!("faults: [{{call: '{call}', {fault}}}]");
                cases.push(Case { second, call: call.clone(), switches, adjust, passes });
            }
        }
    }
    cases
}

#[test]
fn a_fault_that_stays_leaves_doubt_where_it_is_and_nowhere_else() {
    let calm = calm();
    play("lasting", &calm, &on_every_call(&calm, LASTING.iter().map(|(fault, _)| *fault), polite, false));
}

#[test]
fn what_never_ends_is_given_up() {
    let calm = calm();
    play("slow", &calm, &on_every_call(&calm, SLOW.iter().map(|(fault, _)| *fault), impatient, false));
}

#[test]
fn a_fault_that_passes_leaves_no_trace() {
    let calm = calm();
    play("passing", &calm, &on_every_call(&calm, PASSING.into_iter(), polite, true));
}

#[test]
fn values_of_wrong_types_make_no_verdict_wrong() {
    let calm = calm();
    let mut cases = on_every_call(&calm, ["body: wrong-types"].into_iter(), polite, false);
    for case in &mut cases {
        // What a wrong type says of one row may be read in another one's light.
        case.call = "*".to_owned();
    }
    play("wrong types", &calm, &cases);
}

#[test]
fn whatever_befalls_the_whole_api_in_the_middle_of_a_run_makes_no_verdict_wrong() {
    let calm = calm();
    let mut cases = Vec::new();
    for (number, after) in (0..=calm[0].requests.max(calm[1].requests)).enumerate() {
        for (at, (fault, adjust)) in [
            // The token is made anew; the firewall blocks; the address leaves the list; all is down.
            ("status: 401, empty: true", one_by_one as fn(&mut Settings)),
            ("status: 403, empty: true", polite),
            ("status: 403, page: true", polite),
            ("status: 500", polite),
        ]
        .into_iter()
        .enumerate()
        {
            let switches = format!("faults: [{{call: '*', {fault}, after: {after}}}]");
            cases.push(Case {
                second: (number + at) % 2 == 1,
                call: "*".to_owned(),
                switches,
                adjust,
                passes: false,
            });
        }
    }
    play("in the middle", &calm, &cases);
}

#[test]
fn a_clock_that_is_wrong_changes_nothing() {
    let calm = calm();
    let mut cases = Vec::new();
    for off in [-40_000_000, -7200, -61, 61, 7200, 40_000_000] {
        for second in [false, true] {
            let (call, switches) = ("*".to_owned(), format!("clock_off_s: {off}"));
            cases.push(Case { second, call, switches, adjust: polite, passes: true });
        }
    }
    play("clocks of the API", &calm, &cases);
}

#[test]
fn our_own_clock_makes_no_verdict_wrong() {
    for days_ahead in [-4000, -400, -2, 2, 400, 4000] {
        for second in [false, true] {
            let setup = setup(second, "{}");
            let piped = Pipeline { days_ahead, ..Pipeline::new(setup.clone()) }.run(&[policy("frontegg")]);
            let truth = Truth::of(&setup, &piped.facts);
            for (permission, (told, _)) in verdicts(&piped) {
                let is = if truth.is(&id(&permission)) { VerdictWord::Granted } else { VerdictWord::Denied };
                assert!(
                    told == VerdictWord::Unknown || told == is,
                    "{days_ahead} days ahead: {permission} is {is:?} and was called {told:?}"
                );
            }
        }
    }
}

#[test]
fn each_fault_is_called_by_its_name() {
    for (fault, doubt) in LASTING.iter().chain(&SLOW) {
        let switches = format!("faults: [{{call: GET /tasks, {fault}}}]");
        let setup = Setup { switches: Switches::parse(&switches).unwrap(), ..setup(false, "{}") };
        let everything = Setup { persona: persona("everything"), ..setup };
        let told = verdicts(&run(&everything, impatient));
        assert_eq!(
            told["tasks/people/complete"],
            (VerdictWord::Unknown, Some((*doubt).to_owned())),
            "{fault}"
        );
    }
}

#[test]
fn the_doubles_of_faults_are_the_same_every_time() {
    let statuses = |seed: u64| {
        let mut setup =
            setup(false, "faults: [{call: GET /company/people/fields, status: 500, percent: 40}]");
        setup.seed = seed;
        let running = simulator(setup);
        let ask = || crate::stage::by_hand(&running, "GET", "/company/people/fields", "");
        (0..24).map(|_| ask().starts_with("HTTP/1.1 500")).collect::<Vec<_>>()
    };
    assert_eq!(statuses(1), statuses(1));
    assert_ne!(statuses(1), statuses(2));
    let struck = statuses(1).into_iter().filter(|struck| *struck).count();
    assert!((4..=16).contains(&struck), "{struck}");
}

/// What is asked of one person at a time is asked of somebody who is visible.
#[test]
fn the_matrix_holds_every_question_of_the_plan() {
    let calm = calm();
    let asked: BTreeSet<&String> = calm.iter().flat_map(|calm| &calm.calls).collect();
    let plan = Plan::draw(&[policy("frontegg")], Catalogue::embedded(), Scope::Full);
    for probe in &plan.probes {
        let endpoint = Catalogue::embedded().endpoint(&probe.endpoint).unwrap();
        // A second choice is asked only where the first said nothing.
        let is_second =
            matches!(endpoint.shape, Shape::Table | Shape::OwnTable) && !asked.contains(&call(endpoint));
        assert!(
            asked.contains(&call(endpoint)) || is_second && endpoint.needs != Needs::None,
            "{} is asked by no run of the matrix",
            endpoint.id
        );
    }
}

/// A run of the binary that has so many seconds.
fn within(seconds: u64, who: &str, switches: &str) -> Ran {
    let mut setup = Setup::new(persona(who));
    setup.switches = Switches::parse(switches).unwrap();
    let deadline = format!("{seconds}s");
    let ran =
        Stage::new(setup).run(&["--policy", "frontegg", "--output", "json", "--deadline", deadline.as_str()]);
    // The start of a process on a busy machine, and writing the report, are no part of the run.
    assert!(ran.took < Duration::from_secs(seconds) + Duration::from_millis(1500), "{:?}", ran.took);
    ran
}

#[test]
fn a_gap_that_was_proven_by_the_deadline_stays_one_and_the_rest_is_doubt() {
    // The table of Work, which the policy needs as well, never comes to an end.
    let ran = within(
        5,
        "frontegg-minus-employment",
        "faults: [{call: GET /bulk/people/work, body: endless}, {call: GET /bulk/people/lifecycle, body: flood}]",
    );
    let report = ran.report();
    assert_eq!((ran.code, report.policies[0].summary.missing), (1, 1), "{}", ran.stderr);
    assert!(report.run.stopped.is_some() && ran.stderr.contains("ended"), "{}", ran.stderr);
    let told = |id: &str| report.access.iter().find(|entry| entry.permission == id).unwrap().clone();
    assert_eq!(told("people/employment/view").verdict, VerdictWord::Denied);
    assert_eq!(told("people/work/history").doubt.as_deref(), Some("timeout"));
    // What nobody asked for by then.
    assert_eq!(told("tasks/people/complete").doubt.as_deref(), Some("not-tested"));
}

#[test]
fn a_run_ends_though_the_api_wants_it_to_wait_for_an_hour() {
    let ran = within(3, "frontegg", "faults: [{call: '*', status: 429, retry_after: 3600, after: 2}]");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.report().run.stopped.is_some());
    let ran = within(3, "frontegg", "faults: [{call: '*', status: 429, retry_after: 3600}]");
    assert!([3, 4].contains(&ran.code), "{}: {}", ran.code, ran.stderr);
    let ran = within(3, "frontegg", "faults: [{call: '*', delay_ms: 60000}]");
    assert!([3, 4].contains(&ran.code), "{}: {}", ran.code, ran.stderr);
}

#[test]
fn a_time_is_written_as_people_write_it() {
    for wrong in ["10", "0s", "ten minutes", "-1s", "1d", "25h", "é", ""] {
        let ran = Stage::of(persona("demo")).sends_nothing().run(&[
            "--policy",
            "frontegg",
            &format!("--deadline={wrong}"),
        ]);
        assert!(ran.code == 2 && ran.stderr.contains("--deadline"), "{wrong}: {}", ran.stderr);
    }
}

#[test]
fn a_gap_that_rests_on_a_refusal_outlives_the_deadline_because_the_canary_has_the_last_word() {
    let needs = ["tasks/people/complete", "features/reports/view"];
    let lines = needs.map(|id| format!("  - {{permission: {id}, label: A box}}\n")).concat();
    let text = format!("policy: own\nversion: 2026-11-21\nlist: open\nrequires:\n{lines}");
    let mut setup = Setup::new(persona("everything").without(&id(needs[0])));
    setup.switches = Switches::parse("faults: [{call: GET /company/reports, body: endless}]").unwrap();
    let ran = Stage::new(setup).file("p.yaml", &text).run(&[
        "--policy",
        "p.yaml",
        "--scope",
        "policy",
        "--output",
        "json",
        "--deadline",
        "4s",
    ]);
    assert_eq!((ran.code, ran.report().policies[0].summary.missing), (1, 1), "{}", ran.stderr);
}
