//! Comments: which document a comment between two documents belongs to.

use super::SourceFile;
use crate::fabric::finding::{Finding, Severity};

/// The lines of one document's part of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// Comments before its `---` line.
    pub(super) head: Vec<String>,
    /// The document, and the indented comments below it.
    pub(super) body: Vec<String>,
    /// Comments in column 0 below it: the next document's.
    pub(super) tail: Vec<String>,
}

/// Sorts the lines of one part; marker lines and directives go, text on them stays.
pub(super) fn sort(part: &str) -> Lines {
    let mut lines = Lines::default();
    let mut body: Vec<&str> = Vec::new();
    let mut after_end: Vec<&str> = Vec::new();
    let starts = part.lines().position(|line| marker_rest(line, "---").is_some());
    let mut has_ended = false;
    for (number, line) in part.lines().enumerate() {
        if starts.is_some_and(|at| number < at) {
            if !line.starts_with('%') {
                lines.head.push(line.to_owned());
            }
        } else if let Some(rest) = marker_rest(line, "---").or_else(|| marker_rest(line, "...")) {
            has_ended = has_ended || line.starts_with("...");
            let into = if has_ended { &mut after_end } else { &mut body };
            into.extend((!rest.is_empty()).then_some(rest));
        } else if has_ended {
            after_end.push(line);
        } else {
            body.push(line);
        }
    }
    let split = tail_start(&body);
    lines.tail = body[split..].iter().chain(&after_end).map(|line| (*line).to_owned()).collect();
    lines.body = body[..split].iter().map(|line| (*line).to_owned()).collect();
    lines
}

/// Where the closing run of comments turns to column 0.
fn tail_start(body: &[&str]) -> usize {
    let last = body.iter().rposition(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    let Some(last) = last else { return body.len() };
    let first_flush = body[last + 1..].iter().position(|line| line.starts_with('#'));
    first_flush.map_or(body.len(), |at| last + 1 + at)
}

fn marker_rest<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(marker)?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// The comment lines without the blocks that are resources commented out; those become notes.
pub(super) fn kept(file: &mut SourceFile, lines: &[String], near: u32) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for block in lines.chunk_by(|a, b| is_separator(a) == is_separator(b)) {
        if is_resource(block) {
            let message = "holds a resource that is commented out; it goes into no managed file";
            let remedy = "nothing to do: the raw file keeps it";
            file.findings.push(Finding::file(Severity::Note, "HH-T10", &file.path, message, remedy).at(near, 1));
        } else {
            kept.extend_from_slice(block);
        }
    }
    let is_blank = |line: &String| line.trim().is_empty();
    while kept.first().is_some_and(is_blank) {
        kept.remove(0);
    }
    while kept.last().is_some_and(is_blank) {
        kept.pop();
    }
    kept
}

fn is_separator(line: &str) -> bool {
    let bare = line.trim().trim_start_matches('#').trim();
    line.trim().is_empty() || bare == "---"
}

fn is_resource(block: &[String]) -> bool {
    let holds = |key: &str| block.iter().any(|line| line.trim().trim_start_matches('#').trim_start().starts_with(key));
    holds("apiVersion:") && holds("kind:")
}

/// Joins lines to a text with one final newline, blank lines around it gone.
pub(super) fn join(lines: &[String]) -> String {
    let text = lines.join("\n");
    let first = text.find(|character: char| character != '\n').unwrap_or(0);
    format!("{}\n", text[first..].trim_end())
}
