//! Verdicts from single answers: endpoint witnesses, the population, and what nothing witnesses.

use crate::catalogue::Catalogue;
use crate::catalogue::id::PermissionId;
use crate::catalogue::rows::{Endpoint, Grants, KnownBy, Needs, Shape, Standing, Unseen, UnseenWhy, Witness};
use crate::evidence::{Evidence, Reply, Seen};

use super::{Doubt, Finding, STATUSES_WITHHELD, Strength, Verdict, counted};

/// What an answer amounts to when it is neither a 200 nor a refusal that may be believed.
pub trait DoubtOfAnswer {
    /// The doubt of an answer; none for a 200 and for a refusal that denies.
    fn doubt(&self, endpoint: &Endpoint) -> Option<Doubt>;
}

impl DoubtOfAnswer for Seen {
    fn doubt(&self, endpoint: &Endpoint) -> Option<Doubt> {
        Some(match self.reply {
            Reply::Answered => return None,
            Reply::Refused | Reply::RefusedWithoutReason if !self.believed => Doubt::Blocked,
            Reply::Refused => return None,
            Reply::RefusedWithoutReason if endpoint.module.is_some() => Doubt::RefusedWithoutReason,
            Reply::RefusedWithoutReason => return None,
            Reply::NotAsked => Doubt::NotTested,
            Reply::NotFound if endpoint.path.contains('{') => Doubt::NotFound,
            Reply::NotFound => Doubt::ModuleOff,
            Reply::BadRequest => Doubt::BadRequest,
            Reply::NotAnApiAnswer => Doubt::NotAnApiAnswer,
            Reply::Redirected => Doubt::Redirected,
            Reply::Throttled => Doubt::Throttled,
            Reply::Unavailable => Doubt::Unavailable,
            Reply::Timeout => Doubt::Timeout,
        })
    }
}

/// What an answer was, as a clause for the evidence.
pub(super) fn said(seen: Seen) -> String {
    let status = seen.status.map_or_else(String::new, |status| format!("{status}, "));
    let word = match seen.reply {
        Reply::NotAsked => "not asked",
        Reply::Answered => "answered",
        Reply::Refused => "refused",
        Reply::RefusedWithoutReason => "refused without a reason",
        Reply::NotFound => "not found",
        Reply::BadRequest => "called malformed",
        Reply::NotAnApiAnswer => "not an answer of the API",
        Reply::Redirected => "redirected",
        Reply::Throttled => "throttled",
        Reply::Unavailable => "unavailable",
        Reply::Timeout => "no answer in time",
    };
    format!("{status}{word}")
}

pub(super) fn doubt_in_words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Blocked => "it was refused, and so was a request that needs no right: a block, not an answer",
        Doubt::RefusedWithoutReason => "it was refused without a reason, which a module that is off does too",
        Doubt::ModuleOff => "the API does not know the path, which means that the module is off here",
        Doubt::NotFound => "the API knows no such person or table",
        Doubt::BadRequest => "the API called the request malformed",
        Doubt::NotAnApiAnswer => "what came back is not what this request is answered with",
        Doubt::Redirected => "the answer pointed elsewhere and was not followed",
        Doubt::Throttled => "the API throttled the request until the end",
        Doubt::Unavailable => "the API was not available",
        Doubt::Timeout => "no answer came in time",
        Doubt::NotTested => "it was not asked in this run",
        Doubt::Silence => "it was refused for those who can be asked about, and some come back without an id",
        _ => "there is no verdict",
    }
}

/// Why something was not asked that should have been.
const NO_ROOM: &str = "the requests of this run were used up, which are thirty for up to 400 fields";

/// Kinds of people of whom nobody was refused.
#[derive(Clone, Copy)]
pub(super) struct Left {
    /// How many.
    pub(super) kinds: u32,
    /// Whether there was no room to ask about them.
    no_room: bool,
}

impl Left {
    pub(super) fn of(evidence: &Evidence, endpoint_or_table: &str) -> Self {
        let no_room = evidence.no_room.contains(endpoint_or_table);
        Self { kinds: evidence.kinds_left(endpoint_or_table), no_room }
    }
}

/// Some were refused, and of other kinds of people nobody was: the right may be held for those.
pub(super) fn not_of_every_kind(left: Left) -> Finding {
    let kinds = counted(left.kinds, "other kind", "other kinds");
    let mut because =
        format!("those who were asked about were refused, and of {kinds} of people there is no answer");
    if left.no_room {
        because.push_str(", since ");
        because.push_str(NO_ROOM);
    }
    Finding::doubt(Doubt::NotTested, because)
}

