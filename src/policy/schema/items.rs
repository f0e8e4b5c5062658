//! The items of the lists, as a schema.

use serde_json::{Value, json};

use super::words::{any_of, closed, defined, key, list, needs, text, texts, with, word};
use crate::catalogue::Catalogue;
use crate::catalogue::reads::{self, ReadKind};
use crate::policy::reader::{OF_A_FIELD, SHARED_ONE_BY_ONE};

/// What no id of a box holds between its slashes.
const SEGMENT: &str = r#"[^/*"`\\<>]+"#;

/// The id of a field: it has a dot in it, with no blank at either side.
const FIELD: &str =
    r#"[^/*"`\\<>.\s]([^/*"`\\<>.]*[^/*"`\\<>.\s])?(\.[^/*"`\\<>.\s]([^/*"`\\<>.]*[^/*"`\\<>.\s])?)+"#;

/// Where an item stands: what it may point at follows from that.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    pub(super) name: &'static str,
    inside: &'static str,
    unwanted: bool,
    need: bool,
    in_alternative: bool,
}

const fn standing(name: &'static str, inside: &'static str) -> Standing {
    Standing { name, inside, unwanted: false, need: false, in_alternative: false }
}

/// Every place where an item can stand.
pub(super) const STANDINGS: [Standing; 5] = [
    standing("item", "item-in-alternative"),
    Standing { in_alternative: true, ..standing("item-in-alternative", "item-in-alternative") },
    Standing { unwanted: true, ..standing("unwanted-item", "unwanted-item") },
    Standing { need: true, ..standing("need", "need-in-alternative") },
    Standing { need: true, in_alternative: true, ..standing("need-in-alternative", "need-in-alternative") },
];

