//! What we were told: the answers of the API, reduced to presence, counts, types and status.
//!
//! No value of an employee's field and no id of a person is ever part of [`Evidence`]. The readers in
//! [`read`] see whole answers and hand back only what may be kept.

pub mod read;
pub mod roster;
pub mod stored;
pub mod turnout;
pub mod writes;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::id::EndpointId;

/// Everything that one round of probing was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The tenant's fields. Metadata, not personal data.
    pub fields: Vec<Field>,
    /// How the metadata was answered.
    pub metadata: Seen,
    /// Who is visible.
    pub people: People,
    /// Fields of a small varied sample of people.
    pub sample: Option<Sample>,
    /// The fields that stayed absent, asked again for a larger sample.
    pub again: Option<Sample>,
    /// Whether the first sample was enough: it holds everybody who is visible, or as many people as the
    /// larger one would.
    pub sampled_everybody: bool,
    /// Employee tables, by endpoint; one entry for each time it was asked.
    pub tables: BTreeMap<EndpointId, Vec<TableSeen>>,
    /// The tenant's custom tables; metadata.
    pub custom_tables: Vec<CustomTable>,
    /// Custom tables, by table id; one entry for each time it was asked.
    pub custom_rows: BTreeMap<String, Vec<TableSeen>>,
    /// The names of the tenant's document folders, by id; metadata.
    pub folders: BTreeMap<String, String>,
    /// Lists and plain answers, by endpoint.
    pub answers: BTreeMap<EndpointId, ListSeen>,
    /// Of what is asked about one person at a time, by endpoint or by the id of a custom table: how many
    /// kinds of people there are, and how many of them were refused.
    #[serde(default)]
    pub kinds: BTreeMap<String, Kinds>,
    /// What was not asked, or not of everybody it should have been asked about, because the run had no more
    /// requests left for it; by endpoint or by the id of a custom table.
    #[serde(default)]
    pub no_room: BTreeSet<String>,
    /// What writes were tried with, if they were; in the order in which they were sent.
    pub trials: Vec<writes::Trial>,
    /// Requests that were sent.
    pub requests: u32,
    /// Answers 401 and 403.
    pub denied_answers: u32,
    /// Requests that could have written something.
    pub writes: u32,
    /// Why the round ended before its plan did.
    pub stopped: Option<Stopped>,
}

/// Why a round ended before its plan did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// The API refused the credentials.
    CredentialsRefused,
    /// No answer came from the address; with the cause.
    Unreachable(String),
    /// The address points elsewhere.
    Redirecting,
    /// Everything is refused from the first request on.
    Blocked,
    /// The address answers, and not as HiBob's API does.
    NotTheApi,
    /// In the middle of the run, a request that needs no right was refused too.
    BlockedLater,
    /// The time that the run was given is over, or somebody ended it.
    Ended,
    /// A write that HiBob had nothing to store of seems to have changed something; in words.
    Changed(String),
}

/// One field of the tenant's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its id, such as `work.title`. Never tells the category.
    pub id: String,
    /// The category it is in now.
    pub category: String,
    /// The name of the category on the tenant's screens.
    pub category_name: String,
    /// Where it stands in an answer, dotted.
    pub json_path: String,
    /// Its name on the tenant's screens.
    pub name: String,
    /// Its type, such as `text`.
    pub kind: String,
    /// Whether it has a history.
    pub historical: bool,
}

/// How a question was answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// What kind of answer.
    pub reply: Reply,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// For a refusal: whether the canary answered after it.
    pub believed: bool,
}

/// The kinds of answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// It was not asked.
    #[default]
    NotAsked,
    /// JSON, whole or cut at the budget.
    Answered,
    /// 403 with a JSON body, or 401 that speaks of permissions.
    Refused,
    /// 403 without a body, or with one that is not JSON.
    RefusedWithoutReason,
    /// 404.
    NotFound,
    /// 400 and its kin.
    BadRequest,
    /// 200 that is not JSON.
    NotAnApiAnswer,
    /// 3xx.
    Redirected,
    /// 429 after all retries.
    Throttled,
    /// 5xx or a cut connection after all retries.
    Unavailable,
    /// No answer in time.
    Timeout,
}

