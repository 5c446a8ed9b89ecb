//! Adopt: hand edits of `managed/` in a user's clone become one commit.

use std::collections::BTreeSet;

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::kind;
use crate::fabric::layout;
use crate::fabric::message::count;
use crate::fabric::names;
use crate::fabric::plan::{DocumentOutcome, Outcome, Plan};
use crate::fabric::reference::{self, Form};
use crate::fabric::resource::Identity;
use crate::fabric::resources::{self, Ground, Making, Reach};
use crate::fabric::snapshot::{Content, File};
use crate::fabric::unseen;

/// Plans the commit of every managed YAML file that was edited, added or deleted by hand; refused
/// where one of them has errors or a deleted resource is still referred to.
pub fn plan(ground: &Ground) -> Plan {
    let mut making = Making::new(ground);
    making.reach = Reach::Remarks;
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let (mut others, mut odd) = (Vec::new(), Vec::new());
    for path in resources::edited(ground.snapshot) {
        let content = ground.snapshot.files.get(path).map(|file| &file.content);
        if names::is_odd(path) {
            odd.push(path);
        } else if !layout::is_yaml(path) || layout::is_leftover(path) {
            others.push(path);
        } else if let Some(finding) = content.and_then(|content| unseen::unread(path, content)) {
            making.findings.push(finding);
        } else {
            taken.insert(path);
            making.draft.adopt(path);
            tell(&mut making, ground, path);
        }
    }
    if !others.is_empty() {
        let names = crate::text::clean_line(&others.join(", "));
        making.notes.push(format!("not YAML, so left as they are: {names}"));
    }
    if !odd.is_empty() {
        let names = crate::text::clean_line(&odd.join(", "));
        making.notes.push(format!("left out, as a name is not UTF-8 text or holds a backslash: {names}"));
    }
    if !ground.snapshot.has_worktree {
        let note = "this clone is hedgerow's own and has no files to edit; edits come in by ingest".to_owned();
        making.notes.push(note);
    }
    making.findings.extend(dangling(ground, &taken));
    let summary = format!("{} edited by hand", count(taken.len(), "managed file", "managed files"));
    making.finish(ground, "commit", "", &summary)
}

fn tell(making: &mut Making, ground: &Ground, path: &str) {
    let file = ground.snapshot.files.get(path);
    let outcome = match file {
        Some(File { content: Content::Deleted, .. }) => Outcome::Deleted,
        Some(File { committed: None, .. }) => Outcome::Added,
        _ => Outcome::Updated,
    };
    let mut is_told = false;
    for (identity, spots) in &ground.managed.resources {
        for spot in spots.iter().filter(|spot| spot.path == path) {
            is_told = true;
            making.tell(identity, spot, outcome, Some(path), "");
        }
    }
    if !is_told {
        let identity = identity_of(path);
        let part = |part: fn(&Identity) -> &String| identity.as_ref().map(|identity| part(identity).clone());
        making.documents.push(DocumentOutcome {
            file: path.to_owned(),
            line: None,
            kind: part(|identity| &identity.kind),
            namespace: part(|identity| &identity.namespace),
            name: part(|identity| &identity.name),
            outcome,
            path: (outcome != Outcome::Deleted).then(|| path.to_owned()),
            note: String::new(),
        });
    }
}

/// The identity a managed path stands for by its directory and name.
fn identity_of(path: &str) -> Option<Identity> {
    let (folder, file) = path.strip_prefix("managed/")?.split_once('/')?;
    let kind = kind::of_directory(folder)?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let (namespace, name) = stem.split_once('_').unwrap_or(("default", stem));
    let (namespace, name) = (namespace.to_owned(), name.to_owned());
    Some(Identity { group: kind.group.to_owned(), kind: kind.name.to_owned(), namespace, name })
}

/// What still refers to resources whose files were deleted by hand.
fn dangling(ground: &Ground, taken: &BTreeSet<&str>) -> Vec<Finding> {
    let is_deleted =
        |path: &&&str| ground.snapshot.files.get(**path).is_some_and(|file| matches!(file.content, Content::Deleted));
    let gone: BTreeSet<(String, String)> = taken
        .iter()
        .filter(is_deleted)
        .filter_map(|path| identity_of(path))
        .filter(|identity| !ground.managed.resources.contains_key(identity))
        .map(|identity| (identity.kind, identity.name))
        .collect();
    let mut findings = Vec::new();
    for (identity, spots) in ground.managed.resources.iter().filter(|_| !gone.is_empty()) {
        for spot in spots {
            let Some(root) = &spot.document.value else { continue };
            let found = reference::references(&identity.kind, root);
            let still = found.iter().filter(|one| gone.contains(&(one.target.to_owned(), one.name.clone())));
            findings.extend(still.map(|one| still_refers(identity, &spot.path, one)));
        }
    }
    findings
}

