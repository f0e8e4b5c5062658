//! Reports to try the formats on. Nothing here comes from a real tenant.

use std::collections::BTreeMap;

use super::{
    AccessEntry, At, Checkable, Decision, DecisionKind, DecisionNotice, Fix, FixAction, Gate, Item, KnownBy,
    ManualCheck, Need, NoticeKind, Observation, Omission, Outcome, Partial, PermissionModel, PolicyHead,
    PolicyReport, Read, Report, Role, Run, Scope, Sensitivity, Status, Strength, Summary, Tenant, Tool,
    VerdictWord,
};
use crate::policy::{List, Origin};

/// Every fixture with its name.
pub(super) fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("satisfied", satisfied()),
        ("gaps", gaps()),
        ("half_unknown", half_unknown()),
        ("two_policies", two_policies()),
        ("stopped", stopped()),
        ("hostile", hostile()),
        ("empty", report(Vec::new(), 3)),
    ]
}

pub(super) fn simulated(mut report: Report) -> Report {
    report.run.simulated = true;
    report.notice = Some(super::words::SIMULATED.to_owned());
    report.run.base_url = "http://127.0.0.1:40123/v1".into();
    report
}

pub(super) fn satisfied() -> Report {
    let items = vec![
        granted("people/about/view", "View all employees' About sections", 16),
        granted("people/work/view", "View all employees' Work sections", 18),
        Item {
            strength: Some(Strength::Weak),
            ..granted("people/home/view", "View all employees' Home sections", 20)
        },
        Item {
            need: Need::Forbidden,
            verdict: VerdictWord::Denied,
            because: "the table was refused".into(),
            ..granted("people/payroll/view", "View all employees' Payroll sections", 24)
        },
    ];
    let mut report = report(vec![policy("frontegg", Outcome::Satisfied, items, Vec::new())], 0);
    report.policies[0].summary.excess_undecided = 61;
    report.tenant.omission = Omission::Confirmed;
    report
}

