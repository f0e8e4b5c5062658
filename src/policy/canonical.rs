//! The canonical set for programs: each thing that a policy asks for, once, with its place.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::beside::{Duty, told};
use super::blocks::HeadCount;
use super::lines::{Line, Truth};
use super::pattern::Pattern;
use super::{List, Model, Need, Policy, Requirement, Role, Spot, Target, oddities};
use crate::catalogue::Catalogue;
use crate::catalogue::id::Action;
use crate::source::clean::clean;

/// What a policy comes to for one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Set {
    /// Its short name.
    pub policy: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Who publishes the guide.
    pub publisher: String,
    /// Whether the list is whole.
    pub list: List,
    /// The file, as it was named.
    pub file: String,
    /// SHA-256 of the file, in lowercase hex.
    pub sha256: String,
    /// The policies that it starts from, the nearest first, as `name@version`.
    pub extends: Vec<String>,
    /// The overlays that were laid over it.
    pub overlays: Vec<String>,
    /// The features that were chosen.
    pub with: BTreeSet<String>,
    /// The facts that were stated.
    pub facts: BTreeMap<String, String>,
    /// Each thing that is asked for, once.
    pub items: Vec<Item>,
    /// Alternatives among the items.
    pub alternatives: Vec<Alternatives>,
    /// What only a person can look at: who is in the group, how people are chosen, what is asked for beside
    /// permissions, and the policy's own checks.
    pub manual: Vec<Manual>,
    /// What it says of waiting.
    pub timing: Vec<String>,
    /// What is done in the product once the rights are there, step by step.
    pub connect: Vec<String>,
    /// What comes up later.
    pub later: Vec<String>,
    /// What the policy asks of others: its condition does not hold for this customer.
    pub not_asked: Vec<NotAsked>,
}

/// Something that is not asked of this customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotAsked {
    /// The label as the guide prints it, or what it is about.
    pub label: String,
    /// Under which condition it would be asked.
    pub condition: String,
    /// Where it stands.
    pub at: At,
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    /// How much it is wanted.
    pub need: Need,
    /// What it points at.
    pub kind: Kind,
    /// The permission id; null where it points at none.
    pub id: Option<String>,
    /// What it points at, in words; null where the id says it.
    pub names: Option<String>,
    /// The label as the guide prints it.
    pub label: String,
    /// What stops working without it.
    pub breaks: Option<String>,
    /// Where it is asked for first.
    pub at: At,
    /// Further lines that ask for it.
    pub also: Vec<Also>,
    /// Disputed lines that say the opposite.
    pub contrary: Vec<Contrary>,
    /// Whether every line about it is disputed, so that nobody knows which holds: it is asked about.
    pub torn: bool,
}

/// A line that says the opposite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contrary {
    /// How much it wants the thing.
    pub need: Need,
    /// Its label as the guide prints it.
    pub label: String,
    /// Where it stands.
    pub at: At,
}

/// What an item points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One box.
    Box,
    /// A section of which no box is named.
    Section,
    /// A section by its name on the tenant's screens.
    Named,
    /// Whatever the tenant itself has made that fits a pattern.
    Own,
    /// A field.
    Field,
    /// A table.
    Table,
    /// How many people are visible.
    HeadCount,
    /// That others are visible than people in some statuses.
    NotOnly,
    /// A box by what is printed of it, which the catalogue does not know.
    Printed,
    /// A label that stands for no box.
    Unresolved,
    /// A list that the guide does not hold.
    ListNotKnown,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct At {
    /// The file, as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode characters, from 1.
    pub column: u32,
}

/// A further line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Also {
    /// Its label as the guide prints it.
    pub label: String,
    /// Where it stands.
    pub at: At,
}

/// Alternatives among the items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Alternatives {
    /// How much one of them is wanted.
    pub need: Need,
    /// Whether more than one is excess.
    pub only_one: bool,
    /// The branches; each holds the numbers of its items, from 0.
    pub branches: Vec<Vec<usize>>,
    /// Where they stand.
    pub at: At,
}

/// What only a person can look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Manual {
    /// What to look at.
    pub text: String,
    /// Who looks.
    pub role: Role,
}

impl Set {
    /// What a policy comes to, in a tenant with this permission model, with what a report has people look at.
    pub fn of(
        policy: &Policy,
        model: Option<Model>,
        catalogue: &Catalogue,
        manual: impl Iterator<Item = (String, Role)>,
    ) -> Self {
        Self {
            policy: policy.name.clone(),
            title: clean(&policy.title),
            version: policy.version.clone(),
            publisher: clean(&policy.publisher),
            list: policy.list,
            file: clean(&policy.file),
            sha256: policy.sha256.clone(),
            extends: policy.extends.iter().map(|base| format!("{}@{}", base.name, base.version)).collect(),
            overlays: policy.overlays.iter().map(|overlay| overlay.name.clone()).collect(),
            with: policy.choices.with.clone(),
            facts: policy.choices.facts.clone(),
            items: policy
                .requirements
                .iter()
                .map(|requirement| item(requirement, model, catalogue))
                .collect(),
            alternatives: policy
                .alternatives
                .iter()
                .map(|alternatives| Alternatives {
                    need: alternatives.need,
                    only_one: alternatives.only_one,
                    branches: alternatives
                        .branches
                        .iter()
                        .map(|branch| branch.iter().map(|member| member.requirement).collect())
                        .collect(),
                    at: at(&alternatives.place),
                })
                .collect(),
            manual: manual.map(|(text, role)| Manual { text: clean(&text), role }).collect(),
            timing: policy
                .guide
                .timing
                .iter()
                .filter_map(|note| policy.under(&note.text, &note.when, model))
                .chain(policy.handover(model))
                .map(|text| clean(&text))
                .collect(),
            connect: duties(policy, &policy.connect, model),
            later: duties(policy, &policy.later, model),
            not_asked: not_asked(policy, model, catalogue),
        }
    }
}

