//! Two stored reports side by side, and what is generated from the command line.

use std::path::Path;

use serde_json::Value;

use crate::stage::audit;

/// Exit code, standard output, standard error.
fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = audit(home).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn fits(schema: &str, value: &Value) -> Result<(), String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("diff.v1.json", schema).unwrap();
    let index = compiler.compile("diff.v1.json", &mut schemas).unwrap();
    schemas.validate(value, index).map_err(|error| error.to_string())
}

#[test]
fn a_box_that_was_taken_away_is_a_new_gap_and_put_back_a_closed_one() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    for (who, file) in [("frontegg", "full"), ("frontegg-minus-employment", "less")] {
        let (simulate, output) = (format!("--simulate={who}"), format!("json={file}.json"));
        run(home, &["--policy", "frontegg", &simulate, "--output", &output]);
    }
    let (_, schema, _) = run(home, &["schema", "diff"]);
    for (old, new, code, change, says) in [
        ("full.json", "less.json", 1, "new-gap", "as wanted → missing"),
        ("less.json", "full.json", 0, "closed-gap", "missing → as wanted"),
    ] {
        let (ended, text, stderr) = run(home, &["diff", old, new]);
        assert_eq!((ended, stderr.as_str()), (code, ""));
        assert!(text.lines().next().unwrap().contains("SIMULATED") && text.contains(says), "{text}");
        assert!(text.contains("people/employment/view: "), "{text}");
        let (ended, json, _) = run(home, &["diff", old, new, "--output", "json"]);
        assert_eq!(ended, code, "the exit code is the same for every format");
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(fits(&schema, &value), Ok(()));
        let items = value["policies"][0]["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{json}");
        assert_eq!(items[0]["change"], change);
        assert_eq!(value["access"].as_array().unwrap().len(), 1, "{json}");
    }
    let (ended, text, _) = run(home, &["diff", "full.json", "full.json", "--output", "text=same.txt"]);
    assert_eq!((ended, text.as_str()), (0, ""));
    assert!(std::fs::read_to_string(home.join("same.txt")).unwrap().contains("UNCHANGED"));
    for wrong in [["full.json", "nowhere.json"], ["same.txt", "full.json"]] {
        let (ended, text, stderr) = run(home, &[["diff"].as_slice(), &wrong].concat());
        assert!(ended == 2 && text.is_empty() && stderr.contains("help"), "{stderr}");
    }
}

#[test]
fn completions_and_manual_know_every_job() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let (_, page, _) = run(home, &["man"]);
    let jobs: Vec<String> = hibob_audit::cli::command()
        .get_subcommands()
        .map(|job| job.get_name().to_owned())
        .filter(|job| job != "help")
        .collect();
    assert!(jobs.len() > 9, "{jobs:?}");
    let shells = ["bash", "elvish", "fish", "powershell", "zsh"];
    let scripts = shells.map(|shell| run(home, &["completions", shell]));
    for job in &jobs {
        assert!(page.contains(&format!("audit\\-{job}(1)")), "{job}: {page}");
        let (code, own, _) = run(home, &["man", job]);
        assert!(code == 0 && own.contains(".SH SYNOPSIS") && own.contains(&format!("audit {job}")), "{own}");
        for (shell, (code, script, _)) in shells.iter().zip(&scripts) {
            assert!(*code == 0 && script.contains(job), "{shell}: {job}");
        }
    }
    let (code, _, stderr) = run(home, &["man", "paln"]);
    assert!(code == 2 && stderr.contains("did you mean `plan`?"), "{stderr}");
}
