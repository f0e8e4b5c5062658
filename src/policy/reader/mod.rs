//! Reads a file, key by key: what it says, held against the catalogue, with a place for everything.
//!
//! Reading goes on after a mistake, so that one run shows them all.

mod beside;
mod blocks;
mod conditions;
mod decisions;
mod ids;
mod items;
mod lineage;
pub(super) mod overlay;
mod people;
mod reports;
mod tables;

pub(super) use items::{OF_A_FIELD, SHARED_ONE_BY_ONE};
pub(super) use lineage::Change;
pub use lineage::{Files, Lineage, Whence};

use super::blocks::CredentialKind;
use super::fields::{Fields, Known, Reader};
use super::lines::{Line, Modality};
use super::tree::{self, At, Node, Plain, Value};
use super::{Guide, List, Origin, Policy};
use crate::catalogue::Catalogue;
use crate::source::Source;
use crate::source::problems::{Problem, Problems};

pub(super) const LISTS: [(&str, List); 3] =
    [("open", List::Open), ("closed", List::Closed), ("unknown", List::Unknown)];

/// A policy with its lines, not yet folded into its requirements.
pub(super) struct Unfolded {
    pub(super) policy: Policy,
    /// Where the kind of the list is said.
    pub(super) list: Option<At<List>>,
}

/// The version that a policy states, whatever else is wrong with it.
pub(super) fn version(source: &Source) -> Option<String> {
    let Value::Map(entries) = tree::parse(source, &mut Problems::new(source))?.value else { return None };
    entries.into_iter().find_map(|(key, node)| match node.value {
        Value::Scalar(text, _) if key.value == "version" => Some(text),
        _ => None,
    })
}

/// Reads a policy and what it starts from. `None` when the text is no mapping at all, or starts from
/// something that cannot be read.
pub(super) fn policy(
    source: &Source,
    origin: Origin,
    catalogue: &Catalogue,
    lineage: &Lineage<'_>,
    problems: &mut Problems,
) -> Option<Unfolded> {
    let root = tree::parse(source, problems)?;
    if matches!(&root.value, Value::Scalar(text, Plain::Null) if text.is_empty()) {
        problems.push(tree::empty(source, root.span));
        return None;
    }
    let mut reader = Reader { source, catalogue, kind: "policy", problems, known: Known::default() };
    reader.policy(root, origin, lineage)
}

