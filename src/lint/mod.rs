//! What is odd about a policy or an overlay, and no mistake: the defects of guides, found offline.
//!
//! A policy keeps its guide as it is printed, so a lint blames the guide and not the file. It changes no
//! verdict. Every line is looked at as if its condition held: whoever the customer is, the line is there.

pub mod codes;
pub mod findings;
mod labels;
mod rights;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::policy::decisions::{ANNOUNCED, Decision};
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
        rights::remarks(line, catalogue, &mut found);
    }
    found.sort_by(|one, other| (&one.place, one.code).cmp(&(&other.place, other.code)));
    found
}

fn as_problems(source: &Source, kind: &str, remarks: Vec<Remark>) -> Problems {
    let mut problems = Problems::new(source);
    for remark in remarks {
        let message = format!("{kind} `{}`: {}", clean(&source.name), remark.text);
        let problem = Problem::warning(remark.code, message, source.span_at(remark.place.place()));
        problems.push(match codes::find(remark.code) {
            Some(lint) => problem.help(lint.help),
            None => problem,
        });
    }
    problems
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
