//! Remote: what a fetch, a pull or a check tells.

use serde::Serialize;

/// What a fetch or pull did.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct RemoteReport {
    /// How it ended.
    pub outcome: RemoteOutcome,
    /// The branch.
    pub branch: String,
    /// The tracking branch (fetch) or the branch (pull) before.
    pub before: Option<String>,
    /// The same after.
    pub after: Option<String>,
    /// The branch's tip after, hexadecimal.
    #[serde(skip)]
    pub head: Option<String>,
    /// When the remote was read, RFC 3339.
    #[serde(skip)]
    pub checked_at: Option<String>,
    /// What became of a push whose answer was lost, now that the remote was read.
    pub settled: Option<String>,
}

/// How a fetch or pull ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RemoteOutcome {
    /// It moved forward.
    Updated,
    /// There was nothing new.
    NoChange,
}
