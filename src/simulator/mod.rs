//! A pretend HiBob: an independent witness that answers over real HTTP.
//!
//! It shares permission ids with the rest of the crate, and `fields.csv`: the list of fields of a real tenant,
//! which is a fact and no reading of one. What a box opens stands in `guards.yaml`, written apart from the
//! catalogue, so that the two can be held against each other.
//!
//! ```text
//!   request → gate (address, credentials, limits, firewall) → guards + rights → routes → answer
//!                                                    tenant (fields, people, rows) ┘
//! ```

mod answer;
mod dice;
pub mod facts;
pub mod faults;
mod fields;
mod gate;
mod guards;
mod lists;
mod people;
pub mod persona;
mod rights;
mod routes;
mod rows;
mod server;
mod sheet;
mod spoil;
pub mod switches;
pub mod tenant;
#[cfg(test)]
mod tests;
mod writes;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use facts::Facts;
pub use persona::{Audience, Group, Persona};
pub use switches::Switches;
pub use tenant::TenantSpec;

use server::Server;

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The service user.
    pub persona: Persona,
    /// The company.
    pub tenant: TenantSpec,
    /// How undocumented things behave.
    pub switches: Switches,
    /// From what the people are made up; the same seed makes the same people.
    pub seed: u64,
    /// The port to listen at; 0 is any that is free.
    pub port: u16,
}

impl Setup {
    /// A persona in an ordinary company.
    pub fn new(persona: Persona) -> Self {
        Self { persona, tenant: TenantSpec::default(), switches: Switches::default(), seed: 1, port: 0 }
    }
}

/// One call that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// When it came, since the start.
    pub at: Duration,
    /// When it was answered, or when whoever made it had gone away.
    pub answered: Duration,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, without the question mark; empty when there is none.
    pub query: String,
    /// The body that was sent.
    pub body: String,
    /// The status that was answered; 0 where the caller had gone away by then.
    pub status: u16,
    /// Whether the credentials were right.
    pub authorized: bool,
}

/// A simulator that answers until it is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    server: Arc<Server>,
    stop: Option<oneshot::Sender<()>>,
}

/// Starts a simulator on the loopback address.
///
/// # Errors
/// When the port cannot be listened at.
pub async fn start(setup: Setup) -> io::Result<Running> {
    let port = setup.port;
    let server = Arc::new(Server::new(setup).map_err(io::Error::other)?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let app = server::app(Arc::clone(&server));
    tokio::spawn(async move {
        // An error of one connection is that caller's business; the listener itself does not fail.
        let _ = axum::serve(listener, app)
            .with_graceful_shutdown(async {
                let _ = stopped.await;
            })
            .await;
    });
    Ok(Running { address, server, stop: Some(stop) })
}

impl Running {
    /// The address to give as the base URL.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The id of the service user.
    pub fn service_user(&self) -> &str {
        &self.server.persona.service_user
    }

    /// Its token.
    pub fn token(&self) -> &str {
        &self.server.persona.token
    }

    /// Every call so far, in the order in which they were answered.
    pub fn log(&self) -> Vec<Logged> {
        self.server.log()
    }

    /// Every personal value of the company that can be told from other text, so that a leak can be found:
    /// ids, marked words, amounts of money, dates of birth, made-up numbers.
    ///
    /// Whatever is text and personal contains `MARK-`, in answers about documents, tasks and absences too.
    pub fn marks(&self) -> Vec<String> {
        self.server.tenant.marks(&self.server.guards).into_iter().collect()
    }

    /// What is so for the service user, in counts, so that verdicts can be held against it.
    pub fn facts(&self) -> Facts {
        Facts::of(&self.server)
    }

    /// The id of a person in this lifecycle status, spelled as in `population/…`.
    pub fn known_person(&self, status: &str) -> Option<String> {
        let people = &self.server.tenant.people;
        people.iter().find(|person| person.status.slug() == status).map(|person| person.id.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}
