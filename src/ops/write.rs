//! Writing: look, plan, apply, tell, for init and ingest, one transaction a repository.

use std::sync::Arc;

use rayon::prelude::*;

use crate::error::{Error, Result, WriteEffect};
use crate::fabric::plan::{Plan, Verdict};
use crate::git::Location;
use crate::git::lock::Lock;
use crate::git::program;
use crate::git::repository::Repository;
use crate::git::tree::Transaction;
use crate::ops::planning::{self, Work};
use crate::ops::question::is_expected;
use crate::ops::report::{PlanLine, Report, WriteFrame, WriteReport, WriteResult};
use crate::ops::select::{self, Chosen, Group};
use crate::ops::task::TaskRequest;
use crate::ops::{Context, Done, Failure, IngestRequest, InitRequest, Mode, recovery};
use crate::progress::{Phase, Reporter};
use crate::text::clean_line;

/// One fabric's plan with its surroundings.
pub(crate) struct Planned {
    /// The plan.
    pub(crate) plan: Plan,
    /// The surroundings.
    pub(crate) frame: WriteFrame,
}

/// How plans are made and carried out, and for which fabrics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How<'a> {
    fabrics: &'a [String],
    mode: &'a Mode,
    offline: bool,
    message: Option<&'a str>,
}

impl<'a> How<'a> {
    /// As an init is asked for.
    pub(crate) fn init(request: &'a InitRequest) -> Self {
        Self::new(&request.fabrics, &request.mode, request.offline, request.message.as_deref())
    }

    /// As an ingest is asked for.
    pub(crate) fn ingest(request: &'a IngestRequest) -> Self {
        Self::new(&request.fabrics, &request.mode, request.offline, request.message.as_deref())
    }

    /// As a change of managed resources is asked for.
    pub(crate) fn task(request: &'a TaskRequest) -> Self {
        Self::new(&request.fabrics, &request.mode, request.offline, request.message.as_deref())
    }

    fn new(fabrics: &'a [String], mode: &'a Mode, offline: bool, message: Option<&'a str>) -> Self {
        Self { fabrics, mode, offline, message }
    }
}

/// Plans, or plans and applies, for every group.
pub(crate) async fn write(cx: &Context, work: Work, how: How<'_>, report: &Reporter) -> Result<Vec<Done>> {
    let mut selection = select::select(cx, how.fabrics)?;
    if let Some(subject) = how.message {
        check_subject(subject)?;
        let chosen = selection.groups.iter_mut().flat_map(|group| &mut group.fabrics);
        chosen.for_each(|chosen| chosen.settings.subject = Some(subject.to_owned()));
    }
    let mut done: Vec<Done> = selection.faulty.iter().map(|(chosen, error)| Done::failed(chosen, error)).collect();
    for group in selection.groups {
        let (allowed, refused) = split_writable(cx, group, &work, how.mode);
        done.extend(refused);
        if !allowed.fabrics.is_empty() {
            done.extend(write_group(cx, &work, &allowed, how, report).await);
        }
    }
    Ok(done)
}

/// A subject is one line that says something.
fn check_subject(subject: &str) -> Result<()> {
    if subject.trim().is_empty() || subject.chars().any(char::is_control) {
        return Err(Error::Usage("a commit's subject is one line, and not empty".to_owned()));
    }
    Ok(())
}

fn split_writable(cx: &Context, group: Group, work: &Work, mode: &Mode) -> (Group, Vec<Done>) {
    let mut allowed = Group { location: group.location, fabrics: Vec::new() };
    let mut refused = Vec::new();
    for chosen in group.fabrics {
        let verdict = match mode {
            Mode::Plan => Ok(()),
            Mode::Apply { .. } => select::check_writable(cx, &chosen.settings, work.name()),
        };
        match verdict {
            Ok(()) => allowed.fabrics.push(chosen),
            Err(error) => refused.push(Done::failed(&chosen, &error)),
        }
    }
    (allowed, refused)
}

async fn write_group(cx: &Context, work: &Work, group: &Group, how: How<'_>, report: &Reporter) -> Vec<Done> {
    let mut remarks = Vec::new();
    let done = match try_write_group(cx, work, group, how, report, &mut remarks).await {
        Ok(done) => done,
        Err(error) => group.fabrics.iter().map(|chosen| Done::failed(chosen, &error)).collect(),
    };
    done.into_iter().map(|done| done.remarked(&remarks)).collect()
}

async fn try_write_group(
    cx: &Context,
    work: &Work,
    group: &Group,
    how: How<'_>,
    report: &Reporter,
    remarks: &mut Vec<String>,
) -> Result<Vec<Done>> {
    let lock = match how.mode {
        Mode::Plan => None,
        Mode::Apply { .. } => {
            prepare_clone(&group.location, report).await?;
            Some(recovery::locked(&group.location, work.name(), report, remarks).await?)
        }
    };
    refresh(cx, &group.location, how.offline, report).await?;
    report.check()?;
    let (cx, work, group, mode, report) = (cx.clone(), work.clone(), group.clone(), how.mode.clone(), report.clone());
    let blocking = move || match (lock, mode) {
        (Some(lock), Mode::Apply { expect }) => apply_group(&cx, &work, &group, &lock, &expect, &report),
        _ => Ok(plan_group(&work, &group, &report).into_iter().map(told).collect()),
    };
    join(tokio::task::spawn_blocking(blocking).await)
}

/// The result of a blocking task; a panic there is a bug of ours.
pub(crate) fn join<T>(joined: std::result::Result<Result<T>, tokio::task::JoinError>) -> Result<T> {
    // What a task had done when it broke off, nobody can say.
    joined.unwrap_or_else(|error| Err(Error::Internal(error.to_string()).after(WriteEffect::Unknown)))
}

