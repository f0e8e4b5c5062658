//! Who can be asked about: ids of people, and what makes a sample varied. Lives only while a round
//! runs; nothing of it becomes evidence, is printed or is written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::RowsOfKind;
use super::read::{Late, count, day, text_of};

/// The fields that make a sample varied, asked for together with the ids. Which of them come back for
/// whom also tells people in different audiences apart.
pub const VARYING_FIELDS: [&str; 7] = [
    "root.companyId",
    "internal.lifecycleStatus",
    "internal.status",
    "work.siteId",
    "work.isManager",
    "work.startDate",
    "employee.firstDayOfWork",
];

/// One person, as far as choosing and dating need.
#[derive(Clone, Default)]
pub struct Person {
    /// HiBob's id. Never leaves the process but in a request to HiBob.
    pub id: String,
    /// Lifecycle status, in the spelling of permission ids.
    pub status: Option<String>,
    /// First day of work, `YYYY-MM-DD`.
    pub first_day: Option<String>,
    /// What else makes people differ: site, manager or not, access status.
    pub traits: Vec<String>,
    /// What came back of this person at all, fields and categories by name: people in different audiences
    /// show different ones.
    pub shown: BTreeSet<String>,
    /// Of `shown`, what a person's data cannot explain: where it differs, audiences do.
    pub surely_shown: BTreeSet<String>,
    /// What `shown` rests on.
    pub asked: Asked,
}

/// What was asked about a person in a search that names people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// Nothing: the person was in no sample, or came back with nothing that a sample had not shown before.
    #[default]
    Nothing,
    /// The fields that stayed away in the first sample, and no others.
    WhatStayedAway,
    /// Every field.
    Whole,
}

impl Person {
    /// Whether anything came back that makes this person differ from others, for a sample to be varied.
    pub fn is_told_apart(&self) -> bool {
        self.status.is_some() || self.first_day.is_some() || !self.traits.is_empty()
    }
}

/// A person whose lifecycle status the operator knows.
#[derive(Clone)]
pub struct KnownPerson {
    /// The status, in the spelling of permission ids.
    pub status: String,
    /// HiBob's id. Never leaves the process but in a request to HiBob.
    pub id: String,
}

/// A lifecycle status in the spelling of permission ids: `Garden leave` is `garden-leave`.
pub fn normal_status(status: &str) -> String {
    let mut words = String::new();
    let mut after_lowercase = false;
    for character in status.trim().chars() {
        if character.is_alphanumeric() {
            // `gardenLeave` is two words as well.
            if character.is_uppercase() && after_lowercase {
                words.push('-');
            }
            words.extend(character.to_lowercase());
        } else if !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
        after_lowercase = character.is_lowercase();
    }
    words.trim_end_matches('-').to_owned()
}

/// What is longer tells nobody apart, and is no id: a large company of such people would fill the memory.
const LONGEST: usize = 128;

/// Reads one employee of a search answer.
pub fn person(row: &Value) -> Person {
    let read = |dotted: &str| {
        let slash = format!("/{}", dotted.replace('.', "/"));
        let nested = dotted.strip_prefix("root.").unwrap_or(dotted);
        row.get(&slash)
            .map(|slot| slot.get("value").unwrap_or(slot))
            .or_else(|| nested.split('.').try_fold(row, |value, key| value.get(key)))
    };
    let traits = ["internal.status", "work.siteId", "work.isManager"]
        .iter()
        .filter_map(|field| Some(format!("{field}={}", read(field).filter(|value| !value.is_null())?)))
        .filter(|of_person| of_person.len() <= LONGEST)
        .collect();
    let shown = VARYING_FIELDS
        .iter()
        .filter(|field| read(field).is_some())
        .map(|field| (*field).to_owned())
        .collect();
    Person {
        asked: Asked::Nothing,
        surely_shown: BTreeSet::new(),
        shown,
        id: read("root.id").and_then(text_of).filter(|id| id.len() <= LONGEST).unwrap_or_default(),
        status: read("internal.lifecycleStatus")
            .and_then(Value::as_str)
            .filter(|status| status.len() <= LONGEST)
            .map(normal_status),
        first_day: ["work.startDate", "employee.firstDayOfWork"].iter().find_map(|field| day(read(field)?)),
        traits,
    }
}

