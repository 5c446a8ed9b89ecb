//! Confirmation, the first run, line mode and a lost connection, in a real pty with a real remote.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hedgerow::demo::vpc;

use crate::session::Session;
use crate::world::{World, git_in};

fn waiting() -> World {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    world
}

/// Every file below a folder with its bytes, sorted.
pub(crate) fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut waiting = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push((path.display().to_string(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn no_habit_passes_the_question_of_any_write() {
    let world = waiting();
    world.run(&["ingest", "dc1", "--yes"]);
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    fs::remove_dir_all(world.path("unmanaged")).unwrap();
    world.git(&["rm", "-rq", "--cached", &format!("{}/unmanaged", crate::world::DIRECTORY)]);
    world.git(&["commit", "-qm", "as found"]);
    let (tip, remote) = (world.tip(), world.remote_tip());
    for (key, action) in [("N", "ingest"), ("I", "init")] {
        let asked = format!("press y to {action}");
        for habit in ["\r", &"\r".repeat(20), &key.repeat(20), "\u{1b}", "\u{1b}[200~y\n\u{1b}[201~", "n", "q"] {
            let mut session = Session::start(&world, &["--ascii"], (80, 24));
            session.until("N ingest");
            session.press(key);
            session.until(&asked);
            session.press(habit);
            session.quiet(Duration::from_millis(50));
            session.press("\u{3}\u{3}");
            assert_eq!(session.end().0, 0, "{key} {habit:?}");
            assert_eq!((world.tip(), world.remote_tip()), (tip.clone(), remote.clone()), "{key} {habit:?}");
        }
        let mut session = Session::start(&world, &["--ascii"], (80, 24));
        session.until("N ingest");
        session.press(&format!("{key}y"));
        session.until("waiting for your answer");
        session.quiet(Duration::from_millis(300));
        session.press("\u{3}\u{3}");
        assert_eq!(session.end().0, 0);
        assert_eq!(world.tip(), tip, "queued {key}y");
    }
}

#[test]
fn what_the_dialog_lists_is_what_the_commit_holds_and_the_remote_gets() {
    let world = waiting();
    let mut session = Session::start(&world, &["--ascii"], (80, 40));
    session.until("N ingest");
    session.press("N");
    let plan = session.until("press y to ingest");
    session.press("y");
    session.until("not pushed yet");
    let files = world.git(&["show", "--name-status", "-M", "--format=", "HEAD"]);
    assert_eq!(files.lines().count(), 2, "{files}");
    assert!(plan.contains("1 new") && plan.contains("1 moved"), "{plan}");
    assert!(plan.contains("managed/vpcs/web.yaml") && files.contains("managed/vpcs/web.yaml"), "{plan}\n{files}");
    session.press("P");
    let plan = session.until("press y to push");
    assert!(plan.contains(&world.tip()[..7]), "the promised reference\n{plan}");
    session.press("d");
    session.until("managed/vpcs/web.yaml");
    session.press("y");
    session.until("push dc1  Verified");
    assert_eq!(world.remote_tip(), world.tip());
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn read_only_refuses_every_command_that_writes() {
    let world = waiting();
    world.git(&["status"]);
    let before = bytes(&world.clone);
    for command in [
        &["init", "dc1", "--yes"][..],
        &["ingest", "dc1", "--yes"],
        &["push", "dc1", "--yes"],
        &["fetch", "dc1"],
        &["pull", "dc1"],
        &["commit", "dc1", "--yes"],
        &["delete", "dc1", "VPC/web", "--yes"],
        &["add", "x", "--repo", "netops", "--directory", "y", "--yes"],
        &["remove", "dc1", "--yes"],
    ] {
        let said = world.run(&[command, &["--read-only"]].concat());
        assert_eq!(said.code, 6, "{command:?}: {}", said.err);
    }
    assert!(before == bytes(&world.clone), "a byte changed");
}

#[test]
fn the_first_run_writes_a_configuration_or_nothing() {
    let world = World::plugin();
    fs::remove_file(world.root.join("config.yaml")).unwrap();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("fabric-1");
    session.press("\u{1b}");
    assert_eq!(session.end().0, 0);
    assert!(!world.root.join("config.yaml").exists());
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("[x] gitops/hedgehog/fabric-1");
    session.press("\r");
    session.until("press y to write it");
    session.quiet(Duration::from_millis(300));
    session.press("y");
    session.until("N ingest");
    assert!(world.root.join("config.yaml").exists());
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn a_broken_configuration_opens_read_only_and_the_command_line_says_3() {
    let world = World::initialized();
    let text = fs::read_to_string(world.root.join("config.yaml")).unwrap();
    world.configure("fabrics: [ {\n");
    assert_eq!(world.run(&["status"]).code, 3);
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    let shown = session.until("E-CFG-SYNTAX");
    assert!(shown.contains("READ-ONLY"), "{shown}");
    world.configure(&text);
    session.press("r");
    session.until("READ-WRITE");
    session.until("dc1");
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn line_mode_ingests_and_pushes_by_numbers() {
    let world = waiting();
    let mut session = Session::start(&world, &["--plain"], (80, 12));
    session.until("fabric 1 of 1: dc1, directory ready, git in sync, 1 raw file. Next step: ingest.");
    session.press("1\n");
    session.until("Enter to go back:");
    session.press("2\n");
    session.until("Type y to go on:");
    session.press("y\n");
    session.until("Done, exit code 0.");
    session.press("push dc1\n");
    session.until("push dc1? Type y to go on:");
    session.press("n\n");
    session.until("Done, exit code 8.");
    assert_ne!(world.remote_tip(), world.tip());
    session.press("push dc1\n");
    session.until_gone("Done, exit code 8.");
    session.until("push dc1? Type y to go on:");
    session.press("y\n");
    session.until("verified");
    session.press("q\n");
    let (code, bytes) = session.end();
    assert_eq!(code, 0);
    assert!(!bytes.windows(5).any(|window| window == b"\x1b[?10"), "no alternate screen");
}

#[test]
fn a_push_nobody_saw_the_end_of_is_looked_up_at_the_next_start() {
    let world = waiting();
    world.run(&["ingest", "dc1", "--yes"]);
    world.git(&["push", "-q"]);
    let state = world.root.join("state/hedgerow");
    let journal = state.join("journal.jsonl");
    let line = |who: &str| {
        format!(
            "{{\"at\":\"2026-11-21T09:15:04Z\",\"operation\":\"push\",\"fabric\":\"dc1\",\"result\":\"sending\",\"commit\":\"{}\",\"process\":{who}}}\n",
            world.tip()
        )
    };
    let before = fs::read_to_string(&journal).unwrap();
    let own = std::process::id();
    fs::write(&journal, before.clone() + &line(&own.to_string())).unwrap();
    assert!(!world.run(&["fetch", "dc1"]).out.contains("Verified:"), "a process that runs is asked nothing");
    // The number came again: what began the push started at another time.
    fs::write(&journal, before + &line(&format!("{own},\"started\":1"))).unwrap();
    let mut session = Session::start(&world, &["--ascii"], (160, 24));
    session.until(&format!("Verified: dc1, origin/main has {}", &world.tip()[..7]));
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert!(fs::read_to_string(&journal).unwrap().trim_end().ends_with('}'));
    assert_eq!(world.json(&["status", "dc1"]).entry()["last_operation"]["result"], "verified");
}

/// Puts a push into the journal that nobody saw the end of.
fn left_open(world: &World, at: &str) {
    let journal = world.root.join("state/hedgerow/journal.jsonl");
    let before = fs::read_to_string(&journal).unwrap();
    let last: serde_json::Value = serde_json::from_str(before.lines().last().unwrap()).unwrap();
    let (key, commit) = (&last["key"], world.tip());
    assert!(key.is_string(), "{last}");
    let line = format!(
        "{{\"at\":\"{at}\",\"operation\":\"push\",\"fabric\":\"dc1\",\"result\":\"sending\",\"commit\":\"{commit}\",\"process\":2147483646,\"key\":{key}}}\n",
    );
    fs::write(&journal, before + &line).unwrap();
}

#[test]
fn a_push_that_never_arrived_is_given_up_once_no_server_can_be_at_work_on_it() {
    let world = waiting();
    world.run(&["ingest", "dc1", "--yes"]);
    left_open(&world, "2026-01-01T09:15:04Z");
    let mut session = Session::start(&world, &["--ascii"], (160, 24));
    let shown = session.until("Not pushed: dc1, origin/main is at ");
    assert!(
        shown.contains(&format!(", without {}; the last session left its push open.", &world.tip()[..7])),
        "{shown}"
    );
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.json(&["status", "dc1"]).entry()["last_operation"]["result"], "rejected");
}

#[test]
fn what_cannot_be_told_read_only_stays_open_until_a_fetch_can_tell() {
    let world = waiting();
    world.run(&["ingest", "dc1", "--yes"]);
    world.git(&["push", "-q"]);
    left_open(&world, "2026-01-01T09:15:04Z");
    let other = world.colleague();
    fs::write(other.join("notes.txt"), "x").unwrap();
    git_in(&other, &["add", "--all"]);
    git_in(&other, &["commit", "-qm", "notes"]);
    git_in(&other, &["push", "-q"]);
    let before = bytes(&world.clone);
    let mut session = Session::start(&world, &["--ascii", "--read-only"], (160, 24));
    session.until("which is not here yet; the last session left its push open. f settles it.");
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert!(before == bytes(&world.clone), "a byte changed");
    let said = world.run(&["fetch", "dc1"]);
    assert!(
        said.out.contains(&format!("Verified: dc1, origin/main has {}", &world.tip()[..7])),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn a_dry_run_under_read_only_leaves_every_byte() {
    let world = waiting();
    world.git(&["status"]);
    let before = bytes(&world.clone);
    for command in ["init", "ingest"] {
        let said = world.run(&[command, "dc1", "--dry-run", "--read-only"]);
        assert!([0, 1].contains(&said.code), "{command}: {} {}", said.code, said.err);
        assert!(before == bytes(&world.clone), "{command} changed a byte");
    }
}
