//! How to ask: the only outgoing sockets.
//!
//! A round goes through the plan in two waves, the probes of the policies before the sweep for excess,
//! so that a policy's verdict never waits for the rest. After each wave in which something was refused
//! a canary is asked: only then may the refusals be believed.

pub mod address;
pub mod answer;
pub mod client;
mod denials;
pub mod door;
mod lane;
pub mod manners;
pub mod pace;
pub mod retry;
pub mod secret;
mod signals;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::{join, join_all};
use serde_json::Value;

use crate::catalogue::id::{Action, EndpointId, PermissionId};
use crate::catalogue::{Catalogue, Endpoint, Needs, OldRows, Shape};
use crate::evidence::read::Shown;
use crate::evidence::roster::{Person, VARYING_FIELDS, of_each_audience, person, varied};
use crate::evidence::{
    CustomTable, Evidence, Field, ListSeen, Reply, Sample, Seen, Stopped, TableSeen, read,
};
use crate::plan::{FIELDS_A_SEARCH, FieldScope, PERSONS_TRIED, Plan, Purpose, Request, Slots};

use answer::{Answer, Outcome, Refusal, Stop};
use client::Client;
use door::Permit;

/// How many people the second, larger sample holds.
const LARGER_SAMPLE: usize = 200;
/// How many people may be read whole where they come back without an id to ask for.
const MOST_WITHOUT_ID: usize = 1000;

/// The policy type that most tenants have, where no name of one could be read.
const USUAL_POLICY_TYPE: &str = "Holiday";

/// What a round needs to know beside its plan.
#[derive(Debug, Clone)]
pub struct Bearings {
    /// Today, `YYYY-MM-DD`.
    pub today: String,
    /// A year ago, `YYYY-MM-DD`.
    pub year_ago: String,
    /// How many people the first sample holds.
    pub sample: usize,
}

/// Goes through plans with one client.
pub struct Prober<'a> {
    client: &'a Client,
    catalogue: &'a Catalogue,
    bearings: Bearings,
    on_ask: &'a (dyn Fn(&EndpointId) + Sync),
}

/// What one round holds in memory and nobody keeps.
#[derive(Default)]
struct Memory {
    people: Vec<Person>,
    /// The name of a time-off policy type, to ask a balance with.
    policy_type: Option<String>,
}

impl Memory {
    fn roster(&self) -> BTreeMap<&str, &Person> {
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
        for probe in &plan.probes {
            if let Some(endpoint) = self.catalogue.endpoint(&probe.endpoint) {
                self.client.permit(permit(endpoint, probe.at_most));
            }
        }
        let mut evidence = Evidence::default();
        let mut memory = Memory::default();
        evidence.stopped = self.first_canary(&mut evidence).await;
        for wave in [Purpose::Required, Purpose::Excess] {
            if evidence.stopped.is_none() {
                self.wave(plan, wave, &mut evidence, &mut memory).await;
                evidence.stopped = self.vouch(&mut evidence).await;
            }
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
            Outcome::CutJson | Outcome::NotFound | Outcome::BadRequest | Outcome::NotAnApiAnswer => {
                Some(Stopped::NotTheApi)
            }
            Outcome::Throttled => Some(Stopped::Unreachable("throttled until the end".to_owned())),
            Outcome::Timeout => Some(Stopped::Unreachable("no answer in time".to_owned())),
            Outcome::Unavailable | Outcome::NotInPlan => {
                Some(Stopped::Unreachable(answer.why.unwrap_or_else(|| "it is not available".to_owned())))
            }
            Outcome::Stopped => Some(self.why_stopped().unwrap_or(Stopped::CredentialsRefused)),
        }
        .map(|stopped| self.why_stopped().unwrap_or(stopped))
    }

    fn why_stopped(&self) -> Option<Stopped> {
        self.client.stopped().map(|stop| match stop {
            Stop::CredentialsRefused => Stopped::CredentialsRefused,
            Stop::Deadline | Stop::Interrupted => Stopped::Ended,
        })
    }

