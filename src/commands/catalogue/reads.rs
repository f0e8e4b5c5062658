//! Lists what a product can say that it reads: fields, tables and resources, and the boxes that open them.

use crate::catalogue::Catalogue;
use crate::catalogue::builtin::{self, BuiltIn};
use crate::catalogue::id::PermissionId;
use crate::catalogue::reads::{self, Read, ReadKind};
use crate::commands::output::hang;
use crate::error::Error;
use crate::source::clean::clean;

/// The lists that there are.
pub(super) const LISTS: [&str; 3] = ["fields", "tables", "resources"];

/// One of the lists, or what of it bears a word.
pub(super) fn list(name: &str, word: Option<&str>) -> Result<String, Error> {
    let word = word.map(str::to_lowercase);
    let bears = |texts: &[&str]| {
        word.as_ref().is_none_or(|word| texts.iter().any(|text| text.to_lowercase().contains(word)))
    };
    let mut text = String::new();
    let found = match name {
        "fields" => fields(&mut text, &bears),
        "tables" => tables(&mut text, &bears),
        _ => resources(&mut text, &bears),
    };
    match (found, word) {
        (false, Some(word)) => Err(Error::Conflict {
            what: format!("nothing in the list of {name} bears `{}`", clean(&word)),
            hint: format!("`audit catalogue {name}` is the whole list"),
        }),
        _ => Ok(text),
    }
}

/// The fields that HiBob ships, by the sections in which they stand.
fn fields(text: &mut String, bears: &dyn Fn(&[&str]) -> bool) -> bool {
    let fits = |field: &&BuiltIn| bears(&[&field.id, &field.name, &field.section, &field.section_name]);
    let found: Vec<&BuiltIn> = builtin::all().iter().filter(fits).collect();
    hang(
        text,
        0,
        "",
        "Fields that HiBob ships, for `field:` under `needs`, by the box that opens them where rights are given by \
         section. A company adds its own and moves these: HiBob tells any service user which it has, at GET \
         /company/people/fields. Where two fields bear one name, write the id.",
    );
    let mut sections: Vec<&str> = Vec::new();
    for field in &found {
        if !sections.contains(&field.section.as_str()) {
            sections.push(&field.section);
        }
    }
    for section in sections {
        let mut of_it = found.iter().filter(|field| field.section == section).peekable();
        if let Some(first) = of_it.peek() {
            text.push('\n');
            hang(text, 0, "", &format!("{} ({})", first.section_name, first.opened_by()));
        }
        of_it.for_each(|field| {
            hang(text, 2, &format!("{:<42} ", field.id), &format!("{} ({})", field.name, field.kind));
        });
    }
    !found.is_empty()
}

fn tables(text: &mut String, bears: &dyn Fn(&[&str]) -> bool) -> bool {
    let catalogue = Catalogue::embedded();
    hang(text, 0, "", "Tables, for `table:` under `needs`; a table of the customer's own goes by its name.");
    let fits = |read: &&Read| {
        let columns: Vec<&str> =
            reads::columns_of(&read.name, catalogue).iter().map(String::as_str).collect();
        bears(&[&read.name]) || (!columns.is_empty() && bears(&columns))
    };
    let found: Vec<&Read> = reads::all(ReadKind::Table).filter(fits).collect();
    found.iter().for_each(|read| line(text, read));
    let with_columns: Vec<&&Read> =
        found.iter().filter(|read| !reads::columns_of(&read.name, catalogue).is_empty()).collect();
    if !with_columns.is_empty() {
        text.push('\n');
        hang(
            text,
            0,
            "",
            "Columns, for `columns:` beside `table:`, each with the field that it shows; a column of the customer's \
             own goes by the id of its field.",
        );
    }
    for read in with_columns {
        for column in reads::columns_of(&read.name, catalogue) {
            let field = reads::field_of(&read.name, column, catalogue).unwrap_or_default();
            hang(text, 2, &format!("{:<42} ", format!("{}: {column}", read.name)), &field);
        }
    }
    !found.is_empty()
}

fn resources(text: &mut String, bears: &dyn Fn(&[&str]) -> bool) -> bool {
    hang(text, 0, "", "Resources, for `resource:` under `needs`.");
    let fits = |read: &&Read| bears(&[&read.name, read.asks.as_deref().unwrap_or_default()]);
    let found: Vec<&Read> = reads::all(ReadKind::Resource).filter(fits).collect();
    found.iter().for_each(|read| line(text, read));
    !found.is_empty()
}

fn line(text: &mut String, read: &Read) {
    let ids = |ids: &[PermissionId]| ids.iter().map(PermissionId::as_str).collect::<Vec<_>>().join(" and ");
    let mut words = ids(&read.now);
    if !read.past.is_empty() {
        words.push_str(&format!("; with `rows: all` also {}", ids(&read.past)));
    }
    if let Some(asks) = &read.asks {
        words = format!("{asks}: {words}");
    }
    hang(text, 2, &format!("{:<26} ", read.name), &words);
}
