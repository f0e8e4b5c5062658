//! The wizard: asks on the terminal for what the flags do not say.

use std::io::{BufRead as _, Write as _};
use std::path::Path;

use crate::catalogue::Catalogue;
use crate::catalogue::id::PermissionId;
use crate::cli::{ListWord, NewArgs};
use crate::commands::form;
use crate::error::Error;
use crate::source::clean::clean;

use super::draft::Draft;
use super::{check_name, permission, status};

/// Asks for what the flags do not say.
pub(super) fn ask(args: &NewArgs, catalogue: &Catalogue) -> Result<Draft, Error> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => question("Short name (small letters, digits, -)", None, |text| {
            check_name(text).map(|()| text.to_owned())
        })?,
    };
    let text = |said: &Option<String>, words: &str, otherwise: Option<&str>| match said {
        Some(said) => Ok(said.clone()),
        None => question(words, otherwise, |text| Ok(text.to_owned())),
    };
    let title = text(&args.title, "Title, for people", Some(&name))?;
    let publisher = text(&args.publisher, "Who publishes the guide", Some(&title))?;
    let url = text(&args.url, "Address of the guide (empty: none)", Some(""))?;
    let list = match args.list {
        Some(list) => list,
        None => {
            question("Is the list whole, so that anything else is excess? (yes, no)", Some("yes"), |text| {
                match text {
                    "yes" | "y" => Ok(ListWord::Closed),
                    "no" | "n" => Ok(ListWord::Open),
                    _ => Err("yes or no".to_owned()),
                }
            })?
        }
    };
    let mut permissions: Vec<PermissionId> = Vec::new();
    for text in &args.permission {
        permissions.push(permission(text, catalogue).map_err(|hint| Error::UnknownWord {
            flag: "--permission",
            word: clean(text),
            hint,
        })?);
    }
    form::tell("Permissions, one id a line, an empty line at the end; `audit catalogue` lists them all.");
    loop {
        let next = question("Permission", Some(""), |text| match text {
            "" => Ok(None),
            text => permission(text, catalogue).map(Some),
        })?;
        match next {
            Some(id) => permissions.push(id),
            None if permissions.is_empty() => form::tell("  at least one is needed"),
            None => break,
        }
    }
    let population = if args.population.is_empty() {
        question("Lifecycle statuses, with commas between, or all (empty: not said)", Some(""), |text| {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            words.map(status).collect::<Result<Vec<_>, _>>()
        })?
    } else {
        args.population.clone()
    };
    let output = match &args.output {
        Some(output) => output.clone(),
        None => question("File", Some(&format!("{name}.yaml")), |text| {
            let is_there = text != "-" && Path::new(text).exists();
            if is_there { Err("it is there already; name another".to_owned()) } else { Ok(text.to_owned()) }
        })?,
    };
    Ok(Draft {
        name,
        title,
        publisher: Some(publisher),
        url: Some(url).filter(|url| !url.is_empty()),
        list,
        permissions,
        population,
        output: Some(output),
    })
}

/// Asks until the answer will do.
fn question<T>(
    words: &str,
    otherwise: Option<&str>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Error> {
    loop {
        let shown = otherwise.filter(|otherwise| !otherwise.is_empty());
        let shown = shown.map_or_else(String::new, |otherwise| format!(" [{}]", clean(otherwise)));
        {
            let mut stderr = anstream::stderr().lock();
            let _ = write!(stderr, "{words}{shown}: ").and_then(|()| stderr.flush());
        }
        let mut line = String::new();
        let read_bytes = std::io::stdin().lock().read_line(&mut line);
        if !matches!(read_bytes, Ok(1..)) {
            return Err(Error::Conflict {
                what: "the answers ended before the policy was whole".to_owned(),
                hint: "begin again, or say everything with flags: `audit policy new --help`".to_owned(),
            });
        }
        let answer = line.trim();
        let answer = if answer.is_empty() { otherwise.unwrap_or_default() } else { answer };
        match read(answer) {
            Ok(value) => return Ok(value),
            Err(hint) => form::tell(&format!("  {hint}")),
        }
    }
}
