//! What to ask: the smallest set of requests that witnesses what must be known, required ones first.
//!
//! The plan is drawn before any credential exists, and it is the only door: the client refuses to send
//! what it does not hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::catalogue::id::{Action, EndpointId, PermissionId};
use crate::catalogue::rows::{Endpoint, Needs, Shape, Standing, UnseenWhy, Witnessed};
use crate::catalogue::{Catalogue, builtin};
use crate::policy::lines::{Field, Section};
use crate::policy::{OwnBoxes, Policy, Target};

use crate::catalogue::rows::Method;

/// How many people are tried before a table of one person counts as refused.
pub const PERSONS_TRIED: usize = 4;
/// The same, as a number of requests.
const MOST_PERSONS: u32 = PERSONS_TRIED as u32;
/// How many fields one search may ask for, beside the id of each person: HiBob takes 400.
pub const FIELDS_A_SEARCH: usize = 399;
/// How many chunks of fields a plan allows for: the size of a tenant is not known beforehand.
const MOST_CHUNKS: u32 = 25;
/// How many custom tables a plan allows for.
const MOST_CUSTOM_TABLES: u32 = 300;
/// How many people a write is tried with before a right to edit counts as missing.
pub const PERSONS_WRITTEN: usize = 6;
/// How many writes of one kind a plan allows for.
const MOST_WRITES: u32 = 100;
const MOST_PERSONS_WRITTEN: u32 = PERSONS_WRITTEN as u32;
/// How many canaries a plan allows for: one at the start, one after each batch with a refusal.
const MOST_CANARIES: u32 = 12;

/// One concrete request: a probe of the plan with its slots filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The endpoint of the catalogue that it asks.
    pub endpoint: EndpointId,
    /// The method.
    pub method: Method,
    /// The path below the base URL, beginning with a slash, already percent-encoded.
    pub path: String,
    /// The query, in order, not yet encoded.
    pub query: Vec<(String, String)>,
    /// The JSON body, for a read by post.
    pub body: Option<Value>,
    /// How many bytes of the answer are read at the most.
    pub body_budget: usize,
}

/// What fills the slots of a path, a query or a body.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    texts: BTreeMap<&'static str, String>,
    lists: BTreeMap<&'static str, Vec<String>>,
}

impl Slots {
    /// Nothing but the dates: today and a year ago, both `YYYY-MM-DD`.
    pub fn dates(today: &str, year_ago: &str) -> Self {
        Self::default().text("today", today).text("year-ago", year_ago)
    }

    /// With a text for `{name}`.
    #[must_use]
    pub fn text(mut self, name: &'static str, text: &str) -> Self {
        self.texts.insert(name, text.to_owned());
        self
    }

    /// With a list for `"{name}"`.
    #[must_use]
    pub fn list(mut self, name: &'static str, list: Vec<String>) -> Self {
        self.lists.insert(name, list);
        self
    }

    fn fill_text(&self, template: &str, encode: bool) -> String {
        let mut text = template.to_owned();
        for (name, value) in &self.texts {
            let value = if encode { percent_encoded(value) } else { value.clone() };
            text = text.replace(&format!("{{{name}}}"), &value);
        }
        text
    }

    fn fill(&self, template: &Value) -> Value {
        match template {
            Value::String(text) => {
                let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
                match name.and_then(|name| self.lists.get(name)) {
                    Some(list) => Value::from(list.clone()),
                    None => Value::String(self.fill_text(text, false)),
                }
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.fill(item)).collect()),
            Value::Object(members) => {
                Value::Object(members.iter().map(|(key, value)| (key.clone(), self.fill(value))).collect())
            }
            other => other.clone(),
        }
    }
}

impl Request {
    /// The request of an endpoint with its slots filled.
    pub fn of(endpoint: &Endpoint, slots: &Slots) -> Self {
        Self {
            endpoint: endpoint.id.clone(),
            method: endpoint.method,
            path: slots.fill_text(&endpoint.path, true),
            query: endpoint
                .query
                .iter()
                .map(|(key, value)| (key.clone(), slots.fill_text(value, false)))
                // A slot with nothing to say says nothing.
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            body: endpoint.body.as_ref().map(|body| slots.fill(body)),
            body_budget: endpoint.budget,
        }
    }
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole catalogue, so that excess is seen too.
    Full,
    /// Only what the policies need.
    Policy,
}

/// Which fields are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldScope {
    /// Every field of the metadata.
    All,
    /// What the policies point at.
    Some(Pointed),
}

