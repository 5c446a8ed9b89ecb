//! Kinds: the resources that are secrets by what they are, unless every value of theirs is encrypted.

use std::collections::BTreeSet;

use super::encrypted::{self, Leaf, Values};
use super::{Frame, INSTALL_KINDS, REMEDY, Search};
use crate::fabric::document::in_block_style;
use crate::fabric::finding::code;
use crate::fabric::kind::FABRICATOR;
use crate::text::secrets;
use crate::yaml::Node;

/// Where a Secret has its values.
const OF_A_SECRET: [&str; 2] = ["data", "stringData"];

/// What names a value that must not be known.
const TELLING: [&str; 7] = ["password", "passwd", "token", "secret", "key", "hash", "credential"];

impl Search<'_> {
    /// A map that is a resource, if it is one that matters.
    pub(super) fn resource(&mut self, node: &Node, frame: &Frame<'_>, is_document: bool) {
        let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default();
        let (version, kind) = (text("apiVersion"), text("kind"));
        let group = version.rsplit_once('/').map_or("", |(group, _)| group);
        let line = frame.line(node.get("kind").map_or(node.span.line, |kind| kind.span.line));
        let is_install = INSTALL_KINDS.contains(&kind) && version.is_empty() || group == FABRICATOR;
        match kind {
            "Secret" if matches!(group, "" | "core") => self.secret(node, line, is_document),
            "SecretList" if group.is_empty() => {
                let items = node.get("items").and_then(Node::as_sequence).unwrap_or_default();
                items.iter().filter(|item| item.get("kind").is_none()).for_each(|item| self.secret(item, line, true));
            }
            kind if is_install && !kind.is_empty() => self.install(node, line, kind, is_document),
            _ => {}
        }
    }

    fn secret(&mut self, node: &Node, line: u32, is_document: bool) {
        let Values { clear, coded } = encrypted::values(node, &OF_A_SECRET);
        if clear.is_empty() && (coded > 0 || !is_document || encrypted::is_by_sops(node)) {
            return;
        }
        let (message, remedy) = match (clear.is_empty(), coded) {
            (true, _) => ("this file holds a Secret, and nothing in it is encrypted".to_owned(), REMEDY),
            (false, 0) => (format!("this file holds a Secret in clear: {}", encrypted::keys(&clear)), REMEDY),
            (false, _) => half("this Secret", &clear),
        };
        let marks = clear.iter().map(mark).collect();
        self.push(code::SECRET, line, &message, remedy, marks);
    }

    fn install(&mut self, node: &Node, line: u32, kind: &str, is_document: bool) {
        let Values { clear, coded } = encrypted::values(node, &["spec"]);
        let is_by_sops = encrypted::is_by_sops(node);
        if clear.is_empty() && (is_by_sops || !is_document) {
            return;
        }
        let kind = crate::text::cut(&crate::text::clean_line(kind), 60);
        let (message, remedy) = if is_by_sops && coded > 0 {
            half(&kind, &clear)
        } else {
            (format!("{kind} belongs to the installer and may hold password hashes and tokens"), REMEDY)
        };
        let is_telling = |leaf: &&Leaf<'_>| {
            let key = leaf.key.to_lowercase();
            TELLING.iter().any(|word| key.contains(word))
        };
        let mut marks: BTreeSet<String> = clear.iter().filter(is_telling).map(mark).collect();
        marks.extend(node.get("spec").filter(|_| !clear.is_empty()).map(in_block_style));
        self.push(code::SECRET_KIND, line, &message, remedy, marks);
    }
}

fn half(what: &str, clear: &[Leaf<'_>]) -> (String, &'static str) {
    let keys = encrypted::keys(clear);
    (format!("{what} is encrypted only in part; in clear: {keys}"), "encrypt every value of it, or move it elsewhere")
}

/// A value of a Secret is the same one in `data` and `stringData`.
fn mark(leaf: &Leaf<'_>) -> String {
    let text = leaf.node.as_str().map_or_else(|| in_block_style(leaf.node), str::to_owned);
    let (area, key) = leaf.key.split_once('.').unwrap_or(("", &leaf.key));
    let decoded = secrets::decoded(&text).filter(|_| area == "data");
    let text = decoded.map_or(text, |bytes| String::from_utf8_lossy(&bytes).into_owned());
    format!("{key}={text}")
}
