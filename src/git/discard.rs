//! Discard: takes our own unpublished commits at the tip back, and puts back what they took in.

mod undo;

use std::collections::BTreeMap;

use gix::ObjectId;
use gix::refs::transaction::{PreviousValue, RefEdit};
use gix::refs::{FullName, Target};

use crate::error::{Error, Result};
use crate::fabric::message::count;
use crate::git::lock::Lock;
use crate::git::repository::Repository;
use crate::git::tree::{Change, Step, Stored, Transaction};
use crate::git::worktree::Working;
use crate::git::{Commit, failure, pack};
use crate::progress::Reporter;
use crate::text;

/// What taking commits back would do: data, made without writing anything.
#[derive(Debug)]
pub struct Discard {
    /// The commits, newest first.
    pub commits: Vec<Commit>,
    /// The branch's commit before, hexadecimal.
    pub before: String,
    /// The branch's commit after, hexadecimal.
    pub after: String,
    /// The files that differ between them, as (`A`, `M` or `D`, path in the repository).
    pub paths: Vec<(char, String)>,
    /// The files that are put back into the working tree beside those, by their path in the repository.
    pub returned: Vec<String>,
    /// What was given from elsewhere and lies nowhere else.
    pub given: Vec<Given>,
    writes: BTreeMap<String, Stored>,
    changes: BTreeMap<String, Change>,
}

/// A file that an ingest was given from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The fabric it was given to.
    pub fabric: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where commits that were taken back are kept.
const KEPT: &str = "refs/hedgerow/old";

impl Repository {
    /// Plans to take back our own newest commit at the tip, or all of ours in a row.
    ///
    /// # Errors
    /// `Discard` where the tip is published, not ours, a merge or the first commit; `RepoDirty` for
    /// foreign edits in the way.
    pub fn discard(&self, all: bool) -> Result<Discard> {
        let commits = self.own_at_the_tip(all)?;
        let (first, last) = match commits.as_slice() {
            [first, .., last] => (first, last),
            [only] => (only, only),
            [] => return Err(Error::Internal("nothing to take back".to_owned())),
        };
        let (before, after) = (first.id, last.parent);
        let mut undone = undo::Undone::default();
        for own in &commits {
            undone.undo(self, own)?;
        }
        let plan = undone.plan(self, before, after)?;
        Ok(Discard {
            commits: commits.into_iter().map(|own| own.commit).collect(),
            before: before.to_string(),
            after: after.to_string(),
            paths: self.changed_files(Some(&before.to_string()), &after.to_string())?,
            returned: plan.returned,
            given: plan.given,
            writes: plan.writes,
            changes: plan.changes,
        })
    }

    fn own_at_the_tip(&self, all: bool) -> Result<Vec<undo::Own>> {
        let branch = &self.location.branch;
        let Some(tip) = self.tip_id()? else {
            return Err(Error::Discard { why: format!("{branch} has no commit yet") });
        };
        let published = self.published_tips()?;
        let (mut own, mut at) = (Vec::new(), tip);
        while all || own.is_empty() {
            match self.own(at, &published)? {
                Ok(commit) => {
                    at = commit.parent;
                    own.push(commit);
                }
                Err(why) if own.is_empty() => {
                    let id: String = at.to_string().chars().take(7).collect();
                    return Err(Error::Discard { why: format!("the newest commit of {branch}, {id}, {why}") });
                }
                Err(_) => break,
            }
        }
        Ok(own)
    }

    /// A commit that can be taken back, or why it cannot.
    fn own(&self, id: ObjectId, published: &[(String, ObjectId)]) -> Result<std::result::Result<undo::Own, String>> {
        for (name, tip) in published {
            if self.contains(*tip, id)? {
                return Ok(Err(format!("is published: {} has it", text::clean_line(name))));
            }
        }
        let commit = self.commit(id)?;
        if commit.fabric.is_none() || commit.operation.is_none() {
            return Ok(Err("is not hedgerow's".to_owned()));
        }
        match self.parents(id)?.as_slice() {
            [parent] => Ok(Ok(undo::Own::new(self, id, *parent, commit)?)),
            [] => Ok(Err("is the first of all".to_owned())),
            _ => Ok(Err("is a merge".to_owned())),
        }
    }

