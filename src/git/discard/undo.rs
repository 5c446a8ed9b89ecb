//! Undo: what taking commits back makes of every path, worked out commit by commit from the newest on.

use std::collections::{BTreeMap, BTreeSet};

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use crate::error::{Error, Result};
use crate::fabric::layout::{self, Place};
use crate::fabric::message::{ELSEWHERE, unquote};
use crate::fabric::plan::Edit;
use crate::fabric::raw::tagged;
use crate::git::discard::Given;
use crate::git::log::trailers;
use crate::git::repository::Repository;
use crate::git::tree::{Change, Stored};
use crate::git::trees::{Difference, Entry};
use crate::git::worktree::{self, Working};
use crate::git::{Commit, join};
use crate::text;

/// One of our commits that can be taken back.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) id: ObjectId,
    pub(super) parent: ObjectId,
    pub(super) commit: Commit,
    directory: String,
    sources: Vec<String>,
    is_given: bool,
}

impl Own {
    pub(super) fn new(repository: &Repository, id: ObjectId, parent: ObjectId, commit: Commit) -> Result<Self> {
        let message = repository.message(id)?;
        let first = |name: &str| trailers(&message, name).next();
        let directory = first("Hedgerow-Directory").map(|text| unquote(&text)).filter(|text| text != ".");
        let sources = trailers(&message, "Hedgerow-Source").map(|text| unquote(&text)).collect();
        let is_given = first("Hedgerow-Origin").is_some_and(|origin| origin == ELSEWHERE);
        Ok(Self { id, parent, commit, directory: directory.unwrap_or_default(), sources, is_given })
    }

    /// A path relative to the commit's GitOps directory; none where it lies elsewhere.
    fn relative<'a>(&self, path: &'a str) -> Option<&'a str> {
        match self.directory.as_str() {
            "" => Some(path),
            directory => path.strip_prefix(directory)?.strip_prefix('/'),
        }
    }
}

/// What the commits undone so far make of the working tree.
#[derive(Debug, Default)]
pub(super) struct Undone {
    /// What a working file comes to hold, where a commit changed it.
    wanted: BTreeMap<String, Option<ObjectId>>,
    /// What was taken in, by where it lay, newest first.
    returned: Vec<(String, ObjectId)>,
    given: Vec<Given>,
}

/// The plan of a working tree.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) returned: Vec<String>,
    pub(super) given: Vec<Given>,
    pub(super) writes: BTreeMap<String, Stored>,
    pub(super) changes: BTreeMap<String, Change>,
}

impl Undone {
    /// Undoes one commit more, the parent of the one before.
    pub(super) fn undo(&mut self, repository: &Repository, own: &Own) -> Result<()> {
        let (tree, before) = (repository.tree_of(own.id)?, repository.tree_of(own.parent)?);
        let differences = repository.differences(Some(before), Some(tree))?;
        let is_adoption = own.commit.operation.as_deref() == Some("commit");
        for one in &differences {
            let place = own.relative(&one.path).map(layout::place);
            // An edit that was adopted is an edit again; a file that waits in raw/ goes on waiting.
            if is_adoption || (place == Some(Place::Raw) && one.old.is_none()) {
                self.wanted.entry(one.path.clone()).or_insert(one.new);
            } else {
                self.wanted.insert(one.path.clone(), one.old);
            }
        }
        self.return_invalid(own, &differences);
        for source in &own.sources {
            self.return_source(repository, own, (tree, before), source, &differences)?;
        }
        Ok(())
    }

    /// What was set aside with errors goes back to where it lay.
    fn return_invalid(&mut self, own: &Own, differences: &[Difference]) {
        for one in differences.iter().filter(|one| one.old.is_none()) {
            let path = own.relative(&one.path).filter(|path| layout::place(path) == Place::Errors);
            let below = path.and_then(|path| path.strip_prefix("raw/errors/"));
            let Some((below, blob)) = below.filter(|below| !below.ends_with(".findings.txt")).zip(one.new) else {
                continue;
            };
            let path = join(&own.directory, &format!("raw/{below}"));
            // What Git has of it comes back with the commit before.
            if !differences.iter().any(|other| other.path == path && other.old == Some(blob)) {
                self.returned.push((path, blob));
            }
        }
    }

    fn return_source(
        &mut self,
        repository: &Repository,
        own: &Own,
        (tree, before): (ObjectId, ObjectId),
        source: &str,
        differences: &[Difference],
    ) -> Result<()> {
        let path = join(&own.directory, source);
        let at = |tree: ObjectId, path: &str| repository.entry_at(tree, path);
        let lay = at(before, &path)?;
        if at(tree, &path)?.is_some() {
            return Ok(());
        }
        let Some(blob) = filed(repository, own, tree, source, differences)? else {
            return match lay {
                Some(_) => Ok(()),
                None if source.starts_with("raw/") => Ok(()),
                None => Err(Error::Discard {
                    why: format!("{} was never in Git, so it could not be put back", text::clean_line(&path)),
                }),
            };
        };
        let is_given = own.is_given || (lay.is_none() && repository.workdir().is_none());
        if is_given {
            let name = layout::file_name(source).to_owned();
            let fabric = own.commit.fabric.clone().unwrap_or_default();
            self.given.push(Given { fabric, name, bytes: repository.blob(blob)? });
        } else if lay.is_none_or(|entry| entry.id != blob) && repository.workdir().is_some() {
            self.returned.push((path, blob));
        }
        Ok(())
    }

