//! Wanted against real: what each line of a policy comes to, and what is held that nobody asked for.

use std::collections::BTreeSet;

use crate::access::{Access, Doubt, Finding, Model, Strength, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::KnownBy;
use crate::plan::{Checkable, candidates, checkable, checkable_permission};
use crate::policy::{Need, Policy, Requirement, Target};

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
    /// What is so, and why.
    pub finding: Finding,
    /// Who or what could show it.
    pub checkable: Checkable,
    /// What to weigh before it is put right.
    pub advice: Option<String>,
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
}

impl<'a> Gaps<'a> {
    /// Holds each policy against the access; excess is what none of them asks for.
    pub fn between(
        policies: &'a [Policy],
        access: &Access,
        catalogue: &Catalogue,
        classic: bool,
    ) -> Vec<Self> {
        let asked = asked(policies, access, catalogue);
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
        policies
            .iter()
            .map(|policy| {
                let mut items: Vec<Gap<'a>> = policy
                    .requirements
                    .iter()
                    .map(|requirement| judge(requirement, access, catalogue, classic, &asked))
                    .collect();
                let named: BTreeSet<PermissionId> = items
                    .iter()
                    .filter_map(|item| item.permission.as_ref())
                    .flat_map(|id| if id.is_section() { candidates(catalogue, id) } else { vec![id.clone()] })
                    .collect();
                items.extend(excess(access, catalogue, classic, &asked, &named));
                Self { policy, items, excess_undecided: u32::try_from(undecided).unwrap_or(u32::MAX) }
            })
            .collect()
    }
}

/// Everything that some policy asks for or can be read to ask for, and what comes with it.
fn asked(policies: &[Policy], access: &Access, catalogue: &Catalogue) -> BTreeSet<PermissionId> {
    let mut asked = BTreeSet::new();
    for requirement in policies.iter().flat_map(|policy| &policy.requirements) {
        if !matches!(requirement.need, Need::Required | Need::Optional) {
            continue;
        }
        match &requirement.target {
            Target::Permission(id) => {
                asked.insert(id.clone());
            }
            Target::Section(id) => asked.extend(candidates(catalogue, id)),
            Target::Unresolved { .. } | Target::ListNotKnown { .. } => {}
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
    asked.extend(fields);
    asked
}

fn needs_people(id: &PermissionId) -> bool {
    !id.as_str().starts_with("features/")
}

fn judge<'a>(
    requirement: &'a Requirement,
    access: &Access,
    catalogue: &Catalogue,
    classic: bool,
    asked: &BTreeSet<PermissionId>,
) -> Gap<'a> {
    let finding = match &requirement.target {
        Target::Permission(id) => access.of(id),
        Target::Section(id) => of_section(id, access, catalogue, classic),
        Target::Unresolved { reason } => Finding::unknown(
            Doubt::BoxNotNamed,
            format!("the label stands for no box that HiBob is known to have: {reason}"),
        ),
        Target::ListNotKnown { reason } => {
            Finding::unknown(Doubt::ListNotKnown, format!("the guide does not contain its list: {reason}"))
        }
    };
    let held_in_part = finding.partial.as_ref().is_some_and(|partial| partial.granted > 0);
    // What this policy can do without, another policy of the same run may ask for.
    let another_asks = requirement.need == Need::NotNeeded
        && requirement.target.permission().is_some_and(|id| asked.contains(id));
    let status = match (requirement.need, finding.verdict) {
        (_, Verdict::Unknown(_)) => Status::Unverified,
        (Need::NotNeeded, _) if another_asks => Status::Satisfied,
        (Need::Required | Need::Optional, Verdict::Granted(_)) => Status::Satisfied,
        (Need::Required, Verdict::Denied(_)) => Status::Missing,
        (Need::Optional, Verdict::Denied(_)) => Status::OptionalMissing,
        (Need::Forbidden | Need::NotNeeded, Verdict::Granted(_)) => Status::Excess,
        // Some fields of a section that nobody wants are held: that is not "not held".
        (Need::Forbidden | Need::NotNeeded, Verdict::Denied(_)) if held_in_part => Status::Excess,
        (Need::Forbidden | Need::NotNeeded, Verdict::Denied(_)) => Status::Satisfied,
    };
    Gap {
        requirement: Some(requirement),
        permission: requirement.target.permission().cloned(),
        need: requirement.need,
        status,
        checkable: after_all(checkable(catalogue, &requirement.target, classic), &finding),
        advice: None,
        finding,
    }
}

/// What an answer settled was checkable, whatever the catalogue thought beforehand.
fn after_all(before: Checkable, finding: &Finding) -> Checkable {
    if matches!(finding.verdict, Verdict::Unknown(_)) || finding.is_by_write() {
        before
    } else {
        Checkable::Api
    }
}

/// A section whose box is not named: settled only where every box that it can mean agrees.
fn of_section(section: &PermissionId, access: &Access, catalogue: &Catalogue, classic: bool) -> Finding {
    let boxes = candidates(catalogue, section);
    let labels = |only: &dyn Fn(&PermissionId) -> bool| {
        let labels: Vec<String> = catalogue
            .boxes_of(section.section())
            .filter(|permission| only(&permission.id))
            .map(|permission| format!("\"{}\"", permission.label))
            .collect();
        labels.join(" and ")
    };
    if boxes.is_empty() {
        let all = labels(&|_| true);
        return Finding::unknown(
            Doubt::BoxNotNamed,
            format!(
                "the guide names a section and no box, and the section holds only {all}: tick none of them yet"
            ),
        );
    }
    let findings: Vec<Finding> = boxes.iter().map(|id| access.of(id)).collect();
    let evidence: Vec<(String, String)> =
        findings.iter().flat_map(|finding| finding.evidence.clone()).collect();
    let named = labels(&|id| !id.is_write());
    let strengths = |wanted: fn(Verdict) -> Option<Strength>| -> Option<Strength> {
        findings.iter().map(|finding| wanted(finding.verdict)).collect::<Option<Vec<_>>>()?.into_iter().min()
    };
    let granted =
        strengths(|verdict| if let Verdict::Granted(strength) = verdict { Some(strength) } else { None });
    let denied =
        strengths(|verdict| if let Verdict::Denied(strength) = verdict { Some(strength) } else { None });
    let mut finding = match (granted, denied) {
        (Some(strength), _) => Finding::of(
            Verdict::Granted(strength),
            "section-granted",
            KnownBy::Inferred,
            format!("the guide names no box; what it can mean is granted: {named}"),
        ),
        (_, Some(strength)) => Finding::of(
            Verdict::Denied(strength),
            "section-denied",
            KnownBy::Inferred,
            format!("the guide names no box; whatever it means is denied: {named}"),
        ),
        _ => {
            let one =
                boxes.len() == 1 && checkable_permission(catalogue, &boxes[0], classic) == Checkable::Api;
            match findings.first() {
                Some(only) if one => return only.clone(),
                _ => Finding::unknown(
                    Doubt::BoxNotNamed,
                    format!("the guide names a section and no box; it can mean {named}"),
                ),
            }
        }
    };
    finding.evidence = evidence;
    finding
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
            finding: finding.clone(),
            checkable: after_all(checkable_permission(catalogue, id, classic), finding),
            advice: forced(access, catalogue, asked, id),
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
