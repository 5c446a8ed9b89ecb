//! Queries: what the operations and errors of the state come to, worked out when asked.

use crate::config::Remark;
use crate::error::WriteEffect;
use crate::fabric::message::count;
use crate::ops::{Failure, Operation};
use crate::progress::Progress;
use crate::tui::dialog::Dialog;
use crate::tui::state::{FabricScreen, Focus, Job, JobId, Purpose, Row, Screen, Stage, State};

impl Row {
    /// Why nothing can be written to the fabric, if nothing can.
    pub fn why_read_only(&self) -> Option<&str> {
        match &self.status {
            Some(Ok(status)) => status.read_only.as_deref(),
            _ => None,
        }
    }
}

impl State {
    /// The fabric that keys concern: the one that is shown, else the selected one.
    pub fn current(&self) -> Option<&Row> {
        self.shown(&self.screen).or_else(|| self.listed_row())
    }

    /// The fabric that a screen is about, if it is about one.
    fn shown(&self, screen: &Screen) -> Option<&Row> {
        match screen {
            Screen::Fabric(open) => self.row(&open.name),
            Screen::Findings { reports, at, .. } => reports.get(*at).and_then(|(fabric, _)| self.row(fabric)),
            Screen::View(viewer) => self.shown(&viewer.back),
            Screen::Log { id, .. } => {
                let job = self.jobs.iter().find(|job| job.id == *id)?;
                job.fabrics.first().and_then(|fabric| self.row(fabric))
            }
            Screen::Error { what, .. } => self.row(what),
            Screen::Fabrics | Screen::FirstRun(_) => None,
        }
    }

    /// The opened fabric, on the screen or beneath what stands over it.
    pub fn opened(&self) -> Option<&FabricScreen> {
        match &self.screen {
            Screen::Fabric(open) => Some(open),
            Screen::Findings { .. } | Screen::Error { .. } | Screen::Log { .. } => self.under.as_ref(),
            Screen::View(_) | Screen::Fabrics | Screen::FirstRun(_) => None,
        }
    }

    /// Why nothing can be written where one is: everywhere, in the fabric that is shown, or in all that are listed.
    pub fn why_read_only(&self) -> Option<String> {
        if self.read_only {
            return Some(if self.asked_read_only { "--read-only" } else { "the configuration is broken" }.to_owned());
        }
        let concerned: Vec<&Row> = match (&self.dialog, self.shown(&self.screen)) {
            (Some(Dialog::Confirm(confirm)), _) => {
                confirm.entries.iter().filter_map(|entry| self.row(&entry.fabric)).collect()
            }
            (_, Some(row)) => vec![row],
            (_, None) => self.rows.iter().collect(),
        };
        let all: Option<Vec<&str>> = concerned.into_iter().map(Row::why_read_only).collect();
        all?.first().map(|why| (*why).to_owned())
    }

    fn listed_row(&self) -> Option<&Row> {
        self.list.shown.get(self.selected).and_then(|at| self.rows.get(*at))
    }

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

    /// The fabrics that are being pushed.
    pub fn pushing(&self) -> Vec<String> {
        let pushes = self.jobs.iter().filter(|job| {
            let has_begun = matches!(job.stage, Stage::Running | Stage::Stopping);
            has_begun && job.purpose == Purpose::Act && matches!(job.operation, Operation::Push(_))
        });
        pushes.flat_map(|job| job.fabrics.clone()).collect()
    }

    /// The operation of this session that failed so, if one did.
    pub fn failed(&self, fabric: &str, failure: &Failure) -> Option<&Job> {
        let is_it = |job: &&Job| {
            matches!(job.stage, Stage::Failed | Stage::Uncertain)
                && job.purpose != Purpose::Status
                && job.fabrics.iter().any(|one| one == fabric)
                && [fabric, &failure.code].into_iter().any(|word| job.result.contains(word))
        };
        self.jobs.iter().rev().find(is_it)
    }

    /// Whether an operation can stop without leaving its result unknown.
    pub fn can_stop(&self, id: JobId) -> bool {
        let job = self.jobs.iter().find(|job| job.id == id && job.is_open());
        job.is_some_and(|job| job.progress.as_ref().is_none_or(Progress::can_stop))
    }

    /// Every failure worth reading, the current fabric's first: what failed, and why.
    pub fn errors(&self) -> Vec<(String, Failure)> {
        // Their order stays while one moves among them.
        let first = if matches!(self.screen, Screen::Error { .. }) { self.listed_row() } else { self.current() };
        let current = first.map(|row| row.name.clone());
        let mut errors: Vec<(String, Failure)> = self.trouble.iter().cloned().collect();
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| Some(&row.name) != current.as_ref());
        errors.extend(rows.into_iter().filter_map(|row| Some((row.name.clone(), row.error()?))));
        errors.extend(self.warning().map(|failure| ("the configuration".to_owned(), failure)));
        errors
    }

    /// What is odd in the configuration, to be read as an error is.
    fn warning(&self) -> Option<Failure> {
        let one = |remark: &Remark| format!("line {}: {}", remark.line, remark.message);
        let lines: Vec<String> = self.warnings.iter().map(one).collect();
        (!lines.is_empty()).then(|| Failure {
            code: "WARNINGS".to_owned(),
            message: count(lines.len(), "warning in the configuration", "warnings in the configuration"),
            remedy: vec!["correct the file; `hedgerow config check` reads it again".to_owned()],
            detail: crate::text::clean(&lines.join("\n")),
            exit_code: 0,
            effect: WriteEffect::default(),
            done: None,
        })
    }
}
