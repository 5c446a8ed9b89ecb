//! Bulk: what one answer came to, over all its fabrics and all its operations.

use crate::ops::report::{Report, WriteResult};
use crate::ops::{Entry, Failure, Operation};
use crate::tui::state::{JobId, Stage};

/// Names that are told of fabrics with one fate; more are counted.
const NAMED: usize = 3;

/// One answer that started several jobs, or left fabrics out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Its jobs that have not ended.
    pub open: Vec<JobId>,
    /// What its fabrics came to so far.
    pub tally: Tally,
}

/// What several fabrics came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The operation's name.
    pub name: &'static str,
    done: usize,
    unchanged: usize,
    held: Vec<String>,
    failed: Vec<String>,
    uncertain: Vec<String>,
    stopped: Vec<String>,
    dropped: Vec<String>,
}

impl Tally {
    /// Nothing yet of an operation.
    pub fn of(operation: &Operation) -> Self {
        let name = operation.name();
        let none = Vec::new;
        let (held, failed, uncertain, stopped, dropped) = (none(), none(), none(), none(), none());
        Self { name, done: 0, unchanged: 0, held, failed, uncertain, stopped, dropped }
    }

    /// Counts a fabric: how its operation ended, and where.
    pub fn add(&mut self, entry: &Entry, stage: Stage) {
        let name = entry.fabric.clone();
        match (stage, entry.failure()) {
            (_, Some(Failure { code, .. })) if code == "E-STOPPED" => self.stopped.push(name),
            (Stage::Uncertain, _) => self.uncertain.push(name),
            (Stage::Failed, _) => self.failed.push(name),
            (Stage::Done, _) => self.done += 1,
            _ if is_held(entry) => self.held.push(name),
            _ => self.unchanged += 1,
        }
    }

    /// Counts fabrics whose operation never began.
    pub fn dropped(&mut self, fabrics: &[String]) {
        self.dropped.extend_from_slice(fabrics);
    }

    /// The worst of it.
    pub fn stage(&self) -> Stage {
        match self {
            _ if !self.failed.is_empty() => Stage::Failed,
            _ if !self.uncertain.is_empty() => Stage::Uncertain,
            _ if self.done > 0 => Stage::Done,
            _ => Stage::NoChange,
        }
    }

    /// What is to be read next, if something is: the key's name is to be filled in.
    pub fn then(&self) -> &'static str {
        if self.failed.is_empty() { "" } else { "; {error} tells why" }
    }

    /// All of it in one line, such as `3 pushed, 1 nothing to do, 1 failed (pop-ams)`.
    pub fn words(&self) -> String {
        let counts = [(self.done, self.verb()), (self.unchanged, self.nothing())];
        let named = [
            (&self.held, "held back"),
            (&self.failed, "failed"),
            (&self.uncertain, "uncertain"),
            (&self.stopped, "stopped"),
            (&self.dropped, "dropped"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        let named = named.into_iter().filter(|(names, _)| !names.is_empty());
        let named = named.map(|(names, word)| format!("{} {word} ({})", names.len(), several(names)));
        counts.chain(named).collect::<Vec<_>>().join(", ")
    }

    fn verb(&self) -> &'static str {
        match self.name {
            "push" => "pushed",
            "ingest" => "ingested",
            "init" => "initialised",
            "fetch" => "fetched",
            "pull" => "pulled",
            "validate" => "without errors",
            "commit" => "committed",
            "delete" => "deleted",
            "rename" => "renamed",
            "migrate" => "migrated",
            "heal" => "healed",
            _ => "done",
        }
    }

    fn nothing(&self) -> &'static str {
        if matches!(self.name, "fetch" | "pull") { "nothing new" } else { "nothing to do" }
    }
}

/// Whether nothing was written since something was refused or held back.
fn is_held(entry: &Entry) -> bool {
    let Ok(Report::Write(write)) = &entry.result else { return false };
    write.result == WriteResult::Refused || write.documents.iter().any(|document| document.outcome.is_no())
}

fn several(names: &[String]) -> String {
    let told = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => told,
        more => format!("{told}, {more} more"),
    }
}
