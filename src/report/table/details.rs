//! What stands below an item, whichever part of the report the item is in.

use crate::report::page::Page;
use crate::report::{Item, words};

pub(super) fn strength(item: &Item) -> String {
    item.strength.map_or_else(String::new, |strength| words::strength(strength).to_owned())
}

pub(super) fn partial(page: &mut Page, item: &Item) {
    let Some(partial) = &item.partial else { return };
    let most = if page.settings.verbose { usize::MAX - 1 } else { 6 };
    let mut parts = vec![format!("{} granted", partial.granted)];
    if !partial.denied.is_empty() {
        parts.push(format!("denied: {}", words::list_some(&partial.denied, most)));
    }
    if !partial.silent.is_empty() {
        parts.push(format!("silent: {}", words::list_some(&partial.silent, most)));
    }
    page.detail("fields", &parts.join("; "), "");
}
