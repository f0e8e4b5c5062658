//! The chapter about whose data is meant. HiBob has one choice of people for a group: blocks that hold together
//! are one choice, and what nobody has settled is told as what comes to it.

use crate::policy::blocks::{self, Audience, HeadCount, Population, STATUSES, Status};
use crate::policy::lines::{Truth, When};
use crate::report::words::{self, choice_of_people, count, list, not_a_box, path};

use super::boxes::sentence;
use super::build::{Builder, points};
use super::{Block, plain};

impl Builder<'_> {
    pub(super) fn population(&self) -> Vec<Block> {
        let audience = self.screens.way(&["People's data", "Access data for"].map(str::to_owned));
        let place = format!("{}, in the group", path(&audience));
        let concerns = |block: &&Population| self.truth(&block.when) != Truth::No;
        let all: Vec<&Population> = self.policy.population.iter().filter(concerns).collect();
        // Where the guide names another of HiBob's ways or leaves it to the reader, conditions are none of the clicks.
        let otherwise = |block: &&Population| {
            matches!(block.choose, Some(Audience::Everyone | Audience::ByName | Audience::Customer))
        };
        let by_condition = all.is_empty() || !all.iter().all(otherwise);
        let lead = if by_condition { not_a_box(&place) } else { format!("{}.", choice_of_people(&place)) };
        let lead = if self.is_an_app() { lead.replace("the service user", "the app") } else { lead };
        let mut blocks = vec![Block::Para(plain(lead))];
        if all.is_empty() {
            blocks.push(Block::Para(plain(format!(
                "{}'s guide does not say whose data is needed. HiBob begins with \"Lifecycle status equals \
                 Employed\": leavers, future starters and people on leave are then not seen. Ask {} whether they \
                 should be.",
                self.policy.publisher, self.policy.publisher
            ))));
            return blocks;
        }
        // What is known to hold for this customer holds together.
        let settled: Vec<Population> = all
            .into_iter()
            .map(|block| match self.truth(&block.when) {
                Truth::Yes => Population { when: When::default(), ..block.clone() },
                Truth::Open | Truth::No => block.clone(),
            })
            .collect();
        // What the customer chooses, the ways beside it are examples of.
        let (ways, all): (Vec<&Population>, Vec<&Population>) =
            settled.iter().partition(|block| block.is_an_example_beside(&settled));
        let beside_its_way = |block: &&Population| Population { choose: None, ..(*block).clone() };
        let of_ways: Vec<Population> = ways.iter().map(beside_its_way).collect();
        let all: Vec<&Population> = all.into_iter().chain(&of_ways).collect();
        let is_plain =
            |block: &&Population| block.disputed.is_none() && block.choose != Some(Audience::Customer);
        let (open, holding): (Vec<&Population>, Vec<&Population>) =
            all.into_iter().partition(|block| self.truth(&block.when) == Truth::Open);
        let (firm, apart): (Vec<&Population>, Vec<&Population>) = holding.into_iter().partition(is_plain);
        // Who comes in under a condition that is open is told there.
        let held: Vec<Population> = firm.iter().map(|block| (*block).clone()).collect();
        let whom = Whom::of(&firm, &held, name_others(&open, &firm));
        let steps = whom.steps(&Whom::default());
        let is_firm = !steps.is_empty();
        blocks.extend(points(steps.into_iter()));
        for block in apart {
            if is_firm {
                let title = if block.disputed.is_some() { "Disputed" } else { "A proposal" };
                blocks.push(Block::Heading(2, title.to_owned()));
            }
            blocks.extend(points(self.alone(block, &ways, &whom).into_iter()));
        }
        let mut conditions: Vec<&When> = Vec::new();
        for block in &open {
            if !conditions.contains(&&block.when) {
                conditions.push(&block.when);
            }
        }
        let (merged, apart): (Vec<&Population>, Vec<&Population>) = open.into_iter().partition(is_plain);
        let mut with_statuses: Vec<&When> = Vec::new();
        for when in conditions {
            let of_it = |block: &&Population| block.when == *when;
            let of_branch: Vec<&Population> = merged.iter().copied().filter(of_it).collect();
            let others = whom.names_statuses() || name_others(&merged, &of_branch);
            let branch = Whom::of(&of_branch, &settled, others);
            with_statuses.extend(Some(when).filter(|_| !branch.at_least.is_empty()));
            let mut says = branch.steps(&whom);
            says.extend(
                apart.iter().copied().filter(of_it).flat_map(|block| self.alone(block, &ways, &whom)),
            );
            if !says.is_empty() {
                let only = self.policy.only(when);
                let heading = if is_firm { format!("In addition, {only}") } else { sentence(&only) };
                blocks.push(Block::Heading(2, heading));
                blocks.extend(points(says.into_iter()));
            }
        }
        let several = with_statuses
            .iter()
            .enumerate()
            .any(|(at, one)| with_statuses[at + 1..].iter().any(|other| !excludes(one, other)));
        if several && !whom.names_statuses() {
            blocks.push(Block::Heading(2, "If more than one of these is so".to_owned()));
            blocks.extend(points(std::iter::once(
                "Choose the statuses of all of them, in one condition: somebody has one status only."
                    .to_owned(),
            )));
        }
        blocks
    }

    /// A block that is disputed, or left to the customer: it is told for itself.
    fn alone(&self, block: &Population, ways: &[&Population], firm: &Whom) -> Vec<String> {
        if block.is_left_to_the_customer() {
            return proposal(block, ways, firm);
        }
        let mut says = Whom::of(&[block], &self.policy.population, firm.names_statuses()).steps(firm);
        says.extend(block.disputed.iter().map(|disputed| format!("But: {disputed}")));
        says.extend(self.contradicted(block));
        says
    }

    /// What to do with a block where another one says the opposite.
    fn contradicted(&self, population: &Population) -> Option<String> {
        let Population { at_least, exactly, not_only, recommended, never, .. } = population;
        let statuses = at_least.iter().chain(exactly).chain(not_only).chain(recommended).chain(never);
        let of_people = statuses.map(|status| &status.place).find_map(|at| self.policy.contradicted(at));
        let known = of_people.or_else(|| words::choice_contradicted(population, &self.policy.population))?;
        Some(super::words::contradicted(known, &self.policy.publisher))
    }
}

