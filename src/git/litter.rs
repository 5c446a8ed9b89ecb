//! Litter: files that a run which was cut off left, and that nobody needs or names.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::Result;
use crate::git::failure;
use crate::git::holder::is_open;
use crate::git::repository::Repository;

/// What is older than this is swept away also where no intent says that it is ours.
const OLD: Duration = Duration::from_hours(24);

/// How an unfinished clone's folder begins.
pub(super) const NEW: &str = ".new-";

/// Removes unfinished packs and indexes; the caller holds the repository's own lock.
///
/// `since` is when an interrupted run began. Without one only what is old is taken: other programs
/// write packs under such names, too.
pub(super) fn sweep(repository: &Repository, since: Option<SystemTime>) {
    let limit = SystemTime::now() - OLD;
    let is_dead = |path: &Path| {
        let written = path.symlink_metadata().ok().filter(fs::Metadata::is_file).and_then(|meta| meta.modified().ok());
        written.is_some_and(|written| since.is_some_and(|since| written >= since) || written < limit)
    };
    let packs = named(&repository.gix.objects.store_ref().path().join("pack"), is_pack);
    let indexes = named(repository.gix.git_dir(), |name| name.starts_with("index.hedgerow"));
    for path in packs.into_iter().chain(indexes).filter(|path| is_dead(path) && !is_open(path)) {
        // What stays is in nobody's way, and is tried again.
        let _ = fs::remove_file(path);
    }
}

/// `.tmp` and six letters, as an unfinished pack is named; `git repack` names its own otherwise.
fn is_pack(name: &str) -> bool {
    let end = name.strip_prefix(".tmp").unwrap_or_default();
    end.len() == 6 && end.chars().all(|c| c.is_ascii_alphanumeric())
}

fn named(dir: &Path, is_meant: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_str().is_some_and(&is_meant)).map(|entry| entry.path()).collect()
}

/// Takes the lock of a folder of clones, so that one process at a time makes one there.
pub(super) fn making(folder: &Path) -> Result<File> {
    let file = File::open(folder).map_err(failure::fs("cannot open", folder))?;
    file.lock().map_err(failure::fs("cannot lock", folder))?;
    Ok(file)
}

/// Removes unfinished clones where nobody makes one now.
pub(super) fn sweep_clones(folder: &Path) -> Result<()> {
    let left = named(folder, |name| name.starts_with(NEW));
    if left.is_empty() {
        return Ok(());
    }
    let file = File::open(folder).map_err(failure::fs("cannot open", folder))?;
    match file.try_lock() {
        Ok(()) => remove_clones(left),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(source)) => Err(failure::fs("cannot lock", folder)(source)),
    }
}

fn remove_clones(left: Vec<PathBuf>) -> Result<()> {
    for path in left {
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(failure::fs("cannot remove", &path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_pack, making, sweep_clones};

    #[test]
    fn only_our_own_unfinished_packs_are_meant() {
        assert!(is_pack(".tmpKQ9BtT"));
        for name in [".tmp-812-pack-6728.pack", "tmp_pack_a1b2c3", ".tmp", ".tmpKQ9BtT.idx", "pack-672.pack"] {
            assert!(!is_pack(name), "{name}");
        }
    }

    #[test]
    fn an_unfinished_clone_stays_while_somebody_makes_one() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(".new-x")).unwrap();
        let held = making(dir.path()).unwrap();
        sweep_clones(dir.path()).unwrap();
        assert!(dir.path().join(".new-x").exists());
        drop(held);
        sweep_clones(dir.path()).unwrap();
        assert!(!dir.path().join(".new-x").exists());
    }
}
