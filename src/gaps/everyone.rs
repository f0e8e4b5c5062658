//! "Everyone" against what was seen: HiBob means all people who work for the company now, so a service user that
//! sees people of other lifecycle statuses only does not have it.

use crate::access::Verdict;
use crate::catalogue::id::PermissionId;
use crate::plan::checkable_permission;
use crate::policy::blocks::Audience;
use crate::policy::lines::Truth;
use crate::policy::{Need, Policy};

use super::resolve::Resolver;
use super::{Gap, Status};

/// The status of those who work for the company now.
const EMPLOYED: &str = "population/employed";

/// That nobody employed was seen, where a block of the policy chooses "Everyone" and no line says anything of them.
/// It is no line of the guide, so it is no part of what the policy asks for while they are seen.
pub(super) fn without_the_employed<'a>(
    policy: &'a Policy,
    items: &[Gap<'a>],
    resolver: &Resolver<'_>,
) -> Option<Gap<'a>> {
    let Resolver { access, catalogue, classic } = *resolver;
    let employed = PermissionId::parse(EMPLOYED).ok()?;
    let block = policy.population.iter().find(|block| {
        block.choose == Some(Audience::Everyone)
            && block.disputed.is_none()
            && policy.truth(&block.when, resolver.model()) == Truth::Yes
            && !block.is_an_example_beside(&policy.population)
    })?;
    let is_told = |gap: &Gap<'_>| gap.permission.as_ref() == Some(&employed);
    let is_granted = |verdict: Verdict| matches!(verdict, Verdict::Granted(_));
    // Where nobody's status could be read, this says no more than the rest of the run.
    let are_statuses_seen =
        access.findings().any(|(id, finding)| id.as_population().is_some() && is_granted(finding.verdict));
    let mut finding = access.of(&employed);
    if items.iter().any(is_told) || !are_statuses_seen || is_granted(finding.verdict) {
        return None;
    }
    finding.because = format!("\"Everyone\" takes in all who work for the company now; {}", finding.because);
    let status = match finding.verdict {
        Verdict::Denied(_) => Status::Missing,
        Verdict::Granted(_) | Verdict::Unknown(_) => Status::Unverified,
    };
    Some(Gap {
        requirement: None,
        place: Some(&block.place),
        checkable: checkable_permission(catalogue, &employed, classic),
        permission: Some(employed),
        need: Need::Required,
        status,
        other_branch_met: false,
        finding,
        decision: None,
        advice: None,
        apart: false,
        held: Vec::new(),
        spares: Vec::new(),
        torn: false,
        against: Vec::new(),
    })
}
