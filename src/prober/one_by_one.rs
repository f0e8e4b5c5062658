//! What is asked about one person at a time: about somebody of every audience that can be told apart, and no
//! more people than that takes, until somebody is answered.
//!
//! The first of each question are asked about at once. Everybody else is a request more, and there is room
//! for so many only. A refusal denies where it is that of every audience, so half of them say next to
//! nothing: whoever can be asked to the end goes first, in the order in which the questions come, those of
//! the policies before the sweep.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::Prober;
use crate::catalogue::rows::{Endpoint, Shape};
use crate::evidence::roster::{Person, of_each_audience, varied};
use crate::evidence::{Evidence, Kinds, ListSeen, Reply, TableSeen, read};
use crate::plan::PERSONS_TRIED;

/// The policy type that most tenants have, where no name of one could be read.
const USUAL_POLICY_TYPE: &str = "Holiday";

/// How many refusals the budget must have room for, beside the one of a question that might be left out.
const SPARE_DENIALS: usize = 2;

/// How many people are tried where the answer about one was no refusal and had nothing to see.
const OTHERS_TRIED: usize = 2;

/// How much an answer about one person says.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Telling {
    Nothing,
    Refused,
    Empty,
    Something,
}

fn telling(list: &ListSeen) -> Telling {
    match (list.seen.reply, list.items) {
        (Reply::Answered, Some(0)) => Telling::Empty,
        (Reply::Answered, _) => Telling::Something,
        _ if list.seen.is_refusal() => Telling::Refused,
        _ => Telling::Nothing,
    }
}

/// What came back so far.
enum Told {
    /// The answer that says the most.
    List(Option<ListSeen>),
    Table(Vec<TableSeen>),
}

/// One question, and the people to ask it about.
pub(in crate::prober) struct OneByOne<'e> {
    endpoint: &'e Endpoint,
    /// The id of a table of the tenant's own.
    own_table: Option<String>,
    /// Somebody of every audience, and then those who are tried where there was nothing to see of the first.
    people: Vec<&'e Person>,
    /// How many of these stand for a kind.
    of_kinds: usize,
    asked: usize,
    /// Of whom something came back.
    answered: Option<&'e Person>,
    kinds: Kinds,
    /// Whether there was no room to ask it to the end.
    no_room: bool,
    told: Told,
}

impl<'e> OneByOne<'e> {
    fn new(endpoint: &'e Endpoint, own_table: Option<String>, everybody: &'e [Person], turn: usize) -> Self {
        let is_table = matches!(endpoint.shape, Shape::Table | Shape::OwnTable);
        let mut people = of_each_audience(everybody, turn);
        let kinds = Kinds { told_apart: read::count(people.len()), ..Kinds::default() };
        people.truncate(PERSONS_TRIED);
        let of_kinds = people.len();
        let asked = people.iter().map(|person| person.id.as_str()).collect();
        let most = if is_table { PERSONS_TRIED } else { OTHERS_TRIED };
        people.extend(varied(everybody, most.saturating_sub(of_kinds), &asked));
        let told = if is_table { Told::Table(Vec::new()) } else { Told::List(None) };
        Self { endpoint, own_table, people, of_kinds, asked: 0, answered: None, kinds, no_room: false, told }
    }

    /// A table of the tenant's own.
    pub(in crate::prober) fn of_own_table(
        endpoint: &'e Endpoint,
        table: String,
        everybody: &'e [Person],
        turn: usize,
    ) -> Self {
        Self::new(endpoint, Some(table), everybody, turn)
    }

