//! The guide, the credentials, and what only a person can see.

use crate::policy::blocks::{
    Also, AlsoKind, CredentialKind, Credentials, Environment, Manual, Name, Ownership, Prerequisite,
};
use crate::policy::fields::{Fields, Reader, one_line, quoted};
use crate::policy::lines::When;
use crate::policy::tree::{At, Node, Plain, Value};
use crate::policy::{Guide, GuideText, Role, Spot, Ui};
use crate::source::clean::looks_like_token;
use crate::source::problems::Problem;

const ROLES: [(&str, Role); 3] =
    [("hibob-admin", Role::HibobAdmin), ("integrator", Role::Integrator), ("operator", Role::Operator)];
const TEXTS: [(&str, GuideText); 3] =
    [("whole", GuideText::Whole), ("cut", GuideText::Cut), ("lost", GuideText::Lost)];
const KINDS: [(&str, CredentialKind); 4] = [
    ("service-user", CredentialKind::ServiceUser),
    ("oauth-app", CredentialKind::OauthApp),
    ("employee-token", CredentialKind::EmployeeToken),
    ("none", CredentialKind::None),
];
const ENVIRONMENTS: [(&str, Environment); 2] =
    [("production", Environment::Production), ("sandbox", Environment::Sandbox)];
pub(super) const OWNERSHIPS: [(&str, Ownership); 3] = [
    (Ownership::Dedicated.as_str(), Ownership::Dedicated),
    (Ownership::Existing.as_str(), Ownership::Existing),
    (Ownership::Either.as_str(), Ownership::Either),
];
const ALSO: [(&str, AlsoKind); 5] = [
    ("webhook", AlsoKind::Webhook),
    ("data", AlsoKind::Data),
    ("list", AlsoKind::List),
    ("parameter", AlsoKind::Parameter),
    ("metadata", AlsoKind::Metadata),
];

