//! Push: sends the branch, fast-forward only, then reads the remote back before saying so.

use crate::config::{FabricSettings, directory};
use crate::error::{Error, Result, WriteEffect};
use crate::fabric::consumer;
use crate::fabric::draft::join;
use crate::fabric::message::count;
use crate::fabric::plan::digest;
use crate::git::Location;
use crate::git::program::{self, Lost, PushAnswer};
use crate::git::repository::Repository;
use crate::ops::question::is_expected;
use crate::ops::report::{PushCommit, PushOutcome, PushReport, Report};
use crate::ops::select::{self, Chosen, Group};
use crate::ops::write::prepare_clone;
use crate::ops::{Context, Done, Failure, Mode, PushRequest, recovery, settle, time_text};
use crate::progress::{Phase, Reporter};

/// Pushes every chosen repository once; its fabrics share the result.
pub(crate) async fn push(cx: &Context, request: &PushRequest, report: &Reporter) -> Result<Vec<Done>> {
    let selection = select::select(cx, &request.fabrics)?;
    let mut done: Vec<Done> = selection.faulty.iter().map(|(chosen, error)| Done::failed(chosen, error)).collect();
    for group in &selection.groups {
        let mut remarks = Vec::new();
        let result = one(cx, group, &request.mode, report, &mut remarks).await;
        for chosen in &group.fabrics {
            let one = match &result {
                Ok(told) => Done::reported(chosen, Report::Push(Box::new(told.clone()))),
                Err(error) => Done::failed(chosen, error),
            };
            done.push(one.remarked(&remarks));
        }
    }
    Ok(done)
}

async fn one(
    cx: &Context,
    group: &Group,
    mode: &Mode,
    report: &Reporter,
    remarks: &mut Vec<String>,
) -> Result<PushReport> {
    for chosen in &group.fabrics {
        select::check_writable(cx, &chosen.settings, "push")?;
    }
    let location = &group.location;
    prepare_clone(location, report).await?;
    let _lock = match mode {
        Mode::Plan => None,
        Mode::Apply { .. } => Some(recovery::locked(location, "push", report, remarks).await?),
    };
    report.phase(Phase::ReadRemote, &location.name);
    program::fetch(location, report).await?;
    let address = program::push_address(location, report).await?;
    let planned = match (plan(cx, group, address), mode) {
        (Err(Error::RepoDiverged { .. }), Mode::Apply { expect }) if !expect.is_empty() => return Err(moved(location)),
        (planned, _) => planned?,
    };
    match mode {
        Mode::Apply { expect } if planned.outcome == PushOutcome::Planned => {
            let id = planned.plan.clone().unwrap_or_default();
            if !expect.is_empty() && !is_expected(expect, &id) {
                return Err(moved(location));
            }
            report.check()?;
            for chosen in &group.fabrics {
                settle::sending(cx, &chosen.settings.name, planned.after.as_deref().unwrap_or_default());
            }
            send(location, planned, report).await
        }
        _ => Ok(planned),
    }
}

/// The error of a push that is not the one that was shown any more.
fn moved(location: &Location) -> Error {
    let moved = format!("{} or {} moved since the push was shown", location.upstream_name(), location.branch);
    Error::PlanStale { moved }
}

fn plan(cx: &Context, group: &Group, remote: String) -> Result<PushReport> {
    let location = &group.location;
    let repository = Repository::open(location)?;
    recovery::check_whole(&repository)?;
    let (tip, before) = (repository.tip()?, repository.upstream()?);
    let mut told = PushReport {
        outcome: PushOutcome::NoChange,
        branch: location.branch.clone(),
        before: before.clone(),
        after: before.clone(),
        commits: Vec::new(),
        plan: None,
        watched_by: Vec::new(),
        remote,
        files: (0, 0, 0),
        paths: Vec::new(),
        words: String::new(),
        typed_because: None,
        failure: None,
    };
    let Some(tip) = tip else { return Ok(told) };
    if let Some(before) = &before {
        if repository.is_ancestor(&tip, before)? {
            return Ok(told);
        }
        if !repository.is_ancestor(before, &tip)? {
            let standing = repository.standing("")?;
            return Err(Error::RepoDiverged {
                branch: location.branch.clone(),
                upstream: location.upstream_name(),
                ahead: standing.repository_ahead,
                behind: standing.repository_behind,
                is_ours: location.is_ours(),
            });
        }
    }
    let files = repository.changed_files(before.as_deref(), &tip)?;
    let count = |sign: char| files.iter().filter(|(change, _)| *change == sign).count();
    told.files = (count('A'), count('M'), count('D'));
    told.commits = repository.unpublished()?.into_iter().map(commit_line).collect();
    let owners = select::owners(cx, location, &files);
    for owner in &owners {
        check_owner(cx, owner)?;
    }
    told.typed_because = typed_because(group, &owners, &told, &files);
    told.paths = files;
    told.watched_by = watched_by(&repository, group)?;
    told.outcome = PushOutcome::Planned;
    told.plan = Some(digest(format!("push {} {} {tip} {before:?}", told.remote, location.branch).as_bytes()));
    told.after = Some(tip);
    Ok(told)
}

/// The applications of Argo CD and Flux in the repository that apply one of the fabrics.
fn watched_by(repository: &Repository, group: &Group) -> Result<Vec<String>> {
    let managed = |chosen: &Chosen| join(&chosen.settings.directory, "managed");
    let is_ours = |path: &str| group.fabrics.iter().any(|chosen| path.starts_with(&(managed(chosen) + "/")));
    let files = repository.find_text(&consumer::NEEDLES, 64 * 1024, &is_ours)?;
    let mut found: Vec<String> = Vec::new();
    for watcher in group.fabrics.iter().flat_map(|chosen| consumer::watchers(&files, &managed(chosen))) {
        let said = format!("{} {} ({})", watcher.what, watcher.name, watcher.file);
        let said = crate::text::quote_line(&said);
        if !found.contains(&said) {
            found.push(said);
        }
    }
    Ok(found)
}

