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
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use crate::prober::denials::{DenialBudget, PossibleDenial, Risk, acquire};
use crate::prober::lane::{Fate, Lane, Turn};
use crate::prober::manners::Manners;
use crate::prober::retry::Backoff;
use crate::prober::signals::Signals;

/// Why a request is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The rate limit of its endpoint, or what the API said about coming back.
    Limit,
    /// The budget of refusals is used up.
    Refusals,
    /// The API or the way to it is in trouble.
    Trouble,
}

/// A request that is held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The method and the path with its slots.
    pub whom: String,
    /// Why.
    pub why: Why,
    /// For how long at the most.
    pub time: Duration,
}

type Listener = dyn Fn(&Wait) + Send + Sync;

/// Who is told of waits.
#[derive(Clone, Default)]
pub struct OnWait(Option<Arc<Listener>>);

impl OnWait {
    /// Tells this one.
    pub fn new(listener: impl Fn(&Wait) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(in crate::prober) fn tell(&self, whom: &str, why: Why, time: Duration) {
        if let Some(listener) = self.0.as_ref().filter(|_| time >= WORTH_TELLING) {
            listener(&Wait { whom: whom.to_owned(), why, time });
        }
    }
}

impl fmt::Debug for OnWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnWait")
    }
}

/// Nobody wonders about less.
const WORTH_TELLING: Duration = Duration::from_millis(500);

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
    queues: Mutex<BTreeMap<String, Arc<Queue>>>,
    slots: Arc<Semaphore>,
    denials: DenialBudget,
    on_wait: OnWait,
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
        on_wait: OnWait,
    ) -> Self {
        Self {
            on_wait,
            headroom: if headroom.is_finite() { headroom.clamp(0.0, 1.0) } else { 0.5 },
            backoff,
            queues: Mutex::default(),
            slots: Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            denials: DenialBudget::new(manners.denials, manners.denial_window),
            manners: Arc::new(manners),
        }
    }

    /// Waits until a request to this endpoint may be sent. May be dropped while waiting.
    pub(in crate::prober) async fn turn(&self, endpoint: &str, risk: Risk) -> Leave {
        let queue = self.queue(endpoint);
        let _first = queue.first.lock().await;
        loop {
            self.wait_for_lane(&queue, endpoint).await;
            // Only now, so that nobody who waits out a minute holds what others could use.
            let slot = acquire(&self.slots).await;
            if self.denials.left() == 0 && risk == Risk::Any {
                self.on_wait.tell(endpoint, Why::Refusals, self.manners.denial_window);
            }
            let denial = self.denials.reserve(risk).await;
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

    async fn wait_for_lane(&self, queue: &Queue, endpoint: &str) {
        loop {
            let turn = queue.lane().turn(Instant::now(), self.headroom, &self.manners);
            match turn {
                Turn::Now => return,
                Turn::AfterAnAnswer => queue.changed.notified().await,
                // Answers that are still on their way postpone the time rather than bring it forward.
                Turn::At(time) => {
                    self.on_wait.tell(endpoint, Why::Limit, time.saturating_duration_since(Instant::now()));
                    sleep_until(time).await;
                }
            }
        }
    }

    /// How many refusals the budget has room for at this moment.
    pub(in crate::prober) fn denials_left(&self) -> usize {
        self.denials.left()
    }

    /// How many attempts at this endpoint have failed since the last one that did not.
    pub(in crate::prober) fn failures_in_a_row(&self, endpoint: &str) -> u32 {
        self.queue(endpoint).lane().failures_in_a_row
    }

    fn queue(&self, endpoint: &str) -> Arc<Queue> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(endpoint.to_owned()).or_default())
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

#[cfg(test)]
mod tests;
