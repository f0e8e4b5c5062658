//! The message to the customer's HiBob admin: somebody who never installed anything, has ten
//! minutes, and knows the screens of HiBob and none of our words.
//!
//! It has two lengths: the full one for a ticket or a mail, and a short one for a chat. Everything to be
//! done is numbered through, in both alike, so that the answer can be "done, all but 3". What only the
//! integrator can answer is not put on the admin.

mod decided;
mod disputes;
mod full;
mod letter;
mod matters;
mod opening;
mod points;
mod short;
#[cfg(test)]
mod tests;

use std::io;

use super::Report;
use super::format::Settings;
use matters::Matters;

/// Writes the full message, laid out for mail and tickets.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(full::message(report, settings, &Matters::of(report)).as_bytes())
}

/// Writes the short message. A chat breaks lines by itself, so each point is one line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_short(report: &Report, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(short::message(report, settings, &Matters::of(report)).as_bytes())
}

/// That nothing of it is real, for whoever would send it on.
const SIMULATED: &str = "SIMULATED: made up by the built-in simulator, no HiBob was asked. Do not send this.";

/// That the list may lack something.
const STOPPED: &str = "Our check stopped before it was finished, so this list may not be complete.";
