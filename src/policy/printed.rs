//! What a guide prints of a box, held against what the catalogue knows.

use crate::catalogue::Catalogue;
use crate::catalogue::id::{PermissionId, nearest};

/// The steps of a path as it is printed, however they are joined. What leads to the permission groups is the
/// same for all boxes, and left out.
pub fn steps(path: &str) -> Vec<String> {
    let steps = path.split(['>', '›', '→']).map(|step| step.trim_end_matches('-').trim().to_owned());
    let steps: Vec<String> = steps.filter(|step| !step.is_empty()).collect();
    let groups = steps.iter().position(|step| step.eq_ignore_ascii_case("permission groups"));
    let below = groups.map(|at| steps[at + 1..].to_vec()).filter(|below| !below.is_empty());
    below.unwrap_or(steps)
}

/// Whether the steps that a guide prints are on a way, in order: guides leave out steps.
pub fn leads_along(printed: &[String], way: &[String]) -> bool {
    let mut rest = way.iter();
    printed.iter().all(|step| rest.any(|known| known.eq_ignore_ascii_case(step)))
}

/// The box that HiBob itself labels so and shows there, if the catalogue knows it.
pub(super) fn known_box<'a>(label: &str, path: &str, catalogue: &'a Catalogue) -> Option<&'a PermissionId> {
    let printed = steps(path);
    let same = |other: &str| plain(other) == plain(label);
    let mut boxes = catalogue.permissions().filter(|it| same(&it.label) && leads_along(&printed, &it.path));
    boxes.next().map(|permission| &permission.id)
}

/// The box whose label is nearest to a printed one, with that label.
pub(super) fn nearest_box<'a>(label: &str, catalogue: &'a Catalogue) -> Option<(&'a str, &'a PermissionId)> {
    let near = nearest(&plain(label), catalogue.permissions().map(|it| it.label.as_str()))?;
    let found = catalogue.permissions().find(|permission| permission.label == near)?;
    Some((near, &found.id))
}

fn plain(label: &str) -> String {
    label.replace('’', "'").trim().trim_end_matches('.').to_lowercase()
}
