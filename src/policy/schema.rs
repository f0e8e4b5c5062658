//! The policy language as a JSON Schema, for editors that complete, explain and underline.
//!
//! The types here say what the language is, once more and in words for people who write policies. They
//! read nothing: `written` does, because it has to name every mistake at once. Tests hold the two together.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::Deserialize;
use serde_json::Value;

use super::{List, Role};
use crate::catalogue::Catalogue;

/// The policy: what an integrator needs of a HiBob service user, as its guide says it. `audit --policy
/// FILE` holds it against what the service user really has.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "audit policy, v1")]
pub struct PolicyFile {
    /// The short name: small letters, digits and `-`.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]*$"), example = "my-integration")]
    pub policy: String,
    /// The name that people read. The short name, if it is left out.
    #[schemars(length(min = 1), example = "Frontegg HiBob connector")]
    pub title: Option<String>,
    /// The day of this version. Guides change, so every policy is of a day.
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"), example = "2026-11-21")]
    pub version: String,
    /// The guide that the policy was read from.
    pub source: Option<SourceBlock>,
    /// Whether the guide's list is the whole list. `open`: more may be needed ("etc."), so excess is
    /// advice. `closed`: the guide says that it is exhaustive, so anything more is a gap. `unknown`: the
    /// guide does not hold the list; it then needs an item `list-not-known`.
    pub list: List,
    /// What the integrator calls the two values that HiBob shows for a service user.
    pub credentials: Option<Credentials>,
    /// What the integration does not work without.
    #[schemars(length(min = 1), example = ["people/work/view", "people/work/history"])]
    pub requires: Option<Vec<ItemLine>>,
    /// What is good to have. Its absence is no gap.
    #[schemars(length(min = 1), example = ["people/payroll/view"])]
    pub optional: Option<Vec<ItemLine>>,
    /// What must not be held.
    #[schemars(length(min = 1), example = ["people/payroll/edit"])]
    pub forbidden: Option<Vec<ItemLine>>,
    /// What the guide says is not needed. Holding it is excess.
    #[schemars(length(min = 1), example = ["people/financial/view"])]
    pub not_needed: Option<Vec<ItemLine>>,
    /// Whose data must be reachable. Left out where the guide does not say.
    pub population: Option<PopulationBlock>,
    /// What no API can show and a person has to look at. A plain text is for the HiBob admin.
    #[schemars(length(min = 1), example = ["Only the service user is a member of the group."])]
    pub manual: Option<Vec<ManualLine>>,
    /// What the guide says about waiting. Informational.
    #[schemars(length(min = 1), inner(length(min = 1)), example = ["HiBob applies a change about ten seconds after Apply."])]
    pub timing: Option<Vec<String>>,
    /// What else is worth knowing. Informational.
    #[schemars(length(min = 1), inner(length(min = 1)), example = ["The token is shown once."])]
    pub notes: Option<Vec<String>>,
}

/// The guide that a policy was read from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SourceBlock {
    /// The guide's own title.
    #[schemars(length(min = 1), example = &"Connecting HiBob")]
    pub title: Option<String>,
    /// Who publishes it, and is asked what it leaves open.
    #[schemars(length(min = 1), example = &"Frontegg")]
    pub publisher: Option<String>,
    /// Its address.
    #[schemars(length(min = 1), example = &"https://example.com/help/hibob")]
    pub url: Option<String>,
    /// The day it was read.
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"), example = "2026-11-21")]
    pub read: Option<String>,
}

/// What the integrator calls the two values that HiBob shows for a service user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Credentials {
    /// The name of the field for the id. Never the id itself.
    #[schemars(length(min = 1), example = "Service User ID")]
    pub id: String,
    /// The name of the field for the token. Never the token itself.
    #[schemars(length(min = 1), example = "API Token")]
    pub token: String,
}

/// One line of the guide: a permission id alone, or the line with its literal label.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ItemLine {
    /// The id alone. The label is then HiBob's own.
    Id(BoxId),
    /// A box that the guide names.
    Permission(PermissionItem),
    /// A section that the guide names, and no box in it.
    Section(SectionItem),
    /// A label that no box in HiBob fits. It is kept and never passes.
    Unresolved(UnresolvedItem),
    /// The guide does not hold its list. Never passes.
    ListNotKnown(ListNotKnownItem),
}

/// A box that the guide names.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PermissionItem {
    /// The id of the box; `audit catalogue` lists them all. With `*` for the action it is a section.
    pub permission: BoxId,
    /// The label as the guide prints it, mistakes included. HiBob's own, if it is left out.
    #[schemars(length(min = 1), example = "View selected employees' Payroll sections")]
    pub label: Option<String>,
    /// What stops working without it.
    #[schemars(length(min = 1), example = "leavers never reach the product")]
    pub breaks: Option<String>,
}

