//! A word, or a sign, for each value that a report may hold.

use crate::report::bins::Kind;
use crate::report::map::Standing;
use crate::report::{
    KnownBy, Need, NoticeKind, Omission, Outcome, PermissionModel, Role, Scope, Sensitivity, Status,
    Strength, VerdictWord,
};

/// Who does something.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::HibobAdmin => "HiBob admin",
        Role::Integrator => "integrator",
        Role::Operator => "you",
    }
}

/// The result as the first word of a report.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Satisfied => "SATISFIED",
        Outcome::Gaps => "GAPS",
        Outcome::Inconclusive => "INCONCLUSIVE",
        Outcome::NoVerdict => "NO VERDICT",
    }
}

/// A status in words.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Satisfied => "as wanted",
        Status::Missing => "missing",
        Status::Excess => "in excess",
        Status::Unverified => "unverified",
        Status::Waived => "accepted",
        Status::Attested => "seen on the screen",
        Status::OptionalMissing => "optional, not there",
    }
}

/// A status as one sign, for those who cannot tell its colour.
pub fn mark(status: Status) -> &'static str {
    match status {
        Status::Satisfied => "✓",
        Status::Missing => "✗",
        Status::Excess => "+",
        Status::Unverified => "?",
        Status::Waived | Status::Attested => "=",
        Status::OptionalMissing => "–",
    }
}

/// What a bin is for.
pub(in crate::report) fn bin(kind: Kind) -> &'static str {
    match kind {
        Kind::ToDo => "To do",
        Kind::ToVerify => "To verify",
        Kind::InOrder => "In order",
    }
}

/// How a box stands, as one sign and in words.
pub(in crate::report) fn standing(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Missing => ("✗", "missing"),
        Standing::Excess => ("+", "held and not wanted"),
        Standing::Unverified => ("?", "asked for, not verified"),
        Standing::Decided => ("=", "decided by a person"),
        Standing::Wanted => ("✓", "held, as wanted"),
        Standing::Spared => ("○", "not held, as wanted"),
        Standing::Held => ("•", "held, nobody asked for it"),
        Standing::Absent => ("–", "not held, not needed"),
        Standing::Open => ("·", "not known, not asked for"),
    }
}

/// A verdict in words.
pub fn verdict(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Granted => "granted",
        VerdictWord::Denied => "denied",
        VerdictWord::Unknown => "unknown",
    }
}

/// How much something is wanted.
pub fn need(need: Need) -> &'static str {
    match need {
        Need::Required => "required",
        Need::Optional => "optional",
        Need::Forbidden => "forbidden",
        Need::NotNeeded => "not asked for",
    }
}

/// How sure a verdict is.
pub fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => "weak",
        Strength::Strong => "strong",
        Strength::Conclusive => "conclusive",
    }
}

/// How much was asked.
pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Full => "everything that the catalogue knows",
        Scope::Policy => "only what the policies need",
    }
}

/// How much harm a right can do in wrong hands.
pub fn sensitivity(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Normal => "normal",
        Sensitivity::High => "sensitive",
    }
}

/// How a rule is known.
pub fn known_by(known_by: KnownBy) -> &'static str {
    match known_by {
        KnownBy::Observed => "seen on a live tenant",
        KnownBy::Documented => "documented by HiBob",
        KnownBy::Inferred => "inferred",
    }
}

/// What this tenant showed about fields that are withheld.
pub fn omission(omission: Omission) -> &'static str {
    match omission {
        Omission::Confirmed => {
            "a field known to be withheld was left out here, so an absent field means a missing right"
        }
        Omission::Contradicted => {
            "a field known to be withheld came back empty here, so silence proves nothing in this tenant"
        }
        Omission::Open => {
            "no field was known to be withheld, so what is read from silence rests on HiBob's word that such \
             fields are left out"
        }
    }
}

/// How rights are given in this tenant.
pub fn permission_model(model: PermissionModel) -> &'static str {
    match model {
        PermissionModel::Category => "rights are given by category, as the operator said",
        PermissionModel::Field => "rights are given field by field",
        PermissionModel::Undetermined => "nothing shows whether rights are given by category or by field",
    }
}

/// What is the matter with a decision, in one word.
pub fn notice(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Contradicted => "wrong",
        NoticeKind::Expired => "ended",
        NoticeKind::Expires => "ends",
        NoticeKind::Unused => "unused",
        NoticeKind::NotNeeded => "idle",
    }
}
