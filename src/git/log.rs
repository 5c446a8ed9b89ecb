//! Commits read: those not published, those of a directory, who is whose ancestor, which files changed.

use std::collections::BTreeMap;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;

use crate::error::Result;
use crate::git::repository::Repository;
use crate::git::{Commit, failure, hash};

impl Repository {
    /// The commits of the branch that the tracking branch lacks, newest first.
    pub fn unpublished(&self) -> Result<Vec<Commit>> {
        let Some(tip) = self.tip_id()? else {
            return Ok(Vec::new());
        };
        let ids = self.commits_between(self.upstream_id()?, tip)?;
        ids.into_iter().map(|id| self.commit(id)).collect()
    }

    /// The latest commits of the branch that touch the directory, newest first.
    pub fn log(&self, directory: &str, limit: usize) -> Result<Vec<Commit>> {
        let Some(tip) = self.tip_id()? else {
            return Ok(Vec::new());
        };
        let mut trees = DirectoryTrees::new(directory);
        let mut out = Vec::new();
        for id in self.walk(None, tip)? {
            if out.len() >= limit {
                break;
            }
            let id = id?;
            if trees.touched(self, id)? {
                out.push(self.commit(id)?);
            }
        }
        Ok(out)
    }

    /// Whether commit `a` is commit `of` or one of its ancestors.
    pub fn is_ancestor(&self, a: &str, of: &str) -> Result<bool> {
        self.contains(hash::parse(of)?, hash::parse(a)?)
    }

    /// The files that differ between two commits, as (`A`, `M` or `D`, path); none is an empty tree.
    pub fn changed_files(&self, from: Option<&str>, to: &str) -> Result<Vec<(char, String)>> {
        let old = from.map(|id| self.tree_of(hash::parse(id)?)).transpose()?;
        let new = self.tree_of(hash::parse(to)?)?;
        let letter = |old: Option<ObjectId>, new: Option<ObjectId>| match (old, new) {
            (None, _) => 'A',
            (_, None) => 'D',
            _ => 'M',
        };
        let differences = self.differences(old, Some(new))?;
        Ok(differences.into_iter().map(|d| (letter(d.old, d.new), d.path)).collect())
    }

    /// One commit by its id.
    pub fn read_commit(&self, id: &str) -> Result<Commit> {
        self.commit(hash::parse(id)?)
    }

    /// Whether `ancestor` is `commit` or an ancestor of it.
    pub(super) fn contains(&self, commit: ObjectId, ancestor: ObjectId) -> Result<bool> {
        if commit == ancestor {
            return Ok(true);
        }
        if !self.gix.has_object(ancestor) {
            return Ok(false);
        }
        let failed = failure::git("comparing commits", &self.location.dir);
        let bases = self.gix.merge_bases_many(commit, &[ancestor]).map_err(failed)?;
        Ok(bases.iter().any(|base| base.detach() == ancestor))
    }

    /// The commits reachable from `tip` and not from `hidden`, newest first.
    pub(super) fn commits_between(&self, hidden: Option<ObjectId>, tip: ObjectId) -> Result<Vec<ObjectId>> {
        if hidden == Some(tip) {
            return Ok(Vec::new());
        }
        self.walk(hidden, tip)?.collect()
    }

    pub(super) fn walk(
        &self,
        hidden: Option<ObjectId>,
        tip: ObjectId,
    ) -> Result<impl Iterator<Item = Result<ObjectId>> + '_> {
        let dir = &self.location.dir;
        let walk = self
            .gix
            .rev_walk([tip])
            .with_hidden(hidden)
            .sorting(Sorting::ByCommitTime(CommitTimeOrder::NewestFirst))
            .all()
            .map_err(failure::git("walking the history", dir))?;
        Ok(walk.map(move |info| info.map(|info| info.id).map_err(failure::git("walking the history", dir))))
    }

    /// The parents of a commit.
    pub(super) fn parents(&self, id: ObjectId) -> Result<Vec<ObjectId>> {
        let failed = failure::git(format!("reading commit {id}"), &self.location.dir);
        let commit = self.gix.find_commit(id).map_err(failed)?;
        Ok(commit.parent_ids().map(gix::Id::detach).collect())
    }

    /// A commit's whole message.
    pub(super) fn message(&self, id: ObjectId) -> Result<String> {
        let failed = || failure::git(format!("reading commit {id}"), &self.location.dir);
        let commit = self.gix.find_commit(id).map_err(failed())?;
        Ok(commit.message_raw().map_err(failed())?.to_str_lossy().into_owned())
    }

    /// One commit as it is listed.
    pub(super) fn commit(&self, id: ObjectId) -> Result<Commit> {
        let dir = &self.location.dir;
        let failed = || failure::git(format!("reading commit {id}"), dir);
        let commit = self.gix.find_commit(id).map_err(failed())?;
        let message = commit.message_raw().map_err(failed())?.to_str_lossy().into_owned();
        let author = commit.author().map_err(failed())?;
        Ok(Commit {
            id: id.to_string(),
            subject: message.trim_start().lines().next().unwrap_or_default().to_owned(),
            author: format!("{} <{}>", author.name.to_str_lossy(), author.email.to_str_lossy()),
            time: commit.time().map_err(failed())?.seconds,
            fabric: trailer(&message, "Hedgerow-Fabric"),
            operation: trailer(&message, "Hedgerow-Operation"),
        })
    }
}

/// The value of a trailer, in any paragraph of a message but the first: what merges and squashes commits
/// appends paragraphs.
fn trailer(message: &str, name: &str) -> Option<String> {
    trailers(message, name).next()
}

/// All values of a trailer in a message.
pub(super) fn trailers<'a>(message: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let (_, body) = message.trim_start().split_once('\n').unwrap_or_default();
    let body = body.lines().skip_while(|line| !line.trim().is_empty());
    let lines = body.filter_map(|line| line.trim_start().split_once(": "));
    lines.filter(move |(token, _)| token.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

/// The id a directory has at commits, remembered.
pub(super) struct DirectoryTrees<'a> {
    directory: &'a str,
    known: BTreeMap<ObjectId, Option<ObjectId>>,
}

impl<'a> DirectoryTrees<'a> {
    /// Of one directory; the whole repository where it is empty.
    pub(super) fn new(directory: &'a str) -> Self {
        Self { directory, known: BTreeMap::new() }
    }

    /// The directory's tree at a commit.
    pub(super) fn at(&mut self, repository: &Repository, commit: ObjectId) -> Result<Option<ObjectId>> {
        if let Some(known) = self.known.get(&commit) {
            return Ok(*known);
        }
        let tree = repository.directory_at(commit, self.directory)?;
        self.known.insert(commit, tree);
        Ok(tree)
    }

    /// Whether a commit's directory differs from that of every parent.
    pub(super) fn touched(&mut self, repository: &Repository, commit: ObjectId) -> Result<bool> {
        let own = self.at(repository, commit)?;
        let parents = repository.parents(commit)?;
        if parents.is_empty() {
            return Ok(own.is_some());
        }
        for parent in parents {
            if self.at(repository, parent)? == own {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
