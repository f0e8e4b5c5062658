//! The canonical set of requirements, in which no permission stands twice and none says two things.

use std::collections::BTreeMap;

use super::disputes::{self, Dispute};
use super::two_places;
use crate::policy::lines::{ByModel, MODELS, Modality, Truth};
use crate::policy::oddities::is_wanted;
use crate::policy::{Alternatives, Member, Model, Need, Policy, Requirement, Spot, Target};
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::Problems;

/// One thing that a line asks for.
pub(super) struct Ask {
    pub(super) target: Target,
    pub(super) label: String,
    pub(super) by: AskedBy,
    pub(super) breaks: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) place: Spot,
    pub(super) modality: Modality,
    /// Whether the policy says what contradicts the line.
    pub(super) disputed: bool,
    /// How much the line itself wants it.
    pub(super) needs: ByModel<Option<Need>>,
    /// Whether it is asked for as one of alternatives.
    pub(super) member: ByModel<Truth>,
    /// Of which alternatives it is one, and in which branch.
    pub(super) branch: Option<(usize, usize)>,
}

/// What is to be done about a contradiction, as a rule.
pub(super) const KEEP_ONE: &str = "keep the one that is meant; if the guide prints both, say so in `disputed:` beside the one that does not \
                                   hold, or beside both if nobody knows";

/// In which way something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AskedBy {
    /// By a line that names it.
    Line,
    /// By something that is read.
    Read,
    /// By a pattern that it fits.
    Pattern,
}

/// The requirements so far, and where each thing was first asked for.
pub(super) struct Folded {
    pub(super) requirements: Vec<Requirement>,
    pub(super) alternatives: Vec<Alternatives>,
    /// What contradicts itself, for each text.
    pub(super) problems: Vec<Problems>,
    texts: Vec<Source>,
    /// How each requirement was asked for first, and whether as one of alternatives.
    marks: Vec<Mark>,
    known: BTreeMap<Key, usize>,
    /// What the guide says both ways, and what the policy says of that.
    disputes: BTreeMap<Key, Dispute>,
}

struct Mark {
    by: AskedBy,
    modality: Modality,
    member: ByModel<Truth>,
}

