//! The side of the truth: which boxes are ticked, and which of them the API could show at all in this
//! company. From the boxes, the company and the switches alone; by nothing that the tool said.

use std::collections::{BTreeMap, BTreeSet};

use hibob_audit::catalogue::id::{Action, PermissionId};
use hibob_audit::simulator::facts::{FieldFacts, TableFacts};
use hibob_audit::simulator::switches::{AllDenied, Lacking, MovedColumn, Presumptuous, RefusalBody};
use hibob_audit::simulator::tenant::Module;
use hibob_audit::simulator::{Facts, Setup};

/// Fewer people than this cannot deny: one may be an exception.
const SEVERAL_PEOPLE: usize = 2;
/// So many differing dates prove that older rows exist.
const SEVERAL_DATES: usize = 3;
/// Come back only with View and Edit, where rights go by section.
pub(super) const SENSITIVE: [&str; 3] = ["personal.birthDate", "personal.age", "identification.ssn"];

/// The tables whose old rows need the right to histories, by section; and whether their first row may be
/// entered on any day.
const HISTORIES: [(&str, &str, bool); 5] = [
    ("work", "work", false),
    ("employment", "employment", false),
    ("lifecycle", "lifecycle", false),
    ("payroll", "salaries", true),
    ("address", "address", true),
];
/// The tables that show the view of a section without fields.
const VIEWS: [(&str, &str); 3] =
    [("equity", "equities"), ("training", "training"), ("financial", "bank-accounts")];

/// What the fields of a person tell of one field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    ComesBack,
    StaysAway,
    Silent,
    /// Decides nothing when it is absent.
    Inner,
}

/// What is so in one setup.
pub(crate) struct Truth<'s> {
    setup: &'s Setup,
    facts: &'s Facts,
    sights: BTreeMap<&'s str, Sight>,
    pub(super) by_field: bool,
    shows_that_it_goes_by_field: bool,
}

impl<'s> Truth<'s> {
    pub(crate) fn of(setup: &'s Setup, facts: &'s Facts) -> Self {
        let by_field = setup.tenant.field_level
            || !setup.persona.denied_fields.is_empty()
            || setup.persona.grants.iter().any(|id| id.as_field().is_some());
        let mut truth =
            Self { setup, facts, sights: BTreeMap::new(), by_field, shows_that_it_goes_by_field: false };
        truth.sights = truth.see();
        truth.shows_that_it_goes_by_field = by_field && truth.goes_by_field_visibly();
        truth
    }

