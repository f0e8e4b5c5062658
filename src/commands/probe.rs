//! The part of a run that asks, and `audit probe`, which does no more: it writes down what came back, for
//! `audit --evidence` to judge.

use std::io::Write;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use super::progress::Progress;
use super::{check, exact, input, output};
use crate::access::Model;
use crate::catalogue::Catalogue;
use crate::catalogue::id::EndpointId;
use crate::cli::{AskArgs, ProbeArgs, WriteWord};
use crate::error::Error;
use crate::evidence::roster::KnownPerson;
use crate::evidence::stored::{Asker, Facts, Scope, Stored};
use crate::evidence::{Evidence, Stopped};
use crate::exit;
use crate::gaps::awaited_boxes;
use crate::plan::{self, Plan};
use crate::policy::Policy;
use crate::prober::address::BaseUrl;
use crate::prober::answer::Stop;
use crate::prober::client::{Client, Settings};
use crate::prober::pace::OnWait;
use crate::prober::rounds::{Again, Patience};
use crate::prober::secret::Credentials;
use crate::prober::{Bearings, Prober};
use crate::report::build::{ends_without_verdict, stopped_in_words};
use crate::report::{json, words};
use crate::simulator::{Running, Setup, start};
use crate::source::clean::clean;

/// `audit probe`: the evidence of a run, in a file.
pub(super) async fn run(args: &ProbeArgs) -> Result<u8, Error> {
    let catalogue = Catalogue::embedded();
    let files = args.wanted.policy.iter().chain(&args.wanted.customer.overlay);
    check::stdin_is_read_once(files, args.asking.credentials.as_deref(), "the credentials")?;
    let wanted = input::wanted(&args.wanted.policy, &args.wanted.customer, catalogue)?;
    let file = Some(args.output.as_str()).filter(|file| *file != "-").map(Path::new);
    let unwritable = |error: std::io::Error| Error::Unwritable {
        what: "the evidence".to_owned(),
        file: clean(&args.output),
        why: error.to_string(),
    };
    if let Some(file) = file {
        output::can_replace(file).map_err(unwritable)?;
    }
    let progress = Arc::new(Progress::new(args.asking.quiet, args.asking.log));
    let (stored, interrupted) = ask(&args.asking, &wanted.policies, wanted.told(), &progress).await?;
    if interrupted {
        say_interrupted(stored.evidence.requests);
        return Ok(exit::INTERRUPTED);
    }
    let mut bytes = Vec::new();
    json::write_value(&stored, stored.notice.as_deref(), &mut bytes)
        .map_err(|error| Error::Internal(format!("cannot write the evidence: {error}")))?;
    match file {
        Some(file) => output::replace(file, &bytes).map_err(unwritable)?,
        None => output::print(&String::from_utf8_lossy(&bytes))?,
    }
    match &stored.evidence.stopped {
        None => Ok(exit::SATISFIED),
        Some(stopped) => {
            say_stopped(stopped);
            Ok(if ends_without_verdict(stopped) { exit::NO_VERDICT } else { exit::SATISFIED })
        }
    }
}

