//! What may be typed. Words only: nothing here does any work.

use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Tells which HiBob permissions a service user is missing, which it holds in excess, and which
/// cannot be verified.
///
/// HiBob answers 200 and leaves out, without a word, what a service user may not read; no API tells a
/// service user its rights. `audit` finds them out by reading, holds them against an integrator's
/// policy, and names the clicks that fix what is wrong. It writes nothing unless --write-probes is given,
/// and keeps no employee's value.
#[derive(Debug, Parser)]
#[command(
    name = "audit",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true,
    after_help = "Try it now, without an account:  audit --policy frontegg.yaml --simulate\n\
                  See every request beforehand:    audit plan --policy frontegg.yaml\n\n\
                  Exit codes: 0 satisfied, 1 gaps, 2 wrong input, 3 inconclusive, 4 no verdict, 5 a bug."
)]
pub struct Cli {
    /// Another job than the main one.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The main job.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// The other jobs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show every request that a run would send, and how many items the API can ever show. Offline.
    Plan(PlanArgs),
    /// Ask, and write the evidence to a file; `audit --evidence FILE` judges it, offline.
    ///
    /// Ends with 0 once the file is written, and with 4 if the run was stopped.
    Probe(Box<ProbeArgs>),
    /// Check policies, look into them, begin one. Offline.
    Policy(PolicyArgs),
    /// Write the set-up guide of a policy, step by step, for a customer's HiBob admin. Offline.
    Guide(GuideArgs),
    /// List the permissions that are known, or explain one: its box, what shows it, how that is known.
    Catalogue(CatalogueArgs),
    /// Write a stored JSON report in any format, offline, as the run itself would have; ends with its exit
    /// code.
    Render(RenderArgs),
    /// Serve the built-in simulator until Ctrl-C: a pretend HiBob to point curl or `audit` at.
    Simulate(SimulateArgs),
    /// Print a JSON Schema: of policies, of overlays, or of what the tool writes as JSON.
    Schema(SchemaArgs),
    /// Tell what changed from one stored JSON report to another. Offline.
    ///
    /// Ends with 1 if a gap is new, else with 3 if something that was known cannot be told any more, else with 0.
    Diff(DiffArgs),
    /// Print what a shell needs to complete the command line.
    Completions(CompletionsArgs),
    /// Print the manual page of `audit`, or of one of its jobs.
    Man(ManArgs),
}

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeWord {
    /// The whole catalogue, so that excess is seen too: for the customer's own review.
    Full,
    /// Only what the policy needs: for a vendor's pipeline.
    Policy,
}

/// The permission model of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModelWord {
    /// Rights are given by category.
    Category,
    /// Rights are given by field.
    Field,
}

/// One customer's share of what is wanted.
#[derive(Debug, Clone, Default, Args)]
pub struct CustomerArgs {
    /// A file of the customer's own, laid over the policy: chosen features, facts, renamed sections,
    /// decisions. May be repeated.
    #[arg(long, value_name = "FILE", help_heading = "What is wanted")]
    pub overlay: Vec<String>,

    /// A part of the product that the customer uses, as the policy names it. May be repeated.
    #[arg(long, value_name = "FEATURE", value_delimiter = ',', help_heading = "What is wanted")]
    pub with: Vec<String>,

    /// The answer to a question of the policy about the customer. May be repeated.
    #[arg(long, value_name = "NAME=VALUE", help_heading = "What is wanted")]
    pub fact: Vec<String>,
}

/// Where write probes may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WriteWord {
    /// This machine and HiBob's sandbox, and nowhere else.
    Sandbox,
    /// Anywhere: the tenant may be in production.
    Production,
}

/// How a run tells what it is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogWord {
    /// One JSON object for each event.
    Json,
}

/// What is wanted of a run: policies, and one customer's share.
#[derive(Debug, Args)]
pub struct WantedArgs {
    /// A policy: a path, `-` for standard input, or the name of a shipped one (`audit policy show` lists them;
    /// frontegg@2026-11-21 insists on a version). May be repeated: one probing, each judged.
    #[arg(long, value_name = "POLICY", required = true, help_heading = "What is wanted")]
    pub policy: Vec<String>,

    /// One customer's share.
    #[command(flatten)]
    pub customer: CustomerArgs,
}

