//! Apply: objects, branch, files and index brought to what a transaction holds, in one go.

use std::collections::BTreeMap;
use std::time::Duration;

use gix::ObjectId;
use gix::refs::transaction::{PreviousValue, RefEdit};
use gix::refs::{FullName, Target};

use crate::error::{Error, Result};
use crate::git::index_lock::IndexLock;
use crate::git::intent::{self, Intent};
use crate::git::lock::Lock;
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::tree::{Change, Transaction};
use crate::git::worktree::{self, Working};
use crate::git::{failure, pack};
use crate::progress::{Phase, Reporter};
use crate::text;

/// How long `index.lock` of somebody else is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The steps of an apply, each told right after it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `index.lock` is ours.
    IndexLocked,
    /// The working files are what the plan was made of.
    Checked,
    /// The intent is on the disk.
    Intended,
    /// The objects are on the disk.
    Packed,
    /// The branch is moved.
    Moved,
    /// This file is written or removed.
    File(String),
    /// The index is written.
    Indexed,
    /// The intent is removed.
    Finished,
}

impl Transaction {
    /// Applies everything, and returns sentences about files that were left alone because they
    /// changed in the very last moment.
    ///
    /// # Errors
    /// `PlanStale` and `RepoDirty` when something moved since the plan, `RepoLocked` when another
    /// program keeps the index; in these cases nothing was changed. After the branch moved, an error
    /// leaves the intent for [`recover`](super::lock::recover).
    pub fn apply(self, lock: &Lock, report: &Reporter) -> Result<Vec<String>> {
        self.apply_with(lock, report, &mut |_| Ok(()))
    }

