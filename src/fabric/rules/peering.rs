//! Peering: GatewayPeering, what each side exposes and which rules apply.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::rules::attachment::subnet_of;
use crate::fabric::rules::desk::{Desk, entries, flag, items, present, text};
use crate::fabric::rules::world::World;
use crate::fabric::rules::{Subject, gateway, net};
use crate::yaml::{Entry, Node};

const EXTERNAL: &str = "ext.";

/// GP1 to GP4 and GP6.
pub(super) fn check(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    gateway::enabled(desk);
    let (group, node) = text(spec, &["gatewayGroup"]).unwrap_or(("default", spec));
    if !desk.world.exists("GatewayGroup", group) {
        desk.missing(node, "HH-GP1", "GatewayGroup", group);
    }
    let sides = entries(spec, &["peering"]);
    if sides.len() != 2 {
        let place = spec.get("peering").unwrap_or(spec);
        desk.error(
            place,
            "HH-GP1",
            format!("is between {} sides", sides.len()),
            "name exactly two, VPCs or ext.<External>",
        );
    }
    for side in sides {
        one_side(desk, side);
    }
    translation(desk, sides);
    rules(desk, spec, sides);
}

fn one_side(desk: &mut Desk<'_>, side: &Entry) {
    let name = side.key.key_text();
    let vpc = match name.strip_prefix(EXTERNAL) {
        Some(external) => {
            if !desk.world.exists("External", external) {
                desk.missing(&side.key, "HH-GP1", "External", external);
            }
            None
        }
        None => {
            let vpc = desk.world.find("VPC", &name);
            if vpc.is_none() {
                desk.missing(&side.key, "HH-GP1", "VPC", &name);
            }
            vpc
        }
    };
    for expose in items(&side.value, &["expose"]) {
        exposed(desk, expose, &name);
        inside(desk, expose, vpc);
    }
}

/// GP2.
fn exposed(desk: &mut Desk<'_>, expose: &Node, name: &str) {
    let (ips, others) = (items(expose, &["ips"]), items(expose, &["as"]));
    let nat = present(expose, &["nat"]);
    if flag(expose, &["default"]) {
        if !ips.is_empty() || !others.is_empty() || nat.is_some() {
            desk.error(expose, "HH-GP2", "`default: true` stands alone", "remove ips, as and nat, or `default`");
        }
        return;
    }
    if ips.is_empty() {
        desk.error(expose, "HH-GP2", "exposes nothing", "write `ips:`, or `default: true`");
    }
    for ip in ips {
        one_of(desk, ip, &["cidr", "not", "vpcSubnet"]);
        if let Some((_, node)) = text(ip, &["vpcSubnet"]).filter(|_| name.starts_with(EXTERNAL)) {
            desk.error(node, "HH-GP2", "an external has no VPC subnets", "write `cidr` instead");
        }
    }
    for other in others {
        one_of(desk, other, &["cidr", "not"]);
    }
    if others.is_empty() != nat.is_none() {
        desk.error(expose, "HH-GP2", "`as` and `nat` belong together", "write both, or neither");
    }
    if let Some(nat) = nat {
        self::nat(desk, nat);
    }
}

fn one_of(desk: &mut Desk<'_>, node: &Node, keys: &[&str]) {
    let set: Vec<(&str, &str, &Node)> =
        keys.iter().filter_map(|key| text(node, &[key]).map(|(value, node)| (*key, value, node))).collect();
    if set.len() != 1 {
        let message = format!("has {} of {}", set.len(), keys.join(", "));
        desk.error(node, "HH-GP2", message, "write exactly one of them");
    }
    for (key, value, node) in set {
        if key != "vpcSubnet" && net::prefix(value).is_none() {
            desk.error(node, "HH-GP2", format!("`{value}` is no prefix"), "write it like 10.1.0.0/24");
        }
    }
}

