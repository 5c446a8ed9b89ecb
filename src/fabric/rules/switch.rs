//! Switch: role, profile, namespaces, groups, redundancy and addresses.

use ipnet::IpNet;

use crate::fabric::rules::desk::{Desk, entries, flag, items, number, present, text};
use crate::fabric::rules::{namespaces, net, ports, profiles};
use crate::fabric::schema::is_duration;
use crate::yaml::{Entry, Node};

/// SW1 to SW16.
pub(super) fn check(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    role_and_profile(desk, spec);
    vlan_namespaces(desk, spec);
    groups(desk, spec);
    redundancy(desk, spec);
    addresses(desk, spec);
    locators(desk, spec);
    if let Some(before) = desk.world.before("Switch", desk.name()) {
        breakouts_stay(desk, spec, before.spec());
    }
    if text(spec, &["boot", "mac"]).is_none() && text(spec, &["boot", "serial"]).is_none() {
        let message = "has neither boot.mac nor boot.serial: a new switch could not be provisioned";
        let finding =
            desk.subject.finding(crate::fabric::finding::Severity::Note, spec, "HH-SW16", message, "write boot.serial");
        desk.findings.push(finding);
    }
    ports::switch(desk, spec);
}

fn role_and_profile(desk: &mut Desk<'_>, spec: &Node) {
    if let Some(("virtual-edge", node)) = text(spec, &["role"]) {
        let message = "role virtual-edge is refused by the installer";
        desk.error(node, "HH-SW1", message, "write spine, server-leaf, border-leaf or mixed-leaf");
    }
    match text(spec, &["profile"]) {
        None => desk.error(spec, "HH-SW2", "has no profile", "write `profile: <name of a SwitchProfile>`"),
        Some((name, node)) if !desk.world.settings.profiles.has(name) => {
            let near = crate::config::nearest::nearest(name, profiles::BUILT_IN.iter().copied());
            let meant = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
            let remedy = format!("{meant}use the name of a built-in SwitchProfile");
            let message = format!("there is no SwitchProfile {name}");
            if !desk.world.settings.newer {
                return desk.error(node, "HH-SW2", message, &remedy);
            }
            let message = format!("{message} in the releases this hedgerow knows");
            desk.warning(node, "HH-SW2", message, "name the fabric's own SwitchProfiles under `switch_profiles:`");
        }
        Some(_) => {}
    }
}

