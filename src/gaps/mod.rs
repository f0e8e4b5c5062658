//! Wanted against real: what each line of a policy comes to, and what is held that nobody asked for.

mod apart;
mod branches;
mod decisions;
mod everyone;
mod excess;
mod not_chosen;
mod own;
mod resolve;
mod section;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::access::{Access, Doubt, Finding, Model, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::PermissionId;
use crate::plan::{Checkable, checkable, checkable_permission};
use crate::policy::decisions::Decision;
use crate::policy::{Need, Policy, Requirement, Spot};

use branches::Wanted;
pub use decisions::{Notice, NoticeKind};
use excess::{asked, excess, of_partial_category};
pub use own::fits_by_name;
use resolve::{Entry, Resolver};
use section::candidates;

/// What follows from need and verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// As wanted.
    Satisfied,
    /// Required and denied.
    Missing,
    /// Held and not wanted.
    Excess,
    /// Without a verdict.
    Unverified,
    /// Optional and denied.
    OptionalMissing,
    /// A person decided to live with it.
    Waived,
    /// Without a verdict, and seen on the screen by a person.
    Attested,
}

/// A requirement with its finding, or a piece of excess that no line mentions.
#[derive(Debug, Clone)]
pub struct Gap<'a> {
    /// The line that asks; none for excess, and for what follows from "Everyone".
    pub requirement: Option<&'a Requirement>,
    /// Where the policy asks for it; none for excess.
    pub place: Option<&'a Spot>,
    /// The permission, where there is one.
    pub permission: Option<PermissionId>,
    /// How much it is wanted.
    pub need: Need,
    /// What follows.
    pub status: Status,
    /// It is asked for as a branch of an alternative only, another branch is met, and this one is not known
    /// to be: there is nothing to do about it.
    pub other_branch_met: bool,
    /// What is so, and why.
    pub finding: Finding,
    /// Who or what could show it, as the plan said before anything was asked.
    pub checkable: Checkable,
    /// What a person decided about it, where that counts.
    pub decision: Option<&'a Decision>,
    /// What to weigh before it is put right.
    pub advice: Option<String>,
    /// A section that is not wanted and a field of it that is: which of the two it is, the id says.
    pub apart: bool,
    /// Of a section that is not wanted and held in part, or that stands apart: the fields that are held and
    /// that the policy does not ask for.
    pub held: Vec<String>,
    /// Of such a section: the fields that the policy asks for.
    pub spares: Vec<String>,
    /// Lines of the policy contradict each other about it, and nobody knows which is meant.
    pub torn: bool,
    /// The other policies of the run that want the opposite, by their titles: nothing is changed before it is known
    /// which holds.
    pub against: Vec<&'a str>,
}

/// One policy held against the access.
#[derive(Debug, Clone)]
pub struct Gaps<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// Its requirements in order, then excess: the sensitive first, then by id.
    pub items: Vec<Gap<'a>>,
    /// Boxes that no policy asks for and that nobody could rule out.
    pub excess_undecided: u32,
    /// Its lines that want whatever the tenant made of a kind, where it made nothing of the kind.
    pub asking_for_nothing: Vec<&'a Requirement>,
    /// What is to be known of the decisions about its items.
    pub notices: Vec<Notice<'a>>,
}

