//! Two stored reports side by side: what became of each permission, which gaps are new, and which are
//! gone.
//!
//! A gap that cannot be told any more is not gone, and a right that nobody knew of before is not new:
//! both sides of every change are told, and nothing is concluded from one side's silence.

mod text;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

use super::{Item, Need, PolicyReport, Report, Run, Scope, Sensitivity, Status, VerdictWord, words};

pub use text::text;

/// What changed from one report to another. Its JSON form is version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// Says SIMULATED where a side of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Always 1 in this version of the format.
    pub schema_version: u32,
    /// The earlier report.
    pub old: Side,
    /// The later report.
    pub new: Side,
    /// Why the two can be compared only in part, in sentences.
    pub remarks: Vec<String>,
    /// Each policy that a side has, in the order of the later report.
    pub policies: Vec<PolicyDiff>,
    /// Every permission whose verdict is another one, in order of id.
    pub access: Vec<AccessDiff>,
    /// 1 if a gap is new, else 3 if something that was known cannot be told any more, else 0. A policy that the
    /// later report does not have cannot be told any more, and neither can anything where no policy is in both.
    pub exit_code: u8,
}

/// One of the two reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// The name of its run.
    pub run_id: String,
    /// When it ended.
    pub finished_at: String,
    /// Its connection.
    pub connection: Option<String>,
    /// Its service user.
    pub service_user: String,
    /// The address that was asked.
    pub base_url: String,
    /// Its exit code.
    pub exit_code: u8,
}

/// What became of one policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyDiff {
    /// Its short name.
    pub name: String,
    /// Its outcome before; null where the earlier report does not have it.
    pub old: Option<super::Outcome>,
    /// Its outcome after; null where the later report does not have it.
    pub new: Option<super::Outcome>,
    /// Each item of which something changed: new gaps, then what is not known any more, then gaps that
    /// are gone, then the rest.
    pub items: Vec<ItemDiff>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemDiff {
    /// What that means.
    pub change: Change,
    /// The permission; null for a label that stands for none.
    pub permission: Option<String>,
    /// The label, as the later report has it.
    pub label: String,
    /// How much it is wanted, as the later report has it.
    pub need: Need,
    /// How much harm the right can do in wrong hands.
    pub sensitivity: Sensitivity,
    /// Before; null where the earlier report does not have the item.
    pub old: Option<Status>,
    /// After; null where the later report does not have it.
    pub new: Option<Status>,
    /// What was known of the permission before, where the item was not there.
    pub old_verdict: Option<VerdictWord>,
    /// What is known of it after.
    pub new_verdict: Option<VerdictWord>,
    /// What was seen, as the later report has it; else the earlier one's.
    pub because: String,
}

/// What a change of an item means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is missing or in excess, and was not.
    NewGap,
    /// It was verified, or a gap, and now nobody can tell.
    NotKnownAnyMore,
    /// It was missing or in excess, and was seen not to be.
    ClosedGap,
    /// It was missing or in excess, and a person has decided to live with it.
    DecidedGap,
    /// Anything else.
    Other,
}

/// What became of one permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessDiff {
    /// The permission.
    pub permission: String,
    /// The box as HiBob prints it.
    pub label: String,
    /// Before; null where the earlier report does not list it.
    pub old: Option<VerdictWord>,
    /// After; null where the later report does not list it.
    pub new: Option<VerdictWord>,
    /// Why there is no verdict after.
    pub doubt: Option<String>,
}

impl Diff {
    /// What changed from `old` to `new`.
    pub fn between(old: &Report, new: &Report) -> Self {
        let known = [old, new].map(verdicts);
        let mut policies: Vec<PolicyDiff> = new
            .policies
            .iter()
            .map(|policy| of_policy(named(old, &policy.policy.name), Some(policy), &known))
            .collect();
        let gone = old.policies.iter().filter(|policy| named(new, &policy.policy.name).is_none());
        policies.extend(gone.map(|policy| of_policy(Some(policy), None, &known)));
        let any = |change| policies.iter().flat_map(|policy| &policy.items).any(|item| item.change == change);
        let compared = policies.iter().any(|policy| policy.old.is_some() && policy.new.is_some());
        let lost = !compared || policies.iter().any(|policy| policy.new.is_none());
        let exit_code = match (any(Change::NewGap), lost || any(Change::NotKnownAnyMore)) {
            (true, _) => 1,
            (false, true) => 3,
            (false, false) => 0,
        };
        Self {
            notice: (old.run.simulated || new.run.simulated).then(|| words::SIMULATED.to_owned()),
            schema_version: 1,
            old: Side::of(old),
            new: Side::of(new),
            remarks: remarks(old, new),
            access: access(old, new),
            policies,
            exit_code,
        }
    }

