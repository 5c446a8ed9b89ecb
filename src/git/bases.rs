//! Looking for bases: one walk back from the tip over what each commit changed in a GitOps directory.

use std::collections::{BTreeSet, HashMap};

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;

use crate::error::Result;
use crate::fabric::base::{Change, Search, Step};
use crate::git::log::trailers;
use crate::git::repository::Repository;
use crate::git::{failure, hash, join};

impl Repository {
    /// Feeds a search with the branch's commits that changed `directory`, newest first, until it is over.
    ///
    /// Only tree ids are compared where a commit leaves the directory as a parent has it: the walk goes
    /// on there alone. No commit comes before one that descends from it, and a directory that was
    /// renamed is followed.
    pub fn search_bases(&self, directory: &str, search: &mut Search) -> Result<()> {
        let Some(tip) = self.tip_id()?.filter(|_| !search.is_over()) else {
            return Ok(());
        };
        let mut walk = Walk { repository: self, queue: BTreeSet::new(), seen: BTreeSet::new(), trees: HashMap::new() };
        walk.queue(tip, directory)?;
        while !search.is_over() {
            let Some(at) = walk.next_changed()? else {
                return Ok(());
            };
            let step = walk.step(&at)?;
            search.take(&step, &|blob| self.blob(hash::parse(blob)?))?;
        }
        Ok(())
    }
}

/// A commit to be looked at, and what the directory is called there; the newest sorts last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    time: i64,
    commit: ObjectId,
    directory: String,
}

struct Walk<'a> {
    repository: &'a Repository,
    queue: BTreeSet<At>,
    seen: BTreeSet<(ObjectId, String)>,
    trees: HashMap<(ObjectId, String), Option<ObjectId>>,
}

impl Walk<'_> {
    fn queue(&mut self, commit: ObjectId, directory: &str) -> Result<()> {
        if !self.seen.insert((commit, directory.to_owned())) {
            return Ok(());
        }
        let failed = || failure::git(format!("reading commit {commit}"), &self.repository.location.dir);
        let time = self.repository.gix.find_commit(commit).and_then(|read| read.time()).map_err(failed())?.seconds;
        self.queue.insert(At { time, commit, directory: directory.to_owned() });
        Ok(())
    }

    fn tree(&mut self, commit: ObjectId, directory: &str) -> Result<Option<ObjectId>> {
        let key = (commit, directory.to_owned());
        if let Some(known) = self.trees.get(&key) {
            return Ok(*known);
        }
        let tree = self.repository.directory_at(commit, directory)?;
        self.trees.insert(key, tree);
        Ok(tree)
    }

    /// The next commit whose directory is no parent's. Clocks differ, so of several the newest may be
    /// an ancestor of another: that one waits.
    fn next_changed(&mut self) -> Result<Option<At>> {
        let mut waiting: Vec<At> = Vec::new();
        while let Some(at) = self.queue.pop_last() {
            if let Some(parent) = self.unchanged_in(&at)? {
                self.queue(parent, &at.directory)?;
                continue;
            }
            if !self.is_ancestor_of_any(&at, &waiting)? {
                self.queue.extend(waiting);
                return Ok(Some(at));
            }
            waiting.push(at);
        }
        Ok(waiting.pop())
    }

    fn unchanged_in(&mut self, at: &At) -> Result<Option<ObjectId>> {
        let own = self.tree(at.commit, &at.directory)?;
        for parent in self.repository.parents(at.commit)? {
            if self.tree(parent, &at.directory)? == own {
                return Ok(Some(parent));
            }
        }
        Ok(None)
    }

    fn is_ancestor_of_any(&self, at: &At, waiting: &[At]) -> Result<bool> {
        for other in self.queue.iter().chain(waiting).filter(|other| other.commit != at.commit) {
            if self.repository.contains(other.commit, at.commit)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a commit changed against all of its parents; these are next.
    fn step(&mut self, at: &At) -> Result<Step> {
        let own = self.tree(at.commit, &at.directory)?;
        let mut before = Vec::new();
        for parent in self.repository.parents(at.commit)? {
            let directory = self.called_in(parent, at, own)?;
            before.push(self.tree(parent, &directory)?);
            self.queue(parent, &directory)?;
        }
        if before.is_empty() {
            before.push(None);
        }
        let mut sides = Vec::new();
        for tree in &before {
            let differences = self.repository.differences(*tree, own)?;
            sides.push(differences.into_iter().map(|one| (one.path, (one.old, one.new))).collect::<HashMap<_, _>>());
        }
        let change = |path: &String, new: Option<ObjectId>| {
            let old: Option<Vec<Option<ObjectId>>> = sides.iter().map(|side| Some(side.get(path)?.0)).collect();
            let old = old?.into_iter().flatten().map(|id| id.to_string()).collect();
            Some(Change { path: path.clone(), old, new: new.map(|id| id.to_string()) })
        };
        let mut changes: Vec<Change> = sides[0].iter().filter_map(|(path, (_, new))| change(path, *new)).collect();
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        let message = self.repository.message(at.commit)?;
        let all = |name: &str| trailers(&message, name).collect();
        Ok(Step { operations: all("Hedgerow-Operation"), sources: all("Hedgerow-Source"), changes })
    }

    /// What the directory is called at a parent: where it is not there, it may have been renamed since.
    fn called_in(&mut self, parent: ObjectId, at: &At, own: Option<ObjectId>) -> Result<String> {
        let (None, Some(own)) = (self.tree(parent, &at.directory)?, own) else {
            return Ok(at.directory.clone());
        };
        let mut ours = BTreeSet::new();
        self.repository.walk_tree(own, "", &mut |path, entry| {
            if ["managed/", "raw/processed/"].iter().any(|area| path.starts_with(area)) && !path.ends_with(".gitkeep") {
                ours.insert(entry.id);
            }
            Ok(())
        })?;
        let mut best = (0, at.directory.clone());
        for directory in self.gone(parent, at.commit)? {
            let Some(tree) = self.tree(parent, &directory)? else { continue };
            let mut shared = 0;
            self.repository.walk_tree(tree, "", &mut |_, entry| {
                shared += usize::from(ours.contains(&entry.id));
                Ok(())
            })?;
            if shared > best.0 {
                best = (shared, directory);
            }
        }
        Ok(best.1)
    }

    /// The directories of a commit that have a `managed/` which a later commit has not.
    fn gone(&self, before: ObjectId, after: ObjectId) -> Result<Vec<String>> {
        let root = self.repository.tree_of(after)?;
        let mut found = Vec::new();
        let mut open = vec![(String::new(), self.repository.tree_of(before)?, Some(root))];
        while let Some((path, tree, other)) = open.pop() {
            for (name, entry) in self.repository.children(tree)? {
                let name = name.to_str_lossy();
                let then = other.map_or(Ok(None), |other| self.repository.subtree(other, &name))?;
                if entry.kind != EntryKind::Tree || then == Some(entry.id) {
                    continue;
                }
                if name == "managed" && then.is_none() {
                    found.push(path.clone());
                }
                open.push((join(&path, &name), entry.id, then));
            }
        }
        Ok(found)
    }
}
