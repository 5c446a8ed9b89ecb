//! The user's working tree: edits that stand in the way, and bringing exactly the plan's paths up to date.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use gix::bstr::ByteSlice;
use gix::index::entry::{Flags, Mode, Stage, Stat};

use crate::error::{Error, Result};
use crate::fabric::plan::Edit;
use crate::git::attributes::{self, Filters};
use crate::git::index_lock;
use crate::git::repository::Repository;
use crate::git::sharing::Sharing;
use crate::git::tree::Stored;
use crate::git::{failure, hash, racy};
use crate::text;

/// Says at plan time what of a plan's paths stands in the way.
///
/// # Errors
/// `RepoDirty` for foreign edits the plan does not take in; `RepoUnsupported` for paths under a
/// filter program (LFS), in a submodule, behind a link, skip-worktree or assume-unchanged.
pub fn obstacles(repository: &Repository, edits: &[Edit]) -> Result<()> {
    let tree = repository.tip_id()?.map(|tip| repository.tree_of(tip)).transpose()?;
    attributes::refuse_paths(repository, tree, edits.iter().map(|edit| edit.path.as_str()))?;
    let Some(mut working) = Working::new(repository)? else {
        return Ok(());
    };
    let failed = failure::git("reading the index", &repository.location.dir);
    let index = repository.gix.index_or_empty().map_err(failed)?;
    if index.is_sparse() {
        return Err(unsupported(repository, "its index is sparse".to_owned()));
    }
    let kept: HashSet<String> = edits.iter().filter_map(|edit| edit.after.as_deref()).map(hash::blob_id).collect();
    let mut dirty = Vec::new();
    for edit in edits {
        let clean = is_staged_as_planned(repository, &index, &edit.path, [&edit.committed, &edit.current])?
            && working.current(&edit.path)? == edit.current
            && keeps_bytes(repository, edit, &kept)?;
        if !clean {
            dirty.push(text::clean_line(&edit.path));
        }
    }
    if dirty.is_empty() { Ok(()) } else { Err(Error::RepoDirty { paths: dirty }) }
}

/// Whether the index has nothing at the path but what the tip or the working file has.
pub(super) fn is_staged_as_planned(
    repository: &Repository,
    index: &gix::index::State,
    path: &str,
    [committed, current]: [&Option<String>; 2],
) -> Result<bool> {
    let Some(range) = index.entry_range(path.as_bytes().as_bstr()) else {
        let below = format!("{path}/");
        let is_directory = index.prefixed_entries(below.as_bytes().as_bstr()).is_some();
        return Ok(!is_directory && (committed.is_none() || current.is_none()));
    };
    let entries = index.entries().get(range).unwrap_or_default();
    let [entry] = entries else {
        return Ok(false);
    };
    if entry.stage() != Stage::Unconflicted {
        return Ok(false);
    }
    let odd = if entry.flags.contains(Flags::SKIP_WORKTREE) {
        Some("is left out by a sparse checkout")
    } else if entry.flags.contains(Flags::ASSUME_VALID) {
        Some("is marked assume-unchanged")
    } else if entry.mode == Mode::COMMIT {
        Some("is a submodule")
    } else {
        None
    };
    if let Some(odd) = odd {
        return Err(unsupported(repository, format!("{} {odd}", text::clean_line(path))));
    }
    let id = Some(entry.id.to_string());
    let intended = entry.flags.contains(Flags::INTENT_TO_ADD) && committed.is_none();
    Ok(intended || id == *committed || id == *current)
}

/// Whether uncommitted bytes of the path live on: in the plan, or in the repository.
fn keeps_bytes(repository: &Repository, edit: &Edit, kept: &HashSet<String>) -> Result<bool> {
    let Some(current) = edit.current.as_ref().filter(|_| edit.current != edit.committed) else {
        return Ok(true);
    };
    if edit.after.is_some() {
        return Ok(kept.contains(current));
    }
    Ok(kept.contains(current) || repository.holds_blob(current)?)
}

fn unsupported(repository: &Repository, what: String) -> Error {
    Error::RepoUnsupported { path: repository.location.dir.clone(), what }
}

/// The working tree of a user's clone.
pub(super) struct Working<'a> {
    repository: &'a Repository,
    root: PathBuf,
    filters: Filters<'a>,
}

impl<'a> Working<'a> {
    /// The working tree; none in a clone of ours.
    pub(super) fn new(repository: &'a Repository) -> Result<Option<Self>> {
        let Some(root) = repository.workdir().map(Path::to_owned) else {
            return Ok(None);
        };
        let filters = Filters::new(repository)?;
        Ok(filters.map(|filters| Self { repository, root, filters }))
    }

    /// The blob of a working file as `git add` would store it; none if nothing is there.
    ///
    /// # Errors
    /// `RepoUnsupported` where a parent of the path is a link.
    pub(super) fn current(&mut self, path: &str) -> Result<Option<String>> {
        let full = self.place(path)?;
        let meta = match fs::symlink_metadata(&full) {
            Ok(meta) => meta,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            // Not readable is not absent.
            Err(error) => return Err(failure::fs("cannot read", &full)(error)),
        };
        if meta.is_symlink() {
            let target = fs::read_link(&full).map_err(failure::fs("cannot read", &full))?;
            return Ok(Some(hash::blob_id(target.as_os_str().as_encoded_bytes())));
        }
        if !meta.is_file() {
            return Err(unsupported(self.repository, format!("{} is no file", text::clean_line(path))));
        }
        let bytes = fs::read(&full).map_err(failure::fs("cannot read", &full))?;
        Ok(Some(hash::blob_id(&self.filters.stored(path, bytes)?)))
    }

