//! Clipboard: a text through the terminal itself (OSC 52).

use crate::text::base64;

/// What terminals take at most, in bytes of base64.
const MOST: usize = 74_994;

/// The sequence that puts a text into the terminal's clipboard; none where it is too long.
pub(super) fn sequence(text: &str) -> Option<String> {
    let encoded = base64(text.as_bytes());
    (encoded.len() <= MOST).then(|| format!("\u{1b}]52;c;{encoded}\u{7}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded_and_long_ones_refused() {
        for (text, wanted) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob\n", "Zm9vYgo=")] {
            assert_eq!(base64(text.as_bytes()), wanted);
        }
        assert_eq!(sequence("foo").unwrap(), "\u{1b}]52;c;Zm9v\u{7}");
        assert!(sequence(&"x".repeat(MOST / 4 * 3)).is_some());
        assert!(sequence(&"x".repeat(MOST)).is_none());
    }
}
