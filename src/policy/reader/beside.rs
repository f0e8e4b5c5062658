//! What a guide asks for beside rights, line by line.

use crate::policy::beside::{Also, AlsoKind, By, Duty, Prerequisite, Wanted};
use crate::policy::fields::{Fields, Reader, near, one_line, quoted};
use crate::policy::lines::When;
use crate::policy::tree::{Node, Plain, Value};
use crate::policy::{Role, Spot};
use crate::source::problems::Problem;

const ROLES: [(&str, Role); 3] =
    [("hibob-admin", Role::HibobAdmin), ("integrator", Role::Integrator), ("operator", Role::Operator)];
const WANTED: [(&str, Wanted); 2] =
    [(Wanted::Recommended.as_str(), Wanted::Recommended), (Wanted::Optional.as_str(), Wanted::Optional)];
const ALSO: [(&str, AlsoKind); 6] = [
    ("webhook", AlsoKind::Webhook),
    ("setting", AlsoKind::Setting),
    ("data", AlsoKind::Data),
    ("list", AlsoKind::List),
    ("parameter", AlsoKind::Parameter),
    ("metadata", AlsoKind::Metadata),
];

/// What stands beside a line, whatever it says.
struct Beside {
    by: Option<By>,
    wanted: Wanted,
    when: When,
}

