//! What belongs to the company and to nobody in it: metadata, lists, reports.

use serde_json::{Value, json};

use crate::simulator::answer::Answer;
use crate::simulator::dice;
use crate::simulator::lists;
use crate::simulator::server::{Call, Server};
use crate::simulator::tenant::CustomTable;

pub(super) fn fields(server: &Server) -> Answer {
    let mut fields: Vec<Value> = server.tenant.fields.iter().map(|field| field.metadata()).collect();
    dice::shuffle(&mut fields, server.switches.order);
    let fields = Value::Array(fields);
    Answer::ok(if server.switches.metadata_wrapped { json!({"fields": fields}) } else { fields })
}

pub(super) fn named_lists(server: &Server) -> Answer {
    let lists = lists::names(&server.tenant.fields).into_iter().map(|name| (lists::as_sent(&name), name));
    Answer::ok(match server.switches.named_lists_as_array {
        true => lists.map(|(list, _)| list).collect(),
        false => Value::Object(lists.map(|(list, name)| (name, list)).collect()),
    })
}

fn has_list(server: &Server, name: &str) -> bool {
    lists::names(&server.tenant.fields).iter().any(|known| known == name)
}

pub(super) fn named_list(server: &Server, call: &Call) -> Answer {
    let name = call.name("list");
    if has_list(server, name) { Answer::ok(lists::as_sent(name)) } else { Answer::empty(404) }
}

pub(super) fn add_to_list(server: &Server, call: &Call) -> Answer {
    let body = match call.json() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    if !has_list(server, call.name("list")) {
        return Answer::empty(404);
    }
    match body.get("name") {
        None => Answer::bad_request("exception.validation", "Missing required field: name"),
        Some(name) if lists::has(call.name("list"), name) => Answer::empty(409),
        Some(_) => Answer::ok(json!({"id": "MARK-added"})),
    }
}

pub(super) fn change_list(server: &Server, call: &Call) -> Answer {
    let known =
        has_list(server, call.name("list")) && lists::has(call.name("list"), &json!(call.name("item")));
    Answer::empty(if known { 200 } else { 404 })
}

fn custom_table_metadata(table: &CustomTable) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|id| {
            json!({"id": id, "name": id, "description": null, "mandatory": false, "type": "text", "typeData": {}})
        })
        .collect();
    json!({
        "id": table.id,
        "category": table.category,
        "name": table.name,
        "description": null,
        "columns": columns,
    })
}

pub(super) fn custom_tables(server: &Server) -> Answer {
    let tables: Vec<Value> = server.tenant.spec.tables.iter().map(custom_table_metadata).collect();
    Answer::ok(json!({"tables": tables}))
}

pub(super) fn custom_table(server: &Server, call: &Call) -> Answer {
    let table = server.tenant.spec.tables.iter().find(|table| table.id == call.name("table"));
    table.map_or_else(|| Answer::empty(404), |table| Answer::ok(custom_table_metadata(table)))
}

pub(super) fn reports(server: &Server) -> Answer {
    let view = |id: u64, name: &str, formula: bool| {
        json!({
            "id": id,
            "name": name,
            "description": null,
            "type": "company",
            "folderId": null,
            "createdBy": "MARK-author-of-reports",
            "creationDate": "2025-03-01",
            "modificationDate": "2025-03-01",
            "isScheduled": false,
            "configuration": {"fields": ["root.id"], "instructions": [], "hasFormula": formula},
        })
    };
    if server.tenant.spec.quiet {
        return Answer::ok(json!({"views": []}));
    }
    let mut views = vec![view(31_415_926, "Headcount", false)];
    if server.rights().holds("features/reports/formulas/view") {
        views.push(view(31_415_927, "Cost of headcount", true));
    }
    Answer::ok(json!({"views": views}))
}

pub(super) fn report(call: &Call) -> Answer {
    match call.name("report") {
        "31415926" | "31415927" => Answer::text("text/csv", "\u{feff}Employee\nMARK-row\n".to_owned()),
        _ => Answer::empty(404),
    }
}
