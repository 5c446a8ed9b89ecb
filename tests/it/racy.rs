//! Edits within the second in which an index was written: git sees them before and after every action of ours.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::world::{DIRECTORY, World, git_in};
use hedgerow::demo::vpc;

/// Every git on the path: what one of them sees, the others see.
fn all_gits() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join("git")).filter(|file| file.exists());
    let mut found: Vec<PathBuf> = found.filter_map(|file| file.canonicalize().ok()).collect();
    found.sort();
    found.dedup();
    found
}

/// What each git says about a clone, asked without writing its index.
fn status(world: &World) -> String {
    let told: Vec<String> = all_gits()
        .into_iter()
        .map(|git| {
            let mut command = assert_cmd::Command::new(git);
            command.current_dir(&world.clone).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
            let output = command.args(["--no-optional-locks", "status", "--porcelain"]).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    assert!(told.windows(2).all(|two| two[0] == two[1]), "{told:?}");
    told.into_iter().next().unwrap()
}

/// A time long ago, in the middle of a second.
fn long_ago() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_500)
}

fn set_time(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// A clone where no time of a change counts, which no test can set.
fn world() -> World {
    let world = World::initialized();
    world.git(&["config", "core.trustCTime", "false"]);
    world
}

/// Changes a file in place within the second in which it was staged and the index written.
fn edit_within_the_second(world: &World, path: &str, staged: &str, edited: &str) {
    assert_eq!(staged.len(), edited.len());
    let (file, time) = (world.clone.join(path), long_ago());
    world.write(path, staged);
    set_time(&file, time);
    world.git(&["add", path]);
    fs::write(&file, edited).unwrap();
    set_time(&file, time);
    set_time(&world.clone.join(".git/index"), time);
}

#[test]
fn an_edit_within_the_second_stays_visible_after_every_writing_action() {
    let world = world();
    let colleague = world.colleague();
    for path in ["site.yaml", "second.yaml"] {
        world.write(path, "vlan: 1001\n");
    }
    // A file that git converts has other bytes than its blob, and is no edit.
    world.write(".gitattributes", "converted.txt text eol=crlf\n");
    world.write("converted.txt", "vlan: 1001\r\n");
    std::os::unix::fs::symlink("second.yaml", world.clone.join("link")).unwrap();
    world.commit("site");
    let act = |args: &[&str]| {
        edit_within_the_second(&world, "site.yaml", "vlan: 1002\n", "vlan: 1003\n");
        // And once what was marked already is left as it is.
        for is_repeated in [false, true] {
            let before = status(&world);
            assert!(before.contains("MM site.yaml"), "{before}");
            let told = world.run(args);
            assert!(told.code == 0 || is_repeated, "{args:?}: {}{}", told.out, told.err);
            let (kept, after) = (|text: &str| text.lines().any(|line| line == "MM site.yaml"), status(&world));
            assert!(kept(&before) && kept(&after), "{args:?}: {before} {after}");
            let others = ["second.yaml", "converted.txt", "link"];
            assert!(!others.iter().any(|name| after.contains(name)), "{args:?}: {after}");
        }
    };
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    act(&["ingest", "dc1", "--yes"]);
    let web = world.read("managed/vpcs/web.yaml");
    world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), web.replace("1001", "1002"));
    act(&["commit", "dc1", "--yes"]);
    act(&["rename", "dc1", "VPC/web", "www", "--yes"]);
    world.raw("old.yaml", vpc("db", 1003, "10.0.3.0/24").replace("v1beta1", "v1alpha2"));
    act(&["migrate", "dc1", "--yes"]);
    act(&["ingest", "dc1", "--yes"]);
    let stamp = "# VPC: www\n# Normalized by Hedgehog NetBox Plugin\n# Generated: 2025-08-06 10:11:12 UTC\n---\n";
    let copy = format!("{DIRECTORY}/managed/vpcs/www-1.yaml");
    world.write(&copy, format!("{stamp}{}", world.read("managed/vpcs/www.yaml")));
    world.git(&["add", &copy]);
    world.git(&["commit", "--quiet", "--message", "as the plugin left it", "--", &copy]);
    act(&["heal", "dc1", "--yes"]);
    act(&["delete", "dc1", "VPC/www", "--yes"]);
    act(&["add", "dc2", "--repo", "netops", "--directory", "gitops/two", "--yes"]);
    git_in(&colleague, &["pull", "--quiet"]);
    fs::write(colleague.join("theirs.txt"), "x\n").unwrap();
    git_in(&colleague, &["add", "--all"]);
    git_in(&colleague, &["commit", "--quiet", "--message", "theirs"]);
    git_in(&colleague, &["push", "--quiet"]);
    act(&["pull", "dc1"]);
    assert_eq!(fs::read_to_string(world.clone.join("site.yaml")).unwrap(), "vlan: 1003\n");
}

