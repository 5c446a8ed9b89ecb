//! Sharing: the modes Git gives what it writes below a git directory, by umask and `core.sharedRepository`.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::error::Result;
use crate::git::failure;
use crate::git::repository::Repository;

/// What `core.sharedRepository` asks for, as Git encodes it; zero leaves it to the umask.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sharing(i32);

impl Sharing {
    /// What the configuration of a repository asks for.
    pub(super) fn of(gix: &gix::Repository) -> Self {
        let config = gix.config_snapshot();
        let sections = config.plumbing().sections_by_name("core");
        let whole = sections.into_iter().flatten().filter(|section| section.header().subsection_name().is_none());
        let value = whole.filter_map(|section| section.value_implicit("sharedRepository")).last();
        let Some(value) = value else {
            return Self::default();
        };
        // Git refuses to work with a value that is none, and says so itself.
        Self(gix::config::tree::Core::SHARED_REPOSITORY.try_into_shared_repository(value).unwrap_or_default())
    }

    /// Gives a new file or folder its mode.
    ///
    /// Where it is somebody else's already, that account gave it one.
    pub(super) fn adjust(self, path: &Path) -> Result<()> {
        match gix::fs::set_shared_repository_permissions(path, self.0) {
            Err(error) if error.kind() != ErrorKind::PermissionDenied => {
                Err(failure::fs("cannot set the mode of", path)(error))
            }
            _ => Ok(()),
        }
    }

    /// Makes a folder and those above it that are missing.
    pub(super) fn create_dir(self, path: &Path) -> Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.create_dir(parent)?;
        }
        match fs::create_dir(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(failure::fs("cannot create", path)(error));
            }
            _ => {}
        }
        self.adjust(path)
    }

    /// Writes a file beside its place, waits until it is on the disk and renames it there.
    pub(super) fn write(self, path: &Path, bytes: &[u8]) -> Result<()> {
        let beside = path.with_extension("new");
        let written = File::create(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(failure::fs("cannot write", &beside))?;
        self.adjust(&beside)?;
        fs::rename(&beside, path).map_err(failure::fs("cannot write", path))
    }

    /// Makes a file in a folder of objects read-only for whoever may read it.
    pub(super) fn protect_objects(self, folder: &Path, files: &[&Path]) -> Result<()> {
        let mode = read_only(folder).map_err(failure::fs("cannot write to", folder))?;
        for file in files {
            fs::set_permissions(file, mode.clone()).map_err(failure::fs("cannot set the mode of", file))?;
            self.adjust(file)?;
        }
        Ok(())
    }

    /// Gives what moving a branch wrote its modes: the reference, its log, HEAD's log, and their folders.
    pub(super) fn adjust_reference(self, repository: &Repository, name: &str) -> Result<()> {
        let (common, own) = (repository.gix.common_dir(), repository.gix.git_dir());
        for (root, name) in [(common, name), (common, &format!("logs/{name}")), (own, "logs/HEAD")] {
            let mut at = root.to_owned();
            for part in name.split('/') {
                at.push(part);
                if at.exists() {
                    self.adjust(&at)?;
                }
            }
        }
        Ok(())
    }
}

/// The mode a file gets here that is made read-only: the umask and the folder's own rules have their say.
#[cfg(unix)]
fn read_only(folder: &Path) -> std::io::Result<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    let wanted = fs::Permissions::from_mode(0o444);
    // Git removes what begins so when it tidies up.
    let probe = tempfile::Builder::new().prefix("tmp_mode_").permissions(wanted).tempfile_in(folder)?;
    Ok(probe.as_file().metadata()?.permissions())
}

#[cfg(not(unix))]
fn read_only(folder: &Path) -> std::io::Result<fs::Permissions> {
    let mut permissions = fs::metadata(folder)?.permissions();
    permissions.set_readonly(true);
    Ok(permissions)
}
