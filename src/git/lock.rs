//! One writer a repository: a lock file in the git directory that says who holds it.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::standing::modified;
use crate::git::{Location, failure};
use crate::progress::{Phase, Reporter};
use crate::text;

pub use crate::git::recovery::{is_left, recover, unfinished};

/// How often a waiting writer looks again.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a writer waits before it gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// The file that whoever waits for the lock of a clone of ours holds shared.
const WAITING: &str = "waiting";

/// The repository's lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    operation: String,
}

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub pid: u32,
    /// What it does, such as `ingest dc1`.
    pub operation: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hedgerow {} (process {})", self.operation, self.pid)
    }
}

impl Lock {
    /// The lock file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is held for, such as `ingest`.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Whether somebody waits for it in a clone of ours, in this process or another.
    pub(super) fn is_wanted(&self) -> bool {
        let Ok(file) = File::open(self.path.with_file_name(WAITING)) else { return false };
        let is_wanted = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        // A child may have inherited the file.
        let _ = file.unlock();
        is_wanted
    }

    fn sign(&mut self) -> std::io::Result<()> {
        let text = format!("{}\n{}\n", std::process::id(), self.operation);
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A child started meanwhile may have inherited the file, so closing it is not enough.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// Somebody waits for the lock, until this is dropped.
#[derive(Debug)]
struct Waiting(File);

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Tells maintenance of a clone of ours that somebody waits; none where it looks just now, so that this
/// is tried again.
fn announce(location: &Location) -> Result<Option<Waiting>> {
    if !location.is_ours() {
        return Ok(None);
    }
    let path = lock_path(location)?.with_file_name(WAITING);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(&path).map_err(failure::fs("cannot open", &path))?;
    match file.try_lock_shared() {
        Ok(()) => Ok(Some(Waiting(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(Error::Fs { what: "cannot lock", path, source }),
    }
}

/// Takes the lock if nobody holds it.
pub fn try_lock(location: &Location, operation: &str) -> Result<Option<Lock>> {
    let repository = Repository::open(location)?;
    let (dir, sharing) = (repository.own_dir(), Sharing::of(&repository.gix));
    sharing.create_dir(&dir)?;
    let path = dir.join("lock");
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(&path).map_err(failure::fs("cannot open", &path))?;
    sharing.adjust(&path)?;
    match file.try_lock() {
        Ok(()) => {
            let mut lock = Lock { file, path, operation: operation.to_owned() };
            let signed = lock.sign();
            signed.map_err(failure::fs("cannot write", &lock.path))?;
            Ok(Some(lock))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(Error::Fs { what: "cannot lock", path, source }),
    }
}

/// Takes the lock, waiting for whoever holds it; tells once that it waits.
///
/// # Errors
/// `RepoLocked` with the holder's name after a minute, `Stopped` when the user stops it.
pub async fn lock(location: &Location, operation: &str, report: &Reporter) -> Result<Lock> {
    lock_within(location, operation, report, PATIENCE).await
}

/// As [`lock`], waiting at most so long.
pub async fn lock_within(location: &Location, operation: &str, report: &Reporter, patience: Duration) -> Result<Lock> {
    let since = Instant::now();
    let (mut told, mut waiting) = (false, None);
    loop {
        report.check()?;
        if let Some(lock) = try_lock(location, operation)? {
            return Ok(lock);
        }
        if since.elapsed() >= patience {
            return Err(held(location));
        }
        if waiting.is_none() {
            waiting = announce(location)?;
        }
        if !told {
            report.phase(Phase::Queue, &holder(location).map_or_else(|| location.name.clone(), |by| by.to_string()));
            told = true;
        }
        tokio::select! {
            () = report.token().cancelled() => return Err(Error::Stopped),
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Who holds the lock now; none if nobody does, whatever the file says.
pub fn holder(location: &Location) -> Option<Holder> {
    holder_of(&lock_path(location).ok()?)
}

/// Who holds this lock file now.
pub(super) fn holder_of(path: &Path) -> Option<Holder> {
    let mut file = File::open(path).ok()?;
    if !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    let mut lines = text.lines();
    let pid = lines.next().and_then(|line| line.parse().ok()).unwrap_or(0);
    let operation = text::clean_line(lines.next().unwrap_or("is at work"));
    Some(Holder { pid, operation })
}

fn held(location: &Location) -> Error {
    let who = holder(location).map_or_else(|| "another process".to_owned(), |holder| holder.to_string());
    let lock = lock_path(location).unwrap_or_default();
    let age = modified(&lock).and_then(|since| since.elapsed().ok()).unwrap_or_default();
    Error::RepoLocked { lock, holder: format!("{who}, for {} s", age.as_secs()) }
}

fn lock_path(location: &Location) -> Result<PathBuf> {
    Ok(Repository::open(location)?.own_dir().join("lock"))
}
