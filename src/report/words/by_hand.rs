//! What only a person can see: who is in the group, and whose data is meant.

use std::collections::BTreeSet;

use crate::policy::beside::AlsoKind;
use crate::policy::blocks::{
    Audience, DefaultCondition, GroupKind, Members, Membership, Ownership, Population, shown,
};
use crate::policy::{Contradicted, Role};
use crate::report::About;

use super::list;

/// What a requirement beside the permissions is about.
pub fn also(kind: AlsoKind) -> &'static str {
    match kind {
        AlsoKind::Webhook => "Webhooks",
        AlsoKind::Setting => "Settings",
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

/// Who is in the group, as things to look at on screens where groups have types, or have none; or where nobody
/// knows which of the two the screens are. Members of a group for service users are not chosen by condition.
pub fn membership(membership: &Membership, group_types: Option<bool>) -> Vec<(About, String)> {
    let mut texts: Vec<(About, String)> = Vec::new();
    let kind = match membership.group {
        Some(GroupKind::ServiceUser) => Some("Service user"),
        Some(GroupKind::Employee) => Some("Employee"),
        Some(GroupKind::Any) | None => None,
    };
    // What a guide insists on is not lost where its screens are thought not to ask: guides mix generations.
    let group_type = kind.map(|kind| match group_types {
        Some(false) => format!("If HiBob asks for the type of the group, it is \"{kind}\"."),
        _ => format!("The group is of the type \"{kind}\"."),
    });
    let own = match membership.own {
        Some(Ownership::Dedicated) => Some("The group was made for this service user alone."),
        Some(Ownership::Existing | Ownership::Either) | None => None,
    };
    let members = match membership.members {
        Some(Members::OnlyTheServiceUser) => Some(MEMBERS),
        Some(Members::TheServiceUser) => Some(A_MEMBER),
        // Others may be in a group that exists.
        None if matches!(membership.own, Some(Ownership::Existing | Ownership::Either)) => Some(A_MEMBER),
        None => None,
    };
    texts.extend(group_type.map(|text| (About::GroupType, text)));
    let firm = [(About::Group, own), (About::Members, members)];
    texts.extend(firm.into_iter().filter_map(|(about, text)| Some((about, text?.to_owned()))));
    let is_chosen = match (membership.group, group_types) {
        (Some(GroupKind::Employee), _) | (_, Some(false)) => "",
        (_, Some(true)) => return texts,
        (_, None) => " (only where the group is not of the type \"Service user\")",
    };
    let chosen = match membership.choose {
        Some(Audience::ByCondition) => Some("Members are chosen with \"Select people by condition\"."),
        Some(Audience::ByName) => Some("Members are chosen with \"Select people by name\"."),
        Some(Audience::Everyone | Audience::Customer) | None => None,
    };
    let condition = membership.condition.map(|condition| match condition {
        DefaultCondition::Removed => {
            "Members: the condition \"Lifecycle status\" that HiBob puts in is taken out."
        }
        DefaultCondition::Kept => {
            "Members: the condition \"Lifecycle status\" that HiBob puts in is left in."
        }
    });
    let of_condition = [(About::MembersChosen, chosen), (About::MembersCondition, condition)];
    texts.extend(
        of_condition.into_iter().filter_map(|(about, text)| Some((about, format!("{}{is_chosen}", text?)))),
    );
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

/// Whether a condition, as a guide prints it, is the one that chooses lifecycle statuses.
pub fn is_on_the_status(condition: &str) -> bool {
    let begins = condition.trim_start_matches(['"', '\'']).get(.."lifecycle status".len());
    begins.is_some_and(|words| words.eq_ignore_ascii_case("lifecycle status"))
}

/// What the guide names as an example, of a block that is left to the customer: its conditions.
pub fn example_of_conditions(population: &Population) -> Option<String> {
    let ids = population.at_least.iter().chain(&population.exactly).map(|status| status.id);
    let statuses = shown(&ids.collect::<Vec<_>>());
    let is_printed = population.conditions.iter().any(|condition| is_on_the_status(condition));
    let statuses =
        (!statuses.is_empty() && !is_printed).then(|| format!("Lifecycle status equals {}", list(&statuses)));
    let conditions: Vec<String> = statuses.into_iter().chain(population.conditions.iter().cloned()).collect();
    (!conditions.is_empty()).then(|| conditions.join("; "))
}

/// Of a block that is left to the customer: that it is, with the examples that are more than statuses.
fn left_to_the_customer(population: &Population, all: &[Population]) -> Option<String> {
    let beside = all.iter().filter(|other| other.when == population.when && other.is_an_example_beside(all));
    let ways = beside.filter_map(way_to_choose).map(|way| format!("\"{way}\""));
    let conditions = example_of_conditions(population).filter(|_| !population.conditions.is_empty());
    let examples: Vec<String> = ways.chain(conditions).collect();
    (!examples.is_empty()).then(|| {
        format!(
            "Access data for: the people are chosen whom you want to be seen. The guide names examples: {}.",
            examples.join(", or ")
        )
    })
}

/// For whom the conditions of a block hold, where another block that may hold with it names other people: to set
/// them for everybody would leave those out.
fn of_some_people(population: &Population, all: &[Population]) -> Option<String> {
    let ids = |block: &Population| {
        let named = block.at_least.iter().chain(&block.exactly).chain(&block.recommended);
        named.map(|status| status.id).collect::<BTreeSet<_>>()
    };
    let own = ids(population);
    let others_are_named = |other: &Population| {
        let others = ids(other);
        other.disputed.is_none()
            && others != own
            && (!others.is_empty() || other.choose == Some(Audience::Everyone))
    };
    (!own.is_empty() && all.iter().any(others_are_named)).then(|| {
        let shown = shown(&own.into_iter().collect::<Vec<_>>());
        format!("people with the status {}", list(&shown))
    })
}

/// Whose data is meant, as far as only the screen shows it, and who can say so.
pub fn population(population: &Population, all: &[Population]) -> Vec<(String, Role)> {
    if population.is_left_to_the_customer() {
        let text = left_to_the_customer(population, all);
        return text.into_iter().map(|text| (text, Role::HibobAdmin)).collect();
    }
    let contradicted = choice_contradicted(population, all);
    let chosen = way_to_choose(population)
        .filter(|_| contradicted != Some(Contradicted::GivesWay) && !population.is_an_example_beside(all));
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
    let people = of_some_people(population, all);
    let conditions = population.conditions.iter().map(|condition| {
        let text = match &people {
            _ if is_on_the_status(condition) => {
                format!("Access data for: the one condition on the lifecycle status is {condition}.")
            }
            Some(people) => format!("Access data for {people}: the condition {condition}."),
            None => format!("Access data for: the condition {condition}."),
        };
        (text, Role::HibobAdmin)
    });
    chosen.into_iter().chain(conditions).collect()
}
