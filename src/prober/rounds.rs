//! Rounds: what is not held yet is asked once more, for as long as something is waited for.
//!
//! A later round asks what the boxes need that are waited for. What it was told replaces what an earlier one
//! was told of the same question; the rest stands. That is truthful only while the rest is still so, and one
//! thing shows whether it is: who is visible, and which fields come back. Whoever puts one box right may take
//! another one away. So this is asked whole in each round that needs people at all, and where it is not what it
//! was, the whole plan is gone through at once, and everything is of one moment again.
//!
//! All rounds go through one client, so they share its budget of refusals and its rate limits.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::Prober;
use crate::catalogue::id::PermissionId;
use crate::evidence::{Evidence, Reply, Seen, Stopped, TableSeen};
use crate::plan::Plan;

/// What the next round is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// The whole plan.
    Everything,
    /// What these boxes need.
    For(BTreeSet<PermissionId>),
}

/// How long to go on asking, and how far apart.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// No round begins after this.
    pub until: Instant,
    /// The pause before the second round; the shortest there is.
    pub first: Duration,
    /// The pauses grow by half, and no further than this.
    pub longest: Duration,
}

impl Patience {
    /// What suits a tenant in production: HiBob needs about ten seconds after Apply.
    pub fn new(until: Instant) -> Self {
        Self { until, first: Self::FIRST, longest: Duration::from_secs(60) }
    }

    /// The shortest pause that suits a tenant in production.
    pub const FIRST: Duration = Duration::from_secs(10);

    /// The pause before the next round, if there is to be one: the last begins when the time is over.
    fn pause(&self, wanted: Duration, now: Instant) -> Option<Duration> {
        let pause = wanted.min(self.longest).min(self.until.saturating_duration_since(now));
        (pause >= self.first).then_some(pause)
    }
}

impl Prober<'_> {
    /// Goes through the plan once, and through what `next` asks for as long as it does and there is patience
    /// left. `next` is told what came back so far and the pause before the next round, if there can be one.
    ///
    /// A round that was broken off says too little to replace anything: what was learned before it stands, and
    /// only why it broke off is kept of it.
    pub async fn rounds(
        &self,
        plan: &Plan,
        patience: Option<Patience>,
        next: impl Fn(&Evidence, Duration) -> Option<Again>,
    ) -> Evidence {
        let mut evidence = self.run(plan).await;
        let Some(patience) = patience else { return evidence };
        let mut wanted = patience.first;
        while evidence.stopped.is_none() {
            let Some(pause) = patience.pause(wanted, Instant::now()) else { break };
            let Some(again) = next(&evidence, pause) else { break };
            if !self.client.rest(pause).await {
                break;
            }
            wanted = pause.mul_f64(1.5);
            evidence = self.renew(plan, evidence, again).await;
            if self.client.stopped().is_some() {
                break;
            }
        }
        evidence
    }

    /// One more round.
    async fn renew(&self, plan: &Plan, earlier: Evidence, again: Again) -> Evidence {
        // What writes show, and whom the operator knows, hangs together with all the rest.
        let narrow = match again {
            Again::For(boxes)
                if self.bearings.known.is_empty()
                    && !(plan.writes() && boxes.iter().any(PermissionId::is_write)) =>
            {
                plan.narrowed(self.catalogue, &boxes)
            }
            _ => return replace(earlier, self.run(plan).await),
        };
        let later = self.run(&narrow).await;
        match sight(&earlier, &later) {
            _ if later.stopped.is_some() => replace(earlier, later),
            Sight::Changed => replace(earlier, self.run(plan).await),
            Sight::Failed => {
                Evidence { requests: later.requests, denied_answers: later.denied_answers, ..earlier }
            }
            Sight::Same => join(earlier, later),
        }
    }
}

/// What a later round saw of people, beside what an earlier one saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// Just the same, or it did not look.
    Same,
    /// Other people, or other fields of them.
    Changed,
    /// It looked, and was not answered.
    Failed,
}

