//! Unseen: what cannot be looked into or read is never taken for deleted, empty or unchanged, whoever looks.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use hedgerow::demo::vpc;

use crate::world::{DIRECTORY, Said, World};

/// A fabric with one managed resource, one that waits, and nothing else to do.
fn world() -> World {
    let world = World::initialized();
    world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    world
}

/// The ways of making a folder one that is not looked into.
const WAYS: [&str; 5] = ["link", "dangling link", "repository", "file", "locked"];

fn hide(world: &World, path: &Path, way: &str) {
    let away = world.root.join("away");
    match way {
        "link" => {
            fs::rename(path, &away).unwrap();
            symlink(&away, path).unwrap();
        }
        "dangling link" => {
            fs::rename(path, &away).unwrap();
            symlink(world.root.join("nowhere"), path).unwrap();
        }
        "repository" => fs::create_dir(path.join(".git")).unwrap(),
        "file" => {
            fs::rename(path, &away).unwrap();
            fs::write(path, "").unwrap();
        }
        _ => fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap(),
    }
}

fn show(world: &World, path: &Path, way: &str) {
    let away = world.root.join("away");
    match way {
        "repository" => fs::remove_dir(path.join(".git")).unwrap(),
        "locked" => fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap(),
        _ => {
            fs::remove_file(path).unwrap();
            fs::rename(&away, path).unwrap();
        }
    }
}

/// It did not say yes, and named the path.
fn is_told(said: &Said, folder: &str, what: &str) {
    let all = format!("{}{}", said.out, said.err);
    assert!([1, 6].contains(&said.code), "{what}: {} {all}", said.code);
    assert!(all.contains(folder) && !all.contains("no change"), "{what}: {all}");
}

#[test]
fn a_managed_folder_that_is_not_seen_is_not_deleted() {
    let world = world();
    let tip = world.tip();
    for way in WAYS {
        for folder in ["managed", "managed/vpcs"] {
            hide(&world, &world.path(folder), way);
            for action in [
                &["commit", "dc1"][..],
                &["heal", "dc1"],
                &["migrate", "dc1"],
                &["init", "dc1"],
                &["ingest", "dc1"],
                &["delete", "dc1", "VPC/web"],
                &["rename", "dc1", "VPC/web", "www"],
            ] {
                let said = world.run_bound(&[action, &["--yes", "--offline"]].concat());
                is_told(&said, folder, &format!("{action:?}, {folder}: {way}"));
            }
            for look in [
                &["validate", "dc1"][..],
                &["show", "dc1"],
                &["show", "dc1", "VPC/web"],
                &["export", "dc1"],
                &["diff", "dc1"],
            ] {
                is_told(&world.run_bound(look), folder, &format!("{look:?}, {folder}: {way}"));
            }
            let status = world.run_bound(&["status", "dc1"]);
            assert!(status.out.contains("Invalid 1") && status.out.contains(folder), "{way}: {}", status.out);
            show(&world, &world.path(folder), way);
            assert_eq!(world.tip(), tip, "{folder}: {way}");
            assert_eq!(world.git(&["status", "--porcelain"]), "", "{folder}: {way}");
        }
    }
}

#[test]
fn a_raw_folder_that_is_not_seen_is_not_empty() {
    let world = world();
    for way in WAYS {
        for folder in ["raw", "raw/pending", "raw/processed", "raw/errors"] {
            hide(&world, &world.path(folder), way);
            for action in [&["ingest", "dc1"][..], &["migrate", "dc1"], &["init", "dc1"]] {
                if action[0] == "migrate" && folder == "raw/processed" {
                    continue;
                }
                let said = world.run_bound(&[action, &["--yes", "--offline"]].concat());
                is_told(&said, folder, &format!("{action:?}, {folder}: {way}"));
            }
            is_told(&world.run_bound(&["validate", "dc1"]), folder, way);
            for look in [&["raw", "dc1"][..], &["status", "dc1"]] {
                let said = world.run_bound(look);
                assert!(said.out.contains(&format!("{folder}: error HH-RW")), "{look:?} {way}: {}", said.out);
            }
            show(&world, &world.path(folder), way);
        }
    }
}

