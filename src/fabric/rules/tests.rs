//! What Hedgehog's defaults fill in, and numbers in every spelling, before the rules look.

use std::sync::Arc;

use crate::fabric::check::Check;
use crate::fabric::files::{self, Source};
use crate::fabric::finding::Severity;
use crate::fabric::rules::facts::Facts;
use crate::fabric::rules::profiles::Profiles;
use crate::yaml;

const WIRING: &str = "wiring.githedgehog.com/v1beta1";
const VPC: &str = "vpc.githedgehog.com/v1beta1";
const GATEWAY: &str = "gateway.githedgehog.com/v1alpha1";

/// A profile with a port that can be broken out, one that cannot, and one for management.
const PROFILE: &str = "\
metadata: { name: celestica-ds3000 }
spec:
  features: { portLocator: true }
  ports:
    M1: { management: true }
    E1/1: { profile: qsfp }
    E1/2: { profile: qsfp }
    E1/33: { profile: sfp }
  portProfiles:
    qsfp:
      breakout: { default: 1x100G, supported: { 1x100G: { offsets: ['0'] }, 4x25G: { offsets: ['0', '1', '2', '3'] } } }
    sfp: { speed: { default: 10G, supported: [10G] } }
";

fn document(version: &str, kind: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{ name: {name} }}\nspec:\n{spec}")
}

/// What is found loud enough to matter: codes and messages of errors and warnings.
fn told_by(check: &Check, documents: &[String]) -> Vec<(&'static str, Severity, String)> {
    let source: Source = ("x.yaml".to_owned(), Arc::from(documents.join("---\n").as_bytes()));
    let found = files::check(&[source], &[], check).findings;
    let usual = |message: &str| message.contains("is not in this directory");
    let loud = found.into_iter().filter(|found| found.severity != Severity::Note && !usual(&found.message));
    loud.map(|found| (found.code, found.severity, found.message)).collect()
}

fn told(documents: &[String]) -> Vec<(&'static str, Severity, String)> {
    told_by(&Check::built_in(), documents)
}

