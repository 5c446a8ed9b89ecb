//! Migrate: documents of versions that are gone, to those that are served, where no removed field is used.

use crate::fabric::draft::Draft;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::filing;
use crate::fabric::kind::{self, Author};
use crate::fabric::layout::{self, Place};
use crate::fabric::message::count;
use crate::fabric::names;
use crate::fabric::plan::{DocumentOutcome, Outcome, Plan};
use crate::fabric::resources::{Ground, Making, Reach};
use crate::fabric::rewrite;
use crate::fabric::schema::Schemas;
use crate::fabric::secret;
use crate::fabric::snapshot::{Content, File};
use crate::fabric::unseen;
use crate::yaml::{self, Node, Span};

/// What a migration makes of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// One scalar changes; the note says from what to what.
    Rewrite {
        /// The scalar.
        span: Span,
        /// Its new text.
        new: String,
        /// `v1alpha2 -> v1beta1`.
        note: String,
    },
    /// It cannot be migrated; the findings are warnings that say why.
    Refuse(Vec<Finding>),
}

/// What a migration makes of a document; none if there is nothing to migrate.
pub fn step(file: &str, root: &Node, schemas: &Schemas) -> Option<Step> {
    let (version, kind) = (root.get("apiVersion")?, root.get("kind")?);
    let (text, name) = (version.as_str()?, kind.as_str()?);
    let (group, old) = text.split_once('/')?;
    if group == "gateway.githedgehog.com" && name == "Peering" {
        let (new, note) = ("GatewayPeering".to_owned(), "Peering -> GatewayPeering".to_owned());
        let gone = gone(file, root, schemas, group, "GatewayPeering");
        return Some(gone.unwrap_or(Step::Rewrite { span: kind.span, new, note }));
    }
    if old != "v1alpha2" || !kind::is_hedgehog_group(group) {
        return None;
    }
    let Some(known) = kind::find(group, name).filter(|kind| kind.author == Author::User) else {
        let what = crate::text::clean_line(&format!("{name} {text}"));
        let message = format!("{what} cannot be migrated: no such kind is served any more that you may write");
        let (_, remedy) = kind::unknown(group, old, name).unwrap_or_default();
        let finding = Finding::file(Severity::Warning, "HH-K1", file, message, remedy);
        return Some(Step::Refuse(vec![finding.at(kind.span.line, kind.span.column)]));
    };
    let (new, note) = (format!("{group}/{}", known.version), format!("{old} -> {}", known.version));
    let gone = gone(file, root, schemas, group, name);
    Some(gone.unwrap_or(Step::Rewrite { span: version.span, new, note }))
}

/// The refusal of a document that uses fields that are gone.
fn gone(file: &str, root: &Node, schemas: &Schemas, group: &str, kind: &str) -> Option<Step> {
    let found = schemas.get(group, kind)?.removed_in(file, root);
    (!found.is_empty()).then_some(Step::Refuse(found))
}

/// Plans the migration of every document in `managed/` and of those that wait in `raw/`.
pub fn plan(ground: &Ground) -> Plan {
    let mut making = Making::new(ground);
    making.reach = Reach::Uncovered;
    for (path, file) in &ground.snapshot.files {
        let place = layout::place(path);
        let is_meant = matches!(place, Place::Managed | Place::Raw | Place::Errors)
            && layout::is_yaml(path)
            && !layout::is_leftover(path)
            && !names::is_odd(path);
        if let (true, Content::Bytes(bytes)) = (is_meant, &file.content) {
            one_file(&mut making, &ground.check.schemas, path, file, bytes);
        }
    }
    let waits = |place| matches!(place, Place::Raw | Place::Errors);
    making.findings.extend(unseen::findings(ground.snapshot, waits));
    let migrated = making.documents.iter().filter(|one| one.outcome == Outcome::Updated).count();
    let summary = count(migrated, "document", "documents");
    making.finish(ground, "migrate", "", &summary)
}

