//! What goes over the wire, and what never does.

use serde_json::json;
use tokio::io::AsyncReadExt;
use url::Url;

use super::*;
use crate::prober::answer::Outcome;

#[tokio::test]
async fn a_redirect_is_not_followed_and_takes_no_credentials_along() {
    let elsewhere = Server::always(JSON, "{}").await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{status} There\nLocation: http://localhost:{}/v1?secret=1", elsewhere.port);
        let server = Server::always(&to, "").await;
        let answer = server.ask().await;
        assert_eq!(answer.outcome, Outcome::Redirected);
        assert_eq!(answer.why, Some(format!("{status} to http://localhost:{}", elsewhere.port)));
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_request_carries_what_it_must_and_nothing_else() {
    let server = Server::always(JSON, "{}").await;
    let client = server.client();
    let query = vec![("q".to_owned(), "a b&c=é".to_owned())];
    client.ask(&Request { query, ..get() }).await;
    client.ask(&request("people", Method::Post, Some(json!({"fields": ["root.id"]})))).await;
    let seen = server.seen();
    let (get, post) = (seen[0].to_lowercase(), seen[1].to_lowercase());
    assert!(seen[0].starts_with("GET /v1/people?q=a+b%26c%3D%C3%A9 HTTP/1.1\r\n"), "{get}");
    assert!(seen[1].starts_with("POST /v1/people HTTP/1.1\r\n"), "{post}");
    assert!(seen[1].ends_with("\r\n\r\n{\"fields\":[\"root.id\"]}"), "{post}");
    assert!(!get.contains("content-type") && post.contains("content-type: application/json\r\n"));
    for (lower, exact) in [(get, &seen[0]), (post, &seen[1])] {
        assert_eq!(lower.matches("\r\naccept: ").count(), 1);
        assert!(lower.contains("\r\naccept: application/json\r\n"));
        assert!(lower.contains(&format!("\r\nuser-agent: audit/{}\r\n", env!("CARGO_PKG_VERSION"))));
        assert!(exact.contains(&format!("Basic {TOKEN_ENCODED}")));
    }
}

#[tokio::test]
async fn what_was_not_permitted_is_not_sent() {
    let server = Server::always(JSON, "{}").await;
    let client = server.client();
    for request in [
        request("people/search", Method::Get, None),
        Request { path: "/people/../people".to_owned(), ..get() },
        Request { path: "/people\t".to_owned(), ..get() },
        Request { path: "@evil.example/people".to_owned(), ..get() },
        Request { body: Some(json!({})), ..get() },
        Request { query: vec![("x".to_owned(), String::new())], ..get() },
    ] {
        let answer = client.ask(&request).await;
        assert_eq!((answer.outcome, answer.attempts), (Outcome::NotInPlan, 0), "{request:?}");
        assert!(answer.why.is_some());
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_token_is_in_no_text() {
    let settings = Server::always(JSON, "{}").await.settings();
    let elsewhere = format!("302 There\nLocation: http://{TOKEN}.example/{TOKEN}?{TOKEN}");
    let server = Server::always(&elsewhere, "").await;
    let redirected = server.ask().await;
    let page = Server::always(&format!("200 OK\nContent-Type: {TOKEN}"), "x").await.ask().await;
    let cut = Server::start(|_, _| Reply::HangUp).await;
    let query = vec![("q".to_owned(), "queried".to_owned())];
    let cut = cut.client().ask(&Request { query, ..get() }).await;
    assert!(cut.why.is_some() && redirected.why.is_some() && page.why.is_some());
    let client = client(settings.clone());
    let prepared = client.prepare(&get(), Url::parse("http://127.0.0.1/").unwrap()).build().unwrap();
    let shown = format!("{settings:?} {client:?} {prepared:?} {redirected:?} {page:?} {cut:?}");
    for secret in [TOKEN, TOKEN_ENCODED, "queried"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn secure_addresses_are_never_asked_in_the_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let text = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let base_url = BaseUrl::parse(&text).unwrap();
    let settings = Settings::new(base_url, Credentials::new("SERVICE-1", TOKEN).unwrap());
    // Without certificate authorities there is no client, and that is safe too.
    let Ok(client) = Client::new(Settings { max_attempts: 1, ..settings }) else { return };
    client.permit(permit("people", Method::Get));
    let question = get();
    let (answer, first) = tokio::join!(client.ask(&question), async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap()
    });
    assert_eq!(answer.outcome, Outcome::Unavailable);
    assert_eq!(first, 0x16, "not the first byte of a TLS handshake");
}
