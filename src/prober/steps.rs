//! The steps of a round: what is asked at once, and what has to wait for an answer.
//!
//! | step | what is asked | hangs on |
//! | --- | --- | --- |
//! | 1 | who is visible | the metadata |
//! | 2 | the policies' lists and tables in bulk; a sample of people | who is visible |
//! | 3 | the sweep for excess, but for what is asked one by one | the policies' answers, so that they come first |
//! | 3 | the larger sample | what stayed away in the first |
//! | 4 | people one by one, what follows a list; the rest of the sweep | what came back in samples and list |
//! | 5 | tables that something left open, and those of the tenant's own | all of that |
//!
//! The policies' questions go first, and the sweep leaves room in the budget of refusals for all that they
//! may still ask: not even a sweep that is refused throughout makes a policy's verdict wait.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use futures_util::future::{join, join_all};
use tokio::sync::Notify;

use super::looks::{Holders, Kept};
use super::vouch::note_all;
use super::{Memory, Prober, roster};
use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::{Endpoint, Needs, Shape, Witness, Witnessed};
use crate::evidence::roster::Person;
use crate::evidence::{Evidence, Stopped, TableSeen};
use crate::plan::{FIELDS_A_SEARCH, Plan, Purpose};

/// The searches for a sample and for a larger one may be refused like anything else.
const SEARCHES: usize = 2;

/// A run of up to 400 fields sends no more requests than this, beside what it asks about tables of the
/// tenant's own.
const MOST: usize = 30;

/// What was planned, by when it can be asked.
#[derive(Default)]
struct Steps<'c> {
    /// Whether a sample of people is asked for.
    sample: bool,
    /// What the policies need and hangs on nothing but who is visible.
    policy: Vec<&'c Endpoint>,
    /// The same of the sweep.
    sweep: Vec<&'c Endpoint>,
    /// What is asked one by one, and what of the sweep there was no room for.
    later: Vec<&'c Endpoint>,
    /// How many of those are of the sweep.
    sweep_later: usize,
    /// What the sweep can do without the soonest: nothing denies there, so it may well settle nothing.
    spare: Vec<EndpointId>,
}

/// What came back of a question that hangs on nothing but who is visible.
enum Told {
    List(EndpointId, Kept),
    Table(TableSeen, Holders),
}

