//! Who is visible, and which fields come back for some of them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use serde_json::Value;
use tokio::sync::Notify;

use super::answer::Outcome;
use super::client::sift::Take;
use super::{Memory, Prober, seen};
use crate::catalogue::id::EndpointId;
use crate::evidence::read::Shown;
use crate::evidence::roster::{Asked, KnownPerson, Person, VARYING_FIELDS, person, varied};
use crate::evidence::turnout::Turnout;
use crate::evidence::{Evidence, Field, Reply, Sample, Seen, read};
use crate::plan::{FIELDS_A_SEARCH, FieldScope, Plan};

/// The field that says who somebody is. It comes back without any right, and shows none.
const ID_OF_PERSON: &str = "root.id";
/// How many people the second, larger sample holds.
pub(in crate::prober) const LARGER_SAMPLE: usize = 200;
/// How many people may be read whole where they come back without an id to ask for.
const MOST_WITHOUT_ID: usize = 1000;

/// What two samples showed.
pub(in crate::prober) struct Samples {
    pub(in crate::prober) first: Sample,
    pub(in crate::prober) again: Option<Sample>,
    pub(in crate::prober) everybody: bool,
    /// What came back of the first sample, of whom.
    pub(in crate::prober) shown: Shown,
    /// What came back of the larger sample, of the fields that the first did not show.
    pub(in crate::prober) shown_again: Shown,
}

/// Of what a field is a sign, where it came back of somebody.
struct Sign<'e> {
    category: &'e str,
    /// Whether an empty one is a sign as well.
    by_a_null: bool,
    shown: bool,
    surely: bool,
}

/// Meets everybody whom the search brings, while its answer is read.
struct Meeting {
    turnout: Turnout,
    /// Whether something came that is nobody.
    is_odd: bool,
}

impl Take for Meeting {
    fn begin(&mut self) {
        self.turnout.begin();
        self.is_odd = false;
    }

    fn wants(&self, list: &str) -> bool {
        list == "employees"
    }

    fn take(&mut self, _list: &str, item: Value) -> bool {
        self.is_odd |= !item.is_object();
        self.turnout.meet(person(&item));
        false
    }
}