/// One line of the guide: a permission id alone, or what it points at with what the guide says beside it.
pub(super) fn item(standing: Standing) -> Value {
    let mut keys = Vec::new();
    let mut targets = Vec::new();
    let mut target = |name: &'static str, says: &str, example: Value, takes: Value| {
        // Beside a field, a section says where that stands.
        let beside = json!({"required": [name], "not": {"required": ["field"]}});
        targets.push(if name == "section" { beside } else { json!({"required": [name]}) });
        keys.push(key(name, says, example, takes));
    };
    if !standing.need {
        target(
            "permission",
            "One box; `audit catalogue` lists them all. With `*` for the action it is a section.",
            json!("people/payroll/view"),
            defined("permission"),
        );
        target(
            "box",
            "A box that the catalogue does not know, by what is printed beside it; `path` says where it stands. Looked at on the screen, and never green by itself.",
            json!("Manage Employee Field Settings"),
            text(),
        );
    }
    target(
        "section",
        "A section of which the guide names no box, by its id or by its name on the screen. Never settled by guessing; under `not-needed` and `forbidden`, every box of it. With `boxes`: those boxes of it. Beside `field`: where that stands.",
        json!("features/people/employees"),
        defined("section"),
    );
    target(
        "every",
        "Every box that fits: `*` stands for anything within one part of an id, `**` for any number of parts.",
        json!("people/*/view"),
        json!({"type": "string", "pattern": "\\S", "examples": ["people/*/view", "people/**", "**/edit", "people/category_*/view"]}),
    );
    target(
        "field",
        "A field that is read, by its id or by its name on the screen. With `boxes`: those boxes of it; `section` beside it tells fields of one name apart.",
        json!("personal.birthDate"),
        text(),
    );
    let tables: Vec<&str> = reads::all(ReadKind::Table).map(|read| read.name.as_str()).collect();
    target(
        "table",
        "A table that is read: one of HiBob's, or one of the customer's own by its name. With `boxes`: those boxes of the section that it is in.",
        json!("employment"),
        any_of(vec![json!({"enum": tables}), text()]),
    );
    let resources: Vec<&str> = reads::all(ReadKind::Resource).map(|read| read.name.as_str()).collect();
    target(
        "resource",
        "Anything else that is read; `audit catalogue resources` lists the words.",
        json!("time-off-requests"),
        json!({"enum": resources}),
    );
    target(
        "unresolved",
        "A label that nobody could match to anything in HiBob yet: why. Kept, and never green.",
        json!("HiBob has no box of this name"),
        text(),
    );
    if !standing.unwanted {
        target(
            "list-not-known",
            "The guide does not contain its list, or a part of it: where that is shown. Never green. `among` says among which boxes it is.",
            json!("the connection flow shows the permissions to tick"),
            text(),
        );
    }
    if !standing.in_alternative && !standing.unwanted {
        let branch = any_of(vec![defined(standing.inside), list(defined(standing.inside))]);
        let branches = json!({"type": "array", "minItems": 2, "items": branch});
        target(
            "any-of",
            "Alternatives, each an item or a list of items: at least one must be there.",
            json!(["people/work/view", "people/work/history"]),
            branches.clone(),
        );
        target(
            "one-of",
            "Alternatives, each an item or a list of items: one must be there, and more is excess.",
            json!(["people/work/view", "people/work/history"]),
            branches,
        );
    }
    target(
        "items",
        "A group: what stands beside it (`when`, `path`, `breaks`, `for`, `disputed`) holds for every item in it. With a `label` it is one printed line that stands for all of them.",
        json!(["people/work/view", "people/about/view"]),
        list(defined(standing.name)),
    );
    let with_columns = reads::tables_with_columns(Catalogue::embedded());
    let rules = [
        json!({"if": {"required": ["boxes"]}, "then": any_of(vec![json!({"required": ["section"]}), json!({"required": ["field"]}), json!({"required": ["table"], "allOf": [{"not": {"required": ["rows"]}}, {"not": {"required": ["columns"]}}]})])}),
        json!({
            "if": {"required": ["boxes", "field"]},
            "then": {"properties": {"boxes": {"items": {"enum": OF_A_FIELD}}}},
        }),
        json!({
            "if": {"required": ["boxes", "table"]},
            "then": {"properties": {"boxes": {"items": {"enum": OF_A_FIELD}}}},
        }),
        json!({
            "if": {"required": ["section", "field"]},
            "then": {"properties": {"section": {"pattern": "^(people/.*|[^/]+(/\\*)?)$"}}},
        }),
        json!({"if": {"required": ["except"]}, "then": any_of(vec![json!({"required": ["every"]}), json!({"required": ["list-not-known", "among"]})])}),
        json!({"if": {"required": ["among"]}, "then": any_of(vec![json!({"required": ["every"]}), json!({"required": ["list-not-known"]})])}),
        needs("role", "list-not-known"),
        json!({"if": {"required": ["at-most"]}, "then": any_of(vec![json!({"required": ["list-not-known"]}), json!({"required": ["items", "label"]}), json!({"required": ["any-of", "label"]})])}),
        json!({
            "if": {"required": ["among", "every"]},
            "then": {"properties": {"among": {"const": "listed"}}},
        }),
        json!({
            "if": {"required": ["among", "list-not-known"]},
            "then": {"properties": {"among": {"not": {"const": "listed"}}}},
        }),
        needs("unresolved", "label"),
        needs("rows", "table"),
        json!({
            "if": {"required": ["columns"]},
            "then": {"required": ["table"], "properties": {"table": {"enum": with_columns}}},
        }),
        json!({
            "if": {"required": ["name"]},
            "then": {"required": ["resource"], "properties": {"resource": {"const": SHARED_ONE_BY_ONE}}},
        }),
        json!({
            "if": {"required": ["ids"]},
            "then": {"required": ["resource"], "properties": {"resource": {"const": SHARED_ONE_BY_ONE}}},
        }),
    ];
    keys.extend([
        key(
            "ids",
            "Which reports are read, by their ids in HiBob: each has to be shared with the service user.",
            json!([8812]),
            list(any_of(vec![json!({"type": "integer", "minimum": 0}), json!({"type": "string", "pattern": "^[0-9]+$"})])),
        ),
        key(
            "name",
            "Which reports are read, by their names: each has to be shared with the service user.",
            json!("Acme headcount"),
            any_of(vec![text(), texts()]),
        ),
        key(
            "boxes",
            "The boxes of the section or of the field that the guide names, by the last part of their ids; beside `table`, those of the section that the table is in.",
            json!(["view", "history"]),
            list(json!({"enum": actions()})),
        ),
        key(
            "except",
            "What is left out of `every`, or of `among` beside `list-not-known`, although it fits: patterns, boxes, what ids begin with, and sections that the customer made, by their names on the screen.",
            json!(["people/eeo/*"]),
            texts(),
        ),
        key(
            "role",
            "Beside `list-not-known`: who knows the list. The integrator, if it is left out.",
            json!("hibob-admin"),
            word(&[
                ("integrator", "The integrator, who wrote the guide."),
                ("hibob-admin", "The customer's HiBob admin, to whom the guide leaves it."),
            ]),
        ),
        key(
            "among",
            "Beside `every`, `listed`: keeps it to the sections that other lines list: that name them, or a box in them, as wanted. What is taken is wanted no more strongly than the line that lists its section. Beside `list-not-known`, patterns: among which boxes the part is that nobody knows.",
            json!("listed"),
            any_of(vec![
                word(&[("listed", "Sections that other lines of the file name.")]),
                text(),
                texts(),
            ]),
        ),
        key(
            "rows",
            "Which rows of the table are read. Those in force now, if it is left out.",
            json!("all"),
            word(&[
                ("current", "The rows that are in force."),
                ("future", "Also those that are not in force yet."),
                ("all", "Also those that are not in force any more, or not yet."),
            ]),
        ),
        key(
            "columns",
            "The columns of the table that are read; each is judged as the field that it shows. All of it, if it is left out.",
            json!(["title", "site"]),
            texts(),
        ),
        key(
            "label",
            "The line as the guide prints it, mistakes included. HiBob's own, if it is left out.",
            json!("View selected employees' Payroll sections"),
            text(),
        ),
        key(
            "path",
            "Where the guide says the box stands, as it prints it.",
            json!("People > Personal"),
            text(),
        ),
        key("breaks", "What stops working without it.", json!("leavers never reach the product"), text()),
        key("for", "What the guide gives as its reason.", json!("to surface the birth date"), text()),
        key("when", "The line holds only under a condition.", json!({"with": "time-off"}), when()),
        key(
            "disputed",
            "What contradicts the guide, in one sentence. Where two lines contradict each other, the one without it holds; where both have it, it is a question.",
            json!("HiBob's reference asks for Manage"),
            text(),
        ),
    ]);
    if !standing.unwanted {
        keys.push(key(
            "at-most",
            "Beside `list-not-known`, and beside `any-of` or, where nothing is required, `items`, both with a `label`: how many of these may be chosen. Looked at on the screen.",
            json!(10),
            json!({"type": "integer", "minimum": 1}),
        ));
    }
    let says = "One line of the guide: what it points at, and what the guide says beside it.";
    let mapping = with(closed(says, &[], keys), json!({"oneOf": targets, "allOf": rules}));
    if standing.need { mapping } else { any_of(vec![defined("permission"), mapping]) }
}

