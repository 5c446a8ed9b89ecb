//! A list or map while it is being read: keys, merges, what an alias of it would cost.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;

use crate::yaml::build::fault;
use crate::yaml::{Entry, Fault, FaultKind, Node, Span, Value};

/// From this many keys on they are looked up instead of searched.
const INDEX_FROM: usize = 16;

/// A node with what a copy of it costs and how deep it goes.
#[derive(Debug, Clone)]
pub(super) struct Weighed {
    /// The node.
    pub(super) node: Node,
    /// Its cost, see [`crate::yaml::build::Budget`].
    pub(super) weight: usize,
    /// How many collections stand inside each other in it.
    pub(super) height: usize,
    /// Whether an alias brought it here.
    pub(super) is_alias: bool,
}

impl Weighed {
    /// A scalar.
    pub(super) fn scalar(node: Node) -> Self {
        let length = if let Value::String(text) = &node.value { text.len() } else { 0 };
        Self { node, weight: 64 + length, height: 0, is_alias: false }
    }
}

/// An open list or map.
#[derive(Debug)]
pub(super) struct Frame {
    /// Whether it is written with brackets.
    pub(super) is_flow: bool,
    /// Its anchor, 0 for none.
    pub(super) anchor: usize,
    /// Where it starts.
    pub(super) span: Span,
    kind: Kind,
    weight: usize,
    height: usize,
}

/// The two collections.
#[derive(Debug)]
pub(super) enum Kind {
    /// A list so far.
    Sequence(Vec<Node>),
    /// A map so far.
    Mapping(Pairs),
}

impl Kind {
    /// An empty list.
    pub(super) fn sequence() -> Self {
        Kind::Sequence(Vec::new())
    }

    /// An empty map.
    pub(super) fn mapping() -> Self {
        Kind::Mapping(Pairs::default())
    }
}

/// The pairs of an open map.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    entries: Vec<Entry>,
    /// Where a key with this hash stands first, once there are many.
    index: HashMap<u64, usize>,
    /// Which entries came by a merge; shorter than `entries` where nothing was merged.
    merged: Vec<bool>,
    key: Option<Node>,
    is_merge: bool,
}

impl Frame {
    /// An empty collection that starts at a span.
    pub(super) fn new(kind: Kind, is_flow: bool, anchor: usize, span: Span) -> Self {
        Self { is_flow, anchor, span, kind, weight: 64, height: 0 }
    }

    /// Adds the next item, key or value; `is_merge` marks an unquoted `<<`.
    pub(super) fn push(&mut self, child: Weighed, is_merge: bool, remarks: &mut Vec<Fault>) -> Result<(), Fault> {
        self.weight = self.weight.saturating_add(child.weight);
        self.height = self.height.max(child.height);
        self.span.end = self.span.end.max(child.node.span.end);
        match &mut self.kind {
            Kind::Sequence(items) => {
                items.push(child.node);
                Ok(())
            }
            Kind::Mapping(pairs) => pairs.push(child, is_merge, remarks),
        }
    }

    /// The finished node; brackets give its true end.
    pub(super) fn finish(self, end: Option<usize>) -> Weighed {
        let span = Span { end: end.unwrap_or(self.span.end), ..self.span };
        let value = match self.kind {
            Kind::Sequence(mut items) => {
                items.shrink_to_fit();
                Value::Sequence(items)
            }
            Kind::Mapping(mut pairs) => {
                pairs.entries.shrink_to_fit();
                Value::Mapping(pairs.entries)
            }
        };
        Weighed { node: Node { value, span }, weight: self.weight, height: self.height + 1, is_alias: false }
    }
}

impl Pairs {
    fn push(&mut self, child: Weighed, is_merge: bool, remarks: &mut Vec<Fault>) -> Result<(), Fault> {
        let Weighed { node, is_alias, .. } = child;
        match self.key.take() {
            None => {
                self.is_merge = is_merge;
                self.key = Some(node);
                Ok(())
            }
            Some(key) if self.is_merge => self.merge(&key, node, is_alias, remarks),
            Some(key) => self.insert(Entry { key, value: node }, remarks),
        }
    }

    fn insert(&mut self, entry: Entry, remarks: &mut Vec<Fault>) -> Result<(), Fault> {
        let Some(name) = entry.key.json_key() else {
            let message = format!("{} cannot be a key", entry.key.type_name());
            return Err(fault(entry.key.span, FaultKind::Key, message));
        };
        let Some(at) = self.position(&name) else {
            self.append(entry);
            return Ok(());
        };
        if self.merged.get(at) == Some(&true) {
            remarks.push(overridden(entry.key.span, &name));
            self.merged[at] = false;
            self.entries[at] = entry;
        } else {
            remarks.push(duplicate(&self.entries[at].key, &entry.key, &name));
        }
        Ok(())
    }

    /// What `<<` brings, as go-yaml v2 does it: in the order written, the first map of a list wins.
    fn merge(&mut self, key: &Node, value: Node, is_alias: bool, remarks: &mut Vec<Fault>) -> Result<(), Fault> {
        let maps = match value.value {
            Value::Sequence(_) if is_alias => return Err(no_map(key)),
            Value::Sequence(items) => items,
            other => vec![Node { value: other, span: value.span }],
        };
        for map in maps.into_iter().rev() {
            let Value::Mapping(entries) = map.value else { return Err(no_map(key)) };
            for entry in entries {
                self.merge_entry(entry, value.span, remarks);
            }
        }
        Ok(())
    }

    fn merge_entry(&mut self, mut entry: Entry, at: Span, remarks: &mut Vec<Fault>) {
        entry.key.span = at;
        entry.value.span = at;
        let name = entry.key.json_key().unwrap_or_default().into_owned();
        let place = self.position(&name).unwrap_or(self.entries.len());
        if place == self.entries.len() {
            self.append(entry);
        } else {
            remarks.push(overridden(at, &name));
            self.entries[place] = entry;
        }
        if self.merged.len() < self.entries.len() {
            self.merged.resize(self.entries.len(), false);
        }
        self.merged[place] = true;
    }

    fn append(&mut self, entry: Entry) {
        self.entries.push(entry);
        let from = match self.entries.len() {
            count if count <= INDEX_FROM => return,
            count if self.index.is_empty() => 0..count,
            count => count - 1..count,
        };
        for place in from {
            let name = self.entries[place].key.json_key().unwrap_or_default();
            let hash = self.index.hasher().hash_one(name.as_ref());
            self.index.entry(hash).or_insert(place);
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        let is_it = |entry: &Entry| entry.key.json_key() == Some(Cow::Borrowed(name));
        if self.entries.len() > INDEX_FROM {
            let place = *self.index.get(&self.index.hasher().hash_one(name))?;
            if is_it(&self.entries[place]) {
                return Some(place);
            }
        }
        self.entries.iter().position(is_it)
    }
}

fn no_map(key: &Node) -> Fault {
    fault(key.span, FaultKind::Syntax, "<< takes a map, or a list of maps")
}

fn duplicate(first: &Node, second: &Node, name: &str) -> Fault {
    let line = first.span.line;
    let message = format!("the key {} stands here a second time; the first is on line {line}", cut(name));
    fault(second.span, FaultKind::DuplicateKey, message)
}

fn overridden(at: Span, name: &str) -> Fault {
    let message = format!("the key {} comes by << and stands in the same map too", cut(name));
    fault(at, FaultKind::Merge, message)
}

fn cut(name: &str) -> String {
    name.chars().take(60).collect()
}
