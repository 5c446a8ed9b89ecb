//! Login: git in the foreground with the terminal, so that a helper, ssh or gpg can ask what they need.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use super::REMOVED;
use crate::config::Home;
use crate::error::{Error, Result};
use crate::git::Location;

/// The signal of Ctrl-C.
const INTERRUPT: i32 = 2;

/// How git's reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The remote answered.
    Answered,
    /// It could not be read; git said why.
    Refused,
    /// The user interrupted git.
    Interrupted,
}

/// Lets git read the remote's references with the terminal in its hands.
///
/// Nothing is kept by us, and nothing is written: what a person types goes to git and its helpers.
///
/// # Errors
/// `GitProgram` where git cannot be started.
#[expect(clippy::disallowed_methods, reason = "this folder is where children are started")]
pub fn login(location: &Location) -> Result<Asked> {
    let mut command = Command::new("git");
    for name in REMOVED {
        command.env_remove(name);
    }
    if location.dir.exists() {
        command.arg("-C").arg(&location.dir);
        if location.is_ours() {
            command.arg("--git-dir=.");
        }
    } else if let Home::Url(url) = &location.home {
        // Not cloned yet. An address may hold a secret, so it is no argument: those are seen by everybody.
        command.env("GIT_CONFIG_COUNT", "1");
        command.env("GIT_CONFIG_KEY_0", format!("remote.{}.url", location.remote)).env("GIT_CONFIG_VALUE_0", url);
    }
    command.args(["ls-remote", "--quiet", "--", &location.remote, &location.branch_ref()]).stdout(Stdio::null());
    let ended = command.status().map_err(|error| Error::GitProgram(format!("git cannot be started: {error}")))?;
    let is_interrupted = ended.signal() == Some(INTERRUPT) || ended.code() == Some(128 + INTERRUPT);
    Ok(match ended.success() {
        true => Asked::Answered,
        false if is_interrupted => Asked::Interrupted,
        false => Asked::Refused,
    })
}

#[cfg(test)]
mod tests {
    use super::{Asked, login};
    use crate::config::Home;
    use crate::git::Location;
    use crate::git::program::local;

    #[test]
    fn a_remote_is_read_from_a_clone_and_before_there_is_one() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        local(root, &["init", "--quiet", "--bare", "remote.git"], None).unwrap();
        local(root, &["init", "--quiet", "clone"], None).unwrap();
        let remote = root.join("remote.git").display().to_string();
        local(&root.join("clone"), &["remote", "add", "origin", &remote], None).unwrap();
        let location = |home: Home, dir: &str| Location {
            name: "fleet".to_owned(),
            home,
            dir: root.join(dir),
            remote: "origin".to_owned(),
            branch: "main".to_owned(),
        };
        assert_eq!(login(&location(Home::Path(root.join("clone")), "clone")).unwrap(), Asked::Answered);
        assert_eq!(login(&location(Home::Url(remote.clone()), "not/cloned")).unwrap(), Asked::Answered);
        std::fs::remove_dir_all(root.join("remote.git")).unwrap();
        assert_eq!(login(&location(Home::Path(root.join("clone")), "clone")).unwrap(), Asked::Refused);
    }
}
