//! What the answers mean. One positive observation is enough to grant; absence denies only where the
//! view is complete; everything else is a doubt with a name. Pure: knows HR and no HTTP.

mod answers;
mod fields;
mod names;
mod sections;
mod single;
mod tables;
#[cfg(test)]
mod tests;
mod writes;

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::{KnownBy, Sensitivity, Witnessed};
use crate::evidence::Evidence;

pub use answers::DoubtOfAnswer;

/// What is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The service user has the right.
    Granted(Strength),
    /// It does not.
    Denied(Strength),
    /// Nobody knows, and this is why.
    Unknown(Doubt),
}

/// How sure a verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Seems so; part of the view is silent.
    Weak,
    /// So, if HiBob behaves as documented.
    Strong,
    /// So: it was seen.
    Conclusive,
}

/// Why there is no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// Fields did not come back, and nothing shows that an empty field would have.
    Silence,
    /// Only current rows, and nothing shows that older ones exist.
    NoHistoryToSee,
    /// A refusal that does not say why, from a module that may be off.
    RefusedWithoutReason,
    /// Refused, and so was the canary after it.
    Blocked,
    /// 404 on a path without ids.
    ModuleOff,
    /// 404 on a path with ids.
    NotFound,
    /// 400.
    BadRequest,
    /// 200 that is not JSON.
    NotAnApiAnswer,
    /// 3xx.
    Redirected,
    /// An empty list, which may also come without the right.
    Empty,
    /// 429 after all retries.
    Throttled,
    /// 5xx or a cut connection after all retries.
    Unavailable,
    /// No answer in time.
    Timeout,
    /// Nobody in that lifecycle status was seen.
    NobodySeen,
    /// Nobody is visible at all.
    NobodyVisible,
    /// Both permission models would look like this.
    ModelUndetermined,
    /// It was not asked.
    NotTested,
    /// A write was turned down for its content, perhaps before any right was looked at.
    OrderUnproven,
    /// The only witness is a mapping that our sources merely infer.
    MappingUnconfirmed,
    /// Nothing can witness it.
    NoWitness,
    /// The policy names no box.
    BoxNotNamed,
    /// The guide does not contain its list.
    ListNotKnown,
    /// Two observations that cannot both hold.
    Contradiction,
    /// The tenant has no such section.
    NotInTenant,
}

impl Doubt {
    /// Every doubt, in alphabetical order of its word.
    pub const ALL: [Self; 24] = [
        Self::BadRequest,
        Self::Blocked,
        Self::BoxNotNamed,
        Self::Contradiction,
        Self::Empty,
        Self::ListNotKnown,
        Self::MappingUnconfirmed,
        Self::ModelUndetermined,
        Self::ModuleOff,
        Self::NoHistoryToSee,
        Self::NoWitness,
        Self::NobodySeen,
        Self::NobodyVisible,
        Self::NotAnApiAnswer,
        Self::NotFound,
        Self::NotInTenant,
        Self::NotTested,
        Self::OrderUnproven,
        Self::Redirected,
        Self::RefusedWithoutReason,
        Self::Silence,
        Self::Throttled,
        Self::Timeout,
        Self::Unavailable,
    ];

    /// The word in reports and in `--tolerate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Silence => "silence",
            Self::NoHistoryToSee => "no-history-to-see",
            Self::RefusedWithoutReason => "refused-without-reason",
            Self::Blocked => "blocked",
            Self::ModuleOff => "module-off",
            Self::NotFound => "not-found",
            Self::BadRequest => "bad-request",
            Self::NotAnApiAnswer => "not-an-api-answer",
            Self::Redirected => "redirected",
            Self::Empty => "empty",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::NobodySeen => "nobody-seen",
            Self::NobodyVisible => "nobody-visible",
            Self::ModelUndetermined => "model-undetermined",
            Self::NotTested => "not-tested",
            Self::OrderUnproven => "order-unproven",
            Self::MappingUnconfirmed => "mapping-unconfirmed",
            Self::NoWitness => "no-witness",
            Self::BoxNotNamed => "box-not-named",
            Self::ListNotKnown => "list-not-known",
            Self::Contradiction => "contradiction",
            Self::NotInTenant => "not-in-tenant",
        }
    }
}

/// What a tenant may not have, though a line names it or HiBob is known to have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// A section of the permissions.
    Section,
    /// A field of a person.
    Field,
    /// A table of the tenant's own.
    Table,
    /// A folder of documents.
    Folder,
}

impl Absent {
    /// The rule by which it is said of it that it is not there.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Section => "no-such-section",
            Self::Field => "no-such-field",
            Self::Table => "no-such-table",
            Self::Folder => "no-such-folder",
        }
    }
}