/// The error that something still refers to a resource that goes.
pub(crate) fn still_refers(identity: &Identity, path: &str, reference: &reference::Reference) -> Finding {
    let how = match reference.form {
        Form::Implied => format!("leaves out {}, which means {}", reference.path, reference.name),
        _ => format!("in {}", reference.path),
    };
    let message = format!("{identity} still refers to {}/{} ({how})", reference.target, reference.name);
    let remedy = "delete it too (--with-dependents), or let it refer to something else first";
    Finding::file(Severity::Error, code(reference.target), path, message, remedy)
        .at(reference.span.line, reference.span.column)
}

/// The rule that keeps a kind from being deleted while it is referred to.
pub(crate) fn code(target: &str) -> &'static str {
    match target {
        "VLANNamespace" => "HH-VN5",
        "IPv4Namespace" => "HH-IN4",
        "Switch" | "Server" | "SwitchGroup" => "HH-SG1",
        "Connection" => "HH-CN11",
        "VPC" => "HH-VP16",
        "External" => "HH-EX3",
        "GatewayGroup" => "HH-GW5",
        _ => "HH-CN4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::Fabric;
    use crate::fabric::check::Check;
    use crate::fabric::plan::Verdict;
    use crate::fabric::snapshot::Snapshot;
    use crate::fabric::snapshot::sample::{deleted, edited, snapshot};

    const WEB: &str = "managed/vpcs/web.yaml";
    const USE: &str = "managed/vpc-attachments/a.yaml";

    fn vpc(vlan: u32) -> String {
        format!("apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {{name: web}}\nspec: {{vlan: {vlan}}}\n")
    }

    fn attachment() -> &'static str {
        "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPCAttachment\nmetadata: {name: a}\nspec: {subnet: web/default}\n"
    }

    fn planned(snapshot: &Snapshot) -> Plan {
        plan(&Ground::new(&Fabric::named("dc1", ""), "A <a@x>", snapshot, &Check::built_in()))
    }

    #[test]
    fn edits_by_hand_are_taken_as_they_stand() {
        let clean = snapshot(&[(WEB, &vpc(1)), (USE, attachment())]);
        assert_eq!(planned(&clean).verdict, Verdict::NoChange);
        let dirty = edited(edited(clean, WEB, &vpc(2)), "managed/notes.txt", "x");
        let plan = planned(&dirty);
        assert_eq!((plan.verdict, plan.edits.len(), plan.notes.len()), (Verdict::Planned, 1, 1));
        assert_eq!(plan.edits[0].after.as_deref(), Some(vpc(2).as_bytes()));
        assert_eq!(plan.edits[0].current, dirty.files[WEB].current);
        assert_eq!(plan.documents[0].outcome, Outcome::Updated);
        assert!(plan.message.starts_with("commit(dc1): 1 managed file edited by hand\n\nupdated 1\n"));
    }

    #[test]
    fn an_edit_with_errors_or_a_dangling_reference_refuses() {
        let clean = snapshot(&[(WEB, &vpc(1)), (USE, attachment())]);
        let plan = planned(&edited(clean.clone(), WEB, "a: [\n"));
        assert_eq!((plan.verdict, plan.findings[0].file.as_str()), (Verdict::Refused, WEB));
        let plan = planned(&edited(clean.clone(), "managed/vpcs/web-1.yaml", &vpc(1)));
        assert_eq!((plan.verdict, plan.findings[0].code), (Verdict::Refused, "HH-LY2"));
        let plan = planned(&deleted(clean, WEB));
        let finding = &plan.findings[0];
        assert_eq!((plan.verdict, finding.code, finding.file.as_str()), (Verdict::Refused, "HH-VP16", USE));
        assert_eq!((finding.line, finding.column), (Some(4), Some(16)));
    }

    #[test]
    fn a_deletion_by_hand_is_adopted_and_the_folder_stays() {
        let plan = planned(&deleted(snapshot(&[(WEB, &vpc(1))]), WEB));
        assert_eq!(plan.verdict, Verdict::Planned);
        let paths: Vec<(&str, bool)> =
            plan.edits.iter().map(|edit| (edit.path.as_str(), edit.after.is_some())).collect();
        assert_eq!(paths, [("managed/vpcs/.gitkeep", true), (WEB, false)]);
        assert_eq!(plan.documents[0].outcome, Outcome::Deleted);
        assert_eq!(plan.documents[0].name.as_deref(), Some("web"));
        assert_eq!(plan.typed_because.as_deref(), Some("1 managed file is deleted"));
    }
}