fn vlan_namespaces(desk: &mut Desk<'_>, spec: &Node) {
    let listed = items(spec, &["vlanNamespaces"]);
    if listed.is_empty() && !desk.world.exists("VLANNamespace", "default") {
        desk.missing(spec, "HH-SW3", "VLANNamespace", "default");
    }
    let mut seen: Vec<(namespaces::Range<'_>, &str)> = Vec::new();
    for node in listed {
        let Some(name) = node.as_str() else { continue };
        let Some(namespace) = desk.world.find("VLANNamespace", name) else {
            desk.missing(node, "HH-SW3", "VLANNamespace", name);
            continue;
        };
        for range in namespaces::ranges(namespace.spec()) {
            let other =
                seen.iter().find(|(other, from)| *from != name && range.from <= other.to && other.from <= range.to);
            if let Some((other, other_name)) = other {
                let message = format!(
                    "VLANNamespace {name} ({}-{}) overlaps {other_name} ({}-{})",
                    range.from, range.to, other.from, other.to
                );
                desk.error(node, "HH-SW3", message, "list namespaces whose ranges are apart");
            }
            seen.push((range, name));
        }
    }
}

fn groups(desk: &mut Desk<'_>, spec: &Node) {
    for node in items(spec, &["groups"]) {
        match node.as_str() {
            Some("") => desk.error(node, "HH-SW4", "the name of a group is empty", "write the name of a SwitchGroup"),
            Some(name) if !desk.world.exists("SwitchGroup", name) => desk.missing(node, "HH-SW4", "SwitchGroup", name),
            _ => {}
        }
    }
    if let Some((name, node)) = text(spec, &["redundancy", "group"]) {
        let is_listed = items(spec, &["groups"]).iter().any(|group| group.as_str() == Some(name));
        if !is_listed && !desk.world.exists("SwitchGroup", name) {
            desk.missing(node, "HH-SW4", "SwitchGroup", name);
        }
    }
}

fn redundancy(desk: &mut Desk<'_>, spec: &Node) {
    let (group, kind) = (text(spec, &["redundancy", "group"]), text(spec, &["redundancy", "type"]));
    match (group, kind) {
        (Some((_, node)), None) => {
            desk.error(node, "HH-SW5", "redundancy has a group but no type", "write `type: eslag`");
        }
        (None, Some((_, node))) => {
            desk.error(node, "HH-SW5", "redundancy has a type but no group", "write `group: <SwitchGroup>`");
        }
        (_, Some(("mclag", node))) => {
            desk.warning(node, "HH-SW5", "MCLAG is deprecated and no longer supported", "use `eslag`");
        }
        _ => {}
    }
}

fn addresses(desk: &mut Desk<'_>, spec: &Node) {
    let facts = &desk.world.settings.facts;
    let (management, protocol, vtep) = (facts.management, facts.protocol, facts.vtep);
    let role = text(spec, &["role"]).map(|(role, _)| role).unwrap_or_default();
    if let Some((value, node)) = text(spec, &["ip"]) {
        match net::prefix(value) {
            None => {
                desk.error(node, "HH-SW7", format!("`{value}` is no address with its prefix"), "write 172.30.0.8/21");
            }
            Some(found) => management_address(desk, node, &found, &management),
        }
    }
    if let Some((value, node)) = text(spec, &["protocolIP"]) {
        single(desk, node, value, &protocol, ("HH-SW8", "protocol"));
    }
    if let Some((value, node)) = text(spec, &["vtepIP"]) {
        if role == "spine" {
            desk.error(node, "HH-SW6", "a spine has no vtepIP", "remove it");
        } else {
            single(desk, node, value, &vtep, ("HH-SW10", "vtep"));
        }
    }
    if let Some((asn, node)) = number(spec, &["asn"]) {
        self::asn(desk, node, asn, role);
    }
}

fn management_address(desk: &mut Desk<'_>, node: &Node, found: &IpNet, management: &IpNet) {
    let facts = &desk.world.settings.facts;
    let (address, start, vip) = (found.addr(), facts.dhcp_start, facts.control_vip);
    if !management.contains(&address) {
        desk.error(node, "HH-SW7", format!("{address} is not inside {management}"), "use a management address");
    } else if address >= start {
        let message = format!("{address} is among the addresses that DHCP gives out, from {start} on");
        desk.error(node, "HH-SW7", message, "use an address below");
    } else if address == vip {
        desk.error(node, "HH-SW7", format!("{address} is the control nodes' address"), "use another address");
    }
    unique(desk, node, "management", &address.to_string(), "HH-SW7");
}

/// One /32 inside a subnet, used once.
fn single(desk: &mut Desk<'_>, node: &Node, value: &str, around: &IpNet, (code, word): (&'static str, &'static str)) {
    match net::prefix(value) {
        Some(found) if found.prefix_len() == 32 && around.contains(&found.addr()) => {
            unique(desk, node, word, value, code);
        }
        Some(found) if found.prefix_len() == 32 => {
            desk.error(node, code, format!("{value} is not inside {around}"), "use an address of that subnet");
        }
        _ => desk.error(node, code, format!("`{value}` is no /32"), "write one address with /32"),
    }
}

fn unique(desk: &mut Desk<'_>, node: &Node, word: &'static str, value: &str, code: &'static str) {
    let is_mclag = |spec: &Node| text(spec, &["redundancy", "type"]).is_some_and(|(kind, _)| kind == "mclag");
    let Some((other, place)) = desk.world.earlier_owner(word, value, node) else {
        return;
    };
    if word == "vtep" && is_mclag(desk.spec()) && is_mclag(other.spec()) {
        return;
    }
    let message = format!("{value} is used by {} already", other.identity);
    desk.clash(node, code, message, "give each its own", (other, place, "first used here"));
}

fn asn(desk: &mut Desk<'_>, node: &Node, asn: i128, role: &str) {
    let facts = &desk.world.settings.facts;
    let (spine, (least, most)) = (facts.spine_asn, facts.leaf_asn);
    if role == "spine" && asn != spine {
        desk.error(node, "HH-SW9", format!("the ASN of a spine is {spine}, not {asn}"), &format!("write {spine}"));
    }
    if !role.ends_with("leaf") {
        return;
    }
    if !(least..=most).contains(&asn) {
        let message = format!("the ASN of a leaf is within {least}..{most}, not {asn}");
        desk.error(node, "HH-SW9", message, "use an ASN of that range");
    }
    let is_mclag = text(desk.spec(), &["redundancy", "type"]).is_some_and(|(kind, _)| kind == "mclag");
    if !is_mclag {
        unique(desk, node, "asn", &asn.to_string(), "HH-SW9");
    }
}

fn locators(desk: &mut Desk<'_>, spec: &Node) {
    for entry in lit(spec) {
        let value = entry.value.as_str().unwrap_or_default();
        if !value.is_empty() && !is_duration(value) && !is_time(value) {
            let message = format!("`{value}` is neither a duration nor a time");
            desk.error(&entry.value, "HH-SW14", message, "write `10m`, or leave portLocators out of Git: they expire");
        }
    }
}

/// The locators that are left after Hedgehog's defaults: `*` stands for all, and what has ended already goes.
pub(super) fn lit(spec: &Node) -> Vec<&Entry> {
    let all = entries(spec, &["portLocators"]);
    let has_ended = |entry: &&Entry| {
        let value = entry.value.as_str().unwrap_or_default();
        let is_nothing = value.bytes().all(|byte| !byte.is_ascii_digit() || byte == b'0');
        is_duration(value) && (value.starts_with('-') || is_nothing)
    };
    let is_all = |entry: &Entry| entry.key.as_str() == Some("*");
    let whole = all.iter().any(is_all);
    all.iter().filter(|entry| !whole || is_all(entry)).filter(|entry| !has_ended(entry)).collect()
}

/// `2026-08-05 18:45:47`
fn is_time(text: &str) -> bool {
    text.len() == 19 && jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).is_ok()
}

fn breakouts_stay(desk: &mut Desk<'_>, spec: &Node, before: &Node) {
    if !flag(spec, &["roce"]) && !flag(before, &["roce"]) {
        return;
    }
    let (now, then) = (present(spec, &["portBreakouts"]), present(before, &["portBreakouts"]));
    let is_same = match (now, then) {
        (Some(now), Some(then)) => crate::yaml::same(now, then),
        (now, then) => now.is_none() == then.is_none(),
    };
    if !is_same {
        let message = "portBreakouts cannot change while roce is on";
        desk.error(now.unwrap_or(spec), "HH-SW15", message, "turn roce off first, in a change of its own");
    }
}
