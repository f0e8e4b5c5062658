//! What each line asks for: sections to boxes, patterns to all that fit, what is read to what opens it.

use std::collections::{BTreeMap, BTreeSet};

use super::folded::{Ask, AskedBy, Folded, KEEP_ONE};
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::reads::{self, ReadKind};
use crate::catalogue::{Catalogue, builtin};
use crate::policy::blocks::{Audience, Membership, Name, Ownership, Population, STATUSES};
use crate::policy::lines::{Aim, ByModel, Field, Line, MODELS, Modality, Section, Truth, When};
use crate::policy::oddities::{self, words_of_a_field, words_of_boxes};
use crate::policy::{Alternatives, Model, Need, OwnBoxes, Policy, Spot, Target};

/// Turns lines into what they ask for.
pub(super) struct Asks<'a> {
    pub(super) policy: &'a Policy,
    pub(super) catalogue: &'a Catalogue,
    pub(super) folded: &'a mut Folded,
}

impl Asks<'_> {
    /// Every line, then whose data must be reachable.
    pub(super) fn all(&mut self) {
        let listed = self.listed();
        let mut asked = Vec::new();
        for line in &self.policy.lines {
            let from = asked.len();
            for part in line.parts() {
                match &part.aim {
                    Aim::Alternatives { only_one, branches } => {
                        asked.extend(self.alternatives(part, *only_one, branches, &listed));
                    }
                    _ => {
                        let holds = self.holds(part);
                        let needs = ByModel::each(|model| need_if(part.modality.need(), holds.of(model)));
                        asked.extend(self.asks(part, &listed).into_iter().map(|ask| {
                            let needs = listed.limit(part, &ask.target, needs);
                            Ask { needs, ..ask }
                        }));
                    }
                }
            }
            disputed_with(line, &mut asked[from..]);
        }
        asked.extend(self.population());
        self.folded.fold_all(asked);
    }

    fn holds(&self, line: &Line) -> ByModel<Truth> {
        line.when.truths(&self.policy.choices, &self.policy.facts)
    }

    /// What the branches ask for; the branches themselves are filled as that is folded.
    fn alternatives(
        &mut self,
        line: &Line,
        only_one: bool,
        branches: &[Vec<Line>],
        listed: &Listed,
    ) -> Vec<Ask> {
        let (need, place) = (line.modality.need(), line.place.clone());
        let number = self.folded.alternatives.len();
        let empty = vec![Vec::new(); branches.len()];
        self.folded.alternatives.push(Alternatives { need, only_one, branches: empty, place });
        let mut asked = Vec::new();
        for (at, branch) in branches.iter().enumerate() {
            for line in branch.iter().flat_map(Line::parts) {
                let (member, branch) = (self.holds(line), Some((number, at)));
                asked.extend(self.asks(line, listed).into_iter().map(|ask| Ask { member, branch, ..ask }));
            }
        }
        asked
    }

    /// The sections of which lines name a box that is wanted, and how much they want it.
    fn listed(&self) -> Listed {
        let mut listed = Listed::default();
        let parts = self.policy.lines.iter().flat_map(Line::parts);
        for line in parts.clone() {
            listed.add(line, line.modality.need(), self.holds(line));
        }
        // One of alternatives is optional by itself.
        for line in parts.filter(|line| matches!(line.aim, Aim::Alternatives { .. })).flat_map(Line::all) {
            listed.add(line, line.modality.need().max(Need::Optional), self.holds(line));
        }
        listed
    }

    /// What a line asks for; how much is for the caller to say. A box in a line that stands for several goes
    /// by HiBob's own label: the printed one would not tell it from the others.
    fn asks(&self, line: &Line, listed: &Listed) -> Vec<Ask> {
        let mut asks = self.asks_of(line, listed);
        let is_one = asks.windows(2).all(|pair| pair[0].target == pair[1].target);
        for ask in asks.iter_mut().filter(|_| !is_one) {
            match &ask.target {
                Target::Permission(id) => ask.label = self.catalogue.label(id),
                Target::Named { action: Some(action), .. } => ask.label = format!("{} ({action})", ask.label),
                Target::Field { field, action } if ask.by == AskedBy::Line => {
                    ask.label = words_of_boxes(field, &[*action], self.catalogue);
                }
                Target::Table { action, .. } if ask.by == AskedBy::Line && line.label.is_some() => {
                    ask.label.push_str(&format!(" ({})", action.verb()));
                }
                Target::Table { action: Action::History, .. } if ask.by == AskedBy::Read => {
                    ask.label.push_str(" (earlier rows)");
                }
                _ => {}
            }
        }
        asks
    }

    fn asks_of(&self, line: &Line, listed: &Listed) -> Vec<Ask> {
        let ask = |target: Target, label: String, by: AskedBy| Ask {
            target,
            label,
            by,
            breaks: line.breaks.clone(),
            reason: line.reason.clone(),
            place: line.place.clone(),
            modality: line.modality,
            disputed: false,
            needs: ByModel::each(|_| None),
            member: ByModel::each(|_| Truth::No),
            branch: None,
        };
        let own = |target: Target, otherwise: String| {
            ask(target, line.label.clone().unwrap_or(otherwise), AskedBy::Line)
        };
        let label = |id: &PermissionId| self.catalogue.label(id);
        match &line.aim {
            Aim::Permission(id) => vec![own(Target::Permission(id.clone()), label(id))],
            // A section that is not wanted is every box of it.
            Aim::Section { section: Section::Id(id), boxes }
                if boxes.is_empty()
                    && !oddities::is_wanted(line.modality.need())
                    && self.catalogue.boxes_of(id.section()).next().is_some() =>
            {
                let boxes = self.catalogue.boxes_of(id.section()).map(|permission| &permission.id);
                let target = |id: &PermissionId| Target::Permission(id.clone());
                boxes.map(|id| ask(target(id), label(id), AskedBy::Line)).collect()
            }
            Aim::Section { section: Section::Id(id), boxes } if boxes.is_empty() => {
                vec![own(Target::Section(id.clone()), id.section().to_owned())]
            }
            Aim::Section { section: Section::Id(id), boxes } => boxes
                .iter()
                .filter_map(|action| PermissionId::parse(&format!("{}/{action}", id.section())).ok())
                .map(|id| own(Target::Permission(id.clone()), label(&id)))
                .collect(),
            Aim::Section { section: Section::Named(name), boxes } => {
                let actions: Vec<Option<String>> =
                    if boxes.is_empty() { vec![None] } else { boxes.iter().cloned().map(Some).collect() };
                actions
                    .into_iter()
                    .map(|action| own(Target::Named { name: name.clone(), action }, name.clone()))
                    .collect()
            }
            Aim::Every { pattern, except, among_listed } => {
                let boxes = OwnBoxes {
                    pattern: pattern.clone(),
                    except: except.clone(),
                    among_listed: *among_listed,
                };
                let mut asks: Vec<Ask> = self
                    .catalogue
                    .permissions()
                    .map(|permission| &permission.id)
                    .filter(|id| boxes.takes(id) && (!among_listed || listed.has(id.section())))
                    .map(|id| ask(Target::Permission(id.clone()), label(id), AskedBy::Pattern))
                    .collect();
                if pattern.may_fit_a_tenants_own() {
                    let label = line.label.clone().unwrap_or_else(|| pattern.to_string());
                    asks.push(ask(Target::Own(boxes), label, AskedBy::Pattern));
                }
                asks
            }
            Aim::Printed { label, path } => {
                vec![own(Target::Printed { label: label.clone(), path: path.clone() }, label.clone())]
            }
            Aim::Unresolved(reason) => {
                vec![own(Target::Unresolved { reason: reason.clone() }, reason.clone())]
            }
            Aim::ListNotKnown { reason, among, except, role } => {
                let target = Target::ListNotKnown {
                    reason: reason.clone(),
                    among: among.clone(),
                    except: except.clone(),
                    read: line.modality == Modality::Needs,
                    role: *role,
                };
                vec![own(target, oddities::words_of_a_list(line).to_owned())]
            }
            Aim::Field { field, boxes } if boxes.is_empty() => {
                let label = line.label.clone().unwrap_or_else(|| words_of_a_field(field, self.catalogue));
                let target = Target::Field { field: field.clone(), action: Action::View };
                vec![ask(target, label, AskedBy::Read)]
            }
            Aim::Field { field, boxes } => boxes
                .iter()
                .map(|action| {
                    // What goes by an id of HiBob's own is the same box, however the line is written.
                    let is_id = builtin::all().iter().any(|known| known.id == field.name);
                    let target = if field.section.is_none() && is_id {
                        Target::Permission(PermissionId::field(&field.name, *action))
                    } else {
                        Target::Field { field: field.clone(), action: *action }
                    };
                    own(target, words_of_boxes(field, &[*action], self.catalogue))
                })
                .collect(),
            Aim::Table { name, all_rows, columns, .. } if !columns.is_empty() => {
                let fields =
                    columns.iter().filter_map(|column| reads::field_of(name, column, self.catalogue));
                fields
                    .flat_map(|field| {
                        let words = line.label.clone().unwrap_or_else(|| field.clone());
                        let past = Target::Permission(PermissionId::field(&field, Action::History));
                        let field = Field { name: field, section: None };
                        let now = Target::Field { field, action: Action::View };
                        let targets = std::iter::once(now).chain(all_rows.then_some(past));
                        targets.map(move |target| (target, words.clone())).collect::<Vec<_>>()
                    })
                    .map(|(target, words)| ask(target, words, AskedBy::Read))
                    .collect()
            }
            Aim::Table { name, boxes, .. } if !boxes.is_empty() => boxes
                .iter()
                .map(|action| {
                    let target = Target::Table { name: name.clone(), action: *action };
                    own(target, oddities::words_of_table_boxes(name, &[*action]))
                })
                .collect(),
            Aim::Table { name, all_rows, .. } => {
                let words = |id: &PermissionId| line.label.clone().unwrap_or_else(|| label(id));
                match reads::find(ReadKind::Table, name) {
                    Some(read) => {
                        let past = read.past.iter().filter(|_| *all_rows);
                        let boxes = read.now.iter().chain(past);
                        boxes
                            .map(|id| ask(Target::Permission(id.clone()), words(id), AskedBy::Read))
                            .collect()
                    }
                    None => [Some(Action::View), all_rows.then_some(Action::History)]
                        .into_iter()
                        .flatten()
                        .map(|action| {
                            let label = line.label.clone().unwrap_or_else(|| name.clone());
                            ask(Target::Table { name: name.clone(), action }, label, AskedBy::Read)
                        })
                        .collect(),
                }
            }
            Aim::Resource { name, .. } => {
                let words = |id: &PermissionId| line.label.clone().unwrap_or_else(|| label(id));
                let read = reads::find(ReadKind::Resource, name);
                let boxes = read.map_or(&[][..], |read| read.now.as_slice()).iter();
                boxes.map(|id| ask(Target::Permission(id.clone()), words(id), AskedBy::Read)).collect()
            }
            Aim::Alternatives { .. } | Aim::Together(_) => Vec::new(),
        }
    }

    /// Of HiBob's ways to choose people a group has one; which, a disputed block leaves to the others.
    fn choices_of_people(&mut self) {
        let policy = self.policy;
        let holds = |block: &&Population| {
            let truths = block.when.truths(&policy.choices, &policy.facts);
            MODELS.iter().any(|model| truths.of(*model) == Truth::Yes)
        };
        let chosen = |block: &&Population| block.choose.is_some_and(|choose| choose != Audience::Customer);
        let firm = policy.population.iter().filter(|block| block.disputed.is_none());
        let blocks: Vec<&Population> = firm.filter(chosen).filter(holds).collect();
        let Some((first, others)) = blocks.split_first() else { return };
        for other in others.iter().filter(|other| other.choose != first.choose) {
            let word = |block: &Population| block.choose.map_or("", Audience::as_str);
            let (new, first) = ((word(other), &other.place), (word(first), &first.place));
            self.folded.contradiction("Access data for", new, first, KEEP_ONE);
        }
    }

    /// A service user has one name and is in one group: two that hold for one customer are two service users.
    fn one_service_user(&mut self) {
        let policy = self.policy;
        let groups: Vec<&Membership> = policy.membership.iter().filter(|it| it.disputed.is_none()).collect();
        let mut said: Vec<Said<'_>> = Vec::new();
        for it in &policy.credentials {
            let Some(place) = &it.place else { continue };
            said.push(Said::new("the name of the service user", called(&it.names), &it.when, place));
        }
        for it in groups {
            said.push(Said::new("membership", called(&it.names), &it.when, &it.place));
            let own = it.own.filter(|own| *own != Ownership::Either).map(|own| own.as_str().to_owned());
            said.push(Said::new("whose group it is", own, &it.when, &it.place));
            let members = it.members.map(|members| members.as_str().to_owned());
            said.push(Said::new("the members of the group", members, &it.when, &it.place));
        }
        let holds = |said: &&Said<'_>| {
            let truths = said.when.truths(&policy.choices, &policy.facts);
            said.word.is_some() && MODELS.iter().any(|model| truths.of(*model) == Truth::Yes)
        };
        let said: Vec<&Said<'_>> = said.iter().filter(holds).collect();
        for (at, new) in said.iter().enumerate() {
            let Some(first) = said[..at].iter().find(|it| it.about == new.about) else { continue };
            let (Some(word), Some(known)) = (&new.word, &first.word) else { continue };
            if word != known {
                self.folded.contradiction(new.about, (word, new.place), (known, first.place), TWO_POLICIES);
            }
        }
    }

    fn population(&mut self) -> Vec<Ask> {
        let policy = self.policy;
        self.choices_of_people();
        self.one_service_user();
        let blocks = policy.population.iter();
        blocks.flat_map(|block| population(block, policy, self.catalogue)).collect()
    }
}

