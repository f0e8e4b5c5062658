//! Lists, and tables in bulk; which tables are asked at all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::answer::Outcome;
use super::client::sift::Take;
use super::one_by_one::OneByOne;
use super::people::LARGER_SAMPLE;
use super::{Memory, Prober, seen};
use crate::catalogue::id::{Action, EndpointId, PermissionId};
use crate::catalogue::rows::{Category, Endpoint, Needs, OldRows, Shape, Table};
use crate::evidence::read::{Late, TableReader};
use crate::evidence::roster::{Person, by_kind, varied};
use crate::evidence::{CustomTable, Evidence, ListSeen, Reply, Seen, TableSeen, read};
use crate::plan::{Plan, Slots};

/// What may be kept of a list, and what the round needs of it.
#[derive(Default)]
pub(in crate::prober) struct Kept {
    pub(in crate::prober) list: ListSeen,
    pub(in crate::prober) folders: BTreeMap<String, String>,
    pub(in crate::prober) custom_tables: Vec<CustomTable>,
    pub(in crate::prober) policy_type: Option<String>,
}

/// After so many items of a list nothing more is learnt of it, but where each has a mark of its own.
const PLENTY: u32 = 100;

/// Counts the items of a list while it is read.
struct Listing<'e> {
    endpoint: &'e Endpoint,
    items: u32,
    kept: Kept,
}

impl Take for Listing<'_> {
    fn begin(&mut self) {
        (self.items, self.kept) = (0, Kept::default());
    }

    fn wants(&self, list: &str) -> bool {
        list.is_empty() || list == self.endpoint.items
    }

    fn take(&mut self, _list: &str, item: Value) -> bool {
        let Self { endpoint, items, kept } = self;
        // A list has things in it, or the names of things.
        if !item.is_object() && !item.is_string() {
            return false;
        }
        *items = items.saturating_add(1);
        let body = Value::Object([(endpoint.items.clone(), Value::Array(vec![item]))].into_iter().collect());
        for (mark, many) in read::marks(&body, &endpoint.items, &endpoint.marks) {
            *kept.list.marks.entry(mark).or_default() += many;
        }
        kept.policy_type = kept.policy_type.take().or_else(|| read::policy_type(&body));
        endpoint.marks.is_empty() && *items >= PLENTY
    }
}

/// Reads the rows of a table person by person, while its answer is read.
struct Leafing<'r>(TableReader<'r>);

impl Take for Leafing<'_> {
    fn begin(&mut self) {
        self.0.begin();
    }

    fn wants(&self, list: &str) -> bool {
        list == read::RESULTS
    }

    fn take(&mut self, _list: &str, item: Value) -> bool {
        self.0.result(&item);
        false
    }
}

/// Who has which rows of a table in bulk. Lives only while a round runs.
pub(in crate::prober) struct Holders {
    pub(in crate::prober) endpoint: EndpointId,
    late: Late,
    /// For whom it was asked; nobody by name where it was asked for everybody.
    named: BTreeSet<String>,
}

/// Whether a look into a table is a verdict on its category: it opened, or was refused.
fn decides(look: &TableSeen) -> bool {
    look.seen.reply == Reply::Answered || look.seen.is_refusal()
}

