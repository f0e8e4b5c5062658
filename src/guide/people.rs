//! The chapters about who: the service user, the group that it is in, and whose data it sees.

use crate::policy::blocks::{
    Audience, CredentialKind, Credentials, Environment, GroupKind, Membership, Ownership, Population,
    STATUSES, Status, is_to_be_filled_in, shown,
};
use crate::policy::lines::Truth;
use crate::report::words;
use crate::report::words::{NEVER_THE_TOKEN, choice_of_people, list, not_a_box, path};

use super::boxes::sentence;
use super::build::{Builder, points};
use super::{Block, plain};

impl Builder<'_> {
    pub(super) fn service_user(&self) -> Vec<Block> {
        let default = Credentials::default();
        let concerns = |it: &&Credentials| self.truth(&it.when) != Truth::No;
        let mut concerned: Vec<&Credentials> = self.policy.credentials.iter().filter(concerns).collect();
        if concerned.is_empty() {
            concerned.push(&default);
        }
        let mut blocks = Vec::new();
        for credentials in concerned {
            if self.truth(&credentials.when) == Truth::Open {
                blocks.push(Block::Heading(1, sentence(&self.policy.only(&credentials.when))));
            }
            blocks.extend(self.how_to_sign_in(credentials));
        }
        blocks
    }

    fn how_to_sign_in(&self, credentials: &Credentials) -> Vec<Block> {
        let policy = self.policy;
        let mut blocks = Vec::new();
        match credentials.kind {
            CredentialKind::None => {
                return points(std::iter::once(format!(
                    "{} needs no service user: HiBob sends the data by itself.",
                    policy.title
                )));
            }
            CredentialKind::OauthApp => blocks.push(Block::Para(plain(format!(
                "{} is an app of HiBob's marketplace: connect it there, and not with a service user.",
                policy.title
            )))),
            CredentialKind::EmployeeToken => blocks.push(Block::Para(plain(
                "The guide still asks for an employee's API token. HiBob has replaced those by service users: ask \
                 whether a service user will do.",
            ))),
            CredentialKind::ServiceUser => {
                if let Some(environment) = credentials.environment {
                    let which = match environment {
                        Environment::Production => "your own HiBob, and not in the sandbox",
                        Environment::Sandbox => "HiBob's sandbox, and not in your own HiBob",
                    };
                    blocks.push(Block::Para(plain(format!("This is done in {which}."))));
                }
                let mut steps = vec![format!("Open {}.", path(&self.screens.service_users))];
                steps.extend(self.screens.new_service_user.iter().cloned());
                steps.extend(named("service user", &credentials.names));
                let product = |name: &Option<String>, here: &str| match name {
                    Some(name) if name != here => format!("\"{here}\" ({} calls it \"{name}\")", policy.publisher),
                    _ => format!("\"{here}\""),
                };
                steps.push(format!(
                    "HiBob shows two values, once: {} and {}. Copy both before you close the dialog, and put them \
                     where {} asks for them. If the token is lost, it has to be made anew.",
                    product(&credentials.id, &self.screens.id_name),
                    product(&credentials.token, &self.screens.token_name),
                    policy.publisher,
                ));
                blocks.push(Block::Steps(steps.into_iter().map(plain).collect()));
            }
        }
        let mut more: Vec<String> = Vec::new();
        if let Some(looks) = &credentials.looks_like {
            more.push(format!("As a rule the id begins with {looks}"));
        }
        more.extend(self.notes(&credentials.notes));
        more.push(NEVER_THE_TOKEN.to_owned());
        blocks.push(Block::Heading(2, "About the two values".to_owned()));
        blocks.extend(points(more.into_iter()));
        blocks
    }

    pub(super) fn group(&self) -> Vec<Block> {
        let concerns = |membership: &&Membership| self.truth(&membership.when) != Truth::No;
        let blocks: Vec<&Membership> = self.policy.membership.iter().filter(concerns).collect();
        let of_people = self.is_of_people(&blocks);
        let new_group = if of_people { &self.screens.new_group_of_people } else { &self.screens.new_group };
        let mut steps = vec![format!("Open {}.", path(&self.screens.groups))];
        match blocks.iter().find_map(|membership| membership.own) {
            Some(Ownership::Existing) => steps.push("Open the group that is meant for it.".to_owned()),
            Some(Ownership::Either) => {
                steps.push("Open a group that you have for this, or make a new one as follows.".to_owned());
                steps.extend(new_group.iter().cloned());
            }
            Some(Ownership::Dedicated) | None => steps.extend(new_group.iter().cloned()),
        }
        match self.group {
            // What the customer calls it.
            Some(group) if self.policy.name_of_group().as_deref() != Some(group) => {
                steps.extend(named("group", &[group.to_owned()]));
            }
            _ => {
                let says = |block: &&Membership| {
                    named("group", &block.names).and_then(|says| self.under(&says, &block.when))
                };
                steps.extend(blocks.iter().filter_map(says));
            }
        }
        let mut see: Vec<String> = Vec::new();
        for membership in blocks {
            let says = words::membership(membership).into_iter();
            see.extend(says.filter_map(|(_, says)| self.under(says, &membership.when)));
            let but = membership.disputed.iter().map(|disputed| format!("But: {disputed}"));
            see.extend(but.filter_map(|says| self.under(&says, &membership.when)));
        }
        see.push(
            "Whoever is a member has all the rights of the group, so look once more before you go on."
                .to_owned(),
        );
        let mut blocks = vec![
            Block::Para(plain(if of_people {
                "Who signs in with a person's token may do what that person may: what the groups allow of which the \
                 person is a member. Members are not the people whose data is seen: those come in the next chapter."
            } else {
                "A service user may do nothing until it is a member of a permission group. Members are not the people \
                 whose data it sees: those come in the next chapter."
            })),
            Block::Steps(steps.into_iter().map(plain).collect()),
        ];
        blocks.push(Block::Heading(2, "See that it is so".to_owned()));
        blocks.extend(points(see.into_iter()));
        blocks
    }

    /// Whether the group is one of people and of no service user: the guide says so, or says nothing and has its
    /// product sign in with a person's token.
    fn is_of_people(&self, blocks: &[&Membership]) -> bool {
        match blocks.iter().find_map(|membership| membership.group) {
            Some(group) => group == GroupKind::Employee,
            None => self.credentials() == CredentialKind::EmployeeToken,
        }
    }

    /// What the product signs in with.
    pub(super) fn credentials(&self) -> CredentialKind {
        let concerned = self.policy.credentials.iter().find(|it| self.truth(&it.when) != Truth::No);
        concerned.map_or_else(CredentialKind::default, |credentials| credentials.kind)
    }

    pub(super) fn population(&self) -> Vec<Block> {
        let audience = self.screens.way(&["People's data", "Access data for"].map(str::to_owned));
        let place = format!("{}, in the group", path(&audience));
        // Where the guide names another of HiBob's ways, conditions are none of the clicks.
        let concerns = |block: &&Population| self.truth(&block.when) != Truth::No;
        let mut ways = self.policy.population.iter().filter(concerns).map(|block| block.choose).peekable();
        let otherwise = |way: Option<Audience>| matches!(way, Some(Audience::Everyone | Audience::ByName));
        let by_condition = ways.peek().is_none() || ways.any(|way| !otherwise(way));
        let lead = if by_condition { not_a_box(&place) } else { format!("{}.", choice_of_people(&place)) };
        let mut blocks = vec![Block::Para(plain(lead))];
        if self.policy.population.is_empty() {
            blocks.push(Block::Para(plain(format!(
                "{}'s guide does not say whose data is needed. HiBob begins with \"Lifecycle status equals \
                 Employed\": leavers, future starters and people on leave are then not seen. Ask {} whether they \
                 should be.",
                self.policy.publisher, self.policy.publisher
            ))));
            return blocks;
        }
        for population in &self.policy.population {
            match self.truth(&population.when) {
                Truth::No => continue,
                Truth::Yes => {}
                Truth::Open => {
                    blocks.push(Block::Heading(2, sentence(&self.policy.only(&population.when))));
                }
            }
            let disputed = population.disputed.iter().map(|disputed| format!("But: {disputed}"));
            let contradicted = self.contradicted(population);
            let beyond = shown(&population.beyond_everyone(&self.policy.population));
            blocks.extend(points(whose(population, &beyond).into_iter().chain(disputed).chain(contradicted)));
        }
        blocks
    }
}

