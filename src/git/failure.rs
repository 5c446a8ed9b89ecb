//! Errors of gix and of the file system put into our own words.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Refusal, RefusalKind};
use crate::git::holder;
use crate::text;

/// Turns a gix error into ours, naming what was tried and the whole chain of causes.
pub(super) fn git<'a>(what: impl Into<String> + 'a, path: &'a Path) -> impl FnOnce(gix::Error) -> Error + 'a {
    move |error| of_gix(what.into(), path, &error)
}

/// Turns an error of the file system into ours.
pub(super) fn fs<'a>(what: &'static str, path: &'a Path) -> impl FnOnce(std::io::Error) -> Error + 'a {
    move |source| Error::Fs { what, path: path.to_owned(), source }
}

/// Every cause of a gix error, outermost first, cleaned.
pub(super) fn chain(error: &gix::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.iter_errors() {
        let line = cause.to_string();
        if parts.last() != Some(&line) {
            parts.push(line);
        }
    }
    text::quote_line(&parts.join(": "))
}

/// The same with the error at hand.
pub(super) fn of_gix(what: String, path: &Path, error: &gix::Error) -> Error {
    let detail = chain(error);
    if let Some(lock) = lock_in_the_way(&detail) {
        return Error::RepoLocked { holder: holder::holder(&lock), lock };
    }
    if let Some(code) = error.iter_errors().find_map(of_the_system) {
        let source = std::io::Error::from_raw_os_error(code);
        return Error::Fs { what: "the repository cannot be read or written", path: path.to_owned(), source };
    }
    if is_of_the_configuration(&detail) {
        return Error::Refused(Refusal { kind: RefusalKind::Configuration, place: detail.clone(), detail });
    }
    if error.is_validation() && !error.is_corrupted() && !error.is_not_found() {
        let place = format!("{what} in {}", text::clean_line(&path.display().to_string()));
        return Error::Refused(Refusal { kind: RefusalKind::Failed, place, detail });
    }
    Error::Git { what, path: path.to_owned(), detail }
}

/// The lock file that another process left or holds, from gix's sentence.
fn lock_in_the_way(detail: &str) -> Option<PathBuf> {
    let (_, rest) = detail.split_once("The lockfile at \"")?;
    Some(PathBuf::from(rest.split_once('"')?.0))
}

/// What the system answered, where that is no sign of damage: a disk, a permission, a limit.
fn of_the_system(cause: &(dyn std::error::Error + 'static)) -> Option<i32> {
    let error = cause.downcast_ref::<std::io::Error>()?;
    error.raw_os_error().filter(|_| error.kind() != ErrorKind::NotFound)
}

fn is_of_the_configuration(detail: &str) -> bool {
    let detail = detail.to_lowercase();
    ["parse configuration", "configuration could not be", "config file", "configuration value", "configuration key"]
        .iter()
        .any(|word| detail.contains(word))
}
