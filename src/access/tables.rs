//! Verdicts from employee tables: what a refusal, an old row and a lonely current row mean.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Catalogue;
use crate::catalogue::id::EndpointId;
use crate::catalogue::rows::{FirstRow, KnownBy, Needs, OldRows, Shape, Table};
use crate::evidence::{Evidence, Reply, RowsOfKind, TableSeen};

use super::answers::{
    DoubtOfAnswer, Left, doubt_in_words, is_nobody_visible, no_room, nobody_visible, not_of_every_kind,
    refusal_strength, said,
};
use super::sections::View;
use super::{Doubt, Finding, Partial, Strength, Verdict, counted, named};

/// How many people with a late current row make it certain that older rows exist.
const SEVERAL: u32 = 3;
/// How many it takes where a first row may come any day: a few late ones may all be first rows.
const MANY: u32 = 5;

/// What the tables of each category showed.
pub(super) struct Tables {
    by_category: BTreeMap<String, Look>,
    nobody: Option<Finding>,
}

/// What the tables of one category showed.
struct Look {
    /// The fields whose column the answer itself calls withheld from sight.
    no_view: BTreeSet<String>,
    /// The fields whose past the answer itself calls withheld.
    no_history: BTreeSet<String>,
    /// The fields that had a value in a row no longer in force.
    old_fields: BTreeSet<String>,
    /// What the table says of the rights on its category.
    word: Word,
    old_rows: OldRows,
    first_row: FirstRow,
    probe: String,
    /// All looks added up.
    seen: TableSeen,
    custom: bool,
}

pub(super) const WITHHELD_AND_SEEN: &str = "the answer itself calls the past of columns withheld, and it came back: of some people, and not of others";
pub(super) const WITHHELD_OF_SOME: &str = "the past of columns is withheld of some people, and rights differ from person to person here: of others it may be open";

/// What the whole run tells of how rights are set.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    /// Whether they are known to be set field by field.
    pub(super) field_level: bool,
    /// Whether several groups with audiences of their own are known to add up.
    pub(super) several_audiences: bool,
}

/// What a table says of the rights on its category.
pub(super) enum Word {
    /// It opened: View or History.
    Opened,
    /// It was refused for everyone who was tried: neither.
    Refused(Strength),
    /// It was refused for those who were tried, and of other kinds of people nobody was.
    SomeRefused(Left),
    /// There was no room to ask what would have given a verdict.
    NoRoom,
    /// No verdict.
    Doubt(Doubt),
}

impl Word {
    fn is_a_verdict(&self) -> bool {
        matches!(self, Self::Opened | Self::Refused(_))
    }
}

impl Tables {
    pub(super) fn read(catalogue: &Catalogue, evidence: &Evidence) -> Self {
        let mut by_category: BTreeMap<String, Look> = BTreeMap::new();
        for category in catalogue.categories() {
            for table in &category.tables {
                let looks = evidence.tables.get(&table.endpoint).map_or(&[][..], Vec::as_slice);
                let Some(endpoint) = catalogue.endpoint(&table.endpoint) else { continue };
                let by_person = endpoint.needs == Needs::Person;
                let word = word_of(looks, by_person, |look| look.seen.doubt(endpoint));
                let word =
                    if by_person { of_those_asked(word, evidence, table.endpoint.as_str()) } else { word };
                let word = match word {
                    Word::Doubt(_) if evidence.no_room.contains(table.endpoint.as_str()) => Word::NoRoom,
                    word => word,
                };
                let decided = by_category.get(&category.id).is_some_and(|look| look.word.is_a_verdict());
                let says_more = !looks.is_empty() || matches!(word, Word::NoRoom);
                if !decided && (says_more || !by_category.contains_key(&category.id)) {
                    by_category
                        .insert(category.id.clone(), Look::of(word, looks, table, &table.endpoint, false));
                }
            }
        }
        let custom = catalogue.endpoints().find(|endpoint| endpoint.shape == Shape::OwnTable);
        let mut custom_tables: Vec<_> = evidence.custom_tables.iter().collect();
        custom_tables.sort_by(|one, other| one.id.cmp(&other.id));
        for table in custom_tables {
            let Some(endpoint) = custom else { continue };
            let looks = evidence.custom_rows.get(&table.id).map_or(&[][..], Vec::as_slice);
            let word = word_of(looks, true, |look| look.seen.doubt(endpoint));
            let word = of_those_asked(word, evidence, &table.id);
            // A built-in table speaks for its category before a custom one does.
            let decided = by_category.get(&table.category).is_some_and(|look| look.word.is_a_verdict());
            if !decided {
                by_category.insert(
                    table.category.clone(),
                    Look::of(word, looks, &custom_columns(&table.id), &endpoint.id, true),
                );
            }
        }
        Self { by_category, nobody: is_nobody_visible(evidence).then(|| nobody_visible(evidence)) }
    }

