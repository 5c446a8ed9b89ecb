//! Login: git in the foreground with the terminal, so that a helper, ssh or gpg can ask what they need.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::{GRACE, remote_by_environment, variables};
use crate::config::Home;
use crate::error::{Error, Result};
use crate::git::{Location, signing};

/// The signal of Ctrl-C.
const INTERRUPT: i32 = 2;

/// How git's reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The remote answered.
    Answered,
    /// It could not be read; git said why.
    Refused,
    /// The key that signs commits is unlocked; the remote was not asked.
    Unlocked,
    /// That key stays locked.
    Locked,
    /// The user interrupted git, or git was ended because we are to stop.
    Interrupted,
}

/// A remote's name that no configuration has, so that no address of somebody else's stands before ours.
const REMOTE: &str = "hedgerow-login";

/// Lets git read the remote's references with the terminal in its hands.
///
/// Nothing is kept by us, and nothing is written: what a person types goes to git and its helpers. Git is
/// ended when `stop` is.
///
/// # Errors
/// `GitProgram` where git cannot be started, `Fs` where it has no folder to run in.
pub async fn login(location: &Location, stop: impl Future<Output = ()>) -> Result<Asked> {
    match &location.home {
        Home::Url(url) if !location.dir.exists() => {
            let folder = tempfile::tempdir().map_err(Error::fs("cannot create", "a temporary folder"))?;
            ask(before_the_clone(location, url, folder.path()), stop).await
        }
        _ => ask(in_the_clone(location), stop).await,
    }
}

/// Lets the program that signs commits ask for the key's passphrase, with the terminal in its hands; none
/// where there is no such key.
///
/// # Errors
/// As [`login`].
pub async fn unlock(location: &Location, stop: impl Future<Output = ()>) -> Result<Option<Asked>> {
    let Some(signing::Unlock { program, args, envs }) = signing::unlock(location)? else { return Ok(None) };
    let mut command = command(&program);
    command.args(args).envs(envs);
    if let Ok(name) = rustix::termios::ttyname(std::io::stdin(), Vec::new()) {
        command.env("GPG_TTY", std::ffi::OsStr::from_bytes(name.as_bytes()));
    }
    if program != "ssh-add" {
        // What is signed is nothing: the passphrase is what counts, and its agent keeps it.
        command.stdin(Stdio::null());
    }
    Ok(Some(match ask(command, stop).await? {
        Asked::Answered => Asked::Unlocked,
        Asked::Interrupted => Asked::Interrupted,
        Asked::Refused | Asked::Unlocked | Asked::Locked => Asked::Locked,
    }))
}

fn in_the_clone(location: &Location) -> Command {
    let mut command = git();
    command.arg("-C").arg(&location.dir);
    if location.is_ours() {
        command.arg("--git-dir=.");
    }
    command.args(["ls-remote", "--quiet", "--", &location.remote, &location.branch_ref()]);
    command
}

/// Git in an empty folder, where it finds no clone of the user's.
fn before_the_clone(location: &Location, url: &str, folder: &Path) -> Command {
    let mut command = git();
    let parent = folder.parent().unwrap_or(folder);
    command.current_dir(folder).env("GIT_CEILING_DIRECTORIES", parent).envs(remote_by_environment(REMOTE, url));
    command.args(["ls-remote", "--quiet", "--", REMOTE, &location.branch_ref()]);
    command
}

fn git() -> Command {
    command(OsStr::new("git"))
}

#[expect(clippy::disallowed_methods, reason = "this folder is where children are started")]
fn command(program: &OsStr) -> Command {
    let mut command = Command::new(program);
    for name in variables::removed() {
        command.env_remove(name);
    }
    command
}

async fn ask(mut command: Command, stop: impl Future<Output = ()>) -> Result<Asked> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |error| Error::GitProgram(format!("{name} cannot be started: {error}"));
    command.stdout(Stdio::null());
    let mut child = tokio::process::Command::from(command).spawn().map_err(failed)?;
    let ended = tokio::select! {
        ended = child.wait() => ended.map_err(failed)?,
        () = stop => {
            end(&mut child).await.map_err(failed)?;
            return Ok(Asked::Interrupted);
        }
    };
    let is_interrupted = ended.signal() == Some(INTERRUPT) || ended.code() == Some(128 + INTERRUPT);
    Ok(match ended.success() {
        true => Asked::Answered,
        false if is_interrupted => Asked::Interrupted,
        false => Asked::Refused,
    })
}

/// Asks git to end, which ends its helpers and gives the terminal back; kills it where it does not.
async fn end(child: &mut tokio::process::Child) -> std::io::Result<()> {
    if let Some(pid) = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) {
        // One that has just ended is not there any more.
        let _ = kill_process(pid, Signal::TERM);
    }
    match tokio::time::timeout(GRACE, child.wait()).await {
        Ok(ended) => ended.map(drop),
        Err(_) => child.kill().await,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::{Asked, ask, before_the_clone, in_the_clone};
    use crate::config::Home;
    use crate::git::Location;
    use crate::git::program::local;

    async fn alone(mut command: Command) -> Asked {
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0");
        ask(command, std::future::pending()).await.unwrap()
    }

    fn location(home: Home, dir: &Path) -> Location {
        let (name, remote, branch) = ("fleet".to_owned(), "origin".to_owned(), "main".to_owned());
        Location { name, home, dir: dir.to_owned(), remote, branch }
    }

    #[tokio::test]
    async fn a_remote_is_read_from_a_clone_and_before_there_is_one() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        local(root, &["init", "--quiet", "--bare", "remote.git"], None).unwrap();
        local(root, &["init", "--quiet", "clone"], None).unwrap();
        let clone = root.join("clone");
        let remote = root.join("remote.git").display().to_string();
        local(&clone, &["remote", "add", "origin", &remote], None).unwrap();
        let cloned = location(Home::Path(clone.clone()), &clone);
        let fresh = location(Home::Url(remote.clone()), &root.join("not/cloned"));
        // Below a clone whose remote is another one: neither its name nor its address counts.
        let below = clone.join("below");
        std::fs::create_dir(&below).unwrap();
        let nowhere = root.join("nowhere.git").display().to_string();
        assert_eq!(alone(in_the_clone(&cloned)).await, Asked::Answered);
        assert_eq!(alone(before_the_clone(&fresh, &remote, &below)).await, Asked::Answered);
        assert_eq!(alone(before_the_clone(&fresh, &nowhere, &below)).await, Asked::Refused);
        std::fs::remove_dir_all(root.join("remote.git")).unwrap();
        assert_eq!(alone(in_the_clone(&cloned)).await, Asked::Refused);
    }
}
