//! One policy's report, taken apart by what is to be done about it.

use super::words::count;
use super::{Checkable, DecisionNotice, FixAction, Item, ManualCheck, Outcome, PolicyReport, Role, Status};

/// The items of one policy, by what is to be done about them; each part keeps the report's order.
pub(super) struct Parts<'r> {
    pub(super) tick: Vec<&'r Item>,
    pub(super) untick: Vec<&'r Item>,
    /// Held, and perhaps what a policy asks for that nobody can name yet.
    pub(super) perhaps_needed: Vec<&'r Item>,
    /// Held, and perhaps what a guide leaves to the customer to choose.
    pub(super) perhaps_chosen: Vec<&'r Item>,
    pub(super) look: Vec<&'r Item>,
    pub(super) look_by_hand: Vec<&'r ManualCheck>,
    pub(super) unsettled: Vec<&'r Item>,
    pub(super) ask: Vec<&'r Item>,
    pub(super) ask_by_hand: Vec<&'r ManualCheck>,
    pub(super) optional: Vec<&'r Item>,
    pub(super) verified: Vec<&'r Item>,
    pub(super) waived: Vec<&'r Item>,
    pub(super) attested: Vec<&'r Item>,
    pub(super) tolerated: Vec<&'r Item>,
    pub(super) notices: &'r [DecisionNotice],
    pub(super) not_ruled_out: u32,
    missing: usize,
    excess: usize,
}

impl<'r> Parts<'r> {
    pub(super) fn of(policy: &'r PolicyReport) -> Self {
        let with = |status: Status| {
            policy.items.iter().filter(move |item| item.status == status && !item.is_spent())
        };
        let unverified = |place: Place| with(Status::Unverified).filter(move |item| Place::of(item) == place);
        // What the policy itself is torn about is nothing to tick or to untick before that is settled.
        let to_do = |status: Status| with(status).filter(|item| !asks_integrator(item));
        let (perhaps, untick): (Vec<&Item>, Vec<&Item>) =
            to_do(Status::Excess).partition(|item| item.is_perhaps_needed());
        let (perhaps_chosen, perhaps_needed) = perhaps.into_iter().partition(|item| item.perhaps_chosen);
        let torn = [Status::Missing, Status::Excess].into_iter().flat_map(with);
        let torn = torn.filter(|item| asks_integrator(item));
        let (ask_by_hand, look_by_hand) =
            policy.manual.iter().partition(|check| check.role == Role::Integrator);
        Self {
            tick: to_do(Status::Missing).collect(),
            untick,
            perhaps_needed,
            perhaps_chosen,
            look: unverified(Place::Screen).collect(),
            look_by_hand,
            unsettled: unverified(Place::Api).collect(),
            ask: torn.chain(unverified(Place::Integrator)).collect(),
            ask_by_hand,
            optional: with(Status::OptionalMissing).collect(),
            verified: with(Status::Satisfied).collect(),
            waived: with(Status::Waived).collect(),
            attested: with(Status::Attested).collect(),
            tolerated: policy.items.iter().filter(|item| item.tolerated && !item.is_spent()).collect(),
            notices: &policy.decision_notices,
            not_ruled_out: policy.summary.excess_undecided,
            missing: with(Status::Missing).count(),
            excess: with(Status::Excess).count(),
        }
    }

    /// What there is to do, in numbers.
    pub(super) fn counts(&self, outcome: Outcome) -> String {
        let numbers = [
            (self.missing, "missing"),
            (self.excess, "excess"),
            (self.unsettled.len(), "not verified"),
            (self.look.len() + self.look_by_hand.len(), "to look at"),
            (self.ask.len() + self.ask_by_hand.len(), "to ask"),
            (self.waived.len(), "accepted"),
            (self.attested.len(), "seen by a person"),
        ];
        let mut counts: Vec<String> = numbers
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!("{number} {what}"))
            .collect();
        match outcome {
            Outcome::Satisfied => counts.insert(0, "nothing missing".to_owned()),
            Outcome::Inconclusive => counts.insert(0, "nothing seen missing".to_owned()),
            Outcome::NoVerdict if counts.is_empty() => counts.push("nothing was settled".to_owned()),
            Outcome::NoVerdict | Outcome::Gaps => {}
        }
        // Without seen excess the boxes that nobody could see belong into the same breath.
        if self.excess == 0 && self.not_ruled_out > 0 {
            let boxes = count(self.not_ruled_out as usize, "box", "boxes");
            counts.push(format!("{boxes} not ruled out"));
        }
        counts.join(", ")
    }

    pub(super) fn is_for_admin(&self) -> bool {
        !(self.tick.is_empty()
            && self.untick.is_empty()
            && self.look.is_empty()
            && self.look_by_hand.is_empty()
            && self.optional.is_empty())
    }
}

fn asks_integrator(item: &Item) -> bool {
    item.fix.as_ref().is_some_and(|fix| fix.action == FixAction::Ask && fix.role == Role::Integrator)
}

/// Where an unverified item can be settled.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Place {
    Api,
    Screen,
    Integrator,
}

impl Place {
    fn of(item: &Item) -> Self {
        match item.checkable {
            Checkable::Integrator => Self::Integrator,
            _ if asks_integrator(item) => Self::Integrator,
            // What whoever runs the check settles is nothing to look for on the admin's screen.
            _ if item.fix.as_ref().is_some_and(|fix| fix.role == Role::Operator) => Self::Api,
            Checkable::Screen | Checkable::Write => Self::Screen,
            Checkable::Api => Self::Api,
        }
    }
}