impl Evidence {
    /// What came back of a field over both samples.
    pub fn presence(&self, field: &str) -> Option<Presence> {
        let seen =
            [&self.sample, &self.again].into_iter().flatten().filter_map(|sample| sample.fields.get(field));
        seen.copied().reduce(|one, other| Presence {
            value: one.value + other.value,
            empty: one.empty + other.empty,
            absent: one.absent + other.absent,
            unclear: one.unclear + other.unclear,
            withheld: one.withheld + other.withheld,
        })
    }

    /// Whether the tenant has fields in a category.
    pub fn has_category(&self, category: &str) -> bool {
        self.fields.iter().any(|field| field.category == category)
    }

    /// Whether the fields of a category say enough for its table to add nothing: one came back, or one
    /// stayed away although an empty one of its type would have come back. `nulls` are the types of which
    /// empty fields do come back. Where nothing stays away at all a null may stand for what is withheld, and a
    /// value alone decides.
    pub fn fields_decide(&self, category: &str, nulls: &BTreeSet<&str>) -> bool {
        let by_a_null = !self.nothing_stays_away();
        self.fields.iter().filter(|field| field.category == category).any(|field| {
            self.presence(&field.id).is_some_and(|seen| {
                seen.value > 0
                    || (by_a_null && seen.empty > 0)
                    || (seen.absent > 1 && nulls.contains(field.kind.as_str()))
            })
        })
    }

    /// Whether every field that stands alone came back of somebody in the first sample, be it as null.
    pub fn nothing_stays_away(&self) -> bool {
        let inner = read::inner_fields(&self.fields);
        let fields = self.sample.iter().flat_map(|sample| &sample.fields);
        let mut standing_alone = fields.filter(|(field, _)| !inner.contains(field.as_str()));
        standing_alone.all(|(_, seen)| seen.absent == 0 || seen.value + seen.empty > 0)
    }

    /// The types of which an empty field was seen to come back as `null` or `[]`.
    pub fn types_with_nulls(&self) -> BTreeSet<&str> {
        self.types_with_nulls_where(|_| true)
    }

    /// The same, in sections of which values came back too: of one that is null throughout nothing shows that
    /// it may be read at all.
    pub fn types_with_readable_nulls(&self) -> BTreeSet<&str> {
        let has_value = |field: &&Field| self.presence(&field.id).is_some_and(|seen| seen.value > 0);
        let readable: BTreeSet<&str> =
            self.fields.iter().filter(has_value).map(|field| field.category.as_str()).collect();
        self.types_with_nulls_where(|category| readable.contains(category))
    }

    fn types_with_nulls_where(&self, counts: impl Fn(&str) -> bool) -> BTreeSet<&str> {
        let inner = read::inner_fields(&self.fields);
        self.fields
            .iter()
            .filter(|field| !inner.contains(field.id.as_str()) && counts(&field.category))
            .filter(|field| self.presence(&field.id).is_some_and(|seen| seen.empty > 0))
            .map(|field| field.kind.as_str())
            .collect()
    }

    /// Of how many kinds of people nobody was refused, of what is asked about one person at a time.
    pub fn kinds_left(&self, endpoint_or_table: &str) -> u32 {
        self.kinds.get(endpoint_or_table).map_or(0, |kinds| kinds.left())
    }

    /// Whether anything was refused, and something that needs no right was answered after it.
    pub fn any_refused(&self) -> bool {
        let tables = self.tables.values().chain(self.custom_rows.values()).flatten().map(|look| look.seen);
        let mut answers = tables.chain(self.answers.values().map(|list| list.seen));
        answers.any(|seen| seen.is_refusal() && seen.believed)
    }

    /// Every answer that may be a refusal, so that a canary can vouch for them.
    pub fn answers_mut(&mut self) -> impl Iterator<Item = &mut Seen> {
        let samples =
            [&mut self.sample, &mut self.again].into_iter().flatten().map(|sample| &mut sample.seen);
        let tables = self.tables.values_mut().chain(self.custom_rows.values_mut());
        std::iter::once(&mut self.people.seen)
            .chain(samples)
            .chain(tables.flatten().map(|look| &mut look.seen))
            .chain(self.answers.values_mut().map(|list| &mut list.seen))
            .chain(self.trials.iter_mut().flat_map(|trial| &mut trial.answers).map(|answer| &mut answer.seen))
    }
}