    /// Whether nothing changed at all.
    pub fn is_empty(&self) -> bool {
        self.access.is_empty()
            && self.policies.iter().all(|policy| policy.items.is_empty() && policy.old == policy.new)
    }
}

impl Side {
    fn of(report: &Report) -> Self {
        let Run { id, finished_at, connection, service_user, base_url, .. } = &report.run;
        Self {
            run_id: id.clone(),
            finished_at: finished_at.clone(),
            connection: connection.clone(),
            service_user: service_user.clone(),
            base_url: base_url.clone(),
            exit_code: report.exit_code,
        }
    }
}

type Verdicts<'r> = BTreeMap<&'r str, VerdictWord>;

fn verdicts(report: &Report) -> Verdicts<'_> {
    report.access.iter().map(|entry| (entry.permission.as_str(), entry.verdict)).collect()
}

fn named<'r>(report: &'r Report, name: &str) -> Option<&'r PolicyReport> {
    report.policies.iter().find(|policy| policy.policy.name == name)
}

fn of_policy(old: Option<&PolicyReport>, new: Option<&PolicyReport>, known: &[Verdicts; 2]) -> PolicyDiff {
    let items =
        |policy: Option<&'_ PolicyReport>| policy.map(|policy| policy.items.clone()).unwrap_or_default();
    let (before, after) = (items(old), items(new));
    let mut changed: Vec<ItemDiff> = Vec::new();
    // A policy that one side does not have says nothing of its items there.
    if old.is_some() && new.is_some() {
        let in_old = |item: &Item| before.iter().find(|other| is_same(other, item));
        let in_new = |item: &Item| after.iter().find(|other| is_same(other, item));
        changed.extend(after.iter().filter_map(|item| of_item(in_old(item), Some(item), known)));
        let gone = before.iter().filter(|item| in_new(item).is_none());
        changed.extend(gone.filter_map(|item| of_item(Some(item), None, known)));
        changed.sort_by_key(|item| item.change);
    }
    let either = new.or(old);
    PolicyDiff {
        name: either.map(|policy| policy.policy.name.clone()).unwrap_or_default(),
        old: old.map(|policy| policy.outcome),
        new: new.map(|policy| policy.outcome),
        items: changed,
    }
}

/// Whether two items are one: by the permission, and by the side that it is wanted on; by the label
/// where it stands for none.
fn is_same(one: &Item, other: &Item) -> bool {
    let wanted = |item: &Item| matches!(item.need, Need::Required | Need::Optional);
    match (&one.permission, &other.permission) {
        (Some(one_id), Some(other_id)) => one_id == other_id && wanted(one) == wanted(other),
        (None, None) => one.label == other.label,
        _ => false,
    }
}

fn is_gap(status: Status) -> bool {
    matches!(status, Status::Missing | Status::Excess)
}