impl<'a> Gaps<'a> {
    /// Holds each policy against the access; excess is what none of them asks for.
    pub fn between(
        policies: &'a [Policy],
        access: &Access,
        catalogue: &Catalogue,
        classic: bool,
    ) -> Vec<Self> {
        let resolver = Resolver { access, catalogue, classic };
        let wanted: Vec<Vec<(Entry<'a>, Wanted)>> = policies
            .iter()
            .map(|policy| {
                let entries = resolver.entries(policy);
                let wanted = branches::wanted(&entries, &policy.alternatives, &resolver);
                entries.into_iter().zip(wanted).collect()
            })
            .collect();
        let each_asks: Vec<BTreeSet<PermissionId>> =
            wanted.iter().map(|entries| asked(entries, access, catalogue)).collect();
        let asked: BTreeSet<PermissionId> = each_asks.iter().flatten().cloned().collect();
        let undecided = access
            .findings()
            .filter(|(id, finding)| {
                matches!(finding.verdict, Verdict::Unknown(_))
                    // A field is a box of its own only beside a section that is not settled as a whole.
                    && (id.as_field().is_none() || of_partial_category(access, id))
                    && id.as_population().is_none()
                    && !asked.contains(*id)
            })
            .count();
        let undecided = u32::try_from(undecided).unwrap_or(u32::MAX);
        let mut gaps: Vec<Self> = policies
            .iter()
            .zip(wanted)
            .enumerate()
            .map(|(number, (policy, wanted))| {
                // What this policy can do without, another policy of the same run may ask for.
                let another_asks = |id: &PermissionId| {
                    each_asks.iter().enumerate().any(|(other, asked)| other != number && asked.contains(id))
                };
                let named: BTreeSet<PermissionId> = wanted
                    .iter()
                    .filter_map(|(entry, _)| entry.permission.as_ref())
                    .flat_map(|id| {
                        if id.is_section() { candidates(id, access, catalogue) } else { vec![id.clone()] }
                    })
                    .collect();
                let mut items: Vec<Gap<'a>> = wanted
                    .into_iter()
                    .map(|(entry, wanted)| judge(entry, &wanted, &resolver, &another_asks))
                    .collect();
                items.extend(everyone::without_the_employed(policy, &items, &resolver));
                items.extend(excess(access, catalogue, classic, &asked, &named));
                let asking_for_nothing = resolver.asking_for_nothing(policy);
                Self { policy, items, excess_undecided: undecided, asking_for_nothing, notices: Vec::new() }
            })
            .collect();
        against_each_other(&mut gaps);
        not_chosen::advise(&mut gaps, policies, &resolver);
        gaps
    }
}

impl Gaps<'_> {
    /// What is required and not held yet, as far as asking again may tell otherwise: what is missing, and what
    /// stays open for a doubt that a grant or a better moment would end.
    pub fn awaited(&self) -> impl Iterator<Item = &Gap<'_>> {
        let passes = |doubt: Doubt| {
            matches!(
                doubt,
                Doubt::Silence
                    | Doubt::RefusedWithoutReason
                    | Doubt::NobodyVisible
                    | Doubt::Contradiction
                    | Doubt::Blocked
                    | Doubt::Throttled
                    | Doubt::Unavailable
                    | Doubt::Timeout
            )
        };
        self.items.iter().filter(move |gap| {
            gap.need == Need::Required
                && match (gap.status, gap.finding.verdict) {
                    (Status::Missing, _) => true,
                    (Status::Unverified, Verdict::Unknown(doubt)) => passes(doubt),
                    _ => false,
                }
        })
    }
}

