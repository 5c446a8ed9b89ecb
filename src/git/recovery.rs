//! Recovery: finishing or undoing what a run that was cut off left of an apply, and saying so.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, OpenOptions};
use std::time::Duration;

use crate::error::{Result, WriteEffect};
use crate::git::index_lock::IndexLock;
use crate::git::intent::{self, IntendedPath, Intent, Kept};
use crate::git::lock::Lock;
use crate::git::repository::Repository;
use crate::git::tree::Stored;
use crate::git::worktree::{self, Working};
use crate::git::{hash, litter, own_lock, pack};
use crate::progress::Reporter;
use crate::text;

/// Whether a run that was cut off left something that [`recover`] settles; also true while one is at work.
pub fn is_left(repository: &Repository) -> bool {
    let is_shared = |path| {
        let Ok(Kept::Whole(intent, _)) = intent::read_at(path) else { return false };
        own_lock::any_shared(repository, intent.locks.as_deref().unwrap_or_default())
    };
    fs::symlink_metadata(intent::place(repository)).is_ok()
        || intent::elsewhere(repository).iter().any(|path| is_shared(path))
}

/// What is not finished here, in words; none where nothing is left.
pub fn unfinished(repository: &Repository) -> Option<String> {
    match intent::read(repository) {
        Ok(Kept::Nothing) => None,
        Ok(Kept::Whole(intent, _)) => Some(format!("{} was cut off and is not finished", name(&intent))),
        Ok(Kept::Damaged(_)) | Err(_) => {
            let place = text::clean_line(&intent::place(repository).display().to_string());
            Some(format!("a run was cut off, and its record {place} cannot be read"))
        }
    }
}

/// Finishes or undoes what a run that was cut off left, and tells it in a sentence; none where there
/// is nothing to do. A lock of the index that somebody else has is waited for so long.
///
/// Where the branch was already moved, files and index follow; a file that is neither as it was nor
/// as it was to become is left alone and named. Where it was not, nothing was changed.
///
/// # Errors
/// What keeps it from being finished; the intent stays, and the next start tries again.
pub fn recover(repository: &Repository, lock: &Lock, patience: Duration) -> Result<Option<String>> {
    // The lock says that nobody else is at it; its file has no further use here.
    let _ = lock;
    let (told, since) = match intent::read(repository)? {
        Kept::Nothing => (release_elsewhere(repository)?, None),
        Kept::Damaged(why) => (Some(set_aside(repository, &why)?), None),
        Kept::Whole(intent, since) => {
            intent.release(repository, since)?;
            let told = settle(repository, &intent, patience)?;
            intent::remove(repository)?;
            (Some(told), since)
        }
    };
    pack::remove_marks(&repository.gix, since);
    litter::sweep(repository, since);
    Ok(told)
}

fn settle(repository: &Repository, intent: &Intent, patience: Duration) -> Result<String> {
    mend_logs(repository, intent);
    let branch = intent.branch.clone().unwrap_or_else(|| repository.location.branch_ref());
    let tip = repository.reference(&branch)?;
    let new = intent.new.as_deref().map(hash::parse).transpose()?;
    let old = intent.old.as_deref().map(hash::parse).transpose()?;
    let is_moved = match (tip, new) {
        // A branch that was to go back contains where it was to go.
        (Some(tip), Some(new)) if Some(tip) == old && new != tip => false,
        (Some(tip), Some(new)) => repository.contains(tip, new)?,
        (None, None) => true,
        _ => false,
    };
    if !is_moved {
        return undo(repository, intent);
    }
    if !is_checked_out(repository, &branch) {
        let branch = text::clean_line(branch.trim_start_matches("refs/heads/"));
        let (name, commit) = (name(intent), short(intent));
        return Ok(format!(
            "{name} was cut off after commit {commit}; {branch} is not checked out any more, so no file was touched"
        ));
    }
    let mut left: VecDeque<String> = in_order(intent).map(|path| text::clean_line(&path.path)).collect();
    finish(repository, intent, patience, &mut left).map_err(|error| {
        let commit = intent.new.clone().filter(|_| intent.new != intent.old);
        error.after(WriteEffect::Partial { commit, left: left.into() })
    })
}

/// Whether HEAD is on the branch; a clone of ours has no files that could be another branch's.
fn is_checked_out(repository: &Repository, branch: &str) -> bool {
    let head = repository.gix.head_name().ok().flatten();
    repository.workdir().is_none() || head.is_some_and(|head| head.as_bstr() == branch.as_bytes())
}

fn undo(repository: &Repository, intent: &Intent) -> Result<String> {
    if let Some(mut working) = Working::new(repository)? {
        for path in &intent.paths {
            working.remove_leftover(&path.path, path.current.as_deref(), path.after.as_deref())?;
        }
    }
    Ok(format!("{} was cut off before it changed anything; its leftovers were removed", name(intent)))
}

/// The paths in the order in which they are settled: what is written is on the disk before anything goes.
fn in_order(intent: &Intent) -> impl Iterator<Item = &IntendedPath> {
    let (written, removed): (Vec<_>, Vec<_>) = intent.paths.iter().partition(|path| path.after.is_some());
    written.into_iter().chain(removed)
}

