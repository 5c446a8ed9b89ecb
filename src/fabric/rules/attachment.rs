//! Attachment: VPCAttachment and VPCPeering.

use std::collections::BTreeSet;

use crate::fabric::rules::desk::{Desk, entries, flag, items, present, text};
use crate::fabric::rules::{Subject, connection, net, ports};
use crate::yaml::Node;

/// VPC and subnet that an attachment names; a bare VPC means its subnet `default`.
fn target(spec: &Node) -> Option<(&str, &str, &Node)> {
    let (written, node) = text(spec, &["subnet"])?;
    let (vpc, subnet) = written.split_once('/').unwrap_or((written, "default"));
    Some((vpc, subnet, node))
}

/// VA1 to VA6.
pub(super) fn check(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    let target = target(spec);
    if target.is_none_or(|(vpc, _, _)| vpc.is_empty()) {
        let place = spec.get("subnet").unwrap_or(spec);
        desk.error(place, "HH-VA1", "names no subnet", "write `subnet: <vpc>/<subnet>`");
    }
    let connection = text(spec, &["connection"]);
    if connection.is_none() {
        desk.error(spec, "HH-VA1", "names no connection", "write `connection: <name of a Connection>`");
    }
    link(desk);
    let subnet = target.filter(|(vpc, _, _)| !vpc.is_empty()).and_then(|found| vpc_of(desk, found));
    let Some((name, node)) = connection else { return };
    let Some(connection) = desk.world.find("Connection", name) else {
        return desk.missing(node, "HH-VA2", "Connection", name);
    };
    once(desk, spec, name);
    let is_mclag = connection::is_mclag(connection.spec());
    let kind = if is_mclag { Some("mclag") } else { connection::kind(connection.spec()) };
    let is_known = kind.is_some();
    if is_known && !matches!(kind, Some("unbundled" | "bundled" | "eslag")) {
        let message = format!("Connection {name} is of type {}", kind.unwrap_or_default());
        return desk.error(node, "HH-VA2", message, "attach to an unbundled, bundled or eslag connection");
    }
    if let (Some((vpc, subnet)), Some(kind)) = (subnet, kind) {
        fits(desk, node, kind, vpc, subnet);
        switches(desk, node, connection, vpc, subnet);
    }
}

/// VA2 of the VPC; gives it and its subnet.
fn vpc_of<'a>(desk: &mut Desk<'a>, (vpc, subnet, node): (&str, &str, &Node)) -> Option<(&'a Subject<'a>, &'a Node)> {
    let Some(found) = desk.world.find("VPC", vpc) else {
        desk.missing(node, "HH-VA2", "VPC", vpc);
        return None;
    };
    let entry = entries(found.spec(), &["subnets"]).iter().find(|entry| entry.key.key_text() == subnet);
    if entry.is_none() {
        let names: Vec<String> = entries(found.spec(), &["subnets"]).iter().map(|entry| entry.key.key_text()).collect();
        let remedy = format!("name one of its subnets: {}", names.join(", "));
        desk.error(node, "HH-VA2", format!("VPC {vpc} has no subnet {subnet}"), &remedy);
    }
    Some((found, &entry?.value))
}

/// VA3.
fn fits(desk: &mut Desk<'_>, node: &Node, kind: &str, vpc: &Subject<'_>, subnet: &Node) {
    if let Some((mode, _)) = text(vpc.spec(), &["mode"])
        && kind == "eslag"
    {
        let message = format!("{} has mode {mode}, which eslag connections do not support", vpc.identity);
        desk.error(node, "HH-VA3", message, "attach it to unbundled or bundled connections");
    }
    if !flag(subnet, &["hostBGP"]) {
        return;
    }
    if kind != "unbundled" {
        let message = format!("a hostBGP subnet cannot be attached to a connection of type {kind}");
        desk.error(node, "HH-VA3", message, "attach it to an unbundled connection");
    }
    if let Some(native) = desk.spec().get("nativeVLAN").filter(|_| flag(desk.spec(), &["nativeVLAN"])) {
        let message = "a hostBGP subnet is not attached with nativeVLAN";
        desk.error(native, "HH-VA3", message, "leave nativeVLAN and the subnet's vlan out");
    }
}

/// VA4.
fn switches(desk: &mut Desk<'_>, node: &Node, connection: &Subject<'_>, vpc: &Subject<'_>, subnet: &Node) {
    let wanted = text(vpc.spec(), &["vlanNamespace"]).map_or("default", |(name, _)| name);
    for name in connection::switches(connection.spec()) {
        let Some(switch) = desk.world.find("Switch", name) else { continue };
        let spec = switch.spec();
        let listed = items(spec, &["vlanNamespaces"]);
        let has = listed.iter().any(|item| item.as_str() == Some(wanted)) || (listed.is_empty() && wanted == "default");
        if !has {
            let message = format!("{} of this connection is not in VLANNamespace {wanted}", switch.identity);
            desk.error(node, "HH-VA4", message, "add the namespace to the switch, or use another connection");
        }
        let is_mclag = text(spec, &["redundancy", "type"]).is_some_and(|(kind, _)| kind == "mclag");
        if is_mclag && flag(subnet, &["hostBGP"]) {
            let message = format!("{} is an MCLAG peer, which hostBGP subnets do not support", switch.identity);
            desk.error(node, "HH-VA4", message, "use another connection");
        }
        let Some(profile) = ports::profile(desk, spec) else { continue };
        let needed: &[&str] = if text(vpc.spec(), &["mode"]).is_some() { &["l3vni"] } else { &["l2vni", "l3vni"] };
        if needed.iter().any(|feature| !profile.features.contains(*feature)) {
            let message = format!("the profile of {} does not support the VPC's mode", switch.identity);
            desk.error(node, "HH-VA4", message, "use another connection, or mode l3vni where the switch supports that");
        }
    }
}

