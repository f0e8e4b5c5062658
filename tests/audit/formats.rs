//! What a run writes, in every format at once, and what `audit render` makes of a stored report.

use std::collections::BTreeMap;
use std::path::Path;

use hibob_audit::report::format::ROWS;
use hibob_audit::report::{Report, read, text};
use hibob_audit::simulator::Setup;
use pulldown_cmark::{Event, Options, Parser};
use serde_json::Value;

use crate::stage::{Stage, audit, persona};

/// The files that one run writes, by format.
fn files(folder: &Path, end: &str) -> BTreeMap<&'static str, String> {
    let read = |extension: &str| std::fs::read_to_string(folder.join(format!("{end}.{extension}"))).unwrap();
    ROWS.iter().map(|row| (row.name, read(row.extension))).collect()
}

/// `--output` for every format, each into a file of its own.
fn outputs(end: &str) -> Vec<String> {
    ROWS.iter()
        .flat_map(|row| ["--output".to_owned(), format!("{}={end}.{}", row.name, row.extension)])
        .collect()
}

fn gallery(run: &str, file: &str) -> String {
    format!("{}/snapshots/gallery/{run}/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// `audit render` in an empty folder: exit code, standard output, standard error.
fn render(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = audit(home).arg("render").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_stored_report_is_written_again_byte_for_byte_in_every_format() {
    for (who, extra) in
        [("demo", &["--policy", "gifted", "--connection", "acme"][..]), ("everything", &["-v"])]
    {
        let simulated = format!("--simulate={who}");
        let mut arguments = vec!["--policy", "frontegg", &simulated, "--tolerate", "uncheckable"];
        arguments.extend(extra);
        let first = outputs("first");
        arguments.extend(first.iter().map(String::as_str));
        let home = tempfile::tempdir().unwrap();
        let ran = audit(home.path()).args(&arguments).output().unwrap();
        let code = ran.status.code().unwrap();
        assert!([0, 1, 3].contains(&code), "{who}: {}", String::from_utf8_lossy(&ran.stderr));
        let written = files(home.path(), "first");
        for (format, text) in &written {
            assert!(text.lines().next().unwrap().contains("SIMULATED"), "{format}: {text}");
        }
        let again = outputs("again");
        let mut arguments = vec!["first.json"];
        arguments.extend(extra.contains(&"-v").then_some("-v"));
        arguments.extend(again.iter().map(String::as_str));
        let (rendered, stdout, stderr) = render(home.path(), &arguments);
        assert_eq!((rendered, stdout.as_str(), stderr.as_str()), (code, "", ""), "{who}");
        for (format, text) in files(home.path(), "again") {
            assert!(text == written[format], "{who}: {format} differs from what the run wrote");
        }
    }
}

#[test]
fn a_real_run_says_nowhere_that_it_is_simulated() {
    let outputs = outputs("r");
    let mut arguments = vec!["--policy", "frontegg", "--scope", "policy"];
    arguments.extend(outputs.iter().map(String::as_str));
    let ran = Stage::of(persona("frontegg")).run(&arguments);
    for (format, text) in files(ran.home.path(), "r") {
        assert!(!text.contains("SIMULATED"), "{format}");
    }
}

#[test]
fn the_exit_code_is_the_same_for_every_format() {
    let home = tempfile::tempdir().unwrap();
    let stopped = std::fs::read_to_string(gallery("half-unknown", "report.json")).unwrap();
    std::fs::write(home.path().join("stopped.json"), stopped.replace("\"exit_code\": 3", "\"exit_code\": 4"))
        .unwrap();
    for (file, code) in [
        (gallery("satisfied", "report.json"), 0),
        (gallery("gaps", "report.json"), 1),
        (gallery("half-unknown", "report.json"), 3),
        ("stopped.json".to_owned(), 4),
    ] {
        for row in &ROWS {
            let (ended, stdout, stderr) = render(home.path(), &[&file, "--output", row.name]);
            assert_eq!(ended, code, "{file}, {}: {stderr}", row.name);
            assert!(!stdout.is_empty(), "{file}, {}", row.name);
        }
    }
}

#[test]
fn a_format_on_standard_output_is_the_one_in_the_file() {
    let home = tempfile::tempdir().unwrap();
    for row in &ROWS {
        let (_, stdout, _) = render(home.path(), &[&gallery("gaps", "report.json"), "--output", row.name]);
        let file = std::fs::read_to_string(gallery("gaps", &format!("report.{}", row.extension))).unwrap();
        assert_eq!(stdout.replace('\r', ""), file.replace('\r', ""), "{}", row.name);
    }
    let (_, table, _) = render(home.path(), &[&gallery("gaps", "report.json")]);
    assert!(table.starts_with("GAPS"), "without --output it is the table: {table}");
}

#[test]
fn a_report_is_read_from_standard_input_too() {
    use std::io::Write;
    let home = tempfile::tempdir().unwrap();
    let mut child = audit(home.path())
        .args(["render", "-", "--output", "csv"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let text = std::fs::read(gallery("gaps", "report.json")).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.starts_with(b"notice,record"));
}

#[test]
fn what_is_no_report_is_refused_with_its_place_and_nothing_is_written() {
    let good = std::fs::read_to_string(gallery("gaps", "report.json")).unwrap();
    let cases = [
        ("", "r.json:1:0: EOF while parsing a value"),
        ("policy: x\n", "r.json:1:1: expected value"),
        ("{}\n", "missing field `schema_version`"),
        (
            &good.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1),
            "r.json:2:21: it is of version 2",
        ),
        (&good.replacen("\"outcome\": \"gaps\"", "\"outcome\": \"fine\"", 1), "unknown variant `fine`"),
        (&good[..good.len() / 2], "EOF while parsing"),
        (&format!("{good}{{}}"), "trailing characters"),
    ];
    for (text, words) in cases {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("r.json"), text).unwrap();
        let (code, stdout, stderr) = render(home.path(), &["r.json", "--output", "sarif=r.sarif"]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(words) && stderr.contains("help"), "{words}: {stderr}");
        assert!(!home.path().join("r.sarif").exists(), "{words}");
    }
    let home = tempfile::tempdir().unwrap();
    let (code, _, stderr) = render(home.path(), &["nowhere.json"]);
    assert!(code == 2 && stderr.contains("cannot read report `nowhere.json`"), "{stderr}");
}

#[test]
fn the_gallery_is_of_this_version() {
    for run in ["satisfied", "gaps", "half-unknown"] {
        let text = std::fs::read_to_string(gallery(run, "report.json")).unwrap();
        let report: Report = read::read(&text).unwrap_or_else(|refused| panic!("{run}: {refused:?}"));
        assert!(!report.run.simulated && report.run.connection.is_some(), "{run}");
    }
}

/// What is wrong with a text in its format.
fn faults(format: &str, written: &str) -> Option<String> {
    let json = |text: &str| serde_json::from_str::<Value>(text).err().map(|error| error.to_string());
    let steers = |c: char| text::steers(c) && c != '\n' && !(c == '\r' && format == "csv");
    if let Some(c) = written.chars().find(|c| steers(*c)) {
        return Some(format!("{c:?}"));
    }
    match format {
        "json" | "sarif" | "gitlab" | "ocsf" | "oscal" => json(written),
        "ndjson" => written.lines().find_map(json),
        "csv" => {
            let mut rows = csv::Reader::from_reader(written.as_bytes());
            let cells =
                rows.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
            cells.into_iter().find(|cell| cell.starts_with(['=', '+', '-', '@']))
        }
        "junit" => quick_junit::Report::deserialize_from_str(written).err().map(|error| error.to_string()),
        "github" => written.lines().find(|line| !line.starts_with("::")).map(str::to_owned),
        "html" => (written.matches("<script").count() != 1).then(|| "a script of somebody else's".to_owned()),
        "markdown" => Parser::new_ext(written, Options::all()).find_map(|event| match event {
            Event::Html(html) | Event::InlineHtml(html) if !html.contains("details") => {
                Some(html.into_string())
            }
            Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        }),
        // Nothing but the program's own words stands at the left in capitals, in front of a number.
        _ => written.lines().find(|line| line.starts_with("OWNED")).map(str::to_owned),
    }
}

#[test]
fn names_of_a_company_break_out_of_no_format() {
    for name in [
        "<script>alert(1)</script>".to_owned(),
        "=cmd|' /C calc'!A0".to_owned(),
        "::error::owned\nOWNED 0 missing".to_owned(),
        "\u{202e}gnp.exe [a](https://owned.example) `b` | c".to_owned(),
        "OWNED 0 ".repeat(500),
    ] {
        let mut setup = Setup::new(persona("everything"));
        setup.tenant.renamed.insert("payroll".to_owned(), name.clone());
        setup.tenant.renamed.insert("employment".to_owned(), name.clone());
        let outputs = outputs("r");
        let mut arguments = vec!["--policy", "p.yaml", "--connection", &name, "--group", &name];
        arguments.extend(outputs.iter().map(String::as_str));
        let policy = "policy: p\nversion: 2026-11-21\nlist: closed\nsource: {title: a, publisher: b}\n\
                      requires: [people/employment/view]\nforbidden: [people/payroll/view]\n";
        let ran = Stage::new(setup).file("p.yaml", policy).run(&arguments);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        for (format, text) in files(ran.home.path(), "r") {
            assert_eq!(faults(format, &text), None, "{format} with {:.40}", name);
        }
        // Wherever the whole is kept, the name is there as it is.
        let report: Value = serde_json::from_str(&ran.written("r.json")).unwrap();
        let name = serde_json::to_string(&name).unwrap();
        assert!(report.to_string().contains(name.trim_matches('"')), "{name:.40}");
    }
}

#[test]
fn two_policies_that_differ_send_nobody_to_and_fro() {
    let head = |name: &str| {
        format!(
            "policy: {name}\ntitle: {name}\nversion: 2026-11-21\nlist: open\nsource: {{title: a, publisher: {name}}}\n"
        )
    };
    let forbids = head("strict")
        + "requires: [people/about/view]\nforbidden: [people/payroll/view, people/home/view]\n";
    let needs = head("greedy") + "requires:\n  - people/payroll/view\n  - {field: home.familyStatus}\n";
    for who in ["everything", "frontegg"] {
        let ran = Stage::of(persona(who)).file("strict.yaml", &forbids).file("greedy.yaml", &needs).run(&[
            "--policy",
            "strict.yaml",
            "--policy",
            "greedy.yaml",
            "--output",
            "message=full.txt",
            "--output",
            "message-short=short.txt",
        ]);
        for file in ["full.txt", "short.txt"] {
            let text = ran.written(file).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains("strict must not have it; greedy needs it"), "{who}: {text}");
            let said =
                |verb: &str| text.contains(&format!("{verb} View selected employees' Payroll sections"));
            assert!(!said("Tick:") && !said("Untick:") && !said("Payroll:"), "{who}: {text}");
            let said = |verb: &str| text.contains(&format!("{verb} View selected employees' Home sections"));
            assert!(!said("Tick:") && !said("Untick:") && !said("Home:"), "{who}: {text}");
        }
    }
}