fn one_file(making: &mut Making, schemas: &Schemas, path: &str, file: &File, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if !text.contains("v1alpha2") && !text.contains("Peering") || secret::find(path, bytes).is_some() {
        return;
    }
    let (mark, text) = text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest));
    let mut changes = Vec::new();
    for parsed in yaml::read(text) {
        let Ok(Some(root)) = &parsed.root else { continue };
        for document in documents(root) {
            match step(path, document, schemas) {
                None => {}
                Some(Step::Rewrite { span, new, note }) => {
                    changes.push((span, new));
                    making.documents.push(told(path, document, Outcome::Updated, &note));
                }
                Some(Step::Refuse(findings)) => {
                    let note = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
                    making.documents.push(told(path, document, Outcome::Refused, &note));
                    making.findings.extend(findings);
                }
            }
        }
    }
    if changes.is_empty() {
        return;
    }
    match rewrite::scalars(text, &changes) {
        Some(new) => write(&mut making.draft, path, file, format!("{mark}{new}")),
        None => {
            let message = "cannot be migrated without changing something else, such as what an alias stands for";
            let remedy = "write apiVersion and kind out in plain style and try again";
            making.findings.push(Finding::file(Severity::Error, "HH-X1", path, message, remedy));
        }
    }
}

/// The document itself, or the items of a List.
fn documents(root: &Node) -> Vec<&Node> {
    let is_list = root.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    match root.get("items").and_then(Node::as_sequence) {
        Some(items) if is_list => items.iter().collect(),
        _ => vec![root],
    }
}

/// A raw file that Git does not have yet is taken in, its bytes kept in `raw/processed/`.
fn write(draft: &mut Draft, path: &str, file: &File, text: String) {
    if layout::place(path) == Place::Managed || !file.is_edited() {
        draft.write(path, text.into_bytes());
        return;
    }
    if let Some(bytes) = file.bytes() {
        draft.write(&filing::below_raw("raw/processed", path), bytes);
    }
    draft.replace(path, text.into_bytes());
}

