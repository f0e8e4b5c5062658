//! What makes a report evidence: when, against whom, by which rules, and how much was asked.

use crate::report::{Report, words};

/// A name and what it is here.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) words: String,
}

pub(super) fn of(report: &Report) -> Vec<Fact> {
    let run = &report.run;
    let gate = &run.gate;
    let or_nothing =
        |words: &[String]| if words.is_empty() { "nothing".to_owned() } else { words::list(words) };
    let mut facts = vec![
        ("run", run.id.clone()),
        ("connection", run.connection.clone().unwrap_or_default()),
        ("service user", run.service_user.clone()),
        ("address", run.base_url.clone()),
        ("from", run.started_at.clone()),
        ("to", run.finished_at.clone()),
        ("asked for", words::scope(run.scope).to_owned()),
        (
            "read",
            format!(
                "{} and {}, of which {}",
                words::count(run.read.people as usize, "person", "people"),
                words::count(run.read.fields as usize, "field", "fields"),
                match run.read.values_kept {
                    0 => "no value was kept".to_owned(),
                    kept => format!("{} kept", words::count(kept as usize, "value was", "values were")),
                }
            ),
        ),
        ("fails on", or_nothing(&gate.fail_on)),
        ("tolerates", or_nothing(&gate.tolerate)),
        ("least coverage", gate.min_coverage.map_or_else(String::new, |least| format!("{least} %"))),
        ("written by", format!("{} {}", report.tool.name, report.tool.version)),
        ("catalogue", report.tool.catalogue.clone()),
    ];
    for policy in &report.policies {
        let head = &policy.policy;
        facts.push((
            "policy",
            format!("{} {}, {}, sha256:{}", head.name, head.version, head.file, head.sha256),
        ));
    }
    facts.retain(|(_, words)| !words.is_empty());
    facts.into_iter().map(|(name, words)| Fact { name, words }).collect()
}
