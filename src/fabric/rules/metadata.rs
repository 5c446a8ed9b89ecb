//! Metadata: labels that are computed, kinds that are not the user's, hints about names.

use crate::fabric::finding::Severity;
use crate::fabric::noise;
use crate::fabric::rules::desk::{Desk, entries};

/// M2 is checked where documents are classified; this is M3, M8, SP1 and what is only a hint.
pub(super) fn check(desk: &mut Desk<'_>) {
    let root = desk.subject.root;
    let label = entries(root, &["metadata", "labels"])
        .iter()
        .find(|entry| entry.key.key_text().contains("fabric.githedgehog.com/"));
    if let Some(entry) = label {
        let message = format!("label {} is computed, and replaced at every write", entry.key.key_text());
        let finding = desk.subject.finding(Severity::Note, &entry.key, "HH-M3", &message, "leave it out");
        desk.findings.push(finding);
    }
    noise(desk);
    if desk.subject.identity.kind == "SwitchProfile" {
        let message = format!("SwitchProfile {} is made by Hedgehog itself", desk.name());
        desk.error(root, "HH-SP1", message, "remove this document; only the built-in profiles exist");
    }
    if desk.subject.identity.kind == "ServerProfile" {
        let message = "ServerProfile is not used by any release so far";
        desk.warning(root, "HH-K2", message, "leave it out if nothing else of yours reads it");
    }
}

/// What an export added, besides the labels that M3 tells.
fn noise(desk: &mut Desk<'_>) {
    let root = desk.subject.root;
    let is_label = |path: &[String]| path.len() == 3 && path[1] == "labels" && path[2].contains("githedgehog.com/");
    let paths: Vec<Vec<String>> = noise::paths(root).into_iter().filter(|path| !is_label(path)).collect();
    let Some((last, above)) = paths.first().and_then(|path| path.split_last()) else { return };
    let parents: Vec<&str> = above.iter().map(String::as_str).collect();
    let Some(entry) = root.path(&parents).and_then(|map| map.entry(last)) else { return };
    let names: Vec<String> = paths.iter().map(|path| path.join(".")).collect();
    let message = format!("holds export noise: {}", names.join(", "));
    let remedy = "an ingest removes it on the way to managed; anywhere else leave it out";
    let finding = desk.subject.finding(Severity::Note, &entry.key, "HH-M8", &message, remedy);
    desk.findings.push(finding);
}
