//! Error, Result: what failed, why, what to do, which exit code.

use std::path::PathBuf;

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
    /// A fabric was named that is not configured.
    #[error("no fabric is called {name}{}", nearest.as_ref().map(|n| format!("; did you mean {n}?")).unwrap_or_default())]
    NoSuchFabric {
        /// The name as given.
        name: String,
        /// The nearest configured name.
        nearest: Option<String>,
    },
    /// The clone a repository's `path:` names does not exist.
    #[error("{} does not exist", path.display())]
    RepoMissing {
        /// The configured path.
        path: PathBuf,
    },
    /// The configured path is not a Git repository.
    #[error("{} is not a Git repository", path.display())]
    RepoNotGit {
        /// The configured path.
        path: PathBuf,
    },
    /// The repository has a shape hedgerow does not write to.
    #[error("{} cannot be used: {what}", path.display())]
    RepoUnsupported {
        /// The repository.
        path: PathBuf,
        /// What it is, such as `a shallow clone`.
        what: String,
    },
    /// Somebody else holds a lock in the repository.
    #[error("{} is locked by {holder}", lock.display())]
    RepoLocked {
        /// The lock file.
        lock: PathBuf,
        /// Who holds it and for how long, as far as is known.
        holder: String,
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
    #[error("branch {branch} is {behind} commits behind {upstream}")]
    RepoBehind {
        /// The local branch.
        branch: String,
        /// The tracking branch.
        upstream: String,
        /// How many commits are missing here.
        behind: usize,
    },
    /// The branch and its remote both have commits the other lacks.
    #[error("branch {branch} and {upstream} have diverged: {ahead} commits here, {behind} there")]
    RepoDiverged {
        /// The local branch.
        branch: String,
        /// The tracking branch.
        upstream: String,
        /// Commits only here.
        ahead: usize,
        /// Commits only there.
        behind: usize,
    },
    /// Reading or writing the repository failed.
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
    /// The ssh host key is unknown or has changed.
    #[error("the ssh host key of {remote} is not known or has changed")]
    SshHostKey {
        /// The remote's address without secrets.
        remote: String,
        /// What ssh said.
        detail: String,
    },
    /// The remote's host name did not resolve.
    #[error("the host of {remote} was not found")]
    NetDns {
        /// The remote's address without secrets.
        remote: String,
        /// What git said.
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
    /// The TLS connection was refused.
    #[error("the TLS connection to {remote} failed")]
    NetTls {
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
    /// The remote moved on: the push is no fast-forward.
    #[error("the server refused the push: {branch} moved on while you worked")]
    PushNonFf {
        /// The branch.
        branch: String,
        /// The server's words.
        detail: String,
    },
    /// A rule of the server protects the branch.
    #[error("the server refused the push: {branch} is protected")]
    PushProtected {
        /// The branch.
        branch: String,
        /// The server's words.
        detail: String,
    },
    /// A hook refused the push.
    #[error("a hook refused the push of {branch}")]
    PushHook {
        /// The branch.
        branch: String,
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
    #[error("the commit could not be signed")]
    Sign {
        /// What the signing program said.
        detail: String,
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
    /// The user stopped it.
    #[error("stopped; nothing was changed")]
    Stopped,
    /// A bug of ours.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// The stable code of this failure, `E-…`.
    #[expect(clippy::too_many_lines, reason = "one arm a variant")]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Usage(_) => "E-USAGE",
            Error::NeedsYes { .. } => "E-CONFIRM",
            Error::ConfigMissing { .. } => "E-CFG-MISSING",
            Error::ConfigSyntax { .. } => "E-CFG-SYNTAX",
            Error::ConfigValue { .. } => "E-CFG-VALUE",
            Error::NoSuchFabric { .. } => "E-CFG-FABRIC",
            Error::RepoMissing { .. } => "E-REPO-MISSING",
            Error::RepoNotGit { .. } => "E-REPO-NOTGIT",
            Error::RepoUnsupported { .. } => "E-REPO-UNSUPPORTED",
            Error::RepoLocked { .. } => "E-REPO-LOCKED",
            Error::RepoDirty { .. } => "E-REPO-DIRTY",
            Error::RepoDetached { .. } => "E-REPO-DETACHED",
            Error::RepoBranch { .. } => "E-REPO-BRANCH",
            Error::RepoInProgress { .. } => "E-REPO-INPROGRESS",
            Error::RepoBehind { .. } => "E-REPO-BEHIND",
            Error::RepoDiverged { .. } => "E-REPO-DIVERGED",
            Error::Git { .. } => "E-REPO-GIT",
            Error::GitProgram(_) => "E-GIT-PROGRAM",
            Error::AuthNone { .. } => "E-AUTH-NONE",
            Error::AuthDenied { .. } => "E-AUTH-DENIED",
            Error::SshAgent { .. } => "E-SSH-AGENT",
            Error::SshHostKey { .. } => "E-SSH-HOSTKEY",
            Error::NetDns { .. } => "E-NET-DNS",
            Error::NetTimeout { .. } => "E-NET-TIMEOUT",
            Error::NetTls { .. } => "E-NET-TLS",
            Error::Net { .. } => "E-NET",
            Error::RemoteMissing { .. } => "E-REMOTE-MISSING",
            Error::PushNonFf { .. } => "E-PUSH-NONFF",
            Error::PushProtected { .. } => "E-PUSH-PROTECTED",
            Error::PushHook { .. } => "E-PUSH-HOOK",
            Error::PushUncertain { .. } => "E-PUSH-UNCERTAIN",
            Error::Sign { .. } => "E-SIGN",
            Error::NoAuthor { .. } => "E-AUTHOR",
            Error::DirNotInit { .. } => "E-DIR-NOTINIT",
            Error::DirOverlap { .. } => "E-DIR-OVERLAP",
            Error::Fs { source, .. } => match source.kind() {
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                    "E-FS-PERM"
                }
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "E-FS-FULL",
                _ => "E-FS",
            },
            Error::PlanStale { .. } => "E-PLAN-STALE",
            Error::PlanRefused(_) => "E-PLAN-REFUSED",
            Error::ReadOnly { .. } => "E-READ-ONLY",
            Error::Stopped => "E-STOPPED",
            Error::Internal(_) => "E-INTERNAL",
        }
    }

    /// The process's exit code for this failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage(_) | Error::NeedsYes { .. } => 2,
            Error::ConfigMissing { .. }
            | Error::ConfigSyntax { .. }
            | Error::ConfigValue { .. }
            | Error::NoSuchFabric { .. }
            | Error::DirOverlap { .. } => 3,
            Error::AuthNone { .. }
            | Error::AuthDenied { .. }
            | Error::SshAgent { .. }
            | Error::SshHostKey { .. } => 4,
            Error::NetDns { .. }
            | Error::NetTimeout { .. }
            | Error::NetTls { .. }
            | Error::Net { .. }
            | Error::RemoteMissing { .. }
            | Error::PushUncertain { .. } => 5,
            Error::Stopped => 8,
            Error::Internal(_) => 70,
            _ => 6,
        }
    }

    /// What to do about it, most useful first.
    #[expect(clippy::too_many_lines, reason = "one arm a variant")]
    pub fn hint(&self) -> Vec<String> {
        let lines: &[&str] = match self {
            Error::Usage(_) => &["see `hedgerow --help`"],
            Error::NeedsYes { .. } => &["read the plan above, then run it again with --yes"],
            Error::ConfigMissing { .. } => &[
                "`hedgerow add NAME --repo PATH --directory DIR` writes one",
                "`hedgerow config example` prints a commented one",
                "`hedgerow demo` shows the program without one",
            ],
            Error::ConfigSyntax { .. } | Error::ConfigValue { .. } => {
                &["correct that line, then run `hedgerow config check`"]
            }
            Error::NoSuchFabric { .. } => &["`hedgerow status` lists the configured fabrics"],
            Error::RepoMissing { .. } | Error::RepoNotGit { .. } => &[
                "clone the repository there, or correct `path:` in the configuration (`hedgerow config path`)",
            ],
            Error::RepoUnsupported { .. } => &[
                "use a full ordinary clone, or configure the remote with `url:` and let hedgerow keep its own",
            ],
            Error::RepoLocked { .. } => &[
                "wait for that process; remove the lock file yourself only if the process is gone",
            ],
            Error::RepoDirty { .. } => &["commit or stash these edits yourself, then try again"],
            Error::RepoDetached { .. } | Error::RepoBranch { .. } => {
                &["switch to the configured branch, or change `branch:` in the configuration"]
            }
            Error::RepoInProgress { .. } => &["finish or abort it yourself, then try again"],
            Error::RepoBehind { .. } => &["pull first (`hedgerow pull`, key p)"],
            Error::RepoDiverged { .. } => &[
                "your commits are safe here; rebase or merge them yourself in the clone, then push",
            ],
            Error::Git { .. } => {
                &["run `git fsck` in the repository; nothing was changed by this action"]
            }
            Error::GitProgram(_) => &["install git 2.31 or newer and put it on PATH"],
            Error::AuthNone { .. } | Error::AuthDenied { .. } => &[
                "check with `git ls-remote` that git itself may read and write there",
                "set up a credential helper or an ssh key for git; hedgerow stores no credentials",
            ],
            Error::SshAgent { .. } => &["add your key to the agent: `ssh-add`"],
            Error::SshHostKey { .. } => &[
                "verify the fingerprint with your administrator, then connect once with `ssh` by hand",
            ],
            Error::NetDns { .. } | Error::NetTimeout { .. } | Error::Net { .. } => {
                &["check the network and the proxy, then fetch again (`hedgerow fetch`, key f)"]
            }
            Error::NetTls { .. } => {
                &["point git at your CA file: `git config http.sslCAInfo FILE`"]
            }
            Error::RemoteMissing { .. } => &["check the address, and that your account may see it"],
            Error::PushNonFf { .. } => &[
                "your commit is safe here; nothing changed on the server",
                "fetch and see what arrived (`hedgerow fetch`, key f), then bring your branch up to date",
            ],
            Error::PushProtected { .. } | Error::PushHook { .. } => &[
                "your commit is safe here; nothing changed on the server",
                "read the server's words below; somebody who may change the rule has to help",
            ],
            Error::PushUncertain { .. } => {
                &["fetch to read the remote; that settles it (`hedgerow fetch`, key f)"]
            }
            Error::Sign { .. } => &[
                "nothing was committed; check the key and the agent: `git commit -S` in any clone shows the same",
                "for gpg in a terminal: `export GPG_TTY=$(tty)`",
            ],
            Error::NoAuthor { .. } => &[
                "`git config --global user.name NAME` and `git config --global user.email ADDRESS`",
            ],
            Error::DirNotInit { .. } => &["initialise it first (`hedgerow init`, key I)"],
            Error::DirOverlap { .. } => &["give each fabric a directory of its own"],
            Error::Fs { .. } => {
                &["check the path's permissions and the free space, then try again"]
            }
            Error::PlanStale { .. } => &["look at the new plan and confirm that one (key r)"],
            Error::PlanRefused(_) => &["see the findings, correct the files, then try again"],
            Error::ReadOnly { .. } => {
                &["start without --read-only, or change `read_only` of the profile, to write"]
            }
            Error::Stopped => &["start it again when you are ready"],
            Error::Internal(_) => &["this is a bug; please report it with the text above"],
        };
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    /// The full text of the tool behind the failure, empty if there is none.
    pub fn detail(&self) -> &str {
        match self {
            Error::AuthNone { detail, .. }
            | Error::AuthDenied { detail, .. }
            | Error::SshAgent { detail, .. }
            | Error::SshHostKey { detail, .. }
            | Error::NetDns { detail, .. }
            | Error::NetTimeout { detail, .. }
            | Error::NetTls { detail, .. }
            | Error::Net { detail, .. }
            | Error::RemoteMissing { detail, .. }
            | Error::PushNonFf { detail, .. }
            | Error::PushProtected { detail, .. }
            | Error::PushHook { detail, .. }
            | Error::PushUncertain { detail, .. }
            | Error::Sign { detail }
            | Error::Git { detail, .. } => detail,
            _ => "",
        }
    }

    /// A file-system failure at a path.
    pub fn fs(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Fs { what, path, source }
    }
}
