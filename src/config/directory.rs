//! A GitOps directory's path as configured: brought into one form, and whether two overlap.

use crate::config::FabricSettings;
use crate::error::Error;

/// Brings a configured directory into one form: relative, with `/`, empty for the root.
///
/// # Errors
/// A sentence that says why it cannot be a directory of a repository.
pub fn normalize(text: &str) -> std::result::Result<String, String> {
    if text.starts_with('/') {
        return Err("directory is relative to the repository's root: leave out the first /".into());
    }
    if text.chars().any(char::is_control) {
        return Err("directory holds a control character".into());
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return Err("directory must not leave the repository: no `..`".into());
    }
    if parts.iter().any(|part| part.eq_ignore_ascii_case(".git")) {
        return Err("directory must not lie in Git's own folder".into());
    }
    Ok(parts.join("/"))
}

/// Whether one of two normalised directories is or contains the other.
pub fn overlap(left: &str, right: &str) -> bool {
    contains(left, right) || contains(right, left)
}

/// What is told of a fabric whose directory another has already.
pub fn shared(fabric: &FabricSettings, other: &FabricSettings) -> Error {
    Error::DirOverlap {
        fabric: fabric.name.clone(),
        directory: shown(&fabric.directory).to_owned(),
        other: other.name.clone(),
        other_directory: shown(&other.directory).to_owned(),
    }
}

/// Whether a path is a normalised directory or lies in it.
pub fn contains(outer: &str, inner: &str) -> bool {
    outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The directory as shown: `.` for the root.
pub fn shown(directory: &str) -> &str {
    if directory.is_empty() { "." } else { directory }
}

#[cfg(test)]
mod tests {
    use super::{normalize, overlap};

    #[test]
    fn spellings_of_one_directory_become_one() {
        for text in ["a/b", "./a/b", "a//b/", "a/./b"] {
            assert_eq!(normalize(text).as_deref(), Ok("a/b"), "{text}");
        }
        for text in ["", ".", "./"] {
            assert_eq!(normalize(text).as_deref(), Ok(""), "{text}");
        }
    }

    #[test]
    fn what_leaves_the_repository_is_refused() {
        for text in ["/a", "a/../b", "..", ".git", "a/.GIT/b", "a\nb"] {
            assert!(normalize(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_whole_components_overlap() {
        assert!(overlap("a/b", "a/b/c"));
        assert!(overlap("a/b/c", "a/b"));
        assert!(overlap("", "x"));
        assert!(overlap("a", "a"));
        assert!(!overlap("a/b", "a/bc"));
        assert!(!overlap("a/b", "a/c"));
    }
}
