//! When the next request may be sent.
//!
//! The probed tenant is someone's production, and three limits keep us from disturbing it:
//!
//! - a **lane** for each endpoint: a share of what its rate limit leaves, in single file at the
//!   entrance, so that what was asked first is sent first;
//! - **slots**: so many requests at once, over all endpoints;
//! - the **denial budget**: HiBob blocks a service user that collects too many 401 and 403.
//!
//! All waiting is on `tokio::time`, so tests run minutes of it in no time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use crate::catalogue::id::EndpointId;
use crate::prober::retry::{Backoff, doubled};

/// How considerate to be. The defaults follow what HiBob documents; tests shrink them.
#[derive(Debug, Clone)]
pub struct Manners {
    /// How many answers 401 or 403 the credential may collect in any one `denial_window`.
    pub denials: usize,
    /// See `denials`. HiBob blocks at 50 in ten seconds.
    pub denial_window: Duration,
    /// How many requests an endpoint gets at once before its rate limit is known.
    pub first_burst: u32,
    /// The window of a rate limit whose end is not told, or told absurdly.
    pub limit_window: Duration,
    /// The longest wait that any header may impose.
    pub longest_wait: Duration,
    /// The first wait after a 429 that does not say how long.
    pub throttle_base: Duration,
    /// The first wait after any other trouble.
    pub trouble_base: Duration,
    /// How many good answers in a row it takes to forgive an endpoint one 429.
    pub good_to_forgive: u32,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            denials: 20,
            denial_window: Duration::from_secs(10),
            first_burst: 2,
            limit_window: Duration::from_secs(60),
            longest_wait: Duration::from_secs(65),
            // Three of these, doubled, outlast a window of one minute even when jitter shortens them.
            throttle_base: Duration::from_secs(12),
            trouble_base: Duration::from_millis(500),
            good_to_forgive: 3,
        }
    }
}

/// What the headers of an answer say about limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::prober) struct Signals {
    limit: Option<u64>,
    remaining: Option<u64>,
    reset_in: Option<Duration>,
    retry_after: Option<Duration>,
}

impl Signals {
    /// Reads the headers; whatever makes no sense counts as absent.
    ///
    /// Times are compared with the answer's own `Date`: our clock may be wrong, and an API rarely
    /// disagrees with itself.
    pub(in crate::prober) fn read(headers: &HeaderMap, our_clock: Timestamp, longest: Duration) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let now = text(DATE.as_str()).and_then(http_date).unwrap_or_else(|| our_clock.as_second());
        let reset_in = text("x-ratelimit-reset").and_then(whole_number).and_then(|reset| {
            // The two clocks show whole seconds, so a window that just ended may look a little past.
            let seconds = reset.checked_sub(now).filter(|seconds| *seconds >= -2)?.max(1);
            Some(Duration::from_secs(seconds.unsigned_abs())).filter(|wait| *wait <= longest)
        });
        let retry_after = text(RETRY_AFTER.as_str()).and_then(|value| {
            let seconds = match whole_number(value) {
                Some(seconds) => seconds,
                None => http_date(value)?.checked_sub(now)?,
            };
            Some(Duration::from_secs(u64::try_from(seconds).ok()?).min(longest))
        });
        let count = |name| text(name).and_then(whole_number).map(|count| count.max(0).unsigned_abs());
        Self {
            limit: count("x-ratelimit-limit"),
            remaining: count("x-ratelimit-remaining"),
            reset_in,
            retry_after,
        }
    }

    /// How long the API asks to be left alone, in whichever way it said so.
    pub(in crate::prober) fn told(&self) -> Option<Duration> {
        self.retry_after.or(self.reset_in)
    }

    /// The wait of `Retry-After` alone.
    pub(in crate::prober) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

fn whole_number(text: &str) -> Option<i64> {
    match text.parse() {
        Ok(number) => Some(number),
        // A number too great for us is still a number, and means "long".
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(i64::MAX),
        Err(_) => None,
    }
}

