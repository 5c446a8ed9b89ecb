//! The first configuration: found, shown, written once.

use std::fs;

use crate::world::{DIRECTORY, World};

/// A world whose configuration is taken away.
fn without_configuration() -> World {
    let world = World::plugin();
    world.write("gitops/hedgehog/edge-17/loose.yaml", "kind: x\n");
    fs::remove_file(world.root.join("config.yaml")).unwrap();
    world
}

#[test]
fn the_first_configuration_is_written_from_what_is_found() {
    let world = without_configuration();
    let before = fs::read_dir(&world.root).unwrap().count();
    let asked = world.run(&["config", "init", "--repo", "clone", "--discover"]);
    assert_eq!(asked.code, 2, "{}", asked.err);
    assert!(asked.err.contains(DIRECTORY) && asked.err.contains("edge-17"), "{}", asked.err);
    assert_eq!(fs::read_dir(&world.root).unwrap().count(), before, "asking left something behind");
    assert_eq!(world.run(&["config", "init", "--discover", "--yes", "--read-only"]).code, 6);
    let done = world.json(&["config", "init", "--repo", "clone", "--discover", "--yes"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(done.entry()["fabrics"], serde_json::json!(["edge-17", "fabric-1"]));
    assert_eq!(world.run(&["config", "check"]).code, 0);
    let status = world.json(&["status", "fabric-1"]);
    assert_eq!(status.entry()["raw"]["pending"], 3, "{}", status.out);
    let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    assert_eq!(world.run(&["config", "init", "--discover", "--yes"]).code, 2);
    assert_eq!(fs::read_to_string(world.root.join("config.yaml")).unwrap(), text);
}

#[test]
fn what_is_found_is_counted_as_a_status_counts_it() {
    let world = without_configuration();
    for path in ["vpcs/a.yaml", "connections/b.yml", "connections/.c.yaml", "kustomization.yaml", "other/d.yaml"] {
        world.write(&format!("gitops/hedgehog/edge-17/{path}"), "kind: x\n");
    }
    world.raw("later/deep.yaml", "kind: x\n");
    world.raw("notes.txt", "x\n");
    let found = hedgerow::ops::discover::discover(std::slice::from_ref(&world.clone));
    assert_eq!(world.json(&["config", "init", "--repo", "clone", "--discover", "--yes"]).code, 0);
    for (fabric, raw, loose) in [("edge-17", 0, 3), ("fabric-1", 4, 0)] {
        let status = world.json(&["status", fabric]).entry();
        let seen = found[0].directories.iter().find(|found| found.directory.ends_with(fabric)).unwrap();
        assert_eq!((seen.raw, seen.loose), (raw, loose), "{fabric}");
        assert_eq!((&status["raw"]["pending"], &status["directory"]["loose"]), (&raw.into(), &loose.into()));
    }
}

#[test]
fn a_fabric_is_added_with_its_profile() {
    let world = World::initialized();
    let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&format!("profiles:\n  prod: {{ protected: true }}\n{text}"));
    let add = ["add", "dc2", "--repo", "netops", "--directory", "gitops/hedgehog/dc2", "--yes", "--no-init"];
    assert_eq!(world.run(&[&add[..], &["--profile", "nothing"]].concat()).code, 3);
    assert_eq!(world.run(&[&add[..], &["--profile", "prod"]].concat()).code, 0);
    assert_eq!(world.json(&["status", "dc2"]).entry()["profile"], "prod");
}
