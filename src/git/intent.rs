//! The intent file: what is about to be applied, and finishing or undoing what a crash left of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::git::index_lock::{self, IndexLock};
use crate::git::lock::Lock;
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::tree::{Change, Stored};
use crate::git::worktree::{self, Working};
use crate::git::{failure, hash, pack};
use crate::progress::Reporter;
use crate::text;

/// How long recovery waits for somebody else's `index.lock`.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is about to be applied.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Intent {
    /// The branch's commit before; none if the branch did not exist.
    pub(super) old: Option<String>,
    /// The branch's commit after.
    pub(super) new: Option<String>,
    /// The paths.
    pub(super) paths: Vec<IntendedPath>,
}

/// One path of an intent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct IntendedPath {
    path: String,
    committed: Option<String>,
    current: Option<String>,
    after: Option<String>,
    executable: bool,
}

impl Intent {
    /// The intent of moving a branch and changing these paths.
    pub(super) fn new(old: Option<ObjectId>, new: Option<ObjectId>, changes: &BTreeMap<String, Change>) -> Self {
        let path = |(path, change): (&String, &Change)| IntendedPath {
            path: path.clone(),
            committed: change.committed.clone(),
            current: change.current.clone(),
            after: change.after.as_ref().map(|stored| stored.id.to_string()),
            executable: change.after.as_ref().is_some_and(|stored| stored.executable),
        };
        Self {
            old: old.map(|id| id.to_string()),
            new: new.map(|id| id.to_string()),
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

    fn read(repository: &Repository) -> Result<Option<Self>> {
        let path = place(repository);
        let Ok(bytes) = fs::read(&path) else {
            return Ok(None);
        };
        let intent = serde_json::from_slice(&bytes);
        intent.map(Some).map_err(|error| Error::Internal(format!("{} is damaged: {error}", path.display())))
    }
}

/// Removes the intent: everything is applied, or nothing.
pub(super) fn remove(repository: &Repository) -> Result<()> {
    let path = place(repository);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failure::fs("cannot remove", &path)(error)),
        _ => Ok(()),
    }
}

/// Finishes or undoes what a crash left, and tells it in a sentence; none where there is nothing to do.
///
/// Where the branch was already moved, files and index follow; a file that is neither as it was nor
/// as it was to become is left alone and named. Where it was not, nothing was changed.
pub fn recover(repository: &Repository, lock: &Lock) -> Result<Option<String>> {
    // The lock says that nobody else is at it; its file has no further use here.
    let _ = lock;
    index_lock::remove_ours(&repository.gix.index_path());
    pack::remove_marks(&repository.gix);
    let Some(intent) = Intent::read(repository)? else {
        return Ok(None);
    };
    let branch = repository.reference(&repository.location.branch_ref())?;
    let new = intent.new.as_deref().map(hash::parse).transpose()?;
    let done = match (branch, new) {
        (Some(branch), Some(new)) => repository.contains(branch, new)?,
        (None, None) => true,
        _ => false,
    };
    let told = if done { finish(repository, &intent)? } else { undo(repository, &intent)? };
    remove(repository)?;
    Ok(Some(told))
}

fn undo(repository: &Repository, intent: &Intent) -> Result<String> {
    if let Some(working) = Working::new(repository)? {
        for path in &intent.paths {
            working.remove_leftover(&path.path)?;
        }
    }
    Ok("an earlier run was cut off before it changed anything; its leftovers were removed".to_owned())
}

fn finish(repository: &Repository, intent: &Intent) -> Result<String> {
    let short: String = intent.new.as_deref().unwrap_or_default().chars().take(8).collect();
    let Some(mut working) = Working::new(repository)? else {
        return Ok(format!("an earlier run was cut off right after commit {short}; nothing was left to do"));
    };
    let _held = IndexLock::take(&repository.gix, PATIENCE, &Reporter::silent())?;
    let tree = repository.tip_id()?.map(|tip| repository.tree_of(tip)).transpose()?;
    let mut settled = BTreeMap::new();
    let mut left = Vec::new();
    for path in &intent.paths {
        let tip = tree.map_or(Ok(None), |tree| repository.entry_at(tree, &path.path))?;
        let is_ours = tip.map(|entry| entry.id.to_string()) == path.after;
        let after = stored(repository, path)?;
        working.remove_leftover(&path.path)?;
        if is_ours && settle(&mut working, path, after.as_ref())? {
            settled.insert(path.path.as_str(), after);
        } else {
            left.push(text::clean_line(&path.path));
        }
    }
    let entries = settled.iter().map(|(path, after)| (*path, after.as_ref())).collect();
    worktree::write_index(repository, &working, &entries)?;
    let mut told =
        format!("an earlier run was cut off after commit {short}; {} files were brought up to date", settled.len());
    if !left.is_empty() {
        told.push_str("; changed since and left alone: ");
        told.push_str(&left.join(", "));
    }
    Ok(told)
}

/// Brings one file to what was intended; false if it is neither as it was nor as it was to become.
fn settle(working: &mut Working<'_>, path: &IntendedPath, after: Option<&Stored>) -> Result<bool> {
    let now = working.current(&path.path)?;
    if now == path.after {
        return Ok(true);
    }
    if now != path.current {
        return Ok(false);
    }
    match after {
        Some(stored) => working.write(&path.path, stored)?,
        None => working.remove(&path.path)?,
    }
    Ok(true)
}

fn stored(repository: &Repository, path: &IntendedPath) -> Result<Option<Stored>> {
    let Some(after) = &path.after else {
        return Ok(None);
    };
    let id = hash::parse(after)?;
    let bytes = repository.blob(id)?.into();
    Ok(Some(Stored { id, bytes, executable: path.executable }))
}

/// Whether a crash left something half written that [`recover`] settles.
pub fn is_left(repository: &Repository) -> bool {
    place(repository).exists()
}

/// Our own folder of this working tree; the intent names files of no other.
fn directory(repository: &Repository) -> PathBuf {
    repository.gix.git_dir().join("hedgerow")
}

fn place(repository: &Repository) -> PathBuf {
    directory(repository).join("intent")
}