impl Reader<'_> {
    fn policy(&mut self, root: Node, origin: Origin, lineage: &Lineage<'_>) -> Option<Unfolded> {
        let mut fields = self.fields(root, "a policy")?;
        let name = self.text(&mut fields, "policy").and_then(|name| self.short_name(name));
        let title = self.text(&mut fields, "title");
        let version = self.date(&mut fields, "version");
        let extends = fields.was_written("extends");
        let base = self.extends(&mut fields, origin, lineage);
        let had_source = fields.was_written("source");
        let (guide, publisher) = fields
            .take("source")
            .and_then(|(_, node)| self.guide(node))
            .or_else(|| (!had_source).then(|| base.as_ref().map(inherited_guide)).flatten())
            .unwrap_or_default();
        let list = fields.take("list").and_then(|(_, node)| self.word(&node, "kind of list", &LISTS));
        if let Some(base) = &base {
            self.known = Known { features: base.features.clone(), facts: base.facts.clone() };
        }
        self.features(&mut fields);
        self.facts(&mut fields);
        // Its notes may speak of the features and the facts.
        let credentials = self.all_credentials(&mut fields);
        let own = self.lines(&mut fields);
        let population = self.populations(&mut fields);
        let membership = self.memberships(&mut fields);
        let manual = self.duties(&mut fields, "manual", "a manual check");
        let also = self.also(&mut fields);
        let (prerequisites, first) = self.prerequisites(&mut fields);
        let connect = self.duties(&mut fields, "connect", "a step");
        let timing = self.notes(&mut fields, "timing");
        let notes = self.notes(&mut fields, "notes");
        let later = self.duties(&mut fields, "later", "a later duty");
        let mut policy = base.unwrap_or_else(|| self.nothing());
        self.changes(&mut fields, &mut policy, extends);

        let meant = self.refuse_the_rest(&mut fields);
        for key in ["policy", "version"] {
            self.demand(&fields, key, &meant);
        }
        if !extends {
            self.demand(&fields, "list", &meant);
        }
        let without_rights = credentials.iter().any(|credentials| credentials.kind == CredentialKind::None);
        if !without_rights && !asks_for_something(&fields, &meant) {
            let message = self.says("asks for nothing");
            self.problems.push(
                Problem::error("asks-for-nothing", message, fields.span.clone())
                    .label("this policy could only ever be satisfied")
                    .help("list under `requires:` what the integration cannot work without"),
            );
        }

        // A policy without a name or a version has been refused; it is only carried on to its end.
        let name = name.map(|name| name.value).unwrap_or_default();
        let title = title.map_or_else(|| name.clone(), |title| title.value);
        policy.publisher = publisher.unwrap_or_else(|| title.clone());
        policy.name = name;
        policy.title = title;
        policy.version = version.map(|version| version.value).unwrap_or_default();
        policy.file.clone_from(&self.source.name);
        policy.origin = origin;
        policy.sha256.clone_from(&self.source.sha256);
        if let Some(list) = &list {
            policy.list = list.value;
        }
        let (timing_so_far, notes_so_far) = (policy.guide.timing, policy.guide.notes);
        policy.guide = Guide {
            timing: timing_so_far.into_iter().chain(timing).collect(),
            notes: notes_so_far.into_iter().chain(notes).collect(),
            ..guide
        };
        if !credentials.is_empty() {
            policy.credentials = credentials;
        }
        policy.features.clone_from(&self.known.features);
        policy.facts.clone_from(&self.known.facts);
        policy.lines.extend(own);
        if !population.is_empty() {
            policy.population = population;
        }
        if !membership.is_empty() {
            policy.membership = membership;
        }
        policy.manual.extend(manual);
        policy.also.extend(first.into_iter().chain(also));
        policy.prerequisites.extend(prerequisites);
        policy.connect.extend(connect);
        policy.later.extend(later);
        policy.texts.insert(0, self.source.clone());
        Some(Unfolded { policy, list })
    }

    /// A policy that says nothing.
    fn nothing(&self) -> Policy {
        Policy {
            name: String::new(),
            title: String::new(),
            version: String::new(),
            file: String::new(),
            origin: Origin::File,
            sha256: String::new(),
            publisher: String::new(),
            list: List::Unknown,
            list_at: self.source.spot(0),
            guide: Guide::default(),
            extends: Vec::new(),
            credentials: Vec::new(),
            features: Vec::new(),
            facts: Vec::new(),
            lines: Vec::new(),
            population: Vec::new(),
            membership: Vec::new(),
            manual: Vec::new(),
            also: Vec::new(),
            prerequisites: Vec::new(),
            connect: Vec::new(),
            later: Vec::new(),
            requirements: Vec::new(),
            alternatives: Vec::new(),
            remarks: Vec::new(),
            overlays: Vec::new(),
            choices: super::lines::Choices::default(),
            renamed: std::collections::BTreeMap::new(),
            decisions: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// The lines of every list, in the order of the file.
    fn lines(&mut self, fields: &mut Fields) -> Vec<Line> {
        let mut lines = Vec::new();
        for modality in Modality::ALL {
            for node in self.list(fields, modality.as_str()) {
                lines.extend(self.item(node, &items::Around::of(modality)));
            }
        }
        lines.sort_by_key(|line| line.place.place());
        lines
    }

    /// A name that can stand in a file name, after `--policy` and before `@`.
    fn short_name(&mut self, name: At<String>) -> Option<At<String>> {
        if is_short_name(&name.value) {
            return Some(name);
        }
        let message = self.says("has a name that cannot be used");
        let problem =
            Problem::error("bad-name", message, name.span).label("a name is small letters, digits and `-`");
        self.problems.push(match self.kind {
            "policy" => problem.help("the name that people read stands beside it: the `title` of a policy"),
            _ => problem,
        });
        None
    }
}

fn is_short_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn asks_for_something(fields: &Fields, meant: &[&str]) -> bool {
    let lists = Modality::ALL.map(Modality::as_str);
    let others = ["extends", "population", "membership", "manual", "also"];
    lists.iter().chain(&others).any(|key| fields.was_written(key) || meant.contains(key))
}

fn inherited_guide(base: &Policy) -> (Guide, Option<String>) {
    let guide = Guide { timing: Vec::new(), notes: Vec::new(), ..base.guide.clone() };
    (guide, Some(base.publisher.clone()))
}
