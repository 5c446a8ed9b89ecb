//! Variables: what a git we start does not get of our environment, for it would work on another repository or talk.

use std::ffi::OsString;

/// Variables that point git to another repository, to parts of one, or say what a new one is like.
///
/// The first lines are `git rev-parse --local-env-vars` without those that hold configuration.
const REMOVED: [&str; 23] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    // A hook of a server has it, and no reference may be changed while it is set.
    "GIT_QUARANTINE_PATH",
    "GIT_ATTR_SOURCE",
    "GIT_DEFAULT_HASH",
    "GIT_DEFAULT_REF_FORMAT",
    "GIT_CURL_VERBOSE",
    "LANGUAGE",
];

/// What every variable of git's tracing begins with.
const TRACE: &str = "GIT_TRACE";

/// The names of the variables to be removed.
pub(super) fn removed() -> impl Iterator<Item = OsString> {
    let traces = std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with(TRACE));
    REMOVED.into_iter().map(OsString::from).chain(traces)
}

#[cfg(test)]
mod tests {
    use super::REMOVED;
    use crate::git::program::local;

    #[test]
    fn everything_git_calls_local_is_removed_but_for_configuration() {
        let told = local(std::path::Path::new("/"), &["rev-parse", "--local-env-vars"], None).unwrap();
        let kept: Vec<&str> = told.lines().filter(|name| !REMOVED.contains(name)).collect();
        assert_eq!(kept, ["GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"]);
    }
}
