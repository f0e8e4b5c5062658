//! What is known of one endpoint's limit, and whose turn follows from it.

use tokio::time::Instant;

use crate::prober::manners::Manners;
use crate::prober::retry::{Backoff, doubled};
use crate::prober::signals::Signals;

/// How an attempt went, as far as the pace cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prober) enum Fate {
    /// The endpoint answered, be it with a refusal.
    Answered,
    /// 429.
    Throttled,
    /// It did not answer, or with a 5xx.
    Troubled,
}

/// What is known of one endpoint's limit; a plain value that never looks at a clock.
#[derive(Debug, Default)]
pub(in crate::prober) struct Lane {
    in_flight: u32,
    window: Window,
    last_limit: Option<u64>,
    rests_until: Option<Instant>,
    strikes: u32,
    good_in_a_row: u32,
    pub(in crate::prober) failures_in_a_row: u32,
}

/// The current window of a rate limit.
#[derive(Debug, Default)]
struct Window {
    /// Tells a late answer of an older window from one of this window.
    number: u64,
    sent: u64,
    answered: u64,
    /// The least that any answer reported as remaining.
    remaining: Option<u64>,
    ends: Option<Instant>,
}

/// Whether one more request may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::prober) enum Turn {
    Now,
    At(Instant),
    /// Nothing can be said before an answer that is on its way has come.
    AfterAnAnswer,
}

impl Lane {
    pub(in crate::prober) fn turn(&mut self, now: Instant, headroom: f64, manners: &Manners) -> Turn {
        if self.window.ends.is_some_and(|ends| ends <= now) {
            self.new_window();
        }
        if let Some(rest) = self.rests_until.filter(|rest| *rest > now) {
            return Turn::At(rest);
        }
        // An endpoint that throttled us is asked one thing at a time until it is forgiven.
        if self.strikes > 0 && self.in_flight > 0 {
            return Turn::AfterAnAnswer;
        }
        let Some(remaining) = self.window.remaining else {
            let ours = self.last_limit.map_or(u64::MAX, |limit| share(limit, headroom).max(1));
            let burst = u64::from(manners.first_burst.max(1)).min(ours);
            return if u64::from(self.in_flight) < burst { Turn::Now } else { Turn::AfterAnAnswer };
        };
        // What remained before we came in this window is what remains now and what we had of it.
        // Others may be using it as well, and then our share shrinks with theirs.
        if self.window.sent < share(remaining.saturating_add(self.window.answered), headroom) {
            return Turn::Now;
        }
        self.window.ends.map_or(Turn::AfterAnAnswer, Turn::At)
    }

    fn new_window(&mut self) {
        self.window = Window { number: self.window.number + 1, ..Window::default() };
    }

    pub(in crate::prober) fn send(&mut self) -> u64 {
        self.in_flight += 1;
        self.window.sent += 1;
        self.window.number
    }

    /// The request is no longer on its way, answered or not.
    pub(in crate::prober) fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    pub(in crate::prober) fn answer(
        &mut self,
        window: u64,
        now: Instant,
        signals: &Signals,
        fate: Fate,
        manners: &Manners,
        backoff: &Backoff,
    ) {
        self.last_limit = signals.limit.or(self.last_limit);
        if window == self.window.number {
            self.window.answered += 1;
            if let Some(remaining) = signals.remaining {
                self.window.remaining = Some(self.window.remaining.unwrap_or(remaining).min(remaining));
                let told = signals.reset_in.map(|wait| now + wait);
                self.window.ends = told.or(self.window.ends).or(Some(now + manners.limit_window));
            }
        }
        match fate {
            Fate::Answered => {
                self.failures_in_a_row = 0;
                self.good_in_a_row += 1;
                if self.strikes > 0 && self.good_in_a_row.is_multiple_of(manners.good_to_forgive.max(1)) {
                    self.strikes -= 1;
                }
                // One success is no proof that the endpoint has recovered: keep some distance still.
                if self.strikes > 0 {
                    let wait = doubled(manners.trouble_base, self.strikes).min(manners.longest_wait);
                    self.rest(now + wait);
                }
            }
            Fate::Throttled => {
                self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
                self.good_in_a_row = 0;
                self.strikes = self.strikes.saturating_add(1);
                let told = signals.told();
                self.rest(
                    now + backoff.after_429(self.strikes, told, manners.trouble_base, manners.throttle_base),
                );
                // What we believed of this window was wrong.
                self.new_window();
            }
            Fate::Troubled => {
                self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
                self.good_in_a_row = 0;
            }
        }
    }

    fn rest(&mut self, until: Instant) {
        self.rests_until = Some(self.rests_until.map_or(until, |rest| rest.max(until)));
    }
}

/// The part of a count that is ours; the conversion back to a whole number saturates.
fn share(count: u64, headroom: f64) -> u64 {
    (count as f64 * headroom).floor() as u64
}
