//! Builds the report from the gaps: one complete value, in the order in which it is shown.

mod by_hand;
mod clicks;
mod decided;
mod gate;
mod not_named;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{self, Access, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::KnownBy as Known;
use crate::evidence::stored::{self, Facts};
use crate::evidence::{Evidence, Stopped};
use crate::gaps::{self, Gap, Gaps};
use crate::plan;
use crate::policy::lines::{Aim, Line, MODELS, Truth};
use crate::policy::oddities::words_of_boxes;
use crate::policy::{Alternatives, List, Member, Model, Policy, Requirement, Spot, Target};
use crate::report::{
    AccessEntry, Ancestor, At, Checkable, Gate, Item, KnownBy, ManualCheck, Need, Observation, Omission,
    Outcome, OverlayHead, Partial, PermissionModel, PolicyHead, PolicyReport, Read, Report, Role, Run, Scope,
    Sensitivity, Status, Strength, Summary, Tenant, Tool, Unasked, VerdictWord, words,
};

use clicks::Clicks;
use not_named::NotNamed;

/// What the report says of the run and the evidence does not know.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The run that asked.
    pub run: Facts,
    /// The name of the permission group, for the clicks.
    pub group: Option<String>,
    /// What makes the exit code.
    pub gate: Gate,
}

/// Builds the report. Its exit code is still 0: see [`crate::exit`].
pub fn build(
    circumstances: Circumstances,
    catalogue: &Catalogue,
    evidence: &Evidence,
    access: &Access,
    gaps: &[Gaps<'_>],
) -> Report {
    let asked = [&evidence.sample, &evidence.again];
    let people = asked.iter().copied().flatten().map(|sample| sample.people).sum();
    let fields = evidence.sample.as_ref().map_or(0, |sample| count(sample.fields.len()));
    let Circumstances { run, group, gate } = circumstances;
    let not_named = gaps.iter().map(NotNamed::of).collect();
    let clicks = Clicks { catalogue, access, group, not_named };
    let stopped = evidence.stopped.as_ref();
    Report {
        notice: run.simulated.then(|| words::SIMULATED.to_owned()),
        schema_version: 1,
        tool: Tool {
            name: "audit".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            catalogue: catalogue.digest(),
        },
        run: Run {
            id: run.id,
            connection: run.connection,
            simulated: run.simulated,
            started_at: run.started_at,
            finished_at: run.finished_at,
            base_url: run.base_url,
            service_user: run.service_user,
            scope: match run.scope {
                stored::Scope::Full => Scope::Full,
                stored::Scope::Policy => Scope::Policy,
            },
            requests: evidence.requests,
            denied_answers: evidence.denied_answers,
            writes: evidence.writes,
            read_back: written::read_back(evidence),
            write_note: written::note(evidence),
            read: Read { people, fields, values_kept: 0 },
            gate: gate.clone(),
            stopped: stopped.map(stopped_in_words),
        },
        tenant: Tenant {
            permission_model: match access.model {
                Some(access::Model::Category) => PermissionModel::Category,
                Some(access::Model::Field) => PermissionModel::Field,
                None => PermissionModel::Undetermined,
            },
            people_visible: access.people_visible,
            omission: match access.omission {
                access::Omission::Confirmed => Omission::Confirmed,
                access::Omission::Contradicted => Omission::Contradicted,
                access::Omission::Open => Omission::Open,
            },
        },
        policies: gaps.iter().map(|gaps| policy_report(gaps, &clicks, &gate, stopped)).collect(),
        access: findings(access, gaps)
            .into_iter()
            .map(|(id, verdict)| {
                let (verdict, strength, doubt) = verdict_words(verdict);
                AccessEntry {
                    permission: id.to_string(),
                    verdict,
                    strength,
                    doubt,
                    label: clicks.label(id),
                    place: clicks.place(id),
                    sensitivity: sensitivity(access.is_sensitive(catalogue, id)),
                }
            })
            .collect(),
        exit_code: 0,
    }
}

/// Every permission with its verdict: those that are known of this tenant, and single fields that a policy
/// names where nothing shows boxes on fields.
fn findings<'a>(access: &'a Access, gaps: &'a [Gaps<'_>]) -> BTreeMap<&'a PermissionId, Verdict> {
    let items = gaps.iter().flat_map(|gaps| &gaps.items).filter_map(|gap| gap.permission.as_ref());
    items
        .filter(|id| id.as_field().is_some())
        .map(|id| (id, access.of(id).verdict))
        .chain(access.findings().map(|(id, finding)| (id, finding.verdict)))
        .collect()
}

/// What only a person can look at, in a tenant with this permission model.
pub fn looked_at(policy: &Policy, model: Option<Model>) -> Vec<ManualCheck> {
    by_hand::checks(policy, model)
}