impl Memory<'_> {
    fn keep_all(&mut self, told: Vec<Told>, evidence: &mut Evidence) {
        for told in told {
            match told {
                Told::List(endpoint, kept) => {
                    self.policy_type = self.policy_type.take().or(kept.policy_type);
                    evidence.answers.insert(endpoint, kept.list);
                }
                Told::Table(look, holders) => self.keep(look, holders, evidence),
            }
        }
    }
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
        if one_by_one && probes.iter().any(|endpoint| endpoint.shape == Shape::OwnTable) {
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
        let sample = probes.iter().any(|(endpoint, _)| endpoint.shape == Shape::Sample);
        let of_sweep = probes.iter().filter(|(_, purpose)| *purpose != Purpose::Required);
        let spare = of_sweep.map(|(endpoint, _)| &endpoint.id).filter(|id| self.only_grants(id));
        let mut steps = Steps { sample, spare: spare.cloned().collect(), ..Steps::default() };
        // What others hang on is not put off.
        let is_hung_on = |endpoint: &Endpoint| {
            endpoint.names.is_some()
                || probes.iter().any(|(other, _)| other.after.as_ref() == Some(&endpoint.id))
        };
        for (endpoint, purpose) in policy.into_iter().chain(sweep).copied() {
            let of_sweep = purpose != Purpose::Required;
            let put_off = of_sweep && room == 0 && !is_hung_on(endpoint);
            if endpoint.needs == Needs::Person || put_off {
                steps.later.push(endpoint);
                steps.sweep_later += usize::from(of_sweep);
            } else if of_sweep {
                room = room.saturating_sub(1);
                steps.sweep.push(endpoint);
            } else {
                steps.policy.push(endpoint);
            }
        }
        // Where there is no room to ask all of them to the end, those go first that most boxes hang on.
        let of_policy = steps.later.len() - steps.sweep_later;
        steps.later[of_policy..].sort_by_key(|endpoint| Reverse(self.witnesses(&endpoint.id).count()));
        steps
    }

    /// Whether a question may show rights, and no answer to it denies any.
    fn only_grants(&self, endpoint: &EndpointId) -> bool {
        self.witnesses(endpoint).next().is_some()
            && !self.witnesses(endpoint).any(|witness| witness.refusal_denies)
    }

    /// What an endpoint shows, beside sections and who is visible.
    fn witnesses(&self, endpoint: &EndpointId) -> impl Iterator<Item = &'a Witness> {
        self.catalogue.permissions().filter_map(move |permission| match &permission.witnessed {
            Witnessed::Endpoint(witness) if witness.endpoint == *endpoint => Some(witness),
            _ => None,
        })
    }

    /// What hangs on nothing but who is visible, with the samples; the sweep once the policies were answered.
    async fn ask_at_once(
        &self,
        plan: &Plan,
        steps: &Steps<'_>,
        evidence: &mut Evidence,
        memory: &mut Memory<'a>,
    ) {
        let (samples, told) = {
            let (people, everybody) = (&memory.people, roster(&memory.people));
            let first_answered = Notify::new();
            let samples = async {
                let sample = steps.sample;
                let samples =
                    if sample { self.samples(plan, evidence, people, &first_answered).await } else { None };
                first_answered.notify_one();
                samples
            };
            let lists = async {
                let mut told = self.ask_about_all(&steps.policy, &everybody).await;
                // Then the sample is all that the policies hang on.
                if steps.policy.is_empty() {
                    first_answered.notified().await;
                }
                told.extend(self.ask_about_all(&steps.sweep, &everybody).await);
                told
            };
            // Most hangs on the samples, so they go first.
            join(samples, lists).await
        };
        memory.keep_all(told, evidence);
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
        let mut later: Vec<&Endpoint> = steps.later.iter().chain(follow).copied().collect();
        // Where the sweep may use up the budget of refusals to the last, nothing but the canary could be asked
        // after it without a pause: then what else needs no right goes first.
        let second_choices = self.second_choices_to_come(probes, &later, evidence);
        let sweep_to_come = steps.sweep_later + second_choices;
        if self.client.denials_left() == sweep_to_come {
            self.ask_vouchers(evidence, memory).await;
        }
        // One is kept to vouch for what is refused now. Where nothing was refused and nothing stayed away so far,
        // hardly anything will be: then nobody waits for it, and at worst the canary is asked once more.
        let any_refusal = evidence.answers_mut().any(|seen| seen.is_refusal());
        // More fields take more than the two searches.
        let most = MOST
            + SEARCHES
                * (evidence.fields.len().saturating_sub(1).div_ceil(FIELDS_A_SEARCH).saturating_sub(1));
        let of_known = usize::from(self.hidden_of_known(memory).next().is_some());
        let certain = self.asked() + memory.vouchers.len() + later.len() + second_choices + of_known;
        let keeps_one = any_refusal || evidence.again.is_some() || certain >= most;
        let kept = usize::from(keeps_one).min(memory.vouchers.len());
        let now: Vec<_> = memory.vouchers.drain(..memory.vouchers.len() - kept).collect();
        // Where nothing is kept to vouch for a refusal, the canary has to.
        let mut certain = certain + usize::from(kept == 0);
        // Without room the sweep goes without what only grants, then without second choices, then without what
        // the fewest boxes hang on.
        let spare = steps.spare.iter().map(|id| (id, most));
        let last = steps.later.iter().rev().take(steps.sweep_later);
        for (id, bearable) in spare.chain(last.map(|endpoint| (&endpoint.id, most + second_choices))) {
            let is_due = later.iter().position(|endpoint| endpoint.id == *id);
            if let Some(at) = is_due.filter(|_| certain > bearable) {
                later.remove(at);
                certain -= 1;
                evidence.no_room.insert(id.to_string());
            }
        }
        memory.room = (most + second_choices).saturating_sub(certain);
        let kept_free = second_choices.min(memory.room);
        let mut room = memory.room - kept_free;
        let (one_by_one, at_once): (Vec<&Endpoint>, Vec<&Endpoint>) =
            later.iter().partition(|endpoint| endpoint.needs == Needs::Person);
        let (people, policy_type) = (&memory.people, memory.policy_type.as_deref());
        let everybody = &roster(people);
        let about = one_by_one.iter().map(|endpoint| self.about_people(endpoint, people)).collect();
        let (vouched, (told, about)) = join(
            self.ask_all_of(now),
            join(self.ask_about_all(&at_once, everybody), self.ask_about_each(about, policy_type, &mut room)),
        )
        .await;
        memory.room = kept_free + room;
        // They vouch for what was refused before they were sent, and for nothing that was sent with them.
        note_all(vouched, evidence);
        about.into_iter().for_each(|told| told.keep(evidence));
        memory.keep_all(told, evidence);
    }
}