/// That the guide leaves the choice of people to the reader.
const IS_YOURS: &str = "Whose data it is, is for you to choose.";

/// A block that leaves the choice to the customer, with the ways to choose that the guide names beside it.
fn proposal(block: &Population, ways: &[&Population], firm: &Whom) -> Vec<String> {
    let beside = ways.iter().filter(|way| way.when == block.when);
    let ways = beside.map(|way| match way.choose {
        Some(Audience::Everyone) => {
            "For example \"Everyone\": people who work for you now, and neither leavers nor future starters."
        }
        _ => "For example \"Select people by name\".",
    });
    let mut says: Vec<String> = std::iter::once(IS_YOURS).chain(ways).map(str::to_owned).collect();
    let conditions = words::example_of_conditions(block);
    says.extend(conditions.map(|it| format!("For example \"Select people by condition\": {it}.")));
    let rest = Population {
        choose: None,
        at_least: Vec::new(),
        exactly: Vec::new(),
        conditions: Vec::new(),
        ..block.clone()
    };
    says.extend(Whom::of(&[&rest], &[], firm.names_statuses()).steps(firm));
    says
}

/// Whom blocks ask for that hold together.
#[derive(Default)]
struct Whom {
    choose: Option<Audience>,
    at_least: Vec<&'static str>,
    exactly: Vec<&'static str>,
    not_only: Vec<&'static str>,
    recommended: Vec<&'static str>,
    never: Vec<&'static str>,
    all: bool,
    conditions: Vec<String>,
    /// The condition on the lifecycle status, where the guide prints it: it is the one that names the statuses.
    of_status: Option<String>,
    head_count: Vec<HeadCount>,
    /// What stops working, each with the part of the choice that it hangs on.
    breaks: Vec<(String, String)>,
    /// Who is asked for and left out by the "Everyone" that is chosen.
    beyond_everyone: Vec<&'static str>,
}

