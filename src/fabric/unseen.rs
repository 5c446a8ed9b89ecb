//! Unseen: what could not be looked into or read; it is never taken for absent.

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::layout::{self, Place};
use crate::fabric::snapshot::{Content, File, Snapshot};

/// Why a folder was not looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unseen {
    /// The system's answer.
    Unreadable(String),
    /// It is a symbolic link, which is never followed.
    Link,
    /// It holds a `.git`: a submodule, or a repository of its own.
    Repository,
    /// It is no folder, and the last commit or the layout has one there.
    NotFolder,
}

impl Unseen {
    /// What is wrong with the folder, to be read after its path.
    pub fn reason(&self) -> String {
        match self {
            Unseen::Unreadable(answer) => format!("cannot be looked into: {}", crate::text::clean_line(answer)),
            Unseen::Link => "is a symbolic link, which is never followed".to_owned(),
            Unseen::Repository => "holds a .git: it belongs to another repository and is not looked into".to_owned(),
            Unseen::NotFolder => "is no folder, and there should be one".to_owned(),
        }
    }

    fn remedy(&self) -> &'static str {
        match self {
            Unseen::Unreadable(_) => "correct its permissions; nothing is taken for deleted meanwhile",
            Unseen::Link => "put the folder itself there; nothing is taken for deleted meanwhile",
            Unseen::Repository => "move that repository elsewhere, or remove its .git",
            Unseen::NotFolder => "move that file away and put the folder back (`git restore`)",
        }
    }
}

/// What a folder's files are for.
fn place_of(folder: &str) -> Place {
    layout::place(&format!("{folder}/x.yaml"))
}

/// The error about one folder that was not looked into.
pub(crate) fn finding(folder: &str, unseen: &Unseen) -> Finding {
    let code = match (place_of(folder), unseen) {
        (Place::Raw | Place::Errors | Place::Processed | Place::Loose, Unseen::Link) => "HH-RW1",
        (Place::Raw | Place::Errors | Place::Processed | Place::Loose, _) => "HH-RW2",
        _ => "HH-LY5",
    };
    let path = if folder.is_empty() { "." } else { folder };
    Finding::file(Severity::Error, code, path, unseen.reason(), unseen.remedy())
}

/// The folders of some places that were not looked into, by path.
pub(crate) fn folders(
    snapshot: &Snapshot,
    is_meant: impl Fn(Place) -> bool,
) -> impl Iterator<Item = (&String, &Unseen)> {
    snapshot.unseen.iter().filter(move |(folder, _)| is_meant(place_of(folder)))
}

/// What keeps a plan from being made about the files of some places: folders that were not looked
/// into, and YAML files that stand there and could not be read.
pub(crate) fn findings(snapshot: &Snapshot, is_meant: impl Fn(Place) -> bool) -> Vec<Finding> {
    let of_folders = folders(snapshot, &is_meant).map(|(folder, unseen)| finding(folder, unseen));
    let is_yaml = |path: &str| is_meant(layout::place(path)) && layout::is_yaml(path);
    let files = snapshot.files.iter().filter(|(path, file)| is_yaml(path) && is_unread(file));
    of_folders.chain(files.filter_map(|(path, file)| unread(path, &file.content))).collect()
}

/// Whether a file stands there, and nothing tells what it holds, nor that it is what the last commit has.
fn is_unread(file: &File) -> bool {
    match &file.content {
        Content::Unreadable(_) | Content::Refused { .. } => true,
        Content::Symlink | Content::TooLarge(_) => file.is_edited() && file.committed.is_some(),
        _ => false,
    }
}

/// The error about a file that is not read.
pub(crate) fn unread(path: &str, content: &Content) -> Option<Finding> {
    let mut remedy = "replace it by a regular, readable file of ordinary size";
    let message = match content {
        Content::Symlink => "is a symbolic link, which is never followed".to_owned(),
        Content::Special => "is not a regular file".to_owned(),
        Content::Unreadable(answer) => format!("cannot be read: {}", crate::text::clean_line(answer)),
        Content::Refused { why, remedy: what } => {
            remedy = what;
            why.clone()
        }
        Content::TooLarge(size) => format!("has {size} bytes, more than the limit of 32 MiB"),
        Content::Bytes(_) | Content::Unread(_) | Content::Unseen | Content::Ignored | Content::Deleted => return None,
    };
    let code = if matches!(layout::place(path), Place::Raw | Place::Errors) { "HH-RW2" } else { "HH-LY5" };
    Some(Finding::file(Severity::Error, code, path, message, remedy))
}

/// Whether an error of this code says that something was not read: "no change" does not hold then.
pub fn is_code(code: &str) -> bool {
    matches!(code, "HH-RW1" | "HH-RW2" | "HH-RW3" | "HH-RW4" | "HH-LY5")
}

/// Whether nothing is known of a path: it is, or lies below, a folder that was not looked into.
pub(crate) fn hides(snapshot: &Snapshot, path: &str) -> bool {
    let mut at = path;
    loop {
        if snapshot.unseen.contains_key(at) {
            return true;
        }
        match at.rsplit_once('/') {
            Some((folder, _)) => at = folder,
            None => return false,
        }
    }
}
