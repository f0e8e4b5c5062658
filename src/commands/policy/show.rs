//! Shows what a policy comes to, or writes the policy itself out.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::cli::ShowArgs;
use crate::commands::form::{self, Form};
use crate::commands::input::{self, Wanted};
use crate::commands::output::{colored, hang};
use crate::error::Error;
use crate::exit;
use crate::policy::canonical::{At, Item, Kind, Set};
use crate::policy::{List, Need, Origin, shipped};
use crate::report::build;
use crate::report::words::count;

use super::schema::Schema;

const FORMS: [(&str, Form); 3] = [("text", Form::Text), ("json", Form::Json), ("yaml", Form::Yaml)];

/// How the schema is found from a policy that ships.
const HEADER: &str = "# yaml-language-server: $schema=../schemas/policy.v1.json\n";

pub(super) fn run(args: &ShowArgs) -> Result<u8, Error> {
    let Some(policy) = &args.policy else {
        form::deliver(&shipped_ones()?, None)?;
        return Ok(exit::SATISFIED);
    };
    if let Some(file) = &args.source {
        write_out(policy, Some(file.as_str()).filter(|file| *file != "-").map(Path::new))?;
        return Ok(exit::SATISFIED);
    }
    let (form, file) = form::read(args.output.as_deref(), &FORMS, Form::Text)?;
    let names = [policy.clone()];
    let Wanted { policies, model, .. } = input::wanted(&names, &args.customer, Catalogue::embedded())?;
    let mut text = String::new();
    for policy in &policies {
        let looked_at = build::looked_at(policy, model).into_iter().map(|check| (check.text, check.role));
        let set = Set::of(policy, model, Catalogue::embedded(), looked_at);
        let failed =
            |error: &dyn std::fmt::Display| Error::Internal(format!("cannot write the set: {error}"));
        match form {
            Form::Json => {
                text.push_str(&serde_json::to_string_pretty(&set).map_err(|error| failed(&error))?);
                text.push('\n');
            }
            Form::Yaml => text.push_str(&serde_yaml::to_string(&set).map_err(|error| failed(&error))?),
            _ => page(&set, policy.lines.len(), &mut text),
        }
    }
    form::deliver(&text, file.as_deref())?;
    Ok(exit::SATISFIED)
}

/// The policies that ship, one a line.
fn shipped_ones() -> Result<String, Error> {
    let mut text = String::new();
    for name in shipped::names() {
        let policy = input::policy(name, Catalogue::embedded(), colored(&std::io::stderr()))?;
        hang(&mut text, 0, &format!("{name:<15} {}  ", policy.version), &policy.title);
    }
    Ok(text)
}

fn page(set: &Set, lines: usize, text: &mut String) {
    let list = match set.list {
        List::Open => "an open list",
        List::Closed => "a closed list",
        List::Unknown => "a list that is not known",
    };
    hang(text, 0, "", &format!("{} {}: {}", set.policy, set.version, set.title));
    let mut head = vec![
        format!("{} come to {}", count(lines, "line", "lines"), count(set.items.len(), "item", "items")),
        list.to_owned(),
    ];
    head.extend(set.extends.iter().map(|base| format!("starts from {base}")));
    head.extend(set.overlays.iter().map(|overlay| format!("overlay {overlay}")));
    head.extend(set.with.iter().map(|feature| format!("with {feature}")));
    head.extend(set.facts.iter().map(|(name, value)| format!("{name} = {value}")));
    hang(text, 0, "", &head.join("; "));
    for kind in [Need::Required, Need::Optional, Need::NotNeeded, Need::Forbidden] {
        let items: Vec<(usize, &Item)> =
            set.items.iter().enumerate().filter(|(_, item)| item.need == kind).collect();
        if items.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{} ({})\n", need(kind), items.len()));
        for (number, item) in items {
            one(set, number, item, text);
        }
    }
    if !set.manual.is_empty() {
        text.push_str(&format!("\nOnly a person can look at ({})\n", set.manual.len()));
        set.manual.iter().for_each(|manual| hang(text, 2, "", &manual.text));
    }
    if !set.timing.is_empty() {
        text.push_str(&format!("\nOf waiting ({})\n", set.timing.len()));
        set.timing.iter().for_each(|timing| hang(text, 2, "", timing));
    }
    for (title, duties) in [("To connect", &set.connect), ("Later", &set.later)] {
        if !duties.is_empty() {
            text.push_str(&format!("\n{title} ({})\n", duties.len()));
            duties.iter().for_each(|duty| hang(text, 2, "", duty));
        }
    }
    if !set.not_asked.is_empty() {
        text.push_str(&format!("\nNot asked of this customer ({})\n", set.not_asked.len()));
        for other in &set.not_asked {
            hang(text, 2, "", &other.label);
            hang(text, 4, "would be ", &other.condition);
            hang(text, 4, "at       ", &format!("{}:{}", other.at.file, other.at.line));
        }
    }
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Required => "Required",
        Need::Optional => "Optional",
        Need::NotNeeded => "Not needed",
        Need::Forbidden => "Forbidden",
    }
}

