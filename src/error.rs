//! What can go wrong before there is a report. Each error says what was being done to which thing,
//! why it failed, and what to do next.

use crate::exit;
use crate::policy::shipped::ShippedError;
use crate::prober::address::BaseUrlError;
use crate::prober::client::ClientError;
use crate::prober::secret::CredentialsError;
use crate::source::problems::Problems;

/// What can go wrong before there is a report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file a person wrote has mistakes: all of them, with their places.
    #[error("{0}")]
    Written(Box<Written>),
    /// There is no such policy.
    #[error("there is no policy `{name}`: no such file, and none of that name ships")]
    NoSuchPolicy {
        /// As it was given.
        name: String,
        /// The nearest shipped name, if one is near.
        nearest: Option<String>,
    },
    /// A shipped policy has another version.
    #[error(transparent)]
    Shipped(#[from] ShippedError),
    /// A file cannot be read.
    #[error("cannot read {what} `{file}`: {why}")]
    Unreadable {
        /// What the file is.
        what: &'static str,
        /// The file.
        file: String,
        /// The cause.
        why: String,
    },
    /// A stored report is none, or of another version.
    #[error("cannot use the report {file}{line}: {why}")]
    Report {
        /// The file.
        file: String,
        /// Where in it, as `:line:column`; empty where it has no place.
        line: String,
        /// The cause.
        why: String,
    },
    /// A file of evidence is none, or of another version.
    #[error("cannot use the evidence {file}{line}: {why}")]
    Evidence {
        /// The file.
        file: String,
        /// Where in it, as `:line:column`; empty where it has no place.
        line: String,
        /// The cause.
        why: String,
    },
    /// A file cannot be written.
    #[error("cannot write {what} to `{file}`: {why}")]
    Unwritable {
        /// What was to be written.
        what: String,
        /// The file.
        file: String,
        /// The cause.
        why: String,
    },
    /// A word of a flag is not known.
    #[error("{flag} knows no `{word}`")]
    UnknownWord {
        /// The flag.
        flag: &'static str,
        /// The word.
        word: String,
        /// What it knows, or what was meant.
        hint: String,
    },
    /// Two things that cannot both be.
    #[error("{what}")]
    Conflict {
        /// What cannot be.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The credentials are missing or malformed.
    #[error("cannot use the credentials from {place}: {why}")]
    Credentials {
        /// Where they were looked for.
        place: String,
        /// What is wrong with them. Never repeats a value.
        why: CredentialsError,
    },
    /// The address is no base URL.
    #[error("cannot use the address of the API: {0}")]
    BaseUrl(#[from] BaseUrlError),
    /// No client can be built.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// There is no such permission.
    #[error("the catalogue knows no permission `{id}`")]
    NoSuchPermission {
        /// As it was given.
        id: String,
        /// The nearest id, if one is near.
        nearest: Option<String>,
    },
    /// A persona cannot be used.
    #[error("cannot play the persona `{persona}`: {why}")]
    Persona {
        /// As it was given.
        persona: String,
        /// The cause.
        why: String,
        /// The personas that there are.
        known: String,
    },
    /// The simulator cannot listen.
    #[error("cannot start the simulator: {0}")]
    Simulator(std::io::Error),
    /// Something that cannot happen, happened.
    #[error("{0}")]
    Internal(String),
}

/// The problems of a file, rendered.
#[derive(Debug)]
pub struct Written {
    problems: Problems,
    color: bool,
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.problems.render(self.color).trim_end())
    }
}

impl Error {
    /// The mistakes of a file, to be shown with or without colour.
    pub fn written(problems: Problems, color: bool) -> Self {
        Self::Written(Box::new(Written { problems, color }))
    }

    /// The mistakes of a file, if that is what it is about; otherwise the error itself.
    pub fn into_problems(self) -> Result<Problems, Self> {
        match self {
            Self::Written(written) => Ok(written.problems),
            other => Err(other),
        }
    }

    /// Whether the message is a rendered diagnostic, which says "error:" itself.
    pub fn speaks_for_itself(&self) -> bool {
        matches!(self, Self::Written(_))
    }

    /// What to do next, as an imperative.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Written(_) => {
                "nothing was sent; `audit schema policy` explains every key of a policy".to_owned()
            }
            Self::NoSuchPolicy { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::NoSuchPolicy { .. } => {
                "pass the path of a policy file, `-` for standard input, or the name of one that ships: `audit \
                 policy show` lists them"
                    .to_owned()
            }
            Self::Shipped(error) => error.hint(),
            Self::Unreadable { .. } => "check the path, and that you may read it".to_owned(),
            Self::Report { .. } => {
                "pass a report of version 1, as `--output json=FILE` writes it; `audit schema \
                                    report` describes it"
                    .to_owned()
            }
            Self::Evidence { .. } => {
                "pass evidence of version 1, as `audit probe --output FILE` writes it; `audit schema evidence` \
                 describes it"
                    .to_owned()
            }
            Self::Unwritable { .. } => {
                "name a file in a folder that exists and that you may write to".to_owned()
            }
            Self::UnknownWord { hint, .. } | Self::Conflict { hint, .. } => hint.clone(),
            Self::Credentials { .. } => {
                "set HIBOB_SERVICE_USER_ID and HIBOB_SERVICE_USER_TOKEN, or name a file that holds both with \
                 --credentials FILE; to look around without an account: --simulate"
                    .to_owned()
            }
            Self::BaseUrl(_) => {
                "HiBob's own is https://api.hibob.com/v1; plain http only for 127.0.0.1".to_owned()
            }
            Self::Client(error) => error.hint().to_owned(),
            Self::NoSuchPermission { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::NoSuchPermission { .. } => "`audit catalogue` lists every permission".to_owned(),
            Self::Persona { known, .. } => format!("name one of: {known}; or the path of a persona file"),
            Self::Simulator(_) => {
                "take another port: `audit simulate --port 0` takes any that is free".to_owned()
            }
            Self::Internal(_) => "this is a bug: please report it with the command you ran".to_owned(),
        })
    }

    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Client(ClientError::Tls { .. }) => exit::NO_VERDICT,
            Self::Internal(_) => exit::INTERNAL,
            _ => exit::USAGE,
        }
    }
}
