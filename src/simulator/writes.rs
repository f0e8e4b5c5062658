//! What changes something. Every write stands in the log; fields that were written and entries that were
//! deleted are seen by later reads, rows that were added or replaced are not kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::answer::Answer;
use super::fields::Field;
use super::guards::Table;
use super::lists;
use super::people::Person;
use super::routes::{as_guarded, known_person};
use super::rows;
use super::server::{Call, Server, lock};
use super::sheet::Sheet;
use super::switches::UneditableField;

/// What was written since the start.
#[derive(Debug, Default)]
pub(super) struct Written {
    fields: BTreeMap<(String, String), Value>,
    deleted: BTreeSet<(String, String)>,
}

impl Written {
    /// The value that was written to the person's field, if one was.
    pub(super) fn value(&self, person: &Person, field: &Field) -> Option<Value> {
        if self.fields.is_empty() {
            return None;
        }
        self.fields.get(&(person.id.clone(), field.id.clone())).cloned()
    }

    pub(super) fn is_deleted(&self, person: &Person, row: &Value) -> bool {
        !self.deleted.is_empty() && self.deleted.contains(&(person.id.clone(), row["id"].to_string()))
    }
}

/// `PUT /people/{id}`: drops what cannot be written, then validates, then stores.
pub(super) fn person(server: &Server, call: &Call) -> Answer {
    put(server, call).unwrap_or_else(|refusal| refusal)
}

fn put(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let person = editable_person(server, call.name("identifier"))?;
    let body = call.json()?;
    let mut given: Vec<(&Field, &Value)> = server
        .tenant
        .fields
        .iter()
        .filter(|field| !field.historical && server.guards.is_writable(&field.id))
        .filter_map(|field| Some((field, at_path(&body, &field.json_path)?)))
        .collect();
    let editable = |field: &Field| server.rights().edits(field, person);
    match server.switches.uneditable_field {
        UneditableField::Dropped | UneditableField::TakenAndDropped => {}
        UneditableField::Forbidden if given.iter().all(|(field, _)| editable(field)) => {}
        UneditableField::Forbidden => return Err(Answer::refusal(server.switches.refusal_body)),
        UneditableField::ValidatedThenDropped => {
            given.iter().try_for_each(|(field, value)| validate(server, field, value))?;
        }
    }
    let all = given.len();
    given.retain(|(field, _)| editable(field));
    if given.is_empty() && all > 0 && server.switches.uneditable_field == UneditableField::TakenAndDropped {
        return Ok(Answer::empty(200));
    }
    given.iter().try_for_each(|(field, value)| validate(server, field, value))?;
    let mut sheet = Sheet::new(&server.tenant, person);
    let mut written = lock(&server.written);
    given.retain(|(field, value)| {
        written.value(person, field).unwrap_or_else(|| sheet.value(field)) != **value
    });
    if given.is_empty() {
        return Ok(Answer::empty(304));
    }
    for (field, value) in given {
        written.fields.insert((person.id.clone(), field.id.clone()), value.clone());
    }
    Ok(Answer::empty(200))
}

/// The person, if a write may speak of that person at all.
fn editable_person<'s>(server: &'s Server, identifier: &str) -> Result<&'s Person, Answer> {
    let person = known_person(server, identifier)?;
    match server.switches.outside_editing {
        Some(status) if !server.rights().edits_anything(person) => Err(match status {
            404 => Answer::not_found("Employee not found"),
            _ => Answer::refusal(server.switches.refusal_body),
        }),
        _ => Ok(person),
    }
}

fn at_path<'b>(body: &'b Value, path: &str) -> Option<&'b Value> {
    path.split('.').try_fold(body, |value, key| value.get(key))
}

