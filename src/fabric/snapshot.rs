//! Snapshot: the fabric's directory at a commit, with what the working tree adds.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fabric::document::Document;
use crate::fabric::resource::Identity;
use crate::fabric::unseen::Unseen;

/// A GitOps directory as one look saw it: the branch's tip plus, in a user's clone, the working tree.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The directory, relative to the repository's root; empty for the root itself.
    pub directory: String,
    /// The branch's tip, hexadecimal; none on an unborn branch.
    pub tip: Option<String>,
    /// The tree of the directory at the tip, hexadecimal; none where the directory does not exist.
    pub tree: Option<String>,
    /// Every file below the directory by its path relative to it, with `/`.
    pub files: BTreeMap<String, File>,
    /// The committed bytes of managed files that the working tree changed or deleted, by path.
    pub before: BTreeMap<String, Arc<[u8]>>,
    /// The folders that were not looked into, and why, by path: nothing is known of what lies below.
    pub unseen: BTreeMap<String, Unseen>,
    /// Whether there is a working tree (a user's clone) or not (a bare clone of ours).
    pub has_worktree: bool,
}

/// One file of a snapshot.
#[derive(Debug, Clone)]
pub struct File {
    /// The blob at the tip, hexadecimal; none if the file is not committed.
    pub committed: Option<String>,
    /// The blob of the working file as `git add` would store it, hexadecimal; none if there is no
    /// working file. Equal to `committed` where nothing was edited and in a bare clone.
    pub current: Option<String>,
    /// What stands there now.
    pub content: Content,
}

/// What a path holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// A regular file's bytes, as `git add` would store them.
    Bytes(Arc<[u8]>),
    /// A regular file of this many bytes that nobody asked to read.
    Unread(u64),
    /// A regular file over the size limit, with its size in bytes.
    TooLarge(u64),
    /// A symbolic link; never followed.
    Symlink,
    /// A submodule, a device, a socket: nothing that is read.
    Special,
    /// A file that could not be read, and the system's answer.
    Unreadable(String),
    /// A file that git would not add.
    Refused {
        /// Why, to be read after its path.
        why: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Committed, below a folder that was not looked into: nothing says that it was edited or deleted.
    Unseen,
    /// A file Git ignores.
    Ignored,
    /// Committed, but deleted in the working tree.
    Deleted,
}

impl File {
    /// The bytes, if the file was read.
    pub fn bytes(&self) -> Option<&[u8]> {
        if let Content::Bytes(bytes) = &self.content { Some(bytes) } else { None }
    }

    /// Whether the working tree differs from the tip here.
    pub fn is_edited(&self) -> bool {
        self.committed != self.current
    }
}

/// What history says of the resources an ingest would change.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// The document each identity was last filed as, see [`crate::fabric::base`].
    pub bases: BTreeMap<Identity, Document>,
    /// Every distinct text a managed path had before the tip's, newest first.
    pub earlier: BTreeMap<String, Vec<Version>>,
}

/// One earlier text of a path.
#[derive(Debug, Clone)]
pub struct Version {
    /// The commit that replaced this text, hexadecimal: the newer one.
    pub replaced_by: String,
    /// The text.
    pub bytes: Arc<[u8]>,
}

/// Snapshots for the tests of this folder.
#[cfg(test)]
pub(crate) mod sample {
    use super::{BTreeMap, Content, File, Snapshot};
    use crate::fabric::plan::digest;

    /// A committed directory of these files.
    pub(crate) fn snapshot(files: &[(&str, &str)]) -> Snapshot {
        let file = |text: &str| {
            let blob = Some(digest(text.as_bytes()));
            File { committed: blob.clone(), current: blob, content: Content::Bytes(text.as_bytes().into()) }
        };
        let files: BTreeMap<String, File> = files.iter().map(|(path, text)| ((*path).to_owned(), file(text))).collect();
        Snapshot {
            tip: Some("1".to_owned()),
            tree: Some("2".to_owned()),
            files,
            has_worktree: true,
            ..Snapshot::default()
        }
    }

    fn keep(snapshot: &mut Snapshot, path: &str) {
        let bytes = snapshot.files.get(path).and_then(|file| file.bytes()).map(Into::into);
        snapshot.before.extend(bytes.map(|bytes| (path.to_owned(), bytes)));
    }

    /// The same directory with a file edited by hand.
    pub(crate) fn edited(mut snapshot: Snapshot, path: &str, text: &str) -> Snapshot {
        keep(&mut snapshot, path);
        let committed = snapshot.files.get(path).and_then(|file| file.committed.clone());
        let content = Content::Bytes(text.as_bytes().into());
        let file = File { committed, current: Some(digest(text.as_bytes())), content };
        snapshot.files.insert(path.to_owned(), file);
        snapshot
    }

    /// The same directory with a file deleted by hand.
    pub(crate) fn deleted(mut snapshot: Snapshot, path: &str) -> Snapshot {
        keep(&mut snapshot, path);
        if let Some(file) = snapshot.files.get_mut(path) {
            (file.current, file.content) = (None, Content::Deleted);
        }
        snapshot
    }
}