pub(super) fn gaps() -> Report {
    let items = vec![
        granted("people/about/view", "View all employees' About sections", 16),
        Item {
            status: Status::Missing,
            verdict: VerdictWord::Denied,
            because: "0 of 19 fields in 12 people; the table was refused".into(),
            rule: "fields-absent".into(),
            breaks: Some("Job titles stay empty in Frontegg.".into()),
            fix: Some(fix(&["People's data", "Edit", "Employment"], FixAction::Tick, "View selected employees' Employment sections")),
            evidence: vec![
                saw("people-search", "0 of 19 fields in 12 people"),
                saw("employment-table", "403 with a reason"),
            ],
            ..granted("people/employment/view", "View all employees' Employment sections", 17)
        },
        Item {
            status: Status::Missing,
            verdict: VerdictWord::Denied,
            strength: Some(Strength::Strong),
            because: "2 of its 4 fields came back, the others for nobody".into(),
            partial: Some(Partial {
                granted: 2,
                denied: vec!["work.reportsTo".into(), "work.title".into()],
                silent: vec![],
            }),
            breaks: Some("the reporting line is not known, so approvals go to nobody".into()),
            fix: Some(fix(
                &["People's data", "Edit", "People's fields", "Job & team"],
                FixAction::Tick,
                "View: Reports to, Job title",
            )),
            ..granted("people/work/view", "View all employees' Work sections", 18)
        },
        Item {
            status: Status::Missing,
            verdict: VerdictWord::Denied,
            because: "the person named with --known could not be read".into(),
            breaks: Some("leavers are never switched off in Frontegg".into()),
            fix: Some(fix(
                &["People's data", "Access data for", "Lifecycle status"],
                FixAction::Tick,
                "Terminated",
            )),
            ..granted("population/terminated", "terminated", 40)
        },
        Item {
            need: Need::Forbidden,
            status: Status::Excess,
            sensitivity: Sensitivity::High,
            because: "13 of 13 fields came back for 12 people".into(),
            fix: Some(fix(&["People's data", "Edit", "Payroll"], FixAction::Untick, "View selected employees' Payroll sections")),
            ..granted("people/payroll/view", "View all employees' Payroll sections", 30)
        },
        Item {
            need: Need::Optional,
            status: Status::OptionalMissing,
            verdict: VerdictWord::Denied,
            strength: Some(Strength::Strong),
            because: "absent for 12 people, of whom all have a birthday".into(),
            breaks: Some("no birthday greetings".into()),
            fix: Some(fix(&["People's data", "Edit", "Personal"], FixAction::Tick, "View selected employees' Personal sections")),
            ..granted("people/personal/view", "View all employees' Personal sections", 33)
        },
        unknown("people/timeOff/view", "View all employees' Time off sections", 21, "no-witness", Checkable::Screen),
        Item {
            permission: None,
            fix: Some(Fix {
                role: Role::Integrator,
                path: vec!["Features".into(), "People".into(), "Employees".into()],
                action: FixAction::Ask,
                label: "Which box is meant? The section holds only \"Add\" and \"Delete people\": tick neither yet.".into(),
            }),
            because: "the section holds only boxes that change something".into(),
            ..unknown("", "Employees", 12, "box-not-named", Checkable::Integrator)
        },
        excess("people/payroll/history", "Payroll", "View selected employees' Payroll section histories", Sensitivity::High),
        excess("people/address/view", "Address", "View selected employees' Address sections", Sensitivity::Normal),
        excess("people/address/history", "Address", "View selected employees' Address section histories", Sensitivity::Normal),
        excess("people/emergency/view", "Emergency", "View selected employees' Emergency sections", Sensitivity::Normal),
        excess("people/home/view", "Home", "View selected employees' Home sections", Sensitivity::Normal),
        excess("people/lifecycle/view", "Lifecycle", "View selected employees' Lifecycle sections", Sensitivity::Normal),
        excess("people/userData/view", "User data", "View selected employees' User data sections", Sensitivity::Normal),
        excess("people/social/view", "Social", "View selected employees' Social sections", Sensitivity::Normal),
    ];
    let manual = vec![
        ManualCheck {
            text: "Only the service user is a member of the group.".into(),
            role: Role::HibobAdmin,
            at: at("frontegg", 44),
        },
        ManualCheck {
            text: "Does the connector need the history of payroll, as its introduction says?".into(),
            role: Role::Integrator,
            at: at("frontegg", 45),
        },
    ];
    let mut report = report(vec![policy("frontegg", Outcome::Gaps, items, manual)], 1);
    report.policies[0].summary.excess_undecided = 61;
    report
}

