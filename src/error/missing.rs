//! Missing: what is not there, told apart from what cannot be looked at, and what is there instead.

use std::path::Path;

use crate::error::{Error, Result};

/// Whether anything is at a path; a broken link counts as nothing.
///
/// # Errors
/// [`Error::Fs`] where that cannot be told: unreadable is not absent.
pub fn exists(path: &Path) -> Result<bool> {
    match path.try_exists() {
        // Nothing can lie below a file.
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
        found => found.map_err(Error::fs("cannot look into it", path)),
    }
}

/// Branches named beside one that is not there, at most.
const MOST: usize = 5;

impl Error {
    /// The error that a remote has other branches than the one wanted.
    pub fn remote_branch(remote: &str, branch: &str, others: &[String]) -> Self {
        let mut nearest: Vec<String> = others.iter().map(|name| crate::text::clean_line(name)).collect();
        let likeness = |name: &str| strsim::jaro_winkler(branch, name);
        nearest.sort_by(|one, other| likeness(other).total_cmp(&likeness(one)).then_with(|| one.cmp(other)));
        nearest.truncate(MOST);
        Error::RemoteBranch { remote: remote.to_owned(), branch: crate::text::clean_line(branch), nearest }
    }
}

/// The branches that a remote has instead, in words.
pub(super) fn list(names: &[String]) -> String {
    format!("it has {}", names.join(", "))
}
