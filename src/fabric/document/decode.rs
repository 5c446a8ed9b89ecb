//! From a file's bytes to its text: UTF-8 without BOM, LF line ends.

use std::borrow::Cow;

use crate::fabric::finding::{Finding, Severity, code};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The mark of a file that was appended to another one.
const INNER_MARK: &str = "\n\u{feff}---";

/// A file's text, and where marks were left out of it.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    /// The text without the marks that begin documents.
    pub(super) text: Cow<'a, str>,
    /// The lines that began with one, from 1.
    pub(super) marked_lines: Vec<u32>,
}

/// The text of a file, or the finding that says why there is none.
pub(super) fn text<'a>(path: &str, bytes: &'a [u8]) -> Result<Decoded<'a>, Finding> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > super::MAX_FILE {
        return Err(too_large(path));
    }
    let bare = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let mut marked_lines = Vec::new();
    if bare.len() < bytes.len() {
        marked_lines.push(1);
    }
    if bare.contains(&0) {
        return Err(with_zeros(path, bare));
    }
    let text = std::str::from_utf8(bare).map_err(|error| foreign(path, line_of(bare, error.valid_up_to())))?;
    if !text.contains('\r') && !text.contains("\n\u{feff}") {
        return Ok(Decoded { text: Cow::Borrowed(text), marked_lines });
    }
    let text = without_marks(&text.replace("\r\n", "\n").replace('\r', "\n"), &mut marked_lines);
    Ok(Decoded { text: Cow::Owned(text.replace(INNER_MARK, "\n---")), marked_lines })
}

/// The text with at most one mark at the beginning of a line, and none behind a `---` line: there
/// Kubernetes takes it for the mark of a file. A `---` that stands behind the file's own mark is none to it.
fn without_marks(text: &str, marked_lines: &mut Vec<u32>) -> String {
    let mut single = String::with_capacity(text.len());
    let is_marked = !marked_lines.is_empty();
    let mut begins = false;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let bare = line.trim_start_matches('\u{feff}');
        if bare.len() < line.len() {
            if begins {
                marked_lines.push(number);
            } else {
                single.push('\u{feff}');
            }
        }
        single.push_str(bare);
        let after = bare.strip_prefix("---").filter(|_| number > 1 || !is_marked);
        begins = after.is_some_and(|rest| rest.trim_start().is_empty() || rest.trim_start().starts_with('#'));
    }
    single
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    let lines = bytes[..at].split(|byte| *byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// The note about a byte order mark at the beginning of the file or of a document in it.
pub(super) fn byte_order_mark(path: &str, line: u32) -> Finding {
    let message = if line == 1 {
        "the file begins with a byte order mark"
    } else {
        "a byte order mark stands at the beginning of this document"
    };
    let remedy = "nothing to do: it is left out of managed files";
    Finding::file(Severity::Note, code::BYTE_ORDER_MARK, path, message, remedy).at(line, 1)
}

fn too_large(path: &str) -> Finding {
    let limit = super::MAX_FILE >> 20;
    Finding::file(
        Severity::Error,
        code::SIZE,
        path,
        format!("the file is larger than {limit} MiB"),
        "split it into smaller files",
    )
}

fn with_zeros(path: &str, bytes: &[u8]) -> Finding {
    let (what, remedy) = match utf16(bytes) {
        Some(name) => (format!("the file is {name}, not UTF-8"), format!("save it as UTF-8: iconv -f {name} -t UTF-8")),
        None => {
            let line = line_of(bytes, bytes.iter().position(|byte| *byte == 0).unwrap_or_default());
            let what = format!("holds a NUL byte in line {line}: the file is binary, or damaged");
            (what, "put a text file there".to_owned())
        }
    };
    Finding::file(Severity::Error, code::ENCODING, path, what, remedy)
}

/// UTF-16 by its mark, or by a zero in every other byte of its beginning.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    let start = &bytes[..bytes.len().min(64)];
    let zeros = |offset: usize| {
        let picked = start.iter().skip(offset).step_by(2);
        picked.clone().count() > 1 && picked.clone().all(|byte| *byte == 0)
    };
    if start.starts_with(&[0xff, 0xfe]) || (zeros(1) && !zeros(0)) {
        return Some("UTF-16LE");
    }
    (start.starts_with(&[0xfe, 0xff]) || (zeros(0) && !zeros(1))).then_some("UTF-16BE")
}

fn foreign(path: &str, line: u32) -> Finding {
    Finding::file(
        Severity::Error,
        code::ENCODING,
        path,
        "the file is not UTF-8; it looks like Latin-1 or another 8-bit encoding",
        "save it as UTF-8: iconv -f ISO-8859-1 -t UTF-8",
    )
    .at(line, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        text("raw/x.yaml", bytes).unwrap_err().message
    }

    #[test]
    fn line_ends_and_mark_go() {
        let decoded = text("x", b"\xef\xbb\xbfa: 1\r\nb: 2\rc: 3\n").unwrap();
        assert_eq!((decoded.text.as_ref(), decoded.marked_lines), ("a: 1\nb: 2\nc: 3\n", vec![1]));
        assert!(text("x", b"a").unwrap().marked_lines.is_empty());
    }

    #[test]
    fn a_mark_at_the_beginning_of_a_document_goes() {
        for separator in ["---", "--- ", "--- # c", "---# c"] {
            let whole = format!("a: 1\n{separator}\n\u{feff}b: 1\n");
            let decoded = text("x", whole.as_bytes()).unwrap();
            assert_eq!(
                (decoded.text.as_ref(), decoded.marked_lines),
                (whole.replace('\u{feff}', "").as_str(), vec![3])
            );
        }
        assert!(text("x", "\u{feff}---\n\u{feff}b: 1\n".as_bytes()).unwrap().text.contains('\u{feff}'));
        assert_eq!(text("x", "a: 1\n\u{feff}b: 1\n".as_bytes()).unwrap().text, "a: 1\n\u{feff}b: 1\n");
    }

    #[test]
    fn other_encodings_are_named() {
        assert!(message(b"\xff\xfea\0:\0").contains("UTF-16LE"));
        assert!(message(b"\0a\0:\0 \0b").contains("UTF-16BE"));
        assert!(message(b"\x7fELF\0\0\x01").contains("binary"));
        let latin = text("x", b"a: 1\nb: caf\xe9\n").unwrap_err();
        assert!(latin.message.contains("Latin-1"));
        assert_eq!(latin.line, Some(2));
    }
}