/// Only lists and dates are checked; everything else is taken as it comes.
fn validate(server: &Server, field: &Field, value: &Value) -> Result<(), Answer> {
    if value.is_null() || server.switches.stores_anything {
        return Ok(());
    }
    let list = field.list.as_deref().unwrap_or_default();
    let fine = match field.kind.as_str() {
        "list" | "list_id" | "hierarchy-list" => lists::has(list, value),
        "multi-list" => value.as_array().is_some_and(|items| items.iter().all(|item| lists::has(list, item))),
        "date" => value.as_str().is_some_and(|text| text.parse::<Date>().is_ok()),
        _ => true,
    };
    if fine {
        return Ok(());
    }
    let error = match field.kind.as_str() {
        "date" => format!("The value {value} isn't a valid date."),
        _ => format!("The value {value} isn't valid in list {list}."),
    };
    let name = field.id.rsplit('.').next().unwrap_or_default();
    Err(Answer::json(400, json!({"error": error, "errors": {name: error}})))
}

/// A write to one of the built-in tables.
pub(super) fn table(server: &Server, call: &Call, table: &Table) -> Answer {
    change_rows(server, call, table, "id", |person| rows::of(&server.tenant, person, &table.name))
        .unwrap_or_else(|refusal| refusal)
}

/// A write to a table that the company added.
pub(super) fn custom_table(server: &Server, call: &Call) -> Answer {
    let Some(table) = server.tenant.spec.tables.iter().find(|table| table.id == call.name("table")) else {
        return Answer::empty(404);
    };
    let rows = |person: &Person| rows::custom(&server.tenant, person, table);
    change_rows(server, call, &as_guarded(table), "employee", rows).unwrap_or_else(|refusal| refusal)
}

fn change_rows(
    server: &Server,
    call: &Call,
    table: &Table,
    who: &str,
    rows: impl Fn(&Person) -> Vec<Value>,
) -> Result<Answer, Answer> {
    let person = editable_person(server, call.name(who))?;
    let entry = call.name("entry");
    let number: Option<u64> = entry.parse().ok();
    let mut written = lock(&server.written);
    let exists = rows(person)
        .iter()
        .any(|row| number.is_some() && row["id"].as_u64() == number && !written.is_deleted(person, row));
    let permitted = server.rights().edits_category(&table.category, person);
    if !permitted && (exists || entry.is_empty() || !server.switches.entry_before_permission) {
        return Err(Answer::refusal(server.switches.refusal_body));
    }
    match call.method.as_str() {
        "DELETE" if exists => {
            written.deleted.insert((person.id.clone(), entry.to_owned()));
            Ok(Answer::empty(200))
        }
        "DELETE" => Ok(Answer::json(400, json!({"error": "Entry not found"}))),
        "PUT" if exists => Ok(Answer::empty(200)),
        "PUT" => Ok(Answer::not_found("Requested entry not found. Nothing was changed")),
        _ => added(&call.json()?, table),
    }
}

/// Validates a row that is to be added. It is taken, not kept: nothing that reads needs it.
fn added(row: &Value, table: &Table) -> Result<Answer, Answer> {
    let missing = |error: &str| Err(Answer::json(400, json!({"error": error})));
    match table.name.as_str() {
        "salaries" if row["payFrequency"].is_null() => missing("Missing pay frequency"),
        "work" | "employment" if row["effectiveDate"].is_null() => missing("Missing effective date"),
        _ if table.strict && row["values"].is_null() => missing("Missing required field: values"),
        "entitlement" | "deduction" | "variable" | "dependents" | "right-to-work" => {
            Ok(Answer::ok(json!({"entryId": 99_999_999})))
        }
        _ => Ok(Answer::empty(200)),
    }
}

/// An upload to a document folder, or the deletion of a document.
pub(super) fn document(server: &Server, call: &Call) -> Answer {
    let action = if call.method == "DELETE" { "delete" } else { "upload" };
    let id = format!("docs/{}/{action}", call.name("folder"));
    match known_person(server, call.name("id")) {
        Ok(person) if !server.rights().holds_text_for(&id, person) => {
            Answer::refusal(server.switches.refusal_body)
        }
        Ok(_) if action == "delete" => Answer::not_found("Document not found"),
        Ok(_) => match call.json() {
            Ok(body) if body["documentUrl"].is_null() => {
                Answer::bad_request("exception.validation", "Missing required field: documentUrl")
            }
            Ok(_) => Answer::empty(200),
            Err(refusal) => refusal,
        },
        Err(refusal) => refusal,
    }
}
