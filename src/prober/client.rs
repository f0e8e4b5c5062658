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
use crate::prober::answer::{self, Answer, Outcome, Stop, Whole};
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::catalogue::id::EndpointId;
    use crate::prober::answer::Refusal;

    const TOKEN: &str = "hunter2-hunter2";
    /// `SERVICE-1:hunter2-hunter2`.
    const TOKEN_ENCODED: &str = "U0VSVklDRS0xOmh1bnRlcjItaHVudGVyMg==";

    /// What the server does with a request.
    #[derive(Clone)]
    enum Reply {
        Send(Vec<u8>),
        SendAfter(Duration, Vec<u8>),
        /// Sends the head, and the body only after a while.
        Slowly(String, Duration, &'static str),
        /// Sends this, and then white space for ever.
        Endless(Vec<u8>),
        /// Sends this, and then nothing, and keeps the connection open.
        Hang(Vec<u8>),
        HangUp,
    }

    /// A server on this machine that remembers what it was asked.
    struct Server {
        port: u16,
        seen: Arc<Mutex<Vec<String>>>,
    }

    impl Server {
        async fn start(reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let seen = Arc::new(Mutex::new(Vec::new()));
            let (reply, remember) = (Arc::new(reply), Arc::clone(&seen));
            tokio::spawn(async move {
                loop {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    let (reply, seen) = (Arc::clone(&reply), Arc::clone(&remember));
                    tokio::spawn(async move {
                        let request = hear(&mut stream).await;
                        let number = {
                            let mut seen = seen.lock().unwrap();
                            seen.push(request.clone());
                            seen.len()
                        };
                        // The client may have hung up; that is its right.
                        let _ = speak(&mut stream, reply(number, &request)).await;
                    });
                }
            });
            Self { port, seen }
        }

        async fn always(head: &str, body: &str) -> Self {
            let reply = Reply::Send(text(head, body));
            Self::start(move |_, _| reply.clone()).await
        }

        fn seen(&self) -> Vec<String> {
            self.seen.lock().unwrap().clone()
        }

        fn settings(&self) -> Settings {
            let base_url = BaseUrl::parse(&format!("http://127.0.0.1:{}/v1/", self.port)).unwrap();
            let manners = Manners {
                longest_wait: Duration::from_millis(300),
                throttle_base: Duration::from_millis(10),
                trouble_base: Duration::from_millis(5),
                first_burst: 50,
                ..Manners::default()
            };
            Settings {
                seed: 1,
                timeout: Duration::from_secs(5),
                manners,
                ..Settings::new(base_url, Credentials::new("SERVICE-1", TOKEN).unwrap())
            }
        }

        fn client(&self) -> Client {
            client(self.settings())
        }

        /// The answer to one request.
        async fn ask(&self) -> Answer {
            self.client().ask(&get()).await
        }
    }

    async fn hear(stream: &mut TcpStream) -> String {
        let mut heard = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let count = stream.read(&mut buffer).await.unwrap();
            heard.extend_from_slice(&buffer[..count]);
            let text = String::from_utf8_lossy(&heard).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                assert!(count > 0, "cut: {text}");
                continue;
            };
            let length = head.to_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length: ").map(|length| length.parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
    }

    async fn speak(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
        match reply {
            Reply::Send(bytes) => stream.write_all(&bytes).await,
            Reply::SendAfter(wait, bytes) => {
                sleep(wait).await;
                stream.write_all(&bytes).await
            }
            Reply::Slowly(head, wait, body) => {
                stream.write_all(head.as_bytes()).await?;
                sleep(wait).await;
                stream.write_all(body.as_bytes()).await
            }
            Reply::Endless(bytes) => {
                stream.write_all(&bytes).await?;
                loop {
                    stream.write_all(&[b' '; 1024]).await?;
                }
            }
            Reply::Hang(bytes) => {
                stream.write_all(&bytes).await?;
                std::future::pending().await
            }
            Reply::HangUp => Ok(()),
        }
    }

    /// An answer with its length; `head` is the status line's end and further header lines.
    fn text(head: &str, body: &str) -> Vec<u8> {
        bytes(head, body.as_bytes())
    }

    fn bytes(head: &str, body: &[u8]) -> Vec<u8> {
        let head = head.replace('\n', "\r\n");
        let length = body.len();
        let mut answer =
            format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").into_bytes();
        answer.extend_from_slice(body);
        answer
    }

    fn ok(body: &str) -> Vec<u8> {
        text(JSON, body)
    }

    const JSON: &str = "200 OK\nContent-Type: application/json;charset=utf-8";

    fn request(endpoint: &str, method: Method, body: Option<serde_json::Value>) -> Request {
        Request {
            endpoint: EndpointId::new(endpoint),
            method,
            path: format!("/{endpoint}"),
            query: Vec::new(),
            body,
            body_budget: 1000,
        }
    }

    fn get() -> Request {
        request("people", Method::Get, None)
    }

    fn client(settings: Settings) -> Client {
        let client = Client::new(settings).unwrap();
        for method in [Method::Get, Method::Post] {
            client.permit(permit("people", method));
        }
        client
    }

    fn permit(endpoint: &str, method: Method) -> Permit {
        Permit {
            endpoint: EndpointId::new(endpoint),
            method,
            path: format!("/{endpoint}"),
            query_keys: BTreeSet::from(["q".to_owned()]),
            body_keys: BTreeSet::from(["fields".to_owned()]),
            max_times: 1000,
        }
    }

    #[tokio::test]
    async fn each_answer_has_its_outcome() {
        let refused = |kind| Outcome::Refused(kind);
        for (head, body, outcome) in [
            (JSON, r#"{"a":1}"#, Outcome::Json(json!({"a": 1}))),
            ("200 OK", "[1]", Outcome::Json(json!([1]))),
            ("200 OK\nContent-Type: text/html", "<html>", Outcome::NotAnApiAnswer),
            (JSON, "", Outcome::NotAnApiAnswer),
            ("204 No Content", "", Outcome::NotAnApiAnswer),
            ("403 No\nContent-Type: application/json", r#"{"error":"no"}"#, refused(Refusal::WithReason)),
            ("403 No", "", refused(Refusal::WithoutReason)),
            ("403 No", "<html>", refused(Refusal::WithoutReason)),
            ("401 No", r#"{"errorMessage":"No permissions"}"#, refused(Refusal::PermissionMessage)),
            ("404 No", "{}", Outcome::NotFound),
            ("405 No", "", Outcome::NotFound),
            ("410 No", "", Outcome::NotFound),
            ("400 No", "{}", Outcome::BadRequest),
            ("409 No", "", Outcome::BadRequest),
            ("422 No", "", Outcome::BadRequest),
            ("304 Same", "", Outcome::Redirected),
            ("302 There\nLocation: /v2", "", Outcome::Redirected),
        ] {
            let server = Server::always(head, body).await;
            let answer = server.ask().await;
            assert_eq!(answer.outcome, outcome, "{head} {body}");
            assert_eq!(answer.status, Some(head[..3].parse().unwrap()));
            assert_eq!(answer.attempts, 1, "{head} {body}");
            assert_eq!(server.seen().len(), 1);
        }
    }

    #[tokio::test]
    async fn what_may_pass_is_tried_again_and_then_told() {
        for (head, outcome) in [("429 Slow", Outcome::Throttled), ("503 Down", Outcome::Unavailable)] {
            let server = Server::always(head, "").await;
            let answer = server.ask().await;
            assert_eq!((answer.outcome, answer.attempts, server.seen().len()), (outcome, 4, 4));
            assert!(answer.waited > Duration::from_millis(20), "{:?}", answer.waited);

            let (head, body) = (head.to_owned(), ok("{}"));
            let server = Server::start(move |number, _| {
                Reply::Send(if number < 3 { text(&head, "") } else { body.clone() })
            })
            .await;
            let answer = server.ask().await;
            assert_eq!((answer.outcome, answer.attempts), (Outcome::Json(json!({})), 3));
        }
    }

    #[tokio::test]
    async fn a_429_is_repeated_only_when_the_api_says_so() {
        for (header, at_least) in [
            ("Retry-After: 1", 300),
            ("Retry-After: Fri, 31 Dec 2100 23:59:59 GMT", 300),
            ("X-RateLimit-Reset: 99999999999", 10),
            ("X-RateLimit-Reset: 1", 10),
            ("X-RateLimit-Reset: soon", 10),
            ("X-Nothing: 0", 10),
        ] {
            let head = format!("429 Slow\n{header}");
            let server = Server::start(move |number, _| {
                Reply::Send(if number == 1 { text(&head, "") } else { ok("{}") })
            })
            .await;
            let answer = server.ask().await;
            assert_eq!((answer.outcome, answer.attempts), (Outcome::Json(json!({})), 2), "{header}");
            // Within the longest wait that these settings allow, which is 300 ms.
            let waited = answer.waited.as_millis();
            assert!(waited >= at_least * 3 / 4 && waited < 1000, "{header}: {waited}");
        }
    }

    #[tokio::test]
    async fn an_endpoint_that_keeps_failing_is_not_tried_again_for_each_request() {
        let server = Server::always("500 Oops", "").await;
        let client = server.client();
        assert_eq!(client.ask(&get()).await.attempts, 4);
        assert_eq!(client.ask(&get()).await.attempts, 1);
    }

    #[tokio::test]
    async fn a_connection_that_is_cut_or_refused_is_unavailable() {
        let server = Server::start(|_, _| Reply::HangUp).await;
        let answer = server.ask().await;
        assert_eq!((answer.outcome, answer.status, answer.attempts), (Outcome::Unavailable, None, 4));
        let short = text(JSON, "{}").iter().copied().take(90).collect::<Vec<_>>();
        let server = Server::start(move |_, _| Reply::Send(short.clone())).await;
        assert_eq!(server.ask().await.outcome, Outcome::Unavailable);

        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = gone.local_addr().unwrap().port();
        drop(gone);
        let settings = Settings { base_url: base(port), ..server.settings() };
        let answer = client(settings).ask(&get()).await;
        assert_eq!(answer.outcome, Outcome::Unavailable);
        assert!(answer.why.unwrap().to_lowercase().contains("refused"));
    }

    fn base(port: u16) -> BaseUrl {
        BaseUrl::parse(&format!("http://127.0.0.1:{port}")).unwrap()
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_a_timeout() {
        for begun in ["", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"] {
            let server = Server::start(move |_, _| Reply::Hang(begun.into())).await;
            let timeout = Duration::from_millis(40);
            let answer = client(Settings { timeout, ..server.settings() }).ask(&get()).await;
            assert_eq!((answer.outcome, answer.attempts), (Outcome::Timeout, 4));
        }
    }

    #[tokio::test]
    async fn a_refusal_stands_whatever_becomes_of_its_body() {
        let head = "HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\n{";
        let server = Server::start(move |_, _| Reply::Hang(head.into())).await;
        let timeout = Duration::from_millis(40);
        let answer = client(Settings { timeout, ..server.settings() }).ask(&get()).await;
        assert_eq!((answer.outcome, answer.attempts), (Outcome::Refused(Refusal::WithoutReason), 1));
    }

    #[tokio::test]
    async fn a_401_that_speaks_of_no_permission_stops_everything_at_once() {
        for body in ["", r#"{"error":"tokenNotMatch"}"#, "<html>"] {
            let server = Server::always("401 No", body).await;
            // One slot, and endpoints of their own, so that nothing but the stop holds them back.
            let client = Client::new(Settings { concurrency: 1, ..server.settings() }).unwrap();
            let requests: Vec<_> =
                (0..10).map(|number| request(&format!("e{number}"), Method::Get, None)).collect();
            for request in &requests {
                client.permit(permit(request.endpoint.as_str(), Method::Get));
            }
            let answers =
                futures_util::future::join_all(requests.iter().map(|request| client.ask(request))).await;
            assert!(answers.iter().all(|answer| answer.outcome == Outcome::Stopped), "{answers:?}");
            assert_eq!(answers.iter().map(|answer| answer.attempts).sum::<u32>(), 1);
            assert_eq!(server.seen().len(), 1, "{body}");
            assert_eq!(client.stopped(), Some(Stop::CredentialsRefused));
            assert_eq!(client.ask(&requests[0]).await.outcome, Outcome::Stopped);
            assert_eq!(server.seen().len(), 1);
            assert_eq!(client.totals(), Totals { requests: 1, denied: 1, writes: 0 });
        }
    }

    #[tokio::test]
    async fn what_is_on_its_way_when_the_run_stops_may_finish() {
        let server = Server::start(|_, request| {
            if request.starts_with("GET /v1/people ") {
                Reply::SendAfter(Duration::from_millis(100), ok("{}"))
            } else {
                Reply::SendAfter(Duration::from_millis(30), text("401 No", ""))
            }
        })
        .await;
        let client = server.client();
        client.permit(permit("bad", Method::Get));
        let (good, bad) = (get(), request("bad", Method::Get, None));
        let (good, bad) = tokio::join!(client.ask(&good), client.ask(&bad));
        assert_eq!(good.outcome, Outcome::Json(json!({})));
        assert_eq!((bad.outcome, bad.status), (Outcome::Stopped, Some(401)));
    }

    #[tokio::test]
    async fn a_permission_message_does_not_stop_the_run() {
        let server = Server::always("401 No", r#"{"errorMessage":"No permissions"}"#).await;
        let client = server.client();
        client.ask(&get()).await;
        client.ask(&get()).await;
        assert_eq!(client.stopped(), None);
        assert_eq!(client.totals(), Totals { requests: 2, denied: 2, writes: 0 });
    }

    #[tokio::test]
    async fn the_denial_budget_holds_over_real_connections() {
        let times = Arc::new(Mutex::new(Vec::new()));
        let remember = Arc::clone(&times);
        let server = Server::start(move |number, _| {
            remember.lock().unwrap().push(Instant::now());
            Reply::SendAfter(Duration::from_millis(number as u64 % 7), text("403 No", ""))
        })
        .await;
        let mut settings = server.settings();
        let window = Duration::from_millis(200);
        settings.manners = Manners { denials: 5, denial_window: window, ..settings.manners };
        let client = client(settings);
        let question = get();
        let asked = (0..20).map(|_| client.ask(&question));
        let answers = futures_util::future::join_all(asked).await;
        assert!(answers.iter().all(|answer| answer.attempts == 1));
        let times = times.lock().unwrap();
        assert_eq!(times.len(), 20);
        for six in times.windows(6) {
            assert!(six[5] - six[0] >= window, "{:?}", six[5] - six[0]);
        }
    }

    #[tokio::test]
    async fn the_deadline_ends_waits_and_requests_alike() {
        let server = Server::start(|_, _| Reply::Hang(Vec::new())).await;
        let began = Instant::now();
        let deadline = Some(Instant::now() + Duration::from_millis(60));
        let client = client(Settings { concurrency: 1, deadline, ..server.settings() });
        let question = get();
        let (first, second) = tokio::join!(client.ask(&question), client.ask(&question));
        assert_eq!((first.outcome, first.attempts), (Outcome::Timeout, 1));
        assert_eq!((second.outcome, second.attempts), (Outcome::Stopped, 0));
        assert_eq!(client.stopped(), Some(Stop::Deadline));
        assert_eq!(server.seen().len(), 1);
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());

        let server = Server::always("429 Slow\nRetry-After: 1", "").await;
        let deadline = Some(Instant::now() + Duration::from_millis(60));
        let client = self::client(Settings { deadline, ..server.settings() });
        let answer = client.ask(&get()).await;
        assert_eq!((answer.outcome, answer.attempts), (Outcome::Throttled, 1));
        assert_eq!(client.stopped(), Some(Stop::Deadline));
    }

    #[tokio::test]
    async fn while_a_401_is_being_read_its_endpoint_is_not_asked_again() {
        let server = Server::start(|_, _| {
            let head = "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n".to_owned();
            Reply::Slowly(head, Duration::from_millis(50), "{}")
        })
        .await;
        let mut settings = server.settings();
        settings.manners.first_burst = 1;
        let client = client(settings);
        let question = get();
        tokio::join!(client.ask(&question), client.ask(&question));
        assert_eq!(server.seen().len(), 1);
    }

    #[tokio::test]
    async fn an_interrupted_run_sends_nothing_more_and_its_first_reason_stays() {
        let server = Server::always(JSON, "{}").await;
        let client = server.client();
        client.stop(Stop::Interrupted);
        client.stop(Stop::Deadline);
        assert_eq!(client.ask(&get()).await.outcome, Outcome::Stopped);
        assert_eq!(client.stopped(), Some(Stop::Interrupted));
        assert_eq!(server.seen().len(), 0);
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed_and_takes_no_credentials_along() {
        let elsewhere = Server::always(JSON, "{}").await;
        for status in [301, 302, 303, 307, 308] {
            let to = format!("{status} There\nLocation: http://localhost:{}/v1?secret=1", elsewhere.port);
            let server = Server::always(&to, "").await;
            let answer = server.ask().await;
            assert_eq!(answer.outcome, Outcome::Redirected);
            assert_eq!(answer.why, Some(format!("{status} to http://localhost:{}", elsewhere.port)));
        }
        assert!(elsewhere.seen().is_empty());
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_budget_and_no_further() {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
        for (begun, outcome) in
            [("  [1", Outcome::CutJson), ("<html>", Outcome::NotAnApiAnswer), ("", Outcome::NotAnApiAnswer)]
        {
            let bytes = format!("{head}{begun}").into_bytes();
            let server = Server::start(move |_, _| Reply::Endless(bytes.clone())).await;
            assert_eq!(server.ask().await.outcome, outcome, "{begun}");
        }
        let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{".to_vec();
        let server = Server::start(move |_, _| Reply::Endless(page.clone())).await;
        assert_eq!(server.ask().await.outcome, Outcome::NotAnApiAnswer);

        // Exactly the budget is whole, one byte more is not.
        let body = format!("[{}1]", " ".repeat(997));
        assert_eq!(Server::always(JSON, &body).await.ask().await.outcome, Outcome::Json(json!([1])));
        let body = format!("{body} ");
        assert_eq!(Server::always(JSON, &body).await.ask().await.outcome, Outcome::CutJson);
    }

    /// `{"a":"xxx…"}` with 5000 x, packed into 50 bytes.
    const PACKED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xed\xc1\x41\x0d\x00\x30\x08\x04\x30\x2f\x27\x03\x37\x73\x41\x42\xf0\x3e\x15\xfc\xda\x4e\x5e\x2a\x0d\x00\x00\x00\x00\x9c\xcb\x7e\x91\xeb\x72\x81\x90\x13\x00\x00";

    #[tokio::test]
    async fn a_packed_body_is_unpacked_and_its_budget_counts_what_comes_out() {
        let packed = bytes(&format!("{JSON}\nContent-Encoding: gzip"), PACKED);
        let server = Server::start(move |_, _| Reply::Send(packed.clone())).await;
        let answer = server.client().ask(&Request { body_budget: 10_000, ..get() }).await;
        assert_eq!(answer.outcome, Outcome::Json(json!({"a": "x".repeat(5000)})));
        assert_eq!(server.ask().await.outcome, Outcome::CutJson);
        assert!(server.seen()[0].to_lowercase().contains("accept-encoding: gzip"));
    }

    #[tokio::test]
    async fn damaged_json_is_asked_for_once_more() {
        let server = Server::always(JSON, r#"{"a":"#).await;
        let answer = server.ask().await;
        assert_eq!((answer.outcome, answer.attempts), (Outcome::NotAnApiAnswer, 2));
        let server =
            Server::start(|number, _| Reply::Send(ok(if number == 1 { r#"{"a":"# } else { "{}" }))).await;
        assert_eq!(server.ask().await.outcome, Outcome::Json(json!({})));
    }

    #[tokio::test]
    async fn restricted_columns_are_told_from_the_header() {
        for (value, expected) in [("true", true), ("True", true), ("false", false), ("", false)] {
            let server = Server::always(&format!("{JSON}\nX-Has-Restricted-Columns: {value}"), "{}").await;
            assert_eq!(server.ask().await.restricted_header, expected, "{value}");
        }
    }

    #[tokio::test]
    async fn a_request_carries_what_it_must_and_nothing_else() {
        let server = Server::always(JSON, "{}").await;
        let client = server.client();
        let query = vec![("q".to_owned(), "a b&c=é".to_owned())];
        client.ask(&Request { query, ..get() }).await;
        client.ask(&request("people", Method::Post, Some(json!({"fields": ["root.id"]})))).await;
        let seen = server.seen();
        let (get, post) = (seen[0].to_lowercase(), seen[1].to_lowercase());
        assert!(seen[0].starts_with("GET /v1/people?q=a+b%26c%3D%C3%A9 HTTP/1.1\r\n"), "{get}");
        assert!(seen[1].starts_with("POST /v1/people HTTP/1.1\r\n"), "{post}");
        assert!(seen[1].ends_with("\r\n\r\n{\"fields\":[\"root.id\"]}"), "{post}");
        assert!(!get.contains("content-type") && post.contains("content-type: application/json\r\n"));
        for (lower, exact) in [(get, &seen[0]), (post, &seen[1])] {
            assert_eq!(lower.matches("\r\naccept: ").count(), 1);
            assert!(lower.contains("\r\naccept: application/json\r\n"));
            assert!(lower.contains(&format!("\r\nuser-agent: audit/{}\r\n", env!("CARGO_PKG_VERSION"))));
            assert!(exact.contains(&format!("Basic {TOKEN_ENCODED}")));
        }
    }

    #[tokio::test]
    async fn what_was_not_permitted_is_not_sent() {
        let server = Server::always(JSON, "{}").await;
        let client = server.client();
        for request in [
            request("people/search", Method::Get, None),
            Request { path: "/people/../people".to_owned(), ..get() },
            Request { path: "/people\t".to_owned(), ..get() },
            Request { path: "@evil.example/people".to_owned(), ..get() },
            Request { body: Some(json!({})), ..get() },
            Request { query: vec![("x".to_owned(), String::new())], ..get() },
        ] {
            let answer = client.ask(&request).await;
            assert_eq!((answer.outcome, answer.attempts), (Outcome::NotInPlan, 0), "{request:?}");
            assert!(answer.why.is_some());
        }
        assert!(server.seen().is_empty());
    }

    #[tokio::test]
    async fn the_token_is_in_no_text() {
        let settings = Server::always(JSON, "{}").await.settings();
        let elsewhere = format!("302 There\nLocation: http://{TOKEN}.example/{TOKEN}?{TOKEN}");
        let server = Server::always(&elsewhere, "").await;
        let redirected = server.ask().await;
        let page = Server::always(&format!("200 OK\nContent-Type: {TOKEN}"), "x").await.ask().await;
        let cut = Server::start(|_, _| Reply::HangUp).await;
        let query = vec![("q".to_owned(), "queried".to_owned())];
        let cut = cut.client().ask(&Request { query, ..get() }).await;
        assert!(cut.why.is_some() && redirected.why.is_some() && page.why.is_some());
        let client = client(settings.clone());
        let prepared = client.prepare(&get(), Url::parse("http://127.0.0.1/").unwrap()).build().unwrap();
        let shown = format!("{settings:?} {client:?} {prepared:?} {redirected:?} {page:?} {cut:?}");
        for secret in [TOKEN, TOKEN_ENCODED, "queried"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn only_safe_base_urls_are_taken() {
        for (text, shown) in [
            ("https://api.hibob.com/v1", "https://api.hibob.com/v1"),
            (" https://api.hibob.com/v1// ", "https://api.hibob.com/v1"),
            ("https://API.hibob.com", "https://api.hibob.com"),
            ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:80/", "http://[::1]"),
            ("http://localhost:3000", "http://localhost:3000"),
        ] {
            assert_eq!(BaseUrl::parse(text).map(|base| base.to_string()), Ok(shown.to_owned()));
        }
        for (text, error) in [
            ("http://api.hibob.com/v1", BaseUrlError::NotSecure),
            ("http://localhost.example.com", BaseUrlError::NotSecure),
            ("http://127.0.0.1.example.com", BaseUrlError::NotSecure),
            ("http://10.0.0.1", BaseUrlError::NotSecure),
            ("http://0.0.0.0", BaseUrlError::NotSecure),
            ("ftp://127.0.0.1", BaseUrlError::NotSecure),
            ("https://user:hunter2@api.hibob.com", BaseUrlError::UserInfo),
            ("https://user@api.hibob.com", BaseUrlError::UserInfo),
            ("http://localhost:hunter2@evil.example", BaseUrlError::UserInfo),
            ("https://api.hibob.com/v1?a=1", BaseUrlError::QueryOrFragment),
            ("https://api.hibob.com/v1#a", BaseUrlError::QueryOrFragment),
            ("api.hibob.com/v1", BaseUrlError::Malformed),
            ("file:///etc/passwd", BaseUrlError::Malformed),
            ("", BaseUrlError::Malformed),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text}");
        }
    }

    #[tokio::test]
    async fn secure_addresses_are_never_asked_in_the_clear() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let text = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let base_url = BaseUrl::parse(&text).unwrap();
        let settings = Settings::new(base_url, Credentials::new("SERVICE-1", TOKEN).unwrap());
        // Without certificate authorities there is no client, and that is safe too.
        let Ok(client) = Client::new(Settings { max_attempts: 1, ..settings }) else { return };
        client.permit(permit("people", Method::Get));
        let question = get();
        let (answer, first) = tokio::join!(client.ask(&question), async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_u8().await.unwrap()
        });
        assert_eq!(answer.outcome, Outcome::Unavailable);
        assert_eq!(first, 0x16, "not the first byte of a TLS handshake");
    }
}
