//! View: a text as it reads once a coding is taken off, and where in the text each part of it stands.

use std::ops::Range;

/// How many letters of base64 below each other are worth a look.
const SHORTEST_RUN: usize = 24;

/// A text without its escapes, and where each of its bytes came from.
pub(super) struct Plain {
    pub(super) text: String,
    places: Vec<usize>,
}

impl Plain {
    fn push(&mut self, character: char, at: usize) {
        self.text.push(character);
        self.places.resize(self.text.len(), at);
    }

    /// Where a part of it stands in the text it was made of.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |byte: usize| self.places.get(byte).copied().unwrap_or_default();
        at(range.start)..at(range.end)
    }

    /// The end, so that the last part has one too; nothing where nothing was taken off.
    fn finished(mut self, end: usize, is_changed: bool) -> Option<Self> {
        self.places.push(end);
        is_changed.then_some(self)
    }
}

/// The text with what stands behind each backslash read as YAML and JSON do; none where there is none.
pub(super) fn unescaped(text: &str) -> Option<Plain> {
    text.contains('\\').then_some(())?;
    let mut plain = Plain { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len() + 1) };
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let (read, length) = match character {
            '\\' => escaped(&text[at..]),
            other => (Some(other), other.len_utf8()),
        };
        if let Some(read) = read {
            plain.push(read, at);
        }
        at += length;
    }
    plain.finished(text.len(), true)
}

/// The character of an escape and the escape's length; none for a line that goes on.
fn escaped(text: &str) -> (Option<char>, usize) {
    let Some(letter) = text[1..].chars().next() else {
        return (Some('\\'), 1);
    };
    let code = |digits: usize| {
        let number = text.get(2..2 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        number.map(|number| (Some(char::from_u32(number).unwrap_or('\u{fffd}')), 2 + digits))
    };
    let one = |character: char| (Some(character), 1 + letter.len_utf8());
    match letter {
        'n' => one('\n'),
        'r' => one('\r'),
        't' => one('\t'),
        'x' => code(2).unwrap_or(one('x')),
        'u' => code(4).unwrap_or(one('u')),
        'U' => code(8).unwrap_or(one('U')),
        '\n' | '\r' => {
            let rest = text[1..].trim_start_matches(['\n', '\r', ' ', '\t']);
            (None, text.len() - rest.len())
        }
        other => one(other),
    }
}

/// The text with `%2D` read as `-`; none where there is none. What is beyond ASCII stays as it is.
pub(super) fn without_percent(text: &str) -> Option<Plain> {
    text.contains('%').then_some(())?;
    let mut plain = Plain { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len() + 1) };
    let (mut at, mut is_changed) = (0, false);
    while let Some(character) = text[at..].chars().next() {
        let code = text.get(at + 1..at + 3).filter(|_| character == '%');
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(u8::is_ascii) {
            Some(byte) => {
                plain.push(char::from(byte), at);
                (at, is_changed) = (at + 3, true);
            }
            None => {
                plain.push(character, at);
                at += character.len_utf8();
            }
        }
    }
    plain.finished(text.len(), is_changed)
}

/// Letters of base64 one after another, over the ends of lines too.
pub(super) struct Run {
    pub(super) range: Range<usize>,
    pub(super) letters: Vec<u8>,
}

impl Run {
    /// What it stands for, whichever of its first four letters base64 begins at.
    pub(super) fn phases(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        (0..4).filter_map(|first| self.letters.get(first..)).map(decode)
    }
}

/// The runs of a text that are long enough to hold anything.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if digit(bytes[at]).is_none() {
            at += 1;
            continue;
        }
        let start = at;
        let (mut letters, mut end) = (Vec::new(), at);
        while let Some(byte) = bytes.get(at) {
            if digit(*byte).is_some() {
                letters.push(*byte);
                end = at + 1;
                at += 1;
            } else if let Some(next) = next_line(bytes, at) {
                at = next;
            } else {
                break;
            }
        }
        // Names are in small letters; what is coded has capitals too.
        if letters.len() >= SHORTEST_RUN && letters.iter().any(u8::is_ascii_uppercase) {
            found.push(Run { range: start..end, letters });
        }
        at = at.max(end);
    }
    found
}

/// Where the next line's letters begin, if a line ends here and the next is nothing but letters.
fn next_line(bytes: &[u8], at: usize) -> Option<usize> {
    let blank = bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let next = &bytes[at + blank..];
    let count = next.iter().take_while(|byte| digit(**byte).is_some()).count();
    let is_whole = next.get(count).is_none_or(|byte| b"\r\n=\"'\\".contains(byte));
    (bytes[at..at + blank].contains(&b'\n') && count > 0 && is_whole).then_some(at + blank)
}

/// The value of a letter of base64, of either alphabet.
pub(super) fn digit(letter: u8) -> Option<u32> {
    Some(u32::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// The bytes that letters of base64 stand for.
pub(super) fn decode(letters: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(letters.len() * 3 / 4);
    for group in letters.chunks(4) {
        let number = (0..4).fold(0, |number, at| number << 6 | group.get(at).and_then(|one| digit(*one)).unwrap_or(0));
        let [_, first, second, third] = number.to_be_bytes();
        bytes.extend_from_slice(&[first, second, third][..group.len().saturating_sub(1)]);
    }
    bytes
}

/// The parts of some bytes that are text in ASCII.
pub(super) fn legible(bytes: &[u8], least: usize) -> impl Iterator<Item = &str> {
    let is_text = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    let parts = bytes.split(move |byte| !is_text(byte)).filter(move |part| part.len() >= least);
    parts.filter_map(|part| std::str::from_utf8(part).ok())
}
