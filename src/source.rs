//! A text that a person wrote: its name, the places in it, and the problems found in it.
//!
//! A problem is born where it is found, with a range of bytes; it is turned into words with a line and
//! a caret only here. Whatever is echoed has been cleaned first: a policy that somebody pasted a token
//! into must not carry it on into a terminal or a build log, and no text may steer the terminal.

use std::fmt::{self, Write as _};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The longest text that is read. The longest policy known has some two hundred lines.
pub const LIMIT: usize = 1024 * 1024;

/// Problems shown of one text; a file of another kind altogether would otherwise fill the screen.
const SHOWN: usize = 50;

/// Where something stands in a text that a person wrote. Lines and columns count from 1, columns in
/// characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode characters, from 1.
    pub column: u32,
}

/// A text that a person wrote, under the name by which that person knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file as it was named, or `-`.
    pub name: String,
    /// The text, without a byte order mark.
    pub text: String,
    /// SHA-256 of the file as it was read, in lowercase hex.
    pub sha256: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// A text that is known to be UTF-8.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let sha256 = hex_digest(text.as_bytes());
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name: name.into(), text, sha256, line_starts }
    }

    /// The text of a file of unknown make.
    ///
    /// # Errors
    /// When it is longer than [`LIMIT`] or not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Problems> {
        let name = name.into();
        if bytes.len() > LIMIT {
            let message = format!("`{}` is too large to be read", clean(&name));
            let problem = Problem::error("too-large", message, 0..0)
                .help(format!("the limit is {} KiB; is it the right file?", LIMIT / 1024));
            return Err(Problems::of(Self::new(name, ""), problem));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let message = format!("`{}` is not UTF-8 text", clean(&name));
                // Up to the first bad byte the lossy text has the same offsets; a mark at the start,
                // which `new` takes away, would shift them.
                let lossy = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let shift = if lossy.starts_with('\u{feff}') && good >= 3 { 3 } else { 0 };
                let start = good - shift;
                let problem = Problem::error("not-utf-8", message, start..start + 3)
                    .label("the first byte that is not UTF-8")
                    .help("save the file as UTF-8");
                Err(Problems::of(Self::new(name, lossy), problem))
            }
        }
    }

    /// The line and column of a byte. A byte past the end is the end.
    pub fn place(&self, byte: usize) -> Place {
        let byte = self.boundary(byte);
        let lines = self.line_starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let line_start = self.line_starts.get(lines).copied().unwrap_or_default();
        let column = self.text.get(line_start..byte).unwrap_or_default().chars().count();
        Place {
            line: u32::try_from(lines + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }

    /// From a place to the end of what stands there on its line.
    pub fn span_at(&self, place: Place) -> Range<usize> {
        let line = place.line.saturating_sub(1) as usize;
        let start = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        let skipped = rest.chars().take(place.column.saturating_sub(1) as usize);
        let start = start + skipped.map(char::len_utf8).sum::<usize>();
        self.one_line(start..self.text.len())
    }

    /// The part of a range that stands on its first line, without the space at its end.
    pub fn one_line(&self, span: Range<usize>) -> Range<usize> {
        let start = self.boundary(span.start);
        let end = self.boundary(span.end.max(start));
        let text = self.text.get(start..end).unwrap_or_default();
        let first = text.split(['\n', '\r']).next().unwrap_or_default().trim_end();
        start..start + first.len()
    }

    /// The nearest byte, from here to the left, at which a character starts.
    fn boundary(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        (0..=byte).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }
}

/// SHA-256 in lowercase hex.
fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
        }
    }

    /// A problem that stops nothing.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Range<usize>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
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
    source: Source,
    found: Vec<Problem>,
}

impl Problems {
    /// Nothing wrong so far.
    pub fn new(source: &Source) -> Self {
        Self { source: source.clone(), found: Vec::new() }
    }

    fn of(source: Source, problem: Problem) -> Self {
        Self { source, found: vec![problem] }
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    /// The text they were found in.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The problems from top to bottom.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut sorted: Vec<&Problem> = self.found.iter().collect();
        sorted.sort_by_key(|problem| (problem.span.start, problem.span.end));
        sorted
    }

    /// Whether there is none, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether there are more than are ever shown, so that no further one needs to be explained well.
    pub fn is_flood(&self) -> bool {
        self.found.len() >= SHOWN
    }

