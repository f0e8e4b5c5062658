//! Verdicts on categories: what its fields and its table say of the right to view it, and whether a
//! sensitive field shows the right to edit it.

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::{KnownBy, Witnessed};
use crate::evidence::Field;

use super::answers::{doubt_in_words, no_room, not_of_every_kind, unseen};
use super::fields::{Fields, MORE_THAN_ONE, State, Why};
use super::tables::{Tables, Word};
use super::{Absent, Doubt, Finding, Model, Omission, Partial, Strength, Verdict, counted, named};

/// The view right on a category, and whether it is denied for every field.
pub(super) struct View {
    pub(super) finding: Finding,
    pub(super) denied_as_a_whole: bool,
}

/// The fields of one category, sorted by what is known of them. Sensitive ones that stayed away are
/// left out where rights may go by category: the classic rule hides them without Edit.
struct Section<'a> {
    fields: &'a Fields,
    tables: &'a Tables,
    category: &'a str,
    members: Vec<usize>,
    granted: Vec<&'a Field>,
    denied: Vec<String>,
    /// Silent, or come back in a way that cannot all be true.
    silent: Vec<String>,
    contradicted: bool,
    not_asked: bool,
    /// Whether nothing but the view right opens its table.
    opens_by_view_alone: bool,
    /// Whether rights are known to be set field by field.
    field_level: bool,
}

impl<'a> Section<'a> {
    fn new(
        fields: &'a Fields,
        catalogue: &Catalogue,
        tables: &'a Tables,
        category: &'a str,
        members: Vec<usize>,
        field_level: bool,
    ) -> Self {
        let in_state = |wanted: fn(State) -> bool| {
            let members = members.iter().filter(move |at| wanted(fields.states[**at]));
            members.map(|at| &fields.metadata[*at]).collect::<Vec<_>>()
        };
        let ids = |wanted: fn(State) -> bool| {
            let ids = in_state(wanted).into_iter().map(|field| field.id.clone());
            // Where rights are set field by field, a sensitive field is one like any other.
            ids.filter(|id| field_level || !catalogue.is_sensitive_field(id)).collect::<Vec<_>>()
        };
        Self {
            // A sensitive field that came back is an observation like any other.
            granted: in_state(|state| state == State::Granted),
            denied: ids(|state| matches!(state, State::Denied(_))),
            silent: ids(|state| matches!(state, State::Silent | State::Contradicted)),
            contradicted: !ids(|state| state == State::Contradicted).is_empty(),
            not_asked: !ids(|state| state == State::NotAsked).is_empty(),
            opens_by_view_alone: catalogue.category(category).is_some_and(|known| !known.history),
            fields,
            tables,
            category,
            members,
            field_level,
        }
    }

    fn judged(&self) -> usize {
        self.granted.len() + self.denied.len() + self.silent.len()
    }

