//! The steps of a round: what is asked at once, and what has to wait for an answer.
//!
//! | step | what is asked | hangs on |
//! | --- | --- | --- |
//! | 1 | who is visible | the metadata |
//! | 2 | lists, tables in bulk, a sample of people | who is visible |
//! | 3 | the larger sample | what stayed away in the first |
//! | 4 | people one by one, what follows a list; the rest of the sweep | what came back in samples and list |
//! | 5 | tables that something left open, and those of the tenant's own | all of that |
//!
//! In each step the policies' questions go first. The sweep for excess leaves room in the budget of refusals
//! for all that they may still ask: not even a sweep that is refused throughout makes a policy's verdict wait.

use std::collections::BTreeMap;

use futures_util::future::{Either, join, join_all};

use super::looks::{Holders, Kept};
use super::vouch::note_all;
use super::{Memory, Prober, roster};
use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::{Endpoint, Needs, Shape};
use crate::evidence::roster::Person;
use crate::evidence::{Evidence, Stopped, TableSeen};
use crate::plan::{Plan, Purpose};

/// The searches for a sample and for a larger one may be refused like anything else.
const SEARCHES: usize = 2;

/// For what only leaves a doubt, such as somebody without a document, no more requests are sent than this.
const ENOUGH: usize = 30;

/// What was planned, by when it can be asked.
#[derive(Default)]
struct Steps<'c> {
    /// Whether a sample of people is asked for.
    sample: bool,
    /// What hangs on nothing but who is visible: what the policies need, and then the sweep.
    at_once: Vec<&'c Endpoint>,
    /// What is asked one by one, and what of the sweep there was no room for.
    later: Vec<&'c Endpoint>,
    /// How many of those are of the sweep.
    sweep_later: usize,
}

/// What came back of a question that hangs on nothing but who is visible.
enum Told {
    List(EndpointId, Kept),
    Table(TableSeen, Holders),
}

impl<'a> Prober<'a> {
    /// Goes through the plan; says why the round has to end, should everything be refused of a sudden.
    pub(super) async fn ask_in_steps(
        &self,
        plan: &Plan,
        evidence: &mut Evidence,
        memory: &mut Memory<'a>,
    ) -> Option<Stopped> {
        let probes: Vec<(&Endpoint, Purpose)> = plan
            .probes
            .iter()
            .filter(|probe| probe.purpose != Purpose::Write)
            .filter_map(|probe| Some((self.catalogue.endpoint(&probe.endpoint)?, probe.purpose)))
            .collect();
        if probes.iter().any(|(endpoint, _)| endpoint.shape == Shape::People) {
            self.find_people(evidence, memory).await;
        }
        let steps = self.steps(&probes, evidence);
        let probes: Vec<&Endpoint> = probes.into_iter().map(|(endpoint, _)| endpoint).collect();
        self.ask_at_once(plan, &steps, evidence, memory).await;
        // Those who are visible were searched for a moment ago: what refuses it now may be a block.
        if evidence.sample.as_ref().is_some_and(|sample| sample.seen.is_refusal()) {
            let stopped = self.vouch(evidence, memory).await;
            if stopped.is_some() {
                return stopped;
            }
        }
        self.ask_after(&probes, &steps, evidence, memory).await;
        self.second_choices(&probes, evidence, memory).await;
        let one_by_one = evidence.people.with_id > 0;
        if one_by_one && probes.iter().any(|endpoint| endpoint.id.as_str() == "custom-table") {
            while memory.vouchers.iter().any(|voucher| voucher.shape == Shape::CustomTables) {
                self.ask_voucher(evidence, memory).await;
            }
            self.custom_tables(plan, evidence, &memory.people).await;
        }
        None
    }

