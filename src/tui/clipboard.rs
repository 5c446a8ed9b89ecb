//! Clipboard: a text through the terminal itself (OSC 52).

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// What terminals take at most, in bytes of base64.
const MOST: usize = 74_994;

/// The sequence that puts a text into the terminal's clipboard; none where it is too long.
pub(super) fn sequence(text: &str) -> Option<String> {
    let encoded = base64(text.as_bytes());
    (encoded.len() <= MOST).then(|| format!("\u{1b}]52;c;{encoded}\u{7}"))
}

fn base64(bytes: &[u8]) -> String {
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
