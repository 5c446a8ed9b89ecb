//! Repository: one clone opened for one transaction; its branch, its tracking branch, whether it can be written to.

use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::ByteSlice;

use crate::config::Home;
use crate::error::{Error, Result, WriteEffect};
use crate::git::intent::{self, Intent};
use crate::git::program::identity::{self, Who};
use crate::git::sharing::Sharing;
use crate::git::{Location, failure, hash, nearby, open};

pub use crate::git::hash::blob_id;
pub use crate::git::standing::Standing;

/// A clone, opened anew for each transaction.
#[derive(Debug)]
pub struct Repository {
    pub(super) gix: gix::Repository,
    pub(super) location: Location,
}

impl Repository {
    /// Opens the clone and refuses shapes that are not supported.
    ///
    /// # Errors
    /// `RepoMissing`, `RepoNotGit` and `RepoUnsupported`.
    pub fn open(location: &Location) -> Result<Self> {
        let dir = &location.dir;
        if !location.is_there()? {
            return Err(Error::RepoMissing { path: dir.clone(), found: nearby::clones(dir) });
        }
        let mut gix = open::open(dir).map_err(|error| not_opened(dir, &error))?;
        gix.object_cache_size_if_unset(8 * 1024 * 1024);
        let repository = Self { gix, location: location.clone() };
        match repository.unsupported() {
            Some(what) => Err(Error::RepoUnsupported { path: dir.clone(), what }),
            None => Ok(repository),
        }
    }

    /// Where this repository lies.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The tip of the branch, hexadecimal; none on an unborn branch.
    ///
    /// In a clone of ours the tracking branch stands in where the branch has no commit of its own:
    /// nobody works there, so it follows the remote by itself.
    pub fn tip(&self) -> Result<Option<String>> {
        Ok(self.tip_id()?.map(|id| id.to_string()))
    }

    /// The tip of the tracking branch, hexadecimal.
    pub fn upstream(&self) -> Result<Option<String>> {
        Ok(self.upstream_id()?.map(|id| id.to_string()))
    }

    /// Whether the branch itself exists here.
    pub fn has_branch(&self) -> Result<bool> {
        Ok(self.reference(&self.location.branch_ref())?.is_some())
    }

    /// Says why a user's clone cannot take a commit now; an unborn branch can.
    ///
    /// # Errors
    /// `RepoDetached`, `RepoBranch` and `RepoInProgress`.
    pub fn check_writable(&self) -> Result<()> {
        if self.location.is_ours() {
            return Ok(());
        }
        let path = self.location.dir.clone();
        if let Some(what) = self.under_way() {
            return Err(Error::RepoInProgress { path, what });
        }
        let branch = self.location.branch.clone();
        let head = self.gix.head_name().map_err(failure::git("reading HEAD", &path))?;
        let Some(head) = head else {
            return Err(Error::RepoDetached { path, branch });
        };
        let full = head.as_bstr().to_str_lossy().into_owned();
        if full == self.location.branch_ref() {
            return Ok(());
        }
        let found = full.strip_prefix("refs/heads/").unwrap_or(&full).to_owned();
        Err(Error::RepoBranch { path, found, branch })
    }

    /// `Name <address>` of the author Git would write.
    ///
    /// # Errors
    /// `NoAuthor` where Git knows none.
    pub fn author(&self) -> Result<String> {
        self.person(Who::Committer)?;
        let author = self.person(Who::Author)?;
        Ok(format!("{} <{}>", author.name.to_str_lossy(), author.email.to_str_lossy()))
    }

    /// Who git would write, with the time it is: without what git strips from names and addresses.
    ///
    /// # Errors
    /// `NoAuthor` where Git knows none, `Refused` where it takes none like that.
    pub(super) fn person(&self, who: Who) -> Result<gix::actor::Signature> {
        let found = match who {
            Who::Author => self.gix.author(),
            Who::Committer => self.gix.committer(),
        };
        let missing = || Error::NoAuthor { path: self.location.dir.clone() };
        let found = found.and_then(std::result::Result::ok).ok_or_else(missing)?;
        let time = found.time().unwrap_or_else(|_| gix::date::Time::now_local_or_utc());
        let (name, email) = (found.name.to_str_lossy(), found.email.to_str_lossy());
        if identity::is_plain(&name) && identity::is_plain(&email) {
            return Ok(gix::actor::Signature { name: found.name.to_owned(), email: found.email.to_owned(), time });
        }
        let (name, email) = identity::identity(&self.location, who)?;
        Ok(gix::actor::Signature { name: name.into(), email: email.into(), time })
    }

