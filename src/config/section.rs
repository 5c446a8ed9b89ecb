//! Section: one map of the configuration, its values with their places, and what is wrong in it.

use crate::config::Remark;
use crate::config::nearest::nearest;
use crate::text::clean_line;
use crate::yaml::{Node, Span, Value};

/// One map of the configuration while it is read.
pub(super) struct Section<'a> {
    what: String,
    node: &'a Node,
    remarks: Vec<Remark>,
}

impl<'a> Section<'a> {
    /// Begins to read the map `what` (such as `fabric dc1`), which knows these keys.
    pub(super) fn new(what: impl Into<String>, node: &'a Node, keys: &[&str]) -> Self {
        let mut section = Self { what: what.into(), node, remarks: Vec::new() };
        section.check_keys(keys);
        section
    }

    /// What was wrong so far, in the order it was read.
    pub(super) fn remarks(self) -> Vec<Remark> {
        self.remarks
    }

    /// The value of a key, where it is stated and not empty.
    pub(super) fn value(&self, key: &str) -> Option<&'a Node> {
        self.node.get(key).filter(|value| !matches!(value.value, Value::Null))
    }

    /// A text; a fault where the value is of another type.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        if let Some(text) = value.as_str() {
            return Some(text.to_owned());
        }
        let quotes = match value.value {
            Value::Mapping(_) | Value::Sequence(_) => "",
            _ => "; put it in quotes",
        };
        self.wrong(value, key, "must be text", quotes);
        None
    }

    /// A text that a check accepts; a fault with the check's sentence where it does not.
    pub(super) fn checked<T>(
        &mut self,
        key: &str,
        check: impl FnOnce(&str) -> std::result::Result<T, String>,
    ) -> Option<T> {
        let text = self.text(key)?;
        match check(&text) {
            Ok(value) => Some(value),
            Err(sentence) => {
                let span = self.value(key)?.span;
                self.fault(span, &sentence);
                None
            }
        }
    }

    /// A boolean, YAML 1.1 spellings included; a fault where the value is none.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let value = self.node.get(key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.wrong(value, key, "must be true or false", "");
        }
        flag
    }

    /// A map below a key; a fault where the value is of another type.
    pub(super) fn map(&mut self, key: &str) -> Option<&'a Node> {
        let value = self.value(key)?;
        if value.as_mapping().is_none() {
            self.wrong(value, key, "must be a map", "");
            return None;
        }
        Some(value)
    }

    /// Notes a fault at a place.
    pub(super) fn fault(&mut self, span: Span, sentence: &str) {
        let message = format!("{}: {sentence}", self.what);
        self.remarks.push(remark(span, true, &message));
    }

    /// Notes a warning at a place.
    pub(super) fn warn(&mut self, span: Span, sentence: &str) {
        let message = format!("{}: {sentence}", self.what);
        self.remarks.push(remark(span, false, &message));
    }

    fn wrong(&mut self, value: &Node, key: &str, what: &str, remedy: &str) {
        let found = value.type_name();
        self.fault(value.span, &format!("{key} {what}, not {found}{remedy}"));
    }

    fn check_keys(&mut self, keys: &[&str]) {
        let Some(entries) = self.node.as_mapping() else {
            if !matches!(self.node.value, Value::Null) {
                let sentence = format!("must be a map, not {}", self.node.type_name());
                self.fault(self.node.span, &sentence);
            }
            return;
        };
        for entry in entries {
            let name = entry.key.as_str().unwrap_or_default();
            if !keys.contains(&name) {
                let message = unknown_key(&self.what, name, keys);
                self.remarks.push(remark(entry.key.span, false, &message));
            }
        }
    }
}

/// A remark at a place, cleaned.
pub(super) fn remark(span: Span, stops: bool, message: &str) -> Remark {
    Remark { line: span.line as usize, column: span.column as usize, stops, message: clean_line(message) }
}

fn unknown_key(what: &str, name: &str, keys: &[&str]) -> String {
    match nearest(name, keys.iter().copied()) {
        Some(near) => format!("{what}: unknown key {name}; did you mean {near}?"),
        None => format!("{what}: unknown key {name}; known are {}", keys.join(", ")),
    }
}
