//! Seen: what `diff` and `log` tell of one fabric, and one file as it stands.

use serde::Serialize;

use crate::history::Record;

/// What differs in a fabric's directory.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DiffReport {
    /// What is compared: the older side, such as `origin/main 3f2a9c1`.
    pub from: String,
    /// The newer side, such as `the files in your clone`.
    pub to: String,
    /// The files that differ, by path.
    pub files: Vec<DiffFile>,
}

/// One file that differs.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DiffFile {
    /// Its path relative to the GitOps directory.
    pub path: String,
    /// `added`, `modified` or `deleted`.
    pub change: &'static str,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
    /// The hunks of a unified diff; null where the file is not shown.
    pub diff: Option<String>,
    /// Why it is not shown; empty where it is.
    pub note: String,
}

/// The history of a fabric, newest first.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct LogReport {
    /// Commits that touch the directory.
    pub commits: Vec<LogCommit>,
    /// Operations on record.
    pub operations: Vec<Record>,
}

/// One commit of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LogCommit {
    /// The commit, hexadecimal.
    pub id: String,
    /// When, RFC 3339.
    pub at: String,
    /// Its subject.
    pub subject: String,
    /// `Name <address>`.
    pub author: String,
    /// The operation of ours that made it; null for a commit by hand.
    pub operation: Option<String>,
    /// Whether the remote has it, as far as was read.
    pub pushed: bool,
}

/// One file as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    /// Its path relative to the GitOps directory.
    pub path: String,
    /// Its text; null where it is not shown.
    pub text: Option<String>,
    /// Why it is not shown; empty where it is.
    pub note: String,
}

impl DiffReport {
    /// The whole difference as the lines of one unified diff.
    pub fn lines(&self) -> Vec<String> {
        self.files.iter().flat_map(DiffFile::lines).collect()
    }
}

impl DiffFile {
    /// The file's part of a unified diff.
    pub fn lines(&self) -> Vec<String> {
        let (old, new) = match self.change {
            "added" => ("/dev/null".to_owned(), format!("b/{}", self.path)),
            "deleted" => (format!("a/{}", self.path), "/dev/null".to_owned()),
            _ => (format!("a/{}", self.path), format!("b/{}", self.path)),
        };
        let mut lines = vec![format!("--- {old}"), format!("+++ {new}")];
        match &self.diff {
            Some(diff) => lines.extend(diff.lines().map(str::to_owned)),
            None => lines.push(format!("# not shown: {}", self.note)),
        }
        lines
    }
}
