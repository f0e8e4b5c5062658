//! Conditions, wherever they stand: whether one holds for this customer, and how it is said to people.

use super::beside::Prerequisite;
use super::blocks::Credentials;
use super::lines::{Aim, Case, Line, Truth, When};
use super::{Model, Policy};
use crate::catalogue::screens;

/// A sentence of the guide, and when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// When it holds.
    pub when: When,
}

impl Policy {
    /// Whether a condition holds for this customer, in a tenant with this permission model.
    pub fn truth(&self, when: &When, model: Option<Model>) -> Truth {
        let truths = when.truths(&self.choices, &self.facts);
        match (model, truths.category, truths.field) {
            (Some(_), ..) => truths.of(model),
            // What holds under either model holds, whichever it is.
            (None, one, other) if one == other => one,
            _ => Truth::Open,
        }
    }

    /// Leaves of every condition what is not settled yet.
    pub fn settle(&mut self, truth: &dyn Fn(&Case) -> Truth) {
        fn line(it: &mut Line, left: &dyn Fn(&mut When)) {
            left(&mut it.when);
            match &mut it.aim {
                Aim::Together(lines) => lines.iter_mut().for_each(|it| line(it, left)),
                Aim::Alternatives { branches, .. } => {
                    branches.iter_mut().flatten().for_each(|it| line(it, left));
                }
                _ => {}
            }
        }
        fn prerequisite(it: &mut Prerequisite, left: &dyn Fn(&mut When)) {
            left(&mut it.when);
            it.any_of.iter_mut().for_each(|it| prerequisite(it, left));
        }
        let left = |when: &mut When| *when = when.left(truth);
        self.lines.iter_mut().for_each(|it| line(it, &left));
        self.prerequisites.iter_mut().for_each(|it| prerequisite(it, &left));
        self.population.iter_mut().for_each(|it| left(&mut it.when));
        self.membership.iter_mut().for_each(|it| left(&mut it.when));
        let duties = self.manual.iter_mut().chain(&mut self.connect).chain(&mut self.later);
        duties.for_each(|it| left(&mut it.when));
        self.also.iter_mut().for_each(|it| left(&mut it.when));
        let notes = self.guide.timing.iter_mut().chain(&mut self.guide.notes);
        notes.for_each(|it| left(&mut it.when));
        for it in &mut self.credentials {
            left(&mut it.when);
            it.timing.iter_mut().chain(&mut it.notes).for_each(|it| left(&mut it.when));
        }
    }

    /// What is left of a condition beside all that is known of this customer.
    #[must_use]
    pub fn left(&self, when: &When, model: Option<Model>) -> When {
        when.left(&|part| self.truth(&When(vec![vec![part.clone()]]), model))
    }

    /// A sentence, with its condition unless that is known to hold; none where it is known not to.
    pub fn under(&self, text: &str, when: &When, model: Option<Model>) -> Option<String> {
        match self.truth(when, model) {
            Truth::Yes => Some(text.to_owned()),
            Truth::Open => Some(format!("{text} ({})", self.only(&self.left(when, model)))),
            Truth::No => None,
        }
    }

    /// When the two values of a service user are handed over, as far as it concerns this customer.
    pub fn handover(&self, model: Option<Model>) -> Vec<String> {
        let told =
            self.credentials.iter().flat_map(|block| block.timing.iter().map(move |note| (block, note)));
        let both = |(block, note): (&Credentials, &Note)| {
            let when = When(block.when.0.iter().chain(&note.when.0).cloned().collect());
            self.under(&note.text, &when, model)
        };
        told.filter_map(both).collect()
    }

    /// Under which condition something holds, in words.
    pub fn only(&self, when: &When) -> String {
        let clause = |cases: &Vec<Case>| {
            let told = alike(cases).into_iter().map(|(case, answers)| self.case(case, &answers));
            told.collect::<Vec<_>>().join(", or ")
        };
        format!("only {}", when.0.iter().map(clause).collect::<Vec<_>>().join("; and only "))
    }

    /// A case, with the answers to its last question that will do.
    fn case(&self, case: &Case, answers: &[&str]) -> String {
        let title = |name: &String| {
            let known = self.features.iter().find(|feature| feature.name == *name);
            known.map_or_else(|| name.clone(), |feature| feature.title.clone())
        };
        let with = case.with.iter().map(|name| format!("with: {}", title(name)));
        let without = case.without.iter().map(|name| format!("without: {}", title(name)));
        let facts = case.facts.iter().enumerate().map(|(at, (name, value))| {
            let known = self.facts.iter().find(|fact| fact.name == *name);
            let asks = known.map_or(name.as_str(), |fact| fact.asks.as_str());
            let one = [value.as_str()];
            let answers = if at + 1 == case.facts.len() { answers } else { &one };
            let out = known.filter(|_| answers.len() > 1).map(|fact| {
                let is_out = |value: &&String| !answers.contains(&value.as_str());
                fact.values.iter().filter(is_out).collect::<Vec<_>>()
            });
            if let Some([out]) = out.as_deref() {
                return format!("if \"{asks}\" is not answered \"{out}\"");
            }
            let answers: Vec<String> = answers.iter().map(|answer| format!("\"{answer}\"")).collect();
            format!("if \"{asks}\" is answered {}", answers.join(" or "))
        });
        let model = case.model.map(|model| match model {
            Model::Category => "where rights are given by section".to_owned(),
            Model::Field => "where rights are given field by field".to_owned(),
        });
        let ui = case.ui.map(|ui| {
            let about = screens::find(ui.as_str()).map_or(ui.as_str(), |screens| screens.about.as_str());
            format!("on screens where {about}")
        });
        let said = with.chain(without).chain(facts).chain(model).chain(ui);
        said.collect::<Vec<_>>().join(" and ")
    }
}

/// Cases that differ in nothing but the answer to their last question, each with its answers.
fn alike(cases: &[Case]) -> Vec<(&Case, Vec<&str>)> {
    let mut told: Vec<(&Case, Vec<&str>)> = Vec::new();
    for case in cases {
        let answer = case.facts.last().map(|(_, value)| value.as_str());
        let same = told.iter_mut().find(|(known, _)| answer.is_some() && is_alike(known, case));
        match same {
            Some((_, answers)) => answers.extend(answer),
            None => told.push((case, answer.into_iter().collect())),
        }
    }
    told
}

fn is_alike(one: &Case, other: &Case) -> bool {
    let (Some(last), Some((name, _))) = (one.facts.last(), other.facts.last()) else { return false };
    let mut facts = other.facts.clone();
    facts.pop();
    facts.push(last.clone());
    last.0 == *name && *one == Case { facts, ..other.clone() }
}
