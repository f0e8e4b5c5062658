//! Where a test plays: a simulator in this process, and the tool against it.
//!
//! [`Stage`] runs the real binary, with nothing of the world around it: an empty environment, and a home
//! and a working folder of its own. [`Pipeline`] runs the same stages inside this process, with a budget
//! of refusals that suits a test; both speak real HTTP to 127.0.0.1. A simulator that was never asked
//! fails the test, unless it says that nothing may be sent.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use hibob_audit::access::{Access, Model};
use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::id::{EndpointId, PermissionId};
use hibob_audit::evidence::roster::KnownPerson;
use hibob_audit::evidence::{Evidence, stored};
use hibob_audit::exit;
use hibob_audit::gaps::{Gaps, awaited_boxes};
use hibob_audit::plan::{Plan, Scope};
use hibob_audit::policy::{Origin, Policy, shipped, validate};
use hibob_audit::prober::address::BaseUrl;
use hibob_audit::prober::client::{Client, Settings};
use hibob_audit::prober::rounds::{Again, Patience};
use hibob_audit::prober::secret::Credentials;
use hibob_audit::prober::{Bearings, Prober};
use hibob_audit::report::build::{Circumstances, build};
use hibob_audit::report::{Gate, Report};
use hibob_audit::simulator::{Facts, Logged, Persona, Running, Setup, start};
use hibob_audit::source::Source;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The simulators of all tests live here; none of them outlives its stage.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// How many runs of the binary may be under way at once. Most of their time they wait.
pub(crate) const AT_ONCE: usize = 4;

pub(crate) fn persona(name: &str) -> Persona {
    Persona::named(name).unwrap_or_else(|| panic!("no persona `{name}`"))
}

pub(crate) fn id(text: &str) -> PermissionId {
    PermissionId::parse(text).unwrap()
}

pub(crate) fn policy(name: &str) -> Policy {
    let source = shipped::find(name).unwrap().unwrap_or_else(|| panic!("no policy `{name}` ships"));
    validate::read(&source, Origin::Shipped, Catalogue::embedded())
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

pub(crate) fn policy_of(text: &str) -> Policy {
    validate::read(&Source::new("own.yaml", text), Origin::File, Catalogue::embedded())
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

/// A simulator that is running now.
pub(crate) fn simulator(setup: Setup) -> Running {
    RUNTIME.block_on(start(setup)).unwrap()
}

/// Does something for each item, a few at once; the results stand in the order of the items.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], at_once: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..at_once.min(items.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    *done[at].lock().unwrap() = Some(work(item));
                }
            });
        }
    });
    done.into_iter().map(|result| result.into_inner().unwrap().unwrap()).collect()
}

/// The binary, cut off from the world: no variable is inherited, and home is an empty folder.
pub(crate) fn audit(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_audit"));
    command.env_clear().env("HOME", home).env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").current_dir(home);
    // Windows starts no program without it.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A simulator and the binary that is to ask it.
pub(crate) struct Stage {
    setup: Setup,
    token: Option<String>,
    environment: Vec<(String, String)>,
    files: Vec<(String, String)>,
    stdin: Option<String>,
    asked: bool,
}

/// What came of it.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) log: Vec<Logged>,
    pub(crate) base_url: String,
    pub(crate) took: Duration,
    pub(crate) home: TempDir,
    pub(crate) running: Running,
}

impl Stage {
    pub(crate) fn of(persona: Persona) -> Self {
        Self::new(Setup::new(persona))
    }

    pub(crate) fn new(setup: Setup) -> Self {
        Self { setup, token: None, environment: Vec::new(), files: Vec::new(), stdin: None, asked: true }
    }