fn nat(desk: &mut Desk<'_>, nat: &Node) {
    let kinds = ["static", "masquerade", "portForward"];
    let set = kinds.iter().filter(|kind| present(nat, &[kind]).is_some()).count();
    if set != 1 {
        desk.error(
            nat,
            "HH-GP2",
            format!("nat has {set} kinds"),
            "write exactly one of static, masquerade, portForward",
        );
    }
    let Some(forward) = present(nat, &["portForward"]) else { return };
    let ports = items(forward, &["ports"]);
    if ports.is_empty() {
        desk.error(forward, "HH-GP2", "portForward has no ports", "write at least one below `ports`");
    }
    for entry in ports {
        for key in ["port", "as"] {
            let found = text(entry, &[key]);
            if !found.is_some_and(|(value, _)| is_ports(value)) {
                let place = found.map_or(entry, |(_, node)| node);
                let message = format!("{key} `{}` is no port", found.map_or("", |(value, _)| value));
                desk.error(place, "HH-GP2", message, "write \"443\" or \"8000-8100\"");
            }
        }
    }
}

/// `n` or `a-b`, 1 to 65535.
fn is_ports(text: &str) -> bool {
    let port = |text: &str| text.parse::<u32>().ok().filter(|port| (1..=65535).contains(port));
    match text.split_once('-') {
        None => port(text).is_some(),
        Some((start, end)) => match (port(start.trim()), port(end.trim())) {
            (Some(start), Some(end)) => start <= end && text.trim() == text,
            _ => false,
        },
    }
}

/// GP3.
fn translation(desk: &mut Desk<'_>, sides: &[Entry]) {
    let has = |side: &Entry, kinds: &[&str]| {
        let exposes = items(&side.value, &["expose"]);
        exposes.iter().any(|expose| kinds.iter().any(|kind| present(expose, &["nat", kind]).is_some()))
    };
    let [one, other] = sides else { return };
    let stateful = |side: &Entry| has(side, &["masquerade", "portForward"]);
    if stateful(one) && stateful(other) {
        let message = "both sides translate with state";
        desk.error(&other.key, "HH-GP3", message, "use masquerade or portForward on one side only");
    }
    let faces = |fixed: &Entry, moving: &Entry| has(fixed, &["static"]) && stateful(moving);
    if !(stateful(one) && stateful(other)) && (faces(one, other) || faces(other, one)) {
        let message = "static translation faces translation with state";
        desk.error(&other.key, "HH-GP3", message, "use static on both sides, or masquerade or portForward alone");
    }
}

/// GP4.
fn inside(desk: &mut Desk<'_>, expose: &Node, vpc: Option<&Subject<'_>>) {
    let Some(vpc) = vpc.filter(|_| !flag(expose, &["default"])) else { return };
    let subnets: Vec<IpNet> = entries(vpc.spec(), &["subnets"])
        .iter()
        .filter_map(|entry| net::prefix(text(&entry.value, &["subnet"])?.0))
        .collect();
    for ip in items(expose, &["ips"]) {
        if let Some((value, node)) = text(ip, &["cidr"])
            && let Some(net) = net::prefix(value)
            && !subnets.iter().any(|subnet| subnet.contains(&net))
        {
            desk.error(
                node,
                "HH-GP4",
                format!("{value} is in no subnet of {}", vpc.identity),
                "expose what the VPC has",
            );
        }
        if let Some((_, node)) = text(ip, &["vpcSubnet"]) {
            subnet_of(desk, vpc, node, "HH-GP4");
        }
    }
}

/// GP6.
fn rules(desk: &mut Desk<'_>, spec: &Node, sides: &[Entry]) {
    let names: Vec<String> = sides.iter().map(|side| side.key.key_text()).collect();
    for rule in items(spec, &["acl", "rules"]) {
        if let Some((name, node)) = text(rule, &["name"])
            && (name.len() > 64 || !crate::fabric::resource::is_name(name))
        {
            desk.error(
                node,
                "HH-GP6",
                format!("`{name}` cannot name a rule"),
                "use lower-case letters, digits and `-`, 64 at most",
            );
        }
        let ends = [text(rule, &["from"]), text(rule, &["to"])];
        if ends.iter().all(Option::is_none) {
            desk.error(rule, "HH-GP6", "has neither from nor to", "write one of the peering's two sides");
        }
        for (value, node) in ends.iter().flatten().filter(|(value, _)| !names.iter().any(|name| name == value)) {
            let remedy = format!("write {}", names.join(" or "));
            desk.error(node, "HH-GP6", format!("{value} is no side of this peering"), &remedy);
        }
        if let Some((value, node)) = text(rule, &["match", "proto"])
            && !matches!(value, "tcp" | "udp")
            && value.parse::<i32>().is_err()
        {
            desk.error(
                node,
                "HH-GP6",
                format!("proto cannot be `{value}`"),
                "write tcp, udp, a number, or leave it out",
            );
        }
        for (direction, own) in [("src", ends[0]), ("dst", ends[1])] {
            matched(desk, rule, direction, own, &names);
        }
    }
}

