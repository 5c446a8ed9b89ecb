//! Job: one operation of this session.

use crate::ops::Operation;
use crate::progress::Progress;
use crate::tui::state::JobId;

/// One operation of this session.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// The operation.
    pub operation: Operation,
    /// Why it runs.
    pub purpose: Purpose,
    /// What it concerns: a fabric's name, or how many fabrics.
    pub fabric: String,
    /// The fabrics it concerns.
    pub fabrics: Vec<String>,
    /// Their repositories.
    pub repositories: Vec<String>,
    /// How far it is.
    pub stage: Stage,
    /// What it told last.
    pub progress: Option<Progress>,
    /// When it was asked for, in milliseconds.
    pub asked: u64,
    /// When it began, in milliseconds.
    pub started: u64,
    /// The wall clock when it ended.
    pub ended: String,
    /// What came of it, one line.
    pub result: String,
    /// What happened when, cleaned.
    pub log: Vec<String>,
}

/// Why an operation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show a status; not listed.
    Status,
    /// To show a plan.
    Plan,
    /// To do what was confirmed, or what needs no confirmation.
    Act,
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Waits for another of the same repository.
    Queued,
    /// Runs.
    Running,
    /// Was asked to stop.
    Stopping,
    /// Ended well.
    Done,
    /// Ended with nothing to do.
    NoChange,
    /// Failed.
    Failed,
    /// Nobody knows yet.
    Uncertain,
}

impl Job {
    /// Whether it is not over.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Queued | Stage::Running | Stage::Stopping)
    }

    /// A plan that ended well has said everything in its dialog.
    pub fn is_silent(&self) -> bool {
        self.purpose == Purpose::Plan && matches!(self.stage, Stage::Done)
    }
}