/// It was not asked, because there was no room for it.
pub(super) fn no_room() -> Finding {
    Finding::doubt(Doubt::NotTested, format!("{}, since {NO_ROOM}", doubt_in_words(Doubt::NotTested)))
}

/// It was not asked: because it is asked only after another, which brought nothing, or for no reason of its own.
fn not_asked(evidence: &Evidence, endpoint: &Endpoint) -> Finding {
    let told = endpoint.after.as_ref().and_then(|first| {
        let list = evidence.answers.get(first)?;
        let came = match list.items {
            _ if list.seen.is_refusal() => "that was refused",
            Some(0) => "that brought nothing",
            _ => return None,
        };
        let because = format!("it is asked only where `{}` brings something, and {came}", first.as_str());
        Some(Finding::doubt(Doubt::NotTested, because).saw(first.as_str(), said(list.seen)))
    });
    told.unwrap_or_else(|| Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested)))
}

/// The strength of a refusal: one that says why is conclusive.
pub(super) fn refusal_strength(seen: Seen) -> Strength {
    if seen.reply == Reply::Refused { Strength::Conclusive } else { Strength::Strong }
}

/// Nobody can be seen: both causes are named.
pub(super) fn nobody_visible(evidence: &Evidence) -> Finding {
    Finding::doubt(
        Doubt::NobodyVisible,
        "nobody is visible: either no people are in the group's audience, or none of the boxes Basic info, \
         About, Employment and Work is ticked",
    )
    .saw("people-ids", said(evidence.people.seen))
}

/// A permission that one endpoint shows.
pub(super) fn endpoint(catalogue: &Catalogue, evidence: &Evidence, witness: &Witness) -> Finding {
    if witness.standing == Standing::Inferred {
        return Finding::new(
            Verdict::Unknown(Doubt::MappingUnconfirmed),
            "mapping-unconfirmed",
            KnownBy::Inferred,
            "which endpoint this box opens is only inferred by our sources, so no answer would prove it",
        );
    }
    let Some(endpoint) = catalogue.endpoint(&witness.endpoint) else {
        return Finding::doubt(Doubt::NoWitness, "no endpoint shows it");
    };
    let Some(list) = evidence.answers.get(&witness.endpoint) else {
        if endpoint.needs != Needs::None && is_nobody_visible(evidence) {
            return nobody_visible(evidence);
        }
        if evidence.no_room.contains(witness.endpoint.as_str()) {
            return no_room();
        }
        return not_asked(evidence, endpoint);
    };
    let probe = witness.endpoint.as_str();
    if let Some(doubt) = list.seen.doubt(endpoint) {
        return Finding::doubt(doubt, doubt_in_words(doubt)).saw(probe, said(list.seen));
    }
    if list.seen.is_refusal() && !witness.refusal_denies {
        return Finding::doubt(
            Doubt::RefusedWithoutReason,
            "it was refused together with something else, and which of the two was meant is not said",
        )
        .saw(probe, said(list.seen));
    }
    if list.seen.is_refusal()
        && endpoint.needs == Needs::Person
        && evidence.people.with_id < evidence.people.visible
    {
        return Finding::doubt(Doubt::Silence, doubt_in_words(Doubt::Silence)).saw(probe, said(list.seen));
    }
    let left = Left::of(evidence, probe);
    if list.seen.is_refusal() && endpoint.needs == Needs::Person && left.kinds > 0 {
        return not_of_every_kind(left).saw(probe, said(list.seen));
    }
    if list.seen.is_refusal() {
        if endpoint.needs != Needs::None && is_nobody_visible(evidence) {
            return nobody_visible(evidence).saw(probe, said(list.seen));
        }
        let because = "the API refused it, and answered a request that needs no right right after";
        // Person by person is never everybody.
        let most = if endpoint.needs == Needs::Person { Strength::Strong } else { Strength::Conclusive };
        return Finding::new(
            Verdict::Denied(refusal_strength(list.seen).min(most)),
            "refused",
            witness.known_by,
            because,
        )
        .saw(probe, said(list.seen));
    }
    if endpoint.shape == Shape::List && list.items.is_none() {
        return Finding::doubt(Doubt::NotAnApiAnswer, doubt_in_words(Doubt::NotAnApiAnswer))
            .saw(probe, said(list.seen));
    }
    let items = match &witness.mark {
        Some(mark) => list.marks.get(mark).copied().unwrap_or(0),
        None => list.items.unwrap_or(0),
    };
    if let (0, Some(mark), Some(others @ 1..)) = (items, &witness.mark, list.items) {
        let key = mark.split('=').next().unwrap_or_default();
        let says_its_kind = list.marks.keys().any(|seen| seen.split('=').next() == Some(key));
        let (doubt, because) = if says_its_kind {
            (Doubt::Empty, "items came back, and none of this kind; whether there is any cannot be seen")
        } else {
            (Doubt::MappingUnconfirmed, "items came back, and the answer does not say of which kind they are")
        };
        return Finding::doubt(doubt, because)
            .saw(probe, format!("{}, {}", said(list.seen), counted(others, "item", "items")));
    }
    let saw = match list.items {
        Some(items) => format!("{}, {}", said(list.seen), counted(items, "item", "items")),
        None => said(list.seen),
    };
    match witness.grants {
        Grants::Answer => Finding::new(
            Verdict::Granted(Strength::Conclusive),
            "answered",
            witness.known_by,
            "the API answered it",
        ),
        Grants::Items if items > 0 => {
            let because = format!("{} came back", counted(items, "item", "items"));
            Finding::new(Verdict::Granted(Strength::Conclusive), "items-seen", witness.known_by, because)
        }
        Grants::Items => {
            Finding::doubt(Doubt::Empty, "an empty list came back, which may also come without the right")
        }
    }
    .saw(probe, saw)
}

