//! What can go wrong before, at and around a run: the right exit code, and a message that says what to do.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hibob_audit::simulator::switches::Switches;
use hibob_audit::simulator::{Persona, Setup};

use crate::stage::{Ran, Stage, audit, persona, snapshots};

const FRONTEGG: [&str; 4] = ["--policy", "frontegg", "--output", "json"];

fn demo() -> Stage {
    Stage::of(persona("demo"))
}

/// The code is right, and the message has its two halves, as the snapshot shows.
fn says(name: &str, ran: &Ran, code: i32) {
    assert_eq!(ran.code, code, "{name}:\n{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("error:") && ran.stderr.contains("help:"), "{name}:\n{}", ran.stderr);
    if code == 2 {
        assert_eq!(ran.stdout, "", "{name}: nothing but the message is printed");
    }
    snapshots().bind(|| insta::assert_snapshot!(format!("mistake-{name}"), ran.stderr.clone()));
}

/// Nothing is sent, and the code is 2.
fn is_refused(name: &str, stage: Stage, arguments: &[&str]) -> Ran {
    let ran = stage.sends_nothing().run(arguments);
    says(name, &ran, 2);
    ran
}

/// A server that gives everybody the same answer, and counts them.
struct Fixed {
    address: String,
    asked: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

impl Fixed {
    fn answering(answer: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (asked, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, ended, answer) = (Arc::clone(&asked), Arc::clone(&over), answer.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let mut stream = stream.unwrap();
                counted.fetch_add(1, Ordering::Relaxed);
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, asked, over }
    }

    fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

impl Drop for Fixed {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(&self.address);
    }
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn a_wrong_token() {
    let ran = demo().token("not-the-token").run(&FRONTEGG);
    says("wrong-token", &ran, 4);
    assert_eq!(ran.report().exit_code, 4);
}

#[test]
fn an_unreachable_host_is_given_up_soon() {
    // Listens nowhere: the port was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let began = Instant::now();
    let ran =
        demo().sends_nothing().run(&["--policy", "frontegg", "--base-url", &format!("http://{port}/v1")]);
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    says("unreachable", &ran, 4);
    assert!(ran.stdout.contains("NO VERDICT"), "{}", ran.stdout);
}

#[test]
fn a_server_that_redirects_is_not_followed() {
    let elsewhere = Fixed::answering(&response("200 OK", "Content-Type: application/json\r\n", "[]"));
    let location = format!("Location: http://{}/v1/company/people/fields\r\n", elsewhere.address);
    let server = Fixed::answering(&response("302 Found", &location, ""));
    let ran = demo().sends_nothing().run(&["--policy", "frontegg", "--base-url", &server.url()]);
    says("redirected", &ran, 4);
    assert_eq!(elsewhere.asked.load(Ordering::Relaxed), 0, "the credentials went elsewhere");
    assert_eq!(server.asked.load(Ordering::Relaxed), 1);
}

#[test]
fn a_server_of_web_pages_is_not_the_api() {
    let page = response("200 OK", "Content-Type: text/html\r\n", "<!doctype html><html></html>");
    let server = Fixed::answering(&page);
    let ran = demo().sends_nothing().run(&["--policy", "frontegg", "--base-url", &server.url()]);
    says("web-pages", &ran, 4);
}

#[test]
fn an_address_that_is_blocked() {
    let mut setup = Setup::new(persona("demo"));
    setup.switches = Switches::parse("blocked_ip: true").unwrap();
    let ran = Stage::new(setup).run(&FRONTEGG);
    says("blocked", &ran, 4);
    assert_eq!(ran.log.len(), 1);
}

#[test]
fn a_gap_that_was_proven_stands_though_the_run_was_stopped_later() {
    // What the policy needs is asked first; the block comes with the sweep for excess.
    let mut setup = Setup::new(persona("frontegg-minus-employment"));
    setup.switches =
        Switches::parse("faults: [{call: GET /company/people/fields, status: 403, page: true, after: 2}]")
            .unwrap();
    let ran = Stage::new(setup).run(&FRONTEGG);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(ran.report().policies[0].summary.missing, 1);
}

#[test]
fn five_mistakes_are_shown_at_once_each_in_its_place() {
    let text = include_str!("../policies/broken/five-mistakes.yaml");
    let ran = is_refused("five-mistakes", demo().file("p.yaml", text), &["--policy", "p.yaml"]);
    assert_eq!(ran.stderr.matches("p.yaml:").count(), 5, "{}", ran.stderr);
}

#[test]
fn a_policy_that_does_not_exist() {
    let ran = is_refused("no-such-policy", demo(), &["--policy", "fronteg"]);
    assert!(ran.stderr.contains("frontegg"), "{}", ran.stderr);
    is_refused("no-such-policy-at-all", demo(), &["--policy", "zzzzzzzzz"]);
    is_refused("another-version", demo(), &["--policy", "frontegg@2020-01-01"]);
}

#[test]
fn a_policy_that_is_a_folder() {
    is_refused("policy-is-a-folder", demo(), &["--policy", "."]);
}

#[test]
fn an_output_file_that_cannot_be_written() {
    is_refused("unwritable", demo(), &["--policy", "frontegg", "--output", "json=no/such/folder/r.json"]);
    is_refused("output-is-a-folder", demo(), &["--policy", "frontegg", "--output", "json=."]);
}

#[test]
fn words_that_a_flag_does_not_know() {
    is_refused("fail-on", demo(), &["--policy", "frontegg", "--fail-on", "mising"]);
    is_refused("tolerate", demo(), &["--policy", "frontegg", "--tolerate", "uncheckabel"]);
    is_refused("output", demo(), &["--policy", "frontegg", "--output", "jsn"]);
    is_refused("two-formats", demo(), &["--policy", "frontegg", "--output", "json", "--output", "table"]);
    is_refused("persona", demo(), &["--policy", "frontegg", "--simulate=nobody"]);
    is_refused("permission", demo(), &["catalogue", "people/payrol/view"]);
}

#[test]
fn what_the_command_line_does_not_take() {
    for (arguments, word) in [
        (&["--policy", "frontegg", "--token", "x"][..], "--token"),
        (&["--policy", "frontegg", "--scope", "half"], "half"),
        (&["--policy", "frontegg", "--min-coverage", "101"], "101"),
        (&["--scope", "full"], "--policy"),
        (&["--policy", "frontegg", "--simulate", "--credentials", "c.env"], "--credentials"),
    ] {
        let ran = demo().sends_nothing().run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("error:") && ran.stderr.contains(word), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn credentials_that_are_missing_or_torn() {
    let none = || demo().variable("HIBOB_SERVICE_USER_ID", "").variable("HIBOB_SERVICE_USER_TOKEN", "");
    is_refused("no-credentials", none(), &FRONTEGG);
    is_refused("no-token", demo().variable("HIBOB_SERVICE_USER_TOKEN", ""), &FRONTEGG);
    is_refused("no-such-file", none(), &["--policy", "frontegg", "--credentials", "c.env"]);
    let half = none().file("c.env", "HIBOB_SERVICE_USER_TOKEN=S3cretValueThatIsNeverSaid\n");
    let ran = is_refused("half-a-file", half, &["--policy", "frontegg", "--credentials", "c.env"]);
    assert!(!ran.stderr.contains("S3cret") && ran.stderr.contains("HIBOB_SERVICE_USER_ID"), "{}", ran.stderr);
}

#[test]
fn credentials_from_a_file_and_from_standard_input() {
    let persona: Persona = persona("everything");
    let text = format!(
        "# ours\nHIBOB_SERVICE_USER_ID={}\nHIBOB_SERVICE_USER_TOKEN='{}'\n",
        persona.service_user, persona.token
    );
    let none = || {
        let stage = Stage::of(persona.clone());
        stage.variable("HIBOB_SERVICE_USER_ID", "").variable("HIBOB_SERVICE_USER_TOKEN", "")
    };
    let file = none().file("c.env", &text).run(&[
        "--policy",
        "frontegg",
        "--scope",
        "policy",
        "--credentials",
        "c.env",
    ]);
    let stdin = none().stdin(&text).run(&["--policy", "frontegg", "--scope", "policy", "--credentials", "-"]);
    assert_eq!((file.code, stdin.code), (3, 3), "{}{}", file.stderr, stdin.stderr);
}

#[test]
fn plain_http_to_another_host() {
    is_refused("plain-http", demo(), &["--policy", "frontegg", "--base-url", "http://api.example.com/v1"]);
    is_refused("no-url", demo(), &["--policy", "frontegg", "--base-url", "api.hibob.com"]);
}

#[test]
fn a_policy_from_standard_input() {
    let text = "policy: own\nversion: 2026-11-21\nlist: open\nrequires:\n  - permission: people/work/view\n    label: Work\n";
    let ran = Stage::of(persona("everything"))
        .stdin(text)
        .run(&["--policy", "-", "--scope", "policy", "--output", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let head = serde_json::to_value(ran.report().policies[0].policy.clone()).unwrap();
    assert_eq!((head["origin"].as_str(), head["name"].as_str()), (Some("stdin"), Some("own")));
    is_refused("stdin-twice", demo().stdin(text), &["--policy", "-", "--policy", "-"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let home = tempfile::tempdir().unwrap();
    let mut child = audit(home.path())
        .args(["--policy", "frontegg", "--simulate=everything", "--output", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(3), ""));
}

#[test]
fn a_run_that_fails_leaves_no_file_and_one_that_succeeds_leaves_it_whole() {
    let ran =
        demo().sends_nothing().run(&["--policy", "frontegg", "--output", "json=r.json", "--fail-on", "x"]);
    assert!(!ran.home.path().join("r.json").exists());
    let ran = Stage::of(persona("everything")).run(&["--policy", "frontegg", "--output", "json=r.json"]);
    serde_json::from_str::<serde_json::Value>(&ran.written("r.json")).unwrap();
    assert_eq!(std::fs::read_dir(ran.home.path()).unwrap().count(), 1, "a draft was left behind");
}

/// What never ends is told from what is merely wrong, before it takes all the memory there is.
#[cfg(unix)]
#[test]
fn an_input_without_an_end() {
    let frontegg = |more: &[&'static str]| [&["--policy", "frontegg"], more].concat();
    for arguments in [
        frontegg(&["--credentials", "/dev/zero"]),
        frontegg(&["--evidence", "/dev/zero"]),
        frontegg(&["--ca-file", "/dev/zero", "--base-url", "https://127.0.0.1:9/v1"]),
        frontegg(&["--simulate=/dev/zero"]),
        frontegg(&["--known", "terminated=@/dev/zero"]),
        vec!["--policy", "/dev/zero"],
        vec!["render", "/dev/zero", "--output", "table"],
        vec!["diff", "/dev/zero", "/dev/zero"],
    ] {
        let ran = demo().sends_nothing().run(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.len() < 2000, "{arguments:?}: {} bytes of error", ran.stderr.len());
    }
}

/// Taken for none, it would send the credentials to HiBob itself.
#[cfg(unix)]
#[test]
fn an_address_in_the_environment_that_is_no_text() {
    use std::os::unix::ffi::OsStrExt;
    let home = tempfile::tempdir().unwrap();
    let output = audit(home.path())
        .env("HIBOB_BASE_URL", std::ffi::OsStr::from_bytes(b"http://127.0.0.1:9/\xff\xfe"))
        .env("HIBOB_SERVICE_USER_ID", "SERVICE-1")
        .env("HIBOB_SERVICE_USER_TOKEN", "no-secret-at-all")
        // Whatever goes out all the same goes no further than this machine.
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .args(["--policy", "frontegg", "--deadline", "2s", "--output", "json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!said.contains("api.hibob.com"), "{said}");
    assert!([2, 4].contains(&output.status.code().unwrap()), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A file in the place of `/dev/stdout` or `/dev/null` would take it away from the whole machine.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_and_stays_what_it_is() {
    let home = tempfile::tempdir().unwrap();
    let pipe = home.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|made| made.success()), "no pipe could be made");
    let (told, hears) = std::sync::mpsc::channel();
    let end = pipe.clone();
    std::thread::spawn(move || told.send(std::fs::read_to_string(end).unwrap()));
    let ran = audit(home.path())
        .args(["--policy", "conni", "--simulate=demo", "--scope", "policy", "--output", "json=pipe"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!std::fs::metadata(&pipe).unwrap().is_file(), "a file stands in its place");
    let text = hears.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    for format in ["table", "json", "message"] {
        let ran = Stage::of(persona("frontegg-minus-employment"))
            .run(&["--policy", "frontegg", "--scope", "policy", "--output", format]);
        assert_eq!(ran.code, 1, "{format}");
    }
}
