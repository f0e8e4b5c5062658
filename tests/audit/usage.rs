//! What is written about the tool agrees with the tool.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use hibob_audit::catalogue::Catalogue;
use hibob_audit::cli::Cli;
use hibob_audit::policy::{Origin, shipped, validate};
use hibob_audit::report::format::ROWS;
use hibob_audit::simulator::Persona;
use hibob_audit::simulator::switches::Switches;
use hibob_audit::source::Source;

use crate::stage::audit;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file))
        .unwrap_or_else(|error| panic!("{file} is part of what ships, and cannot be read: {error}"))
}

fn asked(arguments: &[&str]) -> (i32, String) {
    let home = tempfile::tempdir().unwrap();
    let output = audit(home.path()).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_help_names_every_flag_and_says_what_it_does() {
    let mut command = Cli::command();
    command.build();
    let mut jobs: Vec<(Vec<String>, clap::Command)> = vec![(Vec::new(), command.clone())];
    for job in command.get_subcommands().filter(|job| job.get_name() != "help") {
        jobs.push((vec![job.get_name().to_owned()], job.clone()));
        for below in job.get_subcommands().filter(|below| below.get_name() != "help") {
            jobs.push((vec![job.get_name().to_owned(), below.get_name().to_owned()], below.clone()));
        }
    }
    assert!(jobs.len() >= 5);
    for (path, job) in jobs {
        let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
        arguments.push("--help");
        let (code, help) = asked(&arguments);
        assert_eq!(code, 0, "{arguments:?}");
        for argument in job.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let name = argument.get_id();
            if let Some(long) = argument.get_long() {
                assert!(help.contains(&format!("--{long}")), "{arguments:?} does not name --{long}:\n{help}");
            }
            assert!(argument.get_help().is_some(), "{name} of {path:?} is not explained");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 120), "{help}");
    }
}

#[test]
fn every_name_in_the_help_exists() {
    let (_, help) = asked(&["--help"]);
    let flat = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("frontegg") && flat.contains("`audit policy show` lists them"), "{help}");
    for row in &ROWS {
        assert!(flat.contains(row.name), "the help does not name the format {}", row.name);
    }
    for word in hibob_audit::exit::FAIL_ON {
        assert!(help.contains(word), "the help does not name --fail-on {word}");
    }
    for line in help.lines().filter(|line| line.contains("audit --policy") || line.contains("audit plan")) {
        let command = line.split_once("audit ").unwrap().1;
        let words: Vec<&str> = command.split_whitespace().collect();
        let (code, _) = asked(&words);
        assert!([0, 1, 3].contains(&code), "`audit {command}` of the help ends in {code}");
    }
    assert!(help.contains("--simulate"));
    let (code, _) = asked(&["--policy", "frontegg", "--scope", "policy", "--simulate"]);
    assert_eq!(code, 1, "the persona that is meant when none is named shows a gap");
}

#[test]
fn every_persona_plays() {
    let names: Vec<&str> = Persona::names().into_iter().map(|(name, _)| name).collect();
    for name in &names {
        let (code, _) = asked(&["--policy", "frontegg", "--scope", "policy", &format!("--simulate={name}")]);
        assert!([1, 3].contains(&code), "{name} ends in {code}");
    }
    for policy in ["frontegg", "gifted", "kombo", "stackone"] {
        assert!(names.contains(&policy), "no persona has exactly what {policy} asks");
    }
}

#[test]
fn the_folder_of_policies_holds_policies_that_load() {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("policies")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::from_bytes(&name, std::fs::read(&path).unwrap()).unwrap();
        let policy = validate::read(&source, Origin::File, Catalogue::embedded())
            .unwrap_or_else(|problems| panic!("{}", problems.render(false)));
        assert_eq!(format!("{}.yaml", policy.name), name);
        names.insert(policy.name);
    }
    assert_eq!(names, shipped::names().into_iter().map(str::to_owned).collect());
}

#[test]
fn every_snapshot_has_a_plain_name_and_a_test() {
    let tests: String = rust_files(&root().join("tests")).chain(rust_files(&root().join("src"))).collect();
    for entry in std::fs::read_dir(root().join("snapshots")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // It has a test of its own, which also finds what belongs to nobody.
        if name == "gallery" {
            continue;
        }
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        assert!(name.chars().all(plain), "{name}: a name that every system can have is plain ASCII");
        let stem = name
            .strip_suffix(".snap")
            .unwrap_or_else(|| panic!("{name} is not a snapshot that was accepted"));
        // Some names are made of a scenario and a format; the first word stands in a test.
        let words: Vec<&str> = stem.split(['.', '-']).collect();
        assert!(tests.contains(words[0]), "no test makes {name}");
    }
}

fn rust_files(folder: &Path) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    found.into_iter()
}

#[test]
fn the_schemas_are_those_that_the_tool_prints() {
    for which in ["policy", "overlay", "report", "lint", "set"] {
        let (code, text) = asked(&["schema", which]);
        if std::env::var_os("AUDIT_UPDATE").is_some() {
            std::fs::write(root().join(format!("schemas/{which}.v1.json")), &text).unwrap();
        }
        assert_eq!((code, text.trim()), (0, read(&format!("schemas/{which}.v1.json")).trim()), "{which}");
    }
}

