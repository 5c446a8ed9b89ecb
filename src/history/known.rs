//! Known: what the journal says of every fabric, line after line.

use std::collections::{BTreeMap, VecDeque};

use super::{LastError, LastOperation, Record, SENDING, UNCERTAIN};

/// Records of one fabric that a history shows at most.
pub(super) const LATEST: usize = 200;

/// What the journal says of every fabric, read once.
///
/// A record of a name tells of one repository, branch and directory, its key; what an older version
/// wrote without a key tells of every one of that name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    fabrics: BTreeMap<String, Known>,
    count: usize,
}

/// What is known of the fabrics of one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Known {
    /// By records without a key alone.
    unkeyed: State,
    /// By those without a key and those with this one.
    keyed: BTreeMap<String, State>,
    /// The latest records, oldest first.
    recent: VecDeque<Record>,
}

/// What is known of one fabric, and the number of the lines that made it so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State {
    operation: Option<LastOperation>,
    error: Option<LastError>,
    sending: Option<Record>,
    lines: Lines,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Lines {
    operation: Option<usize>,
    error: Option<usize>,
    opened: Option<usize>,
    closed: Option<usize>,
}

impl History {
    /// The latest operation of a fabric with this key.
    pub fn last_operation(&self, fabric: &str, key: &str) -> Option<&LastOperation> {
        self.state(fabric, key)?.operation.as_ref()
    }

    /// The latest failure of a fabric with this key that no later success cleared.
    pub fn last_error(&self, fabric: &str, key: &str) -> Option<&LastError> {
        self.state(fabric, key)?.error.as_ref()
    }

    /// The push of a fabric with this key that was begun and whose end nobody knows.
    pub fn sending(&self, fabric: &str, key: &str) -> Option<&Record> {
        self.state(fabric, key)?.sending.as_ref()
    }

    /// Whether a fabric of this name, of whatever key, has a push whose end nobody knows.
    pub fn is_open(&self, fabric: &str) -> bool {
        let open = |known: &Known| known.states().any(|state| state.sending.is_some());
        self.fabrics.get(fabric).is_some_and(open)
    }

    /// The latest records of a fabric with this key, newest first.
    pub fn records(&self, fabric: &str, key: &str) -> Vec<Record> {
        let recent = self.fabrics.get(fabric).into_iter().flat_map(|known| known.recent.iter().rev());
        recent.filter(|record| record.key.as_deref().is_none_or(|other| other == key)).cloned().collect()
    }

    fn state(&self, fabric: &str, key: &str) -> Option<&State> {
        let known = self.fabrics.get(fabric)?;
        Some(known.keyed.get(key).unwrap_or(&known.unkeyed))
    }

    /// The numbers of the lines without which another state would come out.
    pub(super) fn needed(&self) -> impl Iterator<Item = usize> {
        self.fabrics.values().flat_map(Known::states).flat_map(|state| {
            let Lines { operation, error, opened, closed } = state.lines;
            [operation, error, opened, closed].into_iter().flatten()
        })
    }

    /// Takes the next line of the journal.
    pub(super) fn take(&mut self, record: Record) {
        let line = self.count;
        self.count += 1;
        let known = self.fabrics.entry(record.fabric.clone()).or_default();
        match &record.key {
            Some(key) => {
                let begun = &known.unkeyed;
                known.keyed.entry(key.clone()).or_insert_with(|| begun.clone()).take(&record, line);
            }
            None => {
                known.unkeyed.take(&record, line);
                known.keyed.values_mut().for_each(|state| state.take(&record, line));
            }
        }
        if known.recent.len() == LATEST {
            known.recent.pop_front();
        }
        known.recent.push_back(record);
    }
}

impl Known {
    fn states(&self) -> impl Iterator<Item = &State> {
        std::iter::once(&self.unkeyed).chain(self.keyed.values())
    }
}

impl State {
    /// A timed check reads: it tells whether the remote can be read, and what is known of anything else stays.
    fn take_check(&mut self, record: &Record, line: usize) {
        if self.error.as_ref().is_some_and(|last| !last.is_of_reading()) {
            return;
        }
        self.error = LastError::of(record);
        self.lines.error = Some(line);
    }

    fn take(&mut self, record: &Record, line: usize) {
        if record.operation == "check" {
            return self.take_check(record, line);
        }
        if record.result == SENDING {
            return self.open(record, line);
        }
        match (record.operation.as_str(), record.result.as_str()) {
            ("push", UNCERTAIN) => self.open(record, line),
            ("push", _) if self.sending.as_ref().is_some_and(|open| ends(open, record)) => {
                self.sending = None;
                self.lines.closed = Some(line);
            }
            _ => {}
        }
        self.operation = Some(LastOperation {
            operation: record.operation.clone(),
            commit: record.commit.clone(),
            at: record.at.clone(),
            result: record.result.clone(),
        });
        self.error = LastError::of(record);
        (self.lines.operation, self.lines.error) = (Some(line), Some(line));
    }

    fn open(&mut self, record: &Record, line: usize) {
        self.sending = Some(record.clone());
        (self.lines.opened, self.lines.closed) = (Some(line), None);
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
    fn of(record: &Record) -> Option<Self> {
        let fault = record.failure.clone()?;
        let (operation, at) = (record.operation.clone(), record.at.clone());
        Some(Self {
            operation,
            code: fault.code,
            message: fault.message,
            remedy: fault.remedy,
            detail: fault.detail,
            state: fault.state,
            at,
        })
    }
}
