//! The JSON report means what its contract says, key by key.

use std::collections::{BTreeMap, BTreeSet};

use hibob_audit::access::Model;
use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::rows::Witnessed;
use hibob_audit::plan::Scope;
use hibob_audit::policy::{List, Policy};
use hibob_audit::report::{
    Checkable, FixAction, Item, Need, Outcome, PermissionModel, PolicyReport, Report, Sensitivity, Status,
    VerdictWord,
};
use hibob_audit::simulator::Setup;
use hibob_audit::simulator::switches::Switches;
use serde_json::Value;

use crate::stage::{Pipeline, Stage, each, gate, id, persona, policy, policy_of};

const OWN: &str = "\
policy: own
title: A policy with every kind of need
version: 2026-11-21
source: {title: Own, publisher: Nobody, read: 2026-11-21}
list: closed
requires:
  - permission: people/work/view
    label: Work
    breaks: the org chart stays empty
  - permission: people/root/edit
    label: Edit Basic info
optional:
  - permission: people/address/view
    label: Address
forbidden:
  - permission: people/payroll/view
    label: Payroll
  - permission: people/equity/view
    label: Equity
not-needed:
  - permission: people/payroll/history
    label: Payroll histories
";

/// Reports of many kinds: personas, policies, scopes, gates, and runs that went wrong.
fn reports() -> Vec<(String, Report)> {
    type Case = (&'static str, Vec<Policy>, &'static str, Scope, Option<Model>);
    let mut cases: Vec<Case> = Vec::new();
    for who in ["demo", "everything", "nothing", "ids-only", "field-level", "two-groups", "gifted"] {
        cases.push((who, vec![policy("frontegg")], "", Scope::Full, None));
        cases.push((who, vec![policy_of(OWN)], "", Scope::Policy, None));
    }
    for name in ["gifted", "kombo", "stackone"] {
        cases.push((name, vec![policy(name)], "", Scope::Full, None));
    }
    cases.push(("everything", vec![policy("stackone")], "", Scope::Full, Some(Model::Category)));
    cases.push(("demo", vec![policy("frontegg"), policy("gifted")], "", Scope::Full, None));
    cases.push((
        "stackone",
        vec![policy_of(OWN), policy("stackone"), policy("kombo")],
        "",
        Scope::Full,
        None,
    ));
    for faults in [
        "blocked_ip: true",
        "withheld_leaves_null: true",
        "faults: [{call: GET /company/people/fields, status: 500}]",
        "faults: [{call: GET /company/people/fields, status: 403, page: true, after: 1}]",
        "faults: [{call: '*', status: 401, empty: true, after: 5}]",
    ] {
        cases.push(("demo", vec![policy("frontegg")], faults, Scope::Full, None));
    }
    each(&cases, 2, |(who, policies, switches, scope, told)| {
        let mut setup = Setup::new(persona(who));
        if !switches.is_empty() {
            setup.switches = Switches::parse(switches).unwrap();
        }
        let mut pipeline = Pipeline::new(setup);
        pipeline.scope = *scope;
        pipeline.told = *told;
        pipeline.gate = gate(&["uncheckable"]);
        let names: Vec<&str> = policies.iter().map(|policy| policy.name.as_str()).collect();
        let name = format!("{who} against {} ({scope:?}, {told:?}) {switches}", names.join(" and "));
        (name, pipeline.run(policies).report)
    })
}

fn count(policy: &PolicyReport, status: Status) -> u32 {
    u32::try_from(policy.items.iter().filter(|item| item.status == status).count()).unwrap()
}

fn is_insisted_on(item: &&Item) -> bool {
    matches!(item.need, Need::Required | Need::Forbidden)
}

fn coverage(policy: &PolicyReport, only: impl Fn(&Item) -> bool) -> f64 {
    let with = |status: Status| {
        let items = policy.items.iter().filter(is_insisted_on).filter(|item| only(item));
        f64::from(u32::try_from(items.filter(|item| item.status == status).count()).unwrap())
    };
    let settled = with(Status::Satisfied) + with(Status::Missing);
    let all = settled + with(Status::Unverified);
    if all == 0.0 { 0.0 } else { settled / all }
}

