//! The tables of people: one person's rows, and everybody's a page at a time.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::known_person;
use crate::simulator::answer::Answer;
use crate::simulator::dice;
use crate::simulator::guards::Table;
use crate::simulator::people::Person;
use crate::simulator::rights::Opening;
use crate::simulator::rows;
use crate::simulator::server::{Call, Server, lock};
use crate::simulator::switches::{AllDenied, BulkErrors, NoErrors};
use crate::simulator::tenant::CustomTable;

const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 200;

/// Stands for all columns of a table of which no column is a field.
const WHOLE_ROW: &str = "*";

/// One person's rows as far as they are open, and which columns were withheld.
#[derive(Default)]
struct Shown {
    rows: Vec<Value>,
    no_view: BTreeSet<String>,
    no_history: BTreeSet<String>,
}

fn columns(table: &Table) -> Vec<String> {
    match table.columns.is_empty() {
        true => vec![WHOLE_ROW.to_owned()],
        false => table.columns.keys().cloned().collect(),
    }
}

pub(in crate::simulator) fn opening(server: &Server, table: &Table, person: &Person) -> Opening {
    let mut opening = server.rights().opening(table, &columns(table), person);
    if server.rights().field_level && server.switches.flp_all_denied == AllDenied::AllNull {
        opening.open = true;
    }
    opening
}

/// The rows as they are shown, or nothing when the table is closed for this person.
fn shown(server: &Server, table: &Table, person: &Person, rows: Vec<Value>) -> Option<Shown> {
    let opening = opening(server, table, person);
    if !opening.open {
        return None;
    }
    let deleted = lock(&server.written);
    let rows = rows
        .into_iter()
        .filter(|row| opening.old_rows || row["isCurrent"] != json!(false))
        .filter(|row| !deleted.is_deleted(person, row))
        .map(|row| withheld(row, &opening))
        .collect();
    Some(Shown { rows, no_view: opening.hidden, no_history: opening.hidden_in_old })
}

/// The row with null in place of what may not be seen.
fn withheld(mut row: Value, opening: &Opening) -> Value {
    let old = row["isCurrent"] == json!(false);
    let hidden: BTreeSet<&String> =
        opening.hidden.iter().chain(opening.hidden_in_old.iter().filter(|_| old)).collect();
    if let Some(members) = row.as_object_mut() {
        for (column, value) in members.iter_mut() {
            let whole = hidden.iter().any(|name| *name == WHOLE_ROW) && column != "id";
            if whole || hidden.contains(column) {
                *value = Value::Null;
            }
        }
    }
    row
}

fn note_restrictions(body: &mut Value, no_view: &BTreeSet<String>, no_history: &BTreeSet<String>) -> bool {
    if no_view.is_empty() && no_history.is_empty() {
        return false;
    }
    body["restricted_columns"] =
        json!({"no_view_permission": no_view, "no_view_history_permission": no_history});
    true
}

fn with_restriction_header(answer: Answer, restricted: bool) -> Answer {
    if restricted { answer.with_header("X-Has-Restricted-Columns", "true") } else { answer }
}

/// Whether the caller sent a content type with a GET on a table that cannot stand it.
fn sends_json(call: &Call) -> bool {
    call.content_type.starts_with("application/json")
}

pub(super) fn of_person(server: &Server, call: &Call, table: &Table) -> Answer {
    if table.strict && sends_json(call) {
        return Answer::page(400);
    }
    match known_person(server, call.name("id")) {
        Ok(person) => one(server, table, person, rows::of(&server.tenant, person, &table.name)),
        Err(refusal) => refusal,
    }
}

fn one(server: &Server, table: &Table, person: &Person, rows: Vec<Value>) -> Answer {
    let Some(shown) = shown(server, table, person, rows) else {
        return Answer::refusal(server.switches.refusal_body);
    };
    if shown.rows.is_empty() && server.switches.no_rows_no_body {
        return Answer::empty(200);
    }
    let mut body = json!({"values": shown.rows});
    let restricted = note_restrictions(&mut body, &shown.no_view, &shown.no_history);
    with_restriction_header(Answer::ok(body), restricted)
}

/// A table that the company added, as if it were a row of the guards.
pub(in crate::simulator) fn as_guarded(table: &CustomTable) -> Table {
    Table {
        name: table.id.clone(),
        category: table.category.clone(),
        history: false,
        person: true,
        bulk: false,
        strict: true,
        limit: None,
        writes: Vec::new(),
        columns: BTreeMap::new(),
    }
}

pub(super) fn custom(server: &Server, call: &Call) -> Answer {
    if sends_json(call) {
        return Answer::page(400);
    }
    let Some(table) = server.tenant.spec.tables.iter().find(|table| table.id == call.name("table")) else {
        return Answer::empty(404);
    };
    match known_person(server, call.name("employee")) {
        Ok(person) => one(server, &as_guarded(table), person, rows::custom(&server.tenant, person, table)),
        Err(refusal) => refusal,
    }
}

