//! The report as lines of JSON, one record each: for log pipelines and for `jq` without slurping.
//!
//! The keys are those of the JSON report. Each record says what it is and which run it is of, so that
//! lines of many runs may lie in one place.

use std::io;

use serde::Serialize;

use super::format::Settings;
use super::{
    AccessEntry, DecisionNotice, Item, ManualCheck, Outcome, PolicyHead, Report, Run, Summary, Tenant, Tool,
    json,
};

/// What one line tells.
#[derive(Serialize)]
struct Record<'r, T: Serialize> {
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'r str>,
    record: &'static str,
    #[serde(flatten)]
    of: Of<'r>,
    #[serde(flatten)]
    told: T,
}

/// Where a record belongs.
#[derive(Clone, Copy, Serialize)]
struct Of<'r> {
    run_id: &'r str,
    connection: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_name: Option<&'r str>,
}

#[derive(Serialize)]
struct RunRecord<'r> {
    schema_version: u32,
    tool: &'r Tool,
    run: &'r Run,
    tenant: &'r Tenant,
    exit_code: u8,
}

#[derive(Serialize)]
struct PolicyRecord<'r> {
    policy: &'r PolicyHead,
    outcome: Outcome,
    summary: &'r Summary,
}

/// Writes the run, then each policy with its items, its manual checks and what is to be known of its decisions, then the access.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let of = Of { run_id: &report.run.id, connection: report.run.connection.as_deref(), policy_name: None };
    let run = RunRecord {
        schema_version: report.schema_version,
        tool: &report.tool,
        run: &report.run,
        tenant: &report.tenant,
        exit_code: report.exit_code,
    };
    record(report, "run", of, &run, out)?;
    for policy in &report.policies {
        let of = Of { policy_name: Some(&policy.policy.name), ..of };
        let head = PolicyRecord { policy: &policy.policy, outcome: policy.outcome, summary: &policy.summary };
        record(report, "policy", of, &head, out)?;
        for item in &policy.items {
            record::<Item>(report, "item", of, item, out)?;
        }
        for check in &policy.manual {
            record::<ManualCheck>(report, "manual", of, check, out)?;
        }
        for notice in &policy.decision_notices {
            record::<DecisionNotice>(report, "decision_notice", of, notice, out)?;
        }
    }
    for entry in &report.access {
        record::<AccessEntry>(report, "access", of, entry, out)?;
    }
    Ok(())
}

fn record<T: Serialize>(
    report: &Report,
    record: &'static str,
    of: Of<'_>,
    told: &T,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let notice = report.notice.as_deref();
    out.write_all(json::line(&Record { notice, record, of, told })?.as_bytes())
}
