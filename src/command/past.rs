//! Past: the lines typed after `:`, kept in the state directory.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::text::quote_line;

/// Lines that are kept.
const KEPT: usize = 200;

/// The file of a state directory.
fn file(state_dir: &Path) -> PathBuf {
    state_dir.join("lines")
}

/// The lines typed before, oldest first; none where nothing was kept.
///
/// # Errors
/// What the file system says, except that there is no file.
pub fn load(state_dir: &Path) -> Result<Vec<String>> {
    let path = file(state_dir);
    match std::fs::read(&path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            Ok(text.lines().filter(|line| !line.is_empty()).map(quote_line).collect())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::fs("cannot read", path)(error)),
    }
}

/// Adds a line as the newest; one that was typed before is kept once.
pub fn add(lines: &mut Vec<String>, line: &str) {
    let line = quote_line(line.trim());
    if line.is_empty() {
        return;
    }
    lines.retain(|old| *old != line);
    lines.push(line);
    let surplus = lines.len().saturating_sub(KEPT);
    lines.drain(..surplus);
}

/// Keeps a line; what another process kept meanwhile stays.
///
/// # Errors
/// What the file system says.
pub fn keep(state_dir: &Path, line: &str) -> Result<()> {
    let mut lines = load(state_dir)?;
    add(&mut lines, line);
    let path = file(state_dir);
    let text = lines.join("\n") + "\n";
    crate::private::write(&path, text.as_bytes()).map_err(Error::fs("cannot write", &path))
}

#[cfg(test)]
mod tests {
    use super::{KEPT, add, keep, load};

    #[test]
    fn lines_are_kept_once_and_newest_last() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        assert!(load(&state).unwrap().is_empty());
        for line in ["push dc1", "fetch", "push dc1", "  "] {
            keep(&state, line).unwrap();
        }
        assert_eq!(load(&state).unwrap(), ["fetch", "push dc1"]);
    }

    #[test]
    fn the_oldest_go_and_nothing_escapes() {
        let mut lines = Vec::new();
        for number in 0..=KEPT {
            add(&mut lines, &format!("push dc{number}"));
        }
        assert_eq!((lines.len(), lines[0].as_str()), (KEPT, "push dc1"));
        add(&mut lines, "push \u{1b}[31m");
        assert!(!lines[KEPT - 1].contains('\u{1b}'));
    }
}