#[test]
fn a_pull_never_overwrites_an_edit_made_within_the_second() {
    let world = world();
    world.write("site.yaml", "vlan: 1001\n");
    world.commit("site");
    world.git(&["push", "--quiet"]);
    let colleague = world.colleague();
    let file = world.clone.join("site.yaml");
    set_time(&file, long_ago());
    world.git(&["update-index", "--refresh"]);
    fs::write(&file, "vlan: 1003\n").unwrap();
    set_time(&file, long_ago());
    set_time(&world.clone.join(".git/index"), long_ago());
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
    git_in(&colleague, &["pull", "--quiet"]);
    fs::write(colleague.join("site.yaml"), "vlan: 1009\n").unwrap();
    git_in(&colleague, &["commit", "--quiet", "--all", "--message", "theirs"]);
    git_in(&colleague, &["push", "--quiet"]);
    let told = world.json(&["pull", "dc1"]);
    assert_eq!(told.entry()["error"]["code"], "E-REPO-DIRTY", "{}{}", told.out, told.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), "vlan: 1003\n");
}

#[test]
fn an_edit_right_after_an_ingest_is_adopted_later() {
    let world = world();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let file = world.path("managed/vpcs/web.yaml");
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    let edited = world.read("managed/vpcs/web.yaml").replace("1001", "1007");
    fs::write(&file, edited).unwrap();
    // However late in its second: the next index may be written in another one.
    set_time(&file, written);
    let visible = format!(" M {DIRECTORY}/managed/vpcs/web.yaml\n");
    assert_eq!(status(&world), visible);
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    assert_eq!(status(&world), visible);
    assert_eq!(world.run(&["commit", "dc1", "--yes"]).code, 0);
    assert!(world.git(&["show", &format!("HEAD:{DIRECTORY}/managed/vpcs/web.yaml")]).contains("vlan: 1007"));
    assert_eq!(status(&world), "");
}

#[test]
fn an_index_is_never_newer_than_the_files_it_was_written_with() {
    let world = World::initialized();
    let texts: Vec<String> = (1..60).map(|n| vpc(&format!("vpc-{n}"), 1000 + n, &format!("10.0.{n}.0/24"))).collect();
    world.raw("a.yaml", texts.join("---\n"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
    let index = time(&world.clone.join(".git/index"));
    for entry in fs::read_dir(world.path("managed/vpcs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            assert!(time(&path) >= index, "{} is older than the index", path.display());
        }
    }
    assert_eq!(status(&world), "");
}

#[test]
fn a_file_emptied_after_its_entry_was_marked_is_not_taken_for_committed() {
    let world = world();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let path = format!("{DIRECTORY}/managed/vpcs/web.yaml");
    let staged = world.read("managed/vpcs/web.yaml");
    edit_within_the_second(&world, &path, &staged, &staged.replace("1001", "1007"));
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    fs::write(world.clone.join(&path), "").unwrap();
    set_time(&world.clone.join(&path), long_ago());
    assert_eq!(status(&world), format!(" M {path}\n"));
    assert_eq!(world.run(&["diff", "dc1"]).code, 1);
}