/// The rule by which nobody's lifecycle status is known.
pub const STATUSES_WITHHELD: &str = "statuses-withheld";

/// A verdict with all that it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is so.
    pub verdict: Verdict,
    /// The rule that gave it, in kebab-case.
    pub rule: &'static str,
    /// How that rule is known.
    pub known_by: KnownBy,
    /// What was seen, in one sentence without a full stop.
    pub because: String,
    /// The observations: which probe, what it saw.
    pub evidence: Vec<(String, String)>,
    /// Field-level detail of a category that is granted in part.
    pub partial: Option<Partial>,
}

impl Finding {
    /// A finding without evidence of its own: a conclusion from other findings.
    pub fn of(verdict: Verdict, rule: &'static str, known_by: KnownBy, because: String) -> Self {
        Self::new(verdict, rule, known_by, because)
    }

    /// No verdict, for a reason that lies outside the evidence.
    pub fn unknown(doubt: Doubt, because: String) -> Self {
        Self::doubt(doubt, because)
    }

    /// No verdict, for the tenant's own lists do not have it.
    pub fn not_in_tenant(what: Absent, because: impl Into<String>) -> Self {
        Self::new(Verdict::Unknown(Doubt::NotInTenant), what.rule(), KnownBy::Observed, because)
    }

    fn new(verdict: Verdict, rule: &'static str, known_by: KnownBy, because: impl Into<String>) -> Self {
        Self { verdict, rule, known_by, because: because.into(), evidence: Vec::new(), partial: None }
    }

    fn doubt(doubt: Doubt, because: impl Into<String>) -> Self {
        Self::new(Verdict::Unknown(doubt), doubt.as_str(), KnownBy::Documented, because)
    }

    fn saw(mut self, probe: impl Into<String>, saw: impl Into<String>) -> Self {
        self.evidence.push((probe.into(), saw.into()));
        self
    }

    fn with_evidence(mut self, evidence: &[(String, String)]) -> Self {
        self.evidence.extend_from_slice(evidence);
        self
    }
}

/// Field-level detail of a category that is granted in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partial {
    /// How many of its fields are granted.
    pub granted: u32,
    /// Its denied fields.
    pub denied: Vec<String>,
    /// Its silent fields.
    pub silent: Vec<String>,
}

/// Whether rights are given by category or by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// By category; only the operator can know.
    Category,
    /// By field.
    Field,
}

/// Whether a withheld field was seen to leave nothing behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omission {
    /// A field known to be withheld was absent.
    Confirmed,
    /// A field known to be withheld came back as null.
    Contradicted,
    /// No field was known to be withheld by other evidence.
    Open,
}

/// A verdict for every permission of the catalogue and of the tenant.
#[derive(Debug, Clone)]
pub struct Access {
    findings: BTreeMap<PermissionId, Finding>,
    /// Findings on single fields where nothing shows that these have boxes of their own.
    single_fields: BTreeMap<PermissionId, Finding>,
    section_names: BTreeMap<String, String>,
    category_of_field: BTreeMap<String, String>,
    field_names: BTreeMap<String, String>,
    folder_names: BTreeMap<String, String>,
    names: names::Names,
    /// By category or by field, as far as known.
    pub model: Option<Model>,
    /// Whether silence may be read at all in this tenant.
    pub omission: Omission,
    /// How many people are visible.
    pub people_visible: u32,
}

