//! What to ask: the smallest set of requests that witnesses what must be known, required ones first.
//!
//! The plan is drawn before any credential exists, and it is the only door: the client refuses to send
//! what it does not hold.

mod checkable;
mod fields;
mod request;
mod wanted;

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, EndpointId, PermissionId};
use crate::catalogue::rows::{Endpoint, Needs, Shape};
use crate::policy::{OwnBoxes, Policy};

pub use checkable::{Checkable, checkable, checkable_permission};
pub use fields::{FieldScope, Pointed};
pub use request::{Request, Slots};
pub use wanted::{candidates, is_stand_in};
use {
    fields::pointed,
    wanted::{is_sight, needs, wanted, wants_to_count},
};

/// How many people are tried before a table of one person counts as refused.
pub const PERSONS_TRIED: usize = 4;
/// The same, as a number of requests.
const MOST_PERSONS: u32 = PERSONS_TRIED as u32;
/// How many fields one search may ask for, beside the id of each person: HiBob takes 400.
pub const FIELDS_A_SEARCH: usize = 399;
/// How many people a write is tried with before a right to edit counts as missing.
pub const PERSONS_WRITTEN: usize = 6;
/// How many writes of one kind a plan allows for.
const MOST_WRITES: u32 = 100;
const MOST_PERSONS_WRITTEN: u32 = PERSONS_WRITTEN as u32;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole catalogue, so that excess is seen too.
    Full,
    /// Only what the policies need.
    Policy,
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
    pub when: Option<String>,
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
                    && matches!(endpoint.shape, Shape::CustomTables | Shape::OwnTable | Shape::Folders);
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
                probe.when = Some("once; one open table again for the people named with --known".to_owned());
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
        let probe = |endpoint: &EndpointId, witnesses, at_most, when: &str| Probe {
            endpoint: endpoint.clone(),
            purpose: Purpose::Write,
            witnesses,
            at_least: 0,
            at_most,
            when: Some(when.to_owned()),
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
        let sees_people = of_chosen(&|endpoint| endpoint.needs != Needs::None || is_sight(endpoint));
        // A balance is asked for by the name of a policy type.
        let is_hung_on = |endpoint: &Endpoint| {
            let slot = endpoint.names.as_ref().map(|slot| format!("{{{slot}}}"));
            slot.is_some_and(|slot| of_chosen(&|chosen| chosen.query.values().any(|value| *value == slot)))
        };
        let kept = |probe: &&Probe| {
            chosen.contains(&probe.endpoint)
                || endpoint(probe).is_some_and(|endpoint| {
                    endpoint.shape == Shape::Fields
                        || (sees_people && is_sight(endpoint))
                        || is_hung_on(endpoint)
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

/// How often an endpoint may be asked, and when.
fn times(endpoint: &Endpoint) -> (u32, u32, Option<String>) {
    let of_a_person = endpoint.needs == Needs::Person;
    let only = endpoint.only.as_ref().map(|only| format!("only {only}"));
    let another = of_a_person.then(|| {
        let again = match endpoint.shape {
            Shape::List | Shape::Answer => "if there was nothing to see",
            _ => "if refused",
        };
        format!("another person of each audience {again}")
    });
    let when: Vec<String> = [only, endpoint.repeats.clone(), another].into_iter().flatten().collect();
    let at_most = endpoint.at_most.unwrap_or(if of_a_person { MOST_PERSONS } else { 1 });
    (u32::from(endpoint.only.is_none()), at_most, (!when.is_empty()).then(|| when.join("; ")))
}

/// The order in which a run asks, within one purpose: the catalogue's own order.
fn rank(catalogue: &Catalogue, endpoint: &EndpointId) -> usize {
    catalogue.endpoints().position(|known| known.id == *endpoint).unwrap_or(usize::MAX)
}
