//! What Git's attributes ask of a path: contents as stored and as checked out, and paths that are refused.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use gix::ObjectId;
use gix::attrs::StateRef;
use gix::bstr::{BStr, ByteSlice};
use gix::filter::plumbing::pipeline::convert::{ToGitOutcome, ToWorktreeOutcome};
use gix::worktree::IndexPersistedOrInMemory;
use gix::worktree::stack::state::attributes::Source;

use crate::error::{Error, Result};
use crate::fabric::names::LONGEST;
use crate::git::failure;
use crate::git::repository::Repository;

/// Git's filters for line ends, `ident` and the like, as the clone is configured.
pub(super) struct Filters<'a> {
    repository: &'a Repository,
    pipeline: gix::filter::Pipeline<'a>,
    index: IndexPersistedOrInMemory,
}

impl<'a> Filters<'a> {
    /// The filters of a user's clone; a clone of ours has none.
    pub(super) fn new(repository: &'a Repository) -> Result<Option<Self>> {
        if repository.workdir().is_none() {
            return Ok(None);
        }
        let failed = failure::git("reading the attributes", &repository.location.dir);
        let (pipeline, index) = repository.gix.filter_pipeline(None).map_err(failed)?;
        Ok(Some(Self { repository, pipeline, index }))
    }

    /// The bytes of a working file as `git add` would store them.
    pub(super) fn stored(&mut self, path: &str, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let dir = &self.repository.location.dir;
        let failed = || failure::git(format!("filtering {path}"), dir);
        let outcome = self.pipeline.convert_to_git(bytes.as_slice(), Path::new(path), &self.index);
        match outcome.map_err(failed())? {
            ToGitOutcome::Unchanged(_) => Ok(bytes),
            ToGitOutcome::Buffer(buffer) => Ok(buffer.to_vec()),
            ToGitOutcome::Process(mut read) => {
                let mut out = Vec::new();
                read.read_to_end(&mut out).map_err(failure::fs("cannot filter", dir))?;
                Ok(out)
            }
        }
    }

    /// Stored bytes as a checkout would write them.
    pub(super) fn checked_out(&mut self, path: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        let dir = &self.repository.location.dir;
        let failed = || failure::git(format!("filtering {path}"), dir);
        let name: &BStr = path.into();
        let outcome = self.pipeline.convert_to_worktree(
            bytes,
            name,
            gix::filter::plumbing::pipeline::convert::to_worktree::Options::default(),
        );
        match outcome.map_err(failed())? {
            ToWorktreeOutcome::Unchanged(bytes) | ToWorktreeOutcome::Buffer(bytes) => Ok(bytes.to_vec()),
            outcome @ ToWorktreeOutcome::Process(_) => {
                let mut outcome = outcome;
                let mut out = Vec::new();
                let read = outcome.as_read().map(|read| read.read_to_end(&mut out));
                read.transpose().map_err(failure::fs("cannot filter", dir))?;
                Ok(out)
            }
        }
    }
}

/// Refuses paths outside the repository, and paths whose contents a program of the user's makes:
/// `filter=` (LFS) and `working-tree-encoding=`.
///
/// # Errors
/// `RepoUnsupported` naming the first such path.
pub(super) fn refuse_paths<'p>(
    repository: &Repository,
    tree: Option<ObjectId>,
    paths: impl Iterator<Item = &'p str>,
) -> Result<()> {
    let paths: BTreeSet<&str> = paths.collect();
    paths.iter().try_for_each(|path| check_path(path))?;
    let failed = || failure::git("reading the attributes", &repository.location.dir);
    let (index, source) = if repository.workdir().is_some() {
        let index = repository.gix.index_or_empty().map_err(failed())?;
        (IndexPersistedOrInMemory::Persisted(index), Source::WorktreeThenIdMapping)
    } else {
        let state = attribute_files(repository, tree, &paths)?;
        let file = gix::index::File::from_state(state, repository.gix.index_path());
        (IndexPersistedOrInMemory::InMemory(file), Source::IdMapping)
    };
    let mut stack = repository.gix.attributes_only(&index, source).map_err(failed())?;
    let mut found = stack.selected_attribute_matches(["filter", "working-tree-encoding"]);
    for path in paths {
        let at = stack.at_path(path, None).map_err(failed())?;
        at.matching_attributes(&mut found);
        for hit in found.iter_selected() {
            if let StateRef::Value(value) = hit.assignment.state {
                let name = hit.assignment.name.as_str();
                let what = format!("{path} is under {name}={}", value.as_bstr().to_str_lossy());
                let path = repository.location.dir.clone();
                return Err(Error::RepoUnsupported { path, what });
            }
        }
    }
    Ok(())
}

/// A path that stays inside the repository and out of its git directory, with names that fit everywhere.
fn check_path(path: &str) -> Result<()> {
    if path.split('/').any(|part| part.len() > LONGEST) {
        let what = format!("has a name of more than {LONGEST} bytes");
        let remedy = "give the file it comes from a shorter name";
        return Err(Error::PathUnsupported { place: crate::text::clean_line(path), what, remedy });
    }
    let bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.eq_ignore_ascii_case(".git");
    if path.split('/').any(bad) || path.contains(['\0', '\\']) {
        return Err(Error::Internal(format!("{} is no path of a plan", crate::text::clean_line(path))));
    }
    Ok(())
}

/// The `.gitattributes` files of a tree that concern some paths, as an index.
fn attribute_files(
    repository: &Repository,
    tree: Option<ObjectId>,
    paths: &BTreeSet<&str>,
) -> Result<gix::index::State> {
    let mut state = gix::index::State::new(gix::hash::Kind::Sha1);
    let Some(tree) = tree else {
        return Ok(state);
    };
    let mut dirs: BTreeSet<&str> = BTreeSet::from([""]);
    for path in paths {
        dirs.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
    }
    for dir in dirs {
        let path = super::join(dir, ".gitattributes");
        if let Some(entry) = repository.entry_at(tree, &path)?.filter(|entry| entry.is_file()) {
            let (stat, flags) = (gix::index::entry::Stat::default(), gix::index::entry::Flags::empty());
            state.dangerously_push_entry(stat, entry.id, flags, gix::index::entry::Mode::FILE, path.as_str().into());
        }
    }
    state.sort_entries();
    Ok(state)
}
