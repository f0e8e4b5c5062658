//! How to ask: the only outgoing sockets.
//!
//! A round goes through the plan in two waves, the probes of the policies before the sweep for excess,
//! so that a policy's verdict never waits for the rest. After each wave in which something was refused
//! something is asked that needs no right: only then may the refusals be believed.

pub mod address;
pub mod answer;
pub mod client;
mod crowd;
mod denials;
pub mod door;
mod lane;
mod looks;
pub mod manners;
pub mod pace;
mod people;
pub mod retry;
pub mod rounds;
pub mod secret;
mod signals;
mod vouch;
mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::{join, join_all};
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::{Endpoint, Method, Needs, Shape};
use crate::evidence::roster::{KnownPerson, Person};
use crate::evidence::{Evidence, Reply, Seen, Stopped, read};
use crate::plan::{Plan, Purpose, Request, Slots};

use answer::{Answer, Outcome, Refusal, Stop};
use client::Client;
use client::sift::Take;
use door::Permit;

/// What a round needs to know beside its plan.
#[derive(Clone)]
pub struct Bearings {
    /// Today, `YYYY-MM-DD`.
    pub today: String,
    /// A year ago, `YYYY-MM-DD`.
    pub year_ago: String,
    /// How many people the first sample holds.
    pub sample: usize,
    /// People whose lifecycle status the operator knows.
    pub known: Vec<KnownPerson>,
}

/// Goes through plans with one client.
pub struct Prober<'a> {
    client: &'a Client,
    pub(in crate::prober) catalogue: &'a Catalogue,
    pub(in crate::prober) bearings: Bearings,
    on_ask: &'a (dyn Fn(&EndpointId) + Sync),
}

/// What one round holds in memory and nobody keeps.
#[derive(Default)]
pub(in crate::prober) struct Memory<'a> {
    pub(in crate::prober) people: Vec<Person>,
    /// The name of a time-off policy type, to ask a balance with.
    pub(in crate::prober) policy_type: Option<String>,
    /// What needs no right and was not asked yet.
    vouchers: Vec<&'a Endpoint>,
}

impl Memory<'_> {
    pub(in crate::prober) fn roster(&self) -> BTreeMap<&str, &Person> {
        self.people.iter().map(|person| (person.id.as_str(), person)).collect()
    }
}

impl<'a> Prober<'a> {
    /// `on_ask` is told the endpoint of each request before it is sent.
    pub fn new(
        client: &'a Client,
        catalogue: &'a Catalogue,
        bearings: Bearings,
        on_ask: &'a (dyn Fn(&EndpointId) + Sync),
    ) -> Self {
        Self { client, catalogue, bearings, on_ask }
    }

    /// Asks what the plan holds and hands back what may be kept of the answers.
    pub async fn run(&self, plan: &Plan) -> Evidence {
        // Each round has the leave that the plan gives, and none is left over from the one before.
        self.client.close();
        for probe in &plan.probes {
            if let Some(endpoint) = self.catalogue.endpoint(&probe.endpoint) {
                self.client.permit(permit(endpoint, probe.at_most, &self.catalogue.writes().value));
            }
        }
        let mut evidence = Evidence::default();
        let mut memory = Memory { vouchers: self.vouchers(plan), ..Memory::default() };
        evidence.stopped = self.first_canary(&mut evidence).await;
        for wave in [Purpose::Required, Purpose::Excess] {
            if evidence.stopped.is_none() {
                self.wave(plan, wave, &mut evidence, &mut memory).await;
                evidence.stopped = self.vouch(&mut evidence, &mut memory).await;
            }
        }
        if evidence.stopped.is_none() {
            self.ask_vouchers(&mut evidence, &mut memory).await;
            evidence.stopped = self.why_stopped();
        }
        if evidence.stopped.is_none() {
            self.find_known(&mut evidence, &memory).await;
            let changed = self.try_writes(plan, &mut evidence, &memory).await;
            let unvouched = self.vouch(&mut evidence, &mut memory).await;
            evidence.stopped = changed.or(unvouched);
        }
        let totals = self.client.totals();
        let count = |many: u64| u32::try_from(many).unwrap_or(u32::MAX);
        evidence.requests = count(totals.requests);
        evidence.denied_answers = count(totals.denied);
        evidence.writes = count(totals.writes);
        evidence
    }