    /// Whether an answer itself says that single columns are withheld.
    pub(super) fn show_field_level(&self) -> bool {
        self.by_category
            .values()
            .any(|look| !look.seen.no_view.is_empty() || !look.seen.no_history.is_empty())
    }

    pub(super) fn has_custom(&self, category: &str) -> bool {
        self.by_category.get(category).is_some_and(|look| look.custom)
    }

    /// What the table of a category says, if it was asked.
    pub(super) fn word(&self, category: &str) -> Option<&Word> {
        self.by_category.get(category).map(|look| &look.word)
    }

    /// Whether the table belongs to the category beyond doubt, so that a refusal is a control.
    pub(super) fn refusal_is_a_control(&self, category: &str) -> bool {
        self.by_category.get(category).is_some_and(|look| {
            matches!(look.word, Word::Refused(_)) && look.old_rows == OldRows::NeedHistory
        })
    }

    /// Whether the answer of a category's table calls some of its columns withheld.
    pub(super) fn withholds_columns(&self, category: &str) -> bool {
        self.by_category
            .get(category)
            .is_some_and(|look| look.seen.restricted_header || !look.seen.no_view.is_empty())
    }

    /// Whether the table of a category opened on no row at all.
    pub(super) fn is_empty(&self, category: &str) -> bool {
        self.by_category.get(category).is_some_and(|look| look.seen.rows == 0)
    }

    /// Whether an answer itself calls a field withheld from sight.
    pub(super) fn hides(&self, field: &str) -> bool {
        self.by_category.values().any(|look| look.no_view.contains(field))
    }

    /// Whether an answer itself calls the past of a field withheld.
    pub(super) fn hides_past_of(&self, field: &str) -> bool {
        self.by_category.values().any(|look| look.no_history.contains(field))
    }

    /// The same, and that this is so of people of every kind.
    pub(super) fn hides_past_of_everybody(&self, field: &str) -> bool {
        let mut looks = self.by_category.values().filter(|look| look.no_history.contains(field));
        looks.any(Look::withholds_what_it_names_of_all)
    }

    /// Whether a field had a value in a row no longer in force, of a table whose old rows need the right.
    pub(super) fn shows_past_of(&self, field: &str) -> bool {
        self.by_category
            .values()
            .any(|look| look.old_rows == OldRows::NeedHistory && look.old_fields.contains(field))
    }

    /// The categories of the tenant's own that have a table.
    pub(super) fn custom_categories(&self) -> impl Iterator<Item = &String> {
        self.by_category.iter().filter(|(_, look)| look.custom).map(|(category, _)| category)
    }

