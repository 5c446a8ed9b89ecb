//! History: the journal of what was done, and each fabric's latest operation and failure.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::private;
use crate::text::{clean, clean_line};

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
    ["E-AUTH-", "E-SSH-", "E-NET"].iter().any(|start| code.starts_with(start)) || code == "E-REMOTE-MISSING"
}

/// What the journal says of every fabric, read once.
#[derive(Debug, Clone, Default)]
pub struct History {
    operations: BTreeMap<String, LastOperation>,
    errors: BTreeMap<String, LastError>,
    sending: BTreeMap<String, Record>,
}

/// Adds a record to the journal of a state directory, cleaned.
///
/// A journal that cannot be written stops nothing: the answer is then a sentence to warn with.
pub fn record(state_dir: &Path, record: &Record) -> Option<String> {
    let path = journal(state_dir);
    let failed = append(state_dir, &path, &cleaned(record)).err()?;
    Some(clean_line(&format!("{} could not be written, so this is not in the history: {failed}", path.display())))
}

/// The latest operation of a fabric; none if nothing is on record or readable.
pub fn last_operation(state_dir: &Path, fabric: &str) -> Option<LastOperation> {
    read(state_dir).last_operation(fabric).cloned()
}

/// The latest failure of a fabric that no later success cleared.
pub fn last_error(state_dir: &Path, fabric: &str) -> Option<LastError> {
    read(state_dir).last_error(fabric).cloned()
}

/// Reads the whole journal; lines that cannot be read are skipped.
pub fn read(state_dir: &Path) -> History {
    let bytes = std::fs::read(journal(state_dir)).unwrap_or_default();
    let mut history = History::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(record) = serde_json::from_slice::<Record>(line) {
            history.take(cleaned(&record));
        }
    }
    history
}

/// The latest records of a fabric, newest first; lines that cannot be read are skipped.
pub fn records(state_dir: &Path, fabric: &str, limit: usize) -> Vec<Record> {
    let bytes = std::fs::read(journal(state_dir)).unwrap_or_default();
    let lines = bytes.rsplit(|byte| *byte == b'\n');
    let sound = lines.filter_map(|line| serde_json::from_slice::<Record>(line).ok());
    sound.filter(|record| record.fabric == fabric).take(limit).map(|record| cleaned(&record)).collect()
}

impl History {
    /// The latest operation of a fabric.
    pub fn last_operation(&self, fabric: &str) -> Option<&LastOperation> {
        self.operations.get(fabric)
    }

    /// The latest failure of a fabric that no later success cleared.
    pub fn last_error(&self, fabric: &str) -> Option<&LastError> {
        self.errors.get(fabric)
    }

    /// The pushes that were begun and whose end nobody knows.
    pub fn sending(&self) -> Vec<Record> {
        self.sending.values().cloned().collect()
    }

    /// A timed check reads: it tells whether the remote can be read, and what is known of anything else stays.
    fn take_check(&mut self, record: Record) {
        if self.errors.get(&record.fabric).is_some_and(|last| !last.is_of_reading()) {
            return;
        }
        match record.failure {
            None => self.errors.remove(&record.fabric),
            Some(fault) => self.errors.insert(record.fabric, LastError::of(record.operation, fault, record.at)),
        };
    }

    fn take(&mut self, record: Record) {
        if record.operation == "check" {
            return self.take_check(record);
        }
        if record.result == SENDING {
            self.sending.insert(record.fabric.clone(), record);
            return;
        }
        match (record.operation.as_str(), record.result.as_str()) {
            ("push", UNCERTAIN) => _ = self.sending.insert(record.fabric.clone(), record.clone()),
            ("push", _) if self.sending.get(&record.fabric).is_some_and(|open| ends(open, &record)) => {
                self.sending.remove(&record.fabric);
            }
            _ => {}
        }
        let fabric = record.fabric;
        let last = LastOperation {
            operation: record.operation.clone(),
            commit: record.commit,
            at: record.at.clone(),
            result: record.result,
        };
        self.operations.insert(fabric.clone(), last);
        let Some(fault) = record.failure else {
            self.errors.remove(&fabric);
            return;
        };
        self.errors.insert(fabric, LastError::of(record.operation, fault, record.at));
    }
}

/// Whether a push's own line tells the end of one that was begun: a failure ends the one its process
/// had under way or a look at the same commit; any other end knows where the remote is.
fn ends(open: &Record, end: &Record) -> bool {
    match end.result.as_str() {
        "failed" | "rejected" => {
            let is_same = open.commit.is_some() && open.commit == end.commit;
            let is_own = open.process.is_some() && (open.process, open.started) == (end.process, end.started);
            is_same || (open.result == SENDING && is_own)
        }
        _ => true,
    }
}

impl LastError {
    /// Whether it says that the remote could not be read; that a push was refused is something else.
    pub fn is_of_reading(&self) -> bool {
        matches!(self.operation.as_str(), "check" | "fetch" | "pull") && is_of_reach(&self.code)
    }

    fn of(operation: String, fault: Fault, at: String) -> Self {
        let Fault { code, message, remedy, detail, state } = fault;
        Self { operation, code, message, remedy, detail, state, at }
    }
}

/// The journal's file in a state directory.
pub fn journal(state_dir: &Path) -> PathBuf {
    state_dir.join("journal.jsonl")
}

fn cleaned(record: &Record) -> Record {
    Record {
        at: clean_line(&record.at),
        operation: clean_line(&record.operation),
        fabric: clean_line(&record.fabric),
        result: clean_line(&record.result),
        commit: record.commit.as_deref().map(clean_line),
        failure: record.failure.as_ref().map(|fault| Fault {
            code: clean_line(&fault.code),
            message: clean_line(&fault.message),
            remedy: fault.remedy.iter().map(|line| clean_line(line)).collect(),
            detail: clean(&fault.detail),
            state: fault.state.as_deref().map(clean_line),
        }),
        process: record.process,
        started: record.started,
    }
}

/// Appends one line under a lock; a torn last line of a crash is ended first.
fn append(state_dir: &Path, path: &Path, record: &Record) -> std::io::Result<()> {
    private::folder(state_dir)?;
    let mut file = OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path)?;
    file.lock()?;
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    if is_torn(&mut file)? {
        line.insert(0, b'\n');
    }
    file.write_all(&line)
}

fn is_torn(file: &mut File) -> std::io::Result<bool> {
    if let Err(error) = file.seek(SeekFrom::End(-1)) {
        let empty = error.kind() == ErrorKind::InvalidInput;
        return if empty { Ok(false) } else { Err(error) };
    }
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last[0] != b'\n')
}

#[cfg(test)]
mod tests;
