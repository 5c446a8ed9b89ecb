//! Where an entry goes or stands in the configuration's text, and how it is written there.

use std::ops::Range;

use super::Item;
use crate::yaml::{Entry, Node, Value};

/// The text with the item inserted behind the last entry of its section.
pub(super) fn insert(text: &str, root: &Node, item: &Item) -> std::result::Result<String, String> {
    let eol = line_end(text);
    let top = root.as_mapping().unwrap_or_default();
    let found = top.iter().find(|e| e.key.as_str() == Some(item.section));
    let Some(section) = found else {
        if is_flow(text, root) {
            let inside = format!("{}: {{ {} }}", item.section, flow(item));
            return into_flow(text, root, &inside);
        }
        return Ok(append_section(text, root, item, eol));
    };
    if is_flow(text, &section.value) {
        return replace_or_fill(text, section, item, eol);
    }
    match (&section.value.value, section.value.as_mapping()) {
        (_, Some(entries)) if !entries.is_empty() => Ok(after_last(text, entries, item, eol)),
        (Value::Null, _) if is_bare_key(text, section) => Ok(below_key(text, section, item, eol)),
        _ => Err(format!("{} is not written as a plain map", item.section)),
    }
}

/// The bytes of one entry of a section: whole lines, or in braces the entry and its comma.
pub(super) fn extent(text: &str, section: &Node, position: usize) -> std::result::Result<Range<usize>, String> {
    let entries = section.as_mapping().unwrap_or_default();
    let entry = &entries[position];
    if is_flow(text, section) {
        return flow_extent(text, entries, position);
    }
    let start = line_start(text, entry.key.span.start);
    if !text[start..entry.key.span.start].trim().is_empty() {
        return Err("the entry shares its line with something else".to_owned());
    }
    let column = entry.key.span.start - start;
    Ok(start..with_comments(text, line_after(text, end_of(text, entry)), column + 1))
}

fn flow_extent(text: &str, entries: &[Entry], position: usize) -> std::result::Result<Range<usize>, String> {
    let entry = &entries[position];
    let range = match (entries.get(position + 1), position.checked_sub(1)) {
        (Some(next), _) => entry.key.span.start..next.key.span.start,
        (None, Some(before)) => end_of(text, &entries[before])..end_of(text, entry),
        (None, None) => entry.key.span.start..end_of(text, entry),
    };
    if text[range.clone()].contains('#') {
        return Err("a comment stands in the braces".to_owned());
    }
    Ok(range)
}

/// The item as lines, indented by so many spaces.
pub(super) fn block(item: &Item, indent: usize, eol: &str) -> String {
    let pad = " ".repeat(indent);
    let mut lines = format!("{pad}{}:{eol}", scalar(item.name));
    for (key, value) in &item.pairs {
        lines.extend([format!("{pad}  {key}: {}{eol}", scalar(value))]);
    }
    lines
}

fn flow(item: &Item) -> String {
    let pairs: Vec<String> = item.pairs.iter().map(|(key, value)| format!("{key}: {}", scalar(value))).collect();
    format!("{}: {{ {} }}", scalar(item.name), pairs.join(", "))
}