    /// As [`apply`](Self::apply), telling each step; an error of `told` ends everything there and
    /// leaves it as a crash would.
    pub fn apply_with(
        self,
        lock: &Lock,
        report: &Reporter,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> Result<Vec<String>> {
        if self.changes.is_empty() && self.subjects.is_empty() {
            return Ok(Vec::new());
        }
        // Holding it is the permission to apply.
        let _ = lock;
        report.check()?;
        let name = self.repository.location.name.clone();
        let mut held = self.take_index(report)?;
        let mut crashed = false;
        let mut told = |step: Step| told(step).inspect_err(|_| crashed = true);
        report.phase(Phase::Commit, &name);
        let result = self.carry_out(report, &mut told, held.is_some());
        if crashed && let Some(held) = held.take() {
            std::mem::forget(held);
        }
        drop(held);
        result
    }

    fn take_index(&self, report: &Reporter) -> Result<Option<IndexLock>> {
        if self.repository.workdir().is_none() {
            return Ok(None);
        }
        self.repository.check_writable()?;
        IndexLock::take(&self.repository.gix, PATIENCE, report).map(Some)
    }

    fn carry_out(
        mut self,
        report: &Reporter,
        told: &mut dyn FnMut(Step) -> Result<()>,
        locked: bool,
    ) -> Result<Vec<String>> {
        if locked {
            told(Step::IndexLocked)?;
            self.recheck()?;
            told(Step::Checked)?;
        }
        let memory = self.repository.gix.objects.take_object_memory().unwrap_or_default();
        Intent::new(self.before, self.parent, &self.changes).write(&self.repository)?;
        told(Step::Intended)?;
        let keep = match self.flush_and_move(&memory, told) {
            Ok(keep) => keep,
            Err(Undone::Crash(error)) => return Err(error),
            Err(Undone::Failed(error)) => {
                pack::remove_marks(&self.repository.gix);
                intent::remove(&self.repository)?;
                return Err(error);
            }
        };
        told(Step::Moved)?;
        if let Some(keep) = keep {
            let _ = std::fs::remove_file(keep);
        }
        report.phase(Phase::Files, &self.repository.location.name);
        let notes = self.settle(told)?;
        intent::remove(&self.repository)?;
        told(Step::Finished)?;
        Ok(notes)
    }

    /// Compares the working files with what the plan was made of once more.
    fn recheck(&self) -> Result<()> {
        let Some(mut working) = Working::new(&self.repository)? else {
            return Ok(());
        };
        let failed = failure::git("reading the index", &self.repository.location.dir);
        let index = self.repository.gix.index_or_empty().map_err(failed)?;
        let (mut stale, mut dirty) = (Vec::new(), Vec::new());
        for (path, change) in &self.changes {
            let ids = [&change.committed, &change.current];
            if !worktree::is_staged_as_planned(&self.repository, &index, path, ids)? {
                dirty.push(text::clean_line(path));
                continue;
            }
            if working.current(path)? == change.current {
                continue;
            }
            let raw = change.after.is_none() || change.committed != change.current;
            if raw {
                stale.push(text::clean_line(path));
            } else {
                dirty.push(text::clean_line(path));
            }
        }
        if !stale.is_empty() {
            return Err(Error::PlanStale { moved: format!("{} changed", stale.join(", ")) });
        }
        if dirty.is_empty() { Ok(()) } else { Err(Error::RepoDirty { paths: dirty }) }
    }

    fn flush_and_move(
        &self,
        memory: &gix::odb::memory::Storage,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> std::result::Result<Option<std::path::PathBuf>, Undone> {
        if self.subjects.is_empty() {
            return Ok(None);
        }
        let keep = pack::flush(&self.repository.gix, memory, &self.repository.location.dir)?;
        told(Step::Packed).map_err(Undone::Crash)?;
        self.move_branch()?;
        Ok(keep)
    }

    /// Moves the branch if it still is where the transaction began.
    fn move_branch(&self) -> Result<()> {
        let repository = &self.repository;
        let branch = &repository.location.branch;
        let moved = || Error::PlanStale { moved: format!("branch {branch} moved") };
        let Some(new) = self.parent else {
            return Ok(());
        };
        if repository.tip_id()? != self.tip {
            return Err(moved());
        }
        let edit = self.reference_edit(new)?;
        let Err(error) = repository.gix.edit_reference(edit) else {
            sync_reference(repository);
            return Ok(());
        };
        if repository.reference(&repository.location.branch_ref())? != self.before {
            return Err(moved());
        }
        Err(failure::git(format!("moving branch {branch}"), &repository.location.dir)(error))
    }

    fn reference_edit(&self, new: ObjectId) -> Result<RefEdit> {
        let expected = self
            .before
            .map_or(PreviousValue::MustNotExist, |old| PreviousValue::MustExistAndMatch(Target::Object(old)));
        // Through HEAD, so that its log has the entry too.
        let has_head = self.repository.workdir().is_some();
        let name = if has_head { "HEAD".to_owned() } else { self.repository.location.branch_ref() };
        let full = FullName::try_from(name.as_str())
            .map_err(|error| Error::Internal(format!("{}: {error}", text::clean_line(&name))))?;
        let subject = self.subjects.last().map_or("", String::as_str);
        let message = format!("hedgerow: {subject}");
        Ok(RefEdit::update(full, Target::Object(new), expected, message).with_deref(has_head))
    }

    /// Brings files and index up to date.
    fn settle(&self, told: &mut dyn FnMut(Step) -> Result<()>) -> Result<Vec<String>> {
        let Some(mut working) = Working::new(&self.repository)? else {
            return Ok(Vec::new());
        };
        let mut entries = BTreeMap::new();
        let mut notes = Vec::new();
        for (path, change) in &self.changes {
            if settle_file(&mut working, path, change)? {
                entries.insert(path.as_str(), change.after.as_ref());
            } else {
                notes.push(format!("{} changed at the last moment and was left alone", text::clean_line(path)));
            }
            told(Step::File(path.clone()))?;
        }
        worktree::write_index(&self.repository, &working, &entries)?;
        told(Step::Indexed)?;
        Ok(notes)
    }
}

/// Why objects and branch were not brought to the new state.
enum Undone {
    /// The listener ended it, as a crash would.
    Crash(Error),
    /// It failed; nothing refers to the new objects.
    Failed(Error),
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Undone::Failed(error)
    }
}

/// Writes or removes one file; false if it is no longer what the plan was made of.
fn settle_file(working: &mut Working<'_>, path: &str, change: &Change) -> Result<bool> {
    let now = working.current(path)?;
    let wanted = change.after.as_ref().map(|stored| stored.id.to_string());
    if now == wanted {
        return Ok(true);
    }
    if now != change.current {
        return Ok(false);
    }
    match &change.after {
        Some(stored) => working.write(path, stored)?,
        None => working.remove(path)?,
    }
    Ok(true)
}

/// Puts the moved branch on the disk, for all who share it; it is moved whether or not that succeeds.
fn sync_reference(repository: &Repository) {
    let _ = Sharing::of(&repository.gix).adjust_reference(repository, &repository.location.branch_ref());
    let _ = pack::sync(&repository.gix.common_dir().join(repository.location.branch_ref()));
}
