//! Split: where a text's documents begin and end, by its marker lines alone.

/// One document's part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Line of the first byte, from 1.
    pub(super) line: u32,
    /// Whether there is a `---` line.
    pub(super) explicit_start: bool,
}

/// Splits at `---` and `...` in column 0, which end a document wherever they stand in YAML.
///
/// Lines between a `...` (or the beginning) and a `---` that are blank, comments or directives belong
/// to the document that follows.
pub(super) fn split(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut open = Part { start: 0, end: 0, line: 1, explicit_start: false };
    let mut has_content = false;
    let mut position = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let next = position + line.len();
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        if is_marker(line, "---") {
            if has_content || open.explicit_start {
                open.end = position;
                parts.push(open);
                open = Part { start: position, end: 0, line: number, explicit_start: true };
            }
            open.explicit_start = true;
            has_content = false;
        } else if is_marker(line, "...") {
            open.end = next;
            parts.push(open);
            open = Part { start: next, end: 0, line: number + 1, explicit_start: false };
            has_content = false;
        } else if !is_idle(line) {
            has_content = has_content || open.explicit_start || !line.starts_with('%');
        }
        position = next;
    }
    open.end = text.len();
    if open.explicit_start || has_content || !text[open.start..].trim().is_empty() {
        parts.push(open);
    }
    parts
}

/// Whether a line is `---` or `...`, alone or before white space.
pub(super) fn is_marker(line: &str, marker: &str) -> bool {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

fn is_idle(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        split(text).iter().map(|part| &text[part.start..part.end]).collect()
    }

    #[test]
    fn markers_split_and_head_comments_stay_with_what_follows() {
        assert_eq!(texts("# head\n---\na: 1\n---\nb: 2\n"), ["# head\n---\na: 1\n", "---\nb: 2\n"]);
        assert_eq!(texts("a: 1\n...\n# c\n---\nb: 2\n"), ["a: 1\n...\n", "# c\n---\nb: 2\n"]);
        assert_eq!(texts("%YAML 1.2\n---\na: |\n  ---\n"), ["%YAML 1.2\n---\na: |\n  ---\n"]);
        assert_eq!(texts("---\n---\n"), ["---\n", "---\n"]);
        assert!(texts("\n\n").is_empty());
        assert_eq!(texts("# only\n"), ["# only\n"]);
        assert_eq!(texts("---text\n"), ["---text\n"]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let lines: Vec<u32> = split("a: 1\n---\nb: 2\n...\nc: 3\n").iter().map(|part| part.line).collect();
        assert_eq!(lines, [1, 2, 5]);
    }
}
