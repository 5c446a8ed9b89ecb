//! Filing: where whole raw files go once their documents are settled.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::config::Processed;
use crate::fabric::draft::Draft;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::settle::Fate;
use crate::fabric::layout::{self, Place};
use crate::fabric::names;
use crate::fabric::plan::Outcome;
use crate::fabric::raw::{self, RawFile, RawState};
use crate::fabric::snapshot::{Content, Snapshot};

/// Whether every document of a file is placed, so that it may leave where it lies.
pub(crate) fn is_placed(file: &RawFile, fates: &[Fate], is_bad: bool) -> bool {
    matches!(file.state, RawState::Read(_)) && !fates.is_empty() && !is_bad && fates.iter().all(|fate| !fate.holds_file)
}

/// Takes one placed file out of `raw/` (or keeps the bytes of one from elsewhere).
pub(crate) fn file_away(
    draft: &mut Draft,
    snapshot: &Snapshot,
    file: &RawFile,
    bytes: &Arc<[u8]>,
    fates: &mut [Fate],
    processed: Processed,
) {
    let is_foreign = fates.iter().all(is_foreign);
    if is_foreign {
        let target = free_name(draft, snapshot, layout::file_name(&file.path), bytes);
        for fate in fates.iter_mut() {
            fate.path = Some(target.clone());
        }
        relocate(draft, snapshot, file, &target, bytes);
        return;
    }
    copy_foreign(draft, snapshot, file, fates);
    let source = snapshot.files.get(&file.path);
    let is_kept_by_git = source.is_some_and(|file| file.committed.is_some() && !file.is_edited());
    if processed == Processed::Delete && is_kept_by_git && !file.is_external {
        draft.remove(&file.path);
    } else {
        relocate(draft, snapshot, file, &below_raw("raw/processed", &file.path), bytes);
    }
    let findings = format!("{}.findings.txt", file.path);
    if snapshot.files.contains_key(&findings) {
        draft.remove(&findings);
    }
}

/// `raw/pending/x.yaml` becomes `raw/processed/pending/x.yaml`; a loose `vpcs/x.yaml` keeps its path below.
pub(crate) fn below_raw(folder: &str, path: &str) -> String {
    format!("{folder}/{}", path.strip_prefix("raw/").unwrap_or(path))
}

fn relocate(draft: &mut Draft, snapshot: &Snapshot, file: &RawFile, target: &str, bytes: &Arc<[u8]>) {
    let there = snapshot.files.get(target);
    let here = snapshot.files.get(&file.path).and_then(|file| file.current.as_ref());
    let is_there = there.is_some_and(|there| {
        !there.is_edited() && (there.bytes() == Some(bytes) || (here.is_some() && there.current.as_ref() == here))
    });
    match (file.is_external, is_there) {
        (true, true) => {}
        (true, false) => draft.write(target, Arc::clone(bytes)),
        (false, true) => draft.remove(&file.path),
        (false, false) => draft.rename(&file.path, target, Arc::clone(bytes)),
    }
}

/// Whether a document is not Hedgehog's; what was moved aside by choice has a path already.
fn is_foreign(fate: &Fate) -> bool {
    fate.outcome == Outcome::Unmanaged && fate.path.is_none()
}

fn copy_foreign(draft: &mut Draft, snapshot: &Snapshot, file: &RawFile, fates: &mut [Fate]) {
    let stem = layout::file_name(&file.path).rsplit_once('.').map_or("document", |(stem, _)| stem);
    let mut number = 0;
    for (document, fate) in file.documents().iter().zip(fates) {
        if !is_foreign(fate) {
            continue;
        }
        number += 1;
        let bytes: Arc<[u8]> = document.document.text.as_bytes().into();
        let target = free_name(draft, snapshot, &format!("{stem}-{number}.yaml"), &bytes);
        draft.write(&target, bytes);
        fate.path = Some(target);
    }
}

fn free_name(draft: &Draft, snapshot: &Snapshot, name: &str, bytes: &[u8]) -> String {
    let target = format!("unmanaged/external-configs/{name}");
    let is_free = match snapshot.files.get(&target) {
        None => !draft.holds(&target) && draft.clash(&target).is_none(),
        Some(file) => matches!(file.content, Content::Deleted) || file.bytes() == Some(bytes),
    };
    if is_free { target } else { format!("unmanaged/external-configs/{}", raw::tagged(name, bytes)) }
}

/// Moves an invalid file to `raw/errors/`, with its findings beside it.
pub(crate) fn set_aside(draft: &mut Draft, file: &RawFile, bytes: &Arc<[u8]>) {
    if file.is_external || layout::place(&file.path) == Place::Errors {
        return;
    }
    let target = below_raw("raw/errors", &file.path);
    let beside = format!("{target}.findings.txt");
    // Where a name is too long or would be another's on some file systems, the file stays where it is.
    if layout::file_name(&beside).len() > names::LONGEST || is_clash(file) || draft.clash(&target).is_some() {
        return;
    }
    let text = findings_text(&file.findings);
    draft.rename(&file.path, &target, Arc::clone(bytes));
    draft.write(&beside, text.into_bytes());
}

fn is_clash(file: &RawFile) -> bool {
    file.findings.iter().any(|finding| finding.code == "HH-LY6")
}

fn findings_text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings.iter().filter(|finding| finding.severity != Severity::Note) {
        let place = match (finding.line, finding.column) {
            (Some(line), Some(column)) => format!("line {line}, column {column}: "),
            _ => String::new(),
        };
        let message = crate::text::clean_line(&finding.message);
        let _ = writeln!(text, "{place}{} {message}\n  {}", finding.code, finding.remedy);
    }
    text
}
