//! What an answer amounts to, from its status to the last byte of its body.

use serde_json::json;

use super::*;
use crate::prober::answer::{Outcome, Refusal};

#[tokio::test]
async fn each_answer_has_its_outcome() {
    let refused = |kind| Outcome::Refused(kind);
    for (head, body, outcome) in [
        (JSON, r#"{"a":1}"#, Outcome::Json(json!({"a": 1}))),
        ("200 OK", "[1]", Outcome::Json(json!([1]))),
        ("200 OK\nContent-Type: text/html", "<html>", Outcome::NotAnApiAnswer),
        (JSON, "", Outcome::NotAnApiAnswer),
        ("204 No Content", "", Outcome::NotAnApiAnswer),
        ("403 No\nContent-Type: application/json", r#"{"error":"no"}"#, refused(Refusal::WithReason)),
        ("403 No", "", refused(Refusal::WithoutReason)),
        ("403 No", "<html>", refused(Refusal::WithoutReason)),
        ("401 No", r#"{"errorMessage":"No permissions"}"#, refused(Refusal::PermissionMessage)),
        ("404 No", "{}", Outcome::NotFound),
        ("405 No", "", Outcome::NotFound),
        ("410 No", "", Outcome::NotFound),
        ("400 No", "{}", Outcome::BadRequest),
        ("409 No", "", Outcome::BadRequest),
        ("422 No", "", Outcome::BadRequest),
        ("304 Same", "", Outcome::Redirected),
        ("302 There\nLocation: /v2", "", Outcome::Redirected),
    ] {
        let server = Server::always(head, body).await;
        let answer = server.ask().await;
        assert_eq!(answer.outcome, outcome, "{head} {body}");
        assert_eq!(answer.status, Some(head[..3].parse().unwrap()));
        assert_eq!(answer.attempts, 1, "{head} {body}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_or_refused_is_unavailable() {
    let server = Server::start(|_, _| Reply::HangUp).await;
    let answer = server.ask().await;
    assert_eq!((answer.outcome, answer.status, answer.attempts), (Outcome::Unavailable, None, 4));
    let short = text(JSON, "{}").iter().copied().take(90).collect::<Vec<_>>();
    let server = Server::start(move |_, _| Reply::Send(short.clone())).await;
    assert_eq!(server.ask().await.outcome, Outcome::Unavailable);

    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = gone.local_addr().unwrap().port();
    drop(gone);
    let settings = Settings { base_url: base(port), ..server.settings() };
    let answer = client(settings).ask(&get()).await;
    assert_eq!(answer.outcome, Outcome::Unavailable);
    assert!(answer.why.unwrap().to_lowercase().contains("refused"));
}

fn base(port: u16) -> BaseUrl {
    BaseUrl::parse(&format!("http://127.0.0.1:{port}")).unwrap()
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_a_timeout() {
    for begun in ["", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"] {
        let server = Server::start(move |_, _| Reply::Hang(begun.into())).await;
        let timeout = Duration::from_millis(40);
        let answer = client(Settings { timeout, ..server.settings() }).ask(&get()).await;
        assert_eq!((answer.outcome, answer.attempts), (Outcome::Timeout, 4));
    }
}

#[tokio::test]
async fn a_refusal_stands_whatever_becomes_of_its_body() {
    let head = "HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\n{";
    let server = Server::start(move |_, _| Reply::Hang(head.into())).await;
    let timeout = Duration::from_millis(40);
    let answer = client(Settings { timeout, ..server.settings() }).ask(&get()).await;
    assert_eq!((answer.outcome, answer.attempts), (Outcome::Refused(Refusal::WithoutReason), 1));
}

#[tokio::test]
async fn a_body_is_read_up_to_its_budget_and_no_further() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    for (begun, outcome) in
        [("  [1", Outcome::CutJson), ("<html>", Outcome::NotAnApiAnswer), ("", Outcome::NotAnApiAnswer)]
    {
        let bytes = format!("{head}{begun}").into_bytes();
        let server = Server::start(move |_, _| Reply::Endless(bytes.clone())).await;
        assert_eq!(server.ask().await.outcome, outcome, "{begun}");
    }
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{".to_vec();
    let server = Server::start(move |_, _| Reply::Endless(page.clone())).await;
    assert_eq!(server.ask().await.outcome, Outcome::NotAnApiAnswer);

    // Exactly the budget is whole, one byte more is not.
    let body = format!("[{}1]", " ".repeat(997));
    assert_eq!(Server::always(JSON, &body).await.ask().await.outcome, Outcome::Json(json!([1])));
    let body = format!("{body} ");
    assert_eq!(Server::always(JSON, &body).await.ask().await.outcome, Outcome::CutJson);
}

/// `{"a":"xxx…"}` with 5000 x, packed into 50 bytes.
const PACKED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xed\xc1\x41\x0d\x00\x30\x08\x04\x30\x2f\x27\x03\x37\x73\x41\x42\xf0\x3e\x15\xfc\xda\x4e\x5e\x2a\x0d\x00\x00\x00\x00\x9c\xcb\x7e\x91\xeb\x72\x81\x90\x13\x00\x00";

#[tokio::test]
async fn a_packed_body_is_unpacked_and_its_budget_counts_what_comes_out() {
    let packed = bytes(&format!("{JSON}\nContent-Encoding: gzip"), PACKED);
    let server = Server::start(move |_, _| Reply::Send(packed.clone())).await;
    let answer = server.client().ask(&Request { body_budget: 10_000, ..get() }).await;
    assert_eq!(answer.outcome, Outcome::Json(json!({"a": "x".repeat(5000)})));
    assert_eq!(server.ask().await.outcome, Outcome::CutJson);
    assert!(server.seen()[0].to_lowercase().contains("accept-encoding: gzip"));
}

#[tokio::test]
async fn damaged_json_is_asked_for_once_more() {
    let server = Server::always(JSON, r#"{"a":"#).await;
    let answer = server.ask().await;
    assert_eq!((answer.outcome, answer.attempts), (Outcome::NotAnApiAnswer, 2));
    let server =
        Server::start(|number, _| Reply::Send(ok(if number == 1 { r#"{"a":"# } else { "{}" }))).await;
    assert_eq!(server.ask().await.outcome, Outcome::Json(json!({})));
}

#[tokio::test]
async fn restricted_columns_are_told_from_the_header() {
    for (value, expected) in [("true", true), ("True", true), ("false", false), ("", false)] {
        let server = Server::always(&format!("{JSON}\nX-Has-Restricted-Columns: {value}"), "{}").await;
        assert_eq!(server.ask().await.restricted_header, expected, "{value}");
    }
}
