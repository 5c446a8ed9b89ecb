//! External: External, ExternalAttachment and ExternalPeering.

use ipnet::IpNet;

use crate::fabric::rules::attachment::subnet_of;
use crate::fabric::rules::desk::{Desk, flag, items, number, present, text};
use crate::fabric::rules::{acl, connection, net};
use crate::yaml::Node;

/// EX1 and EX2.
pub(super) fn check(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    desk.short_name("HH-EX1");
    let (name, node) = text(spec, &["ipv4Namespace"]).unwrap_or(("default", spec));
    if !desk.world.exists("IPv4Namespace", name) {
        desk.missing(node, "HH-EX1", "IPv4Namespace", name);
    }
    let fixed = present(spec, &["static"]);
    for key in ["inboundCommunity", "outboundCommunity"] {
        let Some((value, node)) = text(spec, &[key]) else { continue };
        if fixed.is_some() {
            desk.error(node, "HH-EX2", format!("{key} belongs to BGP externals only"), "remove it, or `static`");
        } else if !is_community(value) {
            desk.error(node, "HH-EX2", format!("`{value}` is no community"), "write it like 65102:5000");
        }
    }
    if let Some(fixed) = fixed {
        prefixes(desk, fixed);
    }
}

fn prefixes(desk: &mut Desk<'_>, fixed: &Node) {
    let listed = items(fixed, &["prefixes"]);
    if listed.is_empty() {
        desk.error(fixed, "HH-EX2", "a static external has no prefixes", "write at least one below `prefixes`");
    }
    let mut found: Vec<(IpNet, &Node)> = Vec::new();
    for node in listed {
        let Some(text) = node.as_str() else { continue };
        match net::prefix(text) {
            None => desk.error(node, "HH-EX2", format!("`{text}` is no prefix"), "write it like 10.5.0.0/16"),
            Some(net) => found.push((net, node)),
        }
    }
    let nets: Vec<IpNet> = found.iter().map(|(net, _)| *net).collect();
    for (inside, around) in net::overlaps(&nets, |_, _| true) {
        let (later, earlier) = (inside.max(around), inside.min(around));
        let message = format!("{} overlaps {}", nets[later], nets[earlier]);
        let place = (desk.subject, found[earlier].1, "the other prefix");
        desk.clash(found[later].1, "HH-EX2", message, "keep the prefixes apart", place);
    }
}

/// `N:N`, each 0 to 65535 without leading zeros.
fn is_community(text: &str) -> bool {
    let is_part = |part: &str| {
        (part == "0" || !part.starts_with('0'))
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u16>().is_ok()
    };
    text.split_once(':').is_some_and(|(left, right)| is_part(left) && is_part(right))
}

/// EA1 to EA4.
pub(super) fn attachment(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    let fixed = present(spec, &["static"]);
    let external = text(spec, &["external"]);
    match external {
        None => desk.error(spec, "HH-EA1", "names no external", "write `external: <name of an External>`"),
        Some((name, node)) => match desk.world.find("External", name) {
            None => desk.missing(node, "HH-EA1", "External", name),
            Some(other) if present(other.spec(), &["static"]).is_some() != fixed.is_some() => {
                let (own, theirs) = if fixed.is_some() { ("static", "not") } else { ("not static", "static") };
                let message = format!("the attachment is {own}, External {name} is {theirs}");
                desk.error(node, "HH-EA1", message, "use `static` in both or in neither");
            }
            Some(_) => {}
        },
    }
    match text(spec, &["connection"]) {
        None => desk.error(spec, "HH-EA1", "names no connection", "write `connection: <name of a Connection>`"),
        Some((name, node)) => match desk.world.find("Connection", name) {
            None => desk.missing(node, "HH-EA1", "Connection", name),
            Some(other)
                if connection::is_mclag(other.spec())
                    || connection::kind(other.spec()).is_some_and(|kind| kind != "external") =>
            {
                desk.error(node, "HH-EA1", format!("Connection {name} is not of type external"), "use an external one");
            }
            Some(_) => own_vlan(desk, spec, name),
        },
    }
    match fixed {
        Some(fixed) => static_attachment(desk, spec, fixed),
        None => bgp(desk, spec),
    }
    acl::check(desk, spec);
}

fn vlan(spec: &Node) -> (i128, &Node) {
    let path: &[&str] = if present(spec, &["static"]).is_some() { &["static", "vlan"] } else { &["switch", "vlan"] };
    number(spec, path).unwrap_or((0, spec))
}

