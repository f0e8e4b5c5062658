//! What to ask: the smallest set of requests that witnesses what must be known.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalogue::id::EndpointId;

/// An HTTP method that the tool may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    Get,
    /// Read by post, or a search.
    Post,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

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
