//! Reads a stored report: strictly, for what is known, and leniently towards keys of later versions.

use serde::de::{Deserialize, Deserializer, Error as _};

use super::{Report, VerdictWord, words};

/// Why a text is no report, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub why: String,
    /// Line and column, from 1, where the text has a place for it.
    pub at: Option<(usize, usize)>,
}

/// Reads a JSON report of version 1. Keys that are not known are left out: a later version of this
/// program may have added them.
///
/// # Errors
/// When it is no JSON, of another version, or breaks a rule of version 1.
pub fn read(text: &str) -> Result<Report, Unreadable> {
    /// The one key that says how to read the others.
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(deserialize_with = "version")]
        #[expect(dead_code, reason = "it is read for its error alone")]
        schema_version: u32,
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str::<Head>(text).map_err(|error| refused(&error))?;
    let mut report: Report = serde_json::from_str(text).map_err(|error| refused(&error))?;
    verdicts_are_whole(&report)?;
    // Whoever took the notice out of a simulated report gets it back.
    if report.run.simulated {
        report.notice.get_or_insert_with(|| words::SIMULATED.to_owned());
    }
    Ok(report)
}

fn refused(error: &serde_json::Error) -> Unreadable {
    let told = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let why = told.strip_suffix(&place).unwrap_or(&told).to_owned();
    let at = (error.line() > 0).then_some((error.line(), error.column()));
    Unreadable { why, at }
}

/// A verdict has a strength, the lack of one has a doubt, and nothing has both.
fn verdicts_are_whole(report: &Report) -> Result<(), Unreadable> {
    let check = |path: String, verdict: VerdictWord, strength: bool, doubt: bool| {
        let unknown = verdict == VerdictWord::Unknown;
        if strength != unknown && doubt == unknown {
            return Ok(());
        }
        let why = format!("`{path}` has to have a strength if it has a verdict, and else a doubt");
        Err(Unreadable { why, at: None })
    };
    for (number, policy) in report.policies.iter().enumerate() {
        for (at, item) in policy.items.iter().enumerate() {
            let path = format!("policies[{number}].items[{at}]");
            check(path, item.verdict, item.strength.is_some(), item.doubt.is_some())?;
        }
    }
    for (at, entry) in report.access.iter().enumerate() {
        check(format!("access[{at}]"), entry.verdict, entry.strength.is_some(), entry.doubt.is_some())?;
    }
    Ok(())
}

/// The version that this program reads.
pub(super) fn version<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        1 => Ok(1),
        other => Err(D::Error::custom(format!("it is of version {other}, and only version 1 can be read"))),
    }
}

/// An exit code that a report can have.
pub(super) fn exit_code<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    match u8::deserialize(from)? {
        code @ (0 | 1 | 3 | 4) => Ok(code),
        other => Err(D::Error::custom(format!("no report has the exit code {other}"))),
    }
}

/// A moment, as RFC 3339 writes it in UTC.
pub(super) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok() {
        Ok(text)
    } else {
        Err(D::Error::custom(format!("`{text}` is no time in UTC, such as 2026-11-21T14:05:09Z")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::fixtures;

    fn text(change: impl FnOnce(&mut Value)) -> String {
        let mut value = serde_json::to_value(fixtures::gaps()).unwrap();
        change(&mut value);
        serde_json::to_string_pretty(&value).unwrap()
    }

    #[test]
    fn what_a_later_version_adds_is_no_mistake() {
        let text = text(|report| {
            report["added"] = json!({"a": [1]});
            report["policies"][0]["items"][0]["added"] = json!(null);
            report["run"]["added"] = json!("x");
        });
        assert_eq!(read(&text), Ok(fixtures::gaps()));
        assert_eq!(read(&format!("\u{feff}{text}")), Ok(fixtures::gaps()));
    }

    #[test]
    fn a_report_of_before_a_key_was_added_is_still_read() {
        let text = text(|report| {
            report["policies"][0]["policy"].as_object_mut().unwrap().remove("list_at");
            for item in report["policies"][0]["items"].as_array_mut().unwrap() {
                item.as_object_mut().unwrap().remove("decision");
            }
        });
        assert!(read(&text).is_ok(), "{:?}", read(&text));
    }

    #[test]
    fn what_is_no_report_of_version_1_is_refused_with_its_place() {
        type Change = fn(&mut Value);
        let cases: [(&str, Change); 8] = [
            ("version 2", |report| report["schema_version"] = json!(2)),
            ("exit code 2", |report| report["exit_code"] = json!(2)),
            ("no time", |report| report["run"]["started_at"] = json!("yesterday")),
            ("unknown variant", |report| report["policies"][0]["outcome"] = json!("fine")),
            ("unknown variant", |report| report["policies"][0]["items"][0]["status"] = json!("green")),
            ("invalid type", |report| report["run"]["requests"] = json!("27")),
            ("missing field `items`", |report| {
                report["policies"][0].as_object_mut().unwrap().remove("items");
            }),
            ("missing field `schema_version`", |report| *report = json!({"a": 1})),
        ];
        for (words, change) in cases {
            let refused = read(&text(change)).expect_err(words);
            assert!(refused.why.contains(words) && !refused.why.contains("line"), "{words}: {refused:?}");
            assert!(refused.at.is_some_and(|(line, column)| line > 0 && column > 0), "{refused:?}");
        }
        let half = text(|_| {});
        assert!(read(&half[..half.len() / 2]).is_err());
        let refused = read(&text(|report| report["policies"][0]["items"][2]["strength"] = json!(null)));
        assert!(refused.is_err_and(|refused| refused.why.contains("policies[0].items[2]")));
    }

    #[test]
    fn a_simulated_report_says_so_whatever_was_taken_out_of_it() {
        let text = text(|report| report["run"]["simulated"] = json!(true));
        assert_eq!(read(&text).unwrap().notice.as_deref(), Some(words::SIMULATED));
    }
}
