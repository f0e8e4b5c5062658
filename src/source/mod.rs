//! A text that a person wrote: its name, and the places in it.
//!
//! A problem is born where it is found, with a range of bytes; it is turned into words with a line and
//! a caret only in [`problems`]. Whatever is echoed has been through [`mod@clean`] first.

pub mod clean;
pub mod problems;
pub mod read;

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Where something stands in a text that a person wrote. Lines and columns count from 1, columns in
/// characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode characters, from 1.
    pub column: u32,
}

/// A place and the file it is in: a policy has lines of the policies it starts from, and of overlays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode characters, from 1.
    pub column: u32,
}

impl Spot {
    /// The place, without its file.
    pub fn place(&self) -> Place {
        Place { line: self.line, column: self.column }
    }
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

    /// The line and column of a byte, and the file.
    pub fn spot(&self, byte: usize) -> Spot {
        let place = self.place(byte);
        Spot { file: Arc::from(self.name.as_str()), line: place.line, column: place.column }
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

    /// The whole lines from that of one byte to that of another, in whichever order.
    fn lines_around(&self, byte: usize, other: Option<usize>) -> Range<usize> {
        let (first, last) = (byte.min(other.unwrap_or(byte)), byte.max(other.unwrap_or(byte)));
        let line = |byte: usize| self.place(byte).line as usize;
        let start = self.line_starts.get(line(first) - 1).copied().unwrap_or_default();
        let end = self.line_starts.get(line(last)).copied().unwrap_or(self.text.len());
        start..end
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
}
