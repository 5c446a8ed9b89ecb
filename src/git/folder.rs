//! Folder: files below a folder, reached from handle to handle, so that no link on the way is ever followed.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

/// How a folder is opened on the way to a file: for nothing but what lies in it.
#[cfg(target_os = "linux")]
const PASSING: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const PASSING: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// A file is opened at once whatever it is: a pipe would wait for its other end.
const READING: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// The root of a working tree, by its handle.
#[derive(Debug)]
pub(super) struct Folder {
    handle: OwnedFd,
}

/// A name in a folder that is open.
#[derive(Debug)]
pub(super) struct Place<'a> {
    folder: OwnedFd,
    name: Cow<'a, OsStr>,
}

/// What lies at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// A symbolic link to this.
    Link(Vec<u8>),
    /// A folder, a pipe or a device.
    Other,
}

impl Folder {
    /// Opens a folder; links on the way to it are the user's own choice.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let handle = rustix::fs::openat(CWD, path, PASSING.difference(OFlags::NOFOLLOW), Mode::empty())?;
        Ok(Self { handle })
    }

    /// The place of a path with `/`; none where a folder on the way is missing.
    ///
    /// # Errors
    /// `NotADirectory` where something on the way is a link or no folder.
    pub(super) fn place<'a>(&self, path: &'a (impl AsRef<OsStr> + ?Sized)) -> io::Result<Option<Place<'a>>> {
        match self.walk(path.as_ref(), |_, _| Err(Errno::NOENT)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            other => other.map(Some),
        }
    }

    /// The same, where folders that are missing are made.
    pub(super) fn make_place<'a>(&self, path: &'a (impl AsRef<OsStr> + ?Sized)) -> io::Result<Place<'a>> {
        self.walk(path.as_ref(), |folder, name| match rustix::fs::mkdirat(folder, name, Mode::from_raw_mode(0o777)) {
            Err(Errno::EXIST) => Ok(()),
            other => other,
        })
    }

    /// What lies at a path.
    pub(super) fn read(&self, path: &(impl AsRef<OsStr> + ?Sized)) -> io::Result<Found> {
        self.place(path)?.map_or(Ok(Found::Nothing), |place| place.read())
    }

    /// Waits until these files and the folders they lie in are on the disk.
    pub(super) fn sync(&self, paths: &[String]) -> io::Result<()> {
        // One call for the whole file system is quicker than very many for one file each.
        #[cfg(target_os = "linux")]
        if paths.len() > 64 {
            return Ok(rustix::fs::syncfs(rustix::fs::openat(&self.handle, ".", OFlags::RDONLY, Mode::empty())?)?);
        }
        for path in paths {
            if let Some(place) = self.place(path)? {
                place.sync()?;
            }
        }
        Ok(())
    }

    fn walk<'a>(
        &self,
        path: &'a OsStr,
        missing: impl Fn(&OwnedFd, &[u8]) -> Result<(), Errno>,
    ) -> io::Result<Place<'a>> {
        let mut parts = path.as_bytes().split(|byte| *byte == b'/').peekable();
        let mut folder = self.handle.try_clone()?;
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return Ok(Place { folder, name: Cow::Borrowed(OsStr::from_bytes(part)) });
            }
            let opened = rustix::fs::openat(&folder, part, PASSING, Mode::empty());
            folder = match opened {
                Err(Errno::NOENT) => {
                    missing(&folder, part)?;
                    rustix::fs::openat(&folder, part, PASSING, Mode::empty())
                }
                other => other,
            }
            .map_err(|error| if error == Errno::LOOP { Errno::NOTDIR } else { error })?;
        }
        Err(ErrorKind::InvalidInput.into())
    }
}

impl Place<'_> {
    /// Another name in the same folder.
    pub(super) fn beside<'a>(&self, name: String) -> io::Result<Place<'a>> {
        Ok(Place { folder: self.folder.try_clone()?, name: Cow::Owned(name.into()) })
    }

    /// What lies here; a link is not followed, and nothing but a file is read.
    pub(super) fn read(&self) -> io::Result<Found> {
        let stat = match rustix::fs::statat(&self.folder, &*self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Ok(Found::Nothing),
            other => other?,
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => self.read_file(),
            FileType::Symlink => {
                let target = rustix::fs::readlinkat(&self.folder, &*self.name, Vec::new())?;
                Ok(Found::Link(target.into_bytes()))
            }
            _ => Ok(Found::Other),
        }
    }

    fn read_file(&self) -> io::Result<Found> {
        let mut file = match rustix::fs::openat(&self.folder, &*self.name, READING, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(Found::Nothing),
            Err(Errno::LOOP) => return Ok(Found::Other),
            other => File::from(other?),
        };
        if !file.metadata()?.is_file() {
            return Ok(Found::Other);
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Found::File(bytes))
    }

    /// Makes a file here, where nothing may be yet.
    pub(super) fn create(&self, bytes: &[u8], executable: bool) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(if executable { 0o777 } else { 0o666 });
        File::from(rustix::fs::openat(&self.folder, &*self.name, flags, mode)?).write_all(bytes)
    }

    /// Removes what lies here, if anything does.
    pub(super) fn remove(&self) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.folder, &*self.name, AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Gives what lies here another place, in the stead of whatever is there.
    pub(super) fn rename(&self, to: &Place<'_>) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.folder, &*self.name, &to.folder, &*to.name)?)
    }

    /// Gives what lies here another place; `AlreadyExists` where something is there.
    pub(super) fn rename_new(&self, to: &Place<'_>) -> io::Result<()> {
        let renamed =
            rustix::fs::renameat_with(&self.folder, &*self.name, &to.folder, &*to.name, RenameFlags::NOREPLACE);
        match renamed {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                rustix::fs::linkat(&self.folder, &*self.name, &to.folder, &*to.name, AtFlags::empty())?;
                self.remove()
            }
            other => Ok(other?),
        }
    }

    /// Lets what lies here and there change places; `Unsupported` where the file system cannot do that.
    pub(super) fn exchange(&self, with: &Place<'_>) -> io::Result<()> {
        let flags = RenameFlags::EXCHANGE;
        match rustix::fs::renameat_with(&self.folder, &*self.name, &with.folder, &*with.name, flags) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Err(ErrorKind::Unsupported.into()),
            other => Ok(other?),
        }
    }

    fn sync(&self) -> io::Result<()> {
        match rustix::fs::openat(&self.folder, &*self.name, READING, Mode::empty()) {
            Err(Errno::NOENT | Errno::LOOP) => {}
            other => {
                let file = File::from(other?);
                if file.metadata()?.is_file() {
                    file.sync_all()?;
                }
            }
        }
        let folder = rustix::fs::openat(self.folder.as_fd(), ".", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        File::from(folder).sync_all()
    }
}
