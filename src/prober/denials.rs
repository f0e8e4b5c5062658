//! The denial budget: every request may turn out a refusal, so it is paid for before it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// So many refusals in a row are no hint at a block: the questions about one person at a time are five.
const HANDFUL: usize = 5;

/// Whether a request may turn out a denial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prober) enum Risk {
    /// As any may.
    Any,
    /// It needs no right, so only a block would refuse it.
    Canary,
}

/// At most so many denied answers in any window of time, whatever is on its way.
///
/// A request takes a permit before it is sent, since it may turn out a denial, and gives it back
/// with any other answer. A denial keeps it for one window, counted from when we learnt of it, so
/// after the API counted it. Hence, whenever the last of some denials was sent, the others held a
/// permit, and no more of them can lie within one window than there are permits.
///
/// The canary alone goes ahead where all permits are used, unless so much was refused in a row that a
/// block is likely: whoever has used up the budget exactly need not wait to learn that it was no block.
#[derive(Debug)]
pub(in crate::prober) struct DenialBudget {
    permits: Arc<Semaphore>,
    size: usize,
    window: Duration,
    told: Arc<Told>,
}

/// What the answers told so far.
#[derive(Debug, Default)]
struct Told {
    /// How many refusals the budget holds.
    kept: AtomicUsize,
    in_a_row: AtomicUsize,
}

impl DenialBudget {
    pub(in crate::prober) fn new(denials: usize, window: Duration) -> Self {
        let size = denials.clamp(1, Semaphore::MAX_PERMITS);
        Self { permits: Arc::new(Semaphore::new(size)), size, window, told: Arc::default() }
    }

    pub(in crate::prober) async fn reserve(&self, risk: Risk) -> PossibleDenial {
        let goes_ahead = risk == Risk::Canary
            && self.permits.available_permits() == 0
            && self.told.in_a_row.load(Ordering::Relaxed) <= HANDFUL;
        let permit = if goes_ahead { None } else { Some(acquire(&self.permits).await) };
        PossibleDenial { permit, window: self.window, told: Arc::clone(&self.told) }
    }

    /// How many more refusals it has room for. What is on its way may come to be one, and is none yet.
    pub(in crate::prober) fn left(&self) -> usize {
        self.size.saturating_sub(self.told.kept.load(Ordering::Relaxed))
    }
}

/// A request that may turn out a denial. Dropped while nobody knows, it counts as one.
#[derive(Debug)]
pub(in crate::prober) struct PossibleDenial {
    permit: Option<OwnedSemaphorePermit>,
    window: Duration,
    told: Arc<Told>,
}

impl PossibleDenial {
    /// The API answered, and did not refuse.
    pub(in crate::prober) fn not_denied(mut self) {
        self.told.in_a_row.store(0, Ordering::Relaxed);
        self.permit = None;
    }

    /// The request never reached the API.
    pub(in crate::prober) fn never_sent(mut self) {
        self.permit = None;
    }

    /// The API refused.
    pub(in crate::prober) fn denied(self) {
        self.told.in_a_row.fetch_add(1, Ordering::Relaxed);
        drop(self);
    }
}

impl Drop for PossibleDenial {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        self.told.kept.fetch_add(1, Ordering::Relaxed);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                let until = Instant::now() + self.window;
                let told = Arc::clone(&self.told);
                runtime.spawn(async move {
                    sleep_until(until).await;
                    told.kept.fetch_sub(1, Ordering::Relaxed);
                    drop(permit);
                });
            }
            // Without a runtime nothing more is sent; should that change, the permit stays used.
            Err(_) => permit.forget(),
        }
    }
}

/// Waits for a permit of a semaphore.
pub(in crate::prober) async fn acquire(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    match Arc::clone(semaphore).acquire_owned().await {
        Ok(permit) => permit,
        // Nobody closes these semaphores; if somebody did, not to send is the safe reading.
        Err(_) => std::future::pending().await,
    }
}
