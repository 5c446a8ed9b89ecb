//! Static external: CN10, the addresses behind a port.

use ipnet::IpNet;

use crate::fabric::rules::desk::{Desk, items, text};
use crate::fabric::rules::net;
use crate::yaml::Node;

/// CN10.
pub(super) fn check(desk: &mut Desk<'_>, spec: &Node) {
    let Some(switch) = spec.path(&["staticExternal", "link", "switch"]) else { return };
    next_hop(desk, switch);
    subnets(desk, switch);
    if let Some((name, node)) = text(spec, &["staticExternal", "withinVPC"])
        && !desk.world.exists("VPC", name)
    {
        desk.missing(node, "HH-CN10", "VPC", name);
    }
}

fn next_hop(desk: &mut Desk<'_>, switch: &Node) {
    let (ip, hop) = (text(switch, &["ip"]), text(switch, &["nextHop"]));
    let (Some((ip, _)), Some((hop, place))) = (ip, hop) else {
        return desk.error(
            switch,
            "HH-CN10",
            "ip and nextHop are needed",
            "write both: `ip: 10.1.0.1/24`, `nextHop: 10.1.0.2`",
        );
    };
    // What is no address at all is told by the fields' patterns.
    let (Some(ip), Some(hop)) = (net::prefix(ip), net::address(hop)) else { return };
    if !ip.contains(&hop) {
        desk.error(place, "HH-CN10", format!("{hop} is not inside {ip}"), "use an address of that subnet");
    }
}

fn subnets(desk: &mut Desk<'_>, switch: &Node) {
    let listed = items(switch, &["subnets"]);
    let mut found: Vec<(IpNet, &Node)> = Vec::new();
    for node in listed {
        let Some(text) = node.as_str() else { continue };
        match net::prefix(text) {
            None => desk.error(node, "HH-CN10", format!("`{text}` is no subnet"), "write it like 10.2.0.0/16"),
            Some(_) if text == "0.0.0.0/0" && listed.len() > 1 => {
                desk.error(node, "HH-CN10", "the default route stands alone", "remove the other subnets, or this one");
            }
            Some(_) if text == "0.0.0.0/0" => {}
            Some(net) if !net::is_canonical(&net) => {
                let message = format!("{text} has bits behind its prefix");
                desk.error(node, "HH-CN10", message, &format!("write {}", net.trunc()));
            }
            Some(net) => found.push((net, node)),
        }
    }
    let nets: Vec<IpNet> = found.iter().map(|(net, _)| *net).collect();
    for (inside, around) in net::overlaps(&nets, |_, _| true) {
        let (later, earlier) = (inside.max(around), inside.min(around));
        let message = format!("{} overlaps {}", nets[later], nets[earlier]);
        let subject = desk.subject;
        desk.clash(
            found[later].1,
            "HH-CN10",
            message,
            "keep the subnets apart",
            (subject, found[earlier].1, "the other"),
        );
    }
    for (net, node) in found {
        desk.unreserved(node, &net, "HH-CN10");
    }
}
