//! Splice: pieces of a text replaced, and files of several documents rebuilt, with nothing lost.

use crate::fabric::document;
use crate::yaml::Span;

/// What becomes of one document of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// It stays as it is.
    Keep,
    /// Another text takes its place.
    Replace(String),
    /// It goes.
    Drop,
}

/// A text with the pieces at these spans replaced; the same span twice is one piece. None if spans
/// overlap or lie outside.
pub fn replace(text: &str, pieces: &[(Span, String)]) -> Option<String> {
    let mut sorted: Vec<&(Span, String)> = pieces.iter().collect();
    sorted.sort_by_key(|(span, _)| (span.start, span.end));
    sorted.dedup_by_key(|(span, _)| (span.start, span.end));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (span, piece) in sorted {
        result.push_str(text.get(at..span.start)?);
        result.push_str(piece);
        at = span.end;
        text.get(span.start..span.end)?;
    }
    result.push_str(text.get(at..)?);
    Some(result)
}

/// A file rebuilt from its documents, each kept, replaced or dropped; empty if none is left, none if
/// text would be lost that belongs to no document.
pub fn rebuild(path: &str, bytes: &[u8], part: impl Fn(usize) -> Part) -> Option<String> {
    let source = document::read(path, bytes);
    let is_list = source.documents.iter().any(|document| document.item.is_some());
    let counts = |line: &&str| if is_list { line.trim().starts_with('#') } else { !is_blank_or_marker(line) };
    let solid = |text: &str| text.lines().filter(counts).count();
    let kept: usize = source.documents.iter().map(|document| solid(&document.text)).sum();
    if kept != solid(&String::from_utf8_lossy(bytes)) {
        return None;
    }
    let mut texts = Vec::new();
    for (index, document) in source.documents.iter().enumerate() {
        match part(index) {
            Part::Keep => texts.push(document.text.clone()),
            Part::Replace(text) => texts.push(text),
            Part::Drop => {}
        }
    }
    Some(texts.join("---\n"))
}

/// Whether every line of a file belongs to one of its documents.
pub fn is_whole(path: &str, bytes: &[u8]) -> bool {
    rebuild(path, bytes, |_| Part::Keep).is_some()
}

fn is_blank_or_marker(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line == "---" || line == "..."
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        Span { start, end, ..Span::default() }
    }

    #[test]
    fn pieces_are_replaced_in_any_order_and_once() {
        let pieces = [(span(4, 5), "Z".to_owned()), (span(0, 2), "x".to_owned()), (span(4, 5), "Z".to_owned())];
        assert_eq!(replace("abcdef", &pieces).as_deref(), Some("xcdZf"));
        assert_eq!(replace("abc", &[(span(0, 2), String::new()), (span(1, 3), String::new())]), None);
        assert_eq!(replace("abc", &[(span(2, 9), String::new())]), None);
    }

    #[test]
    fn a_file_is_rebuilt_without_losing_a_line() {
        let text = "# head\na: 1\n---\nb: 2 # two\n---\nc: 3\n";
        let parts = |index| match index {
            0 => Part::Keep,
            1 => Part::Drop,
            _ => Part::Replace("c: 4\n".to_owned()),
        };
        assert_eq!(rebuild("x", text.as_bytes(), parts).as_deref(), Some("# head\na: 1\n---\nc: 4\n"));
        assert_eq!(rebuild("x", text.as_bytes(), |_| Part::Drop).as_deref(), Some(""));
        let commented = "a: 1\n---\n# apiVersion: v1\n# kind: VPC\n";
        assert_eq!(rebuild("x", commented.as_bytes(), |_| Part::Keep), None);
    }
}
