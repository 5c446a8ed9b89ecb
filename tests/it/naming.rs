//! Names of files: what cannot be written is left out by its name and blocks nothing else, in both homes.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;

use hedgerow::demo::vpc;

use crate::world::{DIRECTORY, Said, World, said};

/// Names that are only shown, and how.
fn odd() -> [(&'static [u8], &'static str); 4] {
    [
        (b"stra\xdfe.yaml", r"raw/stra\337e.yaml"),
        (b"a\\b.yaml", r"raw/a\\b.yaml"),
        (b"d\xe9p/x.yaml", r"raw/d\351p/x.yaml"),
        (b"git~1/x.yaml", r"raw/git\1761/x.yaml"),
    ]
}

fn write(world: &World, name: &[u8], text: &str) {
    let path = world.path("raw").join(OsString::from_vec(name.to_vec()));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(world: &World, args: &[&str]) -> Said {
    let identity = [("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@x"), ("GIT_COMMITTER_NAME", "A")];
    said(&world.command(args).envs(identity).env("GIT_COMMITTER_EMAIL", "a@x").output().unwrap())
}

fn as_url(world: &World) {
    world.configure(&format!(
        "repositories:\n  netops: {{ url: 'file://{}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n",
        world.root.join("remote.git").display()
    ));
    assert_eq!(world.run(&["fetch", "dc1"]).code, 0);
}

/// The odd ones are named, and `good` is filed.
fn is_taken(world: &World, home: &str, good: &str, shown: &[&str]) {
    let dry = run(world, &["ingest", "dc1", "--dry-run"]);
    let said = run(world, &["ingest", "dc1", "--yes"]);
    assert_eq!((dry.code, said.code), (1, 1), "{home}: {}{}", said.out, said.err);
    assert!(said.out.contains("committed"), "{home}: {}{}", said.out, said.err);
    for name in shown {
        assert!(said.out.contains(name) && said.out.contains("HH-RW4"), "{home} {name}: {}", said.out);
    }
    let resources = run(world, &["show", "dc1"]);
    assert!(resources.out.contains(good), "{home}: {}", resources.out);
    let again = run(world, &["ingest", "dc1", "--yes"]);
    assert!(again.code == 1 && again.out.contains("refused"), "{home}: {}{}", again.out, again.err);
    let diff = run(world, &["diff", "dc1"]);
    assert!(!diff.out.contains("stra") && diff.code < 2, "{home}: {}{}", diff.out, diff.err);
}

#[test]
fn a_name_that_is_not_text_or_holds_a_backslash_blocks_no_other_file() {
    let world = World::initialized();
    for (number, (name, _)) in odd().iter().enumerate() {
        write(&world, name, &vpc(&format!("odd-{number}"), 1010, "10.0.10.0/24"));
    }
    let shown = odd().map(|(_, shown)| shown);
    world.raw("good.yaml", vpc("good", 1001, "10.0.1.0/24"));
    is_taken(&world, "path", "good", &shown);
    // A tree that Git's own checks refuse is nothing that could be written beside.
    fs::remove_dir_all(world.path("raw/git~1")).unwrap();
    world.raw("better.yaml", vpc("better", 1002, "10.0.2.0/24"));
    world.commit("raw");
    world.git(&["push", "--quiet"]);
    as_url(&world);
    is_taken(&world, "url", "better", &shown[..3]);
}

#[test]
fn an_odd_name_below_managed_is_named_and_neither_adopted_nor_healed() {
    let world = World::initialized();
    let path = world.path("managed/vpcs").join(OsString::from_vec(b"stra\xdfe.yaml".to_vec()));
    fs::write(path, vpc("web", 1001, "10.0.1.0/24")).unwrap();
    for action in ["commit", "heal", "migrate"] {
        let said = world.run(&[action, "dc1", "--yes", "--offline"]);
        assert!(said.code < 2, "{action}: {}{}", said.out, said.err);
        assert!(!said.out.contains("committed"), "{action}: {}", said.out);
    }
    assert!(world.run(&["commit", "dc1", "--dry-run"]).out.contains(r"stra\337e.yaml"));
    let said = world.run(&["validate", "dc1"]);
    assert!(said.code == 1 && said.out.contains(r"managed/vpcs/stra\337e.yaml: error HH-LY5"), "{}", said.out);
}

#[test]
fn a_file_from_elsewhere_with_a_backslash_in_its_name_is_left_out() {
    let world = World::initialized();
    let file = world.root.join("a\\b.yaml");
    fs::write(&file, vpc("web", 1001, "10.0.1.0/24")).unwrap();
    let said = world.run(&["ingest", "dc1", &file.display().to_string(), "--yes"]);
    assert!(said.code == 1 && said.out.contains("HH-RW4"), "{} {}{}", said.code, said.out, said.err);
}

/// Pairs that a file system without case, or with normal forms, holds as one.
const PAIRS: [(&str, &str); 3] =
    [("Web.yaml", "web.yaml"), ("cafe\u{301}.yaml", "caf\u{e9}.yaml"), ("T/a.yaml", "t/A.yaml")];

#[test]
fn two_names_that_some_file_systems_take_for_one_are_an_error_in_processed() {
    for (first, second) in PAIRS {
        for home in ["path", "url"] {
            let world = World::initialized();
            world.raw(first, vpc("one", 1001, "10.0.1.0/24"));
            world.raw(second, vpc("two", 1002, "10.0.2.0/24"));
            if home == "url" {
                world.commit("raw");
                world.git(&["push", "--quiet"]);
                as_url(&world);
            }
            let said = run(&world, &["ingest", "dc1", "--yes"]);
            assert_eq!(said.code, 1, "{home} {first}: {}{}", said.out, said.err);
            assert!(said.out.contains(&format!("raw/{second}: error HH-LY6")), "{home}: {}", said.out);
            assert!(said.out.contains("committed"), "{home}: {}{}", said.out, said.err);
            // The one that is there already wins over the one that comes later, too.
            let again = run(&world, &["ingest", "dc1", "--yes"]);
            assert_eq!(again.code, 1, "{home} {first}: {}{}", again.out, again.err);
            let shown = run(&world, &["show", "dc1"]);
            assert!(shown.out.contains("one") && !shown.out.contains("two"), "{home} {first}: {}", shown.out);
            assert!(run(&world, &["validate", "dc1"]).out.contains("HH-LY6"), "{home}");
        }
    }
}

#[test]
fn invalid_and_foreign_files_do_not_clash_either() {
    let world = World::initialized();
    for name in ["Bad.yaml", "bad.yaml"] {
        world.raw(name, format!("apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {{name: {name}!}}\n"));
    }
    for (name, value) in [("Foreign.yaml", 1), ("foreign.yaml", 2)] {
        world.raw(name, format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: '{value}'}}\n"));
    }
    world.raw("good.yaml", vpc("good", 1001, "10.0.1.0/24"));
    let said = world.run(&["ingest", "dc1", "--yes"]);
    assert!(said.code == 1 && said.out.contains("committed"), "{} {}{}", said.code, said.out, said.err);
    let paths = world.git(&["ls-files", DIRECTORY]).to_lowercase();
    let mut lines: Vec<&str> = paths.lines().collect();
    let count = lines.len();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), count, "{paths}");
}

