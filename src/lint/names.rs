//! Fields and tables that go by a name that nobody has, and nearly by one that HiBob ships.

use crate::catalogue::builtin;
use crate::catalogue::id::nearest;
use crate::catalogue::reads::{self, ReadKind};
use crate::policy::lines::{Aim, Line};
use crate::policy::{Policy, Remark};
use crate::source::clean::clean;

/// A name that is like none of HiBob's may well be the customer's own, and is left alone.
pub(super) fn remarks(policy: &Policy, found: &mut Vec<Remark>) {
    for line in policy.lines.iter().flat_map(Line::all) {
        let (what, name, near) = match &line.aim {
            Aim::Field { field, .. } => ("field", field.name.as_str(), near_field(&field.name)),
            Aim::Permission(id) => match id.as_field() {
                Some((field, _)) => ("field", field, near_field(field)),
                None => continue,
            },
            Aim::Table { name, .. } => ("table", name.as_str(), near_table(name)),
            _ => continue,
        };
        if let Some(near) = near {
            let text = format!("`{}` is no {what} that HiBob ships: did you mean `{near}`?", clean(name));
            found.push(Remark { code: "name-not-known", text, place: line.place.clone() });
        }
    }
}

/// The field that is nearly called so: an id is held against ids, and a name against names.
fn near_field(name: &str) -> Option<&'static str> {
    let fields = builtin::all();
    if fields.iter().any(|field| field.id == name || field.name.eq_ignore_ascii_case(name)) {
        return None;
    }
    match name.contains('.') {
        true => nearest(name, fields.iter().map(|field| field.id.as_str())),
        false => nearest(name, fields.iter().map(|field| field.name.as_str())),
    }
}

/// The table that is nearly called so: by most of its letters, or by its beginning.
fn near_table(name: &str) -> Option<&'static str> {
    let words = || reads::all(ReadKind::Table).map(|read| read.name.as_str());
    if words().any(|word| word == name) {
        return None;
    }
    let begins_alike = |word: &&str| {
        let pairs = word.chars().zip(name.chars());
        let alike = pairs.take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count();
        let shorter = word.chars().count().min(name.chars().count());
        alike > 3 && alike * 4 >= shorter * 3
    };
    nearest(name, words()).or_else(|| words().find(begins_alike))
}
