//! From the documents YAML sees to the texts that managed files hold.

use crate::fabric::document::comment::{self, CommentedOut, Line};
use crate::fabric::document::{Document, SourceFile, list, remark, template};
use crate::fabric::finding::code;
use crate::yaml::split::BLANK;
use crate::yaml::{self, Fault, FaultKind, Node, Parsed, split};

/// One document's lines, sorted.
struct Part<'a> {
    /// Comments and blank lines before the content.
    head: Vec<Line<'a>>,
    /// First byte and one past the last of the content, and its line.
    body: Option<(usize, usize, u32)>,
    /// Comments and blank lines after the content.
    tail: Vec<Line<'a>>,
    /// Its directives.
    directives: Vec<Line<'a>>,
}

/// A document before its text is put together.
pub(super) struct Draft<'a> {
    /// Comments that belong to it and stand before it.
    pub(super) head: Vec<Line<'a>>,
    /// Its content, ending in a line break.
    pub(super) body: String,
    /// Where its content begins, from 1.
    pub(super) line: u32,
    /// Comments that belong to it and stand after it.
    pub(super) tail: Vec<Line<'a>>,
    /// Whether it ends in a block scalar.
    is_block: bool,
    /// Whether that keeps the blank lines behind it.
    keeps: bool,
    value: Result<Option<Node>, Fault>,
    remarks: Vec<Fault>,
    directives: Vec<Line<'a>>,
}

/// Fills a file's documents and notes from its text.
pub(super) fn compose(file: &mut SourceFile, text: &str) {
    let mut dropped = Vec::new();
    let mut faults = Vec::new();
    let drafts = drafts(text, &mut dropped, &mut faults);
    file.findings.extend(faults.iter().map(|fault| remark::fault(&file.path, fault)));
    for draft in drafts {
        finish(file, draft, text);
    }
    file.findings.extend(dropped.iter().map(|found| remark::commented_out(&file.path, found)));
}

/// Gives every comment between documents to the document it belongs to; collects what is wrong where
/// only comments stand.
fn drafts<'a>(text: &'a str, dropped: &mut Vec<CommentedOut>, faults: &mut Vec<Fault>) -> Vec<Draft<'a>> {
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    let mut pending: Vec<Line<'a>> = Vec::new();
    for parsed in yaml::read(text) {
        let part = take_apart(text, &parsed);
        pending.extend(part.head);
        let Some((start, end, line)) = part.body else {
            faults.extend(parsed.root.err());
            continue;
        };
        let last_block = parsed.last_block.filter(|_| parsed.root.is_ok());
        let keeps = last_block.is_some_and(|(from, to)| text[from..to].contains('+'));
        let (own, next) = tails(&part.tail, last_block.is_some(), keeps, dropped);
        drafts.push(Draft {
            head: comment::without_resources(std::mem::replace(&mut pending, next), dropped),
            body: guarded(body(text, start, end, last_block)),
            line,
            tail: own,
            is_block: last_block.is_some(),
            keeps,
            value: parsed.root,
            remarks: parsed.remarks,
            directives: part.directives,
        });
    }
    let Some(last) = drafts.last_mut() else {
        comment::without_resources(pending, dropped);
        return drafts;
    };
    let rest = if last.is_block { comment::harmless(&pending, last.keeps) } else { pending };
    last.tail.extend(rest);
    last.tail = comment::without_resources(std::mem::take(&mut last.tail), dropped);
    drafts
}

/// The comments behind a document that are its own, and those of the next one.
fn tails<'a>(
    tail: &[Line<'a>],
    is_block: bool,
    keeps: bool,
    dropped: &mut Vec<CommentedOut>,
) -> (Vec<Line<'a>>, Vec<Line<'a>>) {
    let (own, next) = comment::part(tail);
    let whole = own.len();
    let mut own = comment::without_resources(own, dropped);
    if is_block && own.len() < whole {
        own = comment::harmless(&own, keeps);
    }
    (own, next)
}

