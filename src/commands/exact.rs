//! The service user of the simulator that has exactly what the policies of the run ask for.

use std::collections::BTreeSet;

use crate::access;
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::Permission;
use crate::policy::lines::Truth;
use crate::policy::{Model, Need, Policy, Requirement, Target};
use crate::simulator::Persona;

/// Its name after `--simulate=`.
pub(super) const NAME: &str = "exact";

/// What HiBob chooses beforehand, where no guide says whose data is needed.
const BEFOREHAND: &str = "employed";

/// Every box that is required, the first of each choice, and the boxes of the sections in which the simulator's
/// company has the fields that are read, and what it added that a pattern takes. A section without a box and a
/// label that stands for none are no boxes that anybody could tick from the policy alone. Where the permission model is
/// told, it is what the policies require under that one.
pub(super) fn persona(policies: &[Policy], told: Option<access::Model>) -> Persona {
    let model = told.map(|model| match model {
        access::Model::Category => Model::Category,
        access::Model::Field => Model::Field,
    });
    let mut grants: BTreeSet<PermissionId> =
        policies.iter().flat_map(|policy| asked(policy, model)).collect();
    let unwanted = |id: &PermissionId| policies.iter().any(|policy| is_unwanted(policy, id, None, model));
    let fields: Vec<(&str, Action)> = policies.iter().flat_map(|policy| fields(policy, model)).collect();
    let opens = |(name, action): (&str, Action)| {
        let boxes = Persona::boxes_for(&[name]).into_iter();
        boxes.flat_map(move |id| {
            let section = id.as_category().map(|(section, _)| PermissionId::category(section, action));
            [Some(id), section].into_iter().flatten().collect::<Vec<_>>()
        })
    };
    grants.extend(fields.into_iter().flat_map(opens).filter(|id| !unwanted(id)));
    let own = policies
        .iter()
        .flat_map(|policy| of_its_own(policy, model))
        .filter(|(id, named)| !policies.iter().any(|policy| is_unwanted(policy, id, named.as_ref(), model)));
    grants.extend(own.map(|(id, _)| id));
    grants.extend(policies.iter().flat_map(|policy| shipped_folders(policy, model)));
    if !grants.iter().any(|id| id.section() == "population") {
        grants.insert(PermissionId::population(BEFOREHAND));
    }
    Persona::of(NAME, "exactly what the policies ask for", grants)
}

/// The fields that a policy asks for, by id or by name, and what of them. In the company of the simulator it is known which
/// section they stand in; in a tenant only its metadata says so.
fn fields(policy: &Policy, model: Option<Model>) -> Vec<(&str, Action)> {
    wanted(policy, model)
        .flat_map(|requirement| match &requirement.target {
            Target::Field { field, action } => vec![(field.name.as_str(), *action)],
            Target::Own(boxes) if boxes.pattern.as_str().starts_with("fields/") => {
                let all = Persona::fields();
                let taken = all.filter(|id| boxes.takes(&PermissionId::field(id, Action::View)));
                taken.map(|id| (id, Action::View)).collect()
            }
            _ => Vec::new(),
        })
        .collect()
}

/// Whether a policy does without a box, which may go by the name of its folder too.
fn is_unwanted(
    policy: &Policy,
    id: &PermissionId,
    named: Option<&PermissionId>,
    model: Option<Model>,
) -> bool {
    let unwanted = |need| matches!(need, Some(Need::Forbidden | Need::NotNeeded));
    policy.requirements.iter().filter(|it| unwanted(it.need_in(model))).any(|it| match &it.target {
        // What a pattern excepts by either of its names, it does not take.
        Target::Own(boxes) => boxes.takes(id) && named.is_none_or(|named| boxes.takes(named)),
        target => target.permission().is_some_and(|it| it == id || Some(it) == named),
    })
}

/// What the simulator's company added that fits a pattern, or that a line calls by its name.
fn of_its_own(policy: &Policy, model: Option<Model>) -> Vec<(PermissionId, Option<PermissionId>)> {
    let listed: BTreeSet<PermissionId> = asked(policy, model).into_iter().collect();
    let is_listed = |id: &PermissionId| listed.iter().any(|other| other.section() == id.section());
    let takes = |id: &PermissionId, named: Option<&PermissionId>| {
        wanted(policy, model).any(|requirement| match &requirement.target {
            Target::Own(boxes) => {
                let fits = boxes.takes(id) || named.is_some_and(|named| boxes.takes(named));
                fits && (!boxes.among_listed || is_listed(id))
            }
            target => named.is_some() && target.permission() == named,
        })
    };
    let own = Persona::boxes_of_its_own();
    own.into_iter().filter(|(id, named)| takes(id, named.as_ref())).collect()
}

/// The boxes of HiBob's own folders of documents that a line calls by their names on the screen.
fn shipped_folders(policy: &Policy, model: Option<Model>) -> Vec<PermissionId> {
    let boxes = Catalogue::embedded().permissions().filter(|it| it.id.section().starts_with("docs/"));
    let is_asked = |it: &&Permission| {
        let named = it.path.last().map(|folder| format!("docs/{folder}/{}", it.id.action()));
        let is =
            |id: &PermissionId| named.as_ref().is_some_and(|named| named.eq_ignore_ascii_case(id.as_str()));
        asked(policy, model).iter().any(is)
    };
    boxes.filter(is_asked).map(|it| it.id.clone()).collect()
}

fn asked(policy: &Policy, model: Option<Model>) -> Vec<PermissionId> {
    wanted(policy, model)
        .filter_map(|requirement| requirement.target.permission())
        .filter(|id| id.action() != "*")
        .cloned()
        .collect()
}

/// What is required, and the first of each choice; what nobody knows to be wanted is not.
fn wanted(policy: &Policy, model: Option<Model>) -> impl Iterator<Item = &Requirement> {
    let requirement = move |at: usize| policy.requirements.get(at);
    let required = policy.requirements.iter().filter(move |it| it.need_in(model) == Some(Need::Required));
    let required = required.filter(move |it| !it.torn.of(model));
    let chosen = policy.alternatives.iter().filter(|choice| choice.need == Need::Required);
    let chosen = chosen.filter_map(move |choice| {
        choice.branches.iter().find(|branch| branch.iter().all(|member| member.holds.of(model) == Truth::Yes))
    });
    let chosen = chosen.flatten().filter_map(move |member| requirement(member.requirement));
    required.chain(chosen)
}
