//! How often, how late and until when the client asks.

use serde_json::json;
use tokio::time::Instant;

use super::super::Totals;
use super::*;
use crate::prober::answer::{Outcome, Stop};
use crate::prober::client::sift::Take;

#[tokio::test]
async fn what_may_pass_is_tried_again_and_then_told() {
    for (head, outcome) in [("429 Slow", Outcome::Throttled), ("503 Down", Outcome::Unavailable)] {
        let server = Server::always(head, "").await;
        let answer = server.ask().await;
        assert_eq!((answer.outcome, answer.attempts, server.seen().len()), (outcome, 4, 4));
        assert!(answer.waited > Duration::from_millis(20), "{:?}", answer.waited);

        let (head, body) = (head.to_owned(), ok("{}"));
        let server = Server::start(move |number, _| {
            Reply::Send(if number < 3 { text(&head, "") } else { body.clone() })
        })
        .await;
        let answer = server.ask().await;
        assert_eq!((answer.outcome, answer.attempts), (Outcome::Json(json!({})), 3));
    }
}

#[tokio::test]
async fn a_429_is_repeated_only_when_the_api_says_so() {
    for (header, at_least) in [
        ("Retry-After: 1", 300),
        ("Retry-After: Fri, 31 Dec 2100 23:59:59 GMT", 300),
        ("X-RateLimit-Reset: 99999999999", 10),
        ("X-RateLimit-Reset: 1", 10),
        ("X-RateLimit-Reset: soon", 10),
        ("X-Nothing: 0", 10),
    ] {
        let head = format!("429 Slow\n{header}");
        let server =
            Server::start(move |number, _| Reply::Send(if number == 1 { text(&head, "") } else { ok("{}") }))
                .await;
        let answer = server.ask().await;
        assert_eq!((answer.outcome, answer.attempts), (Outcome::Json(json!({})), 2), "{header}");
        // Within the longest wait that these settings allow, which is 300 ms.
        let waited = answer.waited.as_millis();
        assert!(waited >= at_least * 3 / 4 && waited < 1000, "{header}: {waited}");
    }
}

#[tokio::test]
async fn an_endpoint_that_keeps_failing_is_not_tried_again_for_each_request() {
    let server = Server::always("500 Oops", "").await;
    let client = server.client();
    assert_eq!(client.ask(&get()).await.attempts, 4);
    assert_eq!(client.ask(&get()).await.attempts, 1);
}

#[tokio::test]
async fn a_401_that_speaks_of_no_permission_stops_everything_at_once() {
    for body in ["", r#"{"error":"tokenNotMatch"}"#, "<html>"] {
        let server = Server::always("401 No", body).await;
        // One slot, and endpoints of their own, so that nothing but the stop holds them back.
        let client = Client::new(Settings { concurrency: 1, ..server.settings() }).unwrap();
        let requests: Vec<_> =
            (0..10).map(|number| request(&format!("e{number}"), Method::Get, None)).collect();
        for request in &requests {
            client.permit(permit(request.endpoint.as_str(), Method::Get));
        }
        let answers =
            futures_util::future::join_all(requests.iter().map(|request| client.ask(request))).await;
        assert!(answers.iter().all(|answer| answer.outcome == Outcome::Stopped), "{answers:?}");
        assert_eq!(answers.iter().map(|answer| answer.attempts).sum::<u32>(), 1);
        assert_eq!(server.seen().len(), 1, "{body}");
        assert_eq!(client.stopped(), Some(Stop::CredentialsRefused));
        assert_eq!(client.ask(&requests[0]).await.outcome, Outcome::Stopped);
        assert_eq!(server.seen().len(), 1);
        assert_eq!(client.totals(), Totals { requests: 1, denied: 1, writes: 0 });
    }
}

#[tokio::test]
async fn what_is_on_its_way_when_the_credentials_are_refused_is_given_up() {
    let server = Server::start(|_, request| {
        if request.starts_with("GET /v1/people ") {
            Reply::SendAfter(Duration::from_millis(100), ok("{}"))
        } else {
            Reply::SendAfter(Duration::from_millis(30), text("401 No", ""))
        }
    })
    .await;
    let client = server.client();
    client.permit(permit("bad", Method::Get));
    let (good, bad) = (get(), request("bad", Method::Get, None));
    let (good, bad) = tokio::join!(client.ask(&good), client.ask(&bad));
    // It may not have left yet, and then it must not leave any more.
    assert_eq!((good.outcome, good.status), (Outcome::Stopped, None));
    assert_eq!((bad.outcome, bad.status), (Outcome::Stopped, Some(401)));
}

#[tokio::test]
async fn a_permission_message_does_not_stop_the_run() {
    let server = Server::always("401 No", r#"{"errorMessage":"No permissions"}"#).await;
    let client = server.client();
    client.ask(&get()).await;
    client.ask(&get()).await;
    assert_eq!(client.stopped(), None);
    assert_eq!(client.totals(), Totals { requests: 2, denied: 2, writes: 0 });
}

#[tokio::test]
async fn the_denial_budget_holds_over_real_connections() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let remember = Arc::clone(&times);
    let server = Server::start(move |number, _| {
        remember.lock().unwrap().push(Instant::now());
        Reply::SendAfter(Duration::from_millis(number as u64 % 7), text("403 No", ""))
    })
    .await;
    let mut settings = server.settings();
    let window = Duration::from_millis(200);
    settings.manners = Manners { denials: 5, denial_window: window, ..settings.manners };
    let client = client(settings);
    let question = get();
    let asked = (0..20).map(|_| client.ask(&question));
    let answers = futures_util::future::join_all(asked).await;
    assert!(answers.iter().all(|answer| answer.attempts == 1));
    let times = times.lock().unwrap();
    assert_eq!(times.len(), 20);
    for six in times.windows(6) {
        assert!(six[5] - six[0] >= window, "{:?}", six[5] - six[0]);
    }
}

