//! The contract of `-o json`: what every command prints fits the schema that `schema` prints, and stands alone.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::world::{DIRECTORY, World};

/// Why a value does not fit a schema; every key it has must be one the schema tells.
fn misfit(schema: &Value, value: &Value, whole: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = whole.pointer(name.strip_prefix('#').unwrap()).unwrap_or_else(|| panic!("{name} is nowhere"));
        return misfit(target, value, whole, at);
    }
    if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let why: Vec<String> = choices.iter().map_while(|choice| misfit(choice, value, whole, at)).collect();
        return (why.len() == choices.len()).then(|| why.join("; or "));
    }
    let is_other = schema.get("const").is_some_and(|wanted| wanted != value)
        || schema["enum"].as_array().is_some_and(|all| !all.contains(value));
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if is_other || !(types.is_empty() || types.iter().any(|name| is_of(name, value))) {
        return Some(format!("{at} is {value}, not {schema}"));
    }
    match value {
        Value::Array(items) => {
            let list = schema.get("items")?;
            items.iter().enumerate().find_map(|(number, item)| misfit(list, item, whole, &format!("{at}[{number}]")))
        }
        Value::Object(fields) => misfit_of_map(schema, fields, whole, at),
        _ => None,
    }
}

fn misfit_of_map(schema: &Value, fields: &Map<String, Value>, whole: &Value, at: &str) -> Option<String> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(missing) = required.into_iter().find(|name| !fields.contains_key(*name)) {
        return Some(format!("{at} lacks {missing}"));
    }
    let known = schema["properties"].as_object();
    let others = schema.get("additionalProperties");
    if known.is_none() && others.is_none() {
        return None;
    }
    fields.iter().find_map(|(name, value)| match known.and_then(|known| known.get(name)).or(others) {
        Some(schema) => misfit(schema, value, whole, &format!("{at}.{name}")),
        None => Some(format!("{at}.{name} is not in the schema")),
    })
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}

/// Runs a command for JSON and holds its answer against its schema.
fn check(world: &World, args: &[&str]) {
    let said = world.json(args);
    let answer: Value = serde_json::from_str(&said.out)
        .unwrap_or_else(|error| panic!("{args:?}: {error}: not only JSON\n{}\n{}", said.out, said.err));
    let schema = world.run(&["schema", args[0]]);
    let schema: Value = serde_json::from_str(&schema.out).unwrap();
    if let Some(why) = misfit(&schema, &answer, &schema, "answer") {
        panic!("{args:?}, exit {}: {why}", said.code);
    }
    assert_eq!(answer["ok"].as_bool().unwrap(), said.code <= 1, "{args:?}");
}