    /// The metadata: the universe of fields, and the proof that the credentials and the address are good.
    async fn first_canary(&self, evidence: &mut Evidence) -> Option<Stopped> {
        let answer = self.ask("people-fields", self.slots()).await;
        evidence.metadata = seen(&answer);
        match answer.outcome {
            Outcome::Json(body) => match read::fields(&body) {
                Some(fields) => {
                    evidence.fields = fields;
                    None
                }
                None => Some(Stopped::NotTheApi),
            },
            Outcome::Refused(_) => Some(Stopped::Blocked),
            Outcome::Redirected => Some(Stopped::Redirecting),
            Outcome::CutJson
            | Outcome::NotFound
            | Outcome::BadRequest
            | Outcome::ToWrite(_)
            | Outcome::NotAnApiAnswer => Some(Stopped::NotTheApi),
            Outcome::Throttled => Some(Stopped::Unreachable("throttled until the end".to_owned())),
            Outcome::Timeout => Some(Stopped::Unreachable("no answer in time".to_owned())),
            Outcome::Unavailable | Outcome::NotInPlan => {
                Some(Stopped::Unreachable(answer.why.unwrap_or_else(|| "it is not available".to_owned())))
            }
            Outcome::Stopped => Some(self.why_stopped().unwrap_or(Stopped::CredentialsRefused)),
        }
        .map(|stopped| match (self.client.stopped(), stopped) {
            // The time was over, and nothing had ever come back: that is what there is to say.
            (Some(Stop::Deadline), Stopped::Unreachable(why)) => Stopped::Unreachable(why),
            (Some(Stop::Deadline), Stopped::Ended) => Stopped::Unreachable("no answer in time".to_owned()),
            (_, stopped) => self.why_stopped().unwrap_or(stopped),
        })
    }

    fn why_stopped(&self) -> Option<Stopped> {
        self.client.stopped().map(|stop| match stop {
            Stop::CredentialsRefused => Stopped::CredentialsRefused,
            Stop::Deadline | Stop::Interrupted => Stopped::Ended,
        })
    }

    async fn wave(&self, plan: &Plan, purpose: Purpose, evidence: &mut Evidence, memory: &mut Memory<'a>) {
        let probes: Vec<&Endpoint> = plan
            .probes
            .iter()
            .filter(|probe| probe.purpose == purpose)
            .filter_map(|probe| self.catalogue.endpoint(&probe.endpoint))
            .collect();
        if probes.iter().any(|endpoint| endpoint.shape == Shape::People) {
            self.find_people(evidence, memory).await;
        }
        self.ask_at_once(plan, &probes, evidence, memory).await;
        self.ask_after(plan, &probes, evidence, memory).await;
    }

    /// Everything that depends on nothing but who is visible.
    async fn ask_at_once(
        &self,
        plan: &Plan,
        probes: &[&Endpoint],
        evidence: &mut Evidence,
        memory: &mut Memory<'a>,
    ) {
        let asks = |endpoint: &Endpoint| match endpoint.needs {
            Needs::None => true,
            Needs::People => evidence.people.visible > 0,
            Needs::Person => false,
        };
        let lists = probes.iter().filter(|endpoint| {
            matches!(endpoint.shape, Shape::List | Shape::Answer)
                && endpoint.after.is_none()
                && asks(endpoint)
        });
        let tables = probes.iter().filter(|endpoint| {
            endpoint.shape == Shape::Table && asks(endpoint) && self.is_first_choice(endpoint, evidence)
        });
        let sample = probes.iter().any(|endpoint| endpoint.id.as_str() == "people-search");
        let roster = memory.roster();
        let (lists, (tables, samples)) = join(
            join_all(lists.map(|endpoint| self.list(endpoint, self.slots()))),
            join(join_all(tables.map(|endpoint| self.bulk_table(endpoint, &roster))), async {
                if sample { self.samples(plan, evidence, &memory.people).await } else { None }
            }),
        )
        .await;
        drop(roster);
        for (endpoint, kept) in lists {
            memory.policy_type = memory.policy_type.take().or(kept.policy_type);
            evidence.answers.insert(endpoint.id.clone(), kept.list);
        }
        for (endpoint, look) in tables {
            evidence.tables.insert(endpoint, vec![look]);
        }
        if let Some(samples) = samples {
            evidence.sample = Some(samples.first);
            evidence.again = samples.again;
            evidence.sampled_everybody = samples.everybody;
            self.tell_apart(evidence, &samples.shown, &samples.shown_again, &mut memory.people);
        }
    }