/// Makes our own bare clone, if the repository is configured by its address and not cloned yet.
pub(crate) async fn prepare_clone(location: &Location, report: &Reporter) -> Result<()> {
    program::prepare(location, report).await
}

/// Reads the remote first: a fetch, or under `--read-only` a look at its references.
pub(crate) async fn refresh(cx: &Context, location: &Location, offline: bool, report: &Reporter) -> Result<()> {
    if offline {
        return Ok(());
    }
    if cx.read_only {
        let remote = program::ls_remote(location, report).await?;
        let known = Repository::open(location)?.upstream()?;
        return if remote == known {
            Ok(())
        } else {
            let moved = format!("{}/{} moved since the last fetch", location.remote, location.branch);
            Err(Error::PlanStale { moved })
        };
    }
    prepare_clone(location, report).await?;
    program::fetch(location, report).await.map(|_| ())
}

fn plan_group(work: &Work, group: &Group, report: &Reporter) -> Vec<(Chosen, Result<Planned>)> {
    report.phase(Phase::Plan, &group.location.name);
    group
        .fabrics
        .par_iter()
        .map(|chosen| (chosen.clone(), planning::plan(&group.location, &chosen.settings, work)))
        .collect()
}

fn told((chosen, planned): (Chosen, Result<Planned>)) -> Done {
    match planned {
        Ok(planned) => Done::reported(&chosen, write_report(planned, None)),
        Err(error) => Done::failed(&chosen, &error),
    }
}

fn write_report(planned: Planned, commit: Option<WriteResult>) -> Report {
    let Planned { plan, frame } = planned;
    let result = commit.unwrap_or(match plan.verdict {
        Verdict::Planned => WriteResult::Planned,
        Verdict::NoChange => WriteResult::NoChange,
        Verdict::Refused => WriteResult::Refused,
    });
    let subject = plan.message.lines().next().unwrap_or("remove raw files that are filed already").to_owned();
    let line = (plan.verdict == Verdict::Planned).then(|| PlanLine { id: plan.id.clone(), subject });
    Report::Write(Box::new(WriteReport {
        result,
        plan: line,
        commit: None,
        changes: plan.changes.clone(),
        documents: plan.documents.clone(),
        findings: plan.findings.clone(),
        frame,
        whole: Some(Arc::new(plan)),
    }))
}

fn apply_group(
    cx: &Context,
    work: &Work,
    group: &Group,
    lock: &Lock,
    expect: &[String],
    report: &Reporter,
) -> Result<Vec<Done>> {
    let repository = Repository::open(&group.location)?;
    let mut done = Vec::new();
    let mut ready: Vec<(Chosen, Planned, Option<String>)> = Vec::new();
    let mut transaction = Transaction::begin(&repository)?.stoppable(report);
    for (chosen, planned) in plan_group(work, group, report) {
        report.check()?;
        report.phase(Phase::Build, &chosen.settings.name);
        match planned.and_then(|planned| build(cx, &mut transaction, planned, expect)) {
            Ok((planned, _)) if planned.plan.verdict != Verdict::Planned => {
                done.push(told((chosen, Ok(planned))));
            }
            Ok((planned, commit)) => ready.push((chosen, planned, commit)),
            Err(error) => done.push(Done::failed(&chosen, &error)),
        }
    }
    if ready.is_empty() {
        return Ok(done);
    }
    match transaction.apply(lock, report) {
        Ok(notes) => done.extend(ready.into_iter().map(|ready| applied(ready, &notes))),
        Err(error) => {
            done.extend(ready.iter().map(|(chosen, _, commit)| not_applied(chosen, commit.as_deref(), &error)));
        }
    }
    Ok(done)
}

/// What failed while it was applied; each fabric has a commit of its own.
fn not_applied(chosen: &Chosen, commit: Option<&str>, error: &Error) -> Done {
    let effect = error.effect().of_commit(commit);
    let failure = Failure::from(error);
    let message = match error {
        Error::After { source, .. } => clean_line(&format!("{}: {source}", effect.sentence())),
        _ => failure.message.clone(),
    };
    Done::failed_as(chosen, Failure { message, effect, ..failure })
}

fn applied((chosen, mut planned, commit): (Chosen, Planned, Option<String>), notes: &[String]) -> Done {
    planned.frame.notes.extend_from_slice(notes);
    let result = if commit.is_some() { WriteResult::Committed } else { WriteResult::NoChange };
    let mut report = write_report(planned, Some(result));
    if let Report::Write(write) = &mut report {
        write.commit = commit;
    }
    Done::reported(&chosen, report)
}

fn build(
    cx: &Context,
    transaction: &mut Transaction,
    planned: Planned,
    expect: &[String],
) -> Result<(Planned, Option<String>)> {
    let plan = &planned.plan;
    if !expect.is_empty() && plan.verdict == Verdict::Planned && !is_expected(expect, &plan.id) {
        let moved = format!("{} changed since it was shown (now plan {})", plan.fabric, &plan.id[..8]);
        return Err(Error::PlanStale { moved });
    }
    if plan.verdict != Verdict::Planned {
        return match (expect.is_empty(), plan.verdict) {
            (false, Verdict::NoChange) if !is_expected(expect, &plan.id) => {
                Err(Error::PlanStale { moved: format!("{} has nothing to do any more", plan.fabric) })
            }
            _ => Ok((planned, None)),
        };
    }
    let commit = transaction.commit(&plan.edits, &plan.message, cx.fixed_time)?;
    Ok((planned, commit))
}
