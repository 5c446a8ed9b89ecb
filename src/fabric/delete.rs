//! Delete: resources out of `managed/`, what refers to them told or taken too.

use std::collections::{BTreeMap, BTreeSet};

use crate::fabric::adopt::still_refers;
use crate::fabric::layout;
use crate::fabric::managed;
use crate::fabric::message::count;
use crate::fabric::plan::{Outcome, Plan};
use crate::fabric::referring::Referring;
use crate::fabric::resource::Identity;
use crate::fabric::resources::{Ground, Making};
use crate::fabric::splice::Part;

/// What a deletion was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The resources.
    pub resources: Vec<Identity>,
    /// Take everything that refers to them too.
    pub with_dependents: bool,
    /// Move the files to `unmanaged/manual-overrides/`.
    pub keep: bool,
}

/// Plans a deletion; without `with_dependents`, what still refers to the resources refuses it.
pub fn plan(ground: &Ground, options: &Options) -> Plan {
    let mut making = Making::new(ground);
    let asked: BTreeSet<&Identity> = options
        .resources
        .iter()
        .filter_map(|one| ground.managed.resources.get_key_value(one))
        .map(|(key, _)| key)
        .collect();
    let referring = Referring::of(&ground.managed);
    let mut gone: BTreeMap<&Identity, String> = asked.iter().map(|one| (*one, String::new())).collect();
    let mut waiting: Vec<&Identity> = asked.into_iter().collect();
    while let Some(target) = waiting.pop() {
        for one in referring.to(target) {
            let referrer = one.identity;
            if gone.contains_key(referrer) {
                continue;
            }
            if options.with_dependents {
                gone.insert(referrer, format!("refers to {target} ({})", one.reference.path));
                waiting.push(referrer);
            } else if !options.resources.contains(referrer) {
                making.findings.push(still_refers(referrer, &one.spot.path, &one.reference));
            }
        }
    }
    let taken = gone.len() - options.resources.len().min(gone.len());
    take(&mut making, ground, options, &gone);
    let summary = match taken {
        0 => count(gone.len(), "resource", "resources"),
        more => format!(
            "{} and {}",
            count(options.resources.len(), "resource", "resources"),
            count(more, "dependent", "dependents")
        ),
    };
    making.finish(ground, "delete", &format!("{options:?}"), &summary)
}

