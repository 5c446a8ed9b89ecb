//! Meaning: when two resources mean the same, and what an export adds without meaning anything.

use crate::fabric::resource::links;
use crate::yaml::{self, Entry, Node, Value};

/// Whether a field, by its path, is export noise or computed by Hedgehog: it never counts.
pub fn is_noise(path: &[&str]) -> bool {
    match path {
        ["status"] => true,
        ["metadata", field] => matches!(
            *field,
            "uid"
                | "resourceVersion"
                | "generation"
                | "creationTimestamp"
                | "managedFields"
                | "ownerReferences"
                | "selfLink"
                | "deletionTimestamp"
                | "deletionGracePeriodSeconds"
                | "finalizers"
        ),
        ["metadata", "labels", label] => {
            label.contains("fabric.githedgehog.com/")
                || label.starts_with("vpc.gateway.githedgehog.com/")
                || matches!(*label, "kustomize.toolkit.fluxcd.io/name" | "kustomize.toolkit.fluxcd.io/namespace")
        }
        ["metadata", "annotations", annotation] => matches!(
            *annotation,
            "kubectl.kubernetes.io/last-applied-configuration"
                | "argocd.argoproj.io/tracking-id"
                | "fabric.githedgehog.com/ports"
                | "fabric.githedgehog.com/switches"
                | "fabric.githedgehog.com/servers"
                | "gateway.githedgehog.com/vpcs"
                | "gateway.githedgehog.com/nat"
        ),
        _ => false,
    }
}

/// Whether two resources mean the same to the cluster: export noise, the order of maps, nulls and a
/// stated `default` namespace do not count.
pub fn same_meaning(a: &Node, b: &Node) -> bool {
    yaml::same(a, b) || yaml::same(&meaning(a, &mut Vec::new()), &meaning(b, &mut Vec::new()))
}

fn meaning(node: &Node, path: &mut Vec<String>) -> Node {
    let value = match &node.value {
        Value::Mapping(entries) => {
            Value::Mapping(entries.iter().filter_map(|entry| entry_meaning(entry, path)).collect())
        }
        Value::Sequence(items) => {
            path.push("[]".to_owned());
            let items = items.iter().map(|item| meaning(item, path)).collect();
            path.pop();
            Value::Sequence(items)
        }
        value => value.clone(),
    };
    Node { value, span: node.span }
}

fn entry_meaning(entry: &Entry, path: &mut Vec<String>) -> Option<Entry> {
    path.push(entry.key.key_text());
    let borrowed: Vec<&str> = path.iter().map(String::as_str).collect();
    let is_left_out = is_noise(&borrowed) || is_unset(&borrowed, &entry.value);
    let value = (!is_left_out).then(|| meaning(&entry.value, path));
    path.pop();
    let value = value?;
    let is_emptied = matches!(path.as_slice(), [one] if one == "metadata")
        && matches!(entry.key.as_str(), Some("labels" | "annotations"))
        && value.as_mapping().is_some_and(<[Entry]>::is_empty);
    (!is_emptied).then(|| Entry { key: entry.key.clone(), value })
}

/// A null is unset, except where the key alone says something (whom a peering permits).
fn is_unset(path: &[&str], value: &Node) -> bool {
    let key_alone_counts = path.iter().any(|key| matches!(*key, "permit" | "peering"));
    let is_default = path == ["metadata", "namespace"] && matches!(value.as_str(), Some("default" | ""));
    is_default || (value.is_null() && !key_alone_counts)
}

/// The hydrated fields that managed has and raw lacks: paths a fabric filled in once.
pub fn dropped_hydration(kind: &str, managed: &Node, raw: &Node) -> Vec<String> {
    let fields: &[&str] = match kind {
        "Switch" => &["ip", "asn", "protocolIP", "vtepIP"],
        "Gateway" => &["asn", "protocolIP", "vtepIP"],
        "Connection" => return links::dropped_addresses(managed, raw),
        _ => return Vec::new(),
    };
    let is_set = |node: &Node, field: &str| node.path(&["spec", field]).is_some_and(is_filled);
    let is_dropped = |field: &&&str| is_set(managed, field) && !is_set(raw, field);
    fields.iter().filter(is_dropped).map(|field| format!("spec.{field}")).collect()
}

/// Whether a hydrated field holds something: no null, no empty text, no 0.
pub(crate) fn is_filled(node: &Node) -> bool {
    match &node.value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        _ => node.as_integer() != Some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        same_meaning(&yaml::read_one(a).unwrap(), &yaml::read_one(b).unwrap())
    }

    #[test]
    fn noise_order_nulls_and_the_default_namespace_do_not_count() {
        let plain = "metadata: {name: a}\nspec: {x: 1, y: [on, 2]}\n";
        assert!(same(plain, "spec: {y: [true, 2], x: 0x1, z: ~}\nmetadata: {namespace: default, name: a}\n"));
        let exported = "metadata:\n  name: a\n  uid: 1\n  labels: {fabric.githedgehog.com/vpc: a}\n\
                        spec: {x: 1, y: [on, 2]}\nstatus: {z: 1}\n";
        assert!(same(plain, exported));
    }

    #[test]
    fn what_users_author_counts() {
        let plain = "metadata: {name: a}\nspec: {x: 1}\n";
        for other in [
            "metadata: {name: a}\nspec: {x: '1'}\n",
            "metadata: {name: a, labels: {team: x}}\nspec: {x: 1}\n",
            "metadata: {name: a, annotations: {fabric.githedgehog.com/p2p-link: 10.0.0.0/31}}\nspec: {x: 1}\n",
            "metadata: {name: a, namespace: other}\nspec: {x: 1}\n",
        ] {
            assert!(!same(plain, other), "{other}");
        }
        assert!(!same("spec: {permit: [{a: , b: }]}\n", "spec: {permit: [{a: , c: }]}\n"));
        assert!(!same("spec: {a: [x, y]}\n", "spec: {a: [y, x]}\n"));
    }

    #[test]
    fn what_a_fabric_filled_in_is_missed() {
        let read = |text: &str| yaml::read_one(text).unwrap();
        let managed = read("spec: {role: spine, ip: 1, asn: 2, protocolIP: 3}\n");
        let raw = read("spec: {role: spine, asn: 2}\n");
        assert_eq!(dropped_hydration("Switch", &managed, &raw), ["spec.ip", "spec.protocolIP"]);
        let managed = read("spec: {fabric: {links: [{leaf: {port: a, ip: 1}, spine: {port: b}}]}}\n");
        let raw = read("spec: {fabric: {links: [{leaf: {port: a}, spine: {port: b}}]}}\n");
        assert_eq!(dropped_hydration("Connection", &managed, &raw), ["spec.fabric.links[0].leaf.ip"]);
    }
}