/// The boxes that [`Gaps::awaited`] is about; nothing where one of its items names none, so that it cannot be
/// told what has to be asked for its sake.
pub fn awaited_boxes(gaps: &[Gaps<'_>], catalogue: &Catalogue) -> Option<BTreeSet<PermissionId>> {
    let mut boxes = BTreeSet::new();
    for gap in gaps.iter().flat_map(Gaps::awaited) {
        match &gap.permission {
            Some(id) if !id.is_section() => boxes.extend([id.clone()]),
            Some(id) => match crate::plan::candidates(catalogue, id) {
                none if none.is_empty() => return None,
                some => boxes.extend(some),
            },
            None => return None,
        }
    }
    Some(boxes)
}

/// Marks what is missing for one policy and forbidden by another, or in excess for one and needed by another: one
/// service user cannot have it both ways.
fn against_each_other(gaps: &mut [Gaps<'_>]) {
    let mut insisted = Vec::new();
    for (number, gaps) in gaps.iter().enumerate() {
        let of_both = gaps.items.iter().filter(|gap| matches!(gap.need, Need::Required | Need::Forbidden));
        let title = gaps.policy.title.as_str();
        insisted.extend(of_both.filter_map(|gap| Some((number, title, gap.permission.clone()?, gap.need))));
    }
    for (number, gaps) in gaps.iter_mut().enumerate() {
        for gap in &mut gaps.items {
            let opposite = match (gap.status, gap.need) {
                (Status::Missing, Need::Required) => Need::Forbidden,
                (Status::Excess, Need::Forbidden) => Need::Required,
                _ => continue,
            };
            let others = insisted.iter().filter(|(other, _, id, need)| {
                *other != number && *need == opposite && gap.permission.as_ref() == Some(id)
            });
            gap.against = others.map(|(_, title, ..)| *title).collect();
        }
    }
}

fn judge<'a>(
    entry: Entry<'a>,
    wanted: &Wanted,
    resolver: &Resolver<'_>,
    another_asks: &dyn Fn(&PermissionId) -> bool,
) -> Gap<'a> {
    let Resolver { access, catalogue, classic } = *resolver;
    let Entry { requirement, permission, mut finding, spares, apart, torn, .. } = entry;
    let need = wanted.need;
    let unwanted = matches!(need, Need::Forbidden | Need::NotNeeded);
    let held_in_part = finding.partial.as_ref().is_some_and(|partial| partial.granted > 0);
    let whole = matches!(finding.verdict, Verdict::Granted(_));
    let others = match &permission {
        Some(id) if unwanted && (held_in_part || (apart && whole)) => {
            apart::Others::of(id, &spares, access, catalogue)
        }
        _ => apart::Others::default(),
    };
    // Where rights are given by section, none of its fields can be had without the others.
    let by_itself = unwanted && apart && access.model != Some(Model::Category) && (held_in_part || whole);
    let others_are_held = if by_itself { others.are_held(&finding) } else { Some(true) };
    let names = || spares.iter().map(|field| access.field_name(field)).collect::<Vec<_>>().join(", ");
    match others_are_held {
        Some(true) => {}
        Some(false) => {
            finding.because =
                format!("{}; nothing of it came back but what is asked for: {}", finding.because, names());
        }
        None => {
            let because = format!(
                "of it came back only what is asked for ({}), and nothing is known of its other fields",
                names()
            );
            finding = Finding::unknown(Doubt::Silence, because);
        }
    }
    let only_what_is_asked_for = others_are_held == Some(false);
    let held = others.held;
    let another_asks = need == Need::NotNeeded && permission.as_ref().is_some_and(another_asks);
    let status = match (need, finding.verdict) {
        (_, Verdict::Unknown(_)) => Status::Unverified,
        (Need::NotNeeded, _) if another_asks => Status::Satisfied,
        (Need::Required | Need::Optional, Verdict::Granted(_)) => Status::Satisfied,
        (Need::Required, Verdict::Denied(_)) => Status::Missing,
        (Need::Optional, Verdict::Denied(_)) => Status::OptionalMissing,
        (Need::Forbidden | Need::NotNeeded, _) if only_what_is_asked_for => Status::Satisfied,
        (Need::Forbidden | Need::NotNeeded, Verdict::Granted(_)) => Status::Excess,
        // Some fields of a section that nobody wants are held: that is not "not held".
        (Need::Forbidden | Need::NotNeeded, Verdict::Denied(_)) if held_in_part => Status::Excess,
        (Need::Forbidden | Need::NotNeeded, Verdict::Denied(_)) => Status::Satisfied,
    };
    let before = match &permission {
        _ if torn => Checkable::Integrator,
        _ if requirement.target.is_for_the_admin_to_say() => Checkable::Screen,
        Some(id) if !id.is_section() => checkable_permission(catalogue, id, classic),
        _ => checkable(catalogue, &requirement.target, classic),
    };
    Gap {
        requirement: Some(requirement),
        place: Some(&requirement.place),
        permission,
        need,
        status,
        checkable: before,
        advice: (!torn).then(|| said_otherwise(requirement)).flatten(),
        other_branch_met: wanted.other_branch_met && !matches!(finding.verdict, Verdict::Granted(_)),
        finding,
        decision: None,
        apart,
        held,
        spares,
        torn,
        against: Vec::new(),
    }
}

/// What the guide says to the contrary in a line that the policy calls disputed.
fn said_otherwise(requirement: &Requirement) -> Option<String> {
    let says = requirement.both_sides();
    (!requirement.contrary.is_empty())
        .then(|| format!("the guide contradicts itself: {says}; the policy calls the latter disputed"))
}
