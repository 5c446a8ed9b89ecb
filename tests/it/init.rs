//! Init: new directories, loose resources, adoption, repair, an empty remote.

use crate::world::{DIRECTORY, World};
use hedgerow::demo::vpc;

#[test]
fn an_empty_remote_gets_its_first_commit() {
    let world = World::empty();
    assert_eq!(world.json(&["status", "dc1"]).entry()["git"]["state"], "unborn");
    let said = world.json(&["init", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(said.entry()["result"], "committed");
    let push = world.json(&["push", "dc1", "--yes"]);
    assert_eq!(push.entry()["outcome"], "verified", "{}{}", push.out, push.err);
    assert_eq!(world.remote_tip(), world.tip());
    let status = world.json(&["status", "dc1"]).entry();
    assert_eq!(status["directory"]["state"], "initialized");
    assert_eq!(status["git"]["state"], "in_sync");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

#[test]
fn loose_resources_go_to_their_managed_path_in_the_same_commit() {
    let world = World::new();
    world.write(&format!("{DIRECTORY}/vpcs/web.yaml"), vpc("web", 1001, "10.0.1.0/24"));
    let two = format!("{}---\n{}", vpc("a", 1002, "10.0.2.0/24"), vpc("b", 1003, "10.0.3.0/24"));
    world.write(&format!("{DIRECTORY}/two.yaml"), &two);
    world.write(&format!("{DIRECTORY}/app.yaml"), "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n");
    world.write(&format!("{DIRECTORY}/kustomization.yaml"), "resources: []\n");
    world.commit("flat");
    world.git(&["push", "--quiet"]);
    let before = world.commits();
    let said = world.json(&["init", "dc1", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(world.commits(), before + 1);
    for path in ["managed/vpcs/web.yaml", "managed/vpcs/a.yaml", "managed/vpcs/b.yaml"] {
        assert!(world.path(path).exists(), "{path}");
    }
    assert_eq!(world.read("raw/processed/two.yaml"), two);
    assert!(world.path("unmanaged/external-configs/app.yaml").exists());
    assert!(world.path("kustomization.yaml").exists());
    assert!(!world.path("vpcs/web.yaml").exists() && !world.path("two.yaml").exists());
    let again = world.json(&["init", "dc1", "--yes"]);
    assert_eq!(again.entry()["result"], "no_change");
}

#[test]
fn the_plugins_layout_is_adopted_not_duplicated() {
    let world = World::plugin();
    let status = world.json(&["status", "dc1"]).entry();
    assert_eq!(status["directory"]["state"], "initialized");
    assert_eq!(status["raw"]["pending"], 3);
    assert_eq!(status["next"]["key"], "N");
    world.run(&["init", "dc1", "--yes"]);
    assert!(world.path("managed/switchgroups/.gitkeep").exists());
    assert!(!world.path("managed/switch-groups").exists());
    assert!(world.path("managed/gateway-peerings/.gitkeep").exists());
    assert_eq!(world.read("README.md"), "# ours\n");
}

#[test]
fn a_missing_part_is_told_and_repaired_and_force_leaves_foreign_readmes() {
    let world = World::initialized();
    std::fs::remove_dir_all(world.path("managed/vpcs")).unwrap();
    world.write(&format!("{DIRECTORY}/raw/README.md"), "mine\n");
    world.commit("broken");
    world.git(&["push", "--quiet"]);
    let status = world.json(&["status", "dc1"]).entry();
    assert_eq!(status["directory"]["state"], "incomplete");
    assert_eq!(status["next"]["key"], "I");
    assert_eq!(world.json(&["init", "dc1", "--yes", "--force"]).entry()["result"], "committed");
    assert!(world.path("managed/vpcs/.gitkeep").exists());
    assert_eq!(world.read("raw/README.md"), "mine\n");
    assert_eq!(world.json(&["status", "dc1"]).entry()["directory"]["state"], "initialized");
}

#[test]
fn a_write_without_a_terminal_needs_yes() {
    let world = World::new();
    let said = world.run(&["init", "dc1"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--yes") && said.out.contains("managed"), "{}{}", said.out, said.err);
    let said = world.json(&["init", "dc1", "--read-only", "--yes"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (6, Some("E-READ-ONLY")));
    assert_eq!(world.commits(), 1);
}
