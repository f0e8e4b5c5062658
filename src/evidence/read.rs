//! Reads whole answers and hands back only what may be kept. Lenient about shape, because HiBob's
//! answers differ from its documents; an answer of no known shape reads as nothing at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::roster::{Person, normal_status};
use super::{CustomTable, Field, Presence, Sample, TableSeen};

/// The tenant's fields: a bare array, or one wrapped in `fields`.
pub fn fields(answer: &Value) -> Option<Vec<Field>> {
    let rows = answer.as_array().or_else(|| answer.get("fields")?.as_array())?;
    Some(rows.iter().filter_map(field).collect())
}

fn field(row: &Value) -> Option<Field> {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let id = text("id")?.to_owned();
    let category = text("categoryId").or_else(|| text("category"))?.to_owned();
    Some(Field {
        category_name: text("categoryDisplayName").unwrap_or(&category).to_owned(),
        json_path: text("jsonPath")
            .map_or_else(|| id.strip_prefix("root.").unwrap_or(&id).to_owned(), str::to_owned),
        name: text("name").unwrap_or(&id).to_owned(),
        kind: text("type").unwrap_or("unknown").to_owned(),
        historical: row.get("historical").and_then(Value::as_bool).unwrap_or(false),
        category,
        id,
    })
}

/// The people of a search answer, or the one person of a read by id.
pub fn employees(answer: &Value) -> Option<Vec<&Value>> {
    match answer.get("employees") {
        Some(list) => Some(list.as_array()?.iter().collect()),
        None => None,
    }
}

/// Where a field is looked for in an answer.
struct Spots {
    id: String,
    slash: BTreeSet<String>,
    /// Empty where a nested key would prove nothing, because another field's object may hold it.
    nested: Vec<Vec<String>>,
    /// Keys of a nested object that are fields of their own: an object of nothing else is not this field.
    others: BTreeSet<String>,
}

/// Which fields lie inside another field's object: their nested key may come with that object.
pub fn inner_fields(fields: &[Field]) -> BTreeSet<&str> {
    let mut by_path: BTreeMap<&str, u32> = BTreeMap::new();
    for field in fields {
        *by_path.entry(field.json_path.as_str()).or_default() += 1;
    }
    fields
        .iter()
        .filter(|field| {
            let inside_another = field
                .json_path
                .match_indices('.')
                .any(|(dot, _)| by_path.contains_key(&field.json_path[..dot]));
            inside_another || by_path[field.json_path.as_str()] > 1
        })
        .map(|field| field.id.as_str())
        .collect()
}

fn spots(field: &Field, inner: bool, others: BTreeSet<String>) -> Spots {
    let slashed = |dotted: &str| format!("/{}", dotted.replace('.', "/"));
    let mut nested = Vec::new();
    if !inner {
        let path = |dotted: &str| dotted.split('.').map(str::to_owned).collect::<Vec<_>>();
        nested.push(path(&field.json_path));
        // Custom fields stand below `custom`, whichever of the two spellings the metadata has.
        if let Some((head, tail)) = field.json_path.split_once('.')
            && tail.starts_with("field_")
        {
            nested.push(path(&format!("{head}.custom.{tail}")));
        }
    }
    Spots {
        slash: BTreeSet::from([slashed(&field.id), slashed(&field.json_path)]),
        nested,
        others,
        id: field.id.clone(),
    }
}

/// The keys directly below a field's path that belong to fields of their own.
fn keys_below(field: &Field, fields: &[&Field]) -> BTreeSet<String> {
    let below = format!("{}.", field.json_path);
    fields
        .iter()
        .filter_map(|other| other.json_path.strip_prefix(&below)?.split('.').next())
        .map(str::to_owned)
        .collect()
}

