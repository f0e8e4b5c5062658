//! Alternatives: which branch is the one that is insisted on, and what is more than one.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Verdict;
use crate::policy::lines::Truth;
use crate::policy::{Alternatives, Need};

use super::resolve::{Entry, Resolver};

/// What a branch comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    Yes,
    No,
    Unknown,
}

/// How much an entry is wanted in the end.
pub(super) struct Wanted {
    pub(super) need: Need,
    /// It is asked for as a branch only, and another branch is met each time.
    pub(super) other_branch_met: bool,
}

/// How much each entry is wanted in the end, by its number: as its own lines and the alternatives say.
pub(super) fn wanted(
    entries: &[Entry<'_>],
    alternatives: &[Alternatives],
    resolver: &Resolver<'_>,
) -> Vec<Wanted> {
    let model = resolver.model();
    let mut by_number: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        for number in &entry.numbers {
            by_number.entry(*number).or_default().push(at);
        }
    }
    let mut wanted: Vec<Option<Need>> = entries.iter().map(|entry| entry.need).collect();
    let mut too_many: Vec<usize> = Vec::new();
    let mut settled: BTreeSet<usize> = BTreeSet::new();
    let mut open: BTreeSet<usize> = BTreeSet::new();
    for alternatives in alternatives {
        let branches: Vec<Vec<usize>> = alternatives
            .branches
            .iter()
            .map(|branch| {
                let holding = branch.iter().filter(|member| member.holds.of(model) == Truth::Yes);
                holding.filter_map(|member| by_number.get(&member.requirement)).flatten().copied().collect()
            })
            .filter(|branch: &Vec<usize>| !branch.is_empty())
            .collect();
        let met: Vec<Met> = branches.iter().map(|branch| met(branch, entries)).collect();
        let Some(lead) = lead(&met) else { continue };
        let is_met = met.get(lead) == Some(&Met::Yes);
        for (at, branch) in branches.iter().enumerate() {
            for entry in branch {
                let Some(wanted) = wanted.get_mut(*entry) else { continue };
                if at == lead {
                    *wanted = Some(wanted.map_or(alternatives.need, |need| need.min(alternatives.need)));
                    continue;
                }
                if is_met {
                    settled.insert(*entry)
                } else {
                    open.insert(*entry)
                };
                // What nobody could see may be there beside the one.
                if alternatives.only_one && is_met && met.get(at) != Some(&Met::No) {
                    too_many.push(*entry);
                }
            }
        }
    }
    // More than one of them is excess, unless something else asks for it: a field comes with its section.
    let is_given_anyway = |entry: usize, wanted: &[Option<Need>]| {
        let section =
            entries.get(entry).and_then(|entry| resolver.section_of_field(entry.permission.as_ref()?));
        section.is_some_and(|section| {
            let mut others = entries.iter().zip(wanted);
            others.any(|(other, need)| {
                matches!(need, Some(Need::Required | Need::Optional))
                    && other.permission.as_ref() == Some(&section)
            })
        })
    };
    for entry in too_many {
        if is_given_anyway(entry, &wanted) {
            continue;
        }
        if let Some(wanted) = wanted.get_mut(entry) {
            wanted.get_or_insert(Need::NotNeeded);
        }
    }
    let wanted = wanted.into_iter().enumerate().map(|(at, need)| Wanted {
        need: need.unwrap_or(Need::Optional),
        other_branch_met: need.is_none() && settled.contains(&at) && !open.contains(&at),
    });
    wanted.collect()
}

fn met(branch: &[usize], entries: &[Entry<'_>]) -> Met {
    let verdicts = || branch.iter().filter_map(|at| entries.get(*at)).map(|entry| entry.finding.verdict);
    if verdicts().any(|verdict| matches!(verdict, Verdict::Denied(_))) {
        Met::No
    } else if verdicts().all(|verdict| matches!(verdict, Verdict::Granted(_))) {
        Met::Yes
    } else {
        Met::Unknown
    }
}

/// The branch that is insisted on: the first that is met, else the first that may be, else the first.
fn lead(met: &[Met]) -> Option<usize> {
    let first = |wanted: Met| met.iter().position(|met| *met == wanted);
    first(Met::Yes).or_else(|| first(Met::Unknown)).or_else(|| first(Met::No))
}
