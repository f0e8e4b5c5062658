//! Writes the first version of a policy: a wizard on a terminal, flags in a pipe.

mod ask;
mod draft;

use std::io::IsTerminal as _;
use std::path::Path;

use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{PermissionId, nearest};
use crate::cli::{ListWord, NewArgs};
use crate::commands::form;
use crate::error::Error;
use crate::exit;
use crate::lint;
use crate::policy::blocks::STATUSES;
use crate::policy::{Origin, validate};
use crate::source::Source;
use crate::source::clean::clean;

use ask::ask;
use draft::Draft;

use super::schema::Schema;

pub(super) fn run(args: &NewArgs) -> Result<u8, Error> {
    let catalogue = Catalogue::embedded();
    let draft = if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !is_whole(args) {
        ask(args, catalogue)?
    } else {
        from_flags(args, catalogue)?
    };
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let file = draft.output.as_deref().filter(|file| *file != "-").map(Path::new);
    let schema = Schema::of(file);
    let text = draft.write(&today.to_string(), &schema.way, catalogue);

    let source = Source::new(draft.output.as_deref().unwrap_or("-"), text);
    let policy = validate::read(&source, Origin::File, catalogue)
        .map_err(|problems| Error::Internal(format!("the new policy cannot be read:\n{problems}")))?;
    match file {
        Some(file) => {
            form::deliver_new(&source.text, file)?;
            schema.put();
        }
        None => form::deliver(&source.text, None)?,
    }
    let odd = lint::of_policy(&source, &policy, catalogue, today);
    if !odd.is_empty() {
        form::tell(odd.render(false).trim_end());
    }
    if let Some(file) = &draft.output {
        form::tell(&format!("next: `audit policy lint {0}`, then `audit plan --policy {0}`", clean(file)));
    }
    Ok(exit::SATISFIED)
}

/// Whether nothing needs to be asked.
fn is_whole(args: &NewArgs) -> bool {
    args.name.is_some() && !args.permission.is_empty()
}

fn from_flags(args: &NewArgs, catalogue: &Catalogue) -> Result<Draft, Error> {
    let mut missing = Vec::new();
    if args.name.is_none() {
        missing.push("--name");
    }
    if args.permission.is_empty() {
        missing.push("--permission");
    }
    let Some(name) = args.name.clone().filter(|_| missing.is_empty()) else {
        return Err(Error::Conflict {
            what: format!("a new policy needs {}", missing.join(" and ")),
            hint: "audit policy new --name acme --permission people/work/view --output acme.yaml".to_owned(),
        });
    };
    check_name(&name).map_err(|hint| Error::UnknownWord { flag: "--name", word: clean(&name), hint })?;
    let permissions = args
        .permission
        .iter()
        .map(|text| {
            permission(text, catalogue).map_err(|hint| Error::UnknownWord {
                flag: "--permission",
                word: clean(text),
                hint,
            })
        })
        .collect::<Result<_, _>>()?;
    let population = args
        .population
        .iter()
        .map(|text| {
            status(text).map_err(|hint| Error::UnknownWord { flag: "--population", word: clean(text), hint })
        })
        .collect::<Result<_, _>>()?;
    Ok(Draft {
        title: args.title.clone().unwrap_or_else(|| name.clone()),
        name,
        publisher: args.publisher.clone(),
        url: args.url.clone(),
        list: args.list.unwrap_or(ListWord::Closed),
        permissions,
        population,
        output: args.output.clone(),
    })
}

fn check_name(name: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(plain) {
        Ok(())
    } else {
        Err("a name is small letters, digits and `-`".to_owned())
    }
}

fn permission(text: &str, catalogue: &Catalogue) -> Result<PermissionId, String> {
    let known = PermissionId::parse(text).ok().map(|id| catalogue.canonical(&id));
    known.filter(|id| catalogue.knows(id)).ok_or_else(|| {
        nearest(text, catalogue.permission_ids()).map_or_else(
            || "`audit catalogue` lists every permission".to_owned(),
            |near| format!("did you mean `{near}`?"),
        )
    })
}

fn status(text: &str) -> Result<String, String> {
    let known = || STATUSES.iter().map(|(id, _)| *id).chain(["all"]);
    if known().any(|known| known == text) {
        return Ok(text.to_owned());
    }
    Err(nearest(text, known()).map_or_else(
        || format!("one of: {}", known().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    ))
}
