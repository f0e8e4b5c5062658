//! A first version of a policy as a file, with remarks for whoever goes on with it.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::catalogue::id::{Action, PermissionId};
use crate::cli::ListWord;

/// What a first version says.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) publisher: Option<String>,
    pub(super) url: Option<String>,
    pub(super) list: ListWord,
    pub(super) permissions: Vec<PermissionId>,
    pub(super) population: Vec<String>,
    pub(super) output: Option<String>,
}

impl Draft {
    pub(super) fn write(&self, today: &str, schema: &str, catalogue: &Catalogue) -> String {
        let mut text = String::new();
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        line(format!("# yaml-language-server: $schema={schema}"));
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
            add("root", "nobody has a name or an address without it, if anybody comes back at all");
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
    use crate::lint;
    use crate::policy::{Origin, validate};
    use crate::source::Source;

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
            let text = draft(permissions).write("2026-11-22", "policy.v1.json", catalogue);
            let source = Source::new("acme.yaml", text);
            let policy = validate::read(&source, Origin::File, catalogue)
                .unwrap_or_else(|problems| panic!("{problems}"));
            assert_eq!(policy.title, "Acme: \"HR\" # 1");
            assert_eq!(policy.publisher, "no");
            assert_eq!(policy.guide.url.as_deref(), Some("https://acme.example/guide?a=b#c"));
            let odd = lint::of_policy(&source, &policy, catalogue, date(2026, 11, 22));
            // Of a box that nobody asked for, only the author can say whether it may be in the list.
            let codes: Vec<&str> = odd.sorted().iter().map(|problem| problem.code).collect();
            assert_eq!(codes, ["people-unseen"], "{odd}");
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
