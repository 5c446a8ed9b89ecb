//! What the branch's history knows of managed paths: all their earlier texts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gix::ObjectId;

use crate::error::Result;
use crate::fabric::snapshot::Version;
use crate::git::log::DirectoryTrees;
use crate::git::repository::Repository;
use crate::git::trees::Difference;
use crate::git::{failure, join};

/// Paths still to be followed at a commit.
type Waiting = BTreeMap<(i64, ObjectId), BTreeSet<String>>;

impl Repository {
    /// The earlier texts of paths below `directory`, by path, newest first.
    ///
    /// One walk back from the tip: where the watched tree is a parent's, the walk goes on there
    /// without looking closer; where it differs from all of them, the trees are compared.
    pub fn earlier_texts(&self, directory: &str, paths: &BTreeSet<String>) -> Result<BTreeMap<String, Vec<Version>>> {
        let empty = paths.iter().map(|path| (path.clone(), Vec::new()));
        let mut walk = Walk::new(self, empty.collect());
        let Some(tip) = self.tip_id()?.filter(|_| !paths.is_empty()) else {
            return Ok(walk.found);
        };
        let managed = paths.iter().all(|path| path.starts_with("managed/"));
        let (root, prefix) =
            if managed { (join(directory, "managed"), "managed/") } else { (directory.to_owned(), "") };
        let below = paths.iter().filter_map(|path| path.strip_prefix(prefix)).map(str::to_owned);
        let mut trees = DirectoryTrees::new(&root);
        walk.begin(&mut trees, prefix, tip, below.collect())?;
        while let Some(((_, commit), paths)) = walk.waiting.pop_last() {
            walk.step(&mut trees, prefix, commit, paths)?;
        }
        Ok(walk.found)
    }
}

struct Walk<'a> {
    repository: &'a Repository,
    waiting: Waiting,
    seen: HashMap<String, BTreeSet<ObjectId>>,
    found: BTreeMap<String, Vec<Version>>,
}

impl<'a> Walk<'a> {
    fn new(repository: &'a Repository, found: BTreeMap<String, Vec<Version>>) -> Self {
        Self { repository, waiting: Waiting::new(), seen: HashMap::new(), found }
    }

    /// Notes the tip's own texts, which are not earlier ones, and puts the tip in the queue.
    fn begin(
        &mut self,
        trees: &mut DirectoryTrees<'_>,
        prefix: &str,
        tip: ObjectId,
        paths: BTreeSet<String>,
    ) -> Result<()> {
        if let Some(tree) = trees.at(self.repository, tip)? {
            for path in &paths {
                if let Some(entry) = self.repository.entry_at(tree, path)? {
                    self.seen.entry(format!("{prefix}{path}")).or_default().insert(entry.id);
                }
            }
        }
        self.queue(tip, paths)
    }

    fn queue(&mut self, commit: ObjectId, paths: BTreeSet<String>) -> Result<()> {
        if paths.is_empty() {
            return Ok(());
        }
        let dir = &self.repository.location.dir;
        let failed = || failure::git(format!("reading commit {commit}"), dir);
        let time = self.repository.gix.find_commit(commit).and_then(|c| c.time()).map_err(failed())?;
        self.waiting.entry((time.seconds, commit)).or_default().extend(paths);
        Ok(())
    }

    /// Hands every path to the parent it came from; a path no parent has so is changed by this commit.
    fn step(
        &mut self,
        trees: &mut DirectoryTrees<'_>,
        prefix: &str,
        commit: ObjectId,
        mut paths: BTreeSet<String>,
    ) -> Result<()> {
        let own = trees.at(self.repository, commit)?;
        let parents = self.repository.parents(commit)?;
        for parent in &parents {
            if trees.at(self.repository, *parent)? == own {
                return self.queue(*parent, paths);
            }
        }
        let mut first: Option<HashMap<String, Difference>> = None;
        for parent in &parents {
            let before = trees.at(self.repository, *parent)?;
            let changed = self.changed(before, own, &paths)?;
            let (mine, theirs) = paths.into_iter().partition(|path| changed.contains_key(path));
            paths = mine;
            self.queue(*parent, theirs)?;
            first.get_or_insert(changed);
        }
        let first = match first {
            Some(first) => first,
            None => self.changed(None, own, &paths)?,
        };
        self.tell_changes(prefix, commit, &first, &paths)?;
        parents.first().map_or(Ok(()), |parent| self.queue(*parent, paths))
    }

    fn changed(
        &self,
        before: Option<ObjectId>,
        own: Option<ObjectId>,
        paths: &BTreeSet<String>,
    ) -> Result<HashMap<String, Difference>> {
        let differences = self.repository.differences(before, own)?;
        Ok(differences.into_iter().filter(|d| paths.contains(&d.path)).map(|d| (d.path.clone(), d)).collect())
    }

    fn tell_changes(
        &mut self,
        prefix: &str,
        commit: ObjectId,
        changes: &HashMap<String, Difference>,
        paths: &BTreeSet<String>,
    ) -> Result<()> {
        if !paths.iter().any(|path| changes.contains_key(path)) {
            return Ok(());
        }
        let undo = self.repository.commit(commit)?.operation.as_deref() == Some("undo");
        for change in paths.iter().filter_map(|path| changes.get(path)) {
            if let Some(old) = change.old.filter(|_| !undo) {
                self.tell_earlier(&format!("{prefix}{}", change.path), commit, old)?;
            }
        }
        Ok(())
    }

    fn tell_earlier(&mut self, path: &str, commit: ObjectId, old: ObjectId) -> Result<()> {
        if !self.seen.entry(path.to_owned()).or_default().insert(old) {
            return Ok(());
        }
        let version = Version { replaced_by: commit.to_string(), bytes: self.repository.blob(old)?.into() };
        self.found.entry(path.to_owned()).or_default().push(version);
        Ok(())
    }
}
