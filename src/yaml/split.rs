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
    /// One past the last byte, without the closing `...` line.
    pub(crate) body_end: usize,
    /// One past the last byte, with the closing `...` line.
    pub(crate) end: usize,
}

/// Splits a text as YAML does: a `---` or `...` in column 0 followed by white space always counts.
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

struct Splitter {
    pieces: Vec<Piece>,
    current: Piece,
    has_content: bool,
    next_line: u32,
}

impl Splitter {
    fn new(begin: usize) -> Self {
        Self {
            pieces: Vec::new(),
            current: Piece { start: begin, line: 1, marker: None, body_end: begin, end: begin },
            has_content: false,
            next_line: 1,
        }
    }

    fn line(&mut self, text: &str, start: usize, end: usize, line: u32) {
        self.next_line = line;
        if is_marker(text, "---") {
            if self.has_content || self.current.marker.is_some() {
                self.close(start, start);
            }
            self.current.marker = Some(start);
        } else if is_marker(text, "...") {
            self.next_line = line + 1;
            self.close(start, end);
        } else if !is_prefix(text) {
            self.has_content = true;
        }
    }

    fn close(&mut self, body_end: usize, end: usize) {
        let next = Piece { start: end, line: self.next_line, marker: None, body_end: end, end };
        let mut done = std::mem::replace(&mut self.current, next);
        self.has_content = false;
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
