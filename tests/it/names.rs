//! Names of the command line: what a person guesses, and the options that silence it.

use hedgerow::demo::vpc;

use crate::session::{PROGRAM, Session};
use crate::world::World;

#[test]
fn the_version_is_the_one_of_the_option() {
    let world = World::new();
    let (word, option) = (world.run(&["version"]), world.run(&["--version"]));
    assert_eq!((word.code, &word.out), (0, &option.out));
    assert_eq!(word.out, format!("hedgerow {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(world.json(&["version"]).entry()["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn raw_files_are_told_with_what_an_ingest_would_make_of_them() {
    let world = World::initialized();
    assert_eq!(world.run(&["raw", "dc1"]).out, "raw dc1: no raw files\n");
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    world.raw("broken.yaml", "a: [\n");
    world.raw("notes.txt", "x\n");
    let told = world.run(&["raw", "dc1"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.starts_with("raw dc1: 2 pending, 1 invalid, 1 left out\n"), "{}", told.out);
    let line = |name: &str| told.out.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(line("raw/a.yaml").ends_with("1 document   1 added"), "{}", told.out);
    assert!(told.out.contains("raw/broken.yaml:1:4: error HH-T2"), "{}", told.out);
    let (raw, status) = (world.json(&["raw", "dc1"]).entry(), world.json(&["status", "dc1"]).entry());
    for field in ["pending", "invalid", "left_out", "files"] {
        assert_eq!(raw[field], status["raw"][field], "{field}");
    }
    assert_eq!(world.run(&["raw", "dc9"]).code, 3);
    assert_eq!(world.run(&["history", "dc1"]).out, world.run(&["log", "dc1"]).out);
}

#[test]
fn nothing_is_asked_without_input_and_quiet_leaves_progress_away() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let before = world.commits();
    // On a real terminal, where it would be asked otherwise.
    let mut session = Session::run(&world, PROGRAM, &["ingest", "dc1", "--no-input"], (100, 30), &[]);
    session.until("E-CONFIRM");
    assert_eq!((session.end().0, world.commits()), (2, before));
    let mut session = Session::run(&world, PROGRAM, &["--no-input"], (100, 30), &[]);
    session.until("NEXT STEP");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.run(&["--no-input", "--plain"]).code, 2);
    assert!(world.run(&["fetch", "dc1"]).err.contains("fetch"));
    assert_eq!(world.run(&["fetch", "dc1", "-q"]).err, "");
    let failed = world.run(&["push", "dc9", "--quiet", "--yes"]);
    assert!(failed.code == 3 && failed.err.contains("dc9"), "{}", failed.err);
}
