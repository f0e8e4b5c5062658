//! An overlay: one customer's share, apart from the vendor's policy.

use std::collections::BTreeMap;
use std::path::Path;

use crate::catalogue::Catalogue;
use crate::policy::fields::{Fields, Known, Reader, near};
use crate::policy::lines::Choices;
use crate::policy::overlay::{Overlay, Peek};
use crate::policy::tree::{self, At, Node, Plain, Value};
use crate::policy::{OverlayHead, Policy};
use crate::source::Source;
use crate::source::problems::{Problem, Problems};

use super::LISTS;
use super::conditions::MODELS;

/// Reads an overlay for the policies of a run.
pub(in crate::policy) fn overlay(
    source: &Source,
    policies: &[Policy],
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Option<Overlay> {
    let root = tree::parse(source, problems)?;
    if matches!(&root.value, Value::Scalar(text, Plain::Null) if text.is_empty()) {
        problems.push(tree::empty(source, root.span));
        return None;
    }
    let mut reader = Reader { source, catalogue, kind: "overlay", problems, known: Known::default() };
    reader.overlay(root, policies)
}

/// Keys that only an overlay has.
const OWN_KEYS: [&str; 7] = ["overlay", "for", "decisions", "renamed", "permission-model", "group", "with"];

/// Whether a text is an overlay, and of which policies it speaks; whatever else is wrong with it.
pub(in crate::policy) fn peek(source: &Source) -> Option<Peek> {
    // Nearly every file is a policy and says so at the start of a line; it need not be read twice.
    if source.text.lines().any(|line| line.starts_with("policy:")) {
        return None;
    }
    let Value::Map(entries) = tree::parse(source, &mut Problems::new(source))?.value else { return None };
    let has = |wanted: &str| entries.iter().any(|(key, _)| key.value == wanted);
    if has("policy") || !OWN_KEYS.iter().any(|key| has(key)) {
        return None;
    }
    let text = |node: &Node| match &node.value {
        Value::Scalar(text, _) => Some(text.clone()),
        _ => None,
    };
    let speaks_of = entries.iter().find(|(key, _)| key.value == "for").map(|(_, node)| match &node.value {
        Value::List(nodes) => nodes.iter().filter_map(text).collect(),
        _ => text(node).into_iter().collect(),
    });
    Some(Peek { speaks_of })
}

impl Reader<'_> {
    fn overlay(&mut self, root: Node, policies: &[Policy]) -> Option<Overlay> {
        let mut fields = self.fields(root, "an overlay")?;
        if fields.was_written("policy") && !fields.was_written("overlay") {
            let message = self.says("is a policy");
            self.problems.push(
                Problem::error("not-an-overlay", message, fields.span)
                    .label("an overlay says what one customer adds to a policy")
                    .help("name a policy with --policy"),
            );
            return None;
        }
        let name = self.text(&mut fields, "overlay").and_then(|name| self.short_name(name));
        let speaks_of = self.speaks_of(&mut fields, policies);
        for policy in
            policies.iter().filter(|policy| speaks_of.as_ref().is_none_or(|of| of.contains(&policy.name)))
        {
            self.known.features.extend(policy.features.iter().cloned());
            self.known.facts.extend(policy.facts.iter().cloned());
        }
        let choices = Choices { with: self.chosen(&mut fields), facts: self.answers(&mut fields), ui: None };
        let model = self.word_at(&mut fields, "permission-model", "permission model", &MODELS);
        let group = self.text(&mut fields, "group").map(|group| group.value);
        let renamed = self.renamed(&mut fields);
        let list = fields.take("list").and_then(|(_, node)| self.word(&node, "kind of list", &LISTS));
        let lines = self.lines(&mut fields);
        let changes = self.written_changes(&mut fields);
        let population = self.populations(&mut fields);
        let manual = self.duties(&mut fields, "manual", "a manual check");
        let decisions = self.decisions(&mut fields);
        self.refuse_the_rest(&mut fields);
        let stem =
            Path::new(&self.source.name).file_stem().and_then(|stem| stem.to_str()).unwrap_or("overlay");
        Some(Overlay {
            head: OverlayHead {
                name: name.map_or_else(|| stem.to_owned(), |name| name.value),
                file: self.source.name.clone(),
                sha256: self.source.sha256.clone(),
            },
            speaks_of,
            choices,
            model,
            group,
            renamed,
            list,
            lines,
            changes,
            population,
            manual,
            decisions,
            source: self.source.clone(),
        })
    }

    /// The names of policies that it speaks of; at least one of them must be in the run.
    fn speaks_of(&mut self, fields: &mut Fields, policies: &[Policy]) -> Option<Vec<String>> {
        let (key, node) = fields.take("for")?;
        let nodes = match node.value {
            Value::Scalar(..) => vec![node],
            _ => self.list_of(node, "for"),
        };
        let names: Vec<At<String>> = nodes.into_iter().filter_map(|node| self.text_of(node, "for")).collect();
        let known: Vec<&str> = policies.iter().map(|policy| policy.name.as_str()).collect();
        if !names.is_empty() && !names.iter().any(|name| known.contains(&name.value.as_str())) {
            let first = names.first().map_or(key.span, |name| name.span.clone());
            let label = names
                .first()
                .and_then(|name| near(self.problems, &name.value, known.iter().copied()))
                .map_or_else(
                    || "no policy of this run has this name".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
            let message = self.says("speaks of policies that are not there");
            self.problems.push(
                Problem::error("unknown-policy", message, first)
                    .label(label)
                    .help("name a policy of the run, or leave `for` out: it then speaks of all of them"),
            );
        }
        Some(names.into_iter().map(|name| name.value).collect())
    }

    fn chosen(&mut self, fields: &mut Fields) -> std::collections::BTreeSet<String> {
        let nodes = self.list(fields, "with");
        let names: Vec<At<String>> =
            nodes.into_iter().filter_map(|node| self.text_of(node, "with")).collect();
        names.iter().filter_map(|name| self.feature(name)).collect()
    }

    fn answers(&mut self, fields: &mut Fields) -> BTreeMap<String, String> {
        let mut facts = BTreeMap::new();
        for (name, node) in self.entries(fields, "facts") {
            let Some(value) = self.text_of(node, "facts") else { continue };
            facts.extend(self.answer(&name, &value));
        }
        facts
    }

    fn renamed(&mut self, fields: &mut Fields) -> BTreeMap<String, String> {
        let mut renamed = BTreeMap::new();
        for (name, node) in self.entries(fields, "renamed") {
            let Some(id) = self.text_of(node, "renamed") else { continue };
            if let Some(id) = self.category(&id) {
                renamed.insert(name.value, id);
            }
        }
        renamed
    }

    fn entries(&mut self, fields: &mut Fields, key: &'static str) -> Vec<(At<String>, Node)> {
        let Some((_, node)) = fields.take(key) else { return Vec::new() };
        match node.value {
            Value::Map(entries) => entries,
            _ => {
                self.wrong_type(&node, &format!("`{key}`"), "a mapping (`name: …`)");
                Vec::new()
            }
        }
    }
}
