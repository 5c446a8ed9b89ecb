//! Remotes asked by the clock: news is shown, and nothing else sends a byte or leaves a line.

use std::time::Duration;

use crate::session::Session;
use crate::world::{DIRECTORY, World, git_in};

/// A configuration that asks as often as it may.
fn often(world: &World) {
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\nui: {{ refresh: 5s }}\n"
    ));
}

#[test]
fn news_of_the_remote_is_shown_and_an_unchanged_answer_sends_nothing() {
    let world = World::initialized();
    often(&world);
    let checked = || std::fs::read_to_string(world.clone.join(".git/hedgerow/checked")).unwrap();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("= In sync");
    let colleague = world.colleague();
    std::fs::write(colleague.join(DIRECTORY).join("raw/theirs.yaml"), "kind: VPC\n").unwrap();
    git_in(&colleague, &["add", "--all"]);
    git_in(&colleague, &["commit", "-qm", "theirs"]);
    git_in(&colleague, &["push", "-q"]);
    session.until("v Behind 1");
    session.quiet(Duration::from_millis(500));
    let before = checked();
    assert_eq!(session.quiet(Duration::from_secs(13)), 0, "unchanged answers are silent");
    assert_ne!(checked(), before, "it was asked meanwhile");
    std::fs::rename(world.root.join("remote.git"), world.root.join("away.git")).unwrap();
    let shown = session.until("X No access");
    assert!(shown.contains("0 running") && !shown.contains("check dc1"), "{shown}");
    session.quiet(Duration::from_millis(500));
    assert_eq!(session.quiet(Duration::from_secs(7)), 0, "the same failure again is silent");
    std::fs::rename(world.root.join("away.git"), world.root.join("remote.git")).unwrap();
    session.until("v Behind 1");
    session.press("q");
    assert_eq!(session.end().0, 0);
    let journal = std::fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    let checks: Vec<&str> = journal.lines().filter(|line| line.contains("\"check\"")).collect();
    assert_eq!(checks.len(), 2, "gone, and there again: {checks:?}");
}

#[test]
fn read_only_asks_nobody() {
    let world = World::initialized();
    often(&world);
    let checked = || std::fs::read_to_string(world.clone.join(".git/hedgerow/checked")).unwrap();
    let before = checked();
    let mut session = Session::start(&world, &["--ascii", "--read-only"], (80, 24));
    session.until("= In sync");
    session.quiet(Duration::from_millis(500));
    assert_eq!(session.quiet(Duration::from_secs(7)), 0);
    assert_eq!(checked(), before);
    session.press("q");
    assert_eq!(session.end().0, 0);
}
