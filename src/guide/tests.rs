//! What the guide says of lines, each by what is written of it.

use super::*;
use crate::catalogue::screens;
use crate::policy::{Origin, validate};
use crate::source::Source;

/// The guide of a policy with these lines, as plain text that is not wrapped.
pub(super) fn guide(lines: &str) -> String {
    on(screens::newest(true), lines, &[], None)
}

/// The same on other screens, for a customer of whom this is known, with the customer's name of the group.
pub(super) fn on(ui: &Screens, lines: &str, facts: &[(&str, &str)], group: Option<&str>) -> String {
    let text = format!("policy: x\ntitle: Acme\nversion: 2026-11-21\nlist: open\n{lines}\n");
    let source = Source::new("x.yaml", text);
    let mut policy = validate::read(&source, Origin::File, Catalogue::embedded())
        .unwrap_or_else(|problems| panic!("{problems}"));
    let known = facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    policy.choices.facts.extend(known);
    text::write(&Guide::of(&policy, Catalogue::embedded(), ui, group, None), 10_000, false)
}

#[test]
fn labels_that_nobody_could_match_are_told_one_by_one() {
    let text = guide(
        "requires: [people/root/view, {unresolved: nobody knows, label: Read Departments}, {unresolved: nobody \
         knows, label: Read Locations}, {unresolved: nobody knows, label: Read Locations}]",
    );
    assert_eq!(text.matches("Which box this is, is not known: nobody knows").count(), 2, "{text}");
    assert!(text.contains("[ ] \"Read Departments\"\n"), "{text}");
    assert!(text.contains("[ ] \"Read Locations\" (2 times)\n"), "{text}");
}

#[test]
fn a_box_by_what_is_printed_is_a_box_to_tick_under_its_path() {
    let text =
        guide("requires: [{box: Manage fields, path: Permission groups > Company > Fields, breaks: no map}]");
    assert!(text.contains("Under Company › Fields:\n\n[ ] \"Manage fields\"\n"), "{text}");
    assert!(
        text.contains("If your HiBob has no such box, ask Acme which is meant.\n      Without it: no map")
    );
}

#[test]
fn what_a_box_breaks_that_is_not_wanted_comes_with_it() {
    let text = guide(
        "requires: [{permission: people/root/view, breaks: no people, for: names}]\nforbidden: [{permission: \
         people/payroll/view, breaks: Acme stops}]\nnot-needed: [{permission: people/eeo/view, breaks: all comes \
         twice, for: it is never read}]",
    );
    assert!(text.contains("Without it: no people") && text.contains("With it: Acme stops"), "{text}");
    assert!(text.contains("With it: all comes twice") && !text.contains("Without it: all"), "{text}");
    assert!(text.contains("What for: names") && text.contains("Why: it is never read"), "{text}");
}

#[test]
fn what_introduces_a_list_that_nobody_knows_is_a_sentence_next_to_it() {
    let text = guide(
        "requires: [{list-not-known: theirs, label: mine, among: [docs/shared/view], breaks: no files}]",
    );
    let says = "Without it: no files\n      What belongs here is not known: theirs. Ask Acme for the list. It can be \
                some of these, and nothing else:\n      - People's data";
    assert!(text.contains(says), "{text}");
    let fields = guide("requires: [{list-not-known: theirs, among: fields/*/view}]");
    assert!(fields.contains("It can be boxes of single fields, and nothing else.\n"), "{fields}");
}

#[test]
fn where_nothing_of_hibobs_is_left_no_list_of_nothing_is_announced() {
    let of = |among: &str, except: &str| {
        guide(&format!(
            "requires: [{{list-not-known: yours, role: hibob-admin, among: {among}, except: [{except}]}}]"
        ))
    };
    let folders = of("[docs/*/view, docs/*/upload]", "docs/shared, docs/confidential");
    let says = "yours. It can be boxes of the folders that your company made itself, and nothing else.\n";
    assert!(folders.contains(says) && !folders.contains("But not"), "{folders}");
    let but = of("docs/*/view", "docs/shared, docs/confidential, docs/Contracts");
    assert!(but.contains("made itself, but not of Contracts, and nothing else.\n"), "{but}");
    let some = of("docs/*/view", "docs/shared");
    assert!(
        some.contains("It can be some of these or of the folders that") && some.contains("But not"),
        "{some}"
    );
}

