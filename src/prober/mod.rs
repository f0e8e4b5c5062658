//! How to ask: the only outgoing sockets.
//!
//! A round goes through the plan in steps, each of which hangs on answers of the one before (`steps.rs`). In
//! each the questions of the policies go before the sweep for excess, which leaves them room, so that a
//! policy's verdict never waits for the rest. After refusals something is asked that needs no right: only
//! then may they be believed.

pub mod address;
pub mod answer;
pub mod client;
mod crowd;
mod denials;
pub mod door;
mod lane;
mod looks;
pub mod manners;
mod one_by_one;
pub mod pace;
mod people;
pub mod retry;
pub mod rounds;
pub mod secret;
mod signals;
mod steps;
mod vouch;
mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::catalogue::Catalogue;
use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::{Endpoint, Method, Needs};
use crate::evidence::roster::{KnownPerson, Person};
use crate::evidence::{Evidence, Reply, Seen, Stopped, TableSeen, read};
use crate::plan::{Plan, Request, Slots};

use answer::{Answer, Outcome, Refusal, Stop};
use client::Client;
use client::sift::Take;
use door::Permit;
use looks::Holders;

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
    /// How many questions this round has asked; what is sent again after trouble counts once.
    asked: AtomicUsize,
}

/// What one round holds in memory and nobody keeps.
#[derive(Default)]
pub(in crate::prober) struct Memory<'a> {
    pub(in crate::prober) people: Vec<Person>,
    /// The name of a time-off policy type, to ask a balance with.
    pub(in crate::prober) policy_type: Option<String>,
    /// Who has which rows of the tables that were asked in bulk.
    holders: Vec<Holders>,
    /// What needs no right and was not asked yet.
    vouchers: Vec<&'a Endpoint>,
    /// How many more people there is room to ask about, beside the first of each question.
    room: usize,
}

impl Memory<'_> {
    pub(in crate::prober) fn roster(&self) -> BTreeMap<&str, &Person> {
        roster(&self.people)
    }

    /// Keeps what a table in bulk showed as evidence, and for the round who has which rows of it.
    pub(in crate::prober) fn keep(&mut self, look: TableSeen, holders: Holders, evidence: &mut Evidence) {
        evidence.tables.insert(holders.endpoint.clone(), vec![look]);
        self.holders.push(holders);
    }
}

fn roster(people: &[Person]) -> BTreeMap<&str, &Person> {
    people.iter().map(|person| (person.id.as_str(), person)).collect()
}

impl<'a> Prober<'a> {
    /// `on_ask` is told the endpoint of each request before it is sent.
    pub fn new(
        client: &'a Client,
        catalogue: &'a Catalogue,
        bearings: Bearings,
        on_ask: &'a (dyn Fn(&EndpointId) + Sync),
    ) -> Self {
        Self { client, catalogue, bearings, on_ask, asked: AtomicUsize::new(0) }
    }

    /// Asks what the plan holds and hands back what may be kept of the answers.
    pub async fn run(&self, plan: &Plan) -> Evidence {
        // Each round has the leave that the plan gives, and none is left over from the one before.
        self.client.close();
        self.asked.store(0, Ordering::Relaxed);
        for probe in &plan.probes {
            if let Some(endpoint) = self.catalogue.endpoint(&probe.endpoint) {
                self.client.permit(permit(endpoint, probe.at_most, &self.catalogue.writes().value));
            }
        }
        let mut evidence = Evidence::default();
        let mut memory = Memory { vouchers: self.vouchers(plan), ..Memory::default() };
        evidence.stopped = self.first_canary(&mut evidence).await;
        if evidence.stopped.is_none() {
            evidence.stopped = self.ask_in_steps(plan, &mut evidence, &mut memory).await;
        }
        if evidence.stopped.is_none() {
            evidence.stopped = self.vouch(&mut evidence, &mut memory).await;
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
        Self::sort_rows_by_kind(&mut evidence, &memory);
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

    fn will_ask(&self, endpoint: &EndpointId) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        (self.on_ask)(endpoint);
    }

    /// How many questions this round has asked so far.
    pub(in crate::prober) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// Asks again what needs no right, as the proof that nothing is blocked.
    async fn ask_canary(&self) -> Answer {
        let id = EndpointId::new("people-fields");
        self.will_ask(&id);
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
        self.will_ask(&endpoint.id);
        self.client.ask_each(&Request::of(endpoint, &slots), take).await
    }

    pub(in crate::prober) async fn ask_endpoint(&self, endpoint: &Endpoint, slots: Slots) -> Answer {
        self.will_ask(&endpoint.id);
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
        Outcome::Json(_) => Reply::Answered,
        Outcome::Refused(Refusal::WithReason | Refusal::PermissionMessage) => Reply::Refused,
        Outcome::Refused(Refusal::WithoutReason) => Reply::RefusedWithoutReason,
        Outcome::NotFound => Reply::NotFound,
        Outcome::BadRequest => Reply::BadRequest,
        // What was not read to its end, and in which nothing was found by then, may be anything.
        Outcome::CutJson | Outcome::NotAnApiAnswer | Outcome::ToWrite(_) => Reply::NotAnApiAnswer,
        Outcome::Redirected => Reply::Redirected,
        Outcome::Throttled => Reply::Throttled,
        Outcome::Unavailable => Reply::Unavailable,
        Outcome::Timeout => Reply::Timeout,
        Outcome::Stopped | Outcome::NotInPlan => Reply::NotAsked,
    };
    Seen { reply, status: answer.status, believed: false }
}

/// What an object is about that tells of an error, in the forms of HiBob and of what may stand before it.
const OF_AN_ERROR: [&str; 18] = [
    "code",
    "detail",
    "details",
    "error",
    "errorCode",
    "errorMessage",
    "errors",
    "key",
    "message",
    "path",
    "reason",
    "requestId",
    "status",
    "statusCode",
    "success",
    "timestamp",
    "title",
    "traceId",
];

/// Whether a body can be what a question is answered with. An empty list says that there is nothing; a bare
/// word, an object without any key, and one that tells of an error under a 200, say nothing.
fn says_something(body: &Value) -> bool {
    let tells = |members: &Map<String, Value>| members.keys().any(|key| !OF_AN_ERROR.contains(&key.as_str()));
    body.is_array() || body.as_object().is_some_and(tells)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_that_is_empty_or_tells_of_an_error_is_no_answer() {
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
        for error in [json!({"error": "x", "key": "y"}), json!({"errors": []}), json!({"message": "x"})] {
            assert_eq!(reply(error), Reply::NotAnApiAnswer);
        }
        assert_eq!(reply(json!({"results": [], "errors": {}})), Reply::Answered);
        assert_eq!(reply(json!([])), Reply::Answered);
        assert_eq!(reply(json!({"fields": []})), Reply::Answered);
    }
}
