//! What a policy starts from, and what it takes out of it or puts in its place.

use std::io;
use std::path::{Component, Path};

use crate::policy::fields::{Fields, Reader, near, quoted};
use crate::policy::lines::{Aim, Field, Line, Section};
use crate::policy::tree::{At, Node};
use crate::policy::{Ancestor, Origin, Policy, shipped};
use crate::source::Source;
use crate::source::problems::{Problem, Problems};

use super::items::Around;

/// How many policies may start from one another.
const DEEPEST: usize = 8;

/// Reads a file of the folder that a policy stands in, by its path below that folder.
pub type Files<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// Where a policy looks for what it starts from, and what starts from it.
pub struct Lineage<'a> {
    /// The files beside the policy that was named by the user; none for one that is in no folder.
    pub files: Option<Files<'a>>,
    /// The file below that folder, or the name of a shipped policy; the youngest first.
    pub below: Vec<Whence>,
}

/// Where one of the policies of a lineage stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whence {
    /// A shipped policy, by its name.
    Shipped(String),
    /// A file below the folder of the policy that was named by the user.
    Beside(String),
}

impl Reader<'_> {
    /// The policy that this one starts from.
    pub(super) fn extends(
        &mut self,
        fields: &mut Fields,
        origin: Origin,
        lineage: &Lineage<'_>,
    ) -> Option<Policy> {
        let written = self.text(fields, "extends")?;
        let (name, asked) = match written.value.split_once('@') {
            Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
            None => (written.value.clone(), None),
        };
        let is_file = name.contains(['/', '\\']) || name.ends_with(".yaml") || name.ends_with(".yml");
        let found = if is_file {
            self.beside(&name, &written, origin, lineage)
        } else {
            self.among_shipped(&name, &written)
        };
        let (whence, source, origin) = found?;
        if lineage.below.contains(&whence) || lineage.below.len() >= DEEPEST {
            let label = if lineage.below.contains(&whence) {
                "this starts from the very policy that is being read".to_owned()
            } else {
                format!("more than {DEEPEST} policies start from one another")
            };
            let message = self.says("cannot start from there");
            self.problems.push(Problem::error("endless-lineage", message, written.span).label(label));
            return None;
        }
        let below = std::iter::once(whence).chain(lineage.below.iter().cloned()).collect();
        let further = Lineage { files: lineage.files, below };
        let mut problems = Problems::new(&source);
        let base = super::policy(&source, origin, self.catalogue, &further, &mut problems);
        if problems.has_errors() {
            let message = self.says("starts from a policy that has mistakes");
            let label = "what is wrong with it is shown below";
            self.problems.push(Problem::error("broken-base", message, written.span).label(label));
            self.problems.also(problems);
            return None;
        }
        let mut base = base?.policy;
        if let Some(asked) = asked
            && asked != base.version
        {
            let message = self.says("insists on a version that is not there");
            self.problems.push(
                Problem::error("other-version", message, written.span)
                    .label(format!("`{name}` is of {}", base.version))
                    .help("look at what changed, then write the version that is there"),
            );
            return None;
        }
        let ancestor = Ancestor {
            name: base.name.clone(),
            version: base.version.clone(),
            file: base.file.clone(),
            origin: base.origin,
            sha256: base.sha256.clone(),
        };
        base.extends.insert(0, ancestor);
        Some(base)
    }

    fn among_shipped(&mut self, name: &str, written: &At<String>) -> Option<(Whence, Source, Origin)> {
        if let Ok(Some(source)) = shipped::find(name) {
            return Some((Whence::Shipped(name.to_owned()), source, Origin::Shipped));
        }
        let label = near(self.problems, name, shipped::names()).map_or_else(
            || "no policy of this name ships".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        self.no_base(written, label, "a policy of your own is named by its file: `extends: base.yaml`");
        None
    }

    fn beside(
        &mut self,
        path: &str,
        written: &At<String>,
        origin: Origin,
        lineage: &Lineage<'_>,
    ) -> Option<(Whence, Source, Origin)> {
        let help = "a policy starts from a shipped one, by its name, or from a file in its own folder";
        let plain = !path.contains(['\\', ':'])
            && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let files = lineage.files.filter(|_| origin == Origin::File);
        let (Some(files), true) = (files, plain) else {
            let label =
                if plain { "this policy is in no folder" } else { "this is outside the policy's folder" };
            self.no_base(written, label.to_owned(), help);
            return None;
        };
        // A file is named from the folder of the file that names it.
        let folder = match lineage.below.first() {
            Some(Whence::Beside(file)) => Path::new(file).parent().map(Path::to_owned).unwrap_or_default(),
            _ => std::path::PathBuf::new(),
        };
        let below = folder.join(path);
        let shown = Path::new(&self.source.name).parent().unwrap_or(Path::new("")).join(path);
        let shown = shown.to_string_lossy().into_owned();
        match files(&below) {
            Ok(bytes) => match Source::from_bytes(shown, bytes) {
                Ok(source) => {
                    Some((Whence::Beside(below.to_string_lossy().into_owned()), source, Origin::File))
                }
                Err(problems) => {
                    self.no_base(written, "this file cannot be used".to_owned(), help);
                    self.problems.also(problems);
                    None
                }
            },
            Err(error) => {
                self.no_base(written, format!("this file cannot be read: {error}"), help);
                None
            }
        }
    }

    fn no_base(&mut self, written: &At<String>, label: String, help: &str) {
        let message = self.says("starts from a policy that is not there");
        self.problems.push(Problem::error("no-base", message, written.span.clone()).label(label).help(help));
    }

    /// Takes out of what the policy starts from, and puts in its place, what `remove` and `replace` say.
    pub(super) fn changes(&mut self, fields: &mut Fields, base: &mut Policy, extends: bool) {
        for key in ["remove", "replace"] {
            if !extends && let Some((name, _)) = fields.left.iter().find(|(name, _)| name.value == key) {
                let span = name.span.clone();
                let message = self.says(format_args!("has a `{key}` and starts from nothing"));
                self.problems.push(
                    Problem::error("nothing-to-change", message, span)
                        .label("there is nothing that it could mean")
                        .help("say with `extends:` which policy this one starts from"),
                );
            }
        }
        // What cannot be read has been reported; that nothing fits is then no further mistake.
        let known = extends && !base.texts.is_empty();
        for change in self.written_changes(fields) {
            if known && change.apply(base) == 0 {
                self.unused_change(&change, base);
            }
        }
    }

    /// The entries of `remove` and `replace`.
    pub(super) fn written_changes(&mut self, fields: &mut Fields) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        for node in self.list(fields, "remove") {
            let line = self.text_of(node, "remove");
            changes.extend(line.map(|line| Change { line, by: None }));
        }
        for node in self.list(fields, "replace") {
            changes.extend(self.replacement(node));
        }
        changes
    }

    fn replacement(&mut self, node: Node) -> Option<Change> {
        let mut fields = self.fields(node, "a replacement")?;
        let line = self.text(&mut fields, "line");
        let by = fields.take("by").map(|(_, node)| node);
        let meant = self.refuse_the_rest(&mut fields);
        for key in ["line", "by"] {
            self.demand(&fields, key, &meant);
        }
        // It stands in the list of the line that it replaces, which is known only once that is found.
        let by = self.item(by?, &Around::of(crate::policy::lines::Modality::Requires));
        Some(Change { line: line?, by: Some(by) })
    }

    pub(super) fn unused_change(&mut self, change: &Change, base: &Policy) {
        let printed = base.lines.iter().flat_map(names_of);
        let label = near(self.problems, &change.line.value, printed).map_or_else(
            || "no line says this".to_owned(),
            |near| format!("did you mean {}?", quoted(&[near])),
        );
        let message = self.says("changes a line that is not there");
        self.problems.push(
            Problem::error("line-not-there", message, change.line.span.clone())
                .label(label)
                .help("name a line by its permission id or by its label, as it is printed"),
        );
    }
}

