//! What holds for the message, in both lengths.

use crate::report::format::{Format, Settings};
use crate::report::{
    About, At, Checkable, Decision, DecisionKind, DecisionNotice, Fix, FixAction, Item, ManualCheck, Need,
    NoticeKind, Report, Role, Status, VerdictWord, fixtures, text, words,
};

fn render(format: Format, report: &Report) -> String {
    let mut out = Vec::new();
    format.write(report, &Settings::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Both lengths, each without its line ends.
fn both(report: &Report) -> [String; 2] {
    [Format::Message, Format::MessageShort].map(|format| flat(&render(format, report)))
}

/// Two policies, each with one item; the second one's is of `kombo`.
fn two(first: Item, second: Item) -> Report {
    let mut report = fixtures::two_policies();
    for (policy, item) in report.policies.iter_mut().zip([first, second]) {
        policy.items = vec![item];
        policy.manual.clear();
        policy.decision_notices.clear();
        policy.policy.list = crate::policy::List::Open;
    }
    report
}

fn item(permission: &str, need: Need, status: Status) -> Item {
    let gaps = fixtures::gaps();
    let like = gaps.policies[0].items.iter().find(|item| match status {
        Status::Missing => item.permission.as_deref() == Some("people/employment/view"),
        Status::Excess => item.need == Need::Forbidden,
        Status::OptionalMissing => item.status == Status::OptionalMissing,
        _ => item.status == Status::Satisfied,
    });
    let verdict = match (need, status) {
        (Need::Required | Need::Optional, Status::Satisfied) | (_, Status::Excess) => VerdictWord::Granted,
        _ => VerdictWord::Denied,
    };
    Item { permission: Some(permission.to_owned()), need, status, verdict, ..like.unwrap().clone() }
}

const PAYROLL: &str = "people/payroll/view";

#[test]
fn nobody_is_told_to_tick_and_to_untick_one_box() {
    use Need::{Forbidden, Optional, Required};
    use Status::{Excess, Missing, OptionalMissing, Satisfied};
    let field =
        Item { opened_by: Some(PAYROLL.into()), ..item("fields/payroll.salary/view", Required, Missing) };
    for (first, second) in [
        (item(PAYROLL, Forbidden, Excess), item(PAYROLL, Required, Satisfied)),
        (item(PAYROLL, Forbidden, Satisfied), item(PAYROLL, Required, Missing)),
        (item(PAYROLL, Forbidden, Excess), item(PAYROLL, Optional, Satisfied)),
        (item(PAYROLL, Forbidden, Satisfied), item(PAYROLL, Optional, OptionalMissing)),
        (item(PAYROLL, Forbidden, Satisfied), item("people/payroll/*", Required, Missing)),
        (item("people/payroll/*", Forbidden, Excess), item(PAYROLL, Required, Satisfied)),
        (item(PAYROLL, Forbidden, Satisfied), field),
        (
            item("population/terminated", Forbidden, Satisfied),
            item("population/terminated", Required, Missing),
        ),
    ] {
        let what = format!("{:?} {:?} {:?}", first.status, second.permission, second.status);
        let report = two(first, second);
        for text in both(&report) {
            let text = text.to_lowercase();
            for word in ["please tick", "please untick", "tick:", "if you want to"] {
                assert!(!text.contains(word), "{what}: {word}\n{text}");
            }
            for says in [
                ["must not have it", "must not see them"]
                    .map(|says| format!("frontegg hibob connector {says}"))
                    .to_vec(),
                ["needs it", "would like it", "needs them"]
                    .map(|says| format!("kombo hibob connector {says}"))
                    .to_vec(),
            ] {
                assert!(says.iter().any(|says| text.contains(says)), "{what}: {says:?}\n{text}");
            }
            assert!(text.contains("leave"), "{what}\n{text}");
        }
    }
}

#[test]
fn what_one_can_do_without_and_another_needs_is_needed() {
    let report = two(
        item(PAYROLL, Need::NotNeeded, Status::Satisfied),
        item(PAYROLL, Need::Required, Status::Missing),
    );
    for text in both(&report) {
        assert!(text.contains("Please tick") || text.contains("PLEASE TICK"), "{text}");
        assert!(
            text.contains("Frontegg HiBob connector does without it; Kombo HiBob connector needs it"),
            "{text}"
        );
    }
}

#[test]
fn a_decision_settles_a_dispute() {
    let accepted = Item { status: Status::Waived, ..item(PAYROLL, Need::Forbidden, Status::Excess) };
    let report = two(accepted, item(PAYROLL, Need::Required, Status::Satisfied));
    for text in both(&report) {
        assert!(!text.contains("must not have it"), "{text}");
    }
}

#[test]
fn two_choices_of_people_are_a_dispute_and_one_is_not() {
    let check = |text: &str, about| ManualCheck {
        text: text.to_owned(),
        about: Some(about),
        role: Role::HibobAdmin,
        at: At { file: "x.yaml".into(), line: 1, column: 1 },
    };
    let satisfied = || item(PAYROLL, Need::Required, Status::Satisfied);
    let mut report = two(satisfied(), satisfied());
    let everyone = "Access data for: \"Everyone\" is chosen.";
    report.policies[0].manual = vec![check(everyone, About::Audience)];
    report.policies[1].manual =
        vec![check("Access data for: \"Select people by condition\" is chosen.", About::Audience)];
    for text in both(&report) {
        assert!(
            text.contains("Frontegg HiBob connector: Access data for: \"Everyone\" is chosen;"),
            "{text}"
        );
        assert!(!text.contains(&format!("1. {everyone}")), "{text}");
    }
    report.policies[1].manual = vec![check(everyone, About::Audience)];
    for text in both(&report) {
        assert!(text.contains(&format!("1. {everyone}")) && !text.contains("leave"), "{text}");
    }
    // One who asks for less is obeyed by whoever obeys the other.
    report.policies[0].manual = vec![check(words::MEMBERS, About::Members)];
    report.policies[1].manual = vec![check("Members: the service user is in the group.", About::Members)];
    for text in both(&report) {
        assert!(!text.contains("leave") && !text.contains(words::A_MEMBER), "{text}");
    }
}

/// The numbers at the beginnings of lines.
fn numbers(text: &str) -> Vec<usize> {
    let mut numbers = Vec::new();
    for line in text.lines() {
        let Some((head, _)) = line.trim_start().split_once(". ") else { continue };
        let (from, to) = head.split_once('-').unwrap_or((head, head));
        if let (Ok(from), Ok(to)) = (from.parse::<usize>(), to.parse::<usize>()) {
            numbers.extend(from..=to);
        }
    }
    numbers
}

#[test]
fn both_lengths_have_the_same_numbers() {
    let mut many = fixtures::gaps();
    for at in 0..30 {
        let mut item = many.policies[0].items[1].clone();
        item.permission = Some(format!("people/section{at}/view"));
        if let Some(fix) = &mut item.fix {
            fix.path.push(at.to_string());
        }
        many.policies[0].items.push(item);
    }
    for (name, report) in fixtures::all().into_iter().chain([("many", many)]) {
        let full = numbers(&render(Format::Message, &report));
        assert_eq!(full, (1..=full.len()).collect::<Vec<_>>(), "{name}");
        assert_eq!(numbers(&render(Format::MessageShort, &report)), full, "{name}");
    }
}

#[test]
fn the_short_message_fits_a_chat() {
    for (name, report) in fixtures::all() {
        let short = render(Format::MessageShort, &report);
        assert!(short.lines().count() <= 40, "{name}\n{short}");
        if name != "hostile" {
            assert!(short.len() <= 3_500, "{name}: {}\n{short}", short.len());
            assert!(short.len() < render(Format::Message, &report).len(), "{name}");
        }
        assert!(short.lines().all(|line| text::width(line) <= 4_000), "{name}\n{short}");
        assert!(!short.contains("57121") || name == "hostile", "{name}\n{short}");
    }
}

#[test]
fn who_is_in_the_group_is_asked_where_the_policy_asks_it_and_else_told_as_not_checked() {
    let mut report = fixtures::gaps();
    for text in both(&report) {
        assert_eq!(text.matches("member of the group").count(), 1, "{text}");
        assert!(!text.contains(words::MEMBERS), "{text}");
    }
    report.policies[0].manual.clear();
    for text in both(&report) {
        assert!(!text.contains(words::MEMBERS), "{text}");
    }
    assert!(
        flat(&render(Format::Message, &report)).contains("Who else is a member of the service user's group")
    );
    // Where there is nothing to be done, nothing is made up to be done.
    for text in both(&fixtures::satisfied()) {
        assert!(!text.contains(words::MEMBERS) && text.contains("nothing for you to do"), "{text}");
    }
}

#[test]
fn a_decision_is_told_as_far_as_it_is_the_admins_business() {
    let decision = |kind| Decision {
        kind,
        reason: "ticket 7".into(),
        by: "Ada".into(),
        until: "2026-11-20".into(),
        at: At { file: "acme.yaml".into(), line: 3, column: 5 },
    };
    let mut report = two(
        item(PAYROLL, Need::Required, Status::Missing),
        item("people/work/view", Need::Required, Status::Satisfied),
    );
    let mut tell = |notice, kind, about: &str| {
        report.policies[0].decision_notices = vec![DecisionNotice {
            notice,
            item: about.to_owned(),
            text: String::new(),
            decision: decision(kind),
        }];
        both(&report)
    };
    for text in tell(NoticeKind::Expired, DecisionKind::Accept, PAYROLL) {
        assert!(
            text.contains("until 2026-11-20: ticket 7). That time is over, so we ask for it again"),
            "{text}"
        );
    }
    for text in tell(NoticeKind::Expired, DecisionKind::SeenOnScreen, PAYROLL) {
        assert!(text.contains("That time is over: please look again"), "{text}");
    }
    for text in tell(NoticeKind::Contradicted, DecisionKind::SeenOnScreen, PAYROLL) {
        assert!(text.contains("our check saw the opposite"), "{text}");
    }
    for (notice, about) in
        [(NoticeKind::Unused, "people/equity/view"), (NoticeKind::Expired, "people/equity/view")]
    {
        let [full, short] = tell(notice, DecisionKind::Accept, about);
        assert!(full.contains("1 more point is for us") && !full.contains("ticket 7"), "{full}");
        assert!(!short.contains("ticket 7"), "{short}");
    }
    let mut report = fixtures::half_unknown();
    let decided = report.policies[0].items.iter().find(|item| item.status == Status::Waived);
    report.policies[0].decision_notices[0].decision = decided.unwrap().decision.clone().unwrap();
    for text in both(&report) {
        assert!(text.contains("That ends soon, and then we ask for it again"), "{text}");
        assert_eq!(text.matches("That ends soon").count(), 1, "{text}");
    }
}

#[test]
fn what_one_line_asks_for_in_many_sections_is_one_stop() {
    let look = |section: &str, line: u32| {
        let path = ["System settings", "People's data", "People", section].map(str::to_owned).to_vec();
        let label = format!("Edit selected employees' {section} sections");
        Item {
            label: label.clone(),
            doubt: Some("not-tested".to_owned()),
            checkable: Checkable::Write,
            fix: Some(Fix { role: Role::HibobAdmin, path, action: FixAction::Look, label }),
            at: Some(At { file: "x.yaml".to_owned(), line, column: 1 }),
            verdict: VerdictWord::Unknown,
            strength: None,
            because: "only a write shows it".to_owned(),
            breaks: None,
            ..item(&format!("people/{section}/edit"), Need::Forbidden, Status::Unverified)
        }
    };
    let mut report = fixtures::gaps();
    let of = |report: &mut Report, sections: &[(&str, u32)]| {
        report.policies[0].items = sections.iter().map(|(section, line)| look(section, *line)).collect();
        both(report)
    };
    for text in of(&mut report, &[("About", 3), ("Work", 3), ("Home", 3), ("Payroll", 3), ("Address", 9)]) {
        assert!(
            text.contains("Edit selected employees' sections, 4 boxes: About, Work, Home, Payroll"),
            "{text}"
        );
        assert_eq!(text.matches("Should not be ticked").count(), 2, "{text}");
    }
    for text in of(&mut report, &[("About", 3), ("Work", 3), ("Home", 3), ("Payroll", 4)]) {
        assert_eq!(text.matches("Should not be ticked").count(), 4, "{text}");
    }
}

#[test]
fn a_section_and_the_one_box_in_it_are_one_click() {
    let box_of_it = item("people/employment/view", Need::Required, Status::Missing);
    let section = Item { permission: Some("people/employment/*".to_owned()), ..box_of_it.clone() };
    let mut report = two(box_of_it, section);
    for text in both(&report) {
        assert_eq!(text.matches("Employment sections").count(), 1, "{text}");
    }
    // A box in another place is another click.
    let fix = report.policies[1].items[0].fix.as_mut().unwrap();
    fix.path.push("Elsewhere".to_owned());
    for text in both(&report) {
        assert_eq!(text.matches("Employment sections").count(), 2, "{text}");
    }
}

#[test]
fn what_a_box_breaks_that_is_not_wanted_comes_with_it() {
    for need in [Need::NotNeeded, Need::Forbidden] {
        let mut report = fixtures::gaps();
        let items = &mut report.policies[0].items;
        let excess =
            items.iter_mut().find(|item| item.status == Status::Excess).expect("something in excess");
        (excess.need, excess.breaks) = (need, Some("every salary comes twice".into()));
        let full = render(Format::Message, &report);
        assert!(full.contains("With it: every salary comes twice"), "{full}");
        assert!(!full.contains("Without it: every salary"), "{full}");
        let table = render(Format::Table, &report);
        assert!(table.contains("breaks every salary comes twice"), "{table}");
    }
}

#[test]
fn the_values_are_handed_over_when_the_guide_says_so() {
    let mut report = fixtures::gaps();
    assert!(both(&report).iter().all(|text| !text.contains("are handed over")));
    report.policies[0].handover = vec!["Only after Apply.".to_owned()];
    for text in both(&report) {
        let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
        assert!(place("tick") < place("When the id and the token are handed over: Only after Apply."));
    }
}

#[test]
fn the_wait_is_the_one_that_the_guide_names() {
    let mut report = fixtures::gaps();
    assert!(both(&report).iter().all(|text| flat(text).contains("HiBob needs about ten seconds.")));
    report.policies[0].timing = vec!["Bob needs 2 minutes".to_owned()];
    for text in both(&report).iter().map(|text| flat(text)) {
        assert!(text.contains("confirm if HiBob asks. Bob needs 2 minutes. Then tell us"), "{text}");
        assert!(!text.contains("ten seconds"), "{text}");
    }
}

#[test]
fn what_the_guide_says_of_another_wait_leaves_hibobs_own_and_keeps_nobody_from_answering() {
    let mut report = fixtures::gaps();
    report.policies[0].timing = vec!["The first import may take 3 hours".to_owned()];
    for text in both(&report).iter().map(|text| flat(text)) {
        let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
        let wait = place("HiBob needs about ten seconds. Then tell us");
        assert!(wait < place("The guide says of the time after that: The first import may take 3 hours."));
    }
}

#[test]
fn what_the_guide_gives_as_its_reason_stands_with_what_it_offers() {
    let wish = Item {
        reason: Some("gender pay reports".into()),
        ..item(PAYROLL, Need::Optional, Status::OptionalMissing)
    };
    let report = two(wish, item("people/work/view", Need::Required, Status::Satisfied));
    let text = flat(&render(Format::Message, &report));
    let offers = text.split("ONLY IF YOU WANT TO").nth(1).unwrap();
    assert!(offers.contains("What for: gender pay reports"), "{text}");
}

#[test]
fn people_who_must_not_be_seen_are_taken_out_and_no_box_is_unticked() {
    let leavers = item("population/terminated", Need::Forbidden, Status::Excess);
    let report = two(leavers, item("people/work/view", Need::Required, Status::Satisfied));
    for text in both(&report) {
        assert!(text.contains("Take out: ") && text.contains("must not see them"), "{text}");
        assert!(!text.contains("lease untick") && !text.contains("PLEASE UNTICK"), "{text}");
        assert!(!text.contains("guide calls it"), "{text}");
        assert!(!text.contains("It lacks") && text.contains("may do more than it needs to"), "{text}");
    }
}

#[test]
fn of_two_ways_of_which_one_is_to_be_ticked_the_other_is_not_offered() {
    let one_of = |item: Item| Item { choice: Some("one of these, and not more: a; or b".into()), ..item };
    let first = one_of(item("people/work/view", Need::Required, Status::Missing));
    let second = one_of(item("people/home/view", Need::Optional, Status::OptionalMissing));
    let report = two(first.clone(), second.clone());
    for text in both(&report) {
        assert!(!text.to_lowercase().contains("only if you want to"), "{text}");
        assert!(text.contains("(one of these, and not more: a; or b)"), "{text}");
    }
    let held = Item { status: Status::Excess, verdict: VerdictWord::Granted, ..second };
    for text in both(&two(item("people/work/view", Need::Required, Status::Satisfied), held)) {
        assert!(text.contains("(one of these, and not more: a; or b)"), "{text}");
    }
}

#[test]
fn one_guide_is_not_said_to_differ_from_others() {
    let mut report = two(
        item(PAYROLL, Need::Required, Status::Missing),
        item(PAYROLL, Need::Forbidden, Status::Satisfied),
    );
    let other = report.policies.pop().unwrap().items.remove(0);
    report.policies[0].items.push(other);
    let text = flat(&render(Format::Message, &report));
    assert!(text.contains("WHERE THE GUIDE CONTRADICTS ITSELF") && !text.contains("GUIDES DIFFER"), "{text}");
    assert!(text.contains("in one place Frontegg HiBob connector needs it; in another"), "{text}");
}

#[test]
fn who_must_not_be_seen_is_not_asked_about_with_those_who_must() {
    let open = |need: Need, status: &str| Item {
        status: Status::Unverified,
        verdict: VerdictWord::Unknown,
        strength: None,
        doubt: Some("statuses-withheld".into()),
        checkable: Checkable::Api,
        label: format!("Access data for: people whose lifecycle status is {status}"),
        fix: None,
        ..item(&format!("population/{}", status.to_lowercase()), need, Status::Satisfied)
    };
    let text = flat(&render(
        Format::Message,
        &two(open(Need::Required, "Employed"), open(Need::Forbidden, "Hired")),
    ));
    let told = text.split("WHAT WE COULD NOT CHECK").nth(1).unwrap();
    let of = |status: &str| told.split(" - ").find(|bullet| bullet.contains(status)).unwrap().to_owned();
    assert!(of("Hired").contains("They must not be seen.") && !of("Hired").contains("Employed"), "{told}");
    assert!(!of("Employed").contains("must not"), "{told}");
}

#[test]
fn where_nobody_is_seen_no_box_repeats_what_the_first_two_points_say() {
    let look = Item {
        status: Status::Unverified,
        verdict: VerdictWord::Unknown,
        strength: None,
        doubt: Some("nobody-visible".into()),
        checkable: Checkable::Screen,
        fix: Some(Fix {
            role: Role::HibobAdmin,
            path: vec!["People's data".into(), "Access data for".into()],
            action: FixAction::Look,
            label: "whom does it name?".into(),
        }),
        ..item("docs/shared/view", Need::NotNeeded, Status::Satisfied)
    };
    let text = flat(&render(Format::Message, &two(look.clone(), look)));
    assert!(
        text.contains("Whom does it name?") && !text.contains("Not needed: whom does it name?"),
        "{text}"
    );
}

#[test]
fn what_is_required_of_some_is_not_called_unnecessary() {
    let look = |advice: &str| Item {
        status: Status::Unverified,
        verdict: VerdictWord::Unknown,
        strength: None,
        doubt: Some("no-witness".into()),
        checkable: Checkable::Screen,
        advice: Some(advice.into()),
        ..item("people/personal/edit", Need::Optional, Status::OptionalMissing)
    };
    let said = |advice: &str| {
        let report = two(look(advice), item("people/work/view", Need::Required, Status::Satisfied));
        both(&report).map(|text| text.contains("Should be ticked in some cases"))
    };
    assert_eq!(said("it is needed only if \"Old?\" is answered \"yes\""), [true, true]);
    assert_eq!(said("only if \"Old?\" is answered \"yes\""), [false, false]);
}

#[test]
fn statuses_that_could_not_be_seen_are_told_as_one() {
    let open = |status: &str| Item {
        status: Status::Unverified,
        verdict: VerdictWord::Unknown,
        strength: None,
        doubt: Some("nobody-seen".into()),
        checkable: Checkable::Api,
        label: format!("Access data for: people whose lifecycle status is {status}"),
        fix: None,
        ..item(&format!("population/{}", status.to_lowercase()), Need::Required, Status::Satisfied)
    };
    let text = flat(&render(Format::Message, &two(open("Hired"), open("Leave"))));
    assert!(text.contains("people with the status Hired or Leave: "), "{text}");
}
