//! Told: what the state says of its lists: fabrics, operations, errors, the past.

use crate::tui::dialog::Dialog;
use crate::tui::state::{Job, Past, Purpose, Screen, Stage, State, Tab};

impl State {
    /// The fabrics that an action concerns: the marked ones in the list, else the current one.
    pub fn targets(&self) -> Vec<String> {
        if self.screen == Screen::Fabrics && !self.list.marks.is_empty() {
            let marked = self.rows.iter().filter(|row| self.list.marks.contains(&row.name));
            return marked.map(|row| row.name.clone()).collect();
        }
        self.current().map(|row| row.name.clone()).into_iter().collect()
    }

    /// Arranges the list anew; the selection stays on its fabric once a key was pressed.
    pub fn arrange(&mut self) {
        let at = self.list.shown.get(self.selected).copied().filter(|_| !self.keys.is_empty());
        self.list.arrange(&self.rows);
        let place = at.and_then(|at| self.list.shown.iter().position(|shown| *shown == at));
        self.selected = place.unwrap_or(self.selected).min(self.list.shown.len().saturating_sub(1));
    }

    /// Selects a fabric by its name, where it is listed.
    pub fn select(&mut self, name: &str) {
        let is_it = |at: &usize| self.rows.get(*at).is_some_and(|row| row.name == name);
        self.selected = self.list.shown.iter().position(is_it).unwrap_or_default();
    }

    /// What was done to the opened fabric, newest first: commits and operations, or operations alone.
    pub fn past(&self, tab: Tab) -> Vec<Past<'_>> {
        let Some(log) = self.looked.log.get() else {
            return Vec::new();
        };
        let mut past: Vec<(&str, Past<'_>)> =
            log.operations.iter().map(|record| (record.at.as_str(), Past::Operation(record))).collect();
        if tab != Tab::Log {
            past.extend(log.commits.iter().map(|commit| (commit.at.as_str(), Past::Commit(commit))));
            past.sort_by(|a, b| b.0.cmp(a.0));
        }
        past.into_iter().map(|(_, one)| one).collect()
    }

    /// The operations worth listing, newest first: running ones, queued ones, then ended ones.
    pub fn listed(&self) -> Vec<&Job> {
        let rank = |stage: Stage| match stage {
            Stage::Running | Stage::Stopping => 0,
            Stage::Queued => 1,
            _ => 2,
        };
        let mut jobs: Vec<&Job> =
            self.jobs.iter().filter(|job| job.purpose != Purpose::Status && !job.is_silent()).collect();
        jobs.sort_by_key(|job| (rank(job.stage), std::cmp::Reverse(job.id)));
        jobs
    }

    /// Whether keys are characters of a text.
    pub fn is_typing(&self) -> bool {
        match (&self.dialog, &self.screen) {
            (Some(Dialog::Confirm(confirm)), _) => confirm.typed.is_some() || confirm.subject.is_some(),
            (Some(dialog), _) => matches!(dialog, Dialog::Form(_) | Dialog::Palette(_)),
            (None, Screen::FirstRun(run)) => run.typing.is_some(),
            (None, Screen::View(viewer)) => viewer.input.is_some(),
            (None, _) => self.list.is_typing,
        }
    }
}
