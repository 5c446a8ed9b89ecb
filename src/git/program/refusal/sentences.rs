//! Sentences: what git, ssh, curl and servers say when they fail, and which kind of failure each one tells.

/// What can be told from their sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Owner,
    Configuration,
    Locked,
    DiskFull,
    NoPermission,
    Damage,
    Sha256,
    UnknownFormat,
    PushOptions,
    NotGit,
    HostKeyChanged,
    HostKey,
    Key,
    Proxy,
    ConnectionRefused,
    Dns,
    NoCredential,
    RateLimited,
    Denied,
    TooLarge,
    Missing,
    ServerFailed,
    Timeout,
    Tls,
    Net,
}

/// Where such a sentence may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In a line of this machine's own git that says what failed.
    Here,
    /// In a line that no server sent.
    NotThere,
    /// In any line.
    Anywhere,
}

/// Parts of sentences in lower case, the first that is found wins.
const SENTENCES: [(Kind, Where, &[&str]); 24] = [
    (Kind::Owner, Where::NotThere, &["detected dubious ownership", "unsafe repository ("]),
    (
        Kind::Configuration,
        Where::NotThere,
        &[
            "bad config",
            "bad numeric config",
            "bad boolean config",
            "config': permission denied",
            "bad zlib compression",
            "malformed value for",
            "missing value for",
            "invalid value for",
            "reading the configuration files",
            "from command-line config",
            "unable to parse config",
            "maximum include depth",
            "abbrev length out of range",
            "bad configuration option",
            "bad configuration options",
            "bad owner or permissions on",
        ],
    ),
    (Kind::Locked, Where::Here, &[".lock': file exists", "could not lock config file"]),
    (Kind::DiskFull, Where::Here, &["no space left on device", "disk quota exceeded"]),
    (Kind::NoPermission, Where::Here, &["permission denied", "insufficient permission", "read-only file system"]),
    (
        Kind::Damage,
        Where::Here,
        &[
            "object file",
            "is corrupt",
            "corrupt loose object",
            "bad object",
            "bad tree object",
            "unable to read tree",
            "unable to read sha1",
            "unable to unpack",
            "index file corrupt",
            "index file smaller",
            "bad index file",
            "bad signature",
            "broken link",
            "unable to parse object",
            "invalid sha1 pointer",
        ],
    ),
    (Kind::Sha256, Where::Anywhere, &["mismatched algorithms", "server sha256"]),
    (
        Kind::UnknownFormat,
        Where::Anywhere,
        &["unknown repository extension", "expected git repo version", "unknown object format"],
    ),
    (Kind::PushOptions, Where::Here, &["does not support push options"]),
    (Kind::NotGit, Where::Here, &["bad line length", "protocol error: ", "invalid server response"]),
    (Kind::HostKeyChanged, Where::Anywhere, &["remote host identification has changed", "revoked by @revoked"]),
    (Kind::HostKey, Where::Anywhere, &["host key verification failed", "host key is known for"]),
    (
        Kind::Key,
        Where::Anywhere,
        &[
            "permission denied (",
            "no more authentication methods",
            "sign_and_send_pubkey",
            "too many authentication failures",
            "no supported authentication methods",
        ],
    ),
    (
        Kind::Proxy,
        Where::Anywhere,
        &["resolve proxy", "from proxy after connect", "proxy connect aborted", "connect tunnel failed", "socks5"],
    ),
    (Kind::ConnectionRefused, Where::Anywhere, &["connection refused"]),
    (
        Kind::Dns,
        Where::Anywhere,
        &[
            "could not resolve host",
            "name or service not known",
            "temporary failure in name resolution",
            "no address associated with",
            "nodename nor servname",
        ],
    ),
    (
        Kind::NoCredential,
        Where::Anywhere,
        &["could not read username", "could not read password", "terminal prompts disabled", "unable to read askpass"],
    ),
    (Kind::RateLimited, Where::Anywhere, &["too many requests", "rate limit"]),
    (
        Kind::Denied,
        Where::Anywhere,
        &["authentication failed", "invalid username or", "access denied", "not authorized", "permission to "],
    ),
    (
        Kind::Missing,
        Where::Anywhere,
        &[
            "repository not found",
            "does not appear to be a git repository",
            "does not exist",
            "not found",
            "could not be found",
            "no such remote",
        ],
    ),
    (
        Kind::Timeout,
        Where::Anywhere,
        &["timed out", "timeout", "no route to host", "network is unreachable", "host is down"],
    ),
    (
        Kind::Tls,
        Where::Anywhere,
        &["ssl certificate", "certificate verif", "ssl_connect", "gnutls", "tls ", "ssl:", "ssl routines", "schannel"],
    ),
    (
        Kind::ServerFailed,
        Where::Anywhere,
        &["remote: fatal:", "remote: error:", "internal server error", "remote: internal"],
    ),
    (
        Kind::Net,
        Where::Anywhere,
        &[
            "connection reset",
            "connection closed",
            "closed by remote host",
            "broken pipe",
            "hung up unexpectedly",
            "unexpected disconnect",
            "early eof",
            "failed to connect",
            "couldn't connect",
            "could not connect",
            "unable to connect",
            "connection to",
            "empty reply",
            "recv failure",
            "send failure",
            "transfer closed",
            "curl ",
        ],
    ),
];

