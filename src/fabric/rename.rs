//! Rename: a resource under another name, every reference to it rewritten, all other text kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::fabric::adopt::code;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::managed::{self, Spot};
use crate::fabric::message::count;
use crate::fabric::names;
use crate::fabric::plan::{Outcome, Plan};
use crate::fabric::reference::{self, Form, Reference};
use crate::fabric::referring::Referring;
use crate::fabric::resource::{self, Identity};
use crate::fabric::resources::{Ground, Making, homeless};
use crate::fabric::rewrite;
use crate::fabric::snapshot::Content;
use crate::fabric::splice::{self, Part};
use crate::yaml::{self, Node, Span};

/// What a renaming was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The resource.
    pub from: Identity,
    /// Its new name.
    pub to: String,
}

/// Why a resource of this kind cannot have this name; none if it can.
pub fn refusal(kind: &str, name: &str) -> Option<String> {
    let shown = crate::text::clean_line(name);
    let is_short = matches!(kind, "VPC" | "External" | "IPv4Namespace");
    if !resource::is_name(name) {
        Some(format!("{shown} is not a name Kubernetes takes"))
    } else if is_short && name.len() > 11 {
        Some(format!("{shown} is too long: a {kind} has 11 characters at most"))
    } else if kind == "VPC" && name.starts_with("ext.") {
        Some(format!("{shown} begins with ext., which stands for Externals"))
    } else {
        None
    }
}

/// Plans a renaming: delete and add, with every reference rewritten in the same commit.
pub fn plan(ground: &Ground, options: &Options) -> Plan {
    let mut making = Making::new(ground);
    let from = &options.from;
    let to = Identity { name: options.to.clone(), ..from.clone() };
    let spots = ground.managed.resources.get(from).map(Vec::as_slice).unwrap_or_default();
    if let Some(twin) = spots.get(1) {
        let message = format!("{from} stands here too, so it is not clear which text is meant");
        let remedy = "`hedgerow heal` takes the second file out";
        making.findings.push(Finding::file(Severity::Error, "HH-LY2", &twin.path, message, remedy));
    }
    let mut files: BTreeMap<&str, BTreeMap<usize, Part>> = BTreeMap::new();
    let referring = Referring::of(&ground.managed);
    let mut seen: BTreeSet<(&str, usize)> = BTreeSet::new();
    for one in referring.to(from) {
        if one.reference.form == Form::Implied {
            making.findings.push(implied(one.identity, &one.spot.path, &one.reference));
        } else if one.identity != from && seen.insert((&one.spot.path, one.spot.index)) {
            refer(&mut making, &mut files, one.identity, one.spot, options);
        }
    }
    if let Some(spot) = spots.first() {
        move_it(&mut making, &mut files, ground, options, &to, spot);
    }
    for (path, parts) in files {
        making.rebuild(ground, path, &parts);
    }
    making.notes.push(format!("the cluster deletes {from} and makes {to} anew"));
    let summary = format!("{from} to {}, {}", options.to, count(seen.len(), "referrer", "referrers"));
    making.finish(ground, "rename", &format!("{options:?}"), &summary)
}

type Files<'a> = BTreeMap<&'a str, BTreeMap<usize, Part>>;

/// Rewrites the references of one document.
fn refer<'a>(making: &mut Making, files: &mut Files<'a>, who: &Identity, spot: &'a Spot, options: &Options) {
    let mut told = Vec::new();
    let text = rewritten(who, spot, options, &mut told, false);
    match text {
        Some(text) => {
            files.entry(&spot.path).or_default().insert(spot.index, Part::Replace(text));
            making.tell(who, spot, Outcome::Updated, Some(&spot.path), &told.join("; "));
        }
        None => making.findings.push(unwritable(who, spot)),
    }
}

