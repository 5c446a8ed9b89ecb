//! What git said when it failed, put into our own errors; addresses lose their secrets first.

mod sentences;

use std::io::ErrorKind;
use std::path::PathBuf;

use sentences::Kind;

use crate::error::{Error, Refusal, RefusalKind};
use crate::git::{Location, holder, redact, repository};
use crate::text;
use crate::text::ends::{MOST, ends};

/// The remote's address without secrets.
pub(super) fn remote_label(location: &Location) -> String {
    let url = repository::remote_url(location).unwrap_or_else(|| location.remote.clone());
    text::clean_line(&redact(&url))
}

/// What git said, without its progress lines and without secrets, not more of it than is kept.
pub(super) fn words(location: &Location, stderr: &str) -> String {
    let mut said = stderr.to_owned();
    let known = repository::addresses(location);
    for url in known.read.iter().chain(&known.push) {
        said = said.replace(url, &redact(url));
        said = text::known::hide(&said, text::known::of_address(url).as_slice());
    }
    let lines = said.lines().map(str::trim_end).filter(|line| !line.is_empty() && !is_progress(line));
    let said = lines.map(hide_users).collect::<Vec<_>>().join("\n");
    ends(&text::quote(&said), MOST)
}

/// The error a failed talk with the remote comes to.
pub(super) fn classify(location: &Location, stderr: &str) -> Error {
    let remote = remote_label(location);
    let detail = words(location, stderr);
    let refused = |kind, place| Error::Refused(Refusal { kind, place, detail: detail.clone() });
    match sentences::kind_of(stderr) {
        Some(Kind::HostKey) => Error::SshHostKey { remote, detail },
        Some(Kind::HostKeyChanged) => refused(RefusalKind::HostKeyChanged, remote),
        Some(Kind::Key) if has_agent() => refused(RefusalKind::KeyRefused, remote),
        Some(Kind::Key) => Error::SshAgent { remote, detail },
        Some(Kind::Dns) => refused(RefusalKind::HostNotFound, remote),
        Some(Kind::Timeout) => Error::NetTimeout { remote, detail },
        Some(Kind::Tls) => refused(RefusalKind::Tls, remote),
        Some(Kind::ConnectionRefused) => refused(RefusalKind::ConnectionRefused, remote),
        Some(Kind::Proxy) => refused(RefusalKind::Proxy, remote),
        Some(Kind::NoCredential) => Error::AuthNone { remote, detail },
        Some(Kind::Denied) => Error::AuthDenied { remote, detail },
        Some(Kind::RateLimited) => refused(RefusalKind::RateLimited, remote),
        Some(Kind::TooLarge) => refused(RefusalKind::PushTooLarge, remote),
        Some(Kind::ServerFailed) => refused(RefusalKind::ServerFailed, remote),
        Some(Kind::Missing) => Error::RemoteMissing { remote, detail },
        Some(Kind::NotGit) => refused(RefusalKind::NotGit, remote),
        Some(Kind::Sha256) => refused(RefusalKind::Sha256, remote),
        Some(Kind::UnknownFormat) => refused(RefusalKind::UnknownFormat, remote),
        Some(Kind::PushOptions) => refused(RefusalKind::PushOptions, remote),
        Some(Kind::Net) => Error::Net { remote, detail },
        Some(
            kind @ (Kind::Owner
            | Kind::Configuration
            | Kind::Locked
            | Kind::DiskFull
            | Kind::NoPermission
            | Kind::Damage),
        ) => here(location, kind, "reading the repository", detail),
        None => refused(RefusalKind::Failed, format!("talking to {remote}")),
    }
}

/// What a server answered to a push whose pack was sent, where that answer was a refusal: it counts if the
/// branch did not move.
pub(super) fn after_sending(location: &Location, stderr: &str) -> Option<Error> {
    use Kind::{Denied, Missing, NoCredential, RateLimited, ServerFailed, TooLarge};
    let kind = sentences::kind_of(stderr)?;
    let is_answer = matches!(kind, Denied | Missing | NoCredential | RateLimited | ServerFailed | TooLarge);
    is_answer.then(|| classify(location, stderr))
}

/// The error of a git that was ended since it said nothing.
pub(super) fn hung(location: &Location, stderr: &str) -> Error {
    Error::NetTimeout { remote: remote_label(location), detail: words(location, stderr) }
}

/// The error of a local command that failed.
pub(super) fn local(location: &Location, what: &str, stderr: &str) -> Error {
    let detail = words(location, stderr);
    match sentences::kind_of(stderr) {
        Some(kind) => here(location, kind, what, detail),
        None => failed(what, location, detail),
    }
}