/// A scalar that reads as this text: plain where that is safe in braces too, else in quotes.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./~@+".contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let home = text.starts_with("~/");
    let inside = text.replace("://", "").replace(':', "");
    let colons = !text.ends_with(':') && inside.chars().all(plain) && !text.contains(": ");
    if (begins || home) && colons && !reads_otherwise(text) {
        return text.to_owned();
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

fn reads_otherwise(text: &str) -> bool {
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    words.contains(&text.to_ascii_lowercase().as_str())
}

fn replace_or_fill(text: &str, section: &Entry, item: &Item, eol: &str) -> std::result::Result<String, String> {
    let span = section.value.span;
    let entries = section.value.as_mapping().unwrap_or_default();
    let empty = entries.is_empty() && !text[span.start..span.end].contains('#');
    let key_column = section.key.span.start - line_start(text, section.key.span.start);
    let ends_line = text[span.end..line_after(text, span.end)].trim().is_empty();
    if empty && ends_line && key_column == 0 {
        let between = text[section.key.span.end..span.start].trim_end();
        let mut result = text[..section.key.span.end].to_owned();
        result.push_str(between);
        result.push_str(eol);
        result.push_str(&block(item, 2, eol));
        result.push_str(&text[line_after(text, span.end)..]);
        return Ok(result);
    }
    into_flow(text, &section.value, &flow(item))
}

/// Puts `inside` behind the last entry of a map in braces.
fn into_flow(text: &str, map: &Node, inside: &str) -> std::result::Result<String, String> {
    let entries = map.as_mapping().unwrap_or_default();
    let mut result = text.to_owned();
    match entries.last() {
        Some(last) => result.insert_str(end_of(text, last), &format!(", {inside}")),
        None if text[map.span.start..].starts_with('{') => {
            result.insert_str(map.span.start + 1, &format!(" {inside} "));
        }
        None => return Err("the braces were not found".to_owned()),
    }
    Ok(result)
}

fn after_last(text: &str, entries: &[Entry], item: &Item, eol: &str) -> String {
    let last = &entries[entries.len() - 1];
    let start = last.key.span.start;
    let column = start - line_start(text, start);
    let at = with_comments(text, line_after(text, end_of(text, last)), column + 1);
    splice(text, at, &block(item, column, eol), eol)
}

fn below_key(text: &str, section: &Entry, item: &Item, eol: &str) -> String {
    let start = section.key.span.start;
    let column = start - line_start(text, start);
    let at = with_comments(text, line_after(text, section.key.span.end), column + 1);
    splice(text, at, &block(item, column + 2, eol), eol)
}

fn append_section(text: &str, root: &Node, item: &Item, eol: &str) -> String {
    let first = root.as_mapping().and_then(|entries| entries.first());
    let column = first.map_or(0, |entry| entry.key.span.start - line_start(text, entry.key.span.start));
    let pad = " ".repeat(column);
    let lines = format!("{pad}{}:{eol}{}", item.section, block(item, column + 2, eol));
    splice(text, text.len(), &lines, eol)
}

fn splice(text: &str, at: usize, lines: &str, eol: &str) -> String {
    let before = &text[..at];
    let missing = if before.is_empty() || before.ends_with('\n') { "" } else { eol };
    format!("{before}{missing}{lines}{}", &text[at..])
}

/// Whether nothing but blanks and a comment stands behind a key's colon.
fn is_bare_key(text: &str, section: &Entry) -> bool {
    let end = section.key.span.end;
    let rest = text[end..line_after(text, end)].trim();
    rest.strip_prefix(':').map(str::trim).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

fn is_flow(text: &str, node: &Node) -> bool {
    node.as_mapping().is_some() && text[node.span.start..].starts_with('{')
}

/// One past the last byte of an entry that is not blank: nested block maps end where their last
/// value does, whatever a parser counts to them.
fn end_of(text: &str, entry: &Entry) -> usize {
    let key = entry.key.span.end;
    key.max(end_of_value(text, &entry.value))
}

fn end_of_value(text: &str, node: &Node) -> usize {
    let braces = text[node.span.start.min(text.len())..].starts_with(['{', '[']);
    match &node.value {
        Value::Mapping(entries) if !braces => entries.iter().map(|entry| end_of(text, entry)).max().unwrap_or(0),
        Value::Sequence(items) if !braces => items.iter().map(|item| end_of_value(text, item)).max().unwrap_or(0),
        Value::Null if node.span.start == node.span.end => 0,
        _ => {
            let end = node.span.end.min(text.len());
            node.span.start + text[node.span.start..end].trim_end().len()
        }
    }
}

/// The end of the comment lines from `at` on that are indented by at least `column`.
fn with_comments(text: &str, at: usize, column: usize) -> usize {
    let mut end = at;
    for line in text[at..].split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t']);
        if !bare.starts_with('#') || line.len() - bare.len() < column {
            break;
        }
        end += line.len();
    }
    end
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

fn line_after(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |found| at + found + 1)
}

fn line_end(text: &str) -> &'static str {
    let first = text.find('\n').unwrap_or(0);
    if text[..first].ends_with('\r') { "\r\n" } else { "\n" }
}
