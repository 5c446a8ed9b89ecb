//! A Node written anew as block YAML that every reader takes for the same value.

use std::fmt::Write;

use crate::yaml::{Entry, Node, Value, scalar};

/// Writes a node as a document: two spaces a level, one final newline.
pub(crate) fn write(node: &Node) -> String {
    let mut text = String::new();
    match &node.value {
        Value::Mapping(entries) if !entries.is_empty() => mapping(&mut text, entries, 0),
        Value::Sequence(items) if !items.is_empty() => sequence(&mut text, items, 0),
        _ => {
            scalar_or_empty(&mut text, node);
            text.push('\n');
        }
    }
    text
}

/// Writes a string as YAML, quoted where any reader could take it for something else.
pub(crate) fn string(text: &str) -> String {
    if is_safe_plain(text) { text.to_owned() } else { quoted(text) }
}

fn mapping(text: &mut String, entries: &[Entry], indent: usize) {
    for (number, entry) in entries.iter().enumerate() {
        if number > 0 {
            pad(text, indent);
        }
        scalar_or_empty(text, &entry.key);
        text.push(':');
        below(text, &entry.value, indent);
    }
}

fn below(text: &mut String, value: &Node, indent: usize) {
    match &value.value {
        Value::Mapping(entries) if !entries.is_empty() => {
            text.push('\n');
            pad(text, indent + 2);
            mapping(text, entries, indent + 2);
        }
        Value::Sequence(items) if !items.is_empty() => {
            text.push('\n');
            pad(text, indent);
            sequence(text, items, indent);
        }
        _ => {
            text.push(' ');
            scalar_or_empty(text, value);
            text.push('\n');
        }
    }
}

fn sequence(text: &mut String, items: &[Node], indent: usize) {
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            pad(text, indent);
        }
        text.push_str("- ");
        match &item.value {
            Value::Mapping(entries) if !entries.is_empty() => mapping(text, entries, indent + 2),
            Value::Sequence(inner) if !inner.is_empty() => sequence(text, inner, indent + 2),
            _ => {
                scalar_or_empty(text, item);
                text.push('\n');
            }
        }
    }
}

fn scalar_or_empty(text: &mut String, node: &Node) {
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Integer(number) => text.push_str(&number.to_string()),
        Value::Float(number) => {
            let _ = write!(text, "{number:?}");
        }
        Value::String(value) => text.push_str(&string(value)),
        Value::Sequence(_) => text.push_str("[]"),
        Value::Mapping(_) => text.push_str("{}"),
    }
}

fn pad(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// Letters, digits and a few marks, begun and ended by a letter or digit, and not a word or number.
fn is_safe_plain(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    edge(text.bytes().next())
        && edge(text.bytes().next_back())
        && text.bytes().all(inner)
        && text.len() < 200
        && scalar::plain(text) == Some(Value::String(text.to_owned()))
        && !looks_like_a_date(text)
}

fn looks_like_a_date(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"-_.".contains(&byte))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            _ if must_escape(character) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

fn must_escape(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