/// What policies point at among the fields and sections of a tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pointed {
    /// Category ids.
    pub categories: BTreeSet<String>,
    /// Field ids.
    pub fields: BTreeSet<String>,
    /// What sections, fields and tables are called on the tenant's screens, in lowercase.
    pub names: BTreeSet<String>,
    /// What fits boxes of the tenant's own.
    pub patterns: Vec<OwnBoxes>,
}

impl FieldScope {
    /// Whether a section is asked for as a whole, by its id or by its name.
    pub fn takes_category(&self, category: &str, name: &str) -> bool {
        let Self::Some(pointed) = self else { return true };
        let fits = |action| {
            let id = PermissionId::category(category, action);
            pointed.patterns.iter().any(|boxes| boxes.takes(&id))
        };
        pointed.categories.contains(category)
            || pointed.names.contains(&name.to_lowercase())
            || [Action::View, Action::History, Action::Edit].into_iter().any(fits)
    }

    /// Whether a field is asked for by itself, by its id or by its name.
    pub fn takes_field(&self, field: &str, name: &str) -> bool {
        let Self::Some(pointed) = self else { return true };
        let id = PermissionId::field(field, Action::View);
        pointed.fields.contains(field)
            || pointed.names.contains(&name.to_lowercase())
            || pointed.patterns.iter().any(|boxes| boxes.takes(&id))
    }
}

/// Why a probe is in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A line of a policy needs it.
    Required,
    /// It shows what nobody asked for.
    Excess,
    /// It writes, or reads around a write; only where the operator asks for it, and after all else.
    Write,
}

/// One planned request: an endpoint, and how often it may be asked.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Why it is asked.
    pub purpose: Purpose,
    /// The permissions that it helps to settle.
    pub witnesses: Vec<PermissionId>,
    /// How often it is asked at the least, in a run without refusals and surprises.
    pub at_least: u32,
    /// How often it may be asked.
    pub at_most: u32,
    /// When it is asked at all, for those that depend on an answer.
    pub when: Option<&'static str>,
}

/// Every request that a run may send, in the order in which it sends them.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The probes.
    pub probes: Vec<Probe>,
    /// Which fields are asked for.
    pub fields: FieldScope,
    /// How much is asked.
    pub scope: Scope,
    wanted: BTreeSet<PermissionId>,
    patterns: Vec<OwnBoxes>,
}

impl Plan {
    /// Draws the plan of one probing for all policies together.
    pub fn draw(policies: &[Policy], catalogue: &Catalogue, scope: Scope) -> Self {
        let wanted = wanted(policies, catalogue);
        let mut all = wanted.clone();
        if scope == Scope::Full {
            all.extend(catalogue.permissions().map(|permission| permission.id.clone()));
        }
        let mut probes = Vec::new();
        for endpoint in catalogue.endpoints() {
            let needed_by = |ids: &BTreeSet<PermissionId>| -> Vec<PermissionId> {
                ids.iter().filter(|id| needs(catalogue, endpoint, id)).cloned().collect()
            };
            let for_policy = needed_by(&wanted);
            let witnesses = needed_by(&all);
            // A policy may want to know how many people are visible, and no box.
            let counted = endpoint.shape == Shape::People && wants_to_count(policies);
            let serves_all = matches!(endpoint.shape, Shape::Fields) || counted;
            let own_folders = endpoint.shape == Shape::Folders
                && wanted.iter().any(|id| {
                    id.section().starts_with("docs/") && catalogue.boxes_of(id.section()).next().is_none()
                });
            let own_of_tenant = own_folders
                || scope == Scope::Full
                    && (matches!(endpoint.shape, Shape::CustomTables | Shape::Folders)
                        || endpoint.id.as_str() == "custom-table");
            if witnesses.is_empty() && !serves_all && !own_of_tenant {
                continue;
            }
            let purpose =
                if for_policy.is_empty() && !serves_all { Purpose::Excess } else { Purpose::Required };
            let (at_least, at_most, when) = times(endpoint);
            probes.push(Probe { endpoint: endpoint.id.clone(), purpose, witnesses, at_least, at_most, when });
        }
        probes.sort_by_key(|probe| (probe.purpose, rank(catalogue, &probe.endpoint)));
        let pointed = pointed(policies, &wanted);
        let patterns = pointed.patterns.clone();
        let fields = if scope == Scope::Full { FieldScope::All } else { FieldScope::Some(pointed) };
        Self { probes, fields, scope, wanted, patterns }
    }

