//! From a request to an answer: address, credentials, limits and firewall first, then what the guards and
//! the rights say, then the content.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, header};
use serde_json::Value;
use tokio::time::Instant;

use super::answer::Answer;
use super::dice::Dice;
use super::faults::{self, Fault, Reset};
use super::gate::{Allowance, Gate};
use super::guards::Guards;
use super::persona::Persona;
use super::rights::Rights;
use super::routes;
use super::switches::Switches;
use super::tenant::Tenant;
use super::writes::Written;
use super::{Logged, Setup};

/// More than any body that the API takes.
const BODY_LIMIT: usize = 4 << 20;

/// Stands for every path that no guard catches.
const UNKNOWN: &str = "unknown";

/// A company, a service user, and what happened so far.
pub(super) struct Server {
    pub(super) persona: Persona,
    pub(super) tenant: Tenant,
    pub(super) guards: Guards,
    rights: Rights,
    /// What counts until the boxes have taken effect.
    rights_before: Rights,
    pub(super) switches: Switches,
    pub(super) written: Mutex<Written>,
    gate: Mutex<Gate>,
    /// How many calls each fault has met.
    faults_met: Mutex<Vec<u32>>,
    log: Mutex<Vec<Logged>>,
    started: Instant,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("persona", &self.persona.name).finish_non_exhaustive()
    }
}

/// One request, read.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) method: String,
    /// Below `/v1`, each segment still percent-encoded.
    pub(super) path: String,
    pub(super) query: BTreeMap<String, String>,
    pub(super) raw_query: String,
    pub(super) body: String,
    pub(super) content_type: String,
    /// What the template of the guard caught in the path, decoded.
    pub(super) names: BTreeMap<String, String>,
}

impl Call {
    /// What stands in the path in place of `{name}`.
    pub(super) fn name(&self, name: &str) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }

    /// The body as JSON; an absent body is an empty object.
    pub(super) fn json(&self) -> Result<Value, Answer> {
        if self.body.trim().is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_str(&self.body)
            .map_err(|_| Answer::bad_request("exception.validation.json", "The body is not valid JSON"))
    }
}

/// A lock outlives a panic elsewhere: what it guards is counted, never half-written.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn app(server: Arc<Server>) -> Router {
    Router::new().fallback(serve).with_state(server)
}

async fn serve(State(server): State<Arc<Server>>, request: Request) -> Response<Body> {
    let at = server.started.elapsed();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let full_path = parts.uri.path().to_owned();
    let mut call = Call {
        method: parts.method.to_string(),
        path: full_path.strip_prefix("/v1").unwrap_or(&full_path).to_owned(),
        query: url::form_urlencoded::parse(raw_query.as_bytes()).into_owned().collect(),
        raw_query,
        body: String::from_utf8_lossy(&body).into_owned(),
        content_type: header_text(&parts.headers, header::CONTENT_TYPE.as_str()),
        names: BTreeMap::new(),
    };
    let authorization = header_text(&parts.headers, header::AUTHORIZATION.as_str());
    let (pause, fault) = {
        let caught = server.guards.find(&call.method, &call.path);
        let endpoint = caught.as_ref().map_or(UNKNOWN, |caught| caught.guard.call.as_str());
        let met = &mut lock(&server.faults_met);
        faults::strike(&server.switches.faults, met, endpoint, server.tenant.seed)
    };
    let mut entry = Entry { server: &server, logged: None };
    let logged = entry.logged.insert(Logged {
        at,
        answered: at,
        method: call.method.clone(),
        path: full_path.clone(),
        query: call.raw_query.clone(),
        body: call.body.clone(),
        status: 0,
        authorized: false,
    });
    let mut answered = {
        let (server, fault) = (Arc::clone(&server), fault.cloned());
        move || {
            let below_v1 = full_path.starts_with("/v1/");
            let (answer, authorized) = server.answer(&mut call, &authorization, below_v1, fault.as_ref());
            (answer.status, authorized, answer.into_response())
        }
    };
    let (status, authorized, response) = if pause.is_zero() {
        answered()
    } else {
        // What it takes to make up an answer is a part of the latency: it neither comes on top of it, nor keeps
        // other calls waiting.
        let until = Instant::now() + pause;
        let failed = |_| (500, false, Answer::empty(500).into_response());
        let answered = tokio::task::spawn_blocking(answered).await.unwrap_or_else(failed);
        tokio::time::sleep_until(until).await;
        answered
    };
    (logged.status, logged.authorized) = (status, authorized);
    drop(entry);
    response
}

