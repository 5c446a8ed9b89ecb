//! Exports: what a cluster, Argo CD and Flux leave in a resource goes on the way to managed, and is told.

use serde_json::Value;

use crate::world::World;

/// What `kubectl get -o yaml` gives of an object that Argo CD and Flux applied and somebody deletes.
const LAB: &str = r#"apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata:
  name: lab
  deletionGracePeriodSeconds: 0
  deletionTimestamp: "2026-01-02T00:00:00Z"
  finalizers: [foregroundDeletion]
  annotations: {"argocd.argoproj.io/tracking-id": "fabric:vpc.githedgehog.com/IPv4Namespace:default/lab"}
  labels: {kustomize.toolkit.fluxcd.io/name: fabric, kustomize.toolkit.fluxcd.io/namespace: flux-system}
  uid: 00000000-0000-0000-0000-000000000000
spec:
  subnets: [10.9.0.0/16]
"#;

fn managed(name: &str) -> String {
    format!("managed/ipv4-namespaces/{name}.yaml")
}

/// The notes of every document of an ingest.
fn notes(entry: &Value) -> String {
    entry["documents"].as_array().unwrap().iter().map(|one| one["note"].as_str().unwrap_or_default()).collect()
}

#[test]
fn what_deletions_and_trackers_leave_is_removed_and_the_plan_says_so() {
    let world = World::initialized();
    world.raw("lab.yaml", LAB);
    let plan = world.json(&["ingest", "dc1", "--dry-run"]);
    let told = notes(&plan.entry());
    for path in [
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "finalizers",
        "uid",
        "annotations.argocd",
        "labels.kustomize",
    ] {
        assert!(told.contains(&format!("metadata.{path}")), "{path}: {told} {}", plan.out);
    }
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let clean = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: IPv4Namespace\nmetadata:\n  name: lab\nspec:\n  subnets: [10.9.0.0/16]\n";
    assert_eq!(world.read(&managed("lab")), clean);
    world.raw("again.yaml", LAB);
    let again = world.json(&["ingest", "dc1", "--dry-run"]);
    assert_eq!(again.entry()["documents"][0]["outcome"], "unchanged", "{}", again.out);
}

#[test]
fn items_of_lists_and_json_lose_it_too_and_keep_export_keeps_what_applies() {
    let world = World::initialized();
    let item = LAB.trim_end().replace('\n', "\n  ");
    world.raw("list.yaml", format!("apiVersion: v1\nkind: List\nitems:\n- {item}\n"));
    let json = r#"{"apiVersion":"vpc.githedgehog.com/v1beta1","kind":"IPv4Namespace","metadata":{"finalizers":["a/b"],"name":"two","labels":{"kustomize.toolkit.fluxcd.io/name":"x"}},"spec":{"subnets":["10.8.0.0/16"]}}"#;
    world.raw("two.json", format!("{json}\n"));
    let said = world.run(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for name in ["lab", "two"] {
        let text = world.read(&managed(name));
        for word in ["deletion", "finalizers", "tracking", "kustomize", "uid", "labels", "annotations"] {
            assert!(!text.contains(word), "{name} has {word}: {text}");
        }
    }
    world.raw("three.yaml", LAB.replace("name: lab", "name: three").replace("10.9.", "10.7."));
    assert_eq!(world.run(&["ingest", "dc1", "--yes", "--keep-export"]).code, 0);
    let kept = world.read(&managed("three"));
    assert!(kept.contains("finalizers") && kept.contains("tracking-id") && !kept.contains("uid"), "{kept}");
}
