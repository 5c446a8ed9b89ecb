//! Comparing a directory: the branch, its remote, a commit and the working files, file by file.

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::ObjectId;

use crate::error::{Error, Result};
use crate::fabric::document::MAX_FILE;
use crate::fabric::layout::{self, Place};
use crate::fabric::snapshot::{Content, File, Snapshot};
use crate::git::repository::Repository;
use crate::git::{failure, hash};
use crate::text;

/// One file that differs.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// Its path relative to the GitOps directory.
    pub path: String,
    /// Its bytes before; none if it is new.
    pub before: Option<Side>,
    /// Its bytes after; none if it is gone.
    pub after: Option<Side>,
}

/// What one side of a comparison has.
#[derive(Clone, Debug)]
pub enum Side {
    /// The bytes.
    Bytes(Arc<[u8]>),
    /// Nothing that can be shown, and why.
    Hidden(String),
}

impl Repository {
    /// The commit both the branch and its remote have, hexadecimal; none before the first fetch or commit.
    pub fn merge_base(&self) -> Result<Option<String>> {
        let (Some(tip), Some(upstream)) = (self.tip_id()?, self.upstream_id()?) else {
            return Ok(None);
        };
        let failed = failure::git("comparing commits", &self.location.dir);
        let bases = self.gix.merge_bases_many(tip, &[upstream]).map_err(failed)?;
        Ok(bases.first().map(|base| base.detach().to_string()))
    }

    /// The commit a revision means, hexadecimal.
    ///
    /// # Errors
    /// [`Error::Usage`] where it means none.
    pub fn revision(&self, revision: &str) -> Result<String> {
        let unknown = || Error::Usage(text::clean_line(&format!("no commit is called {revision}")));
        let spec = format!("{revision}^{{commit}}");
        let id = self.gix.rev_parse_single(spec.as_str()).map_err(|_| unknown())?;
        Ok(id.detach().to_string())
    }

    /// The first parent of a commit, hexadecimal; none for a first commit.
    pub fn parent(&self, commit: &str) -> Result<Option<String>> {
        Ok(self.parents(hash::parse(commit)?)?.first().map(ToString::to_string))
    }

    /// What differs in a directory between two commits; none is an empty tree.
    pub fn compare_commits(&self, directory: &str, from: Option<&str>, to: &str) -> Result<Vec<FileChange>> {
        let tree = |id: &str| self.directory_at(hash::parse(id)?, directory);
        let old = from.map_or(Ok(None), tree)?;
        let mut out = Vec::new();
        for found in self.differences(old, tree(to)?)? {
            let (before, after) = (self.side(found.old)?, self.side(found.new)?);
            out.push(FileChange { path: found.path, before, after });
        }
        Ok(out)
    }

    /// What differs between a commit and a directory as it stands; raw files that are not committed
    /// wait to be ingested and are no difference.
    pub fn compare_files(&self, from: Option<&str>, snapshot: &Snapshot) -> Result<Vec<FileChange>> {
        let old = from.map_or(Ok(None), |id| self.directory_at(hash::parse(id)?, &snapshot.directory))?;
        let mut pairs: BTreeMap<String, (Option<ObjectId>, Option<&File>)> = BTreeMap::new();
        if let Some(tree) = old {
            self.walk_tree(tree, "", &mut |path, entry| {
                pairs.insert(path.to_owned(), (Some(entry.id), None));
                Ok(())
            })?;
        }
        for (path, file) in &snapshot.files {
            pairs.entry(path.clone()).or_default().1 = Some(file);
        }
        let mut out = Vec::new();
        for (path, (old, file)) in pairs {
            let now = file.and_then(|file| present(&path, file));
            if old.map(|id| id.to_string()).as_deref() != now {
                let after = match file.filter(|_| now.is_some()) {
                    Some(file) => self.standing_side(file, now)?,
                    None => None,
                };
                out.push(FileChange { path, before: self.side(old)?, after });
            }
        }
        Ok(out)
    }

    fn standing_side(&self, file: &File, blob: Option<&str>) -> Result<Option<Side>> {
        if file.committed.as_deref() == blob && !matches!(file.content, Content::Bytes(_)) {
            return self.side(blob.map(hash::parse).transpose()?);
        }
        Ok(Some(match &file.content {
            Content::Bytes(bytes) => Side::Bytes(bytes.clone()),
            Content::Symlink => Side::Hidden("a symbolic link".to_owned()),
            Content::TooLarge(_) => Side::Hidden("too large to show".to_owned()),
            Content::Unreadable(answer) => Side::Hidden(format!("cannot be read: {}", text::clean_line(answer))),
            Content::Refused { why, .. } => Side::Hidden(why.clone()),
            _ => Side::Hidden("not a file that can be shown".to_owned()),
        }))
    }

    fn side(&self, id: Option<ObjectId>) -> Result<Option<Side>> {
        let Some(id) = id else {
            return Ok(None);
        };
        let header = self.gix.find_header(id).map_err(failure::git("reading an object", &self.location.dir));
        let Ok(header) = header else {
            return Ok(Some(Side::Hidden("a submodule".to_owned())));
        };
        if header.size() > MAX_FILE {
            return Ok(Some(Side::Hidden("too large to show".to_owned())));
        }
        Ok(Some(Side::Bytes(self.blob(id)?.into())))
    }
}

/// The blob that counts as standing at a path: what is committed below `raw/`, the working file elsewhere.
fn present<'a>(path: &str, file: &'a File) -> Option<&'a str> {
    let waits = matches!(layout::place(path), Place::Raw | Place::Errors | Place::Processed);
    let counts = if waits || matches!(file.content, Content::Ignored) { &file.committed } else { &file.current };
    counts.as_deref()
}
