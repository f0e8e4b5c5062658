//! One attempt: a request sent once, and its answer sorted by as little of it as that takes.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::catalogue::rows::Method;
use crate::plan::Request;
use crate::prober::answer::{self, Outcome, Stop, Whole};
use crate::prober::lane::Fate;
use crate::prober::pace::Leave;
use crate::prober::retry::Again;
use crate::prober::signals::Signals;

use super::Client;
use super::body::{Body, read, read_each, read_refusal};
use super::cause::chain;
use super::sift::Take;

/// How many times as long as another answer one may take that is read item by item.
const AS_LONG: u32 = 4;

/// How an answer is to be read.
struct Reading<'t> {
    /// How much of it may be held.
    budget: usize,
    /// When this attempt is given up.
    until: Instant,
    /// When the run is over.
    end: Option<Instant>,
    /// Who takes the items of its lists, should they not be held.
    take: Option<&'t mut dyn Take>,
}

/// How one attempt went.
pub(super) struct Trial {
    pub(super) outcome: Outcome,
    pub(super) status: Option<u16>,
    pub(super) restricted_header: bool,
    pub(super) why: Option<String>,
    pub(super) again: Again,
}

impl Trial {
    fn of(outcome: Outcome, why: Option<String>, again: Again) -> Self {
        Self { outcome, status: None, restricted_header: false, why, again }
    }

    fn settled(outcome: Outcome) -> Self {
        Self::of(outcome, None, Again::No)
    }
}