#[test]
fn a_section_that_the_company_made_is_left_out_by_its_name() {
    let text = guide("forbidden: [{every: people/*/edit, except: [Access control]}]");
    assert!(text.contains("what your company made itself, but not of Access control:"), "{text}");
}

#[test]
fn of_what_only_so_many_may_be_chosen_the_guide_says_so() {
    let text = guide(
        "optional: [{label: Up to two, at-most: 2, items: [people/work/view, people/about/view]}, {list-not-known: your \
         fields, at-most: 10}]",
    );
    assert!(text.contains("[ ] \"Up to two\"\n      Choose at most 2 of these.\n"), "{text}");
    assert!(text.contains("Choose at most 10 of these.\n"), "{text}");
}

#[test]
fn of_what_is_required_the_list_that_stands_first_is_told_first() {
    let minimum = "minimum: [people/root/view]";
    let extras = "requires: [{permission: people/about/view, when: {with: a}}]";
    let first_is_minimum = |one: &str, other: &str| {
        let text = guide(&format!("features: {{a: A}}\n{one}\n{other}"));
        text.find("Required at the least").unwrap() < text.find("Required\n").unwrap()
    };
    assert!(first_is_minimum(minimum, extras));
    assert!(!first_is_minimum(extras, minimum));
}

#[test]
fn what_everybody_has_ticked_is_not_one_more_thing_to_tick() {
    let anyway = "Who has followed this guide so far has ticked it";
    let told = |lines: &str| guide(&format!("features: {{a: A}}\n{lines}")).matches(anyway).count();
    let again = "{permission: people/root/view, label: Again, when: {with: a}}";
    assert_eq!(told(&format!("requires: [people/root/view, {again}]")), 1);
    assert_eq!(told(&format!("minimum: [people/root/view]\noptional: [{again}]")), 1);
    assert_eq!(told(&format!("optional: [people/root/view]\nrequires: [{again}]")), 0);
    assert_eq!(told(&format!("requires: [people/about/view, {again}]")), 0);
    assert_eq!(
        told("requires: [people/root/view, {section: people/root, boxes: [view, edit], when: {with: a}}]"),
        0
    );
}

#[test]
fn what_the_guide_leaves_to_the_customer_is_not_asked_of_the_publisher() {
    let lines = "requires: [people/root/view, {list-not-known: your fields, among: docs/*/view, except: \
                 [docs/shared/*], role: hibob-admin}]";
    let text = guide(lines);
    assert!(text.contains("Which these are, you know: your fields. It can be"), "{text}");
    assert!(text.contains("- But not People's data › Docs › Shared Docs"), "{text}");
    assert!(!text.contains("Ask Acme for the list"), "{text}");
}

#[test]
fn what_introduces_boxes_stands_next_to_them() {
    let text = guide("requires: [{every: time-off/whos-out/*, label: both, for: absences}]");
    assert!(text.contains("What for: absences\n      That is 2 boxes:\n      - "), "{text}");
}

#[test]
fn printed_words_that_hold_quotes_are_quoted_otherwise() {
    let text = guide("requires: [{permission: people/root/view, label: the box \"Basic info\"}]");
    assert!(text.contains("‘the box \"Basic info\"’"), "{text}");
}

/// What is to be ticked for the sake of what is read.
fn for_what_is_read(lines: &str) -> String {
    let text = guide(&format!("facts: {{uk: UK?, us: US?}}\n{lines}"));
    let Some(from) = text.find("For what is read") else { return String::new() };
    text[from..text.find("WHAT NOT TO TICK").unwrap()].to_owned()
}

