//! Odd surroundings: nowhere to write, no home, no terminal, no reader; never a panic, always a sensible end.

use std::fs;

use crate::session::{PROGRAM, Session, holds};
use crate::world::{World, said};
use hedgerow::demo::vpc;

const SIZE: (u16, u16) = (100, 24);

/// A world whose state directory is a file, which stops root too.
fn stateless() -> (World, String) {
    let world = World::initialized();
    let file = world.root.join("no-state");
    fs::write(&file, "").unwrap();
    let place = file.display().to_string();
    (world, place)
}

#[test]
fn commands_work_where_nothing_can_be_remembered() {
    let (world, place) = stateless();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    for (args, is_recorded) in [
        (&["status"][..], false),
        (&["ingest", "dc1", "--yes"], true),
        (&["push", "dc1", "--yes"], true),
        (&["fetch", "dc1"], true),
        (&["log", "dc1"], false),
    ] {
        let told = said(&world.command(args).env("XDG_STATE_HOME", &place).output().unwrap());
        assert_eq!(told.code, 0, "{args:?}: {}{}", told.out, told.err);
        assert_eq!(told.err.matches("could not be written").count(), usize::from(is_recorded), "{args:?} {}", told.err);
        assert!(!told.err.contains("panicked"), "{}", told.err);
    }
    assert_eq!(world.remote_tip(), world.tip());
}

#[test]
fn the_dashboard_starts_where_nothing_can_be_remembered_and_says_so_once() {
    let (world, place) = stateless();
    let mut session = Session::with(&world, &["--ascii"], SIZE, &[("XDG_STATE_HOME", &place)]);
    session.until("In sync");
    session.until("no-state");
    let shown = session.text();
    assert_eq!(shown.matches("no-state").count(), 1, "{shown}");
    session.press("f");
    session.until("No change: nothing new");
    session.press("q");
    let (code, bytes) = session.end();
    assert_eq!(code, 0);
    assert!(!holds(&bytes, "panicked"));
}

#[test]
fn a_home_that_is_a_file_or_missing_stops_nothing() {
    let world = World::initialized();
    let file = world.root.join("a-file");
    fs::write(&file, "").unwrap();
    for home in [file.display().to_string(), "/nonexistent/home".to_owned(), "relative".to_owned(), String::new()] {
        let none = |name| (name, String::new());
        let surroundings = [("HOME", home.clone()), none("XDG_STATE_HOME"), none("XDG_DATA_HOME")];
        let more: Vec<(&str, &str)> = surroundings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut command = world.command(&["status"]);
        command.env_remove("XDG_STATE_HOME").env_remove("XDG_DATA_HOME").env("HOME", &home);
        let told = said(&command.output().unwrap());
        assert_eq!(told.code, 0, "{home:?}: {}", told.err);
        let mut session = Session::with(&world, &["--ascii"], SIZE, &more);
        session.until("In sync");
        session.press("q");
        assert_eq!(session.end().0, 0, "{home:?}");
    }
    assert!(!world.root.join("relative").exists(), "a relative home was made");
}

#[test]
fn without_a_terminal_the_dashboard_is_the_status() {
    let world = World::initialized();
    let told = said(&world.command(&[]).output().unwrap());
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("dc1") && told.out.contains("In sync"), "{}", told.out);
    assert!(told.err.contains("hedgerow status"), "{}", told.err);
    assert!(!told.out.contains('\u{1b}') && !told.err.contains('\u{1b}'));
    let file = world.root.join("out");
    let script = format!("'{PROGRAM}' > '{}'; echo code $?", file.display());
    let mut session = Session::run(&world, "sh", &["-c", &script], SIZE, &[]);
    session.until("code 0");
    let (_, bytes) = session.end();
    assert!(!holds(&bytes, "\u{1b}[?1049h"), "it drew on standard error");
    assert!(fs::read_to_string(&file).unwrap().contains("In sync"));
}

#[test]
fn closed_streams_end_without_a_panic() {
    let world = World::initialized();
    for (words, wanted) in [
        ("status >&-", "code 0"),
        (">&-", "code 0"),
        ("status 2>&-", "code 0"),
        ("status <&-", "code 0"),
        ("status >/dev/full", "code"),
        ("status | head -n 1", "FABRIC"),
        ("< /dev/null | head -n 1", "FABRIC"),
    ] {
        let script = format!("'{PROGRAM}' {words}; echo code $?");
        let mut session = Session::run(&world, "sh", &["-c", &script], SIZE, &[]);
        session.until(wanted);
        let (_, bytes) = session.end();
        let all = String::from_utf8_lossy(&bytes);
        assert!(!all.contains("panicked") && !all.contains("E-INTERNAL") && !all.contains("code 1"), "{words}: {all}");
        assert!(!all.contains("\u{1b}[?1049h"), "{words}: {all}");
    }
}

#[test]
fn any_name_of_a_terminal_gives_a_status() {
    let world = World::initialized();
    for term in ["", "dumb", "xterm-256colour-misspelt", "vt100", "../../etc/passwd"] {
        let mut session = Session::with(&world, &["status"], SIZE, &[("TERM", term)]);
        session.until("In sync");
        let (code, bytes) = session.end();
        assert_eq!(code, 0, "{term}");
        assert!(!holds(&bytes, "panicked"), "{term}");
        assert_eq!(holds(&bytes, "\u{1b}"), !["", "dumb"].contains(&term), "{term}");
    }
}