impl Whom {
    fn of(blocks: &[&Population], all: &[Population], others_name_statuses: bool) -> Self {
        let names_statuses = |block: &&&Population| !(block.at_least.is_empty() && block.exactly.is_empty());
        let is_one_of_several = blocks.iter().filter(names_statuses).count() > 1;
        let mut whom = Self::default();
        for block in blocks {
            whom.choose = whom.choose.or(block.choose);
            add(&mut whom.at_least, &block.at_least);
            add(&mut whom.exactly, &block.exactly);
            add(&mut whom.not_only, &block.not_only);
            add(&mut whom.recommended, &block.recommended);
            add(&mut whom.never, &block.never);
            whom.beyond_everyone.extend(block.beyond_everyone(all));
            whom.all |= block.all;
            for (count, _) in &block.head_count {
                if !whom.head_count.contains(count) {
                    whom.head_count.push(*count);
                }
            }
            let statuses = ids(block.at_least.iter().chain(&block.exactly));
            // A condition beside some of the statuses is not said of the others.
            let of = if (is_one_of_several || others_name_statuses) && !statuses.is_empty() {
                format!(", for {}", shown(&statuses))
            } else {
                String::new()
            };
            let (of_status, others): (Vec<&String>, Vec<&String>) =
                block.conditions.iter().partition(|condition| words::is_on_the_status(condition));
            whom.of_status = whom.of_status.or_else(|| of_status.first().map(|it| (*it).clone()));
            whom.conditions.extend(others.into_iter().map(|condition| format!("{condition}{of}")));
            let is_new =
                block.breaks.as_ref().filter(|new| whom.breaks.iter().all(|(_, known)| known != *new));
            whom.breaks.extend(is_new.map(|new| (without(block), new.clone())));
        }
        whom
    }

    /// Whether "Everyone" is chosen, and stays so.
    fn is_everyone(&self) -> bool {
        self.choose == Some(Audience::Everyone) && self.beyond_everyone.is_empty()
    }

    fn names_statuses(&self) -> bool {
        !(self.at_least.is_empty() && self.exactly.is_empty())
    }

    /// What to choose, step by step, beside what is chosen anyway.
    fn steps(&self, anyway: &Self) -> Vec<String> {
        let mut steps = Vec::new();
        match self.choose.filter(|choose| anyway.choose != Some(*choose)) {
            Some(Audience::Everyone) if !self.beyond_everyone.is_empty() => {
                let beyond = shown(&self.beyond_everyone);
                steps.push(format!(
                    "The guide says \"Everyone\". That means people who work for you now, and {beyond} are asked for too: \
                     choose \"Select people by condition\" instead, press \"Edit\", and name Employed and every other status \
                     that is to be seen, {beyond} among them."
                ));
            }
            Some(Audience::Everyone) => steps.push(
                "Choose \"Everyone\". That means people who work for you now, and neither leavers nor future starters."
                    .to_owned(),
            ),
            Some(Audience::ByCondition) => {
                steps.push("Choose \"Select people by condition\", and press \"Edit\".".to_owned());
            }
            Some(Audience::ByName) => steps.push("Choose \"Select people by name\".".to_owned()),
            Some(Audience::Customer) => steps.push(IS_YOURS.to_owned()),
            None => {}
        }
        let all = if self.all { ", and those that your company made: whatever the list shows" } else { "" };
        let mut wanted = self.exactly.clone();
        wanted.extend(self.at_least.iter().filter(|id| !self.exactly.contains(id)));
        let printed = self.of_status.as_ref().map(|printed| format!("The condition: {printed}."));
        if !self.exactly.is_empty() {
            let statuses = format!("{}{all}, and nobody else.", shown(&wanted));
            steps.push(match printed {
                Some(printed) => format!("{printed} It takes in {statuses}"),
                None => format!("Lifecycle status equals {statuses}"),
            });
        } else if anyway.is_everyone() && wanted.iter().any(|id| blocks::NOT_IN_EVERYONE.contains(id)) {
            steps.push(format!(
                "\"Everyone\" leaves {} out: choose \"Select people by condition\" instead, press \"Edit\", and name \
                 Employed and every other status that is to be seen, {} among them.",
                shown(&wanted),
                shown(&wanted)
            ));
        } else if !wanted.is_empty() && !anyway.names_statuses() {
            let statuses = format!("{}{all}. {}", shown(&wanted), self.more());
            steps.push(match printed {
                Some(printed) => format!("{printed} It has to take in {statuses}"),
                None => format!("Lifecycle status equals {statuses}"),
            });
        } else {
            steps.extend(printed);
            wanted.retain(|id| !anyway.at_least.contains(id) && !anyway.exactly.contains(id));
            if !wanted.is_empty() {
                let new = shown(&wanted);
                steps.push(format!("Add {new} to the lifecycle statuses above, in the same condition."));
            }
        }
        if !self.not_only.is_empty() {
            let known = shown(&self.not_only);
            steps.push(format!("Not only {known}: somebody of another status must be seen too."));
        }
        if !self.recommended.is_empty() {
            let statuses = shown(&self.recommended);
            steps.push(format!("Recommended, and not required: Lifecycle status equals {statuses} too."));
        }
        if !self.never.is_empty() {
            steps.push(format!("Never {}: they must not be seen.", shown(&self.never)));
        }
        steps.extend(self.conditions.iter().map(|condition| format!("The condition: {condition}.")));
        steps.extend(self.head_count.iter().map(|bound| {
            let people =
                |number: u32| count(usize::try_from(number).unwrap_or(usize::MAX), "person", "people");
            match bound {
                HeadCount::AtLeast(least) => {
                    format!(
                        "At least {} must be seen. If there are fewer, something is wrong.",
                        people(*least)
                    )
                }
                HeadCount::AtMost(most) => {
                    format!("At most {} may be seen. If there are more, ask before you go on.", people(*most))
                }
            }
        }));
        match self.breaks.as_slice() {
            [(_, only)] => steps.push(format!("Otherwise: {only}")),
            several => steps.extend(several.iter().map(|(without, breaks)| format!("{without}: {breaks}"))),
        }
        steps
    }

