//! Desk: one resource while its rules are checked; what is read of it, and what is remarked.

use crate::config::nearest::nearest;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::rules::Subject;
use crate::fabric::rules::world::World;
use crate::text::clean_line;
use crate::yaml::{Entry, Node, Value};

/// One resource and the remarks about it.
pub(super) struct Desk<'a> {
    /// Everything else.
    pub(super) world: &'a World<'a>,
    /// The resource.
    pub(super) subject: &'a Subject<'a>,
    /// The remarks.
    pub(super) findings: Vec<Finding>,
}

impl<'a> Desk<'a> {
    /// A desk with nothing remarked yet.
    pub(super) fn new(world: &'a World<'a>, subject: &'a Subject<'a>) -> Self {
        Self { world, subject, findings: Vec::new() }
    }

    /// The resource's name.
    pub(super) fn name(&self) -> &'a str {
        &self.subject.identity.name
    }

    /// The spec; the whole document where there is none, so that there is a place to point at.
    pub(super) fn spec(&self) -> &'a Node {
        self.subject.spec()
    }

    /// Remarks an error about a value.
    pub(super) fn error(&mut self, node: &Node, code: &'static str, message: impl AsRef<str>, remedy: &str) {
        self.remark(Severity::Error, node, code, message.as_ref(), remedy);
    }

    /// Remarks a warning about a value.
    pub(super) fn warning(&mut self, node: &Node, code: &'static str, message: impl AsRef<str>, remedy: &str) {
        self.remark(Severity::Warning, node, code, message.as_ref(), remedy);
    }

    /// Remarks an error that only holds where everything is known, else a warning.
    pub(super) fn strict(&mut self, node: &Node, code: &'static str, message: impl AsRef<str>, remedy: &str) {
        self.remark(self.world.settings.unresolved(), node, code, message.as_ref(), remedy);
    }

    /// Remarks an error about a value, with the other resource's place that it concerns.
    pub(super) fn clash(
        &mut self,
        node: &Node,
        code: &'static str,
        message: impl AsRef<str>,
        remedy: &str,
        other: (&Subject<'_>, &Node, &str),
    ) {
        let (subject, place, words) = other;
        self.error(node, code, message, remedy);
        if let Some(finding) = self.findings.pop() {
            self.findings.push(finding.with(subject.file, place.span.line, words));
        }
    }

    /// Remarks a reference to something that is not there: removed just now, rejected, or not in the directory.
    pub(super) fn missing(&mut self, node: &Node, code: &'static str, kind: &'static str, name: &str) {
        let shown = clean_line(name);
        if let Some(code) = self.world.removal(kind, name, code) {
            let message = format!("{kind} {shown} is removed, but {} still refers to it", self.subject.identity);
            return self.error(node, code, message, "remove what refers to it first, or keep it");
        }
        if self.world.rejected(kind, name) {
            let message = format!("{kind} {shown} is not taken in: its document is rejected");
            return self.error(node, code, message, "correct that document first");
        }
        let near = nearest(name, self.world.names(kind)).map(|near| format!("did you mean {near}? "));
        let (message, remedy) = if self.world.settings.closed {
            (format!("{kind} {shown} does not exist"), "add it, or correct the name".to_owned())
        } else {
            (
                format!("{kind} {shown} is not in this directory"),
                "if it is not in the cluster either, add it or correct the name".to_owned(),
            )
        };
        self.strict(node, code, message, &format!("{}{remedy}", near.unwrap_or_default()));
    }

    fn remark(&mut self, severity: Severity, node: &Node, code: &'static str, message: &str, remedy: &str) {
        self.findings.push(self.subject.finding(severity, node, code, message, remedy));
    }
}

/// A text that is not empty, below a path.
pub(super) fn text<'a>(node: &'a Node, path: &[&str]) -> Option<(&'a str, &'a Node)> {
    let node = node.path(path)?;
    node.as_str().filter(|text| !text.is_empty()).map(|text| (text, node))
}

/// A whole number that is not 0, below a path.
pub(super) fn number<'a>(node: &'a Node, path: &[&str]) -> Option<(i128, &'a Node)> {
    let node = node.path(path)?;
    node.as_integer().filter(|number| *number != 0).map(|number| (number, node))
}

/// Whether a flag below a path is set.
pub(super) fn flag(node: &Node, path: &[&str]) -> bool {
    node.path(path).and_then(Node::as_bool) == Some(true)
}

/// The items of a list below a path.
pub(super) fn items<'a>(node: &'a Node, path: &[&str]) -> &'a [Node] {
    node.path(path).and_then(Node::as_sequence).unwrap_or_default()
}

/// The pairs of a map below a path.
pub(super) fn entries<'a>(node: &'a Node, path: &[&str]) -> &'a [Entry] {
    node.path(path).and_then(Node::as_mapping).unwrap_or_default()
}

/// The value below a path, unless it is null.
pub(super) fn present<'a>(node: &'a Node, path: &[&str]) -> Option<&'a Node> {
    node.path(path).filter(|node| !node.is_null())
}

/// The path of a node in its document: `spec.subnets.default.vlan`, `spec.links[0].port`.
pub(super) fn path_of(root: &Node, wanted: &Node) -> Option<String> {
    if std::ptr::eq(root, wanted) {
        return Some(String::new());
    }
    match &root.value {
        Value::Mapping(entries) => entries.iter().find_map(|entry| {
            let key = || clean_line(&entry.key.key_text());
            if std::ptr::eq(&raw const entry.key, wanted) {
                return Some(key());
            }
            let rest = path_of(&entry.value, wanted)?;
            Some(join(&key(), &rest))
        }),
        Value::Sequence(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| path_of(item, wanted).map(|rest| join(&format!("[{index}]"), &rest))),
        _ => None,
    }
}

fn join(first: &str, rest: &str) -> String {
    if rest.is_empty() || rest.starts_with('[') { format!("{first}{rest}") } else { format!("{first}.{rest}") }
}
