//! What is odd about a policy as a whole, and no mistake.

use super::folded::is_wanted;
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::policy::{Need, Remark, Requirement, Spot, Target};
use crate::source::clean::clean;

/// What is odd about the whole, and no mistake.
pub(super) fn oddities(requirements: &[Requirement], catalogue: &Catalogue) -> Vec<Remark> {
    let is_category = |name: &str| catalogue.is_category(name) || name.starts_with("category_");
    let mut remarks = Vec::new();
    let mut remark =
        |code, place: &Spot, text: String| remarks.push(Remark { code, text, place: place.clone() });
    let wanted = || requirements.iter().filter(|requirement| is_wanted(requirement.need));
    let asks_for = |id: &PermissionId| {
        wanted().any(|other| other.target.permission().is_some_and(|wanted| wanted == id))
    };
    let data: Vec<(&Requirement, &str, Action)> = wanted()
        .filter_map(|requirement| {
            let (category, action) = requirement.target.permission()?.as_category()?;
            is_category(category).then_some((requirement, category, action))
        })
        .collect();

    for (requirement, category, action) in &data {
        let view = PermissionId::category(category, Action::View);
        if *action == Action::History && !asks_for(&view) {
            let id = PermissionId::category(category, Action::History);
            remark(
                "history-without-view",
                &requirement.place,
                format!("`{id}` is asked for without `{view}`"),
            );
        }
    }
    let root = PermissionId::category("root", Action::View);
    if let Some((first, ..)) = data.iter().find(|(data, ..)| data.need == Need::Required)
        && !asks_for(&root)
    {
        let text = format!("people's data is asked for without `{root}`, and nobody appears without it");
        remark("no-basic-info", &first.place, text);
    }
    for requirement in requirements {
        let label = clean(&requirement.label);
        match &requirement.target {
            Target::Section(_) => {
                let text = format!("`{label}` names a section and no box in it");
                remark("box-not-named", &requirement.place, text);
            }
            Target::Unresolved { reason } => {
                let text = format!("`{label}` stands for no box that is known: {}", clean(reason));
                remark("label-not-in-hibob", &requirement.place, text);
            }
            Target::ListNotKnown { reason } => {
                let text = format!("the guide does not hold its list: {}", clean(reason));
                remark("list-not-known", &requirement.place, text);
            }
            _ => {}
        }
    }
    remarks
}
