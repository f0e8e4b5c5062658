//! The `audit` binary: parse, dispatch, print the error with its next step, return the exit code.

use std::process::ExitCode;

use clap::Parser;
use hibob_audit::{cli::Cli, commands, exit};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_error = error.use_stderr();
            // A reader that has gone away is no error.
            let _ = error.print();
            return ExitCode::from(if is_error { exit::USAGE } else { exit::SATISFIED });
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            commands::show(&hibob_audit::error::Error::Internal(format!("cannot start: {error}")));
            return ExitCode::from(exit::INTERNAL);
        }
    };
    let code = match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => {
            commands::show(&error);
            error.exit_code()
        }
    };
    runtime.shutdown_background();
    ExitCode::from(code)
}
