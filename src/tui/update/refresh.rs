//! Refresh: remotes asked by the clock; an answer that changes nothing draws nothing.

use crate::ops::report::{DirectoryState, GitState, RemoteOutcome, RemoteReport, Report, StatusReport};
use crate::ops::{Failure, Operation, Outcome};
use crate::tui::event::Effect;
use crate::tui::refresh::{fabrics, is_check, is_held, next, stale};
use crate::tui::setup::Wish;
use crate::tui::state::{Job, JobId, Purpose, State};
use crate::tui::update::{jobs, read_status};

/// Asks the remote that is due, if one is; never while somebody works on its repository.
pub(super) fn ask(state: &mut State) -> Vec<Effect> {
    let now = state.now.ms;
    let Some(repository) = next(state).filter(|(_, at)| *at <= now).map(|(name, _)| name.to_owned()) else {
        return Vec::new();
    };
    state.refresh.asked.insert(repository.clone(), now);
    if is_held(state, &repository) {
        return Vec::new();
    }
    let fabrics = fabrics(state, &repository);
    jobs::start_all(state, Operation::Check { fabrics: fabrics.clone() }, Purpose::Status, &fabrics)
}

/// Whether an operation of this number is a check by the clock.
pub(super) fn is_of(state: &State, id: JobId) -> bool {
    state.jobs.iter().any(|job| job.id == id && is_check(&job.operation))
}

/// Takes what a remote answered: statuses are read again only where the answer is news.
pub(super) fn finished(state: &mut State, id: JobId, outcome: Result<Outcome, Failure>) -> Vec<Effect> {
    let Some(at) = state.jobs.iter().position(|job| job.id == id) else {
        return Vec::new();
    };
    let job = state.jobs.remove(at);
    for repository in &job.repositories {
        state.refresh.asked.insert(repository.clone(), state.now.ms);
    }
    // All fabrics of a check share one repository, and so its answer.
    let answer =
        outcome.and_then(|outcome| outcome.entries.into_iter().next().map_or(Ok(None), |entry| entry.result.map(Some)));
    let is_news = match answer {
        Err(failure) if failure.code == "E-STOPPED" => false,
        Err(failure) => failed(state, &job.repositories, &failure),
        Ok(Some(Report::Remote(remote))) => {
            let was_failing =
                job.repositories.iter().filter(|name| state.refresh.failed.remove(*name).is_some()).count() > 0;
            let is_known = read(state, &job.fabrics, &remote);
            was_failing || !is_known || remote.outcome == RemoteOutcome::Updated
        }
        Ok(_) => false,
    };
    if !is_news {
        return maintain(state, &job.fabrics, &job.repositories);
    }
    let fabrics: Vec<String> = state
        .rows
        .iter()
        .filter(|row| job.repositories.contains(&row.repository))
        .map(|row| row.name.clone())
        .collect();
    fabrics.iter().flat_map(|fabric| read_status(state, fabric)).collect()
}

/// Asks for the maintenance of a clone of ours that was just read, while there is nothing else to do.
fn maintain(state: &State, fabrics: &[String], repositories: &[String]) -> Vec<Effect> {
    let is_idle = !state.leaving && !state.is_busy() && !state.jobs.iter().any(Job::is_open);
    let is_ours = repositories.iter().all(|name| state.refresh.ours.contains(name));
    let fabric = fabrics.first().filter(|_| is_idle && is_ours);
    fabric.map(|fabric| Effect::Wish(Wish::Maintain(fabric.clone()))).into_iter().collect()
}

/// Takes a failure; tells whether it is another one than before.
fn failed(state: &mut State, repositories: &[String], failure: &Failure) -> bool {
    let mut is_news = false;
    for repository in repositories {
        let before = state.refresh.failed.insert(repository.clone(), failure.code.clone());
        is_news = is_news || before.as_ref() != Some(&failure.code);
    }
    let is_of = |name: &String| repositories.contains(name);
    let grows_old = state.rows.iter().any(|row| is_of(&row.repository) && stale(state, row).is_some());
    state.is_dirty = state.is_dirty || grows_old;
    is_news
}

/// Notes when the remote was read; tells whether every fabric's state was one that this does not change.
fn read(state: &mut State, fabrics: &[String], remote: &RemoteReport) -> bool {
    let was_stale = state.rows.iter().any(|row| fabrics.contains(&row.name) && stale(state, row).is_some());
    let mut is_known = true;
    for row in state.rows.iter_mut().filter(|row| fabrics.contains(&row.name)) {
        let Some(Ok(status)) = &mut row.status else { continue };
        let git = &mut status.git;
        // Somebody else may have fetched or committed: what is shown was then read from other tips.
        let is_same = git.head == remote.head && git.upstream == remote.after;
        is_known = is_known && is_same && !passes(status);
        if is_same && remote.checked_at.is_some() {
            status.git.checked_at.clone_from(&remote.checked_at);
        }
    }
    state.is_dirty = state.is_dirty || was_stale;
    is_known
}

/// Whether a state may be over although no tip moved.
fn passes(status: &StatusReport) -> bool {
    let is_git = matches!(
        status.git.state,
        GitState::Offline | GitState::NoAccess | GitState::Unknown | GitState::Locked | GitState::WrongBranch
    );
    is_git || status.directory.state == DirectoryState::Initializing
}
