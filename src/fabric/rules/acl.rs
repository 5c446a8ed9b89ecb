//! Acl: EA4, the statements of an external attachment's inbound access list.

use std::collections::BTreeMap;

use crate::fabric::rules::desk::{Desk, flag, items, number, present, text};
use crate::fabric::rules::net;
use crate::yaml::Node;

const ACTIONS: [&str; 4] = ["permit", "deny", "discard", "transit"];
const PROTOCOLS: [&str; 4] = ["ip", "tcp", "udp", "icmp"];
const FLAGS: [(&str, &str); 6] =
    [("fin", "notFin"), ("syn", "notSyn"), ("rst", "notRst"), ("psh", "notPsh"), ("ack", "notAck"), ("urg", "notUrg")];
const CODE: &str = "HH-EA4";

/// EA4.
pub(super) fn check(desk: &mut Desk<'_>, spec: &Node) {
    let subject = desk.subject;
    let mut seen: BTreeMap<i128, &Node> = BTreeMap::new();
    for statement in items(spec, &["inboundACL", "statements"]) {
        if let Some(seq) = statement.get("seq").and_then(Node::as_integer) {
            let node = statement.get("seq").unwrap_or(statement);
            if seq < 10 {
                desk.error(node, CODE, format!("seq {seq} is reserved"), "number statements from 10 on");
            }
            if let Some(first) = seen.insert(seq, node) {
                let message = format!("seq {seq} is used twice");
                desk.clash(node, CODE, message, "give each its own number", (subject, first, "first used here"));
            }
        }
        one(desk, statement);
    }
}

fn one(desk: &mut Desk<'_>, statement: &Node) {
    for (key, choices) in [("action", &ACTIONS), ("protocol", &PROTOCOLS)] {
        if let Some((value, node)) = text(statement, &[key])
            && !choices.contains(&value)
        {
            desk.error(
                node,
                CODE,
                format!("{key} cannot be `{value}`"),
                &format!("write one of {}", choices.join(", ")),
            );
        }
    }
    for key in ["srcPrefix", "dstPrefix"] {
        if let Some((value, node)) = text(statement, &[key])
            && value != "any"
            && net::prefix(value).is_none()
        {
            desk.error(node, CODE, format!("{key} `{value}` is no prefix"), "write `any`, or a prefix like 10.0.0.0/8");
        }
    }
    let protocol = text(statement, &["protocol"]).map_or("", |(value, _)| value);
    tcp(desk, statement, protocol);
    for key in ["icmpType", "icmpCode"] {
        if let Some(node) = present(statement, &[key]).filter(|_| protocol != "icmp") {
            desk.error(node, CODE, format!("{key} is for protocol icmp only"), "remove it, or write `protocol: icmp`");
        }
    }
    ports(desk, statement, protocol);
}

fn tcp(desk: &mut Desk<'_>, statement: &Node, protocol: &str) {
    let Some(filters) = present(statement, &["tcpFilters"]) else { return };
    if protocol != "tcp" {
        desk.error(filters, CODE, "tcpFilters are for protocol tcp only", "remove them, or write `protocol: tcp`");
    }
    let is_set = |key: &str| flag(filters, &[key]);
    if is_set("established") && FLAGS.iter().any(|(name, not)| is_set(name) || is_set(not)) {
        desk.error(filters, CODE, "established stands alone", "remove the other flags, or `established`");
    }
    for (name, not) in FLAGS.iter().filter(|(name, not)| is_set(name) && is_set(not)) {
        desk.error(filters, CODE, format!("{name} and {not} contradict each other"), "remove one of them");
    }
}

fn ports(desk: &mut Desk<'_>, statement: &Node, protocol: &str) {
    let (begin, end) = (number(statement, &["portRangeBegin"]), number(statement, &["portRangeEnd"]));
    let Some((_, node)) = begin.or(end) else { return };
    if !matches!(protocol, "tcp" | "udp") {
        desk.error(node, CODE, "ports are for protocols tcp and udp only", "remove them, or correct the protocol");
    }
    let (begin, end) = (begin.map_or(0, |(number, _)| number), end.map_or(0, |(number, _)| number));
    if begin == 0 || begin > end {
        let message = format!("{begin}-{end} is no range of ports");
        desk.error(node, CODE, message, "write portRangeBegin from 1 on, and portRangeEnd not below it");
    }
}
