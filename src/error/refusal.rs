//! Refusal: why git, ssh or a server did not do what was asked, each kind with its code, its sentence and its remedy.

use std::fmt;

/// Why git, ssh or a server did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it is.
    pub kind: RefusalKind,
    /// What it concerns: the remote's address without secrets, a path, or what git was doing.
    pub place: String,
    /// What was said, cleaned.
    pub detail: String,
}

/// The kinds of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The server shows another ssh host key than before.
    HostKeyChanged,
    /// The server accepts none of the ssh keys.
    KeyRefused,
    /// The remote's host name did not resolve.
    HostNotFound,
    /// The TLS connection was refused.
    Tls,
    /// Nobody listens at the remote's address.
    ConnectionRefused,
    /// The proxy does not let git through.
    Proxy,
    /// Too many requests.
    RateLimited,
    /// The server failed at its own work.
    ServerFailed,
    /// Something else than git answers, such as a login shell that greets.
    NotGit,
    /// The remote names its objects by SHA-256.
    Sha256,
    /// The remote has a format that this git does not know.
    UnknownFormat,
    /// The repository belongs to another account.
    Owner,
    /// Git cannot use its configuration.
    Configuration,
    /// Git takes no author as the configuration has it.
    Author,
    /// The server takes no push options, and git is told to send some.
    PushOptions,
    /// A lock at the server is in the way of the branch.
    PushLocked,
    /// The server takes no push of this size.
    PushTooLarge,
    /// The server refused the push for a reason of its own.
    PushRefused,
    /// Anything else that git could not do.
    Failed,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        match self.kind {
            RefusalKind::HostKeyChanged => write!(f, "the ssh host key of {place} has changed"),
            RefusalKind::KeyRefused => write!(f, "{place} refused your ssh key"),
            RefusalKind::HostNotFound => write!(f, "the host of {place} was not found"),
            RefusalKind::Tls => write!(f, "the TLS connection to {place} failed"),
            RefusalKind::ConnectionRefused => write!(f, "{place} refused the connection"),
            RefusalKind::Proxy => write!(f, "the proxy does not let git through to {place}"),
            RefusalKind::RateLimited => write!(f, "{place} answers no more for now: too many requests"),
            RefusalKind::ServerFailed => write!(f, "the server of {place} failed"),
            RefusalKind::NotGit => write!(f, "{place} answers with something else than git"),
            RefusalKind::Sha256 => write!(f, "{place} names its objects by SHA-256, which hedgerow does not read"),
            RefusalKind::UnknownFormat => write!(f, "{place} has a format that this git does not know"),
            RefusalKind::Owner => write!(f, "{place} belongs to another account, so git does not use it"),
            RefusalKind::Configuration => write!(f, "git cannot use its configuration: {place}"),
            RefusalKind::Author => write!(f, "git takes no author like this: {place}"),
            RefusalKind::PushOptions => write!(f, "{place} takes no push options, and git is told to send some"),
            RefusalKind::PushLocked => write!(f, "the server refused the push: a lock is in the way of {place}"),
            RefusalKind::PushTooLarge => write!(f, "{place} takes no push of this size"),
            RefusalKind::PushRefused => write!(f, "the server refused the push of {place}"),
            RefusalKind::Failed => write!(f, "git failed: {place}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// Its stable code.
    pub(super) fn code(&self) -> &'static str {
        match self.kind {
            RefusalKind::HostKeyChanged => "E-SSH-HOSTKEY-CHANGED",
            RefusalKind::KeyRefused => "E-SSH-KEY",
            RefusalKind::HostNotFound => "E-NET-DNS",
            RefusalKind::Tls => "E-NET-TLS",
            RefusalKind::ConnectionRefused => "E-NET-REFUSED",
            RefusalKind::Proxy => "E-NET-PROXY",
            RefusalKind::RateLimited => "E-API-RATE",
            RefusalKind::ServerFailed => "E-REMOTE-SERVER",
            RefusalKind::NotGit => "E-REMOTE-NOTGIT",
            RefusalKind::Sha256 | RefusalKind::UnknownFormat => "E-REMOTE-UNSUPPORTED",
            RefusalKind::Owner => "E-REPO-OWNER",
            RefusalKind::Configuration => "E-GIT-CONFIG",
            RefusalKind::Author => "E-AUTHOR",
            RefusalKind::PushOptions => "E-PUSH-OPTIONS",
            RefusalKind::PushLocked => "E-PUSH-LOCKED",
            RefusalKind::PushTooLarge => "E-PUSH-SIZE",
            RefusalKind::PushRefused => "E-PUSH-REFUSED",
            RefusalKind::Failed => "E-GIT-FAILED",
        }
    }

    /// The process's exit code for it.
    pub(super) fn exit_code(&self) -> u8 {
        match self.kind {
            RefusalKind::Configuration => 3,
            RefusalKind::HostKeyChanged | RefusalKind::KeyRefused => 4,
            RefusalKind::HostNotFound
            | RefusalKind::Tls
            | RefusalKind::ConnectionRefused
            | RefusalKind::Proxy
            | RefusalKind::RateLimited
            | RefusalKind::ServerFailed
            | RefusalKind::NotGit => 5,
            _ => 6,
        }
    }

    /// What to do about it, most useful first.
    pub(super) fn hint(&self) -> Vec<String> {
        let place = &self.place;
        let lines: &[&str] = match self.kind {
            RefusalKind::HostKeyChanged => &[
                "somebody may stand between you and the server, or it was set up anew: ask its administrator for the new fingerprint first",
                &format!("only then take the old key out: `ssh-keygen -R '{}'`", known_host(place)),
                "then let ssh show the new one and ask: `hedgerow login FABRIC`, or :login in the dashboard",
            ],
            RefusalKind::KeyRefused => &[
                "add the public key to your account at the server, or ask who may do that",
                "another key: `ssh-add FILE`, or `IdentityFile` in ~/.ssh/config",
                "`ssh -v` with that address tells which keys were offered",
            ],
            RefusalKind::HostNotFound => {
                &["check the network and the proxy, then fetch again (`hedgerow fetch`, key f)"]
            }
            RefusalKind::Tls => &["point git at your CA file: `git config http.sslCAInfo FILE`"],
            RefusalKind::ConnectionRefused => &[
                "check the host and the port of the address, and that the server runs",
                "then fetch again (`hedgerow fetch`, key f)",
            ],
            RefusalKind::Proxy => &[
                "check `http.proxy` in git's configuration and the variables HTTPS_PROXY and ALL_PROXY",
                "a host that needs no proxy belongs into NO_PROXY",
            ],
            RefusalKind::RateLimited => &["wait some minutes, then fetch again (`hedgerow fetch`, key f)"],
            RefusalKind::ServerFailed => &[
                "the server's words stand below: try again later, or ask its administrator",
                "fetch tells how the branch stands there (`hedgerow fetch`, key f)",
            ],
            RefusalKind::NotGit => &[
                "a login shell that greets does this: what ~/.bashrc or /etc/profile print there must be silent without a terminal",
                "over https: a page of a proxy or of a login stands there; check the address",
            ],
            RefusalKind::Sha256 | RefusalKind::UnknownFormat => {
                &["use a repository whose objects are named by SHA-1, git's ordinary format"]
            }
            RefusalKind::Owner => &[
                &format!("if you trust that account: `git config --global --add safe.directory '{place}'`"),
                "else give the repository to your own account",
            ],
            RefusalKind::Configuration => &[
                "correct that setting, then try again",
                "`git config --show-origin --list` tells which file says what",
            ],
            RefusalKind::Author => {
                &["`git config --global user.name NAME` and `git config --global user.email ADDRESS`"]
            }
            RefusalKind::PushOptions
            | RefusalKind::PushLocked
            | RefusalKind::PushTooLarge
            | RefusalKind::PushRefused => self.hint_of_push(),
            RefusalKind::Failed => &["git's own words stand below: do what they ask, then try again"],
        };
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    /// The same where a push was refused.
    fn hint_of_push(&self) -> &'static [&'static str] {
        match self.kind {
            RefusalKind::PushOptions => &[
                "`git config --show-origin --get-all push.pushOption` tells which file says so",
                "for this repository alone: `git config push.pushOption ''` in the clone",
            ],
            RefusalKind::PushLocked => &[
                "somebody may be pushing just now: push again (`hedgerow push FABRIC`, key P)",
                "if it stays, whoever runs the server has to remove the lock file that is named below",
            ],
            RefusalKind::PushTooLarge => &[
                "ask whoever runs the server to raise its limit (nginx: `client_max_body_size`)",
                "or push over ssh, which knows no such limit",
            ],
            _ => &["the server's words stand below: do what they ask, or ask its administrator"],
        }
    }
}

/// What the file of known hosts calls the host of an address.
fn known_host(address: &str) -> String {
    let (authority, is_short) = match address.split_once("://") {
        Some((_, rest)) => (rest.split('/').next().unwrap_or_default(), false),
        None => (address.split(':').next().unwrap_or_default(), true),
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((host, "22")) if !is_short => host.to_owned(),
        Some((host, port)) if !is_short && port.bytes().all(|byte| byte.is_ascii_digit()) => format!("[{host}]:{port}"),
        _ => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::known_host;

    #[test]
    fn a_host_is_called_as_ssh_keeps_it() {
        for (address, wanted) in [
            ("ssh://git@git.example/fleet.git", "git.example"),
            ("ssh://git@git.example:2222/fleet.git", "[git.example]:2222"),
            ("ssh://git.example:22/fleet.git", "git.example"),
            ("git@git.example:fleet.git", "git.example"),
        ] {
            assert_eq!(known_host(address), wanted);
        }
    }
}
