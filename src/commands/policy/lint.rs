//! Checks policies and overlays offline: every mistake and every oddity of every file, at once.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::cli::LintArgs;
use crate::commands::form::{self, Form};
use crate::commands::{input, output};
use crate::error::Error;
use crate::exit;
use crate::lint;
use crate::lint::findings::{self, Finding};
use crate::policy::adapt::{self, AdaptError};
use crate::policy::lines::Choices;
use crate::policy::overlay::{self, Peek};
use crate::policy::{Origin, Policy, shipped};
use crate::report::words::count;
use crate::source::Source;
use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems, Severity};

use super::levels::Levels;

const FORMS: [(&str, Form); 2] = [("text", Form::Text), ("json", Form::Json)];

/// A file that was named.
enum Named {
    /// It cannot be read at all.
    Unreadable(Error),
    Policy(Result<Box<Policy>, Problems>, Source),
    Overlay(Peek, Source),
}

pub(super) fn run(args: &LintArgs) -> Result<u8, Error> {
    let levels = Levels::read(&args.allow, &args.deny)?;
    let (form, file) = form::read(args.output.as_deref(), &FORMS, Form::Text)?;
    let today = args.today.unwrap_or_else(|| Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date());
    input::at_most_one_stdin(args.files.iter())?;
    let catalogue = Catalogue::embedded();
    let named: Vec<Named> = args.files.iter().map(|name| read(name, catalogue)).collect();
    let policies: Vec<Policy> = named
        .iter()
        .filter_map(
            |named| if let Named::Policy(Ok(policy), _) = named { Some((**policy).clone()) } else { None },
        )
        .collect();

    let color = form == Form::Text && file.is_none() && output::colored(&std::io::stdout());
    let mut found: Vec<Finding> = Vec::new();
    let mut text = String::new();
    for (name, named) in args.files.iter().zip(named) {
        let mut problems = match named {
            Named::Unreadable(error) => {
                text.push_str(&form::plain_error(&error));
                found.push(Finding::of_file(name, &error.to_string(), error.hint()));
                continue;
            }
            Named::Policy(Ok(policy), source) => lint::of_policy(&source, &policy, catalogue, today),
            Named::Policy(Err(problems), _) => problems,
            Named::Overlay(peek, source) => of_overlay(&source, &peek, &policies, catalogue, today),
        };
        problems.adjust(&mut |problem| levels.apply(problem));
        if !problems.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&problems.render(color));
            // What is wrong with a policy that others start from is told once.
            let new = findings::of(&problems);
            found.extend(new.into_iter().filter(|new| !found.contains(new)).collect::<Vec<_>>());
        }
    }
    let errors = found.iter().filter(|finding| finding.level == Severity::Error).count();
    match form {
        Form::Json => {
            let json = serde_json::to_string_pretty(&found)
                .map_err(|error| Error::Internal(format!("cannot write the findings: {error}")))?;
            form::deliver(&(json + "\n"), file.as_deref())?;
        }
        _ => {
            form::deliver(&text, file.as_deref())?;
            form::tell(&summary(args.files.len(), errors, found.len() - errors));
        }
    }
    Ok(if errors > 0 { exit::USAGE } else { exit::SATISFIED })
}

fn summary(files: usize, errors: usize, warnings: usize) -> String {
    let files = count(files, "file", "files");
    if errors + warnings == 0 {
        return format!("{files}: nothing to remark");
    }
    format!(
        "{files}: {}, {}; docs/lints.md explains the names in brackets",
        count(errors, "error", "errors"),
        count(warnings, "warning", "warnings")
    )
}

fn read(name: &str, catalogue: &Catalogue) -> Named {
    let (source, origin) = match input::policy_source(name, false) {
        Ok(read) => read,
        Err(error) => {
            return match error.into_problems() {
                Ok(problems) => {
                    let source = problems.source().clone();
                    Named::Policy(Err(problems), source)
                }
                Err(error) => Named::Unreadable(error),
            };
        }
    };
    match overlay::peek(&source) {
        Some(peek) => Named::Overlay(peek, source),
        None => {
            let policy = input::policy_of(&source, origin, name, catalogue).map(Box::new);
            Named::Policy(policy, source)
        }
    }
}

/// An overlay is held against the policies that were named with it, and the shipped ones that it names.
fn of_overlay(
    source: &Source,
    peek: &Peek,
    named: &[Policy],
    catalogue: &Catalogue,
    today: Date,
) -> Problems {
    let speaks_of =
        |name: &str| peek.speaks_of.as_ref().is_none_or(|of| of.iter().any(|other| other == name));
    let mut policies: Vec<Policy> = named.iter().filter(|policy| speaks_of(&policy.name)).cloned().collect();
    for name in peek.speaks_of.iter().flatten() {
        let is_here = policies.iter().any(|policy| policy.name == *name);
        if !is_here
            && let Ok(Some(source)) = shipped::find(name)
            && let Ok(policy) = input::policy_of(&source, Origin::Shipped, name, catalogue)
        {
            policies.push(policy);
        }
    }
    let mut problems = Problems::new(source);
    if policies.is_empty() {
        let message =
            format!("overlay `{}`: what it changes was held against no policy", clean(&source.name));
        let lint = lint::codes::find("overlay-alone");
        let problem =
            Problem::warning("overlay-alone", message, 0..source.one_line(0..source.text.len()).len());
        problems.push(match lint {
            Some(lint) => problem.help(lint.help),
            None => problem,
        });
    }
    let overlay = match overlay::read(source, &policies, catalogue) {
        Ok(overlay) => overlay,
        Err(mut found) => {
            if policies.is_empty() {
                // What only a policy could tell.
                let of_policies = ["unknown-feature", "unknown-fact", "unknown-policy"];
                found.adjust(&mut |problem| !of_policies.contains(&problem.code));
            }
            problems.also(found);
            return problems;
        }
    };
    problems.also(lint::of_overlay(source, &overlay, today));
    if !policies.is_empty()
        && let Err(AdaptError::Texts(found)) =
            adapt::adapt(policies, std::slice::from_ref(&overlay), &Choices::default(), catalogue)
    {
        found.into_iter().for_each(|found| problems.also(found));
    }
    problems
}
