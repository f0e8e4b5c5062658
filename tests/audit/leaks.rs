//! No value of an employee's field, no id of a person and no token is in anything that is written.
//!
//! Whatever is personal in the pretend company is marked, so that it can be found again wherever it
//! turns up. That the marks would be found is shown by asking the simulator by hand.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use hibob_audit::report::format::ROWS;
use hibob_audit::simulator::{Running, Setup, Switches};

use crate::stage::{AT_ONCE, Ran, Stage, base64, by_hand, each, persona};

fn full(who: &str, verbose: bool) -> Ran {
    let mut arguments = vec!["--policy", "gifted", "--policy", "stackone", "--connection", "acme"];
    let files: Vec<String> = ROWS.iter().map(|row| format!("{}=r.{}", row.name, row.extension)).collect();
    arguments.extend(["--output", "table"]);
    arguments.extend(files.iter().flat_map(|file| ["--output", file.as_str()]));
    if verbose {
        arguments.push("-v");
    }
    // Whatever makes other programs talk must not make this one talk.
    Stage::of(persona(who))
        .variable("RUST_LOG", "trace")
        .variable("RUST_BACKTRACE", "full")
        .variable("DEBUG", "1")
        .run(&arguments)
}

/// What must not be in anything that is written.
pub(crate) struct Secrets {
    all: Vec<String>,
    search: AhoCorasick,
}

impl Secrets {
    pub(crate) fn of(running: &Running) -> Self {
        let token = running.token();
        let pair = base64(format!("{}:{token}", running.service_user()).as_bytes());
        let mut all = running.marks();
        assert!(all.len() > 1000, "only {} values are marked", all.len());
        // One search for all that bear the mark, and one for each number, date and id.
        all.retain(|secret| !secret.contains("MARK-"));
        all.push("MARK-".to_owned());
        all.push(token.to_owned());
        // The end of an encoded pair depends on what stands before it, hence the part that does not.
        all.push(pair.trim_end_matches('=').to_owned());
        all.push(base64(token.as_bytes()).trim_end_matches('=').to_owned());
        let search = AhoCorasick::new(&all).unwrap();
        Self { all, search }
    }

    /// What is in a text and must not be.
    pub(crate) fn within(&self, text: &str) -> BTreeSet<&str> {
        let hits = self.search.find_overlapping_iter(text);
        hits.map(|hit| (hit.range(), self.all[hit.pattern().as_usize()].as_str()))
            .filter(|(range, secret)| !is_by_chance(text, range.clone(), secret))
            .map(|(_, secret)| secret)
            .collect()
    }
}

/// What a run wrote and must not have.
pub(crate) fn leaks(ran: &Ran) -> Vec<String> {
    let secrets = Secrets::of(&ran.running);
    let mut found = Vec::new();
    for (place, text) in ran.everything_written() {
        found.extend(secrets.within(&text).into_iter().map(|secret| format!("{place} holds {secret}")));
    }
    found
}

/// Whether a number is a piece of a checksum or of an identifier made from one.
fn is_by_chance(text: &str, range: Range<usize>, secret: &str) -> bool {
    let hex = |at: Option<&u8>| at.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
    secret.bytes().all(|byte| byte.is_ascii_digit()) && (hex(before) || hex(bytes.get(range.end)))
}

#[test]
fn no_value_and_no_token_is_written_anywhere() {
    let personas = ["demo", "everything", "gifted", "field-level"];
    let cases: Vec<(&str, bool)> = personas.iter().flat_map(|who| [(*who, false), (*who, true)]).collect();
    for ((who, verbose), ran) in cases.iter().zip(each(&cases, AT_ONCE, |(who, verbose)| full(who, *verbose)))
    {
        assert!(ran.code == 1 || ran.code == 3, "{who}: {} {}", ran.code, ran.stderr);
        assert!(ran.written("r.json").len() > 10_000 && ran.written("r.message.txt").len() > 500, "{who}");
        assert_eq!(leaks(&ran), Vec::<String>::new(), "{who}, verbose {verbose}");
    }
}

