//! The canonical set of requirements, in which no permission stands twice and none says two things.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Validator;
use super::oddities::is_wanted;
use crate::catalogue::id::PermissionId;
use crate::policy::{Need, Remark, Requirement, Target};
use crate::source::clean::clean;
use crate::source::problems::Problem;

/// The requirements so far, and where each permission was first asked for.
#[derive(Default)]
pub(super) struct Folded {
    pub(super) requirements: Vec<(Requirement, Range<usize>)>,
    by_permission: BTreeMap<PermissionId, usize>,
    by_label: BTreeMap<(String, Need, &'static str), usize>,
    pub(super) remarks: Vec<Remark>,
}

impl Validator<'_> {
    /// Adds a requirement to the canonical set, in which no permission stands twice.
    pub(super) fn fold(&mut self, new: Requirement, span: Range<usize>) {
        let folded = &mut self.folded;
        let next = folded.requirements.len();
        let at = match &new.target {
            Target::Permission(id) | Target::Section(id) => {
                *folded.by_permission.entry(id.clone()).or_insert(next)
            }
            Target::Unresolved { .. } => {
                *folded.by_label.entry((new.label.clone(), new.need, "unresolved")).or_insert(next)
            }
            Target::ListNotKnown { .. } => {
                *folded.by_label.entry((new.label.clone(), new.need, "list")).or_insert(next)
            }
        };
        let Some((first, first_span)) = folded.requirements.get_mut(at) else {
            folded.requirements.push((new, span));
            return;
        };
        if is_wanted(first.need) != is_wanted(new.need) {
            let name = first.target.permission().map_or_else(|| first.label.clone(), ToString::to_string);
            let message = format!("policy `{}` contradicts itself about `{name}`", clean(&self.source.name));
            self.problems.push(
                Problem::error("contradiction", message, span)
                    .label(format!("{} here", need_word(new.need)))
                    .related(first_span.clone(), format!("{} here", need_word(first.need)))
                    .help("keep the one that is meant"),
            );
            return;
        }
        let text =
            format!("`{}` asks for what line {} asks for already", clean(&new.label), first.place.line);
        let (code, text) = if first.need == new.need {
            ("duplicate-line", text)
        } else {
            ("need-said-twice", format!("{text}, there as {}", need_word(first.need)))
        };
        folded.remarks.push(Remark { code, text, place: new.place });
        // The stronger need stands: required over optional, forbidden over not needed.
        first.need = first.need.min(new.need);
        first.breaks = first.breaks.take().or(new.breaks);
        first.repeats.push((new.label, new.place));
    }
}

fn need_word(need: Need) -> &'static str {
    match need {
        Need::Required => "required",
        Need::Optional => "optional",
        Need::Forbidden => "forbidden",
        Need::NotNeeded => "not needed",
    }
}
