//! The blocks of policy files and overlays, as schemas.

use serde_json::{Value, json};

use super::items::{ui, when};
use super::words::{Key, any_of, closed, day, defined, excludes, key, list, text, texts, with, word};
use crate::catalogue::Catalogue;
use crate::policy::blocks::STATUSES;

pub(super) fn source() -> Value {
    closed(
        "The guide that the policy was read from.",
        &[],
        vec![
            key("title", "The guide's own title.", json!("Connecting HiBob"), text()),
            key(
                "publisher",
                "Who publishes it, and is asked what it leaves open.",
                json!("Frontegg"),
                text(),
            ),
            key("url", "Its address.", json!("https://example.com/help/hibob"), text()),
            key("read", "The day it was read.", json!("2026-11-21"), day()),
            key("ui", "Which generation of HiBob's screens it shows.", json!("access-data-for"), ui()),
            key("language", "The language of its labels; `en`, if it is left out.", json!("en"), text()),
            key(
                "text",
                "How much of its list could be read.",
                json!("whole"),
                word(&[
                    ("whole", "All of it."),
                    ("cut", "A part of it."),
                    ("lost", "Nothing: it is in a picture, or gone."),
                ]),
            ),
        ],
    )
}

pub(super) fn credentials() -> Value {
    let keys = vec![
        key(
            "name",
            "What the guide has the service user called; `{example: Acme}`, where any other name will do. A list, where it wants one for each of something; a part in `<…>` is left to be filled in.",
            json!("Acme"),
            names(),
        ),
        key(
            "display-name",
            "What the guide has it shown as, where HiBob's dialog asks for that beside the name. As `name`.",
            json!("Acme connector"),
            names(),
        ),
        key(
            "description",
            "What the guide has written about it in HiBob.",
            json!("Reads people for Acme"),
            text(),
        ),
        key("id", "The name of the field for the id. Never the id itself.", json!("Service User ID"), text()),
        key(
            "token",
            "The name of the field for the token. Never the token itself.",
            json!("API Token"),
            text(),
        ),
        key(
            "kind",
            "What the product signs in with. A service user, if it is left out.",
            json!("service-user"),
            word(&[
                ("service-user", "A service user."),
                ("oauth-app", "An app of HiBob's marketplace."),
                ("employee-token", "A token of an employee, as it was before October 2024."),
                ("none", "Nothing: HiBob pushes."),
            ]),
        ),
        key("looks-like", "How the id looks as a rule: a hint.", json!("SERVICE-"), text()),
        key(
            "environment",
            "Which of HiBob's environments.",
            json!("production"),
            word(&[("production", "The customer's own."), ("sandbox", "The one to try things in.")]),
        ),
        key(
            "own",
            "Whether the service user is made for this product.",
            json!("existing"),
            word(&[
                ("dedicated", "Made for this product alone."),
                ("existing", "One that exists."),
                ("either", "Either will do."),
            ]),
        ),
        key(
            "timing",
            "When the two values are handed over, where that is not at once.",
            json!("Only after the group is saved."),
            notes(),
        ),
        key("notes", "What else is worth knowing of them.", json!(["shown once"]), notes()),
        when_key(),
    ];
    let says = "What the product calls the two values that HiBob shows for a service user.";
    with(closed(says, &[], keys), json!({"anyOf": [{"required": ["id", "token"]}, {"required": ["kind"]}]}))
}

pub(super) fn fact() -> Value {
    closed(
        "A question about the customer, with the answers that there are.",
        &["asks"],
        vec![
            key("asks", "The question.", json!("How many people are there?"), text()),
            key("values", "The answers; yes and no, if it is left out.", json!(["small", "large"]), texts()),
            key("otherwise", "The answer that holds where nobody gave one.", json!("small"), text()),
        ],
    )
}

pub(super) fn population_key() -> Key {
    key(
        "population",
        "Whose data must be reachable: People's data › Access data for. Left out where the guide does not say.",
        json!({"at-least": ["hired", "employed", "terminated"]}),
        one_or_more(population()),
    )
}

fn population() -> Value {
    let statuses: Vec<&str> = STATUSES.iter().map(|(id, _)| *id).collect();
    let some = list(json!({"enum": statuses}));
    let or_all = any_of(vec![
        json!({"const": "all", "description": "Every status; those that HiBob ships can be checked."}),
        some.clone(),
    ]);
    let keys = vec![
        key(
            "at-least",
            "These, and others may be; `all` for whatever the list on the screen shows.",
            json!(["employed"]),
            or_all.clone(),
        ),
        key("exactly", "These, and nobody else.", json!(["employed"]), or_all),
        key("not-only", "At least one other status than these too.", json!(["employed"]), some.clone()),
        key(
            "recommended",
            "Had better be reachable: named when they are not, and no gap.",
            json!(["terminated"]),
            some.clone(),
        ),
        key("never", "Must not be reachable.", json!(["terminated"]), some),
        key(
            "choose",
            "Which of the options on the screen.",
            json!("by-condition"),
            word(&[
                ("everyone", "Everyone."),
                ("by-condition", "Select people by condition."),
                ("by-name", "Select people by name."),
                ("customer", "Left to the customer: what the block names is an example."),
            ]),
        ),
        key(
            "where",
            "Further conditions, as the guide prints them.",
            json!(["Lifecycle status exists"]),
            texts(),
        ),
        key(
            "head-count",
            "How many people are to be seen. Of a number alone, fewer are a mistake.",
            json!(50),
            any_of(vec![number(), head_count()]),
        ),
        key("breaks", "What stops working otherwise.", json!("leavers are never off-boarded"), text()),
        key(
            "disputed",
            "What contradicts the guide, in one sentence. Where two blocks contradict each other, the one without it holds; where both have it, it is a question.",
            json!("the screenshot shows Everyone"),
            text(),
        ),
        when_key(),
    ];
    let says = "Whose data must be reachable. Not the members of the group.";
    let anything: Vec<Value> =
        ["at-least", "exactly", "not-only", "recommended", "never", "choose", "where", "head-count"]
            .iter()
            .map(|key| json!({"required": [key]}))
            .collect();
    with(
        closed(says, &[], keys),
        json!({"anyOf": anything, "allOf": [excludes("exactly", &["at-least", "not-only", "recommended", "never"])]}),
    )
}

