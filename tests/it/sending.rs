//! Pushes through the dashboard that do not go as planned: the remote moves, the line drops, the server talks.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use hedgerow::demo::vpc;

use crate::session::{Session, holds};
use crate::world::{DIRECTORY, World, git_in};

fn hook(world: &World, name: &str, script: &str) {
    let path = world.root.join("remote.git/hooks").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A world with a commit to push.
fn ready() -> World {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world
}

/// A session that asks whether to push.
fn asked(world: &World, size: (u16, u16)) -> Session {
    let mut session = Session::start(world, &["--ascii"], size);
    session.until("P push");
    session.press("P");
    session.until("press y to push");
    session
}

fn somebody_pushes(world: &World) {
    let other = world.colleague();
    fs::write(other.join("notes.txt"), "x").unwrap();
    git_in(&other, &["add", "--all"]);
    git_in(&other, &["commit", "-qm", "notes"]);
    git_in(&other, &["push", "-q"]);
}

#[test]
fn a_remote_that_moves_before_the_y_makes_the_plan_stale() {
    let world = ready();
    let mut session = asked(&world, (100, 24));
    somebody_pushes(&world);
    let (remote, tip) = (world.remote_tip(), world.tip());
    session.press("y");
    let shown = session.until("Press r to see the new plan");
    assert!(shown.contains("E-PLAN-STALE"), "{shown}");
    assert!(shown.contains("the plan is out of date: origin/main or main moved"), "{shown}");
    assert_eq!((world.remote_tip(), world.tip()), (remote.clone(), tip.clone()));
    session.press("r");
    session.until("FAILED E-REPO-DIVERGED");
    session.press("\u{3}\u{3}");
    assert_eq!(session.end().0, 0);
    assert_eq!((world.remote_tip(), world.tip()), (remote, tip));
}

#[test]
fn a_commit_made_before_the_y_is_shown_before_it_is_sent() {
    let world = ready();
    let mut session = asked(&world, (100, 24));
    let before = world.remote_tip();
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    session.press("y");
    session.until("Press r to see the new plan");
    assert_eq!(world.remote_tip(), before);
    session.press("r");
    session.until("2 commits");
    session.until("press y to push");
    session.press("y");
    session.until("push dc1  Verified");
    assert_eq!(world.remote_tip(), world.tip());
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn an_expected_plan_that_moved_is_stale_on_the_command_line_too() {
    let world = ready();
    let plan = world.json(&["push", "dc1", "--dry-run"]).entry()["plan"].as_str().unwrap().to_owned();
    somebody_pushes(&world);
    let remote = world.remote_tip();
    let said = world.json(&["push", "dc1", "--yes", "--expect-plan", &plan]);
    assert_eq!(said.code, 6, "{}{}", said.out, said.err);
    assert!(said.out.contains("E-PLAN-STALE"), "{}", said.out);
    assert_eq!(world.remote_tip(), remote);
}

#[test]
fn a_line_that_drops_after_the_pack_is_uncertain_until_a_fetch_settles_it() {
    let world = ready();
    let (here, away) = (world.root.join("remote.git"), world.root.join("away.git"));
    let gone = format!("mv '{}' '{}' && kill -9 $PPID", here.display(), away.display());
    hook(&world, "reference-transaction", &format!("[ \"$1\" = committed ] && {gone}; exit 0"));
    let mut session = asked(&world, (160, 24));
    session.press("y");
    let shown = session.until("UNCERTAIN E-PUSH-UNCERTAIN");
    assert!(!shown.contains("Verified") && !shown.contains("FAILED"), "{shown}");
    assert!(shown.contains("| ? 2  push") && shown.contains("; f settles it"), "{shown}");
    fs::rename(&away, &here).unwrap();
    fs::remove_file(here.join("hooks/reference-transaction")).unwrap();
    session.press("f");
    session.until(&format!("Verified: dc1, origin/main has {}", &world.tip()[..7]));
    session.until("In sync");
    session.press("e");
    session.until("no error on record");
    session.press("q");
    assert_eq!(session.end().0, 0);
    let journal = fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    let pushes: Vec<&str> = journal.lines().filter(|line| line.contains("\"operation\":\"push\"")).collect();
    assert!(pushes[pushes.len() - 2].contains("\"uncertain\""), "{journal}");
    assert!(pushes[pushes.len() - 1].contains("\"verified\""), "{journal}");
}

#[test]
fn an_uncertain_push_is_looked_up_by_the_next_start_and_by_the_command_line() {
    for by_fetch in [true, false] {
        let world = ready();
        let (here, away) = (world.root.join("remote.git"), world.root.join("away.git"));
        let gone = format!("mv '{}' '{}' && kill -9 $PPID", here.display(), away.display());
        hook(&world, "reference-transaction", &format!("[ \"$1\" = committed ] && {gone}; exit 0"));
        assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 5);
        fs::rename(&away, &here).unwrap();
        fs::remove_file(here.join("hooks/reference-transaction")).unwrap();
        let found = format!("Verified: dc1, origin/main has {}", &world.tip()[..7]);
        if by_fetch {
            let said = world.run(&["fetch", "dc1"]);
            assert!(said.out.contains(&found), "{}{}", said.out, said.err);
        } else {
            let mut session = Session::start(&world, &["--ascii"], (160, 24));
            let shown = session.until(&found);
            assert!(shown.contains("the answer to its push was lost."), "{shown}");
            session.press("q");
            session.end();
        }
        assert_eq!(world.json(&["status", "dc1"]).entry()["last_error"], serde_json::Value::Null);
        assert!(!world.run(&["fetch", "dc1"]).out.contains("Verified:"), "it is settled once");
    }
}

#[test]
fn escape_codes_of_a_hook_and_a_server_do_not_reach_the_terminal() {
    let world = ready();
    let bad = "printf 'frozen \\033]0;owned\\007\\033[2J\\342\\200\\256 by \\233\\061m bidi\\n' >&2; exit 1";
    hook(&world, "pre-receive", bad);
    let before = world.remote_tip();
    let said = world.run(&["push", "dc1", "--yes"]);
    assert_eq!(said.code, 6);
    let all = format!("{}{}", said.out, said.err);
    assert!(all.contains("frozen \\x1b]0;owned"), "{all:?}");
    assert!(!all.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']), "{all:?}");
    let json = world.json(&["push", "dc1", "--yes"]);
    assert!(!json.entry().to_string().contains("\\u001b") && !json.out.contains('\u{202e}'), "{}", json.out);
    let mut session = asked(&world, (100, 30));
    session.press("y");
    session.until("FAILED E-PUSH-HOOK");
    session.press("e");
    let shown = session.until("frozen \\x1b]0;owned");
    assert!(shown.contains("\\u202e"), "{shown}");
    session.press("\u{3}\u{3}");
    let (_, bytes) = session.end();
    let came_through = |code: &str| holds(&bytes, code);
    assert!(!came_through("\u{1b}]0;") && !came_through("\u{202e}") && !came_through("\u{9b}"));
    let clears = bytes.windows(4).filter(|window| *window == b"\x1b[2J").count();
    assert!(clears <= 1, "the hook cleared the screen: {clears}");
    assert_eq!(world.remote_tip(), before);
}

/// A second fabric beside the first, on the same branch; the first has this profile.
fn with_neighbour(world: &World, profile: &str) {
    world.configure(&format!(
        "profiles:\n  near: {{ {profile} }}\nrepositories:\n  netops: {{ path: clone }}\nfabrics:\n  \
         dc1: {{ repository: netops, directory: {DIRECTORY}, profile: near }}\n  \
         dc2: {{ repository: netops, directory: gitops/hedgehog/dc2 }}\n"
    ));
}

/// What the dashboard asks when the second fabric is to be pushed.
fn asked_for_neighbour(world: &World, wanted: &str) {
    let mut session = Session::start(world, &["--ascii"], (120, 40));
    session.until("dc2");
    session.press(":push dc2\r");
    session.until(wanted);
    session.press("\u{1b}");
    session.press("\u{3}\u{3}");
    session.end();
}

#[test]
fn a_neighbours_protection_and_deletions_ask_for_the_name_too() {
    let world = ready();
    with_neighbour(&world, "protected: false");
    asked_for_neighbour(&world, "press y to push");
    with_neighbour(&world, "protected: true");
    asked_for_neighbour(&world, "Because dc1 is protected, and the commits change it, type dc2 to push");
    with_neighbour(&world, "read_only: true");
    let refused = world.run(&["push", "dc2", "--yes"]);
    assert_eq!(refused.code, 6);
    assert!(refused.err.contains("the commits change dc1, profile near"), "{}", refused.err);
    assert_ne!(world.remote_tip(), world.tip());
    with_neighbour(&world, "protected: false");
    assert_eq!(world.run(&["push", "dc2", "--yes"]).code, 0);
    assert_eq!(world.run(&["delete", "dc1", "VPC/web", "--yes"]).code, 0);
    asked_for_neighbour(&world, "Because 1 managed file is deleted, type dc2 to push");
}