    /// How many more people there are to ask about, as far as the answers go.
    fn wanting(&self, policy_type: Option<&str>) -> usize {
        let (is_settled, is_worth_another) = match &self.told {
            Told::List(best) => (
                best.as_ref().is_some_and(|list| telling(list) == Telling::Something),
                best.as_ref().is_some_and(|list| self.is_worth_another(list, policy_type)),
            ),
            // Somebody without a row may be answered with nothing at all.
            Told::Table(looks) => looks.last().map_or((false, false), |look| {
                let is_nothing = look.seen.reply == Reply::NotAnApiAnswer;
                (!is_nothing && !look.seen.is_refusal(), is_nothing)
            }),
        };
        if is_settled {
            0
        } else if self.asked < self.of_kinds {
            self.of_kinds - self.asked
        } else {
            usize::from(is_worth_another && self.asked < self.people.len())
        }
    }

    fn is_worth_another(&self, list: &ListSeen, policy_type: Option<&str>) -> bool {
        // A policy type that was only guessed may be what is not found, whomever it is asked of.
        let by_a_guess =
            policy_type.is_none() && self.endpoint.query.values().any(|value| value == "{policy-type}");
        match telling(list) {
            Telling::Empty => true,
            Telling::Nothing => {
                let is_unknown = matches!(list.seen.reply, Reply::NotFound | Reply::BadRequest);
                is_unknown && self.endpoint.path.contains("{person}") && !by_a_guess
            }
            Telling::Refused | Telling::Something => false,
        }
    }

    /// Asks about the next person.
    async fn ask_next(&mut self, prober: &Prober<'_>, policy_type: Option<&str>) {
        let Some(person) = self.people.get(self.asked) else { return };
        let mut slots = prober.slots().text("person", &person.id);
        let seen = match &mut self.told {
            Told::List(best) => {
                let slots = slots.text("policy-type", policy_type.unwrap_or(USUAL_POLICY_TYPE));
                let (_, kept) = prober.list(self.endpoint, slots).await;
                let seen = kept.list.seen;
                if best.as_ref().is_none_or(|best| telling(&kept.list) > telling(best)) {
                    *best = Some(kept.list);
                }
                seen
            }
            Told::Table(looks) => {
                if let Some(table) = &self.own_table {
                    slots = slots.text("table", table);
                }
                let (look, _) = prober.look(self.endpoint, slots, &BTreeMap::new()).await;
                let seen = look.seen;
                looks.push(look);
                seen
            }
        };
        if self.asked < self.of_kinds && seen.is_refusal() {
            self.kinds.refused += 1;
        }
        if seen.reply == Reply::Answered {
            self.answered = Some(person);
        }
        self.asked += 1;
    }

    /// Whether all people seem to be of one kind, and the one who was asked about was refused.
    fn is_refused_of_the_only_kind(&self) -> bool {
        self.kinds == (Kinds { told_apart: 1, refused: 1 }) && self.asked == 1
    }

    /// Keeps what came back as evidence.
    pub(in crate::prober) fn keep(self, evidence: &mut Evidence) {
        let id = self.endpoint.id.clone();
        let of = self.own_table.clone().unwrap_or_else(|| id.to_string());
        if self.no_room {
            evidence.no_room.insert(of.clone());
        }
        evidence.kinds.insert(of, self.kinds);
        match (self.told, self.own_table) {
            (Told::List(best), _) => {
                evidence.answers.insert(id, best.unwrap_or_default());
            }
            (Told::Table(looks), None) => {
                evidence.tables.insert(id, looks);
            }
            (Told::Table(looks), Some(table)) => {
                evidence.custom_rows.insert(table, looks);
            }
        }
    }
}

