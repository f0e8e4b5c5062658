//! The parts of a mapping, one by one: a text, a day, a word of a few, a list.
//!
//! Which keys there are is said once, by asking for them: what is left over at the end is unknown, and is
//! held against what was asked for.

use std::ops::Range;

use super::lines::{Fact, Feature};
use super::tree::{At, IN_QUOTES, Node, Plain, Value};
use crate::catalogue::Catalogue;
use crate::catalogue::id::nearest;
use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems};
use crate::source::{Source, Spot};

/// Bytes of the longest name that anything is compared with.
const LONGEST_NAME: usize = 120;

/// Every key of the language, at whatever depth. The schemas are held against this list, and so is every
/// key that the reader asks for.
pub(super) const KEYS: [&str; 102] = [
    "also",
    "among",
    "any-of",
    "asks",
    "assumed",
    "at-least",
    "at-most",
    "box",
    "boxes",
    "breaks",
    "by",
    "choose",
    "columns",
    "condition",
    "connect",
    "credentials",
    "data",
    "decisions",
    "description",
    "display-name",
    "disputed",
    "environment",
    "every",
    "exactly",
    "example",
    "except",
    "extends",
    "fact",
    "facts",
    "features",
    "field",
    "for",
    "forbidden",
    "group",
    "head-count",
    "id",
    "ids",
    "item",
    "items",
    "kind",
    "label",
    "language",
    "later",
    "line",
    "list",
    "list-not-known",
    "looks-like",
    "manual",
    "members",
    "membership",
    "metadata",
    "minimum",
    "model",
    "name",
    "needs",
    "never",
    "not-needed",
    "not-only",
    "notes",
    "one-of",
    "optional",
    "otherwise",
    "overlay",
    "own",
    "parameter",
    "path",
    "permission",
    "permission-model",
    "policy",
    "population",
    "prerequisites",
    "publisher",
    "read",
    "reason",
    "recommended",
    "remove",
    "renamed",
    "replace",
    "requires",
    "resource",
    "role",
    "rows",
    "section",
    "setting",
    "source",
    "table",
    "text",
    "timing",
    "title",
    "token",
    "ui",
    "unresolved",
    "until",
    "url",
    "values",
    "version",
    "wanted",
    "webhook",
    "when",
    "where",
    "with",
    "without",
];

/// A mapping that is being read: what is left of it, and what it was asked for.
pub(super) struct Fields {
    pub(super) left: Vec<(At<String>, Node)>,
    pub(super) written: Vec<String>,
    pub(super) asked: Vec<&'static str>,
    /// What the mapping is, as in "an item has no key …".
    pub(super) what: &'static str,
    /// What points at the mapping as a whole.
    pub(super) span: Range<usize>,
}

impl Fields {
    pub(super) fn take(&mut self, key: &'static str) -> Option<(At<String>, Node)> {
        debug_assert!(KEYS.contains(&key), "`{key}` is not among the keys of the language");
        self.asked.push(key);
        let at = self.left.iter().position(|(name, _)| name.value == key)?;
        Some(self.left.remove(at))
    }

    pub(super) fn was_written(&self, key: &str) -> bool {
        self.written.iter().any(|written| written == key)
    }
}

/// Reads mappings of one file, and goes on after every mistake.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) catalogue: &'a Catalogue,
    /// What the file is: a policy or an overlay.
    pub(super) kind: &'static str,
    pub(super) problems: &'a mut Problems,
    /// The features and facts that conditions may speak of.
    pub(super) known: Known,
}

/// The features and facts that conditions may speak of.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) features: Vec<Feature>,
    pub(super) facts: Vec<Fact>,
}