/// What is said against a printed line is said against all that stands in it.
fn disputed_with(line: &Line, asked: &mut [Ask]) {
    for disputed in line.all().into_iter().filter(|line| line.disputed.is_some()) {
        let places: BTreeSet<&Spot> = disputed.all().into_iter().map(|line| &line.place).collect();
        asked.iter_mut().filter(|ask| places.contains(&ask.place)).for_each(|ask| ask.disputed = true);
    }
}

/// The sections that lines list, and how much the strongest of those lines wants it.
#[derive(Default)]
pub(super) struct Listed(BTreeMap<String, ByModel<Option<Need>>>);

impl Listed {
    fn add(&mut self, line: &Line, need: Need, holds: ByModel<Truth>) {
        if let Aim::Permission(id) | Aim::Section { section: Section::Id(id), .. } = &line.aim
            && oddities::is_wanted(need)
        {
            let known = self.0.entry(id.section().to_owned()).or_insert(ByModel::each(|_| None));
            let new = ByModel::each(|model| need_if(need, holds.of(model)));
            *known = ByModel::each(|model| match (known.of(model), new.of(model)) {
                (Some(one), Some(another)) => Some(one.min(another)),
                (one, another) => one.or(another),
            });
        }
    }

    fn of(&self, section: &str, model: Option<Model>) -> Option<Need> {
        self.0.get(section)?.of(model)
    }

