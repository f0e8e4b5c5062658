//! What a guide says both ways, and what the policy says of that: a line that is `disputed` gives way to one that
//! is not, and where all of them are disputed none is judged.

use std::collections::BTreeMap;

use super::folded::{Ask, Key, key, side};
use crate::policy::lines::{ByModel, MODELS, Truth};
use crate::policy::oddities::is_wanted;
use crate::policy::{Contrary, Model, Need};

/// One thing that some lines want and others do not.
pub(super) struct Dispute {
    /// How much it is asked about where nobody knows which lines hold; none: where that is known.
    pub(super) torn: ByModel<Option<Need>>,
    /// The disputed lines about it.
    disputed: Vec<Contrary>,
}

impl Dispute {
    /// The disputed lines that want the opposite.
    pub(super) fn against(&self, need: Need) -> Vec<Contrary> {
        let opposite = |line: &&Contrary| is_wanted(line.need) != is_wanted(need);
        self.disputed.iter().filter(opposite).cloned().collect()
    }
}

/// Takes back what a disputed line asks for where a line that is not disputed says the opposite; what is said
/// both ways, by what it is about.
pub(super) fn settle(asked: &mut [Ask]) -> BTreeMap<Key, Dispute> {
    let mut about: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, ask) in asked.iter().enumerate() {
        about.entry(key(ask)).or_default().push(at);
    }
    let mut disputes = BTreeMap::new();
    for (key, about) in about {
        let any_disputed = about.iter().filter_map(|at| asked.get(*at)).any(|ask| ask.disputed);
        if any_disputed && let Some(dispute) = settle_one(asked, &about) {
            disputes.insert(key, dispute);
        }
    }
    disputes
}

fn settle_one(asked: &mut [Ask], about: &[usize]) -> Option<Dispute> {
    let mut torn = ByModel::each(|_| None);
    let mut said_both_ways = false;
    for model in MODELS {
        let sides: Vec<(usize, bool, bool)> = about
            .iter()
            .filter_map(|at| asked.get(*at).map(|ask| (*at, ask)))
            .filter_map(|(at, ask)| Some((at, ask.disputed, side(&ask.needs, &ask.member, model)?)))
            .collect();
        let says = |disputed: bool, wanted: bool| sides.iter().any(|it| (it.1, it.2) == (disputed, wanted));
        for (at, _, wanted) in sides.iter().filter(|it| it.1 && says(false, !it.2)) {
            said_both_ways = true;
            // Unless two lines that hold contradict each other, which is told as the mistake that it is.
            if let Some(ask) = asked.get_mut(*at).filter(|_| !says(false, *wanted)) {
                ask.needs.set(model, None);
                ask.member.set(model, Truth::No);
            }
        }
        let nobody_says = !says(false, true) && !says(false, false);
        if nobody_says && says(true, true) && says(true, false) {
            said_both_ways = true;
            torn.set(model, Some(insisted(asked, about, model)));
        }
    }
    let disputed = about.iter().filter_map(|at| asked.get(*at)).filter(|ask| ask.disputed);
    said_both_ways.then(|| Dispute {
        torn,
        disputed: disputed
            .map(|ask| Contrary {
                need: ask.modality.need(),
                label: ask.label.clone(),
                place: ask.place.clone(),
            })
            .collect(),
    })
}

/// How much a question matters: as much as the line does that insists.
fn insisted(asked: &[Ask], about: &[usize], model: Option<Model>) -> Need {
    let needs: Vec<Need> =
        about.iter().filter_map(|at| asked.get(*at)).filter_map(|ask| ask.needs.of(model)).collect();
    [Need::Required, Need::Forbidden].into_iter().find(|need| needs.contains(need)).unwrap_or(Need::Optional)
}
