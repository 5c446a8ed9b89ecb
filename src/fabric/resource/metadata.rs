//! A resource's metadata: a name and namespace that can stand in the API and in a path.

use crate::fabric::finding::{Finding, Severity, code};
use crate::fabric::kind::{Author, Kind};
use crate::fabric::layout;
use crate::yaml::{Node, Span};

/// The longest name the API takes, in bytes.
const LONGEST_NAME: usize = 253;

/// The longest namespace the API takes, in bytes.
const LONGEST_NAMESPACE: usize = 63;

/// The longest file name every file system takes, in bytes.
const LONGEST_FILE_NAME: usize = 255;

/// Adds what is wrong with a resource's metadata; its name and namespace, if they can be told.
pub(super) fn check(file: &str, value: &Node, kind: &Kind, findings: &mut Vec<Finding>) -> Option<(String, String)> {
    let mut sheet = Sheet { file, kind, findings };
    let (message, at) = match value.entry("metadata") {
        Some(entry) if entry.value.as_mapping().is_some() => return sheet.metadata(&entry.value),
        Some(entry) => (format!("metadata must be a map, and is {}", entry.value.type_name()), entry.key.span),
        None => ("metadata is missing".to_owned(), value.span),
    };
    sheet.error(code::SHAPE, at, message, "write metadata with a name");
    None
}

struct Sheet<'a> {
    file: &'a str,
    kind: &'a Kind,
    findings: &'a mut Vec<Finding>,
}

impl Sheet<'_> {
    fn metadata(&mut self, metadata: &Node) -> Option<(String, String)> {
        let name = self.name(metadata);
        let namespace = self.namespace(metadata);
        let (name, namespace) = (name?, namespace?);
        self.file_name(metadata, name, namespace);
        Some((name.to_owned(), namespace.to_owned()))
    }

    fn error(&mut self, code: &'static str, at: Span, message: String, remedy: &str) {
        self.add(Severity::Error, code, at, message, remedy);
    }

    fn add(&mut self, how: Severity, code: &'static str, at: Span, message: String, remedy: &str) {
        let finding = Finding::file(how, code, self.file, message, remedy);
        self.findings.push(finding.at(at.line, at.column));
    }

    fn name<'n>(&mut self, metadata: &'n Node) -> Option<&'n str> {
        let Some(node) = metadata.get("name").filter(|node| !node.is_null()) else {
            self.no_name(metadata);
            return None;
        };
        let Some(name) = node.as_str() else {
            let message = format!("metadata.name must be a string, and is {}", node.type_name());
            self.error(code::NAME, node.span, message, "put the name in quotes");
            return None;
        };
        if name.len() > LONGEST_NAME {
            let message = format!("the name has {} characters; {LONGEST_NAME} are possible", name.len());
            self.error(code::NAME, node.span, message, "choose a shorter name");
            return None;
        }
        if !name.split('.').all(is_label) {
            let message = format!("the name {name:?} is not a lowercase DNS name");
            let remedy = "use lowercase letters, digits, - and ., begun and ended by a letter or digit";
            self.error("HH-M1", node.span, message, remedy);
            return None;
        }
        Some(name)
    }

    fn no_name(&mut self, metadata: &Node) {
        let (message, at) = match metadata.entry("generateName") {
            Some(entry) => ("generateName gives another name every time it is applied", entry.key.span),
            None => ("metadata.name is missing", metadata.span),
        };
        self.error(code::NAME, at, message.to_owned(), "write a metadata.name");
    }

    fn namespace<'n>(&mut self, metadata: &'n Node) -> Option<&'n str> {
        let Some(node) = metadata.get("namespace").filter(|node| !node.is_null()) else {
            return Some("default");
        };
        let Some(namespace) = node.as_str() else {
            let what = node.type_name();
            let message = format!("metadata.namespace must be a string, and is {what}");
            self.error(code::SHAPE, node.span, message, "put the namespace in quotes");
            return None;
        };
        if namespace.is_empty() || namespace == "default" {
            return Some("default");
        }
        if namespace.len() > LONGEST_NAMESPACE || !is_label(namespace) {
            let message = format!("the namespace {namespace:?} is not a lowercase DNS label");
            self.error(code::NAMESPACE, node.span, message, "use the namespace default");
            return None;
        }
        if self.kind.author == Author::Install {
            return Some(namespace);
        }
        let code = if self.kind.name == "GatewayGroup" { "HH-GG1" } else { code::NAMESPACE };
        let message = format!("the namespace is {namespace}; Hedgehog takes only default");
        let remedy = "remove the namespace or write default";
        self.add(Severity::Warning, code, node.span, message, remedy);
        Some(namespace)
    }

    fn file_name(&mut self, metadata: &Node, name: &str, namespace: &str) {
        let at = metadata.get("name").map_or(metadata.span, |node| node.span);
        let prefix = if namespace == "default" { 0 } else { namespace.len() + 1 };
        let length = prefix + name.len() + ".yaml".len();
        if length > LONGEST_FILE_NAME {
            let message = format!("its file name would have {length} bytes; 255 are possible");
            self.error(code::NAME, at, message, "choose a shorter name");
        }
        if layout::changes_what_is_applied(&format!("{name}.yaml")) {
            let message = format!("gives a file {name}.yaml, which changes what is applied");
            self.error(code::FILE_NAME, at, message, "choose another name");
        }
    }
}

/// Whether a text is a lower-case RFC 1123 subdomain of at most 253 characters.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME && text.split('.').all(is_label)
}

/// A DNS label of RFC 1123 in lower case, of any length.
fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}
