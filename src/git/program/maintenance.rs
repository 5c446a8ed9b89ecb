//! Maintenance: a clone of ours is packed again by git, attached, and only until a writer waits.

use std::path::PathBuf;
use std::time::Duration;

use super::{Child, Silence, run};
use crate::error::{Error, Result};
use crate::git::lock::{self, Lock};
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::standing::modified;
use crate::git::{Location, failure};
use crate::progress::Reporter;

/// How often it is done at most.
const RARELY: Duration = Duration::from_hours(24);

/// How often is looked whether a writer waits.
const LOOK: Duration = Duration::from_millis(50);

/// The file that says when it was done last.
const STAMP: &str = "maintained";

/// What git locks meanwhile, relative to the git directory.
const LOCKS: [&str; 2] = ["objects/maintenance.lock", "gc.pid"];

/// The later setting wins, so these undo what every other git in a clone is told.
const ARGS: [&str; 11] = [
    "-c",
    "maintenance.auto=true",
    "-c",
    "gc.auto=6700",
    "-c",
    "maintenance.autoDetach=false",
    "-c",
    "gc.autoDetach=false",
    "maintenance",
    "run",
    "--auto",
];

/// Maintains a clone of ours where that is due and nobody writes; returns whether it came to its end, good or bad.
///
/// A user's clone is the user's own to maintain.
pub async fn maintain(location: &Location, report: &Reporter) -> Result<bool> {
    if !location.is_ours() || !location.dir.join("HEAD").exists() {
        return Ok(false);
    }
    let repository = Repository::open(location)?;
    let (stamp, sharing) = (repository.own_dir().join(STAMP), Sharing::of(&repository.gix));
    let age = modified(&stamp).and_then(|done| done.elapsed().ok());
    if age.is_some_and(|age| age < RARELY) || lock::is_left(&repository) {
        return Ok(false);
    }
    drop(repository);
    let Some(lock) = lock::try_lock(location, "maintenance")? else { return Ok(false) };
    let locks = LOCKS.map(|name| location.dir.join(name));
    if locks.iter().any(|path| path.exists()) {
        // Somebody maintains it by hand.
        return Ok(false);
    }
    let is_done = until_wanted(location, &lock, report, &locks).await?;
    if is_done {
        sharing.write(&stamp, b"")?;
    }
    Ok(is_done)
}

async fn until_wanted(location: &Location, lock: &Lock, report: &Reporter, locks: &[PathBuf]) -> Result<bool> {
    let own = Reporter::silent().attended(false);
    let child = Child { limit: Silence::Local, ..Child::in_clone(location, &ARGS) };
    let mut listener = |_: &str| true;
    let mut work = Box::pin(run(child, &own, &mut listener));
    let wanted = async {
        while !lock.is_wanted() && !report.token().is_cancelled() {
            tokio::select! {
                () = report.token().cancelled() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    };
    let done = tokio::select! {
        done = &mut work => done,
        () = wanted => {
            own.stop();
            work.await
        }
    };
    let (is_done, was_ended) = match done {
        Ok(done) => (true, done.hung),
        Err(Error::Stopped) => (false, true),
        Err(error) => return Err(error),
    };
    // Git removes them itself unless it had to be killed; it was ours, and it has ended.
    for path in locks.iter().filter(|path| was_ended && path.exists()) {
        std::fs::remove_file(path).map_err(failure::fs("cannot remove", path))?;
    }
    Ok(is_done)
}
