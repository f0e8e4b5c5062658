//! The main job: from a policy and a service user to a report. The only place that names every stage.

use std::collections::BTreeSet;
use std::io::Write;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use super::progress::Progress;
use super::{exact, input, output};
use crate::access::{Access, Doubt, Model};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{EndpointId, nearest};
use crate::cli::{AuditArgs, ModelWord, ScopeWord, WriteWord};
use crate::error::Error;
use crate::evidence::Evidence;
use crate::evidence::roster::KnownPerson;
use crate::exit;
use crate::gaps::{Gap, Gaps};
use crate::plan::{Plan, Scope};
use crate::policy::Policy;
use crate::prober::address::BaseUrl;
use crate::prober::answer::Stop;
use crate::prober::client::{Client, Settings};
use crate::prober::pace::OnWait;
use crate::prober::rounds::Patience;
use crate::prober::secret::Credentials;
use crate::prober::{Bearings, Prober};
use crate::report::build::{Circumstances, build};
use crate::report::{Gate, Report};
use crate::simulator::{Running, Setup, start};
use crate::source::clean::clean;

/// Runs the main job; the exit code is the report's, but for a run that Ctrl-C ends.
pub(super) async fn run(args: &AuditArgs) -> Result<u8, Error> {
    let catalogue = Catalogue::embedded();
    let gate = gate(args)?;
    if args.credentials.as_deref() == Some("-")
        && args.policy.iter().chain(&args.customer.overlay).any(|file| file == "-")
    {
        return Err(Error::Conflict {
            what: "standard input is named both as a policy and as the credentials".to_owned(),
            hint: "name a file for one of them".to_owned(),
        });
    }
    let input::Wanted { policies, model: vouched, group } =
        input::wanted(&args.policy, &args.customer, catalogue)?;
    let known = input::known(&args.known, catalogue)?;
    let outputs = output::outputs(&args.output)?;
    let progress = Arc::new(Progress::new(args.quiet, args.log));
    if let Some(wait) = args.wait.filter(|wait| *wait > args.deadline) {
        let (wait, deadline) = (wait.as_secs(), args.deadline.as_secs());
        progress
            .warn(&format!("`--wait` of {wait} s ends with the run, at its `--deadline` of {deadline} s"));
    }
    let target = target(args, &policies, &progress).await?;
    let (started, begun) = (Timestamp::now(), tokio::time::Instant::now());

    // The command line wins over a file.
    let told = args.permission_model.map(model).or_else(|| vouched.map(model_of_policy));
    let plan = Plan::draw(&policies, catalogue, scope(args.scope));
    let plan = if known.is_empty() { plan } else { plan.with_known_people(catalogue) };
    let plan = if args.write_probes.is_some() { plan.with_writes(catalogue) } else { plan };
    progress.begin(plan.at_least());
    let (evidence, interrupted) = {
        let on_ask = |endpoint: &EndpointId| progress.asking(endpoint);
        let prober = Prober::new(&target.client, catalogue, bearings(started, args.sample, known), &on_ask);
        let patience = args.wait.map(|wait| Patience::new(begun + wait.min(args.deadline)));
        let go_on = |evidence: &Evidence, pause: Duration| {
            let access = infer(&policies, catalogue, evidence, told);
            let gaps = compare(&policies, &access, catalogue, told, started);
            let awaited = awaited(&gaps);
            if !awaited.is_empty() {
                progress.again(&awaited, pause, plan.at_least());
            }
            !awaited.is_empty()
        };
        let mut run = pin!(prober.rounds(&plan, patience, go_on));
        tokio::select! {
            evidence = &mut run => (evidence, false),
            _ = tokio::signal::ctrl_c() => {
                target.client.stop(Stop::Interrupted);
                (run.await, true)
            }
        }
    };
    progress.end();
    let access = infer(&policies, catalogue, &evidence, told);
    let gaps = compare(&policies, &access, catalogue, told, started);
    let circumstances = Circumstances {
        id: run_id(started),
        connection: args.connection.clone(),
        simulated: target.simulator.is_some(),
        started_at: rfc3339(started),
        finished_at: rfc3339(Timestamp::now()),
        base_url: target.base_url,
        service_user: target.service_user,
        scope: plan.scope,
        group: args.group.clone().or(group),
        gate,
    };
    let mut report = build(circumstances, catalogue, &evidence, &access, &gaps);
    report.exit_code = exit::of(&report);
    if interrupted {
        say_learned(&report);
        return Ok(exit::INTERRUPTED);
    }
    for word in report.run.gate.fits_nothing(&report) {
        progress
            .warn(&format!("`--tolerate {}` fits no line of the policy and nothing in excess", clean(word)));
    }
    output::write(&report, &outputs, args.verbose)?;
    if let Some(stopped) = &report.run.stopped {
        say_stopped(stopped, evidence.stopped.as_ref());
    }
    Ok(report.exit_code)
}

/// What the evidence says, in the names that the policies have for sections.
fn infer(policies: &[Policy], catalogue: &Catalogue, evidence: &Evidence, told: Option<Model>) -> Access {
    let mut access = Access::infer(catalogue, evidence, told);
    for (name, category) in policies.iter().flat_map(|policy| &policy.renamed) {
        access.call(category, name);
    }
    access
}

