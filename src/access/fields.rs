//! Verdicts from the fields of people: what came back, what stayed away, and when silence may be read.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::id::{Action, EndpointId, PermissionId};
use crate::catalogue::{Catalogue, KnownBy, Witnessed, is_custom_category};
use crate::evidence::read::inner_fields;
use crate::evidence::{Evidence, Field, Presence, Reply, Seen};

use super::answers::{DoubtOfAnswer, doubt_in_words, is_nobody_visible, nobody_visible, said, unseen};
use super::tables::{Tables, Word};
use super::{Doubt, Finding, Model, Omission, Partial, Strength, Verdict, counted, named};

/// Fewer people than this cannot deny: one may be an exception.
const MORE_THAN_ONE: u32 = 2;
/// This many fields must be null, and none filled, before nulls are suspected to stand for "withheld".
const SUSPICIOUS: usize = 3;

/// What is known of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It came back.
    Granted,
    /// It stayed away, although a person's empty field would have come back.
    Denied(Why),
    /// It stayed away, and an empty one might have too.
    Silent,
    /// It lies inside another field's object, which decides nothing when it is absent.
    Inner,
    /// What came back of it cannot all be true.
    Contradicted,
    /// It was not asked for.
    NotAsked,
}

/// What makes an absence a denial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Empty fields of this type come back as null in this tenant.
    NullsAreSent,
    /// Every person has a value in this field.
    EveryoneHasIt,
    /// The answer itself says so.
    Restricted,
    /// A part of it came back with a value, and it itself did not.
    PartsCameBack,
}

/// The view right on a category, and whether it is denied for every field.
pub(super) struct View {
    pub(super) finding: Finding,
    pub(super) denied_as_a_whole: bool,
}

/// What is known of every field of the tenant.
pub(super) struct Fields {
    metadata: Vec<Field>,
    by_category: BTreeMap<String, Vec<usize>>,
    presence: BTreeMap<String, Presence>,
    states: Vec<State>,
    people: u32,
    /// Why no field can be judged at all, if so.
    hindrance: Option<Finding>,
    metadata_known: bool,
    pub(super) omission: Omission,
}

impl Fields {
    pub(super) fn read(catalogue: &Catalogue, evidence: &Evidence, tables: &Tables) -> Self {
        let mut fields = Self {
            metadata: evidence.fields.clone(),
            by_category: BTreeMap::new(),
            presence: evidence
                .fields
                .iter()
                .filter_map(|field| Some((field.id.clone(), evidence.presence(&field.id)?)))
                .collect(),
            states: Vec::new(),
            people: evidence.sample.as_ref().map_or(0, |sample| sample.people)
                + evidence.again.as_ref().map_or(0, |sample| sample.people),
            hindrance: hindrance(catalogue, evidence),
            metadata_known: evidence.metadata.reply == Reply::Answered,
            omission: Omission::Open,
        };
        for (at, field) in fields.metadata.iter().enumerate() {
            fields.by_category.entry(field.category.clone()).or_default().push(at);
        }
        let inner: BTreeSet<String> = inner_fields(&fields.metadata).into_iter().map(str::to_owned).collect();
        fields.omission = fields.find_control(catalogue, tables, &inner);
        let nulls = evidence.types_with_nulls();
        let states = fields
            .metadata
            .iter()
            .map(|field| fields.state(catalogue, evidence, tables, &inner, &nulls, field))
            .collect();
        fields.states = states;
        fields
    }

