//! The guide as Markdown. Bold is what the policy's guide prints, and nothing else is bold.

use super::{Block, Guide, Piece, Text, Tick, depths};

/// Writes the guide as Markdown.
pub fn write(guide: &Guide) -> String {
    let mut out = format!("# {}\n", escape(&guide.title));
    guide.lead.iter().for_each(|block| one(block, 1, &mut out));
    for (at, chapter) in guide.chapters.iter().enumerate() {
        out.push_str(&format!("\n## {}. {}\n", at + 1, escape(&chapter.title)));
        let blocks = chapter.blocks.iter().zip(depths(&chapter.blocks));
        blocks.for_each(|(block, depth)| one(block, depth, &mut out));
    }
    out
}

fn one(block: &Block, depth: u8, out: &mut String) {
    out.push('\n');
    match block {
        Block::Heading(_, words) => {
            let marks = "#".repeat(usize::from(depth) + 2);
            out.push_str(&format!("{marks} {}\n", escape(words)));
        }
        Block::Para(words) => out.push_str(&format!("{}\n", start(&text(words)))),
        Block::Steps(steps) => {
            for (at, step) in steps.iter().enumerate() {
                out.push_str(&format!("{}. {}\n", at + 1, text(step)));
            }
        }
        Block::Points(points) => {
            for point in points {
                out.push_str(&format!("- {}\n", start(&text(point))));
            }
        }
        Block::Ticks(ticks) => {
            for tick in ticks {
                out.push_str(&format!("- [ ] {}\n", text(&tick.what)));
                below(tick, 1, out);
            }
        }
    }
}

/// What is said about a thing to tick, and what it consists of.
fn below(tick: &Tick, depth: usize, out: &mut String) {
    let lead = "  ".repeat(depth);
    for about in &tick.about {
        out.push_str(&format!("{lead}- {}\n", start(&text(about))));
    }
    for part in &tick.parts {
        out.push_str(&format!("{lead}- {}\n", start(&text(&part.what))));
        below(part, depth + 1, out);
    }
}

fn text(text: &Text) -> String {
    text.iter()
        .map(|piece| match piece {
            Piece::Plain(words) => escape(words),
            Piece::Printed(words) => format!("**{}**", escape(words.trim())),
            Piece::Typed(words) => code(words),
            Piece::Address(words) => escape(words),
        })
        .collect()
}

/// Words in which nothing means anything to Markdown.
fn escape(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for c in words.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$' | '!') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The same where a line starts, so that it starts no list.
fn start(words: &str) -> String {
    let is_mark = words.starts_with(['-', '+', '=']);
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = digits > 0 && words[digits..].starts_with(['.', ')']);
    if is_mark {
        format!("\\{words}")
    } else if is_number {
        format!("{}\\{}", &words[..digits], &words[digits..])
    } else {
        words.to_owned()
    }
}

/// Words to type; a fence longer than any run of ticks in them.
fn code(words: &str) -> String {
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{words}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_turn_into_marks() {
        assert_eq!(
            escape("a *b* [c](d) <e> #f _g_ `h` &amp;"),
            "a \\*b\\* \\[c\\](d) \\<e\\> \\#f \\_g\\_ \\`h\\` \\&amp;"
        );
        assert_eq!(start("- a"), "\\- a");
        assert_eq!(start("12. a"), "12\\. a");
        assert_eq!(start("a - b"), "a - b");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
