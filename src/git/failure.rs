//! Errors of gix and of the file system put into our own words.

use std::path::Path;

use crate::error::Error;
use crate::text;

/// Turns a gix error into ours, naming what was tried and the whole chain of causes.
pub(super) fn git<'a>(what: impl Into<String> + 'a, path: &'a Path) -> impl FnOnce(gix::Error) -> Error + 'a {
    move |error| match refused(&error) {
        Some(source) => Error::Fs { what: "git's files cannot be read or written", path: path.to_owned(), source },
        None => Error::Git { what: what.into(), path: path.to_owned(), detail: chain(&error) },
    }
}

/// What the system refused, where that is no damage: no space, no permission, no more open files, a faulty disk.
fn refused(error: &gix::Error) -> Option<std::io::Error> {
    let codes = error.iter_errors().filter_map(|cause| cause.downcast_ref::<std::io::Error>()?.raw_os_error());
    let mut refused = codes.map(std::io::Error::from_raw_os_error).filter(|source| {
        use std::io::ErrorKind as K;
        let kinds = [K::PermissionDenied, K::ReadOnlyFilesystem, K::StorageFull, K::QuotaExceeded];
        kinds.contains(&source.kind()) || REFUSED.contains(&source.raw_os_error().unwrap_or_default())
    });
    refused.next()
}

/// A faulty disk, and too many open files here or in all: the numbers are the same on every Unix.
const REFUSED: [i32; 3] = [5, 23, 24];

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
    text::clean_line(&parts.join(": "))
}
