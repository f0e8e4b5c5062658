//! The main job: from a policy and a service user to a report. The only place that names every stage.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use jiff::Timestamp;

use super::progress::Progress;
use super::{input, output, probe};
use crate::access::{Access, Doubt, Model};
use crate::catalogue::Catalogue;
use crate::catalogue::id::nearest;
use crate::cli::{AuditArgs, ModelWord, ScopeWord};
use crate::error::Error;
use crate::evidence::Evidence;
use crate::evidence::stored::Stored;
use crate::exit;
use crate::gaps::{Gap, Gaps};
use crate::plan::Scope;
use crate::policy::Policy;
use crate::report::build::{Circumstances, build};
use crate::report::{Gate, Report};
use crate::source::clean::clean;

/// Runs the main job; the exit code is the report's, but for a run that Ctrl-C ends.
pub(super) async fn run(args: &AuditArgs) -> Result<u8, Error> {
    let catalogue = Catalogue::embedded();
    let gate = gate(args)?;
    let files = args.wanted.policy.iter().chain(&args.wanted.customer.overlay);
    stdin_is_read_once(files.clone(), args.evidence.as_deref(), "the evidence")?;
    stdin_is_read_once(files, args.asking.credentials.as_deref(), "the credentials")?;
    let mut wanted = input::wanted(&args.wanted.policy, &args.wanted.customer, catalogue)?;
    let group = args.group.clone().or(wanted.group.take());
    // The command line wins over a file.
    let told = args.permission_model.map(model).or_else(|| wanted.told());
    let policies = &wanted.policies;
    let outputs = output::outputs(&args.output)?;
    let progress = Arc::new(Progress::new(args.asking.quiet, args.asking.log));
    let today = Timestamp::now();
    let (stored, interrupted) = match &args.evidence {
        Some(file) => (input::evidence(file)?, false),
        None => probe::ask(&args.asking, policies, told, &progress).await?,
    };
    if stored.tool.catalogue != catalogue.digest() {
        progress
            .warn("the evidence was taken by another catalogue: what only this one asks for is not tested");
    }
    let Stored { run, evidence, .. } = stored;
    let access = infer(policies, catalogue, &evidence, told);
    let gaps = compare(policies, &access, catalogue, told, today);
    let circumstances = Circumstances { run, group, gate };
    let mut report = build(circumstances, catalogue, &evidence, &access, &gaps);
    report.exit_code = exit::of(&report);
    if interrupted {
        say_learned(&report);
        return Ok(exit::INTERRUPTED);
    }
    for word in report.run.gate.fits_nothing(&gaps) {
        progress
            .warn(&format!("`--tolerate {}` fits no line of the policy and nothing in excess", clean(word)));
    }
    output::write(&report, &outputs, args.verbose)?;
    if let Some(stopped) = &evidence.stopped {
        probe::say_stopped(stopped);
    }
    Ok(report.exit_code)
}

/// Standard input can be read once.
pub(super) fn stdin_is_read_once<'a>(
    mut files: impl Iterator<Item = &'a String>,
    other: Option<&str>,
    what: &str,
) -> Result<(), Error> {
    if other == Some("-") && files.any(|file| file == "-") {
        return Err(Error::Conflict {
            what: format!("standard input is named both as a policy and as {what}"),
            hint: "name a file for one of them".to_owned(),
        });
    }
    Ok(())
}

/// What the evidence says, in the names that the policies have for sections.
pub(super) fn infer(
    policies: &[Policy],
    catalogue: &Catalogue,
    evidence: &Evidence,
    told: Option<Model>,
) -> Access {
    let mut access = Access::infer(catalogue, evidence, told);
    for (name, category) in policies.iter().flat_map(|policy| &policy.renamed) {
        access.call(category, name);
    }
    access
}

/// The policies held against the access, with what people decided by that day.
pub(super) fn compare<'a>(
    policies: &'a [Policy],
    access: &Access,
    catalogue: &Catalogue,
    told: Option<Model>,
    now: Timestamp,
) -> Vec<Gaps<'a>> {
    let mut gaps = Gaps::between(policies, access, catalogue, told == Some(Model::Category));
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    gaps.iter_mut().for_each(|gaps| gaps.decide(today));
    gaps
}

/// What `--wait` waits for: ids, or the words of the line where it names no box.
pub(super) fn awaited(gaps: &[Gaps<'_>]) -> BTreeSet<String> {
    let items = gaps.iter().flat_map(Gaps::awaited);
    let name = |gap: &Gap<'_>| {
        let id = gap.permission.as_ref().map(ToString::to_string);
        id.or_else(|| gap.requirement.map(|requirement| requirement.label.clone())).unwrap_or_default()
    };
    items.map(name).collect()
}

pub(super) fn scope(word: ScopeWord) -> Scope {
    match word {
        ScopeWord::Full => Scope::Full,
        ScopeWord::Policy => Scope::Policy,
    }
}

pub(super) fn model(word: ModelWord) -> Model {
    match word {
        ModelWord::Category => Model::Category,
        ModelWord::Field => Model::Field,
    }
}

pub(super) fn model_of_policy(model: crate::policy::Model) -> Model {
    match model {
        crate::policy::Model::Category => Model::Category,
        crate::policy::Model::Field => Model::Field,
    }
}

fn gate(args: &AuditArgs) -> Result<Gate, Error> {
    let doubts: Vec<&str> = Doubt::ALL.iter().map(|doubt| doubt.as_str()).collect();
    let unknown = |flag: &'static str, word: &str, known: &[&str]| {
        let meant = nearest(word, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        Error::UnknownWord {
            flag,
            word: clean(word),
            hint: meant.unwrap_or_else(|| format!("one of: {}", known.join(", "))),
        }
    };
    for word in &args.fail_on {
        if !exit::FAIL_ON.contains(&word.as_str()) {
            return Err(unknown("--fail-on", word, &exit::FAIL_ON));
        }
    }
    for word in &args.tolerate {
        if word != "uncheckable" && !word.contains(['/', '*']) && !doubts.contains(&word.as_str()) {
            let mut known = vec!["uncheckable"];
            known.extend(&doubts);
            return Err(unknown("--tolerate", word, &known));
        }
    }
    let added = args.fail_on.iter().filter(|word| !exit::ALWAYS.contains(&word.as_str())).cloned();
    let fail_on = exit::ALWAYS.iter().map(|word| (*word).to_owned()).chain(added).collect();
    Ok(Gate { fail_on, tolerate: args.tolerate.clone(), min_coverage: args.min_coverage })
}

/// Says on standard error what was learned before Ctrl-C. No file is written of half a run.
fn say_learned(report: &Report) {
    probe::say_interrupted(report.run.requests);
    let mut stderr = anstream::stderr().lock();
    for policy in &report.policies {
        let summary = &policy.summary;
        let _ = writeln!(
            stderr,
            "  {}: so far {} satisfied, {} missing, {} in excess, {} unverified",
            clean(&policy.policy.name),
            summary.satisfied,
            summary.missing,
            summary.excess,
            summary.unverified
        );
    }
}