    /// Looks for a field that other evidence calls withheld, and what came back of it.
    fn find_control(&self, catalogue: &Catalogue, tables: &Tables, inner: &BTreeSet<String>) -> Omission {
        let mut confirmed = false;
        let mut contradicted = false;
        for (category, members) in &self.by_category {
            let seen: Vec<(&Field, Presence)> = members
                .iter()
                .map(|at| &self.metadata[*at])
                .filter(|field| !catalogue.comes_always(&field.id) && !inner.contains(&field.id))
                .filter_map(|field| Some((field, *self.presence.get(&field.id)?)))
                .collect();
            let empty_only = seen.iter().filter(|(_, seen)| seen.empty > 0 && seen.value == 0).count();
            let none_filled = seen.iter().all(|(_, seen)| seen.value == 0);
            let all_absent = seen.iter().all(|(_, seen)| seen.value + seen.empty == 0);
            if tables.refusal_is_a_control(category) && !seen.is_empty() {
                confirmed |= all_absent;
                contradicted |= none_filled && empty_only >= SUSPICIOUS;
            }
            let null_where_everyone_has_a_value = seen.iter().any(|(field, seen)| {
                catalogue.everyone_has(&field.id) && seen.empty > MORE_THAN_ONE && seen.absent == 0
            });
            contradicted |= none_filled && null_where_everyone_has_a_value;
            for (field, seen) in seen.iter().filter(|(field, _)| tables.hides(&field.id)) {
                let absent = seen.value + seen.empty == 0 && seen.absent > 0;
                confirmed |= absent && !catalogue.is_sensitive_field(&field.id);
                contradicted |= seen.empty > 0 && seen.value == 0;
            }
        }
        match (contradicted, confirmed) {
            (true, _) => Omission::Contradicted,
            (false, true) => Omission::Confirmed,
            (false, false) => Omission::Open,
        }
    }

    fn state(
        &self,
        catalogue: &Catalogue,
        evidence: &Evidence,
        tables: &Tables,
        inner: &BTreeSet<String>,
        nulls: &BTreeSet<&str>,
        field: &Field,
    ) -> State {
        let Some(seen) = self.presence.get(&field.id).copied() else { return State::NotAsked };
        let withheld = tables.hides(&field.id);
        if seen.value > 0 {
            return if withheld { State::Contradicted } else { State::Granted };
        }
        if seen.empty > 0 {
            let doubtful = withheld || self.omission == Omission::Contradicted;
            return if doubtful { State::Contradicted } else { State::Granted };
        }
        if withheld {
            return State::Denied(Why::Restricted);
        }
        if seen.withheld > 0 {
            return State::Denied(Why::PartsCameBack);
        }
        if inner.contains(&field.id) || seen.unclear > 0 {
            return State::Inner;
        }
        let asked_again = evidence
            .again
            .as_ref()
            .is_some_and(|again| again.people > 0 && again.fields.contains_key(&field.id));
        let complete = evidence.sampled_everybody || asked_again;
        if seen.absent < MORE_THAN_ONE || !complete || self.omission == Omission::Contradicted {
            State::Silent
        } else if catalogue.everyone_has(&field.id) {
            State::Denied(Why::EveryoneHasIt)
        } else if nulls.contains(field.kind.as_str()) {
            State::Denied(Why::NullsAreSent)
        } else {
            State::Silent
        }
    }

    /// The fields of a category, wherever the tenant moved them to.
    ///
    /// Some built-in sections have no id known to us: they are found by their name on the screen.
    fn members(&self, catalogue: &Catalogue, category: &str) -> &[usize] {
        if let Some(members) = self.by_category.get(category) {
            return members;
        }
        let Some(known) = catalogue.category(category) else { return &[] };
        self.by_category
            .iter()
            .find(|(id, members)| {
                let name = &self.metadata[members[0]].category_name;
                let same = |other: &String| other.eq_ignore_ascii_case(name);
                !catalogue.is_category(id)
                    && !is_custom_category(id)
                    && (same(&known.name) || known.also.iter().any(same))
            })
            .map_or(&[], |(_, members)| members)
    }

    pub(super) fn all_categories(&self, catalogue: &Catalogue) -> BTreeSet<String> {
        let listed = catalogue.categories().iter().map(|category| category.id.clone());
        listed.chain(self.by_category.keys().cloned()).collect()
    }

    pub(super) fn section_names(&self, catalogue: &Catalogue) -> BTreeMap<String, String> {
        self.all_categories(catalogue)
            .into_iter()
            .filter_map(|category| {
                let first = *self.members(catalogue, &category).first()?;
                Some((category, self.metadata[first].category_name.clone()))
            })
            .collect()
    }

    /// Whether a field has a history and is in this category now.
    pub(super) fn historical_in<'s>(&'s self, category: &'s str) -> impl Fn(&str) -> bool + 's {
        move |id| {
            let members = self.by_category.get(category).into_iter().flatten();
            members.map(|at| &self.metadata[*at]).any(|field| field.historical && field.id == id)
        }
    }

