//! The client against a server on this machine that answers whatever a test wants it to.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::{Client, Settings};
use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::Method;
use crate::plan::Request;
use crate::prober::address::BaseUrl;
use crate::prober::answer::Answer;
use crate::prober::door::Permit;
use crate::prober::manners::Manners;
use crate::prober::secret::Credentials;

mod outcomes;
mod patience;
mod wire;
mod writes;

const TOKEN: &str = "hunter2-hunter2";
/// `SERVICE-1:hunter2-hunter2`.
const TOKEN_ENCODED: &str = "U0VSVklDRS0xOmh1bnRlcjItaHVudGVyMg==";

/// What the server does with a request.
#[derive(Clone)]
enum Reply {
    Send(Vec<u8>),
    SendAfter(Duration, Vec<u8>),
    /// Sends the head, and the body only after a while.
    Slowly(String, Duration, &'static str),
    /// Sends this, and then white space for ever.
    Endless(Vec<u8>),
    /// Sends this, and then nothing, and keeps the connection open.
    Hang(Vec<u8>),
    HangUp,
}

/// A server on this machine that remembers what it was asked.
struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (reply, remember) = (Arc::new(reply), Arc::clone(&seen));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (reply, seen) = (Arc::clone(&reply), Arc::clone(&remember));
                tokio::spawn(async move {
                    let request = hear(&mut stream).await;
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(request.clone());
                        seen.len()
                    };
                    // The client may have hung up; that is its right.
                    let _ = speak(&mut stream, reply(number, &request)).await;
                });
            }
        });
        Self { port, seen }
    }

    async fn always(head: &str, body: &str) -> Self {
        let reply = Reply::Send(text(head, body));
        Self::start(move |_, _| reply.clone()).await
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn settings(&self) -> Settings {
        let base_url = BaseUrl::parse(&format!("http://127.0.0.1:{}/v1/", self.port)).unwrap();
        let manners = Manners {
            longest_wait: Duration::from_millis(300),
            throttle_base: Duration::from_millis(10),
            trouble_base: Duration::from_millis(5),
            first_burst: 50,
            ..Manners::default()
        };
        Settings {
            seed: 1,
            timeout: Duration::from_secs(5),
            manners,
            ..Settings::new(base_url, Credentials::new("SERVICE-1", TOKEN).unwrap())
        }
    }

    fn client(&self) -> Client {
        client(self.settings())
    }

    /// The answer to one request.
    async fn ask(&self) -> Answer {
        self.client().ask(&get()).await
    }
}

async fn hear(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        heard.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&heard).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(count > 0, "cut: {text}");
            continue;
        };
        let length = head.to_lowercase().lines().find_map(|line| {
            line.strip_prefix("content-length: ").map(|length| length.parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap_or(0) {
            return text;
        }
    }
}

async fn speak(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Send(bytes) => stream.write_all(&bytes).await,
        Reply::SendAfter(wait, bytes) => {
            sleep(wait).await;
            stream.write_all(&bytes).await
        }
        Reply::Slowly(head, wait, body) => {
            stream.write_all(head.as_bytes()).await?;
            sleep(wait).await;
            stream.write_all(body.as_bytes()).await
        }
        Reply::Endless(bytes) => {
            stream.write_all(&bytes).await?;
            loop {
                stream.write_all(&[b' '; 1024]).await?;
            }
        }
        Reply::Hang(bytes) => {
            stream.write_all(&bytes).await?;
            std::future::pending().await
        }
        Reply::HangUp => Ok(()),
    }
}

/// An answer with its length; `head` is the status line's end and further header lines.
fn text(head: &str, body: &str) -> Vec<u8> {
    bytes(head, body.as_bytes())
}

fn bytes(head: &str, body: &[u8]) -> Vec<u8> {
    let head = head.replace('\n', "\r\n");
    let length = body.len();
    let mut answer =
        format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").into_bytes();
    answer.extend_from_slice(body);
    answer
}

fn ok(body: &str) -> Vec<u8> {
    text(JSON, body)
}

const JSON: &str = "200 OK\nContent-Type: application/json;charset=utf-8";

fn request(endpoint: &str, method: Method, body: Option<serde_json::Value>) -> Request {
    Request {
        endpoint: EndpointId::new(endpoint),
        method,
        path: format!("/{endpoint}"),
        query: Vec::new(),
        body,
        body_budget: 1000,
    }
}

fn get() -> Request {
    request("people", Method::Get, None)
}

fn client(settings: Settings) -> Client {
    let client = Client::new(settings).unwrap();
    for method in [Method::Get, Method::Post] {
        client.permit(permit("people", method));
    }
    client
}

fn permit(endpoint: &str, method: Method) -> Permit {
    Permit {
        endpoint: EndpointId::new(endpoint),
        method,
        path: format!("/{endpoint}"),
        query_keys: BTreeSet::from(["q".to_owned()]),
        only_value: None,
        body_keys: BTreeSet::from(["fields".to_owned()]),
        max_times: 1000,
    }
}
