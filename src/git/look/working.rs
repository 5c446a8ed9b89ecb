//! The working tree of one directory: what it has beside the tip, and what of it could not be seen.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;

use gix::bstr::ByteSlice;
use gix::index::entry::{Flags, Mode};
use gix::objs::tree::EntryKind;
use gix::worktree::stack::state::ignore;

use super::folder::{self, Standing};
use super::stored_content;
use crate::error::{Error, Result};
use crate::fabric::document::MAX_FILE;
use crate::fabric::layout;
use crate::fabric::snapshot::{Content, File};
use crate::fabric::unseen::Unseen;
use crate::git::conversion::Filters;
use crate::git::folder::{Folder, Found};
use crate::git::repository::Repository;
use crate::git::trees::{Entry, shown_name};
use crate::git::{failure, hash, join, racy};

/// The folders of a GitOps directory that are never anything else.
const AREAS: [&str; 3] = ["raw", "managed", "unmanaged"];

/// Every file of a directory as it stands, and every folder that was not looked into.
pub(super) type Looked = (BTreeMap<String, File>, BTreeMap<String, Unseen>);

/// Looks at a directory of the working tree beside what the tip has there.
pub(super) fn look(
    repository: &Repository,
    root: &Path,
    directory: &str,
    committed: BTreeMap<String, Entry>,
    wants: &dyn Fn(&str) -> bool,
) -> Result<Looked> {
    let failed = || failure::git("reading the index", &repository.location.dir);
    let index = repository.gix.index_or_empty().map_err(failed())?;
    if index.is_sparse() {
        let path = repository.location.dir.clone();
        return Err(Error::RepoUnsupported { path, what: "its index is sparse".to_owned() });
    }
    let ignored = ignore::Source::WorktreeThenIdMappingIfNotSkipped;
    let mut look = Look {
        repository,
        directory,
        wants,
        root: Folder::open(root).map_err(failure::fs("cannot open", root))?,
        stat: repository.gix.stat_options().map_err(failed())?,
        ignores: repository.gix.excludes(&index, None, ignored).map_err(failed())?,
        filters: Filters::new(repository)?,
        index,
        committed,
        files: BTreeMap::new(),
        unseen: BTreeMap::new(),
    };
    if let Some(top) = folder::top(root, directory)? {
        look.folder(&top, "")?;
    }
    look.rest()?;
    Ok((look.files, look.unseen))
}

fn names_in(dir: &Path) -> std::io::Result<Vec<OsString>> {
    fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
}

struct Look<'a> {
    repository: &'a Repository,
    directory: &'a str,
    wants: &'a dyn Fn(&str) -> bool,
    /// The working tree; files are read from handle to handle.
    root: Folder,
    stat: gix::index::entry::stat::Options,
    ignores: gix::AttributeStack<'a>,
    filters: Option<Filters<'a>>,
    index: gix::worktree::Index,
    committed: BTreeMap<String, Entry>,
    files: BTreeMap<String, File>,
    unseen: BTreeMap<String, Unseen>,
}

