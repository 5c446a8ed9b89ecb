//! The lock files of Git that an apply of ours takes: by name and content, so that a later start knows them again.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::git::holder::is_open;
use crate::git::repository::Repository;
use crate::git::{failure, index_lock};

/// The lock of the working tree's index.
const INDEX: &str = "index.lock";
/// The lock of HEAD, which is taken for its log.
const HEAD: &str = "HEAD.lock";
/// The lock of the packed references, which stays empty while they are only read.
const PACKED: &str = "packed-refs.lock";

/// One lock file of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OwnLock {
    /// Its path in the git directory.
    name: String,
    /// What it holds when it is written.
    content: String,
}

/// What stands at the place of a lock file of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Nothing.
    Nothing,
    /// What we wrote, or the beginning of it.
    Ours,
    /// Something else.
    Foreign,
}

impl OwnLock {
    /// The lock of the index, as a process of ours marks it.
    pub(super) fn of_index(process: u32) -> Self {
        Self { name: INDEX.to_owned(), content: index_lock::mark(process) }
    }

    /// The locks that moving a branch takes; `has_head` says whether HEAD is on it.
    pub(super) fn of_branch(branch: &str, new: ObjectId, has_head: bool) -> Vec<Self> {
        let content = format!("{new}\n");
        let head = has_head.then(|| Self { name: HEAD.to_owned(), content: content.clone() });
        let packed = Self { name: PACKED.to_owned(), content: String::new() };
        head.into_iter().chain([Self { name: format!("{branch}.lock"), content }, packed]).collect()
    }

    /// Whether the name is one that we write, and leads nowhere else.
    pub(super) fn is_sound(&self) -> bool {
        let is_part = |part: &str| !["", ".", ".."].contains(&part);
        let is_branch = self.name.starts_with("refs/heads/") && self.name.strip_suffix(".lock").is_some();
        [INDEX, HEAD, PACKED].contains(&self.name.as_str()) || is_branch && self.name.split('/').all(is_part)
    }

    /// Whether all working trees share it.
    fn is_shared(&self) -> bool {
        self.name == PACKED || self.name.starts_with("refs/")
    }

    /// Whether it is the lock of the index.
    pub(super) fn is_of_index(&self) -> bool {
        self.name == INDEX
    }

    fn place(&self, repository: &Repository) -> PathBuf {
        let gix = &repository.gix;
        if self.is_of_index() {
            return index_lock::path(&gix.index_path());
        }
        if self.is_shared() { gix.common_dir().join(&self.name) } else { gix.git_dir().join(&self.name) }
    }

    /// Looks at a place. Another program may have taken the lock after ours was gone: what is older than
    /// `since`, holds something else or is open somewhere is not ours.
    fn look(&self, path: &Path, since: Option<SystemTime>) -> Result<Found> {
        let meta = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            other => other.map_err(failure::fs("cannot read", path))?,
        };
        let is_newer = since.is_none_or(|since| meta.modified().is_ok_and(|written| written >= since));
        if !meta.is_file() || !is_newer {
            return Ok(Found::Foreign);
        }
        let bytes = fs::read(path).map_err(failure::fs("cannot read", path))?;
        // Git's own index.lock is empty for as long as git works on it; ours never is.
        let is_begun = !self.is_of_index() && self.content.as_bytes().starts_with(&bytes);
        let is_ours = bytes == self.content.as_bytes() || is_begun && !is_open(path);
        Ok(if is_ours { Found::Ours } else { Found::Foreign })
    }
}

/// Removes those of the lock files that are ours and not older than `since`; the caller holds the
/// repository's own lock, so whoever took them is gone.
///
/// The locks of references are taken together. Where one of them is somebody else's, that one is at
/// work now, and all of them stay.
pub(super) fn release(repository: &Repository, locks: &[OwnLock], since: Option<SystemTime>) -> Result<()> {
    let (index, references): (Vec<&OwnLock>, Vec<&OwnLock>) = locks.iter().partition(|lock| lock.is_of_index());
    release_all(repository, &index, since)?;
    release_all(repository, &references, since)
}

/// The same of those locks that all working trees share.
pub(super) fn release_shared(repository: &Repository, locks: &[OwnLock], since: Option<SystemTime>) -> Result<bool> {
    let shared: Vec<&OwnLock> = locks.iter().filter(|lock| lock.is_shared()).collect();
    let were_there = any_shared(repository, locks);
    release_all(repository, &shared, since)?;
    Ok(were_there && !any_shared(repository, locks))
}

/// Whether one of the locks that all working trees share is there.
pub(super) fn any_shared(repository: &Repository, locks: &[OwnLock]) -> bool {
    locks.iter().any(|lock| lock.is_shared() && lock.place(repository).exists())
}

/// Removes the lock of the index where it has our mark, whichever process wrote it.
pub(super) fn release_marked_index(repository: &Repository) -> Result<()> {
    let path = index_lock::path(&repository.gix.index_path());
    if !index_lock::is_ours(&path) {
        return Ok(());
    }
    fs::remove_file(&path).map_err(failure::fs("cannot remove", &path))
}

fn release_all(repository: &Repository, locks: &[&OwnLock], since: Option<SystemTime>) -> Result<()> {
    let mut ours = Vec::new();
    for lock in locks {
        let path = lock.place(repository);
        match lock.look(&path, since)? {
            Found::Nothing => {}
            Found::Ours => ours.push(path),
            Found::Foreign => return Ok(()),
        }
    }
    for path in ours {
        fs::remove_file(&path).map_err(failure::fs("cannot remove", &path))?;
    }
    Ok(())
}

/// The lock that keeps the branch from being moved or the index from being written, whoever has it.
pub(super) fn in_the_way(repository: &Repository) -> Option<PathBuf> {
    let index = index_lock::path(&repository.gix.index_path());
    let index = (!repository.location.is_ours() && index.exists()).then_some(index);
    index.or_else(|| in_the_way_of_branch(repository))
}

/// The lock that keeps the branch from being moved, whoever has it.
pub(super) fn in_the_way_of_branch(repository: &Repository) -> Option<PathBuf> {
    let branch = repository.location.branch_ref();
    let all = OwnLock::of_branch(&branch, ObjectId::null(gix::hash::Kind::Sha1), !repository.location.is_ours());
    all.into_iter().map(|lock| lock.place(repository)).find(|path| path.exists())
}