/// What came back of each field that was asked for, and of whom. Values are looked at for null and for nothing
/// else.
pub fn search(answer: &Value, asked: &[&Field], inner: &BTreeSet<&str>) -> Option<(Sample, Shown)> {
    struct Column {
        id: Arc<str>,
        spots: Spots,
        is_inner: bool,
        presence: Presence,
    }
    let people = employees(answer)?;
    // Whatever is no object is nobody, and an answer with such people in it is none.
    if people.iter().any(|person| !person.is_object()) {
        return None;
    }
    let column = |field: &&Field| {
        let is_inner = inner.contains(field.id.as_str());
        let spots = spots(field, is_inner, keys_below(field, asked));
        Column { id: field.id.as_str().into(), spots, is_inner, presence: Presence::default() }
    };
    let mut columns: Vec<Column> = asked.iter().map(column).collect();
    let mut shown = Shown::new();
    for person in &people {
        let mut came = Vec::new();
        for Column { id, spots, is_inner, presence } in &mut columns {
            let found = person.as_object().and_then(|person| look(person, spots));
            match found {
                Some(Found::Value) => presence.value += 1,
                Some(Found::Empty) => presence.empty += 1,
                Some(Found::EmptyParts) => presence.unclear += 1,
                Some(Found::Parts) => presence.withheld += 1,
                None => presence.absent += 1,
            }
            if let Some(found) = found.filter(|_| !*is_inner) {
                came.push((Arc::clone(id), !matches!(found, Found::Empty)));
            }
        }
        let id = super::roster::person(person).id;
        if !id.is_empty() {
            shown.entry(id).or_default().extend(came);
        }
    }
    let fields = columns.into_iter().map(|column| (column.spots.id, column.presence)).collect();
    Some((Sample { people: count(people.len()), fields, ..Sample::default() }, shown))
}

/// Fields that came back, and whether they had a value, by the id of a person. Never kept.
pub type Shown = BTreeMap<String, Vec<(Arc<str>, bool)>>;

enum Found {
    Value,
    Empty,
    /// An object that holds nothing but fields of their own, all of them empty.
    EmptyParts,
    /// The same, and one of them has a value.
    Parts,
}

fn look(person: &Map<String, Value>, spots: &Spots) -> Option<Found> {
    if let Some(slot) = spots.slash.iter().find_map(|key| person.get(key)) {
        let value = slot.get("value").unwrap_or(slot);
        return Some(if is_empty(value) { Found::Empty } else { Found::Value });
    }
    let value = spots.nested.iter().find_map(|path| {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(person.get(first)?, |value, key| value.get(key))
    })?;
    let only_others = |object: &Map<String, Value>| object.keys().all(|key| spots.others.contains(key));
    if !spots.others.is_empty()
        && let Some(object) = value.as_object()
        && only_others(object)
    {
        // A part that has a value is a part of something that has one, and would have come back flat.
        return Some(if object.values().all(is_empty) { Found::EmptyParts } else { Found::Parts });
    }
    Some(if is_empty(value) { Found::Empty } else { Found::Value })
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// The list of a table in bulk: what it holds, grouped by person.
pub const RESULTS: &str = "results";

/// A table that is here as a whole: bulk, or of one person.
pub fn table(answer: &Value, roster: &BTreeMap<&str, &Person>, today: &str) -> Option<(TableSeen, Late)> {
    let mut reader = TableReader::new(roster, today);
    for result in answer.get(RESULTS).and_then(Value::as_array).into_iter().flatten() {
        reader.result(result);
    }
    reader.finish(answer)
}

/// Reads a table person by person, and keeps no more the longer it is.
///
/// `roster` tells first days, against which the dates of current rows are held; nothing of it is kept.
/// A row that begins after `today` (`YYYY-MM-DD`) is no past.
pub struct TableReader<'r> {
    roster: &'r BTreeMap<&'r str, &'r Person>,
    today: &'r str,
    seen: TableSeen,
    by_person: Late,
    /// On which dates late rows began, and how many.
    late: BTreeMap<String, u32>,
    /// Whether something came that is nobody's rows.
    is_odd: bool,
}

