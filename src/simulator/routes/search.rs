//! `POST /people/search`, and how a person is told.

use serde_json::{Map, Value, json};

use crate::simulator::answer::Answer;
use crate::simulator::dice;
use crate::simulator::fields::Field;
use crate::simulator::people::Person;
use crate::simulator::rights::Reading;
use crate::simulator::server::{Call, Server, lock};
use crate::simulator::sheet::Sheet;
use crate::simulator::switches::Lacking;

const MOST_FIELDS: usize = 400;

/// How values are told to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Human {
    No,
    Append,
    Replace,
}

/// What to tell of a person: which fields, and how.
pub(super) struct Wish<'s> {
    fields: Vec<&'s Field>,
    reading: Reading<'s>,
    human: Human,
}

impl<'s> Wish<'s> {
    /// Reads `fields` and `humanReadable` of a body. Fields that do not exist are dropped in silence.
    pub(super) fn read(server: &'s Server, body: &Value) -> Result<Self, Answer> {
        let human = match body["humanReadable"].as_str() {
            Some("APPEND") => Human::Append,
            Some("REPLACE") => Human::Replace,
            _ => Human::No,
        };
        let mut fields: Vec<&Field> = match &body["fields"] {
            Value::Null => server
                .tenant
                .fields
                .iter()
                .filter(|field| !field.custom && server.guards.default_categories.contains(&field.category))
                .collect(),
            Value::Array(asked) if asked.len() > MOST_FIELDS => {
                return Err(invalid("At most 400 fields can be asked for"));
            }
            Value::Array(asked) => {
                asked.iter().filter_map(Value::as_str).filter_map(|id| find(server, id)).collect()
            }
            _ => return Err(invalid("fields must be a list")),
        };
        // A container comes before what lies inside it.
        fields.sort_by(|a, b| a.json_path.cmp(&b.json_path));
        fields.dedup_by(|a, b| a.id == b.id);
        Ok(Self { reading: server.rights().reading(&fields), fields, human })
    }

    /// A wish for some fields by id, nested only.
    pub(super) fn for_fields(server: &'s Server, ids: &[&str]) -> Self {
        let fields: Vec<&Field> = ids.iter().filter_map(|id| server.tenant.field(id)).collect();
        Self { reading: server.rights().reading(&fields), fields, human: Human::No }
    }
}

fn find<'s>(server: &'s Server, id: &str) -> Option<&'s Field> {
    match id.strip_prefix('/') {
        Some(path) => server.tenant.field(&path.replace('/', ".")),
        None => server.tenant.field(id),
    }
}

fn invalid(error: &str) -> Answer {
    Answer::bad_request("exception.validation.people.search", error)
}

/// The one filter that is allowed: some values of the id or of the e-mail address.
fn filter(body: &Value) -> Result<Option<(bool, Vec<String>)>, Answer> {
    let filters = match &body["filters"] {
        Value::Null => return Ok(None),
        Value::Array(filters) => filters,
        _ => return Err(invalid("filters must be a list")),
    };
    let [filter] = filters.as_slice() else { return Err(invalid("Exactly one filter is supported")) };
    let by_id = match filter["fieldPath"].as_str() {
        Some("root.id") => true,
        Some("root.email") => false,
        _ => return Err(invalid("Only root.id and root.email can be filtered by")),
    };
    if filter["operator"] != "equals" {
        return Err(invalid("Only the operator equals is supported"));
    }
    let values: Vec<String> = filter["values"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if values.is_empty() {
        return Err(invalid("values must not be empty"));
    }
    Ok(Some((by_id, values)))
}

pub(super) fn search(server: &Server, call: &Call) -> Answer {
    found(server, call).unwrap_or_else(|refusal| refusal)
}

fn found(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let body = call.json()?;
    let wish = Wish::read(server, &body)?;
    let filter = filter(&body)?;
    let inactive_too = body["showInactive"] == true;
    let visible: Vec<&Person> = visible(server).collect();
    if visible.is_empty() && server.switches.empty_audience_search == Lacking::Forbidden {
        return Ok(Answer::refusal(server.switches.refusal_body));
    }
    let wanted = visible.iter().filter(|person| inactive_too || person.status.is_active()).filter(|person| {
        match &filter {
            None => true,
            Some((true, ids)) => ids.contains(&person.id),
            Some((false, mails)) => mails.iter().any(|mail| mail.eq_ignore_ascii_case(&person.email)),
        }
    });
    // Written out person by person: a search has no pages, and a company may be large.
    let mut text = "{\"employees\":[".to_owned();
    let mut wanted: Vec<&&Person> = wanted.collect();
    dice::shuffle(&mut wanted, server.switches.order);
    for (at, person) in wanted.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text += &Value::Object(tell(server, person, &wish)).to_string();
    }
    text += "]}";
    Ok(Answer::text("application/json", text))
}