/// As few people as belong to every audience that can be told apart, those in the most of them first.
///
/// A group gives its rights to one audience, and what came back of whom shows these audiences. Who is in all
/// of them holds what any group gives, so their answer stands for everybody's; else several people do.
/// Whoever shows no more than another is a kind of their own where the difference is sure, and none where
/// it may lie in the data, or in what was asked: somebody without a manager has no name of one to show.
/// `turn` chooses among people of the same kind: a right that only some of them are in the audience of shows
/// the sooner the more of them are asked about.
pub fn of_each_audience(people: &[Person], turn: usize) -> Vec<&Person> {
    let kinds = kinds(people);
    let kinds: Vec<(&Person, &Vec<&Person>)> =
        kinds.iter().filter_map(|alike| Some((*alike.first()?, alike))).collect();
    let shows: Vec<&Person> = kinds.iter().map(|(shows, _)| *shows).collect();
    covering(&shows).into_iter().filter_map(|at| alike_at(kinds[at].1, turn)).collect()
}

/// Of people who stand for a kind each, those who together are in every audience: greedily, whoever is in the
/// most that nobody chosen before is in.
fn covering(kinds: &[&Person]) -> Vec<usize> {
    let mut open = audiences(kinds);
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let covers = |at: &usize| open.iter().filter(|audience| audience.contains(at)).count();
        let best = (0..kinds.len()).rev().max_by_key(|at| (covers(at), kinds[*at].shown.len()));
        let Some(best) = best.filter(|best| covers(best) > 0) else { break };
        open.retain(|audience| !audience.contains(&best));
        chosen.push(best);
    }
    chosen
}

/// The audiences that explain what came back of whom, as sets of kinds.
///
/// Those of whom one thing came back are an audience, or several that overlap. Where the smaller audiences
/// among them account for all of them, nothing speaks for another; else for one of those who are left.
fn audiences(kinds: &[&Person]) -> BTreeSet<BTreeSet<usize>> {
    let mut of: BTreeMap<(Asked, &str), BTreeSet<usize>> = BTreeMap::new();
    for (at, kind) in kinds.iter().enumerate() {
        // What was not asked about somebody did not stay away.
        of.entry((kind.asked, "")).or_default().insert(at);
        for name in &kind.shown {
            of.entry((kind.asked, name)).or_default().insert(at);
        }
    }
    let of: BTreeSet<BTreeSet<usize>> = of.into_values().collect();
    let left_of = |audience: &BTreeSet<usize>| -> BTreeSet<usize> {
        let smaller = of.iter().filter(|other| *other != audience && other.is_subset(audience));
        let told: BTreeSet<usize> = smaller.flatten().copied().collect();
        audience.difference(&told).copied().collect()
    };
    of.iter().map(left_of).filter(|left| !left.is_empty()).collect()
}

/// Of which kinds of people the rows of a table are, `asked` for these people or for everybody.
pub fn by_kind(people: &[Person], asked: Option<&BTreeSet<String>>, late: &Late) -> Vec<RowsOfKind> {
    let of_kind = |alike: &Vec<&Person>| {
        let alike: Vec<&str> = alike
            .iter()
            .map(|person| person.id.as_str())
            .filter(|id| asked.is_none_or(|asked| asked.contains(*id)))
            .collect();
        let rows: Vec<bool> = alike.iter().filter_map(|id| late.get(*id)).copied().collect();
        RowsOfKind {
            asked: count(alike.len()),
            with_rows: count(rows.len()),
            late: count(rows.iter().filter(|is_late| **is_late).count()),
        }
    };
    kinds(people).iter().map(of_kind).collect()
}

/// The kinds of people that can be told apart, each with those who are surely of it.
fn kinds(people: &[Person]) -> Vec<Vec<&Person>> {
    let mut audiences: BTreeMap<Shows<'_>, Vec<&Person>> = BTreeMap::new();
    let nobody_sampled = people.iter().all(|person| person.asked == Asked::Nothing);
    for person in varied(people, people.len(), &BTreeSet::new()) {
        if person.asked != Asked::Nothing || nobody_sampled {
            audiences.entry(Shows::of(person)).or_default().push(person);
        }
    }
    let is_a_kind = |shows: &Shows<'_>| !audiences.keys().any(|other| shows.may_be_of_the_kind_of(other));
    audiences.iter().filter(|(shows, _)| is_a_kind(shows)).map(|(_, alike)| alike.clone()).collect()
}

/// What came back of a person, to be held against that of others.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shows<'a> {
    asked: Asked,
    all: &'a BTreeSet<String>,
    surely: &'a BTreeSet<String>,
}