/// Gives the resource its new name, and its file too where the file is named after it.
fn move_it<'a>(
    making: &mut Making,
    files: &mut Files<'a>,
    ground: &Ground,
    options: &Options,
    to: &Identity,
    spot: &'a Spot,
) {
    let from = &options.from;
    let Some(text) = rewritten(from, spot, options, &mut Vec::new(), true) else {
        making.findings.push(unwritable(from, spot));
        return;
    };
    let is_alone = ground.managed.documents.get(&spot.path) == Some(&1);
    let is_own = managed::own_path(&ground.directories, from).is_some_and(|own| own == spot.path);
    let target = managed::own_path(&ground.directories, to).filter(|_| is_alone && is_own);
    making.tell(from, spot, Outcome::Renamed, target.as_deref().or(Some(&spot.path)), &format!("now {to}"));
    let Some(target) = target else {
        files.entry(&spot.path).or_default().insert(spot.index, Part::Replace(text));
        return;
    };
    let is_taken = ground.snapshot.files.iter().any(|(path, file)| {
        names::folded(path) == names::folded(&target) && *path != spot.path && !matches!(file.content, Content::Deleted)
    });
    if is_taken {
        let message = format!("{target} is taken by something else");
        let remedy = "move that file away, or choose another name";
        making.findings.push(Finding::file(Severity::Error, "HH-LY6", &spot.path, message, remedy));
    }
    if !ground.bytes(&spot.path).is_some_and(|bytes| splice::is_whole(&spot.path, bytes)) {
        making.findings.push(homeless(&spot.path, Severity::Error));
    }
    making.moved.insert(target.clone(), spot.path.clone());
    making.draft.remove(&spot.path);
    making.draft.write(&target, text.into_bytes());
}

/// A document's text with its references (and, for the resource itself, its name) changed.
fn rewritten(who: &Identity, spot: &Spot, options: &Options, told: &mut Vec<String>, is_self: bool) -> Option<String> {
    let text = &spot.document.text;
    let root = yaml::read_one(text).ok()?;
    let is_it = |one: &&Reference| {
        one.target == options.from.kind && one.name == options.from.name && one.form != Form::Implied
    };
    let mut changes: Vec<(Span, String)> = Vec::new();
    for one in reference::references(&who.kind, &root).iter().filter(is_it) {
        let new = one.renamed(&options.to);
        told.push(format!("{}: {} -> {new}", one.path, one.text));
        changes.push((one.span, new));
    }
    if is_self {
        changes.push((root.path(&["metadata", "name"]).map(|node: &Node| node.span)?, options.to.clone()));
    }
    rewrite::scalars(text, &changes)
}

fn implied(who: &Identity, path: &str, reference: &Reference) -> Finding {
    let message = format!("{who} leaves out {}, which means {}", reference.path, reference.name);
    let remedy = "write the field there first, then rename";
    Finding::file(Severity::Error, code(reference.target), path, message, remedy)
        .at(reference.span.line, reference.span.column)
}

