//! What concerns the HiBob admin: each thing once, however many policies ask for it, and nothing
//! that only somebody else can settle.

use super::disputes::Disputes;
use crate::report::{About, Checkable, FixAction, Item, Need, Report, Role, Status, doubts, words};

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
    /// What the policies do not agree on.
    pub(super) disputes: Disputes<'r>,
    /// What is held and perhaps what the customer has chosen.
    pub(super) perhaps_chosen: Vec<&'r Item>,
    elsewhere: Vec<Matter<'r>>,
    elsewhere_by_hand: usize,
    members: bool,
    /// Whether what is held may be what nobody can name yet.
    pub(super) more_is_asked_for: bool,
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
            disputes: Disputes::of(report),
            perhaps_chosen: Vec::new(),
            elsewhere: Vec::new(),
            elsewhere_by_hand: 0,
            members: false,
            more_is_asked_for: false,
            not_ruled_out: 0,
        };
        for policy in &report.policies {
            for item in &policy.items {
                matters.more_is_asked_for |= item.is_perhaps_needed();
                // What is in dispute is told as that, and nothing else is asked of the admin about it.
                if !matters.disputes.holds(item) {
                    matters.sort_in(item, &policy.policy.title);
                }
            }
            for check in &policy.manual {
                match check.role {
                    _ if matters.disputes.holds_check(check) => {}
                    Role::HibobAdmin if matters.by_hand.contains(&check.text.as_str()) => {}
                    Role::HibobAdmin => matters.by_hand.push(&check.text),
                    Role::Integrator | Role::Operator => matters.elsewhere_by_hand += 1,
                }
            }
            matters.not_ruled_out = matters.not_ruled_out.max(policy.summary.excess_undecided);
        }
        let mut checks = report.policies.iter().flat_map(|policy| &policy.manual);
        matters.members =
            checks.any(|check| check.about == Some(About::Members) || speaks_of_members(&check.text));
        if matters.by_hand.contains(&words::MEMBERS) {
            matters.by_hand.retain(|text| *text != words::A_MEMBER);
        }
        // What one policy would like and another needs is needed.
        let Self { tick, population, optional, .. } = &mut matters;
        // Of several ways of which one is to be ticked, no other is offered beside it.
        let is_another_way = |wish: &Matter| {
            tick.iter().any(|matter| wish.item.choice.is_some() && wish.item.choice == matter.item.choice)
        };
        optional.retain(|wish| !is_another_way(wish));
        optional.retain(|wish| {
            !tick.iter().chain(&*population).any(|matter| {
                wish.item.permission.is_some() && wish.item.permission == matter.item.permission
            })
        });
        matters
    }

    fn sort_in(&mut self, item: &'r Item, title: &'r str) {
        let role = item.fix.as_ref().map_or(Role::HibobAdmin, |fix| fix.role);
        if item.status == Status::Unverified && item.doubt.as_deref() == Some(doubts::NOBODY_VISIBLE) {
            self.nobody.get_or_insert(item);
        }
        if item.status == Status::Excess && item.perhaps_chosen {
            if !self.perhaps_chosen.iter().any(|held| held.permission == item.permission) {
                self.perhaps_chosen.push(item);
            }
            return;
        }
        let pile = match item.status {
            Status::Satisfied | Status::Waived | Status::Attested => return,
            _ if item.is_spent() => return,
            // What we settle ourselves is told, and asks nothing of the admin.
            Status::Unverified if role == Role::Operator => &mut self.unsettled,
            // Of what is held and perhaps needed, nobody is told to untick anything.
            _ if role != Role::HibobAdmin => &mut self.elsewhere,
            Status::Missing | Status::Excess if is_population(item) => &mut self.population,
            Status::Missing => &mut self.tick,
            Status::Excess => &mut self.untick,
            Status::OptionalMissing => &mut self.optional,
            // What is not there has no box to look at, and where nobody is seen the first two points tell what to do.
            Status::Unverified
                if matches!(item.doubt.as_deref(), Some(doubts::NOT_THERE | doubts::NOBODY_VISIBLE)) =>
            {
                &mut self.unsettled
            }
            Status::Unverified => match item.checkable {
                Checkable::Integrator => &mut self.elsewhere,
                Checkable::Screen | Checkable::Write => &mut self.look,
                Checkable::Api => &mut self.unsettled,
            },
        };
        // A label that stands for no box is no other label's equal, even when both are null.
        let same = pile.iter_mut().find(|matter| {
            item.permission.is_some() && box_of(matter.item) == box_of(item)
                // A section and the one box in it that can be meant come to the same click.
                || is_one_click(matter.item, item)
                || item.permission.is_none() && matter.item.label == item.label
        });
        let breaks = item.breaks.as_deref();
        match same {
            Some(matter) => {
                // Who wants it most has the word.
                if item.need < matter.item.need {
                    matter.item = item;
                    matter.titles.clear();
                }
                if item.need == matter.item.need && !matter.titles.contains(&title) {
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
        self.lacks().count()
    }

    /// What is to be added: boxes, and people who are not seen.
    pub(super) fn lacks(&self) -> impl Iterator<Item = &Matter<'r>> {
        let people = self.population.iter().filter(|matter| matter.item.status == Status::Missing);
        self.tick.iter().chain(people)
    }

    /// How much is to be taken away: boxes, and people who must not be seen.
    pub(super) fn too_much(&self) -> usize {
        self.untick.len() + self.population.iter().filter(|it| it.item.status == Status::Excess).count()
    }

    pub(super) fn to_look_at(&self) -> usize {
        // Whom the group reaches, and whether Basic info is ticked.
        let first = if self.nobody.is_some() { 2 } else { 0 };
        first + self.look.len() + usize::from(!self.perhaps_chosen.is_empty()) + self.by_hand.len()
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
            // Two matters with one doubt differ if only one of them is a question to the admin, or one of people
            // who must not be seen.
            let (plain, needed) = (plain(matter), needed(matter));
            let never = never_seen(matter);
            let same = reasons.iter_mut().find(|(reason, others)| {
                let is_alike = |other: &&Matter| self::needed(other) == needed && never_seen(other) == never;
                *reason == plain && others.iter().all(is_alike)
            });
            match same {
                Some((_, matters)) => matters.push(matter),
                None => reasons.push((plain, vec![matter])),
            }
        }
        reasons
    }

    /// How many points are for others to settle.
    pub(super) fn elsewhere(&self) -> usize {
        self.elsewhere.len() + self.elsewhere_by_hand
    }

    /// Whether somebody is asked to look who is in the group.
    pub(super) fn asks_for_members(&self) -> bool {
        self.members
    }

    /// Whether there is anything to tick or to untick.
    pub(super) fn is_to_change(&self) -> bool {
        self.missing() + self.too_much() + self.optional.len() > 0
    }
}

