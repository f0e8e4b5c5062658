//! People one by one or as a fixed list: reads by id, profiles, pictures, payments, documents.

use serde_json::{Value, json};

use super::search::{self, Wish};
use super::{known_person, last_page};
use crate::simulator::answer::Answer;
use crate::simulator::dice::Dice;
use crate::simulator::people::Person;
use crate::simulator::rows;
use crate::simulator::server::{Call, Server};
use crate::simulator::switches::Lacking;
use crate::simulator::tenant::Tenant;

const PROFILE: [&str; 24] = [
    "root.firstName",
    "root.surname",
    "root.email",
    "root.displayName",
    "personal.honorific",
    "personal.shortBirthDate",
    "personal.nationality",
    "personal.pronouns",
    "about.avatar",
    "about.hobbies",
    "about.foodPreferences",
    "about.superpowers",
    "about.socialData.linkedin",
    "about.socialData.twitter",
    "about.socialData.facebook",
    "work.startDate",
    "work.shortStartDate",
    "work.manager",
    "work.department",
    "work.title",
    "work.site",
    "work.reportsTo",
    "work.isManager",
    "work.tenureDuration",
];

pub(super) fn one(server: &Server, call: &Call) -> Answer {
    let told = known_person(server, call.name("identifier")).and_then(|person| {
        let body = call.json()?;
        Ok(search::tell(server, person, &Wish::read(server, &body)?))
    });
    match told {
        Ok(told) if server.switches.one_person_wrapped => Answer::ok(json!({"employees": [told]})),
        Ok(told) => Answer::ok(Value::Object(told)),
        Err(refusal) => refusal,
    }
}

/// Everybody who is active and in the audience.
pub(super) fn active(server: &Server) -> impl Iterator<Item = &Person> {
    server.tenant.people.iter().filter(|person| person.status.is_active() && server.rights().sees(person))
}

pub(super) fn profiles(server: &Server) -> Answer {
    let wish = Wish::for_fields(server, &PROFILE);
    let employees: Vec<Value> =
        active(server).map(|person| Value::Object(search::nested(server, person, &wish))).collect();
    Answer::ok(json!({"employees": employees}))
}

pub(super) fn avatar(server: &Server, call: &Call) -> Answer {
    let identifier = match call.name("id") {
        "" => call.query.get("email").map_or("", String::as_str),
        id => id,
    };
    match known_person(server, identifier) {
        Ok(person) => {
            let url = format!("https://images.example/MARK-{}.png", person.number);
            Answer::text("text/plain", url)
        }
        Err(refusal) => refusal,
    }
}

pub(super) fn payroll_history(server: &Server) -> Answer {
    let employees: Vec<Value> = active(server)
        .filter(|person| server.rights().holds_text_for("people/payroll/history", person))
        .map(|person| {
            json!({
                "id": person.id,
                "displayName": person.name(),
                "email": person.email,
                "payroll": {"salaries": rows::of(&server.tenant, person, "salaries")},
            })
        })
        .collect();
    Answer::ok(json!({"employees": employees}))
}

pub(super) fn actual_payments(server: &Server, call: &Call) -> Answer {
    let body = match call.json() {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let ids = filtered_people(&body);
    if ids.is_empty() || ids.len() > 200 {
        return Answer::bad_request("exception.validation", "A filter by 1 to 200 employee ids is required");
    }
    let results: Vec<Value> = ids
        .iter()
        .filter_map(|id| server.tenant.person(id))
        .filter(|person| server.rights().holds_text_for("people/payroll/view", person))
        .map(|person| {
            let mut dice = Dice::of(server.tenant.seed, &["payment", &person.id]);
            json!({
                "employeeId": person.id,
                "id": 20_000_000 + person.number,
                "payDate": "2026-10-31",
                "payType": "Salary",
                "amount": rows::money(person, &mut dice),
                "change": {"reason": null, "changedBy": "MARK-payroll-clerk", "changedById": person.id},
                "customColumns": {},
            })
        })
        .collect();
    Answer::ok(json!({"results": results, "response_metadata": last_page()}))
}

/// The ids in the filters whose path ends in `employeeId`.
pub(super) fn filtered_people(body: &Value) -> Vec<String> {
    let filters = body["filters"].as_array().into_iter().flatten();
    filters
        .filter(|filter| {
            let named = filter["fieldId"].as_str().or_else(|| filter["fieldPath"].as_str());
            named.is_some_and(|path| path.ends_with("employeeId"))
        })
        .flat_map(|filter| match &filter["values"] {
            Value::Array(values) => values.clone(),
            Value::Null => vec![filter["value"].clone()],
            single => vec![single.clone()],
        })
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}

/// Each document folder: the name in permission ids, and what the API calls its kind.
pub(in crate::simulator) fn all_folders(server: &Server) -> Vec<(String, String, &'static str)> {
    let built_in = [("shared", "Shared docs"), ("confidential", "Confidential docs")];
    let built_in = built_in.map(|(kind, name)| (kind.to_owned(), name.to_owned(), kind));
    let added =
        server.tenant.spec.folders.iter().map(|folder| (folder.id.clone(), folder.name.clone(), "custom"));
    built_in.into_iter().chain(added).collect()
}

/// Not everybody has a document in every folder.
pub(in crate::simulator) fn has_document(tenant: &Tenant, person: &Person, folder: &str) -> bool {
    !tenant.spec.quiet && Dice::of(tenant.seed, &["document", folder, &person.id]).chance(70)
}

pub(super) fn folders(server: &Server) -> Answer {
    let folders: Value = all_folders(server)
        .into_iter()
        .map(|(id, name, kind)| json!({"id": {"value": id}, "name": {"value": name}, "folderType": {"value": kind}}))
        .collect();
    Answer::ok(folders)
}

pub(super) fn documents(server: &Server, call: &Call) -> Answer {
    let person = match known_person(server, call.name("id")) {
        Ok(person) => person,
        Err(refusal) => return refusal,
    };
    let open: Vec<_> = all_folders(server)
        .into_iter()
        .filter(|(id, ..)| server.rights().holds_text_for(&format!("docs/{id}/view"), person))
        .collect();
    if open.is_empty() && server.switches.docs_without_right == Lacking::Forbidden {
        return Answer::refusal(server.switches.refusal_body);
    }
    let documents: Vec<Value> = open
        .iter()
        .filter(|(id, ..)| has_document(&server.tenant, person, id))
        .map(|(id, _, kind)| {
            let mut document = json!({
                "documentName": format!("MARK-{id}-{}.pdf", person.number),
                "downloadLink": format!("https://files.example/MARK-{}-{id}", person.number),
            });
            if server.switches.docs_name_their_folder {
                document["folderType"] = json!(kind);
                document["folderId"] = json!(id);
            }
            document
        })
        .collect();
    Answer::ok(json!({"documents": documents}))
}
