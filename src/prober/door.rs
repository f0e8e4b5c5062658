//! The door: what the plan does not list is not sent, whoever asks for it.
//!
//! A tool that holds a service user's credentials must be unable to do harm by mistake. So the door
//! judges each request by itself, knowing nothing of how it came about.

use std::collections::BTreeSet;

use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::Method;
use crate::plan::Request;

/// Leave to send one kind of request, some number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// The endpoint in whose name it is asked.
    pub endpoint: EndpointId,
    /// The method.
    pub method: Method,
    /// The path below the base URL; a segment in braces matches any one that is not empty.
    pub path: String,
    /// The keys that the query may hold.
    pub query_keys: BTreeSet<String>,
    /// The keys that the JSON object in the body may hold at its top.
    pub body_keys: BTreeSet<String>,
    /// For a PUT: the one value that may be sent, for one field.
    pub only_value: Option<String>,
    /// How many requests it is good for; further attempts at the same one do not count.
    pub max_times: u32,
}

/// All permits, and how often each was used.
#[derive(Debug, Default)]
pub(in crate::prober) struct Door {
    permits: Vec<(Permit, u32)>,
}

impl Door {
    pub(in crate::prober) fn permit(&mut self, permit: Permit) {
        self.permits.push((permit, 0));
    }

    /// Uses up one permit for the request, or says why there is none.
    pub(in crate::prober) fn admit(&mut self, request: &Request) -> Result<(), String> {
        is_plain(&request.path)?;
        if matches!(request.method, Method::Get | Method::Delete) && request.body.is_some() {
            return Err(format!("a {} has no body", request.method.as_str()));
        }
        let mut why = format!("the plan does not list {} {}", request.method.as_str(), request.endpoint);
        for (permit, used) in &mut self.permits {
            match permit.covers(request) {
                Ok(()) if *used < permit.max_times => {
                    *used += 1;
                    return Ok(());
                }
                Ok(()) => {
                    why = format!("the plan lists {} only {} times", request.endpoint, permit.max_times);
                }
                Err(Some(reason)) => why = reason,
                Err(None) => {}
            }
        }
        Err(why)
    }
}

impl Door {
    /// What the API limits as one: the method and the path with its slots, however many endpoints of the
    /// catalogue ask it.
    pub(in crate::prober) fn lane(&self, request: &Request) -> String {
        let same = |permit: &&Permit| permit.method == request.method && matches(&permit.path, &request.path);
        let path = self.permits.iter().map(|(permit, _)| permit).find(same).map(|permit| &permit.path);
        format!("{} {}", request.method.as_str(), path.unwrap_or(&request.path))
    }
}

impl Permit {
    /// Whether the request is of this kind; if only its keys are not, says which.
    fn covers(&self, request: &Request) -> Result<(), Option<String>> {
        let same_kind = self.endpoint == request.endpoint
            && self.method == request.method
            && matches(&self.path, &request.path);
        if !same_kind {
            return Err(None);
        }
        if let Some((key, _)) = request.query.iter().find(|(key, _)| !self.query_keys.contains(key)) {
            return Err(Some(format!("the plan lists no query key `{key}` for {}", self.endpoint)));
        }
        if request.method == Method::Put {
            let sent = request.body.as_ref().and_then(only_leaf);
            let may = sent.is_some() && sent == self.only_value.as_deref();
            return if may {
                Ok(())
            } else {
                Err(Some("a PUT holds one value, and none but the listed".into()))
            };
        }
        match &request.body {
            None => Ok(()),
            Some(serde_json::Value::Object(members)) => {
                match members.keys().find(|key| !self.body_keys.contains(*key)) {
                    Some(key) => {
                        Err(Some(format!("the plan lists no body key `{key}` for {}", self.endpoint)))
                    }
                    None => Ok(()),
                }
            }
            Some(_) => Err(Some(format!("the body for {} is no JSON object", self.endpoint))),
        }
    }
}