impl<'a> Prober<'a> {
    pub(in crate::prober) async fn list<'e>(
        &self,
        endpoint: &'e Endpoint,
        slots: Slots,
    ) -> (&'e Endpoint, Kept) {
        let mut listing = Listing { endpoint, items: 0, kept: Kept::default() };
        let answer = match endpoint.shape {
            Shape::List => self.ask_each(endpoint, slots, &mut listing).await,
            _ => self.ask_endpoint(endpoint, slots).await,
        };
        let mut kept =
            Kept { list: ListSeen { seen: seen(&answer), ..ListSeen::default() }, ..Kept::default() };
        match (&answer.outcome, endpoint.shape) {
            (Outcome::Json(body), Shape::Folders) => kept.folders = read::folders(body),
            (Outcome::Json(body), Shape::CustomTables) => kept.custom_tables = read::custom_tables(body),
            (Outcome::Json(body), Shape::List) => {
                kept.list.items = read::items(body, &endpoint.items).map(|_| listing.items);
                kept.list.marks = listing.kept.list.marks;
                kept.policy_type = listing.kept.policy_type;
            }
            // Not read to its end, because there was enough in it, or one item is too long.
            (Outcome::CutJson, Shape::List) if listing.items > 0 => {
                kept.list.seen.reply = Reply::Answered;
                kept.list.items = Some(listing.items);
                kept.list.marks = listing.kept.list.marks;
                kept.policy_type = listing.kept.policy_type;
            }
            _ => {}
        }
        (endpoint, kept)
    }

    /// A table in bulk.
    pub(in crate::prober) async fn bulk_table(
        &self,
        endpoint: &Endpoint,
        roster: &BTreeMap<&str, &Person>,
    ) -> (TableSeen, Holders) {
        let everybody: Vec<Person> = roster.values().map(|person| (*person).clone()).collect();
        // The first page of a large company is no sample; without ids it is all there is.
        let named: Vec<String> = if everybody.len() > LARGER_SAMPLE {
            let some = varied(&everybody, LARGER_SAMPLE, &BTreeSet::new());
            some.iter().map(|person| person.id.clone()).collect()
        } else {
            Vec::new()
        };
        let slots = self.slots().text("people", &named.join(","));
        let (seen, late) = self.look(endpoint, slots, roster).await;
        (seen, Holders { endpoint: endpoint.id.clone(), late, named: named.into_iter().collect() })
    }

    /// Notes of which kinds of people the rows of each table are, once samples have told people apart.
    pub(in crate::prober) fn sort_rows_by_kind(evidence: &mut Evidence, memory: &Memory<'_>) {
        for Holders { endpoint, late, named } in &memory.holders {
            let named = Some(named).filter(|named| !named.is_empty());
            for look in evidence.tables.get_mut(endpoint).into_iter().flatten() {
                look.by_kind = by_kind(&memory.people, named, late);
            }
        }
    }

    pub(in crate::prober) async fn look(
        &self,
        endpoint: &Endpoint,
        slots: Slots,
        roster: &BTreeMap<&str, &Person>,
    ) -> (TableSeen, Late) {
        let mut leafing = Leafing(TableReader::new(roster, &self.bearings.today));
        let answer = self.ask_each(endpoint, slots, &mut leafing).await;
        let seen = seen(&answer);
        let unread = |seen| (TableSeen { seen, ..TableSeen::default() }, Late::new());
        match &answer.outcome {
            Outcome::Json(body) => match leafing.0.finish(body) {
                Some((look, late)) => {
                    (TableSeen { seen, restricted_header: answer.restricted_header, ..look }, late)
                }
                None => unread(Seen { reply: Reply::NotAnApiAnswer, ..seen }),
            },
            _ => unread(seen),
        }
    }

    /// Whether a table is asked at once: it is the first of its category, and shows what fields cannot.
    pub(in crate::prober) fn is_first_choice(&self, endpoint: &Endpoint, evidence: &Evidence) -> bool {
        self.catalogue.categories().iter().any(|category| {
            category.tables.first().is_some_and(|table| {
                table.endpoint == endpoint.id
                    && (table.old_rows == OldRows::NeedHistory || !evidence.has_category(&category.id))
            })
        })
    }

    /// The categories with a table that their fields do not make needless.
    fn left_open(&self, evidence: &Evidence) -> Vec<&'a Category> {
        let nulls = evidence.types_with_nulls();
        let categories = self.catalogue.categories().iter();
        categories
            .filter(|category| !category.tables.is_empty() && !evidence.fields_decide(&category.id, &nulls))
            .collect()
    }

    /// Of how many categories a table will be asked only after those of `now`, for all that is known by now:
    /// none of theirs was asked yet, or none that was gave a verdict.
    pub(in crate::prober) fn second_choices_to_come(
        &self,
        probes: &[&Endpoint],
        now: &[&Endpoint],
        evidence: &Evidence,
    ) -> usize {
        let among = |endpoints: &[&Endpoint], table: &Table| {
            endpoints.iter().any(|endpoint| endpoint.id == table.endpoint)
        };
        let is_open = |table: &Table| {
            let looks = evidence.tables.get(&table.endpoint).into_iter().flatten();
            !among(now, table) && looks.into_iter().all(|look| !decides(look))
        };
        let is_left = |table: &Table| among(probes, table) && !evidence.tables.contains_key(&table.endpoint);
        let is_to_come =
            |category: &&Category| category.tables.iter().all(is_open) && category.tables.iter().any(is_left);
        self.left_open(evidence).into_iter().filter(is_to_come).count()
    }

    /// Asks the next table of a category that has no verdict yet.
    pub(in crate::prober) async fn second_choices(
        &self,
        probes: &[&Endpoint],
        evidence: &mut Evidence,
        memory: &mut Memory<'_>,
    ) {
        let mut categories = self.left_open(evidence);
        // Those that the policies need go first, as they do in the plan.
        categories.sort_by_key(|category| {
            let is_of_it =
                |endpoint: &&Endpoint| category.tables.iter().any(|table| table.endpoint == endpoint.id);
            probes.iter().position(is_of_it)
        });
        for category in categories {
            for table in &category.tables {
                if evidence.tables.contains_key(&table.endpoint) {
                    continue;
                }
                let undecided = category
                    .tables
                    .iter()
                    .take_while(|other| other.endpoint != table.endpoint)
                    .all(|before| {
                        evidence.tables.get(&before.endpoint).is_none_or(|looks| !looks.iter().any(decides))
                    });
                let Some(endpoint) = probes.iter().find(|endpoint| endpoint.id == table.endpoint) else {
                    continue;
                };
                let has_whom = match endpoint.needs {
                    Needs::Person => evidence.people.with_id > 0,
                    _ => evidence.people.visible > 0,
                };
                if !undecided || !has_whom {
                    continue;
                }
                let Some(room) = memory.room.checked_sub(1) else {
                    evidence.no_room.insert(endpoint.id.to_string());
                    continue;
                };
                memory.room = room;
                if endpoint.needs == Needs::Person {
                    let about = self.about_people(endpoint, &memory.people);
                    let policy_type = memory.policy_type.as_deref();
                    let told = self.ask_about_each(vec![about], policy_type, &mut memory.room).await;
                    told.into_iter().for_each(|told| told.keep(evidence));
                } else {
                    let (look, holders) = self.bulk_table(endpoint, &memory.roster()).await;
                    memory.keep(look, holders, evidence);
                }
            }
        }
    }

    /// One table for each section of the tenant's own that has one.
    pub(in crate::prober) async fn custom_tables(
        &self,
        plan: &Plan,
        evidence: &mut Evidence,
        people: &[Person],
    ) {
        let own_table = |endpoint: &&Endpoint| endpoint.shape == Shape::OwnTable;
        let Some(endpoint) = self.catalogue.endpoints().find(own_table) else { return };
        let mut sections = BTreeSet::new();
        let nulls = evidence.types_with_nulls();
        let wanted: Vec<String> = evidence
            .custom_tables
            .iter()
            .filter(|table| !self.catalogue.is_category(&table.category))
            .filter(|table| {
                let field = evidence.fields.iter().find(|field| field.category == table.category);
                let section = field.map_or("", |field| field.category_name.as_str());
                plan.fields.takes_category(&table.category, section)
                    || plan.fields.takes_category(&table.id, &table.name)
            })
            .filter(|table| sections.insert(table.category.clone()))
            // Where fields decide the view, an open table says nothing of the past, and a refusal would
            // only be one more: for the sake of the budget it is asked where a policy wants to know.
            .filter(|table| {
                let id = PermissionId::category(&table.category, Action::History);
                plan.wants(&id) || !evidence.fields_decide(&table.category, &nulls)
            })
            .map(|table| table.id.clone())
            .collect();
        let about = wanted.into_iter().enumerate();
        let about =
            about.map(|(turn, table)| OneByOne::of_own_table(endpoint, table, people, turn)).collect();
        // They come on top of what else a run sends.
        let told = self.ask_about_each(about, None, &mut usize::MAX.clone()).await;
        told.into_iter().for_each(|told| told.keep(evidence));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn only_things_and_their_names_are_items() {
        let endpoint = Catalogue::embedded().endpoint(&EndpointId::new("tasks")).unwrap();
        let mut listing = Listing { endpoint, items: 0, kept: Kept::default() };
        for nothing in [json!(null), json!([]), json!(7), json!(true)] {
            assert!(!listing.take("tasks", nothing));
        }
        assert_eq!(listing.items, 0);
        listing.take("tasks", json!({}));
        listing.take("tasks", json!("a name"));
        assert_eq!(listing.items, 2);
        assert!(listing.wants("tasks") && listing.wants("") && !listing.wants("errors"));
    }
}
