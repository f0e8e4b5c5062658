//! Lists the words by which a policy says what a product reads, and the boxes that open it.

use super::output::hang;
use crate::catalogue::Catalogue;
use crate::catalogue::reads::{self, Read, ReadKind};

/// The list, as `audit catalogue resources` prints it.
pub(super) fn list() -> String {
    let mut text = String::new();
    hang(
        &mut text,
        0,
        "",
        "Tables, for `table:` under `needs`; a table of the customer's own goes by its name.",
    );
    reads::all(ReadKind::Table).for_each(|read| line(&mut text, read));
    text.push('\n');
    hang(
        &mut text,
        0,
        "",
        "Columns, for `columns:` beside `table:`; a column of the customer's own goes by the id of its field.",
    );
    for table in reads::tables_with_columns(Catalogue::embedded()) {
        let columns = reads::columns_of(table, Catalogue::embedded());
        hang(&mut text, 2, &format!("{table:<26} "), &columns.join(", "));
    }
    text.push('\n');
    hang(&mut text, 0, "", "Resources, for `resource:` under `needs`.");
    reads::all(ReadKind::Resource).for_each(|read| line(&mut text, read));
    text
}

fn line(text: &mut String, read: &Read) {
    let ids = |ids: &[crate::catalogue::id::PermissionId]| {
        ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" and ")
    };
    let mut words = ids(&read.now);
    if !read.past.is_empty() {
        words.push_str(&format!("; with `rows: all` also {}", ids(&read.past)));
    }
    if let Some(asks) = &read.asks {
        words = format!("{asks}: {words}");
    }
    hang(text, 2, &format!("{:<26} ", read.name), &words);
}