fn unwritable(who: &Identity, spot: &Spot) -> Finding {
    let message =
        format!("{who} cannot be rewritten without changing something else, such as what an alias stands for");
    let remedy = "write the name out in plain style and try again";
    Finding::file(Severity::Error, "HH-X1", &spot.path, message, remedy).at(spot.document.line, 1)
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

    const VPC: &str = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\n";
    const PEERING: &str = "apiVersion: gateway.githedgehog.com/v1alpha1\nkind: GatewayPeering\nmetadata: {name: p}\n\
                           spec:\n  peering:\n    web: {} # ours\n    \"ext.web\": {}\n  acl:\n    rules:\n    - from: 'web'\n";

    fn planned(snapshot: &Snapshot, from: &str, to: &str) -> Plan {
        let (from, to) = (Selector::identity(from).unwrap(), to.to_owned());
        plan(&Ground::new(&Fabric::named("dc1", ""), "A <a@x>", snapshot, &Check::built_in()), &Options { from, to })
    }

    fn after<'a>(plan: &'a Plan, path: &str) -> &'a str {
        let edit = plan.edits.iter().find(|edit| edit.path == path).unwrap_or_else(|| panic!("{path}"));
        std::str::from_utf8(edit.after.as_deref().unwrap()).unwrap()
    }

    #[test]
    fn every_reference_changes_and_no_other_text() {
        let web = format!("# web\n{VPC}metadata:\n  name: web # the name\n");
        let both = format!(
            "{VPC}metadata: {{name: a}}\nspec: {{subnets: {{web: {{dhcp: {{relayVPC: web}}}}}}}}\n---\n{VPC}metadata: {{name: b}}\n"
        );
        let snapshot = snapshot(&[
            ("managed/vpcs/web.yaml", &web),
            ("managed/vpcs/both.yaml", &both),
            ("managed/gateway-peerings/p.yaml", PEERING),
        ]);
        let plan = planned(&snapshot, "VPC/web", "www");
        assert_eq!(plan.verdict, Verdict::Planned, "{:?}", plan.findings);
        assert_eq!(after(&plan, "managed/vpcs/www.yaml"), web.replace("name: web", "name: www"));
        assert_eq!(after(&plan, "managed/vpcs/both.yaml"), both.replace("relayVPC: web", "relayVPC: www"));
        let peering = PEERING.replace("    web: {} # ours", "    www: {} # ours").replace("'web'", "'www'");
        assert_eq!(after(&plan, "managed/gateway-peerings/p.yaml"), peering);
        assert!(plan.edits.iter().any(|edit| edit.path == "managed/vpcs/web.yaml" && edit.after.is_none()));
        assert!(plan.message.starts_with("rename(dc1): VPC/web to www, 2 referrers\n\nupdated 2\nrenamed 1\n"));
        let note = &plan.documents.iter().find(|one| one.name.as_deref() == Some("p")).unwrap().note;
        assert_eq!(note, "spec.peering.web: web -> www; spec.acl.rules[0].from: web -> www");
    }

    #[test]
    fn the_default_namespace_is_not_renamed_below_those_who_imply_it() {
        let spaces = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: VLANNamespace\nmetadata: {name: default}\n";
        let web = format!("{VPC}metadata: {{name: web}}\n");
        let snapshot = snapshot(&[("managed/vlan-namespaces/default.yaml", spaces), ("managed/vpcs/web.yaml", &web)]);
        let plan = planned(&snapshot, "vlanns/default", "lab");
        assert_eq!((plan.verdict, plan.findings[0].code), (Verdict::Refused, "HH-VN5"));
    }

    #[test]
    fn what_cannot_be_told_or_taken_refuses() {
        let web = format!("{VPC}metadata: {{name: web}}\n");
        let twins = snapshot(&[("managed/vpcs/web.yaml", &web), ("managed/vpcs/web-1.yaml", &web)]);
        assert_eq!(planned(&twins, "VPC/web", "www").verdict, Verdict::Refused);
        let taken = snapshot(&[("managed/vpcs/web.yaml", &web), ("managed/vpcs/WWW.yaml", "# nothing\n")]);
        assert_eq!(planned(&taken, "VPC/web", "www").findings[0].code, "HH-LY6");
        let commented = format!("{web}---\n# apiVersion: v1\n# kind: VPC\n# a: 1\n");
        let commented = snapshot(&[("managed/vpcs/web.yaml", &commented)]);
        let plan = planned(&commented, "VPC/web", "www");
        assert_eq!((plan.verdict, plan.findings[0].code), (Verdict::Refused, "HH-X1"));
        for (kind, name, is_fine) in [
            ("VPC", "www", true),
            ("VPC", "twelve-chars", false),
            ("Server", "twelve-chars", true),
            ("VPC", "ext.a", false),
            ("Switch", "Leaf", false),
            ("Switch", "../x", false),
        ] {
            assert_eq!(refusal(kind, name).is_none(), is_fine, "{kind}/{name}");
        }
    }
}
