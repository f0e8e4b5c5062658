//! One request: a row of the catalogue with its slots filled.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::{Endpoint, Method};

/// One concrete request: a probe of the plan with its slots filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The endpoint of the catalogue that it asks.
    pub endpoint: EndpointId,
    /// The method.
    pub method: Method,
    /// The path below the base URL, beginning with a slash, already percent-encoded.
    pub path: String,
    /// The query, in order, not yet encoded.
    pub query: Vec<(String, String)>,
    /// The JSON body, for a read by post.
    pub body: Option<Value>,
    /// How many bytes of the answer are read at the most.
    pub body_budget: usize,
}

/// What fills the slots of a path, a query or a body.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    texts: BTreeMap<&'static str, String>,
    lists: BTreeMap<&'static str, Vec<String>>,
}

impl Slots {
    /// Nothing but the dates: today and a year ago, both `YYYY-MM-DD`.
    pub fn dates(today: &str, year_ago: &str) -> Self {
        Self::default().text("today", today).text("year-ago", year_ago)
    }

    /// With a text for `{name}`.
    #[must_use]
    pub fn text(mut self, name: &'static str, text: &str) -> Self {
        self.texts.insert(name, text.to_owned());
        self
    }

    /// With a list for `"{name}"`.
    #[must_use]
    pub fn list(mut self, name: &'static str, list: Vec<String>) -> Self {
        self.lists.insert(name, list);
        self
    }

    fn fill_text(&self, template: &str, encode: bool) -> String {
        let mut text = template.to_owned();
        for (name, value) in &self.texts {
            let value = if encode { percent_encoded(value) } else { value.clone() };
            text = text.replace(&format!("{{{name}}}"), &value);
        }
        text
    }

    fn fill(&self, template: &Value) -> Value {
        match template {
            Value::String(text) => {
                let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
                match name.and_then(|name| self.lists.get(name)) {
                    Some(list) => Value::from(list.clone()),
                    None => Value::String(self.fill_text(text, false)),
                }
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.fill(item)).collect()),
            Value::Object(members) => {
                Value::Object(members.iter().map(|(key, value)| (key.clone(), self.fill(value))).collect())
            }
            other => other.clone(),
        }
    }
}

impl Request {
    /// The request of an endpoint with its slots filled.
    pub fn of(endpoint: &Endpoint, slots: &Slots) -> Self {
        Self {
            endpoint: endpoint.id.clone(),
            method: endpoint.method,
            path: slots.fill_text(&endpoint.path, true),
            query: endpoint
                .query
                .iter()
                .map(|(key, value)| (key.clone(), slots.fill_text(value, false)))
                // A slot with nothing to say says nothing.
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            body: endpoint.body.as_ref().map(|body| slots.fill(body)),
            body_budget: endpoint.budget,
        }
    }
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
