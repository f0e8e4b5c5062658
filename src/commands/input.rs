//! Reads what people wrote: policies, overlays, credentials, personas.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use crate::access;
use crate::catalogue::Catalogue;
use crate::catalogue::id::nearest;
use crate::cli::CustomerArgs;
use crate::error::Error;
use crate::evidence::roster::{KnownPerson, normal_status};
use crate::evidence::stored::{self, Stored};
use crate::policy::adapt::{self, AdaptError};
use crate::policy::overlay::{self, Overlay};
use crate::policy::{Model, Origin, Policy, shipped, validate};
use crate::prober::client::{ClientError, is_a_way};
use crate::prober::secret::{Credentials, CredentialsError};
use crate::simulator::{Persona, Switches};
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::Problems;
use crate::source::read::LIMIT;

/// The policies of a run, with one customer's share laid over them.
pub(super) struct Wanted {
    pub(super) policies: Vec<Policy>,
    /// The tenant's permission model, if an overlay vouches for one.
    pub(super) model: Option<Model>,
    /// The name of the permission group, if an overlay or a policy tells it.
    pub(super) group: Option<String>,
}

impl Wanted {
    /// The tenant's permission model, as an overlay vouches for it.
    pub(super) fn told(&self) -> Option<access::Model> {
        self.model.map(super::check::model_of_policy)
    }
}

/// Reads every policy that was named, and lays over them what is said of the customer; the first bad file
/// ends it, with all of its mistakes.
pub(super) fn wanted(
    names: &[String],
    customer: &CustomerArgs,
    catalogue: &Catalogue,
) -> Result<Wanted, Error> {
    let color = super::output::colored(&std::io::stderr());
    at_most_one_stdin(names.iter().chain(&customer.overlay))?;
    let policies: Vec<Policy> =
        names.iter().map(|name| policy(name, catalogue, color)).collect::<Result<_, _>>()?;
    let overlays: Vec<Overlay> = customer
        .overlay
        .iter()
        .map(|name| {
            let source = source(name, "overlay", color)?;
            overlay::read(&source, &policies, catalogue).map_err(|problems| Error::written(problems, color))
        })
        .collect::<Result<_, _>>()?;
    let failed = |error: AdaptError| match error {
        AdaptError::Texts(problems) => {
            let mut problems = problems.into_iter();
            let Some(mut first) = problems.next() else {
                return Error::Internal("what is wrong with the policies is not known".to_owned());
            };
            problems.for_each(|other| first.also(other));
            Error::written(first, color)
        }
        AdaptError::Word { flag, word, hint } => Error::UnknownWord { flag, word, hint },
    };
    let choices = adapt::choices(&policies, &customer.with, &customer.fact).map_err(failed)?;
    let speaking = || overlays.iter().filter(|overlay| policies.iter().any(|policy| overlay.is_for(policy)));
    let model = speaking().filter_map(|overlay| overlay.model).next_back();
    let group = speaking().filter_map(|overlay| overlay.group.clone()).next_back();
    let policies = adapt::adapt(policies, &overlays, &choices, catalogue).map_err(failed)?;
    let group = group.or_else(|| name_of_group(&policies));
    Ok(Wanted { policies, model, group })
}

/// What the guides have the permission group called, unless two of them differ.
fn name_of_group(policies: &[Policy]) -> Option<String> {
    let mut names = policies.iter().filter_map(Policy::name_of_group);
    let first = names.next()?;
    names.all(|name| name == first).then(|| clean(&first))
}

/// Standard input can be read once.
pub(super) fn at_most_one_stdin<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), Error> {
    if names.filter(|name| *name == "-").count() > 1 {
        return Err(Error::Conflict {
            what: "standard input is named twice as a policy".to_owned(),
            hint: "name it once, and files for the others".to_owned(),
        });
    }
    Ok(())
}

/// Reads one policy, and what it starts from.
pub(super) fn policy(name: &str, catalogue: &Catalogue, color: bool) -> Result<Policy, Error> {
    let (source, origin) = policy_source(name, color)?;
    policy_of(&source, origin, name, catalogue).map_err(|problems| Error::written(problems, color))
}

/// What a text says as a policy; what it starts from stands beside the file of that name.
pub(super) fn policy_of(
    source: &Source,
    origin: Origin,
    name: &str,
    catalogue: &Catalogue,
) -> Result<Policy, Problems> {
    let folder = Path::new(name)
        .parent()
        .map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() });
    let beside = |below: &Path| {
        let folder = folder.clone().unwrap_or_default().canonicalize()?;
        let path = folder.join(below).canonicalize()?;
        if !path.starts_with(&folder) {
            let outside = "it leads out of the policy's folder";
            return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, outside));
        }
        bounded(&path, LIMIT)
    };
    validate::read_beside(source, origin, catalogue, Some(&beside))
}

