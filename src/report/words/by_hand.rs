//! What only a person can see: who is in the group, and whose data is meant.

use crate::policy::blocks::{
    AlsoKind, Audience, DefaultCondition, GroupKind, Members, Membership, Ownership, Population, shown,
};
use crate::policy::{Contradicted, Role};
use crate::report::About;

use super::list;

/// What a requirement beside the permissions is about.
pub fn also(kind: AlsoKind) -> &'static str {
    match kind {
        AlsoKind::Webhook => "Webhooks",
        AlsoKind::Data => "Data",
        AlsoKind::List => "Lists",
        AlsoKind::Parameter => "How it asks",
        AlsoKind::Metadata => "Fields and tables",
    }
}

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

/// Which of HiBob's ways to choose people, where it is one of them.
fn way_to_choose(population: &Population) -> Option<&'static str> {
    match population.choose? {
        Audience::Everyone => Some("Everyone"),
        Audience::ByCondition => Some("Select people by condition"),
        Audience::ByName => Some("Select people by name"),
        Audience::Customer => None,
    }
}

/// What becomes of a way to choose people where another block that holds for the same customer says otherwise.
pub fn choice_contradicted(population: &Population, all: &[Population]) -> Option<Contradicted> {
    population.disputed.as_ref()?;
    way_to_choose(population)?;
    let says_otherwise = |other: &&Population| {
        way_to_choose(other).is_some() && other.choose != population.choose && other.when == population.when
    };
    let mut others = all.iter().filter(says_otherwise).peekable();
    others.peek()?;
    match others.any(|other| other.disputed.is_none()) {
        true => Some(Contradicted::GivesWay),
        false => Some(Contradicted::Open),
    }
}

/// Whose data is meant, as far as only the screen shows it, and who can say so.
pub fn population(population: &Population, all: &[Population]) -> Vec<(String, Role)> {
    let contradicted = choice_contradicted(population, all);
    let chosen = way_to_choose(population).filter(|_| contradicted != Some(Contradicted::GivesWay));
    let chosen = chosen.map(|way| match contradicted {
        Some(_) => {
            let mut ways: Vec<&str> = all.iter().filter_map(way_to_choose).collect();
            ways.sort_unstable();
            ways.dedup();
            let text = format!(
                "Access data for: the guide contradicts itself, it says {}. Which is meant?",
                list(&ways.iter().map(|way| format!("\"{way}\"")).collect::<Vec<_>>())
            );
            (text, Role::Integrator)
        }
        None => match shown(&population.beyond_everyone(all)).as_slice() {
            [] => (format!("Access data for: \"{way}\" is chosen."), Role::HibobAdmin),
            beyond => {
                let text = format!(
                    "Access data for: people are chosen in a way that takes in {} too; \"{way}\" leaves them out.",
                    list(beyond)
                );
                (text, Role::HibobAdmin)
            }
        },
    });
    let conditions = population
        .conditions
        .iter()
        .map(|condition| (format!("Access data for: the condition {condition}."), Role::HibobAdmin));
    chosen.into_iter().chain(conditions).collect()
}
