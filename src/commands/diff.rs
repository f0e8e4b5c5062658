//! `audit diff`: what changed from one stored report to another, offline.

use super::form::{self, Form};
use super::{output, render};
use crate::cli::DiffArgs;
use crate::error::Error;
use crate::report::diff::{self, Diff};
use crate::report::format::Settings;

/// Tells what changed; the exit code says whether it is for the worse.
pub(super) fn run(args: &DiffArgs) -> Result<u8, Error> {
    let (form, file) =
        form::read(args.output.as_deref(), &[("text", Form::Text), ("json", Form::Json)], Form::Text)?;
    let diff = Diff::between(&render::stored(&args.old)?, &render::stored(&args.new)?);
    let text = match (form, &file) {
        (Form::Json, _) => diff::json(&diff).map_err(|error| Error::Internal(error.to_string()))?,
        (_, Some(_)) => diff::text(&diff, &Settings::default()),
        (_, None) => diff::text(&diff, &output::terminal_settings(false)),
    };
    form::deliver(&text, file.as_deref())?;
    Ok(diff.exit_code)
}
