//! What each path answers, once the gate is passed: what was bought, then what is permitted, then content.

mod company;
mod features;
mod people;
mod search;
mod tables;
mod time_off;

use serde_json::Value;

use super::answer::Answer;
use super::guards::{Guard, LackShows};
use super::people::Person;
use super::server::{Call, Server};
use super::switches::{Lacking, ModuleOff};
use super::tenant::Module;
use super::writes;

pub(super) use people::{all_folders, has_document};
pub(super) use search::visible;
pub(super) use tables::{as_guarded, opening};
pub(super) use time_off::{Absence, absence};

/// Answers a call that a guard has caught.
pub(super) fn answer(server: &Server, call: &Call, guard: &Guard) -> Answer {
    let refusal = match permitted(server, call, guard) {
        Ok(()) => return content(server, call, guard),
        Err(refusal) => refusal,
    };
    if server.switches.validation_first && guard.is_read_by_post() && is_bought(server, guard) {
        let answer = content(server, call, guard);
        if answer.status == 400 {
            return answer;
        }
    }
    refusal
}

fn is_bought(server: &Server, guard: &Guard) -> bool {
    guard.module.is_none_or(|module| !server.tenant.spec.modules_off.contains(&module))
}

fn permitted(server: &Server, call: &Call, guard: &Guard) -> Result<(), Answer> {
    if !is_bought(server, guard) {
        return Err(match (guard.module, server.switches.module_off) {
            (Some(Module::Learning), _) => Answer::empty(403),
            // That the old catalog answers 404 is documented.
            (Some(Module::JobCatalog), _) | (_, ModuleOff::NotFound) => {
                Answer::not_found("The resource is not available")
            }
            (_, ModuleOff::EmptyRefusal) => Answer::empty(403),
        });
    }
    let holds = |id: &String| server.rights().holds(id);
    let either = guard.either.is_empty() || guard.either.iter().any(holds);
    let also = server.switches.also_needs.get(&guard.call).into_iter().flatten();
    let all = guard.needs.iter().all(holds) && also.into_iter().all(|id| server.rights().holds(id.as_str()));
    if !(all && either) {
        return Err(lacking(server, guard));
    }
    if guard.is_personal() {
        let person = known_person(server, call.name("id"))?;
        let held = |id: &String| id.starts_with("features/") || server.rights().holds_text_for(id, person);
        if !guard.needs.iter().all(held) {
            return Err(Answer::refusal(server.switches.refusal_body));
        }
    }
    Ok(())
}

/// How the missing of a box shows.
fn lacking(server: &Server, guard: &Guard) -> Answer {
    let switches = &server.switches;
    let list = guard.call.rsplit('/').next().unwrap_or_default();
    match guard.lacking {
        LackShows::WhosOut if switches.whos_out_without_right == Lacking::EmptyList => {
            let key = if list == "changes" { "changes" } else { "outs" };
            Answer::ok(serde_json::json!({ key: [] }))
        }
        LackShows::Reports if switches.reports_without_right == Lacking::EmptyList => {
            Answer::ok(serde_json::json!({"views": []}))
        }
        LackShows::Goals if switches.goals_without_right == Lacking::EmptyList => {
            Answer::ok(serde_json::json!({"items": [], "response_metadata": last_page()}))
        }
        LackShows::Goals => Answer::goals_refusal(),
        LackShows::BudgetWrite => Answer::budget_refusal(),
        LackShows::Budget if switches.some_modules_401 => Answer::budget_refusal(),
        LackShows::Forbidden | LackShows::WhosOut | LackShows::Reports | LackShows::Budget => {
            Answer::refusal(switches.refusal_body)
        }
    }
}

/// The person with this id or e-mail address, if there is one and it is in the audience.
pub(super) fn known_person<'s>(server: &'s Server, identifier: &str) -> Result<&'s Person, Answer> {
    let person = server.tenant.person(identifier).ok_or_else(|| Answer::empty(404))?;
    if server.rights().sees(person) { Ok(person) } else { Err(outsider(server)) }
}

fn outsider(server: &Server) -> Answer {
    match server.switches.outsider_person {
        404 => Answer::empty(404),
        _ => Answer::refusal(server.switches.refusal_body),
    }
}

/// What every list that goes on ends with.
fn last_page() -> Value {
    serde_json::json!({"next_cursor": null})
}

fn content(server: &Server, call: &Call, guard: &Guard) -> Answer {
    if let Some(table) = guard.table.and_then(|at| server.guards.tables.get(at)) {
        return match call.method.as_str() {
            "GET" if guard.call.contains("/bulk/") => tables::bulk(server, call, table),
            "GET" => tables::of_person(server, call, table),
            _ => writes::table(server, call, table),
        };
    }
    match guard.call.as_str() {
        "GET /company/people/fields" => company::fields(server),
        "GET /company/named-lists" => company::named_lists(server),
        "GET /company/named-lists/{list}" => company::named_list(server, call),
        "POST /company/named-lists/{list}" => company::add_to_list(server, call),
        "PUT /company/named-lists/{list}/{item}" | "DELETE /company/named-lists/{list}/{item}" => {
            company::change_list(server, call)
        }
        "GET /people/custom-tables/metadata" => company::custom_tables(server),
        "GET /people/custom-tables/metadata/{table}" => company::custom_table(server, call),
        "GET /company/reports" => company::reports(server),
        "GET /company/reports/{report}/download" => company::report(call),
        "POST /people/search" => search::search(server, call),
        "POST /people/{identifier}" => people::one(server, call),
        "PUT /people/{identifier}" => writes::person(server, call),
        "GET /profiles" => people::profiles(server),
        "GET /avatars" | "GET /avatars/{id}" => people::avatar(server, call),
        "GET /payroll/history" => people::payroll_history(server),
        "POST /people/actual-payments/search" => people::actual_payments(server, call),
        "GET /people/custom-tables/{employee}/{table}" => tables::custom(server, call),
        call_name if call_name.contains("/people/custom-tables/") => writes::custom_table(server, call),
        "GET /docs/folders/metadata" => people::folders(server),
        "GET /docs/people/{id}" => people::documents(server, call),
        call_name if call_name.contains(" /docs/people/") => writes::document(server, call),
        call_name if call_name.contains(" /timeoff/") => time_off::answer(server, call, guard),
        _ => features::answer(server, call, guard),
    }
}
