//! Private: folders and files that only their owner can read, whoever makes them first.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{Result, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Makes a folder, and those above it, for its owner alone; one that is there stays as it is.
///
/// # Errors
/// What the file system refuses.
pub fn folder(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file of its owner alone in place of whatever has its name; a link is replaced, not followed.
///
/// # Errors
/// What the file system refuses; the old file is untouched then.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    folder(parent)?;
    // A temporary file is made with 0600.
    let mut file = tempfile::NamedTempFile::new_in(parent)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Writes a file of its owner alone, where none is yet.
///
/// # Errors
/// What the file system refuses, such as a name that is taken.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    folder(path.parent().unwrap_or(Path::new(".")))?;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    use super::{write, write_new};

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn whoever_is_first_makes_it_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state/hedgerow");
        write(&state.join("a"), b"one").unwrap();
        assert_eq!((mode(&state), mode(&state.join("a"))), (0o700, 0o600));
        let other = dir.path().join("other/hedgerow");
        write_new(&other.join("b"), b"two").unwrap();
        assert_eq!((mode(&other), mode(&other.join("b"))), (0o700, 0o600));
        assert!(write_new(&other.join("b"), b"three").is_err());
        assert_eq!(fs::read(other.join("b")).unwrap(), b"two");
    }

    #[test]
    fn a_wider_mode_goes_and_a_link_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link, target) = (dir.path().join("file"), dir.path().join("link"), dir.path().join("target"));
        fs::write(&file, "a longer old text").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        write(&file, b"new").unwrap();
        assert_eq!((mode(&file), fs::read(&file).unwrap().as_slice()), (0o600, &b"new"[..]));
        fs::write(&target, "theirs").unwrap();
        symlink(&target, &link).unwrap();
        write(&link, b"ours").unwrap();
        assert_eq!((fs::read(&target).unwrap().as_slice(), mode(&link)), (&b"theirs"[..], 0o600));
        assert!(write_new(&link, b"ours").is_err());
    }
}
