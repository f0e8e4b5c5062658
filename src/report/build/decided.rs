//! Decisions as the report tells them.

use crate::gaps::{Notice, NoticeKind as Found};
use crate::policy::decisions;
use crate::report::{Decision, DecisionKind, DecisionNotice, NoticeKind};

use super::at;

pub(super) fn decision(decision: &decisions::Decision) -> Decision {
    Decision {
        kind: match decision.kind {
            decisions::DecisionKind::Accept => DecisionKind::Accept,
            decisions::DecisionKind::SeenOnScreen => DecisionKind::SeenOnScreen,
        },
        reason: decision.reason.clone(),
        by: decision.by.clone(),
        until: decision.until.to_string(),
        at: at(&decision.place),
    }
}

pub(super) fn notice(notice: &Notice<'_>) -> DecisionNotice {
    let Notice { decision: found, kind } = notice;
    let (item, by, until) = (&found.item, &found.by, found.until);
    let (word, text) = match kind {
        Found::Contradicted => (
            NoticeKind::Contradicted,
            format!("{by} saw it on the screen, and this run saw the opposite, which counts"),
        ),
        Found::Expired => {
            (NoticeKind::Expired, format!("the decision of {by} ended on {until} and counts no longer"))
        }
        Found::Expires(0) => (NoticeKind::Expires, format!("the decision of {by} ends today")),
        Found::Expires(1) => (NoticeKind::Expires, format!("the decision of {by} ends tomorrow, on {until}")),
        Found::Expires(days) => {
            (NoticeKind::Expires, format!("the decision of {by} ends in {days} days, on {until}"))
        }
        Found::Unused => (NoticeKind::Unused, format!("the decision of {by} fits no item of this run")),
        Found::NotNeeded => {
            (NoticeKind::NotNeeded, format!("the item is settled without the decision of {by}"))
        }
    };
    DecisionNotice { notice: word, item: item.clone(), text, decision: decision(found) }
}
