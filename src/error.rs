//! Error, Result: what failed, why, what to do, which exit code.

mod advice;
mod effect;
mod missing;
mod refusal;

use std::path::PathBuf;

pub use crate::error::effect::WriteEffect;
pub use crate::error::missing::exists;
pub use crate::error::refusal::{Refusal, RefusalKind};

/// The result of everything that can fail in a way a user can understand.
pub type Result<T> = std::result::Result<T, Error>;

/// What failed, one variant per thing the user can act on.
///
/// Invalid *input* is not an error: it is findings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line cannot be carried out as it was written.
    #[error("{0}")]
    Usage(String),
    /// A write was asked for without a terminal and without `--yes`.
    #[error("{what} needs a confirmation, and there is no terminal to ask on")]
    NeedsYes {
        /// The action that would write, such as `ingest dc1`.
        what: String,
    },
    /// No configuration was found.
    #[error("no configuration found; looked at {}", looked.join(", "))]
    ConfigMissing {
        /// Every place looked at, in order.
        looked: Vec<String>,
    },
    /// The configuration is not YAML.
    #[error("{}:{line}:{column}: {message}", path.display())]
    ConfigSyntax {
        /// The configuration file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
        /// The line with a caret below; may be empty.
        detail: String,
    },
    /// A value of the configuration is wrong.
    #[error("{}:{line}:{column}: {message}", path.display())]
    ConfigValue {
        /// The configuration file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The configuration's text cannot be edited without risk to what the user wrote.
    #[error("the configuration was not edited: {why}")]
    ConfigEdit {
        /// Why, one sentence.
        why: String,
        /// What to write or take out by hand.
        by_hand: String,
    },
    /// A fabric was named that is not configured.
    #[error("no fabric is called {name}{}", nearest.as_ref().map(|n| format!("; did you mean {n}?")).unwrap_or_default())]
    NoSuchFabric {
        /// The name as given.
        name: String,
        /// The nearest configured name.
        nearest: Option<String>,
    },
    /// A resource was named that is not managed.
    #[error("no managed resource is called {resource}{}", nearest.as_ref().map(|n| format!("; did you mean {n}?")).unwrap_or_default())]
    NoSuchResource {
        /// `KIND/NAME` as given.
        resource: String,
        /// The nearest managed one.
        nearest: Option<String>,
    },
    /// The clone a repository's `path:` names does not exist.
    #[error("{} does not exist", path.display())]
    RepoMissing {
        /// The configured path.
        path: PathBuf,
        /// Clones beside it.
        found: Vec<PathBuf>,
    },
    /// The configured path is not a Git repository.
    #[error("{} is not a Git repository", path.display())]
    RepoNotGit {
        /// The configured path.
        path: PathBuf,
        /// Clones around it.
        found: Vec<PathBuf>,
    },
    /// The repository has a shape hedgerow does not write to.
    #[error("{} cannot be used: {what}", path.display())]
    RepoUnsupported {
        /// The repository.
        path: PathBuf,
        /// What it is, such as `a shallow clone`.
        what: String,
    },
    /// A path of the repository has a shape hedgerow does not read or write.
    #[error("{place} {what}")]
    PathUnsupported {
        /// The path, relative to the repository.
        place: String,
        /// What it is, such as `is a symbolic link`.
        what: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Somebody else holds a lock in the repository.
    #[error("{} is locked by {holder}", lock.display())]
    RepoLocked {
        /// The lock file.
        lock: PathBuf,
        /// Who holds it and for how long, as far as is known.
        holder: String,
    },
    /// A run that was cut off is not finished, and may not be finished now.
    #[error("{} is half brought up to date: {what}", path.display())]
    RepoHalf {
        /// The repository.
        path: PathBuf,
        /// What is left, and why it stays.
        what: String,
    },
    /// A path of the plan has an edit of somebody else that is not committed.
    #[error("not committed edits stand in the way: {}", paths.join(", "))]
    RepoDirty {
        /// The paths, relative to the repository.
        paths: Vec<String>,
    },
    /// HEAD is not on a branch.
    #[error("{} has a detached HEAD; the configured branch is {branch}", path.display())]
    RepoDetached {
        /// The repository.
        path: PathBuf,
        /// The configured branch.
        branch: String,
    },
    /// Another branch is checked out.
    #[error("{} is on branch {found}; the configured branch is {branch}", path.display())]
    RepoBranch {
        /// The repository.
        path: PathBuf,
        /// The branch checked out.
        found: String,
        /// The configured branch.
        branch: String,
    },
    /// A merge, rebase or the like is under way.
    #[error("{} has a {what} under way", path.display())]
    RepoInProgress {
        /// The repository.
        path: PathBuf,
        /// `merge`, `rebase`, `cherry-pick`, `revert` or `bisect`.
        what: String,
    },
    /// The branch lacks commits of its remote.
    #[error("branch {branch} is {behind} {} behind {upstream}", if *behind == 1 { "commit" } else { "commits" })]
    RepoBehind {
        /// The local branch.
        branch: String,
        /// The tracking branch.
        upstream: String,
        /// How many commits are missing here.
        behind: usize,
    },
    /// The branch and its remote both have commits the other lacks.
    #[error("branch {branch} and {upstream} have diverged: {ahead} to push, {behind} to pull")]
    RepoDiverged {
        /// The local branch.
        branch: String,
        /// The tracking branch.
        upstream: String,
        /// Commits only here.
        ahead: usize,
        /// Commits only there.
        behind: usize,
        /// Whether the clone is hedgerow's own, where nobody works.
        is_ours: bool,
    },
    /// A commit cannot be taken back.
    #[error("nothing can be taken back: {why}")]
    Discard {
        /// Why, such as `the newest commit of main, 77be012, is published: origin/main has it`.
        why: String,
    },
    /// The repository is damaged.
    #[error("{what} in {} failed: {detail}", path.display())]
    Git {
        /// What was tried, such as `reading the tree of main`.
        what: String,
        /// The repository.
        path: PathBuf,
        /// The whole chain of causes.
        detail: String,
    },
    /// The `git` program is missing or too old.
    #[error("{0}")]
    GitProgram(String),
    /// The remote wants a credential and none was found.
    #[error("{remote} asks for a credential and none was found")]
    AuthNone {
        /// The remote's address without secrets.
        remote: String,
        /// What git said.
        detail: String,
    },
    /// The remote refused the credential, or read access.
    #[error("{remote} refused access")]
    AuthDenied {
        /// The remote's address without secrets.
        remote: String,
        /// What git said.
        detail: String,
    },
    /// No ssh key was accepted.
    #[error("{remote} accepted no ssh key")]
    SshAgent {
        /// The remote's address without secrets.
        remote: String,
        /// What ssh said.
        detail: String,
    },
    /// The ssh host key is unknown.
    #[error("the ssh host key of {remote} is not known")]
    SshHostKey {
        /// The remote's address without secrets.
        remote: String,
        /// What ssh said.
        detail: String,
    },
    /// The remote did not answer.
    #[error("{remote} did not answer")]
    NetTimeout {
        /// The remote's address without secrets.
        remote: String,
        /// What git said.
        detail: String,
    },
    /// The remote could not be read for another reason.
    #[error("{remote} could not be read")]
    Net {
        /// The remote's address without secrets.
        remote: String,
        /// What git said.
        detail: String,
    },
    /// The remote has no repository at this address.
    #[error("{remote} has no repository, or hides it")]
    RemoteMissing {
        /// The remote's address without secrets.
        remote: String,
        /// What git said.
        detail: String,
    },
    /// The remote has no such branch, and has others.
    #[error("{remote} has no branch {branch}; {}", missing::list(nearest))]
    RemoteBranch {
        /// The remote's address without secrets.
        remote: String,
        /// The branch that is configured or was asked for.
        branch: String,
        /// Branches it has, the most alike first.
        nearest: Vec<String>,
    },
    /// The remote moved on: the push is no fast-forward.
    #[error("the server refused the push: {branch} moved on while you worked")]
    PushNonFf {
        /// The branch.
        branch: String,
        /// Whether the clone is hedgerow's own, where nobody works.
        is_ours: bool,
        /// The server's words.
        detail: String,
    },
    /// A rule of the server protects the branch.
    #[error("the server refused the push: {branch} is protected")]
    PushProtected {
        /// The branch.
        branch: String,
        /// Whether the clone is hedgerow's own, where nobody works.
        is_ours: bool,
        /// The server's words.
        detail: String,
    },
    /// A hook refused the push.
    #[error("a hook refused the push of {branch}")]
    PushHook {
        /// The branch.
        branch: String,
        /// Whether the clone is hedgerow's own, where nobody works.
        is_ours: bool,
        /// The hook's words.
        detail: String,
    },
    /// The push was sent and the answer was lost.
    #[error("the push of {branch} was sent and the answer was lost")]
    PushUncertain {
        /// The branch.
        branch: String,
        /// What is known.
        detail: String,
    },
    /// The commit could not be signed.
    #[error("the commit could not be signed{}", if *is_locked { ": the key needs its passphrase" } else { "" })]
    Sign {
        /// What the signing program said.
        detail: String,
        /// Whether the key has to be unlocked first.
        is_locked: bool,
    },
    /// No author is configured in Git.
    #[error("Git knows no author for {}", path.display())]
    NoAuthor {
        /// The repository.
        path: PathBuf,
    },
    /// The directory has none of the three areas.
    #[error("{directory} is not initialised")]
    DirNotInit {
        /// The GitOps directory.
        directory: String,
    },
    /// Two fabrics share files.
    #[error("{directory} of fabric {fabric} overlaps {other_directory} of fabric {other}")]
    DirOverlap {
        /// The refused fabric.
        fabric: String,
        /// Its directory.
        directory: String,
        /// The fabric that has it.
        other: String,
        /// That one's directory.
        other_directory: String,
    },
    /// The file system refused.
    #[error("{}: {what}: {source}", path.display())]
    Fs {
        /// What was tried, such as `cannot write`.
        what: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// What the plan was made of has moved.
    #[error("the plan is out of date: {moved}")]
    PlanStale {
        /// What moved, such as `raw/x.yaml changed`.
        moved: String,
    },
    /// A plan cannot be made, for a reason its findings tell.
    #[error("{0}")]
    PlanRefused(String),
    /// Writing is switched off.
    #[error("{what} is off: {why}")]
    ReadOnly {
        /// The action.
        what: String,
        /// `--read-only` or the profile.
        why: String,
    },
    /// Git, ssh or a server did not do what was asked.
    #[error(transparent)]
    Refused(Refusal),
    /// The user stopped it.
    #[error("stopped")]
    Stopped,
    /// Another failure, which came after something was done or leaves it unknown.
    #[error("{}: {source}", effect.sentence())]
    After {
        /// What had been done.
        effect: WriteEffect,
        /// The failure itself.
        source: Box<Error>,
    },
    /// A bug of ours.
    #[error("internal error: {0}")]
    Internal(String),
}
