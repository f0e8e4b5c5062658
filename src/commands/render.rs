//! `audit render`: a stored report in any format, offline.

use super::{input, output};
use crate::cli::RenderArgs;
use crate::error::Error;
use crate::report::{Report, read};
use crate::source::clean::clean;

/// Writes the report as the run itself would have; the exit code is that of the run.
pub(super) fn run(args: &RenderArgs) -> Result<u8, Error> {
    let outputs = output::outputs(&args.output)?;
    let report = stored(&args.report)?;
    output::write(&report, &outputs, args.verbose)?;
    Ok(report.exit_code)
}

/// Reads a stored report.
pub(super) fn stored(file: &str) -> Result<Report, Error> {
    read::read(&input::report(file)?).map_err(|refused| Error::Report {
        file: clean(file),
        line: refused.at.map_or_else(String::new, |(line, column)| format!(":{line}:{column}")),
        why: refused.why,
    })
}