impl Client {
    /// Sends the request once; `end` is when the run is over.
    pub(super) async fn attempt(
        &self,
        request: &Request,
        url: Url,
        leave: Leave,
        (end, take): (Option<Instant>, Option<&mut dyn Take>),
    ) -> Trial {
        let Leave { ticket, denial, slot: _until_read } = leave;
        self.requests.fetch_add(1, Ordering::Relaxed);
        if request.method.is_write() {
            self.writes.fetch_add(1, Ordering::Relaxed);
        }
        let until = self.until(end, 1);

        let sent = timeout_at(until, self.prepare(request, url).send());
        // What has not left yet when the credentials are refused does not leave any more.
        let Some(sent) = self.unless(Stop::CredentialsRefused, sent).await else {
            return Trial::settled(Outcome::Stopped);
        };
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                if error.is_connect() || error.is_builder() {
                    denial.never_sent();
                }
                ticket.answered(&Signals::default(), Fate::Troubled);
                let outcome = if error.is_timeout() { Outcome::Timeout } else { Outcome::Unavailable };
                return Trial::of(outcome, Some(chain(error)), Again::Troubled(None));
            }
            Err(_) => {
                ticket.answered(&Signals::default(), Fate::Troubled);
                return self.late(end);
            }
        };

        let status = response.status();
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            self.denied.fetch_add(1, Ordering::Relaxed);
            denial.denied();
        } else {
            denial.not_denied();
        }
        let signals = Signals::read(response.headers(), Timestamp::now(), self.settings.manners.longest_wait);
        let fate = match status.as_u16() {
            429 => Fate::Throttled,
            500.. => Fate::Troubled,
            _ => Fate::Answered,
        };
        // An empty 401 is known from its headers; nobody waits for a body that cannot come.
        if status == StatusCode::UNAUTHORIZED && response.content_length() == Some(0) {
            self.stop(Stop::CredentialsRefused);
        }

        let restricted_header = header(&response, "x-has-restricted-columns").eq_ignore_ascii_case("true");
        // The endpoint may be asked again before this body is read, but not before a 401 is understood.
        let held = if status == StatusCode::UNAUTHORIZED {
            Some(ticket)
        } else {
            ticket.answered(&signals, fate);
            None
        };
        let is_write = request.method.is_write();
        let trial = match status.as_u16() {
            200..=299 | 304 | 400 | 404 if is_write => {
                Trial::settled(Outcome::ToWrite(answer::reason(&read_refusal(response, until).await)))
            }
            _ => {
                // What is read item by item may be as long as a company is large.
                let until = if take.is_some() { self.until(end, AS_LONG) } else { until };
                let reading = Reading { budget: request.body_budget, until, end, take };
                self.sort(response, reading, &signals).await
            }
        };
        if let Some(ticket) = held {
            ticket.answered(&signals, fate);
        }
        Trial { status: Some(status.as_u16()), restricted_header, ..trial }
    }

    /// When an attempt that begins now must be over, if it may take so many times the usual.
    fn until(&self, end: Option<Instant>, times: u32) -> Instant {
        let now = Instant::now();
        let longest = Duration::from_secs(24 * 60 * 60);
        let until = now + self.settings.timeout.saturating_mul(times).min(longest);
        end.map_or(until, |end| end.min(until))
    }

    pub(super) fn prepare(&self, request: &Request, url: Url) -> reqwest::RequestBuilder {
        let credentials = &self.settings.credentials;
        let builder = match request.method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
            Method::Put => self.http.put(url),
            Method::Delete => self.http.delete(url),
        }
        .header(ACCEPT, "application/json")
        // This marks the header as sensitive, so that no log shows it.
        .basic_auth(&credentials.id, Some(credentials.token.expose()));
        match &request.body {
            Some(body) => builder.header(CONTENT_TYPE, "application/json").body(body.to_string()),
            None => builder,
        }
    }

    /// Sorts an answer by its status, reading as little of its body as that takes.
    async fn sort(&self, response: Response, reading: Reading<'_>, signals: &Signals) -> Trial {
        let (status, until) = (response.status(), reading.until);
        match status.as_u16() {
            // No read is documented to be answered with anything else of the 2xx.
            200 => self.read_answer(response, reading).await,
            401 => match answer::unauthorized(&read_refusal(response, until).await) {
                Ok(refusal) => Trial::settled(Outcome::Refused(refusal)),
                Err(stop) => {
                    self.stop(stop);
                    let why = "the API refused the credentials".to_owned();
                    Trial::of(Outcome::Stopped, Some(why), Again::No)
                }
            },
            403 => {
                let body = read_refusal(response, until).await;
                Trial::settled(Outcome::Refused(answer::forbidden(&body)))
            }
            300..=399 => Trial::of(Outcome::Redirected, Some(self.whither(&response)), Again::No),
            404 | 405 | 410 => Trial::of(Outcome::NotFound, Some(status.to_string()), Again::No),
            429 => Trial::of(Outcome::Throttled, Some(status.to_string()), Again::Throttled),
            400..=499 => Trial::of(Outcome::BadRequest, Some(status.to_string()), Again::No),
            500.. => Trial::of(
                Outcome::Unavailable,
                Some(status.to_string()),
                Again::Troubled(signals.retry_after()),
            ),
            _ => Trial::of(Outcome::NotAnApiAnswer, Some(status.to_string()), Again::No),
        }
    }

    async fn read_answer(&self, response: Response, reading: Reading<'_>) -> Trial {
        let content_type = header(&response, CONTENT_TYPE.as_str()).to_owned();
        let says_json = answer::names_json(&content_type);
        let foreign = || {
            let why = if content_type.is_empty() {
                "not JSON".to_owned()
            } else {
                format!("not JSON but {content_type}")
            };
            Trial::of(Outcome::NotAnApiAnswer, Some(why), Again::No)
        };
        let damaged = || {
            let why = "the body calls itself JSON and is damaged".to_owned();
            Trial::of(Outcome::NotAnApiAnswer, Some(why), Again::Damaged)
        };
        let Reading { budget, until, end, take } = reading;
        let is_long = take.is_some();
        let body = match take {
            Some(take) => read_each(response, budget, until, take).await,
            None => read(response, budget, until).await,
        };
        match body {
            Body::Whole(body) if body.is_empty() => {
                Trial::of(Outcome::NotAnApiAnswer, Some("an empty body".to_owned()), Again::No)
            }
            Body::Whole(body) => match whole(says_json, body).await {
                Whole::Json(value) => Trial::settled(Outcome::Json(value)),
                Whole::Foreign => foreign(),
                Whole::Damaged => damaged(),
            },
            Body::Damaged if says_json => damaged(),
            Body::Damaged => foreign(),
            Body::Cut(first_letter) => match answer::cut(says_json, first_letter) {
                Outcome::CutJson => Trial::settled(Outcome::CutJson),
                _ => foreign(),
            },
            Body::Broken(why) => Trial::of(Outcome::Unavailable, Some(why), Again::Troubled(None)),
            // It had its time, and would take as long again.
            Body::Late if is_long => Trial { again: Again::No, ..self.late(end) },
            Body::Late => self.late(end),
        }
    }

    fn late(&self, end: Option<Instant>) -> Trial {
        if end.is_some_and(|end| end <= Instant::now()) {
            self.stop(Stop::Deadline);
            let why = "the run's time was over".to_owned();
            return Trial::of(Outcome::Timeout, Some(why), Again::No);
        }
        let why = format!("no answer within {} ms", self.settings.timeout.as_millis());
        Trial::of(Outcome::Timeout, Some(why), Again::Troubled(None))
    }

    /// Where a redirect points, without path and query: they may hold anything.
    fn whither(&self, response: &Response) -> String {
        let status = response.status().as_u16();
        let target = self.settings.base_url.url().join(header(response, LOCATION.as_str())).ok();
        match target.filter(|_| response.headers().contains_key(LOCATION)) {
            Some(target) => format!("{status} to {}", target.origin().ascii_serialization()),
            None => status.to_string(),
        }
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
}

/// A body longer than this is read beside all else: what came at the same moment need not wait for it.
const LONG: usize = 64 * 1024;

async fn whole(says_json: bool, body: Vec<u8>) -> Whole {
    if body.len() < LONG {
        return answer::whole(says_json, &body);
    }
    let reading = tokio::task::spawn_blocking(move || answer::whole(says_json, &body));
    // It ends without an answer only where the program does.
    reading.await.unwrap_or(Whole::Foreign)
}