fn sight(earlier: &Evidence, later: &Evidence) -> Sight {
    let looks = |evidence: &Evidence| {
        let samples =
            [&evidence.sample, &evidence.again].map(|sample| sample.as_ref().map(|sample| sample.seen));
        [Some(evidence.people.seen), samples[0], samples[1]]
    };
    let looked = later.people.seen.reply != Reply::NotAsked;
    if looks(later).into_iter().flatten().any(|seen| looked && did_not_come(seen)) {
        return Sight::Failed;
    }
    let of = |evidence: &Evidence| {
        let people = &evidence.people;
        let samples = [&evidence.sample, &evidence.again].map(|sample| {
            sample.as_ref().map(|sample| (sample.seen.reply, sample.people, sample.fields.clone()))
        });
        (people.seen.reply, people.visible, people.with_id, people.statuses.clone(), samples)
    };
    if earlier.fields == later.fields && (!looked || of(earlier) == of(later)) {
        Sight::Same
    } else {
        Sight::Changed
    }
}

/// Whether a question got no answer, for a reason that passes.
fn did_not_come(seen: Seen) -> bool {
    matches!(seen.reply, Reply::Throttled | Reply::Unavailable | Reply::Timeout | Reply::NotAsked)
}

/// What both were told, where what was seen of people is the same: of each question that was asked again, the
/// later answer. One that did not come replaces none.
fn join(mut earlier: Evidence, later: Evidence) -> Evidence {
    let Evidence { tables, custom_rows, answers, mut kinds, no_room, folders, custom_tables, .. } = later;
    let mut told = |key: &str, is_new: bool, came: bool| {
        let counts = is_new || came;
        if let (true, Some(of)) = (counts, kinds.remove(key)) {
            earlier.kinds.insert(key.to_owned(), of);
        }
        if counts && !no_room.contains(key) {
            earlier.no_room.remove(key);
        }
        counts
    };
    let all_came = |looks: &[TableSeen]| !looks.iter().any(|look| did_not_come(look.seen));
    for (id, looks) in tables {
        if told(id.as_str(), !earlier.tables.contains_key(&id), all_came(&looks)) {
            earlier.tables.insert(id, looks);
        }
    }
    for (id, looks) in custom_rows {
        if told(&id, !earlier.custom_rows.contains_key(&id), all_came(&looks)) {
            earlier.custom_rows.insert(id, looks);
        }
    }
    for (id, list) in answers {
        if told(id.as_str(), !earlier.answers.contains_key(&id), !did_not_come(list.seen)) {
            earlier.answers.insert(id, list);
        }
    }
    if !folders.is_empty() {
        earlier.folders = folders;
    }
    if !custom_tables.is_empty() {
        earlier.custom_tables = custom_tables;
    }
    Evidence {
        requests: later.requests,
        denied_answers: later.denied_answers,
        writes: later.writes,
        ..earlier
    }
}