/// A section that the guide names, and no box in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionItem {
    /// The path of the section: the id of any box in it, without the action.
    pub section: SectionPath,
    /// The label as the guide prints it, mistakes included.
    #[schemars(length(min = 1), example = "People → Employees")]
    pub label: Option<String>,
    /// What stops working without it.
    #[schemars(length(min = 1), example = &"leavers never reach the product")]
    pub breaks: Option<String>,
}

/// A label that no box in HiBob fits. It is kept and never passes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnresolvedItem {
    /// Why no box fits it.
    #[schemars(length(min = 1), example = "HiBob has no box of this name")]
    pub unresolved: String,
    /// The label as the guide prints it.
    #[schemars(length(min = 1), example = &"View selected employees' email addresses")]
    pub label: String,
    /// What stops working without it.
    #[schemars(length(min = 1), example = &"leavers never reach the product")]
    pub breaks: Option<String>,
}

/// The guide does not hold its list. Never passes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListNotKnownItem {
    /// Where the list is shown.
    #[schemars(length(min = 1), example = "the connection flow shows the permissions to tick")]
    pub list_not_known: String,
    /// What the guide calls the list.
    #[schemars(length(min = 1), example = &"the permissions shown in the connection flow")]
    pub label: Option<String>,
    /// What stops working without it.
    #[schemars(length(min = 1), example = &"leavers never reach the product")]
    pub breaks: Option<String>,
}

/// Whose data must be reachable, by lifecycle status. One of `at-least` and `exactly`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PopulationBlock {
    /// These, and others may be.
    AtLeast(AtLeast),
    /// These, and nobody else.
    Exactly(Exactly),
}

/// These, and others may be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AtLeast {
    /// The statuses, or `all` for the six that HiBob has.
    pub at_least: Statuses,
    /// What stops working without them.
    #[schemars(length(min = 1), example = &"leavers never reach the product")]
    pub breaks: Option<String>,
}

/// These, and nobody else.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Exactly {
    /// The statuses, or `all` for the six that HiBob has.
    pub exactly: Statuses,
    /// What stops working without them.
    #[schemars(length(min = 1), example = &"leavers never reach the product")]
    pub breaks: Option<String>,
}

/// Lifecycle statuses.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Statuses {
    /// All six.
    All(All),
    /// The ones that are named.
    Some(#[schemars(length(min = 1))] Vec<Status>),
}

/// Every lifecycle status that HiBob has.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum All {
    /// Every lifecycle status that HiBob has.
    All,
}

/// A lifecycle status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Signed, and not started yet.
    Hired,
    /// Working.
    Employed,
    /// Gone.
    Terminated,
    /// On garden leave.
    GardenLeave,
    /// On leave.
    Leave,
    /// On parental leave.
    ParentalLeave,
}

/// Something that a person has to look at: a text, or a text and who looks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ManualLine {
    /// What to look at, as a sentence. The HiBob admin looks.
    Text(#[schemars(length(min = 1))] String),
    /// The sentence, and who looks.
    ForRole(ManualForRole),
}

/// The sentence, and who looks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ManualForRole {
    /// What to look at, as a sentence.
    #[schemars(length(min = 1), example = "Only the service user is a member of the group.")]
    pub text: String,
    /// Who looks. The HiBob admin, if it is left out.
    pub role: Option<Role>,
}

/// What no id of a box holds between its slashes.
const SEGMENT: &str = r#"[^/*"`\\<>]+"#;

/// The id of a box: listed, so that editors complete it, or by the grammar of ids.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct BoxId(pub String);

impl JsonSchema for BoxId {
    fn schema_name() -> Cow<'static, str> {
        "PermissionId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let listed = Catalogue::embedded().permission_ids();
        let by_grammar = format!(
            r"^(people/category_[0-9]+/(view|history|edit)|fields/{SEGMENT}/(view|history|edit)|docs/{SEGMENT}/(view|upload|delete))$"
        );
        schemars::json_schema!({
            "description": "The id of one box in a HiBob permission group.",
            "examples": ["people/payroll/view", "fields/work.title/view", "people/category_1720508362305/view"],
            "anyOf": [
                { "enum": listed },
                { "type": "string", "pattern": by_grammar,
                  "description": "A box on a custom category, a field or a document folder of one tenant." },
                { "type": "string", "pattern": r"^[^/*]+(/[^/*]+)*/\*$",
                  "description": "A section whose box the guide does not name." }
            ]
        })
    }
}

/// The path of a section: one that holds a listed box, or by the grammar of ids.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct SectionPath(pub String);

impl JsonSchema for SectionPath {
    fn schema_name() -> Cow<'static, str> {
        "SectionPath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let listed = Catalogue::embedded().sections();
        schemars::json_schema!({
            "description": "The path of a section: the id of any box in it, without the action.",
            "examples": ["features/people/employees", "docs/shared"],
            "anyOf": [
                { "enum": listed },
                { "type": "string",
                  "pattern": format!(r"^(people/category_[0-9]+|fields/{SEGMENT}|docs/{SEGMENT})(/\*)?$") },
                { "type": "string", "pattern": r"^[^/*]+(/[^/*]+)*/\*$" }
            ]
        })
    }
}