fn take(making: &mut Making, ground: &Ground, options: &Options, gone: &BTreeMap<&Identity, String>) {
    let mut files: BTreeMap<&str, BTreeMap<usize, Part>> = BTreeMap::new();
    for (identity, why) in gone {
        for spot in ground.managed.resources.get(*identity).into_iter().flatten() {
            files.entry(&spot.path).or_default().insert(spot.index, Part::Drop);
            let kept = options.keep.then(|| {
                let bytes = spot.document.text.as_bytes();
                let own = managed::own_path(&ground.directories, identity).unwrap_or_else(|| spot.path.clone());
                let target = managed::override_path(ground.snapshot, &own, bytes);
                making.draft.write(&target, bytes);
                target
            });
            let outcome = if kept.is_some() { Outcome::Unmanaged } else { Outcome::Deleted };
            making.tell(identity, spot, outcome, kept.as_deref(), why);
        }
    }
    for (path, parts) in files {
        making.rebuild(ground, path, &parts);
    }
    if options.keep {
        making.notes.push(format!("the texts stay in {}/", layout::OVERRIDES));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::Fabric;
    use crate::fabric::check::Check;
    use crate::fabric::plan::Verdict;
    use crate::fabric::selector::Selector;
    use crate::fabric::snapshot::Snapshot;
    use crate::fabric::snapshot::sample::snapshot;

    fn text(kind: &str, name: &str, spec: &str) -> String {
        format!("apiVersion: vpc.githedgehog.com/v1beta1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n")
    }

    fn directory() -> Snapshot {
        let (web, db) = (text("VPC", "web", "{vlanNamespace: x}"), text("VPC", "db", "{ipv4Namespace: other}"));
        let both = format!("# both\n{web}---\n{db}");
        let attach = text("VPCAttachment", "a", "{subnet: web/default, connection: c}");
        let spaces = text("IPv4Namespace", "default", "{subnets: [10.0.0.0/16]}");
        snapshot(&[
            ("managed/vpcs/both.yaml", &both),
            ("managed/vpc-attachments/a.yaml", &attach),
            ("managed/ipv4-namespaces/default.yaml", &spaces),
        ])
    }

    fn planned(snapshot: &Snapshot, resources: &[&str], with_dependents: bool, keep: bool) -> Plan {
        let resources = resources.iter().map(|text| Selector::identity(text).unwrap()).collect();
        let fabric = Fabric::named("dc1", "");
        plan(
            &Ground::new(&fabric, "A <a@x>", snapshot, &Check::built_in()),
            &Options { resources, with_dependents, keep },
        )
    }

    #[test]
    fn what_is_referred_to_stays_unless_its_dependents_go_too() {
        let snapshot = directory();
        let refused = planned(&snapshot, &["VPC/web"], false, false);
        assert_eq!((refused.verdict, refused.edits.len()), (Verdict::Refused, 0));
        let finding = &refused.findings[0];
        assert_eq!((finding.file.as_str(), finding.line), ("managed/vpc-attachments/a.yaml", Some(4)));
        assert!(finding.message.starts_with("VPCAttachment/a still refers to VPC/web"), "{}", finding.message);
        for plan in [
            planned(&snapshot, &["VPC/web"], true, false),
            planned(&snapshot, &["VPC/web", "VPCAttachment/a"], false, false),
        ] {
            assert_eq!(plan.verdict, Verdict::Planned, "{:?}", plan.findings);
            let after: Vec<_> = plan.edits.iter().map(|edit| (edit.path.as_str(), edit.after.is_some())).collect();
            let wanted = [
                ("managed/vpc-attachments/.gitkeep", true),
                ("managed/vpc-attachments/a.yaml", false),
                ("managed/vpcs/both.yaml", true),
            ];
            assert_eq!(after, wanted);
            let left = String::from_utf8(plan.edits[2].after.as_deref().unwrap().to_vec()).unwrap();
            assert_eq!(left, text("VPC", "db", "{ipv4Namespace: other}"));
        }
    }

    #[test]
    fn what_is_implied_counts_as_a_reference() {
        let refused = planned(&directory(), &["ipv4namespace/default"], false, false);
        assert_eq!(
            (refused.verdict, refused.findings.len(), refused.findings[0].code),
            (Verdict::Refused, 1, "HH-IN4")
        );
        assert!(refused.findings[0].message.contains("leaves out spec.ipv4Namespace"), "{:?}", refused.findings);
        let all = planned(&directory(), &["ipv4namespace/default"], true, false);
        let told: Vec<_> = all.documents.iter().map(|one| (one.name.as_deref().unwrap(), one.note.as_str())).collect();
        let wanted = [
            ("default", ""),
            ("a", "refers to VPC/web (spec.subnet)"),
            ("web", "refers to IPv4Namespace/default (spec.ipv4Namespace)"),
        ];
        assert_eq!(told, wanted);
        assert!(all.message.starts_with("delete(dc1): 1 resource and 2 dependents\n"), "{}", all.message);
    }

    #[test]
    fn what_is_kept_moves_aside_with_its_text() {
        let plan = planned(&directory(), &["VPCAttachment/a"], false, true);
        let kept = &plan.edits[2];
        assert_eq!(kept.path, "unmanaged/manual-overrides/vpc-attachments/a.yaml");
        let text = text("VPCAttachment", "a", "{subnet: web/default, connection: c}");
        assert_eq!(kept.after.as_deref(), Some(text.as_bytes()));
        assert_eq!(plan.documents[0].outcome, Outcome::Unmanaged);
    }
}
