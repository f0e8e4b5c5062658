//! What holds for every format and every report.

use serde_json::Value;

use super::fixtures;
use super::format::{Format, ROWS, Settings};
use super::{Need, Report, Role, Status, json, text};

fn render(format: Format, report: &Report, settings: &Settings) -> String {
    let mut out = Vec::new();
    format.write(report, settings, &mut out).expect("a vector can be written to");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Every fixture, as it is and simulated.
fn reports() -> Vec<(String, Report)> {
    fixtures::all()
        .into_iter()
        .flat_map(|(name, report)| {
            let simulated = fixtures::simulated(report.clone());
            [(name.to_owned(), report), (format!("{name}, simulated"), simulated)]
        })
        .collect()
}

/// Every way in which a person may have set the screen.
fn screens() -> Vec<Settings> {
    let mut screens = Vec::new();
    for width in [60, 80, 120] {
        for (ascii, verbose) in [(false, false), (true, false), (false, true)] {
            screens.push(Settings { width, color: false, ascii, verbose });
        }
    }
    screens
}

#[test]
fn the_gallery() {
    let plain = Settings::default();
    for (name, report) in fixtures::all() {
        snapshot(&format!("{name}.table"), &render(Format::Table, &report, &plain));
        snapshot(&format!("{name}.message"), &render(Format::Message, &report, &plain));
    }
    let simulated = fixtures::simulated(fixtures::gaps());
    snapshot("simulated.table", &render(Format::Table, &simulated, &plain));
    snapshot("simulated.message", &render(Format::Message, &simulated, &plain));
    snapshot("gaps.json", &render(Format::Json, &fixtures::gaps(), &plain));
    let narrow = Settings { width: 60, ascii: true, ..plain };
    snapshot("gaps.table.narrow_ascii", &render(Format::Table, &fixtures::gaps(), &narrow));
    let verbose = Settings { verbose: true, ..plain };
    snapshot("gaps.table.verbose", &render(Format::Table, &fixtures::gaps(), &verbose));
    let color = Settings { color: true, ..plain };
    snapshot("gaps.table.color", &render(Format::Table, &fixtures::gaps(), &color).replace('\u{1b}', "␛"));
}

#[test]
fn no_line_is_wider_than_the_screen() {
    for (name, report) in reports() {
        for settings in screens() {
            for (format, widest) in
                [(Format::Table, settings.width), (Format::Message, settings.width.min(78))]
            {
                for line in render(format, &report, &settings).lines() {
                    let width = text::width(line);
                    assert!(width <= widest, "{name}, {format:?}, {settings:?}: {width}\n{line}");
                }
            }
        }
    }
}

#[test]
fn colour_takes_no_room_and_says_nothing() {
    for (name, report) in reports() {
        let plain = Settings::default();
        let coloured = render(Format::Table, &report, &Settings { color: true, ..plain });
        let mut bare = String::new();
        for (at, part) in coloured.split('\u{1b}').enumerate() {
            bare.push_str(if at == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) });
        }
        assert!(coloured.contains('\u{1b}'), "{name}");
        assert_eq!(bare, render(Format::Table, &report, &plain), "{name}");
    }
}

#[test]
fn nothing_steers_the_terminal() {
    for (name, report) in reports() {
        for settings in screens() {
            for format in [Format::Table, Format::Message] {
                let steering =
                    render(format, &report, &settings).chars().find(|c| *c != '\n' && text::steers(*c));
                assert_eq!(steering, None, "{name}, {format:?}");
            }
        }
    }
}

#[test]
fn no_excess_never_stands_alone() {
    let mut seen = 0;
    for (name, report) in reports() {
        for settings in screens() {
            for format in [Format::Table, Format::Message] {
                let text = render(format, &report, &settings);
                let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                for (at, _) in one_line.match_indices("no excess") {
                    let before: String = one_line[..at]
                        .chars()
                        .rev()
                        .take(200)
                        .collect::<Vec<_>>()
                        .into_iter()
                        .rev()
                        .collect();
                    assert!(before.contains("NOT RULED OUT"), "{name}, {format:?}: {before}");
                    seen += 1;
                }
                let undecided = report.policies.iter().map(|policy| policy.summary.excess_undecided);
                for boxes in undecided.filter(|boxes| *boxes > 0) {
                    let told = format == Format::Message || one_line.contains(&format!("{boxes} boxes"));
                    assert!(told, "{name}, {format:?}: {boxes} boxes are not told");
                }
            }
        }
    }
    assert!(seen > 0, "no report says \"no excess\", so this test proves nothing");
    let message = render(Format::Message, &fixtures::satisfied(), &Settings::default());
    assert!(message.contains("61 other boxes"), "{message}");
}

