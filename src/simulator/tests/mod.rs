//! The pretend HiBob, asked over HTTP.

use std::collections::BTreeSet;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::faults::Fault;
use super::persona::STATUSES;
use super::switches::{AllDenied, BulkErrors, Lacking, NoErrors, RefusalBody, UneditableField};
use super::tenant::{Histories, Module, Nulls};
use super::{Persona, Running, Setup, Switches, TenantSpec, start};
use crate::catalogue::id::PermissionId;

mod faults;
mod gate;
mod people;
mod tables;
mod writes;

/// A simulator and somebody who asks it.
struct Asked {
    running: Running,
    client: Client,
}

/// What came back.
struct Reply {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn is_page(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    }
}

fn persona(name: &str) -> Persona {
    Persona::named(name).unwrap_or_else(|| panic!("no persona {name}"))
}

/// A persona of everybody active with these boxes.
fn holding(ids: &[&str]) -> Persona {
    ids.iter().fold(persona("ids-only"), |persona, id| persona.with(PermissionId::parse(id).unwrap()))
}

fn client() -> Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

impl Asked {
    async fn with(setup: Setup) -> Self {
        Self { running: start(setup).await.unwrap(), client: client() }
    }

    async fn of(persona: Persona) -> Self {
        Self::with(Setup::new(persona)).await
    }

