//! The service user's credentials. Whatever is printed of them, the token is not in it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The name that holds the service user's id, in the environment and in a dotenv file.
pub const ID_NAME: &str = "HIBOB_SERVICE_USER_ID";
/// The name that holds the service user's token, in the environment and in a dotenv file.
pub const TOKEN_NAME: &str = "HIBOB_SERVICE_USER_TOKEN";

/// A token. It is wiped from memory when dropped, and no trait of it prints it.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// The text that goes into the `Authorization` header, and nowhere else.
    pub(in crate::prober) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

/// What a service user signs in with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The public half, such as `SERVICE-57121`.
    pub id: String,
    /// The secret half.
    pub token: Token,
}

/// Why a text gives no credentials. No variant holds a value that was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// The user forgot one of the two, or misspelt its name.
    #[error("{name} is missing")]
    Missing {
        /// The name that was not found.
        name: &'static str,
    },
    /// The name is there and holds nothing.
    #[error("{name} is empty{}", at(*.line))]
    Empty {
        /// The name that holds nothing.
        name: &'static str,
        /// The line of the file, if there was one.
        line: Option<usize>,
    },
    /// A line break, another control character or an invisible one: a slip of copy and paste.
    #[error("{name} holds a character that cannot be seen{}", at(*.line))]
    UnseenCharacter {
        /// The name whose value is damaged.
        name: &'static str,
        /// The line of the file, if there was one.
        line: Option<usize>,
    },
    /// The id and the token travel joined by a colon, so the id holds none.
    #[error("{ID_NAME} holds a colon{}: give the id alone, without the token", at(*.line))]
    ColonInId {
        /// The line of the file, if there was one.
        line: Option<usize>,
    },
    /// Two lines give the same name; which one is meant is not for us to guess.
    #[error("{name} stands twice, in lines {first} and {second}")]
    Twice {
        /// The name that stands twice.
        name: &'static str,
        /// The first line.
        first: usize,
        /// The second line.
        second: usize,
    },
    /// A line speaks of one of the two names and is not an assignment.
    #[error("line {line} is not of the form NAME=value")]
    NotAnAssignment {
        /// The line of the file.
        line: usize,
    },
    /// A quote that is opened and not closed, or followed by more text.
    #[error("the quotes in line {line} do not match")]
    Quotes {
        /// The line of the file.
        line: usize,
    },
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!(" (line {line})")).unwrap_or_default()
}

impl Credentials {
    /// Takes the two halves, as the environment gives them; spaces around them are dropped.
    ///
    /// # Errors
    /// When a half is empty or holds what no credential holds.
    pub fn new(id: &str, token: &str) -> Result<Self, CredentialsError> {
        Self::from_lines((id, None), (token, None))
    }

    /// Reads a dotenv file that holds [`ID_NAME`] and [`TOKEN_NAME`], among other names perhaps.
    ///
    /// # Errors
    /// When a name is missing, stands twice, or its value is damaged. The value is never echoed.
    pub fn parse_dotenv(text: &str) -> Result<Self, CredentialsError> {
        let mut id: Option<(SecretString, usize)> = None;
        let mut token: Option<(SecretString, usize)> = None;
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let number = index + 1;
            let Some((name, value)) = assignment(line, number)? else { continue };
            let slot = if name == ID_NAME { &mut id } else { &mut token };
            if let Some((_, first)) = slot {
                return Err(CredentialsError::Twice { name, first: *first, second: number });
            }
            *slot = Some((value, number));
        }
        let (id, id_line) = id.ok_or(CredentialsError::Missing { name: ID_NAME })?;
        let (token, token_line) = token.ok_or(CredentialsError::Missing { name: TOKEN_NAME })?;
        Self::from_lines((id.expose_secret(), Some(id_line)), (token.expose_secret(), Some(token_line)))
    }

    fn from_lines(
        (id, id_line): (&str, Option<usize>),
        (token, token_line): (&str, Option<usize>),
    ) -> Result<Self, CredentialsError> {
        let id = sound(ID_NAME, id, id_line)?;
        if id.contains(':') {
            return Err(CredentialsError::ColonInId { line: id_line });
        }
        let token = sound(TOKEN_NAME, token, token_line)?;
        Ok(Self { id: id.to_owned(), token: Token(SecretString::from(token)) })
    }
}

/// The value without the spaces around it, if it can be a credential.
fn sound<'a>(name: &'static str, value: &'a str, line: Option<usize>) -> Result<&'a str, CredentialsError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(CredentialsError::Empty { name, line });
    }
    if value.chars().any(is_unseen) {
        return Err(CredentialsError::UnseenCharacter { name, line });
    }
    Ok(value)
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The assignment of one of our two names; any other line is not our business.
fn assignment(line: &str, number: usize) -> Result<Option<(&'static str, SecretString)>, CredentialsError> {
    let line = line.trim();
    let body = line
        .strip_prefix("export")
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .unwrap_or(line)
        .trim_start();
    let Some(name) = [TOKEN_NAME, ID_NAME].into_iter().find(|name| body.starts_with(name)) else {
        return Ok(None);
    };
    let rest = &body[name.len()..];
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(None);
    }
    let value =
        rest.trim_start().strip_prefix('=').ok_or(CredentialsError::NotAnAssignment { line: number })?;
    Ok(Some((name, unquoted(value.trim(), number)?)))
}

