//! Habits and chance: no key pressed out of habit and no random one ever writes; only a deliberate answer does.

use std::fs;
use std::time::Duration;

use hedgerow::demo::vpc;
use rustix::process::Signal;

use crate::asking::bytes;
use crate::session::Session;
use crate::world::{DIRECTORY, World};

const PASTED: &str = "\u{1b}[200~y\n\u{1b}[201~";

/// A world with one commit to push and one raw file to ingest.
fn ready() -> World {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    world
}

fn protected() -> World {
    let world = ready();
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nprofiles:\n  prod: {{ protected: true }}\n\
         fabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY}, profile: prod }}\n"
    ));
    world
}

fn opened(world: &World, next: &str) -> Session {
    let mut session = Session::start(world, &["--ascii"], (80, 24));
    session.until(next);
    session
}

/// Leaves whatever is shown.
fn left(mut session: Session) {
    session.quiet(Duration::from_millis(50));
    session.press("\u{3}\u{3}");
    assert_eq!(session.end().0, 0);
}

/// How many pushes the journal tells of; one that was stopped by leaving is told of too.
fn pushes(world: &World) -> usize {
    let journal = fs::read_to_string(world.root.join("state/hedgerow/journal.jsonl")).unwrap();
    journal.lines().filter(|line| line.contains("\"operation\":\"push\"")).count()
}

#[test]
fn no_habit_pushes() {
    let world = ready();
    let (remote, before) = (world.remote_tip(), pushes(&world));
    assert!(before > 0, "a push is told of");
    for habit in ["\r", &"\r".repeat(20), &"P".repeat(20), "\u{1b}", PASTED, "n", "q", "PPPP\r"] {
        let mut session = opened(&world, "P push");
        session.press("P");
        session.until("press y to push");
        session.press(habit);
        left(session);
        assert_eq!(world.remote_tip(), remote, "{habit:?}");
    }
    let mut session = opened(&world, "P push");
    session.press("Py");
    session.until("waiting for your answer");
    left(session);
    assert_eq!(world.remote_tip(), remote, "queued Py");
    assert_eq!(pushes(&world), before, "one was begun");
}

#[test]
fn only_the_exact_name_pushes_where_the_profile_is_protected() {
    let world = protected();
    let (remote, before) = (world.remote_tip(), pushes(&world));
    let habits =
        ["y\r", "y", &"\r".repeat(20), &"P".repeat(20), PASTED, "dc\r", "DC1\r", "dc1 \r", "dc11\r", "dc1\u{1b}"];
    for habit in habits {
        let mut session = opened(&world, "P push");
        session.press("P");
        session.until("Enter works only when it matches");
        session.quiet(Duration::from_millis(300));
        session.press(habit);
        left(session);
        assert_eq!(world.remote_tip(), remote, "{habit:?}");
    }
    assert_eq!(pushes(&world), before, "one was begun");
    let mut session = opened(&world, "P push");
    session.press("P");
    session.until("Enter works only when it matches");
    session.quiet(Duration::from_millis(300));
    session.press("dc1");
    session.until("dc1_");
    session.press("\r");
    session.until("push dc1  Verified");
    assert_eq!(world.remote_tip(), world.tip());
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn no_habit_adds_a_fabric_by_the_form() {
    let world = World::initialized();
    let config = || fs::read_to_string(world.root.join("config.yaml")).unwrap();
    let before = (config(), world.tip(), world.remote_tip());
    let now = || (config(), world.tip(), world.remote_tip());
    for habit in ["\r", &"\r".repeat(20), &"A".repeat(20), "\u{1b}", PASTED, "n", "q"] {
        let mut session = opened(&world, "In sync");
        session.press("A");
        session.until("what you call the fabric");
        session.press("dc2\t\tfabrics/dc2\r");
        session.until("press y to ");
        session.press(habit);
        left(session);
        assert_eq!(now(), before, "{habit:?}");
    }
}

/// Everything a keyboard can say but the keys that leave: Ctrl-C, q and Q.
fn keyboard() -> Vec<String> {
    let mut keys: Vec<String> = (' '..='~').filter(|key| !"qQ".contains(*key)).map(String::from).collect();
    keys.extend((1..27_u8).filter(|code| ![3, 26].contains(code)).map(|code| char::from(code).to_string()));
    let sequences = ["\u{1b}", "\u{1b}[A", "\u{1b}[B", "\u{1b}[C", "\u{1b}[D", "\u{1b}[5~", "\u{1b}[6~", "\u{1b}[H"];
    keys.extend(sequences.map(str::to_owned));
    keys.extend(
        ["\u{1b}[F", "\u{1b}[Z", "\u{1b}[3~", "\u{1b}OP", "\u{1b}[15~", "\u{7f}", "\u{1b}x"].map(str::to_owned),
    );
    keys.extend([PASTED, "\u{1b}[200~NIPA\ry\u{1b}[201~", "ä", "漢"].map(str::to_owned));
    // What opens something comes often, so that the rest is pressed in there too.
    let frequent = ["N", "I", "P", "A", "p", "f", ":", "?", "/", ",", "s", "\t", "\r", "\u{1b}", "e", "v", "Z"];
    keys.extend(std::iter::repeat_n(frequent.map(str::to_owned), 3).flatten());
    keys
}

/// Presses so many random keys; whatever ended the program by itself is started again.
fn pressed(world: &World, args: &[&str], keys: &[String], count: usize) {
    let start = || Session::with(world, args, (80, 24), &[("EDITOR", "true")]);
    let mut session = start();
    session.until("dc1");
    let mut seed: u32 = 7;
    let mut random = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        keys[(seed >> 8) as usize % keys.len()].clone()
    };
    // More different keys at once would be a paste, which is ignored whole.
    for _ in 0..count / 5 {
        let burst: String = (0..5).map(|_| random()).collect();
        let taken = session.try_to_press(&burst);
        if taken.is_err() || !session.is_running(Duration::from_millis(3)) {
            assert_eq!(session.end().0, 0, "it ended by itself");
            session = start();
            session.until("dc1");
        }
    }
    session.signal(Signal::TERM);
    // Whatever waits for a line gets it.
    let _ = session.try_to_press("\r");
    session.until_alternate(false);
    assert!(!session.screen().hide_cursor());
    let (code, bytes) = session.end();
    assert_eq!(code, 143, "{}", String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(2000)..]));
    assert!(!world.root.join("state/hedgerow/last-panic.txt").exists(), "it panicked");
}

