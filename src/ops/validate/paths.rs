//! Paths: files, folders and standard input, checked without any configuration.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::fabric::check::Check;
use crate::fabric::document::MAX_FILE;
use crate::fabric::files::{self, Source};
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::{Options, Survey};
use crate::fabric::layout::{self, Shape};
use crate::fabric::snapshot::{Content, File, Past, Snapshot};
use crate::fabric::unseen::{self, Unseen};
use crate::git::shown_name;
use crate::ops::report::ValidateReport;
use crate::ops::validate::{ValidateRequest, directory, lines};
use crate::text::clean_line;

/// Checks what was named: GitOps directories as such, everything else as one set of files.
pub(super) fn validate(request: &ValidateRequest) -> Result<ValidateReport> {
    let check = request.check(&request.checks)?;
    let mut report = ValidateReport::default();
    let mut sources: Vec<Source> = Vec::new();
    let mut left_out: Vec<Finding> = Vec::new();
    for path in &request.paths {
        let place = Path::new(path);
        if !place.is_dir() {
            read(place, path, &mut sources, &mut left_out)?;
            continue;
        }
        let snapshot = walk(place)?;
        if layout::shape(&snapshot) == Shape::None {
            folder(path, &snapshot, &mut sources, &mut left_out);
        } else {
            report.add(gitops(path, &snapshot, &check));
        }
    }
    if let Some(input) = &request.input {
        sources.push(("stdin".to_owned(), Arc::clone(input)));
    }
    let found = files::check(&sources, &[], &check);
    let mut findings = found.findings;
    findings.extend(left_out);
    findings.sort();
    let text = |file: &str| sources.iter().find(|(name, _)| name == file).map(|(_, bytes)| bytes.to_vec());
    let lines = lines::of(&findings, &text);
    let (files, resources) = (sources.len(), found.resources);
    report.add(ValidateReport { findings, files, resources, lines, ..ValidateReport::default() });
    Ok(report)
}

/// A GitOps directory outside any configuration, without its history.
fn gitops(path: &str, snapshot: &Snapshot, check: &Check) -> ValidateReport {
    let survey = Survey::new(snapshot, &Options::default());
    let past = untold(&survey);
    let mut report = directory(survey, check, &past);
    let joined = |file: &str| join(path, file);
    for finding in &mut report.findings {
        finding.file = joined(&finding.file);
        for related in &mut finding.related {
            related.file = joined(&related.file);
        }
    }
    report.lines = report.lines.into_iter().map(|(file, lines)| (joined(&file), lines)).collect();
    report
}

fn join(folder: &str, file: &str) -> String {
    let folder = folder.trim_end_matches('/');
    if matches!(folder, "" | ".") { file.to_owned() } else { format!("{folder}/{file}") }
}

fn folder(path: &str, snapshot: &Snapshot, sources: &mut Vec<Source>, left_out: &mut Vec<Finding>) {
    for (name, file) in snapshot.files.iter().filter(|(name, _)| layout::is_yaml(name) && !layout::is_leftover(name)) {
        let name = join(path, name);
        match &file.content {
            Content::Bytes(bytes) => sources.push((name, Arc::clone(bytes))),
            Content::TooLarge(size) => left_out.push(too_large(&name, *size)),
            Content::Unreadable(answer) => left_out.push(unreadable(&name, answer)),
            Content::Symlink => left_out.push(link(&name)),
            Content::Refused { .. }
            | Content::Unread(_)
            | Content::Special
            | Content::Unseen
            | Content::Ignored
            | Content::Deleted => {}
        }
    }
    for (folder, why) in &snapshot.unseen {
        let finding = unseen::finding(folder, why);
        left_out.push(Finding { file: join(path, folder), code: "HH-RW2", ..finding });
    }
}

fn link(name: &str) -> Finding {
    let message = "is a symbolic link, which is never followed below a folder";
    Finding::file(Severity::Error, "HH-RW1", name, message, "name the file itself, or put it there")
}

fn too_large(name: &str, size: u64) -> Finding {
    let message = format!("has {size} bytes, more than the limit of 32 MiB");
    Finding::file(Severity::Error, "HH-RW3", name, message, "split it into smaller files")
}

fn unreadable(name: &str, answer: &str) -> Finding {
    let message = format!("cannot be read: {}", clean_line(answer));
    Finding::file(Severity::Error, "HH-RW2", name, message, "correct its permissions")
}

fn read(place: &Path, name: &str, sources: &mut Vec<Source>, left_out: &mut Vec<Finding>) -> Result<()> {
    let mut bytes = Vec::new();
    let opened = fs::File::open(place).and_then(|open| open.take(MAX_FILE + 1).read_to_end(&mut bytes));
    opened.map_err(Error::fs("cannot read", place))?;
    if bytes.len() as u64 > MAX_FILE {
        left_out.push(too_large(name, bytes.len() as u64));
    } else {
        sources.push((name.to_owned(), bytes.into()));
    }
    Ok(())
}

/// A folder as a snapshot without Git; links are not followed, hidden folders not entered.
fn walk(top: &Path) -> Result<Snapshot> {
    let mut snapshot = Snapshot { has_worktree: true, ..Snapshot::default() };
    let mut folders: Vec<(PathBuf, String)> = vec![(top.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = match entries(&folder) {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() => return Err(Error::fs("cannot read", &folder)(error)),
            Err(error) => {
                snapshot.unseen.insert(prefix, Unseen::Unreadable(error.to_string()));
                continue;
            }
        };
        for (name, kind) in entries {
            let (path, place) = (inner(&prefix, &name), folder.join(&name));
            let is_area = matches!(path.as_str(), "raw" | "managed" | "unmanaged");
            if kind.is_dir() && !name.to_string_lossy().starts_with('.') {
                folders.push((place, path));
            } else if is_area && kind.is_symlink() {
                snapshot.unseen.insert(path, Unseen::Link);
            } else if !kind.is_dir() {
                let content = content(&place, &path, kind);
                snapshot.files.insert(path, File { committed: None, current: None, content });
            }
        }
    }
    Ok(snapshot)
}

fn entries(folder: &Path) -> std::io::Result<Vec<(OsString, fs::FileType)>> {
    fs::read_dir(folder)?.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)))).collect()
}

fn inner(folder: &str, name: &OsString) -> String {
    let name = shown_name(name.as_encoded_bytes());
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

fn content(place: &Path, path: &str, kind: fs::FileType) -> Content {
    if kind.is_symlink() {
        return Content::Symlink;
    }
    if !kind.is_file() {
        return Content::Special;
    }
    let size = place.metadata().map_or(0, |metadata| metadata.len());
    if size > MAX_FILE {
        return Content::TooLarge(size);
    }
    if !layout::is_read(path) && !layout::is_yaml(path) {
        return Content::Unread(size);
    }
    fs::read(place).map_or_else(|error| Content::Unreadable(error.to_string()), |bytes| Content::Bytes(bytes.into()))
}

/// Where no history tells, what waits is checked as if it replaced what is managed.
fn untold(survey: &Survey<'_>) -> Past {
    let spots = survey.managed.resources.iter().filter_map(|(identity, spots)| Some((identity, spots.first()?)));
    let bases = spots.map(|(identity, spot)| (identity.clone(), spot.document.clone())).collect();
    Past { bases, ..Past::default() }
}
