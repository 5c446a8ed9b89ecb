//! The lock Git takes on an index: waited for, never broken, and known again after a crash of ours.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::git::failure;
use crate::git::holder::holder;
use crate::git::sharing::Sharing;
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
    /// Takes the lock, waiting at most so long for whoever holds it. The caller holds the repository's own
    /// lock, so one of ours that is there is of a process that is gone: that is told at once.
    ///
    /// # Errors
    /// `RepoLocked` naming the lock file, `Stopped` when the user stops it.
    pub(super) fn take(gix: &gix::Repository, patience: Duration, report: &Reporter) -> Result<Self> {
        let (path, sharing) = (path(&gix.index_path()), Sharing::of(gix));
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
                Err(_) if since.elapsed() >= patience || is_ours(&path) => return Err(held(path)),
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

/// What a process of ours writes into it.
pub(super) fn mark(process: u32) -> String {
    format!("{MARK}{process}\n")
}

/// The lock file of an index.
pub(super) fn path(index: &Path) -> PathBuf {
    let mut name = index.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Whether a lock file has our mark.
pub(super) fn is_ours(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
}

/// Makes the lock file with its mark inside, in one step where the file system has hard links.
fn create(path: &Path) -> std::io::Result<()> {
    let mark = mark(std::process::id());
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
