//! What came of writes that HiBob had nothing to store of: how each was turned down, and whether what
//! it was aimed at is still as it was. Values are compared by their digest, in memory, and never kept.

use std::hash::{DefaultHasher, Hash, Hasher};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read::{employees, text_of};
use super::{Field, Seen};
use crate::catalogue::id::EndpointId;

/// Everything that one section was tried with, by one kind of write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// The endpoint that wrote.
    pub endpoint: EndpointId,
    /// The section whose Edit right was to be shown.
    pub category: String,
    /// The field that was written to; none for a table.
    pub field: Option<String>,
    /// One answer for each person who was tried.
    pub answers: Vec<Answer>,
    /// Whether whatever kinds of people can be told apart were all tried.
    pub all_kinds: bool,
    /// Whether everybody who was to be tried was.
    pub finished: bool,
}

/// How one write was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The number of the person within this run, from 1.
    pub person: u32,
    /// What became of the write.
    pub fate: Fate,
    /// The answer as any other; a refusal stands here.
    pub seen: Seen,
    /// What it was aimed at, afterwards.
    pub after: After,
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It was turned down for its content: the value, or the entry that is not there.
    TurnedDown,
    /// 304: nothing was changed, and nothing said.
    Unchanged,
    /// 2xx: HiBob says that it was taken.
    Taken,
    /// Anything else, which the answer tells.
    Other,
}

/// What a write was aimed at, afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// As it was before.
    Same,
    /// It may not be read, so nobody knows.
    NotReadable,
    /// Not as it was before.
    Changed,
}

/// What a thing looked like at one moment: a digest where it could be read, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glimpse(Option<u64>);

impl Glimpse {
    /// What could not be read.
    pub const NOTHING: Self = Self(None);

    /// How one moment compares with an earlier one. What comes into sight or goes out of it has changed.
    pub fn since(self, before: Self) -> After {
        match (before.0, self.0) {
            (Some(one), Some(other)) if one == other => After::Same,
            (None, None) => After::NotReadable,
            _ => After::Changed,
        }
    }
}

/// A person's field, as a search shows it.
pub fn of_field(answer: &Value, field: &Field) -> Glimpse {
    let Some(person) = employees(answer).and_then(|people| people.first().copied()) else {
        return Glimpse::NOTHING;
    };
    let slash = |dotted: &str| format!("/{}", dotted.replace('.', "/"));
    let at = |dotted: &str| dotted.split('.').try_fold(person, |value, key| value.get(key));
    let flat = [&field.id, &field.json_path].into_iter().find_map(|dotted| {
        let slot = person.get(slash(dotted))?;
        Some(slot.get("value").unwrap_or(slot))
    });
    let own = || {
        let (head, tail) = field.json_path.split_once('.')?;
        at(&format!("{head}.custom.{tail}"))
    };
    Glimpse(flat.or_else(|| at(&field.json_path)).or_else(own).map(digest))
}

/// The rows of a table, of one person.
pub fn of_rows(answer: &Value) -> Glimpse {
    Glimpse(answer.get("values").or_else(|| answer.get("results")).map(digest))
}

/// Whether some row, or anything in it, bears an id.
pub fn holds_entry(answer: &Value, entry: &str) -> bool {
    match answer {
        Value::Object(members) => members.iter().any(|(key, value)| {
            (key == "id" && text_of(value).as_deref() == Some(entry)) || holds_entry(value, entry)
        }),
        Value::Array(items) => items.iter().any(|item| holds_entry(item, entry)),
        _ => false,
    }
}

fn digest(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}

/// Whether a refusal of content speaks of what was sent: by the value, or by the last key of its path.
///
/// A 400 for any other reason would say nothing of the right.
pub fn speaks_of_value(body: &Value, value: &str, path: &str) -> bool {
    let key = path.rsplit('.').next().unwrap_or(path);
    let is_named = |name: &str| name == key || name == path || name.rsplit(['.', '/']).next() == Some(key);
    match body {
        Value::String(text) => text.contains(value),
        Value::Array(items) => items.iter().any(|item| speaks_of_value(item, value, path)),
        Value::Object(members) => {
            members.iter().any(|(name, member)| is_named(name) || speaks_of_value(member, value, path))
        }
        _ => false,
    }
}

