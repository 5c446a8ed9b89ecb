//! Where the documents of a stream begin and end, by its `---` and `...` lines.

/// The white space of YAML; a no-break space or a Unicode line break is text.
pub(crate) const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// One document's part of a text, with the lines that open and close it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// First byte: of its directives, its head comment or its `---` line.
    pub(crate) start: usize,
    /// Line of the first byte, from 1.
    pub(crate) line: u32,
    /// The three bytes `---`, if the document opens with them.
    pub(crate) marker: Option<usize>,
    /// First byte of what a reader is given: behind a `---#`, which only Kubernetes knows.
    pub(crate) text_start: usize,
    /// Line of that byte, from 1.
    pub(crate) text_line: u32,
    /// One past the last byte, without the closing `...` line.
    pub(crate) body_end: usize,
    /// One past the last byte, with the closing `...` line.
    pub(crate) end: usize,
}

/// Splits a text as YAML does: a `---` or `...` in column 0 followed by white space always counts; and
/// as Kubernetes does, which also takes `---# comment`, if anything stands before it.
///
/// # Errors
/// The first document that is more than `most`.
pub(crate) fn split(text: &str, most: usize) -> Result<Vec<Piece>, Piece> {
    let begin = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut splitter = Splitter::new(begin);
    for (number, (start, end)) in lines(text, begin).enumerate() {
        let line = u32::try_from(number + 1).unwrap_or(u32::MAX);
        splitter.line(&text[start..end], start, end, line);
        if splitter.pieces.len() > most {
            return splitter.pieces.pop().map_or_else(|| Ok(Vec::new()), Err);
        }
    }
    splitter.close(text.len(), text.len());
    Ok(splitter.pieces)
}

/// The lines of a text from a byte on, as byte ranges with their breaks (`\n`, `\r\n` or `\r`).
pub(crate) fn lines(text: &str, from: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let bytes = text.as_bytes();
    let mut at = from;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let start = at;
        let rest = &bytes[start..];
        let stop = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        at = match stop {
            None => bytes.len(),
            Some(found) if rest[found..].starts_with(b"\r\n") => start + found + 2,
            Some(found) => start + found + 1,
        };
        Some((start, at))
    })
}

impl Piece {
    /// An empty piece that begins at a byte and line.
    fn at(start: usize, line: u32) -> Self {
        Self { start, line, marker: None, text_start: start, text_line: line, body_end: start, end: start }
    }
}

struct Splitter {
    pieces: Vec<Piece>,
    current: Piece,
    has_content: bool,
    has_directive: bool,
    /// Whether Kubernetes has read lines that are no document yet.
    is_pending: bool,
    next_line: u32,
}

impl Splitter {
    fn new(begin: usize) -> Self {
        Self {
            pieces: Vec::new(),
            current: Piece::at(begin, 1),
            has_content: false,
            has_directive: false,
            is_pending: false,
            next_line: 1,
        }
    }

    fn line(&mut self, text: &str, start: usize, end: usize, line: u32) {
        self.next_line = line;
        let is_glued = self.is_pending && text.starts_with("---#");
        if is_glued || is_marker(text, "---") {
            if self.has_content || self.current.marker.is_some() {
                self.close(start, start);
            }
            self.current.marker = Some(start);
            if is_glued && !self.has_directive {
                (self.current.text_start, self.current.text_line) = (start + 3, line);
            }
            self.is_pending = !is_glued && !is_prefix(&text[3..]);
        } else {
            self.is_pending = true;
            if is_marker(text, "...") {
                self.next_line = line + 1;
                self.close(start, end);
            } else if !is_prefix(text) {
                self.has_content = true;
            } else if text.starts_with('%') {
                self.has_directive = true;
            }
        }
    }

    fn close(&mut self, body_end: usize, end: usize) {
        let next = Piece::at(end, self.next_line);
        let mut done = std::mem::replace(&mut self.current, next);
        self.has_content = false;
        self.has_directive = false;
        done.body_end = body_end;
        done.end = end;
        if done.end > done.start {
            self.pieces.push(done);
        }
    }
}

/// Whether a line is `---` or `...`, alone or before white space.
pub(crate) fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

fn is_prefix(line: &str) -> bool {
    let bare = line.trim_start_matches(BLANK);
    bare.is_empty() || bare.starts_with('#') || line.starts_with('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        split(text, 99).unwrap().iter().map(|p| &text[p.start..p.end]).collect()
    }

    #[test]
    fn a_stream_splits_at_its_markers() {
        let text = "# head\n---\na: 1\n# next\n---\nb: 2\n...\n# after\nc: 3\n--- # end\n";
        assert_eq!(texts(text), ["# head\n---\na: 1\n# next\n", "---\nb: 2\n...\n", "# after\nc: 3\n", "--- # end\n"]);
        assert_eq!(split(text, 99).unwrap().iter().map(|p| p.line).collect::<Vec<_>>(), [1, 5, 8, 10]);
    }

    #[test]
    fn a_glued_comment_follows_a_separator_that_ends_something() {
        assert_eq!(texts("a: 1\n---#b\nc: 1\n"), ["a: 1\n", "---#b\nc: 1\n"]);
        assert_eq!(texts("---#b\nc: 1\n").len(), 1);
        assert_eq!(texts("---\n---#b\nc: 1\n").len(), 1);
        assert_eq!(texts("--- a\n---#b\nc: 1\n").len(), 2);
        let pieces = split("a: 1\n---#b\nc: 1\n", 9).unwrap();
        assert_eq!((pieces[1].start, pieces[1].text_start, pieces[1].text_line), (5, 8, 2));
    }

    #[test]
    fn longer_dashes_and_indented_ones_are_text() {
        assert_eq!(texts("a: |\n  ---\nb: ----\n---x: 1\n").len(), 1);
    }

    #[test]
    fn directives_belong_to_what_follows() {
        assert_eq!(texts("a: 1\n...\n%YAML 1.2\n---\nb: 1\n"), ["a: 1\n...\n", "%YAML 1.2\n---\nb: 1\n"]);
    }

    #[test]
    fn all_line_breaks_count() {
        assert_eq!(texts("a: 1\r---\rb: 2\r\n---\r\nc: 3").len(), 3);
        assert_eq!(texts("\u{feff}---\na: 1\n"), ["---\na: 1\n"]);
        assert_eq!(texts(""), Vec::<&str>::new());
    }
}