/// What somebody sees to, as far as it concerns this customer.
fn duties(policy: &Policy, duties: &[Duty], model: Option<Model>) -> Vec<String> {
    let says = |duty: &Duty| {
        let who = duty.by.for_the_admin(&policy.publisher);
        policy.under(&told(&duty.text, who.as_deref(), duty.wanted), &duty.when, model)
    };
    duties.iter().filter_map(says).map(|text| clean(&text)).collect()
}

/// Lines, people and checks whose condition is known not to hold.
fn not_asked(policy: &Policy, model: Option<Model>, catalogue: &Catalogue) -> Vec<NotAsked> {
    let parts = policy.lines.iter().flat_map(Line::parts);
    let lines = parts.map(|line| (oddities::words(line, catalogue), &line.when, &line.place));
    let population =
        policy.population.iter().map(|it| ("Whose data: a block of its own", &it.when, &it.place));
    let membership =
        policy.membership.iter().map(|it| ("Who is in the group: a block of its own", &it.when, &it.place));
    let duties = policy.manual.iter().chain(&policy.connect).chain(&policy.later);
    let duties = duties.map(|it| (it.text.as_str(), &it.when, &it.place));
    let also = policy.also.iter().map(|it| (it.text.as_str(), &it.when, &it.place));
    let others = population.chain(membership).chain(duties).chain(also);
    lines
        .chain(others.map(|(words, when, place)| (words.to_owned(), when, place)))
        .filter(|(_, when, _)| policy.truth(when, model) == Truth::No)
        .map(|(words, when, place)| NotAsked {
            label: clean(&words),
            condition: clean(&policy.only(when)),
            at: at(place),
        })
        .collect()
}

fn item(requirement: &Requirement, model: Option<Model>, catalogue: &Catalogue) -> Item {
    let (kind, names) = match &requirement.target {
        Target::Permission(_) => (Kind::Box, None),
        Target::Section(_) => (Kind::Section, None),
        Target::Named { name, action } => (
            Kind::Named,
            Some(action.as_ref().map_or_else(|| name.clone(), |action| format!("{name}: {action}"))),
        ),
        Target::Own(boxes) => (Kind::Own, Some(boxes.pattern.to_string())),
        Target::Field { field, action } => (
            Kind::Field,
            Some(match action {
                Action::View => oddities::words_of_a_field(field, catalogue),
                _ => format!("{}: {}", oddities::words_of_a_field(field, catalogue), action.as_str()),
            }),
        ),
        Target::Table { name, action } => (
            Kind::Table,
            Some(match action {
                Action::View => name.clone(),
                Action::History => format!("{name}: rows of the past"),
                Action::Edit => format!("{name}: edit"),
            }),
        ),
        Target::HeadCount(HeadCount::AtLeast(least)) => (Kind::HeadCount, Some(least.to_string())),
        Target::HeadCount(most) => (Kind::HeadCount, Some(most.to_string())),
        Target::NotOnly(statuses) => (Kind::NotOnly, Some(statuses.join(", "))),
        Target::Printed { path, .. } => (Kind::Printed, Some(path.clone())),
        Target::Unresolved { reason } => (Kind::Unresolved, Some(reason.clone())),
        Target::ListNotKnown { reason, among, except, .. } => {
            let of = |word: &str, patterns: &[Pattern]| {
                let patterns: Vec<&str> = patterns.iter().map(Pattern::as_str).collect();
                (!patterns.is_empty()).then(|| format!("{word} {}", patterns.join(", ")))
            };
            let range: Vec<String> = of("among", among).into_iter().chain(of("except", except)).collect();
            let range = if range.is_empty() { String::new() } else { format!(" ({})", range.join("; ")) };
            (Kind::ListNotKnown, Some(format!("{reason}{range}")))
        }
    };
    Item {
        need: requirement.need_in(model).unwrap_or(requirement.need),
        kind,
        id: requirement.target.permission().map(ToString::to_string),
        names: names.map(|names| clean(&names)),
        label: clean(&requirement.label),
        breaks: requirement.breaks.as_deref().map(clean),
        at: at(&requirement.place),
        also: requirement
            .repeats
            .iter()
            .map(|(label, place)| Also { label: clean(label), at: at(place) })
            .collect(),
        contrary: requirement
            .contrary
            .iter()
            .map(|other| Contrary { need: other.need, label: clean(&other.label), at: at(&other.place) })
            .collect(),
        torn: requirement.torn.of(model),
    }
}

fn at(spot: &Spot) -> At {
    At { file: clean(&spot.file), line: spot.line, column: spot.column }
}

/// The schema of a canonical set, as it stands in `schemas/set.v1.json`.
///
/// # Errors
/// Never in practice: a schema is JSON.
pub fn schema() -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Set>();
    schema.insert("title".to_owned(), "canonical set of audit policy show, version 1".into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}
