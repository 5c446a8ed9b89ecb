//! Templates: files that a program must fill in before they are resources.

use crate::yaml::{Node, Value};

/// The first place of a parsed document that a template engine would fill in.
///
/// `{{ }}` counts anywhere in a value, `$(x)` and `<x>` only as a whole value; descriptions and
/// annotations are free text and do not count.
pub(super) fn find(node: &Node) -> Option<&Node> {
    match &node.value {
        Value::String(text) => is_placeholder(text.trim()).then_some(node),
        Value::Sequence(items) => items.iter().find_map(find),
        Value::Mapping(entries) => entries.iter().find_map(|entry| {
            let is_prose = matches!(entry.key.as_str(), Some("description" | "annotations"));
            find(&entry.key).or_else(|| if is_prose { None } else { find(&entry.value) })
        }),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => None,
    }
}

/// The first line, counted from 0, where a text that is no YAML looks like a template.
pub(super) fn find_in_text(text: &str) -> Option<usize> {
    text.lines().position(|line| {
        let line = if line.trim_start().starts_with('#') { "" } else { line.split(" #").next().unwrap_or(line) };
        let has = |open: &str, close: &str| line.find(open).is_some_and(|at| line[at..].contains(close));
        has("{{", "}}") || has("{%", "%}")
    })
}

fn is_placeholder(text: &str) -> bool {
    let double = text.find("{{").is_some_and(|at| text[at..].contains("}}"));
    let within = |open: &str, close: char| {
        (text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))).is_some_and(is_name)
    };
    double || within("$(", ')') || within("${", '}') || within("<", '>')
}

fn is_name(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::read_one;

    fn is_template(text: &str) -> bool {
        find(&read_one(text).unwrap()).is_some()
    }

    #[test]
    fn placeholders_are_seen() {
        assert!(is_template("name: '{{ .Values.name }}'"));
        assert!(is_template("name: leaf-{{ n }}"));
        assert!(is_template("vlan: $(VLAN)"));
        assert!(is_template("a: [<vlan id>]"));
        assert_eq!(find_in_text("a: 1\n{{- if x }}\n"), Some(1));
    }

    #[test]
    fn ordinary_values_are_not() {
        assert!(!is_template("a: {b: {c: 1}}\nd: a<b>c\ne: '$(a) and $(b)'\nf: <>"));
        assert!(!is_template("description: <none>\nannotations: {x: '{{y}}'}"));
        assert_eq!(find_in_text("a: {b: {}}\n"), None);
    }
}
