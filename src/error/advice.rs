//! What each Error means: its code, its exit code, what to do about it.

use std::path::PathBuf;

use super::Error;
use crate::text::clean_line;

impl Error {
    /// The stable code of this failure, `E-…`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Usage(_) => "E-USAGE",
            Error::NeedsYes { .. } => "E-CONFIRM",
            Error::ConfigMissing { .. } => "E-CFG-MISSING",
            Error::ConfigSyntax { .. } => "E-CFG-SYNTAX",
            Error::ConfigValue { .. } => "E-CFG-VALUE",
            Error::ConfigEdit { .. } => "E-CFG-EDIT",
            Error::NoSuchFabric { .. } => "E-CFG-FABRIC",
            Error::NoSuchResource { .. } => "E-RESOURCE",
            Error::RepoMissing { .. } => "E-REPO-MISSING",
            Error::RepoNotGit { .. } => "E-REPO-NOTGIT",
            Error::RepoUnsupported { .. } | Error::PathUnsupported { .. } => "E-REPO-UNSUPPORTED",
            Error::RepoLocked { .. } => "E-REPO-LOCKED",
            Error::RepoDirty { .. } => "E-REPO-DIRTY",
            Error::RepoDetached { .. } => "E-REPO-DETACHED",
            Error::RepoBranch { .. } => "E-REPO-BRANCH",
            Error::RepoInProgress { .. } | Error::RepoHalf { .. } => "E-REPO-INPROGRESS",
            Error::RepoBehind { .. } => "E-REPO-BEHIND",
            Error::RepoDiverged { .. } => "E-REPO-DIVERGED",
            Error::Discard { .. } => "E-DISCARD",
            Error::Git { .. } => "E-REPO-GIT",
            Error::GitProgram(_) => "E-GIT-PROGRAM",
            Error::AuthNone { .. } => "E-AUTH-NONE",
            Error::AuthDenied { .. } => "E-AUTH-DENIED",
            Error::SshAgent { .. } => "E-SSH-AGENT",
            Error::SshHostKey { .. } => "E-SSH-HOSTKEY",
            Error::NetTimeout { .. } => "E-NET-TIMEOUT",
            Error::Net { .. } => "E-NET",
            Error::RemoteMissing { .. } => "E-REMOTE-MISSING",
            Error::RemoteBranch { .. } => "E-REMOTE-BRANCH",
            Error::PushNonFf { .. } => "E-PUSH-NONFF",
            Error::PushProtected { .. } => "E-PUSH-PROTECTED",
            Error::PushHook { .. } => "E-PUSH-HOOK",
            Error::PushUncertain { .. } => "E-PUSH-UNCERTAIN",
            Error::Sign { .. } => "E-SIGN",
            Error::NoAuthor { .. } => "E-AUTHOR",
            Error::DirNotInit { .. } => "E-DIR-NOTINIT",
            Error::DirOverlap { .. } => "E-DIR-OVERLAP",
            Error::Fs { source, .. } => match source.kind() {
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => "E-FS-PERM",
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "E-FS-FULL",
                _ => "E-FS",
            },
            Error::PlanStale { .. } => "E-PLAN-STALE",
            Error::PlanRefused(_) => "E-PLAN-REFUSED",
            Error::ReadOnly { .. } => "E-READ-ONLY",
            Error::Refused(refusal) => refusal.code(),
            Error::Stopped => "E-STOPPED",
            Error::After { source, .. } => source.code(),
            Error::Internal(_) => "E-INTERNAL",
        }
    }

    /// The process's exit code for this failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage(_) | Error::NeedsYes { .. } | Error::NoSuchResource { .. } => 2,
            Error::ConfigMissing { .. }
            | Error::ConfigSyntax { .. }
            | Error::ConfigValue { .. }
            | Error::ConfigEdit { .. }
            | Error::NoSuchFabric { .. }
            | Error::RemoteBranch { .. }
            | Error::DirOverlap { .. } => 3,
            Error::AuthNone { .. } | Error::AuthDenied { .. } | Error::SshAgent { .. } | Error::SshHostKey { .. } => 4,
            Error::NetTimeout { .. }
            | Error::Net { .. }
            | Error::RemoteMissing { .. }
            | Error::PushUncertain { .. } => 5,
            Error::Refused(refusal) => refusal.exit_code(),
            Error::Stopped => 8,
            Error::After { source, .. } => source.exit_code(),
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
            Error::ConfigEdit { .. } => {
                &["make the change below by hand in the configuration (`hedgerow config path`)"]
            }
            Error::NoSuchFabric { .. } => &["`hedgerow status` lists the configured fabrics"],
            Error::NoSuchResource { .. } => &["`hedgerow show FABRIC` lists the managed resources"],
            Error::RepoMissing { .. } | Error::RepoNotGit { .. } => {
                &["clone the repository there, or correct `path:` in the configuration (`hedgerow config path`)"]
            }
            Error::RepoUnsupported { .. } => {
                &["use a full ordinary clone, or configure the remote with `url:` and let hedgerow keep its own"]
            }
            Error::PathUnsupported { remedy, .. } => &[remedy],
            Error::RepoLocked { .. } => {
                &["wait for that process; remove the lock file yourself only if the process is gone"]
            }
            Error::RepoHalf { .. } => {
                &["any command without --read-only, by somebody who may write there, finishes it: `hedgerow status`"]
            }
            Error::RepoDirty { .. } => &[
                "edits of managed files: adopt them (`hedgerow commit FABRIC`)",
                "else commit or stash these edits yourself, then try again",
            ],
            Error::RepoDetached { .. } | Error::RepoBranch { .. } => {
                &["switch to the configured branch, or change `branch:` in the configuration"]
            }
            Error::RepoInProgress { .. } => &["finish or abort it yourself, then try again"],
            Error::RepoBehind { .. } => &["pull first (`hedgerow pull`, key p)"],
            Error::RepoDiverged { is_ours: true, .. } => &[
                "take your own commits back (`hedgerow discard FABRIC --all`, key m); what they took in is put back or named",
                "then do it again on what came in: `hedgerow diff FABRIC --remote` shows that",
            ],
            Error::Discard { .. } => &[
                "`hedgerow log FABRIC` lists the commits",
                "only hedgerow's own newest commits that no remote has are taken back; git does the rest",
            ],
            Error::RepoDiverged { .. } => &[
                "your commits are safe here: run `git pull --rebase` in the clone yourself, then push (key P)",
                "or take hedgerow's own commits back (`hedgerow discard FABRIC --all`, key m) and pull",
                "what came in meanwhile: `hedgerow diff FABRIC --remote` shows it",
            ],
            Error::Git { .. } => {
                &["run `git fsck` in the repository: it tells what is damaged, and a fresh clone has the rest"]
            }
            Error::GitProgram(_) => &["install git 2.31 or newer and put it on PATH"],
            Error::AuthNone { .. } | Error::AuthDenied { .. } => &[
                "let git ask on the terminal: `hedgerow login FABRIC`, or :login in the dashboard",
                "a credential helper of git or an ssh agent keeps the answer; hedgerow stores nothing",
                "check with `git ls-remote` that git itself may read and write there",
            ],
            Error::SshAgent { .. } => &[
                "no agent of ssh was found: start one and add your key (`ssh-add`)",
                "or let ssh ask for the passphrase: `hedgerow login FABRIC`, or :login in the dashboard",
            ],
            Error::SshHostKey { .. } => &[
                "ask your administrator for the fingerprint; nothing is accepted unseen",
                "then let ssh show it and ask: `hedgerow login FABRIC`, or :login in the dashboard",
            ],
            Error::NetTimeout { .. } | Error::Net { .. } => {
                &["check the network and the proxy, then fetch again (`hedgerow fetch`, key f)"]
            }
            Error::RemoteMissing { .. } => &["check the address, and that your account may see it"],
            Error::RemoteBranch { .. } => &[
                "name one of these: `branch:` in the configuration (`hedgerow config path`), or --branch of `add`",
                "for a new branch, make it on the remote first: `git push REMOTE START:refs/heads/NAME`",
            ],
            Error::PushNonFf { is_ours: true, .. } => &[
                "see what arrived: `hedgerow diff FABRIC --remote`",
                "then take your own commits back (`hedgerow discard FABRIC --all`, key m) and do it again on that",
            ],
            Error::PushNonFf { .. } => &[
                "see what arrived: `hedgerow diff FABRIC --remote`",
                "then run `git pull --rebase` in the clone yourself, and push (`hedgerow push FABRIC`, key P)",
            ],
            Error::PushProtected { is_ours: true, .. } | Error::PushHook { is_ours: true, .. } => &[
                "the words of the server or the hook stand below: do what they ask, or ask who may change the rule",
                "where it is the commit itself they refuse, take it back (`hedgerow discard FABRIC`, key m)",
            ],
            Error::PushProtected { .. } | Error::PushHook { .. } => &[
                "the words of the server or the hook stand below: do what they ask, or ask who may change the rule",
                "where it is the commit itself they refuse, take it back (`hedgerow discard FABRIC`, key m)",
                "or send a branch and ask for a review: `git push origin HEAD:refs/heads/NAME` in the clone",
            ],
            Error::PushUncertain { .. } => &["fetch to read the remote; that settles it (`hedgerow fetch`, key f)"],
            Error::Sign { is_locked: true, .. } => &[
                "unlock it on the terminal, then go on: `hedgerow login FABRIC`, or :login in the dashboard",
                "nothing was committed; an agent keeps the passphrase, hedgerow does not",
            ],
            Error::Sign { .. } => &[
                "check the key and the agent: `git commit -S` in any clone shows the same",
                "for gpg in a terminal: `export GPG_TTY=$(tty)`",
            ],
            Error::NoAuthor { .. } => {
                &["`git config --global user.name NAME` and `git config --global user.email ADDRESS`"]
            }
            Error::DirNotInit { .. } => &["initialise it first (`hedgerow init`, key I)"],
            Error::DirOverlap { .. } => &["give each fabric a directory of its own"],
            Error::Fs { .. } => &["check the path's permissions and the free space, then try again"],
            Error::PlanStale { .. } => &["look at the new plan and confirm that one (key r)"],
            Error::PlanRefused(_) => &["see the findings, correct the files, then try again"],
            Error::ReadOnly { .. } => &["start without --read-only, or change `read_only` of the profile, to write"],
            Error::Refused(refusal) => return refusal.hint(),
            Error::Stopped => &["start it again when you are ready"],
            Error::After { source, .. } if matches!(**source, Error::Fs { .. } | Error::Git { .. }) => {
                &["make room, or give the permission that is missing; then any command finishes it: `hedgerow status`"]
            }
            Error::After { source, .. } => return source.hint(),
            Error::Internal(_) => &["this is a bug; please report it with the text above"],
        };
        lines.iter().map(|line| (*line).to_owned()).chain(self.nearby()).collect()
    }

    /// The clones that may have been meant.
    fn nearby(&self) -> Option<String> {
        let (Error::RepoMissing { found, .. } | Error::RepoNotGit { found, .. }) = self else {
            return None;
        };
        let names: Vec<String> = found.iter().map(|path| clean_line(&path.display().to_string())).collect();
        (!names.is_empty()).then(|| format!("perhaps one of the clones nearby was meant: {}", names.join(", ")))
    }

    /// The full text of the tool behind the failure, empty if there is none.
    pub fn detail(&self) -> &str {
        match self {
            Error::AuthNone { detail, .. }
            | Error::AuthDenied { detail, .. }
            | Error::SshAgent { detail, .. }
            | Error::SshHostKey { detail, .. }
            | Error::NetTimeout { detail, .. }
            | Error::Net { detail, .. }
            | Error::RemoteMissing { detail, .. }
            | Error::PushNonFf { detail, .. }
            | Error::PushProtected { detail, .. }
            | Error::PushHook { detail, .. }
            | Error::PushUncertain { detail, .. }
            | Error::Sign { detail, .. }
            | Error::Git { detail, .. }
            | Error::ConfigSyntax { detail, .. } => detail,
            Error::Refused(refusal) => &refusal.detail,
            Error::ConfigEdit { by_hand, .. } => by_hand,
            Error::After { source, .. } => source.detail(),
            _ => "",
        }
    }

    /// A file-system failure at a path.
    pub fn fs(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Fs { what, path, source }
    }
}
