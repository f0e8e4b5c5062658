//! What the API answered, sorted into the few kinds that mean something different.
//!
//! That the API would not is an [`Outcome`] beside the others and no error: it is what a prober is
//! sent out to learn.

use std::time::Duration;

use serde_json::Value;

use crate::catalogue::id::EndpointId;

/// What came back for one request, after all its attempts.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The endpoint that was asked.
    pub endpoint: EndpointId,
    /// What the answer amounts to.
    pub outcome: Outcome,
    /// The status of the last answer, if there was any.
    pub status: Option<u16>,
    /// Whether the API said, in `X-Has-Restricted-Columns`, that it withheld columns.
    pub restricted_header: bool,
    /// How long the request was held back for the sake of manners, all its attempts together.
    pub waited: Duration,
    /// How many times it was sent; 0 when it never was.
    pub attempts: u32,
    /// The reason behind an outcome that is a failure, in words without any credential or query.
    pub why: Option<String>,
}

/// What an answer amounts to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// 2xx with a JSON body, read to its end.
    Json(Value),
    /// 2xx with a body that calls itself JSON, begins like it, and is longer than its budget.
    CutJson,
    /// 2xx, 304, 400 or 404 to a write, with its body where that is JSON; the status tells which.
    ToWrite(Option<Value>),
    /// The service user may not.
    Refused(Refusal),
    /// 404, 405 or 410.
    NotFound,
    /// Any other 4xx: the request itself was at fault.
    BadRequest,
    /// 2xx with a body that is empty, no JSON, or damaged twice in a row.
    NotAnApiAnswer,
    /// Any 3xx; it was not followed.
    Redirected,
    /// 429 up to the last attempt.
    Throttled,
    /// 5xx, or a connection refused or cut, up to the last attempt.
    Unavailable,
    /// No answer in time, up to the last attempt.
    Timeout,
    /// The run was stopped before this was sent, or by its very answer (then the status is 401).
    Stopped,
    /// The plan does not list this request, so it was not sent: a bug of the caller.
    NotInPlan,
}

/// How the API refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 403 with a JSON body.
    WithReason,
    /// 403 with a body that is empty or no JSON.
    WithoutReason,
    /// 401 whose body says that a permission is missing; the credentials themselves are good.
    PermissionMessage,
}

/// Why no further request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A 401 that speaks of no permission: going on would get the service user blocked.
    CredentialsRefused,
    /// The time that the run was given is over.
    Deadline,
    /// Whoever started the run wants it to end.
    Interrupted,
}

/// What a 401 means: a permission that is missing (some modules answer so), or bad credentials.
pub(in crate::prober) fn unauthorized(body: &[u8]) -> Result<Refusal, Stop> {
    let mut texts = Vec::new();
    if let Some(value) = reason(body) {
        collect_texts(&value, &mut texts);
    }
    let says = |word: &str| texts.iter().any(|text| text.contains(word));
    if says("permission") && !says("tokennotmatch") {
        Ok(Refusal::PermissionMessage)
    } else {
        Err(Stop::CredentialsRefused)
    }
}

/// What kind of refusal a 403 is.
pub(in crate::prober) fn forbidden(body: &[u8]) -> Refusal {
    if reason(body).is_some() { Refusal::WithReason } else { Refusal::WithoutReason }
}

/// The body of a short answer, if it is JSON. A bare word or number is no body that an API would write.
pub(in crate::prober) fn reason(body: &[u8]) -> Option<Value> {
    parse(body).ok().filter(|value| value.is_object() || value.is_array())
}

fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.to_lowercase()),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(members) => members.values().for_each(|member| collect_texts(member, texts)),
        _ => {}
    }
}

/// A body that was read to its end.
#[derive(Debug, PartialEq)]
pub(in crate::prober) enum Whole {
    Json(Value),
    /// It calls itself JSON and is not: cut or garbled on its way, perhaps.
    Damaged,
    /// It never claimed to be JSON, and is not.
    Foreign,
}

/// Reads the whole body of a 2xx answer. HiBob answers a wrong path with a page and a 200.
pub(in crate::prober) fn whole(says_json: bool, body: &[u8]) -> Whole {
    if first_letter(body).is_none() {
        return Whole::Foreign;
    }
    match parse(body) {
        Ok(value) if says_json || value.is_object() || value.is_array() => Whole::Json(value),
        Err(_) if says_json => Whole::Damaged,
        _ => Whole::Foreign,
    }
}

/// Whether a body that is too long to be read whole can be JSON of any use.
pub(in crate::prober) fn cut(says_json: bool, first_letter: Option<u8>) -> Outcome {
    match first_letter {
        Some(b'{' | b'[') if says_json => Outcome::CutJson,
        _ => Outcome::NotAnApiAnswer,
    }
}

/// Whether a `Content-Type` names JSON.
pub(in crate::prober) fn names_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// The first byte of a body that is not white space.
pub(in crate::prober) fn first_letter(body: &[u8]) -> Option<u8> {
    without_bom(body).iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn parse(body: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(without_bom(body))
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_401_is_about_permissions_only_when_it_says_so() {
        let permission = Ok(Refusal::PermissionMessage);
        let credentials = Err(Stop::CredentialsRefused);
        for (body, expected) in [
            (r#"{"errorMessage":"No permissions to position budget"}"#, permission),
            (r#"{"errors":[{"error":"MISSING_PERMISSION"}]}"#, permission),
            ("", credentials),
            ("{}", credentials),
            ("no permission", credentials),
            (r#"{"error":"tokenNotMatch"}"#, credentials),
            (r#"{"key":"tokenNotMatch","error":"no permission for this token"}"#, credentials),
            (r#"{"error":"Unauthorized"}"#, credentials),
        ] {
            assert_eq!(unauthorized(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn a_403_has_a_reason_only_in_a_json_body() {
        assert_eq!(forbidden(br#"{"key":"forbidden","error":"Forbidden"}"#), Refusal::WithReason);
        assert_eq!(forbidden(b"{}"), Refusal::WithReason);
        for body in ["", "Forbidden", "<html></html>", "null", "\"no\"", "{\"key\":"] {
            assert_eq!(forbidden(body.as_bytes()), Refusal::WithoutReason, "{body}");
        }
    }

    #[test]
    fn a_body_is_json_by_its_name_or_by_its_shape() {
        assert_eq!(whole(true, b"\xef\xbb\xbf [1] "), Whole::Json(json!([1])));
        assert_eq!(whole(true, b"null"), Whole::Json(Value::Null));
        assert_eq!(whole(false, b"{}"), Whole::Json(json!({})));
        assert_eq!(whole(false, b"12"), Whole::Foreign);
        assert_eq!(whole(false, b"<html>"), Whole::Foreign);
        assert_eq!(whole(true, b" \n"), Whole::Foreign);
        assert_eq!(whole(true, b"{\"a\":"), Whole::Damaged);
    }

    #[test]
    fn a_long_body_is_json_only_if_it_says_so_and_begins_so() {
        assert_eq!(cut(true, first_letter(b" \n[")), Outcome::CutJson);
        assert_eq!(cut(true, first_letter(b"<html>")), Outcome::NotAnApiAnswer);
        assert_eq!(cut(false, Some(b'{')), Outcome::NotAnApiAnswer);
    }

    #[test]
    fn content_types_of_json_are_told_from_others() {
        for name in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"] {
            assert!(names_json(name), "{name}");
        }
        for name in ["text/html", "", "application/jsonp", "text/plain; x=application/json"] {
            assert!(!names_json(name), "{name}");
        }
    }
}
