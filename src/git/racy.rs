//! Racy: entries of an index whose file changed within the second in which the index was written, marked as git marks them.
//!
//! Git takes a file for unchanged where its size and times are those of its entry. That says nothing
//! about a file written in the same second as the index or later, so git reads such a file whenever it
//! looks. Once a newer index is written nothing tells these entries from others: whoever writes it has
//! to read their files first, and gives an entry whose file differs the size zero, which no longer matches.

use std::fs::{self, File};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use gix::bstr::{BStr, ByteSlice};
use gix::index::Entry;
use gix::index::entry::stat::Options;
use gix::index::entry::{Mode, Stat};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::error::Result;
use crate::git::conversion::Filters;
use crate::git::repository::Repository;
use crate::git::{failure, hash};

/// Files over this many bytes are not read into memory; they count as changed where they are converted.
use crate::fabric::document::MAX_FILE;

/// Marks the entries that may hide an edit; to be called before a newer index is written.
pub(super) fn mark(repository: &Repository, index: &mut gix::index::File) -> Result<()> {
    let Some(root) = repository.workdir() else {
        return Ok(());
    };
    let failed = failure::git("reading the configuration", &repository.location.dir);
    let options = in_whole_seconds(repository.gix.stat_options().map_err(failed)?);
    let timestamp = index.timestamp();
    let is_racy = |entry: &Entry| entry.mode != Mode::COMMIT && entry.stat.is_racy(timestamp, options);
    let racy = index.entries().iter().enumerate().filter(|(_, entry)| is_racy(entry));
    let racy: Vec<(usize, &Entry)> = racy.collect();
    let differs = |(at, entry): &(usize, &Entry)| differs(root, index, entry, options).then_some(*at);
    let suspects: Vec<usize> = racy.par_iter().filter_map(differs).collect();
    let mut edited = Vec::new();
    if !suspects.is_empty() {
        let mut filters = Filters::new(repository)?;
        for at in suspects {
            let entry = &index.entries()[at];
            if !is_converted(root, entry, entry.path(index), filters.as_mut()) {
                edited.push(at);
            }
        }
    }
    for at in edited {
        index.entries_mut()[at].stat.size = 0;
    }
    Ok(())
}

/// Whether an entry was marked: it says nothing about its file.
pub(super) fn is_marked(entry: &Entry) -> bool {
    entry.stat.size == 0 && entry.id != gix::ObjectId::empty_blob(entry.id.kind())
}

/// Git compares whole seconds, and reads too many files rather than too few.
fn in_whole_seconds(options: Options) -> Options {
    Options { use_nsec: false, ..options }
}

/// Whether a file that looks like its entry has other bytes than the entry's blob.
fn differs(root: &Path, index: &gix::index::State, entry: &Entry, options: Options) -> bool {
    let Ok(path) = gix::path::from_bstr(entry.path(index)) else {
        return true;
    };
    let full = root.join(path);
    // A file that is gone, or that looks otherwise than its entry, is seen by everybody.
    let Ok(meta) = gix::index::fs::Metadata::from_path_no_follow(&full) else {
        return false;
    };
    let looks_alike = Stat::from_fs(&meta).is_ok_and(|stat| stat.matches(&entry.stat, options));
    looks_alike && blob(&full, meta.is_symlink(), meta.len()).is_none_or(|id| id != entry.id)
}

/// The blob of a file as it stands, read piece by piece; none where it cannot be read.
fn blob(full: &Path, is_link: bool, len: u64) -> Option<gix::ObjectId> {
    if is_link {
        let target = fs::read_link(full).ok()?;
        return hash::blob_object(target.as_os_str().as_encoded_bytes()).ok();
    }
    let (kind, object) = (gix::hash::Kind::Sha1, gix::objs::Kind::Blob);
    let (progress, stop) = (&mut gix::progress::Discard, AtomicBool::new(false));
    gix::objs::compute_stream_hash(kind, object, &mut File::open(full).ok()?, len, progress, &stop).ok()
}

/// Whether a file with other bytes than its blob is that blob once it went through git's conversions.
fn is_converted(root: &Path, entry: &Entry, path: &BStr, filters: Option<&mut Filters<'_>>) -> bool {
    let (Some(filters), Ok(path)) = (filters, path.to_str()) else {
        return false;
    };
    let full = root.join(path);
    if !fs::symlink_metadata(&full).is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_FILE) {
        return false;
    }
    // Where it cannot be converted the entry is marked, and git says why when it looks.
    let stored = fs::read(&full).ok().and_then(|bytes| filters.stored(path, &bytes).ok());
    stored.and_then(|bytes| hash::blob_object(&bytes).ok()).is_some_and(|id| id == entry.id)
}
