//! Cursor: a place in a text, and what stands there.

/// A place in a text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    /// Its byte.
    pub(super) at: usize,
    /// How many characters stand before it.
    pub(super) characters: usize,
    /// Its line, from 0.
    pub(super) line: u32,
    /// Its column in characters, from 0.
    pub(super) column: u32,
}

/// Why a text is refused, in go-yaml's words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    /// Where.
    pub(super) mark: Mark,
    /// What is wrong.
    pub(super) problem: &'static str,
}

/// Walks through a text.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    /// The whole text.
    pub(super) text: &'a str,
    /// Where it stands.
    pub(super) mark: Mark,
}

impl<'a> Cursor<'a> {
    /// Stands at the beginning, behind a byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, mark: Mark { at, ..Mark::default() } }
    }

    /// The byte so far ahead, 0 behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.at + ahead).copied().unwrap_or(0)
    }

    /// Whether the text has ended.
    pub(super) fn is_end(&self) -> bool {
        self.mark.at >= self.text.len()
    }

    /// Whether a space or tab stands so far ahead.
    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// Whether a line break of YAML 1.1 stands so far ahead.
    pub(super) fn is_break(&self, ahead: usize) -> bool {
        match self.byte(ahead) {
            b'\n' | b'\r' => true,
            0xc2 => self.byte(ahead + 1) == 0x85,
            0xe2 => self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9),
            _ => false,
        }
    }

    /// Whether a line break or the end stands so far ahead.
    pub(super) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.mark.at + ahead >= self.text.len() || self.is_break(ahead)
    }

    /// Whether white space or the end stands so far ahead.
    pub(super) fn is_blank_or_end(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// Whether one of the characters of names stands here.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-')
    }

    /// Whether `---` or `...` stands here in column 0, before white space or the end.
    pub(super) fn is_document_marker(&self) -> bool {
        self.mark.column == 0 && (self.is_marker(b'-') || self.is_marker(b'.')) && self.is_blank_or_end(3)
    }

    /// Whether a byte stands here three times.
    pub(super) fn is_marker(&self, byte: u8) -> bool {
        (0..3).all(|ahead| self.byte(ahead) == byte)
    }

    /// Steps over a character.
    pub(super) fn skip(&mut self) {
        self.mark.at += width(self.byte(0)).min(self.text.len() - self.mark.at);
        self.mark.characters += 1;
        self.mark.column += 1;
    }

    /// Steps over so many characters.
    pub(super) fn skip_many(&mut self, count: usize) {
        (0..count).for_each(|_| self.skip());
    }

    /// Steps over a line break; gives what it means in a text.
    pub(super) fn skip_line(&mut self) -> &'a str {
        let rest = &self.text[self.mark.at..];
        let (bytes, characters, meaning) = match self.byte(0) {
            b'\r' if self.byte(1) == b'\n' => (2, 2, "\n"),
            b'\n' | b'\r' => (1, 1, "\n"),
            0xc2 => (2, 1, "\n"),
            0xe2 => (3, 1, &rest[..3]),
            _ => return "",
        };
        self.mark.at += bytes;
        self.mark.characters += characters;
        self.mark.line += 1;
        self.mark.column = 0;
        meaning
    }

    /// Steps over spaces and tabs.
    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    /// Steps over a comment up to the end of its line.
    pub(super) fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            while !self.is_break_or_end(0) {
                self.skip();
            }
        }
    }

    /// Refuses the text here.
    pub(super) fn refuse<T>(&self, problem: &'static str) -> Result<T, Refusal> {
        Err(Refusal { mark: self.mark, problem })
    }
}

/// The bytes of the character that begins with a byte.
fn width(byte: u8) -> usize {
    match byte {
        0..=0xbf => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

/// The first character of a text that YAML allows nowhere, or a byte order mark at the beginning of a line,
/// which is text to Kubernetes and to nobody else.
pub(super) fn check_characters(text: &str) -> Result<(), Refusal> {
    let is_suspect = |byte: &u8| matches!(byte, 0..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | 0xc2 | 0xef);
    if !text.as_bytes().iter().any(is_suspect) {
        return Ok(());
    }
    let mut cursor = Cursor::new(text);
    let mut line_start = cursor.mark.at;
    while let Some(character) = text[cursor.mark.at..].chars().next() {
        if character == '\u{feff}' && matches!(text[line_start..cursor.mark.at].trim_matches([' ', '\t']), "" | "---") {
            return cursor.refuse("a byte order mark stands inside the text");
        }
        let is_control = character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}');
        if is_control || matches!(character, '\u{fffe}' | '\u{ffff}') {
            return cursor.refuse("control characters are not allowed");
        }
        if cursor.is_break(0) {
            cursor.skip_line();
            line_start = cursor.mark.at;
        } else {
            cursor.skip();
        }
    }
    Ok(())
}
