//! Caret: one source line made safe to show, and where the marks below a value go.

use crate::text::{clean_line, quote_line, redact, width};

/// The widest part of a line that is shown.
const WIDEST: usize = 100;

/// A line to show and its marks, in terminal columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The line, cleaned, and cut on the left where the value would not be seen.
    pub line: String,
    /// Where the marks begin, from 0.
    pub start: usize,
    /// How many marks there are, at least one.
    pub length: usize,
}

/// Marks the value at `column` (in characters, from 1) of `bytes` length, or one place of it.
pub fn marked(line: &str, column: u32, bytes: Option<u32>) -> Marked {
    let line = line.replace('\t', " ");
    if redact(&line) != line {
        // Parts of a line may show what the whole of it hides; the mark is where the line begins.
        let line: String = quote_line(&line).chars().take(WIDEST).collect();
        let start = width(&line) - width(line.trim_start());
        return Marked { line: line.trim_end().to_owned(), start, length: 1 };
    }
    let at = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let split = line.char_indices().nth(at).map_or(line.len(), |(at, _)| at);
    let (before, rest) = line.split_at(split);
    let value: String = match bytes {
        Some(bytes) => rest.get(..usize::try_from(bytes).unwrap_or(0).min(rest.len())).unwrap_or(rest).to_owned(),
        None => rest.chars().take(1).collect(),
    };
    let (before, value, rest) = (clean_line(before), clean_line(&value), clean_line(rest));
    let mut start = width(&before);
    let mut text = format!("{before}{rest}");
    if start > WIDEST / 2 {
        let cut = start - WIDEST / 4;
        text = format!("...{}", text.chars().skip(cut + 3).collect::<String>());
        start -= cut;
    }
    let line: String = text.chars().take(WIDEST).collect();
    let room = WIDEST.saturating_sub(start).max(1);
    Marked { line: line.trim_end().to_owned(), start, length: width(&value).clamp(1, room) }
}

/// The line of a text with a caret below a column, both from 1; nothing where there is no such line.
///
/// A line that holds a secret is shown without it, and without the caret.
pub fn below(text: &str, line: u32, column: u32) -> String {
    let at = usize::try_from(line).unwrap_or(0).checked_sub(1);
    let Some(found) = at.and_then(|at| text.lines().nth(at)) else { return String::new() };
    if redact(found) != found {
        return format!("| {}", quote_line(found));
    }
    let marked = marked(found, column, None);
    // The margin keeps what is wrapped or trimmed to show it from moving the caret.
    format!("| {}\n| {}^", marked.line, " ".repeat(marked.start))
}

#[cfg(test)]
mod tests {
    use super::{below, marked};

    #[test]
    fn marks_stand_below_the_value() {
        let found = marked("      vlan: 5000 # x", 13, Some(4));
        assert_eq!((found.line.as_str(), found.start, found.length), ("      vlan: 5000 # x", 12, 4));
        assert_eq!(marked("ünï: abc", 6, Some(3)).start, 5);
        assert_eq!(marked("a", 9, None).length, 1);
        let hidden = marked("  password: hunter2", 13, Some(7));
        assert_eq!((hidden.line.as_str(), hidden.start, hidden.length), ("  password: ***", 2, 1));
    }

    #[test]
    fn a_caret_stands_below_the_column_and_no_secret_is_shown() {
        assert_eq!(below("a: b\nfabrics: [ {\n", 2, 12), "| fabrics: [ {\n|            ^");
        assert_eq!((below("a", 2, 1), below("a", 0, 1)), (String::new(), String::new()));
        let hidden = below("url: [ https://me:hunter2@git.example/x", 1, 25);
        assert!(!hidden.contains("hunter2") && !hidden.contains('^'), "{hidden}");
    }

    #[test]
    fn a_long_line_is_cut_and_control_characters_are_shown() {
        let line = format!("{}x: \u{1b}[31m", " ".repeat(300));
        let found = marked(&line, 304, Some(3));
        assert!(found.line.starts_with("...") && found.start < 60);
        assert!(found.line.contains("\\x1b") && !found.line.contains('\u{1b}'));
    }
}
