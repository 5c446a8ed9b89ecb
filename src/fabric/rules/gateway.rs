//! Gateway: workers, interfaces, neighbours, groups and addresses.

use std::collections::BTreeSet;

use crate::fabric::hydration::HydrationState;
use crate::fabric::rules::connection::Link;
use crate::fabric::rules::desk::{Desk, entries, items, number, present, text};
use crate::fabric::rules::net;
use crate::yaml::{Entry, Node, Value};

/// Gateways only where the fabric was installed with them.
pub(super) fn enabled(desk: &mut Desk<'_>) {
    if desk.world.settings.facts.gateways == Some(false) {
        let root = desk.subject.root;
        let message = "the fabric is installed without gateways";
        desk.error(root, "HH-GW0", message, "enable them in fab.yaml (config.gateway.enable), or remove this");
    }
}

/// GW1 to GW6.
pub(super) fn check(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    enabled(desk);
    if let Some((workers, node)) = number(spec, &["workers"]).filter(|(workers, _)| *workers > 64) {
        desk.error(node, "HH-GW1", format!("{workers} workers; 1 to 64 are allowed"), "write 64 at most");
    }
    addresses(desk, spec);
    interfaces(desk, spec);
    neighbors(desk, spec);
    groups(desk, spec);
}

fn addresses(desk: &mut Desk<'_>, spec: &Node) {
    for (word, key) in [("protocol", "protocolIP"), ("vtep", "vtepIP")] {
        let Some((value, node)) = text(spec, &[key]) else { continue };
        let found = net::prefix(value).filter(|net| net.addr().is_ipv4() && net.prefix_len() == 32);
        match found.map(|net| net.addr()) {
            None => desk.error(node, "HH-GW2", format!("{key} `{value}` is no IPv4 /32"), "write one address with /32"),
            Some(ip) if key == "vtepIP" && (ip.is_multicast() || ip.is_loopback() || ip.is_unspecified()) => {
                desk.error(node, "HH-GW2", format!("{key} {value} is no unicast address"), "use an ordinary address");
            }
            Some(_) => unique(desk, node, word, value),
        }
    }
    match text(spec, &["vtepMAC"]) {
        None if desk.world.hydration.state == HydrationState::Full => {
            desk.error(spec, "HH-GW2", "has no vtepMAC", "write `vtepMAC:` with a unicast MAC address");
        }
        None => {}
        Some((value, node)) => match net::mac(value) {
            Some(mac) if mac.iter().any(|byte| *byte != 0) && mac[0] & 1 == 0 => unique(desk, node, "mac", value),
            _ => desk.error(node, "HH-GW2", format!("vtepMAC `{value}` is no unicast MAC address"), "correct it"),
        },
    }
    let (asn, wanted) = (number(spec, &["asn"]), desk.world.settings.facts.gateway_asn);
    if let Some((asn, node)) = asn.filter(|(asn, _)| *asn != wanted) {
        let message = format!("the ASN of a gateway is {wanted}, not {asn}");
        desk.strict(node, "HH-GW2", message, &format!("write {wanted}"));
    }
}

fn unique(desk: &mut Desk<'_>, node: &Node, word: &'static str, value: &str) {
    if let Some((other, place)) = desk.world.earlier_owner(word, value, node) {
        let message = format!("{value} is used by {} already", other.identity);
        desk.clash(node, "HH-GW6", message, "give each its own", (other, place, "first used here"));
    }
}

/// The interfaces of a gateway that gateway connections end at.
fn connected<'a>(desk: &Desk<'a>) -> BTreeSet<&'a str> {
    let name = desk.name();
    let all = desk.world.all("Connection").filter(|connection| present(connection.spec(), &["gateway"]).is_some());
    all.flat_map(|connection| Link::of(connection.spec()))
        .flat_map(|link| link.ends())
        .filter(|end| end.side == "gateway")
        .filter_map(|end| end.port()?.0.split_once('/'))
        .filter(|(device, _)| *device == name)
        .map(|(_, port)| port)
        .collect()
}

fn interfaces(desk: &mut Desk<'_>, spec: &Node) {
    let interfaces = entries(spec, &["interfaces"]);
    if interfaces.is_empty() {
        return desk.error(spec, "HH-GW3", "has no interfaces", "write at least one below `interfaces`");
    }
    let connected = connected(desk);
    for entry in interfaces {
        let name = entry.key.key_text();
        if !is_interface(&name) {
            let message = format!("`{name}` is no name of an interface");
            desk.error(&entry.key, "HH-GW3", message, "use 2 to 10 letters, digits, `_`, `.` or `-`");
        }
        if entry.value.is_null() {
            continue; // told as a null where a map belongs
        }
        let ips = items(&entry.value, &["ips"]);
        if ips.is_empty() {
            no_address(desk, entry, connected.contains(name.as_str()));
        }
        for node in ips {
            let value = node.as_str().unwrap_or_default();
            if !net::prefix(value).is_some_and(|net| net.addr().is_ipv4()) {
                desk.error(
                    node,
                    "HH-GW3",
                    format!("`{value}` is no IPv4 address with its prefix"),
                    "write 10.1.0.1/24",
                );
            }
        }
        driver(desk, entry, &name);
    }
}