fn errors(found: &[(&'static str, Severity, String)]) -> Vec<&'static str> {
    found.iter().filter(|found| found.1 == Severity::Error).map(|found| found.0).collect()
}

fn subnet(fields: &str) -> Vec<String> {
    vec![document(VPC, "VPC", "v1", &format!("  subnets:\n    s1: {{ subnet: 10.0.1.0/24, {fields} }}\n"))]
}

#[test]
fn whole_floats_are_integers_to_every_rule() {
    let ranges = document(WIRING, "VLANNamespace", "lab", "  ranges:\n  - { from: 1000.0, to: 1.5e3 }\n");
    assert_eq!(told(&[ranges]), []);
    let reserved = document(WIRING, "VLANNamespace", "lab", "  ranges: [{ from: 2.9e3, to: 3100.0 }]\n");
    assert_eq!(errors(&told(&[reserved])), ["HH-VN3"]);
    assert_eq!(told(&subnet("vlan: 1001.0")), []);
    assert_eq!(errors(&told(&subnet("vlan: 5000.0"))), ["HH-VP5"]);
    assert_eq!(errors(&told(&subnet("vlan: 7e4"))), ["HH-LD4", "HH-VP5"]);
    let lease = "vlan: 1001, dhcp: { enable: true, options: { interfaceMTU: 9.1e3, leaseTimeSeconds: 4.2e+09 } }";
    assert_eq!(errors(&told(&subnet(lease))), ["HH-VP9"]);
    let lease = "vlan: 1001, dhcp: { enable: true, options: { interfaceMTU: 9e3, leaseTimeSeconds: 4.3e+09 } }";
    assert_eq!(errors(&told(&subnet(lease))), ["HH-LD4"]);
    let switch = "  { role: spine, profile: vs, boot: { serial: x }, asn: 65101.0 }\n";
    assert_eq!(errors(&told(&[document(WIRING, "Switch", "spine-01", switch)])), ["HH-SW9"]);
    let statement = "{ seq: 5.0, action: permit, protocol: tcp, srcPrefix: any, dstPrefix: any, portRangeBegin: 8e1, portRangeEnd: 80.0 }";
    let spec = format!(
        "  connection: c\n  external: e\n  switch: {{ ip: 10.1.0.1/24 }}\n  \
         neighbor: {{ asn: 64102.0, ip: 10.1.0.2 }}\n  inboundACL: {{ statements: [{statement}] }}\n"
    );
    assert_eq!(errors(&told(&[document(VPC, "ExternalAttachment", "a", &spec)])), ["HH-EA4"]);
    let facts = "spec: { config: { fabric: { spineASN: 6.5e4, vpcIRBVLANs: [{ from: 1e2, to: 200.0 }] } } }";
    let facts = Facts::of_fabricator(&yaml::read_one(facts).unwrap());
    assert_eq!((facts.spine_asn, facts.vlans.contains(&(100, 200, "IRB interfaces"))), (65000, true));
}

#[test]
fn what_is_no_whole_number_or_out_of_range_is_told() {
    for vlan in ["1001.5", "'1001.0'", "'1001'", "1e400", "-1.0", "65536.0", "1e30", "18446744073709551616", "-5"] {
        let found = errors(&told(&subnet(&format!("vlan: {vlan}"))));
        assert!(found.contains(&"HH-LD4"), "{vlan}: {found:?}");
    }
}

#[test]
fn a_rate_limit_that_is_half_set_is_filled_in() {
    for limit in ["{ burst: 100 }", "{ replenishPerSecond: 1.0 }", "{}", "{ burst: 0, replenishPerSecond: 0 }"] {
        let spec = format!("  interfaces: {{ enp2s1: {{}} }}\n  workers: 0\n  logs: {{ rateLimit: {limit} }}\n");
        assert_eq!(errors(&told(&[document(GATEWAY, "Gateway", "gateway-1", &spec)])), [""; 0], "{limit}");
    }
}

#[test]
fn a_null_where_a_map_belongs_is_an_error_once() {
    let peering = "  peering:\n    vpc-1:\n    vpc-2: { expose: [{ default: true }] }\n";
    let peering = told(&[document(GATEWAY, "GatewayPeering", "p", peering)]);
    assert_eq!(errors(&peering), ["HH-LD4"]);
    assert!(peering[0].2.contains("spec.peering.vpc-1 is nothing"), "{peering:?}");
    let subnets = document(VPC, "VPC", "v1", "  subnets:\n    s1:\n    s2: { subnet: 10.0.2.0/24, vlan: 1001 }\n");
    assert_eq!(errors(&told(&[subnets])), ["HH-LD4"]);
    let given = "vlan: 1001, dhcp: { enable: true, static: { '00:11:22:33:44:55': } }";
    assert_eq!(errors(&told(&subnet(given))), ["HH-LD4"]);
    assert_eq!(errors(&told(&subnet("hostBGP: true, hostBGPExtraPrefixes: { 10.0.9.0/24: ~ }"))), ["HH-LD4"]);
    let interfaces = document(GATEWAY, "Gateway", "gateway-1", "  interfaces:\n    enp2s1:\n");
    assert_eq!(errors(&told(&[interfaces])), ["HH-LD4"]);
    let permit = told(&[document(VPC, "VPCPeering", "p", "  permit:\n  - vpc-1:\n    vpc-2: {}\n")]);
    assert_eq!(permit.iter().map(|found| (found.0, found.1)).collect::<Vec<_>>(), [("HH-LD4", Severity::Warning)]);
    assert_eq!(told(&subnet("vlan: 1001, dhcp: , gateway: ~, hostBGPExtraPrefixes: {}")), []);
}

#[test]
fn a_port_that_can_be_broken_out_is_located_by_its_parts() {
    let mut check = Check::built_in();
    check.rules.profiles = Profiles::of([&yaml::read_one(PROFILE).unwrap()]);
    let located = |fields: &str| {
        let spec = format!("  {{ role: server-leaf, profile: celestica-ds3000, boot: {{ serial: x }}, {fields} }}\n");
        errors(&told_by(&check, &[document(WIRING, "Switch", "leaf-01", &spec)]))
    };
    for right in [
        "portLocators: { E1/1/1: 5m, E1/33: '' }",
        "portBreakouts: { E1/2: 4x25G }, portLocators: { E1/2/4: 5m }",
        "portLocators: { '*': 5m, E1/99: soon }",
        "portLocators: { E1/1: -5m, E1/2: 0s }",
    ] {
        assert_eq!(located(right), [""; 0], "{right}");
    }
    for wrong in ["E1/1: 5m", "E1/1/2: 5m", "E1/33/1: 5m", "M1: 5m", "E1/99: 5m", "'*': soon", "E1/1/1: soon"] {
        assert_eq!(located(&format!("portLocators: {{ {wrong} }}")), ["HH-SW14"], "{wrong}");
    }
    assert_eq!(located("portBreakouts: { E1/1: 4x25G }, portLocators: { E1/1: 5m }"), ["HH-SW14"]);
}