    /// Whether some category is granted in part.
    pub(super) fn shows_field_level(&self, catalogue: &Catalogue) -> bool {
        self.by_category.values().any(|members| {
            let any = |wanted: &dyn Fn(State, &str) -> bool| {
                members.iter().any(|at| wanted(self.states[*at], &self.metadata[*at].id))
            };
            // One field comes back without any right; others stay away by the classic rule.
            any(&|state, id| state == State::Granted && !catalogue.comes_always(id))
                && any(&|state, id| matches!(state, State::Denied(_)) && !catalogue.is_sensitive_field(id))
        })
    }

    pub(super) fn view_of(
        &self,
        catalogue: &Catalogue,
        tables: &Tables,
        category: &str,
        field_level: bool,
    ) -> View {
        let finding = self.view_finding(catalogue, tables, category, field_level);
        let denied_as_a_whole = matches!(finding.verdict, Verdict::Denied(_))
            && finding.partial.is_none()
            && finding.rule == "fields-absent";
        View { finding, denied_as_a_whole }
    }

    fn view_finding(
        &self,
        catalogue: &Catalogue,
        tables: &Tables,
        category: &str,
        field_level: bool,
    ) -> Finding {
        let known = catalogue.category(category);
        let known_by = known.map_or(KnownBy::Documented, |known| known.known_by);
        let members: Vec<usize> = self
            .members(catalogue, category)
            .iter()
            .copied()
            .filter(|at| !catalogue.comes_always(&self.metadata[*at].id))
            .collect();
        if members.is_empty() && known.is_some_and(|known| known.unseen.is_some()) {
            let reason = known.and_then(|known| known.unseen.as_deref()).unwrap_or_default();
            return Finding::doubt(Doubt::NoWitness, reason);
        }
        if let Some(hindrance) = &self.hindrance {
            return hindrance.clone();
        }
        let opens_by_view_alone = known.is_some_and(|known| !known.history);
        let table_evidence = tables.evidence(category);
        if members.is_empty() {
            return self
                .by_table(tables, category, opens_by_view_alone)
                .unwrap_or_else(|| self.without_fields(tables, category))
                .with_evidence(&table_evidence);
        }
        let ids = |wanted: fn(State) -> bool| -> Vec<String> {
            members
                .iter()
                .filter(|at| wanted(self.states[**at]))
                .map(|at| &self.metadata[*at].id)
                .filter(|id| !catalogue.is_sensitive_field(id))
                .cloned()
                .collect()
        };
        let denied = ids(|state| matches!(state, State::Denied(_)));
        let silent = ids(|state| state == State::Silent);
        let contradicted = ids(|state| state == State::Contradicted);
        let not_asked = ids(|state| state == State::NotAsked);
        // A sensitive field that came back is an observation like any other.
        let granted: Vec<&Field> = members
            .iter()
            .filter(|at| self.states[**at] == State::Granted)
            .map(|at| &self.metadata[*at])
            .collect();
        let judged = granted.len() + denied.len() + silent.len() + contradicted.len();
        let saw = format!(
            "{} of {} came back for {}",
            granted.len(),
            counted(u32::try_from(judged).unwrap_or(u32::MAX), "field", "fields"),
            counted(self.people, "person", "people")
        );
        let done =
            |finding: Finding| finding.saw("people-search", saw.clone()).with_evidence(&table_evidence);
        let count = |list: &[String]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        if !granted.is_empty() && !denied.is_empty() {
            let partial = Partial {
                granted: u32::try_from(granted.len()).unwrap_or(u32::MAX),
                denied: denied.clone(),
                silent,
            };
            let strength =
                if self.any_restricted(&members) { Strength::Conclusive } else { Strength::Strong };
            let because = format!(
                "permissions are set field by field: {} came back and {} did not ({})",
                counted(partial.granted, "field", "fields"),
                denied.len(),
                named(&denied)
            );
            let mut finding =
                Finding::new(Verdict::Denied(strength), "fields-partial", KnownBy::Documented, because);
            finding.partial = Some(partial);
            return done(finding);
        }
        if !contradicted.is_empty() && granted.is_empty() {
            return done(Finding::doubt(
                Doubt::Contradiction,
                "fields came back as null only, as fields do here that are known to be withheld",
            ));
        }
        if !granted.is_empty() {
            if silent.is_empty() && contradicted.is_empty() {
                let because = format!("{} of {judged} fields came back", granted.len());
                return done(Finding::new(
                    Verdict::Granted(Strength::Conclusive),
                    "fields-present",
                    known_by,
                    because,
                ));
            }
            let everyones_are_seen =
                !silent.iter().chain(&contradicted).any(|field| catalogue.everyone_has(field));
            // Where rights are set field by field, or a sensitive field is all there is, or most is
            // silent, the rest may as well be withheld.
            let may_be_single_fields = field_level
                || granted.len() * 2 < judged
                || granted.iter().all(|field| catalogue.is_sensitive_field(&field.id));
            if everyones_are_seen && !may_be_single_fields {
                let quiet: Vec<String> = silent.iter().chain(&contradicted).cloned().collect();
                let opened = opens_by_view_alone && matches!(tables.word(category), Some(Word::Opened));
                let strength = if opened { Strength::Conclusive } else { Strength::Weak };
                let because = format!(
                    "{} of {judged} fields came back; {} stayed silent, which may be empty for everybody ({})",
                    granted.len(),
                    count(&quiet),
                    named(&quiet)
                );
                return done(Finding::new(
                    Verdict::Granted(strength),
                    "fields-present-in-part",
                    known_by,
                    because,
                ));
            }
            return done(Finding::doubt(
                Doubt::Silence,
                "some fields came back, and of the others nothing shows whether they are empty or withheld",
            ));
        }
        if !denied.is_empty() {
            let refused = matches!(tables.word(category), Some(Word::Refused(_)));
            let strength = if refused || self.any_restricted(&members) {
                Strength::Conclusive
            } else {
                Strength::Strong
            };
            let opened = opens_by_view_alone && matches!(tables.word(category), Some(Word::Opened));
            if opened {
                return done(Finding::doubt(
                    Doubt::Contradiction,
                    "no field of the section came back, and yet its table opened",
                ));
            }
            return done(Finding::new(
                Verdict::Denied(strength),
                "fields-absent",
                KnownBy::Documented,
                self.why_absent(&members, &denied, &silent, refused),
            ));
        }
        if let Some(finding) = self.by_table(tables, category, opens_by_view_alone) {
            return done(finding);
        }
        if silent.is_empty() && !not_asked.is_empty() {
            return Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested))
                .with_evidence(&table_evidence);
        }
        let because = if self.omission == Omission::Contradicted {
            "no field came back; in this tenant withheld fields were seen to come back as null, so silence says nothing"
        } else if self.people < MORE_THAN_ONE {
            "no field came back, for the one person who is visible"
        } else {
            "no field came back, and nothing shows that empty fields of these types would have"
        };
        done(Finding::doubt(Doubt::Silence, because))
    }

    fn any_restricted(&self, members: &[usize]) -> bool {
        members.iter().any(|at| self.states[*at] == State::Denied(Why::Restricted))
    }

    fn why_absent(&self, members: &[usize], denied: &[String], silent: &[String], refused: bool) -> String {
        let is = |why: Why| members.iter().any(|at| self.states[*at] == State::Denied(why));
        let mut reasons = Vec::new();
        if is(Why::EveryoneHasIt) {
            reasons.push("every person has some of them");
        }
        if is(Why::NullsAreSent) {
            reasons.push("empty fields of these types come back as null here");
        }
        if is(Why::PartsCameBack) {
            reasons.push("parts of some came back with a value");
        }
        if is(Why::Restricted) {
            reasons.push("the answer itself calls them withheld");
        }
        if refused {
            reasons.push("the table was refused");
        }
        let mut because = format!(
            "none of {} came back for {}, although {}",
            counted(u32::try_from(denied.len() + silent.len()).unwrap_or(u32::MAX), "field", "fields"),
            counted(self.people, "person", "people"),
            reasons.join(" and ")
        );
        if !silent.is_empty() {
            because.push_str(&format!("; silent: {}", named(silent)));
        }
        because
    }

    /// What the table of a category says of its view, where the fields say nothing.
    fn by_table(&self, tables: &Tables, category: &str, opens_by_view_alone: bool) -> Option<Finding> {
        match tables.word(category)? {
            Word::Refused(strength) => Some(Finding::new(
                Verdict::Denied(*strength),
                "table-refused",
                KnownBy::Documented,
                "the table of this section was refused, which the view right would have opened",
            )),
            Word::Opened if opens_by_view_alone => Some(Finding::new(
                Verdict::Granted(Strength::Conclusive),
                "table-opened",
                KnownBy::Documented,
                "the table of this section opened",
            )),
            Word::Opened => None,
            // Where there are fields, they are the ones to speak.
            Word::Doubt(_) if self.by_category.contains_key(category) => None,
            Word::Doubt(doubt) => Some(Finding::doubt(*doubt, doubt_in_words(*doubt))),
        }
    }

    fn without_fields(&self, tables: &Tables, category: &str) -> Finding {
        if !self.metadata_known {
            return Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested));
        }
        if tables.word(category).is_some() {
            return Finding::doubt(
                Doubt::Silence,
                "the table opened, which the view or the history right does",
            );
        }
        Finding::doubt(Doubt::NotInTenant, "this tenant has no field and no table of this section")
    }

    /// The edit right of a category, as far as a read can show it.
    pub(super) fn edit_of(
        &self,
        catalogue: &Catalogue,
        category: &str,
        model: Option<Model>,
        view: &Finding,
    ) -> Finding {
        let not_written =
            || match catalogue.describe(&PermissionId::category(category, Action::Edit)).witnessed {
                Witnessed::Unseen(reason) => unseen(&reason),
                _ => Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested)),
            };
        if catalogue.category(category).is_some() && self.members(catalogue, category).is_empty() {
            return not_written();
        }
        let sensitive: Vec<usize> = self
            .members(catalogue, category)
            .iter()
            .copied()
            .filter(|at| catalogue.is_sensitive_field(&self.metadata[*at].id))
            .collect();
        let readable: Vec<String> = sensitive
            .iter()
            .filter(|at| self.states[**at] == State::Granted)
            .map(|at| self.metadata[*at].id.clone())
            .collect();
        let saw = |finding: Finding| finding.saw("people-search", format!("{} came back", named(&readable)));
        match model {
            Some(Model::Category) if !readable.is_empty() => saw(Finding::new(
                Verdict::Granted(Strength::Strong),
                "sensitive-readable",
                KnownBy::Documented,
                format!(
                    "{} came back, which takes View and Edit where rights are given by category",
                    named(&readable)
                ),
            )),
            Some(Model::Category)
                if !sensitive.is_empty()
                    && matches!(view.verdict, Verdict::Granted(_))
                    && sensitive.iter().all(|at| matches!(self.states[*at], State::Denied(_))) =>
            {
                Finding::new(
                    Verdict::Denied(Strength::Strong),
                    "sensitive-withheld",
                    KnownBy::Documented,
                    "the section may be viewed and its sensitive fields stayed away, which View and Edit together would have shown",
                )
            }
            None if !readable.is_empty() => saw(Finding::doubt(
                Doubt::ModelUndetermined,
                format!(
                    "{} came back: that takes Edit where rights are given by category, and View alone where they \
                     are given by field; nothing shows which this tenant has (--permission-model tells)",
                    named(&readable)
                ),
            )),
            _ => not_written(),
        }
    }

    /// Every field on its own, once permissions are known to be set field by field.
    pub(super) fn each(&self, catalogue: &Catalogue, tables: &Tables) -> Vec<(PermissionId, Finding)> {
        let mut findings = Vec::new();
        for (at, field) in self.metadata.iter().enumerate() {
            findings.push((PermissionId::field(&field.id, Action::View), self.one_view(catalogue, at)));
            if field.historical {
                findings
                    .push((PermissionId::field(&field.id, Action::History), self.one_history(tables, field)));
            }
        }
        findings
    }

    fn one_view(&self, catalogue: &Catalogue, at: usize) -> Finding {
        let field = &self.metadata[at];
        if catalogue.comes_always(&field.id) {
            return Finding::doubt(Doubt::NoWitness, "this field comes back without any right");
        }
        if let Some(hindrance) = &self.hindrance {
            return hindrance.clone();
        }
        let seen = self.presence.get(&field.id).copied().unwrap_or_default();
        let saw = format!(
            "a value for {}, empty for {}, absent for {} people",
            seen.value, seen.empty, seen.absent
        );
        let new = |verdict, rule, because: &str| Finding::new(verdict, rule, KnownBy::Documented, because);
        match self.states[at] {
            State::Granted => {
                new(Verdict::Granted(Strength::Conclusive), "field-present", "the field came back")
            }
            State::Denied(Why::Restricted) => new(
                Verdict::Denied(Strength::Conclusive),
                "restricted-columns",
                "the answer itself calls the column withheld",
            ),
            State::Denied(Why::PartsCameBack) => new(
                Verdict::Denied(Strength::Strong),
                "field-absent",
                "a part of the field came back with a value, and the field itself did not",
            ),
            State::Denied(Why::EveryoneHasIt) => new(
                Verdict::Denied(Strength::Strong),
                "field-absent",
                "the field did not come back, although every person has it",
            ),
            State::Denied(Why::NullsAreSent) => new(
                Verdict::Denied(Strength::Strong),
                "field-absent",
                "the field did not come back, although empty fields of its type come back as null here",
            ),
            State::Inner => Finding::doubt(
                Doubt::Silence,
                "the field lies inside another one, which may come back without it",
            ),
            State::Silent => Finding::doubt(
                Doubt::Silence,
                "the field did not come back, and nothing shows that an empty one of its type would have",
            ),
            State::Contradicted => {
                Finding::doubt(Doubt::Contradiction, "what came back of the field cannot all be true")
            }
            State::NotAsked => return Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested)),
        }
        .saw("people-search", saw)
    }

    fn one_history(&self, tables: &Tables, field: &Field) -> Finding {
        let finding = if tables.hides_past_of(&field.id) {
            Finding::new(
                Verdict::Denied(Strength::Conclusive),
                "restricted-columns",
                KnownBy::Documented,
                "the answer itself calls the past of the column withheld",
            )
        } else if tables.shows_past_of(&field.id) {
            Finding::new(
                Verdict::Granted(Strength::Conclusive),
                "old-rows-seen",
                KnownBy::Documented,
                "the column had a value in a row that is no longer in force",
            )
        } else {
            match tables.word(&field.category) {
                Some(Word::Refused(strength)) => Finding::new(
                    Verdict::Denied(*strength),
                    "table-refused",
                    KnownBy::Documented,
                    "the table of the section was refused",
                ),
                Some(Word::Opened) => {
                    Finding::doubt(Doubt::NoHistoryToSee, "no old row had a value in this column")
                }
                Some(Word::Doubt(doubt)) => Finding::doubt(*doubt, doubt_in_words(*doubt)),
                None => Finding::doubt(Doubt::NoWitness, "no endpoint returns the past of this field"),
            }
        };
        finding.with_evidence(&tables.evidence(&field.category))
    }
}

