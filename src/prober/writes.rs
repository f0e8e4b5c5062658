//! Writes that HiBob has nothing to store of: one at a time, after all reads, each read back at once, and
//! the fields once more when HiBob has had its time. The first sign that something was stored ends them.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome};
use super::crowd::Crowd;
use super::{Memory, Prober, seen};
use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, EndpointId, PermissionId};
use crate::catalogue::rows::Endpoint;
use crate::catalogue::writes::TakesWrites;
use crate::evidence::roster::Person;
use crate::evidence::writes::{
    After, Answer as Told, Fate, Glimpse, Trial, holds_entry, of_field, of_rows, speaks_of_entry,
    speaks_of_value,
};
use crate::evidence::{Evidence, Field, Reply, Seen, Stopped};
use crate::plan::{Plan, Request, Scope};

/// What a section is tried with.
struct Aim {
    category: String,
    /// Whether a policy wants to know the very right that it shows.
    wanted: bool,
    /// Whether it is tried although another aim settled its section: a policy names the field itself.
    by_name: bool,
    what: What,
}

enum What {
    Field(Field, TakesWrites),
    Table { read: EndpointId, delete: EndpointId, own: Option<String> },
}

/// A field that was written to, as it was before.
struct Watched<'p> {
    trial: usize,
    answer: usize,
    person: &'p Person,
    field: Field,
    before: Glimpse,
}

/// What came of one write.
struct Outcomes {
    told: Told,
    before: Glimpse,
    /// Whether no further write may be sent.
    ends_it: bool,
}

