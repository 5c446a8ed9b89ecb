//! What git said when it failed, put into our own errors; addresses lose their secrets first.

use crate::error::Error;
use crate::git::{Location, redact, repository};
use crate::text;

/// The remote's address without secrets.
pub(super) fn remote_label(location: &Location) -> String {
    let url = repository::remote_url(location).unwrap_or_else(|| location.remote.clone());
    text::clean_line(&redact(&url))
}

/// What git said, without its progress lines and without secrets.
pub(super) fn words(location: &Location, stderr: &str) -> String {
    let mut said = stderr.to_owned();
    let known = repository::addresses(location);
    for url in known.read.iter().chain(&known.push) {
        said = said.replace(url, &redact(url));
        said = text::known::hide(&said, text::known::of_address(url).as_slice());
    }
    let lines = said.lines().map(str::trim_end).filter(|line| !line.is_empty() && !is_progress(line));
    let said = lines.map(hide_users).collect::<Vec<_>>().join("\n");
    text::clean(&said)
}

/// What can be told from git's and ssh's sentences.
#[derive(Clone, Copy)]
enum Kind {
    HostKey,
    Agent,
    Dns,
    Timeout,
    Tls,
    NoCredential,
    Denied,
    Missing,
}

/// Parts of sentences in lower case, the first that is found wins.
const SENTENCES: [(Kind, &[&str]); 8] = [
    (Kind::HostKey, &["host key verification failed", "remote host identification has changed"]),
    (Kind::Agent, &["permission denied (", "no more authentication methods", "sign_and_send_pubkey"]),
    (
        Kind::Dns,
        &[
            "could not resolve host",
            "name or service not known",
            "temporary failure in name resolution",
            "nodename nor servname",
        ],
    ),
    (Kind::Timeout, &["timed out", "timeout", "no route to host", "network is unreachable"]),
    (Kind::Tls, &["ssl certificate", "certificate verif", "ssl_connect", "gnutls", "tls ", "ssl:", "schannel"]),
    (
        Kind::NoCredential,
        &["could not read username", "could not read password", "terminal prompts disabled", "unable to read askpass"],
    ),
    (
        Kind::Denied,
        &[
            "authentication failed",
            "invalid username or",
            "access denied",
            "error: 401",
            "error: 403",
            "not authorized",
            "permission to ",
        ],
    ),
    (
        Kind::Missing,
        &[
            "repository not found",
            "does not appear to be a git repository",
            "does not exist",
            "error: 404",
            "not found",
            "no such remote",
        ],
    ),
];

/// The error a failed talk with the remote comes to.
pub(super) fn classify(location: &Location, stderr: &str) -> Error {
    let remote = remote_label(location);
    let detail = words(location, stderr);
    let said = stderr.to_lowercase();
    let fits = |needles: &[&str]| needles.iter().any(|needle| said.contains(needle));
    let kind = SENTENCES.iter().find(|(_, needles)| fits(needles)).map(|(kind, _)| *kind);
    match kind {
        Some(Kind::HostKey) => Error::SshHostKey { remote, detail },
        Some(Kind::Agent) => Error::SshAgent { remote, detail },
        Some(Kind::Dns) => Error::NetDns { remote, detail },
        Some(Kind::Timeout) => Error::NetTimeout { remote, detail },
        Some(Kind::Tls) => Error::NetTls { remote, detail },
        Some(Kind::NoCredential) => Error::AuthNone { remote, detail },
        Some(Kind::Denied) => Error::AuthDenied { remote, detail },
        Some(Kind::Missing) => Error::RemoteMissing { remote, detail },
        None => Error::Net { remote, detail },
    }
}

/// The error of a git that was ended since it said nothing.
pub(super) fn hung(location: &Location, stderr: &str) -> Error {
    Error::NetTimeout { remote: remote_label(location), detail: words(location, stderr) }
}

/// The error of a local command that failed.
pub(super) fn local(location: &Location, what: &str, stderr: &str) -> Error {
    Error::Git { what: what.to_owned(), path: location.dir.clone(), detail: text::clean_line(&words(location, stderr)) }
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
        assert_eq!(code("fatal: could not read Username for 'https://x': terminal prompts disabled"), "E-AUTH-NONE");
        assert_eq!(code("fatal: Authentication failed for 'https://x/'"), "E-AUTH-DENIED");
        assert_eq!(code("git@x: Permission denied (publickey)."), "E-SSH-AGENT");
        assert_eq!(code("Host key verification failed."), "E-SSH-HOSTKEY");
        assert_eq!(code("fatal: unable to access 'https://x/': Could not resolve host: x"), "E-NET-DNS");
        assert_eq!(code("ssh: connect to host x port 22: Connection timed out"), "E-NET-TIMEOUT");
        assert_eq!(code("fatal: unable to access: SSL certificate problem: self-signed"), "E-NET-TLS");
        assert_eq!(code("fatal: '/x' does not appear to be a git repository"), "E-REMOTE-MISSING");
        assert_eq!(code("fatal: the remote end hung up unexpectedly"), "E-NET");
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