/// What stopped git on this machine.
fn here(location: &Location, kind: Kind, what: &str, detail: String) -> Error {
    let path = location.dir.clone();
    let fs = |kind: ErrorKind| Error::Fs { what: "git cannot write there", path: path.clone(), source: kind.into() };
    match kind {
        Kind::Owner => {
            let place =
                quoted(&detail, "repository at '").unwrap_or_else(|| text::clean_line(&path.display().to_string()));
            Error::Refused(Refusal { kind: RefusalKind::Owner, place, detail })
        }
        Kind::Configuration => {
            let place = complaint(&detail);
            Error::Refused(Refusal { kind: RefusalKind::Configuration, place, detail })
        }
        Kind::Locked => {
            let lock = quoted(&detail, "create '").map_or_else(|| path.join("config.lock"), PathBuf::from);
            let holder = holder::holder(&lock);
            Error::RepoLocked { lock, holder }
        }
        Kind::DiskFull => fs(ErrorKind::StorageFull),
        Kind::NoPermission => fs(ErrorKind::PermissionDenied),
        Kind::Damage => Error::Git { what: what.to_owned(), path, detail },
        _ => failed(what, location, detail),
    }
}

fn failed(what: &str, location: &Location, detail: String) -> Error {
    let place = format!("{what} in {}", text::clean_line(&location.dir.display().to_string()));
    Error::Refused(Refusal { kind: RefusalKind::Failed, place, detail })
}

/// What stands in quotes behind a word.
fn quoted(said: &str, before: &str) -> Option<String> {
    let (_, rest) = said.split_once(before)?;
    Some(rest.split_once('\'')?.0.to_owned())
}

/// The first line that complains, without the word for it.
pub(super) fn complaint(said: &str) -> String {
    let lines = || said.lines().map(str::trim);
    let fatal = lines().find_map(|line| line.strip_prefix("fatal: ").or_else(|| line.strip_prefix("error: ")));
    fatal.or_else(|| lines().next()).unwrap_or_default().to_owned()
}

/// Whether an ssh agent is there to ask.
fn has_agent() -> bool {
    std::env::var_os("SSH_AUTH_SOCK").is_some_and(|socket| std::os::unix::net::UnixStream::connect(socket).is_ok())
}

