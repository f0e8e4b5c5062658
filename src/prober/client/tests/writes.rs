//! Writes: none unless it was switched on, and none twice.

use super::*;
use crate::prober::answer::Outcome;
use crate::prober::client::Totals;
use serde_json::json;

fn put() -> Request {
    Request { method: Method::Put, body: Some(json!({"personal": {"pronouns": "impossible"}})), ..get() }
}

fn writer(settings: Settings, may_write: bool) -> Client {
    let client = Client::new(Settings { may_write, ..settings }).unwrap();
    let only_value = Some("impossible".to_owned());
    client.permit(Permit { only_value, ..permit("people", Method::Put) });
    client
}

#[tokio::test]
async fn a_write_is_not_sent_unless_writes_are_switched_on() {
    let server = Server::always("304 Not Modified", "").await;
    let answer = writer(server.settings(), false).ask(&put()).await;
    assert_eq!(answer.outcome, Outcome::NotInPlan);
    assert_eq!(server.seen(), [] as [String; 0]);
    let client = writer(server.settings(), true);
    let answer = client.ask(&put()).await;
    assert_eq!((answer.outcome, answer.status), (Outcome::ToWrite(None), Some(304)));
    assert_eq!(client.totals(), Totals { requests: 1, denied: 0, writes: 1 });
}

#[tokio::test]
async fn a_write_that_failed_is_not_sent_again() {
    for head in ["500 Internal Server Error", "503 Service Unavailable", "502 Bad Gateway"] {
        let server = Server::always(head, "{}").await;
        let client = writer(server.settings(), true);
        assert_eq!(client.ask(&put()).await.outcome, Outcome::Unavailable, "{head}");
        assert_eq!(client.totals().writes, 1, "{head}");
    }
}

#[tokio::test]
async fn what_a_write_was_turned_down_for_is_told() {
    let server = Server::always("400 Bad Request\nContent-Type: application/json", r#"{"error":"no"}"#).await;
    let answer = writer(server.settings(), true).ask(&put()).await;
    assert_eq!(answer.outcome, Outcome::ToWrite(Some(json!({"error": "no"}))));
    let refused = Server::always("403 Forbidden", r#"{"error":"no"}"#).await;
    let answer = writer(refused.settings(), true).ask(&put()).await;
    assert!(matches!(answer.outcome, Outcome::Refused(_)), "{answer:?}");
}