/// What works, what has nothing to do, what is refused and what fails, of every command.
const CALLS: [&[&str]; 61] = [
    &["status"],
    &["validate", "dc1"],
    &["init", "dc1", "--dry-run"],
    &["init", "dc1", "--yes"],
    &["init", "dc1", "--yes"],
    &["init", "nowhere", "--yes"],
    &["status"],
    &["ingest", "dc1"],
    &["ingest", "dc1", "--dry-run"],
    &["ingest", "dc1", "--yes"],
    &["discard", "dc1", "--dry-run"],
    &["discard", "dc1", "--yes"],
    &["ingest", "dc1", "--yes"],
    &["ingest", "dc1", "--yes"],
    &["validate", "dc1"],
    &["validate", "no/such/file.yaml"],
    &["validate", "clone"],
    &["show", "dc1"],
    &["show", "dc1", "VPC/nowhere"],
    &["export", "dc1"],
    &["diff", "dc1"],
    &["diff", "dc1", "nonsense"],
    &["log"],
    &["push", "dc1", "--dry-run"],
    &["push", "dc1", "--yes"],
    &["push", "dc1", "--yes"],
    &["fetch"],
    &["pull", "dc1"],
    &["commit", "dc1", "--yes"],
    &["migrate", "dc1", "--yes"],
    &["heal", "dc1", "--yes"],
    &["rename", "dc1", "VPC/web", "shop", "--yes"],
    &["delete", "dc1", "VPC/shop", "--dry-run"],
    &["delete", "dc1", "VPC/nowhere", "--yes"],
    &["log", "dc1"],
    &["status", "--fetch"],
    &["explain"],
    &["explain", "HH-S1"],
    &["explain", "HH-NO"],
    &["keys"],
    &["completions", "bash"],
    &["man"],
    &["man", "no/such/folder"],
    &["version"],
    &["raw", "dc1"],
    &["raw", "nothing"],
    &["schema"],
    &["schema", "push"],
    &["schema", "nothing"],
    &["config", "path"],
    &["config", "check"],
    &["config", "example"],
    &["config", "init", "--discover", "--yes"],
    &["themes"],
    &["themes", "preview", "nothing"],
    &["login", "dc1"],
    &["add", "dc2", "--repo", "netops", "--directory", "gitops/hedgehog/two", "--yes"],
    &["add", "dc3", "--repo", "netops", "--directory", "gitops/hedgehog/two", "--yes"],
    &["remove", "dc2", "--yes"],
    &["remove", "dc2", "--yes"],
    &["status", "--read-only"],
];

#[test]
fn every_answer_fits_its_schema() {
    let world = World::new();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    world.raw("wrong.yaml", hedgerow::demo::vpc("bad", 9001, "10.0.1.0/24"));
    world.raw("broken.yaml", "a: [\n");
    for call in CALLS {
        check(&world, call);
    }
    world.git(&["remote", "set-url", "origin", "/nowhere"]);
    check(&world, &["push", "dc1", "--yes"]);
    check(&world, &["fetch"]);
    check(&world, &["status"]);
    world.configure("fabrics: [\n");
    check(&world, &["status"]);
    check(&world, &["config", "check"]);
    world.configure("ui: { thme: mono }\nfabrics:\n  a: { repository: no, directory: x }\n");
    check(&world, &["config", "check"]);
}

#[test]
fn every_command_has_a_schema_and_is_called() {
    let world = World::new();
    let listed = world.run(&["schema"]).out;
    let names: BTreeSet<&str> = listed.lines().collect();
    let called: BTreeSet<&str> = CALLS.iter().map(|call| call[0]).chain(["demo"]).collect();
    assert_eq!(names, called);
    for name in names {
        let schema: Value = serde_json::from_str(&world.run(&["schema", name]).out).unwrap();
        assert_eq!(schema["properties"]["schema"]["const"], format!("hedgerow.{name}/v1"));
    }
    let unknown = world.run(&["schema", "pus"]);
    assert!(unknown.code == 2 && unknown.err.contains("did you mean push?"), "{}", unknown.err);
}

#[test]
fn a_value_that_does_not_fit_is_found() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    world.write(&format!("{DIRECTORY}/loose.yaml"), hedgerow::demo::VPC);
    let schema: Value = serde_json::from_str(&world.run(&["schema", "status"]).out).unwrap();
    let answer = world.json(&["status"]).json();
    assert_eq!(misfit(&schema, &answer, &schema, "answer"), None);
    let entry = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut other = answer.clone();
        change(other["data"][0].as_object_mut().unwrap());
        misfit(&schema, &other, &schema, "answer")
    };
    assert!(entry(&|fields| drop(fields.remove("raw"))).unwrap().contains("lacks raw"));
    assert!(entry(&|fields| drop(fields.insert("more".to_owned(), Value::Null))).unwrap().contains("more is not in"));
    assert!(entry(&|fields| fields["git"]["state"] = Value::from("fine")).unwrap().contains("git.state is"));
    assert!(entry(&|fields| fields["raw"]["pending"] = Value::from("1")).unwrap().contains("raw.pending is"));
}
