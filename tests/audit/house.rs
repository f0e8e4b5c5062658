//! Who may import whom. Data flows down: a stage may use what stands below it and nothing above.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each room, from the top of the house to the ground; whom it may import; and what it does not know.
const HOUSE: [(&str, &[&str], &str); 18] = [
    ("main", &["cli", "commands", "exit", "error"], "it only dispatches"),
    (
        "commands",
        &[
            "cli",
            "error",
            "exit",
            "report",
            "report::build",
            "gaps",
            "access",
            "evidence",
            "guide",
            "lint",
            "prober",
            "plan",
            "policy",
            "simulator",
            "catalogue",
            "catalogue::id",
            "source",
        ],
        "it is the one place that names every stage, and nothing is above it but main",
    ),
    ("cli", &[], "it holds words and does no work"),
    (
        "error",
        &["exit", "policy", "prober", "source"],
        "it speaks of what went wrong before there is a report",
    ),
    ("exit", &["report", "policy"], "the code follows from the report alone"),
    (
        "guide",
        &["report", "policy", "catalogue", "catalogue::id", "source"],
        "it is written from the policy alone, in the words of the reports",
    ),
    (
        "report::build",
        &["gaps", "access", "evidence", "plan", "policy", "catalogue", "catalogue::id"],
        "it writes down what the stages found",
    ),
    ("report", &["policy"], "a renderer knows only the report"),
    ("lint", &["policy", "catalogue", "catalogue::id", "source"], "it looks at files, and asks nobody"),
    ("gaps", &["access", "plan", "policy", "catalogue", "catalogue::id"], "it compares, and asks nobody"),
    ("access", &["evidence", "catalogue", "catalogue::id"], "it knows HR and no HTTP"),
    ("prober", &["plan", "evidence", "catalogue", "catalogue::id"], "it knows HTTP and no HR"),
    ("plan", &["policy", "catalogue", "catalogue::id"], "it is drawn before anything is asked"),
    ("evidence", &["catalogue::id"], "it is what came back, and means nothing by itself"),
    ("policy", &["catalogue", "catalogue::id", "source"], "it is what is wanted, whatever is so"),
    (
        "simulator",
        &["catalogue::id"],
        "it is an independent witness, and shares names with the tool and no knowledge",
    ),
    ("catalogue", &["catalogue::id"], "it is the vocabulary of everything above it"),
    ("source", &[], "it is the ground"),
];

/// A crate, the one room that may name it, and why.
const GUESTS: [(&str, &[&str], &str); 8] = [
    ("reqwest", &["prober"], "all outgoing sockets are in one room"),
    ("rustls", &["prober"], "all outgoing sockets are in one room"),
    ("axum", &["simulator"], "all listening sockets are in one room"),
    ("clap", &["cli", "main"], "the command line is words, and the words are in one file"),
    ("annotate_snippets", &["source"], "mistakes are drawn in one place"),
    ("serde_saphyr", &["policy", "source", "simulator"], "what people write is read where it is checked"),
    ("askama", &["report"], "markup is what a renderer writes"),
    ("anstream", &["commands"], "streams are opened in one room"),
];

struct File {
    path: PathBuf,
    room: String,
    code: String,
}

fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let below = path.strip_prefix(&src).unwrap().to_owned();
            // Tests, and what only tests use, may reach wherever they like.
            if path.is_dir() && path.file_name().unwrap() != "tests" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let parts: Vec<String> = below
                    .with_extension("")
                    .components()
                    .map(|part| part.as_os_str().to_string_lossy().into_owned())
                    .filter(|part| part != "mod")
                    .collect();
                let only_for_tests = parts.iter().skip(1).any(|part| part == "tests" || part == "fixtures");
                if parts != ["lib"] && !only_for_tests {
                    let code = code(&std::fs::read_to_string(&path).unwrap());
                    found.push(File { path: below, room: room(&parts.join("::")), code });
                }
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// The room of a module: the longest name of the table that it is, or is inside of.
fn room(module: &str) -> String {
    let rooms = HOUSE.iter().map(|(room, _, _)| *room).chain(["catalogue::id"]);
    let inside = |room: &&str| module == *room || module.starts_with(&format!("{room}::"));
    rooms.filter(inside).max_by_key(|room| room.len()).unwrap_or(module).to_owned()
}