fn expected_status(item: &Item) -> Status {
    let in_part = item.partial.as_ref().is_some_and(|partial| partial.granted > 0);
    match (item.verdict, item.need) {
        (VerdictWord::Unknown, _) => Status::Unverified,
        (VerdictWord::Granted, Need::Required | Need::Optional) => Status::Satisfied,
        (VerdictWord::Granted, _) => Status::Excess,
        (VerdictWord::Denied, Need::Required) => Status::Missing,
        (VerdictWord::Denied, Need::Optional) => Status::OptionalMissing,
        (VerdictWord::Denied, _) if in_part => Status::Excess,
        (VerdictWord::Denied, _) => Status::Satisfied,
    }
}

/// Every rule that a report breaks.
struct Rules<'a> {
    report: &'a Report,
    name: &'a str,
    broken: Vec<String>,
}

impl Rules<'_> {
    fn holds(&mut self, holds: bool, rule: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(format!("{}: {}", self.name, rule()));
        }
    }

    fn run(&mut self) {
        let report = self.report;
        self.holds(report.schema_version == 1, || "the version is not 1".to_owned());
        self.holds(report.run.read.values_kept == 0, || "values were kept".to_owned());
        self.holds(report.run.writes == 0, || "something was written".to_owned());
        self.holds(report.tool.catalogue.starts_with("sha256:"), || report.tool.catalogue.clone());
        self.access();
        for policy in &report.policies {
            self.policy(policy);
            for item in &policy.items {
                self.item(policy, item);
            }
        }
        self.exit_code();
    }

    fn access(&mut self) {
        let report = self.report;
        let ids: Vec<&String> = report.access.iter().map(|entry| &entry.permission).collect();
        // In order of id, and none twice.
        for pair in ids.windows(2) {
            self.holds(id(pair[0]) < id(pair[1]), || format!("access has {} before {}", pair[0], pair[1]));
        }
        for permission in Catalogue::embedded().permissions() {
            let listed = ids.iter().any(|id| *id == permission.id.as_str());
            self.holds(listed, || format!("access does not list {}", permission.id));
        }
        for entry in &report.access {
            let unknown = entry.verdict == VerdictWord::Unknown;
            self.holds(entry.strength.is_none() == unknown, || format!("strength of {entry:?}"));
            self.holds(entry.doubt.is_some() == unknown, || format!("doubt of {entry:?}"));
        }
        let by_field = report.tenant.permission_model == PermissionModel::Field;
        let fields = ids.iter().filter(|id| id.starts_with("fields/") && id.ends_with("/view")).count();
        // 239 fields of HiBob's own, and two of the company.
        let as_it_should = if by_field { fields >= 239 } else { fields == 0 };
        self.holds(as_it_should, || format!("{fields} fields are listed, by field: {by_field}"));
    }

    fn policy(&mut self, policy: &PolicyReport) {
        let summary = policy.summary;
        let name = &policy.policy.name;
        for (status, said) in [
            (Status::Satisfied, summary.satisfied),
            (Status::Missing, summary.missing),
            (Status::Excess, summary.excess),
            (Status::Unverified, summary.unverified),
            (Status::Waived, summary.waived),
            (Status::Attested, summary.attested),
            (Status::OptionalMissing, summary.optional_missing),
        ] {
            let is = count(policy, status);
            self.holds(is == said, || format!("{name}: {is} are {status:?} and {said} are counted"));
        }
        let near = |one: f64, other: f64| (one - other).abs() < 1e-9;
        let all = coverage(policy, |_| true);
        self.holds(near(summary.coverage, all), || format!("{name}: coverage {} is {all}", summary.coverage));
        let shown = coverage(policy, |item| item.checkable == Checkable::Api);
        self.holds(near(summary.checkable_coverage, shown), || {
            format!("{name}: checkable coverage {} is {shown}", summary.checkable_coverage)
        });
        self.holds(policy.policy.sha256.len() == 64, || format!("{name}: sha256"));
        let closed = policy.policy.list == List::Closed;
        let gap = |item: &Item| {
            item.status == Status::Missing
                || (item.status == Status::Excess && (closed || item.need == Need::Forbidden))
        };
        let settled =
            policy.items.iter().filter(is_insisted_on).any(|item| item.status != Status::Unverified);
        let open = policy.items.iter().filter(is_insisted_on).any(|item| item.status == Status::Unverified);
        let expected = match policy.outcome {
            _ if policy.items.iter().any(gap) => Outcome::Gaps,
            Outcome::NoVerdict if self.report.run.stopped.is_some() => Outcome::NoVerdict,
            _ if open || !settled => Outcome::Inconclusive,
            _ => Outcome::Satisfied,
        };
        self.holds(policy.outcome == expected, || format!("{name}: {:?} is {expected:?}", policy.outcome));
        // Requirements in the order of the policy, then what no line mentions: the sensitive first.
        let places: Vec<Option<u32>> =
            policy.items.iter().map(|item| item.at.as_ref().map(|at| at.line)).collect();
        let excess = places.iter().position(Option::is_none).unwrap_or(places.len());
        self.holds(places[..excess].is_sorted(), || format!("{name}: the lines {places:?}"));
        self.holds(places[excess..].iter().all(Option::is_none), || format!("{name}: the lines {places:?}"));
        let order: Vec<(bool, Option<String>)> = policy.items[excess..]
            .iter()
            .map(|item| (item.sensitivity != Sensitivity::High, item.permission.clone()))
            .collect();
        self.holds(order.is_sorted(), || format!("{name}: the order of excess"));
        let ids: Vec<&String> = policy.items.iter().filter_map(|item| item.permission.as_ref()).collect();
        let once: BTreeSet<&&String> = ids.iter().collect();
        self.holds(ids.len() == once.len(), || format!("{name}: an id stands twice"));
    }

    fn item(&mut self, policy: &PolicyReport, item: &Item) {
        let name = format!("{}, {:?} ({})", policy.policy.name, item.permission, item.label);
        let unknown = item.verdict == VerdictWord::Unknown;
        self.holds(item.strength.is_none() == unknown, || format!("{name}: strength is null iff unknown"));
        self.holds(item.doubt.is_some() == unknown, || {
            format!("{name}: doubt is null iff there is a verdict")
        });
        let decided = !matches!(item.status, Status::Waived | Status::Attested);
        self.holds(!decided || item.status == expected_status(item), || {
            format!("{name}: {:?} with {:?} is {:?}", item.need, item.verdict, item.status)
        });
        self.holds(!item.because.is_empty() && !item.rule.is_empty(), || format!("{name}: says not why"));
        self.holds(!item.label.is_empty(), || format!("{name}: has no label"));
        if !unknown {
            let is_section = item.permission.as_deref().is_some_and(|id| id.ends_with("/*"));
            self.holds(is_section || !item.evidence.is_empty(), || {
                format!("{name}: a verdict without evidence")
            });
            // What only a lucky answer settles is called by the name that the plan has for it.
            let by_luck = item.permission.as_deref().is_some_and(|permission| {
                let described = Catalogue::embedded().describe(&id(permission));
                matches!(described.witnessed, Witnessed::Endpoint(witness) if witness.mark.is_some())
            });
            let said = if by_luck { Checkable::Screen } else { Checkable::Api };
            self.holds(item.checkable == said, || format!("{name}: settled, and {:?}", item.checkable));
        }
        match &item.permission {
            None => self
                .holds(matches!(item.doubt.as_deref(), Some("box-not-named" | "list-not-known")), || {
                    format!("{name}: no permission, and doubt {:?}", item.doubt)
                }),
            Some(permission) if !permission.ends_with("/*") => {
                let entry = self.report.access.iter().find(|entry| entry.permission == *permission);
                if let Some(entry) = entry {
                    let same = (entry.verdict, entry.strength, entry.doubt.as_ref())
                        == (item.verdict, item.strength, item.doubt.as_ref());
                    self.holds(same, || format!("{name}: differs from {entry:?}"));
                } else {
                    self.holds(unknown, || format!("{name}: has a verdict and is not in access"));
                }
            }
            Some(_) => {}
        }
        // Excess that no line mentions.
        if item.at.is_none() {
            let right = item.need == Need::NotNeeded && item.status == Status::Excess;
            self.holds(right, || format!("{name}: no line, {:?} and {:?}", item.need, item.status));
            let basic = item.permission.as_deref() == Some("people/root/view");
            self.holds(!basic, || {
                format!("{name}: Basic info view is no excess where people's data is required")
            });
            if let Some(permission) = &item.permission
                && permission.starts_with("population/")
            {
                self.broken.push(format!("{name}: an audience is no excess"));
            }
        }
        self.fix(&name, policy, item);
    }

    fn fix(&mut self, name: &str, policy: &PolicyReport, item: &Item) {
        let opposite = match item.need {
            Need::Required => Some(Need::Forbidden),
            Need::Forbidden => Some(Need::Required),
            Need::Optional | Need::NotNeeded => None,
        };
        let others = self.report.policies.iter().filter(|other| other.policy.name != policy.policy.name);
        let is_contested = opposite.is_some()
            && others.flat_map(|other| &other.items).any(|other| {
                Some(other.need) == opposite
                    && other.permission.is_some()
                    && other.permission == item.permission
            });
        let wanted: &[FixAction] = match item.status {
            // What another policy of the run wants the opposite of is asked about first.
            Status::Missing if is_contested => &[FixAction::Ask],
            Status::Excess if is_contested => &[FixAction::Ask],
            Status::Missing | Status::OptionalMissing => &[FixAction::Tick],
            // Against a list that nobody has seen, asking comes before unticking.
            Status::Excess if policy.policy.list == List::Unknown => &[FixAction::Ask, FixAction::Untick],
            Status::Excess => &[FixAction::Untick],
            Status::Unverified => &[FixAction::Look, FixAction::Ask],
            Status::Satisfied | Status::Waived | Status::Attested => &[],
        };
        let Some(fix) = &item.fix else {
            self.holds(wanted.is_empty(), || format!("{name}: {:?} and no fix", item.status));
            return;
        };
        self.holds(wanted.contains(&fix.action), || {
            format!("{name}: {:?} and {:?}", item.status, fix.action)
        });
        self.holds(!fix.label.is_empty(), || format!("{name}: a fix without a label"));
        let role = serde_json::to_value(fix.role).unwrap();
        if fix.action != FixAction::Ask && role == "hibob-admin" {
            let start = ["System settings", "Account", "Permission groups"];
            let right = fix.path.len() > start.len() && fix.path.iter().zip(start).all(|(is, of)| is == of);
            self.holds(right, || format!("{name}: the clicks are {:?}", fix.path));
        }
        let asks = item.checkable == Checkable::Integrator && item.status == Status::Unverified;
        self.holds(!asks || (fix.action == FixAction::Ask && role == "integrator"), || {
            format!("{name}: only the integrator knows, and the fix is {fix:?}")
        });
    }

    /// A proven gap is 1 even in a run that was stopped; else a stop is 4; else a doubt is 3.
    fn exit_code(&mut self) {
        let report = self.report;
        let gaps = report.policies.iter().any(|policy| policy.outcome == Outcome::Gaps);
        let stopped = report.policies.iter().any(|policy| policy.outcome == Outcome::NoVerdict);
        let open = report.policies.iter().any(|policy| {
            let insisted = || policy.items.iter().filter(is_insisted_on);
            insisted().all(|item| item.status == Status::Unverified)
                || insisted().any(|item| item.status == Status::Unverified && !item.tolerated)
        });
        let expected = match (gaps, stopped, open) {
            (true, _, _) => 1,
            (_, true, _) => 4,
            (_, _, true) => 3,
            _ => 0,
        };
        self.holds(report.exit_code == expected, || format!("exit code {} is {expected}", report.exit_code));
    }
}

