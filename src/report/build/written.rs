//! What the report says of writes: whether anything is not as it was, and what HiBob should not have said.

use crate::evidence::Evidence;
use crate::evidence::writes::{After, Fate};
use crate::report::ReadBack;

/// What writes were aimed at, read back; none where nothing was written.
pub(super) fn read_back(evidence: &Evidence) -> Option<ReadBack> {
    let answers = evidence.trials.iter().flat_map(|trial| &trial.answers);
    let compared = answers.map(|told| match (told.after, told.fate) {
        (After::Same, _) => ReadBack::Same,
        (After::Changed, _) | (After::NotReadable, Fate::Taken) => ReadBack::Changed,
        (After::NotReadable, _) => ReadBack::AsFarAsReadable,
    });
    compared.max()
}

/// A write that HiBob says it took although there was nothing to store, and stored nothing of.
pub(super) fn note(evidence: &Evidence) -> Option<String> {
    evidence.trials.iter().find_map(|trial| {
        let told = trial.answers.iter().find(|told| told.fate == Fate::Taken && told.after == After::Same)?;
        let aim = match &trial.field {
            Some(field) => format!("an impossible value for the field {field} of person {}", told.person),
            None => format!("the deletion of an entry that person {} does not have", told.person),
        };
        let status = told.seen.status.unwrap_or_default();
        Some(format!(
            "HiBob answered {status} to {aim}; it was read back as it was, and no further write was sent"
        ))
    })
}
