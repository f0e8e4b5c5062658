//! How considerate to be to a tenant that is someone's production.

use std::time::Duration;

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
    /// How long after the last write it is read back once more.
    pub settle: Duration,
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
            // HiBob: what was written may take this long to show (docs/people-read-api-contract).
            settle: Duration::from_secs(20),
        }
    }
}
