//! The dashboard in a real pty: keys typed, screens read, the remote looked at.

use std::time::Duration;

use crate::session::{Session, holds};
use crate::world::World;

#[test]
fn typed_keys_take_raw_files_to_the_remote() {
    let world = World::plugin();
    let mut session = Session::start(&world, &[], (80, 24));
    session.until("N ingest");
    session.press("N");
    let plan = session.until("press y to ingest");
    assert!(plan.contains("47 new") && plan.contains("NOT pushed"), "{plan}");
    session.press("y");
    session.until("not pushed yet");
    session.press("P");
    session.until("press y to push");
    session.press("y");
    session.until("push dc1  Verified");
    assert_eq!(world.remote_tip(), world.tip());
    assert!(world.git(&["log", "-1", "--format=%s"]).starts_with("ingest(dc1): 47 resources"));
    assert!(session.quiet(Duration::from_millis(300)) < 4096);
    assert_eq!(session.quiet(Duration::from_millis(1500)), 0, "an idle screen writes nothing");
    session.press("q");
    let (code, bytes) = session.end();
    assert_eq!(code, 0);
    for given_back in ["\u{1b}[?1049l", "\u{1b}[?25h", "\u{1b}[?2004l"] {
        assert!(holds(&bytes, given_back), "{given_back:?}");
    }
}

#[test]
fn a_plan_made_stale_between_n_and_y_is_not_carried_out() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    let before = world.commits();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("N ingest");
    session.press("N");
    session.until("press y to ingest");
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1002, "10.0.1.0/24"));
    session.press("y");
    session.until("out of date");
    assert_eq!(world.commits(), before);
    session.press("r");
    session.until("press y to ingest");
    session.press("y");
    session.until("not pushed yet");
    assert_eq!(world.commits(), before + 1);
    assert!(world.read("managed/vpcs/web.yaml").contains("1002"));
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let world = World::initialized();
    let session = {
        let mut session = Session::start(&world, &[], (80, 24));
        session.until("dc1");
        session
    };
    session.signal(rustix::process::Signal::TERM);
    let (code, bytes) = session.end();
    assert_eq!(code, 143);
    assert!(holds(&bytes, "\u{1b}[?1049l") && holds(&bytes, "\u{1b}[?25h"));
}

#[test]
fn read_only_writes_nothing_whatever_is_pressed() {
    let world = World::plugin();
    let before = world.tip();
    let mut session = Session::start(&world, &["--read-only"], (80, 24));
    session.until("READ-ONLY");
    session.until("N ingest");
    // In two goes: nine different keys at once are a paste.
    session.press("NyPyI");
    session.until("> READ-ONLY: ");
    session.press("yfp\r");
    session.until("RAW 3");
    session.press("q");
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.tip(), before);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

#[test]
fn keys_that_come_all_at_once_are_a_paste_and_held_ones_are_not() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    let before = world.commits();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("N ingest");
    session.press("kind: VPC\rNyPy\r");
    let shown = session.until("Ignored a paste of 15 characters");
    assert!(shown.contains("1 Fabrics") && shown.contains("0 running"), "{shown}");
    session.quiet(Duration::from_millis(300));
    session.press(&"]".repeat(20));
    session.press(",");
    session.until("key-cast");
    session.press("\u{1b}");
    session.until_gone("key-cast");
    session.press(":explain cn6\r");
    session.until("HH-CN6");
    session.press("qq");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.commits(), before);
}

#[test]
fn the_filter_comes_back_and_says_so() {
    let world = World::initialized();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("= Ready");
    session.press("/!dc\r");
    session.until("No fabric is like !dc");
    session.press("\u{3}\u{3}");
    session.end();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    let shown = session.until("the filter !dc is on");
    assert!(shown.contains("/!dc") && shown.contains("0/1"), "{shown}");
    session.press("\u{1b}");
    session.until("= Ready");
    session.press("q");
    session.end();
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    let shown = session.until("= Ready");
    assert!(shown.contains("1/1") && !shown.contains("the filter"), "{shown}");
    session.press("q");
    assert_eq!(session.end().0, 0);
}

#[test]
fn a_typed_command_opens_the_dialog_of_its_key() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
    let mut session = Session::start(&world, &["--ascii"], (80, 24));
    session.until("P push");
    session.press("P");
    let by_key = session.until("press y to push");
    session.press("n");
    session.until("nothing was written");
    session.press(":");
    session.until(": Command");
    session.press("push\r");
    let by_line = session.until("press y to push");
    let dialog = |screen: &str| screen.lines().skip(1).take(20).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(dialog(&by_key), dialog(&by_line));
    session.press("n");
    session.until("nothing was written");
    session.press("?");
    session.until("? Help and commands");
    session.press("pus");
    session.until("Same as:  hedgerow push dc1");
    session.press("\u{1b}");
    session.until("1 Fabrics");
    session.press("q");
    assert_eq!(session.end().0, 0);
    let lines = std::fs::read_to_string(world.root.join("state/hedgerow/lines")).unwrap();
    assert_eq!(lines, "push\n");
}
