//! Conditions, wherever they stand: whether one holds for this customer, and how it is said to people.

use super::blocks::Credentials;
use super::lines::{Case, Truth, When};
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

    /// A sentence, with its condition unless that is known to hold; none where it is known not to.
    pub fn under(&self, text: &str, when: &When, model: Option<Model>) -> Option<String> {
        match self.truth(when, model) {
            Truth::Yes => Some(text.to_owned()),
            Truth::Open => Some(format!("{text} ({})", self.only(when))),
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
        let clause =
            |cases: &Vec<Case>| cases.iter().map(|case| self.case(case)).collect::<Vec<_>>().join(", or ");
        format!("only {}", when.0.iter().map(clause).collect::<Vec<_>>().join("; and only "))
    }

    fn case(&self, case: &Case) -> String {
        let title = |name: &String| {
            let known = self.features.iter().find(|feature| feature.name == *name);
            known.map_or_else(|| name.clone(), |feature| feature.title.clone())
        };
        let with = case.with.as_ref().map(|name| format!("with: {}", title(name)));
        let without = case.without.as_ref().map(|name| format!("without: {}", title(name)));
        let facts = case.facts.iter().map(|(name, value)| {
            let known = self.facts.iter().find(|fact| fact.name == *name);
            let asks = known.map_or(name.as_str(), |fact| fact.asks.as_str());
            format!("if \"{asks}\" is answered \"{value}\"")
        });
        let model = case.model.map(|model| match model {
            Model::Category => "where rights are given by section".to_owned(),
            Model::Field => "where rights are given field by field".to_owned(),
        });
        let ui = case.ui.map(|ui| {
            let about = screens::find(ui.as_str()).map_or(ui.as_str(), |screens| screens.about.as_str());
            format!("on screens where {about}")
        });
        let said = with.into_iter().chain(without).chain(facts).chain(model).chain(ui);
        said.collect::<Vec<_>>().join(" and ")
    }
}
