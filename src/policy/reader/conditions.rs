//! Features, facts, and the conditions that speak of them.

use crate::policy::fields::{Fields, Reader, near};
use crate::policy::lines::{Case, Fact, Feature, When};
use crate::policy::tree::{At, Node, Value};
use crate::policy::{Model, Note, Ui};
use crate::source::problems::Problem;

/// More cases than any condition has.
const MOST_CASES: usize = 100;

pub(super) const MODELS: [(&str, Model); 2] = [("category", Model::Category), ("field", Model::Field)];

impl Reader<'_> {
    /// The features, beside those that are known already.
    pub(super) fn features(&mut self, fields: &mut Fields) {
        for (name, node) in self.named(fields, "features") {
            let place = self.spot(&name.span);
            if matches!(node.value, Value::Map(_)) {
                let text =
                    "its name for people (a question, and what has an answer beforehand, is one of `facts`)";
                self.wrong_type(&node, "a feature", text);
                continue;
            }
            let Some(title) = self.text_of(node, "features").map(|title| title.value) else { continue };
            let feature = Feature { name: name.value, title, place };
            self.known.features.retain(|known| known.name != feature.name);
            self.known.features.push(feature);
        }
    }

    /// The facts, beside those that are known already.
    pub(super) fn facts(&mut self, fields: &mut Fields) {
        for (name, node) in self.named(fields, "facts") {
            let Some(fact) = self.fact(name, node) else { continue };
            self.known.facts.retain(|known| known.name != fact.name);
            self.known.facts.push(fact);
        }
    }

    /// The entries of a mapping whose keys are names.
    fn named(&mut self, fields: &mut Fields, key: &'static str) -> Vec<(At<String>, Node)> {
        let Some((_, node)) = fields.take(key) else { return Vec::new() };
        let Value::Map(entries) = node.value else {
            self.wrong_type(&node, &format!("`{key}`"), "a mapping (`name: …`)");
            return Vec::new();
        };
        entries.into_iter().filter_map(|(name, node)| Some((self.short_name(name)?, node))).collect()
    }

    fn fact(&mut self, name: At<String>, node: Node) -> Option<Fact> {
        let place = self.spot(&name.span);
        let yes_or_no = || vec!["yes".to_owned(), "no".to_owned()];
        if matches!(node.value, Value::Scalar(..)) {
            let asks = self.text_of(node, "facts")?.value;
            return Some(Fact { name: name.value, asks, values: yes_or_no(), otherwise: None, place });
        }
        let mut fields = self.fields(node, "a fact")?;
        let asks = self.text(&mut fields, "asks");
        let values = self.texts(&mut fields, "values");
        let values = if values.is_empty() { yes_or_no() } else { values };
        let otherwise = self.text(&mut fields, "otherwise");
        let meant = self.refuse_the_rest(&mut fields);
        self.demand(&fields, "asks", &meant);
        let otherwise = match otherwise {
            Some(otherwise) => Some(self.one_of(&otherwise, &values)?),
            None => None,
        };
        Some(Fact { name: name.value, asks: asks?.value, values, otherwise, place })
    }

    /// The condition of a mapping that is no item.
    pub(super) fn condition(&mut self, fields: &mut Fields) -> When {
        When(fields.take("when").and_then(|(_, node)| self.when(node)).into_iter().collect())
    }

    /// Sentences, each with its condition if it has one; one alone needs no list.
    pub(super) fn notes(&mut self, fields: &mut Fields, key: &'static str) -> Vec<Note> {
        let Some((_, node)) = fields.take(key) else { return Vec::new() };
        let nodes = match node.value {
            Value::Scalar(..) => vec![node],
            _ => self.list_of(node, key),
        };
        nodes.into_iter().filter_map(|node| self.note(node, key)).collect()
    }

    fn note(&mut self, node: Node, key: &str) -> Option<Note> {
        if !matches!(node.value, Value::Map(_)) {
            let text = self.text_of(node, key)?.value;
            return Some(Note { text, when: When::default() });
        }
        let mut fields = self.fields(node, "a note")?;
        let text = self.text(&mut fields, "text");
        let when = self.condition(&mut fields);
        let meant = self.refuse_the_rest(&mut fields);
        self.demand(&fields, "text", &meant);
        Some(Note { text: text?.value, when })
    }

    /// A condition: one case, or a list of them.
    pub(super) fn when(&mut self, node: Node) -> Option<Vec<Case>> {
        let nodes = match node.value {
            Value::List(_) => self.list_of(node, "when"),
            _ => vec![node],
        };
        let cases: Vec<Case> = nodes.into_iter().filter_map(|node| self.case(node)).flatten().collect();
        (!cases.is_empty()).then_some(cases)
    }

    /// A case; where a fact has any value but one, a case for each of the others.
    fn case(&mut self, node: Node) -> Option<Vec<Case>> {
        let mut fields = self.fields(node, "a condition")?;
        let with = self.one_or_several(&mut fields, "with");
        let without = self.one_or_several(&mut fields, "without");
        let facts = self.one_or_several(&mut fields, "fact");
        let model = self.word_at(&mut fields, "model", "permission model", &MODELS);
        let ui =
            self.word_at(&mut fields, "ui", "generation of screens", &Ui::ALL.map(|ui| (ui.as_str(), ui)));
        let said = ["with", "without", "fact", "model", "ui"].iter().any(|key| fields.was_written(key));
        let meant = self.refuse_the_rest(&mut fields);
        if !said && meant.is_empty() {
            let message = self.says("has a condition that says nothing");
            self.problems.push(
                Problem::error("missing-key", message, fields.span)
                    .label("expected `with`, `without`, `fact`, `model` or `ui` in it")
                    .help("leave `when` out if the line always holds"),
            );
            return None;
        }
        let with = with.iter().map(|name| self.feature(name)).collect::<Option<Vec<String>>>()?;
        let without = without.iter().map(|name| self.feature(name)).collect::<Option<Vec<String>>>()?;
        let mut cases = vec![Case { with, without, facts: Vec::new(), model, ui }];
        for fact in &facts {
            let answers = self.stated(fact)?;
            let and = |case: &Case| {
                let each = |answer: &(String, String)| {
                    let facts = case.facts.iter().chain([answer]).cloned().collect();
                    Case { facts, ..case.clone() }
                };
                answers.iter().map(each).collect::<Vec<_>>()
            };
            cases = cases.iter().flat_map(and).take(MOST_CASES).collect();
        }
        Some(cases)
    }

    /// A text, or a list of them that must all hold.
    fn one_or_several(&mut self, fields: &mut Fields, key: &'static str) -> Vec<At<String>> {
        let nodes = match fields.take(key) {
            Some((_, node)) if matches!(node.value, Value::List(_)) => self.list_of(node, key),
            other => other.into_iter().map(|(_, node)| node).collect(),
        };
        nodes.into_iter().filter_map(|node| self.text_of(node, key)).collect()
    }

    /// The name of a feature that is known.
    pub(super) fn feature(&mut self, name: &At<String>) -> Option<String> {
        if self.known.features.iter().any(|feature| feature.name == name.value) {
            return Some(name.value.clone());
        }
        let known: Vec<&str> = self.known.features.iter().map(|feature| feature.name.as_str()).collect();
        let label = near(self.problems, &name.value, known.iter().copied())
            .map_or_else(|| "no such feature".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = self.says("speaks of an unknown feature");
        self.problems.push(
            Problem::error("unknown-feature", message, name.span.clone())
                .label(label)
                .help("features are named under `features:` of the policy, each with its name for people"),
        );
        None
    }

    /// `NAME = VALUE` or `NAME != VALUE`, of a fact that is known: each answer that will do.
    fn stated(&mut self, text: &At<String>) -> Option<Vec<(String, String)>> {
        let Some((name, value)) = text.value.split_once('=') else {
            let message = self.says("has a condition that cannot be read");
            self.problems.push(
                Problem::error("bad-condition", message, text.span.clone())
                    .label("expected a fact and its value")
                    .help("`fact: custom-fields = yes`, or `!=`"),
            );
            return None;
        };
        let at = |value: &str| At { value: value.trim().to_owned(), span: text.span.clone() };
        let Some(name) = name.strip_suffix('!') else {
            return Some(vec![self.answer(&at(name), &at(value))?]);
        };
        let (name, not) = self.answer(&at(name), &at(value))?;
        let fact = self.known.facts.iter().find(|fact| fact.name == name)?;
        let others = fact.values.iter().filter(|value| **value != not);
        Some(others.map(|value| (name.clone(), value.clone())).collect())
    }

    /// A fact that is known, and one of its values.
    pub(super) fn answer(&mut self, name: &At<String>, value: &At<String>) -> Option<(String, String)> {
        let Some(fact) = self.known.facts.iter().find(|fact| fact.name == name.value).cloned() else {
            let known: Vec<&str> = self.known.facts.iter().map(|fact| fact.name.as_str()).collect();
            let label = near(self.problems, &name.value, known.iter().copied())
                .map_or_else(|| "no such fact".to_owned(), |near| format!("did you mean `{near}`?"));
            let message = self.says("speaks of an unknown fact");
            self.problems.push(
                Problem::error("unknown-fact", message, name.span.clone())
                    .label(label)
                    .help("facts are named under `facts:` of the policy, each with its question"),
            );
            return None;
        };
        Some((fact.name.clone(), self.one_of(value, &fact.values)?))
    }

    fn one_of(&mut self, value: &At<String>, values: &[String]) -> Option<String> {
        if values.contains(&value.value) {
            return Some(value.value.clone());
        }
        let words: Vec<&str> = values.iter().map(String::as_str).collect();
        let label = near(self.problems, &value.value, words.iter().copied())
            .map_or_else(|| "no such answer".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = self.says("gives an answer that the fact does not have");
        self.problems.push(
            Problem::error("unknown-word", message, value.span.clone())
                .label(label)
                .help(format!("the fact has the values {}", crate::policy::fields::quoted(&words))),
        );
        None
    }
}
