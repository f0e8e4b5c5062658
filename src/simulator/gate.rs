//! How often a caller may come: a limit for each endpoint and minute, and the firewall that blocks whoever
//! collects refusals.

use std::collections::{HashMap, VecDeque};

use tokio::time::Instant;

use super::switches::Switches;

/// What a caller has left on one endpoint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    /// When the window ends, in seconds since 1970.
    pub(super) reset: i64,
    pub(super) exceeded: bool,
}

/// Counts calls and refusals.
#[derive(Debug, Default)]
pub(super) struct Gate {
    windows: HashMap<String, Window>,
    refusals: HashMap<String, VecDeque<Instant>>,
    blocked_since: HashMap<String, Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    reset: i64,
    calls: u32,
}

impl Gate {
    /// Counts a call to an endpoint.
    pub(super) fn admit(&mut self, endpoint: &str, limit: u32, switches: &Switches) -> Allowance {
        let limit = switches.rate_limit.unwrap_or(limit);
        let now = Instant::now();
        let length = switches.rate_window();
        let fresh = || Window {
            began: now,
            // Rounded up: whoever waits until then finds the window over.
            reset: switches.clock() + length.as_secs_f64().ceil() as i64 + 1,
            calls: 0,
        };
        let window = self.windows.entry(endpoint.to_owned()).or_insert_with(fresh);
        if now.duration_since(window.began) >= length {
            *window = fresh();
        }
        window.calls = window.calls.saturating_add(1);
        Allowance {
            limit,
            remaining: limit.saturating_sub(window.calls),
            reset: window.reset,
            exceeded: window.calls > limit,
        }
    }

    /// Whether the firewall turns this caller away.
    pub(super) fn is_blocked(&mut self, caller: &str, switches: &Switches) -> bool {
        let Some(since) = self.blocked_since.get(caller) else { return false };
        if since.elapsed() < switches.firewall_block() {
            return true;
        }
        self.blocked_since.remove(caller);
        false
    }

    /// Counts a 401 or 403 that a caller was given.
    pub(super) fn refused(&mut self, caller: &str, switches: &Switches) {
        let now = Instant::now();
        let refusals = self.refusals.entry(caller.to_owned()).or_default();
        refusals.push_back(now);
        while refusals.front().is_some_and(|at| now.duration_since(*at) > switches.firewall_window()) {
            refusals.pop_front();
        }
        if switches.firewall_refusals > 0 && refusals.len() >= switches.firewall_refusals {
            refusals.clear();
            self.blocked_since.insert(caller.to_owned(), now);
        }
    }
}
