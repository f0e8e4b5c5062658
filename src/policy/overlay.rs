//! One customer's share: what an overlay adds to the policies of a run, takes out and decides.

use std::collections::BTreeMap;

use super::beside::Duty;
use super::blocks::Population;
use super::decisions::Decision;
use super::lines::{Choices, Line};
use super::reader::Change;
use super::tree::At;
use super::{List, Model, OverlayHead, Policy};
use crate::catalogue::Catalogue;
use crate::source::Source;
use crate::source::problems::Problems;

/// An overlay, read for the policies of a run.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// Its name and its file.
    pub head: OverlayHead,
    /// The policies that it speaks of; none: all of the run.
    pub speaks_of: Option<Vec<String>>,
    /// What it says of the customer.
    pub choices: Choices,
    /// The tenant's permission model, if it vouches for one.
    pub model: Option<Model>,
    /// The name of the permission group, for the clicks.
    pub group: Option<String>,
    /// The customer's names of sections, each with the id of its category.
    pub renamed: BTreeMap<String, String>,
    /// What it decided about items.
    pub decisions: Vec<Decision>,
    pub(super) list: Option<At<List>>,
    pub(super) lines: Vec<Line>,
    pub(super) changes: Vec<Change>,
    pub(super) population: Vec<Population>,
    pub(super) manual: Vec<Duty>,
    pub(super) source: Source,
}

impl Overlay {
    /// Whether it speaks of a policy.
    pub fn is_for(&self, policy: &Policy) -> bool {
        self.speaks_of.as_ref().is_none_or(|names| names.contains(&policy.name))
    }
}

/// What can be told of an overlay before the policies are known that it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peek {
    /// The policies that it speaks of; none: all of the run.
    pub speaks_of: Option<Vec<String>>,
}

/// Whether a text is an overlay, and of which policies it speaks; whatever else is wrong with it.
pub fn peek(source: &Source) -> Option<Peek> {
    super::reader::overlay::peek(source)
}

/// Reads an overlay for the policies of a run: what it speaks of must be in one of them.
///
/// # Errors
/// With every mistake in the text, each with its place.
pub fn read(source: &Source, policies: &[Policy], catalogue: &Catalogue) -> Result<Overlay, Problems> {
    let mut problems = Problems::new(source);
    let overlay = super::reader::overlay::overlay(source, policies, catalogue, &mut problems);
    match overlay {
        Some(overlay) if !problems.has_errors() => Ok(overlay),
        _ => Err(problems),
    }
}
