//! Report: what each operation tells of one fabric, in the shape of the JSON output.

pub mod discard;
mod remote;
pub mod seen;
pub mod shown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fabric::finding::Finding;
use crate::fabric::hydration::Hydration;
use crate::fabric::plan::{Change, DocumentOutcome, Outcome, Plan};
pub use crate::history::{LastError, LastOperation};
pub use crate::ops::report::remote::{RemoteOutcome, RemoteReport};

/// What one operation tells of one fabric.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Report {
    /// Of `status`.
    Status(Box<StatusReport>),
    /// Of `validate`.
    Validate(ValidateReport),
    /// Of `show`.
    Show(Box<shown::ShowReport>),
    /// Of `export`.
    Export(Box<shown::ExportReport>),
    /// Of `diff`.
    Diff(Box<seen::DiffReport>),
    /// Of `log`.
    Log(Box<seen::LogReport>),
    /// Of a file that is read.
    File(Box<seen::FileReport>),
    /// Of `init`, `ingest` and whatever else commits.
    Write(Box<WriteReport>),
    /// Of `push`.
    Push(Box<PushReport>),
    /// Of `discard`.
    Discard(Box<discard::DiscardReport>),
    /// Of `fetch` and `pull`.
    Remote(RemoteReport),
}

/// The true state of one fabric.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct StatusReport {
    /// The profile's name.
    pub profile: Option<String>,
    /// The GitOps directory.
    pub directory: DirectoryStatus,
    /// Git.
    pub git: GitStatus,
    /// The raw files.
    pub raw: RawStatus,
    /// The managed resources.
    pub managed: ManagedStatus,
    /// The next step and its key.
    pub next: Option<NextStep>,
    /// The latest operation on record.
    pub last_operation: Option<LastOperation>,
    /// The latest failure that no success has cleared.
    pub last_error: Option<LastError>,
    /// Reserved: nobody holds fabrics yet.
    pub held: Option<()>,
    /// Where the repository is, for people: the path or the address without secrets.
    #[serde(skip)]
    pub repository: String,
    /// The GitOps directory's path in the repository.
    #[serde(skip)]
    pub path: String,
    /// Whether the profile is protected.
    #[serde(skip)]
    pub protected: bool,
    /// Why writing is off, if it is.
    #[serde(skip)]
    pub read_only: Option<String>,
}

/// The state of the GitOps directory.
#[derive(Debug, Clone, Deserialize, Serialize, schemars::JsonSchema)]
pub struct DirectoryStatus {
    /// The state.
    pub state: DirectoryState,
    /// Findings about structure and managed files.
    pub findings: Vec<Finding>,
    /// What is missing of the layout, relative to the directory.
    pub missing: Vec<String>,
    /// YAML files that lie loose, for `init` to take in.
    pub loose: usize,
}

/// The states of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryState {
    /// None of the three areas.
    NotInitialized,
    /// The action is running, here or in another process.
    Initializing,
    /// All of the standard layout or the plugin's.
    Initialized,
    /// Some of it is missing.
    Incomplete,
    /// Managed files have errors.
    Invalid,
    /// It could not be read.
    Error,
}

/// The state of Git for this fabric.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct GitStatus {
    /// One token, see [`GitState`].
    pub state: GitState,
    /// The configured branch.
    pub branch: String,
    /// The tip, hexadecimal.
    pub head: Option<String>,
    /// The tracking branch's tip that it was compared with, hexadecimal.
    #[serde(skip)]
    pub upstream: Option<String>,
    /// Commits to push that touch the directory.
    pub ahead: usize,
    /// Commits to pull that touch the directory.
    pub behind: usize,
    /// When the remote was last read, RFC 3339.
    pub checked_at: Option<String>,
    /// One sentence on the state, such as who holds the lock; may be empty.
    pub note: String,
    /// Commits to push in the whole repository.
    pub repository_ahead: usize,
    /// Commits to pull in the whole repository.
    pub repository_behind: usize,
    /// Edited, not committed files of the directory that are not raw files.
    pub edited: Vec<String>,
}

/// Git's states; the first that holds is told, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GitState {
    /// Locked by another process.
    Locked,
    /// Detached, another branch, or a merge or rebase under way.
    WrongBranch,
    /// The last attempt was refused.
    NoAccess,
    /// The last attempt got no answer.
    Offline,
    /// The remote or the branch has no commit yet.
    Unborn,
    /// Never compared with the remote.
    Unknown,
    /// Commits on both sides.
    Diverged,
    /// Commits to pull.
    Behind,
    /// Commits to push.
    Ahead,
    /// Managed files were edited and not committed.
    Dirty,
    /// Nothing between branch and tracking branch.
    InSync,
}

/// The raw files.
#[derive(Debug, Clone, Default, Deserialize, Serialize, schemars::JsonSchema)]
pub struct RawStatus {
    /// Files waiting.
    pub pending: usize,
    /// Files with error findings, those in `errors/` included.
    pub invalid: usize,
    /// Files left out.
    pub left_out: usize,
    /// Each of them.
    pub files: Vec<RawFile>,
}

/// One raw file and what ingest would make of it.
#[derive(Debug, Clone, Deserialize, Serialize, schemars::JsonSchema)]
pub struct RawFile {
    /// The path relative to the GitOps directory.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Documents in it.
    pub documents: usize,
    /// How many documents of each kind.
    pub kinds: BTreeMap<String, usize>,
    /// How many documents of each outcome.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// Its findings.
    pub findings: Vec<Finding>,
}

