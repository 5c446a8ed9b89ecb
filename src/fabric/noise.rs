//! Noise: what an export added, removed line by line from a document's text.

use std::collections::BTreeSet;

use crate::fabric::resource::{is_noise, same_meaning};
use crate::yaml::{self, Entry, Node};

/// Removes export noise; returns the text and what was removed, as dotted paths.
///
/// With `keep_export` only that goes with which applying fails. A text in flow style, where lines
/// cannot be removed, stays as it is.
pub fn remove(text: &str, keep_export: bool) -> (String, Vec<String>) {
    if !may_hold_noise(text) {
        return (text.to_owned(), Vec::new());
    }
    let Ok(root) = yaml::read_one(text) else {
        return (text.to_owned(), Vec::new());
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    let mut removed = Vec::new();
    collect(&root, &mut Vec::new(), keep_export, &lines, &mut gone, &mut removed);
    if removed.is_empty() {
        return (text.to_owned(), Vec::new());
    }
    let kept: Vec<&str> =
        lines.iter().enumerate().filter(|(number, _)| !gone.contains(number)).map(|(_, line)| *line).collect();
    let kept = format!("{}\n", kept.join("\n"));
    let is_sound = yaml::read_one(&kept).is_ok_and(|node| same_meaning(&node, &root));
    if is_sound { (kept, removed) } else { (text.to_owned(), Vec::new()) }
}

fn may_hold_noise(text: &str) -> bool {
    ["status", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"]
        .into_iter()
        .chain(["ownerReferences", "selfLink", "last-applied", "fabric.githedgehog.com/"])
        .chain(["vpc.gateway.githedgehog.com/", "gateway.githedgehog.com/vpcs", "gateway.githedgehog.com/nat"])
        .any(|word| text.contains(word))
}

fn collect(
    node: &Node,
    path: &mut Vec<String>,
    keep_export: bool,
    lines: &[&str],
    gone: &mut BTreeSet<usize>,
    removed: &mut Vec<String>,
) {
    for entry in node.as_mapping().unwrap_or_default() {
        path.push(entry.key.key_text());
        let borrowed: Vec<&str> = path.iter().map(String::as_str).collect();
        let is_metadata = matches!(borrowed.as_slice(), ["metadata"] | ["metadata", "labels" | "annotations"]);
        if is_noise(&borrowed) && (!keep_export || breaks_applying(&borrowed)) {
            if let Some(range) = range(entry, lines) {
                gone.extend(range);
                removed.push(borrowed.join("."));
            }
        } else if is_metadata {
            collect(&entry.value, path, keep_export, lines, gone, removed);
            drop_emptied(entry, &path.clone(), lines, gone);
        }
        path.pop();
    }
}

/// A `labels:` or `annotations:` whose every line went goes too.
fn drop_emptied(entry: &Entry, path: &[String], lines: &[&str], gone: &mut BTreeSet<usize>) {
    let Some(range) = range(entry, lines).filter(|_| path.len() == 2) else {
        return;
    };
    let (first, rest) = (range.start, range.start + 1..range.end);
    let is_blank = |number: &usize| lines[*number].trim().is_empty();
    if !rest.is_empty() && rest.clone().all(|number| gone.contains(&number) || is_blank(&number)) {
        gone.insert(first);
    }
}

fn breaks_applying(path: &[&str]) -> bool {
    matches!(path, ["status"] | ["metadata", "uid" | "resourceVersion" | "managedFields"])
}

/// The lines (from 0) of a pair in block style; none if it shares a line with something else.
fn range(entry: &Entry, lines: &[&str]) -> Option<std::ops::Range<usize>> {
    let start = (entry.key.span.line as usize).checked_sub(1)?;
    let line = lines.get(start)?;
    let indent = line.len() - line.trim_start().len();
    if indent != (entry.key.span.column as usize).checked_sub(1)? {
        return None;
    }
    let belongs = |line: &&&str| {
        let own = line.len() - line.trim_start().len();
        line.trim().is_empty() || own > indent || (own == indent && line.trim_start().starts_with("- "))
    };
    let mut count = lines[start + 1..].iter().take_while(belongs).count();
    while count > 0 && lines[start + count].trim().is_empty() {
        count -= 1;
    }
    Some(start..start + 1 + count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORTED: &str = "\
# ours
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {\"a\":1}
  creationTimestamp: \"2025-01-01T00:00:00Z\"
  generation: 2
  labels:
    fabric.githedgehog.com/ipv4ns: default
    team: net # ours
  managedFields:
  - manager: kubectl
    operation: Update
  name: web # the web
  resourceVersion: \"12\"
  uid: abc
spec:
  vlan: 1
status:
  x: 1
";

    #[test]
    fn noise_goes_line_by_line_and_comments_stay() {
        let (text, removed) = remove(EXPORTED, false);
        assert_eq!(
            text,
            "# ours\napiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  labels:\n    team: net # ours\n  \
             name: web # the web\nspec:\n  vlan: 1\n"
        );
        assert_eq!(removed.len(), 8, "{removed:?}");
    }

    #[test]
    fn what_breaks_applying_goes_even_when_the_rest_is_kept() {
        let (text, removed) = remove(EXPORTED, true);
        assert_eq!(removed, ["metadata.managedFields", "metadata.resourceVersion", "metadata.uid", "status"]);
        assert!(text.contains("generation: 2") && text.contains("ipv4ns"));
    }

    #[test]
    fn a_clean_text_and_a_flow_text_stay() {
        for text in ["a: 1\n", "{metadata: {uid: 1, name: a}}\n"] {
            assert_eq!(remove(text, false), (text.to_owned(), Vec::new()));
        }
    }
}
