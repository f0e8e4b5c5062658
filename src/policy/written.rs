//! The file as it was written: every key with its place, nothing yet held against the catalogue.
//!
//! Reading goes on after a mistake, so that one run shows them all.

use std::ops::Range;

use super::fields::{Reader, one_line, quoted};
use super::tree::{self, At, Node, Plain, Value};
use super::{List, Need, Role};
use crate::source::Source;
use crate::source::clean::{clean, looks_like_token};
use crate::source::problems::{Problem, Problems};

/// The lifecycle statuses that HiBob has, as policies spell them and as HiBob shows them.
pub(super) const STATUSES: [(&str, &str); 6] = [
    ("hired", "Hired"),
    ("employed", "Employed"),
    ("terminated", "Terminated"),
    ("garden-leave", "Garden leave"),
    ("leave", "Leave"),
    ("parental-leave", "Parental leave"),
];

const LISTS: [(&str, List); 3] = [("open", List::Open), ("closed", List::Closed), ("unknown", List::Unknown)];

const ROLES: [(&str, Role); 3] =
    [("hibob-admin", Role::HibobAdmin), ("integrator", Role::Integrator), ("operator", Role::Operator)];

const NEEDS: [(&str, Need); 4] = [
    ("requires", Need::Required),
    ("optional", Need::Optional),
    ("forbidden", Need::Forbidden),
    ("not-needed", Need::NotNeeded),
];

/// A policy file, key by key. What has to be there and is not has been reported; the rest is still worth
/// holding against the catalogue, so that one run shows every mistake.
pub(super) struct Written {
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) version: Option<String>,
    pub(super) guide: WrittenGuide,
    pub(super) list: Option<At<List>>,
    pub(super) credentials: Option<(String, String)>,
    pub(super) items: Vec<Item>,
    pub(super) population: Option<Population>,
    pub(super) manual: Vec<ManualLine>,
    pub(super) timing: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// The block `source`.
#[derive(Default)]
pub(super) struct WrittenGuide {
    pub(super) title: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) url: Option<String>,
    pub(super) read: Option<String>,
}

/// One line of one of the four lists.
pub(super) struct Item {
    pub(super) need: Need,
    pub(super) aim: At<Aim>,
    pub(super) label: Option<String>,
    pub(super) breaks: Option<String>,
    /// Where the item starts.
    pub(super) span: Range<usize>,
}

/// What an item points at, as written.
pub(super) enum Aim {
    Permission(String),
    Section(String),
    Unresolved(String),
    ListNotKnown(String),
}

/// The block `population`.
pub(super) struct Population {
    pub(super) exactly: bool,
    pub(super) statuses: Vec<At<&'static str>>,
    pub(super) breaks: Option<String>,
    /// Where it is said whether more may be reached.
    pub(super) span: Range<usize>,
}

/// One line of `manual`.
pub(super) struct ManualLine {
    pub(super) text: String,
    pub(super) role: Role,
    pub(super) span: Range<usize>,
}

/// Reads the shape of a policy. `None` when the text is no mapping at all.
pub(super) fn read(source: &Source, problems: &mut Problems) -> Option<Written> {
    let root = tree::parse(source, problems)?;
    Reader { file: clean(&source.name), problems }.policy(root)
}

/// The version that a policy states, whatever else is wrong with it.
pub(super) fn version(source: &Source) -> Option<String> {
    let Value::Map(entries) = tree::parse(source, &mut Problems::new(source))?.value else { return None };
    entries.into_iter().find_map(|(key, node)| match node.value {
        Value::Scalar(text, _) if key.value == "version" => Some(text),
        _ => None,
    })
}

