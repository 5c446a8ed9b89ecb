//! Jobs: starting, queueing and stopping operations, as far as the state knows.

pub(super) mod bulk;
pub(super) mod ended;

use crate::command::line::line;
use crate::ops::question::mode;
use crate::ops::{Mode, Operation};
use crate::progress::Progress;
use crate::tui::event::Effect;
use crate::tui::refresh::is_check;
use crate::tui::state::{Job, JobId, Purpose, Stage, State};

/// Ended operations that are remembered of those that are listed, and of those that are not.
const REMEMBERED: usize = 20;
/// From here on what is only read is numbered.
const READS: JobId = 1 << 48;
/// Lines of a log that are kept.
const LOGGED: usize = 200;

/// Adds a job of one fabric and starts it, or queues it behind the one that has its repository.
pub(super) fn start(state: &mut State, operation: Operation, purpose: Purpose, fabric: &str) -> Vec<Effect> {
    start_all(state, operation, purpose, &[fabric.to_owned()])
}

/// Adds a job of several fabrics and starts it, or queues it behind those that have its repositories.
pub(super) fn start_all(state: &mut State, operation: Operation, purpose: Purpose, fabrics: &[String]) -> Vec<Effect> {
    let id = next_id(state, purpose);
    let repositories = repositories(state, fabrics);
    let is_held = purpose != Purpose::Status && holder(state, &repositories).is_some();
    let stage = if is_held { Stage::Queued } else { Stage::Running };
    let mut job = Job {
        id,
        operation: operation.clone(),
        purpose,
        fabric: name_of(fabrics),
        fabrics: fabrics.to_vec(),
        repositories,
        stage,
        progress: None,
        asked: state.now.ms,
        started: state.now.ms,
        ended: String::new(),
        result: String::new(),
        log: Vec::new(),
    };
    if purpose != Purpose::Status {
        let same = format!("same as: {}", line(&operation));
        note(&mut job, &state.now.clock, &same);
        note(&mut job, &state.now.clock, if is_held { "queued" } else { "started" });
    }
    forget(state);
    let checked: Vec<JobId> = checks_in_the_way(state, &job).collect();
    let mut effects: Vec<Effect> = checked.into_iter().map(Effect::Stop).collect();
    state.jobs.push(job);
    effects.extend((!is_held).then_some(Effect::Start(id, operation)));
    effects
}

/// A number that was never given; what is only read counts apart, since its numbers are never shown.
fn next_id(state: &mut State, purpose: Purpose) -> JobId {
    if purpose == Purpose::Status {
        state.last_read += 1;
        return READS + state.last_read;
    }
    state.last_job += 1;
    state.last_job
}

/// Lists an operation of the last session whose end is known only now.
pub(super) fn ended_before(state: &mut State, operation: Operation, stage: Stage, fabric: &str, result: &str) {
    let id = next_id(state, Purpose::Act);
    let clock = state.now.clock.clone();
    let mut job = Job {
        id,
        operation,
        purpose: Purpose::Act,
        fabric: fabric.to_owned(),
        fabrics: vec![fabric.to_owned()],
        repositories: Vec::new(),
        stage,
        progress: None,
        asked: state.now.ms,
        started: state.now.ms,
        ended: clock.clone(),
        result: crate::text::clean_line(result),
        log: Vec::new(),
    };
    note(&mut job, &clock, "looked up: the last session left it open");
    note(&mut job, &clock, result);
    state.jobs.push(job);
}

/// The checks by the clock that give way to what somebody asked for.
fn checks_in_the_way<'a>(state: &'a State, wanted: &'a Job) -> impl Iterator<Item = JobId> + 'a {
    let shares = |job: &&Job| job.repositories.iter().any(|name| wanted.repositories.contains(name));
    let checks = state.jobs.iter().filter(|job| wanted.purpose != Purpose::Status && is_check(&job.operation));
    checks.filter(shares).map(|job| job.id)
}

/// What several fabrics are called together.
pub(super) fn name_of(fabrics: &[String]) -> String {
    match fabrics {
        [one] => one.clone(),
        several => format!("{} fabrics", several.len()),
    }
}

