//! What a service user may: the decision itself, and nothing about HTTP.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::id::{Action, PermissionId};

use super::fields::Field;
use super::guards::{Guards, Table};
use super::people::Person;
use super::persona::{Group, Persona};
use super::switches::{MovedColumn, Switches};
use super::tenant::TenantSpec;

/// The rights of one service user in one company.
pub(super) struct Rights {
    groups: Vec<Group>,
    denied_fields: BTreeSet<String>,
    sensitive: BTreeSet<String>,
    pub(super) field_level: bool,
    history_alone: bool,
    view_alone: bool,
    /// Fields whose column follows them out of the section of its table.
    moved: BTreeMap<String, String>,
}

/// What is open of a table, for one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Opening {
    /// Whether the table answers at all.
    pub(super) open: bool,
    /// Whether rows that are no longer in force are shown.
    pub(super) old_rows: bool,
    /// Columns whose value is withheld in every row.
    pub(super) hidden: BTreeSet<String>,
    /// Columns whose value is withheld in rows that are no longer in force.
    pub(super) hidden_in_old: BTreeSet<String>,
}

/// What the groups open of some fields.
pub(super) struct Reading<'r> {
    rights: &'r Rights,
    /// Of each group and field: whether it may be viewed, and whether it is shown where it may be.
    opened: Vec<Vec<(bool, bool)>>,
}

impl Reading<'_> {
    /// Which of the fields may be read of this person.
    pub(super) fn of(&self, person: &Person) -> Vec<bool> {
        let covers = |group: &Group| group.covers(person.status.slug(), person.site, person.number);
        let groups = self.rights.groups.iter().zip(&self.opened);
        let groups: Vec<&Vec<(bool, bool)>> =
            groups.filter(|(group, _)| covers(group)).map(|(_, opened)| opened).collect();
        let fields = self.opened.first().map_or(0, Vec::len);
        let by_any = |at: usize, which: fn((bool, bool)) -> bool| groups.iter().any(|group| which(group[at]));
        (0..fields).map(|at| by_any(at, |opened| opened.0) && by_any(at, |opened| opened.1)).collect()
    }
}

impl Rights {
    pub(super) fn new(persona: &Persona, tenant: &TenantSpec, switches: &Switches, guards: &Guards) -> Self {
        let groups = persona.all_groups();
        let names_fields = !persona.denied_fields.is_empty()
            || groups.iter().flat_map(|group| &group.grants).any(|id| id.as_field().is_some());
        Self {
            groups,
            denied_fields: persona.denied_fields.clone(),
            sensitive: guards.sensitive.clone(),
            field_level: tenant.field_level || names_fields,
            history_alone: switches.history_alone_opens_table,
            view_alone: switches.view_alone_opens_table,
            moved: match switches.moved_column {
                MovedColumn::Section => tenant.moved.clone(),
                MovedColumn::Table => BTreeMap::new(),
            },
        }
    }

    fn groups_with<'s>(&'s self, person: &'s Person) -> impl Iterator<Item = &'s Group> {
        self.groups.iter().filter(|group| group.covers(person.status.slug(), person.site, person.number))
    }

    /// Whether the person is in the audience of some group.
    pub(super) fn sees(&self, person: &Person) -> bool {
        self.groups_with(person).next().is_some()
    }

    /// Whether the box is ticked in any group, whoever its audience is.
    pub(super) fn holds(&self, id: &str) -> bool {
        PermissionId::parse(id).is_ok_and(|id| self.groups.iter().any(|group| group.grants.contains(&id)))
    }

    /// Whether the box is ticked in a group whose audience holds the person.
    pub(super) fn holds_for(&self, id: &PermissionId, person: &Person) -> bool {
        self.groups_with(person).any(|group| group.grants.contains(id))
    }

    /// Whether the box, given as text, is ticked in a group whose audience holds the person.
    pub(super) fn holds_text_for(&self, id: &str, person: &Person) -> bool {
        PermissionId::parse(id).is_ok_and(|id| self.holds_for(&id, person))
    }