    fn has(&self, section: &str) -> bool {
        self.0.get(section).is_some_and(|needs| MODELS.iter().any(|model| needs.of(*model).is_some()))
    }

    /// A box of a pattern `among: listed` is wanted no more strongly than the line that lists its section.
    fn limit(&self, line: &Line, target: &Target, needs: ByModel<Option<Need>>) -> ByModel<Option<Need>> {
        let (Aim::Every { among_listed: true, .. }, Target::Permission(id)) = (&line.aim, target) else {
            return needs;
        };
        ByModel::each(|model| {
            let (need, listed) = (needs.of(model)?, self.of(id.section(), model)?);
            Some(if oddities::is_wanted(need) { need.max(listed) } else { need })
        })
    }
}

/// What a block says of the service user or of its group, of which there can be but one.
struct Said<'a> {
    about: &'static str,
    word: Option<String>,
    when: &'a When,
    place: &'a Spot,
}

impl<'a> Said<'a> {
    fn new(about: &'static str, word: Option<String>, when: &'a When, place: &'a Spot) -> Self {
        Self { about, word, when, place }
    }
}

/// The names of something, where any are given that are no examples.
fn called(names: &[Name]) -> Option<String> {
    let names: Vec<&str> =
        names.iter().filter(|name| !name.is_example).map(|name| name.text.as_str()).collect();
    (!names.is_empty()).then(|| format!("called {}", names.join(", ")))
}

