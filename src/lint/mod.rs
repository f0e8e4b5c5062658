//! What is odd about a policy or an overlay, and no mistake: the defects of guides, found offline.
//!
//! A policy keeps its guide as it is printed, so a lint blames the guide and not the file. It changes no
//! verdict. Every line is looked at as if its condition held: whoever the customer is, the line is there.

mod against;
mod chosen;
pub mod codes;
pub mod findings;
mod labels;
mod names;
mod rights;
mod sections;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::policy::decisions::{ANNOUNCED, Decision};
use crate::policy::lines::Aim;
use crate::policy::overlay::Overlay;
use crate::policy::{OPEN_LIST, Policy, Remark, oddities};
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems};

/// What is odd about a policy on a day. What is odd about a policy that it starts from is that policy's.
pub fn of_policy(source: &Source, policy: &Policy, catalogue: &Catalogue, today: Date) -> Problems {
    let mut found = remarks(policy, catalogue);
    found.extend(stale(policy, today));
    found.retain(|remark| *remark.place.file == *source.name);
    as_problems(source, "policy", found)
}

/// What is odd about an overlay on a day.
pub fn of_overlay(source: &Source, overlay: &Overlay, today: Date) -> Problems {
    let found = overlay.decisions.iter().filter_map(|decision| ending(decision, today)).collect();
    as_problems(source, "overlay", found)
}

/// What is odd about a policy whatever the day is, with what it inherits.
pub fn remarks(policy: &Policy, catalogue: &Catalogue) -> Vec<Remark> {
    let mut found = oddities::of_every_line(policy, catalogue);
    found.extend(policy.remarks.iter().filter(|remark| remark.code == OPEN_LIST).cloned());
    for line in policy.lines.iter().flat_map(|line| line.all()) {
        labels::remarks(line, policy, catalogue, &mut found);
        // What stands together in a line is looked at by itself.
        if !matches!(line.aim, Aim::Together(_)) {
            rights::remarks(line, catalogue, &mut found);
        }
    }
    against::remarks(policy, catalogue, &mut found);
    chosen::remarks(policy, catalogue, &mut found);
    chosen::unused(policy, &mut found);
    sections::remarks(policy, catalogue, &mut found);
    names::remarks(policy, &mut found);
    found.sort_by(|one, other| (&one.place, one.code).cmp(&(&other.place, other.code)));
    found
}

fn as_problems(source: &Source, kind: &str, remarks: Vec<Remark>) -> Problems {
    let mut problems = Problems::new(source);
    for remark in remarks {
        let message = format!("{kind} `{}`: {}", clean(&source.name), remark.text);
        let mut span = source.span_at(remark.place.place());
        span.end = span.start + without_comment(source.text.get(span.clone()).unwrap_or_default()).len();
        let problem = Problem::warning(remark.code, message, span);
        problems.push(match codes::find(remark.code) {
            Some(lint) => problem.help(lint.help),
            None => problem,
        });
    }
    problems
}

/// What stands on a line before its comment, if nothing on it is in quotes.
fn without_comment(line: &str) -> &str {
    match line.split_once(" #") {
        Some((before, _)) if !before.contains(['"', '\'']) => before.trim_end(),
        _ => line,
    }
}

fn stale(policy: &Policy, today: Date) -> Option<Remark> {
    let place = policy.guide.read_at.clone()?;
    let read: Date = policy.guide.read.as_ref()?.parse().ok()?;
    let text = format!("the guide was read on {read}, more than a year ago");
    // A day at the end of time is never past.
    let year = read.checked_add(1.year()).ok()?;
    (year < today).then_some(Remark { code: "stale-source", text, place })
}

