//! The policy language as JSON Schemas, for editors that complete, explain and underline.
//!
//! They say what the language is, once more and in words for people who write policies. They read nothing:
//! [`super::validate`] does, because it has to name every mistake at once. Tests hold the two together.

mod beside;
mod blocks;
mod files;
mod items;
#[cfg(test)]
mod tests;
mod words;

use serde_json::Value;

/// The schema of policy files, as it stands in `schemas/policy.v1.json`.
pub fn schema_text() -> String {
    written(&files::policy())
}

/// The schema of overlays, as it stands in `schemas/overlay.v1.json`.
pub fn overlay_schema_text() -> String {
    written(&files::overlay())
}

fn written(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