    /// Whether any stops the work.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error)
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
        let mut group = if text.is_empty() {
            title.element(annotate_snippets::Origin::path(name))
        } else {
            let primary = AnnotationKind::Primary.span(self.source.one_line(problem.span.clone()));
            let mut snippet = Snippet::source(text)
                .path(name)
                .annotation(primary.label((!problem.label.is_empty()).then(|| clean(&problem.label))));
            if let Some((span, label)) = &problem.related {
                let span = self.source.one_line(span.clone());
                snippet = snippet.annotation(AnnotationKind::Context.span(span).label(clean(label)));
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

/// Whether a character could steer a terminal or turn the order of what is read.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Words that are safe to print on one line: nothing that steers a terminal, nothing like a token.
pub fn clean(text: &str) -> String {
    clean_in_place(text).replace(['\n', '\t'], " ")
}

/// The same, with every character at the byte where it was, so that ranges still fit.
fn clean_in_place(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        match (c, c.len_utf8()) {
            ('\n' | '\t', _) => cleaned.push(c),
            // In front of a line feed it is a space at the end of the line; alone it shows as one.
            ('\r', _) => cleaned.push(' '),
            (c, 1) if is_unprintable(c) => cleaned.push('?'),
            (c, 2) if is_unprintable(c) => cleaned.push('·'),
            (c, 3) if is_unprintable(c) => cleaned.push('\u{fffd}'),
            (c, _) if is_unprintable(c) => cleaned.push_str("????"),
            (c, _) => cleaned.push(c),
        }
    }
    for range in secrets(&cleaned) {
        let stars = "*".repeat(range.len());
        cleaned.replace_range(range, &stars);
    }
    cleaned
}

/// The runs that look like a token: long and of mixed make, or long and after a word that announces one.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let lowered = line.to_ascii_lowercase();
        let announced =
            ["token", "secret", "password", "passwd", "authorization", "bearer", "basic ", "apikey"]
                .iter()
                .filter_map(|word| lowered.find(word).map(|at| at + word.len()))
                .min();
        for run in runs(line) {
            let body = line.get(run.clone()).unwrap_or_default();
            let after_word = announced.is_some_and(|word| word <= run.start);
            if looks_like_token(body) || (after_word && run.len() >= 16 && has_digit_and_letter(body)) {
                found.push(offset + run.start..offset + run.end);
            }
        }
        offset += line.len();
    }
    found
}

/// The runs of characters that base64, hex and their web spelling are made of.
fn runs(line: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), '\n')]) {
        let part = c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '.');
        match (part, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    runs
}

fn has_digit_and_letter(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Long, with capitals, small letters and digits mixed within one segment. Ids mix two of them at most.
pub(crate) fn looks_like_token(run: &str) -> bool {
    run.len() >= 24
        && run.split(['/', '.']).any(|segment| {
            segment.len() >= 8
                && segment.bytes().any(|byte| byte.is_ascii_digit())
                && segment.bytes().any(|byte| byte.is_ascii_uppercase())
                && segment.bytes().any(|byte| byte.is_ascii_lowercase())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let source = Source::new("x.yaml", "\u{feff}a: é\r\nüß: 日本 x\n");
        assert_eq!(source.place(0), Place { line: 1, column: 1 });
        let x = source.text.find('x').unwrap();
        assert_eq!(source.place(x), Place { line: 2, column: 8 });
        assert_eq!(source.place(usize::MAX), Place { line: 3, column: 1 });
    }

    #[test]
    fn a_place_leads_back_to_its_line() {
        let source = Source::new("x.yaml", "a: é\r\nüß: 日本 x  \n");
        let span = source.span_at(Place { line: 2, column: 5 });
        assert_eq!(source.text.get(span), Some("日本 x"));
        assert_eq!(source.span_at(Place { line: 99, column: 99 }).len(), 0);
    }

    #[test]
    fn the_digest_is_of_the_file_as_it_is() {
        let plain = Source::new("x", "a");
        assert_eq!(plain.sha256, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
        let marked = Source::new("x", "\u{feff}a");
        assert_eq!(marked.text, plain.text);
        assert_ne!(marked.sha256, plain.sha256);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_line() {
        let problems = Source::from_bytes("x.yaml", b"a: 1\nb: \xff\n".to_vec()).unwrap_err();
        assert!(problems.to_string().contains("x.yaml:2:4"), "{problems}");
        let marked = Source::from_bytes("x.yaml", b"\xef\xbb\xbfb: \xff\n".to_vec()).unwrap_err();
        assert!(marked.to_string().contains("x.yaml:1:4"), "{marked}");
        let wide = Source::from_bytes("x.yaml", b"\xff\xfea\0:\0".to_vec()).unwrap_err();
        assert!(wide.to_string().contains("x.yaml:1:1"), "{wide}");
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let problems = Source::from_bytes("x.yaml", vec![b'a'; LIMIT + 1]).unwrap_err();
        assert!(problems.to_string().contains("too large"), "{problems}");
        assert!(Source::from_bytes("x.yaml", vec![b'a'; LIMIT]).is_ok());
    }

    #[test]
    fn what_looks_like_a_token_is_never_echoed() {
        for text in [
            "token: q8Zr2LmX9vTb4KcW7yHd1NfGs6PaJu3E",
            "Authorization: Basic U0VSVklDRS01NzEyMTpxOFpyMkxtWDl2VGI0S2NX",
            "label: q8Zr2LmX9vTb4KcW7yHd1NfGs6PaJu3E",
            "HIBOB_SERVICE_USER_TOKEN=0123456789abcdef0123",
        ] {
            let cleaned = clean(text);
            assert!(cleaned.contains("********"), "{cleaned}");
            assert_eq!(cleaned.len(), text.len());
        }
    }

    #[test]
    fn ids_and_names_are_no_tokens() {
        for text in [
            "people/category_1720508362305/view",
            "token: Hibob Service User Token",
            "features/workforce-planning/positions/manage",
            "docs/8c1fd2b0-65c4-4f0e-9d6a-0c9a4f6b7a11/upload",
            "fields/payroll.variable.ExecutiveBonus.amount/history",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn no_text_steers_the_terminal() {
        let text = "a\u{1b}[31m\u{202e}b\u{9b}\u{e0041}\r\nc";
        assert_eq!(clean(text), "a?[31m\u{fffd}b·????  c");
        assert_eq!(clean_in_place(text).len(), text.len());
    }

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