#[test]
fn what_can_be_seen_is_taken_in_beside_a_folder_that_cannot() {
    let world = world();
    world.raw("db.yaml", vpc("db", 1002, "10.0.2.0/24"));
    fs::create_dir(world.path("raw/team")).unwrap();
    fs::create_dir(world.path("raw/team/.git")).unwrap();
    let said = world.run(&["ingest", "dc1", "--yes"]);
    is_told(&said, "raw/team", "ingest");
    assert!(world.path("managed/vpcs/db.yaml").exists(), "{}{}", said.out, said.err);
}

#[test]
fn an_unmanaged_folder_that_is_not_seen_is_named() {
    let world = world();
    for way in WAYS {
        hide(&world, &world.path("unmanaged"), way);
        is_told(&world.run_bound(&["validate", "dc1"]), "unmanaged", way);
        is_told(&world.run_bound(&["init", "dc1", "--yes", "--offline"]), "unmanaged", way);
        show(&world, &world.path("unmanaged"), way);
    }
}

#[test]
fn a_managed_file_that_is_not_read_is_not_deleted_and_not_unchanged() {
    let file = "managed/vpcs/web.yaml";
    for way in ["link", "locked", "large", "pipe"] {
        let world = world();
        let tip = world.tip();
        let path = world.path(file);
        match way {
            "link" => {
                fs::rename(&path, world.root.join("web.yaml")).unwrap();
                symlink(world.root.join("web.yaml"), &path).unwrap();
            }
            "locked" => fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap(),
            "large" => fs::File::options().write(true).open(&path).unwrap().set_len(40 * 1024 * 1024).unwrap(),
            _ => {
                fs::remove_file(&path).unwrap();
                assert_cmd::Command::new("mkfifo").arg(&path).assert().success();
            }
        }
        // An unreadable file that was not touched is known by its stat, until it is asked for.
        for action in [&["commit", "dc1"][..], &["heal", "dc1"], &["ingest", "dc1"], &["delete", "dc1", "VPC/web"]] {
            let said = world.run_bound(&[action, &["--yes", "--offline"]].concat());
            is_told(&said, file, &format!("{action:?}: {way}"));
        }
        for look in [&["validate", "dc1"][..], &["show", "dc1", "VPC/web"], &["export", "dc1"]] {
            is_told(&world.run_bound(look), file, &format!("{look:?}: {way}"));
        }
        assert_eq!(world.tip(), tip, "{way}");
        assert!(path.symlink_metadata().is_ok(), "{way}: it is gone");
    }
}

#[test]
fn a_raw_file_that_is_not_read_is_no_success() {
    let world = world();
    symlink(world.root.join("nowhere"), world.path("raw/link.yaml")).unwrap();
    is_told(&world.run(&["ingest", "dc1", "--yes"]), "raw/link.yaml", "a link");
    fs::remove_file(world.path("raw/link.yaml")).unwrap();
    world.raw("locked.yaml", vpc("db", 1002, "10.0.2.0/24"));
    fs::set_permissions(world.path("raw/locked.yaml"), Permissions::from_mode(0o000)).unwrap();
    for action in [&["ingest", "dc1", "--yes", "--offline"][..], &["migrate", "dc1", "--yes", "--offline"]] {
        is_told(&world.run_bound(action), "raw/locked.yaml", "a locked file");
    }
}

#[test]
fn the_directory_itself_and_what_leads_to_it_are_not_absent() {
    for (place, way) in [
        (DIRECTORY, "link"),
        (DIRECTORY, "file"),
        (DIRECTORY, "repository"),
        (DIRECTORY, "locked"),
        ("gitops", "link"),
        ("gitops", "file"),
        ("gitops", "repository"),
        ("gitops", "locked"),
    ] {
        let world = world();
        hide(&world, &world.clone.join(place), way);
        for action in [
            &["status", "dc1"][..],
            &["validate", "dc1"],
            &["show", "dc1"],
            &["diff", "dc1"],
            &["raw", "dc1"],
            &["init", "dc1", "--yes", "--offline"],
            &["commit", "dc1", "--yes", "--offline"],
            &["ingest", "dc1", "--yes", "--offline"],
        ] {
            let said = world.run_bound(action);
            let all = format!("{}{}", said.out, said.err);
            assert_eq!(said.code, 6, "{action:?} {place} {way}: {all}");
            assert!(all.contains(place) && !all.contains("Not init"), "{action:?} {place} {way}: {all}");
        }
    }
}

