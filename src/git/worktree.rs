//! The user's working tree: edits that stand in the way, and bringing exactly the plan's paths up to date.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use gix::bstr::ByteSlice;
use gix::index::entry::{Flags, Mode, Stage, Stat};

use crate::error::{Error, Result};
use crate::fabric::plan::Edit;
use crate::git::attributes;
use crate::git::conversion::Filters;
use crate::git::folder::{Folder, Found, Place};
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
    attributes::refuse_paths(repository, tree, edits)?;
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
        if edit.after.is_some() && edit.current != edit.committed {
            working.check_line_ends(&edit.path)?;
        }
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
    folder: Folder,
    filters: Filters<'a>,
    /// What was written and may not be on the disk yet.
    written: RefCell<Vec<String>>,
}

impl<'a> Working<'a> {
    /// The working tree; none in a clone of ours.
    pub(super) fn new(repository: &'a Repository) -> Result<Option<Self>> {
        let Some(root) = repository.workdir().map(Path::to_owned) else {
            return Ok(None);
        };
        let folder = Folder::open(&root).map_err(failure::fs("cannot open", &root))?;
        let filters = Filters::new(repository)?;
        Ok(filters.map(|filters| Self { repository, root, folder, filters, written: RefCell::default() }))
    }

    /// The blob of a working file as `git add` would store it; none if nothing is there.
    ///
    /// # Errors
    /// `RepoUnsupported` where a parent of the path is a link.
    pub(super) fn current(&mut self, path: &str) -> Result<Option<String>> {
        let found = self.folder.read(path).map_err(|error| self.failed("cannot read", path, error))?;
        match found {
            Found::Nothing => Ok(None),
            Found::Link(target) => Ok(Some(hash::blob_id(&target))),
            Found::File(bytes) => Ok(Some(hash::blob_id(&self.filters.stored(path, &bytes)?))),
            Found::Other => Err(unsupported(self.repository, format!("{} is no file", text::clean_line(path)))),
        }
    }

    /// Refuses a working file that git would not add for its line ends.
    fn check_line_ends(&mut self, path: &str) -> Result<()> {
        match self.folder.read(path).map_err(|error| self.failed("cannot read", path, error))? {
            Found::File(bytes) => self.filters.check_line_ends(path, &bytes),
            Found::Nothing | Found::Link(_) | Found::Other => Ok(()),
        }
    }

    /// Writes a file beside its place and puts it there; false, with the place as it was found, where that
    /// held something else than `current` in that very moment.
    pub(super) fn write(&mut self, path: &str, stored: &Stored, current: Option<&str>) -> Result<bool> {
        let bytes = self.filters.checked_out(path, &stored.bytes)?;
        let place = self.folder.make_place(path).map_err(|error| self.failed("cannot create", path, error))?;
        let (new, aside) = besides(&place, path).map_err(|error| self.failed("cannot write", path, error))?;
        let id = stored.id.to_string();
        let put = new.remove().and_then(|()| new.create(&bytes, stored.executable)).and_then(|()| match current {
            None => put_new(&new, &place),
            Some(_) => put_over(&new, &aside, &place),
        });
        let put = put.map_err(|error| self.failed("cannot write", path, error))?;
        let is_settled = match put {
            Put::Refused => false,
            Put::New => true,
            Put::Exchanged => self.settle_aside(path, [&place, &aside], [current, Some(&id)])?,
            Put::Waiting => {
                self.settle_aside(path, [&place, &aside], [current, None])?
                    && matches!(put_new(&new, &place), Ok(Put::New))
            }
        };
        if is_settled {
            self.written.borrow_mut().push(path.to_owned());
        }
        Ok(is_settled)
    }

    /// Removes a file once everything written is on the disk; false, with the file back in its place, where
    /// it held something else than `current` in that very moment.
    pub(super) fn remove(&mut self, path: &str, current: Option<&str>) -> Result<bool> {
        self.flush()?;
        let place = self.folder.place(path).map_err(|error| self.failed("cannot remove", path, error))?;
        let Some(place) = place else {
            return Ok(true);
        };
        let moved = besides(&place, path).and_then(|(_, aside)| place.rename(&aside).map(|()| aside));
        match moved {
            Ok(aside) => self.settle_aside(path, [&place, &aside], [current, None]),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(self.failed("cannot remove", path, error)),
        }
    }

    /// Settles what a crash may have left beside a path that was to become `after` and had been `current`.
    pub(super) fn remove_leftover(&mut self, path: &str, current: Option<&str>, after: Option<&str>) -> Result<()> {
        let place = self.folder.place(path).map_err(|error| self.failed("cannot read", path, error))?;
        let Some(place) = place else {
            return Ok(());
        };
        let cleared = besides(&place, path).and_then(|(new, aside)| new.remove().map(|()| aside));
        let aside = cleared.map_err(|error| self.failed("cannot remove", path, error))?;
        self.settle_aside(path, [&place, &aside], [current, after]).map(drop)
    }