    fn view(&self, catalogue: &Catalogue) -> Finding {
        let finding = match (self.granted.is_empty(), self.denied.is_empty()) {
            (false, false) => self.partial(),
            (false, true) => self.granted(catalogue),
            (true, _) if self.contradicted && self.is_refused_and_null() => self.refused_and_null(),
            (true, _) if self.contradicted => Finding::doubt(
                Doubt::Contradiction,
                "fields came back as null only, as fields do here that are known to be withheld",
            ),
            (true, false) => self.absent(),
            (true, true) => match self.by_table() {
                Some(finding) => finding,
                None if self.silent.is_empty() && self.not_asked => {
                    return Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested));
                }
                None => self.silence(),
            },
        };
        finding.saw(
            "people-search",
            format!(
                "{} of {} came back for {}",
                self.granted.len(),
                counted(number(self.judged()), "field", "fields"),
                counted(self.fields.people, "person", "people")
            ),
        )
    }

    /// Whether its table was refused, and its nulls are known not to speak against that.
    fn is_refused_and_null(&self) -> bool {
        let refused = matches!(self.tables.word(self.category), Some(Word::Refused(_)));
        refused && self.fields.nulls_say_nothing_in(self.category) && !self.has_a_value_of_any()
    }

    fn has_a_value_of_any(&self) -> bool {
        let ids = self.members.iter().map(|at| &self.fields.metadata[*at].id);
        ids.filter_map(|id| self.fields.presence.get(id)).any(|seen| seen.value > 0)
    }

    fn refused_and_null(&self) -> Finding {
        Finding::new(
            Verdict::Denied(Strength::Strong),
            "table-refused",
            KnownBy::Documented,
            "the table of this section was refused, which the view right would have opened; its fields came back \
             as null only, as fields do here that are known to be withheld",
        )
    }

    fn partial(&self) -> Finding {
        let partial = Partial {
            granted: number(self.granted.len()),
            denied: self.denied.clone(),
            silent: self.silent.clone(),
        };
        let strength = if self.is_any(Why::Restricted) { Strength::Conclusive } else { Strength::Strong };
        let because = format!(
            "permissions are set field by field: {} came back and {} did not ({})",
            counted(partial.granted, "field", "fields"),
            self.denied.len(),
            named(&self.denied)
        );
        let mut finding =
            Finding::new(Verdict::Denied(strength), "fields-partial", KnownBy::Documented, because);
        finding.partial = Some(partial);
        finding
    }

    fn granted(&self, catalogue: &Catalogue) -> Finding {
        let known = catalogue.category(self.category);
        let known_by = known.map_or(KnownBy::Documented, |known| known.known_by);
        let (granted, judged) = (self.granted.len(), self.judged());
        if self.not_asked {
            return Finding::doubt(
                Doubt::NotTested,
                "some fields came back, and others of the section were not asked for",
            );
        }
        if self.silent.is_empty() {
            // Nulls alone show the right as far as a withheld field is known to leave none.
            let opened = self.opened_by_view() && !self.field_level;
            let sure = self.fields.omission == Omission::Confirmed || self.has_a_value() || opened;
            if !sure && self.granted.iter().any(|field| catalogue.everyone_has(&field.id)) {
                return Finding::doubt(
                    Doubt::Contradiction,
                    "its fields came back as null only, although every person has some of them: withheld ones \
                     might look the same",
                );
            }
            // The heaviest assumption, that what is withheld leaves no null, would decide by itself.
            let odd = !sure && self.fields.nulls_are_odd;
            if odd && self.fields.refused_somewhere {
                return Finding::doubt(
                    Doubt::Silence,
                    "its fields came back as null only, and in the whole run not one stayed away, though other \
                     data was refused: nothing shows whether withheld ones would",
                );
            }
            let (strength, remark) = if sure {
                (Strength::Conclusive, "")
            } else if odd {
                (
                    Strength::Weak,
                    ", as null only, and in the whole run not one stayed away: nothing shows whether withheld \
                     ones would",
                )
            } else {
                (Strength::Strong, "")
            };
            return Finding::new(
                Verdict::Granted(strength),
                "fields-present",
                known_by,
                format!("{granted} of {judged} fields came back{remark}"),
            );
        }
        if self.silent.iter().any(|field| self.fields.unfinished.contains(field)) {
            let because = if self.contradicted {
                "some fields came back with a value, and the others of a few people as null only, as fields do here \
                 that are known to be withheld"
            } else {
                "some fields came back; the others stayed away for a few people, and could not be asked of more"
            };
            return Finding::doubt(self.fields.failure, because);
        }
        let everyones_are_seen = !self.silent.iter().any(|field| catalogue.everyone_has(field));
        let shows_everyones = self
            .granted
            .iter()
            .any(|field| catalogue.everyone_has(&field.id) && !catalogue.is_sensitive_field(&field.id));
        // Where rights are set field by field, or a sensitive field is all there is, or most is silent and
        // nothing that everybody has was there to be missed, the rest may as well be withheld.
        let may_be_single_fields = self.field_level
            || (!shows_everyones && granted * 2 < judged)
            || self.granted.iter().all(|field| catalogue.is_sensitive_field(&field.id));
        if !everyones_are_seen || may_be_single_fields {
            return Finding::doubt(
                Doubt::Silence,
                "some fields came back, and of the others nothing shows whether they are empty or withheld",
            );
        }
        let strength = if self.opened_by_view() { Strength::Conclusive } else { Strength::Weak };
        Finding::new(
            Verdict::Granted(strength),
            "fields-present-in-part",
            known_by,
            format!(
                "{granted} of {judged} fields came back; {} stayed silent, which may be empty for everybody ({})",
                self.silent.len(),
                named(&self.silent)
            ),
        )
    }

    fn absent(&self) -> Finding {
        if self.opened_by_view() {
            return Finding::doubt(
                Doubt::Contradiction,
                "no field of the section came back, and yet its table opened",
            );
        }
        let refused = matches!(self.tables.word(self.category), Some(Word::Refused(_)));
        let sure = refused || self.is_any(Why::Restricted);
        let strength = if sure { Strength::Conclusive } else { Strength::Strong };
        Finding::new(
            Verdict::Denied(strength),
            "fields-absent",
            KnownBy::Documented,
            self.why_absent(refused),
        )
    }

    fn silence(&self) -> Finding {
        let because = if self.fields.omission == Omission::Contradicted {
            "no field came back; in this tenant withheld fields were seen to come back as null, so silence says nothing"
        } else if self.fields.people < MORE_THAN_ONE {
            "no field came back, for the one person who is visible"
        } else {
            "no field came back, and nothing shows that empty fields of these types would have"
        };
        Finding::doubt(Doubt::Silence, because)
    }

    fn is_any(&self, why: Why) -> bool {
        self.members.iter().any(|at| self.fields.states[*at] == State::Denied(why))
    }

    fn has_a_value(&self) -> bool {
        let presence =
            |field: &&Field| self.fields.presence.get(&field.id).is_some_and(|seen| seen.value > 0);
        self.granted.iter().any(presence)
    }

    fn opened_by_view(&self) -> bool {
        self.opens_by_view_alone && matches!(self.tables.word(self.category), Some(Word::Opened))
    }

    fn why_absent(&self, refused: bool) -> String {
        let mut reasons = Vec::new();
        if self.is_any(Why::EveryoneHasIt) {
            reasons.push("every person has some of them");
        }
        if self.is_any(Why::NullsAreSent) {
            reasons.push("empty fields of these types come back as null here");
        }
        if self.is_any(Why::PartsCameBack) {
            reasons.push("parts of some came back with a value");
        }
        if self.is_any(Why::Restricted) {
            reasons.push("the answer itself calls them withheld");
        }
        if refused {
            reasons.push("the table was refused");
        }
        let mut because = format!(
            "none of {} came back for {}, although {}",
            counted(number(self.denied.len() + self.silent.len()), "field", "fields"),
            counted(self.fields.people, "person", "people"),
            reasons.join(" and ")
        );
        if !self.silent.is_empty() {
            because.push_str(&format!("; silent: {}", named(&self.silent)));
        }
        because
    }

    /// With all its fields withheld a table may open on nothing, unless this tenant refuses such tables.
    fn opened_on_nothing(&self) -> Finding {
        if !self.fields.refuses_what_is_withheld {
            return Finding::doubt(
                Doubt::Empty,
                "the table opened on nothing, which in a tenant with rights by field shows none",
            );
        }
        Finding::new(
            Verdict::Granted(Strength::Strong),
            "table-opened",
            KnownBy::Documented,
            "the table of this section opened, and a table whose fields are all withheld is refused here",
        )
    }

    /// What the table of a category says of its view, where the fields say nothing.
    fn by_table(&self) -> Option<Finding> {
        match self.tables.word(self.category)? {
            Word::Refused(strength) => Some(Finding::new(
                Verdict::Denied(*strength),
                "table-refused",
                KnownBy::Documented,
                "the table of this section was refused, which the view right would have opened",
            )),
            // Where rights are set field by field, a table speaks for its columns and not for silent fields.
            Word::Opened if self.field_level && !self.members.is_empty() => None,
            // With every column withheld a table may open all the same, and without a row it does not say so.
            Word::Opened if self.opens_by_view_alone && self.tables.withholds_columns(self.category) => {
                Some(Finding::doubt(
                    Doubt::Silence,
                    "the table opened and calls columns withheld; whether any is not cannot be seen",
                ))
            }
            Word::Opened
                if self.opens_by_view_alone && self.field_level && self.tables.is_empty(self.category) =>
            {
                Some(self.opened_on_nothing())
            }
            Word::Opened if self.opens_by_view_alone => Some(Finding::new(
                Verdict::Granted(Strength::Conclusive),
                "table-opened",
                KnownBy::Documented,
                "the table of this section opened",
            )),
            Word::Opened => None,
            // Where there are fields, they are the ones to speak.
            Word::Doubt(_) | Word::SomeRefused(_) if !self.members.is_empty() => None,
            Word::NoRoom => Some(no_room()),
            Word::SomeRefused(left) => Some(not_of_every_kind(*left)),
            Word::Doubt(doubt) => Some(Finding::doubt(*doubt, doubt_in_words(*doubt))),
        }
    }
}

impl Fields {
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
        let members: Vec<usize> = self
            .members(catalogue, category)
            .iter()
            .copied()
            .filter(|at| !catalogue.comes_always(&self.metadata[*at].id))
            .collect();
        let unseen = catalogue.category(category).and_then(|known| known.unseen.as_deref());
        if let (true, Some(reason)) = (members.is_empty(), unseen) {
            return Finding::doubt(Doubt::NoWitness, reason);
        }
        if let Some(hindrance) = &self.hindrance {
            return hindrance.clone();
        }
        let has_fields = !members.is_empty();
        let section = Section::new(self, catalogue, tables, category, members, field_level);
        let finding = if has_fields {
            section.view(catalogue)
        } else {
            section.by_table().unwrap_or_else(|| self.without_fields(tables, category))
        };
        finding.with_evidence(&tables.evidence(category))
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
        Finding::not_in_tenant(Absent::Section, "this tenant has no field and no table of this section")
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
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