/// VA5: the same subnet once a connection, and one native VLAN.
fn once(desk: &mut Desk<'_>, spec: &Node, connection: &str) {
    let (world, subject) = (desk.world, desk.subject);
    let own = target(spec).map(|(vpc, subnet, _)| (vpc, subnet));
    let is_native = flag(spec, &["nativeVLAN"]);
    for other in world.attachments(connection).take_while(|other| other.identity != subject.identity) {
        if other.identity.kind != "VPCAttachment" {
            continue;
        }
        let theirs = target(other.spec());
        if own.is_some() && theirs.map(|(vpc, subnet, _)| (vpc, subnet)) == own {
            let place = (other, theirs.map_or(other.root, |(_, _, node)| node), "first attached here");
            let node = spec.get("subnet").unwrap_or(spec);
            desk.clash(
                node,
                "HH-VA5",
                format!("{} attaches this subnet here already", other.identity),
                "keep one",
                place,
            );
        }
        if is_native && flag(other.spec(), &["nativeVLAN"]) {
            let node = spec.get("nativeVLAN").unwrap_or(spec);
            let message = format!("{} has this connection's native VLAN already", other.identity);
            let place = (other, other.spec().get("nativeVLAN").unwrap_or(other.root), "first used here");
            desk.clash(node, "HH-VA5", message, "only one attachment of a connection is native", place);
        }
    }
}

/// VA6.
fn link(desk: &mut Desk<'_>) {
    let path = ["metadata", "annotations", "fabric.githedgehog.com/p2p-link"];
    let Some(node) = desk.subject.root.path(&path) else { return };
    let net = node.as_str().and_then(net::prefix);
    if !net.is_some_and(|net| net.addr().is_ipv4() && net.prefix_len() == 31) {
        desk.error(node, "HH-VA6", "p2p-link is no IPv4 /31", "write it like 172.31.0.0/31, or remove it");
    }
}

/// PE1 and PE2.
pub(super) fn peering(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    if let Some((_, node)) = text(spec, &["remote"]) {
        desk.error(node, "HH-PE1", "remote is no longer supported", "remove it");
    }
    let permits = items(spec, &["permit"]);
    if permits.is_empty() && present(spec, &["permit"]).is_none() {
        desk.error(spec, "HH-PE1", "permits nothing", "write `permit` with the two VPCs");
    }
    let mut named: BTreeSet<String> = BTreeSet::new();
    for permit in permits {
        let pair = permit.as_mapping().unwrap_or_default();
        if pair.len() != 2 {
            desk.error(permit, "HH-PE1", format!("names {} VPCs", pair.len()), "name exactly two VPCs in each permit");
        }
        named.extend(pair.iter().map(|entry| entry.key.key_text()));
    }
    if named.len() > 2 && permits.iter().all(|permit| permit.as_mapping().is_some_and(|pair| pair.len() == 2)) {
        let message = "the permits are about different VPCs";
        desk.error(&permits[1], "HH-PE1", message, "write a VPCPeering for each pair of VPCs");
    }
    let mut told = BTreeSet::new();
    for entry in permits.iter().filter_map(crate::yaml::Node::as_mapping).flatten() {
        let name = entry.key.key_text();
        let Some(vpc) = desk.world.find("VPC", &name) else {
            if told.insert(name.clone()) {
                desk.missing(&entry.key, "HH-PE2", "VPC", &name);
            }
            continue;
        };
        for node in items(&entry.value, &["subnets"]) {
            subnet_of(desk, vpc, node, "HH-PE2");
        }
    }
    same_namespaces(desk, spec, &named);
}

/// A subnet that a VPC must have.
pub(super) fn subnet_of(desk: &mut Desk<'_>, vpc: &Subject<'_>, node: &Node, code: &'static str) {
    let Some(name) = node.as_str() else { return };
    if !entries(vpc.spec(), &["subnets"]).iter().any(|entry| entry.key.key_text() == name) {
        desk.error(node, code, format!("{} has no subnet {name}", vpc.identity), "name one of its subnets");
    }
}

fn same_namespaces(desk: &mut Desk<'_>, spec: &Node, named: &BTreeSet<String>) {
    let found: Vec<&Subject<'_>> = named.iter().filter_map(|name| desk.world.find("VPC", name)).collect();
    let [first, second] = found.as_slice() else { return };
    for key in ["ipv4Namespace", "vlanNamespace"] {
        let name = |subject: &Subject<'_>| text(subject.spec(), &[key]).map_or("default", |(name, _)| name).to_owned();
        let (one, other) = (name(first), name(second));
        if one != other {
            let place = spec.get("permit").unwrap_or(spec);
            let message = format!("{} is in {key} {one}, {} in {other}", first.identity, second.identity);
            desk.error(place, "HH-PE2", message, "peer VPCs of the same namespaces, or use a GatewayPeering");
        }
    }
}
