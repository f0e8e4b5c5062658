//! Time off: who is out, requests, balances, policies, calendars.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::people::active;
use crate::simulator::answer::Answer;
use crate::simulator::guards::Guard;
use crate::simulator::people::{Person, days_after, days_between};
use crate::simulator::server::{Call, Server};
use crate::simulator::switches::Presumptuous;

const POLICY_TYPES: [&str; 3] = ["Holiday", "Sick", "MARK-fertility treatment"];

/// The longest that changes can be looked back at: six months.
const LONGEST_LOOK_BACK: i64 = 186;

pub(super) fn answer(server: &Server, call: &Call, guard: &Guard) -> Answer {
    match guard.call.as_str() {
        "GET /timeoff/whosout" => whos_out(server, call),
        "GET /timeoff/outtoday" => {
            let today = today(call);
            outs(server, call, today, today)
        }
        "GET /timeoff/requests/changes" => changes(server, call),
        "GET /timeoff/employees/{id}/requests/{request}" => request(server, call),
        "DELETE /timeoff/employees/{id}/requests/{request}" => Answer::empty(404),
        "GET /timeoff/employees/{id}/balance" => balance(server, call),
        "GET /timeoff/policy-types" => Answer::ok(json!({"policyTypes": POLICY_TYPES})),
        "GET /timeoff/policy-types/{type}" => {
            of_type(call, |name| json!({"name": name, "activity": "paidTimeoff", "unit": "days"}))
        }
        "GET /timeoff/policy-types/{type}/reason-codes" => of_type(call, |_| json!({"reasonCodes": []})),
        "GET /timeoff/policies/names" => match call.query.get("policyTypeName") {
            Some(name) if POLICY_TYPES.contains(&name.as_str()) => {
                Answer::ok(json!({"policyNames": [format!("{name} policy")]}))
            }
            _ => Answer::not_found("Policy type not found"),
        },
        "GET /timeoff/policies" => match call.query.get("policyName") {
            Some(name) if name.ends_with(" policy") => Answer::ok(json!({"name": name, "allowance": 25})),
            _ => Answer::not_found("Policy not found"),
        },
        "POST /timeoff/calendars/events/search" => events(call),
        "POST /timeoff/calendars/employees/search" => {
            Answer::ok(json!({"items": [], "response_metadata": super::last_page()}))
        }
        "POST /timeoff/policy-types/{type}/reason-codes" => of_type(call, |_| json!({})),
        // Requests and adjustments: nothing that lacks its required members gets this far unharmed.
        _ => Answer::bad_request("exception.validation", "Missing required fields"),
    }
}

fn of_type(call: &Call, told: impl Fn(&str) -> Value) -> Answer {
    let name = call.name("type");
    match POLICY_TYPES.contains(&name) {
        true => Answer::ok(told(name)),
        false => Answer::not_found("Policy type not found"),
    }
}

fn date(call: &Call, name: &str) -> Option<Date> {
    call.query.get(name)?.get(..10)?.parse().ok()
}

fn today(call: &Call) -> Date {
    date(call, "today").unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn whos_out(server: &Server, call: &Call) -> Answer {
    match (date(call, "from"), date(call, "to")) {
        (Some(from), Some(to)) if from <= to => outs(server, call, from, to),
        _ => Answer::bad_request("exception.validation.dates", "from and to are required"),
    }
}

fn flag(call: &Call, name: &str) -> bool {
    call.query.get(name).is_some_and(|value| value == "true")
}

/// One absence of a person. Every window holds the same absences, so that no run depends on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Absence {
    Public,
    CustomName,
    Private,
    Pending,
}

pub(in crate::simulator) fn absence(server: &Server, person: &Person) -> Option<Absence> {
    if server.tenant.spec.quiet {
        return None;
    }
    match person.number % 8 {
        1 => Some(Absence::Public),
        3 => Some(Absence::CustomName),
        5 => Some(Absence::Private),
        6 => Some(Absence::Pending),
        _ => None,
    }
}

/// The absences that may be told, each with the name under which it may be told.
fn told<'s>(
    server: &'s Server,
    call: &Call,
) -> impl Iterator<Item = (&'s Person, Absence, &'static str)> + use<'s> {
    let (private_too, pending_too) = (flag(call, "includePrivate"), flag(call, "includePending"));
    let may = |person: &Person, id: &str| server.rights().holds_text_for(id, person);
    active(server).filter(move |person| may(person, "time-off/whos-out/view")).filter_map(move |person| {
        let sees_private = private_too && may(person, "time-off/whos-out/view-private");
        let name = match absence(server, person)? {
            Absence::Public => POLICY_TYPES[0],
            Absence::CustomName if sees_private => POLICY_TYPES[1],
            Absence::CustomName => "Out of office",
            Absence::Private if sees_private => POLICY_TYPES[2],
            Absence::Pending if pending_too && may(person, "time-off/requests/manage") => POLICY_TYPES[0],
            Absence::Private | Absence::Pending => return None,
        };
        Some((person, absence(server, person)?, name))
    })
}

