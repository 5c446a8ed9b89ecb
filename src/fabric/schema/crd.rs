//! Crd: schemas from CustomResourceDefinition files.

use std::collections::BTreeMap;
use std::fmt;

use crate::fabric::schema::{Field, Schema, Shape};
use crate::text::clean_line;
use crate::yaml::{self, Node};

/// Why a file gives no schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrdFault {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// What is wrong, one sentence.
    pub message: String,
}

impl fmt::Display for CrdFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", clean_line(&self.file), self.line, clean_line(&self.message))
    }
}

/// Every kind a file of definitions describes, in its served version; other documents are left out.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<(String, Schema)>, CrdFault> {
    let fault = |line: u32, message: &str| CrdFault { file: file.to_owned(), line, message: message.to_owned() };
    let mut found = Vec::new();
    for parsed in yaml::read(text) {
        let root = parsed.root.map_err(|error| fault(error.line, &error.message))?;
        let Some(root) = root.filter(|root| word(root, &["kind"]) == Some("CustomResourceDefinition")) else {
            continue;
        };
        let line = root.span.line;
        let Some((kind, schema)) = definition(&root) else {
            return Err(fault(line, "the definition has no served version with a schema"));
        };
        found.push((kind, schema));
    }
    Ok(found)
}

fn word<'a>(node: &'a Node, path: &[&str]) -> Option<&'a str> {
    node.path(path).and_then(Node::as_str)
}

fn definition(root: &Node) -> Option<(String, Schema)> {
    let (group, kind) = (word(root, &["spec", "group"])?, word(root, &["spec", "names", "kind"])?);
    let versions = root.path(&["spec", "versions"])?.as_sequence()?;
    let is_true = |version: &Node, key: &str| version.get(key).and_then(Node::as_bool) == Some(true);
    let version = versions.iter().find(|version| is_true(version, "served") && is_true(version, "storage"));
    let version = version.or_else(|| versions.iter().find(|version| is_true(version, "served")))?;
    let spec = version
        .path(&["schema", "openAPIV3Schema", "properties", "spec"])
        .map_or_else(|| Field::new(Shape::Any), |spec| field(spec, 0));
    let api_version = format!("{group}/{}", word(version, &["name"])?);
    Some((kind.to_owned(), Schema { api_version, spec, open: false, removed: Vec::new(), newest: None }))
}

fn field(node: &Node, depth: usize) -> Field {
    if depth > 64 {
        return Field::new(Shape::Any);
    }
    let is_free = |key: &str| node.get(key).and_then(Node::as_bool) == Some(true);
    if is_free("x-kubernetes-preserve-unknown-fields") || is_free("x-kubernetes-int-or-string") {
        return Field::new(Shape::Any);
    }
    Field::new(match word(node, &["type"]) {
        Some("boolean") => Shape::Boolean,
        Some("integer") => integer(node),
        Some("number") => Shape::Number,
        Some("string") => string(node),
        Some("array") => {
            let size = |key: &str| node.get(key).and_then(whole).and_then(|size| usize::try_from(size).ok());
            let item = node.get("items").map_or_else(|| Field::new(Shape::Any), |items| field(items, depth + 1));
            let (least, most) = (size("minItems").unwrap_or(0), size("maxItems").unwrap_or(usize::MAX));
            Shape::List { item: Box::new(item), least, most }
        }
        Some("object") => object(node, depth),
        _ => Shape::Any,
    })
}

fn whole(node: &Node) -> Option<i128> {
    node.as_integer()
}

fn integer(node: &Node) -> Shape {
    let range = match word(node, &["format"]) {
        Some("int32") => (i128::from(i32::MIN), i128::from(u32::MAX)),
        _ => (i128::from(i64::MIN), i128::from(u64::MAX)),
    };
    let limit = |key: &str| node.get(key).and_then(whole);
    Shape::Integer { least: limit("minimum").unwrap_or(range.0), most: limit("maximum").unwrap_or(range.1) }
}

