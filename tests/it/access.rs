//! The first run's test of access: what it says, and that it leaves no byte anywhere.

use std::fs;

use crate::asking::bytes;
use crate::session::Session;
use crate::world::World;

#[test]
fn access_is_tested_on_request_and_leaves_nothing_behind() {
    let world = World::plugin();
    fs::remove_file(world.root.join("config.yaml")).unwrap();
    let remote = world.root.join("remote.git");
    let before = (bytes(&world.clone), bytes(&remote));
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("[x] gitops");
    session.press("t");
    session.until("read = OK   write = OK");
    assert!(before == (bytes(&world.clone), bytes(&remote)), "a byte changed");
    world.git(&["remote", "set-url", "--push", "origin", "/nowhere"]);
    session.press("t");
    session.until("read = OK   write X refused, E-AUTH-DENIED");
    fs::rename(&remote, world.root.join("away.git")).unwrap();
    session.press("t");
    session.until("read X refused, E-REMOTE-MISSING   write ? not tried");
    session.press("\r");
    session.until("press y to write it");
    session.press("\u{7f}");
    session.until("step 1 of 2");
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert!(!world.root.join("config.yaml").exists());
}

#[test]
fn read_only_tests_reading_alone() {
    let world = World::plugin();
    fs::remove_file(world.root.join("config.yaml")).unwrap();
    let mut session = Session::start(&world, &["--ascii", "--read-only"], (80, 24));
    session.until("[x] gitops");
    session.press("t");
    session.until("read = OK   write ? not tried: --read-only");
    session.press("q");
    assert_eq!(session.end().0, 0);
}
