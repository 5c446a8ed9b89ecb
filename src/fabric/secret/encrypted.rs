//! Encrypted: which values of a resource SOPS has encrypted, and which are in clear.

use crate::text::clean_line;
use crate::yaml::{Node, Value};

/// How many keys in clear are told.
const MOST: usize = 5;

/// One value and the keys it stands below.
pub(super) struct Leaf<'a> {
    pub(super) key: String,
    pub(super) node: &'a Node,
}

/// The values below these keys of a resource, some encrypted and some in clear.
pub(super) struct Values<'a> {
    pub(super) clear: Vec<Leaf<'a>>,
    pub(super) coded: usize,
}

/// Whether a document was encrypted by SOPS, in whole or in part.
pub(crate) fn is_by_sops(root: &Node) -> bool {
    root.path(&["sops", "mac"]).is_some()
}

/// The finding's sentence about a document that SOPS has encrypted.
pub(crate) fn by_sops(root: &Node) -> String {
    let kind = root.get("kind").and_then(Node::as_str).filter(|kind| !is_ciphertext(kind)).unwrap_or("this document");
    clean_line(&format!("{kind} is encrypted by SOPS: what it says cannot be checked"))
}

/// The values below some keys; nothing and empty text hide nothing, and SOPS leaves them as they are.
pub(super) fn values<'a>(resource: &'a Node, keys: &[&str]) -> Values<'a> {
    let mut values = Values { clear: Vec::new(), coded: 0 };
    for key in keys {
        if let Some(node) = resource.get(key) {
            collect(node, (*key).to_owned(), &mut values);
        }
    }
    values
}

fn collect<'a>(node: &'a Node, key: String, values: &mut Values<'a>) {
    match &node.value {
        Value::Mapping(entries) => {
            for entry in entries {
                collect(&entry.value, format!("{key}.{}", entry.key.key_text()), values);
            }
        }
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(item, format!("{key}[{at}]"), values);
            }
        }
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) if is_ciphertext(text) => values.coded += 1,
        Value::String(_) | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
            values.clear.push(Leaf { key, node });
        }
    }
}

/// Whether a text is a value as SOPS writes it, and nothing else.
fn is_ciphertext(text: &str) -> bool {
    let inside = text.strip_prefix("ENC[AES256_GCM,").and_then(|rest| rest.strip_suffix(']'));
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=:,_-".contains(&byte);
    inside.is_some_and(|inside| inside.bytes().all(is_letter))
}

/// The keys of some values, for a sentence; never the values.
pub(super) fn keys(leaves: &[Leaf<'_>]) -> String {
    let shown: Vec<String> =
        leaves.iter().take(MOST).map(|leaf| crate::text::cut(&clean_line(&leaf.key), 60)).collect();
    match leaves.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::is_ciphertext;

    #[test]
    fn only_what_sops_writes_is_encrypted() {
        assert!(is_ciphertext("ENC[AES256_GCM,data:Ab+/=,iv:AAAA,tag:AAAA,type:str]"));
        for text in ["ENC[hunter2]", "ENC[AES256_GCM,data:a b]", "ENC[AES256_GCM,x] hunter2", "x ENC[AES256_GCM,x]", ""]
        {
            assert!(!is_ciphertext(text), "{text}");
        }
    }
}
