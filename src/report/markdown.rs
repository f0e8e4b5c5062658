//! The report as GitHub's Markdown: for step summaries and comments on pull requests.
//!
//! Names come from files and tenants, so each is escaped on its way in: none can open a tag, a link, a
//! table, a comment or a code block, call a person or point to an issue.

use std::io;

use super::format::Settings;
use super::parts::Parts;
use super::words::{self, count};
use super::{
    Item, ManualCheck, Need, Outcome, PolicyReport, Report, Role, Sensitivity, opening, sentences, text,
};

/// Writes the page.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = String::new();
    if let Some(notice) = sentences::simulated(report) {
        page.push_str(&format!("**{}**\n\n", escape(notice)));
    }
    let run = &report.run;
    match report.policies.as_slice() {
        [only] => {
            let (outcome, word) = opening::verdict(report, only.outcome);
            let counts = Parts::of(only).counts(only.outcome);
            heading(&mut page, "##", outcome, &format!("{word}: {counts}"));
        }
        policies => {
            let (outcome, word) = opening::verdict(report, sentences::overall(policies));
            let words = format!("{word}: {}", count(policies.len(), "policy", "policies"));
            heading(&mut page, "##", outcome, &words);
        }
    }
    page.push_str(&format!(
        "\n{}; {}, {} refused; {} visible; exit {}.\n",
        escape(&sentences::whom(report)),
        count(run.requests as usize, "request", "requests"),
        run.denied_answers,
        count(report.tenant.people_visible as usize, "person", "people"),
        report.exit_code,
    ));
    for policy in &report.policies {
        let parts = Parts::of(policy);
        if report.policies.len() > 1 {
            heading(
                &mut page,
                "\n##",
                policy.outcome,
                &format!("{}: {}", policy.policy.name, sentences::headline(policy, &parts)),
            );
        }
        body(&mut page, report, policy, &parts);
    }
    page.push('\n');
    for sentence in sentences::of_the_run(report) {
        page.push_str(&format!("- {}\n", escape(&sentence)));
    }
    page.push_str(&format!("- Run {} ended {}.\n", code(&run.id), escape(&run.finished_at)));
    out.write_all(page.as_bytes())
}

fn heading(page: &mut String, level: &str, outcome: Outcome, words: &str) {
    let mark = match outcome {
        Outcome::Satisfied => "✓",
        Outcome::Gaps => "✗",
        Outcome::Inconclusive | Outcome::NoVerdict => "?",
    };
    page.push_str(&format!("{level} {mark} {}\n", escape(words)));
}

/// A part of the page: what is to be done with its items, by whom, and whether it is folded up.
struct Part<'r> {
    title: &'static str,
    who: &'static str,
    items: Vec<&'r Item>,
    checks: &'r [&'r ManualCheck],
    folded: bool,
}

fn body(page: &mut String, report: &Report, policy: &PolicyReport, parts: &Parts) {
    let head = &policy.policy;
    let named = escape(&sentences::policy(policy));
    let adapted = opening::adapted(policy).map_or_else(String::new, |said| format!(" {}.", escape(&said)));
    page.push_str(&format!("\n{}: policy {named} ({}).{adapted}\n", escape(&head.title), code(&head.file)));
    let (admin, integrator, you) =
        (words::role(Role::HibobAdmin), words::role(Role::Integrator), words::role(Role::Operator));
    let first = |item: &&Item| item.sensitivity == Sensitivity::High || item.need == Need::Forbidden;
    let (untick, others): (Vec<&Item>, Vec<&Item>) = parts.untick.iter().partition(|item| first(item));
    let open = |title, who, items, checks| Part { title, who, items, checks, folded: false };
    let folded = |title, items| Part { title, who: "", items, checks: &[], folded: true };
    for part in [
        open("To tick", admin, parts.tick.clone(), &[][..]),
        open("To untick, in every group that holds this service user", admin, untick, &[]),
        folded("To untick, of normal sensitivity", others),
        open(
            "Held, and perhaps needed: not all that is asked for is known",
            integrator,
            parts.perhaps_needed.clone(),
            &[],
        ),
        open(
            "Held, and perhaps chosen: the guide leaves that open",
            admin,
            parts.perhaps_chosen.clone(),
            &[],
        ),
        open("To look at on the screen", admin, parts.look.clone(), &parts.look_by_hand),
        open("Could not be verified this time", you, parts.unsettled.clone(), &[]),
        open("To ask", integrator, parts.ask.clone(), &parts.ask_by_hand),
        folded("Optional, and not there", parts.optional.clone()),
        folded("Accepted as it is, by a decision in the policy", parts.waived.clone()),
        folded("Seen on the screen by a person, not by this run", parts.attested.clone()),
        folded("Verified", parts.verified.clone()),
    ] {
        write_part(page, report, &part);
    }
    page.push('\n');
    for sentence in sentences::of_the_policy(report, parts) {
        page.push_str(&format!("- {}\n", escape(&sentence)));
    }
}