    fn steps<'c>(&self, probes: &[(&'c Endpoint, Purpose)], evidence: &Evidence) -> Steps<'c> {
        let due = probes.iter().filter(|(endpoint, _)| {
            let has_whom = match endpoint.needs {
                Needs::None => true,
                Needs::People => evidence.people.visible > 0,
                Needs::Person => evidence.people.with_id > 0,
            };
            has_whom
                && match endpoint.shape {
                    Shape::List | Shape::Answer => endpoint.after.is_none(),
                    Shape::Table => self.is_first_choice(endpoint, evidence),
                    _ => false,
                }
        });
        let (policy, sweep): (Vec<_>, Vec<_>) = due.partition(|(_, purpose)| *purpose == Purpose::Required);
        let mut room = self.client.denials_left().saturating_sub(policy.len() + SEARCHES);
        let sample = probes.iter().any(|(endpoint, _)| endpoint.id.as_str() == "people-search");
        let mut steps = Steps { sample, ..Steps::default() };
        // What others hang on is not put off.
        let is_hung_on = |endpoint: &Endpoint| {
            endpoint.id.as_str() == "time-off-policy-types"
                || probes.iter().any(|(other, _)| other.after.as_ref() == Some(&endpoint.id))
        };
        for (endpoint, purpose) in policy.into_iter().chain(sweep).copied() {
            let of_sweep = purpose != Purpose::Required;
            let put_off = of_sweep && room == 0 && !is_hung_on(endpoint);
            if endpoint.needs == Needs::Person || put_off {
                steps.later.push(endpoint);
                steps.sweep_later += usize::from(of_sweep);
            } else {
                room = room.saturating_sub(usize::from(of_sweep));
                steps.at_once.push(endpoint);
            }
        }
        steps
    }

    /// What hangs on nothing but who is visible, with the samples.
    async fn ask_at_once(
        &self,
        plan: &Plan,
        steps: &Steps<'_>,
        evidence: &mut Evidence,
        memory: &mut Memory<'a>,
    ) {
        let (samples, told) = {
            let (people, everybody) = (&memory.people, roster(&memory.people));
            let samples =
                async { if steps.sample { self.samples(plan, evidence, people).await } else { None } };
            // Most hangs on the samples, so they go first.
            join(samples, self.ask_about_all(&steps.at_once, &everybody)).await
        };
        for told in told {
            match told {
                Told::List(endpoint, kept) => {
                    memory.policy_type = memory.policy_type.take().or(kept.policy_type);
                    evidence.answers.insert(endpoint, kept.list);
                }
                Told::Table(look, holders) => memory.keep(look, holders, evidence),
            }
        }
        if let Some(samples) = samples {
            evidence.sample = Some(samples.first);
            evidence.again = samples.again;
            evidence.sampled_everybody = samples.everybody;
            self.tell_apart(evidence, &samples.shown, &samples.shown_again, &mut memory.people);
        }
    }

    async fn ask_about_all(&self, endpoints: &[&Endpoint], everybody: &BTreeMap<&str, &Person>) -> Vec<Told> {
        join_all(endpoints.iter().map(|endpoint| async move {
            if endpoint.shape == Shape::Table {
                let (look, holders) = self.bulk_table(endpoint, everybody).await;
                Told::Table(look, holders)
            } else {
                let (endpoint, kept) = self.list(endpoint, self.slots()).await;
                Told::List(endpoint.id.clone(), kept)
            }
        }))
        .await
    }

    /// What hangs on an answer: people to ask about one by one, what follows a list, and what of the sweep
    /// there was no room for.
    async fn ask_after(
        &self,
        probes: &[&Endpoint],
        steps: &Steps<'_>,
        evidence: &mut Evidence,
        memory: &mut Memory<'a>,
    ) {
        let has_items = |before: &EndpointId| {
            evidence.answers.get(before).is_some_and(|list| list.items.is_some_and(|items| items > 0))
        };
        let follow = probes.iter().filter(|endpoint| endpoint.after.as_ref().is_some_and(has_items));
        let (tables, lists): (Vec<&Endpoint>, Vec<&Endpoint>) =
            steps.later.iter().chain(follow).copied().partition(|endpoint| endpoint.shape == Shape::Table);
        // Where the sweep may use up the budget of refusals to the last, nothing but the canary could be asked
        // after it without a pause: then what else needs no right goes first.
        let second_choices = self.second_choices_to_come(probes, &tables, evidence);
        let sweep_to_come = steps.sweep_later + second_choices;
        if self.client.denials_left() == sweep_to_come {
            self.ask_vouchers(evidence, memory).await;
        }
        // One is kept to vouch for what is refused now. Where nothing was refused and nothing stayed away so far,
        // hardly anything will be: then nobody waits for it, and at worst the canary is asked once more.
        let any_refusal = evidence.answers_mut().any(|seen| seen.is_refusal());
        let kept = usize::from(any_refusal || evidence.again.is_some()).min(memory.vouchers.len());
        let now: Vec<_> = memory.vouchers.drain(..memory.vouchers.len() - kept).collect();
        let requests = usize::try_from(self.client.totals().requests).unwrap_or(usize::MAX);
        let canary = usize::from(any_refusal && kept == 0);
        let certain =
            requests.saturating_add(now.len() + lists.len() + tables.len() + second_choices + kept + canary);
        memory.others = ENOUGH.saturating_sub(certain).into();
        let asked = &*memory;
        let (people, everybody) = (&asked.people, &asked.roster());
        let (vouched, (lists, tables)) = join(
            self.ask_all_of(now),
            join(
                join_all(lists.iter().map(|endpoint| self.list_of_people(endpoint, asked))),
                join_all(tables.iter().map(|endpoint| async move {
                    if endpoint.needs == Needs::Person {
                        let turn = self.turn(endpoint);
                        Either::Left(self.table_of_people(endpoint, people, None, turn).await)
                    } else {
                        Either::Right(self.bulk_table(endpoint, everybody).await)
                    }
                })),
            ),
        )
        .await;
        // They vouch for what was refused before they were sent, and for nothing that was sent with them.
        note_all(vouched, evidence);
        for (id, list, kinds) in lists {
            evidence.kinds.extend(kinds.map(|kinds| (id.to_string(), kinds)));
            evidence.answers.insert(id, list);
        }
        for told in tables {
            match told {
                Either::Left((id, looks, kinds)) => {
                    evidence.kinds.insert(id.to_string(), kinds);
                    evidence.tables.insert(id, looks);
                }
                Either::Right((look, holders)) => memory.keep(look, holders, evidence),
            }
        }
    }
}
