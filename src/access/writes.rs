//! What write probes say of rights to edit. Whether HiBob looks at the content or at the right first is
//! documented nowhere, so content that is turned down grants only where this run saw the order: for some
//! person, one section was refused and another turned down. A refusal speaks for the person it was about;
//! only those of several who differ deny, and never a field that perhaps nobody can write to.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::KnownBy;
use crate::catalogue::writes::TakesWrites;
use crate::evidence::writes::{After, Answer, Fate, Trial};
use crate::evidence::{Evidence, Reply};

use super::answers::{DoubtOfAnswer, doubt_in_words, said};
use super::{Doubt, Finding, Model, Strength, Verdict, counted};

/// The rules of this file: what they settle, a write showed.
const RULES: [&str; 3] = ["write-turned-down", "write-refused", "write-stored"];

impl Finding {
    /// Whether a write showed it.
    pub fn is_by_write(&self) -> bool {
        RULES.contains(&self.rule)
    }
}

/// What the write probes of a run showed.
pub(super) struct Edits {
    by_category: BTreeMap<String, Vec<Finding>>,
    fields: Vec<(PermissionId, Finding)>,
    tried_any: bool,
}

impl Edits {
    pub(super) fn read(catalogue: &Catalogue, evidence: &Evidence, model: Option<Model>) -> Self {
        let judge = Judge { catalogue, evidence };
        let mut edits =
            Self { by_category: BTreeMap::new(), fields: Vec::new(), tried_any: !evidence.trials.is_empty() };
        for trial in &evidence.trials {
            let finding = judge.trial(trial);
            if let Some(field) = &trial.field {
                edits.fields.push((PermissionId::field(field, Action::Edit), finding.clone()));
            }
            let whole = of_whole(trial, finding, model);
            edits.by_category.entry(trial.category.clone()).or_default().push(whole);
        }
        edits
    }

    /// The right to edit single fields that were tried.
    pub(super) fn fields(&self) -> &[(PermissionId, Finding)] {
        &self.fields
    }

    /// The right to edit a section, from what reads say of it and from what writes say.
    pub(super) fn with(&self, category: &str, by_reads: Finding) -> Finding {
        if !self.tried_any {
            return by_reads;
        }
        let Some(tried) = self.by_category.get(category) else {
            return match by_reads.verdict {
                Verdict::Unknown(Doubt::NotTested) => Finding::doubt(
                    Doubt::NotTested,
                    "only a write shows an Edit right, and none that is safe was tried on this section",
                ),
                _ => by_reads,
            };
        };
        tried.iter().cloned().fold(by_reads, together)
    }
}

/// Two findings on one right: a verdict goes before a doubt, and opposite verdicts are a contradiction.
fn together(one: Finding, other: Finding) -> Finding {
    let evidence = |mut finding: Finding, more: &Finding| {
        finding.evidence.extend(more.evidence.iter().cloned());
        finding
    };
    match (one.verdict, other.verdict) {
        (Verdict::Granted(_), Verdict::Denied(_)) | (Verdict::Denied(_), Verdict::Granted(_)) => {
            let because = format!("{}; and yet {}", one.because, other.because);
            let both = evidence(one, &other).evidence;
            Finding::doubt(Doubt::Contradiction, because).with_evidence(&both)
        }
        (Verdict::Granted(a), Verdict::Granted(b)) | (Verdict::Denied(a), Verdict::Denied(b)) if a >= b => {
            evidence(one, &other)
        }
        (Verdict::Granted(_) | Verdict::Denied(_), Verdict::Unknown(_)) => one,
        _ => evidence(other, &one),
    }
}

