//! What concerns the HiBob admin: each thing once, however many policies ask for it, and nothing
//! that only somebody else can settle.

use super::{Checkable, Item, Need, Report, Role, Status, doubts, words};
use crate::policy::List;

/// What concerns the admin, each thing once, however many policies ask for it.
pub(super) struct Matters<'r> {
    pub(super) tick: Vec<Matter<'r>>,
    pub(super) population: Vec<Matter<'r>>,
    pub(super) untick: Vec<Matter<'r>>,
    pub(super) look: Vec<Matter<'r>>,
    /// That no person is visible: one cause of many doubts, to be looked at before all else.
    pub(super) nobody: Option<&'r Item>,
    pub(super) by_hand: Vec<&'r str>,
    pub(super) optional: Vec<Matter<'r>>,
    pub(super) unsettled: Vec<Matter<'r>>,
    pub(super) elsewhere: Vec<Matter<'r>>,
    pub(super) elsewhere_by_hand: usize,
    pub(super) not_ruled_out: u32,
}

/// One item, and who asks for it.
pub(super) struct Matter<'r> {
    pub(super) item: &'r Item,
    pub(super) titles: Vec<&'r str>,
    pub(super) breaks: Vec<&'r str>,
}

impl<'r> Matters<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut matters = Self {
            tick: Vec::new(),
            population: Vec::new(),
            untick: Vec::new(),
            look: Vec::new(),
            nobody: None,
            by_hand: Vec::new(),
            optional: Vec::new(),
            unsettled: Vec::new(),
            elsewhere: Vec::new(),
            elsewhere_by_hand: 0,
            not_ruled_out: 0,
        };
        let all = || report.policies.iter().flat_map(|policy| &policy.items);
        // What one policy requires and another forbids is for them to settle, not for the admin.
        let disputed = |item: &Item| {
            let by = |need| all().any(|other| other.need == need && other.permission == item.permission);
            item.permission.is_some() && by(Need::Required) && by(Need::Forbidden)
        };
        // What a list that nobody knows does not hold may well be needed: nobody is told to untick it.
        let list_unknown = report.policies.iter().any(|policy| policy.policy.list == List::Unknown);
        let perhaps_needed = |item: &Item| list_unknown && item.need == Need::NotNeeded;
        for policy in &report.policies {
            for item in &policy.items {
                matters.sort_in(item, &policy.policy.title, disputed(item) || perhaps_needed(item));
            }
            for check in &policy.manual {
                match check.role {
                    Role::HibobAdmin if matters.by_hand.contains(&check.text.as_str()) => {}
                    Role::HibobAdmin => matters.by_hand.push(&check.text),
                    Role::Integrator | Role::Operator => matters.elsewhere_by_hand += 1,
                }
            }
            matters.not_ruled_out = matters.not_ruled_out.max(policy.summary.excess_undecided);
        }
        // What one policy would like and another needs is needed.
        let Self { tick, population, optional, .. } = &mut matters;
        optional.retain(|wish| {
            !tick.iter().chain(&*population).any(|matter| {
                wish.item.permission.is_some() && wish.item.permission == matter.item.permission
            })
        });
        matters
    }

    fn sort_in(&mut self, item: &'r Item, title: &'r str, disputed: bool) {
        let role = item.fix.as_ref().map_or(Role::HibobAdmin, |fix| fix.role);
        if item.status == Status::Unverified && item.doubt.as_deref() == Some("nobody-visible") {
            self.nobody.get_or_insert(item);
        }
        let pile = match item.status {
            Status::Satisfied | Status::Waived | Status::Attested => return,
            // What we settle ourselves is told, and asks nothing of the admin.
            Status::Unverified if role == Role::Operator && item.checkable == Checkable::Api => {
                &mut self.unsettled
            }
            _ if disputed || role != Role::HibobAdmin => &mut self.elsewhere,
            Status::Missing if is_population(item) => &mut self.population,
            Status::Missing => &mut self.tick,
            Status::Excess => &mut self.untick,
            Status::OptionalMissing => &mut self.optional,
            Status::Unverified => match item.checkable {
                Checkable::Integrator => &mut self.elsewhere,
                Checkable::Screen | Checkable::Write => &mut self.look,
                Checkable::Api => &mut self.unsettled,
            },
        };
        // A label that stands for no box is no other label's equal, even when both are null.
        let same = pile.iter_mut().find(|matter| {
            item.permission.is_some() && matter.item.permission == item.permission
                || item.permission.is_none() && matter.item.label == item.label
        });
        let breaks = item.breaks.as_deref();
        match same {
            Some(matter) => {
                if item.need == Need::Required {
                    matter.item = item;
                }
                if !matter.titles.contains(&title) {
                    matter.titles.push(title);
                }
                if let Some(breaks) = breaks.filter(|breaks| !matter.breaks.contains(breaks)) {
                    matter.breaks.push(breaks);
                }
            }
            None => {
                pile.push(Matter { item, titles: vec![title], breaks: breaks.into_iter().collect() });
            }
        }
    }

    pub(super) fn missing(&self) -> usize {
        self.tick.len() + self.population.len()
    }

    pub(super) fn to_look_at(&self) -> usize {
        // Whom the group reaches, and whether Basic info is ticked.
        let first = if self.nobody.is_some() { 2 } else { 0 };
        first + self.look.len() + self.by_hand.len()
    }

    /// How many reasons there are to ask the admin something.
    pub(super) fn questions(&self) -> usize {
        let asks = |matters: &[&Matter]| matters.iter().any(|matter| !needed(matter).is_empty());
        self.reasons().iter().filter(|(_, matters)| asks(matters)).count()
    }

    /// What could not be settled, by the reason, in the order in which the reasons come up.
    pub(super) fn reasons(&self) -> Vec<(&str, Vec<&Matter<'r>>)> {
        let mut reasons: Vec<(&str, Vec<&Matter>)> = Vec::new();
        for matter in &self.unsettled {
            // Two matters with one doubt differ if only one of them is a question to the admin.
            let (plain, needed) = (plain(matter), needed(matter));
            let same = reasons.iter_mut().find(|(reason, others)| {
                *reason == plain && others.iter().all(|other| self::needed(other) == needed)
            });
            match same {
                Some((_, matters)) => matters.push(matter),
                None => reasons.push((plain, vec![matter])),
            }
        }
        reasons
    }

    /// Whether the admin has nothing to change and nothing to look at.
    pub(super) fn is_nothing(&self) -> bool {
        self.missing() + self.untick.len() + self.to_look_at() == 0
    }
}

fn is_population(item: &Item) -> bool {
    let steps = item.fix.as_ref().map(|fix| fix.path.as_slice());
    item.permission.as_deref().is_some_and(words::is_population)
        // How many people, or which others, is no box either.
        || (item.permission.is_none() && steps.and_then(|steps| steps.last()).is_some_and(|step| step == words::AUDIENCE))
}

/// Why an item could not be settled, in the admin's words.
fn plain(matter: &Matter) -> &'static str {
    matter.item.doubt.as_deref().and_then(doubts::doubt).map_or("we could not tell", |doubt| doubt.plain)
}

/// What the admin can tell about it; nothing where we go on by ourselves.
pub(super) fn needed(matter: &Matter) -> &'static str {
    if matter.item.fix.as_ref().is_some_and(|fix| fix.role == Role::Operator) {
        return "";
    }
    matter.item.doubt.as_deref().and_then(doubts::doubt).map_or("", |doubt| doubt.needed)
}

/// The short name of an item, for a sentence.
pub(super) fn label_of(matter: &Matter) -> String {
    words::name(matter.item)
}

/// A sentence as a part of another: without the full stop at its end.
pub(super) fn clause(sentence: &str) -> &str {
    sentence.trim().trim_end_matches('.')
}
