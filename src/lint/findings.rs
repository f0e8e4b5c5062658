//! Findings for programs: each mistake and each lint with its place, in one flat list.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::source::clean::clean;
use crate::source::problems::{Problem, Problems, Severity};

/// One mistake or one lint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// The file, as it was named.
    pub file: String,
    /// Line, from 1; null where the file could not be read.
    pub line: Option<u32>,
    /// Column in Unicode characters, from 1; null where the file could not be read.
    pub column: Option<u32>,
    /// A stable name: of a lint, or of a mistake.
    pub code: String,
    /// Whether it ends the check with 2.
    pub level: Severity,
    /// What is wrong.
    pub message: String,
    /// What was meant and what to do; null where nothing is known to help.
    pub help: Option<String>,
}

impl Finding {
    /// What is wrong with a file as a whole.
    pub fn of_file(file: &str, message: &str, help: Option<String>) -> Self {
        Self {
            file: clean(file),
            line: None,
            column: None,
            code: "unreadable".to_owned(),
            level: Severity::Error,
            message: clean(message),
            help: help.map(|help| clean(&help)),
        }
    }
}

/// What was found in a text, and in others that have to do with it, from top to bottom.
pub fn of(problems: &Problems) -> Vec<Finding> {
    let finding = |problem: &&Problem| {
        let place = problems.source().place(problem.span.start);
        let label = Some(problem.label.as_str()).filter(|label| !label.is_empty());
        let help: Vec<&str> = label.into_iter().chain(problem.help.as_deref()).collect();
        Finding {
            file: clean(&problems.source().name),
            line: Some(place.line),
            column: Some(place.column),
            code: problem.code.to_owned(),
            level: problem.severity,
            message: clean(&problem.message),
            help: (!help.is_empty()).then(|| clean(&help.join("; "))),
        }
    };
    let own: Vec<Finding> = problems.sorted().iter().map(finding).collect();
    own.into_iter().chain(problems.others().iter().flat_map(of)).collect()
}

/// The schema of a list of findings, as it stands in `schemas/lint.v1.json`.
///
/// # Errors
/// Never in practice: a schema is JSON.
pub fn schema() -> Result<String, serde_json::Error> {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Vec<Finding>>();
    schema.insert("title".to_owned(), "findings of audit policy lint, version 1".into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}
