//! What the program may ask of git, and which half answers: gix for local work, the `git` program for the network.

mod apply;
mod attributes;
mod bases;
mod branches;
pub mod compare;
mod conversion;
pub mod discard;
mod failure;
mod folder;
mod hash;
mod histories;
mod holder;
mod index_lock;
mod intent;
mod litter;
pub mod lock;
mod log;
pub mod look;
pub mod nearby;
mod open;
mod own_lock;
mod pack;
pub mod program;
mod racy;
mod recovery;
pub mod repository;
mod search;
mod sharing;
mod signing;
mod standing;
#[cfg(test)]
mod tests;
pub mod tree;
mod trees;
pub mod worktree;

pub use trees::shown_name;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::config::{Home, RepositorySettings};
use crate::error::{self, Result};
use crate::text;

/// Where one repository of the configuration lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its name in the configuration.
    pub name: String,
    /// The user's own clone, or an address we keep a bare clone of.
    pub home: Home,
    /// The clone: the configured path, or the bare clone in the data directory.
    pub dir: PathBuf,
    /// The remote's name.
    pub remote: String,
    /// The branch.
    pub branch: String,
}

/// One commit, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The id, hexadecimal.
    pub id: String,
    /// The first line of the message.
    pub subject: String,
    /// `Name <address>`.
    pub author: String,
    /// When it was committed, in seconds since the epoch.
    pub time: i64,
    /// The fabric its trailer names; none if it is not one of ours.
    pub fabric: Option<String>,
    /// The operation its trailer names.
    pub operation: Option<String>,
}

impl Location {
    /// The place of a configured repository; clones of ours lie below `data_dir`.
    pub fn new(settings: &RepositorySettings, data_dir: &Path) -> Self {
        let dir = match &settings.home {
            Home::Path(path) => path.clone(),
            Home::Url(url) => data_dir.join("repos").join(clone_name(&settings.name, url)),
        };
        Self {
            name: settings.name.clone(),
            home: settings.home.clone(),
            dir,
            remote: settings.remote.clone(),
            branch: settings.branch.clone(),
        }
    }

    /// The path, or the address without secrets.
    pub fn label(&self) -> String {
        match &self.home {
            Home::Path(path) => text::clean_line(&path.display().to_string()),
            Home::Url(url) => text::clean_line(&redact(url)),
        }
    }

    /// The remote's address without secrets; the path where none is configured.
    pub fn address(&self) -> String {
        let url = match &self.home {
            Home::Url(url) => Some(url.clone()),
            Home::Path(_) => repository::remote_url(self),
        };
        url.map_or_else(|| self.label(), |url| text::clean_line(&redact(&url)))
    }

    /// The tracking branch in words, such as `origin/main`.
    pub fn upstream_name(&self) -> String {
        format!("{}/{}", self.remote, self.branch)
    }

    /// The full name of the branch.
    pub fn branch_ref(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    /// The full name of the tracking branch.
    pub fn upstream_ref(&self) -> String {
        format!("refs/remotes/{}/{}", self.remote, self.branch)
    }

    /// Whether anything is at the clone's place.
    ///
    /// # Errors
    /// `Fs` where that cannot be told: unreadable is not absent.
    pub fn is_there(&self) -> Result<bool> {
        error::exists(&self.dir)
    }

    /// Whether the clone is ours and has no working tree.
    pub fn is_ours(&self) -> bool {
        matches!(self.home, Home::Url(_))
    }

    /// What two fabrics must share to overlap: the remote's address in one spelling and the branch.
    pub fn remote_key(&self) -> String {
        let address = match &self.home {
            Home::Url(url) => Some(url.clone()),
            Home::Path(_) => repository::remote_url(self),
        };
        let place = address.map_or_else(
            || self.dir.canonicalize().unwrap_or_else(|_| self.dir.clone()).display().to_string(),
            |url| same_spelling(&url),
        );
        format!("{place}#{}", self.branch)
    }
}

/// An address without user name, password, query and fragment where these may hold a secret.
pub fn redact(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_once('/').map_or((rest, None), |(a, p)| (a, Some(p)));
    let host = match authority.rsplit_once('@') {
        Some((user, host)) if scheme.contains("ssh") => {
            format!("{}@{host}", user.split(':').next().unwrap_or_default())
        }
        Some((_, host)) => host.to_owned(),
        None => authority.to_owned(),
    };
    match path {
        Some(path) => format!("{scheme}://{host}/{path}"),
        None => format!("{scheme}://{host}"),
    }
}

/// One spelling for the many of one address: no scheme, user, `.git` or final slash, the host in lower case.
fn same_spelling(url: &str) -> String {
    let bare = redact(url);
    let bare = bare.trim_end_matches('/');
    let bare = bare.strip_suffix(".git").unwrap_or(bare);
    let (scheme, rest) = bare.split_once("://").unwrap_or(("", bare));
    if scheme == "file" {
        return rest.to_owned();
    }
    let (host, path) = if scheme.is_empty() {
        match rest.split_once(':') {
            Some((host, path)) if !host.contains('/') => (host, path),
            _ => return rest.to_owned(),
        }
    } else {
        rest.split_once('/').unwrap_or((rest, ""))
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{}/{}", host.to_lowercase(), path.trim_start_matches('/'))
}

fn clone_name(name: &str, url: &str) -> String {
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).take(100).collect();
    let digest = Sha256::digest(url.as_bytes());
    let hash = digest.iter().take(4).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    format!("{}-{hash}.git", safe.trim_start_matches('.'))
}

/// A path in the repository: `directory` and `path` joined; either may be empty.
pub(crate) fn join(directory: &str, path: &str) -> String {
    match (directory.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => directory.to_owned(),
        _ => format!("{directory}/{path}"),
    }
}