fn model(known: access::Model) -> Model {
    match known {
        access::Model::Category => Model::Category,
        access::Model::Field => Model::Field,
    }
}

fn policy_report(
    gaps: &Gaps<'_>,
    clicks: &Clicks<'_>,
    gate: &Gate,
    stopped: Option<&Stopped>,
) -> PolicyReport {
    let policy = gaps.policy;
    let items: Vec<Item> = gaps.items.iter().map(|gap| item(gap, policy, clicks, gate)).collect();
    let summary = summary(&items, gaps.excess_undecided);
    let (known, timing) = (clicks.access.model.map(model), policy.guide.timing.iter());
    PolicyReport {
        policy: head(policy),
        outcome: outcome(&items, policy.list, stopped),
        summary,
        items,
        manual: looked_at(policy, known),
        asking_for_nothing: gaps.asking_for_nothing.iter().map(|line| unasked(line)).collect(),
        handover: policy.handover(known),
        timing: timing.filter_map(|note| policy.under(&note.text, &note.when, known)).collect(),
        decision_notices: gaps.notices.iter().map(decided::notice).collect(),
    }
}

fn unasked(line: &Requirement) -> Unasked {
    Unasked { label: line.label.clone(), at: at(&line.place) }
}

fn head(policy: &Policy) -> PolicyHead {
    let facts = policy.facts.iter().map(|fact| {
        let answer = policy.choices.facts.get(&fact.name).or(fact.otherwise.as_ref());
        (fact.name.clone(), answer.cloned())
    });
    PolicyHead {
        name: policy.name.clone(),
        title: policy.title.clone(),
        version: policy.version.clone(),
        file: policy.file.clone(),
        origin: policy.origin,
        sha256: policy.sha256.clone(),
        list: policy.list,
        list_at: Some(at(&policy.list_at)),
        publisher: policy.publisher.clone(),
        extends: policy
            .extends
            .iter()
            .map(|ancestor| Ancestor {
                name: ancestor.name.clone(),
                version: ancestor.version.clone(),
                file: ancestor.file.clone(),
                origin: ancestor.origin,
                sha256: ancestor.sha256.clone(),
            })
            .collect(),
        overlays: policy
            .overlays
            .iter()
            .map(|overlay| OverlayHead {
                name: overlay.name.clone(),
                file: overlay.file.clone(),
                sha256: overlay.sha256.clone(),
            })
            .collect(),
        with: policy.choices.with.iter().cloned().collect(),
        not_chosen: policy.not_chosen().map(|it| (it.name.clone(), it.title.clone())).collect(),
        facts: facts.collect(),
    }
}

/// The conditions that nobody has settled, of what is optional for now: under which it is required, or else
/// under which alone it is asked for at all.
fn condition(gap: &Gap<'_>, policy: &Policy, known: Option<Model>) -> Option<String> {
    let requirement = gap.requirement.filter(|_| gap.need == Need::Optional)?;
    let same = policy.requirements.iter().filter(|it| it.target == requirement.target);
    let places: BTreeSet<&Spot> = same
        .flat_map(|it| std::iter::once(&it.place).chain(it.repeats.iter().map(|(_, spot)| spot)))
        .collect();
    let lines = policy.lines.iter().flat_map(Line::all).filter(|line| places.contains(&line.place));
    let (mut needed, mut asked, mut always) = (Vec::new(), Vec::new(), false);
    for line in lines {
        let only = || policy.only(&policy.left(&line.when, known));
        match (line.modality.need(), policy.truth(&line.when, known)) {
            (Need::Required, Truth::Open) => needed.push(only()),
            (Need::Optional, Truth::Open) => asked.push(only()),
            (Need::Optional, Truth::Yes) => always = true,
            _ => {}
        }
    }
    let plainly = |only: &[String]| {
        let conditions = only.iter().map(|it| it.strip_prefix("only ").unwrap_or(it));
        conditions.collect::<Vec<_>>().join(", or ")
    };
    match (needed.is_empty(), asked.is_empty() && !always) {
        (false, false) => Some(format!("it is needed {}", plainly(&needed))),
        (false, true) => Some(format!("it is needed only {}", plainly(&needed))),
        (true, _) if always || asked.is_empty() => None,
        (true, _) => Some(format!("only {}", plainly(&asked))),
    }
}

/// The printed line that stands for a requirement and others together.
fn printed_once(requirement: &Requirement, policy: &Policy) -> Option<String> {
    let has_it = |line: &&Line| line.all().iter().skip(1).any(|part| part.place == requirement.place);
    let together = policy.lines.iter().filter(|line| matches!(line.aim, Aim::Together(_)));
    together.filter(has_it).find_map(|line| line.label.clone())
}

