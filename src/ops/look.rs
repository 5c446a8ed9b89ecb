//! Look: what differs, what was done and what a file holds; nothing is written.

use std::sync::Arc;

use crate::config::Home;
use crate::error::{Error, Result};
use crate::fabric::document::MAX_FILE;
use crate::fabric::secret;
use crate::fabric::snapshot::Content;
use crate::git::compare::{FileChange, Side};
use crate::git::repository::Repository;
use crate::git::{Location, look};
use crate::ops::report::Report;
use crate::ops::report::seen::{DiffFile, DiffReport, FileReport, LogCommit, LogReport};
use crate::ops::select::{self, Chosen};
use crate::ops::{Context, Done, record, time_text, unread};
use crate::progress::Reporter;
use crate::text::{clean_line, quote_line, redact};

/// Commits that a history shows at most.
const LATEST: usize = 200;

/// What is looked at.
#[derive(Debug, Clone)]
pub(crate) enum Want {
    /// What differs from what.
    Diff(Against),
    /// Commits and operations.
    Log,
    /// One file, relative to the GitOps directory.
    File(String),
}

/// What a directory is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// What is here and not on the remote: commits to push and edits.
    Local,
    /// What is on the remote and not here: commits to pull.
    Remote,
    /// What changed since this revision, edits included.
    Revision(String),
    /// What this one commit changed.
    Commit(String),
}

/// Looks at every chosen fabric, side by side.
pub(crate) async fn look(cx: &Context, names: &[String], want: Want, report: &Reporter) -> Result<Vec<Done>> {
    let context = cx.clone();
    select::side_by_side(cx, names, report, move |location, chosen| one(&context, location, chosen, &want)).await
}

fn one(cx: &Context, location: &Location, chosen: &Chosen, want: &Want) -> Result<Report> {
    let directory = &chosen.settings.directory;
    let is_absent = matches!(location.home, Home::Url(_)) && !location.is_there()?;
    match want {
        Want::Log => {
            let commits = if is_absent { Vec::new() } else { commits(&Repository::open(location)?, directory)? };
            let operations = cx.history().records(&chosen.settings.name, &record::key(location, directory));
            Ok(Report::Log(Box::new(LogReport { commits, operations })))
        }
        Want::Diff(against) => {
            Ok(Report::Diff(Box::new(difference(&Repository::open(location)?, directory, against)?)))
        }
        Want::File(path) => Ok(Report::File(Box::new(file(&Repository::open(location)?, directory, path)?))),
    }
}

fn commits(repository: &Repository, directory: &str) -> Result<Vec<LogCommit>> {
    let waiting: Vec<String> = repository.unpublished()?.into_iter().map(|commit| commit.id).collect();
    let log = repository.log(directory, LATEST)?;
    let listed = log.into_iter().map(|commit| LogCommit {
        pushed: !waiting.contains(&commit.id),
        id: commit.id,
        at: time_text(commit.time),
        subject: quote_line(&commit.subject),
        author: quote_line(&commit.author),
        operation: commit.operation,
    });
    Ok(listed.collect())
}

fn difference(repository: &Repository, directory: &str, against: &Against) -> Result<DiffReport> {
    let short = |id: &str| id.get(..7).unwrap_or(id).to_owned();
    let named = |name: &str, id: Option<&str>| match id {
        Some(id) => clean_line(&format!("{name} {}", short(id))),
        None => "nothing".to_owned(),
    };
    let upstream = repository.location().upstream_name();
    let (from, to, changes) = match against {
        Against::Local => {
            let base = repository.merge_base()?;
            (named(&upstream, base.as_deref()), None, since(repository, directory, base.as_deref())?)
        }
        Against::Revision(revision) => {
            let id = repository.revision(revision)?;
            (named(revision, Some(&id)), None, since(repository, directory, Some(&id))?)
        }
        Against::Remote => {
            let base = repository.merge_base()?;
            let branch = named(&repository.location().branch, base.as_deref());
            match repository.upstream()? {
                None => (branch, Some("nothing".to_owned()), Vec::new()),
                Some(tip) => {
                    let changes = repository.compare_commits(directory, base.as_deref(), &tip)?;
                    (branch, Some(named(&upstream, Some(&tip))), changes)
                }
            }
        }
        Against::Commit(commit) => {
            let id = repository.revision(commit)?;
            let parent = repository.parent(&id)?;
            let changes = repository.compare_commits(directory, parent.as_deref(), &id)?;
            (named("commit", parent.as_deref()), Some(named("commit", Some(&id))), changes)
        }
    };
    let files = changes.into_iter().map(differing).collect();
    Ok(DiffReport { from, to: to.unwrap_or_else(|| "what stands here".to_owned()), files })
}

fn since(repository: &Repository, directory: &str, from: Option<&str>) -> Result<Vec<FileChange>> {
    let snapshot = look::snapshot(repository, directory, &|_| true)?;
    unread::check(&snapshot)?;
    repository.compare_files(from, &snapshot)
}

fn differing(change: FileChange) -> DiffFile {
    let kind = match (&change.before, &change.after) {
        (None, _) => "added",
        (_, None) => "deleted",
        _ => "modified",
    };
    let (before, after) = match (text(&change.path, change.before), text(&change.path, change.after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(note), _) | (_, Err(note)) => {
            return DiffFile { path: change.path, change: kind, added: 0, removed: 0, diff: None, note };
        }
    };
    let diff = similar::TextDiff::from_lines(&*before, &*after);
    let count = |tag| diff.iter_all_changes().filter(|line| line.tag() == tag).count();
    DiffFile {
        path: change.path,
        change: kind,
        added: count(similar::ChangeTag::Insert),
        removed: count(similar::ChangeTag::Delete),
        diff: Some(redact(&diff.unified_diff().to_string())),
        note: String::new(),
    }
}

/// A side's text; the reason where it is not shown.
fn text(path: &str, side: Option<Side>) -> std::result::Result<Arc<str>, String> {
    let bytes = match side {
        None => return Ok(Arc::from("")),
        Some(Side::Hidden(why)) => return Err(why),
        Some(Side::Bytes(bytes)) => bytes,
    };
    if secret::find(path, &bytes).is_some() {
        return Err("it holds a secret".to_owned());
    }
    std::str::from_utf8(&bytes).map(Arc::from).map_err(|_| "it is not UTF-8 text".to_owned())
}

fn file(repository: &Repository, directory: &str, path: &str) -> Result<FileReport> {
    let snapshot = look::snapshot(repository, directory, &|other| other == path)?;
    let Some(file) = snapshot.files.get(path) else {
        unread::check_path(&snapshot, path)?;
        return Err(Error::Usage(clean_line(&format!("{path} is not there any more"))));
    };
    let side = match &file.content {
        Content::Bytes(bytes) => Side::Bytes(bytes.clone()),
        Content::TooLarge(size) => Side::Hidden(format!("{size} bytes are more than {MAX_FILE}")),
        Content::Unreadable(why) => Side::Hidden(clean_line(why)),
        Content::Refused { why, .. } => Side::Hidden(format!("it {why}")),
        Content::Symlink => Side::Hidden("it is a symbolic link, which is never followed".to_owned()),
        Content::Deleted => Side::Hidden("it was deleted".to_owned()),
        Content::Unseen => Side::Hidden("it lies below a folder that cannot be looked into".to_owned()),
        _ => Side::Hidden("it is no file that can be read".to_owned()),
    };
    let (text, note) = match text(path, Some(side)) {
        Ok(text) => (Some(redact(&text)), String::new()),
        Err(note) => (None, note),
    };
    Ok(FileReport { path: path.to_owned(), text, note })
}
