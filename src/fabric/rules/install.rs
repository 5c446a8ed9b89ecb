//! Install: Fabricator, ControlNode and FabNode, as `fab.yaml` holds them.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::rules::Subject;
use crate::fabric::rules::desk::{Desk, entries, items, present, text};
use crate::fabric::rules::facts::Facts;
use crate::fabric::rules::net;
use crate::fabric::rules::world::World;
use crate::yaml::Node;

const NODES: [&str; 2] = ["ControlNode", "FabNode"];

/// M4: everything of an installation is in namespace `fab`.
fn namespace(desk: &mut Desk<'_>) {
    let subject = desk.subject;
    if subject.identity.namespace != "fab" {
        let metadata = subject.root.get("metadata").unwrap_or(subject.root);
        let place = metadata.get("namespace").unwrap_or(metadata);
        let message = format!("{} is not in namespace fab", subject.identity.kind);
        desk.error(place, "HH-M4", message, "write `namespace: fab`");
    }
}

/// FB1.
pub(super) fn fabricator(desk: &mut Desk<'_>) {
    namespace(desk);
    let root = desk.subject.root;
    if desk.name() != "default"
        && let Some(node) = root.path(&["metadata", "name"])
    {
        desk.error(node, "HH-M4", "the Fabricator is called default", "write `name: default`");
    }
    if let Some(fabric) = desk.spec().path(&["config", "fabric"]) {
        users(desk, fabric);
        if let Some((mode, node)) = text(fabric, &["mode"]).filter(|(mode, _)| *mode != "spine-leaf") {
            desk.error(node, "HH-FB1", format!("mode {mode} is not supported"), "write spine-leaf");
        }
    }
    if let Some((hash, node)) = text(desk.spec(), &["config", "control", "defaultUser", "password"])
        && !hash.starts_with("$5$")
    {
        desk.error(node, "HH-FB1", "the control user's password is no $5$ hash", "write the hash of the password");
    }
    ranges(desk, root);
    subnets(desk, root);
}

fn users(desk: &mut Desk<'_>, fabric: &Node) {
    let users = entries(fabric, &["defaultSwitchUsers"]);
    for entry in users {
        let role = text(&entry.value, &["role"]);
        if role.is_none_or(|(role, _)| !matches!(role, "admin" | "operator")) {
            let place = role.map_or(&entry.value, |(_, node)| node);
            desk.error(place, "HH-FB1", "the role of a switch user is admin or operator", "write one of them");
        }
        let hash = text(&entry.value, &["password"]);
        if !hash.is_some_and(|(hash, _)| hash.starts_with("$5$")) {
            let place = hash.map_or(&entry.value, |(_, node)| node);
            desk.error(place, "HH-FB1", "a switch user's password is no $5$ hash", "write the hash of the password");
        }
    }
    let is_admin = |entry: &crate::yaml::Entry| {
        entry.key.key_text() == "admin" && text(&entry.value, &["role"]).is_some_and(|(role, _)| role == "admin")
    };
    if !users.is_empty() && !users.iter().any(is_admin) {
        let place = fabric.get("defaultSwitchUsers").unwrap_or(fabric);
        desk.error(place, "HH-FB1", "there is no switch user admin with role admin", "add one");
    }
}

fn ranges(desk: &mut Desk<'_>, root: &Node) {
    let facts = Facts::of_fabricator(root);
    let (least, most) = facts.leaf_asn;
    let place = |path: &[&str]| present(root, path).unwrap_or(root);
    let leafs = place(&["spec", "config", "fabric", "leafASNStart"]);
    if least >= most {
        desk.error(leafs, "HH-FB1", format!("the leafs' ASNs {least}..{most} are no range"), "write the smaller first");
    }
    let spine = place(&["spec", "config", "fabric", "spineASN"]);
    if (least..=most).contains(&facts.spine_asn) || facts.spine_asn == facts.gateway_asn {
        desk.error(spine, "HH-FB1", "the spines' ASN is among those of leafs or gateways", "keep them apart");
    }
    if (least..=most).contains(&facts.gateway_asn) {
        let gateway = place(&["spec", "config", "gateway", "asn"]);
        desk.error(gateway, "HH-FB1", "the gateways' ASN is among those of leafs", "keep them apart");
    }
}