    /// With a token that is not the service user's.
    pub(crate) fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// With a variable beside the two credentials; an empty value takes one of those away.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a file in the working folder.
    pub(crate) fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.to_owned());
        self
    }

    /// This run must not send a thing.
    pub(crate) fn sends_nothing(mut self) -> Self {
        self.asked = false;
        self
    }

    pub(crate) fn run(self, arguments: &[&str]) -> Ran {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in &self.files {
            std::fs::write(home.path().join(name), text).unwrap();
        }
        let running = simulator(self.setup);
        let base_url = running.base_url();
        let mut command = audit(home.path());
        command
            .env("HIBOB_BASE_URL", &base_url)
            .env("HIBOB_SERVICE_USER_ID", running.service_user())
            .env("HIBOB_SERVICE_USER_TOKEN", self.token.as_deref().unwrap_or(running.token()));
        for (name, value) in &self.environment {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        if self.stdin.is_some() {
            command.stdin(Stdio::piped());
        }
        let began = std::time::Instant::now();
        let mut child = command.args(arguments).spawn().unwrap();
        if let Some(text) = &self.stdin {
            // The child may have ended before it read all of it.
            let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
        }
        let output = child.wait_with_output().unwrap();
        let took = began.elapsed();
        let log = running.log();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        if self.asked {
            assert!(!log.is_empty(), "the simulator was never asked by {arguments:?}:\n{stderr}");
        } else {
            assert!(log.is_empty(), "{arguments:?} was to send nothing and sent {log:#?}");
        }
        let code = output.status.code().unwrap_or_else(|| panic!("{arguments:?} was killed"));
        Ran { code, stdout, stderr, log, base_url, took, home, running }
    }
}

impl Ran {
    /// Standard output as a JSON report.
    pub(crate) fn report(&self) -> Report {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    pub(crate) fn written(&self, file: &str) -> String {
        std::fs::read_to_string(self.home.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Every text that the run left behind: both streams, and each file.
    pub(crate) fn everything_written(&self) -> Vec<(String, String)> {
        let mut texts =
            vec![("stdout".to_owned(), self.stdout.clone()), ("stderr".to_owned(), self.stderr.clone())];
        let mut folders = vec![self.home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    texts.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
                }
            }
        }
        texts
    }
}

/// The stages of the tool in this process, with manners that suit a test.
pub(crate) struct Pipeline {
    pub(crate) setup: Setup,
    pub(crate) scope: Scope,
    pub(crate) told: Option<Model>,
    pub(crate) gate: Gate,
    /// Whether rights to edit are tried, too.
    pub(crate) writes: bool,
    /// How many people the first sample holds.
    pub(crate) sample: usize,
    /// By how many days our own clock is ahead.
    pub(crate) days_ahead: i64,
    /// Ids of people whom the operator calls terminated.
    pub(crate) known: &'static [&'static str],
    /// What else is to be different about the client.
    pub(crate) adjust: fn(&mut Settings),
    /// For how long rounds follow each other at once, while something required is not held.
    pub(crate) patience: Option<Duration>,
}

/// What came of it.
pub(crate) struct Piped {
    pub(crate) report: Report,
    pub(crate) log: Vec<Logged>,
    pub(crate) evidence: Evidence,
    /// What is so.
    pub(crate) facts: Facts,
    /// How long the probing took.
    pub(crate) took: Duration,
}

impl Pipeline {
    pub(crate) fn of(persona: Persona) -> Self {
        Self::new(Setup::new(persona))
    }

    pub(crate) fn new(mut setup: Setup) -> Self {
        // A test may collect as many refusals as it likes; the firewall has tests of its own.
        setup.switches.firewall_refusals = 0;
        Self {
            setup,
            scope: Scope::Full,
            told: None,
            gate: gate(&[]),
            writes: false,
            sample: 12,
            days_ahead: 0,
            known: &[],
            adjust: |_| (),
            patience: None,
        }
    }