#[tokio::test]
async fn the_deadline_ends_waits_and_requests_alike() {
    let server = Server::start(|_, _| Reply::Hang(Vec::new())).await;
    let began = Instant::now();
    let deadline = Some(Instant::now() + Duration::from_millis(60));
    let client = client(Settings { concurrency: 1, deadline, ..server.settings() });
    let question = get();
    let (first, second) = tokio::join!(client.ask(&question), client.ask(&question));
    assert_eq!((first.outcome, first.attempts), (Outcome::Timeout, 1));
    assert_eq!((second.outcome, second.attempts), (Outcome::Stopped, 0));
    assert_eq!(client.stopped(), Some(Stop::Deadline));
    assert_eq!(server.seen().len(), 1);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());

    let server = Server::always("429 Slow\nRetry-After: 1", "").await;
    let deadline = Some(Instant::now() + Duration::from_millis(60));
    let client = self::client(Settings { deadline, ..server.settings() });
    let answer = client.ask(&get()).await;
    assert_eq!((answer.outcome, answer.attempts), (Outcome::Throttled, 1));
    assert_eq!(client.stopped(), Some(Stop::Deadline));
}

#[tokio::test]
async fn while_a_401_is_being_read_its_endpoint_is_not_asked_again() {
    let server = Server::start(|_, _| {
        let head = "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n".to_owned();
        Reply::Slowly(head, Duration::from_millis(50), "{}")
    })
    .await;
    let mut settings = server.settings();
    settings.manners.first_burst = 1;
    let client = client(settings);
    let question = get();
    tokio::join!(client.ask(&question), client.ask(&question));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_interrupted_run_sends_nothing_more_and_its_first_reason_stays() {
    let server = Server::always(JSON, "{}").await;
    let client = server.client();
    client.stop(Stop::Interrupted);
    client.stop(Stop::Deadline);
    assert_eq!(client.ask(&get()).await.outcome, Outcome::Stopped);
    assert_eq!(client.stopped(), Some(Stop::Interrupted));
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn when_the_time_is_over_the_canary_alone_has_a_last_word() {
    let server = Server::start(|number, _| match number {
        1 => Reply::Hang(Vec::new()),
        _ => Reply::Send(text(JSON, "{}")),
    })
    .await;
    let began = Instant::now();
    let settings = Settings {
        deadline: Some(began + Duration::from_secs(2)),
        last_word: Duration::from_millis(1800),
        ..server.settings()
    };
    let client = client(settings);
    assert_eq!(client.ask(&get()).await.outcome, Outcome::Timeout);
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
    assert_eq!(client.stopped(), Some(Stop::Deadline));
    assert_eq!(client.ask(&get()).await.outcome, Outcome::Stopped);
    assert_eq!(client.ask_canary(&get()).await.outcome, Outcome::Json(json!({})));
    tokio::time::sleep_until(began + Duration::from_secs(2)).await;
    assert_eq!(client.ask_canary(&get()).await.outcome, Outcome::Stopped);
    assert_eq!(server.seen().len(), 2);
}

/// Counts what it is given.
#[derive(Default)]
struct Counted(usize);

impl Take for Counted {
    fn begin(&mut self) {
        self.0 = 0;
    }

    fn wants(&self, _list: &str) -> bool {
        true
    }

    fn take(&mut self, _list: &str, _item: serde_json::Value) -> bool {
        self.0 += 1;
        false
    }
}

#[tokio::test]
async fn what_is_read_item_by_item_may_take_longer_and_is_never_counted_twice() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n".to_owned();
    let server = Server::start(move |number, _| match number {
        1 => Reply::Send(text(JSON, "{\"employees\": [{}, {},")),
        _ => Reply::Slowly(head.clone(), Duration::from_millis(500), "{\"employees\":[{},{}]}"),
    })
    .await;
    let client = client(Settings { timeout: Duration::from_millis(300), ..server.settings() });
    let mut counted = Counted::default();
    let answer = client.ask_each(&get(), &mut counted).await;
    assert_eq!(answer.outcome, Outcome::Json(json!({"employees": []})), "{:?}", answer.why);
    assert_eq!((counted.0, answer.attempts), (2, 2));
}

#[tokio::test]
async fn a_body_of_many_items_that_never_ends_is_not_asked_for_again() {
    let begun = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"employees\": [{},";
    let server = Server::start(|_, _| Reply::Endless(begun.to_vec())).await;
    let client = client(Settings { timeout: Duration::from_millis(50), ..server.settings() });
    let answer = client.ask_each(&get(), &mut Counted::default()).await;
    assert_eq!((answer.outcome, answer.attempts), (Outcome::Timeout, 1));
}
