//! Folders of the working tree: whether one is there, and why it is not looked into.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::fabric::unseen::Unseen;
use crate::git::failure;
use crate::text;

/// What stands at a path.
pub(super) enum Standing {
    /// Nothing.
    Absent,
    /// A folder that may be looked into.
    Folder,
    /// A folder, or something instead of one, that is not looked into.
    Unseen(Unseen),
    /// Something else, with what the system says of it.
    Other(fs::Metadata),
}

/// Finds out what stands at a path; links are not followed.
pub(super) fn stand(path: &Path) -> Standing {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Standing::Absent,
        Err(error) => return Standing::Unseen(Unseen::Unreadable(error.to_string())),
    };
    if !metadata.is_dir() {
        return Standing::Other(metadata);
    }
    match fs::symlink_metadata(path.join(".git")) {
        Ok(_) => Standing::Unseen(Unseen::Repository),
        Err(error) if error.kind() == ErrorKind::NotFound => Standing::Folder,
        Err(error) => Standing::Unseen(Unseen::Unreadable(error.to_string())),
    }
}

/// The folder of a GitOps directory; none if it is not there.
///
/// # Errors
/// `PathUnsupported` where it lies behind a link or a file or in another repository, `Fs` where that
/// cannot be told.
pub(super) fn top(root: &Path, directory: &str) -> Result<Option<PathBuf>> {
    let mut at = root.to_owned();
    let mut name = String::new();
    for part in directory.split('/').filter(|part| !part.is_empty()) {
        at.push(part);
        name = crate::git::join(&name, part);
        match stand(&at) {
            Standing::Folder => {}
            Standing::Absent => return Ok(None),
            Standing::Other(metadata) if metadata.is_symlink() => return Err(behind_a_link(&name)),
            Standing::Other(_) => return Err(behind_a_file(&name)),
            Standing::Unseen(Unseen::Unreadable(_)) => {
                let error = fs::read_dir(&at).err().unwrap_or_else(|| ErrorKind::PermissionDenied.into());
                return Err(failure::fs("cannot look into it", &at)(error));
            }
            Standing::Unseen(_) => return Err(in_another_repository(directory, &name)),
        }
    }
    Ok(Some(at))
}

/// The error about a directory in a submodule.
pub(super) fn in_another_repository(directory: &str, at: &str) -> Error {
    let at = text::clean_line(at);
    let what = if directory == at {
        "is a submodule, or a repository of its own".to_owned()
    } else {
        format!("lies in {at}, which is a submodule or a repository of its own")
    };
    let remedy = "configure that repository by itself, with the directory in it";
    Error::PathUnsupported { place: text::clean_line(directory), what, remedy }
}

/// The error about a directory behind a link.
pub(super) fn behind_a_link(at: &str) -> Error {
    let what = "is a symbolic link, which is never followed".to_owned();
    let remedy = "configure the directory it points to, or put the folder itself there";
    Error::PathUnsupported { place: text::clean_line(at), what, remedy }
}

/// The error about a file where a folder should be.
pub(super) fn behind_a_file(at: &str) -> Error {
    let what = "is no folder".to_owned();
    let remedy = "move that file away, or correct `directory:` in the configuration";
    Error::PathUnsupported { place: text::clean_line(at), what, remedy }
}
