//! One request, one answer: address, headers, deadline, a body no longer than its budget.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Response, StatusCode};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use url::{Host, Url};

use crate::plan::{Method, Request};
use crate::prober::answer::{self, Answer, Outcome, Refusal, Stop, Whole};
use crate::prober::door::{Door, Permit};
use crate::prober::pace::{Fate, Leave, Manners, Pace, Signals};
use crate::prober::retry::{Again, Backoff};
use crate::prober::secret::Credentials;

/// A refusal's body is read only for its reason.
const REFUSAL_BUDGET: usize = 64 * 1024;

/// Where the API lives, such as `https://api.hibob.com/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    url: Url,
}

/// Why a text is no base URL. The text is not repeated: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It is no URL with a host.
    #[error("the base URL is not of the form https://host/path")]
    Malformed,
    /// Anything but https, and http elsewhere than on this machine.
    #[error("the base URL must begin with https:// (plain http is for this machine only)")]
    NotSecure,
    /// `https://user:password@host`.
    #[error("the base URL holds a user name or a password")]
    UserInfo,
    /// A `?` or a `#`.
    #[error("the base URL holds a query or a fragment")]
    QueryOrFragment,
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// When credentials sent there would not be safe, or it is no base at all.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut url = Url::parse(text.trim()).map_err(|_| BaseUrlError::Malformed)?;
        if !url.has_host() {
            return Err(BaseUrlError::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let base = Self { text: url.as_str().trim_end_matches('/').to_owned(), url };
        match base.url.scheme() {
            "https" => Ok(base),
            "http" if base.is_loopback() => Ok(base),
            _ => Err(BaseUrlError::NotSecure),
        }
    }

    /// Whether it lies on this very machine.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The address of a request, if the URL parser left its path exactly as it was.
    fn join(&self, request: &Request) -> Option<Url> {
        let mut url = Url::parse(&format!("{}{}", self.text, request.path)).ok()?;
        let path = format!("{}{}", self.url.path().trim_end_matches('/'), request.path);
        if url.origin() != self.url.origin() || url.path() != path {
            return None;
        }
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        Some(url)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How to ask.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the API lives.
    pub base_url: BaseUrl,
    /// Who asks.
    pub credentials: Credentials,
    /// The share of what a rate limit leaves that may be used, from 0 to 1.
    pub headroom: f64,
    /// How long one attempt may take, its body included.
    pub timeout: Duration,
    /// When the run ends, whatever is still to be asked.
    pub deadline: Option<Instant>,
    /// How many requests may be on their way at once.
    pub concurrency: usize,
    /// How often one request is sent at most.
    pub max_attempts: u32,
    /// Where the irregularity of waits comes from: the same seed gives the same waits.
    pub seed: u64,
    /// The finer points of being considerate.
    pub manners: Manners,
}

impl Settings {
    /// The settings that suit a tenant in production.
    pub fn new(base_url: BaseUrl, credentials: Credentials) -> Self {
        Self {
            base_url,
            credentials,
            headroom: 0.5,
            timeout: Duration::from_secs(30),
            deadline: None,
            concurrency: 6,
            max_attempts: 4,
            seed: RandomState::new().build_hasher().finish(),
            manners: Manners::default(),
        }
    }
}

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Usually a slim container without a store of certificate authorities.
    #[error("cannot prepare secure connections: {why}")]
    Tls {
        /// The chain of causes.
        why: String,
    },
}

impl ClientError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Tls { .. } => {
                "install the system's certificate authorities (the package `ca-certificates`), \
                 or name them in SSL_CERT_FILE"
            }
        }
    }
}

/// What was sent so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Requests sent, each attempt counted.
    pub requests: u64,
    /// Answers 401 and 403.
    pub denied: u64,
    /// Requests that could change anything.
    pub writes: u64,
}

/// Asks the API, considerately, and only what it was permitted to ask.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    settings: Settings,
    door: Mutex<Door>,
    pace: Pace,
    backoff: Arc<Backoff>,
    stop: watch::Sender<Option<Stop>>,
    requests: AtomicU64,
    denied: AtomicU64,
}

/// How one attempt went.
struct Trial {
    outcome: Outcome,
    status: Option<u16>,
    restricted_header: bool,
    why: Option<String>,
    again: Again,
}

impl Trial {
    fn of(outcome: Outcome, why: Option<String>, again: Again) -> Self {
        Self { outcome, status: None, restricted_header: false, why, again }
    }