/// What is to be done about two service users.
const TWO_POLICIES: &str = "one policy is for one service user: of two with boxes of their own, make two policies, of which one may \
                            start from the other (`extends`); of several that are alike, write one block with a list of names";

/// What a block of the population asks for.
fn population(population: &Population, policy: &Policy, catalogue: &Catalogue) -> Vec<Ask> {
    let holds = population.when.truths(&policy.choices, &policy.facts);
    // What breaks without people breaks by those who must not be seen only where nobody else is spoken of.
    let Population { at_least, exactly, not_only, recommended, never, .. } = population;
    let wants_some = [at_least, exactly, not_only, recommended].iter().any(|statuses| !statuses.is_empty());
    let breaks = |need: Need| match need {
        Need::Required => population.breaks.clone(),
        Need::Forbidden => population.breaks.clone().filter(|_| !wants_some),
        Need::Optional | Need::NotNeeded => None,
    };
    let shown = |status: &str| {
        STATUSES
            .iter()
            .find(|(known, _)| *known == status)
            .map_or(status.to_owned(), |(_, shown)| (*shown).to_owned())
    };
    let mut asks = Vec::new();
    let by_need = |need: Need| ByModel::each(|model| need_if(need, holds.of(model)));
    let mut ask = |target: Target, label: String, need: Need, needs: ByModel<Option<Need>>, place: &Spot| {
        asks.push(Ask {
            target,
            label,
            by: AskedBy::Line,
            breaks: breaks(need),
            reason: None,
            place: place.clone(),
            modality: match need {
                Need::Required => Modality::Requires,
                Need::Optional => Modality::Optional,
                Need::NotNeeded => Modality::NotNeeded,
                Need::Forbidden => Modality::Forbidden,
            },
            disputed: population.disputed.is_some(),
            needs,
            member: ByModel::each(|_| Truth::No),
            branch: None,
        });
    };
    let mut status = |id: &str, need: Need, place: &Spot| {
        let label = format!("Access data for: people whose lifecycle status is {}", shown(id));
        let target = Target::Permission(catalogue.canonical(&PermissionId::population(id)));
        // What comes to an exact choice under a condition is not forbidden where that holds, nor where nobody knows.
        let widening = population.widened_by(id, &policy.population);
        let widened = |model: Option<Model>| {
            widening
                .iter()
                .any(|block| block.when.truths(&policy.choices, &policy.facts).of(model) != Truth::No)
        };
        let is_rest = need == Need::Forbidden && !never.iter().any(|status| status.id == id);
        let needs =
            ByModel::each(|model| need_if(need, holds.of(model)).filter(|_| !(is_rest && widened(model))));
        ask(target, label, need, needs, place);
    };
    // What is left to the customer is a proposal.
    let is_proposal = population.choose == Some(Audience::Customer);
    let wants = if is_proposal { Need::Optional } else { Need::Required };
    for wanted in population.at_least.iter().chain(&population.exactly) {
        status(wanted.id, wants, &wanted.place);
    }
    for wanted in &population.recommended {
        status(wanted.id, Need::Optional, &wanted.place);
    }
    for unwanted in &population.never {
        status(unwanted.id, Need::Forbidden, &unwanted.place);
    }
    if let Some(first) = population.exactly.first().filter(|_| !is_proposal) {
        let wanted = |id: &str| population.exactly.iter().any(|status| status.id == id);
        for (id, _) in STATUSES.iter().filter(|(id, _)| !wanted(id)) {
            status(id, Need::Forbidden, &first.place);
        }
    }
    if let Some(first) = population.not_only.first() {
        let ids: Vec<&'static str> = population.not_only.iter().map(|status| status.id).collect();
        let names: Vec<String> = ids.iter().map(|id| shown(id)).collect();
        let label =
            format!("Access data for: not only people whose lifecycle status is {}", names.join(" or "));
        ask(Target::NotOnly(ids), label, wants, by_need(wants), &first.place);
    }
    for (count, place) in &population.head_count {
        let label = format!("Access data for: {count} people");
        ask(Target::HeadCount(*count), label, Need::Required, by_need(Need::Required), place);
    }
    asks
}

/// How much a line wants something whose condition holds, does not, or is open: then it is neither missing
/// nor excess.
fn need_if(need: Need, holds: Truth) -> Option<Need> {
    match holds {
        Truth::Yes => Some(need),
        Truth::Open if matches!(need, Need::Required | Need::Optional) => Some(Need::Optional),
        Truth::Open | Truth::No => None,
    }
}