/// A call that is written down when it is answered, or when whoever made it has gone away.
struct Entry<'s> {
    server: &'s Server,
    logged: Option<Logged>,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let answered = self.server.started.elapsed();
        lock(&self.server.log).extend(self.logged.take().map(|logged| Logged { answered, ..logged }));
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Whether the credentials of a call are those of the service user.
enum Credentials {
    Right,
    WrongToken,
    Unknown,
}

impl Server {
    pub(super) fn new(setup: Setup) -> Result<Self, String> {
        let guards = Guards::embedded()?;
        check_names(&setup, &guards)?;
        let rights_of = |persona: &Persona| Rights::new(persona, &setup.tenant, &setup.switches, &guards);
        let rights = rights_of(&setup.persona);
        let rights_before = rights_of(&setup.persona.before(&setup.switches.late));
        Ok(Self {
            tenant: Tenant::found(setup.tenant, setup.seed, &guards)?,
            rights,
            rights_before,
            guards,
            persona: setup.persona,
            written: Mutex::default(),
            gate: Mutex::default(),
            faults_met: Mutex::new(vec![0; setup.switches.faults.len()]),
            log: Mutex::default(),
            started: Instant::now(),
            switches: setup.switches,
        })
    }

    pub(super) fn log(&self) -> Vec<Logged> {
        lock(&self.log).clone()
    }

    /// What the service user may at this moment.
    pub(super) fn rights(&self) -> &Rights {
        let answered = lock(&self.log).len();
        match self.started.elapsed() < self.switches.propagation()
            || answered < self.switches.propagation_calls
        {
            true => &self.rights_before,
            false => &self.rights,
        }
    }

    fn answer(
        &self,
        call: &mut Call,
        authorization: &str,
        below_v1: bool,
        fault: Option<&Fault>,
    ) -> (Answer, bool) {
        let credentials = self.credentials(authorization);
        let authorized = matches!(credentials, Credentials::Right);
        let caught = self.guards.find(&call.method, &call.path).filter(|_| below_v1);
        let (endpoint, limit) = match &caught {
            Some(caught) => (caught.guard.call.as_str(), caught.guard.limit),
            None => (UNKNOWN, 100),
        };
        let (allowance, blocked) = {
            let mut gate = lock(&self.gate);
            let allowance = gate.admit(endpoint, limit, &self.switches);
            let callers = [authorization, "address"];
            (allowance, callers.iter().any(|caller| gate.is_blocked(caller, &self.switches)))
        };
        let answer = if self.switches.blocked_ip {
            Answer::page(403)
        } else if blocked {
            Answer::empty(self.switches.firewall_status)
        } else if let Some(fault) = fault.filter(|fault| fault.replaces()) {
            Answer::fault(fault)
        } else if allowance.exceeded {
            self.too_many(allowance)
        } else {
            match credentials {
                Credentials::Right => match caught {
                    Some(caught) => {
                        call.names = caught.names.iter().map(|(k, v)| (k.clone(), decoded(v))).collect();
                        routes::answer(self, call, caught.guard)
                    }
                    None => unknown_path(&call.method, &call.path),
                },
                Credentials::WrongToken if self.switches.token_not_match => {
                    Answer::json(401, serde_json::json!({"errorMessage": "tokenNotMatch"}))
                }
                Credentials::WrongToken | Credentials::Unknown => Answer::empty(401),
            }
        };
        if !blocked && matches!(answer.status, 401 | 403) {
            let mut gate = lock(&self.gate);
            gate.refused(authorization, &self.switches);
            // An address is judged by its 401s alone.
            if answer.status == 401 {
                gate.refused("address", &self.switches);
            }
        }
        let answer = self.with_rate_headers(answer, allowance, fault.and_then(|fault| fault.reset));
        let answer = match fault.and_then(|fault| fault.body) {
            Some(body) => answer.spoilt(body, Dice::of(self.tenant.seed, &["spoilt", endpoint])),
            None => answer,
        };
        (answer, authorized)
    }

