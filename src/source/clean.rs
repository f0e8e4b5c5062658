//! Words that are safe to echo: a policy that somebody pasted a token into must not carry it on into a
//! terminal or a build log, and no text may steer the terminal.

use std::ops::Range;

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
pub(in crate::source) fn clean_in_place(text: &str) -> String {
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
}