    /// The same plan where people are named whose status is known: an open table is asked about them.
    #[must_use]
    pub fn with_known_people(mut self, catalogue: &Catalogue) -> Self {
        for probe in &mut self.probes {
            let endpoint = catalogue.endpoint(&probe.endpoint);
            if endpoint.is_some_and(|endpoint| endpoint.query.contains_key("employeeIds")) {
                probe.at_most += 1;
                probe.when = Some("once; one open table again for the people named with --known");
            }
        }
        self
    }

    /// The same plan with the writes that show rights to edit, and the reads around them, at its end.
    ///
    /// Where only what policies need is asked, and none of it is a right to edit, nothing is added.
    #[must_use]
    pub fn with_writes(mut self, catalogue: &Catalogue) -> Self {
        let shows = |category: &str| {
            let id = PermissionId::category(category, Action::Edit);
            (self.scope == Scope::Full || self.wants(&id)).then_some(id)
        };
        if self.scope == Scope::Policy && !self.wanted.iter().any(|id| id.action() == Action::Edit.as_str()) {
            return self;
        }
        let writes = catalogue.writes();
        let probe = |endpoint: &EndpointId, witnesses, at_most, when| Probe {
            endpoint: endpoint.clone(),
            purpose: Purpose::Write,
            witnesses,
            at_least: 0,
            at_most,
            when: Some(when),
        };
        let mut sections: Vec<PermissionId> =
            writes.fields.iter().filter_map(|row| shows(&row.usually_in)).collect();
        sections.sort_unstable();
        sections.dedup();
        let one_by_one = "another person if the right seems to be missing";
        let mut added = vec![
            probe(&writes.field_read, Vec::new(), 3 * MOST_WRITES, "before and after each write to a field"),
            probe(&writes.field_write, sections, MOST_WRITES, one_by_one),
        ];
        let only_without_a_field = "only where no field shows it; another person if it seems to be missing";
        for row in &writes.tables {
            let most = MOST_PERSONS_WRITTEN;
            added.push(probe(&row.read, Vec::new(), 2 * most, "before and after the deletion"));
            let witnesses = shows(&row.category).into_iter().collect();
            added.push(probe(&row.delete, witnesses, most, only_without_a_field));
        }
        let own = &writes.own_tables;
        added.push(probe(&own.read, Vec::new(), 2 * MOST_WRITES, "before and after the deletion"));
        added.push(probe(&own.delete, Vec::new(), MOST_WRITES, only_without_a_field));
        self.probes.extend(added);
        self
    }

    /// What of the plan some permissions need, and nothing that writes. Who is visible and which fields come
    /// back is one picture: it is kept whole where any of them needs people.
    #[must_use]
    pub fn narrowed(&self, catalogue: &Catalogue, to: &BTreeSet<PermissionId>) -> Self {
        let endpoint = |probe: &Probe| catalogue.endpoint(&probe.endpoint);
        let needed = |probe: &&Probe| {
            let needed = |endpoint: &Endpoint| to.iter().any(|id| needs(catalogue, endpoint, id));
            probe.purpose != Purpose::Write && endpoint(probe).is_some_and(needed)
        };
        let chosen: BTreeSet<&EndpointId> =
            self.probes.iter().filter(needed).map(|probe| &probe.endpoint).collect();
        let of_chosen =
            |is: &dyn Fn(&Endpoint) -> bool| chosen.iter().filter_map(|id| catalogue.endpoint(id)).any(is);
        let is_sight = |endpoint: &Endpoint| matches!(endpoint.shape, Shape::People | Shape::Sample);
        let sees_people = of_chosen(&|endpoint| endpoint.needs != Needs::None || is_sight(endpoint));
        // A balance is asked for by the name of a policy type.
        let names_a_type =
            of_chosen(&|endpoint| endpoint.query.values().any(|value| value == "{policy-type}"));
        let kept = |probe: &&Probe| {
            chosen.contains(&probe.endpoint)
                || endpoint(probe).is_some_and(|endpoint| {
                    endpoint.shape == Shape::Fields
                        || (sees_people && is_sight(endpoint))
                        || (names_a_type && endpoint.id.as_str() == "time-off-policy-types")
                })
        };
        let probes = self.probes.iter().filter(|probe| probe.purpose != Purpose::Write).filter(kept).cloned();
        Self { probes: probes.collect(), ..self.clone() }
    }

