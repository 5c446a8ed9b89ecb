//! Bulk: one answer over several fabrics: what began, what was dropped, and what came of all of it.

use crate::ops::question::is_pending;
use crate::ops::{Entry, Operation};
use crate::tui::state::{Bulk, Job, JobId, Stage, State, Tally};
use crate::tui::update::jobs::ended::unplanned;

/// Begins to count what an answer started; what its plan left out is counted at once.
pub(in crate::tui::update) fn begin(state: &mut State, operation: &Operation, entries: &[Entry], open: Vec<JobId>) {
    let mut tally = Tally::of(operation);
    let left_out = entries.iter().filter(|entry| !is_pending(entry));
    let left_out: Vec<&Entry> = left_out.collect();
    for entry in &left_out {
        tally.add(entry, unplanned(entry).0);
    }
    if open.len() > 1 || !left_out.is_empty() {
        state.bulks.push(Bulk { open, tally });
    }
}

/// Counts what a job of an answer came to.
pub(super) fn count(state: &mut State, id: JobId, entries: &[Entry], told: &[(Stage, String)]) {
    let Some(bulk) = state.bulks.iter_mut().find(|bulk| bulk.open.contains(&id)) else {
        return;
    };
    bulk.open.retain(|open| *open != id);
    for (entry, (stage, _)) in entries.iter().zip(told) {
        bulk.tally.add(entry, *stage);
    }
}

/// Drops what waits in the queue, where it is meant.
pub(in crate::tui::update) fn drop_queued(state: &mut State, is_meant: impl Fn(&Job) -> bool) {
    let is_dropped = |job: &Job| job.stage == Stage::Queued && is_meant(job);
    for job in state.jobs.iter().filter(|job| is_dropped(job)) {
        if let Some(bulk) = state.bulks.iter_mut().find(|bulk| bulk.open.contains(&job.id)) {
            bulk.open.retain(|open| *open != job.id);
            bulk.tally.dropped(&job.fabrics);
        }
    }
    state.jobs.retain(|job| !is_dropped(job));
    say(state);
}

/// Says what came of all jobs of one answer once the last has ended.
pub(super) fn say(state: &mut State) {
    for bulk in state.bulks.extract_if(.., |bulk| bulk.open.is_empty()).collect::<Vec<_>>() {
        let then = state.keymap.fill(bulk.tally.then());
        state.say(format!("{}  {}{then}", bulk.tally.name, bulk.tally.words()));
    }
}
