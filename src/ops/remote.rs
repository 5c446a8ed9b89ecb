//! Fetch and pull: reads the remote, and brings the branch forward, fast-forward only.

use crate::error::{Error, Result, WriteEffect};
use crate::git::Location;
use crate::git::program;
use crate::git::repository::Repository;
use crate::ops::report::{RemoteOutcome, RemoteReport, Report};
use crate::ops::select::{self, Group};
use crate::ops::write::prepare_clone;
use crate::ops::{Context, Done, record, recovery, settle, time_text};
use crate::progress::{Phase, Reporter};

/// The ways of reading a remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Moves the tracking branch.
    Fetch,
    /// Moves the tracking branch, then the branch.
    Pull,
    /// Asks for the tip; moves the tracking branch only where the tip is another one.
    Check,
}

/// Checks every chosen repository once; only what is news goes on record.
pub(crate) async fn check(cx: &Context, names: &[String], report: &Reporter) -> Result<Vec<Done>> {
    let done = remote(cx, names, Reach::Check, report).await?;
    // A journal that cannot be written must not complain once a minute.
    drop(record::news(cx, done.iter().map(|done| &done.entry)));
    Ok(done)
}

/// Fetches or pulls every chosen repository once.
pub(crate) async fn remote(cx: &Context, names: &[String], reach: Reach, report: &Reporter) -> Result<Vec<Done>> {
    let selection = select::select(cx, names)?;
    let mut done: Vec<Done> = selection.faulty.iter().map(|(chosen, error)| Done::failed(chosen, error)).collect();
    for group in &selection.groups {
        let mut remarks = Vec::new();
        let result = one(cx, group, reach, report, &mut remarks).await;
        for chosen in &group.fabrics {
            let one = match &result {
                Ok(told) => {
                    // What is found out unasked would not be seen.
                    let is_asked = reach != Reach::Check;
                    let settled = is_asked.then(|| settle::fetched(cx, &group.location, &chosen.settings.name));
                    let settled = settled.flatten();
                    Done::reported(chosen, Report::Remote(RemoteReport { settled, ..told.clone() }))
                }
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
    reach: Reach,
    report: &Reporter,
    remarks: &mut Vec<String>,
) -> Result<RemoteReport> {
    let name = if reach == Reach::Pull { "pull" } else { "fetch" };
    for chosen in &group.fabrics {
        select::check_writable(cx, &chosen.settings, name)?;
    }
    prepare_clone(&group.location, report).await?;
    match reach {
        Reach::Check => tip(&group.location, report).await,
        Reach::Fetch => fetch(&group.location, report).await,
        Reach::Pull => pull(&group.location, report, remarks).await,
    }
}

/// Reads the remote only where its tip is not the tracking branch.
async fn tip(location: &Location, report: &Reporter) -> Result<RemoteReport> {
    let before = Repository::open(location)?.upstream()?;
    if program::check(location, report).await? == before {
        return Ok(told(location, before.clone(), before));
    }
    fetch(location, report).await
}

async fn fetch(location: &Location, report: &Reporter) -> Result<RemoteReport> {
    let fetched = program::fetch(location, report).await?;
    Ok(told(location, fetched.before, fetched.after))
}

async fn pull(location: &Location, report: &Reporter, remarks: &mut Vec<String>) -> Result<RemoteReport> {
    let _lock = recovery::locked(location, "pull", report, remarks).await?;
    let known = Repository::open(location)?.tip()?;
    program::fetch(location, report).await?;
    let repository = Repository::open(location)?;
    repository.check_writable()?;
    let (before, upstream) = (repository.tip()?, repository.upstream()?);
    // A clone of ours follows by itself.
    if location.is_ours() && before == upstream {
        return Ok(told(location, known, before));
    }
    let standing = repository.standing("")?;
    let Some(target) = upstream else {
        return Ok(told(location, before.clone(), before));
    };
    if standing.repository_behind == 0 && before.is_some() {
        return Ok(told(location, before.clone(), before));
    }
    if standing.repository_ahead > 0 {
        return Err(Error::RepoDiverged {
            branch: location.branch.clone(),
            upstream: location.upstream_name(),
            ahead: standing.repository_ahead,
            behind: standing.repository_behind,
            is_ours: location.is_ours(),
        });
    }
    drop(repository);
    report.phase(Phase::Update, &location.name);
    if let Err(error) = program::fast_forward(location, &target, report).await {
        let effect = reached(location, before.as_deref(), &target, &error);
        return Err(error.after(effect));
    }
    let after = Repository::open(location)?.tip()?;
    if after.as_deref() == Some(target.as_str()) {
        Ok(told(location, before, after))
    } else {
        let odd = Error::Internal(format!("{} did not move forward to {target}", location.branch));
        Err(odd.after(WriteEffect::Unknown))
    }
}

/// How far a pull got that failed. Git refuses edits in the way before it begins; else it has changed
/// files before it moves the branch.
fn reached(location: &Location, before: Option<&str>, target: &str, error: &Error) -> WriteEffect {
    let tip = Repository::open(location).and_then(|repository| repository.tip());
    match (tip, error.cause()) {
        (Ok(tip), _) if tip.as_deref() == Some(target) => WriteEffect::Partial { commit: tip, left: Vec::new() },
        (Ok(tip), Error::RepoDirty { .. } | Error::RepoDiverged { .. } | Error::RepoLocked { .. })
            if tip.as_deref() == before =>
        {
            WriteEffect::Nothing
        }
        (Ok(tip), _) if location.is_ours() && tip.as_deref() == before => WriteEffect::Nothing,
        _ => WriteEffect::Unknown,
    }
}

fn told(location: &Location, before: Option<String>, after: Option<String>) -> RemoteReport {
    let outcome = if before == after { RemoteOutcome::NoChange } else { RemoteOutcome::Updated };
    let repository = Repository::open(location).ok();
    let checked_at = repository.as_ref().and_then(Repository::checked_at).map(time_text);
    let head = repository.and_then(|repository| repository.tip().ok().flatten());
    RemoteReport { outcome, branch: location.branch.clone(), before, after, head, checked_at, settled: None }
}