fn is_progress(line: &str) -> bool {
    let line = line.strip_prefix("remote: ").unwrap_or(line);
    [
        "Enumerating objects",
        "Counting objects",
        "Compressing objects",
        "Writing objects",
        "Receiving objects",
        "Resolving deltas",
        "Unpacking objects",
        "Total ",
        "Delta compression",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

/// Takes user names and passwords out of every address of a line.
fn hide_users(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(['/', ' ', '\'', '"', '<', '>']).unwrap_or(after.len());
        let authority = after.get(..end).unwrap_or_default();
        rest = match authority.rfind('@') {
            Some(at) => after.get(at + 1..).unwrap_or_default(),
            None => after,
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Home;

    fn location() -> Location {
        Location {
            name: "fleet".to_owned(),
            home: Home::Url("https://me:s3cret@git.example/fleet.git".to_owned()),
            dir: "/nowhere".into(),
            remote: "origin".to_owned(),
            branch: "main".to_owned(),
        }
    }

    fn code(stderr: &str) -> &'static str {
        classify(&location(), stderr).code()
    }

    #[test]
    fn known_sentences_have_their_codes() {
        for (said, wanted) in [
            ("fatal: could not read Username for 'https://x': terminal prompts disabled", "E-AUTH-NONE"),
            ("fatal: Authentication failed for 'https://x/'", "E-AUTH-DENIED"),
            ("Host key verification failed.", "E-SSH-HOSTKEY"),
            (
                "@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
                "E-SSH-HOSTKEY-CHANGED",
            ),
            ("ssh: connect to host x port 22: Connection refused", "E-NET-REFUSED"),
            ("fatal: unable to access 'https://x/': Could not resolve host: x", "E-NET-DNS"),
            ("fatal: unable to access 'https://x/': Could not resolve proxy: p", "E-NET-PROXY"),
            ("fatal: unable to access 'https://x/': CONNECT tunnel failed, response 407", "E-NET-PROXY"),
            ("ssh: connect to host x port 22: Connection timed out", "E-NET-TIMEOUT"),
            ("fatal: unable to access: SSL certificate problem: self-signed", "E-NET-TLS"),
            ("fatal: '/x' does not appear to be a git repository", "E-REMOTE-MISSING"),
            ("fatal: the remote end hung up unexpectedly", "E-NET"),
            ("fatal: unable to access 'https://x/': The requested URL returned error: 403", "E-AUTH-DENIED"),
            ("fatal: unable to access 'https://x/': The requested URL returned error: 429", "E-API-RATE"),
            (
                "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up unexpectedly",
                "E-PUSH-SIZE",
            ),
            ("error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502", "E-REMOTE-SERVER"),
            ("fatal: repository 'https://x/' not found", "E-REMOTE-MISSING"),
        ] {
            assert_eq!(code(said), wanted, "{said}");
        }
    }

    #[test]
    fn what_is_wrong_on_this_machine_is_no_fault_of_the_network() {
        for (said, wanted) in [
            (
                "fatal: detected dubious ownership in repository at '/srv/x'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /srv/x\nfatal: Could not read from remote repository.",
                "E-REPO-OWNER",
            ),
            ("fatal: bad zlib compression level 99", "E-GIT-CONFIG"),
            ("fatal: bad config line 3 in file /root/.gitconfig", "E-GIT-CONFIG"),
            ("fatal: bad numeric config value 'x' for 'http.postbuffer': invalid unit", "E-GIT-CONFIG"),
            (
                "error: malformed value for push.default: x\nfatal: bad config variable 'push.default' in file '/x' at line 7",
                "E-GIT-CONFIG",
            ),
            (
                "/root/.ssh/config: line 1: Bad configuration option: foo\n/root/.ssh/config: terminating, 1 bad configuration options\nfatal: Could not read from remote repository.",
                "E-GIT-CONFIG",
            ),
            (
                "fatal: the receiving end does not support push options\nfatal: the remote end hung up unexpectedly",
                "E-PUSH-OPTIONS",
            ),
            ("fatal: mismatched algorithms: client sha1; server sha256", "E-REMOTE-UNSUPPORTED"),
            ("fatal: protocol error: bad line length character: Welc", "E-REMOTE-NOTGIT"),
            (
                "error: cannot lock ref 'refs/remotes/origin/main': Unable to create '/x/.git/refs/remotes/origin/main.lock': File exists.\n\nAnother git process seems to be running",
                "E-REPO-LOCKED",
            ),
            (
                "error: insufficient permission for adding an object to repository database .git/objects\nfatal: failed to write object",
                "E-FS-PERM",
            ),
            ("fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output", "E-FS-FULL"),
            ("error: object file .git/objects/6f/1 is empty\nfatal: bad object refs/heads/main", "E-REPO-GIT"),
            ("error: cannot run nossh: No such file or directory\nfatal: unable to fork", "E-GIT-FAILED"),
            ("fatal: unable to find remote helper for 'foo'", "E-GIT-FAILED"),
        ] {
            assert_eq!(code(said), wanted, "{said}");
        }
    }

    #[test]
    fn a_greeting_says_nothing_about_what_failed() {
        let banner = "Access denied to everybody else.\nSessions end by timeout; SSL certificate on request.\n";
        assert_eq!(code(&format!("{banner}Host key verification failed.")), "E-SSH-HOSTKEY");
        assert_eq!(code(&format!("{banner}fatal: protocol error: bad line length character: Welc")), "E-REMOTE-NOTGIT");
        assert_eq!(
            code("remote: bad config line 3 in ticket.yaml\nfatal: Authentication failed for 'x'"),
            "E-AUTH-DENIED"
        );
    }

    #[test]
    fn a_lock_and_an_owner_are_named() {
        let said = "error: Unable to create '/x/main.lock': File exists.";
        let Error::RepoLocked { lock, .. } = classify(&location(), said) else { panic!() };
        assert_eq!(lock, PathBuf::from("/x/main.lock"));
        let owner = classify(&location(), "fatal: detected dubious ownership in repository at '/srv/x'");
        assert!(owner.to_string().starts_with("/srv/x belongs to another account"), "{owner}");
        assert!(owner.hint()[0].contains("safe.directory '/srv/x'"), "{:?}", owner.hint());
        let configuration = classify(&location(), "warning: x\nfatal: bad config line 3 in file /root/.gitconfig");
        assert_eq!(
            configuration.to_string(),
            "git cannot use its configuration: bad config line 3 in file /root/.gitconfig"
        );
    }

    #[test]
    fn secrets_of_addresses_are_not_told() {
        let said = "fatal: unable to access 'https://me:s3cret@git.example/fleet.git/' and http://a:b@c";
        let error = classify(&location(), said);
        let told = format!("{error} {}", error.detail());
        assert!(!told.contains("s3cret") && !told.contains("a:b"), "{told}");
        assert!(told.contains("git.example/fleet.git"), "{told}");
    }
}
