//! Standing: where branch and tracking branch stand to each other, and what keeps a clone from being written to.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gix::ObjectId;

use crate::error::Result;
use crate::git::holder::holder;
use crate::git::log::DirectoryTrees;
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::{failure, lock, own_lock, recovery};

/// The state of a clone, as far as one directory is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The branch's tip, hexadecimal.
    pub tip: Option<String>,
    /// The tracking branch's tip, hexadecimal.
    pub upstream: Option<String>,
    /// Commits to push that touch the directory.
    pub ahead: usize,
    /// Commits to pull that touch the directory.
    pub behind: usize,
    /// Commits to push in the whole repository.
    pub repository_ahead: usize,
    /// Commits to pull in the whole repository.
    pub repository_behind: usize,
    /// When the remote was last read, in seconds since the epoch.
    pub checked_at: Option<i64>,
    /// The wrong branch, a detached HEAD or a merge under way, in words.
    pub obstacle: Option<String>,
    /// Who holds a lock, in words.
    pub locked: Option<String>,
    /// Whether the last fetch found no such branch at the remote.
    pub remote_is_empty: bool,
}

/// What the last reading of the remote left on record.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Checked {
    /// When, in seconds since the epoch.
    pub(super) at: i64,
    /// Whether the remote had no such branch.
    pub(super) empty: bool,
}

impl Repository {
    /// Where the branch stands to its tracking branch, counted for the whole and for one directory.
    pub fn standing(&self, directory: &str) -> Result<Standing> {
        let (tip, upstream) = (self.tip_id()?, self.upstream_id()?);
        let ahead = self.lacking(upstream, tip)?;
        let behind = self.lacking(tip, upstream)?;
        let mut trees = DirectoryTrees::new(directory);
        let mut touching = |ids: &[ObjectId]| -> Result<usize> {
            ids.iter().try_fold(0, |n, id| Ok(n + usize::from(trees.touched(self, *id)?)))
        };
        let checked = self.checked();
        Ok(Standing {
            tip: tip.map(|id| id.to_string()),
            upstream: upstream.map(|id| id.to_string()),
            ahead: touching(&ahead)?,
            behind: touching(&behind)?,
            repository_ahead: ahead.len(),
            repository_behind: behind.len(),
            checked_at: self.fetched_at().max(checked.map(|checked| checked.at)),
            obstacle: self.check_writable().err().map(|error| error.to_string()),
            locked: self.locked(),
            remote_is_empty: upstream.is_none() && checked.is_some_and(|checked| checked.empty),
        })
    }

    /// Records that the remote was read just now.
    pub(super) fn record_checked(&self, empty: bool) -> Result<()> {
        let (dir, sharing) = (self.own_dir(), Sharing::of(&self.gix));
        sharing.create_dir(&dir)?;
        let record = Checked { at: seconds(SystemTime::now()), empty };
        let text = serde_json::to_string(&record).unwrap_or_default();
        let path = dir.join("checked");
        fs::write(&path, text).map_err(failure::fs("cannot write", &path))?;
        sharing.adjust(&path)
    }

    /// When the remote was last read, in seconds since the epoch.
    pub fn checked_at(&self) -> Option<i64> {
        self.checked().map(|checked| checked.at).into_iter().chain(self.fetched_at()).max()
    }

    /// What the last reading left on record.
    pub(super) fn checked(&self) -> Option<Checked> {
        let text = fs::read_to_string(self.own_dir().join("checked")).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The commits of `tip` that `base` lacks; without a base, every commit.
    fn lacking(&self, base: Option<ObjectId>, tip: Option<ObjectId>) -> Result<Vec<ObjectId>> {
        tip.map_or(Ok(Vec::new()), |tip| self.commits_between(base, tip))
    }

    fn fetched_at(&self) -> Option<i64> {
        let dirs = [self.gix.git_dir(), self.gix.common_dir()];
        dirs.iter().filter_map(|dir| modified(&dir.join("FETCH_HEAD"))).map(seconds).max()
    }

    fn locked(&self) -> Option<String> {
        if let Some(holder) = lock::holder_of(&self.own_dir().join("lock")) {
            return Some(holder.to_string());
        }
        if let Some(what) = recovery::unfinished(self) {
            return Some(what);
        }
        own_lock::in_the_way(self).map(|path| format!("{}: {}", path.display(), holder(&path)))
    }
}

/// When a file was last written, if it exists.
pub(super) fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// Seconds since the epoch.
pub(super) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
