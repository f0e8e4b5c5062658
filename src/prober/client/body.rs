//! The body of an answer: read up to its budget, and in time, or not at all.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use crate::prober::answer;

use super::cause::chain;

/// A refusal's body is read only for its reason.
const REFUSAL_BUDGET: usize = 64 * 1024;

/// A body, as far as it was read.
pub(super) enum Body {
    Whole(Vec<u8>),
    /// There was more of it than the budget allows; only its beginning was looked at.
    Cut(Option<u8>),
    Broken(String),
    Late,
}

/// The body of a refusal. Whatever goes wrong with it, the refusal itself stands.
pub(super) async fn read_refusal(response: Response, until: Instant) -> Vec<u8> {
    match read(response, REFUSAL_BUDGET, until).await {
        Body::Whole(body) => body,
        Body::Cut(_) | Body::Broken(_) | Body::Late => Vec::new(),
    }
}

/// Reads the body, unpacked, up to its budget; more of it is neither kept nor awaited.
pub(super) async fn read(mut response: Response, budget: usize, until: Instant) -> Body {
    let mut body = Vec::new();
    let mut first_letter = None;
    loop {
        match timeout_at(until, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                if first_letter.is_none() {
                    first_letter = answer::first_letter(&chunk);
                }
                if body.len() + chunk.len() > budget {
                    return Body::Cut(first_letter);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Ok(None)) => return Body::Whole(body),
            Ok(Err(error)) => return Body::Broken(chain(error)),
            Err(_) => return Body::Late,
        }
    }
}