/// The alternatives that something is asked for as one of, and by no line of its own, until one of them is met.
fn choice(gap: &Gap<'_>, policy: &Policy) -> Option<String> {
    let requirement = gap.requirement.filter(|it| MODELS.iter().all(|model| it.need_in(*model).is_none()))?;
    if gap.other_branch_met || gap.status == gaps::Status::Satisfied {
        return None;
    }
    let number = policy.requirements.iter().position(|it| std::ptr::eq(it, requirement))?;
    let is_one_of = |it: &&Alternatives| {
        it.branches.len() > 1 && it.branches.iter().flatten().any(|member| member.requirement == number)
    };
    let alternatives = policy.alternatives.iter().find(is_one_of)?;
    let branch = |branch: &Vec<Member>| {
        let members = branch.iter().filter_map(|member| policy.requirements.get(member.requirement));
        members.map(|it| format!("\"{}\"", it.label)).collect::<Vec<_>>().join(" together with ")
    };
    let branches: Vec<String> = alternatives.branches.iter().map(branch).collect();
    let one = if alternatives.only_one { "one of these, and not more" } else { "one of these is enough" };
    Some(format!("{one}: {}", branches.join("; or ")))
}

/// Whether an item stands in a gap of its policy, whatever the gate says.
fn is_gap(item: &Item, list: List) -> bool {
    match item.status {
        Status::Missing => true,
        Status::Excess => item.is_excess_that_counts(list),
        _ => false,
    }
}

fn outcome(items: &[Item], list: List, stopped: Option<&Stopped>) -> Outcome {
    let settled =
        items.iter().filter(|item| item.is_insisted_on()).any(|item| item.verdict != VerdictWord::Unknown);
    if items.iter().any(|item| is_gap(item, list)) {
        Outcome::Gaps
    } else if stopped.is_some_and(ends_without_verdict) {
        Outcome::NoVerdict
    } else if !settled || items.iter().any(|item| item.is_insisted_on() && item.status == Status::Unverified)
    {
        Outcome::Inconclusive
    } else {
        Outcome::Satisfied
    }
}

/// A block in the middle of a run, or its end by the clock, leaves what was settled before it.
pub fn ends_without_verdict(stopped: &Stopped) -> bool {
    !matches!(stopped, Stopped::BlockedLater | Stopped::Ended)
}

/// Why a run was stopped, in words.
pub fn stopped_in_words(stopped: &Stopped) -> String {
    match stopped {
        Stopped::CredentialsRefused => "the API refused the credentials".to_owned(),
        Stopped::Unreachable(why) => format!("the API could not be reached: {why}"),
        Stopped::Redirecting => "the address points elsewhere, and credentials are never sent on".to_owned(),
        Stopped::Blocked => {
            "the first request, which needs no right, was refused: this network address or this service user is blocked"
                .to_owned()
        }
        Stopped::NotTheApi => "what answers at this address is not HiBob's API".to_owned(),
        Stopped::BlockedLater => {
            "a request that needs no right was refused in the middle of the run: refusals before it are not believed, and nothing was asked after it".to_owned()
        }
        Stopped::Ended => "the run was ended before its plan was".to_owned(),
        Stopped::Changed(what) => format!("SOMETHING MAY HAVE BEEN CHANGED: {what}; no further write was sent"),
    }
}

fn summary(items: &[Item], excess_undecided: u32) -> Summary {
    let with = |status: Status| count(items.iter().filter(|item| item.status == status).count());
    let share = |only: &dyn Fn(&Item) -> bool| {
        let among = |status: Status| {
            items.iter().filter(|item| item.is_insisted_on() && item.status == status && only(item)).count()
        };
        let settled = among(Status::Satisfied) + among(Status::Missing);
        let all = settled + among(Status::Unverified);
        #[expect(clippy::cast_precision_loss, reason = "a policy has far fewer than 2^52 lines")]
        if all == 0 { 0.0 } else { settled as f64 / all as f64 }
    };
    Summary {
        satisfied: with(Status::Satisfied),
        missing: with(Status::Missing),
        excess: with(Status::Excess),
        unverified: with(Status::Unverified),
        waived: with(Status::Waived),
        attested: with(Status::Attested),
        optional_missing: with(Status::OptionalMissing),
        coverage: share(&|_| true),
        checkable_coverage: share(&|item| item.checkable == Checkable::Api),
        excess_undecided,
    }
}

