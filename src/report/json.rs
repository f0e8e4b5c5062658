//! The report for programs. The types of [`Report`] are its contract; this file adds the schema.

use std::io;

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::Report;
use super::format::Settings;

/// Writes the report as indented JSON, with a newline at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(report)?;
    // Whoever sees no more than the first line of a file must see that it is simulated.
    if report.notice.is_some() {
        text = text.replacen("{\n ", "{", 1);
    }
    text.push('\n');
    out.write_all(text.as_bytes())
}

/// The JSON Schema of version 1, as it stands in `schemas/report.v1.json`.
///
/// It describes what is written, so every key that is always there is required. It forbids no
/// further keys: later versions of the program may add some.
///
/// # Errors
/// When the schema cannot be written as JSON, which would be a mistake in this program.
pub fn schema() -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Report>().to_value();
    set(&mut schema, "", "title", json!("audit report, version 1"));
    set(&mut schema, "/properties/schema_version", "const", json!(1));
    set(&mut schema, "/properties/exit_code", "enum", json!([0, 1, 3, 4]));
    set(&mut schema, "/$defs/PolicyHead/properties/origin", "enum", json!(["shipped", "file", "stdin"]));
    for share in ["coverage", "checkable_coverage"] {
        set(&mut schema, &format!("/$defs/Summary/properties/{share}"), "minimum", json!(0));
        set(&mut schema, &format!("/$defs/Summary/properties/{share}"), "maximum", json!(1));
    }
    // A verdict has a strength, the lack of one has a doubt, and nothing has both.
    for verdict in ["Item", "AccessEntry"] {
        set(
            &mut schema,
            &format!("/$defs/{verdict}"),
            "if",
            json!({"properties": {"verdict": {"const": "unknown"}}}),
        );
        set(
            &mut schema,
            &format!("/$defs/{verdict}"),
            "then",
            json!({"properties": {"strength": {"type": "null"}, "doubt": {"type": "string"}}}),
        );
        set(
            &mut schema,
            &format!("/$defs/{verdict}"),
            "else",
            json!({"properties": {"strength": {"type": "string"}, "doubt": {"type": "null"}}}),
        );
    }
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

fn set(schema: &mut Value, at: &str, key: &str, value: Value) {
    if let Some(Value::Object(place)) = schema.pointer_mut(at) {
        place.insert(key.to_owned(), value);
    }
}
