//! SARIF 2.1.0 for code scanning: the policy is the code that is scanned.
//!
//! A rule is a permission, a result is an item, its place is the policy's line. What no line mentions
//! stands where the file states its list. There is one run for each policy, since code scanning takes
//! one run of a category.

mod model;

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};

use self::model::{
    ArtifactLocation, AutomationDetails, Configuration, Driver, Invocation, Location, Log, Message,
    Notification, Outcome, PhysicalLocation, Properties, Region, Rule, Run, SCHEMA, Suppression, Tool,
};
use super::findings::{Finding, Findings, Spot, UNRESOLVED, Weight, rule};
use super::format::Settings;
use super::parts::Parts;
use super::{Item, Report, Sensitivity, Status, VerdictWord, json as json_text, markdown, sentences, text};

/// GitHub cuts off what is longer.
const MOST: usize = 1000;

/// The tool has no page of its own, and validators want something here: a name that leads nowhere else.
const NAME: &str = "urn:hibob-audit";

/// The rule of what a person has to look at.
const BY_HAND: &str = "by-hand";

/// Writes the log.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let notice = sentences::simulated(report);
    let mut categories = Vec::new();
    let log = Log {
        properties: notice.map(|notice| Properties::from([("notice", json!(notice))])),
        schema: SCHEMA,
        version: "2.1.0",
        runs: Findings::of(report).iter().map(|policy| run(report, policy, &mut categories)).collect(),
    };
    json_text::write_value(&log, notice, out)
}

fn run(report: &Report, policy: &Findings<'_>, categories: &mut Vec<String>) -> Run {
    let mut rules: Vec<Rule> = Vec::new();
    let mut results = Vec::new();
    for finding in &policy.items {
        let at = rule_index(&mut rules, &rule(finding.item), || item_rule(finding.item));
        results.push(result(report, finding, at));
    }
    for manual in &policy.manual {
        let at = rule_index(&mut rules, BY_HAND, by_hand_rule);
        results.push(Outcome {
            rule_id: BY_HAND.to_owned(),
            rule_index: at,
            kind: "review",
            level: "none",
            message: plain(&sentences::marked(report, &sentences::by_hand(manual.check))),
            locations: [location(&manual.at)],
            partial_fingerprints: fingerprint(&manual.identity),
            suppressions: Vec::new(),
            properties: Properties::new(),
        });
    }
    Run {
        tool: Tool {
            driver: Driver {
                name: report.tool.name.clone(),
                full_name: format!("{} {}", report.tool.name, report.tool.version),
                version: report.tool.version.clone(),
                semantic_version: report.tool.version.clone(),
                information_uri: NAME,
                rules,
            },
        },
        automation_details: AutomationDetails { id: category(report, policy, categories) },
        invocations: vec![invocation(report, policy)],
        column_kind: "unicodeCodePoints",
        results,
        properties: Properties::from([
            ("policy", json!(policy.policy.policy)),
            ("outcome", json!(policy.policy.outcome)),
            ("summary", json!(policy.policy.summary)),
            ("connection", json!(report.run.connection)),
            ("serviceUser", json!(report.run.service_user)),
            ("simulated", json!(report.run.simulated)),
            ("catalogue", json!(report.tool.catalogue)),
        ]),
    }
}

/// What code scanning files a run under: all before the last slash. After it stands the run's own name.
fn category(report: &Report, policy: &Findings<'_>, taken: &mut Vec<String>) -> String {
    let word = |name: &str| text::clean(name).replace('/', "-");
    let connection =
        report.run.connection.as_deref().map_or_else(String::new, |name| format!("/{}", word(name)));
    let plain = format!("audit{connection}/{}", word(&policy.policy.policy.name));
    let same = taken.iter().filter(|other| **other == plain).count();
    taken.push(plain.clone());
    let number = if same == 0 { String::new() } else { format!("-{}", same + 1) };
    format!("{plain}{number}/{}", word(&report.run.id))
}

fn invocation(report: &Report, policy: &Findings<'_>) -> Invocation {
    let parts = Parts::of(policy.policy);
    let headline = sentences::headline(policy.policy, &parts);
    let note = |level, words: &str| Notification { level, message: plain(words) };
    let mut notes: Vec<Notification> =
        sentences::simulated(report).iter().map(|notice| note("warning", notice)).collect();
    notes.extend(report.run.stopped.iter().map(|reason| note("error", reason)));
    notes.extend(sentences::remarks(report, policy.policy).iter().map(|remark| note("note", remark)));
    Invocation {
        execution_successful: report.run.stopped.is_none(),
        exit_code: report.exit_code,
        exit_code_description: text::clean(&headline),
        start_time_utc: report.run.started_at.clone(),
        end_time_utc: report.run.finished_at.clone(),
        tool_execution_notifications: notes,
    }
}

