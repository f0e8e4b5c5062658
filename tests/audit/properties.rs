//! What holds of every verdict, whatever the company: more evidence never turns a sure verdict into its
//! opposite, the order of answers does not matter, and the sample's size changes doubts alone.

use std::collections::BTreeMap;

use hibob_audit::access::{Access, Strength, Verdict};
use hibob_audit::catalogue::Catalogue;
use hibob_audit::catalogue::id::PermissionId;
use hibob_audit::evidence::{Evidence, Presence, Reply, Sample, TableSeen};
use hibob_audit::report::VerdictWord;
use hibob_audit::simulator::{Setup, Switches, TenantSpec};

use crate::lot::Lot;
use crate::stage::{Pipeline, each, persona, policy};

/// Service users of every kind, in companies of every kind.
fn setups() -> Vec<(String, Setup)> {
    let companies = [
        ("", ""),
        ("refusal_body: empty", "nulls: {never-for-types: [text, list]}"),
        ("restrictions_by_person: true", "field_level: true"),
        ("flp_all_denied: all-null", "field_level: true"),
        ("withheld_leaves_null: true", ""),
        ("docs_name_their_folder: true", "filled: sparse"),
        ("id_without_basic_info: false", "histories: young"),
    ];
    let mut setups = Vec::new();
    for (switches, tenant) in companies {
        for name in ["everything", "frontegg", "gifted", "ids-only", "field-level", "two-groups"] {
            let read = |text: &str| if text.is_empty() { "{}".to_owned() } else { text.to_owned() };
            let mut setup = Setup::new(persona(name));
            setup.switches = Switches::parse(&read(switches)).unwrap();
            setup.tenant = TenantSpec::parse(&read(tenant)).unwrap();
            setup.tenant.people = 40;
            setups.push((format!("{name} [{switches} {tenant}]"), setup));
        }
    }
    setups
}

fn verdicts(evidence: &Evidence) -> BTreeMap<PermissionId, Verdict> {
    let access = Access::infer(Catalogue::embedded(), evidence, None);
    access.findings().map(|(id, finding)| (id.clone(), finding.verdict)).collect()
}

fn is_conclusive(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Granted(Strength::Conclusive) | Verdict::Denied(Strength::Conclusive))
}

fn oppose(one: Verdict, other: Verdict) -> bool {
    matches!(
        (one, other),
        (Verdict::Granted(_), Verdict::Denied(_)) | (Verdict::Denied(_), Verdict::Granted(_))
    )
}

/// The same evidence with less in it: answers that never came, people and fields that were not asked for.
fn less(whole: &Evidence, lot: &mut Lot) -> Evidence {
    let mut evidence = whole.clone();
    // Now a little is missing, now a lot.
    let keep = 1 + lot.draw(9);
    let kept = |lot: &mut Lot| lot.draw(10) < keep;
    evidence.answers.retain(|_, _| kept(lot));
    evidence.tables.retain(|_, _| kept(lot));
    evidence.custom_rows.retain(|_, _| kept(lot));
    evidence.people.statuses.retain(|_, _| kept(lot));
    evidence.custom_tables.retain(|_| kept(lot));
    for looks in evidence.tables.values_mut().chain(evidence.custom_rows.values_mut()) {
        looks.retain(|_| kept(lot));
        for look in looks {
            if !kept(lot) {
                few_rows(look);
            }
        }
    }
    if !kept(lot) {
        evidence.again = None;
        evidence.sampled_everybody = false;
    }
    for sample in [&mut evidence.sample, &mut evidence.again].into_iter().flatten() {
        if !kept(lot) {
            sample.fields.retain(|_, _| kept(lot));
        }
        if sample.people > 0 && !kept(lot) {
            few_people(sample, 1 + u32::try_from(lot.draw(sample.people as usize)).unwrap(), lot);
            evidence.sampled_everybody = false;
        }
    }
    for seen in evidence.answers_mut() {
        if !kept(lot) {
            seen.believed = false;
        }
        if lot.draw(12) == 0 {
            seen.reply = Reply::NotAsked;
        }
    }
    evidence
}

/// The table, had it been cut before anybody with a past.
fn few_rows(look: &mut TableSeen) {
    look.people -= look.people_with_old_rows;
    look.rows = look.rows.min(look.people);
    look.people_with_old_rows = 0;
    look.old_columns.clear();
}