    /// Whether the plan holds anything that writes.
    pub fn writes(&self) -> bool {
        self.probes.iter().any(|probe| probe.purpose == Purpose::Write)
    }

    /// Whether a policy wants to know a permission, and not only the sweep for excess.
    pub fn wants(&self, id: &PermissionId) -> bool {
        self.wanted.contains(id) || self.patterns.iter().any(|boxes| boxes.takes(id))
    }

    /// The probe of an endpoint, if the plan holds it.
    pub fn probe(&self, endpoint: &str) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.endpoint.as_str() == endpoint)
    }

    /// How many requests a run sends at the least, when nothing is refused.
    pub fn at_least(&self) -> u32 {
        self.probes.iter().map(|probe| probe.at_least).sum()
    }
}

/// What the policies point at; a section stands for its boxes that change nothing, and what only the tenant
/// can tell for a box of the same kind, so that the requests that show it are made.
fn wanted(policies: &[Policy], catalogue: &Catalogue) -> BTreeSet<PermissionId> {
    let category = |action| PermissionId::category(OF_THE_TENANT, action);
    let of_target = |target: &Target, policy: &Policy| match target {
        Target::Permission(id) => vec![id.clone()],
        Target::Section(id) => candidates(catalogue, id),
        Target::Named { name, action } => {
            let action = if action.as_deref() == Some("history") { Action::History } else { Action::View };
            let built_in = categories_named(catalogue, policy, name);
            built_in
                .into_iter()
                .map(|id| PermissionId::category(&id, action))
                .chain([category(action)])
                .collect()
        }
        Target::Own(boxes) => {
            let docs = ["view", "upload", "delete"].map(|action| format!("docs/{OF_THE_TENANT}/{action}"));
            [Action::View, Action::History, Action::Edit]
                .into_iter()
                .flat_map(|action| [category(action), PermissionId::field(OF_THE_TENANT, action)])
                .chain(docs.iter().filter_map(|id| PermissionId::parse(id).ok()))
                .filter(|id| boxes.pattern.may_fit(id))
                .collect()
        }
        Target::Field { field, action } => {
            // Only a write to its section shows a right to edit it.
            let section = [*action].into_iter().filter(|action| *action == Action::Edit).flat_map(|action| {
                let of_section = match &field.section {
                    Some(Section::Id(id)) => {
                        id.section().strip_prefix("people/").map(str::to_owned).into_iter().collect()
                    }
                    Some(Section::Named(name)) => categories_named(catalogue, policy, name),
                    None => {
                        builtin::find(&field.name).map(|known| known.section.clone()).into_iter().collect()
                    }
                };
                of_section.into_iter().map(move |section| PermissionId::category(&section, action))
            });
            section.chain([PermissionId::field(&field.name, *action)]).collect()
        }
        Target::Table { action, .. } => vec![category(*action)],
        Target::NotOnly(statuses) => catalogue
            .statuses()
            .iter()
            .filter(|status| !statuses.contains(&status.id.as_str()))
            .map(|status| PermissionId::population(&status.id))
            .collect(),
        Target::HeadCount(_)
        | Target::Printed { .. }
        | Target::Unresolved { .. }
        | Target::ListNotKnown { .. } => Vec::new(),
    };
    policies
        .iter()
        .flat_map(|policy| policy.requirements.iter().map(move |requirement| (policy, requirement)))
        .flat_map(|(policy, requirement)| of_target(&requirement.target, policy))
        .collect()
}

/// Whether an id stands for whatever a tenant made itself, and for no box.
pub fn is_stand_in(id: &PermissionId) -> bool {
    id.section().rsplit('/').next() == Some(OF_THE_TENANT)
}

/// Stands for whatever section a tenant made itself.
const OF_THE_TENANT: &str = "category_0";

/// The built-in categories that a name on the screen may mean.
fn categories_named(catalogue: &Catalogue, policy: &Policy, name: &str) -> Vec<String> {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let renamed = policy.renamed.iter().filter(|(shown, _)| same(shown)).map(|(_, id)| id.clone());
    let known = catalogue.categories().iter();
    let known = known.filter(|known| same(&known.name) || known.also.iter().any(|also| same(also)));
    renamed.chain(known.map(|known| known.id.clone())).collect()
}

fn wants_to_count(policies: &[Policy]) -> bool {
    let requirements = policies.iter().flat_map(|policy| &policy.requirements);
    requirements.into_iter().any(|requirement| matches!(requirement.target, Target::HeadCount(_)))
}