#[test]
fn what_stands_there_already_is_named_by_validate() {
    let world = World::initialized();
    world.write(&format!("{DIRECTORY}/managed/notes/caf\u{e9}.txt"), "");
    world.write(&format!("{DIRECTORY}/managed/notes/cafe\u{301}.txt"), "");
    world.write(&format!("{DIRECTORY}/raw/processed/A.yaml"), "");
    world.write(&format!("{DIRECTORY}/raw/processed/a.yaml"), "");
    let said = world.run(&["validate", "dc1"]);
    assert_eq!(said.out.matches("error HH-LY6").count(), 2, "{}", said.out);
}

#[test]
fn a_name_that_is_too_long_is_refused_before_anything_is_written() {
    let world = World::initialized();
    let name = format!("{}.yaml", "n".repeat(245));
    world.raw(&name, "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: Bad}\n");
    world.raw("good.yaml", vpc("good", 1001, "10.0.1.0/24"));
    let said = world.run(&["ingest", "dc1", "--yes"]);
    assert!(said.code == 1 && said.out.contains("committed"), "{} {}{}", said.code, said.out, said.err);
    assert!(world.path(&format!("raw/{name}")).exists());
    assert_eq!(world.git(&["status", "--porcelain", "--untracked-files=no"]), "");
}

#[test]
fn a_dry_run_refuses_what_applying_refuses() {
    let world = World::initialized();
    world.raw("web.yaml", vpc("web", 1001, "10.0.1.0/24"));
    world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), "# somebody else's\n");
    for more in ["--dry-run", "--yes"] {
        let said = world.run(&["ingest", "dc1", more]);
        assert_eq!(said.code, 6, "{more}: {}{}", said.out, said.err);
    }
    fs::remove_file(world.path("managed/vpcs/web.yaml")).unwrap();
    world.write(".gitattributes", "*.yaml filter=lfs\n");
    for more in ["--dry-run", "--yes"] {
        let said = world.run(&["ingest", "dc1", more]);
        assert!(said.code == 6 && said.err.contains("filter=lfs"), "{more}: {}{}", said.out, said.err);
    }
}