/// The sample without some of its people.
fn few_people(sample: &mut Sample, gone: u32, lot: &mut Lot) {
    sample.people -= gone;
    for seen in sample.fields.values_mut() {
        for _ in 0..gone {
            let Presence { value, empty, absent, unclear, withheld } = seen;
            let counts = [value, empty, absent, unclear, withheld];
            let left: Vec<usize> = (0..counts.len()).filter(|at| *counts[*at] > 0).collect();
            if let Some(at) = (!left.is_empty()).then(|| left[lot.draw(left.len())]) {
                *counts[at] -= 1;
            }
        }
    }
}

fn shuffle<T>(list: &mut [T], lot: &mut Lot) {
    for at in (1..list.len()).rev() {
        list.swap(at, lot.draw(at + 1));
    }
}

#[test]
fn more_evidence_never_turns_a_conclusive_verdict_into_its_opposite() {
    const SUBSETS: u64 = 40;
    let setups = setups();
    let found = each(&setups, 4, |(who, setup)| {
        let evidence = Pipeline::new(setup.clone()).run(&[policy("frontegg")]).evidence;
        let whole = verdicts(&evidence);
        let mut wrong = Vec::new();
        let mut conclusive = 0;
        for seed in 0..SUBSETS {
            for (id, verdict) in verdicts(&less(&evidence, &mut Lot(seed))) {
                conclusive += usize::from(is_conclusive(verdict));
                let later = whole.get(&id).copied();
                if is_conclusive(verdict) && later.is_some_and(|later| oppose(verdict, later)) {
                    wrong.push(format!("{who}, subset {seed}: {id} was {verdict:?} and became {later:?}"));
                }
            }
        }
        (wrong, conclusive)
    });
    let wrong: Vec<String> = found.iter().flat_map(|(wrong, _)| wrong.clone()).collect();
    assert!(wrong.is_empty(), "{} verdicts turned:\n{}", wrong.len(), wrong.join("\n"));
    let conclusive: usize = found.iter().map(|(_, conclusive)| conclusive).sum();
    assert!(conclusive > 10_000, "with {conclusive} conclusive verdicts nothing was shown");
}

#[test]
fn the_order_of_evidence_does_not_matter() {
    let setups = setups();
    let wrong = each(&setups, 4, |(who, setup)| {
        let evidence = Pipeline::new(setup.clone()).run(&[policy("frontegg")]).evidence;
        let written = |evidence: &Evidence| {
            let access = Access::infer(Catalogue::embedded(), evidence, None);
            format!("{:#?}", access.findings().collect::<Vec<_>>())
        };
        let whole = written(&evidence);
        (1..4).find_map(|seed| {
            let mut shuffled = evidence.clone();
            let lot = &mut Lot(seed);
            shuffle(&mut shuffled.fields, lot);
            shuffle(&mut shuffled.custom_tables, lot);
            for looks in shuffled.tables.values_mut().chain(shuffled.custom_rows.values_mut()) {
                shuffle(looks, lot);
            }
            (written(&shuffled) != whole).then(|| format!("{who}, order {seed}"))
        })
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "the order mattered for:\n{}", wrong.join("\n"));
}

#[test]
fn the_order_of_answers_does_not_matter() {
    let setups = setups();
    let wrong = each(&setups, 4, |(who, setup)| {
        let written = |order: u64| {
            let mut setup = setup.clone();
            setup.switches.order = order;
            let mut report = Pipeline::new(setup).run(&[policy("frontegg")]).report;
            report.run.base_url = "http://127.0.0.1/v1".to_owned();
            serde_json::to_string_pretty(&report).unwrap()
        };
        let (usual, other) = (written(0), written(7));
        let differing = usual.lines().zip(other.lines()).find(|(usual, other)| usual != other);
        differing.map(|(usual, other)| format!("{who}:\n  {usual}\n  {other}"))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "the order mattered for {}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_size_of_the_sample_changes_doubts_and_never_verdicts() {
    const SIZES: [usize; 4] = [2, 5, 12, 50];
    let setups = setups();
    let wrong = each(&setups, 4, |(who, setup)| {
        let mut told: BTreeMap<String, (usize, VerdictWord)> = BTreeMap::new();
        let mut wrong = Vec::new();
        for size in SIZES {
            let mut pipeline = Pipeline::new(setup.clone());
            pipeline.sample = size;
            for entry in pipeline.run(&[policy("frontegg")]).report.access {
                if entry.verdict == VerdictWord::Unknown {
                    continue;
                }
                let (first, verdict) = *told.entry(entry.permission.clone()).or_insert((size, entry.verdict));
                if verdict != entry.verdict {
                    wrong.push(format!(
                        "{who}: {} is {verdict:?} with {first} people and {:?} with {size}",
                        entry.permission, entry.verdict
                    ));
                }
            }
        }
        wrong
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
