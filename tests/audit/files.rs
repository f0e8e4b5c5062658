//! The jobs that need no network: to check policies, to look into them, to begin one, to write guides.

use std::path::Path;

use hibob_audit::policy::shipped;
use serde_json::Value;

use crate::stage::audit;

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

fn root(below: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below).to_string_lossy().into_owned()
}

fn ran_in(home: &Path, arguments: &[&str]) -> Ran {
    let output = audit(home).args(arguments).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn ran(arguments: &[&str]) -> Ran {
    ran_in(tempfile::tempdir().unwrap().path(), arguments)
}

fn findings(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", ran.stdout, ran.stderr))
}

fn codes(ran: &Ran) -> Vec<String> {
    findings(ran).iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

const TODAY: &str = "2026-11-22";

#[test]
fn mistakes_of_all_files_are_shown_at_once_and_end_in_two() {
    let (broken, other) =
        (root("tests/policies/broken/five-mistakes.yaml"), root("tests/policies/broken/tabs.yaml"));
    let arguments = ["policy", "lint", &broken, "nowhere.yaml", &other, "frontegg", "--output", "json"];
    let ran = ran(&arguments);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let found = findings(&ran);
    let of = |file: &str| found.iter().filter(|it| it["file"].as_str().unwrap().ends_with(file)).count();
    assert!(of("five-mistakes.yaml") >= 5 && of("tabs.yaml") >= 1, "{found:#?}");
    assert_eq!(of("nowhere.yaml"), 1);
    assert!(of("frontegg.yaml") >= 3);
    let missing = found.iter().find(|it| it["file"] == "nowhere.yaml").unwrap();
    assert_eq!((&missing["line"], &missing["level"]), (&Value::Null, &Value::from("error")));
    for finding in &found {
        let keys: Vec<&String> = finding.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["code", "column", "file", "help", "level", "line", "message"]);
    }
    let meant = found.iter().any(|it| it["help"].as_str().is_some_and(|help| help.contains("did you mean")));
    assert!(meant, "{found:#?}");
}

#[test]
fn warnings_alone_end_in_zero_and_denied_ones_in_two() {
    let lint = |more: &[&str]| {
        let mut arguments = vec!["policy", "lint", "gifted", "--output", "json", "--today", TODAY];
        arguments.extend(more);
        ran(&arguments)
    };
    let all = lint(&[]);
    assert_eq!(all.code, 0);
    assert!(codes(&all).contains(&"open-list".to_owned()));
    let fewer = lint(&["--allow", "open-list,duplicate-line"]);
    assert_eq!(fewer.code, 0);
    assert!(!codes(&fewer).iter().any(|code| code == "open-list" || code == "duplicate-line"));
    let denied = lint(&["--deny", "no-basic-info"]);
    assert_eq!(denied.code, 2);
    assert_eq!(codes(&denied), codes(&all));
    assert_eq!(lint(&["--deny", "stale-source"]).code, 0, "it was read lately");
    let none = lint(&["--allow", "warnings"]);
    assert_eq!((none.code, none.stdout.trim()), (0, "[]"));
    let unknown = lint(&["--allow", "open-lists"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("open-list"), "{}", unknown.stderr);
}

#[test]
fn a_source_grows_stale_by_the_day_that_is_given() {
    let codes_on = |day: &str| codes(&ran(&["policy", "lint", "gifted", "--output", "json", "--today", day]));
    let stale = |day: &str| codes_on(day).contains(&"stale-source".to_owned());
    assert!(!stale("2027-11-21"), "a year to the day");
    assert!(stale("2027-11-22"));
    assert_eq!(ran(&["policy", "lint", "gifted", "--today", "soon"]).code, 2);
}

#[test]
fn a_warning_names_its_code_beside_a_caret() {
    let ran = ran(&["policy", "lint", "gifted", "--today", TODAY]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("warning[open-list]: policy `gifted.yaml`"), "{}", ran.stdout);
    assert!(ran.stdout.contains("^^^^"));
    assert!(ran.stderr.starts_with("1 file: 0 errors, "), "{}", ran.stderr);
}

#[test]
fn an_overlay_is_held_against_the_policy_that_it_speaks_of() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
    write("good.yaml", "overlay: acme\nfor: deel\nwith: [time-off]\n");
    write("typo.yaml", "overlay: acme\nfor: deel\nwith: [time-of]\n");
    write("misses.yaml", "overlay: acme\nfor: deel\nremove: [people/eeo/view]\n");
    write("alone.yaml", "overlay: acme\nwith: [time-off]\n");
    write(
        "decided.yaml",
        "decisions:\n  - {item: people/payroll/view, kind: accept, reason: known, by: Dana, until: 2026-11-20}\n  \
         - {item: people/address/view, kind: accept, reason: known, by: Dana, until: 2026-12-01}\n",
    );
    let lint = |files: &[&str]| {
        let mut arguments = vec!["policy", "lint", "--output", "json", "--today", TODAY];
        arguments.extend(files);
        ran_in(home.path(), &arguments)
    };
    let good = lint(&["good.yaml"]);
    assert_eq!((good.code, codes(&good)), (0, Vec::new()), "{}", good.stdout);
    let typo = lint(&["typo.yaml"]);
    assert_eq!((typo.code, codes(&typo)), (2, vec!["unknown-feature".to_owned()]));
    let misses = lint(&["misses.yaml"]);
    assert_eq!((misses.code, codes(&misses)), (2, vec!["line-not-there".to_owned()]));
    let alone = lint(&["alone.yaml"]);
    assert_eq!((alone.code, codes(&alone)), (0, vec!["overlay-alone".to_owned()]));
    let together = lint(&["alone.yaml", "deel", "--allow", "warnings"]);
    assert_eq!(together.code, 0, "{}", together.stdout);
    let decided = lint(&["decided.yaml", "deel"]);
    let found = codes(&decided);
    assert!(
        found.contains(&"decision-ended".to_owned()) && found.contains(&"decision-ends".to_owned()),
        "{found:?}"
    );
}

#[test]
fn nothing_makes_lint_fall_over() {
    let mut files: Vec<String> = ["broken", "good"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root(&format!("tests/policies/{folder}"))).unwrap())
        .map(|entry| entry.unwrap().path().to_string_lossy().into_owned())
        .collect();
    files.sort();
    for file in &files {
        let ran = ran(&["policy", "lint", file, "--output", "json"]);
        assert!([0, 2].contains(&ran.code), "{file}: {}\n{}", ran.code, ran.stderr);
        let errors = findings(&ran).iter().any(|finding| finding["level"] == "error");
        assert_eq!(ran.code == 2, errors, "{file}");
        if file.contains("broken") && !file.contains("overlay") {
            assert!(errors, "{file} is broken");
        }
    }
}