/// What a trial says of its section as a whole.
fn of_whole(trial: &Trial, finding: Finding, model: Option<Model>) -> Finding {
    let only = match &trial.field {
        Some(field) => format!("the field {field}"),
        None => "the rows of a table".to_owned(),
    };
    let evidence = finding.evidence.clone();
    match (finding.verdict, model) {
        (Verdict::Unknown(_), _) | (Verdict::Granted(_), Some(Model::Category)) => finding,
        // Whichever the model: a section is held as a whole only with all of its fields.
        (Verdict::Denied(_), None | Some(Model::Category)) => finding,
        (Verdict::Granted(_), None) => Finding::doubt(
            Doubt::ModelUndetermined,
            format!(
                "{only} may be edited: that is the right to the section where rights are given by category, and \
                 perhaps to no more than this where they are given by field; nothing shows which this tenant has \
                 (--permission-model tells)"
            ),
        )
        .with_evidence(&evidence),
        (Verdict::Granted(_), Some(Model::Field)) => Finding::doubt(
            Doubt::Silence,
            format!("{only} may be edited; rights are set field by field here, and of the other fields nothing shows it"),
        )
        .with_evidence(&evidence),
        (Verdict::Denied(_), Some(Model::Field)) => Finding::doubt(
            Doubt::Silence,
            format!(
                "{only} may not be edited; rights are set field by field here, and of the other fields nothing shows it"
            ),
        )
        .with_evidence(&evidence),
    }
}

/// A verdict with its rule, how that is known and why it is so; or a doubt and why.
type Judged = Result<(Verdict, &'static str, KnownBy, String), (Doubt, String)>;

struct Judge<'a> {
    catalogue: &'a Catalogue,
    evidence: &'a Evidence,
}

