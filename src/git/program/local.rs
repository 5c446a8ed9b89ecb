//! Local: git commands away from the user's configuration, for sandboxes and set-up.

use std::path::Path;
use std::process::Stdio;

use crate::error::{Error, Result};

/// Runs a git command in a folder, its output returned; `time` fixes the dates of commits.
///
/// # Errors
/// [`Error::Git`] with what git said.
pub fn local(dir: &Path, args: &[&str], time: Option<i64>) -> Result<String> {
    #[expect(clippy::disallowed_methods, reason = "the one place that starts git")]
    let mut command = std::process::Command::new("git");
    for name in super::variables::removed() {
        command.env_remove(name);
    }
    command.current_dir(dir).args(args).stdin(Stdio::null()).env("LC_ALL", "C");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0");
    if let Some(time) = time {
        let time = format!("@{time} +0000");
        command.env("GIT_AUTHOR_DATE", &time).env("GIT_COMMITTER_DATE", &time);
    }
    let missing = |error| Error::GitProgram(format!("git cannot be started: {error}"));
    let output = command.output().map_err(missing)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let detail = crate::text::quote(&String::from_utf8_lossy(&output.stderr));
    Err(Error::Git { what: format!("git {}", args.first().unwrap_or(&"")), path: dir.to_owned(), detail })
}