impl Builder<'_> {
    /// What to do with a block where another one says the opposite.
    fn contradicted(&self, population: &Population) -> Option<String> {
        let Population { at_least, exactly, not_only, recommended, never, .. } = population;
        let statuses = at_least.iter().chain(exactly).chain(not_only).chain(recommended).chain(never);
        let of_people = statuses.map(|status| &status.place).find_map(|at| self.policy.contradicted(at));
        let known = of_people.or_else(|| words::choice_contradicted(population, &self.policy.population))?;
        Some(super::words::contradicted(known, &self.policy.publisher))
    }
}

/// What something is to be called; several names are for one of each.
fn named(what: &str, names: &[String]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let mut says = match quoted.as_slice() {
        [] => return None,
        [only] => format!("The name of the {what} is {only}."),
        several => format!("There is one {what} for each of these names: {}.", list(several)),
    };
    if names.iter().any(|name| is_to_be_filled_in(name)) {
        says.push_str(
            " Put what fits in the place of what stands in <…>; where several fit, make one of each.",
        );
    }
    Some(says)
}

/// Whose data is to be chosen, step by step.
fn whose(population: &Population, beyond_everyone: &[&str]) -> Vec<String> {
    let mut steps = Vec::new();
    match population.choose {
            Some(Audience::Everyone) if !beyond_everyone.is_empty() => steps.push(format!(
                "The guide says \"Everyone\". That means people who work for you now, and {} are asked for too: choose \
                 \"Select people by condition\" instead, press \"Edit\", and name Employed and every other status that is to be \
                 seen, {} among them.",
                list(beyond_everyone),
                list(beyond_everyone),
            )),
            Some(Audience::Everyone) => steps.push(
                "Choose \"Everyone\". That means people who work for you now, and neither leavers nor future starters."
                    .to_owned(),
            ),
            Some(Audience::ByCondition) => {
                steps.push("Choose \"Select people by condition\", and press \"Edit\".".to_owned());
            }
            Some(Audience::ByName) => steps.push("Choose \"Select people by name\".".to_owned()),
            Some(Audience::Customer) => {
                steps.push("Whose data it is, is for you to choose; what follows is a proposal.".to_owned());
            }
            None => {}
        }
    let names = |statuses: &[Status]| {
        let names: Vec<&str> = statuses
            .iter()
            .filter_map(|status| STATUSES.iter().find(|(id, _)| *id == status.id))
            .map(|(_, shown)| *shown)
            .collect();
        list(&names)
    };
    let all = if population.all { ", which is every status that HiBob has" } else { "" };
    if !population.at_least.is_empty() {
        let statuses = names(&population.at_least);
        steps.push(format!("Lifecycle status equals {statuses}{all}. More may be chosen, and fewer not."));
    }
    if !population.exactly.is_empty() {
        let statuses = names(&population.exactly);
        steps.push(format!("Lifecycle status equals {statuses}{all}, and nobody else."));
    }
    if !population.not_only.is_empty() {
        steps.push(format!(
            "Not only {}: somebody of another status must be seen too.",
            names(&population.not_only)
        ));
    }
    if !population.recommended.is_empty() {
        let statuses = names(&population.recommended);
        steps.push(format!("Recommended, and not required: Lifecycle status equals {statuses} too."));
    }
    if !population.never.is_empty() {
        steps.push(format!("Never {}: they must not be seen.", names(&population.never)));
    }
    steps.extend(population.conditions.iter().map(|condition| format!("The condition: {condition}.")));
    if let Some((count, _)) = &population.head_count {
        steps.push(format!("At least {count} people must be seen. If there are fewer, something is wrong."));
    }
    if let Some(breaks) = &population.breaks {
        steps.push(format!("Otherwise: {breaks}"));
    }
    steps
}

