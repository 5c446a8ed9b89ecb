//! Git's own work in the background: what we start never tidies up a clone, neither beside us nor after us.

use std::fs;
use std::path::Path;

use crate::world::{DIRECTORY, World, git_in, said};
use hedgerow::demo::vpc;

/// Settings under which git would tidy up at every chance, and before it ends.
const EAGER: [(&str, &str); 7] = [
    ("GIT_CONFIG_COUNT", "3"),
    ("GIT_CONFIG_KEY_0", "gc.autoPackLimit"),
    ("GIT_CONFIG_VALUE_0", "1"),
    ("GIT_CONFIG_KEY_1", "gc.autoDetach"),
    ("GIT_CONFIG_VALUE_1", "false"),
    ("GIT_CONFIG_KEY_2", "maintenance.autoDetach"),
    ("GIT_CONFIG_VALUE_2", "false"),
];

fn packs(git_dir: &Path) -> usize {
    let entries = fs::read_dir(git_dir.join("objects/pack")).unwrap();
    entries.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "pack")).count()
}

fn run(world: &World, args: &[&str]) {
    let person = [("GIT_AUTHOR_NAME", "A"), ("GIT_COMMITTER_NAME", "A")];
    let address = [("GIT_AUTHOR_EMAIL", "a@example.net"), ("GIT_COMMITTER_EMAIL", "a@example.net")];
    let told = said(&world.command(args).envs(EAGER).envs(person).envs(address).output().unwrap());
    assert_eq!(told.code, 0, "{args:?}: {}{}", told.out, told.err);
}

fn somebody_pushes(colleague: &Path, text: &str) {
    git_in(colleague, &["pull", "--quiet"]);
    fs::write(colleague.join("theirs.txt"), text).unwrap();
    git_in(colleague, &["add", "--all"]);
    git_in(colleague, &["commit", "--quiet", "--message", "theirs"]);
    git_in(colleague, &["push", "--quiet"]);
}

#[test]
fn no_fetch_pull_or_push_tidies_up_a_clone() {
    let world = World::initialized();
    let colleague = world.colleague();
    for (number, home) in ["path: clone", "url: remote.git"].into_iter().enumerate() {
        let home = home.replace("remote.git", &format!("'{}'", world.root.join("remote.git").display()));
        world.configure(&format!(
            "repositories:\n  netops: {{ {home} }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
        ));
        let source = world.root.join("source.yaml").display().to_string();
        run(&world, &["fetch", "dc1"]);
        for vpcs in 0..2u16 {
            let id = 2 * u16::try_from(number).unwrap() + vpcs;
            fs::write(&source, vpc(&format!("vpc-{id}"), 1001 + id, &format!("10.0.{id}.0/24"))).unwrap();
            run(&world, &["ingest", "dc1", &source, "--yes"]);
            run(&world, &["push", "dc1", "--yes"]);
        }
        let git_dir = match number {
            0 => world.clone.join(".git"),
            _ => fs::read_dir(world.root.join("data/hedgerow/repos")).unwrap().next().unwrap().unwrap().path(),
        };
        let before = packs(&git_dir);
        assert!(before > 1, "{before} packs");
        somebody_pushes(&colleague, &format!("{number}\n"));
        run(&world, &["fetch", "dc1"]);
        run(&world, &["pull", "dc1"]);
        assert_eq!(packs(&git_dir), before, "something tidied up");
        // Git itself would have.
        git_in(&git_dir, &["-c", "gc.autoPackLimit=1", "-c", "gc.autoDetach=false", "gc", "--auto", "--quiet"]);
        assert!(packs(&git_dir) < before);
    }
}
