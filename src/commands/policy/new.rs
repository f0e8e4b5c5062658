//! Writes the first version of a policy: a wizard on a terminal, flags in a pipe.

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId, nearest};
use crate::cli::{ListWord, NewArgs};
use crate::commands::form;
use crate::error::Error;
use crate::exit;
use crate::lint;
use crate::policy::blocks::STATUSES;
use crate::policy::{Origin, validate};
use crate::source::Source;
use crate::source::clean::clean;

use super::show::way_to_the_schema;

/// What a first version says.
struct Draft {
    name: String,
    title: String,
    publisher: Option<String>,
    url: Option<String>,
    list: ListWord,
    permissions: Vec<PermissionId>,
    population: Vec<String>,
    output: Option<String>,
}

pub(super) fn run(args: &NewArgs) -> Result<u8, Error> {
    let catalogue = Catalogue::embedded();
    let draft = if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !is_whole(args) {
        ask(args, catalogue)?
    } else {
        from_flags(args, catalogue)?
    };
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let file = draft.output.as_deref().filter(|file| *file != "-").map(Path::new);
    let folder = file.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    let schema = way_to_the_schema(folder.unwrap_or(Path::new(".")));
    let text = draft.write(&today.to_string(), schema.as_deref(), catalogue);

    let source = Source::new(draft.output.as_deref().unwrap_or("-"), text);
    let policy = validate::read(&source, Origin::File, catalogue)
        .map_err(|problems| Error::Internal(format!("the new policy cannot be read:\n{problems}")))?;
    match file {
        Some(file) => form::deliver_new(&source.text, file)?,
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

/// Asks for what the flags do not say.
fn ask(args: &NewArgs, catalogue: &Catalogue) -> Result<Draft, Error> {
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

impl Draft {
    fn write(&self, today: &str, schema: Option<&str>, catalogue: &Catalogue) -> String {
        let mut text = String::new();
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        line(format!("# yaml-language-server: $schema={}", schema.unwrap_or("policy.v1.json")));
        line(String::new());
        line("# What docs/policies.md says of every key; `audit policy lint` checks the file.".to_owned());
        line(format!("policy: {}", self.name));
        line(format!("title: {}", scalar(&self.title)));
        line(format!("version: {today}       # set it to the day of each change"));
        line("source:".to_owned());
        if let Some(publisher) = &self.publisher {
            line(format!("  publisher: {}", scalar(publisher)));
        }
        if let Some(url) = &self.url {
            line(format!("  url: {}", scalar(url)));
        }
        line(format!("  read: {today}          # when the guide was last read"));
        line(match self.list {
            ListWord::Closed => {
                "list: closed              # these and no others: anything else is excess".to_owned()
            }
            ListWord::Open => "list: open                # at least these: more may be needed".to_owned(),
        });
        line(String::new());
        line("requires:".to_owned());
        for (id, why) in self.whole(catalogue) {
            line(format!("  - permission: {}", scalar(id.as_str())));
            line(format!("    label: {}", scalar(&catalogue.label(&id))));
            match why {
                Some(why) => line(format!("    for: {why}")),
                None => line("    # breaks: what stops working without it".to_owned()),
            }
        }
        if !self.population.is_empty() {
            let all = self.population.iter().any(|status| status == "all");
            let whom = if all { "all".to_owned() } else { format!("[{}]", self.population.join(", ")) };
            line(String::new());
            line("# Whose data must be reachable: People's data > Access data for.".to_owned());
            line("population:".to_owned());
            line(format!("  at-least: {whom}"));
        }
        line(String::new());
        line("# Who may be in the permission group. Only a person can look at it.".to_owned());
        line("membership:".to_owned());
        line("  group: service-user".to_owned());
        line("  members: only-the-service-user".to_owned());
        text
    }

    /// The permissions, each once, with those without which they are of no use.
    fn whole(&self, catalogue: &Catalogue) -> Vec<(PermissionId, Option<&'static str>)> {
        let mut given: BTreeSet<&PermissionId> = BTreeSet::new();
        let mut whole: Vec<(PermissionId, Option<&'static str>)> =
            self.permissions.iter().filter(|id| given.insert(id)).map(|id| (id.clone(), None)).collect();
        let of_data = |id: &PermissionId| {
            id.as_category()
                .filter(|(category, _)| catalogue.is_category(category) || category.starts_with("category_"))
                .map(|(category, action)| (category.to_owned(), action))
        };
        let data: Vec<(String, Action)> = whole.iter().filter_map(|(id, _)| of_data(id)).collect();
        let mut add = |category: &str, why: &'static str| {
            let view = PermissionId::category(category, Action::View);
            if !whole.iter().any(|(id, _)| *id == view) {
                whole.push((view, Some(why)));
            }
        };
        for (category, action) in &data {
            if *action == Action::History {
                add(category, "histories alone show no current value");
            }
        }
        if !data.is_empty() {
            add("root", "nobody appears without it");
        }
        whole
    }
}

/// A text as YAML, in quotes wherever it could be taken for something else.
fn scalar(text: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '/' | '-' | '_' | '\'' | '.' | ',' | '(' | ')');
    let is_plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(plain)
        && text.trim() == text
        && !["yes", "no", "on", "off", "true", "false", "null", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    // JSON's texts are YAML's too.
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn draft(permissions: &[&str]) -> Draft {
        Draft {
            name: "acme".to_owned(),
            title: "Acme: \"HR\" # 1".to_owned(),
            publisher: Some("no".to_owned()),
            url: Some("https://acme.example/guide?a=b#c".to_owned()),
            list: ListWord::Closed,
            permissions: permissions.iter().map(|id| PermissionId::parse(id).unwrap()).collect(),
            population: vec!["employed".to_owned(), "terminated".to_owned()],
            output: None,
        }
    }

    #[test]
    fn a_new_policy_says_what_was_said_and_lints_clean() {
        let catalogue = Catalogue::embedded();
        for permissions in [
            &["people/work/history", "people/payroll/view", "people/payroll/view"][..],
            &["time-off/balance/view"],
            &["people/category_1720508362305/view", "fields/work.title/view", "docs/0b1c-22/view"],
        ] {
            let text = draft(permissions).write("2026-11-22", None, catalogue);
            let source = Source::new("acme.yaml", text);
            let policy = validate::read(&source, Origin::File, catalogue)
                .unwrap_or_else(|problems| panic!("{problems}"));
            assert_eq!(policy.title, "Acme: \"HR\" # 1");
            assert_eq!(policy.publisher, "no");
            assert_eq!(policy.guide.url.as_deref(), Some("https://acme.example/guide?a=b#c"));
            let odd = lint::of_policy(&source, &policy, catalogue, date(2026, 11, 22));
            assert!(odd.is_empty(), "{odd}");
        }
    }

    #[test]
    fn what_is_of_no_use_alone_is_joined_by_what_it_needs() {
        let ids = |permissions: &[&str]| -> Vec<String> {
            let whole = draft(permissions).whole(Catalogue::embedded());
            whole.into_iter().map(|(id, _)| id.to_string()).collect()
        };
        assert_eq!(
            ids(&["people/work/history"]),
            ["people/work/history", "people/work/view", "people/root/view"]
        );
        assert_eq!(ids(&["people/root/view"]), ["people/root/view"]);
        assert_eq!(ids(&["features/reports/view"]), ["features/reports/view"]);
    }

    #[test]
    fn any_text_survives_being_written() {
        for text in [
            "no",
            "12",
            "a: b",
            "# x",
            "- y",
            "é\n\"",
            "",
            "*",
            "it's",
            "View selected employees' Work sections",
        ] {
            let back: String = serde_yaml::from_str(&scalar(text)).unwrap();
            assert_eq!(back, text);
        }
    }
}
