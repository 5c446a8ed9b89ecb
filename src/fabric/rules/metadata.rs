//! Metadata: labels that are computed, kinds that are not the user's, hints about names.

use crate::fabric::finding::Severity;
use crate::fabric::rules::desk::{Desk, entries};

/// M2 is checked where documents are classified; this is M3, SP1 and what is only a hint.
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
    if desk.subject.identity.kind == "SwitchProfile" {
        let message = format!("SwitchProfile {} is made by Hedgehog itself", desk.name());
        desk.error(root, "HH-SP1", message, "remove this document; only the built-in profiles exist");
    }
    if desk.subject.identity.kind == "ServerProfile" {
        let message = "ServerProfile is not used by any release so far";
        desk.warning(root, "HH-K2", message, "leave it out if nothing else of yours reads it");
    }
}
