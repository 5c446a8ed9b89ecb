//! Connection: one type, real devices, every port used once, addresses of its links.

use std::collections::BTreeSet;

use crate::fabric::resource::plain_port;
use crate::fabric::rules::desk::{Desk, items, number, present, text};
use crate::fabric::rules::{Subject, net, ports, static_external};
use crate::yaml::Node;

/// The connection types, as the spec names them, with their two sides.
const TYPES: [(&str, &[&str]); 9] = [
    ("unbundled", &["server", "switch"]),
    ("bundled", &["server", "switch"]),
    ("eslag", &["server", "switch"]),
    ("fabric", &["spine", "leaf"]),
    ("mesh", &["leaf1", "leaf2"]),
    ("gateway", &["switch", "gateway"]),
    ("vpcLoopback", &["switch1", "switch2"]),
    ("external", &["switch"]),
    ("staticExternal", &["switch"]),
];

/// One link of a connection.
pub(super) struct Link<'a> {
    node: &'a Node,
    sides: &'static [&'static str],
}

/// One end of a link.
pub(super) struct End<'a> {
    /// `server`, `switch`, `spine`, ...
    pub(super) side: &'static str,
    /// The end's map.
    pub(super) node: &'a Node,
}

/// The connection's type, if exactly one is set.
pub(super) fn kind(spec: &Node) -> Option<&'static str> {
    let mut set = TYPES.iter().filter(|(name, _)| present(spec, &[name]).is_some());
    let first = set.next()?;
    set.next().is_none().then_some(first.0)
}

/// Whether it is of a type that is no longer supported.
pub(super) fn is_mclag(spec: &Node) -> bool {
    present(spec, &["mclag"]).is_some() || present(spec, &["mclagDomain"]).is_some()
}

impl<'a> Link<'a> {
    /// Every link of a connection's spec.
    pub(super) fn of(spec: &'a Node) -> Vec<Self> {
        let Some((name, sides)) = TYPES.iter().find(|(name, _)| present(spec, &[name]).is_some()) else {
            return Vec::new();
        };
        let one = present(spec, &[name, "link"]).map(|node| Self { node, sides });
        one.into_iter().chain(items(spec, &[name, "links"]).iter().map(|node| Self { node, sides })).collect()
    }

    /// Its ends that are written.
    pub(super) fn ends(&self) -> Vec<End<'a>> {
        let end = |side: &&'static str| Some(End { side, node: present(self.node, &[side])? });
        self.sides.iter().filter_map(end).collect()
    }
}

impl<'a> End<'a> {
    /// The port, `device/port`.
    pub(super) fn port(&self) -> Option<(&'a str, &'a Node)> {
        text(self.node, &["port"])
    }

    /// The device.
    pub(super) fn device(&self) -> Option<(&'a str, &'a Node)> {
        let (port, node) = self.port()?;
        Some((port.split_once('/')?.0, node))
    }

    /// The kind of device at this end.
    pub(super) fn device_kind(&self) -> &'static str {
        match self.side {
            "server" => "Server",
            "gateway" => "Gateway",
            _ => "Switch",
        }
    }
}

/// The switches a connection names, in order, each once.
pub(super) fn switches(spec: &Node) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    Link::of(spec)
        .iter()
        .flat_map(Link::ends)
        .filter(|end| end.device_kind() == "Switch")
        .filter_map(|end| Some(end.device()?.0))
        .filter(|name| seen.insert(*name))
        .collect()
}

/// CN1 to CN12.
pub(super) fn check(desk: &mut Desk<'_>) {
    let spec = desk.spec();
    if let Some(node) = present(spec, &["mclag"]).or_else(|| present(spec, &["mclagDomain"])) {
        return desk.warning(node, "HH-CN1", "MCLAG is deprecated and no longer supported", "use `eslag`");
    }
    let set: Vec<&str> = TYPES.iter().map(|(name, _)| *name).filter(|name| present(spec, &[name]).is_some()).collect();
    let [kind] = set.as_slice() else {
        let message = if set.is_empty() { "has no type".to_owned() } else { format!("has {} types", set.len()) };
        let place = set.get(1).and_then(|name| spec.get(name)).unwrap_or(spec);
        return desk.error(place, "HH-CN1", message, "write exactly one, such as `unbundled`, `eslag` or `fabric`");
    };
    let links = Link::of(spec);
    shape(desk, spec, kind, &links);
    devices(desk, &links);
    used_once(desk, &links);
    if *kind == "eslag" {
        redundancy(desk, spec);
    }
    if matches!(*kind, "fabric" | "mesh" | "gateway") {
        for link in &links {
            addresses(desk, link);
        }
    }
    mtu(desk, spec, kind);
    if *kind == "staticExternal" {
        static_external::check(desk, spec);
    }
    stays(desk, spec, kind);
    named(desk, kind, &links);
}