/// A commit as a plan lists it.
pub(crate) fn commit_line(commit: crate::git::Commit) -> PushCommit {
    PushCommit {
        id: commit.id,
        subject: crate::text::quote_line(&commit.subject),
        author: crate::text::quote_line(&commit.author),
        fabric: commit.fabric.map(|fabric| crate::text::clean_line(&fabric)),
        at: time_text(commit.time),
    }
}

/// Refuses to send changes of a fabric that is not to be written, chosen or not.
fn check_owner(cx: &Context, owner: &FabricSettings) -> Result<()> {
    let Some(why) = select::is_off(cx, owner) else { return Ok(()) };
    let why = format!("the commits change {}, {why}", owner.name);
    Err(Error::ReadOnly { what: "push".to_owned(), why })
}

/// Why a name must be typed; what the commits do to fabrics that were not chosen counts as well.
fn typed_because(
    group: &Group,
    owners: &[&FabricSettings],
    told: &PushReport,
    files: &[(char, String)],
) -> Option<String> {
    let chosen = || group.fabrics.iter().map(|chosen| &chosen.settings);
    let foreign = told.commits.iter().filter(|commit| commit.fabric.is_none()).count();
    let is_managed = |path: &str| {
        let is_of = |fabric: &FabricSettings| directory::contains(&join(&fabric.directory, "managed"), path);
        !path.ends_with(".gitkeep") && (chosen().any(is_of) || owners.iter().any(|owner| is_of(owner)))
    };
    let deleted = files.iter().filter(|(change, path)| *change == 'D' && is_managed(path)).count();
    if chosen().any(|fabric| fabric.protected) {
        Some("the profile is protected".to_owned())
    } else if let Some(owner) = owners.iter().find(|owner| owner.protected) {
        Some(format!("{} is protected, and the commits change it", owner.name))
    } else if foreign > 0 {
        let (commits, are) = (count(foreign, "commit", "commits"), if foreign == 1 { "is" } else { "are" });
        Some(format!("{commits} {are} not hedgerow's"))
    } else if deleted > 0 {
        let (files, are) = (count(deleted, "managed file", "managed files"), if deleted == 1 { "is" } else { "are" });
        Some(format!("{files} {are} deleted"))
    } else {
        None
    }
}

async fn send(location: &Location, told: PushReport, report: &Reporter) -> Result<PushReport> {
    let tip = told.after.clone().unwrap_or_default();
    report.phase(Phase::Pack, &location.name);
    match program::push(location, &tip, report).await? {
        PushAnswer::Accepted | PushAnswer::UpToDate => settle(location, told, &tip, None, report).await,
        PushAnswer::Unknown(lost) => settle(location, told, &tip, Some(lost), report).await,
        PushAnswer::Rejected(error) => Ok(rejected(told, &error)),
    }
}

fn rejected(mut told: PushReport, error: &Error) -> PushReport {
    told.outcome = PushOutcome::Rejected;
    told.after.clone_from(&told.before);
    error.detail().clone_into(&mut told.words);
    let done = "nothing changed on the server; your commits are safe here".to_owned();
    told.failure = Some(Failure { done: Some(done), ..Failure::from(error) });
    told
}

/// Reads the remote back: only what stands there decides.
async fn settle(
    location: &Location,
    mut told: PushReport,
    tip: &str,
    lost: Option<Lost>,
    report: &Reporter,
) -> Result<PushReport> {
    report.phase(Phase::Verify, &location.name);
    let read = holds(location, tip, &report.to_the_end()).await;
    let (lost, refusal) = lost.map_or((String::new(), None), |lost| (lost.words, lost.refusal));
    if let (Ok((false, found)), Some(error)) = (&read, &refusal)
        && *found == told.before
    {
        // It answered, and the branch is where it was: that answer was the end of it.
        return Ok(rejected(told, error));
    }
    let detail = match read {
        Ok((true, _)) => {
            told.outcome = PushOutcome::Verified;
            return Ok(told);
        }
        // A server that was still at work when the line dropped may yet take it.
        Ok((false, found)) => {
            let at = found.as_deref().map_or("has no commit".to_owned(), |id| format!("is at {id}"));
            format!("{lost}\nthe remote {at} and does not have it, or not yet")
        }
        Err(error) => format!("{lost}\n{error}"),
    };
    told.outcome = PushOutcome::Uncertain;
    let error = Error::PushUncertain { branch: location.branch.clone(), detail: crate::text::quote(detail.trim()) };
    let done = "sent; whether it arrived is not known until the remote is read".to_owned();
    told.failure = Some(Failure { done: Some(done), effect: WriteEffect::Unknown, ..Failure::from(&error) });
    Ok(told)
}

/// Whether the remote's branch is or contains a commit, and where it is.
async fn holds(location: &Location, commit: &str, report: &Reporter) -> Result<(bool, Option<String>)> {
    let found = program::read_back(location, report).await?;
    if found.as_deref() == Some(commit) {
        return Ok((true, found));
    }
    program::fetch(location, report).await?;
    let repository = Repository::open(location)?;
    let upstream = repository.upstream()?;
    let contains = match &upstream {
        Some(upstream) => repository.is_ancestor(commit, upstream)?,
        None => false,
    };
    Ok((contains, upstream))
}
