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
    ids(list).into_iter().enumerate().map(named).collect()
}

/// The ids of a list's items: numbers here and there, else the name of the item.
fn ids(list: &str) -> Vec<Value> {
    let words = |names: &[&str]| names.iter().map(|name| json!(name)).collect();
    match list {
        "site" => (0..SITES.len()).map(|at| json!(2_350_001 + at)).collect(),
        "lifecycleStatus" => {
            words(&["Hired", "Employed", "Terminated", "Garden leave", "Leave", "Parental leave"])
        }
        "status" => words(&["Active", "Inactive"]),
        "state" => words(&["uninvited", "invited", "active", "inactive"]),
        "calendar" => (1..=3).map(|at| json!(910 + at)).collect(),
        _ => (1..=5).map(|at| json!(format!("MARK-{list}-{at}"))).collect(),
    }
}

fn item(id: Value, name: &str) -> Value {
    json!({"id": id, "value": name, "name": name, "archived": false, "children": []})
}

/// The id of some item of the list, which is what a field holds.
pub(super) fn choose(list: &str, dice: &mut Dice) -> Value {
    dice.pick(&ids(list)).cloned().unwrap_or_default()
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