/// Whether a guide's own words ask to look at who is in the group.
fn speaks_of_members(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    words.into_iter().any(|word| matches!(word.as_str(), "member" | "members"))
}

/// The box that an item comes to: its own, or the one that opens it.
fn box_of(item: &Item) -> Option<&String> {
    item.opened_by.as_ref().or(item.permission.as_ref())
}

/// Whether the same box is to be ticked, or to be unticked, at the same place.
fn is_one_click(one: &Item, other: &Item) -> bool {
    one.fix == other.fix
        && one.fix.as_ref().is_some_and(|fix| {
            !fix.path.is_empty() && matches!(fix.action, FixAction::Tick | FixAction::Untick)
        })
}

pub(super) fn is_population(item: &Item) -> bool {
    let steps = item.fix.as_ref().map(|fix| fix.path.as_slice());
    item.permission.as_deref().is_some_and(words::is_population)
        // How many people, or which others, is no box either.
        || (item.permission.is_none() && steps.and_then(|steps| steps.last()).is_some_and(|step| step == words::AUDIENCE))
}

/// Whether it is people who must not be seen.
pub(super) fn never_seen(matter: &Matter) -> bool {
    is_population(matter.item) && matter.item.need == Need::Forbidden
}

/// Why an item could not be settled, in the admin's words.
fn plain(matter: &Matter) -> &'static str {
    doubts::of(matter.item).map_or("we could not tell", |doubt| doubt.plain)
}

/// What the admin can tell about it; nothing where we go on by ourselves.
pub(super) fn needed(matter: &Matter) -> &'static str {
    if matter.item.fix.as_ref().is_some_and(|fix| fix.role == Role::Operator) {
        return "";
    }
    doubts::of(matter.item).map_or("", |doubt| doubt.needed)
}

/// The short name of an item, for a sentence.
pub(super) fn label_of(matter: &Matter) -> String {
    words::name(matter.item)
}

/// A sentence as a part of another: without the full stop at its end.
pub(super) fn clause(sentence: &str) -> &str {
    sentence.trim().trim_end_matches('.')
}
