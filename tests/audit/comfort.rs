//! The operator's side of a run: what it says while it goes on, how it is broken off, what it leaves behind,
//! and the way that it takes to the API.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use hibob_audit::simulator::{Setup, Switches};
use serde_json::Value;

use crate::stage::{Stage, audit, persona, simulator};

fn slow(switches: &str) -> Setup {
    Setup { switches: Switches::parse(switches).unwrap(), ..Setup::new(persona("demo")) }
}

#[test]
fn a_machine_is_told_what_is_asked_and_what_is_waited_for() {
    let ran = Stage::new(slow("faults: [{call: GET /tasks, status: 429, retry_after: 1, times: 1}]"))
        .run(&["--policy", "frontegg", "--log", "json", "--output", "json"]);
    let events: Vec<Value> = ran.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |event: &str| events.iter().filter(|told| told["event"] == event).collect::<Vec<_>>();
    assert_eq!((of("begin").len(), of("end").len()), (1, 1), "{}", ran.stderr);
    // One request was sent twice.
    assert_eq!(of("ask").len() + 1, ran.log.len());
    let waits = of("wait");
    let wait = waits.iter().find(|wait| wait["for"] == "GET /tasks").unwrap();
    let until: jiff::Timestamp = wait["until"].as_str().unwrap().parse().unwrap();
    let at: jiff::Timestamp = wait["at"].as_str().unwrap().parse().unwrap();
    assert!(wait["why"] == "limit" && until.as_second() - at.as_second() <= 3, "{wait}");
    assert!(ran.report().run.requests > 20);
}

#[test]
fn in_a_pipe_nothing_is_said_unless_asked_for() {
    let ran = Stage::of(persona("everything")).run(&["--policy", "frontegg", "--output", "json"]);
    assert_eq!(ran.stderr, "");
}

