//! The chapter about the service user.

use crate::policy::blocks::{CredentialKind, Credentials, Environment, Ownership};
use crate::policy::lines::Truth;
use crate::report::words::path;

use super::boxes::sentence;
use super::build::{Builder, points};
use super::names::{named, new_service_user};
use super::{Block, plain};

/// What whoever no longer has a token has to know.
const ANEW: &str = "If you no longer have it, it has to be made anew, and whatever uses the old one stops.";

/// How the token does not go: beside the way that the guide names, if it names one.
const NO_OTHER_WAY: &str =
    "Hand the token over in no other way: not in a mail or a chat, and on no screenshot.";

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
                steps.extend(match credentials.own {
                    Some(Ownership::Existing) => Some("Choose the service user that you have for it.".to_owned()),
                    Some(Ownership::Either) => {
                        Some("Choose a service user that you have for this, or make a new one as follows.".to_owned())
                    }
                    Some(Ownership::Dedicated) | None => None,
                });
                match credentials.own {
                    Some(Ownership::Existing) => steps.extend(named("service user", &credentials.names)),
                    _ => steps.extend(new_service_user(&self.screens.new_service_user, credentials)),
                }
                let product = |name: &Option<String>, here: &str| match name {
                    Some(name) if name != here => format!("\"{here}\" ({} calls it \"{name}\")", policy.publisher),
                    _ => format!("\"{here}\""),
                };
                let (id, token) = (
                    product(&credentials.id, &self.screens.id_name),
                    product(&credentials.token, &self.screens.token_name),
                );
                let keep = "keep them where nobody else finds them";
                let then = match (self.handover_of(credentials).is_empty(), self.connect().is_empty()) {
                    (false, _) => format!("{keep}: when they are handed over, is told below"),
                    (true, false) => format!("{keep}: where they go, the chapter \"{}\" says", self.to_connect()),
                    (true, true) => format!("put them where {} asks for them", policy.publisher),
                };
                steps.push(match credentials.own {
                    Some(Ownership::Existing) => format!(
                        "Take its two values, {id} and {token}, and {then}. HiBob has shown the token once. {ANEW}"
                    ),
                    Some(Ownership::Either) => format!(
                        "HiBob shows two values, once: {id} and {token}. Copy both before you close the dialog, and \
                         {then}. Of a service user that you have, it does not show the token again. {ANEW}"
                    ),
                    Some(Ownership::Dedicated) | None => format!(
                        "HiBob shows two values, once: {id} and {token}. Copy both before you close the dialog, and \
                         {then}. If the token is lost, it has to be made anew."
                    ),
                });
                blocks.push(Block::Steps(steps.into_iter().map(plain).collect()));
            }
        }
        let mut more: Vec<String> = Vec::new();
        if let Some(looks) = &credentials.looks_like {
            more.push(format!("As a rule the id begins with {looks}"));
        }
        more.extend(self.notes(&credentials.notes));
        more.push(NO_OTHER_WAY.to_owned());
        blocks.push(Block::Heading(2, "About the two values".to_owned()));
        blocks.extend(points(more.into_iter()));
        blocks
    }

    /// When the values of this service user are handed over, where that is not at once.
    fn handover_of(&self, credentials: &Credentials) -> Vec<String> {
        self.notes(&credentials.timing)
    }

    /// The same of all that concern this customer, each under its own condition.
    pub(super) fn handover(&self) -> Vec<String> {
        let concerned = self.policy.credentials.iter().filter(|it| self.truth(&it.when) != Truth::No);
        let under = |it: &Credentials| {
            let told = self.handover_of(it);
            told.into_iter().filter_map(|says| self.under(&says, &it.when)).collect::<Vec<_>>()
        };
        concerned.flat_map(under).collect()
    }

    /// What the product signs in with.
    pub(super) fn credentials(&self) -> CredentialKind {
        let concerned = self.policy.credentials.iter().find(|it| self.truth(&it.when) != Truth::No);
        concerned.map_or_else(CredentialKind::default, |credentials| credentials.kind)
    }
}