fn string(node: &Node) -> Shape {
    let choices = node.get("enum").and_then(Node::as_sequence).unwrap_or_default();
    let choices = choices.iter().filter_map(Node::as_str).filter(|choice| !choice.is_empty()).map(str::to_owned);
    let pattern = word(node, &["pattern"]).and_then(|pattern| regex_lite::Regex::new(pattern).ok());
    Shape::Text { choices: choices.collect(), pattern }
}

fn object(node: &Node, depth: usize) -> Shape {
    let required: Vec<&str> = node
        .get("required")
        .and_then(Node::as_sequence)
        .map(|names| names.iter().filter_map(Node::as_str).collect())
        .unwrap_or_default();
    if let Some(properties) = node.get("properties").and_then(Node::as_mapping) {
        let fields: BTreeMap<String, Field> = properties
            .iter()
            .map(|entry| {
                let key = entry.key.key_text();
                let mut field = field(&entry.value, depth + 1);
                field.required = required.contains(&key.as_str());
                (key, field)
            })
            .collect();
        return Shape::Object(fields);
    }
    match node.get("additionalProperties") {
        Some(values) if values.as_mapping().is_some() => Shape::Map(Box::new(field(values, depth + 1))),
        Some(_) => Shape::Any,
        None => Shape::Object(BTreeMap::new()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::release::Release;
    use crate::fabric::finding::Severity;
    use crate::fabric::schema::{Schemas, Strictness, check};
    use crate::yaml;

    const DEFINITION: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: vpc.githedgehog.com
  names: {kind: VPC, plural: vpcs}
  versions:
  - name: v1beta1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        properties:
          spec:
            type: object
            required: [color]
            properties:
              color: {type: string, enum: [red, green]}
              subnets:
                type: object
                additionalProperties:
                  type: object
                  properties:
                    vlan: {type: integer, minimum: 1}
";

    #[test]
    fn definitions_replace_what_comes_with_the_program() {
        let schemas = Schemas::built_in().with_definitions([("crd.yaml", DEFINITION)]).unwrap();
        let schema = schemas.get("vpc.githedgehog.com", "VPC").unwrap();
        let strictness = Strictness { unknown: Severity::Warning, release: None };
        let found = |spec: &str| {
            let root = yaml::read_one(&format!("kind: VPC\nspec: {spec}\n")).unwrap();
            check("x", &root, schema, strictness).len()
        };
        assert_eq!(found("{color: red, subnets: {a: {vlan: 3}}}"), 0);
        assert_eq!(found("{color: blue, subnets: {a: {vlan: 0, subnet: x}}}"), 3);
    }

    #[test]
    fn what_the_fabric_s_own_definitions_do_not_have_is_unknown_in_every_release() {
        let schemas = Schemas::built_in().with_definitions([("crd.yaml", DEFINITION)]).unwrap();
        let release = Release::read("v0.131").ok();
        let severity = |kind: &str, spec: &str| {
            let root = yaml::read_one(&format!("kind: {kind}\nspec: {spec}\n")).unwrap();
            let schema = schemas.get("vpc.githedgehog.com", kind).unwrap();
            check("x", &root, schema, Strictness { unknown: Severity::Error, release })[0].severity
        };
        assert_eq!(severity("VPC", "{color: red, shape: round}"), Severity::Error);
        assert_eq!(severity("External", "{shape: round}"), Severity::Warning);
    }

    #[test]
    fn a_file_that_is_not_yaml_says_where() {
        let fault = Schemas::built_in().with_definitions([("crd.yaml", "a: 1\nb: [\n")]).unwrap_err();
        assert!(fault.to_string().starts_with("crd.yaml:"));
        let empty = "kind: CustomResourceDefinition\nspec: {}\n";
        assert!(Schemas::built_in().with_definitions([("crd.yaml", empty)]).is_err());
    }
}