impl Reader<'_> {
    /// The block `source`: the guide, and who publishes it.
    pub(super) fn guide(&mut self, node: Node) -> Option<(Guide, Option<String>)> {
        let mut fields = self.fields(node, "`source`")?;
        let mut value = |key| self.text(&mut fields, key).map(|text| text.value);
        let (title, publisher, url, language) =
            (value("title"), value("publisher"), value("url"), value("language"));
        let read = self.date(&mut fields, "read");
        let read_at = read.as_ref().map(|date| self.spot(&date.span));
        let read = read.map(|date| date.value);
        let ui =
            self.word_at(&mut fields, "ui", "generation of screens", &Ui::ALL.map(|ui| (ui.as_str(), ui)));
        let text = self.word_at(&mut fields, "text", "word for what was read", &TEXTS);
        self.refuse_the_rest(&mut fields);
        Some((Guide { title, url, read, read_at, ui, language, text, ..Guide::default() }, publisher))
    }

    /// What a guide has something called: one name, or one for each of several; each may be an example.
    pub(super) fn names(&mut self, fields: &mut Fields) -> Vec<At<Name>> {
        let Some((_, node)) = fields.take("name") else { return Vec::new() };
        let nodes =
            if matches!(node.value, Value::List(_)) { self.list_of(node, "name") } else { vec![node] };
        nodes.into_iter().filter_map(|node| self.name(node)).collect()
    }

    fn name(&mut self, node: Node) -> Option<At<Name>> {
        let is_example = matches!(node.value, Value::Map(_));
        let text = if is_example {
            let mut fields = self.fields(node, "a name")?;
            let text = self.text(&mut fields, "example");
            let meant = self.refuse_the_rest(&mut fields);
            self.demand(&fields, "example", &meant);
            text?
        } else {
            self.text_of(node, "name")?
        };
        Some(At { value: Name { text: text.value, is_example }, span: text.span })
    }

    /// What the product signs in with: one block, or several, each under its own condition.
    pub(super) fn all_credentials(&mut self, fields: &mut Fields) -> Vec<Credentials> {
        let blocks = self.one_or_more(fields, "credentials");
        blocks.into_iter().filter_map(|(key, node)| self.credentials(&key, node)).collect()
    }

    fn credentials(&mut self, key: &At<String>, node: Node) -> Option<Credentials> {
        let place = Some(self.spot(&key.span));
        let mut fields = self.fields(node, "`credentials`")?;
        let names = self.names(&mut fields);
        let (id, token) = (self.text(&mut fields, "id"), self.text(&mut fields, "token"));
        let looks_like = self.text(&mut fields, "looks-like");
        let texts = [&id, &token, &looks_like].into_iter().flatten().map(|text| (&text.value, &text.span));
        let texts = texts.chain(names.iter().map(|name| (&name.value.text, &name.span)));
        for (text, span) in texts {
            if text.split_whitespace().any(looks_like_token) {
                let message = self.says("holds what looks like a token");
                self.problems.push(
                    Problem::error("secret-in-policy", message, span.clone())
                        .label("only the name of the field belongs here")
                        .help("take it out and make a new token: this one has been written down"),
                );
            }
        }
        let says_kind = fields.was_written("kind");
        let kind = self.word_at(&mut fields, "kind", "kind of credentials", &KINDS);
        let environment = self.word_at(&mut fields, "environment", "environment", &ENVIRONMENTS);
        let own = self.word_at(&mut fields, "own", "kind of service user", &OWNERSHIPS);
        let timing = self.notes(&mut fields, "timing");
        let notes = self.notes(&mut fields, "notes");
        let when = self.condition(&mut fields);
        let meant = self.refuse_the_rest(&mut fields);
        // Whoever says of which kind they are need not know what the product calls them.
        if !says_kind {
            for key in ["id", "token"] {
                self.demand(&fields, key, &meant);
            }
        }
        let value = |text: Option<At<String>>| text.map(|text| text.value);
        Some(Credentials {
            names: names.into_iter().map(|name| name.value).collect(),
            id: value(id),
            token: value(token),
            kind: kind.unwrap_or_default(),
            looks_like: value(looks_like),
            environment,
            own,
            timing,
            notes,
            when,
            place,
        })
    }

    pub(super) fn manual_checks(&mut self, fields: &mut Fields) -> Vec<Manual> {
        let nodes = self.list(fields, "manual");
        nodes.into_iter().filter_map(|node| self.manual(node)).collect()
    }

    fn manual(&mut self, node: Node) -> Option<Manual> {
        let place = self.spot(&node.span);
        if matches!(node.value, Value::Scalar(..)) {
            let text = self.text_of(node, "manual")?.value;
            return Some(Manual { text, role: Role::HibobAdmin, when: When::default(), place });
        }
        let mut fields = self.fields(node, "a manual check")?;
        let text = self.text(&mut fields, "text");
        let role = self.word_at(&mut fields, "role", "role", &ROLES);
        let when = self.condition(&mut fields);
        let meant = self.refuse_the_rest(&mut fields);
        self.demand(&fields, "text", &meant);
        Some(Manual { text: text?.value, role: role.unwrap_or(Role::HibobAdmin), when, place })
    }

    pub(super) fn also(&mut self, fields: &mut Fields) -> Vec<Also> {
        let nodes = self.list(fields, "also");
        nodes.into_iter().filter_map(|node| self.one_also(node, false)).collect()
    }

    fn one_also(&mut self, node: Node, comes_first: bool) -> Option<Also> {
        let place = self.spot(&node.span);
        let mut fields = self.fields(node, "a line of `also`")?;
        let mut found: Vec<Also> = Vec::new();
        for (key, kind) in ALSO {
            if let Some(text) = self.text(&mut fields, key) {
                let (role, when, place) = (kind.role(), When::default(), place.clone());
                found.push(Also { kind, role, text: text.value, comes_first, when, place });
            }
        }
        let role = self.word_at(&mut fields, "role", "role", &ROLES);
        let when = self.condition(&mut fields);
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
        found.pop().map(|also| Also { role: role.unwrap_or(also.role), when, ..also })
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
        let plain = |text: String, when: When, place: Spot| Prerequisite {
            text,
            permission: None,
            any_of: Vec::new(),
            when,
            place,
        };
        if let Value::Scalar(text, Plain::Text) = &node.value {
            return Some(plain(one_line(text), When::default(), place));
        }
        let mut fields = self.fields(node, "a prerequisite")?;
        let id = self.text(&mut fields, "permission");
        let has = |fields: &Fields, key: &str| fields.was_written(key);
        let any_of = if is_alternative { None } else { fields.take("any-of") };
        let label = if has(&fields, "permission") { self.text(&mut fields, "label") } else { None };
        let says = !has(&fields, "permission") && !has(&fields, "any-of");
        let text = if says { self.text(&mut fields, "text") } else { None };
        let when = self.condition(&mut fields);
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
            return Some(Prerequisite { any_of, ..plain(text, when, place) });
        }
        if let Some(text) = text {
            return Some(plain(text.value, when, place));
        }
        self.demand(&fields, "permission", &meant);
        let permission = self.one_box(&id?)?;
        let text = label.map_or_else(|| self.catalogue.label(&permission), |label| label.value);
        Some(Prerequisite { permission: Some(permission), ..plain(text, when, place) })
    }
}
