//! Boxes that one line of a policy asks for in many sections, told as one.

use super::{At, FixAction, Item, Need, Role, words};

/// From how many boxes on they are told as one.
pub(super) const MANY: usize = 4;

/// What items to look at have in common that one line asks for, each of another section.
#[derive(PartialEq, Eq)]
pub(super) struct Alike<'i> {
    /// What each is called, without its section.
    label: String,
    /// Where they are asked for.
    pub(super) at: &'i At,
    pub(super) need: Need,
    /// Why there is no verdict.
    pub(super) because: &'i str,
    /// The way, but for its last step.
    pub(super) way: &'i [String],
}

pub(super) fn alike(item: &Item) -> Option<Alike<'_>> {
    let fix =
        item.fix.as_ref().filter(|fix| fix.action == FixAction::Look && fix.role == Role::HibobAdmin)?;
    let (last, way) = fix.path.split_last()?;
    let label = item.label.replacen(&format!(" {last} "), " ", 1);
    let says_no_more = item.partial.is_none() && !item.tolerated && item.breaks.is_none();
    let (at, need, because) = (item.at.as_ref()?, item.need, item.because.as_str());
    (label != item.label && says_no_more).then_some(Alike { label, at, need, because, way })
}

/// "Edit selected employees' sections, 4 boxes: About, Home, Payroll, Work".
pub(super) fn folded(items: &[&Item]) -> String {
    let label = items.first().and_then(|first| alike(first)).map_or_else(String::new, |alike| alike.label);
    let names: Vec<&str> =
        items.iter().filter_map(|item| item.fix.as_ref()?.path.last()).map(String::as_str).collect();
    format!("{label}, {}: {}", words::count(items.len(), "box", "boxes"), names.join(", "))
}