impl Look<'_> {
    fn folder(&mut self, dir: &Path, prefix: &str) -> Result<()> {
        let mut names = match names_in(dir) {
            Ok(names) => names,
            Err(error) if prefix.is_empty() => return Err(failure::fs("cannot look into it", dir)(error)),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return self.leave(prefix, Unseen::Unreadable(error.to_string())),
        };
        names.sort();
        for name in names.into_iter().filter(|name| name != ".git") {
            let path = join(prefix, &shown_name(name.as_encoded_bytes()));
            self.one(&dir.join(&name), path)?;
        }
        Ok(())
    }

    fn one(&mut self, full: &Path, path: String) -> Result<()> {
        match folder::stand(full) {
            Standing::Absent => Ok(()),
            Standing::Folder => self.folder(full, &path),
            Standing::Unseen(Unseen::Repository) if self.is_submodule(&path) => {
                self.put(path, None, Content::Special);
                Ok(())
            }
            Standing::Unseen(Unseen::Unreadable(answer)) if self.committed.contains_key(&path) => {
                self.put(path, None, Content::Unreadable(answer));
                Ok(())
            }
            Standing::Unseen(unseen) => self.leave(&path, unseen),
            Standing::Other(meta) if self.is_folder(&path) => {
                self.leave(&path, if meta.is_symlink() { Unseen::Link } else { Unseen::NotFolder })
            }
            Standing::Other(meta) => self.entry(full, path, &meta),
        }
    }

    /// Leaves a folder alone: nothing is known of what lies below.
    fn leave(&mut self, path: &str, why: Unseen) -> Result<()> {
        if !self.is_folder(path) && self.is_ignored(path, Some(Mode::DIR))? {
            self.put(path.to_owned(), None, Content::Ignored);
        } else {
            self.unseen.insert(path.to_owned(), why);
        }
        Ok(())
    }

    /// Whether there should be a folder: the tip has one, or the layout.
    fn is_folder(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let next = self.committed.range(below.clone()..).next();
        AREAS.contains(&path) || next.is_some_and(|(other, _)| other.starts_with(&below))
    }

    fn is_submodule(&self, path: &str) -> bool {
        let name = join(self.directory, path);
        let staged = self.index.entry_by_path(name.as_bytes().as_bstr());
        self.committed.get(path).is_some_and(|entry| entry.kind == EntryKind::Commit)
            || staged.is_some_and(|entry| entry.mode == Mode::COMMIT)
    }

    fn entry(&mut self, full: &Path, path: String, meta: &Metadata) -> Result<()> {
        let known = self.known_id(&path, full);
        if known.is_none() && !self.is_tracked(&path) && self.is_ignored(&path, None)? {
            self.put(path, None, Content::Ignored);
        } else if meta.is_symlink() {
            match fs::read_link(full) {
                Ok(target) => {
                    let id = hash::blob_id(target.as_os_str().as_encoded_bytes());
                    self.put(path, Some(id), Content::Symlink);
                }
                Err(error) => self.put(path, None, Content::Unreadable(error.to_string())),
            }
        } else if !meta.is_file() && self.committed.contains_key(&path) {
            self.put(path, None, Content::Unreadable("it is no regular file any more".to_owned()));
        } else if !meta.is_file() {
            self.put(path, None, Content::Special);
        } else if meta.len() > MAX_FILE {
            self.large(full, path, meta.len(), known);
        } else {
            self.file(full, path, meta.len(), known)?;
        }
        Ok(())
    }

    /// A file that is too large to be read; whether one of the tip was edited is told all the same.
    fn large(&mut self, full: &Path, path: String, size: u64, known: Option<String>) {
        let id = match known {
            Some(id) => Ok(Some(id)),
            None if self.committed.contains_key(&path) => hash::blob_of_file(full).map(Some),
            None => Ok(None),
        };
        match id {
            Ok(id) => self.put(path, id, Content::TooLarge(size)),
            Err(error) => self.put(path, None, Content::Unreadable(error.to_string())),
        }
    }

    fn file(&mut self, full: &Path, path: String, size: u64, known: Option<String>) -> Result<()> {
        let wanted = (self.wants)(&path);
        if let Some(id) = known.clone().filter(|_| !wanted) {
            self.put(path, Some(id), Content::Unread(size));
            return Ok(());
        }
        let name = join(self.directory, &path);
        // The shown path of an odd name is quoted, so the file is found by its own.
        let place = full.strip_prefix(self.repository.workdir().unwrap_or(full)).unwrap_or(full);
        let bytes = match self.root.read(place) {
            Ok(Found::File(bytes)) => bytes,
            Ok(Found::Nothing) => return Ok(()),
            // It was a file a moment ago.
            Ok(Found::Link(_) | Found::Other) => {
                self.put(path, None, Content::Special);
                return Ok(());
            }
            Err(error) => {
                self.put(path, known, Content::Unreadable(error.to_string()));
                return Ok(());
            }
        };
        let bytes = match self.stored(&path, &name, bytes) {
            Err(Error::PathUnsupported { what: why, remedy, .. }) => {
                self.put(path, None, Content::Refused { why, remedy });
                return Ok(());
            }
            other => other?,
        };
        let id = Some(hash::blob_id(&bytes));
        let content = if wanted { Content::Bytes(bytes.into()) } else { Content::Unread(size) };
        self.put(path, id, content);
        Ok(())
    }

    /// The bytes of a file as `git add` would store them; what is to be taken in has to pass all that git asks.
    fn stored(&mut self, path: &str, name: &str, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let Some(filters) = &mut self.filters else {
            return Ok(bytes);
        };
        let is_to_be_taken_in = matches!(layout::place(path), layout::Place::Raw | layout::Place::Loose);
        if !is_to_be_taken_in {
            return filters.stored(name, &bytes);
        }
        let stored = filters.stored(name, &bytes)?;
        let committed = self.committed.get(path).map(|entry| entry.id.to_string());
        if committed != Some(hash::blob_id(&stored)) {
            filters.check_line_ends(name, &bytes)?;
        }
        Ok(stored)
    }

    /// What was committed and has no working file: deleted, left out by a sparse checkout, or unseen.
    fn rest(&mut self) -> Result<()> {
        for (path, entry) in std::mem::take(&mut self.committed) {
            if self.files.contains_key(&path) {
                continue;
            }
            let id = Some(entry.id.to_string());
            let file = if self.is_hidden(&path) {
                File { committed: id.clone(), current: id, content: Content::Unseen }
            } else if entry.kind == EntryKind::Commit || self.is_skipped(&path) {
                let content = stored_content(self.repository, entry, (self.wants)(&path))?;
                File { committed: id.clone(), current: id, content }
            } else {
                File { committed: id, current: None, content: Content::Deleted }
            };
            self.files.insert(path, file);
        }
        Ok(())
    }

    fn is_hidden(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| self.unseen.contains_key(&path[..at]))
    }

    fn put(&mut self, path: String, current: Option<String>, content: Content) {
        let committed = self.committed.get(&path).map(|entry| entry.id.to_string());
        // A file that is not read keeps what is committed: nothing says that it was edited.
        let unknown = matches!(
            content,
            Content::TooLarge(_) | Content::Unreadable(_) | Content::Refused { .. } | Content::Special
        );
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
        entry.is_some_and(|entry| entry.flags.contains(Flags::SKIP_WORKTREE))
    }

    fn is_ignored(&mut self, path: &str, mode: Option<Mode>) -> Result<bool> {
        let name = join(self.directory, path);
        let failed = failure::git("reading .gitignore", &self.repository.location.dir);
        Ok(self.ignores.at_path(&name, mode).map_err(failed)?.is_excluded())
    }
}
