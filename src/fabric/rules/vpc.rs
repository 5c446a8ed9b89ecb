//! Vpc: subnets, VLANs, permits and routes of one VPC, and VPCs against each other.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::rules::desk::{Desk, entries, flag, items, number, text};
use crate::fabric::rules::world::World;
use crate::fabric::rules::{Subject, dhcp, namespaces, net};
use crate::yaml::{Entry, Node};

/// VP1 to VP13 and VP15.
pub(super) fn check(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    desk.short_name("HH-VP1");
    if desk.name().starts_with("ext.")
        && let Some(node) = desk.subject.root.path(&["metadata", "name"])
    {
        desk.error(node, "HH-VP1", "the name of a VPC cannot begin with `ext.`", "choose another name");
    }
    if let Some((mode, node)) = text(spec, &["mode"])
        && mode != "l3vni"
    {
        desk.error(node, "HH-VP3", format!("mode {mode} is not supported"), "leave it out, or write l3vni");
    }
    let subnets = entries(spec, &["subnets"]);
    if !(1..=20).contains(&subnets.len()) {
        let place = spec.path(&["subnets"]).unwrap_or(spec);
        let message = format!("has {} subnets; 1 to 20 are allowed", subnets.len());
        desk.error(place, "HH-VP3", message, "write its subnets");
    }
    let vlans = references(desk, spec);
    for entry in subnets {
        subnet(desk, entry, vlans);
    }
    apart(desk, subnets);
    permits(desk, spec, subnets);
    routes(desk, spec);
    inside(desk, spec, subnets);
}

/// VP2; gives the VLANNamespace, if it is there.
fn references<'a>(desk: &mut Desk<'a>, spec: &Node) -> Option<&'a Subject<'a>> {
    let (ipv4, ipv4_node) = text(spec, &["ipv4Namespace"]).unwrap_or(("default", spec));
    if !desk.world.exists("IPv4Namespace", ipv4) {
        desk.missing(ipv4_node, "HH-VP2", "IPv4Namespace", ipv4);
    }
    let (vlan, vlan_node) = text(spec, &["vlanNamespace"]).unwrap_or(("default", spec));
    if !desk.world.exists("VLANNamespace", vlan) {
        desk.missing(vlan_node, "HH-VP2", "VLANNamespace", vlan);
    }
    desk.world.find("VLANNamespace", vlan)
}

fn subnet<'a>(desk: &mut Desk<'a>, entry: &'a Entry, vlans: Option<&'a Subject<'a>>) {
    let node = &entry.value;
    if node.is_null() {
        return; // told as a null where a map belongs
    }
    let Some((value, value_node)) = text(node, &["subnet"]) else {
        return desk.error(node, "HH-VP4", "has no subnet", "write `subnet: 10.0.1.0/24`");
    };
    let Some(net) = net::prefix(value) else {
        return desk.error(value_node, "HH-VP4", format!("`{value}` is no subnet"), "write it like 10.0.1.0/24");
    };
    if net.prefix_len() > 30 {
        desk.error(value_node, "HH-VP4", format!("{value} is smaller than a /30"), "use a larger subnet");
    }
    desk.unreserved(value_node, &net, "HH-VP4");
    let gateway = if flag(node, &["hostBGP"]) { host_bgp(desk, node, &net) } else { plain(desk, node, &net) };
    vlan(desk, node, vlans);
    dhcp::check(desk, node, &net, gateway);
}

/// VP5 and VP15 of an ordinary subnet; gives its gateway.
fn plain(desk: &mut Desk<'_>, node: &Node, net: &IpNet) -> Option<std::net::IpAddr> {
    if number(node, &["vlan"]).is_none() {
        let place = node.get("vlan").unwrap_or(node);
        desk.error(place, "HH-VP5", "has no VLAN: it must be 1-4094", "write `vlan:` with a VLAN of the namespace");
    }
    if let Some((vlan, place)) = number(node, &["vlan"]).filter(|(vlan, _)| *vlan > 4094) {
        desk.error(place, "HH-VP5", format!("VLAN {vlan} is none: it must be 1-4094"), "use a VLAN of the namespace");
    }
    for key in ["hostBGPExtraPrefixes", "hostBGPMinPrefixLen", "hostBGPMaxPrefixLen"] {
        let is_empty = |found: &Node| found.is_null() || found.as_mapping().is_some_and(<[Entry]>::is_empty);
        if let Some(found) = node.get(key).filter(|found| !is_empty(found)) {
            desk.error(found, "HH-VP15", format!("{key} belongs to hostBGP subnets only"), "remove it, or set hostBGP");
        }
    }
    let Some((value, place)) = text(node, &["gateway"]) else {
        return Some(first_address(net));
    };
    let found = net::address(value);
    if !found.is_some_and(|gateway| net.contains(&gateway)) {
        desk.error(place, "HH-VP5", format!("gateway `{value}` is not inside {net}"), "use an address of the subnet");
    }
    found
}

/// The first usable address: what the gateway is if nothing is said.
fn first_address(net: &IpNet) -> std::net::IpAddr {
    net.hosts().next().unwrap_or_else(|| net.network())
}