/// The main job.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// What is wanted.
    #[command(flatten)]
    pub wanted: WantedArgs,

    /// Whom to ask, and how.
    #[command(flatten)]
    pub asking: AskArgs,

    /// Judge stored evidence, as `audit probe` writes it, offline; `-` for standard input. The report is the one
    /// that the run itself would have written.
    #[arg(long, value_name = "FILE", help_heading = "Whom to ask", conflicts_with_all = ["scope", "credentials", "base_url", "simulate", "connection", "known", "sample", "write_probes", "headroom", "deadline", "wait", "ca_file", "proxy", "log"])]
    pub evidence: Option<String>,

    /// The name of the permission group that holds the service user, for the clicks.
    #[arg(long, value_name = "NAME", help_heading = "Whom to ask")]
    pub group: Option<String>,

    /// Vouch for the tenant's permission model: whether rights are given by category or by field.
    #[arg(long, value_enum, value_name = "MODEL", help_heading = "Whom to ask")]
    pub permission_model: Option<ModelWord>,

    /// table (for you), html (to look at), message or message-short (for the HiBob admin), json or ndjson (for
    /// machines), csv, markdown, sarif, junit, github, gitlab, ocsf or oscal, each with an optional =FILE. May be
    /// repeated; given at all, it replaces the table. docs/reports.md tells which is for whom.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = "What to write")]
    pub output: Vec<String>,

    /// Unfold the evidence: for each item its id, its rule and what was seen; then every permission.
    #[arg(short, long, help_heading = "What to write")]
    pub verbose: bool,

    /// What ends the run with 1 beside missing, forbidden and closed-excess, which always do: excess,
    /// excess:high, weak.
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "The gate")]
    pub fail_on: Vec<String>,

    /// What may stay unverified: `uncheckable` (what the API can never show), a doubt such as `silence`,
    /// or a glob of ids such as `people/*/edit`.
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "The gate")]
    pub tolerate: Vec<String>,

    /// The least share of required and forbidden items that must be verified; below it the run ends with 3.
    #[arg(long, value_name = "PERCENT", value_parser = percent, help_heading = "The gate")]
    pub min_coverage: Option<f64>,
}

/// Whom to ask, and how: for every job that asks the API.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// Ask the whole catalogue, or only what the policy needs.
    #[arg(long, value_enum, default_value_t = ScopeWord::Full, help_heading = "What is wanted")]
    pub scope: ScopeWord,

    /// A file with HIBOB_SERVICE_USER_ID and HIBOB_SERVICE_USER_TOKEN (dotenv), or `-`. Without it both
    /// come from the environment. No flag takes the token itself.
    #[arg(long, value_name = "FILE", help_heading = "Whom to ask", conflicts_with = "simulate")]
    pub credentials: Option<String>,

    /// Where the API lives, if not at HiBob itself (api.hibob.com/v1); HIBOB_BASE_URL says the same. Plain http only
    /// for this machine.
    #[arg(long, value_name = "URL", help_heading = "Whom to ask", conflicts_with = "simulate")]
    pub base_url: Option<String>,

    /// Run against the built-in simulator, over real HTTP. PERSONA is one of its service users, a file, or
    /// `exact`: a service user with just the boxes that the policies require.
    #[arg(
        long,
        value_name = "PERSONA",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "demo",
        help_heading = "Whom to ask"
    )]
    pub simulate: Option<String>,

    /// A name for this connection, for the report.
    #[arg(long, value_name = "NAME", help_heading = "Whom to ask")]
    pub connection: Option<String>,

    /// A person whose lifecycle status you know, by HiBob's id, or `@FILE` with one id a line: turns "nobody
    /// in this status was seen" into a verdict. May be repeated.
    #[arg(long, value_name = "STATUS=ID|@FILE", help_heading = "Whom to ask")]
    pub known: Vec<String>,

    /// How many people the first, varied sample holds.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u16).range(2..=200), help_heading = "Whom to ask")]
    pub sample: u16,

    /// Try rights to edit as well, after all reads, by writes that HiBob has nothing to store of: a value
    /// that no list has, and the deletion of an entry that does not exist; `plan --write-probes` lists
    /// them. Alone it works for this machine and HiBob's sandbox only.
    #[arg(
        long,
        value_enum,
        value_name = "WHERE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "sandbox",
        help_heading = "Whom to ask"
    )]
    pub write_probes: Option<WriteWord>,

    /// The share of each rate limit's remainder that may be used, from 0.05 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, value_parser = share, help_heading = "Whom to ask")]
    pub headroom: f64,

    /// When the run ends at the latest, such as 90s, 10m or 1h. What was not settled by then stays unverified,
    /// and a gap that was proven stays one.
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration, help_heading = "Whom to ask")]
    pub deadline: Duration,

    /// Ask again what the policies require and the service user does not hold yet, until it holds all of it or
    /// this time (10s or more) is over, and never beyond --deadline. A later answer replaces an earlier one.
    #[arg(long, value_name = "DURATION", value_parser = wait, help_heading = "Whom to ask")]
    pub wait: Option<Duration>,

    /// A file of certificate authorities (PEM) that are trusted beside the system's.
    #[arg(long, value_name = "FILE", help_heading = "Whom to ask")]
    pub ca_file: Option<String>,

    /// The proxy to go through, instead of the one that HTTPS_PROXY names. Never used for this machine.
    #[arg(long, value_name = "URL", help_heading = "Whom to ask", conflicts_with = "simulate")]
    pub proxy: Option<String>,

    /// Say nothing on standard error but errors.
    #[arg(short, long, help_heading = "What to write")]
    pub quiet: bool,

    /// Tell on standard error what is asked, and what is waited for and until when: one JSON object a line.
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "What to write")]
    pub log: Option<LogWord>,
}

