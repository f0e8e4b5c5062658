//! What a run could not have done in less: the longest chain of its requests that truly depend on each
//! other, and the pauses that the budget of refusals forces.
//!
//! | request | cannot be asked before |
//! | --- | --- |
//! | the metadata | |
//! | anything else | the metadata: until then nobody knows whether the credentials and the address are good |
//! | a search for a sample, a table | who is visible |
//! | the sweep for excess | the policies' lists and tables: docs/requests.md says that they come first, and why |
//! | the larger sample | what stayed away in the first |
//! | a question about one person | both samples, which tell whom to ask about; and the same of the person before |
//! | what needs another answer | that answer |
//! | a table of the tenant's own | that list of tables |
//! | the last question that needs no right | every refusal: before it none is believed |

use std::collections::BTreeMap;
use std::time::Duration;

use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::id::EndpointId;
use hibob_audit::catalogue::rows::{Endpoint, Needs, Shape};
use hibob_audit::plan::{Plan, Purpose};
use hibob_audit::simulator::Logged;
use serde_json::Value;

/// How many refusals may come in a row, and how long it then takes.
const REFUSALS: u32 = 20;
const PAUSE: Duration = Duration::from_secs(10);

/// The longest chain.
pub(crate) struct Chain {
    pub(crate) links: u32,
    pub(crate) refused: u32,
}

impl Chain {
    /// Of the calls of one run by that plan, in the order in which they came.
    pub(crate) fn of(log: &[Logged], plan: &Plan, catalogue: &Catalogue) -> Self {
        let mut log: Vec<&Logged> = log.iter().collect();
        log.sort_by_key(|logged| logged.at);
        let mut depths: BTreeMap<String, u32> = BTreeMap::new();
        let (mut refused, mut last_refusal, mut longest) = (0, 0, 0);
        // The longest chain to an answer about people.
        let (mut sample, mut larger) = (3, 0);
        let mut first_people = None;
        let of_policy = |endpoint: &Endpoint| {
            plan.probes
                .iter()
                .any(|probe| probe.endpoint == endpoint.id && probe.purpose == Purpose::Required)
        };
        // What a policy asks for of nobody by name.
        let mut policy = 0;
        for logged in log {
            let endpoint = asked(logged, catalogue);
            let id = endpoint.map_or(logged.path.clone(), |endpoint| endpoint.id.to_string());
            let again = depths.get(&id).copied();
            let depth = match endpoint {
                None => 1,
                Some(endpoint) if endpoint.shape == Shape::Fields => match again {
                    None => 1,
                    Some(_) => last_refusal + 1,
                },
                Some(endpoint) if logged.path.ends_with("/people/search") => {
                    let people = people_asked_for(logged);
                    if people.is_none() && endpoint.needs == Needs::None {
                        2
                    } else if first_people.get_or_insert(people.clone()) == &people {
                        sample = 3;
                        sample
                    } else {
                        larger = 4;
                        larger
                    }
                }
                Some(endpoint) if endpoint.needs == Needs::Person => {
                    let tables = depths.get("custom-tables").copied().unwrap_or(1);
                    let people = sample.max(larger);
                    let before = if endpoint.shape == Shape::OwnTable { people.max(tables) } else { people };
                    again.filter(|_| endpoint.shape != Shape::OwnTable).unwrap_or(before).max(before) + 1
                }
                Some(endpoint) if endpoint.needs == Needs::People => 3,
                Some(endpoint) => match &endpoint.after {
                    Some(before) => depths.get(before.as_str()).copied().unwrap_or(2) + 1,
                    None => 2,
                },
            };
            let depth = match endpoint {
                Some(endpoint)
                    if endpoint.needs != Needs::Person
                        && !endpoint.vouches
                        && matches!(endpoint.shape, Shape::List | Shape::Answer | Shape::Table) =>
                {
                    let follows = |other: &Endpoint| {
                        other.after.as_ref() == Some(&endpoint.id) && other.path == endpoint.path
                    };
                    if let Some(first) = again.filter(|_| catalogue.endpoints().any(follows)) {
                        first + 1
                    } else if of_policy(endpoint) {
                        policy = depth.max(policy);
                        depth
                    } else {
                        depth.max(policy + 1)
                    }
                }
                _ => depth,
            };
            depths.insert(id, depth);
            longest = longest.max(depth);
            if matches!(logged.status, 401 | 403) {
                refused += 1;
                last_refusal = last_refusal.max(depth);
            }
        }
        if refused > 0 {
            longest = longest.max(last_refusal + 1);
        }
        Self { links: longest, refused }
    }

    pub(crate) fn time(&self, latency: Duration) -> Duration {
        latency * self.links + PAUSE * (self.refused.saturating_sub(1) / REFUSALS)
    }
}

/// Whom a search names.
fn people_asked_for(logged: &Logged) -> Option<Value> {
    let body: Value = serde_json::from_str(&logged.body).ok()?;
    body.get("filters").filter(|filters| filters.as_array().is_none_or(|list| !list.is_empty())).cloned()
}

/// The row of the catalogue whose path a call has.
fn asked<'c>(logged: &Logged, catalogue: &'c Catalogue) -> Option<&'c Endpoint> {
    let path = logged.path.strip_prefix("/v1").unwrap_or(&logged.path);
    if path == "/people/search" {
        let names_people = people_asked_for(logged).is_some();
        let id = if names_people { "people-search" } else { "people-ids" };
        return catalogue.endpoint(&EndpointId::new(id));
    }
    catalogue.endpoints().find(|endpoint| {
        let (mut wanted, mut parts) = (endpoint.path.split('/'), path.split('/'));
        endpoint.method.as_str() == logged.method
            && wanted
                .by_ref()
                .zip(parts.by_ref())
                .all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
            && endpoint.path.split('/').count() == path.split('/').count()
    })
}
