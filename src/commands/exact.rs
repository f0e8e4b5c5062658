//! The service user of the simulator that has exactly what the policies of the run ask for.

use std::collections::BTreeSet;

use crate::catalogue::id::PermissionId;
use crate::policy::lines::Truth;
use crate::policy::{Need, Policy};
use crate::simulator::Persona;

/// Its name after `--simulate=`.
pub(super) const NAME: &str = "exact";

/// What HiBob chooses beforehand, where no guide says whose data is needed.
const BEFOREHAND: &str = "employed";

/// Every box that is required, and the first of each choice. A section without a box, a label that stands
/// for none and what only a tenant has are no boxes that anybody could tick from the policy alone.
pub(super) fn persona(policies: &[Policy]) -> Persona {
    let mut grants: BTreeSet<PermissionId> = policies.iter().flat_map(asked).collect();
    if !grants.iter().any(|id| id.section() == "population") {
        grants.insert(PermissionId::population(BEFOREHAND));
    }
    Persona::of(NAME, "exactly what the policies ask for", grants)
}

fn asked(policy: &Policy) -> Vec<PermissionId> {
    let requirement = |at: usize| policy.requirements.get(at);
    let required = policy.requirements.iter().filter(|it| it.need_in(None) == Some(Need::Required));
    let chosen = policy.alternatives.iter().filter(|choice| choice.need == Need::Required);
    let chosen = chosen.filter_map(|choice| {
        choice.branches.iter().find(|branch| branch.iter().all(|member| member.holds.of(None) == Truth::Yes))
    });
    let chosen = chosen.flatten().filter_map(|member| requirement(member.requirement));
    required
        .chain(chosen)
        .filter_map(|requirement| requirement.target.permission())
        .filter(|id| id.action() != "*")
        .cloned()
        .collect()
}