    async fn changed(persona: Persona, change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = Setup::new(persona);
        change(&mut setup);
        Self::with(setup).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.running.base_url()))
            .basic_auth(self.running.service_user(), Some(self.running.token()))
    }

    async fn send(request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Reply {
        Self::send(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        Self::send(self.request(Method::POST, path).json(&body)).await
    }

    async fn put(&self, path: &str, body: Value) -> Reply {
        Self::send(self.request(Method::PUT, path).json(&body)).await
    }

    async fn delete(&self, path: &str) -> Reply {
        Self::send(self.request(Method::DELETE, path)).await
    }

    /// All people that a search with these fields tells.
    async fn people(&self, fields: &[&str]) -> Vec<Value> {
        let reply = self.post("/people/search", json!({"fields": fields, "showInactive": true})).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["employees"].as_array().unwrap().clone()
    }

    fn anybody(&self) -> String {
        self.running.known_person("employed").unwrap()
    }
}

#[test]
fn every_persona_that_ships_can_be_read_and_says_what_it_is() {
    for (name, title) in Persona::names() {
        assert_eq!(persona(name).name, name);
        assert!(!title.is_empty(), "{name}");
    }
}

#[test]
fn a_persona_may_be_taken_apart_box_by_box() {
    let id = PermissionId::parse("people/payroll/view").unwrap();
    let less = persona("two-groups").without(&id);
    assert!(less.all_groups().iter().all(|group| !group.grants.contains(&id)));
    assert!(less.with(id.clone()).grants.contains(&id));
}

#[test]
fn a_persona_with_a_mistake_is_refused_with_its_line() {
    let typo = "persona: x\ntitle: y\npeople: [emploid]\n";
    assert!(Persona::parse(typo).unwrap_err().contains("line 3"), "{}", Persona::parse(typo).unwrap_err());
    let key = "persona: x\ngrant: [people/work/view]\n";
    let said = Persona::parse(key).unwrap_err();
    assert!(said.contains('2') && !said.contains('\n') && !said.contains("-->"), "{said}");
    let id = "persona: x\ngrants:\n  - people//view\n";
    assert!(Persona::parse(id).unwrap_err().contains('3'), "{}", Persona::parse(id).unwrap_err());
}

#[test]
fn a_company_and_its_switches_can_be_written() {
    let company =
        "people: 7\nhistories: imported\nnulls: {never-for-types: [text]}\nmodules_off: [job-catalog]\n";
    let company = TenantSpec::parse(company).unwrap();
    assert_eq!((company.people, company.histories), (7, Histories::Imported));
    assert_eq!(company.nulls, Nulls::NeverForTypes(BTreeSet::from(["text".to_owned()])));
    assert_eq!(company.modules_off, BTreeSet::from([Module::JobCatalog]));
    let switches = "refusal_body: html\nfaults:\n  - {call: GET /tasks, status: 500}\n";
    let switches = Switches::parse(switches).unwrap();
    assert_eq!((switches.refusal_body, switches.firewall_refusals), (RefusalBody::Html, 50));
    assert_eq!(switches.faults[0].status, Some(500));
    assert!(TenantSpec::parse("persons: 7").is_err() && Switches::parse("refusal: x").is_err());
}

#[test]
fn whoever_holds_everything_holds_whatever_guards_a_call() {
    let everything = persona("everything").grants;
    let guards = super::guards::Guards::embedded().unwrap();
    for guard in &guards.calls {
        for id in guard.needs.iter().chain(&guard.either) {
            assert!(everything.contains(&PermissionId::parse(id).unwrap()), "{}: {id}", guard.call);
        }
    }
    for table in &guards.tables {
        let id = format!("people/{}/view", table.category);
        assert!(everything.contains(&PermissionId::parse(&id).unwrap()), "{}", table.name);
    }
}

#[test]
fn every_field_named_by_the_guards_exists() {
    let guards = super::guards::Guards::embedded().unwrap();
    let fields = super::fields::Field::all(&TenantSpec::default()).unwrap();
    let columns = guards.tables.iter().flat_map(|table| table.columns.values());
    let rows = guards.unwritable.iter().filter(|row| !row.ends_with('.'));
    for id in columns.chain(rows).chain(&guards.everybody_has).chain(&guards.sensitive) {
        assert!(fields.iter().any(|field| field.id == *id), "{id}");
    }
}

#[tokio::test]
async fn a_setup_that_names_what_does_not_exist_does_not_start() {
    let mut setup = Setup::new(persona("demo"));
    setup.switches.faults = vec![Fault { call: "GET /task".to_owned(), ..Fault::default() }];
    assert!(start(setup).await.unwrap_err().to_string().contains("GET /task"));
    let mut setup = Setup::new(persona("demo"));
    setup.tenant.moved.insert("work.titel".to_owned(), "about".to_owned());
    assert!(start(setup).await.unwrap_err().to_string().contains("work.titel"));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_people_and_another_seed_makes_others() {
    let fields = ["root.id", "root.firstName", "work.title", "payroll.salary.payment"];
    let one = Asked::of(persona("everything")).await.people(&fields).await;
    let same = Asked::of(persona("everything")).await.people(&fields).await;
    let other = Asked::changed(persona("everything"), |setup| setup.seed = 2).await.people(&fields).await;
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[tokio::test]
async fn there_are_people_of_every_status_and_all_are_known() {
    let asked = Asked::of(persona("everything")).await;
    let people = asked.people(&["internal.lifecycleStatus"]).await;
    assert_eq!(people.len(), 120);
    let statuses: BTreeSet<String> =
        people.iter().map(|person| person["internal"]["lifecycleStatus"].to_string()).collect();
    assert_eq!(statuses.len(), 6);
    assert!(STATUSES.iter().all(|status| asked.running.known_person(status).is_some()));
}

#[tokio::test]
async fn what_is_told_about_people_is_marked() {
    // The names of sites and currencies are nobody's own.
    const NOBODYS: [&str; 2] = ["work.site", "payroll.salary.payment.currency"];
    let asked = Asked::of(persona("everything")).await;
    let marks: BTreeSet<String> = asked.running.marks().into_iter().collect();
    let metadata = asked.get("/company/people/fields").await.json();
    let fields = metadata.as_array().unwrap().iter();
    let texts: Vec<&str> = fields
        .filter(|field| field["type"].as_str().is_some_and(|kind| kind.starts_with("text")))
        .map(|field| field["id"].as_str().unwrap())
        .chain(["root.id", "personal.birthDate", "work.manager"])
        .filter(|id| !NOBODYS.contains(id))
        .collect();
    for person in asked.people(&[&texts[..], &["payroll.salary.payment"]].concat()).await {
        for id in &texts {
            let value = &person[format!("/{}", id.replace('.', "/"))]["value"];
            assert!(value.is_null() || marks.contains(value.as_str().unwrap()), "{id} {value}");
        }
        let salary = person.pointer("/payroll/salary/payment/value");
        assert!(salary.is_none_or(|salary| marks.contains(&salary.to_string())), "{salary:?}");
    }
}
