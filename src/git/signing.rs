//! Signatures as the user's Git configuration asks for them, made by the configured program within a time limit.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::Duration;

use gix::bstr::ByteSlice;
use gix::objs::WriteTo;
use gix::objs::signature::Format;
use gix::objs::signature::sign::{Options, is_literal_ssh_key};

use crate::error::{Error, Result};
use crate::git::program::{self, Child, Silence};
use crate::git::repository::Repository;
use crate::git::{Location, failure};
use crate::progress::Reporter;
use crate::text;
use crate::text::ends::{MOST, ends};

/// How long a signing program may take; a person may have to touch a key.
const LIMIT: Duration = Duration::from_mins(1);

/// What tells a program where the user's terminal is.
const TERMINAL: &[&str] = &["GPG_TTY", "SSH_TTY"];

/// Parts of what gpg, gpgsm and ssh say where a key needs a passphrase and nobody can be asked; lower case.
const LOCKED: [&str; 9] = [
    "passphrase",
    "pinentry",
    "inappropriate ioctl",
    "operation cancelled",
    "cannot open '/dev/tty'",
    "no tty",
    "screen or window too small",
    "agent refused operation",
    "signing failed: timeout",
];

/// What is said of a program that says nothing.
const SILENT: &str = "\nthe signing program said nothing for a minute: it may wait for a passphrase or a touch";

impl Repository {
    /// How commits are signed, in words and without secrets; none if they are not.
    pub fn signing(&self) -> Result<Option<String>> {
        let config = self.gix.config_snapshot();
        if config.boolean("commit.gpgSign") != Some(true) {
            return Ok(None);
        }
        let format =
            config.string("gpg.format").map_or_else(|| "openpgp".to_owned(), |f| f.to_str_lossy().into_owned());
        let key = config.string("user.signingKey").map(|key| key_in_words(&key.to_str_lossy()));
        Ok(Some(key.map_or_else(|| format!("{format}, the default key"), |key| format!("{format}, key {key}"))))
    }
}

/// What unlocks the key that signs commits, run with the terminal in its hands.
pub(super) struct Unlock {
    pub(super) program: OsString,
    pub(super) args: Vec<OsString>,
    pub(super) envs: Vec<(OsString, OsString)>,
}

/// What would unlock the key of a clone's commits; none where they are not signed, or an agent alone has it.
pub(super) fn unlock(location: &Location) -> Result<Option<Unlock>> {
    let repository = Repository::open(location)?;
    let found = repository.gix.commit_signing_options_if_enabled().map_err(|error| refused(&error))?;
    Ok(found.and_then(|options| match options.format {
        Format::OpenPgp | Format::X509 => {
            let more = ["-bsau".into(), options.signing_key];
            let args = options.program_arguments.into_iter().chain(more).collect();
            Some(Unlock { program: options.program, args, envs: options.environment })
        }
        Format::Ssh => {
            let key = options.signing_key.to_str().filter(|key| is_literal_ssh_key(key.as_bytes()).is_none())?;
            let key = key.strip_suffix(".pub").unwrap_or(key).into();
            Some(Unlock { program: "ssh-add".into(), args: vec![key], envs: options.environment })
        }
    }))
}

fn refused(error: &gix::Error) -> Error {
    Error::Sign { detail: failure::chain(error), is_locked: false }
}

/// Signs a commit if the configuration asks for it.
///
/// # Errors
/// `Sign` with what the program said.
pub(super) fn sign(
    repo: &gix::Repository,
    mut commit: gix::objs::Commit,
    report: &Reporter,
) -> Result<gix::objs::Commit> {
    let Some(options) = repo.commit_signing_options_if_enabled().map_err(|error| refused(&error))? else {
        return Ok(commit);
    };
    let mut payload = Vec::new();
    commit.write_to(&mut payload).map_err(|error| said(&error.to_string()))?;
    let signature = match options.format {
        Format::OpenPgp | Format::X509 => sign_gpg(&options, payload, report)?,
        Format::Ssh => sign_ssh(&options, &payload, report)?,
    };
    let signature: Vec<u8> = signature.into_iter().filter(|byte| *byte != b'\r').collect();
    commit.extra_headers.push(("gpgsig".into(), signature.into()));
    Ok(commit)
}