#[test]
fn no_box_is_told_again_for_what_is_read_that_a_list_or_a_choice_settles() {
    let choice = "requires: [people/root/view, {one-of: [features/workforce-planning/positions/manage, {box: View \
                  positions, path: Features > Positions}]}]\nneeds: [{resource: positions}]";
    assert_eq!(for_what_is_read(choice), "");
    let either =
        "requires: [people/root/view]\nneeds: [{one-of: [{field: root.email}, {field: home.privateEmail}]}]";
    assert_eq!(for_what_is_read(either), "");
    let same = "requires: [people/root/view, {permission: people/financial/view, when: {fact: uk = yes}}]\nneeds: \
                [{table: bank-accounts, when: {fact: uk = yes}}]";
    assert_eq!(for_what_is_read(same), "");
    let other = same.replacen("uk = yes", "us = yes", 1);
    assert!(for_what_is_read(&other).contains("Financial"), "{}", for_what_is_read(&other));
}

#[test]
fn a_box_for_what_is_read_under_a_condition_stands_under_it() {
    let text = for_what_is_read(
        "requires: [people/root/view]\nneeds: [{table: bank-accounts, when: {fact: uk = yes}}, {table: work}, {table: \
         equities, when: {fact: uk = yes}}, {field: equity.x, when: {fact: us = yes}}]",
    );
    let only = text.find("Only if \"UK?\" is answered \"yes\":").unwrap_or_else(|| panic!("{text}"));
    assert!(
        text.find("Work: View").unwrap() < only && only < text.find("Financial: View").unwrap(),
        "{text}"
    );
    assert!(text.contains("Opens: the table \"bank-accounts\".\n"), "{text}");
}

#[test]
fn where_a_guide_says_where_a_field_stands_it_is_believed() {
    let text = for_what_is_read(
        "requires: [people/root/view]\nneeds: [{field: Acme ID, path: Work}, {table: Grants}]",
    );
    assert!(text.contains("Acme's guide says that Acme ID stands under: Work."), "{text}");
    assert!(text.contains("In which section your HiBob has the table \"Grants\", only"), "{text}");
}

#[test]
fn the_columns_of_a_table_go_by_their_names_on_the_screen() {
    let text =
        guide("requires: [people/work/view]\nneeds: [{table: work, columns: [reportsTo, department]}]");
    assert!(text.contains("The table \"work\": Reports to, Department"), "{text}");
}