#[test]
fn a_simulated_report_says_so_in_its_first_line() {
    for (name, report) in reports() {
        for settings in screens() {
            for format in [Format::Table, Format::Message] {
                let text = render(format, &report, &settings);
                let first = text.lines().next().unwrap_or_default();
                assert_eq!(first.contains("SIMULATED"), report.run.simulated, "{name}, {format:?}: {first}");
            }
        }
        let json = render(Format::Json, &report, &Settings::default());
        assert_eq!(
            json.lines().next().unwrap_or_default().contains("SIMULATED"),
            report.run.simulated,
            "{name}"
        );
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["run"]["simulated"], report.run.simulated);
    }
}

#[test]
fn the_admin_is_told_no_jargon_and_no_id() {
    for (name, report) in reports() {
        if name.starts_with("hostile") {
            continue;
        }
        let text = render(Format::Message, &report, &Settings::default());
        for word in ["probe", "403", "401", "API", "tenant", "people/", "population/", "57121", "--"] {
            assert!(!text.contains(word), "{name}: {word}\n{text}");
        }
        assert!(text.contains("SERVICE-5…21"), "{name}\n{text}");
    }
}

#[test]
fn what_only_the_integrator_can_answer_is_not_put_on_the_admin() {
    let text = render(Format::Message, &fixtures::gaps(), &Settings::default());
    assert!(!text.contains("Which box is meant"), "{text}");
    assert!(!text.contains("introduction"), "{text}");
    assert!(text.contains("NOTHING TO DO FOR YOU"), "{text}");
}

#[test]
fn a_setting_that_two_policies_miss_is_told_once() {
    let text = render(Format::Message, &fixtures::two_policies(), &Settings::default());
    assert_eq!(text.matches("Tick: View selected employees' Employment sections").count(), 1, "{text}");
}

#[test]
fn the_admin_is_not_sent_between_two_policies() {
    let mut report = fixtures::two_policies();
    // All lists are known.
    let items = report.policies.iter_mut().flat_map(|policy| &mut policy.items);
    let excess = items.filter(|item| item.is_perhaps_needed()).filter_map(|item| item.fix.as_mut());
    excess.for_each(|fix| fix.role = Role::HibobAdmin);
    let mut wanted = report.policies[0].items[4].clone();
    assert_eq!(wanted.permission.as_deref(), Some("people/payroll/view"));
    wanted.need = Need::Required;
    wanted.status = Status::Satisfied;
    report.policies[1].items.push(wanted);
    let text = render(Format::Message, &report, &Settings::default());
    assert!(!text.contains("Untick: View selected employees' Payroll sections"), "{text}");
    assert!(text.contains("Untick: View selected employees' Payroll section histories"), "{text}");
}

#[test]
fn nobody_is_told_to_untick_what_an_unknown_list_may_hold() {
    let mut report = fixtures::gaps();
    fixtures::ask_for_more(&mut report);
    let label = "View selected employees' Payroll section histories";
    let message = render(Format::Message, &report, &Settings::default());
    assert!(!message.contains(&format!("Untick: {label}")), "{message}");
    let table = render(Format::Table, &report, &Settings::default());
    assert!(
        table.contains("HELD, and perhaps needed") && table.contains("untick it only if it turns out"),
        "{table}"
    );
    let page = render(Format::Markdown, &report, &Settings::default());
    assert!(
        !page.contains("To untick, of normal") && page.contains("### Held, and perhaps needed"),
        "{page}"
    );
    for format in [Format::Sarif, Format::Junit, Format::Github] {
        let text = render(format, &report, &Settings::default());
        assert!(text.contains("only if it is none of what is asked for"), "{text}");
    }
}

#[test]
fn what_one_policy_needs_is_no_wish_of_another() {
    let mut report = fixtures::two_policies();
    let mut needed = report.policies[0].items[5].clone();
    assert_eq!(needed.status, Status::OptionalMissing);
    needed.need = Need::Required;
    needed.status = Status::Missing;
    report.policies[1].items.push(needed);
    let text = render(Format::Message, &report, &Settings::default());
    assert!(!text.contains("ONLY IF YOU WANT TO"), "{text}");
    assert_eq!(text.matches("Tick: View selected employees' Personal sections").count(), 1, "{text}");
}