    /// Who else may be chosen.
    fn more(&self) -> String {
        if self.all {
            return "None may be left out.".to_owned();
        }
        if self.never.is_empty() {
            return "More may be chosen, and fewer not.".to_owned();
        }
        let is_left = |id: &&str| !self.at_least.contains(id) && !self.never.contains(id);
        let left: Vec<&str> = STATUSES.iter().map(|(id, _)| *id).filter(is_left).collect();
        match left.as_slice() {
            [] => "Nobody else may be chosen, and fewer not.".to_owned(),
            left => format!("{} may be chosen too, and fewer not.", shown(left)),
        }
    }
}

/// What has to happen for a block to be missed.
fn without(block: &Population) -> String {
    let wanted = ids(block.at_least.iter().chain(&block.exactly).chain(&block.recommended));
    let never = ids(block.never.iter());
    match (wanted.is_empty(), never.is_empty(), block.conditions.is_empty()) {
        (false, ..) if block.all => "If anybody is left out".to_owned(),
        (false, ..) => format!("Without {}", shown(&wanted)),
        (true, false, _) => format!("With {}", shown(&never)),
        (true, true, false) => "Without the condition".to_owned(),
        (true, true, true) => "Otherwise".to_owned(),
    }
}

/// Whether some of the blocks name a status that these do not.
fn name_others(all: &[&Population], these: &[&Population]) -> bool {
    let named =
        |blocks: &[&Population]| ids(blocks.iter().flat_map(|it| it.at_least.iter().chain(&it.exactly)));
    let known = named(these);
    named(all).iter().any(|status| !known.contains(status))
}

/// Whether two conditions never hold for one customer: they want two answers to one question.
fn excludes(one: &When, other: &When) -> bool {
    let answers = |when: &When| -> Vec<(String, String)> {
        let single = when.0.iter().filter_map(|clause| match clause.as_slice() {
            [only] => Some(only.facts.clone()),
            _ => None,
        });
        single.flatten().collect()
    };
    let others = answers(other);
    answers(one).iter().any(|(fact, value)| others.iter().any(|(of, says)| of == fact && says != value))
}

fn add(known: &mut Vec<&'static str>, new: &[Status]) {
    for status in new {
        if !known.contains(&status.id) {
            known.push(status.id);
        }
    }
}

fn ids<'a>(statuses: impl Iterator<Item = &'a Status>) -> Vec<&'static str> {
    statuses.map(|status| status.id).collect()
}

/// Statuses as HiBob shows them.
fn shown(statuses: &[&str]) -> String {
    list(&blocks::shown(statuses))
}

#[cfg(test)]
mod tests {
    use crate::catalogue::screens;
    use crate::guide::tests::on;

    /// The chapter, for a customer of whom this is known.
    fn chapter(lines: &str, facts: &[(&str, &str)]) -> String {
        let lines =
            format!("requires: [people/root/view]\nfacts:\n  gp: {{asks: GP?, otherwise: no}}\n{lines}");
        let text = on(screens::newest(true), &lines, facts, None);
        let from = text.find("CHOOSE WHOSE DATA").unwrap();
        text[from..text.find("TICK THE BOXES").unwrap()].to_owned()
    }

