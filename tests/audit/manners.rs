//! The tenant is someone's production: what a run sends, and how it behaves when it is refused.

use std::time::Duration;

use hibob_audit::simulator::switches::Switches;
use hibob_audit::simulator::{Logged, Setup, TenantSpec};

use crate::stage::{AT_ONCE, Stage, audit, each, persona};

/// One line of `audit plan`: method, path and query with slots in braces, and the keys of the body.
#[derive(Debug)]
struct Planned {
    method: String,
    path: String,
    query: String,
    body: Vec<String>,
}

fn plan(policy: &str, scope: &str) -> Vec<Planned> {
    let home = tempfile::tempdir().unwrap();
    let output = audit(home.path()).args(["plan", "--policy", policy, "--scope", scope]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut planned: Vec<Planned> = Vec::new();
    // A body may be broken at the edge of the screen: it ends where its braces do.
    let mut body: Option<String> = None;
    // So may an address, and what is left of it stands further in than anything else.
    for line in text.replace("\n          ", "").lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [number, method, address] = words[..]
            && number.parse::<u32>().is_ok()
        {
            let (path, query) = address.split_once('?').unwrap_or((address, ""));
            planned.push(Planned {
                method: method.to_owned(),
                path: path.to_owned(),
                query: query.to_owned(),
                body: Vec::new(),
            });
        } else if words.first() == Some(&"body") {
            body = Some(line.trim().trim_start_matches("body").trim().to_owned());
        } else if let Some(begun) = &mut body {
            begun.push_str(line.trim());
        }
        if let Some(Ok(whole)) = body.as_deref().map(serde_json::from_str::<serde_json::Value>) {
            planned.last_mut().unwrap().body = whole.as_object().unwrap().keys().cloned().collect();
            body = None;
        }
    }
    assert_eq!(body, None, "{text}");
    assert!(planned.len() >= 3, "{text}");
    planned
}

/// Whether a text fits a template in which `{slot}` stands for anything without a separator.
fn fits(template: &str, text: &str, separators: &[char]) -> bool {
    let cut = |text: &str| text.split(|c| separators.contains(&c)).map(str::to_owned).collect::<Vec<_>>();
    let (template, text) = (cut(template), cut(text));
    template.len() == text.len()
        && template
            .iter()
            .zip(&text)
            .all(|(slot, part)| (slot.starts_with('{') && !part.is_empty()) || slot == part)
}

/// Whether each key of a query is planned, with its value; a slot that nothing fills is left out.
fn asks_no_more(planned: &str, sent: &str) -> bool {
    let pairs =
        |text: &str| text.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (planned, sent) = (pairs(planned), pairs(sent));
    let is_slot = |pair: &String| pair.contains("={");
    sent.iter().all(|pair| planned.iter().any(|template| fits(template, pair, &['='])))
        && planned.iter().all(|template| is_slot(template) || sent.contains(template))
}