impl<'a> Shows<'a> {
    fn of(person: &'a Person) -> Self {
        Self { asked: person.asked, all: &person.shown, surely: &person.surely_shown }
    }

    /// Whether these people, who show less than others, may be in the same audiences all the same.
    fn may_be_of_the_kind_of(&self, other: &Self) -> bool {
        self != other
            && other.all.is_superset(self.all)
            && match (self.asked, other.asked) {
                (Asked::WhatStayedAway, Asked::Whole) => other.surely.is_superset(self.surely),
                (one, another) => {
                    one == another && other.surely == self.surely && other.all.len() > self.all.len()
                }
            }
    }
}

/// One of several people alike, as different as can be from those of other turns: of another status, site
/// or standing as a manager, each first in turn.
fn alike_at<'a>(alike: &[&'a Person], turn: usize) -> Option<&'a Person> {
    let mut firsts: Vec<&'a Person> = Vec::new();
    let mut rest: Vec<&'a Person> = Vec::new();
    let mut seen = BTreeSet::new();
    for person in alike {
        if seen.insert((&person.status, &person.traits)) { firsts.push(person) } else { rest.push(person) }
    }
    firsts.extend(rest);
    firsts.get(turn % firsts.len().max(1)).copied()
}

/// Chooses people who differ: each next one brings the most that nobody chosen before has.
///
/// The order of the answer does not matter: ties go to the smallest id, and `skip` are never chosen.
pub fn varied<'a>(people: &'a [Person], wanted: usize, skip: &BTreeSet<&str>) -> Vec<&'a Person> {
    let mut pool: Vec<&Person> =
        people.iter().filter(|person| !person.id.is_empty() && !skip.contains(person.id.as_str())).collect();
    pool.sort_by(|a, b| a.id.cmp(&b.id));
    pool.dedup_by(|a, b| a.id == b.id);
    if pool.len() <= wanted {
        return pool;
    }
    // Grouped by what they have in common, then taken in turn: the first of each group, the second, …
    let mut groups: BTreeMap<Vec<String>, Vec<&Person>> = BTreeMap::new();
    for person in pool {
        let tenure = person.first_day.as_deref().and_then(|day| day.get(..4)).unwrap_or("").to_owned();
        let mut key = vec![person.status.clone().unwrap_or_default()];
        key.extend(person.traits.iter().cloned());
        key.push(tenure);
        groups.entry(key).or_default().push(person);
    }
    // Statuses first, so that a rare status is not crowded out by a common one.
    let mut by_status: BTreeMap<&str, Vec<Vec<&Person>>> = BTreeMap::new();
    for (key, group) in &groups {
        by_status.entry(key[0].as_str()).or_default().push(group.clone());
    }
    let mut queues: Vec<Vec<&Person>> = by_status.into_values().map(interleave).collect();
    for queue in &mut queues {
        queue.reverse();
    }
    let mut chosen = Vec::with_capacity(wanted);
    while chosen.len() < wanted && queues.iter().any(|queue| !queue.is_empty()) {
        for queue in &mut queues {
            if chosen.len() < wanted
                && let Some(person) = queue.pop()
            {
                chosen.push(person);
            }
        }
    }
    chosen
}

