//! Lists the permissions that are known, or explains one.

mod explain;
mod reads;

use super::output;
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId, nearest};
use crate::catalogue::rows::{Permission, Sensitivity, Standing, Witnessed};
use crate::cli::CatalogueArgs;
use crate::error::Error;
use crate::exit;
use crate::plan::{Checkable, checkable_permission};
use crate::source::clean::clean;

pub(super) fn run(args: &CatalogueArgs) -> Result<u8, Error> {
    let catalogue = Catalogue::embedded();
    let text = match &args.id {
        None if args.markdown => markdown(catalogue),
        None => list(catalogue),
        Some(id) if reads::LISTS.contains(&id.as_str()) => reads::list(id, args.word.as_deref())?,
        Some(id) if args.word.is_some() => {
            let hint = format!("a word narrows a list: {}", reads::LISTS.join(", "));
            return Err(Error::Conflict { what: format!("`{}` is no list", clean(id)), hint });
        }
        Some(id) => {
            let known = PermissionId::parse(id)
                .ok()
                .map(|id| catalogue.canonical(&id))
                .filter(|id| catalogue.knows(id));
            let Some(id) = known else {
                return Err(Error::NoSuchPermission {
                    id: clean(id),
                    nearest: nearest(id, catalogue.permission_ids().into_iter().chain(reads::LISTS))
                        .map(str::to_owned),
                });
            };
            explain::within_the_screen(&explain::explain(catalogue, &catalogue.describe(&id)))
        }
    };
    output::print(&text)?;
    Ok(exit::SATISFIED)
}

fn list(catalogue: &Catalogue) -> String {
    let mut text = String::new();
    for permission in catalogue.permissions() {
        text.push_str(&format!(
            "{:<46} {:<7} {}\n",
            permission.id.as_str(),
            shown_by(catalogue, &permission.id),
            permission.label
        ));
    }
    text.push_str(
        "\nThe middle column says what can show a right: api a read, write only a write, screen only the screen.\n\
         A tenant's own sections, fields and folders have ids too: people/category_<digits>/view,\n\
         fields/<fieldId>/view, docs/<folderId>/view.\n",
    );
    text
}

/// The list as a document: `docs/permissions.md`.
fn markdown(catalogue: &Catalogue) -> String {
    let shown = |how: &str| {
        catalogue.permissions().filter(|permission| shown_by(catalogue, &permission.id) == how).count()
    };
    let mut text = format!(
        "# Permissions\n\n\
         Every box that `audit` knows: {} in all. A read can show {}; only a write could show {}; in this version \
         nothing but the screen shows {}.\n\n\
         This page is generated from the rows in `src/catalogue` (`audit catalogue --markdown`); a test holds it \
         against them, and `AUDIT_UPDATE=1 cargo test` writes it anew. `audit catalogue ID` tells more about one \
         box: what grants it, what denies it, and how that is known.\n\n\
         A tenant's own sections, fields and document folders have ids too: `people/category_<digits>/view`, \
         `fields/<fieldId>/view`, `docs/<folderId>/view`.\n",
        catalogue.permissions().count(),
        shown("api"),
        shown("write"),
        shown("screen"),
    );
    let mut area = "";
    for permission in catalogue.permissions() {
        let first = permission.id.as_str().split('/').next().unwrap_or_default();
        if first != area {
            area = first;
            text.push_str(&format!(
                "\n## {area}\n\n| id | box | stands in | sensitivity | shown by |\n| --- | --- | --- | --- | --- |\n"
            ));
        }
        let sensitivity = match permission.sensitivity {
            Sensitivity::High => "high",
            Sensitivity::Normal => "normal",
        };
        let cell = |words: &str| words.replace('|', "\\|");
        text.push_str(&format!(
            "| `{}` | {} | {} | {sensitivity} | {} |\n",
            permission.id,
            cell(&permission.label),
            cell(&permission.path.join(" › ")),
            cell(&witness(catalogue, permission)),
        ));
    }
    text
}

/// What shows a box, in a few words.
fn witness(catalogue: &Catalogue, permission: &Permission) -> String {
    match &permission.witnessed {
        Witnessed::Population => "the people that come back".to_owned(),
        Witnessed::Unseen(unseen) => format!("nothing: {}", unseen.reason),
        Witnessed::Endpoint(witness) => match catalogue.endpoint(&witness.endpoint) {
            Some(endpoint) if witness.standing == Standing::Inferred => {
                format!("perhaps `{} {}`; not confirmed", endpoint.method.as_str(), endpoint.path)
            }
            Some(endpoint) => format!("`{} {}`", endpoint.method.as_str(), endpoint.path),
            None => String::new(),
        },
        Witnessed::Category => {
            let category = permission.id.as_category();
            let tables =
                category.and_then(|(name, _)| catalogue.category(name)).map_or(&[][..], |it| &it.tables);
            let is_view = category.is_none_or(|(_, action)| action == Action::View);
            let mut shown: Vec<String> = Vec::new();
            if is_view {
                shown.push("the section's fields".to_owned());
            }
            shown.extend(
                tables
                    .iter()
                    .filter_map(|table| catalogue.endpoint(&table.endpoint))
                    .map(|endpoint| format!("`{} {}`", endpoint.method.as_str(), endpoint.path)),
            );
            if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") }
        }
    }
}

fn shown_by(catalogue: &Catalogue, id: &PermissionId) -> &'static str {
    match checkable_permission(catalogue, id, false) {
        Checkable::Api => "api",
        Checkable::Write => "write",
        Checkable::Screen | Checkable::Integrator => "screen",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_permissions_is_current() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/permissions.md");
        let text = markdown(Catalogue::embedded());
        if std::env::var_os("AUDIT_UPDATE").is_some() {
            std::fs::write(file, &text).unwrap();
        }
        let page = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
        assert!(page == text, "docs/permissions.md is not current: AUDIT_UPDATE=1 cargo test writes it anew");
    }
}