/// One case of a condition, or several of which one must hold.
pub(super) fn when() -> Value {
    any_of(vec![defined("case"), list(defined("case"))])
}

/// A case of a condition: everything that it says must hold.
pub(super) fn case() -> Value {
    let fact = json!({"type": "string", "pattern": "^[^=]+=[^=]+$"});
    let keys = vec![
        key(
            "with",
            "The feature was chosen: `--with time-off`. Of a list, all.",
            json!("time-off"),
            any_of(vec![text(), texts()]),
        ),
        key(
            "without",
            "The feature was not chosen. Of a list, none.",
            json!("time-off"),
            any_of(vec![text(), texts()]),
        ),
        key(
            "fact",
            "The customer said so: `--fact custom-fields=yes`. With `!=`, something else. Of a list, all.",
            json!("custom-fields = yes"),
            any_of(vec![fact.clone(), list(fact)]),
        ),
        key("model", "The permission model of the tenant.", json!("category"), model()),
        key("ui", "The generation of the tenant's screens.", json!("access-rights"), ui()),
    ];
    with(closed("A condition: all that it says must hold.", &[], keys), json!({"minProperties": 1}))
}

/// A generation of HiBob's screens.
pub(super) fn ui() -> Value {
    word(&[
        ("roles-and-permissions", "Roles & Permissions › Manage Permissions."),
        ("access-rights", "Settings › Account › Permission groups › Access rights."),
        ("access-data-for", "System settings › Account › Permission groups › Access data for."),
        ("peoples-fields", "The same, with People's fields and settings for each field."),
    ])
}

/// The permission model of a tenant.
pub(super) fn model() -> Value {
    word(&[("category", "Rights are given by section."), ("field", "Rights are given by field.")])
}

/// The id of a box: listed, so that editors complete it, or by the grammar of ids.
pub(super) fn permission() -> Value {
    let catalogue = Catalogue::embedded();
    let sections: Vec<String> = catalogue.sections().iter().map(|section| format!("{section}/*")).collect();
    let by_grammar = format!(
        r"^(people/category_[0-9]+/(view|history|edit|\*)|fields/{FIELD}/(view|history|edit|\*)|docs/{SEGMENT}/(view|upload|delete|\*))$"
    );
    json!({
        "description": "The id of one box in a HiBob permission group.",
        "examples": ["people/payroll/view", "fields/work.title/view", "people/category_1720508362305/view"],
        "anyOf": [
            { "enum": catalogue.permission_ids() },
            { "enum": catalogue.alias_ids(), "description": "A name that was given before HiBob's own was known." },
            { "type": "string", "pattern": by_grammar,
              "description": "A box on a custom category, a field or a document folder of one tenant." },
            { "enum": sections, "description": "A section whose box the guide does not name." }
        ]
    })
}

/// The path of a section, or its name on the screen.
pub(super) fn section() -> Value {
    let catalogue = Catalogue::embedded();
    json!({
        "description": "A section: the id of any box in it, without the action; or its name on the screen.",
        "examples": ["features/people/employees", "docs/shared", "Company assets"],
        "anyOf": [
            { "enum": catalogue.sections() },
            { "type": "string",
              "pattern": format!(r"^(people/category_[0-9]+|fields/{FIELD}|docs/{SEGMENT})(/\*)?$") },
            { "enum": catalogue.sections().iter().map(|section| format!("{section}/*")).collect::<Vec<_>>() },
            { "type": ["string", "number", "boolean"], "pattern": "^\\s*[^/\\s][^/]*(/\\*)?$", "description": "Its name on the screen, which is looked up in the tenant." }
        ]
    })
}

/// The last part of every id.
fn actions() -> Vec<String> {
    let catalogue = Catalogue::embedded();
    let actions = catalogue.permissions().map(|permission| permission.id.action().to_owned());
    actions.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
