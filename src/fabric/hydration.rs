//! Hydration: which of the addresses and numbers that the installer fills in a fabric has.

use serde::{Deserialize, Serialize};

use crate::fabric::managed::Managed;
use crate::fabric::resource::{ADDRESSED, Identity, is_filled};
use crate::yaml::Node;

/// Whether a fabric's managed resources carry what `hhfab` hydrates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
pub struct Hydration {
    /// None of it, some of it, all of it.
    pub state: HydrationState,
    /// How many of the fields are set.
    pub set: usize,
    /// How many fields there are in all.
    pub total: usize,
    /// The fields that are not set, where some are: what makes it partial.
    pub missing: Vec<MissingField>,
}

/// How much of a fabric is hydrated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HydrationState {
    /// No field is set, or there is none to set: `hhfab` will fill them in.
    #[default]
    None,
    /// Some fields are set: `hhfab` refuses that.
    Partial,
    /// Every field is set.
    Full,
}

/// One field that hydration would fill in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
pub struct MissingField {
    /// The resource, `KIND/NAME`.
    pub resource: String,
    /// The field's path, such as `spec.fabric.links[0].leaf.ip`.
    pub field: String,
    /// Its file, relative to the GitOps directory.
    pub file: String,
    /// The line where the field's map begins, from 1.
    pub line: u32,
}

impl Hydration {
    /// The state in words, as shown.
    pub fn words(&self) -> String {
        match self.state {
            HydrationState::None if self.total == 0 => "nothing to hydrate".to_owned(),
            HydrationState::None => format!("none ({} fields not set)", self.total),
            HydrationState::Partial => format!("partial ({} of {} fields set)", self.set, self.total),
            HydrationState::Full => format!("full ({} fields set)", self.total),
        }
    }
}

/// Reads the hydration of managed resources: Switch and Gateway addresses and numbers, and the
/// address of every end of a fabric, mesh and gateway link.
pub fn hydration(managed: &Managed) -> Hydration {
    among(managed.resources.iter().filter_map(|(identity, spots)| {
        let spot = spots.first()?;
        Some((identity, spot.path.as_str(), spot.document.value.as_ref()?))
    }))
}

/// Reads the hydration of resources, each with its file and its document's value.
pub fn among<'a>(resources: impl IntoIterator<Item = (&'a Identity, &'a str, &'a Node)>) -> Hydration {
    let mut found = Hydration::default();
    for (identity, file, root) in resources {
        for (field, line, is_set) in fields(&identity.kind, root) {
            found.total += 1;
            found.set += usize::from(is_set);
            if !is_set {
                let (resource, file) = (identity.to_string(), file.to_owned());
                found.missing.push(MissingField { resource, field, file, line });
            }
        }
    }
    found.state = match (found.set, found.missing.is_empty()) {
        (0, _) => HydrationState::None,
        (_, true) => HydrationState::Full,
        (_, false) => HydrationState::Partial,
    };
    if found.state == HydrationState::None {
        found.missing.clear();
    }
    found
}

/// The fields of one resource, with the line of their map and whether they are set.
fn fields(kind: &str, root: &Node) -> Vec<(String, u32, bool)> {
    let Some(spec) = root.get("spec") else {
        return Vec::new();
    };
    let names: &[&str] = match kind {
        "Switch" if spec.get("role").and_then(Node::as_str).is_some_and(|role| role.ends_with("-leaf")) => {
            &["asn", "ip", "protocolIP", "vtepIP"]
        }
        "Switch" => &["asn", "ip", "protocolIP"],
        "Gateway" => &["asn", "protocolIP", "vtepIP"],
        "Connection" => return link_ends(spec),
        _ => return Vec::new(),
    };
    names.iter().map(|name| (format!("spec.{name}"), spec.span.line, is_set(spec, name))).collect()
}

fn link_ends(spec: &Node) -> Vec<(String, u32, bool)> {
    let mut found = Vec::new();
    for kind in ADDRESSED {
        let links = spec.path(&[kind, "links"]).and_then(Node::as_sequence).unwrap_or_default();
        for (at, link) in links.iter().enumerate() {
            for end in link.as_mapping().unwrap_or_default() {
                let field = format!("spec.{kind}.links[{at}].{}.ip", end.key.key_text());
                found.push((field, end.value.span.line, is_set(&end.value, "ip")));
            }
        }
    }
    found
}

fn is_set(node: &Node, field: &str) -> bool {
    node.get(field).is_some_and(is_filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::document;
    use crate::fabric::managed::Spot;
    use crate::fabric::resource::{Class, classify};

    fn told(texts: &[&str]) -> Hydration {
        let mut managed = Managed::default();
        for (index, text) in texts.iter().enumerate() {
            let document = document::read("managed/x.yaml", text.as_bytes()).documents.remove(0);
            let Class::Resource(found) = classify(&document) else { panic!("{text}") };
            let spot = Spot { path: "managed/x.yaml".to_owned(), index, document };
            managed.resources.entry(found.identity).or_default().push(spot);
        }
        hydration(&managed)
    }

    fn switch(name: &str, spec: &str) -> String {
        format!(
            "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Switch\nmetadata: {{name: {name}}}\nspec:\n  {spec}\n"
        )
    }

    #[test]
    fn a_fabric_is_hydrated_not_at_all_in_part_or_in_full() {
        let bare = switch("leaf-01", "{role: server-leaf}");
        let spine = switch("spine-01", "{role: spine, ip: 172.30.0.8/21, asn: 65100, protocolIP: 172.30.8.1/32}");
        let leaf = switch("leaf-01", "{role: mixed-leaf, ip: 1, asn: 2, protocolIP: 3, vtepIP: 4}");
        let none = told(&[&bare]);
        assert_eq!((none.state, none.set, none.total, none.missing.len()), (HydrationState::None, 0, 4, 0));
        let full = told(&[&spine, &leaf]);
        assert_eq!((full.state, full.set, full.total), (HydrationState::Full, 7, 7));
        let partial = told(&[&spine, &bare]);
        assert_eq!(partial.state, HydrationState::Partial);
        let missing: Vec<String> =
            partial.missing.iter().map(|missing| format!("{} {}", missing.resource, missing.field)).collect();
        let wanted = ["asn", "ip", "protocolIP", "vtepIP"].map(|field| format!("Switch/leaf-01 spec.{field}"));
        assert_eq!(missing, wanted);
        assert_eq!(partial.words(), "partial (3 of 7 fields set)");
    }

    #[test]
    fn every_end_of_a_fabric_mesh_and_gateway_link_counts() {
        let head = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Connection\nmetadata: {name: a}\nspec:\n";
        let text = format!(
            "{head}  fabric:\n    links:\n    - leaf: {{port: a/1, ip: 172.30.128.1/31}}\n      spine: {{port: b/1}}\n"
        );
        let found = told(&[&text]);
        assert_eq!((found.state, found.total), (HydrationState::Partial, 2));
        assert_eq!((found.missing[0].field.as_str(), found.missing[0].line), ("spec.fabric.links[0].spine.ip", 8));
        let text = format!("{head}  eslag: {{links: [{{server: {{port: a/1}}, switch: {{port: b/1}}}}]}}\n");
        assert_eq!(told(&[&text]), Hydration::default());
        let gateway = "apiVersion: gateway.githedgehog.com/v1alpha1\nkind: Gateway\nmetadata: {name: g}\n\
                       spec: {asn: 0, protocolIP: '', vtepIP: }\n";
        let found = told(&[gateway]);
        assert_eq!((found.state, found.total), (HydrationState::None, 3));
    }
}
