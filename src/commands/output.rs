//! Writes what was asked for: to standard output, or whole into a file or not at all.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::catalogue::id::nearest;
use crate::error::Error;
use crate::report::Report;
use crate::report::format::{Format, Settings};
use crate::report::text as layout;
use crate::source::clean::clean;

/// One `--output`.
#[derive(Debug)]
pub(super) struct Output {
    format: Format,
    file: Option<PathBuf>,
}

/// Reads `--output`, and makes sure that every file can be written before anything is sent.
pub(super) fn outputs(words: &[String]) -> Result<Vec<Output>, Error> {
    if words.is_empty() {
        return Ok(vec![Output { format: Format::Table, file: None }]);
    }
    let outputs = words.iter().map(|word| output(word)).collect::<Result<Vec<_>, _>>()?;
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(Error::Conflict {
            what: "two formats were asked for on standard output".to_owned(),
            hint: "give all but one a file: --output json=report.json".to_owned(),
        });
    }
    for (at, output) in outputs.iter().enumerate() {
        let Some(file) = &output.file else { continue };
        if outputs[..at].iter().any(|earlier| earlier.file.as_ref() == Some(file)) {
            return Err(Error::Conflict {
                what: format!("two formats were asked for in one file, `{}`", file.display()),
                hint: "give each a file of its own".to_owned(),
            });
        }
        can_replace(file).map_err(|error| unwritable(output.format, file, &error.to_string()))?;
    }
    Ok(outputs)
}

fn output(word: &str) -> Result<Output, Error> {
    let (name, file) = match word.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (word, None),
    };
    let Some(format) = Format::parse(name) else {
        let meant = nearest(name, Format::names()).map(|name| format!("did you mean `{name}`?"));
        return Err(Error::UnknownWord {
            flag: "--output",
            word: clean(name),
            hint: meant
                .unwrap_or_else(|| format!("one of: {}", Format::names().collect::<Vec<_>>().join(", "))),
        });
    };
    if file == Some("") {
        return Err(Error::Conflict {
            what: format!("--output {name}= names no file"),
            hint: format!("--output {name}=FILE, or --output {name} for standard output"),
        });
    }
    Ok(Output { format, file: file.filter(|file| *file != "-").map(PathBuf::from) })
}

/// Writes the report in every format that was asked for.
pub(super) fn write(report: &Report, outputs: &[Output], verbose: bool) -> Result<(), Error> {
    for output in outputs {
        let mut bytes = Vec::new();
        let rendered = |settings: &Settings, bytes: &mut Vec<u8>| {
            output
                .format
                .write(report, settings, bytes)
                .map_err(|error| Error::Internal(format!("cannot render the report: {error}")))
        };
        match &output.file {
            None => {
                rendered(&terminal_settings(verbose), &mut bytes)?;
                to_stdout(&bytes)?;
            }
            Some(file) => {
                let plain = Settings { verbose, ..Settings::default() };
                rendered(&plain, &mut bytes)?;
                replace(file, &bytes).map_err(|error| unwritable(output.format, file, &error.to_string()))?;
            }
        }
    }
    Ok(())
}

/// Whether a file can be written, before anything is sent for it.
pub(super) fn can_replace(file: &Path) -> io::Result<()> {
    if file.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if takes_as_it_comes(file) {
        return Ok(());
    }
    let draft = draft_of(file);
    begin(&draft)?;
    let _ = std::fs::remove_file(&draft);
    Ok(())
}

/// Whether a path is no file but a device or a pipe, such as `/dev/stdout` or `/dev/null`. A file in its place
/// would take it away from everybody.
fn takes_as_it_comes(file: &Path) -> bool {
    let is_no_file = std::fs::metadata(file).is_ok_and(|about| !about.is_file());
    // Standard output may be a file, and the link that leads to it stays all the same.
    is_no_file || (cfg!(unix) && file.parent() == Some(Path::new("/dev")))
}

/// Writes a file whole or not at all; what is no file is written to as it stands.
pub(super) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if takes_as_it_comes(file) {
        return std::fs::OpenOptions::new().write(true).open(file)?.write_all(bytes);
    }
    let draft = draft_of(file);
    let write = || {
        let mut whole = begin(&draft)?;
        whole.write_all(bytes)?;
        whole.sync_all()?;
        std::fs::rename(&draft, file)
    };
    write().inspect_err(|_| {
        let _ = std::fs::remove_file(&draft);
    })
}

/// Begins a draft, which nobody else may have laid there, neither as a file nor as a link. What it holds is
/// no employee's value, but it is the access of a company: others need not read it.
fn begin(draft: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.open(draft)
}

/// Where a file is drafted, so that it is there whole or not at all.
fn draft_of(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{}.draft", std::process::id()))
}

fn unwritable(format: Format, file: &Path, why: &str) -> Error {
    Error::Unwritable {
        what: format!("`--output {}`", format.row().name),
        file: clean(&file.display().to_string()),
        why: why.to_owned(),
    }
}

/// Prints a text. A reader that has gone away is no error.
pub(super) fn print(text: &str) -> Result<(), Error> {
    to_stdout(text.as_bytes())
}

fn to_stdout(bytes: &[u8]) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Unwritable {
            what: "the output".to_owned(),
            file: "standard output".to_owned(),
            why: error.to_string(),
        }),
        _ => Ok(()),
    }
}

pub(super) fn terminal_settings(verbose: bool) -> Settings {
    Settings { width: width(), color: colored(&io::stdout()), ascii: ascii_only(), verbose }
}

/// Whether colour is wanted there: on a terminal, unless NO_COLOR says otherwise.
pub(super) fn colored(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

/// The width of the terminal; 80 in a pipe.
pub(super) fn width() -> usize {
    let told = super::input::environment("COLUMNS").and_then(|columns| columns.parse().ok());
    let seen = || {
        if !io::stdout().is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    };
    told.or_else(seen).unwrap_or(80).clamp(40, 120)
}

/// A lead, and words that hang from it within the width of the terminal.
pub(super) fn hang(text: &mut String, indent: usize, lead: &str, words: &str) {
    let hang = indent + layout::width(lead);
    let room = width().saturating_sub(hang);
    for (at, line) in layout::wrap(words, room, room).iter().enumerate() {
        let start = if at == 0 { format!("{:indent$}{lead}", "") } else { " ".repeat(hang) };
        text.push_str(&start);
        text.push_str(line);
        text.push('\n');
    }
}

/// Whether the locale has no letters but ASCII.
pub(super) fn ascii_only() -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(super::input::environment)
        .find(|locale| !locale.is_empty())
        .is_some_and(|locale| {
            let locale = locale.to_lowercase();
            !locale.contains("utf-8") && !locale.contains("utf8")
        })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn devices_are_no_files_wherever_they_lead() {
        for device in ["/dev/null", "/dev/stdout", "/dev/full"] {
            assert!(takes_as_it_comes(Path::new(device)), "{device}");
        }
        for file in ["Cargo.toml", "not-there.json", "/dev/shm/r.json", "dev/r.json"] {
            assert!(!takes_as_it_comes(Path::new(file)), "{file}");
        }
    }
}
