//! The set-up guide of a policy, for a customer's HiBob admin: every line that the guide prints, in its
//! own words and with its modality, and the clicks around it in the screens that the admin has.
//!
//! A guide is built once, as chapters of blocks. A renderer only renders. Words in [`Piece::Printed`] are
//! the policy's literal lines and nothing else is, so that they can be found again in what is written.

mod audience;
mod beside;
mod boxes;
mod build;
mod disputes;
mod explain;
mod fields;
mod group;
pub mod html;
pub mod markdown;
mod names;
mod people;
mod reads;
pub mod text;
mod words;

#[cfg(test)]
mod tests;

use crate::catalogue::Catalogue;
use crate::catalogue::screens::Screens;
use crate::policy::lines::When;
use crate::policy::{Model, Policy, Ui};

/// A set-up guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// What it is about.
    pub title: String,
    /// What comes before the first chapter.
    pub lead: Vec<Block>,
    /// The chapters, in the order in which they are worked through.
    pub chapters: Vec<Chapter>,
}

/// A chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// What is done in it.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A block of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading below the chapter's: 1, or 2 for one below that.
    Heading(u8, String),
    /// A paragraph.
    Para(Text),
    /// Things to do, in order.
    Steps(Vec<Text>),
    /// Things to know.
    Points(Vec<Text>),
    /// Things to tick off, each with what is said about it.
    Ticks(Vec<Tick>),
}

/// How deep the headings of a chapter stand below it, in order: a heading is never more than one step below
/// the one over it, and those of one level stand beside each other.
fn depths(blocks: &[Block]) -> impl Iterator<Item = u8> {
    let mut over: Vec<u8> = Vec::new();
    blocks.iter().map(move |block| match block {
        Block::Heading(level, _) => {
            over.retain(|known| known < level);
            over.push(*level);
            u8::try_from(over.len()).unwrap_or(*level)
        }
        _ => 0,
    })
}

/// A thing to tick off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// What.
    pub what: Text,
    /// What is said about it.
    pub about: Vec<Text>,
    /// What it consists of.
    pub parts: Vec<Self>,
}

impl Tick {
    /// A thing of which nothing more is said.
    fn plain(words: impl Into<String>) -> Self {
        Self { what: plain(words), about: Vec::new(), parts: Vec::new() }
    }
}

/// Words of one paragraph.
pub type Text = Vec<Piece>;

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Our words, or a name of HiBob's.
    Plain(String),
    /// A line as the policy's guide prints it.
    Printed(String),
    /// Something to type.
    Typed(String),
    /// An address on the web.
    Address(String),
}

impl Guide {
    /// The guide of a policy, in one generation of HiBob's screens; of a tenant with this permission model, where
    /// somebody vouches for one.
    pub fn of(
        policy: &Policy,
        catalogue: &Catalogue,
        screens: &Screens,
        group: Option<&str>,
        model: Option<Model>,
    ) -> Self {
        let mut policy = policy.clone();
        policy.choices.ui = Ui::ALL.into_iter().find(|ui| ui.as_str() == screens.id);
        // What is settled is not told as a condition.
        let known = policy.clone();
        let builder = build::Builder { policy: &known, catalogue, screens, group, model };
        policy.settle(&|part| builder.truth(&When(vec![vec![part.clone()]])));
        build::Builder { policy: &policy, catalogue, screens, group, model }.guide()
    }
}

/// Our words as a paragraph.
fn plain(words: impl Into<String>) -> Text {
    vec![Piece::Plain(words.into())]
}
