//! A YAML text as a tree that remembers where everything stands, and nothing of what it means.
//!
//! Reading stops at nothing that can be stepped over: a repeated key or a tag is a problem among others,
//! so that one run shows them all. Only a text that is no YAML ends it, and a text that unfolds, by
//! aliases, into far more than was written.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_saphyr::granit_parser::{Event, Options, Parser, ScalarStyle, ScanError};

use crate::source::Source;
use crate::source::clean::{clean, is_unprintable};
use crate::source::problems::{Problem, Problems};

/// Scalars, lists and mappings after aliases are unfolded. The longest policy known has some hundreds.
const NODE_LIMIT: usize = 20_000;

/// Lists and mappings inside each other. A policy has four.
const DEPTH_LIMIT: usize = 64;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// One node and where it starts, on one line.
pub(super) type Node = At<Value>;

/// What a node can be.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A text, and what an unquoted one would be if it were not taken for a text.
    Scalar(String, Plain),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<(At<String>, Node)>),
}

/// What YAML makes of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Text,
    Null,
    Boolean,
    Number,
    /// It was reported already; nothing more is to be said of it.
    Broken,
}

impl Value {
    /// How a message calls it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Scalar(_, Plain::Text) => "a text",
            Self::Scalar(_, Plain::Null | Plain::Broken) => "nothing",
            Self::Scalar(_, Plain::Boolean) => "a yes-or-no value",
            Self::Scalar(_, Plain::Number) => "a number",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Scalar(..) => 1,
            Self::List(items) => 1 + items.iter().map(|item| item.value.size()).sum::<usize>(),
            Self::Map(entries) => 1 + entries.iter().map(|(_, node)| 1 + node.value.size()).sum::<usize>(),
        }
    }
}

/// Reads the one document of a text. `None` when it is no YAML or empty; the problems then say why.
pub(super) fn parse(source: &Source, problems: &mut Problems) -> Option<Node> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.emit_unresolved_aliases = true;
    options.flow_nesting_limit = DEPTH_LIMIT;
    options.block_nesting_limit = DEPTH_LIMIT;

    let mut builder =
        Builder { source, problems, open: Vec::new(), anchors: BTreeMap::new(), nodes: 0, root: None };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(&source.text, options) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                builder.problems.push(syntax_problem(source, &error));
                return None;
            }
        };
        let span = source.one_line(span.byte_range().unwrap_or(0..0));
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents > 1 {
                let message = format!("`{}` holds more than one document", clean(&source.name));
                builder.problems.push(
                    Problem::error("several-documents", message, span)
                        .label("the second one starts here")
                        .help("put each policy into a file of its own"),
                );
                return builder.root;
            }
        }
        if builder.take(event, span).is_err() {
            return None;
        }
    }
    if builder.root.is_none() {
        builder.problems.push(empty(source, 0..0));
    }
    builder.root
}

/// There is nothing in the file.
pub(super) fn empty(source: &Source, span: Range<usize>) -> Problem {
    Problem::error("empty", format!("`{}` is empty", clean(&source.name)), span)
        .label("expected a policy")
        .help("`audit schema policy` describes what a policy holds; policies/frontegg.yaml is an example")
}

/// What to do about a text that YAML takes for something else.
pub(super) const IN_QUOTES: &str = "put the whole text in quotes: `label: \"View: all\"`";

fn syntax_problem(source: &Source, error: &ScanError) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(source.text.len());
    let info = error.info();
    let label = if info.is_empty() { "here".to_owned() } else { info };
    let message = format!("`{}` is not valid YAML", clean(&source.name));
    let span = source.one_line(at..at + 1);
    let signs = ["mapping values", "unexpected character", "did not find expected ','"];
    let wants_quotes = signs.iter().any(|what| label.contains(what));
    let problem = Problem::error("not-yaml", message, span).label(label);
    let place = source.place(at);
    let line = source.text.lines().nth(place.line.saturating_sub(1) as usize).unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    if line.get(..indent).is_some_and(|blank| blank.contains('\t')) {
        problem.help("YAML is indented with spaces; replace the tab")
    } else if wants_quotes {
        problem.help(format!("if this belongs to the text, {IN_QUOTES}"))
    } else {
        problem
    }
}

/// The reading was given up; the reason is among the problems.
struct GaveUp;

enum Open {
    List { items: Vec<Node> },
    Map { entries: Vec<(At<String>, Node)>, seen: BTreeMap<String, Range<usize>>, key: Key },
}

/// What a mapping waits for.
enum Key {
    Awaited,
    Read(At<String>),
    /// The key was reported; its value is dropped.
    Refused,
}

