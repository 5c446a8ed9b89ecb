//! One look at a directory: the tip's tree and, in a user's clone, what the working tree adds.

mod folder;
mod working;

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use crate::error::Result;
/// Files over this many bytes are never read.
use crate::fabric::document::MAX_FILE;
use crate::fabric::snapshot::{Content, File, Snapshot};
use crate::git::failure;
use crate::git::repository::Repository;
use crate::git::trees::Entry;

/// Looks at `directory`; `wants` says by its path below the directory whether a file's bytes are read.
pub fn snapshot(repository: &Repository, directory: &str, wants: &dyn Fn(&str) -> bool) -> Result<Snapshot> {
    let tip = repository.tip_id()?;
    let tree = tip.map_or(Ok(None), |tip| committed_tree(repository, tip, directory))?;
    let mut committed = BTreeMap::new();
    if let Some(tree) = tree {
        repository.walk_tree(tree, "", &mut |path, entry| {
            committed.insert(path.to_owned(), entry);
            Ok(())
        })?;
    }
    let (files, unseen) = match repository.workdir() {
        None => (stored_files(repository, &committed, wants)?, BTreeMap::new()),
        Some(root) => working::look(repository, root, directory, committed, wants)?,
    };
    let before = before(repository, &files)?;
    Ok(Snapshot {
        before,
        directory: directory.to_owned(),
        tip: tip.map(|id| id.to_string()),
        tree: tree.map(|id| id.to_string()),
        files,
        unseen,
        has_worktree: repository.workdir().is_some(),
    })
}

/// The tree of a directory at the tip; none if the tip has nothing there.
///
/// # Errors
/// `PathUnsupported` for a directory in a submodule, and where there is no working tree also for one
/// that lies behind a link or a file.
fn committed_tree(repository: &Repository, tip: ObjectId, directory: &str) -> Result<Option<ObjectId>> {
    let mut tree = repository.tree_of(tip)?;
    let mut at = String::new();
    for part in directory.split('/').filter(|part| !part.is_empty()) {
        at = super::join(&at, part);
        let Some(entry) = repository.entry_at(tree, part)? else { return Ok(None) };
        match entry.kind {
            EntryKind::Tree => tree = entry.id,
            EntryKind::Commit => return Err(folder::in_another_repository(directory, &at)),
            EntryKind::Link if repository.workdir().is_none() => return Err(folder::behind_a_link(&at)),
            EntryKind::Blob | EntryKind::BlobExecutable if repository.workdir().is_none() => {
                return Err(folder::behind_a_file(&at));
            }
            // The working tree says what stands there now.
            EntryKind::Link | EntryKind::Blob | EntryKind::BlobExecutable => return Ok(None),
        }
    }
    Ok(Some(tree))
}

/// What the tip holds where the working tree of `managed/` differs.
fn before(repository: &Repository, files: &BTreeMap<String, File>) -> Result<BTreeMap<String, Arc<[u8]>>> {
    let is_changed = |path: &str, file: &File| path.starts_with("managed/") && file.is_edited();
    let mut before = BTreeMap::new();
    for (path, file) in files.iter().filter(|(path, file)| is_changed(path, file)) {
        if let Some(id) = &file.committed {
            let id = gix::ObjectId::from_hex(id.as_bytes())
                .map_err(failure::git("reading an object id", &repository.location.dir))?;
            if repository.size(id)? <= MAX_FILE {
                before.insert(path.clone(), repository.blob(id)?.into());
            }
        }
    }
    Ok(before)
}

fn stored_files(
    repository: &Repository,
    committed: &BTreeMap<String, Entry>,
    wants: &dyn Fn(&str) -> bool,
) -> Result<BTreeMap<String, File>> {
    let file = |(path, entry): (&String, &Entry)| {
        let id = Some(entry.id.to_string());
        let content = stored_content(repository, *entry, wants(path))?;
        Ok((path.clone(), File { committed: id.clone(), current: id, content }))
    };
    committed.iter().map(file).collect()
}

fn stored_content(repository: &Repository, entry: Entry, wanted: bool) -> Result<Content> {
    match entry.kind {
        EntryKind::Link => return Ok(Content::Symlink),
        EntryKind::Commit | EntryKind::Tree => return Ok(Content::Special),
        EntryKind::Blob | EntryKind::BlobExecutable => {}
    }
    let size = repository.size(entry.id)?;
    if size > MAX_FILE {
        return Ok(Content::TooLarge(size));
    }
    if !wanted {
        return Ok(Content::Unread(size));
    }
    Ok(Content::Bytes(repository.blob(entry.id)?.into()))
}