/// What stands in the place of an id where there is none.
fn without_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Box | Kind::Printed => "(a box without an id)",
        Kind::Section | Kind::Named => "(a section by its name)",
        Kind::Own => "(what the tenant made itself)",
        Kind::Field => "(a field by its name)",
        Kind::Table => "(a table that is read)",
        Kind::HeadCount | Kind::NotOnly => "(a choice of people)",
        Kind::Unresolved => "(not known which)",
        Kind::ListNotKnown => "(a list that is not known)",
    }
}

fn one(set: &Set, number: usize, item: &Item, text: &mut String) {
    let id = item.id.as_deref().unwrap_or(without_id(item.kind));
    hang(text, 2, "", id);
    if item.label != id {
        hang(text, 4, "label  ", &item.label);
    }
    if let Some(names) = item.names.as_ref().filter(|names| **names != item.label) {
        hang(text, 4, "means  ", names);
    }
    if let Some(breaks) = &item.breaks {
        hang(text, 4, "breaks ", breaks);
    }
    let place = |at: &At| format!("{}:{}", at.file, at.line);
    let places: Vec<String> =
        std::iter::once(place(&item.at)).chain(item.also.iter().map(|also| place(&also.at))).collect();
    hang(text, 4, "at     ", &places.join(", "));
    for also in item.also.iter().filter(|also| also.label != item.label) {
        hang(text, 4, "also   ", &format!("{} ({})", also.label, place(&also.at)));
    }
    for other in &item.contrary {
        hang(text, 4, "but    ", &format!("{}: {} ({})", need(other.need), other.label, place(&other.at)));
    }
    if item.torn {
        hang(text, 4, "ask    ", "all of these lines are disputed: nobody knows which of them holds");
    }
    let mut others =
        set.alternatives.iter().filter(|other| other.branches.iter().flatten().any(|of| *of == number));
    if let Some(choice) = others.next() {
        let words = if choice.only_one {
            "one of the alternatives at"
        } else {
            "at least one of the alternatives at"
        };
        hang(text, 4, "choice ", &format!("{words} {}", place(&choice.at)));
    }
}

/// Writes a policy word for word; only the way to the schema is that of the place where it lands.
fn write_out(name: &str, file: Option<&Path>) -> Result<(), Error> {
    let (source, origin) = input::policy_source(name, colored(&std::io::stderr()))?;
    let schema = Schema::of(file);
    let text = match (origin, source.text.strip_prefix(HEADER)) {
        (Origin::Shipped, Some(rest)) => format!("# yaml-language-server: $schema={}\n{rest}", schema.way),
        _ => source.text,
    };
    match file {
        Some(file) => {
            form::deliver_new(&text, file)?;
            if origin == Origin::Shipped {
                schema.put();
            }
            Ok(())
        }
        None => form::deliver(&text, None),
    }
}