fn write_part(page: &mut String, report: &Report, part: &Part<'_>) {
    let number = part.items.len() + part.checks.len();
    if number == 0 {
        return;
    }
    if part.folded {
        page.push_str(&format!("\n<details><summary>{} ({number})</summary>\n\n", part.title));
    } else {
        page.push_str(&format!("\n### {} ({})\n\n", part.title, part.who));
    }
    let box_or_not = if part.folded { "" } else { "[ ] " };
    for item in &part.items {
        let high = if item.sensitivity == Sensitivity::High { " (sensitive)" } else { "" };
        let id = item.permission.as_ref().map_or_else(String::new, |id| format!(" {}", code(id)));
        let at = item
            .at
            .as_ref()
            .map_or_else(String::new, |at| format!(" {}", code(&format!("{}:{}", at.file, at.line))));
        page.push_str(&format!("- {box_or_not}**{}**{high}{id}{at}\n", escape(&sentences::label(item))));
        for (word, line) in sentences::body(report, item) {
            page.push_str(&format!("  - {word}: {}\n", escape(&line)));
        }
    }
    for check in part.checks {
        let at = code(&format!("{}:{}", check.at.file, check.at.line));
        page.push_str(&format!("- {box_or_not}{} {at}\n", escape(&check.text)));
    }
    if part.folded {
        page.push_str("\n</details>\n");
    }
}

/// A text that Markdown shows as it is. A zero-width space keeps `@name` from calling a person and `#1`
/// from pointing to an issue; no escape does that.
pub(super) fn escape(dirty: &str) -> String {
    let clean = text::clean(dirty);
    if clean.is_empty() {
        // Marks around nothing would be shown as marks.
        return "(empty)".to_owned();
    }
    let mut escaped = String::with_capacity(clean.len());
    for (at, c) in clean.char_indices() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("@&#8203;"),
            '#' => escaped.push_str("\\#&#8203;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => escaped.extend(['\\', c]),
            // Addresses become links by themselves: at a colon before slashes, or at the dot of `www.`.
            ':' if clean[at..].starts_with("://") => escaped.push_str("\\:"),
            '.' if clean[..at].to_ascii_lowercase().ends_with("www") => escaped.push_str("\\."),
            // At the start of a block these open a list, a heading or a rule.
            '-' | '+' | '=' if at == 0 => escaped.extend(['\\', c]),
            '.' | ')' if at > 0 && clean[..at].bytes().all(|byte| byte.is_ascii_digit()) => {
                escaped.extend(['\\', c])
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A text as code: between more backticks than it has in a row.
pub(super) fn code(dirty: &str) -> String {
    let clean = text::clean(dirty);
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if clean.starts_with('`') || clean.ends_with('`') || clean.is_empty() { " " } else { "" };
    format!("{fence}{space}{clean}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_as_it_is_and_does_nothing() {
        for (name, shown) in [
            ("View selected employees' Work sections", "View selected employees' Work sections"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("a `b` *c* _d_ [e](f) |g| ~~h~~", "a \\`b\\` \\*c\\* \\_d\\_ \\[e\\](f) \\|g\\| \\~\\~h\\~\\~"),
            ("@team #12", "@&#8203;team \\#&#8203;12"),
            ("see https://x.example or WWW.x.example", "see https\\://x.example or WWW\\.x.example"),
            ("1. one", "1\\. one"),
            ("- one", "\\- one"),
            ("<!-- x -->", "&lt;\\!-- x --&gt;"),
        ] {
            assert_eq!(escape(name), shown, "{name}");
        }
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
    }
}
