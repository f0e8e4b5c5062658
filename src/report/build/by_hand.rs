//! What only a person can see, as one list: the checks of the policy, and what follows from whose data is
//! meant, who is in the group, and what is required beside permissions.

use crate::policy::blocks::{
    AlsoKind, Audience, DefaultCondition, GroupKind, Members, Membership, Ownership, Population,
};
use crate::policy::{Policy, Role, Spot};
use crate::report::ManualCheck;

use super::at;

pub(super) fn checks(policy: &Policy) -> Vec<ManualCheck> {
    let mut checks = Vec::new();
    let mut check = |text: String, role: Role, place: &Spot| {
        let new = ManualCheck { text, role, at: at(place) };
        // Guides say the same thing in two places.
        if !checks.iter().any(|known: &ManualCheck| known.text == new.text && known.role == new.role) {
            checks.push(new);
        }
    };
    if let Some(membership) = &policy.membership {
        for text in of_membership(membership) {
            check(text.to_owned(), Role::HibobAdmin, &membership.place);
        }
    }
    for manual in &policy.manual {
        check(manual.text.clone(), manual.role, &manual.place);
    }
    if let Some(population) = &policy.population {
        for text in of_population(population) {
            check(text, Role::HibobAdmin, &population.place);
        }
    }
    for also in &policy.also {
        let role = match also.kind {
            AlsoKind::Webhook | AlsoKind::Data | AlsoKind::List => Role::HibobAdmin,
            AlsoKind::Parameter | AlsoKind::Metadata => Role::Integrator,
        };
        check(also.text.clone(), role, &also.place);
    }
    checks
}

fn of_membership(membership: &Membership) -> Vec<&'static str> {
    let mut texts = Vec::new();
    match membership.group {
        Some(GroupKind::ServiceUser) => texts.push("The group is of the type \"Service user\"."),
        Some(GroupKind::Employee) => texts.push("The group is of the type \"Employee\"."),
        Some(GroupKind::Any) | None => {}
    }
    match membership.own {
        Some(Ownership::Dedicated) => texts.push("The group was made for this service user alone."),
        Some(Ownership::Existing | Ownership::Either) | None => {}
    }
    match membership.members {
        Some(Members::OnlyTheServiceUser) => texts.push("Members: only the service user is in the group."),
        Some(Members::TheServiceUser) => texts.push("Members: the service user is in the group."),
        None => {}
    }
    match membership.choose {
        Some(Audience::ByCondition) => texts.push("Members are chosen with \"Select people by condition\"."),
        Some(Audience::ByName) => texts.push("Members are chosen with \"Select people by name\"."),
        Some(Audience::Everyone | Audience::Customer) | None => {}
    }
    match membership.condition {
        Some(DefaultCondition::Removed) => {
            texts.push("Members: the condition \"Lifecycle status\" that HiBob puts in is taken out.");
        }
        Some(DefaultCondition::Kept) => {
            texts.push("Members: the condition \"Lifecycle status\" that HiBob puts in is left in.");
        }
        None => {}
    }
    texts
}

fn of_population(population: &Population) -> Vec<String> {
    let chosen = match population.choose {
        Some(Audience::Everyone) => Some("Access data for: \"Everyone\" is chosen."),
        Some(Audience::ByCondition) => Some("Access data for: \"Select people by condition\" is chosen."),
        Some(Audience::ByName) => Some("Access data for: \"Select people by name\" is chosen."),
        Some(Audience::Customer) | None => None,
    };
    let conditions =
        population.conditions.iter().map(|condition| format!("Access data for: the condition {condition}."));
    chosen.map(str::to_owned).into_iter().chain(conditions).collect()
}
