//! A section that is not wanted, of which the same policy asks for single fields: it is judged by its others.

use std::collections::BTreeSet;

use crate::access::{Access, Finding, Strength, Verdict};
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

/// What is known of the fields of a section that nobody asks for.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Those that are held.
    pub(super) held: Vec<String>,
    denied: usize,
    open: usize,
    /// How many of those that are asked for are held.
    spared: usize,
}

impl Others {
    /// Every field of a section, but for those that are asked for and what stands inside of them.
    pub(super) fn of(
        section: &PermissionId,
        spares: &[String],
        access: &Access,
        catalogue: &Catalogue,
    ) -> Self {
        let mut others = Self::default();
        let Some((category, action)) = section.as_category() else { return others };
        let is_spared = |field: &str| {
            spares.iter().any(|spared| {
                let rest = field.strip_prefix(spared.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        let of_section = |field: &&str| access.category_of(field) == Some(category);
        for field in access.fields().filter(of_section).filter(|field| !catalogue.comes_always(field)) {
            match access.of(&PermissionId::field(field, action)).verdict {
                Verdict::Granted(_) if is_spared(field) => others.spared += 1,
                _ if is_spared(field) => {}
                Verdict::Granted(_) => others.held.push(field.to_owned()),
                Verdict::Denied(_) => others.denied += 1,
                Verdict::Unknown(_) => others.open += 1,
            }
        }
        others
    }

    /// Whether they are held, by what was found of the section as a whole; none: nobody knows.
    pub(super) fn are_held(&self, finding: &Finding) -> Option<bool> {
        let granted = finding.partial.as_ref().map_or(0, |partial| partial.granted as usize);
        match finding.verdict {
            _ if !self.held.is_empty() => Some(true),
            Verdict::Granted(Strength::Strong | Strength::Conclusive) => Some(self.denied + self.open > 0),
            // More came back than is told of single fields.
            _ if granted > self.spared => Some(true),
            // As for a section: some are denied, none is granted, and the rest is silent.
            _ if self.denied > 0 || self.open == 0 => Some(false),
            _ => None,
        }
    }
}
