//! Finding, Severity, Code: one remark about one place of a directory.

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
        }
    }

    /// The same finding at a line and column, both from 1.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// Whether it holds up its file.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