impl<'r> TableReader<'r> {
    /// Nothing was read yet.
    pub fn new(roster: &'r BTreeMap<&'r str, &'r Person>, today: &'r str) -> Self {
        let (seen, by_person, late) = (TableSeen::default(), Late::new(), BTreeMap::new());
        Self { roster, today, seen, by_person, late, is_odd: false }
    }

    /// Forgets what it read: the answer comes anew.
    pub fn begin(&mut self) {
        *self = Self::new(self.roster, self.today);
    }

    /// The rows of one more person of a table in bulk.
    pub fn result(&mut self, result: &Value) {
        self.is_odd |= !result.is_object();
        let id = result.get("employeeId").and_then(text_of);
        let person = id.as_deref().and_then(|id| self.roster.get(id)).copied();
        restricted(result, &mut self.seen);
        let Some(values) = result.get("values") else { return };
        restricted(values, &mut self.seen);
        let rows = rows_in(values, &mut self.seen);
        let is_late = one_person(&rows, person, self.today, &mut self.seen, &mut self.late);
        if let (Some(person), false) = (person, rows.is_empty()) {
            self.by_person.insert(person.id.clone(), is_late);
        }
    }

    /// What stands around the people, or the rows of one person (`values`).
    pub fn finish(mut self, rest: &Value) -> Option<(TableSeen, Late)> {
        restricted(rest, &mut self.seen);
        if rest.get(RESULTS).is_none_or(|results| !results.is_array()) {
            let values = rest.get("values").or_else(|| rest.is_array().then_some(rest))?;
            let list = values.as_array().into_iter().flatten();
            self.is_odd |= list.into_iter().any(|row| !row.is_object());
            let rows = rows_in(values, &mut self.seen);
            one_person(&rows, None, self.today, &mut self.seen, &mut self.late);
        }
        if self.is_odd {
            return None;
        }
        self.seen.late_dates = count(self.late.len());
        self.seen.late_on_commonest = self.late.values().copied().max().unwrap_or(0);
        Some((self.seen, self.by_person))
    }
}

/// Whether the rows of a person are one late row alone, by the id of whoever of the roster has a row. Never kept.
pub type Late = BTreeMap<String, bool>;

/// Rows stand directly in `values`, or once more wrapped in `{values, restricted_columns}`.
fn rows_in<'a>(values: &'a Value, seen: &mut TableSeen) -> Vec<&'a Map<String, Value>> {
    let list = values.as_array().or_else(|| values.get("values")?.as_array());
    let mut rows = Vec::new();
    for row in list.into_iter().flatten() {
        match row.get("values").and_then(Value::as_array) {
            Some(inner) if row.get("id").is_none() => {
                restricted(row, seen);
                rows.extend(inner.iter().filter_map(Value::as_object));
            }
            _ => rows.extend(row.as_object()),
        }
    }
    rows
}

