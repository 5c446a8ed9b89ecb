//! Keys: the key map's overrides, as they are written; what they mean is decided where actions are known.

use crate::config::Remark;
use crate::config::section::remark;
use crate::text::clean_line;
use crate::yaml::{Node, Value};

/// One override: an action and its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySetting {
    /// The action's name, as written.
    pub action: String,
    /// Its keys, as written; none takes all keys away.
    pub keys: Vec<String>,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// Reads the section `keys` of a configuration with this text; a wrong value is a warning.
pub(super) fn read(section: &Node, text: &str) -> (Vec<KeySetting>, Vec<Remark>) {
    let (mut settings, mut remarks) = (Vec::new(), Vec::new());
    for entry in section.as_mapping().unwrap_or_default() {
        let span = entry.key.span;
        let action = written(&entry.key, text).unwrap_or_default();
        match keys(&entry.value, text) {
            Some(keys) => {
                settings.push(KeySetting { action, keys, line: span.line as usize, column: span.column as usize });
            }
            None => {
                let message = format!("keys: {action} must be a key, or a list of keys; the default stays");
                remarks.push(remark(span, false, &message));
            }
        }
    }
    (settings, remarks)
}

fn keys(value: &Node, text: &str) -> Option<Vec<String>> {
    match &value.value {
        Value::Sequence(items) => items.iter().map(|item| written(item, text)).collect(),
        _ => Some(vec![written(value, text)?]),
    }
}

/// A scalar as it is written: `N` and `y` are keys here, whatever YAML takes them for.
fn written(node: &Node, text: &str) -> Option<String> {
    match &node.value {
        Value::String(word) => Some(clean_line(word)),
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
            text.get(node.span.start..node.span.end).map(|word| clean_line(word.trim()))
        }
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::parse;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let text = "keys:\n  ingest: N\n  push: 'P'\n  copy: y\n  down: [j, n, 5, Down]\n  sort: []\n  up: {a: b}\n";
        let config = parse(Path::new("c.yaml"), text).unwrap();
        let read: Vec<(&str, String)> =
            config.keys.iter().map(|setting| (setting.action.as_str(), setting.keys.join(" "))).collect();
        let wanted = [("ingest", "N"), ("push", "P"), ("copy", "y"), ("down", "j n 5 Down"), ("sort", "")];
        assert_eq!(read, wanted.map(|(action, keys)| (action, keys.to_owned())));
        assert_eq!((config.keys[1].line, config.keys[1].column), (3, 3));
        assert_eq!((config.remarks.len(), config.remarks[0].line), (1, 7));
        assert!(!config.remarks[0].stops && config.remarks[0].message.contains("up must be a key"));
    }
}
