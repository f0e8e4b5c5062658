//! A report as other tools take it in: every item with its rule, its place in a file, its weight, and an
//! identity that lasts from run to run.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{At, Item, ManualCheck, PolicyReport, Report, Sensitivity, Status, text};
use crate::policy::Origin;

/// How much a finding weighs for whoever is to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// As it should be.
    Nothing,
    /// Worth knowing; nothing has to be done.
    Note,
    /// Somebody should look.
    Warning,
    /// A gap, or a right that can do harm.
    Error,
}

/// A policy, with everything in it that other tools can take in.
pub(super) struct Findings<'r> {
    pub(super) policy: &'r PolicyReport,
    /// An identity of the policy in this connection.
    pub(super) identity: String,
    /// Where excess belongs that no line mentions.
    pub(super) head: Spot,
    pub(super) items: Vec<Finding<'r>>,
    pub(super) manual: Vec<Manual<'r>>,
}

/// An item.
pub(super) struct Finding<'r> {
    pub(super) item: &'r Item,
    pub(super) identity: String,
    pub(super) at: Spot,
    pub(super) weight: Weight,
}

/// Something that a person has to look at.
pub(super) struct Manual<'r> {
    pub(super) check: &'r ManualCheck,
    pub(super) identity: String,
    pub(super) at: Spot,
}

/// A place in a file, as a URI reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// The file as a URI reference: relative unless the user named it from the root.
    pub(super) uri: String,
    /// The file as a path, with slashes.
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl<'r> Findings<'r> {
    /// One for each policy, in the order of the report.
    pub(super) fn of(report: &'r Report) -> Vec<Self> {
        let mut names =
            Names { connection: report.run.connection.as_deref().unwrap_or_default(), seen: HashMap::new() };
        report.policies.iter().map(|policy| Self::of_policy(policy, &mut names)).collect()
    }

    fn of_policy(policy: &'r PolicyReport, names: &mut Names<'_>) -> Self {
        let first = At { file: policy.policy.file.clone(), line: 1, column: 1 };
        let head = Spot::of(policy.policy.list_at.as_ref().unwrap_or(&first), policy.policy.origin);
        let name = policy.policy.name.as_str();
        let items = policy.items.iter().map(|item| Finding {
            item,
            identity: names.identity(&[
                "item",
                name,
                &rule(item),
                if item.permission.is_none() { &item.label } else { "" },
            ]),
            at: item.at.as_ref().map_or_else(|| head.clone(), |at| Spot::of(at, policy.policy.origin)),
            weight: weight(policy, item),
        });
        let items = items.collect();
        let manual = policy.manual.iter().map(|check| Manual {
            check,
            identity: names.identity(&["manual", name, &check.text]),
            at: Spot::of(&check.at, policy.policy.origin),
        });
        let manual = manual.collect();
        Self { policy, identity: names.identity(&["policy", name]), head, items, manual }
    }
}

/// Makes identities: from what a thing is and never from where it stands, so that a line that is added
/// above makes nothing new of all that stands below.
struct Names<'r> {
    connection: &'r str,
    seen: HashMap<String, u32>,
}

impl Names<'_> {
    fn identity(&mut self, parts: &[&str]) -> String {
        let plain = digest(&[&[self.connection], parts].concat());
        let seen = self.seen.entry(plain.clone()).or_default();
        *seen += 1;
        // A guide may say the same twice, and a policy may be named twice.
        if *seen == 1 { plain } else { digest(&[&plain, &seen.to_string()]) }
    }
}

/// Half a SHA-256 in lowercase hex, of texts that cannot run into each other.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The rule that an item is a case of: its permission, which may hold names of the tenant's own.
pub(super) fn rule(item: &Item) -> String {
    item.permission.as_deref().map_or_else(|| UNRESOLVED.to_owned(), text::clean)
}

/// The rule of a line that stands for no permission.
pub(super) const UNRESOLVED: &str = "unresolved";

fn weight(policy: &PolicyReport, item: &Item) -> Weight {
    match item.status {
        Status::Satisfied => Weight::Nothing,
        Status::Missing => Weight::Error,
        Status::Excess => {
            let gap = item.is_excess_that_counts(policy.policy.list);
            if gap || item.sensitivity == Sensitivity::High { Weight::Error } else { Weight::Warning }
        }
        Status::Unverified if item.is_insisted_on() && !item.tolerated => Weight::Warning,
        Status::Unverified | Status::Waived | Status::Attested | Status::OptionalMissing => Weight::Note,
    }
}

