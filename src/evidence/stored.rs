//! Evidence in a file, so that it can be judged later, elsewhere and without the API: what came back, and
//! of the run what a report tells. No token, no id of a person and no value of a field is in it.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Evidence;

/// The longest file that is read. A tenant with ten thousand fields has some five megabytes.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// More than any company has of anything that is counted; counts are added up.
const MANY: u64 = 50_000_000;

/// A file of evidence, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// What is to be noticed first; only where the API was the simulator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// 1.
    pub schema_version: u32,
    /// The program that asked.
    pub tool: Asker,
    /// The run that asked.
    pub run: Facts,
    /// What came back.
    pub evidence: Evidence,
}

/// The program that asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asker {
    /// `audit`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `sha256:` and the digest of the catalogue that it asked by.
    pub catalogue: String,
}

/// The run that asked, as a report tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// A name for this run.
    pub id: String,
    /// The label given with `--connection`.
    pub connection: Option<String>,
    /// Whether the API was the built-in simulator.
    pub simulated: bool,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// RFC 3339, UTC.
    pub finished_at: String,
    /// The address that was asked.
    pub base_url: String,
    /// The service user's id. Never its token.
    pub service_user: String,
    /// How much was asked.
    pub scope: Scope,
}

/// How much was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The whole catalogue.
    Full,
    /// Only what the policies needed that it was asked for.
    Policy,
}

/// Why a text is no evidence, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub why: String,
    /// Line and column, from 1, where the text has a place for it.
    pub at: Option<(usize, usize)>,
}

impl Stored {
    /// Reads a file of version 1, strictly: a key that is not known could be what decides a verdict.
    ///
    /// # Errors
    /// When it is too long, no JSON, of another version, or breaks a rule of version 1.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        /// The one key that says how to read the others.
        #[derive(Deserialize)]
        struct Head {
            schema_version: u32,
        }
        let wrong = |why: &str| Unreadable { why: why.to_owned(), at: None };
        if text.len() > LIMIT {
            return Err(wrong("it is longer than 64 MiB"));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // The reader itself turns down whatever is nested deeper than anybody would write.
        let head: Head = serde_json::from_str(text).map_err(|error| refused(&error))?;
        if head.schema_version != 1 {
            let version = head.schema_version;
            return Err(wrong(&format!("it is of version {version}, and only version 1 can be read")));
        }
        let stored: Self = serde_json::from_str(text).map_err(|error| refused(&error))?;
        let is_moment = |text: &str| text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok();
        if !is_moment(&stored.run.started_at) || !is_moment(&stored.run.finished_at) {
            return Err(wrong("its run began or ended at no time in UTC, such as 2026-11-21T14:05:09Z"));
        }
        let evidence = serde_json::to_value(&stored.evidence).map_err(|error| refused(&error))?;
        if !counts(&evidence) {
            return Err(wrong("it counts more of something than any company has"));
        }
        Ok(stored)
    }
}

/// Whether every number is one that can be added up.
fn counts(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_u64().is_some_and(|number| number <= MANY),
        Value::Array(items) => items.iter().all(counts),
        Value::Object(members) => members.values().all(counts),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

fn refused(error: &serde_json::Error) -> Unreadable {
    let told = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let why = told.strip_suffix(&place).unwrap_or(&told).to_owned();
    let at = (error.line() > 0).then_some((error.line(), error.column()));
    Unreadable { why, at }
}

/// The JSON Schema of version 1, as it stands in `schemas/evidence.v1.json`.
///
/// # Errors
/// When the schema cannot be written as JSON, which would be a mistake in this program.
pub fn schema() -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Stored>();
    schema.insert("title".to_owned(), "audit evidence, version 1".into());
    if let Some(Value::Object(version)) = schema.pointer_mut("/properties/schema_version") {
        version.insert("const".to_owned(), 1.into());
    }
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stored() -> Value {
        let moment = "2026-11-21T14:05:09Z".to_owned();
        let stored = Stored {
            notice: None,
            schema_version: 1,
            tool: Asker { name: "audit".into(), version: "0.1.0".into(), catalogue: "sha256:0".into() },
            run: Facts {
                id: "0011223344556677".into(),
                connection: None,
                simulated: false,
                started_at: moment.clone(),
                finished_at: moment,
                base_url: "https://api.hibob.com/v1".into(),
                service_user: "SERVICE-1".into(),
                scope: Scope::Full,
            },
            evidence: Evidence::default(),
        };
        serde_json::to_value(stored).unwrap()
    }

    fn read(change: impl FnOnce(&mut Value)) -> Result<Stored, Unreadable> {
        let mut value = stored();
        change(&mut value);
        Stored::read(&serde_json::to_string_pretty(&value).unwrap())
    }

    #[test]
    fn what_was_written_is_read_again() {
        assert_eq!(serde_json::to_value(read(|_| ()).unwrap()).unwrap(), stored());
    }

    #[test]
    fn what_is_no_evidence_of_version_1_is_refused_and_said_why() {
        type Change = fn(&mut Value);
        let cases: [(&str, Change); 9] = [
            ("version 2", |stored| stored["schema_version"] = json!(2)),
            ("missing field `schema_version`", |stored| *stored = json!({"a": 1})),
            ("missing field `evidence`", |stored| {
                stored.as_object_mut().unwrap().remove("evidence");
            }),
            ("unknown field `token`", |stored| stored["run"]["token"] = json!("x")),
            ("unknown field `more`", |stored| stored["evidence"]["more"] = json!(1)),
            ("no time", |stored| stored["run"]["started_at"] = json!("yesterday")),
            ("invalid type", |stored| stored["evidence"]["requests"] = json!("27")),
            ("invalid value", |stored| stored["evidence"]["requests"] = json!(-1)),
            ("more of something", |stored| stored["evidence"]["people"]["visible"] = json!(4_294_967_295u32)),
        ];
        for (words, change) in cases {
            let refused = read(change).expect_err(words);
            assert!(refused.why.contains(words) && !refused.why.contains(" line "), "{words}: {refused:?}");
        }
        let text = stored().to_string();
        assert!(Stored::read(&text[..text.len() / 2]).is_err_and(|refused| refused.at.is_some()));
        let deep = format!("{{\"schema_version\": 1, \"evidence\": {}", "[".repeat(1_000_000));
        assert!(Stored::read(&deep).is_err());
        assert!(Stored::read(&" ".repeat(LIMIT + 1)).is_err_and(|refused| refused.why.contains("64 MiB")));
    }

    #[test]
    fn the_schema_on_disk_is_the_one_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/evidence.v1.json");
        let schema = schema().unwrap();
        #[expect(clippy::disallowed_methods, reason = "this is how a stale schema is written anew")]
        if std::env::var("AUDIT_UPDATE").is_ok() {
            std::fs::write(path, &schema).unwrap();
        }
        let disk = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            disk == schema,
            "schemas/evidence.v1.json is stale: AUDIT_UPDATE=1 cargo test writes it anew"
        );
    }
}
