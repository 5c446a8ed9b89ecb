//! The journal: what goes on record, and for which fabric it counts.

use std::fs;
use std::time::Duration;

use hedgerow::demo::vpc;
use serde_json::Value;

use crate::session::Session;
use crate::world::{DIRECTORY, World};

fn journal(world: &World) -> String {
    fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap_or_default()
}

fn append(world: &World, line: &str) {
    fs::write(world.root.join("state/hedgerow/journal.jsonl"), journal(world) + line + "\n").unwrap();
}

/// A push that nobody saw the end of, long ago.
fn begun(commit: &str, key: &Value) -> String {
    serde_json::json!({"at": "2026-01-01T09:15:04Z", "operation": "push", "fabric": "dc1", "result": "sending",
        "commit": commit, "process": 2_147_483_646, "key": key})
    .to_string()
}

fn key(world: &World) -> Value {
    let text = journal(world);
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert!(last["key"].is_string(), "{last}");
    last["key"].clone()
}

#[test]
fn what_read_only_refused_is_not_on_record_and_hides_nothing() {
    let world = World::initialized();
    fs::rename(world.root.join("remote.git"), world.root.join("gone.git")).unwrap();
    assert_ne!(world.run(&["fetch", "dc1"]).code, 0);
    let before = (journal(&world), world.json(&["status", "dc1"]).entry()["last_error"].clone());
    assert_eq!(before.1["operation"], "fetch");
    for args in [&["fetch", "dc1"][..], &["pull", "dc1"], &["push", "dc1", "--yes"], &["list", "--fetch"]] {
        let said = world.run(&[args, &["--read-only"]].concat());
        assert_eq!(said.code, 6, "{args:?}: {}{}", said.out, said.err);
    }
    assert_eq!((journal(&world), world.json(&["status", "dc1"]).entry()["last_error"].clone()), before);
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nprofiles:\n  ro: {{ read_only: true }}\nfabrics:\n  \
         dc1: {{ repository: netops, directory: {DIRECTORY}, profile: ro }}\n  \
         dc2: {{ repository: netops, directory: gitops/hedgehog/fabric-2 }}\n"
    ));
    let said = world.run(&["list", "--fetch", "dc1", "dc2"]);
    assert_eq!(said.code, 7, "{}{}", said.out, said.err);
    assert!(said.err.contains("dc1 was not fetched: profile ro") && !said.err.contains("dc2 was"), "{}", said.err);
    assert!(world.run(&["status", "dc1"]).out.contains("dc1: read-only, profile ro"));
    assert!(!journal(&world).contains("E-READ-ONLY"));
}

#[test]
fn two_configurations_with_a_fabric_of_one_name_do_not_tell_of_each_other() {
    let (world, other) = (World::initialized(), World::initialized());
    let config = other.root.join("config.yaml").display().to_string();
    let theirs = |args: &[&str]| world.json(&[args, &["--config", &config]].concat());
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    append(&world, &begun(&world.tip(), &key(&world)));
    let lines = journal(&world).lines().count();
    let status = theirs(&["status", "dc1"]).entry();
    assert_eq!((&status["last_operation"], &status["last_error"]), (&Value::Null, &Value::Null), "{status}");
    assert_eq!(theirs(&["log", "dc1"]).entry()["operations"], serde_json::json!([]));
    let fetched = theirs(&["fetch", "dc1"]).entry();
    assert_eq!(fetched["settled"], Value::Null, "{fetched}");
    assert_eq!(journal(&world).lines().count(), lines + 1, "only the fetch itself");
    let fetched = world.json(&["fetch", "dc1"]).entry();
    assert!(fetched["settled"].as_str().unwrap().contains("Not pushed: dc1, origin/main is at "), "{fetched}");
    assert_eq!(world.json(&["status", "dc1"]).entry()["last_operation"]["operation"], "fetch");
    assert_eq!(theirs(&["log", "dc1"]).entry()["operations"].as_array().unwrap().len(), 1);
}

#[test]
fn a_push_on_record_without_its_repository_is_never_called_rejected() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    append(&world, &begun(&world.tip(), &Value::Null));
    let mut session = Session::start(&world, &["--ascii"], (160, 24));
    session.until("Not there yet: dc1, origin/main is at ");
    session.quiet(Duration::from_millis(200));
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert!(!journal(&world).contains("rejected"));
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    assert_eq!(world.json(&["fetch", "dc1"]).entry()["settled"], Value::Null);
}

#[test]
fn an_expected_plan_may_be_in_capitals_and_times_are_whole_seconds() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let plan = world.json(&["ingest", "dc1", "--dry-run"]).entry()["plan"]["id"].as_str().unwrap()[..12].to_uppercase();
    let said = world.run(&["ingest", "dc1", "--yes", "--expect-plan", &plan]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let status = world.json(&["status", "dc1"]).entry();
    let at = status["last_operation"]["at"].as_str().unwrap();
    assert!(at.len() == "2026-11-21T14:01:56Z".len() && at.ends_with('Z'), "{at}");
}