fn restricted(holder: &Value, seen: &mut TableSeen) {
    let Some(columns) = holder.get("restricted_columns") else { return };
    let names = |key: &str| {
        columns
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    note(&mut seen.no_view, names("no_view_permission"));
    note(&mut seen.no_history, names("no_view_history_permission"));
}

/// More names than any table has columns, and longer ones, are nothing to keep.
const MOST_NAMES: usize = 1000;
const LONGEST_NAME: usize = 256;

fn note(known: &mut BTreeSet<String>, names: impl IntoIterator<Item = String>) {
    for name in names {
        if known.len() < MOST_NAMES && name.len() <= LONGEST_NAME {
            known.insert(name);
        }
    }
}

/// Counts the rows of one person; whether there is nothing but a late one.
fn one_person(
    rows: &[&Map<String, Value>],
    person: Option<&Person>,
    today: &str,
    seen: &mut TableSeen,
    late: &mut BTreeMap<String, u32>,
) -> bool {
    seen.people += u32::from(!rows.is_empty());
    seen.rows += count(rows.len());
    let began = |row: &Map<String, Value>| {
        ["effectiveDate", "activeEffectiveDate"].iter().find_map(|key| day(row.get(*key)?))
    };
    let in_force = |row: &Map<String, Value>| row.get("isCurrent").and_then(Value::as_bool);
    let past: Vec<_> =
        rows.iter().filter(|row| began(row).is_none_or(|date| date.as_str() <= today)).collect();
    // The lone row of somebody who left, or has not begun, may be out of force and the latest there is:
    // only beside another one does a row show that the past is open.
    if past.len() > 1 {
        let flagged = past.iter().any(|row| in_force(row).is_some());
        let old: Vec<_> = past.iter().filter(|row| in_force(row) == Some(false)).collect();
        if !old.is_empty() || !flagged {
            seen.people_with_old_rows += 1;
            for row in old {
                let filled = row
                    .iter()
                    .filter(|(column, value)| !is_empty(value) && !ROW_HEAD.contains(&column.as_str()));
                note(&mut seen.old_columns, filled.map(|(column, _)| column.clone()));
            }
        }
        return false;
    }
    let Some(current) = past.first().filter(|row| in_force(row) != Some(false)) else { return false };
    if let Some(status) = current.get("status").and_then(Value::as_str)
        && status.len() <= LONGEST_NAME
        && seen.statuses.len() < MOST_NAMES
    {
        *seen.statuses.entry(normal_status(status)).or_default() += 1;
    }
    if let (Some(date), Some(first_day)) =
        (began(current), person.and_then(|person| person.first_day.as_deref()))
    {
        if date.as_str() > first_day {
            seen.late_people += 1;
            *late.entry(date).or_default() += 1;
            return true;
        }
        seen.punctual_people += 1;
    }
    false
}

/// What stands at the head of every row, whatever columns may be seen.
const ROW_HEAD: [&str; 10] = [
    "id",
    "effectiveDate",
    "endEffectiveDate",
    "activeEffectiveDate",
    "isCurrent",
    "canBeDeleted",
    "creationDate",
    "modificationDate",
    "change",
    "customColumns",
];

/// `YYYY-MM-DD` at the head of a text.
pub fn day(value: &Value) -> Option<String> {
    let text = value.as_str()?.get(..10)?;
    let shape = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    shape.then(|| text.to_owned())
}

/// Which of some people a bulk answer calls outside the audience.
///
/// The ids stand as keys of `errors`, in an object or in a list of objects; or as words of the message.
pub fn outside<'a>(answer: &Value, ids: &[&'a str]) -> BTreeSet<&'a str> {
    let errors = answer.get("errors");
    let objects = errors.and_then(Value::as_array).into_iter().flatten().chain(errors);
    let entries: Vec<(&String, &Value)> = objects.filter_map(Value::as_object).flatten().collect();
    ids.iter()
        .copied()
        .filter(|id| {
            entries.iter().any(|(key, error)| {
                let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
                let named = key.as_str() == *id
                    || message
                        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                        .any(|word| word == *id);
                named && error.get("error").and_then(Value::as_str) == Some("MISSING_PERMISSION")
            })
        })
        .collect()
}

/// A text, or a number as text: ids are both in HiBob's answers.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// How many items a list has, under a key or bare.
pub fn items(answer: &Value, key: &str) -> Option<u32> {
    let items = answer.get(key).unwrap_or(answer).as_array()?;
    Some(count(items.len()))
}

/// How many items are of which kind: only the named keys are looked at, and only short words are kept.
pub fn marks(answer: &Value, key: &str, names: &[String]) -> BTreeMap<String, u32> {
    const LONGEST: usize = 64;
    let mut marks = BTreeMap::new();
    let list = answer.get(key).unwrap_or(answer);
    for item in list.as_array().into_iter().flatten() {
        for name in names {
            let slot = item.get(name);
            let value = slot.map(|slot| slot.get("value").unwrap_or(slot)).and_then(Value::as_str);
            if let Some(value) = value.filter(|value| value.len() <= LONGEST) {
                *marks.entry(format!("{name}={value}").to_lowercase()).or_default() += 1;
            }
        }
    }
    marks
}