    fn credentials(&self, authorization: &str) -> Credentials {
        let Some(pair) = authorization.strip_prefix("Basic ").and_then(decode_base64) else {
            return Credentials::Unknown;
        };
        match pair.split_once(':') {
            Some((id, token)) if id == self.persona.service_user => {
                if token == self.persona.token {
                    Credentials::Right
                } else {
                    Credentials::WrongToken
                }
            }
            _ => Credentials::Unknown,
        }
    }

    fn too_many(&self, allowance: Allowance) -> Answer {
        let answer = Answer::json(
            429,
            serde_json::json!({"key": "exception.rateLimit", "error": "Too many requests"}),
        );
        if !self.switches.retry_after {
            return answer;
        }
        let wait = (allowance.reset - self.switches.clock()).max(1);
        answer.with_header("Retry-After", wait.to_string())
    }

    fn with_rate_headers(&self, answer: Answer, allowance: Allowance, reset: Option<Reset>) -> Answer {
        let answer = match self.switches.clock_off_s {
            0 => answer,
            _ => answer.with_header("Date", http_date(self.switches.clock())),
        };
        let told = match reset {
            None => allowance.reset,
            Some(Reset::Seconds) => (allowance.reset - self.switches.clock()).max(1),
            Some(Reset::Absurd) => 9_999_999_999_999,
            Some(Reset::Past) => self.switches.clock() - 3600,
            Some(Reset::Missing) => return answer,
        };
        answer
            .with_header("X-RateLimit-Limit", allowance.limit.to_string())
            .with_header("X-RateLimit-Remaining", allowance.remaining.to_string())
            .with_header("X-RateLimit-Reset", told.to_string())
    }
}

fn http_date(second: i64) -> String {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let moment = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    printer.timestamp_to_rfc9110_string(&moment).unwrap_or_default()
}

/// A switch that names nothing would change nothing, and whoever set it would believe the outcome.
fn check_names(setup: &Setup, guards: &Guards) -> Result<(), String> {
    let faults = setup.switches.faults.iter().map(|fault| fault.call.as_str());
    let calls = faults.filter(|call| !["*", UNKNOWN].contains(call));
    let calls = calls.chain(setup.switches.also_needs.keys().map(String::as_str));
    match calls.into_iter().find(|name| !guards.calls.iter().any(|guard| guard.call == *name)) {
        Some(name) => Err(format!("the guard table has no call `{name}`")),
        None => Ok(()),
    }
}

/// The web app's page for a GET; an unknown bulk table is a 404 without a content type.
fn unknown_path(method: &str, path: &str) -> Answer {
    match method {
        "GET" if path.starts_with("/bulk/people/") => Answer::empty(404),
        "GET" | "HEAD" => Answer::page(200),
        _ => Answer::page(404),
    }
}

fn decoded(segment: &str) -> String {
    // A path has no `+` for a space, which is all that sets it apart from a form.
    let pair = format!("x={}", segment.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, text)| text.into_owned()).unwrap_or_default()
}

fn decode_base64(text: &str) -> Option<String> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for byte in text.trim().trim_end_matches('=').bytes() {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(sextet);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}