/// The first of each group, then the second of each, and so on.
fn interleave(groups: Vec<Vec<&Person>>) -> Vec<&Person> {
    let longest = groups.iter().map(Vec::len).max().unwrap_or(0);
    // A stride through the groups keeps neighbours (same site, next year) apart.
    let stride = (groups.len() / 3).max(1);
    let order: Vec<usize> = (0..stride).flat_map(|offset| (offset..groups.len()).step_by(stride)).collect();
    let mut queue = Vec::new();
    for round in 0..longest {
        queue.extend(order.iter().filter_map(|at| groups[*at].get(round).copied()));
    }
    queue
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_status_is_the_same_in_every_spelling() {
        for spelling in
            ["Garden leave", "garden leave", "gardenLeave", "GARDEN LEAVE", "garden-leave", " Garden_Leave "]
        {
            assert_eq!(normal_status(spelling), "garden-leave", "{spelling}");
        }
        assert_eq!(normal_status("Employed"), "employed");
    }

    #[test]
    fn a_person_is_read_from_either_form() {
        let slash =
            person(&json!({"/root/id": {"value": "7"}, "/internal/lifecycleStatus": {"value": "Employed"},
            "/work/startDate": {"value": "2020-02-03"}}));
        let nested = person(
            &json!({"id": "7", "internal": {"lifecycleStatus": "Employed"}, "work": {"startDate": "2020-02-03"}}),
        );
        for read in [slash, nested] {
            assert_eq!((read.id.as_str(), read.status.as_deref()), ("7", Some("employed")));
            assert_eq!(read.first_day.as_deref(), Some("2020-02-03"));
        }
    }

    #[test]
    fn each_audience_that_can_be_told_apart_is_tried() {
        let person = |id: &str, shown: &[&str]| Person {
            id: id.to_owned(),
            shown: shown.iter().map(|name| (*name).to_owned()).collect(),
            ..Person::default()
        };
        let ids = |people: &[Person]| {
            of_each_audience(people, 0).iter().map(|person| person.id.clone()).collect::<Vec<_>>()
        };
        let alike: Vec<Person> = (0..9).map(|n| person(&n.to_string(), &["work.startDate"])).collect();
        assert_eq!(ids(&alike).len(), 1);
        let mut two = alike.clone();
        two[7].shown = BTreeSet::from(["people".to_owned(), "payroll".to_owned()]);
        assert_eq!(ids(&two), ["7", "0"]);
        two[7].shown.insert("work.startDate".to_owned());
        assert_eq!(ids(&two), ["7"], "no more than data may tell them apart");
        two[7].surely_shown.insert("payroll".to_owned());
        assert_eq!(ids(&two), ["7", "0"], "whoever shows less may alone be in another audience");
        two[7].surely_shown.clear();
        two[7].shown = BTreeSet::new();
        assert_eq!(ids(&two), ["0"]);
        assert_eq!(ids(&[person("only", &[])]), ["only"]);
        // Who is in two audiences stands for both, and what is left of a third has to be asked as well.
        let mut three = alike.clone();
        for (at, also) in [(1, vec!["payroll"]), (2, vec!["home"]), (3, vec!["home", "payroll"])] {
            three[at].surely_shown.extend(also.into_iter().map(str::to_owned));
            let surely = three[at].surely_shown.clone();
            three[at].shown.extend(surely);
        }
        assert_eq!(ids(&three), ["3", "0"]);
        three.retain(|person| !person.surely_shown.is_empty());
        assert_eq!(ids(&three), ["3"], "nothing speaks for an audience beside the two");
        three.retain(|person| person.id != "3");
        assert_eq!(ids(&three), ["2", "1"]);
        let in_turn: BTreeSet<&str> =
            (0..5).map(|turn| of_each_audience(&alike, turn)[0].id.as_str()).collect();
        assert_eq!(in_turn.len(), 5, "people of one kind are asked about in turn");
    }

    #[test]
    fn rows_are_sorted_by_kind_of_person_among_those_who_were_asked_for() {
        let people: Vec<Person> = (0..6)
            .map(|at| Person {
                id: at.to_string(),
                asked: Asked::Whole,
                shown: BTreeSet::from([if at < 4 { "work" } else { "home" }.to_owned()]),
                ..Person::default()
            })
            .collect();
        let late: Late =
            [("0", true), ("1", false), ("2", true)].map(|(id, late)| (id.to_owned(), late)).into();
        let sorted = |asked: Option<&BTreeSet<String>>| -> Vec<(u32, u32, u32)> {
            let kinds = by_kind(&people, asked, &late);
            kinds.iter().map(|kind| (kind.asked, kind.with_rows, kind.late)).collect()
        };
        assert_eq!(sorted(None), [(2, 0, 0), (4, 3, 2)]);
        let some = ["0", "1", "5"].map(str::to_owned).into();
        assert_eq!(sorted(Some(&some)), [(1, 0, 0), (2, 2, 1)]);
    }

    #[test]
    fn a_sample_is_varied_and_does_not_depend_on_the_order_of_answers() {
        let mut people: Vec<Person> = (0..100)
            .map(|n| Person {
                id: format!("{n:03}"),
                status: Some(if n == 57 { "hired" } else { "employed" }.to_owned()),
                traits: vec![format!("site={}", n % 4)],
                ..Person::default()
            })
            .collect();
        let ids = |people: &[Person]| {
            varied(people, 8, &BTreeSet::new()).iter().map(|person| person.id.clone()).collect::<Vec<_>>()
        };
        let first = ids(&people);
        assert_eq!(first.len(), 8);
        assert!(first.contains(&"057".to_owned()), "{first:?}");
        people.reverse();
        assert_eq!(ids(&people), first);
    }
}
