//! A section that is not wanted, of which the same policy asks for single fields: it is judged by its others.

use std::collections::BTreeSet;

use crate::access::{Access, Doubt, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::PermissionId;

use super::resolve::Entry;

/// Marks each section that is not wanted and each field of it that is.
pub(super) fn mark(entries: &mut [Entry<'_>], access: &Access) {
    let of_field = |id: &PermissionId| {
        let (field, action) = id.as_field()?;
        Some((PermissionId::category(access.category_of(field)?, action), field.to_owned()))
    };
    let (wanted, unwanted): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) =
        entries.iter().partition(|entry| entry.is_wanted());
    let read: Vec<(PermissionId, String)> =
        wanted.iter().filter_map(|entry| of_field(entry.permission.as_ref()?)).collect();
    let unwanted: BTreeSet<PermissionId> =
        unwanted.iter().filter_map(|entry| entry.permission.clone()).collect();
    for entry in entries {
        let Some(id) = &entry.permission else { continue };
        if entry.is_wanted() {
            entry.apart = of_field(id).is_some_and(|(section, _)| unwanted.contains(&section));
        } else {
            let fields = read.iter().filter(|(section, _)| section == id);
            entry.spares = fields.map(|(_, field)| field.clone()).collect();
            entry.apart = !entry.spares.is_empty();
        }
    }
}

/// The fields of a section that are held, but for those that are asked for and what stands inside of them.
/// Of a section that is held as a whole, every field is, unless it is known not to be.
pub(super) fn held(
    section: &PermissionId,
    spares: &[String],
    whole: bool,
    access: &Access,
    catalogue: &Catalogue,
) -> Vec<String> {
    let Some((category, action)) = section.as_category() else { return Vec::new() };
    let is_spared = |field: &str| {
        spares.iter().any(|spared| {
            field.strip_prefix(spared.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let is_held = |field: &str| match access.of(&PermissionId::field(field, action)).verdict {
        Verdict::Granted(_) => true,
        Verdict::Denied(_) | Verdict::Unknown(Doubt::NoWitness) => false,
        Verdict::Unknown(_) => whole,
    };
    access
        .fields()
        .filter(|field| access.category_of(field) == Some(category) && !catalogue.comes_always(field))
        .filter(|field| !is_spared(field) && is_held(field))
        .map(str::to_owned)
        .collect()
}