impl Judge<'_> {
    fn trial(&self, trial: &Trial) -> Finding {
        let (verdict, rule, known_by, because) = match self.verdict(trial) {
            Ok(settled) => settled,
            Err((doubt, because)) => (Verdict::Unknown(doubt), doubt.as_str(), KnownBy::Documented, because),
        };
        let mut finding = Finding::new(verdict, rule, known_by, because);
        let what = trial.field.as_ref().map_or_else(String::new, |field| format!("{field}: "));
        for (saw, people) in told_alike(&trial.answers) {
            finding = finding.saw(
                trial.endpoint.as_str(),
                format!("{what}{saw}, for {}", counted(people, "person", "people")),
            );
        }
        finding
    }

    fn verdict(&self, trial: &Trial) -> Judged {
        let any = |wanted: &dyn Fn(&Answer) -> bool| trial.answers.iter().any(wanted);
        if any(&|told| told.after == After::Changed && told.fate == Fate::Taken) {
            let because = "an impossible value was stored".to_owned();
            return Ok((Verdict::Granted(Strength::Conclusive), "write-stored", KnownBy::Observed, because));
        }
        if any(&|told| told.fate == Fate::Taken || told.after == After::Changed) {
            let because = "what HiBob answered to the write and what was read back do not fit together";
            return Err((Doubt::Contradiction, because.to_owned()));
        }
        if any(&|told| told.fate == Fate::TurnedDown) {
            return self.turned_down(trial);
        }
        self.refused(trial)
    }

    fn turned_down(&self, trial: &Trial) -> Judged {
        let what = if trial.field.is_some() { "an impossible value" } else { "an entry that is not there" };
        if !self.right_comes_first(trial) {
            let because = format!(
                "HiBob turned the write down for {what}, perhaps before it looked at any right: this run saw no \
                 other section whose write it refused for the lack of one"
            );
            return Err((Doubt::OrderUnproven, because));
        }
        let because = format!(
            "HiBob turned the write down for {what} alone; in this run it refused others for the lack of the right"
        );
        Ok((Verdict::Granted(Strength::Strong), "write-turned-down", KnownBy::Inferred, because))
    }

    /// Whether this run saw, for one and the same person, a write of the same kind refused on another
    /// section and one turned down for its content: then the right is looked at first.
    fn right_comes_first(&self, trial: &Trial) -> bool {
        let of_kind =
            || self.evidence.trials.iter().filter(|other| other.field.is_some() == trial.field.is_some());
        let turned_down: BTreeSet<(u32, &str)> = of_kind()
            .flat_map(|other| other.answers.iter().map(move |told| (other, told)))
            .filter(|(_, told)| told.fate == Fate::TurnedDown)
            .map(|(other, told)| (told.person, other.category.as_str()))
            .collect();
        of_kind().filter(|other| other.category != trial.category).any(|other| {
            other.answers.iter().filter(|told| self.is_refusal(other, told) && self.is_believed(told)).any(
                |told| {
                    turned_down
                        .iter()
                        .any(|(person, category)| *person == told.person && *category != other.category)
                },
            )
        })
    }

    /// A write that was dropped is a refusal only where the field was seen to take writes.
    fn is_refusal(&self, trial: &Trial, told: &Answer) -> bool {
        match told.fate {
            Fate::Unchanged => self.takes_writes(trial),
            Fate::Other => told.seen.is_refusal(),
            Fate::TurnedDown | Fate::Taken => false,
        }
    }

    fn is_believed(&self, told: &Answer) -> bool {
        told.fate == Fate::Unchanged || told.seen.believed
    }

    fn takes_writes(&self, trial: &Trial) -> bool {
        let field = trial.field.as_deref();
        let kind = self.evidence.fields.iter().find(|known| Some(known.id.as_str()) == field);
        kind.and_then(|known| self.catalogue.writes().takes(&known.id, &known.kind))
            == Some(TakesWrites::Seen)
    }

    fn refused(&self, trial: &Trial) -> Judged {
        let plain = |doubt: Doubt| (doubt, doubt_in_words(doubt).to_owned());
        if trial.answers.is_empty() {
            let because = "it could not be read beforehand, and what cannot be read back is not written to";
            return Err((Doubt::NotTested, because.to_owned()));
        }
        if let Some(told) = trial.answers.iter().find(|told| !self.is_refusal(trial, told)) {
            if told.fate == Fate::Unchanged {
                let because =
                    "HiBob dropped the write and said nothing; whether this field takes any is only inferred";
                return Err((Doubt::MappingUnconfirmed, because.to_owned()));
            }
            let doubt =
                self.catalogue.endpoint(&trial.endpoint).and_then(|endpoint| told.seen.doubt(endpoint));
            return Err(plain(doubt.unwrap_or(Doubt::NotAnApiAnswer)));
        }
        if trial.answers.iter().any(|told| !self.is_believed(told)) {
            return Err(plain(Doubt::Blocked));
        }
        let without_reason = |told: &Answer| told.seen.reply == Reply::RefusedWithoutReason;
        if trial.answers.iter().any(without_reason) && !self.some_get_through(trial, without_reason) {
            let because =
                "all writes of this kind were refused without a reason, as a proxy on the way does too";
            return Err((Doubt::RefusedWithoutReason, because.to_owned()));
        }
        if self.evidence.people.with_id < self.evidence.people.visible {
            return Err(plain(Doubt::Silence));
        }
        if !trial.finished {
            let because = "the write was refused for some, and others who were to be tried could not be";
            return Err((Doubt::NotTested, because.to_owned()));
        }
        let people = u32::try_from(trial.answers.len()).unwrap_or(u32::MAX);
        let (strength, who) = if trial.all_kinds {
            (Strength::Strong, "one of each site and status that can be told apart")
        } else {
            (Strength::Weak, "not of every site and status that there may be")
        };
        let dropped = trial.answers.iter().all(|told| told.fate == Fate::Unchanged);
        let (known_by, how) = if dropped {
            (KnownBy::Inferred, "dropped a write that it answers with an error where it may be edited")
        } else {
            (KnownBy::Documented, "refused a write")
        };
        let because = format!("HiBob {how}, for {}: {who}", counted(people, "person", "people"));
        Ok((Verdict::Denied(strength), "write-refused", known_by, because))
    }

    /// Whether some write of the same kind was answered otherwise, so that not all of them are blocked.
    fn some_get_through(&self, trial: &Trial, is_blocked: fn(&Answer) -> bool) -> bool {
        let of_kind =
            self.evidence.trials.iter().filter(|other| other.field.is_some() == trial.field.is_some());
        of_kind.flat_map(|other| &other.answers).any(|told| !is_blocked(told))
    }
}

