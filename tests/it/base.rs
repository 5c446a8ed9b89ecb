//! Base: what a raw file is compared with is what was last filed, whatever was done to `managed/` or the history since.

use std::fs;

use hedgerow::demo::vpc;

use crate::world::{DIRECTORY, World};

const WEB: &str = "managed/vpcs/web.yaml";

/// The resource of these tests; `mtu`-like noise is not needed, the subnet is the other change.
fn web(vlan: u16, subnet: u8) -> String {
    vpc("web", vlan, &format!("10.0.{subnet}.0/24"))
}

/// A world where `web` was filed from `a.yaml`, vlan 1001.
fn filed() -> World {
    let world = World::initialized();
    world.raw("a.yaml", web(1001, 1));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world
}

/// Edits the managed file by hand, committed as it is committed by hand.
fn edit(world: &World, text: &str) {
    world.write(&format!("{DIRECTORY}/{WEB}"), text);
}

/// What becomes of a raw document, and that a managed text it may not take is still there.
#[track_caller]
fn comes_to(world: &World, raw: &str, outcome: &str) {
    let before = world.read(WEB);
    world.raw("next.yaml", raw);
    let said = world.json(&["ingest", "dc1", "--yes"]);
    let document = said.entry()["documents"][0].clone();
    assert_eq!(document["outcome"], outcome, "{}{}", said.out, said.err);
    assert_eq!(said.code, i32::from(outcome == "conflict" || outcome == "older"), "{}", said.out);
    let wanted = if outcome == "updated" { raw } else { &before };
    assert_eq!(world.read(WEB), wanted);
    if said.code == 1 {
        fs::remove_file(world.path("raw/next.yaml")).unwrap();
    }
}

/// Puts everything since a commit into one, with a message of its own.
fn squash(world: &World, since: &str, message: &str) {
    world.git(&["reset", "--quiet", "--soft", since]);
    world.git(&["commit", "--quiet", "--message", message]);
}

/// The messages of the commits since one, as a forge joins them.
fn messages(world: &World, since: &str) -> String {
    world.git(&["log", "--reverse", "--format=* %B", &format!("{since}..")])
}

#[test]
fn an_adopted_hand_edit_is_never_replaced_unasked() {
    let world = filed();
    edit(&world, &web(1055, 1));
    assert_eq!(world.run(&["commit", "dc1", "--yes"]).code, 0);
    comes_to(&world, &web(1001, 9), "conflict");
    comes_to(&world, &web(1001, 1), "kept");
    comes_to(&world, &web(1055, 1), "unchanged");
    comes_to(&world, &web(1055, 8), "updated");
}

#[test]
fn a_resource_that_only_a_hand_edit_brought_has_no_base() {
    let world = World::initialized();
    edit(&world, &web(1055, 1));
    assert_eq!(world.run(&["commit", "dc1", "--yes"]).code, 0);
    comes_to(&world, &web(1001, 1), "conflict");
    world.raw("next.yaml", web(1001, 1));
    let said = world.run(&["ingest", "dc1"]);
    assert!(said.out.contains("--take raw"), "{}", said.out);
    let said = world.json(&["ingest", "dc1", "--yes", "--take", "raw", "VPC/web"]);
    assert_eq!(said.entry()["documents"][0]["outcome"], "updated", "{}", said.out);
    comes_to(&world, &web(1001, 2), "updated");
}

#[test]
fn paragraphs_appended_to_a_message_change_nothing() {
    let world = filed();
    world.git(&[
        "commit",
        "--quiet",
        "--amend",
        "--message",
        "web\n\nHedgerow-Operation: ingest\nHedgerow-Fabric: dc1\n\nCo-authored-by: Bob <bob@example.net>",
    ]);
    comes_to(&world, &web(1002, 1), "updated");
    edit(&world, &web(1055, 1));
    world.commit("by hand\n\nCo-authored-by: Bob <bob@example.net>");
    comes_to(&world, &web(1002, 9), "conflict");
    let said = world.json(&["push", "dc1", "--dry-run"]);
    let commits = said.entry()["commits"].clone();
    let ours = commits.as_array().unwrap().iter().filter(|commit| commit["fabric"] == "dc1").count();
    assert_eq!((commits.as_array().unwrap().len(), ours), (3, 2), "{}", said.out);
}

#[test]
fn a_reviewers_change_inside_a_squash_is_not_what_was_filed() {
    for with_trailers in [true, false] {
        let world = World::initialized();
        let start = world.tip();
        world.raw("a.yaml", web(1001, 1));
        assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
        edit(&world, &web(1055, 1));
        world.commit("review: another vlan");
        let message = if with_trailers { messages(&world, &start) } else { "web (#12)".to_owned() };
        squash(&world, &start, &message);
        comes_to(&world, &web(1001, 9), "conflict");
        comes_to(&world, &web(1001, 1), "kept");
    }
}

