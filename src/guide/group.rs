//! The chapter about the permission group: whose it is, what it is called, and who is in it.

use crate::policy::blocks::{CredentialKind, GroupKind, Membership, Name, Ownership};
use crate::policy::lines::{Truth, When};
use crate::report::words::{self, path};

use super::boxes::sentence;
use super::build::{Builder, points};
use super::names::{given, is_one, named};
use super::{Block, plain};

impl Builder<'_> {
    pub(super) fn group(&self) -> Vec<Block> {
        if self.is_an_app() {
            return self.group_of_an_app();
        }
        let concerns = |membership: &&Membership| self.truth(&membership.when) != Truth::No;
        let blocks: Vec<&Membership> = self.policy.membership.iter().filter(concerns).collect();
        let of_people = self.is_of_people(&blocks);
        let mut steps = vec![format!("Open {}.", path(&self.screens.groups))];
        // What the customer calls it goes before what the guide does.
        let own = self.group.filter(|group| self.policy.name_of_group().as_deref() != Some(*group));
        let own = own.map(|group| vec![Name { text: group.to_owned(), is_example: false }]);
        let always = When::default();
        let names: Vec<(&[Name], &When)> = match &own {
            Some(own) => vec![(own, &always)],
            None => {
                let named = blocks.iter().filter(|block| !block.names.is_empty());
                named.map(|block| (block.names.as_slice(), &block.when)).collect()
            }
        };
        let in_its_step = match names.as_slice() {
            [(names, when)] if is_one(names) && self.truth(when) == Truth::Yes => *names,
            _ => &[],
        };
        let ways = self.ways_to_a_group(&blocks, of_people, steps.len() + 1);
        let is_given = !in_its_step.is_empty() && ways.iter().any(|step| step.contains("{name}"));
        steps.extend(ways.into_iter().map(|step| step.replace("{name}", &given("name", in_its_step))));
        if !is_given {
            let says =
                |(names, when): &(&[Name], &When)| named("group", names).and_then(|it| self.under(&it, when));
            steps.extend(names.iter().filter_map(says));
        }
        let mut see: Vec<String> = Vec::new();
        for membership in blocks {
            // Who is in a group of people, a condition chooses on every screen.
            let by_condition = of_people && membership.group.is_none();
            // A guide that shows these screens and chooses members by condition mixes generations: its steps are kept,
            // for a group that has no type.
            let shows_them = self.policy.guide.ui.is_some_and(|ui| ui.as_str() == self.screens.id);
            let is_mixed = shows_them && self.screens.group_types && membership.group.is_none();
            let group_types =
                (!is_mixed || by_condition).then_some(self.screens.group_types && !by_condition);
            let says = words::membership(membership, group_types).into_iter();
            see.extend(says.filter_map(|(_, says)| self.under(&says, &membership.when)));
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

    /// An app is put into no group by its service user: what is known of the group is what the guide calls it.
    fn group_of_an_app(&self) -> Vec<Block> {
        let publisher = &self.policy.publisher;
        let concerned = self.policy.membership.iter().filter(|it| self.truth(&it.when) != Truth::No);
        let says = |it: &Membership| named("group", &it.names).and_then(|says| self.under(&says, &it.when));
        let mut blocks = vec![Block::Para(plain(format!(
            "An app needs no service user in a group. Ask {publisher} which permission group its rights come from: what \
             is chosen and ticked below, is chosen and ticked there."
        )))];
        blocks.extend(points(concerned.filter_map(says)));
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

    /// The steps to the group with the service user in it, of which the first has this number. What nobody has
    /// settled is a branch of its own, and leaves the steps of everybody else as they are.
    fn ways_to_a_group(&self, blocks: &[&Membership], of_people: bool, first: usize) -> Vec<String> {
        let holds = |block: &&&Membership| self.truth(&block.when) == Truth::Yes;
        // A guide that does not say whose the group is has a new one made.
        let own = blocks.iter().filter(holds).find_map(|block| block.own).unwrap_or(Ownership::Dedicated);
        let is_branch = |block: &&&Membership| self.truth(&block.when) == Truth::Open;
        let branches = blocks.iter().filter(is_branch).filter_map(|block| {
            let other = block.own.filter(|other| *other != own)?;
            Some((sentence(&self.policy.only(&block.when)), other))
        });
        let branches: Vec<(String, Ownership)> = branches.collect();
        let (who, make, join) = match of_people {
            true => ("the person whose token it is", &self.screens.new_group_of_people, [].as_slice()),
            false => ("the service user", &self.screens.new_group, self.screens.join.as_slice()),
        };
        let mut steps = Vec::new();
        if own == Ownership::Existing {
            steps.push("Open the group that is meant for it.".to_owned());
            let make = make.join(" ");
            steps.extend(branches.into_iter().map(|(only, other)| match other {
                Ownership::Dedicated => format!("{only}: make a new one in its place. {make}"),
                _ => format!("{only}: if you would rather, make a new one in its place. {make}"),
            }));
            match join {
                [] => steps.push(format!("Add {who} to its members.")),
                join => steps.extend(join.iter().cloned()),
            }
            return steps;
        }
        if own == Ownership::Either {
            steps.push("Open a group that you have for this, or make a new one as follows.".to_owned());
        }
        let from = first + steps.len() + branches.len();
        let over = match make.len() {
            1 => format!("step {from}"),
            several => format!("steps {from} to {}", from + several - 1),
        };
        // Where making the group puts the member in, nothing that follows does.
        let joined = if join.is_empty() { format!(", add {who} to its members") } else { String::new() };
        steps.extend(branches.into_iter().map(|(only, other)| match other {
            Ownership::Existing => {
                format!("{only}: open the group that is meant for it{joined}, and pass over {over}.")
            }
            Ownership::Either => format!(
                "{only}: a group that you have for this will do. If you take one, open it{joined}, and pass over {over}."
            ),
            Ownership::Dedicated => format!("{only}: make a new one, whatever you have."),
        }));
        steps.extend(make.iter().cloned());
        steps.extend(join.iter().cloned());
        steps
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::screens;
    use crate::guide::tests::{guide, on};

    const MAKE: &str = "Press \"Create permission group\"";

    #[test]
    fn several_names_are_one_of_each_and_the_customers_own_wins() {
        let lines = "requires: [people/root/view]\nmembership: {name: [Acme UK, Acme IE]}\ncredentials: {id: a, \
                     token: b, name: Acme <country>}";
        let text = guide(lines);
        assert!(
            text.contains("There is one group for each of these names: \"Acme UK\" and \"Acme IE\"."),
            "{text}"
        );
        assert!(text.contains("Put what fits in the place"), "{text}");
        let text = on(screens::newest(true), lines, &[], Some("Ours"));
        assert!(text.contains("Give it the name \"Ours\" under") && !text.contains("Acme UK"), "{text}");
    }

    #[test]
    fn of_an_example_any_other_name_will_do() {
        let lines = "requires: [people/root/view]\nmembership: {name: {example: Acme}}\ncredentials: {id: a, token: b, \
                     name: [{example: Acme UK}, {example: Acme IE}]}";
        let text = guide(lines);
        assert!(text.contains("Give it a name (for example \"Acme\") under"), "{text}");
        assert!(
            text.contains("one for each service user, for example \"Acme UK\" and \"Acme IE\"."),
            "{text}"
        );
        assert!(!text.contains("is \"Acme") && !text.contains("each of these names"), "{text}");
    }

    #[test]
    fn a_group_that_exists_for_some_changes_no_step_of_the_others() {
        let lines = "requires: [people/root/view]\nfacts: {old: {asks: Connected?, otherwise: no}}\nmembership: \
                     [{members: only-the-service-user}, {own: existing, when: {fact: old = yes}}, {own: dedicated, \
                     when: {fact: old = no}}]";
        let of = |facts: &[(&str, &str)]| on(screens::newest(true), lines, facts, None);
        let branch = " 2. Only if \"Connected?\" is answered \"yes\": open the group that is meant for it, add the \
                      service user to its members, and pass over steps 3 to 6.";
        assert!(of(&[]).contains(branch) && of(&[]).contains(&format!(" 3. {MAKE}")), "{}", of(&[]));
        let new = of(&[("old", "no")]);
        assert!(new.contains(&format!(" 2. {MAKE}")) && !new.contains("meant for it"), "{new}");
        let known = of(&[("old", "yes")]);
        assert!(known.contains(" 2. Open the group that is meant for it.\n 3. Add the service"), "{known}");
        assert!(!known.contains(MAKE), "{known}");
    }

    #[test]
    fn on_older_screens_whoever_passes_over_making_the_group_still_joins_it() {
        let lines =
            "requires: [people/root/view]\nfeatures: {b: B}\nmembership: {own: existing, when: {with: b}}";
        let text = on(screens::find("access-rights").unwrap(), lines, &[], None);
        let branch = "Only with: B: open the group that is meant for it, and pass over step 3.";
        assert!(text.contains(branch) && text.contains(" 4. Under Members, choose"), "{text}");
    }

    #[test]
    fn a_group_of_people_is_made_as_one() {
        let of_people = |lines: &str| {
            let text = guide(&format!("requires: [people/root/view]\n{lines}"));
            assert_ne!(
                text.contains("person whose token it is"),
                text.contains("Select service users"),
                "{text}"
            );
            text.contains("person whose token it is")
        };
        assert!(of_people("credentials: {kind: employee-token}"));
        assert!(of_people("membership: {group: employee}"));
        assert!(of_people("membership: {group: employee, own: existing}"));
        assert!(!of_people("credentials: {kind: employee-token}\nmembership: {group: service-user}"));
        assert!(!of_people("membership: {group: any}"));
        let of_token = "requires: [people/root/view]\ncredentials: {kind: employee-token}\nmembership: {condition: removed}";
        assert!(guide(of_token).contains("Members: the condition"));
    }

    #[test]
    fn members_are_chosen_by_condition_on_screens_that_have_one() {
        let lines = "requires: [people/root/view]\nmembership: {group: service-user, choose: by-condition, \
                     condition: removed, members: only-the-service-user}";
        for ui in screens::all() {
            let text = on(ui, lines, &[], None);
            let of_conditions = ["Members are chosen with", "Members: the condition", "Under Members, "];
            for says in of_conditions {
                assert_eq!(text.contains(says), !ui.group_types, "{}: {says}\n{text}", ui.id);
            }
            assert_eq!(text.contains("The group is of the type"), ui.group_types, "{}\n{text}", ui.id);
            assert!(text.contains("only the service user is in the group"), "{text}");
        }
        let mixed = lines.replace("group: service-user, ", "") + "\nsource: {title: x, ui: peoples-fields}";
        let text = on(screens::newest(true), &mixed, &[], None);
        let says = "is taken out. (only where the group is not of the type \"Service user\")";
        assert!(text.contains(says), "{text}");
        assert!(!on(screens::newest(false), &mixed, &[], None).contains("Members are chosen with"));
        let employees = lines.replace("group: service-user", "group: employee");
        assert!(on(screens::newest(true), &employees, &[], None).contains("Members: the condition"));
    }
}
