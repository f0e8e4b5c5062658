//! The modules beside people's data: attendance, tasks, goals, hiring, job catalog, positions, learning.

use serde_json::{Value, json};

use super::last_page;
use super::people::{active, filtered_people};
use crate::simulator::answer::Answer;
use crate::simulator::guards::Guard;
use crate::simulator::people::Person;
use crate::simulator::server::{Call, Server};

/// The most fields that a search of the object-based family takes.
const MOST_OBJECT_FIELDS: usize = 50;

pub(super) fn answer(server: &Server, call: &Call, guard: &Guard) -> Answer {
    let path = guard.call.as_str();
    match path {
        "POST /attendance/entries/search" | "POST /attendance/summaries/search" => attendance(server, call),
        "POST /attendance/entries" => entries(call),
        "POST /attendance/projects/search" => items(call, "project"),
        "GET /tasks" => tasks(server, active(server)),
        "GET /tasks/people/{id}" => tasks(server, server.tenant.person(call.name("id")).into_iter()),
        "POST /tasks/{task}/complete" => Answer::ok(json!({"toDosUpdated": 0})),
        "GET /onboarding/wizards" => {
            Answer::ok(json!({"wizards": [{"id": 71_001, "name": "Welcome aboard"}]}))
        }
        "POST /goals/goal-types/search" => items(call, "goalType"),
        "POST /goals/goal-cycles/search" => items(call, "goalCycle"),
        "POST /goals/goals/search" => goals(server, call),
        "POST /hiring/job-ads/search" => job_ads(call),
        "GET /hiring/job-ads/{ad}" | "DELETE /attendance/entries/{entry}" => Answer::empty(404),
        "GET /job-catalog/job-roles" => catalog("JobRoleEntries", "jobRole"),
        "GET /job-catalog/job-families" => catalog("JobFamilyEntries", "jobFamily"),
        "GET /job-catalog/job-family-groups" => catalog("JobFamilyGroupEntries", "jobFamilyGroup"),
        "POST /job-catalog/job-profiles/search" => job_profiles(server, call),
        "POST /objects/position/search" => Answer::ok(json!([{"/position/id": {"value": "801"}}])),
        "POST /positions/position-openings/search" => catalog("positionOpeningEntries", "positionOpening"),
        "POST /positions/position-budget/search" => catalog("positionBudgetEntries", "positionBudget"),
        "POST /workforce-planning/positions/{position}/position-budget" => Answer::json(
            400,
            json!({"errors": {"/positionBudget/amount": {
                "error": "MISSING_MANDATORY_FIELD",
                "message": "Missing mandatory field '/positionBudget/amount'",
            }}}),
        ),
        _ if path.ends_with("/metadata") || path.starts_with("GET /metadata/") => object_fields(path),
        _ if path.starts_with("POST /hiring/") => items(call, "object"),
        // Every other write: what lacks its required members is refused, what has some is taken.
        _ if call.body.trim().len() <= 2 => {
            Answer::bad_request("exception.validation", "Missing required fields")
        }
        _ => Answer::empty(200),
    }
}

/// A search of the object-based family, which needs the fields to tell.
fn items(call: &Call, object: &str) -> Answer {
    let body = match call.json() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    match body["fields"].as_array() {
        Some(fields) if (1..=MOST_OBJECT_FIELDS).contains(&fields.len()) => {
            let item: serde_json::Map<String, Value> = fields
                .iter()
                .filter_map(Value::as_str)
                .map(|field| (field.to_owned(), json!({"value": format!("MARK-{object}-1")})))
                .collect();
            Answer::ok(json!({"items": [item], "response_metadata": last_page()}))
        }
        _ => Answer::bad_request("exception.validation.fields", "fields must name 1 to 50 fields"),
    }
}

fn goals(server: &Server, call: &Call) -> Answer {
    let owned =
        active(server).filter(|person| server.rights().holds_text_for("goals/people/view", person)).count();
    if owned == 0 && !server.rights().holds("features/goals/view") {
        return Answer::ok(json!({"items": [], "response_metadata": last_page()}));
    }
    items(call, "goal")
}

