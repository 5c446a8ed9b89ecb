//! Published: secrets that Git has already, found by looking through the history for the secret itself.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::fabric::document::MAX_FILE;
use crate::fabric::finding::Finding;
use crate::fabric::raw::External;
use crate::fabric::secret;
use crate::fabric::snapshot::Snapshot;
use crate::git::repository::{Repository, blob_id};

/// A finding and what its secret is known by.
struct Sought<'a> {
    finding: &'a mut Finding,
    marks: BTreeSet<String>,
    /// The id of the whole file: where it is in the history, the secret is.
    file: String,
}

/// A secret that Git has already is worse: says in which commit, and whether it was pushed.
///
/// Only what is found is told: that the file's path is committed says nothing of the secret.
pub(crate) fn remark(
    repository: &Repository,
    snapshot: &Snapshot,
    files: &[External],
    findings: &mut [Finding],
) -> Result<()> {
    let mut sought: Vec<Sought> = findings.iter_mut().filter_map(|finding| seek(snapshot, files, finding)).collect();
    if sought.is_empty() {
        return Ok(());
    }
    repository.look_through_history(MAX_FILE, &mut |commit, blob, bytes| {
        let held: BTreeSet<String> = secret::all("", bytes).into_iter().flat_map(|found| found.marks).collect();
        let (here, rest): (Vec<Sought>, Vec<Sought>) =
            sought.drain(..).partition(|one| one.file == blob || !one.marks.is_disjoint(&held));
        sought = rest;
        here.into_iter().try_for_each(|one| tell(repository, commit, one.finding))?;
        Ok(!sought.is_empty())
    })
}

fn seek<'a>(snapshot: &Snapshot, files: &[External], finding: &'a mut Finding) -> Option<Sought<'a>> {
    if !secret::is_code(finding.code) {
        return None;
    }
    let external = files.iter().find(|file| finding.file.strip_prefix("raw/") == Some(&file.name));
    let bytes = match external {
        Some(file) => &*file.bytes,
        None => snapshot.files.get(&finding.file)?.bytes()?,
    };
    let found = secret::all(&finding.file, bytes).into_iter().find(|found| found.finding == *finding);
    let marks = found.map(|found| found.marks).unwrap_or_default();
    Some(Sought { finding, marks, file: blob_id(bytes) })
}

fn tell(repository: &Repository, commit: &str, finding: &mut Finding) -> Result<()> {
    let id = commit.get(..8).unwrap_or(commit);
    let pushed = if repository.is_published(commit)? { "and it was pushed" } else { "not pushed yet" };
    finding.message = format!("{}; Git has it already, in commit {id}, {pushed}", finding.message);
    "change the secret: deleting the file does not remove it".clone_into(&mut finding.remedy);
    Ok(())
}
