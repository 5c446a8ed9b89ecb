//! Finding, Severity, Code: one remark about one place of a directory.

pub mod book;
pub mod code;
pub mod text;

use serde::{Deserialize, Serialize};

use crate::yaml::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Holds up the file it is about.
    Error,
    /// Should be looked at; holds up nothing.
    Warning,
    /// Worth knowing.
    Note,
}

/// One remark: where, how bad, what, what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// The file, relative to the GitOps directory (`raw/x.yaml`).
    pub file: String,
    /// Line, from 1; null for the file as a whole.
    pub line: Option<u32>,
    /// Column in characters, from 1; null for the line or file as a whole.
    pub column: Option<u32>,
    /// How bad it is.
    pub severity: Severity,
    /// The stable code, `HH-…`.
    pub code: &'static str,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do about it, one sentence.
    pub remedy: String,
    /// The path in the document (`spec.subnets.default.vlan`); null where it concerns no value.
    pub path: Option<String>,
    /// How many characters the value in question has; null where that is not one line.
    pub length: Option<u32>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

/// A finding as it is kept; its code may be one that this version does not know.
#[derive(Deserialize)]
struct Kept {
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    severity: Severity,
    code: String,
    message: String,
    remedy: String,
    path: Option<String>,
    length: Option<u32>,
    related: Vec<Related>,
}

impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Kept { file, line, column, severity, code, message, remedy, path, length, related } =
            Kept::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom(format!("there is no code {code}"));
        let code = code::known(&code).ok_or_else(unknown)?;
        Ok(Self { file, line, column, severity, code, message, remedy, path, length, related })
    }
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, schemars::JsonSchema)]
pub struct Related {
    /// The file, relative to the GitOps directory.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// What is there, a few words (`first used here`).
    pub message: String,
}

impl Finding {
    /// A finding about a whole file.
    pub fn file(
        severity: Severity,
        code: &'static str,
        file: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            line: None,
            column: None,
            severity,
            code,
            message: message.into(),
            remedy: remedy.into(),
            path: None,
            length: None,
            related: Vec::new(),
        }
    }

    /// The same finding at a line and column, both from 1.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// The same finding about the value at a place, which has this path in its document.
    #[must_use]
    pub fn about(mut self, span: Span, path: impl Into<String>) -> Self {
        self.line = Some(span.line);
        self.column = Some(span.column);
        self.length =
            u32::try_from(span.end.saturating_sub(span.start)).ok().filter(|length| (1..200).contains(length));
        self.path = Some(path.into()).filter(|path: &String| !path.is_empty());
        self
    }

    /// The same finding with another place that belongs to it.
    #[must_use]
    pub fn with(mut self, file: &str, line: u32, message: &str) -> Self {
        self.related.push(Related { file: file.to_owned(), line, message: message.to_owned() });
        self
    }

    /// Whether it holds up its file.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
