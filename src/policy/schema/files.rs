//! Policy files and overlays, as schemas.

use serde_json::{Value, json};

use super::beside::{also, connect_key, later_key, manual_key, prerequisite};
use super::blocks::{
    category, changes, credentials, decision, fact, membership, notes, one_or_more, population_key, source,
};
use super::items::{self, STANDINGS};
use super::words::{
    Key, any_of, closed, day, defined, key, list, named, needs, short_name, text, texts, with, word,
};
use crate::policy::shipped;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

pub(super) fn policy() -> Value {
    let mut keys = vec![
        key(
            "policy",
            "The short name: small letters, digits and `-`.",
            json!("my-integration"),
            short_name(),
        ),
        key(
            "title",
            "The name that people read. The short name, if it is left out.",
            json!("Frontegg HiBob connector"),
            text(),
        ),
        key(
            "version",
            "The day of this version. Guides change, so every policy is of a day.",
            json!("2026-11-21"),
            day(),
        ),
        key(
            "source",
            "The guide that the policy was read from.",
            json!({"title": "Connecting HiBob", "publisher": "Frontegg", "read": "2026-11-21"}),
            source(),
        ),
        key(
            "extends",
            "Another policy that this one starts from: a shipped one by its name, or a file of the same folder. `@` insists on a version.",
            json!("merge@2026-11-21"),
            any_of(vec![
                json!({"enum": shipped::names()}),
                json!({"type": "string", "pattern": "^[^@]+(@[0-9]{4}-[0-9]{2}-[0-9]{2})?$"}),
            ]),
        ),
        key("list", "Whether the guide's list is the whole list.", json!("open"), kind_of_list()),
        key(
            "credentials",
            "What the product calls the two values that HiBob shows for a service user.",
            json!({"id": "Service User ID", "token": "API Token"}),
            one_or_more(credentials()),
        ),
        key(
            "features",
            "Parts of the product that a customer may or may not use, each with its name for people: chosen by `--with`.",
            json!({"time-off": "Time off add-on"}),
            named(short_name(), text()),
        ),
        key(
            "facts",
            "Questions about the customer, answered by `--fact`. A text alone is answered by yes or no.",
            json!({"custom-fields": "Does the company have custom fields?"}),
            named(short_name(), any_of(vec![text(), fact()])),
        ),
    ];
    keys.extend(lists());
    keys.extend([
        population_key(),
        key(
            "membership",
            "Who may be in the permission group. Only a person can see it.",
            json!({"group": "service-user", "members": "only-the-service-user"}),
            one_or_more(membership()),
        ),
        manual_key(),
        key(
            "also",
            "Requirements that are no permissions.",
            json!([{"webhook": "All employee events are ticked."}]),
            list(also()),
        ),
        key(
            "prerequisites",
            "What the person at the screen must be able to do, which is informational; and lines as of `also` that come before everything else.",
            json!(["The person at the screen is in the group Admins."]),
            list(any_of(vec![text(), prerequisite(false), also()])),
        ),
        connect_key(),
        later_key(),
        key(
            "timing",
            "What the guide says about waiting. Informational.",
            json!(["HiBob applies a change about ten seconds after Apply."]),
            notes(),
        ),
        key(
            "notes",
            "What else is worth knowing. Informational.",
            json!(["The token is shown once."]),
            notes(),
        ),
    ]);
    keys.extend(changes("Lines of the policy it starts from"));
    let asking = [
        "requires",
        "minimum",
        "assumed",
        "recommended",
        "optional",
        "not-needed",
        "forbidden",
        "needs",
        "population",
        "membership",
        "manual",
        "also",
        "extends",
    ];
    let mut asks: Vec<Value> = asking.iter().map(|key| json!({"required": [key]})).collect();
    asks.push(json!({
        "required": ["credentials"],
        "properties": {"credentials": {"required": ["kind"], "properties": {"kind": {"const": "none"}}}}
    }));
    let says = "The policy: what an integrator needs of a HiBob service user, as its guide says it. `audit --policy FILE` holds it against what the service user really has.";
    let rules = json!({
        "$schema": DIALECT,
        "title": "audit policy, v1",
        "anyOf": asks,
        "allOf": [
            {"anyOf": [{"required": ["list"]}, {"required": ["extends"]}]},
            needs("remove", "extends"),
            needs("replace", "extends"),
            {
                "if": {
                    "required": ["list", "source"],
                    "properties": {
                        "list": {"const": "closed"},
                        "source": {"required": ["text"], "properties": {"text": {"enum": ["cut", "lost"]}}},
                    },
                },
                "then": {"not": {}},
            },
        ],
        "$defs": definitions(),
    });
    with(closed(says, &["policy", "version"], keys), rules)
}