#[test]
fn ten_thousand_random_keys_change_no_byte_under_read_only() {
    let world = ready();
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    world.git(&["status"]);
    let (before, remote) = (bytes(&world.clone), world.remote_tip());
    pressed(&world, &["--read-only", "--ascii"], &keyboard(), 10_000);
    assert!(before == bytes(&world.clone), "a byte changed");
    assert_eq!(world.remote_tip(), remote);
}

#[test]
fn two_thousand_random_keys_without_a_y_write_nothing() {
    let world = ready();
    world.raw("b.yaml", vpc("db", 1002, "10.0.2.0/24"));
    let before = (world.tip(), world.remote_tip(), world.git(&["status", "--porcelain"]));
    let config = fs::read(world.root.join("config.yaml")).unwrap();
    let keys: Vec<String> = keyboard().into_iter().filter(|key| key != "y").collect();
    pressed(&world, &["--ascii"], &keys, 2000);
    assert_eq!((world.tip(), world.remote_tip(), world.git(&["status", "--porcelain"])), before);
    assert_eq!(fs::read(world.root.join("config.yaml")).unwrap(), config);
    world.git(&["fsck", "--strict"]);
}

#[test]
fn a_read_only_profile_is_refused_by_every_way() {
    let world = ready();
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\nprofiles:\n  look: {{ read_only: true }}\n\
         fabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY}, profile: look }}\n"
    ));
    let before = bytes(&world.clone);
    for command in ["init", "ingest", "push", "commit"] {
        let said = world.json(&[command, "dc1", "--yes"]);
        assert_eq!(said.code, 6, "{command}: {}{}", said.out, said.err);
        assert!(said.out.contains("E-READ-ONLY"), "{command}: {}", said.out);
    }
    for command in ["fetch", "pull"] {
        assert_eq!(world.run(&[command, "dc1"]).code, 6, "{command}");
    }
    let mut session = opened(&world, "dc1");
    session.until("Ahead 1");
    for (key, action) in [("N", "ingest"), ("P", "push"), ("I", "init"), ("p", "pull"), ("f", "fetch")] {
        for typed in [key.to_owned(), format!(":{action}\r")] {
            session.press("x");
            session.until("nothing is running");
            session.press(&typed);
            session.until(&format!("READ-ONLY: {action} is off: profile look"));
        }
    }
    left(session);
    assert!(before == bytes(&world.clone), "a byte changed");
}
