//! TLS with an authority of one's own: whoever is not vouched for hears no credential.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::stage::audit;

const FIELDS: &str = r#"[{"id":"work.title","categoryId":"work","jsonPath":"work.title","type":"text"}]"#;

/// Answers over TLS with a certificate for one name, signed by an authority of its own.
struct Server {
    port: u16,
    /// The authority, as PEM.
    authority: String,
    /// Every line that came through.
    heard: Arc<Mutex<String>>,
}

fn serve(name: &str) -> Server {
    let mut ours = CertificateParams::new(Vec::new()).unwrap();
    ours.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(ours, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    let (config, heard) = (Arc::new(config), Arc::new(Mutex::new(String::new())));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let ear = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            let ear = Arc::clone(&ear);
            // A handshake that the other side breaks off is what some of these tests are about.
            std::thread::spawn(move || drop(answer(StreamOwned::new(session, stream), &ear)));
        }
    });
    Server { port, authority: authority.pem(), heard }
}

fn answer<S: std::io::Read + Write>(stream: S, ear: &Mutex<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            break;
        }
    }
    ear.lock().unwrap().push_str(&head);
    let (status, body) = match head.split(' ').nth(1) {
        Some("/v1/company/people/fields") => ("200 OK", FIELDS),
        _ => ("404 Not Found", "{\"error\": \"not found\"}"),
    };
    let length = body.len();
    let out = reader.get_mut();
    write!(
        out,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    out.flush()
}

fn run(home: &Path, port: u16, more: &[&str]) -> Output {
    audit(home)
        .env("HIBOB_BASE_URL", format!("https://127.0.0.1:{port}/v1"))
        .env("HIBOB_SERVICE_USER_ID", "SERVICE-1")
        .env("HIBOB_SERVICE_USER_TOKEN", "no-secret-at-all")
        .args(["--policy", "frontegg", "--scope", "policy", "--deadline", "20s"])
        .args(more)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_it_is_named_and_nowhere_else() {
    let server = serve("127.0.0.1");
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("ours.pem"), &server.authority).unwrap();

    let without = run(home.path(), server.port, &[]);
    let told = said(&without);
    assert_eq!(without.status.code(), Some(4), "{told}");
    assert!(told.contains("certificate") && told.contains("--ca-file"), "{told}");
    assert_eq!(*server.heard.lock().unwrap(), "", "something was said to whom nobody vouches for");

    let with = run(home.path(), server.port, &["--ca-file", "ours.pem"]);
    assert_eq!(with.status.code(), Some(3), "{}", said(&with));
    let heard = server.heard.lock().unwrap().to_lowercase();
    assert!(
        heard.contains("/v1/company/people/fields") && heard.contains("\r\nauthorization: basic "),
        "{heard}"
    );
}

#[test]
fn a_certificate_for_another_host_is_refused_though_its_authority_is_trusted() {
    let server = serve("api.example.com");
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("ours.pem"), &server.authority).unwrap();
    let ran = run(home.path(), server.port, &["--ca-file", "ours.pem"]);
    let told = said(&ran);
    assert_eq!(ran.status.code(), Some(4), "{told}");
    assert!(told.contains("certificate") && told.contains("--base-url"), "{told}");
    assert_eq!(*server.heard.lock().unwrap(), "");
}
