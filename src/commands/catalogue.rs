//! Lists the permissions that are known, or explains one: its box, what shows it, how that is known.

use super::output;
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, EndpointId, PermissionId, nearest};
use crate::catalogue::rows::{Grants, KnownBy, OldRows, Permission, Sensitivity, Standing, Witnessed};
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
        Some(id) => {
            let known = PermissionId::parse(id)
                .ok()
                .map(|id| catalogue.canonical(&id))
                .filter(|id| catalogue.knows(id));
            let Some(id) = known else {
                return Err(Error::NoSuchPermission {
                    id: clean(id),
                    nearest: nearest(id, catalogue.permission_ids()).map(str::to_owned),
                });
            };
            within_the_screen(&explain(catalogue, &catalogue.describe(&id)))
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

fn explain(catalogue: &Catalogue, permission: &Permission) -> String {
    let sensitivity = match permission.sensitivity {
        Sensitivity::High => "high",
        Sensitivity::Normal => "normal",
    };
    let mut text = format!(
        "{}\n  box          {}\n  stands in    System settings › Account › Permission groups › [group] › {}\n  \
         older path   Settings › Account › Permission groups › [group] › {}\n  sensitivity  {sensitivity}\n",
        permission.id,
        permission.label,
        permission.path.join(" › "),
        permission.path.join(" › "),
    );
    if permission.path.get(1).is_some_and(|step| step == "People") && permission.path[0] == "People's data" {
        text.push_str(
            "  newest path  \"People\" may be called \"People's fields\", with boxes for each field\n",
        );
    }
    match &permission.witnessed {
        Witnessed::Category => text.push_str(&category(catalogue, &permission.id)),
        Witnessed::Population => text.push_str(
            "  shown by     people-ids: somebody in this lifecycle status came back\n  \
             denied by    --known alone: an open table calls that person out of reach\n",
        ),
        Witnessed::Endpoint(witness) => {
            let Some(endpoint) = catalogue.endpoint(&witness.endpoint) else { return text };
            let grants = match witness.grants {
                Grants::Answer => "any answer 200",
                Grants::Items => "an item in the answer; an empty list decides nothing",
            };
            text.push_str(&format!(
                "  asked        {} {} ({}, {})\n  granted by   {grants}\n  denied by    a refusal, once a request \
                 that needs no right was answered after it\n",
                endpoint.method.as_str(),
                endpoint.path,
                endpoint.id,
                endpoint.safety.as_str()
            ));
            if let Some(module) = &endpoint.module {
                text.push_str(&format!(
                    "  module       {module} is bought apart: 404, or a refusal without a reason, decides nothing\n"
                ));
            }
            if witness.standing == Standing::Inferred {
                text.push_str(
                    "  standing     the mapping is only inferred, so it is never a verdict by itself\n",
                );
            }
            text.push_str(&known(witness.known_by, &witness.source));
        }
        Witnessed::Unseen(unseen) => {
            text.push_str(&format!("  shown by     nothing: {}\n", unseen.reason));
            text.push_str(&tried_by(catalogue, &permission.id));
        }
    }
    text
}

/// The writes that show a right to edit, if it is asked for.
fn tried_by(catalogue: &Catalogue, id: &PermissionId) -> String {
    let Some((category, Action::Edit)) = id.as_category() else { return String::new() };
    let writes = catalogue.writes();
    let mut text = String::new();
    let mut tell = |endpoint: &EndpointId, what: &str, known_by, source: &str| {
        if let Some(endpoint) = catalogue.endpoint(endpoint) {
            let (method, path) = (endpoint.method.as_str(), &endpoint.path);
            text.push_str(&format!("  tried by     {method} {path}{what}, with --write-probes\n"));
            text.push_str(&known(known_by, source));
        }
    };
    for row in writes.fields.iter().filter(|row| row.usually_in == category) {
        tell(&writes.field_write, &format!(" ({})", row.field), row.known_by, &row.source);
    }
    if let Some(row) = writes.table_of(category) {
        tell(&row.delete, "", row.known_by, &row.source);
    }
    text
}

/// What stands behind a name hangs from it, and is no wider than the terminal.
fn within_the_screen(lines: &str) -> String {
    const NAMES: usize = 15;
    let mut text = String::new();
    for line in lines.lines() {
        match line.split_at_checked(NAMES) {
            Some((name, words)) if line.starts_with(' ') => output::hang(&mut text, 0, name, words),
            _ => output::hang(&mut text, 0, "", line),
        }
    }
    text
}

fn category(catalogue: &Catalogue, id: &PermissionId) -> String {
    let Some((name, action)) = id.as_category() else {
        return "  shown by     people-search: the field comes back, with a value or empty\n".to_owned();
    };
    let Some(category) = catalogue.category(name) else {
        return "  shown by     people-search: the fields that the metadata puts into this section\n"
            .to_owned();
    };
    let mut text = String::new();
    if action == Action::View {
        text.push_str(
            "  granted by   people-search: its fields come back, with a value or empty\n  denied by    people-search: \
             they stay away for two samples of people, where empty ones would have come back\n",
        );
    }
    for table in &category.tables {
        let Some(endpoint) = catalogue.endpoint(&table.endpoint) else { continue };
        let rows = match (action, table.old_rows) {
            (Action::History, OldRows::NeedHistory) => "a row no longer in force grants; a refusal denies",
            (Action::History, OldRows::MayShow) => "a refusal denies; its rows decide nothing",
            _ => "a refusal denies where the fields are silent",
        };
        text.push_str(&format!(
            "  table        {} {} ({}): {rows}\n",
            endpoint.method.as_str(),
            endpoint.path,
            endpoint.id
        ));
    }
    if action == Action::History && category.tables.is_empty() {
        text.push_str("  shown by     nothing: no endpoint returns the past of this section\n");
    }
    text.push_str(&known(category.known_by, &category.source));
    text
}

fn known(by: KnownBy, source: &str) -> String {
    let by = match by {
        KnownBy::Observed => "observed on a live tenant",
        KnownBy::Documented => "documented by HiBob",
        KnownBy::Inferred => "inferred",
    };
    format!("  known by     {by}: {source}\n")
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

    #[test]
    fn every_permission_is_explained() {
        let catalogue = Catalogue::embedded();
        for permission in catalogue.permissions() {
            let text = explain(catalogue, permission);
            assert!(
                text.contains("  box ") && text.contains("shown by") || text.contains("known by"),
                "{text}"
            );
        }
    }
}
