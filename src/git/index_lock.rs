//! The lock Git takes on an index: waited for, never broken, and known again after a crash of ours.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::git::failure;
use crate::git::holder::holder;
use crate::git::sharing::Sharing;
use crate::git::standing::index_lock;
use crate::progress::{Phase, Reporter};

/// What our lock file holds, so that a later start knows it.
pub(super) const MARK: &str = "hedgerow ";

/// How often a waiting writer looks again.
const PAUSE: Duration = Duration::from_millis(20);

/// `index.lock`, held until it is dropped.
#[derive(Debug)]
pub(super) struct IndexLock {
    path: PathBuf,
}

impl IndexLock {
    /// Takes the lock, waiting at most so long for whoever holds it.
    ///
    /// # Errors
    /// `RepoLocked` naming the lock file, `Stopped` when the user stops it.
    pub(super) fn take(gix: &gix::Repository, patience: Duration, report: &Reporter) -> Result<Self> {
        let (path, sharing) = (index_lock(&gix.index_path()), Sharing::of(gix));
        let since = Instant::now();
        let mut told = false;
        loop {
            report.check()?;
            match create(&path) {
                Ok(()) => {
                    let lock = Self { path };
                    sharing.adjust(&lock.path)?;
                    return Ok(lock);
                }
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(failure::fs("cannot create", &path)(error));
                }
                Err(_) if since.elapsed() >= patience => return Err(held(path)),
                Err(_) => {
                    if !told {
                        report.phase(Phase::Queue, &format!("index.lock of {}", holder(&path)));
                        told = true;
                    }
                    std::thread::park_timeout(PAUSE);
                }
            }
        }
    }
}

impl Drop for IndexLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes a lock file that a crash of ours left; the caller holds the repository's own lock.
pub(super) fn remove_ours(index: &Path) {
    let path = index_lock(index);
    if fs::read(&path).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes())) {
        let _ = fs::remove_file(path);
    }
}

/// Makes the lock file with its mark inside, in one step where the file system has hard links.
fn create(path: &Path) -> std::io::Result<()> {
    let mark = format!("{MARK}{}\n", std::process::id());
    let own = path.with_extension(format!("hedgerow-{}", std::process::id()));
    fs::write(&own, &mark)?;
    let linked = fs::hard_link(&own, path);
    fs::remove_file(&own)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
            file.write_all(mark.as_bytes())
        }
        other => other,
    }
}

fn held(lock: PathBuf) -> Error {
    Error::RepoLocked { holder: holder(&lock), lock }
}