/// How the lines of git, ssh and servers begin; a banner or a greeting is none.
const BEGINNINGS: [&str; 15] = [
    "fatal:",
    "error:",
    "remote:",
    "ssh:",
    "host key",
    "no ",
    "@",
    "kex_",
    "connection ",
    "received disconnect",
    "sign_and_send",
    "ssh_",
    "client_loop",
    "bad owner",
    "command-line",
];

/// The kind that these words tell; none where no sentence is known.
///
/// What git, ssh or a server say in their own manner counts first, then every other line: a greeting may
/// hold any word.
pub(super) fn kind_of(said: &str) -> Option<Kind> {
    let said = said.to_lowercase();
    let (own, other): (Vec<&str>, Vec<&str>) = said.lines().map(str::trim).partition(|line| is_own(line));
    let found = |lines: &[&str], wanted: bool| {
        let fits = |(kind, place, needles): &&(Kind, Where, &[&str])| {
            (*kind == Kind::Net) == wanted && lines.iter().any(|line| tells(line, *place, needles))
        };
        SENTENCES.iter().find(fits).map(|(kind, ..)| *kind)
    };
    let by_status = || own.iter().find_map(|line| status(line)).and_then(kind_of_status);
    let first = found(&own, false);
    // A status is the server's own word; what git makes of it comes after it.
    let first = match first {
        Some(kind)
            if !matches!(kind, Kind::Missing | Kind::Denied | Kind::Tls | Kind::Timeout | Kind::ServerFailed) =>
        {
            Some(kind)
        }
        first => by_status().or(first),
    };
    first.or_else(|| found(&other, false)).or_else(|| found(&own, true)).or_else(|| found(&other, true))
}

fn is_own(line: &str) -> bool {
    BEGINNINGS.iter().any(|start| line.starts_with(start)) || line.contains(": permission denied (")
}

fn tells(line: &str, place: Where, needles: &[&str]) -> bool {
    let is_there = match place {
        Where::Here => {
            (line.starts_with("fatal:") || line.starts_with("error:")) && !line.contains("permission denied (")
        }
        Where::NotThere => !line.starts_with("remote:"),
        Where::Anywhere => true,
    };
    is_there && needles.iter().any(|needle| line.contains(needle))
}

/// The HTTP status that a line of git tells.
fn status(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("returned error: ").or_else(|| line.split_once("rpc failed; http "))?;
    rest.get(..3)?.parse().ok()
}

fn kind_of_status(status: u16) -> Option<Kind> {
    match status {
        401 | 403 => Some(Kind::Denied),
        404 | 410 => Some(Kind::Missing),
        407 => Some(Kind::Proxy),
        413 => Some(Kind::TooLarge),
        429 => Some(Kind::RateLimited),
        400..=599 => Some(Kind::ServerFailed),
        _ => None,
    }
}