fn result(report: &Report, finding: &Finding<'_>, rule_index: usize) -> Outcome {
    let item = finding.item;
    let title = sentences::marked(report, &sentences::title(item));
    let lines = sentences::body(report, item);
    let list: Vec<String> =
        lines.iter().map(|(word, line)| format!("- {word}: {}", markdown::escape(line))).collect();
    let kind = kind(item);
    Outcome {
        rule_id: rule(item),
        rule_index,
        kind,
        level: if kind == "fail" { level(finding.weight.max(Weight::Warning)) } else { "none" },
        message: Message {
            markdown: Some(format!("**{}**\n\n{}", markdown::escape(&title), list.join("\n"))),
            ..plain(&format!("{title}. {}", sentences::paragraph(report, item)))
        },
        locations: [location(&finding.at)],
        partial_fingerprints: fingerprint(&finding.identity),
        suppressions: accepted(item),
        properties: properties(item),
    }
}

/// What the standard calls a result of this status. What a person accepted is what it is, and suppressed.
fn kind(item: &Item) -> &'static str {
    match (item.status, item.verdict) {
        (Status::Satisfied, _) => "pass",
        (Status::Missing | Status::Excess, _) => "fail",
        (Status::Unverified, _) | (Status::Waived, VerdictWord::Unknown) => "open",
        (Status::Waived, _) => "fail",
        (Status::Attested | Status::OptionalMissing, _) => "informational",
    }
}

fn level(weight: Weight) -> &'static str {
    match weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Note => "note",
        Weight::Nothing => "none",
    }
}

fn accepted(item: &Item) -> Vec<Suppression> {
    if item.status != Status::Waived {
        return Vec::new();
    }
    let reason = item.decision.as_ref().map_or_else(|| item.because.clone(), sentences::decided);
    vec![Suppression { kind: "external", status: "accepted", justification: text::clean(&reason) }]
}

fn properties(item: &Item) -> Properties {
    let mut bag = Properties::from([
        ("status", json!(item.status)),
        ("need", json!(item.need)),
        ("verdict", json!(item.verdict)),
        ("strength", json!(item.strength)),
        ("doubt", json!(item.doubt)),
        ("checkable", json!(item.checkable)),
        ("sensitivity", json!(item.sensitivity)),
        ("rule", json!(item.rule)),
        ("knownBy", json!(item.known_by)),
        ("tolerated", json!(item.tolerated)),
        ("evidence", json!(item.evidence)),
        ("decision", json!(item.decision)),
    ]);
    bag.retain(|_, value| *value != Value::Null);
    bag
}

fn rule_index(rules: &mut Vec<Rule>, id: &str, rule: impl FnOnce() -> Rule) -> usize {
    rules.iter().position(|rule| rule.id == id).unwrap_or_else(|| {
        rules.push(rule());
        rules.len() - 1
    })
}

/// The rule of a permission. It says nothing that could differ from run to run.
fn item_rule(item: &Item) -> Rule {
    let id = rule(item);
    if item.permission.is_none() {
        let about = "A line of the policy stands for no known permission. Only whoever wrote the guide can say which \
                     box is meant.";
        return described(
            UNRESOLVED,
            "A line that stands for no known permission",
            about,
            about,
            "warning",
            &[],
        );
    };
    let label = text::clean(&item.label);
    let about = format!(
        "The service user should hold `{id}` exactly as the policy says. It fails where the permission is required \
         and denied, or held and not wanted; it is open where nobody could tell."
    );
    let help =
        format!("`audit catalogue {id}` tells where its box stands, what shows it, and how that is known.");
    let high = item.sensitivity == Sensitivity::High;
    let tags: &[&str] = if high { &["hibob", "permission", "sensitive"] } else { &["hibob", "permission"] };
    let mut rule = described(&id, &label, &about, &help, "error", tags);
    rule.help.markdown = Some(format!(
        "**{}** ({})\n\n{} tells where its box stands, what shows it, and how that is known.",
        markdown::escape(&label),
        markdown::code(&id),
        markdown::code(&format!("audit catalogue {id}")),
    ));
    rule
}

fn by_hand_rule() -> Rule {
    let about = "No API call shows this. A person has to look.";
    described(BY_HAND, "To be looked at by hand", about, about, "note", &["hibob"])
}

fn described(id: &str, short: &str, full: &str, help: &str, level: &'static str, tags: &[&str]) -> Rule {
    Rule {
        id: text::clean(id),
        short_description: plain(&text::shorten(&sentence(short), MOST)),
        full_description: plain(&text::shorten(full, MOST)),
        help: Message { markdown: Some(markdown::escape(help)), ..plain(help) },
        default_configuration: Configuration { level },
        properties: Properties::from([("tags", json!(tags))]),
    }
}

fn sentence(words: &str) -> String {
    format!("{}.", words.trim_end_matches('.'))
}

/// A plain message. In SARIF `[words](target)` is a link even there.
fn plain(words: &str) -> Message {
    Message { text: text::clean(words).replace("](", "] ("), markdown: None }
}

fn location(at: &Spot) -> Location {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: at.uri.clone() },
            region: Region { start_line: at.line, start_column: at.column },
        },
    }
}

fn fingerprint(identity: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([("auditItem/v1", identity.to_owned())])
}
