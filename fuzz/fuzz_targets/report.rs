//! Any report, and a sound one with hostile words in the place of its own, in every format.
#![no_main]

use hibob_audit::report::diff::Diff;
use hibob_audit::report::format::{ROWS, Settings};
use hibob_audit::report::{Report, read};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const SOUND: &str = include_str!("../../snapshots/gallery/gaps/report.json");

fuzz_target!(|input: (u8, u8, &str)| {
    let (from, step, text) = input;
    if let Ok(report) = read::read(text) {
        in_every_format(&report);
    }
    let mut sound: Value = serde_json::from_str(SOUND).expect("it is a report");
    let mut at = usize::from(from);
    replace(&mut sound, &mut at, usize::from(step) + 1, text);
    if let Ok(report) = read::read(&sound.to_string()) {
        in_every_format(&report);
    }
});

/// Puts a text in the place of every so-many-th.
fn replace(value: &mut Value, at: &mut usize, step: usize, text: &str) {
    match value {
        Value::String(old) => {
            if *at == 0 {
                text.clone_into(old);
                *at = step;
            }
            *at -= 1;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, step, text)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, at, step, text)),
        _ => {}
    }
}

fn in_every_format(report: &Report) {
    let settings = Settings::default();
    for row in &ROWS {
        let mut out = Vec::new();
        row.format.write(report, &settings, &mut out).expect("memory takes everything");
        let out = String::from_utf8(out).expect("every format is text");
        let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
        assert!(!out.chars().any(steers), "{}", row.name);
    }
    let _ = Diff::between(report, report);
}
