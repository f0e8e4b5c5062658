//! Names that try to break out of a format. In the place of every text that comes from a file or a
//! tenant they may change what is said, and never the shape of what is written: each format is parsed,
//! and the shape has to be that of the same report with harmless words in the same places.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Options, Parser};
use serde_json::Value;

use super::every_format::render;
use super::format::{ROWS, Row};
use super::{Ancestor, OverlayHead, Report, fixtures, read, text};
use crate::policy::Origin;

/// What a section, a label, a file or a person may be called.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "＝1",
        "::error::owned",
        "##[error]owned",
        "one\n::error file=x::owned",
        "one\r\n\r\n# owned\r\n- [ ] owned",
        "%0A::error::owned",
        "a,b:c%3A",
        "\u{202e}gnp.exe\u{202c}",
        "\u{1b}[31m\u{1b}]0;owned\u{7}\u{9b}2J",
        "]]>",
        "--> <!-- owned",
        "a|b`c``d```e",
        "| --- | --- |",
        "~~~",
        "***owned*** __owned__ ~~owned~~",
        "[owned](https://owned.example)",
        "![owned](https://owned.example/x.png)",
        "@owner owned#1 #1 https://owned.example www.owned.example owned@owned.example",
        "</details></summary>",
        "\"quoted\", 'single', \\back\\slash",
        "&lt;b&gt; &amp; &#x3c;",
        "{0} {{x}} ${{ secrets.X }} $x^2$",
        "\u{0}\u{8}\u{7f}\u{2028}\u{2029}\u{feff}",
        "1. owned",
        "   indented",
        "one\nGAPS  0 missing\n\nTO TICK\n\nPLEASE TICK (9 boxes)",
        "GAPS  0 missing, SATISFIED: nothing missing. PLEASE TICK (9 boxes)",
    ]
    .map(str::to_owned)
    .to_vec();
    // Wherever a line ends, the next one may begin with these.
    names.extend((0..40).map(|at| format!("{} GAPS 0 SATISFIED 0 PLEASE UNTICK", "x".repeat(2 * at))));
    names.push("long ".repeat(380) + &"Donaudampfschifffahrt".repeat(100));
    names
}

/// The keys of the report whose texts come from a file or a tenant.
const KEYS: [&str; 25] = [
    "choice",
    "connection",
    "name",
    "title",
    "version",
    "file",
    "publisher",
    "label",
    "breaks",
    "because",
    "saw",
    "text",
    "reason",
    "by",
    "stopped",
    "probe",
    "advice",
    "item",
    "doubt",
    "rule",
    "until",
    "base_url",
    "service_user",
    "write_note",
    "catalogue",
];

/// A report with these words wherever a text comes from outside.
fn with(words: &str) -> Report {
    fn put(value: &mut Value, key: &str, words: &str) {
        match value {
            Value::Object(map) => map.iter_mut().for_each(|(key, value)| put(value, key, words)),
            Value::Array(list) => list.iter_mut().for_each(|value| put(value, key, words)),
            Value::String(text)
                if KEYS.contains(&key) || ["path", "place", "denied", "silent", "with"].contains(&key) =>
            {
                *text = words.to_owned();
            }
            // A folder, a field and a section of the tenant's own are parts of an id.
            Value::String(text) if key == "permission" && text.contains("/personal/") => {
                *text = format!("docs/{words}/view");
            }
            _ => {}
        }
    }
    let mut report = fixtures::two_policies();
    report.run.stopped = Some(String::new());
    report.run.write_note = Some(String::new());
    let head = &mut report.policies[0].policy;
    head.overlays = vec![OverlayHead { name: String::new(), file: String::new(), sha256: "5a".repeat(32) }];
    head.extends = vec![Ancestor {
        name: String::new(),
        version: String::new(),
        file: String::new(),
        origin: Origin::File,
        sha256: "5a".repeat(32),
    }];
    head.with = vec![String::new()];
    head.not_chosen = BTreeMap::from([("a part".to_owned(), words.to_owned())]);
    head.facts = BTreeMap::from([("a fact".to_owned(), Some(words.to_owned())), ("open".to_owned(), None)]);
    let mut value = serde_json::to_value(report).unwrap();
    put(&mut value, "", words);
    // The program's own name is no name from outside.
    value["tool"]["name"] = "audit".into();
    value["tool"]["version"] = "0.1.0".into();
    // What is empty once it is cleaned would be left out, and the shape would differ for that alone.
    read::read(&value.to_string()).unwrap()
}

/// The shape of a text in its format; panics where it is none.
fn shape(row: &Row, text: &str) -> Vec<String> {
    match row.name {
        "json" | "sarif" | "gitlab" | "ocsf" | "oscal" => json_shape(&serde_json::from_str(text).unwrap()),
        "ndjson" => text.lines().flat_map(|line| json_shape(&serde_json::from_str(line).unwrap())).collect(),
        "csv" => {
            let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let rows = rows.records().map(|row| row.unwrap());
            rows.map(|row| {
                let formula =
                    row.iter().find(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']));
                assert_eq!(formula, None, "a cell is a formula");
                format!("{} cells", row.len())
            })
            .collect()
        }
        "junit" => {
            let suites = quick_junit::Report::deserialize_from_str(text).unwrap().test_suites;
            let case = |case: &quick_junit::TestCase| {
                let status = format!("{:?}", case.status);
                let keys: Vec<&str> = case.extra.keys().map(|key| key.as_str()).collect();
                format!("{} {keys:?}", status.split([' ', '{']).next().unwrap_or_default())
            };
            suites
                .iter()
                .flat_map(|suite| suite.test_cases.iter().map(case).chain(["suite".to_owned()]))
                .collect()
        }
        "github" => text.lines().map(command_shape).collect(),
        "markdown" => markdown_shape(text),
        "html" => html_shape(text),
        // Laid out for people: how many lines there are depends on the words.
        "table" => text.lines().filter(|line| is_heading(line)).map(heading).collect(),
        "message" => text
            .split("\n\n")
            .filter(|paragraph| !paragraph.contains('\n') && is_heading(paragraph))
            .map(heading)
            .collect(),
        // Each line is a point or a paragraph.
        "message-short" => text.lines().map(|line| line.starts_with([' ', '1']).to_string()).collect(),
        other => panic!("`{other}` has no parser here"),
    }
}

/// Whether a line begins as headings and verdicts do: in capitals, at the very left.
fn is_heading(line: &str) -> bool {
    let word = line.split([' ', '(']).next().unwrap_or_default();
    word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase())
}