pub(super) fn overlay() -> Value {
    let mut keys = vec![
        key(
            "overlay",
            "Its short name. The name of the file, if it is left out.",
            json!("acme"),
            short_name(),
        ),
        key(
            "for",
            "The policies that it speaks of, by their short names. All of the run, if it is left out.",
            json!(["frontegg"]),
            any_of(vec![text(), texts()]),
        ),
        key(
            "with",
            "Parts of the product that the customer uses, as `--with`.",
            json!(["time-off"]),
            texts(),
        ),
        key(
            "facts",
            "Answers to the policy's questions about the customer, as `--fact`.",
            json!({"custom-fields": "yes"}),
            named(json!({}), text()),
        ),
        key("permission-model", "The permission model of the tenant.", json!("category"), items::model()),
        key(
            "group",
            "The name of the permission group that holds the service user, for the clicks.",
            json!("Frontegg integration"),
            text(),
        ),
        key(
            "renamed",
            "The customer's names of sections, each with the id of the section's category.",
            json!({"Compensation": "payroll"}),
            named(json!({}), category()),
        ),
        key(
            "list",
            "Answers `list-not-known`: the lines below are the list that the guide does not contain.",
            json!("closed"),
            kind_of_list(),
        ),
    ];
    keys.extend(lists());
    keys.extend([population_key(), manual_key()]);
    keys.extend(changes("Lines of the policies it speaks of"));
    keys.push(key(
        "decisions",
        "What people decided about single items.",
        json!([{"item": "people/payroll/edit", "kind": "accept", "reason": "HiBob shows the birth date only with Edit", "by": "Dana, IT security", "until": "2027-03-31"}]),
        list(decision()),
    ));
    let says =
        "An overlay: one customer's share of a policy, apart from the vendor's file. `audit --overlay FILE`.";
    let rules = json!({
        "$schema": DIALECT,
        "title": "audit overlay, v1",
        "$defs": definitions(),
    });
    with(closed(says, &[], keys), rules)
}

fn definitions() -> Value {
    let mut defined = serde_json::Map::new();
    for standing in STANDINGS {
        defined.insert(standing.name.to_owned(), items::item(standing));
    }
    defined.insert("permission".to_owned(), items::permission());
    defined.insert("section".to_owned(), items::section());
    defined.insert("case".to_owned(), items::case());
    Value::Object(defined)
}

fn kind_of_list() -> Value {
    word(&[
        ("open", "A floor: more may be needed (\"at minimum\", \"etc.\"), so excess is advice."),
        ("closed", "The guide calls it exhaustive: anything more is a gap."),
        ("unknown", "The guide does not contain its list; an item `list-not-known` says where it is."),
    ])
}

fn lists() -> Vec<Key> {
    let of = |name: &'static str, says: &str, example: Value, item: &str| {
        key(name, says, example, list(defined(item)))
    };
    vec![
        of(
            "requires",
            "What the guide requires: missing when it is not held.",
            json!(["people/work/view"]),
            "item",
        ),
        of(
            "minimum",
            "What the guide asks for \"at minimum\": missing when it is not held.",
            json!(["people/work/view"]),
            "item",
        ),
        of(
            "assumed",
            "What the guide takes to be on by default; looked at anyway.",
            json!(["people/about/view"]),
            "item",
        ),
        of(
            "recommended",
            "What the guide recommends. Its absence is named, and no gap.",
            json!(["people/home/view"]),
            "item",
        ),
        of(
            "optional",
            "What \"might be needed\". Its absence is no gap.",
            json!(["people/payroll/view"]),
            "item",
        ),
        of(
            "not-needed",
            "What the guide says is not needed, or \"read-only\" of rights to edit. Holding it is excess.",
            json!(["people/financial/view"]),
            "unwanted-item",
        ),
        of(
            "forbidden",
            "What must not be held: \"do not grant\", \"must not be ticked\". Holding it is a gap.",
            json!([{"every": "**/edit"}]),
            "unwanted-item",
        ),
        of(
            "needs",
            "What the product reads, whichever box opens it.",
            json!([{"field": "personal.birthDate"}]),
            "need",
        ),
    ]
}
