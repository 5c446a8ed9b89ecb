//! Whether an edited configuration means what was intended: the old one with one entry more or less.

use super::{Item, is_called, parse};
use crate::yaml::{Entry, Node, Value};

/// Checks that the new text means the old one plus the item.
pub(super) fn added(old: &Node, text: &str, item: &Item) -> std::result::Result<(), String> {
    let new = parse(text).map_err(|why| format!("the result would not be read: {why}"))?;
    let section = new.get(item.section);
    let entry = entries(section).iter().find(|e| is_called(e, item.name));
    let sound = entry.is_some_and(|entry| means(entry, item)) && same_but_for(old, &new, item.section, item.name);
    sound.then_some(()).ok_or_else(unexpected)
}

/// Checks that the new text means the old one without the entry.
pub(super) fn removed(old: &Node, text: &str, section: &str, name: &str) -> std::result::Result<(), String> {
    let new = parse(text).map_err(|why| format!("the result would not be read: {why}"))?;
    let gone = !entries(new.get(section)).iter().any(|e| is_called(e, name));
    let sound = gone && same_but_for(&new, old, section, name);
    sound.then_some(()).ok_or_else(unexpected)
}

fn unexpected() -> String {
    "the file is written in a way that cannot be edited safely".to_owned()
}

fn means(entry: &Entry, item: &Item) -> bool {
    let found = entries(Some(&entry.value));
    found.len() == item.pairs.len()
        && item.pairs.iter().all(|(key, value)| entry.value.get(key).and_then(Node::as_str) == Some(*value))
}

/// Whether `more` is `less` plus one entry of a section; empty and absent sections are the same.
fn same_but_for(less: &Node, more: &Node, section: &str, name: &str) -> bool {
    let others = |root: &Node| -> Vec<Entry> {
        let top = entries(Some(root)).iter();
        top.filter(|e| !is_called(e, section)).cloned().collect()
    };
    let before = entries(less.get(section)).iter();
    let after = entries(more.get(section)).iter().filter(|e| !is_called(e, name));
    same_entries(&others(less), &others(more))
        && before.len() + 1 == entries(more.get(section)).len()
        && before.zip(after).all(|(left, right)| same_entry(left, right))
}

fn entries(node: Option<&Node>) -> &[Entry] {
    node.and_then(Node::as_mapping).unwrap_or_default()
}

fn same_entries(left: &[Entry], right: &[Entry]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same_entry(l, r))
}

fn same_entry(left: &Entry, right: &Entry) -> bool {
    same(&left.key, &right.key) && same(&left.value, &right.value)
}

fn same(left: &Node, right: &Node) -> bool {
    match (&left.value, &right.value) {
        (Value::Mapping(left), Value::Mapping(right)) => same_entries(left, right),
        (Value::Sequence(left), Value::Sequence(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (left, right) => left == right,
    }
}