    /// The commit hooks of the clone that exist and that our commits do not run.
    pub fn skipped_hooks(&self) -> Vec<String> {
        if self.location.is_ours() {
            return Vec::new();
        }
        let dir = self.hooks_dir();
        ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"]
            .into_iter()
            .filter(|name| is_executable(&dir.join(name)))
            .map(str::to_owned)
            .collect()
    }

    /// Whether the clone has such a hook, and it would run.
    pub(super) fn has_hook(&self, name: &str) -> bool {
        is_executable(&self.hooks_dir().join(name))
    }

    /// Our own folder in the git directory, shared by all working trees.
    pub(super) fn own_dir(&self) -> PathBuf {
        self.gix.common_dir().join("hedgerow")
    }

    /// The folder of the working tree; none in a clone of ours.
    pub(super) fn workdir(&self) -> Option<&Path> {
        if self.location.is_ours() { None } else { self.gix.workdir() }
    }

    pub(super) fn tip_id(&self) -> Result<Option<ObjectId>> {
        let local = self.reference(&self.location.branch_ref())?;
        if !self.location.is_ours() {
            return Ok(local);
        }
        let upstream = self.upstream_id()?;
        match (local, upstream) {
            (Some(local), Some(upstream)) if local != upstream && self.contains(upstream, local)? => Ok(Some(upstream)),
            (local, upstream) => Ok(local.or(upstream)),
        }
    }

    pub(super) fn upstream_id(&self) -> Result<Option<ObjectId>> {
        self.reference(&self.location.upstream_ref())
    }

    /// The commit a reference names, if it exists.
    pub(super) fn reference(&self, name: &str) -> Result<Option<ObjectId>> {
        let dir = &self.location.dir;
        let failed = || failure::git(format!("reading {name}"), dir);
        let Some(mut found) = self.gix.try_find_reference(name).map_err(failed())? else {
            return Ok(None);
        };
        let id = found.peel_to_id().map_err(failed())?;
        Ok(Some(id.detach()))
    }

    /// Moves the branch of a clone of ours to a commit that contains it.
    pub(super) fn move_forward(&self, to: &str) -> Result<()> {
        use gix::refs::transaction::{PreviousValue, RefEdit};
        let name = self.location.branch_ref();
        let old = self.reference(&name)?;
        let expected = old.map_or(PreviousValue::MustNotExist, |old| {
            PreviousValue::MustExistAndMatch(gix::refs::Target::Object(old))
        });
        let full = gix::refs::FullName::try_from(name.as_str())
            .map_err(|error| Error::Internal(format!("{name}: {error}")))?;
        let new = gix::refs::Target::Object(hash::parse(to)?);
        let edit = RefEdit::update(full, new, expected, "hedgerow: pull");
        // Named before they are taken, so that a later start knows the locks of one that was cut off.
        let none = std::collections::BTreeMap::new();
        Intent::new(self, "pull", (old, Some(hash::parse(to)?)), &none).write(self)?;
        let moved = self.gix.edit_references_as([edit], Some(nobody()));
        let removed = intent::remove(self);
        moved.map_err(failure::git(format!("moving {name}"), &self.location.dir))?;
        removed
            .and_then(|()| Sharing::of(&self.gix).adjust_reference(self, &name))
            .map_err(|error| error.after(WriteEffect::Partial { commit: Some(to.to_owned()), left: Vec::new() }))
    }

    fn hooks_dir(&self) -> PathBuf {
        let configured = self.gix.config_snapshot().trusted_path("core.hooksPath").ok().flatten();
        let root = self.gix.workdir().unwrap_or_else(|| self.gix.git_dir());
        configured.map_or_else(|| self.gix.common_dir().join("hooks"), |path| root.join(path))
    }