    /// The tips of every remote's branches.
    fn published_tips(&self) -> Result<Vec<(String, ObjectId)>> {
        let failed = || failure::git("reading the tracking branches", &self.location.dir);
        let platform = self.gix.references().map_err(failed())?;
        let mut tips = Vec::new();
        for reference in platform.prefixed("refs/remotes/").map_err(failed())? {
            let mut reference = reference.map_err(|error| Error::Git {
                what: "reading the tracking branches".to_owned(),
                path: self.location.dir.clone(),
                detail: error.to_string(),
            })?;
            let name = reference.name().shorten().to_string();
            if let Ok(id) = reference.peel_to_id() {
                tips.push((name, id.detach()));
            }
        }
        Ok(tips)
    }

    /// Keeps a commit under a name of ours.
    fn keep_old(&self, id: ObjectId) -> Result<()> {
        let name = format!("{KEPT}/{id}");
        let full = FullName::try_from(name.as_str()).map_err(|error| Error::Internal(format!("{name}: {error}")))?;
        let edit = RefEdit::update(full, Target::Object(id), PreviousValue::Any, "hedgerow: discard");
        let failed = failure::git(format!("writing {name}"), &self.location.dir);
        self.gix.edit_reference(edit).map_err(failed)?;
        pack::sync(&self.gix.common_dir().join(name))
    }
}

impl Discard {
    /// The reference that keeps the commits.
    pub fn kept(&self) -> String {
        format!("{KEPT}/{}", self.before)
    }

    /// What tells this plan from another one of the same branch.
    pub fn fingerprint(&self) -> String {
        let change = |(path, change): (&String, &Change)| {
            let after = change.after.as_ref().map(|stored| stored.id);
            format!("{path:?} {:?} {:?} {after:?} {}", change.committed, change.current, change.keeps)
        };
        let changes: Vec<String> = self.changes.iter().map(change).collect();
        let writes: Vec<String> = self.writes.iter().map(|(path, stored)| format!("{path:?} {}", stored.id)).collect();
        format!("{} {} {changes:?} {writes:?}", self.before, self.after)
    }

    /// Carries it out, and returns sentences about files that were left alone at the last moment.
    ///
    /// What was taken in is put back before the branch moves: cut off in between, it lies there
    /// twice, and an ingest knows it. What cannot be carried out is undone.
    ///
    /// # Errors
    /// As [`Transaction::apply`].
    pub fn apply(self, repository: &Repository, lock: &Lock, report: &Reporter) -> Result<Vec<String>> {
        self.apply_with(repository, lock, report, &mut |_| Ok(()))
    }

    /// As [`apply`](Self::apply), telling each step as a transaction does.
    ///
    /// # Errors
    /// As [`Transaction::apply_with`].
    pub fn apply_with(
        self,
        repository: &Repository,
        lock: &Lock,
        report: &Reporter,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> Result<Vec<String>> {
        let mut transaction = Transaction::begin(repository)?.stoppable(report);
        let before = crate::git::hash::parse(&self.before)?;
        if transaction.tip != Some(before) {
            return Err(Error::PlanStale { moved: format!("branch {} moved", repository.location.branch) });
        }
        repository.keep_old(before)?;
        transaction.parent = Some(crate::git::hash::parse(&self.after)?);
        transaction.subjects.push(format!("discard {}", count(self.commits.len(), "commit", "commits")));
        transaction.changes = self.changes;
        let mut made = Vec::new();
        let put = put_back(repository, &self.writes, &mut made);
        let result = put.and_then(|()| transaction.apply_with(lock, report, told));
        if result.is_err() && repository.tip_id()? == Some(before) {
            take_away(repository, &self.writes, &made)?;
        }
        result
    }
}

/// Writes the files that are put back, where nothing is.
fn put_back(repository: &Repository, writes: &BTreeMap<String, Stored>, made: &mut Vec<String>) -> Result<()> {
    let Some(mut working) = Working::new(repository)? else {
        return Ok(());
    };
    for (path, stored) in writes {
        let wanted = stored.id.to_string();
        match working.current(path)? {
            Some(id) if id == wanted => {}
            None if working.write(path, stored, None)? => made.push(path.clone()),
            _ => return Err(Error::PlanStale { moved: format!("{} changed", text::clean_line(path)) }),
        }
    }
    // They are on the disk before the commit that holds them goes.
    working.flush()
}

fn take_away(repository: &Repository, writes: &BTreeMap<String, Stored>, made: &[String]) -> Result<()> {
    let Some(mut working) = Working::new(repository)? else {
        return Ok(());
    };
    for path in made {
        let wanted = writes.get(path).map(|stored| stored.id.to_string());
        if working.current(path)? == wanted {
            // A newer text that came in meanwhile stays.
            working.remove(path, wanted.as_deref())?;
        }
    }
    Ok(())
}