#[cfg(test)]
mod tests {
    use crate::catalogue::{Catalogue, screens};
    use crate::guide::{Guide, markdown};
    use crate::policy::{Origin, validate};
    use crate::source::Source;

    fn guide(lines: &str, group: Option<&str>) -> String {
        let text = format!(
            "policy: x\ntitle: Acme\nversion: 2026-11-21\nlist: open\nrequires: [people/root/view]\n{lines}\n"
        );
        let source = Source::new("x.yaml", text);
        let policy = validate::read(&source, Origin::File, Catalogue::embedded())
            .unwrap_or_else(|problems| panic!("{problems}"));
        markdown::write(&Guide::of(&policy, Catalogue::embedded(), screens::newest(true), group))
    }

    #[test]
    fn where_conditions_are_none_of_the_clicks_they_are_not_told() {
        let by_condition = |lines: &str| guide(lines, None).contains("Lifecycle status equals …");
        assert!(!by_condition("population: {choose: everyone}"));
        assert!(by_condition("population: [{choose: by-name, disputed: x}, {choose: by-condition}]"));
        assert!(by_condition("population: {at-least: [hired]}"));
        assert!(by_condition(""));
    }

    #[test]
    fn whom_everyone_leaves_out_is_chosen_by_condition() {
        let both = guide("population: {choose: everyone, at-least: [terminated]}", None);
        assert!(!both.contains("Choose \"Everyone\"."), "{both}");
        let says = "The guide says \"Everyone\". That means people who work for you now, and Terminated are asked for too";
        assert!(both.contains(says), "{both}");
        let alone = guide("population: {choose: everyone, at-least: [employed]}", None);
        assert!(alone.contains("Choose \"Everyone\"."), "{alone}");
    }

