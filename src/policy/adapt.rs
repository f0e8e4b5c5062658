//! Lays overlays over the policies of a run, with what the command line says of the customer.

use std::collections::BTreeSet;

use super::lines::{Aim, Choices, Fact, Feature, Line};
use super::meaning;
use super::overlay::Overlay;
use super::{List, Policy};
use crate::catalogue::Catalogue;
use crate::catalogue::id::nearest;
use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems};

/// Why policies cannot be adapted.
#[derive(Debug)]
pub enum AdaptError {
    /// The texts have mistakes, or contradict each other.
    Texts(Vec<Problems>),
    /// A word of the command line is not known.
    Word {
        /// Where it stands: `--with` or `--fact`.
        flag: &'static str,
        /// The word.
        word: String,
        /// What was meant, or what there is.
        hint: String,
    },
}

/// What the command line says of the customer, held against the policies of the run.
///
/// # Errors
/// When a feature or a fact is known to none of them, or an answer is none.
pub fn choices(policies: &[Policy], with: &[String], facts: &[String]) -> Result<Choices, AdaptError> {
    let mut choices = Choices::default();
    let features: Vec<&Feature> = policies.iter().flat_map(|policy| &policy.features).collect();
    let known: Vec<&Fact> = policies.iter().flat_map(|policy| &policy.facts).collect();
    for name in with {
        let names: BTreeSet<&str> = features.iter().map(|feature| feature.name.as_str()).collect();
        if !names.contains(name.as_str()) {
            return Err(unknown("--with", name, &names, "features"));
        }
        choices.with.insert(name.clone());
    }
    for stated in facts {
        let (name, value) = stated
            .split_once('=')
            .map_or((stated.as_str(), None), |(name, value)| (name.trim(), Some(value.trim())));
        let names: BTreeSet<&str> = known.iter().map(|fact| fact.name.as_str()).collect();
        let of_that_name: Vec<&Fact> = known.iter().copied().filter(|fact| fact.name == name).collect();
        let Some(first) = of_that_name.first() else {
            return Err(unknown("--fact", name, &names, "facts"));
        };
        let answer = value
            .filter(|value| of_that_name.iter().any(|fact| fact.values.iter().any(|known| known == value)));
        let Some(answer) = answer else {
            return Err(AdaptError::Word {
                flag: "--fact",
                word: clean(stated),
                hint: format!("--fact {name}=VALUE, with one of: {}", first.values.join(", ")),
            });
        };
        choices.facts.insert(name.to_owned(), answer.to_owned());
    }
    Ok(choices)
}

fn unknown(flag: &'static str, word: &str, names: &BTreeSet<&str>, what: &str) -> AdaptError {
    let hint = match nearest(word, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("no policy of this run has {what}"),
        None => format!("one of: {}", names.iter().copied().collect::<Vec<_>>().join(", ")),
    };
    AdaptError::Word { flag, word: clean(word), hint }
}

/// Lays the overlays over the policies that they speak of, in order; the command line wins over them.
///
/// # Errors
/// With what hits nothing, and what contradicts itself then.
pub fn adapt(
    policies: Vec<Policy>,
    overlays: &[Overlay],
    told: &Choices,
    catalogue: &Catalogue,
) -> Result<Vec<Policy>, AdaptError> {
    let mut problems: Vec<Problems> = Vec::new();
    let mut hits: Vec<Vec<usize>> = overlays.iter().map(|overlay| vec![0; overlay.changes.len()]).collect();
    let mut adapted = Vec::new();
    for mut policy in policies {
        for (overlay, hits) in overlays.iter().zip(&mut hits) {
            if overlay.is_for(&policy) {
                problems.extend(lay(overlay, &mut policy, hits));
            }
        }
        let choices = &mut policy.choices;
        choices.with.extend(
            told.with
                .iter()
                .filter(|name| policy.features.iter().any(|feature| feature.name == **name))
                .cloned(),
        );
        let facts = told.facts.iter().filter(|(name, _)| policy.facts.iter().any(|fact| fact.name == **name));
        choices.facts.extend(facts.map(|(name, value)| (name.clone(), value.clone())));
        if let Err(found) = meaning::fold(&mut policy, catalogue) {
            problems.extend(found);
        }
        adapted.push(policy);
    }
    for (overlay, hits) in overlays.iter().zip(&hits) {
        problems.extend(unused(overlay, hits));
    }
    if problems.is_empty() { Ok(adapted) } else { Err(AdaptError::Texts(problems)) }
}

