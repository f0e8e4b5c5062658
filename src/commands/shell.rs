//! `audit completions` and `audit man`: both are made from the command line itself.

use super::output;
use crate::catalogue::id::nearest;
use crate::cli::{self, CompletionsArgs, ManArgs};
use crate::error::Error;
use crate::exit;
use crate::source::clean::clean;

/// Prints what a shell needs.
pub(super) fn completions(args: &CompletionsArgs) -> Result<u8, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "audit", &mut script);
    print(&script)
}

/// Prints a manual page.
pub(super) fn man(args: &ManArgs) -> Result<u8, Error> {
    let mut command = cli::command();
    // What is built knows its own place: `audit plan`, `audit-plan(1)`.
    command.build();
    if let Some(job) = &args.job {
        let jobs: Vec<&str> = command.get_subcommands().map(|command| command.get_name()).collect();
        let Some(found) = command.find_subcommand(job) else {
            let hint = nearest(job, jobs.iter().copied()).map_or_else(
                || format!("one of: {}", jobs.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Error::UnknownWord { flag: "audit man", word: clean(job), hint });
        };
        command = found.clone();
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Error::Internal(format!("cannot write the page: {error}")))?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<u8, Error> {
    output::print(&String::from_utf8_lossy(bytes))?;
    Ok(exit::SATISFIED)
}