/// An interface gets its address from the installer if a gateway connection ends at it and nothing is filled in yet.
fn no_address(desk: &mut Desk<'_>, entry: &Entry, is_connected: bool) {
    let place = &entry.value;
    let message = format!("interface {} has no address", entry.key.key_text());
    let remedy = "write `ips:`, or add the gateway connection it gets its address from";
    match desk.world.hydration.state {
        HydrationState::None if is_connected => {}
        HydrationState::None => desk.strict(place, "HH-GW3", message, remedy),
        _ => desk.error(place, "HH-GW3", message, remedy),
    }
}

fn driver(desk: &mut Desk<'_>, entry: &Entry, name: &str) {
    let (pci, kernel) = (text(&entry.value, &["pci"]), text(&entry.value, &["kernel"]));
    if let (Some(_), Some((_, node))) = (pci, kernel) {
        desk.error(node, "HH-GW3", format!("interface {name} has both pci and kernel"), "keep one of them");
    }
    if let Some((value, node)) = pci.filter(|(value, _)| !is_pci(value)) {
        desk.error(node, "HH-GW3", format!("`{value}` is no PCI address"), "write it like 0000:02:00.0");
    }
    if let Some((value, node)) = kernel.filter(|(value, _)| !is_interface(value) || *value == name) {
        let message = format!("kernel name `{value}` cannot be used for interface {name}");
        desk.error(node, "HH-GW3", message, "write the kernel's name, which must differ from the interface's");
    }
}

/// A letter, up to nine more, a letter or digit at the end.
fn is_interface(name: &str) -> bool {
    let bytes = name.as_bytes();
    (2..=10).contains(&bytes.len())
        && bytes[0].is_ascii_alphabetic()
        && bytes[bytes.len() - 1].is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte))
}

/// `dddd:bb:dd.f`
fn is_pci(text: &str) -> bool {
    let hex = |part: &str, most: u32| u32::from_str_radix(part, 16).is_ok_and(|number| number <= most);
    let Some((address, function)) = text.rsplit_once('.') else { return false };
    let parts: Vec<&str> = address.split(':').collect();
    let [domain, bus, device] = parts.as_slice() else { return false };
    text.len() == 12 && hex(function, 7) && hex(domain, 0xffff) && hex(bus, 0xff) && hex(device, 0x1f)
}

fn neighbors(desk: &mut Desk<'_>, spec: &Node) {
    let neighbors = items(spec, &["neighbors"]);
    if neighbors.is_empty() {
        let remedy = "write `neighbors`, or add the gateway connection they come from";
        match desk.world.hydration.state {
            HydrationState::None if !connected(desk).is_empty() => {}
            HydrationState::None => desk.strict(spec, "HH-GW4", "has no neighbours", remedy),
            _ => desk.error(spec, "HH-GW4", "has no neighbours", remedy),
        }
    }
    for neighbor in neighbors {
        let ip = text(neighbor, &["ip"]);
        let address = ip.and_then(|(value, _)| net::address(value));
        if !address.is_some_and(|ip| ip.is_ipv4() && !ip.is_multicast() && !ip.is_unspecified()) {
            let place = ip.map_or(neighbor, |(_, node)| node);
            desk.error(
                place,
                "HH-GW4",
                "the neighbour's ip is no IPv4 unicast address",
                "write it without a prefix length",
            );
        }
        if number(neighbor, &["asn"]).is_none() {
            desk.error(neighbor, "HH-GW4", "the neighbour has no asn", "write its ASN");
        }
    }
}

fn groups(desk: &mut Desk<'_>, spec: &Node) {
    let mut seen = BTreeSet::new();
    let most = desk.world.settings.facts.communities;
    for group in items(spec, &["groups"]) {
        let (name, node) = match group.get("name").map(|node| (&node.value, node)) {
            Some((Value::String(name), node)) => (name.as_str(), node),
            _ => ("", group),
        };
        if !seen.insert(name) {
            desk.error(node, "HH-GW5", format!("group {name} is here twice"), "name each group once");
        } else if !desk.world.exists("GatewayGroup", name) {
            desk.missing(node, "HH-GW5", "GatewayGroup", name);
        } else if members_before(desk, name) >= most {
            let message = format!("group {name} has {most} gateways already");
            desk.error(node, "HH-GW5", message, "use another group; there is one community a member");
        }
    }
}

fn members_before(desk: &Desk<'_>, group: &str) -> usize {
    let is_member = |spec: &Node| {
        items(spec, &["groups"]).iter().any(|item| text(item, &["name"]).is_some_and(|(name, _)| name == group))
    };
    let before = desk.world.all("Gateway").take_while(|other| other.identity != desk.subject.identity);
    before.filter(|other| is_member(other.spec())).count()
}

#[cfg(test)]
mod tests {
    use super::{is_interface, is_pci};

    #[test]
    fn names_and_addresses_of_interfaces() {
        assert!(is_interface("enp2s1") && is_interface("e1") && is_interface("eth0.1"));
        assert!(!is_interface("e") && !is_interface("1eth") && !is_interface("eth0-") && !is_interface("enp2s1234567"));
        assert!(is_pci("0000:02:00.0") && is_pci("0000:ff:1f.7"));
        assert!(!is_pci("0000:02:00.8") && !is_pci("0000:02:20.0") && !is_pci("02:00.0"));
    }
}