impl Policy {
    /// The parts of the product that nobody chose.
    pub fn not_chosen(&self) -> impl Iterator<Item = &Feature> {
        self.features.iter().filter(|feature| !self.choices.with.contains(&feature.name))
    }

    /// The same policy for a customer who uses these parts of the product too; none where it contradicts itself
    /// then.
    pub fn with(&self, features: &[&str], catalogue: &Catalogue) -> Option<Self> {
        let mut chosen = self.clone();
        chosen.choices.with.extend(features.iter().map(|name| (*name).to_owned()));
        meaning::fold(&mut chosen, catalogue).is_ok().then_some(chosen)
    }
}

fn lay(overlay: &Overlay, policy: &mut Policy, hits: &mut [usize]) -> Option<Problems> {
    for (change, hits) in overlay.changes.iter().zip(hits) {
        *hits += change.apply(policy);
    }
    // What the guide did not hold, the overlay answers; a part that is still open it says itself.
    let answers = overlay.list.as_ref().is_some_and(|list| list.value != List::Unknown);
    if answers && !overlay.lines.is_empty() {
        policy.lines.retain(|line| !is_list_not_known(line));
    }
    policy.lines.extend(overlay.lines.iter().cloned());
    if !overlay.population.is_empty() {
        policy.population.clone_from(&overlay.population);
    }
    policy.manual.extend(overlay.manual.iter().cloned());
    policy.decisions.extend(overlay.decisions.iter().cloned());
    policy.renamed.extend(overlay.renamed.clone());
    let chosen = overlay.choices.clone();
    policy.choices.with.extend(
        chosen.with.into_iter().filter(|name| policy.features.iter().any(|feature| feature.name == *name)),
    );
    policy.choices.facts.extend(
        chosen.facts.into_iter().filter(|(name, _)| policy.facts.iter().any(|fact| fact.name == *name)),
    );
    policy.overlays.push(overlay.head.clone());
    policy.texts.push(overlay.source.clone());
    let list = overlay.list.as_ref()?;
    policy.list = list.value;
    policy.remarks.retain(|remark| remark.code != meaning::OPEN_LIST);
    let mut problems = Problems::new(&overlay.source);
    if answers && overlay.lines.is_empty() && policy.lines.iter().any(is_list_not_known) {
        let message = format!("overlay `{}` answers a list and gives none", clean(&overlay.source.name));
        problems.push(
            Problem::error("list-not-stated", message, list.span.clone())
                .label("the list would be known, and nothing stands in it")
                .help("write what the guide did not hold under `requires:`"),
        );
    }
    meaning::list_is_honest(policy, list, &overlay.source, &mut problems);
    problems.has_errors().then_some(problems)
}

fn is_list_not_known(line: &Line) -> bool {
    matches!(line.aim, Aim::ListNotKnown { .. })
}

/// What an overlay changes in no policy of the run.
fn unused(overlay: &Overlay, hits: &[usize]) -> Option<Problems> {
    let mut problems = Problems::new(&overlay.source);
    for (change, _) in overlay.changes.iter().zip(hits).filter(|(_, hits)| **hits == 0) {
        let message = format!("overlay `{}` changes a line that is not there", clean(&overlay.source.name));
        problems.push(
            Problem::error("line-not-there", message, change.line.span.clone())
                .label("no policy that it speaks of has this line")
                .help("name a line by its permission id or by its label, as it is printed"),
        );
    }
    problems.has_errors().then_some(problems)
}