/// EA3.
fn own_vlan(desk: &mut Desk<'_>, spec: &Node, connection: &str) {
    let (world, subject) = (desk.world, desk.subject);
    let (own, node) = vlan(spec);
    let mut others = world.attachments(connection).take_while(|other| other.identity != subject.identity);
    let other = others.find(|other| other.identity.kind == "ExternalAttachment" && vlan(other.spec()).0 == own);
    if let Some(other) = other {
        let message = format!("{} uses VLAN {own} of this connection already", other.identity);
        let place = (other, vlan(other.spec()).1, "first used here");
        desk.clash(node, "HH-EA3", message, "give each attachment of a connection its own VLAN; 0 is untagged", place);
    }
}

/// EA2 of BGP.
fn bgp(desk: &mut Desk<'_>, spec: &Node) {
    let ip = text(spec, &["switch", "ip"]);
    if ip.is_none_or(|(value, _)| net::prefix(value).is_none()) {
        let place = ip.map_or_else(|| present(spec, &["switch"]).unwrap_or(spec), |(_, node)| node);
        desk.error(place, "HH-EA2", "switch.ip is no address with its prefix", "write it like 100.100.0.1/24");
    }
    let place = present(spec, &["neighbor"]).unwrap_or(spec);
    if number(spec, &["neighbor", "asn"]).is_none() {
        desk.error(place, "HH-EA2", "neighbor.asn is missing", "write the neighbour's ASN");
    }
    let neighbor = text(spec, &["neighbor", "ip"]);
    if neighbor.is_none_or(|(value, _)| net::address(value).is_none()) {
        let place = neighbor.map_or(place, |(_, node)| node);
        desk.error(
            place,
            "HH-EA2",
            "neighbor.ip is no address",
            "write the neighbour's address, without a prefix length",
        );
    }
}

/// EA2 of static attachments.
fn static_attachment(desk: &mut Desk<'_>, spec: &Node, fixed: &Node) {
    for path in [["switch", "ip"], ["neighbor", "ip"]] {
        if let Some((_, node)) = text(spec, &path) {
            desk.error(node, "HH-EA2", format!("{} belongs to BGP attachments only", path.join(".")), "remove it");
        }
    }
    for path in [["switch", "vlan"], ["neighbor", "asn"]] {
        if let Some((_, node)) = number(spec, &path) {
            desk.error(node, "HH-EA2", format!("{} belongs to BGP attachments only", path.join(".")), "remove it");
        }
    }
    if let Some((value, node)) = text(fixed, &["remoteIP"])
        && net::address(value).is_none()
    {
        desk.error(node, "HH-EA2", format!("`{value}` is no address"), "write the remote side's address");
    }
    let (ip, proxy) = (text(fixed, &["ip"]), flag(fixed, &["proxy"]));
    if ip.is_some() == proxy {
        desk.error(fixed, "HH-EA2", "exactly one of static.ip and static.proxy is needed", "write one of them");
    }
    if let Some((value, node)) = ip.filter(|(value, _)| net::prefix(value).is_none()) {
        desk.error(node, "HH-EA2", format!("`{value}` is no address with its prefix"), "write it like 10.9.0.1/24");
    }
}

/// EP1.
pub(super) fn peering(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    let place = present(spec, &["permit"]).unwrap_or(spec);
    let (vpc, external) = (text(spec, &["permit", "vpc", "name"]), text(spec, &["permit", "external", "name"]));
    let mut namespaces = Vec::new();
    for (kind, named) in [("VPC", vpc), ("External", external)] {
        let Some((name, node)) = named else {
            let message = format!("permit names no {kind}");
            desk.error(place, "HH-EP1", message, "write permit.vpc.name and permit.external.name");
            continue;
        };
        match desk.world.find(kind, name) {
            None => desk.missing(node, "HH-EP1", kind, name),
            Some(found) => namespaces.push(text(found.spec(), &["ipv4Namespace"]).map_or("default", |(name, _)| name)),
        }
    }
    if let [one, other] = namespaces.as_slice()
        && one != other
    {
        let message = format!("the VPC is in IPv4Namespace {one}, the External in {other}");
        desk.error(place, "HH-EP1", message, "peer what is in the same IPv4Namespace");
    }
    if let Some(found) = vpc.and_then(|(name, _)| desk.world.find("VPC", name)) {
        for node in items(spec, &["permit", "vpc", "subnets"]) {
            subnet_of(desk, found, node, "HH-EP1");
        }
    }
    for prefix in items(spec, &["permit", "external", "prefixes"]) {
        if text(prefix, &["prefix"]).is_none() {
            desk.error(prefix, "HH-EP1", "the prefix is empty", "write it like 0.0.0.0/0");
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn communities_are_two_numbers() {
        for text in ["65102:5000", "0:0", "65535:1"] {
            assert!(super::is_community(text), "{text}");
        }
        for text in ["65102", "65536:1", "1:+1", "01:1", ":", "1:2:3"] {
            assert!(!super::is_community(text), "{text}");
        }
    }
}
