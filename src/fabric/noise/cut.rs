//! One entry cut out of a YAML text, with everything else as it was.

use std::collections::HashSet;
use std::ops::Range;

use crate::yaml::split::BLANK;
use crate::yaml::{self, Entry, Node, Value};

/// The text and value without the entry at a path; none if the rest would not stay the same.
///
/// A map of labels or annotations that becomes empty goes with its last entry.
pub(super) fn without(text: &str, root: &Node, path: &[String]) -> Option<(String, Node)> {
    let mut expected = root.clone();
    let emptied = take_out(&mut expected, path)?;
    let path = if emptied { &path[..path.len() - 1] } else { path };
    let (parent, place) = locate(root, path)?;
    let is_flow = text[parent.span.start..].starts_with('{');
    let shorter = if is_flow {
        from_flow(text, parent.as_mapping()?, place)
    } else {
        outside(text, vec![lines_of(text, &parent.as_mapping()?[place])?])
    };
    let read = yaml::read_one(&shorter).ok()?;
    yaml::same(&read, &expected).then_some((shorter, read))
}

/// The text and value without all block-style entries at these paths at once, and which those were;
/// none if the rest would not stay the same.
pub(super) fn without_lines(
    text: &str,
    root: &Node,
    paths: &[Vec<String>],
) -> Option<(String, Node, Vec<Vec<String>>)> {
    let mut expected = root.clone();
    let (mut ranges, mut gone) = (Vec::new(), Vec::new());
    for siblings in paths.chunk_by(|a, b| a[..a.len() - 1] == b[..b.len() - 1]) {
        let parents = &siblings[0][..siblings[0].len() - 1];
        let map = parents.iter().try_fold(root, |node, key| node.get(key))?;
        if text[map.span.start..].starts_with('{') {
            continue;
        }
        let names: HashSet<&str> = siblings.iter().filter_map(|path| path.last()).map(String::as_str).collect();
        let is_gone = |entry: &Entry| entry.key.as_str().is_some_and(|key| names.contains(key));
        let cut = map.as_mapping()?.iter().filter(|entry| is_gone(entry));
        ranges.extend(cut.map(|entry| lines_of(text, entry)).collect::<Option<Vec<_>>>()?);
        if take_out_all(&mut expected, parents, &is_gone)? {
            let (above, place) = locate(root, parents)?;
            ranges.push(lines_of(text, &above.as_mapping()?[place])?);
        }
        gone.extend_from_slice(siblings);
    }
    let shorter = outside(text, ranges);
    let read = yaml::read_one(&shorter).ok()?;
    yaml::same(&read, &expected).then_some((shorter, read, gone))
}

/// Takes entries out of the map at a path; whether that emptied labels or annotations, which then go too.
fn take_out_all(root: &mut Node, parents: &[String], is_gone: &dyn Fn(&Entry) -> bool) -> Option<bool> {
    let map = (parents.iter()).try_fold(&mut *root, |node, key| child(node, key))?;
    let Value::Mapping(entries) = &mut map.value else {
        return None;
    };
    entries.retain(|entry| !is_gone(entry));
    let is_emptied = entries.is_empty() && parents.len() > 1;
    if is_emptied {
        take_out(root, parents)?;
    }
    Some(is_emptied)
}

/// A text without some ranges, which may overlap.
fn outside(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_by_key(|range| range.start);
    let (mut kept, mut at) = (String::with_capacity(text.len()), 0);
    for range in ranges {
        if range.start > at {
            kept.push_str(&text[at..range.start]);
        }
        at = at.max(range.end);
    }
    kept.push_str(&text[at..]);
    kept
}

/// Takes the entry out of a value; whether that emptied labels or annotations, which then go too.
fn take_out(root: &mut Node, path: &[String]) -> Option<bool> {
    let (last, parents) = path.split_last()?;
    let map = (parents.iter()).try_fold(&mut *root, |node, key| child(node, key))?;
    let Value::Mapping(entries) = &mut map.value else {
        return None;
    };
    entries.retain(|entry| entry.key.as_str() != Some(last));
    if !entries.is_empty() || parents.len() < 2 {
        return Some(false);
    }
    take_out(root, parents)?;
    Some(true)
}

fn child<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    let Value::Mapping(entries) = &mut node.value else {
        return None;
    };
    let entry = entries.iter_mut().find(|entry| entry.key.as_str() == Some(key))?;
    Some(&mut entry.value)
}

fn locate<'a>(root: &'a Node, path: &[String]) -> Option<(&'a Node, usize)> {
    let (last, parents) = path.split_last()?;
    let map = parents.iter().try_fold(root, |node, key| node.get(key))?;
    let place = map.as_mapping()?.iter().position(|entry| entry.key.as_str() == Some(last))?;
    Some((map, place))
}

/// Cuts from the end of the entry before, or up to the start of the one behind.
fn from_flow(text: &str, entries: &[Entry], place: usize) -> String {
    let entry = &entries[place];
    let (from, to) = match (place.checked_sub(1), entries.get(place + 1)) {
        (_, Some(next)) => (entry.key.span.start, next.key.span.start),
        (Some(before), None) => (entries[before].value.span.end, entry.value.span.end),
        (None, None) => (entry.key.span.start, entry.value.span.end),
    };
    format!("{}{}", &text[..from], &text[to..])
}

/// The whole lines of an entry: from the key's to the value's last.
fn lines_of(text: &str, entry: &Entry) -> Option<Range<usize>> {
    let line = text[..entry.key.span.start].rfind('\n').map_or(0, |at| at + 1);
    if !text[line..entry.key.span.start].trim_matches(BLANK).is_empty() {
        return None;
    }
    let value_end = entry.value.span.end.max(entry.key.span.end);
    let is_whole = text[..value_end].ends_with('\n');
    let rest = text[value_end..].find('\n').map_or(text.len(), |at| value_end + at + 1);
    Some(line..if is_whole { value_end } else { rest })
}
