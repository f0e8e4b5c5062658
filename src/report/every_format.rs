//! What holds for every format, and the gallery, which shows three runs in each.

use std::path::Path;

use serde_json::Value;

use super::format::{Format, ROWS, Row, Settings};
use super::{Report, Status, fixtures, text, words};

pub(super) fn render(row: &Row, report: &Report) -> String {
    let mut out = Vec::new();
    row.format.write(report, &Settings::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Whether a format is for the HiBob admin, in whose words everything is told there.
fn is_letter(row: &Row) -> bool {
    matches!(row.format, Format::Message | Format::MessageShort)
}

/// A text with every line break taken for a space, and without the escapes of its format, so that words
/// can be looked for.
fn flat(row: &Row, text: &str) -> String {
    let plain = text
        .replace("%0A", " ")
        .replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%25", "%")
        .replace("&apos;", "'")
        .replace("&#8203;", "");
    let plain = if row.name == "table" || is_letter(row) { plain } else { plain.replace('\\', "") };
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_gallery_shows_three_runs_in_every_format() {
    #[expect(clippy::disallowed_methods, reason = "this is how a stale gallery is written anew")]
    let update = std::env::var("AUDIT_UPDATE").is_ok();
    let gallery = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/gallery");
    let mut expected = Vec::new();
    for (name, report) in [
        ("satisfied", fixtures::satisfied()),
        ("gaps", fixtures::gaps()),
        ("half-unknown", fixtures::half_unknown()),
    ] {
        let folder = gallery.join(name);
        if update {
            std::fs::create_dir_all(&folder).unwrap();
        }
        for row in &ROWS {
            let file = folder.join(format!("report.{}", row.extension));
            let text = render(row, &report);
            if update {
                std::fs::write(&file, &text).unwrap();
            }
            let stored = std::fs::read_to_string(&file).unwrap_or_default();
            // A checkout may change line ends; CSV has them on purpose, so they are taken out of both.
            let same = stored.replace('\r', "") == text.replace('\r', "");
            assert!(same, "{} is stale: AUDIT_UPDATE=1 cargo test writes it anew", file.display());
            expected.push(file);
        }
    }
    for folder in std::fs::read_dir(gallery).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let file = file.unwrap().path();
            assert!(expected.contains(&file), "{} belongs to no run and no format", file.display());
        }
    }
}

#[test]
fn a_simulated_run_says_so_in_its_first_line() {
    for (name, report) in fixtures::all() {
        let simulated = fixtures::simulated(report.clone());
        for row in &ROWS {
            for (report, says) in [(&report, false), (&simulated, true)] {
                let text = render(row, report);
                let first = text.lines().next().unwrap_or_default();
                assert_eq!(first.contains("SIMULATED"), says, "{name}, {}: {first}", row.name);
            }
        }
    }
}

#[test]
fn what_is_shown_alone_says_itself_that_it_is_simulated() {
    let report = fixtures::simulated(fixtures::gaps());
    let all = |name: &str, at: &str| -> Vec<Value> {
        let row = ROWS.iter().find(|row| row.name == name).unwrap();
        let value: Value = serde_json::from_str(&render(row, &report)).unwrap();
        value.pointer(at).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let texts: Vec<Value> = [
        all("sarif", "/runs/0/results")
            .iter()
            .map(|result| result["message"]["text"].clone())
            .collect::<Vec<_>>(),
        all("gitlab", "").iter().map(|issue| issue["description"].clone()).collect(),
        all("ocsf", "").iter().map(|event| event["message"].clone()).collect(),
        all("oscal", "/assessment-results/results/0/findings")
            .iter()
            .map(|found| found["title"].clone())
            .collect(),
    ]
    .concat();
    assert!(texts.len() > 40, "{}", texts.len());
    for text in texts {
        assert!(text.as_str().unwrap().contains("SIMULATED"), "{text}");
    }
}

#[test]
fn nothing_in_any_format_steers_what_shows_it() {
    for (name, report) in fixtures::all() {
        for row in &ROWS {
            for (number, line) in render(row, &report).split('\n').enumerate() {
                let line = line.strip_suffix('\r').filter(|_| row.name == "csv").unwrap_or(line);
                let found = line.chars().find(|c| text::steers(*c));
                assert_eq!(found, None, "{name}, {}, line {}: {line}", row.name, number + 1);
            }
        }
    }
}

#[test]
fn what_could_not_be_ruled_out_is_in_every_format() {
    for (name, report) in fixtures::all() {
        for row in &ROWS {
            let text = flat(row, &render(row, &report));
            for boxes in report.policies.iter().map(|policy| policy.summary.excess_undecided) {
                // Somebody who has nothing to do with the count is not told that it is 0.
                let in_words = text.contains(&format!("{boxes} boxes"))
                    || (is_letter(row) && (boxes == 0 || text.contains(&format!("{boxes} other boxes"))));
                let as_key = ["\"excess_undecided\": ", "\"excess_undecided\":"]
                    .iter()
                    .any(|key| text.contains(&format!("{key}{boxes}")));
                assert!(in_words || as_key, "{name}, {}: {boxes} boxes", row.name);
            }
        }
    }
}

#[test]
fn what_was_tolerated_or_decided_is_in_every_format() {
    let report = fixtures::half_unknown();
    let decided: Vec<_> = report.policies[0].items.iter().filter_map(|item| item.decision.as_ref()).collect();
    assert_eq!(decided.len(), 2);
    for row in &ROWS {
        let text = flat(row, &render(row, &report)).to_lowercase();
        for decision in &decided {
            for part in [&decision.reason, &decision.by, &decision.until] {
                assert!(text.contains(&part.to_lowercase()), "{}: {part}\n{text}", row.name);
            }
        }
        let tolerated =
            if is_letter(row) { "personal edit: not verified; we go on without" } else { "tolerate" };
        assert!(text.contains(tolerated), "{}", row.name);
        // Of decisions that count no longer, the admin is told those that come back to the list.
        for notice in &report.policies[0].decision_notices {
            assert!(
                text.contains(&notice.text.to_lowercase()) || is_letter(row),
                "{}: {}",
                row.name,
                notice.text
            );
        }
    }
}

#[test]
fn a_stopped_run_is_green_in_no_format() {
    let report = fixtures::stopped();
    let reason = report.run.stopped.clone().unwrap();
    for row in &ROWS {
        let text = flat(row, &render(row, &report));
        let reason = if is_letter(row) { "The check could not be finished" } else { &reason };
        assert!(text.contains(reason), "{}: {text}", row.name);
    }
    let shown = |name: &str| render(ROWS.iter().find(|row| row.name == name).unwrap(), &report);
    assert!(shown("junit").contains("errors=\"1\""));
    assert!(shown("github").starts_with("::warning") && shown("github").contains("\n::error title=audit"));
    assert!(shown("gitlab").contains("\"blocker\""));
    assert!(shown("sarif").contains("\"executionSuccessful\": false"));
    assert!(shown("ocsf").contains("\"status\": \"Unknown\""));
    assert!(!shown("oscal").contains("\"state\": \"satisfied\""));
}

#[test]
fn why_write_probes_were_stopped_is_in_every_format_for_those_who_run_it() {
    let mut report = fixtures::satisfied();
    report.run.write_note = Some("HiBob answered 200 to a value that no list has".to_owned());
    for row in ROWS.iter().filter(|row| !is_letter(row)) {
        let text = flat(row, &render(row, &report));
        assert!(text.contains("HiBob answered 200 to a value"), "{}", row.name);
    }
}

#[test]
fn every_item_is_told_in_every_format_that_lists_them() {
    for (name, report) in fixtures::all() {
        for row in &ROWS {
            // What a screen, a letter or nine annotations leave out is told there in numbers; what is as
            // wanted is no problem of quality.
            let all = match row.name {
                "table" | "message" | "message-short" | "github" => continue,
                "gitlab" => false,
                _ => true,
            };
            let text = flat(row, &render(row, &report));
            for item in report.policies.iter().flat_map(|policy| &policy.items) {
                let label = item.label.replace('"', "&quot;");
                let told = text.contains(&item.label) || text.contains(&label);
                assert!(
                    told || !(all || item.status != Status::Satisfied),
                    "{name}, {}: {}",
                    row.name,
                    item.label
                );
            }
        }
    }
}

#[test]
fn only_a_letter_shortens_the_id_and_none_holds_a_value() {
    let report = fixtures::gaps();
    for row in &ROWS {
        let text = render(row, &report);
        let whole = text.contains("SERVICE-57121") || row.name == "github" || row.name == "gitlab";
        assert_eq!(whole, !is_letter(row), "{}", row.name);
    }
    assert_eq!(words::SIMULATED.matches('\n').count(), 0);
}
