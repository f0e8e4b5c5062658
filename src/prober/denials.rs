//! The denial budget: every request may turn out a refusal, so it is paid for before it is sent.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// At most so many denied answers in any window of time, whatever is on its way.
///
/// A request takes a permit before it is sent, since it may turn out a denial, and gives it back
/// with any other answer. A denial keeps it for one window, counted from when we learnt of it, so
/// after the API counted it. Hence, whenever the last of some denials was sent, the others held a
/// permit, and no more of them can lie within one window than there are permits.
#[derive(Debug)]
pub(in crate::prober) struct DenialBudget {
    permits: Arc<Semaphore>,
    window: Duration,
}

impl DenialBudget {
    pub(in crate::prober) fn new(denials: usize, window: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(denials.clamp(1, Semaphore::MAX_PERMITS))), window }
    }

    pub(in crate::prober) async fn reserve(&self) -> PossibleDenial {
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

/// Waits for a permit of a semaphore.
pub(in crate::prober) async fn acquire(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    match Arc::clone(semaphore).acquire_owned().await {
        Ok(permit) => permit,
        // Nobody closes these semaphores; if somebody did, not to send is the safe reading.
        Err(_) => std::future::pending().await,
    }
}
