//! From a file's bytes to its text: UTF-8 without BOM, LF line ends.

use std::borrow::Cow;

use crate::fabric::finding::{Finding, Severity, code};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The mark of a file that was appended to another one.
const INNER_MARK: &str = "\n\u{feff}---";

/// The text of a file, or the finding that says why there is none.
pub(super) fn text<'a>(path: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Finding> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > super::MAX_FILE {
        return Err(too_large(path));
    }
    let bare = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if bare.contains(&0) {
        return Err(with_zeros(path, bare));
    }
    let text = std::str::from_utf8(bare).map_err(|error| foreign(path, line_of(bare, error.valid_up_to())))?;
    if !text.contains('\r') && !text.contains("\n\u{feff}") {
        return Ok(Cow::Borrowed(text));
    }
    let text = single_marks(&text.replace("\r\n", "\n").replace('\r', "\n"));
    Ok(Cow::Owned(text.replace(INNER_MARK, "\n---")))
}

/// The text with at most one mark at the beginning of a line.
fn single_marks(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches('\u{feff}');
        single.push_str(if bare.len() < line.len() { "\u{feff}" } else { "" });
        single.push_str(bare);
    }
    single
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    let lines = bytes[..at].split(|byte| *byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// The note about a byte order mark, if the file has one.
pub(super) fn byte_order_mark(path: &str, bytes: &[u8]) -> Option<Finding> {
    bytes.starts_with(BOM).then(|| {
        Finding::file(
            Severity::Note,
            code::BYTE_ORDER_MARK,
            path,
            "the file begins with a byte order mark",
            "nothing to do: it is left out of managed files",
        )
    })
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
        assert_eq!(text("x", b"\xef\xbb\xbfa: 1\r\nb: 2\rc: 3\n").unwrap(), "a: 1\nb: 2\nc: 3\n");
        assert!(byte_order_mark("x", b"\xef\xbb\xbfa").is_some());
        assert!(byte_order_mark("x", b"a").is_none());
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
