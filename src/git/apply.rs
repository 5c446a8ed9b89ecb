//! Apply: objects, branch, files and index brought to what a transaction holds, in one go.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use gix::ObjectId;
use gix::refs::transaction::{PreviousValue, RefEdit};
use gix::refs::{FullName, Target};

use crate::error::{Error, Result, WriteEffect};
use crate::git::holder::holder;
use crate::git::index_lock::IndexLock;
use crate::git::intent::{self, Intent};
use crate::git::lock::Lock;
use crate::git::program::identity::Who;
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::standing::modified;
use crate::git::tree::{Change, Transaction};
use crate::git::worktree::{self, Working};
use crate::git::{failure, litter, own_lock, pack};
use crate::progress::{Phase, Reporter};
use crate::text;

/// How long `index.lock` of somebody else is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The steps of an apply, each told right after it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The intent is on the disk.
    Intended,
    /// `index.lock` is ours.
    IndexLocked,
    /// The working files are what the plan was made of.
    Checked,
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
    /// program keeps the index or the branch; in these cases nothing was changed. Every error says what
    /// was done; after the branch moved it leaves the intent for [`recover`](super::lock::recover).
    pub fn apply(self, lock: &Lock, report: &Reporter) -> Result<Vec<String>> {
        self.apply_with(lock, report, &mut |_| Ok(()))
    }

    /// As [`apply`](Self::apply), telling each step; an error of `told` ends everything there and
    /// leaves it as a crash would.
    pub fn apply_with(
        mut self,
        lock: &Lock,
        report: &Reporter,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> Result<Vec<String>> {
        if self.changes.is_empty() && self.subjects.is_empty() {
            return Ok(Vec::new());
        }
        report.check()?;
        let memory = self.repository.gix.objects.take_object_memory().unwrap_or_default();
        let moved = (self.before, self.parent);
        let intent = Intent::new(&self.repository, lock.operation(), moved, &self.changes);
        if let Err(error) = intent.write(&self.repository) {
            self.take_back(&intent);
            return Err(error);
        }
        let mut held = None;
        let result = self.carry_out(&memory, report, &mut Telling(told), &mut held);
        match result {
            Err(Undone::Crash(error)) => {
                held.into_iter().for_each(std::mem::forget);
                Err(error)
            }
            Err(Undone::Failed(error)) => {
                drop(held);
                self.take_back(&intent);
                Err(error)
            }
            Err(Undone::Later(error)) => Err(error),
            Ok(mut notes) => {
                // Everything is done; what cannot be removed is removed by the next start. The lock of the index
                // goes first: whatever has its name afterwards is somebody else's.
                drop(held);
                let removed = intent.release(&self.repository, None).and_then(|()| intent::remove(&self.repository));
                notes.extend(removed.err().map(|error| format!("the next start tidies up: {error}")));
                told(Step::Finished)?;
                Ok(notes)
            }
        }
    }

    fn take_index(&self, report: &Reporter) -> Result<Option<IndexLock>> {
        if self.repository.workdir().is_none() {
            return Ok(None);
        }
        self.repository.check_writable()?;
        IndexLock::take(&self.repository.gix, PATIENCE, report).map(Some)
    }

    /// Takes back what was done before the branch moved. What cannot be taken back now, such as on a
    /// full disk, the next start takes back: the intent still names it.
    fn take_back(&self, intent: &Intent) {
        let since = modified(&intent::place(&self.repository));
        pack::remove_marks(&self.repository.gix, since);
        litter::sweep(&self.repository, since);
        let released = intent.release(&self.repository, None);
        let _ = released.and_then(|()| intent::remove(&self.repository));
    }

    fn carry_out(
        &self,
        memory: &gix::odb::memory::Storage,
        report: &Reporter,
        told: &mut Telling<'_>,
        held: &mut Option<IndexLock>,
    ) -> Tried<Vec<String>> {
        let name = &self.repository.location.name;
        told.tell(Step::Intended)?;
        *held = self.take_index(report)?;
        report.phase(Phase::Commit, name);
        if held.is_some() {
            told.tell(Step::IndexLocked)?;
            self.recheck()?;
            told.tell(Step::Checked)?;
        }
        let keep = self.flush_and_move(memory, told)?;
        told.tell(Step::Moved)?;
        if let Some(keep) = keep {
            // One that stays is removed by the next start.
            let _ = std::fs::remove_file(keep);
        }
        report.phase(Phase::Files, name);
        let mut left: VecDeque<String> = self.in_order().map(|(path, _)| text::clean_line(path)).collect();
        self.settle(told, &mut left).map_err(|undone| match undone {
            Undone::Failed(error) => {
                let commit = self.parent.filter(|_| !self.subjects.is_empty()).map(|id| id.to_string());
                Undone::Later(error.after(WriteEffect::Partial { commit, left: left.into() }))
            }
            other => other,
        })
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
        told: &mut Telling<'_>,
    ) -> Tried<Option<std::path::PathBuf>> {
        if self.subjects.is_empty() {
            return Ok(None);
        }
        let keep = pack::flush(&self.repository.gix, memory, &self.repository.location.dir)?;
        told.tell(Step::Packed)?;
        self.move_branch()?;
        Ok(keep)
    }

    /// Moves the branch if it still is where the transaction began.
    fn move_branch(&self) -> Tried<()> {
        let repository = &self.repository;
        let branch = &repository.location.branch;
        let moved = || Error::PlanStale { moved: format!("branch {branch} moved") };
        let Some(new) = self.parent else {
            return Ok(());
        };
        if repository.tip_id()? != self.tip {
            return Err(Undone::Failed(moved()));
        }
        let edit = self.reference_edit(new)?;
        let (who, mut time) = (repository.person(Who::Committer)?, gix::date::parse::TimeBuf::default());
        let Err(error) = repository.gix.edit_references_as([edit], Some(who.to_ref(&mut time))) else {
            sync_reference(repository);
            return Ok(());
        };
        // What failed may have been the last of several steps: where the branch is decides.
        match repository.reference(&repository.location.branch_ref()) {
            Ok(now) if now == Some(new) => Ok(()),
            Ok(now) if now != self.before => Err(Undone::Failed(moved())),
            Ok(_) => Err(Undone::Failed(match own_lock::in_the_way_of_branch(repository) {
                Some(lock) => Error::RepoLocked { holder: holder(&lock), lock },
                None => failure::git(format!("moving branch {branch}"), &repository.location.dir)(error),
            })),
            Err(error) => Err(Undone::Later(error.after(WriteEffect::Unknown))),
        }
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

    /// The changes in the order in which they are made: what is written is on the disk before anything goes.
    fn in_order(&self) -> impl Iterator<Item = (&String, &Change)> {
        let is_written = |change: &Change| change.after.is_some();
        let written = self.changes.iter().filter(move |(_, change)| is_written(change));
        written.chain(self.changes.iter().filter(move |(_, change)| !is_written(change)))
    }

    /// Brings files and index up to date; `left` is what is not yet.
    fn settle(&self, told: &mut Telling<'_>, left: &mut VecDeque<String>) -> Tried<Vec<String>> {
        let Some(mut working) = Working::new(&self.repository)? else {
            left.clear();
            return Ok(Vec::new());
        };
        let mut entries = BTreeMap::new();
        let mut notes = Vec::new();
        for (path, change) in self.in_order() {
            if settle_file(&mut working, path, change)? {
                entries.insert(path.as_str(), change.after.as_ref());
            } else {
                notes.push(format!("{} changed at the last moment and was left alone", text::clean_line(path)));
            }
            left.pop_front();
            told.tell(Step::File(path.clone()))?;
        }
        left.push_back("the index".to_owned());
        worktree::write_index(&self.repository, &working, &entries)?;
        left.clear();
        told.tell(Step::Indexed)?;
        Ok(notes)
    }
}

/// What was tried, and how far it got where it failed.
type Tried<T> = std::result::Result<T, Undone>;

/// Why not everything was applied.
enum Undone {
    /// The listener ended it, as a crash would.
    Crash(Error),
    /// It failed before the branch moved; nothing refers to the new objects.
    Failed(Error),
    /// It failed after that, or whether it moved is not known: the next start goes on from here.
    Later(Error),
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Undone::Failed(error)
    }
}

/// Who is told of each step.
struct Telling<'a>(&'a mut dyn FnMut(Step) -> Result<()>);

impl Telling<'_> {
    /// Tells a step; what comes back is a crash.
    fn tell(&mut self, step: Step) -> Tried<()> {
        (self.0)(step).map_err(Undone::Crash)
    }
}

/// Writes or removes one file; false if it is no longer what the plan was made of.
fn settle_file(working: &mut Working<'_>, path: &str, change: &Change) -> Result<bool> {
    if change.keeps {
        return Ok(true);
    }
    let now = working.current(path)?;
    let wanted = change.after.as_ref().map(|stored| stored.id.to_string());
    if now == wanted {
        return Ok(true);
    }
    if now != change.current {
        return Ok(false);
    }
    match &change.after {
        Some(stored) => working.write(path, stored, change.current.as_deref()),
        None => working.remove(path, change.current.as_deref()),
    }
}

/// Puts the moved branch on the disk, for all who share it; it is moved whether or not that succeeds.
fn sync_reference(repository: &Repository) {
    let _ = Sharing::of(&repository.gix).adjust_reference(repository, &repository.location.branch_ref());
    let _ = pack::sync(&repository.gix.common_dir().join(repository.location.branch_ref()));
}