#[test]
fn a_folder_that_git_ignores_is_nobodys_business() {
    let world = world();
    world.write(".gitignore", "scratch/\n");
    world.commit("ignore");
    fs::create_dir(world.path("raw/scratch")).unwrap();
    fs::set_permissions(world.path("raw/scratch"), Permissions::from_mode(0o000)).unwrap();
    let said = world.run_bound(&["ingest", "dc1", "--yes", "--offline"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    fs::set_permissions(world.path("raw/scratch"), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_the_settings_name_is_read_or_told() {
    let world = world();
    let locked = world.root.join("locked");
    fs::create_dir(&locked).unwrap();
    fs::write(locked.join("x.yaml"), "").unwrap();
    symlink(world.root.join("nowhere"), world.root.join("gone.yaml")).unwrap();
    fs::set_permissions(&locked, Permissions::from_mode(0o000)).unwrap();
    let config = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    for key in ["schemas", "switch_profiles", "fab"] {
        for place in ["locked", "locked/x.yaml", "gone.yaml"] {
            world.configure(&config.replace("directory:", &format!("{key}: {place}, directory:")));
            for action in [&["validate", "dc1"][..], &["status", "dc1"]] {
                let said = world.run_bound(action);
                assert_eq!(said.code, 6, "{action:?} {key} {place}: {}{}", said.out, said.err);
                assert!(said.err.contains(place), "{key} {place}: {}", said.err);
            }
        }
    }
    world.configure(&config);
    let at = |name: &str| world.root.join(name).display().to_string();
    for args in [
        &["ingest", "dc1", &at("locked/x.yaml"), "--yes", "--offline"][..],
        &["validate", &at("locked/x.yaml")],
        &["validate", &at("locked")],
    ] {
        let said = world.run_bound(args);
        assert!(said.code == 6 && said.err.contains("ermission denied"), "{args:?}: {} {}", said.code, said.err);
    }
    fs::set_permissions(&locked, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_folder_outside_is_checked_whole_or_told() {
    let world = world();
    let folder = world.root.join("wiring");
    fs::create_dir_all(folder.join("inner")).unwrap();
    fs::write(folder.join("a.yaml"), vpc("a", 1005, "10.0.5.0/24")).unwrap();
    let place = folder.display().to_string();
    assert_eq!(world.run_bound(&["validate", &place]).code, 0);
    fs::set_permissions(folder.join("inner"), Permissions::from_mode(0o000)).unwrap();
    is_told(&world.run_bound(&["validate", &place]), "wiring/inner", "a locked folder");
    fs::set_permissions(folder.join("inner"), Permissions::from_mode(0o755)).unwrap();
    symlink("a.yaml", folder.join("b.yaml")).unwrap();
    is_told(&world.run_bound(&["validate", &place]), "wiring/b.yaml", "a link");
}

#[test]
fn a_clone_and_a_configuration_that_cannot_be_reached_are_not_missing() {
    let world = world();
    let locked = world.root.join("locked");
    fs::create_dir(&locked).unwrap();
    fs::rename(&world.clone, locked.join("clone")).unwrap();
    let config = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure(&config.replace("path: clone", "path: locked/clone"));
    fs::set_permissions(&locked, Permissions::from_mode(0o000)).unwrap();
    for action in [&["status", "dc1"][..], &["fetch", "dc1"], &["ingest", "dc1", "--yes"]] {
        let said = world.run_bound(action);
        let all = format!("{}{}", said.out, said.err);
        assert!(said.code == 6 && all.contains("E-FS-PERM"), "{action:?}: {} {all}", said.code);
    }
    let remote = world.root.join("remote.git");
    world.configure(&format!(
        "repositories:\n  netops: {{ url: {} }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n",
        remote.display()
    ));
    assert_eq!(world.run_bound(&["fetch", "dc1"]).code, 0);
    let clones = world.root.join("data/hedgerow");
    fs::set_permissions(&clones, Permissions::from_mode(0o000)).unwrap();
    let said = world.run_bound(&["status", "dc1"]);
    fs::set_permissions(&clones, Permissions::from_mode(0o755)).unwrap();
    assert!(said.code == 6 && !said.out.contains("not cloned"), "{}{}", said.out, said.err);
    fs::set_permissions(&locked, Permissions::from_mode(0o755)).unwrap();
    assert!(Path::new(&locked.join("clone")).exists());
}