/// Why no field can be judged at all, if so.
fn hindrance(catalogue: &Catalogue, evidence: &Evidence) -> Option<Finding> {
    if is_nobody_visible(evidence) {
        return Some(nobody_visible(evidence));
    }
    let search = |id: &str| catalogue.endpoint(&EndpointId::new(id));
    let not_asked = || Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested));
    let failed = |id: &str, seen: Seen| {
        let doubt = seen.doubt(search(id)?)?;
        Some(Finding::doubt(doubt, doubt_in_words(doubt)).saw(id, said(seen)))
    };
    if evidence.people.seen.reply != Reply::Answered {
        return Some(failed("people-ids", evidence.people.seen).unwrap_or_else(not_asked));
    }
    match &evidence.sample {
        None => Some(not_asked()),
        Some(sample) if sample.seen.reply == Reply::Answered && sample.people > 0 => None,
        Some(sample) if sample.seen.reply == Reply::Answered => Some(
            Finding::doubt(
                Doubt::Silence,
                "the people who are visible did not come back when asked for by id",
            )
            .saw("people-search", "0 people came back"),
        ),
        // People may be listed, and reading them is refused: that is no word about any one section.
        Some(sample) => Some(failed("people-search", sample.seen).unwrap_or_else(|| {
            Finding::doubt(Doubt::Contradiction, "people are listed, and reading them was refused")
                .saw("people-search", said(sample.seen))
        })),
    }
}