#[test]
fn the_findings_and_the_sets_fit_their_schemas() {
    let fits = |schema: &str, value: &Value| {
        let mut compiler = boon::Compiler::new();
        let text = std::fs::read_to_string(root(schema)).unwrap();
        compiler.add_resource("schema.json", serde_json::from_str(&text).unwrap()).unwrap();
        let mut schemas = boon::Schemas::new();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        schemas.validate(value, index).map_err(|error| format!("{error:#}"))
    };
    let broken = root("tests/policies/broken/five-mistakes.yaml");
    let found = findings_of(&["policy", "lint", &broken, "gifted", "--output", "json"]);
    fits("schemas/lint.v1.json", &found).unwrap();
    for name in ["gifted", "kombo", "deel", "multiplier"] {
        let set = findings_of(&["policy", "show", name, "--output", "json"]);
        fits("schemas/set.v1.json", &set).unwrap();
        let yaml = ran(&["policy", "show", name, "--output", "yaml"]);
        let yaml: Value = serde_yaml::from_str(&yaml.stdout).unwrap();
        assert_eq!(yaml, set, "{name}");
    }
}

fn findings_of(arguments: &[&str]) -> Value {
    serde_json::from_str(&ran(arguments).stdout).unwrap()
}

#[test]
fn show_folds_what_is_asked_for_twice_and_keeps_every_place() {
    let set = findings_of(&["policy", "show", "gifted", "--output", "json"]);
    let items = set["items"].as_array().unwrap();
    assert_eq!(items.len(), 13);
    let again: usize = items.iter().map(|item| item["also"].as_array().unwrap().len()).sum();
    assert_eq!(again, 4);
    let kombo = findings_of(&["policy", "show", "kombo", "--output", "json"]);
    let kinds: Vec<&str> =
        kombo["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "box").count(), 6);
    let without = findings_of(&["policy", "show", "deel", "--output", "json"]);
    let with = findings_of(&["policy", "show", "deel", "--with", "time-off", "--output", "json"]);
    let count = |set: &Value| set["items"].as_array().unwrap().len();
    assert!(count(&with) > count(&without));
    let text = ran(&["policy", "show", "gifted"]);
    assert!(text.stdout.contains("17 lines come to 13 items; an open list"), "{}", text.stdout);
    assert!(text.stdout.lines().all(|line| line.chars().count() <= 80), "{}", text.stdout);
}

#[test]
fn a_shipped_policy_is_written_out_word_for_word_and_finds_its_schema() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("schemas")).unwrap();
    std::fs::create_dir_all(home.path().join("hr/policies")).unwrap();
    std::fs::write(home.path().join("schemas/policy.v1.json"), "{}").unwrap();
    let ran = ran_in(home.path(), &["policy", "show", "deel", "--source", "hr/policies/deel.yaml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let written = std::fs::read_to_string(home.path().join("hr/policies/deel.yaml")).unwrap();
    let shipped = std::fs::read_to_string(root("policies/deel.yaml")).unwrap().replace("\r\n", "\n");
    let (head, rest) = written.split_once('\n').unwrap();
    assert_eq!(head, "# yaml-language-server: $schema=../../schemas/policy.v1.json");
    assert_eq!(rest, shipped.split_once('\n').unwrap().1);
    let again = ran_in(home.path(), &["policy", "show", "deel", "--source", "hr/policies/deel.yaml"]);
    assert_eq!(again.code, 2, "nothing is written over");
    let printed = ran_in(home.path(), &["policy", "show", "deel", "--source"]);
    assert_eq!(printed.stdout.split_once('\n').unwrap().1, rest);
}

#[test]
fn what_is_written_outside_the_repository_has_its_schema_beside_it() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("hr")).unwrap();
    let shown = ran_in(home.path(), &["policy", "show", "deel", "--source", "hr/deel.yaml"]);
    assert!(shown.stderr.contains("wrote hr/policy.v1.json beside it"), "{}", shown.stderr);
    let schema = std::fs::read_to_string(home.path().join("hr/policy.v1.json")).unwrap();
    assert_eq!(schema, ran(&["schema", "policy"]).stdout);
    let new = ["policy", "new", "--name", "acme", "--permission", "people/work/view", "--output"];
    for (file, way) in [("acme.yaml", "policy.v1.json"), ("hr/acme.yaml", "policy.v1.json")] {
        let written = ran_in(home.path(), &[&new[..], &[file]].concat());
        assert_eq!(written.code, 0, "{}", written.stderr);
        let text = std::fs::read_to_string(home.path().join(file)).unwrap();
        assert_eq!(text.lines().next(), Some(format!("# yaml-language-server: $schema={way}").as_str()));
    }
    assert!(home.path().join("policy.v1.json").is_file());
    // What is printed is put nowhere, and neither is its schema.
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(ran_in(empty.path(), &["policy", "show", "deel", "--source"]).code, 0);
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[test]
fn a_new_policy_lints_clean_and_nothing_is_written_over() {
    let home = tempfile::tempdir().unwrap();
    let new = [
        "policy",
        "new",
        "--name",
        "acme",
        "--title",
        "Acme: HR #1",
        "--publisher",
        "Acme",
        "--permission",
        "people/work/view,people/work/history",
        "--permission",
        "time-off/balance/view",
        "--population",
        "employed,terminated",
        "--output",
        "acme.yaml",
    ];
    let ran = ran_in(home.path(), &new);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Of a box that nobody asked for, only the author can say whether it may be in the list.
    let lint = ["policy", "lint", "acme.yaml", "--deny", "warnings", "--allow", "people-unseen"];
    let lint = ran_in(home.path(), &lint);
    assert_eq!(lint.code, 0, "{}", lint.stdout);
    let set: Value = serde_json::from_str(
        &ran_in(home.path(), &["policy", "show", "acme.yaml", "--output", "json"]).stdout,
    )
    .unwrap();
    let ids: Vec<&str> =
        set["items"].as_array().unwrap().iter().filter_map(|item| item["id"].as_str()).collect();
    assert_eq!(
        ids,
        [
            "people/work/view",
            "people/work/history",
            "time-off/balance/view",
            "people/root/view",
            "population/employed",
            "population/terminated"
        ]
    );
    let before = std::fs::read_to_string(home.path().join("acme.yaml")).unwrap();
    let again = ran_in(home.path(), &new);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(home.path().join("acme.yaml")).unwrap(), before);
}