    pub(crate) fn run(self, policies: &[Policy]) -> Piped {
        let running = simulator(self.setup);
        let (report, evidence, took) = RUNTIME.block_on(async {
            let catalogue = Catalogue::embedded();
            let base_url = BaseUrl::parse(&running.base_url()).unwrap();
            let credentials = Credentials::new(running.service_user(), running.token()).unwrap();
            let mut settings = Settings::new(base_url, credentials);
            settings.manners.denials = 10_000;
            settings.manners.first_burst = 6;
            settings.manners.throttle_base = Duration::from_millis(5);
            settings.manners.trouble_base = Duration::from_millis(1);
            settings.headroom = 1.0;
            settings.manners.settle = Duration::ZERO;
            settings.may_write = self.writes;
            (self.adjust)(&mut settings);
            let client = Client::new(settings).unwrap();
            let plan = Plan::draw(policies, catalogue, self.scope);
            let plan = if self.writes { plan.with_writes(catalogue) } else { plan };
            let plan = if self.known.is_empty() { plan } else { plan.with_known_people(catalogue) };
            // Every day of the pretend company's year, whatever day it is here.
            let known = |id: &&str| KnownPerson { status: "terminated".to_owned(), id: (*id).to_owned() };
            let known = self.known.iter().map(known).collect();
            let bearings = Bearings { known, ..bearings(self.sample, self.days_ahead) };
            let on_ask = |_: &EndpointId| ();
            let began = std::time::Instant::now();
            let patience = self.patience.map(|time| {
                let pause = Duration::from_millis(5);
                Patience { until: tokio::time::Instant::now() + time, first: pause, longest: pause }
            });
            let classic = self.told == Some(Model::Category);
            let next = |evidence: &Evidence, _: Duration| {
                let access = Access::infer(catalogue, evidence, self.told);
                let gaps = Gaps::between(policies, &access, catalogue, classic);
                let is_awaited = gaps.iter().any(|gaps| gaps.awaited().next().is_some());
                is_awaited.then(|| awaited_boxes(&gaps, catalogue).map_or(Again::Everything, Again::For))
            };
            let prober = Prober::new(&client, catalogue, bearings, &on_ask);
            let evidence = prober.rounds(&plan, patience, next).await;
            let took = began.elapsed();
            let access = Access::infer(catalogue, &evidence, self.told);
            let gaps = Gaps::between(policies, &access, catalogue, classic);
            let run = stored::Facts {
                id: "0011223344556677".to_owned(),
                connection: None,
                simulated: true,
                started_at: "2026-11-21T10:00:00Z".to_owned(),
                finished_at: "2026-11-21T10:00:02Z".to_owned(),
                base_url: running.base_url(),
                service_user: running.service_user().to_owned(),
                scope: match plan.scope {
                    Scope::Full => stored::Scope::Full,
                    Scope::Policy => stored::Scope::Policy,
                },
            };
            let circumstances = Circumstances { run, group: None, gate: self.gate };
            let mut report = build(circumstances, catalogue, &evidence, &access, &gaps);
            report.exit_code = exit::of(&report);
            (report, evidence, took)
        });
        let log = running.log();
        assert!(!log.is_empty(), "the simulator was never asked");
        Piped { report, evidence, facts: running.facts(), log, took }
    }
}

fn bearings(sample: usize, days_ahead: i64) -> Bearings {
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days_ahead);
    let day = |time: jiff::Timestamp| time.to_string()[..10].to_owned();
    let year_ago = now - jiff::SignedDuration::from_hours(24 * 365);
    Bearings { today: day(now), year_ago: day(year_ago), sample, known: Vec::new() }
}

/// The gate that stands unless somebody asks for another.
pub(crate) fn gate(tolerate: &[&str]) -> Gate {
    Gate {
        fail_on: ["missing", "forbidden", "closed-excess"].map(str::to_owned).to_vec(),
        tolerate: tolerate.iter().map(|word| (*word).to_owned()).collect(),
        min_coverage: None,
    }
}

/// Asks a simulator by hand, and returns the answer as it stands on the wire.
pub(crate) fn by_hand(running: &Running, method: &str, path: &str, body: &str) -> String {
    let url = running.base_url();
    let address = url.trim_start_matches("http://").trim_end_matches("/v1").to_owned();
    let pair = base64(format!("{}:{}", running.service_user(), running.token()).as_bytes());
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "{method} /v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {pair}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap();
            text.push(if at <= three.len() { char::from(LETTERS[letter]) } else { '=' });
        }
    }
    text
}

/// An insta scope whose snapshots lie in the top-level folder, with what changes from run to run masked.
pub(crate) fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT");
    settings
}

#[test]
fn base64_is_that_of_everybody_else() {
    for (plain, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
        assert_eq!(base64(plain.as_bytes()), encoded);
    }
}
