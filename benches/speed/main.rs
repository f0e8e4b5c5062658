//! How fast a run is, beside what it could be: `cargo bench`.
//!
//! Everything is measured in one go on one machine, against the simulator with a latency, and printed as
//! ratios. Nothing here fails because something was slow.

#![allow(
    clippy::allow_attributes,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers, which prints and may stop at the first surprise"
)]

mod others;
mod path;
mod watched;

use std::path::Path;
use std::time::Duration;

use hibob_audit::catalogue::Catalogue;
use hibob_audit::plan::{Plan, Scope};
use hibob_audit::policy::Origin;
use hibob_audit::simulator::{Logged, Persona, Running, Setup, Switches, TenantSpec, start};
use tokio::runtime::Runtime;

use path::Chain;
use watched::{Used, watch};

/// What the simulator waits before it answers.
const LATENCY: Duration = Duration::from_millis(50);

/// Whatever else the machine does makes a run slower and none faster: the best of so many is told.
const TRIES: usize = 5;

/// Service users in an ordinary company, and the policy of each.
const RUNS: [(&str, &str); 5] = [
    ("frontegg", "frontegg"),
    ("gifted", "gifted"),
    ("kombo", "kombo"),
    ("stackone", "stackone"),
    ("everything", "frontegg"),
];

fn main() {
    let runtime = Runtime::new().unwrap();
    let home = tempfile::tempdir().unwrap();
    println!("latency {} ms, default manners, --scope full, the best of {TRIES} runs\n", LATENCY.as_millis());
    println!(
        "{:<24}{:>9}{:>8}{:>7}{:>11}{:>9}{:>7}{:>9}{:>10}",
        "persona", "requests", "refused", "chain", "critical", "wall", "ratio", "cpu", "peak MB"
    );
    let mut logs = Vec::new();
    for (persona, policy) in RUNS {
        logs.push(full_run(&runtime, home.path(), persona, policy));
    }
    others::compare(&runtime, home.path(), &logs[0], LATENCY);
    start_up(home.path());
    size(&runtime, home.path());
}

/// A simulator for a persona, late by so much.
pub(crate) fn simulator(runtime: &Runtime, persona: &str, people: usize, late: Duration) -> Running {
    let mut setup = Setup::new(Persona::named(persona).unwrap());
    setup.tenant = TenantSpec { people, ..TenantSpec::default() };
    let faults = format!("faults: [{{call: '*', delay_ms: {}}}]", late.as_millis());
    setup.switches = Switches::parse(&faults).unwrap();
    runtime.block_on(start(setup)).unwrap()
}

/// Runs the tool against a simulator.
fn audit(home: &Path, running: &Running, policy: &str) -> Used {
    let mut command = watched::audit(home);
    command
        .env("HIBOB_BASE_URL", running.base_url())
        .env("HIBOB_SERVICE_USER_ID", running.service_user())
        .env("HIBOB_SERVICE_USER_TOKEN", running.token())
        .args(["--policy", policy, "--output", "json=report.json"]);
    watch(command)
}

/// What one full run took, and what it sent.
pub(crate) struct Full {
    pub(crate) persona: &'static str,
    pub(crate) used: Used,
    pub(crate) log: Vec<Logged>,
}

fn full_run(runtime: &Runtime, home: &Path, persona: &'static str, policy: &str) -> Full {
    let run = || {
        let running = simulator(runtime, persona, TenantSpec::default().people, LATENCY);
        (audit(home, &running, policy), running.log())
    };
    let (used, log) = (0..TRIES).map(|_| run()).min_by_key(|(used, _)| used.wall).unwrap();
    let catalogue = Catalogue::embedded();
    let shipped = hibob_audit::policy::shipped::find(policy).unwrap().unwrap();
    let needs = hibob_audit::policy::validate::read(&shipped, Origin::Shipped, catalogue).unwrap();
    let chain = Chain::of(&log, &Plan::draw(&[needs], catalogue, Scope::Full), catalogue);
    let critical = chain.time(LATENCY);
    println!(
        "{persona:<24}{:>9}{:>8}{:>7}{:>8} ms{:>6} ms{:>7.2}{:>6} ms{:>10}",
        log.len(),
        chain.refused,
        chain.links,
        critical.as_millis(),
        used.wall.as_millis(),
        used.wall.as_secs_f64() / critical.as_secs_f64(),
        used.cpu.map_or_else(|| "?".to_owned(), |cpu| cpu.as_millis().to_string()),
        used.peak_mb(),
    );
    if std::env::args().any(|argument| argument == "timeline") {
        timeline(&log);
    }
    Full { persona, used, log }
}

/// Every call of a run, when it came and when it was answered: `cargo bench --bench speed -- timeline`.
fn timeline(log: &[Logged]) {
    let mut log: Vec<&Logged> = log.iter().collect();
    log.sort_by_key(|logged| logged.at);
    let began = log.first().map_or(Duration::ZERO, |first| first.at);
    for logged in log {
        let (from, to) = ((logged.at - began).as_millis(), (logged.answered - began).as_millis());
        let on_its_way = "#".repeat(usize::try_from(to / 10 - from / 10).unwrap_or_default().min(80));
        let before = " ".repeat(usize::try_from(from / 10).unwrap_or_default().min(80));
        println!("  {from:>6}{to:>6} {:<4} {:<34} {before}{on_its_way}", logged.status, logged.path);
    }
}

/// What needs no network is there at once.
fn start_up(home: &Path) {
    let policy = hibob_audit::policy::shipped::find("frontegg").unwrap().unwrap();
    std::fs::write(home.join("policy.yaml"), policy.text).unwrap();
    println!("\nstart-up (the best of ten)");
    for arguments in [&["--version"][..], &["policy", "lint", "policy.yaml"]] {
        let best = (0..10)
            .map(|_| {
                let mut command = watched::audit(home);
                command.args(arguments);
                watched::quickly(command)
            })
            .min()
            .unwrap();
        println!("  audit {:<28}{:>7.1} ms", arguments.join(" "), best.as_secs_f64() * 1000.0);
    }
}

/// The memory of a run does not grow with the company. The simulator is in this process, not in that one.
fn size(runtime: &Runtime, home: &Path) {
    println!("\nsize");
    let mut least = None;
    for people in [200, 20_000, 200_000] {
        let running = simulator(runtime, "everything", people, Duration::ZERO);
        let used = audit(home, &running, "frontegg");
        let ratio = match (used.peak_kb, least) {
            (Some(peak), Some(least)) => format!("{:.2}", peak as f64 / least as f64),
            _ => "1".to_owned(),
        };
        least = least.or(used.peak_kb.map(|peak| peak.max(1)));
        println!(
            "  {people:>7} people: peak {} MB, ratio {ratio}, wall {} ms",
            used.peak_mb(),
            used.wall.as_millis()
        );
    }
}
