//! Verdicts on single fields, once permissions are known to be set field by field.

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::KnownBy;
use crate::evidence::Field;

use super::answers::{doubt_in_words, no_room, not_of_every_kind};
use super::fields::{Fields, State, Why};
use super::tables::{Tables, WITHHELD_AND_SEEN, WITHHELD_OF_SOME, Word};
use super::{Doubt, Finding, Strength, Verdict};

impl Fields {
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
        let is_shown = tables.shows_past_of(&field.id);
        let finding = if is_shown && tables.hides_past_of(&field.id) && !self.several_audiences {
            Finding::doubt(Doubt::Contradiction, WITHHELD_AND_SEEN)
        } else if is_shown {
            Finding::new(
                Verdict::Granted(Strength::Conclusive),
                "old-rows-seen",
                KnownBy::Documented,
                "the column had a value in a row that is no longer in force",
            )
        } else if tables.hides_past_of(&field.id)
            && self.several_audiences
            && !tables.hides_past_of_everybody(&field.id)
        {
            Finding::doubt(Doubt::NoHistoryToSee, WITHHELD_OF_SOME)
        } else if tables.hides_past_of(&field.id) {
            let strength = if self.several_audiences { Strength::Strong } else { Strength::Conclusive };
            Finding::new(
                Verdict::Denied(strength),
                "restricted-columns",
                KnownBy::Documented,
                "the answer itself calls the past of the column withheld",
            )
        } else {
            match tables.word(&field.category) {
                Some(Word::Refused(strength)) => Finding::new(
                    // That the history right opens it without the view is not stated in so many words.
                    Verdict::Denied(Strength::Strong.min(*strength)),
                    "table-refused",
                    KnownBy::Documented,
                    "the table of the section was refused",
                ),
                Some(Word::Opened) => {
                    Finding::doubt(Doubt::NoHistoryToSee, "no old row had a value in this column")
                }
                Some(Word::NoRoom) => no_room(),
                Some(Word::SomeRefused(left)) => not_of_every_kind(*left),
                Some(Word::Doubt(doubt)) => Finding::doubt(*doubt, doubt_in_words(*doubt)),
                None => Finding::doubt(Doubt::NoWitness, "no endpoint returns the past of this field"),
            }
        };
        finding.with_evidence(&tables.evidence(&field.category))
    }
}
