//! Asking a Node: its keys, its type, whether two mean the same.

use std::borrow::Cow;

use crate::yaml::{Entry, Node, Value, scalar};

impl Node {
    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The pair of a key, if this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        (self.as_mapping()?.iter()).find(|entry| entry.key.json_key().as_deref() == Some(key))
    }

    /// What stands below these keys, one inside the other.
    pub fn path(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value { Some(value) } else { None }
    }

    /// The value of a whole number, however it is written: to JSON `1001.0` and `4.2e+09` are integers.
    pub fn as_integer(&self) -> Option<i128> {
        match &self.value {
            Value::Integer(value) => Some(**value),
            // Below 2^127 every whole float is an i128; what is beyond is within no limit anyway.
            #[expect(clippy::cast_possible_truncation, reason = "whole")]
            Value::Float(value) if value.fract() == 0.0 => Some(*value as i128),
            _ => None,
        }
    }

    /// The pairs of a map, in the order written.
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        if let Value::Mapping(entries) = &self.value { Some(entries) } else { None }
    }

    /// The items of a list.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        if let Value::Sequence(items) = &self.value { Some(items) } else { None }
    }

    /// Whether it is nothing.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// What it is, for a sentence.
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "a string",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a map",
        }
    }

    /// The key as JSON would have it: `1:` and `"1":` are the same key.
    pub fn key_text(&self) -> String {
        self.json_key().map_or_else(|| format!("{:?}", self.value), Cow::into_owned)
    }

    /// The key this is in JSON; none where JSON has no such key.
    pub fn json_key(&self) -> Option<Cow<'_, str>> {
        match &self.value {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Integer(number) => i64::try_from(**number).ok().map(|number| Cow::Owned(number.to_string())),
            Value::Float(number) => Some(Cow::Owned(scalar::float_key(*number))),
            Value::Bool(true) => Some(Cow::Borrowed("true")),
            Value::Bool(false) => Some(Cow::Borrowed("false")),
            Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }
}
