//! History: the journal of what was done, and each fabric's latest operation and failure.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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
            is_same || (open.result == SENDING && open.process.is_some() && open.process == end.process)
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
        let Fault { code, message, remedy, detail } = fault;
        Self { operation, code, message, remedy, detail, at }
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
        }),
        process: record.process,
    }
}

/// Appends one line under a lock; a torn last line of a crash is ended first.
fn append(state_dir: &Path, path: &Path, record: &Record) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(state_dir)?;
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
mod tests {
    use std::path::Path;

    use super::{Fault, Record, journal, last_error, last_operation, record};

    fn done(fabric: &str, result: &str) -> Record {
        Record {
            at: "2026-11-21T09:15:04Z".to_owned(),
            operation: "ingest".to_owned(),
            fabric: fabric.to_owned(),
            result: result.to_owned(),
            commit: Some("77be012".to_owned()),
            failure: None,
            process: None,
        }
    }

    fn failed(fabric: &str) -> Record {
        Record {
            commit: None,
            failure: Some(Fault { code: "E-NET".to_owned(), message: "no answer".to_owned(), ..Fault::default() }),
            ..done(fabric, "failed")
        }
    }

    #[test]
    fn an_error_stays_until_a_success_of_the_same_fabric() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state/hedgerow");
        assert_eq!(last_operation(&state, "a"), None);
        assert_eq!(record(&state, &failed("a")), None);
        assert_eq!(record(&state, &done("b", "committed")), None);
        assert_eq!(last_error(&state, "a").unwrap().code, "E-NET");
        assert_eq!(last_operation(&state, "a").unwrap().result, "failed");
        assert_eq!(record(&state, &done("a", "no_change")), None);
        assert_eq!(last_error(&state, "a"), None);
        assert_eq!(last_operation(&state, "a").unwrap().result, "no_change");
    }

    #[test]
    fn a_check_clears_what_reading_said_and_never_what_a_push_was_told() {
        let dir = tempfile::tempdir().unwrap();
        let told = |operation: &str, code: &str| {
            let failure = (!code.is_empty()).then(|| Fault { code: code.to_owned(), ..Fault::default() });
            record(dir.path(), &Record { operation: operation.to_owned(), failure, ..done("a", "x") });
            last_error(dir.path(), "a").map(|last| (last.operation, last.code))
        };
        let error = |operation: &str, code: &str| Some((operation.to_owned(), code.to_owned()));
        assert_eq!(told("push", "E-AUTH-DENIED"), error("push", "E-AUTH-DENIED"));
        assert_eq!(told("check", ""), error("push", "E-AUTH-DENIED"));
        assert_eq!(told("check", "E-NET"), error("push", "E-AUTH-DENIED"));
        for reading in ["fetch", "pull", "check"] {
            told("push", "");
            assert_eq!(told(reading, "E-AUTH-DENIED"), error(reading, "E-AUTH-DENIED"));
            assert_eq!(told("check", "E-NET"), error("check", "E-NET"));
            assert_eq!(told("check", ""), None);
        }
    }

    #[test]
    fn a_push_that_was_begun_is_open_until_its_end_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let begun = Record { operation: "push".to_owned(), process: Some(7), ..done("a", super::SENDING) };
        record(dir.path(), &done("a", "committed"));
        record(dir.path(), &begun);
        assert_eq!(super::read(dir.path()).sending(), [begun]);
        assert_eq!(last_operation(dir.path(), "a").unwrap().result, "committed");
        let lost = Record { operation: "push".to_owned(), ..done("a", super::UNCERTAIN) };
        record(dir.path(), &lost);
        record(dir.path(), &done("a", "no_change"));
        assert_eq!(super::read(dir.path()).sending(), [lost]);
        record(dir.path(), &Record { operation: "push".to_owned(), ..done("a", "verified") });
        assert!(super::read(dir.path()).sending().is_empty());
    }

    #[test]
    fn a_failure_ends_only_the_push_of_its_own_process() {
        let dir = tempfile::tempdir().unwrap();
        let push = |record: Record| Record { operation: "push".to_owned(), ..record };
        let open = || super::read(dir.path()).sending().len();
        record(dir.path(), &push(Record { process: Some(7), ..done("a", super::SENDING) }));
        record(dir.path(), &push(Record { process: Some(8), ..failed("a") }));
        assert_eq!(open(), 1, "another process was refused the lock");
        record(dir.path(), &push(done("a", super::UNCERTAIN)));
        record(dir.path(), &push(Record { process: Some(7), ..failed("a") }));
        assert_eq!(open(), 1, "a retry that did not get through tells nothing of the first");
        record(dir.path(), &push(done("a", "rejected")));
        assert_eq!(open(), 0, "the same commit was looked up");
        record(dir.path(), &push(Record { process: Some(7), ..done("a", super::SENDING) }));
        record(dir.path(), &push(Record { process: Some(7), ..failed("a") }));
        assert_eq!(open(), 0);
    }

    #[test]
    fn the_journal_is_ours_alone_and_survives_torn_lines() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        record(dir.path(), &failed("a"));
        let path = journal(dir.path());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"\xff not json\n{\"at\":\"20");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(last_error(dir.path(), "a").unwrap().message, "no answer");
        assert_eq!(record(dir.path(), &done("a", "committed")), None);
        assert_eq!(last_error(dir.path(), "a"), None);
    }

    #[test]
    fn many_writers_lose_no_line() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let state = dir.path();
                scope.spawn(move || {
                    for _ in 0..20 {
                        assert_eq!(record(state, &done(&format!("f{writer}"), "x")), None);
                    }
                });
            }
        });
        let text = std::fs::read_to_string(journal(dir.path())).unwrap();
        let sound = text.lines().filter(|line| serde_json::from_str::<Record>(line).is_ok());
        assert_eq!(sound.count(), 160);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_only_a_warning() {
        let warning = record(Path::new("/dev/null/x"), &done("a", "committed")).unwrap();
        assert!(warning.contains("/dev/null/x/journal.jsonl could not be written"));
    }
}
