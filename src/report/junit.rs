//! JUnit XML for the test tab of a CI: a suite is a policy in a connection, a case is an item.
//!
//! Only what fails is a failure; what nobody could tell is skipped, with its reason. A stopped run is an
//! error in a suite of its own, so that no server shows it as green.

use std::io;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::findings::{Finding, Findings, rule};
use super::format::Settings;
use super::{Report, Status, sentences, text, words};

/// Writes the suites.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, _settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
    let notice = sentences::simulated(report);
    let connection = report.run.connection.as_deref();
    let name = ["audit", connection.unwrap_or_default()].join(" ");
    let name = notice.map_or_else(|| name.clone(), |notice| format!("{notice}: {name}"));
    let mut suites = quick_junit::Report::new(text::clean(&name));
    if let Some(stopped) = &report.run.stopped {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("stopped").set_message(text::clean(stopped));
        let mut run = TestSuite::new("the run");
        run.add_test_case(TestCase::new("the run reached its end", status));
        suites.add_test_suite(run);
    }
    for policy in Findings::of(report) {
        suites.add_test_suite(suite(report, &policy));
    }
    let xml = suites.to_string().map_err(io::Error::other)?;
    // The declaration has to be first; what is to be noticed shares its line.
    let xml = if notice.is_some() { xml.replacen('\n', " ", 1) } else { xml };
    out.write_all(xml.as_bytes())
}

fn suite(report: &Report, policy: &Findings<'_>) -> TestSuite {
    let named = sentences::policy(policy.policy);
    let connection = report.run.connection.as_deref();
    let name = connection.map_or_else(|| named.clone(), |connection| format!("{connection}: {named}"));
    let mut suite = TestSuite::new(text::clean(&name));
    suite.add_properties([
        Property::new("service-user", text::clean(&report.run.service_user)),
        Property::new("run", text::clean(&report.run.id)),
        Property::new("exit-code", report.exit_code.to_string()),
    ]);
    suite.extra.insert("timestamp".into(), text::clean(&report.run.started_at).into());
    let remarks = sentences::remarks(report, policy.policy);
    let remarks: Vec<String> = remarks.iter().map(|remark| text::clean(remark)).collect();
    suite.set_system_out(remarks.join("\n"));
    suite.add_test_cases(policy.items.iter().map(|finding| case(report, finding)));
    suite
}

fn case(report: &Report, finding: &Finding<'_>) -> TestCase {
    let item = finding.item;
    let words = text::clean(&sentences::paragraph(report, item));
    let mut status = status(item.status);
    let passes = matches!(status, TestCaseStatus::Success { .. });
    if !passes {
        let why = format!("{}: {}", sentences::status(item.status), sentences::reason(item));
        status.set_message(text::clean(&why)).set_description(words.as_str());
        status.set_type(text::clean(item.doubt.as_deref().unwrap_or(words::need(item.need))));
    }
    let mut case = TestCase::new(text::clean(&sentences::label(item)), status);
    // Servers group by what stands before the last dot.
    case.set_classname(rule(item).replace('/', "."));
    case.extra.insert("file".into(), text::clean(&finding.at.path).into());
    case.extra.insert("line".into(), finding.at.line.to_string().into());
    case.add_property(Property::new("identity", finding.identity.as_str()));
    if passes {
        // A case that passes has no other place for its words.
        case.set_system_out(format!("{}. {words}", text::clean(&sentences::title(item))));
    }
    case
}

/// What a CI makes of a status. Excess that is only advice still fails a case: the exit code says whether
/// it fails the run. What a person decided is skipped, with the reason: this run has not verified it.
fn status(status: Status) -> TestCaseStatus {
    match status {
        Status::Missing | Status::Excess => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Unverified | Status::Waived | Status::Attested => TestCaseStatus::skipped(),
        Status::Satisfied | Status::OptionalMissing => TestCaseStatus::success(),
    }
}
