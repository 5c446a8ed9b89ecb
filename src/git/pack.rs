//! Objects held in memory written as one pack, and on the disk before anything refers to them.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use gix::odb::memory::Storage;
use gix::odb::pack::data::output;

use crate::error::Result;
use crate::git::failure;
use crate::git::sharing::Sharing;

/// What a `.keep` file of ours holds, so that a later start knows it.
const KEEP_MARK: &str = "hedgerow\n";

/// How the folder begins in which a pack is made; Git removes what begins with `tmp_` when it tidies up.
const ASIDE: &str = "tmp_objdir-hedgerow-";

/// Encoded objects, ready to be written.
type Entries = gix::Result<Vec<output::Entry>>;

/// Writes objects as one pack; returns its `.keep` file, to be removed once a reference has them.
///
/// The pack is finished aside, so that nobody ever sees one that is half written or that only we may read.
pub(super) fn flush(repo: &gix::Repository, objects: &Storage, dir: &Path) -> Result<Option<PathBuf>> {
    if objects.is_empty() {
        return Ok(None);
    }
    let failed = || failure::git("writing objects", dir);
    let bytes = encode(repo, objects).map_err(failed())?;
    let (sharing, root) = (Sharing::of(repo), repo.objects.store_ref().path());
    let place = root.join("pack");
    sharing.create_dir(&place)?;
    let aside =
        tempfile::Builder::new().prefix(ASIDE).tempdir_in(root).map_err(failure::fs("cannot write to", root))?;
    let written = gix::odb::pack::Bundle::write_to_directory(
        &mut BufReader::new(bytes.as_slice()),
        Some(aside.path()),
        &mut gix::progress::Discard,
        &AtomicBool::new(false),
        None::<gix::OdbHandle>,
        repo.object_hash(),
        gix::odb::pack::bundle::write::Options::default(),
    )
    .map_err(failed())?;
    if let Some(keep) = &written.keep_path {
        fs::write(keep, KEEP_MARK).map_err(failure::fs("cannot write", keep))?;
    }
    // The index last: a pack is used by whoever finds one, and kept by whoever finds the mark.
    let files = [&written.keep_path, &written.data_path, &written.index_path];
    let files: Vec<&Path> = files.into_iter().flatten().map(PathBuf::as_path).collect();
    sharing.protect_objects(&place, &files)?;
    let mut kept = None;
    for file in files {
        sync(file)?;
        let target = place.join(file.file_name().unwrap_or_default());
        fs::rename(file, &target).map_err(failure::fs("cannot write", &target))?;
        kept = kept.or(Some(target));
    }
    sync(&place)?;
    Ok(kept.filter(|_| written.keep_path.is_some()))
}

/// Removes packs that a crash left half made; the caller holds the repository's own lock.
fn remove_unfinished(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(ASIDE)) {
            // What stays is in nobody's way, and is tried again.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Removes `.keep` files of ours that a crash left; those that have no mark yet too, of packs written
/// since an interrupted run began.
pub(super) fn remove_marks(repo: &gix::Repository, since: Option<SystemTime>) {
    remove_unfinished(repo.objects.store_ref().path());
    let place = repo.objects.store_ref().path().join("pack");
    let is_new = |path: &Path| {
        let written = path.symlink_metadata().and_then(|meta| meta.modified());
        since.is_some_and(|since| written.is_ok_and(|written| written >= since))
    };
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_keep = path.extension().is_some_and(|extension| extension == "keep");
        let pack = path.with_extension("pack");
        let is_begun = || is_new(&path) && (is_new(&pack) || !pack.exists());
        let is_ours = |text: String| text == KEEP_MARK || KEEP_MARK.starts_with(&text) && is_begun();
        if is_keep && fs::read_to_string(&path).is_ok_and(is_ours) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Waits until a file or folder is on the disk.
pub(super) fn sync(path: &Path) -> Result<()> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(failure::fs("cannot write", path))
}

fn encode(repo: &gix::Repository, objects: &Storage) -> gix::Result<Vec<u8>> {
    let all: Vec<_> = objects.iter().map(|(id, (kind, data))| (*id, *kind, data.as_slice())).collect();
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = all.len().div_ceil(workers).max(64);
    let parts: Vec<Entries> = std::thread::scope(|scope| {
        let started: Vec<_> = all.chunks(share).map(|chunk| scope.spawn(move || encode_some(chunk))).collect();
        started.into_iter().filter_map(|worker| worker.join().ok()).collect()
    });
    let mut entries = Vec::with_capacity(all.len());
    for part in parts {
        entries.extend(part?);
    }
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let mut pack = Vec::new();
    let input = std::iter::once(Ok(entries));
    let version = gix::odb::pack::data::Version::default();
    for written in output::bytes::FromEntriesIter::new(input, &mut pack, count, version, repo.object_hash()) {
        written?;
    }
    Ok(pack)
}

fn encode_some(objects: &[(gix::ObjectId, gix::objs::Kind, &[u8])]) -> Entries {
    let entry = |(id, kind, data): &(gix::ObjectId, gix::objs::Kind, &[u8])| {
        let count = output::Count { id: *id, entry_pack_location: output::count::PackLocation::NotLookedUp };
        let object = gix::objs::Data { kind: *kind, data, object_hash: id.kind() };
        output::Entry::from_data(&count, &object, gix::zlib::Compression::DEFAULT)
    };
    objects.iter().map(entry).collect()
}
