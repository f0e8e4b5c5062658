//! What is sent back, and the ways in which HiBob says no.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};

use super::dice::Dice;
use super::faults::{Fault, Spoilt};
use super::spoil::spoil;
use super::switches::RefusalBody;

/// The web app's page, which stands in for whatever the API does not know.
const PAGE: &str =
    "<!doctype html><html><head><title>Bob</title></head><body><div id=\"root\"></div></body></html>";

/// A status, a body and its type.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    content: Content,
    headers: Vec<(&'static str, String)>,
    spoilt: Option<(Spoilt, Dice)>,
}

#[derive(Debug, Clone)]
enum Content {
    Nothing,
    Json(Value),
    Page,
    Text(&'static str, String),
    /// The beginning of something, and then nothing more.
    Cut,
    /// Not even a status.
    HangUp,
}

impl Answer {
    fn new(status: u16, content: Content) -> Self {
        Self { status, content, headers: Vec::new(), spoilt: None }
    }

    pub(super) fn ok(value: Value) -> Self {
        Self::new(200, Content::Json(value))
    }

    pub(super) fn json(status: u16, value: Value) -> Self {
        Self::new(status, Content::Json(value))
    }

    /// A status, no body and no content type.
    pub(super) fn empty(status: u16) -> Self {
        Self::new(status, Content::Nothing)
    }

    pub(super) fn page(status: u16) -> Self {
        Self::new(status, Content::Page)
    }

    pub(super) fn text(kind: &'static str, text: String) -> Self {
        Self::new(200, Content::Text(kind, text))
    }

    /// What a fault says.
    pub(super) fn fault(fault: &Fault) -> Self {
        let status = fault.status.unwrap_or(if fault.location.is_some() { 302 } else { 200 });
        let answer = if fault.hang_up {
            Self::new(status, Content::HangUp)
        } else if fault.cut {
            Self::new(status, Content::Cut)
        } else if fault.empty {
            Self::empty(status)
        } else if fault.page {
            Self::page(status)
        } else {
            Self::json(status, json!({"key": "exception.fault", "error": "Something went wrong"}))
        };
        let headers = [
            ("Location", fault.location.clone()),
            ("Retry-After", fault.retry_after.map(|seconds| seconds.to_string())),
        ];
        headers.into_iter().fold(answer, |answer, (name, value)| match value {
            Some(value) => answer.with_header(name, value),
            None => answer,
        })
    }

    /// 400 in the short form that most modules use.
    pub(super) fn bad_request(key: &str, error: &str) -> Self {
        Self::json(400, json!({"key": key, "error": error}))
    }

    /// 404 for something that does not exist.
    pub(super) fn not_found(error: &str) -> Self {
        Self::json(404, json!({"key": "exception.notFound", "error": error}))
    }

    /// The plain refusal.
    pub(super) fn refusal(body: RefusalBody) -> Self {
        match body {
            RefusalBody::Json => Self::json(
                403,
                json!({
                    "key": "exception.permissions.forbidden",
                    "error": "The service user does not have permissions to access this data",
                }),
            ),
            RefusalBody::Empty => Self::empty(403),
            RefusalBody::Html => Self::page(403),
        }
    }

    /// The refusal of modules that answer 401.
    pub(super) fn budget_refusal() -> Self {
        Self::json(401, json!({"errorMessage": "No permissions to position budget"}))
    }

    /// The refusal in the form of Goals.
    pub(super) fn goals_refusal() -> Self {
        Self::json(
            403,
            json!({
                "error": "Forbidden",
                "message": "No permission to view goals",
                "statusCode": 403,
                "timestamp": "2026-11-22T09:00:00.000Z",
            }),
        )
    }

    #[must_use]
    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a body to which something is done on its way out.
    #[must_use]
    pub(super) fn spoilt(mut self, how: Spoilt, dice: Dice) -> Self {
        self.spoilt = Some((how, dice));
        self
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let mut headers = HeaderMap::new();
        let text = match &self.content {
            Content::Json(value) => value.to_string(),
            Content::Page => PAGE.to_owned(),
            Content::Text(_, text) => text.clone(),
            Content::Nothing | Content::Cut | Content::HangUp => String::new(),
        };
        let kind = match self.content {
            Content::Nothing | Content::HangUp => None,
            Content::Json(_) | Content::Cut => Some("application/json"),
            Content::Page => Some("text/html; charset=utf-8"),
            Content::Text(kind, _) => Some(kind),
        };
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        let body = match (&self.content, self.spoilt) {
            (Content::Cut, _) => {
                let begun = stream::once(async { Ok("{\"employees\": [{\"id\": ") });
                let broken = stream::once(async {
                    // Without a moment in between nothing at all would be sent.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Err(io::Error::other("cut on purpose"))
                });
                Body::from_stream(begun.chain(broken))
            }
            // What breaks at once breaks before the status is sent.
            (Content::HangUp, _) => Body::from_stream(stream::once(async {
                Err::<&str, _>(io::Error::other("hung up on purpose"))
            })),
            (_, Some((how, mut dice))) => spoil(text.into_bytes(), how, &mut dice, &mut headers),
            (_, None) => Body::from(text),
        };
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = headers;
        response
    }
}