impl Prober<'_> {
    /// The people to ask one question about.
    pub(in crate::prober) fn about_people<'e>(
        &self,
        endpoint: &'e Endpoint,
        everybody: &'e [Person],
    ) -> OneByOne<'e> {
        OneByOne::new(endpoint, None, everybody, self.turn(endpoint))
    }

    /// Asks each question about one person, and about others as far as there is room for more requests.
    pub(in crate::prober) async fn ask_about_each<'e>(
        &self,
        mut questions: Vec<OneByOne<'e>>,
        policy_type: Option<&str>,
        room: &mut usize,
    ) -> Vec<OneByOne<'e>> {
        join_all(questions.iter_mut().map(|question| question.ask_next(self, policy_type))).await;
        self.ask_about_others(&mut questions, policy_type, room).await;
        // Where nobody was answered this may be a block, and the canary wants room as well.
        let kept_free = usize::from(questions.iter().all(|question| question.answered.is_none()));
        if *room > kept_free && self.client.denials_left() > SPARE_DENIALS {
            *room -= usize::from(self.doubt_that_all_are_alike(&mut questions, policy_type).await);
            self.ask_about_others(&mut questions, policy_type, room).await;
        }
        for question in &mut questions {
            question.no_room = question.wanting(policy_type) > 0;
        }
        questions
    }

    async fn ask_about_others(
        &self,
        questions: &mut [OneByOne<'_>],
        policy_type: Option<&str>,
        room: &mut usize,
    ) {
        loop {
            let wanting: Vec<usize> =
                questions.iter().map(|question| question.wanting(policy_type)).collect();
            let turns = share(&wanting, *room);
            let now: Vec<_> =
                questions.iter_mut().zip(&turns).filter(|(_, turn)| **turn).map(|(asked, _)| asked).collect();
            if now.is_empty() {
                break;
            }
            *room -= now.len();
            join_all(now.into_iter().map(|question| question.ask_next(self, policy_type))).await;
        }
    }

    /// Asks a question that was refused of the only kind of people there seems to be about one more of them, who
    /// may be in another audience all the same: of whom another question was answered, if there is such a one.
    /// Says whether there was one to ask.
    ///
    /// If this one is answered, a refusal is one person's and no longer everybody's, of the other questions too.
    async fn doubt_that_all_are_alike(
        &self,
        questions: &mut [OneByOne<'_>],
        policy_type: Option<&str>,
    ) -> bool {
        let answered = questions.iter().find_map(|question| question.answered);
        // A table says the same of whoever has no row in it.
        let is_telling = |question: &&mut OneByOne<'_>| {
            matches!(question.told, Told::Table(_)) && question.is_refused_of_the_only_kind()
        };
        let Some(question) = questions.iter_mut().find(is_telling) else { return false };
        if let Some(person) = answered.filter(|person| person.id != question.people[0].id) {
            question.people.insert(1, person);
        }
        if question.people.len() < 2 {
            return false;
        }
        question.ask_next(self, policy_type).await;
        let Some(person) = question.answered else { return true };
        for question in questions.iter_mut().filter(|question| question.is_refused_of_the_only_kind()) {
            question.people.truncate(1);
            if person.id != question.people[0].id {
                question.people.push(person);
            }
            question.of_kinds = question.people.len();
            question.kinds.told_apart = 2;
        }
        true
    }
}

/// Whose turn it is, where each wants to ask about so many more people and there is room for some of them:
/// all who can be asked to the end, or else the first.
fn share(wanting: &[usize], room: usize) -> Vec<bool> {
    let mut left = room;
    let mut turns: Vec<bool> = wanting
        .iter()
        .map(|wanting| {
            let fits = *wanting > 0 && *wanting <= left;
            left -= if fits { *wanting } else { 0 };
            fits
        })
        .collect();
    if room > 0 && !turns.contains(&true) {
        turns = wanting.iter().map(|wanting| *wanting > 0).collect();
        let first = turns.iter().position(|turn| *turn);
        turns.iter_mut().enumerate().for_each(|(at, turn)| *turn = Some(at) == first);
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_can_be_asked_to_the_end_goes_first_and_no_room_is_left_unused() {
        assert_eq!(share(&[3, 1, 0, 2], 3), [true, false, false, false]);
        assert_eq!(share(&[3, 1, 0, 2], 2), [false, true, false, false]);
        assert_eq!(share(&[3, 0, 1, 2], 6), [true, false, true, true]);
        assert_eq!(share(&[0, 3, 3], 2), [false, true, false]);
        assert_eq!(share(&[1, 1], 0), [false, false]);
        assert_eq!(share(&[0, 0], 5), [false, false]);
    }
}
