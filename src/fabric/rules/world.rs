//! World: every resource by kind and name, and who uses what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::fabric::hydration::{self, Hydration};
use crate::fabric::resource::{Identity, plain_port};
use crate::fabric::rules::connection::Link;
use crate::fabric::rules::desk::{present, text};
use crate::fabric::rules::{Settings, Subject};
use crate::yaml::Node;

/// Everything that rules compare a resource with.
pub(super) struct World<'a> {
    /// What is assumed and wanted.
    pub(super) settings: &'a Settings,
    /// The resources, in the order of files and lines; the first of an identity counts.
    pub(super) subjects: &'a [Subject<'a>],
    /// The addresses the fabric fills in.
    pub(super) hydration: Hydration,
    by_name: HashMap<(&'a str, &'a str), usize>,
    before: HashMap<(&'a str, &'a str), &'a Subject<'a>>,
    rejected: BTreeSet<(&'a str, &'a str)>,
    attachments: HashMap<&'a str, Vec<usize>>,
    ports: HashMap<String, Vec<usize>>,
    /// The first who has an address, an ASN, a VLAN: by a word for its use and the value.
    first: BTreeMap<(&'static str, String), Vec<(usize, &'a Node)>>,
}

impl<'a> World<'a> {
    /// Makes the indexes.
    pub(super) fn new(
        settings: &'a Settings,
        subjects: &'a [Subject<'a>],
        before: &'a [Subject<'a>],
        rejected: &'a [Identity],
    ) -> Self {
        let mut world = Self {
            settings,
            subjects,
            hydration: hydration::among(subjects.iter().map(|subject| (subject.identity, subject.file, subject.root))),
            by_name: HashMap::with_capacity(subjects.len()),
            before: before.iter().map(|subject| (subject.key(), subject)).collect(),
            rejected: rejected.iter().map(|identity| (identity.kind.as_str(), identity.name.as_str())).collect(),
            attachments: HashMap::new(),
            ports: HashMap::new(),
            first: BTreeMap::new(),
        };
        for (at, subject) in subjects.iter().enumerate() {
            world.by_name.entry(subject.key()).or_insert(at);
        }
        for (at, subject) in subjects.iter().enumerate() {
            world.note(at, subject);
        }
        world
    }

    fn note(&mut self, at: usize, subject: &'a Subject<'a>) {
        let spec = subject.spec();
        match subject.identity.kind.as_str() {
            "VPCAttachment" | "ExternalAttachment" => {
                if let Some((connection, _)) = text(spec, &["connection"]) {
                    self.attachments.entry(connection).or_default().push(at);
                }
            }
            "Connection" => self.note_connection(at, spec),
            "Switch" | "Gateway" => self.note_addresses(at, spec),
            _ => {}
        }
    }

    fn note_connection(&mut self, at: usize, spec: &'a Node) {
        if present(spec, &["mclag"]).is_some() || present(spec, &["mclagDomain"]).is_some() {
            return;
        }
        for link in Link::of(spec) {
            for end in link.ends() {
                if let Some((port, _)) = end.port() {
                    self.ports.entry(plain_port(port)).or_default().push(at);
                }
                if let Some((ip, node)) = text(end.node, &["ip"]) {
                    let address = ip.split('/').next().unwrap_or(ip).to_owned();
                    self.first.entry(("link", address)).or_default().push((at, node));
                }
            }
        }
    }

    fn note_addresses(&mut self, at: usize, spec: &'a Node) {
        for (word, key) in [("management", "ip"), ("protocol", "protocolIP"), ("vtep", "vtepIP"), ("mac", "vtepMAC")] {
            if let Some((value, node)) = text(spec, &[key]) {
                let value = if word == "management" { value.split('/').next().unwrap_or(value) } else { value };
                self.first.entry((word, value.to_lowercase())).or_default().push((at, node));
            }
        }
        let is_leaf = text(spec, &["role"]).is_some_and(|(role, _)| role.ends_with("leaf"));
        if let Some(node) = present(spec, &["asn"]).filter(|_| is_leaf) {
            self.first.entry(("asn", node.key_text())).or_default().push((at, node));
        }
    }

    /// The resource of a kind and name.
    pub(super) fn find(&self, kind: &str, name: &str) -> Option<&'a Subject<'a>> {
        self.by_name.get(&(kind, name)).map(|at| &self.subjects[*at])
    }

    /// Whether a kind and name can be referred to: in the directory, or always in the cluster.
    pub(super) fn exists(&self, kind: &str, name: &str) -> bool {
        self.find(kind, name).is_some() || (kind == "GatewayGroup" && name == "default")
    }

    /// The names of a kind.
    pub(super) fn names(&self, kind: &str) -> impl Iterator<Item = &'a str> {
        self.subjects.iter().filter(move |s| s.identity.kind == kind).map(|subject| subject.identity.name.as_str())
    }

    /// Every resource of a kind.
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = &'a Subject<'a>> {
        self.subjects.iter().filter(move |subject| subject.identity.kind == kind)
    }

    /// The rule that guards the removal of a resource that was there before; `code` where none does.
    pub(super) fn removal(&self, kind: &str, name: &str, code: &'static str) -> Option<&'static str> {
        self.before.get(&(kind, name)).map(|_| match kind {
            "VLANNamespace" => "HH-VN5",
            "IPv4Namespace" => "HH-IN4",
            "Server" | "Switch" | "SwitchGroup" => "HH-SG1",
            "Connection" => "HH-CN11",
            "VPC" if code != "HH-GP1" => "HH-VP16",
            "External" if code != "HH-GP1" => "HH-EX3",
            _ => code,
        })
    }

    /// The resource as it was at the branch's last commit.
    pub(super) fn before(&self, kind: &str, name: &str) -> Option<&'a Subject<'a>> {
        self.before.get(&(kind, name)).copied()
    }

    /// Whether its document was rejected just now.
    pub(super) fn rejected(&self, kind: &str, name: &str) -> bool {
        self.rejected.contains(&(kind, name))
    }

    /// The attachments of a connection, in order.
    pub(super) fn attachments(&self, connection: &str) -> impl Iterator<Item = &'a Subject<'a>> {
        let found = self.attachments.get(connection).map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|at| &self.subjects[*at])
    }

    /// The first connection that uses a port, if it is not this one and stands before it.
    pub(super) fn earlier_use(&self, port: &str, subject: &Subject<'_>) -> Option<&'a Subject<'a>> {
        let users = self.ports.get(&plain_port(port))?;
        let first = &self.subjects[*users.first()?];
        (first.identity != subject.identity).then_some(first)
    }

    /// The first other resource that has a value, if it stands before this one.
    pub(super) fn earlier_owner(
        &self,
        word: &'static str,
        value: &str,
        node: &Node,
    ) -> Option<(&'a Subject<'a>, &'a Node)> {
        let (at, first) = self.first.get(&(word, value.to_lowercase()))?.first()?;
        (!std::ptr::eq(*first, node)).then_some((&self.subjects[*at], *first))
    }
}
