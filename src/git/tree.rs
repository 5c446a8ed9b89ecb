//! Transaction: commits built in memory on one branch, checked against what the plan was made of, applied at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;

use crate::error::{Error, Result};
use crate::fabric::plan::Edit;
use crate::git::attributes;
use crate::git::conversion::Filters;
use crate::git::program::identity::Who;
use crate::git::repository::Repository;
use crate::git::trees::Entry;
use crate::git::{failure, hash, signing};
use crate::progress::Reporter;
use crate::text;

pub use crate::git::apply::Step;

/// Objects in memory, one or several commits in a row on one branch; nothing is written before `apply`.
pub struct Transaction {
    pub(super) repository: Repository,
    pub(super) report: Reporter,
    /// The branch itself before; none if it does not exist yet.
    pub(super) before: Option<ObjectId>,
    /// The tip before, which is the tracking branch's where the branch does not exist yet.
    pub(super) tip: Option<ObjectId>,
    /// The commit the next one is made on.
    pub(super) parent: Option<ObjectId>,
    /// The subjects of the commits made.
    pub(super) subjects: Vec<String>,
    /// What becomes of each path, over all commits.
    pub(super) changes: BTreeMap<String, Change>,
}

/// What becomes of one path.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The blob the branch had there.
    pub(super) committed: Option<String>,
    /// The blob of the working file the plan was made of.
    pub(super) current: Option<String>,
    /// What is stored there; none removes the path.
    pub(super) after: Option<Stored>,
    /// Whether the working file stays as it is and only the index follows.
    pub(super) keeps: bool,
}

/// A file as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: ObjectId,
    pub(super) bytes: Arc<[u8]>,
    pub(super) executable: bool,
    /// Whether the working file comes to hold it too.
    pub(super) in_worktree: bool,
}

/// Says at plan time whether a commit of these edits could be built on the tip.
///
/// # Errors
/// As [`Transaction::commit`], for what does not depend on the objects.
pub fn check(repository: &Repository, edits: &[Edit]) -> Result<()> {
    let tree = repository.tip_id()?.map(|tip| repository.tree_of(tip)).transpose()?;
    let mut parents = ParentTrees { repository, root: tree, known: HashMap::new() };
    edits.iter().try_for_each(|edit| parents.unmoved(edit).map(|_| ()))
}

impl Transaction {
    /// Begins on the branch's tip.
    pub fn begin(repository: &Repository) -> Result<Self> {
        let parent = repository.tip_id()?;
        let before = repository.reference(&repository.location.branch_ref())?;
        let gix = repository.gix.clone().with_object_memory();
        Ok(Self {
            repository: Repository { gix, location: repository.location.clone() },
            report: Reporter::silent(),
            before,
            tip: parent,
            parent,
            subjects: Vec::new(),
            changes: BTreeMap::new(),
        })
    }

    /// Lets the user stop what takes long, such as a signature.
    #[must_use]
    pub fn stoppable(mut self, report: &Reporter) -> Self {
        self.report = report.clone();
        self
    }

    /// Builds a commit of these edits in memory; none if the tree stays as it is.
    ///
    /// # Errors
    /// `PlanStale` when the parent has something else than the edits say, `RepoUnsupported` for a
    /// path below a file, link or submodule or under a filter program, `NoAuthor`, `Sign`.
    pub fn commit(&mut self, edits: &[Edit], message: &str, time: Option<i64>) -> Result<Option<String>> {
        let tree = self.parent.map(|parent| self.repository.tree_of(parent)).transpose()?;
        attributes::refuse_paths(&self.repository, tree, edits)?;
        let changes = self.check(edits, tree)?;
        let new = self.write_tree(&changes, tree)?;
        self.changes.extend(changes);
        let empty = ObjectId::empty_tree(gix::hash::Kind::Sha1);
        if new == tree.unwrap_or(empty) {
            return Ok(None);
        }
        let id = self.write_commit(new, message, time)?;
        self.parent = Some(id);
        self.subjects.push(message.lines().next().unwrap_or_default().to_owned());
        Ok(Some(id.to_string()))
    }

    /// The commit the branch will be at, hexadecimal.
    pub fn tip(&self) -> Option<String> {
        self.parent.map(|id| id.to_string())
    }

    /// The tree of a directory as it will be, hexadecimal.
    pub fn directory_tree(&self, directory: &str) -> Result<Option<String>> {
        let Some(parent) = self.parent else {
            return Ok(None);
        };
        Ok(self.repository.directory_at(parent, directory)?.map(|id| id.to_string()))
    }

    fn check(&self, edits: &[Edit], tree: Option<ObjectId>) -> Result<BTreeMap<String, Change>> {
        let mut parents = ParentTrees { repository: &self.repository, root: tree, known: HashMap::new() };
        let mut filters = Filters::new(&self.repository)?;
        let mut out = BTreeMap::new();
        for edit in edits {
            let entry = parents.unmoved(edit)?;
            let after = edit.after.as_ref().map(|bytes| self.stored(&mut filters, edit, bytes, entry)).transpose()?;
            let change =
                Change { committed: edit.committed.clone(), current: edit.current.clone(), after, keeps: false };
            out.insert(edit.path.clone(), change);
        }
        Ok(out)
    }

