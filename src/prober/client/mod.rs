//! One request, one answer: asked in its turn, tried again where that is worth it, stopped when told to.

mod body;
mod cause;
pub(in crate::prober) mod sift;
#[cfg(test)]
mod tests;
mod trial;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::plan::Request;
use crate::prober::address::BaseUrl;
use crate::prober::answer::{Answer, Outcome, Stop};
use crate::prober::denials::Risk;
use crate::prober::door::{Door, Permit};
use crate::prober::manners::Manners;
use crate::prober::pace::{OnWait, Pace, Why};
use crate::prober::retry::{Again, Backoff};
use crate::prober::secret::Credentials;

use cause::chain;
use sift::Take;

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
    /// How much of the time before the deadline is kept for the canary alone: what was refused by then may
    /// be believed only once it has answered.
    pub last_word: Duration,
    /// How many requests may be on their way at once.
    pub concurrency: usize,
    /// How often one request is sent at most.
    pub max_attempts: u32,
    /// Where the irregularity of waits comes from: the same seed gives the same waits.
    pub seed: u64,
    /// The finer points of being considerate.
    pub manners: Manners,
    /// Whether anything may be sent that could change something, should the plan list it.
    pub may_write: bool,
    /// Certificate authorities (PEM) that are trusted beside the system's.
    pub authorities: Option<Vec<u8>>,
    /// The proxy to go through, instead of the environment's.
    pub proxy: Option<String>,
    /// Who is told of waits.
    pub on_wait: OnWait,
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
            last_word: Duration::ZERO,
            // Any of them may be refused, and more refusals than that may not come at once. None asks the same as
            // another, each has a limit of its own, and a run holds hardly more questions.
            concurrency: Manners::default().denials,
            max_attempts: 4,
            seed: RandomState::new().build_hasher().finish(),
            manners: Manners::default(),
            may_write: false,
            authorities: None,
            proxy: None,
            on_wait: OnWait::default(),
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
    /// Usually a file that is no PEM.
    #[error("the file of --ca-file holds no certificate authority{why}")]
    Authorities {
        /// The chain of causes, after a colon.
        why: String,
    },
    /// An address that no proxy can have, or one with a password. It is not repeated.
    #[error("{named} is not of the form http://host:port")]
    Proxy {
        /// The flag or the variable that names it.
        named: &'static str,
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
            Self::Authorities { .. } => "name a file with -----BEGIN CERTIFICATE----- blocks",
            Self::Proxy { named: "--proxy" } => {
                "a proxy that asks for a password is named in HTTPS_PROXY, so that no list of processes shows it"
            }
            Self::Proxy { .. } => "mend it, or unset it to go without a proxy; nothing was sent past it",
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
    /// Requests that could change anything, each attempt counted.
    pub writes: u64,
}

fn proxy_at(text: &str) -> Option<reqwest::Proxy> {
    let url = url_of_proxy(text)?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    is_plain.then(|| reqwest::Proxy::all(url.as_str()).ok())?
}

/// Whether a variable of the environment names a proxy that can be gone through. One that cannot must not count
/// as none: the HTTP client would go past it in silence.
pub fn is_a_way(text: &str) -> bool {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    url_of_proxy(&with_scheme).is_some()
}

