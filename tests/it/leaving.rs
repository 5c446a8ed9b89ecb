//! Leaving while an open push is looked up at a remote that never answers.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::endings::read;
use crate::session::Session;
use crate::world::{World, git_in};

/// A silent remote is given up after twice this time.
const SOON: Duration = Duration::from_secs(15);

/// Two fabrics of two clones with a push each whose end nobody knows, and the pipe that tells when
/// one is looked up; the remotes never answer.
fn open() -> (World, PathBuf) {
    let world = World::initialized();
    git_in(&world.root, &["clone", "--quiet", "remote.git", "second"]);
    let directory = crate::world::DIRECTORY;
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\n  second: {{ path: second }}\nfabrics:\n  dc1: {{ repository: netops, directory: {directory} }}\n  dc2: {{ repository: second, directory: {directory} }}\n"
    ));
    let lines = ["dc1", "dc2"].map(|fabric| {
        let tip = world.tip();
        format!(
            "{{\"at\":\"2026-11-21T09:15:04Z\",\"operation\":\"push\",\"fabric\":\"{fabric}\",\"result\":\"sending\",\"commit\":\"{tip}\",\"process\":2147483646}}\n"
        )
    });
    fs::write(world.root.join("state/hedgerow/journal.jsonl"), lines.concat()).unwrap();
    let (reached, never) = (world.root.join("reached"), world.root.join("never"));
    assert_cmd::Command::new("mkfifo").args([&reached, &never]).assert().success();
    let silent = world.root.join("silent");
    let asked = world.root.join("asked");
    let script = format!(
        "#!/bin/sh\necho x >> '{}'; echo x > '{}'; read answer < '{}'\n",
        asked.display(),
        reached.display(),
        never.display()
    );
    fs::write(&silent, script).unwrap();
    fs::set_permissions(&silent, fs::Permissions::from_mode(0o755)).unwrap();
    for clone in ["clone", "second"] {
        git_in(&world.root.join(clone), &["config", "remote.origin.uploadpack", &silent.display().to_string()]);
    }
    (world, reached)
}

/// It ended soon, looked up nothing more, and the next start looks it up again.
fn left(world: &World, since: Instant) {
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
    assert_eq!(fs::read_to_string(world.root.join("asked")).unwrap(), "x\n");
    let journal = fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    assert_eq!(journal.lines().filter(|line| line.contains("\"operation\":\"push\"")).count(), 2, "{journal}");
}

#[test]
fn the_dashboard_ends_at_once_and_calls_it_no_hang_up() {
    let (world, reached) = open();
    let mut session = Session::start(&world, &["--ascii"], (100, 24));
    session.until("= In sync");
    read(&reached);
    let since = Instant::now();
    session.press("q");
    assert_eq!(session.end().0, 0);
    left(&world, since);
}

#[test]
fn line_mode_ends_at_the_first_signal() {
    let (world, reached) = open();
    let mut session = Session::start(&world, &["--plain"], (100, 24));
    read(&reached);
    let since = Instant::now();
    session.press("\u{3}");
    let (code, bytes) = session.end();
    assert_eq!(code, 130);
    let said = String::from_utf8_lossy(&bytes);
    assert!(!said.contains("fabric 1 of") && !said.contains("could not be read"), "{said}");
    left(&world, since);
}