fn schema() -> (boon::Schemas, boon::SchemaIndex) {
    let text = include_str!("../../schemas/report.v1.json");
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("report.v1.json", serde_json::from_str(text).unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile("report.v1.json", &mut schemas).unwrap();
    (schemas, index)
}

#[test]
fn every_report_keeps_every_rule_and_fits_the_schema() {
    let (schemas, index) = schema();
    let mut broken = Vec::new();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (name, report) in reports() {
        let mut rules = Rules { report: &report, name: &name, broken: Vec::new() };
        rules.run();
        broken.extend(rules.broken);
        let json = serde_json::to_value(&report).unwrap();
        if let Err(error) = schemas.validate(&json, index) {
            broken.push(format!("{name}: {error}"));
        }
        *seen.entry(format!("exit {}", report.exit_code)).or_default() += 1;
        for item in report.policies.iter().flat_map(|policy| &policy.items) {
            *seen.entry(format!("{:?}", item.status)).or_default() += 1;
        }
    }
    broken.dedup();
    assert!(broken.is_empty(), "{} rules are broken:\n{}", broken.len(), broken.join("\n"));
    // What was never seen was never held against its rule.
    for kind in
        ["exit 1", "exit 3", "exit 4", "Satisfied", "Missing", "Excess", "Unverified", "OptionalMissing"]
    {
        assert!(seen.contains_key(kind), "no report had {kind}: {seen:?}");
    }
}

#[test]
fn the_binary_prints_what_the_contract_names() {
    let ran = Stage::of(persona("demo")).run(&[
        "--policy",
        "frontegg",
        "--policy",
        "gifted",
        "--output",
        "json",
        "--connection",
        "acme",
        "--group",
        "Robots",
        "--tolerate",
        "uncheckable,silence",
    ]);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let (schemas, index) = schema();
    schemas.validate(&json, index).unwrap_or_else(|error| panic!("{error}"));
    let run = &json["run"];
    assert_eq!(run["connection"], "acme");
    assert_eq!(run["simulated"], false, "it was asked over the network, like any other");
    assert_eq!(run["base_url"], ran.base_url.as_str());
    assert_eq!(run["service_user"], ran.running.service_user());
    assert_eq!(run["gate"]["tolerate"], serde_json::json!(["uncheckable", "silence"]));
    assert_eq!(run["gate"]["min_coverage"], Value::Null);
    for time in ["started_at", "finished_at"] {
        let text = run[time].as_str().unwrap();
        assert!(text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(), "{text}");
    }
    assert_eq!(json["exit_code"], 1);
    assert_eq!(ran.code, 1);
    let policies = json["policies"].as_array().unwrap();
    assert_eq!(policies[0]["policy"]["name"], "frontegg");
    assert_eq!(policies[1]["policy"]["origin"], "shipped");
    let group = |item: &Value| item["fix"]["path"][3] == "Robots";
    assert!(policies[0]["items"].as_array().unwrap().iter().any(group), "the group is not in the clicks");
    for policy in policies {
        for check in policy["manual"].as_array().unwrap() {
            assert!(check["text"].is_string() && check["role"].is_string() && check["at"]["line"].is_u64());
        }
    }
}

#[test]
fn excess_is_what_no_policy_of_the_run_asks_for() {
    let both = Pipeline::of(persona("gifted")).run(&[policy("frontegg"), policy("gifted")]).report;
    let one = Pipeline::of(persona("gifted")).run(&[policy("frontegg")]).report;
    let excess = |policy: &PolicyReport| count(policy, Status::Excess);
    assert!(excess(&one.policies[0]) > 0);
    assert_eq!((excess(&both.policies[0]), excess(&both.policies[1])), (0, 0));
}

#[test]
fn tolerating_changes_the_exit_code_and_never_the_outcome() {
    let outcomes: Vec<_> = [&[][..], &["uncheckable"]]
        .into_iter()
        .map(|words| {
            let mut pipeline = Pipeline::of(persona("frontegg"));
            pipeline.gate = gate(words);
            let report = pipeline.run(&[policy("frontegg")]).report;
            (report.exit_code, report.policies[0].outcome)
        })
        .collect();
    assert_eq!(outcomes, [(3, Outcome::Inconclusive), (0, Outcome::Inconclusive)]);
}

#[test]
fn what_may_not_be_held_is_satisfied_by_its_absence_and_gates_by_its_presence() {
    let own = [policy_of(OWN)];
    let report = Pipeline::of(persona("frontegg").without(&id("people/payroll/view"))).run(&own).report;
    let of = |report: &Report, id: &str| {
        let items = &report.policies[0].items;
        items.iter().find(|item| item.permission.as_deref() == Some(id)).unwrap().status
    };
    assert_eq!(of(&report, "people/payroll/view"), Status::Satisfied);
    let report = Pipeline::of(persona("frontegg")).run(&own).report;
    assert_eq!(of(&report, "people/payroll/view"), Status::Excess);
    assert_eq!(report.exit_code, 1);
}