    fn category(&self, category: &str, action: Action, person: &Person) -> bool {
        self.holds_for(&PermissionId::category(category, action), person)
    }

    /// Whether a group's boxes open a field.
    fn opens(&self, group: &Group, field: &str, category: &str, action: Action) -> bool {
        let by_field = self.field_level && group.grants.contains(&PermissionId::field(field, action));
        let is_denied = self.field_level && self.denied_fields.contains(field);
        !is_denied && (by_field || group.grants.contains(&PermissionId::category(category, action)))
    }

    fn by_field(&self, field: &str, category: &str, action: Action, person: &Person) -> bool {
        self.groups_with(person).any(|group| self.opens(group, field, category, action))
    }

    /// Whether the person's field may be read.
    pub(super) fn reads(&self, field: &Field, person: &Person) -> bool {
        self.reading(&[field]).of(person) == [true]
    }

    /// What each group opens of some fields, found out once for many people.
    pub(super) fn reading(&self, fields: &[&Field]) -> Reading<'_> {
        let opened = |group: &Group, field: &Field| {
            let opens = |action| self.opens(group, &field.id, &field.category, action);
            let is_hidden = !self.field_level && self.sensitive.contains(&field.id);
            (opens(Action::View), !is_hidden || opens(Action::Edit))
        };
        let opened = |group| fields.iter().map(|field| opened(group, field)).collect();
        Reading { rights: self, opened: self.groups.iter().map(opened).collect() }
    }

    /// Whether the person's field may be edited.
    pub(super) fn edits(&self, field: &Field, person: &Person) -> bool {
        self.by_field(&field.id, &field.category, Action::Edit, person)
    }

    /// Whether fields and tables of the category may be edited.
    pub(super) fn edits_category(&self, category: &str, person: &Person) -> bool {
        self.category(category, Action::Edit, person)
    }

    /// Whether anything of the person may be edited.
    pub(super) fn edits_anything(&self, person: &Person) -> bool {
        let is_edit = |id: &PermissionId| match (id.as_category(), id.as_field()) {
            // E-mail addresses are a block of their own.
            (Some((category, action)), _) => action == Action::Edit && category != "email",
            (None, Some((_, action))) => action == Action::Edit,
            (None, None) => false,
        };
        self.groups_with(person).flat_map(|group| &group.grants).any(is_edit)
    }

    /// What is open of a table.
    pub(super) fn opening(&self, table: &Table, columns: &[String], person: &Person) -> Opening {
        if self.field_level {
            return self.opening_by_column(table, columns, person);
        }
        let view = self.category(&table.category, Action::View, person);
        let history = self.category(&table.category, Action::History, person);
        let open = if table.history {
            (view && (self.view_alone || history)) || (history && (self.history_alone || view))
        } else {
            view || (history && self.history_alone)
        };
        Opening { open, old_rows: history || !table.history, ..Opening::default() }
    }

    /// The section that governs a column.
    fn section_of<'s>(&'s self, field: &str, table: &'s Table) -> &'s str {
        self.moved.get(field).map_or(table.category.as_str(), String::as_str)
    }

    fn opening_by_column(&self, table: &Table, columns: &[String], person: &Person) -> Opening {
        let may = |column: &String, action| match table.columns.get(column) {
            Some(field) => self.by_field(field, self.section_of(field, table), action, person),
            None => self.category(&table.category, action, person),
        };
        let (mut hidden, mut hidden_in_old) = (BTreeSet::new(), BTreeSet::new());
        for column in columns {
            let history = may(column, Action::History);
            if !(may(column, Action::View) || (history && self.history_alone)) {
                hidden.insert(column.clone());
            }
            if table.history && !history {
                hidden_in_old.insert(column.clone());
            }
        }
        Opening {
            open: hidden.len() < columns.len(),
            old_rows: !table.history || hidden_in_old.len() < columns.len(),
            hidden,
            hidden_in_old,
        }
    }
}