fn unquoted(value: &str, line: usize) -> Result<SecretString, CredentialsError> {
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        // A comment begins at a `#` that follows a space; a `#` inside a token is part of it.
        let comment = value
            .char_indices()
            .find(|(at, c)| *c == '#' && !value[..*at].ends_with(|c| c != ' ' && c != '\t'));
        return Ok(SecretString::from(&value[..comment.map_or(value.len(), |(at, _)| at)]));
    };
    let mut inside = String::with_capacity(value.len());
    let mut rest = value[1..].chars();
    loop {
        match rest.next() {
            Some(c) if c == quote => break,
            // Only what can be escaped for a reason is unescaped; any other backslash stays.
            Some('\\') if quote == '"' => match rest.clone().next() {
                Some(c @ ('"' | '\\' | '$' | '`')) => {
                    inside.push(c);
                    rest.next();
                }
                _ => inside.push('\\'),
            },
            Some(c) => inside.push(c),
            None => return Err(CredentialsError::Quotes { line }),
        }
    }
    let after = rest.as_str().trim_start();
    if after.is_empty() || after.starts_with('#') {
        Ok(SecretString::from(inside))
    } else {
        Err(CredentialsError::Quotes { line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, String), String> {
        Credentials::parse_dotenv(text)
            .map(|read| (read.id, read.token.expose().to_owned()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn every_usual_spelling_of_a_dotenv_file_is_read() {
        let expected = Ok(("SERVICE-1".to_owned(), "s3cr3t#x".to_owned()));
        for text in [
            "HIBOB_SERVICE_USER_ID=SERVICE-1\nHIBOB_SERVICE_USER_TOKEN=s3cr3t#x\n",
            "\u{feff}HIBOB_SERVICE_USER_ID=SERVICE-1\r\nHIBOB_SERVICE_USER_TOKEN=s3cr3t#x\r\n",
            "# ours\n\nexport HIBOB_SERVICE_USER_TOKEN='s3cr3t#x' # note\nexport\tHIBOB_SERVICE_USER_ID = SERVICE-1 # id",
            "OTHER=\"unclosed\nHIBOB_SERVICE_USER_ID_OLD=x\nHIBOB_SERVICE_USER_ID=\" SERVICE-1 \"\nHIBOB_SERVICE_USER_TOKEN=\"s3cr3t#x\"",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn quotes_keep_what_they_hold() {
        let read = |token: &str| {
            read(&format!("HIBOB_SERVICE_USER_ID=S\nHIBOB_SERVICE_USER_TOKEN={token}"))
                .map(|(_, token)| token)
        };
        assert_eq!(read(r#""a\"b\\c\d""#).unwrap(), r#"a"b\c\d"#);
        assert_eq!(read(r"'a\b # c'").unwrap(), r"a\b # c");
        assert_eq!(read("#comment"), Err("HIBOB_SERVICE_USER_TOKEN is empty (line 2)".to_owned()));
    }

    #[test]
    fn each_slip_is_told_with_its_line_and_without_the_value() {
        for (text, message) in [
            ("HIBOB_SERVICE_USER_ID=S", "HIBOB_SERVICE_USER_TOKEN is missing"),
            ("HIBOB_SERVICE_USER_TOKEN=hunter2", "HIBOB_SERVICE_USER_ID is missing"),
            (
                "HIBOB_SERVICE_USER_ID=S\nHIBOB_SERVICE_USER_TOKEN= ''",
                "HIBOB_SERVICE_USER_TOKEN is empty (line 2)",
            ),
            ("HIBOB_SERVICE_USER_TOKEN: hunter2", "line 1 is not of the form NAME=value"),
            ("\nHIBOB_SERVICE_USER_TOKEN='hunter2", "the quotes in line 2 do not match"),
            ("HIBOB_SERVICE_USER_TOKEN='hunter2' hunter2", "the quotes in line 1 do not match"),
            (
                "HIBOB_SERVICE_USER_ID=S:hunter2\nHIBOB_SERVICE_USER_TOKEN=hunter2",
                "HIBOB_SERVICE_USER_ID holds a colon (line 1): give the id alone, without the token",
            ),
            (
                "HIBOB_SERVICE_USER_ID=S\nHIBOB_SERVICE_USER_TOKEN=hun\u{200b}ter2",
                "HIBOB_SERVICE_USER_TOKEN holds a character that cannot be seen (line 2)",
            ),
            (
                "HIBOB_SERVICE_USER_ID=S\nHIBOB_SERVICE_USER_ID=hunter2",
                "HIBOB_SERVICE_USER_ID stands twice, in lines 1 and 2",
            ),
        ] {
            assert_eq!(read(text), Err(message.to_owned()));
        }
    }

    #[test]
    fn a_line_break_inside_a_credential_is_refused() {
        for (id, token) in [("S", "a\nb"), ("S\r\nX", "a"), ("S", "a\u{0}b")] {
            assert!(Credentials::new(id, token).is_err());
        }
        assert_eq!(Credentials::new(" S ", "\thunter2\n").unwrap().token.expose(), "hunter2");
    }

    #[test]
    fn debug_does_not_know_the_token() {
        let shown = format!("{:?}", Credentials::new("SERVICE-1", "hunter2").unwrap());
        assert!(shown.contains("SERVICE-1") && !shown.contains("hunter2"), "{shown}");
    }
}