    fn settled(outcome: Outcome) -> Self {
        Self::of(outcome, None, Again::No)
    }
}

/// A body, as far as it was read.
enum Body {
    Whole(Vec<u8>),
    /// There was more of it than the budget allows; only its beginning was looked at.
    Cut(Option<u8>),
    Broken(String),
    Late,
}

impl Client {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    /// When the machine cannot make secure connections.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        // A second installation fails, and then the first one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("audit/", env!("CARGO_PKG_VERSION")))
            // The credentials go to one host only, and each request is seen by the rate accounting.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if settings.base_url.is_loopback() {
            let here = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
            builder =
                builder.no_proxy().resolve_to_addrs("localhost", &here.map(|ip| SocketAddr::new(ip, 0)));
        }
        builder = if settings.base_url.url.scheme() == "https" {
            builder.https_only(true)
        } else {
            // The simulator must run on a machine that has no certificate authorities.
            builder.tls_certs_only([])
        };
        let http = builder.build().map_err(|error| ClientError::Tls { why: chain(error) })?;
        let backoff = Arc::new(Backoff::new(settings.seed, settings.manners.longest_wait));
        Ok(Self {
            http,
            pace: Pace::new(
                settings.manners.clone(),
                settings.headroom,
                settings.concurrency,
                Arc::clone(&backoff),
            ),
            door: Mutex::default(),
            backoff,
            stop: watch::Sender::new(None),
            requests: AtomicU64::new(0),
            denied: AtomicU64::new(0),
            settings,
        })
    }

    /// Opens the door for one more kind of request.
    pub fn permit(&self, permit: Permit) {
        self.door.lock().unwrap_or_else(PoisonError::into_inner).permit(permit);
    }

    /// What was sent so far.
    pub fn totals(&self) -> Totals {
        Totals {
            requests: self.requests.load(Ordering::Relaxed),
            denied: self.denied.load(Ordering::Relaxed),
            // A request that could write cannot be told from a read here; the plan lists none.
            writes: 0,
        }
    }

    /// Why nothing is sent any more, if that is so.
    pub fn stopped(&self) -> Option<Stop> {
        *self.stop.borrow()
    }

    /// Sends nothing from now on. The first reason given stays.
    pub fn stop(&self, reason: Stop) {
        self.stop.send_if_modified(|stop| stop.is_none() && stop.replace(reason).is_none());
    }

    /// Asks one question, as often and as late as manners demand, and sorts the answer.
    pub async fn ask(&self, request: &Request) -> Answer {
        let mut answer = Answer {
            endpoint: request.endpoint.clone(),
            outcome: Outcome::Stopped,
            status: None,
            restricted_header: false,
            waited: Duration::ZERO,
            attempts: 0,
            why: None,
        };
        if self.stopped().is_some() {
            return answer;
        }
        let admitted = self.door.lock().unwrap_or_else(PoisonError::into_inner).admit(request);
        let url = match admitted.and_then(|()| {
            self.settings.base_url.join(request).ok_or_else(|| "the path is not plain".to_owned())
        }) {
            Ok(url) => url,
            Err(why) => return Answer { outcome: Outcome::NotInPlan, why: Some(why), ..answer },
        };
        let mut damaged_before = false;
        loop {
            let since = Instant::now();
            let leave = self.unless_stopped(self.pace.turn(&request.endpoint)).await;
            answer.waited += since.elapsed();
            let Some(leave) = leave else { return answer };
            answer.attempts += 1;
            let trial = self.attempt(request, url.clone(), leave).await;
            answer.outcome = trial.outcome;
            answer.status = trial.status;
            answer.restricted_header = trial.restricted_header;
            answer.why = trial.why.map(|why| self.without_secrets(&why));
            let pause = match trial.again {
                Again::No => return answer,
                Again::Damaged if damaged_before => return answer,
                Again::Damaged => {
                    damaged_before = true;
                    Duration::ZERO
                }
                Again::Throttled => Duration::ZERO,
                Again::Troubled(told) => {
                    self.backoff.after(answer.attempts, self.settings.manners.trouble_base, told)
                }
            };
            // An endpoint that keeps failing is not worth the same patience for each request.
            let hopeless = self.pace.failures_in_a_row(&request.endpoint) > self.settings.max_attempts;
            if answer.attempts >= self.settings.max_attempts || hopeless {
                return answer;
            }
            let since = Instant::now();
            let goes_on = self.unless_stopped(sleep(pause)).await.is_some();
            answer.waited += since.elapsed();
            if !goes_on {
                return answer;
            }
        }
    }

    /// Waits for something, but no longer than the run lasts.
    async fn unless_stopped<T>(&self, waiting: impl Future<Output = T>) -> Option<T> {
        let mut stop = self.stop.subscribe();
        let deadline = async {
            match self.settings.deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _ = stop.wait_for(Option::is_some) => None,
            () = deadline => {
                self.stop(Stop::Deadline);
                None
            }
            done = waiting => Some(done),
        }
    }

    /// Sends the request once.
    async fn attempt(&self, request: &Request, url: Url, leave: Leave) -> Trial {
        let Leave { ticket, denial, slot: _until_read } = leave;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let until = self.until();

        let response = match timeout_at(until, self.prepare(request, url).send()).await {
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
                return self.late();
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
        let trial = self.sort(response, request.body_budget, until, &signals).await;
        if let Some(ticket) = held {
            ticket.answered(&signals, fate);
        }
        Trial { status: Some(status.as_u16()), restricted_header, ..trial }
    }

    /// When an attempt that begins now must be over.
    fn until(&self) -> Instant {
        let now = Instant::now();
        let longest = Duration::from_secs(24 * 60 * 60);
        let until = now + self.settings.timeout.min(longest);
        self.settings.deadline.map_or(until, |deadline| deadline.min(until))
    }

    fn prepare(&self, request: &Request, url: Url) -> reqwest::RequestBuilder {
        let credentials = &self.settings.credentials;
        let builder = match request.method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
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
    async fn sort(&self, response: Response, budget: usize, until: Instant, signals: &Signals) -> Trial {
        let status = response.status();
        match status.as_u16() {
            200..=299 => self.read_answer(response, budget, until).await,
            401 => match answer::unauthorized(&read_refusal(response, until).await) {
                Ok(refusal) => Trial::settled(Outcome::Refused(refusal)),
                Err(stop) => {
                    self.stop(stop);
                    let why = "the API refused the credentials".to_owned();
                    Trial::of(Outcome::Stopped, Some(why), Again::No)
                }
            },
            403 => {
                let refusal: Refusal = answer::forbidden(&read_refusal(response, until).await);
                Trial::settled(Outcome::Refused(refusal))
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

    async fn read_answer(&self, response: Response, budget: usize, until: Instant) -> Trial {
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
        match read(response, budget, until).await {
            Body::Whole(body) => match answer::whole(says_json, &body) {
                Whole::Json(value) => Trial::settled(Outcome::Json(value)),
                Whole::Foreign if body.is_empty() => {
                    Trial::of(Outcome::NotAnApiAnswer, Some("an empty body".to_owned()), Again::No)
                }
                Whole::Foreign => foreign(),
                Whole::Damaged => Trial::of(
                    Outcome::NotAnApiAnswer,
                    Some("the body calls itself JSON and is damaged".to_owned()),
                    Again::Damaged,
                ),
            },
            Body::Cut(first_letter) => match answer::cut(says_json, first_letter) {
                Outcome::CutJson => Trial::settled(Outcome::CutJson),
                _ => foreign(),
            },
            Body::Broken(why) => Trial::of(Outcome::Unavailable, Some(why), Again::Troubled(None)),
            Body::Late => self.late(),
        }
    }

    fn late(&self) -> Trial {
        if self.settings.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
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
        let target = self.settings.base_url.url.join(header(response, LOCATION.as_str())).ok();
        match target.filter(|_| response.headers().contains_key(LOCATION)) {
            Some(target) => format!("{status} to {}", target.origin().ascii_serialization()),
            None => status.to_string(),
        }
    }

    /// The text without the token, should it have got into it, and without control characters.
    fn without_secrets(&self, text: &str) -> String {
        let token = self.settings.credentials.token.expose();
        text.replace(token, "(redacted)").chars().filter(|c| !c.is_control()).collect()
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
}

/// The body of a refusal. Whatever goes wrong with it, the refusal itself stands.
async fn read_refusal(response: Response, until: Instant) -> Vec<u8> {
    match read(response, REFUSAL_BUDGET, until).await {
        Body::Whole(body) => body,
        Body::Cut(_) | Body::Broken(_) | Body::Late => Vec::new(),
    }
}

/// Reads the body, unpacked, up to its budget; more of it is neither kept nor awaited.
async fn read(mut response: Response, budget: usize, until: Instant) -> Body {
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

/// An error with all its causes, and without its URL, whose query may hold what nobody should read.
fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.ends_with(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        cause = error.source();
    }
    text
}