impl Prober<'_> {
    /// Who is visible, active or not. Where the search gives no ids, the tables do.
    pub(in crate::prober) async fn find_people(&self, evidence: &mut Evidence, memory: &mut Memory<'_>) {
        let known: BTreeSet<&str> = evidence.fields.iter().map(|field| field.id.as_str()).collect();
        let mut fields = vec![ID_OF_PERSON.to_owned()];
        fields.extend(
            VARYING_FIELDS.iter().filter(|field| known.contains(**field)).map(|field| (*field).to_owned()),
        );
        let wanted = self.bearings.known.iter().map(|known| known.id.as_str());
        let mut meeting = Meeting { turnout: Turnout::expecting(wanted), is_odd: false };
        let Some(endpoint) = self.catalogue.endpoint(&EndpointId::new("people-ids")) else { return };
        let answer = self.ask_each(endpoint, self.slots().list("ids-fields", fields), &mut meeting).await;
        evidence.people.seen = seen(&answer);
        match answer.outcome {
            Outcome::Json(body) if !meeting.is_odd && read::employees(&body).is_some() => {}
            Outcome::Json(_) => {
                evidence.people.seen.reply = Reply::NotAnApiAnswer;
                return;
            }
            _ => return,
        }
        let turnout = meeting.turnout;
        evidence.people.visible = read::count(turnout.visible);
        evidence.people.with_id = read::count(turnout.with_id);
        evidence.people.statuses = turnout.statuses.clone();
        memory.people = turnout.people();
    }

    /// Those whom the operator named and nobody met.
    pub(in crate::prober) fn hidden_of_known<'a>(
        &'a self,
        memory: &Memory<'_>,
    ) -> impl Iterator<Item = &'a KnownPerson> {
        let roster = memory.roster();
        self.bearings.known.iter().filter(move |known| !roster.contains_key(known.id.as_str()))
    }

    /// Looks for the people whom the operator named: among the visible, else in what an open table says
    /// of them.
    pub(in crate::prober) async fn find_known(&self, evidence: &mut Evidence, memory: &Memory<'_>) {
        let hidden: Vec<&KnownPerson> = self.hidden_of_known(memory).collect();
        let is_hidden = |known: &&KnownPerson| hidden.iter().any(|other| other.id == known.id);
        for known in self.bearings.known.iter().filter(|known| !is_hidden(known)) {
            evidence.people.known.entry(known.status.clone()).or_default().visible += 1;
        }
        let ids: Vec<&str> = hidden.iter().map(|known| known.id.as_str()).take(LARGER_SAMPLE).collect();
        // A table calls people outside its own audience. That they are outside of all is known where everybody
        // came back with an id, or is in the table.
        let all_have_ids = evidence.people.with_id == evidence.people.visible;
        let open = evidence
            .tables
            .iter()
            .find(|(id, looks)| {
                let names_people = self.catalogue.endpoint(id).is_some_and(|endpoint| {
                    endpoint.query.contains_key("employeeIds") && !endpoint.ignores_people
                });
                names_people
                    && looks.iter().any(|look| {
                        let has_everybody = look.people >= evidence.people.visible;
                        look.seen.reply == Reply::Answered && (all_have_ids || has_everybody)
                    })
            })
            .map(|(id, _)| id.clone());
        let mut outside = BTreeSet::new();
        if let (Some(open), false) = (open, ids.is_empty())
            && let Outcome::Json(body) =
                self.ask(open.as_str(), self.slots().text("people", &ids.join(","))).await.outcome
        {
            outside = read::outside(&body, &ids);
        }
        for known in hidden {
            let seen = evidence.people.known.entry(known.status.clone()).or_default();
            if outside.contains(known.id.as_str()) {
                seen.outside += 1;
            } else {
                seen.unheard_of += 1;
            }
        }
    }

    pub(in crate::prober) async fn samples(
        &self,
        plan: &Plan,
        evidence: &Evidence,
        people: &[Person],
        first_answered: &Notify,
    ) -> Option<Samples> {
        let wanted: Vec<&Field> =
            evidence.fields.iter().filter(|field| in_scope(&plan.fields, field)).collect();
        if evidence.people.visible == 0 || wanted.is_empty() {
            return None;
        }
        let inner = read::inner_fields(&evidence.fields);
        // Whoever comes back without an id cannot be asked for, and is a person all the same.
        let some_without_id = evidence.people.with_id < evidence.people.visible;
        let may_ask_everybody = read::count(MOST_WITHOUT_ID) >= evidence.people.visible;
        if evidence.people.with_id == 0 {
            if !may_ask_everybody {
                return None;
            }
            let (first, shown) = self.search_everybody(&wanted, &inner).await;
            let shown_again = Shown::new();
            return Some(Samples { first, again: None, everybody: true, shown, shown_again });
        }
        // Where nothing tells people apart a sample cannot be varied, and has to be large instead.
        let told_apart = people.iter().any(Person::is_told_apart);
        let size = if told_apart { self.bearings.sample } else { self.bearings.sample.max(LARGER_SAMPLE) };
        let few = varied(people, size, &BTreeSet::new());
        let ids: Vec<String> = few.iter().map(|person| person.id.clone()).collect();
        let (first, shown) = self.search("people-search", "sample", &ids, "fields", &wanted, &inner).await;
        first_answered.notify_one();
        let sampled: BTreeSet<&str> = few.iter().map(|person| person.id.as_str()).collect();
        let rest = varied(people, LARGER_SAMPLE, &sampled);
        let absent: Vec<&Field> = wanted
            .iter()
            .copied()
            .filter(|field| !inner.contains(field.id.as_str()) && !self.catalogue.comes_always(&field.id))
            .filter(|field| first.fields.get(&field.id).is_some_and(|seen| seen.value + seen.empty == 0))
            .collect();
        let everybody = !some_without_id && (rest.is_empty() || few.len() >= LARGER_SAMPLE);
        let again = if everybody || absent.is_empty() || first.seen.reply != Reply::Answered {
            None
        } else if some_without_id {
            if may_ask_everybody { Some(self.search_everybody(&absent, &inner).await) } else { None }
        } else {
            let ids: Vec<String> = rest.iter().map(|person| person.id.clone()).collect();
            let again = "people-search-again";
            Some(self.search(again, "larger-sample", &ids, "absent-fields", &absent, &inner).await)
        };
        let (again, shown_again) = again.unzip();
        let shown_again = shown_again.unwrap_or_default();
        Some(Samples { first, again, everybody, shown, shown_again })
    }

    /// Notes what came back of whom. A field that everybody has tells audiences apart, and so does one of a
    /// type that comes back empty; but not surely one that lies in another field or in a row, which stays
    /// away together with it.
    pub(in crate::prober) fn tell_apart(
        &self,
        evidence: &Evidence,
        in_first: &Shown,
        in_larger: &Shown,
        people: &mut [Person],
    ) {
        let nulls = evidence.types_with_nulls();
        let nulls_say_nothing = evidence
            .sample
            .iter()
            .all(|sample| sample.fields.values().all(|seen| seen.absent == 0 || seen.value + seen.empty > 0));
        let signs: BTreeMap<&str, Sign<'_>> = evidence
            .fields
            .iter()
            .filter(|field| !self.catalogue.comes_always(&field.id))
            .map(|field| {
                let everybody_has_it = self.catalogue.everyone_has(&field.id);
                let comes_empty = nulls.contains(field.kind.as_str());
                let stands_alone = !field.historical && field.id.matches('.').count() < 2;
                let sign = Sign {
                    category: &field.category,
                    // A null of what every person has is no sign that it may be read, and none is where nothing
                    // ever stays away.
                    by_a_null: !everybody_has_it && !nulls_say_nothing,
                    // Where no empty field ever comes back, what did has to do.
                    shown: everybody_has_it || comes_empty || nulls.is_empty(),
                    surely: everybody_has_it || (comes_empty && stands_alone),
                };
                (field.id.as_str(), sign)
            })
            .collect();
        for person in people {
            let first = in_first.get(&person.id);
            // Of the larger sample only those tell an audience apart who show what the first did not.
            let again = in_larger.get(&person.id).filter(|shown| !shown.is_empty());
            person.asked = match (first, again) {
                (Some(_), _) => Asked::Whole,
                (None, Some(_)) => Asked::WhatStayedAway,
                (None, None) => continue,
            };
            let came = first.into_iter().chain(again).flatten();
            let signs: Vec<&Sign<'_>> = came
                .filter_map(|(id, has_value)| Some((signs.get(&**id)?, *has_value)))
                .filter_map(|(sign, has_value)| (has_value || sign.by_a_null).then_some(sign))
                .collect();
            let categories = |counts: fn(&Sign<'_>) -> bool| -> BTreeSet<&str> {
                signs.iter().filter(|sign| counts(sign)).map(|sign| sign.category).collect()
            };
            person.shown = categories(|sign| sign.shown).into_iter().map(str::to_owned).collect();
            person.surely_shown.extend(categories(|sign| sign.surely).into_iter().map(str::to_owned));
        }
    }

    /// The search without a filter, for people who cannot be named in one.
    async fn search_everybody(&self, fields: &[&Field], inner: &BTreeSet<&str>) -> (Sample, Shown) {
        self.search("people-search-unfiltered", "sample", &[], "fields", fields, inner).await
    }

    /// One search, in as many requests as its fields need.
    async fn search(
        &self,
        endpoint: &str,
        people_slot: &'static str,
        people: &[String],
        fields_slot: &'static str,
        fields: &[&Field],
        inner: &BTreeSet<&str>,
    ) -> (Sample, Shown) {
        // Nobody says that ids come unasked; and without them nobody knows of whom the fields came back.
        let (id, others): (Vec<&Field>, Vec<&Field>) =
            fields.iter().copied().partition(|field| field.id == ID_OF_PERSON);
        let mut chunks: Vec<Vec<&Field>> = others.chunks(FIELDS_A_SEARCH).map(<[_]>::to_vec).collect();
        match chunks.first_mut() {
            Some(first) => first.extend(id),
            None => chunks.push(id),
        }
        let chunks = join_all(chunks.iter().map(|chunk| async move {
            let mut ids: Vec<String> = chunk.iter().map(|field| field.id.clone()).collect();
            if !chunk.iter().any(|field| field.id == ID_OF_PERSON) {
                ids.push(ID_OF_PERSON.to_owned());
            }
            let slots = self.slots().list(people_slot, people.to_vec()).list(fields_slot, ids);
            let answer = self.ask(endpoint, slots).await;
            let seen = seen(&answer);
            match &answer.outcome {
                Outcome::Json(body) => {
                    let read = read::search(body, chunk, inner);
                    (seen, read.filter(|(sample, shown)| is_about(people, sample, shown)))
                }
                _ => (seen, None),
            }
        }))
        .await;
        let mut whole = Sample::default();
        let mut audiences = Shown::new();
        for (seen, chunk) in chunks {
            match chunk {
                Some((chunk, shown)) => {
                    for (person, shown) in shown {
                        audiences.entry(person).or_default().extend(shown);
                    }
                    whole.people = whole.people.max(chunk.people);
                    whole.fields.extend(chunk.fields);
                    if whole.seen.reply != Reply::Answered {
                        whole.seen = seen;
                    }
                }
                // Fields of a chunk that failed count as not asked for; the others keep their word.
                None if whole.seen.reply == Reply::NotAsked => {
                    whole.seen = match seen.reply {
                        Reply::Answered => Seen { reply: Reply::NotAnApiAnswer, ..seen },
                        _ => seen,
                    };
                }
                None => {}
            }
        }
        (whole, audiences)
    }
}

/// Whether an answer is about those it was asked about, everybody being asked about where nobody is named.
fn is_about(people: &[String], sample: &Sample, shown: &Shown) -> bool {
    people.is_empty()
        || (read::count(shown.len()) == sample.people && shown.keys().all(|id| people.contains(id)))
}

fn in_scope(scope: &FieldScope, field: &Field) -> bool {
    scope.takes_category(&field.category, &field.category_name) || scope.takes_field(&field.id, &field.name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_about_others_is_none() {
        let asked = ["1".to_owned(), "2".to_owned()];
        let is_about = |asked: &[String], employees: Value| {
            let (sample, shown) =
                read::search(&json!({"employees": employees}), &[], &BTreeSet::new()).unwrap();
            is_about(asked, &sample, &shown)
        };
        assert!(is_about(&asked, json!([{"id": "2"}, {"/root/id": {"value": 1}}])));
        assert!(is_about(&asked, json!([])));
        for others in
            [json!([{}]), json!([{"id": "3"}]), json!([{"id": "1"}, {"id": "1"}]), json!([{"id": []}])]
        {
            assert!(!is_about(&asked, others.clone()), "{others}");
            assert!(is_about(&[], others));
        }
    }
}
