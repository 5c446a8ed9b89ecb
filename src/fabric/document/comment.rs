//! Comments between documents: whose they are, and which of them are resources commented out.

use std::ops::Range;

use crate::yaml::split::BLANK;

/// How many blank lines below each other are kept.
const MOST_BLANK: usize = 20;

/// One line of a file outside of any document's content, without its break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// The line's text, or what follows `---` on it.
    pub(super) text: &'a str,
    /// Its number, from 1.
    pub(super) number: u32,
}

/// A resource that is commented out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommentedOut {
    /// Its first line, from 1.
    pub(super) line: u32,
    /// Its kind as written.
    pub(super) kind: String,
}

/// Whether a line is blank or a comment.
pub(super) fn is_void(text: &str) -> bool {
    let bare = text.trim_matches(BLANK);
    bare.is_empty() || bare.starts_with('#')
}

/// Parts the lines behind a document: its own (indented), and from the first in column 0 on the next
/// one's; their order stays.
pub(super) fn part<'a>(lines: &[Line<'a>]) -> (Vec<Line<'a>>, Vec<Line<'a>>) {
    let (mut own, mut next, mut blank) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        if line.text.trim_matches(BLANK).is_empty() {
            blank.push(*line);
            continue;
        }
        let is_own = next.is_empty() && line.text.starts_with([' ', '\t']);
        let goal = if is_own { &mut own } else { &mut next };
        goal.append(&mut blank);
        goal.push(*line);
    }
    (own, next)
}

/// Keeps a line; of very many blank ones below each other only some.
pub(super) fn keep<'a>(lines: &mut Vec<Line<'a>>, line: Line<'a>) {
    let is_run = lines.len() >= MOST_BLANK && lines[lines.len() - MOST_BLANK..].iter().all(is_blank);
    if !is_run || !is_blank(&line) {
        lines.push(line);
    }
}

/// Takes the blocks that are resources commented out from among lines of comments.
pub(super) fn without_resources<'a>(mut lines: Vec<Line<'a>>, found: &mut Vec<CommentedOut>) -> Vec<Line<'a>> {
    let mut gone = Vec::new();
    let mut at = 0;
    for block in lines.chunk_by(|a, b| is_blank(a) == is_blank(b)) {
        if let Some(resource) = commented_out(block) {
            found.push(resource);
            gone.push(at..at + block.len());
        }
        at += block.len();
    }
    let mut gone = gone.into_iter().peekable();
    let mut number = 0;
    lines.retain(|_| {
        let is_gone = gone.peek().is_some_and(|range: &Range<usize>| range.contains(&number));
        number += 1;
        gone.next_if(|range| range.end == number);
        !is_gone
    });
    lines
}

fn is_blank(line: &Line<'_>) -> bool {
    line.text.trim_matches(BLANK).is_empty()
}

fn commented_out(block: &[Line<'_>]) -> Option<CommentedOut> {
    let value = |key: &str| {
        block.iter().find_map(|line| {
            let bare = line.text.trim_matches(BLANK).trim_start_matches('#').trim_start_matches(BLANK);
            let bare = bare.strip_prefix("- ").unwrap_or(bare).trim_start_matches(BLANK);
            bare.strip_prefix(key).filter(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    value("apiVersion:")?;
    let kind = value("kind:")?.trim_matches(BLANK).to_owned();
    let line = block.first()?.number;
    Some(CommentedOut { line, kind })
}

/// The lines, each moved to column 0.
pub(super) fn outdented<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let moved = |line: &Line<'a>| Line { text: line.text.trim_start_matches(BLANK), ..*line };
    lines.iter().map(moved).collect()
}

/// The lines as they may follow a block scalar without becoming part of it; `keeps` tells whether
/// the scalar keeps the blank lines behind it.
pub(super) fn harmless<'a>(lines: &[Line<'a>], keeps: bool) -> Vec<Line<'a>> {
    let blank = lines.iter().take_while(|line| keeps && is_blank(line)).count();
    outdented(&lines[blank..])
}

/// What Kubernetes takes for the end of a line, and with it of a comment.
const UNICODE_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// The lines with a break after each, as every reader takes them for comments.
pub(super) fn join(lines: &[Line<'_>]) -> String {
    let mut text = String::new();
    for line in lines {
        let bare = line.text.trim_matches(BLANK);
        let indent = &line.text[..line.text.len() - line.text.trim_start_matches(BLANK).len()];
        if !bare.is_empty() && !indent.contains('\t') {
            text.push_str(indent);
        }
        if bare.contains(UNICODE_BREAKS) {
            text.push_str(&bare.replace(UNICODE_BREAKS, " "));
        } else {
            text.push_str(bare);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line<'_>> {
        (1..).zip(text.lines()).map(|(number, text)| Line { text, number }).collect()
    }

    #[test]
    fn column_nought_belongs_to_the_next() {
        let (own, next) = part(&lines("  # a\n\n# b\n  # c\n\n# d\n"));
        assert_eq!(join(&own), "  # a\n");
        assert_eq!(join(&next), "\n# b\n  # c\n\n# d\n");
        assert_eq!(join(&outdented(&next)), "\n# b\n# c\n\n# d\n");
    }

    #[test]
    fn resources_commented_out_are_told_from_titles() {
        let text = "# title\n\n# apiVersion: x/v1\n# kind: VPC\n# metadata:\n#   name: x\n\n# the kind: and apiVersion: fields\n";
        let mut found = Vec::new();
        let kept = without_resources(lines(text), &mut found);
        assert_eq!(found, [CommentedOut { line: 3, kind: "VPC".into() }]);
        assert_eq!(join(&kept), "# title\n\n\n# the kind: and apiVersion: fields\n");
    }
}
