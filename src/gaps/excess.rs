//! What is held and nobody asked for: everything that policies ask for or can be read to ask for, and the rest.

use std::collections::BTreeSet;

use crate::access::{Access, Model, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::plan::checkable_permission;
use crate::policy::Need;

use super::branches::Wanted;
use super::resolve::Entry;
use super::section::candidates;
use super::{Gap, Status};

/// Everything that a policy asks for or can be read to ask for, and what comes with it.
pub(super) fn asked(
    entries: &[(Entry<'_>, Wanted)],
    access: &Access,
    catalogue: &Catalogue,
) -> BTreeSet<PermissionId> {
    let mut asked = BTreeSet::new();
    let is_asked = |wanted: &Wanted| matches!(wanted.need, Need::Required | Need::Optional);
    for (entry, _) in entries.iter().filter(|(_, wanted)| is_asked(wanted)) {
        match &entry.permission {
            Some(id) if id.is_section() => asked.extend(candidates(id, access, catalogue)),
            Some(id) => {
                asked.insert(id.clone());
            }
            None => {}
        }
    }
    // Nobody appears without Basic info, so whoever asks for people's data asks for it.
    if asked.iter().any(needs_people) {
        asked.insert(PermissionId::category("root", Action::View));
    }
    // A field of a section that is asked for is asked for.
    let fields: Vec<PermissionId> = access
        .findings()
        .filter(|(id, _)| {
            id.as_field().is_some_and(|(field, action)| {
                access
                    .category_of(field)
                    .is_some_and(|category| asked.contains(&PermissionId::category(category, action)))
            })
        })
        .map(|(id, _)| id.clone())
        .collect();
    // And nobody should be told to untick the section that a single field is read by.
    let sections: Vec<PermissionId> = asked
        .iter()
        .filter_map(|id| {
            let (field, action) = id.as_field()?;
            Some(PermissionId::category(access.category_of(field)?, action))
        })
        .collect();
    asked.extend(fields);
    asked.extend(sections);
    asked
}

fn needs_people(id: &PermissionId) -> bool {
    !id.as_str().starts_with("features/")
}

/// What is granted, and neither asked for by any policy nor named by a line of this one.
pub(super) fn excess<'a>(
    access: &Access,
    catalogue: &Catalogue,
    classic: bool,
    asked: &BTreeSet<PermissionId>,
    named: &BTreeSet<PermissionId>,
) -> Vec<Gap<'a>> {
    let mut items: Vec<Gap<'a>> = access
        .findings()
        .filter(|(_, finding)| matches!(finding.verdict, Verdict::Granted(_)))
        .filter(|(id, _)| !asked.contains(*id) && !named.contains(*id))
        // Whose data is reachable is the population's matter: "at least" allows more, "exactly" forbids it.
        .filter(|(id, _)| id.as_population().is_none())
        .filter(|(id, _)| !of_granted_category(access, id) && !of_category_among(named, access, id))
        .map(|(id, finding)| Gap {
            requirement: None,
            place: None,
            permission: Some(id.clone()),
            need: Need::NotNeeded,
            status: Status::Excess,
            other_branch_met: false,
            finding: finding.clone(),
            checkable: checkable_permission(catalogue, id, classic),
            decision: None,
            advice: forced(access, catalogue, asked, id),
            apart: false,
            held: Vec::new(),
            spares: Vec::new(),
            torn: false,
            against: Vec::new(),
        })
        .collect();
    items.sort_by_key(|item| {
        let high = item.permission.as_ref().is_some_and(|id| access.is_sensitive(catalogue, id));
        (!high, item.permission.clone())
    });
    items
}

/// Where HiBob itself forces a right to edit on whoever wants to read: the classic model shows some fields
/// only together with it.
fn forced(
    access: &Access,
    catalogue: &Catalogue,
    asked: &BTreeSet<PermissionId>,
    id: &PermissionId,
) -> Option<String> {
    let (category, Action::Edit) = id.as_category()? else { return None };
    if access.model != Some(Model::Category) {
        return None;
    }
    let wanted = |field: &str| {
        asked.contains(&PermissionId::category(category, Action::View))
            || asked.contains(&PermissionId::field(field, Action::View))
    };
    let hidden: Vec<&str> = catalogue
        .sensitive_fields()
        .filter(|field| access.category_of(field) == Some(category) && wanted(field))
        .map(|field| access.field_name(field))
        .collect();
    (!hidden.is_empty()).then(|| {
        format!(
            "where rights are given by section, HiBob shows {} only to whoever may also edit it; untick it only if \
             nobody needs to read that",
            hidden.join(" and ")
        )
    })
}

/// A field of a section that a line names already.
fn of_category_among(named: &BTreeSet<PermissionId>, access: &Access, id: &PermissionId) -> bool {
    id.as_field().is_some_and(|(field, action)| {
        let category = access.category_of(field);
        category.is_some_and(|category| named.contains(&PermissionId::category(category, action)))
    })
}

/// A field of a section that is granted in part.
pub(super) fn of_partial_category(access: &Access, id: &PermissionId) -> bool {
    id.as_field().is_some_and(|(field, action)| {
        access
            .category_of(field)
            .is_some_and(|category| access.of(&PermissionId::category(category, action)).partial.is_some())
    })
}

/// A field of a section that is granted as a whole is not listed beside it.
fn of_granted_category(access: &Access, id: &PermissionId) -> bool {
    id.as_field().is_some_and(|(field, action)| {
        access.category_of(field).is_some_and(|category| {
            matches!(access.of(&PermissionId::category(category, action)).verdict, Verdict::Granted(_))
        })
    })
}