    #[test]
    fn a_group_of_people_is_made_as_one() {
        let of_people = |lines: &str| {
            let text = guide(lines, None);
            assert_ne!(
                text.contains("person whose token it is"),
                text.contains("Select service users"),
                "{text}"
            );
            text.contains("person whose token it is")
        };
        assert!(of_people("credentials: {kind: employee-token}"));
        assert!(of_people("membership: {group: employee}"));
        assert!(!of_people("credentials: {kind: employee-token}\nmembership: {group: service-user}"));
        assert!(!of_people("membership: {group: any}"));
    }

    #[test]
    fn several_names_are_one_of_each_and_the_customers_own_wins() {
        let names =
            "membership: {name: [Acme UK, Acme IE]}\ncredentials: {id: a, token: b, name: Acme <country>}";
        let text = guide(names, None);
        assert!(
            text.contains("There is one group for each of these names: \"Acme UK\" and \"Acme IE\"."),
            "{text}"
        );
        assert!(text.contains("Put what fits in the place"), "{text}");
        let text = guide(names, Some("Ours"));
        assert!(text.contains("The name of the group is \"Ours\".") && !text.contains("Acme UK"), "{text}");
    }

    #[test]
    fn of_two_blocks_that_contradict_each_other_the_guide_says_which_holds() {
        let blocks = |of_other: &str| {
            let lines = format!(
                "population: [{{at-least: [terminated], disputed: x}}, {{never: [terminated]{of_other}}}]"
            );
            guide(&lines, None)
        };
        let holds = blocks("");
        assert!(holds.contains("pass over this") && !holds.contains("change nothing until then"), "{holds}");
        let open = blocks(", disputed: y");
        assert!(!open.contains("pass over this") && open.contains("change nothing until then"), "{open}");
    }
}
