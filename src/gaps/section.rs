//! A section whose box is not named: settled only where every box that it can mean agrees.

use std::collections::BTreeSet;

use crate::access::{Absent, Access, Doubt, Finding, Strength, Verdict};
use crate::catalogue::Catalogue;
use crate::catalogue::id::PermissionId;
use crate::catalogue::rows::KnownBy;
use crate::plan::{Checkable, checkable_permission};

/// Every box of a section, of HiBob's and of the tenant's own.
pub(super) fn boxes(
    section: &PermissionId,
    access: &Access,
    catalogue: &Catalogue,
) -> BTreeSet<PermissionId> {
    let listed = catalogue.boxes_of(section.section()).map(|permission| permission.id.clone());
    let found = access.findings().map(|(id, _)| id).filter(|id| id.section() == section.section());
    listed.chain(found.cloned()).collect()
}

/// The boxes that a section named without a box can mean: none that adds, edits, deletes or manages.
pub(super) fn candidates(
    section: &PermissionId,
    access: &Access,
    catalogue: &Catalogue,
) -> Vec<PermissionId> {
    boxes(section, access, catalogue).into_iter().filter(|id| !id.is_write()).collect()
}

pub(super) fn finding(
    section: &PermissionId,
    access: &Access,
    catalogue: &Catalogue,
    classic: bool,
) -> Finding {
    let all = boxes(section, access, catalogue);
    let labels = |only: &dyn Fn(&PermissionId) -> bool| {
        let labels: Vec<String> =
            all.iter().filter(|id| only(id)).map(|id| format!("\"{}\"", catalogue.label(id))).collect();
        labels.join(" and ")
    };
    if all.is_empty() {
        return Finding::not_in_tenant(Absent::Section, "this tenant has no such section");
    }
    let boxes: Vec<&PermissionId> = all.iter().filter(|id| !id.is_write()).collect();
    if boxes.is_empty() {
        let all = labels(&|_| true);
        return Finding::unknown(
            Doubt::BoxNotNamed,
            format!(
                "the guide names a section and no box, and the section holds only {all}: tick none of them yet"
            ),
        );
    }
    let findings: Vec<Finding> = boxes.iter().map(|id| access.of(id)).collect();
    let evidence: Vec<(String, String)> =
        findings.iter().flat_map(|finding| finding.evidence.clone()).collect();
    let named = labels(&|id| !id.is_write());
    let strengths = |wanted: fn(Verdict) -> Option<Strength>| -> Option<Strength> {
        findings.iter().map(|finding| wanted(finding.verdict)).collect::<Option<Vec<_>>>()?.into_iter().min()
    };
    let granted =
        strengths(|verdict| if let Verdict::Granted(strength) = verdict { Some(strength) } else { None });
    let denied =
        strengths(|verdict| if let Verdict::Denied(strength) = verdict { Some(strength) } else { None });
    let mut finding = match (granted, denied) {
        (Some(strength), _) => Finding::of(
            Verdict::Granted(strength),
            "section-granted",
            KnownBy::Inferred,
            format!("the guide names no box; what it can mean is granted: {named}"),
        ),
        (_, Some(strength)) => Finding::of(
            Verdict::Denied(strength),
            "section-denied",
            KnownBy::Inferred,
            format!("the guide names no box; whatever it means is denied: {named}"),
        ),
        _ => match (boxes.as_slice(), findings.first()) {
            ([only], Some(first)) if checkable_permission(catalogue, only, classic) == Checkable::Api => {
                return first.clone();
            }
            _ => Finding::unknown(
                Doubt::BoxNotNamed,
                format!("the guide names a section and no box; it can mean {named}"),
            ),
        },
    };
    finding.evidence = evidence;
    finding
}