/// The name of a time-off policy type: from the list of them, or from an absence.
pub fn policy_type(answer: &Value) -> Option<String> {
    let first = |key: &str| answer.get(key)?.as_array()?.first();
    let named = first("policyTypes").and_then(Value::as_str);
    // Of an absence that is not public the name may be one that only people see.
    let is_public = |out: &&Value| {
        let visibility = out.get("visibility").and_then(Value::as_str);
        visibility.is_none_or(|visibility| visibility.eq_ignore_ascii_case("public"))
    };
    let outs = answer.get("outs").and_then(Value::as_array);
    let taken = outs.and_then(|outs| outs.iter().find(is_public)).and_then(|out| out.get("policyType"));
    let taken = taken.and_then(Value::as_str);
    named.or(taken).map(str::to_owned)
}

/// The tenant's custom tables.
pub fn custom_tables(answer: &Value) -> Vec<CustomTable> {
    let rows = answer.get("tables").unwrap_or(answer).as_array();
    rows.into_iter()
        .flatten()
        .filter_map(|row| {
            let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
            Some(CustomTable {
                id: text("id")?,
                category: text("category").or_else(|| text("categoryId"))?,
                name: text("name").unwrap_or_default(),
            })
        })
        .collect()
}

/// The tenant's own document folders, each id with its name; shared and confidential have ids of their own
/// already. A folder without a name that can be read is called by its id.
pub fn folders(answer: &Value) -> BTreeMap<String, String> {
    let rows = answer.as_array().or_else(|| answer.get("folders")?.as_array());
    let plain = |row: &Value, key: &str| {
        let slot = row.get(key)?;
        text_of(slot.get("value").unwrap_or(slot))
    };
    rows.into_iter()
        .flatten()
        .filter(|row| !matches!(plain(row, "folderType").as_deref(), Some("shared" | "confidential")))
        .filter_map(|row| {
            let id = plain(row, "id")?;
            let name = plain(row, "name").unwrap_or_default();
            let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
            let name = name.trim();
            Some((id.clone(), if name.is_empty() { id } else { name.to_owned() }))
        })
        .collect()
}