impl Seen {
    /// Whether the answer was a refusal of either kind.
    pub fn is_refusal(self) -> bool {
        matches!(self.reply, Reply::Refused | Reply::RefusedWithoutReason)
    }
}

/// Who is visible.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// How the search was answered.
    pub seen: Seen,
    /// How many people came back, active or not.
    pub visible: u32,
    /// How many bear an id that can be asked for.
    pub with_id: u32,
    /// People by lifecycle status, as far as it may be read.
    pub statuses: BTreeMap<String, u32>,
    /// People whom the operator named, by the status that the operator knows.
    pub known: BTreeMap<String, KnownSeen>,
}

/// Of whom something was asked that is asked about one person at a time. What comes back of people tells
/// audiences apart, because several groups add up; who is in several of them stands for their kind in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    /// How many kinds of people it takes to have somebody of every audience that can be told apart.
    pub told_apart: u32,
    /// Of how many of them one was refused.
    pub refused: u32,
}

impl Kinds {
    /// Of how many of these kinds nobody was refused: theirs may be the right.
    pub fn left(self) -> u32 {
        self.told_apart.saturating_sub(self.refused)
    }
}

/// What came back of the people in one status whom the operator named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownSeen {
    /// How many were visible.
    pub visible: u32,
    /// How many the API called outside the audience.
    pub outside: u32,
    /// How many neither.
    pub unheard_of: u32,
}

/// How often a field came back with a value, empty, or not at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// People for whom a value came back.
    pub value: u32,
    /// People for whom it came back empty (`null` or `[]`).
    pub empty: u32,
    /// People for whom it did not come back.
    pub absent: u32,
    /// People for whom something stood in its place that may belong to other fields alone.
    pub unclear: u32,
    /// People for whom a part of it came back with a value and it itself did not: it was withheld.
    pub withheld: u32,
}

/// The fields of some people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How the search was answered.
    pub seen: Seen,
    /// How many people came back.
    pub people: u32,
    /// What came back of each field that was asked for.
    pub fields: BTreeMap<String, Presence>,
}

/// One look into an employee table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableSeen {
    /// How it was answered.
    pub seen: Seen,
    /// People with at least one row.
    pub people: u32,
    /// Rows in all.
    pub rows: u32,
    /// People with a row that is not in force now.
    pub people_with_old_rows: u32,
    /// People with nothing but a row in force whose date is later than their first day.
    pub late_people: u32,
    /// People with nothing but a row in force that began on their first day or before.
    pub punctual_people: u32,
    /// How many different dates those late rows bear.
    pub late_dates: u32,
    /// How many of the late rows share the commonest date.
    pub late_on_commonest: u32,
    /// Whether the header of the answer says that columns are withheld.
    pub restricted_header: bool,
    /// Columns that have a value in an old row.
    pub old_columns: BTreeSet<String>,
    /// Columns that the answer itself calls withheld.
    pub no_view: BTreeSet<String>,
    /// Columns whose past the answer itself calls withheld.
    pub no_history: BTreeSet<String>,
    /// People by lifecycle status, where the table tells it.
    pub statuses: BTreeMap<String, u32>,
    /// Of whom the rows are, where kinds of people can be told apart: an entry for each kind.
    #[serde(default)]
    pub by_kind: Vec<RowsOfKind>,
}

/// The rows of people of one kind. What comes back of people tells kinds of them apart, because several
/// groups with audiences of their own add up: a history that is withheld of one kind may be open of another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowsOfKind {
    /// People who are surely of this kind and whom the table was asked for.
    pub asked: u32,
    /// How many of them have a row.
    pub with_rows: u32,
    /// How many have nothing but a row in force whose date is later than their first day.
    pub late: u32,
}

/// A custom table of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomTable {
    /// Its id.
    pub id: String,
    /// The category it belongs to.
    pub category: String,
    /// Its name on the tenant's screens; empty where it is not told.
    #[serde(default)]
    pub name: String,
}

/// A list, or a plain answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSeen {
    /// How it was answered.
    pub seen: Seen,
    /// How many items came back, where they can be counted.
    pub items: Option<u32>,
    /// Items by kind, as `key=value` in lowercase.
    pub marks: BTreeMap<String, u32>,
}
