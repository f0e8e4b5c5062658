//! A policy's items in three bins, for formats that are looked at: what is to be done, what is to be
//! verified, and what is in order.

use super::opening;
use super::parts::Parts;
use super::{Item, ManualCheck, PolicyReport, Report, Role, words};

/// One of the three.
pub(super) struct Bin<'r> {
    pub(super) kind: Kind,
    /// In the order in which they are read; none is empty.
    pub(super) groups: Vec<Group<'r>>,
    /// How many items and checks there are in all groups.
    pub(super) count: usize,
}

/// What a bin is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    ToDo,
    ToVerify,
    InOrder,
}

/// What is dealt with in one go, by one person.
pub(super) struct Group<'r> {
    pub(super) title: String,
    /// The same in a word or two, for a count.
    pub(super) short: &'static str,
    /// Who does it; `None` where nothing is to be done.
    pub(super) who: Option<Role>,
    pub(super) items: Vec<&'r Item>,
    pub(super) checks: Vec<&'r ManualCheck>,
    pub(super) note: Option<String>,
    pub(super) count: usize,
}

impl<'r> Bin<'r> {
    /// The three bins, also those in which there is nothing.
    pub(super) fn of(report: &'r Report, policy: &'r PolicyReport) -> [Self; 3] {
        let parts = Parts::of(policy);
        let advice = |items: &[&Item]| opening::advice(report, policy, items);
        let (advice, held, chosen) =
            (advice(&parts.untick), advice(&parts.perhaps_needed), advice(&parts.perhaps_chosen));
        let publisher = match policy.policy.publisher.as_str() {
            "" => &policy.policy.title,
            publisher => publisher,
        };
        let admin = Some(Role::HibobAdmin);
        let to_do = vec![
            group("Tick", "to tick", admin, parts.tick),
            Group {
                note: advice,
                ..group(
                    "Untick, in every group that holds this service user",
                    "to untick",
                    admin,
                    parts.untick,
                )
            },
        ];
        let to_verify = vec![
            Group {
                checks: parts.look_by_hand,
                ..group("Look at on the screen: no API call shows these", "to look at", admin, parts.look)
            },
            Group {
                note: report.run.stopped.as_ref().map(|_| words::CUT_SHORT.to_owned()),
                ..group(
                    "Could not be verified this time",
                    "not verified",
                    Some(Role::Operator),
                    parts.unsettled,
                )
            },
            Group {
                checks: parts.ask_by_hand,
                ..group(&format!("Ask {publisher}"), "to ask", Some(Role::Integrator), parts.ask)
            },
            Group {
                note: held,
                ..group(
                    "Held, and perhaps needed: not all that is asked for is known; untick only what turns out not to be asked for",
                    "perhaps needed",
                    Some(Role::Integrator),
                    parts.perhaps_needed,
                )
            },
            Group {
                note: chosen,
                ..group(
                    "Held, and perhaps chosen: the guide leaves that open; untick only what was not chosen",
                    "perhaps chosen",
                    admin,
                    parts.perhaps_chosen,
                )
            },
        ];
        let in_order = vec![
            group("Verified", "verified", None, parts.verified),
            group("Accepted as it is, by a decision in the policy", "accepted", None, parts.waived),
            group(
                "Seen on the screen by a person, not by this run",
                "seen by a person",
                None,
                parts.attested,
            ),
            group("Optional, and not there: no gap", "optional, not there", None, parts.optional),
        ];
        [bin(Kind::ToDo, to_do), bin(Kind::ToVerify, to_verify), bin(Kind::InOrder, in_order)]
    }
}

fn group<'r>(title: &str, short: &'static str, who: Option<Role>, items: Vec<&'r Item>) -> Group<'r> {
    Group { title: title.to_owned(), short, who, items, checks: Vec::new(), note: None, count: 0 }
}

fn bin(kind: Kind, groups: Vec<Group<'_>>) -> Bin<'_> {
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|group| Group { count: group.items.len() + group.checks.len(), ..group })
        .filter(|group| group.count > 0)
        .collect();
    Bin { kind, count: groups.iter().map(|group| group.count).sum(), groups }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn every_item_and_every_check_is_in_one_bin() {
        for (name, report) in fixtures::all() {
            for policy in &report.policies {
                let bins = Bin::of(&report, policy);
                for item in &policy.items {
                    let groups = bins.iter().flat_map(|bin| &bin.groups);
                    let found =
                        groups.filter(|group| group.items.iter().any(|other| std::ptr::eq(*other, item)));
                    assert_eq!(found.count(), 1, "{name}: {}", item.label);
                }
                let all: usize = bins.iter().map(|bin| bin.count).sum();
                assert_eq!(all, policy.items.len() + policy.manual.len(), "{name}");
            }
        }
    }

    #[test]
    fn nobody_is_told_to_untick_what_an_unknown_list_may_hold() {
        let mut report = fixtures::gaps();
        let to_do = |report: &Report| {
            let [to_do, ..] = Bin::of(report, &report.policies[0]);
            to_do.groups.iter().map(|group| group.count).collect::<Vec<_>>()
        };
        assert_eq!(to_do(&report), [3, 9]);
        fixtures::ask_for_more(&mut report);
        // What the policy forbids stays to be unticked.
        assert_eq!(to_do(&report), [3, 1]);
    }
}