fn http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp().as_second())
}

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
struct Lane {
    in_flight: u32,
    window: Window,
    last_limit: Option<u64>,
    rests_until: Option<Instant>,
    strikes: u32,
    good_in_a_row: u32,
    failures_in_a_row: u32,
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

#[derive(Debug, PartialEq, Eq)]
enum Turn {
    Now,
    At(Instant),
    /// Nothing can be said before an answer that is on its way has come.
    AfterAnAnswer,
}

impl Lane {
    fn turn(&mut self, now: Instant, headroom: f64, manners: &Manners) -> Turn {
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

    fn send(&mut self) -> u64 {
        self.in_flight += 1;
        self.window.sent += 1;
        self.window.number
    }

    /// The request is no longer on its way, answered or not.
    fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    fn answer(
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

/// One endpoint's lane with its queue.
#[derive(Debug, Default)]
struct Queue {
    /// Held by whoever is first in line; tokio's mutex is fair, so the line keeps its order.
    first: tokio::sync::Mutex<()>,
    lane: Mutex<Lane>,
    changed: Notify,
}

impl Queue {
    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.lane.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands out turns over all endpoints.
#[derive(Debug)]
pub(in crate::prober) struct Pace {
    manners: Arc<Manners>,
    headroom: f64,
    backoff: Arc<Backoff>,
    queues: Mutex<BTreeMap<EndpointId, Arc<Queue>>>,
    slots: Arc<Semaphore>,
    denials: DenialBudget,
}

/// Leave to send one request now.
#[derive(Debug)]
pub(in crate::prober) struct Leave {
    /// To be told how the endpoint answered.
    pub(in crate::prober) ticket: Ticket,
    /// To be told whether the answer was a denial.
    pub(in crate::prober) denial: PossibleDenial,
    /// Kept until the answer is read; dropping it lets the next one go.
    pub(in crate::prober) slot: OwnedSemaphorePermit,
}

impl Pace {
    pub(in crate::prober) fn new(
        manners: Manners,
        headroom: f64,
        concurrency: usize,
        backoff: Arc<Backoff>,
    ) -> Self {
        Self {
            headroom: if headroom.is_finite() { headroom.clamp(0.0, 1.0) } else { 0.5 },
            backoff,
            queues: Mutex::default(),
            slots: Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            denials: DenialBudget::new(manners.denials, manners.denial_window),
            manners: Arc::new(manners),
        }
    }

    /// Waits until a request to this endpoint may be sent. May be dropped while waiting.
    pub(in crate::prober) async fn turn(&self, endpoint: &EndpointId) -> Leave {
        let queue = self.queue(endpoint);
        let _first = queue.first.lock().await;
        loop {
            self.wait_for_lane(&queue).await;
            // Only now, so that nobody who waits out a minute holds what others could use.
            let slot = acquire(&self.slots).await;
            let denial = self.denials.reserve().await;
            let mut lane = queue.lane();
            // That may have taken a while: an answer may have closed the lane again.
            if lane.turn(Instant::now(), self.headroom, &self.manners) == Turn::Now {
                let window = lane.send();
                drop(lane);
                let ticket = Ticket {
                    window,
                    queue: Arc::clone(&queue),
                    manners: Arc::clone(&self.manners),
                    backoff: Arc::clone(&self.backoff),
                };
                return Leave { ticket, denial, slot };
            }
            drop(lane);
            denial.never_sent();
        }
    }

    async fn wait_for_lane(&self, queue: &Queue) {
        loop {
            let turn = queue.lane().turn(Instant::now(), self.headroom, &self.manners);
            match turn {
                Turn::Now => return,
                Turn::AfterAnAnswer => queue.changed.notified().await,
                // Answers that are still on their way postpone the time rather than bring it forward.
                Turn::At(time) => sleep_until(time).await,
            }
        }
    }

    /// How many attempts at this endpoint have failed since the last one that did not.
    pub(in crate::prober) fn failures_in_a_row(&self, endpoint: &EndpointId) -> u32 {
        self.queue(endpoint).lane().failures_in_a_row
    }

    fn queue(&self, endpoint: &EndpointId) -> Arc<Queue> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(endpoint.clone()).or_default())
    }
}

/// A request on its way, as its lane sees it.
#[derive(Debug)]
pub(in crate::prober) struct Ticket {
    window: u64,
    queue: Arc<Queue>,
    manners: Arc<Manners>,
    backoff: Arc<Backoff>,
}

impl Ticket {
    /// Teaches the lane what the answer said. A ticket dropped without it counts as used up.
    pub(in crate::prober) fn answered(self, signals: &Signals, fate: Fate) {
        let now = Instant::now();
        self.queue.lane().answer(self.window, now, signals, fate, &self.manners, &self.backoff);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.queue.lane().leave();
        self.queue.changed.notify_one();
    }
}

/// At most so many denied answers in any window of time, whatever is on its way.
///
/// A request takes a permit before it is sent, since it may turn out a denial, and gives it back
/// with any other answer. A denial keeps it for one window, counted from when we learnt of it, so
/// after the API counted it. Hence, whenever the last of some denials was sent, the others held a
/// permit, and no more of them can lie within one window than there are permits.
#[derive(Debug)]
struct DenialBudget {
    permits: Arc<Semaphore>,
    window: Duration,
}

impl DenialBudget {
    fn new(denials: usize, window: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(denials.clamp(1, Semaphore::MAX_PERMITS))), window }
    }