#[test]
fn of_a_section_that_is_not_wanted_every_box_is_left_unticked() {
    let text = guide(
        "requires: [people/root/view]\nforbidden: [{section: people/equity}, {section: Performance}]\nnot-needed: \
         [{section: people/eeo, label: EEO (unticked)}]",
    );
    for says in [
        "[ ] Each box of Equity\n      They are: Edit selected employees' Equity sections",
        "[ ] Each box of Performance\n",
        "[ ] \"EEO (unticked)\"\n      That is each box of EEO: ",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    assert!(!text.contains("which is meant") && !text.contains("which box is meant"), "{text}");
}

#[test]
fn a_box_of_a_field_stands_under_its_section_by_its_name() {
    let of = |line: &str| guide(&format!("requires: [people/root/view, {line}]"));
    let by_name = of("{field: Papaya ID, section: Work, boxes: [view, edit], breaks: no id}");
    let says =
        "Under People's data › People's fields › Work:\n\n[ ] View, Edit: Papaya ID\n      Without it: no id";
    assert!(by_name.contains(says), "{by_name}");
    let of_hibobs = "Under People's data › People's fields › Payroll:\n\n[ ] View: Base salary\n";
    for line in ["fields/payroll.salary.payment/view", "{field: base salary, boxes: [view]}"] {
        assert!(of(line).contains(of_hibobs), "{}", of(line));
    }
    let anywhere = of("{field: Papaya ID, boxes: [edit]}");
    assert!(anywhere.contains("[ ] Edit: Papaya ID\n      In which section it is, your screens show."));
}

#[test]
fn the_boxes_of_many_fields_in_one_line_are_one_row_for_each_section() {
    let text = guide(
        "requires: [{label: Salary fields, items: [fields/payroll.salary.payment/view, fields/root.firstName/view, \
         fields/payroll.salary.payPeriod/view, {permission: fields/payroll.salary.payPeriod/edit}]}]",
    );
    for says in [
        "- People's data › People's fields › Payroll: View: Base salary, Salary pay period\n",
        "- People's data › People's fields › Basic info: View: First name\n",
        "- People's data › People's fields › Payroll: Edit: Salary pay period\n",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
}

#[test]
fn where_no_field_has_a_box_of_its_own_that_of_its_section_is_told() {
    let text = "policy: x\ntitle: Acme\nversion: 2026-11-21\nlist: open\nrequires: [people/root/view, {field: Papaya \
                ID, section: people/work, boxes: [edit]}, {field: Papaya ID 2, boxes: [edit]}]\n";
    let source = Source::new("x.yaml", text);
    let policy = validate::read(&source, Origin::File, Catalogue::embedded()).unwrap();
    let guide = Guide::of(&policy, Catalogue::embedded(), screens::newest(false), None, None);
    let text = text::write(&guide, 10_000, false);
    assert!(text.contains("it goes by \"Edit selected employees' Work sections\"."), "{text}");
    assert!(text.contains("it goes by the Edit box of its section."), "{text}");
}

#[test]
fn what_holds_for_one_generation_of_screens_is_told_on_them_alone() {
    let lines = "requires: [people/root/view, {permission: people/work/view, when: {ui: access-rights}}]\nfeatures: \
                 {b: B}\nmembership: {members: only-the-service-user, when: {ui: access-rights, with: b}}\nnotes: \
                 [{text: It begins so., when: {ui: peoples-fields}}]";
    for ui in screens::all() {
        let text = on(ui, lines, &[], None);
        assert_eq!(text.contains("Work sections"), ui.id == "access-rights", "{}\n{text}", ui.id);
        let open = "only the service user is in the group. (only with: B)";
        assert_eq!(text.contains(open), ui.id == "access-rights", "{}\n{text}", ui.id);
        assert_eq!(text.contains("It begins so.\n"), ui.id == "peoples-fields", "{}\n{text}", ui.id);
    }
}

#[test]
fn screens_have_boxes_on_fields_where_rights_are_given_by_field() {
    for ui in Ui::ALL {
        let by_field = ui.model() == Model::Field;
        assert_eq!(screens::find(ui.as_str()).map(|known| known.by_field), Some(by_field), "{}", ui.as_str());
    }
}

#[test]
fn a_box_that_the_reader_needs_is_called_the_readers_own() {
    let text = guide(
        "requires: [people/root/view]\nprerequisites: [{permission: features/integrations/automation/manage, label: \
         Create the integration}, You are an admin.]",
    );
    let own = "You yourself need this box, in a group that you are in: Features › Integrations";
    assert!(
        text.contains(own) && text.contains(", which the guide calls \"Create the integration\"."),
        "{text}"
    );
    assert!(text.contains("- You are an admin.\n"), "{text}");
}

/// The guide for a customer of whom something is known.
fn guide_of(lines: &str, with: &[&str]) -> Guide {
    guide_of_text(format!("policy: x\ntitle: Acme\nversion: 2026-11-21\nlist: open\n{lines}\n"), with)
}

fn guide_of_text(text: String, with: &[&str]) -> Guide {
    let source = Source::new("x.yaml", text);
    let policy = validate::read(&source, Origin::File, Catalogue::embedded())
        .unwrap_or_else(|problems| panic!("{problems}"));
    let with = with.iter().map(|name| (*name).to_owned()).collect();
    let choices = crate::policy::lines::Choices { with, ..Default::default() };
    let policy = validate::choose(policy, choices, Catalogue::embedded()).unwrap();
    Guide::of(&policy, Catalogue::embedded(), screens::newest(true), None, None)
}

#[test]
fn a_guide_for_one_customer_says_which_and_what_is_left_out() {
    let lines = "features: {cars: Company cars, docs: Documents}\nfacts: {big: {asks: Big?, otherwise: no}}\n\
                 requires: [people/root/view, {permission: people/work/view, when: {with: cars}}]";
    let says = "uses: Company cars. Left out is what is only for: Documents. \"Big?\" is answered \"no\".";
    let text = |with: &[&str]| text::write(&guide_of(lines, with), 10_000, false);
    assert!(text(&["cars"]).contains(says), "{}", text(&["cars"]));
    assert!(!text(&[]).contains("Left out"), "{}", text(&[]));
    // A part that is not known of other customers is no part of this one's list.
    let closed = |with: &[&str]| {
        let lines = "list: closed\nfeatures: {cars: Company cars, docs: Documents}\nrequires: [people/root/view, \
                     {list-not-known: theirs, when: {with: docs}}]";
        let text = format!("policy: x\ntitle: Acme\nversion: 2026-11-21\n{lines}\n");
        text::write(&guide_of_text(text, with), 10_000, false)
    };
    assert!(closed(&["cars"]).contains("The list is whole: nothing else"), "{}", closed(&["cars"]));
    assert!(closed(&["docs"]).contains("The list is whole but for"), "{}", closed(&["docs"]));
}

#[test]
fn no_heading_stands_two_steps_below_the_one_over_it() {
    let lines = "facts: {a: A?}\nrequires: [people/root/view, {permission: people/work/view, when: {fact: a = yes}}]\n\
                 population: [{at-least: [hired], when: {fact: a = yes}}]\nalso: [{data: x}]\ntiming: [a day]\n\
                 credentials: [{id: a, token: b, when: {fact: a = yes}}, {kind: employee-token, when: {fact: a = no}}]";
    let guide = guide_of(lines, &[]);
    let depths = |text: &str, depth_of: &dyn Fn(&str) -> Option<usize>| {
        let found: Vec<usize> = text.lines().filter_map(depth_of).collect();
        assert!(found.len() > 8 && found.contains(&4), "{found:?}");
        assert!(found.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{found:?}\n{text}");
    };
    depths(&markdown::write(&guide), &|line| {
        let marks = line.chars().take_while(|c| *c == '#').count();
        (marks > 0).then_some(marks)
    });
    depths(&html::write(&guide), &|line| {
        line.strip_prefix("<h").and_then(|rest| rest.get(..1)?.parse().ok())
    });
}

#[test]
fn quotes_in_quotes_columns_and_lists_without_words_are_told_apart() {
    let text = guide(
        "requires: [people/root/view, {list-not-known: theirs}]\nneeds: [{table: variable, label: \"Bonus, only \\\"Annual\\\"\"}, \
         {table: salaries, columns: [base, payPeriod]}, {table: salaries}, {list-not-known: theirs too}]\nmembership: \
         {members: only-the-service-user, disputed: the picture shows two}",
    );
    for says in [
        "‘Bonus, only \"Annual\"’",
        "[ ] The table \"salaries\": Base salary, Salary pay period\n",
        "[ ] The table \"salaries\"\n",
        "[ ] Further boxes, which the guide does not name\n",
        "[ ] Further data, which the guide does not name\n",
        "But: the picture shows two",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
}

const CREDENTIALS: &str =
    "requires: [people/root/view]\nfacts: {late: Late?}\ncredentials: {id: ID, token: Token, name: Us";

#[test]
fn values_that_are_handed_over_later_are_not_first_put_where_they_go() {
    let at_once = guide(&format!("{CREDENTIALS}}}"));
    assert!(at_once.contains("put them where Acme asks for them"), "{at_once}");
    assert!(!at_once.contains("When the two values are handed over"), "{at_once}");
    let later = guide(&format!("{CREDENTIALS}, timing: [Only after Save.]}}"));
    assert!(!later.contains("put them where"), "{later}");
    let place = |words: &str| later.find(words).unwrap_or_else(|| panic!("{words}: {later}"));
    assert!(place("when they are handed over, is told below") < place("Press Save, then Apply"));
    assert!(
        place("Press Save, then Apply")
            < place("When the two values are handed over:\n\n  - Only after Save.")
    );
    let of_some =
        format!("{CREDENTIALS}, timing: [{{text: Only after Save., when: {{fact: late = yes}}}}]}}");
    let known = on(screens::newest(true), &of_some, &[("late", "no")], None);
    assert!(
        known.contains("put them where Acme asks for them") && !known.contains("Only after Save"),
        "{known}"
    );
}

#[test]
fn a_service_user_that_exists_is_not_made() {
    let of = |own: &str| guide(&format!("{CREDENTIALS}, own: {own}}}"));
    let make = "Press \"Create service user\"";
    let existing = of("existing");
    assert!(
        existing.contains("2. Choose the service user that you have for it.") && !existing.contains(make)
    );
    assert!(existing.contains("whatever uses the old one stops") && !existing.contains("before you close"));
    let either = of("either");
    assert!(
        either.contains("2. Choose a service user that you have for this, or make a new one")
            && either.contains(make)
    );
    assert!(either.contains("it does not show the token again"), "{either}");
    assert!(of("dedicated").contains(make) && !of("dedicated").contains("that you have"));
}

#[test]
fn what_comes_first_stands_first_and_each_kind_in_the_order_of_the_file() {
    let text = guide(
        "requires: [people/root/view]\nprerequisites: [Be an admin., {metadata: Make the field}]\nalso: [{data: Sites}, \
         {webhook: Tick all}, {data: Names}]",
    );
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
    assert!(
        place("Be an admin.") < place("Make the field") && place("Make the field") < place("2. CREATE THE")
    );
    assert!(place("BESIDE THE PERMISSIONS") < place("Sites") && place("Names") < place("Tick all"), "{text}");
    assert_eq!(text.matches("Make the field").count(), 1, "{text}");
}

#[test]
fn the_tab_that_is_opened_is_that_of_the_first_box() {
    let tab = |first: &str| {
        let text = guide(&format!("optional: [people/work/view]\nrequires: [{first}, people/root/view]"));
        ["Features", "People's data"]
            .into_iter()
            .find(|tab| text.contains(&format!("On the tab {tab}, press")))
    };
    assert_eq!(tab("features/people/employees/add"), Some("Features"));
    assert_eq!(
        tab("{label: both, items: [features/people/employees/add, people/work/edit]}"),
        Some("Features")
    );
    assert_eq!(
        tab("{permission: features/people/employees/add, when: {model: field}}"),
        Some("People's data")
    );
}

#[test]
fn what_a_company_made_and_a_pattern_leaves_out_is_told() {
    let text = guide(
        "requires: [people/root/view]\nforbidden: [{every: docs/*/*, except: [docs/Contracts]}, {every: fields/*/edit, \
         except: [fields/work.title/edit]}]",
    );
    assert!(text.contains("what your company made itself, but not of Contracts:"), "{text}");
    assert!(text.contains("That is the Edit box of every field, but not of Job title."), "{text}");
}

#[test]
fn everyone_and_a_status_that_it_leaves_out_hold_together_once_both_hold() {
    let lines = "requires: [people/root/view]\nfacts: {pre: Pre?, exit: Exit?}\npopulation: [{choose: everyone, when: \
                 {fact: exit = no}}, {at-least: [hired], when: {fact: pre = yes}}]";
    let of = |facts: &[(&str, &str)]| on(screens::newest(true), lines, facts, None);
    assert!(of(&[("exit", "no"), ("pre", "yes")]).contains("The guide says \"Everyone\""));
    assert!(of(&[("exit", "no"), ("pre", "no")]).contains("Choose \"Everyone\"."));
}

#[test]
fn headings_of_one_level_stand_beside_each_other() {
    let heading = |level: u8| Block::Heading(level, String::new());
    let of =
        |levels: &[u8]| depths(&levels.iter().copied().map(heading).collect::<Vec<_>>()).collect::<Vec<_>>();
    assert_eq!(of(&[2, 2, 1, 2, 2, 1]), [1, 1, 1, 2, 2, 1]);
    assert_eq!(of(&[1, 2, 1]), [1, 2, 1]);
}

#[test]
fn what_the_guide_does_not_want_is_no_part_of_a_list_that_nobody_knows() {
    let list = "requires: [people/root/view, {list-not-known: theirs, among: docs/*/view}]";
    let text = guide(&format!("{list}\nforbidden: [docs/confidential/view]"));
    assert!(text.contains("      - But not People's data › Docs › Confidential Docs"), "{text}");
    assert!(!guide(list).contains("But not"), "{text}");
}

/// The guide for a customer who uses the part `m`, and has given these answers, in a tenant of this model.
fn settled(lines: &str, facts: &[(&str, &str)], model: Option<Model>) -> String {
    let text = format!("policy: x\ntitle: Acme\nversion: 2026-11-21\nlist: open\n{lines}\n");
    let source = Source::new("x.yaml", text);
    let mut policy = validate::read(&source, Origin::File, Catalogue::embedded()).unwrap();
    policy.choices.with.insert("m".to_owned());
    policy.choices.facts.extend(facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let guide = Guide::of(&policy, Catalogue::embedded(), screens::newest(true), None, model);
    text::write(&guide, 10_000, false)
}

const MILES: &str = "features: {m: Miles}\nfacts: {plan: {asks: \"Plan?\", values: [small, middle, large]}}\nrequires: \
                     [people/root/view, {permission: people/address/view, when: {with: m, fact: plan != small, model: \
                     field}}, {permission: people/work/view, when: {model: category}}]";

#[test]
fn of_a_condition_only_what_is_not_settled_is_told() {
    let open = guide(MILES);
    let all = "Only with: Miles and if \"Plan?\" is not answered \"small\" and where rights are given field by field:";
    assert!(open.contains(all), "{open}");
    let answered = settled(MILES, &[("plan", "large")], None);
    assert!(answered.contains("\nOnly where rights are given field by field:\n"), "{answered}");
    assert!(!answered.contains("middle") && !answered.contains("with: Miles"), "{answered}");
}

#[test]
fn the_model_that_somebody_vouches_for_settles_its_conditions() {
    let by_field = settled(MILES, &[("plan", "large")], Some(Model::Field));
    assert!(by_field.contains("Address sections") && !by_field.contains("Work sections"), "{by_field}");
    assert!(!by_field.contains("Only where"), "{by_field}");
    let by_section = settled(MILES, &[], Some(Model::Category));
    assert!(by_section.contains("Work sections") && !by_section.contains("Address"), "{by_section}");
}

#[test]
fn the_boxes_of_a_table_of_the_customers_own_are_told_as_those_of_its_section() {
    let text = guide("requires: [people/root/view, {table: Pension, boxes: [view, history, edit]}]");
    let says = "[ ] The section in which your table \"Pension\" is: View, View history, Edit\n      Which section that is, \
                your screens show.";
    assert!(text.contains(says), "{text}");
    assert!(!text.contains("For what is read"), "{text}");
}

#[test]
fn a_report_by_its_name_is_to_be_shared() {
    let one = guide("requires: [people/root/view]\nneeds: [{resource: reports, name: Headcount, ids: [8]}]");
    let says = "The report \"Headcount\" is shared with the service user. The report with the id 8 is shared";
    assert!(one.contains(says), "{one}");
}

#[test]
fn how_long_it_takes_is_told_by_the_guide_where_it_says_so() {
    let lines = "requires: [people/root/view]\n";
    assert!(guide(lines).contains("HiBob needs about ten seconds."));
    let own = guide(&format!("{lines}timing: [Bob needs 2 minutes.]"));
    assert!(own.contains("Bob needs 2 minutes") && !own.contains("ten seconds"), "{own}");
}

#[test]
fn what_holds_only_field_by_field_is_told_on_the_screens_that_show_it() {
    let lines = "requires: [people/root/view, {field: Badge, section: people/work, boxes: [edit], when: {model: field}}]";
    let text = on(screens::newest(false), lines, &[], None);
    assert!(text.contains("People's fields › Work:\n\n[ ] Edit: Badge"), "{text}");
    assert!(!text.contains("no field has a box of its own"), "{text}");
}

#[test]
fn the_check_is_for_the_customer_whom_the_guide_is_for() {
    let text = "policy: x\ntitle: Acme\nversion: 2026-11-21\nlist: open\nfeatures: {sync: Sync}\nfacts: {pay: {asks: Which?, \
         values: [Base pay, b]}, eu: {asks: EU?, otherwise: \"no\"}}\nrequires: [people/root/view, {permission: \
         people/work/view, when: {with: sync, fact: [pay = Base pay, eu = yes]}}]\n";
    let source = Source::new("x.yaml", text);
    let mut policy = validate::read(&source, Origin::File, Catalogue::embedded()).unwrap();
    let of = |policy: &Policy, model: Option<Model>| {
        text::write(
            &Guide::of(policy, Catalogue::embedded(), screens::newest(true), None, model),
            10_000,
            false,
        )
    };
    assert!(of(&policy, None).contains("audit --policy x.yaml, which"));
    policy.choices.with.insert("sync".to_owned());
    policy.choices.facts.insert("pay".to_owned(), "Base pay".to_owned());
    let says = "audit --policy x.yaml --with sync --fact 'pay=Base pay' --permission-model field, which";
    let guide = of(&policy, Some(Model::Field));
    assert!(guide.contains(says), "{guide}");
}

#[test]
fn a_limit_beside_alternatives_is_told_with_the_least_of_them() {
    let text = guide(
        "requires: [{label: One or two, at-most: 2, any-of: [people/home/view, people/work/view, people/about/view]}]",
    );
    assert!(
        text.contains("[ ] At least one of these, and at most 2\n      The guide calls it \"One or two\""),
        "{text}"
    );
    assert!(!text.contains("Choose at most"), "{text}");
}

#[test]
fn a_condition_beside_some_of_the_statuses_says_for_whom() {
    let lines = "requires: [people/root/view]\nfacts: {gb: GB?}\npopulation: [{at-least: [employed], where: [Site equals \
                 London], when: {fact: gb = yes}}, {at-least: [terminated], where: [Leaving date after 6 April]}]";
    let ui = screens::newest(true);
    for text in [guide(lines), on(ui, lines, &[("gb", "yes")], None)] {
        assert!(text.contains("The condition: Leaving date after 6 April, for Terminated."), "{text}");
        assert!(text.contains("The condition: Site equals London, for Employed."), "{text}");
    }
    let alone = on(ui, lines, &[("gb", "no")], None);
    assert!(
        alone.contains("The condition: Leaving date after 6 April.") && !alone.contains("London"),
        "{alone}"
    );
}

#[test]
fn a_pattern_leaves_out_what_a_later_line_forbids_by_its_name() {
    let of = |forbidden: &str| {
        guide(&format!("requires: [people/root/view, {{every: people/*/view}}]\nforbidden: [{forbidden}]"))
    };
    let but = "those of what your company made itself, but not of Badges:";
    assert!(of("{section: Badges}").contains(but));
    assert!(of("{section: Badges, boxes: [view]}").contains(but));
    assert!(!of("{section: Badges, boxes: [edit]}").contains("but not of"));
    let folders = guide("requires: [{every: docs/*/view}]\nforbidden: [docs/Warnings/view, docs/Pay/upload]");
    assert!(folders.contains("made itself, but not of Warnings:"), "{folders}");
}