/// The policies held against the access, with what people decided by that day.
fn compare<'a>(
    policies: &'a [Policy],
    access: &Access,
    catalogue: &Catalogue,
    told: Option<Model>,
    now: Timestamp,
) -> Vec<Gaps<'a>> {
    let mut gaps = Gaps::between(policies, access, catalogue, told == Some(Model::Category));
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    gaps.iter_mut().for_each(|gaps| gaps.decide(today));
    gaps
}

/// What `--wait` waits for: ids, or the words of the line where it names no box.
fn awaited(gaps: &[Gaps<'_>]) -> BTreeSet<String> {
    let items = gaps.iter().flat_map(Gaps::awaited);
    let name = |gap: &Gap<'_>| {
        let id = gap.permission.as_ref().map(ToString::to_string);
        id.or_else(|| gap.requirement.map(|requirement| requirement.label.clone())).unwrap_or_default()
    };
    items.map(name).collect()
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

async fn target(args: &AuditArgs, policies: &[Policy], progress: &Arc<Progress>) -> Result<Target, Error> {
    let (base_url, credentials, simulator) = match &args.simulate {
        Some(name) => {
            let persona = if name == exact::NAME { exact::persona(policies) } else { input::persona(name)? };
            let running = start(Setup::new(persona)).await.map_err(Error::Simulator)?;
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

pub(super) fn scope(word: ScopeWord) -> Scope {
    match word {
        ScopeWord::Full => Scope::Full,
        ScopeWord::Policy => Scope::Policy,
    }
}

pub(super) fn model(word: ModelWord) -> Model {
    match word {
        ModelWord::Category => Model::Category,
        ModelWord::Field => Model::Field,
    }
}

pub(super) fn model_of_policy(model: crate::policy::Model) -> Model {
    match model {
        crate::policy::Model::Category => Model::Category,
        crate::policy::Model::Field => Model::Field,
    }
}

fn gate(args: &AuditArgs) -> Result<Gate, Error> {
    let doubts: Vec<&str> = Doubt::ALL.iter().map(|doubt| doubt.as_str()).collect();
    let unknown = |flag: &'static str, word: &str, known: &[&str]| {
        let meant = nearest(word, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        Error::UnknownWord {
            flag,
            word: clean(word),
            hint: meant.unwrap_or_else(|| format!("one of: {}", known.join(", "))),
        }
    };
    for word in &args.fail_on {
        if !exit::FAIL_ON.contains(&word.as_str()) {
            return Err(unknown("--fail-on", word, &exit::FAIL_ON));
        }
    }
    for word in &args.tolerate {
        if word != "uncheckable" && !word.contains(['/', '*']) && !doubts.contains(&word.as_str()) {
            let mut known = vec!["uncheckable"];
            known.extend(&doubts);
            return Err(unknown("--tolerate", word, &known));
        }
    }
    let added = args.fail_on.iter().filter(|word| !exit::ALWAYS.contains(&word.as_str())).cloned();
    let fail_on = exit::ALWAYS.iter().map(|word| (*word).to_owned()).chain(added).collect();
    Ok(Gate { fail_on, tolerate: args.tolerate.clone(), min_coverage: args.min_coverage })
}

/// Says on standard error what was learned before Ctrl-C. No file is written of half a run.
fn say_learned(report: &Report) {
    let mut stderr = anstream::stderr().lock();
    let bold = anstyle::Style::new().bold();
    let requests = report.run.requests;
    let _ = writeln!(stderr, "{bold}interrupted{bold:#} after {requests} requests; no file was written");
    for policy in &report.policies {
        let summary = &policy.summary;
        let _ = writeln!(
            stderr,
            "  {}: so far {} satisfied, {} missing, {} in excess, {} unverified",
            clean(&policy.policy.name),
            summary.satisfied,
            summary.missing,
            summary.excess,
            summary.unverified
        );
    }
}

/// Says on standard error why there is no verdict, for whoever does not read the report.
fn say_stopped(stopped: &str, why: Option<&crate::evidence::Stopped>) {
    use crate::evidence::Stopped;
    let hint = match why {
        Some(Stopped::CredentialsRefused) => {
            "check the service user's id and token for stray spaces, and whether the token was reset since; \
             a new one is made in System settings > Integrations > Service users"
        }
        Some(Stopped::Unreachable(_)) => "check --base-url, the network and the proxy, then run again",
        Some(Stopped::Redirecting | Stopped::NotTheApi) => {
            "check --base-url: HiBob's own is https://api.hibob.com/v1"
        }
        Some(Stopped::Blocked | Stopped::BlockedLater) => {
            "wait five minutes, and ask the HiBob admin whether API access is limited to certain addresses"
        }
        Some(Stopped::Changed(_)) => {
            "look at it in HiBob now and put it right: a value that was stored by mistake reads \
             `audit-probe-no-such-value`; until then, run without --write-probes"
        }
        Some(Stopped::Ended) | None => "run again",
    };
    let mut stderr = anstream::stderr().lock();
    let bold = anstyle::Style::new().bold();
    // What was settled before a block stands, so that is no failure of the run.
    let kind = if matches!(why, Some(Stopped::BlockedLater | Stopped::Ended)) { "warning" } else { "error" };
    let _ = writeln!(stderr, "{bold}{kind}{bold:#}: {}", clean(stopped));
    let _ = writeln!(stderr, "{bold}help{bold:#}: {hint}");
}
