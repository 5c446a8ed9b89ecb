//! One look at a directory: the tip's tree and, in a user's clone, what the working tree adds.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::Path;
use std::sync::Arc;

use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use gix::worktree::stack::state::ignore;

use crate::error::{Error, Result};
use crate::fabric::snapshot::{Content, File, Snapshot};
use crate::git::attributes::Filters;
use crate::git::repository::Repository;
use crate::git::trees::Entry;
use crate::git::{failure, hash, join, racy};
use crate::text;

/// Files over this many bytes are never read.
use crate::fabric::document::MAX_FILE;

/// Looks at `directory`; `wants` says by its path below the directory whether a file's bytes are read.
pub fn snapshot(repository: &Repository, directory: &str, wants: &dyn Fn(&str) -> bool) -> Result<Snapshot> {
    let tip = repository.tip_id()?;
    let tree = tip.map_or(Ok(None), |tip| repository.directory_at(tip, directory))?;
    let mut committed = BTreeMap::new();
    if let Some(tree) = tree {
        repository.walk_tree(tree, "", &mut |path, entry| {
            committed.insert(path.to_owned(), entry);
            Ok(())
        })?;
    }
    let files = match repository.workdir() {
        None => stored_files(repository, &committed, wants)?,
        Some(root) => working_files(repository, root, directory, committed, wants)?,
    };
    let before = before(repository, &files)?;
    Ok(Snapshot {
        before,
        directory: directory.to_owned(),
        tip: tip.map(|id| id.to_string()),
        tree: tree.map(|id| id.to_string()),
        files,
        has_worktree: repository.workdir().is_some(),
    })
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

fn working_files(
    repository: &Repository,
    root: &Path,
    directory: &str,
    committed: BTreeMap<String, Entry>,
    wants: &dyn Fn(&str) -> bool,
) -> Result<BTreeMap<String, File>> {
    let failed = || failure::git("reading the index", &repository.location.dir);
    let index = repository.gix.index_or_empty().map_err(failed())?;
    let ignored = ignore::Source::WorktreeThenIdMappingIfNotSkipped;
    let mut look = Look {
        repository,
        directory,
        wants,
        stat: repository.gix.stat_options().map_err(failed())?,
        ignores: repository.gix.excludes(&index, None, ignored).map_err(failed())?,
        filters: Filters::new(repository)?,
        index,
        committed,
        files: BTreeMap::new(),
    };
    refuse_links(repository, root, directory)?;
    let top = root.join(directory);
    if top.is_dir() {
        look.folder(&top, "")?;
    }
    look.rest()?;
    Ok(look.files)
}

/// Refuses a directory that lies behind a symbolic link.
fn refuse_links(repository: &Repository, root: &Path, directory: &str) -> Result<()> {
    let mut at = root.to_owned();
    for part in directory.split('/').filter(|part| !part.is_empty()) {
        at.push(part);
        if fs::symlink_metadata(&at).is_ok_and(|meta| meta.is_symlink()) {
            return Err(Error::RepoUnsupported {
                path: repository.location.dir.clone(),
                what: format!("{} is a symbolic link", text::clean_line(&at.display().to_string())),
            });
        }
    }
    Ok(())
}

struct Look<'a> {
    repository: &'a Repository,
    directory: &'a str,
    wants: &'a dyn Fn(&str) -> bool,
    stat: gix::index::entry::stat::Options,
    ignores: gix::AttributeStack<'a>,
    filters: Option<Filters<'a>>,
    index: gix::worktree::Index,
    committed: BTreeMap<String, Entry>,
    files: BTreeMap<String, File>,
}

