//! What only a person can see: who is in the group, and whose data is meant.

use crate::policy::blocks::{
    Audience, DefaultCondition, GroupKind, Members, Membership, Ownership, Population,
};
use crate::report::About;

/// That nobody else has the rights of the group.
pub const MEMBERS: &str = "Members: only the service user is in the group.";

/// The least that has to be so, which the sentence above says too.
pub(in crate::report) const A_MEMBER: &str = "Members: the service user is in the group.";

/// What a setting of a group is called.
pub(in crate::report) fn about(about: About) -> &'static str {
    match about {
        About::GroupType => "The type of the group",
        About::Group => "Whose the group is",
        About::Members => "Who is in the group",
        About::MembersChosen => "How the members are chosen",
        About::MembersCondition => "The condition under Members",
        About::Audience => "Whose data (\"Access data for\")",
    }
}

/// Who is in the group, as things to look at.
pub fn membership(membership: &Membership) -> Vec<(About, &'static str)> {
    let mut texts = Vec::new();
    match membership.group {
        Some(GroupKind::ServiceUser) => {
            texts.push((About::GroupType, "The group is of the type \"Service user\"."))
        }
        Some(GroupKind::Employee) => texts.push((About::GroupType, "The group is of the type \"Employee\".")),
        Some(GroupKind::Any) | None => {}
    }
    match membership.own {
        Some(Ownership::Dedicated) => {
            texts.push((About::Group, "The group was made for this service user alone."))
        }
        Some(Ownership::Existing | Ownership::Either) | None => {}
    }
    match membership.members {
        Some(Members::OnlyTheServiceUser) => texts.push((About::Members, MEMBERS)),
        Some(Members::TheServiceUser) => texts.push((About::Members, A_MEMBER)),
        None => {}
    }
    match membership.choose {
        Some(Audience::ByCondition) => {
            texts.push((About::MembersChosen, "Members are chosen with \"Select people by condition\"."))
        }
        Some(Audience::ByName) => {
            texts.push((About::MembersChosen, "Members are chosen with \"Select people by name\"."))
        }
        Some(Audience::Everyone | Audience::Customer) | None => {}
    }
    match membership.condition {
        Some(DefaultCondition::Removed) => {
            texts.push((
                About::MembersCondition,
                "Members: the condition \"Lifecycle status\" that HiBob puts in is taken out.",
            ));
        }
        Some(DefaultCondition::Kept) => {
            texts.push((
                About::MembersCondition,
                "Members: the condition \"Lifecycle status\" that HiBob puts in is left in.",
            ));
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
