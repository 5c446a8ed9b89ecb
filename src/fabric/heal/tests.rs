//! Tests of healing: each kind of damage by itself, and all of it at once.

use super::plan;
use crate::fabric::Fabric;
use crate::fabric::check::Check;
use crate::fabric::plan::{Outcome, Plan, Verdict};
use crate::fabric::resources::Ground;
use crate::fabric::snapshot::Snapshot;
use crate::fabric::snapshot::sample::snapshot;

const WEB: &str = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: web # ours\n\
                   spec: {subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001}}}\n";

fn planned(snapshot: &Snapshot) -> Plan {
    plan(&Ground::new(&Fabric::named("dc1", ""), "A <a@x>", snapshot, &Check::built_in()))
}

/// `path` and the text it will have, none where it goes.
fn edits(plan: &Plan) -> Vec<(&str, Option<&str>)> {
    plan.edits
        .iter()
        .map(|edit| (edit.path.as_str(), edit.after.as_deref().map(|bytes| std::str::from_utf8(bytes).unwrap())))
        .collect()
}

fn told(plan: &Plan) -> Vec<(&str, Outcome, &str)> {
    plan.documents.iter().map(|one| (one.file.as_str(), one.outcome, one.note.as_str())).collect()
}

#[test]
fn a_sound_directory_stays_as_it_is() {
    let both = format!("{WEB}---\n{}", WEB.replace("name: web", "name: db"));
    let plan = planned(&snapshot(&[("managed/vpcs/web.yaml", WEB), ("managed/README.md", "# ---\n")]));
    assert_eq!((plan.verdict, plan.documents.len()), (Verdict::NoChange, 0));
    let plan = planned(&snapshot(&[("managed/vpcs/web.yaml", &both)]));
    let db = WEB.replace("name: web", "name: db");
    assert_eq!(edits(&plan), [("managed/vpcs/db.yaml", Some(db.as_str())), ("managed/vpcs/web.yaml", Some(WEB))]);
}

#[test]
fn a_header_comment_stands_with_its_resource() {
    let plan = planned(&snapshot(&[("managed/vpcs/web.yaml", &format!("# the web\n---\n{WEB}"))]));
    assert_eq!(edits(&plan), [("managed/vpcs/web.yaml", Some(format!("# the web\n{WEB}").as_str()))]);
    assert_eq!(told(&plan)[0].2, "the header comment no longer stands before a `---`");
}

#[test]
fn a_copy_goes_and_a_different_twin_moves_aside() {
    let stamped = "# VPC: web\n# Normalized by Hedgehog NetBox Plugin\n# Generated: 2025-08-06 10:11:12 UTC\n---\n";
    let copy = format!(
        "{stamped}{}",
        WEB.replace(" # ours", "\n  annotations:\n    hnp.githedgehog.com/ingested-at: '2025-01-01'")
    );
    let other = WEB.replace("1001", "1002");
    let plan = planned(&snapshot(&[
        ("managed/vpcs/web.yaml", WEB),
        ("managed/vpcs/web-1.yaml", &copy),
        ("managed/vpcs/web-2.yaml", &other),
    ]));
    assert_eq!(plan.verdict, Verdict::Planned, "{:?}", plan.findings);
    let aside = "unmanaged/manual-overrides/vpcs/web-2.yaml";
    let wanted = [("managed/vpcs/web-1.yaml", None), ("managed/vpcs/web-2.yaml", None), (aside, Some(other.as_str()))];
    assert_eq!(edits(&plan), wanted);
    let wanted = [
        ("managed/vpcs/web-1.yaml", Outcome::Deleted, "the same as managed/vpcs/web.yaml"),
        ("managed/vpcs/web-2.yaml", Outcome::Unmanaged, "says something else than managed/vpcs/web.yaml, which stays"),
    ];
    assert_eq!(told(&plan), wanted);
    assert_eq!(plan.typed_because.as_deref(), Some("2 managed files are deleted"));
}

#[test]
fn a_file_goes_to_its_own_directory_and_a_downgraded_version_is_raised() {
    let old = WEB.replace("v1beta1", "v1alpha2");
    let plan = planned(&snapshot(&[("managed/switches/web.yaml", &old)]));
    let wanted = [
        ("managed/switches/.gitkeep", Some("")),
        ("managed/switches/web.yaml", None),
        ("managed/vpcs/web.yaml", Some(WEB)),
    ];
    assert_eq!(edits(&plan), wanted);
    let wanted =
        [("managed/switches/web.yaml", Outcome::Moved, "v1alpha2 -> v1beta1; it belongs in managed/vpcs/web.yaml")];
    assert_eq!(told(&plan), wanted);
    let gone = old.replace("spec: {", "spec: {snat: true, ");
    let plan = planned(&snapshot(&[("managed/vpcs/web.yaml", &gone)]));
    assert_eq!((plan.verdict, plan.findings[0].code, plan.findings[0].line), (Verdict::NoChange, "HH-LD4", Some(5)));
}

#[test]
fn what_is_no_resource_stays_where_it_is() {
    let foreign = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let mixed = format!("{foreign}---\n{WEB}");
    let plan = planned(&snapshot(&[("managed/all.yaml", &mixed), ("managed/vpcs/broken.yaml", "# x\n---\na: [\n")]));
    assert_eq!(edits(&plan), [("managed/all.yaml", Some(foreign)), ("managed/vpcs/web.yaml", Some(WEB))]);
    let commented = format!("{WEB}---\n# apiVersion: v1\n# kind: VPC\n# a: 1\n");
    let plan = planned(&snapshot(&[("managed/switches/web.yaml", &commented)]));
    assert_eq!((plan.verdict, plan.findings[0].code), (Verdict::NoChange, "HH-X1"));
    let taken = snapshot(&[("managed/vpcs/web.yaml", foreign), ("managed/all.yaml", WEB)]);
    let plan = planned(&taken);
    assert_eq!((plan.verdict, plan.findings[0].code), (Verdict::NoChange, "HH-LY3"));
}

#[test]
fn a_healed_directory_needs_no_more_healing() {
    let stamped = format!(
        "# VPC: web\n# Generated by HNP at 2025-08-06 10:11:12 UTC\n---\n{}",
        WEB.replace("v1beta1", "v1alpha2")
    );
    let sick = snapshot(&[
        ("managed/switches/x.yaml", &stamped),
        ("managed/vpcs/web-1.yaml", WEB),
        ("managed/vpcs/db.yml", &WEB.replace("name: web", "name: db")),
    ]);
    let plan = planned(&sick);
    assert_eq!(plan.verdict, Verdict::Planned, "{:?}", plan.findings);
    let mut healed = sick.clone();
    for edit in &plan.edits {
        healed.files.remove(&edit.path);
        if let Some(bytes) = edit.after.as_deref() {
            let text = std::str::from_utf8(bytes).unwrap();
            healed.files.extend(snapshot(&[(&edit.path, text)]).files);
        }
    }
    let again = planned(&healed);
    assert_eq!((again.verdict, told(&again)), (Verdict::NoChange, Vec::new()));
    assert!(healed.files.contains_key("managed/vpcs/db.yaml") && healed.files.contains_key("managed/vpcs/web.yaml"));
}
