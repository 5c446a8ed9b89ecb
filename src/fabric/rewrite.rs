//! Rewrite: single scalars of a text changed, quotes, comments and layout kept, nothing else touched.

use crate::fabric::splice;
use crate::yaml::{self, Entry, Node, Span, Value};

/// A text with the scalars at these places replaced; none if that would change anything else, such
/// as what an alias stands for. Places count in this text.
pub fn scalars(text: &str, changes: &[(Span, String)]) -> Option<String> {
    let before = yaml::read(text);
    let piece = |(span, new): &(Span, String)| Some((*span, in_style(text.get(span.start..span.end)?, new)?));
    let pieces: Vec<(Span, String)> = changes.iter().map(piece).collect::<Option<_>>()?;
    let result = splice::replace(text, &pieces)?;
    let after = yaml::read(&result);
    let is_same = before.len() == after.len()
        && before.iter().zip(&after).all(|(before, after)| match (&before.root, &after.root) {
            (Ok(Some(before)), Ok(Some(after))) => yaml::same(&expected(before, changes), after),
            (Ok(None), Ok(None)) | (Err(_), Err(_)) => true,
            _ => false,
        });
    is_same.then_some(result)
}

/// The new text written as the old one was: quoted alike, or plain where that reads as text; none for
/// a block of lines.
fn in_style(old: &str, new: &str) -> Option<String> {
    if old.ends_with('\n') {
        return None;
    }
    let double = || serde_json::Value::from(new).to_string();
    match old.chars().next()? {
        '"' => Some(double()),
        '\'' => Some(format!("'{}'", new.replace('\'', "''"))),
        _ => {
            let is_plain = yaml::read_one(new).is_ok_and(|node| node.as_str() == Some(new));
            Some(if is_plain { new.to_owned() } else { double() })
        }
    }
}

/// The value the new text must have.
fn expected(node: &Node, changes: &[(Span, String)]) -> Node {
    let value = match &node.value {
        Value::Sequence(items) => Value::Sequence(items.iter().map(|item| expected(item, changes)).collect()),
        Value::Mapping(entries) => Value::Mapping(
            entries
                .iter()
                .map(|entry| Entry { key: expected(&entry.key, changes), value: expected(&entry.value, changes) })
                .collect(),
        ),
        scalar => {
            let is_here = |span: &Span| span.start == node.span.start && span.end == node.span.end;
            let change = changes.iter().find(|(span, _)| is_here(span));
            change.map_or_else(|| scalar.clone(), |(_, new)| Value::String(new.clone()))
        }
    };
    Node { value, span: node.span }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text with the value at a path replaced.
    fn changed(text: &str, path: &[&str], new: &str) -> Option<String> {
        let root = yaml::read_one(text).unwrap();
        scalars(text, &[(root.path(path).unwrap().span, new.to_owned())])
    }

    #[test]
    fn only_the_scalar_changes() {
        for (before, after) in [
            ("a: {b: web} # x\n", "a: {b: www} # x\n"),
            ("a:\n  b:   'web'   # x\nc: web\n", "a:\n  b:   'www'   # x\nc: web\n"),
            ("a:\n  \"b\": \"web\"\n", "a:\n  \"b\": \"www\"\n"),
        ] {
            assert_eq!(changed(before, &["a", "b"], "www").as_deref(), Some(after));
        }
        assert_eq!(changed("a: web\n", &["a"], "123").as_deref(), Some("a: \"123\"\n"));
        assert_eq!(changed("a: web\n", &["a"], "on").as_deref(), Some("a: \"on\"\n"));
    }

    #[test]
    fn what_would_change_more_is_refused() {
        assert_eq!(changed("a: &x web\nb: *x\n", &["a"], "www"), None);
        assert_eq!(changed("a: &x web\nb: *x\n", &["b"], "www").as_deref(), Some("a: &x web\nb: www\n"));
        assert_eq!(changed("a: |\n  web\n", &["a"], "www"), None);
    }

    #[test]
    fn keys_change_too_and_other_documents_stay() {
        let text = "a: [\n---\npermit:\n- web: {}\n  db: # null\n";
        let root = yaml::read(text).remove(1).root.unwrap().unwrap();
        let key = &root.get("permit").unwrap().as_sequence().unwrap()[0].as_mapping().unwrap()[1].key;
        let after = scalars(text, &[(key.span, "data".to_owned())]);
        assert_eq!(after.as_deref(), Some("a: [\n---\npermit:\n- web: {}\n  data: # null\n"));
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_text(
            new in "x[a-z0-9]{0,5}(-[a-z0-9]{1,5})?",
            quote in prop::sample::select(vec!["", "'", "\""]),
            space in " {1,4}",
            comment in "( # [a-z: '\"]{0,9})?",
            is_flow in prop::bool::ANY,
        ) {
            let line = format!("b:{space}{quote}web{quote}");
            let text = if is_flow { format!("a: {{c: 1, {line}}}{comment}\n") } else { format!("a:\n  c: web\n  {line}{comment}\n") };
            let there = changed(&text, &["a", "b"], &new).unwrap();
            let root = yaml::read_one(&there).unwrap();
            prop_assert_eq!(root.path(&["a", "b"]).unwrap().as_str(), Some(new.as_str()));
            prop_assert_eq!(changed(&there, &["a", "b"], "web").unwrap(), text);
        }
    }
}
