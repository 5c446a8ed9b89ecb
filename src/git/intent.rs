//! The intent file: what is about to be applied, and which locks are taken for it.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::git::own_lock::{self, OwnLock};
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::standing::{modified, seconds};
use crate::git::tree::Change;
use crate::git::{failure, hash, pack};

/// What is about to be applied.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Intent {
    /// What is done, such as `ingest`; empty where an older version wrote it.
    #[serde(default)]
    pub(super) operation: String,
    /// The full name of the branch that moves; none where an older version wrote it.
    #[serde(default)]
    pub(super) branch: Option<String>,
    /// The branch's commit before; none if the branch did not exist.
    pub(super) old: Option<String>,
    /// The branch's commit after.
    pub(super) new: Option<String>,
    /// The lock files that are taken for it; none where an older version wrote it.
    #[serde(default)]
    pub(super) locks: Option<Vec<OwnLock>>,
    /// The paths.
    pub(super) paths: Vec<IntendedPath>,
}

/// One path of an intent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct IntendedPath {
    pub(super) path: String,
    pub(super) committed: Option<String>,
    pub(super) current: Option<String>,
    pub(super) after: Option<String>,
    pub(super) executable: bool,
    /// Whether the working file stays as it is and only the index follows.
    #[serde(default)]
    pub(super) keeps: bool,
}

/// What stands where an intent is looked for.
#[derive(Debug)]
pub(super) enum Kept {
    /// Nothing.
    Nothing,
    /// An intent, and when it was written.
    Whole(Box<Intent>, Option<SystemTime>),
    /// Something that is none; why, in words.
    Damaged(String),
}

impl Intent {
    /// The intent of moving the branch and changing these paths.
    pub(super) fn new(
        repository: &Repository,
        operation: &str,
        (old, new): (Option<ObjectId>, Option<ObjectId>),
        changes: &BTreeMap<String, Change>,
    ) -> Self {
        let path = |(path, change): (&String, &Change)| IntendedPath {
            path: path.clone(),
            committed: change.committed.clone(),
            current: change.current.clone(),
            after: change.after.as_ref().map(|stored| stored.id.to_string()),
            executable: change.after.as_ref().is_some_and(|stored| stored.executable),
            keeps: change.keeps,
        };
        let branch = repository.location.branch_ref();
        let has_head = repository.workdir().is_some();
        let index = has_head.then(|| OwnLock::of_index(std::process::id()));
        let moved = new.filter(|_| new != old).map(|new| OwnLock::of_branch(&branch, new, has_head));
        Self {
            operation: operation.to_owned(),
            branch: Some(branch),
            old: old.map(|id| id.to_string()),
            new: new.map(|id| id.to_string()),
            locks: Some(index.into_iter().chain(moved.into_iter().flatten()).collect()),
            paths: changes.iter().map(path).collect(),
        }
    }

    /// Writes the intent and waits until it is on the disk.
    pub(super) fn write(&self, repository: &Repository) -> Result<()> {
        let (dir, sharing) = (directory(repository), Sharing::of(&repository.gix));
        sharing.create_dir(&dir)?;
        let text = serde_json::to_vec(self).map_err(|error| Error::Internal(error.to_string()))?;
        sharing.write(&place(repository), &text)?;
        pack::sync(&dir)
    }

    /// The intent with a lock of the index as this process takes it, for finishing what another began.
    pub(super) fn taken_over(&self) -> Self {
        let others = self.locks.iter().flatten().filter(|lock| !lock.is_of_index()).cloned();
        let locks = others.chain([OwnLock::of_index(std::process::id())]).collect();
        Self { locks: Some(locks), ..self.clone() }
    }

    /// Removes what is left of its locks; the caller holds the repository's own lock.
    pub(super) fn release(&self, repository: &Repository, since: Option<SystemTime>) -> Result<()> {
        match &self.locks {
            Some(locks) => own_lock::release(repository, locks, since),
            None => self.release_older(repository, since),
        }
    }

    /// An older version took the lock of the index before it wrote its intent, and named none.
    fn release_older(&self, repository: &Repository, since: Option<SystemTime>) -> Result<()> {
        own_lock::release_marked_index(repository)?;
        let new = self.new.as_deref().map(hash::parse).transpose()?;
        let branch = repository.location.branch_ref();
        let moved = new.map(|new| OwnLock::of_branch(&branch, new, repository.workdir().is_some()));
        own_lock::release(repository, &moved.unwrap_or_default(), since)
    }

    /// Whether every id, path and lock in it is one that we write.
    fn is_sound(&self) -> bool {
        let is_id = |id: &String| hash::parse(id).is_ok();
        let is_part = |part: &str| !["", ".", ".."].contains(&part) && !part.eq_ignore_ascii_case(".git");
        let is_path = |path: &IntendedPath| {
            path.path.split('/').all(is_part) && path.after.iter().chain(&path.current).all(is_id)
        };
        self.old.iter().chain(&self.new).all(is_id)
            && self.paths.iter().all(is_path)
            && self.locks.iter().flatten().all(OwnLock::is_sound)
            && self.branch.iter().all(|branch| branch.starts_with("refs/heads/"))
    }
}

/// Reads the intent of this working tree.
///
/// # Errors
/// `Fs` where something is there and cannot be read: it is not taken for nothing.
pub(super) fn read(repository: &Repository) -> Result<Kept> {
    read_at(&place(repository))
}

/// The same of any working tree.
pub(super) fn read_at(path: &Path) -> Result<Kept> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::Nothing),
        Err(error) if error.kind() == ErrorKind::IsADirectory => {
            return Ok(Kept::Damaged("it is a folder".to_owned()));
        }
        Err(error) => return Err(failure::fs("cannot read", path)(error)),
    };
    Ok(match serde_json::from_slice::<Intent>(&bytes) {
        Ok(intent) if intent.is_sound() => Kept::Whole(Box::new(intent), modified(path)),
        Ok(_) => Kept::Damaged("it names what no run of ours would".to_owned()),
        Err(error) => Kept::Damaged(error.to_string()),
    })
}

/// Removes the intent: everything is applied, or nothing.
pub(super) fn remove(repository: &Repository) -> Result<()> {
    let path = place(repository);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failure::fs("cannot remove", &path)(error)),
        _ => Ok(()),
    }
}

/// Renames what is no intent, so that it can be looked at and is in nobody's way; returns its new place.
pub(super) fn set_aside(repository: &Repository) -> Result<PathBuf> {
    let path = place(repository);
    let stamp = seconds(SystemTime::now());
    let free = (0..).map(|more| path.with_extension(format!("damaged-{}", stamp + more)));
    let aside = free.into_iter().find(|place| !place.exists()).unwrap_or_default();
    fs::rename(&path, &aside).map_err(failure::fs("cannot rename", &path))?;
    Ok(aside)
}

/// The intents of the repository's other working trees.
pub(super) fn elsewhere(repository: &Repository) -> Vec<PathBuf> {
    let common = repository.gix.common_dir();
    let linked = fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten();
    let all = linked.map(|entry| entry.path()).chain([common.to_owned()]);
    let own = place(repository);
    all.map(|dir| dir.join("hedgerow").join("intent")).filter(|path| *path != own && path.exists()).collect()
}

/// Our own folder of this working tree; the intent names files of no other.
fn directory(repository: &Repository) -> PathBuf {
    repository.gix.git_dir().join("hedgerow")
}

/// Where the intent of this working tree is.
pub(super) fn place(repository: &Repository) -> PathBuf {
    directory(repository).join("intent")
}
