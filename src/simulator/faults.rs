//! Endpoints that misbehave on purpose: late, throttled, down, cut short, garbled. Whom a fault strikes,
//! and how hard, follows from the seed, so that every run of it is the same.

use std::time::Duration;

use serde::Deserialize;

use super::dice::Dice;

/// What is done to the body of an answer, whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spoilt {
    /// It ends in the middle, as if that were all.
    Truncated,
    /// Something stands in the middle that is no JSON.
    Malformed,
    /// Values are of other types than documented, now here, now there; a list may be an object.
    WrongTypes,
    /// It is packed with gzip, and says so.
    Gzip,
    /// It comes whole, in many small pieces with pauses between.
    Dribble,
    /// The connection breaks in the middle of it.
    Reset,
    /// It never ends: after all but its last letter comes now and then a blank.
    Endless,
    /// It never ends, and comes as fast as it is taken.
    Flood,
}

/// What `X-RateLimit-Reset` says instead of the moment at which the window ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reset {
    /// How many seconds the window still lasts.
    Seconds,
    /// A moment in the year 318857.
    Absurd,
    /// A moment an hour ago.
    Past,
    /// Nothing; nor is there any other header about limits.
    Missing,
}

/// One endpoint that misbehaves on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The method and path template of the guard table, such as `GET /tasks`; `*` for every call,
    /// `unknown` for paths that the table does not hold.
    pub call: String,
    /// The status to answer with; none leaves the answer as it is.
    #[serde(default)]
    pub status: Option<u16>,
    /// Where to, for a redirect.
    #[serde(default)]
    pub location: Option<String>,
    /// Whether the answer is a page for people instead of JSON.
    #[serde(default)]
    pub page: bool,
    /// Whether the answer has no body.
    #[serde(default)]
    pub empty: bool,
    /// What the header `Retry-After` says, in seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// Whether the connection breaks in the middle of an answer that has only begun.
    #[serde(default)]
    pub cut: bool,
    /// Whether the connection breaks before anything is answered.
    #[serde(default)]
    pub hang_up: bool,
    /// What is done to the body.
    #[serde(default)]
    pub body: Option<Spoilt>,
    /// What the header `X-RateLimit-Reset` says; none leaves it true.
    #[serde(default)]
    pub reset: Option<Reset>,
    /// How many calls are answered as usual before the first that is not.
    #[serde(default)]
    pub after: u32,
    /// For how many calls; none is for ever.
    #[serde(default)]
    pub times: Option<u32>,
    /// Of the calls that it could strike, how many in a hundred it does; none is all of them. Which ones
    /// follows from the seed.
    #[serde(default)]
    pub percent: Option<u64>,
    /// How long it takes to answer, in milliseconds; more, where the answer cannot be made up so fast.
    #[serde(default)]
    pub delay_ms: u64,
    /// Up to how much longer, in milliseconds; how much follows from the seed.
    #[serde(default)]
    pub jitter_ms: u64,
}

impl Fault {
    /// Whether it stands in the place of the answer.
    pub(super) fn replaces(&self) -> bool {
        self.status.is_some()
            || self.location.is_some()
            || self.page
            || self.empty
            || self.cut
            || self.hang_up
    }

    /// Whether it changes the answer, and does not only delay it.
    pub(super) fn answers(&self) -> bool {
        self.replaces() || self.body.is_some() || self.reset.is_some()
    }
}

/// How long a call is kept waiting, and the fault that changes its answer, if one does: the first of
/// those that strike. `met` counts the calls that each fault could have struck.
pub(super) fn strike<'f>(
    faults: &'f [Fault],
    met: &mut [u32],
    endpoint: &str,
    seed: u64,
) -> (Duration, Option<&'f Fault>) {
    let (mut pause, mut found) = (0_u64, None);
    for (at, (fault, met)) in faults.iter().zip(met.iter_mut()).enumerate() {
        let comes_too_late = fault.answers() && found.is_some();
        if comes_too_late || (fault.call != endpoint && fault.call != "*") {
            continue;
        }
        let before = *met;
        *met = met.saturating_add(1);
        let over = fault.times.is_some_and(|times| before >= fault.after.saturating_add(times));
        let mut dice = Dice::of(seed, &["fault", &at.to_string(), &before.to_string()]);
        let spared = fault.percent.is_some_and(|percent| !dice.chance(percent));
        if before < fault.after || over || spared {
            continue;
        }
        let jitter = dice.below(fault.jitter_ms.saturating_add(1));
        pause = pause.saturating_add(fault.delay_ms).saturating_add(jitter);
        if fault.answers() {
            found = Some(fault);
        }
    }
    (Duration::from_millis(pause), found)
}
