//! What is so in the pretend company for the service user who asks, in counts: the side of the truth when
//! verdicts are held against it. Nothing here knows how anybody would notice.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::people::{Person, TODAY};
use super::rights::Opening;
use super::routes::{self, Absence};
use super::rows;
use super::server::Server;
use super::sheet::Sheet;

/// Everything that is so.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// People whom a search serves.
    pub people: usize,
    /// Those of them whose lifecycle status may be read, by status.
    pub statuses: BTreeMap<String, usize>,
    /// Every field of the company.
    pub fields: Vec<FieldFacts>,
    /// Every table, by its name.
    pub tables: BTreeMap<String, TableFacts>,
    /// People who are away, where the right to know it covers them: at all, privately, not yet approved.
    pub away: [usize; 3],
    /// People who have a document in a folder that may be viewed, by folder.
    pub filed: BTreeMap<String, usize>,
}

/// What is so of one field.
#[derive(Debug, Clone, Default)]
pub struct FieldFacts {
    /// Its id.
    pub id: String,
    /// The section it is in now.
    pub category: String,
    /// Its type.
    pub kind: String,
    /// Where it stands in an answer.
    pub json_path: String,
    /// Whether it has a history.
    pub historical: bool,
    /// Whether everybody has it.
    pub everybody_has_it: bool,
    /// For how many people it comes back with a value.
    pub valued: usize,
    /// For how many people it comes back empty, because it may be read and is.
    pub empty: usize,
}

/// What is so of one table.
#[derive(Debug, Clone, Default)]
pub struct TableFacts {
    /// The section that opens it.
    pub category: String,
    /// For how many people it opens.
    pub open: usize,
    /// For how many people it shows at least one row.
    pub with_rows: usize,
    /// For how many people it shows a row that is no longer in force.
    pub with_past: usize,
    /// For how many people nothing ever changed, and their one row began on their first day.
    pub unchanged: usize,
    /// Since when the rows are in force that hide older ones.
    pub hiding: Vec<String>,
    /// Fields of which the answer says that their column is withheld.
    pub hidden: Vec<String>,
    /// Fields of which the answer says that the past of their column is withheld.
    pub hidden_past: Vec<String>,
    /// Fields of which a value of the past is shown.
    pub shown_past: Vec<String>,
}

impl Facts {
    pub(super) fn of(server: &Server) -> Self {
        let people: Vec<&Person> = routes::visible(server).collect();
        let mut facts = Self { people: people.len(), ..Self::default() };
        facts.count_fields(server, &people);
        facts.count_tables(server, &people);
        for person in &people {
            let may = |id: &str| server.rights().holds_text_for(id, person);
            if person.status.is_active() && may("time-off/whos-out/view") {
                match routes::absence(server, person) {
                    Some(Absence::Public | Absence::CustomName) => facts.away[0] += 1,
                    Some(Absence::Private) => {
                        facts.away[1] += usize::from(may("time-off/whos-out/view-private"))
                    }
                    Some(Absence::Pending) => facts.away[2] += usize::from(may("time-off/requests/manage")),
                    None => {}
                }
            }
            for (folder, ..) in routes::all_folders(server) {
                if may(&format!("docs/{folder}/view"))
                    && routes::has_document(&server.tenant, person, &folder)
                {
                    *facts.filed.entry(folder).or_default() += 1;
                }
            }
        }
        facts
    }

    fn count_fields(&mut self, server: &Server, people: &[&Person]) {
        let mut sheets: Vec<Sheet<'_>> =
            people.iter().map(|person| Sheet::new(&server.tenant, person)).collect();
        for field in &server.tenant.fields {
            let mut seen = FieldFacts {
                id: field.id.clone(),
                category: field.category.clone(),
                kind: field.kind.clone(),
                json_path: field.json_path.clone(),
                historical: field.historical,
                everybody_has_it: server.tenant.everybody_has.contains(&field.id),
                ..FieldFacts::default()
            };
            for (person, sheet) in people.iter().zip(&mut sheets) {
                if !server.rights().reads(field, person) {
                    continue;
                }
                let value = sheet.value(field);
                if !value.is_null() && value != json!([]) {
                    seen.valued += 1;
                } else if server.tenant.spec.nulls.sent_for(&field.kind) {
                    seen.empty += 1;
                }
                if field.id == "internal.lifecycleStatus" {
                    *self.statuses.entry(person.status.slug().to_owned()).or_default() += 1;
                }
            }
            self.fields.push(seen);
        }
    }

    fn count_tables(&mut self, server: &Server, people: &[&Person]) {
        for table in &server.guards.tables {
            let mut seen = TableFacts { category: table.category.clone(), ..TableFacts::default() };
            for person in people {
                let opening = routes::opening(server, table, person);
                seen.look(person, &opening, &rows::of(&server.tenant, person, &table.name));
            }
            seen.name_fields(&table.columns);
            self.tables.insert(table.name.clone(), seen);
        }
        for table in &server.tenant.spec.tables {
            let guarded = routes::as_guarded(table);
            let mut seen = TableFacts { category: table.category.clone(), ..TableFacts::default() };
            for person in people {
                let opening = routes::opening(server, &guarded, person);
                seen.look(person, &opening, &rows::custom(&server.tenant, person, table));
            }
            self.tables.insert(table.id.clone(), seen);
        }
    }
}

impl TableFacts {
    fn look(&mut self, person: &Person, opening: &Opening, rows: &[Value]) {
        if !opening.open {
            return;
        }
        self.open += 1;
        self.with_rows += usize::from(!rows.is_empty());
        self.hidden.extend(opening.hidden.iter().cloned());
        self.hidden_past.extend(opening.hidden_in_old.iter().cloned());
        let past: Vec<&Value> = rows.iter().filter(|row| row["isCurrent"] == json!(false)).collect();
        let since = rows::current(rows).and_then(|row| row["effectiveDate"].as_str());
        if past.is_empty() {
            let first_day = person.start.to_string();
            let has_begun = person.start <= TODAY;
            self.unchanged +=
                usize::from(has_begun && since.is_some_and(|since| since <= first_day.as_str()));
        } else if opening.old_rows {
            self.with_past += 1;
            for (column, value) in past.iter().filter_map(|row| row.as_object()).flatten() {
                let hidden = opening.hidden.contains(column) || opening.hidden_in_old.contains(column);
                if !value.is_null() && !hidden {
                    self.shown_past.push(column.clone());
                }
            }
        } else {
            self.hiding.extend(since.map(str::to_owned));
        }
    }

    /// Fields in place of the columns that repeat them.
    fn name_fields(&mut self, columns: &BTreeMap<String, String>) {
        for names in [&mut self.hidden, &mut self.hidden_past, &mut self.shown_past] {
            names.sort_unstable();
            names.dedup();
            *names = names.iter().filter_map(|column| columns.get(column).cloned()).collect();
        }
    }
}