impl Reader<'_> {
    fn policy(&mut self, root: Node) -> Option<Written> {
        if matches!(root.value, Value::Scalar(_, Plain::Null)) {
            self.problems.push(tree::empty(&self.file, root.span));
            return None;
        }
        let mut fields = self.fields(root, "a policy")?;
        let name = self.text(&mut fields, "policy").and_then(|name| self.short_name(name));
        let title = self.text(&mut fields, "title");
        let version = self.date(&mut fields, "version");
        let guide = fields.take("source").and_then(|(_, node)| self.guide(node));
        let list = fields.take("list").and_then(|(_, node)| self.word(&node, "kind of list", &LISTS));
        let credentials = fields.take("credentials").and_then(|(_, node)| self.credentials(node));
        let mut items = Vec::new();
        for (key, need) in NEEDS {
            for node in self.list(&mut fields, key) {
                items.extend(self.item(node, need));
            }
        }
        let population = fields.take("population").and_then(|(key, node)| self.population(&key, node));
        let mut manual = Vec::new();
        for node in self.list(&mut fields, "manual") {
            manual.extend(self.manual(node));
        }
        let timing = self.texts(&mut fields, "timing");
        let notes = self.texts(&mut fields, "notes");

        let asking = ["requires", "optional", "forbidden", "not-needed", "population", "manual"];
        let meant = self.refuse_the_rest(&mut fields);
        for key in ["policy", "version", "list"] {
            self.demand(&fields, key, &meant);
        }
        if !asking.iter().any(|key| fields.was_written(key) || meant.contains(key)) {
            let message = format!("policy `{}` asks for nothing", self.file);
            self.problems.push(
                Problem::error("asks-for-nothing", message, fields.span.clone())
                    .label("this policy could only ever be satisfied")
                    .help("list under `requires:` what the integration cannot work without"),
            );
        }
        Some(Written {
            name: name.map(|name| name.value),
            title: title.map(|title| title.value),
            version: version.map(|version| version.value),
            guide: guide.unwrap_or_default(),
            list,
            credentials,
            items,
            population,
            manual,
            timing,
            notes,
        })
    }

    fn guide(&mut self, node: Node) -> Option<WrittenGuide> {
        let mut fields = self.fields(node, "`source`")?;
        let mut value = |key| self.text(&mut fields, key).map(|text| text.value);
        let (title, publisher, url) = (value("title"), value("publisher"), value("url"));
        let read = self.date(&mut fields, "read").map(|date| date.value);
        self.refuse_the_rest(&mut fields);
        Some(WrittenGuide { title, publisher, url, read })
    }

    fn credentials(&mut self, node: Node) -> Option<(String, String)> {
        let mut fields = self.fields(node, "`credentials`")?;
        let (id, token) = (self.text(&mut fields, "id"), self.text(&mut fields, "token"));
        for value in [&id, &token].into_iter().flatten() {
            if value.value.split_whitespace().any(looks_like_token) {
                let message = format!("policy `{}` holds what looks like a token", self.file);
                self.problems.push(
                    Problem::error("secret-in-policy", message, value.span.clone())
                        .label("only the name of the field belongs here")
                        .help("take it out and make a new token: this one has been written down"),
                );
            }
        }
        let meant = self.refuse_the_rest(&mut fields);
        for key in ["id", "token"] {
            self.demand(&fields, key, &meant);
        }
        Some((id?.value, token?.value))
    }

    fn item(&mut self, node: Node, need: Need) -> Option<Item> {
        let span = node.span.clone();
        if let Value::Scalar(id, Plain::Text) = node.value {
            let aim = At { value: Aim::Permission(one_line(&id)), span: span.clone() };
            return Some(Item { need, aim, label: None, breaks: None, span });
        }
        let mut fields = self.fields(node, "an item")?;
        let mut aims: Vec<(&str, Range<usize>, At<Aim>)> = Vec::new();
        for (key, aim) in TARGETS {
            if let Some((name, node)) = fields.take(key) {
                let value = self.text_of(node, key);
                aims.extend(
                    value.map(|text| (key, name.span, At { value: aim(text.value), span: text.span })),
                );
            }
        }
        let label = self.text(&mut fields, "label");
        let breaks = self.text(&mut fields, "breaks");
        let meant = self.refuse_the_rest(&mut fields);

        let names = TARGETS.map(|(key, _)| key);
        if let [first, second, ..] = aims.as_slice() {
            let message = format!("policy `{}` has an item that points at two things", self.file);
            self.problems.push(
                Problem::error("two-targets", message, second.1.clone())
                    .label(format!("`{}` too", second.0))
                    .related(first.1.clone(), format!("`{}` here", first.0))
                    .help("make two items of it"),
            );
            return None;
        }
        if !names.iter().any(|name| fields.was_written(name) || meant.contains(name)) {
            let message = format!("policy `{}` has an item that points at nothing", self.file);
            self.problems.push(
                Problem::error("no-target", message, span.clone())
                    .label(format!("expected one of {}", quoted(&names)))
                    .help("a label that stands for no box in HiBob is kept with `unresolved: <why>`"),
            );
        }
        if fields.was_written("unresolved") && !fields.was_written("label") && !meant.contains(&"label") {
            let message = format!("policy `{}` has an unresolved item without its label", self.file);
            self.problems.push(
                Problem::error("missing-key", message, span.clone())
                    .label("expected `label` too")
                    .help("`label` keeps what the guide prints; `unresolved` says why no box fits it"),
            );
        }
        let (_, _, aim) = aims.pop()?;
        Some(Item {
            need,
            aim,
            label: label.map(|label| label.value),
            breaks: breaks.map(|breaks| breaks.value),
            span,
        })
    }

    fn population(&mut self, key: &At<String>, node: Node) -> Option<Population> {
        let mut fields = self.fields(node, "`population`")?;
        let at_least = fields.take("at-least");
        let exactly = fields.take("exactly");
        let breaks = self.text(&mut fields, "breaks").map(|breaks| breaks.value);
        let meant = self.refuse_the_rest(&mut fields);
        let (exactly, span, node) = match (at_least, exactly) {
            (Some((first, _)), Some((second, _))) => {
                let message = format!("policy `{}` states its population twice", self.file);
                self.problems.push(
                    Problem::error("two-targets", message, second.span)
                        .label("`exactly` too")
                        .related(first.span, "`at-least` here")
                        .help("keep `exactly` if nobody else may be reached, else `at-least`"),
                );
                return None;
            }
            (Some((key, node)), None) => (false, key.span, node),
            (None, Some((key, node))) => (true, key.span, node),
            (None, None) => {
                if !meant.iter().any(|key| matches!(*key, "at-least" | "exactly")) {
                    self.problems.push(
                        Problem::error(
                            "missing-key",
                            format!("policy `{}` has a population without people", self.file),
                            key.span.clone(),
                        )
                        .label("expected `at-least` or `exactly` in it"),
                    );
                }
                return None;
            }
        };
        let all = matches!(&node.value, Value::Scalar(word, _) if word == "all");
        let statuses = if all {
            STATUSES.iter().map(|(status, _)| At { value: *status, span: node.span.clone() }).collect()
        } else {
            let known = STATUSES.map(|(status, _)| (status, status));
            let nodes = self.list_of(node, "population");
            nodes.iter().filter_map(|node| self.word(node, "lifecycle status", &known)).collect()
        };
        Some(Population { exactly, statuses, breaks, span })
    }

    fn manual(&mut self, node: Node) -> Option<ManualLine> {
        let span = node.span.clone();
        if let Value::Scalar(text, Plain::Text) = &node.value {
            return Some(ManualLine { text: one_line(text), role: Role::HibobAdmin, span });
        }
        let mut fields = self.fields(node, "a manual check")?;
        let text = self.text(&mut fields, "text");
        let role = match fields.take("role") {
            Some((_, node)) => self.word(&node, "role", &ROLES).map(|role| role.value),
            None => Some(Role::HibobAdmin),
        };
        let meant = self.refuse_the_rest(&mut fields);
        self.demand(&fields, "text", &meant);
        Some(ManualLine { text: text?.value, role: role?, span })
    }

    /// A name that can stand in a file name, after `--policy` and before `@`.
    fn short_name(&mut self, name: At<String>) -> Option<At<String>> {
        let fits = name.value.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && name.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if fits {
            return Some(name);
        }
        let message = format!("policy `{}` has a name that cannot be used", self.file);
        self.problems.push(
            Problem::error("bad-name", message, name.span)
                .label("a name is small letters, digits and `-`")
                .help("`title` is the place for the name that people read"),
        );
        None
    }
}

type Aiming = fn(String) -> Aim;

const TARGETS: [(&str, Aiming); 4] = [
    ("permission", Aim::Permission),
    ("section", Aim::Section),
    ("unresolved", Aim::Unresolved),
    ("list-not-known", Aim::ListNotKnown),
];