fn host_bgp(desk: &mut Desk<'_>, node: &Node, net: &IpNet) -> Option<std::net::IpAddr> {
    if let Some(enable) = node.path(&["dhcp", "enable"]).filter(|_| flag(node, &["dhcp", "enable"])) {
        desk.error(enable, "HH-VP5", "a hostBGP subnet has no DHCP", "remove `dhcp`, or `hostBGP`");
    }
    let length = |node: &Node, key: &str| number(node, &[key]).map(|(number, _)| number);
    let (least, most) = (length(node, "hostBGPMinPrefixLen"), length(node, "hostBGPMaxPrefixLen"));
    lengths(desk, node, net, least.unwrap_or(32), most.unwrap_or(32));
    let extra = entries(node, &["hostBGPExtraPrefixes"]);
    if extra.len() > 100 {
        desk.error(
            &extra[100].key,
            "HH-VP15",
            format!("{} extra prefixes; 100 are allowed", extra.len()),
            "remove some",
        );
    }
    for entry in extra {
        let written = entry.key.key_text();
        match net::prefix(&written) {
            Some(found @ IpNet::V4(_)) if net::is_canonical(&found) => {
                let own = |key: &str, above: Option<i128>| length(&entry.value, key).or(above).unwrap_or(32);
                let (least, most) = (own("minPrefixLen", least), own("maxPrefixLen", most));
                lengths(desk, &entry.key, &found, least, most);
                desk.unreserved(&entry.key, &found, "HH-VP15");
            }
            _ => {
                let message = format!("`{written}` is no IPv4 prefix, or has bits behind it");
                desk.error(&entry.key, "HH-VP15", message, "write it like 10.5.0.0/24");
            }
        }
    }
    None
}

fn lengths(desk: &mut Desk<'_>, place: &Node, net: &IpNet, least: i128, most: i128) {
    if least > most || most > 32 || least < i128::from(net.prefix_len()) {
        let message = format!("prefix lengths {least} to {most} do not fit {net}");
        desk.error(place, "HH-VP15", message, "keep them between the prefix's own length and 32, the smaller first");
    }
}

/// VP13 of VLANs.
fn vlan(desk: &mut Desk<'_>, node: &Node, namespace: Option<&Subject<'_>>) {
    let (Some((vlan, place)), Some(namespace)) = (number(node, &["vlan"]), namespace) else { return };
    if flag(node, &["hostBGP"]) || vlan > 4094 {
        return;
    }
    let holds = |subject: &Subject<'_>| {
        namespaces::ranges(subject.spec()).iter().any(|range| (range.from..=range.to).contains(&vlan))
    };
    if holds(namespace) {
        return;
    }
    let then = desk.world.before("VLANNamespace", &namespace.identity.name);
    let message = format!("VLAN {vlan} is not in {}", namespace.identity);
    if then.is_some_and(holds) {
        return outgrown(desk, namespace, "ranges", "HH-VN4", place, &message);
    }
    let ranges: Vec<String> =
        namespaces::ranges(namespace.spec()).iter().map(|range| format!("{}-{}", range.from, range.to)).collect();
    desk.error(place, "HH-VP13", message, &format!("use a VLAN of {}", ranges.join(", ")));
}

/// VN4 and IN4: the namespace changed so that a VPC in it no longer fits.
fn outgrown(desk: &mut Desk<'_>, namespace: &Subject<'_>, key: &str, code: &'static str, place: &Node, message: &str) {
    let node = namespace.spec().get(key).unwrap_or(namespace.root);
    let message = format!("{message} any more, but {} needs it", desk.subject.identity);
    let finding = namespace.finding(Severity::Error, node, code, &message, "keep what is in use");
    desk.findings.push(finding.with(desk.subject.file, place.span.line, "used here"));
}

/// VP6.
fn apart(desk: &mut Desk<'_>, subnets: &[Entry]) {
    let subject = desk.subject;
    let mut vlans: BTreeMap<i128, &Node> = BTreeMap::new();
    for entry in subnets.iter().filter(|entry| !flag(&entry.value, &["hostBGP"])) {
        let Some((vlan, node)) = number(&entry.value, &["vlan"]) else { continue };
        if let Some(first) = vlans.get(&vlan) {
            let message = format!("VLAN {vlan} is used by another subnet of this VPC");
            desk.clash(node, "HH-VP6", message, "give each subnet its own VLAN", (subject, first, "first used here"));
        }
        vlans.entry(vlan).or_insert(node);
    }
    let found = prefixes(subnets);
    let nets: Vec<IpNet> = found.iter().map(|(net, _)| *net).collect();
    for (inside, around) in net::overlaps(&nets, |_, _| true) {
        let (later, earlier) = (inside.max(around), inside.min(around));
        let message = format!("{} overlaps {} of this VPC", nets[later], nets[earlier]);
        let place = (subject, found[earlier].1, "the other subnet");
        desk.clash(found[later].1, "HH-VP6", message, "keep the subnets apart", place);
    }
}