    /// Asks the canary after refusals; they are believed only if it answers.
    async fn vouch(&self, evidence: &mut Evidence) -> Option<Stopped> {
        if let Some(stopped) = self.why_stopped() {
            return Some(stopped);
        }
        if !evidence.answers_mut().any(|seen| seen.is_refusal() && !seen.believed) {
            return None;
        }
        let canary = self.ask("people-fields", self.slots()).await;
        match canary.outcome {
            Outcome::Json(body) if read::fields(&body).is_some() => {
                evidence.answers_mut().filter(|seen| seen.is_refusal()).for_each(|seen| seen.believed = true);
                None
            }
            _ => Some(self.why_stopped().unwrap_or(Stopped::BlockedLater)),
        }
    }

    async fn wave(&self, plan: &Plan, purpose: Purpose, evidence: &mut Evidence, memory: &mut Memory) {
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
        memory: &mut Memory,
    ) {
        let asks = |endpoint: &Endpoint| match endpoint.needs {
            Needs::None => true,
            Needs::People => evidence.people.visible > 0,
            Needs::Person => false,
        };
        let lists = probes.iter().filter(|endpoint| {
            matches!(endpoint.shape, Shape::List | Shape::Answer | Shape::CustomTables | Shape::Folders)
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
            match endpoint.shape {
                Shape::Folders => evidence.folders = kept.folders,
                Shape::CustomTables => evidence.custom_tables = kept.custom_tables,
                _ => {
                    evidence.answers.insert(endpoint.id.clone(), kept.list);
                }
            }
        }
        for (endpoint, look) in tables {
            evidence.tables.insert(endpoint, vec![look]);
        }
        if let Some(samples) = samples {
            evidence.sample = Some(samples.first);
            evidence.again = samples.again;
            evidence.sampled_everybody = samples.everybody;
            let nulls = evidence.types_with_nulls();
            for person in &mut memory.people {
                if let Some(shown) = samples.audiences.get(&person.id) {
                    // Where no empty field ever comes back, what did has to do.
                    let telling =
                        shown.iter().filter(|(_, kind)| nulls.is_empty() || nulls.contains(kind.as_str()));
                    person.shown = telling.map(|(category, _)| category.clone()).collect();
                    person.sampled = true;
                }
            }
        }
    }

    /// What depends on an answer: people to ask about one by one, and tables that something left open.
    async fn ask_after(&self, plan: &Plan, probes: &[&Endpoint], evidence: &mut Evidence, memory: &Memory) {
        let one_by_one = evidence.people.with_id > 0;
        let lists = probes.iter().filter(|endpoint| match (&endpoint.after, endpoint.needs) {
            (Some(before), _) => {
                evidence.answers.get(before).is_some_and(|list| list.items.is_some_and(|items| items > 0))
            }
            (None, Needs::Person) => one_by_one && matches!(endpoint.shape, Shape::List | Shape::Answer),
            (None, _) => false,
        });
        let tables = probes.iter().filter(|endpoint| {
            endpoint.shape == Shape::Table
                && endpoint.needs == Needs::Person
                && one_by_one
                && self.is_first_choice(endpoint, evidence)
        });
        let (lists, tables) = join(
            join_all(lists.map(|endpoint| self.list_of_people(endpoint, memory))),
            join_all(tables.map(|endpoint| self.table_of_people(endpoint, &memory.people, None))),
        )
        .await;
        evidence.answers.extend(lists);
        evidence.tables.extend(tables);
        if one_by_one {
            self.second_choices(probes, evidence, memory).await;
            if probes.iter().any(|endpoint| endpoint.id.as_str() == "custom-table") {
                self.custom_tables(plan, evidence, &memory.people).await;
            }
        }
    }

    /// Who is visible, active or not. Where the search gives no ids, the tables do.
    async fn find_people(&self, evidence: &mut Evidence, memory: &mut Memory) {
        let known: BTreeSet<&str> = evidence.fields.iter().map(|field| field.id.as_str()).collect();
        let mut fields = vec!["root.id".to_owned()];
        fields.extend(
            VARYING_FIELDS.iter().filter(|field| known.contains(**field)).map(|field| (*field).to_owned()),
        );
        let answer = self.ask("people-ids", self.slots().list("ids-fields", fields)).await;
        evidence.people.seen = seen(&answer);
        let Outcome::Json(body) = answer.outcome else { return };
        let Some(employees) = read::employees(&body) else {
            evidence.people.seen.reply = Reply::NotAnApiAnswer;
            return;
        };
        memory.people = employees.into_iter().map(person).collect();
        for person in &memory.people {
            if let Some(status) = person.status.clone() {
                *evidence.people.statuses.entry(status).or_default() += 1;
            }
        }
        evidence.people.visible = count(memory.people.len());
        evidence.people.with_id = count(memory.people.iter().filter(|person| !person.id.is_empty()).count());
    }

    async fn samples(&self, plan: &Plan, evidence: &Evidence, people: &[Person]) -> Option<Samples> {
        let wanted: Vec<&Field> =
            evidence.fields.iter().filter(|field| in_scope(&plan.fields, field)).collect();
        if evidence.people.visible == 0 || wanted.is_empty() {
            return None;
        }
        let inner = read::inner_fields(&evidence.fields);
        // Whoever comes back without an id cannot be asked for, and is a person all the same.
        let some_without_id = evidence.people.with_id < evidence.people.visible;
        let may_ask_everybody = people.len() <= MOST_WITHOUT_ID;
        if evidence.people.with_id == 0 {
            if !may_ask_everybody {
                return None;
            }
            let (first, audiences) = self.search_everybody(&wanted, &inner).await;
            return Some(Samples { first, again: None, everybody: true, audiences });
        }
        let few = varied(people, self.bearings.sample, &BTreeSet::new());
        let ids: Vec<String> = few.iter().map(|person| person.id.clone()).collect();
        let (first, mut audiences) =
            self.search("people-search", "sample", &ids, "fields", &wanted, &inner).await;
        let sampled: BTreeSet<&str> = few.iter().map(|person| person.id.as_str()).collect();
        let rest = varied(people, LARGER_SAMPLE, &sampled);
        let absent: Vec<&Field> = wanted
            .iter()
            .copied()
            .filter(|field| !inner.contains(field.id.as_str()) && !self.catalogue.comes_always(&field.id))
            .filter(|field| first.fields.get(&field.id).is_some_and(|seen| seen.value + seen.empty == 0))
            .collect();
        let everybody = rest.is_empty() && !some_without_id;
        let again = if everybody || absent.is_empty() || first.seen.reply != Reply::Answered {
            None
        } else if some_without_id {
            if may_ask_everybody { Some(self.search_everybody(&absent, &inner).await) } else { None }
        } else {
            let ids: Vec<String> = rest.iter().map(|person| person.id.clone()).collect();
            let again = "people-search-again";
            Some(self.search(again, "larger-sample", &ids, "absent-fields", &absent, &inner).await)
        };
        let again = again.map(|(again, more)| {
            // Of the larger sample only those tell an audience apart who show what the first did not.
            for (person, shown) in more.into_iter().filter(|(_, shown)| !shown.is_empty()) {
                audiences.entry(person).or_default().extend(shown);
            }
            again
        });
        Some(Samples { first, again, everybody, audiences })
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
        let chunks = join_all(fields.chunks(FIELDS_A_SEARCH).map(|chunk| async move {
            let ids = chunk.iter().map(|field| field.id.clone()).collect();
            let slots = self.slots().list(people_slot, people.to_vec()).list(fields_slot, ids);
            let answer = self.ask(endpoint, slots).await;
            let seen = seen(&answer);
            match &answer.outcome {
                Outcome::Json(body) => {
                    (seen, read::presence(body, chunk, inner), read::shown(body, chunk, inner))
                }
                _ => (seen, None, Shown::new()),
            }
        }))
        .await;
        let mut whole = Sample::default();
        let mut audiences = Shown::new();
        for (seen, chunk, shown) in chunks {
            for (person, shown) in shown {
                audiences.entry(person).or_default().extend(shown);
            }
            match chunk {
                Some(chunk) => {
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

    async fn list<'e>(&self, endpoint: &'e Endpoint, slots: Slots) -> (&'e Endpoint, Kept) {
        let answer = self.ask_endpoint(endpoint, slots).await;
        let mut kept =
            Kept { list: ListSeen { seen: seen(&answer), ..ListSeen::default() }, ..Kept::default() };
        match (&answer.outcome, endpoint.shape) {
            (Outcome::Json(body), Shape::Folders) => kept.folders = read::folders(body),
            (Outcome::Json(body), Shape::CustomTables) => kept.custom_tables = read::custom_tables(body),
            (Outcome::Json(body), Shape::List) => {
                kept.list.items = read::items(body, &endpoint.items);
                kept.list.marks = read::marks(body, &endpoint.items, &endpoint.marks);
                kept.policy_type = read::policy_type(body);
            }
            // More than the budget of a list is more than one item.
            (Outcome::CutJson, Shape::List) => kept.list.items = Some(1),
            _ => {}
        }
        (endpoint, kept)
    }

    /// A list that is asked about one person at a time: until one has something to show.
    async fn list_of_people(&self, endpoint: &Endpoint, memory: &Memory) -> (EndpointId, ListSeen) {
        if endpoint.needs != Needs::Person {
            let (_, kept) = self.list(endpoint, self.slots()).await;
            return (endpoint.id.clone(), kept.list);
        }
        let mut best: Option<ListSeen> = None;
        for person in of_each_audience(&memory.people, PERSONS_TRIED) {
            let policy_type = memory.policy_type.as_deref().unwrap_or(USUAL_POLICY_TYPE);
            let slots = self.slots().text("person", &person.id).text("policy-type", policy_type);
            let (_, kept) = self.list(endpoint, slots).await;
            let says_more = best.as_ref().is_none_or(|best| telling(&kept.list) > telling(best));
            if says_more {
                best = Some(kept.list);
            }
            if best.as_ref().is_some_and(|best| telling(best) == Telling::Something) {
                break;
            }
        }
        (endpoint.id.clone(), best.unwrap_or_default())
    }

    /// A table in bulk.
    async fn bulk_table(
        &self,
        endpoint: &Endpoint,
        roster: &BTreeMap<&str, &Person>,
    ) -> (EndpointId, TableSeen) {
        let everybody: Vec<Person> = roster.values().map(|person| (*person).clone()).collect();
        // The first page of a large company is no sample; without ids it is all there is.
        let named: Vec<&str> = if everybody.len() > LARGER_SAMPLE {
            let some = varied(&everybody, LARGER_SAMPLE, &BTreeSet::new());
            some.iter().map(|person| person.id.as_str()).collect()
        } else {
            Vec::new()
        };
        let slots = self.slots().text("people", &named.join(","));
        (endpoint.id.clone(), self.look(endpoint, slots, roster).await)
    }

    /// A table person by person, until it opens or was refused for one of each audience.
    async fn table_of_people(
        &self,
        endpoint: &Endpoint,
        people: &[Person],
        custom: Option<&str>,
    ) -> (EndpointId, Vec<TableSeen>) {
        let roster = BTreeMap::new();
        let mut looks = Vec::new();
        for person in of_each_audience(people, PERSONS_TRIED) {
            let mut slots = self.slots().text("person", &person.id);
            if let Some(table) = custom {
                slots = slots.text("table", table);
            }
            let look = self.look(endpoint, slots, &roster).await;
            let refused = look.seen.is_refusal();
            looks.push(look);
            if !refused {
                break;
            }
        }
        (endpoint.id.clone(), looks)
    }

    async fn look(&self, endpoint: &Endpoint, slots: Slots, roster: &BTreeMap<&str, &Person>) -> TableSeen {
        let answer = self.ask_endpoint(endpoint, slots).await;
        let seen = seen(&answer);
        match &answer.outcome {
            Outcome::Json(body) => match read::table(body, roster, &self.bearings.today) {
                Some(look) => TableSeen { seen, restricted_header: answer.restricted_header, ..look },
                None => {
                    TableSeen { seen: Seen { reply: Reply::NotAnApiAnswer, ..seen }, ..TableSeen::default() }
                }
            },
            _ => TableSeen { seen, ..TableSeen::default() },
        }
    }

    /// Whether a table is asked at once: it is the first of its category, and shows what fields cannot.
    fn is_first_choice(&self, endpoint: &Endpoint, evidence: &Evidence) -> bool {
        self.catalogue.categories().iter().any(|category| {
            category.tables.first().is_some_and(|table| {
                table.endpoint == endpoint.id
                    && (table.old_rows == OldRows::NeedHistory || !evidence.has_category(&category.id))
            })
        })
    }

    /// Asks the next table of a category that has no verdict yet.
    async fn second_choices(&self, probes: &[&Endpoint], evidence: &mut Evidence, memory: &Memory) {
        for category in self.catalogue.categories() {
            for table in &category.tables {
                if evidence.tables.contains_key(&table.endpoint) || evidence.fields_decide(&category.id) {
                    continue;
                }
                let undecided =
                    category.tables.iter().take_while(|other| other.endpoint != table.endpoint).all(
                        |before| {
                            evidence.tables.get(&before.endpoint).is_none_or(|looks| {
                                looks
                                    .iter()
                                    .all(|look| look.seen.reply != Reply::Answered && !look.seen.is_refusal())
                            })
                        },
                    );
                let Some(endpoint) = probes.iter().find(|endpoint| endpoint.id == table.endpoint) else {
                    continue;
                };
                if undecided && endpoint.needs == Needs::Person {
                    let (id, looks) = self.table_of_people(endpoint, &memory.people, None).await;
                    evidence.tables.insert(id, looks);
                } else if undecided {
                    let (id, look) = self.bulk_table(endpoint, &memory.roster()).await;
                    evidence.tables.insert(id, vec![look]);
                }
            }
        }
    }

    /// One table for each section of the tenant's own that has one.
    async fn custom_tables(&self, plan: &Plan, evidence: &mut Evidence, people: &[Person]) {
        let Some(endpoint) = self.catalogue.endpoint(&EndpointId::new("custom-table")) else { return };
        let mut sections = BTreeSet::new();
        let wanted: Vec<String> = evidence
            .custom_tables
            .iter()
            .filter(|table| !self.catalogue.is_category(&table.category))
            .filter(|table| match &plan.fields {
                FieldScope::All => true,
                FieldScope::Some { categories, .. } => categories.contains(&table.category),
            })
            .filter(|table| sections.insert(table.category.clone()))
            // Where fields decide the view, an open table says nothing of the past, and a refusal would
            // only be one more: for the sake of the budget it is asked where a policy wants to know.
            .filter(|table| {
                let id = PermissionId::category(&table.category, Action::History);
                plan.wants(&id) || !evidence.fields_decide(&table.category)
            })
            .map(|table| table.id.clone())
            .collect();
        let looks =
            join_all(wanted.iter().map(|table| self.table_of_people(endpoint, people, Some(table)))).await;
        for (table, (_, looks)) in wanted.into_iter().zip(looks) {
            evidence.custom_rows.insert(table, looks);
        }
    }

    fn slots(&self) -> Slots {
        Slots::dates(&self.bearings.today, &self.bearings.year_ago)
    }

    async fn ask(&self, endpoint: &str, slots: Slots) -> Answer {
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

    async fn ask_endpoint(&self, endpoint: &Endpoint, slots: Slots) -> Answer {
        (self.on_ask)(&endpoint.id);
        self.client.ask(&Request::of(endpoint, &slots)).await
    }
}

struct Samples {
    first: Sample,
    again: Option<Sample>,
    everybody: bool,
    audiences: Shown,
}

/// What may be kept of a list, and what the round needs of it.
#[derive(Default)]
struct Kept {
    list: ListSeen,
    folders: BTreeSet<String>,
    custom_tables: Vec<CustomTable>,
    policy_type: Option<String>,
}

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

/// Leave to ask one endpoint.
fn permit(endpoint: &Endpoint, at_most: u32) -> Permit {
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
        max_times: at_most,
    }
}

fn in_scope(scope: &FieldScope, field: &Field) -> bool {
    match scope {
        FieldScope::All => true,
        FieldScope::Some { categories, fields } => {
            categories.contains(&field.category) || fields.contains(&field.id)
        }
    }
}

fn seen(answer: &Answer) -> Seen {
    let reply = match &answer.outcome {
        Outcome::Json(_) | Outcome::CutJson => Reply::Answered,
        Outcome::Refused(Refusal::WithReason | Refusal::PermissionMessage) => Reply::Refused,
        Outcome::Refused(Refusal::WithoutReason) => Reply::RefusedWithoutReason,
        Outcome::NotFound => Reply::NotFound,
        Outcome::BadRequest => Reply::BadRequest,
        Outcome::NotAnApiAnswer => Reply::NotAnApiAnswer,
        Outcome::Redirected => Reply::Redirected,
        Outcome::Throttled => Reply::Throttled,
        Outcome::Unavailable => Reply::Unavailable,
        Outcome::Timeout => Reply::Timeout,
        Outcome::Stopped | Outcome::NotInPlan => Reply::NotAsked,
    };
    Seen { reply, status: answer.status, believed: false }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
