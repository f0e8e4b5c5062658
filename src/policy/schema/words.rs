//! What schemas are made of: closed mappings whose keys are all described and shown, and words.

use serde_json::{Map, Value, json};

/// One key of a mapping.
pub(super) struct Key {
    name: &'static str,
    schema: Value,
}

/// A key: what it says, how it looks, and what it takes.
pub(super) fn key(name: &'static str, says: &str, example: Value, takes: Value) -> Key {
    let mut schema = match takes {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    schema.insert("description".to_owned(), json!(says));
    schema.insert("examples".to_owned(), json!([example]));
    Key { name, schema: Value::Object(schema) }
}

/// A mapping that takes these keys and no others, of which some must be there.
pub(super) fn closed(says: &str, required: &[&str], keys: Vec<Key>) -> Value {
    let properties: Map<String, Value> =
        keys.into_iter().map(|key| (key.name.to_owned(), key.schema)).collect();
    let mut schema = json!({
        "type": "object",
        "description": says,
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The same schema with further rules.
pub(super) fn with(mut schema: Value, rules: Value) -> Value {
    if let (Value::Object(schema), Value::Object(rules)) = (&mut schema, rules) {
        schema.extend(rules);
    }
    schema
}

/// A text. What is written like a number or a truth value is a text too.
pub(super) fn text() -> Value {
    json!({"type": ["string", "number", "boolean"], "pattern": "\\S"})
}

/// A list with something in it.
pub(super) fn list(of: Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": of})
}

pub(super) fn texts() -> Value {
    list(text())
}

/// One of these words, each with what it says.
pub(super) fn word(words: &[(&str, &str)]) -> Value {
    let choices: Vec<Value> =
        words.iter().map(|(word, says)| json!({"const": word, "description": says})).collect();
    json!({"oneOf": choices})
}

/// Either of several.
pub(super) fn any_of(choices: Vec<Value>) -> Value {
    json!({"anyOf": choices})
}

/// A definition of this schema.
pub(super) fn defined(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

/// The short name of a policy, a feature or a fact.
pub(super) fn short_name() -> Value {
    json!({"type": ["string", "integer"], "pattern": "^[a-z0-9][a-z0-9-]*$"})
}

/// A day, year-month-day.
pub(super) fn day() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"})
}

/// A mapping from names to something.
pub(super) fn named(names: Value, of: Value) -> Value {
    json!({"type": "object", "propertyNames": names, "additionalProperties": of})
}

/// A rule: whoever has one key needs another.
pub(super) fn needs(key: &str, other: &str) -> Value {
    json!({"if": {"required": [key]}, "then": {"required": [other]}})
}

/// A rule: whoever has one key does not have the others.
pub(super) fn excludes(key: &str, others: &[&str]) -> Value {
    let without: Vec<Value> = others.iter().map(|other| json!({"required": [other]})).collect();
    json!({"if": {"required": [key]}, "then": {"not": {"anyOf": without}}})
}
