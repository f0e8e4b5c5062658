//! OCSF 1.5 events of the class Compliance Finding (2003), for SIEMs and data lakes: one for each item,
//! and one for each policy as a whole.
//!
//! The class knows what we mean by unverified: its status Warning is "did not yield a result due to
//! missing information". What a person decided is neither pass nor fail: it is Other, with its word.

use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::findings::{Finding, Findings, Weight, digest, rule};
use super::format::Settings;
use super::parts::Parts;
use super::{Item, Outcome, PolicyReport, Report, Status, json as json_text, sentences, text, words};

const SCHEMA_VERSION: &str = "1.5.0";

/// One event. The message comes first, so that a simulated run says so in the first line.
#[derive(Serialize)]
struct Event {
    message: String,
    activity_id: u8,
    activity_name: &'static str,
    category_uid: u8,
    category_name: &'static str,
    class_uid: u16,
    class_name: &'static str,
    type_uid: u32,
    type_name: &'static str,
    time: i64,
    severity_id: u8,
    severity: &'static str,
    status_id: u8,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    metadata: Value,
    finding_info: Value,
    compliance: Value,
    resources: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidences: Vec<Value>,
    unmapped: Value,
}

/// How an event differs from others of its report.
struct Told<'t> {
    policy: Option<&'t PolicyReport>,
    identity: &'t str,
    title: String,
    words: String,
    rule: String,
    /// `status_id` of the compliance object, and its caption.
    compliance: (u8, &'t str),
    details: Vec<String>,
    control: String,
    weight: Weight,
    accepted: bool,
}

/// Writes the events as one array.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let mut events = Vec::new();
    for policy in &Findings::of(report) {
        events.push(policy_event(report, policy));
        events.extend(policy.items.iter().map(|finding| item_event(report, policy, finding)));
    }
    if events.is_empty() {
        events.push(nothing(report));
    }
    json_text::write_value(&events, sentences::simulated(report), out)
}

/// The event of a report that holds no policy.
fn nothing(report: &Report) -> Event {
    let details = sentences::of_the_run(report);
    let told = Told {
        policy: None,
        identity: &digest(&[report.run.connection.as_deref().unwrap_or_default(), "run"]),
        title: sentences::first(report, "No policy"),
        words: details.join(" "),
        rule: "run".to_owned(),
        compliance: (0, "Unknown"),
        details,
        control: "run".to_owned(),
        weight: Weight::Warning,
        accepted: false,
    };
    event(report, told)
}

fn policy_event(report: &Report, policy: &Findings<'_>) -> Event {
    let parts = Parts::of(policy.policy);
    let headline = sentences::headline(policy.policy, &parts);
    let details = sentences::remarks(report, policy.policy);
    let (compliance, weight) = match policy.policy.outcome {
        Outcome::Satisfied => ((1, "Pass"), Weight::Nothing),
        Outcome::Gaps => ((3, "Fail"), Weight::Error),
        Outcome::Inconclusive => ((2, "Warning"), Weight::Warning),
        Outcome::NoVerdict => ((0, "Unknown"), Weight::Warning),
    };
    let told = Told {
        policy: Some(policy.policy),
        identity: &policy.identity,
        title: sentences::first(report, &format!("{}: {headline}", sentences::policy(policy.policy))),
        words: details[1..].join(" "),
        rule: "policy".to_owned(),
        compliance,
        details,
        control: policy.policy.policy.title.clone(),
        weight,
        accepted: false,
    };
    Event {
        unmapped: json!({"outcome": policy.policy.outcome, "summary": policy.policy.summary, "exit_code": report.exit_code}),
        ..event(report, told)
    }
}