/// The bytes of a file, up to one more than it may have.
fn bounded(path: &Path, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file that a program of ours reads, and that has no place for a caret. Nobody writes more than [`LIMIT`].
fn plain(file: &str) -> std::io::Result<String> {
    text(bounded(Path::new(file), LIMIT)?, LIMIT)
}

/// Bytes as text, unless there are more of them than there may be.
fn text(bytes: Vec<u8>, limit: usize) -> std::io::Result<String> {
    let wrong = |why: String| std::io::Error::new(std::io::ErrorKind::InvalidData, why);
    if bytes.len() > limit {
        return Err(wrong(format!("it is longer than {} KiB", limit / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8 text".to_owned()))
}

/// The bytes of a file or of standard input, up to one more than there may be.
fn bytes(name: &str, what: &'static str, limit: usize) -> Result<Vec<u8>, Error> {
    match name {
        "-" => standard_input(what, limit),
        file => bounded(Path::new(file), limit).map_err(|error| unreadable(what, file, &error)),
    }
}

/// A text that a person wrote, by its path or from standard input.
fn source(name: &str, what: &'static str, color: bool) -> Result<Source, Error> {
    Source::from_bytes(name, bytes(name, what, LIMIT)?).map_err(|problems| Error::written(problems, color))
}

/// A path wins over the name of a shipped policy.
pub(super) fn policy_source(name: &str, color: bool) -> Result<(Source, Origin), Error> {
    if name == "-" {
        return Ok((source(name, "policy", color)?, Origin::Stdin));
    }
    match bounded(Path::new(name), LIMIT) {
        Ok(bytes) => {
            let source =
                Source::from_bytes(name, bytes).map_err(|problems| Error::written(problems, color))?;
            return Ok((source, Origin::File));
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(unreadable("policy", name, &error));
        }
        Err(_) => {}
    }
    let is_plain_name = Path::new(name).components().count() == 1;
    if is_plain_name && let Some(source) = shipped::find(name)? {
        return Ok((source, Origin::Shipped));
    }
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
    Err(Error::NoSuchPolicy {
        name: clean(name),
        nearest: nearest(stem, shipped::names()).map(str::to_owned),
    })
}

fn standard_input(what: &'static str, limit: usize) -> Result<Vec<u8>, Error> {
    let mut stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        return Err(Error::Conflict {
            what: format!("the {what} was to come from standard input, which is a terminal"),
            hint: "pipe it in, or name a file".to_owned(),
        });
    }
    // One byte more than any file may have, so that a longer one is recognised as such.
    let mut bytes = Vec::new();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    stdin.by_ref().take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(what, "-", &error))?;
    Ok(bytes)
}

fn unreadable(what: &'static str, file: &str, error: &std::io::Error) -> Error {
    let why = if error.kind() == std::io::ErrorKind::IsADirectory {
        "it is a folder".to_owned()
    } else {
        error.to_string()
    };
    Error::Unreadable { what, file: clean(file), why }
}

/// The longest report that is read. One of a tenant with ten thousand fields has some ten megabytes.
const REPORT_LIMIT: usize = 64 * 1024 * 1024;

/// Reads a stored report: from a file or from standard input.
pub(super) fn report(file: &str) -> Result<String, Error> {
    let bytes = bytes(file, "report", REPORT_LIMIT)?;
    text(bytes, REPORT_LIMIT).map_err(|error| unreadable("report", file, &error))
}

/// Reads stored evidence: from a file or from standard input, and no more than there may be.
pub(super) fn evidence(file: &str) -> Result<Stored, Error> {
    let bytes = bytes(file, "evidence", stored::LIMIT)?;
    let refused = |why: String, line: String| Error::Evidence { file: clean(file), line, why: clean(&why) };
    let text =
        String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8 text".to_owned(), String::new()))?;
    Stored::read(&text).map_err(|why| {
        refused(why.why, why.at.map_or_else(String::new, |(line, column)| format!(":{line}:{column}")))
    })
}

/// Reads the credentials: from a file, from standard input, or from the environment.
pub(super) fn credentials(file: Option<&str>) -> Result<Credentials, Error> {
    const WHAT: &str = "credentials file";
    let parse = |text: &str, place: String| {
        Credentials::parse_dotenv(text).map_err(|why| Error::Credentials { place, why })
    };
    match file {
        Some("-") => {
            let read = text(standard_input(WHAT, LIMIT)?, LIMIT);
            parse(&read.map_err(|error| unreadable(WHAT, "-", &error))?, "standard input".to_owned())
        }
        Some(file) => {
            let text = plain(file).map_err(|error| unreadable(WHAT, file, &error))?;
            parse(&text, format!("`{}`", clean(file)))
        }
        None => {
            let text = |name| environment(name).filter(|value| !value.contains('\u{fffd}'));
            let name = |name: &'static str| text(name).ok_or(CredentialsError::Missing { name });
            let read = || Credentials::new(&name(ID)?, &name(TOKEN)?);
            read().map_err(|why| Error::Credentials { place: "the environment".to_owned(), why })
        }
    }
}

/// Whether more people than the owner may read a file of credentials. Of standard input nobody can tell.
#[cfg(unix)]
pub(super) fn others_may_read(file: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file != "-" && std::fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

/// Whether more people than the owner may read a file of credentials: not told here.
#[cfg(not(unix))]
pub(super) fn others_may_read(_file: &str) -> bool {
    false
}

/// The certificate authorities in a file.
pub(super) fn authorities(file: &str) -> Result<Vec<u8>, Error> {
    bounded(Path::new(file), LIMIT)
        .map_err(|error| unreadable("file of certificate authorities", file, &error))
}

const ID: &str = "HIBOB_SERVICE_USER_ID";
const TOKEN: &str = "HIBOB_SERVICE_USER_TOKEN";

/// One variable of the environment, if it is there. What is no text in it is replaced by a sign that fits
/// nothing: an address that cannot be read must not count as none.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub(super) fn environment(name: &str) -> Option<String> {
    match std::env::var(name) {
        Ok(value) => Some(value),
        Err(std::env::VarError::NotUnicode(raw)) => Some(raw.to_string_lossy().into_owned()),
        Err(std::env::VarError::NotPresent) => None,
    }
}

/// Sees to it that the proxy of the environment can be gone through, if it names one.
pub(super) fn proxy() -> Result<(), ClientError> {
    // As the HTTP client reads them: the first of each pair that is set, and the second pair where that is empty.
    for names in [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]] {
        let told = names.into_iter().find_map(|name| Some((name, environment(name)?)));
        match told {
            Some((named, text)) if !text.is_empty() => {
                return if is_a_way(&text) { Ok(()) } else { Err(ClientError::Proxy { named }) };
            }
            _ => {}
        }
    }
    Ok(())
}

/// People whose lifecycle status the operator knows. Their ids are asked for and never written anywhere.
pub(super) fn known(words: &[String], catalogue: &Catalogue) -> Result<Vec<KnownPerson>, Error> {
    let mut people = Vec::new();
    for word in words {
        let Some((status, id)) = word.split_once('=') else {
            return Err(Error::Conflict {
                what: "--known takes a lifecycle status and an id".to_owned(),
                hint: "--known terminated=ID, or --known terminated=@FILE with one id a line".to_owned(),
            });
        };
        let status = normal_status(status);
        if !catalogue.statuses().iter().any(|known| known.id == status) {
            let ids: Vec<&str> = catalogue.statuses().iter().map(|known| known.id.as_str()).collect();
            return Err(Error::UnknownWord {
                flag: "--known",
                word: clean(&status),
                hint: match nearest(&status, ids.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("one of: {}", ids.join(", ")),
                },
            });
        }
        let text = match id.strip_prefix('@') {
            Some(file) => plain(file).map_err(|error| unreadable("list of people", file, &error))?,
            None => id.to_owned(),
        };
        let before = people.len();
        for id in text.lines().map(str::trim).filter(|id| !id.is_empty()) {
            if id.len() > 64 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                return Err(Error::Conflict {
                    what: format!("an id given for {status} with --known is no id of a person"),
                    hint: "HiBob's ids are long numbers; the address of a profile in HiBob holds one"
                        .to_owned(),
                });
            }
            people.push(KnownPerson { status: status.clone(), id: id.to_owned() });
        }
        if people.len() == before {
            return Err(Error::Conflict {
                what: format!("--known names nobody who is {status}"),
                hint: "--known terminated=ID, or --known terminated=@FILE with one id a line".to_owned(),
            });
        }
    }
    Ok(people)
}

/// A persona of the simulator, by name or by path.
pub(super) fn persona(name: &str) -> Result<Persona, Error> {
    let failed = |why: String| Error::Persona {
        persona: clean(name),
        why,
        known: Persona::names().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
    };
    if let Some(persona) = Persona::named(name) {
        return Ok(persona);
    }
    match plain(name) {
        Ok(text) => Persona::parse(&text).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(failed("there is no such persona and no such file".to_owned()))
        }
        Err(error) => Err(failed(error.to_string())),
    }
}

/// How undocumented things behave in the simulator, by the path of a file.
pub(super) fn switches(name: &str) -> Result<Switches, Error> {
    let text = plain(name).map_err(|error| unreadable("file of switches", name, &error))?;
    Switches::parse(&text).map_err(|why| Error::Conflict {
        what: format!("`{}` holds no switches of the simulator: {}", clean(name), clean(&why)),
        hint: "see the fields of `Switches` and `Fault` in src/simulator".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_in_the_readme_is_valid() {
        let readme = include_str!("../../README.md");
        let blocks: Vec<&str> = readme
            .split("```yaml\n")
            .skip(1)
            .filter_map(|rest| rest.split("\n```").next())
            .filter(|block| block.contains("\npolicy: "))
            .collect();
        assert_eq!(blocks.len(), 1, "the README shows one policy");
        let source = Source::from_bytes("README.md", blocks[0].as_bytes().to_vec()).unwrap();
        let policy = validate::read(&source, Origin::File, Catalogue::embedded());
        assert!(
            policy.is_ok(),
            "{}",
            policy.err().map(|problems| problems.render(false)).unwrap_or_default()
        );
    }
}
