//! Facts: what a fabric was installed with; the installer's defaults where nothing else is known.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::fabric::rules::desk::{entries, items, number, text};
use crate::fabric::rules::net;
use crate::yaml::Node;

/// What a fabric was installed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The management subnet.
    pub management: IpNet,
    /// The address of the control nodes.
    pub control_vip: IpAddr,
    /// Where the management addresses given out by DHCP begin.
    pub dhcp_start: IpAddr,
    /// The subnet of the links between switches.
    pub fabric: IpNet,
    /// The subnet of router ids.
    pub protocol: IpNet,
    /// The subnet of tunnel end points.
    pub vtep: IpNet,
    /// Subnets no VPC may use, with what they are for.
    pub reserved: Vec<(IpNet, &'static str)>,
    /// VLANs no namespace may hold, from and to, with what they are for.
    pub vlans: Vec<(i128, i128, &'static str)>,
    /// The ASN of every spine.
    pub spine_asn: i128,
    /// The ASNs of leafs, from and to.
    pub leaf_asn: (i128, i128),
    /// The ASN of every gateway.
    pub gateway_asn: i128,
    /// The largest MTU towards servers.
    pub server_mtu: i128,
    /// Whether gateways are enabled; none if it is not known.
    pub gateways: Option<bool>,
    /// How many gateways a group may have.
    pub communities: usize,
}

impl Default for Facts {
    fn default() -> Self {
        let net = |a, b, c, d, length| IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length));
        let management = net(172, 30, 0, 0, 21);
        let (fabric, protocol, vtep) = (net(172, 30, 128, 0, 17), net(172, 30, 8, 0, 22), net(172, 30, 12, 0, 22));
        Self {
            management,
            control_vip: IpAddr::V4(Ipv4Addr::new(172, 30, 0, 1)),
            dhcp_start: IpAddr::V4(Ipv4Addr::new(172, 30, 4, 0)),
            fabric,
            protocol,
            vtep,
            reserved: vec![
                (management, "management"),
                (fabric, "fabric links"),
                (protocol, "protocol addresses"),
                (vtep, "VTEP addresses"),
                (net(172, 30, 96, 0, 19), "VPC loopbacks"),
                (net(172, 30, 95, 0, 31), "MCLAG sessions"),
                (net(172, 30, 16, 0, 22), "proxied externals"),
            ],
            vlans: vec![(3000, 3899, "IRB interfaces"), (3900, 3999, "the TH5 workaround")],
            spine_asn: 65100,
            leaf_asn: (65101, 65533),
            gateway_asn: 65534,
            server_mtu: 9036,
            gateways: None,
            communities: 10,
        }
    }
}

impl Facts {
    /// The facts of a `Fabricator` document; what it leaves out is as by default.
    pub fn of_fabricator(root: &Node) -> Self {
        let mut facts = Self::default();
        let control = |key: &str| text(root, &["spec", "config", "control", key]).map(|(text, _)| text);
        let fabric = |key: &str| text(root, &["spec", "config", "fabric", key]).map(|(text, _)| text);
        let nets = [
            (control("managementSubnet"), "management"),
            (fabric("fabricSubnet"), "fabric links"),
            (fabric("protocolSubnet"), "protocol addresses"),
            (fabric("vtepSubnet"), "VTEP addresses"),
            (fabric("vpcWorkaroundSubnet"), "VPC loopbacks"),
            (fabric("mclagSessionSubnet"), "MCLAG sessions"),
            (fabric("proxyExternalSubnet"), "proxied externals"),
        ];
        for (text, purpose) in nets {
            if let Some(net) = text.and_then(net::prefix) {
                facts.set(net, purpose);
            }
        }
        if let Some(vip) = control("controlVIP").and_then(net::prefix) {
            facts.control_vip = vip.addr();
        }
        if let Some(start) = fabric("managementDHCPStart").and_then(net::address) {
            facts.dhcp_start = start;
        }
        facts.numbers(root);
        facts
    }

    fn set(&mut self, net: IpNet, purpose: &str) {
        for (known, _) in self.reserved.iter_mut().filter(|(_, known)| *known == purpose) {
            *known = net;
        }
        match purpose {
            "management" => self.management = net,
            "fabric links" => self.fabric = net,
            "protocol addresses" => self.protocol = net,
            "VTEP addresses" => self.vtep = net,
            _ => {}
        }
    }

    fn numbers(&mut self, root: &Node) {
        let asn = |section: &str, key: &str| number(root, &["spec", "config", section, key]).map(|(number, _)| number);
        self.spine_asn = asn("fabric", "spineASN").unwrap_or(self.spine_asn);
        self.leaf_asn.0 = asn("fabric", "leafASNStart").unwrap_or(self.leaf_asn.0);
        self.leaf_asn.1 = asn("fabric", "leafASNEnd").unwrap_or(self.leaf_asn.1);
        self.gateway_asn = asn("gateway", "asn").unwrap_or(self.gateway_asn);
        self.gateways = root.path(&["spec", "config", "gateway", "enable"]).and_then(Node::as_bool).or(Some(false));
        let communities = entries(root, &["spec", "config", "gateway", "communities"]).len();
        self.communities = if communities == 0 { self.communities } else { communities };
        for (key, purpose) in [("vpcIRBVLANs", "IRB interfaces"), ("th5WorkaroundVLANs", "the TH5 workaround")] {
            let ranges: Vec<(i128, i128, &'static str)> = items(root, &["spec", "config", "fabric", key])
                .iter()
                .filter_map(|range| {
                    let from = number(range, &["from"])?.0;
                    Some((from, number(range, &["to"]).map_or(from, |(to, _)| to), purpose))
                })
                .collect();
            if !ranges.is_empty() {
                self.vlans.retain(|(_, _, known)| *known != purpose);
                self.vlans.extend(ranges);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn what_the_installer_was_told_replaces_its_defaults() {
        let text = "spec:\n  config:\n    control: {managementSubnet: 10.9.0.0/21, controlVIP: 10.9.0.1/32}\n    fabric: {spineASN: 64999, vpcIRBVLANs: [{from: 100, to: 200}]}\n    gateway: {enable: true}\n";
        let facts = Facts::of_fabricator(&yaml::read_one(text).unwrap());
        assert_eq!(facts.management.to_string(), "10.9.0.0/21");
        assert_eq!(facts.reserved[0], (facts.management, "management"));
        assert_eq!((facts.spine_asn, facts.leaf_asn.0, facts.gateways), (64999, 65101, Some(true)));
        assert!(facts.vlans.contains(&(100, 200, "IRB interfaces")) && facts.vlans.len() == 2);
        assert_eq!(Facts::default().gateways, None);
    }
}
