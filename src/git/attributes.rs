//! Attributes: paths that are refused for what Git's attributes ask of them.

use std::collections::{BTreeMap, BTreeSet};

use gix::ObjectId;
use gix::attrs::StateRef;
use gix::bstr::ByteSlice;
use gix::worktree::IndexPersistedOrInMemory;
use gix::worktree::stack::state::attributes::Source;

use crate::error::{Error, Result};
use crate::fabric::names::LONGEST;
use crate::fabric::plan::Edit;
use crate::git::conversion::Filters;
use crate::git::failure;
use crate::git::folder::{Folder, Found};
use crate::git::repository::Repository;

/// Refuses paths outside the repository, and paths whose contents a program of the user's makes:
/// `filter=` (LFS) and `working-tree-encoding=`. A program that git goes on without may be named, if it
/// leaves the contents as they are.
///
/// # Errors
/// `RepoUnsupported` naming the first such path.
pub(super) fn refuse_paths(repository: &Repository, tree: Option<ObjectId>, edits: &[Edit]) -> Result<()> {
    let edits: BTreeMap<&str, &Edit> = edits.iter().map(|edit| (edit.path.as_str(), edit)).collect();
    let paths: BTreeSet<&str> = edits.keys().copied().collect();
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
    for (path, edit) in edits {
        let at = stack.at_path(path, None).map_err(failed())?;
        at.matching_attributes(&mut found);
        for hit in found.iter_selected() {
            if let StateRef::Value(value) = hit.assignment.state {
                let name = hit.assignment.name.as_str();
                if name == "filter" && is_untouched(repository, edit)? {
                    continue;
                }
                let what = format!("{path} is under {name}={}", value.as_bstr().to_str_lossy());
                let path = repository.location.dir.clone();
                return Err(Error::RepoUnsupported { path, what });
            }
        }
    }
    Ok(())
}

/// Whether a filter program that is not required leaves a path's contents as they are, both the planned
/// ones and those that stand there.
fn is_untouched(repository: &Repository, edit: &Edit) -> Result<bool> {
    let path = edit.path.as_str();
    let (Some(root), Some(mut filters)) = (repository.workdir(), Filters::new(repository)?) else {
        return Ok(false);
    };
    if !filters.is_optional(path)? {
        return Ok(false);
    }
    let folder = Folder::open(root).map_err(failure::fs("cannot open", root))?;
    let found = folder.read(path).map_err(failure::fs("cannot read", &root.join(path)))?;
    let is_kept = match found {
        Found::File(bytes) => filters.is_left_alone(path, &bytes)?,
        Found::Nothing | Found::Link(_) | Found::Other => true,
    };
    Ok(is_kept && edit.after.as_ref().map_or(Ok(true), |bytes| filters.is_left_alone(path, bytes))?)
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
