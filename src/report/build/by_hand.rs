//! What only a person can see, as one list: the checks of the policy, and what follows from whose data is
//! meant, who is in the group, and what is required beside permissions.

use crate::catalogue::screens;
use crate::policy::blocks::AlsoKind;
use crate::policy::lines::When;
use crate::policy::{Policy, Role, Spot};
use crate::report::{About, ManualCheck, words};

use super::at;

/// The checks, in a tenant whose screens are known to have boxes for each field, or are not known.
pub(super) fn checks(policy: &Policy, by_field: bool) -> Vec<ManualCheck> {
    let mut checks = Vec::new();
    let mut check = |text: &str, when: &When, about: Option<About>, role: Role, place: &Spot| {
        // What is known not to concern this customer is not asked.
        let Some(text) = policy.under(text, when, None) else { return };
        let new = ManualCheck { text, about, role, at: at(place) };
        // Guides say the same thing in two places.
        if !checks.iter().any(|known: &ManualCheck| known.text == new.text && known.role == new.role) {
            checks.push(new);
        }
    };
    // Whether the screens are older ones, the permission model does not say.
    let group_types = by_field.then(|| screens::newest(true).group_types);
    for membership in &policy.membership {
        for (about, text) in words::membership(membership, group_types) {
            check(&text, &membership.when, Some(about), Role::HibobAdmin, &membership.place);
        }
    }
    for manual in &policy.manual {
        check(&manual.text, &manual.when, None, manual.role, &manual.place);
    }
    for (text, line) in policy.shared_reports() {
        check(&text, &line.when, None, Role::HibobAdmin, &line.place);
    }
    for population in &policy.population {
        for (text, role) in words::population(population, &policy.population) {
            check(&text, &population.when, Some(About::Audience), role, &population.place);
        }
    }
    for also in &policy.also {
        let role = match also.kind {
            AlsoKind::Webhook | AlsoKind::Data | AlsoKind::List => Role::HibobAdmin,
            AlsoKind::Parameter | AlsoKind::Metadata => Role::Integrator,
        };
        let text = format!("{}: {}", words::also(also.kind), also.text);
        check(&text, &also.when, None, role, &also.place);
    }
    checks
}
