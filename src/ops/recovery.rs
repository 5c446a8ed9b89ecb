//! Recovery: what a run that was cut off left is finished before anything else is done, and told.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::git::Location;
use crate::git::lock::{self, Lock};
use crate::git::repository::Repository;
use crate::ops::question;
use crate::ops::select::{self, Group};
use crate::ops::write::join;
use crate::ops::{Context, Mode, Operation};
use crate::progress::Reporter;
use crate::text::clean_line;

/// How long whoever has the repository's lock waits for a lock of the index that somebody else has.
const PATIENCE: Duration = Duration::from_secs(10);

/// Finishes what was cut off in the repositories an operation concerns; returns what is told of it.
///
/// Whoever only looks does not wait: where the repository's lock is held, or nothing may be written,
/// what is in the way is said and the reading goes on. Whoever plans waits for the lock. Whoever writes
/// takes it anyway and sees to it then.
pub(crate) async fn before(cx: &Context, operation: &Operation, report: &Reporter) -> Vec<String> {
    let found = each(cx, operation, report).await;
    found.into_iter().map(|(name, sentence)| clean_line(&format!("{name}: {sentence}"))).collect()
}

/// The same as pairs of a repository's name and what is told of it.
pub(crate) async fn each(cx: &Context, operation: &Operation, report: &Reporter) -> Vec<(String, String)> {
    let Ok(selection) = select::select(cx, question::fabrics(operation)) else {
        // The operation itself says what is wrong with the names.
        return Vec::new();
    };
    let mut told = Vec::new();
    for group in selection.groups {
        let name = group.location.name.clone();
        let sentence = one(cx, operation, group, report).await.unwrap_or_else(|error| Some(error.to_string()));
        told.extend(sentence.map(|sentence| (name, sentence)));
    }
    told
}

async fn one(cx: &Context, operation: &Operation, group: Group, report: &Reporter) -> Result<Option<String>> {
    let Some(what) = left(&group.location) else { return Ok(None) };
    let off: Vec<Option<String>> = group.fabrics.iter().map(|chosen| select::is_off(cx, &chosen.settings)).collect();
    if let Some(why) = off.iter().all(Option::is_some).then(|| off.into_iter().flatten().next()).flatten() {
        return Ok(Some(format!("{what}; it stays so: {why}")));
    }
    if operation.is_plan() {
        let lock = lock::lock(&group.location, "recovery", report).await?;
        return join(tokio::task::spawn_blocking(move || under(&group.location, &lock, PATIENCE)).await);
    }
    if operation.takes_lock() {
        return Ok(None);
    }
    let at_once = move || match at_once(&group.location) {
        Ok(told) => Ok(told),
        Err(error) => Ok(Some(format!("{what}; it stays so: {error}"))),
    };
    join(tokio::task::spawn_blocking(at_once).await)
}

/// What was cut off in a repository, in words; none where nothing is left, or it cannot be opened.
fn left(location: &Location) -> Option<String> {
    if !location.dir.exists() {
        return None;
    }
    let repository = Repository::open(location).ok()?;
    let is_left = lock::is_left(&repository);
    is_left.then(|| lock::unfinished(&repository).unwrap_or_else(|| "a run was cut off".to_owned()))
}

/// Finishes what was cut off where the repository's lock is free; none where somebody is at work.
fn at_once(location: &Location) -> Result<Option<String>> {
    let Some(lock) = lock::try_lock(location, "recovery")? else { return Ok(None) };
    under(location, &lock, Duration::ZERO)
}

/// Takes the repository's lock and finishes what was cut off; what is told of it is a remark.
pub(crate) async fn locked(
    location: &Location,
    operation: &str,
    report: &Reporter,
    remarks: &mut Vec<String>,
) -> Result<Lock> {
    let lock = lock::lock(location, operation, report).await?;
    let place = location.clone();
    let work = move || under(&place, &lock, PATIENCE).map(|told| (told, lock));
    let (told, lock) = join(tokio::task::spawn_blocking(work).await)?;
    remarks.extend(told.map(|told| clean_line(&format!("{}: {told}", location.name))));
    Ok(lock)
}

fn under(location: &Location, lock: &Lock, patience: Duration) -> Result<Option<String>> {
    lock::recover(&Repository::open(location)?, lock, patience)
}

/// Refuses to plan on what is half brought up to date.
///
/// # Errors
/// [`Error::RepoHalf`], and [`Error::RepoLocked`] while another process is at it.
pub(crate) fn check_whole(repository: &Repository) -> Result<()> {
    let Some(what) = lock::unfinished(repository) else { return Ok(()) };
    let location = repository.location();
    match lock::holder(location) {
        Some(holder) => Err(Error::RepoLocked { lock: location.dir.clone(), holder: holder.to_string() }),
        None => Err(Error::RepoHalf { path: location.dir.clone(), what }),
    }
}

impl Operation {
    /// Whether it only works out what would be done.
    fn is_plan(&self) -> bool {
        matches!(question::mode(self), Some(Mode::Plan))
    }

    /// Whether it takes the repository's lock itself.
    fn takes_lock(&self) -> bool {
        matches!(self, Operation::Pull { .. }) || matches!(question::mode(self), Some(Mode::Apply { .. }))
    }
}
