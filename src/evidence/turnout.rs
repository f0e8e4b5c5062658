//! Who turned up in a search of everybody: all of them are counted, and of a large company only so many are
//! kept that a sample of them is as varied as one of all.
//!
//! Who is kept follows from the ids and from what makes people differ, and not from the order of the answer:
//! of each status, site, year and so on the first few, in an order that no company has a say in.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::roster::Person;

/// Of a company no larger than this everybody is kept, and of a larger one no fewer than these.
pub const EVERYBODY: usize = 1200;
/// How many are kept for each thing that they have in common.
const OF_EACH: usize = 3;
/// Of each kind of such things so many are looked at: a company has no more sites that matter to a sample.
const THINGS: usize = 120;
/// HiBob has six, and a company may add some.
const MOST_STATUSES: usize = 100;
/// Nobody is sent away before so many have come.
const CROWDED: usize = 2 * EVERYBODY;

/// The place of a text in an order that has nothing to do with what it says.
type Rank = (u64, String);

/// The people of a search, met one by one.
#[derive(Default)]
pub struct Turnout {
    /// How many came back.
    pub visible: usize,
    /// How many of them with an id.
    pub with_id: usize,
    /// How many in each lifecycle status.
    pub statuses: BTreeMap<String, u32>,
    kept: Vec<Person>,
    /// Whoever is asked for by name, whatever else.
    wanted: BTreeSet<String>,
    crowded_at: usize,
}

impl Turnout {
    /// Nobody yet. These people are kept should they turn up.
    pub fn expecting<'i>(wanted: impl Iterator<Item = &'i str>) -> Self {
        Self { wanted: wanted.map(str::to_owned).collect(), crowded_at: CROWDED, ..Self::default() }
    }

    /// Forgets whom it met: the answer is read anew.
    pub fn begin(&mut self) {
        let wanted = std::mem::take(&mut self.wanted);
        *self = Self { wanted, crowded_at: CROWDED, ..Self::default() };
    }

    /// One more of them.
    pub fn meet(&mut self, person: Person) {
        self.visible += 1;
        self.with_id += usize::from(!person.id.is_empty());
        if let Some(status) = &person.status
            && (self.statuses.len() < MOST_STATUSES || self.statuses.contains_key(status))
        {
            *self.statuses.entry(status.clone()).or_default() += 1;
        }
        self.kept.push(person);
        if self.kept.len() > self.crowded_at {
            self.thin_out();
            self.crowded_at = CROWDED.max(2 * self.kept.len());
        }
    }

    /// Those to choose from.
    pub fn people(mut self) -> Vec<Person> {
        if self.visible > EVERYBODY {
            self.thin_out();
        }
        self.kept
    }

    /// Keeps the first few of everybody, and of those who have something in common.
    ///
    /// Whoever is among the first of all is among the first of any part that he is in, so that it does not
    /// matter when this is done, nor how often.
    fn thin_out(&mut self) {
        let order = |person: &Person| rank(&person.id);
        let mut first: BTreeSet<Rank> = self.kept.iter().map(order).collect();
        while first.len() > EVERYBODY {
            first.pop_last();
        }
        // For each kind of thing: the thing, and who has it.
        let mut in_common: BTreeMap<&str, BTreeMap<Rank, BTreeSet<Rank>>> = BTreeMap::new();
        for person in &self.kept {
            for (kind, thing) in things(person) {
                let things = in_common.entry(kind).or_default();
                let those = things.entry(rank(&thing)).or_default();
                those.insert(order(person));
                if those.len() > OF_EACH {
                    those.pop_last();
                }
                if things.len() > THINGS {
                    things.pop_last();
                }
            }
        }
        first.extend(in_common.into_values().flat_map(BTreeMap::into_values).flatten());
        let wanted = &self.wanted;
        self.kept.retain(|person| first.contains(&order(person)) || wanted.contains(&person.id));
    }
}

/// What makes people differ, by kind.
fn things(person: &Person) -> impl Iterator<Item = (&'static str, String)> {
    let year = person.first_day.as_deref().and_then(|day| day.get(..4));
    let shown: Vec<&str> = person.shown.iter().map(String::as_str).collect();
    let mut things = vec![
        ("status", person.status.clone().unwrap_or_default()),
        ("year", year.unwrap_or_default().to_owned()),
        ("shown", shown.join(" ")),
    ];
    things.extend(person.traits.iter().map(|of_person| ("trait", of_person.clone())));
    things.into_iter()
}

fn rank(text: &str) -> Rank {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    (hasher.finish(), text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(at: usize) -> Person {
        let status = if at % 9973 == 17 { "garden-leave" } else { "employed" };
        Person {
            id: format!("{at:019}"),
            status: Some(status.to_owned()),
            first_day: Some(format!("{}-01-01", 1990 + at % 36)),
            traits: vec![
                format!("work.siteId={}", at % 77),
                format!("work.isManager={}", at.is_multiple_of(8)),
            ],
            ..Person::default()
        }
    }

    fn turnout(order: impl Iterator<Item = usize>, wanted: &[&str]) -> Turnout {
        let mut turnout = Turnout::expecting(wanted.iter().copied());
        order.for_each(|at| turnout.meet(person(at)));
        turnout
    }

    fn ids(turnout: Turnout) -> BTreeSet<String> {
        turnout.people().into_iter().map(|person| person.id).collect()
    }

    #[test]
    fn of_a_small_company_everybody_is_kept() {
        assert_eq!(turnout(0..EVERYBODY, &[]).people().len(), EVERYBODY);
        assert_eq!(ids(turnout(0..EVERYBODY, &[])), ids(turnout((0..EVERYBODY).rev(), &[])));
    }

    #[test]
    fn of_a_large_one_all_are_counted_and_few_are_kept_of_every_kind() {
        let many = 30_000;
        let met = turnout(0..many, &[]);
        assert_eq!((met.visible, met.with_id, met.statuses["garden-leave"]), (many, many, 4));
        let people = met.people();
        assert!((EVERYBODY..2 * EVERYBODY).contains(&people.len()), "{}", people.len());
        let kinds = |people: &[Person]| -> BTreeSet<(&str, String)> {
            people.iter().flat_map(|person| things(person).collect::<Vec<_>>()).collect()
        };
        let all: Vec<Person> = (0..many).map(person).collect();
        assert_eq!(kinds(&people), kinds(&all));
    }

    #[test]
    fn who_is_kept_does_not_depend_on_the_order_of_the_answer() {
        let many = 8000;
        assert_eq!(ids(turnout(0..many, &[])), ids(turnout((0..many).rev(), &[])));
    }

    #[test]
    fn whoever_is_asked_for_is_kept() {
        let kept = ids(turnout(0..5000, &[]));
        let left_out = (0..5000).map(|at| person(at).id).find(|id| !kept.contains(id)).unwrap();
        assert!(ids(turnout(0..5000, &[&left_out])).contains(&left_out));
    }

    #[test]
    fn nothing_grows_where_everybody_differs() {
        let mut turnout = Turnout::expecting(std::iter::empty());
        for at in 0..12_000 {
            turnout.meet(Person { traits: vec![format!("work.siteId={at}")], ..person(at) });
            assert!(turnout.kept.len() <= 2 * CROWDED, "{}", turnout.kept.len());
        }
    }

    #[test]
    fn an_answer_that_is_read_anew_counts_nobody_twice() {
        let mut met = turnout(0..3000, &["5"]);
        met.begin();
        met.meet(person(1));
        assert_eq!((met.visible, met.statuses.len(), met.people().len()), (1, 1, 1));
    }
}