/// `audit probe`.
#[derive(Debug, Args)]
pub struct ProbeArgs {
    /// What is wanted.
    #[command(flatten)]
    pub wanted: WantedArgs,

    /// Whom to ask, and how.
    #[command(flatten)]
    pub asking: AskArgs,

    /// The file to write; `-` for standard output.
    #[arg(long, value_name = "FILE", help_heading = "What to write")]
    pub output: String,
}

/// `audit plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// A policy: a path, `-` for standard input, or the name of a shipped one. May be repeated.
    #[arg(long, value_name = "POLICY", required = true)]
    pub policy: Vec<String>,
    /// One customer's share.
    #[command(flatten)]
    pub customer: CustomerArgs,
    /// Ask the whole catalogue, or only what the policy needs.
    #[arg(long, value_enum, default_value_t = ScopeWord::Full)]
    pub scope: ScopeWord,
    /// Vouch for the tenant's permission model.
    #[arg(long, value_enum, value_name = "MODEL")]
    pub permission_model: Option<ModelWord>,
    /// A person whose lifecycle status you know, as in the run that is planned.
    #[arg(long, value_name = "STATUS=ID|@FILE")]
    pub known: Vec<String>,
    /// List the writes as well that the same flag makes a run send.
    #[arg(
        long,
        value_enum,
        value_name = "WHERE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "sandbox"
    )]
    pub write_probes: Option<WriteWord>,
}

/// `audit policy`.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// What is to be done.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// What can be done with policies.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Check policies and overlays: every mistake with its place, and the defects of their guides.
    ///
    /// Ends with 0 if there are at most warnings, and with 2 otherwise.
    Lint(LintArgs),
    /// Show what a policy comes to: each thing that it asks for, once.
    Show(ShowArgs),
    /// Write the first version of a policy: asks on a terminal, takes flags in a pipe.
    New(NewArgs),
}

/// `audit policy lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Policies and overlays: paths, `-` for standard input, or names of shipped policies.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// A lint that does not count, by its code; `warnings` stands for all. May be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub allow: Vec<String>,
    /// A lint that counts as an error, by its code; `warnings` stands for all. May be repeated.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// text (for you) or json (for machines), with an optional =FILE.
    #[arg(long, value_name = "FORM[=FILE]")]
    pub output: Option<String>,
    /// Look at the files as on this day: what is stale then, and which decisions have ended.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub today: Option<jiff::civil::Date>,
}

/// `audit policy show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A policy: a path, `-` for standard input, or the name of a shipped one. Without it, a list of those.
    #[arg(value_name = "POLICY")]
    pub policy: Option<String>,
    /// One customer's share.
    #[command(flatten)]
    pub customer: CustomerArgs,
    /// text (for you), json or yaml (for machines), with an optional =FILE.
    #[arg(long, value_name = "FORM[=FILE]")]
    pub output: Option<String>,
    /// Write the policy itself, word for word, to be committed and changed. `--source FILE` writes it into a
    /// file that is not there yet.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", requires = "policy", conflicts_with_all = ["output", "overlay", "with", "fact"])]
    pub source: Option<String>,
}

/// `audit policy new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The short name: small letters, digits and `-`.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The name that people read.
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// Who publishes the guide.
    #[arg(long, value_name = "NAME")]
    pub publisher: Option<String>,
    /// The address of the guide.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Whether more than these permissions may be needed.
    #[arg(long, value_enum, value_name = "KIND")]
    pub list: Option<ListWord>,
    /// A permission that is required, by its id. May be repeated.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub permission: Vec<String>,
    /// A lifecycle status whose people must be reachable, or `all`. May be repeated.
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub population: Vec<String>,
    /// The file to write; it must not be there yet. `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<String>,
}

/// Whether a list is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListWord {
    /// These and no others: anything else is excess.
    Closed,
    /// At least these.
    Open,
}

