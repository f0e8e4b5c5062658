//! What only a person can see, as one list: the checks of the policy, and what follows from whose data is
//! meant, who is in the group, and what is required beside permissions.

use crate::policy::blocks::AlsoKind;
use crate::policy::{Policy, Role, Spot};
use crate::report::{ManualCheck, on_screen};

use super::at;

pub(super) fn checks(policy: &Policy) -> Vec<ManualCheck> {
    let mut checks = Vec::new();
    let mut check = |text: String, role: Role, place: &Spot| {
        let new = ManualCheck { text, role, at: at(place) };
        // Guides say the same thing in two places.
        if !checks.iter().any(|known: &ManualCheck| known.text == new.text && known.role == new.role) {
            checks.push(new);
        }
    };
    if let Some(membership) = &policy.membership {
        for text in on_screen::membership(membership) {
            check(text.to_owned(), Role::HibobAdmin, &membership.place);
        }
    }
    for manual in &policy.manual {
        check(manual.text.clone(), manual.role, &manual.place);
    }
    if let Some(population) = &policy.population {
        for text in on_screen::population(population) {
            check(text, Role::HibobAdmin, &population.place);
        }
    }
    for also in &policy.also {
        let role = match also.kind {
            AlsoKind::Webhook | AlsoKind::Data | AlsoKind::List => Role::HibobAdmin,
            AlsoKind::Parameter | AlsoKind::Metadata => Role::Integrator,
        };
        check(also.text.clone(), role, &also.place);
    }
    checks
}
