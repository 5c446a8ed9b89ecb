//! Compact: the schemas below `assets/schemas`, one line a field.

use std::collections::BTreeMap;

use crate::config::release::Release;
use crate::fabric::finding::code;
use crate::fabric::schema::{Field, Removed, Schema, Shape};
use crate::yaml::{self, Node};

const FILES: [&str; 20] = [
    include_str!("../../../assets/schemas/connection.yaml"),
    include_str!("../../../assets/schemas/control-node.yaml"),
    include_str!("../../../assets/schemas/external-attachment.yaml"),
    include_str!("../../../assets/schemas/external-peering.yaml"),
    include_str!("../../../assets/schemas/external.yaml"),
    include_str!("../../../assets/schemas/fab-node.yaml"),
    include_str!("../../../assets/schemas/fabricator.yaml"),
    include_str!("../../../assets/schemas/gateway-group.yaml"),
    include_str!("../../../assets/schemas/gateway-peering.yaml"),
    include_str!("../../../assets/schemas/gateway.yaml"),
    include_str!("../../../assets/schemas/ipv4-namespace.yaml"),
    include_str!("../../../assets/schemas/server-profile.yaml"),
    include_str!("../../../assets/schemas/server.yaml"),
    include_str!("../../../assets/schemas/switch-group.yaml"),
    include_str!("../../../assets/schemas/switch-profile.yaml"),
    include_str!("../../../assets/schemas/switch.yaml"),
    include_str!("../../../assets/schemas/vlan-namespace.yaml"),
    include_str!("../../../assets/schemas/vpc-attachment.yaml"),
    include_str!("../../../assets/schemas/vpc-peering.yaml"),
    include_str!("../../../assets/schemas/vpc.yaml"),
];

/// The newest release whose fields these files know.
pub(super) const NEWEST: &str = "v0.129.1";

/// An IPv4 prefix and an IPv4 address as the resource definitions have them.
const CIDR: &str = r"^((25[0-5]|(2[0-4]|1\d|[1-9]|)\d)\.?\b){4}/([1-2]?[0-9]|3[0-2])$";
const ADDRESS: &str = r"^((25[0-5]|(2[0-4]|1\d|[1-9]|)\d)\.?\b){4}$";

/// The built-in schemas by kind; a broken one is left out, which a test forbids.
pub(super) fn built_in() -> Vec<(String, Schema)> {
    FILES.iter().filter_map(|text| read(text)).collect()
}

fn read(text: &str) -> Option<(String, Schema)> {
    let root = yaml::read_one(text).ok()?;
    let word = |key: &str| root.get(key).and_then(Node::as_str).map(str::to_owned);
    let mut spec = Field::new(Shape::Object(BTreeMap::new()));
    for entry in root.get("fields")?.as_mapping()? {
        add(&mut spec, &steps(entry.key.as_str()?), field(entry.value.as_str()?)?);
    }
    let removed = root.get("removed").and_then(Node::as_mapping).unwrap_or_default();
    let removed = removed.iter().map(|entry| {
        Some(Removed {
            path: steps(entry.key.as_str()?),
            after: entry.value.get("after")?.as_str()?.to_owned(),
            instead: entry.value.get("instead")?.as_str()?.to_owned(),
        })
    });
    let removed = removed.collect::<Option<Vec<_>>>()?;
    let open = root.get("open").and_then(Node::as_bool).unwrap_or(false);
    let newest = Some(Release::read(NEWEST).ok()?);
    Some((word("kind")?, Schema { api_version: word("apiVersion")?, spec, open, removed, newest }))
}

/// `a[].*.b` is `a`, `[]`, `*`, `b`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let name = part.trim_end_matches("[]");
        steps.push(name.to_owned());
        steps.extend((0..(part.len() - name.len()) / 2).map(|_| "[]".to_owned()));
    }
    steps
}

/// Puts a field at its place, making what stands above it.
fn add(parent: &mut Field, steps: &[String], field: Field) {
    let Some((step, rest)) = steps.split_first() else {
        merge(parent, &field);
        return;
    };
    match step.as_str() {
        "[]" => {
            if !matches!(parent.shape, Shape::List { .. }) {
                let item = Box::new(Field::new(Shape::Object(BTreeMap::new())));
                parent.shape = Shape::List { item, least: 0, most: usize::MAX };
            }
            if let Shape::List { item, .. } = &mut parent.shape {
                add(item, rest, field);
            }
        }
        "*" => {
            if !matches!(parent.shape, Shape::Map(_)) {
                parent.shape = Shape::Map(Box::new(Field::new(Shape::Object(BTreeMap::new()))));
            }
            if let Shape::Map(value) = &mut parent.shape {
                add(value, rest, field);
            }
        }
        name => {
            if !matches!(parent.shape, Shape::Object(_)) {
                parent.shape = Shape::Object(BTreeMap::new());
            }
            if let Shape::Object(fields) = &mut parent.shape {
                let child = fields.entry(name.to_owned()).or_insert_with(|| Field::new(Shape::Object(BTreeMap::new())));
                add(child, rest, field);
            }
        }
    }
}

