//! What HiBob leaves undocumented, each as a switch. The default is the best documented reading; a tool
//! that probes has to be right, or to say that it does not know, under every setting.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;

use super::faults::Fault;
use crate::catalogue::id::PermissionId;

/// What stands in the body of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalBody {
    /// `{"key": …, "error": …}`.
    #[default]
    Json,
    /// Nothing, and no content type.
    Empty,
    /// A page for people.
    Html,
}

/// How a list answers when the right to see it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lacking {
    /// 403.
    #[default]
    Forbidden,
    /// 200 with an empty list.
    EmptyList,
}

/// How a table answers when every one of its columns is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AllDenied {
    /// 403.
    #[default]
    Forbidden,
    /// 200, every column null and listed as restricted.
    AllNull,
}

/// How a call answers that belongs to a module which was not bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleOff {
    /// 404, and 403 without a body where that is documented.
    #[default]
    NotFound,
    /// 403 without a body.
    EmptyRefusal,
}

/// What becomes of a flag that asks for more than may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presumptuous {
    /// It is ignored: the call answers as without it.
    #[default]
    Ignored,
    /// The whole call is refused.
    Forbidden,
}

/// Which section governs a column whose field was moved out of the section of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MovedColumn {
    /// The one that the field is in now.
    #[default]
    Section,
    /// The one of the table, as ever.
    Table,
}

/// How `errors` of a bulk table looks when there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoErrors {
    /// `{}`, as seen live.
    #[default]
    Object,
    /// `[]`, as the reference has it.
    Array,
}

/// How `errors` of a bulk table names the people who are not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BulkErrors {
    /// A list of objects, each with one id as its key.
    #[default]
    List,
    /// One object with the ids as its keys.
    Object,
    /// A list of objects whose key is the word `employeeId`; the id stands in the message alone.
    LiteralKey,
}

/// What becomes of a field in a `PUT /people/{id}` that may not be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UneditableField {
    /// It is dropped before anything is validated; a body of nothing else answers 304.
    #[default]
    Dropped,
    /// The whole call answers 403.
    Forbidden,
    /// The body is validated first (400), then the field is dropped.
    ValidatedThenDropped,
    /// It is dropped before anything is validated; a body of nothing else answers 200 and stores nothing.
    TakenAndDropped,
}

