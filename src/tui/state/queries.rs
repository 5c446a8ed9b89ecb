//! Queries: what the operations and errors of the state come to, worked out when asked.

use crate::ops::Failure;
use crate::tui::state::{Focus, Job, JobId, Purpose, Row, State};

impl State {
    /// The open operation that a queued one waits for: the latest before it with one of its repositories.
    pub fn ahead_of(&self, job: &Job) -> Option<JobId> {
        let shares = |other: &&Job| {
            other.id < job.id
                && other.is_open()
                && other.purpose != Purpose::Status
                && other.repositories.iter().any(|name| job.repositories.contains(name))
        };
        self.jobs.iter().rev().find(shares).map(|other| other.id)
    }

    /// The operation that `x` stops: the selected one where the operations have the keys, else the first open one.
    pub fn stoppable(&self) -> Option<JobId> {
        let listed = self.listed();
        let selected = listed.get(self.operation).filter(|job| self.focus == Focus::Operations && job.is_open());
        selected.or_else(|| listed.iter().find(|job| job.is_open())).map(|job| job.id)
    }

    /// Whether an operation can stop without leaving its result unknown.
    pub fn can_stop(&self, id: JobId) -> bool {
        let job = self.jobs.iter().find(|job| job.id == id && job.is_open());
        job.is_some_and(|job| job.progress.as_ref().is_none_or(|progress| progress.phase.can_stop()))
    }

    /// Every failure worth reading, the current fabric's first: what failed, and why.
    pub fn errors(&self) -> Vec<(String, Failure)> {
        let current = self.current().map(|row| row.name.clone());
        let mut errors: Vec<(String, Failure)> = self.trouble.iter().cloned().collect();
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| Some(&row.name) != current.as_ref());
        errors.extend(rows.into_iter().filter_map(|row| Some((row.name.clone(), row.error()?))));
        errors
    }
}