impl Reader<'_> {
    fn what_stands_beside(&mut self, fields: &mut Fields) -> Beside {
        Beside {
            by: self.by(fields),
            wanted: self
                .word_at(fields, "wanted", "word for how much a line is wanted", &WANTED)
                .unwrap_or_default(),
            when: self.condition(fields),
        }
    }

    /// Who sees to it: one of three, or somebody else at the customer's by what the guide calls them. A part of a
    /// word, such as `admin`, is no name: the whole word is meant.
    fn by(&mut self, fields: &mut Fields) -> Option<By> {
        let (_, node) = fields.take("role")?;
        let is_a_name = match &node.value {
            Value::Scalar(text, Plain::Text) => {
                let words = ROLES.map(|(word, _)| word);
                words.iter().flat_map(|word| word.split('-').chain([*word])).all(|word| word != text)
                    && near(self.problems, text, words).is_none()
            }
            _ => false,
        };
        if is_a_name {
            let name = self.text_of(node, "role")?.value;
            return Some(By { role: Role::HibobAdmin, name: Some(name) });
        }
        self.word(&node, "role", &ROLES).map(|role| By::from(role.value))
    }

    /// Sentences of which each is seen to by somebody.
    pub(super) fn duties(&mut self, fields: &mut Fields, key: &'static str, what: &'static str) -> Vec<Duty> {
        let nodes = self.list(fields, key);
        nodes.into_iter().filter_map(|node| self.duty(node, key, what)).collect()
    }

    fn duty(&mut self, node: Node, key: &str, what: &'static str) -> Option<Duty> {
        let place = self.spot(&node.span);
        if matches!(node.value, Value::Scalar(..)) {
            let text = self.text_of(node, key)?.value;
            let by = Role::HibobAdmin.into();
            return Some(Duty { text, by, wanted: Wanted::Required, when: When::default(), place });
        }
        let mut fields = self.fields(node, what)?;
        let text = self.text(&mut fields, "text");
        let Beside { by, wanted, when } = self.what_stands_beside(&mut fields);
        let meant = self.refuse_the_rest(&mut fields);
        self.demand(&fields, "text", &meant);
        Some(Duty { text: text?.value, by: by.unwrap_or(Role::HibobAdmin.into()), wanted, when, place })
    }

    pub(super) fn also(&mut self, fields: &mut Fields) -> Vec<Also> {
        let nodes = self.list(fields, "also");
        nodes.into_iter().filter_map(|node| self.one_also(node, false)).collect()
    }

    fn one_also(&mut self, node: Node, comes_first: bool) -> Option<Also> {
        let place = self.spot(&node.span);
        let mut fields = self.fields(node, "a line of `also`")?;
        let mut found: Vec<(AlsoKind, String)> = Vec::new();
        for (key, kind) in ALSO {
            found.extend(self.text(&mut fields, key).map(|text| (kind, text.value)));
        }
        let Beside { by, wanted, when } = self.what_stands_beside(&mut fields);
        let meant = self.refuse_the_rest(&mut fields);
        let written = ALSO.iter().filter(|(key, _)| fields.was_written(key)).count();
        if written != 1 && meant.is_empty() {
            let message = self.says("has a line of `also` that says not one thing");
            self.problems.push(
                Problem::error("no-target", message, fields.span)
                    .label(format!("expected one of {}", quoted(&ALSO.map(|(key, _)| key)))),
            );
            return None;
        }
        let (kind, text) = found.pop()?;
        Some(Also { kind, by: by.unwrap_or(kind.role().into()), wanted, text, comes_first, when, place })
    }

    /// What the person at the screen must be able to do, and what has to be so before anything else.
    pub(super) fn prerequisites(&mut self, fields: &mut Fields) -> (Vec<Prerequisite>, Vec<Also>) {
        let is_also = |node: &Node| match &node.value {
            Value::Map(keys) => keys.iter().any(|(key, _)| ALSO.iter().any(|(also, _)| key.value == *also)),
            _ => false,
        };
        let nodes = self.list(fields, "prerequisites");
        let (also, asked): (Vec<Node>, Vec<Node>) = nodes.into_iter().partition(is_also);
        (
            asked.into_iter().filter_map(|node| self.prerequisite(node, false)).collect(),
            also.into_iter().filter_map(|node| self.one_also(node, true)).collect(),
        )
    }

    fn prerequisite(&mut self, node: Node, is_alternative: bool) -> Option<Prerequisite> {
        let place = self.spot(&node.span);
        let nothing = Beside { by: None, wanted: Wanted::Required, when: When::default() };
        let plain = |text: String, beside: Beside, place: Spot| Prerequisite {
            text,
            permission: None,
            any_of: Vec::new(),
            by: beside.by.unwrap_or(Role::HibobAdmin.into()),
            wanted: beside.wanted,
            when: beside.when,
            place,
        };
        if let Value::Scalar(text, Plain::Text) = &node.value {
            return Some(plain(one_line(text), nothing, place));
        }
        let mut fields = self.fields(node, "a prerequisite")?;
        let id = self.text(&mut fields, "permission");
        let has = |fields: &Fields, key: &str| fields.was_written(key);
        let any_of = if is_alternative { None } else { fields.take("any-of") };
        let label = if has(&fields, "permission") { self.text(&mut fields, "label") } else { None };
        let says = !has(&fields, "permission") && !has(&fields, "any-of");
        let text = if says { self.text(&mut fields, "text") } else { None };
        // Who sees to a choice, and how much it is wanted, is said of the choice.
        let beside = match is_alternative {
            true => Beside { when: self.condition(&mut fields), ..nothing },
            false => self.what_stands_beside(&mut fields),
        };
        let meant = self.refuse_the_rest(&mut fields);
        if let Some((key, node)) = any_of {
            if has(&fields, "permission") {
                let message = self.says("has a prerequisite that says two things");
                self.problems.push(
                    Problem::error("two-targets", message, key.span)
                        .label("`permission` stands beside it")
                        .help("make it one of the alternatives"),
                );
                return None;
            }
            let nodes = self.list_of(node, "any-of");
            if nodes.len() == 1 {
                self.no_choice("any-of", key.span);
            }
            let any_of: Vec<Prerequisite> =
                nodes.into_iter().filter_map(|node| self.prerequisite(node, true)).collect();
            let text =
                any_of.iter().map(|one| one.text.trim_end_matches('.')).collect::<Vec<_>>().join(", or ");
            return Some(Prerequisite { any_of, ..plain(text, beside, place) });
        }
        if let Some(text) = text {
            return Some(plain(text.value, beside, place));
        }
        self.demand(&fields, "permission", &meant);
        let permission = self.one_box(&id?)?;
        let text = label.map_or_else(|| self.catalogue.label(&permission), |label| label.value);
        Some(Prerequisite { permission: Some(permission), ..plain(text, beside, place) })
    }
}
