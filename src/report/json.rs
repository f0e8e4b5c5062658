//! The report for programs. The types of [`Report`] are its contract; this file adds the schema.

use std::io;

use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Value, json};

use super::format::Settings;
use super::{Report, text};

/// Writes the report as indented JSON, with a newline at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    write_value(report, report.notice.as_deref(), out)
}

/// Writes a value as indented JSON. Whoever sees no more than the first line of a file must see what is
/// to be noticed about it: all that stands before those words, which begin a string, is put on one line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_value(value: &impl Serialize, notice: Option<&str>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = harmless(&serde_json::to_string_pretty(value)?);
    if let Some(at) = notice.and_then(|words| text.find(&format!("\"{words}"))) {
        let head: Vec<&str> = text[..at].split_whitespace().collect();
        text = format!("{} {}", head.join(" "), &text[at..]);
    }
    text.push('\n');
    out.write_all(text.as_bytes())
}

/// A value as JSON on one line, with a newline at its end.
pub(super) fn line(value: &impl Serialize) -> io::Result<String> {
    Ok(harmless(&serde_json::to_string(value)?) + "\n")
}

/// JSON that says the same and holds nothing that could steer a terminal, turn the reading direction or
/// be taken for the end of a line. Such characters stand in strings only, where they may be written as
/// escapes; line feeds are the layout, since in strings they are escapes already.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !text::steers(c) {
            text.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_what_could_steer() {
        let words = "a\u{1b}[31m\u{7f}\u{9b}\u{202e}b\u{2028}c\n\u{e0041} é 給与 \\u202e";
        let mut out = Vec::new();
        write_value(&json!({"x": words}), None, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.trim_end().chars().any(|c| c != '\n' && text::steers(c)), "{text}");
        assert!(text.contains("é 給与"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["x"], words);
        assert_eq!(line(&words).unwrap().lines().count(), 1);
    }

    #[test]
    fn what_is_to_be_noticed_stands_on_the_first_line() {
        let mut out = Vec::new();
        write_value(&json!([{"a": {"b": ["SIMULATED: yes", 1]}}]), Some("SIMULATED"), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().next(), Some("[ { \"a\": { \"b\": [ \"SIMULATED: yes\","), "{text}");
        assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
