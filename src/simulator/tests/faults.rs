use std::io::Read;
use std::time::Instant;

use super::*;
use crate::simulator::faults::{Reset, Spoilt};

const FIELDS: &str = "GET /company/people/fields";
const PATH: &str = "/company/people/fields";

async fn with(faults: Vec<Fault>) -> Asked {
    Asked::changed(persona("everything"), |setup| setup.switches.faults = faults).await
}

fn spoilt(body: Spoilt) -> Fault {
    Fault { call: FIELDS.to_owned(), body: Some(body), ..Fault::default() }
}

#[tokio::test]
async fn a_body_is_spoilt_as_the_fault_says() {
    let whole = with(Vec::new()).await.get(PATH).await.text;
    let text = |body: Spoilt| async move { with(vec![spoilt(body)]).await.get(PATH).await.text };
    let truncated = text(Spoilt::Truncated).await;
    assert!(truncated.len() == whole.len() / 2 && whole.starts_with(&truncated));
    let malformed = text(Spoilt::Malformed).await;
    assert!(malformed.len() > whole.len() && serde_json::from_str::<Value>(&malformed).is_err());
    let wrong: Value = serde_json::from_str(&text(Spoilt::WrongTypes).await).unwrap();
    assert_ne!(wrong, serde_json::from_str::<Value>(&whole).unwrap());
    let began = Instant::now();
    assert_eq!(text(Spoilt::Dribble).await, whole);
    assert!(began.elapsed().as_millis() > 50);
}

#[tokio::test]
async fn a_packed_body_says_so_and_holds_the_same() {
    let whole = with(Vec::new()).await.get(PATH).await.text;
    let asked = with(vec![spoilt(Spoilt::Gzip)]).await;
    let url = format!("{}{PATH}", asked.running.base_url());
    let request = asked.client.get(url).basic_auth(asked.running.service_user(), Some(asked.running.token()));
    // A client that asks for nothing packed leaves it packed.
    let plain = Client::builder().gzip(false).build().unwrap();
    let answer = plain.execute(request.build().unwrap()).await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let bytes = answer.bytes().await.unwrap();
    assert!(bytes.len() * 2 < whole.len());
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, whole);
}

#[tokio::test]
async fn connections_break_before_and_inside_an_answer() {
    let hang_up = Fault { call: FIELDS.to_owned(), hang_up: true, ..Fault::default() };
    for (fault, has_status) in [(hang_up, false), (spoilt(Spoilt::Reset), true)] {
        let asked = with(vec![fault]).await;
        let url = format!("{}{PATH}", asked.running.base_url());
        let answer = asked.client.get(url).send().await;
        assert_eq!(answer.is_ok(), has_status);
        if let Ok(answer) = answer {
            assert!(answer.text().await.is_err());
        }
    }
}

#[tokio::test]
async fn limits_are_told_as_the_fault_says() {
    for (reset, expected) in [
        (Reset::Seconds, 1..=70),
        (Reset::Absurd, 9_999_999_999_999..=9_999_999_999_999),
        (Reset::Past, 0..=jiff::Timestamp::now().as_second() - 3590),
    ] {
        let fault =
            Fault { call: FIELDS.to_owned(), status: Some(429), reset: Some(reset), ..Fault::default() };
        let reply = with(vec![fault]).await.get(PATH).await;
        let told: i64 = reply.header("x-ratelimit-reset").unwrap().parse().unwrap();
        assert!(reply.status == 429 && expected.contains(&told), "{reset:?}: {told}");
    }
    let fault = Fault { call: FIELDS.to_owned(), reset: Some(Reset::Missing), ..Fault::default() };
    let reply = with(vec![fault]).await.get(PATH).await;
    assert!(reply.status == 200 && reply.header("x-ratelimit-remaining").is_none());
}

#[tokio::test]
async fn the_clock_of_the_api_may_be_wrong() {
    let asked = Asked::changed(persona("everything"), |setup| setup.switches.clock_off_s = -1_000_000).await;
    let reply = asked.get(PATH).await;
    let date = jiff::fmt::rfc2822::parse(reply.header("date").unwrap()).unwrap().timestamp();
    let off = date.as_second() - jiff::Timestamp::now().as_second();
    assert!((-1_000_005..=-999_995).contains(&off), "{off}");
    let reset: i64 = reply.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((0..=70).contains(&(reset - date.as_second())), "{reset}");
}

#[tokio::test]
async fn a_fault_begins_and_ends_when_it_says() {
    let fault = Fault {
        call: FIELDS.to_owned(),
        status: Some(500),
        after: 2,
        times: Some(2),
        delay_ms: 60,
        ..Fault::default()
    };
    let asked = with(vec![fault]).await;
    let mut seen = Vec::new();
    for _ in 0..6 {
        let began = Instant::now();
        let status = asked.get(PATH).await.status;
        seen.push((status, status == 500 && began.elapsed().as_millis() >= 60));
    }
    let (good, bad) = ((200, false), (500, true));
    assert_eq!(seen, [good, good, bad, bad, good, good]);
}
