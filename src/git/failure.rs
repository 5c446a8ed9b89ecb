//! Errors of gix and of the file system put into our own words.

use std::path::Path;

use crate::error::Error;
use crate::text;

/// Turns a gix error into ours, naming what was tried and the whole chain of causes.
pub(super) fn git<'a>(what: impl Into<String> + 'a, path: &'a Path) -> impl FnOnce(gix::Error) -> Error + 'a {
    move |error| Error::Git { what: what.into(), path: path.to_owned(), detail: chain(&error) }
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
    text::clean_line(&parts.join(": "))
}