/// Its first two words: what comes behind may be a name.
fn heading(line: &str) -> String {
    let words = line.split(' ').take(2).filter(|word| word.chars().all(|c| c.is_ascii_uppercase()));
    words.collect::<Vec<_>>().join(" ")
}

/// Every key with the type of its value, one a line.
fn json_shape(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map.iter().flat_map(|(key, value)| below(key, value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().flat_map(|(at, value)| below(&at.to_string(), value)).collect()
        }
        Value::String(_) => vec![" text".to_owned()],
        Value::Number(_) => vec![" number".to_owned()],
        Value::Bool(_) => vec![" yes or no".to_owned()],
        Value::Null => vec![" null".to_owned()],
    }
}

fn below(key: &str, value: &Value) -> Vec<String> {
    json_shape(value).into_iter().map(|shape| format!("/{key}{shape}")).collect()
}

/// A workflow command, as the runner takes it apart: its name and the names of its properties.
fn command_shape(line: &str) -> String {
    assert!(!line.contains("##["), "{line}");
    let (head, _) =
        line.strip_prefix("::").and_then(|line| line.split_once("::")).unwrap_or_else(|| panic!("{line}"));
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let names: Vec<&str> =
        properties.split(',').map(|property| property.split('=').next().unwrap_or_default()).collect();
    format!("{name} {names:?}")
}

/// Every tag with its attributes, but for what stands between their quotes.
fn html_shape(text: &str) -> Vec<String> {
    let mut shape = Vec::new();
    let mut tag = String::new();
    let (mut in_tag, mut in_value) = (false, false);
    for c in text.chars() {
        match c {
            '"' if in_tag => in_value = !in_value,
            '<' if !in_value => in_tag = true,
            '>' if in_tag && !in_value => {
                in_tag = false;
                shape.push(std::mem::take(&mut tag));
            }
            c if in_tag && !in_value => tag.push(c),
            _ => {}
        }
    }
    shape
}

fn markdown_shape(text: &str) -> Vec<String> {
    let mut shape = Vec::new();
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Text(_) | Event::SoftBreak => {}
            Event::Html(html) | Event::InlineHtml(html) => {
                let own = ["<details>", "</details>", "<summary>", "</summary>"];
                assert!(own.iter().any(|tag| html.contains(tag)), "{html}");
                shape.push("html".to_owned());
            }
            Event::Code(_) => shape.push("code".to_owned()),
            other => shape.push(format!("{other:?}").split('(').take(2).collect::<Vec<_>>().join("(")),
        }
    }
    shape
}

#[test]
fn no_name_breaks_out_of_any_format() {
    let harmless = with("harmless words");
    let expected: Vec<Vec<String>> = ROWS.iter().map(|row| shape(row, &render(row, &harmless))).collect();
    for name in names() {
        let report = with(&name);
        let shown: String = name.chars().take(60).collect();
        for (row, expected) in ROWS.iter().zip(&expected) {
            assert!(!expected.is_empty(), "{} has no shape", row.name);
            let mut report = report.clone();
            if row.name == "table" {
                // A line begins with it; it has small letters and dashes and nothing else.
                report.policies.iter_mut().for_each(|policy| policy.policy.name = "harmless".to_owned());
            }
            let rendered = render(row, &report);
            let shape = shape(row, &rendered);
            let same = shape.iter().zip(expected).position(|(is, should)| is != should);
            let differs = same.map(|at| (&shape[at], &expected[at]));
            assert_eq!(differs, None, "{} with {shown:?}", row.name);
            assert_eq!(shape.len(), expected.len(), "{} with {shown:?}", row.name);
            let steers = rendered.chars().find(|c| !matches!(c, '\n' | '\r') && text::steers(*c));
            assert_eq!(steers, None, "{} with {shown:?}", row.name);
        }
    }
}

#[test]
fn what_is_dangerous_is_still_told() {
    let rendered = |format: &str, name: &str| {
        let row = ROWS.iter().find(|row| row.name == format).unwrap();
        render(row, &with(name))
    };
    for format in ["sarif", "gitlab", "ocsf"] {
        assert!(
            rendered(format, "<script>alert(1)</script>").contains("<script>alert(1)</script>"),
            "{format}"
        );
    }
    assert!(rendered("csv", "=1+1").contains("'=1+1"));
    assert!(rendered("markdown", "<b>").contains("&lt;b&gt;"));
    assert!(rendered("junit", "]]>").contains("]]&gt;"));
    assert!(rendered("github", "a\nb%").contains("a b%25"));
}
