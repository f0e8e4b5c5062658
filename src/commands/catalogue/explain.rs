//! Explains one permission: where its box stands on which screens, what shows it, and how that is known.

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, EndpointId, PermissionId};
use crate::catalogue::rows::{
    Endpoint, Grants, KnownBy, Needs, OldRows, Permission, Sensitivity, Shape, Standing, Witness, Witnessed,
};
use crate::catalogue::screens;
use crate::commands::output;

/// The lines of one permission, each with a name at its beginning.
pub(super) fn explain(catalogue: &Catalogue, permission: &Permission) -> String {
    let mut page = Page { text: format!("{}\n", permission.id) };
    page.line("box", &permission.label);
    stands_in(permission, &mut page);
    page.line(
        "sensitivity",
        match permission.sensitivity {
            Sensitivity::High => "high",
            Sensitivity::Normal => "normal",
        },
    );
    match &permission.witnessed {
        Witnessed::Category if permission.id.as_field().is_some() => field(catalogue, permission, &mut page),
        Witnessed::Category => category(catalogue, &permission.id, &mut page),
        Witnessed::Population => population(catalogue, &mut page),
        Witnessed::Endpoint(witness) => endpoint(catalogue, witness, &mut page),
        Witnessed::Unseen(unseen) => {
            page.line("shown by", &format!("nothing: {}", unseen.reason));
            tried_by(catalogue, &permission.id, &mut page);
        }
    }
    page.text
}

/// The writes that show a right to edit, if it is asked for.
fn tried_by(catalogue: &Catalogue, id: &PermissionId, page: &mut Page) {
    let Some((category, Action::Edit)) = id.as_category() else { return };
    let writes = catalogue.writes();
    let mut tell = |endpoint: &EndpointId, what: &str, known_by, source: &str| {
        if let Some(endpoint) = catalogue.endpoint(endpoint) {
            let (method, path) = (endpoint.method.as_str(), &endpoint.path);
            page.line("tried by", &format!("{method} {path}{what}, with --write-probes"));
            page.known(known_by, source);
        }
    };
    for row in writes.fields.iter().filter(|row| row.usually_in == category) {
        tell(&writes.field_write, &format!(" ({})", row.field), row.known_by, &row.source);
    }
    if let Some(row) = writes.table_of(category) {
        tell(&row.delete, "", row.known_by, &row.source);
    }
}

/// What stands behind a name hangs from it, and is no wider than the terminal.
pub(super) fn within_the_screen(lines: &str) -> String {
    let mut text = String::new();
    for line in lines.lines() {
        match line.split_at_checked(Page::NAMES) {
            Some((name, words)) if line.starts_with(' ') => output::hang(&mut text, 0, name, words),
            _ => output::hang(&mut text, 0, "", line),
        }
    }
    text
}

struct Page {
    text: String,
}

impl Page {
    const NAMES: usize = 15;

    fn line(&mut self, name: &str, words: &str) {
        self.text.push_str(&format!("  {name:<13}{words}\n"));
    }

    fn asked(&mut self, endpoint: &Endpoint) {
        let Endpoint { method, path, id, safety, .. } = endpoint;
        self.line("asked", &format!("{} {path} ({id}, {})", method.as_str(), safety.as_str()));
    }

    fn known(&mut self, by: KnownBy, source: &str) {
        let by = match by {
            KnownBy::Observed => "observed on a live tenant",
            KnownBy::Documented => "documented by HiBob",
            KnownBy::Inferred => "inferred",
        };
        self.line("known by", &format!("{by}: {source}"));
    }
}

/// The path in each generation of screens that can have the box, the newest first.
fn stands_in(permission: &Permission, page: &mut Page) {
    let of_a_field = permission.id.as_field().is_some();
    let generations = screens::all().iter().rev().filter(|screens| screens.by_field || !of_a_field);
    for (at, screens) in generations.enumerate() {
        let group = screens.groups.iter().cloned().chain(["[group]".to_owned()]);
        let path: Vec<String> = group.chain(screens.way(&permission.path)).collect();
        let name = if at == 0 { "stands in" } else { "or in" };
        page.line(name, &format!("{}  ({})", path.join(" › "), screens.name));
    }
    if of_a_field {
        page.line(
            "",
            "below the section that the field is in now; screens without boxes for fields have none",
        );
    }
}

