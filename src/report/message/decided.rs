//! What people decided, and what the run lets pass, as far as it is the admin's business: what they need not do for it, what they
//! saw themselves, and what is on the list again because a decision has ended.

use super::matters::clause;
use crate::report::sentences::by_whom;
use crate::report::{
    Decision, DecisionKind, DecisionNotice, Item, NoticeKind, PolicyReport, Report, Status, words,
};

/// One line for each decision that concerns the admin, and how many concern only whoever keeps the policy.
pub(super) fn lines(report: &Report) -> (Vec<String>, usize) {
    let mut lines: Vec<String> = Vec::new();
    let mut elsewhere = 0;
    let mut put = |line: String| {
        if !lines.contains(&line) {
            lines.push(line);
        }
    };
    let mut tolerated: Vec<String> = Vec::new();
    for item in report.policies.iter().flat_map(|policy| &policy.items).filter(|item| item.tolerated) {
        let name = words::name(item);
        if !tolerated.contains(&name) {
            tolerated.push(name);
        }
    }
    if !tolerated.is_empty() {
        put(format!("{}: not verified; we go on without that for now", words::list(&tolerated)));
    }
    for policy in &report.policies {
        for item in &policy.items {
            if let Some(decision) = &item.decision {
                let ends = ends_soon(policy, decision, item.status).unwrap_or_default();
                put(format!("{}: {} ({}){ends}", words::name(item), counts(item.status), said(decision)));
            }
        }
        for notice in &policy.decision_notices {
            match no_longer(policy, notice) {
                Told::Line(line) => put(line),
                Told::Already => {}
                Told::Elsewhere => elsewhere += 1,
            }
        }
    }
    (lines, elsewhere)
}

fn counts(status: Status) -> &'static str {
    match status {
        Status::Attested => "seen on your screen, and not checked by us",
        _ => "accepted as it is",
    }
}

/// Who, until when and why, as a part of a sentence.
fn said(decision: &Decision) -> String {
    clause(&by_whom(decision)).to_owned()
}

/// What becomes of the item when the decision ends, where that is soon.
fn ends_soon(policy: &PolicyReport, decision: &Decision, status: Status) -> Option<&'static str> {
    let soon = |notice: &DecisionNotice| notice.notice == NoticeKind::Expires && notice.decision == *decision;
    policy.decision_notices.iter().any(soon).then_some(match status {
        Status::Attested => ". That ends soon: please look again by then",
        _ => ". That ends soon, and then we ask for it again",
    })
}

enum Told {
    Line(String),
    /// With its item.
    Already,
    /// It is no business of the admin's.
    Elsewhere,
}

/// A decision that counts no longer, where its item is something for the admin again.
fn no_longer(policy: &PolicyReport, notice: &DecisionNotice) -> Told {
    let about = |item: &&Item| {
        let section = |id: &str| id.strip_suffix("/*").is_some_and(|section| section == notice.item);
        item.permission.as_deref().is_some_and(|id| id == notice.item || section(id))
            || (item.permission.is_none() && item.label == notice.item)
    };
    let open = |item: &&Item| {
        matches!(item.status, Status::Missing | Status::Excess | Status::Unverified | Status::OptionalMissing)
    };
    let item = policy.items.iter().filter(about).find(open);
    let decision = &notice.decision;
    match (notice.notice, item) {
        (NoticeKind::Expires, _) => Told::Already,
        (NoticeKind::Expired, Some(item)) => Told::Line(format!(
            "{}: {}. That time is over{}",
            words::name(item),
            match decision.kind {
                DecisionKind::Accept => format!("it was accepted as it is ({})", said(decision)),
                DecisionKind::SeenOnScreen => format!("it was seen on your screen ({})", said(decision)),
            },
            match decision.kind {
                DecisionKind::Accept => ", so we ask for it again",
                DecisionKind::SeenOnScreen => ": please look again",
            }
        )),
        (NoticeKind::Contradicted, Some(item)) => Told::Line(format!(
            "{}: it was seen on your screen ({}), and our check saw the opposite. Please look closely, in every \
             group that has the service user",
            words::name(item),
            said(decision)
        )),
        (NoticeKind::Expired | NoticeKind::Contradicted, None)
        | (NoticeKind::Unused | NoticeKind::NotNeeded, _) => Told::Elsewhere,
    }
}
