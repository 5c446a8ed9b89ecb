//! History: the journal of what was done, and each fabric's latest operation and failure.

mod journal;
mod known;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use crate::history::journal::Cache;
pub use crate::history::known::History;
use crate::text::{clean_line, quote};

/// The result of a push that was begun; another line of the same fabric tells its end.
pub const SENDING: &str = "sending";

/// The result of a push that was sent and whose answer was lost; reading the remote tells its end.
pub const UNCERTAIN: &str = "uncertain";

/// The latest operation on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LastOperation {
    /// `init`, `ingest`, `push`, ...
    pub operation: String,
    /// The commit it made or sent.
    pub commit: Option<String>,
    /// When, RFC 3339.
    pub at: String,
    /// `committed`, `verified`, `no_change`, ..., `failed`.
    pub result: String,
}

/// The latest failure on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LastError {
    /// The operation that failed.
    pub operation: String,
    /// The stable code.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// What to do.
    pub remedy: Vec<String>,
    /// The full text, cleaned; may be empty.
    pub detail: String,
    /// What had been done before it failed; null where that is nothing or its code tells.
    #[serde(default)]
    pub state: Option<String>,
    /// When, RFC 3339.
    pub at: String,
}

/// One finished operation of one fabric, as a line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Record {
    /// When, RFC 3339.
    pub at: String,
    /// `init`, `ingest`, `push`, ...
    pub operation: String,
    /// The fabric's name.
    pub fabric: String,
    /// `committed`, `verified`, `no_change`, ..., or `failed`.
    pub result: String,
    /// The commit it made or sent, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Fault>,
    /// The process that began it, where its end is not on record yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<u32>,
    /// When that process started, as the system counts: another one may get its number later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<u64>,
    /// What tells fabrics of one name apart: a hash of the remote, branch and directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Why a recorded operation failed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Fault {
    /// The stable code.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// What to do.
    #[serde(default)]
    pub remedy: Vec<String>,
    /// The full text of the tool behind it.
    #[serde(default)]
    pub detail: String,
    /// What had been done before it failed, where its code does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// Whether a code says that a remote could not be reached, or not with these credentials.
pub fn is_of_reach(code: &str) -> bool {
    ["E-AUTH-", "E-SSH-", "E-NET", "E-REMOTE-", "E-API-"].iter().any(|start| code.starts_with(start))
}

/// Adds a record to the journal of a state directory, cleaned.
///
/// A journal that cannot be written stops nothing: the answer is then a sentence to warn with.
pub fn record(state_dir: &Path, record: &Record) -> Option<String> {
    let path = journal(state_dir);
    let failed = journal::append(state_dir, &cleaned(record)).err()?;
    Some(clean_line(&format!("{} could not be written, so this is not in the history: {failed}", path.display())))
}

/// Reads the whole journal; lines that cannot be read are skipped.
pub fn read(state_dir: &Path) -> History {
    let bytes = std::fs::read(journal(state_dir)).unwrap_or_default();
    let mut history = History::default();
    journal::sound(&bytes).for_each(|(_, record)| history.take(record));
    history
}

impl LastError {
    /// Whether it says that the remote could not be read; that a push was refused is something else.
    pub fn is_of_reading(&self) -> bool {
        matches!(self.operation.as_str(), "check" | "fetch" | "pull") && is_of_reach(&self.code)
    }
}

/// The journal's file in a state directory.
pub fn journal(state_dir: &Path) -> PathBuf {
    state_dir.join("journal.jsonl")
}

/// A time as it is told: older versions wrote fractions of a second.
fn whole_seconds(at: &str) -> String {
    let is_fraction = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match at.strip_suffix('Z').and_then(|at| at.split_once('.')) {
        Some((seconds, fraction)) if is_fraction(fraction) => format!("{seconds}Z"),
        _ => at.to_owned(),
    }
}

fn cleaned(record: &Record) -> Record {
    Record {
        at: whole_seconds(&clean_line(&record.at)),
        operation: clean_line(&record.operation),
        fabric: clean_line(&record.fabric),
        result: clean_line(&record.result),
        commit: record.commit.as_deref().map(clean_line),
        failure: record.failure.as_ref().map(|fault| Fault {
            code: clean_line(&fault.code),
            message: clean_line(&fault.message),
            remedy: fault.remedy.iter().map(|line| clean_line(line)).collect(),
            detail: quote(&fault.detail),
            state: fault.state.as_deref().map(clean_line),
        }),
        process: record.process,
        started: record.started,
        key: record.key.as_deref().map(clean_line),
    }
}

#[cfg(test)]
mod tests;
