//! Laying out text: what may safely be shown, how wide it is, and where a line ends.
//!
//! Names of sections, labels and reasons come from files and from a tenant. Whatever they hold, a
//! terminal must not obey them and a reader must not be fooled by their direction.

/// Removes whatever could steer a terminal or turn the reading direction; white space of any kind
/// becomes one space.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !c.is_control() && !is_invisible(c) {
            clean.push(c);
        }
    }
    clean.trim().to_owned()
}

/// Characters that show nothing and change how their neighbours are read. The joiners U+200C and
/// U+200D stay: scripts and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a character could steer whatever shows it, or end a line where no line ends.
pub fn steers(c: char) -> bool {
    c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// At most so many characters, the last of them an ellipsis where something was cut off.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Writes marks and typographic punctuation in ASCII. Letters stay: a section must be found under
/// the name that it has.
pub fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '✓' => plain.push_str("ok"),
            '✗' => plain.push('x'),
            '›' | '→' => plain.push('>'),
            '…' => plain.push_str("..."),
            '‘' | '’' => plain.push('\''),
            '“' | '”' => plain.push('"'),
            '–' | '—' | '·' | '•' => plain.push('-'),
            '≥' => plain.push_str(">="),
            '≤' => plain.push_str("<="),
            _ => plain.push(c),
        }
    }
    plain
}

/// How many columns a text takes. Wide scripts and emoji take two for each character; every other
/// character counts as one, so that a line is rather too short than too long.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    let wide = matches!(c,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}' | '\u{1f900}'..='\u{1f9ff}' | '\u{20000}'..='\u{3fffd}');
    if wide { 2 } else { 1 }
}

/// Breaks a text into lines: the first of at most `first` columns, the others of at most `rest`.
/// A word that fits no line is broken, after a slash or a dot if there is one in reach.
pub fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word = word;
        loop {
            let room = if lines.len() == 1 { first } else { rest }.max(2);
            let Some(line) = lines.last_mut() else { return lines };
            let gap = usize::from(!line.is_empty());
            if width(line) + gap + width(word) <= room {
                if gap == 1 {
                    line.push(' ');
                }
                line.push_str(word);
                break;
            }
            if line.is_empty() {
                let (head, tail) = word.split_at(break_at(word, room));
                line.push_str(head);
                word = tail;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// Where to break a word that is wider than its line: a byte offset above zero.
fn break_at(word: &str, room: usize) -> usize {
    let mut used = 0;
    let mut hard = 0;
    let mut soft = None;
    for (at, c) in word.char_indices() {
        if used + char_width(c) > room {
            break;
        }
        used += char_width(c);
        hard = at + c.len_utf8();
        if used > room / 2 && matches!(c, '/' | '.' | '-' | '_' | ',' | ':') {
            soft = Some(hard);
        }
    }
    soft.unwrap_or(hard).max(word.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_survives() {
        assert_eq!(clean("a\u{1b}[31mb\u{9b}2J\u{7}c\u{202e}d\u{2066}e\u{200b}f"), "a[31mb2Jcdef");
        assert_eq!(clean("  two\r\n\t lines\u{2028}here "), "two lines here");
        assert_eq!(clean("नमस्\u{200d}ते 👩\u{200d}💻 Käthe 給与"), "नमस्\u{200d}ते 👩\u{200d}💻 Käthe 給与");
    }

    #[test]
    fn a_text_that_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(shorten("Käthe", 5), "Käthe");
        assert_eq!(shorten("Käthe K", 6), "Käthe…");
        assert_eq!(shorten("Käthe Kollwitz", 7), "Käthe…");
    }

    #[test]
    fn wide_scripts_take_two_columns() {
        assert_eq!(width("給与"), 4);
        assert_eq!(width("Käthe ✓"), 7);
    }

    #[test]
    fn ascii_keeps_the_names() {
        assert_eq!(ascii("✓ A › B … “Vergütung”"), "ok A > B ... \"Vergütung\"");
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        let text =
            "給与給与給与給与給与 a/long/path/that.never.ends/and-goes-on/for/ever and a few short words";
        for room in 2..40 {
            for (at, line) in wrap(text, room / 2, room).iter().enumerate() {
                let allowed = if at == 0 { (room / 2).max(2) } else { room };
                assert!(width(line) <= allowed, "{room}: {line:?}");
            }
        }
        assert_eq!(wrap(text, 12, 30).concat().replace(' ', ""), text.replace(' ', ""));
    }

    #[test]
    fn an_empty_text_is_one_empty_line() {
        assert_eq!(wrap("", 10, 10), [String::new()]);
    }
}