impl Spot {
    /// Where a report of no policy points.
    pub(super) fn nowhere() -> Self {
        Self { uri: "policy".to_owned(), path: "policy".to_owned(), line: 1, column: 1 }
    }

    fn of(at: &At, origin: Origin) -> Self {
        let path = at.file.replace('\\', "/");
        let path = match path.strip_prefix("./").unwrap_or(&path) {
            // There is no file of that name; a name that says so is better than a dash.
            _ if origin == Origin::Stdin => "standard-input",
            path if text::clean(path).is_empty() => "policy",
            path => path,
        };
        let path = path.to_owned();
        Self { uri: uri(&path), path, line: at.line.max(1), column: at.column.max(1) }
    }
}

/// A path as a URI reference, by RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    let drive = path.len() > 2 && path.as_bytes()[0].is_ascii_alphabetic() && &path[1..3] == ":/";
    match (drive, uri.strip_prefix("//")) {
        // `C:/` came out as `C%3A/`.
        (true, _) => format!("file:///{}:{}", &uri[..1], &uri[4..]),
        (false, Some(host)) => format!("file://{host}"),
        (false, None) if uri.starts_with('/') => format!("file://{uri}"),
        (false, None) => uri,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::fixtures;

    #[test]
    fn a_path_becomes_a_reference_that_means_the_same_file() {
        for (path, reference) in [
            ("frontegg.yaml", "frontegg.yaml"),
            ("policies/a b.yaml", "policies/a%20b.yaml"),
            ("/srv/ü#?.yaml", "file:///srv/%C3%BC%23%3F.yaml"),
            ("a:b.yaml", "a%3Ab.yaml"),
            ("C:/work/x.yaml", "file:///C:/work/x.yaml"),
            ("//server/share/x.yaml", "file://server/share/x.yaml"),
            ("x\u{1b}]0;\n.yaml", "x%1B%5D0%3B%0A.yaml"),
        ] {
            assert_eq!(uri(path), reference, "{path}");
        }
    }

    #[test]
    fn the_file_is_named_as_a_repository_names_it() {
        let at = |file: &str| At { file: file.to_owned(), line: 3, column: 5 };
        assert_eq!(Spot::of(&at("./x.yaml"), Origin::File).path, "x.yaml");
        assert_eq!(Spot::of(&at(".\\policies\\x.yaml"), Origin::File).path, "policies/x.yaml");
        assert_eq!(Spot::of(&at("-"), Origin::Stdin).uri, "standard-input");
        assert_eq!(Spot::of(&at(" \u{202e}"), Origin::File).path, "policy");
    }

    #[test]
    fn every_identity_is_its_own_and_knows_no_line() {
        let mut report = fixtures::two_policies();
        // The same policy twice, and a guide that says the same twice.
        report.policies.push(report.policies[0].clone());
        let twice = report.policies[0].items[1].clone();
        report.policies[0].items.push(twice);
        let identities = |report: &Report| -> Vec<String> {
            Findings::of(report)
                .into_iter()
                .flat_map(|policy| {
                    let items = policy.items.into_iter().map(|finding| finding.identity);
                    let manual = policy.manual.into_iter().map(|check| check.identity);
                    items.chain(manual).chain([policy.identity]).collect::<Vec<_>>()
                })
                .collect()
        };
        let before = identities(&report);
        assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
        for item in report.policies.iter_mut().flat_map(|policy| &mut policy.items) {
            if let Some(at) = &mut item.at {
                at.line += 7;
            }
        }
        assert_eq!(identities(&report), before);
        report.run.connection = Some("another".to_owned());
        assert!(identities(&report).iter().all(|identity| !before.contains(identity)));
    }

    #[test]
    fn what_no_line_mentions_belongs_to_the_line_of_the_list() {
        let mut report = fixtures::gaps();
        let lines = |report: &Report| -> Vec<u32> {
            let excess = Findings::of(report).remove(0).items.into_iter();
            excess.filter(|finding| finding.item.at.is_none()).map(|finding| finding.at.line).collect()
        };
        assert_eq!(lines(&report), [9; 8]);
        report.policies[0].policy.list_at = None;
        assert_eq!(lines(&report), [1; 8]);
    }
}