impl Access {
    /// Reads the evidence. `told` is the permission model that the operator vouches for.
    pub fn infer(catalogue: &Catalogue, evidence: &Evidence, told: Option<Model>) -> Self {
        let tables = tables::Tables::read(catalogue, evidence);
        let fields = fields::Fields::read(catalogue, evidence, &tables);
        let model = if fields.shows_field_level(catalogue) || tables.show_field_level() {
            Some(Model::Field)
        } else {
            told
        };
        let field_level = model == Some(Model::Field);
        let edits = writes::Edits::read(catalogue, evidence, model);
        let setting = tables::Setting { field_level, several_audiences: fields.several_audiences };
        let mut access = Self {
            findings: BTreeMap::new(),
            single_fields: BTreeMap::new(),
            section_names: fields.section_names(catalogue),
            category_of_field: evidence
                .fields
                .iter()
                .map(|field| (field.id.clone(), field.category.clone()))
                .collect(),
            field_names: evidence.fields.iter().map(|field| (field.id.clone(), field.name.clone())).collect(),
            folder_names: evidence.folders.clone(),
            names: names::Names::of(evidence),
            model,
            omission: fields.omission,
            people_visible: evidence.people.visible,
        };
        let mut categories = fields.all_categories(catalogue);
        categories.extend(tables.custom_categories().cloned());
        for category in categories {
            let known = catalogue.category(&category);
            let view = fields.view_of(catalogue, &tables, &category, field_level);
            let has_history = known.map_or_else(|| tables.has_custom(&category), |known| known.history);
            let (view, history) =
                tables.history_of(&category, view, &fields.historical_in(&category), setting);
            if has_history {
                access.put(PermissionId::category(&category, Action::History), history);
            }
            access.put(
                PermissionId::category(&category, Action::Edit),
                edits.with(&category, fields.edit_of(catalogue, &category, model, &view)),
            );
            access.put(PermissionId::category(&category, Action::View), view);
        }
        for permission in catalogue.permissions() {
            let finding = match &permission.witnessed {
                Witnessed::Category => continue,
                Witnessed::Population => answers::population(evidence, &permission.id),
                Witnessed::Endpoint(witness) => answers::endpoint(catalogue, evidence, witness),
                Witnessed::Unseen(_) if access.findings.contains_key(&permission.id) => continue,
                Witnessed::Unseen(unseen) => answers::unseen(unseen),
            };
            access.put(permission.id.clone(), finding);
        }
        for folder in evidence.folders.keys() {
            for action in ["view", "upload", "delete"] {
                let Ok(id) = PermissionId::parse(&format!("docs/{folder}/{action}")) else { continue };
                let finding = match &catalogue.describe(&id).witnessed {
                    Witnessed::Endpoint(witness) => answers::endpoint(catalogue, evidence, witness),
                    Witnessed::Unseen(reason) => answers::unseen(reason),
                    Witnessed::Category | Witnessed::Population => continue,
                };
                access.put(id, finding);
            }
        }
        let single = fields.each(catalogue, &tables).into_iter().chain(edits.fields().iter().cloned());
        if field_level {
            access.findings.extend(single);
        } else {
            access.single_fields.extend(single);
        }
        access
    }

    fn put(&mut self, id: PermissionId, finding: Finding) {
        self.findings.insert(id, finding);
    }

    /// The finding for one permission.
    ///
    /// A box that neither the catalogue nor the tenant has is no silence: the section does not exist.
    pub fn of(&self, id: &PermissionId) -> Finding {
        let found = self.findings.get(id).or_else(|| self.single_fields.get(id));
        found.cloned().unwrap_or_else(|| {
            if let Some((field, action)) = id.as_field() {
                return match (self.category_of(field), action) {
                    (Some(_), Action::Edit) => {
                        Finding::doubt(Doubt::NotTested, "only a write shows an Edit right")
                    }
                    (Some(_), _) => Finding::doubt(Doubt::NoWitness, "this field has no history"),
                    (None, _) => Finding::not_in_tenant(Absent::Field, "this tenant has no such field"),
                };
            }
            Finding::not_in_tenant(Absent::Section, "this tenant has no such section")
        })
    }

    /// Every finding, in order of id.
    pub fn findings(&self) -> impl Iterator<Item = (&PermissionId, &Finding)> {
        self.findings.iter()
    }

    /// The category that a field is in now.
    pub fn category_of(&self, field: &str) -> Option<&str> {
        self.category_of_field.get(field).map(String::as_str)
    }

    /// The name of a field on the tenant's screens; its id where that is not known.
    pub fn field_name<'a>(&'a self, field: &'a str) -> &'a str {
        self.field_names.get(field).map_or(field, String::as_str)
    }

    /// Whether a right can do much harm in wrong hands. A field is as sensitive as its category.
    pub fn is_sensitive(&self, catalogue: &Catalogue, id: &PermissionId) -> bool {
        let category_of_field = id
            .as_field()
            .and_then(|(field, action)| Some(PermissionId::category(self.category_of(field)?, action)));
        [Some(id), category_of_field.as_ref()]
            .into_iter()
            .flatten()
            .any(|id| catalogue.describe(id).sensitivity == Sensitivity::High)
    }

    /// The name of the tenant's own document folder that a box is about.
    pub fn folder_name(&self, id: &PermissionId) -> Option<&str> {
        let folder = id.section().strip_prefix("docs/")?;
        self.folder_names.get(folder).map(String::as_str)
    }

    /// The tenant's own name of a category.
    pub fn section_name(&self, category: &str) -> Option<&str> {
        self.section_names.get(category).map(String::as_str)
    }
}

/// "1 field", "2 fields".
fn counted(count: u32, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// A few names, and how many more.
fn named(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