/// Whom a search serves: the audience, less those of whom not even the id may be told.
pub(in crate::simulator) fn visible(server: &Server) -> impl Iterator<Item = &Person> {
    server.tenant.people.iter().filter(|person| {
        server.rights().sees(person)
            && (server.switches.id_without_basic_info
                || server.tenant.field("root.id").is_some_and(|id| server.rights().reads(id, person)))
    })
}

/// One person in both forms: flat keys for what has a value, nested objects for all that is readable.
pub(super) fn tell(server: &Server, person: &Person, wish: &Wish<'_>) -> Map<String, Value> {
    let sheet = Filled::of(server, person, wish);
    let mut told = sheet.nested(server, person);
    let mut human = Map::new();
    for (field, value) in &sheet.readable {
        if is_empty(value) {
            continue;
        }
        if wish.human != Human::No {
            set(&mut human, &field.json_path, json!(label(value)));
        }
        if wish.human != Human::Replace {
            told.insert(field.slash_key(), json!({"value": value}));
        }
    }
    match wish.human {
        Human::No => {}
        Human::Append => {
            human.insert("id".to_owned(), json!(person.id));
            told.insert("humanReadable".to_owned(), Value::Object(human));
        }
        Human::Replace => {
            for (field, value) in &sheet.readable {
                let text = if value.is_null() { String::new() } else { label(value) };
                set(&mut told, &field.json_path, json!(text));
            }
            told.insert("id".to_owned(), json!(person.id));
        }
    }
    told
}

/// The nested form alone.
pub(super) fn nested(server: &Server, person: &Person, wish: &Wish<'_>) -> Map<String, Value> {
    Filled::of(server, person, wish).nested(server, person)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// The fields of a wish for one person: those that may be read, each with its value, and the others.
struct Filled<'w> {
    readable: Vec<(&'w Field, Value)>,
    withheld: Vec<&'w Field>,
}

impl<'w> Filled<'w> {
    fn of(server: &Server, person: &Person, wish: &Wish<'w>) -> Self {
        let mut sheet = Sheet::new(&server.tenant, person);
        let written = lock(&server.written);
        let mut filled = Self { readable: Vec::new(), withheld: Vec::new() };
        for (field, is_readable) in wish.fields.iter().zip(wish.reading.of(person)) {
            if is_readable {
                let value = written.value(person, field).unwrap_or_else(|| sheet.value(field));
                filled.readable.push((field, value));
            } else {
                filled.withheld.push(field);
            }
        }
        filled
    }

    fn nested(&self, server: &Server, person: &Person) -> Map<String, Value> {
        let mut told = Map::new();
        let may_see_id =
            || server.tenant.field("root.id").is_some_and(|id| server.rights().reads(id, person));
        let mut asked = self.readable.iter().map(|(field, _)| *field).chain(self.withheld.iter().copied());
        let mut is_asked_for = || asked.any(|field| field.id == "root.id");
        if (!server.switches.withholds_ids || may_see_id())
            && (!server.switches.ids_when_asked || is_asked_for())
        {
            told.insert("id".to_owned(), json!(person.id));
        }
        for (field, value) in &self.readable {
            if !is_empty(value) || server.tenant.spec.nulls.sent_for(&field.kind) {
                set(&mut told, &field.json_path, value.clone());
            }
        }
        if server.switches.withheld_leaves_null {
            for field in &self.withheld {
                set(&mut told, &field.json_path, Value::Null);
            }
        }
        told
    }
}

/// Puts a value where its path says, unless something that is no object stands in the way.
fn set(into: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            into.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let below = into.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                set(below, rest, value);
            }
        }
    }
}

/// A value as people read it.
fn label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        Value::Array(items) => items.iter().map(label).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let telling = ["displayName", "humanize", "value"].iter().find_map(|key| members.get(*key));
            telling.map_or_else(|| value.to_string(), label)
        }
        other => other.to_string(),
    }
}