/// Ends a run with Ctrl-C once it has said something, and hands back what it said. No file may be left.
#[cfg(unix)]
fn interrupted(setup: Setup, arguments: &[&str], once_it_says: &[&str]) -> String {
    let running = simulator(setup);
    let home = tempfile::tempdir().unwrap();
    let mut child = audit(home.path())
        .env("HIBOB_BASE_URL", running.base_url())
        .env("HIBOB_SERVICE_USER_ID", running.service_user())
        .env("HIBOB_SERVICE_USER_TOKEN", running.token())
        .args(arguments)
        .args(["--policy", "frontegg", "--log", "json"])
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    let is_said = |said: &str| said.lines().any(|line| once_it_says.iter().all(|part| line.contains(part)));
    while !is_said(&said) {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "{said}");
    }
    std::thread::sleep(Duration::from_millis(700));
    let began = Instant::now();
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    stderr.read_to_string(&mut said).unwrap();
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(130), "{said}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let mut stdout = String::new();
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert_eq!((stdout.as_str(), std::fs::read_dir(home.path()).unwrap().count()), ("", 0));
    said
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_at_once_says_what_was_learned_and_leaves_no_file() {
    let of_tasks = |fault: &str| slow(&format!("faults: [{{call: GET /tasks, {fault}}}]"));
    let judging = ["--output", "json=r.json", "--output", "table", "--wait", "5m"];
    // Each would take a minute, or ten seconds at the least: an answer that is late, one that comes in drops
    // without end, a limit that is told to last, and the pause before the next round.
    let asks = ["\"ask\"", "\"endpoint\":\"tasks\""];
    let cases: [(Setup, &[&str]); 4] = [
        (of_tasks("delay_ms: 60000"), &asks),
        (of_tasks("body: endless"), &asks),
        (of_tasks("status: 429, retry_after: 120"), &["\"wait\"", "GET /tasks"]),
        (slow("{}"), &["\"again\""]),
    ];
    for (setup, once_it_says) in cases {
        let said = interrupted(setup, &judging, once_it_says);
        assert!(said.contains("interrupted") && said.contains("frontegg: so far"), "{said}");
    }
    let said = interrupted(of_tasks("body: endless"), &["probe", "--output", "e.json"], &asks);
    assert!(said.contains("interrupted"), "{said}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_whose_reader_never_comes() {
    let home = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo").arg(home.path().join("pipe")).status();
    if !made.is_ok_and(|made| made.success()) {
        eprintln!("WARNING: there is no `mkfifo` here; a pipe without a reader was NOT tried");
        return;
    }
    let mut child = audit(home.path())
        .args(["--policy", "conni", "--simulate=demo", "--scope", "policy", "--log", "json"])
        .args(["--output", "json=pipe"])
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("\"end\"") {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "{said}");
    }
    std::thread::sleep(Duration::from_millis(700));
    assert!(child.try_wait().unwrap().is_none(), "{said}");
    let began = Instant::now();
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    while child.try_wait().unwrap().is_none() && began.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // So that nothing outlives a test that fails.
    let _ = child.kill();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[cfg(unix)]
#[test]
fn what_is_written_is_not_for_everybody_and_never_through_a_link_that_somebody_laid() {
    use std::os::unix::fs::PermissionsExt;
    let ran = Stage::of(persona("everything")).run(&["--policy", "frontegg", "--output", "json=r.json"]);
    let mode = std::fs::metadata(ran.home.path().join("r.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777 & !0o640, 0, "{mode:o}");
}

#[cfg(unix)]
#[test]
fn credentials_that_others_may_read_are_warned_about() {
    use std::os::unix::fs::PermissionsExt;
    let who = persona("everything");
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("c.env");
    let (id, token) = (&who.service_user, &who.token);
    std::fs::write(&file, format!("HIBOB_SERVICE_USER_ID={id}\nHIBOB_SERVICE_USER_TOKEN={token}\n")).unwrap();
    for (mode, quiet, warned) in [(0o644, false, true), (0o644, true, false), (0o600, false, false)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let file = file.display().to_string();
        let mut arguments = vec![
            "--policy",
            "frontegg",
            "--scope",
            "policy",
            "--credentials",
            file.as_str(),
            "--output",
            "json",
        ];
        arguments.extend(quiet.then_some("-q"));
        let ran = Stage::of(who.clone()).run(&arguments);
        assert_eq!(ran.stderr.contains("chmod 600"), warned, "{mode:o}: {}", ran.stderr);
        assert!(!ran.stderr.contains(token.as_str()));
    }
}

/// What a terminal of some width is sent, where a program can play one here.
#[cfg(target_os = "linux")]
fn on_a_terminal(columns: usize, arguments: &str) -> Option<String> {
    let home = tempfile::tempdir().unwrap();
    let line = format!("stty cols {columns} rows 24; exec {} {arguments}", env!("CARGO_BIN_EXE_audit"));
    let played = std::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(std::process::Stdio::null())
        .output();
    let played =
        played.ok().filter(|played| home.path().join("r.json").exists() || !played.stdout.is_empty());
    if played.is_none() {
        eprintln!("WARNING: no `script` plays a terminal here; progress was NOT looked at");
    }
    Some(String::from_utf8_lossy(&played?.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_told_in_one_line_that_is_taken_back() {
    const ANEW: &str = "\r\u{1b}[2K";
    for columns in [40, 80] {
        let arguments = "--policy conni --simulate=demo --output json=r.json";
        let Some(shown) = on_a_terminal(columns, arguments) else { return };
        let lines: Vec<&str> = shown.split(ANEW).collect();
        assert!(lines.len() > 20, "{shown:?}");
        let longest = lines.iter().map(|line| line.chars().count()).max().unwrap();
        assert!(longest < columns && !shown.contains('\n'), "{longest} {shown:?}");
        assert!(shown.ends_with(ANEW), "{shown:?}");
    }
    let quiet = on_a_terminal(80, "--policy conni --simulate=demo --output json=r.json -q");
    assert_eq!(quiet.as_deref(), Some(""));
}

/// The first request that reaches a proxy, which turns it down.
fn heard_by_a_proxy(by_flag: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let ear = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut heard = String::new();
        while !heard.ends_with("\r\n\r\n") && reader.read_line(&mut heard).unwrap() > 0 {}
        reader.get_mut().write_all(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n").unwrap();
        heard
    });
    let mut arguments =
        vec!["--policy", "frontegg", "--base-url", "https://api.hibob.invalid/v1", "--deadline", "2s"];
    let stage = Stage::of(persona("demo")).sends_nothing();
    let ran = if by_flag {
        arguments.extend(["--proxy", proxy.as_str()]);
        stage.variable("HTTPS_PROXY", "http://127.0.0.1:9").run(&arguments)
    } else {
        stage.variable("HTTPS_PROXY", &proxy).run(&arguments)
    };
    // Nothing ever came back, though it was the deadline that ended it.
    assert!(ran.code == 4 && ran.stderr.contains("could not be reached"), "{} {}", ran.code, ran.stderr);
    ear.join().unwrap()
}

#[test]
fn the_way_through_a_proxy_is_a_tunnel_in_which_it_sees_nothing() {
    for by_flag in [false, true] {
        let heard = heard_by_a_proxy(by_flag);
        assert!(heard.starts_with("CONNECT api.hibob.invalid:443 HTTP/1.1\r\n"), "{heard}");
        assert!(!heard.to_lowercase().contains("\r\nauthorization"), "{heard}");
    }
}

#[test]
fn a_way_that_cannot_be_taken_is_refused_before_anything_is_sent() {
    let run = |arguments: &[&str]| {
        let mut all = vec!["--policy", "frontegg", "--base-url", "https://api.hibob.invalid/v1"];
        all.extend(arguments);
        Stage::of(persona("demo")).sends_nothing().file("none.pem", "no certificate").run(&all)
    };
    for (arguments, says) in [
        (["--ca-file", "none.pem"], "holds no certificate authority"),
        (["--ca-file", "missing.pem"], "missing.pem"),
        (["--proxy", "http://me:hunter2@proxy.example:8080"], "--proxy"),
        (["--proxy", "nonsense"], "--proxy"),
    ] {
        let ran = run(&arguments);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{arguments:?}: {} {}", ran.code, ran.stderr);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
    for (name, value) in [
        ("HTTPS_PROXY", "http://me:hunter2@ proxy.example:8080"),
        ("https_proxy", "socks5://me:hunter2@proxy.example"),
        ("ALL_PROXY", "hunter2 is down"),
    ] {
        let stage = Stage::of(persona("demo")).sends_nothing().variable(name, value);
        let ran = stage.run(&["--policy", "frontegg", "--base-url", "https://api.hibob.invalid/v1"]);
        assert!(ran.code == 2 && ran.stderr.contains(name), "{name}: {} {}", ran.code, ran.stderr);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
}
