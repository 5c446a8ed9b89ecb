//! Export noise: what a cluster adds to a resource and no author means, removed line by line.

mod cut;

use crate::fabric::resource;
use crate::yaml::{self, Entry, Node};

/// Words one of which every text with noise holds; a backslash may stand for a letter of any of them.
const HINTS: [&str; 16] = [
    "\\",
    "status",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "ownerReferences",
    "selfLink",
    "deletion",
    "finalizers",
    "last-applied-configuration",
    "argocd.argoproj.io/tracking-id",
    "kustomize.toolkit.fluxcd.io/",
    "fabric.githedgehog.com/",
    "gateway.githedgehog.com/",
];

/// How many bytes are read back while fields are removed one by one.
const MOST: usize = 4 << 20;

/// Removes export noise from a document's text; returns the new text and the removed dotted paths.
///
/// With `keep_export` only that goes with which an apply fails. Every removal is read back; what
/// cannot be removed with the rest unchanged stays, because something else needs it.
pub fn remove(text: &str, keep_export: bool) -> (String, Vec<String>) {
    let mut removed = Vec::new();
    if !HINTS.iter().any(|hint| text.contains(hint)) {
        return (text.to_owned(), removed);
    }
    let Ok(mut root) = yaml::read_one(text) else {
        return (text.to_owned(), removed);
    };
    let mut text = text.to_owned();
    let paths = all(&root, keep_export);
    if let Some((shorter, rest, gone)) = cut::without_lines(&text, &root, &paths) {
        (text, root) = (shorter, rest);
        removed.extend(gone.iter().map(|path| path.join(".")));
    }
    let mut stuck = Vec::new();
    let most = removed.len() + (MOST / text.len().max(1)).clamp(12, 100);
    while let Some(path) = next(&root, keep_export, &stuck).filter(|_| stuck.len() + removed.len() < most) {
        match cut::without(&text, &root, &path) {
            Some((shorter, rest)) => {
                text = shorter;
                root = rest;
                removed.push(path.join("."));
            }
            None => stuck.push(path),
        }
    }
    (text, removed)
}

/// Removes the labels and annotations whose names begin so; returns the new text and the removed
/// dotted paths. What cannot be removed with the rest unchanged stays.
pub fn remove_prefixed(text: &str, prefix: &str) -> (String, Vec<String>) {
    let mut removed = Vec::new();
    let Some(mut root) = text.contains(prefix).then(|| yaml::read_one(text).ok()).flatten() else {
        return (text.to_owned(), removed);
    };
    let mut text = text.to_owned();
    for map in ["annotations", "labels"] {
        let entries = root.path(&["metadata", map]).and_then(Node::as_mapping).unwrap_or_default();
        let names: Vec<String> = entries.iter().map(|entry| entry.key.key_text()).collect();
        for name in names.iter().filter(|name| name.starts_with(prefix)) {
            let path = ["metadata".to_owned(), map.to_owned(), name.clone()];
            if let Some((shorter, rest)) = cut::without(&text, &root, &path) {
                (text, root) = (shorter, rest);
                removed.push(path.join("."));
            }
        }
    }
    (text, removed)
}

/// The noise that a text still holds because something else needs it, as dotted paths.
pub fn remaining(text: &str, keep_export: bool) -> Vec<String> {
    let hinted = HINTS.iter().any(|hint| text.contains(hint));
    let Some(root) = hinted.then(|| yaml::read_one(text).ok()).flatten() else {
        return Vec::new();
    };
    all(&root, keep_export).iter().map(|path| path.join(".")).collect()
}

/// The noise of a document's value, path by path; the first is the first of its level.
pub fn paths(root: &Node) -> Vec<Vec<String>> {
    all(root, false)
}

/// Whether a path of a resource, key by key, is noise.
fn is_noise(path: &[&str], keep_export: bool) -> bool {
    let breaks_applying = matches!(path, ["status"] | ["metadata", "uid" | "resourceVersion" | "managedFields"]);
    resource::is_noise(path) && (breaks_applying || !keep_export)
}

