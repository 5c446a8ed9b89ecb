//! Record: what the screen shows, as a file that asciinema plays.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::error::{Error, Result};
use crate::text::clean_line;

/// A recording; its clones write to the same file.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Mutex<Tape>>);

#[derive(Debug)]
struct Tape {
    path: PathBuf,
    file: File,
    begun: Instant,
    size: Option<(u16, u16)>,
}

impl Recorder {
    /// Begins a file that only its owner can read.
    ///
    /// # Errors
    /// [`Error::Usage`] where there is a file already; what the file system says.
    pub fn create(path: &Path) -> Result<Self> {
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = made.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                Error::Usage(clean_line(&format!("{} exists already; --record makes a new file", path.display())))
            }
            _ => Error::fs("cannot create", path)(error),
        })?;
        let tape = Tape { path: path.to_owned(), file, begun: Instant::now(), size: None };
        Ok(Self(Arc::new(Mutex::new(tape))))
    }

    /// Notes what was sent to a screen of this size.
    ///
    /// # Errors
    /// What the file system says.
    pub fn frame(&self, size: (u16, u16), bytes: &[u8]) -> Result<()> {
        let Ok(mut tape) = self.0.lock() else { return Ok(()) };
        let text = tape.lines(size, &String::from_utf8_lossy(bytes));
        let path = tape.path.clone();
        tape.file.write_all(text.as_bytes()).map_err(Error::fs("cannot write", path))
    }
}

impl Tape {
    /// The lines of one frame, with the head of the file or a change of the size before it.
    fn lines(&mut self, size: (u16, u16), shown: &str) -> String {
        let seconds = self.begun.elapsed().as_secs_f64();
        let (width, height) = size;
        let before = self.size.replace(size);
        let first = match before {
            None => {
                let at = jiff::Timestamp::now().as_second();
                let head = serde_json::json!({ "version": 2, "width": width, "height": height, "timestamp": at });
                format!("{head}\n")
            }
            Some(before) if before != size => event(seconds, "r", &format!("{width}x{height}")),
            Some(_) => String::new(),
        };
        first + &event(seconds, "o", shown)
    }
}

fn event(seconds: f64, kind: &str, text: &str) -> String {
    format!("[{seconds:.6}, \"{kind}\", {}]\n", serde_json::Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::Recorder;

    #[test]
    fn frames_and_sizes_are_lines_of_one_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cast");
        let recorder = Recorder::create(&path).unwrap();
        recorder.frame((80, 24), b"\x1b[2J\"a\"").unwrap();
        recorder.clone().frame((80, 24), "é".as_bytes()).unwrap();
        recorder.frame((100, 30), b"b").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines[0]["version"].as_u64(), lines[0]["width"].as_u64()), (Some(2), Some(80)));
        let events: Vec<(&str, &str)> =
            lines[1..].iter().map(|line| (line[1].as_str().unwrap(), line[2].as_str().unwrap())).collect();
        assert_eq!(events, [("o", "\x1b[2J\"a\""), ("o", "é"), ("r", "100x30"), ("o", "b")]);
        assert!(Recorder::create(&path).unwrap_err().to_string().contains("exists already"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
