//! The same requests, sent by those who know nothing of manners, and one request for each permission.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::rows::Witnessed;
use hibob_audit::simulator::{Logged, Running, TenantSpec};
use tokio::runtime::Runtime;

use crate::{Full, simulator};

pub(crate) fn compare(runtime: &Runtime, home: &Path, full: &Full, latency: Duration) {
    println!("\n{}: the same requests by others (ours ÷ theirs)", full.persona);
    let fresh = || simulator(runtime, full.persona, TenantSpec::default().people, latency);
    let say = |who: &str, theirs: Duration| {
        let ratio = full.used.wall.as_secs_f64() / theirs.as_secs_f64();
        println!("  {who:<44}{:>6} ms{ratio:>8.2}", theirs.as_millis());
    };
    let all: Vec<&Logged> = full.log.iter().collect();
    let one_by_one = replay(runtime, &fresh(), &all, 1);
    say("a bare client, one after the other", one_by_one);
    say("a bare client, twenty at once, heeding nothing", replay(runtime, &fresh(), &all, 20));
    match hurl(home, &fresh(), &full.log) {
        Some(theirs) => say("hurl, one after the other", theirs),
        None => println!("  WARNING: hurl is not installed; this comparison is SKIPPED"),
    }
    let witnessed = Catalogue::embedded()
        .permissions()
        .filter(|permission| !matches!(permission.witnessed, Witnessed::Unseen(_)))
        .count();
    let naive: Vec<&Logged> = full.log.iter().cycle().take(witnessed).collect();
    say(&format!("one request for each of {witnessed} permissions"), replay(runtime, &fresh(), &naive, 1));
    println!("  requests: {} for {witnessed} permissions that can be seen", full.log.len());
}

/// Sends calls again, so many at once, and heeds nothing.
fn replay(runtime: &Runtime, running: &Running, log: &[&Logged], at_once: usize) -> Duration {
    // A second installation fails, and then the first one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let origin = running.base_url();
    let origin = origin.trim_end_matches("/v1");
    let began = Instant::now();
    runtime.block_on(async {
        stream::iter(log)
            .map(|logged| {
                let url = format!("{origin}{}", address(logged));
                let mut request = client
                    .request(logged.method.parse().unwrap(), url)
                    .basic_auth(running.service_user(), Some(running.token()));
                if !logged.body.is_empty() {
                    request = request.header("content-type", "application/json").body(logged.body.clone());
                }
                async move { request.send().await.unwrap().bytes().await.unwrap().len() }
            })
            .buffer_unordered(at_once)
            .count()
            .await
    });
    began.elapsed()
}

fn address(logged: &Logged) -> String {
    let path =
        if logged.path.starts_with("/v1") { logged.path.clone() } else { format!("/v1{}", logged.path) };
    if logged.query.is_empty() { path } else { format!("{path}?{}", logged.query) }
}

/// The same by `hurl`, if there is one.
fn hurl(home: &Path, running: &Running, log: &[Logged]) -> Option<Duration> {
    Command::new("hurl").arg("--version").output().ok()?;
    let origin = running.base_url();
    let origin = origin.trim_end_matches("/v1");
    let mut file = String::new();
    for logged in log {
        let _ = writeln!(file, "{} {origin}{}", logged.method, address(logged));
        if logged.body.is_empty() {
            let _ = writeln!(file, "HTTP *\n");
        } else {
            let _ = writeln!(file, "content-type: application/json\n```\n{}\n```\nHTTP *\n", logged.body);
        }
    }
    std::fs::write(home.join("same.hurl"), file).unwrap();
    let began = Instant::now();
    let user = format!("{}:{}", running.service_user(), running.token());
    let output = Command::new("hurl")
        .args(["--user", &user, "--no-output", "same.hurl"])
        .current_dir(home)
        .output()
        .ok()?;
    output.status.success().then(|| began.elapsed())
}
