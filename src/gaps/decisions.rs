//! What people decided changes what counts, and never what was seen.

use jiff::civil::Date;

use crate::access::Verdict;
use crate::policy::decisions::{ANNOUNCED, Decision, DecisionKind};

use super::{Gap, Gaps, Status};

/// What is to be known of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice<'a> {
    /// The decision.
    pub decision: &'a Decision,
    /// What is the matter with it.
    pub kind: NoticeKind,
}

/// What is the matter with a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// A verdict contradicts it.
    Contradicted,
    /// Its last day has passed.
    Expired,
    /// It counts, and will not for long: so many days are left after today.
    Expires(i32),
    /// It fits no item.
    Unused,
    /// The item is settled without it.
    NotNeeded,
}

impl Gaps<'_> {
    /// Lets the decisions count that hold on a day.
    pub fn decide(&mut self, today: Date) {
        for decision in &self.policy.decisions {
            let mut fits = false;
            let mut counts = false;
            let mut contradicted = false;
            let holds = today <= decision.until;
            for gap in self.items.iter_mut().filter(|gap| is_about(decision, gap)) {
                fits = true;
                if !holds {
                    continue;
                }
                match after(decision.kind, gap.status) {
                    Some(status) => {
                        counts = true;
                        gap.status = status;
                        gap.decision = Some(decision);
                    }
                    None => contradicted |= contradicts(decision.kind, gap),
                }
            }
            let left = (decision.until - today).get_days();
            let kind = match (holds, fits) {
                (false, _) => NoticeKind::Expired,
                (true, false) => NoticeKind::Unused,
                (true, true) if contradicted => NoticeKind::Contradicted,
                (true, true) if !counts => NoticeKind::NotNeeded,
                (true, true) if left <= ANNOUNCED => NoticeKind::Expires(left),
                (true, true) => continue,
            };
            self.notices.push(Notice { decision, kind });
        }
        self.notices.sort_by_key(|notice| notice.kind);
    }
}

fn is_about(decision: &Decision, gap: &Gap<'_>) -> bool {
    match (&gap.permission, gap.requirement) {
        // A folder may be called by its id or, as the line has it, by its name.
        (Some(id), Some(requirement)) => {
            decision.is_about(id) || requirement.target.permission().is_some_and(|id| decision.is_about(id))
        }
        (Some(id), None) => decision.is_about(id),
        (None, Some(requirement)) => {
            let said_again = || requirement.repeats.iter().any(|(label, _)| *label == decision.item);
            requirement.label == decision.item || said_again()
        }
        (None, None) => false,
    }
}

/// What an item becomes; none where the decision changes nothing.
fn after(kind: DecisionKind, status: Status) -> Option<Status> {
    match (kind, status) {
        (
            DecisionKind::Accept,
            Status::Missing | Status::Excess | Status::Unverified | Status::OptionalMissing,
        ) => Some(Status::Waived),
        (DecisionKind::SeenOnScreen, Status::Unverified) => Some(Status::Attested),
        _ => None,
    }
}

/// Whether what was seen says the opposite of what a person saw.
fn contradicts(kind: DecisionKind, gap: &Gap<'_>) -> bool {
    kind == DecisionKind::SeenOnScreen
        && !matches!(gap.finding.verdict, Verdict::Unknown(_))
        && matches!(gap.status, Status::Missing | Status::Excess | Status::OptionalMissing)
}