/// Brings files and index up to date; `left` is what is not yet.
fn finish(repository: &Repository, intent: &Intent, patience: Duration, left: &mut VecDeque<String>) -> Result<String> {
    let cut_off = if intent.new == intent.old {
        format!("{} was cut off on its way", name(intent))
    } else {
        format!("{} was cut off after commit {}", name(intent), short(intent))
    };
    let Some(mut working) = Working::new(repository)? else {
        return Ok(format!("{cut_off}; nothing was left to do"));
    };
    // From here on the locks are this process's: should it be cut off too, the next one knows them.
    intent.taken_over().write(repository)?;
    let _held = IndexLock::take(&repository.gix, patience, &Reporter::silent())?;
    let tree = repository.tip_id()?.map(|tip| repository.tree_of(tip)).transpose()?;
    let (mut settled, mut written, mut alone) = (BTreeMap::new(), 0, Vec::new());
    for path in in_order(intent) {
        let tip = tree.map_or(Ok(None), |tree| repository.entry_at(tree, &path.path))?;
        let is_ours = tip.map(|entry| entry.id.to_string()) == path.after;
        working.remove_leftover(&path.path, path.current.as_deref(), path.after.as_deref())?;
        let file = if is_ours { settle_file(repository, &mut working, path)? } else { Settled::Alone };
        match file {
            Settled::Alone => alone.push(text::clean_line(&path.path)),
            Settled::Already | Settled::Written => {
                written += usize::from(file == Settled::Written);
                settled.insert(path.path.as_str(), stored(repository, path)?);
            }
        }
        left.pop_front();
    }
    left.push_back("the index".to_owned());
    let entries = settled.iter().map(|(path, after)| (*path, after.as_ref())).collect();
    worktree::write_index(repository, &working, &entries)?;
    left.clear();
    let brought = match written {
        0 => "only the index was".to_owned(),
        1 => "1 file was".to_owned(),
        many => format!("{many} files were"),
    };
    let mut told = format!("{cut_off}; {brought} brought up to date");
    if !alone.is_empty() {
        told.push_str("; changed since and left alone: ");
        told.push_str(&alone.join(", "));
    }
    Ok(told)
}

/// What became of one file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// It was as it was to become.
    Already,
    /// It was written or removed.
    Written,
    /// It is neither as it was nor as it was to become.
    Alone,
}

fn settle_file(repository: &Repository, working: &mut Working<'_>, path: &IntendedPath) -> Result<Settled> {
    if path.keeps {
        return Ok(Settled::Already);
    }
    let now = working.current(&path.path)?;
    if now == path.after {
        return Ok(Settled::Already);
    }
    if now != path.current {
        return Ok(Settled::Alone);
    }
    let is_done = match stored(repository, path)? {
        Some(stored) => working.write(&path.path, &stored, path.current.as_deref())?,
        None => working.remove(&path.path, path.current.as_deref())?,
    };
    Ok(if is_done { Settled::Written } else { Settled::Alone })
}

fn stored(repository: &Repository, path: &IntendedPath) -> Result<Option<Stored>> {
    let Some(after) = &path.after else {
        return Ok(None);
    };
    let id = hash::parse(after)?;
    let bytes = repository.blob(id)?.into();
    Ok(Some(Stored { id, bytes, executable: path.executable, in_worktree: !path.keeps }))
}

fn set_aside(repository: &Repository, why: &str) -> Result<String> {
    let place = intent::set_aside(repository)?;
    let (place, why) = (text::clean_line(&place.display().to_string()), text::clean_line(why));
    Ok(format!(
        "a run was cut off, and its record could not be read ({why}): it is now {place}; `git status` shows what it may have left"
    ))
}

/// Removes the locks that a run in another working tree of the repository left, as far as all share them.
fn release_elsewhere(repository: &Repository) -> Result<Option<String>> {
    let mut told = None;
    for path in intent::elsewhere(repository) {
        let Ok(Kept::Whole(intent, since)) = intent::read_at(&path) else { continue };
        if own_lock::release_shared(repository, intent.locks.as_deref().unwrap_or_default(), since)? {
            told = Some(format!(
                "{} was cut off in another working tree; its locks were removed, and the next start there finishes it",
                name(&intent)
            ));
        }
    }
    Ok(told)
}

/// Takes a line that was cut off in the middle out of the logs, as Git would add its next one to it.
fn mend_logs(repository: &Repository, intent: &Intent) {
    let old = intent.old.clone().unwrap_or_else(|| "0".repeat(40));
    let branch = intent.branch.clone().unwrap_or_else(|| repository.location.branch_ref());
    let logs = [repository.gix.git_dir().join("logs/HEAD"), repository.gix.common_dir().join("logs").join(branch)];
    for log in logs {
        let Ok(bytes) = fs::read(&log) else { continue };
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let torn = bytes.get(end..).unwrap_or_default();
        let is_ours = torn.starts_with(old.as_bytes()) || old.as_bytes().starts_with(torn);
        if !torn.is_empty() && is_ours {
            // A log that cannot be mended keeps a line nobody can read; nothing else depends on it.
            let _ = OpenOptions::new().write(true).open(&log).and_then(|file| file.set_len(end as u64));
        }
    }
}

/// What was cut off, in words.
fn name(intent: &Intent) -> String {
    match intent.operation.as_str() {
        "" => "an earlier run".to_owned(),
        operation => text::clean_line(&format!("an earlier {operation}")),
    }
}

fn short(intent: &Intent) -> String {
    intent.new.as_deref().unwrap_or_default().chars().take(7).collect()
}