fn shape(desk: &mut Desk<'_>, spec: &Node, kind: &str, links: &[Link<'_>]) {
    let place = present(spec, &[kind]).unwrap_or(spec);
    let sides: &[&str] = TYPES.iter().find(|(name, _)| *name == kind).map_or(&[], |(_, sides)| sides);
    let mut is_whole = true;
    for link in links {
        for side in sides {
            let port = link.node.path(&[side, "port"]);
            let written = port.and_then(Node::as_str).unwrap_or_default();
            let is_port = written.split_once('/').is_some_and(|(device, port)| !device.is_empty() && !port.is_empty());
            if !is_port {
                is_whole = false;
                let message = format!("`{written}` is no port of a device");
                desk.error(port.unwrap_or(link.node), "HH-CN2", message, "write it like leaf-01/E1/5");
            }
        }
    }
    if links.is_empty() {
        return desk.error(place, "HH-CN3", format!("{kind} has no links"), "write its links, with both their ends");
    }
    if is_whole {
        devices_and_ports(desk, place, kind, links);
    }
}

fn devices_and_ports(desk: &mut Desk<'_>, place: &Node, kind: &str, links: &[Link<'_>]) {
    let ends: Vec<End<'_>> = links.iter().flat_map(Link::ends).collect();
    let devices = |wanted: &str| -> BTreeSet<&str> {
        ends.iter().filter(|end| end.device_kind() == wanted).filter_map(|end| Some(end.device()?.0)).collect()
    };
    let (switches, servers) = (devices("Switch").len(), devices("Server").len());
    let wrong = match kind {
        "unbundled" | "bundled" if switches != 1 => Some("ends at exactly one switch"),
        "unbundled" | "bundled" | "eslag" if servers != 1 => Some("begins at exactly one server"),
        "eslag" if switches > 4 => Some("ends at four switches at most"),
        "fabric" | "mesh" if switches != 2 => Some("joins exactly two switches"),
        "gateway" | "vpcLoopback" if switches != 1 => Some("is at exactly one switch"),
        _ => None,
    };
    if let Some(rule) = wrong {
        let message = format!("a connection of type {kind} {rule}");
        desk.error(place, "HH-CN3", message, "correct the devices, or make several connections");
    }
    let mut seen: Vec<(&str, &Node)> = Vec::new();
    for (port, node) in ends.iter().filter_map(End::port) {
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == port) {
            let message = format!("{port} is used twice in this connection");
            let subject = desk.subject;
            desk.clash(node, "HH-CN3", message, "give each link its own ports", (subject, first, "first used here"));
        }
        seen.push((port, node));
    }
}

fn devices(desk: &mut Desk<'_>, links: &[Link<'_>]) {
    let mut told = BTreeSet::new();
    for end in links.iter().flat_map(Link::ends) {
        let Some((device, node)) = end.device() else { continue };
        let kind = end.device_kind();
        let Some(subject) = desk.world.find(kind, device) else {
            if !device.is_empty() && told.insert((kind, device)) {
                desk.missing(node, "HH-CN4", kind, device);
            }
            continue;
        };
        let port = end.port().and_then(|(port, _)| port.split_once('/')).map_or("", |(_, port)| port);
        match kind {
            "Switch" => allowed(desk, subject.spec(), node, device, port),
            "Gateway" if subject.spec().path(&["interfaces", port]).is_none() => {
                let message = format!("Gateway {device} has no interface {port}");
                desk.error(node, "HH-CN4", message, "name one of its interfaces, or add it there");
            }
            _ => {}
        }
    }
}

/// CN5: the port is one of the switch's, where its profile is known.
fn allowed(desk: &mut Desk<'_>, switch: &Node, node: &Node, device: &str, port: &str) {
    let Some(profile) = ports::profile(desk, switch) else { return };
    if !profile.names(&ports::breakouts(switch)).contains(port) {
        let message = format!("Switch {device} has no port {port}");
        desk.error(node, "HH-CN5", message, "use a port of its profile; broken-out ports have numbers of their own");
    }
}

fn used_once(desk: &mut Desk<'_>, links: &[Link<'_>]) {
    for (port, node) in links.iter().flat_map(Link::ends).filter_map(|end| end.port()) {
        let Some(other) = desk.world.earlier_use(port, desk.subject) else { continue };
        let place = Link::of(other.spec())
            .iter()
            .flat_map(Link::ends)
            .filter_map(|end| end.port())
            .find(|(used, _)| plain_port(used) == plain_port(port))
            .map_or(other.spec(), |(_, node)| node);
        let message = format!("port {port} is used by {} already", other.identity);
        desk.clash(node, "HH-CN6", message, "use a free port", (other, place, "first used here"));
    }
}

