//! Untrusted text made safe to show: control and bidi characters, secrets; cutting to a width.

pub mod caret;
pub mod ends;
pub mod known;
mod redact;
pub mod secrets;

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

pub use redact::{redact, redact_url};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Somebody else's line made safe to show: as [`clean_line`], and without what it calls a password.
pub fn quote_line(text: &str) -> String {
    clean_line(&redact(text))
}

/// Somebody else's text made safe to show: as [`clean`], and without what it calls a password.
pub fn quote(text: &str) -> String {
    clean(&redact(text))
}

/// Cleans one line: as [`clean`], and line breaks become `\n`.
pub fn clean_line(text: &str) -> String {
    clean(text).replace('\n', "\\n")
}

/// Cleans a text of control characters, bidi marks and secrets of a known form; line breaks stay.
///
/// For what is shown, our own sentences too; what others wrote is quoted first, where it comes in.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in redact::forms(&text.replace("\r\n", "\n")).chars() {
        match character {
            '\n' => cleaned.push('\n'),
            '\t' => cleaned.push_str("    "),
            character if character.is_control() && u32::from(character) < 0x100 => {
                let _ = write!(cleaned, "\\x{:02x}", u32::from(character));
            }
            character if is_hidden(character) => {
                let _ = write!(cleaned, "\\u{:04x}", u32::from(character));
            }
            character => cleaned.push(character),
        }
    }
    cleaned
}

/// Bytes in base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, at| number << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at) & 63) as usize];
            text.push(if at > group.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// Whether a character changes how others are shown without being seen itself.
pub(crate) fn is_hidden(character: char) -> bool {
    matches!(u32::from(character),
        0x00ad | 0x061c | 0x115f | 0x1160 | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

/// How many terminal columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts a text at the end to a width; what is cut shows as `..`.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width <= 2 {
        return head(text, width);
    }
    format!("{}..", head(text, width - 2))
}

/// Cuts a text in the middle to a width: both ends carry meaning.
pub fn cut_middle(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width <= 6 {
        return cut(text, width);
    }
    let left = (width - 2) / 2;
    format!("{}..{}", head(text, left), tail(text, width - 2 - left))
}

fn head(text: &str, width: usize) -> String {
    let mut used = 0;
    let fits = |part: &&str| {
        used += part.width();
        used <= width
    };
    text.graphemes(true).take_while(fits).collect()
}

fn tail(text: &str, width: usize) -> String {
    let mut used = 0;
    let mut parts: Vec<&str> = Vec::new();
    for part in text.graphemes(true).rev() {
        used += part.width();
        if used > width {
            break;
        }
        parts.push(part);
    }
    parts.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_bidi_marks_are_shown_not_sent() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\u{9b}\t\r\nd\n"), "a\\x1b[31mb\\u202ec\\x9b    \nd\n");
        assert_eq!(clean_line("a\nb"), "a\\nb");
        assert_eq!(clean("naïve ✓ 漢字"), "naïve ✓ 漢字");
    }

    #[test]
    fn long_names_keep_both_ends() {
        let name = "server-01--mclag--leaf-01--leaf-02.yaml";
        let short = cut_middle(name, 24);
        assert_eq!(width(&short), 24);
        assert!(short.starts_with("server-01") && short.ends_with("02.yaml"));
        assert_eq!(cut("漢字漢字", 5), "漢..");
        assert_eq!(cut_middle("abc", 10), "abc");
    }
}