pub(super) fn bulk(server: &Server, call: &Call, table: &Table) -> Answer {
    page(server, call, table).unwrap_or_else(|refusal| refusal)
}

fn page(server: &Server, call: &Call, table: &Table) -> Result<Answer, Answer> {
    if !is_open_to_anyone(server, table) {
        return Err(Answer::refusal(server.switches.refusal_body));
    }
    let limit = page_size(call)?;
    let start = match call.query.get("cursor") {
        None => 0,
        Some(cursor) => cursor
            .strip_prefix("after-")
            .and_then(|number| number.parse::<usize>().ok())
            .ok_or_else(|| Answer::bad_request("exception.validation.cursor", "The cursor is not valid"))?,
    };
    // The undocumented address table serves everybody whatever is asked for.
    let asked = call
        .query
        .get("employeeIds")
        .filter(|_| table.name != "address")
        .map(|ids| ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect::<BTreeSet<&str>>());
    if asked.as_ref().is_some_and(|asked| asked.len() > LARGEST_PAGE) {
        return Err(Answer::bad_request("exception.validation.employeeIds", "At most 200 employee ids"));
    }
    let mut served = server
        .tenant
        .people
        .iter()
        .filter(|person| server.rights().sees(person) && opening(server, table, person).open)
        .filter(|person| asked.as_ref().is_none_or(|asked| asked.contains(person.id.as_str())))
        .skip_while(|person| person.number < start);
    let (mut results, mut no_view, mut no_history) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for person in served.by_ref().take(limit) {
        let rows = rows::of(&server.tenant, person, &table.name);
        let shown = shown(server, table, person, rows).unwrap_or_default();
        let mut result = json!({"employeeId": person.id, "values": shown.rows});
        if server.switches.restrictions_by_person {
            note_restrictions(&mut result, &shown.no_view, &shown.no_history);
        }
        no_view.extend(shown.no_view);
        no_history.extend(shown.no_history);
        results.push(result);
    }
    dice::shuffle(&mut results, server.switches.order);
    let next = served.next().map(|person| format!("after-{}", person.number));
    let cursor = if server.switches.bulk_cursor_as_documented { "cursor" } else { "next_cursor" };
    let mut body = json!({
        "results": results,
        "response_metadata": {cursor: next},
        "errors": errors(server, &asked.map(|asked| refused(server, table, &asked)).unwrap_or_default()),
    });
    let restricted = match server.switches.restrictions_by_person {
        true => !no_view.is_empty() || !no_history.is_empty(),
        false => note_restrictions(&mut body, &no_view, &no_history),
    };
    Ok(with_restriction_header(Answer::ok(body), restricted))
}

fn page_size(call: &Call) -> Result<usize, Answer> {
    let Some(limit) = call.query.get("limit") else { return Ok(DEFAULT_PAGE) };
    limit
        .parse()
        .ok()
        .filter(|limit| (1..=LARGEST_PAGE).contains(limit))
        .ok_or_else(|| Answer::bad_request("exception.validation.limit", "limit must be from 1 to 200"))
}

/// Whether the table answers at all: it is open for somebody, or it would be if anybody could be seen.
fn is_open_to_anyone(server: &Server, table: &Table) -> bool {
    let mut audience = server.tenant.people.iter().filter(|person| server.rights().sees(person)).peekable();
    if audience.peek().is_none() {
        let boxes = ["view", "history"].map(|action| format!("people/{}/{action}", table.category));
        return boxes.iter().any(|id| server.rights().holds(id));
    }
    audience.any(|person| opening(server, table, person).open)
}

/// Who was asked for and is not served.
fn refused(server: &Server, table: &Table, asked: &BTreeSet<&str>) -> Vec<String> {
    let served = |id: &str| {
        let person = server.tenant.people.iter().find(|person| person.id == id);
        person.is_some_and(|person| server.rights().sees(person) && opening(server, table, person).open)
    };
    asked.iter().filter(|id| !served(id)).map(|id| (*id).to_owned()).collect()
}

/// What is said about people who are not served.
fn errors(server: &Server, refused: &[String]) -> Value {
    let error = |id: &String| {
        let message = format!("You don't have permission to access data for employees with ids: {id}");
        json!({"error": "MISSING_PERMISSION", "message": message})
    };
    let one = |key: &str, id| Value::Object(Map::from_iter([(key.to_owned(), error(id))]));
    match server.switches.bulk_errors {
        _ if refused.is_empty() => match server.switches.bulk_errors_empty {
            NoErrors::Object => json!({}),
            NoErrors::Array => json!([]),
        },
        BulkErrors::List => refused.iter().map(|id| one(id, id)).collect(),
        BulkErrors::LiteralKey => refused.iter().map(|id| one("employeeId", id)).collect(),
        BulkErrors::Object => Value::Object(refused.iter().map(|id| (id.clone(), error(id))).collect()),
    }
}