fn visibility(absence: Absence) -> &'static str {
    match absence {
        Absence::Public | Absence::Pending => "Public",
        Absence::CustomName => "Custom name",
        Absence::Private => "Private",
    }
}

fn request_id(person: &Person) -> u64 {
    52_000_000 + person.number as u64
}

/// Whether a flag asks for what may not be seen, and that is refused here.
fn is_presumptuous(server: &Server, call: &Call) -> bool {
    let refused = |name: &str, without: Presumptuous, id: &str| {
        flag(call, name) && without == Presumptuous::Forbidden && !server.rights().holds(id)
    };
    let switches = &server.switches;
    refused("includePrivate", switches.private_without_right, "time-off/whos-out/view-private")
        || refused("includePending", switches.pending_without_right, "time-off/requests/manage")
}

fn outs(server: &Server, call: &Call, from: Date, to: Date) -> Answer {
    if is_presumptuous(server, call) {
        return Answer::refusal(server.switches.refusal_body);
    }
    let days = days_between(from, to) + 1;
    let outs: Vec<Value> = told(server, call)
        .map(|(person, absence, name)| {
            let day = days_after(from, person.number as i64 % days);
            json!({
                "requestId": request_id(person),
                "employeeId": person.id,
                "employeeDisplayName": person.name(),
                "employeeEmail": person.email,
                "policyType": name,
                "policyTypeDisplayName": name,
                "type": "days",
                "startDate": day,
                "startPortion": "all_day",
                "endDate": day,
                "endPortion": "all_day",
                "status": if absence == Absence::Pending { "pending" } else { "approved" },
                "visibility": visibility(absence),
            })
        })
        .collect();
    Answer::ok(json!({"outs": outs}))
}

fn changes(server: &Server, call: &Call) -> Answer {
    let Some(since) = date(call, "since") else {
        return Answer::bad_request("exception.validation.since", "since is required");
    };
    if days_between(since, today(call)) > LONGEST_LOOK_BACK {
        return Answer::bad_request("exception.validation.since", "since is more than six months ago");
    }
    if is_presumptuous(server, call) {
        return Answer::refusal(server.switches.refusal_body);
    }
    let changes: Vec<Value> = told(server, call)
        .map(|(person, absence, name)| {
            json!({
                "changeType": if absence == Absence::Pending { "Pending" } else { "Created" },
                "employeeId": person.id,
                "employeeDisplayName": person.name(),
                "employeeEmail": person.email,
                "requestId": request_id(person),
                "policyTypeDisplayName": name,
                "type": "days",
                "createdOn": since,
                "startDate": since,
                "endDate": since,
                "visibility": visibility(absence),
            })
        })
        .collect();
    Answer::ok(json!({"changes": changes}))
}

fn request(server: &Server, call: &Call) -> Answer {
    let person = server.tenant.person(call.name("id"));
    let known = person.filter(|person| {
        absence(server, person).is_some() && call.name("request") == request_id(person).to_string()
    });
    known.map_or_else(
        || Answer::not_found("Time off request not found"),
        |person| {
            Answer::ok(json!({
                "requestId": request_id(person),
                "employeeId": person.id,
                "employeeDisplayName": person.name(),
                "status": if absence(server, person) == Some(Absence::Pending) { "pending" } else { "approved" },
                "description": format!("MARK-description-{}", person.number),
            }))
        },
    )
}

fn balance(server: &Server, call: &Call) -> Answer {
    let policy = call.query.get("policyType").filter(|name| POLICY_TYPES.contains(&name.as_str()));
    let (Some(policy), Some(day)) = (policy, date(call, "date")) else {
        return Answer::bad_request("exception.validation", "policyType and date are required");
    };
    let Some(person) = server.tenant.person(call.name("id")) else { return Answer::empty(404) };
    Answer::ok(json!({
        "employeeId": person.id,
        "totalBalanceAsOfDate": person.number % 25,
        "totalRoundedBalanceAsOfDate": person.number % 25,
        "pointInTime": day,
        "startingBalance": 0,
        "totalTaken": 3,
        "annualAllowance": 25,
        "policy": format!("{policy} policy"),
    }))
}

fn events(call: &Call) -> Answer {
    let body = match call.json() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let by_start = |filter: &Value| filter["fieldId"] == "/calendarEvent/startDate";
    match body["filters"].as_array().is_some_and(|filters| filters.iter().any(by_start)) {
        true => Answer::ok(
            json!({"items": [{"/calendarEvent/id": {"value": 1}}], "response_metadata": super::last_page()}),
        ),
        false => Answer::bad_request(
            "exception.calendar.publicApi.unsupportedFilterField",
            "A filter by /calendarEvent/startDate is required",
        ),
    }
}