/// The managed resources.
#[derive(Debug, Clone, Default, Deserialize, Serialize, schemars::JsonSchema)]
pub struct ManagedStatus {
    /// How many.
    pub total: usize,
    /// How many of each kind.
    pub kinds: BTreeMap<String, usize>,
    /// What of the installer's addresses and numbers they carry.
    pub hydration: Hydration,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct NextStep {
    /// The action: `init`, `ingest`, `push`, `pull`, `fetch`, `validate`, `discard`, `error`.
    pub action: String,
    /// The dashboard's key for it.
    pub key: String,
}

/// What validation found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ValidateReport {
    /// All findings, sorted.
    pub findings: Vec<Finding>,
    /// Files read.
    pub files: usize,
    /// Resources read.
    pub resources: usize,
    /// The source lines that findings are about, by file and number.
    #[serde(skip)]
    pub lines: BTreeMap<String, BTreeMap<u32, String>>,
    /// The GitOps directory, relative to the repository's root; empty where files are named as given.
    #[serde(skip)]
    pub directory: String,
    /// Where that directory lies on this machine; none in a clone of ours, which has no files.
    #[serde(skip)]
    pub place: Option<std::path::PathBuf>,
}

impl ValidateReport {
    /// Takes in another report.
    pub(crate) fn add(&mut self, other: ValidateReport) {
        self.findings.extend(other.findings);
        self.files += other.files;
        self.resources += other.resources;
        self.lines.extend(other.lines);
    }
}

/// What `init` or `ingest` did, or would do.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct WriteReport {
    /// How it ended.
    pub result: WriteResult,
    /// The plan's id and subject; null when nothing would change.
    pub plan: Option<PlanLine>,
    /// The commit made, hexadecimal.
    pub commit: Option<String>,
    /// The changes of files.
    pub changes: Vec<Change>,
    /// The outcome of every document.
    pub documents: Vec<DocumentOutcome>,
    /// The findings.
    pub findings: Vec<Finding>,
    /// What the confirmation shows besides.
    #[serde(skip)]
    pub frame: WriteFrame,
    /// The whole plan, for diffs.
    #[serde(skip)]
    pub whole: Option<std::sync::Arc<Plan>>,
}

/// How a writing operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WriteResult {
    /// A dry run with something to do.
    Planned,
    /// One commit was made.
    Committed,
    /// Nothing to do.
    NoChange,
    /// Refused; the findings say why.
    Refused,
}

/// The plan in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlanLine {
    /// The plan id, 64 hexadecimal digits; people see the first eight.
    pub id: String,
    /// The commit's subject.
    pub subject: String,
}

/// The surroundings of a plan that a confirmation shows.
#[derive(Debug, Clone, Default)]
pub struct WriteFrame {
    /// Where the commit goes: the clone's path or the address.
    pub repository: String,
    /// The branch.
    pub branch: String,
    /// Whether the commit is pushed next, as part of the same action.
    pub is_pushed: bool,
    /// `Name <address>`.
    pub author: String,
    /// How commits are signed, if they are.
    pub signing: Option<String>,
    /// Commit hooks of the clone that will not run.
    pub skipped_hooks: Vec<String>,
    /// Sentences to show.
    pub notes: Vec<String>,
    /// Why the name must be typed, if it must.
    pub typed_because: Option<String>,
}

/// What a push did, or would do.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct PushReport {
    /// How it ended.
    pub outcome: PushOutcome,
    /// The branch.
    pub branch: String,
    /// The remote's tip before, hexadecimal; null if the branch is new there.
    pub before: Option<String>,
    /// The remote's tip after (or as promised), hexadecimal.
    pub after: Option<String>,
    /// Every commit sent, newest first.
    pub commits: Vec<PushCommit>,
    /// The plan's id.
    pub plan: Option<String>,
    /// Who applies what is sent, as far as the repository itself says.
    pub watched_by: Vec<String>,
    /// The remote's address without secrets.
    #[serde(skip)]
    pub remote: String,
    /// Changed files in all: (added, modified, deleted).
    #[serde(skip)]
    pub files: (usize, usize, usize),
    /// Every changed file: `A`, `M` or `D`, and its path in the repository.
    #[serde(skip)]
    pub paths: Vec<(char, String)>,
    /// The server's own words, cleaned; empty if it said nothing.
    #[serde(skip)]
    pub words: String,
    /// Why the name must be typed, if it must.
    #[serde(skip)]
    pub typed_because: Option<String>,
    /// Why it did not succeed, where the outcome is `rejected` or `uncertain`.
    #[serde(skip)]
    pub failure: Option<crate::ops::Failure>,
}

/// How a push ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PushOutcome {
    /// A dry run with something to send.
    Planned,
    /// The remote was read back and has our commit.
    Verified,
    /// Nothing to send.
    NoChange,
    /// The server said no.
    Rejected,
    /// Sent, and the answer was lost.
    Uncertain,
}

/// One commit of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PushCommit {
    /// The commit, hexadecimal.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// `Name <address>`.
    pub author: String,
    /// The fabric its trailer names; null if it is not one of ours.
    pub fabric: Option<String>,
    /// When, RFC 3339.
    pub at: String,
}