fn take_apart<'a>(text: &'a str, parsed: &Parsed) -> Part<'a> {
    let mut part = Part { head: Vec::new(), body: None, tail: Vec::new(), directives: Vec::new() };
    let content_end = if matches!(parsed.root, Ok(Some(_))) { parsed.content_end } else { 0 };
    for (number, (start, end)) in (parsed.line..).zip(split::lines(text, parsed.start)) {
        if start >= parsed.body_end {
            break;
        }
        let is_marker = parsed.marker == Some(start);
        if text[start..].starts_with('%') && parsed.marker.is_some_and(|marker| start < marker) {
            part.directives.push(Line { text: text[start..end].trim_end_matches('\n'), number });
            continue;
        }
        let from = if is_marker { after_marker(text, start, end) } else { start };
        let has_mark = part.body.is_none() && text[from..end].starts_with('\u{feff}');
        let from = if has_mark { from + '\u{feff}'.len_utf8() } else { from };
        let line = Line { text: text[from..end].trim_end_matches('\n'), number };
        let is_end = has_mark && split::is_marker(line.text, "...");
        if is_marker && line.text.is_empty() || is_end {
            continue;
        }
        part.add(line, from, end, content_end);
    }
    part
}

impl<'a> Part<'a> {
    fn add(&mut self, line: Line<'a>, start: usize, end: usize, content_end: usize) {
        let is_content = !comment::is_void(line.text) || (self.body.is_some() && start < content_end);
        match &mut self.body {
            None if is_content => self.body = Some((start, end, line.number)),
            None => comment::keep(&mut self.head, line),
            Some((_, body_end, _)) if is_content => {
                *body_end = end;
                self.tail.clear();
            }
            Some(_) => comment::keep(&mut self.tail, line),
        }
    }
}

fn after_marker(text: &str, start: usize, end: usize) -> usize {
    let rest = &text[start + 3..end];
    start + 3 + (rest.len() - rest.trim_start_matches(BLANK).len())
}

/// The content, moved by a space where it would begin as a marker or a directive does (`--- ---`).
fn guarded(body: String) -> String {
    let is_marker = split::is_marker(&body, "---") || split::is_marker(&body, "...") || body.starts_with('%');
    if is_marker { format!(" {body}") } else { body }
}

/// The content with a final line break, which must not become part of a block scalar.
fn body(text: &str, start: usize, end: usize, last_block: Option<(usize, usize)>) -> String {
    let mut body = text[start..end].to_owned();
    if body.ends_with('\n') {
        return body;
    }
    body.push('\n');
    if let Some((from, to)) = last_block.filter(|(from, to)| from < to) {
        let header = &text[from..to];
        if !header.contains('-') {
            let strip = format!("{}-", header.replace('+', ""));
            body.replace_range(from - start..to - start, &strip);
        }
    }
    body
}

fn finish(file: &mut SourceFile, draft: Draft<'_>, text: &str) {
    if let Ok(Some(root)) = &draft.value
        && let Some(items) = list::items(root)
    {
        if items.is_empty() {
            file.findings.push(remark::empty_list(&file.path, root.span.line));
        }
        if file.documents.len() + items.len() > yaml::most_documents(text.len()) {
            let fault = Fault {
                line: root.span.line,
                column: root.span.column,
                message: format!("has a List of {} items", items.len()),
                kind: FaultKind::Documents,
            };
            file.findings.push(remark::fault(&file.path, &fault));
            return;
        }
        let documents = list::unpack(&file.path, &draft, root, items, text);
        file.documents.extend(documents.into_iter().map(judged));
        return;
    }
    let (whole, rewritten) = whole_text(&draft);
    let mut document = Document {
        file: file.path.clone(),
        line: draft.line,
        text: whole,
        value: None,
        findings: Vec::new(),
        strict: Vec::new(),
        item: None,
        rewritten,
        is_template: false,
    };
    if let Some(line) = tag_directives(&draft).next() {
        document.strict.push(remark::tag_directive(&file.path, line.number));
    }
    match draft.value {
        Ok(value) => document.value = value,
        Err(fault) => refuse(&mut document, &draft.body, &fault),
    }
    for fault in &draft.remarks {
        let into = if fault.kind == FaultKind::Merge { &mut document.strict } else { &mut document.findings };
        into.push(remark::fault(&file.path, fault));
    }
    file.documents.push(judged(document));
}