fn of_item(old: Option<&Item>, new: Option<&Item>, known: &[Verdicts; 2]) -> Option<ItemDiff> {
    let (before, after) = (old.map(|item| item.status), new.map(|item| item.status));
    let item = new.or(old)?;
    if before == after {
        return None;
    }
    // What was no item may yet have been known, by the access that every report lists.
    let id = item.permission.as_deref();
    let verdict = |item: Option<&Item>, known: &Verdicts| {
        item.map(|item| item.verdict).or_else(|| known.get(id?).copied())
    };
    let [old_verdict, new_verdict] = [verdict(old, &known[0]), verdict(new, &known[1])];
    let unknown = |verdict: Option<VerdictWord>| verdict.is_none_or(|it| it == VerdictWord::Unknown);
    let was_gap = before.is_some_and(is_gap);
    let change = match after {
        Some(status) if is_gap(status) => Change::NewGap,
        Some(Status::Waived | Status::Attested) if was_gap => Change::DecidedGap,
        Some(Status::Unverified) if !unknown(old_verdict) => Change::NotKnownAnyMore,
        // Excess that no line mentions is no item any more once it is not held.
        None if was_gap && unknown(new_verdict) => Change::NotKnownAnyMore,
        _ if was_gap => Change::ClosedGap,
        _ => Change::Other,
    };
    Some(ItemDiff {
        change,
        permission: item.permission.clone(),
        label: item.label.clone(),
        need: item.need,
        sensitivity: item.sensitivity,
        old: before,
        new: after,
        old_verdict,
        new_verdict,
        because: item.because.clone(),
    })
}

fn access(old: &Report, new: &Report) -> Vec<AccessDiff> {
    let entries = |report: &'_ Report| -> BTreeMap<String, super::AccessEntry> {
        report.access.iter().map(|entry| (entry.permission.clone(), entry.clone())).collect()
    };
    let (before, after) = (entries(old), entries(new));
    let ids: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    ids.into_iter()
        .filter_map(|id| {
            let (was, is) = (before.get(id), after.get(id));
            let (old, new) = (was.map(|entry| entry.verdict), is.map(|entry| entry.verdict));
            (old != new).then(|| AccessDiff {
                permission: id.clone(),
                label: is.or(was).map(|entry| entry.label.clone()).unwrap_or_default(),
                old,
                new,
                doubt: is.and_then(|entry| entry.doubt.clone()),
            })
        })
        .collect()
}

/// Why the two can be compared only in part.
fn remarks(old: &Report, new: &Report) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut differ = |what: &str, old: &str, new: &str| {
        if old != new {
            remarks.push(format!("{what}: {old} before, {new} after"));
        }
    };
    differ("The service users differ", &old.run.service_user, &new.run.service_user);
    // The simulator has another port each time.
    if !(old.run.simulated && new.run.simulated) {
        differ("The addresses differ", &old.run.base_url, &new.run.base_url);
    }
    let connection = |report: &Report| report.run.connection.clone().unwrap_or_else(|| "none".to_owned());
    differ("The connections differ", &connection(old), &connection(new));
    for policy in &new.policies {
        if let Some(before) = named(old, &policy.policy.name) {
            let is = |policy: &PolicyReport| {
                format!("{} ({})", policy.policy.version, policy.policy.sha256.get(..8).unwrap_or_default())
            };
            differ(&format!("Policy {} was changed", policy.policy.name), &is(before), &is(policy));
        }
    }
    differ("The catalogues differ", &old.tool.catalogue, &new.tool.catalogue);
    for (report, when) in [(old, "earlier"), (new, "later")] {
        if report.run.simulated {
            remarks.push(format!("The {when} run was simulated"));
        }
        if report.run.scope == Scope::Policy {
            remarks.push(format!(
                "The {when} run asked only for what its policies need: excess was not looked for"
            ));
        }
        if let Some(why) = &report.run.stopped {
            remarks.push(format!("The {when} run was stopped before its end: {why}"));
        }
    }
    if old.run.finished_at > new.run.finished_at {
        remarks.push("The first report is the later one of the two".to_owned());
    }
    remarks
}

/// The JSON form.
///
/// # Errors
/// Never in practice: a diff is JSON.
pub fn json(diff: &Diff) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string_pretty(diff)?;
    // What is simulated says so in its first line, as everywhere.
    let first = if diff.notice.is_some() { text.replacen("{\n  ", "{ ", 1) } else { text };
    Ok(first + "\n")
}

/// The schema of the JSON form, as it stands in `schemas/diff.v1.json`.
///
/// # Errors
/// Never in practice: a schema is JSON.
pub fn schema() -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Diff>();
    schema.insert("title".to_owned(), "what audit diff writes, version 1".into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}

#[cfg(test)]
mod tests;
