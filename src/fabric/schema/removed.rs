//! Removed: the fields of a document that are gone from its kind.

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::schema::Schema;
use crate::text::clean_line;
use crate::yaml::{Node, Span};

impl Schema {
    /// A warning for every field of a document that is gone from this kind.
    pub fn removed_in(&self, file: &str, root: &Node) -> Vec<Finding> {
        let mut findings = Vec::new();
        for removed in &self.removed {
            let steps: Vec<&str> = removed.path.iter().map(String::as_str).collect();
            let Some(spec) = root.get("spec") else { break };
            follow(spec, &steps, "spec", &mut |path, span| {
                let message = format!("`{}` was removed after {}", clean_line(path), removed.after);
                let finding = Finding::file(Severity::Warning, "HH-LD4", file, message, removed.instead.clone());
                findings.push(finding.about(span, clean_line(path)));
            });
        }
        findings
    }
}

fn follow(node: &Node, steps: &[&str], path: &str, found: &mut dyn FnMut(&str, Span)) {
    let Some((step, rest)) = steps.split_first() else {
        return;
    };
    if *step == "[]" {
        for (at, item) in node.as_sequence().unwrap_or_default().iter().enumerate() {
            follow(item, rest, &format!("{path}[{at}]"), found);
        }
        return;
    }
    for entry in node.as_mapping().unwrap_or_default() {
        let key = entry.key.key_text();
        if *step != "*" && *step != key {
            continue;
        }
        let path = format!("{path}.{key}");
        if rest.is_empty() {
            found(&path, entry.key.span);
        } else {
            follow(&entry.value, rest, &path, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fabric::schema::Schemas;
    use crate::yaml;

    #[test]
    fn a_removed_field_is_found_with_its_place() {
        let told = |group: &str, kind: &str, text: &str| -> Vec<String> {
            let schemas = Schemas::built_in();
            let schema = schemas.get(&format!("{group}.githedgehog.com"), kind).unwrap();
            let found = schema.removed_in("x.yaml", &yaml::read_one(text).unwrap());
            let place = |number: Option<u32>| number.unwrap_or_default();
            found
                .iter()
                .map(|one| format!("{}:{} {}", place(one.line), place(one.column), one.path.as_deref().unwrap()))
                .collect()
        };
        assert_eq!(told("vpc", "VPCAttachment", "spec:\n  vpc: a\n  subnet: a/b\n"), ["2:3 spec.vpc"]);
        let text = "spec:\n  subnets:\n    default:\n      dhcp: {pxeURL: x}\n";
        assert_eq!(told("vpc", "VPC", text), ["4:14 spec.subnets.default.dhcp.pxeURL"]);
        let text = "spec: {fabric: {links: [{leaf: {port: a}}, {leaf: {asn: 1}}]}}\n";
        assert_eq!(told("wiring", "Connection", text), ["1:52 spec.fabric.links[1].leaf.asn"]);
        assert!(told("vpc", "VPC", "spec: {subnets: {subnet: {}}}\n").is_empty());
        assert!(told("wiring", "Server", "spec: [type]\n").is_empty());
    }
}