fn url_of_proxy(text: &str) -> Option<url::Url> {
    url::Url::parse(text).ok().filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))
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
    writes: AtomicU64,
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
        if let Some(pem) = &settings.authorities {
            let failed = |why: String| ClientError::Authorities { why };
            let found = reqwest::Certificate::from_pem_bundle(pem)
                .map_err(|error| failed(format!(": {}", chain(error))))?;
            if found.is_empty() {
                return Err(failed(String::new()));
            }
            builder = builder.tls_certs_merge(found);
        }
        // In the clear nothing goes through anybody.
        if let Some(proxy) = settings.proxy.as_deref() {
            let proxy = proxy_at(proxy).ok_or(ClientError::Proxy { named: "--proxy" })?;
            if !settings.base_url.is_loopback() {
                builder = builder.proxy(proxy);
            }
        }
        builder = if settings.base_url.url().scheme() == "https" {
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
                settings.on_wait.clone(),
            ),
            door: Mutex::default(),
            backoff,
            stop: watch::Sender::new(None),
            requests: AtomicU64::new(0),
            denied: AtomicU64::new(0),
            writes: AtomicU64::new(0),
            settings,
        })
    }

    /// Opens the door for one more kind of request.
    pub fn permit(&self, permit: Permit) {
        self.door.lock().unwrap_or_else(PoisonError::into_inner).permit(permit);
    }

    /// Closes the door: whatever is to be asked needs a new permit.
    pub(in crate::prober) fn close(&self) {
        *self.door.lock().unwrap_or_else(PoisonError::into_inner) = Door::default();
    }

    /// What was sent so far.
    pub fn totals(&self) -> Totals {
        Totals {
            requests: self.requests.load(Ordering::Relaxed),
            denied: self.denied.load(Ordering::Relaxed),
            writes: self.writes.load(Ordering::Relaxed),
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
        self.ask_as(request, Risk::Any, None).await
    }

    /// The same, with the items of the answer's lists handed on one by one while it is read: what comes back
    /// is left without them. Read only in part, because the question was answered by then, it is cut.
    pub(in crate::prober) async fn ask_each(&self, request: &Request, take: &mut dyn Take) -> Answer {
        self.ask_as(request, Risk::Any, Some(take)).await
    }

    /// Asks what needs no right, without waiting for the budget of refusals while nothing hints at a block.
    pub async fn ask_canary(&self, request: &Request) -> Answer {
        self.ask_as(request, Risk::Canary, None).await
    }

    /// How many refusals the budget has room for at this moment.
    pub fn denials_left(&self) -> usize {
        self.pace.denials_left()
    }

    async fn ask_as(&self, request: &Request, risk: Risk, mut take: Option<&mut dyn Take>) -> Answer {
        let mut answer = Answer {
            endpoint: request.endpoint.clone(),
            outcome: Outcome::Stopped,
            status: None,
            restricted_header: false,
            waited: Duration::ZERO,
            attempts: 0,
            why: None,
        };
        if self.is_over(risk, self.stopped()) {
            return answer;
        }
        let admitted = if request.method.is_write() && !self.settings.may_write {
            Err("writes are not switched on".to_owned())
        } else {
            self.door.lock().unwrap_or_else(PoisonError::into_inner).admit(request)
        };
        let url = match admitted.and_then(|()| {
            self.settings.base_url.join(request).ok_or_else(|| "the path is not plain".to_owned())
        }) {
            Ok(url) => url,
            Err(why) => return Answer { outcome: Outcome::NotInPlan, why: Some(why), ..answer },
        };
        let lane = self.door.lock().unwrap_or_else(PoisonError::into_inner).lane(request);
        let mut damaged_before = false;
        loop {
            let since = Instant::now();
            let leave = self.unless_stopped(risk, self.pace.turn(&lane, risk)).await;
            answer.waited += since.elapsed();
            let Some(leave) = leave else { return answer };
            answer.attempts += 1;
            let taker = take.as_mut().map(|take| &mut **take as &mut dyn Take);
            let trial = self.attempt(request, url.clone(), leave, (self.end(risk), taker));
            // Whoever started the run and wants it to end does not wait for what is on its way.
            let Some(trial) = self.unless(Stop::Interrupted, trial).await else { return answer };
            answer.outcome = trial.outcome;
            answer.status = trial.status;
            answer.restricted_header = trial.restricted_header;
            answer.why = trial.why.map(|why| self.without_secrets(&why));
            let pause = match trial.again {
                Again::No => return answer,
                // Nobody knows what became of a write that was not answered; it is never sent twice.
                Again::Damaged | Again::Troubled(_) if request.method.is_write() => return answer,
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
            let hopeless = self.pace.failures_in_a_row(&lane) > self.settings.max_attempts;
            if answer.attempts >= self.settings.max_attempts || hopeless {
                return answer;
            }
            self.settings.on_wait.tell(&lane, Why::Trouble, pause);
            let since = Instant::now();
            let goes_on = self.unless_stopped(risk, sleep(pause)).await.is_some();
            answer.waited += since.elapsed();
            if !goes_on {
                return answer;
            }
        }
    }

    /// The finer points of being considerate.
    pub(in crate::prober) fn manners(&self) -> &Manners {
        &self.settings.manners
    }

    /// Waits, but no longer than the run lasts; whether all of it was waited.
    pub(in crate::prober) async fn rest(&self, time: Duration) -> bool {
        time.is_zero() || self.unless_stopped(Risk::Any, sleep(time)).await.is_some()
    }

    /// When the last request may be answered; the canary has the last word.
    fn end(&self, risk: Risk) -> Option<Instant> {
        let deadline = self.settings.deadline?;
        match risk {
            Risk::Canary => Some(deadline),
            Risk::Any => Some(deadline.checked_sub(self.settings.last_word).unwrap_or(deadline)),
        }
    }

    /// Whether nothing may be sent any more. That the time is over does not keep the canary from its last word.
    fn is_over(&self, risk: Risk, stop: Option<Stop>) -> bool {
        match stop {
            None => false,
            Some(Stop::Deadline) if risk == Risk::Canary => {
                self.settings.deadline.is_some_and(|deadline| deadline <= Instant::now())
            }
            Some(_) => true,
        }
    }

    /// What comes of something, unless the run is stopped for this reason before.
    async fn unless<T>(&self, reason: Stop, something: impl Future<Output = T>) -> Option<T> {
        let mut stop = self.stop.subscribe();
        tokio::select! {
            biased;
            done = something => Some(done),
            _ = stop.wait_for(|stop| *stop == Some(reason)) => None,
        }
    }

    /// Waits for something, but no longer than the run lasts.
    async fn unless_stopped<T>(&self, risk: Risk, waiting: impl Future<Output = T>) -> Option<T> {
        let mut stop = self.stop.subscribe();
        let deadline = async {
            match self.end(risk) {
                Some(end) => sleep_until(end).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| self.is_over(risk, *stop)) => None,
            () = deadline => {
                self.stop(Stop::Deadline);
                None
            }
            done = waiting => Some(done),
        }
    }

    /// The text without the token, should it have got into it, and without control characters.
    fn without_secrets(&self, text: &str) -> String {
        let token = self.settings.credentials.token.expose();
        text.replace(token, "(redacted)").chars().filter(|c| !c.is_control()).collect()
    }
}