#[test]
fn neither_stored_evidence_nor_the_log_holds_a_value_or_a_token() {
    let known = "terminated=3141592653589793";
    let probe: &[&str] = &["probe", "--policy", "gifted", "--policy", "stackone", "--output", "e.json"];
    let more = |arguments: &[&'static str]| [probe, arguments].concat();
    let cases: Vec<(&str, &str, Vec<&str>)> = vec![
        ("everything", "{}", more(&["--log", "json", "--known", known])),
        ("demo", "{}", more(&["--scope", "policy", "--log", "json"])),
        ("field-level", "{}", more(&["--connection", "acme", "--log", "json"])),
        // Answers that fail in every way that has words: they say why, and nothing of what came.
        (
            "everything",
            "faults: [{call: GET /tasks, page: true}, {call: GET /company/reports, body: malformed}, {call: GET /docs/folders/metadata, body: truncated}, {call: GET /bulk/people/work, status: 500}]",
            more(&["--log", "json"]),
        ),
        ("everything", "{}", vec!["--policy", "gifted", "-v", "--log", "json", "--output", "json=e.json"]),
        // What is read back after a write is looked at field by field.
        (
            "everything",
            "{}",
            vec!["probe", "--policy", "stackone", "--write-probes", "--log", "json", "--output", "e.json"],
        ),
    ];
    for (ran, (who, switches, arguments)) in each(&cases, AT_ONCE, |(who, switches, arguments)| {
        let setup = Setup { switches: Switches::parse(switches).unwrap(), ..Setup::new(persona(who)) };
        Stage::new(setup).variable("RUST_LOG", "trace").variable("RUST_BACKTRACE", "full").run(arguments)
    })
    .iter()
    .zip(&cases)
    {
        assert!(ran.written("e.json").len() > 10_000 && ran.stderr.contains("\"ask\""), "{}", ran.stderr);
        assert_eq!(leaks(ran), Vec::<String>::new(), "{who} {switches} {arguments:?}");
        let wrote = ran.running.log().iter().any(|logged| logged.method == "PUT");
        assert_eq!(wrote, arguments.contains(&"--write-probes"), "{arguments:?}");
        let told = ran.everything_written().iter().any(|(_, text)| text.contains("3141592653589793"));
        assert!(!told, "the id of somebody who was named is told");
    }
    let ran =
        Stage::of(persona("everything")).token("MARK-another-token-entirely").run(&more(&["--log", "json"]));
    assert_eq!((ran.code, leaks(&ran)), (4, Vec::new()));
}

#[test]
fn nothing_leaks_where_a_run_goes_wrong() {
    let stages = [
        Stage::of(persona("everything")).token("MARK-another-token-entirely"),
        Stage::of(persona("everything")).file("c.env", "HIBOB_SERVICE_USER_ID=MARK-id\nTOKEN=MARK-x\n"),
    ];
    let arguments: [&[&str]; 2] =
        [&["--policy", "gifted"], &["--policy", "gifted", "--credentials", "c.env"]];
    let [wrong_token, wrong_file] = stages;
    let ran = wrong_token.run(arguments[0]);
    assert_eq!((ran.code, leaks(&ran)), (4, Vec::new()));
    let ran = wrong_file.sends_nothing().run(arguments[1]);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(ran.code == 2 && !said.contains("MARK-"), "{said}");
}

#[test]
fn a_pasted_token_in_a_policy_is_not_repeated() {
    let text = include_str!("../policies/broken/pasted-token.yaml");
    let (_, secret) = text.split_once("token: ").unwrap();
    let (secret, _) = secret.split_once(',').unwrap();
    assert!(secret.len() > 20, "{secret}");
    let ran = Stage::of(persona("demo")).file("p.yaml", text).sends_nothing().run(&["--policy", "p.yaml"]);
    assert_eq!(ran.code, 2);
    assert!(!ran.stderr.contains(secret) && !ran.stdout.contains(secret), "{}", ran.stderr);
}

#[test]
fn the_marks_would_be_found() {
    let ran = Stage::of(persona("everything")).run(&["--policy", "gifted", "--scope", "policy"]);
    let body = r#"{"fields": ["root.id", "root.firstName", "personal.birthDate"], "showInactive": true}"#;
    let answer = by_hand(&ran.running, "POST", "/people/search", body);
    assert!(answer.contains("MARK-"), "{}", &answer[..answer.len().min(500)]);
    let marks = ran.running.marks();
    assert!(marks.iter().filter(|mark| answer.contains(mark.as_str())).count() > 100);
}