/// A line about a field whose inside was described before keeps the inside.
fn merge(known: &mut Field, line: &Field) {
    let is_described = match &known.shape {
        Shape::Object(fields) => !fields.is_empty(),
        Shape::List { .. } | Shape::Map(_) => true,
        _ => false,
    };
    if let (Shape::List { least, most, .. }, Shape::List { least: at_least, most: at_most, .. }) =
        (&mut known.shape, &line.shape)
    {
        (*least, *most) = (*at_least, *at_most);
    }
    let shape = if is_described { known.shape.clone() } else { line.shape.clone() };
    *known = Field { shape, ..line.clone() };
}

fn field(line: &str) -> Option<Field> {
    let mut words = line.split(' ').peekable();
    let mut field = Field::new(shape(words.next()?)?);
    while let Some(word) = words.next() {
        match word {
            "required" => field.required = true,
            "or-nothing" => field.takes_nothing = true,
            "since" => field.since = Some(Release::read(words.next()?).ok()?),
            "rule" => field.code = code::known(words.next()?)?,
            "range" => {
                let (least, most) = words.next()?.split_once("..")?;
                field.shape = Shape::Integer { least: least.parse().ok()?, most: upper(most, &field.shape)? };
            }
            "items" => {
                let (at_least, at_most) = words.next()?.split_once("..")?;
                if let Shape::List { least, most, .. } = &mut field.shape {
                    *least = at_least.parse().ok()?;
                    *most = if at_most.is_empty() { usize::MAX } else { at_most.parse().ok()? };
                }
            }
            "enum" => {
                let choices = words.next()?.split('|').map(str::to_owned).collect();
                field.shape = Shape::Text { choices, pattern: None };
            }
            "pattern" => {
                let pattern = if words.next()? == "ipv4cidr" { CIDR } else { ADDRESS };
                let pattern = regex_lite::Regex::new(pattern).ok();
                field.shape = Shape::Text { choices: Vec::new(), pattern };
            }
            _ => return None,
        }
    }
    Some(field)
}

fn upper(text: &str, shape: &Shape) -> Option<i128> {
    match (text, shape) {
        ("", Shape::Integer { most, .. }) => Some(*most),
        _ => text.parse().ok(),
    }
}

fn shape(word: &str) -> Option<Shape> {
    let text = || Shape::Text { choices: Vec::new(), pattern: None };
    let list = |shape| Shape::List { item: Box::new(Field::new(shape)), least: 0, most: usize::MAX };
    Some(match word {
        "any" => Shape::Any,
        "boolean" => Shape::Boolean,
        "uint8" => Shape::Integer { least: 0, most: u8::MAX.into() },
        "uint16" => Shape::Integer { least: 0, most: u16::MAX.into() },
        "uint32" => Shape::Integer { least: 0, most: u32::MAX.into() },
        "string" => text(),
        "duration" => Shape::Duration,
        "list-of-string" => list(text()),
        "list" => list(Shape::Object(BTreeMap::new())),
        "object" => Shape::Object(BTreeMap::new()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::kind::{self, Author};

    #[test]
    fn every_built_in_schema_is_read_and_every_kind_has_one() {
        for text in FILES {
            assert!(read(text).is_some(), "{}", text.lines().next().unwrap_or_default());
        }
        let read: BTreeMap<String, Schema> = built_in().into_iter().collect();
        for kind in kind::kinds().iter().filter(|kind| kind.author != Author::Controller) {
            let schema = &read[kind.name];
            assert_eq!(schema.api_version, format!("{}/{}", kind.group, kind.version));
        }
    }

    #[test]
    fn a_line_says_type_limits_rule_and_release() {
        let found = field("uint8 range 1..50 rule HH-SW13 since v0.122.0").unwrap();
        assert!(matches!(found.shape, Shape::Integer { least: 1, most: 50 }));
        assert_eq!((found.code, found.since), ("HH-SW13", Release::read("v0.122.0").ok()));
        assert!(field("uint64").is_none() && field("string sometimes").is_none());
    }
}
