//! Any text as stored evidence, and a sound one with other words, counts and answers in the place of its own:
//! it is turned down, or judged and reported like any other.
#![no_main]

use std::sync::LazyLock;

use hibob_audit::access::Access;
use hibob_audit::catalogue::Catalogue;
use hibob_audit::evidence::stored::Stored;
use hibob_audit::gaps::Gaps;
use hibob_audit::policy::{Origin, Policy, shipped, validate};
use hibob_audit::report::build::{Circumstances, build};
use hibob_audit::report::format::{Format, Settings};
use hibob_audit::report::{Gate, read};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Changed here, and a seed as it stands: the seven blanks that it begins with are then what is changed how.
const SOUND: &str = include_str!("../seeds/evidence/sound.json");

static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    let source = shipped::find("gifted").ok().flatten().expect("it ships");
    vec![validate::read(&source, Origin::Shipped, Catalogue::embedded()).ok().expect("it is sound")]
});

fuzz_target!(|input: (u16, u8, u32, &str)| {
    let (from, step, count, text) = input;
    if let Ok(stored) = Stored::read(text) {
        judge(stored);
    }
    let mut sound: Value = serde_json::from_str(SOUND).expect("it is evidence");
    let mut change = Change { at: usize::from(from), step: usize::from(step) + 1, count, text };
    change.within(&mut sound["evidence"]);
    if let Ok(stored) = Stored::read(&sound.to_string()) {
        judge(stored);
    }
});

/// What stands at the ends of the tree is replaced, every so-many-th.
struct Change<'a> {
    at: usize,
    step: usize,
    count: u32,
    text: &'a str,
}

impl Change<'_> {
    fn within(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.within(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.within(member)),
            _ if self.at > 0 => self.at -= 1,
            end => {
                self.at = self.step - 1;
                *end = match end {
                    Value::Bool(yes) => Value::Bool(!*yes),
                    Value::Number(_) => self.count.into(),
                    // What may be left out is.
                    Value::Null => Value::Null,
                    _ => self.text.into(),
                };
            }
        }
    }
}

fn judge(stored: Stored) {
    let catalogue = Catalogue::embedded();
    let access = Access::infer(catalogue, &stored.evidence, None);
    let gaps = Gaps::between(&POLICIES, &access, catalogue, false);
    let gate = Gate { fail_on: vec!["missing".to_owned()], tolerate: Vec::new(), min_coverage: None };
    let circumstances = Circumstances { run: stored.run, group: None, gate };
    let report = build(circumstances, catalogue, &stored.evidence, &access, &gaps);
    // What a report becomes in every other format is what the target `report` is for.
    let mut out = Vec::new();
    Format::Json.write(&report, &Settings::default(), &mut out).expect("memory takes everything");
    let out = String::from_utf8(out).expect("every format is text");
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    assert!(!out.chars().any(steers), "{out}");
    read::read(&out).expect("what is written can be read again");
}