fn item(gap: &Gap<'_>, policy: &Policy, clicks: &Clicks<'_>, gate: &Gate) -> Item {
    let (verdict, strength, doubt) = verdict_words(gap.finding.verdict);
    let checkable = match gap.checkable {
        plan::Checkable::Api => Checkable::Api,
        plan::Checkable::Write => Checkable::Write,
        plan::Checkable::Screen => Checkable::Screen,
        plan::Checkable::Integrator => Checkable::Integrator,
    };
    let is_box = gap.permission.as_ref().filter(|id| !id.is_section());
    let sensitive = is_box.is_some_and(|id| clicks.access.is_sensitive(clicks.catalogue, id));
    let status = match gap.status {
        gaps::Status::Satisfied => Status::Satisfied,
        gaps::Status::Missing => Status::Missing,
        gaps::Status::Excess => Status::Excess,
        gaps::Status::Unverified => Status::Unverified,
        gaps::Status::OptionalMissing => Status::OptionalMissing,
        gaps::Status::Waived => Status::Waived,
        gaps::Status::Attested => Status::Attested,
    };
    // What a line calls by its name on the screen may be tolerated by that.
    let written = gap.requirement.and_then(|requirement| requirement.target.permission());
    let tolerates = |id: Option<&PermissionId>| gate.tolerates(checkable, doubt.as_deref(), id);
    let tolerated =
        status == Status::Unverified && (tolerates(gap.permission.as_ref()) || tolerates(written));
    Item {
        // Of a box that may be wanted or not, no verdict is told: its own stands under `access`.
        permission: gap.permission.as_ref().filter(|_| !gap.torn).map(ToString::to_string),
        opened_by: clicks.opened_by(gap),
        need: gap.need,
        other_branch_met: gap.other_branch_met,
        status,
        verdict,
        strength,
        doubt,
        checkable,
        sensitivity: sensitivity(sensitive),
        partial: gap.finding.partial.as_ref().map(|partial| Partial {
            granted: partial.granted,
            denied: partial.denied.clone(),
            silent: partial.silent.clone(),
        }),
        label: match (gap.requirement, &gap.permission) {
            // A line without words of its own is named in the tenant's.
            (Some(requirement), Some(id)) if requirement.label == clicks.catalogue.label(id) => {
                clicks.label(id)
            }
            (Some(Requirement { target: Target::Field { field, action }, label, .. }), Some(id))
                if *label == words_of_boxes(field, &[*action], clicks.catalogue) =>
            {
                clicks.label(id)
            }
            // What goes by its id is told by its name on the screen.
            (
                Some(Requirement { target: Target::Field { field, action: Action::View }, label, .. }),
                Some(id),
            ) if *label == field.name => id
                .as_field()
                .map_or_else(|| label.clone(), |(field, _)| clicks.access.field_name(field).to_owned()),
            // A pattern has words for all that fit it, and none for this one.
            (Some(Requirement { target: Target::Own(_), .. }), Some(id)) => clicks.label(id),
            (Some(requirement), _) => requirement.label.clone(),
            (None, Some(id)) => clicks.label(id),
            (None, None) => String::new(),
        },
        printed_once: gap.requirement.and_then(|requirement| printed_once(requirement, policy)),
        breaks: gap.requirement.and_then(|requirement| requirement.breaks.clone()),
        reason: gap.requirement.and_then(|requirement| requirement.reason.clone()),
        because: gap.finding.because.clone(),
        advice: clicks.advice(gap).or_else(|| condition(gap, policy, clicks.access.model.map(model))),
        choice: choice(gap, policy),
        rule: gap.finding.rule.to_owned(),
        known_by: match gap.finding.known_by {
            Known::Observed => KnownBy::Observed,
            Known::Documented => KnownBy::Documented,
            Known::Inferred => KnownBy::Inferred,
        },
        evidence: gap
            .finding
            .evidence
            .iter()
            .map(|(probe, saw)| Observation { probe: probe.clone(), saw: saw.clone() })
            .collect(),
        perhaps_chosen: status == Status::Excess && clicks.who_knows(gap, policy) == Some(Role::HibobAdmin),
        fix: clicks.fix(gap, policy, status, checkable),
        at: gap.place.map(at),
        decision: gap.decision.map(decided::decision),
        tolerated,
    }
}

fn at(spot: &Spot) -> At {
    At { file: spot.file.to_string(), line: spot.line, column: spot.column }
}

fn sensitivity(sensitive: bool) -> Sensitivity {
    if sensitive { Sensitivity::High } else { Sensitivity::Normal }
}

fn verdict_words(verdict: Verdict) -> (VerdictWord, Option<Strength>, Option<String>) {
    let strength = |strength: access::Strength| match strength {
        access::Strength::Weak => Strength::Weak,
        access::Strength::Strong => Strength::Strong,
        access::Strength::Conclusive => Strength::Conclusive,
    };
    match verdict {
        Verdict::Granted(sure) => (VerdictWord::Granted, Some(strength(sure)), None),
        Verdict::Denied(sure) => (VerdictWord::Denied, Some(strength(sure)), None),
        Verdict::Unknown(doubt) => (VerdictWord::Unknown, None, Some(doubt.as_str().to_owned())),
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