    const TWO: &str = "population: [{at-least: [hired, employed], choose: by-condition, where: [Site equals Rome]}, \
                       {at-least: [terminated], where: [left since May], choose: by-condition, when: {fact: gp = yes}}]";

    #[test]
    fn where_conditions_are_none_of_the_clicks_they_are_not_told() {
        let by_condition = |lines: &str| chapter(lines, &[]).contains("Lifecycle status equals …");
        assert!(!by_condition("population: {choose: everyone}"));
        assert!(by_condition("population: [{choose: by-name, disputed: x}, {choose: by-condition}]"));
        assert!(by_condition("population: {at-least: [hired]}"));
        assert!(by_condition(""));
    }

    #[test]
    fn where_no_block_concerns_the_customer_nothing_is_said_of_whose_data() {
        let lines = "population: [{at-least: [hired], when: {fact: gp = yes}}]";
        assert!(chapter(lines, &[("gp", "no")]).contains("guide does not say whose data is needed"));
        assert!(!chapter(lines, &[("gp", "yes")]).contains("does not say whose"));
    }

    #[test]
    fn everyone_stays_where_only_a_condition_asks_for_more() {
        let lines = "population: [{choose: everyone}, {at-least: [hired], when: {fact: gp = yes}}]";
        let open = chapter(lines, &[]);
        assert!(open.contains("Choose \"Everyone\"."), "{open}");
        let instead = "is answered \"yes\":\n\n  - \"Everyone\" leaves Hired out: choose \"Select people by condition\" \
                       instead";
        assert!(open.contains(instead), "{open}");
        let yes = chapter(lines, &[("gp", "yes")]);
        assert!(!yes.contains("Choose \"Everyone\".") && yes.contains("Hired are asked for too"), "{yes}");
    }

    #[test]
    fn whom_everyone_leaves_out_is_chosen_by_condition() {
        let both = chapter("population: {choose: everyone, at-least: [terminated]}", &[]);
        assert!(!both.contains("Choose \"Everyone\"."), "{both}");
        let says = "The guide says \"Everyone\". That means people who work for you now, and Terminated are asked for too";
        assert!(both.contains(says), "{both}");
        let alone = chapter("population: {choose: everyone, at-least: [employed]}", &[]);
        assert!(alone.contains("Choose \"Everyone\"."), "{alone}");
    }

    #[test]
    fn blocks_that_hold_together_are_one_choice() {
        let text = chapter(TWO, &[("gp", "yes")]);
        assert!(text.contains("Lifecycle status equals Hired, Employed and Terminated. More may"), "{text}");
        assert_eq!(text.matches("Choose \"Select people by condition\"").count(), 1, "{text}");
        assert!(text.contains("The condition: Site equals Rome, for Hired and Employed."), "{text}");
        let without = chapter(TWO, &[("gp", "no")]);
        assert!(!without.contains("Terminated") && without.contains("Site equals Rome."), "{without}");
    }

    #[test]
    fn what_nobody_has_settled_comes_to_what_is_chosen_anyway() {
        let text = chapter(TWO, &[]);
        let branch = "In addition, only if \"GP?\" is answered \"yes\":\n\n  - Add Terminated to the lifecycle \
                      statuses above, in the same condition.\n  - The condition: left since May, for Terminated.\n";
        assert!(text.contains(branch), "{text}");
        assert_eq!(text.matches("Choose \"Select people by condition\"").count(), 1, "{text}");
    }

    #[test]
    fn what_always_holds_is_not_read_as_a_part_of_a_condition() {
        let lines = "population: [{choose: everyone, when: {fact: gp = no}}, {choose: by-condition, when: {fact: gp \
                     = yes}}, {where: [Type not equal to Contractor]}]";
        let text = chapter(lines, &[]);
        let always = text.find("Contractor").unwrap();
        assert!(always < text.find("In addition, only if").unwrap(), "{text}");
        let rivals = "population: [{at-least: [hired], when: {fact: gp = no}}, {at-least: [leave], when: {fact: gp = \
                      yes}}]";
        let text = chapter(rivals, &[]);
        assert!(!text.contains("the statuses of all of them"), "one question has one answer: {text}");
        let both = rivals.replacen("gp = no", "uk = yes", 1);
        let text = chapter(&both.replacen("population", "  uk: UK?\npopulation", 1), &[]);
        assert!(text.contains("the statuses of all of them, in one condition"), "{text}");
        assert!(!text.contains("In addition"), "{text}");
    }

