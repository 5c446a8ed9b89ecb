//! Dhcp: relay, range, options and static addresses of a VPC's subnet.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::fabric::rules::desk::{Desk, entries, flag, items, present, text};
use crate::fabric::rules::net;
use crate::yaml::Node;

/// VP7 to VP10.
pub(super) fn check(desk: &mut Desk<'_>, subnet: &Node, net: &IpNet, gateway: Option<IpAddr>) {
    let Some(dhcp) = present(subnet, &["dhcp"]) else { return };
    relay(desk, dhcp);
    if flag(dhcp, &["enable"]) {
        range(desk, dhcp, net, gateway);
        options(desk, dhcp, net);
        addresses(desk, dhcp, net, text(subnet, &["gateway"]).map(|(text, _)| text), gateway);
        return;
    }
    if let Some(node) = present(dhcp, &["static"]).filter(|_| !entries(dhcp, &["static"]).is_empty()) {
        desk.error(node, "HH-VP7", "static addresses need DHCP to be enabled", "write `enable: true`, or remove them");
    }
    for key in ["range", "options"] {
        if let Some(node) = present(dhcp, &[key]) {
            desk.warning(node, "HH-VP7", format!("{key} is dropped: DHCP is not enabled"), "write `enable: true`");
        }
    }
}

fn relay(desk: &mut Desk<'_>, dhcp: &Node) {
    let (relay, vpc) = (text(dhcp, &["relay"]), text(dhcp, &["relayVPC"]));
    if let Some((value, node)) = relay {
        if flag(dhcp, &["enable"]) {
            desk.error(node, "HH-VP7", "relay and enable exclude each other", "remove one of them");
        }
        if net::prefix(value).is_none() {
            let message = format!("relay `{value}` has no prefix length");
            desk.error(node, "HH-VP7", message, "write the relay's address like 10.99.0.100/32");
        }
    }
    match (vpc, relay) {
        (Some((_, node)), None) => {
            desk.error(node, "HH-VP7", "relayVPC without relay", "write `relay:` too, or remove it");
        }
        (Some((name, node)), Some(_)) if !desk.world.exists("VPC", name) => desk.missing(node, "HH-VP7", "VPC", name),
        _ => {}
    }
}

/// VP8.
fn range(desk: &mut Desk<'_>, dhcp: &Node, net: &IpNet, gateway: Option<IpAddr>) {
    let mut found = Vec::new();
    for key in ["start", "end"] {
        let Some((value, node)) = text(dhcp, &["range", key]) else { continue };
        let wrong = match net::address(value) {
            None => Some(format!("`{value}` is no address")),
            Some(address) if !net.contains(&address) => Some(format!("{value} is not inside {net}")),
            Some(address) if address == net.network() => Some(format!("{value} is the subnet's own address")),
            Some(address) if Some(address) == gateway => Some(format!("{value} is the gateway")),
            Some(address) => {
                found.push((key, address, node));
                None
            }
        };
        if let Some(message) = wrong {
            desk.error(node, "HH-VP8", message, "use an address of the subnet, besides its own and the gateway's");
        }
    }
    let at = |key: &str| found.iter().find(|(known, _, _)| *known == key);
    let start = at("start").map_or_else(|| Some(second(net)), |(_, address, _)| Some(*address));
    let end = at("end").map_or_else(|| Some(net.broadcast()), |(_, address, _)| Some(*address));
    if let (Some(start), Some(end), Some((_, _, node))) = (start, end, at("start").or(at("end")))
        && start >= end
    {
        desk.error(
            node,
            "HH-VP8",
            format!("the range {start} to {end} is empty"),
            "write the smaller address as start",
        );
    }
}

/// The second usable address: where the range begins if nothing is said.
fn second(net: &IpNet) -> IpAddr {
    net.hosts().nth(1).unwrap_or_else(|| net.network())
}

/// VP9.
fn options(desk: &mut Desk<'_>, dhcp: &Node, net: &IpNet) {
    let Some(options) = present(dhcp, &["options"]) else { return };
    for key in ["dnsServers", "timeServers"] {
        for node in items(options, &[key]) {
            let value = node.as_str().unwrap_or_default();
            if node.as_str().is_some() && net::address(value).is_none() {
                desk.error(node, "HH-VP9", format!("`{value}` is no address"), "write an address, not a name");
            }
        }
    }
    if let Some(node) = present(options, &["interfaceMTU"])
        && let Some(mtu) = node.as_integer()
        && mtu != 0
        && !(96..=9036).contains(&mtu)
    {
        desk.error(node, "HH-VP9", format!("interfaceMTU {mtu} is not within 96..9036"), "write 96 to 9036");
    }
    for route in items(options, &["advertisedRoutes"]) {
        let destination = text(route, &["destination"]);
        if destination.is_none_or(|(value, _)| net::prefix(value).is_none()) {
            let place = destination.map_or(route, |(_, node)| node);
            desk.error(place, "HH-VP9", "the route's destination is no prefix", "write it like 10.5.0.0/16");
        }
        let gateway = text(route, &["gateway"]);
        let is_in = gateway.and_then(|(value, _)| net::address(value)).is_some_and(|address| net.contains(&address));
        if !is_in {
            let place = gateway.map_or(route, |(_, node)| node);
            desk.error(
                place,
                "HH-VP9",
                format!("the route's gateway is not inside {net}"),
                "use an address of the subnet",
            );
        }
    }
}

/// VP10.
fn addresses(desk: &mut Desk<'_>, dhcp: &Node, net: &IpNet, written: Option<&str>, gateway: Option<IpAddr>) {
    let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
    for entry in entries(dhcp, &["static"]) {
        let mac = entry.key.key_text();
        if net::mac(&mac).is_none() {
            desk.error(&entry.key, "HH-VP10", format!("`{mac}` is no MAC address"), "write it like 00:11:22:33:44:55");
        }
        let Some((value, node)) = text(&entry.value, &["ip"]) else { continue };
        let wrong = match net::address(value) {
            None => Some(format!("`{value}` is no address")),
            Some(address) if !net.contains(&address) => Some(format!("{value} is not inside {net}")),
            Some(address) if address == net.network() => Some(format!("{value} is the subnet's own address")),
            Some(address) if Some(value) == written || Some(address) == gateway => {
                Some(format!("{value} is the gateway"))
            }
            Some(address) if address == net.broadcast() => Some(format!("{value} is the broadcast address")),
            Some(_) => None,
        };
        if let Some(message) = wrong {
            desk.error(node, "HH-VP10", message, "use a free address of the subnet");
        } else if let Some(first) = seen.get(value) {
            let subject = desk.subject;
            let message = format!("{value} is given to another MAC address already");
            desk.clash(node, "HH-VP10", message, "give each its own", (subject, first, "first used here"));
        }
        seen.entry(value).or_insert(node);
    }
}
