//! Whom to try a write with: people of every kind that can be told apart, as few as that takes.
//!
//! A right may be given for the people of one site or status alone, and nothing that is read shows the
//! audience of a right to edit. So one person's refusal is no denial; those of several who differ are.

use std::collections::BTreeSet;

use crate::evidence::roster::{Person, of_each_audience, varied};
use crate::plan::{PERSONS_TRIED, PERSONS_WRITTEN};

/// The people whom writes are tried with, in order.
pub(in crate::prober) struct Crowd<'a> {
    pub(in crate::prober) people: Vec<&'a Person>,
    /// How many of the first differ in what comes back of them.
    pub(in crate::prober) audiences: usize,
    /// Whether every kind of person that can be told apart is among them.
    pub(in crate::prober) all_kinds: bool,
}

/// What makes a person a kind of person: status, site, manager or not, access.
fn kinds(person: &Person) -> BTreeSet<&str> {
    person.traits.iter().map(String::as_str).chain(person.status.as_deref()).collect()
}

impl<'a> Crowd<'a> {
    pub(in crate::prober) fn of(everybody: &'a [Person]) -> Self {
        let mut people = of_each_audience(everybody, 0);
        let all_audiences = people.len() <= PERSONS_TRIED;
        people.truncate(PERSONS_TRIED);
        let audiences = people.len();
        let mut pool = varied(everybody, everybody.len(), &BTreeSet::new());
        let visible = pool.len();
        pool.retain(|person| people.iter().all(|chosen| chosen.id != person.id));
        let mut seen: BTreeSet<&str> = people.iter().flat_map(|person| kinds(person)).collect();
        let brings = |person: &Person, seen: &BTreeSet<&str>| kinds(person).difference(seen).count();
        while people.len() < PERSONS_WRITTEN {
            // The first of the best: the pool is in an order that no answer decides.
            let best = pool.iter().enumerate().rev().max_by_key(|(_, person)| brings(person, &seen));
            let Some((at, person)) = best.filter(|(_, person)| brings(person, &seen) > 0) else { break };
            seen.extend(kinds(person));
            people.push(*person);
            pool.remove(at);
        }
        let sites_are_known = everybody.iter().any(|person| {
            person.status.is_some() && person.traits.iter().any(|kind| kind.starts_with("work.siteId="))
        });
        if !sites_are_known {
            let more = PERSONS_WRITTEN.saturating_sub(people.len());
            people.extend(pool.iter().take(more));
        }
        let covered = all_audiences
            && sites_are_known
            && pool.iter().all(|person| {
                people.iter().any(|chosen| chosen.id == person.id) || brings(person, &seen) == 0
            });
        let all_kinds = covered || people.len() == visible;
        Self { people, audiences, all_kinds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: usize, status: &str, site: usize) -> Person {
        Person {
            id: format!("{id:03}"),
            status: Some(status.to_owned()),
            traits: vec![format!("work.siteId={site}")],
            ..Person::default()
        }
    }

    #[test]
    fn every_site_and_status_is_tried_and_nobody_twice() {
        let people: Vec<Person> =
            (0..100).map(|at| person(at, if at == 57 { "hired" } else { "employed" }, at % 4)).collect();
        let crowd = Crowd::of(&people);
        let sites: BTreeSet<_> = crowd.people.iter().map(|person| &person.traits).collect();
        assert_eq!(sites.len(), 4);
        assert!(crowd.people.iter().any(|person| person.status.as_deref() == Some("hired")));
        assert!(crowd.people.len() <= 5 && crowd.all_kinds && crowd.audiences == 1);
        let ids: BTreeSet<_> = crowd.people.iter().map(|person| &person.id).collect();
        assert_eq!(ids.len(), crowd.people.len());
    }

    #[test]
    fn more_kinds_than_can_be_tried_are_not_all_of_them() {
        let people: Vec<Person> = (0..100).map(|at| person(at, "employed", at % 30)).collect();
        let crowd = Crowd::of(&people);
        assert!(crowd.people.len() == PERSONS_WRITTEN && !crowd.all_kinds);
    }

    #[test]
    fn where_nothing_tells_people_apart_several_are_tried_and_that_is_not_everybody() {
        let bare = |many: usize| -> Vec<Person> {
            (0..many).map(|at| Person { id: format!("{at:03}"), ..Person::default() }).collect()
        };
        let many = bare(100);
        let crowd = Crowd::of(&many);
        assert!(crowd.people.len() == PERSONS_WRITTEN && !crowd.all_kinds);
        let few = bare(3);
        let crowd = Crowd::of(&few);
        assert!(crowd.people.len() == 3 && crowd.all_kinds);
        assert!(Crowd::of(&[]).people.is_empty());
    }
}
