//! Lists unpacked: `v1 List` and `<Kind>List`, item by item.

use crate::fabric::document::Document;
use crate::fabric::document::comment::{self, Line};
use crate::fabric::document::compose::{Draft, assemble};
use crate::yaml::split::BLANK;
use crate::yaml::{self, Entry, Node, Span, Value, split, write};

/// The items of a List; none if the value is not one.
pub(super) fn items(root: &Node) -> Option<&[Node]> {
    let kind = root.get("kind")?.as_str()?;
    root.get("apiVersion")?.as_str()?;
    let item_kind = kind.strip_suffix("List")?;
    let items = root.get("items")?;
    if item_kind.is_empty() && items.is_null() {
        return Some(&[]);
    }
    items.as_sequence()
}

/// One document an item; the List's own comments go to the first and the last.
pub(super) fn unpack(path: &str, draft: &Draft<'_>, root: &Node, items: &[Node], text: &str) -> Vec<Document> {
    let mut documents = Vec::with_capacity(items.len());
    let mut before = root.entry("items").map_or(0, |entry| entry.key.span.end);
    let mut number = root.entry("items").map_or(1, |entry| entry.key.span.line);
    for (at, item) in items.iter().enumerate() {
        let mut head = if at == 0 { draft.head.clone() } else { Vec::new() };
        head.extend(comments(text, before, item.span.start, number));
        let is_last = at + 1 == items.len();
        let tail = if is_last { draft.tail.clone() } else { Vec::new() };
        let value = typed(root, item);
        let (body, rewritten) = match cut(text, item)
            .filter(|body| !item.is_null() && !body.trim_matches(BLANK).is_empty() && means(body, &value))
        {
            Some(body) => (body, false),
            None => (write::write(&value), true),
        };
        documents.push(Document {
            file: path.to_owned(),
            line: item.span.line,
            text: joined(&head, &body, &tail, &value),
            value: Some(value),
            findings: Vec::new(),
            strict: Vec::new(),
            item: Some(at),
            rewritten,
            is_template: false,
        });
        let is_flow = text[item.span.start..].starts_with(['{', '[']);
        let end = item.span.end.max(before);
        before = if is_flow { end } else { line_end(text, end) };
        number = item.span.line;
    }
    documents
}

/// The item's text with its comments, or without them should they change what it means.
fn joined(head: &[Line<'_>], body: &str, tail: &[Line<'_>], value: &Node) -> String {
    if head.is_empty() && tail.is_empty() {
        return body.to_owned();
    }
    let tail = comment::harmless(tail, true);
    let text = if body.starts_with('{') {
        let head: Vec<Line<'_>> = head.iter().chain(&tail).copied().collect();
        assemble(&comment::outdented(&head), body, &[])
    } else {
        assemble(&comment::outdented(head), body, &tail)
    };
    if means(&text, value) { text } else { body.to_owned() }
}

/// The comments between two items, dashes taken off.
fn comments(text: &str, from: usize, to: usize, number: u32) -> Vec<Line<'_>> {
    if to <= from {
        return Vec::new();
    }
    (text[from..to].lines())
        .map(|line| line.trim_matches(BLANK).trim_start_matches('-').trim_start_matches(BLANK))
        .filter(|line| line.starts_with('#'))
        .map(|text| Line { text, number })
        .collect()
}

/// An item of a typed list may leave out what the list says: its apiVersion and kind.
fn typed(root: &Node, item: &Node) -> Node {
    let mut value = item.clone();
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    let item_kind = kind.strip_suffix("List").unwrap_or_default();
    let Value::Mapping(entries) = &mut value.value else {
        return value;
    };
    let has = |entries: &[Entry], key: &str| entries.iter().any(|e| e.key.as_str() == Some(key));
    if item_kind.is_empty() || has(entries, "kind") || has(entries, "apiVersion") {
        return value;
    }
    let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    entries.insert(0, pair("kind", item_kind, item.span));
    entries.insert(0, pair("apiVersion", version, item.span));
    value
}

fn pair(key: &str, value: &str, span: Span) -> Entry {
    let node = |text: &str| Node { value: Value::String(text.to_owned()), span };
    Entry { key: node(key), value: node(value) }
}

/// The item's own text, moved to column 0.
fn cut(text: &str, item: &Node) -> Option<String> {
    let is_flow = text[item.span.start..].starts_with(['{', '[']);
    let end = if is_flow { item.span.end } else { line_end(text, item.span.end) };
    let indent = if is_flow {
        indentation(text, item.span.start)
    } else {
        usize::try_from(item.span.column).ok()?.checked_sub(1)?
    };
    let source = text.get(item.span.start..end)?;
    let mut cut = String::with_capacity(source.len());
    for (number, (from, to)) in split::lines(source, 0).enumerate() {
        let line = &source[from..to];
        let spaces = line.bytes().take_while(|byte| *byte == b' ').count();
        let skip = if number == 0 { 0 } else { spaces.min(indent) };
        cut.push_str(&line[skip..]);
    }
    let solid = cut.trim_end_matches(BLANK).len();
    let kept = cut[solid..].find('\n').map_or(cut.len(), |found| solid + found);
    cut.truncate(kept);
    cut.push('\n');
    Some(cut)
}

/// The spaces before what begins at a byte; none where other text stands before it.
fn indentation(text: &str, at: usize) -> usize {
    let spaces = text[..at].bytes().rev().take_while(|byte| *byte == b' ').count();
    let is_first = text[..at - spaces].is_empty() || text[..at - spaces].ends_with('\n');
    if is_first { spaces } else { 0 }
}

fn line_end(text: &str, at: usize) -> usize {
    if at == 0 || text[..at].ends_with('\n') {
        return at;
    }
    let end = text[at..].find('\n').map_or(text.len(), |next| at + next + 1);
    if comment::is_void(&text[at..end]) { end } else { at }
}

fn means(text: &str, value: &Node) -> bool {
    yaml::read_one(text).is_ok_and(|read| yaml::same(&read, value))
}