#[test]
fn a_squash_without_trailers_is_no_conflict() {
    let world = World::initialized();
    let start = world.tip();
    world.raw("a.yaml", web(1001, 1));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.raw("b.yaml", web(1002, 1));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    squash(&world, &start, "web (#12)");
    comes_to(&world, &web(1003, 1), "updated");
}

#[test]
fn managed_that_was_chosen_is_not_what_was_filed() {
    let world = filed();
    edit(&world, &web(1055, 1));
    world.commit("by hand");
    world.raw("b.yaml", web(1002, 1));
    let said = world.json(&["ingest", "dc1", "--yes", "--take", "managed", "VPC/web"]);
    assert_eq!((said.code, said.entry()["documents"][0]["outcome"].as_str()), (0, Some("kept")), "{}", said.out);
    comes_to(&world, &web(1002, 1), "kept");
    comes_to(&world, &web(1003, 1), "conflict");
}

#[test]
fn a_deleted_raw_file_was_filed_all_the_same() {
    let delete = |world: &World| {
        let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
        world.configure(
            &text.replace(&format!("directory: {DIRECTORY}"), &format!("directory: {DIRECTORY}, processed: delete")),
        );
    };
    for is_squashed in [false, true] {
        let world = World::initialized();
        delete(&world);
        world.raw("a.yaml", web(1001, 1));
        world.commit("bring web");
        let start = world.tip();
        assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
        assert!(!world.path("raw/a.yaml").exists() && !world.path("raw/processed/a.yaml").exists());
        edit(&world, &web(1055, 1));
        assert_eq!(world.run(&["commit", "dc1", "--yes"]).code, 0);
        if is_squashed {
            squash(&world, &start, "web (#12)");
        }
        comes_to(&world, &web(1001, 9), "conflict");
        comes_to(&world, &web(1055, 9), "conflict");
        comes_to(&world, &web(1001, 1), "kept");
        assert!(world.path("raw/processed/next.yaml").exists(), "what Git has not yet is kept");
    }
    let world = World::initialized();
    delete(&world);
    world.raw("a.yaml", web(1001, 1));
    world.commit("bring web");
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    comes_to(&world, &web(1002, 1), "updated");
}

#[test]
fn a_loose_resource_was_taken_in_as_it_lay() {
    for message in [None, Some("set up (#3)")] {
        let world = World::new();
        world.write(&format!("{DIRECTORY}/web.yaml"), web(1001, 1));
        world.commit("as most begin");
        world.git(&["push", "--quiet"]);
        let start = world.tip();
        assert_eq!(world.run(&["init", "dc1", "--yes"]).code, 0);
        if let Some(message) = message {
            squash(&world, &start, message);
        }
        comes_to(&world, &web(1002, 1), "updated");
        edit(&world, &web(1055, 1));
        world.commit("by hand");
        comes_to(&world, &web(1002, 9), "conflict");
    }
}

