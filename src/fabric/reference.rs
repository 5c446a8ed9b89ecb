//! Reference: which scalars of a resource name other resources, and how the name sits in them.

use crate::yaml::{Node, Span};

/// One scalar of a resource that names another resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The kind of what is named; its group is the one in [`crate::fabric::kind`]'s table.
    pub target: &'static str,
    /// Its name.
    pub name: String,
    /// The path of the referring scalar, such as `spec.fabric.links[0].leaf.port`.
    pub path: String,
    /// Where the referring scalar stands, quotes included; for [`Form::Implied`] the resource itself.
    pub span: Span,
    /// The whole text of the referring scalar.
    pub text: String,
    /// How the name sits in the text.
    pub form: Form,
    /// Whether the scalar is a map's key.
    pub is_key: bool,
}

/// How a name sits in the scalar that refers with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The whole scalar is the name.
    Whole,
    /// The name stands before the first `/`: `<device>/<port>`, `<vpc>/<subnet>`.
    BeforeSlash,
    /// `ext.<name>`, as gateway peerings name an External.
    Ext,
    /// Nothing is written and the name is what a webhook fills in: `default`.
    Implied,
}

impl Reference {
    /// The scalar's text with another name in the same place.
    pub fn renamed(&self, name: &str) -> String {
        match self.form {
            Form::Whole | Form::Implied => name.to_owned(),
            Form::Ext => format!("ext.{name}"),
            Form::BeforeSlash => format!("{name}{}", self.text.get(self.name.len()..).unwrap_or_default()),
        }
    }
}

/// Every reference of a resource of this kind, in the order of its fields; `root` is its document.
pub fn references(kind: &str, root: &Node) -> Vec<Reference> {
    let mut found = Found { references: Vec::new(), root: root.span };
    let Some(spec) = root.get("spec") else {
        imply(kind, &Node { value: crate::yaml::Value::Null, span: root.span }, &mut found);
        return found.references;
    };
    match kind {
        "Connection" => connection(spec, &mut found),
        "Switch" => switch(spec, &mut found),
        "VPC" => vpc(spec, &mut found),
        "VPCAttachment" => {
            found.before_slash("VPC", spec, "subnet");
            found.whole("Connection", spec, "connection", "spec");
        }
        "VPCPeering" => vpc_peering(spec, &mut found),
        "External" => found.whole("IPv4Namespace", spec, "ipv4Namespace", "spec"),
        "ExternalAttachment" => {
            found.whole("External", spec, "external", "spec");
            found.whole("Connection", spec, "connection", "spec");
        }
        "ExternalPeering" => {
            for (target, end) in [("VPC", "vpc"), ("External", "external")] {
                if let Some(end_node) = spec.path(&["permit", end]) {
                    found.whole(target, end_node, "name", &format!("spec.permit.{end}"));
                }
            }
        }
        "Gateway" => {
            for (at, group) in items(spec, "groups") {
                found.whole("GatewayGroup", group, "name", &format!("spec.groups[{at}]"));
            }
        }
        "GatewayPeering" => gateway_peering(spec, &mut found),
        _ => {}
    }
    imply(kind, spec, &mut found);
    found.references
}

struct Found {
    references: Vec<Reference>,
    root: Span,
}

impl Found {
    fn add(&mut self, target: &'static str, node: &Node, path: String, form: Form) {
        let Some(text) = node.as_str().filter(|text| !text.is_empty()) else {
            return;
        };
        let name = match form {
            Form::BeforeSlash => text.split('/').next().unwrap_or_default(),
            Form::Ext => text.strip_prefix("ext.").unwrap_or(text),
            Form::Whole | Form::Implied => text,
        };
        if !name.is_empty() {
            let (name, text) = (name.to_owned(), text.to_owned());
            self.references.push(Reference { target, name, path, span: node.span, text, form, is_key: false });
        }
    }

    fn whole(&mut self, target: &'static str, node: &Node, field: &str, path: &str) {
        if let Some(value) = node.get(field) {
            self.add(target, value, format!("{path}.{field}"), Form::Whole);
        }
    }

    fn before_slash(&mut self, target: &'static str, spec: &Node, field: &str) {
        if let Some(value) = spec.get(field) {
            self.add(target, value, format!("spec.{field}"), Form::BeforeSlash);
        }
    }

    /// A VPC, or an External behind `ext.`.
    fn peer(&mut self, node: &Node, path: String) {
        let is_external = node.as_str().is_some_and(|text| text.starts_with("ext."));
        let (target, form) = if is_external { ("External", Form::Ext) } else { ("VPC", Form::Whole) };
        self.add(target, node, path, form);
    }

    /// What was added since the first `before` stands in keys.
    fn mark_keys(&mut self, before: usize) {
        for reference in self.references.iter_mut().skip(before) {
            reference.is_key = true;
        }
    }

