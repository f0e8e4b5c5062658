//! Lines that contradict each other only where certain things were said of the customer.
//!
//! A run with those choices would end with that mistake; without them it does not, so it is a lint here.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::policy::lines::{Case, Choices, When};
use crate::policy::{Policy, Remark, validate};
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::Problem;

/// More conditions than any guide has; each pair of them is tried.
const MOST: usize = 24;

pub(super) fn remarks(policy: &Policy, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    let lines = policy.lines.iter().flat_map(|line| line.all()).map(|line| &line.when);
    let people = policy.population.iter().map(|block| &block.when);
    let mut conditions: Vec<Choices> = vec![Choices::default()];
    for choices in lines.chain(people).flat_map(satisfied_by) {
        if !conditions.contains(&choices) && conditions.len() < MOST {
            conditions.push(choices);
        }
    }
    let mut known = BTreeSet::new();
    for (at, one) in conditions.iter().enumerate() {
        // What holds under one condition, then under that and an earlier one: the least is named first.
        for other in conditions.iter().take(at) {
            let Some(said) = both(one, other) else { continue };
            let Some(choices) = both(&policy.choices, &said) else { continue };
            let Err(problems) = validate::choose(policy.clone(), choices, catalogue) else { continue };
            for (source, problem) in problems
                .iter()
                .flat_map(|texts| texts.sorted().into_iter().map(move |problem| (texts.source(), problem)))
            {
                let place = source.spot(problem.span.start);
                if known.insert(place.clone()) {
                    found.push(Remark {
                        code: "contradiction-chosen",
                        text: words(source, problem, &said),
                        place,
                    });
                }
            }
        }
    }
}

/// Features and facts that no condition speaks of: whoever chooses one or answers it changes nothing.
pub(super) fn unused(policy: &Policy, found: &mut Vec<Remark>) {
    let cases: Vec<&Case> = conditions(policy).into_iter().flat_map(When::cases).collect();
    let features = policy.features.iter().map(|feature| {
        let is_used =
            cases.iter().any(|case| case.with.iter().chain(&case.without).any(|name| *name == feature.name));
        ("feature", &feature.name, &feature.place, is_used)
    });
    let facts = policy.facts.iter().map(|fact| {
        let is_used = cases.iter().any(|case| case.facts.iter().any(|(name, _)| *name == fact.name));
        ("fact", &fact.name, &fact.place, is_used)
    });
    for (what, name, place, _) in features.chain(facts).filter(|(.., is_used)| !is_used) {
        let text = format!("no condition speaks of the {what} `{}`", clean(name));
        found.push(Remark { code: "unused-choice", text, place: place.clone() });
    }
}

/// Every condition of a policy, wherever it stands.
fn conditions(policy: &Policy) -> Vec<&When> {
    let lines = policy.lines.iter().flat_map(|line| line.all()).map(|line| &line.when);
    let people = policy.population.iter().map(|block| &block.when);
    let members = policy.membership.iter().map(|block| &block.when);
    let duties = policy.manual.iter().chain(&policy.connect).chain(&policy.later).map(|it| &it.when);
    let also = policy.also.iter().map(|it| &it.when);
    let asked = policy.prerequisites.iter().flat_map(|it| std::iter::once(it).chain(&it.any_of));
    let credentials = policy.credentials.iter().map(|credentials| &credentials.when);
    let of_credentials = policy.credentials.iter().flat_map(|it| it.notes.iter().chain(&it.timing));
    let notes = policy.guide.timing.iter().chain(&policy.guide.notes).chain(of_credentials);
    lines
        .chain(people)
        .chain(members)
        .chain(credentials)
        .chain(duties)
        .chain(also)
        .chain(asked.map(|it| &it.when))
        .chain(notes.map(|note| &note.when))
        .collect()
}

/// "with `--with x`, it contradicts itself about `people/work/view`: not needed here, required in line 8".
fn words(source: &Source, problem: &Problem, said: &Choices) -> String {
    let with = said.with.iter().map(|name| format!("`--with {name}`"));
    let facts = said.facts.iter().map(|(name, value)| format!("`--fact {name}={value}`"));
    let said = with.chain(facts).collect::<Vec<_>>().join(" and ");
    let what = problem.message.split_once("contradicts itself ").map_or("", |(_, what)| what);
    // Where the other line stands in another file, the message has said it.
    let other = problem.related.as_ref().map(|(span, label)| {
        let label = label.trim_end_matches(" here");
        format!(", {label} in line {}", source.place(span.start).line)
    });
    format!("with {said} it contradicts itself {what}: {}{}", problem.label, other.unwrap_or_default())
}

/// What has to be said of a customer for a condition to hold: one case of each of its clauses.
fn satisfied_by(when: &When) -> Vec<Choices> {
    let mut ways = vec![Choices::default()];
    for clause in &when.0 {
        let cases = clause.iter().map(|case| Choices {
            with: case.with.iter().cloned().collect(),
            facts: case.facts.iter().cloned().collect(),
            ui: case.ui,
        });
        let cases: Vec<Choices> = cases.collect();
        ways =
            ways.iter().flat_map(|way| cases.iter().filter_map(|case| both(way, case))).take(MOST).collect();
    }
    ways
}

/// Both at once; none where a fact would have two values.
fn both(one: &Choices, other: &Choices) -> Option<Choices> {
    let agree =
        other.facts.iter().all(|(name, value)| one.facts.get(name).is_none_or(|known| known == value));
    let screens = one.ui.is_none() || other.ui.is_none() || one.ui == other.ui;
    (agree && screens).then(|| Choices {
        ui: one.ui.or(other.ui),
        with: one.with.union(&other.with).cloned().collect(),
        facts: one.facts.iter().chain(&other.facts).map(|(a, b)| (a.clone(), b.clone())).collect(),
    })
}
