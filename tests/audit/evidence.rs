//! Evidence in a file: written by `audit probe`, judged by `audit --evidence`, offline.

use hibob_audit::access::{Access, Model};
use hibob_audit::catalogue::Catalogue;
use hibob_audit::evidence::stored::{Facts, Scope, Stored};
use hibob_audit::gaps::Gaps;
use hibob_audit::report::build::{Circumstances, build};
use serde_json::{Value, json};

use crate::leaks::leaks;
use crate::stage::{Ran, Stage, each, gate, persona, policy};

fn probe(who: &str, more: &[&str]) -> Ran {
    let mut arguments = vec!["probe", "--policy", "frontegg", "--output", "e.json", "--connection", "acme"];
    arguments.extend(more);
    Stage::of(persona(who)).run(&arguments)
}

fn judge(evidence: &str, more: &[&str]) -> Ran {
    let mut arguments = vec!["--policy", "frontegg", "--evidence", "e.json", "--output", "json"];
    arguments.extend(more);
    Stage::of(persona("demo")).file("e.json", evidence).sends_nothing().run(&arguments)
}

#[test]
fn stored_evidence_gives_the_report_that_the_run_would_have_given() {
    // Writes that are refused wait for the budget of refusals: side by side.
    let cases =
        [("frontegg", &[][..]), ("field-level", &["--scope", "policy"]), ("everything", &["--write-probes"])];
    each(&cases, cases.len(), |(who, more)| {
        let mut arguments = vec!["--policy", "frontegg", "--output", "json", "--connection", "acme"];
        arguments.extend(*more);
        let live = Stage::of(persona(who)).run(&arguments);
        let probed = probe(who, more);
        assert_eq!((probed.code, probed.stdout.as_str()), (0, ""), "{who}: {}", probed.stderr);
        let text = probed.written("e.json");
        let judged = judge(&text, &[]);
        assert_eq!(judged.code, live.code, "{who}: {}", judged.stderr);
        // Another run against another port, and nothing else.
        let masked = |ran: &Ran| {
            let mut report: Value = serde_json::from_str(&ran.stdout).unwrap();
            for key in ["id", "started_at", "finished_at", "base_url"] {
                assert!(report["run"][key].take().is_string(), "{key}");
            }
            report
        };
        assert_eq!(masked(&judged), masked(&live), "{who}");
        // It is the run that asked whose name and times the report bears.
        let stored = Stored::read(&text).unwrap();
        let run = judged.report().run;
        assert_eq!(
            (run.id, run.started_at, run.base_url),
            (stored.run.id, stored.run.started_at, probed.base_url.clone())
        );
        assert_eq!(leaks(&probed), Vec::<String>::new(), "{who}");
    });
}

#[test]
fn evidence_fits_its_schema_and_says_when_it_is_simulated() {
    let home = tempfile::tempdir().unwrap();
    let output = crate::stage::audit(home.path())
        .args(["probe", "--policy", "frontegg", "--simulate=field-level", "--output", "-"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().next().unwrap().contains("SIMULATED"), "{}", &text[..200]);
    let judged = judge(&text, &[]);
    assert!(judged.stdout.lines().next().unwrap().contains("SIMULATED"), "{}", judged.stdout);
    let schema = include_str!("../../schemas/evidence.v1.json");
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("evidence.v1.json", serde_json::from_str(schema).unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile("evidence.v1.json", &mut schemas).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    schemas.validate(&value, index).unwrap();
    value["evidence"]["token"] = json!("x");
    assert!(schemas.validate(&value, index).is_err());
}

#[test]
fn a_stopped_run_leaves_evidence_that_says_so() {
    let arguments = ["probe", "--policy", "frontegg", "--output", "e.json"];
    let probed = Stage::of(persona("demo")).token("wrong").run(&arguments);
    assert!(probed.code == 4 && probed.stderr.contains("refused the credentials"), "{}", probed.stderr);
    let judged = judge(&probed.written("e.json"), &[]);
    assert!(judged.code == 4 && judged.stderr.contains("refused the credentials"), "{}", judged.stderr);
}

#[test]
fn what_cannot_be_used_is_refused_with_its_reason() {
    let good = probe("demo", &[]).written("e.json");
    for (text, says) in [
        (good[..good.len() / 2].to_owned(), "e.json:"),
        (good.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1), "version 2"),
        ("{}".to_owned(), "schema_version"),
        ("\u{1b}[31m".to_owned(), "e.json:1:1"),
        (good.replacen("\"requests\"", "\"\\u001b[31mrequests\"", 1), "unknown field"),
    ] {
        let ran = judge(&text, &[]);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{says}: {} {}", ran.code, ran.stderr);
        assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    }
    for flags in [
        &["--simulate"][..],
        &["--base-url", "http://127.0.0.1:1"],
        &["--credentials", "c.env"],
        &["--wait", "30s"],
        &["--write-probes"],
        &["--scope", "policy"],
        &["--deadline", "5m"],
    ] {
        let ran = judge(&good, flags);
        assert!(ran.code == 2 && ran.stderr.contains("cannot be used with"), "{flags:?}: {}", ran.stderr);
    }
    let ran = judge(&good, &["--policy", "-", "--evidence", "-"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let nowhere = ["probe", "--policy", "frontegg", "--output", "none/e.json"];
    let ran = Stage::of(persona("demo")).sends_nothing().run(&nowhere);
    assert!(ran.code == 2 && ran.stderr.contains("none/e.json"), "{}", ran.stderr);
}

/// Every place of a value, as a pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{at}/{key}"), found);
            });
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(number, item)| places(item, &format!("{at}/{number}"), found));
        }
        _ => {}
    }
}

#[test]
fn nothing_that_a_file_can_say_makes_the_judging_panic() {
    let (catalogue, policies) = (Catalogue::embedded(), [policy("gifted")]);
    let good: Value = serde_json::from_str(&probe("everything", &[]).written("e.json")).unwrap();
    let mut all = Vec::new();
    places(&good["evidence"], "/evidence", &mut all);
    all.retain(|place| good.pointer(place).is_some_and(|value| value.is_number() || value.is_string()));
    let (mut dice, mut read) = (7u64, 0);
    for _ in 0..30 {
        let mut value = good.clone();
        for _ in 0..20 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(dice >> 33).unwrap() % all.len();
            let odd = match value.pointer(&all[at]) {
                Some(Value::Number(_)) => json!([0, 50_000_000][at % 2]),
                _ => json!(["", "a/b\u{202e}", "people/work/view"][at % 3]),
            };
            // The words of an enumeration stay as they are.
            if !["reply", "status", "fate", "after"].iter().any(|key| all[at].ends_with(&format!("/{key}"))) {
                *value.pointer_mut(&all[at]).unwrap() = odd;
            }
        }
        let Ok(stored) = Stored::read(&value.to_string()) else { continue };
        read += 1;
        let access = Access::infer(catalogue, &stored.evidence, Some(Model::Field));
        let gaps = Gaps::between(&policies, &access, catalogue, false);
        let circumstances = Circumstances {
            run: Facts { connection: None, simulated: false, scope: Scope::Full, ..stored.run },
            group: None,
            gate: gate(&[]),
        };
        build(circumstances, catalogue, &stored.evidence, &access, &gaps);
    }
    assert!(read > 15, "{read}");
}