    /// Removes what was moved aside if Git has it or we wrote it; a newer text goes back to its place.
    ///
    /// # Errors
    /// `Fs` naming the file under which it is kept where a still newer text is in its place.
    fn settle_aside(&mut self, path: &str, at: [&Place<'_>; 2], known: [Option<&str>; 2]) -> Result<bool> {
        let [place, aside] = at;
        let failed = |error| failed_at(self.repository, &self.root, "cannot put back", path, error);
        let found = aside.read().map_err(failed)?;
        if found == Found::Nothing {
            return Ok(true);
        }
        let [_, ours] = known;
        let id = stored_id(&mut self.filters, path, found);
        if id.is_some() && known.contains(&id.as_deref()) {
            aside.remove().map_err(failed)?;
            return Ok(true);
        }
        let here = place.read().map_err(failed)?;
        if here == Found::Nothing {
            return aside.rename_new(place).map_err(failed).map(|()| false);
        }
        let here = stored_id(&mut self.filters, path, here);
        if here.is_some() && here.as_deref() == ours {
            return aside.rename(place).map_err(failed).map(|()| false);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let mark: String = id.unwrap_or_default().chars().take(8).collect();
        let name = format!("{name}.{mark}.kept");
        place.beside(name.clone()).and_then(|kept| aside.rename(&kept)).map_err(failed)?;
        let source = std::io::Error::from(ErrorKind::AlreadyExists);
        let path = self.root.join(path).with_file_name(name);
        Err(Error::Fs { what: "holds a text that was in the way and could not go back", path, source })
    }

    /// Waits until everything written is on the disk.
    pub(super) fn flush(&self) -> Result<()> {
        let written = self.written.take();
        self.folder.sync(&written).map_err(failure::fs("cannot write", &self.root))
    }

    fn failed(&self, what: &'static str, path: &str, error: std::io::Error) -> Error {
        failed_at(self.repository, &self.root, what, path, error)
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
    working.flush()?;
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

/// How a new file came to its place.
enum Put {
    /// Nothing was there.
    New,
    /// What was there lies aside now.
    Exchanged,
    /// What was there lies aside now, and the new file is not in its place yet.
    Waiting,
    /// It did not: something was there that was not expected, or nothing.
    Refused,
}

/// Puts a new file where nothing is.
fn put_new(new: &Place<'_>, place: &Place<'_>) -> std::io::Result<Put> {
    match new.rename_new(place) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => new.remove().map(|()| Put::Refused),
        other => other.map(|()| Put::New),
    }
}

/// Puts a new file where another is, which goes aside in the same moment where the file system can do that.
fn put_over(new: &Place<'_>, aside: &Place<'_>, place: &Place<'_>) -> std::io::Result<Put> {
    // What lies aside is the new file or the old one at any moment, and both are known after a crash.
    new.rename(aside)?;
    match aside.exchange(place) {
        Ok(()) => Ok(Put::Exchanged),
        Err(error) if error.kind() == ErrorKind::NotFound => aside.remove().map(|()| Put::Refused),
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            aside.rename(new)?;
            match place.rename(aside) {
                Err(error) if error.kind() == ErrorKind::NotFound => new.remove().map(|()| Put::Refused),
                other => other.map(|()| Put::Waiting),
            }
        }
        Err(error) => Err(error),
    }
}

/// The blob of what was found at a path; none where it has none or cannot be converted.
fn stored_id(filters: &mut Filters<'_>, path: &str, found: Found) -> Option<String> {
    match found {
        Found::File(bytes) => filters.stored(path, &bytes).ok().map(|bytes| hash::blob_id(&bytes)),
        Found::Link(target) => Some(hash::blob_id(&target)),
        Found::Nothing | Found::Other => None,
    }
}

/// Where a new file is written beside its path, and where what lies there is moved to; the same after a crash.
fn besides<'p>(place: &Place<'_>, path: &str) -> std::io::Result<(Place<'p>, Place<'p>)> {
    let name: String = hash::blob_id(path.as_bytes()).chars().take(16).collect();
    Ok((place.beside(format!(".hedgerow-{name}"))?, place.beside(format!(".hedgerow-{name}.aside"))?))
}

fn failed_at(repository: &Repository, root: &Path, what: &'static str, path: &str, error: std::io::Error) -> Error {
    if error.kind() == ErrorKind::NotADirectory {
        let what = format!("a folder of {} is no directory, or a symbolic link", text::clean_line(path));
        return unsupported(repository, what);
    }
    failure::fs(what, &root.join(path))(error)
}
