//! Which permissions the policies want to know, and which endpoints help to settle one.

use std::collections::BTreeSet;

use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::{Endpoint, Needs, Shape, Standing, UnseenWhy, Witnessed};
use crate::catalogue::{Catalogue, builtin};
use crate::policy::lines::Section;
use crate::policy::{Policy, Target};

/// What the policies point at; a section stands for its boxes that change nothing, and what only the tenant
/// can tell for a box of the same kind, so that the requests that show it are made.
pub(super) fn wanted(policies: &[Policy], catalogue: &Catalogue) -> BTreeSet<PermissionId> {
    let category = |action| PermissionId::category(OF_THE_TENANT, action);
    let of_target = |target: &Target, policy: &Policy| match target {
        Target::Permission(id) => vec![id.clone()],
        Target::Section(id) => candidates(catalogue, id),
        Target::Named { name, action } => {
            let action = if action.as_deref() == Some("history") { Action::History } else { Action::View };
            let built_in = categories_named(catalogue, policy, name);
            built_in
                .into_iter()
                .map(|id| PermissionId::category(&id, action))
                .chain([category(action)])
                .collect()
        }
        Target::Own(boxes) => {
            let docs = ["view", "upload", "delete"].map(|action| format!("docs/{OF_THE_TENANT}/{action}"));
            [Action::View, Action::History, Action::Edit]
                .into_iter()
                .flat_map(|action| [category(action), PermissionId::field(OF_THE_TENANT, action)])
                .chain(docs.iter().filter_map(|id| PermissionId::parse(id).ok()))
                .filter(|id| boxes.pattern.may_fit(id))
                .collect()
        }
        Target::Field { field, action } => {
            // Only a write to its section shows a right to edit it.
            let section = [*action].into_iter().filter(|action| *action == Action::Edit).flat_map(|action| {
                let of_section = match &field.section {
                    Some(Section::Id(id)) => {
                        id.section().strip_prefix("people/").map(str::to_owned).into_iter().collect()
                    }
                    Some(Section::Named(name)) => categories_named(catalogue, policy, name),
                    None => {
                        builtin::find(&field.name).map(|known| known.section.clone()).into_iter().collect()
                    }
                };
                of_section.into_iter().map(move |section| PermissionId::category(&section, action))
            });
            section.chain([PermissionId::field(&field.name, *action)]).collect()
        }
        Target::Table { action, .. } => vec![category(*action)],
        Target::NotOnly(statuses) => catalogue
            .statuses()
            .iter()
            .filter(|status| !statuses.contains(&status.id.as_str()))
            .map(|status| PermissionId::population(&status.id))
            .collect(),
        Target::HeadCount(_)
        | Target::Printed { .. }
        | Target::Unresolved { .. }
        | Target::ListNotKnown { .. } => Vec::new(),
    };
    policies
        .iter()
        .flat_map(|policy| policy.requirements.iter().map(move |requirement| (policy, requirement)))
        .flat_map(|(policy, requirement)| of_target(&requirement.target, policy))
        .collect()
}

/// Whether an id stands for whatever a tenant made itself, and for no box.
pub fn is_stand_in(id: &PermissionId) -> bool {
    id.section().rsplit('/').next() == Some(OF_THE_TENANT)
}

/// Stands for whatever section a tenant made itself.
const OF_THE_TENANT: &str = "category_0";

/// The built-in categories that a name on the screen may mean.
fn categories_named(catalogue: &Catalogue, policy: &Policy, name: &str) -> Vec<String> {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let renamed = policy.renamed.iter().filter(|(shown, _)| same(shown)).map(|(_, id)| id.clone());
    let known = catalogue.categories().iter();
    let known = known.filter(|known| same(&known.name) || known.also.iter().any(|also| same(also)));
    renamed.chain(known.map(|known| known.id.clone())).collect()
}

pub(super) fn wants_to_count(policies: &[Policy]) -> bool {
    let requirements = policies.iter().flat_map(|policy| &policy.requirements);
    requirements.into_iter().any(|requirement| matches!(requirement.target, Target::HeadCount(_)))
}

/// The boxes that a section named without a box can mean: none that adds, edits, deletes or manages.
pub fn candidates(catalogue: &Catalogue, section: &PermissionId) -> Vec<PermissionId> {
    catalogue
        .boxes_of(section.section())
        .map(|permission| permission.id.clone())
        .filter(|id| !id.is_write())
        .collect()
}

/// Whether who is visible, or which fields of them come back, is what an endpoint shows.
pub(super) fn is_sight(endpoint: &Endpoint) -> bool {
    endpoint.shape == Shape::People || endpoint.shape.is_sample()
}

/// Whether an endpoint helps to settle a permission.
pub(super) fn needs(catalogue: &Catalogue, endpoint: &Endpoint, id: &PermissionId) -> bool {
    let described = catalogue.describe(id);
    match &described.witnessed {
        Witnessed::Endpoint(witness) => {
            let asked = catalogue.endpoint(&witness.endpoint);
            let before = asked.and_then(|asked| asked.after.as_ref());
            let of_people = asked.is_some_and(|asked| asked.needs != Needs::None);
            witness.standing == Standing::Confirmed
                && (witness.endpoint == endpoint.id
                    || before == Some(&endpoint.id)
                    || (endpoint.shape == Shape::People && of_people))
        }
        Witnessed::Population => endpoint.shape == Shape::People || endpoint.statuses,
        // Only a sensitive field that may be read shows an Edit right, and only in some tenants.
        Witnessed::Unseen(unseen) if unseen.why == UnseenWhy::Write => {
            let shown = id
                .as_category()
                .and_then(|(category, _)| catalogue.category(category))
                .is_some_and(|category| category.sensitive_fields);
            shown && is_sight(endpoint)
        }
        // A box that is unseen now may be a section of this very tenant, found by its name.
        Witnessed::Unseen(_) => {
            id.as_category().is_some_and(|(category, _)| catalogue.is_category(category))
                && is_sight(endpoint)
        }
        Witnessed::Category => match endpoint.shape {
            _ if is_sight(endpoint) => true,
            Shape::OwnTable => {
                id.as_category().is_some_and(|(category, _)| catalogue.category(category).is_none())
            }
            Shape::Table => match (id.as_category(), id.as_field()) {
                (Some((category, _)), _) => catalogue
                    .category(category)
                    .is_some_and(|known| known.tables.iter().any(|table| table.endpoint == endpoint.id)),
                // A table calls its columns withheld where the field alone would only be absent.
                (None, Some((field, _))) => {
                    let mut tables = catalogue.categories().iter().flat_map(|category| &category.tables);
                    tables.any(|table| table.endpoint == endpoint.id && table.may_show(field))
                }
                (None, None) => false,
            },
            Shape::CustomTables => {
                id.as_category().is_some_and(|(category, _)| !catalogue.is_category(category))
            }
            _ => false,
        },
    }
}