/// `audit guide`.
#[derive(Debug, Args)]
pub struct GuideArgs {
    /// A policy: a path, `-` for standard input, or the name of a shipped one.
    #[arg(long, value_name = "POLICY", required = true)]
    pub policy: String,
    /// One customer's share.
    #[command(flatten)]
    pub customer: CustomerArgs,
    /// The name of the permission group, for the clicks.
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// The generation of HiBob's screens that the admin has: roles-and-permissions, access-rights,
    /// access-data-for or peoples-fields. The guide's own if not said, else the newest.
    #[arg(long, value_name = "GENERATION")]
    pub ui: Option<String>,
    /// Vouch for the tenant's permission model: then only what concerns it is told, on its screens.
    #[arg(long, value_enum, value_name = "MODEL")]
    pub permission_model: Option<ModelWord>,
    /// text (for you), markdown, or html (a page to print), with an optional =FILE. May be repeated.
    #[arg(long, value_name = "FORM[=FILE]")]
    pub output: Vec<String>,
}

/// `audit catalogue`.
#[derive(Debug, Args)]
pub struct CatalogueArgs {
    /// One permission, such as people/work/view; or a list for `needs`: `fields`, `tables` or `resources`.
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// Of a list only what bears this word: `audit catalogue fields birth`.
    #[arg(value_name = "WORD", requires = "id", conflicts_with = "markdown")]
    pub word: Option<String>,
    /// Write the whole list as Markdown, as in docs/permissions.md.
    #[arg(long, hide = true, conflicts_with = "id")]
    pub markdown: bool,
}

/// `audit render`. It ends with the exit code of the run that wrote the report.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// A JSON report, as `--output json=REPORT.json` writes it; `-` for standard input.
    #[arg(value_name = "REPORT.json")]
    pub report: String,
    /// As in the main job: FORMAT, or FORMAT=FILE. May be repeated; a table if not given.
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub output: Vec<String>,
    /// Unfold the evidence in what people read.
    #[arg(short, long)]
    pub verbose: bool,
}

/// `audit simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// One of the simulator's service users (what it prints lists them all), or a file.
    #[arg(value_name = "PERSONA", default_value = "demo")]
    pub persona: String,
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// How many people the company has.
    #[arg(long, value_name = "N", default_value_t = 120)]
    pub people: usize,
    /// A YAML file that says how undocumented things behave and which endpoints misbehave, such as
    /// `faults: [{call: GET /tasks, status: 429, retry_after: 30}]`.
    #[arg(long, value_name = "FILE")]
    pub switches: Option<String>,
    /// What follows from chance follows from this number.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// `audit schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which schema.
    #[arg(value_enum)]
    pub which: SchemaWord,
}

/// The schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaWord {
    /// The policy language.
    Policy,
    /// Overlays: one customer's share of a policy.
    Overlay,
    /// The JSON report.
    Report,
    /// What `audit policy lint --output json` writes.
    Lint,
    /// What `audit policy show --output json` writes.
    Set,
    /// What `audit diff --output json` writes.
    Diff,
    /// What `audit probe` writes.
    Evidence,
}

/// `audit diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier report, as `--output json=OLD.json` wrote it.
    #[arg(value_name = "OLD.json")]
    pub old: String,
    /// The later report.
    #[arg(value_name = "NEW.json")]
    pub new: String,
    /// text (for you) or json (for machines), with an optional =FILE.
    #[arg(long, value_name = "FORM[=FILE]")]
    pub output: Option<String>,
}

/// `audit completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `audit man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// One of the other jobs, such as plan.
    #[arg(value_name = "JOB")]
    pub job: Option<String>,
}

/// The command line as a whole, for what is generated from it.
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

fn day(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "it is no day, such as 2026-11-21".to_owned())
}

/// A time as people write it: a whole number with `s`, `m` or `h`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "a time such as 90s, 10m or 1h, and at most 24h".to_owned();
    let unit = match text.chars().next_back() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 60 * 60,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(unit).filter(|seconds| (1..=24 * 60 * 60).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

/// A time in which a second round has room: HiBob needs about ten seconds after Apply.
fn wait(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time < Duration::from_secs(10) {
        Err("a time such as 30s or 5m, and at least 10s".to_owned())
    } else {
        Ok(time)
    }
}

fn share(text: &str) -> Result<f64, String> {
    within(text, 0.05, 1.0)
}

fn percent(text: &str) -> Result<f64, String> {
    within(text, 0.0, 100.0)
}

fn within(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("it is not from {least} to {most}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_flag_takes_a_token() {
        fn names(command: &clap::Command, found: &mut Vec<String>) {
            found.extend(command.get_arguments().map(|argument| argument.get_id().to_string()));
            command.get_subcommands().for_each(|command| names(command, found));
        }
        let mut found = Vec::new();
        names(&Cli::command(), &mut found);
        assert!(!found.is_empty());
        assert!(found.iter().all(|name| !name.contains("token") && !name.contains("secret")), "{found:?}");
    }
}
