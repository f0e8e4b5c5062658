//! `audit` finds out which HiBob permissions a service user is missing, which it holds in excess,
//! and which cannot be verified.
//!
//! ```text
//!   policy file → Policy ┐
//!                        ├→ Plan ⇒ (HTTP) ⇒ Evidence → Access → Gaps → Report → bytes in a format
//!   catalogue ───────────┘
//! ```
//!
//! Each stage is a module with one noun and one verb; data flows down the list below and never back.

pub mod access;
pub mod catalogue;
pub mod cli;
pub mod commands;
pub mod error;
pub mod evidence;
pub mod exit;
pub mod gaps;
pub mod guide;
pub mod lint;
pub mod plan;
pub mod policy;
pub mod prober;
pub mod report;
pub mod simulator;
pub mod source;
