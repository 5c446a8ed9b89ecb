//! Unread: what could not be looked into or read, as the error of those who have nothing else to say it with.

use crate::error::{Error, Result};
use crate::fabric::layout::{self, Place};
use crate::fabric::snapshot::Snapshot;
use crate::fabric::unseen;
use crate::text::clean_line;

/// Everything of the three areas was seen.
///
/// # Errors
/// The first folder or managed file that was not.
pub(crate) fn check(snapshot: &Snapshot) -> Result<()> {
    match unseen::findings(snapshot, |place| !matches!(place, Place::Other | Place::Loose)).into_iter().next() {
        None => Ok(()),
        Some(finding) => Err(not_read(&finding.file, finding.message)),
    }
}

/// The place of a path was seen.
///
/// # Errors
/// The folder around it that was not.
pub(crate) fn check_path(snapshot: &Snapshot, path: &str) -> Result<()> {
    let is_around = |folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
    let found = snapshot.unseen.iter().find(|(folder, _)| is_around(folder));
    found.map_or(Ok(()), |(folder, why)| Err(not_read(folder, why.reason())))
}

/// Everything that is managed was seen.
///
/// # Errors
/// The first folder or file that was not.
pub(crate) fn check_managed(findings: &[crate::fabric::finding::Finding]) -> Result<()> {
    let found = findings.iter().find(|finding| {
        finding.is_error() && unseen::is_code(finding.code) && layout::place(&finding.file) != Place::Unmanaged
    });
    found.map_or(Ok(()), |finding| Err(not_read(&finding.file, finding.message.clone())))
}

fn not_read(path: &str, what: String) -> Error {
    let remedy = "put that right first: what cannot be read is not taken for absent";
    Error::PathUnsupported { place: clean_line(path), what, remedy }
}