fn population(catalogue: &Catalogue, page: &mut Page) {
    if let Some(endpoint) = catalogue.endpoint(&EndpointId::new("people-ids")) {
        page.asked(endpoint);
    }
    page.line("granted by", "somebody in this lifecycle status: by that search, or by the Lifecycle table");
    page.line("denied by", "--known alone: an open table calls the person who is named out of reach");
    page.line("no verdict", "nobody in this status comes back, or statuses may not be read");
    page.known(KnownBy::Documented, "apidocs reference/people, reference/employee-tables");
}

fn endpoint(catalogue: &Catalogue, witness: &Witness, page: &mut Page) {
    let Some(endpoint) = catalogue.endpoint(&witness.endpoint) else { return };
    page.asked(endpoint);
    if let Some(before) = &endpoint.after {
        page.line("", &format!("only if {before} came back with something"));
    }
    if witness.standing == Standing::Inferred {
        page.line("granted by", "nothing: which box opens it is only inferred, so no answer is a verdict");
        page.known(witness.known_by, &witness.source);
        return;
    }
    page.line(
        "granted by",
        &match (witness.grants, &witness.mark) {
            (Grants::Answer, _) => "any answer 200".to_owned(),
            (Grants::Items, None) => "an item in the answer".to_owned(),
            (Grants::Items, Some(mark)) => format!("an item that itself says {mark}"),
        },
    );
    let refusal = "a refusal, once a request that needs no right was answered after it";
    page.line(
        "denied by",
        &match (witness.refusal_denies, endpoint.needs) {
            (false, _) => "nothing: a refusal may be owed to another right".to_owned(),
            (true, Needs::None) => refusal.to_owned(),
            (true, Needs::People) => format!("{refusal}; somebody must be visible"),
            (true, Needs::Person) => format!("{refusal}; for one person of each audience"),
        },
    );
    let mut nothing = Vec::new();
    if witness.grants == Grants::Items {
        nothing.push("an empty list".to_owned());
    }
    if witness.mark.is_some() {
        nothing.push("items that do not say of which kind they are".to_owned());
    }
    match &endpoint.module {
        Some(module) => {
            nothing.push(format!("404, or a refusal without a reason: {module} is bought apart"));
        }
        None => nothing.push("404, 400, and whatever is no answer of the API".to_owned()),
    }
    page.line("no verdict", &nothing.join("; "));
    page.known(witness.known_by, &witness.source);
}

fn sample(catalogue: &Catalogue, page: &mut Page) {
    if let Some(endpoint) = catalogue.endpoints().find(|endpoint| endpoint.shape == Shape::Sample) {
        page.asked(endpoint);
    }
}

fn field(catalogue: &Catalogue, permission: &Permission, page: &mut Page) {
    let Some((field, action)) = permission.id.as_field() else { return };
    match action {
        Action::View => {
            sample(catalogue, page);
            page.line("granted by", "it comes back, with a value or empty");
            let sure = match catalogue.everyone_has(field) {
                true => "every person has one",
                false => "an empty one of its type would have come back",
            };
            page.line(
                "denied by",
                &format!(
                    "it stays away for two samples of people, though {sure}; or an answer calls it withheld"
                ),
            );
            page.line("no verdict", "it stays away, and an empty one might as well");
            if catalogue.is_sensitive_field(field) {
                page.line("", "where rights are given by section it takes View and Edit");
            }
        }
        Action::History => {
            page.line(
                "granted by",
                "a value of it in a row of its section's table that is no longer in force",
            );
            page.line("denied by", "the table is refused, or calls the past of the column withheld");
            page.line("no verdict", "no row that is no longer in force has a value of it");
        }
        Action::Edit => page.line("shown by", "nothing: only a write shows an Edit right"),
    }
    page.known(
        KnownBy::Documented,
        "apidocs docs/employee-data-api-field-level-permissions; the tenant's metadata",
    );
}

