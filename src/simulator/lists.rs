//! The company's named lists. Most items are made up and marked, because an item chosen for a person is
//! that person's personal value; the few that other logic or people rely on are HiBob's own words.

use serde_json::{Value, json};

use super::dice::Dice;
use super::fields::Field;
use super::people::SITES;

/// The items of a list, in order.
pub(super) fn items(list: &str) -> Vec<Value> {
    match list {
        "site" => SITES.iter().enumerate().map(|(at, site)| item(json!(2_350_001 + at), site)).collect(),
        "lifecycleStatus" => {
            words(&["Hired", "Employed", "Terminated", "Garden leave", "Leave", "Parental leave"])
        }
        "status" => words(&["Active", "Inactive"]),
        "state" => words(&["uninvited", "invited", "active", "inactive"]),
        "calendar" => (1..=3).map(|at| item(json!(910 + at), &format!("MARK-calendar-{at}"))).collect(),
        _ => (1..=5)
            .map(|at| {
                let name = format!("MARK-{list}-{at}");
                item(json!(name), &name)
            })
            .collect(),
    }
}

fn words(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| item(json!(name), name)).collect()
}

fn item(id: Value, name: &str) -> Value {
    json!({"id": id, "value": name, "name": name, "archived": false, "children": []})
}

/// The id of some item of the list, which is what a field holds.
pub(super) fn choose(list: &str, dice: &mut Dice) -> Value {
    dice.pick(&items(list)).map_or(Value::Null, |item| item["id"].clone())
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
