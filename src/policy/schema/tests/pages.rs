//! The pages about the language against the reader and the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use super::{Stock, files, repository};
use crate::catalogue::Catalogue;
use crate::policy::{Need, Origin, Policy, overlay, shipped, validate};
use crate::source::Source;

/// The examples of a page, each with what stands behind the word `yaml`.
fn examples(page: &str) -> Vec<(String, String)> {
    let page = fs::read_to_string(repository().join("docs").join(page)).unwrap().replace("\r\n", "\n");
    let blocks = page.split("```yaml").skip(1);
    let parts = blocks.map(|block| block.split("\n```").next().unwrap().split_once('\n').unwrap());
    parts.map(|(beside, text)| (beside.trim().to_owned(), format!("{text}\n"))).collect()
}

/// An example as a whole file: with the head that it leaves out.
fn whole(text: &str) -> String {
    let mut text = text.to_owned();
    let says = |text: &str, key: &str| text.lines().any(|line| line.starts_with(key));
    for (key, line) in [("policy:", "policy: x\n"), ("version:", "version: 2026-11-21\n")] {
        if !says(&text, key) {
            text.push_str(line);
        }
    }
    if !says(&text, "list:") && !says(&text, "extends:") {
        text.push_str("list: open\n");
    }
    text
}

/// How many things a policy comes to: "1 required, 2 optional".
fn counts(policy: &Policy) -> String {
    let words = [
        (Need::Required, "required"),
        (Need::Optional, "optional"),
        (Need::NotNeeded, "not needed"),
        (Need::Forbidden, "forbidden"),
    ];
    let count = |need| policy.requirements.iter().filter(|it| it.need_in(None) == Some(need)).count();
    let said = words.iter().map(|(need, word)| (count(*need), word)).filter(|(count, _)| *count > 0);
    said.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn whatever_guides_say_is_written_as_the_page_shows_it() {
    let page = fs::read_to_string(repository().join("docs/what-guides-say.md")).unwrap();
    for number in 1..=29 {
        assert!(page.contains(&format!("\n## {number}. ")), "the page says nothing of construct {number}");
    }
    let (policies, overlays) = (Stock::of(files::policy()), Stock::of(files::overlay()));
    let mut wrong = Vec::new();
    let all = examples("what-guides-say.md");
    assert!(all.len() >= 29, "{}", all.len());
    for (expected, text) in all {
        let is_overlay = text.starts_with("overlay:");
        let text = if is_overlay { text } else { whole(&text) };
        let stock = if is_overlay { &overlays } else { &policies };
        if let Some(refusal) = stock.refusal(&text) {
            wrong.push(format!("{text}\n{refusal}"));
        }
        let source = Source::new("x.yaml", text.as_str());
        if is_overlay {
            let frontegg = shipped::find("frontegg").unwrap().unwrap();
            let frontegg = validate::read(&frontegg, Origin::Shipped, Catalogue::embedded()).unwrap();
            if let Err(problems) = overlay::read(&source, &[frontegg], Catalogue::embedded()) {
                wrong.push(problems.render(false));
            }
            continue;
        }
        match validate::read(&source, Origin::File, Catalogue::embedded()) {
            Ok(policy) if expected == format!("({})", counts(&policy)) => {}
            Ok(policy) => wrong.push(format!("{text}comes to ({}), and not {expected}", counts(&policy))),
            Err(problems) => wrong.push(problems.render(false)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Where a mapping of the schemas stands, in words.
fn place(name: &str) -> String {
    match name {
        "policy" | "overlay" => format!("a file: {name}"),
        "item" | "item-in-alternative" | "unwanted-item" | "need" | "need-in-alternative" => {
            "an item".to_owned()
        }
        "case" => "`when`".to_owned(),
        other => format!("`{other}`"),
    }
}

/// The keys below a schema, each with the place where it stands and what it says.
fn keys(value: &Value, around: &str, found: &mut BTreeMap<(String, String), BTreeSet<String>>) {
    let Value::Object(object) = value else {
        if let Value::Array(values) = value {
            values.iter().for_each(|value| keys(value, around, found));
        }
        return;
    };
    for (key, below) in object {
        match (key.as_str(), below) {
            ("properties", Value::Object(properties)) if object.contains_key("additionalProperties") => {
                for (key, property) in properties {
                    let says = property["description"].as_str().unwrap_or_default().to_owned();
                    found.entry((key.clone(), says)).or_default().insert(place(around));
                    keys(property, key, found);
                }
            }
            ("$defs", Value::Object(defs)) => defs.iter().for_each(|(name, def)| keys(def, name, found)),
            ("examples", _) => {}
            _ => keys(below, around, found),
        }
    }
}

/// The index at the end of the reference page, from what the schemas say.
fn index() -> String {
    let mut found = BTreeMap::new();
    keys(&files::policy(), "policy", &mut found);
    keys(&files::overlay(), "overlay", &mut found);
    let mut table = "| key | in | what it says |\n| --- | --- | --- |\n".to_owned();
    for ((key, says), places) in found {
        let places: Vec<String> = places.into_iter().collect();
        table.push_str(&format!("| `{key}` | {} | {} |\n", places.join(", "), says.replace('|', "\\|")));
    }
    table
}

/// Every key of the language stands in an example of the reference page, and in its index.
#[test]
fn the_reference_page_shows_every_key_and_lists_it() {
    let file = repository().join("docs/policies.md");
    let read = || fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let parts = |text: &str| {
        let (page, listed) = text.split_once("\n## Index of keys\n\n").unwrap();
        (page.to_owned(), listed.to_owned())
    };
    let index = index();
    if std::env::var_os("AUDIT_UPDATE").is_some() {
        fs::write(&file, format!("{}\n## Index of keys\n\n{index}", parts(&read()).0)).unwrap();
    }
    let (_, listed) = parts(&read());
    let shown: String = examples("policies.md").into_iter().map(|(_, text)| text).collect();
    let begins = |at: usize| shown[..at].chars().next_back().is_none_or(|before| " \n{(".contains(before));
    let is_shown = |key: &&str| shown.match_indices(&format!("{key}:")).any(|(at, _)| begins(at));
    let not_shown: Vec<&str> = crate::policy::fields::KEYS.into_iter().filter(|key| !is_shown(key)).collect();
    assert_eq!(not_shown, Vec::<&str>::new());
    for key in crate::policy::fields::KEYS {
        assert!(index.contains(&format!("\n| `{key}` |")), "{key}");
    }
    assert!(listed == index, "the index of docs/policies.md is stale: run `AUDIT_UPDATE=1 cargo test`");
}
