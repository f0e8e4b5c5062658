//! The report as one page that needs nothing else: no network, no font, no picture, and no script to
//! be read. The script filters and searches what is there already.
//!
//! Two doors keep names from breaking out. The escaper cleans and escapes whatever is put into the
//! template, and the page's own policy lets a browser run and style nothing but what is named there by
//! its digest.

mod view;

use std::fmt;
use std::io;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::format::Settings;
use super::{Report, text};

use view::Page;

/// Writes the page.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let style = resource(include_str!("resources/page.css"));
    let script = resource(include_str!("resources/page.js"));
    let page = Page::of(report, &style, &script).render().map_err(io::Error::other)?;
    // A template that was checked out with other line ends writes the same bytes.
    out.write_all(page.replace('\r', "").as_bytes())
}

/// A resource as a browser reads it before it takes the digest.
fn resource(text: &str) -> String {
    text.replace('\r', "")
}

/// The digest by which the page's policy names what may be run or applied.
fn digest(resource: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(resource)))
}

/// The door into the page: what steers a screen is left out, and what has a meaning in HTML loses it.
#[derive(Clone, Copy)]
struct Door;

impl askama::filters::Escaper for Door {
    fn write_escaped_str<W: fmt::Write>(&self, mut page: W, words: &str) -> fmt::Result {
        for c in words.chars() {
            match c {
                '<' => page.write_str("&lt;")?,
                '>' => page.write_str("&gt;")?,
                '&' => page.write_str("&amp;")?,
                '"' => page.write_str("&quot;")?,
                '\'' => page.write_str("&apos;")?,
                c if c.is_whitespace() => page.write_char(' ')?,
                c if text::steers(c) => {}
                c => page.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    fn page(report: &Report) -> String {
        let mut out = Vec::new();
        write(report, &Settings::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_page_asks_for_nothing_and_runs_nothing_but_its_own() {
        for (name, report) in fixtures::all() {
            let page = page(&report);
            for word in
                ["src=", "url(", "@import", "<link", "<iframe", "<form", "style=", "fetch(", "innerHTML"]
            {
                assert!(!page.contains(word), "{name}: {word}");
            }
            for address in page.split("href=\"").skip(1) {
                assert!(address.starts_with('#'), "{name}: {}", &address[..40]);
            }
            let policy = page.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1).unwrap();
            let policy = policy.split('"').next().unwrap();
            assert!(policy.starts_with("default-src 'none';"), "{name}: {policy}");
            for (opening, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
                let body = page.split_once(opening).unwrap().1.split_once(end).unwrap().0;
                assert!(policy.contains(&digest(body)), "{name}: {opening} is not the one that may be used");
            }
        }
    }

    #[test]
    fn every_item_stands_there_with_its_evidence_and_its_clicks() {
        for (name, report) in fixtures::all() {
            let page = page(&report);
            let shown = |words: &str| {
                let mut escaped = String::new();
                askama::filters::Escaper::write_escaped_str(&Door, &mut escaped, words).unwrap();
                assert!(page.contains(&escaped), "{name}: {words}");
            };
            for policy in &report.policies {
                shown(&policy.policy.title);
                for item in &policy.items {
                    shown(&item.label);
                    shown(&item.rule);
                    item.evidence.iter().for_each(|seen| shown(&seen.saw));
                    item.fix.iter().flat_map(|fix| &fix.path).for_each(|step| shown(step));
                    item.breaks.iter().filter(|_| item.fix.is_some()).for_each(|breaks| shown(breaks));
                    item.decision.iter().for_each(|decision| shown(&decision.reason));
                }
                policy.manual.iter().for_each(|check| shown(&check.text));
                shown(&format!("{} box", policy.summary.excess_undecided));
            }
            report.access.iter().for_each(|entry| shown(&entry.permission));
            report.run.stopped.iter().for_each(|reason| shown(reason));
        }
    }

    #[test]
    fn every_link_has_an_end_and_no_id_stands_twice() {
        for (name, report) in fixtures::all() {
            let page = page(&report);
            let after = |mark: &str| -> Vec<String> {
                let parts = page.split(mark).skip(1);
                parts.map(|part| part.split('"').next().unwrap_or_default().to_owned()).collect()
            };
            let ids = after(" id=\"");
            for (at, id) in ids.iter().enumerate() {
                assert!(!ids[..at].contains(id), "{name}: {id}");
            }
            for link in after("href=\"#") {
                assert!(ids.contains(&link), "{name}: {link}");
            }
        }
    }
}