    /// One observation of the table of a category.
    pub(super) fn evidence(&self, category: &str) -> Vec<(String, String)> {
        let Some(look) = self.by_category.get(category) else { return Vec::new() };
        if look.seen.seen.reply == Reply::NotAsked {
            return Vec::new();
        }
        let mut saw = said(look.seen.seen);
        if matches!(look.word, Word::Opened) {
            saw.push_str(&format!(
                ", {} of {}, {} with rows no longer in force",
                counted(look.seen.rows, "row", "rows"),
                counted(look.seen.people, "person", "people"),
                look.seen.people_with_old_rows
            ));
        }
        vec![(look.probe.clone(), saw)]
    }

    /// The history of a category, and its view again: together they may contradict each other.
    pub(super) fn history_of(
        &self,
        category: &str,
        view: View,
        historical: &BTreeSet<&str>,
        setting: Setting,
    ) -> (Finding, Finding) {
        if let Some(nobody) = &self.nobody {
            return (view.finding, nobody.clone());
        }
        let Some(look) = self.by_category.get(category) else {
            return (
                view.finding,
                Finding::doubt(Doubt::NoWitness, "no endpoint returns the past of this section"),
            );
        };
        let history = look.history(&view, historical, setting).with_evidence(&self.evidence(category));
        if history.rule == "table-contradicts-fields" {
            let mut doubted = view.finding;
            doubted.verdict = Verdict::Unknown(Doubt::Contradiction);
            doubted.rule = "table-contradicts-fields";
            doubted.because.clone_from(&history.because);
            doubted.evidence.extend(self.evidence(category));
            return (doubted, history);
        }
        (view.finding, history)
    }
}

/// How a custom table's columns are read: by their own names, and without any word on the past.
fn custom_columns(id: &str) -> Table {
    Table {
        endpoint: EndpointId::new(id),
        old_rows: OldRows::MayShow,
        first_row: FirstRow::AnyDay,
        fields: String::new(),
        columns: BTreeMap::new(),
        documented: Vec::new(),
    }
}

impl Look {
    fn of(word: Word, looks: &[TableSeen], table: &Table, probe: &EndpointId, custom: bool) -> Self {
        let seen = added_up(looks);
        let fields = |columns: &BTreeSet<String>| -> BTreeSet<String> {
            columns.iter().map(|column| table.field_of(column)).collect()
        };
        let old_fields = fields(&seen.old_columns);
        Self {
            no_view: fields(&seen.no_view),
            no_history: fields(&seen.no_history),
            old_fields,
            word,
            old_rows: table.old_rows,
            first_row: table.first_row,
            probe: probe.to_string(),
            seen,
            custom,
        }
    }

    /// Whether late rows, of several people and on several dates, prove that older ones exist.
    fn old_rows_must_exist(&self) -> bool {
        let seen = &self.seen;
        seen.late_people >= SEVERAL
            && seen.late_dates >= SEVERAL
            && seen.late_on_commonest * 2 <= seen.late_people
            && match self.first_row {
                FirstRow::WithThePerson => true,
                FirstRow::AnyDay => seen.punctual_people >= SEVERAL && seen.late_people >= MANY,
            }
    }

    /// Whether older rows were withheld of people of every kind, where rights differ from person to person.
    ///
    /// Where a row is made together with the person, no row of anybody means that the table is closed for these
    /// people, and a late one of somebody that an older one was withheld. Where a first row may come any day, no
    /// row means nothing, and the late one of somebody may be the first.
    fn withholds_the_past_of_everybody(&self) -> bool {
        let is_withheld = |kind: &RowsOfKind| match self.first_row {
            FirstRow::WithThePerson => kind.late > 0 || (kind.with_rows == 0 && kind.asked > 0),
            FirstRow::AnyDay => kind.late >= SEVERAL,
        };
        self.old_rows == OldRows::NeedHistory
            && self.old_rows_must_exist()
            && self.seen.people_with_old_rows == 0
            && self.seen.by_kind.len() > 1
            && self.seen.by_kind.iter().all(is_withheld)
    }

    /// Whether what the answer calls withheld is withheld of people of every kind.
    fn withholds_what_it_names_of_all(&self) -> bool {
        self.withholds_the_past_of_everybody() || self.is_open_for_one_kind()
    }

