//! Ends: of a long text its beginning and its end, and how much was left out between them.

/// The most that is kept of what a program says, in bytes.
pub const MOST: usize = 64 * 1024;

/// What a remark about the middle may take.
const REMARK: usize = 80;

/// No secret is longer than this without a space in it.
const WORD: usize = 2048;

/// The first and the last of a text, at most so many bytes in all.
pub fn ends(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let half = most.saturating_sub(REMARK) / 2;
    let (first, last) = (text.floor_char_boundary(half), text.ceil_char_boundary(text.len() - half));
    join(&text[..first], last - first, &text[last..])
}

/// Two parts of a text between which so many bytes are missing. A word that was cut in two is left
/// out as well: half a secret is not known for one.
pub(crate) fn join(first: &str, missing: usize, last: &str) -> String {
    if missing == 0 {
        return format!("{first}{last}");
    }
    let tail = first.len() - first.floor_char_boundary(first.len().saturating_sub(WORD));
    let tail = &first[first.len() - tail..];
    let cut = tail.trim_end_matches(|c: char| !c.is_whitespace());
    let kept_first = &first[..first.len() - tail.len() + cut.len()];
    let head = &last[..last.ceil_char_boundary(WORD.min(last.len()))];
    let kept_last = &last[head.len() - head.trim_start_matches(|c: char| !c.is_whitespace()).len()..];
    let missing = missing + first.len() - kept_first.len() + last.len() - kept_last.len();
    format!("{}\n[... {missing} bytes are left out ...]\n{}", kept_first.trim_end(), kept_last.trim_start())
}

#[cfg(test)]
mod tests {
    use super::{ends, join};

    #[test]
    fn a_long_text_keeps_both_ends_and_says_what_is_missing() {
        let text = format!("first line\n{}\nlast line\n", "middle ü ".repeat(20_000));
        let kept = ends(&text, 1000);
        assert!(kept.len() <= 1000 && kept.starts_with("first line\n") && kept.ends_with("last line\n"), "{kept}");
        assert!(kept.contains("bytes are left out ...]"), "{kept}");
        assert_eq!(ends("short", 1000), "short");
    }

    #[test]
    fn a_word_is_never_cut_in_two() {
        assert_eq!(join("a secr", 7, "et b"), "a\n[... 13 bytes are left out ...]\nb");
        assert_eq!(join("a secr", 0, "et b"), "a secret b");
        let one = "x".repeat(5000);
        let kept = join(&one, 1, &one);
        assert!(kept.starts_with("xxx") && kept.ends_with("xxx"), "{kept}");
    }
}
