//! OSCAL 1.1 assessment results, for the tools of auditors.
//!
//! OSCAL's findings have two values, satisfied and not satisfied; an item without a verdict has neither,
//! so it becomes an observation and no finding. Each policy is a result, each permission a control. Texts
//! are Markdown there, so names are escaped.

mod model;

use std::io;

use self::model::{
    AssessmentResults, Control, Document, Evidence, Finding, ImportAp, Metadata, Observation, Outcome, Prop,
    Related, ReviewedControls, Selection, State, Target,
};
use super::findings::{self, Findings, digest, rule};
use super::format::Settings;
use super::parts::Parts;
use super::{Item, Report, Status, VerdictWord, json, sentences, text, words};
use super::{markdown, markdown::escape};

/// The version whose rules hold.
const OSCAL: &str = "1.1.3";

/// Whose names the properties are. A name and no address: nothing is to be found there.
const NAMESPACE: &str = "https://hibob-audit.example/ns/oscal";

/// Writes the document.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let notice = sentences::simulated(report);
    let policies = Findings::of(report);
    let names: Vec<String> = policies.iter().map(|policy| sentences::policy(policy.policy)).collect();
    let title = format!("HiBob permissions of {} against {}", report.run.service_user, words::list(&names));
    let mut results: Vec<Outcome> = policies.iter().map(|policy| outcome(report, policy)).collect();
    if results.is_empty() {
        results.push(nothing(report));
    }
    let href = policies.first().map_or_else(|| "#".to_owned(), |policy| policy.head.uri.clone());
    let document = Document {
        assessment_results: AssessmentResults {
            metadata: Metadata {
                title: escape(&sentences::first(report, &title)),
                last_modified: report.run.finished_at.clone(),
                version: value(&report.run.id),
                oscal_version: OSCAL,
                props: vec![
                    prop("tool", &format!("{} {}", report.tool.name, report.tool.version)),
                    prop("catalogue", &report.tool.catalogue),
                    prop("simulated", if report.run.simulated { "true" } else { "false" }),
                    prop("exit-code", &report.exit_code.to_string()),
                ],
            },
            uuid: uuid(&[&json::line(report)?]),
            import_ap: ImportAp {
                href,
                remarks: "There is no assessment plan in OSCAL: the policy is the plan, and each result names its own."
                    .to_owned(),
            },
            results,
        },
    };
    json::write_value(&document, notice, out)
}

fn outcome(report: &Report, policy: &Findings<'_>) -> Outcome {
    let head = &policy.policy.policy;
    let parts = Parts::of(policy.policy);
    let mut controls: Vec<Control> = Vec::new();
    let mut observations = Vec::new();
    let mut found = Vec::new();
    for finding in &policy.items {
        let control_id = token(&rule(finding.item));
        if controls.iter().all(|control| control.control_id != control_id) {
            controls.push(Control { control_id: control_id.clone() });
        }
        let observation = observation(report, finding);
        found.extend(state(finding.item).map(|state| Finding {
            uuid: uuid(&["finding", &finding.identity]),
            title: escape(&sentences::marked(report, &sentences::title(finding.item))),
            description: escape(&sentences::paragraph(report, finding.item)),
            target: Target { kind: "objective-id", target_id: control_id, status: state },
            related_observations: [Related { observation_uuid: observation.uuid.clone() }],
        }));
        observations.push(observation);
    }
    let mut props = vec![
        prop("policy", &sentences::policy(policy.policy)),
        prop("policy-file", &head.file),
        prop("policy-sha256", &head.sha256),
        prop("outcome", words::outcome(policy.policy.outcome)),
        prop("service-user", &report.run.service_user),
        prop("excess-undecided", &policy.policy.summary.excess_undecided.to_string()),
    ];
    props.extend(report.run.connection.as_ref().map(|connection| prop("connection", connection)));
    Outcome {
        uuid: uuid(&["result", &report.run.id, &policy.identity]),
        title: escape(&sentences::policy(policy.policy)),
        description: escape(&format!("{}.", sentences::headline(policy.policy, &parts))),
        start: report.run.started_at.clone(),
        end: report.run.finished_at.clone(),
        props,
        reviewed_controls: reviewed(controls),
        observations,
        findings: found,
        remarks: paragraphs(&sentences::remarks(report, policy.policy)),
    }
}

/// The result of a report that holds no policy: OSCAL wants one.
fn nothing(report: &Report) -> Outcome {
    Outcome {
        uuid: uuid(&["result", &report.run.id]),
        title: "No policy".to_owned(),
        description: "Nothing was evaluated.".to_owned(),
        start: report.run.started_at.clone(),
        end: report.run.finished_at.clone(),
        props: vec![prop("service-user", &report.run.service_user)],
        reviewed_controls: reviewed(Vec::new()),
        observations: Vec::new(),
        findings: Vec::new(),
        remarks: paragraphs(&sentences::of_the_run(report)),
    }
}