pub(super) fn half_unknown() -> Report {
    let items = vec![
        granted("people/about/view", "View selected employees' About sections", 8),
        Item {
            because: "0 of 6 fields in 200 people; none of them is one that everybody has".into(),
            breaks: Some("Kein Geschenk kommt an".into()),
            ..unknown(
                "people/home/view",
                "View selected employees' Home sections",
                9,
                "silence",
                Checkable::Api,
            )
        },
        Item {
            because: "0 of 4 fields in 200 people".into(),
            fix: Some(Fix {
                role: Role::Operator,
                path: vec![],
                action: FixAction::Look,
                label: "run again with a larger --sample".into(),
            }),
            ..unknown(
                "people/equity/view",
                "View selected employees' Equity sections",
                10,
                "silence",
                Checkable::Api,
            )
        },
        Item {
            because: "nobody with status terminated among 119 people".into(),
            ..unknown("population/terminated", "terminated", 14, "nobody-seen", Checkable::Api)
        },
        Item {
            tolerated: true,
            because: "a read cannot show the right to change".into(),
            fix: Some(fix(
                &["People's data", "Edit", "Personal"],
                FixAction::Look,
                "Edit selected employees' Personal sections",
            )),
            ..unknown(
                "people/personal/edit",
                "Edit selected employees' Personal sections",
                11,
                "not-tested",
                Checkable::Write,
            )
        },
        Item {
            because: "the guide shows the list only while connecting".into(),
            permission: None,
            ..unknown(
                "",
                "the list that the connection flow shows",
                12,
                "list-not-known",
                Checkable::Integrator,
            )
        },
        unknown("people/x/view", "Something new", 13, "a-doubt-of-tomorrow", Checkable::Api),
        Item {
            status: Status::Waived,
            verdict: VerdictWord::Denied,
            because: "0 of 11 fields came back for 12 people; the table was refused".into(),
            decision: Some(decided(
                DecisionKind::Accept,
                "birth dates are typed in by hand until the new form is there",
            )),
            ..granted("people/personal/view", "View selected employees' Personal sections", 15)
        },
        Item {
            status: Status::Attested,
            decision: Some(decided(
                DecisionKind::SeenOnScreen,
                "ticked, as the screenshot in ticket 412 shows",
            )),
            ..unknown(
                "people/timeOff/view",
                "View selected employees' Time off sections",
                16,
                "no-witness",
                Checkable::Screen,
            )
        },
    ];
    let mut report = report(vec![policy("kombo", Outcome::Inconclusive, items, Vec::new())], 3);
    report.run.scope = Scope::Policy;
    report.run.gate.tolerate = vec!["uncheckable".into()];
    report.policies[0].summary.excess_undecided = 140;
    report.policies[0].policy.origin = Origin::File;
    report.policies[0].policy.list = List::Unknown;
    report.policies[0].decision_notices = vec![
        DecisionNotice {
            notice: NoticeKind::Expires,
            item: "people/personal/view".into(),
            text: "the decision of Ada ends in 9 days, on 2027-01-31".into(),
            decision: decided(DecisionKind::Accept, "birth dates need it"),
        },
        DecisionNotice {
            notice: NoticeKind::Unused,
            item: "people/payroll/edit".into(),
            text: "the decision of Ada fits no item of this run".into(),
            decision: decided(DecisionKind::Accept, "payslips"),
        },
    ];
    report.tenant.omission = Omission::Contradicted;
    report
}

pub(super) fn two_policies() -> Report {
    let mut report = gaps();
    report.policies.extend(half_unknown().policies);
    let missing = report.policies[0].items[1].clone();
    report.policies[1].items.push(Item { at: Some(at("kombo", 30)), ..missing });
    report.policies[1].outcome = Outcome::Gaps;
    report.policies[1].summary = summary(&report.policies[1].items);
    report
}

pub(super) fn stopped() -> Report {
    let items = vec![Item {
        because: "not asked before the run was stopped".into(),
        ..unknown("people/about/view", "View all employees' About sections", 16, "blocked", Checkable::Api)
    }];
    let mut report =
        report(vec![policy("frontegg", Outcome::NoVerdict, items, gaps().policies.remove(0).manual)], 4);
    report.run.stopped =
        Some("the credentials were refused (401): id or token is wrong, or the token was renewed".into());
    report.tenant.people_visible = 0;
    report
}

/// Names that try to steer the terminal, to turn the direction, and to run off the screen.
pub(super) fn hostile() -> Report {
    let mut report = gaps();
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);
    report.run.connection = Some("acme\u{1b}]0;owned\u{7}".into());
    report.policies[0].policy.title = "Ac\u{1b}[31mme \u{202e}evil\u{2066} 給与コネクタ".into();
    report.policies[0].policy.publisher = "Straße & Søn\r\nSubject: other".into();
    report.policies[0].policy.file = format!("/very/long/path/{long}/frontegg.yaml");
    let file = report.policies[0].policy.file.clone();
    for item in &mut report.policies[0].items {
        item.because.push_str(" \u{9b}2J給与明細");
        item.at = Some(At { file: file.clone(), line: 7, column: 1 });
        if let Some(fix) = &mut item.fix {
            fix.path.push(format!("{long}\u{1b}[2K"));
        }
    }
    report.policies[0].items[1].breaks = Some(long.clone());
    report.policies[0].manual[0].text = format!("給与{long}");
    report.access[0].permission = format!("docs/{long}\u{1b}/view");
    report
}