fn next(root: &Node, keep_export: bool, stuck: &[Vec<String>]) -> Option<Vec<String>> {
    all(root, keep_export).into_iter().find(|path| !stuck.contains(path))
}

/// Every noisy path; a map of labels or annotations that is nothing but noise counts as one.
fn all(root: &Node, keep_export: bool) -> Vec<Vec<String>> {
    let mut found = below(root, &[], keep_export);
    let Some(metadata) = root.get("metadata") else {
        return found;
    };
    found.extend(below(metadata, &["metadata"], keep_export));
    for name in ["labels", "annotations"] {
        let Some(map) = metadata.get(name) else {
            continue;
        };
        found.extend(below(map, &["metadata", name], keep_export));
    }
    found
}

fn below(map: &Node, path: &[&str], keep_export: bool) -> Vec<Vec<String>> {
    let is_noisy = |entry: &&Entry| {
        let name = entry.key.as_str().unwrap_or_default();
        let whole: Vec<&str> = path.iter().copied().chain([name]).collect();
        is_noise(&whole, keep_export)
    };
    (map.as_mapping().unwrap_or_default().iter())
        .filter(is_noisy)
        .map(|entry| {
            let name = entry.key.as_str().unwrap_or_default();
            path.iter().copied().chain([name]).map(str::to_owned).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str, keep: bool) -> (String, Vec<String>) {
        let (text, removed) = remove(text, keep);
        assert!(remaining(&text, keep).is_empty(), "{text}");
        (text, removed)
    }

    const EXPORT: &str = "\
# mine
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {\"a\":1}
  creationTimestamp: \"2025-01-01T00:00:00Z\" # when
  generation: 2
  labels:
    fabric.githedgehog.com/ipv4ns: default
    mine: yes-it-is # stays
    fabric.githedgehog.com/vlanns: default
  managedFields:
  - manager: kubectl
    fieldsV1:
      f:spec: {}
  name: vpc-1 # the first
  namespace: default
  resourceVersion: \"123\"
  uid: 0-1-2
spec:
  uid: stays
  status: stays
status: {}
";

    #[test]
    fn an_export_becomes_what_was_meant() {
        let (text, removed) = cleaned(EXPORT, false);
        assert_eq!(
            text,
            "# mine\napiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  labels:\n    mine: yes-it-is # stays\n  name: vpc-1 # the first\n  namespace: default\nspec:\n  uid: stays\n  status: stays\n"
        );
        assert_eq!(removed.len(), 9);
        assert!(removed.contains(&"metadata.labels.fabric.githedgehog.com/vlanns".to_owned()));
        assert!(removed.contains(&"status".to_owned()));
    }

    #[test]
    fn keep_export_removes_only_what_breaks_an_apply() {
        let (text, mut removed) = cleaned(EXPORT, true);
        removed.sort();
        assert_eq!(removed, ["metadata.managedFields", "metadata.resourceVersion", "metadata.uid", "status"]);
        assert!(text.contains("creationTimestamp") && text.contains("vlanns"));
    }

    #[test]
    fn json_and_flow_maps_lose_it_too() {
        let json = "{\n  \"metadata\": {\n    \"name\": \"x\",\n    \"uid\": \"1\",\n    \"labels\": {\"fabric.githedgehog.com/vpc\": \"a\"}\n  },\n  \"status\": {}\n}\n";
        assert_eq!(cleaned(json, false).0, "{\n  \"metadata\": {\n    \"name\": \"x\"\n  }\n}\n");
        let flow = "metadata: {uid: 1, name: x, generation: 2}\nspec: {}\n";
        assert_eq!(cleaned(flow, false).0, "metadata: {name: x}\nspec: {}\n");
        let first = "status:\n  a: 1\n# next\nkind: VPC\n";
        assert_eq!(cleaned(first, false).0, "# next\nkind: VPC\n");
    }

    #[test]
    fn what_a_deletion_and_the_trackers_of_argo_cd_and_flux_leave_is_noise() {
        let flow = "\
metadata:
  name: lab
  deletionGracePeriodSeconds: 0
  deletionTimestamp: \"2026-01-02T00:00:00Z\"
  finalizers: [foregroundDeletion]
  annotations: {\"argocd.argoproj.io/tracking-id\": \"fabric:vpc.githedgehog.com/IPv4Namespace:default/lab\"}
  labels: {kustomize.toolkit.fluxcd.io/name: fabric, kustomize.toolkit.fluxcd.io/namespace: flux-system}
spec: {}
";
        let (text, removed) = cleaned(flow, false);
        assert_eq!((text.as_str(), removed.len()), ("metadata:\n  name: lab\nspec: {}\n", 6));
        assert_eq!(cleaned(flow, true), (flow.to_owned(), Vec::new()));
        let block = "\
metadata:
  annotations:
    argocd.argoproj.io/sync-wave: \"2\"
    argocd.argoproj.io/tracking-id: x
  finalizers:
  - foregroundDeletion
  labels:
    # by whom
    kustomize.toolkit.fluxcd.io/name: fabric
    kustomize.toolkit.fluxcd.io/prune: disabled
  name: lab
";
        let kept = "\
metadata:
  annotations:
    argocd.argoproj.io/sync-wave: \"2\"
  labels:
    # by whom
    kustomize.toolkit.fluxcd.io/prune: disabled
  name: lab
";
        assert_eq!(cleaned(block, false).0, kept);
    }

    #[test]
    fn flow_maps_json_and_escaped_keys_lose_that_too() {
        for (noisy, quiet) in [
            ("metadata: {finalizers: [a, b], name: x}\n", "metadata: {name: x}\n"),
            ("metadata: {name: x, labels: {kustomize.toolkit.fluxcd.io/name: y}}\n", "metadata: {name: x}\n"),
            (
                "metadata: {name: x, labels: {a: b, kustomize.toolkit.fluxcd.io/name: y}}\n",
                "metadata: {name: x, labels: {a: b}}\n",
            ),
            (
                "metadata: {name: x, labels: {kustomize.toolkit.fluxcd.io/name: y, a: b}}\n",
                "metadata: {name: x, labels: {a: b}}\n",
            ),
            (
                "metadata: {\n  labels: {\n    kustomize.toolkit.fluxcd.io/name: y },\n  name: x }\n",
                "metadata: {\n  name: x }\n",
            ),
            ("metadata:\n  name: x\n  \"final\\x69zers\": [a]\n", "metadata:\n  name: x\n"),
            ("{\"metadata\": {\"name\": \"x\", \"finalizers\": []}}\n", "{\"metadata\": {\"name\": \"x\"}}\n"),
        ] {
            assert_eq!(cleaned(noisy, false).0, quiet);
        }
        let needed = "metadata: {name: x, finalizers: &f [a]}\nspec: {a: *f}\n";
        assert_eq!(
            (remove(needed, false).1.len(), remaining(needed, false)),
            (0, vec!["metadata.finalizers".to_owned()])
        );
    }

    #[test]
    fn meaningful_annotations_stay() {
        let text = "metadata:\n  annotations:\n    fabric.githedgehog.com/p2p-link: 10.0.0.0/31\n    fabric.githedgehog.com/route-summ: x\n";
        assert_eq!(cleaned(text, false), (text.to_owned(), Vec::new()));
    }

    #[test]
    fn what_others_need_stays() {
        let text = "metadata: {name: x, uid: &u 1}\nspec: {a: *u}\n";
        let (same, removed) = remove(text, false);
        assert_eq!((same.as_str(), removed.len()), (text, 0));
        assert_eq!(remaining(text, false), ["metadata.uid"]);
    }
}
