//! Verdicts from the fields of people: what came back, what stayed away, and when silence may be read.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::id::EndpointId;
use crate::catalogue::{Catalogue, is_custom_category};
use crate::evidence::read::inner_fields;
use crate::evidence::{Evidence, Field, Presence, Reply, Seen};

use super::answers::{DoubtOfAnswer, doubt_in_words, is_nobody_visible, nobody_visible, said};
use super::tables::{Tables, Word};
use super::{Doubt, Finding, Omission};

/// Fewer people than this cannot deny: one may be an exception.
pub(super) const MORE_THAN_ONE: u32 = 2;
/// This many fields must be null, and none filled, before nulls are suspected to stand for "withheld".
pub(super) const SUSPICIOUS: usize = 3;

/// What is known of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
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
pub(super) enum Why {
    /// Empty fields of this type come back as null in this tenant.
    NullsAreSent,
    /// Every person has a value in this field.
    EveryoneHasIt,
    /// The answer itself says so.
    Restricted,
    /// A part of it came back with a value, and it itself did not.
    PartsCameBack,
}

/// What is known of every field of the tenant.
pub(super) struct Fields {
    pub(super) metadata: Vec<Field>,
    pub(super) by_category: BTreeMap<String, Vec<usize>>,
    pub(super) presence: BTreeMap<String, Presence>,
    pub(super) states: Vec<State>,
    pub(super) people: u32,
    /// Why no field can be judged at all, if so.
    pub(super) hindrance: Option<Finding>,
    /// Fields that were not asked of enough people to call them silent: the larger sample failed.
    pub(super) unfinished: BTreeSet<String>,
    /// What made it fail.
    pub(super) failure: Doubt,
    pub(super) metadata_known: bool,
    pub(super) omission: Omission,
    /// The sections that show by themselves that a null may stand for "withheld": of these the null speaks
    /// against the refusal of their table.
    contradicting: BTreeSet<String>,
    /// Whether something else shows it too.
    contradicted_otherwise: bool,
    /// Whether a table was refused while all fields of its category stayed away: then a category that is
    /// withheld as a whole is refused here, and does not open on nothing.
    pub(super) refuses_what_is_withheld: bool,
    /// Whether a section that came back as null alone may have been withheld for all that is known: not
    /// one field stayed away in the whole run.
    pub(super) nulls_are_odd: bool,
    /// Whether anything was refused in the run: this service user does not hold everything.
    pub(super) refused_somewhere: bool,
    /// Whether a field was readable of some people and not of others: several groups add up.
    pub(super) several_audiences: bool,
    /// Whether an answer calls a field withheld that came back of somebody: what it so calls is withheld of
    /// some people, and need not be of all.
    hidden_from_some: bool,
}

impl Fields {
    pub(super) fn read(catalogue: &Catalogue, evidence: &Evidence, tables: &Tables) -> Self {
        // In an order of their own: that of the answer must not show in any sentence.
        let mut metadata = evidence.fields.clone();
        metadata.sort_by(|one, other| one.id.cmp(&other.id));
        let mut fields = Self {
            metadata,
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
            unfinished: BTreeSet::new(),
            failure: failure(catalogue, evidence),
            metadata_known: evidence.metadata.reply == Reply::Answered,
            omission: Omission::Open,
            contradicting: BTreeSet::new(),
            contradicted_otherwise: false,
            refuses_what_is_withheld: false,
            nulls_are_odd: false,
            refused_somewhere: false,
            several_audiences: false,
            hidden_from_some: false,
        };
        for (at, field) in fields.metadata.iter().enumerate() {
            fields.by_category.entry(field.category.clone()).or_default().push(at);
        }
        let inner: BTreeSet<String> = inner_fields(&fields.metadata).into_iter().map(str::to_owned).collect();
        fields.look_for_controls(catalogue, tables, &inner);
        fields.refuses_what_is_withheld = fields.refuses_what_is_withheld(catalogue, tables, &inner);
        fields.nulls_are_odd = fields.omission == Omission::Open && fields.nothing_stayed_away(&inner);
        fields.refused_somewhere = evidence.any_refused();
        let nulls = match fields.omission {
            Omission::Confirmed => evidence.types_with_nulls(),
            Omission::Contradicted | Omission::Open => evidence.types_with_readable_nulls(),
        };
        fields.several_audiences = fields.metadata.iter().any(|field| {
            let comes_whenever_readable =
                catalogue.everyone_has(&field.id) || nulls.contains(field.kind.as_str());
            !inner.contains(&field.id)
                && comes_whenever_readable
                && fields
                    .presence
                    .get(&field.id)
                    .is_some_and(|seen| seen.value + seen.empty > 0 && seen.absent > 0)
        });
        fields.hidden_from_some = fields
            .presence
            .iter()
            .any(|(field, seen)| seen.value > 0 && tables.hides(field) && !inner.contains(field));
        let states = fields
            .metadata
            .iter()
            .map(|field| fields.state(catalogue, evidence, tables, &inner, &nulls, field))
            .collect();
        fields.states = states;
        fields.unfinished = fields
            .metadata
            .iter()
            .filter(|field| !is_complete(evidence, &field.id))
            .map(|field| field.id.clone())
            .collect();
        fields
    }

    /// Whether not one field stayed away for everybody in the whole run.
    fn nothing_stayed_away(&self, inner: &BTreeSet<String>) -> bool {
        let mut asked = self.presence.iter().filter(|(field, _)| !inner.contains(field.as_str()));
        !asked.any(|(_, seen)| seen.absent > 0 && seen.value + seen.empty == 0)
    }

