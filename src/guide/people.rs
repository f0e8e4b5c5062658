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

/// How the token does not go, beside the way that is told before.
const NO_OTHER_WAY: &str =
    "Hand the token over in no other way: not in a mail or a chat, and on no screenshot.";

/// The same, where no way is told.
const NOT_SO: &str = "The token goes into no mail and no chat, and on no screenshot.";

/// Words of a sentence that says how the values go: what is done with them, and what the guide itself has to say of
/// mails and chats.
const WAYS: [&str; 9] = ["paste", "hand", "send", "give", "enter", "type", "upload", "share", "put"];
const MAILS: [&str; 8] = ["mail", "e-mail", "email", "chat", "message", "screenshot", "slack", "teams"];

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
            CredentialKind::OauthApp => {
                blocks.push(Block::Para(plain(format!(
                    "{} is an app of HiBob's marketplace: connect it there, and not with a service user.",
                    policy.title
                ))));
                // It has no values that anybody could hand over.
                blocks.extend(points(self.notes(&credentials.notes).into_iter()));
                return blocks;
            }
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
                let then = match (self.handover_of(credentials).is_empty(), self.says_where_they_go(credentials)) {
                    (false, _) => format!("{keep}: when they are handed over, is told below"),
                    (true, true) => format!("{keep}: where they go, the chapter \"{}\" says", self.to_connect()),
                    (true, false) => format!("put them where {} asks for them", policy.publisher),
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
        more.extend(self.how_they_do_not_go(credentials).map(str::to_owned));
        blocks.push(Block::Heading(2, "About the two values".to_owned()));
        blocks.extend(points(more.into_iter()));
        blocks
    }

    /// Whether a step in the product says where the two values are put.
    fn says_where_they_go(&self, credentials: &Credentials) -> bool {
        let concerned = self.policy.connect.iter().filter(|it| self.truth(&it.when) != Truth::No);
        let mut steps = concerned.map(|it| it.text.as_str());
        steps.any(|step| names_the_values(step, credentials) || has_any(step, &["paste"]))
    }

    /// That the values go no other way than the guide says; nothing, where it speaks of mails or chats itself.
    fn how_they_do_not_go(&self, credentials: &Credentials) -> Option<&'static str> {
        let notes = self.notes(&credentials.notes);
        let concerned = self.policy.connect.iter().filter(|it| self.truth(&it.when) != Truth::No);
        let steps = concerned.map(|it| it.text.clone());
        let of_guide = self.notes(&self.policy.guide.notes).into_iter();
        let elsewhere = steps.chain(of_guide).filter(|says| names_the_values(says, credentials));
        let told: Vec<String> =
            notes.iter().cloned().chain(self.handover_of(credentials)).chain(elsewhere).collect();
        if told.iter().any(|says| has_any(says, &MAILS)) {
            return None;
        }
        let is_told = notes.iter().any(|says| has_any(says, &WAYS));
        Some(if is_told { NO_OTHER_WAY } else { NOT_SO })
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

    /// Whether it signs in as an app of HiBob's marketplace, and with no service user.
    pub(super) fn is_an_app(&self) -> bool {
        let mut concerned =
            self.policy.credentials.iter().filter(|it| self.truth(&it.when) != Truth::No).peekable();
        concerned.peek().is_some() && concerned.all(|it| it.kind == CredentialKind::OauthApp)
    }

    /// What the product signs in with.
    pub(super) fn credentials(&self) -> CredentialKind {
        let concerned = self.policy.credentials.iter().find(|it| self.truth(&it.when) != Truth::No);
        concerned.map_or_else(CredentialKind::default, |credentials| credentials.kind)
    }
}

/// Whether a sentence speaks of the id or the token, by what the product or HiBob calls them.
fn names_the_values(says: &str, credentials: &Credentials) -> bool {
    let own = [&credentials.id, &credentials.token].into_iter().flatten();
    let says = says.to_lowercase();
    own.map(|name| name.to_lowercase()).any(|name| name.len() > 2 && says.contains(&name))
        || has_any(&says, &["token", "credentials", "values"])
}

/// Whether a sentence has one of these words in it, as a word.
fn has_any(says: &str, words: &[&str]) -> bool {
    let says = says.to_lowercase();
    let mut all = says.split(|c: char| !c.is_alphanumeric() && c != '-');
    all.any(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use crate::catalogue::screens;
    use crate::guide::tests::{guide, on};

    const HEAD: &str = "requires: [people/root/view]\n";

    #[test]
    fn where_the_two_values_go_the_chapter_is_named_that_says_so() {
        let says = "where they go, the chapter \"Connect Acme\" says";
        let of = |step: &str| {
            guide(&format!("{HEAD}credentials: {{id: Client ID, token: Secret}}\nconnect: [{step}]"))
        };
        assert!(of("Paste both.").contains(says) && of("Fill in the Client ID.").contains(says));
        let other = of("Press Test.");
        assert!(!other.contains(says) && other.contains("put them where Acme asks for them"), "{other}");
    }

    #[test]
    fn no_other_way_is_said_of_the_token_where_one_was_told_and_nothing_against_the_guide() {
        let of = |notes: &str, connect: &str| {
            guide(&format!("{HEAD}credentials: {{id: a, token: b, notes: [{notes}]}}\nconnect: [{connect}]"))
        };
        let (other, plain) =
            ("Hand the token over in no other way", "The token goes into no mail and no chat");
        let told = of("Upload them to the vault.", "Press Test.");
        assert!(told.contains(other) && !told.contains(plain), "{told}");
        let not_told = of("It is shown once.", "Press Test.");
        assert!(!not_told.contains(other) && not_told.contains(plain), "{not_told}");
        for (notes, connect) in [
            ("We may ask you for the token in chat.", "Press Test."),
            ("It is shown once.", "E-mail the token to Acme."),
        ] {
            let against = of(notes, connect);
            assert!(!against.contains(other) && !against.contains(plain), "{against}");
        }
    }

    #[test]
    fn an_app_has_no_two_values_and_no_service_user_to_choose() {
        let service_user = [
            "two values",
            "Hand the token",
            "The token goes",
            "Choose the service user",
            "whom the service user can see",
        ];
        let lines = format!(
            "{HEAD}facts: {{way: {{asks: How?, values: [app, own]}}}}\ncredentials: [{{kind: oauth-app, timing: At \
             last., notes: [Press Allow.], when: {{fact: way = app}}}}, {{id: a, token: b, when: {{fact: way = own}}}}]"
        );
        let of = |way: &str| on(screens::newest(true), &lines, &[("way", way)], None);
        let (app, own) = (of("app"), of("own"));
        for says in service_user {
            assert!(!app.contains(says), "{says}: {app}");
        }
        assert!(app.contains("- Press Allow.") && app.contains("When the app is connected:"), "{app}");
        assert!(app.contains("Ask Acme which permission group its rights come from"), "{app}");
        assert!(own.contains("two values") && own.contains("CREATE THE PERMISSION GROUP"), "{own}");
        // Of whom nobody knows it, both are told.
        assert!(guide(&lines).contains("CREATE THE PERMISSION GROUP"));
    }
}