/// A line to take out, and what comes in its place.
#[derive(Debug, Clone)]
pub(in crate::policy) struct Change {
    pub(in crate::policy) line: At<String>,
    pub(in crate::policy) by: Option<Vec<Line>>,
}

impl Change {
    /// Changes every line that is meant; how many there were.
    pub(in crate::policy) fn apply(&self, policy: &mut Policy) -> usize {
        let mut by = self.by.clone();
        let hit = self.change(&mut policy.lines, &mut by);
        if self.by.is_none() { hit + self.remove_texts(policy) } else { hit }
    }

    /// Changes lines, and those that are printed as one; what comes in their place stands where the first was.
    fn change(&self, lines: &mut Vec<Line>, by: &mut Option<Vec<Line>>) -> usize {
        let mut hit = 0;
        for mut line in std::mem::take(lines) {
            if names_of(&line).contains(&self.line.value.as_str()) {
                hit += 1;
                let by = by.take().unwrap_or_default();
                lines.extend(by.into_iter().map(|new| new.put_under(line.modality)));
                continue;
            }
            let is_empty = match &mut line.aim {
                Aim::Together(inside) => {
                    hit += self.change(inside, by);
                    inside.is_empty()
                }
                _ => false,
            };
            if !is_empty {
                lines.push(line);
            }
        }
        hit
    }

    /// What is no item is taken out by its text.
    fn remove_texts(&self, policy: &mut Policy) -> usize {
        let text = &self.line.value;
        let count = |policy: &Policy| {
            policy.manual.len()
                + policy.connect.len()
                + policy.later.len()
                + policy.also.len()
                + policy.prerequisites.len()
                + policy.guide.timing.len()
                + policy.guide.notes.len()
        };
        let before = count(policy);
        for duties in [&mut policy.manual, &mut policy.connect, &mut policy.later] {
            duties.retain(|line| line.text != *text);
        }
        policy.also.retain(|line| line.text != *text);
        policy.prerequisites.retain(|line| line.text != *text);
        policy.guide.timing.retain(|line| line.text != *text);
        policy.guide.notes.retain(|line| line.text != *text);
        before - count(policy)
    }
}

/// What a line can be called by: its label, and what it points at.
fn names_of(line: &Line) -> Vec<&str> {
    let label = line.label.as_deref();
    let (one, other) = match &line.aim {
        Aim::Permission(id) => (Some(id.as_str()), None),
        Aim::Section { section: Section::Id(id), boxes } => {
            (Some(id.section()), boxes.is_empty().then_some(id.as_str()))
        }
        Aim::Section { section: Section::Named(name), .. } => (Some(name.as_str()), None),
        Aim::Every { pattern, .. } => (Some(pattern.as_str()), None),
        Aim::Alternatives { .. } | Aim::Together(_) => (None, None),
        Aim::Unresolved(text) | Aim::ListNotKnown { reason: text, .. } => (Some(text.as_str()), None),
        Aim::Printed { label, .. } => (Some(label.as_str()), None),
        Aim::Field { field: Field { name, .. }, .. }
        | Aim::Table { name, .. }
        | Aim::Resource { name, .. } => (Some(name.as_str()), None),
    };
    [label, one, other].into_iter().flatten().collect()
}
