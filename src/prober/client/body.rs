//! The body of an answer: read up to its budget, and in time, or not at all.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use crate::prober::answer;

use super::cause::chain;
use super::sift::{Sift, Take};

/// A refusal's body is read only for its reason.
const REFUSAL_BUDGET: usize = 64 * 1024;

/// Less than this is read to its end even if the question is answered: a connection is worth more.
const NOT_WORTH_CUTTING: usize = 64 * 1024;

/// A body, as far as it was read.
pub(super) enum Body {
    Whole(Vec<u8>),
    /// There was more of it than the budget allows; only its beginning was looked at.
    Cut(Option<u8>),
    /// It was read to its end, and is no JSON.
    Damaged,
    Broken(String),
    Late,
}

/// The body of a refusal. Whatever goes wrong with it, the refusal itself stands.
pub(super) async fn read_refusal(response: Response, until: Instant) -> Vec<u8> {
    match read(response, REFUSAL_BUDGET, until).await {
        Body::Whole(body) => body,
        Body::Cut(_) | Body::Damaged | Body::Broken(_) | Body::Late => Vec::new(),
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

/// Reads the body, unpacked, and hands on the items of its lists; the budget is for the rest of it.
pub(super) async fn read_each(
    mut response: Response,
    budget: usize,
    until: Instant,
    take: &mut dyn Take,
) -> Body {
    let mut sift = Sift::new(take);
    let mut first_letter = None;
    let mut length = 0;
    loop {
        match timeout_at(until, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                if first_letter.is_none() {
                    first_letter = answer::first_letter(&chunk);
                }
                length += chunk.len();
                sift.read(&chunk);
                if sift.held() > budget || (sift.has_enough() && length > NOT_WORTH_CUTTING) {
                    return Body::Cut(first_letter);
                }
            }
            Ok(Ok(None)) => return sift.finish().map_or(Body::Damaged, Body::Whole),
            Ok(Err(error)) => return Body::Broken(chain(error)),
            Err(_) => return Body::Late,
        }
        // What comes as fast as it is read must not keep the deadline from being noticed.
        tokio::task::coop::consume_budget().await;
        if Instant::now() >= until {
            return Body::Late;
        }
    }
}