impl Folded {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            requirements: Vec::new(),
            alternatives: Vec::new(),
            problems: Vec::new(),
            texts: policy.texts.clone(),
            marks: Vec::new(),
            known: BTreeMap::new(),
            disputes: BTreeMap::new(),
        }
    }

    /// Adds everything that is asked for, as far as disputed lines leave it standing.
    pub(super) fn fold_all(&mut self, mut asked: Vec<Ask>) {
        self.disputes = disputes::settle(&mut asked);
        for ask in asked {
            let (branch, holds) = (ask.branch, ask.member);
            let number = self.fold(ask);
            if let (Some((alternatives, branch)), Some(requirement)) = (branch, number)
                && let Some(alternatives) = self.alternatives.get_mut(alternatives)
                && let Some(branch) = alternatives.branches.get_mut(branch)
            {
                branch.push(Member { requirement, holds });
            }
        }
        // A branch that asks for nothing here is no alternative.
        for alternatives in &mut self.alternatives {
            alternatives.branches.retain(|branch| !branch.is_empty());
        }
        self.alternatives.retain(|alternatives| !alternatives.branches.is_empty());
    }

    /// Adds what a line asks for; its number, unless it is not asked for at all or contradicts another.
    fn fold(&mut self, new: Ask) -> Option<usize> {
        if MODELS.iter().all(|model| side(&new.needs, &new.member, *model).is_none()) {
            return None;
        }
        let next = self.requirements.len();
        let key = key(&new);
        let dispute = self.disputes.get(&key);
        let torn = |model: Option<Model>| dispute.and_then(|dispute| dispute.torn.of(model));
        let at = *self.known.entry(key).or_insert(next);
        let (Some(first), Some(mark)) = (self.requirements.get_mut(at), self.marks.get_mut(at)) else {
            self.marks.push(Mark { by: new.by, modality: new.modality, member: new.member });
            let needs = ByModel::each(|model| torn(model).or(new.needs.of(model)));
            let contrary = dispute.map(|dispute| dispute.against(new.modality.need())).unwrap_or_default();
            self.requirements.push(Requirement {
                target: new.target,
                need: strongest(&needs),
                needs,
                said: new.modality.need(),
                label: new.label,
                breaks: new.breaks,
                reason: new.reason,
                place: new.place,
                repeats: Vec::new(),
                contrary,
                torn: ByModel::each(|model| torn(model).is_some()),
            });
            return Some(next);
        };
        let contradicts = MODELS.iter().filter(|model| torn(**model).is_none()).any(|model| {
            let sides = (side(&first.needs, &mark.member, *model), side(&new.needs, &new.member, *model));
            matches!(sides, (Some(one), Some(other)) if one != other)
        });
        if contradicts {
            let by_pattern = mark.by == AskedBy::Pattern || new.by == AskedBy::Pattern;
            let name = first.target.permission().map_or_else(|| first.label.clone(), ToString::to_string);
            let (first_word, first_place) = (mark.modality.as_str(), first.place.clone());
            self.contradiction(
                &name,
                (new.modality.as_str(), &new.place),
                (first_word, &first_place),
                if by_pattern { "leave it out of the pattern: `except: [its id]`" } else { KEEP_ONE },
            );
            return None;
        }
        // The stronger need stands: required over optional, forbidden over not needed.
        first.needs = ByModel::each(|model| match (first.needs.of(model), new.needs.of(model)) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        });
        first.needs = ByModel::each(|model| torn(model).or(first.needs.of(model)));
        first.need = strongest(&first.needs);
        if first.contrary.iter().any(|contrary| contrary.place == new.place) {
            return Some(at);
        }
        mark.member = ByModel::each(|model| mark.member.of(model).max(new.member.of(model)));
        first.breaks = first.breaks.take().or(new.breaks);
        first.reason = first.reason.take().or(new.reason);
        // A line that names a thing speaks for it before a pattern that it fits does.
        let mut said = (new.label, new.place);
        let mut said_by = new.by;
        if new.by < mark.by {
            said_by = std::mem::replace(&mut mark.by, new.by);
            mark.modality = new.modality;
            std::mem::swap(&mut first.label, &mut said.0);
            std::mem::swap(&mut first.place, &mut said.1);
            first.said = new.modality.need();
        }
        // No other line's words are lost; a pattern has none for the one thing.
        let again = said.0 == first.label && said.1 == first.place;
        if said_by != AskedBy::Pattern && !again && !first.repeats.contains(&said) {
            first.repeats.push(said);
        }
        Some(at)
    }

    /// Two places that cannot both hold, each with the word that it says.
    pub(super) fn contradiction(
        &mut self,
        name: &str,
        new: (&str, &Spot),
        first: (&str, &Spot),
        help: &'static str,
    ) {
        let at = |spot: &Spot| self.texts.iter().find(|text| *text.name == *spot.file);
        let Some(text) = at(new.1).or_else(|| at(first.1)).or_else(|| self.texts.first()).cloned() else {
            return;
        };
        let kind = if text.name == self.texts[0].name { "policy" } else { "text" };
        let message = format!("{kind} `{}` contradicts itself about `{name}`", clean(&text.name));
        let problem = two_places(&text, new.1, first.1, message, "contradiction");
        let mut problem = problem.label(format!("{} here", need_key(new.0))).help(help);
        if let Some((_, label)) = &mut problem.related {
            *label = format!("{} here", need_key(first.0));
        }
        match self.problems.iter_mut().find(|problems| problems.source().name == text.name) {
            Some(problems) => problems.push(problem),
            None => {
                let mut problems = Problems::new(&text);
                problems.push(problem);
                self.problems.push(problems);
            }
        }
    }
}

/// What makes two asks the same.
pub(super) type Key = (Target, Option<Need>);

/// What makes two asks the same: what they point at, or, where that is nothing, their words.
pub(super) fn key(ask: &Ask) -> Key {
    let words = Some(strongest(&ask.needs));
    match &ask.target {
        Target::Unresolved { .. } => (Target::Unresolved { reason: ask.label.clone() }, words),
        list @ Target::ListNotKnown { reason: why, .. } => {
            let mut list = list.clone();
            if let Target::ListNotKnown { reason, .. } = &mut list {
                *reason = format!("{}: {why}", ask.label);
            }
            (list, words)
        }
        Target::Named { name, action } => {
            (Target::Named { name: name.to_lowercase(), action: action.clone() }, None)
        }
        other => (other.clone(), None),
    }
}

/// Whether something is wanted (or wanted gone) under a permission model; none: neither.
pub(super) fn side(
    needs: &ByModel<Option<Need>>,
    member: &ByModel<Truth>,
    model: Option<Model>,
) -> Option<bool> {
    match needs.of(model) {
        Some(need) => Some(is_wanted(need)),
        None => (member.of(model) != Truth::No).then_some(true),
    }
}

/// The strongest need over all permission models; what is only one of alternatives is optional by itself.
fn strongest(needs: &ByModel<Option<Need>>) -> Need {
    MODELS.iter().filter_map(|model| needs.of(*model)).min().unwrap_or(Need::Optional)
}

fn need_key(key: &str) -> String {
    match key {
        "requires" => "required".to_owned(),
        "not-needed" => "not needed".to_owned(),
        "needs" => "read".to_owned(),
        "minimum" => "needed at the least".to_owned(),
        other => other.to_owned(),
    }
}