fn attendance(server: &Server, call: &Call) -> Answer {
    let body = match call.json() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let ids = filtered_people(&body);
    if ids.is_empty() {
        return Answer::bad_request("exception.attendance.filters", "A filter by employee is required");
    }
    let items: Vec<Value> = ids
        .iter()
        .filter_map(|id| server.tenant.person(id))
        .filter(|person| server.rights().holds_text_for("attendance/sheets/manage", person))
        .map(|person| {
            json!({
                "/attendanceEntry/id": {"value": 9_000_000 + person.number},
                "/attendanceEntry/employeeId": {"value": person.id},
            })
        })
        .collect();
    Answer::ok(json!({"items": items, "response_metadata": last_page()}))
}

fn entries(call: &Call) -> Answer {
    let items = call.json().ok().and_then(|body| body["items"].as_array().map(Vec::len));
    match items {
        Some(1..=100) => Answer::ok(json!({"items": []})),
        _ => Answer::bad_request("exception.attendance.entry.items", "items must hold 1 to 100 entries"),
    }
}

fn tasks<'s>(server: &Server, people: impl Iterator<Item = &'s Person>) -> Answer {
    let tasks: Vec<Value> = people
        .filter(|person| {
            !server.tenant.spec.quiet
                && person.number % 5 == 1
                && server.rights().holds_text_for("tasks/people/complete", person)
        })
        .map(|person| {
            let owner = json!({
                "id": person.id,
                "firstName": person.first,
                "surname": person.surname,
                "email": person.email,
                "displayName": person.name(),
            });
            json!({
                "id": 60_000_000 + person.number,
                "owner": owner,
                "requestedFor": owner,
                "title": format!("MARK-task-{}", person.number),
                "due": "2026-12-01",
                "status": "open",
            })
        })
        .collect();
    Answer::ok(json!({"tasks": tasks}))
}

fn job_ads(call: &Call) -> Answer {
    match call.json() {
        Ok(body) if body["fields"].is_array() && body["filters"].is_array() => {
            Answer::ok(json!([{"/jobAd/id": {"value": "4c1f"}, "/jobAd/title": {"value": "Baker"}}]))
        }
        Ok(_) => Answer::bad_request("exception.validation", "fields and filters are required"),
        Err(refusal) => refusal,
    }
}

fn catalog(key: &str, object: &str) -> Answer {
    let entry = json!([{format!("/{object}/id"): {"value": "1"}}]);
    Answer::ok(json!({key: [entry], "response_metadata": last_page()}))
}

fn job_profiles(server: &Server, call: &Call) -> Answer {
    let body = match call.json() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let has = |key: &str| body[key].as_array().is_some_and(|items| !items.is_empty());
    if !(has("fields") && has("filters")) {
        return Answer::bad_request("exception.validation", "fields and filters are required");
    }
    let mut profile = json!({"/jobProfile/id": {"value": "1"}, "/jobProfile/title": {"value": "Baker"}});
    let assigned: Vec<&str> = active(server)
        .filter(|person| server.rights().holds_text_for("people/jobsCatalog/view", person))
        .take(3)
        .map(|person| person.id.as_str())
        .collect();
    if !assigned.is_empty() {
        profile["/jobProfile/assignedEmployees"] = json!({"value": assigned});
    }
    Answer::ok(json!({"JobProfileEntries": [[profile]], "response_metadata": last_page()}))
}

fn object_fields(path: &str) -> Answer {
    let object = path.trim_end_matches("/metadata").rsplit('/').next().unwrap_or_default();
    Answer::ok(json!([{
        "id": format!("/{object}/id"),
        "name": "ID",
        "description": null,
        "fieldType": {"type": "text", "typeData": {}},
        "jsonPath": {"root": object, "rawData": "id"},
    }]))
}