/// Every switch.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// What stands in the body of a refusal.
    pub refusal_body: RefusalBody,
    /// Who's out, without the right to see it.
    pub whos_out_without_right: Lacking,
    /// The list of reports, without the right to see reports.
    pub reports_without_right: Lacking,
    /// A person's documents, without the right to any folder.
    pub docs_without_right: Lacking,
    /// Goals, without the right to see any.
    pub goals_without_right: Lacking,
    /// Who's out, asked for with private absences, without the right to those.
    pub private_without_right: Presumptuous,
    /// Who's out, asked for with pending absences, without the right to those.
    pub pending_without_right: Presumptuous,
    /// A call of a module that was not bought.
    pub module_off: ModuleOff,
    /// Whether a read by POST is validated before the right to it is checked.
    pub validation_first: bool,
    /// Whether a person's documents bear the kind and the id of their folder.
    pub docs_name_their_folder: bool,
    /// Whether a table of a person without rows answers with no body at all.
    pub no_rows_no_body: bool,
    /// Whether withheld columns are named beside each person's rows, rather than once for the answer.
    pub restrictions_by_person: bool,
    /// Which section governs a column whose field was moved.
    pub moved_column: MovedColumn,
    /// In which order lists come that have no order of their own; 0 is the usual one.
    pub order: u64,
    /// The status for a person outside the audience: 403 or 404.
    pub outsider_person: u16,
    /// A search by a service user whose audience is empty.
    pub empty_audience_search: Lacking,
    /// A table of which every column is withheld.
    pub flp_all_denied: AllDenied,
    /// Whether a refused read of position budgets answers 401 with an `errorMessage`, as writes do.
    pub some_modules_401: bool,
    /// Whether people appear, with their id alone, without the right to Basic info.
    pub id_without_basic_info: bool,
    /// Whether people come back without an id where Basic info is not held.
    pub withholds_ids: bool,
    /// Whether people come back with their id only where the search asks for `root.id`.
    pub ids_when_asked: bool,
    /// Whether a withheld field is nested as `null`, exactly like an empty one.
    pub withheld_leaves_null: bool,
    /// Whether the fields metadata comes as `{"fields": […]}` rather than as a bare array.
    pub metadata_wrapped: bool,
    /// Whether the named lists come as a list rather than as an object with the names as its keys.
    pub named_lists_as_array: bool,
    /// Whether the read of one person comes as `{"employees": […]}` rather than bare.
    pub one_person_wrapped: bool,
    /// How `errors` of a bulk table looks when there are none.
    pub bulk_errors_empty: NoErrors,
    /// How `errors` of a bulk table names the people who are not served.
    pub bulk_errors: BulkErrors,
    /// Whether a bulk table calls its cursor `cursor`, as the reference has it, rather than `next_cursor`.
    pub bulk_cursor_as_documented: bool,
    /// Whether `section histories` without `sections` opens a table.
    pub history_alone_opens_table: bool,
    /// Whether `sections` without `section histories` opens a historical table, at its current row.
    pub view_alone_opens_table: bool,
    /// What becomes of a field that may not be edited.
    pub uneditable_field: UneditableField,
    /// Whether a table entry is looked up before the right to edit is checked.
    pub entry_before_permission: bool,
    /// What a write answers about a person whom no group with any right to edit holds: 403 or 404. None
    /// leaves it to the field or the table.
    pub outside_editing: Option<u16>,
    /// Whether values are stored unseen: a list takes what it does not have, and a date what is none.
    pub stores_anything: bool,
    /// Whether a wrong token of a known service user is told apart by `tokenNotMatch` in the body.
    pub token_not_match: bool,
    /// Whether the address of the caller is not on the company's list: everything answers 403 HTML.
    pub blocked_ip: bool,
    /// How many refusals within `firewall_window_ms` block the Authorization header; 0 switches it off.
    pub firewall_refusals: usize,
    /// The window of the firewall in milliseconds.
    pub firewall_window_ms: u64,
    /// For how long the firewall blocks, in milliseconds.
    pub firewall_block_ms: u64,
    /// The status of a call that the firewall blocks.
    pub firewall_status: u16,
    /// One rate limit for every endpoint, instead of each one's own.
    pub rate_limit: Option<u32>,
    /// The window of the rate limits in milliseconds.
    pub rate_window_ms: u64,
    /// Whether a 429 carries `Retry-After`.
    pub retry_after: bool,
    /// By how many seconds the clock of the API is ahead; behind, where it is less than nothing.
    pub clock_off_s: i64,
    /// How long after the start boxes take effect, in milliseconds.
    pub propagation_ms: u64,
    /// How many calls are answered before boxes take effect.
    pub propagation_calls: usize,
    /// The boxes that take effect only then; empty is all of them.
    pub late: BTreeSet<PermissionId>,
    /// Boxes that calls need beside those of the guard table, for rows of which nobody is sure; the keys
    /// are methods and path templates, such as `GET /profiles`.
    pub also_needs: BTreeMap<String, BTreeSet<PermissionId>>,
    /// Endpoints that misbehave on purpose.
    pub faults: Vec<Fault>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            refusal_body: RefusalBody::Json,
            whos_out_without_right: Lacking::Forbidden,
            reports_without_right: Lacking::Forbidden,
            docs_without_right: Lacking::Forbidden,
            goals_without_right: Lacking::Forbidden,
            private_without_right: Presumptuous::Ignored,
            pending_without_right: Presumptuous::Ignored,
            module_off: ModuleOff::NotFound,
            validation_first: false,
            docs_name_their_folder: false,
            no_rows_no_body: false,
            restrictions_by_person: false,
            moved_column: MovedColumn::Section,
            order: 0,
            outsider_person: 403,
            empty_audience_search: Lacking::EmptyList,
            flp_all_denied: AllDenied::Forbidden,
            some_modules_401: false,
            id_without_basic_info: true,
            withholds_ids: false,
            ids_when_asked: false,
            withheld_leaves_null: false,
            metadata_wrapped: false,
            named_lists_as_array: false,
            one_person_wrapped: false,
            bulk_errors_empty: NoErrors::Object,
            bulk_errors: BulkErrors::List,
            bulk_cursor_as_documented: false,
            history_alone_opens_table: true,
            view_alone_opens_table: true,
            uneditable_field: UneditableField::Dropped,
            entry_before_permission: false,
            outside_editing: None,
            stores_anything: false,
            token_not_match: true,
            blocked_ip: false,
            firewall_refusals: 50,
            firewall_window_ms: 10_000,
            firewall_block_ms: 300_000,
            firewall_status: 403,
            rate_limit: None,
            rate_window_ms: 60_000,
            retry_after: true,
            clock_off_s: 0,
            propagation_ms: 0,
            propagation_calls: 0,
            late: BTreeSet::new(),
            also_needs: BTreeMap::new(),
            faults: Vec::new(),
        }
    }
}

impl Switches {
    /// Reads switches that somebody wrote; what is not named stays as it is documented.
    ///
    /// # Errors
    /// A message with the line, when the text holds no switches.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        serde_saphyr::from_str(yaml).map_err(|error| error.to_string())
    }

    /// What the clock of the API shows, in seconds since 1970.
    pub(super) fn clock(&self) -> i64 {
        jiff::Timestamp::now().as_second().saturating_add(self.clock_off_s)
    }

    pub(super) fn propagation(&self) -> Duration {
        Duration::from_millis(self.propagation_ms)
    }

    pub(super) fn firewall_window(&self) -> Duration {
        Duration::from_millis(self.firewall_window_ms)
    }

    pub(super) fn firewall_block(&self) -> Duration {
        Duration::from_millis(self.firewall_block_ms)
    }

    pub(super) fn rate_window(&self) -> Duration {
        Duration::from_millis(self.rate_window_ms)
    }
}
