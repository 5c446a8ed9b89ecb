//! Namespaces: VLANNamespace and IPv4Namespace.

use ipnet::IpNet;

use crate::fabric::rules::desk::{Desk, items};
use crate::fabric::rules::net;
use crate::yaml::Node;

/// A range of VLANs, with its place.
pub(super) struct Range<'a> {
    /// The first.
    pub(super) from: i128,
    /// The last.
    pub(super) to: i128,
    /// Where it stands.
    pub(super) node: &'a Node,
}

/// The ranges of a VLANNamespace's spec.
pub(super) fn ranges(spec: &Node) -> Vec<Range<'_>> {
    let number = |node: &Node, key: &str| node.get(key).and_then(Node::as_integer).unwrap_or(0);
    items(spec, &["ranges"])
        .iter()
        .map(|node| {
            let (from, to) = (number(node, "from"), number(node, "to"));
            Range { from, to: if to == 0 { from } else { to }, node }
        })
        .collect()
}

/// VN2 and VN3; VN1 is a limit of the field.
pub(super) fn vlan(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    let ranges = ranges(spec);
    if items(spec, &["ranges"]).is_empty() {
        desk.strict_limit(spec, "HH-VN1", "has no ranges", "write at least one range of VLANs");
    }
    for range in &ranges {
        let (from, to) = (range.from, range.to);
        if from > to || from < 1 || to > 4094 {
            let message = format!("{from}-{to} is no range of VLANs");
            desk.error(range.node, "HH-VN2", message, "write from and to within 1..4094, the smaller first");
        }
    }
    for (index, range) in ranges.iter().enumerate() {
        let overlaps = |from: i128, to: i128| range.from <= to && from <= range.to;
        if let Some(other) = ranges[..index].iter().find(|other| overlaps(other.from, other.to)) {
            let message = format!("{}-{} overlaps {}-{}", range.from, range.to, other.from, other.to);
            let place = (desk.subject, other.node, "the other range");
            desk.clash(range.node, "HH-VN3", message, "keep the ranges apart", place);
        }
        let reserved = desk.world.settings.facts.vlans.iter().find(|(from, to, _)| overlaps(*from, *to));
        if let Some((from, to, purpose)) = reserved {
            let message = format!("{}-{} overlaps {from}-{to}, which {purpose} need", range.from, range.to);
            desk.error(range.node, "HH-VN3", message, "choose VLANs outside");
        }
    }
}

/// The subnets of an IPv4Namespace's spec that can be read.
pub(super) fn subnets(spec: &Node) -> Vec<(IpNet, &Node)> {
    items(spec, &["subnets"]).iter().filter_map(|node| Some((net::prefix(node.as_str()?)?.trunc(), node))).collect()
}

/// IN1 to IN3.
pub(super) fn ipv4(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    desk.short_name("HH-IN1");
    let listed = items(spec, &["subnets"]);
    if listed.is_empty() {
        desk.strict_limit(spec, "HH-IN2", "has no subnets", "write at least one subnet");
    }
    if (11..=20).contains(&listed.len()) {
        let message = format!("has {} subnets; 10 are allowed", listed.len());
        desk.error(&listed[10], "HH-IN2", message, "join neighbouring subnets, or use a second namespace");
    }
    for node in listed {
        let text = node.as_str().unwrap_or_default();
        if node.as_str().is_some() && net::prefix(text).is_none() {
            desk.error(node, "HH-IN2", format!("`{text}` is no subnet"), "write it like 10.0.0.0/16");
        }
    }
    let subnets = subnets(spec);
    let nets: Vec<IpNet> = subnets.iter().map(|(net, _)| *net).collect();
    for (inside, around) in net::overlaps(&nets, |_, _| true) {
        let (later, earlier) = (inside.max(around), inside.min(around));
        let message = format!("{} overlaps {}", nets[later], nets[earlier]);
        let place = (desk.subject, subnets[earlier].1, "the other subnet");
        desk.clash(subnets[later].1, "HH-IN3", message, "keep the subnets apart", place);
    }
    for (net, node) in subnets {
        desk.unreserved(node, &net, "HH-IN3");
    }
}

impl Desk<'_> {
    /// A limit that the API server has and Hedgehog's own checks do not.
    pub(super) fn strict_limit(&mut self, node: &Node, code: &'static str, message: &str, remedy: &str) {
        let message = format!("{} {message}", self.subject.identity);
        self.error(node, code, message, remedy);
    }

    /// Names of at most 11 characters.
    pub(super) fn short_name(&mut self, code: &'static str) {
        let name = self.name();
        if name.len() > 11
            && let Some(node) = self.subject.root.path(&["metadata", "name"])
        {
            let message = format!("name {name} has {} characters; 11 are allowed", name.len());
            self.error(node, code, message, "choose a shorter name");
        }
    }

    /// Prefixes outside what the fabric needs itself.
    pub(super) fn unreserved(&mut self, node: &Node, net: &IpNet, code: &'static str) {
        let found = self.world.settings.facts.reserved.iter().find(|(reserved, _)| net::overlap(reserved, net));
        if let Some((reserved, purpose)) = found {
            let message = format!("{net} overlaps {reserved}, which is reserved for {purpose}");
            self.error(node, code, message, "choose addresses outside");
        }
    }
}
