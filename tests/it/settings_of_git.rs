//! Settings of git that reach into our actions: names as git writes them, merge options, locks that were left.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::world::{DIRECTORY, Said, World, git_in};
use hedgerow::demo::vpc;

fn ingest(world: &World, name: &str, vlan: u16) -> Said {
    world.raw(&format!("{name}.yaml"), vpc(name, vlan, &format!("10.0.{}.0/24", vlan % 250)));
    world.json(&["ingest", "dc1", "--offline", "--yes"])
}

#[test]
fn a_name_is_written_as_git_writes_it_and_an_empty_one_is_refused() {
    let world = World::initialized();
    for (at, name) in ["Jane <NetOps> Doe.", "'quoted'", "J. R.", "Ærø Ås"].into_iter().enumerate() {
        world.git(&["config", "user.name", name]);
        world.git(&["commit", "--quiet", "--allow-empty", "--message", "git's own"]);
        let wanted = world.git(&["log", "-1", "--format=%an <%ae> %cn"]);
        let said = ingest(&world, &format!("v{at}"), 1001 + u16::try_from(at).unwrap());
        assert_eq!(said.code, 0, "{name}: {}{}", said.out, said.err);
        assert_eq!(world.git(&["log", "-1", "--format=%an <%ae> %cn"]), wanted, "{name}");
    }
    let before = world.tip();
    for name in ["", "<>"] {
        world.git(&["config", "user.name", name]);
        let said = ingest(&world, "last", 1050);
        assert_eq!((said.code, said.entry()["error"]["code"].as_str()), (6, Some("E-AUTHOR")), "{}", said.out);
        assert!(!said.out.contains("fsck"), "{}", said.out);
        assert_eq!(world.tip(), before);
    }
}

/// A colleague's commit that is not here yet.
fn behind() -> World {
    let world = World::initialized();
    let other = world.colleague();
    fs::create_dir_all(other.join(DIRECTORY).join("managed/vpcs")).unwrap();
    fs::write(other.join(DIRECTORY).join("managed/vpcs/bob.yaml"), vpc("bob", 1009, "10.0.9.0/24")).unwrap();
    git_in(&other, &["add", "--all"]);
    git_in(&other, &["commit", "--quiet", "--message", "bob"]);
    git_in(&other, &["push", "--quiet"]);
    world
}

#[test]
fn a_pull_inherits_no_options_of_merge() {
    for options in ["--squash", "--no-commit", "--no-ff", "--autostash --squash", "--signoff"] {
        let world = behind();
        world.git(&["config", "branch.main.mergeOptions", options]);
        let said = world.json(&["pull", "dc1"]);
        assert_eq!((said.code, said.entry()["outcome"].as_str()), (0, Some("updated")), "{options}: {}", said.out);
        assert_eq!((world.tip(), world.git(&["status", "--porcelain"])), (world.remote_tip(), String::new()));
    }
}

#[test]
fn a_pull_whose_branch_cannot_move_changes_no_file() {
    let world = behind();
    world.write("note", "mine\n");
    let status = world.git(&["status", "--porcelain"]);
    let (before, lock) = (world.tip(), world.clone.join(".git/refs/heads/main.lock"));
    fs::write(&lock, "").unwrap();
    let said = world.json(&["pull", "dc1"]);
    assert_eq!(said.entry()["error"]["code"], "E-REPO-LOCKED", "{}", said.out);
    assert!(said.out.contains("main.lock"), "{}", said.out);
    assert_eq!((world.tip(), world.git(&["status", "--porcelain"])), (before.clone(), status.clone()));
    fs::remove_file(&lock).unwrap();
    let hook = world.clone.join(".git/hooks/reference-transaction");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\n[ \"$1\" != prepared ] || ! grep -q refs/heads/main\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let said = world.json(&["pull", "dc1"]);
    assert_eq!(said.entry()["error"]["code"], "E-GIT-FAILED", "{}", said.out);
    assert_eq!((world.tip(), world.git(&["status", "--porcelain"])), (before, status));
    fs::remove_file(&hook).unwrap();
    assert_eq!(world.json(&["pull", "dc1"]).entry()["outcome"], "updated");
    assert_eq!(fs::read_to_string(world.clone.join("note")).unwrap(), "mine\n");
}

#[test]
fn a_lock_that_was_left_on_a_reference_is_named_and_no_damage() {
    let world = World::initialized();
    let lock = world.clone.join(".git/refs/remotes/origin/main.lock");
    fs::write(&lock, "").unwrap();
    let other = world.colleague();
    git_in(&other, &["commit", "--quiet", "--allow-empty", "--message", "theirs"]);
    git_in(&other, &["push", "--quiet"]);
    let said = world.json(&["fetch", "dc1"]);
    assert_eq!(said.entry()["error"]["code"], "E-REPO-LOCKED", "{}", said.out);
    assert!(said.out.contains("origin/main.lock"), "{}", said.out);
}

#[test]
fn a_setting_that_git_cannot_read_is_named_and_no_damage() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let config = world.clone.join(".git/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}[broken\n")).unwrap();
    for args in [&["fetch", "dc1"][..], &["ingest", "dc1", "--offline", "--yes"]] {
        let said = world.json(args);
        assert_eq!((said.code, said.entry()["error"]["code"].as_str()), (3, Some("E-GIT-CONFIG")), "{}", said.out);
        assert!(!said.out.contains("fsck") && !said.out.contains("network"), "{}", said.out);
    }
    fs::write(&config, text).unwrap();
    assert_eq!(world.run(&["fetch", "dc1"]).code, 0);
}