#[test]
fn a_new_policy_says_what_it_lacks() {
    let without = ran(&["policy", "new", "--title", "Acme"]);
    assert_eq!(without.code, 2);
    assert!(
        without.stderr.contains("--name") && without.stderr.contains("--permission"),
        "{}",
        without.stderr
    );
    for (flag, word, meant) in [
        ("--permission", "people/payrol/view", "people/payroll/view"),
        ("--population", "hird", "hired"),
        ("--name", "Acme HR", "small letters"),
    ] {
        let mut arguments = vec!["policy", "new", flag, word];
        for (other, fine) in [("--name", "acme"), ("--permission", "people/root/view")] {
            if other != flag {
                arguments.extend([other, fine]);
            }
        }
        let ran = ran(&arguments);
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains(meant), "{}", ran.stderr);
    }
}

#[test]
fn a_guide_is_written_in_the_screens_that_are_asked_for() {
    let guide = |more: &[&str]| {
        let mut arguments = vec!["guide", "--policy", "finch", "--output", "markdown"];
        arguments.extend(more);
        ran(&arguments)
    };
    let own = guide(&[]);
    assert_eq!(own.code, 0, "{}", own.stderr);
    assert!(own.stdout.contains("People's data › Access rights"), "{}", own.stdout);
    let newest = guide(&["--ui", "peoples-fields"]);
    assert!(newest.stdout.contains("Under People's data › People's fields › Address:"), "{}", newest.stdout);
    assert!(newest.stdout.contains("People's data › Access data for"));
    let oldest = guide(&["--ui", "roles-and-permissions"]);
    assert!(
        oldest.stdout.contains("Settings › Roles & Permissions")
            || oldest.stdout.contains("Roles \\& Permissions")
    );
    let unknown = guide(&["--ui", "people-fields"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("did you mean `peoples-fields`?"), "{}", unknown.stderr);
}

#[test]
fn a_guide_for_one_customer_holds_only_what_concerns_it() {
    let general = ran(&["guide", "--policy", "deel", "--output", "markdown"]).stdout;
    for title in ["People sync plug-in", "Time off plug-in"] {
        assert!(general.contains(&format!("#### Only with: {title}")), "{general}");
    }
    let one = ran(&["guide", "--policy", "deel", "--with", "time-off", "--output", "markdown"]).stdout;
    assert!(!one.contains("#### Only"), "{one}");
    assert!(one.contains("Settings") && !one.contains("people directory"), "{one}");
}

#[test]
fn a_page_of_html_lets_nothing_break_out() {
    let home = tempfile::tempdir().unwrap();
    let hostile = "policy: x\nversion: 2026-11-21\nlist: closed\ntitle: '<script>alert(1)</script>'\n\
                   source: {publisher: '\"><img src=x onerror=alert(1)>', title: a, url: 'javascript:alert(1)'}\n\
                   requires:\n  - {permission: people/root/view, label: '**not bold** <b>x</b> \\u202e', breaks: '`x` & <i>'}\n\
                   notes: [']]> --> </style><script>']\n";
    std::fs::write(home.path().join("x.yaml"), hostile).unwrap();
    let page = ran_in(home.path(), &["guide", "--policy", "x.yaml", "--output", "html"]).stdout;
    assert_eq!(page.matches("<script").count(), 0, "{page}");
    assert_eq!(page.matches("<img").count(), 0);
    assert!(!page.contains("href=\"javascript"), "{page}");
    assert!(page.contains("<b>**not bold** &lt;b&gt;x&lt;/b&gt;"), "{page}");
    let file = ran_in(home.path(), &["guide", "--policy", "x.yaml", "--output", "html=x.html"]);
    assert_eq!((file.code, file.stdout.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(home.path().join("x.html")).unwrap(), page);
    let markdown = ran_in(home.path(), &["guide", "--policy", "x.yaml", "--output", "markdown"]).stdout;
    assert!(!markdown.contains("<script") || markdown.contains("\\<script"), "{markdown}");
}

/// The fenced blocks of a page, each with what stands after its fence.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut inside: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut inside, line.strip_prefix("```")) {
            (None, Some(kind)) => inside = Some((kind.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(inside.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn whoever_follows_the_page_for_admins_has_changed_a_policy() {
    let page = std::fs::read_to_string(root("docs/change-a-policy.md")).unwrap().replace("\r\n", "\n");
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("our-finch.yaml");
    let (mut commands, mut to_find, mut to_append) = (0, Vec::new(), String::new());
    for (kind, text) in blocks(&page) {
        match kind.as_str() {
            "sh" => {
                if commands == 1 {
                    // What was found and is to be written over nothing else is deleted.
                    let mut policy = std::fs::read_to_string(&file).unwrap();
                    for found in to_find.drain(..) {
                        policy = policy.replace(&found, "");
                    }
                    std::fs::write(&file, policy + &to_append).unwrap();
                }
                for line in text.lines() {
                    let arguments = words(line.strip_prefix("audit ").unwrap());
                    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                    let ran = ran_in(home.path(), &arguments);
                    assert_eq!(ran.code, 0, "{line}\n{}\n{}", ran.stdout, ran.stderr);
                    commands += 1;
                }
            }
            "yaml find" => {
                let policy = std::fs::read_to_string(&file).unwrap();
                assert_eq!(policy.matches(&text).count(), 1, "{text}");
                to_find.push(text);
            }
            "yaml write" => {
                let policy = std::fs::read_to_string(&file).unwrap();
                std::fs::write(&file, policy.replace(&to_find.pop().unwrap(), &text)).unwrap();
            }
            "yaml append" => to_append = text,
            "text" => {}
            other => {
                let name = other.strip_prefix("yaml ").unwrap();
                std::fs::write(home.path().join(name), text).unwrap();
            }
        }
    }
    assert!(commands >= 8, "{commands}");
    for written in ["our-finch.html", "our-guide.html", "our-export.yaml"] {
        assert!(home.path().join(written).is_file(), "{written}");
    }
    let set: Value = serde_json::from_str(
        &ran_in(home.path(), &["policy", "show", "our-finch.yaml", "--output", "json"]).stdout,
    )
    .unwrap();
    let of = |need: &str| -> Vec<&str> {
        let items = set["items"].as_array().unwrap().iter().filter(|item| item["need"] == need);
        items.filter_map(|item| item["id"].as_str()).collect()
    };
    assert_eq!(of("forbidden"), ["people/payroll/view"]);
    assert!(of("required").contains(&"people/work/view"), "{set:#}");
    assert!(of("required").contains(&"population/terminated"));
}

/// The words of a command, with those in quotes as one.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn show_without_a_name_lists_what_ships() {
    let list = ran(&["policy", "show"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    for name in shipped::names() {
        assert!(list.stdout.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name}");
    }
    assert_eq!(ran(&["policy", "show", "--source", "x.yaml"]).code, 2, "nothing was named");
}
