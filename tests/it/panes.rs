//! Panes, tabs, zoom, marks, several fabrics at once and Ctrl-Z under load, by keys in a real pty.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use hedgerow::demo::vpc;

use crate::session::{PROGRAM, Session};
use crate::world::{DIRECTORY, World, git_in};

const SIZE: (u16, u16) = (80, 24);
/// The borders of the pane that has the keys are these in ASCII.
const FABRICS_HAVE_THE_KEYS: &str = "[ 1 Fabrics ]=";
const OPERATIONS_HAVE_THE_KEYS: &str = "[ 4 Operations ]=";

/// Two repositories with a fabric each, both with one commit to push.
fn two_repositories() -> World {
    let world = World::initialized();
    let place = |name: &str| world.root.join(name).display().to_string();
    git_in(&world.root, &["clone", "--quiet", "--bare", &place("remote.git"), &place("remote2.git")]);
    git_in(&world.root, &["clone", "--quiet", &place("remote2.git"), &place("clone2")]);
    for (key, value) in [("user.name", "Alice"), ("user.email", "a@example.net"), ("commit.gpgsign", "false")] {
        git_in(&world.root.join("clone2"), &["config", key, value]);
    }
    world.configure(&format!(
        "repositories:\n  netops: {{ path: clone }}\n  other: {{ path: clone2 }}\nfabrics:\n\
         \x20 dc1: {{ repository: netops, directory: {DIRECTORY} }}\n\
         \x20 dc2: {{ repository: other, directory: {DIRECTORY} }}\n"
    ));
    for clone in ["clone", "clone2"] {
        let raw = world.root.join(clone).join(DIRECTORY).join("raw");
        fs::create_dir_all(&raw).unwrap();
        fs::write(raw.join("a.yaml"), vpc("web", 1001, "10.0.1.0/24")).unwrap();
    }
    let said = world.run(&["ingest", "dc1", "dc2", "--yes"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    world
}

#[test]
fn pane_keys_move_the_double_border() {
    let world = World::initialized();
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until("In sync");
    session.until(FABRICS_HAVE_THE_KEYS);
    for (key, wanted) in [
        ("\t", OPERATIONS_HAVE_THE_KEYS),
        ("\t", FABRICS_HAVE_THE_KEYS),
        ("\u{1b}[Z", OPERATIONS_HAVE_THE_KEYS),
        ("1", FABRICS_HAVE_THE_KEYS),
        ("4", OPERATIONS_HAVE_THE_KEYS),
        ("1", FABRICS_HAVE_THE_KEYS),
        ("o", OPERATIONS_HAVE_THE_KEYS),
        ("o", FABRICS_HAVE_THE_KEYS),
        ("2", "<OVERVIEW>"),
        ("1", FABRICS_HAVE_THE_KEYS),
    ] {
        session.press(key);
        session.until(wanted);
    }
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn zoom_gives_a_pane_the_window_and_takes_it_back() {
    let world = World::initialized();
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until("4 Operations");
    session.press("z");
    session.until_gone("4 Operations");
    session.press("z");
    session.until("4 Operations");
    session.press("4");
    session.until(OPERATIONS_HAVE_THE_KEYS);
    session.press("z");
    session.until_gone("1 Fabrics");
    session.press("\u{1b}");
    session.until("1 Fabrics");
    session.press("\u{3}\u{3}");
    assert_eq!(session.end().0, 0);
}

#[test]
fn brackets_go_through_the_tabs_both_ways() {
    let world = World::initialized();
    let mut session = Session::start(&world, &["--ascii"], SIZE);
    session.until("In sync");
    session.press("\r");
    session.until("<RAW");
    for tab in ["<MANAGED", "<DIFF", "<HISTORY", "<LOG", "<OVERVIEW", "<RAW"] {
        session.press("]");
        session.until(tab);
    }
    session.press("[[");
    session.until("<LOG");
    session.press("\u{1b}");
    session.until(FABRICS_HAVE_THE_KEYS);
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn marks_survive_a_filter_and_two_fabrics_are_pushed_by_their_number() {
    let world = two_repositories();
    let remotes = || ["remote.git", "remote2.git"].map(|name| git_in(&world.root.join(name), &["rev-parse", "main"]));
    let tips = || ["clone", "clone2"].map(|name| git_in(&world.root.join(name), &["rev-parse", "HEAD"]));
    let before = remotes();
    let mut session = Session::start(&world, &["--ascii"], (100, 30));
    session.until("[ ] dc2");
    session.until_gone("Reading");
    session.press("a");
    session.until("[x] dc2");
    session.press("/dc1\r");
    session.until_gone("dc2");
    session.until("2 marked");
    session.press("\u{1b}");
    session.until("[x] dc2");
    session.press("P");
    session.until("type 2 to push 2 fabrics");
    session.until("Enter works only when it matches");
    session.quiet(std::time::Duration::from_millis(300));
    session.press("3\r");
    session.quiet(std::time::Duration::from_millis(100));
    assert_eq!(remotes(), before);
    session.press("\u{7f}2\r");
    session.until("push  2 pushed");
    assert_eq!(remotes(), tips());
    session.press("\u{3}\u{3}");
    assert_eq!(session.end().0, 0);
}

#[test]
fn ctrl_z_while_a_push_waits_gives_the_terminal_and_fg_shows_how_it_ended() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let pipes = ["reached", "go"].map(|name| world.root.join(name));
    for pipe in &pipes {
        assert_cmd::Command::new("mkfifo").arg(pipe).assert().success();
    }
    let hook = world.root.join("remote.git/hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let wait = format!("echo here > '{}'; read line < '{}'", pipes[0].display(), pipes[1].display());
    fs::write(&hook, format!("#!/bin/sh\n{wait}\n")).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let script = format!("set -m; '{PROGRAM}' --ascii; echo the shell has it; read line; fg; echo over");
    let mut session = Session::run(&world, "sh", &["-c", &script], SIZE, &[]);
    session.until("P push");
    session.press("P");
    session.until("press y to push");
    session.press("y");
    fs::read_to_string(&pipes[0]).unwrap();
    session.press("\u{1a}");
    session.until("the shell has it");
    assert!(!session.screen().alternate_screen() && !session.screen().hide_cursor());
    fs::write(&pipes[1], "go\n").unwrap();
    session.press("\n");
    session.until_alternate(true);
    session.until("push dc1  Verified");
    assert_eq!(world.remote_tip(), world.tip());
    session.press("q");
    session.until("over");
    session.end();
}