/// What several answers have in common, and of how many people they were.
fn told_alike(answers: &[Answer]) -> BTreeMap<String, u32> {
    let mut alike: BTreeMap<String, u32> = BTreeMap::new();
    for told in answers {
        let status = told.seen.status.map_or_else(String::new, |status| format!("{status}, "));
        let word = match told.fate {
            Fate::TurnedDown => format!("{status}turned down for its content"),
            Fate::Unchanged => format!("{status}dropped"),
            Fate::Taken => format!("{status}taken"),
            Fate::Other => said(told.seen),
        };
        let after = match told.after {
            After::Same => "read back as it was",
            After::NotReadable => "not readable before and after",
            After::Changed => "READ BACK CHANGED",
        };
        *alike.entry(format!("{word}, {after}")).or_default() += 1;
    }
    alike
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::id::EndpointId;
    use crate::evidence::{Field, Seen};

    fn told(person: u32, fate: Fate, status: u16) -> Answer {
        let reply = match status {
            403 => Reply::Refused,
            404 => Reply::NotFound,
            _ => Reply::Answered,
        };
        let seen = Seen { reply, status: Some(status), believed: reply == Reply::Refused };
        Answer { person, fate, seen, after: After::Same }
    }

    fn turned_down(person: u32) -> Answer {
        told(person, Fate::TurnedDown, 400)
    }

    fn dropped(person: u32) -> Answer {
        told(person, Fate::Unchanged, 304)
    }

    fn refused(person: u32) -> Answer {
        told(person, Fate::Other, 403)
    }

    fn of_field(field: &str, answers: &[Answer]) -> Trial {
        Trial {
            endpoint: EndpointId::new("write-field"),
            category: field.split('.').next().unwrap().to_owned(),
            field: Some(field.to_owned()),
            answers: answers.to_vec(),
            all_kinds: true,
            finished: true,
        }
    }

    fn of_table(category: &str, answers: &[Answer]) -> Trial {
        let endpoint = EndpointId::new(format!("delete-{category}-entry"));
        Trial { endpoint, category: category.to_owned(), field: None, ..of_field("x.y", answers) }
    }

    /// The verdict on the right to edit a section, by these trials, in a classic company.
    fn edit(category: &str, trials: &[Trial]) -> Verdict {
        let fields = trials.iter().filter_map(|trial| Some((trial.field.clone()?, trial.category.clone())));
        let mut evidence = Evidence { trials: trials.to_vec(), ..Evidence::default() };
        evidence.fields = fields
            .map(|(id, category)| Field {
                json_path: id.clone(),
                category_name: category.clone(),
                name: id.clone(),
                kind: "list".to_owned(),
                historical: false,
                category,
                id,
            })
            .collect();
        let edits = Edits::read(Catalogue::embedded(), &evidence, Some(Model::Category));
        edits.with(category, Finding::doubt(Doubt::NotTested, "")).verdict
    }

    const HELD: Verdict = Verdict::Granted(Strength::Strong);
    const MISSING: Verdict = Verdict::Denied(Strength::Strong);

    #[test]
    fn what_is_turned_down_grants_only_where_the_order_was_seen() {
        let home = of_field("home.familyStatus", &[turned_down(1)]);
        let unproven = Verdict::Unknown(Doubt::OrderUnproven);
        assert_eq!(edit("home", std::slice::from_ref(&home)), unproven);
        for (other, expected) in [
            (of_field("personal.pronouns", &[dropped(1)]), HELD),
            (of_field("emergency.relation", &[refused(1)]), HELD),
            // Perhaps nobody can write to this one.
            (of_field("emergency.relation", &[dropped(1)]), unproven),
            // A refusal may be about the person.
            (of_field("personal.pronouns", &[dropped(2)]), unproven),
            (of_field("personal.pronouns", &[told(1, Fate::Other, 404)]), unproven),
            // Tables are another kind of write.
            (of_table("work", &[refused(1)]), unproven),
            (of_field("emergency.relation", &[turned_down(1)]), unproven),
        ] {
            assert_eq!(edit("home", &[home.clone(), other.clone()]), expected, "{other:?}");
            assert_eq!(edit("home", &[other.clone(), home.clone()]), expected, "{other:?}");
        }
        // The order may be seen with somebody else, if that person shows both sides of it.
        let seen = [
            of_field("personal.pronouns", &[dropped(2)]),
            of_field("emergency.relation", &[refused(1), turned_down(2)]),
        ];
        assert_eq!(edit("home", &[&[home], &seen[..]].concat()), HELD);
        let work = of_table("work", &[turned_down(1)]);
        assert_eq!(edit("work", &[work.clone(), of_table("equity", &[refused(1)])]), HELD);
        assert_eq!(edit("work", &[of_table("work", &[refused(1), turned_down(2)])]), unproven);
        assert_eq!(edit("work", &[work, of_field("personal.pronouns", &[refused(1)])]), unproven);
    }

    #[test]
    fn refusals_deny_if_everybody_was_tried_and_nothing_else_explains_them() {
        let personal = |answers: &[Answer]| of_field("personal.pronouns", answers);
        assert_eq!(edit("personal", &[personal(&[dropped(1), dropped(2)])]), MISSING);
        assert_eq!(edit("personal", &[personal(&[refused(1), dropped(2)])]), MISSING);
        let some = Trial { all_kinds: false, ..personal(&[refused(1)]) };
        assert_eq!(edit("personal", &[some]), Verdict::Denied(Strength::Weak));
        let doubt = |trial: Trial| edit(&trial.category.clone(), &[trial]);
        let unknown = Verdict::Unknown;
        assert_eq!(doubt(of_field("home.familyStatus", &[dropped(1)])), unknown(Doubt::MappingUnconfirmed));
        assert_eq!(doubt(personal(&[dropped(1), told(2, Fate::Other, 404)])), unknown(Doubt::NotFound));
        assert_eq!(doubt(Trial { finished: false, ..personal(&[dropped(1)]) }), unknown(Doubt::NotTested));
        assert_eq!(doubt(personal(&[])), unknown(Doubt::NotTested));
        let mut blocked = refused(1);
        blocked.seen.believed = false;
        assert_eq!(doubt(personal(&[blocked])), unknown(Doubt::Blocked));
        assert_eq!(edit("about", &[personal(&[dropped(1)])]), unknown(Doubt::NotTested));
    }

    #[test]
    fn a_proxy_that_lets_no_write_through_is_no_denial() {
        let mut mute = refused(1);
        mute.seen.reply = Reply::RefusedWithoutReason;
        let work = of_table("work", &[mute]);
        let doubt = Verdict::Unknown(Doubt::RefusedWithoutReason);
        assert_eq!(edit("work", std::slice::from_ref(&work)), doubt);
        assert_eq!(edit("work", &[work.clone(), of_field("personal.pronouns", &[turned_down(1)])]), doubt);
        assert_eq!(edit("work", &[work, of_table("equity", &[turned_down(1)])]), MISSING);
    }

    #[test]
    fn what_was_stored_is_a_right_and_what_does_not_fit_is_a_doubt() {
        let stored = Answer { after: After::Changed, ..told(1, Fate::Taken, 200) };
        assert_eq!(
            edit("home", &[of_field("home.familyStatus", &[stored])]),
            Verdict::Granted(Strength::Conclusive)
        );
        for odd in [told(1, Fate::Taken, 200), Answer { after: After::Changed, ..refused(1) }] {
            let doubt = Verdict::Unknown(Doubt::Contradiction);
            assert_eq!(edit("home", &[of_field("home.familyStatus", &[odd])]), doubt);
        }
    }

    #[test]
    fn opposite_findings_of_reads_and_writes_are_a_contradiction() {
        let by_reads = |verdict| Finding::new(verdict, "r", KnownBy::Documented, "r");
        let both = together(by_reads(HELD), by_reads(MISSING));
        assert_eq!(both.verdict, Verdict::Unknown(Doubt::Contradiction));
        let doubt = by_reads(Verdict::Unknown(Doubt::OrderUnproven));
        assert_eq!(together(by_reads(MISSING), doubt.clone()).verdict, MISSING);
        assert_eq!(together(doubt, by_reads(HELD)).verdict, HELD);
        let sure = by_reads(Verdict::Granted(Strength::Conclusive));
        assert_eq!(together(by_reads(HELD), sure.clone()).verdict, sure.verdict);
    }
}
