//! Copy: a text for somewhere else: to the user's clipboard command or tmux, and always into a file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::git::program;
use crate::private;

/// The file that always holds what was copied last.
pub const FILE: &str = "last-copy.txt";

/// Reports of one second, at most.
const MOST: usize = 100;

/// A program that can take a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clipboard {
    /// The command of the configuration.
    Command(String),
    /// The tmux around us, which hands it on to its terminal.
    Tmux,
}

impl Clipboard {
    /// The words for it on the last line.
    pub fn word(&self) -> &'static str {
        match self {
            Clipboard::Command(_) => "the copy command",
            Clipboard::Tmux => "tmux buffer",
        }
    }
}

/// Gives a text to a program; tells whether it took it.
///
/// # Errors
/// [`Error::GitProgram`] where it cannot be started.
pub async fn copy(to: &Clipboard, text: &str) -> Result<bool> {
    match to {
        Clipboard::Command(command) => program::feed("sh", &["-c", command], text).await,
        Clipboard::Tmux => program::feed("tmux", &["load-buffer", "-w", "-"], text).await,
    }
}

/// Keeps a text in the state directory, for the user's eyes only.
///
/// # Errors
/// What the file system refuses.
pub fn keep(state_dir: &Path, text: &str) -> Result<PathBuf> {
    let path = state_dir.join(FILE);
    private::write(&path, text.as_bytes()).map_err(Error::fs("cannot write", &path))?;
    Ok(path)
}

/// Saves the report of an error in the state directory, for the user's eyes only; never over another.
///
/// # Errors
/// What the file system refuses.
pub fn save(state_dir: &Path, report: &str, time: &str) -> Result<PathBuf> {
    let first = state_dir.join(format!("report-{time}.txt"));
    let others = (2..MOST).map(|number| state_dir.join(format!("report-{time}-{number}.txt")));
    for path in [first.clone()].into_iter().chain(others) {
        match private::write_new(&path, report.as_bytes()) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            written => return written.map(|()| path.clone()).map_err(Error::fs("cannot write", &path)),
        }
    }
    Err(Error::fs("cannot create", &first)(ErrorKind::AlreadyExists.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_gets_the_text_and_the_file_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("clipboard");
        let command = Clipboard::Command(format!("cat > '{}'", target.display()));
        assert!(copy(&command, "dc1\n").await.unwrap());
        assert_eq!(std::fs::read_to_string(target).unwrap(), "dc1\n");
        assert!(!copy(&Clipboard::Command("exit 3".to_owned()), "x").await.unwrap());
        let kept = keep(&folder.path().join("state"), "longer text").unwrap();
        keep(&folder.path().join("state"), "short").unwrap();
        assert_eq!(std::fs::read_to_string(kept).unwrap(), "short");
    }

    #[test]
    fn a_report_is_never_written_over_another_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let first = save(&state, "one", "20261121-091502").unwrap();
        let second = save(&state, "two", "20261121-091502").unwrap();
        assert_eq!(first, state.join("report-20261121-091502.txt"));
        assert_eq!(second, state.join("report-20261121-091502-2.txt"));
        assert_eq!(std::fs::read_to_string(&first).unwrap(), "one");
        assert_eq!(std::fs::metadata(&second).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
