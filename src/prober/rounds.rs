//! Rounds: the whole plan once more, for as long as something is waited for.
//!
//! Every round asks everything again. Whoever puts one box right may take another one away, and a verdict
//! put together from two moments would be true of neither; a plan is some thirty requests, and rounds are
//! far apart. All rounds go through one client, so they share its budget of refusals and its rate limits.

use std::time::Duration;

use tokio::time::Instant;

use super::Prober;
use crate::evidence::{Evidence, Stopped};
use crate::plan::Plan;

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
    /// Goes through the plan once, and again while `go_on` says so and there is patience left. `go_on` is told
    /// what came back and the pause before the next round, if there can be one.
    ///
    /// What a later round was told replaces what an earlier one was told. A round that was broken off says too
    /// little for that: what was learned before it stands, and only why it broke off is kept of it.
    pub async fn rounds(
        &self,
        plan: &Plan,
        patience: Option<Patience>,
        go_on: impl Fn(&Evidence, Duration) -> bool,
    ) -> Evidence {
        let mut evidence = self.run(plan).await;
        let Some(patience) = patience else { return evidence };
        let mut wanted = patience.first;
        while evidence.stopped.is_none() {
            let Some(pause) = patience.pause(wanted, Instant::now()) else { break };
            if !go_on(&evidence, pause) || !self.client.rest(pause).await {
                break;
            }
            wanted = pause.mul_f64(1.5);
            let later = self.run(plan).await;
            evidence = replace(evidence, later);
            if self.client.stopped().is_some() {
                break;
            }
        }
        evidence
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