fn number() -> Value {
    json!({"type": "integer", "minimum": 1})
}

fn head_count() -> Value {
    let bounds = closed(
        "Between which numbers the people are who can be seen.",
        &[],
        vec![
            key("at-least", "Fewer people than this is a mistake.", json!(50), number()),
            key("at-most", "More people than this is a mistake.", json!(500), number()),
        ],
    );
    with(bounds, json!({"minProperties": 1}))
}

pub(super) fn membership() -> Value {
    closed(
        "Who may be in the permission group.",
        &[],
        vec![
            key(
                "name",
                "What the guide has the group called, for the clicks; `group` of an overlay and `--group` win over it. `{example: Acme}`, where any other name will do. A list, where it wants one for each of something; a part in `<…>` is left to be filled in.",
                json!("Acme integration"),
                names(),
            ),
            key(
                "group",
                "The kind of permission group.",
                json!("service-user"),
                word(&[("service-user", "Service user."), ("employee", "Employee."), ("any", "Either.")]),
            ),
            key(
                "own",
                "Whether the group is made for this service user.",
                json!("dedicated"),
                word(&[
                    ("dedicated", "Made for this service user alone."),
                    ("existing", "One that exists."),
                    ("either", "Either will do."),
                ]),
            ),
            key(
                "members",
                "Who is in it.",
                json!("only-the-service-user"),
                word(&[
                    ("only-the-service-user", "Nobody else."),
                    ("the-service-user", "The service user, and perhaps others."),
                ]),
            ),
            key(
                "choose",
                "How members are chosen.",
                json!("by-condition"),
                word(&[
                    ("by-condition", "Select people by condition."),
                    ("by-name", "Select people by name."),
                ]),
            ),
            key(
                "condition",
                "What becomes of the condition \"Lifecycle status\" that HiBob puts in beforehand.",
                json!("removed"),
                word(&[("removed", "Taken out."), ("kept", "Left in.")]),
            ),
            key(
                "disputed",
                "What contradicts the guide, in one sentence.",
                json!("the screenshot shows two members"),
                text(),
            ),
            when_key(),
        ],
    )
}

/// When something holds that is no item.
pub(super) fn when_key() -> Key {
    key("when", "It holds only under a condition.", json!({"with": "time-off"}), when())
}

/// One block, or several, each under its own condition.
pub(super) fn one_or_more(block: Value) -> Value {
    any_of(vec![block.clone(), list(block)])
}

/// One name, or several; each may be an example.
fn names() -> Value {
    let example = closed(
        "A name in the place of which any other will do.",
        &["example"],
        vec![key(
            "example",
            "The name that the guide gives as an example.",
            json!("Acme integration"),
            text(),
        )],
    );
    let one = any_of(vec![text(), example]);
    any_of(vec![one.clone(), list(one)])
}

/// Sentences, each with its condition if it has one.
pub(super) fn notes() -> Value {
    let note = closed(
        "A sentence that holds under a condition.",
        &["text"],
        vec![key("text", "The sentence.", json!("The token is shown once."), text()), when_key()],
    );
    any_of(vec![text(), list(any_of(vec![text(), note]))])
}

pub(super) fn changes(what: &str) -> Vec<Key> {
    let replacement = closed(
        "A line, and what comes in its place.",
        &["line", "by"],
        vec![
            key(
                "line",
                "The line, by its permission id or by its label.",
                json!("people/email/edit"),
                text(),
            ),
            key("by", "The item that takes its place.", json!("people/email/edit"), defined("item")),
        ],
    );
    vec![
        key(
            "remove",
            &format!("{what} that do not hold, each by its permission id or by its label."),
            json!(["people/eeo/view"]),
            texts(),
        ),
        key(
            "replace",
            &format!("{what} that hold otherwise."),
            json!([{"line": "people/email/edit", "by": "people/email/edit"}]),
            list(replacement),
        ),
    ]
}

pub(super) fn decision() -> Value {
    closed(
        "What a person decided about an item.",
        &["item", "kind", "reason", "by", "until"],
        vec![
            key(
                "item",
                "The permission id, or the label of a line that has none.",
                json!("people/payroll/edit"),
                text(),
            ),
            key(
                "kind",
                "What was decided.",
                json!("accept"),
                word(&[
                    ("accept", "We live with it: the item is waived."),
                    ("seen-on-screen", "We looked: an item that could not be verified is attested."),
                ]),
            ),
            key("reason", "Why, in a sentence.", json!("HiBob shows the birth date only with Edit"), text()),
            key("by", "Who decided.", json!("Dana, IT security"), text()),
            key("until", "The last day on which it holds, in UTC, inclusive.", json!("2027-03-31"), day()),
        ],
    )
}

pub(super) fn category() -> Value {
    let known: Vec<&str> = Catalogue::embedded().categories().iter().map(|known| known.id.as_str()).collect();
    any_of(vec![json!({"enum": known}), json!({"type": "string", "pattern": "^category_[0-9]+$"})])
}