fn told(path: &str, document: &Node, outcome: Outcome, note: &str) -> DocumentOutcome {
    let text = |keys: &[&str]| document.path(keys).and_then(Node::as_str).map(str::to_owned);
    let name = text(&["metadata", "name"]);
    let namespace = text(&["metadata", "namespace"]).filter(|text| !text.is_empty());
    DocumentOutcome {
        file: path.to_owned(),
        line: Some(document.span.line),
        kind: text(&["kind"]),
        namespace: namespace.or_else(|| name.as_ref().map(|_| "default".to_owned())),
        name,
        outcome,
        path: Some(path.to_owned()),
        note: note.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::Fabric;
    use crate::fabric::check::Check;
    use crate::fabric::plan::Verdict;
    use crate::fabric::snapshot::Snapshot;
    use crate::fabric::snapshot::sample::{edited, snapshot};

    fn planned(snapshot: &Snapshot) -> Plan {
        plan(&Ground::new(&Fabric::named("dc1", ""), "A <a@x>", snapshot, &Check::built_in()))
    }

    fn after<'a>(plan: &'a Plan, path: &str) -> &'a str {
        let edit = plan.edits.iter().find(|edit| edit.path == path).unwrap_or_else(|| panic!("{path}"));
        std::str::from_utf8(edit.after.as_deref().unwrap()).unwrap()
    }

    const OLD: &str = "# web\napiVersion: \"vpc.githedgehog.com/v1alpha2\" # old\nkind: VPC\nmetadata: {name: web}\n\
                       spec: {description: vpc.githedgehog.com/v1alpha2}\n";

    #[test]
    fn only_the_version_changes() {
        let plan = planned(&snapshot(&[("managed/vpcs/web.yaml", OLD), ("raw/processed/old.yaml", OLD)]));
        let wanted = OLD.replacen("v1alpha2", "v1beta1", 1);
        assert_eq!((plan.verdict, plan.edits.len()), (Verdict::Planned, 1));
        assert_eq!(after(&plan, "managed/vpcs/web.yaml"), wanted);
        assert_eq!(plan.documents[0].note, "v1alpha2 -> v1beta1");
        let again = planned(&snapshot(&[("managed/vpcs/web.yaml", &wanted)]));
        assert_eq!((again.verdict, again.documents.len()), (Verdict::NoChange, 0));
    }

    #[test]
    fn a_removed_field_or_kind_is_a_finding_and_the_rest_is_migrated() {
        let bad =
            "apiVersion: vpc.githedgehog.com/v1alpha2\nkind: VPCAttachment\nmetadata: {name: a}\nspec:\n  vpc: web\n";
        let rack = "apiVersion: wiring.githedgehog.com/v1alpha2\nkind: Rack\nmetadata: {name: r}\n";
        let raw = format!("{OLD}---\n{bad}---\n{rack}");
        let plan = planned(&snapshot(&[("raw/all.yaml", &raw)]));
        assert_eq!(plan.verdict, Verdict::Planned);
        assert_eq!(after(&plan, "raw/all.yaml"), raw.replacen("v1alpha2", "v1beta1", 1));
        let codes: Vec<_> = plan.findings.iter().map(|one| (one.code, one.line, one.is_error())).collect();
        assert_eq!(codes, [("HH-LD4", Some(11), false), ("HH-K1", Some(14), false)]);
        let outcomes: Vec<_> = plan.documents.iter().map(|one| one.outcome).collect();
        assert_eq!(outcomes, [Outcome::Updated, Outcome::Refused, Outcome::Refused]);
    }

    #[test]
    fn a_gateways_peering_becomes_a_gateway_peering() {
        let text = "apiVersion: gateway.githedgehog.com/v1alpha1\nkind: Peering # old\nmetadata: {name: p}\n\
                    spec: {peering: {a: {expose: [{ips: [{cidr: 10.0.0.0/24}]}]}, b: {}}}\n";
        let plan = planned(&snapshot(&[("managed/gateway-peerings/p.yaml", text)]));
        let wanted = text.replace("kind: Peering", "kind: GatewayPeering");
        assert_eq!(after(&plan, "managed/gateway-peerings/p.yaml"), wanted);
        let stateful = text.replace("ips:", "nat: {stateful: {}}, ips:");
        let plan = planned(&snapshot(&[("managed/gateway-peerings/p.yaml", &stateful)]));
        assert_eq!((plan.verdict, plan.findings[0].code), (Verdict::NoChange, "HH-LD4"));
    }

    #[test]
    fn a_raw_file_git_does_not_have_is_kept_as_it_was() {
        let plan = planned(&edited(snapshot(&[]), "raw/new.yaml", OLD));
        let paths: Vec<&str> = plan.edits.iter().map(|edit| edit.path.as_str()).collect();
        assert_eq!(paths, ["raw/new.yaml", "raw/processed/new.yaml"]);
        assert_eq!(after(&plan, "raw/processed/new.yaml"), OLD);
        assert!(plan.edits[0].current.is_some() && plan.edits[0].committed.is_none());
    }

    #[test]
    fn line_ends_marks_lists_and_secrets() {
        let crlf = format!("\u{feff}{}", OLD.replace('\n', "\r\n"));
        let plan = planned(&snapshot(&[("raw/a.yaml", &crlf)]));
        assert_eq!(after(&plan, "raw/a.yaml"), crlf.replacen("v1alpha2", "v1beta1", 1));
        let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: wiring.githedgehog.com/v1alpha2\n  kind: Server\n  \
                    metadata: {name: s}\n";
        let plan = planned(&snapshot(&[("raw/a.yaml", list)]));
        assert_eq!(after(&plan, "raw/a.yaml"), list.replace("v1alpha2", "v1beta1"));
        let secret = format!("{OLD}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{a: b}}\n");
        assert_eq!(planned(&snapshot(&[("raw/a.yaml", &secret)])).verdict, Verdict::NoChange);
    }
}
