//! `--record`: the file holds what the screen showed, masked as it was, and nothing else.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::session::Session;
use crate::world::World;

#[test]
fn a_recording_replays_to_the_same_screen_and_holds_what_was_masked_masked() {
    let world = World::initialized();
    world.raw("a.yaml", hedgerow::demo::vpc("web", 1001, "10.0.1.0/24"));
    let mut session = Session::start(&world, &["--present", "--record", "a.cast"], (80, 24));
    session.until("N ingest");
    session.press("N");
    session.until("press y to ingest");
    session.press("d");
    session.until("ip-1");
    session.resize(100, 30);
    session.quiet(Duration::from_millis(500));
    let last = session.text();
    assert!(last.contains("ip-1"), "{last}");
    session.press("\u{3}\u{3}");
    let (code, bytes) = session.end();
    assert_eq!(code, 0);
    let text = fs::read_to_string(world.root.join("a.cast")).unwrap();
    for hidden in ["10.0.1.0", "alice@example.net"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["version"], &lines[0]["width"], &lines[0]["height"]), (&2.into(), &80.into(), &24.into()));
    let mut screen = vt100::Parser::new(24u16.try_into().unwrap(), 80u16.try_into().unwrap(), 0);
    let mut shown = Vec::new();
    let mut at = 0.0;
    for line in &lines[1..] {
        let (time, text) = (line[0].as_f64().unwrap(), line[2].as_str().unwrap());
        assert!(time >= at, "time goes on");
        at = time;
        match line[1].as_str().unwrap() {
            "r" => {
                assert_eq!(text, "100x30");
                screen.screen_mut().set_size(30u16.try_into().unwrap(), 100u16.try_into().unwrap());
            }
            "o" => {
                screen.process(text.as_bytes());
                shown.extend_from_slice(text.as_bytes());
                // Every frame that was recorded was also sent.
                assert!(bytes.windows(text.len()).any(|window| window == text.as_bytes()));
            }
            other => panic!("{other}"),
        }
        if screen.screen().contents() == last {
            break;
        }
    }
    assert_eq!(screen.screen().contents(), last);
    assert!(!shown.is_empty());
}

#[test]
fn a_recording_never_replaces_a_file_and_belongs_to_the_dashboard() {
    let world = World::initialized();
    fs::write(world.root.join("a.cast"), "mine").unwrap();
    let session = Session::start(&world, &["--record", "a.cast"], (80, 24));
    let (code, bytes) = session.end();
    assert_eq!(code, 2);
    assert!(String::from_utf8_lossy(&bytes).contains("exists already"));
    assert_eq!(fs::read_to_string(world.root.join("a.cast")).unwrap(), "mine");
    let said = world.run(&["status", "--record", "b.cast"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(!world.root.join("b.cast").exists());
}
