//! Which answers deserve a second try, and how long to leave the API alone before it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Whether the same request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prober) enum Again {
    /// The answer stands. So does every refusal: repeating those gets a service user blocked.
    No,
    /// Too many requests. The endpoint as a whole rests, so the wait is the pace's business.
    Throttled,
    /// The API or the way to it is in trouble; it may have said when to come back.
    Troubled(Option<Duration>),
    /// The body was damaged; once is an accident, twice is how this endpoint answers.
    Damaged,
}

/// Waits that grow, a little irregular, so that many clients do not come back at once.
#[derive(Debug)]
pub(in crate::prober) struct Backoff {
    state: AtomicU64,
    longest: Duration,
}

impl Backoff {
    /// The same seed gives the same waits.
    pub(in crate::prober) fn new(seed: u64, longest: Duration) -> Self {
        Self { state: AtomicU64::new(seed), longest }
    }

    /// The wait after the `failure`th failure in a row, counted from 1: `base`, doubled each time.
    ///
    /// It lies between three and five quarters of that, and never below what the API asked for,
    /// unless that is absurd.
    pub(in crate::prober) fn after(&self, failure: u32, base: Duration, told: Option<Duration>) -> Duration {
        let own = doubled(base, failure).min(self.longest).mul_f64(0.75 + self.fraction() / 2.0);
        self.at_least(own, told)
    }

    /// The wait after the `strike`th 429: what the API asked for, else the doubled `untold`.
    ///
    /// Even when told, repeated strikes make it grow, from `told_base`: an API that says "one
    /// second" again and again does not mean it.
    pub(in crate::prober) fn after_429(
        &self,
        strike: u32,
        told: Option<Duration>,
        told_base: Duration,
        untold: Duration,
    ) -> Duration {
        self.after(strike, if told.is_some() { told_base } else { untold }, told)
    }

    fn at_least(&self, own: Duration, told: Option<Duration>) -> Duration {
        // Some are added to what was told, too: it was told to every client at once.
        let told = told.map(|told| told.min(self.longest).mul_f64(1.0 + self.fraction() / 10.0));
        own.max(told.unwrap_or_default()).min(self.longest)
    }

    /// The next number of SplitMix64, between 0 and 1.
    fn fraction(&self) -> f64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        f64::from(u32::try_from(z >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }
}

/// `base` after so many failures in a row: doubled for each one but the first.
pub(in crate::prober) fn doubled(base: Duration, failure: u32) -> Duration {
    base.saturating_mul(1 << failure.saturating_sub(1).min(16))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(65);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_and_stay_within_their_bounds() {
        let backoff = Backoff::new(7, LONGEST);
        for failure in 1..40 {
            let middle = doubled(SECOND, failure).min(LONGEST);
            let wait = backoff.after(failure, SECOND, None);
            assert!(wait >= middle.mul_f64(0.74) && wait <= middle.mul_f64(1.26), "{failure}: {wait:?}");
            assert!(wait <= LONGEST);
        }
        assert_eq!(doubled(SECOND, 1), SECOND);
        assert_eq!(doubled(SECOND, 4), 8 * SECOND);
    }

    #[test]
    fn the_same_seed_waits_the_same_and_another_does_not() {
        let waits = |seed| {
            let backoff = Backoff::new(seed, LONGEST);
            (1..5).map(|failure| backoff.after(failure, SECOND, None)).collect::<Vec<_>>()
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
    }

    #[test]
    fn what_the_api_asks_for_is_kept_unless_it_is_absurd() {
        let backoff = Backoff::new(3, LONGEST);
        for _ in 0..100 {
            let wait = backoff.after_429(1, Some(30 * SECOND), SECOND, 10 * SECOND);
            assert!(wait >= 30 * SECOND && wait <= 33 * SECOND, "{wait:?}");
        }
        assert_eq!(backoff.after_429(1, Some(Duration::MAX), SECOND, 10 * SECOND), LONGEST);
        assert!(backoff.after(1, SECOND, Some(9 * SECOND)) >= 9 * SECOND);
    }

    #[test]
    fn a_short_wait_that_is_told_again_and_again_grows() {
        let backoff = Backoff::new(3, LONGEST);
        let wait = backoff.after_429(5, Some(SECOND), SECOND, 10 * SECOND);
        assert!(wait >= 12 * SECOND && wait <= 20 * SECOND, "{wait:?}");
    }

    #[test]
    fn three_untold_waits_outlast_a_window_of_one_minute() {
        for seed in 0..100 {
            let backoff = Backoff::new(seed, LONGEST);
            let all: Duration =
                (1..4).map(|strike| backoff.after_429(strike, None, SECOND, 12 * SECOND)).sum();
            assert!(all >= Duration::from_secs(60), "{all:?}");
        }
    }
}