fn sign_gpg(options: &Options, payload: Vec<u8>, report: &Reporter) -> Result<Vec<u8>> {
    let mut args: Vec<OsString> = vec!["--status-fd=2".into(), "-bsau".into(), options.signing_key.clone()];
    if report.is_on_screen() && !has_windows() && is_gpg(&options.program) {
        // What asks without a window asks on the terminal, wherever it was told of it.
        args.insert(0, "--pinentry-mode=error".into());
    }
    let done = run(options, args, payload, report)?;
    if !done.stderr.contains("[GNUPG:] SIG_CREATED ") {
        return Err(said(&done.stderr));
    }
    Ok(done.stdout.into_bytes())
}

fn sign_ssh(options: &Options, payload: &[u8], report: &Reporter) -> Result<Vec<u8>> {
    let place = tempfile::tempdir().map_err(failure::fs("cannot create", &std::env::temp_dir()))?;
    let write = |path: &Path, bytes: &[u8]| std::fs::write(path, bytes).map_err(failure::fs("cannot write", path));
    let file = place.path().join("commit");
    write(&file, payload)?;
    let mut args: Vec<OsString> = ["-Y", "sign", "-n", "git", "-f"].map(OsString::from).to_vec();
    match options.signing_key.to_str().and_then(|key| is_literal_ssh_key(key.as_bytes())) {
        Some(literal) => {
            let key = place.path().join("key");
            write(&key, literal)?;
            args.extend([key.into(), "-U".into()]);
        }
        None => args.push(options.signing_key.clone()),
    }
    args.push(file.clone().into());
    let done = run(options, args, Vec::new(), report)?;
    let signature = file.with_extension("sig");
    std::fs::read(signature).map_err(|_| said(&done.stderr))
}

fn run(options: &Options, args: Vec<OsString>, input: Vec<u8>, report: &Reporter) -> Result<program::Done> {
    let mut all = options.program_arguments.clone();
    all.extend(args);
    let without = if report.is_on_screen() { TERMINAL } else { &[] };
    let (program, envs) = (options.program.clone(), options.environment.clone());
    let child = Child { program, args: all, envs, without, input, limit: Silence::Always(LIMIT) };
    let done = program::run_blocking(child, report).map_err(|error| match error {
        Error::Stopped => Error::Stopped,
        other => said(&format!("{other}. {}", other.detail())),
    })?;
    match (done.success, done.hung) {
        (true, _) => Ok(done),
        (false, false) => Err(said(&done.stderr)),
        // It waits for somebody, who was not asked where anybody is.
        (false, true) => Err(Error::Sign { detail: format!("{}{SILENT}", text::quote(&done.stderr)), is_locked: true }),
    }
}

/// What a signing program said instead of signing.
fn said(words: &str) -> Error {
    let lower = words.to_lowercase();
    let is_locked = LOCKED.iter().any(|word| lower.contains(word));
    Error::Sign { detail: ends(&text::quote(words), MOST), is_locked }
}

/// Whether there are windows to ask in.
fn has_windows() -> bool {
    cfg!(target_os = "macos") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}

/// Whether a program is gpg itself and knows its options.
fn is_gpg(program: &OsStr) -> bool {
    matches!(Path::new(program).file_name().and_then(OsStr::to_str), Some("gpg" | "gpg2"))
}

/// A key as it may be shown: literal ssh keys by their type and comment.
fn key_in_words(key: &str) -> String {
    let Some(literal) = is_literal_ssh_key(key.as_bytes()) else {
        return text::clean_line(key);
    };
    let literal = literal.to_str_lossy().into_owned();
    let mut parts = literal.split_whitespace();
    let kind = parts.next().unwrap_or("ssh");
    let comment = parts.nth(1).unwrap_or("without a comment");
    text::clean_line(&format!("{kind} {comment}"))
}