/// The code without comments and without the modules of tests at the foot of a file.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut skipping: Option<usize> = None;
    let mut test_is_next = false;
    for line in text.lines() {
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        if let Some(of) = skipping {
            if indent == of && bare == "}" {
                skipping = None;
            }
            continue;
        }
        if bare == "#[cfg(test)]" {
            test_is_next = true;
            continue;
        }
        if test_is_next {
            test_is_next = false;
            if bare.ends_with('{') {
                skipping = Some(indent);
            }
            continue;
        }
        if !bare.starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Every module that a file names after `crate::` (or, in main, after the name of the library).
fn imports(file: &File) -> BTreeSet<String> {
    let flat = file.code.replace("pub(in crate::", "pub(in ").replace("hibob_audit::", "crate::");
    let mut modules = BTreeSet::new();
    for (at, _) in flat.match_indices("crate::") {
        if flat[..at].chars().next_back().is_some_and(is_name) {
            continue;
        }
        let rest = &flat[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let list = &list[..list.find("};").unwrap()];
            let mut depth = 0;
            let cut = |letter: char| {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
                letter == ',' && depth == 0
            };
            modules.extend(list.split(cut).map(|part| room(part.trim().split("::{").next().unwrap())));
        } else {
            let end = rest.find(|letter: char| !is_name(letter) && letter != ':').unwrap_or(rest.len());
            let path = rest[..end].trim_end_matches(':');
            modules.insert(room(path));
        }
    }
    modules.into_iter().map(|module| module.split("::<").next().unwrap().to_owned()).collect()
}

fn of(room: &str) -> Option<(&'static [&'static str], &'static str)> {
    HOUSE.iter().find(|(name, _, _)| *name == room).map(|(_, may, why)| (*may, *why))
}

/// Whether one room is the other, or a part of it.
fn is_at_home(room: &str, module: &str) -> bool {
    let house = |name: &str| name.split("::").next().unwrap().to_owned();
    let apart = room == "catalogue::id" && module == "catalogue";
    house(room) == house(module) && !apart
}

#[test]
fn every_room_imports_only_what_stands_below_it() {
    let mut broken = Vec::new();
    for file in files() {
        if file.room == "catalogue::id" {
            let all = imports(&file);
            if !all.iter().all(|module| module == "catalogue::id") {
                broken.push(format!("`catalogue::id` may not import {all:?}: every stage shares it"));
            }
            continue;
        }
        let Some((may, why)) = of(&file.room) else {
            broken.push(format!(
                "{} is in no room of the house: give `{}` a place",
                file.path.display(),
                file.room
            ));
            continue;
        };
        for module in imports(&file) {
            if !is_at_home(&file.room, &module) && !may.contains(&module.as_str()) {
                let path = file.path.display();
                broken.push(format!("`{}` may not import `{module}` ({path}): {why}", file.room));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_import_that_is_allowed_is_made_and_none_runs_upward() {
    let mut made: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files() {
        let modules = imports(&file).into_iter().filter(|module| !is_at_home(&file.room, module));
        made.entry(file.room.clone()).or_default().extend(modules);
    }
    let floor = |room: &str| HOUSE.iter().position(|(name, _, _)| *name == room);
    for (room, may, _) in HOUSE {
        for module in may {
            let own = is_at_home(room, module);
            assert!(
                own || made[room].contains(*module),
                "`{room}` no longer imports `{module}`: strike it out"
            );
            // The table is in order of the floors, so an arrow that runs down runs to the right.
            assert!(
                *module == "catalogue::id" || floor(room) < floor(module),
                "`{module}` stands above `{room}`, which imports it: that arrow runs upward"
            );
        }
    }
}

#[test]
fn each_guest_stays_in_its_room() {
    let mut broken = Vec::new();
    for file in files() {
        for (guest, rooms, why) in GUESTS {
            let own = file.room.split("::").next().unwrap();
            let named = file.code.match_indices(guest).any(|(at, _)| {
                let before = file.code[..at].chars().next_back();
                file.code[at + guest.len()..].starts_with("::") && !before.is_some_and(is_name)
            });
            if named && !rooms.contains(&own) {
                let path = file.path.display();
                broken.push(format!("`{own}` may not name `{guest}` ({path}): {why}"));
            }
        }
        for word in ["println!", "print!(", "eprintln!", "eprint!("] {
            if file.code.contains(word) {
                broken.push(format!(
                    "{} says `{word}`: streams are handed on as arguments",
                    file.path.display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_what_is_there() {
    let text = "//! crate::gaps in words\nuse crate::catalogue::id::{Action, PermissionId};\nuse crate::catalogue::Catalogue;\n\
                fn f() -> crate::plan::Plan { crate::exit::of() }\n#[cfg(test)]\nmod tests {\n    use crate::report::Report;\n}\n\
                pub(in crate::prober) fn g() {}\nuse crate::{access::Access, gaps::{Gap, Gaps}};\n";
    let file = File { path: PathBuf::new(), room: String::new(), code: code(text) };
    let seen: Vec<String> = imports(&file).into_iter().collect();
    assert_eq!(seen, ["access", "catalogue", "catalogue::id", "exit", "gaps", "plan"]);
    assert!(files().len() > 50, "{}", files().len());
}
