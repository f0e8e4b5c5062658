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
                      - permission: people/work/history\n    label: Work histories\n  \
                      - permission: tasks/people/complete\n    label: Tasks\n";

/// A body, as it is written piece by piece; it ends where nobody reads any more.
type Body = dyn Fn(&mut dyn Write) -> std::io::Result<()> + Send + Sync;

/// How much a body of a hundred megabytes may add to the memory of a run: what one item may take, as it came
/// and as it was read, and what HTTP holds of it.
const A_BODY_ADDS: u64 = 24 * 1024;
const HUNDRED_MB: usize = 100 * 1024 * 1024;

/// A company of so many people, and the body that answers one path.
#[derive(Clone)]
struct Company {
    people: usize,
    path: &'static str,
    body: Arc<Body>,
}

const TASKS: &str = "/v1/tasks";
const TABLE: &str = "/v1/bulk/people/work";

fn serve(company: Company) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let company = company.clone();
            // Whoever goes away in the middle of an answer has heard enough.
            std::thread::spawn(move || drop(answer(stream, &company)));
        }
    });
    url
}

fn answer(stream: TcpStream, company: &Company) -> std::io::Result<()> {
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
    let path = path.split('?').next().unwrap_or_default();
    let known = ["/v1/company/people/fields", "/v1/people/search", company.path].contains(&path);
    let status = if known { "200 OK" } else { "404 Not Found" };
    write!(out, "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")?;
    match path {
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
            let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
            let named = asked["filters"][0]["values"].as_array();
            let named: Option<Vec<usize>> =
                named.map(|ids| ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect());
            let whom: &mut dyn Iterator<Item = usize> = match named {
                Some(ids) => &mut ids.into_iter(),
                None => &mut (1..=company.people),
            };
            write!(out, r#"{{"employees":["#)?;
            let mut comma = "";
            for at in whom {
                let (year, site) = (2000 + at % 25, at % 40);
                write!(
                    out,
                    r#"{comma}{{"id":"{at}","work":{{"title":"t","site":"Site {site}","startDate":"{year}-01-01","isManager":{}}},"internal":{{"status":"Active","lifecycleStatus":"Employed"}}}}"#,
                    at % 7 == 0
                )?;
                comma = ",";
            }
            write!(out, "]}}")?;
        }
        path if path == company.path => (company.body)(&mut out)?,
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
    path: &'static str,
    body: impl Fn(&mut dyn Write) -> std::io::Result<()> + Send + Sync + 'static,
) -> Watched {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("own.yaml"), POLICY).unwrap();
    let mut child = audit(home.path())
        .env("HIBOB_BASE_URL", serve(Company { people, path, body: Arc::new(body) }))
        .env("HIBOB_SERVICE_USER_ID", "SERVICE-1")
        .env("HIBOB_SERVICE_USER_TOKEN", "no-secret-at-all")
        .args(["--policy", "own.yaml", "--scope", "policy", "--output", "json=r.json", "--deadline", "5m"])
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
    let (few, many) = (watch(200, TASKS, no_tasks), watch(200_000, TASKS, no_tasks));
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
    let small = watch(200, TASKS, no_tasks);
    // One task without an end, a hundred megabytes beside the list, and blanks before it.
    let long_task = watch(200, TASKS, |out| {
        write!(out, r#"{{"tasks":[{{"title":""#)?;
        filled(out, &[b'x'; 4096])?;
        write!(out, r#""}}]}}"#)
    });
    let beside = watch(200, TASKS, |out| {
        write!(out, r#"{{"page":""#)?;
        filled(out, &[b'x'; 4096])?;
        write!(out, r#"","tasks":[]}}"#)
    });
    let blanks = watch(200, TASKS, |out| {
        filled(out, &[b' '; 4096])?;
        no_tasks(out)
    });
    let many = watch(200, TASKS, |out| {
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
    // Nobody knows whether a list stands behind what was given up.
    assert_eq!(beside.verdict("tasks/people/complete"), VerdictWord::Unknown);
}

/// The rows of one person, until so many bytes are written; all but the last are no longer in force.
fn rows(out: &mut dyn Write, person: usize, bytes: usize) -> std::io::Result<()> {
    const OLD: &str = r#"{"id":1,"effectiveDate":"2001-01-01","isCurrent":false,"title":"t"},"#;
    write!(out, r#"{{"employeeId":"{person}","values":["#)?;
    for _ in 0..bytes / OLD.len() {
        out.write_all(OLD.as_bytes())?;
    }
    write!(out, r#"{{"id":2,"effectiveDate":"2002-01-01","isCurrent":true,"title":"t"}}]}}"#)
}

fn table(out: &mut dyn Write, people: usize, bytes_each: usize) -> std::io::Result<()> {
    write!(out, r#"{{"results":["#)?;
    for person in 1..=people {
        if person > 1 {
            out.write_all(b",")?;
        }
        rows(out, person, bytes_each)?;
    }
    write!(out, r#"],"response_metadata":{{"next_cursor":null}},"errors":{{}}}}"#)
}

#[test]
fn a_table_of_a_hundred_megabytes_is_read_to_its_end_in_bounded_memory() {
    if !can_watch() {
        return;
    }
    let small = watch(300, TABLE, |out| table(out, 200, 100));
    // Two hundred people with a long past, and a table that serves everybody, whoever was asked for.
    let long = watch(300, TABLE, |out| table(out, 200, HUNDRED_MB / 200));
    let wide = watch(300, TABLE, |out| table(out, HUNDRED_MB / 400, 200));
    for (name, run) in [("small", &small), ("long", &long), ("wide", &wide)] {
        let (peak, least) = (run.peak, small.peak);
        assert!(peak <= least + A_BODY_ADDS, "{name}: {peak} kB, {least} kB without");
        assert_eq!(run.verdict("people/work/history"), VerdictWord::Granted, "{name}");
    }
    // The rows of one person alone are more than anybody would hold: what stands in them is not known.
    let one = watch(300, TABLE, |out| table(out, 1, HUNDRED_MB));
    assert!(one.peak <= small.peak + A_BODY_ADDS, "one: {} kB, {} kB without", one.peak, small.peak);
    assert_eq!(one.verdict("people/work/history"), VerdictWord::Unknown);
    assert_eq!(one.verdict("people/work/view"), VerdictWord::Granted);
}