    /// What depends on an answer: people to ask about one by one, and tables that something left open.
    async fn ask_after(
        &self,
        plan: &Plan,
        probes: &[&Endpoint],
        evidence: &mut Evidence,
        memory: &mut Memory<'a>,
    ) {
        let one_by_one = evidence.people.with_id > 0;
        let by_person = |endpoint: &Endpoint| one_by_one && endpoint.needs == Needs::Person;
        let lists: Vec<&Endpoint> = probes
            .iter()
            .filter(|endpoint| match (&endpoint.after, endpoint.needs) {
                (Some(before), _) => {
                    evidence.answers.get(before).is_some_and(|list| list.items.is_some_and(|items| items > 0))
                }
                (None, _) => by_person(endpoint) && matches!(endpoint.shape, Shape::List | Shape::Answer),
            })
            .copied()
            .collect();
        let tables: Vec<&Endpoint> = probes
            .iter()
            .filter(|endpoint| {
                endpoint.shape == Shape::Table
                    && by_person(endpoint)
                    && self.is_first_choice(endpoint, evidence)
            })
            .copied()
            .collect();
        // Where these may use up the budget of refusals to the last, nothing but the canary could be asked
        // after them without a pause: then what else needs no right goes first.
        if self.client.denials_left() == lists.len() + tables.len() {
            self.ask_vouchers(evidence, memory).await;
        }
        let (lists, tables) = join(
            join_all(lists.iter().map(|endpoint| self.list_of_people(endpoint, memory))),
            join_all(tables.iter().map(|endpoint| {
                let turn = self.turn(endpoint);
                self.table_of_people(endpoint, &memory.people, None, turn)
            })),
        )
        .await;
        for (id, list, kinds) in lists {
            evidence.kinds.extend(kinds.map(|kinds| (id.to_string(), kinds)));
            evidence.answers.insert(id, list);
        }
        for (id, looks, kinds) in tables {
            evidence.kinds.insert(id.to_string(), kinds);
            evidence.tables.insert(id, looks);
        }
        self.second_choices(probes, evidence, memory).await;
        if one_by_one && probes.iter().any(|endpoint| endpoint.id.as_str() == "custom-table") {
            while memory.vouchers.iter().any(|voucher| voucher.shape == Shape::CustomTables) {
                self.ask_voucher(evidence, memory).await;
            }
            self.custom_tables(plan, evidence, &memory.people).await;
        }
    }

    /// Whose turn it is among people alike: another one for each endpoint that is asked about one person, and
    /// the same one in every run, whatever else a policy asks for.
    pub(in crate::prober) fn turn(&self, endpoint: &Endpoint) -> usize {
        let by_person = self.catalogue.endpoints().filter(|other| other.needs == Needs::Person);
        by_person.take_while(|other| other.id != endpoint.id).count()
    }

    pub(in crate::prober) fn slots(&self) -> Slots {
        Slots::dates(&self.bearings.today, &self.bearings.year_ago)
    }