/// Whether a refusal of content says that the entry is not there, and not that the person is not.
pub fn speaks_of_entry(body: &Value) -> bool {
    match body {
        Value::String(text) => {
            let text = text.to_lowercase();
            text.contains("entry") && text.contains("not found")
        }
        Value::Array(items) => items.iter().any(speaks_of_entry),
        Value::Object(members) => members.values().any(speaks_of_entry),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(id: &str, path: &str) -> Field {
        Field {
            id: id.to_owned(),
            category: "personal".to_owned(),
            category_name: "Personal".to_owned(),
            json_path: path.to_owned(),
            name: "Pronouns".to_owned(),
            kind: "list".to_owned(),
            historical: false,
        }
    }

    fn one(person: Value) -> Value {
        json!({"employees": [person]})
    }

    #[test]
    fn a_field_that_changed_is_told_from_one_that_did_not() {
        let pronouns = field("personal.pronouns", "personal.pronouns");
        let look = |person: Value| of_field(&one(person), &pronouns);
        let empty = look(json!({"personal": {"pronouns": null}}));
        let filled = look(json!({"/personal/pronouns": {"value": "They"}, "personal": {"pronouns": "They"}}));
        let other = look(json!({"/personal/pronouns": {"value": "She"}}));
        let hidden = look(json!({"id": "7"}));
        assert_eq!(filled.since(filled), After::Same);
        assert_eq!(empty.since(empty), After::Same);
        for (before, after) in
            [(filled, other), (empty, filled), (filled, empty), (hidden, filled), (filled, hidden)]
        {
            assert_eq!(after.since(before), After::Changed);
        }
        assert_eq!(hidden.since(hidden), After::NotReadable);
        assert_eq!(of_field(&json!({"employees": []}), &pronouns), Glimpse::NOTHING);
        assert_eq!(of_field(&json!([]), &pronouns), Glimpse::NOTHING);
    }

    #[test]
    fn a_field_of_the_tenants_own_is_found_in_every_spelling() {
        let own = field("category_1.field_2", "category_1.field_2");
        let seen = [
            of_field(&one(json!({"/category_1/field_2": {"value": "x"}})), &own),
            of_field(&one(json!({"category_1": {"field_2": "x"}})), &own),
            of_field(&one(json!({"category_1": {"custom": {"field_2": "x"}}})), &own),
        ];
        assert!(seen.iter().all(|look| *look == seen[0] && *look != Glimpse::NOTHING), "{seen:?}");
    }

    #[test]
    fn rows_are_compared_and_an_entry_is_found_wherever_it_stands() {
        let rows = json!({"values": [{"id": 1000020260906_u64, "title": "x"}]});
        assert_eq!(of_rows(&rows).since(of_rows(&rows)), After::Same);
        assert_eq!(of_rows(&json!({"values": []})).since(of_rows(&rows)), After::Changed);
        assert_eq!(of_rows(&json!({"error": "no"})), Glimpse::NOTHING);
        assert!(!holds_entry(&rows, "1"));
        assert!(holds_entry(&json!({"results": [{"values": [{"id": 1}]}]}), "1"));
        assert!(holds_entry(&json!({"values": [{"id": "1"}]}), "1"));
    }

    #[test]
    fn only_what_speaks_of_the_value_is_a_word_about_the_value() {
        let about = |body: Value| speaks_of_value(&body, "no-such", "personal.pronouns");
        for body in [
            json!({"error": "The value \"no-such\" isn't valid in list pronouns."}),
            json!({"error": "bad", "errors": {"pronouns": "bad"}}),
            json!({"errors": [{"/personal/pronouns": {"error": "INVALID"}}]}),
        ] {
            assert!(about(body.clone()), "{body}");
        }
        for body in [
            json!({"error": "The body is not valid JSON"}),
            json!({"error": "Employee is archived"}),
            json!({}),
        ] {
            assert!(!about(body.clone()), "{body}");
        }
    }

    #[test]
    fn only_an_entry_that_is_missing_is_a_word_about_the_entry() {
        for body in [
            json!({"error": "Entry not found"}),
            json!({"key": "x", "error": "Requested entry not found. Nothing was changed"}),
        ] {
            assert!(speaks_of_entry(&body), "{body}");
        }
        for body in [json!({"error": "Employee not found"}), json!({"error": "Not found"}), json!({})] {
            assert!(!speaks_of_entry(&body), "{body}");
        }
    }
}