fn redundancy(desk: &mut Desk<'_>, spec: &Node) {
    let place = present(spec, &["eslag"]).unwrap_or(spec);
    let found: Vec<&Node> =
        switches(spec).iter().filter_map(|name| desk.world.find("Switch", name)).map(Subject::spec).collect();
    let word = |switch: &Node, key: &str| text(switch, &["redundancy", key]).map(|(word, _)| word.to_owned());
    let groups: BTreeSet<String> = found.iter().filter_map(|switch| word(switch, "group")).collect();
    let types: BTreeSet<String> = found.iter().filter_map(|switch| word(switch, "type")).collect();
    if found.is_empty() {
        return;
    }
    let message = match (groups.len(), types.iter().map(String::as_str).collect::<Vec<_>>().as_slice()) {
        (0, _) => "the switches are in no redundancy group",
        (1, ["eslag"]) => return,
        (1, _) => "the redundancy group is not of type eslag",
        _ => "the switches are in different redundancy groups",
    };
    desk.error(place, "HH-CN7", message, "use switches of one redundancy group of type eslag");
}

/// CN8: both ends of a link in one /31 of the fabric's subnet, each address once.
fn addresses(desk: &mut Desk<'_>, link: &Link<'_>) {
    let fabric = desk.world.settings.facts.fabric;
    let mut nets = Vec::new();
    for end in link.ends() {
        let Some((value, node)) = text(end.node, &["ip"]) else { continue };
        let Some(found) = net::prefix(value) else { continue };
        if found.prefix_len() != 31 {
            desk.error(node, "HH-CN8", format!("{value} is no /31"), "write the end's address with /31");
        } else if !fabric.contains(&found.addr()) {
            desk.error(node, "HH-CN8", format!("{value} is not inside {fabric}"), "use an address of that subnet");
        } else if let Some((other, place)) = desk.world.earlier_owner("link", &found.addr().to_string(), node) {
            let message = format!("{} is used by {} already", found.addr(), other.identity);
            desk.clash(node, "HH-CN8", message, "give each end its own address", (other, place, "first used here"));
        }
        nets.push((found, node));
    }
    if let [(a, _), (b, node)] = nets.as_slice()
        && a.trunc() != b.trunc()
        && a.prefix_len() == 31
        && b.prefix_len() == 31
    {
        desk.error(
            node,
            "HH-CN8",
            format!("{a} and {b} are not the two ends of one /31"),
            "use neighbouring addresses",
        );
    }
}

fn mtu(desk: &mut Desk<'_>, spec: &Node, kind: &str) {
    let most = desk.world.settings.facts.server_mtu;
    if matches!(kind, "unbundled" | "bundled")
        && let Some((mtu, node)) = number(spec, &[kind, "mtu"])
        && mtu > most
    {
        desk.error(node, "HH-CN9", format!("MTU {mtu} is larger than {most}"), &format!("write {most} at most"));
    }
}

/// CN11: what may not change.
fn stays(desk: &mut Desk<'_>, spec: &Node, kind: &str) {
    let Some(before) = desk.world.before("Connection", desk.name()) else { return };
    let then = self::kind(before.spec());
    if let Some(then) = then.filter(|then| *then != kind) {
        let place = present(spec, &[kind]).unwrap_or(spec);
        let message = format!("the type was {then} and cannot change to {kind}");
        return desk.error(place, "HH-CN11", message, "make a connection with another name, and remove this one");
    }
    let within = |spec: &Node| text(spec, &["staticExternal", "withinVPC"]).map(|(name, _)| name.to_owned());
    if kind == "staticExternal" && within(spec) != within(before.spec()) {
        let place = spec.path(&["staticExternal", "withinVPC"]).unwrap_or(spec);
        let message = "staticExternal.withinVPC cannot change";
        desk.error(place, "HH-CN11", message, "make a connection with another name, and remove this one");
    }
}

/// CN12: a hint only.
fn named(desk: &mut Desk<'_>, kind: &str, links: &[Link<'_>]) {
    let device = |side: &[&str]| {
        links.iter().flat_map(Link::ends).find(|end| side.contains(&end.side)).and_then(|end| Some(end.device()?.0))
    };
    let (left, word) = match kind {
        "unbundled" | "bundled" | "eslag" => (device(&["server"]), kind),
        "fabric" => (device(&["spine"]), kind),
        "mesh" => (device(&["leaf1"]), kind),
        "vpcLoopback" => (device(&["switch1"]), "vpc-loopback"),
        "staticExternal" => (device(&["switch"]), "static-external"),
        _ => (device(&["switch"]), kind),
    };
    let Some(left) = left else { return };
    let wanted = format!("{left}--{word}");
    let name = desk.name();
    if !name.starts_with(&wanted)
        && let Some(node) = desk.subject.root.path(&["metadata", "name"])
    {
        let message = format!("by convention the name begins with {wanted}");
        let severity = crate::fabric::finding::Severity::Note;
        let finding = desk.subject.finding(severity, node, "HH-CN12", &message, "nothing to do; it helps readers");
        desk.findings.push(finding);
    }
}