impl Look<'_> {
    fn folder(&mut self, dir: &Path, prefix: &str) -> Result<()> {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() => return Err(failure::fs("cannot read", dir)(error)),
            Err(error) => {
                self.put(prefix.to_owned(), None, Content::Unreadable(error.to_string()));
                return Ok(());
            }
        };
        let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        names.sort();
        for name in names.into_iter().filter(|name| name != ".git") {
            let path = join(prefix, &name.to_string_lossy());
            let full = dir.join(&name);
            if name.to_str().is_none() {
                self.put(path, None, Content::Special);
                continue;
            }
            match fs::symlink_metadata(&full) {
                Ok(meta) if meta.is_dir() && full.join(".git").exists() => {
                    self.put(path, None, Content::Special);
                }
                Ok(meta) if meta.is_dir() => self.folder(&full, &path)?,
                Ok(meta) => self.entry(&full, path, &meta)?,
                Err(error) => self.put(path, None, Content::Unreadable(error.to_string())),
            }
        }
        Ok(())
    }

    fn entry(&mut self, full: &Path, path: String, meta: &Metadata) -> Result<()> {
        let known = self.known_id(&path, full);
        if known.is_none() && !self.is_tracked(&path) && self.is_ignored(&path)? {
            self.put(path, None, Content::Ignored);
        } else if meta.is_symlink() {
            let target = fs::read_link(full).map_err(failure::fs("cannot read", full))?;
            let id = hash::blob_id(target.as_os_str().as_encoded_bytes());
            self.put(path, Some(id), Content::Symlink);
        } else if !meta.is_file() {
            self.put(path, None, Content::Special);
        } else if meta.len() > MAX_FILE {
            self.put(path, known, Content::TooLarge(meta.len()));
        } else {
            self.file(full, path, meta.len(), known)?;
        }
        Ok(())
    }

    fn file(&mut self, full: &Path, path: String, size: u64, known: Option<String>) -> Result<()> {
        let wanted = (self.wants)(&path);
        if let Some(id) = known.clone().filter(|_| !wanted) {
            self.put(path, Some(id), Content::Unread(size));
            return Ok(());
        }
        let bytes = match fs::read(full) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.put(path, known, Content::Unreadable(error.to_string()));
                return Ok(());
            }
        };
        let name = join(self.directory, &path);
        let bytes = match &mut self.filters {
            Some(filters) => filters.stored(&name, bytes)?,
            None => bytes,
        };
        let id = Some(hash::blob_id(&bytes));
        let content = if wanted { Content::Bytes(bytes.into()) } else { Content::Unread(size) };
        self.put(path, id, content);
        Ok(())
    }

    /// What was committed and has no working file: deleted, or left out by a sparse checkout.
    fn rest(&mut self) -> Result<()> {
        for (path, entry) in std::mem::take(&mut self.committed) {
            if self.files.contains_key(&path) {
                continue;
            }
            let id = Some(entry.id.to_string());
            let file = if entry.kind == EntryKind::Commit || self.is_skipped(&path) {
                let content = stored_content(self.repository, entry, (self.wants)(&path))?;
                File { committed: id.clone(), current: id, content }
            } else {
                File { committed: id, current: None, content: Content::Deleted }
            };
            self.files.insert(path, file);
        }
        Ok(())
    }

    fn put(&mut self, path: String, current: Option<String>, content: Content) {
        let committed = self.committed.get(&path).map(|entry| entry.id.to_string());
        // A file that is not read keeps what is committed: nothing says that it was edited.
        let unknown = matches!(content, Content::TooLarge(_) | Content::Unreadable(_) | Content::Special);
        let current = if unknown && current.is_none() { committed.clone() } else { current };
        self.files.insert(path, File { committed, current, content });
    }

    /// The blob the index has for a file, if the file was not touched since.
    fn known_id(&self, path: &str, full: &Path) -> Option<String> {
        let name = join(self.directory, path);
        let entry = self.index.entry_by_path(name.as_bytes().as_bstr())?;
        if racy::is_marked(entry) {
            return None;
        }
        let meta = gix::index::fs::Metadata::from_path_no_follow(full).ok()?;
        let stat = gix::index::entry::Stat::from_fs(&meta).ok()?;
        let same = stat.matches(&entry.stat, self.stat) && !entry.stat.is_racy(self.index.timestamp(), self.stat);
        same.then(|| entry.id.to_string())
    }

    fn is_tracked(&self, path: &str) -> bool {
        let name = join(self.directory, path);
        self.committed.contains_key(path) || self.index.entry_by_path(name.as_bytes().as_bstr()).is_some()
    }

    fn is_skipped(&self, path: &str) -> bool {
        let name = join(self.directory, path);
        let entry = self.index.entry_by_path(name.as_bytes().as_bstr());
        entry.is_some_and(|entry| entry.flags.contains(gix::index::entry::Flags::SKIP_WORKTREE))
    }

    fn is_ignored(&mut self, path: &str) -> Result<bool> {
        let name = join(self.directory, path);
        let failed = failure::git("reading .gitignore", &self.repository.location.dir);
        Ok(self.ignores.at_path(&name, None).map_err(failed)?.is_excluded())
    }
}