fn category(catalogue: &Catalogue, id: &PermissionId, page: &mut Page) {
    let Some((name, action)) = id.as_category() else { return };
    let known = catalogue.category(name);
    if action == Action::View {
        sample(catalogue, page);
        page.line("granted by", "the fields that the tenant's metadata puts into this section: they come back, with a value or empty");
        page.line(
            "denied by",
            "they stay away for two samples of people, where empty ones would have come back",
        );
        page.line(
            "no verdict",
            "they stay away, and empty ones might as well; or some do, where rights are set by field",
        );
    }
    let custom = catalogue.endpoints().find(|endpoint| endpoint.shape == Shape::OwnTable);
    let tables: Vec<(&Endpoint, OldRows)> = match known {
        Some(known) => known
            .tables
            .iter()
            .filter_map(|table| Some((catalogue.endpoint(&table.endpoint)?, table.old_rows)))
            .collect(),
        None => custom.into_iter().map(|endpoint| (endpoint, OldRows::MayShow)).collect(),
    };
    for (endpoint, old_rows) in &tables {
        page.asked(endpoint);
        let rows = match (action, old_rows) {
            (Action::History, OldRows::NeedHistory) => {
                "a row no longer in force grants; a refusal denies; current rows decide nothing unless their dates prove older ones"
            }
            (Action::History, OldRows::MayShow) => "a refusal denies; its rows decide nothing",
            (_, OldRows::NeedHistory) => {
                "a refusal denies; an opened one decides nothing, since the history right opens it too"
            }
            (_, OldRows::MayShow) => "a refusal denies, and opened it grants, where the fields say nothing",
        };
        page.line("", rows);
    }
    if action == Action::History && tables.is_empty() {
        page.line("shown by", "nothing: no endpoint returns the past of this section");
    }
    match known {
        Some(known) => page.known(known.known_by, &known.source),
        None => page
            .known(KnownBy::Documented, "apidocs docs/categories-and-permissions, reference/custom-tables"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(id: &str) -> String {
        let catalogue = Catalogue::embedded();
        let id = PermissionId::parse(id).unwrap();
        assert!(catalogue.knows(&id), "{id}");
        explain(catalogue, &catalogue.describe(&id))
    }

    #[test]
    fn every_permission_is_explained() {
        let catalogue = Catalogue::embedded();
        for permission in catalogue.permissions() {
            let text = explain(catalogue, permission);
            for name in ["  box ", "  stands in ", "  or in ", "  sensitivity "] {
                assert!(text.contains(name), "{name}: {text}");
            }
            let judged = ["  granted by ", "  denied by ", "  no verdict ", "  known by "];
            let says_why_not = text.contains("  shown by     nothing: ");
            let is_table_alone = text.contains("a refusal denies") && text.contains("  known by ");
            let is_judged = judged.iter().all(|name| text.contains(name));
            assert!(
                says_why_not || is_table_alone || is_judged || text.contains("is only inferred"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_box_is_found_on_the_screens_of_each_generation() {
        let text = page("people/work/view");
        for path in [
            "System settings › Account › Permission groups › [group] › People's data › People's fields › Work",
            "System settings › Account › Permission groups › [group] › People's data › People › Work",
            "Settings › Account › Permission groups › [group] › People's data › People › Work",
            "Settings › Roles & Permissions › [group] › Other Employees › People › Work",
        ] {
            assert!(text.contains(path), "{path}: {text}");
        }
        assert!(
            page("population/hired")
                .contains("Settings › Account › Permission groups › [group] › People's data › Access rights")
        );
        let features = page("features/people/directory/view");
        assert!(
            features.contains("[group] › Features › People › Directory  (with boxes for each field)"),
            "{features}"
        );
    }

    #[test]
    fn what_a_tenant_made_itself_is_explained_too() {
        let custom = page("people/category_1720508362305/view");
        assert!(custom.contains("/people/custom-tables/{person}/{table}"), "{custom}");
        let field = page("fields/payroll.variable.Executive bonus.amount/view");
        assert!(field.contains("no verdict") && !field.contains("Roles & Permissions"), "{field}");
        assert!(page("fields/work.startDate/view").contains("every person has one"));
        let folder = page("docs/6d0c8f5e-2b1f-4a53-9d0e-3f1f5d0a7c11/view");
        assert!(folder.contains("says folderid=6d0c8f5e-2b1f-4a53-9d0e-3f1f5d0a7c11"), "{folder}");
        let goals = page("goals/people/view");
        assert!(
            goals.contains("owed to another right") && goals.contains("Talent is bought apart"),
            "{goals}"
        );
    }
}