fn reviewed(controls: Vec<Control>) -> ReviewedControls {
    let all =
        if controls.is_empty() { Selection::IncludeAll {} } else { Selection::IncludeControls(controls) };
    ReviewedControls { control_selections: [all] }
}

fn observation(report: &Report, finding: &findings::Finding<'_>) -> Observation {
    let item = finding.item;
    let mut props = vec![
        prop("permission", item.permission.as_deref().unwrap_or("none")),
        prop("status", words::status(item.status)),
        prop("need", words::need(item.need)),
        prop("rule", &item.rule),
        prop("known-by", words::known_by(item.known_by)),
        prop("tolerated", if item.tolerated { "true" } else { "false" }),
    ];
    props.extend(item.strength.map(|strength| prop("strength", words::strength(strength))));
    props.extend(item.doubt.as_ref().map(|doubt| prop("doubt", doubt)));
    props.extend(item.at.as_ref().map(|at| prop("at", &format!("{}:{}:{}", at.file, at.line, at.column))));
    let method = match (item.status, item.evidence.is_empty() && item.verdict == VerdictWord::Unknown) {
        (Status::Attested, _) => "EXAMINE",
        (_, true) => "UNKNOWN",
        (_, false) => "TEST",
    };
    Observation {
        uuid: uuid(&["observation", &report.run.id, &finding.identity]),
        title: escape(&sentences::marked(report, &sentences::title(item))),
        description: escape(&sentences::paragraph(report, item)),
        props,
        methods: [method],
        relevant_evidence: item
            .evidence
            .iter()
            .map(|seen| Evidence {
                description: format!("{}: {}", markdown::code(&seen.probe), escape(&seen.saw)),
            })
            .collect(),
        collected: report.run.finished_at.clone(),
        remarks: item.decision.as_ref().map(|decision| escape(&sentences::decided(decision))),
    }
}

/// Which of the two values an item has; none without a verdict, nor where nothing is insisted on.
fn state(item: &Item) -> Option<State> {
    let remarks = item.decision.as_ref().map(|decision| escape(&sentences::decided(decision)));
    let state = |state, reason| Some(State { state, reason, remarks });
    match (item.status, item.verdict) {
        (Status::Satisfied, _) => state("satisfied", "pass"),
        (Status::Missing | Status::Excess, _) => state("not-satisfied", "fail"),
        // A decision is told beside the finding and does not turn it.
        (Status::Waived, VerdictWord::Granted | VerdictWord::Denied) => state("not-satisfied", "other"),
        (Status::Attested, _) => state("satisfied", "other"),
        (Status::Waived | Status::Unverified | Status::OptionalMissing, _) => None,
    }
}

/// An identifier as OSCAL wants it: no slash, and a letter first.
fn token(id: &str) -> String {
    let token: String = id
        .chars()
        .map(|c| match c {
            '/' => '.',
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => c,
            _ => '-',
        })
        .collect();
    if token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { token } else { format!("_{token}") }
}

/// A UUID that is made of what it stands for: of version 5 in form, though by SHA-256, since OSCAL takes
/// versions 4 and 5 only and the same evidence must give the same bytes.
fn uuid(parts: &[&str]) -> String {
    let hex = digest(&[&[NAMESPACE], parts].concat());
    let variant = match hex.as_bytes()[16] {
        b'0' | b'4' | b'8' | b'c' => '8',
        b'1' | b'5' | b'9' | b'd' => '9',
        b'2' | b'6' | b'a' | b'e' => 'a',
        _ => 'b',
    };
    format!("{}-{}-5{}-{variant}{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

fn prop(name: &'static str, value: &str) -> Prop {
    Prop { name, ns: NAMESPACE, value: self::value(value) }
}

/// OSCAL has no empty values.
fn value(dirty: &str) -> String {
    let clean = text::clean(dirty);
    if clean.is_empty() { "none".to_owned() } else { clean }
}

fn paragraphs(sentences: &[String]) -> String {
    sentences.iter().map(|sentence| escape(sentence)).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_that_of_its_content() {
        let one = uuid(&["a", "b"]);
        assert_eq!(one, uuid(&["a", "b"]));
        assert_ne!(one, uuid(&["ab"]));
        for number in 0..40 {
            let uuid = uuid(&[&number.to_string()]);
            let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{uuid}");
            assert!(uuid.as_bytes()[14] == b'5' && b"89ab".contains(&uuid.as_bytes()[19]), "{uuid}");
        }
    }

    #[test]
    fn a_control_is_a_token() {
        assert_eq!(token("people/work/view"), "people.work.view");
        assert_eq!(token("9/<x>"), "_9.-x-");
        assert_eq!(token(""), "_");
    }
}