    async fn reserve(&self) -> PossibleDenial {
        PossibleDenial { permit: Some(acquire(&self.permits).await), window: self.window }
    }
}

/// A request that may turn out a denial. Dropped while nobody knows, it counts as one.
#[derive(Debug)]
pub(in crate::prober) struct PossibleDenial {
    permit: Option<OwnedSemaphorePermit>,
    window: Duration,
}

impl PossibleDenial {
    /// The API answered, and did not refuse.
    pub(in crate::prober) fn not_denied(mut self) {
        self.permit = None;
    }

    /// The request never reached the API.
    pub(in crate::prober) fn never_sent(mut self) {
        self.permit = None;
    }

    /// The API refused.
    pub(in crate::prober) fn denied(self) {
        drop(self);
    }
}

impl Drop for PossibleDenial {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                let until = Instant::now() + self.window;
                runtime.spawn(async move {
                    sleep_until(until).await;
                    drop(permit);
                });
            }
            // Without a runtime nothing more is sent; should that change, the permit stays used.
            Err(_) => permit.forget(),
        }
    }
}

async fn acquire(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    match Arc::clone(semaphore).acquire_owned().await {
        Ok(permit) => permit,
        // Nobody closes these semaphores; if somebody did, not to send is the safe reading.
        Err(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    const SECOND: Duration = Duration::from_secs(1);
    const NOON: &str = "Sun, 22 Nov 2026 12:00:00 GMT";
    const NOON_EPOCH: i64 = 1_795_348_800;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
            })
            .collect()
    }

    fn read_at(pairs: &[(&str, &str)], our_clock: i64) -> Signals {
        Signals::read(&headers(pairs), Timestamp::from_second(our_clock).unwrap(), 65 * SECOND)
    }

    #[test]
    fn a_reset_is_compared_with_the_date_of_the_answer_and_else_with_our_clock() {
        let reset = (NOON_EPOCH + 40).to_string();
        let reset = ("X-RateLimit-Reset", reset.as_str());
        assert_eq!(read_at(&[reset, ("Date", NOON)], 0).reset_in, Some(40 * SECOND));
        assert_eq!(read_at(&[reset], NOON_EPOCH + 10).reset_in, Some(30 * SECOND));
        assert_eq!(read_at(&[reset, ("Date", "nonsense")], NOON_EPOCH).reset_in, Some(40 * SECOND));
    }

    #[test]
    fn absurd_past_and_missing_resets_are_no_reset() {
        for reset in
            ["0", "-5", "", "soon", "1795348000", "1795352400", "1795348800000", "99999999999999999999999"]
        {
            assert_eq!(read_at(&[("X-RateLimit-Reset", reset), ("Date", NOON)], 0).reset_in, None, "{reset}");
        }
        assert_eq!(read_at(&[], 0), Signals::default());
        // The end of a window that is being passed at this very moment.
        assert_eq!(read_at(&[("X-RateLimit-Reset", "1795348799"), ("Date", NOON)], 0).reset_in, Some(SECOND));
    }

    #[test]
    fn retry_after_may_be_seconds_or_a_date_and_is_never_longer_than_a_window() {
        let read = |value: &str| read_at(&[("Retry-After", value), ("Date", NOON)], 0).retry_after;
        assert_eq!(read("7"), Some(7 * SECOND));
        assert_eq!(read("Sun, 22 Nov 2026 12:00:09 GMT"), Some(9 * SECOND));
        assert_eq!(read("86400"), Some(65 * SECOND));
        assert_eq!(read("99999999999999999999999"), Some(65 * SECOND));
        assert_eq!(read("Sun, 22 Nov 2026 11:00:00 GMT"), None);
        assert_eq!(read("-1"), None);
        assert_eq!(read("later"), None);
    }

    #[test]
    fn retry_after_goes_before_reset() {
        let both = [("Retry-After", "3"), ("X-RateLimit-Reset", "1795348830"), ("Date", NOON)];
        assert_eq!(read_at(&both, 0).told(), Some(3 * SECOND));
        assert_eq!(read_at(&both[1..], 0).told(), Some(30 * SECOND));
    }

    fn left(remaining: u64, reset_in: u64) -> Signals {
        Signals {
            limit: Some(50),
            remaining: Some(remaining),
            reset_in: Some(Duration::from_secs(reset_in)),
            retry_after: None,
        }
    }

    fn pace(headroom: f64) -> Pace {
        let backoff = Arc::new(Backoff::new(1, 65 * SECOND));
        Pace::new(Manners::default(), headroom, 6, backoff)
    }

    /// Sends requests one after the other to an endpoint whose window of 50 ends at each full minute.
    async fn sent_in_one_minute(pace: &Pace, used_by_others: u64) -> u64 {
        let endpoint = EndpointId::new("e");
        let start = Instant::now();
        let mut sent = 0;
        loop {
            let leave = pace.turn(&endpoint).await;
            if start.elapsed() >= 60 * SECOND {
                return sent;
            }
            sent += 1;
            leave.denial.not_denied();
            leave.ticket.answered(&left(50 - sent - used_by_others.min(sent), 60), Fate::Answered);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn half_of_what_remains_is_used_and_then_the_reset_awaited() {
        assert_eq!(sent_in_one_minute(&pace(0.5), 0).await, 25);
        assert_eq!(sent_in_one_minute(&pace(0.1), 0).await, 5);
    }

    #[tokio::test(start_paused = true)]
    async fn what_others_use_makes_our_share_smaller() {
        // They use as much as we do, up to ten: half of 50 - 10.
        assert_eq!(sent_in_one_minute(&pace(0.5), 10).await, 20);
    }

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_never_seen_gets_a_small_burst_and_then_its_headers_count() {
        let pace = Arc::new(pace(0.5));
        let endpoint = EndpointId::new("e");
        let first = pace.turn(&endpoint).await;
        let _second = pace.turn(&endpoint).await;
        let third = tokio::time::timeout(600 * SECOND, pace.turn(&endpoint)).await;
        assert!(third.is_err(), "a third went before any answer");
        first.denial.not_denied();
        first.ticket.answered(&left(49, 30), Fate::Answered);
        assert!(tokio::time::timeout(SECOND, pace.turn(&endpoint)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_too_small_to_share_still_lets_one_request_through_in_a_window() {
        let pace = pace(0.5);
        let start = Instant::now();
        for _ in 0..3 {
            let leave = pace.turn(&EndpointId::new("e")).await;
            leave.denial.not_denied();
            let signals = Signals { limit: Some(1), ..left(0, 60) };
            leave.ticket.answered(&signals, Fate::Answered);
        }
        assert_eq!(start.elapsed().as_secs(), 120);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_does_not_say_when_it_ends_lasts_a_minute() {
        let pace = pace(0.5);
        let start = Instant::now();
        for _ in 0..2 {
            let leave = pace.turn(&EndpointId::new("e")).await;
            leave.denial.not_denied();
            let signals = Signals { remaining: Some(0), ..Signals::default() };
            leave.ticket.answered(&signals, Fate::Answered);
        }
        assert_eq!(start.elapsed().as_secs(), 60);
    }

    async fn wait_after(pace: &Pace, signals: Signals, fate: Fate) -> Duration {
        let endpoint = EndpointId::new("e");
        let leave = pace.turn(&endpoint).await;
        leave.denial.not_denied();
        leave.ticket.answered(&signals, fate);
        drop(leave.slot);
        let start = Instant::now();
        let leave = pace.turn(&endpoint).await;
        leave.denial.not_denied();
        drop(leave.ticket);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_429_the_endpoint_rests_as_long_as_told() {
        let told = Signals { retry_after: Some(20 * SECOND), ..left(0, 50) };
        let wait = wait_after(&pace(0.5), told, Fate::Throttled).await;
        assert!(wait >= 20 * SECOND && wait <= 23 * SECOND, "{wait:?}");
        let wait = wait_after(&pace(0.5), left(0, 50), Fate::Throttled).await;
        assert!(wait >= 50 * SECOND && wait <= 56 * SECOND, "{wait:?}");
        let wait = wait_after(&pace(0.5), Signals::default(), Fate::Throttled).await;
        assert!(wait >= 9 * SECOND && wait <= 16 * SECOND, "{wait:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_success_after_a_429_does_not_reset_the_back_off_and_several_do() {
        let pace = pace(0.5);
        let fine = left(40, 60);
        wait_after(&pace, Signals::default(), Fate::Throttled).await;
        wait_after(&pace, Signals::default(), Fate::Throttled).await;
        // Two strikes: a second of distance after each success, then half a second, then none.
        let mut waits = Vec::new();
        for _ in 0..7 {
            waits.push(wait_after(&pace, fine, Fate::Answered).await.as_millis());
        }
        assert_eq!(waits, [1000, 1000, 500, 500, 500, 0, 0]);
        // A strike that was not forgiven makes the next one dearer.
        let pace = self::pace(0.5);
        wait_after(&pace, Signals::default(), Fate::Throttled).await;
        wait_after(&pace, fine, Fate::Answered).await;
        assert!(wait_after(&pace, Signals::default(), Fate::Throttled).await >= 18 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_at_rest_does_not_hold_up_the_others() {
        let pace = Arc::new(Pace::new(Manners::default(), 0.5, 1, Arc::new(Backoff::new(1, 65 * SECOND))));
        let leave = pace.turn(&EndpointId::new("slow")).await;
        leave.denial.not_denied();
        leave.ticket.answered(&left(0, 60), Fate::Answered);
        drop(leave.slot);
        let waiting = tokio::spawn({
            let pace = Arc::clone(&pace);
            async move { pace.turn(&EndpointId::new("slow")).await }
        });
        tokio::task::yield_now().await;
        let start = Instant::now();
        drop(pace.turn(&EndpointId::new("quick")).await);
        assert_eq!(start.elapsed(), Duration::ZERO);
        drop(waiting.await.unwrap());
        assert_eq!(start.elapsed(), 60 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn never_more_requests_at_once_than_there_are_slots() {
        let pace = pace(0.5);
        let mut leaves = Vec::new();
        for number in 0..6 {
            leaves.push(pace.turn(&EndpointId::new(format!("e{number}"))).await);
        }
        let seventh = EndpointId::new("e6");
        assert!(tokio::time::timeout(SECOND, pace.turn(&seventh)).await.is_err());
        leaves.pop();
        assert!(tokio::time::timeout(SECOND, pace.turn(&seventh)).await.is_ok());
    }

    /// When the API counts each of its denials, if requests take a random while there and back.
    async fn denials(count: u64, concurrency: usize, drop_some: bool) -> Vec<Instant> {
        let backoff = Arc::new(Backoff::new(1, 65 * SECOND));
        let pace = Arc::new(Pace::new(Manners::default(), 0.5, concurrency, backoff));
        let denied = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for number in 0..count {
            let (pace, denied) = (Arc::clone(&pace), Arc::clone(&denied));
            tasks.push(tokio::spawn(async move {
                let leave = pace.turn(&EndpointId::new(format!("e{number}"))).await;
                tokio::time::sleep(Duration::from_millis(number * 7919 % 1500)).await;
                denied.lock().unwrap().push(Instant::now());
                tokio::time::sleep(Duration::from_millis(number * 104_729 % 1500)).await;
                if drop_some && number.is_multiple_of(3) {
                    return;
                }
                leave.ticket.answered(&Signals::default(), Fate::Answered);
                leave.denial.denied();
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let mut denied = denied.lock().unwrap().clone();
        denied.sort();
        denied
    }

    #[tokio::test(start_paused = true)]
    async fn sixty_refusals_never_exceed_twenty_in_any_ten_seconds() {
        for (concurrency, drop_some) in [(1, false), (6, false), (60, false), (60, true)] {
            let times = denials(60, concurrency, drop_some).await;
            assert_eq!(times.len(), 60);
            for window in times.windows(21) {
                assert!(
                    window[20] - window[0] >= 10 * SECOND,
                    "{concurrency} at once: {:?}",
                    window[20] - window[0]
                );
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_are_no_denials_cost_no_budget() {
        let pace = pace(0.5);
        let start = Instant::now();
        for number in 0..500 {
            let leave = pace.turn(&EndpointId::new(format!("e{number}"))).await;
            leave.denial.not_denied();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
