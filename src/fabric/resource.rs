//! Resource, Identity; equal meaning; what a document is.

mod links;
mod meaning;
mod metadata;

use std::fmt;

use crate::fabric::document::Document;
use crate::fabric::finding::{Finding, Severity, code};
use crate::fabric::kind::{self, Kind};
use crate::fabric::secret::encrypted;
use crate::yaml::Node;

pub(crate) use links::{ADDRESSED, plain_port};
pub(crate) use meaning::is_filled;
pub use meaning::{dropped_hydration, is_noise, same_meaning};
pub(crate) use metadata::is_name;

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

/// Tells what a document is; apiVersion, kind and metadata are checked, its spec is not.
///
/// The first that holds: invalid, not Hedgehog's, refused, a resource.
pub fn classify(document: &Document) -> Class {
    classify_of(document, Authors::Users)
}

/// Whose kinds count as resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authors {
    /// Those a user may author: what a GitOps directory may hold.
    Users,
    /// The installer's and the controllers' too: what files from anywhere may hold.
    Everyone,
}

/// Tells what a document is, where these authors' kinds count.
pub fn classify_of(document: &Document, authors: Authors) -> Class {
    let Some(root) = &document.value else {
        if document.is_template {
            return Class::Refused { findings: document.strict.clone() };
        }
        return Class::Invalid(document.findings.clone());
    };
    if document.findings.iter().any(Finding::is_error) {
        return Class::Invalid(document.findings.clone());
    }
    if encrypted::is_by_sops(root) {
        return Class::Foreign;
    }
    let text = |key: &str| root.get(key).and_then(Node::as_str);
    match (text("apiVersion"), text("kind")) {
        (Some(version), Some(name)) => stated(document, root, (version, name), authors),
        (None, Some(name)) if kind::kinds().iter().any(|known| known.name == name) => {
            Class::Invalid(vec![lacking(document, root, "apiVersion")])
        }
        (Some(version), None) if is_hedgehogs(version) => Class::Invalid(vec![lacking(document, root, "kind")]),
        _ => Class::Foreign,
    }
}

/// What to say of a document that SOPS has encrypted: whatever kind it is of, nothing of it can be managed.
pub fn by_sops(document: &Document) -> Option<Finding> {
    let root = document.value.as_ref().filter(|root| encrypted::is_by_sops(root))?;
    let at = root.get("sops").map_or(root.span, |sops| sops.span);
    let remedy = "nothing is to be done: it is kept below unmanaged/; decrypt it first if it is to be managed";
    let message = encrypted::by_sops(root);
    Some(Finding::file(Severity::Note, "HH-LD3", &document.file, message, remedy).at(at.line, at.column))
}

fn stated(document: &Document, root: &Node, (api_version, name): (&str, &str), authors: Authors) -> Class {
    let is_open = |text: &str| ["{{", "$(", "${"].iter().any(|mark| text.contains(mark)) || text.starts_with('<');
    if document.is_template && (is_open(api_version) || is_open(name)) {
        return Class::Refused { findings: document.strict.clone() };
    }
    let Some((group, version)) = api_version.split_once('/').filter(|(group, _)| kind::is_hedgehog_group(group)) else {
        return Class::Foreign;
    };
    let refused = |field: &str, code, (message, remedy): (String, String)| {
        let at = root.get(field).unwrap_or(root);
        Class::Refused { findings: vec![error(document, at, code, &message, &remedy)] }
    };
    if let Some(unknown) = kind::unknown(group, version, name) {
        return refused("apiVersion", "HH-LD3", unknown);
    }
    let known = kind::find(group, name);
    let not_authored = known.filter(|_| authors == Authors::Users).and_then(kind::not_authored);
    if let Some(not_authored) = not_authored {
        let code = if name == "SwitchProfile" { "HH-SP1" } else { code::REFUSED };
        return refused("kind", code, not_authored);
    }
    if document.is_template {
        return Class::Refused { findings: document.strict.clone() };
    }
    match known {
        Some(kind) => checked(document, root, kind, version),
        None => Class::Foreign,
    }
}

fn checked(document: &Document, root: &Node, kind: &'static Kind, version: &str) -> Class {
    let mut findings = document.findings.clone();
    findings.extend(document.strict.iter().cloned());
    let place = metadata::check(&document.file, root, kind, &mut findings);
    match place.filter(|_| !findings.iter().any(Finding::is_error)) {
        Some((name, namespace)) => {
            let identity = Identity { group: kind.group.to_owned(), kind: kind.name.to_owned(), namespace, name };
            Class::Resource(Resource { identity, version: version.to_owned(), kind, warnings: findings })
        }
        None => Class::Invalid(findings),
    }
}

fn is_hedgehogs(api_version: &str) -> bool {
    api_version.split_once('/').is_some_and(|(group, _)| kind::is_hedgehog_group(group))
}

fn lacking(document: &Document, root: &Node, field: &str) -> Finding {
    let (message, node) = match root.get(field) {
        Some(node) => (format!("{field} must be a string, and is {}", node.type_name()), node),
        None => (format!("{field} is missing"), root),
    };
    let remedy = format!("write the {field} of the resource");
    error(document, node, code::SHAPE, &message, &remedy)
}

fn error(document: &Document, node: &Node, code: &'static str, message: &str, remedy: &str) -> Finding {
    Finding::file(Severity::Error, code, &document.file, crate::text::clean_line(message), remedy)
        .at(node.span.line, node.span.column)
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
