//! The guide and the credentials.

use crate::policy::blocks::{CredentialKind, Credentials, Environment, Name, Ownership};
use crate::policy::fields::{Fields, Reader};
use crate::policy::tree::{At, Node, Value};
use crate::policy::{Guide, GuideText, Ui};
use crate::source::clean::looks_like_token;
use crate::source::problems::Problem;

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
    pub(super) fn names(&mut self, fields: &mut Fields, key: &'static str) -> Vec<At<Name>> {
        let Some((_, node)) = fields.take(key) else { return Vec::new() };
        let nodes = if matches!(node.value, Value::List(_)) { self.list_of(node, key) } else { vec![node] };
        nodes.into_iter().filter_map(|node| self.name(node, key)).collect()
    }

    fn name(&mut self, node: Node, key: &'static str) -> Option<At<Name>> {
        let is_example = matches!(node.value, Value::Map(_));
        let text = if is_example {
            let mut fields = self.fields(node, "a name")?;
            let text = self.text(&mut fields, "example");
            let meant = self.refuse_the_rest(&mut fields);
            self.demand(&fields, "example", &meant);
            text?
        } else {
            self.text_of(node, key)?
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
        let names = self.names(&mut fields, "name");
        let display_names = self.names(&mut fields, "display-name");
        let description = self.text(&mut fields, "description");
        let (id, token) = (self.text(&mut fields, "id"), self.text(&mut fields, "token"));
        let looks_like = self.text(&mut fields, "looks-like");
        let texts = [&id, &token, &looks_like, &description]
            .into_iter()
            .flatten()
            .map(|text| (&text.value, &text.span));
        let texts =
            texts.chain(names.iter().chain(&display_names).map(|name| (&name.value.text, &name.span)));
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
            display_names: display_names.into_iter().map(|name| name.value).collect(),
            description: value(description),
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
}
