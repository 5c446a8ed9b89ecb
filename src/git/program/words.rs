//! Words: what a child says, told line by line as it comes; its first and last words are kept.

use std::collections::VecDeque;

use tokio::time::Instant;

use super::Listener;
use crate::text::ends;

/// How much of the beginning is kept, and how much of the end, in bytes.
const HALF: usize = ends::MOST / 2 - 64;

/// What is longer is no progress, and is kept as it comes.
const LONG: usize = 4096;

/// How much of each end is kept of an answer that is read by this program, such as a list of branches.
const HALF_OF_ANSWER: usize = 16 * 1024 * 1024;

/// The first and the last bytes of a stream.
#[derive(Debug)]
pub(super) struct Kept {
    half: usize,
    first: Vec<u8>,
    last: VecDeque<u8>,
    missing: usize,
}

impl Kept {
    /// Of words that are shown.
    pub(super) fn of_words() -> Self {
        Self { half: HALF, first: Vec::new(), last: VecDeque::new(), missing: 0 }
    }

    /// Of an answer that is read.
    pub(super) fn of_answer() -> Self {
        Self { half: HALF_OF_ANSWER, ..Self::of_words() }
    }

    /// Takes more bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let room = self.half.saturating_sub(self.first.len()).min(bytes.len());
        let (first, rest) = bytes.split_at(room);
        self.first.extend_from_slice(first);
        // Of many bytes at once only the last ones stay.
        let rest = &rest[rest.len().saturating_sub(self.half).min(rest.len())..];
        self.missing += bytes.len() - room - rest.len();
        self.last.extend(rest);
        let over = self.last.len().saturating_sub(self.half);
        self.last.drain(..over);
        self.missing += over;
    }

    /// All of it, or both ends and a remark on what is missing between them.
    pub(super) fn into_text(self) -> String {
        let Self { mut first, last, missing, .. } = self;
        let last = Vec::from(last);
        if missing == 0 {
            first.extend(last);
            return String::from_utf8_lossy(&first).into_owned();
        }
        ends::join(&String::from_utf8_lossy(&first), missing, &String::from_utf8_lossy(&last))
    }
}

/// What stderr said so far.
pub(super) struct Talk<'a, 'b> {
    listener: &'a mut Listener<'b>,
    line: Vec<u8>,
    /// The line ended with a carriage return: it is kept only if a line feed follows.
    is_returned: bool,
    /// The line before, if it was one that git wrote over.
    covered: Vec<u8>,
    is_long: bool,
    /// What is kept of it.
    pub(super) kept: Kept,
    /// Whether the child can be stopped without leaving its result unknown.
    pub(super) can_stop: bool,
    /// When the last byte came.
    pub(super) heard: Instant,
}

impl<'a, 'b> Talk<'a, 'b> {
    /// Nothing was said yet.
    pub(super) fn new(listener: &'a mut Listener<'b>) -> Self {
        let (line, covered, kept) = (Vec::new(), Vec::new(), Kept::of_words());
        Self {
            listener,
            line,
            is_returned: false,
            covered,
            is_long: false,
            kept,
            can_stop: true,
            heard: Instant::now(),
        }
    }

    /// Takes what came; a line may end in a line feed, in both, or as progress does in a carriage return.
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        self.heard = Instant::now();
        for byte in bytes {
            match (byte, self.is_returned) {
                (b'\r', true) => {}
                (b'\r', false) => {
                    self.tell();
                    self.is_returned = true;
                }
                (b'\n', is_told) => {
                    if !is_told {
                        self.tell();
                    }
                    self.keep();
                }
                (byte, is_over) => {
                    if is_over {
                        self.cover();
                    }
                    self.line.push(*byte);
                    if self.line.len() > LONG {
                        self.kept.take(&self.line);
                        self.line.clear();
                        self.is_long = true;
                    }
                }
            }
        }
    }

    /// The end of everything ends the last line.
    pub(super) fn end(&mut self) {
        if !self.line.is_empty() || self.is_long {
            self.hear(b"\n");
        }
    }

    fn tell(&mut self) {
        if !self.is_long {
            self.can_stop &= (self.listener)(&String::from_utf8_lossy(&self.line));
        }
    }

    fn keep(&mut self) {
        // What a server ends in both, git shows as a line that is written over by an empty one.
        if self.line.trim_ascii_end() == b"remote:" && self.covered.starts_with(b"remote: ") {
            self.line = std::mem::take(&mut self.covered);
        }
        self.line.push(b'\n');
        self.kept.take(&self.line);
        self.line.clear();
        self.covered.clear();
        (self.is_returned, self.is_long) = (false, false);
    }

    /// Something is written over the line.
    fn cover(&mut self) {
        self.covered = std::mem::take(&mut self.line);
        (self.is_returned, self.is_long) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was told and what was kept of these pieces.
    fn heard(pieces: &[&[u8]]) -> (Vec<String>, String) {
        let mut told = Vec::new();
        let mut listener = |line: &str| {
            told.push(line.to_owned());
            true
        };
        let mut talk = Talk::new(&mut listener);
        for piece in pieces {
            talk.hear(piece);
        }
        talk.end();
        let kept = std::mem::replace(&mut talk.kept, Kept::of_words()).into_text();
        (told, kept)
    }

    #[test]
    fn lines_are_kept_whole_however_they_end() {
        let (told, kept) = heard(&[b"Host key verification failed.\r\nfatal: no\ntwice\r\r\nopen"]);
        assert_eq!(told, ["Host key verification failed.", "fatal: no", "twice", "open"]);
        assert_eq!(kept, "Host key verification failed.\nfatal: no\ntwice\nopen\n");
        let (_, kept) = heard(&[b"in two\r", b"\nparts", b"\r\n", b"\r\n"]);
        assert_eq!(kept, "in two\nparts\n\n");
        assert_eq!(heard(&[b"no end\r"]).1, "no end\n");
    }

    #[test]
    fn progress_is_told_at_once_and_not_kept() {
        let (told, kept) = heard(&[b"Writing objects:  50% (1/2)\rWriting objects: 100% (2/2)\rdone\n"]);
        assert_eq!((told.len(), kept.as_str()), (3, "done\n"));
        let mut listener = |line: &str| !line.starts_with("Writing");
        let mut talk = Talk::new(&mut listener);
        talk.hear(b"Writing objects:  50%\r");
        assert!(!talk.can_stop, "it is on its way now, not at the next line");
    }

    #[test]
    fn a_servers_line_that_git_covers_is_kept() {
        let (_, kept) = heard(&[b"remote: ticket missing        \rremote: \nremote: and more        \r\nremote: x\n"]);
        assert_eq!(kept, "remote: ticket missing        \nremote: and more        \nremote: x\n");
    }

    #[test]
    fn of_very_many_words_both_ends_are_kept_in_little_memory() {
        let line = format!("{}\n", "word ".repeat(100));
        let (mut pieces, many) = (vec![b"first\n".as_slice()], line.repeat(200));
        pieces.extend(std::iter::repeat_n(many.as_bytes(), 100));
        pieces.push(b"last\n");
        let (_, kept) = heard(&pieces);
        assert!(kept.len() <= ends::MOST && kept.len() > ends::MOST / 2, "{}", kept.len());
        assert!(kept.starts_with("first\n") && kept.ends_with("last\n") && kept.contains("bytes are left out"));
        let endless = vec![b'x'; 1 << 20];
        let (told, kept) = heard(&[&endless, b"\nfatal: the end\n"]);
        assert!(kept.len() <= ends::MOST && kept.ends_with("fatal: the end\n"));
        assert_eq!(told, ["fatal: the end"]);
    }
}
