//! Jobs: starting, queueing and ending operations, as far as the state knows.

use crate::fabric::message::count;
use crate::ops::report::{PushOutcome, RemoteOutcome, Report, WriteReport, WriteResult};
use crate::ops::{Entry, Failure, Operation, Outcome};
use crate::progress::Progress;
use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::state::{Job, JobId, Purpose, Screen, Stage, State};
use crate::tui::update::{confirm, read_status};

/// Ended operations that are remembered.
const REMEMBERED: usize = 40;

/// Adds a job and starts it, or queues it behind the one that has its repository.
pub(super) fn start(state: &mut State, operation: Operation, purpose: Purpose, fabric: &str) -> Vec<Effect> {
    let id = state.jobs.last().map_or(1, |job| job.id + 1);
    let repository = state.row(fabric).map(|row| row.repository.clone()).unwrap_or_default();
    let is_held = purpose != Purpose::Status && holder(state, &repository).is_some();
    let stage = if is_held { Stage::Queued } else { Stage::Running };
    let job = Job {
        id,
        operation: operation.clone(),
        purpose,
        fabric: fabric.to_owned(),
        repository,
        stage,
        progress: None,
        started: state.now.ms,
        ended: String::new(),
        result: String::new(),
    };
    forget(state);
    state.jobs.push(job);
    if is_held { Vec::new() } else { vec![Effect::Start(id, operation)] }
}

fn forget(state: &mut State) {
    state.jobs.retain(|job| job.is_open() || job.purpose != Purpose::Status);
    let ended = state.jobs.iter().filter(|job| !job.is_open()).count();
    if let Some(oldest) = state.jobs.iter().position(|job| !job.is_open()).filter(|_| ended > REMEMBERED) {
        state.jobs.remove(oldest);
    }
}

/// The job that has a repository, if one has.
pub(super) fn holder(state: &State, repository: &str) -> Option<JobId> {
    let has_it = |job: &&Job| {
        job.repository == repository
            && job.purpose != Purpose::Status
            && matches!(job.stage, Stage::Running | Stage::Stopping)
    };
    state.jobs.iter().find(has_it).map(|job| job.id)
}

/// Takes what an operation told.
pub(super) fn progress(state: &mut State, id: JobId, progress: Progress) {
    if let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) {
        state.is_dirty = state.is_dirty || job.purpose != Purpose::Status;
        job.progress = Some(progress);
    }
}

/// Takes what an operation came to.
pub(super) fn finished(state: &mut State, id: JobId, outcome: Result<Outcome, Failure>) -> Vec<Effect> {
    let Some(at) = state.jobs.iter().position(|job| job.id == id) else {
        return Vec::new();
    };
    let (fabric, purpose) = (state.jobs[at].fabric.clone(), state.jobs[at].purpose);
    let entry = match outcome {
        Ok(mut outcome) => outcome.entries.pop(),
        Err(failure) => Some(Entry { fabric: fabric.clone(), result: Err(failure) }),
    };
    let Some(entry) = entry else {
        state.jobs[at].stage = Stage::NoChange;
        return next_in_queue(state);
    };
    let mut effects = match purpose {
        Purpose::Status => {
            state.jobs.remove(at);
            if let Some(row) = state.rows.iter_mut().find(|row| row.name == fabric) {
                row.status = Some(read(entry));
            }
            Vec::new()
        }
        Purpose::Plan => planned(state, at, entry),
        Purpose::Act => acted(state, at, &entry),
    };
    effects.extend(next_in_queue(state));
    if state.leaving && !state.is_busy() {
        effects.push(Effect::Quit);
    }
    effects
}

fn read(entry: Entry) -> Result<crate::ops::report::StatusReport, Failure> {
    match entry.result {
        Ok(Report::Status(status)) => Ok(*status),
        Ok(_) => Err(Failure::from(&crate::error::Error::Internal("no status was told".to_owned()))),
        Err(failure) => Err(failure),
    }
}

fn next_in_queue(state: &mut State) -> Vec<Effect> {
    let waiting: Vec<usize> = (0..state.jobs.len()).filter(|at| state.jobs[*at].stage == Stage::Queued).collect();
    let mut effects = Vec::new();
    for at in waiting {
        let repository = state.jobs[at].repository.clone();
        if holder(state, &repository).is_none() {
            let now = state.now.ms;
            let job = &mut state.jobs[at];
            (job.stage, job.started) = (Stage::Running, now);
            effects.push(Effect::Start(job.id, job.operation.clone()));
        }
    }
    effects
}

fn end(state: &mut State, at: usize, stage: Stage, result: &str) {
    let clock = state.now.clock.clone();
    let job = &mut state.jobs[at];
    job.stage = stage;
    job.ended = clock;
    job.result = crate::text::clean_line(result);
    let said = format!("{} {}  {}", job.operation.name(), job.fabric, job.result);
    state.say(said);
}

