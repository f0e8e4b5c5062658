//! The chapter about the service user.

use crate::policy::blocks::{CredentialKind, Credentials, Environment, Name, is_to_be_filled_in};
use crate::policy::lines::Truth;
use crate::report::words::{NEVER_THE_TOKEN, list, path};

use super::boxes::sentence;
use super::build::{Builder, points};
use super::{Block, plain};

impl Builder<'_> {
    pub(super) fn service_user(&self) -> Vec<Block> {
        let default = Credentials::default();
        let concerns = |it: &&Credentials| self.truth(&it.when) != Truth::No;
        let mut concerned: Vec<&Credentials> = self.policy.credentials.iter().filter(concerns).collect();
        if concerned.is_empty() {
            concerned.push(&default);
        }
        let mut blocks = Vec::new();
        for credentials in concerned {
            if self.truth(&credentials.when) == Truth::Open {
                blocks.push(Block::Heading(1, sentence(&self.policy.only(&credentials.when))));
            }
            blocks.extend(self.how_to_sign_in(credentials));
        }
        blocks
    }

    fn how_to_sign_in(&self, credentials: &Credentials) -> Vec<Block> {
        let policy = self.policy;
        let mut blocks = Vec::new();
        match credentials.kind {
            CredentialKind::None => {
                return points(std::iter::once(format!(
                    "{} needs no service user: HiBob sends the data by itself.",
                    policy.title
                )));
            }
            CredentialKind::OauthApp => blocks.push(Block::Para(plain(format!(
                "{} is an app of HiBob's marketplace: connect it there, and not with a service user.",
                policy.title
            )))),
            CredentialKind::EmployeeToken => blocks.push(Block::Para(plain(
                "The guide still asks for an employee's API token. HiBob has replaced those by service users: ask \
                 whether a service user will do.",
            ))),
            CredentialKind::ServiceUser => {
                if let Some(environment) = credentials.environment {
                    let which = match environment {
                        Environment::Production => "your own HiBob, and not in the sandbox",
                        Environment::Sandbox => "HiBob's sandbox, and not in your own HiBob",
                    };
                    blocks.push(Block::Para(plain(format!("This is done in {which}."))));
                }
                let mut steps = vec![format!("Open {}.", path(&self.screens.service_users))];
                steps.extend(self.screens.new_service_user.iter().cloned());
                steps.extend(named("service user", &credentials.names));
                let product = |name: &Option<String>, here: &str| match name {
                    Some(name) if name != here => format!("\"{here}\" ({} calls it \"{name}\")", policy.publisher),
                    _ => format!("\"{here}\""),
                };
                steps.push(format!(
                    "HiBob shows two values, once: {} and {}. Copy both before you close the dialog, and put them \
                     where {} asks for them. If the token is lost, it has to be made anew.",
                    product(&credentials.id, &self.screens.id_name),
                    product(&credentials.token, &self.screens.token_name),
                    policy.publisher,
                ));
                blocks.push(Block::Steps(steps.into_iter().map(plain).collect()));
            }
        }
        let mut more: Vec<String> = Vec::new();
        if let Some(looks) = &credentials.looks_like {
            more.push(format!("As a rule the id begins with {looks}"));
        }
        more.extend(self.notes(&credentials.notes));
        more.push(NEVER_THE_TOKEN.to_owned());
        blocks.push(Block::Heading(2, "About the two values".to_owned()));
        blocks.extend(points(more.into_iter()));
        blocks
    }

    /// What the product signs in with.
    pub(super) fn credentials(&self) -> CredentialKind {
        let concerned = self.policy.credentials.iter().find(|it| self.truth(&it.when) != Truth::No);
        concerned.map_or_else(CredentialKind::default, |credentials| credentials.kind)
    }
}

/// What something is to be called; several names are for one of each, and of an example any other will do.
pub(super) fn named(what: &str, names: &[Name]) -> Option<String> {
    let (examples, names): (Vec<&Name>, Vec<&Name>) = names.iter().partition(|name| name.is_example);
    let quoted =
        |names: &[&Name]| -> Vec<String> { names.iter().map(|name| format!("\"{}\"", name.text)).collect() };
    let mut says: Vec<String> = Vec::new();
    match quoted(&names).as_slice() {
        [] => {}
        [only] => says.push(format!("The name of the {what} is {only}.")),
        several => says.push(format!("There is one {what} for each of these names: {}.", list(several))),
    }
    match quoted(&examples).as_slice() {
        [] => {}
        [only] => says.push(format!("The name of the {what} is yours to choose, for example {only}.")),
        several => says.push(format!(
            "The names are yours to choose, one for each {what}, for example {}.",
            list(several)
        )),
    }
    if names.iter().chain(&examples).any(|name| is_to_be_filled_in(&name.text)) {
        says.push(
            "Put what fits in the place of what stands in <…>; where several fit, make one of each."
                .to_owned(),
        );
    }
    (!says.is_empty()).then(|| says.join(" "))
}
