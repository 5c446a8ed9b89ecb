//! Export: every managed resource in one text of several documents, in the order hhfab prints them.

use crate::fabric::document;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::kind;
use crate::fabric::managed::{Managed, Spot};
use crate::fabric::noise;
use crate::fabric::resource::{self, Identity};
use crate::yaml;

/// One text of all managed resources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// The documents, `---` between them; empty where something keeps the export from being whole.
    pub text: String,
    /// How many documents.
    pub documents: usize,
    /// What keeps it from being whole (errors), and what is left out of it (warnings).
    pub findings: Vec<Finding>,
}

/// Writes every managed resource as `hhfab init -w` and `kubectl apply -f` take it: no Lists, no
/// comment-only documents, export noise removed; the same resources always give the same text.
pub fn export(managed: &Managed) -> Export {
    let mut findings: Vec<Finding> = managed.findings.iter().filter(|finding| concerns(finding)).cloned().collect();
    let mut ordered: Vec<(usize, &Identity, &Spot)> = Vec::new();
    for (identity, spots) in &managed.resources {
        let order = kind::kinds().iter().position(|kind| kind.group == identity.group && kind.name == identity.kind);
        ordered.extend(spots.iter().map(|spot| (order.unwrap_or(usize::MAX), identity, spot)));
    }
    ordered.sort_by(|a, b| (a.0, a.1, &a.2.path, a.2.index).cmp(&(b.0, b.1, &b.2.path, b.2.index)));
    let mut texts = Vec::new();
    for (_, identity, spot) in &ordered {
        match text(spot) {
            Some(text) => texts.push(text),
            None => findings.push(unwritable(identity, spot)),
        }
    }
    findings.sort();
    let is_whole = !findings.iter().any(Finding::is_error);
    let text = if is_whole { texts.join("---\n") } else { String::new() };
    Export { text, documents: if is_whole { texts.len() } else { 0 }, findings }
}

/// Whether a finding about managed files means that the export would lack something or be refused:
/// not what is said of names, places and tools that apply the directory.
fn concerns(finding: &Finding) -> bool {
    let is_of_layout = finding.code.starts_with("HH-LY");
    match finding.severity {
        Severity::Error => !is_of_layout || matches!(finding.code, "HH-LY2" | "HH-LY5"),
        _ => finding.code == "HH-LY4",
    }
}

/// A document as it is exported: its own text without export noise, a flow-style one in block style,
/// because hhfab reads what begins with `{` as JSON.
fn text(spot: &Spot) -> Option<String> {
    let value = spot.document.value.as_ref()?;
    let (mut text, _) = noise::remove(&spot.document.text, false);
    let root = yaml::read_one(&text).ok()?;
    if text.get(root.span.start..)?.starts_with('{') {
        let head = text.get(..root.span.start)?;
        let comments: String =
            head.lines().filter(|line| line.starts_with('#')).fold(String::new(), |all, line| all + line + "\n");
        text = comments + &document::in_block_style(&root);
    }
    let again = document::read(&spot.path, text.as_bytes());
    let same = match again.documents.as_slice() {
        [only] => only.value.as_ref().is_some_and(|node| resource::same_meaning(node, value)),
        _ => false,
    };
    same.then_some(text)
}

fn unwritable(identity: &Identity, spot: &Spot) -> Finding {
    let message = format!("{identity} cannot be exported without changing what it means");
    let remedy = "write this document in plain block style and try again";
    Finding::file(Severity::Error, "HH-X1", &spot.path, message, remedy).at(spot.document.line, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::ingest::{Options, Survey};
    use crate::fabric::snapshot::sample::snapshot;

    const WEB: &str = "# the web\napiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: web} # here\n";

    fn exported(files: &[(&str, &str)]) -> Export {
        let snapshot = snapshot(files);
        export(&Survey::new(&snapshot, &Options::default()).managed)
    }

    #[test]
    fn resources_come_in_hhfabs_order_with_their_own_text() {
        let switch = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Switch\nmetadata: {name: a}\n";
        let spaces = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: VLANNamespace\nmetadata: {name: z}\n";
        let made = exported(&[
            ("managed/vpcs/web.yaml", WEB),
            ("managed/switches/a.yaml", switch),
            ("managed/vlan-namespaces/z.yaml", spaces),
        ]);
        assert_eq!(made.text, format!("{spaces}---\n{switch}---\n{WEB}"));
        assert_eq!((made.documents, made.findings.len()), (3, 0));
    }

    #[test]
    fn what_hhfab_or_kubectl_would_refuse_is_not_in_it() {
        let noisy = format!("# head\n---\n{WEB}status: {{x: 1}}\n");
        let made = exported(&[("managed/vpcs/web.yaml", &noisy)]);
        assert_eq!(made.text, format!("# head\n{WEB}"));
        let list = "kind: List\napiVersion: v1\nitems:\n- apiVersion: vpc.githedgehog.com/v1beta1\n  kind: VPC\n  \
                    metadata: {name: a}\n";
        let made = exported(&[("managed/vpcs/a.yaml", list), ("managed/vpcs/none.yaml", "# nothing\n")]);
        assert_eq!(made.text, "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: a}\n");
        let flow = "# flow\n{apiVersion: vpc.githedgehog.com/v1beta1, kind: VPC, metadata: {name: a}}\n";
        let made = exported(&[("managed/vpcs/a.yaml", flow)]);
        assert!(made.text.starts_with("# flow\napiVersion: vpc"), "{}", made.text);
    }

    #[test]
    fn an_export_is_whole_or_refused() {
        let broken = exported(&[("managed/vpcs/web.yaml", WEB), ("managed/vpcs/b.yaml", "a: [\n")]);
        assert!(broken.text.is_empty() && broken.findings[0].is_error());
        let twins = exported(&[("managed/vpcs/web.yaml", WEB), ("managed/vpcs/web-1.yaml", WEB)]);
        assert!(twins.text.is_empty() && twins.findings[0].code == "HH-LY2", "{:?}", twins.findings);
        let foreign = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
        let left = exported(&[("managed/vpcs/web.yaml", WEB), ("managed/extra.yaml", foreign)]);
        assert_eq!((left.text.as_str(), left.findings[0].severity), (WEB, Severity::Warning));
        let kustomization = exported(&[("managed/vpcs/web.yaml", WEB), ("managed/kustomization.yaml", "a: 1\n")]);
        assert_eq!(kustomization.documents, 1);
    }
}