/// A length as evidence counts it.
pub fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(id: &str, path: &str, kind: &str) -> Field {
        Field {
            id: id.to_owned(),
            category: "work".to_owned(),
            category_name: "Work".to_owned(),
            json_path: path.to_owned(),
            name: id.to_owned(),
            kind: kind.to_owned(),
            historical: false,
        }
    }

    #[test]
    fn metadata_is_read_bare_and_wrapped() {
        let row = json!({"id": "root.state", "categoryId": "userData", "categoryDisplayName": "User data",
            "jsonPath": "state", "type": "list", "historical": false});
        let bare = fields(&json!([row.clone()])).unwrap();
        assert_eq!(bare, fields(&json!({"fields": [row]})).unwrap());
        assert_eq!((bare[0].category.as_str(), bare[0].json_path.as_str()), ("userData", "state"));
        assert_eq!(fields(&json!({"message": "hello"})), None);
    }

    #[test]
    fn a_value_a_null_an_empty_list_and_an_absence_are_four_things() {
        let asked = [
            field("work.site", "work.site", "text"),
            field("work.title", "work.title", "list"),
            field("about.hobbies", "about.hobbies", "multi-list"),
            field("root.firstName", "firstName", "text"),
            field("work.department", "work.department", "list"),
        ];
        let answer = json!({"employees": [{"/work/site": {"value": "x"}, "id": "1",
            "work": {"site": "x", "title": null}, "about": {"hobbies": []}, "firstName": "y"}]});
        let all: Vec<&Field> = asked.iter().collect();
        let sample = search(&answer, &all, &BTreeSet::new()).unwrap().0;
        let got = |id: &str| sample.fields[id];
        assert_eq!(got("work.site"), Presence { value: 1, ..Presence::default() });
        assert_eq!(got("work.title"), Presence { empty: 1, ..Presence::default() });
        assert_eq!(got("about.hobbies"), Presence { empty: 1, ..Presence::default() });
        assert_eq!(got("root.firstName"), Presence { value: 1, ..Presence::default() });
        assert_eq!(got("work.department"), Presence { absent: 1, ..Presence::default() });
    }

    #[test]
    fn a_field_inside_another_fields_object_is_not_shown_by_that_object() {
        let all = [
            field("work.reportsTo", "work.reportsTo", "employee"),
            field("work.reportsTo.email", "work.reportsTo.email", "text"),
            field("work.reportsToIdInCompany", "work.reportsToIdInCompany", "number"),
        ];
        let inner = inner_fields(&all);
        assert_eq!(inner, BTreeSet::from(["work.reportsTo.email"]));
        let answer = json!({"employees": [{"work": {"reportsTo": {"id": "1", "email": "a"}}}]});
        let asked: Vec<&Field> = all.iter().collect();
        let sample = search(&answer, &asked, &inner).unwrap().0;
        assert_eq!(sample.fields["work.reportsTo"].value, 1);
        assert_eq!(sample.fields["work.reportsTo.email"].absent, 1);
        let answer = json!({"employees": [{"/work/reportsTo/email": {"value": "a"}}]});
        assert_eq!(search(&answer, &asked, &inner).unwrap().0.fields["work.reportsTo.email"].value, 1);
    }

    #[test]
    fn an_object_that_holds_only_other_fields_is_not_the_field_around_them() {
        let all = [
            field("work.reportsTo", "work.reportsTo", "employee"),
            field("work.reportsTo.email", "work.reportsTo.email", "text"),
        ];
        let asked: Vec<&Field> = all.iter().collect();
        let reads = |employee: Value| {
            let answer = json!({"employees": [employee]});
            search(&answer, &asked, &inner_fields(&all)).unwrap().0.fields["work.reportsTo"]
        };
        assert_eq!(reads(json!({"work": {"reportsTo": {"email": "a"}}})).withheld, 1);
        assert_eq!(reads(json!({"work": {"reportsTo": {"email": null}}})).unclear, 1);
        assert_eq!(reads(json!({"work": {"reportsTo": {"id": "1", "email": "a"}}})).value, 1);
        assert_eq!(reads(json!({"work": {"reportsTo": null}})).empty, 1);
    }

    #[test]
    fn what_is_nobody_makes_an_answer_none() {
        let title = field("work.title", "work.title", "text");
        for odd in [json!([[1], [2]]), json!([null]), json!(["a"]), json!([{"id": "1"}, 7])] {
            assert!(search(&json!({"employees": odd}), &[&title], &BTreeSet::new()).is_none(), "{odd}");
            for key in ["results", "values"] {
                assert_eq!(table(&json!({key: odd}), &BTreeMap::new(), "2026-11-22"), None, "{odd}");
            }
        }
    }

    #[test]
    fn no_answer_makes_more_be_kept_than_a_table_can_have() {
        let names: Vec<String> = (0..5000).map(|at| format!("column{at}")).collect();
        let columns = json!({"no_view_permission": names, "no_view_history_permission": ["x".repeat(5000)]});
        let answer = json!({"results": [], "restricted_columns": columns});
        let seen = table(&answer, &BTreeMap::new(), "2026-11-22").unwrap().0;
        assert_eq!((seen.no_view.len(), seen.no_history.len()), (1000, 0));
    }

    #[test]
    fn a_custom_field_is_found_below_custom() {
        let custom = field("work.field_1711886937296", "work.field_1711886937296", "text");
        let answer = json!({"employees": [{"work": {"custom": {"field_1711886937296": null}}}]});
        let sample = search(&answer, &[&custom], &BTreeSet::new()).unwrap().0;
        assert_eq!(sample.fields["work.field_1711886937296"].empty, 1);
    }

    #[test]
    fn folders_are_called_by_their_names() {
        let folder = |id: &str, name: Value, kind: &str| json!({"id": {"value": id}, "name": {"value": name}, "folderType": {"value": kind}});
        let read = folders(&json!([
            folder("0b1c", json!("Con\u{1b}[31mtracts\n"), "custom"),
            folder("0b1d", json!(null), "custom"),
            folder("1", json!("Shared docs"), "shared"),
        ]));
        let named = |id: &str| read.get(id).map(String::as_str);
        assert_eq!((named("0b1c"), named("0b1d"), named("1")), (Some("Con[31mtracts"), Some("0b1d"), None));
    }

    #[test]
    fn a_name_that_masks_an_absence_is_no_policy_type() {
        let out = |visibility: &str, name: &str| json!({"visibility": visibility, "policyType": name});
        let masked = out("Custom name", "Out of office");
        assert_eq!(policy_type(&json!({"outs": [masked.clone()]})), None);
        let both = json!({"outs": [masked, out("Public", "Holiday")]});
        assert_eq!(policy_type(&both).as_deref(), Some("Holiday"));
        assert_eq!(policy_type(&json!({"outs": [{"policyType": "Sick"}]})).as_deref(), Some("Sick"));
    }

    #[test]
    fn people_outside_the_audience_are_found_in_every_form_of_errors() {
        let error = json!({"error": "MISSING_PERMISSION", "message": "no permission for ids: 22, 33"});
        for errors in [
            json!([{"22": error.clone()}, {"33": error.clone()}]),
            json!({"22": error.clone(), "33": error.clone()}),
            json!([{"employeeId": error}]),
        ] {
            let answer = json!({"results": [], "errors": errors});
            assert_eq!(outside(&answer, &["22", "33", "2", "44"]), BTreeSet::from(["22", "33"]), "{answer}");
        }
        assert!(outside(&json!({"errors": {}}), &["22"]).is_empty());
        let other = json!({"errors": {"22": {"error": "NOT_FOUND", "message": ""}}});
        assert!(outside(&other, &["22"]).is_empty());
    }

    #[test]
    fn old_rows_late_rows_and_withheld_columns_are_told_apart() {
        let people: Vec<Person> = ["1", "2", "3"]
            .iter()
            .map(|id| Person {
                id: (*id).to_owned(),
                first_day: Some("2020-01-01".to_owned()),
                ..Person::default()
            })
            .collect();
        let roster: BTreeMap<&str, &Person> =
            people.iter().map(|person| (person.id.as_str(), person)).collect();
        let answer = json!({"results": [
            {"employeeId": "1", "values": [{"id": 1, "isCurrent": false, "title": "a"}, {"id": 2, "isCurrent": true}]},
            {"employeeId": "4", "values": [{"id": 5, "isCurrent": false, "effectiveDate": "2020-01-01"}]},
            {"employeeId": "5", "values": [{"id": 6, "isCurrent": true}, {"id": 7, "isCurrent": false, "effectiveDate": "2030-01-01"}]},
            {"employeeId": "2", "values": [{"id": 3, "isCurrent": true, "effectiveDate": "2022-05-01"}]},
            {"employeeId": "3", "values": {"values": [{"id": 4, "isCurrent": true, "effectiveDate": "2020-01-01"}],
                "restricted_columns": {"no_view_permission": ["title"], "no_view_history_permission": ["site"]}}},
        ], "response_metadata": {"next_cursor": null}, "errors": {}});
        let (seen, late) = table(&answer, &roster, "2026-11-22").unwrap();
        let late: Vec<(&str, bool)> = late.iter().map(|(id, is_late)| (id.as_str(), *is_late)).collect();
        assert_eq!(late, [("1", false), ("2", true), ("3", false)]);
        assert_eq!((seen.people, seen.rows, seen.people_with_old_rows), (5, 7, 1));
        assert_eq!((seen.late_people, seen.late_dates, seen.punctual_people), (1, 1, 1));
        assert_eq!(seen.no_view, BTreeSet::from(["title".to_owned()]));
        assert_eq!(seen.no_history, BTreeSet::from(["site".to_owned()]));
        assert!(seen.old_columns.contains("title"));
        assert_eq!(table(&json!({"message": "hello"}), &roster, "2026-11-22"), None);
    }
}