/// The commands of the fenced blocks of a page, joined where a backslash ends a line.
fn commands(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in page.replace("\\\n", " ").lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside {
            let line = line.trim().trim_start_matches("$ ");
            if line.starts_with("cargo ") || line.starts_with("audit ") {
                commands
                    .push(line.split('#').next().unwrap().split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    commands
}

#[test]
fn the_two_commands_of_the_readme_are_what_they_say() {
    let commands = commands(&read("README.md"));
    let run = commands.iter().find(|command| command.starts_with("cargo run"));
    let run = run.unwrap_or_else(|| panic!("README.md has no `cargo run`: {commands:?}"));
    let (_, arguments) = run.split_once(" -- ").unwrap_or_else(|| panic!("`{run}` gives the tool nothing"));
    assert!(arguments.contains("--policy frontegg") && arguments.contains("--simulate"), "{run}");
    let (code, text) = asked(&arguments.split_whitespace().collect::<Vec<_>>());
    assert_eq!(code, 1, "{run}");
    for word in ["TO TICK", "TO UNTICK", "TO LOOK AT"] {
        assert!(text.contains(word), "`{run}` shows no {word}:\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(commands.iter().any(|command| command.starts_with("cargo test")), "{commands:?}");
}

/// The pages for users: the README and whatever lies in docs.
fn pages() -> Vec<(String, String)> {
    let docs = std::fs::read_dir(root().join("docs")).unwrap();
    let names = docs.map(|entry| format!("docs/{}", entry.unwrap().file_name().to_string_lossy()));
    std::iter::once("README.md".to_owned()).chain(names).map(|name| (name.clone(), read(&name))).collect()
}

#[test]
fn every_command_of_the_pages_is_one_that_the_tool_takes() {
    for (page, text) in pages() {
        for command in commands(&text).iter().filter(|command| command.starts_with("audit ")) {
            let parts = command.split(['|', '>', ';', '&']).next().unwrap().split('"').enumerate();
            // What stands in quotes is one word.
            let words =
                parts.flat_map(
                    |(at, part)| {
                        if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }
                    },
                );
            let parsed = Cli::command().try_get_matches_from(words);
            let kind = parsed.err().map(|error| error.kind());
            assert!(
                matches!(
                    kind,
                    None | Some(clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion)
                ),
                "{page} says `{command}`, which the tool does not take: {kind:?}"
            );
        }
    }
}

#[test]
fn the_page_on_the_simulator_names_every_switch_and_its_examples_are_taken() {
    let page = read("docs/simulator.md");
    let refused = Switches::parse("no_such_switch: true").unwrap_err().to_string();
    let (_, switches) = refused.split_once("expected one of ").expect("the names that are taken");
    let switches: Vec<&str> = switches.lines().next().unwrap().split(", ").collect();
    assert!(switches.len() > 30, "{refused}");
    for switch in switches {
        assert!(page.contains(&format!("`{switch}`")), "docs/simulator.md does not name `{switch}`");
    }
    let blocks: Vec<&str> =
        page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 2);
    Persona::parse(blocks[0]).unwrap();
    Switches::parse(blocks[1]).unwrap();
}

#[test]
fn the_exit_codes_of_the_readme_are_those_of_the_tool() {
    let page = read("README.md");
    let (_, help) = asked(&["--help"]);
    let meanings = [
        ("0 satisfied", "verified"),
        ("1 gaps", "gaps"),
        ("2 wrong input", "wrong"),
        ("3 inconclusive", "inconclusive"),
        ("4 no verdict", "no verdict"),
        ("5 a bug", "a bug"),
    ];
    for (code, (in_help, in_page)) in meanings.into_iter().enumerate() {
        let of_code = |line: &&str| line.starts_with(&format!("| {code} |"));
        let row = page.lines().find(of_code).unwrap_or_default();
        assert!(row.contains(in_page), "README.md has no row for the exit code {code}, or another: {row}");
        assert!(help.contains(in_help), "{help}");
    }
}

#[test]
fn the_page_on_reports_shows_every_format_in_the_gallery() {
    let page = read("docs/reports.md");
    for row in &ROWS {
        assert!(page.contains(&format!("## {}", row.name)), "docs/reports.md has no section on {}", row.name);
        for run in ["satisfied", "gaps", "half-unknown"] {
            let file = format!("snapshots/gallery/{run}/report.{}", row.extension);
            assert!(page.contains(&format!("(../{file})")), "docs/reports.md does not link {file}");
            assert!(!read(&file).is_empty(), "{file}");
        }
    }
    for command in commands(&page).iter().filter(|command| command.starts_with("audit ")) {
        let words = command.split(['|', '>', ';', '&']).next().unwrap().split_whitespace();
        let kind = Cli::command().try_get_matches_from(words).err().map(|error| error.to_string());
        assert_eq!(kind, None, "docs/reports.md says `{command}`, which the tool does not take");
    }
}