impl Prober<'_> {
    /// Tries what the plan lists of writes; tells why the run must end, if something was changed.
    pub(in crate::prober) async fn try_writes(
        &self,
        plan: &Plan,
        evidence: &mut Evidence,
        memory: &Memory<'_>,
    ) -> Option<Stopped> {
        if !plan.writes() {
            return None;
        }
        let crowd = Crowd::of(&memory.people);
        let mut trials: Vec<Trial> = Vec::new();
        let mut watched = Vec::new();
        for aim in aims(self.catalogue, plan, evidence) {
            let is_due = plan.scope == Scope::Full || aim.wanted || lacks_proof(&trials, &aim);
            let is_settled =
                !aim.by_name && trials.iter().any(|trial| settles(self.catalogue, trial, &aim, evidence));
            if !is_due || is_settled {
                continue;
            }
            let (trial, mut seen_before, ends_it) = self.try_with(&aim, &crowd).await;
            seen_before.iter_mut().for_each(|watch| watch.trial = trials.len());
            watched.append(&mut seen_before);
            trials.push(trial);
            if ends_it || self.client.stopped().is_some() {
                break;
            }
        }
        evidence.trials = trials;
        self.read_again(&watched, evidence).await;
        first_change(evidence)
    }

    async fn try_with<'p>(&self, aim: &Aim, crowd: &Crowd<'p>) -> (Trial, Vec<Watched<'p>>, bool) {
        let mut trial = Trial {
            endpoint: match &aim.what {
                What::Field(..) => self.catalogue.writes().field_write.clone(),
                What::Table { delete, .. } => delete.clone(),
            },
            category: aim.category.clone(),
            field: match &aim.what {
                What::Field(field, _) => Some(field.id.clone()),
                What::Table { .. } => None,
            },
            answers: Vec::new(),
            all_kinds: crowd.all_kinds,
            finished: true,
        };
        let mut watched = Vec::new();
        for (at, person) in crowd.people.iter().enumerate() {
            // A field that nobody was seen to write to says nothing by being dropped, of whomever.
            let vain = matches!(&aim.what, What::Field(_, TakesWrites::Expected))
                && trial.answers.iter().all(|told| told.fate == Fate::Unchanged);
            if vain && at >= crowd.audiences {
                break;
            }
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            let done = match &aim.what {
                What::Field(field, _) => self.write_to_field(field, person, number).await,
                What::Table { read, delete, own } => {
                    self.delete_from_table(read, delete, own.as_deref(), person, number).await
                }
            };
            let Some(done) = done else {
                // What cannot be read before is not written to; somebody of another audience may do.
                trial.finished = false;
                if at + 1 < crowd.audiences { continue } else { break }
            };
            if let What::Field(field, _) = &aim.what {
                let before = done.before;
                watched.push(Watched {
                    trial: 0,
                    answer: trial.answers.len(),
                    person,
                    field: field.clone(),
                    before,
                });
            }
            trial.answers.push(done.told);
            let goes_on = match done.told.fate {
                Fate::Unchanged => true,
                Fate::Other => done.told.seen.is_refusal() || done.told.seen.reply == Reply::NotFound,
                Fate::TurnedDown | Fate::Taken => false,
            };
            if done.ends_it || !goes_on {
                trial.finished = done.told.fate == Fate::TurnedDown;
                return (trial, watched, done.ends_it);
            }
        }
        (trial, watched, false)
    }

    async fn write_to_field(&self, field: &Field, person: &Person, number: u32) -> Option<Outcomes> {
        let writes = self.catalogue.writes();
        let before = self.glimpse(person, field).await?;
        let endpoint = self.catalogue.endpoint(&writes.field_write)?;
        let mut request = Request::of(endpoint, &self.slots().text("person", &person.id));
        let path = field.json_path.split('.').rev();
        request.body = Some(path.fold(Value::from(writes.value.as_str()), |inner, key| json!({key: inner})));
        let answer = self.send(endpoint, &request).await;
        let (fate, seen) = fate(&answer, |body| speaks_of_value(body, &writes.value, &field.json_path));
        let after = self.glimpse(person, field).await;
        Some(outcomes(number, fate, seen, before, after))
    }

    async fn delete_from_table(
        &self,
        read: &EndpointId,
        delete: &EndpointId,
        own: Option<&str>,
        person: &Person,
        number: u32,
    ) -> Option<Outcomes> {
        let (read, delete) = (self.catalogue.endpoint(read)?, self.catalogue.endpoint(delete)?);
        let slots = || self.slots().text("person", &person.id).text("table", own.unwrap_or_default());
        let rows = async || match self.ask_endpoint(read, slots()).await.outcome {
            Outcome::Json(body) if of_rows(&body) != Glimpse::NOTHING => Some(body),
            _ => None,
        };
        let before = rows().await.filter(|body| !holds_entry(body, &self.catalogue.writes().entry))?;
        let answer = self.send(delete, &Request::of(delete, &slots())).await;
        let (fate, seen) = match fate(&answer, speaks_of_entry) {
            // Nothing that deletes is documented to answer so.
            (Fate::Unchanged, seen) => (Fate::Other, Seen { reply: Reply::NotAnApiAnswer, ..seen }),
            told => told,
        };
        let after = rows().await.map(|body| of_rows(&body));
        Some(outcomes(number, fate, seen, of_rows(&before), after))
    }

    async fn send(&self, endpoint: &Endpoint, request: &Request) -> Answer {
        (self.on_ask)(&endpoint.id);
        self.client.ask(request).await
    }

    /// What a person's field looks like now; none where the question itself failed.
    async fn glimpse(&self, person: &Person, field: &Field) -> Option<Glimpse> {
        let body = self.fields_of(person, vec![field.id.clone()]).await?;
        Some(of_field(&body, field))
    }

    async fn fields_of(&self, person: &Person, fields: Vec<String>) -> Option<Value> {
        let endpoint = self.catalogue.endpoint(&self.catalogue.writes().field_read)?;
        let slots = self.slots().list("sample", vec![person.id.clone()]).list("fields", fields);
        match self.ask_endpoint(endpoint, slots).await.outcome {
            Outcome::Json(body) if body["employees"].as_array().is_some_and(|found| found.len() == 1) => {
                Some(body)
            }
            _ => None,
        }
    }

    /// Reads all fields that were written to once more, when HiBob has had the time that it asks for.
    ///
    /// The rows of tables were read right after, and nothing was there to be deleted.
    async fn read_again(&self, watched: &[Watched<'_>], evidence: &mut Evidence) {
        if watched.is_empty() || !self.client.rest(self.client.manners().settle).await {
            return;
        }
        let mut people: Vec<&Person> = Vec::new();
        for watch in watched {
            if people.iter().all(|person| person.id != watch.person.id) {
                people.push(watch.person);
            }
        }
        for person in people {
            let of_person = || watched.iter().filter(|watch| watch.person.id == person.id);
            let fields = of_person().map(|watch| watch.field.id.clone()).collect();
            let body = self.fields_of(person, fields).await;
            for watch in of_person() {
                let after = body
                    .as_ref()
                    .map_or(After::NotReadable, |body| of_field(body, &watch.field).since(watch.before));
                let told = evidence
                    .trials
                    .get_mut(watch.trial)
                    .and_then(|trial| trial.answers.get_mut(watch.answer));
                if let Some(told) = told {
                    told.after = told.after.max(after);
                }
            }
        }
    }
}

/// What an answer to a write amounts to. `speaks` tells whether a body turns the content down.
fn fate(answer: &Answer, speaks: impl Fn(&Value) -> bool) -> (Fate, Seen) {
    let plain = |reply| Seen { reply, status: answer.status, believed: false };
    let Outcome::ToWrite(body) = &answer.outcome else { return (Fate::Other, seen(answer)) };
    let turned_down = body.as_ref().is_some_and(speaks);
    match answer.status {
        Some(200..=299) => (Fate::Taken, plain(Reply::Answered)),
        Some(304) => (Fate::Unchanged, plain(Reply::Answered)),
        Some(400 | 404) if turned_down => (Fate::TurnedDown, plain(Reply::Answered)),
        Some(404) => (Fate::Other, plain(Reply::NotFound)),
        _ => (Fate::Other, plain(Reply::BadRequest)),
    }
}