    fn see(&self) -> BTreeMap<&'s str, Sight> {
        let inner = inner(&self.facts.fields);
        let is_inner = |field: &FieldFacts| inner.contains(field.id.as_str());
        let withheld_is_null = self.setup.switches.withheld_leaves_null;
        let come_empty: BTreeSet<&str> = self
            .facts
            .fields
            .iter()
            .filter(|field| field.empty > 0 && !is_inner(field))
            .map(|field| field.kind.as_str())
            .collect();
        let sight = |field: &FieldFacts| {
            if field.valued > 0 || (field.empty > 0 && !is_inner(field) && !withheld_is_null) {
                Sight::ComesBack
            } else if is_inner(field) {
                Sight::Inner
            } else if !withheld_is_null
                && self.facts.people >= SEVERAL_PEOPLE
                && (field.everybody_has_it || come_empty.contains(field.kind.as_str()))
            {
                Sight::StaysAway
            } else {
                Sight::Silent
            }
        };
        self.facts.fields.iter().map(|field| (field.id.as_str(), sight(field))).collect()
    }

    fn goes_by_field_visibly(&self) -> bool {
        let sections: BTreeSet<&str> =
            self.facts.fields.iter().map(|field| field.category.as_str()).collect();
        let in_part = sections.iter().any(|section| {
            let sights = self.sights_in(section);
            sights.iter().any(|(_, sight)| *sight == Sight::ComesBack)
                && sights.iter().any(|(id, sight)| *sight == Sight::StaysAway && !SENSITIVE.contains(id))
        });
        in_part
            || HISTORIES.iter().any(|(_, table, _)| {
                let table = &self.facts.tables[*table];
                table.open > 0 && !(table.hidden.is_empty() && table.hidden_past.is_empty())
            })
    }

    fn sights_in(&self, section: &str) -> Vec<(&'s str, Sight)> {
        let members = self.facts.fields.iter().filter(|field| field.category == section);
        members
            .filter(|field| field.id != "root.id")
            .map(|field| (field.id.as_str(), self.sights[field.id.as_str()]))
            .collect()
    }

    fn held(&self, wanted: &PermissionId) -> bool {
        let persona = &self.setup.persona;
        persona.grants.contains(wanted) || persona.groups.iter().any(|group| group.grants.contains(wanted))
    }

    fn holds(&self, wanted: &str) -> bool {
        PermissionId::parse(wanted).is_ok_and(|id| self.held(&id))
    }

    fn field(&self, id: &str) -> Option<&'s FieldFacts> {
        self.facts.fields.iter().find(|field| field.id == id)
    }

    /// Whether the right is there.
    pub(crate) fn is(&self, id: &PermissionId) -> bool {
        let withheld = &self.setup.persona.denied_fields;
        let Some((field, action)) = id.as_field() else {
            // A section of which a field is withheld is not held as a whole.
            let in_part = id.as_category().is_some_and(|(category, action)| {
                withheld.iter().any(|field| self.belongs(field, category, action))
            });
            return self.held(id) && !in_part;
        };
        let section = self.section_of(field, action);
        !withheld.contains(field)
            && (self.held(id)
                || section.is_some_and(|section| self.held(&PermissionId::category(section, action))))
    }

    /// Whether an action on a section is also one on a field.
    fn belongs(&self, field: &str, category: &str, action: Action) -> bool {
        self.section_of(field, action) == Some(category)
            && (action != Action::History || self.field(field).is_some_and(|field| field.historical))
    }

    fn section_of(&self, field: &str, action: Action) -> Option<&str> {
        let now = self.field(field)?.category.as_str();
        let follows = action != Action::History || self.setup.switches.moved_column == MovedColumn::Section;
        let of_table = HISTORIES
            .iter()
            .find(|(_, table, _)| column_of(table, field) && self.setup.tenant.moved.contains_key(field));
        Some(match of_table {
            Some((section, _, _)) if !follows => section,
            _ => now,
        })
    }

    /// Whether the API shows, one way or the other, whether the right is there.
    pub(super) fn is_decidable(&self, id: &PermissionId) -> bool {
        // Where what is withheld is null, so is the id of those whose Basic info is.
        let nobody_has_an_id = self.setup.switches.withheld_leaves_null && !self.holds("people/root/view");
        if (self.facts.people == 0 || nobody_has_an_id) && !id.as_str().starts_with("features/") {
            return false;
        }
        if let Some(status) = id.as_population() {
            return self.facts.statuses.contains_key(status);
        }
        if let Some((field, action)) = id.as_field() {
            return self.shows_that_it_goes_by_field && self.is_field_decidable(field, action);
        }
        match id.as_category() {
            Some((category, Action::View)) => self.is_view_decidable(category),
            Some((category, Action::History)) => self.is_history_decidable(category),
            Some((_, Action::Edit)) => false,
            None => self.is_box_decidable(id),
        }
    }

    fn is_view_decidable(&self, category: &str) -> bool {
        let sights = self.sights_in(category);
        // Withheld of some people and shown of others: two sides that contradict each other.
        if sights.iter().any(|(id, sight)| *sight == Sight::ComesBack && self.is_hidden(id)) {
            return false;
        }
        let all = |wanted: Sight| sights.iter().filter(move |(_, sight)| *sight == wanted).map(|(id, _)| *id);
        let plain = |id: &&str| !SENSITIVE.contains(id);
        let seen: Vec<&str> = all(Sight::ComesBack).collect();
        let away = all(Sight::StaysAway).filter(plain).count();
        let silent: Vec<&str> = all(Sight::Silent).filter(plain).collect();
        let silence_is_doubt = self.setup.switches.withheld_leaves_null;
        if !seen.is_empty() {
            let everybodys =
                silent.iter().all(|id| self.field(id).is_some_and(|field| !field.everybody_has_it));
            let shows_everybodys = seen
                .iter()
                .filter(|id| plain(id))
                .filter_map(|id| self.field(id))
                .any(|field| field.everybody_has_it);
            let enough = everybodys
                && !silence_is_doubt
                && !self.shows_that_it_goes_by_field
                && (shows_everybodys || seen.len() * 2 >= seen.len() + silent.len())
                && seen.iter().any(plain);
            return away > 0 || silent.is_empty() || enough;
        }
        if away > 0 {
            return true;
        }
        if let Some((_, name, _)) = HISTORIES.iter().find(|(section, _, _)| *section == category) {
            return self.facts.tables[*name].open == 0 && !silence_is_doubt;
        }
        let shown_by = VIEWS.iter().find(|(section, _)| *section == category).map(|(_, table)| *table);
        let own = self.facts.tables.iter().find(|(_, table)| table.category == category);
        let table = match (shown_by, own) {
            (Some(name), _) => &self.facts.tables[name],
            (None, Some((name, table))) if name.starts_with("category_") => table,
            _ => return false,
        };
        // With every column withheld a table may open all the same.
        let opens_on_nothing = self.by_field && self.setup.switches.flp_all_denied == AllDenied::AllNull;
        let nobody_answers = self.setup.switches.no_rows_no_body && table.with_rows == 0;
        match table.open {
            0 => true,
            // Of the company's own sections either right opens it.
            _ => {
                shown_by.is_some()
                    && table.with_rows > 0
                    && !opens_on_nothing
                    && !nobody_answers
                    && (sights.is_empty() || !self.by_field)
            }
        }
    }

    fn is_history_decidable(&self, category: &str) -> bool {
        let Some((_, name, any_day)) = HISTORIES.iter().find(|(section, _, _)| *section == category) else {
            return false;
        };
        let table = &self.facts.tables[*name];
        let now_here = |field: &String| self.field(field).is_some_and(|field| field.category == category);
        if table.hidden_past.iter().any(|field| table.shown_past.contains(field) && now_here(field)) {
            return false;
        }
        if table.open == 0 || table.with_past > 0 {
            return true;
        }
        // What is hidden of some people may be open of others.
        if !self.setup.persona.groups.is_empty() {
            return false;
        }
        if table.hidden_past.iter().any(now_here) {
            return true;
        }
        if self.is_view_decidable(category) && !self.is(&PermissionId::category(category, Action::View)) {
            return table.with_rows > 0 && table.hidden.is_empty() && self.see_nothing_of(category);
        }
        self.proves_older_rows(table, *any_day)
    }

    fn see_nothing_of(&self, category: &str) -> bool {
        self.sights_in(category).iter().all(|(_, sight)| *sight != Sight::ComesBack)
    }

    fn proves_older_rows(&self, table: &TableFacts, any_day: bool) -> bool {
        let mut dates: BTreeMap<&str, usize> = BTreeMap::new();
        for date in &table.hiding {
            *dates.entry(date).or_default() += 1;
        }
        let commonest = dates.values().copied().max().unwrap_or(0);
        // The first day is a field like any other.
        let first_days = ["work.startDate", "employee.firstDayOfWork"];
        dates.len() >= SEVERAL_DATES
            && commonest * 2 <= table.hiding.len()
            && (!any_day || table.unchanged >= SEVERAL_DATES)
            && first_days.iter().any(|field| self.sights.get(field) == Some(&Sight::ComesBack))
    }

    fn is_field_decidable(&self, field: &str, action: Action) -> bool {
        match action {
            _ if field == "root.id" => false,
            Action::View => match self.sights.get(field) {
                Some(Sight::ComesBack) => !self.is_hidden(field),
                Some(Sight::StaysAway) => true,
                _ => self.is_hidden(field),
            },
            Action::History => {
                let hidden = self.is_named(field, |table| &table.hidden_past);
                let shown = self.is_named(field, |table| &table.shown_past);
                // What is hidden of some people may be open of others.
                hidden != shown && (shown || self.setup.persona.groups.is_empty())
            }
            Action::Edit => false,
        }
    }

    /// Whether a table that opens for somebody names a field.
    fn is_named(&self, field: &str, names: fn(&TableFacts) -> &Vec<String>) -> bool {
        HISTORIES.iter().any(|(_, table, _)| {
            let table = &self.facts.tables[*table];
            table.open > 0 && names(table).iter().any(|name| name == field)
        })
    }

    /// Whether an answer names the column of a field as withheld.
    fn is_hidden(&self, field: &str) -> bool {
        self.is_named(field, |table| &table.hidden)
    }

    fn is_box_decidable(&self, id: &PermissionId) -> bool {
        let switches = &self.setup.switches;
        let held = self.held(id);
        let tells_why = switches.refusal_body == RefusalBody::Json;
        let bought = |module| !self.setup.tenant.modules_off.contains(&module);
        // What a module refuses without a reason may be refused because it is off.
        let of_module = |module| bought(module) && (held || tells_why);
        let listed = |without: Lacking, something: bool| match held {
            true => something,
            false => without == Lacking::Forbidden,
        };
        match id.as_str() {
            "time-off/whos-out/view" => listed(switches.whos_out_without_right, self.facts.away[0] > 0),
            // Both flags go with one request, so that either may be what is refused.
            "time-off/whos-out/view-private" => {
                let refused = switches.pending_without_right == Presumptuous::Forbidden
                    && !self.holds("time-off/requests/manage");
                self.facts.away[0] > 0 && self.facts.away[1] > 0 && !refused
            }
            "time-off/requests/manage" => {
                let refused = switches.private_without_right == Presumptuous::Forbidden
                    && !self.holds("time-off/whos-out/view-private");
                self.facts.away[0] > 0 && self.facts.away[2] > 0 && !refused
            }
            "time-off/balance/view"
            | "tasks/people/complete"
            | "features/time-off/settings/manage"
            | "features/calendar/manage"
            | "features/onboarding/welcome-flow/customize" => true,
            "features/reports/view" => listed(switches.reports_without_right, !self.setup.tenant.quiet),
            "attendance/sheets/manage" | "features/projects/manage" => of_module(Module::TimeAttendance),
            "features/job-openings/manage" => of_module(Module::Hiring),
            "features/workforce-planning/positions/manage" => of_module(Module::WorkforcePlanning),
            "features/job-catalog/profiles/view" | "features/job-catalog/library/view" => {
                bought(Module::JobCatalog)
            }
            text => match text.strip_prefix("docs/").and_then(|rest| rest.strip_suffix("/view")) {
                Some(folder) if held => {
                    switches.docs_name_their_folder
                        && self.facts.filed.get(folder).is_some_and(|many| *many > 0)
                }
                Some(_) => switches.docs_without_right == Lacking::Forbidden && !self.sees_any_folder(),
                None => false,
            },
        }
    }

    fn sees_any_folder(&self) -> bool {
        let own = self.setup.tenant.folders.iter().map(|folder| folder.id.as_str());
        own.chain(["shared", "confidential"]).any(|folder| self.holds(&format!("docs/{folder}/view")))
    }
}

/// Whether a table has a column for a field.
fn column_of(table: &str, field: &str) -> bool {
    match table {
        "work" => [
            "work.title",
            "work.department",
            "work.site",
            "work.siteId",
            "work.reportsTo",
            "work.workChangeType",
        ]
        .contains(&field),
        "salaries" => ["payroll.salary.payment", "payroll.salary.payPeriod", "payroll.salary.payFrequency"]
            .contains(&field),
        "employment" => field.starts_with("payroll.employment."),
        "address" => field.starts_with("address."),
        _ => field.starts_with("internal."),
    }
}

/// Fields that lie inside another one's object: what comes back there may belong to that one.
fn inner(fields: &[FieldFacts]) -> BTreeSet<&str> {
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for field in fields {
        *at.entry(&field.json_path).or_default() += 1;
    }
    let inside = |path: &str| path.match_indices('.').any(|(dot, _)| at.contains_key(&path[..dot]));
    fields
        .iter()
        .filter(|field| inside(&field.json_path) || at[field.json_path.as_str()] > 1)
        .map(|field| field.id.as_str())
        .collect()
}
