//! The schemas against the reader, in both directions.

mod pages;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::*;
use crate::catalogue::Catalogue;
use crate::policy::{Origin, canonical, overlay, shipped, validate};
use crate::source::Source;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A stock validator with one of the schemas.
struct Stock {
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
}

impl Stock {
    fn of(schema: Value) -> Self {
        let mut compiler = boon::Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        compiler.add_resource("schema.json", schema).unwrap();
        let mut schemas = boon::Schemas::new();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self { schemas, index }
    }

    /// What is wrong with a text by the schema, if anything.
    fn refusal(&self, text: &str) -> Option<String> {
        let Ok(value) = serde_yaml::from_str::<Value>(text) else { return Some("no YAML".to_owned()) };
        self.schemas.validate(&value, self.index).err().map(|error| format!("{error:#}"))
    }
}

fn texts(folder: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(repository().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap_or_default())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn the_schemas_in_the_repository_are_current() {
    let texts = [
        ("policy.v1.json", schema_text()),
        ("overlay.v1.json", overlay_schema_text()),
        ("set.v1.json", canonical::schema().unwrap()),
    ];
    for (file, text) in texts {
        let path = repository().join("schemas").join(file);
        if std::env::var_os("AUDIT_UPDATE").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(found == text, "schemas/{file} is not what the rows say: run `AUDIT_UPDATE=1 cargo test`");
    }
}

#[test]
fn the_schema_accepts_every_shipped_policy() {
    let stock = Stock::of(files::policy());
    for name in shipped::names() {
        let source = shipped::find(name).unwrap().unwrap();
        assert_eq!(stock.refusal(&source.text), None, "{name}");
    }
}

#[test]
fn the_schema_accepts_every_good_file_and_so_does_the_reader() {
    let (policy, of_overlay) = (Stock::of(files::policy()), Stock::of(files::overlay()));
    let files = texts("tests/policies/good");
    assert!(files.len() >= 3, "{}", files.len());
    let (overlays, policies): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(name, _)| name.starts_with("overlay"));
    let mut read = Vec::new();
    for (name, text) in policies {
        assert_eq!(policy.refusal(&text), None, "{name}");
        let source = Source::new(format!("{name}.yaml"), text);
        let found = validate::read(&source, Origin::File, Catalogue::embedded());
        read.push(found.unwrap_or_else(|problems| panic!("{problems}")));
    }
    for (name, text) in overlays {
        assert_eq!(of_overlay.refusal(&text), None, "{name}");
        let source = Source::new(format!("{name}.yaml"), text);
        let found = overlay::read(&source, &read, Catalogue::embedded());
        found.unwrap_or_else(|problems| panic!("{problems}"));
    }
}

#[test]
fn the_schema_refuses_every_broken_file_that_a_schema_can_refuse() {
    // What is said twice, what contradicts itself, what another file holds, and what letters a text is
    // made of.
    let beyond = [
        "alias-bomb",
        "bad-lineage",
        "bad-removals",
        "contradictory-alternatives",
        "contradictory-need",
        "control-characters",
        "duplicate-key",
        "null-bytes",
        "overlay-decided-twice",
        "overlay-hits-nothing",
        "recursive-alias",
        "unknown-conditions",
    ];
    let (policy, of_overlay) = (Stock::of(files::policy()), Stock::of(files::overlay()));
    let files = texts("tests/policies/broken");
    for name in beyond {
        assert!(files.iter().any(|(found, _)| found == name), "there is no {name}");
    }
    for (name, text) in files {
        if beyond.contains(&name.as_str()) {
            continue;
        }
        let stock = if name.starts_with("overlay") { &of_overlay } else { &policy };
        assert!(stock.refusal(&text).is_some(), "{name}");
    }
}

#[test]
fn every_single_mistake_is_refused_by_both_and_every_variant_accepted_by_both() {
    let stock = Stock::of(files::policy());
    let cases = fs::read_to_string(repository().join("tests/policies/items.txt")).unwrap();
    let mut seen = (0, 0);
    let mut wrong = Vec::new();
    for line in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (verdict, rest) = line.split_once(' ').unwrap();
        let rest = rest.replace(" ;; ", "\n");
        let text = format!(
            "policy: x\nversion: 2026-11-21\nlist: open\nfeatures: {{time-off: Time off}}\nfacts: {{size: How many?}}\n{rest}\n"
        );
        let source = Source::new("x.yaml", text.as_str());
        let read = validate::read(&source, Origin::File, Catalogue::embedded());
        let refusal = stock.refusal(&text);
        let (reads, stocks) = match verdict {
            "good" => (true, true),
            "bad" => (false, false),
            // What only the reader can see.
            _ => (false, true),
        };
        seen.0 += u32::from(reads);
        seen.1 += u32::from(!stocks);
        if read.is_ok() != reads {
            wrong.push(format!(
                "the reader: {line}\n{}",
                read.err().map(|error| error.to_string()).unwrap_or_default()
            ));
        }
        if refusal.is_none() != stocks {
            wrong.push(format!("the schema: {line}\n{}", refusal.unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.0 > 30 && seen.1 > 30, "{seen:?}");
}

/// Every key of every closed mapping.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(Value::Object(properties)) = value.get("properties")
        && value.get("additionalProperties") == Some(&Value::Bool(false))
    {
        found.extend(properties.keys().cloned());
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
        Value::Object(object) => object.values().for_each(|value| keys(value, found)),
        _ => {}
    }
}

#[test]
fn every_mapping_of_a_schema_is_closed_and_every_key_described_and_shown() {
    fn walk(value: &Value) {
        if value.get("additionalProperties").is_some()
            && let Some(Value::Object(properties)) = value.get("properties")
        {
            assert_eq!(value.get("additionalProperties"), Some(&Value::Bool(false)), "{value}");
            assert!(value.get("description").is_some(), "{value}");
            for (key, property) in properties {
                assert!(property.get("description").is_some(), "{key} has no description");
                assert!(property.get("examples").is_some(), "{key} has no example");
            }
        }
        match value {
            Value::Array(values) => values.iter().for_each(walk),
            Value::Object(object) => object.values().for_each(walk),
            _ => {}
        }
    }
    walk(&files::policy());
    walk(&files::overlay());
}

/// Every example is one that the schema itself takes.
#[test]
fn every_example_is_valid() {
    fn walk(value: &Value, root: &Value) {
        if let (Some(Value::Array(examples)), true) =
            (value.get("examples"), value.get("description").is_some())
        {
            let mut schema = value.clone();
            schema["$defs"] = root["$defs"].clone();
            let stock = Stock::of(schema);
            for example in examples {
                let refused = stock.schemas.validate(example, stock.index).err();
                assert!(refused.is_none(), "{example}: {refused:?}");
            }
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| walk(value, root)),
            Value::Object(object) => {
                object.iter().filter(|(key, _)| *key != "$defs").for_each(|(_, value)| walk(value, root))
            }
            _ => {}
        }
    }
    for schema in [files::policy(), files::overlay()] {
        walk(&schema, &schema);
        walk(&schema["$defs"]["item"], &schema);
    }
}

#[test]
fn the_reader_knows_every_key_of_the_schemas() {
    let mut found = BTreeSet::new();
    keys(&files::policy(), &mut found);
    keys(&files::overlay(), &mut found);
    let known: BTreeSet<String> = crate::policy::fields::KEYS.into_iter().map(str::to_owned).collect();
    assert_eq!(found, known);
}