fn outcomes(person: u32, fate: Fate, seen: Seen, before: Glimpse, after: Option<Glimpse>) -> Outcomes {
    let compared = after.map_or(After::NotReadable, |after| after.since(before));
    // What cannot be read back any more may be anything.
    let ends_it = fate == Fate::Taken || compared == After::Changed || after.is_none();
    Outcomes { told: Told { person, fate, seen, after: compared }, before, ends_it }
}

/// Every section that can be tried, those that a policy wants first; its field before its table.
fn aims(catalogue: &Catalogue, plan: &Plan, evidence: &Evidence) -> Vec<Aim> {
    let writes = catalogue.writes();
    let wants = |category: &str| plan.wants(&PermissionId::category(category, Action::Edit));
    let mut fields: Vec<(&Field, TakesWrites)> = evidence
        .fields
        .iter()
        .filter(|field| !field.historical && !catalogue.is_sensitive_field(&field.id))
        .filter_map(|field| Some((field, writes.takes(&field.id, &field.kind)?)))
        .collect();
    fields.sort_by_key(|(field, takes)| {
        (
            field.category.clone(),
            *takes == TakesWrites::Expected,
            writes.preference(&field.id),
            field.id.clone(),
        )
    });
    let mut aims: Vec<Aim> = Vec::new();
    for (field, takes) in fields {
        let by_name = plan.wants(&PermissionId::field(&field.id, Action::Edit));
        if by_name || aims.iter().all(|aim| aim.category != field.category) {
            let wanted = by_name || wants(&field.category);
            let what = What::Field(field.clone(), takes);
            aims.push(Aim { category: field.category.clone(), wanted, by_name, what });
        }
    }
    let table = |category: &str, read: &EndpointId, delete: &EndpointId, own: Option<&str>| Aim {
        category: category.to_owned(),
        wanted: wants(category),
        by_name: false,
        what: What::Table { read: read.clone(), delete: delete.clone(), own: own.map(str::to_owned) },
    };
    aims.extend(writes.tables.iter().map(|row| table(&row.category, &row.read, &row.delete, None)));
    let own = &writes.own_tables;
    for known in &evidence.custom_tables {
        aims.push(table(&known.category, &own.read, &own.delete, Some(&known.id)));
    }
    // Stable: within a section the field stays before the table.
    aims.sort_by(|one, other| (!one.wanted, &one.category).cmp(&(!other.wanted, &other.category)));
    aims
}

/// Whether a trial leaves nothing to learn from another aim at its section.
fn settles(catalogue: &Catalogue, trial: &Trial, aim: &Aim, evidence: &Evidence) -> bool {
    let kind =
        |id: &str| evidence.fields.iter().find(|field| field.id == id).map(|field| field.kind.as_str());
    let drops_for_want_of_right = trial.field.as_deref().is_some_and(|field| {
        kind(field).and_then(|kind| catalogue.writes().takes(field, kind)) == Some(TakesWrites::Seen)
    });
    trial.category == aim.category
        && trial.answers.iter().any(|told| match told.fate {
            Fate::TurnedDown | Fate::Taken => true,
            Fate::Unchanged => drops_for_want_of_right,
            Fate::Other => told.seen.is_refusal(),
        })
}

/// Whether a write was turned down for its content, and none of the kind was refused elsewhere yet: then
/// one more section is worth a try, only to learn what HiBob looks at first.
fn lacks_proof(trials: &[Trial], aim: &Aim) -> bool {
    let is_field = matches!(aim.what, What::Field(..));
    let of_kind = || trials.iter().filter(|trial| trial.field.is_some() == is_field);
    let any = |wanted: fn(&Told) -> bool| of_kind().any(|trial| trial.answers.iter().any(wanted));
    any(|told| told.fate == Fate::TurnedDown)
        && !any(|told| told.seen.is_refusal() || told.fate == Fate::Unchanged)
}

/// What was changed, in the plainest words; the number of the person, never who it is.
fn first_change(evidence: &mut Evidence) -> Option<Stopped> {
    let name = |id: &str| {
        let field = evidence.fields.iter().find(|field| field.id == id);
        field.map_or_else(|| id.to_owned(), |field| format!("{} ({id})", field.name))
    };
    for trial in &evidence.trials {
        for told in &trial.answers {
            let aim = match &trial.field {
                Some(field) => format!("the field {} of person {}", name(field), told.person),
                None => format!("a table of the section {} of person {}", trial.category, told.person),
            };
            let answer = told.seen.status.map_or_else(|| "nothing".to_owned(), |status| status.to_string());
            let words = match (told.fate, told.after) {
                (_, After::Changed) => {
                    format!("{aim} is no longer as it was before a write probe, answered {answer}")
                }
                (Fate::Taken, After::NotReadable) => {
                    format!("HiBob answered {answer} to a write probe, and {aim} cannot be read back")
                }
                _ => continue,
            };
            return Some(Stopped::Changed(words));
        }
    }
    None
}
