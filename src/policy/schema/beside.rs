//! What a guide asks for beside rights, as schemas.

use serde_json::{Value, json};

use super::blocks::when_key;
use super::words::{Key, any_of, closed, defined, key, list, needs, text, with, word};

const BY_THE_READER: &str = "Who sees to it: one of three, or somebody else at the customer's by name. The HiBob admin, if it is left out.";

/// What no API can show.
pub(super) fn manual_key() -> Key {
    let looks = "Who looks: one of three, or somebody else at the customer's by name. The HiBob admin, if it is left out.";
    key(
        "manual",
        "What no API can show and a person has to look at. A plain text is for the HiBob admin.",
        json!(["Only the service user is a member of the group."]),
        duties(
            "What to look at, and who looks.",
            ("What to look at, as a sentence.", "Only the service user is a member of the group."),
            role(looks, "integrator"),
        ),
    )
}

/// The steps in the product.
pub(super) fn connect_key() -> Key {
    let example = "In Acme, paste both values under Settings > Integrations, and press Connect.";
    key(
        "connect",
        "What is done in the product once the rights are there, in order: where the two values are pasted, what is chosen, connected, tested, synced.",
        json!([example, "Press Preview: you should see a person."]),
        duties("A step, and who takes it.", ("The step.", example), role(BY_THE_READER, "payroll team")),
    )
}

/// What comes up later.
pub(super) fn later_key() -> Key {
    let example = "Once a year, make a new token and paste it in Acme.";
    key(
        "later",
        "What comes up after the set-up: what is renewed, taken back, or done when something is added.",
        json!([example]),
        duties("A duty, and who sees to it.", ("The duty.", example), role(BY_THE_READER, "IT")),
    )
}

/// Sentences, each with who sees to it.
fn duties(says: &str, sentence: (&str, &str), role: Key) -> Value {
    let keys = vec![key("text", sentence.0, json!(sentence.1), text()), role, wanted(), when_key()];
    list(any_of(vec![text(), closed(says, &["text"], keys)]))
}

fn role(says: &str, example: &str) -> Key {
    let known = word(&[
        ("hibob-admin", "The customer's HiBob admin."),
        ("integrator", "The integrator, who wrote the guide."),
        ("operator", "Whoever runs `audit`."),
    ]);
    key("role", says, json!(example), any_of(vec![known, text()]))
}

/// How much a line is wanted that is no right.
fn wanted() -> Key {
    key(
        "wanted",
        "How much the guide wants it. It is required, if this is left out.",
        json!("optional"),
        word(&[
            ("recommended", "The guide recommends it."),
            ("optional", "The guide leaves it to the customer."),
        ]),
    )
}

pub(super) fn also() -> Value {
    let kinds = [
        ("webhook", "An event that HiBob sends.", "All employee events are ticked."),
        (
            "setting",
            "How HiBob is set, where that is no permission.",
            "The address 203.0.113.7 is on the list of allowed IPs.",
        ),
        ("data", "What people's profiles must hold.", "Every person has a site."),
        ("list", "What a list of the company must hold.", "The list Sites has an entry for each office."),
        ("parameter", "How the product asks.", "Requests are made with includePrivate=true."),
        (
            "metadata",
            "A field or a table that has to be made in HiBob.",
            "The product creates the field Sync to Acme.",
        ),
    ];
    let mut keys: Vec<Key> =
        kinds.iter().map(|(name, says, example)| key(name, says, json!(example), text())).collect();
    keys.push(role(
        "Who sees to it: one of three, or somebody else at the customer's by name. The HiBob admin, if it is left out; \
         of `parameter` and `metadata`, the integrator.",
        "hibob-admin",
    ));
    keys.extend([wanted(), when_key()]);
    let one: Vec<Value> = kinds.iter().map(|(name, ..)| json!({"required": [name]})).collect();
    with(closed("A requirement that is no permission.", &[], keys), json!({"oneOf": one}))
}

/// What the person at the screen needs; as one of alternatives it holds no choice itself.
pub(super) fn prerequisite(is_alternative: bool) -> Value {
    let mut keys = vec![
        key(
            "permission",
            "The person's box.",
            json!("features/integrations/automation/manage"),
            defined("permission"),
        ),
        key("label", "As the guide prints it.", json!("Create/update/delete the integration"), text()),
        key(
            "text",
            "What the person must be able to do.",
            json!("The person is in the group Admins."),
            text(),
        ),
        when_key(),
    ];
    let mut one = vec![json!({"required": ["permission"]}), json!({"required": ["text"]})];
    if !is_alternative {
        keys.extend([role(BY_THE_READER, "Workspace Owner"), wanted()]);
        let branch = any_of(vec![text(), prerequisite(true)]);
        keys.push(key(
            "any-of",
            "Alternatives, each a sentence or a box: one of them will do.",
            json!(["You are a super admin.", "HiBob's support does it for you."]),
            json!({"type": "array", "minItems": 2, "items": branch}),
        ));
        one.push(json!({"required": ["any-of"]}));
    }
    let says =
        "What the person at the screen needs, not the service user: a box, or a sentence with its condition.";
    let rules = json!({"oneOf": one, "allOf": [needs("label", "permission")]});
    with(closed(says, &[], keys), rules)
}