    fn imply(&mut self, target: &'static str, path: &str) {
        self.references.push(Reference {
            target,
            name: "default".to_owned(),
            path: path.to_owned(),
            span: self.root,
            text: String::new(),
            form: Form::Implied,
            is_key: false,
        });
    }
}

/// What a webhook fills in with `default` where nothing is written.
fn imply(kind: &str, spec: &Node, found: &mut Found) {
    let fields: &[(&'static str, &str)] = match kind {
        "Switch" => &[("VLANNamespace", "vlanNamespaces")],
        "VPC" => &[("IPv4Namespace", "ipv4Namespace"), ("VLANNamespace", "vlanNamespace")],
        "External" => &[("IPv4Namespace", "ipv4Namespace")],
        "Gateway" => &[("GatewayGroup", "groups")],
        "GatewayPeering" => &[("GatewayGroup", "gatewayGroup")],
        _ => &[],
    };
    for (target, field) in fields {
        if is_unset(spec.get(field)) {
            found.imply(target, &format!("spec.{field}"));
        }
    }
}

fn is_unset(node: Option<&Node>) -> bool {
    node.is_none_or(|node| {
        node.is_null() || node.as_str() == Some("") || node.as_sequence().is_some_and(<[Node]>::is_empty)
    })
}

fn items<'a>(node: &'a Node, field: &str) -> impl Iterator<Item = (usize, &'a Node)> {
    node.get(field).and_then(Node::as_sequence).unwrap_or_default().iter().enumerate()
}

fn connection(spec: &Node, found: &mut Found) {
    for typed in spec.as_mapping().unwrap_or_default() {
        let path = format!("spec.{}", typed.key.key_text());
        if let Some(link) = typed.value.get("link") {
            ends(link, &format!("{path}.link"), found);
        }
        for field in ["links", "peerLinks", "sessionLinks"] {
            for (at, link) in items(&typed.value, field) {
                ends(link, &format!("{path}.{field}[{at}]"), found);
            }
        }
        found.whole("VPC", &typed.value, "withinVPC", &path);
    }
}

fn ends(link: &Node, path: &str, found: &mut Found) {
    for end in link.as_mapping().unwrap_or_default() {
        let name = end.key.key_text();
        let target = match name.as_str() {
            "server" => "Server",
            "gateway" => "Gateway",
            "switch" | "switch1" | "switch2" | "leaf" | "leaf1" | "leaf2" | "spine" => "Switch",
            _ => continue,
        };
        if let Some(port) = end.value.get("port") {
            found.add(target, port, format!("{path}.{name}.port"), Form::BeforeSlash);
        }
    }
}

fn switch(spec: &Node, found: &mut Found) {
    found.whole("SwitchProfile", spec, "profile", "spec");
    for (target, field) in [("SwitchGroup", "groups"), ("VLANNamespace", "vlanNamespaces")] {
        for (at, item) in items(spec, field) {
            found.add(target, item, format!("spec.{field}[{at}]"), Form::Whole);
        }
    }
    if let Some(redundancy) = spec.get("redundancy") {
        found.whole("SwitchGroup", redundancy, "group", "spec.redundancy");
    }
}

fn vpc(spec: &Node, found: &mut Found) {
    found.whole("IPv4Namespace", spec, "ipv4Namespace", "spec");
    found.whole("VLANNamespace", spec, "vlanNamespace", "spec");
    for subnet in spec.get("subnets").and_then(Node::as_mapping).unwrap_or_default() {
        if let Some(dhcp) = subnet.value.get("dhcp") {
            let path = format!("spec.subnets.{}.dhcp", subnet.key.key_text());
            found.whole("VPC", dhcp, "relayVPC", &path);
        }
    }
}

fn vpc_peering(spec: &Node, found: &mut Found) {
    for (at, permit) in items(spec, "permit") {
        for entry in permit.as_mapping().unwrap_or_default() {
            let path = format!("spec.permit[{at}].{}", entry.key.key_text());
            found.add("VPC", &entry.key, path, Form::Whole);
        }
    }
    found.mark_keys(0);
}

fn gateway_peering(spec: &Node, found: &mut Found) {
    found.whole("GatewayGroup", spec, "gatewayGroup", "spec");
    let before = found.references.len();
    for entry in spec.get("peering").and_then(Node::as_mapping).unwrap_or_default() {
        found.peer(&entry.key, format!("spec.peering.{}", entry.key.key_text()));
    }
    found.mark_keys(before);
    let rules = spec.get("acl").map(|acl| items(acl, "rules")).into_iter().flatten();
    for (at, rule) in rules {
        for field in ["from", "to"] {
            if let Some(node) = rule.get(field) {
                found.peer(node, format!("spec.acl.rules[{at}].{field}"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