    /// What becomes of the working tree and the index when the branch goes from one commit to another.
    pub(super) fn plan(self, repository: &Repository, from: ObjectId, to: ObjectId) -> Result<Plan> {
        let mut plan = Plan { given: self.given, ..Plan::default() };
        let Some(mut working) = Working::new(repository)? else {
            return Ok(plan);
        };
        let target = repository.tree_of(to)?;
        let differences = repository.differences(Some(repository.tree_of(from)?), Some(target))?;
        let mut edits = Vec::new();
        let mut dirty = Vec::new();
        let mut back = BTreeMap::new();
        for (path, blob) in self.returned {
            let taken = back.get(&path).is_some_and(|other| *other != blob) || is_taken(&mut working, &path, blob)?;
            let path = if taken { tagged(&path, &repository.blob(blob)?) } else { path };
            back.insert(path, blob);
        }
        for one in &differences {
            let after = stored(repository, target, &one.path)?;
            let current = working.current(&one.path)?;
            let tip = one.old.map(|id| id.to_string());
            let is_kept = self.wanted.get(&one.path) == Some(&one.old) || back.contains_key(&one.path);
            let is_new = one.old.is_none() && current.is_some();
            let mut change = Change { committed: tip.clone(), current: tip.clone(), after, keeps: false };
            if is_kept || is_new {
                change.keeps = true;
                change.current = back.get(&one.path).map(ToString::to_string).or(current);
                change.after.iter_mut().for_each(|stored| stored.in_worktree = false);
            } else if current == tip {
                let after = change.after.as_ref().map(|stored| stored.bytes.clone());
                edits.push(Edit { path: one.path.clone(), committed: tip.clone(), current: tip, after });
            } else {
                dirty.push(text::clean_line(&one.path));
            }
            plan.changes.insert(one.path.clone(), change);
        }
        if !dirty.is_empty() {
            return Err(Error::RepoDirty { paths: dirty });
        }
        worktree::obstacles(repository, &edits)?;
        for (path, blob) in back {
            if working.current(&path)?.is_none() {
                let bytes = repository.blob(blob)?.into();
                plan.writes.insert(path.clone(), Stored { id: blob, bytes, executable: false, in_worktree: true });
            }
            plan.returned.push(path);
        }
        Ok(plan)
    }
}

/// The blob a source was filed as: in `raw/processed/`, or as a whole among the foreign files.
fn filed(
    repository: &Repository,
    own: &Own,
    tree: ObjectId,
    source: &str,
    differences: &[Difference],
) -> Result<Option<ObjectId>> {
    let below = source.strip_prefix("raw/").unwrap_or(source);
    let processed = join(&own.directory, &format!("raw/processed/{below}"));
    let changed: BTreeSet<&str> =
        differences.iter().filter(|one| one.new.is_some()).map(|one| one.path.as_str()).collect();
    let foreign = join(&own.directory, &format!("unmanaged/external-configs/{}", layout::file_name(source)));
    for path in [&processed, &foreign] {
        if changed.contains(path.as_str()) || (own.is_given && *path == processed) {
            let entry = repository.entry_at(tree, path)?.filter(|entry| entry.is_file());
            return Ok(entry.map(|entry| entry.id));
        }
    }
    for one in differences.iter().filter(|one| one.old.is_none()) {
        if let Some(blob) = one.new.filter(|_| one.path.starts_with(&foreign_stem(&foreign)))
            && tagged(&foreign, &repository.blob(blob)?) == one.path
        {
            return Ok(Some(blob));
        }
    }
    Ok(None)
}

fn foreign_stem(path: &str) -> String {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned()
}

/// Whether something else lies where a file is to be put back.
fn is_taken(working: &mut Working<'_>, path: &str, blob: ObjectId) -> Result<bool> {
    let wanted = blob.to_string();
    Ok(working.current(path)?.is_some_and(|current| current != wanted))
}

fn stored(repository: &Repository, tree: ObjectId, path: &str) -> Result<Option<Stored>> {
    let Some(entry): Option<Entry> = repository.entry_at(tree, path)?.filter(|entry| entry.is_file()) else {
        return Ok(None);
    };
    let bytes = repository.blob(entry.id)?.into();
    let executable = entry.kind == EntryKind::BlobExecutable;
    Ok(Some(Stored { id: entry.id, bytes, executable, in_worktree: true }))
}
