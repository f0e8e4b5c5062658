//! Where the API lives: an address that credentials may safely be sent to, or none at all.

use std::fmt;

use url::{Host, Url};

use crate::plan::Request;

/// Where the API lives, such as `https://api.hibob.com/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    url: Url,
}

/// Why a text is no base URL. The text is not repeated: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It is no URL with a host.
    #[error("the base URL is not of the form https://host/path")]
    Malformed,
    /// Anything but https, and http elsewhere than on this machine.
    #[error("the base URL must begin with https:// (plain http is for this machine only)")]
    NotSecure,
    /// `https://user:password@host`.
    #[error("the base URL holds a user name or a password")]
    UserInfo,
    /// A `?` or a `#`.
    #[error("the base URL holds a query or a fragment")]
    QueryOrFragment,
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// When credentials sent there would not be safe, or it is no base at all.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut url = Url::parse(text.trim()).map_err(|_| BaseUrlError::Malformed)?;
        if !url.has_host() {
            return Err(BaseUrlError::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let base = Self { text: url.as_str().trim_end_matches('/').to_owned(), url };
        match base.url.scheme() {
            "https" => Ok(base),
            "http" if base.is_loopback() => Ok(base),
            _ => Err(BaseUrlError::NotSecure),
        }
    }

    /// Whether it lies on this very machine.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Whether it is HiBob's sandbox: companies that nobody works in.
    pub fn is_sandbox(&self) -> bool {
        self.url.host_str() == Some("api.sandbox.hibob.com")
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The parsed form of it.
    pub(in crate::prober) fn url(&self) -> &Url {
        &self.url
    }

    /// The address of a request, if the URL parser left its path exactly as it was.
    pub(in crate::prober) fn join(&self, request: &Request) -> Option<Url> {
        let mut url = Url::parse(&format!("{}{}", self.text, request.path)).ok()?;
        let path = format!("{}{}", self.url.path().trim_end_matches('/'), request.path);
        if url.origin() != self.url.origin() || url.path() != path {
            return None;
        }
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        Some(url)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_is_one_host_and_no_other() {
        let is_sandbox = |text: &str| BaseUrl::parse(text).unwrap().is_sandbox();
        assert!(is_sandbox("https://api.sandbox.hibob.com/v1"));
        assert!(is_sandbox("https://API.Sandbox.HiBob.com/v1"));
        for other in [
            "https://api.hibob.com/v1",
            "https://sandbox.hibob.com/v1",
            "https://api.sandbox.hibob.com.evil.example/v1",
            "https://api-sandbox.hibob.com/v1",
            "http://127.0.0.1/api.sandbox.hibob.com",
        ] {
            assert!(!is_sandbox(other), "{other}");
        }
    }

    #[test]
    fn only_safe_base_urls_are_taken() {
        for (text, shown) in [
            ("https://api.hibob.com/v1", "https://api.hibob.com/v1"),
            (" https://api.hibob.com/v1// ", "https://api.hibob.com/v1"),
            ("https://API.hibob.com", "https://api.hibob.com"),
            ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:80/", "http://[::1]"),
            ("http://localhost:3000", "http://localhost:3000"),
        ] {
            assert_eq!(BaseUrl::parse(text).map(|base| base.to_string()), Ok(shown.to_owned()));
        }
        for (text, error) in [
            ("http://api.hibob.com/v1", BaseUrlError::NotSecure),
            ("http://localhost.example.com", BaseUrlError::NotSecure),
            ("http://127.0.0.1.example.com", BaseUrlError::NotSecure),
            ("http://10.0.0.1", BaseUrlError::NotSecure),
            ("http://0.0.0.0", BaseUrlError::NotSecure),
            ("ftp://127.0.0.1", BaseUrlError::NotSecure),
            ("https://user:hunter2@api.hibob.com", BaseUrlError::UserInfo),
            ("https://user@api.hibob.com", BaseUrlError::UserInfo),
            ("http://localhost:hunter2@evil.example", BaseUrlError::UserInfo),
            ("https://api.hibob.com/v1?a=1", BaseUrlError::QueryOrFragment),
            ("https://api.hibob.com/v1#a", BaseUrlError::QueryOrFragment),
            ("api.hibob.com/v1", BaseUrlError::Malformed),
            ("file:///etc/passwd", BaseUrlError::Malformed),
            ("", BaseUrlError::Malformed),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text}");
        }
    }
}
