//! What only a person can see, as one list: the checks of the policy, and what follows from whose data is
//! meant, who is in the group, and what is required beside permissions.

use crate::catalogue::screens;
use crate::policy::beside::told;
use crate::policy::blocks::{Membership, Population};
use crate::policy::lines::{Truth, When};
use crate::policy::{Model, Policy, Role, Spot};
use crate::report::{About, ManualCheck, words};

use super::at;

/// The checks, in a tenant with this permission model.
pub(super) fn checks(policy: &Policy, model: Option<Model>) -> Vec<ManualCheck> {
    let mut checks: Vec<ManualCheck> = Vec::new();
    let mut check = |text: &str, when: &When, about: Option<About>, role: Role, place: &Spot| {
        // What is known not to concern this customer is not asked.
        let Some(told) = policy.under(text, when, model) else { return };
        let new = ManualCheck { text: told, about, role, at: at(place) };
        // Guides say the same thing in two places. What everybody looks at is not asked again under a condition.
        let says_it =
            |known: &ManualCheck| known.role == role && (known.text == new.text || known.text == text);
        if !checks.iter().any(says_it) {
            checks.push(new);
        }
    };
    // What is under a condition comes after what is not, so that it is known what need not be asked again.
    let is_of_some = |when: &When| policy.truth(when, model) != Truth::Yes;
    let mut membership: Vec<&Membership> = policy.membership.iter().collect();
    membership.sort_by_key(|block| is_of_some(&block.when));
    // What is known to hold for this customer holds together.
    let settled = |block: &Population| match policy.truth(&block.when, model) {
        Truth::Yes => Some(Population { when: When::default(), ..block.clone() }),
        Truth::Open => Some(block.clone()),
        Truth::No => None,
    };
    let mut population: Vec<Population> = policy.population.iter().filter_map(settled).collect();
    population.sort_by_key(|block| is_of_some(&block.when));
    // Whether the screens are older ones, rights given by section do not say.
    let group_types = (model == Some(Model::Field)).then(|| screens::newest(true).group_types);
    for membership in membership {
        for (about, text) in words::membership(membership, group_types) {
            check(&text, &membership.when, Some(about), Role::HibobAdmin, &membership.place);
        }
    }
    for manual in &policy.manual {
        let text = told(&manual.text, manual.by.name.as_deref(), manual.wanted);
        check(&text, &manual.when, None, manual.by.role, &manual.place);
    }
    for (text, line) in policy.shared_reports().chain(policy.limits()) {
        check(&text, &line.when, None, Role::HibobAdmin, &line.place);
    }
    for block in &population {
        for (text, role) in words::population(block, &population) {
            // What is left to the customer is in nobody's way.
            let about = (!block.is_left_to_the_customer()).then_some(About::Audience);
            check(&text, &block.when, about, role, &block.place);
        }
    }
    for also in &policy.also {
        let text = format!("{}: {}", words::also(also.kind), also.text);
        let text = told(&text, also.by.name.as_deref(), also.wanted);
        check(&text, &also.when, None, also.by.role, &also.place);
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::policy::{Origin, validate};
    use crate::source::Source;

    fn told(lines: &str, model: Option<Model>) -> Vec<(String, Role)> {
        let text = format!(
            "policy: x\nversion: 2026-11-23\nlist: open\nfeatures: {{b: B}}\nrequires: [people/root/view]\n{lines}\n"
        );
        let source = Source::new("x.yaml", text);
        let policy = validate::read(&source, Origin::File, Catalogue::embedded())
            .unwrap_or_else(|problems| panic!("{problems}"));
        checks(&policy, model).into_iter().map(|check| (check.text, check.role)).collect()
    }

    #[test]
    fn how_members_are_chosen_is_looked_at_where_a_condition_chooses_them() {
        let lines = "membership: {choose: by-condition, condition: removed, members: only-the-service-user}";
        let by_field = told(lines, Some(Model::Field));
        assert_eq!(by_field, [(words::MEMBERS.to_owned(), Role::HibobAdmin)]);
        for model in [None, Some(Model::Category)] {
            let says = told(lines, model);
            let only = " (only where the group is not of the type \"Service user\")";
            assert_eq!(says.len(), 3, "{says:?}");
            assert!(says[1..].iter().all(|(text, _)| text.ends_with(only)), "{says:?}");
        }
        let employees = told("membership: {group: employee, condition: kept}", Some(Model::Field));
        assert!(employees[1].0.ends_with("is left in."), "{employees:?}");
    }

    #[test]
    fn what_everybody_looks_at_is_not_asked_again_under_a_condition() {
        let lines = "facts: {late: Late?}\npopulation: [{choose: by-condition, at-least: [leave], when: {fact: late = \
                     yes}}, {choose: by-condition}]";
        let says = told(lines, None);
        assert_eq!(says.len(), 1, "{says:?}");
        assert!(says[0].0.ends_with("is chosen."), "{says:?}");
    }

    #[test]
    fn a_model_that_is_known_settles_what_is_looked_at() {
        let lines = "manual: [{text: Look., when: {model: field}}, {text: See., when: {ui: access-rights}}]";
        let texts = |model| told(lines, model).into_iter().map(|(text, _)| text).collect::<Vec<_>>();
        assert_eq!(texts(Some(Model::Field)), ["Look."]);
        assert_eq!(texts(None).len(), 2);
        let by_section = texts(Some(Model::Category));
        assert!(
            matches!(by_section.as_slice(), [one] if one.starts_with("See. (only on screens")),
            "{by_section:?}"
        );
    }

    #[test]
    fn a_field_is_made_by_whoever_the_policy_names() {
        let lines = "also: [{metadata: A}, {metadata: B, role: hibob-admin}, {data: C, role: operator}]";
        let roles: Vec<Role> = told(lines, None).into_iter().map(|(_, role)| role).collect();
        assert_eq!(roles, [Role::Integrator, Role::HibobAdmin, Role::Operator]);
    }

    #[test]
    fn a_line_is_told_with_who_sees_to_it_and_how_much_it_is_wanted() {
        let lines = "also: [{webhook: A, wanted: optional}, {data: B, role: IT}]\nmanual: [{text: C, role: owner, \
                     wanted: recommended}, {text: D, role: integrator}]\nconnect: [E]\nlater: [F]";
        let says = told(lines, None);
        let texts: Vec<&str> = says.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["Owner (recommended): C", "D", "Optional: Webhooks: A", "IT: Data: B"]);
        let roles: Vec<Role> = says.iter().map(|(_, role)| *role).collect();
        assert_eq!(roles, [Role::HibobAdmin, Role::Integrator, Role::HibobAdmin, Role::HibobAdmin]);
    }

    #[test]
    fn in_a_group_that_exists_others_may_be() {
        let members =
            |own: &str| told(&format!("membership: {{own: {own}}}"), None).pop().map(|(text, _)| text);
        for own in ["existing", "either"] {
            assert_eq!(members(own).as_deref(), Some("Members: the service user is in the group."));
        }
        assert_eq!(members("dedicated").as_deref(), Some("The group was made for this service user alone."));
    }

    #[test]
    fn the_condition_on_the_status_is_looked_at_as_the_one_that_it_is() {
        let says = told("population: {at-least: [terminated], where: [Lifecycle status exists]}", None);
        assert!(says[0].0.contains("the one condition on the lifecycle status is"), "{says:?}");
        let says = told("population: {at-least: [terminated], where: [Site exists]}", None);
        assert_eq!(says[0].0, "Access data for: the condition Site exists.");
    }

    #[test]
    fn a_condition_for_some_people_says_for_whom() {
        let terminated = "{at-least: [terminated], where: [Leaving date after 6 April]}";
        for other in ["{at-least: [employed], where: [Site exists]}", "{choose: everyone}"] {
            let says = told(&format!("population: [{other}, {terminated}]"), None);
            let text = "Access data for people with the status Terminated: the condition Leaving date after 6 April.";
            assert_eq!(says.last().map(|(text, _)| text.as_str()), Some(text), "{other}: {says:?}");
        }
        for other in
            ["{where: [Site exists]}", "{at-least: [terminated]}", "{at-least: [employed], disputed: x}"]
        {
            let says = told(&format!("population: [{other}, {terminated}]"), None);
            let text = "Access data for: the condition Leaving date after 6 April.";
            assert_eq!(says.last().map(|(text, _)| text.as_str()), Some(text), "{other}: {says:?}");
        }
        let two = "population: [{at-least: [garden-leave, terminated], where: [X]}, {at-least: [employed]}]";
        assert!(
            told(two, None)[0].0.contains("status Terminated and Garden leave: "),
            "{:?}",
            told(two, None)
        );
    }

    #[test]
    fn what_is_left_to_the_customer_is_told_as_examples_and_not_asked_for() {
        let says = told(
            "population: [{choose: customer, at-least: [employed], where: [Site equals London]}, {choose: everyone}]",
            None,
        );
        let examples = "Access data for: the people are chosen whom you want to be seen. The guide names examples: \
                        \"Everyone\", or Lifecycle status equals Employed; Site equals London.";
        assert_eq!(says, [(examples.to_owned(), Role::HibobAdmin)]);
        assert_eq!(told("population: {choose: customer, at-least: [employed]}", None), []);
        let firm =
            told("population: [{choose: customer}, {choose: by-condition, where: [Site exists]}]", None);
        assert!(firm.len() == 2 && firm[1].0 == "Access data for: the condition Site exists.", "{firm:?}");
    }

    #[test]
    fn of_what_only_so_many_may_be_chosen_is_looked_at() {
        let says = told(
            "optional: [{label: Up to two, at-most: 2, items: [people/work/view, people/about/view]}, {list-not-known: \
             your fields, at-most: 10}, {label: All, items: [people/home/view]}]",
            None,
        );
        let texts: Vec<&str> = says.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(
            texts,
            ["At most 2 of these are chosen: Up to two", "At most 10 of these are chosen: your fields"]
        );
    }

    #[test]
    fn what_comes_first_is_looked_at_as_well() {
        let says = told("prerequisites: [{metadata: A, role: hibob-admin}]\nalso: [{data: B}]", None);
        assert_eq!(says.len(), 2, "{says:?}");
        assert!(says[0].0.ends_with(": A") && says[0].1 == Role::HibobAdmin, "{says:?}");
    }

    #[test]
    fn what_is_known_to_hold_for_a_customer_holds_together() {
        let says = |pre: &str| {
            let facts =
                format!("facts: {{exit: {{asks: E?, otherwise: no}}, pre: {{asks: P?, otherwise: {pre}}}}}");
            let blocks =
                "{choose: everyone, when: {fact: exit = no}}, {at-least: [hired], when: {fact: pre = yes}}";
            told(&format!("{facts}\npopulation: [{blocks}]"), None)
        };
        assert!(says("yes").iter().any(|(text, _)| text.contains("takes in Hired too")), "{:?}", says("yes"));
        assert!(says("no").iter().all(|(text, _)| !text.contains("takes in Hired too")), "{:?}", says("no"));
    }
}