/// Asks, and hands back what came back, with what a report tells of the run; and whether Ctrl-C ended it.
pub(super) async fn ask(
    args: &AskArgs,
    policies: &[Policy],
    told: Option<Model>,
    progress: &Arc<Progress>,
) -> Result<(Stored, bool), Error> {
    let catalogue = Catalogue::embedded();
    let known = input::known(&args.known, catalogue)?;
    if let Some(wait) = args.wait.filter(|wait| *wait > args.deadline) {
        let (wait, deadline) = (wait.as_secs(), args.deadline.as_secs());
        progress
            .warn(&format!("`--wait` of {wait} s ends with the run, at its `--deadline` of {deadline} s"));
    }
    let target = target(args, policies, told, progress).await?;
    let (started, begun) = (Timestamp::now(), tokio::time::Instant::now());
    let plan = Plan::draw(policies, catalogue, check::scope(args.scope));
    let plan = if known.is_empty() { plan } else { plan.with_known_people(catalogue) };
    let plan = if args.write_probes.is_some() { plan.with_writes(catalogue) } else { plan };
    progress.begin(plan.at_least());
    let on_ask = |endpoint: &EndpointId| progress.asking(endpoint);
    let prober = Prober::new(&target.client, catalogue, bearings(started, args.sample, known), &on_ask);
    let patience = args.wait.map(|wait| Patience::new(begun + wait.min(args.deadline)));
    let next = |evidence: &Evidence, pause: Duration| {
        let access = check::infer(policies, catalogue, evidence, told);
        let gaps = check::compare(policies, &access, catalogue, told, started);
        let awaited = check::awaited(&gaps);
        if awaited.is_empty() {
            return None;
        }
        let again = awaited_boxes(&gaps, catalogue).map_or(Again::Everything, Again::For);
        let at_least = match &again {
            Again::Everything => plan.at_least(),
            Again::For(boxes) => plan.narrowed(catalogue, boxes).at_least(),
        };
        progress.again(&awaited, pause, at_least);
        Some(again)
    };
    let mut run = pin!(prober.rounds(&plan, patience, next));
    let (evidence, interrupted) = tokio::select! {
        evidence = &mut run => (evidence, false),
        _ = tokio::signal::ctrl_c() => {
            target.client.stop(Stop::Interrupted);
            leave_at_ctrl_c();
            (run.await, true)
        }
    };
    leave_at_ctrl_c();
    progress.end();
    let simulated = target.simulator.is_some();
    let stored = Stored {
        notice: simulated.then(|| words::SIMULATED.to_owned()),
        schema_version: 1,
        tool: Asker {
            name: "audit".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            catalogue: catalogue.digest(),
        },
        run: Facts {
            id: run_id(started),
            connection: args.connection.clone(),
            simulated,
            started_at: rfc3339(started),
            finished_at: rfc3339(Timestamp::now()),
            base_url: target.base_url,
            service_user: target.service_user,
            scope: match plan.scope {
                plan::Scope::Full => Scope::Full,
                plan::Scope::Policy => Scope::Policy,
            },
        },
        evidence,
    };
    Ok((stored, interrupted))
}

/// From now on Ctrl-C ends the program as it stands. What is left to do is to judge and to write, and whoever
/// reads what is written may never come.
fn leave_at_ctrl_c() {
    tokio::spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            #[expect(clippy::exit, reason = "nobody is left who could hand an exit code on")]
            std::process::exit(i32::from(exit::INTERRUPTED));
        }
    });
}

/// Where HiBob's own API lives.
const HIBOB: &str = "https://api.hibob.com/v1";

/// How much of a run's time is kept for making sure that what was refused was no block.
const LAST_WORD: Duration = Duration::from_secs(5);

/// Whom to ask: a client, and what the report says of it.
struct Target {
    client: Client,
    base_url: String,
    service_user: String,
    /// Held until the run is over: it stops when dropped.
    simulator: Option<Running>,
}

async fn target(
    args: &AskArgs,
    policies: &[Policy],
    told: Option<Model>,
    progress: &Arc<Progress>,
) -> Result<Target, Error> {
    let (base_url, credentials, simulator) = match &args.simulate {
        Some(name) => {
            let persona =
                if name == exact::NAME { exact::persona(policies, told) } else { input::persona(name)? };
            let mut setup = Setup::new(persona);
            // What is told of the company has to be true of the one that is simulated.
            setup.tenant.field_level = told == Some(Model::Field);
            let running = start(setup).await.map_err(Error::Simulator)?;
            let credentials = Credentials::new(running.service_user(), running.token())
                .map_err(|why| Error::Credentials { place: "the simulator".to_owned(), why })?;
            (BaseUrl::parse(&running.base_url())?, credentials, Some(running))
        }
        None => {
            let told = args.base_url.clone().or_else(|| input::environment("HIBOB_BASE_URL"));
            let base_url = BaseUrl::parse(told.as_deref().unwrap_or(HIBOB))?;
            may_write_at(&base_url, args.write_probes)?;
            let credentials = input::credentials(args.credentials.as_deref())?;
            if let Some(file) = args.credentials.as_deref().filter(|file| input::others_may_read(file)) {
                progress.warn(&format!(
                    "others on this machine may read the credentials in `{}`: chmod 600 mends it",
                    clean(file)
                ));
            }
            (base_url, credentials, None)
        }
    };
    let service_user = credentials.id.clone();
    let shown = base_url.to_string();
    let is_here = base_url.is_loopback();
    let mut settings = Settings::new(base_url, credentials);
    settings.headroom = args.headroom;
    settings.deadline = Some(tokio::time::Instant::now() + args.deadline);
    settings.last_word = (args.deadline / 5).min(LAST_WORD);
    settings.may_write = args.write_probes.is_some();
    settings.authorities = args.ca_file.as_deref().map(input::authorities).transpose()?;
    settings.proxy = args.proxy.clone();
    if args.proxy.is_none() && !is_here {
        input::proxy()?;
    }
    let told = Arc::clone(progress);
    settings.on_wait = OnWait::new(move |wait| told.waiting(wait));
    if is_here {
        // What runs on this machine shows what was written at once.
        settings.manners.settle = Duration::ZERO;
    }
    Ok(Target { client: Client::new(settings)?, base_url: shown, service_user, simulator })
}

