//! The service user of the simulator that has exactly what the policies of the run ask for.

use std::collections::BTreeSet;

use crate::catalogue::id::PermissionId;
use crate::policy::lines::Truth;
use crate::policy::{Need, Policy, Requirement, Target};
use crate::simulator::Persona;

/// Its name after `--simulate=`.
pub(super) const NAME: &str = "exact";

/// What HiBob chooses beforehand, where no guide says whose data is needed.
const BEFOREHAND: &str = "employed";

/// Every box that is required, the first of each choice, and the boxes of the sections in which the simulator's
/// company has the fields that are read. A section without a box, a label that stands
/// for none and what only a tenant has are no boxes that anybody could tick from the policy alone.
pub(super) fn persona(policies: &[Policy]) -> Persona {
    let mut grants: BTreeSet<PermissionId> = policies.iter().flat_map(asked).collect();
    let unwanted = |id: &PermissionId| policies.iter().any(|policy| is_unwanted(policy, id));
    let fields: Vec<&str> = policies.iter().flat_map(fields).collect();
    grants.extend(Persona::boxes_for(&fields).into_iter().filter(|id| !unwanted(id)));
    if !grants.iter().any(|id| id.section() == "population") {
        grants.insert(PermissionId::population(BEFOREHAND));
    }
    Persona::of(NAME, "exactly what the policies ask for", grants)
}

/// The fields that a policy has to read, by id or by name. In the company of the simulator it is known which
/// section they stand in; in a tenant only its metadata says so.
fn fields(policy: &Policy) -> Vec<&str> {
    wanted(policy)
        .filter_map(|requirement| match &requirement.target {
            Target::Field(name) => Some(name.as_str()),
            _ => None,
        })
        .collect()
}

fn is_unwanted(policy: &Policy, id: &PermissionId) -> bool {
    let unwanted = |need| matches!(need, Some(Need::Forbidden | Need::NotNeeded));
    policy.requirements.iter().any(|it| unwanted(it.need_in(None)) && it.target.permission() == Some(id))
}

fn asked(policy: &Policy) -> Vec<PermissionId> {
    wanted(policy)
        .filter_map(|requirement| requirement.target.permission())
        .filter(|id| id.action() != "*")
        .cloned()
        .collect()
}

/// What is required, and the first of each choice.
fn wanted(policy: &Policy) -> impl Iterator<Item = &Requirement> {
    let requirement = move |at: usize| policy.requirements.get(at);
    let required = policy.requirements.iter().filter(|it| it.need_in(None) == Some(Need::Required));
    let chosen = policy.alternatives.iter().filter(|choice| choice.need == Need::Required);
    let chosen = chosen.filter_map(|choice| {
        choice.branches.iter().find(|branch| branch.iter().all(|member| member.holds.of(None) == Truth::Yes))
    });
    let chosen = chosen.flatten().filter_map(move |member| requirement(member.requirement));
    required.chain(chosen)
}