fn matched(desk: &mut Desk<'_>, rule: &Node, direction: &str, own: Option<(&str, &Node)>, names: &[String]) {
    let opposite = if direction == "src" { text(rule, &["to"]) } else { text(rule, &["from"]) };
    let side = own.map(|(value, _)| value).or_else(|| {
        let (other, _) = opposite?;
        names.iter().map(String::as_str).find(|name| *name != other)
    });
    for node in items(rule, &["match", direction]) {
        let (cidr, subnet) = (text(node, &["cidr"]), text(node, &["vpcSubnet"]));
        if cidr.is_some() && subnet.is_some() {
            desk.error(node, "HH-GP6", "has both cidr and vpcSubnet", "write one of them");
        }
        if let Some((value, place)) = cidr.filter(|(value, _)| net::prefix(value).is_none()) {
            desk.error(place, "HH-GP6", format!("`{value}` is no prefix"), "write it like 10.1.0.0/24");
        }
        for port in items(node, &["ports"]) {
            let value = port.as_str().unwrap_or_default();
            if port.as_str().is_some() && !is_ports(value) {
                desk.error(port, "HH-GP6", format!("`{value}` is no port"), "write \"443\" or \"8000-8100\"");
            }
        }
        let Some((_, place)) = subnet else { continue };
        match side {
            Some(side) if side.starts_with(EXTERNAL) => {
                desk.error(place, "HH-GP6", format!("{side} is no VPC and has no subnets"), "write `cidr` instead");
            }
            Some(side) => {
                if let Some(vpc) = desk.world.find("VPC", side) {
                    subnet_of(desk, vpc, place, "HH-GP6");
                }
            }
            None => {}
        }
    }
}

/// One prefix that a side exposes, to whom, and where that is written.
struct Exposed<'a> {
    net: IpNet,
    subject: &'a Subject<'a>,
    node: &'a Node,
}

/// GP5: what several peerings expose towards one side does not overlap.
pub(super) fn across(world: &World<'_>) -> Vec<Finding> {
    let mut towards: BTreeMap<String, Vec<Exposed<'_>>> = BTreeMap::new();
    for subject in world.all("GatewayPeering") {
        let [one, other] = entries(subject.spec(), &["peering"]) else { continue };
        for (from, to) in [(one, other), (other, one)] {
            let group = towards.entry(to.key.key_text()).or_default();
            for expose in items(&from.value, &["expose"]).iter().filter(|expose| !flag(expose, &["default"])) {
                let key = if items(expose, &["as"]).is_empty() { "ips" } else { "as" };
                let nets = items(expose, &[key]).iter().filter_map(|ip| text(ip, &["cidr"]));
                let nets = nets.filter_map(|(value, node)| Some((net::prefix(value)?, node)));
                group.extend(nets.map(|(net, node)| Exposed { net, subject, node }));
            }
        }
    }
    let mut findings = Vec::new();
    for (side, group) in towards {
        let nets: Vec<IpNet> = group.iter().map(|exposed| exposed.net).collect();
        for (a, b) in net::overlaps(&nets, |a, b| group[a].subject.identity != group[b].subject.identity) {
            let (later, earlier) = (&group[a.max(b)], &group[a.min(b)]);
            let message = format!(
                "{} overlaps {}, which {} exposes to {side} too",
                later.net, earlier.net, earlier.subject.identity
            );
            let remedy = "expose other addresses, or translate them with `as`";
            let finding = later.subject.finding(Severity::Error, later.node, "HH-GP5", &message, remedy);
            findings.push(finding.with(earlier.subject.file, earlier.node.span.line, "first exposed here"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    #[test]
    fn ports_are_one_or_a_range() {
        for text in ["1", "443", "8000-8100", "65535"] {
            assert!(super::is_ports(text), "{text}");
        }
        for text in ["", "0", "65536", "9-8", "1-2-3", "80,81", " 80", "http"] {
            assert!(!super::is_ports(text), "{text}");
        }
    }
}