    /// What came back of the fields of each category, as far as each of them can be withheld by itself.
    fn seen_by_category<'f>(
        &'f self,
        catalogue: &'f Catalogue,
        inner: &'f BTreeSet<String>,
    ) -> impl Iterator<Item = (&'f str, Vec<(&'f Field, Presence)>)> {
        self.by_category.iter().map(move |(category, members)| {
            let fields = members.iter().map(|at| &self.metadata[*at]);
            let seen = fields
                .filter(|field| !catalogue.comes_always(&field.id) && !inner.contains(&field.id))
                .filter_map(|field| Some((field, *self.presence.get(&field.id)?)));
            (category.as_str(), seen.collect())
        })
    }

    fn refuses_what_is_withheld(
        &self,
        catalogue: &Catalogue,
        tables: &Tables,
        inner: &BTreeSet<String>,
    ) -> bool {
        self.seen_by_category(catalogue, inner).any(|(category, seen)| {
            matches!(tables.word(category), Some(Word::Refused(_))) && all_stayed_away(&seen)
        })
    }

    /// Looks for a field that other evidence calls withheld, and what came back of it.
    ///
    /// A null contradicts where it is all that ever came of such a field. Where one of them has a value for
    /// somebody, several audiences add up, and a null may be that of a field which is readable and empty.
    /// Fields that every person has, in sections of which no value came back, are withheld as well if they are
    /// null: one or two may be a gap in the data, several are not.
    fn look_for_controls(&mut self, catalogue: &Catalogue, tables: &Tables, inner: &BTreeSet<String>) {
        let mut confirmed = false;
        let mut contradicting = BTreeSet::new();
        let mut contradicted = false;
        let mut everyones = 0;
        let is_null_alone = |seen: &Presence| seen.empty > 0 && seen.value == 0 && seen.absent == 0;
        for (category, seen) in self.seen_by_category(catalogue, inner) {
            if tables.refusal_is_a_control(category) && !seen.is_empty() {
                let nulls = seen.iter().filter(|(_, seen)| is_null_alone(seen)).count();
                confirmed |= all_stayed_away(&seen);
                if nulls >= SUSPICIOUS && seen.iter().all(|(_, seen)| seen.value == 0) {
                    contradicting.insert(category.to_owned());
                }
            }
            if self.people >= MORE_THAN_ONE && seen.iter().all(|(_, seen)| seen.value == 0) {
                let is_everyones = |field: &Field| catalogue.everyone_has(&field.id);
                everyones +=
                    seen.iter().filter(|(field, seen)| is_everyones(field) && is_null_alone(seen)).count();
            }
            let hidden: Vec<_> = seen.iter().filter(|(field, _)| tables.hides(&field.id)).collect();
            let shown_to_somebody = hidden.iter().any(|(_, seen)| seen.value > 0);
            for (field, seen) in hidden {
                let absent = seen.value + seen.empty == 0 && seen.absent > 0;
                confirmed |= absent && !catalogue.is_sensitive_field(&field.id);
                contradicted |= is_null_alone(seen) && !shown_to_somebody;
            }
        }
        self.contradicted_otherwise = contradicted || everyones >= SUSPICIOUS;
        self.omission = match (self.contradicted_otherwise || !contradicting.is_empty(), confirmed) {
            (true, _) => Omission::Contradicted,
            (false, true) => Omission::Confirmed,
            (false, false) => Omission::Open,
        };
        self.contradicting = contradicting;
    }

    /// Whether a null of this section says nothing, for what other sections show. What the section itself shows
    /// is not enough: then its nulls stand against the refusal of its table, and either may be the odd one.
    pub(super) fn nulls_say_nothing_in(&self, category: &str) -> bool {
        self.contradicted_otherwise || self.contradicting.iter().any(|other| other != category)
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
        if withheld && seen.unclear > 0 && self.several_audiences {
            return State::Contradicted;
        }
        // An answer that calls withheld what came back of somebody tells what some people's data lack.
        if withheld && !self.hidden_from_some {
            return State::Denied(Why::Restricted);
        }
        if seen.withheld > 0 {
            return State::Denied(Why::PartsCameBack);
        }
        if inner.contains(&field.id) {
            return State::Inner;
        }
        if seen.unclear > 0 {
            return State::Silent;
        }
        let complete = is_complete(evidence, &field.id);
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
    pub(super) fn members(&self, catalogue: &Catalogue, category: &str) -> &[usize] {
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

    /// The fields with a history that are in a category now.
    pub(super) fn historical_in(&self, category: &str) -> BTreeSet<&str> {
        let members = self.by_category.get(category).into_iter().flatten();
        members
            .map(|at| &self.metadata[*at])
            .filter(|field| field.historical)
            .map(|field| field.id.as_str())
            .collect()
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
}

/// Whether there are fields, and not one of them came back for anybody.
fn all_stayed_away(seen: &[(&Field, Presence)]) -> bool {
    seen.iter().any(|(_, seen)| seen.absent > 0) && seen.iter().all(|(_, seen)| seen.value + seen.empty == 0)
}

/// Whether a field was asked of enough people: of everybody, or of the larger sample as well.
fn is_complete(evidence: &Evidence, field: &str) -> bool {
    let again = evidence.again.as_ref();
    evidence.sampled_everybody
        || again.is_some_and(|again| again.people > 0 && again.fields.contains_key(field))
}

/// Why the larger sample is not there, where it is not.
fn failure(catalogue: &Catalogue, evidence: &Evidence) -> Doubt {
    let endpoint = catalogue.endpoint(&EndpointId::new("people-search-again"));
    let again = evidence.again.as_ref();
    again.zip(endpoint).and_then(|(again, endpoint)| again.seen.doubt(endpoint)).unwrap_or(Doubt::Silence)
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