impl Reader<'_> {
    /// "policy `x.yaml` …".
    pub(super) fn says(&self, what: impl std::fmt::Display) -> String {
        format!("{} `{}` {what}", self.kind, clean(&self.source.name))
    }

    pub(super) fn spot(&self, span: &Range<usize>) -> Spot {
        self.source.spot(span.start)
    }

    /// The entries of a mapping, or a problem.
    pub(super) fn fields(&mut self, node: Node, what: &'static str) -> Option<Fields> {
        let span = node.span.clone();
        let Value::Map(left) = node.value else {
            let expected = match what {
                "an item" => "a permission id or a mapping (`key: value`)",
                what if is_a_sentence_elsewhere(what) => "a text or a mapping (`key: value`)",
                _ => "a mapping (`key: value`)",
            };
            self.wrong_type(&node, what, expected);
            return None;
        };
        let written = left.iter().map(|(key, _)| key.value.clone()).collect();
        Some(Fields { left, written, asked: Vec::new(), what, span })
    }

    /// Reports every key that nothing asked for. What those keys seem to have meant is given back, so
    /// that nobody is told to add a key whose name they merely misspelt.
    pub(super) fn refuse_the_rest(&mut self, fields: &mut Fields) -> Vec<&'static str> {
        let mut meant = Vec::new();
        for (key, _) in std::mem::take(&mut fields.left) {
            let near = near(self.problems, &key.value, fields.asked.iter().copied());
            let label = near.map_or_else(
                || format!("{} has no such key", fields.what),
                |near| format!("did you mean `{near}`?"),
            );
            let message = self.says("has an unknown key");
            let mut help = format!("{} has the keys {}", fields.what, quoted(&fields.asked));
            // A sentence with a colon in it is a key and its value to YAML.
            if near.is_none() && is_a_sentence_elsewhere(fields.what) {
                help.push_str(&format!("; if it is a sentence with a colon in it, {IN_QUOTES}"));
            }
            self.problems.push(Problem::error("unknown-key", message, key.span).label(label).help(help));
            meant.extend(fields.asked.iter().copied().filter(|asked| Some(*asked) == near));
        }
        meant
    }

    /// Reports a key that has to be there and is not.
    pub(super) fn demand(&mut self, fields: &Fields, key: &str, meant: &[&str]) {
        if fields.was_written(key) || meant.contains(&key) {
            return;
        }
        let message = match fields.what {
            "a policy" | "an overlay" => self.says(format_args!("does not say its `{key}`")),
            what => {
                let (kind, name) = (self.kind, clean(&self.source.name));
                format!("{kind} `{name}`: {what} does not say its `{key}`")
            }
        };
        let help = match key {
            "policy" => "give it a short name: `policy: my-integration`",
            "version" => "say of which day it is: `version: 2026-11-21`",
            "list" => "say whether the list is complete: `list: open`, `closed` or `unknown`",
            "until" => "a decision holds until a day: `until: 2027-03-31`",
            "id" | "token" => {
                "they are what the product calls the two values; where the guide does not say, `kind: service-user` will do"
            }
            _ => "add the key; an empty one will not do",
        };
        self.problems.push(
            Problem::error("missing-key", message, fields.span.clone())
                .label(format!("expected `{key}` beside this"))
                .help(help),
        );
    }

    pub(super) fn text(&mut self, fields: &mut Fields, key: &'static str) -> Option<At<String>> {
        fields.take(key).and_then(|(_, node)| self.text_of(node, key))
    }

    pub(super) fn text_of(&mut self, node: Node, key: &str) -> Option<At<String>> {
        match node.value {
            Value::Scalar(text, Plain::Text | Plain::Number | Plain::Boolean) if !text.trim().is_empty() => {
                Some(At { value: one_line(&text), span: node.span })
            }
            _ => {
                self.wrong_type(&node, &format!("`{key}`"), "a text");
                None
            }
        }
    }

    pub(super) fn texts(&mut self, fields: &mut Fields, key: &'static str) -> Vec<String> {
        let nodes = self.list(fields, key);
        nodes.into_iter().filter_map(|node| self.text_of(node, key)).map(|text| text.value).collect()
    }

    /// A whole number from 1.
    pub(super) fn number(&mut self, fields: &mut Fields, key: &'static str) -> Option<At<u32>> {
        let (_, node) = fields.take(key)?;
        if let Value::Scalar(text, _) = &node.value
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number @ 1..) = text.parse::<u32>()
        {
            return Some(At { value: number, span: node.span });
        }
        self.wrong_type(&node, &format!("`{key}`"), "a whole number from 1");
        None
    }

    /// One of a closed set of words under a key.
    pub(super) fn word_at<T: Copy>(
        &mut self,
        fields: &mut Fields,
        key: &'static str,
        what: &str,
        known: &[(&'static str, T)],
    ) -> Option<T> {
        let (_, node) = fields.take(key)?;
        self.word(&node, what, known).map(|word| word.value)
    }

    pub(super) fn list(&mut self, fields: &mut Fields, key: &'static str) -> Vec<Node> {
        fields.take(key).map(|(_, node)| self.list_of(node, key)).unwrap_or_default()
    }

    /// The nodes of a list that is not empty, or a problem.
    pub(super) fn list_of(&mut self, node: Node, key: &str) -> Vec<Node> {
        match node.value {
            Value::List(items) if !items.is_empty() => items,
            Value::List(_) => {
                let message = self.says("has an empty list");
                self.problems.push(
                    Problem::error("empty-list", message, node.span)
                        .label(format!("`{key}` lists nothing"))
                        .help("leave the key out if there is nothing to list"),
                );
                Vec::new()
            }
            _ => {
                self.wrong_type(&node, &format!("`{key}`"), "a list");
                Vec::new()
            }
        }
    }

    pub(super) fn wrong_type(&mut self, node: &Node, what: &str, expected: &str) {
        if matches!(node.value, Value::Scalar(_, Plain::Broken)) {
            return;
        }
        let message = self.says("has a value of the wrong kind");
        let found = match &node.value {
            Value::Scalar(text, _) if text.trim().is_empty() => "nothing",
            other => other.kind(),
        };
        let problem = Problem::error("wrong-type", message, node.span.clone())
            .label(format!("{what} is {expected}, and this is {found}"));
        let is_null = matches!(&node.value, Value::Scalar(text, Plain::Null) if !text.is_empty());
        self.problems.push(if is_null {
            problem.help(
                "put it in quotes if the word itself is meant; leave the key out if there is nothing to say",
            )
        } else {
            problem
        });
    }

    /// One of a closed set of words.
    pub(super) fn word<T: Copy>(
        &mut self,
        node: &Node,
        what: &str,
        known: &[(&'static str, T)],
    ) -> Option<At<T>> {
        let Value::Scalar(written, Plain::Text | Plain::Boolean | Plain::Number) = &node.value else {
            self.wrong_type(node, &with_article(what), "a word");
            return None;
        };
        if let Some((_, value)) = known.iter().find(|(word, _)| word == written) {
            return Some(At { value: *value, span: node.span.clone() });
        }
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let label = near(self.problems, written, words.iter().copied())
            .map_or_else(|| format!("no such {what}"), |near| format!("did you mean `{near}`?"));
        let message = self.says(format_args!("names an unknown {what}"));
        self.problems.push(
            Problem::error("unknown-word", message, node.span.clone()).label(label).help(format!(
                "{} is one of {}",
                with_article(what),
                quoted(&words)
            )),
        );
        None
    }

    pub(super) fn date(&mut self, fields: &mut Fields, key: &'static str) -> Option<At<String>> {
        let (_, node) = fields.take(key)?;
        if let Value::Scalar(text, _) = &node.value
            && is_day(text)
        {
            return Some(At { value: text.clone(), span: node.span });
        }
        if matches!(node.value, Value::Scalar(_, Plain::Broken)) {
            return None;
        }
        let message = self.says("has a date that is none");
        self.problems.push(
            Problem::error("bad-date", message, node.span)
                .label(format!("`{key}` is a day, such as 2026-11-21"))
                .help("a day is written year-month-day, with all its zeros"),
        );
        None
    }
}

/// Whether a text is a day, written year-month-day.
pub(super) fn is_day(text: &str) -> bool {
    let digits = |range: Range<usize>| {
        text.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.len() == 10
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && text.parse::<jiff::civil::Date>().is_ok()
}

/// The nearest known name. Comparing takes time, so a text that is longer than any name is compared with
/// none, and neither is the hundredth mistake.
pub(super) fn near<'a>(
    problems: &Problems,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if problems.is_flood() || name.len() > LONGEST_NAME { None } else { nearest(name, known) }
}

/// "an environment", "a lifecycle status".
fn with_article(what: &str) -> String {
    let article = if what.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {what}")
}

/// Whether what is read as a mapping may be a plain sentence too.
fn is_a_sentence_elsewhere(what: &str) -> bool {
    matches!(what, "a manual check" | "a step" | "a later duty" | "a note" | "a prerequisite")
}

/// A text on one line, however it was broken in the file.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "`a`, `b` and `c`".
pub(super) fn quoted(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|word| format!("`{word}`")).collect();
            format!("{} and `{last}`", most.join(", "))
        }
    }
}