fn subnets(desk: &mut Desk<'_>, root: &Node) {
    let facts = Facts::of_fabricator(root);
    let nets: Vec<IpNet> = facts.reserved.iter().map(|(net, _)| *net).collect();
    let config = desk.spec().path(&["config"]).unwrap_or(root);
    for (a, b) in net::overlaps(&nets, |_, _| true) {
        let ((net, purpose), (other, for_what)) = (facts.reserved[a], facts.reserved[b]);
        let message = format!("{net} for {purpose} overlaps {other} for {for_what}");
        desk.error(config, "HH-FB1", message, "keep the subnets apart");
    }
    let inside = [(facts.control_vip, "the control VIP"), (facts.dhcp_start, "the start of DHCP")];
    for (address, what) in inside.into_iter().filter(|(address, _)| !facts.management.contains(address)) {
        desk.error(
            config,
            "HH-FB1",
            format!("{what}, {address}, is not inside {}", facts.management),
            "correct one of them",
        );
    }
    if let Some((vip, node)) = text(config, &["control", "controlVIP"])
        && net::prefix(vip).is_none_or(|vip| vip.prefix_len() != 32)
    {
        desk.error(node, "HH-FB1", format!("the control VIP `{vip}` is no /32"), "write one address with /32");
    }
}

/// FB2.
pub(super) fn node(desk: &mut Desk<'_>) {
    namespace(desk);
    let spec = desk.spec();
    let needed: &[&[&str]] = match desk.subject.identity.kind.as_str() {
        "ControlNode" => &[&["management", "interface"], &["external", "interface"], &["bootstrap", "disk"]],
        _ => &[&["management", "interface"], &["bootstrap", "disk"]],
    };
    for path in needed {
        if text(spec, path).is_none() {
            desk.error(spec, "HH-FB2", format!("{} is missing", path.join(".")), "write it");
        }
    }
    let external = text(spec, &["external", "ip"]).filter(|(ip, _)| *ip != "dhcp");
    if let Some((ip, node)) = external.filter(|(ip, _)| net::prefix(ip).is_none()) {
        let message = format!("external.ip `{ip}` is no address with its prefix");
        desk.error(node, "HH-FB2", message, "write it, or `dhcp`");
    }
    let mut seen = Vec::new();
    for node in items(spec, &["roles"]) {
        let role = node.as_str().unwrap_or_default();
        if role != "gateway" || seen.contains(&role) {
            desk.error(node, "HH-FB2", format!("role `{role}` is unknown, or here twice"), "write gateway, once");
        }
        seen.push(role);
    }
}

/// M4 of the whole: one Fabricator, one ControlNode, each node's name once.
pub(super) fn across(world: &World<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut remark = |subject: &Subject<'_>, first: &Subject<'_>, message: &str| {
        let place = subject.root.path(&["metadata", "name"]).unwrap_or(subject.root);
        let finding = subject.finding(Severity::Error, place, "HH-M4", message, "keep one");
        findings.push(finding.with(first.file, first.root.span.line, "the first one"));
    };
    for kind in ["Fabricator", "ControlNode"] {
        let mut all = world.all(kind);
        let Some(first) = all.next() else { continue };
        for other in all {
            remark(other, first, &format!("there is exactly one {kind}"));
        }
    }
    let mut names: BTreeMap<&str, &Subject<'_>> = BTreeMap::new();
    for kind in NODES {
        for subject in world.all(kind) {
            let first = *names.entry(&subject.identity.name).or_insert(subject);
            if first.identity != subject.identity {
                remark(subject, first, "another node has this name");
            }
        }
    }
    findings
}
