//! Links: the addresses of a connection's links, found again by the ports of their ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::fabric::resource::meaning::is_filled;
use crate::yaml::{Entry, Node};

/// The connection types whose links have addresses, as the spec names them.
pub(crate) const ADDRESSED: [&str; 3] = ["fabric", "mesh", "gateway"];

/// One link: the ports of its ends, and which of the links with these ports it is.
type Key = (BTreeSet<String>, usize);

/// One link of a connection, with its place.
struct Link<'a> {
    path: String,
    ends: &'a [Entry],
}

/// `leaf-01/E1/4/1` and `leaf-01/E1/4` are the same port where one is broken out, and one port is used once.
pub(crate) fn plain_port(port: &str) -> String {
    match port.matches('/').count() {
        2 => format!("{port}/1"),
        _ => port.to_owned(),
    }
}

/// The addresses that managed has and raw lacks, as paths of managed.
///
/// A link is the same link where its ends are at the same ports, wherever it stands in the list and
/// whichever end is named first. An address that raw has at another link was moved, not dropped.
pub(super) fn dropped_addresses(managed: &Node, raw: &Node) -> Vec<String> {
    let (links, others) = (links(managed), links(raw));
    let moved: BTreeSet<&str> =
        others.values().flat_map(|link| link.ends).filter_map(|end| address(&end.value)).collect();
    let mut dropped = Vec::new();
    for (key, link) in &links {
        let other = others.get(key);
        for end in link.ends.iter().filter(|end| is_set(&end.value)) {
            let remains = match other {
                Some(other) => other.ends.iter().any(|found| is_same_end(found, end) && is_set(&found.value)),
                None => address(&end.value).is_some_and(|address| moved.contains(address)),
            };
            if !remains {
                dropped.push(format!("{}.{}.ip", link.path, end.key.key_text()));
            }
        }
    }
    dropped.sort();
    dropped
}

fn links(root: &Node) -> BTreeMap<Key, Link<'_>> {
    let (mut found, mut seen) = (BTreeMap::new(), BTreeMap::new());
    for kind in ADDRESSED {
        let links = root.path(&["spec", kind, "links"]).and_then(Node::as_sequence).unwrap_or_default();
        for (at, link) in links.iter().enumerate() {
            let ends = link.as_mapping().unwrap_or_default();
            let ports: BTreeSet<String> = ends.iter().filter_map(|end| port(&end.value)).collect();
            let seen = seen.entry(ports.clone()).or_insert(0);
            let number = *seen;
            *seen += 1;
            found.insert((ports, number), Link { path: format!("spec.{kind}.links[{at}]"), ends });
        }
    }
    found
}

/// Whether two ends of one link are the same: at the same port, or without ports under the same name.
fn is_same_end(a: &Entry, b: &Entry) -> bool {
    match (port(&a.value), port(&b.value)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.key.key_text() == b.key.key_text(),
        _ => false,
    }
}

fn port(end: &Node) -> Option<String> {
    Some(plain_port(end.get("port")?.as_str()?))
}

fn address(end: &Node) -> Option<&str> {
    end.get("ip")?.as_str()
}

fn is_set(end: &Node) -> bool {
    end.get("ip").is_some_and(is_filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn dropped(managed: &str, raw: &str) -> Vec<String> {
        let read = |links: &str| yaml::read_one(&format!("spec: {{fabric: {{links: [{links}]}}}}\n")).unwrap();
        dropped_addresses(&read(managed), &read(raw))
    }

    const A: &str = "{spine: {port: s1/E1/1, ip: 10.0.0.0/31}, leaf: {port: l1/E1/1, ip: 10.0.0.1/31}}";
    const BARE_A: &str = "{spine: {port: s1/E1/1}, leaf: {port: l1/E1/1}}";
    const B: &str = "{spine: {port: s1/E1/2, ip: 10.0.0.2/31}, leaf: {port: l1/E1/2, ip: 10.0.0.3/31}}";
    const BOTH: [&str; 2] = ["spec.fabric.links[0].leaf.ip", "spec.fabric.links[0].spine.ip"];

    #[test]
    fn a_link_is_found_by_its_ports_wherever_it_stands() {
        assert_eq!(dropped(A, &format!("{B}, {A}")), [""; 0]);
        assert_eq!(dropped(A, &format!("{B}, {BARE_A}")), BOTH);
        assert_eq!(dropped(&format!("{A}, {B}"), &format!("{B}, {A}")), [""; 0]);
        let found = dropped(&format!("{B}, {A}"), &format!("{BARE_A}, {B}"));
        assert_eq!(found, ["spec.fabric.links[1].leaf.ip", "spec.fabric.links[1].spine.ip"]);
        let turned = "{leaf: {port: l1/E1/1, ip: 10.0.0.1/31}, spine: {port: s1/E1/1/1, ip: 10.0.0.0/31}}";
        assert_eq!(dropped(A, turned), [""; 0]);
    }

    #[test]
    fn a_link_that_is_gone_takes_its_addresses_along_unless_they_moved() {
        assert_eq!(dropped(A, B), BOTH);
        assert_eq!(dropped(A, ""), BOTH);
        let moved = "{spine: {port: s1/E1/9, ip: 10.0.0.0/31}, leaf: {port: l1/E1/1, ip: 10.0.0.1/31}}";
        assert_eq!(dropped(A, moved), [""; 0]);
    }

    #[test]
    fn ends_change_sides_and_links_without_ports_go_by_their_order() {
        let mesh = |links: &str| yaml::read_one(&format!("spec: {{mesh: {{links: [{links}]}}}}\n")).unwrap();
        let one = mesh("{leaf1: {port: a/E1/1, ip: 10.0.0.0/31}, leaf2: {port: b/E1/1}}");
        let other = mesh("{leaf1: {port: b/E1/1}, leaf2: {port: a/E1/1, ip: 10.0.0.0/31}}");
        assert_eq!(dropped_addresses(&one, &other), [""; 0]);
        let swapped = mesh("{leaf1: {port: b/E1/1, ip: 10.0.0.0/31}, leaf2: {port: a/E1/1}}");
        assert_eq!(dropped_addresses(&one, &swapped), ["spec.mesh.links[0].leaf1.ip"]);
        assert_eq!(
            dropped("{leaf: {ip: 1}}, {leaf: {ip: 2}}", "{leaf: {ip: 1}}, {leaf: {}}"),
            ["spec.fabric.links[1].leaf.ip"]
        );
        assert_eq!(dropped("{leaf: {port: a/E1/1, ip: ''}}", "{leaf: {port: a/E1/1}}"), [""; 0]);
    }
}
