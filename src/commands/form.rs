//! What the smaller commands write, and where: `--output FORM[=FILE]`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::catalogue::id::nearest;
use crate::error::Error;
use crate::source::clean::clean;

/// A form in which something can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Json,
    Yaml,
    Markdown,
    Html,
}

/// Reads `FORM[=FILE]`.
pub(super) fn read(
    word: Option<&str>,
    known: &[(&'static str, Form)],
    otherwise: Form,
) -> Result<(Form, Option<PathBuf>), Error> {
    let Some(word) = word else { return Ok((otherwise, None)) };
    let (name, file) = match word.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (word, None),
    };
    let names = || known.iter().map(|(name, _)| *name);
    let Some((_, form)) = known.iter().find(|(known, _)| *known == name) else {
        let hint = nearest(name, names()).map_or_else(
            || format!("one of: {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Error::UnknownWord { flag: "--output", word: clean(name), hint });
    };
    if file == Some("") {
        return Err(Error::Conflict {
            what: format!("`--output {}` names a file without a name", clean(word)),
            hint: format!("--output {name}=FILE, or --output {name} for standard output"),
        });
    }
    Ok((*form, file.filter(|file| *file != "-").map(PathBuf::from)))
}

/// Reads every `FORM[=FILE]`; no two of them go to the same place.
pub(super) fn read_all(
    words: &[String],
    known: &[(&'static str, Form)],
    otherwise: Form,
) -> Result<Vec<(Form, Option<PathBuf>)>, Error> {
    let mut all: Vec<(Form, Option<PathBuf>)> = Vec::new();
    for word in words {
        let new = read(Some(word), known, otherwise)?;
        if all.iter().any(|(_, file)| *file == new.1) {
            return Err(Error::Conflict {
                what: format!("`--output {}` goes where another one goes already", clean(word)),
                hint: "give each but one a file of its own: --output FORM=FILE".to_owned(),
            });
        }
        all.push(new);
    }
    Ok(if all.is_empty() { vec![(otherwise, None)] } else { all })
}

/// Writes a text to a file, or to standard output.
pub(super) fn deliver(text: &str, file: Option<&Path>) -> Result<(), Error> {
    match file {
        None => super::output::print(text),
        Some(file) => std::fs::write(file, text).map_err(|error| unwritable(file, &error)),
    }
}

/// Writes a text into a file that must not be there yet.
pub(super) fn deliver_new(text: &str, file: &Path) -> Result<(), Error> {
    let written = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    match written.and_then(|mut written| written.write_all(text.as_bytes())) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(Error::Conflict {
            what: format!("`{}` is there already, and is not written over", clean(&file.to_string_lossy())),
            hint: "name another file, or move that one away".to_owned(),
        }),
        Err(error) => Err(unwritable(file, &error)),
    }
}

fn unwritable(file: &Path, error: &std::io::Error) -> Error {
    Error::Unwritable {
        what: "the output".to_owned(),
        file: clean(&file.to_string_lossy()),
        why: error.to_string(),
    }
}

/// An error among other findings, without colour.
pub(super) fn plain_error(error: &Error) -> String {
    let help = error.hint().map_or_else(String::new, |hint| format!("help: {hint}\n"));
    format!("error: {}\n{help}", clean(&error.to_string()))
}

/// Says something beside the output.
pub(super) fn tell(words: &str) {
    // A terminal that is gone cannot be told.
    let _ = writeln!(anstream::stderr().lock(), "{words}");
}
