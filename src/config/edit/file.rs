//! Writing the configuration file whole or not at all, one writer at a time.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Replaces the configuration's text by what `edit` makes of it; a missing file reads as empty.
///
/// A lock beside the file keeps two writers apart; the new text goes to a temporary file that
/// takes the old one's place and mode. A symbolic link stays one: its target is replaced.
///
/// # Errors
/// What `edit` returns, and [`Error::Fs`]; the file is then as it was.
pub fn rewrite(path: &Path, edit: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Error::fs("cannot make the folder", folder))?;
    let lock_path = beside(&target, "lock");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(Error::fs("cannot open the lock", &lock_path))?;
    lock.lock().map_err(Error::fs("cannot lock", &lock_path))?;
    let old = match std::fs::read_to_string(&target) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(Error::fs("cannot read", &target)(error)),
    };
    let text = old.as_deref().unwrap_or_default();
    let new = edit(text)?;
    if new == text && old.is_some() {
        return Ok(());
    }
    replace(&target, folder, &new).map_err(Error::fs("cannot write", &target))
}

fn replace(target: &Path, folder: &Path, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".config.").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(metadata) = std::fs::metadata(target) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    File::open(folder)?.sync_all()
}

fn beside(target: &Path, suffix: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    target.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::rewrite;
    use crate::error::Error;

    #[test]
    fn mode_and_links_are_kept_and_a_failed_edit_changes_nothing() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real.yaml");
        let link = dir.path().join("config.yaml");
        std::fs::write(&real, "old").unwrap();
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        rewrite(&link, |text| Ok(format!("{text} new"))).unwrap();
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "old new");
        assert!(link.is_symlink());
        let mode = std::fs::metadata(&real).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        let failed = rewrite(&link, |_| Err(Error::Stopped));
        assert!(matches!(failed, Err(Error::Stopped)));
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "old new");
    }

    #[test]
    fn a_missing_file_and_folder_are_made() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/config.yaml");
        rewrite(&path, |text| Ok(format!("{text}x"))).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "x");
    }

    #[test]
    fn writers_wait_for_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.yaml");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| rewrite(&path, |text| Ok(format!("{text}x"))).unwrap());
            }
        });
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "xxxxxxxx");
    }
}