    pub(in crate::prober) async fn ask(&self, endpoint: &str, slots: Slots) -> Answer {
        let id = EndpointId::new(endpoint);
        match self.catalogue.endpoint(&id) {
            Some(endpoint) => self.ask_endpoint(endpoint, slots).await,
            // The catalogue's tests hold every name that is written in this file against its rows.
            None => Answer {
                endpoint: id,
                outcome: Outcome::NotInPlan,
                status: None,
                restricted_header: false,
                waited: Duration::ZERO,
                attempts: 0,
                why: Some("the catalogue has no such endpoint".to_owned()),
            },
        }
    }

    /// Asks again what needs no right, as the proof that nothing is blocked.
    async fn ask_canary(&self) -> Answer {
        let id = EndpointId::new("people-fields");
        (self.on_ask)(&id);
        match self.catalogue.endpoint(&id) {
            Some(endpoint) => self.client.ask_canary(&Request::of(endpoint, &self.slots())).await,
            None => self.ask(id.as_str(), self.slots()).await,
        }
    }

    /// The same, with the items of the answer's lists handed on while it is read.
    pub(in crate::prober) async fn ask_each(
        &self,
        endpoint: &Endpoint,
        slots: Slots,
        take: &mut dyn Take,
    ) -> Answer {
        (self.on_ask)(&endpoint.id);
        self.client.ask_each(&Request::of(endpoint, &slots), take).await
    }

    pub(in crate::prober) async fn ask_endpoint(&self, endpoint: &Endpoint, slots: Slots) -> Answer {
        (self.on_ask)(&endpoint.id);
        self.client.ask(&Request::of(endpoint, &slots)).await
    }
}

/// Leave to ask one endpoint.
fn permit(endpoint: &Endpoint, at_most: u32, impossible: &str) -> Permit {
    let keys = match &endpoint.body {
        Some(Value::Object(members)) => members.keys().cloned().collect(),
        _ => BTreeSet::new(),
    };
    Permit {
        endpoint: endpoint.id.clone(),
        method: endpoint.method,
        path: endpoint.path.clone(),
        query_keys: endpoint.query.keys().cloned().collect(),
        body_keys: keys,
        only_value: (endpoint.method == Method::Put).then(|| impossible.to_owned()),
        max_times: at_most,
    }
}

pub(in crate::prober) fn seen(answer: &Answer) -> Seen {
    let reply = match &answer.outcome {
        Outcome::Json(body) if !says_something(body) => Reply::NotAnApiAnswer,
        Outcome::Json(_) | Outcome::CutJson => Reply::Answered,
        Outcome::Refused(Refusal::WithReason | Refusal::PermissionMessage) => Reply::Refused,
        Outcome::Refused(Refusal::WithoutReason) => Reply::RefusedWithoutReason,
        Outcome::NotFound => Reply::NotFound,
        Outcome::BadRequest => Reply::BadRequest,
        Outcome::NotAnApiAnswer | Outcome::ToWrite(_) => Reply::NotAnApiAnswer,
        Outcome::Redirected => Reply::Redirected,
        Outcome::Throttled => Reply::Throttled,
        Outcome::Unavailable => Reply::Unavailable,
        Outcome::Timeout => Reply::Timeout,
        Outcome::Stopped | Outcome::NotInPlan => Reply::NotAsked,
    };
    Seen { reply, status: answer.status, believed: false }
}

/// Whether a body can be what a question is answered with. An empty list says that there is nothing; a bare
/// word, and an object without any key, say nothing.
fn says_something(body: &Value) -> bool {
    body.is_array() || body.as_object().is_some_and(|members| !members.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_without_any_key_is_no_answer() {
        let reply = |body: Value| {
            let answer = Answer {
                endpoint: EndpointId::new("positions"),
                outcome: Outcome::Json(body),
                status: Some(200),
                restricted_header: false,
                waited: Duration::ZERO,
                attempts: 1,
                why: None,
            };
            seen(&answer).reply
        };
        assert_eq!(reply(json!({})), Reply::NotAnApiAnswer);
        assert_eq!(reply(json!("yes")), Reply::NotAnApiAnswer);
        assert_eq!(reply(json!([])), Reply::Answered);
        assert_eq!(reply(json!({"fields": []})), Reply::Answered);
    }
}
