//! Policies as files: to check, to look into, to begin.

mod levels;
mod lint;
mod new;
mod schema;
mod show;

use crate::cli::PolicyCommand;
use crate::error::Error;

pub(super) fn run(command: &PolicyCommand) -> Result<u8, Error> {
    match command {
        PolicyCommand::Lint(args) => lint::run(args),
        PolicyCommand::Show(args) => show::run(args),
        PolicyCommand::New(args) => new::run(args),
    }
}
