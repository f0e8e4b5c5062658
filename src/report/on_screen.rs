//! What only a person at the screen can see, as sentences: reports ask to look at it, guides to set it.

use crate::policy::blocks::{
    Audience, DefaultCondition, GroupKind, Members, Membership, Ownership, Population,
};

/// Who is in the group, as things to look at.
pub fn membership(membership: &Membership) -> Vec<&'static str> {
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

/// Whose data is meant, as far as only the screen shows it.
pub fn population(population: &Population) -> Vec<String> {
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