    /// Whether everybody who has a row is of one kind, and the table is closed for the others: then what the
    /// answer calls withheld is withheld of all.
    fn is_open_for_one_kind(&self) -> bool {
        let kinds = &self.seen.by_kind;
        let (open, closed): (Vec<&RowsOfKind>, Vec<_>) = kinds.iter().partition(|kind| kind.with_rows > 0);
        self.old_rows == OldRows::NeedHistory
            && self.first_row == FirstRow::WithThePerson
            && matches!(open[..], [only] if only.with_rows == self.seen.people)
            && !closed.is_empty()
            && closed.iter().all(|kind| kind.asked > 0)
    }

    /// `historical` are the fields with a history that are in this category now: a column that shows none
    /// of them says nothing of the category.
    fn history(&self, view: &View, historical: &BTreeSet<&str>, setting: Setting) -> Finding {
        let seen = &self.seen;
        match &self.word {
            Word::SomeRefused(left) => return not_of_every_kind(*left),
            Word::NoRoom => return no_room(),
            Word::Doubt(doubt) => return Finding::doubt(*doubt, doubt_in_words(*doubt)),
            Word::Refused(strength) => {
                let because = "the table of this section was refused, which either right would have opened";
                // That the history right opens it even without the view is not stated in so many words.
                let is_viewed = !matches!(view.finding.verdict, Verdict::Denied(_));
                let strength = if is_viewed { *strength } else { Strength::Strong.min(*strength) };
                return Finding::new(
                    Verdict::Denied(strength),
                    "table-refused",
                    KnownBy::Documented,
                    because,
                );
            }
            Word::Opened => {}
        }
        let (seen_all_the_same, denied): (Vec<String>, Vec<String>) = self
            .no_history
            .iter()
            .filter(|field| historical.contains(field.as_str()))
            .cloned()
            .partition(|field| self.old_fields.contains(field));
        // Where several groups add up, it is withheld of some people and open of others.
        if !seen_all_the_same.is_empty() && !setting.several_audiences {
            return Finding::doubt(Doubt::Contradiction, WITHHELD_AND_SEEN);
        }
        let of_everybody = self.withholds_the_past_of_everybody();
        if !denied.is_empty() && setting.several_audiences && !self.withholds_what_it_names_of_all() {
            return Finding::doubt(Doubt::NoHistoryToSee, WITHHELD_OF_SOME);
        }
        if !denied.is_empty() {
            let because =
                format!("the answer itself calls the past of some columns withheld: {}", named(&denied));
            let strength = if setting.several_audiences { Strength::Strong } else { Strength::Conclusive };
            let mut finding =
                Finding::new(Verdict::Denied(strength), "restricted-columns", KnownBy::Documented, because);
            let granted = self.old_fields.iter().filter(|field| historical.contains(field.as_str())).count();
            let granted = u32::try_from(granted).unwrap_or(u32::MAX);
            finding.partial = Some(Partial { granted, denied, silent: Vec::new() });
            return finding;
        }
        if self.old_rows == OldRows::MayShow {
            return Finding::doubt(
                Doubt::NoWitness,
                "the table of this section may show old rows without the history right, so it decides nothing",
            );
        }
        if seen.people_with_old_rows > 0 {
            let mut because = format!(
                "rows that are no longer in force came back for {} of {}",
                seen.people_with_old_rows,
                counted(seen.people, "person", "people")
            );
            let unseen = historical.iter().filter(|field| !self.old_fields.contains(**field)).count();
            // Where rights are set field by field, rows speak for the fields that they show.
            let strength =
                if setting.field_level && unseen > 0 { Strength::Weak } else { Strength::Conclusive };
            if strength == Strength::Weak {
                because.push_str(&format!("; of {unseen} of its fields no past was seen"));
            }
            return Finding::new(Verdict::Granted(strength), "old-rows-seen", KnownBy::Documented, because);
        }
        // An empty answer may come to nobody's audience, and opens nothing.
        let opened_by_history = view.denied_as_a_whole && seen.no_view.is_empty() && seen.rows > 0;
        match (opened_by_history, self.old_rows_must_exist()) {
            (true, true) => Finding::new(
                Verdict::Unknown(Doubt::Contradiction),
                "table-contradicts-fields",
                KnownBy::Inferred,
                "the table opened although every field is absent, and yet shows no row of the past",
            ),
            (true, false) => Finding::new(
                // Where rights are set field by field, that of one field is enough to open it.
                Verdict::Granted(if setting.field_level { Strength::Weak } else { Strength::Strong }),
                "opened-without-view",
                KnownBy::Documented,
                "the table opened although the fields of the section may not be seen, so the history right opened it",
            ),
            (false, true) if setting.several_audiences && !of_everybody => Finding::doubt(
                Doubt::NoHistoryToSee,
                "older rows were withheld of some people, and rights differ from person to person here: of \
                 others they may be open",
            ),
            (false, true) => Finding::new(
                Verdict::Denied(Strength::Strong),
                "current-rows-only",
                KnownBy::Documented,
                format!(
                    "only current rows came back, while those of {} began after the first day, on {} different \
                     dates: older rows exist and were withheld",
                    counted(seen.late_people, "person", "people"),
                    seen.late_dates
                ),
            ),
            (false, false) => Finding::doubt(
                Doubt::NoHistoryToSee,
                "only current rows came back, and nothing shows that older ones exist",
            ),
        }
    }
}