fn tag_directives<'a, 'b>(draft: &'b Draft<'a>) -> impl Iterator<Item = &'b Line<'a>> {
    draft.directives.iter().filter(|line| line.text.starts_with("%TAG"))
}

/// A document's text, and whether it had to be written anew; behind what may be JSON no comment
/// stands, tag directives stay, and what ends in a block scalar is read back.
fn whole_text(draft: &Draft<'_>) -> (String, bool) {
    let directives: Vec<Line<'_>> = tag_directives(draft).copied().collect();
    let mut start = comment::join(&directives);
    if !start.is_empty() {
        start.push_str("---\n");
    }
    let behind = || start.clone() + &assemble(&draft.head, &draft.body, &draft.tail);
    let head = || -> Vec<Line<'_>> { draft.head.iter().copied().chain(comment::outdented(&draft.tail)).collect() };
    let before = || start.clone() + &assemble(&head(), &draft.body, &[]);
    if !draft.is_block {
        let may_be_json = draft.body.starts_with('{') && !draft.tail.is_empty();
        return (if may_be_json { before() } else { behind() }, false);
    }
    let Ok(Some(value)) = &draft.value else { return (behind(), false) };
    let sound = [behind(), before()].into_iter().find(|text| means(text, value));
    sound.map_or_else(|| (assemble(&head(), &yaml::write::write(value), &[]), true), |text| (text, false))
}

/// Whether a text has this value: comments behind a block scalar may have become part of it.
fn means(text: &str, value: &Node) -> bool {
    yaml::read_one(text).is_ok_and(|read| yaml::same(&read, value))
}

/// One document's text: its comments, its content, one final line break.
pub(super) fn assemble(head: &[Line<'_>], body: &str, tail: &[Line<'_>]) -> String {
    let mut text = comment::join(head).trim_start_matches('\n').to_owned();
    text.push_str(body);
    let tail = comment::join(tail);
    let tail = tail.trim_end_matches('\n');
    if !tail.is_empty() {
        text.push_str(tail);
        text.push('\n');
    }
    text
}

/// The document with what its value and text let one say about it.
fn judged(mut document: Document) -> Document {
    let at = document.line;
    let found = document.value.as_ref().and_then(template::find);
    if let Some(span) = found.map(|node| node.span) {
        document.is_template = true;
        document.strict.push(remark::template(&document.file).at(span.line, span.column));
    }
    if let Some(character) = document.text.chars().find(|character| is_forbidden(*character)) {
        document.value = None;
        document.findings.retain(|finding| finding.code != code::SYNTAX);
        document.findings.push(remark::control(&document.file, character).at(at, 1));
    }
    if document.text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        document.strict.push(remark::line_break(&document.file).at(at, 1));
    }
    document
}

/// Whether YAML allows a character nowhere, not even in quotes.
fn is_forbidden(character: char) -> bool {
    let is_odd = character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}');
    is_odd && !matches!(character, '\t' | '\n' | '\r' | '\u{85}')
}

fn refuse(document: &mut Document, body: &str, fault: &Fault) {
    if let Some(line) = template::find_in_text(body) {
        let line = document.line.saturating_add(u32::try_from(line).unwrap_or_default());
        document.is_template = true;
        document.strict.push(remark::template(&document.file).at(line, 1));
        return;
    }
    document.findings.push(remark::fault(&document.file, fault));
}
