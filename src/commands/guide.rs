//! Writes the set-up guide of a policy.

use crate::cli::GuideArgs;
use crate::error::Error;
use crate::exit;

pub(super) fn run(_args: &GuideArgs) -> Result<u8, Error> {
    Ok(exit::SATISFIED)
}
