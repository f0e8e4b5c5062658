//! Which refusals may be believed: those after which a request that needs no right was answered.
//!
//! The canary is such a request, and the plan holds others, about the tenant's own tables and folders.
//! Whichever of these is still to be asked vouches first, so that nothing is asked for its own sake.

use futures_util::future::join_all;

use super::answer::{Outcome, Stop};
use super::looks::Kept;
use super::{Memory, Prober};
use crate::catalogue::rows::{Endpoint, Shape};
use crate::evidence::{Evidence, Reply, Stopped, read};
use crate::plan::Plan;

impl<'a> Prober<'a> {
    /// The questions of a plan that need no right, but for the canary: they are asked when they can vouch.
    ///
    /// The last is the one that is kept for that: the list of folders may need a right after all (features.md,
    /// section 14), and where it is refused the canary has to be asked once more.
    pub(super) fn vouchers(&self, plan: &Plan) -> Vec<&'a Endpoint> {
        let mut vouchers: Vec<&Endpoint> = plan
            .probes
            .iter()
            .filter_map(|probe| self.catalogue.endpoint(&probe.endpoint))
            .filter(|endpoint| endpoint.vouches && endpoint.shape != Shape::Fields)
            .collect();
        vouchers.sort_by_key(|endpoint| endpoint.shape != Shape::Folders);
        vouchers
    }

    /// Asks the next voucher, unless all were asked; whether it was answered.
    pub(super) async fn ask_voucher(&self, evidence: &mut Evidence, memory: &mut Memory<'a>) -> bool {
        if memory.vouchers.is_empty() {
            return false;
        }
        let endpoint = memory.vouchers.remove(0);
        let (_, kept) = self.list(endpoint, self.slots()).await;
        note(endpoint, kept, evidence)
    }

    /// Asks all that are left, at once.
    pub(super) async fn ask_vouchers(&self, evidence: &mut Evidence, memory: &mut Memory<'a>) {
        let left = std::mem::take(&mut memory.vouchers);
        note_all(self.ask_all_of(left).await, evidence);
    }

    /// Asks some at once: none needs the answer of another.
    pub(super) async fn ask_all_of(&self, vouchers: Vec<&'a Endpoint>) -> Vec<(&'a Endpoint, Kept)> {
        join_all(vouchers.into_iter().map(|endpoint| self.list(endpoint, self.slots()))).await
    }

    /// Sees to it that no refusal stays without a request answered after it; says so if there is none. Where
    /// the time is over the canary has the last word, so that what was proven by then stands.
    pub(super) async fn vouch(&self, evidence: &mut Evidence, memory: &mut Memory<'a>) -> Option<Stopped> {
        let stop = self.client.stopped();
        if stop.is_some_and(|stop| stop != Stop::Deadline) {
            return self.why_stopped();
        }
        let in_doubt =
            |evidence: &mut Evidence| evidence.answers_mut().any(|seen| seen.is_refusal() && !seen.believed);
        if !in_doubt(evidence) || (stop.is_none() && self.ask_voucher(evidence, memory).await) {
            return self.why_stopped();
        }
        let canary = self.ask_canary().await;
        match canary.outcome {
            Outcome::Json(body) if read::fields(&body).is_some() => {
                believe(evidence);
                self.why_stopped()
            }
            _ => Some(self.why_stopped().unwrap_or(Stopped::BlockedLater)),
        }
    }
}

/// Keeps what some vouchers were answered that were sent at once. They vouch for all that the evidence holds by
/// now, so for what was refused before they were sent.
pub(super) fn note_all(mut answers: Vec<(&Endpoint, Kept)>, evidence: &mut Evidence) {
    // Sent at the same moment, none of them vouches for another: those that were answered vouch for what was
    // refused before, and one that was refused itself waits for a request after it.
    answers.sort_by_key(|(_, kept)| kept.list.seen.reply != Reply::Answered);
    for (endpoint, kept) in answers {
        note(endpoint, kept, evidence);
    }
}

/// Keeps what a voucher was answered; whether it was.
fn note(endpoint: &Endpoint, kept: Kept, evidence: &mut Evidence) -> bool {
    match endpoint.shape {
        Shape::Folders => evidence.folders = kept.folders,
        _ => evidence.custom_tables = kept.custom_tables,
    }
    let answered = kept.list.seen.reply == Reply::Answered;
    // What a tenant does not have is told from what it was not asked for.
    evidence.answers.insert(endpoint.id.clone(), kept.list);
    if answered {
        believe(evidence);
    }
    answered
}

/// A request that needs no right was answered after all refusals so far.
fn believe(evidence: &mut Evidence) {
    evidence.answers_mut().filter(|seen| seen.is_refusal()).for_each(|seen| seen.believed = true);
}
