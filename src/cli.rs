//! What may be typed. Words only: nothing here does any work.

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
    /// List the permissions that are known, or explain one: its box, what shows it, how that is known.
    Catalogue(CatalogueArgs),
    /// Serve the built-in simulator until Ctrl-C: a pretend HiBob to point curl or `audit` at.
    Simulate(SimulateArgs),
    /// Print a JSON Schema: of policies, or of the JSON report.
    Schema(SchemaArgs),
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

/// Where write probes may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WriteWord {
    /// This machine and HiBob's sandbox, and nowhere else.
    Sandbox,
    /// Anywhere: the tenant may be in production.
    Production,
}

/// The main job.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// A policy: a path, `-` for standard input, or the name of a shipped one (frontegg, gifted, kombo,
    /// stackone; frontegg@2026-11-21 insists on a version). May be repeated: one probing, each judged.
    #[arg(long, value_name = "POLICY", required = true, help_heading = "What is wanted")]
    pub policy: Vec<String>,

    /// Ask the whole catalogue, or only what the policy needs.
    #[arg(long, value_enum, default_value_t = ScopeWord::Full, help_heading = "What is wanted")]
    pub scope: ScopeWord,

    /// A file with HIBOB_SERVICE_USER_ID and HIBOB_SERVICE_USER_TOKEN (dotenv), or `-`. Without it both
    /// come from the environment. No flag takes the token itself.
    #[arg(long, value_name = "FILE", help_heading = "Whom to ask", conflicts_with = "simulate")]
    pub credentials: Option<String>,

    /// Where the API lives. Plain http only for this machine.
    #[arg(
        long,
        value_name = "URL",
        env = "HIBOB_BASE_URL",
        default_value = "https://api.hibob.com/v1",
        help_heading = "Whom to ask"
    )]
    pub base_url: String,

    /// Run against the built-in simulator, over real HTTP. PERSONA is one of its service users, or a file.
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

    /// The name of the permission group that holds the service user, for the clicks.
    #[arg(long, value_name = "NAME", help_heading = "Whom to ask")]
    pub group: Option<String>,

    /// A person whose lifecycle status you know, by HiBob's id, or `@FILE` with one id a line: turns "nobody
    /// in this status was seen" into a verdict. May be repeated.
    #[arg(long, value_name = "STATUS=ID|@FILE", help_heading = "Whom to ask")]
    pub known: Vec<String>,

    /// Vouch for the tenant's permission model: whether rights are given by category or by field.
    #[arg(long, value_enum, value_name = "MODEL", help_heading = "Whom to ask")]
    pub permission_model: Option<ModelWord>,

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

    /// table (for you), json (for machines) or message (for the HiBob admin), each with an optional
    /// =FILE. May be repeated; given at all, it replaces the table.
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

/// `audit plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// A policy: a path, `-` for standard input, or the name of a shipped one. May be repeated.
    #[arg(long, value_name = "POLICY", required = true)]
    pub policy: Vec<String>,
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

/// `audit catalogue`.
#[derive(Debug, Args)]
pub struct CatalogueArgs {
    /// One permission, such as people/work/view.
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// Write the whole list as Markdown, as in docs/permissions.md.
    #[arg(long, hide = true, conflicts_with = "id")]
    pub markdown: bool,
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
    /// The JSON report.
    Report,
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
