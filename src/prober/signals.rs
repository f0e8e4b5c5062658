//! What the headers of an answer say about limits; whatever makes no sense is left unsaid.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// In seconds.
const A_DAY: i64 = 24 * 60 * 60;

/// What the headers of an answer say about limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::prober) struct Signals {
    pub(in crate::prober) limit: Option<u64>,
    pub(in crate::prober) remaining: Option<u64>,
    pub(in crate::prober) reset_in: Option<Duration>,
    pub(in crate::prober) retry_after: Option<Duration>,
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
            let seconds = match reset {
                // Too little for a moment since 1970: so many seconds from now.
                1..=A_DAY => reset,
                // The two clocks show whole seconds, so a window that just ended may look a little past.
                _ => reset.checked_sub(now).filter(|seconds| *seconds >= -2)?.max(1),
            };
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
    fn a_reset_too_small_for_a_moment_is_so_many_seconds() {
        assert_eq!(read_at(&[("X-RateLimit-Reset", "30"), ("Date", NOON)], 0).reset_in, Some(30 * SECOND));
        assert_eq!(read_at(&[("X-RateLimit-Reset", "3600"), ("Date", NOON)], 0).reset_in, None);
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
}