#[test]
fn nobody_is_told_of_a_branch_beside_one_that_is_met() {
    let formats = [Format::Message, Format::MessageShort, Format::Table, Format::Html, Format::Markdown];
    for status in [Status::OptionalMissing, Status::Unverified] {
        let mut report = fixtures::gaps();
        let items = &mut report.policies[0].items;
        let wish = items.iter().position(|item| item.status == Status::OptionalMissing).unwrap();
        items[wish].status = status;
        items[wish].label = "The other way".to_owned();
        items[wish].permission = None;
        for met in [false, true] {
            report.policies[0].items[wish].other_branch_met = met;
            for format in formats {
                let text = render(format, &report, &Settings::default());
                let told = text.contains("The other way");
                assert!(!(met && told), "{status:?}, {format:?}: {text}");
                assert!(met || told || format != Format::Table, "{status:?}: {text}");
            }
        }
        // Nor does the map of the page point at it.
        let item = &mut report.policies[0].items[wish];
        item.permission = Some("people/work/edit".to_owned());
        let page = render(Format::Html, &report, &Settings::default());
        let mut links = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        assert!(links.all(|link| page.contains(&format!("id=\"{link}\""))), "{status:?}");
    }
}

#[test]
fn a_check_that_told_nothing_asks_nothing_of_the_admin() {
    let text = render(Format::Message, &fixtures::stopped(), &Settings::default());
    assert!(!text.contains("PLEASE") && text.contains("nothing for you to do"), "{text}");
}

#[test]
fn every_share_survives_being_stored() {
    for whole in 1..200_u32 {
        for part in 0..=whole {
            let share = f64::from(part) / f64::from(whole);
            let stored = serde_json::to_string(&share).unwrap();
            assert_eq!(
                serde_json::from_str::<f64>(&stored).unwrap().to_bits(),
                share.to_bits(),
                "{part}/{whole}"
            );
        }
    }
}

#[test]
fn every_item_is_somewhere_on_the_screen() {
    for (name, report) in fixtures::all() {
        if name == "hostile" {
            continue;
        }
        let settings = Settings { verbose: true, width: 200, ..Settings::default() };
        let text = render(Format::Table, &report, &settings);
        for item in report.policies.iter().flat_map(|policy| &policy.items) {
            assert!(text.contains(&item.label), "{name}: {}\n{text}", item.label);
            assert!(text.contains(&item.rule), "{name}: {}", item.rule);
        }
    }
}

#[test]
fn a_stored_report_is_rendered_again_byte_for_byte() {
    for (name, report) in reports() {
        let stored = render(Format::Json, &report, &Settings::default());
        assert!(stored.ends_with("}\n"), "{name}");
        let read: Report = serde_json::from_str(&stored).expect(&name);
        assert_eq!(read, report, "{name}");
        for row in &ROWS {
            // Only what people read depends on the screen.
            let screens =
                if ["table", "message"].contains(&row.name) { screens() } else { vec![Settings::default()] };
            for settings in screens {
                assert_eq!(
                    render(row.format, &read, &settings),
                    render(row.format, &report, &settings),
                    "{name}, {}",
                    row.name
                );
            }
        }
    }
}

#[test]
fn the_schema_on_disk_is_the_one_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/report.v1.json");
    let schema = json::schema().unwrap();
    #[expect(clippy::disallowed_methods, reason = "this is how a stale schema is written anew")]
    if std::env::var("AUDIT_UPDATE").is_ok() {
        std::fs::write(path, &schema).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(stored == schema, "schemas/report.v1.json is stale: AUDIT_UPDATE=1 cargo test writes it anew");
}

fn validate(report: &Value) -> Result<(), String> {
    let schema: Value = serde_json::from_str(&json::schema().unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("report.v1.json", schema).unwrap();
    let index = compiler.compile("report.v1.json", &mut schemas).unwrap();
    schemas.validate(report, index).map_err(|error| error.to_string())
}

#[test]
fn what_is_written_obeys_the_schema() {
    for (name, report) in reports() {
        let value = serde_json::to_value(&report).unwrap();
        assert_eq!(validate(&value), Ok(()), "{name}");
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let good = serde_json::to_value(fixtures::gaps()).unwrap();
    let with = |at: &str, value: Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(at).expect(at) = value;
        bad
    };
    for (at, value) in [
        ("/schema_version", 2.into()),
        ("/exit_code", 2.into()),
        ("/policies/0/outcome", "fine".into()),
        ("/policies/0/policy/origin", "web".into()),
        ("/policies/0/items/0/strength", Value::Null),
        ("/policies/0/items/0/doubt", "silence".into()),
        ("/policies/0/summary/coverage", 1.5.into()),
        ("/access/0/doubt", Value::Null),
    ] {
        assert!(validate(&with(at, value)).is_err(), "{at} may be anything");
    }
    let mut bad = good.clone();
    bad["run"].as_object_mut().unwrap().remove("service_user");
    assert!(validate(&bad).is_err(), "a key that is always there may be left out");
    let mut newer = good;
    newer["run"]["added_later"] = true.into();
    assert_eq!(validate(&newer), Ok(()));
}
