//! Tests of references: every field that names a resource, its place and its form.

use super::{Form, references};
use crate::yaml;

/// `path -> Kind/name` of every written reference.
fn told(kind: &str, text: &str) -> Vec<String> {
    let root = yaml::read_one(text).unwrap();
    let written = references(kind, &root).into_iter().filter(|found| found.form != Form::Implied);
    written.map(|found| format!("{} -> {}/{}", found.path, found.target, found.name)).collect()
}

#[test]
fn a_connection_names_its_devices_and_its_vpc() {
    let text = "spec: {eslag: {links: [{server: {port: s-1/e1}, switch: {port: l-1/E1/4/1}}]}}";
    let wanted = ["spec.eslag.links[0].server.port -> Server/s-1", "spec.eslag.links[0].switch.port -> Switch/l-1"];
    assert_eq!(told("Connection", text), wanted);
    let text = "spec: {staticExternal: {withinVPC: v-1, link: {switch: {port: l-1/E1/1}}}}";
    let wanted = ["spec.staticExternal.link.switch.port -> Switch/l-1", "spec.staticExternal.withinVPC -> VPC/v-1"];
    assert_eq!(told("Connection", text), wanted);
    let text = "spec: {gateway: {links: [{gateway: {port: g/e}, switch: {port: s/E1/1}}]}}";
    assert_eq!(told("Connection", text)[0], "spec.gateway.links[0].gateway.port -> Gateway/g");
    for (kind, ends) in [
        ("fabric", ["leaf", "spine"]),
        ("mesh", ["leaf1", "leaf2"]),
        ("vpcLoopback", ["switch1", "switch2"]),
        ("mclagDomain", ["switch1", "switch2"]),
    ] {
        let links = if kind == "mclagDomain" { "peerLinks" } else { "links" };
        let [one, two] = ends;
        let text = format!("spec: {{{kind}: {{{links}: [{{{one}: {{port: a/1}}, {two}: {{port: b/1}}}}]}}}}");
        assert_eq!(
            told("Connection", &text),
            [
                format!("spec.{kind}.{links}[0].{one}.port -> Switch/a"),
                format!("spec.{kind}.{links}[0].{two}.port -> Switch/b"),
            ]
        );
    }
}

#[test]
fn every_other_kind_names_what_it_needs() {
    for (kind, spec, wanted) in [
        (
            "Switch",
            "{profile: vs, groups: [g-1], vlanNamespaces: [vl], redundancy: {group: g-2}}",
            &[
                "spec.profile -> SwitchProfile/vs",
                "spec.groups[0] -> SwitchGroup/g-1",
                "spec.vlanNamespaces[0] -> VLANNamespace/vl",
                "spec.redundancy.group -> SwitchGroup/g-2",
            ][..],
        ),
        (
            "VPC",
            "{ipv4Namespace: i, vlanNamespace: vl, subnets: {s: {dhcp: {relayVPC: v-2}}}}",
            &[
                "spec.ipv4Namespace -> IPv4Namespace/i",
                "spec.vlanNamespace -> VLANNamespace/vl",
                "spec.subnets.s.dhcp.relayVPC -> VPC/v-2",
            ],
        ),
        (
            "VPCAttachment",
            "{subnet: v-1/default, connection: c-1}",
            &["spec.subnet -> VPC/v-1", "spec.connection -> Connection/c-1"],
        ),
        (
            "VPCPeering",
            "{permit: [{v-1: {subnets: [a]}, v-2: }]}",
            &["spec.permit[0].v-1 -> VPC/v-1", "spec.permit[0].v-2 -> VPC/v-2"],
        ),
        ("External", "{ipv4Namespace: i}", &["spec.ipv4Namespace -> IPv4Namespace/i"]),
        (
            "ExternalAttachment",
            "{external: e, connection: c}",
            &["spec.external -> External/e", "spec.connection -> Connection/c"],
        ),
        (
            "ExternalPeering",
            "{permit: {vpc: {name: v}, external: {name: e}}}",
            &["spec.permit.vpc.name -> VPC/v", "spec.permit.external.name -> External/e"],
        ),
        ("Gateway", "{groups: [{name: g, priority: 1}]}", &["spec.groups[0].name -> GatewayGroup/g"]),
        (
            "GatewayPeering",
            "{gatewayGroup: g, peering: {v-1: {}, ext.isp: {}}, acl: {rules: [{from: v-1, to: ext.isp}]}}",
            &[
                "spec.gatewayGroup -> GatewayGroup/g",
                "spec.peering.v-1 -> VPC/v-1",
                "spec.peering.ext.isp -> External/isp",
                "spec.acl.rules[0].from -> VPC/v-1",
                "spec.acl.rules[0].to -> External/isp",
            ],
        ),
    ] {
        assert_eq!(told(kind, &format!("spec: {spec}")), wanted, "{kind}");
    }
}

#[test]
fn what_a_webhook_fills_in_is_implied() {
    let implied = |kind: &str, text: &str| -> Vec<String> {
        let found = references(kind, &yaml::read_one(text).unwrap());
        let implied = found.into_iter().filter(|found| found.form == Form::Implied);
        implied.map(|found| format!("{} -> {}/{}", found.path, found.target, found.name)).collect()
    };
    let both = ["spec.ipv4Namespace -> IPv4Namespace/default", "spec.vlanNamespace -> VLANNamespace/default"];
    assert_eq!(implied("VPC", "spec: {ipv4Namespace: }"), both);
    assert_eq!(implied("VPC", "metadata: {name: a}"), both);
    assert_eq!(implied("Switch", "spec: {vlanNamespaces: []}"), ["spec.vlanNamespaces -> VLANNamespace/default"]);
    assert!(implied("External", "spec: {ipv4Namespace: i}").is_empty());
    assert!(implied("Server", "spec: {}").is_empty());
}

#[test]
fn a_scalar_is_where_it_says_and_takes_another_name() {
    let text = "spec:\n  peering:\n    \"ext.isp\": {}\n    vpc-1: {}\n";
    let found = references("GatewayPeering", &yaml::read_one(text).unwrap());
    let keys: Vec<_> = found.iter().filter(|found| found.is_key).collect();
    assert_eq!(&text[keys[0].span.start..keys[0].span.end], "\"ext.isp\"");
    assert_eq!((keys[0].renamed("b"), keys[1].renamed("b")), ("ext.b".to_owned(), "b".to_owned()));
    assert_eq!((keys[1].span.line, keys[1].span.column), (4, 5));
    let text = "spec: {eslag: {links: [{switch: {port: 'leaf-01/E1/4/1'}}]}}";
    let found = references("Connection", &yaml::read_one(text).unwrap());
    assert_eq!(found[0].renamed("leaf-9"), "leaf-9/E1/4/1");
    assert_eq!(&text[found[0].span.start..found[0].span.end], "'leaf-01/E1/4/1'");
}

#[test]
fn what_is_no_text_refers_to_nothing() {
    assert!(told("VPCAttachment", "spec: {subnet: [a], connection: 5}").is_empty());
    assert!(told("Connection", "spec: {eslag: {links: 5, link: [a]}, x: y}").is_empty());
    assert!(told("Connection", "spec: [a]").is_empty());
}
