//! List: a Kubernetes List unpacked, its items' text cut out and outdented.

use std::fmt::Write as _;

use super::{Document, comments, sound};
use crate::yaml::{self, Node, Value};

/// Whether a document is `v1 List` or a `<Kind>List`.
pub(super) fn is_list(root: &Node) -> bool {
    let is_named = root.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    is_named && root.get("items").is_some_and(|items| items.as_sequence().is_some() || items.is_null())
}

/// One document for each item; the first takes the List's own head comments.
pub(super) fn unpack(path: &str, text: &str, root: &Node, head: &[String]) -> Vec<Document> {
    let Some(items) = root.get("items").and_then(Node::as_sequence) else {
        return Vec::new();
    };
    let lines: Vec<&str> = text.lines().collect();
    let stop = stop_line(root, lines.len());
    let mut documents = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let next = items.get(index + 1).map_or(stop, line_index);
        let cut = cut_out(text, &lines, item, next, first_line(root, items, index));
        let (body, rewritten) = match cut.filter(|cut| means(cut, item)) {
            Some(cut) => (cut, false),
            None => (write(item), true),
        };
        let own = if index == 0 && !head.is_empty() { comments::join(head) } else { String::new() };
        let mut document = sound(path, item.clone(), own + &body);
        (document.item, document.rewritten) = (Some(index), rewritten);
        documents.push(document);
    }
    documents
}

fn line_index(node: &Node) -> usize {
    (node.span.line as usize).saturating_sub(1)
}

/// The line (from 0) after which an item's own comments may begin.
fn first_line(root: &Node, items: &[Node], index: usize) -> usize {
    match index.checked_sub(1) {
        Some(before) => line_index(&items[before]) + 1,
        None => root.entry("items").map_or(0, |entry| line_index(&entry.key) + 1),
    }
}

/// The line (from 0) where the first key after `items` begins, or the end of the text's document.
fn stop_line(root: &Node, end: usize) -> usize {
    let Some(items) = root.entry("items") else {
        return end;
    };
    let start = line_index(&items.key);
    let after = root.as_mapping().unwrap_or_default().iter().map(|entry| line_index(&entry.key));
    after.filter(|line| *line > start).min().unwrap_or(end)
}

fn cut_out(text: &str, lines: &[&str], item: &Node, next: usize, from: usize) -> Option<String> {
    if text.get(item.span.start..)?.starts_with('{') {
        return text.get(item.span.start..item.span.end).map(|cut| format!("{}\n", cut.trim_end()));
    }
    let (start, column) = (line_index(item), (item.span.column as usize).checked_sub(1)?);
    let mut cut: Vec<String> = comment_run(lines, from, start).iter().map(|line| line.trim().to_owned()).collect();
    let end = next - comment_run(lines, start + 1, next).len();
    for (number, line) in lines.iter().enumerate().take(end).skip(start) {
        if yaml_ends(line) && number > start {
            break;
        }
        let indent = line.len() - line.trim_start().len();
        let is_first = number == start;
        cut.push(match (is_first, line.trim().is_empty()) {
            (true, _) => line.get(column..)?.to_owned(),
            (false, true) => String::new(),
            (false, false) if indent >= column => line[column..].to_owned(),
            (false, false) if line.trim_start().starts_with('#') => line.trim_start().to_owned(),
            (false, false) => return None,
        });
    }
    Some(comments::join(&cut))
}

fn yaml_ends(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("...")
}

/// The comment lines directly above `end`, not above `from`.
fn comment_run<'a>(lines: &'a [&'a str], from: usize, end: usize) -> &'a [&'a str] {
    let end = end.min(lines.len());
    let from = from.min(end);
    let is_comment = |line: &&str| line.trim_start().starts_with('#');
    let count = lines[from..end].iter().rev().take_while(|line| is_comment(line)).count();
    &lines[end - count..end]
}

fn means(text: &str, item: &Node) -> bool {
    yaml::read_one(text).is_ok_and(|node| yaml::same(&node, item))
}

/// Writes a value in block style, text quoted where a plain scalar would read as something else.
pub(super) fn write(node: &Node) -> String {
    let mut text = String::new();
    put(node, 0, &mut text);
    text
}

fn put(node: &Node, indent: usize, text: &mut String) {
    let pad = " ".repeat(indent);
    match &node.value {
        Value::Mapping(entries) if !entries.is_empty() => {
            for entry in entries {
                let _ = write!(text, "{pad}{}:", scalar(&entry.key));
                put_below(&entry.value, indent, text);
            }
        }
        Value::Sequence(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(text, "{pad}-");
                put_below(item, indent, text);
            }
        }
        _ => {
            let _ = writeln!(text, "{pad}{}", scalar(node));
        }
    }
}

fn put_below(node: &Node, indent: usize, text: &mut String) {
    let is_empty = match &node.value {
        Value::Mapping(entries) => entries.is_empty(),
        Value::Sequence(items) => items.is_empty(),
        _ => true,
    };
    if is_empty {
        let _ = writeln!(text, " {}", scalar(node));
    } else {
        text.push('\n');
        put(node, indent + 2, text);
    }
}

fn scalar(node: &Node) -> String {
    match &node.value {
        Value::String(text) => serde_json::Value::from(text.as_str()).to_string(),
        Value::Mapping(_) => "{}".to_owned(),
        Value::Sequence(_) => "[]".to_owned(),
        Value::Float(float) => serde_json::Value::from(*float).to_string(),
        _ => node.key_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_anew_means_the_same() {
        let text = "a: [1, 2.5, null, 'no', {}]\nb: {c: [], d: 'x: y', 'yes': \"1\\n2\"}\n";
        let node = yaml::read_one(text).unwrap();
        let again = yaml::read_one(&write(&node)).unwrap();
        assert!(yaml::same(&node, &again), "{}", write(&node));
    }

    #[test]
    fn an_anchor_across_items_forces_a_new_text() {
        let text = "kind: List\nitems:\n- a: &x {b: 1}\n- a: *x\n";
        let root = yaml::read_one(text).unwrap();
        let documents = unpack("x", text, &root, &[]);
        assert!(documents[1].rewritten);
        assert!(means(&documents[1].text, &root.get("items").unwrap().as_sequence().unwrap()[1]));
    }
}
