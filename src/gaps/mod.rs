//! Wanted against real: what each line of a policy comes to, and what is held that nobody asked for.

mod apart;
mod branches;
mod decisions;
mod own;
mod resolve;
mod section;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::access::{Access, Doubt, Finding, Model, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::plan::{Checkable, checkable, checkable_permission};
use crate::policy::decisions::Decision;
use crate::policy::{Need, Policy, Requirement};

use branches::Wanted;
pub use decisions::{Notice, NoticeKind};
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
    /// The line that asks; none for excess.
    pub requirement: Option<&'a Requirement>,
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
                let wanted = branches::wanted(&entries, &policy.alternatives, resolver.model());
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
        policies
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
                items.extend(excess(access, catalogue, classic, &asked, &named));
                Self { policy, items, excess_undecided: undecided, notices: Vec::new() }
            })
            .collect()
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

/// Everything that a policy asks for or can be read to ask for, and what comes with it.
fn asked(entries: &[(Entry<'_>, Wanted)], access: &Access, catalogue: &Catalogue) -> BTreeSet<PermissionId> {
    let mut asked = BTreeSet::new();
    let is_asked = |wanted: &Wanted| matches!(wanted.need, Need::Required | Need::Optional);
    for (entry, _) in entries.iter().filter(|(_, wanted)| is_asked(wanted)) {
        match &entry.permission {
            Some(id) if id.is_section() => asked.extend(candidates(id, access, catalogue)),
            Some(id) => {
                asked.insert(id.clone());
            }
            None => {}
        }
    }
    // Nobody appears without Basic info, so whoever asks for people's data asks for it.
    if asked.iter().any(needs_people) {
        asked.insert(PermissionId::category("root", Action::View));
    }
    // A field of a section that is asked for is asked for.
    let fields: Vec<PermissionId> = access
        .findings()
        .filter(|(id, _)| {
            id.as_field().is_some_and(|(field, action)| {
                access
                    .category_of(field)
                    .is_some_and(|category| asked.contains(&PermissionId::category(category, action)))
            })
        })
        .map(|(id, _)| id.clone())
        .collect();
    // And nobody should be told to untick the section that a single field is read by.
    let sections: Vec<PermissionId> = asked
        .iter()
        .filter_map(|id| {
            let (field, action) = id.as_field()?;
            Some(PermissionId::category(access.category_of(field)?, action))
        })
        .collect();
    asked.extend(fields);
    asked.extend(sections);
    asked
}

fn needs_people(id: &PermissionId) -> bool {
    !id.as_str().starts_with("features/")
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
        Some(id) if !id.is_section() => checkable_permission(catalogue, id, classic),
        _ => checkable(catalogue, &requirement.target, classic),
    };
    Gap {
        requirement: Some(requirement),
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
    }
}

/// What the guide says to the contrary in a line that the policy calls disputed.
fn said_otherwise(requirement: &Requirement) -> Option<String> {
    let says = requirement.both_sides();
    (!requirement.contrary.is_empty())
        .then(|| format!("the guide contradicts itself: {says}; the policy calls the latter disputed"))
}

/// What is granted, and neither asked for by any policy nor named by a line of this one.
fn excess<'a>(
    access: &Access,
    catalogue: &Catalogue,
    classic: bool,
    asked: &BTreeSet<PermissionId>,
    named: &BTreeSet<PermissionId>,
) -> Vec<Gap<'a>> {
    let mut items: Vec<Gap<'a>> = access
        .findings()
        .filter(|(_, finding)| matches!(finding.verdict, Verdict::Granted(_)))
        .filter(|(id, _)| !asked.contains(*id) && !named.contains(*id))
        // Whose data is reachable is the population's matter: "at least" allows more, "exactly" forbids it.
        .filter(|(id, _)| id.as_population().is_none())
        .filter(|(id, _)| !of_granted_category(access, id) && !of_category_among(named, access, id))
        .map(|(id, finding)| Gap {
            requirement: None,
            permission: Some(id.clone()),
            need: Need::NotNeeded,
            status: Status::Excess,
            other_branch_met: false,
            finding: finding.clone(),
            checkable: checkable_permission(catalogue, id, classic),
            decision: None,
            advice: forced(access, catalogue, asked, id),
            apart: false,
            held: Vec::new(),
            spares: Vec::new(),
            torn: false,
        })
        .collect();
    items.sort_by_key(|item| {
        let high = item.permission.as_ref().is_some_and(|id| access.is_sensitive(catalogue, id));
        (!high, item.permission.clone())
    });
    items
}

/// Where HiBob itself forces a right to edit on whoever wants to read: the classic model shows some fields
/// only together with it.
fn forced(
    access: &Access,
    catalogue: &Catalogue,
    asked: &BTreeSet<PermissionId>,
    id: &PermissionId,
) -> Option<String> {
    let (category, Action::Edit) = id.as_category()? else { return None };
    if access.model != Some(Model::Category) {
        return None;
    }
    let wanted = |field: &str| {
        asked.contains(&PermissionId::category(category, Action::View))
            || asked.contains(&PermissionId::field(field, Action::View))
    };
    let hidden: Vec<&str> = catalogue
        .sensitive_fields()
        .filter(|field| access.category_of(field) == Some(category) && wanted(field))
        .map(|field| access.field_name(field))
        .collect();
    (!hidden.is_empty()).then(|| {
        format!(
            "where rights are given by section, HiBob shows {} only to whoever may also edit it; untick it only if \
             nobody needs to read that",
            hidden.join(" and ")
        )
    })
}

/// A field of a section that a line names already.
fn of_category_among(named: &BTreeSet<PermissionId>, access: &Access, id: &PermissionId) -> bool {
    id.as_field().is_some_and(|(field, action)| {
        let category = access.category_of(field);
        category.is_some_and(|category| named.contains(&PermissionId::category(category, action)))
    })
}

/// A field of a section that is granted in part.
fn of_partial_category(access: &Access, id: &PermissionId) -> bool {
    id.as_field().is_some_and(|(field, action)| {
        access
            .category_of(field)
            .is_some_and(|category| access.of(&PermissionId::category(category, action)).partial.is_some())
    })
}

/// A field of a section that is granted as a whole is not listed beside it.
fn of_granted_category(access: &Access, id: &PermissionId) -> bool {
    id.as_field().is_some_and(|(field, action)| {
        access.category_of(field).is_some_and(|category| {
            matches!(access.of(&PermissionId::category(category, action)).verdict, Verdict::Granted(_))
        })
    })
}