fn item_event(report: &Report, policy: &Findings<'_>, finding: &Finding<'_>) -> Event {
    let item = finding.item;
    let told = Told {
        policy: Some(policy.policy),
        identity: &finding.identity,
        title: sentences::marked(report, &sentences::title(item)),
        words: sentences::paragraph(report, item),
        rule: item.rule.clone(),
        compliance: compliance(item),
        details: sentences::body(report, item)
            .into_iter()
            .map(|(word, line)| format!("{word}: {line}"))
            .collect(),
        control: rule(item),
        weight: finding.weight,
        accepted: item.status == Status::Waived,
    };
    Event {
        comment: item.decision.as_ref().map(|decision| text::clean(&sentences::decided(decision))),
        remediation: sentences::fix(item)
            .map(|(word, fix)| json!({"desc": text::clean(&format!("{word}: {fix}"))})),
        evidences: item
            .evidence
            .iter()
            .map(|seen| json!({"name": seen.probe, "data": {"saw": seen.saw}}))
            .collect(),
        unmapped: json!({
            "need": item.need, "status": item.status, "verdict": item.verdict, "strength": item.strength,
            "doubt": item.doubt, "checkable": item.checkable, "sensitivity": item.sensitivity,
            "known_by": item.known_by, "tolerated": item.tolerated, "decision": item.decision,
            "at": item.at,
        }),
        ..event(report, told)
    }
}

/// What the class makes of a status.
fn compliance(item: &Item) -> (u8, &'static str) {
    match item.status {
        Status::Satisfied => (1, "Pass"),
        Status::Unverified => (2, "Warning"),
        Status::Missing | Status::Excess => (3, "Fail"),
        Status::Waived | Status::Attested | Status::OptionalMissing => (99, words::status(item.status)),
    }
}

fn event(report: &Report, told: Told<'_>) -> Event {
    let (severity_id, severity) = match told.weight {
        Weight::Nothing | Weight::Note => (1, "Informational"),
        Weight::Warning => (3, "Medium"),
        Weight::Error => (4, "High"),
    };
    let (status_id, status) = if told.accepted { (3, "Suppressed") } else { (1, "New") };
    let (compliance_id, compliance) = told.compliance;
    let mut metadata = json!({
        "version": SCHEMA_VERSION,
        "product": {"name": report.tool.name, "vendor_name": "hibob-audit", "version": report.tool.version},
        "uid": format!("{}-{}", report.run.id, told.identity),
        "correlation_uid": report.run.id,
        "log_name": "audit",
        "log_provider": "hibob-audit",
        "original_time": report.run.finished_at,
    });
    if let Some(connection) = &report.run.connection {
        metadata["tenant_uid"] = json!(text::clean(connection));
    }
    Event {
        message: text::clean(&format!("{}. {}", told.title, told.words)),
        activity_id: 1,
        activity_name: "Create",
        category_uid: 2,
        category_name: "Findings",
        class_uid: 2003,
        class_name: "Compliance Finding",
        type_uid: 200_301,
        type_name: "Compliance Finding: Create",
        time: milliseconds(&report.run.finished_at),
        severity_id,
        severity,
        status_id,
        status,
        comment: None,
        metadata,
        finding_info: json!({
            "uid": told.identity,
            "title": text::clean(&told.title),
            "desc": text::clean(&told.words),
            "types": ["HiBob service user permission"],
            "analytic": {"name": text::clean(&told.rule), "uid": text::clean(&told.rule), "type": "Rule", "type_id": 1},
        }),
        compliance: json!({
            "control": text::clean(&told.control),
            "standards": told.policy.iter().map(|policy| text::clean(&sentences::policy(policy))).collect::<Vec<_>>(),
            "status": compliance,
            "status_id": compliance_id,
            "status_details": told.details.iter().map(|line| text::clean(line)).collect::<Vec<_>>(),
            "desc": text::clean(told.policy.map_or("", |policy| &policy.policy.title)),
        }),
        resources: json!([{
            "name": text::clean(&report.run.service_user),
            "uid": text::clean(&report.run.service_user),
            "type": "HiBob service user",
        }]),
        remediation: None,
        evidences: Vec::new(),
        unmapped: json!({}),
    }
}

/// Milliseconds since 1970. A time that is none was refused when the report was read.
fn milliseconds(time: &str) -> i64 {
    time.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond)
}