    fn stored(
        &self,
        filters: &mut Option<Filters<'_>>,
        edit: &Edit,
        bytes: &Arc<[u8]>,
        entry: Option<Entry>,
    ) -> Result<Stored> {
        let bytes = match filters {
            Some(filters) if bytes.contains(&b'\r') || bytes.contains(&b'$') => {
                filters.check_line_ends(&edit.path, bytes)?;
                filters.stored(&edit.path, bytes)?.into()
            }
            _ => bytes.clone(),
        };
        let id = hash::blob_object(&bytes)?;
        let executable = match entry {
            Some(entry) => entry.kind == EntryKind::BlobExecutable,
            None => edit.current.is_some() && self.is_executable(&edit.path),
        };
        Ok(Stored { id, bytes, executable, in_worktree: true })
    }

    fn is_executable(&self, path: &str) -> bool {
        let trusts = self.repository.gix.config_snapshot().boolean("core.fileMode") != Some(false);
        let file = self.repository.workdir().map(|root| root.join(path));
        let meta = file.and_then(|file| std::fs::symlink_metadata(file).ok());
        trusts && meta.is_some_and(|meta| meta.is_file() && gix::fs::is_executable(&meta))
    }

    fn write_tree(&self, changes: &BTreeMap<String, Change>, tree: Option<ObjectId>) -> Result<ObjectId> {
        let failed = || failure::git("building the tree", &self.repository.location.dir);
        let gix = &self.repository.gix;
        let base = match tree {
            Some(tree) => gix.find_tree(tree).map_err(failed())?,
            None => gix.empty_tree(),
        };
        let mut editor = base.edit().map_err(failed())?;
        for (path, change) in changes {
            match &change.after {
                Some(stored) => {
                    gix.write_blob(&stored.bytes).map_err(failed())?;
                    let kind = if stored.executable { EntryKind::BlobExecutable } else { EntryKind::Blob };
                    editor.upsert(path.as_str(), kind, stored.id).map_err(failed())?;
                }
                None if change.committed.is_some() => {
                    editor.remove_leaf(path.as_str()).map_err(failed())?;
                }
                None => {}
            }
        }
        Ok(editor.write().map_err(failed())?.detach())
    }

    fn write_commit(&self, tree: ObjectId, message: &str, time: Option<i64>) -> Result<ObjectId> {
        let path = self.repository.location.dir.clone();
        let gix = &self.repository.gix;
        let at = |person: gix::actor::Signature| gix::actor::Signature {
            time: time.map_or(person.time, |seconds| gix::date::Time::new(seconds, 0)),
            ..person
        };
        let (author, committer) = (self.repository.person(Who::Author)?, self.repository.person(Who::Committer)?);
        let commit = gix::objs::Commit {
            tree,
            parents: self.parent.into_iter().collect(),
            author: at(author),
            committer: at(committer),
            encoding: None,
            message: message.into(),
            extra_headers: Vec::new(),
        };
        let commit = signing::sign(gix, commit, &self.report)?;
        let failed = failure::git("building the commit", &path);
        Ok(gix.write_object(&commit).map_err(failed)?.detach())
    }
}

/// Entries of the parent's tree, each tree read once.
struct ParentTrees<'a> {
    repository: &'a Repository,
    root: Option<ObjectId>,
    known: HashMap<String, HashMap<gix::bstr::BString, Entry>>,
}

impl ParentTrees<'_> {
    /// The file at the path of an edit, which is what the edit was made of.
    fn unmoved(&mut self, edit: &Edit) -> Result<Option<Entry>> {
        let entry = self.entry(&edit.path)?;
        if entry.map(|entry| entry.id.to_string()) == edit.committed {
            return Ok(entry);
        }
        let moved = format!("{} is no longer what the plan was made of", text::clean_line(&edit.path));
        Err(Error::PlanStale { moved })
    }

    /// The file at a path.
    ///
    /// # Errors
    /// `RepoUnsupported` where the path is no file or lies below something that is no directory.
    fn entry(&mut self, path: &str) -> Result<Option<Entry>> {
        let Some(root) = self.root else {
            return Ok(None);
        };
        let (mut dir, mut tree) = (String::new(), root);
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let Some(entry) = self.child(&dir, tree, part)? else {
                return Ok(None);
            };
            let last = parts.peek().is_none();
            if last && entry.is_file() {
                return Ok(Some(entry));
            }
            if last || entry.kind != EntryKind::Tree {
                return Err(self.unsupported(path, &super::join(&dir, part), entry.kind));
            }
            dir = super::join(&dir, part);
            tree = entry.id;
        }
        Ok(None)
    }

    fn child(&mut self, dir: &str, tree: ObjectId, name: &str) -> Result<Option<Entry>> {
        if !self.known.contains_key(dir) {
            let children = self.repository.children(tree)?.into_iter().collect();
            self.known.insert(dir.to_owned(), children);
        }
        let children = self.known.get(dir);
        Ok(children.and_then(|children| children.get(name.as_bytes().as_bstr())).copied())
    }

    fn unsupported(&self, path: &str, at: &str, kind: EntryKind) -> Error {
        let what = match kind {
            EntryKind::Commit => "a submodule",
            EntryKind::Link => "a symbolic link",
            EntryKind::Tree => "a directory",
            EntryKind::Blob | EntryKind::BlobExecutable => "a file",
        };
        let (path, at) = (text::clean_line(path), text::clean_line(at));
        let sentence =
            if path == at { format!("{path} is {what}") } else { format!("{path} lies below {at}, which is {what}") };
        Error::RepoUnsupported { path: self.repository.location.dir.clone(), what: sentence }
    }
}