/// The boxes that a section named without a box can mean: none that adds, edits, deletes or manages.
pub fn candidates(catalogue: &Catalogue, section: &PermissionId) -> Vec<PermissionId> {
    catalogue
        .boxes_of(section.section())
        .map(|permission| permission.id.clone())
        .filter(|id| !id.is_write())
        .collect()
}

/// Whether an endpoint helps to settle a permission.
fn needs(catalogue: &Catalogue, endpoint: &Endpoint, id: &PermissionId) -> bool {
    let described = catalogue.describe(id);
    match &described.witnessed {
        Witnessed::Endpoint(witness) => {
            let asked = catalogue.endpoint(&witness.endpoint);
            let before = asked.and_then(|asked| asked.after.as_ref());
            let of_people = asked.is_some_and(|asked| asked.needs != Needs::None);
            witness.standing == Standing::Confirmed
                && (witness.endpoint == endpoint.id
                    || before == Some(&endpoint.id)
                    || (endpoint.shape == Shape::People && of_people))
        }
        Witnessed::Population => endpoint.shape == Shape::People || endpoint.id.as_str() == "bulk-lifecycle",
        // Only a sensitive field that may be read shows an Edit right, and only in some tenants.
        Witnessed::Unseen(unseen) if unseen.why == UnseenWhy::Write => {
            let shown = id
                .as_category()
                .and_then(|(category, _)| catalogue.category(category))
                .is_some_and(|category| category.sensitive_fields);
            shown && matches!(endpoint.shape, Shape::People | Shape::Sample)
        }
        // A box that is unseen now may be a section of this very tenant, found by its name.
        Witnessed::Unseen(_) => {
            id.as_category().is_some_and(|(category, _)| catalogue.is_category(category))
                && matches!(endpoint.shape, Shape::People | Shape::Sample)
        }
        Witnessed::Category => match endpoint.shape {
            Shape::People | Shape::Sample => true,
            Shape::Table => match (id.as_category(), id.as_field()) {
                (Some((category, _)), _) => match catalogue.category(category) {
                    Some(known) => known.tables.iter().any(|table| table.endpoint == endpoint.id),
                    None => endpoint.id.as_str() == "custom-table",
                },
                // A table calls its columns withheld where the field alone would only be absent.
                (None, Some((field, _))) => {
                    let mut tables = catalogue.categories().iter().flat_map(|category| &category.tables);
                    tables.any(|table| table.endpoint == endpoint.id && table.may_show(field))
                }
                (None, None) => false,
            },
            Shape::CustomTables => {
                id.as_category().is_some_and(|(category, _)| !catalogue.is_category(category))
            }
            _ => false,
        },
    }
}

fn times(endpoint: &Endpoint) -> (u32, u32, Option<&'static str>) {
    match (endpoint.shape, endpoint.id.as_str()) {
        (Shape::Fields, _) => (
            1,
            MOST_CANARIES,
            Some("once; and again after refusals that no other question vouches for which needs no right"),
        ),
        (Shape::Sample, "people-search") => (1, MOST_CHUNKS, Some("once for every 400 fields")),
        (Shape::Sample, "people-search-again") => {
            (0, MOST_CHUNKS, Some("only for fields that stayed absent for the first sample"))
        }
        (Shape::Sample, _) => (0, MOST_CHUNKS, Some("only where people come back without an id")),
        (Shape::Table, "custom-table") => (
            0,
            MOST_CUSTOM_TABLES * MOST_PERSONS,
            Some(
                "for sections whose fields say nothing, or whose past a policy asks for; another person of each audience if refused",
            ),
        ),
        (Shape::Table, "bulk-right-to-work") => (0, 1, Some("only if the fields of its section say nothing")),
        (Shape::Table, "person-equities") => (
            0,
            MOST_PERSONS,
            Some("only if bulk-equities gave no verdict; another person of each audience if refused"),
        ),
        (Shape::Table, _) if endpoint.needs == Needs::Person => {
            (1, MOST_PERSONS, Some("another person of each audience if refused"))
        }
        (Shape::List | Shape::Answer, _) if endpoint.needs == Needs::Person => {
            (1, MOST_PERSONS, Some("another person of each audience if there was nothing to see"))
        }
        _ if endpoint.after.is_some() => (0, 1, Some("only if the one before came back with something")),
        _ => (1, 1, None),
    }
}

/// The order in which a run asks, within one purpose: the catalogue's own order.
fn rank(catalogue: &Catalogue, endpoint: &EndpointId) -> usize {
    catalogue.endpoints().position(|known| known.id == *endpoint).unwrap_or(usize::MAX)
}