fn ending(decision: &Decision, today: Date) -> Option<Remark> {
    let left = (decision.until - today).get_days();
    let about = clean(&decision.item);
    let (code, text) = match left {
        ..0 => ("decision-ended", format!("the decision about `{about}` ended on {}", decision.until)),
        0..=ANNOUNCED => {
            ("decision-ends", format!("the decision about `{about}` ends on {}", decision.until))
        }
        _ => return None,
    };
    Some(Remark { code, text, place: decision.place.clone() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::policy::{Origin, shipped, validate};

    fn lints(text: &str) -> Vec<&'static str> {
        let source = Source::new("x.yaml", text);
        let policy = validate::read(&source, Origin::File, Catalogue::embedded())
            .unwrap_or_else(|problems| panic!("{problems}"));
        let problems = of_policy(&source, &policy, Catalogue::embedded(), date(2026, 11, 22));
        assert!(!problems.has_errors());
        problems.sorted().iter().map(|problem| problem.code).collect()
    }

    fn lines(lines: &str) -> String {
        format!("policy: x\nversion: 2026-11-22\nlist: closed\nfeatures: {{a: A, b: B}}\n{lines}\n")
    }

    /// A lint, lines that deserve it and no other, and lines that deserve none.
    const DEFECTS: [(&str, &str, &str); 47] = [
        (
            "people-unseen",
            "requires: [people/root/view]\npopulation: {at-least: [employed]}",
            "requires: [people/root/view, people/lifecycle/view]\npopulation: {at-least: [employed]}",
        ),
        (
            "people-unseen",
            "requires: [people/root/view, people/lifecycle/view]\npopulation: {at-least: [employed], never: [hired]}",
            "requires: [people/root/view, {section: people/lifecycle, boxes: [view]}]\npopulation: {exactly: all}",
        ),
        (
            "people-unseen",
            "requires: [people/root/view, people/lifecycle/view]\npopulation: {exactly: [employed]}",
            "requires: [people/root/view]\npopulation: {head-count: 5, where: [Site exists]}",
        ),
        (
            "everyone-leaves-out",
            "requires: [people/root/view, people/lifecycle/view]\npopulation: {choose: everyone, at-least: [employed, terminated]}",
            "requires: [people/root/view, people/lifecycle/view]\npopulation: {choose: everyone, at-least: [employed]}",
        ),
        (
            "everyone-leaves-out",
            "requires: [people/root/view, people/lifecycle/view]\npopulation: [{at-least: [hired]}, {choose: everyone, when: {with: a}}]",
            "requires: [people/root/view, people/lifecycle/view]\npopulation: [{at-least: [hired], when: {with: b}}, {choose: everyone, when: {with: a}}]",
        ),
        (
            "no-basic-info",
            "requires: [people/work/view]\nneeds: [{field: work.title}]",
            "requires: [people/work/view]\nneeds: [{field: root.firstName}]",
        ),
        (
            "box-not-known",
            "requires: [people/root/view, {box: Manage Employee Field Settings, path: Company > Employee Fields}]",
            "requires: [{permission: people/root/view, path: Company > Employee Fields}]",
        ),
        (
            "field-of-unwanted-section",
            "requires: [people/root/view, fields/personal.birthDate/view]\nforbidden: [people/personal/view]",
            "requires: [people/root/view, fields/personal.birthDate/view]\nforbidden: [people/about/view]",
        ),
        (
            "field-of-unwanted-section",
            "requires: [people/root/view, people/payroll/view]\nneeds: [{table: salaries, rows: all, columns: [base]}]\nnot-needed: [people/payroll/history]",
            "requires: [people/root/view, people/payroll/view]\nneeds: [{table: salaries, columns: [base]}]\nnot-needed: [people/payroll/history]",
        ),
        (
            "screen-groups-otherwise",
            "not-needed: [{every: features/people/**}]",
            "not-needed: [{every: features/people/**}, {every: features/clubs/**}]",
        ),
        (
            "screen-groups-otherwise",
            "not-needed: [{every: features/reports/**}]",
            "not-needed: [{every: features/reports/**, except: [features/reports/formulas]}, {every: features/people/org-chart/**}]",
        ),
        (
            "section-not-known",
            "requires: [people/root/view, {section: Personnal, boxes: [view]}]",
            "requires: [people/root/view, {section: Personal, boxes: [view]}, {section: Cars, boxes: [view]}]",
        ),
        (
            "section-not-known",
            "requires: [people/root/view, {section: Directory, boxes: [view]}]",
            "requires: [people/root/view, {section: work, boxes: [view]}]",
        ),
        (
            "name-not-known",
            "requires: [people/root/view]\nneeds: [{field: personal.birthdate}]",
            "requires: [people/root/view]\nneeds: [{field: personal.birthDate}, {field: date of birth}, {field: T-shirt size}]",
        ),
        (
            "name-not-known",
            "requires: [people/root/view]\nneeds: [{table: salary}]",
            "requires: [people/root/view]\nneeds: [{table: salaries}, {table: Company cars}]",
        ),
        (
            "name-not-known",
            "requires: [people/root/view, fields/work.titel/view]",
            "requires: [people/root/view, fields/work.title/view]",
        ),
        (
            "choice-made-twice",
            "requires: [people/root/view, {one-of: [time-off/whos-out/view, features/reports/view]}, time-off/whos-out/view, {every: features/reports/*}]",
            "requires: [people/root/view, {one-of: [time-off/whos-out/view, features/reports/view]}, time-off/whos-out/view]",
        ),
        (
            "choice-made-twice",
            "requires: [people/root/view, {one-of: [features/projects/manage, [features/reports/view, people/root/view]]}, features/projects/manage, features/reports/view]",
            "requires: [{any-of: [time-off/whos-out/view, features/reports/view]}, {permission: time-off/whos-out/view, when: {with: a}}, features/reports/view]",
        ),
        (
            "field-of-unwanted-section",
            "requires: [people/root/view]\nneeds: [{field: personal.birthDate}]\nnot-needed: [people/personal/view]",
            "requires: [people/root/view]\nneeds: [{field: personal.birthDate}]\nnot-needed: [people/personal/edit, people/payroll/view]",
        ),
        (
            "field-of-unwanted-section",
            "requires: [people/root/view]\nneeds: [{items: [{field: home.mobilePhone}], label: Phone}]\nforbidden: [{section: people/personalContact, boxes: [view]}]",
            "requires: [people/root/view]\nneeds: [{field: home.mobilePhone}]\nforbidden: [people/home/view]",
        ),
        (
            "duplicate-line",
            "requires: [people/root/view, {label: All, items: [people/work/view, people/root/view]}]",
            "requires: [{label: All, items: [people/root/view, {permission: people/root/view, when: {with: b}}]}]",
        ),
        (
            "label-of-another-box",
            "requires: [{label: View all employees' About sections, items: [people/work/view, people/root/view]}]",
            "requires: [{label: View all employees' About sections, items: [people/about/view, people/root/view]}]",
        ),
        (
            "box-not-named",
            "requires: [{label: All, items: [people/root/view, {section: docs/shared}]}]",
            "requires: [{label: All, path: People > Work, items: [people/root/view, people/about/view]}]",
        ),
        (
            "box-not-named",
            "requires: [{section: features/people/directory}]",
            "requires: [{section: features/reports, boxes: [view]}]",
        ),
        (
            "box-not-named",
            "requires: [people/root/view, {section: Company assets}]",
            "requires: [people/root/view, {section: Company assets, boxes: [view]}]",
        ),
        (
            "contradiction-chosen",
            "requires: [people/root/view, {permission: people/work/view, when: {with: a}}]\nnot-needed: [people/work/view]",
            "requires: [people/root/view, {permission: people/work/view, when: {model: field}}]\nnot-needed: [{permission: people/work/view, when: {model: category}}]",
        ),
        (
            "contradiction-chosen",
            "requires: [people/root/view, {permission: people/work/view, when: {with: a}}]\nforbidden: [{permission: people/work/view, when: {with: b}}]",
            "facts: {size: {asks: Size?, values: [big, small]}}\nrequires: [people/root/view]\nforbidden: [{permission: people/work/view, when: {fact: size = big}}]",
        ),
        (
            "contradiction-chosen",
            "requires: [people/root/view]\nneeds: [{table: work, when: {with: a}}]\nnot-needed: [people/work/view]",
            "requires: [people/root/view]\nneeds: [{table: work, when: {with: a}}]\noptional: [{permission: people/about/view, when: {with: b}}]",
        ),
        (
            "duplicate-line",
            "requires: [people/root/view, people/work/view, people/work/edit, {section: people/work, boxes: [view, edit]}]",
            "requires: [people/root/view, {permission: people/work/edit, when: {with: a}}, people/work/view, {section: people/work, boxes: [view, edit]}]",
        ),
        (
            "duplicate-line",
            "requires: [people/root/view, {section: Cars, boxes: [view, edit]}, {section: Cars, boxes: [view]}]",
            "requires: [people/root/view, {section: Cars, boxes: [view]}, {section: Cars, boxes: [view, edit]}]",
        ),
        (
            "duplicate-line",
            "requires: [people/root/view, people/root/view]",
            "requires: [{permission: people/root/view, when: {with: a}}, {permission: people/root/view, when: {with: b}}]",
        ),
        (
            "duplicate-line",
            "requires: [people/root/view, {section: people/root, boxes: [view]}]",
            "requires: [{section: docs/shared, boxes: [view]}, {section: docs/confidential, boxes: [view]}]",
        ),
        (
            "guide-contradicts-itself",
            "requires: [people/root/view, {permission: people/work/view, disputed: x}]\nforbidden: [people/work/view]",
            "requires: [people/root/view, {permission: people/work/view, disputed: x}]\nforbidden: [people/about/view]",
        ),
        (
            "guide-contradicts-itself",
            "requires: [people/root/view, {permission: people/work/view, disputed: x}]\nforbidden: [{permission: people/work/view, disputed: x}]",
            "requires: [people/root/view, {permission: people/work/view, disputed: x}]",
        ),
        (
            "history-without-view",
            "requires: [people/root/view, people/work/history]",
            "requires: [people/root/view, people/work/history, {every: people/work/*}]",
        ),
        (
            "label-not-in-hibob",
            "requires: [{permission: people/root/view, label: View selected employees' Master data sections}]",
            "requires: [{permission: people/root/view, label: Master data}]",
        ),
        (
            "label-of-another-box",
            "requires: [people/root/view, {permission: people/work/view, label: View all employees' About sections}]",
            "requires: [people/root/view, {permission: people/work/view, label: view all employee's work sections.}]",
        ),
        (
            "need-said-twice",
            "requires: [people/root/view]\noptional: [people/root/view]",
            "requires: [people/root/view]\nnot-needed: [people/root/edit]",
        ),
        (
            "no-basic-info",
            "requires: [people/work/view, people/address/view]",
            "requires: [{every: people/*/view, except: [people/social/*]}]",
        ),
        (
            "no-witness",
            "requires: [features/people/employees/delete]",
            "not-needed: [features/people/employees/delete, people/work/edit]",
        ),
        (
            "path-label-conflict",
            "requires: [people/root/view, {permission: people/lifecycle/view, path: People > Personal}]",
            "requires: [people/root/view, {permission: people/lifecycle/view, path: People > Lifecycle}]",
        ),
        (
            "see-against-manage",
            "requires: [features/reports/view]\noptional: [{section: features/time-off/settings, boxes: [view]}]",
            "requires: [{section: features/time-off/settings, boxes: [manage]}]",
        ),
        (
            "stale-source",
            "source: {read: 2025-11-21}\nrequires: [people/root/view]",
            "source: {read: 2025-11-22}\nrequires: [people/root/view]",
        ),
        (
            "unresolved-label",
            "requires: [{unresolved: nobody knows, label: Thing}]",
            "requires: [{permission: features/reports/view, label: Thing}]",
        ),
        (
            "write-for-read",
            "requires: [people/root/view, people/personal/edit]",
            "requires: [people/root/view, people/work/edit]",
        ),
        (
            "write-for-read",
            "requires: [people/root/view, {permission: people/personal/edit, for: Nothing is written}]",
            "requires: [people/root/view, {permission: people/personal/edit, for: Write-back of the nickname}]",
        ),
        (
            "forbidden-unseen",
            "requires: [people/root/view]\nforbidden: [{every: people/*/edit, except: [people/work/edit]}]",
            "requires: [people/root/view]\nforbidden: [people/payroll/view]\nnot-needed: [{every: people/*/edit}]",
        ),
    ];

    #[test]
    fn each_defect_has_its_lint_and_a_guide_without_it_has_none() {
        // The features that some of them need, all of them have.
        let lints = |text: &str| -> Vec<&str> {
            lints(text).into_iter().filter(|found| *found != "unused-choice").collect()
        };
        for (code, defect, fine) in DEFECTS {
            let found = lints(&lines(defect));
            // Nothing shows the box to see either.
            let aside = |found: &str| code == "see-against-manage" && found == "no-witness";
            let found: Vec<&str> = found.into_iter().filter(|found| !aside(found)).collect();
            assert_eq!(found, [code], "{defect}");
            assert_eq!(lints(&lines(fine)), Vec::<&str>::new(), "{fine}");
        }
    }

    #[test]
    fn what_the_list_says_of_itself_is_said_again() {
        let of = |list: &str, line: &str| {
            lints(&format!("policy: x\nversion: 2026-11-22\nlist: {list}\n{line}\n"))
        };
        assert_eq!(of("open", "requires: [people/root/view]"), ["open-list"]);
        assert_eq!(of("unknown", "requires: [people/work/view, {list-not-known: x}]"), ["list-not-known"]);
    }

    #[test]
    fn people_whose_status_no_line_shows_are_told_of_unless_the_line_may_be_in_what_is_not_known() {
        let of = |more: &str| {
            let lines = format!("requires: [people/root/view{more}]\npopulation: {{at-least: [employed]}}");
            lints(&format!("policy: x\nversion: 2026-11-22\nlist: open\n{lines}\n"))
        };
        assert_eq!(of(""), ["open-list", "people-unseen"]);
        assert_eq!(of(", {every: people/*/view}"), ["open-list"]);
        let not_known = |among: &str| of(&format!(", {{list-not-known: theirs, among: {among}}}"));
        assert_eq!(not_known("docs/*/view"), ["open-list", "list-not-known", "people-unseen"]);
        assert_eq!(not_known("people/*/view"), ["open-list", "list-not-known"]);
    }

    #[test]
    fn a_choice_that_no_condition_speaks_of_is_told() {
        let fact = "facts: {big: Is it big?}\nrequires: [people/root/view]";
        assert_eq!(lints(&lines(fact)), ["unused-choice"; 3]);
        // Wherever the condition stands.
        let used = "facts: {big: Is it big?}\nrequires: [people/root/view]\nnotes: [{text: x, when: {with: a}}]\n\
                    prerequisites: [{any-of: [{text: x, when: {with: b}}, y]}]\ncredentials: {id: x, token: y, notes: \
                    [{text: x, when: {fact: big = yes}}]}";
        assert_eq!(lints(&lines(used)), Vec::<&str>::new());
    }

    #[test]
    fn labels_that_nobody_could_match_are_told_one_by_one() {
        let line = |label: &str| format!("{{unresolved: nobody knows, label: {label}}}");
        let of =
            |one: &str, other: &str| lints(&lines(&format!("requires: [{}, {}]", line(one), line(other))));
        assert_eq!(of("Read Sites", "Read Units")[2..], ["unresolved-label"; 2]);
        assert_eq!(of("Read Sites", "Read Sites")[2..], ["unresolved-label", "duplicate-line"]);
    }

    #[test]
    fn labels_in_another_language_are_the_guides_own() {
        let german = "source: {language: de}\nrequires: [{permission: people/root/view, \
                      label: View selected employees' Stammdaten sections}]";
        assert!(!lints(&lines(german)).contains(&"label-not-in-hibob"));
    }

    #[test]
    fn a_line_is_looked_at_whatever_its_condition() {
        let line = "requires: [people/root/view]\noptional: [{section: features/reports, when: [{with: a}, {with: b}]}]";
        assert_eq!(lints(&lines(line)), ["box-not-named"]);
    }

    #[test]
    fn remarks_can_be_shown_like_mistakes() {
        let source = shipped::find("gifted").unwrap().unwrap();
        let policy = validate::read(&source, Origin::Shipped, Catalogue::embedded()).unwrap();
        let problems = of_policy(&source, &policy, Catalogue::embedded(), date(2026, 11, 22));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("shipped-policy-gifted-remarks", problems.render(false)));
    }
}
