//! Resource, Identity; equal meaning; what a document is.

mod meaning;

use std::fmt;

use crate::fabric::document::Document;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::kind::{self, Kind};
use crate::fabric::layout;
use crate::yaml::Node;

pub use meaning::{dropped_hydration, is_noise, same_meaning};

/// What makes two documents the same resource; the version is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The API group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace; `default` where none is stated.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace.as_str() {
            "default" => write!(f, "{}/{}", self.kind, self.name),
            namespace => write!(f, "{}/{namespace}/{}", self.kind, self.name),
        }
    }
}

/// A document that is a Hedgehog resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Which one.
    pub identity: Identity,
    /// Its API version without the group.
    pub version: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// Warnings about its metadata.
    pub warnings: Vec<Finding>,
}

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// A resource a user may author.
    Resource(Resource),
    /// Well-formed YAML that is not Hedgehog's.
    Foreign,
    /// Hedgehog's, but nothing a user may author, or a template.
    Refused {
        /// Why.
        findings: Vec<Finding>,
    },
    /// With errors.
    Invalid(Vec<Finding>),
}

/// Tells what a document is.
pub fn classify(document: &Document) -> Class {
    if document.is_template {
        return Class::Refused { findings: document.findings.clone() };
    }
    let Some(root) = &document.value else {
        return Class::Invalid(document.findings.clone());
    };
    let invalid = |node: &Node, message: String, remedy: &str| {
        Class::Invalid(vec![error(document, node, "HH-LD2", &message, remedy)])
    };
    let (version, kind) = (root.get("apiVersion"), root.get("kind"));
    let text = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or_default().to_owned();
    let (api_version, name) = (text(version), text(kind));
    let is_known = kind::kinds().iter().any(|known| known.name == name);
    let Some((group, version)) = api_version.split_once('/') else {
        return if is_known && api_version.is_empty() {
            invalid(root, format!("{name} has no apiVersion"), "write the apiVersion of its group")
        } else {
            Class::Foreign
        };
    };
    if !kind::is_hedgehog_group(group) {
        return Class::Foreign;
    }
    if name.is_empty() {
        return invalid(root, format!("{api_version} has no kind"), "write what it is in `kind:`");
    }
    if let Some((message, remedy)) = kind::refusal(group, version, &name) {
        let node = kind.unwrap_or(root);
        return Class::Refused { findings: vec![error(document, node, "HH-K1", &message, &remedy)] };
    }
    match kind::find(group, &name) {
        Some(kind) => metadata(document, root, kind, version),
        None => Class::Foreign,
    }
}

fn error(document: &Document, node: &Node, code: &'static str, message: &str, remedy: &str) -> Finding {
    Finding::file(Severity::Error, code, &document.file, crate::text::clean_line(message), remedy)
        .at(node.span.line, node.span.column)
}

fn metadata(document: &Document, root: &Node, kind: &'static Kind, version: &str) -> Class {
    let found = root.get("metadata");
    let mut findings = Vec::new();
    let place = found.unwrap_or(root);
    let name = match found.and_then(|metadata| metadata.get("name")) {
        Some(node) => name(document, node, &mut findings),
        None => {
            let message = "has no metadata.name".to_owned();
            findings.push(error(document, place, "HH-LD6", &message, "give it a name; generateName is not enough"));
            String::new()
        }
    };
    let namespace = found.and_then(|metadata| metadata.get("namespace")).filter(|node| !node.is_null());
    let mut warnings = Vec::new();
    let namespace = match namespace {
        None => "default".to_owned(),
        Some(node) => namespace_text(document, node, &mut findings, &mut warnings),
    };
    let file = format!("{namespace}_{name}.yaml");
    if findings.is_empty() && file.len() > 255 {
        let message = "gives a file name of more than 255 bytes".to_owned();
        findings.push(error(document, place, "HH-LD6", &message, "shorten the name"));
    }
    if layout::changes_what_is_applied(&format!("{name}.yaml")) {
        let message = format!("gives a file {name}.yaml, which changes what is applied");
        findings.push(error(document, place, "HH-LY1", &message, "choose another name"));
    }
    if !findings.is_empty() {
        return Class::Invalid(findings);
    }
    let identity = Identity { group: kind.group.to_owned(), kind: kind.name.to_owned(), namespace, name };
    Class::Resource(Resource { identity, version: version.to_owned(), kind, warnings })
}

fn name(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> String {
    let Some(name) = node.as_str() else {
        let message = format!("metadata.name is {}, not a string", node.type_name());
        findings.push(error(document, node, "HH-LD6", &message, "put the name in quotes"));
        return String::new();
    };
    if !is_name(name) {
        let message = format!("metadata.name {name} is not a name Kubernetes takes");
        let remedy = "use lower-case letters, digits, `-` and `.`, 253 characters at most";
        findings.push(error(document, node, "HH-LD6", &message, remedy));
    }
    name.to_owned()
}

fn namespace_text(
    document: &Document,
    node: &Node,
    findings: &mut Vec<Finding>,
    warnings: &mut Vec<Finding>,
) -> String {
    let namespace = node.as_str().unwrap_or_default();
    if !is_label(namespace) || namespace.len() > 63 {
        let message = "metadata.namespace is not a name Kubernetes takes".to_owned();
        findings.push(error(document, node, "HH-LD6", &message, "leave it out, or write `default`"));
    } else if namespace != "default" {
        let message = format!("namespace {namespace}: Hedgehog takes `default` only");
        let finding = Finding::file(Severity::Warning, "HH-M2", &document.file, message, "leave the namespace out");
        warnings.push(finding.at(node.span.line, node.span.column));
    }
    namespace.to_owned()
}

/// Whether a text is a lower-case RFC 1123 subdomain of at most 253 characters.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    !text.is_empty()
        && text.bytes().all(|byte| is_plain(byte) || byte == b'-')
        && text.bytes().next().is_some_and(is_plain)
        && text.bytes().last().is_some_and(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::document;

    fn class(text: &str) -> Class {
        classify(&document::read("raw/x.yaml", text.as_bytes()).documents[0])
    }

    #[test]
    fn a_resource_has_its_identity_without_the_version() {
        let text = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: a--b.c}\n";
        let Class::Resource(found) = class(text) else { panic!("{:?}", class(text)) };
        assert_eq!(found.identity.to_string(), "VPC/a--b.c");
        assert_eq!(found.identity.namespace, "default");
    }

    #[test]
    fn names_that_would_be_paths_are_findings() {
        for name in ["../../x", "A", "", "-a", "a_b", "kustomization", "123"] {
            let text = format!("apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: {name}\n");
            let Class::Invalid(findings) = class(&text) else { panic!("{name}") };
            assert!(findings[0].is_error() && findings[0].line.is_some());
        }
        assert!(matches!(class("apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\n"), Class::Invalid(_)));
        assert!(matches!(class("kind: VPC\n"), Class::Invalid(_)));
    }

    #[test]
    fn what_is_not_hedgehogs_is_foreign_and_what_is_not_the_users_is_refused() {
        for text in ["kind: ConfigMap\napiVersion: v1\n", "a: 1\n", "- 1\n", "apiVersion: argoproj.io/v1\nkind: VPC\n"]
        {
            assert_eq!(class(text), Class::Foreign, "{text}");
        }
        for kind in ["wiring.githedgehog.com/v1beta1\nkind: SwitchProfile", "vpc.githedgehog.com/v1alpha2\nkind: VPC"] {
            assert!(matches!(class(&format!("apiVersion: {kind}\n")), Class::Refused { .. }), "{kind}");
        }
    }
}