fn report(policies: Vec<PolicyReport>, exit_code: u8) -> Report {
    Report {
        notice: None,
        schema_version: 1,
        tool: Tool { name: "audit".into(), version: "0.1.0".into(), catalogue: "sha256:c0ffee".into() },
        run: Run {
            id: "20261121T140501Z-57121".into(),
            connection: Some("acme".into()),
            simulated: false,
            started_at: "2026-11-21T14:05:01Z".into(),
            finished_at: "2026-11-21T14:05:09Z".into(),
            base_url: "https://api.hibob.com/v1".into(),
            service_user: "SERVICE-57121".into(),
            scope: Scope::Full,
            requests: 27,
            denied_answers: 18,
            writes: 0,
            read_back: None,
            write_note: None,
            read: Read { people: 12, fields: 239, values_kept: 0 },
            gate: Gate {
                fail_on: vec!["missing".into(), "forbidden".into(), "closed-excess".into()],
                tolerate: vec![],
                min_coverage: None,
            },
            stopped: None,
        },
        tenant: Tenant {
            permission_model: PermissionModel::Undetermined,
            people_visible: 119,
            omission: Omission::Open,
        },
        access: access(&policies),
        policies,
        exit_code,
    }
}

/// The access that the items speak of, and a few boxes that no policy names.
fn access(policies: &[PolicyReport]) -> Vec<AccessEntry> {
    let entry = |permission: &str, label: &str, place: &[&str], item: &Item| AccessEntry {
        permission: permission.into(),
        verdict: item.verdict,
        strength: item.strength,
        doubt: item.doubt.clone(),
        label: label.into(),
        place: place.iter().map(|step| (*step).to_owned()).collect(),
        sensitivity: item.sensitivity,
    };
    let not_tested = unknown("", "", 1, "not-tested", Checkable::Write);
    let denied = Item {
        verdict: VerdictWord::Denied,
        strength: Some(Strength::Strong),
        doubt: None,
        sensitivity: Sensitivity::High,
        ..not_tested.clone()
    };
    let mut access: Vec<AccessEntry> = policies
        .iter()
        .flat_map(|policy| &policy.items)
        .filter_map(|item| {
            let id = item.permission.as_deref()?;
            let section = id.split('/').nth(1)?;
            let section = section[..1].to_uppercase() + &section[1..];
            Some(entry(id, &item.label, &["People's data", "People", &section], item))
        })
        .collect();
    for (id, section, item) in [
        ("people/about/edit", "About", &not_tested),
        ("people/equity/edit", "Equity", &not_tested),
        ("people/financial/view", "Financial", &denied),
        ("people/root/view", "Basic info", &granted("", "", 1)),
        ("people/work/edit", "Work", &not_tested),
    ] {
        access.push(entry(id, id, &["People's data", "People", section], item));
    }
    let directory = "View the company's people directory";
    access.push(entry(
        "features/people/directory/view",
        directory,
        &["Features", "People", "Directory"],
        &not_tested,
    ));
    access.sort_by(|one, other| one.permission.cmp(&other.permission));
    access.dedup_by(|one, other| one.permission == other.permission);
    access
}

fn policy(name: &str, outcome: Outcome, items: Vec<Item>, manual: Vec<ManualCheck>) -> PolicyReport {
    let publisher = name[..1].to_uppercase() + &name[1..];
    let items: Vec<Item> = items
        .into_iter()
        .map(|mut item| {
            if let Some(place) = &mut item.at {
                place.file = format!("{name}.yaml");
            }
            item
        })
        .collect();
    PolicyReport {
        policy: PolicyHead {
            name: name.into(),
            title: format!("{publisher} HiBob connector"),
            version: "2026-11-21".into(),
            file: format!("{name}.yaml"),
            origin: Origin::Shipped,
            sha256: "5a".repeat(32),
            list: List::Open,
            list_at: Some(At { column: 1, ..at(name, 9) }),
            publisher,
            extends: Vec::new(),
            overlays: Vec::new(),
            with: Vec::new(),
            facts: BTreeMap::new(),
        },
        outcome,
        summary: summary(&items),
        items,
        manual,
        decision_notices: Vec::new(),
    }
}