/// The schema of policy files, as a value.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<PolicyFile>().to_value();
    tidy(&mut schema);
    schema
}

/// The schema of policy files, as it stands in `schemas/policy.v1.json`.
pub fn schema_text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
    text.push('\n');
    text
}

/// Two things that Rust says otherwise. A key may be left out, and a key without a value is a mistake. And a
/// description has no line breaks: editors break lines themselves.
fn tidy(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(tidy),
        Value::Object(object) => {
            if let Some(Value::Array(kinds)) = object.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [only] = kinds.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
                if let [Value::Object(only)] = choices.as_mut_slice() {
                    let only = std::mem::take(only);
                    object.remove("anyOf");
                    object.extend(only);
                }
            }
            if let Some(Value::String(description)) = object.get_mut("description") {
                *description = description.replace('\n', " ");
            }
            object.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::policy::shipped;

    fn repository() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// What is wrong with a text by the schema, if anything.
    fn refusal(text: &str) -> Option<String> {
        let Ok(value) = serde_yaml::from_str::<Value>(text) else { return Some("no YAML".to_owned()) };
        let mut compiler = boon::Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        compiler.add_resource("policy.json", schema()).unwrap();
        let mut schemas = boon::Schemas::new();
        let index = compiler.compile("policy.json", &mut schemas).unwrap();
        schemas.validate(&value, index).err().map(|error| error.to_string())
    }

    #[test]
    fn the_schema_in_the_repository_is_current() {
        let path = repository().join("schemas/policy.v1.json");
        if std::env::var_os("AUDIT_UPDATE").is_some() {
            fs::write(&path, schema_text()).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            found == schema_text(),
            "schemas/policy.v1.json is not what the types say: run `AUDIT_UPDATE=1 cargo test`"
        );
    }

    #[test]
    fn the_schema_accepts_every_shipped_policy() {
        for name in shipped::names() {
            let source = shipped::find(name).unwrap().unwrap();
            assert_eq!(refusal(&source.text), None, "{name}");
        }
    }

    #[test]
    fn the_schema_refuses_every_broken_policy_that_a_schema_can_refuse() {
        // What is said twice, what contradicts itself, and what letters a text is made of.
        let beyond = [
            "alias-bomb",
            "contradictory-need",
            "control-characters",
            "duplicate-key",
            "nothing-asked",
            "recursive-alias",
        ];
        for entry in fs::read_dir(repository().join("tests/policies/broken")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if beyond.contains(&name.as_str()) {
                continue;
            }
            assert!(refusal(&fs::read_to_string(&path).unwrap()).is_some(), "{name}");
        }
    }

    /// Every closed mapping of the schema, as the set of its keys.
    fn mappings(value: &Value, found: &mut BTreeSet<Vec<String>>) {
        if let Some(Value::Object(properties)) = value.get("properties")
            && value.get("additionalProperties") == Some(&Value::Bool(false))
        {
            found.insert(properties.keys().cloned().collect());
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| mappings(value, found)),
            Value::Object(object) => object.values().for_each(|value| mappings(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_mapping_of_the_schema_is_closed_and_every_key_described_and_shown() {
        fn walk(value: &Value) {
            if let Some(Value::Object(properties)) = value.get("properties") {
                assert_eq!(value.get("additionalProperties"), Some(&Value::Bool(false)), "{value}");
                for (key, property) in properties {
                    assert!(property.get("description").is_some(), "{key} has no description");
                    let shown = property.get("examples").or_else(|| property.get("$ref"));
                    assert!(shown.is_some(), "{key} has no example");
                }
            }
            match value {
                Value::Array(values) => values.iter().for_each(walk),
                Value::Object(object) => object.values().for_each(walk),
                _ => {}
            }
        }
        walk(&schema());
    }

    #[test]
    fn the_reader_knows_every_key_of_the_schema() {
        let mut found = BTreeSet::new();
        mappings(&schema(), &mut found);
        assert!(found.len() > 7, "{found:?}");
        let known: BTreeSet<&str> = crate::policy::fields::KEYS.into_iter().collect();
        let said: BTreeSet<&str> = found.iter().flatten().map(String::as_str).collect();
        assert_eq!(said, known);
    }

    #[test]
    fn a_second_reader_of_yaml_finds_the_same_in_every_shipped_policy() {
        for name in shipped::names() {
            let source = shipped::find(name).unwrap().unwrap();
            let file: PolicyFile = serde_yaml::from_str(&source.text).unwrap();
            let policy =
                crate::policy::validate::read(&source, crate::policy::Origin::Shipped, Catalogue::embedded())
                    .unwrap();
            assert_eq!((&file.policy, &file.version), (&policy.name, &policy.version));
            assert_eq!(file.title.as_deref(), Some(policy.title.as_str()));
            assert_eq!(file.manual.map_or(0, |lines| lines.len()), policy.manual.len());
            assert_eq!(file.notes.unwrap_or_default(), policy.guide.notes);
        }
    }
}
