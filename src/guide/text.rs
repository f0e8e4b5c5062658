//! The guide as plain text, for a terminal or a mail.

use crate::report::text::{ascii, width, wrap};
use crate::report::words::quoted;

use super::{Block, Guide, Piece, Text, Tick};

/// Writes the guide as plain text of at most so many columns.
pub fn write(guide: &Guide, columns: usize, plain_marks: bool) -> String {
    let mut page = Page { out: String::new(), columns, plain_marks };
    page.lines("", &guide.title);
    guide.lead.iter().for_each(|block| page.block(block));
    for (at, chapter) in guide.chapters.iter().enumerate() {
        page.out.push('\n');
        page.lines("", &format!("{}. {}", at + 1, chapter.title.to_uppercase()));
        chapter.blocks.iter().for_each(|block| page.block(block));
    }
    page.out
}

struct Page {
    out: String,
    columns: usize,
    plain_marks: bool,
}

impl Page {
    /// A lead, and words that hang from it.
    fn lines(&mut self, lead: &str, words: &str) {
        let words = if self.plain_marks { ascii(words) } else { words.to_owned() };
        let hang = width(lead);
        let room = self.columns.saturating_sub(hang).max(20);
        for (at, line) in wrap(&words, room, room).iter().enumerate() {
            let lead = if at == 0 { lead.to_owned() } else { " ".repeat(hang) };
            self.out.push_str(format!("{lead}{line}").trim_end());
            self.out.push('\n');
        }
    }

    /// A thing to tick with what is said about it, and what it consists of.
    fn tick(&mut self, tick: &Tick, depth: usize, mark: &str) {
        let lead = "    ".repeat(depth);
        self.lines(&format!("{lead}{mark}"), &text(&tick.what));
        tick.about.iter().for_each(|about| self.lines(&format!("{lead}      "), &text(about)));
        tick.parts.iter().for_each(|part| self.tick(part, depth + 1, "  - "));
    }

    fn block(&mut self, block: &Block) {
        self.out.push('\n');
        match block {
            Block::Heading(1, words) => {
                self.lines("", words);
                self.out.push_str(&"-".repeat(width(words).min(self.columns)));
                self.out.push('\n');
            }
            Block::Heading(_, words) => self.lines("", &format!("{words}:")),
            Block::Para(words) => self.lines("", &text(words)),
            Block::Steps(steps) => {
                for (at, step) in steps.iter().enumerate() {
                    self.lines(&format!("{:>2}. ", at + 1), &text(step));
                }
            }
            Block::Points(points) => points.iter().for_each(|point| self.lines("  - ", &text(point))),
            Block::Ticks(ticks) => {
                ticks.iter().for_each(|it| self.tick(it, 0, "[ ] "));
            }
        }
    }
}

fn text(text: &Text) -> String {
    text.iter()
        .map(|piece| match piece {
            Piece::Plain(words) | Piece::Typed(words) | Piece::Address(words) => words.clone(),
            Piece::Printed(words) => quoted(words),
        })
        .collect()
}
