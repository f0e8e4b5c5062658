//! Any JSON as an answer of the API: every reader takes what it knows of it, and leaves the rest.
#![no_main]

use std::collections::BTreeMap;

use hibob_audit::evidence::roster::{self, Person};
use hibob_audit::evidence::turnout::Turnout;
use hibob_audit::evidence::{Field, read, writes};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|body: &[u8]| {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else { return };

    let fields = read::fields(&answer).unwrap_or_default();
    let asked: Vec<&Field> = fields.iter().collect();
    let inner = read::inner_fields(&fields);
    let _ = read::search(&answer, &asked, &inner);

    let mut turnout = Turnout::expecting(["1"].into_iter());
    turnout.begin();
    for row in read::employees(&answer).unwrap_or_default() {
        turnout.meet(roster::person(row));
    }
    let people = turnout.people();
    let _ = roster::of_each_audience(&people, 3);
    let _ = roster::varied(&people, 12, &Default::default());
    let known: BTreeMap<&str, &Person> = people.iter().map(|person| (person.id.as_str(), person)).collect();

    let _ = read::table(&answer, &known, "2026-11-21");
    let _ = read::outside(&answer, &["1", "2"]);
    let marks = ["sensitive", "type", "folder"].map(str::to_owned);
    for key in ["", "outs", "tasks", "employees"] {
        let _ = read::items(&answer, key);
        let _ = read::marks(&answer, key, &marks);
    }
    let _ = read::policy_type(&answer);
    let _ = read::custom_tables(&answer);
    let _ = read::folders(&answer);
    let _ = read::day(&answer);
    for field in fields.iter().take(20) {
        let _ = writes::of_field(&answer, field);
        let _ = writes::speaks_of_value(&answer, "impossible", &field.json_path);
    }
    let _ = writes::of_rows(&answer);
    let _ = writes::holds_entry(&answer, "1");
    let _ = writes::speaks_of_entry(&answer);
});
