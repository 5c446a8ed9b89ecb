//! Signatures as the user's Git configuration asks for them, made by the configured program within a time limit.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use gix::bstr::ByteSlice;
use gix::objs::WriteTo;
use gix::objs::signature::Format;
use gix::objs::signature::sign::{Options, is_literal_ssh_key};

use crate::error::{Error, Result};
use crate::git::failure;
use crate::git::program::{self, Child, Silence};
use crate::git::repository::Repository;
use crate::progress::Reporter;
use crate::text;

/// How long a signing program may take; a person may have to touch a key.
const LIMIT: Duration = Duration::from_mins(1);

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

/// Signs a commit if the configuration asks for it.
///
/// # Errors
/// `Sign` with what the program said.
pub(super) fn sign(
    repo: &gix::Repository,
    mut commit: gix::objs::Commit,
    report: &Reporter,
) -> Result<gix::objs::Commit> {
    let refused = |error: gix::Error| Error::Sign { detail: failure::chain(&error) };
    let Some(options) = repo.commit_signing_options_if_enabled().map_err(refused)? else {
        return Ok(commit);
    };
    let mut payload = Vec::new();
    commit.write_to(&mut payload).map_err(|error| Error::Sign { detail: error.to_string() })?;
    let signature = match options.format {
        Format::OpenPgp | Format::X509 => sign_gpg(&options, payload, report)?,
        Format::Ssh => sign_ssh(&options, &payload, report)?,
    };
    let signature: Vec<u8> = signature.into_iter().filter(|byte| *byte != b'\r').collect();
    commit.extra_headers.push(("gpgsig".into(), signature.into()));
    Ok(commit)
}

fn sign_gpg(options: &Options, payload: Vec<u8>, report: &Reporter) -> Result<Vec<u8>> {
    let args = vec!["--status-fd=2".into(), "-bsau".into(), options.signing_key.clone()];
    let done = run(options, args, payload, report)?;
    if !done.stderr.contains("[GNUPG:] SIG_CREATED ") {
        return Err(Error::Sign { detail: text::clean(&done.stderr) });
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
    std::fs::read(signature).map_err(|_| Error::Sign { detail: text::clean(&done.stderr) })
}

fn run(options: &Options, args: Vec<OsString>, input: Vec<u8>, report: &Reporter) -> Result<program::Done> {
    let mut all = options.program_arguments.clone();
    all.extend(args);
    let child = Child {
        program: options.program.clone(),
        args: all,
        envs: options.environment.clone(),
        input,
        limit: Silence::Always(LIMIT),
    };
    let done = program::run_blocking(child, report).map_err(|error| match error {
        Error::Stopped => Error::Stopped,
        other => Error::Sign { detail: format!("{other}. {}", other.detail()) },
    })?;
    if done.success { Ok(done) } else { Err(Error::Sign { detail: text::clean(&done.stderr) }) }
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
