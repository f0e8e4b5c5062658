//! The company's named lists. Most items are made up and marked, because an item chosen for a person is
//! that person's personal value; the few that other logic or people rely on are HiBob's own words.

use serde_json::{Value, json};

use super::dice::Dice;
use super::fields::Field;
use super::people::SITES;

/// The items of a list, in order.
pub(super) fn items(list: &str) -> Vec<Value> {
    let named = |(at, id): (usize, Value)| match (list, id.as_str().map(str::to_owned)) {
        ("site", _) => item(id, SITES.get(at).copied().unwrap_or_default()),
        (_, Some(name)) => item(id, &name),
        (_, None) => item(id, &format!("MARK-{list}-{}", at + 1)),
    };
    (0..count(list)).map(|at| id(list, at)).enumerate().map(named).collect()
}

const LIFECYCLE_STATUSES: [&str; 6] =
    ["Hired", "Employed", "Terminated", "Garden leave", "Leave", "Parental leave"];
const STATUSES: [&str; 2] = ["Active", "Inactive"];
const STATES: [&str; 4] = ["uninvited", "invited", "active", "inactive"];

/// The names of a list of HiBob's own words.
fn words(list: &str) -> Option<&'static [&'static str]> {
    match list {
        "lifecycleStatus" => Some(&LIFECYCLE_STATUSES),
        "status" => Some(&STATUSES),
        "state" => Some(&STATES),
        _ => None,
    }
}

/// How many items a list has.
fn count(list: &str) -> usize {
    match list {
        "site" => SITES.len(),
        "calendar" => 3,
        _ => words(list).map_or(5, <[_]>::len),
    }
}

/// The id of an item: a number here and there, else the name of the item.
fn id(list: &str, at: usize) -> Value {
    match (list, words(list)) {
        ("site", _) => json!(2_350_001 + at),
        ("calendar", _) => json!(911 + at),
        (_, Some(words)) => words.get(at).map_or(Value::Null, |word| json!(word)),
        (_, None) => json!(format!("MARK-{list}-{}", at + 1)),
    }
}

fn item(id: Value, name: &str) -> Value {
    json!({"id": id, "value": name, "name": name, "archived": false, "children": []})
}

/// The id of some item of the list, which is what a field holds.
pub(super) fn choose(list: &str, dice: &mut Dice) -> Value {
    id(list, dice.below(count(list) as u64) as usize)
}

/// Whether the list has an item of this id or name.
pub(super) fn has(list: &str, wanted: &Value) -> bool {
    items(list).iter().any(|item| item["id"] == *wanted || item["name"] == *wanted)
}

/// The list as the API sends it.
pub(super) fn as_sent(list: &str) -> Value {
    let items = items(list);
    json!({"name": list, "values": items, "items": items})
}

/// The names of all lists that some field refers to.
pub(super) fn names(fields: &[Field]) -> Vec<String> {
    let mut names: Vec<String> = fields.iter().filter_map(|field| field.list.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