/// What the policies point at among the fields and sections of a tenant.
fn pointed(policies: &[Policy], wanted: &BTreeSet<PermissionId>) -> Pointed {
    let mut pointed = Pointed::default();
    for id in wanted {
        if let Some((category, _)) = id.as_category() {
            pointed.categories.insert(category.to_owned());
        }
        if let Some((field, _)) = id.as_field() {
            pointed.fields.insert(field.to_owned());
        }
    }
    for requirement in policies.iter().flat_map(|policy| &policy.requirements) {
        match &requirement.target {
            Target::Named { name, .. }
            | Target::Field { field: Field { name, .. }, .. }
            | Target::Table { name, .. } => {
                pointed.names.insert(name.to_lowercase());
            }
            Target::Own(boxes) => pointed.patterns.push(boxes.clone()),
            _ => {}
        }
    }
    pointed
}

/// Who or what can show an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checkable {
    /// A read of the API.
    Api,
    /// Only a write.
    Write,
    /// Only the screen.
    Screen,
    /// Only the integrator.
    Integrator,
}

/// Who or what can show what a requirement points at, known before anything is asked.
///
/// `classic` says that the operator vouches for category-level permissions, where a readable sensitive
/// field shows an Edit right.
pub fn checkable(catalogue: &Catalogue, target: &Target, classic: bool) -> Checkable {
    match target {
        Target::Section(section) => {
            let boxes = candidates(catalogue, section);
            let any = boxes.iter().any(|id| checkable_permission(catalogue, id, classic) == Checkable::Api);
            if any { Checkable::Api } else { Checkable::Integrator }
        }
        Target::Permission(id) => checkable_permission(catalogue, id, classic),
        Target::Named { action, .. } => match action.as_deref() {
            Some("view") => Checkable::Api,
            Some("edit" | "upload" | "delete") => Checkable::Write,
            Some(_) => Checkable::Screen,
            None => Checkable::Integrator,
        },
        Target::Own(boxes) => match boxes.pattern.as_str().rsplit('/').next() {
            Some("edit" | "upload" | "delete") => Checkable::Write,
            Some("history") => Checkable::Screen,
            _ => Checkable::Api,
        },
        Target::Table { action: Action::History, .. } | Target::Printed { .. } => Checkable::Screen,
        Target::Table { action: Action::Edit, .. } => Checkable::Write,
        Target::Field { field, action } => {
            checkable_permission(catalogue, &PermissionId::field(&field.name, *action), classic)
        }
        Target::Table { .. } | Target::HeadCount(_) | Target::NotOnly(_) => Checkable::Api,
        Target::Unresolved { .. } | Target::ListNotKnown { .. } => Checkable::Integrator,
    }
}

/// Who or what can show one permission.
pub fn checkable_permission(catalogue: &Catalogue, id: &PermissionId, classic: bool) -> Checkable {
    let described = catalogue.describe(id);
    let category =
        id.as_category().and_then(|(category, action)| Some((catalogue.category(category)?, action)));
    match (&described.witnessed, category) {
        (Witnessed::Category, Some((known, Action::History))) => {
            let shown = known
                .tables
                .iter()
                .any(|table| table.old_rows == crate::catalogue::rows::OldRows::NeedHistory);
            if shown { Checkable::Api } else { Checkable::Screen }
        }
        (Witnessed::Category, None)
            if id.as_category().is_some_and(|(_, action)| action == Action::History) =>
        {
            Checkable::Screen
        }
        (Witnessed::Category, None) if id.as_field().is_some_and(|(_, action)| action == Action::Edit) => {
            Checkable::Write
        }
        (Witnessed::Category | Witnessed::Population, _) => Checkable::Api,
        (Witnessed::Endpoint(witness), _) => match witness.standing {
            // Whether an answer says of which kind its items are, and holds any of this one, is luck.
            Standing::Confirmed if witness.mark.is_some() => Checkable::Screen,
            Standing::Confirmed => Checkable::Api,
            Standing::Inferred => Checkable::Screen,
        },
        (Witnessed::Unseen(unseen), category) => match unseen.why {
            UnseenWhy::Write if classic && category.is_some_and(|(known, _)| known.sensitive_fields) => {
                Checkable::Api
            }
            UnseenWhy::Write => Checkable::Write,
            UnseenWhy::Never => Checkable::Screen,
        },
    }
}
