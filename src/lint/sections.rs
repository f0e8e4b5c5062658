//! What a line takes by a name or a pattern, held against what HiBob's screens call a section or a group.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Catalogue;
use crate::catalogue::id::{PermissionId, nearest};
use crate::catalogue::rows::Permission;
use crate::policy::lines::{Aim, Field, Line, Section};
use crate::policy::oddities::{covers, words};
use crate::policy::{Policy, Remark};
use crate::source::clean::clean;

pub(super) fn remarks(policy: &Policy, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    let lines: Vec<&Line> = policy.lines.iter().flat_map(Line::all).collect();
    for line in &lines {
        let said = match &line.aim {
            Aim::Section { section: Section::Named(name), .. }
            | Aim::Field { field: Field { section: Some(Section::Named(name)), .. }, .. } => {
                other_name(name, policy, catalogue)
                    .map(|text| ("section-not-known", format!("`{}` {text}", clean(name))))
            }
            Aim::Every { .. } => groups(line, &lines, catalogue).map(|text| {
                ("screen-groups-otherwise", format!("`{}` {text}", clean(&words(line, catalogue))))
            }),
            _ => None,
        };
        if let Some((code, text)) = said {
            found.push(Remark { code, text, place: line.place.clone() });
        }
    }
}

/// Which section is meant, where the name is nobody's and nearly one that HiBob ships. A name that is like no
/// other may well be the customer's own.
fn other_name(name: &str, policy: &Policy, catalogue: &Catalogue) -> Option<String> {
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    let shipped = catalogue.categories();
    let names =
        || shipped.iter().flat_map(|it| std::iter::once(&it.name).chain(&it.also)).map(String::as_str);
    if names().any(same) || policy.renamed.keys().any(|shown| same(shown)) {
        return None;
    }
    let is_last_step = |permission: &&Permission| permission.path.last().is_some_and(|step| same(step));
    if let Some(elsewhere) = catalogue.permissions().find(is_last_step) {
        let section = elsewhere.id.section();
        return Some(format!("is no section of people's data; HiBob calls `{section}` so"));
    }
    let near = nearest(name, names())?;
    Some(format!("is no section that HiBob ships: did you mean `{near}`?"))
}

/// Which boxes stand in the group on the screen and are left out, and which are taken from another.
fn groups(line: &Line, lines: &[&Line], catalogue: &Catalogue) -> Option<String> {
    let Aim::Every { pattern, except, .. } = &line.aim else { return None };
    let stem = pattern.as_str().strip_suffix("/**")?;
    if !stem.starts_with("features/") || stem.contains('*') {
        return None;
    }
    let group = |permission: &Permission| permission.path.get(..2).map(<[String]>::to_vec);
    let takes = |id: &PermissionId| pattern.fits(id) && !except.iter().any(|except| except.fits(id));
    let taken: Vec<&Permission> = catalogue.permissions().filter(|it| takes(&it.id)).collect();
    // The group is where the most of them stand; of a part of a group, none is missing.
    let mut counted: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for path in taken.iter().filter_map(|it| group(it)) {
        *counted.entry(path).or_default() += 1;
    }
    let (main, _) = counted.into_iter().max_by_key(|(_, count)| *count)?;
    let is_whole = stem.matches('/').count() == 1;
    let others: Vec<&Line> = lines.iter().copied().filter(|other| !std::ptr::eq(*other, line)).collect();
    let said_elsewhere = |id: &PermissionId| others.iter().any(|other| covers(other, id, &others));
    let sections = |of: &dyn Fn(&Permission) -> bool| -> Vec<String> {
        let sections: BTreeSet<&str> =
            catalogue.permissions().filter(|it| of(it)).map(|it| it.id.section()).collect();
        sections.into_iter().map(|section| format!("`{section}`")).collect()
    };
    let in_main = |it: &Permission| group(it).as_ref() == Some(&main);
    let left_out =
        sections(&|it| is_whole && in_main(it) && !pattern.fits(&it.id) && !said_elsewhere(&it.id));
    let from_another = sections(&|it| takes(&it.id) && !in_main(it));
    let main = main.join(" › ");
    let mut says = Vec::new();
    if !left_out.is_empty() {
        says.push(format!("leaves out {}, which HiBob shows under {main}", left_out.join(" and ")));
    }
    if !from_another.is_empty() {
        says.push(format!("takes {}, which HiBob does not show under {main}", from_another.join(" and ")));
    }
    (!says.is_empty()).then(|| says.join(", and "))
}