fn decided(kind: DecisionKind, reason: &str) -> Decision {
    Decision {
        kind,
        reason: reason.into(),
        by: "Ada".into(),
        until: "2027-01-31".into(),
        at: At { file: "acme.yaml".into(), line: 9, column: 5 },
    }
}

/// The counts, as the gaps would have made them.
fn summary(items: &[Item]) -> Summary {
    let number = |status| items.iter().filter(|item| item.status == status).count() as u32;
    let (satisfied, missing, unverified) =
        (number(Status::Satisfied), number(Status::Missing), number(Status::Unverified));
    let seen = f64::from(satisfied + missing);
    Summary {
        satisfied,
        missing,
        excess: number(Status::Excess),
        unverified,
        waived: number(Status::Waived),
        attested: number(Status::Attested),
        optional_missing: number(Status::OptionalMissing),
        coverage: if seen == 0.0 { 0.0 } else { seen / (seen + f64::from(unverified)) },
        checkable_coverage: 1.0,
        excess_undecided: 0,
    }
}

fn granted(permission: &str, label: &str, line: u32) -> Item {
    Item {
        advice: None,
        permission: Some(permission.into()),
        need: Need::Required,
        status: Status::Satisfied,
        verdict: VerdictWord::Granted,
        strength: Some(Strength::Conclusive),
        doubt: None,
        checkable: Checkable::Api,
        sensitivity: Sensitivity::Normal,
        partial: None,
        label: label.into(),
        breaks: None,
        because: "every field came back for 12 people".into(),
        rule: "field-present".into(),
        known_by: KnownBy::Documented,
        evidence: vec![saw("people-search", "5 of 5 fields in 12 people")],
        fix: None,
        at: Some(at("frontegg", line)),
        decision: None,
        tolerated: false,
    }
}

fn unknown(permission: &str, label: &str, line: u32, doubt: &str, checkable: Checkable) -> Item {
    let fix = (checkable == Checkable::Screen).then(|| {
        fix(
            &["People's data", "Edit", "Time off"],
            FixAction::Look,
            "View selected employees' Time off sections",
        )
    });
    Item {
        status: Status::Unverified,
        verdict: VerdictWord::Unknown,
        strength: None,
        doubt: Some(doubt.into()),
        checkable,
        because: "nothing was asked".into(),
        rule: "nothing-shows-it".into(),
        known_by: KnownBy::Inferred,
        evidence: vec![],
        fix,
        ..granted(permission, label, line)
    }
}

fn excess(permission: &str, section: &str, label: &str, sensitivity: Sensitivity) -> Item {
    Item {
        need: Need::NotNeeded,
        status: Status::Excess,
        sensitivity,
        because: "rows that are no longer in force, for 9 of 12 people".into(),
        rule: "old-rows".into(),
        fix: Some(fix(&["People's data", "Edit", section], FixAction::Untick, label)),
        at: None,
        ..granted(permission, label, 1)
    }
}

fn fix(end: &[&str], action: FixAction, label: &str) -> Fix {
    let start = ["System settings", "Account", "Permission groups", "[this service user's group]"];
    Fix {
        role: Role::HibobAdmin,
        path: start.iter().chain(end).map(|step| (*step).to_owned()).collect(),
        action,
        label: label.into(),
    }
}

fn saw(probe: &str, saw: &str) -> Observation {
    Observation { probe: probe.into(), saw: saw.into() }
}

fn at(policy: &str, line: u32) -> At {
    At { file: format!("{policy}.yaml"), line, column: 5 }
}
