//! What is wrong with a text: born with a range of bytes, put into words with a line and a caret here.

use std::fmt::{self, Write as _};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use schemars::JsonSchema;
use serde::Serialize;

use super::Source;
use super::clean::{clean, clean_in_place};

/// Problems shown of one text; a file of another kind altogether would otherwise fill the screen.
const SHOWN: usize = 50;

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// The text can be used, and is odd.
    Warning,
}

/// One thing that is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name in kebab-case, such as `unknown-permission`.
    pub code: &'static str,
    /// What is wrong, reading well after `error:`.
    pub message: String,
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What stands beside the caret; may be empty.
    pub label: String,
    /// Another place that has to do with it, and why.
    pub related: Option<(Range<usize>, String)>,
    /// What to do.
    pub help: Option<String>,
    /// Whether it stops the work.
    pub severity: Severity,
    /// Whether the reader may decide that it does not count.
    pub may_be_allowed: bool,
}

impl Problem {
    /// A problem that stops the work.
    pub fn error(code: &'static str, message: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: None,
            help: None,
            severity: Severity::Error,
            may_be_allowed: false,
        }
    }

    /// A problem that stops nothing.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Range<usize>) -> Self {
        Self { severity: Severity::Warning, may_be_allowed: true, ..Self::error(code, message, span) }
    }

    /// Puts words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Shows another place too.
    #[must_use]
    pub fn related(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Everything that is wrong with one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    source: Box<Source>,
    found: Vec<Problem>,
    /// What is wrong with other texts that have to do with this one.
    others: Vec<Self>,
}

impl Problems {
    /// Nothing wrong so far.
    pub fn new(source: &Source) -> Self {
        Self { source: Box::new(source.clone()), found: Vec::new(), others: Vec::new() }
    }

    pub(in crate::source) fn of(source: Source, problem: Problem) -> Self {
        Self { source: Box::new(source), found: vec![problem], others: Vec::new() }
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    /// Adds what is wrong with another text that has to do with this one.
    pub fn also(&mut self, other: Self) {
        if other.source.name == self.source.name && other.source.sha256 == self.source.sha256 {
            self.found.extend(other.found);
            self.others.extend(other.others);
        } else if !other.is_empty() {
            self.others.push(other);
        }
    }

    /// What is wrong with other texts that have to do with this one.
    pub fn others(&self) -> &[Self] {
        &self.others
    }

    /// The text they were found in.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Changes each problem, of whichever text, or takes it out.
    pub fn adjust(&mut self, keep: &mut dyn FnMut(&mut Problem) -> bool) {
        self.found.retain_mut(|problem| keep(problem));
        for other in &mut self.others {
            other.adjust(keep);
        }
        self.others.retain(|other| !other.is_empty());
    }

    /// The problems from top to bottom.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut sorted: Vec<&Problem> = self.found.iter().collect();
        sorted.sort_by_key(|problem| (problem.span.start, problem.span.end));
        sorted
    }

    /// Whether there is none, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.others.is_empty()
    }

    /// Whether there are more than are ever shown, so that no further one needs to be explained well.
    pub fn is_flood(&self) -> bool {
        self.found.len() >= SHOWN
    }

    /// Whether any stops the work.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error)
            || self.others.iter().any(Self::has_errors)
    }

    /// All of them as rustc would print them: line, caret, and what to do.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let name = clean(&self.source.name);
        let text = clean_in_place(&self.source.text);
        let sorted = self.sorted();
        let shown = sorted.get(..SHOWN.min(sorted.len())).unwrap_or_default();
        let mut out = String::new();
        for (at, problem) in shown.iter().enumerate() {
            // The same advice five times over is noise: it stands under the last problem it is for.
            let said_again = shown.iter().skip(at + 1).any(|later| later.help == problem.help);
            let help = problem.help.as_deref().filter(|_| !said_again);
            if at > 0 {
                out.push('\n');
            }
            out.push_str(&self.render_one(problem, help, &name, &text, &renderer));
            out.push('\n');
        }
        if sorted.len() > SHOWN {
            let _ = write!(out, "\n… and {} more in `{name}`\n", sorted.len() - SHOWN);
        }
        for other in &self.others {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&other.render(color));
        }
        out
    }

    fn render_one(
        &self,
        problem: &Problem,
        help: Option<&str>,
        name: &str,
        text: &str,
        renderer: &Renderer,
    ) -> String {
        let level = match problem.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(clean(&problem.message));
        // What can be allowed and denied has a name for it.
        let title = if problem.may_be_allowed { title.id(problem.code) } else { title };
        let mut group = if text.is_empty() {
            title.element(annotate_snippets::Origin::path(name))
        } else {
            // Only the lines that are shown are handed on: a file may be long, and its problems many.
            let lines =
                self.source.lines_around(problem.span.start, problem.related.as_ref().map(|it| it.0.start));
            let within = |span: &Range<usize>| {
                let span = self.source.one_line(span.clone());
                span.start - lines.start..span.end - lines.start
            };
            let primary = AnnotationKind::Primary.span(within(&problem.span));
            let shown = text.get(lines.clone()).unwrap_or_default();
            let mut snippet = Snippet::source(shown)
                .path(name)
                .line_start(self.source.place(lines.start).line as usize)
                .annotation(primary.label((!problem.label.is_empty()).then(|| clean(&problem.label))));
            if let Some((span, label)) = &problem.related {
                snippet = snippet.annotation(AnnotationKind::Context.span(within(span)).label(clean(label)));
            }
            title.element(snippet)
        };
        let help = help.map(clean);
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_problems_is_cut() {
        let source = Source::new("x.yaml", "x\n".repeat(200));
        let mut problems = Problems::new(&source);
        for line in 0..200 {
            problems.push(Problem::error("odd", format!("problem {line}"), line * 2..line * 2 + 1));
        }
        let shown = problems.render(false);
        assert!(shown.contains("problem 49") && !shown.contains("problem 50"));
        assert!(shown.ends_with("… and 150 more in `x.yaml`\n"));
    }

    #[test]
    fn no_range_is_too_odd_to_be_shown() {
        let source = Source::new("x.yaml", "日本\n\n語");
        for start in 0..12 {
            for end in 0..12 {
                let mut problems = Problems::new(&source);
                let problem = Problem::error("odd", "odd", Range { start, end });
                problems.push(problem.related(Range { start: end, end: start }, "related"));
                assert!(problems.render(start % 2 == 0).contains("odd"));
            }
        }
    }
}