    fn under_way(&self) -> Option<String> {
        use gix::state::InProgress as P;
        let what = match self.gix.state()? {
            P::ApplyMailbox | P::ApplyMailboxRebase => "git am",
            P::Bisect => "bisect",
            P::CherryPick | P::CherryPickSequence => "cherry-pick",
            P::Merge => "merge",
            P::Rebase | P::RebaseInteractive => "rebase",
            P::Revert | P::RevertSequence => "revert",
        };
        Some(what.to_owned())
    }

    fn unsupported(&self) -> Option<String> {
        let config = self.gix.config_snapshot();
        let storage = config.string("extensions.refStorage");
        if storage.is_some_and(|value| !value.eq_ignore_ascii_case(b"files")) {
            return Some("its references are stored as reftable".to_owned());
        }
        if self.gix.object_hash() != gix::hash::Kind::Sha1 {
            return Some("its objects are named by SHA-256".to_owned());
        }
        if !self.location.is_ours() && self.gix.workdir().is_none() {
            return Some("it is a bare repository without a working tree; configure it as url:".to_owned());
        }
        if self.gix.is_shallow().unwrap_or(false) {
            return Some("it is a shallow clone".to_owned());
        }
        if config.string("extensions.partialClone").is_some() || self.has_promisor() {
            return Some("it is a partial clone".to_owned());
        }
        None
    }

    fn has_promisor(&self) -> bool {
        let config = self.gix.config_snapshot();
        let names = self.gix.remote_names();
        names.iter().any(|name| config.boolean(format!("remote.{name}.promisor").as_str()) == Some(true))
    }
}

/// The addresses of a remote, with whatever secrets they hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Addresses {
    /// `url`: git reads from the first.
    pub(super) read: Vec<String>,
    /// `pushurl`: where there is none, git pushes to every `url`.
    pub(super) push: Vec<String>,
}

/// The addresses of the configured remote.
pub(super) fn addresses(location: &Location) -> Addresses {
    if let Home::Url(url) = &location.home {
        return Addresses { read: vec![url.clone()], push: Vec::new() };
    }
    let Ok(gix) = open::open(&location.dir) else {
        return Addresses::default();
    };
    let config = gix.config_snapshot();
    let all = |key: &str| {
        let found = config.plumbing().strings(format!("remote.{}.{key}", location.remote).as_str());
        found.unwrap_or_default().iter().map(|url| url.to_str_lossy().into_owned()).collect()
    };
    Addresses { read: all("url"), push: all("pushurl") }
}

/// The address the remote is read at.
pub(super) fn remote_url(location: &Location) -> Option<String> {
    addresses(location).read.into_iter().next()
}

/// Who moves a branch in a clone of ours where Git knows no author.
fn nobody() -> gix::actor::SignatureRef<'static> {
    gix::actor::SignatureRef { name: "hedgerow".into(), email: "".into(), time: "0 +0000" }
}

fn not_opened(dir: &Path, error: &gix::Error) -> Error {
    let path = dir.to_owned();
    let detail = failure::chain(error);
    let lower = detail.to_lowercase();
    if lower.contains("objectformat") || lower.contains("sha256") {
        return Error::RepoUnsupported { path, what: "its objects are named by SHA-256".to_owned() };
    }
    if !dir.join(".git").exists() && !dir.join("HEAD").exists() {
        return Error::RepoNotGit { found: nearby::clones(&path), path };
    }
    failure::of_gix("opening the repository".to_owned(), dir, error)
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// The ssh command for children: the user's own with `BatchMode`, so that ssh never asks on the terminal.
///
/// None where ssh is replaced by a program that does not know the option.
pub(super) fn ssh_command(location: &Location) -> Option<String> {
    let configured = || {
        let gix = open::open(&location.dir).ok()?;
        let command = gix.config_snapshot().string("core.sshCommand")?;
        Some(command.to_str_lossy().into_owned())
    };
    let own = std::env::var("GIT_SSH_COMMAND").ok().filter(|command| !command.is_empty());
    let command = match own.or_else(configured) {
        Some(command) => command,
        None if std::env::var_os("GIT_SSH").is_some() => return None,
        None => "ssh".to_owned(),
    };
    if command.to_lowercase().contains("plink") {
        return None;
    }
    Some(format!("{command} -oBatchMode=yes"))
}