fn fail(state: &mut State, at: usize, stage: Stage, failure: &Failure) {
    let fabric = state.jobs[at].fabric.clone();
    if let Some(row) = state.rows.iter_mut().find(|row| row.name == fabric) {
        row.failure = Some(failure.clone());
    }
    end(state, at, stage, &format!("FAILED {} {}; e tells what to do", failure.code, failure.message));
}

fn planned(state: &mut State, at: usize, entry: Entry) -> Vec<Effect> {
    match &entry.result {
        Err(failure) => {
            let stage = if failure.code == "E-STOPPED" { Stage::NoChange } else { Stage::Failed };
            fail(state, at, stage, failure);
        }
        Ok(Report::Write(write)) if write.result == WriteResult::Planned => {
            state.jobs[at].stage = Stage::Done;
            confirm::open(state, at, entry);
        }
        Ok(Report::Push(push)) if push.outcome == PushOutcome::Planned => {
            state.jobs[at].stage = Stage::Done;
            confirm::open(state, at, entry);
        }
        Ok(Report::Write(write)) => {
            let (stage, result) = (Stage::NoChange, nothing_to_do(write));
            end(state, at, stage, &result);
        }
        Ok(_) => end(state, at, Stage::NoChange, "No change: nothing to send"),
    }
    let fabric = state.jobs[at].fabric.clone();
    read_status(state, &fabric)
}

fn nothing_to_do(write: &WriteReport) -> String {
    let held: Vec<&str> = write
        .documents
        .iter()
        .filter(|document| document.outcome.is_no())
        .map(|document| document.outcome.word())
        .collect();
    match (write.result, held.first()) {
        (WriteResult::Refused, _) => "refused; v shows why".to_owned(),
        (_, Some(first)) => format!("No change: {} held back ({first}); v shows why", held.len()),
        _ => "No change".to_owned(),
    }
}

fn acted(state: &mut State, at: usize, entry: &Entry) -> Vec<Effect> {
    let fabric = state.jobs[at].fabric.clone();
    let failure = entry.failure().cloned();
    match (&entry.result, failure) {
        (Err(_), Some(failure)) if failure.code == "E-PLAN-STALE" => {
            let message = failure.message.clone();
            fail(state, at, Stage::Failed, &failure);
            let again = confirm::planning(&state.jobs[at].operation);
            state.dialog = Some(Dialog::Stale { again, fabric: fabric.clone(), why: message });
        }
        (Ok(Report::Push(push)), Some(failure)) if push.outcome == PushOutcome::Uncertain => {
            fail(state, at, Stage::Uncertain, &failure);
        }
        (_, Some(failure)) => fail(state, at, Stage::Failed, &failure),
        (Ok(report), None) => succeeded(state, at, report),
        (Err(_), None) => {}
    }
    let repository = state.jobs[at].repository.clone();
    let names: Vec<String> =
        state.rows.iter().filter(|row| row.repository == repository).map(|row| row.name.clone()).collect();
    let mut effects: Vec<Effect> = names.iter().flat_map(|name| read_status(state, name)).collect();
    if names.is_empty() {
        effects.extend(read_status(state, &fabric));
    }
    effects
}

fn succeeded(state: &mut State, at: usize, report: &Report) {
    let fabric = state.jobs[at].fabric.clone();
    if let Some(row) = state.rows.iter_mut().find(|row| row.name == fabric) {
        row.failure = None;
    }
    let short = |id: &Option<String>| id.as_deref().and_then(|id| id.get(..7)).unwrap_or("-").to_owned();
    let (stage, result) = match report {
        Report::Write(write) => match write.result {
            WriteResult::Committed => {
                (Stage::Done, format!("committed {}, not pushed yet; P pushes", short(&write.commit)))
            }
            _ => (Stage::NoChange, nothing_to_do(write)),
        },
        Report::Push(push) => match push.outcome {
            PushOutcome::Verified => (Stage::Done, format!("Verified {} on {}", short(&push.after), push.branch)),
            _ => (Stage::NoChange, "No change: nothing to send".to_owned()),
        },
        Report::Remote(remote) => match remote.outcome {
            RemoteOutcome::Updated => (Stage::Done, format!("{} is now {}", remote.branch, short(&remote.after))),
            RemoteOutcome::NoChange => (Stage::NoChange, "No change: nothing new".to_owned()),
        },
        Report::Validate(validate) => {
            let errors = validate.findings.iter().filter(|finding| finding.is_error()).count();
            let result = format!(
                "{}, {}",
                count(errors, "error", "errors"),
                count(validate.findings.len(), "finding", "findings")
            );
            let findings = validate.findings.clone();
            state.screen = Screen::Findings { fabric, findings, scroll: 0 };
            (Stage::Done, result)
        }
        Report::Show(show) => (Stage::Done, count(show.resources.len(), "resource", "resources")),
        Report::Export(export) => (Stage::Done, count(export.documents, "document", "documents")),
        Report::Status(_) => (Stage::Done, String::new()),
    };
    end(state, at, stage, &result);
}
