//! What is held and would be asked for with a part of the product that nobody chose: the customer may use that
//! part all the same, so nobody is told to take it away without this condition.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::id::PermissionId;
use crate::policy::lines::{Case, Line, Truth, When};
use crate::policy::{Need, Policy, Requirement, Spot};

use super::branches::wanted;
use super::excess::asked;
use super::resolve::Resolver;
use super::{Gaps, Status};

/// Says beside all excess under which condition a guide asks for it, if one does.
pub(super) fn advise(gaps: &mut [Gaps<'_>], policies: &[Policy], resolver: &Resolver<'_>) {
    let is_excess = |gaps: &Gaps<'_>| gaps.items.iter().any(|gap| gap.status == Status::Excess);
    if !gaps.iter().any(is_excess) {
        return;
    }
    let mut conditions: BTreeMap<PermissionId, BTreeSet<String>> = BTreeMap::new();
    for policy in policies {
        let guide = match policies.len() {
            1 => "the guide",
            _ => policy.title.as_str(),
        };
        for (id, only) in asked_with_more(policy, resolver) {
            let only = only.strip_prefix("only ").unwrap_or(&only);
            conditions.entry(id).or_default().insert(format!("{guide} asks for it {only}"));
        }
    }
    let of_excess = gaps.iter_mut().flat_map(|gaps| &mut gaps.items).filter(|it| it.status == Status::Excess);
    for gap in of_excess {
        let Some(asked) = gap.permission.as_ref().and_then(|id| conditions.get(id)) else { continue };
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let says = format!("{}; leave it as it is where that is so", asked.join(", and "));
        gap.advice = Some(gap.advice.take().map_or(says.clone(), |known| format!("{known}; {says}")));
    }
}

/// What would be asked for with one part more, or with all of them, each box with the condition of its line.
fn asked_with_more(policy: &Policy, resolver: &Resolver<'_>) -> Vec<(PermissionId, String)> {
    let left_out: Vec<&str> = policy.not_chosen().map(|feature| feature.name.as_str()).collect();
    let one_more = left_out.iter().map(std::slice::from_ref);
    let mut found = Vec::new();
    for more in one_more.chain((left_out.len() > 1).then_some(left_out.as_slice())) {
        let Some(chosen) = policy.with(more, resolver.catalogue) else { continue };
        let entries = resolver.entries(&chosen);
        let wanted = wanted(&entries, &chosen.alternatives, resolver);
        for entry in entries.into_iter().zip(wanted) {
            let conditions = conditions(entry.0.requirement, policy, &chosen, resolver);
            let ids = asked(std::slice::from_ref(&entry), resolver.access, resolver.catalogue);
            let each = ids.iter().flat_map(|id| conditions.iter().map(move |it| (id.clone(), it.clone())));
            found.extend(each);
        }
    }
    found
}

/// The conditions of the lines that ask for it only with the part that nobody chose.
fn conditions(
    requirement: &Requirement,
    policy: &Policy,
    chosen: &Policy,
    resolver: &Resolver<'_>,
) -> Vec<String> {
    let model = resolver.model();
    let places: BTreeSet<&Spot> =
        std::iter::once(&requirement.place).chain(requirement.repeats.iter().map(|(_, at)| at)).collect();
    let hangs_on_it = |line: &&Line| {
        matches!(line.modality.need(), Need::Required | Need::Optional)
            && policy.truth(&line.when, model) == Truth::No
            && chosen.truth(&line.when, model) != Truth::No
    };
    // What is known of the customer otherwise is not told again.
    let truth = |part: &Case| match part.with.as_slice() {
        [feature] if !policy.choices.with.contains(feature) => Truth::Open,
        _ => policy.truth(&When(vec![vec![part.clone()]]), model),
    };
    let lines = policy.lines.iter().flat_map(Line::all).filter(|line| places.contains(&line.place));
    lines.filter(hangs_on_it).map(|line| policy.only(&line.when.left(&truth))).collect()
}
