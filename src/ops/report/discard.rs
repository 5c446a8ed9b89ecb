//! What a discard tells: which commits are taken back, and where what they took in is put.

use serde::Serialize;

use crate::ops::report::PushCommit;

/// What `discard` did, or would do.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DiscardReport {
    /// How it ended.
    pub result: DiscardResult,
    /// The branch.
    pub branch: String,
    /// The branch's commit before, hexadecimal.
    pub before: String,
    /// The branch's commit after, hexadecimal.
    pub after: String,
    /// The commits taken back, newest first, of whichever fabric.
    pub commits: Vec<PushCommit>,
    /// The reference that keeps them.
    pub kept: String,
    /// Raw files put back into the working tree beside what Git brings back, by their path in the repository.
    pub returned: Vec<String>,
    /// Files in the state directory with what was given from elsewhere.
    pub saved: Vec<String>,
    /// The plan's id.
    pub plan: String,
    /// Where the commits are: the clone's path or the address.
    #[serde(skip)]
    pub repository: String,
    /// Every changed file: `A`, `M` or `D`, and its path in the repository.
    #[serde(skip)]
    pub paths: Vec<(char, String)>,
    /// Sentences to show.
    #[serde(skip)]
    pub notes: Vec<String>,
    /// Why the name must be typed, if it must.
    #[serde(skip)]
    pub typed_because: Option<String>,
}

/// How a discard ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiscardResult {
    /// A dry run with something to take back.
    Planned,
    /// The branch was moved back.
    Discarded,
}
