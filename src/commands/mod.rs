//! One file for each thing the user can ask for. Here, and only here, stand the clock, the
//! environment, the files and the terminal.

mod catalogue;
mod check;
mod diff;
mod exact;
mod form;
mod guide;
mod input;
mod output;
mod plan;
mod policy;
mod probe;
mod progress;
mod render;
mod shell;
mod simulate;

use std::io::Write;

use crate::cli::{Cli, Command, SchemaWord};
use crate::error::Error;
use crate::exit;
use crate::source::clean::clean;

/// Does what was asked; the exit code follows from the result alone.
pub async fn run(cli: Cli) -> Result<u8, Error> {
    match cli.command {
        None => check::run(&cli.audit).await,
        Some(Command::Plan(args)) => plan::run(&args),
        Some(Command::Probe(args)) => probe::run(&args).await,
        Some(Command::Catalogue(args)) => catalogue::run(&args),
        Some(Command::Render(args)) => render::run(&args),
        Some(Command::Policy(args)) => policy::run(&args.command),
        Some(Command::Guide(args)) => guide::run(&args),
        Some(Command::Simulate(args)) => simulate::run(&args).await,
        Some(Command::Diff(args)) => diff::run(&args),
        Some(Command::Completions(args)) => shell::completions(&args),
        Some(Command::Man(args)) => shell::man(&args),
        Some(Command::Schema(args)) => {
            let text =
                match args.which {
                    SchemaWord::Policy => crate::policy::schema::schema_text(),
                    SchemaWord::Overlay => crate::policy::schema::overlay_schema_text(),
                    SchemaWord::Lint => {
                        crate::lint::findings::schema().map_err(|error| Error::Internal(error.to_string()))?
                    }
                    SchemaWord::Set => crate::policy::canonical::schema()
                        .map_err(|error| Error::Internal(error.to_string()))?,
                    SchemaWord::Diff => {
                        crate::report::diff::schema().map_err(|error| Error::Internal(error.to_string()))?
                    }
                    SchemaWord::Evidence => crate::evidence::stored::schema()
                        .map_err(|error| Error::Internal(error.to_string()))?,
                    SchemaWord::Report => {
                        crate::report::json::schema().map_err(|error| Error::Internal(error.to_string()))?
                    }
                };
            output::print(&text)?;
            Ok(exit::SATISFIED)
        }
    }
}

/// Prints an error and its next step.
pub fn show(error: &Error) {
    let mut stderr = anstream::stderr().lock();
    let bold = anstyle::Style::new().bold();
    let red = bold.fg_color(Some(anstyle::AnsiColor::Red.into()));
    // A terminal that is gone cannot be told about it.
    let _ = if error.speaks_for_itself() {
        writeln!(stderr, "{error}")
    } else {
        writeln!(stderr, "{red}error{red:#}{bold}: {}{bold:#}", clean(&error.to_string()))
    };
    if let Some(hint) = error.hint() {
        let _ = writeln!(stderr, "{bold}help{bold:#}: {hint}");
    }
}