    #[test]
    fn beside_people_who_must_not_be_seen_it_is_told_which_others_may() {
        let text = chapter("population: {at-least: [hired, employed], never: [terminated]}", &[]);
        let more = "Lifecycle status equals Hired and Employed. Garden leave, Leave and Parental leave may be chosen \
                    too, and fewer not.";
        assert!(text.contains(more) && text.contains("Never Terminated"), "{text}");
        let nobody = "population: {at-least: [hired, employed, leave, parental-leave, garden-leave], never: \
                      [terminated]}";
        assert!(chapter(nobody, &[]).contains("Nobody else may be chosen"));
        assert!(chapter("population: {head-count: 1}", &[]).contains("At least 1 person must"));
        let most = chapter("population: {head-count: {at-least: 2, at-most: 500}}", &[]);
        assert!(most.contains("At least 2 people must") && most.contains("At most 500 people may"), "{most}");
    }

    #[test]
    fn of_two_blocks_that_contradict_each_other_the_guide_says_which_holds() {
        let blocks = |of_other: &str| {
            let lines = format!(
                "population: [{{at-least: [terminated], disputed: x}}, {{never: [terminated]{of_other}}}]"
            );
            chapter(&lines, &[])
        };
        let holds = blocks("");
        assert!(holds.contains("pass over this") && !holds.contains("change nothing until then"), "{holds}");
        assert!(holds.contains("Disputed:\n\n  - Lifecycle status equals Terminated"), "{holds}");
        let open = blocks(", disputed: y");
        assert!(!open.contains("pass over this") && open.contains("change nothing until then"), "{open}");
    }

    #[test]
    fn a_condition_on_the_status_is_the_one_that_takes_in_the_statuses() {
        let one = chapter("population: {at-least: [terminated], where: [Lifecycle status exists]}", &[]);
        let says = "The condition: Lifecycle status exists. It has to take in Terminated. More may be chosen";
        assert!(one.contains(says) && !one.contains("equals Terminated"), "{one}");
        assert_eq!(one.matches("The condition").count(), 1, "{one}");
        let other = chapter("population: {at-least: [terminated], where: [Site exists]}", &[]);
        assert!(
            other.contains("equals Terminated") && other.contains("The condition: Site exists."),
            "{other}"
        );
        let alone = chapter("population: {where: [Lifecycle status exists]}", &[]);
        assert!(alone.contains("The condition: Lifecycle status exists.\n"), "{alone}");
    }

    #[test]
    fn what_the_guide_leaves_to_the_customer_is_told_as_examples() {
        let both = "population: [{choose: customer, where: [Site equals London]}, {choose: everyone}]";
        let text = chapter(both, &[]);
        let says = "in the group.\n\n  - Whose data it is, is for you to choose.\n  - For example \"Everyone\": people \
                    who work for you now, and neither leavers nor future starters.\n  - For example \"Select people by \
                    condition\": Site equals London.\n";
        assert!(text.contains(says) && !text.contains("proposal"), "{text}");
        let one = chapter("population: {choose: customer, at-least: [employed], where: [Site exists]}", &[]);
        let says =
            "For example \"Select people by condition\": Lifecycle status equals Employed; Site exists.\n";
        assert!(one.contains(says) && !one.contains("fewer not"), "{one}");
        let firm = chapter(
            "population: [{choose: customer, at-least: [leave]}, {choose: everyone, at-least: [employed]}]",
            &[],
        );
        assert!(firm.contains("Lifecycle status equals Employed. More may be chosen"), "{firm}");
        assert!(firm.contains("For example \"Everyone\"") && !firm.contains("Choose \"Everyone\""), "{firm}");
    }

    #[test]
    fn all_statuses_are_those_too_that_the_company_made() {
        let text = chapter("population: {at-least: all}", &[]);
        let says = "Parental leave, and those that your company made: whatever the list shows. None may be left out.";
        assert!(text.contains(says), "{text}");
    }

    #[test]
    fn what_breaks_is_told_with_what_it_hangs_on() {
        let one = "{at-least: [terminated], breaks: leavers stay}";
        assert!(chapter(&format!("population: {one}"), &[]).contains("Otherwise: leavers stay"));
        let both = chapter(&format!("population: [{one}, {{never: [hired], breaks: they are paid}}]"), &[]);
        assert!(both.contains("Without Terminated: leavers stay"), "{both}");
        assert!(both.contains("With Hired: they are paid") && !both.contains("Otherwise"), "{both}");
    }
}