/// The text at the end of a chain of objects with one key each, if the body is nothing else.
fn only_leaf(body: &serde_json::Value) -> Option<&str> {
    let mut members = body.as_object()?;
    loop {
        let mut values = members.values();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        match value {
            serde_json::Value::Object(inner) => members = inner,
            serde_json::Value::String(text) => return Some(text),
            _ => return None,
        }
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given => {}
            (Some(wanted), Some(given))
                if wanted.starts_with('{') && wanted.ends_with('}') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

/// Whether a path means the same to us, to the URL parser and to any server behind a proxy.
fn is_plain(path: &str) -> Result<(), String> {
    let Some(below) = path.strip_prefix('/') else {
        return Err("the path does not begin with a slash".to_owned());
    };
    let lower = below.to_ascii_lowercase();
    let strange = below.chars().any(|c| !c.is_ascii_graphic() || matches!(c, '?' | '#' | '\\'))
        // An encoded slash or dot may be decoded on the way and make another path.
        || ["%2f", "%5c", "%2e"].iter().any(|code| lower.contains(code));
    if strange || below.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err("the path is not plain".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn get(path: &str) -> Request {
        Request {
            endpoint: EndpointId::new("person"),
            method: Method::Get,
            path: path.to_owned(),
            query: Vec::new(),
            body: None,
            body_budget: 1000,
        }
    }

    fn door(max_times: u32) -> Door {
        let mut door = Door::default();
        door.permit(Permit {
            endpoint: EndpointId::new("person"),
            method: Method::Get,
            path: "/people/{id}/work".to_owned(),
            query_keys: BTreeSet::from(["limit".to_owned()]),
            body_keys: BTreeSet::new(),
            only_value: None,
            max_times,
        });
        door.permit(Permit {
            endpoint: EndpointId::new("search"),
            method: Method::Post,
            path: "/people/search".to_owned(),
            query_keys: BTreeSet::new(),
            body_keys: BTreeSet::from(["fields".to_owned(), "filters".to_owned()]),
            only_value: None,
            max_times,
        });
        for (endpoint, method, path) in [
            ("write", Method::Put, "/people/{person}"),
            ("delete", Method::Delete, "/people/{person}/work/1"),
        ] {
            door.permit(Permit {
                endpoint: EndpointId::new(endpoint),
                method,
                path: path.to_owned(),
                query_keys: BTreeSet::new(),
                body_keys: BTreeSet::new(),
                only_value: Some("impossible".to_owned()),
                max_times,
            });
        }
        door
    }

    #[test]
    fn what_is_listed_passes_as_often_as_it_is_listed() {
        let mut door = door(2);
        let request = Request { query: vec![("limit".to_owned(), "1".to_owned())], ..get("/people/17/work") };
        assert_eq!(door.admit(&request), Ok(()));
        assert_eq!(door.admit(&get("/people/18/work")), Ok(()));
        assert_eq!(door.admit(&request), Err("the plan lists person only 2 times".to_owned()));
    }

    #[test]
    fn a_slot_holds_one_segment_and_the_rest_is_literal() {
        for path in [
            "/people/17",
            "/people/17/work/x",
            "/people//work",
            "/people/17/works",
            "/people/17/Work",
            "people/17/work",
            "/people/../work",
            "/people/%2e%2E/work",
            "/people/a%2fb/work",
            "/people/a\\b/work",
            "/people/1?x/work",
            "/people/1#x/work",
            "/people/1 2/work",
            "/people/é/work",
        ] {
            assert!(door(9).admit(&get(path)).is_err(), "{path}");
        }
        assert_eq!(door(9).admit(&get("/people/a%20b/work")), Ok(()));
    }

    #[test]
    fn keys_methods_and_endpoints_that_are_not_listed_are_refused() {
        let post = |body: Option<serde_json::Value>| Request {
            endpoint: EndpointId::new("search"),
            method: Method::Post,
            body,
            ..get("/people/search")
        };
        assert_eq!(door(9).admit(&post(Some(json!({"fields": [], "filters": []})))), Ok(()));
        for request in [
            post(Some(json!({"fields": [], "showInactive": true}))),
            post(Some(json!(["fields"]))),
            Request { query: vec![("fields".to_owned(), String::new())], ..post(None) },
            Request { method: Method::Get, ..post(None) },
            Request { endpoint: EndpointId::new("person"), ..post(None) },
            Request { body: Some(json!({})), ..get("/people/17/work") },
            Request { method: Method::Post, ..get("/people/17/work") },
            Request { query: vec![("limits".to_owned(), "1".to_owned())], ..get("/people/17/work") },
        ] {
            assert!(door(9).admit(&request).is_err(), "{request:?}");
        }
    }

    #[test]
    fn what_asks_the_same_path_shares_one_limit_whomever_it_is_about() {
        let door = door(9);
        let again = Request { endpoint: EndpointId::new("again"), ..get("/people/18/work") };
        assert_eq!(door.lane(&get("/people/17/work")), door.lane(&again));
        assert_ne!(door.lane(&get("/people/17/work")), door.lane(&get("/people/17/training")));
    }

    #[test]
    fn a_write_holds_one_impossible_value_or_deletes_the_one_entry_that_is_not_there() {
        let put = |body: Option<serde_json::Value>| Request {
            endpoint: EndpointId::new("write"),
            method: Method::Put,
            body,
            ..get("/people/17")
        };
        let delete =
            |path: &str| Request { endpoint: EndpointId::new("delete"), method: Method::Delete, ..get(path) };
        for request in [
            put(Some(json!({"state": "impossible"}))),
            put(Some(json!({"personal": {"custom": {"field_1": "impossible"}}}))),
            delete("/people/17/work/1"),
        ] {
            assert_eq!(door(9).admit(&request), Ok(()), "{request:?}");
        }
        for request in [
            put(None),
            put(Some(json!({}))),
            put(Some(json!("impossible"))),
            put(Some(json!({"personal": {}}))),
            put(Some(json!({"personal": {"pronouns": "He / Him"}}))),
            put(Some(json!({"personal": {"pronouns": null}}))),
            put(Some(json!({"personal": {"pronouns": ["impossible"]}}))),
            put(Some(json!({"personal": {"pronouns": "impossible", "honorific": "impossible"}}))),
            put(Some(json!({"personal": {"pronouns": "impossible"}, "home": {}}))),
            Request { path: "/people/17/email".to_owned(), ..put(Some(json!({"email": "impossible"}))) },
            delete("/people/17/work/2"),
            delete("/people/17/work/1000020260906"),
            delete("/people/17/work"),
            delete("/people/17"),
            Request { body: Some(json!({"personal": "impossible"})), ..delete("/people/17/work/1") },
            Request { method: Method::Put, ..delete("/people/17/work/1") },
        ] {
            assert!(door(9).admit(&request).is_err(), "{request:?}");
        }
    }
}