fn replace(earlier: Evidence, later: Evidence) -> Evidence {
    let stopped = match &later.stopped {
        // A write that seems to have changed something is told with all that is known of it.
        None | Some(Stopped::Changed(_)) => return later,
        // The time is over, or the API was out of reach for once.
        Some(Stopped::Ended | Stopped::Unreachable(_)) => None,
        Some(_) => later.stopped,
    };
    Evidence {
        requests: later.requests,
        denied_answers: later.denied_answers,
        writes: later.writes,
        stopped,
        ..earlier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::id::EndpointId;
    use crate::evidence::{ListSeen, People, Presence, Sample};

    #[test]
    fn pauses_grow_and_end_with_the_patience() {
        let now = Instant::now();
        let seconds = Duration::from_secs;
        let patience = Patience::new(now + seconds(100));
        assert_eq!(patience.pause(seconds(10), now), Some(seconds(10)));
        assert_eq!(patience.pause(seconds(90), now), Some(seconds(60)));
        // The last round begins when the time is over, and never sooner after the one before.
        assert_eq!(patience.pause(seconds(60), now + seconds(70)), Some(seconds(30)));
        assert_eq!(patience.pause(seconds(60), now + seconds(91)), None);
        assert_eq!(patience.pause(seconds(60), now + seconds(200)), None);
    }

    fn told(endpoint: &str, reply: Reply) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.people.seen.reply = Reply::Answered;
        evidence.people.visible = 5;
        let sample = Sample { people: 5, ..Sample::default() };
        evidence.sample = Some(Sample { seen: Seen { reply: Reply::Answered, ..Seen::default() }, ..sample });
        let list = ListSeen { seen: Seen { reply, ..Seen::default() }, ..ListSeen::default() };
        evidence.answers.insert(EndpointId::new(endpoint), list);
        evidence
    }

    #[test]
    fn what_was_asked_again_is_replaced_and_the_rest_stands() {
        let reply = |evidence: &Evidence, endpoint| evidence.answers[&EndpointId::new(endpoint)].seen.reply;
        let first = told("tasks", Reply::Refused);
        let both = join(first.clone(), told("goals", Reply::Answered));
        assert_eq!((reply(&both, "tasks"), reply(&both, "goals")), (Reply::Refused, Reply::Answered));
        assert_eq!(reply(&join(first.clone(), told("tasks", Reply::Answered)), "tasks"), Reply::Answered);
        assert_eq!(reply(&join(first.clone(), told("tasks", Reply::NotFound)), "tasks"), Reply::NotFound);
        // What there was no room for in one round, there may be in another.
        let short_of_room = |reply| {
            let mut evidence = told("tasks", reply);
            evidence.no_room.insert("tasks".to_owned());
            evidence
        };
        assert!(join(short_of_room(Reply::Refused), told("tasks", Reply::Refused)).no_room.is_empty());
        assert!(join(short_of_room(Reply::Refused), told("goals", Reply::Refused)).no_room.len() == 1);
        assert!(join(short_of_room(Reply::Refused), short_of_room(Reply::Refused)).no_room.len() == 1);
        // A gap that was proven is not lost to an answer that did not come.
        assert_eq!(reply(&join(first, told("tasks", Reply::Throttled)), "tasks"), Reply::Refused);
    }

    #[test]
    fn another_sight_of_people_is_noticed() {
        let first = told("tasks", Reply::Refused);
        let changed = |change: &dyn Fn(&mut Evidence)| {
            let mut later = first.clone();
            change(&mut later);
            sight(&first, &later)
        };
        let presence = Presence { value: 1, ..Presence::default() };
        assert_eq!(changed(&|_| ()), Sight::Same);
        assert_eq!(changed(&|later| later.people = People::default()), Sight::Same, "it did not look");
        assert_eq!(changed(&|later| later.people.visible = 6), Sight::Changed);
        assert_eq!(
            changed(&|later| {
                later.sample.iter_mut().for_each(|sample| {
                    sample.fields.insert("work.title".to_owned(), presence);
                });
            }),
            Sight::Changed
        );
        assert_eq!(changed(&|later| later.people.seen.reply = Reply::Refused), Sight::Changed);
        assert_eq!(changed(&|later| later.people.seen.reply = Reply::Timeout), Sight::Failed);
        assert_eq!(
            changed(&|later| later.sample.iter_mut().for_each(|sample| sample.seen.reply = Reply::Throttled)),
            Sight::Failed
        );
    }

    #[test]
    fn a_round_that_broke_off_takes_nothing_away() {
        let of = |requests, visible, stopped| {
            let mut evidence = Evidence { requests, stopped, ..Evidence::default() };
            evidence.people.visible = visible;
            evidence
        };
        let told = |stopped| {
            let kept = replace(of(10, 5, None), of(14, 0, stopped));
            (kept.requests, kept.people.visible, kept.stopped)
        };
        assert_eq!(told(None), (14, 0, None));
        assert_eq!(told(Some(Stopped::Ended)), (14, 5, None));
        assert_eq!(told(Some(Stopped::Unreachable("down".to_owned()))), (14, 5, None));
        let refused = Some(Stopped::CredentialsRefused);
        assert_eq!(told(refused.clone()), (14, 5, refused));
        let changed = Some(Stopped::Changed("it".to_owned()));
        assert_eq!(told(changed.clone()), (14, 0, changed));
    }
}