/// A refusal person by person denies nothing while there are people who cannot be asked about, or of whose
/// kind nobody was.
fn of_those_asked(word: Word, evidence: &Evidence, asked: &str) -> Word {
    let left = Left::of(evidence, asked);
    match word {
        Word::Refused(_) if evidence.people.with_id < evidence.people.visible => Word::Doubt(Doubt::Silence),
        Word::Refused(_) if left.kinds > 0 => Word::SomeRefused(left),
        word => word,
    }
}

fn word_of(looks: &[TableSeen], person_by_person: bool, doubt: impl Fn(&TableSeen) -> Option<Doubt>) -> Word {
    if looks.iter().any(|look| look.seen.reply == Reply::Answered) {
        return Word::Opened;
    }
    if let Some(doubt) = looks.iter().filter_map(&doubt).min() {
        return Word::Doubt(doubt);
    }
    match looks.iter().map(|look| refusal_strength(look.seen)).min() {
        // Person by person is never everybody.
        Some(strength) if person_by_person => Word::Refused(strength.min(Strength::Strong)),
        Some(strength) => Word::Refused(strength),
        None => Word::Doubt(Doubt::NotTested),
    }
}

fn added_up(looks: &[TableSeen]) -> TableSeen {
    // The answer that decided is the one to show: an opened table before a refused one.
    let shown = looks.iter().min_by_key(|look| (look.seen.reply != Reply::Answered, look.seen.status));
    let mut all = TableSeen { seen: shown.map(|look| look.seen).unwrap_or_default(), ..TableSeen::default() };
    for look in looks {
        all.restricted_header |= look.restricted_header;
        all.people += look.people;
        all.rows += look.rows;
        all.people_with_old_rows += look.people_with_old_rows;
        all.late_people += look.late_people;
        all.punctual_people += look.punctual_people;
        if let [only] = looks {
            all.by_kind.clone_from(&only.by_kind);
        }
        all.late_dates = all.late_dates.max(look.late_dates);
        all.late_on_commonest = all.late_on_commonest.max(look.late_on_commonest);
        all.old_columns.extend(look.old_columns.iter().cloned());
        all.no_view.extend(look.no_view.iter().cloned());
        all.no_history.extend(look.no_history.iter().cloned());
    }
    all
}