fn is_planned(logged: &Logged, plan: &[Planned]) -> bool {
    let path = logged.path.strip_prefix("/v1").unwrap_or(&logged.path);
    let body: Vec<String> = match serde_json::from_str::<serde_json::Value>(&logged.body) {
        Ok(body) => body.as_object().map(|body| body.keys().cloned().collect()).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    plan.iter().any(|planned| {
        planned.method == logged.method
            && fits(&planned.path, path, &['/'])
            && asks_no_more(&planned.query, &logged.query)
            && planned.body == body
    })
}

fn is_denial(logged: &Logged) -> bool {
    matches!(logged.status, 401 | 403)
}

/// The most denied answers in any ten seconds.
fn worst_ten_seconds(log: &[Logged]) -> usize {
    let mut times: Vec<Duration> =
        log.iter().filter(|logged| is_denial(logged)).map(|logged| logged.at).collect();
    times.sort();
    let within = |from: &Duration| {
        times.iter().filter(|at| *at >= from && **at - *from < Duration::from_secs(10)).count()
    };
    times.iter().map(within).max().unwrap_or(0)
}

/// How the API counts: so many calls to one endpoint in a window, which begins with its first call. The
/// share of the limit that may be used is ours; the rest is the customer's.
struct Limit {
    calls: usize,
    window: Duration,
    share: f64,
}

/// Everything in a log that is not considerate. A run sends what its plan lists, never writes unasked, keeps
/// its credentials to itself once they are refused, and leaves the limits of the API alone.
fn offences(log: &[Logged], plan: &[Planned], limit: Option<&Limit>) -> Vec<String> {
    let mut found = Vec::new();
    for logged in log {
        if !is_planned(logged, plan) {
            found.push(format!("no line of the plan is {} {}", logged.method, logged.path));
        }
        if !matches!(logged.method.as_str(), "GET" | "POST") {
            found.push(format!("{} {} writes", logged.method, logged.path));
        }
        if logged.status == 429 {
            found.push(format!("{} was asked beyond its limit", logged.path));
        }
    }
    let worst = worst_ten_seconds(log);
    if worst > 20 {
        found.push(format!("{worst} refusals within ten seconds"));
    }
    if let Some(refused) = log.iter().find(|logged| logged.status == 401 && !logged.authorized) {
        let later = log.iter().filter(|logged| logged.at > refused.at).count();
        if later > 0 {
            found.push(format!("{later} requests after the credentials were refused"));
        }
    }
    for planned in limit.map_or(&[][..], |_| plan) {
        let Some(limit) = limit else { break };
        let is_it = |logged: &&Logged| {
            let path = logged.path.strip_prefix("/v1").unwrap_or(&logged.path);
            logged.method == planned.method && fits(&planned.path, path, &['/'])
        };
        let mut at: Vec<Duration> = log.iter().filter(is_it).map(|logged| logged.at).collect();
        at.sort();
        let ours = ((limit.calls as f64 * limit.share).floor() as usize).max(1);
        while let Some(began) = at.first().copied() {
            let used = at.iter().take_while(|at| **at - began < limit.window).count();
            if used > ours {
                found.push(format!(
                    "{used} of {} calls a window to {}, and {ours} are ours",
                    limit.calls, planned.path
                ));
            }
            at.drain(..used);
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn a_full_run_sends_what_the_plan_lists_and_collects_few_refusals() {
    let personas = [
        "demo",
        "frontegg",
        "gifted",
        "stackone",
        "kombo",
        "everything",
        "nothing",
        "ids-only",
        "field-level",
        "two-groups",
    ];
    let plan = plan("gifted", "full");
    let runs = each(&personas, AT_ONCE, |who| {
        Stage::of(persona(who)).run(&["--policy", "gifted", "--output", "json"])
    });
    for (who, ran) in personas.iter().zip(runs) {
        let denied = ran.log.iter().filter(|logged| is_denial(logged)).count();
        println!("{who}: {} requests, {denied} refused, {:.1?}", ran.log.len(), ran.took);
        assert_eq!(offences(&ran.log, &plan, None), Vec::<String>::new(), "{who}");
        assert!(ran.log.iter().all(|logged| logged.authorized), "{who}");
        let run = ran.report().run;
        assert_eq!(usize::try_from(run.requests).unwrap(), ran.log.len(), "{who}: miscounted its requests");
        assert_eq!(usize::try_from(run.denied_answers).unwrap(), denied, "{who}: miscounted its refusals");
        assert_eq!((run.writes, run.read.values_kept), (0, 0), "{who}");
    }
}

#[test]
fn of_a_tight_limit_only_our_share_is_used() {
    let plan = plan("gifted", "full");
    let cases = [("0.25", 8), ("0.5", 4), ("0.5", 8), ("1", 4)];
    let runs = each(&cases, AT_ONCE, |(headroom, calls)| {
        let mut setup = Setup::new(persona("field-level"));
        let switches = format!("{{rate_limit: {calls}, rate_window_ms: 1500}}");
        setup.switches = Switches::parse(&switches).unwrap();
        Stage::new(setup).run(&["--policy", "gifted", "--output", "json", "--headroom", headroom])
    });
    for ((headroom, calls), ran) in cases.iter().zip(runs) {
        let share = headroom.parse().unwrap();
        let limit = Limit { calls: *calls, window: Duration::from_millis(1500), share };
        println!("{headroom} of {calls}: {} requests, {:.1?}", ran.log.len(), ran.took);
        assert_eq!(offences(&ran.log, &plan, Some(&limit)), Vec::<String>::new(), "{headroom} of {calls}");
        assert!(ran.code == 1 || ran.code == 3, "{}", ran.stderr);
    }
}

#[test]
fn each_offence_would_be_found() {
    let plan = plan("gifted", "full");
    let call = |at: u64, method: &str, path: &str, status: u16| Logged {
        at: Duration::from_millis(at),
        answered: Duration::from_millis(at),
        method: method.to_owned(),
        path: format!("/v1{path}"),
        query: String::new(),
        body: String::new(),
        status,
        authorized: status != 401,
    };
    let tasks = |at: u64, status: u16| call(at, "GET", "/tasks", status);
    let limit = Limit { calls: 4, window: Duration::from_secs(1), share: 0.5 };
    let told = |log: &[Logged]| offences(log, &plan, Some(&limit)).join("; ");
    assert_eq!(told(&[tasks(0, 200), tasks(1, 403), tasks(1000, 200), tasks(1999, 200)]), "");
    assert!(told(&[call(0, "GET", "/company/named-lists", 200)]).contains("no line of the plan"));
    assert!(told(&[call(0, "DELETE", "/tasks", 200)]).contains("writes"));
    assert!(told(&[tasks(0, 429)]).contains("beyond its limit"));
    assert!(told(&[tasks(0, 200), tasks(500, 200), tasks(999, 200)]).contains("3 of 4 calls"));
    assert!(told(&[tasks(0, 401), tasks(1, 200)]).contains("1 requests after"));
    let refused = |many: u64| (0..many).map(|at| tasks(at * 1500 / 4, 403)).collect::<Vec<_>>();
    assert!(offences(&refused(20), &plan, None).is_empty());
    assert!(offences(&refused(21), &plan, None).join("").contains("21 refusals"));
}

#[test]
fn a_run_for_the_policy_alone_sends_what_its_plan_lists_and_makes_no_pause() {
    let policies = ["frontegg", "gifted", "kombo", "stackone"];
    let runs = each(&policies, 2, |policy| {
        Stage::of(persona(policy)).run(&["--policy", policy, "--scope", "policy", "--output", "json"])
    });
    for (policy, ran) in policies.iter().zip(runs) {
        assert_eq!(offences(&ran.log, &plan(policy, "policy"), None), Vec::<String>::new(), "{policy}");
        // Longer than any machine takes, shorter than the window of the budget.
        assert!(ran.took < Duration::from_secs(9), "{policy}: took {:?}", ran.took);
        println!("{policy} alone: {} requests, {:.1?}", ran.log.len(), ran.took);
    }
}

#[test]
fn whoever_has_exactly_what_a_policy_asks_waits_for_nothing() {
    let policies = ["frontegg", "gifted", "kombo", "stackone"];
    let runs = each(&policies, AT_ONCE, |policy| {
        Stage::of(persona(policy)).run(&["--policy", policy, "--output", "json"])
    });
    for (policy, ran) in policies.iter().zip(runs) {
        println!("{policy} in full: {} requests, {:.1?}", ran.log.len(), ran.took);
        // Longer than any machine takes, shorter than the window of the budget.
        assert!(ran.took < Duration::from_secs(9), "{policy}: took {:?}", ran.took);
    }
}

#[test]
fn a_full_run_asks_for_the_policy_before_it_looks_for_excess() {
    let ran = Stage::of(persona("everything")).run(&["--policy", "gifted", "--output", "json"]);
    let at = |path: &str| ran.log.iter().find(|logged| logged.path.ends_with(path)).unwrap().at;
    let (table, sweep) = (at("/bulk/people/lifecycle"), at("/job-catalog/job-profiles/search"));
    assert!(
        table < sweep,
        "the table that the policy needs was asked after {table:?}, the sweep began after {sweep:?}"
    );
}

#[test]
fn what_vouches_for_others_and_is_refused_itself_is_believed_only_after_a_later_answer() {
    let mut setup = Setup::new(persona("everything"));
    setup.switches =
        Switches::parse("faults: [{call: GET /people/custom-tables/metadata, status: 403}]").unwrap();
    // With nobody to ask about, both are left to the end, and are asked at once.
    setup.tenant = TenantSpec { people: 0, ..TenantSpec::default() };
    let ran = Stage::new(setup).run(&["--policy", "gifted", "--output", "json"]);
    let last = |path: &str| ran.log.iter().rposition(|logged| logged.path.ends_with(path)).unwrap();
    assert!(last("/company/people/fields") > last("/custom-tables/metadata"), "{:#?}", ran.log);
}

#[test]
fn nothing_is_sent_after_an_empty_401() {
    let stage = |switches: &str, token: Option<&str>| {
        let mut setup = Setup::new(persona("everything"));
        setup.switches = Switches::parse(switches).unwrap();
        let stage = Stage::new(setup);
        let stage = match token {
            Some(token) => stage.token(token),
            None => stage,
        };
        stage.run(&["--policy", "gifted", "--output", "json"])
    };
    for switches in ["token_not_match: false", "token_not_match: true"] {
        let ran = stage(switches, Some("not-the-token"));
        assert_eq!((ran.code, ran.log.len()), (4, 1), "{switches}: {:?}", ran.log);
    }
    // In the middle of a run, what is already on its way cannot be called back, and nothing follows it.
    let late = "{call: '*', delay_ms: 150}, {call: POST /people/search, delay_ms: 300}";
    let refused = "{call: GET /bulk/people/work, status: 401, empty: true}";
    let ran = stage(&format!("faults: [{late}, {refused}]"), None);
    let first = ran.log.iter().find(|logged| logged.status == 401).unwrap().answered;
    let late: Vec<_> = ran.log.iter().filter(|logged| logged.at > first).collect();
    assert!(late.is_empty(), "{late:?}");
    assert!(ran.log.len() <= 2 + 20, "{}", ran.log.len());
    assert_eq!(ran.code, 4, "{}", ran.stderr);
}

#[test]
fn a_throttled_endpoint_is_left_alone_until_it_may_be_asked_again() {
    let mut setup = Setup::new(persona("everything"));
    let fault = "faults: [{call: GET /tasks, status: 429, retry_after: 2, times: 1}]";
    setup.switches = Switches::parse(fault).unwrap();
    let ran = Stage::new(setup).run(&["--policy", "gifted", "--output", "json"]);
    let at: Vec<Duration> =
        ran.log.iter().filter(|logged| logged.path.ends_with("/tasks")).map(|logged| logged.at).collect();
    assert_eq!(at.len(), 2, "{at:?}");
    assert!(at[1] - at[0] >= Duration::from_secs(2), "{at:?}");
}
