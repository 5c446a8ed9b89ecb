//! Plan, Change, Outcome: what an operation would do.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fabric::finding::Finding;
use crate::fabric::snapshot::Snapshot;

/// What a writing operation would do to one fabric: data, made without writing anything.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The hash of everything the plan was made of and would do, 64 hexadecimal digits.
    pub id: String,
    /// The fabric's name.
    pub fabric: String,
    /// Whether there is anything to do.
    pub verdict: Verdict,
    /// The commit message, subject, body and trailers; empty when no commit is needed.
    pub message: String,
    /// What applying does, path by path, sorted.
    pub edits: Vec<Edit>,
    /// What is shown of it, sorted by path.
    pub changes: Vec<Change>,
    /// An outcome for every document and every file-level outcome, in the order of file and line.
    pub documents: Vec<DocumentOutcome>,
    /// Everything remarked, sorted.
    pub findings: Vec<Finding>,
    /// Sentences about the plan as a whole.
    pub notes: Vec<String>,
    /// Why the fabric's name must be typed, if it must.
    pub typed_because: Option<String>,
}

/// Whether a plan does anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There is something to commit, or a leftover raw file to remove.
    Planned,
    /// Nothing would change.
    NoChange,
    /// It must not be applied; the findings say why.
    Refused,
}

/// One path to write or remove, with what must be there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The path relative to the repository's root.
    pub path: String,
    /// The blob the tip has there, hexadecimal.
    pub committed: Option<String>,
    /// The blob of the working file, hexadecimal; compared again before anything is written.
    pub current: Option<String>,
    /// The new bytes; none removes the path.
    pub after: Option<Arc<[u8]>>,
}

/// One line of the plan as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Change {
    /// The path relative to the GitOps directory.
    pub path: String,
    /// What happens to it.
    pub change: ChangeKind,
    /// For a move, where it came from.
    pub from: Option<String>,
    /// Lines added, for the text of the confirmation.
    #[serde(skip)]
    pub added_lines: usize,
    /// Lines removed.
    #[serde(skip)]
    pub removed_lines: usize,
    /// The text before, for a diff.
    #[serde(skip)]
    pub before: Option<Arc<[u8]>>,
    /// The text after, for a diff.
    #[serde(skip)]
    pub after: Option<Arc<[u8]>>,
}

/// The kinds of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A path that did not exist.
    Added,
    /// A path with new bytes.
    Modified,
    /// A path that goes away.
    Deleted,
    /// The same bytes under another path.
    Moved,
}

/// What becomes of one document, or of a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DocumentOutcome {
    /// The raw or loose file, relative to the GitOps directory.
    pub file: String,
    /// The document's line in it, from 1; null for a file-level outcome.
    pub line: Option<u32>,
    /// Its kind; null for a file-level outcome.
    pub kind: Option<String>,
    /// Its namespace, `default` where it states none; null for a file-level outcome.
    pub namespace: Option<String>,
    /// Its name; null for a file-level outcome.
    pub name: Option<String>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Where it ends up, relative to the GitOps directory; null if nowhere.
    pub path: Option<String>,
    /// One sentence for the outcomes that need one; may be empty.
    pub note: String,
}

/// The named outcomes of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new identity: its file is written.
    Added,
    /// A changed resource: its file is replaced.
    Updated,
    /// The same meaning as managed: nothing is written.
    Unchanged,
    /// The same identity and meaning twice in one ingest.
    Duplicate,
    /// Managed was edited by hand since and raw brings nothing new: the edit stays.
    Kept,
    /// Raw means the same as an earlier version: nothing is written.
    Older,
    /// Two meanings: nothing of the identity is written.
    Conflict,
    /// Not Hedgehog's: it goes to `unmanaged/`.
    Unmanaged,
    /// Holds a secret: the whole file stays and enters no commit.
    Secret,
    /// Hedgehog's, but nothing a user may author, or a template.
    Refused,
    /// Sound, but its file is held up by another document.
    Waits,
    /// Has findings of severity error.
    Invalid,
    /// A file without any document.
    AsksForNothing,
    /// Not read: unchosen, not YAML, a link, unreadable, too large.
    LeftOut,
    /// Taken out of `managed/`.
    Deleted,
    /// Now under another name.
    Renamed,
    /// The same text under another path.
    Moved,
}

impl Outcome {
    /// The outcome in words, as shown.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Added => "added",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
            Outcome::Duplicate => "duplicate",
            Outcome::Kept => "kept",
            Outcome::Older => "older",
            Outcome::Conflict => "conflict",
            Outcome::Unmanaged => "unmanaged",
            Outcome::Secret => "secret",
            Outcome::Refused => "refused",
            Outcome::Waits => "waits",
            Outcome::Invalid => "invalid",
            Outcome::AsksForNothing => "asks for nothing",
            Outcome::LeftOut => "left out",
            Outcome::Deleted => "deleted",
            Outcome::Renamed => "renamed",
            Outcome::Moved => "moved",
        }
    }

    /// Whether an ingest with this outcome exits with 1.
    pub fn is_no(self) -> bool {
        matches!(
            self,
            Outcome::Conflict | Outcome::Older | Outcome::Invalid | Outcome::Refused | Outcome::Secret | Outcome::Waits
        )
    }
}

/// The SHA-256 of some bytes, 64 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The plan id: the hash of everything a plan was made of and would do.
pub fn plan_id(made_of: &[&str], snapshot: &Snapshot, edits: &[Edit], message: &str) -> String {
    let mut hash = Sha256::new();
    let mut put = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    for text in made_of {
        put(text);
    }
    put(snapshot.tree.as_deref().unwrap_or_default());
    for (path, file) in snapshot.files.iter().filter(|(path, _)| path.starts_with("raw/")) {
        put(path);
        put(file.current.as_deref().unwrap_or_default());
    }
    for edit in edits {
        put(&edit.path);
        put(edit.committed.as_deref().unwrap_or_default());
        put(edit.current.as_deref().unwrap_or_default());
        put(&edit.after.as_deref().map(digest).unwrap_or_default());
    }
    put(message);
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