    /// Writes a file beside its place and renames it there.
    pub(super) fn write(&mut self, path: &str, stored: &Stored) -> Result<()> {
        let full = self.place(path)?;
        let bytes = self.filters.checked_out(path, &stored.bytes)?;
        if let Some(dir) = full.parent() {
            fs::create_dir_all(dir).map_err(failure::fs("cannot create", dir))?;
        }
        let beside = beside(&full, path);
        let _ = fs::remove_file(&beside);
        create(&beside, &bytes, stored.executable).map_err(failure::fs("cannot write", &beside))?;
        fs::rename(&beside, &full).map_err(failure::fs("cannot write", &full))
    }

    /// Removes a file.
    pub(super) fn remove(&self, path: &str) -> Result<()> {
        let full = self.place(path)?;
        fs::remove_file(&full).map_err(failure::fs("cannot remove", &full))
    }

    /// Removes the temporary file a crash may have left beside a path.
    pub(super) fn remove_leftover(&self, path: &str) -> Result<()> {
        let _ = fs::remove_file(beside(&self.place(path)?, path));
        Ok(())
    }

    /// The index entry a file has now, as (stat, mode); git compares the bytes of one without a stat.
    fn stat(&self, path: &str, stored: &Stored) -> Result<(Stat, Mode)> {
        let mode = if stored.executable { Mode::FILE_EXECUTABLE } else { Mode::FILE };
        if !stored.in_worktree {
            return Ok((Stat::default(), mode));
        }
        let full = self.place(path)?;
        let meta = gix::index::fs::Metadata::from_path_no_follow(&full).map_err(failure::fs("cannot read", &full))?;
        let stat = Stat::from_fs(&meta).unwrap_or_default();
        Ok((stat, mode))
    }

    /// The place of a path; never behind a link.
    fn place(&self, path: &str) -> Result<PathBuf> {
        let mut at = self.root.clone();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            at.push(part);
            if parts.peek().is_some() && fs::symlink_metadata(&at).is_ok_and(|meta| !meta.is_dir()) {
                let at = text::clean_line(&at.display().to_string());
                return Err(unsupported(self.repository, format!("{at} is no directory, or a symbolic link")));
            }
        }
        Ok(at)
    }
}

/// Writes the index with exactly these paths set or removed; the caller holds `index.lock`.
pub(super) fn write_index(
    repository: &Repository,
    working: &Working<'_>,
    changes: &BTreeMap<&str, Option<&Stored>>,
) -> Result<()> {
    let dir = &repository.location.dir;
    let path = repository.gix.index_path();
    let failed = || failure::git("writing the index", dir);
    let mut index = if path.exists() {
        repository.gix.open_index().map_err(failed())?
    } else {
        let state = gix::index::State::new(gix::hash::Kind::Sha1);
        gix::index::File::from_state(state, path.clone())
    };
    let before = index.entries().len();
    index.remove_entries(|_, name, _| name.to_str().is_ok_and(|name| changes.contains_key(name)));
    if index.entries().len() == before && changes.values().all(Option::is_none) {
        return Ok(());
    }
    racy::mark(repository, &mut index)?;
    for (name, stored) in changes {
        if let Some(stored) = stored {
            let (stat, mode) = working.stat(name, stored)?;
            index.dangerously_push_entry(stat, stored.id, Flags::empty(), mode, name.as_bytes().as_bstr());
        }
    }
    index.sort_entries();
    // The cached trees would be written as they were read, and the next commit would take them.
    index.remove_tree();
    let mut bytes = Vec::new();
    index.write_to(&mut bytes, gix::index::write::Options::default()).map_err(failed())?;
    put_index(repository, &path, &bytes)
}

/// Puts an index in its place, as old as the lock under which its entries were made.
///
/// A file that was written since then, by us or by somebody after us, is not older than the index, so
/// everybody reads it rather than trusting its entry.
fn put_index(repository: &Repository, path: &Path, bytes: &[u8]) -> Result<()> {
    let lock = index_lock::path(path);
    let since = fs::metadata(&lock).and_then(|meta| meta.modified()).map_err(failure::fs("cannot read", &lock))?;
    let beside = path.with_extension("hedgerow");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.set_modified(since)?;
        file.sync_all()
    });
    written.map_err(failure::fs("cannot write", &beside))?;
    Sharing::of(&repository.gix).adjust(&beside)?;
    fs::rename(&beside, path).map_err(failure::fs("cannot write", path))
}

/// The temporary file beside a path, the same after a crash.
fn beside(full: &Path, path: &str) -> PathBuf {
    let name: String = hash::blob_id(path.as_bytes()).chars().take(16).collect();
    full.with_file_name(format!(".hedgerow-{name}"))
}

fn create(path: &Path, bytes: &[u8], executable: bool) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if executable { 0o777 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = executable;
    options.open(path)?.write_all(bytes)
}