/// Every prefix of a VPC with its place: its subnets, and the extra ones of hostBGP subnets.
fn prefixes(subnets: &[Entry]) -> Vec<(IpNet, &Node)> {
    let mut found = Vec::new();
    for entry in subnets {
        if let Some((value, node)) = text(&entry.value, &["subnet"]) {
            found.extend(net::prefix(value).map(|net| (net, node)));
        }
        for extra in entries(&entry.value, &["hostBGPExtraPrefixes"]) {
            found.extend(net::prefix(&extra.key.key_text()).map(|net| (net, &extra.key)));
        }
    }
    found
}

/// VP11.
fn permits(desk: &mut Desk<'_>, spec: &Node, subnets: &[Entry]) {
    for permit in items(spec, &["permit"]) {
        let names = permit.as_sequence().unwrap_or_default();
        let mut seen = BTreeSet::new();
        for node in names {
            let name = node.as_str().unwrap_or_default();
            if !subnets.iter().any(|entry| entry.key.key_text() == name) {
                desk.error(node, "HH-VP11", format!("there is no subnet {name}"), "name a subnet of this VPC");
            } else if !seen.insert(name) {
                desk.error(node, "HH-VP11", format!("subnet {name} is here twice"), "name each subnet once");
            }
        }
        if names.len() < 2 {
            desk.error(permit, "HH-VP11", "a permit needs two subnets or more", "name another, or remove the permit");
        }
    }
}

/// VP12.
fn routes(desk: &mut Desk<'_>, spec: &Node) {
    for route in items(spec, &["staticRoutes"]) {
        let written = text(route, &["prefix"]);
        let net = written.and_then(|(text, _)| net::prefix(text));
        if !net.is_some_and(|net| net::is_canonical(&net)) {
            let shown = written.map_or("", |(text, _)| text);
            let place = written.map_or(route, |(_, node)| node);
            let message = format!("`{shown}` is no prefix, or has bits behind it");
            desk.error(place, "HH-VP12", message, "write it like 10.42.0.0/24");
        }
        if items(route, &["nextHops"]).is_empty() {
            desk.error(route, "HH-VP12", "a route needs a next hop", "write `nextHops: [10.1.0.2]`");
        }
    }
}

/// VP13 of addresses.
fn inside(desk: &mut Desk<'_>, spec: &Node, subnets: &[Entry]) {
    let name = text(spec, &["ipv4Namespace"]).map_or("default", |(name, _)| name);
    let Some(namespace) = desk.world.find("IPv4Namespace", name) else { return };
    let now = namespaces::subnets(namespace.spec());
    let then = desk.world.before("IPv4Namespace", name).map(|before| namespaces::subnets(before.spec()));
    for (net, node) in prefixes(subnets) {
        let is_in = |known: &[(IpNet, &Node)]| known.iter().any(|(around, _)| around.contains(&net));
        if is_in(&now) {
            continue;
        }
        let message = format!("{net} is not in {}", namespace.identity);
        if then.as_ref().is_some_and(|then| is_in(then)) {
            outgrown(desk, namespace, "subnets", "HH-IN4", node, &message);
            continue;
        }
        let known: Vec<String> = now.iter().map(|(net, _)| net.to_string()).collect();
        desk.error(node, "HH-VP13", message, &format!("use addresses of {}", known.join(", ")));
    }
}

/// VP14: subnets and VLANs of different VPCs in one namespace.
pub(super) fn across(world: &World<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut nets: BTreeMap<&str, Vec<(IpNet, &Subject<'_>, &Node)>> = BTreeMap::new();
    let mut vlans: BTreeMap<(&str, i128), (&Subject<'_>, &Node)> = BTreeMap::new();
    for subject in world.all("VPC") {
        let spec = subject.spec();
        let subnets = entries(spec, &["subnets"]);
        let ipv4 = text(spec, &["ipv4Namespace"]).map_or("default", |(name, _)| name);
        let group = nets.entry(ipv4).or_default();
        group.extend(prefixes(subnets).into_iter().map(|(net, node)| (net, subject, node)));
        let namespace = text(spec, &["vlanNamespace"]).map_or("default", |(name, _)| name);
        for entry in subnets {
            let Some((vlan, node)) = number(&entry.value, &["vlan"]) else { continue };
            let (owner, place) = *vlans.entry((namespace, vlan)).or_insert((subject, node));
            if owner.identity != subject.identity {
                let message = format!("VLAN {vlan} is used by {} already", owner.identity);
                let finding = subject.finding(Severity::Error, node, "HH-VP14", &message, "use a free VLAN");
                findings.push(finding.with(owner.file, place.span.line, "first used here"));
            }
        }
    }
    for group in nets.values() {
        let list: Vec<IpNet> = group.iter().map(|(net, _, _)| *net).collect();
        for (a, b) in net::overlaps(&list, |a, b| group[a].1.identity != group[b].1.identity) {
            let ((net, subject, node), (other, owner, place)) = (&group[a.max(b)], &group[a.min(b)]);
            let message = format!("{net} overlaps {other} of {}", owner.identity);
            let finding = subject.finding(Severity::Error, node, "HH-VP14", &message, "use free addresses");
            findings.push(finding.with(owner.file, place.span.line, "first used here"));
        }
    }
    findings
}