#[test]
fn merges_are_followed_to_the_side_that_filed_last() {
    let world = filed();
    world.git(&["push", "--quiet"]);
    world.git(&["checkout", "--quiet", "-b", "side"]);
    world.write("notes.txt", "beside\n");
    world.commit("beside");
    world.git(&["checkout", "--quiet", "main"]);
    comes_to(&world, &web(1002, 1), "updated");
    world.git(&["merge", "--quiet", "--no-edit", "--no-ff", "side"]);
    comes_to(&world, &web(1003, 1), "updated");

    // The side files, with a clock that is an hour slow, and main has a filing of another resource.
    world.git(&["checkout", "--quiet", "-b", "slow"]);
    world.raw("slow.yaml", web(1004, 1));
    world.git(&["config", "user.name", "Alice Ng"]);
    let text = web(1004, 1);
    edit(&world, &text);
    fs::rename(world.path("raw/slow.yaml"), world.path("raw/processed/slow.yaml")).unwrap();
    world.git(&["add", "--all"]);
    world.git(&["commit", "--quiet", "--message", "web on the side"]);
    let tree = world.git(&["rev-parse", "HEAD^{tree}"]);
    let parent = world.git(&["rev-parse", "HEAD^"]);
    let old = format!(
        "tree {}\nparent {}\nauthor A <a@x> 1000000000 +0000\ncommitter A <a@x> 1000000000 +0000\n\nweb\n",
        tree.trim(),
        parent.trim()
    );
    fs::write(world.root.join("commit"), old).unwrap();
    let path = world.root.join("commit").display().to_string();
    let id = world.git(&["hash-object", "-t", "commit", "-w", &path]);
    world.git(&["reset", "--quiet", "--hard", id.trim()]);
    world.git(&["checkout", "--quiet", "main"]);
    world.raw("db.yaml", vpc("db", 1100, "10.1.0.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world.git(&["merge", "--quiet", "--no-edit", "slow"]);
    comes_to(&world, &web(1004, 7), "updated");
}

#[test]
fn a_rebase_and_a_cherry_pick_file_again() {
    let world = filed();
    let filed = world.tip();
    world.git(&["reset", "--quiet", "--hard", "HEAD^"]);
    world.write("notes.txt", "before\n");
    world.commit("somebody else was first");
    world.git(&["cherry-pick", "-x", &filed]);
    comes_to(&world, &web(1002, 1), "updated");
    edit(&world, &web(1055, 1));
    world.commit("by hand");
    comes_to(&world, &web(1002, 9), "conflict");
}

#[test]
fn a_renamed_directory_takes_its_bases_along() {
    let world = filed();
    comes_to(&world, &web(1002, 1), "updated");
    let other = "gitops/hedgehog/other";
    world.write(&format!("{other}/managed/vpcs/.gitkeep"), "");
    world.write(&format!("{other}/raw/processed/.gitkeep"), "");
    world.write("gitops/hedgehog/fabric-1/raw/processed/a/deep.yaml", vpc("db", 1100, "10.1.0.0/24"));
    world.commit("beside it");
    world.git(&["mv", DIRECTORY, "gitops/hedgehog/new"]);
    world.commit("another name");
    world.git(&["mv", "gitops/hedgehog/new", DIRECTORY]);
    world.git(&["mv", &format!("{DIRECTORY}/raw/processed/a.yaml"), &format!("{DIRECTORY}/raw/processed/old.yaml")]);
    world.commit("and back, with a tidied folder");
    comes_to(&world, &web(1003, 1), "updated");
    world.git(&[
        "mv",
        &format!("{DIRECTORY}/raw/processed/next.yaml"),
        &format!("{DIRECTORY}/raw/processed/then.yaml"),
    ]);
    world.git(&[
        "mv",
        &format!("{DIRECTORY}/raw/processed/old.yaml"),
        &format!("{DIRECTORY}/raw/processed/older.yaml"),
    ]);
    edit(&world, &web(1055, 1));
    world.commit("tidied again, and an edit");
    comes_to(&world, &web(1001, 9), "conflict");
    comes_to(&world, &web(1003, 1), "kept");
}

#[test]
fn deleting_renaming_and_healing_in_between_lose_no_edit() {
    let world = filed();
    assert_eq!(world.run(&["rename", "dc1", "VPC/web", "www", "--yes"]).code, 0);
    assert_eq!(world.run(&["rename", "dc1", "VPC/www", "web", "--yes"]).code, 0);
    comes_to(&world, &web(1002, 1), "updated");
    edit(&world, &web(1055, 1));
    assert_eq!(world.run(&["commit", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["rename", "dc1", "VPC/web", "www", "--yes"]).code, 0);
    world.raw("www.yaml", web(1002, 9).replace("name: web", "name: www"));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.entry()["documents"][0]["outcome"], "conflict", "the edit came along: {}", said.out);
    fs::remove_file(world.path("raw/www.yaml")).unwrap();
    assert_eq!(world.run(&["delete", "dc1", "VPC/www", "--yes"]).code, 0);
    world.raw("next.yaml", web(1003, 1));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.entry()["documents"][0]["outcome"], "added", "{}", said.out);
    let text = world.read(WEB);
    fs::remove_file(world.path(WEB)).unwrap();
    world.write(&format!("{DIRECTORY}/managed/all.yaml"), text);
    world.commit("where it does not belong");
    assert_eq!(world.run(&["heal", "dc1", "--yes"]).code, 0);
    comes_to(&world, &web(1004, 1), "updated");
}

#[test]
fn a_rename_without_an_edit_keeps_the_way_open() {
    let world = filed();
    assert_eq!(world.run(&["rename", "dc1", "VPC/web", "www", "--yes"]).code, 0);
    world.raw("www.yaml", web(1002, 1).replace("name: web", "name: www"));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    assert_eq!(said.entry()["documents"][0]["outcome"], "updated", "{}", said.out);
}

#[test]
fn what_hedgerow_never_wrote_has_no_base() {
    let world = World::plugin();
    edit(&world, &web(1001, 1));
    world.commit("from the plugin's days");
    comes_to(&world, &web(1002, 1), "conflict");
}

#[test]
fn one_file_of_several_is_filed_for_each_of_them() {
    let world = World::initialized();
    let db = |vlan: u16| vpc("db", vlan, "10.1.0.0/24");
    world.raw("all.yaml", format!("{}---\n{}", web(1001, 1), db(1100)));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    edit(&world, &web(1055, 1));
    assert_eq!(world.run(&["commit", "dc1", "--yes"]).code, 0);
    world.raw("all.yaml", format!("{}---\n{}", web(1001, 1), db(1101)));
    let said = world.json(&["ingest", "dc1", "--yes"]);
    let outcomes: Vec<_> =
        said.entry()["documents"].as_array().unwrap().iter().map(|one| one["outcome"].clone()).collect();
    assert_eq!(outcomes, ["kept", "updated"], "{}", said.out);
    comes_to(&world, &web(1001, 9), "conflict");
}