struct Builder<'a> {
    source: &'a Source,
    problems: &'a mut Problems,
    open: Vec<(Open, Range<usize>, usize)>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), GaveUp> {
        if let Some(tag) = event.tag() {
            let message = format!("`{}` uses a tag", clean(&self.source.name));
            let label = format!("`{tag}` has no meaning here");
            self.problems.push(Problem::error("tag", message, span.clone()).label(label));
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let text = text.into_owned();
                self.refuse_unprintable(&text, &span);
                let plain = if style == ScalarStyle::Plain { plain(&text) } else { Plain::Text };
                self.count(1, &span)?;
                self.finish(At { value: Value::Scalar(text, plain), span }, anchor);
            }
            Event::SequenceStart(_, anchor, _) => {
                self.count(1, &span)?;
                self.open.push((Open::List { items: Vec::new() }, span, anchor));
            }
            Event::MappingStart(_, anchor, _) => {
                self.count(1, &span)?;
                let map = Open::Map { entries: Vec::new(), seen: BTreeMap::new(), key: Key::Awaited };
                self.open.push((map, span, anchor));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((open, span, anchor)) = self.open.pop() else { return Ok(()) };
                let node = match open {
                    Open::List { items } => At { value: Value::List(items), span },
                    Open::Map { entries, .. } => {
                        // A block mapping starts at its first key, and so does what points at it.
                        let span = entries.first().map_or(span, |(key, _)| key.span.clone());
                        At { value: Value::Map(entries), span }
                    }
                };
                self.finish(node, anchor);
            }
            Event::Alias(id) => match self.anchors.get(&id) {
                Some(node) => {
                    let size = node.value.size();
                    self.count(size, &span)?;
                    if let Some(node) = self.anchors.get(&id).cloned() {
                        self.finish(At { value: node.value, span }, 0);
                    }
                }
                None => self.unknown_alias("an alias cannot stand inside what it stands for", span),
            },
            Event::UnresolvedAlias(_) => {
                self.unknown_alias("nothing has this name; a text that starts with `*` needs quotes", span);
            }
            _ => {}
        }
        Ok(())
    }

    fn unknown_alias(&mut self, label: &str, span: Range<usize>) {
        let message = format!("`{}` refers to something that is not there", clean(&self.source.name));
        self.problems.push(Problem::error("unknown-alias", message, span.clone()).label(label));
        self.finish(At { value: Value::Scalar(String::new(), Plain::Broken), span }, 0);
    }

    fn count(&mut self, nodes: usize, span: &Range<usize>) -> Result<(), GaveUp> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= NODE_LIMIT {
            return Ok(());
        }
        let message = format!("`{}` unfolds into too much", clean(&self.source.name));
        self.problems.push(
            Problem::error("too-large", message, span.clone())
                .label(format!("more than {NODE_LIMIT} values up to here"))
                .help("write out what the aliases (`*name`) stand for, or split the file"),
        );
        Err(GaveUp)
    }

    fn refuse_unprintable(&mut self, text: &str, span: &Range<usize>) {
        let Some(bad) = text.chars().find(|c| is_unprintable(*c) && !matches!(c, '\n' | '\t')) else {
            return;
        };
        let message = format!("`{}` holds a character that cannot be printed", clean(&self.source.name));
        let label = format!("U+{:04X} stands in this text", u32::from(bad));
        self.problems.push(Problem::error("control-character", message, span.clone()).label(label));
    }

    fn finish(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((Open::List { items }, ..)) => items.push(node),
            Some((Open::Map { entries, seen, key }, ..)) => match std::mem::replace(key, Key::Awaited) {
                Key::Read(name) => entries.push((name, node)),
                Key::Refused => {}
                Key::Awaited => {
                    let Value::Scalar(name, _) = node.value else {
                        let message = format!("`{}` has a key that is no text", clean(&self.source.name));
                        let label = "a key is a word";
                        self.problems.push(Problem::error("key-not-text", message, node.span).label(label));
                        *key = Key::Refused;
                        return;
                    };
                    if let Some(first) = seen.get(&name) {
                        let message = format!("`{}` says `{}` twice", clean(&self.source.name), clean(&name));
                        self.problems.push(
                            Problem::error("duplicate-key", message, node.span)
                                .label("said again here")
                                .related(first.clone(), "first said here"),
                        );
                        *key = Key::Refused;
                        return;
                    }
                    seen.insert(name.clone(), node.span.clone());
                    *key = Key::Read(At { value: name, span: node.span });
                }
            },
        }
    }
}

/// What YAML 1.2 makes of an unquoted scalar.
fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Plain::Boolean,
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let based = |prefix: &str, base: u32| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_digit(base)))
    };
    let number = matches!(digits, ".inf" | ".Inf" | ".INF")
        || matches!(text, ".nan" | ".NaN" | ".NAN")
        || based("0o", 8)
        || based("0x", 16)
        || (digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && text.parse::<f64>().is_ok());
    if number { Plain::Number } else { Plain::Text }
}