/// Refuses to write to a company that people work in, unless that was said in so many words.
fn may_write_at(base_url: &BaseUrl, asked: Option<WriteWord>) -> Result<(), Error> {
    let is_harmless = base_url.is_loopback() || base_url.is_sandbox();
    if asked != Some(WriteWord::Sandbox) || is_harmless {
        return Ok(());
    }
    Err(Error::Conflict {
        what: format!(
            "--write-probes alone is for this machine and HiBob's sandbox, and `{}` may be a company's production",
            clean(base_url.host())
        ),
        hint: "nothing was sent. `--write-probes=production` does it all the same: it sends values that no list \
               has to people's fields (PUT), and deletes table entries that do not exist (DELETE), and reads \
               everything back. HiBob is to turn each of them down, but documents nowhere that it does; `audit \
               plan --write-probes` lists them"
            .to_owned(),
    })
}

fn bearings(now: Timestamp, sample: u16, known: Vec<KnownPerson>) -> Bearings {
    let day = |time: Timestamp| time.to_string().chars().take(10).collect::<String>();
    // Ends a run that is a leap day long on the safe side of "at most a year".
    let year_ago = now.checked_sub((24 * 365).hours()).unwrap_or(now);
    Bearings { today: day(now), year_ago: day(year_ago), sample: usize::from(sample), known }
}

fn rfc3339(time: Timestamp) -> String {
    time.round(jiff::Unit::Millisecond).unwrap_or(time).to_string()
}

/// A name for a run that no other run has: from the clock and the process.
fn run_id(started: Timestamp) -> String {
    let digest = Sha256::digest(format!("{} {}", started.as_nanosecond(), std::process::id()));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Says on standard error that Ctrl-C ended the run.
pub(super) fn say_interrupted(requests: u32) {
    let bold = anstyle::Style::new().bold();
    let _ = writeln!(
        anstream::stderr().lock(),
        "{bold}interrupted{bold:#} after {requests} requests; no file was written"
    );
}

/// Says on standard error why there is no verdict, for whoever does not read the report.
pub(super) fn say_stopped(why: &Stopped) {
    let hint = match why {
        Stopped::CredentialsRefused => {
            "check the service user's id and token for stray spaces, and whether the token was reset since; \
             a new one is made in System settings > Integrations > Service users"
        }
        Stopped::Unreachable(why) if why.contains("certificate") => {
            "check --base-url: only the host itself can show a certificate for it. Where a proxy of your company \
             stands in between and signs its own, name its authorities with --ca-file FILE (PEM)"
        }
        Stopped::Unreachable(_) => "check --base-url, the network and the proxy, then run again",
        Stopped::Redirecting | Stopped::NotTheApi => {
            "check --base-url: HiBob's own is https://api.hibob.com/v1"
        }
        Stopped::Blocked | Stopped::BlockedLater => {
            "wait five minutes, and ask the HiBob admin whether API access is limited to certain addresses"
        }
        Stopped::Changed(_) => {
            "look at it in HiBob now and put it right: a value that was stored by mistake reads \
             `audit-probe-no-such-value`; until then, run without --write-probes"
        }
        Stopped::Ended => "run again",
    };
    let mut stderr = anstream::stderr().lock();
    let bold = anstyle::Style::new().bold();
    // What was settled before a block stands, so that is no failure of the run.
    let kind = if !ends_without_verdict(why) { "warning" } else { "error" };
    let _ = writeln!(stderr, "{bold}{kind}{bold:#}: {}", clean(&stopped_in_words(why)));
    let _ = writeln!(stderr, "{bold}help{bold:#}: {hint}");
}