/// Whether the search was answered (or refused) and showed nobody.
pub(super) fn is_nobody_visible(evidence: &Evidence) -> bool {
    let seen = evidence.people.seen;
    evidence.people.visible == 0 && (seen.reply == Reply::Answered || (seen.is_refusal() && seen.believed))
}

/// People in one lifecycle status.
pub(super) fn population(evidence: &Evidence, id: &PermissionId) -> Finding {
    let status = id.as_population().unwrap_or_default();
    if is_nobody_visible(evidence) {
        return nobody_visible(evidence);
    }
    let seen = evidence.people.statuses.get(status).copied().unwrap_or(0);
    let granted = |count: u32, probe: &str| {
        let because = format!("{} in this lifecycle status came back", counted(count, "person", "people"));
        Finding::new(Verdict::Granted(Strength::Conclusive), "people-seen", KnownBy::Documented, because)
            .saw(probe, counted(count, "person", "people"))
    };
    if seen > 0 {
        return granted(seen, "people-ids");
    }
    for (endpoint, looks) in &evidence.tables {
        let count: u32 =
            looks.iter().filter_map(|look| look.statuses.get(status)).copied().fold(0, u32::saturating_add);
        if count > 0 {
            return granted(count, endpoint.as_str());
        }
    }
    let named = evidence.people.known.get(status).copied().unwrap_or_default();
    if named.visible > 0 {
        return granted(named.visible, "people-ids");
    }
    if named.outside > 0 {
        let because = format!(
            "the API calls {} who was named as being in this status outside the audience",
            counted(named.outside, "person", "people")
        );
        return Finding::new(
            Verdict::Denied(Strength::Conclusive),
            "known-person-outside",
            KnownBy::Documented,
            because,
        )
        .saw("known-people", format!("{} MISSING_PERMISSION", named.outside));
    }
    if evidence.people.seen.reply == Reply::NotAsked {
        return Finding::doubt(Doubt::NotTested, doubt_in_words(Doubt::NotTested));
    }
    let because = if evidence.people.statuses.is_empty() {
        "lifecycle statuses may not be read, so nobody's status is known".to_owned()
    } else {
        "nobody in this lifecycle status came back; whether there is anybody cannot be seen".to_owned()
    };
    let rule =
        if evidence.people.statuses.is_empty() { STATUSES_WITHHELD } else { Doubt::NobodySeen.as_str() };
    Finding { rule, ..Finding::doubt(Doubt::NobodySeen, because) }.saw(
        "people-ids",
        format!(
            "{} visible, none known to be in this status",
            counted(evidence.people.visible, "person", "people")
        ),
    )
}

/// What nothing witnesses, or nothing yet.
pub(super) fn unseen(unseen: &Unseen) -> Finding {
    let doubt = match unseen.why {
        UnseenWhy::Never => Doubt::NoWitness,
        UnseenWhy::Write => Doubt::NotTested,
    };
    Finding::doubt(doubt, unseen.reason.clone())
}