fn repositories(state: &State, fabrics: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for row in fabrics.iter().filter_map(|fabric| state.row(fabric)) {
        if !names.contains(&row.repository) {
            names.push(row.repository.clone());
        }
    }
    names
}

/// Splits fabrics by the repository they share, in the order given: what may run side by side.
pub(super) fn by_repository(state: &State, fabrics: &[String]) -> Vec<Vec<String>> {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for fabric in fabrics {
        let place = repositories(state, std::slice::from_ref(fabric));
        match groups.iter_mut().find(|(known, _)| *known == place) {
            Some((_, members)) => members.push(fabric.clone()),
            None => groups.push((place, vec![fabric.clone()])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// Adds a line to a job's log.
pub(super) fn note(job: &mut Job, clock: &str, text: &str) {
    if job.log.len() < LOGGED {
        job.log.push(crate::text::clean_line(&format!("{clock:<8}  {text}")));
    }
}

fn forget(state: &mut State) {
    state.jobs.retain(|job| job.is_open() || job.purpose != Purpose::Status);
    for is_silent in [false, true] {
        let ended = state.jobs.iter().filter(|job| !job.is_open() && job.is_silent() == is_silent);
        let mut ended: Vec<JobId> = ended.map(|job| job.id).collect();
        ended.truncate(ended.len().saturating_sub(REMEMBERED));
        state.jobs.retain(|job| !ended.contains(&job.id));
    }
}

/// The job that has one of these repositories, if one has.
pub(super) fn holder(state: &State, repositories: &[String]) -> Option<JobId> {
    let has_one = |job: &&Job| {
        job.purpose != Purpose::Status
            && matches!(job.stage, Stage::Running | Stage::Stopping)
            && job.repositories.iter().any(|name| repositories.contains(name))
    };
    state.jobs.iter().find(has_one).map(|job| job.id)
}

/// Takes what an operation told.
pub(super) fn progress(state: &mut State, id: JobId, progress: Progress) {
    let clock = state.now.clock.clone();
    if let Some(job) = state.jobs.iter_mut().find(|job| job.id == id && job.is_open()) {
        state.is_dirty = state.is_dirty || job.purpose != Purpose::Status;
        if job.progress.as_ref().is_none_or(|before| before.phase != progress.phase) {
            note(job, &clock, progress.phase.word());
        }
        job.progress = Some(progress);
    }
}

/// Starts what waited for a repository that is free now.
pub(super) fn next_in_queue(state: &mut State) -> Vec<Effect> {
    let waiting: Vec<usize> = (0..state.jobs.len()).filter(|at| state.jobs[*at].stage == Stage::Queued).collect();
    let mut effects = Vec::new();
    for at in waiting {
        let repositories = state.jobs[at].repositories.clone();
        if holder(state, &repositories).is_none() {
            let (now, clock) = (state.now.ms, state.now.clock.clone());
            let job = &mut state.jobs[at];
            (job.stage, job.started) = (Stage::Running, now);
            note(job, &clock, "started");
            effects.push(Effect::Start(job.id, job.operation.clone()));
        }
    }
    effects
}

/// Stops the selected operation, or the first that runs: at once, never, or too late.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(id) = state.stoppable() else {
        state.say("nothing is running");
        return Vec::new();
    };
    let clock = state.now.clock.clone();
    let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) else {
        return Vec::new();
    };
    if job.stage == Stage::Queued {
        let said = format!("{} {}  dropped from the queue; nothing was written", job.operation.name(), job.fabric);
        state.say(said);
        bulk::drop_queued(state, |job| job.id == id);
        return Vec::new();
    }
    let applies = matches!(mode(&job.operation), Some(Mode::Apply { .. }));
    if let Some(phase) = job.progress.as_ref().filter(|progress| !progress.can_stop()).map(|progress| progress.phase) {
        let is_push = matches!(job.operation, Operation::Push(_));
        let why =
            if is_push { "waiting for the answer" } else { "the plan is being applied, which takes milliseconds" };
        note(job, &clock, &format!("stop asked, too late in {}", phase.word()));
        state.say(format!("too late to stop: {why}"));
        return Vec::new();
    }
    job.stage = Stage::Stopping;
    note(job, &clock, "stop asked");
    state.say(if applies { "stopping before anything is written" } else { "stopping" });
    vec![Effect::Stop(id)]
}
