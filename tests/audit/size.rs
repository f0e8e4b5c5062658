//! The memory of a run does not grow with what it is told: neither with the company, nor with a body.
//!
//! What is told is made up by a server of this file, while it is being read, so that a company of any size
//! costs nothing here. The binary is looked at through `/proc`; where there is none, that is said and skipped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hibob_audit::report::VerdictWord;

use crate::stage::audit;

const POLICY: &str = "policy: own\nversion: 2026-11-21\nlist: open\nrequires:\n  \
                      - permission: people/work/view\n    label: Work\n  \
                      - permission: tasks/people/complete\n    label: Tasks\n";

/// A body, as it is written piece by piece; it ends where nobody reads any more.
type Body = dyn Fn(&mut dyn Write) -> std::io::Result<()> + Send + Sync;

/// How much a body of a hundred megabytes may add to the memory of a run: what one item may take, as it came
/// and as it was read, and what HTTP holds of it.
const A_BODY_ADDS: u64 = 24 * 1024;
const HUNDRED_MB: usize = 100 * 1024 * 1024;

fn serve(people: usize, tasks: Arc<Body>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let tasks = Arc::clone(&tasks);
            // Whoever goes away in the middle of an answer has heard enough.
            std::thread::spawn(move || drop(answer(stream, people, &*tasks)));
        }
    });
    url
}

fn answer(stream: TcpStream, people: usize, tasks: &Body) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut asked = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut asked)?;
    let asked = String::from_utf8_lossy(&asked).into_owned();
    let mut out = std::io::BufWriter::with_capacity(1 << 16, stream);
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let known = ["/v1/company/people/fields", "/v1/people/search", "/v1/tasks"].contains(&path.as_str());
    let status = if known { "200 OK" } else { "404 Not Found" };
    write!(out, "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")?;
    match path.as_str() {
        "/v1/company/people/fields" => {
            let field = |id: &str, category: &str, path: &str| {
                format!(r#"{{"id":"{id}","categoryId":"{category}","jsonPath":"{path}","type":"text"}}"#)
            };
            let fields = [field("work.title", "work", "work.title"), field("work.site", "work", "work.site")]
                .join(",");
            write!(out, "[{fields}]")?;
        }
        "/v1/people/search" => {
            // A sample is asked for by ids; everybody is not.
            let many = if asked.contains("filters") { 12 } else { people };
            write!(out, r#"{{"employees":["#)?;
            for at in 1..=many {
                let comma = if at == 1 { "" } else { "," };
                let (year, site) = (2000 + at % 25, at % 40);
                write!(
                    out,
                    r#"{comma}{{"id":"{at}","work":{{"title":"t","site":"Site {site}","startDate":"{year}-01-01","isManager":{}}},"internal":{{"status":"Active","lifecycleStatus":"Employed"}}}}"#,
                    at % 7 == 0
                )?;
            }
            write!(out, "]}}")?;
        }
        "/v1/tasks" => tasks(&mut out)?,
        _ => write!(out, r#"{{"error":"not found"}}"#)?,
    }
    out.flush()
}

/// What came of a run: its peak of memory in kilobytes, and its report.
struct Watched {
    peak: u64,
    report: hibob_audit::report::Report,
}

fn watch(
    people: usize,
    tasks: impl Fn(&mut dyn Write) -> std::io::Result<()> + Send + Sync + 'static,
) -> Watched {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("own.yaml"), POLICY).unwrap();
    let mut child = audit(home.path())
        .env("HIBOB_BASE_URL", serve(people, Arc::new(tasks)))
        .env("HIBOB_SERVICE_USER_ID", "SERVICE-1")
        .env("HIBOB_SERVICE_USER_TOKEN", "no-secret-at-all")
        .args(["--policy", "own.yaml", "--scope", "policy", "--output", "json=r.json", "--deadline", "50s"])
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let high = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = high.and_then(|kb| kb.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let text =
        std::fs::read_to_string(home.path().join("r.json")).unwrap_or_else(|_| panic!("no report: {said}"));
    Watched { peak, report: serde_json::from_str(&text).unwrap() }
}

impl Watched {
    fn verdict(&self, id: &str) -> VerdictWord {
        self.report.access.iter().find(|entry| entry.permission == id).unwrap().verdict
    }
}

/// Whether the memory of a process can be looked at; says so if not.
fn can_watch() -> bool {
    let can = Path::new("/proc/self/status").exists();
    if !can {
        eprintln!("WARNING: there is no /proc here; memory was NOT measured");
    }
    can
}

fn no_tasks(out: &mut dyn Write) -> std::io::Result<()> {
    write!(out, r#"{{"tasks":[]}}"#)
}

/// The same piece, until so many bytes are written.
fn filled(out: &mut dyn Write, piece: &[u8]) -> std::io::Result<()> {
    for _ in 0..HUNDRED_MB / piece.len() {
        out.write_all(piece)?;
    }
    Ok(())
}

#[test]
fn two_hundred_thousand_people_need_no_more_memory_than_two_hundred() {
    if !can_watch() {
        return;
    }
    let (few, many) = (watch(200, no_tasks), watch(200_000, no_tasks));
    for (run, people) in [(&few, 200), (&many, 200_000)] {
        assert_eq!(run.report.tenant.people_visible, people);
        assert_eq!(run.verdict("people/work/view"), VerdictWord::Granted);
    }
    assert!(many.peak * 2 <= few.peak * 3, "{} kB for 200,000 people, {} kB for 200", many.peak, few.peak);
}

#[test]
fn a_body_of_a_hundred_megabytes_passes_in_bounded_memory() {
    if !can_watch() {
        return;
    }
    let small = watch(200, no_tasks);
    // One task without an end, a hundred megabytes beside the list, and blanks before it.
    let long_task = watch(200, |out| {
        write!(out, r#"{{"tasks":[{{"title":""#)?;
        filled(out, &[b'x'; 4096])?;
        write!(out, r#""}}]}}"#)
    });
    let beside = watch(200, |out| {
        write!(out, r#"{{"page":""#)?;
        filled(out, &[b'x'; 4096])?;
        write!(out, r#"","tasks":[]}}"#)
    });
    let blanks = watch(200, |out| {
        filled(out, &[b' '; 4096])?;
        no_tasks(out)
    });
    let many = watch(200, |out| {
        write!(out, r#"{{"tasks":[{{"id":0}}"#)?;
        filled(out, br#",{"id":1,"title":"one of very many"}"#)?;
        write!(out, "]}}")
    });
    for (name, run) in [("long task", &long_task), ("beside", &beside), ("blanks", &blanks), ("many", &many)]
    {
        let (peak, least) = (run.peak, small.peak);
        assert!(peak <= least + A_BODY_ADDS, "{name}: {peak} kB, {least} kB without");
        assert_eq!(run.verdict("people/work/view"), VerdictWord::Granted, "{name}");
    }
    assert_eq!(many.verdict("tasks/people/complete"), VerdictWord::Granted);
}
